#include "readers.h"
#include "proc.h"
#include "told.h"

/* So long after its last writer a reader may end by itself. */
enum { ALONE_MS = 1000 };

static bool is_same(const struct proc_file *one, const struct proc_file *other)
{
	return one->inode == other->inode && one->device == other->device;
}

/* Whether one of these descriptors of `pid` is the pipe. */
static bool has_pipe(int pid, int first, int last, const struct proc_file *pipe)
{
	struct proc_file other;

	for (int fd = first; fd <= last; fd++)
		if (proc_pipe(pid, fd, &other) && is_same(&other, pipe))
			return true;
	return false;
}

static bool has_writer(const struct init *init, int reader,
		       const struct proc_file *pipe)
{
	struct proc_walk walk;
	int pid;
	bool is_found = false;

	proc_walk(&walk, "/proc");
	while ((pid = proc_next(&walk)) > 0)
		if (pid != reader && pid != init->own &&
		    has_pipe(pid, STDOUT_FILENO, STDERR_FILENO, pipe))
			is_found = true;
	return is_found;
}

/* The reader waits for the end of its input, and that is in foster's hand. */
static void close_own(const struct init *init, const struct proc_file *pipe)
{
	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		if (has_pipe(init->own, fd, fd, pipe))
			sys_close(fd);
}

static bool reads_pipe(const struct init *init, int pid, struct proc_file *pipe)
{
	return proc_pipe(pid, STDIN_FILENO, pipe) &&
	       !has_pipe(init->own, STDIN_FILENO, STDIN_FILENO, pipe);
}

bool readers_wait(const struct init *init, int pid)
{
	struct proc_file pipe;

	return reads_pipe(init, pid, &pipe) && has_writer(init, pid, &pipe);
}

bool readers_pass_over(struct init *init, int pid)
{
	struct proc_file pipe;

	if (!reads_pipe(init, pid, &pipe))
		return false;
	if (has_writer(init, pid, &pipe)) {
		told_forget(init, pid);
		return true;
	}
	close_own(init, &pipe);
	return told_alone_ms(init, pid) < ALONE_MS;
}
