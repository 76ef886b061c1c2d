#include "clock.h"

/*
 * Without a clock (a filter refuses it) the time is known when a wait for
 * exactly that long is over.
 */
uint64_t clock_read(struct init *init)
{
	struct kernel_timespec now;

	if (sys_clock_gettime(CLOCK_MONOTONIC, &now) == 0)
		init->clock_ms = (uint64_t)now.tv_sec * 1000 +
				 (uint64_t)now.tv_nsec / 1000000;
	return init->clock_ms;
}

struct kernel_timespec clock_timespec(uint64_t ms)
{
	return (struct kernel_timespec){
		.tv_sec = (int64_t)(ms / 1000),
		.tv_nsec = (int64_t)(ms % 1000) * 1000000,
	};
}
