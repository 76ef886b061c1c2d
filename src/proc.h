/*
 * What /proc tells about processes, proc(5). Reads only; the buffers are the
 * caller's. Where /proc is missing or of another PID namespace, its numbers
 * mean nothing here: proc_is_ours() comes before all that takes or gives one.
 */
#ifndef FOSTER_PROC_H
#define FOSTER_PROC_H

#include "file.h"

/*
 * Whether /proc is that of foster's own PID namespace: NSpid of
 * /proc/self/status, which lists a number for every namespace from that of
 * /proc down to foster's, has just one (proc_pid_status(5), Linux 4.1).
 */
bool proc_is_ours(void);

/* Its parent; 0 where that is outside, -1 where it is unknown. */
int proc_parent(int pid);

/*
 * Whether `pid` descends from `ancestor`, by parents read from /proc. True
 * only where it was true at some moment of the call: see proc.c.
 */
bool proc_descends(int pid, int ancestor);

/* The command line of `pid`, blanks between its words; "" of a zombie. */
void proc_command(int pid, char *buffer, size_t size);

/* A walk over numbers that /proc lists. */
struct proc_walk {
	int parent; /* in a folder: only children of it are given; 0: all */
	struct file file;
};

/*
 * Begins a walk: over the processes of "/proc", the descriptors of
 * "/proc/self/fd" or any folder of numbers. What is not there has none.
 */
void proc_walk(struct proc_walk *walk, const char *folder);

/*
 * Begins a walk over all processes where `parent` is 0. Where it is foster's
 * pid, over its children: by /proc/thread-self/children, which is exact as long
 * as foster reaps nobody meanwhile, else over all whose parent it is.
 */
void proc_walk_processes(struct proc_walk *walk, int parent);

/*
 * The next number from 1 and below PID_LIMIT; what is none is passed over. 0 at
 * the end: then the walk is over and closed.
 */
int proc_next(struct proc_walk *walk);

#endif
