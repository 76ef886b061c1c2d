/*
 * Command line and environment -> options, or the mistake in them. Pure: the
 * memory is the caller's, nothing is printed, no system call.
 */
#ifndef FOSTER_OPTIONS_H
#define FOSTER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "signals.h"
#include "status.h"
#include "wording.h"

enum { OPTIONS_GRACE_MS = 8000 };

struct options {
	uint32_t given; /* the flags, one bit each: options_has() */
	/* How long leftovers may take to end; 0: no time at all. */
	uint32_t grace_ms;
	/* From the first signal to end until SIGKILL; 0: never. */
	uint32_t kill_after_ms;
	int verbosity;               /* a level of log.h */
	/* The program and its arguments; program[-1] may be written to. */
	char **program;
	uint8_t death_signal;        /* for the program when foster dies, or 0 */
	uint8_t parent_death_signal; /* for foster when its parent dies, or 0 */
	struct signals_rewriting rewriting;
	struct status_remap remap;
};

/*
 * Options that are just given or not, by their letter: g (group), a (wait
 * for all), P (pause), w (warn of reaped), s, h (help), V (version), l
 * (licence), and t (called by a name for which it passes for tini). No two
 * of them share the lower five bits.
 */
#define OPTIONS_FLAG(letter) (UINT32_C(1) << ((letter) & 31))

static inline bool options_has(const struct options *options, char letter)
{
	return (options->given & OPTIONS_FLAG(letter)) != 0;
}

/* -h, -V or -l: the answer is all that is wanted. */
static inline bool options_is_question(const struct options *options)
{
	return (options->given & (OPTIONS_FLAG('h') | OPTIONS_FLAG('V') |
				  OPTIONS_FLAG('l'))) != 0;
}

/* Why the options are no use: "WORD VALUE: WHAT". */
struct options_mistake {
	wording what;      /* NO_WORDING: there is none */
	const char *word;  /* the option, or another word that is wrong */
	const char *value; /* of the option, or NULL */
	bool is_in_environment;
	char letter[3]; /* where `word` points to for short options */
};

/*
 * Reads the environment's words (TINI_..., DUMB_INIT_..., FOSTER_OPTIONS) and
 * then the command line; the later one wins. argv[0] is the name foster was
 * called by. FOSTER_OPTIONS is cut into words where it stands, and taken out
 * of the vector, so that an init inside does not obey it again. The options
 * are all zeroes before.
 */
void options_read(struct options *options, struct options_mistake *mistake,
		  char **argv, char **environment);

/* How foster is used, the first line of the help, newline included. */
wording options_usage(void);

/* The other lines of the help: the rows that options are parsed by. */
wording options_rows(void);

enum { OPTIONS_ROWS_SIZE = 1280 };

#endif
