/*
 * check_refusals.c - a filter refuses what foster asks of the kernel (contract,
 * section 10).
 *
 * Each system call that foster makes is refused in turn, as on a kernel that
 * does not have it (ENOSYS) and as by a container's seccomp profile (EPERM). A
 * program inherits the filter, so the actor is "frugal", which gets by without
 * these calls. TERM is inherited blocked all through: the actor can rely on
 * it where the call for that is refused.
 *
 * That foster does not spin is seen in two ways: at rest it sleeps in a call
 * that has no time limit, which a process that spins never does; and where it
 * must look at the clock, it has used little of the processor in that time.
 */
#include "e2e.h"

#include <linux/ptrace.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	/* Of a grace time, a process that spins uses nearly all. */
	GRACE_MS = 300,
	BUSY_US = 100000,
	/* After the grace, one second for SIGKILL, and a slow machine. */
	SLACK_MS = 5000,
	ERRORS = 2,
	CASES = ERRORS * E2E_MODES,	/* of one call */
};

struct call {
	const char *name;
	int number;
};

#define CALL(name) { #name, SYS_##name }

static const struct call calls[] = {
	CALL(chdir), CALL(clock_gettime), CALL(close), CALL(close_range),
	CALL(getdents64), CALL(getpgid), CALL(getpid), CALL(getppid),
	CALL(ioctl), CALL(kill), CALL(madvise), CALL(mmap), CALL(newfstatat),
	CALL(openat), CALL(pidfd_open), CALL(pidfd_send_signal), CALL(ppoll),
	CALL(prctl), CALL(pread64), CALL(read), CALL(readlinkat), CALL(rt_sigaction),
	CALL(rt_sigprocmask), CALL(rt_sigqueueinfo), CALL(rt_sigtimedwait),
	CALL(faccessat), CALL(getxattr), CALL(setpgid), CALL(statfs),
	CALL(statx), CALL(tkill), CALL(wait4), CALL(waitid), CALL(write),
};

/* Nothing can be started without them, or nothing can end. */
static const struct call others[] = {
	CALL(clone), CALL(execve), CALL(exit_group), CALL(restart_syscall),
};

enum {
	CALLS = sizeof(calls) / sizeof(calls[0]),
	OTHERS = sizeof(others) / sizeof(others[0]),
	/* Two cases for each call are tried at the same time. */
	BATCH = 2 * CALLS,
	/* Each call with each error in each mode. */
	LAST_CASE = CALLS * CASES - 1,
};

static const int errors[ERRORS] = { ENOSYS, EPERM };

/* One case of a test: which call is refused, how, and to whom. */
struct refused {
	const struct call *call;
	const struct call *also;	/* or NULL */
	int error;
	enum e2e_mode mode;
};

static struct refused refused_of(int i)
{
	return (struct refused){
		.call = &calls[i / CASES],
		.error = errors[i / E2E_MODES % ERRORS],
		.mode = (enum e2e_mode)(i % E2E_MODES),
	};
}

static bool is_call(const struct refused *refused, int number)
{
	return refused->call->number == number ||
		(refused->also != NULL && refused->also->number == number);
}

/* As e2e_check(), but says which case it was. */
#define check_case(init, refused, expression) do { \
	if (!(expression)) \
		fail_case((init), (refused), __LINE__, #expression); \
} while (0)

static const char *name_of_case(const struct refused *refused)
{
	static char text[128];

	snprintf(text, sizeof(text), "%s%s%s refused with %s, as %s",
		 refused->call->name, refused->also != NULL ? " and " : "",
		 refused->also != NULL ? refused->also->name : "",
		 refused->error == EPERM ? "EPERM" : "ENOSYS",
		 refused->mode == E2E_PROCESS_1 ? "process 1" : "subreaper");
	return text;
}

__attribute__((noreturn))
static void fail_case(struct e2e *init, const struct refused *refused,
		      int line, const char *expression)
{
	e2e_fail(init, __FILE__, line, "%s: not true: %s",
		 name_of_case(refused), expression);
}

static struct e2e_setup setup_of(const struct refused *refused, int input)
{
	struct e2e_setup setup = {
		.mode = refused->mode,
		.stdio = { input },
		.blocked = E2E_SIGNAL(SIGTERM),
		.refuse = { { .call = refused->call->number,
			      .error = refused->error } },
	};

	if (refused->also != NULL)
		setup.refuse[1] = (struct e2e_refusal){
			.call = refused->also->number,
			.error = refused->error,
		};
	return setup;
}

/*
 * The init over the actor "frugal". Its standard input is a pipe whose other
 * end is in *input: when that is closed, the program ends.
 */
static struct e2e *start_frugal(const char *test,
				const struct refused *refused, int *input,
				const char *option, const char *flag)
{
	struct e2e_setup setup;
	struct e2e *init;
	int ends[2];

	e2e_need_static_from(test);
	e2e_pipe(ends);
	setup = setup_of(refused, ends[0]);
	if (option == NULL)
		init = e2e_start_from(test, &setup, "--", e2e_actor("frugal"),
				      flag, "5", NULL);
	else
		init = e2e_start_from(test, &setup, option, "--",
				      e2e_actor("frugal"), flag, "5", NULL);
	close(ends[0]);
	*input = ends[1];
	return init;
}

/* What it says about a refusal is said once, as a message of its own. */
static void check_said_once(struct e2e *init, const struct refused *refused)
{
	check_case(init, refused, e2e_said(init, "") <= 1);
	check_case(init, refused, e2e_said(init, "") ==
		   e2e_said(init, "foster: "));
}

/* True if the process sleeps in a call that only an event can end. */
static bool is_at_rest(const struct e2e *init)
{
	unsigned long arguments[4] = { 0 };
	char path[64], *text;
	int call = -1, got;

	snprintf(path, sizeof(path), "/proc/%d/syscall", (int)init->pid);
	text = e2e_read(path, NULL);
	got = text == NULL ? 0 :
		sscanf(text, "%d %lx %lx %lx %lx", &call, &arguments[0],
		       &arguments[1], &arguments[2], &arguments[3]);
	free(text);
	if (got < 5)
		return false;
	return (call == SYS_rt_sigtimedwait && arguments[2] == 0) ||
		(call == SYS_wait4 && (arguments[2] & WNOHANG) == 0) ||
		(call == SYS_waitid && (arguments[3] & WNOHANG) == 0);
}

static void wait_at_rest(struct e2e *init, const struct refused *refused)
{
	long long deadline_ms = e2e_deadline_ms();

	if (access("/proc/self/syscall", R_OK) != 0)
		e2e_skip("/proc/PID/syscall");
	while (!is_at_rest(init)) {
		check_case(init, refused, !e2e_is_over(init));
		check_case(init, refused, e2e_now_ms() < deadline_ms);
		e2e_look_again(init);
	}
}

/*
 * Waits for its end, no longer than the bound; false if that does not come.
 * Gives the processor time that it and its program used.
 */
static bool ends_within(struct e2e *init, long long bound_ms,
			long long *used_us)
{
	struct pollfd file = { .fd = init->pidfd, .events = POLLIN };
	struct rusage usage;

	if (init->pidfd < 0)
		e2e_skip("pidfds");
	if (poll(&file, 1, (int)bound_ms) != 1)
		return false;
	ck_assert_int_eq(wait4(init->pid, &init->wait_status, 0, &usage),
			 init->pid);
	init->has_exited = true;
	*used_us = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000LL +
		usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
	return true;
}

/* Whatever is refused. */

START_TEST(the_program_s_status_comes_through_whatever_is_refused)
{
	struct refused refused = refused_of(_i);
	struct e2e_setup setup = setup_of(&refused, 0);
	struct e2e *init;

	e2e_need_static_from(__func__);
	init = e2e_start(&setup, "--", e2e_actor("ends"), "42", NULL);

	check_case(init, &refused, e2e_exit(init) == 42);
	check_said_once(init, &refused);
}
END_TEST

/* What it takes to take a signal and to send it. */
static bool can_hand_over(const struct refused *refused)
{
	return !is_call(refused, SYS_kill) &&
		!is_call(refused, SYS_rt_sigprocmask) &&
		!is_call(refused, SYS_rt_sigtimedwait);
}

START_TEST(a_signal_is_handed_over_or_harmless_whatever_is_refused)
{
	struct refused refused = refused_of(_i);
	int input;
	struct e2e *init = start_frugal(__func__, &refused, &input, NULL, "--");

	e2e_line(init, "ready");
	e2e_kill(init, SIGTERM);

	if (can_hand_over(&refused)) {
		e2e_line(init, "got");
	} else {
		wait_at_rest(init, &refused);
		close(input);
	}
	check_case(init, &refused, e2e_exit(init) == 5);
	check_said_once(init, &refused);
}
END_TEST

START_TEST(it_rests_and_reaps_orphans_whatever_is_refused)
{
	struct refused refused = refused_of(_i);
	int input;
	struct e2e *init = start_frugal(__func__, &refused, &input, NULL, "-o");
	pid_t orphan = e2e_pid(init, (pid_t)e2e_number(init, "orphan"));

	e2e_line(init, "ready");
	wait_at_rest(init, &refused);
	kill(orphan, SIGKILL);
	/* Where it cannot be the subreaper, the orphan has come to the test. */
	if (!is_call(&refused, SYS_prctl) || refused.mode == E2E_PROCESS_1)
		e2e_wait_gone(init, orphan);
	wait_at_rest(init, &refused);

	close(input);
	check_case(init, &refused, e2e_exit(init) == 5);
	check_said_once(init, &refused);
}
END_TEST

START_TEST(leftovers_are_told_and_waited_for_whatever_is_refused)
{
	struct refused refused = refused_of(_i);
	int input;
	/* Longer than the test waits: it ends because the leftover does. */
	struct e2e *init = start_frugal(__func__, &refused, &input, "-t60",
					"-l");

	e2e_line(init, "ready");
	e2e_line(init, "leftover ready");
	close(input);

	/* Where it cannot be the subreaper, nobody is left to foster. */
	if (!is_call(&refused, SYS_prctl) || refused.mode == E2E_PROCESS_1)
		e2e_line(init, "leftover got");
	check_case(init, &refused, e2e_exit(init) == 5);
	check_said_once(init, &refused);
}
END_TEST

/* Its children can be found and be killed. */
static bool can_kill(const struct refused *refused)
{
	return refused->mode == E2E_PROCESS_1 ||
		(!is_call(refused, SYS_kill) &&
		 !is_call(refused, SYS_prctl) &&
		 !is_call(refused, SYS_openat) &&
		 !is_call(refused, SYS_read) &&
		 !is_call(refused, SYS_pread64));
}

/* What was wrong with one case in its grace time, or NULL. */
static const char *wrong_with_grace(struct e2e *init,
				    const struct refused *refused)
{
	static char text[64];
	long long used_us;

	if (!ends_within(init, GRACE_MS + SLACK_MS, &used_us))
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
		struct e2e_setup setup = setup_of(&cases[i], ends[0]);

		inits[i] = e2e_start_from(test, &setup, grace, "--",
					  e2e_actor("frugal"), "-sl", "5",
					  NULL);
	}
	close(ends[0]);
	for (i = 0; i < BATCH; i++) {
		e2e_line(inits[i], "ready");
		e2e_line(inits[i], "leftover ready");
	}
	close(ends[1]);

	for (i = 0; i < BATCH; i++) {
		const char *wrong = wrong_with_grace(inits[i], &cases[i]);
		size_t used = strlen(all);

		if (wrong != NULL)
			snprintf(all + used, sizeof(all) - used, "%s: %s; ",
				 name_of_case(&cases[i]), wrong);
	}
	ck_assert_msg(*all == '\0', "%s", all);
}

START_TEST(stubborn_leftovers_have_their_grace_whatever_is_refused)
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
END_TEST

/* Waiting for a signal. */

static const struct call *call_of(int number)
{
	int i;

	for (i = 0; i < CALLS; i++)
		if (calls[i].number == number)
			return &calls[i];
	ck_abort_msg("%d is not in the list of calls", number);
	return NULL;
}

/* Waiting for a signal is refused, and one more call. */
static struct refused blind_of(int i)
{
	return (struct refused){
		.call = call_of(SYS_rt_sigtimedwait),
		.also = &calls[i / E2E_MODES],
		.error = ENOSYS,
		.mode = (enum e2e_mode)(i % E2E_MODES),
	};
}

START_TEST(where_waiting_is_refused_it_waits_for_children)
{
	struct refused refused = {
		.call = call_of(SYS_rt_sigtimedwait),
		.error = errors[_i / E2E_MODES],
		.mode = (enum e2e_mode)(_i % E2E_MODES),
	};
	int input;
	struct e2e *init = start_frugal(__func__, &refused, &input, NULL, "-o");
	pid_t orphan = e2e_pid(init, (pid_t)e2e_number(init, "orphan"));
	unsigned long long before, after;

	e2e_line(init, "ready");
	wait_at_rest(init, &refused);
	before = e2e_status_number(init, init->pid, "voluntary_ctxt_switches",
				   10);
	kill(orphan, SIGKILL);
	e2e_wait_gone(init, orphan);
	wait_at_rest(init, &refused);
	after = e2e_status_number(init, init->pid, "voluntary_ctxt_switches",
				  10);

	/* One death, one time awake; on the way it may have been preempted. */
	e2e_check(init, after - before <= 3);
	close(input);
	e2e_check_exit(init, 5);
	e2e_check(init, e2e_said(init, "foster: ") == 1);
	e2e_check(init, e2e_said(init, "") == 1);
}
END_TEST

START_TEST(where_waiting_and_one_more_call_is_refused_it_rests)
{
	struct refused refused = blind_of(_i);
	int input;
	struct e2e *init = start_frugal(__func__, &refused, &input, NULL, "--");

	e2e_line(init, "ready");
	wait_at_rest(init, &refused);
	e2e_kill(init, SIGTERM);
	wait_at_rest(init, &refused);

	close(input);
	check_case(init, &refused, e2e_exit(init) == 5);
}
END_TEST

START_TEST(where_waiting_and_one_more_call_is_refused_the_grace_ends)
{
	struct refused cases[BATCH];
	int i;

	for (i = 0; i < BATCH; i++)
		cases[i] = blind_of(i);
	pass_grace(__func__, cases);
}
END_TEST

START_TEST(a_pause_that_cannot_wait_for_a_signal_does_not_spin)
{
	/* It has no child to wait for, so it may look now and then. */
	static const int also[] = {
		0, SYS_ppoll, SYS_clock_gettime, SYS_wait4,
	};
	const int count = sizeof(also) / sizeof(also[0]) * E2E_MODES;
	struct refused cases[sizeof(also) / sizeof(also[0]) * E2E_MODES];
	struct e2e *inits[sizeof(also) / sizeof(also[0]) * E2E_MODES], *clock;
	int ends[2], i;

	e2e_need_static_from(__func__);
	e2e_pipe(ends);
	clock = e2e_start(&(struct e2e_setup){ .stdio = { ends[0] } }, "--",
			  e2e_actor("idle"), "300", "0", NULL);
	e2e_line(clock, "ready");
	for (i = 0; i < count; i++) {
		struct e2e_setup setup;

		cases[i] = (struct refused){
			.call = call_of(SYS_rt_sigtimedwait),
			.error = EPERM,
			.mode = (enum e2e_mode)(i % E2E_MODES),
		};
		if (also[i / E2E_MODES] != 0)
			cases[i].also = call_of(also[i / E2E_MODES]);
		setup = setup_of(&cases[i], 0);
		inits[i] = e2e_start(&setup, "-P", NULL);
	}

	ck_assert_int_eq(write(ends[1], "g", 1), 1);
	e2e_line(clock, "slept");

	for (i = 0; i < count; i++) {
		long long used_us;

		check_case(inits[i], &cases[i], !e2e_is_over(inits[i]));
		kill(inits[i]->pid, SIGKILL);
		check_case(inits[i], &cases[i],
			   ends_within(inits[i], e2e_wait_ms(), &used_us));
		check_case(inits[i], &cases[i], used_us < BUSY_US);
	}
}
END_TEST

/* Single calls. */

START_TEST(where_execve_is_refused_it_is_126_and_names_the_program)
{
	static const char *const programs[] = { "/bin/true", "true" };
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = (enum e2e_mode)(_i % E2E_MODES),
			.refuse = { { .call = SYS_execve,
				      .error = errors[_i / E2E_MODES % 2] } },
		},
		"--", programs[_i / E2E_MODES / ERRORS], NULL);

	e2e_check_exit(init, 126);
	e2e_check(init, e2e_said(init, "foster: ") == 1);
	e2e_check(init, e2e_said(init, "true") == 1);
	e2e_check(init, e2e_said(init, "") == 1);
}
END_TEST

START_TEST(where_no_process_can_be_made_it_is_125_and_one_line)
{
	int error = errors[_i / E2E_MODES];
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = (enum e2e_mode)(_i % E2E_MODES),
			.refuse = {
				{ .call = SYS_clone, .error = error },
				{ .call = SYS_clone3, .error = error },
#ifdef SYS_fork
				{ .call = SYS_fork, .error = error },
				{ .call = SYS_vfork, .error = error },
#endif
			},
		},
		"--", e2e_actor("report"), NULL);

	e2e_check_exit(init, 125);
	e2e_check(init, init->out.length == 0);
	e2e_check(init, e2e_said(init, "foster: ") == 1);
	e2e_check(init, e2e_said(init, "") == 1);
}
END_TEST

START_TEST(where_prctl_is_refused_only_a_subreaper_warns_and_once)
{
	struct refused refused = {
		.call = call_of(SYS_prctl),
		.error = errors[_i / E2E_MODES],
		.mode = (enum e2e_mode)(_i % E2E_MODES),
	};
	int input;
	struct e2e *init = start_frugal(__func__, &refused, &input, NULL, "-l");
	size_t expected = refused.mode == E2E_SUBREAPER;

	e2e_line(init, "leftover ready");
	close(input);
	e2e_check_exit(init, 5);

	e2e_check(init, e2e_said(init, "foster: ") == expected);
	e2e_check(init, e2e_said(init, "") == expected);
}
END_TEST

START_TEST(where_kill_is_refused_it_says_so_once_and_goes_on)
{
	struct refused refused = {
		.call = call_of(SYS_kill),
		.error = errors[_i / E2E_MODES],
		.mode = (enum e2e_mode)(_i % E2E_MODES),
	};
	int input, i;
	struct e2e *init = start_frugal(__func__, &refused, &input, NULL, "--");

	e2e_line(init, "ready");
	for (i = 0; i < 3; i++) {
		e2e_kill(init, SIGUSR1);
		e2e_kill(init, SIGWINCH);
		e2e_until(init, e2e_status_number(init, init->pid, "ShdPnd",
						  16) == 0);
	}
	e2e_says(init, "foster: ");
	wait_at_rest(init, &refused);

	close(input);
	e2e_check_exit(init, 5);
	e2e_check(init, e2e_said(init, "") == 1);
}
END_TEST

START_TEST(where_wait4_is_refused_every_way_to_end_has_its_status)
{
	static const struct {
		const char *value;
		bool by_signal;
		int status;
	} ends[] = {
		{ "0", false, 0 }, { "1", false, 1 }, { "127", false, 127 },
		{ "128", false, 128 }, { "255", false, 255 },
		{ "1", true, 129 }, { "9", true, 137 }, { "11", true, 139 },
		{ "15", true, 143 }, { "64", true, 192 },
	};
	const struct refused refused = {
		.call = call_of(SYS_wait4),
		.error = errors[_i / E2E_MODES],
		.mode = (enum e2e_mode)(_i % E2E_MODES),
	};
	const struct e2e_setup setup = setup_of(&refused, 0);
	size_t i;

	e2e_need_static_from(__func__);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct e2e *init = ends[i].by_signal ?
			e2e_start(&setup, "-q", "--", e2e_actor("ends"), "-s",
				  ends[i].value, NULL) :
			e2e_start(&setup, "-q", "--", e2e_actor("ends"),
				  ends[i].value, NULL);

		e2e_check_exit(init, ends[i].status);
		e2e_check_silent(init);
		e2e_end(init);
	}
}
END_TEST

START_TEST(where_exit_group_is_refused_it_ends_all_the_same)
{
	/* The actor cannot end either but by a signal. */
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = (enum e2e_mode)(_i % E2E_MODES),
			.refuse = { { .call = SYS_exit_group,
				      .error = errors[_i / E2E_MODES] } },
		},
		"--", e2e_actor("ends"), "-s", "9", NULL);

	ck_assert_int_eq(e2e_exit_within(init, SLACK_MS), 128 + SIGKILL);
}
END_TEST

/* The ways to close files that are left. */

START_TEST(where_close_range_and_more_is_refused_it_closes_its_files)
{
	static const int also[] = {
		SYS_openat, SYS_getdents64, SYS_read, SYS_chdir,
	};
	struct refused refused = {
		.call = call_of(SYS_close_range),
		.also = call_of(also[_i / E2E_MODES / ERRORS]),
		.error = errors[_i / E2E_MODES % ERRORS],
		.mode = (enum e2e_mode)(_i % E2E_MODES),
	};
	struct e2e_setup setup;
	struct e2e *init;
	int ends[2];

	e2e_need_static_from(__func__);
	e2e_pipe(ends);
	setup = setup_of(&refused, ends[0]);
	setup.files[0] = (struct e2e_file){ ends[1], 3 };
	setup.files[1] = (struct e2e_file){ ends[1], 100 };
	setup.files[2] = (struct e2e_file){ ends[1], 1000 };
	init = e2e_start(&setup, "--", e2e_actor("frugal"), "5", NULL);
	e2e_line(init, "ready");
	wait_at_rest(init, &refused);

	check_case(init, &refused, e2e_open_files(init, init->pid) == 7);
	e2e_kill(init, SIGTERM);
	check_case(init, &refused, e2e_exit(init) == 5);
	check_said_once(init, &refused);
}
END_TEST

/* Who is told when the parent's number cannot be had. */

START_TEST(where_getppid_is_refused_d_does_not_hit_the_program)
{
	struct refused refused = {
		.call = call_of(SYS_getppid),
		.error = errors[_i / E2E_MODES],
		.mode = (enum e2e_mode)(_i % E2E_MODES),
	};
	int input;
	struct e2e *init = start_frugal(__func__, &refused, &input, "-dUSR1",
					"--");

	e2e_line(init, "ready");
	close(input);
	e2e_check_exit(init, 5);
}
END_TEST

/* A stranger that is there before the init is. */
static void start_bystander(void *argument)
{
	pid_t pid = fork();

	if (pid == 0) {
		execl(e2e_actor("waits"), "waits", "-q", NULL);
		_exit(98);
	}
	*(volatile int *)argument = (int)pid;
}

START_TEST(where_getpid_is_refused_d_does_not_hit_everybody)
{
	/*
	 * kill(getpid(), ...) is kill(-1, ...) then. Only as process 1: there
	 * it cannot reach anybody outside of the namespace.
	 */
	struct refused refused = {
		.call = call_of(SYS_getpid), .error = errors[_i],
	};
	volatile int *number = mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct e2e_setup setup;
	struct e2e *init;
	pid_t bystander;
	int ends[2];

	e2e_need_static_from(__func__);
	ck_assert_ptr_ne((void *)number, MAP_FAILED);
	e2e_pipe(ends);
	setup = setup_of(&refused, ends[0]);
	setup.before_exec = start_bystander;
	setup.argument = (void *)number;
	init = e2e_prepare(&setup, "-d", "USR1", "-p", "USR1", "--",
			   e2e_actor("frugal"), "5", NULL);
	close(ends[0]);
	bystander = e2e_pid(init, *number);
	e2e_wait_state(init, bystander, "S");
	e2e_go(init);
	e2e_await_exec(init);
	e2e_line(init, "ready");
	wait_at_rest(init, &refused);

	e2e_check(init, e2e_state(bystander) == 'S');
	close(ends[1]);
	e2e_check_exit(init, 5);
}
END_TEST

/* The list above is no longer complete when foster learns a new call. */

static bool is_listed(unsigned long long number)
{
	int i;

	for (i = 0; i < CALLS; i++)
		if ((unsigned long long)calls[i].number == number)
			return true;
	for (i = 0; i < OTHERS; i++)
		if ((unsigned long long)others[i].number == number)
			return true;
	return false;
}

/* By the raw call: libraries disagree about the names of the structures. */
static long trace(long request, pid_t pid, unsigned long address, void *data)
{
	return syscall(SYS_ptrace, request, (long)pid, address, data);
}

/* Looks at each call of the init and of its child until that runs a program. */
static void watch_calls(struct e2e *init)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |
		PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
		PTRACE_O_EXITKILL;
	bool has_begun = false;
	int status, calls_seen = 0;
	pid_t pid;

	if (trace(PTRACE_SEIZE, init->pid, 0, (void *)options) != 0)
		e2e_skip("ptrace");
	trace(PTRACE_INTERRUPT, init->pid, 0, NULL);
	e2e_go(init);
	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		struct ptrace_syscall_info info;
		int event = status >> 16;
		long number = 0;

		if (pid == init->pid && !WIFSTOPPED(status)) {
			init->has_exited = true;
			init->wait_status = status;
			break;
		}
		if (!WIFSTOPPED(status))
			continue;
		if (event == PTRACE_EVENT_EXEC) {
			/* The first is that of the init itself. */
			if (pid != init->pid) {
				trace(PTRACE_DETACH, pid, 0, NULL);
				continue;
			}
			has_begun = true;
		} else if (event == 0 && WSTOPSIG(status) == (SIGTRAP | 0x80)) {
			memset(&info, 0, sizeof(info));
			trace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info),
			      &info);
			if (has_begun && info.op == PTRACE_SYSCALL_INFO_ENTRY) {
				calls_seen++;
				if (!is_listed(info.entry.nr))
					e2e_fail(init, __FILE__, __LINE__,
						 "system call %llu is in no "
						 "list here: it must be tried "
						 "too", (unsigned long long)
						 info.entry.nr);
			}
		} else if (event == 0) {
			number = WSTOPSIG(status);
		}
		trace(PTRACE_SYSCALL, pid, 0, (void *)number);
	}
	if (calls_seen == 0)
		e2e_skip("PTRACE_GET_SYSCALL_INFO");
}

START_TEST(each_call_that_foster_makes_is_refused_here)
{
	static const struct {
		int refused[2];
		const char *program;
	} lives[] = {
		{ { 0 }, "frugal" }, { { SYS_close_range }, "frugal" },
		{ { SYS_wait4 }, "frugal" }, { { SYS_mmap }, "frugal" },
		{ { SYS_rt_sigtimedwait }, "frugal" },
		{ { SYS_close_range, SYS_openat }, "ends" }, { { 0 }, "none" },
		{ { 0 }, "text" }, { { 0 }, "folder" },
		{ { SYS_getppid }, "ends" },
	};
	size_t i;

	e2e_need_shipped_from(__func__);
	for (i = 0; i < sizeof(lives) / sizeof(lives[0]); i++) {
		struct e2e_setup setup = {
			.mode = (enum e2e_mode)_i,
			.blocked = E2E_SIGNAL(SIGTERM),
		};
		const char *program = lives[i].program;
		struct e2e *init;
		int j;

		for (j = 0; j < 2 && lives[i].refused[j] != 0; j++)
			setup.refuse[j] = (struct e2e_refusal){
				.call = lives[i].refused[j], .error = EPERM,
			};
		if (strcmp(program, "frugal") == 0 ||
		    strcmp(program, "ends") == 0)
			program = e2e_actor(program);
		else if (strcmp(program, "text") == 0)
			program = e2e_write_text(e2e_folder(), "text", 0755,
						 "exit 0\n");
		else if (strcmp(program, "folder") == 0)
			program = e2e_folder();
		init = e2e_prepare(&setup, "-vv", "-w", "-t20ms", "-dUSR1",
				   "-pUSR1", "--", program, "-sl", "5", NULL);
		watch_calls(init);
		e2e_end(init);
	}
}
END_TEST

Suite *refusals_suite(void)
{
	Suite *suite = suite_create("refusals");
	TCase *each = e2e_tcase(suite, "each call");
	TCase *blind = e2e_tcase(suite, "waiting");
	TCase *single = e2e_tcase(suite, "single calls");
	const int last = CASES - 1;
	int i;

	e2e_add_range(each,
		      the_program_s_status_comes_through_whatever_is_refused,
		      0, LAST_CASE);
	e2e_add_range(each,
		      a_signal_is_handed_over_or_harmless_whatever_is_refused,
		      0, LAST_CASE);
	e2e_add_range(each, it_rests_and_reaps_orphans_whatever_is_refused,
		      0, LAST_CASE);
	for (i = 0; i < CALLS; i++) {
		/* Then nobody can be told: they have their grace, as below. */
		if (calls[i].number == SYS_kill)
			continue;
		e2e_add_range(
			each,
			leftovers_are_told_and_waited_for_whatever_is_refused,
			i * CASES, i * CASES + CASES - 1);
	}
	e2e_add_both(each,
		     stubborn_leftovers_have_their_grace_whatever_is_refused);
	e2e_add_both(each, each_call_that_foster_makes_is_refused_here);

	e2e_add_range(blind,
		      where_waiting_is_refused_it_waits_for_children,
		      0, last);
	e2e_add_range(blind,
		      where_waiting_and_one_more_call_is_refused_it_rests,
		      0, CALLS * E2E_MODES - 1);
	e2e_add(blind,
		where_waiting_and_one_more_call_is_refused_the_grace_ends);
	e2e_add(blind, a_pause_that_cannot_wait_for_a_signal_does_not_spin);

	e2e_add_range(single,
		      where_execve_is_refused_it_is_126_and_names_the_program,
		      0, 2 * CASES - 1);
	e2e_add_range(single,
		      where_no_process_can_be_made_it_is_125_and_one_line,
		      0, last);
	e2e_add_range(single,
		      where_prctl_is_refused_only_a_subreaper_warns_and_once,
		      0, last);
	e2e_add_range(single, where_kill_is_refused_it_says_so_once_and_goes_on,
		      0, last);
	e2e_add_range(single,
		      where_wait4_is_refused_every_way_to_end_has_its_status,
		      0, last);
	e2e_add_range(single, where_exit_group_is_refused_it_ends_all_the_same,
		      0, last);
	e2e_add_range(single,
		      where_close_range_and_more_is_refused_it_closes_its_files,
		      0, 4 * CASES - 1);
	e2e_add_range(single,
		      where_getppid_is_refused_d_does_not_hit_the_program,
		      0, last);
	e2e_add_range(single, where_getpid_is_refused_d_does_not_hit_everybody,
		      0, ERRORS - 1);
	return suite;
}
