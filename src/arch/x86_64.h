/*
 * x86_64: how a program is entered and how it calls the kernel.
 *
 * Entry: rsp, a multiple of 16, points to argc, then argv, NULL, envp, NULL;
 * there is no return address (System V ABI, AMD64 supplement, 3.4.1).
 * System call: number in rax, arguments in rdi rsi rdx r10 r8 r9, result in
 * rax, -errno on failure; rcx and r11 are lost (syscall(2)).
 */
static inline long sys_call6(long number, long a, long b, long c, long d,
			     long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;

	__asm__ volatile("syscall"
			 : "+a"(number)
			 : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return number;
}

static inline long sys_call5(long number, long a, long b, long c, long d,
			     long e)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;

	__asm__ volatile("syscall"
			 : "+a"(number)
			 : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
			 : "rcx", "r11", "memory");
	return number;
}

static inline long sys_call4(long number, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d;

	__asm__ volatile("syscall"
			 : "+a"(number)
			 : "D"(a), "S"(b), "d"(c), "r"(r10)
			 : "rcx", "r11", "memory");
	return number;
}

static inline long sys_call3(long number, long a, long b, long c)
{
	__asm__ volatile("syscall"
			 : "+a"(number)
			 : "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return number;
}

static inline long sys_call2(long number, long a, long b)
{
	__asm__ volatile("syscall"
			 : "+a"(number)
			 : "D"(a), "S"(b)
			 : "rcx", "r11", "memory");
	return number;
}

static inline long sys_call1(long number, long a)
{
	__asm__ volatile("syscall"
			 : "+a"(number)
			 : "D"(a)
			 : "rcx", "r11", "memory");
	return number;
}

static inline long sys_call0(long number)
{
	__asm__ volatile("syscall"
			 : "+a"(number)
			 :
			 : "rcx", "r11", "memory");
	return number;
}

/* clone(2) with nothing shared is fork(2). */
static inline long sys_fork(void)
{
	return sys_call5(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

#ifdef ARCH_WITH_ENTRY
__asm__(".pushsection .text.entry,\"ax\",@progbits\n"
	".globl _start\n"
	".hidden _start\n"
	".type _start,@function\n"
	"_start:\n"
	"	mov %rsp,%rdi\n"
	"	call start_entry\n"
	".popsection\n");
#endif
