/*
 * status_fd.c - tells a program's status the moment it ends, and waits for all
 * that it has left behind; in the caller's process group, as a shell expects
 * of a pipeline.
 *
 *	status_fd FD PROGRAM [ARG]...
 *
 * Writes a line to descriptor FD, which is kept: it lies below close_from.
 */
#include "foster.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int on_event(void *context, const struct foster_event *event)
{
	const struct foster_result result = { sizeof(result), event->value, 0,
					      0, 0 };
	char line[32];
	int length;

	if (event->kind == FOSTER_ENDED) {
		length = snprintf(line, sizeof(line), "%d\n",
				  foster_exit_status(&result));
		if (write(*(const int *)context, line, (size_t)length) < 0)
			return 0;
	}
	return event->value;
}

int main(int argc, char **argv, char **envp)
{
	int fd = argc < 3 ? -1 : atoi(argv[1]);
	struct foster_options options = {
		.size = sizeof(options),
		.flags = FOSTER_WAIT_ALL | FOSTER_SAME_GROUP,
		.close_from = fd + 1,
		.event = on_event,
		.context = &fd,
	};
	struct foster_result result = { .size = sizeof(result) };

	if (fd < 0 || foster_run(&options, argv + 2, envp, &result) < 0)
		return 125;
	return foster_exit_status(&result);
}
