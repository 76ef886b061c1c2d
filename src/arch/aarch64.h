/*
 * aarch64: how a program is entered and how it calls the kernel.
 *
 * Entry: sp points to argc, then argv, NULL, envp, NULL; all other registers
 * are 0 (arch/arm64/include/asm/processor.h, start_thread_common).
 * System call: number in x8, arguments in x0 to x5, result in x0, -errno on
 * failure; nothing else is lost (syscall(2)).
 */
static inline long sys_call6(long number, long a, long b, long c, long d,
			     long e, long f)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc #0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
}

static inline long sys_call3(long number, long a, long b, long c)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;

	__asm__ volatile("svc #0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2)
			 : "memory");
	return x0;
}

static inline long sys_call5(long number, long a, long b, long c, long d,
			     long e)
{
	return sys_call6(number, a, b, c, d, e, 0);
}

static inline long sys_call4(long number, long a, long b, long c, long d)
{
	return sys_call6(number, a, b, c, d, 0, 0);
}

static inline long sys_call2(long number, long a, long b)
{
	return sys_call3(number, a, b, 0);
}

static inline long sys_call1(long number, long a)
{
	return sys_call3(number, a, 0, 0);
}

static inline long sys_call0(long number)
{
	return sys_call3(number, 0, 0, 0);
}

/* clone(2) with nothing shared is fork(2). */
static inline long sys_fork(void)
{
	return sys_call5(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

#ifdef ARCH_WITH_ENTRY
__asm__(".pushsection .text.entry,\"ax\",%progbits\n"
	".globl _start\n"
	".hidden _start\n"
	".type _start,%function\n"
	"_start:\n"
	"	mov x0,sp\n"
	"	and sp,x0,#-16\n"
	"	b start_entry\n"
	".popsection\n");
#endif
