/*
 * scenario.h - tests of what a program leaves behind, as rows of a table: an
 * init over a family (family.h), and what happens then, step by step.
 *
 * Each row is a test of its own, named by the row, once in each mode and for
 * each value of `with` and each kind of /proc. A "$" in options, tree and
 * steps is the value. A failure says at which step it was.
 *
 * Steps, in which NAMES are processes of the family, as "worker" or "a,b" or
 * "worker*8" for worker1 to worker8, and SIGNAL is TERM, USR1 ... or, as option
 * -r has it, TERM:USR1, of which only TERM counts.
 *
 *	end program		it may end now; that is the mark, too
 *	finish			all leftovers may end now
 *	mark			where times are counted from
 *	send SIGNAL		to the init; send all but SIGNAL SIGNAL ...
 *	kill NAMES		by SIGKILL; stop NAMES: by SIGSTOP
 *	join TREE		another family beside the init, not below it
 *	enter TREE		another one from outside its PID namespace
 *	pass N			so many milliseconds
 *
 *	NAMES got SIGNAL [N]	waits for the Nth
 *	NAMES: TEXT		waits until they say so
 *	NAMES settle		waits until they took all that was sent
 *	NAMES gone		waits until they are reaped; dead: are zombies;
 *				stopped; adopted: are children of the init
 *	taken			waits until the init has taken all signals
 *	idle			waits until the init waits for a signal
 *	exit [STATUS]		waits for the end of the init; FAMILY_STATUS
 *	output ends		waits until all are gone who could write
 *
 *	NAMES had SIGNAL N	they took it N times in all
 *	NAMES had all N		they took N signals in all
 *	NAMES had SIGNAL late N	they took it, N ms after the mark or later
 *	NAMES never: TEXT	they did not say so
 *	spared NAMES		they live, and took no signal
 *	runs			the init has not ended
 *	no deadline		it waits without a time limit
 *	silent			it has said nothing
 *	only says TEXT		it has said one line, which holds the text
 *	after N, before N	so many milliseconds since the mark
 *	survivors N		so many processes have come to the test
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include "family.h"

enum scenario_limits { SCENARIO_STEPS_MAX = 28, SCENARIO_WITH_MAX = 6 };

enum scenario_modes { IN_BOTH_MODES, AS_PROCESS_1, AS_SUBREAPER };

enum scenario_procs {
	AS_IN_SETUP,
	WITHOUT_OWN_PROC,	/* none, and that of an outer namespace */
	WITH_ANY_PROC,
};

struct scenario {
	const char *name;
	enum scenario_modes modes;
	enum scenario_procs procs;
	struct e2e_setup setup;
	const char *with[SCENARIO_WITH_MAX];
	/* Without a time: "-t" with more than any wait of a test. */
	const char *options;
	const char *const *wrapper;
	const char *tree;
	const char *steps[SCENARIO_STEPS_MAX];
};

/* How many tests the scenario is; one of them, from 0. */
int scenario_times(const struct scenario *scenario);
void scenario_play(const struct scenario *scenario, int i);

/* A scenario in one mode, for a test that is more than a row. */
#define scenario_run(mode, ...) \
	scenario_play(&(const struct scenario){ \
		.name = __func__, .modes = AS_PROCESS_1 + (mode), \
		__VA_ARGS__ \
	}, 0)

/* All rows of a table are tests. */
#define SCENARIOS(table) TEST_ROWS(table, scenario_play, scenario_times)

#endif
