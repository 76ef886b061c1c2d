/*
 * e2e.h - runs the real init, as process 1 and as a subreaper, under a test.
 *
 * A test prepares the world an init wakes up in (struct e2e_setup), starts it
 * with a command line, waits for what the programs under it print, sends
 * signals, and looks at its exit status. The framework sees to three things:
 *
 * - Nothing outlives a test. All tests live in a PID namespace of their own
 *   (where the kernel allows one), so that even an init that signals everybody
 *   reaches nobody else. Each init is killed when its test ends or dies;
 *   process 1 takes its namespace with it, and a subreaper's processes come
 *   to the test, which kills them, or to process 1 of that namespace.
 * - No wait is without a bound: E2E_WAIT_MS in the environment, else 20 s.
 *   Then the test fails with all that was printed so far.
 * - Nobody sleeps to let something happen. A test waits for a line of output,
 *   a state in /proc, an exit; e2e_until() waits for any other condition.
 *
 * The environment of the suite:
 *
 *   FOSTER=PATH      the init under test; default build/foster
 *   ACTORS=PATH      the folder of the actors; default build/actors
 *   MUST=1           a test that cannot run here fails; else it is skipped,
 *                    and says what it misses
 *   COUNTED=1        the init is built by make cover, to count its lines
 *   E2E_WAIT_MS=N    the bound of each wait
 *   E2E_NAMESPACE=0  as on a machine that allows no namespaces
 *
 * A test looks like this:
 *
 *	TEST_BOTH(the_status_of_the_program_is_foster_s)
 *	{
 *		struct e2e *init = e2e_start(
 *			&(struct e2e_setup){ .mode = _i },
 *			"--", e2e_actor("ends"), "7", NULL);
 *
 *		e2e_check_exit(init, 7);
 *		e2e_check_silent(init);
 *	}
 *
 * What a helper cannot find it fails with the output of the init, so most tests
 * need no messages.
 *
 * Follows unshare(1), clone(2), pid_namespaces(7), prctl(2), seccomp(2),
 * proc(5), signal(7).
 */
#ifndef E2E_H
#define E2E_H

#include <check.h>
#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>

enum e2e_limit_names {
	E2E_FILES_MAX = 12,
	E2E_REFUSALS_MAX = 12,
	E2E_LIMITS_MAX = 6,
	E2E_ROOT_FILES_MAX = 6,
	E2E_ARGUMENTS_MAX = 64,
	E2E_LAST_SIGNAL = 64,
};

/*
 * PROCESS_1: the first process of a fresh PID namespace in a mount namespace
 * of its own. SUBREAPER: an ordinary child of the test.
 */
enum e2e_mode { E2E_PROCESS_1, E2E_SUBREAPER, E2E_MODES };

/* The mode of case i of a test that has two for each of its values. */
static inline enum e2e_mode mode_of(int i)
{
	return (enum e2e_mode)(i % E2E_MODES);
}

/*
 * OWN: /proc shows the namespace the init lives in. NONE: /proc is an empty
 * folder. OUTER: /proc shows the PID namespace above, where the same numbers
 * belong to unrelated processes.
 */
enum e2e_proc { E2E_PROC_OWN, E2E_PROC_NONE, E2E_PROC_OUTER };

/*
 * USUAL: process 1 leads a session, as in the container engines; a subreaper
 * leads a process group, as under an interactive shell. LEADER: leads a
 * session. SHARED: it is a member of the test's group; for process 1 that group
 * lies outside the namespace, and getpgrp() is 0, as under unshare(1).
 */
enum e2e_session { E2E_SESSION_USUAL, E2E_SESSION_LEADER, E2E_SESSION_SHARED };

/*
 * The file `fd` of the test is number `as` for the init; fd 0 ends a list.
 * From 512 to 600 are files of the framework.
 */
struct e2e_file {
	int fd;
	int as;
};

/*
 * The system call fails with `error` for the init and all below it; error 0
 * ends a list. With `first_only`, only calls whose first argument is `first`:
 * { SYS_prctl, EINVAL, true, PR_SET_CHILD_SUBREAPER }. Where execve is refused,
 * the init itself is started with execveat.
 */
struct e2e_refusal {
	int call;
	int error;
	bool first_only;
	uint32_t first;
};

/* Soft and hard limit; used only where `set` is true. */
struct e2e_limit {
	int resource;
	rlim_t value;
	bool set;
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* A set of signals; unlike sigset_t it can hold 32 and 33. */
#define E2E_SIGNAL(number) (UINT64_C(1) << ((number) - 1))
#define E2E_ALL_SIGNALS (~UINT64_C(0))
#define E2E_ALL_CAPABILITIES (~UINT64_C(0))
#define E2E_CAPABILITY(number) (UINT64_C(1) << (number))

/*
 * How the init wakes up. All zero is the usual: process 1 with its own /proc,
 * standard input /dev/null, output and errors collected, no signal blocked or
 * ignored, no other file open, an environment of PATH alone, the test's folder
 * and user.
 */
struct e2e_setup {
	enum e2e_mode mode;
	enum e2e_proc proc;
	enum e2e_session session;

	const char *binary;		/* NULL: the init under test */
	const char *name;		/* argv[0]; NULL: the path */
	const char *const *environment;	/* exactly; ends in NULL */
	const char *cwd;

	/*
	 * In an empty root, which only PROCESS_1 can have, the init is /init;
	 * beside it are the named actors ("ends", or "usr/bin/ends" to put it
	 * into a folder), and a folder proc unless E2E_PROC_NONE. The test is
	 * skipped when the init needs a loader.
	 */
	bool empty_root;
	const char *root_files[E2E_ROOT_FILES_MAX];

	uint64_t blocked;
	uint64_t ignored;

	int stdio[3];			/* files of the test; 0: as usual */
	unsigned int closed;		/* bit n: file n is closed, n = 0..2 */
	struct e2e_file files[E2E_FILES_MAX];

	uid_t uid;			/* 0: as the test */
	gid_t gid;
	uint64_t lost_capabilities;	/* E2E_CAPABILITY(CAP_KILL) | ... */
	bool no_new_privileges;

	struct e2e_limit limits[E2E_LIMITS_MAX];
	struct e2e_refusal refuse[E2E_REFUSALS_MAX];

	/*
	 * Runs in the process that becomes the init, as the last thing before
	 * the gate of e2e_go(): it may start children, print the process id
	 * into a string of the environment, open a terminal ...
	 */
	void (*before_exec)(void *argument);
	void *argument;
};

/* What came out of one of its pipes so far, always ended by a null. */
struct e2e_text {
	int fd;
	char *bytes;
	size_t length;
	size_t room;
};

struct e2e {
	pid_t pid;			/* its number for the test */
	enum e2e_mode mode;
	bool has_exited;
	int wait_status;		/* as of waitpid(2) */
	struct e2e_text out;
	struct e2e_text err;

	int pidfd;			/* -1 where there are none */
	int gate;			/* a byte lets the init go */
	int report;			/* ends when it has been exec'ed */
	char *root;
	struct e2e *next;
};

/* Starting. Arguments are those after argv[0]; the last one is NULL. */

/* Starts an init; returns when it has been exec'ed. */
#define e2e_start(...) e2e_start_from(__func__, __VA_ARGS__)
/* The same in this mode, and as usual but for that. */
#define e2e_start_in(in_mode, ...) \
	e2e_start_from(__func__, \
		       &(struct e2e_setup){ .mode = mode_of(in_mode) }, \
		       __VA_ARGS__)

/*
 * In two steps: e2e_prepare() returns when everything is set up but the last
 * exec; e2e_go() lets that happen and does not wait, e2e_await_exec() does.
 * What is sent in between is pending for the init if it is in setup.blocked.
 */
#define e2e_prepare(...) e2e_prepare_from(__func__, __VA_ARGS__)
void e2e_go(struct e2e *init);
void e2e_await_exec(struct e2e *init);

struct e2e *e2e_start_from(const char *test, const struct e2e_setup *setup,
			   ...) __attribute__((sentinel));
struct e2e *e2e_prepare_from(const char *test, const struct e2e_setup *setup,
			     ...) __attribute__((sentinel));

/*
 * Kills it with all that is below it, reaps it and frees it. For tests that
 * start many: when a test ends, this is done for all it started.
 */
void e2e_end(struct e2e *init);

/* Absolute path of the init under test; of an actor; both are copies in the
 * folder of all tests. Of a file below the folder that the suite was started
 * in. Never freed. */
const char *e2e_binary(void);
const char *e2e_actor(const char *name);
const char *e2e_source(const char *name);

/* The environment that an init gets when a setup names none. */
extern const char *const e2e_environment[];

/* Output. A prefix is the beginning of a whole line of standard output. */

/* Waits for a line with this prefix; returns what follows in that line. */
const char *e2e_line(struct e2e *init, const char *prefix);
/* The same for the nth such line, from 1. */
const char *e2e_line_nth(struct e2e *init, const char *prefix, size_t nth);
/* The same, read as a number in base 10, or 0x... */
long long e2e_number(struct e2e *init, const char *prefix);
/* How many lines with this prefix have been printed by now. */
size_t e2e_count(struct e2e *init, const char *prefix);
/* Fails unless the lines with this prefix are these; the last is NULL. */
void e2e_check_lines(struct e2e *init, const char *prefix,
		     const char *const *expected);
/* Waits for standard error to hold this text. */
void e2e_says(struct e2e *init, const char *text);
/* How many lines of standard error hold this text by now. */
size_t e2e_said(struct e2e *init, const char *text);
/* Waits until nobody holds the output open any more: all below it are gone. */
void e2e_wait_end_of_output(struct e2e *init);

/* Signals, sent by the test. For the programs the sender is 0 in PROCESS_1. */
void e2e_kill(struct e2e *init, int number);
/* 0, or EAGAIN when the queue is full; else the test fails. */
int e2e_queue(struct e2e *init, int number, int value);

/* How the lines begin in which the actor "signals" says that it got one. */
const char *e2e_got(int signal);
/* Sends a signal and waits until that actor has got another one. */
void e2e_exchange(struct e2e *init, int sent, int expected);
/* All but KILL, STOP and CHLD. */
bool e2e_is_forwarded(int signal);

/*
 * Waits until it has ended, reads what is left of its output, and returns its
 * exit status, or minus the number of the signal that killed it.
 */
int e2e_exit(struct e2e *init);
/* The same with a bound of its own. */
int e2e_exit_within(struct e2e *init, long long bound_ms);
/* True if it has ended by now. */
bool e2e_is_over(struct e2e *init);
/* Whether it runs and is the init: not the program itself, by a bare exec. */
bool e2e_is_init(const struct e2e *init);

/* Fails with the whole output unless it ends with this status. */
#define e2e_check_exit(init, status) do { \
	struct e2e *e2e_init_ = (init); \
	int e2e_want_ = (status), e2e_got_ = e2e_exit(e2e_init_); \
	if (e2e_got_ != e2e_want_) \
		e2e_fail(e2e_init_, __FILE__, __LINE__, \
			 "exit status %d, expected %d", \
			 e2e_got_, e2e_want_); \
} while (0)

/* Fails with the whole output unless the expression is true. */
#define e2e_check(init, expression) do { \
	if (!(expression)) \
		e2e_fail((init), __FILE__, __LINE__, "not true: %s", \
			 #expression); \
} while (0)

/* Fails if anything has been written to standard error by now. */
#define e2e_check_silent(init) do { \
	struct e2e *e2e_init_ = (init); \
	if (e2e_said(e2e_init_, "") != 0) \
		e2e_fail(e2e_init_, __FILE__, __LINE__, "it is not silent"); \
} while (0)

/* Waits until the expression is true, looking again every millisecond. */
#define e2e_until(init, expression) do { \
	struct e2e *e2e_init_ = (init); \
	long long e2e_deadline_ms_ = e2e_deadline_ms(); \
	while (!(expression)) { \
		if (e2e_now_ms() > e2e_deadline_ms_) \
			e2e_fail(e2e_init_, __FILE__, __LINE__, \
				 "never true: %s", #expression); \
		e2e_look_again(e2e_init_); \
	} \
} while (0)

/* What a test is doing: told with its failures. */
extern const char *e2e_step;

void e2e_fail(struct e2e *init, const char *file, int line,
	      const char *format, ...)
	__attribute__((noreturn, format(printf, 4, 5)));
/* Reads what is there without waiting. */
void e2e_drain(struct e2e *init);
void e2e_look_again(struct e2e *init);
long long e2e_now_ms(void);
long long e2e_wait_ms(void);
long long e2e_deadline_ms(void);

/* Processes. Numbers are the test's, not those inside a namespace. */

/* The number, for the test, of what is `inner` to the init's namespace. */
pid_t e2e_pid(struct e2e *init, pid_t inner);
/* The letter of its state in /proc (R S D T Z ...); 0 if it is gone. */
char e2e_state(pid_t pid);
/* Waits until the state is one of these letters. */
void e2e_wait_state(struct e2e *init, pid_t pid, const char *letters);
/* Waits until it is gone: dead and reaped. */
void e2e_wait_gone(struct e2e *init, pid_t pid);
/*
 * Waits until the init sleeps in its one wait for a signal: the program has
 * been started then, and what foster does after that is done.
 */
void e2e_wait_idle(struct e2e *init);
bool e2e_is_idle(const struct e2e *init);
/* Waits for that, and tells whether it is for no longer than some time. */
bool e2e_has_deadline(struct e2e *init);
/*
 * The value of a field of /proc/PID/status ("SigBlk"), without blanks around
 * it. The caller frees it; NULL if the process or the field is not there.
 */
char *e2e_status_field(pid_t pid, const char *field);
/* The same read as a number of this base; fails if it is not there. */
unsigned long long e2e_status_number(struct e2e *init, pid_t pid,
				     const char *field, int base);
/* The target of a link in /proc/PID ("cwd", "fd/1"); to be freed, or NULL. */
char *e2e_link(pid_t pid, const char *name);
/* Bit n is set if file n < 64 of the process is open; from /proc/PID/fd. */
uint64_t e2e_open_files(struct e2e *init, pid_t pid);
/* How many children a process has in /proc, those that wait to be reaped too */
size_t e2e_children(pid_t pid);
/*
 * How many living processes have come to the test because their init died and
 * left them: SUBREAPER only.
 */
size_t e2e_survivors(void);

/* Files. */

/* An empty folder for this test alone, removed with it. Never freed. */
const char *e2e_folder(void);
/* Joins two paths with a slash. Never freed. */
const char *e2e_path(const char *folder, const char *name);
/* Writes a file; the mode is exact whatever the umask. Returns the path. */
const char *e2e_write(const char *folder, const char *name, mode_t mode,
		      const void *bytes, size_t length);
const char *e2e_write_text(const char *folder, const char *name, mode_t mode,
			   const char *text);
/*
 * The header of an ELF program for this machine, with two program headers at
 * that offset.
 */
void e2e_elf_header(Elf64_Ehdr *header, size_t segments_at);
/* Reads a whole file; to be freed. The length may be NULL. */
char *e2e_read(const char *path, size_t *length);
/* A pipe whose ends close on exec: ends[0] reads, ends[1] writes. */
void e2e_pipe(int ends[2]);

/*
 * Ends this test as one that cannot run here. `what` completes the sentence
 * "needs ...". With MUST=1 that is a failure.
 */
#define e2e_skip(what) e2e_skip_from(__func__, what)
void e2e_skip_from(const char *test, const char *what)
	__attribute__((noreturn));
/* Skips where the test could not give processes the user id. */
#define e2e_need_user(uid) e2e_need_user_from(__func__, uid)
void e2e_need_user_from(const char *test, uid_t uid);

/* An init that needs no loader: what is refused is not refused to that. */
#define e2e_need_static() e2e_need_static_from(__func__)
void e2e_need_static_from(const char *test);

/* One as it is shipped: it is small, and makes no calls but its own. */
#define e2e_need_shipped() e2e_need_shipped_from(__func__)
void e2e_need_shipped_from(const char *test);

/*
 * Tests. One is defined where it stands and needs no other line: a file
 * check_NAME.c is the suite NAME. TEST runs once, TEST_BOTH in each mode, which
 * is _i then, TEST_TIMES with _i from 0 to times - 1. Each may take five
 * minutes: that is for what hangs; a slow and busy machine needs more than one
 * for some.
 */
struct e2e_test {
	TTest test;
	int first, times;	/* values of _i */
	struct e2e_test *next;
};

void e2e_add(struct e2e_test *test);

#define TEST_TIMES(count, title) \
	static void title(int _i); \
	__attribute__((constructor)) static void title##_add(void) \
	{ \
		static struct e2e_test test = { \
			.test = { #title, title, __FILE__, __LINE__ } \
		}; \
\
		test.times = (int)(count); \
		e2e_add(&test); \
	} \
	static void title(int _i __attribute__((unused)))
#define TEST(title) TEST_TIMES(1, title)
#define TEST_BOTH(title) TEST_TIMES(E2E_MODES, title)

/*
 * Each row of a table is a test, with the row's name: play(row, i) with i from
 * 0 to times(row) - 1, at most 63.
 */
#define TEST_ROWS(table, play, times_of) \
	static void table##_play(int i) \
	{ \
		play(&(table)[i / 64], i % 64); \
	} \
	__attribute__((constructor)) static void table##_add(void) \
	{ \
		static struct e2e_test tests[COUNT(table)]; \
		size_t i; \
\
		for (i = 0; i < COUNT(table); i++) { \
			tests[i].test.name = (table)[i].name; \
			tests[i].test.fn = table##_play; \
			tests[i].test.file = __FILE__; \
			tests[i].test.line = __LINE__; \
			tests[i].first = (int)i * 64; \
			tests[i].times = times_of(&(table)[i]); \
			e2e_add(&tests[i]); \
		} \
	} \
	struct e2e_test

static inline int in_both_modes(const void *row)
{
	(void)row;
	return E2E_MODES;
}


/* For main.c alone. */

/*
 * The suites of that name, "all" standing for every one: of their tests those
 * whose name holds the text and whose turn it is, counted from 0, when they are
 * dealt out. Skipped tests are counted in *skipped, which has to be shared.
 */
SRunner *e2e_runner(const char *suite, const char *text, unsigned which,
		    unsigned of, int *skipped);
/*
 * Runs a function in a child in a PID namespace of its own, whose process 1
 * kills what tests leave behind; returns what the function returned.
 */
int e2e_contain(int (*run)(void *argument), void *argument);
/* In a child: `signal` comes when the parent ends; if it has, so does this. */
void e2e_die_with(pid_t parent, int signal);

#endif
