/*
 * door.h - a door with no kernel behind it: sys_call() as the tests want it.
 * It keeps what was written and gives files that the test has made up; all
 * other calls are the test's own, and one that it does not expect ends it.
 */
#ifndef DOOR_H
#define DOOR_H

#include "sys.h"

enum {
	DOOR_TEXT_MAX = 4096,
	DOOR_FILES_MAX = 128,
	DOOR_NEVER = -1,
};

struct door {
	/* What happened. */
	unsigned calls;
	unsigned write_count;
	struct {
		int fd;
		size_t length;
		char text[DOOR_TEXT_MAX]; /* with a NUL behind it */
	} last_write;
	unsigned poll_count;
	int polled_fd;
	short polled_events;
	int64_t poll_limit_ms; /* DOOR_NEVER: none */
	int open_files;

	/* What to answer. */
	long poll_answer;
	bool fails_writes; /* each answers `write_answer` */
	long write_answer;
	size_t read_most; /* bytes that a read gives; 0: as many as fit */
	long read_answer; /* at the end of the file */
	/* Other calls; NULL: none is to be expected. */
	long (*other)(long number, long a, long b, long c, long d, long e);
};

extern struct door door;

/* Forgets everything; a reader is there and all writes succeed. */
void door_reset(void);

/*
 * Puts a file there. Several with one path are what several openings find,
 * one after the other; the last one stays.
 */
void door_file(const char *path, const char *text);

/* The same for bytes that may be longer than a string, or hold a NUL. */
void door_bytes(const char *path, const char *bytes, size_t length);

/* A directory; each name ends with a newline. */
void door_directory(const char *path, const char *names);

/* Opening it gives the error. */
void door_refuse(const char *path, int error);

/* Ends the test: that call was not to be expected. */
_Noreturn void door_unexpected(long number);

/* How often a path was opened. */
unsigned door_openings(const char *path);

#endif
