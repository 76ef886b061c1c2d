/*
 * Finding the program and running it, as execvp(3) does with the errors in
 * the order POSIX wants.
 */
#ifndef FOSTER_PATH_H
#define FOSTER_PATH_H

#include "sys.h"

/* Where to look when the environment has no PATH: as Docker sets it. */
extern const char path_default[] __attribute__((visibility("hidden")));

/* What could not be run. */
struct path_failure {
	int error; /* negative errno */
	bool wanted_shell; /* it was /bin/sh that could not be run for it */
	/*
	 * The file that could not be run; empty where there is none. Has room
	 * for the dot that stands for an empty directory.
	 */
	char path[PATH_LENGTH_MAX + 1];
};

/* Whether `name` is looked for in PATH: it has no slash, and is not empty. */
bool path_is_searched(const char *name);

/*
 * Replaces the process with argv[0] where that is a path; needs next to no
 * stack. Comes back otherwise, and where it cannot be run.
 */
void path_execute_given(char **argv, char **envp);

/*
 * Replaces the process with argv[0], searched in `path` if it has no slash. A
 * text file without "#!" is given to /bin/sh, for which argv[-1] must be free
 * to be written. Returns only if nothing could be run; then `failure` tells
 * why.
 */
void path_execute(char **argv, char **envp, const char *path,
		  struct path_failure *failure);

#endif
