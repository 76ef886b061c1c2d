/* The loop: reap all that is dead, wait once, act. The only place that waits.
 */
#ifndef FOSTER_LOOP_H
#define FOSTER_LOOP_H

#include "init.h"

/*
 * Tends the program and its orphans until it and its leftovers have ended, or
 * the leftovers' time. Returns the program's status as wait4(2) has it.
 */
int loop_run(struct init *init);

#endif
