/*
 * main.c - collects the suites on the simulated kernel and runs them.
 *
 *	check_sim [SUITE [PART-OF-A-TEST'S-NAME]]
 *
 * "all" stands for every suite. CK_VERBOSITY, CK_FORK and the other variables
 * of Check work as well; VERBOSE=1 prints the trace of a test that fails. The
 * exit status is 0 where all tests pass.
 */
#include "suite.h"
#include "../suites.h"
#include "sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIM_SUITES(suite) \
	suite(hooks) \
	suite(stories) \
	suite(storms) \
	suite(callers) \
	suite(faults) \
	suite(random) \
	suite(conformance)

#define DECLARE(name) Suite *name##_suite(void);
#define ROW(name)     { #name, name##_suite },

SIM_SUITES(DECLARE)

static const struct suites_row suites[] = { SIM_SUITES(ROW) };

enum { TEST_BOUND_S = 60 };

static const char *only_text = "";

void (*suite_collect)(const TTest *test);
void (*suite_instead)(void);

#undef _ck_assert_failed
static _Noreturn void say_failure(const char *file, int line,
				  const char *expression, const char *format,
				  va_list arguments)
{
	char text[4096];

	if (suite_instead != NULL)
		suite_instead();
	if (format != NULL)
		vsnprintf(text, sizeof(text), format, arguments);
	else
		snprintf(text, sizeof(text), "%s", expression);
	if (getenv("VERBOSE") != NULL)
		sim_print();
	_ck_assert_failed(file, line, expression, "%s", text);
	abort();
}

void suite_fail(const char *file, int line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say_failure(file, line, "Failed", format, arguments);
}

void suite_assertion_failed(const char *file, int line, const char *expression,
			    const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say_failure(file, line, expression, format, arguments);
}

void suite_skip(const char *test, const char *what)
{
	const char *must = getenv("MUST");
	/* Check puts "_fn" behind the name of a test to make a function's. */
	const char *suffix = strstr(test, "_fn");
	int length = (int)(suffix ? suffix - test : (long)strlen(test));

	if (must != NULL && strcmp(must, "1") == 0)
		suite_fail(__FILE__, __LINE__, "cannot run: needs %s", what);
	printf("skipped: %.*s needs %s\n", length, test, what);
	fflush(stdout);
}

void suite_add(TCase *tcase, const TTest *test)
{
	if (strstr(test->name, only_text) == NULL)
		return;
	if (suite_collect != NULL)
		suite_collect(test);
	else
		tcase_add_test(tcase, test);
}

TCase *suite_case(Suite *suite, const char *name)
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
