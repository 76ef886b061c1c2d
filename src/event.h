/* Telling the caller what happens: foster.h, FOSTER_STARTED and on. */
#ifndef FOSTER_EVENT_H
#define FOSTER_EVENT_H

#include "foster.h"

/* Returns what the caller's event() does; where there is none, `value`. */
int event_tell(const struct foster_options *options,
	       enum foster_event_kind kind, int pid, int value);

#endif
