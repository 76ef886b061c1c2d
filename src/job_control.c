#include "job_control.h"
#include "terminal.h"

/* The terminal goes from one group to the other; returns whether it did. */
static bool pass_terminal(const struct init *init, int from, int to)
{
	bool has_passed;
	int terminal;

	if (init->terminal < 0)
		return false;
	terminal = terminal_open();
	has_passed = terminal_pass(terminal, from, to, to == init->program);
	terminal_close(terminal);
	return has_passed;
}

/* Signals up to 31 are in the first word of a set. */
static struct kernel_sigset set_of(int signal)
{
	return (struct kernel_sigset){ { 1UL << (signal - 1) } };
}

/*
 * Stops foster by `signal`, which the kernel ignores where nobody could
 * continue it (an orphaned process group, process 1; kernel/signal.c,
 * get_signal). At a terminal its whole group stops by TSTP, as it would have
 * if the terminal had signalled it, so that a shell gets its prompt; before
 * that the terminal goes back, for zsh takes it only from the job's own group.
 * Returns whether it was stopped: the SIGCONT that ended it is still there.
 */
static bool stop(struct init *init, int signal)
{
	struct kernel_timespec no_time = { 0, 0 };
	struct kernel_sigset set = set_of(signal);
	bool is_for_group = signal == SIGTSTP && init->terminal >= 0;

	if (init->own == 1)
		return false;
	pass_terminal(init, init->program, init->group);
	sys_kill(is_for_group ? 0 : init->own, signal);
	sys_rt_sigprocmask(SIG_UNBLOCK, &set, NULL);
	sys_rt_sigprocmask(SIG_SETMASK, &signals_all, NULL);
	set = set_of(SIGCONT);
	return sys_rt_sigtimedwait(&set, NULL, &no_time) == SIGCONT;
}

/*
 * What the terminal sends to its foreground group does not ask foster: where
 * option -r is about that, it comes to foster's own group.
 */
bool job_control_keeps_terminal(const struct init *init)
{
	const unsigned char *rewriting = init->lifecycle_config.rewriting;

	for (int signal = 1; signal <= SIGNALS_MAX; signal++)
		if (signals_is_for_foreground(signal) &&
		    signals_rewritten(rewriting, signal) != signal)
			return true;
	return false;
}

/*
 * A program that only wants the terminal gets it, if it takes it from nobody;
 * else foster stops too. As soon as foster runs on, the program does; but where
 * foster could not be stopped, a program without the terminal would at once
 * stop again, for ever.
 */
void job_control_suspend(struct init *init, int signal)
{
	bool is_by_hand = signal == SIGTSTP;
	bool runs_on =
		!is_by_hand && pass_terminal(init, init->group, init->program);

	if (!runs_on) {
		runs_on = stop(init, signal) || is_by_hand;
		if (!is_by_hand || !job_control_keeps_terminal(init))
			pass_terminal(init, init->group, init->program);
	}
	if (runs_on)
		sys_kill(init->shares_group ? init->program : -init->program,
			 SIGCONT);
}

void job_control_end(const struct init *init)
{
	pass_terminal(init, init->program, init->group);
}

bool job_control_is_in_own_group(const struct init *init)
{
	return sys_getpgid(init->program) == sys_getpgid(0);
}
