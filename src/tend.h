/*
 * The loop: reap all that is dead, decide, wait once, act. The only place
 * that waits, and the owner of all that changes.
 */
#ifndef FOSTER_TEND_H
#define FOSTER_TEND_H

#include "keeper.h"
#include "leftovers.h"
#include "log.h"
#include "spawn.h"

/* What is used most comes first: near the pointer the code is shorter. */
struct family {
	struct keeper keeper;
	uint64_t clock_ms; /* the time as it was last known */
	int target; /* of signals: the program, or its group below 0: kill(2) */
	/* Signals cannot be blocked or waited for: only children can. */
	bool is_blind;
	bool has_said_failure;
	bool has_said_full;
	uint8_t passed_on; /* signals without a look behind them; comes round */
	struct spawn_plan start;
	struct leftovers leftovers;
};

/*
 * Tends the program and its orphans until it has ended and its leftovers
 * too, or their time. Gives the program's status as wait4(2) has it.
 */
int tend(struct family *family);

#endif
