/*
 * memfd.c - foster as process 1 of a new PID namespace, out of this program's
 * own memory: nothing of it lies on a disk.
 *
 *	memfd PROGRAM [ARG]...
 *
 * The file cannot be written to any more, and is closed by execveat(2): what
 * foster starts does not have it. As an ordinary user in a user namespace.
 */
#define _GNU_SOURCE
#include "foster_blob.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x10U
#endif

enum { SEALS = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL };

static int fail(const char *what)
{
	perror(what);
	return -1;
}

/*
 * Before Linux 6.3 MFD_EXEC is unknown, and not needed. Where vm.memfd_noexec
 * is 2 no memfd can be executed: then a file without a name, which has to be
 * opened again, since one that is open for writing cannot be executed either.
 */
static int new_file(void)
{
	int fd = memfd_create("foster",
			      MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("foster", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0 && errno == EACCES)
		fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0700);
	return fd;
}

static int open_blob(void)
{
	size_t size = (size_t)(foster_blob_end - foster_blob);
	int fd = new_file(), reading;
	char path[32];

	if (fd < 0 || write(fd, foster_blob, size) != (ssize_t)size)
		return fail("the file");
	if (fcntl(fd, F_ADD_SEALS, SEALS) == 0)
		return fd;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	reading = open(path, O_RDONLY | O_CLOEXEC);
	close(fd);
	return reading;
}

int main(int argc, char **argv, char **envp)
{
	int fd = open_blob(), status;
	pid_t pid;

	(void)argc;
	if (fd < 0)
		return 125;
	if (unshare(CLONE_NEWPID) != 0 &&
	    unshare(CLONE_NEWUSER | CLONE_NEWPID) != 0)
		return fail("namespaces") + 126;
	pid = fork();
	if (pid == 0) {
		argv[0] = (char *)"foster";
		syscall(SYS_execveat, fd, "", argv, envp, AT_EMPTY_PATH);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 125;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
