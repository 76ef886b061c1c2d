/*
 * The head of a file that should be run: what it is, what it needs, and what
 * is wrong with it. Pure; the bytes may be anything, and a NUL stands behind
 * them. execve(2), elf(5), fs/binfmt_script.c, fs/binfmt_elf.c
 */
#ifndef FOSTER_HEAD_H
#define FOSTER_HEAD_H

#include <stdint.h>

#include "wording.h"

enum {
	HEAD_SIZE = 4096,
	HEAD_SCRIPT_SIZE = 256,	 /* of which the kernel reads a script's name */
	HEAD_SHOWS_MACHINE = 20, /* of an ELF file are enough for that */
	HEAD_MACHINE_SIZE = 64,	 /* what head_machine() writes, at most */
};

/* No file has that place: pread(2) refuses it. */
#define HEAD_NOWHERE UINT64_MAX

enum head_kind {
	HEAD_SCRIPT, /* "#!" */
	HEAD_MARKED, /* the same behind a byte-order mark */
	HEAD_ELF,
	HEAD_MARKS,		/* those that are known by how they begin */
	HEAD_TEXT = HEAD_MARKS, /* no NUL in its first line: a script, too */
	HEAD_EMPTY,
	HEAD_BINARY, /* none of the others */
};

/* What the file is whose first `length` bytes are `head`. */
enum head_kind head_kind(const char *head, long length);

/* The name of a script's interpreter: where it begins, and ends. */
char *head_interpreter(char *head, char **end);

/*
 * What is wrong with an ELF file, a format for log_say() with its name;
 * NO_WORDING where nothing is seen. *loader_at is where in the file the name
 * of its loader stands, HEAD_NOWHERE where none is seen.
 */
wording head_elf_fault(const char *head, long length, uint64_t *loader_at);

/*
 * What an ELF file is built for, in words with Docker's name for it:
 * "aarch64 (--platform linux/arm64)". Other machines have other words, which
 * do not begin with these. Gives the place of the NUL.
 */
char *head_machine(const char *head, char *to);

#endif
