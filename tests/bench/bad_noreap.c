/*
 * bad_noreap.c - an init that is bad on purpose, to see that it shows: it
 * waits for its program alone, so that no orphan is ever reaped, forwards no
 * signal, holds 8 MB, and ends late.
 */
#include "bench.h"
#include <sys/mman.h>
#include <sys/wait.h>

enum { WASTE = 8 << 20, PAGE = 4096, LATE_MS = 20 };

int main(int argc, char **argv)
{
	char *waste = mmap(NULL, WASTE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int status;
	pid_t pid;

	if (argc < 3 || waste == MAP_FAILED)
		return 1;
	for (int at = 0; at < WASTE; at += PAGE)
		waste[at] = 1;
	pid = fork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	sleep_ns(LATE_MS * NS_PER_MS);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
