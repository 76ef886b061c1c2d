/*
 * The processes that the program leaves behind: who they are, who of them
 * was told to end, and telling them. Decides nothing: keeper.h says what.
 */
#ifndef FOSTER_LEFTOVERS_H
#define FOSTER_LEFTOVERS_H

#include "keeper.h"
#include "log.h"

struct leftovers {
	struct log *log;
	int own;          /* foster's process id */
	int program;      /* what was the program's, and its group's, number */
	bool spare_group; /* members of that group count as told */
	bool knows_proc;  /* has_proc is known */
	bool has_proc;    /* a /proc of this PID namespace */
	bool has_told;    /* the children, for the first time */
	bool *told; /* each process id; NULL where there is no memory for it */
};

/*
 * One of the keeper's steps that are about leftovers:
 * KEEPER_TELL_CHILDREN  every child that was not told yet gets the signal,
 *                       and CONT, so that a stopped one can act on it
 * KEEPER_TELL_ALL       the same for every process (process 1), or for every
 *                       descendant that is surely one
 * KEEPER_SIGNAL_CHILDREN  every child gets just the signal
 * KEEPER_REPORT         says who is left
 *
 * Without a /proc of this namespace, process 1 reaches everybody at once,
 * and tells them only the first time; a foster that is not process 1 then
 * reaches nobody but as leftovers_tell_group() says.
 */
void leftovers_act(struct leftovers *leftovers, enum keeper_step step,
		   int signal);

/* Whether there is a /proc of this PID namespace; asked once. */
bool leftovers_have_proc(struct leftovers *leftovers);

/*
 * What can still be done by a foster that is not process 1 and has no /proc,
 * before the program is reaped and its group's number is free: tells the
 * group.
 */
void leftovers_tell_group(struct leftovers *leftovers, int signal);

/* Forgets a reaped child: its number may come again. */
void leftovers_forget(struct leftovers *leftovers, int pid);

#endif
