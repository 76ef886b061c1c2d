/*
 * family.h - inits over the actor "family", for the tests of what a program
 * leaves behind.
 *
 * The program is a tree of processes, described in actors/family.c, that say
 * each signal they get and when. The test holds two files: the program ends
 * when the test closes one (where it has the trait "input"), its leftovers when
 * it closes the other. So every order of events is the test's own choice, and
 * "it was told before that" never depends on how fast a machine is.
 *
 * What must happen without three quarters of the grace being over is tested
 * with a grace so long that they are longer than any wait of a test. What must
 * happen then, or at the end of the grace, is tested with a short one, and the
 * times are those that the processes themselves say.
 *
 * Options are given in FOSTER_OPTIONS, not on the command line: so most of
 * these tests can also be run, and seen to fail, with FOSTER=/usr/bin/tini or
 * another init that knows none of the options.
 */
#ifndef FAMILY_H
#define FAMILY_H

#include "e2e.h"

enum {
	FAMILY_STATUS = 37,	/* of the program */
	FAMILY_NOBODY = 65534,	/* who has the trait "user" */
};

struct family {
	struct e2e *init;
	int program;		/* when it ends, the program does */
	int leftovers;		/* when it ends, the leftovers do */
	int leftovers_read;	/* its other end, for who joins */
	long long ended_ms;	/* just before the program was told to end */
};

/*
 * Starts an init over a family and waits until all of it is there. The setup's
 * files, standard input and environment are set here. Options are split at
 * blanks; NULL: none. Wrapper: words before the actor on the init's command
 * line, the last NULL; or NULL. The setup is not needed later.
 */
#define family_start(...) family_start_from(__func__, __VA_ARGS__)
struct family family_start_from(const char *test,
				const struct e2e_setup *setup,
				const char *options,
				const char *const *wrapper, const char *tree);

/*
 * These options and the longest grace there is: whatever happens, it happens
 * because somebody did something.
 */
const char *family_patient(const char *options);
/*
 * These and a grace that is just so long that a wait of a test is over before
 * three quarters of it are: what happens then may be due to the time, too.
 */
const char *family_less_patient(const char *options);

/* The program, or the leftovers, may end now. */
void family_end_program(struct family *family);
void family_finish(struct family *family);

/* The process of that name: its number for the test. */
pid_t family_pid(struct family *family, const char *name);
/* What /proc calls it in its own mount namespace; 0 if there is none. */
pid_t family_number_in_proc(struct family *family, const char *name);

/* Waits until it has got that signal; returns when that was (e2e_now_ms()). */
long long family_got(struct family *family, const char *name, int number);
/* How often it has said so by now. */
size_t family_count(struct family *family, const char *name, int number);
/* How often it has said that it got any signal. */
size_t family_count_all(struct family *family, const char *name);
/* Waits until it has said so: "ends", "cleans up" ... */
void family_says(struct family *family, const char *name, const char *what);
/* Whether it has said so by now. */
bool family_said(struct family *family, const char *name, const char *what);

/*
 * Waits until the process has taken all signals that were sent to it before,
 * by one more: IO, which comes after all that a test counts (signal(7): the
 * lowest number first).
 */
void family_settle(struct family *family, const char *name);

/* Fails unless it got the signal that many times. */
#define family_check_count(...) \
	family_check_count_at(__FILE__, __LINE__, __VA_ARGS__)
void family_check_count_at(const char *file, int line, struct family *family,
			   const char *name, int number, size_t wanted);

/* The end of a family: the program's status, and nothing was said. */
#define family_check_silent_exit(members, status) do { \
	e2e_check_exit((members)->init, (status)); \
	e2e_check_silent((members)->init); \
} while (0)

/*
 * One more family, with its own tree, beside the init: a child of the test
 * whose output and file 3 are those of the init's programs.
 */
enum family_joins {
	FAMILY_BESIDE,		/* in the test's own namespace, unrelated */
	FAMILY_FROM_OUTSIDE,	/* in that of the init, as by nsenter(1) */
};

/*
 * With a number, it gets that process id; false if that is in use. Waits until
 * it is there.
 */
bool family_join(struct family *family, enum family_joins how, pid_t number,
		 const char *tree);

#endif
