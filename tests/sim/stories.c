#include "sim.h"
#include "suite.h"
static const struct sim_script worker = { "worker", .on = SIM_ON({ SIGNAL_TERM, SIM_STEPS(SIM_SLEEP(300), SIM_EXIT(0)) }), .steps = SIM_STEPS(SIM_PAUSE) };
static const struct sim_script app = { "app", .steps = SIM_STEPS(SIM_FORK(&worker), SIM_PAUSE) };
START_TEST(a_leftover_has_time_to_end)
{
	struct sim_process *foster;

	sim_begin();
	sim_program("/app", &app);
	foster = sim_foster(NULL, "foster", "/app", NULL);
	sim_when_waiting(sim_do_inside, foster->pid, SIGNAL_TERM);

	ck_assert_int_eq(sim_run(), SIM_ENDED);

	sim_check(sim_status_of_foster() == 143, "%d", sim_status_of_foster());
	sim_check(sim_count(SIM_SWEPT, 0, -1) == 0, "somebody was killed");
	sim_check(sim_now_ms() == 300, "%lu ms", sim_now_ms());
}
END_TEST
Suite *stories_suite(void);
Suite *stories_suite(void)
{
	Suite *suite = suite_create("stories");
	TCase *tcase = suite_case(suite, "all");
	suite_add(tcase, a_leftover_has_time_to_end);
	return suite;
}
