/*
 * The system calls over libc, for machines without a file in src/arch, for
 * sanitizers, coverage and other people's compilers. Only syscall(2) and
 * fork(2) are used: libc's own view of signals and process ids stays out.
 */
#include "main.h"
#include "start.h"
#include "sys.h"

long sys_call(long number, long a, long b, long c, long d, long e)
{
	long result = syscall(number, a, b, c, d, e, 0L);

	return result == -1 ? -errno : result;
}

int sys_spawn(void (*child)(void *argument), void *argument)
{
	int pid = fork();

	if (pid == 0)
		child(argument);
	return pid < 0 ? -errno : pid;
}

extern const char __ehdr_start[] __attribute__((visibility("hidden")));

const char *sys_own_elf_header(void)
{
	return __ehdr_start;
}

/* libc's pages are not foster's to give back. */
void start_release_pages(void)
{
}

int main(int argc, char **argv, char **envp)
{
	(void)argc;
	return foster_main(argv, envp);
}
