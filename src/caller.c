#include "caller.h"
#include "signals.h"
#include "sys.h"

/* Of a caller who knows a later version: only zeroes may lie beyond. */
static int size_error(const void *given, unsigned size, unsigned known)
{
	const char *bytes = given;

	if (size < known)
		return -EINVAL;
	for (; known < size; known++)
		if (bytes[known] != '\0')
			return -E2BIG;
	return 0;
}

enum {
	KNOWN_FLAGS = (FOSTER_EXITS << 1) - 1,
	/* Not for a program in the caller's own group. */
	OWN_GROUP_FLAGS = FOSTER_GROUP | FOSTER_TERMINAL,
};

/*
 * A signal for the process may be taken by any of its threads. To have what
 * handles signals apart is refused where there are any; else nothing changes
 * (unshare(2), CLONE_SIGHAND).
 */
static bool has_threads(void)
{
	return sys_unshare(CLONE_SIGHAND) == -EINVAL;
}

int caller_error(const struct foster_options *options)
{
	unsigned flags;
	int error = size_error(options, options->size, sizeof(*options));

	if (error < 0)
		return error;
	flags = options->flags;
	if (flags > KNOWN_FLAGS || options->death_signal < 0 ||
	    options->death_signal > SIGNALS_MAX)
		return -EINVAL;
	if ((flags & FOSTER_SAME_GROUP) != 0 && (flags & OWN_GROUP_FLAGS) != 0)
		return -EINVAL;
	return (flags & FOSTER_EXITS) == 0 && has_threads() ? -EBUSY : 0;
}

int caller_program_error(const struct foster_options *options,
			 char *const *argv)
{
	bool is_none = argv == NULL || argv[0] == NULL;

	return is_none && (options->flags & FOSTER_PAUSE) == 0 ? -EINVAL : 0;
}

int caller_result_error(const struct foster_result *result)
{
	return result == NULL
		       ? 0
		       : size_error(result, result->size, sizeof(*result));
}

/*
 * A child that sends no SIGCHLD when it ends would be waited for in vain: only
 * with __WALL it can be waited for at all (wait(2)).
 */
int caller_child_error(int program)
{
	siginfo_t info;
	int flags = WEXITED | WNOHANG | WNOWAIT;

	if (program <= 0)
		return -ECHILD;
	if (sys_waitid(P_PID, program, &info, flags) != -ECHILD)
		return 0;
	return sys_waitid(P_PID, program, &info, flags | __WALL) == 0
		       ? -EINVAL
		       : -ECHILD;
}
