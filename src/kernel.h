/*
 * What the kernel gives and takes. Constants, and structures that libc has as
 * the kernel does, come from libc's headers; nothing of libc's code is used.
 * Here stand only the structures that differ (include/uapi/linux).
 */
#ifndef FOSTER_KERNEL_H
#define FOSTER_KERNEL_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/*
 * Limits: the longest path with its NUL (PATH_MAX, which <limits.h> of clang
 * lacks without libc), and what every process id is below (linux/threads.h).
 */
enum { KERNEL_PATH_MAX = 4096, PID_MAX_LIMIT = 4194304 };

/* Signals 1 to 64 in words of the machine; libc's sigset_t is larger. */
struct kernel_sigset {
	unsigned long words[64 / (CHAR_BIT * sizeof(long))];
};

/*
 * struct sigaction of rt_sigaction(2). All zeroes mean the default action on
 * every machine; what follows the handler is only kept and put back.
 */
struct kernel_sigaction {
	void (*handler)(int signal);
	unsigned long rest[32 / sizeof(long) - 1];
};

/* 64 bits on every machine (struct __kernel_timespec, linux/time_types.h). */
struct kernel_timespec {
	int64_t tv_sec;
	int64_t tv_nsec;
};

/* linux/stat.h, as much as foster reads: musl 1.2.3 has no struct statx. */
struct kernel_statx {
	uint32_t before_mode[7];
	uint16_t stx_mode;
	uint16_t after_mode;
	uint64_t stx_ino;
	uint64_t before_dev[12];
	uint32_t stx_dev_major;
	uint32_t stx_dev_minor;
	uint64_t rest[14];
};

/* 64-bit machines: asm-generic/statfs.h. */
struct kernel_statfs {
	long before_flags[10];
	long f_flags;
	long rest[4];
};

/* What getdents64(2) gives; libc's struct dirent64 ends in 256 bytes. */
struct kernel_dirent64 {
	uint64_t d_ino;
	int64_t d_off;
	unsigned short d_reclen;
	unsigned char d_type;
	char d_name[];
};

_Static_assert(sizeof(siginfo_t) == 128, "libc's siginfo_t is the kernel's");
_Static_assert(sizeof(struct kernel_statx) == 256, "statx(2) writes 256 bytes");

#endif
