/*
 * foster's whole life. For what it promises, see foster(1); for how each
 * part keeps the promise, the headers named below.
 */
#include "main.h"
#include "log.h"
#include "options.h"
#include "proc.h"
#include "spawn.h"
#include "status.h"
#include "sys.h"
#include "terminal.h"
#include "tend.h"
#include "text.h"
#include "version.h"

enum { STANDARD_OUTPUT = 1, STANDARD_ERROR = 2 };

/* Out of line: a start that prints nothing does without this much stack. */
static OUT_OF_LINE void print(int fd, wording what)
{
	char text[OPTIONS_ROWS_SIZE];

	sys_write(fd, text, (size_t)(wording_put(text, what) - text));
}

/* One line that names the option and what is wrong, then how it is used. */
static int refuse(struct log *log, const struct options_mistake *mistake)
{
	const char *value = mistake->value;

	log_say(log, LOG_QUIET, T("%s%s%s%s: %t"),
		mistake->is_in_environment ? "FOSTER_OPTIONS: " : "",
		mistake->word, value ? " " : "", value ? value : "",
		mistake->what);
	if (!log->is_stuck)
		print(STANDARD_ERROR, options_usage());
	return STATUS_OWN_FAILURE;
}

static int answer(const struct options *options)
{
	wording what = T("foster version " FOSTER_VERSION "\n");

	if (options_has(options, 'h')) {
		print(STANDARD_OUTPUT, options_usage());
		what = options_rows();
	} else if (options_has(options, 'l')) {
		what = T("foster: MIT licence, copyright 2026 the foster"
			 " authors; text: LICENSE, man 1 foster\n");
	} else if (options_has(options, 't')) {
		what = T("tini version " FOSTER_VERSION "-foster\n");
	}
	print(STANDARD_OUTPUT, what);
	return 0;
}

/*
 * Signals wait from here on until the loop takes them; none may reach a
 * handler or do what it does by default. An ignored SIGCHLD would have the
 * kernel reap the program by itself and keep its status (wait(2), NOTES).
 */
static void block_signals(struct family *family)
{
	struct spawn_inherited *inherited = &family->start.inherited;
	struct signal_action *action = &inherited->child_action;

	family->is_blind = sys_sigprocmask(SIGNAL_SETMASK, &signals_all,
					   &inherited->mask) < 0;
	/* All zeroes, the default, are read before the old one comes there. */
	sys_sigaction(SIGNAL_CHLD, action, action);
}

/* Orphans come to process 1 by themselves, to others only on demand. */
static void adopt_orphans(struct family *family)
{
	int error;

	if (family->keeper.is_process_1)
		return;
	error = sys_prctl(PRCTL_SET_SUBREAPER, 1);
	if (error < 0)
		log_say(&family->start.log, LOG_NORMAL,
			T("cannot be a subreaper, orphans are not"
			  " reaped: %e"),
			error);
}

enum { FIRST_OWN_FILE = 3, FILES_GUESSED = 1024 };

/* What is open, or what may be. */
static OUT_OF_LINE void close_one_by_one(void)
{
	struct proc_walk walk;
	int fd;
	bool is_listed = false;

	proc_walk(&walk, "/proc/self/fd");
	while ((fd = proc_next(&walk)) > 0) {
		is_listed = true;
		if (fd >= FIRST_OWN_FILE && fd != walk.file.fd)
			sys_close(fd);
	}
	if (is_listed)
		return;
	for (fd = FIRST_OWN_FILE; fd < FILES_GUESSED; fd++)
		sys_close(fd);
}

/*
 * What the program has open is its own: foster must not keep a pipe or a
 * socket open behind its back, nor a mount busy.
 */
static void let_go_of_files(int terminal)
{
	sys_chdir("/");
	terminal_close(terminal);
	if (sys_close_from(FIRST_OWN_FILE) < 0)
		close_one_by_one();
}

static void begin(struct family *family)
{
	struct spawn_plan *start = &family->start;
	const struct options *options = &start->options;
	struct keeper *keeper = &family->keeper;

	keeper_begin(keeper, options_has(options, 'P'));
	keeper->rewriting = &options->rewriting;
	keeper->grace_ms = options->grace_ms;
	keeper->kill_after_ms = options->kill_after_ms;
	keeper->waits_for_all = options_has(options, 'a');
	start->terminal = -E_NXIO;
	if (!options_has(options, 'P')) {
		start->terminal = terminal_open();
		if (start->terminal >= 0)
			start->group = sys_getpgid(0);
		start->program = spawn_program(start);
		family->target = options_has(options, 'g') ? -start->program
							   : start->program;
	}
	family->leftovers.log = &start->log;
	family->leftovers.own = start->own;
	family->leftovers.program = start->program;
}

/*
 * Of its own, and the end of all: returning to who called it would fetch once
 * more the page of the file that the start was on.
 */
static OUT_OF_LINE int end_with(struct family *family)
{
	int status = status_of_death(tend(family));

	return sys_leave(status_remapped(&family->start.options.remap, status));
}

enum { STARTED = -1 };

/*
 * Up to the running program; else gives the status to end with. A function of
 * its own, so that what it works on is near a pointer and not far up the
 * stack, which is smaller code, and so that what it needs of the stack is not
 * kept for ever.
 */
static OUT_OF_LINE int start_program(struct family *family, char **argv)
{
	struct spawn_plan *start = &family->start;
	struct options *options = &start->options;
	struct options_mistake mistake;

	options_read(options, &mistake, argv, start->environment);
	start->log.level = options->verbosity;
	if (mistake.what != NO_WORDING)
		return refuse(&start->log, &mistake);
	if (options_is_question(options))
		return answer(options);

	block_signals(family);
	start->own = sys_getpid();
	family->keeper.is_process_1 = start->own == 1;
	if (options->parent_death_signal != 0)
		spawn_follow_parent(options->parent_death_signal,
				    sys_getppid());
	adopt_orphans(family);
	begin(family);
	if (start->program < 0) {
		log_say(&start->log, LOG_QUIET, T("cannot start a process: %e"),
			start->program);
		return STATUS_OWN_FAILURE;
	}

	/*
	 * From this line on nothing of foster's own ends foster: whatever
	 * fails is said once at most, and it goes on reaping.
	 */
	let_go_of_files(start->terminal);
	if (start->program != 0)
		log_say(&start->log, LOG_VERBOSE,
			T("started '%s' as process %d"), *options->program,
			start->program);
	return STARTED;
}

int foster_main(char **argv, char **envp)
{
	struct family family = { .start.environment = envp };
	int status = start_program(&family, argv);

	return status == STARTED ? end_with(&family) : status;
}
