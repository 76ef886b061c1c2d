/*
 * abi_calls.h - each system call of src/arch and its number in the kernel's
 * own asm/unistd.h. check_house.c sees to it that none is missing here.
 */
#ifndef ABI_CALLS_H
#define ABI_CALLS_H

#define ABI_CALLS(same) \
	same(SYS_READ, __NR_read) \
	same(SYS_PREAD64, __NR_pread64) \
	same(SYS_WRITE, __NR_write) \
	same(SYS_CLOSE, __NR_close) \
	same(SYS_MMAP, __NR_mmap) \
	same(SYS_RT_SIGACTION, __NR_rt_sigaction) \
	same(SYS_RT_SIGPROCMASK, __NR_rt_sigprocmask) \
	same(SYS_IOCTL, __NR_ioctl) \
	same(SYS_GETPID, __NR_getpid) \
	same(SYS_EXECVE, __NR_execve) \
	same(SYS_WAIT4, __NR_wait4) \
	same(SYS_EXIT, __NR_exit) \
	same(SYS_NANOSLEEP, __NR_nanosleep) \
	same(SYS_KILL, __NR_kill) \
	same(SYS_TKILL, __NR_tkill) \
	same(SYS_TKILL, __NR_tkill) \
	same(SYS_CHDIR, __NR_chdir) \
	same(SYS_SETPGID, __NR_setpgid) \
	same(SYS_GETPPID, __NR_getppid) \
	same(SYS_GETPGID, __NR_getpgid) \
	same(SYS_RT_SIGTIMEDWAIT, __NR_rt_sigtimedwait) \
	same(SYS_RT_SIGQUEUEINFO, __NR_rt_sigqueueinfo) \
	same(SYS_PRCTL, __NR_prctl) \
	same(SYS_GETDENTS64, __NR_getdents64) \
	same(SYS_CLOCK_GETTIME, __NR_clock_gettime) \
	same(SYS_EXIT_GROUP, __NR_exit_group) \
	same(SYS_WAITID, __NR_waitid) \
	same(SYS_OPENAT, __NR_openat) \
	same(SYS_READLINKAT, __NR_readlinkat) \
	same(SYS_FACCESSAT, __NR_faccessat) \
	same(SYS_STATX, __NR_statx) \
	same(SYS_GETXATTR, __NR_getxattr) \
	same(SYS_STATFS, __NR_statfs) \
	same(SYS_PPOLL, __NR_ppoll)

/* Those that only sys_raw.c makes, and arch/libc.h does not have. */
#define ABI_RAW_CALLS(same) \
	same(SYS_MADVISE, __NR_madvise)

#endif
