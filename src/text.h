/*
 * Strings and numbers. Pure: no system call, no state, no memory but the
 * caller's.
 */
#ifndef FOSTER_TEXT_H
#define FOSTER_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes before the NUL, strlen(3). */
size_t text_length(const char *text);

/* Whether both are the same, strcmp(3). */
bool text_equal(const char *one, const char *other);

/*
 * What of `text` follows `prefix`; NULL where it does not begin with it. A
 * `text` equal to the prefix gives its empty end.
 */
const char *text_after(const char *text, const char *prefix);

/* The first `c` in `text`, or NULL; the NUL is not looked for, strchr(3). */
const char *text_find(const char *text, char c);

/*
 * The bytes of the character that `text` begins with, as UTF-8 has it, if it
 * can be shown. 0 for a control character, U+0080 to U+009F among them, and
 * for bytes that are no character, utf-8(7); also for the end.
 */
size_t text_printable(const char *text);

/*
 * Reads decimal digits from *cursor on and moves it behind them. -1 where
 * there is none or the value is above `limit`, itself at most INT64_MAX / 16.
 */
int64_t text_number(const char **cursor, int64_t limit);

/* As text_number(), for a text that is a number and nothing else. */
int64_t text_whole_number(const char *text, int64_t limit);

/* "4294967295" and a NUL. */
enum { TEXT_NUMBER_SIZE = 11 };

/*
 * Writes `number` in decimal and a NUL; returns the place of the NUL. `to` has
 * space for TEXT_NUMBER_SIZE bytes.
 */
char *text_put_number(char *to, unsigned number);

/* Copies `from` and a NUL; returns the place of the NUL, stpcpy(3). */
char *text_put(char *to, const char *from);

/* Copies as much of `from` as `size` has space for, and a NUL; strlcpy(3). */
void text_cut(char *to, size_t size, const char *from);

#endif
