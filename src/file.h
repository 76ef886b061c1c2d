/* Reading a piece of a file. */
#ifndef FOSTER_FILE_H
#define FOSTER_FILE_H

#include "sys.h"

/*
 * At most size - 1 bytes from `offset` on, with a NUL behind them; never
 * blocks on a FIFO and takes no terminal. Gives the number of bytes, or a
 * negative errno.
 */
long file_read(const char *path, char *buffer, size_t size, uint64_t offset);

#endif
