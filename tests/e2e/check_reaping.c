/*
 * check_reaping.c - orphans, and idleness: foster(1), REAPING.
 */
#include "e2e.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

enum {
	STORM = 10000,
	/* Longer than the second after which tini always wakes up. */
	IDLE_MS = 1100,
};

/* The init's number as the programs below it see it. */
static int inner_pid(const struct e2e *init)
{
	return init->mode == E2E_PROCESS_1 ? 1 : (int)init->pid;
}

/* An init over the actor "orphan", with the test at its standard input. */
struct family {
	struct e2e *init;
	int input;
	pid_t orphan;		/* its number for the test */
};

static struct family start_family(const char *test, enum e2e_mode mode)
{
	struct family family;
	int ends[2], orphan = 0, parent = 0;
	const char *line;

	e2e_pipe(ends);
	family.init = e2e_start_from(
		test, &(struct e2e_setup){ .mode = mode, .stdio = { ends[0] } },
		"--", e2e_actor("orphan"), "5", NULL);
	family.input = ends[1];
	close(ends[0]);
	line = e2e_line(family.init, "orphan ");
	ck_assert_int_eq(sscanf(line, "%d of %d", &orphan, &parent), 2);
	if (parent != inner_pid(family.init))
		e2e_fail(family.init, __FILE__, __LINE__,
			 "the orphan came to %d, not to the init", parent);
	family.orphan = e2e_pid(family.init, orphan);
	return family;
}

TEST_BOTH(orphans_come_to_foster_and_are_reaped_when_they_end)
{
	struct family family = start_family(__func__, _i);

	kill(family.orphan, SIGKILL);

	e2e_wait_gone(family.init, family.orphan);
	e2e_check(family.init, !e2e_is_over(family.init));
	close(family.input);
	e2e_check_exit(family.init, 5);
	e2e_check_silent(family.init);
}

TEST_BOTH(an_orphan_that_stops_and_continues_is_not_taken_for_dead)
{
	struct family family = start_family(__func__, _i);

	kill(family.orphan, SIGSTOP);
	e2e_wait_state(family.init, family.orphan, "T");
	e2e_wait_idle(family.init);
	kill(family.orphan, SIGCONT);
	e2e_wait_state(family.init, family.orphan, "S");
	e2e_wait_idle(family.init);
	kill(family.orphan, SIGKILL);

	e2e_wait_gone(family.init, family.orphan);
	close(family.input);
	e2e_check_exit(family.init, 5);
	e2e_check_silent(family.init);
}

/* ---- a child that foster happens to trace ---- */

/* What it stopped by, and how it ends then. */
static const struct {
	int signal, status;
} traced[] = {
	{ SIGWINCH, 7 },	  { SIGCHLD, 7 },
	{ SIGCONT, 7 },		  { SIGTRAP, 7 },
	{ SIGTERM, 128 + SIGTERM }, { SIGUSR1, 128 + SIGUSR1 },
	{ 40, 128 + 40 },
};

enum { TRACED = COUNT(traced) };

TEST_TIMES(TRACED * E2E_MODES, a_program_that_foster_traces_goes_on)
{
	char number[8];
	struct e2e *init;

	snprintf(number, sizeof(number), "%d", traced[_i / E2E_MODES].signal);
	init = e2e_start_in(_i, "-q", "--", e2e_actor("traced"), number, NULL);

	e2e_check_exit(init, traced[_i / E2E_MODES].status);
	e2e_check_silent(init);
}

TEST_BOTH(an_orphan_that_foster_traces_goes_on_and_is_reaped)
{
	struct e2e *init;
	int ends[2];

	e2e_pipe(ends);
	init = e2e_start(&(struct e2e_setup){ .mode = _i,
					      .stdio = { ends[0] } },
			 "--", e2e_actor("traced"), "-o", NULL);
	close(ends[0]);
	e2e_line(init, "orphan ");
	/* The program alone is left. */
	e2e_until(init, e2e_children(init->pid) == 1);
	e2e_check(init, e2e_is_init(init));
	close(ends[1]);

	e2e_check_exit(init, 7);
	e2e_check_silent(init);
}

TEST_BOTH(a_storm_of_10000_orphans_is_reaped_with_the_right_status)
{
	struct e2e *init;
	char count[16];
	int ends[2];

	e2e_pipe(ends);
	snprintf(count, sizeof(count), "%d", STORM);
	init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .stdio = { ends[0] } },
		"--", e2e_actor("storm"), count, "37", NULL);
	close(ends[0]);

	ck_assert_int_eq(e2e_number(init, "made"), STORM);

	/* The program alone is left, and no zombie. */
	e2e_until(init, e2e_children(init->pid) == 1);
	e2e_wait_idle(init);
	e2e_check(init, !e2e_is_over(init));
	close(ends[1]);
	e2e_check_exit(init, 37);
	e2e_check_silent(init);
}

TEST_BOTH(orphans_that_ended_while_foster_was_stopped_are_reaped)
{
	/*
	 * Thousands of deaths and but one SIGCHLD: the init is stopped while
	 * the orphans end, so that all of them wait for it at once.
	 */
	struct e2e *init;
	int ends[2];

	e2e_pipe(ends);
	init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .stdio = { ends[0] } },
		"--", e2e_actor("storm"), "2000", "37", NULL);
	close(ends[0]);
	e2e_line(init, "making");
	kill(init->pid, SIGSTOP);
	e2e_number(init, "made");

	kill(init->pid, SIGCONT);

	e2e_until(init, e2e_children(init->pid) == 1);
	close(ends[1]);
	/* CONT is forwarded like any signal, and does nothing. */
	e2e_check_exit(init, 37);
	e2e_check_silent(init);
}

TEST(idle_it_never_wakes_up)
{
	struct e2e *inits[E2E_MODES];
	unsigned long long before[E2E_MODES], after;
	int ends[2], i;

	e2e_pipe(ends);
	for (i = 0; i < E2E_MODES; i++) {
		inits[i] = e2e_start(
			&(struct e2e_setup){ .mode = (enum e2e_mode)i,
					     .stdio = { ends[0] } },
			"--", e2e_actor("idle"), "1100", "7", NULL);
		e2e_line(inits[i], "ready");
	}
	close(ends[0]);
	for (i = 0; i < E2E_MODES; i++) {
		e2e_wait_idle(inits[i]);
		before[i] = e2e_status_number(inits[i], inits[i]->pid,
					      "voluntary_ctxt_switches", 10);
	}

	/* A byte for each: both sleep at the same time. */
	ck_assert_int_eq(write(ends[1], "go", E2E_MODES), E2E_MODES);

	for (i = 0; i < E2E_MODES; i++) {
		e2e_line(inits[i], "slept");
		after = e2e_status_number(inits[i], inits[i]->pid,
					  "voluntary_ctxt_switches", 10);
		if (after != before[i])
			e2e_fail(inits[i], __FILE__, __LINE__,
				 "it woke up %llu times", after - before[i]);
	}
	close(ends[1]);
	for (i = 0; i < E2E_MODES; i++)
		e2e_check_exit(inits[i], 7);
}

TEST_BOTH(idle_it_waits_for_a_signal_without_a_time_limit)
{
	struct e2e *init = e2e_start_in(_i, "--", e2e_actor("waits"), NULL);
	unsigned long set, info, timeout = 1;
	char path[64], *text;
	int call;

	e2e_line(init, "ready");
	e2e_wait_idle(init);

	snprintf(path, sizeof(path), "/proc/%d/syscall", (int)init->pid);
	text = e2e_read(path, NULL);
	if (text == NULL)
		e2e_skip("/proc/PID/syscall");
	ck_assert_int_eq(sscanf(text, "%d %lx %lx %lx", &call, &set, &info,
				&timeout), 4);
	ck_assert_int_eq(call, SYS_rt_sigtimedwait);
	ck_assert_uint_eq(timeout, 0);
	free(text);
}

TEST_BOTH(nested_inits_are_silent_and_work)
{
	struct e2e *init = e2e_start_in(_i, "--", e2e_binary(), "--",
					e2e_binary(), "--", e2e_actor("ends"),
					"42", NULL);

	e2e_check_exit(init, 42);
	e2e_check_silent(init);
}

TEST_BOTH(a_signal_passes_through_nested_inits)
{
	struct e2e *init = e2e_start_in(_i, "--", e2e_binary(), "--",
					e2e_binary(), "--", e2e_actor("waits"),
					NULL);

	e2e_line(init, "ready");
	e2e_kill(init, SIGTERM);

	e2e_check_exit(init, 128 + SIGTERM);
	e2e_check_silent(init);
}

TEST_TIMES(3, where_it_cannot_be_a_subreaper_it_warns_once_and_works)
{
	static const int errors[] = { EINVAL, EPERM, ENOSYS };
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = E2E_SUBREAPER,
			.refuse = { { SYS_prctl, errors[_i], true,
				      PR_SET_CHILD_SUBREAPER } },
		},
		"--", e2e_actor("ends"), "7", NULL);

	e2e_check_exit(init, 7);
	e2e_check(init, e2e_said(init, "foster: ") == 1);
	e2e_check(init, e2e_said(init, "") == 1);
}

TEST(process_1_needs_no_subreaper_and_does_not_warn)
{
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.refuse = { { SYS_prctl, EINVAL, true,
				      PR_SET_CHILD_SUBREAPER } },
		},
		"--", e2e_actor("ends"), "7", NULL);

	e2e_check_exit(init, 7);
	e2e_check_silent(init);
}
