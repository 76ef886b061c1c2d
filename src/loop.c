#include "loop.h"
#include "act.h"
#include "clock.h"
#include "errors.h"
#include "event.h"
#include "reap.h"
#include "verbose.h"

/* No process has this number, and no call takes it for any. */
enum { NOBODY = -2 };

/*
 * What foster's own writing caused (the kernel names the writer as the sender)
 * and its own use of the processor is nobody else's business.
 */
static bool is_own_doing(const struct init *init, const siginfo_t *info)
{
	int signal = info->si_signo;

	if (signal == SIGXCPU)
		return info->si_code == SI_KERNEL;
	return (signal == SIGPIPE || signal == SIGXFSZ) &&
	       info->si_code == SI_USER && info->si_pid == init->own;
}

static void take_signal(struct init *init, siginfo_t *info)
{
	struct lifecycle_step step;

	if (is_own_doing(init, info))
		return;
	info->si_signo = event_tell(init->options, FOSTER_SIGNALED,
				    info->si_pid, info->si_signo);
	if (info->si_signo < 1 || info->si_signo > SIGNALS_MAX)
		return;
	if (lifecycle_wants_time(&init->lifecycle, info->si_signo))
		clock_read(init);
	step = lifecycle_next(&init->lifecycle, EVENT_SIGNAL, info->si_signo,
			      init->clock_ms);
	if (log_wants(&init->log, LOG_EVERYTHING))
		verbose_signal(init, info, step.action);
	act(init, step, info);
}

/* How often deaths are looked for where only children can be waited for. */
enum { BLIND_PAUSE_MS = 50 };

/*
 * Where signals cannot be waited for: sleeps until a child has changed. Only
 * while leftovers have a deadline, or where there is no child to wait for,
 * this comes down to looking again and again, with pauses.
 */
static void wait_blindly(struct init *init, uint64_t left_ms)
{
	uint64_t pause_ms = left_ms < BLIND_PAUSE_MS ? left_ms : BLIND_PAUSE_MS;
	struct kernel_timespec limit = clock_timespec(pause_ms);

	if (left_ms == LIFECYCLE_NEVER && reap_blocking(init))
		return;
	init->clock_ms += pause_ms;
	if (sys_poll(NULL, 0, &limit) >= 0 || sys_nanosleep(&limit) >= 0)
		return;
	/* Not even a pause is allowed: better an early end than no rest. */
	if (left_ms != LIFECYCLE_NEVER) {
		init->clock_ms += left_ms;
		act_on_event(init, EVENT_TIME, 0);
	} else if (init->lifecycle_config.is_pause) {
		act_on_event(init, EVENT_SIGNAL, SIGTERM);
	}
}

static void stop_waiting_for_signals(struct init *init, int error)
{
	char text[ERRORS_TEXT_SIZE];

	init->wait_error = error;
	log_say(&init->log, LOG_NORMAL,
		"cannot wait for signals, so none is forwarded: %s",
		errors_text(error, text));
}

/*
 * Whether nothing about the children can follow from a signal: one call less
 * before the program, on a single processor, gets to it. But signals that
 * come as fast as they are taken must not keep foster from its children: each
 * 256th, where the count comes round, has its look.
 */
static bool needs_no_look(struct init *init)
{
	return init->lifecycle.stage == STAGE_RUNNING &&
	       !init->lifecycle.owes_continue && ++init->unlooked != 0;
}

/*
 * Waits for one signal, or until `left_ms` have passed. Returns the pid that a
 * SIGCHLD named, or -1; NOBODY where no child needs a look.
 */
static int wait_for_signal(struct init *init, uint64_t left_ms)
{
	struct kernel_timespec limit = clock_timespec(left_ms);
	siginfo_t info;
	int signal =
		sys_rt_sigtimedwait(&signals_all, &info,
				    left_ms == LIFECYCLE_NEVER ? NULL : &limit);

	if (signal == SIGCHLD)
		return info.si_code > SI_USER ? info.si_pid : -1;
	if (signal > 0) {
		take_signal(init, &info);
		return needs_no_look(init) ? NOBODY : -1;
	}
	if (signal == -EAGAIN)
		init->clock_ms += left_ms;
	else if (signal != -EINTR)
		stop_waiting_for_signals(init, signal);
	return -1;
}

/* The one wait, for as long as it takes or until the next thing is due. */
static int wait_once(struct init *init)
{
	uint64_t due_ms = lifecycle_due_ms(&init->lifecycle);
	uint64_t left_ms = LIFECYCLE_NEVER;

	if (due_ms != LIFECYCLE_NEVER) {
		if (clock_read(init) >= due_ms) {
			act_on_event(init, EVENT_TIME, 0);
			return -1;
		}
		left_ms = due_ms - init->clock_ms;
	}
	if (init->wait_error == 0)
		return wait_for_signal(init, left_ms);
	wait_blindly(init, left_ms);
	return -1;
}

int loop_run(struct init *init)
{
	int named = -1;

	if (init->wait_error < 0)
		stop_waiting_for_signals(init, init->wait_error);
	event_tell(init->options, FOSTER_STARTED, init->program, 0);
	for (;;) {
		reap_all(init, named);
		if (lifecycle_is_over(&init->lifecycle))
			return init->lifecycle.wait_status;
		do
			named = wait_once(init);
		while (named == NOBODY);
	}
}
