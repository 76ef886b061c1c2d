/* Reading files: a piece of one, its words or lines, a folder's entries. */
#ifndef FOSTER_FILE_H
#define FOSTER_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads at most size - 1 bytes from `offset` on, with a NUL behind them; never
 * blocks on a FIFO and takes no terminal. Returns the number of bytes, or a
 * negative errno.
 */
long file_read(const char *path, char *buffer, size_t size, uint64_t offset);

/* An open file or folder, read piece by piece. */
struct file {
	int fd; /* negative errno: it could not be opened, and has nothing */
	int position, length; /* of what is in the buffer */
	_Alignas(8) char buffer[1024];
};

/* Opens `path` at its beginning; file_close() may come in any case. */
void file_open(struct file *file, const char *path);
void file_close(struct file *file);

/*
 * The next word up to `separator` or the end of the file, in `word`; what does
 * not fit is cut. False behind the last one.
 */
bool file_next_word(struct file *file, char separator, char *word, size_t size);

/* The name of a folder's next entry, NULL behind the last one. */
const char *file_next_entry(struct file *file);

/*
 * What follows `key` at the beginning of a line, up to the line's end or as
 * much as `size` has space for; of the first line with that key. False where
 * there is none.
 */
bool file_value(const char *path, const char *key, char *value, size_t size);

/*
 * The number that follows `key` at the beginning of a line and ends the line;
 * of the first line with that key. -1 where there is none, or one above
 * `limit`.
 */
int64_t file_number(const char *path, const char *key, int64_t limit);

#endif
