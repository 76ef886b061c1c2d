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
void *fuzz_room(size_t size);
void fuzz_forget(void);

/* ---- a door with no kernel behind it ---- */

/*
 * A file with these bytes is opened: gives its descriptor. A read of a folder
 * gives what getdents64(2) would for names that each end in a NUL.
 */
long fuzz_open(const char *bytes, size_t length, bool is_folder);
long fuzz_read(long fd, char *to, size_t size);
long fuzz_read_at(long fd, char *to, size_t size, long offset);
long fuzz_close(long fd);

/* How many are open. */
unsigned fuzz_open_files(void);

/* `size` bytes from there on are the caller's to be written to. */
void fuzz_check_room(const void *to, size_t size);

/* What was written, all in one: the line, or NULL where nothing was. */
long fuzz_write(long fd, const char *text, size_t length);
const char *fuzz_written(void);

/* It is one line, and nothing in it steers a terminal. */
void fuzz_check_line(const char *line, const char *beginning);

/* ---- a second reading ---- */

/* What file_number() is to give where `text` is the file; NULL: none. */
long long fuzz_file_number(const char *text, const char *key, long long most);

#endif
