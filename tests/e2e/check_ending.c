/*
 * check_ending.c - how foster ends when the program has: signals meanwhile, the
 * end of the grace, the status (contract, section 6, steps 3 to 5), and what
 * the options -t, -a and -k change. Who is told is the business of
 * check_leftovers.c.
 */
#include "family.h"

#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	GRACE_MS = 300,		/* "-t 300ms" */
	KILLING_MS = 1000,	/* at most, after SIGKILL */
	SLACK_MS = 5000,	/* for a slow machine */
	/* Longer than "1ms", so that this would have been over. */
	LONGER_THAN_1_MS = 50,
};

static const int to_end[] = { SIGTERM, SIGINT, SIGQUIT };

static enum e2e_mode mode_of(int i)
{
	return i % 2 == 0 ? E2E_PROCESS_1 : E2E_SUBREAPER;
}

static void pass_time(struct family *family, long long ms)
{
	long long until_ms = e2e_now_ms() + ms;

	e2e_until(family->init, e2e_now_ms() > until_ms);
}

/* Signals that arrive meanwhile. */

/* The program has ended, and its leftovers were told. */
static struct family start_ending(const char *test, enum e2e_mode mode,
				  const char *options)
{
	struct family family = family_start_from(
		test, &(struct e2e_setup){ .mode = mode },
		family_patient(options), NULL,
		"program+input(root+stays(worker+stays),"
		"apart+session+stays)");

	family_end_program(&family);
	family_got(&family, "root", SIGTERM);
	family_got(&family, "apart", SIGTERM);
	e2e_wait_idle(family.init);
	return family;
}

START_TEST(the_first_term_int_or_quit_is_passed_on_and_the_second_ends_it_all)
{
	struct family family = start_ending(__func__, mode_of(_i), "");
	int first = to_end[_i / 2 % 3], second = to_end[_i / 6];
	char line[32];

	snprintf(line, sizeof(line), "root got %d at ", first);
	e2e_kill(family.init, first);
	e2e_line_nth(family.init, line, first == SIGTERM ? 2 : 1);
	snprintf(line, sizeof(line), "apart got %d at ", first);
	e2e_line_nth(family.init, line, first == SIGTERM ? 2 : 1);
	e2e_wait_idle(family.init);
	/* Only children of foster get it. */
	family_settle(&family, "worker");
	family_check_count(&family, "worker", first, 0);
	e2e_kill(family.init, second);

	e2e_check_exit(family.init, FAMILY_STATUS);
	e2e_wait_end_of_output(family.init);
	ck_assert_uint_eq(e2e_survivors(), 0);
}
END_TEST

START_TEST(hup_is_passed_on_each_time_and_ends_nothing)
{
	struct family family = start_ending(__func__, _i, "");
	size_t i;

	for (i = 1; i <= 3; i++) {
		e2e_kill(family.init, SIGHUP);
		e2e_line_nth(family.init, "root got 1 at ", i);
		e2e_line_nth(family.init, "apart got 1 at ", i);
	}

	/* The next one is still the first that asks to end. */
	e2e_kill(family.init, SIGINT);
	family_got(&family, "root", SIGINT);
	family_settle(&family, "worker");
	family_check_count(&family, "worker", SIGHUP, 0);
	e2e_check(family.init, !e2e_is_over(family.init));
	e2e_check_silent(family.init);
}
END_TEST

START_TEST(every_other_signal_is_dropped)
{
	struct family family = start_ending(__func__, _i, "");
	int number;

	for (number = 1; number <= E2E_LAST_SIGNAL; number++)
		if (number != SIGKILL && number != SIGSTOP &&
		    number != SIGHUP && number != SIGINT &&
		    number != SIGQUIT && number != SIGTERM)
			e2e_kill(family.init, number);

	e2e_until(family.init, e2e_status_number(family.init, family.init->pid,
						 "ShdPnd", 16) == 0);
	e2e_wait_idle(family.init);
	family_settle(&family, "root");
	family_settle(&family, "apart");
	/* TERM and CONT told it to end, IO settled it. */
	ck_assert_uint_eq(family_count_all(&family, "root"), 3);
	ck_assert_uint_eq(family_count_all(&family, "apart"), 3);
	e2e_check(family.init, !e2e_is_over(family.init));
	e2e_check_silent(family.init);
}
END_TEST

START_TEST(a_signal_that_is_passed_on_is_rewritten_by_r)
{
	struct family family = start_ending(__func__, _i,
					    "-r INT:USR2 -r HUP:WINCH");

	e2e_kill(family.init, SIGHUP);
	family_got(&family, "root", SIGWINCH);
	family_got(&family, "apart", SIGWINCH);
	e2e_kill(family.init, SIGINT);
	family_got(&family, "root", SIGUSR2);
	family_got(&family, "apart", SIGUSR2);

	family_check_count(&family, "root", SIGINT, 0);
	family_check_count(&family, "root", SIGHUP, 0);
	e2e_check(family.init, !e2e_is_over(family.init));
}
END_TEST

/* The end of the grace. */

START_TEST(process_1_says_at_the_end_of_the_grace_how_many_are_left_and_exits)
{
	struct family family = family_start(
		&(struct e2e_setup){ 0 }, "-t 300ms", NULL,
		"program+input(deaf+stays,ignorant+stays+ignores,"
		"apart+session+stays(helper+stays),obedient+told)");

	family_end_program(&family);

	e2e_check_exit(family.init, FAMILY_STATUS);
	e2e_check(family.init,
		  e2e_now_ms() - family.ended_ms >= GRACE_MS);
	e2e_check(family.init, e2e_said(family.init, "") == 1);
	e2e_check(family.init, e2e_said(family.init, "foster: ") == 1);
	e2e_check(family.init, e2e_said(family.init, "foster: 4 left") == 1);
	/* The kernel ends them. */
	e2e_wait_end_of_output(family.init);
	e2e_check(family.init, family_said(&family, "obedient", "ends"));
}
END_TEST

START_TEST(a_subreaper_kills_at_the_end_of_the_grace_also_those_that_arrive)
{
	/* Of a chain each one comes when the one before is dead. */
	struct family family = family_start(
		&(struct e2e_setup){ .mode = E2E_SUBREAPER }, "-t 300ms", NULL,
		"program+input(deaf+stays,ignorant+stays+ignores,"
		"stopped+stays+stops,obedient+told,a+session+stays(b+stays("
		"c+session+stays(d+stays(e+stays*3)))))");
	pid_t stopped = family_pid(&family, "stopped");

	e2e_wait_state(family.init, stopped, "T");
	family_end_program(&family);
	family_got(&family, "stopped", SIGTERM);
	kill(stopped, SIGSTOP);

	family_check_silent_exit(&family, FAMILY_STATUS);
	e2e_check(family.init,
		  e2e_now_ms() - family.ended_ms >= GRACE_MS);
	e2e_wait_end_of_output(family.init);
	ck_assert_uint_eq(e2e_survivors(), 0);
	e2e_check(family.init, family_said(&family, "obedient", "ends"));
}
END_TEST

START_TEST(another_user_s_process_is_waited_for_in_vain_and_named)
{
	struct family family;
	char number[16];

	e2e_need_user(FAMILY_NOBODY);
	family = family_start(
		&(struct e2e_setup){
			.mode = _i,
			.lost_capabilities = E2E_CAPABILITY(CAP_KILL),
		},
		"-t 300ms", NULL,
		"program+input(other+user+stays,mine+told)");
	snprintf(number, sizeof(number), " %d ",
		 (int)e2e_number(family.init, "other is "));

	family_end_program(&family);

	ck_assert_int_eq(e2e_exit_within(family.init, GRACE_MS + KILLING_MS +
					 SLACK_MS), FAMILY_STATUS);
	e2e_check(family.init,
		  e2e_now_ms() - family.ended_ms >= GRACE_MS);
	e2e_check(family.init, e2e_said(family.init, "") == 1);
	e2e_check(family.init, e2e_said(family.init, "foster: 1 left") == 1);
	e2e_check(family.init, e2e_said(family.init, number) == 1);
	family_check_count(&family, "other", SIGTERM, 0);
	e2e_check(family.init, family_said(&family, "mine", "ends"));
	if (_i == E2E_SUBREAPER)
		ck_assert_uint_eq(e2e_survivors(), 1);
}
END_TEST

START_TEST(with_q_nothing_is_said_of_those_that_are_left)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, "-q -t 100ms", NULL,
		"program+input(deaf+stays)");

	family_end_program(&family);

	family_check_silent_exit(&family, FAMILY_STATUS);
}
END_TEST

START_TEST(with_no_grace_it_exits_at_once_and_nobody_is_told)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, "-t 0", NULL,
		"program+input(worker+stays,apart+session+stays)");

	family_end_program(&family);

	family_check_silent_exit(&family, FAMILY_STATUS);
	/* What a subreaper leaves lives on; else the kernel has killed it. */
	if (_i == E2E_SUBREAPER) {
		family_settle(&family, "worker");
		family_settle(&family, "apart");
		ck_assert_uint_eq(e2e_survivors(), 2);
	}
	family_check_count(&family, "worker", SIGTERM, 0);
	family_check_count(&family, "apart", SIGTERM, 0);
}
END_TEST

/* The status. */

START_TEST(the_status_is_the_program_s_however_leftovers_end)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient(""), NULL,
		"program+input(worker+told,killed+session,last)");

	family_end_program(&family);
	family_says(&family, "worker", "ends");
	kill(family_pid(&family, "killed"), SIGKILL);
	family_got(&family, "last", SIGTERM);
	family_finish(&family);

	family_check_silent_exit(&family, FAMILY_STATUS);
}
END_TEST

START_TEST(the_status_of_a_killed_program_comes_after_its_leftovers)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient(""), NULL,
		"program+input(worker+cleans)");

	kill(family_pid(&family, "program"), SIGKILL);
	family_says(&family, "worker", "cleans up");
	e2e_check(family.init, !e2e_is_over(family.init));
	family_finish(&family);

	e2e_check_exit(family.init, 128 + SIGKILL);
	e2e_check(family.init, family_said(&family, "worker", "is clean"));
}
END_TEST

START_TEST(the_status_is_remapped_also_when_leftovers_had_to_be_killed)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, "-e 37 -t 100ms", NULL,
		"program+input(deaf+stays)");

	family_end_program(&family);

	e2e_check_exit(family.init, 0);
}
END_TEST

/* With -a. */

static const char two[] = "program+input(worker,apart+session+daemon)";

/* The program has ended, and foster waits for its leftovers. */
static struct family start_waiting(const char *test, enum e2e_mode mode,
				   const char *options, const char *tree)
{
	struct family family = family_start_from(
		test, &(struct e2e_setup){ .mode = mode }, options, NULL, tree);
	pid_t program = family_pid(&family, "program");

	family_end_program(&family);
	e2e_wait_gone(family.init, program);
	e2e_wait_idle(family.init);
	return family;
}

START_TEST(with_a_leftovers_live_as_long_as_they_like_and_are_not_told)
{
	struct family family = start_waiting(__func__, _i, "-a -t 1ms", two);

	pass_time(&family, LONGER_THAN_1_MS);
	family_settle(&family, "worker");
	family_settle(&family, "apart");
	family_check_count(&family, "worker", SIGTERM, 0);
	family_check_count(&family, "apart", SIGTERM, 0);
	e2e_check(family.init, !e2e_is_over(family.init));
	family_finish(&family);

	/* When the last is gone, so is foster. */
	family_check_silent_exit(&family, FAMILY_STATUS);
	e2e_check(family.init, family_said(&family, "worker", "ends"));
	e2e_check(family.init, family_said(&family, "apart", "ends"));
}
END_TEST

START_TEST(with_a_and_no_leftovers_it_exits_at_once)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient("-a"), NULL,
		"program+input");

	family_end_program(&family);

	family_check_silent_exit(&family, FAMILY_STATUS);
}
END_TEST

START_TEST(with_a_orphans_are_reaped_while_foster_waits_for_the_others)
{
	struct family family = start_waiting(__func__, _i, "-a -t 1ms", two);
	pid_t worker = family_pid(&family, "worker");

	kill(worker, SIGKILL);
	e2e_wait_gone(family.init, worker);
	e2e_wait_idle(family.init);
	e2e_check(family.init, !e2e_is_over(family.init));
	family_settle(&family, "apart");
	family_finish(&family);

	family_check_silent_exit(&family, FAMILY_STATUS);
	family_check_count(&family, "apart", SIGTERM, 0);
}
END_TEST

START_TEST(with_a_term_int_or_quit_begins_the_end_of_the_leftovers)
{
	int number = to_end[_i / 2];
	struct family family = start_waiting(__func__, mode_of(_i),
					     family_patient("-a"), two);

	e2e_kill(family.init, number);

	/* They are told as ever, whatever the signal was. */
	family_got(&family, "worker", SIGTERM);
	family_got(&family, "apart", SIGTERM);
	e2e_wait_idle(family.init);
	e2e_check(family.init, !e2e_is_over(family.init));
	family_finish(&family);
	family_check_silent_exit(&family, FAMILY_STATUS);
	family_check_count(&family, "worker", SIGTERM, 1);
	family_check_count(&family, "apart", SIGTERM, 1);
	if (number != SIGTERM)
		family_check_count(&family, "worker", number, 0);
}
END_TEST

START_TEST(with_a_the_grace_begins_when_it_is_told_to_stop)
{
	struct family families[E2E_MODES], *family;
	long long told_ms;
	size_t i;

	/* Both at once, for it takes time. */
	for (i = 0; i < E2E_MODES; i++)
		families[i] = start_waiting(__func__, (enum e2e_mode)i,
					    "-a -t 300ms", "program+input("
					    "root+stays(worker+stays))");
	pass_time(&families[0], GRACE_MS / 2);
	told_ms = e2e_now_ms();
	for (i = 0; i < E2E_MODES; i++)
		e2e_kill(families[i].init, SIGTERM);

	for (i = 0; i < E2E_MODES; i++) {
		family = &families[i];
		e2e_check_exit(family->init, FAMILY_STATUS);
		e2e_check(family->init, e2e_now_ms() - told_ms >= GRACE_MS);
		family_check_count(family, "root", SIGTERM, 1);
		family_check_count(family, "worker", SIGTERM, 1);
		e2e_check(family->init, family_got(family, "worker", SIGTERM) -
			  told_ms >= GRACE_MS / 2);
		e2e_wait_end_of_output(family->init);
	}
}
END_TEST

START_TEST(with_a_the_signal_after_that_is_passed_on_and_the_next_ends_it_all)
{
	struct family family = start_waiting(__func__, _i,
					     family_patient("-a"), two);

	e2e_kill(family.init, SIGTERM);
	family_got(&family, "worker", SIGTERM);
	family_got(&family, "apart", SIGTERM);
	e2e_wait_idle(family.init);
	e2e_kill(family.init, SIGINT);
	family_got(&family, "worker", SIGINT);
	family_got(&family, "apart", SIGINT);
	e2e_wait_idle(family.init);
	e2e_kill(family.init, SIGTERM);

	e2e_check_exit(family.init, FAMILY_STATUS);
	e2e_wait_end_of_output(family.init);
	family_check_count(&family, "worker", SIGTERM, 1);
}
END_TEST

START_TEST(with_a_and_no_grace_it_exits_when_it_is_told_to_stop)
{
	struct family family = start_waiting(__func__, _i, "-a -t 0", two);

	family_settle(&family, "worker");
	e2e_check(family.init, !e2e_is_over(family.init));
	e2e_kill(family.init, SIGTERM);

	family_check_silent_exit(&family, FAMILY_STATUS);
	family_check_count(&family, "worker", SIGTERM, 0);
	family_check_count(&family, "apart", SIGTERM, 0);
}
END_TEST

/* With -k. The program of these tests takes every signal and does not end. */

static struct family start_stubborn(const char *test, enum e2e_mode mode,
				    const char *options)
{
	return family_start_from(test, &(struct e2e_setup){ .mode = mode },
				 options, NULL, "program+input");
}

START_TEST(with_k_a_program_that_still_runs_after_term_int_or_quit_is_killed)
{
	struct family families[3 * E2E_MODES];
	long long told_ms;
	size_t i;

	/* All at once, for it takes time. */
	for (i = 0; i < 3 * E2E_MODES; i++)
		families[i] = start_stubborn(__func__, mode_of((int)i),
					     "-k 200ms");
	told_ms = e2e_now_ms();
	for (i = 0; i < 3 * E2E_MODES; i++)
		e2e_kill(families[i].init, to_end[i / 2]);

	for (i = 0; i < 3 * E2E_MODES; i++) {
		e2e_check_exit(families[i].init, 128 + SIGKILL);
		e2e_check(families[i].init, e2e_now_ms() - told_ms >= 200);
		family_check_count(&families[i], "program", to_end[i / 2], 1);
	}
}
END_TEST

START_TEST(with_k_every_other_signal_leaves_the_program_alone)
{
	struct family family = start_stubborn(__func__, _i, "-k 1ms");
	int number;

	for (number = 1; number <= E2E_LAST_SIGNAL; number++)
		if (number != SIGKILL && number != SIGSTOP &&
		    number != SIGINT && number != SIGQUIT &&
		    number != SIGTERM && number != SIGIO)
			e2e_kill(family.init, number);
	e2e_kill(family.init, SIGIO);
	family_got(&family, "program", SIGHUP);
	family_got(&family, "program", SIGIO);
	pass_time(&family, LONGER_THAN_1_MS);
	family_settle(&family, "program");
	family_end_program(&family);

	family_check_silent_exit(&family, FAMILY_STATUS);
}
END_TEST

START_TEST(with_k_it_is_the_rewritten_signal_that_counts)
{
	struct family family = start_stubborn(
		__func__, _i, "-k 1ms -r TERM:USR1 -r INT:0 -r HUP:QUIT");

	e2e_kill(family.init, SIGTERM);
	family_got(&family, "program", SIGUSR1);
	e2e_kill(family.init, SIGINT);
	e2e_kill(family.init, SIGIO);
	family_got(&family, "program", SIGIO);
	pass_time(&family, LONGER_THAN_1_MS);
	family_settle(&family, "program");
	e2e_check(family.init, !e2e_is_over(family.init));
	e2e_kill(family.init, SIGHUP);

	e2e_check_exit(family.init, 128 + SIGKILL);
	family_check_count(&family, "program", SIGINT, 0);
}
END_TEST

START_TEST(with_k_a_second_signal_does_not_put_off_the_end)
{
	struct family families[E2E_MODES];
	long long told_ms, again_ms;
	size_t i;

	for (i = 0; i < E2E_MODES; i++)
		families[i] = start_stubborn(__func__, (enum e2e_mode)i,
					     "-k 800ms");
	told_ms = e2e_now_ms();
	for (i = 0; i < E2E_MODES; i++)
		e2e_kill(families[i].init, SIGTERM);
	e2e_until(families[0].init, e2e_now_ms() >= told_ms + 700);
	again_ms = e2e_now_ms();
	for (i = 0; i < E2E_MODES; i++)
		if (!e2e_is_over(families[i].init))
			e2e_kill(families[i].init, SIGINT);

	for (i = 0; i < E2E_MODES; i++) {
		e2e_check_exit(families[i].init, 128 + SIGKILL);
		e2e_check(families[i].init, e2e_now_ms() - told_ms >= 800);
		e2e_check(families[i].init, e2e_now_ms() - again_ms < 800);
	}
}
END_TEST

START_TEST(without_k_a_program_is_never_killed)
{
	struct family family = start_stubborn(
		__func__, mode_of(_i), _i / 2 == 0 ? "-t 1ms" : "-t 1ms -k 0");

	e2e_kill(family.init, SIGTERM);
	family_got(&family, "program", SIGTERM);
	pass_time(&family, LONGER_THAN_1_MS);
	family_settle(&family, "program");
	family_end_program(&family);

	family_check_silent_exit(&family, FAMILY_STATUS);
}
END_TEST

START_TEST(with_k_leftovers_of_a_program_that_ended_in_time_have_their_grace)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient("-k 50ms"),
		NULL, "program+told(worker+cleans)");

	e2e_kill(family.init, SIGTERM);
	family_says(&family, "worker", "cleans up");
	pass_time(&family, 100);
	family_settle(&family, "worker");
	e2e_check(family.init, !e2e_is_over(family.init));
	family_finish(&family);

	family_says(&family, "worker", "is clean");
	e2e_check_exit(family.init, FAMILY_STATUS);
	family_check_count(&family, "worker", SIGTERM, 1);
}
END_TEST

START_TEST(with_k_leftovers_of_a_program_that_was_killed_have_their_grace)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient("-k 50ms"),
		NULL, "program+input(worker+cleans)");

	e2e_kill(family.init, SIGTERM);
	family_says(&family, "worker", "cleans up");
	pass_time(&family, 100);
	family_settle(&family, "worker");
	e2e_check(family.init, !e2e_is_over(family.init));
	family_finish(&family);

	family_says(&family, "worker", "is clean");
	e2e_check_exit(family.init, 128 + SIGKILL);
	family_check_count(&family, "worker", SIGTERM, 1);
}
END_TEST

START_TEST(with_k_and_g_the_program_alone_is_killed)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i },
		family_patient("-g -k 50ms"), NULL,
		"program+input(member+cleans)");
	pid_t program = family_pid(&family, "program");

	e2e_kill(family.init, SIGTERM);
	family_says(&family, "member", "cleans up");
	e2e_wait_gone(family.init, program);
	e2e_wait_idle(family.init);
	family_settle(&family, "member");
	family_finish(&family);

	family_says(&family, "member", "is clean");
	e2e_check_exit(family.init, 128 + SIGKILL);
	family_check_count(&family, "member", SIGTERM, 1);
}
END_TEST

START_TEST(with_k_and_a_leftovers_are_not_killed_when_the_program_s_time_is_up)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i },
		family_patient("-a -k 50ms"), NULL, "program+told(worker)");
	/* Asked for while it is surely there. */
	int program = (int)family_pid(&family, "program");

	e2e_kill(family.init, SIGTERM);
	e2e_wait_gone(family.init, program);
	pass_time(&family, 100);
	family_settle(&family, "worker");
	e2e_check(family.init, !e2e_is_over(family.init));
	family_finish(&family);

	family_says(&family, "worker", "ends");
	family_check_silent_exit(&family, FAMILY_STATUS);
}
END_TEST

Suite *ending_suite(void)
{
	Suite *suite = suite_create("ending");
	TCase *meanwhile = e2e_tcase(suite, "meanwhile");
	TCase *grace = e2e_tcase(suite, "grace");
	TCase *status = e2e_tcase(suite, "status");
	TCase *waiting = e2e_tcase(suite, "waiting");
	TCase *killing = e2e_tcase(suite, "killing");

	e2e_add_range(meanwhile,
		      the_first_term_int_or_quit_is_passed_on_and_the_second_ends_it_all,
		      0, 17);
	e2e_add_both(meanwhile, hup_is_passed_on_each_time_and_ends_nothing);
	e2e_add_both(meanwhile, every_other_signal_is_dropped);
	e2e_add_both(meanwhile, a_signal_that_is_passed_on_is_rewritten_by_r);

	e2e_add(grace,
		process_1_says_at_the_end_of_the_grace_how_many_are_left_and_exits
		);
	e2e_add(grace,
		a_subreaper_kills_at_the_end_of_the_grace_also_those_that_arrive
		);
	e2e_add_both(grace,
		     another_user_s_process_is_waited_for_in_vain_and_named);
	e2e_add_both(grace, with_q_nothing_is_said_of_those_that_are_left);
	e2e_add_both(grace, with_no_grace_it_exits_at_once_and_nobody_is_told);

	e2e_add_both(status,
		     the_status_is_the_program_s_however_leftovers_end);
	e2e_add_both(status,
		     the_status_of_a_killed_program_comes_after_its_leftovers);
	e2e_add_both(status,
		     the_status_is_remapped_also_when_leftovers_had_to_be_killed
		     );

	e2e_add_both(waiting,
		     with_a_leftovers_live_as_long_as_they_like_and_are_not_told
		     );
	e2e_add_both(waiting, with_a_and_no_leftovers_it_exits_at_once);
	e2e_add_both(waiting,
		     with_a_orphans_are_reaped_while_foster_waits_for_the_others
		     );
	e2e_add_range(waiting,
		      with_a_term_int_or_quit_begins_the_end_of_the_leftovers,
		      0, 5);
	e2e_add(waiting, with_a_the_grace_begins_when_it_is_told_to_stop);
	e2e_add_both(waiting,
		     with_a_the_signal_after_that_is_passed_on_and_the_next_ends_it_all
		     );
	e2e_add_both(waiting,
		     with_a_and_no_grace_it_exits_when_it_is_told_to_stop);

	e2e_add(killing,
		with_k_a_program_that_still_runs_after_term_int_or_quit_is_killed
		);
	e2e_add_both(killing,
		     with_k_every_other_signal_leaves_the_program_alone);
	e2e_add_both(killing, with_k_it_is_the_rewritten_signal_that_counts);
	e2e_add(killing, with_k_a_second_signal_does_not_put_off_the_end);
	e2e_add_range(killing, without_k_a_program_is_never_killed, 0, 3);
	e2e_add_both(killing,
		     with_k_leftovers_of_a_program_that_ended_in_time_have_their_grace
		     );
	e2e_add_both(killing,
		     with_k_leftovers_of_a_program_that_was_killed_have_their_grace
		     );
	e2e_add_both(killing,
		     with_k_and_a_leftovers_are_not_killed_when_the_program_s_time_is_up
		     );
	e2e_add_both(killing, with_k_and_g_the_program_alone_is_killed);
	return suite;
}
