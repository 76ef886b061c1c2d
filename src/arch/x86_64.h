/*
 * x86_64: how a program is entered and how it calls the kernel.
 *
 * Entry: the stack pointer, a multiple of 16, is at argc, then argv, NULL,
 * envp, NULL; no return address (System V ABI, AMD64 supplement, 3.4.1). All
 * other registers are 0 (arch/x86/include/asm/elf.h, ELF_PLAT_INIT).
 * System call: number in rax, arguments in rdi rsi rdx r10 r8 r9, result in
 * rax, -errno on failure; rcx and r11 are lost (syscall(2)).
 */
enum {
	SYS_READ = 0,
	SYS_WRITE = 1,
	SYS_CLOSE = 3,
	SYS_PREAD64 = 17,
	SYS_MMAP = 9,
	SYS_RT_SIGACTION = 13,
	SYS_RT_SIGPROCMASK = 14,
	SYS_IOCTL = 16,
	SYS_MADVISE = 28,
	SYS_GETPID = 39,
	SYS_EXECVE = 59,
	SYS_WAIT4 = 61,
	SYS_KILL = 62,
	SYS_CHDIR = 80,
	SYS_SETPGID = 109,
	SYS_GETPPID = 110,
	SYS_GETPGID = 121,
	SYS_RT_SIGTIMEDWAIT = 128,
	SYS_RT_SIGQUEUEINFO = 129,
	SYS_PRCTL = 157,
	SYS_TKILL = 200,
	SYS_GETDENTS64 = 217,
	SYS_CLOCK_GETTIME = 228,
	SYS_NANOSLEEP = 35,
	SYS_EXIT = 60,
	SYS_EXIT_GROUP = 231,
	SYS_WAITID = 247,
	SYS_OPENAT = 257,
	SYS_READLINKAT = 267,
	SYS_FACCESSAT = 269,
	SYS_STATX = 332,
	SYS_GETXATTR = 191,
	SYS_STATFS = 137,
	SYS_PPOLL = 271,
};

/*
 * A macro each, so that an argument keeps its type: the kernel looks at the
 * lower half only where it wants an int, so none has to be widened. The call
 * itself is two bytes, no more than a jump to it would be.
 */
#define ARCH_CALL(...)							\
	__extension__({							\
		long arch_result;					\
		__asm__ volatile("syscall"				\
				 : "=a"(arch_result)			\
				 : __VA_ARGS__				\
				 : "rcx", "r11", "memory");		\
		arch_result;						\
	})
#define sys_call0(number)	ARCH_CALL("a"(number))
#define sys_call1(number, a)	ARCH_CALL("a"(number), "D"(a))
#define sys_call2(number, a, b) ARCH_CALL("a"(number), "D"(a), "S"(b))
#define sys_call3(number, a, b, c)					\
	ARCH_CALL("a"(number), "D"(a), "S"(b), "d"(c))
#define sys_call4(number, a, b, c, d)					\
	__extension__({							\
		register long arch_d __asm__("r10") = (long)(d);	\
		ARCH_CALL("a"(number), "D"(a), "S"(b), "d"(c),		\
			  "r"(arch_d));					\
	})
#define sys_call5(number, a, b, c, d, e)				\
	__extension__({							\
		register long arch_d __asm__("r10") = (long)(d);	\
		register long arch_e __asm__("r8") = (long)(e);		\
		ARCH_CALL("a"(number), "D"(a), "S"(b), "d"(c),		\
			  "r"(arch_d), "r"(arch_e));			\
	})
#define sys_call6(number, a, b, c, d, e, f)				\
	__extension__({							\
		register long arch_d __asm__("r10") = (long)(d);	\
		register long arch_e __asm__("r8") = (long)(e);		\
		register long arch_f __asm__("r9") = (long)(f);		\
		ARCH_CALL("a"(number), "D"(a), "S"(b), "d"(c),		\
			  "r"(arch_d), "r"(arch_e), "r"(arch_f));	\
	})

#ifdef ARCH_WITH_ENTRY
__asm__(".pushsection .text.entry,\"ax\",@progbits\n"
	".globl _start\n"
	".hidden _start\n"
	".type _start,@function\n"
	"_start:\n"
	"	mov %rsp,%rdi\n"
	"	call sys_entry\n"
	/*
	 * long arch_clone(flags, child, argument): the child shares the stack
	 * when the flags say so; it never returns from here, so what it pushes
	 * lies below all that the parent needs. What the flags do not ask
	 * for may be anything. The push is there to align.
	 */
	".globl arch_clone\n"
	".hidden arch_clone\n"
	".type arch_clone,@function\n"
	"arch_clone:\n"
	"	mov %rsi,%r8\n"
	"	mov %rdx,%r9\n"
	"	xor %esi,%esi\n"
	"	push $56\n"
	"	pop %rax\n"
	"	syscall\n"
	"	test %eax,%eax\n"
	"	jz 1f\n"
	"	ret\n"
	"1:	push %rbp\n"
	"	mov %r9,%rdi\n"
	"	call *%r8\n"
	"	hlt\n"
	".popsection\n");
#endif
