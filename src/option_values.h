/*
 * The values of options. Pure. Each function returns what is wrong with the
 * text, or NULL.
 */
#ifndef FOSTER_OPTION_VALUES_H
#define FOSTER_OPTION_VALUES_H

#include "signals.h"
#include "status.h"

/* 10, 10s, 500ms, 2m: in milliseconds, up to 2^31 (some 24 days). */
const char *option_duration(const char *text, uint32_t *ms);

/* TERM, SIGTERM, 15. */
const char *option_signal(const char *text, int *signal);

/* A status, or a signal's name for the status that it ends a program with. */
const char *option_status(const char *text, struct status_remap *remap);

/* A:B, two signals; B may be 0. */
const char *option_rewriting(const char *text,
			     unsigned char rewriting[SIGNALS_REWRITING_SIZE]);

#endif
