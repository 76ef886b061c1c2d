/*
 * fuzz_keeper.c - lives of programs and what they leave behind (keeper.h;
 * tests/unit/check_keeper.c has all short ones). The bytes are the options,
 * and then what happens, in the order in which tend.c tells it: deaths, that
 * nobody more is dead, and one signal or the time.
 */
#define _GNU_SOURCE
#include "fuzz.h"
#include "keeper.h"
#include "status.h"

#include <string.h>

enum { ROUNDS_MAX = 400 };

struct life {
	struct keeper keeper;
	struct signals_rewriting rewriting;
	int as[SIGNAL_MAX + 1]; /* the same, told once more */
	bool is_pause;
	uint32_t grace_ms, kill_after_ms;
	uint64_t now_ms;

	bool has_ended;
	int wait_status;
	bool was_killed;	 /* the program: option -k */
	uint64_t first_asked_ms; /* the first signal to end that it got */
	uint64_t ending_ms;	 /* since when leftovers end */
	uint64_t killing_ms;	 /* since when they are killed */
	uint64_t looked_ms;	 /* when they were last told */
	unsigned requests;	 /* signals to end in that time */
	bool all_were_told, was_reported;
};

static bool asks_to_end(int signal)
{
	return signal == 2 || signal == 3 || signal == 15;
}

static bool is_ending(const struct life *life)
{
	return life->ending_ms != KEEPER_NEVER;
}

/* What leftovers are told to end by, -r applied; but never nothing. */
static int signal_to_end(const struct life *life)
{
	return life->as[15] == 0 ? 15 : life->as[15];
}

static void check_handed_over(struct life *life, int signal, int value)
{
	fuzz_check(!life->has_ended && !life->is_pause, "to nobody");
	fuzz_check(value != 17, "CHLD is handed over");
	fuzz_check(signal == life->as[value], "%d as %d", value, signal);
	fuzz_check(keeper_has_handed_over(&life->keeper, signal),
		   "%d is forgotten", signal);
	if (asks_to_end(signal) && life->first_asked_ms == KEEPER_NEVER)
		life->first_asked_ms = life->now_ms;
}

static void check_told(struct life *life, int signal)
{
	if (!is_ending(life)) {
		life->ending_ms = life->now_ms;
		life->requests = 0;
	} else {
		fuzz_check(life->now_ms - life->looked_ms >= KEEPER_LOOK_GAP_MS,
			   "looked twice in %d ms", KEEPER_LOOK_GAP_MS);
	}
	life->looked_ms = life->now_ms;
	fuzz_check(signal == signal_to_end(life), "told %d", signal);
}

static void check_all_told(struct life *life, int signal)
{
	fuzz_check(is_ending(life) && !life->all_were_told &&
			   life->killing_ms == KEEPER_NEVER,
		   "all are told");
	fuzz_check(life->now_ms >= life->ending_ms + life->grace_ms / 2,
		   "all are told too early");
	fuzz_check(signal == signal_to_end(life), "told %d", signal);
	life->looked_ms = life->now_ms;
	life->all_were_told = true;
}

/* Whether the time of leftovers is over, or they were told twice to stop. */
static bool may_kill(const struct life *life)
{
	return is_ending(life) &&
	       (life->now_ms >= life->ending_ms + life->grace_ms ||
		life->requests > 1);
}

static void check_signalled(struct life *life, enum keeper_event event,
			    int signal, int value)
{
	bool is_passed_on = event == KEEPER_SIGNAL && life->requests <= 1 &&
			    life->killing_ms == KEEPER_NEVER;

	fuzz_check(is_ending(life) || life->has_ended || life->is_pause,
		   "the program's children");
	/* One signal to end, and each HUP, is passed on. */
	if (is_passed_on || (event == KEEPER_SIGNAL && value == 1)) {
		fuzz_check(asks_to_end(value) || value == 1, "%d", value);
		fuzz_check(signal == life->as[value], "%d as %d", value,
			   signal);
		return;
	}
	fuzz_check(signal == 9, "signal %d to the children", signal);
	fuzz_check(!life->keeper.is_process_1, "process 1 kills");
	fuzz_check(may_kill(life), "SIGKILL before its time");
	if (life->killing_ms == KEEPER_NEVER)
		life->killing_ms = life->now_ms;
	fuzz_check(life->now_ms <= life->killing_ms + KEEPER_KILLING_MS,
		   "killing for ever");
}

static void check_reported(struct life *life)
{
	fuzz_check(keeper_is_done(&life->keeper) && !life->was_reported,
		   "a report");
	if (life->keeper.is_process_1)
		fuzz_check(may_kill(life), "the end before its time");
	else
		fuzz_check(life->killing_ms != KEEPER_NEVER &&
				   life->now_ms >=
					   life->killing_ms + KEEPER_KILLING_MS,
			   "the end before the killing is over");
	life->was_reported = true;
}

static void check_step(struct life *life, enum keeper_event event, int value,
		       int step)
{
	int signal = keeper_step_signal(step);
	enum keeper_step kind = keeper_step_kind(step);

	fuzz_check(step >= 0 && signal <= 64, "step %#x", step);
	fuzz_check((signal != 0) ==
			   (kind != KEEPER_NOTHING && kind != KEEPER_REPORT),
		   "step %#x", step);
	switch (kind) {
	case KEEPER_NOTHING:
		break;
	case KEEPER_HAND_OVER:
		fuzz_check(event == KEEPER_SIGNAL, "event %d", event);
		check_handed_over(life, signal, value);
		break;
	case KEEPER_CONTINUE_PROGRAM:
		fuzz_check(event == KEEPER_SETTLED && signal == 18 &&
				   life->keeper.is_stopped && !life->has_ended,
			   "a program that runs is continued");
		break;
	case KEEPER_KILL_PROGRAM:
		fuzz_check(event == KEEPER_TIME && signal == 9 &&
				   !life->has_ended && !life->was_killed &&
				   life->kill_after_ms != 0 &&
				   life->first_asked_ms != KEEPER_NEVER &&
				   life->now_ms >= life->first_asked_ms +
							   life->kill_after_ms,
			   "the program is killed");
		life->was_killed = true;
		break;
	case KEEPER_SUSPEND:
		fuzz_check(event == KEEPER_STOPPED && signal == value &&
				   value != 19,
			   "stopped by %d", signal);
		break;
	case KEEPER_TELL_CHILDREN:
		check_told(life, signal);
		break;
	case KEEPER_TELL_ALL:
		check_all_told(life, signal);
		break;
	case KEEPER_SIGNAL_CHILDREN:
		check_signalled(life, event, signal, value);
		break;
	case KEEPER_REPORT:
		check_reported(life);
		break;
	default:
		fuzz_fail(__FILE__, __LINE__, "step %#x", step);
	}
}

/* What is never different, whatever happened. */
static void check_always(const struct life *life, unsigned stage_before)
{
	const struct keeper *keeper = &life->keeper;
	uint64_t due_ms = keeper_due_ms(keeper);

	fuzz_check(keeper->stage >= stage_before ||
			   (stage_before == KEEPER_PAUSING &&
			    keeper->stage == KEEPER_LINGERING),
		   "from stage %u back to %u", stage_before, keeper->stage);
	if (life->has_ended)
		fuzz_check(keeper->wait_status == life->wait_status,
			   "status %#x", keeper->wait_status);
	if (keeper_is_done(keeper))
		return;
	if (keeper->stage == KEEPER_RUNNING) {
		bool is_timed = life->kill_after_ms != 0 &&
				life->first_asked_ms != KEEPER_NEVER &&
				!life->was_killed;

		fuzz_check(due_ms == (is_timed ? life->first_asked_ms +
							 life->kill_after_ms
					       : KEEPER_NEVER),
			   "a running program has a time");
	} else if (keeper->stage <= KEEPER_ENDED) {
		fuzz_check(due_ms == KEEPER_NEVER, "nobody waits for that");
	} else if (life->killing_ms == KEEPER_NEVER) {
		fuzz_check(due_ms <= life->ending_ms + life->grace_ms,
			   "the grace is not kept");
	} else {
		fuzz_check(due_ms <= life->killing_ms + KEEPER_KILLING_MS,
			   "killing for ever");
	}
}

/* As tend.c: the time is told where it is wanted, and else is any. */
static void happens(struct life *life, enum keeper_event event, int value)
{
	struct keeper *keeper = &life->keeper;
	unsigned stage = keeper->stage;
	bool is_timed =
		event == KEEPER_TIME ||
		((event == KEEPER_SIGNAL || event == KEEPER_SETTLED) &&
		 keeper_wants_time(keeper, event == KEEPER_SIGNAL ? value : 0));
	int step;

	if (event == KEEPER_SIGNAL && asks_to_end(value) && is_ending(life))
		life->requests++;
	if (event == KEEPER_PROGRAM_END) {
		life->has_ended = true;
		life->wait_status = value;
	}
	if (event == KEEPER_CHILDLESS && stage == KEEPER_RUNNING) {
		life->has_ended = true;
		life->wait_status = STATUS_OWN_FAILURE << 8;
	}
	step = keeper_next(keeper, event, value,
			   is_timed ? life->now_ms : UINT64_MAX / 4);
	check_step(life, event, value, step);
	check_always(life, stage);
	/* The second one ends it at once. */
	if (event == KEEPER_SIGNAL && asks_to_end(value) && is_ending(life) &&
	    life->requests > 1)
		fuzz_check(keeper->stage >= KEEPER_KILLING, "it goes on");
}

/* At most so many in a row are due at once: a look, half the time, the end. */
enum { AT_ONCE_MAX = 4 };

/* The time comes for what is due, and then it is not due any more. */
static void time_comes(struct life *life, uint64_t late_ms)
{
	uint64_t due_ms = keeper_due_ms(&life->keeper);

	if (due_ms > life->now_ms)
		life->now_ms = due_ms;
	life->now_ms += late_ms;
	for (int i = 0; keeper_due_ms(&life->keeper) <= life->now_ms &&
			!keeper_is_done(&life->keeper);
	     i++) {
		fuzz_check(i < AT_ONCE_MAX, "it is due for ever");
		happens(life, KEEPER_TIME, 0);
	}
}

/* All that is dead is reaped. Gives whether any child is left. */
static void reap(struct life *life, unsigned kinds, struct fuzz_bytes *bytes)
{
	if (kinds & 1)
		happens(life, KEEPER_REAPED, 0);
	if (!life->has_ended && !life->is_pause) {
		static const uint8_t stops[] = { 19, 20, 21, 22 };

		if (kinds & 2)
			happens(life, KEEPER_STOPPED,
				stops[fuzz_byte(bytes) % 4]);
		if (kinds & 4)
			happens(life, KEEPER_CONTINUED, 0);
		if ((kinds & 0x18) == 0x18)
			happens(life, KEEPER_PROGRAM_END,
				(int)fuzz_byte(bytes) << 8);
	}
	if (!keeper_is_done(&life->keeper))
		happens(life,
			(kinds & 0xe0) == 0xe0 ? KEEPER_CHILDLESS
					       : KEEPER_SETTLED,
			0);
}

static void wait_once(struct life *life, struct fuzz_bytes *bytes)
{
	uint64_t due_ms = keeper_due_ms(&life->keeper);
	unsigned what = fuzz_byte(bytes);
	uint64_t pass_ms = fuzz_number(bytes, 2);
	static const uint8_t asking[] = { 15, 2, 3, 1 };

	if (due_ms <= life->now_ms ||
	    (due_ms != KEEPER_NEVER && (what & 3) == 0)) {
		time_comes(life, what & 4 ? 0 : pass_ms);
		return;
	}
	if (life->now_ms + pass_ms >= due_ms)
		pass_ms = due_ms - 1 - life->now_ms;
	life->now_ms += pass_ms;
	if (what & 4)
		happens(life, KEEPER_SIGNAL, asking[what >> 6]);
	else
		happens(life, KEEPER_SIGNAL, (int)(what >> 3) % 64 + 1);
}

/* With nobody who tells it anything more, it ends in the time it has. */
static void end(struct life *life)
{
	uint64_t begin_ms = life->now_ms;

	if (keeper_due_ms(&life->keeper) == KEEPER_NEVER || !is_ending(life))
		return;
	for (int i = 0; !keeper_is_done(&life->keeper); i++) {
		fuzz_check(i < 2 * KEEPER_LOOKS + 60, "too many looks");
		time_comes(life, 0);
	}
	fuzz_check(life->now_ms <=
			   begin_ms + life->grace_ms + KEEPER_KILLING_MS,
		   "it takes longer than it may");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_bytes bytes = { data, data + size };
	struct life life = {
		.first_asked_ms = KEEPER_NEVER,
		.ending_ms = KEEPER_NEVER,
		.killing_ms = KEEPER_NEVER,
	};
	unsigned flags = fuzz_byte(&bytes);

	life.is_pause = (flags & 0x0c) == 0x0c;
	life.grace_ms =
		(uint32_t)fuzz_number(&bytes, 2) * (flags & 0x10 ? 64 : 1);
	life.kill_after_ms =
		flags & 0x20 ? (uint32_t)fuzz_number(&bytes, 2) : 0;
	for (int signal = 1; signal <= SIGNAL_MAX; signal++)
		life.as[signal] = signal;
	for (unsigned i = flags >> 6; i > 0; i--) {
		int from = (int)fuzz_byte(&bytes) % 64 + 1;
		int to = (int)fuzz_byte(&bytes) % 65;

		if (!signals_can_be_caught(from))
			continue;
		life.as[from] = to;
		signals_rewrite(&life.rewriting, from, to);
	}
	life.now_ms = fuzz_number(&bytes, 2);
	life.keeper = (struct keeper){
		.rewriting = &life.rewriting,
		.grace_ms = life.grace_ms,
		.kill_after_ms = life.kill_after_ms,
		.is_process_1 = flags & 1,
		.waits_for_all = flags & 2,
	};
	keeper_begin(&life.keeper, life.is_pause);
	for (int i = 0; i < ROUNDS_MAX && bytes.at < bytes.end; i++) {
		reap(&life, fuzz_byte(&bytes), &bytes);
		if (keeper_is_done(&life.keeper))
			break;
		wait_once(&life, &bytes);
		if (keeper_is_done(&life.keeper))
			break;
	}
	if (!keeper_is_done(&life.keeper))
		end(&life);
	return 0;
}
