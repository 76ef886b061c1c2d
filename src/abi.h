/*
 * What the kernel and foster say to each other: structures and constants.
 *
 * The numbers are the kernel's own (include/uapi), not libc's: libc's
 * sigset_t has another size, its siginfo_t another shape, and the shipped
 * binary is built where there may be no kernel headers.
 * tests/unit/check_abi.c compares every one of them with the headers.
 */
#ifndef FOSTER_ABI_H
#define FOSTER_ABI_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where copies at every call would make the program larger. */
#define OUT_OF_LINE __attribute__((noinline, unused))

/* Where a call would make it larger than a copy. */
#define IN_LINE inline __attribute__((always_inline))

/* Errors, include/uapi/asm-generic/errno-base.h and errno.h. */
enum {
	E_PERM = 1,
	E_NOENT = 2,
	E_SRCH = 3,
	E_INTR = 4,
	E_IO = 5,
	E_NXIO = 6,
	E_TOOBIG = 7,
	E_NOEXEC = 8,
	E_CHILD = 10,
	E_AGAIN = 11,
	E_NOMEM = 12,
	E_ACCES = 13,
	E_NODEV = 19,
	E_NOTDIR = 20,
	E_ISDIR = 21,
	E_INVAL = 22,
	E_NFILE = 23,
	E_MFILE = 24,
	E_TXTBSY = 26,
	E_NAMETOOLONG = 36,
	E_NOSYS = 38,
	E_LOOP = 40,
	E_LIBBAD = 80,
	E_TIMEDOUT = 110,
	E_STALE = 116,
};

/* Signals, signal(7); the same on every machine but mips, alpha and sparc. */
enum {
	SIGNAL_HUP = 1,
	SIGNAL_INT = 2,
	SIGNAL_QUIT = 3,
	SIGNAL_KILL = 9,
	SIGNAL_TERM = 15,
	SIGNAL_CHLD = 17,
	SIGNAL_CONT = 18,
	SIGNAL_STOP = 19,
	SIGNAL_TSTP = 20,
	SIGNAL_WINCH = 28,
	SIGNAL_RTMIN = 34, /* glibc's: it keeps 32 and 33 for itself */
	SIGNAL_MAX = 64,
};

/* A signal set as the kernel has it: 64 bits in words of the machine. */
struct signal_set {
	unsigned long words[64 / (CHAR_BIT * sizeof(long))];
};

enum {
	SIGNAL_UNBLOCK = 1, /* SIG_UNBLOCK */
	SIGNAL_SETMASK = 2, /* SIG_SETMASK */
};

/*
 * struct sigaction as the kernel has it, opaque but for its first word, the
 * handler; on no machine it is larger. All zeroes mean the default action on
 * every machine.
 */
struct signal_action {
	unsigned long words[32 / sizeof(long)];
};

enum { SIGNAL_ACTION_IGNORE = 1 }; /* SIG_IGN */

/* siginfo_t, include/uapi/asm-generic/siginfo.h: as much as foster reads. */
struct signal_info {
	int number;
	int error;
	int code;
	union {
		struct {
			int pid;
			unsigned uid;
			union {
				int status; /* of SIGCHLD */
				void *value;
			};
		};
		void *alignment;
		char room[128 - 4 * sizeof(int)];
	};
};

_Static_assert(sizeof(struct signal_info) == 128, "siginfo_t has 128 bytes");

enum {
	SENT_BY_KERNEL = 128, /* SI_KERNEL: by the terminal, too */
	SENT_BY_KILL = 0,   /* SI_USER */
	SENT_BY_QUEUE = -1, /* SI_QUEUE */
	SENT_BY_TKILL = -6, /* SI_TKILL: may not be forged */
};

struct time {
	long seconds;
	long nanoseconds;
};

enum { CLOCK_SINCE_BOOT = 1 }; /* CLOCK_MONOTONIC */

/* wait4(2) and waitid(2) */
enum {
	WAIT_NO_HANG = 1,
	WAIT_STOPPED = 2,
	WAIT_EXITED = 4,
	WAIT_CONTINUED = 8,
	WAIT_NO_REAP = 0x01000000,
	WAIT_ANY_KIND = 0x40000000, /* __WALL */

	WAIT_FOR_ANY = 0, /* P_ALL */
	WAIT_FOR_PID = 1, /* P_PID */

	CHILD_EXITED = 1,
	CHILD_DUMPED = 3,
};

enum {
	CLONE_SHARE_MEMORY = 0x100, /* CLONE_VM */
	CLONE_UNTIL_EXEC = 0x4000,  /* CLONE_VFORK */
};

/* Their numbers are the same on every machine. */
enum {
	SYS_PIDFD_SEND_SIGNAL = 424,
	SYS_PIDFD_OPEN = 434,
	SYS_CLOSE_RANGE = 436,
};

enum {
	PRCTL_SET_DEATH_SIGNAL = 1, /* PR_SET_PDEATHSIG */
	PRCTL_SET_SUBREAPER = 36,   /* PR_SET_CHILD_SUBREAPER */
};

enum {
	OPEN_NO_TERMINAL = 0x100,
	OPEN_NO_BLOCK = 0x800,
	OPEN_CLOSE_ON_EXEC = 0x80000,
	AT_CURRENT = -100, /* AT_FDCWD */
	NO_FOLLOW = 0x100, /* AT_SYMLINK_NOFOLLOW */
	MAY_EXECUTE = 1,   /* X_OK */
};

/* struct statx, include/uapi/linux/stat.h: as much as foster reads. */
struct file_status {
	uint32_t before[7];
	uint16_t mode;
	char after[226];
};

_Static_assert(sizeof(struct file_status) == 256, "statx has 256 bytes");

enum {
	MODE_TYPE = 0170000, /* S_IFMT */
	MODE_DIRECTORY = 0040000,
	MODE_REGULAR = 0100000,
	MODE_SET_ID = 06000, /* S_ISUID, S_ISGID */
};

/* struct statfs on 64 bits, include/uapi/asm-generic/statfs.h. */
struct file_system {
	long before[10];
	long flags;
	long after[4];
};

enum { MOUNT_NO_EXECUTE = 8 }; /* ST_NOEXEC, include/linux/statfs.h */

enum {
	MAP_READ_WRITE = 3,      /* PROT_READ | PROT_WRITE */
	MAP_PRIVATE_EMPTY = 0x22, /* MAP_PRIVATE | MAP_ANONYMOUS */
};

enum { DONT_NEED = 4 }; /* MADV_DONTNEED */

enum {
	TERMINAL_GET_GROUP = 0x540f, /* TIOCGPGRP */
	TERMINAL_SET_GROUP = 0x5410, /* TIOCSPGRP */
};

enum { POLL_OUT = 4 };

struct poll {
	int fd;
	short events;
	short found;
};

/* What getdents64(2) gives. */
struct directory_entry {
	uint64_t inode;
	int64_t next;
	unsigned short length;
	unsigned char type;
	char name[];
};

enum {
	PATH_LENGTH_MAX = 4096, /* PATH_MAX, the NUL included */
	PID_LIMIT = 4194304,    /* PID_MAX_LIMIT: every pid is below it */
};

#endif
