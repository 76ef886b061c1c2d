/* check_verbose.c - what -vv says is done about a signal (verbose.h). */
#include "unit.h"
#include "verbose.h"

#include <string.h>

static char said[LOG_LINE_MAX];

static int take(void *context, const struct foster_event *event)
{
	(void)context;
	strcpy(said, event->text);
	return 0;
}

START_TEST(every_action_has_its_words)
{
	static const struct {
		enum lifecycle_action action;
		const char *words;
	} cases[] = {
		{ STEP_NOTHING, "dropped" },
		{ STEP_FORWARD, "forwarded" },
		{ STEP_TERMINATE_CHILDREN,
		  "passed on to leftovers that were not told yet" },
		{ STEP_TERMINATE_ALL, "passed on to leftovers" },
		{ STEP_SIGNAL_CHILDREN, "passed on to leftovers" },
		{ STEP_KILL_ALL, "ends the grace time" },
		{ STEP_REPORT, "ends the grace time" },
	};
	const struct foster_options options = { .event = take };
	struct init init = {
		.log = { .level = LOG_EVERYTHING, .options = &options },
	};
	siginfo_t info = { .si_signo = SIGUSR1 };
	char expected[LOG_LINE_MAX];

	info.si_pid = 77;
	for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
		strcpy(stpcpy(expected, "SIGUSR1 from process 77: "),
		       cases[i].words);
		verbose_signal(&init, &info, cases[i].action);
		ck_assert_str_eq(said, expected);
	}
}
END_TEST

START_TEST(deaths_are_said_as_the_level_has_it)
{
	const struct foster_options options = { .event = take };
	struct init init = {
		.log = { .level = LOG_VERBOSE, .options = &options },
	};

	verbose_end(&init, 3 << 8);
	ck_assert_str_eq(said, "the program's process ended: exit status 3");
	verbose_reaped(&init, LOG_EVERYTHING, 9, SIGKILL);
	ck_assert_ptr_null(strstr(said, "reaped"));
	verbose_reaped(&init, LOG_NORMAL, 9, SIGKILL);
	ck_assert_str_eq(said, "reaped process 9: killed by SIGKILL");
}
END_TEST

Suite *verbose_suite(void);
Suite *verbose_suite(void)
{
	Suite *suite = suite_create("verbose");
	TCase *tcase = unit_tcase(suite, "words");

	unit_add(tcase, every_action_has_its_words);
	unit_add(tcase, deaths_are_said_as_the_level_has_it);
	return suite;
}
