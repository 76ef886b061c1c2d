/*
 * tend.c - for who can call a function in a child before it executes
 * something: returns 0 in a child of this process, which becomes the
 * program's; this process tends it and exits with its status. A negative errno
 * where that cannot be.
 */
#include "foster.h"

#include <errno.h>
#include <unistd.h>

int begin_tended_child(void);

int begin_tended_child(void)
{
	struct foster_options options = { .size = sizeof(options) };
	struct foster_result result = { .size = sizeof(result) };
	struct foster foster;
	int error = foster_begin(&foster, &options);
	pid_t pid;

	if (error < 0)
		return error;
	pid = fork();
	if (pid == 0) {
		foster_child(&foster);
		return 0;
	}
	if (pid < 0) {
		error = -errno;
		foster_end(&foster);
		return error;
	}
	if (foster_tend(&foster, pid, &result) < 0)
		_exit(125);
	_exit(foster_exit_status(&result));
}
