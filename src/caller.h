/* Whether what the caller gives is as foster.h asks for. */
#ifndef FOSTER_CALLER_H
#define FOSTER_CALLER_H

#include "foster.h"

/*
 * 0, or the negative errno that foster_begin() returns: of the options, or of
 * a process with more than one thread, where they do not say that it has one.
 */
int caller_error(const struct foster_options *options);

/* The same of a program to be executed, of which a pause has none. */
int caller_program_error(const struct foster_options *options,
			 char *const *argv);

/* The same of a result, which may be NULL. */
int caller_result_error(const struct foster_result *result);

/* The same of a child to be tended, for foster_tend(). */
int caller_child_error(int program);

#endif
