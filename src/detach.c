#include "detach.h"
#include "proc.h"
#include "sys.h"

enum { FIRST_OWN_FILE = 3, FILES_GUESSED = 1024 };

/*
 * What is open, or what may be. Not inline: where close_range(2) is there,
 * foster does without this kilobyte of stack.
 */
static __attribute__((noinline)) void close_one_by_one(int first)
{
	struct proc_walk walk;
	int fd;
	bool is_listed = false;

	proc_walk(&walk, "/proc/self/fd");
	while ((fd = proc_next(&walk)) > 0) {
		is_listed = true;
		if (fd >= first && fd != walk.file.fd)
			sys_close(fd);
	}
	if (is_listed)
		return;
	for (fd = first; fd < FILES_GUESSED; fd++)
		sys_close(fd);
}

void detach(const struct foster_options *options)
{
	int first = options->close_from == 0 ? FIRST_OWN_FILE
					     : options->close_from;

	if ((options->flags & FOSTER_ROOT) != 0)
		sys_chdir("/");
	if (first > 0 && sys_close_from(first) < 0)
		close_one_by_one(first);
}
