/*
 * check_strangers.c - whom foster must not hit, and what it can still do where
 * /proc is missing or that of another PID namespace (contract, section 6).
 *
 * In a /proc of another namespace a leftover has a number that in foster's own
 * may be anybody's. Here it surely is: the test gives that very number to a
 * stranger (clone3(2), set_tid).
 */
#include "family.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	GRACE_MS = 300,		/* "-t 300ms" */
	KILLING_MS = 1000,	/* at most, after SIGKILL */
	SLACK_MS = 5000,	/* for a slow machine */
	TWINS = 3,
	KINDS = E2E_PROC_OUTER + 1,	/* of /proc */
};

/* Where /proc is of no use. */
static const enum e2e_proc useless[] = { E2E_PROC_NONE, E2E_PROC_OUTER };

/* Fails if the process got any signal but the one that settles it. */
static void check_spared(struct family *family, const char *name)
{
	family_settle(family, name);
	if (family_count_all(family, name) != 1)
		e2e_fail(family->init, __FILE__, __LINE__, "%s was signalled",
			 name);
}

/* Strangers beside a subreaper. */

START_TEST(a_subreaper_spares_an_unrelated_process_beside_it)
{
	struct family families[KINDS];
	size_t i;

	/* For a whole grace, and then SIGKILL. */
	for (i = 0; i < KINDS; i++) {
		families[i] = family_start(
			&(struct e2e_setup){ .mode = E2E_SUBREAPER,
					     .proc = (enum e2e_proc)i },
			"-t 100ms", NULL, "program+input(root+stays("
			"worker+stays),apart+session+stays)");
		ck_assert(family_join(&families[i], FAMILY_BESIDE, 0,
				      "stranger"));
		family_end_program(&families[i]);
	}

	for (i = 0; i < KINDS; i++) {
		e2e_check_exit(families[i].init, FAMILY_STATUS);
		check_spared(&families[i], "stranger");
	}
}
END_TEST

START_TEST(a_subreaper_under_an_outer_proc_spares_who_has_its_children_s_numbers)
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
END_TEST

START_TEST(a_subreaper_spares_who_was_given_the_dead_program_s_number)
{
	/* As a process and as a group; with each kind of /proc. */
	static const char *const options[] = { "-t 100ms", "-g -t 100ms" };
	struct family families[2 * KINDS];
	pid_t program;
	size_t i;

	for (i = 0; i < 2 * KINDS; i++) {
		families[i] = family_start(
			&(struct e2e_setup){ .mode = E2E_SUBREAPER,
					     .proc = (enum e2e_proc)(i / 2) },
			options[i % 2], NULL,
			"program+input(apart+session+stays)");
		program = family_pid(&families[i], "program");
		family_end_program(&families[i]);
		e2e_wait_gone(families[i].init, program);
		ck_assert(family_join(&families[i], FAMILY_BESIDE, program,
				      "stranger+session"));
		e2e_kill(families[i].init, SIGHUP);
		e2e_kill(families[i].init, SIGINT);
	}

	for (i = 0; i < 2 * KINDS; i++) {
		e2e_check_exit(families[i].init, FAMILY_STATUS);
		check_spared(&families[i], "stranger");
	}
}
END_TEST

/* Process 1 without a /proc of its own. */

START_TEST(process_1_without_its_own_proc_tells_everybody_exactly_once)
{
	static const char *const names[] = {
		"root", "worker", "apart", "helper", "daemon", "stopped"
	};
	struct family families[2];
	size_t i, j;

	/* Both at once, for it takes the whole grace. */
	for (i = 0; i < 2; i++) {
		families[i] = family_start(
			&(struct e2e_setup){ .proc = useless[i] }, "-t 300ms",
			NULL, "program+input(root+stays(worker+stays),"
			"apart+session+stays(helper+stays),"
			"daemon+daemon+stays,stopped+stops+stays)");
		e2e_wait_state(families[i].init,
			       family_pid(&families[i], "stopped"), "T");
		family_end_program(&families[i]);
	}

	for (i = 0; i < 2; i++) {
		e2e_check_exit(families[i].init, FAMILY_STATUS);
		e2e_check(families[i].init, e2e_now_ms() -
			  families[i].ended_ms >= GRACE_MS);
		for (j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
			family_check_count(&families[i], names[j], SIGTERM, 1);
			family_check_count(&families[i], names[j], SIGCONT, 1);
		}
		/* How many there are it cannot know. */
		e2e_check(families[i].init,
			  e2e_said(families[i].init, "left") == 1);
		e2e_check(families[i].init,
			  e2e_said(families[i].init, "") == 1);
		e2e_wait_end_of_output(families[i].init);
	}
}
END_TEST

START_TEST(process_1_without_its_own_proc_waits_until_nobody_is_left)
{
	struct family family = family_start(
		&(struct e2e_setup){ .proc = useless[_i] }, family_patient(""),
		NULL, "program+input(server(worker+cleans))");

	family_end_program(&family);
	family_got(&family, "server", SIGTERM);
	family_says(&family, "worker", "cleans up");
	/* That it is handed over later is no reason to tell it again. */
	kill(family_pid(&family, "server"), SIGKILL);
	e2e_until(family.init,
		  e2e_status_number(family.init, family_pid(&family, "worker"),
				    "PPid", 10) ==
		  (unsigned long long)family.init->pid);
	e2e_wait_idle(family.init);
	e2e_check(family.init, !e2e_is_over(family.init));
	family_finish(&family);

	family_says(&family, "worker", "is clean");
	family_check_silent_exit(&family, FAMILY_STATUS);
	family_check_count(&family, "worker", SIGTERM, 1);
}
END_TEST

START_TEST(process_1_without_its_own_proc_passes_a_signal_on_and_ends_at_the_next)
{
	struct family family = family_start(
		&(struct e2e_setup){ .proc = useless[_i] }, family_patient(""),
		NULL, "program+input(worker+stays,apart+session+stays)");

	family_end_program(&family);
	family_got(&family, "worker", SIGTERM);
	family_got(&family, "apart", SIGTERM);
	e2e_wait_idle(family.init);
	e2e_kill(family.init, SIGINT);
	family_got(&family, "worker", SIGINT);
	family_got(&family, "apart", SIGINT);
	e2e_kill(family.init, SIGINT);

	e2e_check_exit(family.init, FAMILY_STATUS);
	e2e_wait_end_of_output(family.init);
}
END_TEST

/* A subreaper without a /proc of its namespace. */

START_TEST(a_subreaper_without_its_own_proc_tells_the_program_s_group_alone)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = E2E_SUBREAPER,
				     .proc = useless[_i] },
		family_patient(""), NULL,
		"program+input(member(worker),apart+session)");

	family_end_program(&family);

	family_got(&family, "member", SIGTERM);
	family_got(&family, "worker", SIGTERM);
	e2e_wait_gone(family.init, family_pid(&family, "program"));
	e2e_wait_idle(family.init);
	family_settle(&family, "apart");
	e2e_check(family.init, !e2e_is_over(family.init));
	family_finish(&family);
	family_check_silent_exit(&family, FAMILY_STATUS);
	family_check_count(&family, "member", SIGTERM, 1);
	family_check_count(&family, "worker", SIGTERM, 1);
	family_check_count(&family, "apart", SIGTERM, 0);
}
END_TEST

START_TEST(a_subreaper_without_its_own_proc_tells_the_group_in_a_storm_as_well)
{
	/*
	 * The program's number must not be free when its group is told, though
	 * foster is busy with other deaths when the program dies.
	 */
	int tries;

	for (tries = 0; tries < 20; tries++) {
		struct family family = family_start(
			&(struct e2e_setup){ .mode = E2E_SUBREAPER,
					     .proc = E2E_PROC_NONE },
			family_patient(""), NULL,
			"program+input+storms100(member+told)");

		family_end_program(&family);
		family_says(&family, "member", "ends");
		family_check_silent_exit(&family, FAMILY_STATUS);
		family_check_count(&family, "member", SIGTERM, 1);
		e2e_end(family.init);
	}
}
END_TEST

START_TEST(a_subreaper_without_its_own_proc_continues_the_group)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = E2E_SUBREAPER,
				     .proc = useless[_i] },
		family_patient(""), NULL,
		"program+input(member+stops+told)");

	e2e_wait_state(family.init, family_pid(&family, "member"), "T");
	family_end_program(&family);

	family_says(&family, "member", "ends");
	family_check_silent_exit(&family, FAMILY_STATUS);
}
END_TEST

START_TEST(a_subreaper_without_its_own_proc_tells_a_group_once_with_g)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = E2E_SUBREAPER,
				     .proc = useless[_i] },
		family_patient("-g"), NULL, "program+told(member+cleans)");

	e2e_kill(family.init, SIGTERM);

	family_says(&family, "member", "cleans up");
	e2e_wait_gone(family.init, family_pid(&family, "program"));
	e2e_wait_idle(family.init);
	family_settle(&family, "member");
	family_finish(&family);
	family_says(&family, "member", "is clean");
	family_check_silent_exit(&family, FAMILY_STATUS);
	family_check_count(&family, "member", SIGTERM, 1);
}
END_TEST

START_TEST(a_subreaper_without_its_own_proc_tells_by_what_r_has_for_term)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = E2E_SUBREAPER,
				     .proc = useless[_i / 2] },
		family_patient(_i % 2 == 0 ? "-r TERM:USR1" : "-r TERM:0"),
		NULL, "program+input(member)");
	int told = _i % 2 == 0 ? SIGUSR1 : SIGTERM;

	family_end_program(&family);

	family_got(&family, "member", told);
	family_finish(&family);
	family_check_silent_exit(&family, FAMILY_STATUS);
	family_check_count(&family, "member", told, 1);
	family_check_count(&family, "member", SIGTERM, told == SIGTERM);
}
END_TEST

START_TEST(a_subreaper_without_its_own_proc_and_grace_tells_nobody)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = E2E_SUBREAPER,
				     .proc = useless[_i] },
		"-t 0", NULL, "program+input(member)");

	family_end_program(&family);

	family_check_silent_exit(&family, FAMILY_STATUS);
	check_spared(&family, "member");
}
END_TEST

START_TEST(a_subreaper_without_its_own_proc_says_at_the_end_that_some_are_left)
{
	struct family families[2];
	size_t i;

	for (i = 0; i < 2; i++) {
		families[i] = family_start(
			&(struct e2e_setup){ .mode = E2E_SUBREAPER,
					     .proc = useless[i] },
			"-t 300ms", NULL, "program+input(apart+session+stays)");
		family_end_program(&families[i]);
	}

	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(e2e_exit_within(families[i].init, GRACE_MS +
						 KILLING_MS + SLACK_MS),
				 FAMILY_STATUS);
		e2e_check(families[i].init, e2e_now_ms() -
			  families[i].ended_ms >= GRACE_MS);
		e2e_check(families[i].init,
			  e2e_said(families[i].init, "left") == 1);
		e2e_check(families[i].init,
			  e2e_said(families[i].init, "") == 1);
	}
}
END_TEST

START_TEST(a_subreaper_without_pidfds_tells_nobody_but_its_own_children)
{
	static const int errors[] = { ENOSYS, EPERM };
	struct family families[2];
	size_t i;

	for (i = 0; i < 2; i++) {
		families[i] = family_start(
			&(struct e2e_setup){
				.mode = E2E_SUBREAPER,
				.refuse = { { .call = SYS_pidfd_open,
					      .error = errors[i] } },
			},
			"-t 300ms", NULL,
			"program+input(root+stays(worker+stays))");
		family_end_program(&families[i]);
	}

	/* At the end of the grace both die of SIGKILL, one after the other. */
	for (i = 0; i < 2; i++) {
		family_check_silent_exit(&families[i], FAMILY_STATUS);
		e2e_wait_end_of_output(families[i].init);
		family_check_count(&families[i], "root", SIGTERM, 1);
		family_check_count(&families[i], "worker", SIGTERM, 0);
	}
}
END_TEST

Suite *strangers_suite(void)
{
	Suite *suite = suite_create("strangers");
	TCase *beside = e2e_tcase(suite, "beside");
	TCase *process_1 = e2e_tcase(suite, "process 1");
	TCase *subreaper = e2e_tcase(suite, "subreaper");

	e2e_add(beside, a_subreaper_spares_an_unrelated_process_beside_it);
	e2e_add(beside,
		a_subreaper_under_an_outer_proc_spares_who_has_its_children_s_numbers
		);
	e2e_add(beside,
		a_subreaper_spares_who_was_given_the_dead_program_s_number);

	e2e_add(process_1,
		process_1_without_its_own_proc_tells_everybody_exactly_once);
	e2e_add_range(process_1,
		      process_1_without_its_own_proc_waits_until_nobody_is_left,
		      0, 1);
	e2e_add_range(process_1,
		      process_1_without_its_own_proc_passes_a_signal_on_and_ends_at_the_next,
		      0, 1);

	e2e_add_range(subreaper,
		      a_subreaper_without_its_own_proc_tells_the_program_s_group_alone,
		      0, 1);
	e2e_add(subreaper,
		a_subreaper_without_its_own_proc_tells_the_group_in_a_storm_as_well
		);
	e2e_add_range(subreaper,
		      a_subreaper_without_its_own_proc_continues_the_group, 0,
		      1);
	e2e_add_range(subreaper,
		      a_subreaper_without_its_own_proc_tells_a_group_once_with_g,
		      0, 1);
	e2e_add_range(subreaper,
		      a_subreaper_without_its_own_proc_tells_by_what_r_has_for_term,
		      0, 3);
	e2e_add_range(subreaper,
		      a_subreaper_without_its_own_proc_and_grace_tells_nobody,
		      0, 1);
	e2e_add(subreaper,
		a_subreaper_without_its_own_proc_says_at_the_end_that_some_are_left
		);
	e2e_add(subreaper,
		a_subreaper_without_pidfds_tells_nobody_but_its_own_children);
	return suite;
}
