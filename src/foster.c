/*
 * The calls of foster.h: set the process up, start the program, run the loop,
 * and put back what was changed.
 */
#include "foster.h"
#include "caller.h"
#include "detach.h"
#include "errors.h"
#include "event.h"
#include "init.h"
#include "job_control.h"
#include "leftovers.h"
#include "loop.h"
#include "spawn.h"
#include "status.h"
#include "terminal.h"
#include "told.h"

enum { GRACE_MS = 8000 };

static bool has(const struct init *init, unsigned flag)
{
	return (init->options->flags & flag) != 0;
}

/* ---- setting up ---- */

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

	if (init->own == 1 || has(init, FOSTER_NO_REAPER))
		return;
	if (!has(init, FOSTER_EXITS))
		sys_prctl(PR_GET_CHILD_SUBREAPER, (long)&init->was_subreaper);
	error = sys_prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (error < 0)
		log_say(&init->log, LOG_NORMAL,
			"cannot become a subreaper, orphans are not reaped: %s",
			errors_text(error, text));
}

static void find_terminal(struct init *init)
{
	if (!has(init, FOSTER_TERMINAL) || has(init, FOSTER_PAUSE))
		return;
	init->terminal = terminal_open();
	if (init->terminal < 0 && init->own == 1)
		init->terminal = terminal_take(STDIN_FILENO);
	if (init->terminal >= 0)
		init->group = sys_getpgid(0);
}

static void configure(struct init *init)
{
	const struct foster_options *options = init->options;
	unsigned grace_ms = options->grace_ms;
	bool is_pause = has(init, FOSTER_PAUSE);

	if (grace_ms == 0)
		grace_ms = is_pause ? FOSTER_NO_TIME : GRACE_MS;
	init->lifecycle_config = (struct lifecycle_config){
		.is_pause = is_pause,
		.is_process_1 = init->own == 1,
		.waits_for_all = has(init, FOSTER_WAIT_ALL),
		.grace_ms = grace_ms == FOSTER_NO_TIME ? 0 : grace_ms,
		.kill_after_ms = options->kill_after_ms,
		.rewriting = options->rewrite,
	};
	lifecycle_begin(&init->lifecycle, &init->lifecycle_config);
}

static void begin(struct init *init, const struct foster_options *options)
{
	*init = (struct init){
		.options = options,
		.log = { .level = (enum log_level)options->verbosity,
			 .options = options },
		.terminal = -ENXIO,
	};
	/* First of all: process 1 never gets a signal that comes before. */
	block_signals(init);
	init->own = sys_getpid();
	init->shares_group = has(init, FOSTER_SAME_GROUP);
	configure(init);
	event_tell(options, FOSTER_BEGUN, 0, 0);
	adopt_orphans(init);
	find_terminal(init);
}

/* ---- tending, and the end ---- */

/* The program's process is there; the caller may have forked it. */
static void take_program(struct init *init, int program)
{
	init->program = program;
	/* EACCES: it has executed something; EPERM: it leads a session. */
	if (program > 0 && !init->shares_group &&
	    sys_setpgid(program, program) < 0)
		init->shares_group = sys_getpgid(program) != program;
	init->target = has(init, FOSTER_GROUP) && !init->shares_group
			       ? -program
			       : program;
	terminal_close(init->terminal);
}

static void put_back(struct init *init)
{
	/* A group of leftovers may have had the terminal, and be gone. */
	job_control_end(init);
	if (has(init, FOSTER_EXITS))
		return;
	told_end(init);
	if (init->own != 1 && !has(init, FOSTER_NO_REAPER))
		sys_prctl(PR_SET_CHILD_SUBREAPER, init->was_subreaper);
	sys_rt_sigaction(SIGCHLD, &init->inherited_child_action, NULL);
	sys_rt_sigprocmask(SIG_SETMASK, &init->inherited_mask, NULL);
}

/*
 * From here on nothing of foster's own ends foster: whatever fails is said once
 * at most, and it goes on reaping. Returns 0 or -ECHILD.
 */
static int tend(struct init *init, struct foster_result *result)
{
	int status;

	detach(init->options);
	/* Asked at the first death it would bring pages back. */
	if (init->own != 1)
		leftovers_have_proc(init);
	status = loop_run(init);
	put_back(init);
	if (result != NULL) {
		result->status = status < 0 ? 0 : status;
		result->exec_error =
			init->exec_error != NULL ? *init->exec_error : 0;
		result->left = init->left;
		result->stop_signal = init->lifecycle.stop_signal;
	}
	return status < 0 ? status : 0;
}

/* ---- the calls ---- */

_Static_assert(sizeof(struct init) <= sizeof(struct foster) &&
		       _Alignof(struct init) <= _Alignof(struct foster),
	       "struct foster holds the state");

static struct init *init_of(struct foster *foster)
{
	return (void *)foster;
}

int foster_begin(struct foster *foster, const struct foster_options *options)
{
	int error = caller_error(options);

	if (error == 0)
		begin(init_of(foster), options);
	return error;
}

void foster_child(struct foster *foster)
{
	struct init *init = init_of(foster);

	spawn_become_child(init);
	terminal_close(init->terminal);
}

int foster_tend(struct foster *foster, pid_t program,
		struct foster_result *result)
{
	struct init *init = init_of(foster);
	int error = caller_result_error(result);

	if (error == 0)
		error = has(init, FOSTER_PAUSE) ? 0 : caller_child_error(program);
	if (error < 0) {
		foster_end(foster);
		return error;
	}
	take_program(init, program);
	return tend(init, result);
}

void foster_end(struct foster *foster)
{
	struct init *init = init_of(foster);

	terminal_close(init->terminal);
	put_back(init);
}

/* Returns its pid, 0 for a pause, or a negative errno. */
static int start_program(struct init *init)
{
	char text[ERRORS_TEXT_SIZE];
	int program;

	if (has(init, FOSTER_PAUSE))
		return 0;
	/* Before its process is there, which may say why it cannot run. */
	log_say(&init->log, LOG_VERBOSE, "starting '%s'", init->argv[0]);
	program = spawn_program(init);
	if (program < 0)
		log_say(&init->log, LOG_QUIET, "cannot start a process: %s",
			errors_text(program, text));
	return program;
}

/* Shared with the child, which writes to it why it executed nothing. */
static int *map_exec_error(const struct init *init,
			   const struct foster_result *result)
{
	return result == NULL || has(init, FOSTER_EXITS)
		       ? NULL
		       : sys_map_shared(sizeof(int));
}

int foster_run(const struct foster_options *options, char *const argv[],
	       char *const envp[], struct foster_result *result)
{
	struct init init;
	int error = caller_result_error(result), program;

	if (error == 0)
		error = caller_error(options);
	if (error == 0)
		error = caller_program_error(options, argv);
	if (error < 0)
		return error;
	begin(&init, options);
	init.argv = argv;
	init.envp = envp;
	init.exec_error = map_exec_error(&init, result);
	program = start_program(&init);
	take_program(&init, program);
	/* On one processor the program waits for foster to rest. */
	if (program > 0)
		sys_sched_yield();
	if (program < 0)
		put_back(&init);
	else
		error = tend(&init, result);
	if (init.exec_error != NULL)
		sys_munmap(init.exec_error, sizeof(int));
	return program < 0 ? program : error;
}

int foster_exit_status(const struct foster_result *result)
{
	return status_of_death(result->status);
}
