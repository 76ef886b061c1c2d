/*
 * What in a file keeps it from being run: scripts and ELF files, as
 * fs/binfmt_*.c of the kernel read them. binfmt.h tells what is there, this
 * room what of it is the reason.
 */
#ifndef FOSTER_EXPLAIN_BINFMT_H
#define FOSTER_EXPLAIN_BINFMT_H

#include "binfmt.h"
#include "explanation.h"

/*
 * `head`, with space for KERNEL_PATH_MAX bytes, has the first `length` of the
 * last file of the chain, and is written over. Returns KNOWN, or UNKNOWN where
 * the chain now has the file that this one needs.
 */
bool explain_binfmt(struct explanation *why, char *head, long length);

#endif
