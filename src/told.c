#include "told.h"

/*
 * A word for each process id: enum told, or from SINCE on the time since when
 * nobody writes to its standard input. 16 MiB of address space, of which a page
 * is used for each 1,024 process ids. A list would need a bound; this has none
 * and costs nothing before there are leftovers.
 */
enum { TOLD_SIZE = PID_MAX_LIMIT * sizeof(uint32_t), SINCE = TOLD_TERM + 1 };

void told_begin(struct init *init)
{
	init->told = sys_map_zeroes(TOLD_SIZE);
}

void told_end(struct init *init)
{
	if (init->told != NULL)
		sys_munmap(init->told, TOLD_SIZE);
	init->told = NULL;
}

enum told told_get(const struct init *init, int pid)
{
	if (init->told == NULL)
		return init->has_told_children || init->group_signal != 0
			       ? TOLD_TERM
			       : TOLD_NOTHING;
	return init->told[pid] < SINCE ? init->told[pid] : TOLD_NOTHING;
}

void told_set(struct init *init, int pid, enum told told)
{
	if (init->told != NULL)
		init->told[pid] = told;
}

void told_forget(struct init *init, int pid)
{
	if (init->told != NULL)
		init->told[pid] = TOLD_NOTHING;
}

uint64_t told_alone_ms(struct init *init, int pid)
{
	uint64_t now = SINCE + init->clock_ms - init->lifecycle.ended_ms;

	if (init->told[pid] < SINCE)
		init->told[pid] = (uint32_t)now;
	return now - init->told[pid];
}
