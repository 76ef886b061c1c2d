/*
 * The door over libc, for machines without a file in arch/, for sanitizers,
 * coverage and other people's compilers. Only syscall() and fork() are used,
 * so that nothing of libc's own ideas (two signals less, a cached pid) comes
 * between foster and the kernel.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <unistd.h>

#include "main.h"
#include "sys.h"

long sys_call(long number, long a, long b, long c, long d, long e)
{
	long result = syscall(number, a, b, c, d, e, 0L);

	return result == -1 ? -errno : result;
}

int sys_spawn(void (*child)(void *argument), void *argument, bool may_share)
{
	int pid = fork();

	(void)may_share;
	if (pid == 0)
		child(argument);
	return pid < 0 ? -errno : pid;
}

extern const char __ehdr_start[] __attribute__((visibility("hidden")));

const char *sys_own_head(void)
{
	return __ehdr_start;
}

/* libc's own pages are not foster's to judge. */
void sys_trim_memory(void)
{
}

int main(int argc, char **argv, char **envp)
{
	(void)argc;
	return foster_main(argv, envp);
}
