/*
 * mount.c - foster moved onto a path of a new mount namespace, where engines
 * expect an init: a file on a tmpfs that is mounted nowhere else. (A memfd
 * cannot be bind-mounted: EINVAL.)
 *
 *	mount PATH PROGRAM [ARG]...
 *
 * PATH is a file; what it was before is seen outside alone.
 */
#define _GNU_SOURCE
#include "foster_blob.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PRIVATE = 1 << 18, RECURSIVE = 1 << 14 }; /* MS_PRIVATE, MS_REC */

static int call(const char *what, long result)
{
	if (result < 0)
		perror(what);
	return (int)result;
}

/* A detached tmpfs with the file in it; returns a copy of the file's mount. */
static int mount_of_blob(void)
{
	size_t size = (size_t)(foster_blob_end - foster_blob);
	int context = call("fsopen", syscall(SYS_fsopen, "tmpfs", 1));
	int mounted, fd;
	ssize_t written;

	call("fsconfig", syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE,
				 NULL, NULL, 0));
	mounted = call("fsmount", syscall(SYS_fsmount, context, 1, 0));
	fd = call("openat", openat(mounted, "init", O_CREAT | O_WRONLY, 0755));
	written = write(fd, foster_blob, size);
	close(fd); /* one that is open for writing cannot be executed */
	if (written != (ssize_t)size)
		return -1;
	return call("open_tree",
		    syscall(SYS_open_tree, mounted, "init",
			    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
}

/* From elsewhere nothing of this is seen. */
static int move_to(const char *path)
{
	int fd;

	if (call("mount", syscall(SYS_mount, NULL, "/", NULL,
				  PRIVATE | RECURSIVE, NULL)) < 0)
		return -1;
	fd = mount_of_blob();
	return fd < 0 ? -1 :
			call("move_mount",
			     syscall(SYS_move_mount, fd, "", AT_FDCWD, path,
				     MOVE_MOUNT_F_EMPTY_PATH));
}

static int write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written = fd < 0 ? -1 : write(fd, text, strlen(text));

	close(fd);
	return written < 0 ? call(path, written) : 0;
}

/* As root, or as an ordinary user who is root in there: files need an owner. */
static int enter(void)
{
	int flags = CLONE_NEWPID | CLONE_NEWNS;
	char uid[32], gid[32];

	snprintf(uid, sizeof(uid), "0 %u 1", (unsigned)getuid());
	snprintf(gid, sizeof(gid), "0 %u 1", (unsigned)getgid());
	if (unshare(flags) == 0)
		return 0;
	if (unshare(flags | CLONE_NEWUSER) != 0 ||
	    write_to("/proc/self/setgroups", "deny") != 0 ||
	    write_to("/proc/self/uid_map", uid) != 0)
		return -1;
	return write_to("/proc/self/gid_map", gid);
}

int main(int argc, char **argv, char **envp)
{
	int status;
	pid_t pid;

	if (argc < 3 || enter() != 0 || move_to(argv[1]) < 0)
		return 125;
	pid = fork();
	if (pid == 0) {
		execve(argv[1], argv + 1, envp);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 125;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
