/*
 * Signals: names and numbers, rewriting. Pure.
 * signal(7); the names are those of kill -l.
 */
#ifndef FOSTER_SIGNALS_H
#define FOSTER_SIGNALS_H

#include "kernel.h"

/* What people write: RTMIN is glibc's 34 (it keeps 32 and 33 for itself). */
enum { SIGNALS_RTMIN = 34, SIGNALS_MAX = 64 };

/*
 * The number of a signal given as TERM, SIGTERM, sigterm, 15, RTMIN+3 or
 * RTMAX-1; -1 for anything else.
 */
int signals_number(const char *text);

/* As signals_number(), but only for a name. */
int signals_named(const char *text);

/* "SIGRTMIN+30" and a NUL. */
enum { SIGNALS_NAME_SIZE = 16 };

/*
 * The name of signal 1 to 64 with its SIG, written to `name` and returned.
 * Real-time signals count from SIGRTMIN; 32 and 33, which have no name, are
 * "signal 32".
 */
const char *signals_name(int signal, char name[SIGNALS_NAME_SIZE]);

/*
 * A rewriting has a byte for each signal, what it is forwarded as: 0 as itself,
 * up to SIGNALS_MAX that signal, above it (SIGNALS_DROPPED) not at all.
 */
enum { SIGNALS_REWRITING_SIZE = SIGNALS_MAX + 1, SIGNALS_DROPPED = 255 };

/*
 * Has `signal` forwarded as `as`, 0 for not at all. Whether it may be
 * rewritten is asked of signals_can_be_caught().
 */
void signals_rewrite(unsigned char rewriting[SIGNALS_REWRITING_SIZE],
		     int signal, int as);

/* What `signal` is forwarded as: itself, another, or 0. One pass. */
int signals_rewritten(const unsigned char rewriting[SIGNALS_REWRITING_SIZE],
		      int signal);

/* All of them. */
extern const struct kernel_sigset signals_all
	__attribute__((visibility("hidden")));

/* Not KILL and STOP (signal(7)); CHLD is foster's own. */
bool signals_can_be_caught(int signal);

/* INT, QUIT, TSTP or WINCH: what a terminal sends to its foreground group. */
bool signals_is_for_foreground(int signal);

/* Signal 1 to 64 in a set of 64 bits. */
#define SIGNALS_BIT(signal) (UINT64_C(1) << ((signal)-1))

static inline bool signals_has(uint64_t set, int signal)
{
	return (set & SIGNALS_BIT(signal)) != 0;
}

/* TERM, INT or QUIT: somebody wants the container to end. */
static inline bool signals_asks_to_end(int signal)
{
	return signal == SIGTERM || signal == SIGINT || signal == SIGQUIT;
}

#endif
