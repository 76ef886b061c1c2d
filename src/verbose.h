/*
 * What is said of signals and deaths as they come, most of it by -v and -vv.
 * Apart from where they are dealt with, whose code stays in memory.
 */
#ifndef FOSTER_VERBOSE_H
#define FOSTER_VERBOSE_H

#include "init.h"

/* A signal has come, and what is done about it. */
void verbose_signal(struct init *init, const siginfo_t *info,
		    enum lifecycle_action action);

/* Option -k; a program that has changed user may be out of reach: `error`. */
void verbose_kill(struct init *init, int error);

/* The program has ended, also one that could not be run. */
void verbose_end(struct init *init, int status);

/* An orphan has. */
void verbose_reaped(struct init *init, enum log_level level, int pid,
		    int status);

#endif
