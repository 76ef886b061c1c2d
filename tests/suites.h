/*
 * suites.h - how check_unit and check_sim choose and run their suites.
 *
 *	PROGRAM [SUITE [PART-OF-A-TEST'S-NAME]]
 *
 * "all" stands for every suite.
 */
#ifndef SUITES_H
#define SUITES_H

#include <check.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct suites_row {
	const char *name;
	Suite *(*create)(void);
};

/* Of main()'s words; each suite adds only tests whose name holds *only_text. */
static inline int suites_run(const struct suites_row *rows, size_t count,
			     char **argv, const char **only_text)
{
	const char *program = argv[0];
	const char *wanted = *++argv != NULL ? *argv++ : "all";
	SRunner *runner = srunner_create(NULL);
	int failed;

	if (*argv != NULL)
		*only_text = *argv;
	for (size_t i = 0; i < count; i++)
		if (strcmp(wanted, "all") == 0 ||
		    strcmp(wanted, rows[i].name) == 0)
			srunner_add_suite(runner, rows[i].create());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	if (srunner_ntests_run(runner) == 0) {
		fprintf(stderr, "%s: no such test\n", program);
		failed = 1;
	}
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
