/*
 * tiny.h - the beginning of the smallest programs: a page or two and no libc,
 * so that what is measured is the init and not its program. Define
 * tiny_main() behind it. On machines other than x86_64: over libc.
 */
#ifndef TINY_H
#define TINY_H

#include <sys/syscall.h>

static int tiny_main(int argc, char **argv, char **envp);

#if defined(__x86_64__)
static inline long call(long number, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = 0;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10),
			   "r"(r8)
			 : "rcx", "r11", "memory");
	return result;
}

__attribute__((used, noreturn)) static void tiny_start(long *stack)
{
	int argc = (int)stack[0];
	char **argv = (char **)(stack + 1);

	call(SYS_exit_group, tiny_main(argc, argv, argv + argc + 1), 0, 0, 0);
	__builtin_unreachable();
}

__asm__(".globl _start\n"
	"_start:\n"
	"	xor %ebp,%ebp\n"
	"	mov %rsp,%rdi\n"
	"	and $-16,%rsp\n"
	"	call tiny_start\n");
#else
#include <unistd.h>

static inline long call(long number, long a, long b, long c, long d)
{
	return syscall(number, a, b, c, d, 0);
}

int main(int argc, char **argv, char **envp)
{
	return tiny_main(argc, argv, envp);
}
#endif

#endif
