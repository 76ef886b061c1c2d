/*
 * check_job_control.c - whether the terminal stays with foster's own group
 * (job_control.h). Stopping and going on are told as stories.
 */
#include "job_control.h"
#include "unit.h"

/* Each of the four that a terminal sends, whatever it is made, and no other. */
START_TEST(it_stays_where_a_rule_is_about_what_it_sends)
{
	for (int signal = 1; signal <= SIGNALS_MAX; signal++) {
		for (int as = 0; as <= SIGNALS_MAX; as++) {
			struct foster_options options = { 0 };
			struct init init = { .options = &options,
					     .lifecycle_config.rewriting = options.rewrite };
			bool is_typed = signal == SIGINT || signal == SIGQUIT ||
					signal == SIGTSTP || signal == SIGWINCH;

			signals_rewrite(options.rewrite, signal, as);
			unit_check(job_control_keeps_terminal(&init) ==
					   (is_typed && as != signal),
				   "%d as %d", signal, as);
		}
	}
}
END_TEST

START_TEST(without_rules_it_goes_to_the_program)
{
	struct foster_options options = { 0 };
	struct init init = { .options = &options,
			     .lifecycle_config.rewriting = options.rewrite };

	ck_assert(!job_control_keeps_terminal(&init));
}
END_TEST

/* One of many rules is enough. */
START_TEST(any_of_several_rules_keeps_it)
{
	struct foster_options options = { 0 };
	struct init init = { .options = &options,
			     .lifecycle_config.rewriting = options.rewrite };

	signals_rewrite(options.rewrite, SIGHUP, SIGTERM);
	signals_rewrite(options.rewrite, SIGUSR1, 0);
	ck_assert(!job_control_keeps_terminal(&init));
	signals_rewrite(options.rewrite, SIGWINCH, 0);
	ck_assert(job_control_keeps_terminal(&init));
}
END_TEST

Suite *job_control_suite(void)
{
	Suite *suite = suite_create("job_control");
	TCase *tcase = unit_tcase(suite, "keeping");

	unit_add(tcase, it_stays_where_a_rule_is_about_what_it_sends);
	unit_add(tcase, without_rules_it_goes_to_the_program);
	unit_add(tcase, any_of_several_rules_keeps_it);
	return suite;
}
