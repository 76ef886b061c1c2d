/*
 * unit.h - what the unit suites share.
 *
 * A suite is a file check_NAME.c with one function, NAME_suite(), that has a
 * line in main.c. A test goes through as many values as there are, so most
 * checks stand in loops: unit_check() costs nothing where it holds, and says
 * which values it was where it does not.
 *
 * The environment of the suites:
 *
 *   SRC=PATH  the sources that check_layering.c reads; default src
 *   MUST=1    a test that cannot run here fails; else it is skipped, and says
 *             what it misses
 */
#ifndef UNIT_H
#define UNIT_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define unit_check(condition, ...) do { \
	if (!(condition)) \
		unit_fail(__FILE__, __LINE__, __VA_ARGS__); \
} while (0)

/* Ends the test with a sentence about what went wrong. */
_Noreturn void unit_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Says that the test cannot run here, and what is missing. */
void unit_skip(const char *test, const char *what);

/* Adds a test, unless it is not among those asked for. */
void unit_add(TCase *tcase, const TTest *test);

/* A test case of `suite` with enough time for sanitizers. */
TCase *unit_tcase(Suite *suite, const char *name);

#define UNIT_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
