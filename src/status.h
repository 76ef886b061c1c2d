/*
 * From the status of a dead program to the one foster exits with. Pure.
 * wait(2); a shell's $? follows the same rule.
 */
#ifndef FOSTER_STATUS_H
#define FOSTER_STATUS_H

#include <stdint.h>

enum {
	STATUS_OWN_FAILURE = 125, /* foster could not start the program */
	STATUS_CANNOT_RUN = 126,  /* the program is there and cannot be run */
	STATUS_NOT_FOUND = 127,
	STATUS_SIGNAL = 128, /* plus the signal's number */
};

/* The program's own status, or 128 and the signal that ended it. */
int status_of_death(int wait_status);

enum { STATUS_WORDS_SIZE = 48 };

/*
 * "exit status 3", or "killed by SIGSEGV (core dumped)", written to `words`
 * and returned.
 */
const char *status_in_words(int wait_status, char words[STATUS_WORDS_SIZE]);

/* The statuses that become 0, a bit each. */
struct status_remap {
	uint8_t becomes_0[256 / 8];
};

void status_remap(struct status_remap *remap, int status);

/* `status`, or 0 where it is remapped. Never for foster's own failures. */
int status_remapped(const struct status_remap *remap, int status);

#endif
