/* Reading files: a piece of one, or all of it word by word. */
#ifndef FOSTER_FILE_H
#define FOSTER_FILE_H

#include "sys.h"

/*
 * At most size - 1 bytes from `offset` on, with a NUL behind them; never
 * blocks on a FIFO and takes no terminal. Gives the number of bytes, or a
 * negative errno.
 */
long file_read(const char *path, char *buffer, size_t size, uint64_t offset);

enum { FILE_WORD_SIZE = 64, FILE_PIECE_SIZE = 1024 };

/* A file or a folder that is read word by word. */
struct file {
	int fd;
	int at, length; /* of what is in the buffer */
	char end;	/* of each word; NUL: a folder, the names in it */
	char word[FILE_WORD_SIZE];
	_Alignas(8) char buffer[FILE_PIECE_SIZE];
};

/*
 * Begins at the beginning. Gives the descriptor, which is to be closed, or a
 * negative errno: then there is no word.
 */
int file_begin(struct file *file, const char *path, char end);

/* The next word, NULL behind the last; a long one is cut, but for a name. */
const char *file_next(struct file *file);

/*
 * The number that follows `key` at the beginning of a line, which ends behind
 * it; of the first such line. -1 where there is none, or one above `most`.
 */
int64_t file_number(const char *path, const char *key, int64_t most);

#endif
