/*
 * A kernel that means ill, for Frama-C's Eva: every system call gives any
 * value at all, and leaves anything at all in what it was given to write to.
 * Where foster believes the kernel, Eva says so; eva-explained.txt lists
 * these places, and there must be no other.
 *
 * The command line is not read here (that is proved apart, command_line.c in
 * this folder): options_read() gives any options that it can give, or a
 * mistake.
 */
#include "main.h"
#include "options.h"
#include "proc.h"
#include "verbosity.h"
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

static bool told[PID_LIMIT];

long sys_call(long number, long a, long b, long c, long d, long e)
{
	switch (number) {
	case SYS_READ:
	case SYS_PREAD64:
	case SYS_GETDENTS64:
		spoil(b, (unsigned long)c);
		break;
	case SYS_WAIT4:
		spoil(b, sizeof(int));
		break;
	case SYS_WAITID:
		spoil(c, sizeof(struct signal_info));
		break;
	case SYS_RT_SIGTIMEDWAIT:
		spoil(b, sizeof(struct signal_info));
		break;
	case SYS_RT_SIGPROCMASK:
	case SYS_RT_SIGACTION:
		spoil(c, number == SYS_RT_SIGACTION
				 ? sizeof(struct signal_action)
				 : sizeof(struct signal_set));
		break;
	case SYS_CLOCK_GETTIME:
		spoil(b, sizeof(struct time));
		break;
	case SYS_IOCTL:
		if (b == TERMINAL_GET_GROUP)
			spoil(c, sizeof(int));
		break;
	case SYS_PPOLL:
		if (a != 0)
			spoil(a, sizeof(struct poll));
		break;
	case SYS_READLINKAT:
		spoil(c, (unsigned long)d);
		break;
	case SYS_STATX:
		spoil(e, sizeof(struct file_status));
		break;
	case SYS_STATFS:
		spoil(b, sizeof(struct file_system));
		break;
	case SYS_MMAP:
		/* The one promise: memory it gives is there, and is zeroes. */
		if (any_int)
			return (long)told;
		return Frama_C_long_interval(-4095, -1);
	case SYS_EXIT:
	case SYS_EXIT_GROUP:
		if (any_int)
			Frama_C_abort();
		break;
	default:
		break;
	}
	return any_long;
}

/* Either side of it: the child runs in the parent's memory, or not at all. */
int sys_spawn(void (*child)(void *argument), void *argument, bool may_share)
{
	if (any_int)
		child(argument);
	return any_int;
}

void sys_trim_memory(void)
{
}

/* x86_64, the first bytes of any program for it. */
const char *sys_own_head(void)
{
	static const char head[64] = { 0x7f, 'E', 'L',	    'F',      2,
				       1,    1,	  [16] = 3, [18] = 62 };

	return head;
}

static char word_1[24], word_2[24];

void options_read(struct options *options, struct options_mistake *mistake,
		  char **argv, char **environment)
{
	*options = (struct options){ .program = argv + 1 };
	options->given = (uint32_t)any_int;
	options->grace_ms = Frama_C_unsigned_int_interval(0, 1U << 31);
	options->kill_after_ms = Frama_C_unsigned_int_interval(0, 1U << 31);
	options->death_signal = (uint8_t)Frama_C_interval(0, SIGNAL_MAX);
	options->parent_death_signal =
		(uint8_t)Frama_C_interval(0, SIGNAL_MAX);
	options->verbosity = Frama_C_interval(LOG_QUIET, LOG_EVERYTHING);
	for (int i = 0; i < 256 / 8; i++)
		options->remap.becomes_0[i] = (uint8_t)any_int;
	for (int i = 0; i <= SIGNAL_MAX; i++)
		options->rewriting.change[i] =
			(uint8_t)(i ^ Frama_C_interval(0, SIGNAL_MAX));
	*mistake = (struct options_mistake){ .what = NO_WORDING };
	if (any_int) {
		mistake->what = "a mistake";
		mistake->word = word_1;
		mistake->value = any_int ? word_2 : NULL;
		mistake->is_in_environment = any_int != 0;
	}
}

wording options_usage(void)
{
	return "usage\n";
}

wording options_rows(void)
{
	return "rows
	       ";
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
	return foster_main(argv, envp);
}
