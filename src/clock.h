/* The time, clock_gettime(2). */
#ifndef FOSTER_CLOCK_H
#define FOSTER_CLOCK_H

#include "init.h"

/* Reads the time into init->clock_ms and returns it. */
uint64_t clock_read(struct init *init);

struct kernel_timespec clock_timespec(uint64_t ms);

#endif
