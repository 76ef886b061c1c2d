/*
 * The door without libc: entry point, the one system call, starting a
 * process, and the two functions a compiler may call on its own.
 */
#define ARCH_WITH_ENTRY
#include "sys.h"
#include "main.h"

/* What the machine's file and the compiler know by name. */
_Noreturn void sys_entry(long *stack);
void *memset(void *to, int byte, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);

long arch_clone(long flags, void (*child)(void *), void *argument);

/* The kernel's stack at entry: argc, argv, NULL, envp, NULL (execve(2)). */
__attribute__((used)) _Noreturn void sys_entry(long *stack)
{
	char **argv = (char **)(stack + 1);

	sys_exit(foster_main(argv, argv + stack[0] + 1));
}

int sys_spawn(void (*child)(void *argument), void *argument, bool may_share)
{
	long flags = SIGNAL_CHLD;

	if (may_share)
		flags |= CLONE_SHARE_MEMORY | CLONE_UNTIL_EXEC;
	return (int)arch_clone(flags, child, argument);
}

/*
 * The file in memory: the linker sets the first, foster.ld the other. What
 * the loop runs stands on the first page.
 */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char foster_end[] __attribute__((visibility("hidden")));

enum {
	STACK_USED = 0x10000, /* more than was used below by the start */
	STACK_MARGIN = 128,   /* what a function may use below (System V ABI) */
	PAGE_SIZE = 4096,     /* larger ones: refused, and nothing is lost */
};

const char *sys_own_head(void)
{
	return __ehdr_start;
}

/*
 * Pages of the file come back by themselves when they are run again; those of
 * the stack come back empty. madvise(2)
 */
void sys_trim_memory(void)
{
	long low = (long)&low - STACK_MARGIN;
	long cold = (long)__ehdr_start + PAGE_SIZE;

	low &= -(long)PAGE_SIZE;
	sys_call3(SYS_MADVISE, low - STACK_USED, STACK_USED, DONT_NEED);
	sys_call3(SYS_MADVISE, cold, (long)foster_end - cold, DONT_NEED);
}

/*
 * Compilers turn loops and structures into calls of these even where there
 * is no libc. The barrier keeps them from turning these into themselves.
 */
__attribute__((used)) void *memset(void *to, int byte, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		((char *)to)[i] = (char)byte;
		__asm__ volatile("");
	}
	return to;
}

__attribute__((used)) void *memcpy(void *restrict to, const void *restrict from,
				   size_t size)
{
	for (size_t i = 0; i < size; i++) {
		((char *)to)[i] = ((const char *)from)[i];
		__asm__ volatile("");
	}
	return to;
}
