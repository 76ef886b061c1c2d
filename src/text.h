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

/*
 * What of `text` follows `prefix`; NULL where it does not begin with it. A
 * `text` equal to the prefix gives its empty end.
 */
const char *text_after(const char *text, const char *prefix);

/* What follows the first `key` in `text`; NULL where it is not there. */
const char *text_behind(const char *text, const char *key);

/*
 * Copies what follows the first `key` in `text` to the end of that line, and a
 * NUL; gives the place of the NUL, or NULL where there is no key. `to` may be
 * the text itself.
 */
char *text_put_line(char *to, const char *text, const char *key);

/* The first `c` in `text`, or NULL; the NUL is not looked for, strchr(3). */
char *text_find(const char *text, char c);

/* Whether both are the same. */
bool text_equal(const char *one, const char *other);

/*
 * Reads decimal digits from *cursor on and moves it behind them. -1 where
 * there is none or the value is above `most`, itself at most INT64_MAX / 16.
 */
int64_t text_number(const char **cursor, int64_t most);

/* As text_number(), for a text that is a number and nothing else. */
int64_t text_whole_number(const char *text, int64_t most);

enum { TEXT_NUMBER_SIZE = 11 };

/*
 * Writes `number`, from 0 on, in decimal and a NUL; gives the place of the NUL.
 * `to` has room for TEXT_NUMBER_SIZE bytes.
 */
char *text_put_number(char *to, int number);

/* Copies `from` and a NUL; gives the place of the NUL. */
char *text_put(char *to, const char *from);

#endif
