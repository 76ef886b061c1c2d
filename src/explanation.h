/*
 * Why a program cannot be run: a chain of files, each needed by the one before,
 * and what is wrong with the last. Text only: makes no system call.
 */
#ifndef FOSTER_EXPLANATION_H
#define FOSTER_EXPLANATION_H

#include "kernel.h"

enum {
	/* Of scripts run by scripts: fs/exec.c, exec_binprm. */
	EXPLANATION_STEPS_MAX = 5,
	/* And the program, and a link's two names. */
	EXPLANATION_CHAIN_SIZE =
		(EXPLANATION_STEPS_MAX + 3) * (KERNEL_PATH_MAX + 32),
	EXPLANATION_REASON_SIZE = KERNEL_PATH_MAX + 128,
};

/* "cannot run './run': its interpreter '/bin/bash' does not exist" */
struct explanation {
	int error;	     /* what execve(2) said, a negative errno */
	const char *missing; /* the reason if the last file is not there */
	char *file;	     /* the last one of the chain */
	char *end;	     /* of the chain */
	char path[KERNEL_PATH_MAX]; /* the part of `file` that is looked at */
	/* What stands behind the chain and its last quote. */
	char reason[EXPLANATION_REASON_SIZE];
	/*
	 * The files looked at, each needed by the one before: "./run': its
	 * interpreter '/bin/bash".
	 */
	char chain[EXPLANATION_CHAIN_SIZE];
};

/* Each search for a reason returns whether it is known now. */
enum { UNKNOWN = false, KNOWN = true };

/* The reason; these three return KNOWN. */
bool explanation_is(struct explanation *why, const char *reason);

/* A reason that names something. */
bool explanation_is_about(struct explanation *why, const char *before,
			  const char *name, const char *after);

/* The kernel's error and nothing else. */
bool explanation_is_error(struct explanation *why);

/*
 * Adds the file that the last one of the chain needs: its interpreter or its
 * loader. From now on that is the last one, and the one in question.
 */
void explanation_go_on(struct explanation *why, const char *as,
		       const char *name);

/* As explanation_go_on(), for an interpreter. */
void explanation_go_on_to_interpreter(struct explanation *why,
				      const char *name);

#endif
