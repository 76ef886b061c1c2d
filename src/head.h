/*
 * The head of a file that should be run: what it is, what it needs, and what
 * is wrong with it. Pure; the bytes may be anything, and a NUL stands behind
 * them. execve(2), elf(5), fs/binfmt_script.c, fs/binfmt_elf.c
 */
#ifndef FOSTER_HEAD_H
#define FOSTER_HEAD_H

#include "wording.h"

enum {
	HEAD_SIZE = 4096,
	HEAD_SCRIPT_SIZE = 256, /* of which the kernel reads a script's name */
	HEAD_MACHINE_SIZE = 64, /* what head_machine() writes, at most */
};

enum head_kind {
	HEAD_EMPTY,
	HEAD_TEXT,   /* no NUL in its first line: a script without "#!" */
	HEAD_BINARY, /* none of the others */
	HEAD_SCRIPT, /* "#!" */
	HEAD_MARKED, /* the same behind a byte-order mark */
	HEAD_ELF,
};

/* What the file is whose first `length` bytes are `head`. */
enum head_kind head_kind(const char *head, long length);

/* The name of a script's interpreter: where it begins, and ends. */
const char *head_interpreter(const char *head, const char **end);

/*
 * What is wrong with an ELF file, a format for log_say() with its name and
 * head_machine()'s words; NO_WORDING where nothing is seen. `own` is the head
 * of one that runs here. *loader is the name of its loader, NULL where none
 * is seen.
 */
wording head_elf_fault(const char *head, long length, const char *own,
		       const char **loader);

/*
 * What an ELF file is built for, in words with Docker's name for it:
 * "aarch64 (--platform linux/arm64)". Gives the place of the NUL.
 */
char *head_machine(const char *head, char *to);

#endif
