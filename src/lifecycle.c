#include "lifecycle.h"
#include "ending.h"

static const struct lifecycle_step nothing = { STEP_NOTHING, 0 };

void lifecycle_begin(struct lifecycle *lifecycle,
		     const struct lifecycle_config *config)
{
	*lifecycle = (struct lifecycle){
		.config = config,
		.stage = config->is_pause ? STAGE_PAUSING : STAGE_RUNNING,
		.kill_at_ms = LIFECYCLE_NEVER,
		.stage_until_ms = LIFECYCLE_NEVER,
		.look_ms = LIFECYCLE_NEVER,
	};
}

int lifecycle_signal_to_end(const struct lifecycle *lifecycle)
{
	return lifecycle->stop_signal != 0 ? lifecycle->stop_signal : SIGTERM;
}

/* ---- signals ---- */

static void set_kill_time(struct lifecycle *lifecycle, uint64_t now_ms)
{
	uint32_t kill_after_ms = lifecycle->config->kill_after_ms;

	if (kill_after_ms == 0 || lifecycle->has_kill_time)
		return;
	lifecycle->has_kill_time = true;
	lifecycle->kill_at_ms = now_ms + kill_after_ms;
}

static bool is_term_or_int(int signal)
{
	return signal == SIGTERM || signal == SIGINT;
}

static bool is_quit_or_hup(int signal)
{
	return signal == SIGQUIT || signal == SIGHUP;
}

/* A program that is stopped, or will be, cannot act on these. */
static void note_continue(struct lifecycle *lifecycle, uint64_t now_ms,
			  int signal, int as)
{
	if (is_term_or_int(signal) || is_term_or_int(as))
		lifecycle->continues_until_ms = LIFECYCLE_NEVER;
	else if (!is_quit_or_hup(signal) && !is_quit_or_hup(as))
		return;
	else if (lifecycle->continues_until_ms != LIFECYCLE_NEVER)
		lifecycle->continues_until_ms = now_ms + LIFECYCLE_CONTINUE_MS;
	lifecycle->owes_continue = true;
}

static struct lifecycle_step forward(struct lifecycle *lifecycle,
				     uint64_t now_ms, int signal, int as)
{
	if (is_term_or_int(signal))
		set_kill_time(lifecycle, now_ms);
	if (as == 0)
		return nothing;
	lifecycle->forwarded |= SIGNALS_BIT(as);
	note_continue(lifecycle, now_ms, signal, as);
	if (signals_asks_to_end(signal) || signals_asks_to_end(as)) {
		ending_note_stop(lifecycle, as);
		lifecycle->told_signal = as;
		lifecycle->told_until_ms =
			now_ms + lifecycle->config->grace_ms + 1;
	}
	return lifecycle_step(STEP_FORWARD, as);
}

static enum lifecycle_stage stage_after_end(const struct lifecycle *lifecycle)
{
	return lifecycle->config->grace_ms == 0 ? STAGE_DONE : STAGE_ENDED;
}

/* What the pause adopted are leftovers from here on. */
static struct lifecycle_step end_pause(struct lifecycle *lifecycle, int signal,
				       int as)
{
	if (!is_term_or_int(signal))
		return nothing;
	ending_note_stop(lifecycle, as);
	lifecycle->stage = stage_after_end(lifecycle);
	return nothing;
}

static struct lifecycle_step on_signal(struct lifecycle *lifecycle,
				       uint64_t now_ms, int signal)
{
	int as = signals_rewritten(lifecycle->config->rewriting, signal);

	if (signal == SIGCHLD)
		return nothing;
	if (lifecycle->stage == STAGE_RUNNING)
		return forward(lifecycle, now_ms, signal, as);
	if (lifecycle->stage == STAGE_PAUSING)
		return end_pause(lifecycle, signal, as);
	if (signals_asks_to_end(signal))
		return ending_stop(lifecycle, now_ms, as);
	/* One of them is the daemon that the container is for. */
	if (as != 0 &&
	    (signal == SIGHUP || lifecycle->stage == STAGE_LINGERING))
		return lifecycle_step(STEP_SIGNAL_CHILDREN, as);
	return nothing;
}

/* ---- time and children ---- */

static struct lifecycle_step on_time(struct lifecycle *lifecycle,
				     uint64_t now_ms)
{
	if (now_ms >= lifecycle->kill_at_ms) {
		lifecycle->kill_at_ms = LIFECYCLE_NEVER;
		lifecycle->forwarded |= SIGNALS_BIT(SIGKILL);
		return lifecycle_step(STEP_KILL_PROGRAM, SIGKILL);
	}
	if (now_ms >= lifecycle->stage_until_ms)
		return ending_next_stage(lifecycle, now_ms);
	if (now_ms >= lifecycle->look_ms)
		return ending_look(lifecycle, now_ms);
	return nothing;
}

/*
 * A program that was told to end cannot do so while it is stopped, also where
 * the stop came first and is reported late. Whoever sends SIGSTOP to another
 * one has his reasons. Ctrl-Z is obeyed after Ctrl-C, which need not end it.
 */
static struct lifecycle_step on_stopped(struct lifecycle *lifecycle,
					uint64_t now_ms, int signal)
{
	lifecycle->is_stopped = true;
	if (now_ms < lifecycle->continues_until_ms &&
	    (signal == SIGSTOP || lifecycle_has_forwarded(lifecycle, SIGTERM)))
		return lifecycle_step(STEP_CONTINUE_PROGRAM, SIGCONT);
	return signal == SIGSTOP ? nothing
				 : lifecycle_step(STEP_SUSPEND, signal);
}

static void on_program_ended(struct lifecycle *lifecycle, int wait_status)
{
	lifecycle->wait_status = wait_status;
	lifecycle->kill_at_ms = LIFECYCLE_NEVER;
	lifecycle->owes_continue = false;
	lifecycle->stage = lifecycle_lets_run_on(lifecycle)
				   ? STAGE_LINGERING
				   : stage_after_end(lifecycle);
}

static struct lifecycle_step on_nothing_to_reap(struct lifecycle *lifecycle,
						uint64_t now_ms)
{
	if (lifecycle->stage == STAGE_ENDED)
		return ending_begin(lifecycle, now_ms);
	if (lifecycle->owes_continue) {
		lifecycle->owes_continue = false;
		if (lifecycle->is_stopped)
			return lifecycle_step(STEP_CONTINUE_PROGRAM, SIGCONT);
	}
	/* A child that died may have left children of its own to foster. */
	if (lifecycle->has_reaped && lifecycle->stage > STAGE_QUIET) {
		lifecycle->look_ms =
			lifecycle->looked_ms + LIFECYCLE_LOOK_GAP_MS;
		if (now_ms >= lifecycle->look_ms)
			return ending_look(lifecycle, now_ms);
	}
	return nothing;
}

/*
 * This is the end of the ending. While the program should be running, it means
 * that the kernel has reaped the program by itself (SIGCHLD is ignored, and
 * foster was refused to change that): its status cannot be known.
 */
static void on_no_children(struct lifecycle *lifecycle)
{
	if (lifecycle->stage == STAGE_PAUSING)
		return;
	if (lifecycle->stage == STAGE_RUNNING)
		lifecycle->wait_status = -ECHILD;
	lifecycle->stage = STAGE_DONE;
}

struct lifecycle_step lifecycle_next(struct lifecycle *lifecycle,
				     enum lifecycle_event event, int value,
				     uint64_t now_ms)
{
	switch (event) {
	case EVENT_SIGNAL:
		return on_signal(lifecycle, now_ms, value);
	case EVENT_TIME:
		return on_time(lifecycle, now_ms);
	case EVENT_NOTHING_TO_REAP:
		return on_nothing_to_reap(lifecycle, now_ms);
	case EVENT_STOPPED:
		return on_stopped(lifecycle, now_ms, value);
	case EVENT_CONTINUED:
		lifecycle->is_stopped = false;
		break;
	case EVENT_PROGRAM_ENDED:
		on_program_ended(lifecycle, value);
		break;
	case EVENT_REAPED:
		lifecycle->has_reaped = true;
		break;
	case EVENT_NO_CHILDREN:
		on_no_children(lifecycle);
		break;
	}
	return nothing;
}

/* ---- what others ask ---- */

static bool is_timed(int signal)
{
	return signals_asks_to_end(signal) || signal == SIGHUP;
}

bool lifecycle_wants_time(const struct lifecycle *lifecycle, int signal)
{
	if (lifecycle->stage > STAGE_LINGERING)
		return true;
	return is_timed(signal) ||
	       is_timed(
		       signals_rewritten(lifecycle->config->rewriting, signal));
}

int lifecycle_told_signal(const struct lifecycle *lifecycle, uint64_t now_ms)
{
	return now_ms < lifecycle->told_until_ms ? lifecycle->told_signal : 0;
}

bool lifecycle_lets_run_on(const struct lifecycle *lifecycle)
{
	return lifecycle->config->waits_for_all && lifecycle->stop_signal == 0;
}

bool lifecycle_has_forwarded(const struct lifecycle *lifecycle, int signal)
{
	return signals_has(lifecycle->forwarded, signal);
}

bool lifecycle_spares_readers(const struct lifecycle *lifecycle)
{
	return lifecycle->stage < STAGE_LAST_CALL;
}

uint64_t lifecycle_due_ms(const struct lifecycle *lifecycle)
{
	uint64_t due_ms = lifecycle->kill_at_ms;

	if (lifecycle->stage_until_ms < due_ms)
		due_ms = lifecycle->stage_until_ms;
	return lifecycle->look_ms < due_ms ? lifecycle->look_ms : due_ms;
}
