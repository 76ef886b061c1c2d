#include "spawn.h"
#include "diagnose.h"
#include "environment.h"
#include "path.h"
#include "signals.h"
#include "terminal.h"

/*
 * Only here: the parent never waits for this, and it must not change what
 * the parent still needs, since it may run in the parent's memory.
 */
static void restore_signals(const struct spawn_inherited *inherited)
{
	if (inherited->child_action.words[0] == SIGNAL_ACTION_IGNORE)
		sys_sigaction(SIGNAL_CHLD, &inherited->child_action, NULL);
	sys_sigprocmask(SIGNAL_SETMASK, &inherited->mask, NULL);
}

/*
 * The kernel forgets this when the parent's thread ends, and clears it when
 * the caller changes user (PR_SET_PDEATHSIG(2const)). By tkill(2), since a
 * kill(2) of its own looks to foster like what its writing causes (tend.c,
 * take_signal).
 */
void spawn_follow_parent(int signal, int parent)
{
	int now;

	sys_prctl(PRCTL_SET_DEATH_SIGNAL, signal);
	now = sys_getppid();
	if (now >= 0 && now != parent)
		sys_tkill(sys_getpid(), signal);
}

/*
 * `foster cmd &` in a script has the script's own group, but what a shell
 * without job control puts into the background has INT ignored (POSIX, Shell
 * Command Language, 2.11): the terminal is the script's.
 */
static bool is_in_script_background(void)
{
	struct signal_action action;

	action.words[0] = 0;
	sys_sigaction(SIGNAL_INT, NULL, &action);
	return action.words[0] == SIGNAL_ACTION_IGNORE;
}

/*
 * Of its own, since the room for a path is a page of stack, which a program
 * that is given by its path does without.
 */
static OUT_OF_LINE _Noreturn void search_program(struct spawn_plan *plan)
{
	const char *path = environment_get(plan->environment, "PATH");
	struct path_failure failure;

	if (path == NULL)
		path = path_default;
	path_execute(plan->options.program, plan->environment, path, &failure);

	/* Whoever cannot run must not be stopped or ended half-way either. */
	sys_sigprocmask(SIGNAL_SETMASK, &signals_all, NULL);
	sys_exit(diagnose_failure(&plan->log, plan->options.program[0], path,
				  &failure));
}

/* The child's side, up to the program. */
static void become_program(void *argument)
{
	struct spawn_plan *plan = argument;
	struct environment_room room;
	int own = sys_getpid();

	sys_setpgid(0, 0);
	if (plan->terminal >= 0 && !is_in_script_background())
		terminal_pass(plan->terminal, plan->group, own, false);
	if (plan->options.death_signal != 0)
		spawn_follow_parent(plan->options.death_signal, plan->own);
	environment_hand_on(plan->environment, plan->own, own, &room);
	restore_signals(&plan->inherited);
	path_execute_given(plan->options.program, plan->environment);
	search_program(plan);
}

/*
 * The program leads a group of its own before any signal can be handed over:
 * the child sees to that itself, and so does the parent, which may come
 * first. At a terminal the child must not borrow the parent's memory: stopped
 * by Ctrl-Z between the restored signals and the program, it would hold the
 * parent, who alone could continue it.
 */
int spawn_program(struct spawn_plan *plan)
{
	int pid = sys_spawn(become_program, plan, plan->terminal < 0);

	if (pid > 0)
		sys_setpgid(pid, pid);
	return pid;
}
