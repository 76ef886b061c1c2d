/*
 * Any machine, over libc: the numbers are those of its kernel headers. The
 * rest of the door is sys_libc.c.
 */
#include <sys/syscall.h>

enum {
	SYS_READ = SYS_read,
	SYS_WRITE = SYS_write,
	SYS_PREAD64 = SYS_pread64,
	SYS_CLOSE = SYS_close,
	SYS_MMAP = SYS_mmap,
	SYS_RT_SIGACTION = SYS_rt_sigaction,
	SYS_RT_SIGPROCMASK = SYS_rt_sigprocmask,
	SYS_IOCTL = SYS_ioctl,
	SYS_GETPID = SYS_getpid,
	SYS_EXECVE = SYS_execve,
	SYS_WAIT4 = SYS_wait4,
	SYS_KILL = SYS_kill,
	SYS_TKILL = SYS_tkill,
	SYS_CHDIR = SYS_chdir,
	SYS_SETPGID = SYS_setpgid,
	SYS_GETPPID = SYS_getppid,
	SYS_GETPGID = SYS_getpgid,
	SYS_RT_SIGTIMEDWAIT = SYS_rt_sigtimedwait,
	SYS_RT_SIGQUEUEINFO = SYS_rt_sigqueueinfo,
	SYS_PRCTL = SYS_prctl,
	SYS_GETDENTS64 = SYS_getdents64,
	SYS_CLOCK_GETTIME = SYS_clock_gettime,
	SYS_NANOSLEEP = SYS_nanosleep,
	SYS_EXIT = SYS_exit,
	SYS_EXIT_GROUP = SYS_exit_group,
	SYS_WAITID = SYS_waitid,
	SYS_OPENAT = SYS_openat,
	SYS_READLINKAT = SYS_readlinkat,
	SYS_FACCESSAT = SYS_faccessat,
	SYS_STATX = SYS_statx,
	SYS_GETXATTR = SYS_getxattr,
	SYS_STATFS = SYS_statfs,
	SYS_PPOLL = SYS_ppoll,
};

/* A system call; a negative errno on failure. The sixth argument is always 0. */
long sys_call(long number, long a, long b, long c, long d, long e);

#define sys_call0(number)	      sys_call(number, 0, 0, 0, 0, 0)
#define sys_call1(number, a)	      sys_call(number, a, 0, 0, 0, 0)
#define sys_call2(number, a, b)	      sys_call(number, a, b, 0, 0, 0)
#define sys_call3(number, a, b, c)    sys_call(number, a, b, c, 0, 0)
#define sys_call4(number, a, b, c, d) sys_call(number, a, b, c, d, 0)
#define sys_call5(number, a, b, c, d, e)    sys_call(number, a, b, c, d, e)
#define sys_call6(number, a, b, c, d, e, f) sys_call(number, a, b, c, d, e)
