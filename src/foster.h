/*
 * foster: process 1 inside another program. Linux; C11 and C++11. foster(3)
 *
 * Either foster_run(), which starts a program and tends it, or its four parts,
 * for who forks:
 *
 *	foster_begin(&f, &options);		signals wait from here on
 *	pid = fork();
 *	if (pid == 0) {
 *		foster_child(&f);		as it was before
 *		execvp(...); _exit(127);	or go on as a function
 *	}
 *	foster_tend(&f, pid, &result);		or foster_end(&f), without a pid
 *
 * Who tends waits for all children of the process, takes all of its signals,
 * and returns when the program and what it left behind have ended. Until then
 * the caller may have no threads, wait for no child, and change neither signal
 * mask nor SIGCHLD. None of this allocates anything that outlives the call,
 * uses stdio or errno, has global state, reads the caller's environment, or
 * ends the process. A signal that nobody has taken then is the caller's.
 */
#ifndef FOSTER_H
#define FOSTER_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The one place where the version stands. */
#define FOSTER_VERSION "1.0.0"

/* What is visible where all else is hidden. */
#ifndef FOSTER_API
#define FOSTER_API __attribute__((visibility("default")))
#endif

/* Bytes of stack that each call has to find. */
#define FOSTER_STACK 16384

enum foster_flags {
	FOSTER_GROUP = 1 << 0,	     /* signals go to the program's group */
	FOSTER_WAIT_ALL = 1 << 1,    /* leftovers may run until told to stop */
	FOSTER_SAME_GROUP = 1 << 2,  /* the program stays in the caller's */
	FOSTER_TERMINAL = 1 << 3,    /* the program gets it, if foster has it */
	FOSTER_NO_REAPER = 1 << 4,   /* become no subreaper; not process 1 */
	FOSTER_ROOT = 1 << 5,	     /* once the program runs, change to "/" */
	FOSTER_PAUSE = 1 << 6,	     /* no program: tend until TERM or INT */
	FOSTER_WARN_REAPED = 1 << 7, /* say each orphan that was reaped */
	/*
	 * The process is foster's own: it has no other threads, which is not
	 * checked then, and exits as soon as the call returns, so that nothing
	 * is put back and no signal can end it with another status.
	 */
	FOSTER_EXITS = 1 << 8,
};

/*
 * What has happened. The callback returns event->value, or something else where
 * that says so; it runs where foster waits, with all signals blocked, and must
 * not wait, throw or jump out.
 */
enum foster_event_kind {
	FOSTER_BEGUN = 1, /* signals wait; nothing has been started yet */
	FOSTER_STARTED,	  /* the program, `pid`, is there; 0: a pause */
	/*
	 * Signal `value` came from `pid`. To be treated as the one returned, 1
	 * to 64 but CHLD; anything else drops it.
	 */
	FOSTER_SIGNALED,
	FOSTER_ENDED,  /* the program, with wait status `value` */
	FOSTER_REAPED, /* `pid`, another child, with wait status `value` */
	/*
	 * `text` is a line without its end. Returning 0 keeps it from standard
	 * error. Comes in the child, too: why a program cannot be run.
	 */
	FOSTER_MESSAGE,
};

struct foster_event {
	unsigned size; /* of this structure: it may grow at its end */
	enum foster_event_kind kind;
	int pid;
	int value;
	const char *text; /* until the callback returns */
};

/* A grace_ms that gives leftovers no time at all. */
#define FOSTER_NO_TIME (~0U)

/*
 * All zeroes but `size` are right for an init. It is the caller's, has to live
 * as long as the call, or until foster_tend() or foster_end() returns, and is
 * not written to. Times are milliseconds.
 */
struct foster_options {
	unsigned size;		 /* sizeof(struct foster_options) */
	unsigned flags;		 /* of enum foster_flags */
	unsigned grace_ms;	 /* for leftovers to end; 0: 8,000, of a
				    pause none */
	unsigned kill_after_ms;	 /* from the first TERM or INT; 0: never */
	int verbosity;		 /* -1 to 2: as -q, none, -v and -vv */
	int death_signal;	 /* to the program when the caller dies; or 0 */
	int close_from;		 /* these files and up, once it runs; 0: 3;
				    -1: none */
	unsigned char rewrite[65]; /* [signal]: forwarded as that; 0: as itself;
				      above 64: not at all */
	/*
	 * foster_run(): called in the child before it executes the program, or
	 * NULL. Other than 0: the child exits with that. Only what a signal
	 * handler may do, signal-safety(7).
	 */
	int (*child)(void *context);
	int (*event)(void *context, const struct foster_event *event);
	void *context; /* for both */
};

struct foster_result {
	unsigned size;	 /* sizeof(struct foster_result); set by the caller */
	int status;	 /* the program's, as wait(2) has it; of a pause: 0 */
	int exec_error;	 /* foster_run(): errno of the exec that failed; 0:
			    none did, or FOSTER_EXITS */
	int left;	 /* processes left when the grace time was over; -1:
			    some, without /proc */
	int stop_signal; /* the first TERM, INT or QUIT, as rewritten; or 0 */
};

/* Memory for one call, of the caller's; not to be moved. */
struct foster {
	unsigned long long space[128];
};

/*
 * Blocks all signals, which wait for foster_tend(), and becomes a subreaper.
 * Returns 0, or with nothing changed:
 * -EINVAL  options that are unknown or contradict each other, a wrong size
 * -E2BIG   `size` is larger than is known here, and not all of it zeroes
 * -EBUSY   the process has more than one thread
 */
FOSTER_API int foster_begin(struct foster *foster,
			    const struct foster_options *options);

/*
 * In the child that the caller has forked: leads a group of its own, gets the
 * terminal, and has signal mask and the disposition of SIGCHLD that the caller
 * had before foster_begin().
 */
FOSTER_API void foster_child(struct foster *foster);

/*
 * Tends `program`, a child that may have ended already; of a pause 0. Then puts
 * back the signal mask, the disposition of SIGCHLD, the subreaper flag, and the
 * terminal where the caller's group can be seen. `result` may be NULL.
 * Returns 0, or with all put back:
 * -ECHILD  it is no child, or the kernel has reaped it by itself
 * -EINVAL  its exit signal is not SIGCHLD (clone(2)) and it has not executed
 *          anything yet; a wrong size of `result`
 */
FOSTER_API int foster_tend(struct foster *foster, pid_t program,
			   struct foster_result *result);

/* Instead of foster_tend(), where there is no program: puts all back. */
FOSTER_API void foster_end(struct foster *foster);

/*
 * All of it, with a fork and an execve(2) of its own: argv[0] is searched in
 * the PATH of `envp` as execvp(3) does. Neither vector is written to. A program
 * that cannot be run is a child as any other, that ends with 126 or 127.
 * Returns as foster_begin() and foster_tend(), -EINVAL where argv is empty and
 * there is to be a program, and the error of fork(2).
 */
FOSTER_API int foster_run(const struct foster_options *options,
			  char *const argv[], char *const envp[],
			  struct foster_result *result);

/* 0 to 255, as a shell has it: 128 and the signal for a death by one. */
FOSTER_API int foster_exit_status(const struct foster_result *result);

#ifdef __cplusplus
}
#endif

#endif
