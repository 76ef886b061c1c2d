/*
 * abi_headers.c - compares each constant and structure of src/abi.h, and each
 * number of src/arch, with the kernel's own headers, while it is compiled.
 *
 * Only the kernel's headers are included: libc's signal.h, time.h and fcntl.h
 * have the same names for other things. So this also compiles for a machine
 * for which there is nothing but a cross compiler. What the kernel's headers
 * do not tell is in check_abi.c. check_house.c sees to it that no constant of
 * abi.h is missing in both.
 */
#include "abi_beside_libc.h"
#include "abi_calls.h"

#include <asm/errno.h>
#include <asm/ioctls.h>
#include <asm/poll.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <asm/statfs.h>
#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <linux/limits.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/stat.h>
#include <linux/time.h>
#include <linux/wait.h>

/* sys.h chooses in the same way; door.c looks at arch/libc.h. */
#if defined(__x86_64__) && !defined(__ILP32__)
#include "arch/x86_64.h"
#elif defined(__aarch64__)
#include "arch/aarch64.h"
#else
#undef ABI_CALLS
#undef ABI_RAW_CALLS
#define ABI_CALLS(same)
#define ABI_RAW_CALLS(same)
#endif

#define SAME(ours, theirs) \
	_Static_assert((long)(ours) == (long)(theirs), #ours " is " #theirs);
#define SAME_SIZE(ours, theirs) \
	_Static_assert(sizeof(ours) == sizeof(theirs), #ours " is " #theirs);
#define SAME_FIELD(ours, our_field, theirs, their_field) \
	_Static_assert(offsetof(ours, our_field) == \
		       offsetof(theirs, their_field), #ours "." #our_field); \
	_Static_assert(sizeof(((ours *)0)->our_field) == \
		       sizeof(((theirs *)0)->their_field), \
		       #ours "." #our_field);

ABI_CALLS(SAME)
ABI_RAW_CALLS(SAME)

SAME(E_PERM, EPERM)
SAME(E_NOENT, ENOENT)
SAME(E_SRCH, ESRCH)
SAME(E_INTR, EINTR)
SAME(E_IO, EIO)
SAME(E_NXIO, ENXIO)
SAME(E_TOOBIG, E2BIG)
SAME(E_NOEXEC, ENOEXEC)
SAME(E_CHILD, ECHILD)
SAME(E_AGAIN, EAGAIN)
SAME(E_NOMEM, ENOMEM)
SAME(E_ACCES, EACCES)
SAME(E_NODEV, ENODEV)
SAME(E_NOTDIR, ENOTDIR)
SAME(E_ISDIR, EISDIR)
SAME(E_INVAL, EINVAL)
SAME(E_NFILE, ENFILE)
SAME(E_MFILE, EMFILE)
SAME(E_TXTBSY, ETXTBSY)
SAME(E_NAMETOOLONG, ENAMETOOLONG)
SAME(E_NOSYS, ENOSYS)
SAME(E_LOOP, ELOOP)
SAME(E_LIBBAD, ELIBBAD)
SAME(E_TIMEDOUT, ETIMEDOUT)
SAME(E_STALE, ESTALE)

SAME(SIGNAL_HUP, SIGHUP)
SAME(SIGNAL_INT, SIGINT)
SAME(SIGNAL_QUIT, SIGQUIT)
SAME(SIGNAL_KILL, SIGKILL)
SAME(SIGNAL_TERM, SIGTERM)
SAME(SIGNAL_CHLD, SIGCHLD)
SAME(SIGNAL_CONT, SIGCONT)
SAME(SIGNAL_STOP, SIGSTOP)
SAME(SIGNAL_TSTP, SIGTSTP)
SAME(SIGNAL_WINCH, SIGWINCH)
/* The kernel's own begin at 32, of which glibc keeps two: check_abi.c. */
SAME(SIGNAL_RTMIN, SIGRTMIN + 2)
SAME(SIGNAL_MAX, 8 * sizeof(sigset_t))

SAME(SIGNAL_UNBLOCK, SIG_UNBLOCK)
SAME(SIGNAL_SETMASK, SIG_SETMASK)
SAME_SIZE(struct signal_set, sigset_t)
_Static_assert(sizeof(struct signal_action) >= sizeof(struct sigaction),
	       "the kernel's sigaction fits in ours");
_Static_assert(offsetof(struct sigaction, sa_handler) == 0,
	       "the first word of a sigaction is its handler");

SAME_SIZE(struct signal_info, siginfo_t)
SAME_FIELD(struct signal_info, number, siginfo_t, si_signo)
SAME_FIELD(struct signal_info, error, siginfo_t, si_errno)
SAME_FIELD(struct signal_info, code, siginfo_t, si_code)
SAME_FIELD(struct signal_info, pid, siginfo_t, si_pid)
SAME_FIELD(struct signal_info, uid, siginfo_t, si_uid)
SAME_FIELD(struct signal_info, status, siginfo_t, si_status)
SAME_FIELD(struct signal_info, value, siginfo_t, si_value)
_Static_assert(_Alignof(struct signal_info) == _Alignof(siginfo_t),
	       "siginfo_t is aligned as the kernel has it");
SAME(SENT_BY_KILL, SI_USER)
SAME(SENT_BY_KERNEL, SI_KERNEL)
SAME(SENT_BY_QUEUE, SI_QUEUE)
SAME(SENT_BY_TKILL, SI_TKILL)

SAME_SIZE(struct time, struct timespec)
SAME_FIELD(struct time, seconds, struct timespec, tv_sec)
SAME_FIELD(struct time, nanoseconds, struct timespec, tv_nsec)
SAME(CLOCK_SINCE_BOOT, CLOCK_MONOTONIC)

SAME(WAIT_NO_HANG, WNOHANG)
SAME(WAIT_STOPPED, WUNTRACED)
SAME(WAIT_STOPPED, WSTOPPED)
SAME(WAIT_EXITED, WEXITED)
SAME(WAIT_CONTINUED, WCONTINUED)
SAME(WAIT_NO_REAP, WNOWAIT)
SAME(WAIT_ANY_KIND, __WALL)
SAME(WAIT_FOR_ANY, P_ALL)
SAME(WAIT_FOR_PID, P_PID)
SAME(CHILD_EXITED, CLD_EXITED)
SAME(CHILD_DUMPED, CLD_DUMPED)

SAME(CLONE_SHARE_MEMORY, CLONE_VM)
SAME(CLONE_UNTIL_EXEC, CLONE_VFORK)

SAME(SYS_PIDFD_SEND_SIGNAL, __NR_pidfd_send_signal)
SAME(SYS_PIDFD_OPEN, __NR_pidfd_open)
SAME(SYS_CLOSE_RANGE, __NR_close_range)

SAME(PRCTL_SET_DEATH_SIGNAL, PR_SET_PDEATHSIG)
SAME(PRCTL_SET_SUBREAPER, PR_SET_CHILD_SUBREAPER)

SAME(OPEN_NO_TERMINAL, O_NOCTTY)
SAME(OPEN_NO_BLOCK, O_NONBLOCK)
SAME(OPEN_CLOSE_ON_EXEC, O_CLOEXEC)
SAME(AT_CURRENT, AT_FDCWD)
SAME(NO_FOLLOW, AT_SYMLINK_NOFOLLOW)

SAME_SIZE(struct file_status, struct statx)
SAME_FIELD(struct file_status, mode, struct statx, stx_mode)

SAME_SIZE(struct file_system, struct statfs)
SAME_FIELD(struct file_system, flags, struct statfs, f_flags)

SAME(MAP_READ_WRITE, PROT_READ | PROT_WRITE)
SAME(MAP_PRIVATE_EMPTY, MAP_PRIVATE | MAP_ANONYMOUS)

SAME(DONT_NEED, MADV_DONTNEED)

SAME(TERMINAL_GET_GROUP, TIOCGPGRP)
SAME(TERMINAL_SET_GROUP, TIOCSPGRP)

SAME(ABI_POLL_OUT, POLLOUT)
SAME_SIZE(struct poll, struct pollfd)
SAME_FIELD(struct poll, fd, struct pollfd, fd)
SAME_FIELD(struct poll, events, struct pollfd, events)
SAME_FIELD(struct poll, found, struct pollfd, revents)

SAME(PATH_LENGTH_MAX, PATH_MAX)
