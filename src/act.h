/* Carrying out what the life cycle says. */
#ifndef FOSTER_ACT_H
#define FOSTER_ACT_H

#include "init.h"

/* Takes a step; `info` is of the signal to forward, else NULL. */
void act(struct init *init, struct lifecycle_step step, const siginfo_t *info);

/* Tells the life cycle of any event but a signal, and takes its step. */
void act_on_event(struct init *init, enum lifecycle_event event, int value);

/*
 * The signal to end that the program's group had together with it, at `at_ms`
 * in the last grace time: its members count as told. 0: none.
 */
int act_group_signal(const struct init *init, uint64_t at_ms);

#endif
