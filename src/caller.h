/* Whether what the caller gives is as foster.h asks for. */
#ifndef FOSTER_CALLER_H
#define FOSTER_CALLER_H

#include <stdbool.h>

#include "foster.h"

/* 0, or the negative errno that foster_begin() returns. */
int caller_options_error(const struct foster_options *options);

/* The same of a result, which may be NULL. */
int caller_result_error(const struct foster_result *result);

/* The same of a child to be tended, for foster_tend(). */
int caller_child_error(int program);

/* Whether the process has more than one thread. */
bool caller_has_threads(void);

#endif
