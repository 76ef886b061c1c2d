/*
 * Who surely descends from foster, by /proc. The time that it takes grows with
 * the number of processes, not with their depth.
 */
#ifndef FOSTER_DESCENDANTS_H
#define FOSTER_DESCENDANTS_H

#include "proc.h"

/* By process id: 64 MiB of address space, of which little is touched. */
struct descendants {
	struct kin *kin; /* NULL: no memory for it, nobody is known */
	int own;
};

/*
 * Finds all descendants of `own`, foster's pid, as they are at one moment of
 * this call. descendants_end() gives the memory back.
 */
void descendants_begin(struct descendants *descendants, int own);
void descendants_end(struct descendants *descendants);

/* Whether `pid` was one of them. */
bool descendants_have(const struct descendants *descendants, int pid);

/*
 * A pidfd of the descendant `pid` (pidfd_open(2)), to be closed: whoever has
 * the number later is not hit. A negative errno where it is none or is gone, or
 * where pidfds are refused.
 */
int descendants_open(const struct descendants *descendants, int pid);

#endif
