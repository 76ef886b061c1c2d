/* Forwarding signals to the program. */
#ifndef FOSTER_FORWARD_H
#define FOSTER_FORWARD_H

#include "init.h"

/*
 * Sends `signal` to the program or its group in place of the one that `info`
 * tells of, with its sender and value where the kernel allows that. Says once
 * if it cannot.
 */
void forward_signal(struct init *init, int signal, const siginfo_t *info);

#endif
