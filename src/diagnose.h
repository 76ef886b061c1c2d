/*
 * Why a program cannot run, in words for people. Looks only after something
 * has failed.
 */
#ifndef FOSTER_DIAGNOSE_H
#define FOSTER_DIAGNOSE_H

#include "log.h"
#include "path.h"

/*
 * Says why `program` could not be run; `path` is where it was searched. Gives
 * the exit status, 126 or 127.
 */
int diagnose_failure(struct log *log, const char *program, const char *path,
		     const struct path_failure *failure);

#endif
