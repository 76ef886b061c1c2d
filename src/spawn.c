#include "spawn.h"
#include "environment.h"
#include "exec.h"
#include "explain_exec.h"
#include "job_control.h"
#include "terminal.h"

/*
 * The kernel forgets this when the parent's thread ends, and clears it when
 * the caller changes user (PR_SET_PDEATHSIG(2const)). By tkill(2), since a
 * kill(2) of its own looks to foster like what its writing causes (loop.c,
 * take_signal).
 */
void spawn_follow_parent(int signal, int parent)
{
	int now;

	sys_prctl(PR_SET_PDEATHSIG, signal);
	now = sys_getppid();
	if (now >= 0 && now != parent)
		sys_tkill(sys_getpid(), signal);
}

/* ---- the child ---- */

/*
 * `foster cmd &` in a script has the script's own group, but what a shell
 * without job control puts into the background has INT ignored (POSIX, Shell
 * Command Language, 2.11): the terminal is the script's.
 */
static bool is_in_script_background(void)
{
	struct kernel_sigaction action = { 0 };

	sys_rt_sigaction(SIGINT, NULL, &action);
	return action.handler == SIG_IGN;
}

/*
 * The caller's environment, or a copy where something changes. The copy goes
 * with the process, which runs the program or ends. Without memory for one the
 * program gets the environment as it is.
 */
static char *const *environment_for(const struct init *init,
				    struct environment_changes *changes)
{
	char **copy;

	if (!environment_changes(changes, init->envp, init->own, 0))
		return init->envp;
	/* Only now its number is worth a system call. */
	environment_changes(changes, init->envp, init->own, sys_getpid());
	copy = sys_map_zeroes(environment_count(init->envp) * sizeof(char *));
	if (copy == NULL)
		return init->envp;
	environment_copy(copy, init->envp, changes);
	return copy;
}

/* A handler is for a child that executes nothing. */
static void restore_signals(const struct init *init)
{
	if (init->inherited_child_action.handler != SIG_DFL)
		sys_rt_sigaction(SIGCHLD, &init->inherited_child_action, NULL);
	sys_rt_sigprocmask(SIG_SETMASK, &init->inherited_mask, NULL);
}

/* Returns only where the program cannot run, with the status to exit with. */
static int run_program(const struct init *init, char *const *environment)
{
	const char *path = environment_get(environment, "PATH");
	struct exec_failure failure;
	struct log log = init->log;

	if (path == NULL)
		path = exec_default_path;
	exec_program(init->argv, environment, path, &failure);
	if (init->exec_error != NULL)
		*init->exec_error = -failure.error;

	/* Whoever cannot run must not be stopped or ended half-way either. */
	sys_rt_sigprocmask(SIG_SETMASK, &signals_all, NULL);
	return explain_exec(&log, init->argv[0], path, &failure);
}

/*
 * The program leads a group of its own before any signal can be forwarded: the
 * child sees to that itself, and so does the parent, which may come first.
 */
void spawn_become_child(const struct init *init)
{
	if (!init->shares_group)
		sys_setpgid(0, 0);
	if (init->terminal >= 0 && !is_in_script_background() &&
	    !job_control_keeps_terminal(init))
		terminal_pass(init->terminal, init->group, sys_getpid(), false);
	if (init->options->death_signal != 0)
		spawn_follow_parent(init->options->death_signal, init->own);
	restore_signals(init);
}

static void become_program(void *argument)
{
	const struct init *init = argument;
	const struct foster_options *options = init->options;
	struct environment_changes changes;
	int status = 0;

	spawn_become_child(init);
	if (options->child != NULL)
		status = options->child(options->context);
	if (status == 0)
		status = run_program(init, environment_for(init, &changes));
	sys_exit(status);
}

int spawn_program(struct init *init)
{
	return sys_spawn(become_program, init);
}
