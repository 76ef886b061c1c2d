#include "terminal.h"
#include "proc.h"

/* Standard input, output and error are 0 to 2. */
enum { STANDARD_STREAMS = 3 };

/* Added to a descriptor that was there before, and has to stay open. */
enum { BORROWED = 1 << 30 };

/* A terminal that is not the controlling one says ENOTTY. */
static OUT_OF_LINE int foreground(int fd)
{
	int group;
	int error = sys_ioctl(fd, TERMINAL_GET_GROUP, &group);

	return error < 0 ? error : group;
}

int terminal_open(void)
{
	int fd = sys_open("/dev/tty");

	if (fd >= 0 || fd == -E_NXIO)
		return fd;
	for (fd = 0; fd < STANDARD_STREAMS; fd++)
		if (foreground(fd) >= 0)
			return fd | BORROWED;
	return -E_NXIO;
}

void terminal_close(int fd)
{
	if (fd >= 0 && fd < BORROWED)
		sys_close(fd);
}

/*
 * In `a | b` with a foster each, the programs lead groups of their own and
 * only one is in the foreground. So a group is of foster's own job if its
 * leader is a child of a member of foster's group.
 */
static bool is_of_own_job(int group, int own_group)
{
	int parent = proc_is_ours() ? proc_parent(group) : 0;

	return parent > 0 && sys_getpgid(parent) == own_group;
}

/*
 * A background process that changes the foreground group is sent SIGTTOU
 * unless it blocks or ignores it (tcsetpgrp(3)): foster always blocks it.
 * Where a group lies outside foster's PID namespace its number is 0, so that
 * foster, if its own does, cannot tell it from others.
 */
bool terminal_pass(int fd, int from, int to, bool from_job)
{
	int group;

	fd &= ~BORROWED;
	group = foreground(fd);
	if (group < 0)
		return false;
	/* Whether it is gone comes last: it may end while it is looked at. */
	if (group != from &&
	    (!from_job || group == to || !is_of_own_job(group, from)) &&
	    sys_kill(-group, 0) != -E_SRCH)
		return false;
	return sys_ioctl(fd, TERMINAL_SET_GROUP, &to) == 0;
}
