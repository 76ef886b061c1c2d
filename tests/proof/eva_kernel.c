/*
 * A kernel that means ill, for Frama-C's Eva: every system call gives any
 * value at all, and leaves anything at all in what it was given to write to.
 * Where foster believes the kernel, Eva says so; eva-explained.txt lists
 * these places, and there must be no other.
 *
 * The command line is not read here and no message is written (both are proved
 * apart, options.c and log.c in this folder): options_read() gives any options
 * that it can give, or a mistake.
 */
#include "main.h"
#include "explanation.h"
#include "log.h"
#include "signals.h"
#include "options.h"
#include "pages.h"
#include "sys.h"

#include "__fc_builtin.h"

volatile int any_int;
volatile long any_long;
volatile unsigned char any_byte;

static void spoil(long where, unsigned long size)
{
	if (where != 0)
		Frama_C_make_unknown((char *)where, size);
}

/*
 * What mmap(2) gives: told.c, descendants.c, explain_exec.c, foster.c, and
 * copies of vectors.
 */
static uint32_t told[PID_MAX_LIMIT];
static uint64_t kin[2 * PID_MAX_LIMIT];
static struct explanation explanation;
static int exec_error;
static char *pointers[8];

static long memory_of(unsigned long size)
{
	if (size == sizeof(told))
		return (long)told;
	if (size == sizeof(kin))
		return (long)kin;
	if (size == sizeof(explanation))
		return (long)&explanation;
	return size == sizeof(int) ? (long)&exec_error : (long)pointers;
}

long sys_call(long number, long a, long b, long c, long d, long e)
{
	switch (number) {
	case SYS_read:
	case SYS_pread64:
	case SYS_getdents64:
		spoil(b, (unsigned long)c);
		break;
	case SYS_wait4:
		spoil(b, sizeof(int));
		break;
	case SYS_waitid:
		spoil(c, sizeof(siginfo_t));
		break;
	case SYS_rt_sigtimedwait:
		spoil(b, sizeof(siginfo_t));
		break;
	case SYS_rt_sigprocmask:
	case SYS_rt_sigaction:
		spoil(c, number == SYS_rt_sigaction
				 ? sizeof(struct kernel_sigaction)
				 : sizeof(struct kernel_sigset));
		break;
	case SYS_prctl:
		if (a == PR_GET_CHILD_SUBREAPER)
			spoil(b, sizeof(int));
		break;
	case SYS_clock_gettime:
		spoil(b, sizeof(struct kernel_timespec));
		break;
	case SYS_ioctl:
		if (b == TIOCGPGRP)
			spoil(c, sizeof(int));
		break;
	case SYS_ppoll:
		if (a != 0)
			spoil(a, sizeof(struct pollfd));
		break;
	case SYS_readlinkat:
		spoil(c, (unsigned long)d);
		break;
	case SYS_statx:
		spoil(e, sizeof(struct kernel_statx));
		break;
	case SYS_statfs:
		spoil(b, sizeof(struct kernel_statfs));
		break;
	case SYS_mmap:
		/* The one promise: memory it gives is there, and is zeroes. */
		if (any_int)
			return memory_of((unsigned long)b);
		return Frama_C_long_interval(-4095, -1);
	case SYS_exit:
	case SYS_exit_group:
		if (any_int)
			Frama_C_abort();
		break;
	default:
		break;
	}
	return any_long;
}

/* Either side of it: what the child does is seen there, or not at all. */
int sys_spawn(void (*child)(void *argument), void *argument)
{
	if (any_int)
		child(argument);
	return any_int;
}

void log_say(struct log *log, enum log_level level, const char *format, ...)
{
	if (log_wants(log, level))
		log->is_stuck = any_int != 0;
}

void log_write(struct log *log, const char *text, size_t length)
{
	(void)text, (void)length;
	log->is_stuck = any_int != 0;
}

void pages_release(void)
{
}

/* x86_64, the first bytes of any program for it. */
const char *sys_own_elf_header(void)
{
	static const char head[64] = { 0x7f, 'E', 'L',	    'F',      2,
				       1,    1,	  [16] = 3, [18] = 62 };

	return head;
}

static char word_1[24], word_2[24];

static int any_answer(void *context, const struct foster_event *event)
{
	(void)context, (void)event;
	return any_int;
}

static struct foster_options any_options(void)
{
	struct foster_options options = {
		.size = sizeof(options),
		.flags = (unsigned)any_int,
		.grace_ms = (unsigned)any_int,
		.kill_after_ms = Frama_C_unsigned_int_interval(0, 1U << 31),
		.verbosity = Frama_C_interval(-1, 2),
		.death_signal = any_int,
		.close_from = any_int,
	};

	for (int i = 0; i <= SIGNALS_MAX; i++)
		options.rewrite[i] =
			(unsigned char)Frama_C_interval(0, SIGNALS_MAX);
	if (any_int)
		options.rewrite[SIGTERM] = SIGNALS_DROPPED;
	if (any_int)
		options.event = any_answer;
	return options;
}

void options_read(struct options *options, struct options_mistake *mistake,
		  char *const *argv, char *const *envp)
{
	*options = (struct options){ .program = argv + 1 };
	options->run = any_options();
	options->parent_death_signal = Frama_C_interval(0, SIGNALS_MAX);
	options->is_tini = any_int != 0;
	options->answer = (enum options_answer)Frama_C_interval(ANSWER_NONE,
								ANSWER_LICENSE);
	for (int i = 0; i < 256 / 8; i++)
		options->remap.becomes_0[i] = (uint8_t)any_int;
	mistake->what = NULL;
	mistake->is_in_environment = any_int != 0;
	Frama_C_make_unknown(mistake->word, OPTIONS_WORD_SIZE);
	mistake->word[OPTIONS_WORD_SIZE - 1] = '\0';
	mistake->value[0] = '\0';
	if (any_int)
		mistake->what = "a mistake";
}

const char options_usage[] = "usage\n";

char *options_help(char help[OPTIONS_HELP_SIZE])
{
	help[0] = '\0';
	return help;
}

static char variable[4][24] = { "PATH=", "LISTEN_PID=", "WATCHDOG_PID=", "" };

int prove_foster(void)
{
	char *argv[4] = { "foster", word_1, word_2, NULL };
	char *envp[5] = { variable[0], variable[1], variable[2], variable[3],
			  NULL };

	Frama_C_make_unknown(word_1, sizeof(word_1) - 1);
	Frama_C_make_unknown(word_2, sizeof(word_2) - 1);
	Frama_C_make_unknown(variable[0] + 5, sizeof(variable[0]) - 6);
	Frama_C_make_unknown(variable[1] + 11, sizeof(variable[1]) - 12);
	Frama_C_make_unknown(variable[2] + 13, sizeof(variable[2]) - 14);
	Frama_C_make_unknown(variable[3], sizeof(variable[3]) - 1);
	if (any_int) {
		/* For another caller, who goes on. */
		struct foster_options options = any_options();
		struct foster_result result = { .size = sizeof(result) };

		return foster_run(&options, argv + 1, envp, &result);
	}
	return foster_main(argv, envp);
}
