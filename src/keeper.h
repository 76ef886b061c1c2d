/*
 * The life of the program and of what it leaves behind: what to do about a
 * signal, a death or the time. Pure: takes state and event, gives the one
 * step to take, and makes no call.
 */
#ifndef FOSTER_KEEPER_H
#define FOSTER_KEEPER_H

#include <stdbool.h>
#include <stdint.h>

#include "signals.h"

enum keeper_stage {
	KEEPER_RUNNING,   /* the program runs */
	KEEPER_PAUSING,   /* there is no program: option -P */
	KEEPER_LINGERING, /* it has ended, leftovers may run on: option -a */
	KEEPER_ENDED,     /* leftovers are to be told as soon as it is known
			     that there are any */
	KEEPER_ENDING,    /* the roots of the leftovers were told */
	KEEPER_INSISTING, /* half the grace is over, all were told */
	KEEPER_KILLING,   /* the grace is over; only where not process 1 */
	KEEPER_DONE,
};

/* A time that never comes. */
#define KEEPER_NEVER UINT64_MAX

/* After SIGKILL, at most this long for what does not die at once. */
enum { KEEPER_KILLING_MS = 1000 };

/*
 * Orphans that arrive unnoticed (their parent was reaped by a leftover, not
 * by foster) are looked for this often in a grace time; and children that
 * die in a row cause one look in this time.
 */
enum { KEEPER_LOOKS = 64, KEEPER_LOOK_GAP_MS = 20 };

/* What is used most comes first: there the code is shorter. */
struct keeper {
	uint8_t stage; /* enum keeper_stage */

	/* Set by the caller, once. */
	bool is_process_1;
	bool waits_for_all;
	uint32_t grace_ms;
	uint32_t kill_after_ms;
	const struct signals_rewriting *rewriting;

	/* The keeper's own. */
	bool is_stopped;       /* the program, by a signal */
	bool owes_continue;    /* it had a signal that a stopped one misses */
	bool has_passed_on;    /* leftovers had one more signal to end */
	bool has_reaped;       /* since the last look at the children */
	int wait_status;       /* of the program, once it has ended */
	uint64_t handed_over;  /* SIGNALS_BIT() of each */
	uint64_t told_until_ms; /* grace time after its last TERM or QUIT */
	uint64_t half_ms;      /* when all leftovers are told */
	uint64_t looked_ms;    /* when the children were last looked at */
	uint64_t look_ms;      /* when to look again */
	uint64_t deadline_ms;  /* when the stage is over */
};

enum keeper_event {
	KEEPER_SIGNAL,      /* `value` is its number */
	KEEPER_TIME,        /* nothing but the time has passed */
	KEEPER_STOPPED,     /* the program; `value` is the signal */
	KEEPER_CONTINUED,   /* the program */
	KEEPER_PROGRAM_END, /* `value` is its wait status */
	KEEPER_REAPED,      /* some other child */
	KEEPER_SETTLED,     /* nobody more can be reaped now, some live */
	KEEPER_CHILDLESS,   /* there is no child */
};

/* What to do; together with the signal to do it with, shifted, one number. */
enum keeper_step {
	KEEPER_NOTHING = 0,
	KEEPER_HAND_OVER = 1,       /* to the program or its group */
	KEEPER_CONTINUE_PROGRAM = 2,
	KEEPER_KILL_PROGRAM = 3,    /* it had its time: option -k */
	KEEPER_SUSPEND = 4,         /* stop as the program did */
	KEEPER_TELL_CHILDREN = 5,   /* those not yet told */
	KEEPER_TELL_ALL = 6,        /* all not yet told */
	KEEPER_SIGNAL_CHILDREN = 7, /* all of them */
	KEEPER_REPORT = 8,          /* say who is left; it is over */
};

static inline int keeper_step_with(enum keeper_step kind, int signal)
{
	return (int)kind | signal << 8;
}

static inline enum keeper_step keeper_step_kind(int step)
{
	return (enum keeper_step)(step & 0xff);
}

static inline int keeper_step_signal(int step)
{
	return step >> 8;
}

/* A program is about to start, or the pause. */
void keeper_begin(struct keeper *keeper, bool is_pause);

/*
 * What to do about `event`: a step. The time has to be right where
 * keeper_wants_time() says so, on a clock that never goes back.
 */
int keeper_next(struct keeper *keeper, enum keeper_event event, int value,
		uint64_t now_ms);

/*
 * Whether the time plays a part in what comes next: not while the program
 * just runs, which saves a system call for every wake-up. `signal` is what
 * has arrived, or 0.
 */
bool keeper_wants_time(const struct keeper *keeper, int signal);

/*
 * Whether the program had TERM or QUIT within the last grace time: with
 * option -g its group had it too, and once more would spoil its ending.
 */
bool keeper_was_told(const struct keeper *keeper, uint64_t now_ms);

/* Whether `signal` was handed over to the program. */
static inline bool keeper_has_handed_over(const struct keeper *keeper,
					  int signal)
{
	return signals_has(keeper->handed_over, signal);
}

/* What leftovers are told: TERM as option -r has it, but never nothing. */
int keeper_signal_to_end(const struct keeper *keeper);

static inline bool keeper_is_done(const struct keeper *keeper)
{
	return keeper->stage == KEEPER_DONE;
}

/* When a KEEPER_TIME event is due; KEEPER_NEVER as long as nothing ends. */
uint64_t keeper_due_ms(const struct keeper *keeper);

#endif
