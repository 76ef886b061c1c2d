/*
 * main.c - collects the end-to-end suites and runs them.
 *
 *	check_e2e [SUITE [PART-OF-A-TEST'S-NAME]]
 *
 * A suite is a file check_NAME.c with one function, NAME_suite(), that has a
 * line below. "all" stands for every suite. CK_VERBOSITY, CK_RUN_CASE and the
 * other variables of Check work as well.
 */
#include "e2e.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define E2E_SUITES(suite) \
	suite(status) \
	suite(starting) \
	suite(signals) \
	suite(reaping) \
	suite(leftovers) \
	suite(ending) \
	suite(strangers) \
	suite(alone) \
	suite(options) \
	suite(pause) \
	suite(messages) \
	suite(refusals) \
	suite(terminal) \
	suite(papers) \
	suite(diagnoses) \
	suite(deaths) \
	suite(rarities) \
	suite(binary) \
	suite(jobs)

#define DECLARE(name) Suite *name##_suite(void);
#define ROW(name) { #name, name##_suite },

E2E_SUITES(DECLARE)

static const struct {
	const char *name;
	Suite *(*create)(void);
} suites[] = { E2E_SUITES(ROW) };

static const char *wanted = "all";

static int run(void *argument)
{
	SRunner *runner = srunner_create(NULL);
	size_t i;
	int failed;

	(void)argument;
	for (i = 0; i < sizeof(suites) / sizeof(suites[0]); i++)
		if (strcmp(wanted, "all") == 0 ||
		    strcmp(wanted, suites[i].name) == 0)
			srunner_add_suite(runner, suites[i].create());
	/* The tests' processes are what the framework ends them by. */
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	if (srunner_ntests_run(runner) == 0) {
		fprintf(stderr, "check_e2e: no such test\n");
		failed = 1;
	}
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	const char *init = getenv("FOSTER");
	const char *actors = getenv("ACTORS");

	if (init == NULL)
		init = "build/foster";
	if (actors == NULL)
		actors = "build/actors";
	if (access(init, X_OK) != 0 || access(actors, X_OK) != 0) {
		fprintf(stderr, "check_e2e: no init %s or no actors %s: set "
			"FOSTER and ACTORS, or run it after make\n", init,
			actors);
		return 2;
	}
	if (argc > 1)
		wanted = argv[1];
	if (argc > 2)
		e2e_only(argv[2]);
	return e2e_contain(run, NULL);
}
