/*
 * What foster does for whoever calls it: starts a program, forwards signals to
 * it, reaps, lets leftovers end, and returns the program's status. main.c is
 * its first caller.
 */
#ifndef FOSTER_H
#define FOSTER_H

#include <stdbool.h>
#include <stdint.h>

#include "log.h"
#include "signals.h"

/* The one place where the version stands. */
#define FOSTER_VERSION "1.0.0"

/* All zeroes are an init that gives leftovers no time. foster(1), OPTIONS */
struct foster_options {
	bool is_pause;	      /* -P: run no program, only adopt and reap */
	bool to_group;	      /* -g: signals go to the program's group */
	bool waits_for_all;   /* -a: leftovers may run until told to stop */
	bool warns_of_reaped; /* -w: say each orphan that was reaped */
	enum log_level level; /* -q, -v */
	uint32_t grace_ms;    /* -t: for leftovers to end; 0: no time at all */
	uint32_t kill_after_ms;	 /* -k: from the first TERM or INT; 0: never */
	int death_signal;	 /* -d: to the program when foster dies; or 0 */
	int parent_death_signal; /* -p: to foster when its parent dies; or 0 */
	struct signals_rewriting rewriting; /* -r */

	/* A variable that the program does not get; NULL: it gets all. */
	const char *unset;
	/* Once the program runs: change to "/", close all files from 3 up. */
	bool detaches;
	/*
	 * The caller exits as soon as foster_run() returns. The process stays
	 * as it is then: signals are blocked, so that none can end it with
	 * another status.
	 */
	bool caller_exits;
	/* Called once, before the first wait; or NULL. */
	void (*release_memory)(void);
};

/*
 * Runs argv[0] with argv and envp (neither is written to) as its first child,
 * and tends it until it and its leftovers have ended. Returns its wait status
 * (wait(2)), or a negative errno: of a process that could not be started, which
 * has been said, or -ECHILD where the kernel has reaped the program by itself.
 * Signal mask, the disposition of SIGCHLD and the subreaper flag are then what
 * they were; see caller_exits. Process 1 may lead a session with a terminal
 * that nobody controlled before.
 */
int foster_run(const struct foster_options *options, char *const argv[],
	       char *const envp[]);

#endif
