/*
 * trace.h - what an init does, counted by ptrace(2): exact and, with addresses
 * that are not random, the same in every run.
 */
#ifndef TRACE_H
#define TRACE_H

#include "process1.h"

enum trace_part {
	TRACE_INIT,  /* the init before it makes the child */
	TRACE_CHILD, /* the child before it executes the program */
	TRACE_AFTER, /* the init from the child's beginning until it idles */
	TRACE_PARTS,
};

enum { TRACE_CALLS_KEPT = 256 };

struct trace {
	long count[TRACE_PARTS];
	int calls[TRACE_PARTS][TRACE_CALLS_KEPT]; /* numbers, if calls */
	/* Of the instructions counted; a virtual machine traps each. */
	long cpuids;
};

/*
 * From the init's exec on: system calls, or user instructions one by one.
 * `launch` is an init in front of `hold`. count[TRACE_AFTER] is -1 where it
 * never idles. False: no program was executed.
 */
bool trace_start(struct launch *launch, bool counts_calls, struct trace *trace);

/*
 * System calls of the init for `count` orphans that are handed to it, all at
 * one instant or each when it idles after the last. `launch` is an init in
 * front of `orphans`. -1: not all were reaped.
 */
long trace_reaping(struct launch *launch, int count, bool at_once);

#endif
