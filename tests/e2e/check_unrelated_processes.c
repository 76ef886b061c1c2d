/*
 * check_unrelated_processes.c - whom foster must not hit, and what it can still
 * do where /proc is missing or that of another PID namespace: foster(1),
 * LEFTOVERS.
 *
 * In a /proc of another namespace a leftover has a number that in foster's own
 * may be anybody's. Here it surely is: the test gives that very number to an
 * unrelated process (clone3(2), set_tid).
 */
#include "scenario.h"

#include <stdio.h>

enum { TWINS = 3, KINDS = E2E_PROC_OUTER + 1 /* of /proc */ };

/* ---- unrelated processes beside a subreaper ---- */

/* Fails if the process got any signal but the one that settles it. */
static void check_spared(struct family *family, const char *name)
{
	family_settle(family, name);
	if (family_count_all(family, name) != 1)
		e2e_fail(family->init, __FILE__, __LINE__, "%s was signalled",
			 name);
}

TEST(a_subreaper_under_an_outer_proc_spares_who_has_its_children_s_numbers)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = E2E_SUBREAPER,
				     .proc = E2E_PROC_OUTER },
		"-t 100ms", NULL, "program+input(a+session+stays,"
		"b+session+stays,c+session+stays)");
	static const char *const names[] = { "a", "b", "c" };
	bool has_twin[TWINS];
	char twin[32];
	int i, count = 0;

	for (i = 0; i < TWINS; i++) {
		pid_t number = family_number_in_proc(&family, names[i]);

		ck_assert_int_gt(number, 0);
		snprintf(twin, sizeof(twin), "twin%d", i);
		has_twin[i] = family_join(&family, FAMILY_BESIDE, number, twin);
		count += has_twin[i];
	}
	/* A number may be in use; not all of them. */
	ck_assert_int_gt(count, 0);
	family_end_program(&family);
	e2e_wait_gone(family.init, family_pid(&family, "program"));
	e2e_wait_idle(family.init);
	e2e_kill(family.init, SIGHUP);
	e2e_kill(family.init, SIGINT);

	e2e_check_exit(family.init, FAMILY_STATUS);
	for (i = 0; i < TWINS; i++) {
		snprintf(twin, sizeof(twin), "twin%d", i);
		if (has_twin[i])
			check_spared(&family, twin);
	}
}

/* As a process and as a group; with each kind of /proc. */
TEST_TIMES(2 * KINDS,
	   a_subreaper_spares_who_was_given_the_dead_program_s_number)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = E2E_SUBREAPER,
				     .proc = (enum e2e_proc)(_i / 2) },
		_i % 2 == 0 ? "-t 100ms" : "-g -t 100ms", NULL,
		"program+input(apart+session+stays)");
	pid_t program = family_pid(&family, "program");

	family_end_program(&family);
	e2e_wait_gone(family.init, program);
	ck_assert(family_join(&family, FAMILY_BESIDE, program,
			      "other+session"));
	e2e_kill(family.init, SIGHUP);
	e2e_kill(family.init, SIGINT);

	e2e_check_exit(family.init, FAMILY_STATUS);
	check_spared(&family, "other");
}

static const struct scenario rows[] = {
	/* For a whole grace, and then SIGKILL. */
	{ "a_subreaper_spares_an_unrelated_process_beside_it",
	  AS_SUBREAPER, WITH_ANY_PROC, .options = "-t 100ms",
	  .tree = "program+input(root+stays(worker+stays),"
		  "apart+session+stays)",
	  .steps = { "join other", "end program", "exit", "spared other" } },

	/* ---- process 1 without a /proc of its own ---- */

	/* How many are left it cannot know. */
	{ "process_1_without_its_own_proc_tells_everybody_exactly_once",
	  AS_PROCESS_1, WITHOUT_OWN_PROC, .options = "-t 300ms",
	  .tree = "program+input(root+stays(worker+stays),"
		  "apart+session+stays(helper+stays),"
		  "daemon+daemon+stays,halted+stops+stays)",
	  .steps = { "halted stopped", "end program", "exit", "after 300",
		     "root,worker,apart,helper,daemon,halted had TERM 1",
		     "root,worker,apart,helper,daemon,halted had CONT 1",
		     "only says left", "output ends" } },

	/* That the worker comes to it later is no reason to tell it again. */
	{ "process_1_without_its_own_proc_waits_until_nobody_is_left",
	  AS_PROCESS_1, WITHOUT_OWN_PROC,
	  .tree = "program+input(server(worker+cleans))",
	  .steps = { "end program", "server got TERM", "worker: cleans up",
		     "kill server", "worker adopted", "idle", "runs", "finish",
		     "worker: is clean", "exit", "silent",
		     "worker had TERM 1" } },

	/* All that are there were told. */
	{ "process_1_without_its_own_proc_passes_no_signal_on_and_then_ends",
	  AS_PROCESS_1, WITHOUT_OWN_PROC,
	  .tree = "program+input(worker+stays,apart+session+stays)",
	  .steps = { "end program", "worker,apart got TERM", "idle",
		     "send INT", "taken", "idle", "worker,apart settle",
		     "worker,apart had INT 0", "runs", "send INT", "exit",
		     "output ends" } },

	{ "process_1_without_its_own_proc_passes_hup_on_each_time",
	  AS_PROCESS_1, WITHOUT_OWN_PROC,
	  .tree = "program+input(worker+stays,apart+session+stays)",
	  .steps = { "end program", "worker,apart got TERM", "idle",
		     "send HUP", "worker,apart got HUP 1", "send HUP",
		     "worker,apart got HUP 2", "runs" } },

	/* ---- a subreaper without a /proc of its namespace ---- */

	{ "a_subreaper_without_its_own_proc_tells_the_program_s_group_alone",
	  AS_SUBREAPER, WITHOUT_OWN_PROC,
	  .tree = "program+input(member(worker),apart+session)",
	  .steps = { "end program", "member,worker got TERM", "program gone",
		     "idle", "apart settle", "runs", "finish", "exit",
		     "silent", "member,worker had TERM 1",
		     "apart had TERM 0" } },

	{ "a_subreaper_without_its_own_proc_continues_the_group",
	  AS_SUBREAPER, WITHOUT_OWN_PROC,
	  .tree = "program+input(member+stops+told)",
	  .steps = { "member stopped", "end program", "member: ends", "exit",
		     "silent" } },

	{ "a_subreaper_without_its_own_proc_tells_a_group_once_with_g",
	  AS_SUBREAPER, WITHOUT_OWN_PROC, .options = "-g",
	  .tree = "program+told(member+cleans)",
	  .steps = { "send TERM", "member: cleans up", "program gone", "idle",
		     "member settle", "finish", "member: is clean", "exit",
		     "silent", "member had TERM 1" } },

	{ "a_subreaper_without_its_own_proc_tells_by_what_came",
	  AS_SUBREAPER, WITHOUT_OWN_PROC, .options = "-r TERM:USR1",
	  .tree = "program+input(member)",
	  .steps = { "send TERM", "program got USR1", "end program",
		     "member got USR1", "finish", "exit", "silent",
		     "member had USR1 1", "member had TERM 0" } },

	{ "a_subreaper_without_its_own_proc_tells_by_term_where_r_drops_it",
	  AS_SUBREAPER, WITHOUT_OWN_PROC, .options = "-r TERM:0",
	  .tree = "program+input(member)",
	  .steps = { "end program", "member got TERM", "finish", "exit",
		     "silent", "member had TERM 1" } },

	{ "a_subreaper_without_its_own_proc_and_grace_tells_nobody",
	  AS_SUBREAPER, WITHOUT_OWN_PROC, .options = "-t 0",
	  .tree = "program+input(member)",
	  .steps = { "end program", "exit", "silent", "spared member" } },

	/* The grace, one second for SIGKILL, and a slow machine. */
	{ "a_subreaper_without_its_own_proc_says_at_the_end_that_some_are_left",
	  AS_SUBREAPER, WITHOUT_OWN_PROC, .options = "-t 300ms",
	  .tree = "program+input(apart+session+stays)",
	  .steps = { "end program", "exit", "after 300", "before 6300",
		     "only says left" } },
};

SCENARIOS(rows);

/*
 * The program's number must not be free when its group is told, though foster
 * is busy with other deaths when the program dies.
 */
TEST(a_subreaper_without_its_own_proc_tells_the_group_in_a_storm_as_well)
{
	int tries;

	for (tries = 0; tries < 20; tries++)
		scenario_run(E2E_SUBREAPER, .setup = { .proc = E2E_PROC_NONE },
			     .tree = "program+input+storms100(member+told)",
			     .steps = { "end program", "member: ends", "exit",
					"silent", "member had TERM 1" });
}

/* At the end of the grace both die of SIGKILL, one after the other. */
TEST_TIMES(2, a_subreaper_without_pidfds_tells_nobody_but_its_own_children)
{
	const int error = _i == 0 ? ENOSYS : EPERM;

	scenario_run(E2E_SUBREAPER,
		     .setup = { .refuse = { { .call = SYS_pidfd_open,
					   .error = error } } },
		     .options = "-t 300ms",
		     .tree = "program+input(root+stays(worker+stays))",
		     .steps = { "end program", "exit", "silent", "output ends",
				"root had TERM 1", "worker had TERM 0" });
}
