/*
 * The environment ("NAME=value" strings, a NULL at the end): reading it, and
 * what the program's differs in. Pure.
 */
#ifndef FOSTER_ENVIRONMENT_H
#define FOSTER_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

/* The value of the first variable called `name`, or NULL; getenv(3). */
const char *environment_get(char *const *envp, const char *name);

/* Takes every variable called `name` out of the vector; unsetenv(3). */
void environment_remove(char **envp, const char *name);

/* "WATCHDOG_PID=4194303" and a NUL. */
enum { ENVIRONMENT_PID_SIZE = 24 };

/* What the program's environment differs in. */
struct environment_changes {
	char listen_pid[ENVIRONMENT_PID_SIZE]; /* the new entry, or "" */
	char watchdog_pid[ENVIRONMENT_PID_SIZE]; /* the new entry, or "" */
};

/*
 * Finds what has to change: LISTEN_PID (sd_listen_fds(3)) and WATCHDOG_PID
 * (sd_watchdog_enabled(3)) become `program` where they are `own`, foster's
 * process id; LISTEN_PIDFDID, which belongs to foster's pidfd, goes when
 * LISTEN_PID is set. Returns whether anything does.
 */
bool environment_changes(struct environment_changes *changes, char *const *envp,
			 int own, int program);

/*
 * Copies `envp` with these changes to `copy`, which has space for
 * environment_count(envp) pointers. The changes have to live as long.
 */
void environment_copy(char **copy, char *const *envp,
		      const struct environment_changes *changes);

/* The pointers of a vector, the NULL at its end included. */
size_t environment_count(char *const *vector);

#endif
