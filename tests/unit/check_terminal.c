/*
 * check_terminal.c - a terminal that does not answer, or is of nobody known
 * (terminal.h). All that a real one does is tested end to end.
 */
#include "kernel.h"
#include "terminal.h"
#include "world.h"

enum { OWN = 1, MEMBER = 2, PROGRAM = 3, OTHER = 4, GONE = 99 };

static int terminal;

/*
 * All in one session; in the foreground is OTHER, a child of OWN's group, to
 * which MEMBER belongs.
 */
static void begin(void)
{
	struct sim_process *self = world_begin();

	sim_put_into(self, OWN, OWN);
	sim_put_into(sim_actor(self, &sim_sleeper), OWN, OWN);
	sim_put_into(sim_actor(self, &sim_sleeper), PROGRAM, OWN);
	sim_put_into(sim_actor(self, &sim_sleeper), OTHER, OWN);
	sim_give_terminal(OWN, OTHER);
	terminal = terminal_open();
	ck_assert_int_ge(terminal, 0);
}

START_TEST(a_terminal_goes_from_a_child_of_the_own_group_to_the_program)
{
	begin();

	ck_assert(!terminal_pass(terminal, OWN, PROGRAM, false));
	ck_assert_int_eq(sim.foreground, OTHER);
	ck_assert(terminal_pass(terminal, OWN, PROGRAM, true));
	ck_assert_int_eq(sim.foreground, PROGRAM);
	terminal_close(terminal);
	world_check_closed();
}
END_TEST

START_TEST(a_terminal_that_was_hung_up_goes_to_nobody)
{
	begin();
	world_answer(SYS_ioctl, 0, -EIO);

	ck_assert(!terminal_pass(terminal, OTHER, PROGRAM, true));
	ck_assert_uint_eq(world_calls(SYS_ioctl), 1);
	ck_assert_uint_eq(world_calls(SYS_kill), 0);
}
END_TEST

START_TEST(without_a_proc_of_its_own_it_takes_a_terminal_from_nobody)
{
	static const enum sim_proc kinds[] = { SIM_PROC_ABSENT,
					       SIM_PROC_OUTER };

	for (size_t i = 0; i < UNIT_COUNT(kinds); i++) {
		begin();
		/* Of OTHER the outer one says that MEMBER is its parent. */
		sim.proc = kinds[i];

		ck_assert(!terminal_pass(terminal, OWN, PROGRAM, true));
		ck_assert_int_eq(sim.foreground, OTHER);
	}
}
END_TEST

START_TEST(a_terminal_of_a_group_that_is_gone_may_be_taken)
{
	begin();
	sim.foreground = GONE;

	ck_assert(terminal_pass(terminal, OWN, PROGRAM, false));
	ck_assert_int_eq(sim.foreground, PROGRAM);
}
END_TEST

/* It takes nothing from anyone, and a refusal is the caller's to see. */
START_TEST(who_cannot_lead_a_session_takes_no_terminal)
{
	struct sim_process *self = world_begin();

	sim_put_into(self, OTHER, OTHER);
	sim_set_stream(self, 2, SIM_STREAM_TERMINAL);
	world_answer(SYS_setsid, 0, -EPERM);

	ck_assert_int_eq(terminal_take(2), -EPERM);
	ck_assert(!sim.has_terminal);
	ck_assert_uint_eq(world_calls(SYS_openat), 0);
}
END_TEST

START_TEST(who_leads_no_session_begins_one_to_take_a_terminal)
{
	struct sim_process *self = world_begin();

	sim_put_into(self, OTHER, OTHER);
	sim_set_stream(self, 2, SIM_STREAM_TERMINAL);

	terminal = terminal_take(2);
	ck_assert_int_ge(terminal, 0);
	ck_assert(sim.has_terminal);
	ck_assert_uint_eq(world_calls(SYS_setsid), 1);
	terminal_close(terminal);
	world_check_closed();
}
END_TEST

START_TEST(where_there_is_no_terminal_no_session_is_begun)
{
	struct sim_process *self = world_begin();

	sim_put_into(self, OTHER, OTHER);

	ck_assert_int_eq(terminal_take(2), -ENOTTY);
	ck_assert_uint_eq(world_calls(SYS_setsid), 0);
}
END_TEST

/* As after `job | pager &` whose first process has ended. */
START_TEST(a_terminal_of_a_group_whose_leader_is_gone_is_not_free)
{
	begin();
	sim_put_into(sim_by_pid(MEMBER), GONE, OWN);
	sim.foreground = GONE;

	ck_assert(!terminal_pass(terminal, OWN, PROGRAM, false));
	ck_assert_int_eq(sim.foreground, GONE);
}
END_TEST

/* What was open before stays open: the program has it too. */
START_TEST(a_standard_stream_that_is_the_terminal_is_not_closed)
{
	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
		begin();
		terminal_close(terminal);
		sim.tty = SIM_TTY_ABSENT;
		sim_set_stream(sim_by_pid(OWN), fd, SIM_STREAM_TERMINAL);
		terminal = terminal_open();
		ck_assert_int_ge(terminal, 0);

		ck_assert(terminal_pass(terminal, OTHER, PROGRAM, false));
		terminal_close(terminal);
		ck_assert(sim_has_open(sim_by_pid(OWN), fd));
		ck_assert_uint_eq(world_calls(SYS_close), 1);
	}
}
END_TEST

Suite *terminal_suite(void)
{
	Suite *suite = suite_create("terminal");
	TCase *tcase = unit_tcase(suite, "passing");

	unit_add(tcase,
		 a_terminal_goes_from_a_child_of_the_own_group_to_the_program);
	unit_add(tcase, a_terminal_that_was_hung_up_goes_to_nobody);
	unit_add(tcase,
		 without_a_proc_of_its_own_it_takes_a_terminal_from_nobody);
	unit_add(tcase, a_terminal_of_a_group_that_is_gone_may_be_taken);
	unit_add(tcase, who_cannot_lead_a_session_takes_no_terminal);
	unit_add(tcase, who_leads_no_session_begins_one_to_take_a_terminal);
	unit_add(tcase, where_there_is_no_terminal_no_session_is_begun);
	unit_add(tcase, a_terminal_of_a_group_whose_leader_is_gone_is_not_free);
	unit_add(tcase, a_standard_stream_that_is_the_terminal_is_not_closed);
	return suite;
}
