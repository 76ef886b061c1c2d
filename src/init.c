/*
 * foster_run(): sets the process up, starts the program, runs the loop, and
 * puts back what was changed.
 */
#include "errors.h"
#include "init.h"
#include "job_control.h"
#include "leftovers.h"
#include "loop.h"
#include "proc.h"
#include "spawn.h"
#include "terminal.h"
#include "told.h"

/*
 * Signals wait from here on until the loop takes them; none may reach a
 * handler or do what it does by default. An ignored SIGCHLD would have the
 * kernel reap the program by itself and keep its status (wait(2), NOTES).
 */
static void block_signals(struct init *init)
{
	struct kernel_sigaction by_default = { 0 };

	init->wait_error = sys_rt_sigprocmask(SIG_SETMASK, &signals_all,
					      &init->inherited_mask);
	sys_rt_sigaction(SIGCHLD, &by_default, &init->inherited_child_action);
}

/* Orphans come to process 1 by themselves, to others only on demand. */
static void adopt_orphans(struct init *init)
{
	char text[ERRORS_TEXT_SIZE];
	int error;

	if (init->own == 1)
		return;
	error = sys_prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (error < 0)
		log_say(&init->log, LOG_NORMAL,
			"cannot become a subreaper, orphans are not reaped: %s",
			errors_text(error, text));
}

/* Returns the program's pid, 0 in a pause, or a negative errno. */
static int start_program(struct init *init)
{
	char text[ERRORS_TEXT_SIZE];

	if (init->options->is_pause)
		return 0;
	init->terminal = terminal_open();
	if (init->terminal < 0 && init->own == 1)
		init->terminal = terminal_take(STDIN_FILENO);
	if (init->terminal >= 0)
		init->group = sys_getpgid(0);
	/* Before its process is there, which may say why it cannot run. */
	log_say(&init->log, LOG_VERBOSE, "starting '%s'", init->argv[0]);
	init->program = spawn_program(init);
	terminal_close(init->terminal);
	init->target = init->options->to_group ? -init->program : init->program;
	if (init->program < 0)
		log_say(&init->log, LOG_QUIET, "cannot start a process: %s",
			errors_text(init->program, text));
	return init->program;
}

enum { FIRST_OWN_FILE = 3, FILES_GUESSED = 1024 };

/*
 * What is open, or what may be. Not inline: where close_range(2) is there,
 * foster does without this kilobyte of stack.
 */
static __attribute__((noinline)) void close_one_by_one(void)
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
static void detach(void)
{
	sys_chdir("/");
	if (sys_close_from(FIRST_OWN_FILE) < 0)
		close_one_by_one();
}

/* Up to the running program; returns 0 or a negative errno. */
static int start(struct init *init)
{
	const struct foster_options *options = init->options;

	/* First of all: process 1 never gets a signal that comes before. */
	block_signals(init);
	init->own = sys_getpid();
	init->log.level = options->level;
	init->lifecycle_config = (struct lifecycle_config){
		.is_pause = options->is_pause,
		.is_process_1 = init->own == 1,
		.waits_for_all = options->waits_for_all,
		.grace_ms = options->grace_ms,
		.kill_after_ms = options->kill_after_ms,
		.rewriting = &options->rewriting,
	};
	lifecycle_begin(&init->lifecycle, &init->lifecycle_config);
	if (!options->caller_exits)
		sys_prctl(PR_GET_CHILD_SUBREAPER, (long)&init->was_subreaper);
	if (options->parent_death_signal != 0)
		spawn_follow_parent(options->parent_death_signal,
				    sys_getppid());
	adopt_orphans(init);
	return start_program(init);
}

/* For a caller who goes on. */
static void put_back(struct init *init)
{
	told_end(init);
	if (init->own != 1)
		sys_prctl(PR_SET_CHILD_SUBREAPER, init->was_subreaper);
	sys_rt_sigaction(SIGCHLD, &init->inherited_child_action, NULL);
	sys_rt_sigprocmask(SIG_SETMASK, &init->inherited_mask, NULL);
}

int foster_run(const struct foster_options *options, char *const argv[],
	       char *const envp[])
{
	struct init init = { .options = options,
			     .terminal = -ENXIO,
			     .argv = argv,
			     .envp = envp };
	int result = start(&init);

	if (result >= 0) {
		/*
		 * From this line on nothing of foster's own ends foster:
		 * whatever fails is said once at most, and it goes on reaping.
		 */
		if (options->detaches)
			detach();
		/* Asked at the first death it would bring pages back. */
		if (init.own != 1)
			leftovers_have_proc(&init);
		result = loop_run(&init);
	}
	/* A group of leftovers may have had the terminal, and be gone. */
	job_control_end(&init);
	if (!options->caller_exits)
		put_back(&init);
	return result;
}
