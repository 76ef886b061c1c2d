/*
 * main.c - collects the unit suites and runs them.
 *
 *	check_unit [SUITE [PART-OF-A-TEST'S-NAME]]
 *
 * "all" stands for every suite. CK_VERBOSITY, CK_FORK and the other variables
 * of Check work as well. The exit status is 0 where all tests pass.
 */
#include "unit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define UNIT_SUITES(suite) \
	suite(text) \
	suite(signals) \
	suite(status) \
	suite(options) \
	suite(environment) \
	suite(keeper) \
	suite(log) \
	suite(proc) \
	suite(head) \
	suite(death) \
	suite(leftovers) \
	suite(terminal) \
	suite(tend) \
	suite(abi) \
	suite(house)

#define DECLARE(name) Suite *name##_suite(void);
#define ROW(name) { #name, name##_suite },

UNIT_SUITES(DECLARE)

static const struct {
	const char *name;
	Suite *(*create)(void);
} suites[] = { UNIT_SUITES(ROW) };

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
	const char *wanted = argc > 1 ? argv[1] : "all";
	SRunner *runner = srunner_create(NULL);
	int failed;

	if (argc > 2)
		only_text = argv[2];
	for (size_t i = 0; i < UNIT_COUNT(suites); i++)
		if (strcmp(wanted, "all") == 0 ||
		    strcmp(wanted, suites[i].name) == 0)
			srunner_add_suite(runner, suites[i].create());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	if (srunner_ntests_run(runner) == 0) {
		fprintf(stderr, "check_unit: no such test\n");
		failed = 1;
	}
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
