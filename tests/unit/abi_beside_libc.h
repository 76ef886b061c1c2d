/*
 * abi_beside_libc.h - abi.h for files that include signal.h as well, which
 * has a POLL_OUT of its own: a code of SIGPOLL. To be included before it.
 */
#ifndef ABI_BESIDE_LIBC_H
#define ABI_BESIDE_LIBC_H

#define POLL_OUT ABI_POLL_OUT
#include "abi.h"
#undef POLL_OUT

#endif
