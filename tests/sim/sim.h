/*
 * sim.h - a Linux kernel in memory, on which all of src/ runs unchanged.
 *
 * The objects of src/, compiled as for the libc door (-DFOSTER_LIBC), are
 * linked with tests/sim/ in the place of sys_libc.c. foster_main() then runs
 * as a coroutine in the process of the test: no real process, no real time,
 * no real file, some microseconds a run. The kernel has
 *
 *   processes.c  processes, groups, sessions, signals, waiting, death
 *   files.c      files, programs, /proc, the terminal
 *   actors.c     scripted processes: what the program and all others do
 *   door.c       sys_call() and sys_spawn(), coroutines, the scheduler, time
 *
 * and follows kernel/signal.c, exit.c, sys.c, pid_namespace.c,
 * drivers/tty/tty_jobctrl.c and fs/proc of Linux 6. conformance.c plays
 * scripts on it and on the real kernel, and compares.
 *
 * A run:
 *
 *	sim_begin();
 *	sim_program("/app", &server);		      what may be executed
 *	foster = sim_foster(NULL, "foster", "/app", NULL); process 1
 *	sim_when_waiting(sim_do_outside, foster->pid, SIGTERM);
 *	sim_run();				      until nothing can happen
 *	sim_status_of_foster(), sim_count(...), sim_output(2) ...
 *	sim_end();
 *
 * sim_begin() sets everything back; the fields of `sim` that stand under
 * "what the test sets" may be changed between it and sim_run().
 *
 * WHO RUNS WHEN. There are native processes (coroutines: foster, and its
 * child up to execve(2)) and actors. A native process runs from one system
 * call to the next; an actor does one step of its script, or takes one
 * signal. At each turn the scheduler lists what could happen next, in this
 * order:
 *
 *   1. the native process that ran last, if it is not blocked
 *   2. the other native processes that are not blocked
 *   3. actors that have something to do, the one that waits longest first
 *      (at most SIM_READY_CHOICES of them)
 *   4. the next event given by sim_any_time()
 *   5. if 1 to 3 are empty: the next event given by sim_when_waiting()
 *   6. if all of these are empty, and there is anything to wait for: time
 *      passes up to the next timer or sim_at() event. The clock moves only
 *      here. With sim.is_any_slow, 6 is offered beside 3 to 5 as well, so
 *      that an actor can be as slow as any, and deadlines can pass it; the
 *      number of orders is then no longer small.
 *
 * and takes the first, unless hooks.choose says which. So by default foster
 * is infinitely fast, actors come in turn, and each run is the same; with
 * hooks.choose every order can be played. Where hooks.choose is NULL a native
 * process is not interrupted between its system calls.
 *
 * HOOKS, all may be NULL; see struct sim_hooks:
 *   choose  every order of events (schedules/): give a number below choice->count
 *   fault   have the Nth system call fail (faults.c): count the calls, and
 *           give a negative errno for the one
 *   called  after each system call of a native process
 *   fact    whenever something has happened to a process (random.c: with
 *           sim.keeps_history off nothing is stored)
 *   stepped after each turn of the scheduler: check invariants over sim_first()
 *
 * A hook that finds something wrong calls sim_fail(); sim_run() then gives
 * SIM_FAILED, and sim.failure says what was wrong.
 */
#ifndef SIM_H
#define SIM_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "signals.h"

enum { SIM_READY_CHOICES = 8, SIM_FRAMES_MAX = 8, SIM_CAUGHT_MAX = 8 };

#define SIM_NEVER UINT64_MAX

/* ---- scripts of actors ---- */

struct sim_process;
struct sim_script;

/* Use the macros below. */
enum sim_step_kind {
	SIM_STEP_END,
	SIM_STEP_EXIT,
	SIM_STEP_DIE,
	SIM_STEP_FORK,
	SIM_STEP_EXEC,
	SIM_STEP_SLEEP,
	SIM_STEP_PAUSE,
	SIM_STEP_CATCH,
	SIM_STEP_IGNORE,
	SIM_STEP_DEFAULT,
	SIM_STEP_BLOCK,
	SIM_STEP_UNBLOCK,
	SIM_STEP_SETSID,
	SIM_STEP_LEAD_GROUP,
	SIM_STEP_SUBREAPER,
	SIM_STEP_DEATH_SIGNAL,
	SIM_STEP_WAIT,
	SIM_STEP_WAIT_ALL,
	SIM_STEP_REAP_FOR_EVER,
	SIM_STEP_SIGNAL_SELF,
	SIM_STEP_SIGNAL_PARENT,
	SIM_STEP_SIGNAL_CHILDREN,
	SIM_STEP_SIGNAL_GROUP,
	SIM_STEP_SIGNAL_PID,
	SIM_STEP_QUEUE_PID,
	SIM_STEP_SET_USER,
	SIM_STEP_READ_TERMINAL,
	SIM_STEP_TAKE_TERMINAL,
	SIM_STEP_PIPE,
	SIM_STEP_READ_PIPE,
	SIM_STEP_WRITE_PIPE,
	SIM_STEP_TRACE_ME,
	SIM_STEP_CALL,
	SIM_STEP_REPEAT,
};

struct sim_step {
	enum sim_step_kind kind;
	int value;
	long other;
	const void *what;
	void (*call)(struct sim_process *self, int value);
};

/*
 * Inside a function such a script must not be static, since its steps are not.
 *
 * The steps, one after the other; a process whose steps are over exits with
 * 0, a handler whose steps are over goes back to what it interrupted. In C:
 *
 *	static const struct sim_script server = {
 *		"server",
 *		.on = SIM_ON({ SIGTERM, SIM_STEPS(SIM_SLEEP(200),
 *						      SIM_EXIT(0)) },
 *			     { SIGINT, SIM_IGNORED }),
 *		.steps = SIM_STEPS(SIM_FORK(&worker), SIM_PAUSE),
 *	};
 */
#define SIM_STEPS(...) ((const struct sim_step[]){ __VA_ARGS__, SIM_END })
#define SIM_ON(...) ((const struct sim_reaction[]){ __VA_ARGS__, { 0, NULL } })

#define SIM_END { .kind = SIM_STEP_END }
#define SIM_EXIT(status) { .kind = SIM_STEP_EXIT, .value = (status) }
/* By the signal, whatever is done about it; SIM_DUMP() leaves a core. */
#define SIM_DIE(signal) { .kind = SIM_STEP_DIE, .value = (signal) }
#define SIM_DUMP(signal) { .kind = SIM_STEP_DIE, .value = (signal) | 0x80 }
/* A child with that script, which begins to run when it is its turn. */
#define SIM_FORK(script) { .kind = SIM_STEP_FORK, .what = (script) }
/* Goes on as another program, which a wait for setpgid(2) sees. */
#define SIM_EXEC(script) { .kind = SIM_STEP_EXEC, .what = (script) }
#define SIM_SLEEP(ms) { .kind = SIM_STEP_SLEEP, .value = (ms) }
/* For ever; what .on says happens meanwhile. */
#define SIM_PAUSE { .kind = SIM_STEP_PAUSE }
#define SIM_CATCH(signal, steps) \
	{ .kind = SIM_STEP_CATCH, .value = (signal), .what = (steps) }
#define SIM_IGNORE(signal) { .kind = SIM_STEP_IGNORE, .value = (signal) }
#define SIM_DEFAULT(signal) { .kind = SIM_STEP_DEFAULT, .value = (signal) }
#define SIM_BLOCK(signal) { .kind = SIM_STEP_BLOCK, .value = (signal) }
#define SIM_UNBLOCK(signal) { .kind = SIM_STEP_UNBLOCK, .value = (signal) }
#define SIM_SETSID { .kind = SIM_STEP_SETSID }
#define SIM_LEAD_GROUP { .kind = SIM_STEP_LEAD_GROUP }
#define SIM_SUBREAPER { .kind = SIM_STEP_SUBREAPER, .value = 1 }
#define SIM_DEATH_SIGNAL(signal) \
	{ .kind = SIM_STEP_DEATH_SIGNAL, .value = (signal) }
/* Sleeps until a child has ended and reaps it; goes on if there is none. */
#define SIM_WAIT { .kind = SIM_STEP_WAIT }
#define SIM_WAIT_ALL { .kind = SIM_STEP_WAIT_ALL }
#define SIM_REAP_FOR_EVER { .kind = SIM_STEP_REAP_FOR_EVER }
#define SIM_SIGNAL_SELF(signal) \
	{ .kind = SIM_STEP_SIGNAL_SELF, .value = (signal) }
#define SIM_SIGNAL_PARENT(signal) \
	{ .kind = SIM_STEP_SIGNAL_PARENT, .value = (signal) }
#define SIM_SIGNAL_CHILDREN(signal) \
	{ .kind = SIM_STEP_SIGNAL_CHILDREN, .value = (signal) }
#define SIM_SIGNAL_GROUP(signal) \
	{ .kind = SIM_STEP_SIGNAL_GROUP, .value = (signal) }
/* kill(2) as it is: a pid, or less than 0 for a group or all. */
#define SIM_SIGNAL_PID(pid, signal) \
	{ .kind = SIM_STEP_SIGNAL_PID, .value = (signal), .other = (pid) }
#define SIM_SET_USER(uid) { .kind = SIM_STEP_SET_USER, .value = (uid) }
/* read(2) of the terminal: SIGTTIN to the group where it is in the background. */
#define SIM_READ_TERMINAL { .kind = SIM_STEP_READ_TERMINAL }
/* tcsetpgrp(3) to its own group: SIGTTOU where it is in the background. */
#define SIM_TAKE_TERMINAL { .kind = SIM_STEP_TAKE_TERMINAL }
/* Its descriptor `fd` is an end of that pipe from now on; 0: of none. */
#define SIM_PIPE(fd, pipe) \
	{ .kind = SIM_STEP_PIPE, .value = (fd), .other = (pipe) }
/* Reads descriptor 0, a pipe, until nobody can write to it any more. */
#define SIM_READ_PIPE { .kind = SIM_STEP_READ_PIPE }
/* Writes to descriptor 1, a pipe: SIGPIPE where nobody can read it. */
#define SIM_WRITE_PIPE { .kind = SIM_STEP_WRITE_PIPE }
/* PTRACE_TRACEME: its parent traces it. */
#define SIM_TRACE_ME { .kind = SIM_STEP_TRACE_ME }
/* Anything else: a function of the test. */
#define SIM_CALL(function, number) \
	{ .kind = SIM_STEP_CALL, .value = (number), .call = (function) }
/* From the first step on again. */
#define SIM_REPEAT { .kind = SIM_STEP_REPEAT }

/* What is done about a signal; steps, or: */
#define SIM_IGNORED ((const struct sim_step *)1)

struct sim_reaction {
	int signal;
	const struct sim_step *steps;
};

struct sim_script {
	const char *name;
	const struct sim_reaction *on; /* there before the first step */
	const struct sim_step *steps;
	/*
	 * The pipes that descriptors 0, 1, 2 are ends of, by number; 0: as they
	 * were inherited. SIM_FIFO + n is a named one, which has the inode of
	 * pipe n on another device.
	 */
	int input, output, errors;
};

enum { SIM_FIFO = 1000 };

/* A process that only sleeps, dies of what kills, stops of what stops. */
extern const struct sim_script sim_sleeper;
/* A process 1 or a shell that reaps whatever comes, and only that. */
extern const struct sim_script sim_reaper;

/* ---- processes: read them, and change them before sim_run() ---- */

enum sim_state { SIM_RUNNING, SIM_STOPPED, SIM_ZOMBIE };

struct sim_pending;

struct sim_queue {
	uint64_t bits; /* bit 0 is signal 1; what is below holds only where set */
	struct sim_pending *first[SIGNALS_MAX + 1];
	struct sim_pending *last[SIGNALS_MAX + 1];
};

struct sim_frame {
	const struct sim_step *steps;
	int at;
	int signal;	  /* that called it; 0: the script itself */
	uint64_t wake_ns; /* of the step that sleeps, SIM_NEVER: not yet */
};

struct sim_coroutine;
struct sim_descriptors;

struct sim_process {
	int pid;
	struct sim_process *parent; /* NULL: outside, getppid(2) gives 0 */
	int group, session;	    /* 0: outside */
	unsigned uid;
	enum sim_state state;
	int status;	     /* of a zombie, as wait4(2) has it */
	int stop_signal;     /* to be reported by a wait, else 0 */
	bool was_continued;  /* to be reported by a wait */
	bool is_subreaper;
	bool has_executed;
	int death_signal;
	bool is_traced;	     /* by its parent */
	bool is_trapped;     /* stopped because of that */
	int pipes[3];	     /* an actor's descriptors; 0: no pipe */
	uint64_t blocked;    /* bit 0 is signal 1 */
	uint64_t ignored;    /* SIG_IGN */
	uint64_t caught;     /* a handler: actors only */
	bool reaps_no_children; /* SA_NOCLDWAIT */
	bool hears_no_stops;	/* SA_NOCLDSTOP */
	const char *name;    /* of the script or the program */
	/* What /proc shows of it, and nothing more. */
	int threads_behind; /* the first thread has ended, these have not */
	bool is_held;	    /* in state D */
	bool is_of_kernel;  /* a thread of the kernel */

	/* The kernel's own. */
	struct sim_process *next, *previous; /* all of them, by age */
	struct sim_process *children, *last_child;
	struct sim_process *older, *younger; /* siblings */
	struct sim_process *group_next, *group_previous;
	struct sim_process *ready_next, *ready_previous;
	bool is_ready;
	bool is_exiting;
	bool owes_continued; /* CLD_CONTINUED, told when it runs */
	int injected;	     /* the signal that its tracer let through */
	uint64_t order;	   /* among its siblings */
	uint64_t identity; /* never used twice, as a pid is */
	struct sim_change *changes; /* a heap of children to be reported */
	size_t change_count, change_room;
	struct sim_queue shared, own; /* kill(2), tkill(2) */
	/* An actor's. */
	const struct sim_script *script;
	struct sim_frame frames[SIM_FRAMES_MAX];
	int depth;
	struct {
		int signal;
		const struct sim_step *steps;
	} reactions[SIM_CAUGHT_MAX];
	int reaction_count;
	/* A native process's. */
	struct sim_coroutine *coroutine;
	bool is_blocked;	/* in a system call that waits */
	uint64_t wait_until_ns; /* SIM_NEVER: as long as it takes */
	uint64_t waits_for; /* signals that rt_sigtimedwait(2) takes */
	struct sim_descriptors *files;
};

/* ---- what happened ---- */

enum sim_fact_kind {
	SIM_FORKED,    /* pid; other: its parent */
	SIM_EXECUTED,  /* pid */
	SIM_SENT,      /* number: signal; other: the sender, code, value, fate */
	SIM_TAKEN,     /* an actor acts on a signal */
	SIM_DIED,      /* number: status as wait4(2) has it */
	SIM_REAPED,    /* pid, number; other: by whom, 0: by the kernel */
	SIM_HALTED,    /* number: the signal that stopped it */
	SIM_WENT_ON,   /* continued */
	SIM_ADOPTED,   /* other: its new parent */
	SIM_FOREGROUND, /* number: the terminal's new foreground group; pid: by */
	SIM_SWEPT,     /* process 1 has exited and the kernel killed it */
	SIM_FACT_KINDS,
};

enum sim_fate {
	SIM_QUEUED,
	SIM_MERGED, /* with one that was pending */
	SIM_DROPPED, /* ignored, or the process is a zombie */
};

struct sim_fact {
	enum sim_fact_kind kind;
	uint64_t ns;
	int pid;
	int other;
	int number;
	int code;
	long value;
	enum sim_fate fate;
	const char *name; /* of the process */
};

enum { SIM_CALL_TEXT = 48, SIM_CALL_SPAWN = -1, SIM_CALL_TRIM = -2 };

struct sim_call {
	uint64_t ns;
	int pid;
	long number; /* SYS_..., or SIM_CALL_SPAWN: sys_spawn() */
	long arguments[5];
	long result;
	unsigned long index;	  /* of foster's calls, from 0 */
	char text[SIM_CALL_TEXT]; /* the beginning of a path or of what is written */
};

/* ---- hooks ---- */

struct sim_choice {
	unsigned count;
	/* What could happen; see above. The process, or NULL: event or time. */
	struct sim_process *who[SIM_READY_CHOICES + 16];
	bool is_event[SIM_READY_CHOICES + 16];
	bool is_time[SIM_READY_CHOICES + 16];
	/* The call that the native process in who[0] is about to make. */
	const struct sim_call *call;
};

struct sim_hooks {
	void *context;
	unsigned (*choose)(void *context, const struct sim_choice *choice);
	/* 0, or the negative errno with which the call fails. */
	long (*fault)(void *context, const struct sim_call *call);
	void (*called)(void *context, const struct sim_call *call);
	void (*fact)(void *context, const struct sim_fact *fact);
	void (*stepped)(void *context);
};

/* ---- the kernel ---- */

enum sim_proc {
	SIM_PROC,	   /* of this PID namespace */
	SIM_PROC_ABSENT,
	SIM_PROC_OUTER,	   /* of the namespace around it: other numbers */
	SIM_PROC_NO_CHILDREN, /* no CONFIG_PROC_CHILDREN */
};

enum sim_stream {
	SIM_STREAM_CLOSED,
	SIM_STREAM_FILE,
	SIM_STREAM_TERMINAL,
	SIM_STREAM_STUCK,  /* a pipe that is full and nobody reads */
	SIM_STREAM_SOCKET,
	SIM_STREAM_SOCKET_STUCK,
	SIM_STREAM_BROKEN, /* a pipe without a reader */
	SIM_STREAM_CROWDED, /* a terminal with space for five bytes */
};

enum sim_tty {
	SIM_TTY,	/* /dev/tty is there */
	SIM_TTY_ABSENT, /* no such file: ENOENT */
	SIM_TTY_BROKEN, /* EIO */
};

struct sim {
	/* ---- what the test sets ---- */
	struct sim_hooks hooks;
	enum sim_proc proc;
	enum sim_tty tty;
	enum sim_stream streams[3];
	int pid_max;		 /* numbers are below it, and come again */
	unsigned queue_limit;	 /* RLIMIT_SIGPENDING, of one user */
	unsigned long call_limit; /* more is a failure: foster spins */
	bool keeps_history;
	bool keeps_calls;
	bool is_any_slow;	 /* time may pass while actors are ready */
	size_t piece_max;	 /* bytes that one read gives; 0: any number */
	bool is_alone;		 /* no orphan is adopted: prctl gives EINVAL */

	/* ---- what the test reads ---- */
	uint64_t now_ns;
	bool has_terminal;
	int terminal_session, foreground; /* 0: outside */
	struct sim_fact *facts;
	size_t fact_count;
	struct sim_call *calls;
	size_t call_count;	    /* in calls[] */
	unsigned long calls_made;   /* by native processes, in all */
	unsigned process_count;	    /* zombies included */
	int last_pid;
	bool is_over;		    /* process 1 has exited */
	int foster_status;	    /* as wait4(2) has it; -1: it lives */
	char failure[512];
};

extern struct sim sim;

/* An empty kernel; the clock stands at 1,000 s. */
void sim_begin(void);
void sim_end(void);

/*
 * For whoever plays other tests' worlds (faults.c): what sim_begin() sets
 * sim.hooks to, and what it calls before it forgets a world with a foster.
 */
extern struct sim_hooks sim_hooks_at_begin;
extern void (*sim_before_begin)(void);
/* The first foster, whose status sim_run() waits for; 0: none yet. */
int sim_pid_of_foster(void);

/* ---- building a world ---- */

/*
 * A new process. The first one is process 1. `parent` NULL: it came from
 * outside (docker exec): its parent is 0, its group and session its own.
 */
struct sim_process *sim_actor(struct sim_process *parent,
			      const struct sim_script *script);

/* foster itself, with those words and no environment. */
struct sim_process *sim_foster(struct sim_process *parent, ...)
	__attribute__((sentinel));
struct sim_process *sim_foster_with(struct sim_process *parent,
				    const char *const *argv,
				    const char *const *envp);

/* Any function as a native process, which calls by sys_...() of src/sys.h. */
struct sim_process *sim_native(struct sim_process *parent,
			       int (*function)(void *argument),
			       void *argument);

/*
 * The test itself as a native process, for calls outside of sim_run(): a wait
 * lets time pass up to its limit while nobody else does anything.
 */
struct sim_process *sim_self(struct sim_process *parent);

/* Joins or begins a group and a session, without any of the kernel's rules. */
void sim_put_into(struct sim_process *process, int group, int session);

/* The terminal, with its session and foreground group. */
void sim_give_terminal(int session, int foreground);

/* Descriptor `fd` of a native process is an open file. */
void sim_open_file(struct sim_process *process, int fd, const char *path);
/* What standard stream `fd` of a native process is from now on. */
void sim_set_stream(struct sim_process *process, int fd,
		    enum sim_stream stream);
/* The end of a pipe: of any process, but of an actor only its 0, 1 or 2. */
void sim_set_pipe(struct sim_process *process, int fd, int pipe);
bool sim_has_open(const struct sim_process *process, int fd);

/* Files. Strings are not copied. A program's file is an ELF that works. */
void sim_file(const char *path, const char *text);
void sim_file_mode(const char *path, const char *text, int mode);
void sim_bytes(const char *path, const void *bytes, size_t length, int mode);
void sim_folder(const char *path);
/* What is listed in a folder, also in /proc: names, a newline behind each. */
void sim_names(const char *path, const char *names);
void sim_program(const char *path, const struct sim_script *script);
/* foster's own file: who executes it starts another foster. */
void sim_program_foster(const char *path);
/* It lies on a mount that is noexec. */
void sim_file_not_executed(const char *path);
/* Opening and executing give this negative errno. */
void sim_file_refused(const char *path, int error);

/* ---- events: what happens, and when ---- */

typedef void (*sim_action)(int one, int other);

void sim_at(uint64_t ms_from_begin, sim_action action, int one, int other);
/* Whenever nobody can go on but time; one at a time, in their order. */
void sim_when_waiting(sim_action action, int one, int other);
/* Whenever hooks.choose likes, in their order. */
void sim_any_time(sim_action action, int one, int other);
/* Before foster's call number `index`, from 0. */
void sim_before_call(unsigned long index, sim_action action, int one,
		     int other);

/* Actions. A signal from outside the PID namespace: si_pid is 0, KILL and STOP
 * end and stop process 1, too. */
void sim_do_outside(int pid, int signal);
/* KILL, and it is dead before anything else happens: actors only. */
void sim_do_kill_now(int pid, int unused);
/* By kill(2) of root's, from a process of the namespace that is no relative
 * of foster's and has the number 0 in traces: si_pid is SIM_STRANGER. */
void sim_do_inside(int pid, int signal);
enum { SIM_STRANGER = 4000000 };
/* The same by sigqueue(3) from inside; the value is 1000 plus a count. */
void sim_do_queue(int pid, int signal);
/* By kill(2) of the process itself. */
void sim_do_itself(int pid, int signal);
/* By the kernel, as where a limit is reached. */
void sim_do_kernel(int pid, int signal);
/* Typed on the terminal: SIGINT, QUIT, TSTP; a change of size: WINCH. */
void sim_do_type(int signal, int unused);
void sim_do_hang_up(int unused, int unused_too);
/* Somebody makes it the foreground group. */
void sim_do_foreground(int group, int unused);
/* A process leaves the rest as it is: nothing happens. */
void sim_do_nothing(int unused, int unused_too);

/*
 * With this set, native processes run outside of all that: their calls go to
 * the kernel of this machine. For conformance.c.
 */
extern bool sim_is_real;

/* ---- running ---- */

enum sim_end_kind {
	SIM_ENDED,  /* foster is dead */
	SIM_ASLEEP, /* nothing can happen any more: foster waits for ever */
	SIM_FAILED, /* sim.failure says what is wrong */
	SIM_PAUSED, /* as long as sim_run_until() was asked to */
};

enum sim_end_kind sim_run(void);
/* No longer than to that time. */
enum sim_end_kind sim_run_until(uint64_t ms_from_begin);

void sim_fail(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

/* ---- asking ---- */

/*
 * The stack of a native process that waits for its turn: all that lives on it
 * is in [lowest, top); what its own code has there, with the registers it will
 * need, in [caller, top). `caller` is NULL where that is not known.
 */
struct sim_stack {
	char *lowest, *caller, *top;
};
struct sim_stack sim_stack_of(const struct sim_process *process);

uint64_t sim_now_ms(void); /* since sim_begin() */
/* The exit status of foster; 128 and the signal that ended it. -1: it lives. */
int sim_status_of_foster(void);
struct sim_process *sim_first(void); /* then ->next */
struct sim_process *sim_by_pid(int pid); /* zombies as well; or NULL */
/* The living process of that name, the n-th from 0; NULL: none. */
struct sim_process *sim_named(const char *name, unsigned n);
/* The pid that the n-th process of that name had or has; 0: none. */
int sim_pid_of(const char *name, unsigned n);
/*
 * How often it happened: to `pid` (0: to anyone), with that number (signal or
 * status; -1: any).
 */
unsigned sim_count(enum sim_fact_kind kind, int pid, int number);
/* How often `signal` was sent to `pid` by `sender` (-1: by anyone). */
unsigned sim_sent_by(int sender, int pid, int signal);
/* The n-th fact of that kind about `pid`, or NULL. */
const struct sim_fact *sim_fact(enum sim_fact_kind kind, int pid, int number,
				unsigned n);
unsigned sim_zombies(void);
/* What was written to fd 1 or 2, all in one. */
const char *sim_output(int fd);
/* Calls by their number; needs sim.keeps_calls. */
unsigned sim_calls_of(long number);
/* On stderr, for whoever debugs a test. */
void sim_print(void);

/* What the last execve(2) of a native process handed to its program. */
struct sim_execution {
	int pid;
	const char *path;
	char *argv[16];
	char *envp[16];
	uint64_t blocked, ignored;
	int group, foreground;
	bool is_open[64];
};
extern struct sim_execution sim_execution;

#endif
