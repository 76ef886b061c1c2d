/*
 * process1.h - starts an init as process 1 of a fresh PID namespace, or among
 * the other processes here, and reads what the kernel says of it.
 */
#ifndef PROCESS1_H
#define PROCESS1_H

#include "bench.h"
#include <sys/types.h>

/* Zeroes stand for what is usual, so descriptors are numbers plus one. */
struct launch {
	char *const *argv;
	const char *file;  /* what is executed; NULL: argv[0] */
	char *const *envp; /* NULL: the tool's own */
	int stream[3];	   /* what becomes 0, 1, 2; 0: as they are */
	bool is_traced;	   /* asks to be traced, and stops once by SIGSTOP */
	bool is_at_fixed_places; /* no random addresses */
	bool is_subreaper; /* among the other processes: never process 1 */

	/* Out: why it could not be run, and what it had before its exec. */
	int error;
	long faults;
	int64_t cpu_ns;
};

/*
 * Comes back when it has been executed (traced: when it is about to stop);
 * it dies with its parent. Without root in a user namespace of its own.
 * Gives its pid, or -1 with the reason in `error`.
 */
pid_t launch(struct launch *launch);

/*
 * SIGKILL, which takes the whole namespace, and the wait for its end. A
 * subreaper's child comes to the tool then, and is killed, too.
 */
void end_process(pid_t pid);

/* The number behind `key` in /proc/PID/FILE; -1 where there is none. */
long process_number(pid_t pid, const char *file, const char *key);

/* Its one child, or 0 or less. */
pid_t process_child(pid_t pid);

/* As proc_pid_stat(5) has them. */
struct process_state {
	char letter;
	long faults;
};
bool process_state(pid_t pid, struct process_state *state);

/*
 * Waits until it sleeps. Once its program runs this means that it idles: a
 * vfork(2) would be D. False if it does not within some seconds.
 */
bool wait_until_asleep(pid_t pid);

/* An init in front of `hold`, which says when it runs. */
struct held {
	pid_t pid;
	int output; /* of the program */
	struct launch launch;
};

/* Started, its program up, idle; false if it does not come to that. */
bool hold(struct held *held);
void let_go(struct held *held);

/* Resident memory, smaps_rollup of proc_pid_smaps(5), in kB. */
long resident_kb(const struct held *held);

/* Page faults of its own from its exec on. */
long faults_of(const struct held *held);

/* How often it has slept and waked. */
long wakes_of(pid_t pid);

#endif
