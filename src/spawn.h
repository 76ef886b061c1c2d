/* Starting the program. What the child does stands in its order in spawn.c. */
#ifndef FOSTER_SPAWN_H
#define FOSTER_SPAWN_H

#include "init.h"

/*
 * Starts the program and returns its pid, or a negative errno where there can
 * be no more processes. A program that cannot be run is a child as any other:
 * it says why and exits with 126 or 127.
 */
int spawn_program(struct init *init);

/* What a child of the caller has to be before it executes the program. */
void spawn_become_child(const struct init *init);

/*
 * Has the kernel send `signal` to the caller when its parent dies. If that is
 * not `parent` any more it has died already, and nobody would: then the caller
 * tells itself.
 */
void spawn_follow_parent(int signal, int parent);

#endif
