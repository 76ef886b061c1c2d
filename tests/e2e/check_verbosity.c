/*
 * check_verbosity.c - how much is said: foster(1), OPTIONS (-q, -v, -w) and
 * ENVIRONMENT. What is said: check_messages.c.
 */
#include "e2e.h"

#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

/*
 * The number of lines that it says in a life with a bit of everything: it is
 * refused to be a subreaper, and a signal is forwarded.
 */
static size_t count_words(const char *test, const char *name,
			  const char *variable, const char *first,
			  const char *second)
{
	const char *const environment[] = { variable, NULL };
	const struct e2e_setup setup = {
		.mode = E2E_SUBREAPER,
		.name = name,
		.environment = environment,
		.refuse = { { SYS_prctl, EINVAL, true,
			      PR_SET_CHILD_SUBREAPER } },
	};
	struct e2e *init = second == NULL ?
		e2e_start_from(test, &setup, first, "--", e2e_actor("signals"),
			       "29", NULL) :
		e2e_start_from(test, &setup, first, second, "--",
			       e2e_actor("signals"), "29", NULL);
	size_t count;

	e2e_line(init, "ready");
	e2e_exchange(init, SIGUSR1, SIGUSR1);
	e2e_kill(init, SIGIO);
	e2e_check_exit(init, 0);
	count = e2e_said(init, "");
	e2e_check(init, e2e_said(init, "foster: ") == count);
	/* On standard output is what the program says, and no more. */
	e2e_check(init, e2e_count(init, "") == 3);
	e2e_end(init);
	return count;
}

enum { QUIET, NORMAL, VERBOSE, EVERYTHING, LEVELS };

TEST(of_all_that_says_how_much_is_said_the_last_wins)
{
	static const struct {
		const char *name, *variable, *first, *second;
		int level;
	} cases[] = {
		{ NULL, NULL, "--quiet", NULL, QUIET },
		{ NULL, NULL, "--verbose", NULL, VERBOSE },
		{ NULL, NULL, "-v", "--verbose", EVERYTHING },
		{ NULL, NULL, "-vvvv", "-v", EVERYTHING },
		{ NULL, NULL, "-vvq", NULL, QUIET },
		{ NULL, NULL, "-q", "-v", VERBOSE },
		{ NULL, NULL, "-q", "-vv", EVERYTHING },
		{ NULL, "TINI_VERBOSITY=0", "-c", NULL, QUIET },
		{ NULL, "TINI_VERBOSITY=1", "-c", NULL, NORMAL },
		{ NULL, "TINI_VERBOSITY=2", "-c", NULL, VERBOSE },
		{ NULL, "TINI_VERBOSITY=3", "-c", NULL, EVERYTHING },
		{ NULL, "TINI_VERBOSITY=1000", "-c", NULL, EVERYTHING },
		{ NULL, "TINI_VERBOSITY=", "-c", NULL, NORMAL },
		{ NULL, "TINI_VERBOSITY=3x", "-c", NULL, NORMAL },
		{ NULL, "TINI_VERBOSITY=3", "-q", NULL, QUIET },
		{ "tini", "TINI_VERBOSITY=2", "-c", NULL, VERBOSE },
		{ NULL, "FOSTER_OPTIONS=-q", "-c", NULL, QUIET },
		{ NULL, "FOSTER_OPTIONS=-v", "-v", NULL, EVERYTHING },
		{ "dumb-init", "DUMB_INIT_DEBUG=1", "-c", NULL, EVERYTHING },
		{ "dumb-init", "DUMB_INIT_DEBUG=0", "-c", NULL, NORMAL },
		{ "dumb-init", "DUMB_INIT_DEBUG=1", "-q", NULL, QUIET },
		{ "foster", "DUMB_INIT_DEBUG=1", "-c", NULL, NORMAL },
		{ "tini", "DUMB_INIT_DEBUG=1", "-c", NULL, NORMAL },
	};
	size_t counts[LEVELS], i;

	counts[QUIET] = count_words(__func__, NULL, NULL, "-q", NULL);
	counts[NORMAL] = count_words(__func__, NULL, NULL, "-c", NULL);
	counts[VERBOSE] = count_words(__func__, NULL, NULL, "-v", NULL);
	counts[EVERYTHING] = count_words(__func__, NULL, NULL, "-vv", NULL);
	ck_assert_uint_eq(counts[QUIET], 0);
	ck_assert_uint_eq(counts[NORMAL], 1);
	ck_assert_uint_gt(counts[VERBOSE], counts[NORMAL]);
	ck_assert_uint_gt(counts[EVERYTHING], counts[VERBOSE]);
	for (i = 0; i < COUNT(cases); i++)
		ck_assert_msg(count_words(__func__, cases[i].name,
					  cases[i].variable, cases[i].first,
					  cases[i].second) ==
			      counts[cases[i].level], "case %zu, %s, is not "
			      "level %d", i, cases[i].first, cases[i].level);
}

TEST_BOTH(q_still_says_that_the_program_could_not_be_started)
{
	struct e2e *init = e2e_start_in(_i, "-q", "--", "/nowhere/at-all",
					NULL);

	e2e_check_exit(init, 127);
	e2e_check(init, e2e_said(init, "/nowhere/at-all") == 1);
	init = e2e_start_in(_i, "-q", "-?", NULL);
	e2e_check_exit(init, 125);
	e2e_check(init, e2e_said(init, "foster: -?: ") == 1);
}

TEST_BOTH(v_never_says_that_a_program_ran_which_did_not)
{
	static const char ended[] = "foster: the program's process ended: ";
	struct e2e *init = e2e_start_in(_i, "-v", "--", "/nowhere/at-all",
					NULL);

	e2e_check_exit(init, 127);
	e2e_check(init, e2e_said(init, "the program ended") == 0);
	e2e_check(init, e2e_said(init, ended) == 1);
	e2e_check(init, e2e_said(init, "exit status 127") == 1);
	init = e2e_start_in(_i, "-v", "--", e2e_actor("ends"), "3", NULL);
	e2e_check_exit(init, 3);
	e2e_check(init, e2e_said(init, ended) == 1);
	e2e_check(init, e2e_said(init, "exit status 3") == 1);
}

TEST_BOTH(a_death_by_a_signal_is_said_but_not_with_q)
{
	struct e2e *init = e2e_start_in(_i, "--", e2e_actor("ends"), "-s", "9",
					NULL);

	e2e_check_exit(init, 128 + SIGKILL);
	e2e_check(init, e2e_said(init, "SIGKILL") == 1);
	e2e_check(init, e2e_said(init, "") == 1);
	init = e2e_start_in(_i, "-q", "--", e2e_actor("ends"), "-s", "9", NULL);
	e2e_check_exit(init, 128 + SIGKILL);
	e2e_check_silent(init);
}

/* An orphan comes to the init and is killed; says its number inside. */
static struct e2e *bury_orphan(const char *test, enum e2e_mode mode,
			       const char *option, char *number, size_t room)
{
	struct e2e *init;
	long long inner;
	pid_t orphan;
	int ends[2];

	e2e_pipe(ends);
	init = e2e_start_from(
		test, &(struct e2e_setup){ .mode = mode, .stdio = { ends[0] } },
		option, "--", e2e_actor("orphan"), "5", NULL);
	inner = e2e_number(init, "orphan");
	snprintf(number, room, " %lld", inner);
	orphan = e2e_pid(init, (pid_t)inner);
	kill(orphan, SIGKILL);
	e2e_wait_gone(init, orphan);
	e2e_wait_idle(init);
	close(ends[0]);
	close(ends[1]);
	e2e_check_exit(init, 5);
	e2e_check(init, e2e_count(init, "") == 1);
	return init;
}

TEST_BOTH(w_says_each_orphan_that_was_reaped_and_nothing_else)
{
	char number[32];
	struct e2e *init = bury_orphan(__func__, _i, "-w", number,
				       sizeof(number));

	e2e_check(init, e2e_said(init, "foster: ") == 1);
	e2e_check(init, e2e_said(init, number) == 1);
	e2e_check(init, e2e_said(init, "") == 1);
	init = bury_orphan(__func__, _i, "--warn-reaped", number,
			   sizeof(number));
	e2e_check(init, e2e_said(init, number) == 1);
	e2e_check(init, e2e_said(init, "") == 1);
}

TEST_BOTH(vv_says_each_reaped_process_and_each_signal)
{
	char number[32];
	struct e2e *init = bury_orphan(__func__, _i, "-vv", number,
				       sizeof(number));

	e2e_check(init, e2e_said(init, number) >= 1);
	init = e2e_start_in(_i, "-vv", "--", e2e_actor("signals"), NULL);
	e2e_line(init, "ready");
	e2e_exchange(init, SIGUSR1, SIGUSR1);
	e2e_check(init, e2e_said(init, "SIGUSR1") >= 1);
	e2e_exchange(init, 37, 37);
	e2e_check(init, e2e_said(init, "RTMIN+3") >= 1);
}

TEST_BOTH(without_w_and_v_a_reaped_orphan_is_not_mentioned)
{
	char number[32];

	e2e_check_silent(bury_orphan(__func__, _i, "-c", number,
				     sizeof(number)));
}
