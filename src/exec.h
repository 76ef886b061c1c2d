/*
 * Finding the program and becoming it, as execvp(3) does, with the errors in
 * the order that POSIX wants.
 */
#ifndef FOSTER_EXEC_H
#define FOSTER_EXEC_H

#include "sys.h"

/* Where to look when the environment has no PATH: what Docker sets. */
extern const char exec_default_path[] __attribute__((visibility("hidden")));

/* What could not be run. */
struct exec_failure {
	int error;	   /* negative errno */
	bool wanted_shell; /* it was /bin/sh that could not be run for it */
	/*
	 * The file that could not be run; empty where there is none. Has space
	 * for the dot that stands for an empty directory.
	 */
	char path[KERNEL_PATH_MAX + 1];
};

/* Whether `name` is looked for in PATH: it has no slash, and is not empty. */
bool exec_is_searched(const char *name);

/*
 * Replaces the process with argv[0], searched in `path` if it has no slash. A
 * text file without "#!" is given to /bin/sh. Returns only if nothing could be
 * run; then `failure` tells why.
 */
void exec_program(char *const *argv, char *const *envp, const char *path,
		  struct exec_failure *failure);

#endif
