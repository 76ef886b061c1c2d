/* Who of the leftovers was told to end, by process id. */
#ifndef FOSTER_TOLD_H
#define FOSTER_TOLD_H

#include "init.h"

enum told {
	TOLD_NOTHING,
	TOLD_WITH_GROUP, /* while the program ran (group.h) */
	TOLD_OTHERWISE,	 /* by another signal than TERM */
	TOLD_TERM,
};

/* Before anybody is told; told_end() gives the memory back. */
void told_begin(struct init *init);
void told_end(struct init *init);

/*
 * What `pid` was told by. Without memory for it, whoever is there at first is
 * told unless the group was, and nobody later: better one too few than one
 * twice.
 */
enum told told_get(const struct init *init, int pid);

void told_set(struct init *init, int pid, enum told told);

/* Forgets a reaped child: its number may come again. */
void told_forget(struct init *init, int pid);

/*
 * For how long nobody has written to the standard input of `pid`, which was
 * told nothing: since the first of these calls, or since told_forget(). There
 * has to be memory for it.
 */
uint64_t told_alone_ms(struct init *init, int pid);

#endif
