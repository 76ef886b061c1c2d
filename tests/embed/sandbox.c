/*
 * sandbox.c - a program in new user, PID and mount namespaces, with foster as
 * its process 1.
 *
 *	sandbox PROGRAM [ARG]...
 *
 * A TERM to the process outside reaches the program by way of both fosters:
 * the one here tends process 1, which tends the program. As an ordinary user.
 */
#define _GNU_SOURCE
#include "foster.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static int write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written = fd < 0 ? -1 : write(fd, text, strlen(text));

	close(fd);
	return written < 0 ? -1 : 0;
}

static int enter(void)
{
	char uid[32], gid[32];

	snprintf(uid, sizeof(uid), "0 %u 1", (unsigned)getuid());
	snprintf(gid, sizeof(gid), "0 %u 1", (unsigned)getgid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS) != 0 ||
	    write_to("/proc/self/setgroups", "deny") != 0 ||
	    write_to("/proc/self/uid_map", uid) != 0)
		return -1;
	return write_to("/proc/self/gid_map", gid);
}

/* Process 1 of the sandbox, which has a /proc of its own. */
static int be_process_1(char **argv, char **envp)
{
	struct foster_options options = { .size = sizeof(options),
					  .flags = FOSTER_EXITS | FOSTER_ROOT };
	struct foster_result result = { .size = sizeof(result) };

	if (mount("proc", "/proc", "proc", 0, NULL) != 0 ||
	    foster_run(&options, argv, envp, &result) < 0)
		return 125;
	return foster_exit_status(&result);
}

int main(int argc, char **argv, char **envp)
{
	/* Process 1 has a grace time; whoever is left after it, the kernel. */
	struct foster_options options = { .size = sizeof(options),
					  .flags = FOSTER_SAME_GROUP,
					  .grace_ms = FOSTER_NO_TIME };
	struct foster_result result = { .size = sizeof(result) };
	struct foster foster;
	pid_t pid;

	if (argc < 2 || enter() != 0 || foster_begin(&foster, &options) < 0)
		return 125;
	pid = fork();
	if (pid == 0) {
		foster_child(&foster);
		_exit(be_process_1(argv + 1, envp));
	}
	if (pid < 0) {
		foster_end(&foster);
		return 125;
	}
	if (foster_tend(&foster, pid, &result) < 0)
		return 125;
	return foster_exit_status(&result);
}
