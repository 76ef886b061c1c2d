/*
 * The state of one call: what the rooms around the loop share. They change
 * nothing else. It is what the public struct foster holds.
 */
#ifndef FOSTER_INIT_H
#define FOSTER_INIT_H

#include "foster.h"
#include "lifecycle.h"
#include "log.h"
#include "sys.h"

struct init {
	const struct foster_options *options;
	struct log log;
	int own;     /* foster's process id */
	int program; /* the program's process id; or 0 */
	bool shares_group; /* the program is in foster's group, not its own */
	int target; /* of signals: the program, or below 0 its group, kill(2) */
	int group;  /* foster's process group, where there is a terminal */
	int terminal;	   /* open while the program starts; negative: none */
	uint64_t clock_ms; /* the time as it was last known */
	/* Why signals cannot be blocked or waited for; 0: they can. */
	int wait_error;
	bool has_said_failure; /* that a signal could not be forwarded */
	bool has_said_full;    /* that the signal queue is */
	uint8_t unlooked; /* signals without a look at the children; comes round
			   */

	/* Leftovers. */
	bool knows_proc; /* has_proc is known; before the loop if not process 1
			  */
	bool has_proc;	 /* a /proc of this PID namespace */
	bool has_told_children; /* for the first time */
	bool has_stopped_group; /* a stop that the program ignores went there */
	int group_signal;	/* what the program's group was told by; or 0 */
	int readers_left;	/* that can be looked at in this step */
	int left;		/* when the time was up; see foster.h */
	uint32_t *told;		/* told.c */

	struct lifecycle lifecycle;
	struct lifecycle_config lifecycle_config;

	/* What the program gets, and what is put back. */
	char *const *argv;
	char *const *envp;
	int *exec_error; /* for the child to write to; or NULL */
	struct kernel_sigset inherited_mask;
	struct kernel_sigaction inherited_child_action; /* of SIGCHLD */
	int was_subreaper;
};

#endif
