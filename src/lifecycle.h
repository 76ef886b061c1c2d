/*
 * The life of the program and of what it leaves behind: what to do about a
 * signal, a death or the time. Pure: takes the state and an event, changes the
 * state and returns the step to take. It makes no call.
 */
#ifndef FOSTER_LIFECYCLE_H
#define FOSTER_LIFECYCLE_H

#include <stdbool.h>
#include <stdint.h>

#include "signals.h"

enum lifecycle_stage {
	STAGE_RUNNING,	 /* the program runs */
	STAGE_PAUSING,	 /* there is no program: option -P */
	STAGE_LINGERING, /* it has ended, leftovers may run on: option -a */
	STAGE_ENDED,	 /* it has ended, perhaps nobody is left */
	STAGE_QUIET,	 /* nobody is told yet */
	STAGE_ENDING,	 /* the roots of the leftovers were told */
	STAGE_ESCALATED, /* all were, but who reads what others write */
	STAGE_LAST_CALL, /* all were */
	STAGE_KILLING,	 /* the grace time is over; only where not process 1 */
	STAGE_DONE,
};

/* A time that never comes. */
#define LIFECYCLE_NEVER UINT64_MAX

enum {
	/* The program ended by itself: nobody is told for so long. */
	LIFECYCLE_QUIET_MS = 100,
	/* After SIGKILL, foster waits this long for what does not die. */
	LIFECYCLE_KILLING_MS = 1000,
	/* A stop that comes this long after QUIT or HUP is continued. */
	LIFECYCLE_CONTINUE_MS = 1000,
	/*
	 * An orphan arrives unnoticed where a leftover, not foster, reaped its
	 * parent: foster looks for new children this often in a grace time.
	 */
	LIFECYCLE_LOOKS = 64,
	/* Children that die in a row cause one look in this time. */
	LIFECYCLE_LOOK_GAP_MS = 20,
};

/* Set once, by the caller. */
struct lifecycle_config {
	bool is_pause;
	bool is_process_1;
	bool waits_for_all;
	uint32_t grace_ms;	/* 0: leftovers get no time at all */
	uint32_t kill_after_ms; /* from the first TERM or INT; 0: never */
	const unsigned char *rewriting; /* signals.h */
};

struct lifecycle {
	const struct lifecycle_config *config;
	enum lifecycle_stage stage;
	int wait_status; /* of the program, once it has ended; -ECHILD: unknown
			  */
	int stop_signal; /* the first TERM, INT or QUIT, as -r has it; or 0 */

	/* While the program runs. */
	uint64_t forwarded;	     /* SIGNALS_BIT() of each */
	uint64_t kill_at_ms;	     /* option -k */
	uint64_t told_until_ms;	     /* grace time after told_signal */
	uint64_t continues_until_ms; /* a stop until then is continued */
	int told_signal;	     /* the last signal to end, as -r has it */
	bool has_kill_time;	     /* kill_at_ms was set: it is set once */
	bool is_stopped;	     /* by a signal */
	bool owes_continue; /* it had a signal that a stopped one misses */

	/* While leftovers end. */
	uint64_t ended_ms;	 /* when the grace time began */
	uint64_t stage_until_ms; /* when the stage is over */
	uint64_t looked_ms;	 /* when the children were last looked at */
	uint64_t look_ms;	 /* when to look again */
	bool had_one_more;	 /* signal to end, meanwhile */
	bool has_reaped;	 /* since the last look */
};

enum lifecycle_event {
	EVENT_SIGNAL,	       /* `value` is its number */
	EVENT_TIME,	       /* nothing but the time has passed */
	EVENT_STOPPED,	       /* the program; `value` is the signal */
	EVENT_CONTINUED,       /* the program */
	EVENT_PROGRAM_ENDED,   /* `value` is its wait status */
	EVENT_REAPED,	       /* some other child */
	EVENT_NOTHING_TO_REAP, /* all deaths are known, some children live */
	EVENT_NO_CHILDREN,
};

enum lifecycle_action {
	STEP_NOTHING,
	STEP_FORWARD, /* to the program or its group */
	STEP_CONTINUE_PROGRAM,
	STEP_KILL_PROGRAM,	 /* it had its time: option -k */
	STEP_SUSPEND,		 /* stop as the program did */
	STEP_TERMINATE_CHILDREN, /* those not terminated yet */
	STEP_TERMINATE_ALL,	 /* every process not terminated yet */
	STEP_SIGNAL_CHILDREN,	 /* all of them */
	STEP_KILL_ALL,		 /* every process; not where process 1 */
	STEP_REPORT,		 /* say who is left; it is over */
};

/* What to do, and the signal to do it with. */
struct lifecycle_step {
	enum lifecycle_action action;
	int signal;
};

static inline struct lifecycle_step lifecycle_step(enum lifecycle_action action,
						   int signal)
{
	return (struct lifecycle_step){ action, signal };
}

/* The program, or the pause, is about to start. */
void lifecycle_begin(struct lifecycle *lifecycle,
		     const struct lifecycle_config *config);

/*
 * What to do about `event`. `now_ms` is read from a clock that never goes back
 * and has to be right where lifecycle_wants_time() says so.
 */
struct lifecycle_step lifecycle_next(struct lifecycle *lifecycle,
				     enum lifecycle_event event, int value,
				     uint64_t now_ms);

/*
 * Whether the time plays a part in what comes next: not while the program just
 * runs, which saves a system call for every wake-up. `signal` is the one that
 * has arrived, or 0.
 */
bool lifecycle_wants_time(const struct lifecycle *lifecycle, int signal);

/*
 * The last signal to end that the program had within the last grace time, as
 * option -r has it; 0: none. With option -g its group had it too, and a second
 * one would spoil its ending.
 */
int lifecycle_told_signal(const struct lifecycle *lifecycle, uint64_t now_ms);

/*
 * Option -a: whether leftovers may run on once the program ends. Not where it
 * was told to stop, for so was foster.
 */
bool lifecycle_lets_run_on(const struct lifecycle *lifecycle);

/* Whether `signal` was forwarded to the program. */
bool lifecycle_has_forwarded(const struct lifecycle *lifecycle, int signal);

/* What leftovers are told by if they handle it (else by TERM). */
int lifecycle_signal_to_end(const struct lifecycle *lifecycle);

/* Whether who reads what others still write is passed over now. */
bool lifecycle_spares_readers(const struct lifecycle *lifecycle);

static inline bool lifecycle_is_over(const struct lifecycle *lifecycle)
{
	return lifecycle->stage == STAGE_DONE;
}

/* When EVENT_TIME is due; LIFECYCLE_NEVER as long as nothing ends. */
uint64_t lifecycle_due_ms(const struct lifecycle *lifecycle);

#endif
