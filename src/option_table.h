/*
 * The options: the one table that parsing and --help follow, and what each of
 * them does. Pure.
 */
#ifndef FOSTER_OPTION_TABLE_H
#define FOSTER_OPTION_TABLE_H

#include "options.h"

/* Arrays, not pointers: those would need relocations. */
struct option {
	char letter;
	char name[13];
	char value[4]; /* how the help calls its value; "": it takes none */
	bool is_for_command_line; /* a mistake in FOSTER_OPTIONS */
	char help[40];
};

/* The option with this letter, or NULL. */
const struct option *option_by_letter(char letter);

/*
 * The option of this long name, or NULL. The name may be shortened as
 * getopt_long(3) allows: as long as no other one begins so. An exact name wins.
 */
const struct option *option_by_name(const char *name, bool *is_ambiguous);

/* Does what the option says; returns what is wrong with its value, or NULL. */
const char *option_obey(struct options *options, char letter,
			const char *value);

/* Writes the help's lines about options; returns the place of the NUL. */
char *option_help(char *to);

#endif
