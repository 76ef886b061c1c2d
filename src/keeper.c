#include "keeper.h"
#include "status.h"

int keeper_signal_to_end(const struct keeper *keeper)
{
	int signal = signals_rewritten(keeper->rewriting, SIGNAL_TERM);

	return signal != 0 ? signal : SIGNAL_TERM;
}

/* Whether children that arrive are to be told or killed. */
static bool is_looking(const struct keeper *keeper)
{
	return keeper->stage == KEEPER_ENDING ||
	       keeper->stage == KEEPER_INSISTING ||
	       keeper->stage == KEEPER_KILLING;
}

/* The children are looked at now, whatever it is done to them. */
static int look(struct keeper *keeper, uint64_t now_ms, enum keeper_step kind)
{
	uint64_t pause_ms = keeper->grace_ms / KEEPER_LOOKS;

	if (pause_ms < KEEPER_LOOK_GAP_MS)
		pause_ms = KEEPER_LOOK_GAP_MS;
	keeper->has_reaped = false;
	keeper->looked_ms = now_ms;
	keeper->look_ms = now_ms + pause_ms;
	if (keeper->stage == KEEPER_KILLING)
		return keeper_step_with(KEEPER_SIGNAL_CHILDREN, SIGNAL_KILL);
	return keeper_step_with(kind, keeper_signal_to_end(keeper));
}

/* Step 2 of the ending. */
static int begin_ending(struct keeper *keeper, uint64_t now_ms)
{
	if (keeper->grace_ms == 0) {
		keeper->stage = KEEPER_DONE;
		return KEEPER_NOTHING;
	}
	keeper->stage = KEEPER_ENDING;
	keeper->half_ms = now_ms + keeper->grace_ms / 2;
	keeper->deadline_ms = now_ms + keeper->grace_ms;
	return look(keeper, now_ms, KEEPER_TELL_CHILDREN);
}

/* Step 5: process 1 only has to leave, the kernel kills the rest. */
static int end_grace(struct keeper *keeper, uint64_t now_ms)
{
	if (keeper->is_process_1 || keeper->stage == KEEPER_KILLING) {
		keeper->stage = KEEPER_DONE;
		return KEEPER_REPORT;
	}
	keeper->stage = KEEPER_KILLING;
	keeper->half_ms = KEEPER_NEVER;
	keeper->deadline_ms = now_ms + KEEPER_KILLING_MS;
	keeper->grace_ms = KEEPER_KILLING_MS;
	return look(keeper, now_ms, KEEPER_SIGNAL_CHILDREN);
}

static OUT_OF_LINE int hand_over(struct keeper *keeper, uint64_t now_ms,
				 int signal)
{
	signal = signals_rewritten(keeper->rewriting, signal);
	if (signal == 0)
		return KEEPER_NOTHING;
	keeper->handed_over |= SIGNALS_BIT(signal);
	if (signal == SIGNAL_HUP)
		keeper->owes_continue = true;
	if (signals_asks_to_end(signal)) {
		keeper->owes_continue = true;
		if (signal != SIGNAL_INT)
			keeper->told_until_ms = now_ms + keeper->grace_ms + 1;
		if (keeper->kill_after_ms != 0) {
			keeper->deadline_ms = now_ms + keeper->kill_after_ms;
			keeper->kill_after_ms = 0;
		}
	}
	return keeper_step_with(KEEPER_HAND_OVER, signal);
}

/* Pause ends by TERM or INT; what it adopted are leftovers then. */
static int end_pause(struct keeper *keeper, int signal)
{
	if (signal == SIGNAL_TERM || signal == SIGNAL_INT)
		keeper->stage =
			keeper->grace_ms == 0 ? KEEPER_DONE : KEEPER_ENDED;
	return KEEPER_NOTHING;
}

/* Step 4: the first signal to end is passed on, the next ends it all. */
static int signal_while_ending(struct keeper *keeper, uint64_t now_ms,
			       int signal)
{
	int as = signals_rewritten(keeper->rewriting, signal);

	if (signals_asks_to_end(signal)) {
		if (keeper->stage == KEEPER_LINGERING)
			return begin_ending(keeper, now_ms);
		if (keeper->stage == KEEPER_KILLING)
			return KEEPER_NOTHING;
		if (keeper->has_passed_on)
			return end_grace(keeper, now_ms);
		keeper->has_passed_on = true;
	} else if (signal != SIGNAL_HUP) {
		return KEEPER_NOTHING;
	}
	return as == 0 ? KEEPER_NOTHING
		       : keeper_step_with(KEEPER_SIGNAL_CHILDREN, as);
}

static int on_signal(struct keeper *keeper, uint64_t now_ms, int signal)
{
	if (signal == SIGNAL_CHLD)
		return KEEPER_NOTHING;
	if (keeper->stage == KEEPER_RUNNING)
		return hand_over(keeper, now_ms, signal);
	if (keeper->stage == KEEPER_PAUSING)
		return end_pause(keeper, signal);
	return signal_while_ending(keeper, now_ms, signal);
}

static OUT_OF_LINE int on_time(struct keeper *keeper, uint64_t now_ms)
{
	if (now_ms >= keeper->deadline_ms) {
		if (keeper->stage != KEEPER_RUNNING)
			return end_grace(keeper, now_ms);
		keeper->deadline_ms = KEEPER_NEVER;
		keeper->handed_over |= SIGNALS_BIT(SIGNAL_KILL);
		return keeper_step_with(KEEPER_KILL_PROGRAM, SIGNAL_KILL);
	}
	if (now_ms >= keeper->half_ms) {
		keeper->stage = KEEPER_INSISTING;
		keeper->half_ms = KEEPER_NEVER;
		return look(keeper, now_ms, KEEPER_TELL_ALL);
	}
	if (now_ms >= keeper->look_ms)
		return look(keeper, now_ms, KEEPER_TELL_CHILDREN);
	return KEEPER_NOTHING;
}

static void on_program_end(struct keeper *keeper, int wait_status)
{
	keeper->wait_status = wait_status;
	keeper->deadline_ms = KEEPER_NEVER;
	keeper->owes_continue = false;
	if (keeper->waits_for_all)
		keeper->stage = KEEPER_LINGERING;
	else if (keeper->grace_ms == 0)
		keeper->stage = KEEPER_DONE;
	else
		keeper->stage = KEEPER_ENDED;
}

/* All deaths up to now are known, and some children live. */
static OUT_OF_LINE int on_settled(struct keeper *keeper, uint64_t now_ms)
{
	if (keeper->stage == KEEPER_ENDED)
		return begin_ending(keeper, now_ms);
	if (keeper->owes_continue) {
		keeper->owes_continue = false;
		if (keeper->is_stopped)
			return keeper_step_with(KEEPER_CONTINUE_PROGRAM,
						SIGNAL_CONT);
	}
	/* A child that died may have left children of its own to foster. */
	if (keeper->has_reaped && is_looking(keeper)) {
		keeper->look_ms = keeper->looked_ms + KEEPER_LOOK_GAP_MS;
		if (now_ms >= keeper->look_ms)
			return look(keeper, now_ms, KEEPER_TELL_CHILDREN);
	}
	return KEEPER_NOTHING;
}

/*
 * No child at all: the end of the ending. While the program should be
 * running, the kernel has reaped it by itself (SIGCHLD is ignored, and
 * foster was refused to change that): its status cannot be known.
 */
static void on_childless(struct keeper *keeper)
{
	if (keeper->stage == KEEPER_PAUSING)
		return;
	if (keeper->stage == KEEPER_RUNNING)
		keeper->wait_status = STATUS_OWN_FAILURE << 8;
	keeper->stage = KEEPER_DONE;
}

void keeper_begin(struct keeper *keeper, bool is_pause)
{
	keeper->stage = is_pause ? KEEPER_PAUSING : KEEPER_RUNNING;
	keeper->half_ms = KEEPER_NEVER;
	keeper->look_ms = KEEPER_NEVER;
	keeper->deadline_ms = KEEPER_NEVER;
}

int keeper_next(struct keeper *keeper, enum keeper_event event, int value,
		uint64_t now_ms)
{
	switch (event) {
	case KEEPER_SIGNAL:
		return on_signal(keeper, now_ms, value);
	case KEEPER_TIME:
		return on_time(keeper, now_ms);
	case KEEPER_SETTLED:
		return on_settled(keeper, now_ms);
	case KEEPER_STOPPED:
		keeper->is_stopped = true;
		/* Whoever sends SIGSTOP has his reasons. */
		return value == SIGNAL_STOP
			       ? KEEPER_NOTHING
			       : keeper_step_with(KEEPER_SUSPEND, value);
	case KEEPER_CONTINUED:
		keeper->is_stopped = false;
		break;
	case KEEPER_PROGRAM_END:
		on_program_end(keeper, value);
		break;
	case KEEPER_REAPED:
		keeper->has_reaped = true;
		break;
	case KEEPER_CHILDLESS:
		on_childless(keeper);
		break;
	}
	return KEEPER_NOTHING;
}

bool keeper_wants_time(const struct keeper *keeper, int signal)
{
	if (keeper->stage == KEEPER_RUNNING)
		signal = signals_rewritten(keeper->rewriting, signal);
	return signals_asks_to_end(signal) || keeper->stage > KEEPER_LINGERING;
}

bool keeper_was_told(const struct keeper *keeper, uint64_t now_ms)
{
	return now_ms < keeper->told_until_ms;
}

uint64_t keeper_due_ms(const struct keeper *keeper)
{
	uint64_t due_ms = keeper->deadline_ms;

	if (keeper->half_ms < due_ms)
		due_ms = keeper->half_ms;
	return keeper->look_ms < due_ms ? keeper->look_ms : due_ms;
}
