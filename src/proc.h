/*
 * What /proc tells about processes, proc(5). Reads only. Where /proc is
 * missing or of another PID namespace, its numbers mean nothing here:
 * proc_is_ours() comes before all that takes or gives one.
 */
#ifndef FOSTER_PROC_H
#define FOSTER_PROC_H

#include "file.h"

/*
 * Whether /proc is that of foster's own PID namespace: NSpid of
 * /proc/self/status, which lists a number for every namespace from that of
 * /proc down to foster's, has just one (proc_pid_status(5), Linux 4.1).
 */
bool proc_is_ours(void);

/* The parent of `pid`; 0 where that is outside, -1 where it is unknown. */
int proc_parent(int pid);

/* "Name", the command's, at most TASK_COMM_LEN: proc_pid_comm(5). */
enum { PROC_NAME_SIZE = 16 };

/* What /proc/PID/stat tells of a process, proc_pid_stat(5). */
struct proc_stat {
	char name[PROC_NAME_SIZE];
	char state; /* 'R', 'S', 'D', 'Z' ... */
	int parent; /* 0: outside */
	int threads;
	bool is_of_kernel; /* a thread of the kernel */
	uint64_t start; /* in ticks since boot: tells two of one number apart */
};

/* Reads it; false where there is no such process. */
bool proc_stat(int pid, struct proc_stat *stat);

/*
 * Whether the process lives. One whose first thread has ended is a zombie to
 * /proc, but it runs on as long as it has other threads.
 */
bool proc_lives(const struct proc_stat *stat);

/*
 * The signals that `pid` has a handler for, and those that it ignores:
 * SIGNALS_BIT() of each; none where they cannot be read.
 */
uint64_t proc_caught_signals(int pid);
uint64_t proc_ignored_signals(int pid);

/* A file, by which two descriptors can be compared. */
struct proc_file {
	uint64_t inode;
	uint64_t device;
};

/*
 * Which pipe or FIFO descriptor `fd` of `pid` is. False where it is none, or
 * cannot be looked at (ptrace(2), PTRACE_MODE_READ).
 */
bool proc_pipe(int pid, int fd, struct proc_file *pipe);

/*
 * The command line of `pid`, blanks between its words, else its name. One of
 * `size` - 2 characters or more is cut and ends in "...". That of
 * a process in state D is not read: what holds it, a file system that hangs,
 * say, could hold the reader, too.
 */
void proc_command(int pid, const struct proc_stat *stat, char *buffer,
		  size_t size);

/* A walk over numbers that /proc lists. */
struct proc_walk {
	int parent;	/* 0, or only its children are given */
	bool is_folder; /* whose entries are read, not a file with words */
	struct file file;
};

/*
 * Begins a walk over the numbers in a folder: "/proc" has processes,
 * "/proc/self/fd" descriptors. A folder that is not there has none.
 */
void proc_walk(struct proc_walk *walk, const char *folder);

/*
 * Begins a walk over all processes where `parent` is 0. Where it is foster's
 * pid, over its children: by /proc/thread-self/children, which is exact as long
 * as foster reaps nobody meanwhile, else over all whose parent it is.
 */
void proc_walk_processes(struct proc_walk *walk, int parent);

/*
 * The next number from 1 and below PID_MAX_LIMIT; other entries are passed
 * over. 0 at the end: then the walk is over and closed.
 */
int proc_next(struct proc_walk *walk);

#endif
