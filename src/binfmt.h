/*
 * The head of a file that should be run: what kind it is, what it needs, what
 * is wrong with it. Pure; the bytes may be anything, and a NUL stands behind
 * them. execve(2), elf(5), fs/binfmt_script.c, fs/binfmt_elf.c
 */
#ifndef FOSTER_BINFMT_H
#define FOSTER_BINFMT_H

#include <stdbool.h>
#include <stdint.h>

enum {
	BINFMT_HEAD_SIZE = 4096,
	BINFMT_SCRIPT_SIZE = 256, /* in which a script's name has to end */
	BINFMT_MACHINE_END = 20,  /* of an ELF file show its machine */
	BINFMT_MACHINE_SIZE = 64, /* what binfmt_machine() writes, at most */
};

/* No file has that place: pread(2) refuses it. */
#define BINFMT_NOWHERE UINT64_MAX

enum binfmt_kind {
	BINFMT_SCRIPT,	      /* "#!" */
	BINFMT_MARKED_SCRIPT, /* the same behind a byte-order mark */
	BINFMT_ELF,
	BINFMT_TEXT, /* no NUL in its first line: a script for /bin/sh */
	BINFMT_EMPTY,
	BINFMT_BINARY, /* none of the others */
};

/* What the file is whose first `length` bytes are `head`. */
enum binfmt_kind binfmt_kind(const char *head, long length);

/* The name of a script's interpreter: where it begins, and ends. */
char *binfmt_interpreter(char *head, char **end);

enum binfmt_elf_fault {
	ELF_NO_FAULT,
	ELF_CUT_SHORT,
	ELF_NOT_EXECUTABLE,
	ELF_NOTHING_TO_LOAD,
};

/*
 * What is wrong with an ELF file. *loader_at is where in the file the name of
 * its loader stands, BINFMT_NOWHERE where none is seen.
 */
enum binfmt_elf_fault binfmt_elf_fault(const char *head, long length,
				       uint64_t *loader_at);

/*
 * Whether two ELF files are built for the same machine. This and the next two
 * read the first BINFMT_MACHINE_END bytes.
 */
bool binfmt_is_same_machine(const char *head, const char *other);

/*
 * Whether the first is for 32 bits, and the kernel of the second one's machine
 * of 64 bits may run it: i386 on x86_64, arm on aarch64.
 */
bool binfmt_is_32_bit_half(const char *head, const char *other);

/*
 * What an ELF file is built for, in words with Docker's name for it:
 * "aarch64 (--platform linux/arm64)". Written to `words` and returned.
 */
const char *binfmt_machine(const char *head, char words[BINFMT_MACHINE_SIZE]);

#endif
