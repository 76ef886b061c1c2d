/*
 * Signals: names and numbers, rewriting. Pure.
 * signal(7); the names are those of kill -l.
 */
#ifndef FOSTER_SIGNALS_H
#define FOSTER_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

#include "abi.h"

/* "SIGRTMIN+30" and a NUL. */
enum { SIGNALS_NAME_SIZE = 16 };

/*
 * The number of a signal given as TERM, SIGTERM, sigterm, 15, RTMIN+3 or
 * RTMAX-1; -1 for anything else. RTMIN is 34 and RTMAX 64.
 */
int signals_number(const char *text);

/* As signals_number(), but only for a name. */
int signals_named(const char *text);

/*
 * Writes the name of signal 1 to 64, with its SIG. Real-time signals are all
 * counted from SIGRTMIN; 32 and 33, which have no name, are "signal 32".
 * `name` has room for SIGNALS_NAME_SIZE bytes; gives the place of the NUL.
 */
char *signals_name(int signal, char *name);

/*
 * The bits in which each signal and what it is handed over as differ; all
 * zeroes change nothing.
 */
struct signals_rewriting {
	uint8_t change[SIGNAL_MAX + 1];
};

/*
 * Has `signal` handed over as `as`, 0 for not at all. Whether it may be
 * rewritten is asked of signals_can_be_caught().
 */
void signals_rewrite(struct signals_rewriting *rewriting, int signal, int as);

/* What `signal` is handed over as: itself, another, or 0. One pass. */
int signals_rewritten(const struct signals_rewriting *rewriting, int signal);

/* All of them. */
extern const struct signal_set signals_all
	__attribute__((visibility("hidden")));

/* Not so KILL and STOP (signal(7)); CHLD is foster's own. */
bool signals_can_be_caught(int signal);

/* INT, QUIT, TSTP or WINCH: what a terminal sends to its foreground group. */
bool signals_is_for_foreground(int signal);

/*
 * A signal in a set, with 64 as bit 0: a shift takes the lower six bits of a
 * number anyway.
 */
#define SIGNALS_BIT(signal) (UINT64_C(1) << ((signal) & 63))

static IN_LINE bool signals_has(uint64_t set, int signal)
{
	return (set >> (signal & 63) & 1) != 0;
}

/* TERM, INT or QUIT: somebody wants the container to end. */
static IN_LINE bool signals_asks_to_end(int signal)
{
	return signals_has(SIGNALS_BIT(SIGNAL_TERM) | SIGNALS_BIT(SIGNAL_INT) |
				   SIGNALS_BIT(SIGNAL_QUIT),
			   signal);
}

#endif
