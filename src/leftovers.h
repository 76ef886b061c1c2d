/*
 * The processes that the program leaves behind: who they are, who of them was
 * told to end, and telling them. Decides nothing: lifecycle.h says what.
 */
#ifndef FOSTER_LEFTOVERS_H
#define FOSTER_LEFTOVERS_H

#include "init.h"

/*
 * Takes one of these steps:
 * STEP_TERMINATE_CHILDREN  every child that was not told yet gets the signal,
 *                          or TERM if it has no handler for that, and CONT, so
 *                          that a stopped one can act on it; who reads what
 *                          others write is passed over (readers.h)
 * STEP_TERMINATE_ALL       the same for every process (process 1), or for
 *                          every descendant that is surely one; who was told
 *                          otherwise gets TERM
 * STEP_SIGNAL_CHILDREN     every child gets just the signal
 * STEP_KILL_ALL            every descendant that is surely one gets it
 * STEP_REPORT              says who is left
 *
 * Without a /proc of this namespace, process 1 reaches everybody at once, and
 * tells them only the first time; a foster that is not process 1 then reaches
 * nobody but as leftovers_tell_group() says.
 */
void leftovers_act(struct init *init, struct lifecycle_step step);

/* Sends `signal` to `pid`, by its pidfd where that is not negative. */
void leftovers_send(int pid, int pidfd, int signal);

/* Whether there is a /proc of this PID namespace; asked once. */
bool leftovers_have_proc(struct init *init);

/*
 * What can still be done by a foster that is not process 1 and has no /proc,
 * before the program is reaped and its group's number is free: tells the
 * group.
 */
void leftovers_tell_group(struct init *init);

#endif
