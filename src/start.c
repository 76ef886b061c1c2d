/*
 * The stand-alone program: how it is entered and which of its pages it keeps.
 */
#define ARCH_WITH_ENTRY
#include "sys.h"
#include "start.h"
#include "main.h"

/* The machine's file jumps here. */
_Noreturn void start_entry(long *stack);

/* The kernel's stack at entry: argc, argv, NULL, envp, NULL (execve(2)). */
__attribute__((used)) _Noreturn void start_entry(long *stack)
{
	char **argv = (char **)(stack + 1);

	sys_exit(foster_main(argv, argv + stack[0] + 1));
}

/* foster.ld: where the loop's part of the file ends, and where all of it does.
 */
extern const char start_cold[] __attribute__((visibility("hidden")));
extern const char start_cold_end[] __attribute__((visibility("hidden")));

enum { PAGE_BYTES = 4096 }; /* with larger ones: refused, nothing is lost */

void start_release_pages(void)
{
	long cold = ((long)start_cold + PAGE_BYTES - 1) & -(long)PAGE_BYTES;

	sys_call3(SYS_madvise, cold, (long)start_cold_end - cold, MADV_DONTNEED);
}
