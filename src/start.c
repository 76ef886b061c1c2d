/* How the program without libc is entered. */
#define ARCH_WITH_ENTRY
#include "sys.h"
#include "main.h"

/* The machine's file jumps here. */
static _Noreturn void start_entry(long *stack);

/* The kernel's stack at entry: argc, argv, NULL, envp, NULL (execve(2)). */
__attribute__((used)) static _Noreturn void start_entry(long *stack)
{
	char **argv = (char **)(stack + 1);

	sys_exit(foster_main(argv, argv + stack[0] + 1));
}
