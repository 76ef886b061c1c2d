/*
 * aarch64: how a program is entered and how it calls the kernel.
 *
 * Entry: sp is at argc, then argv, NULL, envp, NULL; all other registers are 0
 * (arch/arm64/include/asm/processor.h, start_thread_common).
 * System call: number in x8, arguments in x0 to x5, result in x0, -errno on
 * failure; nothing else is lost (syscall(2)).
 */
enum {
	SYS_IOCTL = 29,
	SYS_CHDIR = 49,
	SYS_OPENAT = 56,
	SYS_STATFS = 43,
	SYS_FACCESSAT = 48,
	SYS_READLINKAT = 78,
	SYS_STATX = 291,
	SYS_GETXATTR = 8,
	SYS_CLOSE = 57,
	SYS_GETDENTS64 = 61,
	SYS_READ = 63,
	SYS_WRITE = 64,
	SYS_PREAD64 = 67,
	SYS_PPOLL = 73,
	SYS_NANOSLEEP = 101,
	SYS_EXIT = 93,
	SYS_EXIT_GROUP = 94,
	SYS_WAITID = 95,
	SYS_CLOCK_GETTIME = 113,
	SYS_KILL = 129,
	SYS_TKILL = 130,
	SYS_RT_SIGACTION = 134,
	SYS_RT_SIGPROCMASK = 135,
	SYS_RT_SIGTIMEDWAIT = 137,
	SYS_RT_SIGQUEUEINFO = 138,
	SYS_SETPGID = 154,
	SYS_GETPGID = 155,
	SYS_PRCTL = 167,
	SYS_GETPID = 172,
	SYS_GETPPID = 173,
	SYS_EXECVE = 221,
	SYS_MMAP = 222,
	SYS_MADVISE = 233,
	SYS_WAIT4 = 260,
};

/* The arguments are plain: no call may come between setting registers. */
#define ARCH_REGISTER(name, value)					\
	register long arch_##name __asm__(#name) = (long)(value)
#define ARCH_CALL(...)							\
	__asm__ volatile("svc #0"					\
			 : "+r"(arch_x0)				\
			 : __VA_ARGS__					\
			 : "memory");					\
	arch_x0
#define sys_call0(number) sys_call1(number, 0)
#define sys_call1(number, a)						\
	__extension__({							\
		ARCH_REGISTER(x8, number);				\
		ARCH_REGISTER(x0, a);					\
		ARCH_CALL("r"(arch_x8));				\
	})
#define sys_call2(number, a, b)						\
	__extension__({							\
		ARCH_REGISTER(x1, b);					\
		ARCH_REGISTER(x8, number);				\
		ARCH_REGISTER(x0, a);					\
		ARCH_CALL("r"(arch_x8), "r"(arch_x1));			\
	})
#define sys_call3(number, a, b, c)					\
	__extension__({							\
		ARCH_REGISTER(x1, b);					\
		ARCH_REGISTER(x2, c);					\
		ARCH_REGISTER(x8, number);				\
		ARCH_REGISTER(x0, a);					\
		ARCH_CALL("r"(arch_x8), "r"(arch_x1), "r"(arch_x2));	\
	})
#define sys_call4(number, a, b, c, d)					\
	sys_call6(number, a, b, c, d, 0, 0)
#define sys_call5(number, a, b, c, d, e)				\
	sys_call6(number, a, b, c, d, e, 0)
#define sys_call6(number, a, b, c, d, e, f)				\
	__extension__({							\
		ARCH_REGISTER(x1, b);					\
		ARCH_REGISTER(x2, c);					\
		ARCH_REGISTER(x3, d);					\
		ARCH_REGISTER(x4, e);					\
		ARCH_REGISTER(x5, f);					\
		ARCH_REGISTER(x8, number);				\
		ARCH_REGISTER(x0, a);					\
		ARCH_CALL("r"(arch_x8), "r"(arch_x1), "r"(arch_x2),	\
			  "r"(arch_x3), "r"(arch_x4), "r"(arch_x5));	\
	})

#ifdef ARCH_WITH_ENTRY
__asm__(".pushsection .text.entry,\"ax\",%progbits\n"
	".globl _start\n"
	".hidden _start\n"
	".type _start,%function\n"
	"_start:\n"
	"	mov x0,sp\n"
	"	and sp,x0,#-16\n"
	"	b sys_entry\n"
	/*
	 * long arch_clone(flags, child, argument): the child shares the stack
	 * when the flags say so; it never returns from here, so what it pushes
	 * lies below all that the parent needs. What the flags do not ask
	 * for may be anything.
	 */
	".globl arch_clone\n"
	".hidden arch_clone\n"
	".type arch_clone,%function\n"
	"arch_clone:\n"
	"	mov x6,x1\n"
	"	mov x7,x2\n"
	"	mov x1,#0\n"
	"	mov x8,#220\n"
	"	svc #0\n"
	"	cbz x0,1f\n"
	"	ret\n"
	"1:	mov x29,#0\n"
	"	mov x30,#0\n"
	"	mov x0,x7\n"
	"	br x6\n"
	".popsection\n");
#endif
