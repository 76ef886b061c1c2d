/*
 * check_refusals.c - a filter refuses what foster asks of the kernel:
 * foster(1), COMPATIBILITY.
 *
 * Each system call that foster makes is refused in turn, as on a kernel that
 * does not have it (ENOSYS) and as by a container's seccomp profile (EPERM). A
 * program inherits the filter, so the actor is "minimal", which gets by without
 * these calls. TERM is inherited blocked all through: the actor can rely on
 * it where the call for that is refused.
 *
 * That foster does not spin is seen in two ways: at rest it sleeps in a call
 * that has no time limit, which a process that spins never does; and where it
 * must look at the clock, it has used little of the processor in that time.
 */
#include "refused.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whatever is refused. */

TEST_TIMES(CALLS * CASES,
	   the_program_s_status_comes_through_whatever_is_refused)
{
	struct refused refused = refused_of(_i);
	struct e2e_setup setup = refused_setup(&refused, 0);
	struct e2e *init;

	e2e_need_static_from(__func__);
	init = e2e_start(&setup, "--", e2e_actor("ends"), "42", NULL);

	refused_check(init, &refused, e2e_exit(init) == 42);
	refused_said_once(init, &refused);
}

/* What it takes to take a signal and to send it. */
static bool can_forward(const struct refused *refused)
{
	return !refused_is(refused, SYS_kill) &&
		!refused_is(refused, SYS_rt_sigprocmask) &&
		!refused_is(refused, SYS_rt_sigtimedwait);
}

TEST_TIMES(CALLS * CASES,
	   a_signal_is_forwarded_or_harmless_whatever_is_refused)
{
	struct refused refused = refused_of(_i);
	int input;
	struct e2e *init = refused_start(&refused, &input, NULL, "--");

	e2e_line(init, "ready");
	refused_check(init, &refused, e2e_is_init(init));
	e2e_kill(init, SIGTERM);

	if (can_forward(&refused)) {
		e2e_line(init, "got");
	} else {
		refused_rest(init, &refused);
		close(input);
	}
	refused_check(init, &refused, e2e_exit(init) == 5);
	refused_said_once(init, &refused);
}

TEST_TIMES(CALLS * CASES, it_rests_and_reaps_orphans_whatever_is_refused)
{
	struct refused refused = refused_of(_i);
	int input;
	struct e2e *init = refused_start(&refused, &input, NULL, "-o");
	pid_t orphan = e2e_pid(init, (pid_t)e2e_number(init, "orphan"));

	e2e_line(init, "ready");
	refused_rest(init, &refused);
	kill(orphan, SIGKILL);
	/* Where it cannot be the subreaper, the orphan has come to the test. */
	if (!refused_is(&refused, SYS_prctl) || refused.mode == E2E_PROCESS_1)
		e2e_wait_gone(init, orphan);
	refused_rest(init, &refused);

	close(input);
	refused_check(init, &refused, e2e_exit(init) == 5);
	refused_said_once(init, &refused);
}

/* All but kill: there they have their grace, as below. */
TEST_TIMES((CALLS - 1) * CASES,
	   leftovers_are_told_and_waited_for_whatever_is_refused)
{
	struct refused refused = refused_of(_i);
	int input;
	/* Longer than the test waits: it ends because the leftover does. */
	struct e2e *init = refused_start(&refused, &input, "-t60", "-l");

	e2e_line(init, "ready");
	e2e_line(init, "leftover ready");
	close(input);

	/* Where it cannot be the subreaper, nobody is left to foster. */
	if (!refused_is(&refused, SYS_prctl) || refused.mode == E2E_PROCESS_1)
		e2e_line(init, "leftover got");
	else
		e2e_says(init, "cannot become a subreaper");
	refused_check(init, &refused, e2e_exit(init) == 5);
	refused_said_once(init, &refused);
}

/* Its children can be found and be killed. */
static bool can_kill(const struct refused *refused)
{
	return refused->mode == E2E_PROCESS_1 ||
		(!refused_is(refused, SYS_kill) &&
		 !refused_is(refused, SYS_prctl) &&
		 !refused_is(refused, SYS_openat) &&
		 !refused_is(refused, SYS_read) &&
		 !refused_is(refused, SYS_pread64));
}

/* What was wrong with one case in its grace time, or NULL. */
static const char *wrong_with_grace(struct e2e *init,
				    const struct refused *refused)
{
	static char text[64];
	long long used_us;

	if (!refused_ends(init, GRACE_MS + SLACK_MS, &used_us))
		return "it does not end";
	if (used_us >= BUSY_US) {
		snprintf(text, sizeof(text), "busy for %lld us of %d ms",
			 used_us, GRACE_MS);
		return text;
	}
	if (e2e_exit(init) != 5)
		return "another status";
	if (can_kill(refused))
		e2e_wait_end_of_output(init);
	return NULL;
}

/* One init for each case, all at the same time, over stubborn leftovers. */
static void pass_grace(const char *test, const struct refused cases[BATCH])
{
	char grace[16], all[4096] = "";
	struct e2e *inits[BATCH];
	int ends[2], i;

	e2e_need_static_from(test);
	snprintf(grace, sizeof(grace), "-t%dms", GRACE_MS);
	e2e_pipe(ends);
	for (i = 0; i < BATCH; i++) {
		struct e2e_setup setup = refused_setup(&cases[i], ends[0]);

		inits[i] = e2e_start_from(test, &setup, grace, "--",
					  e2e_actor("minimal"), "-sl", "5",
					  NULL);
	}
	close(ends[0]);
	for (i = 0; i < BATCH; i++) {
		e2e_line(inits[i], "ready");
		e2e_line(inits[i], "leftover ready");
		refused_check(inits[i], &cases[i], e2e_is_init(inits[i]));
	}
	close(ends[1]);

	for (i = 0; i < BATCH; i++) {
		const char *wrong = wrong_with_grace(inits[i], &cases[i]);
		size_t used = strlen(all);

		if (wrong != NULL)
			snprintf(all + used, sizeof(all) - used, "%s: %s; ",
				 refused_name(&cases[i]), wrong);
	}
	ck_assert_msg(*all == '\0', "%s", all);
}

TEST_BOTH(stubborn_leftovers_have_their_grace_whatever_is_refused)
{
	struct refused cases[BATCH];
	int i;

	for (i = 0; i < BATCH; i++)
		cases[i] = (struct refused){
			.call = &calls[i / ERRORS],
			.error = errors[i % ERRORS],
			.mode = (enum e2e_mode)_i,
		};
	pass_grace(__func__, cases);
}

/* Waiting for a signal. */

/* Waiting for a signal is refused, and one more call. */
static struct refused blind_of(int i)
{
	return (struct refused){
		.call = refused_number(SYS_rt_sigtimedwait),
		.also = &calls[i / E2E_MODES],
		.error = ENOSYS,
		.mode = (enum e2e_mode)(i % E2E_MODES),
	};
}

TEST_TIMES(CASES, where_waiting_is_refused_it_waits_for_children)
{
	struct refused refused = refused_call(SYS_rt_sigtimedwait, _i);
	int input;
	struct e2e *init = refused_start(&refused, &input, NULL, "-o");
	pid_t orphan = e2e_pid(init, (pid_t)e2e_number(init, "orphan"));
	unsigned long long before, after;

	e2e_line(init, "ready");
	refused_rest(init, &refused);
	before = e2e_status_number(init, init->pid, "voluntary_ctxt_switches",
				   10);
	kill(orphan, SIGKILL);
	e2e_wait_gone(init, orphan);
	refused_rest(init, &refused);
	after = e2e_status_number(init, init->pid, "voluntary_ctxt_switches",
				  10);

	/* One death, one time awake; on the way it may have been preempted. */
	e2e_check(init, after - before <= 3);
	close(input);
	e2e_check_exit(init, 5);
	e2e_check(init, e2e_said(init, "foster: ") == 1);
	e2e_check(init, e2e_said(init, "") == 1);
}

TEST_TIMES(CALLS * E2E_MODES,
	   where_waiting_and_one_more_call_is_refused_it_rests)
{
	struct refused refused = blind_of(_i);
	int input;
	struct e2e *init = refused_start(&refused, &input, NULL, "--");

	e2e_line(init, "ready");
	refused_rest(init, &refused);
	e2e_kill(init, SIGTERM);
	refused_rest(init, &refused);

	close(input);
	refused_check(init, &refused, e2e_exit(init) == 5);
}

TEST(where_waiting_and_one_more_call_is_refused_the_grace_ends)
{
	struct refused cases[BATCH];
	int i;

	for (i = 0; i < BATCH; i++)
		cases[i] = blind_of(i);
	pass_grace(__func__, cases);
}

TEST(a_pause_that_cannot_wait_for_a_signal_does_not_spin)
{
	/* It has no child to wait for, so it may look now and then. */
	static const int also[] = {
		0, SYS_ppoll, SYS_clock_gettime, SYS_wait4,
	};
	const int count = COUNT(also) * E2E_MODES;
	struct refused cases[COUNT(also) * E2E_MODES];
	struct e2e *inits[COUNT(also) * E2E_MODES], *clock;
	int ends[2], i;

	e2e_need_static_from(__func__);
	e2e_pipe(ends);
	clock = e2e_start(&(struct e2e_setup){ .stdio = { ends[0] } }, "--",
			  e2e_actor("idle"), "300", "0", NULL);
	e2e_line(clock, "ready");
	for (i = 0; i < count; i++) {
		struct e2e_setup setup;

		cases[i] = (struct refused){
			.call = refused_number(SYS_rt_sigtimedwait),
			.error = EPERM,
			.mode = (enum e2e_mode)(i % E2E_MODES),
		};
		if (also[i / E2E_MODES] != 0)
			cases[i].also = refused_number(also[i / E2E_MODES]);
		setup = refused_setup(&cases[i], 0);
		inits[i] = e2e_start(&setup, "-P", NULL);
	}

	ck_assert_int_eq(write(ends[1], "g", 1), 1);
	e2e_line(clock, "slept");

	for (i = 0; i < count; i++) {
		long long used_us;

		refused_check(inits[i], &cases[i], !e2e_is_over(inits[i]));
		kill(inits[i]->pid, SIGKILL);
		refused_check(inits[i], &cases[i],
			   refused_ends(inits[i], e2e_wait_ms(), &used_us));
		refused_check(inits[i], &cases[i], used_us < BUSY_US);
	}
}

/* Not even a pause is allowed: better an early end than no rest. */
TEST_BOTH(a_pause_that_cannot_even_rest_ends)
{
	static const int refused[] = {
		SYS_rt_sigtimedwait, SYS_ppoll, SYS_nanosleep,
	};
	struct e2e_setup setup = { .mode = _i };
	struct e2e *init;

	e2e_need_static();
	for (size_t i = 0; i < COUNT(refused); i++)
		setup.refuse[i] = (struct e2e_refusal){ .call = refused[i],
							.error = EPERM };
	init = e2e_start(&setup, "-P", NULL);
	e2e_says(init, "foster: cannot wait for signals");
	e2e_check_exit(init, 0);
}
