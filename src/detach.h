/* What foster lets go of once the program runs. */
#ifndef FOSTER_DETACH_H
#define FOSTER_DETACH_H

#include "foster.h"

/*
 * Changes to "/" (FOSTER_ROOT) and closes files (close_from). What the program
 * has open is its own: foster must not keep a pipe or a socket open behind its
 * back, nor a mount busy.
 */
void detach(const struct foster_options *options);

#endif
