#include "forward.h"
#include "errors.h"
#include "group.h"
#include "job_control.h"
#include "leftovers.h"
#include "proc.h"

/*
 * What the terminal signals is for a whole group. Where that is foster's own
 * (a job that was started in the background, and then fg), it is meant for
 * the program's.
 */
static bool is_from_terminal(const siginfo_t *info)
{
	return info->si_code == SI_KERNEL &&
	       signals_is_for_foreground(info->si_signo);
}

/*
 * Only what was queued by sigqueue(3) or its like may be sent on with its
 * sender and value (rt_sigqueueinfo(2)), and only to one process.
 */
static bool is_queued(const siginfo_t *info)
{
	return info->si_code < SI_USER && info->si_code != SI_TKILL;
}

/* Sends it with its value; returns whether it did. */
static bool queue(struct init *init, int signal, const siginfo_t *info)
{
	siginfo_t sent = *info;
	char name[SIGNALS_NAME_SIZE];
	int error;

	sent.si_signo = signal;
	error = sys_rt_sigqueueinfo(init->program, signal, &sent);
	if (error == -EAGAIN && !init->has_said_full) {
		init->has_said_full = true;
		log_say(&init->log, LOG_NORMAL,
			"the signal queue is full: %s loses its value",
			signals_name(signal, name));
	}
	return error == 0;
}

/*
 * What the program ignores (a shell, QUIT) would be lost on it: others in its
 * group may wait for it.
 */
static bool is_ignored_stop(struct init *init, int signal)
{
	return signals_asks_to_end(signal) && leftovers_have_proc(init) &&
	       signals_has(proc_ignored_signals(init->program), signal);
}

/*
 * Whom `signal` is for, as kill(2) has it; 0 where it has been sent. The last
 * signal to end decides who counts as told. A program in foster's own group has
 * from the terminal what foster has.
 */
static int target_of(struct init *init, int signal, const siginfo_t *info)
{
	bool is_ignored;

	if (init->shares_group)
		return is_from_terminal(info) &&
					job_control_is_in_own_group(init)
			       ? 0
			       : init->target;
	is_ignored = is_ignored_stop(init, signal);
	if (signal == init->lifecycle.told_signal) {
		init->has_stopped_group = is_ignored;
		if ((is_ignored || init->target < 0) &&
		    group_note(init, signal, is_ignored)) {
			group_signal_noted(init, signal);
			return 0;
		}
	}
	return is_ignored || is_from_terminal(info) ? -init->program
						    : init->target;
}

void forward_signal(struct init *init, int signal, const siginfo_t *info)
{
	char name[SIGNALS_NAME_SIZE], text[ERRORS_TEXT_SIZE];
	int target = target_of(init, signal, info);
	int error;

	if (target == 0)
		return;
	if (target > 0 && is_queued(info) && queue(init, signal, info))
		return;
	error = sys_kill(target, signal);
	/* The program may have been refused a group, or have left it. */
	if (error == -ESRCH)
		error = sys_kill(init->program, signal);
	if (error == 0 || init->has_said_failure)
		return;
	init->has_said_failure = true;
	log_say(&init->log, LOG_NORMAL, "cannot forward %s to process %d: %s",
		signals_name(signal, name), init->program,
		errors_text(error, text));
}
