/* What of sys.h is more than one call, without libc. */
#include "sys.h"

int sys_spawn(void (*child)(void *argument), void *argument)
{
	long pid = sys_fork();

	if (pid == 0)
		child(argument);
	return (int)pid;
}

/* The linker defines it, in executables and in libraries. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));

const char *sys_own_elf_header(void)
{
	return __ehdr_start;
}
