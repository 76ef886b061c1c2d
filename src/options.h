/*
 * Command line and environment -> options, or the mistake in them. Pure: the
 * memory is the caller's, vectors and strings stay as they are, nothing is
 * printed, no system call.
 */
#ifndef FOSTER_OPTIONS_H
#define FOSTER_OPTIONS_H

#include <stdbool.h>

#include "foster.h"
#include "status.h"

/* What is wanted instead of a program. */
enum options_answer {
	ANSWER_NONE,
	ANSWER_HELP,
	ANSWER_VERSION,
	ANSWER_LICENSE
};

struct options {
	enum options_answer answer;
	bool is_tini; /* called by a name for which it passes for tini */
	struct status_remap remap; /* -e */
	int parent_death_signal; /* -p: to foster when its parent dies; or 0 */
	struct foster_options run;
	char *const *program; /* and its arguments */
};

/* Options in the environment, which the program does not get. */
#define OPTIONS_VARIABLE "FOSTER_OPTIONS"

enum { OPTIONS_WORD_SIZE = 256 };

/* Why the options are no use: "WORD VALUE: WHAT". Long words are cut. */
struct options_mistake {
	const char *what;	       /* NULL: there is none */
	char word[OPTIONS_WORD_SIZE];  /* the option or other word; or "" */
	char value[OPTIONS_WORD_SIZE]; /* of the option, or "" */
	bool is_in_environment;	       /* in FOSTER_OPTIONS */
};

/*
 * Reads the environment's words (TINI_..., DUMB_INIT_..., FOSTER_OPTIONS) and
 * then the command line; the later one wins. argv[0] is the name foster was
 * called by.
 */
void options_read(struct options *options, struct options_mistake *mistake,
		  char *const *argv, char *const *envp);

/* How foster is used: the first line of the help, newline included. */
extern const char options_usage[] __attribute__((visibility("hidden")));

enum { OPTIONS_HELP_SIZE = 2048 };

/* Writes the whole help; returns the place of the NUL. */
char *options_help(char help[OPTIONS_HELP_SIZE]);

#endif
