/*
 * The one door to the kernel.
 *
 * Every function here is a system call and does what its man page says; it
 * gives the kernel's answer, a negative errno on failure, and never touches
 * an errno variable. Behind all of them stand the machine's sys_call0() and
 * so on (src/arch), and sys_spawn(): sys_raw.c has that without libc,
 * sys_libc.c over libc.
 */
#ifndef FOSTER_SYS_H
#define FOSTER_SYS_H

#include "abi.h"

#if defined(FOSTER_LIBC)
#include "arch/libc.h"
#elif defined(__x86_64__) && !defined(__ILP32__)
#include "arch/x86_64.h"
#elif defined(__aarch64__)
#include "arch/aarch64.h"
#else
#error "no file in src/arch for this machine: make LIBC=1"
#endif

/*
 * The machine's file has sys_call0() to sys_call6(): a system call by its
 * number, with as many arguments, which gives a negative errno on failure.
 * Arguments are plain values, and pointers are made long.
 */

/*
 * Starts a process that runs child(argument), which must not return. Gives
 * its pid, or a negative errno. With `may_share` the child may borrow the
 * parent's memory, stack included, while the parent sleeps until the child
 * has called execve() or _exit() (vfork(2)); the child must be written so
 * that it does not matter whether it does.
 */
int sys_spawn(void (*child)(void *argument), void *argument, bool may_share);

/* The kernel cannot end a process twice: this is the last call of its life. */
static OUT_OF_LINE _Noreturn void sys_exit(int status)
{
	/* The other, where a filter refuses the one. */
	for (;;) {
		sys_call1(SYS_EXIT_GROUP, status);
		sys_call1(SYS_EXIT, status);
	}
}

/*
 * The end, here and now. Over libc, which has an end of its own, it gives the
 * status back, to return with.
 */
static inline int sys_leave(int status)
{
#ifndef FOSTER_LIBC
	sys_exit(status);
#endif
	return status;
}

/*
 * Gives back to the kernel what only the start needed: pages of the program
 * file and of the stack. An idle foster keeps few, and there are many fosters.
 */
void sys_trim_memory(void);

/* The head of foster's own file, elf(5): of what runs on this machine. */
const char *sys_own_head(void);

/* ---- processes ---- */

static inline int sys_getpid(void)
{
	return (int)sys_call0(SYS_GETPID);
}

static inline int sys_getppid(void)
{
	return (int)sys_call0(SYS_GETPPID);
}

/* The process group of `pid`, getpgid(2). */
static inline int sys_getpgid(int pid)
{
	return (int)sys_call1(SYS_GETPGID, pid);
}

/* setpgid(2); two zeroes make the caller lead a group of its own. */
static inline int sys_setpgid(int pid, int group)
{
	return (int)sys_call2(SYS_SETPGID, pid, group);
}

static inline int sys_execve(const char *path, char *const argv[],
			     char *const envp[])
{
	return (int)sys_call3(SYS_EXECVE, (long)path, (long)argv, (long)envp);
}

/*
 * wait4(2): the pid of a child whose state changed, 0 where WAIT_NO_HANG is
 * given and there is none, -ECHILD where there is no child.
 */
static inline int sys_wait4(int pid, int *status, int flags)
{
	return (int)sys_call4(SYS_WAIT4, pid, (long)status, flags, 0);
}

/* waitid(2): 0, with info->pid 0 where WAIT_NO_HANG found none. */
static inline int sys_waitid(int which, int pid, struct signal_info *info,
			     int flags)
{
	return (int)sys_call5(SYS_WAITID, which, pid, (long)info, flags, 0);
}

static inline int sys_prctl(int what, int value)
{
	return (int)sys_call2(SYS_PRCTL, what, value);
}

/* ---- signals ---- */

static inline int sys_kill(int pid, int signal)
{
	return (int)sys_call2(SYS_KILL, pid, signal);
}

/* tkill(2): as kill(2), but the signal tells that it is not from outside. */
static inline int sys_tkill(int thread, int signal)
{
	return (int)sys_call2(SYS_TKILL, thread, signal);
}

/* rt_sigqueueinfo(2): the signal with somebody else's sender and value. */
static inline int sys_sigqueueinfo(int pid, int signal,
				   const struct signal_info *info)
{
	return (int)sys_call3(SYS_RT_SIGQUEUEINFO, pid, signal, (long)info);
}

/* rt_sigprocmask(2), the raw call: libc's keeps some signals back. */
static OUT_OF_LINE int sys_sigprocmask(int how, const struct signal_set *set,
				       struct signal_set *old)
{
	return (int)sys_call4(SYS_RT_SIGPROCMASK, how, (long)set, (long)old,
			      sizeof(struct signal_set));
}

static inline int sys_sigaction(int signal, const struct signal_action *new,
				struct signal_action *old)
{
	return (int)sys_call4(SYS_RT_SIGACTION, signal, (long)new, (long)old,
			      sizeof(struct signal_set));
}

/*
 * rt_sigtimedwait(2): takes one of the blocked signals of `set`. Without a
 * limit it waits for as long as it takes. -EAGAIN: the time is over.
 */
static inline int sys_sigtimedwait(const struct signal_set *set,
				   struct signal_info *info,
				   const struct time *limit)
{
	return (int)sys_call4(SYS_RT_SIGTIMEDWAIT, (long)set, (long)info,
			      (long)limit, sizeof(struct signal_set));
}

static inline int sys_pidfd_open(int pid)
{
	return (int)sys_call2(SYS_PIDFD_OPEN, pid, 0);
}

static inline int sys_pidfd_send_signal(int pidfd, int signal)
{
	return (int)sys_call4(SYS_PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0);
}

/* ---- files ---- */

/*
 * openat(2) from the working directory, close-on-exec, for reading only: if
 * it lands where a standard stream was closed, nothing can be written to it
 * by mistake. Never blocks on a FIFO and takes no terminal.
 */
static OUT_OF_LINE int sys_open(const char *path)
{
	return (int)sys_call3(SYS_OPENAT, AT_CURRENT, (long)path,
			      OPEN_CLOSE_ON_EXEC | OPEN_NO_BLOCK |
				      OPEN_NO_TERMINAL);
}

static inline int sys_close(int fd)
{
	return (int)sys_call1(SYS_CLOSE, fd);
}

/* close_range(2): every descriptor from `first` up. */
static inline int sys_close_from(int first)
{
	return (int)sys_call3(SYS_CLOSE_RANGE, first, (long)~0U, 0);
}

/* pread(2): from `offset` on, wherever the file was read before. */
static inline long sys_read_at(int fd, void *buffer, size_t size,
			       uint64_t offset)
{
	return sys_call4(SYS_PREAD64, fd, (long)buffer, (long)size,
			 (long)offset);
}

static inline long sys_write(int fd, const void *buffer, size_t size)
{
	return sys_call3(SYS_WRITE, fd, (long)buffer, (long)size);
}

/* read(2) or, of a folder, getdents64(2), which takes the same arguments. */
static inline long sys_read_any(int fd, void *buffer, size_t size,
				bool is_folder)
{
	return sys_call3(is_folder ? SYS_GETDENTS64 : SYS_READ, fd,
			 (long)buffer, (long)size);
}

/* statx(2) of what the path leads to; with NO_FOLLOW, of a link itself. */
static inline int sys_file_status(const char *path, int flags,
				  struct file_status *status)
{
	return (int)sys_call5(SYS_STATX, AT_CURRENT, (long)path, flags, 0,
			      (long)status);
}

/* readlinkat(2): the length of the target, which has no NUL. */
static inline long sys_read_link(const char *path, char *target, size_t size)
{
	return sys_call4(SYS_READLINKAT, AT_CURRENT, (long)path, (long)target,
			 (long)size);
}

/* faccessat(2): 0 where the caller may execute the file. */
static inline int sys_may_execute(const char *path)
{
	return (int)sys_call3(SYS_FACCESSAT, AT_CURRENT, (long)path,
			      MAY_EXECUTE);
}

/* Whether the file has the extended attribute, getxattr(2). */
static inline bool sys_has_attribute(const char *path, const char *name)
{
	return sys_call4(SYS_GETXATTR, (long)path, (long)name, 0, 0) >= 0;
}

/* statfs(2) */
static inline int sys_file_system(const char *path, struct file_system *found)
{
	return (int)sys_call2(SYS_STATFS, (long)path, (long)found);
}

static inline int sys_chdir(const char *path)
{
	return (int)sys_call1(SYS_CHDIR, (long)path);
}

static inline int sys_ioctl(int fd, unsigned long request, void *argument)
{
	return (int)sys_call3(SYS_IOCTL, fd, (long)request, (long)argument);
}

/* ppoll(2) with the mask as it is. Without files it is a pause. */
static inline int sys_poll(struct poll *files, unsigned count,
			   const struct time *limit)
{
	return (int)sys_call4(SYS_PPOLL, (long)files, count, (long)limit, 0);
}

/* ---- memory and time ---- */

/* nanosleep(2) */
static inline int sys_nanosleep(const struct time *limit)
{
	return (int)sys_call2(SYS_NANOSLEEP, (long)limit, 0);
}

/* mmap(2): `size` bytes of zeroes that cost nothing until written to. */
static inline long sys_map_zeroes(size_t size)
{
	return sys_call6(SYS_MMAP, 0, (long)size, MAP_READ_WRITE,
			 MAP_PRIVATE_EMPTY, -1, 0);
}

static inline int sys_clock(int clock, struct time *now)
{
	return (int)sys_call2(SYS_CLOCK_GETTIME, clock, (long)now);
}

#endif
