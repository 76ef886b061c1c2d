/*
 * What foster says: each message one line on standard error, in one write.
 * Nothing else writes text.
 */
#ifndef FOSTER_LOG_H
#define FOSTER_LOG_H

#include "sys.h"
#include "verbosity.h"
#include "wording.h"

/* The longest line, newline included; a longer one is cut and ends in "...". */
enum { LOG_LINE_MAX = 1024 };

/*
 * How long a message waits for a reader of standard error who does not
 * read. Then it is lost, and later ones do not wait until one went through:
 * a stuck reader must not keep process 1 from its work.
 */
enum { LOG_PATIENCE_MS = 1000 };

struct log {
	int level;
	bool is_stuck;
};

/*
 * Says `format` where the log's level is at least `level`. In the format
 * stand for arguments:
 *   %s  a string
 *   %t  a wording
 *   %d  an int from 0 on
 *   %g  a signal's number: its name
 *   %e  a negative errno: the error
 *   %w  a wait status of a dead process, in words
 * Control characters in arguments are made visible (\n, \x1b).
 */
void log_say(struct log *log, int level, wording format, ...);

#endif
