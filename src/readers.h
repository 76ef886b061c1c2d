/*
 * Who reads what others write: in `server 2>&1 | tee log` the server's last
 * words must find a reader, so tee is told to end after it.
 */
#ifndef FOSTER_READERS_H
#define FOSTER_READERS_H

#include "init.h"

/* Each costs a walk over all processes: more are told like anybody. */
enum { READERS_MAX = 32 };

/*
 * Whether the standard input of `pid` is a pipe that is not foster's own and
 * that another living process has as its standard output or error.
 */
bool readers_wait(const struct init *init, int pid);

/*
 * Whether the leftover `pid`, which was told nothing, is to be passed over now:
 * as long as it waits, and a second longer. Where only foster has the pipe, as
 * its standard output or error, foster closes it.
 */
bool readers_pass_over(struct init *init, int pid);

#endif
