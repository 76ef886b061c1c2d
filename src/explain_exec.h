/*
 * Why a program cannot be run, in words for people. Looks only after something
 * has failed.
 */
#ifndef FOSTER_EXPLAIN_EXEC_H
#define FOSTER_EXPLAIN_EXEC_H

#include "exec.h"
#include "log.h"

/*
 * Says why `program` could not be run; `path` is where it was searched.
 * Returns the exit status, 126 or 127.
 */
int explain_exec(struct log *log, const char *program, const char *path,
		 const struct exec_failure *failure);

#endif
