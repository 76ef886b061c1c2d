/*
 * What foster says: each message one line on standard error, in one write, if
 * the caller does not take it. Nothing else writes text there but the usage
 * line.
 */
#ifndef FOSTER_LOG_H
#define FOSTER_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "foster.h"

/* How much is said: options -q, -v, -vv. A message has the level it needs. */
enum log_level {
	LOG_QUIET = -1,
	LOG_NORMAL = 0,
	LOG_VERBOSE = 1,
	LOG_EVERYTHING = 2,
};

/*
 * The longest line, newline included. Of a long argument the middle is left
 * out, of a line that is too long even so the end; "..." stands there.
 */
enum { LOG_LINE_MAX = 1024 };

/*
 * How long a message waits for a reader of standard error who does not read.
 * Then it is lost, and later ones do not wait until one went through: a stuck
 * reader must not keep process 1 from its work.
 */
enum { LOG_PATIENCE_MS = 1000 };

struct log {
	enum log_level level;
	bool is_stuck;
	/* Whose event() is asked before; or NULL. */
	const struct foster_options *options;
};

/* Whether a message of this level is said: for who has to prepare one. */
static inline bool log_wants(const struct log *log, enum log_level level)
{
	return log->level >= level;
}

/*
 * Says `format` where the log's level is at least `level`. The format knows %s
 * and %d only. Control characters in arguments are made visible (\n, \x1b).
 */
void log_say(struct log *log, enum log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Writes a whole text to standard error, as far as it takes it without making
 * foster wait but for LOG_PATIENCE_MS.
 */
void log_write(struct log *log, const char *text, size_t length);

#endif
