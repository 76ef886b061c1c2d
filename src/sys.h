/*
 * The system calls: the only door to the kernel.
 *
 * Each function is one call and does what its man page says. It returns what
 * the kernel returns, a negative errno on failure, and no errno variable
 * changes. The machine's sys_call0() to sys_call6() stand in src/arch, or
 * over libc in sys_libc.c; tests put a simulated kernel there.
 */
#ifndef FOSTER_SYS_H
#define FOSTER_SYS_H

#include "kernel.h"

#if defined(FOSTER_LIBC)
#include "arch/libc.h"
#elif defined(__x86_64__) && !defined(__ILP32__)
#include "arch/x86_64.h"
#elif defined(__aarch64__)
#include "arch/aarch64.h"
#else
#error "no file in src/arch for this machine: make LIBC=1"
#endif

/* Linux 5.9; the same on every machine but alpha. glibc 2.31 has no name. */
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/* mmap(2) of 32-bit machines: an older one on i386, none on arm. */
#ifdef SYS_mmap2
#define SYS_MMAP SYS_mmap2
#else
#define SYS_MMAP SYS_mmap
#endif

/* 32-bit machines have calls of their own for 64-bit time. */
#ifdef SYS_clock_gettime64
#define SYS_CLOCK_GETTIME   SYS_clock_gettime64
#define SYS_PPOLL	    SYS_ppoll_time64
#define SYS_RT_SIGTIMEDWAIT SYS_rt_sigtimedwait_time64
#else
#define SYS_CLOCK_GETTIME   SYS_clock_gettime
#define SYS_PPOLL	    SYS_ppoll
#define SYS_RT_SIGTIMEDWAIT SYS_rt_sigtimedwait
#endif

/*
 * Starts a process by fork(2). The child runs child(argument), which must not
 * return. The parent gets its pid, or a negative errno.
 */
int sys_spawn(void (*child)(void *argument), void *argument);

/* exit_group(2), or exit(2) where a filter refuses that. */
static inline _Noreturn void sys_exit(int status)
{
	for (;;) {
		sys_call1(SYS_exit_group, status);
		sys_call1(SYS_exit, status);
	}
}

/* The ELF header of the running file, elf(5). */
const char *sys_own_elf_header(void);

/* ---- processes ---- */

static inline int sys_getpid(void)
{
	return (int)sys_call0(SYS_getpid);
}

static inline int sys_getppid(void)
{
	return (int)sys_call0(SYS_getppid);
}

/* The process group of `pid`, getpgid(2). */
static inline int sys_getpgid(int pid)
{
	return (int)sys_call1(SYS_getpgid, pid);
}

static inline int sys_setpgid(int pid, int group)
{
	return (int)sys_call2(SYS_setpgid, pid, group);
}

/* setsid(2): a session of its own, and a group, without a terminal. */
static inline int sys_setsid(void)
{
	return (int)sys_call0(SYS_setsid);
}

/* sched_yield(2): other processes that are ready run first. */
static inline int sys_sched_yield(void)
{
	return (int)sys_call0(SYS_sched_yield);
}

static inline int sys_execve(const char *path, char *const argv[],
			     char *const envp[])
{
	return (int)sys_call3(SYS_execve, (long)path, (long)argv, (long)envp);
}

/*
 * wait4(2): the pid of a child whose state changed, 0 where WNOHANG is given
 * and there is none, -ECHILD where there is no child.
 */
static inline int sys_wait4(int pid, int *status, int flags)
{
	return (int)sys_call4(SYS_wait4, pid, (long)status, flags, 0);
}

/* waitid(2): 0, with info->si_pid 0 where WNOHANG found none. */
static inline int sys_waitid(idtype_t type, int pid, siginfo_t *info, int flags)
{
	return (int)sys_call5(SYS_waitid, (long)type, pid, (long)info, flags,
			      0);
}

/*
 * ptrace(2), PTRACE_DETACH with a signal: -ESRCH where the caller does not
 * trace `pid`, or it is not stopped by that.
 */
static inline int sys_ptrace_detach(int pid, int signal)
{
	return (int)sys_call4(SYS_ptrace, PTRACE_DETACH, pid, 0, signal);
}

/* unshare(2); with CLONE_SIGHAND -EINVAL where there are other threads. */
static inline int sys_unshare(int flags)
{
	return (int)sys_call1(SYS_unshare, flags);
}

static inline int sys_prctl(int operation, long argument)
{
	return (int)sys_call2(SYS_prctl, operation, argument);
}

/* ---- signals ---- */

static inline int sys_kill(int pid, int signal)
{
	return (int)sys_call2(SYS_kill, pid, signal);
}

/* tkill(2): as kill(2), but si_code tells that it is not from outside. */
static inline int sys_tkill(int thread, int signal)
{
	return (int)sys_call2(SYS_tkill, thread, signal);
}

/* rt_sigqueueinfo(2): a signal with somebody else's sender and value. */
static inline int sys_rt_sigqueueinfo(int pid, int signal,
				      const siginfo_t *info)
{
	return (int)sys_call3(SYS_rt_sigqueueinfo, pid, signal, (long)info);
}

/* rt_sigprocmask(2), the raw call: libc's keeps signals 32 and 33 back. */
static inline int sys_rt_sigprocmask(int how, const struct kernel_sigset *set,
				     struct kernel_sigset *old)
{
	return (int)sys_call4(SYS_rt_sigprocmask, how, (long)set, (long)old,
			      sizeof(struct kernel_sigset));
}

static inline int sys_rt_sigaction(int signal,
				   const struct kernel_sigaction *new,
				   struct kernel_sigaction *old)
{
	return (int)sys_call4(SYS_rt_sigaction, signal, (long)new, (long)old,
			      sizeof(struct kernel_sigset));
}

/*
 * rt_sigtimedwait(2): takes one of the blocked signals of `set`. Without a
 * limit it waits as long as it takes. -EAGAIN: the time is over.
 */
static inline int sys_rt_sigtimedwait(const struct kernel_sigset *set,
				      siginfo_t *info,
				      const struct kernel_timespec *limit)
{
	return (int)sys_call4(SYS_RT_SIGTIMEDWAIT, (long)set, (long)info,
			      (long)limit, sizeof(struct kernel_sigset));
}

static inline int sys_pidfd_open(int pid)
{
	return (int)sys_call2(SYS_pidfd_open, pid, 0);
}

static inline int sys_pidfd_send_signal(int pidfd, int signal)
{
	return (int)sys_call4(SYS_pidfd_send_signal, pidfd, signal, 0, 0);
}

/* ---- files ---- */

/*
 * openat(2) from the working directory, close-on-exec, for reading only: where
 * it lands in the place of a closed standard stream, nothing can be written to
 * it by mistake. It never blocks on a FIFO and takes no terminal.
 */
static inline int sys_open(const char *path)
{
	return (int)sys_call4(SYS_openat, AT_FDCWD, (long)path,
			      O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
}

/* The same for writing to a pipe or a terminal: as much as has space. */
static inline int sys_open_for_writing(const char *path)
{
	return (int)sys_call4(SYS_openat, AT_FDCWD, (long)path,
			      O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
}

static inline int sys_close(int fd)
{
	return (int)sys_call1(SYS_close, fd);
}

/* close_range(2): every descriptor from `first` up. */
static inline int sys_close_from(int first)
{
	return (int)sys_call3(SYS_close_range, first, (long)~0U, 0);
}

static inline long sys_read(int fd, void *buffer, size_t size)
{
	return sys_call3(SYS_read, fd, (long)buffer, (long)size);
}

/* pread(2); offset < 2^31 on 32-bit machines. */
static inline long sys_pread(int fd, void *buffer, size_t size, uint64_t offset)
{
	return sys_call4(SYS_pread64, fd, (long)buffer, (long)size,
			 (long)offset);
}

static inline long sys_write(int fd, const void *buffer, size_t size)
{
	return sys_call3(SYS_write, fd, (long)buffer, (long)size);
}

/* sendto(2) to where the socket is connected, send(2). */
static inline long sys_send(int fd, const void *buffer, size_t size, int flags)
{
	return sys_call6(SYS_sendto, fd, (long)buffer, (long)size, flags, 0, 0);
}

/* getdents64(2): entries of an open directory, struct kernel_dirent64. */
static inline long sys_getdents64(int fd, void *buffer, size_t size)
{
	return sys_call3(SYS_getdents64, fd, (long)buffer, (long)size);
}

/* statx(2) of what `path` leads to, with AT_SYMLINK_NOFOLLOW of a link. */
static inline int sys_statx(const char *path, int flags,
			    struct kernel_statx *status)
{
	return (int)sys_call5(SYS_statx, AT_FDCWD, (long)path, flags, 0,
			      (long)status);
}

/* statx(2) of an open file. */
static inline int sys_statx_open(int fd, struct kernel_statx *status)
{
	return (int)sys_call5(SYS_statx, fd, (long)"", AT_EMPTY_PATH, 0,
			      (long)status);
}

/* readlinkat(2): the length of the target, which has no NUL. */
static inline long sys_readlink(const char *path, char *target, size_t size)
{
	return sys_call4(SYS_readlinkat, AT_FDCWD, (long)path, (long)target,
			 (long)size);
}

/* faccessat(2) with X_OK: 0 where the caller may execute the file. */
static inline int sys_may_execute(const char *path)
{
	return (int)sys_call3(SYS_faccessat, AT_FDCWD, (long)path, X_OK);
}

/* getxattr(2): whether the file has the extended attribute. */
static inline bool sys_has_xattr(const char *path, const char *name)
{
	return sys_call4(SYS_getxattr, (long)path, (long)name, 0, 0) >= 0;
}

static inline int sys_statfs(const char *path, struct kernel_statfs *found)
{
	return (int)sys_call2(SYS_statfs, (long)path, (long)found);
}

static inline int sys_chdir(const char *path)
{
	return (int)sys_call1(SYS_chdir, (long)path);
}

static inline int sys_ioctl(int fd, unsigned long request, void *argument)
{
	return (int)sys_call3(SYS_ioctl, fd, (long)request, (long)argument);
}

/*
 * ppoll(2) with the signal mask as it is. Without files it is a pause. The
 * kernel leaves in `limit` what is left of it (C library/kernel differences).
 */
static inline int sys_poll(struct pollfd *files, unsigned count,
			   struct kernel_timespec *limit)
{
	return (int)sys_call5(SYS_PPOLL, (long)files, (long)count, (long)limit,
			      0, 0);
}

/* ---- memory and time ---- */

/*
 * mmap(2): `size` bytes of zeroes, which cost nothing until written to; NULL
 * where the kernel refuses. On 32-bit machines an address may be negative.
 */
static inline void *sys_map(size_t size, int flags)
{
	long memory = sys_call6(SYS_MMAP, 0, (long)size, PROT_READ | PROT_WRITE,
				flags, -1, 0);

	return (unsigned long)memory > -4096UL ? NULL : (void *)memory;
}

static inline void *sys_map_zeroes(size_t size)
{
	return sys_map(size, MAP_PRIVATE | MAP_ANONYMOUS);
}

/* The same, shared with children; its rest is a page's. */
static inline void *sys_map_shared(size_t size)
{
	return sys_map(size, MAP_SHARED | MAP_ANONYMOUS);
}

static inline int sys_munmap(void *memory, size_t size)
{
	return (int)sys_call2(SYS_munmap, (long)memory, (long)size);
}

static inline int sys_clock_gettime(int clock, struct kernel_timespec *now)
{
	return (int)sys_call2(SYS_CLOCK_GETTIME, clock, (long)now);
}

/* A pause as clock_nanosleep(2) makes it; on 64-bit machines only. */
static inline int sys_nanosleep(const struct kernel_timespec *limit)
{
	return (int)sys_call2(SYS_nanosleep, (long)limit, 0);
}

#endif
