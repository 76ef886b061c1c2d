/*
 * refused.h - inits that are refused system calls: refused.c.
 */
#ifndef REFUSED_H
#define REFUSED_H

#include "e2e.h"

enum {
	/* Of a grace time, a process that spins uses nearly all. */
	GRACE_MS = 300,
	BUSY_US = 100000,
	/* After the grace, one second for SIGKILL, and a slow machine. */
	SLACK_MS = 5000,
	ERRORS = 2,
	CASES = ERRORS * E2E_MODES,	/* of one call */
};

struct call {
	const char *name;
	int number;
};

#define CALL(name) { #name, SYS_##name }

static const struct call calls[] = {
	CALL(chdir), CALL(clock_gettime), CALL(close), CALL(close_range),
	CALL(getdents64), CALL(getpgid), CALL(getpid), CALL(getppid),
	CALL(ioctl), CALL(madvise), CALL(mmap), CALL(munmap), CALL(newfstatat),
	CALL(openat), CALL(pidfd_open), CALL(pidfd_send_signal), CALL(ppoll),
	CALL(prctl), CALL(pread64), CALL(ptrace), CALL(read), CALL(readlinkat),
	CALL(rt_sigaction),
	CALL(rt_sigprocmask), CALL(rt_sigqueueinfo), CALL(rt_sigtimedwait),
	CALL(faccessat), CALL(getxattr), CALL(sched_yield), CALL(sendto),
	CALL(setpgid), CALL(setsid), CALL(statfs),
	CALL(statx), CALL(tkill), CALL(wait4), CALL(waitid), CALL(write),
	/* The last: without it nobody can be told. */
	CALL(kill),
};

/* Nothing can be started without them, or nothing can end. */
static const struct call others[] = {
	CALL(clone), CALL(execve), CALL(exit_group), CALL(restart_syscall),
};

enum {
	CALLS = COUNT(calls),
	OTHERS = COUNT(others),
	/* Two cases for each call are tried at the same time. */
	BATCH = 2 * CALLS,
};

static const int errors[ERRORS] = { ENOSYS, EPERM };

/* One case of a test: which call is refused, how, and to whom. */
struct refused {
	const struct call *call;
	const struct call *also;	/* or NULL */
	int error;
	enum e2e_mode mode;
};

/* As e2e_check(), but says which case it was. */
#define refused_check(init, refused, expression) do { \
	if (!(expression)) \
		refused_fail((init), (refused), __LINE__, #expression); \
} while (0)

/* Case i of all. */
struct refused refused_of(int i);
/* Whether it is one of the calls that are refused. */
bool refused_is(const struct refused *refused, int number);
const char *refused_name(const struct refused *refused);
/* An init for the case, with this standard input. */
struct e2e_setup refused_setup(const struct refused *refused, int input);
/*
 * The init over the actor "minimal". Its standard input is a pipe whose other
 * end is in *input: when that is closed, the program ends.
 */
#define refused_start(...) refused_start_from(__func__, __VA_ARGS__)
struct e2e *refused_start_from(const char *test, const struct refused *refused,
			       int *input, const char *option,
			       const char *flag);
/* What it says about a refusal is said once, as a message of its own. */
void refused_said_once(struct e2e *init, const struct refused *refused);
/* Waits until it sleeps in a call that only an event can end. */
void refused_rest(struct e2e *init, const struct refused *refused);
/*
 * Waits for its end, no longer than the bound; false if that does not come.
 * Gives the processor time that it and its program used.
 */
bool refused_ends(struct e2e *init, long long bound_ms, long long *used_us);
const struct call *refused_number(int number);
/* Case i of those of one call. */
struct refused refused_call(int number, int i);
void refused_fail(struct e2e *init, const struct refused *refused, int line,
	       const char *expression) __attribute__((noreturn));

#endif
