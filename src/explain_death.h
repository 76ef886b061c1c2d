/* Why a program died, as far as it can be known. Looks only after a death. */
#ifndef FOSTER_EXPLAIN_DEATH_H
#define FOSTER_EXPLAIN_DEATH_H

#include "log.h"

/*
 * Says that the program was ended by a signal that nobody sent through foster;
 * of SIGKILL, whether the out-of-memory killer has struck. Where cgroup(7)
 * cannot be read, just the first.
 */
void explain_death(struct log *log, int wait_status);

#endif
