/* Reaping: deaths, stops and continues of children. */
#ifndef FOSTER_REAP_H
#define FOSTER_REAP_H

#include "init.h"

/*
 * Reaps all that is dead and never blocks. `named` is the pid that SIGCHLD
 * named, or -1.
 */
void reap_all(struct init *init, int named);

/* Blocks until a child has changed, and takes it. Returns whether one has. */
bool reap_blocking(struct init *init);

#endif
