/*
 * fuzz.h - what the fuzz targets share. A target is a file fuzz_NAME.c with
 * libFuzzer's LLVMFuzzerTestOneInput(); its corpus is corpus/NAME, and its
 * words, where some help, are NAME.dict.
 *
 * Bytes become texts that lie in memory of exactly their size, so that the
 * sanitizer sees each byte that is read or written beyond.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define fuzz_check(condition, ...)                                             \
	do {                                                                   \
		if (!(condition))                                              \
			fuzz_fail(__FILE__, __LINE__, __VA_ARGS__);            \
	} while (0)

/* Says what does not hold, and ends the process: a finding. */
_Noreturn void fuzz_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* ---- what is made of the bytes ---- */

struct fuzz_bytes {
	const uint8_t *at, *end;
};

/* The next byte; 0 where there is none. */
unsigned fuzz_byte(struct fuzz_bytes *bytes);

/* The next `size` bytes as a number, the lowest first. */
uint64_t fuzz_number(struct fuzz_bytes *bytes, unsigned size);

/* A text up to the next NUL, or to the end; at most `most` bytes of it. */
char *fuzz_text(struct fuzz_bytes *bytes, size_t most);

/* The next bytes, as many as a number of two bytes says. */
char *fuzz_block(struct fuzz_bytes *bytes, size_t *length);

/* Memory that is gone when the run is over: fuzz_forget(). */
void *fuzz_memory(size_t size);
void fuzz_forget(void);

/* ---- a kernel that has files and nothing else ---- */

/* What openat(2) finds. A folder's bytes are names, each with a NUL behind it. */
struct fuzz_file {
	long error; /* negative errno; 0: it can be opened */
	const char *bytes;
	size_t length;
	bool is_folder;
};

#define FUZZ_NO_FILE ((struct fuzz_file){ .error = -ENOENT })

/* The target says what stands at `path`; by default nothing may be opened. */
struct fuzz_file fuzz_find(const char *path);

/* A file that has this text, or none where that is NULL. */
struct fuzz_file fuzz_text_file(const char *text);

/*
 * The target's own system calls, asked first: whether this is one, which then
 * gives *result. By default there are none.
 */
bool fuzz_call(long number, const long *arguments, long *result);

/* A run that makes more system calls does not end. */
void fuzz_allow_calls(unsigned count);

/* How many files are open. */
unsigned fuzz_open_files(void);

/* `size` bytes from there on are the caller's to be written to. */
void fuzz_check_buffer(const void *to, size_t size);

/* The line that was written, all in one; NULL where nothing was. */
const char *fuzz_written(void);

/* It is one line, and nothing in it steers a terminal. */
void fuzz_check_line(const char *line, const char *beginning);

/* ---- a second reading ---- */

/* What file_number() is to give where `text` is the file; NULL: none. */
long long fuzz_file_number(const char *text, const char *key, long long most);

#endif
