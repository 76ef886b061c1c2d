/*
 * suite.h - what the suites on the simulated kernel share.
 *
 * A suite is a file with one function, NAME_suite(), that has a line in
 * main.c. The environment:
 *
 *   MUST=1   a test that cannot run here fails; else it is skipped, and says
 *            what it misses
 */
#ifndef SIM_SUITE_H
#define SIM_SUITE_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>

/* Ends the test with a sentence about what went wrong, and the whole trace. */
#define sim_check(condition, ...) do { \
	if (!(condition)) \
		suite_fail(__FILE__, __LINE__, __VA_ARGS__); \
} while (0)

_Noreturn void suite_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Check's own assertions take the same way. */
#define _ck_assert_failed suite_assertion_failed
_Noreturn void suite_assertion_failed(const char *file, int line,
				      const char *expression,
				      const char *format, ...);

/* Says that the test cannot run here, and what is missing. */
void suite_skip(const char *test, const char *what);

/* Adds a test, unless it is not among those asked for. */
void suite_add(TCase *tcase, const TTest *test);

/* While this is set it is called instead of adding: for faults.c. */
extern void (*suite_collect)(const TTest *test);

/* While this is set it is called instead of failing, and must not return. */
extern void (*suite_instead)(void);

/* A test case of `suite` that may last that long. */
TCase *suite_case(Suite *suite, const char *name);

#endif
