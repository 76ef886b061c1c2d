/*
 * Starting the program. What happens in the child stands in its order in
 * spawn.c; how the parent prepares and what it learns, in tend.c.
 */
#ifndef FOSTER_SPAWN_H
#define FOSTER_SPAWN_H

#include "log.h"
#include "options.h"

/* How foster was started, which is how the program is to be started. */
struct spawn_inherited {
	struct signal_set mask;
	struct signal_action child_action; /* of SIGCHLD */
};

struct spawn_plan {
	int own;      /* foster's process id */
	int program;  /* the program's; 0 before the start and in a pause */
	int group;    /* foster's process group, where there is a terminal */
	int terminal; /* negative: there is none */
	struct log log;
	char **environment;
	struct spawn_inherited inherited;
	struct options options;
};

/*
 * Starts the program and gives its pid, or a negative errno where there can
 * be no more processes. A program that cannot be run is a child as any
 * other: it says why and exits with 126 or 127.
 */
int spawn_program(struct spawn_plan *plan);

/*
 * The caller is sent `signal` when its parent dies. If
 * that is not `parent` any more it has died already, and nobody would: then
 * the caller tells itself.
 */
void spawn_follow_parent(int signal, int parent);

#endif
