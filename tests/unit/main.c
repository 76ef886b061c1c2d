/*
 * main.c - collects the unit suites and runs them.
 *
 *	check_unit [SUITE [PART-OF-A-TEST'S-NAME]]
 *
 * "all" stands for every suite. CK_VERBOSITY, CK_FORK and the other variables
 * of Check work as well. The exit status is 0 where all tests pass.
 */
#include "unit.h"
#include "../suites.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNIT_SUITES(suite) \
	suite(text) \
	suite(signals) \
	suite(status) \
	suite(errors) \
	suite(options) \
	suite(environment) \
	suite(lifecycle) \
	suite(binfmt) \
	suite(log) \
	suite(proc) \
	suite(explanation) \
	suite(explain_death) \
	suite(verbose) \
	suite(leftovers) \
	suite(terminal) \
	suite(job_control) \
	suite(loop) \
	suite(foster) \
	suite(kernel) \
	suite(layering)

#define DECLARE(name) Suite *name##_suite(void);
#define ROW(name) { #name, name##_suite },

UNIT_SUITES(DECLARE)

static const struct suites_row suites[] = { UNIT_SUITES(ROW) };

#ifdef UNIT_FILES
_Static_assert(sizeof(suites) / sizeof(suites[0]) == UNIT_FILES,
	       "each check_*.c has its line above, and runs");
#endif

enum { TEST_BOUND_S = 120 };

static const char *only_text = "";

void unit_fail(const char *file, int line, const char *format, ...)
{
	char text[2048];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	_ck_assert_failed(file, line, "Failed", "%s", text);
	abort();
}

void unit_skip(const char *test, const char *what)
{
	const char *must = getenv("MUST");
	/* Check puts "_fn" behind the name of a test to make a function's. */
	int length = (int)strlen(test) - 3;

	if (must != NULL && strcmp(must, "1") == 0)
		unit_fail(__FILE__, __LINE__, "cannot run: %s", what);
	fprintf(stderr, "skipped: %.*s: %s\n", length, test, what);
}

void unit_add(TCase *tcase, const TTest *test)
{
	if (strstr(test->name, only_text) != NULL)
		tcase_add_test(tcase, test);
}

TCase *unit_tcase(Suite *suite, const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_set_timeout(tcase, TEST_BOUND_S);
	suite_add_tcase(suite, tcase);
	return tcase;
}

int main(int argc, char **argv)
{
	if (argc == 0)
		return EXIT_FAILURE;
	return suites_run(suites, sizeof(suites) / sizeof(suites[0]), argv,
			  &only_text);
}
