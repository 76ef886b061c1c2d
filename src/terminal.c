#include "terminal.h"
#include "proc.h"
#include "sys.h"

/* Added to a descriptor that was there before, and has to stay open. */
enum { BORROWED = 1 << 30 };

/* A terminal that is not the controlling one gives -ENOTTY. */
static int foreground(int fd)
{
	int group;
	int error = sys_ioctl(fd, TIOCGPGRP, &group);

	return error < 0 ? error : group;
}

int terminal_open(void)
{
	int fd = sys_open("/dev/tty");

	if (fd >= 0 || fd == -ENXIO)
		return fd;
	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (foreground(fd) >= 0)
			return fd | BORROWED;
	return -ENXIO;
}

/*
 * EPERM: the caller does not lead its session, or another session has the
 * terminal (drivers/tty/tty_jobctrl.c, tiocsctty). Who leads a group cannot
 * lead a session, setsid(2).
 */
int terminal_take(int fd)
{
	int error = sys_ioctl(fd, TIOCSCTTY, NULL);

	if (error == -EPERM && sys_setsid() >= 0)
		error = sys_ioctl(fd, TIOCSCTTY, NULL);
	return error < 0 ? error : terminal_open();
}

void terminal_close(int terminal)
{
	if (terminal >= 0 && terminal < BORROWED)
		sys_close(terminal);
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
bool terminal_pass(int terminal, int from, int to, bool from_job)
{
	int fd = terminal & ~BORROWED;
	int group = foreground(fd);

	if (group < 0)
		return false;
	/* Whether it is gone comes last: it may end while it is looked at. */
	if (group != from &&
	    (!from_job || group == to || !is_of_own_job(group, from)) &&
	    sys_kill(-group, 0) != -ESRCH)
		return false;
	return sys_ioctl(fd, TIOCSPGRP, &to) == 0;
}
