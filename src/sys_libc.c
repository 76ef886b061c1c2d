/*
 * The system calls over libc, for machines without a file in src/arch, for
 * sanitizers, coverage, other people's compilers and programs. Only syscall(2)
 * is used: libc's own view of signals and process ids stays out, and fork(3)
 * would take locks, of malloc's and stdio's, that another thread may have held
 * when this process was forked.
 */
#include "sys.h"

long sys_call(long number, long a, long b, long c, long d, long e)
{
	int before = errno;
	long result = syscall(number, a, b, c, d, e, 0L);

	if (result == -1) {
		result = -errno;
		errno = before;
	}
	return result;
}

/* clone(2) with nothing shared is fork(2); these two swap its arguments. */
#if defined(__s390__) || defined(__CRIS__)
#define CLONE_ARGUMENTS 0, SIGCHLD
#else
#define CLONE_ARGUMENTS SIGCHLD, 0
#endif

int sys_spawn(void (*child)(void *argument), void *argument)
{
	long pid = sys_call(SYS_clone, CLONE_ARGUMENTS, 0, 0, 0);

	if (pid == 0)
		child(argument);
	return (int)pid;
}

extern const char __ehdr_start[] __attribute__((visibility("hidden")));

const char *sys_own_elf_header(void)
{
	return __ehdr_start;
}
