/*
 * sim_kernel.h - what the files of the simulated kernel call of each other. Tests
 * include sim.h only.
 */
#ifndef SIM_KERNEL_H
#define SIM_KERNEL_H

#include "sim.h"

#define BIT(signal) (UINT64_C(1) << ((signal)-1))

enum { KERNEL_RTMIN = 32, OWN_SIGNALS_FROM = 128, STATUS_DUMPED = 0x80 };

/* siginfo, as much as is kept of it. */
struct info {
	int code;
	int pid;
	unsigned uid;
	long value; /* of SIGCHLD: the status */
};

struct sim_pending {
	struct sim_pending *next;
	struct info info;
	unsigned uid; /* whose queue it fills */
};

/* ---- processes.c ---- */

struct sim_process *process_create(struct sim_process *parent,
				   const char *name);
void process_exit(struct sim_process *process, int status);
void processes_begin(void);
void processes_end(void);
void process_move(struct sim_process *process, int group, int session);
bool process_may_signal(const struct sim_process *from,
			const struct sim_process *to, int signal);
struct sim_process *process_by_pid(int pid);
struct sim_process *group_first(int group);
bool group_is_orphaned(int group);

/* `from` is who is shown in the facts; force: from the kernel or outside. */
int signal_send(struct sim_process *to, int signal, const struct info *info,
		bool force, bool to_thread, int from);
void signal_group(int group, int signal, const struct info *info, int from);
/* The next of those in `set`, taken out; 0: none. */
int signal_take(struct sim_process *process, uint64_t set, struct info *info);
/* Whether a child is dead and not reaped. */
bool process_has_dead_child(struct sim_process *process);
uint64_t signal_pending(const struct sim_process *process);
void signal_flush(struct sim_process *process, uint64_t set);
/* What stops by default: the process stops, unless the kernel ignores that. */
bool signal_stops(struct sim_process *process, int signal);
/* Default action of a signal that was taken; false: it does nothing. */
enum action { ACTION_NONE, ACTION_STOP, ACTION_DIE };
enum action signal_default(const struct sim_process *process, int signal);
void signal_tell_continued(struct sim_process *process);
/* A traced process that took a signal stops, and its tracer is told. */
void signal_traps(struct sim_process *process, int signal);
/* ptrace(2), PTRACE_DETACH: 0 or a negative errno. */
long do_detach(struct sim_process *self, int pid, int signal);

/* As the system calls of those names, for `self`; negative errno. */
long do_kill(struct sim_process *self, int pid, int signal, int code);
long do_setpgid(struct sim_process *self, int pid, int group);
long do_setsid(struct sim_process *self);
/*
 * One look for a child: its pid, 0 if there is none yet, -ECHILD. `info` gets
 * what waitid(2) tells, `status` what wait4(2) does.
 */
long do_wait(struct sim_process *self, int which, int pid, int flags,
	     int *status, struct info *info);

void fact(enum sim_fact_kind kind, const struct sim_process *process, int other,
	  int number);

/* ---- files.c ---- */

void files_begin(void);
void files_end(void);
void files_share(struct sim_process *from, struct sim_process *to);
void files_standard(struct sim_process *process);
void files_drop(struct sim_process *process);
void files_close_on_exec(struct sim_process *process);
/* How execve(2) ends: 0 and what to run, or a negative errno. */
struct executable {
	const struct sim_script *script; /* NULL: foster */
};
long file_execute(unsigned uid, const char *path, struct executable *to,
		  int depth);
/* Whether the call is one of files; then *result is what it gives. */
bool file_call(struct sim_process *self, long number, const long *arguments,
	       long *result);
/* The pipe that descriptor `fd` of any process is an end of, or 0. */
int file_pipe(const struct sim_process *process, int fd);
bool pipe_has_writer(int pipe);
bool pipe_has_reader(int pipe);
/* Somebody has an end of it no more: its readers look again. */
void pipe_changed(int pipe);
/* ppoll(2) of a descriptor: whether it is ready. */
bool file_can_write(struct sim_process *self, int fd);
/* As tcsetpgrp(3) from `self`; 0, negative errno, or -512: signalled. */
enum { RESTART = -512 };
long terminal_set(struct sim_process *self, int group);
long terminal_read(struct sim_process *self);
/* All that its descriptors hold, piece by piece: for whoever compares states. */
void files_tell(const struct sim_process *self,
		void (*take)(const void *bytes, size_t size));
void terminal_leader_exits(struct sim_process *leader);

/* ---- actors.c ---- */

void actor_begin(struct sim_process *process, const struct sim_script *script);
/* Whether it has anything to do now; else `wake_ns` may say when. */
bool actor_can_step(const struct sim_process *process);
uint64_t actor_wake_ns(const struct sim_process *process);
void actor_step(struct sim_process *process);

/* ---- door.c ---- */

void fact_add(const struct sim_fact *fact);

/* Something has changed for it: it looks again. */
void wake(struct sim_process *process);
void unready(struct sim_process *process);
void timer_set(struct sim_process *process, uint64_t at_ns);
/* Gives what a dead native process ran on to the next one. */
void coroutine_drop(struct sim_process *process);

#endif
