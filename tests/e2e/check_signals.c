/*
 * check_signals.c - forwarding signals: foster(1), SIGNALS.
 *
 * What a program got is told by the actor "signals": it blocks everything and
 * takes one signal after the other. Of several pending ordinary signals the
 * lowest number comes first (signal(7)), so when IO (29), sent last, has come,
 * all with a lower number that were on their way have come as well: that is how
 * the tests know that something was *not* forwarded.
 */
#include "scenario.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	RTMIN = 34,
	EARLY = 1000,
	EARLY_BATCH = 10,
	EARLY_SPREAD_US = 600,
	QUEUED = 10000,
	/* As many can wait for foster and for the program at one time. */
	QUEUED_LIMIT = 2 * QUEUED + 200,
};

static const char *got(const char *who, int signal)
{
	static char prefix[64];

	snprintf(prefix, sizeof(prefix), "%sgot %d ", who, signal);
	return prefix;
}

/*
 * Sends every signal, waits for each to come, and sees that nothing else came.
 * With `sees_member`, the program's group must get it as well, else not.
 */
static void send_all(struct e2e *init, bool sees_member)
{
	size_t sent = 0;
	int signal;

	e2e_line(init, "ready");
	for (signal = 1; signal <= E2E_LAST_SIGNAL; signal++) {
		if (!e2e_is_forwarded(signal))
			continue;
		e2e_kill(init, signal);
		e2e_line(init, got("", signal));
		if (sees_member)
			e2e_line(init, got("member ", signal));
		sent++;
	}
	/* The last of all; if one came twice, it has come by then. */
	e2e_kill(init, SIGIO);
	e2e_line_nth(init, got("", SIGIO), 2);
	sent++;
	if (sees_member)
		e2e_line_nth(init, got("member ", SIGIO), 2);

	e2e_check(init, e2e_count(init, "got ") == sent);
	e2e_check(init, e2e_count(init, "member got ") ==
		  (sees_member ? sent : 0));
	e2e_check(init, !e2e_is_over(init));
	e2e_check_silent(init);
}

TEST_BOTH(every_signal_is_forwarded)
{
	send_all(e2e_start_in(_i, "--", e2e_actor("signals"), "-m",
			      NULL), false);
}

TEST_BOTH(with_c_every_signal_is_forwarded_to_the_program_alone)
{
	send_all(e2e_start_in(_i, "-c", "--", e2e_actor("signals"), "-m",
			      NULL), false);
}

TEST_BOTH(with_g_every_signal_is_forwarded_to_the_whole_group)
{
	send_all(e2e_start_in(_i, "-g", "--", e2e_actor("signals"), "-m",
			      NULL), true);
}

TEST_BOTH(of_g_and_c_the_last_wins)
{
	send_all(e2e_start_in(_i, "-cg", "--", e2e_actor("signals"), "-m",
			      NULL), true);
	send_all(e2e_start_in(_i, "-g", "-c", "--", e2e_actor("signals"), "-m",
			      NULL), false);
}

TEST_BOTH(a_signal_is_forwarded_when_its_sender_was_inside)
{
	/* A test's own signals come from outside the namespace of process 1. */
	struct e2e *init = e2e_start_in(_i, "--", e2e_actor("queues"), NULL);
	int signal;

	e2e_line(init, "done");
	for (signal = 1; signal <= E2E_LAST_SIGNAL; signal++) {
		char prefix[32];

		if (!e2e_is_forwarded(signal))
			continue;
		snprintf(prefix, sizeof(prefix), "kept %d", signal);
		if (e2e_count(init, prefix) == 0)
			e2e_fail(init, __FILE__, __LINE__,
				 "value or sender of signal %d changed",
				 signal);
	}
	e2e_check_exit(init, 0);
	e2e_check_silent(init);
}

TEST_BOTH(a_queued_signal_keeps_its_value)
{
	struct e2e *init = e2e_start_in(_i, "--", e2e_actor("signals"), "29",
					NULL);
	int signal;

	e2e_line(init, "ready");
	for (signal = RTMIN - 2; signal <= E2E_LAST_SIGNAL; signal++) {
		char wanted[32];
		const char *line;

		ck_assert_int_eq(e2e_queue(init, signal, 1000 + signal), 0);
		line = e2e_line(init, got("", signal));
		snprintf(wanted, sizeof(wanted), "value %d", 1000 + signal);
		e2e_check(init, strstr(line, wanted) != NULL);
	}
	e2e_kill(init, SIGIO);
	e2e_check_exit(init, 0);
	e2e_check_silent(init);
}

TEST_BOTH(with_g_a_queued_signal_comes_to_the_whole_group)
{
	/* To a group there is only kill(2), which carries no value. */
	struct e2e *init = e2e_start_in(_i, "-g", "--", e2e_actor("signals"),
					"-m", NULL);
	int i;

	e2e_line(init, "ready");
	for (i = 1; i <= 3; i++) {
		ck_assert_int_eq(e2e_queue(init, 40, 4711), 0);
		e2e_line_nth(init, "got 40 ", i);
		e2e_line_nth(init, "member got 40 ", i);
	}
	e2e_check(init, e2e_count(init, "got ") == 3);
	e2e_check(init, e2e_count(init, "member got ") == 3);
	e2e_check_silent(init);
}

/* Skips unless that many signals may be queued; raises what can be raised. */
static void need_queue(const char *test)
{
	struct rlimit limit = { QUEUED_LIMIT, QUEUED_LIMIT };

	getrlimit(RLIMIT_SIGPENDING, &limit);
	if (limit.rlim_cur >= QUEUED_LIMIT)
		return;
	limit.rlim_cur = QUEUED_LIMIT;
	if (limit.rlim_max < QUEUED_LIMIT)
		limit.rlim_max = QUEUED_LIMIT;
	if (setrlimit(RLIMIT_SIGPENDING, &limit) != 0)
		e2e_skip_from(test, "20,200 pending signals (ulimit -i)");
}

TEST_BOTH(of_10000_queued_signals_all_come_with_value_and_in_order)
{
	struct e2e *init;
	char each[16];
	int i;

	need_queue(__func__);
	snprintf(each, sizeof(each), "%d", QUEUED);
	init = e2e_start_in(_i, "--", e2e_actor("counts"), each, "40", "40",
			    NULL);
	e2e_line(init, "ready");

	for (i = 0; i < QUEUED; i++)
		ck_assert_int_eq(e2e_queue(init, 40, i), 0);

	ck_assert_int_eq(e2e_number(init, "in order"), QUEUED);
	e2e_check_exit(init, 0);
	e2e_check_silent(init);
}

TEST_BOTH(of_10000_queued_signals_all_may_wait_at_once)
{
	/*
	 * foster is stopped while they are queued. Five numbers, of which each
	 * keeps its own order.
	 */
	struct e2e *init;
	char each[16];
	int i, signal;

	need_queue(__func__);
	snprintf(each, sizeof(each), "%d", QUEUED / 5);
	init = e2e_start_in(_i, "--", e2e_actor("counts"), each, "60", "64",
			    NULL);
	e2e_line(init, "ready");
	kill(init->pid, SIGSTOP);
	e2e_wait_state(init, init->pid, "T");

	for (i = 0; i < QUEUED / 5; i++)
		for (signal = 60; signal <= 64; signal++)
			ck_assert_int_eq(e2e_queue(init, signal, i), 0);
	kill(init->pid, SIGCONT);

	ck_assert_int_eq(e2e_number(init, "in order"), QUEUED);
	e2e_check_exit(init, 0);
	e2e_check_silent(init);
}

TEST_BOTH(a_full_queue_costs_the_value_and_is_said_once)
{
	struct e2e *init = e2e_start_in(_i, "--", e2e_actor("signals"), "-p",
					NULL);
	int i;

	e2e_line(init, "ready");
	for (i = 1; i <= 3; i++) {
		ck_assert_int_eq(e2e_queue(init, 40, 4711), 0);
		e2e_line_nth(init, "got 40 ", i);
	}

	e2e_check(init, e2e_count(init, "got ") == 3);
	/* It is said once, however often it happens. */
	e2e_says(init, "foster: ");
	e2e_check(init, e2e_said(init, "") == 1);
	e2e_check(init, !e2e_is_over(init));
}

TEST_TIMES(4, where_queueing_is_refused_signals_are_still_forwarded)
{
	static const int errors[] = { EPERM, ENOSYS };
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = _i % 2 == 0 ? E2E_PROCESS_1 : E2E_SUBREAPER,
			.refuse = { { .call = SYS_rt_sigqueueinfo,
				      .error = errors[_i / 2] } },
		},
		"--", e2e_actor("signals"), "29", NULL);

	e2e_line(init, "ready");
	ck_assert_int_eq(e2e_queue(init, SIGUSR1, 4711), 0);
	e2e_line(init, "got 10 ");
	ck_assert_int_eq(e2e_queue(init, 40, 4711), 0);
	e2e_line(init, "got 40 ");
	e2e_kill(init, SIGIO);
	e2e_check_exit(init, 0);
}

/* Early signals. */

static long long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

/*
 * Passes some time: not to let anything happen, but so that the signal hits
 * each time another point of the start.
 */
static void spend_us(long long us)
{
	long long until = now_us() + us;

	while (now_us() < until)
		;
}

/*
 * TERM is inherited blocked, so that it is pending whenever it was sent and the
 * kernel drops none of them (a process 1 that has neither blocked nor caught
 * a signal does not get it at all). The program unblocks it.
 */
static void send_early(enum e2e_mode mode, const char *option, int count)
{
	const struct e2e_setup setup = {
		.mode = mode,
		.proc = E2E_PROC_OUTER,
		.blocked = E2E_SIGNAL(SIGTERM),
	};
	const struct e2e_setup subreaper = {
		.mode = mode,
		.blocked = E2E_SIGNAL(SIGTERM),
	};
	struct e2e *inits[EARLY_BATCH];
	int done, i;

	for (done = 0; done < count; done += EARLY_BATCH) {
		for (i = 0; i < EARLY_BATCH; i++) {
			inits[i] = e2e_prepare(
				mode == E2E_PROCESS_1 ? &setup : &subreaper,
				option, "--", e2e_actor("waits"), "-q", NULL);
			e2e_go(inits[i]);
			spend_us((done + i) * 7919LL % EARLY_SPREAD_US);
			e2e_kill(inits[i], SIGTERM);
		}
		for (i = 0; i < EARLY_BATCH; i++) {
			e2e_check_exit(inits[i], 128 + SIGTERM);
			e2e_check_silent(inits[i]);
		}
		for (i = 0; i < EARLY_BATCH; i++)
			e2e_end(inits[i]);
	}
}

TEST_BOTH(of_1000_early_terms_none_is_lost)
{
	send_early(_i, "-c", EARLY);
}

TEST_BOTH(of_1000_early_terms_to_the_group_none_is_lost)
{
	send_early(_i, "-g", EARLY);
}

/* True when the kernel no longer drops or obeys a TERM, but keeps it. */
static bool holds_term(struct e2e *init)
{
	uint64_t held = e2e_status_number(init, init->pid, "SigBlk", 16) |
		e2e_status_number(init, init->pid, "SigCgt", 16);

	/* While a process waits for signals, SigBlk does not name them. */
	return (held & E2E_SIGNAL(SIGTERM)) != 0 || e2e_is_idle(init);
}

static void send_when_blocked(enum e2e_mode mode, const char *option, int count)
{
	const struct e2e_setup setup = {
		.mode = mode,
		.proc = mode == E2E_PROCESS_1 ? E2E_PROC_OUTER : E2E_PROC_OWN,
	};
	int i;

	for (i = 0; i < count; i++) {
		struct e2e *init = e2e_start(&setup, option, "--",
					     e2e_actor("waits"), "-q", NULL);
		long long deadline_ms = e2e_deadline_ms();

		while (!holds_term(init))
			e2e_check(init, e2e_now_ms() < deadline_ms);
		spend_us(i * 17LL % 300);
		e2e_kill(init, SIGTERM);
		e2e_check_exit(init, 128 + SIGTERM);
		e2e_end(init);
	}
}

TEST_BOTH(a_term_sent_as_soon_as_foster_holds_it_back_is_not_lost)
{
	send_when_blocked(_i, "-c", 100);
	send_when_blocked(_i, "-g", 100);
}

TEST_BOTH(signals_sent_before_the_start_reach_the_program)
{
	struct e2e *init = e2e_prepare(
		&(struct e2e_setup){ .mode = _i, .blocked = E2E_ALL_SIGNALS },
		"--", e2e_actor("signals"), NULL);
	size_t sent = 0;
	int signal;

	/* CONT would take back the signals that stop, and they it. */
	for (signal = 1; signal <= E2E_LAST_SIGNAL; signal++) {
		if (!e2e_is_forwarded(signal) || signal == SIGCONT)
			continue;
		e2e_kill(init, signal);
		sent++;
	}
	ck_assert_int_eq(e2e_queue(init, 40, 1), 0);
	ck_assert_int_eq(e2e_queue(init, 40, 2), 0);
	sent += 2;
	e2e_go(init);
	e2e_await_exec(init);

	for (signal = 1; signal <= E2E_LAST_SIGNAL; signal++)
		if (e2e_is_forwarded(signal) && signal != SIGCONT)
			e2e_line(init, got("", signal));
	e2e_check(init, strstr(e2e_line_nth(init, "got 40 ", 2), "value 1") !=
		  NULL);
	e2e_check(init, strstr(e2e_line_nth(init, "got 40 ", 3), "value 2") !=
		  NULL);
	e2e_check(init, e2e_count(init, "got ") == sent);
	e2e_check(init, !e2e_is_over(init));
	e2e_check_silent(init);
}

/* Those that foster's own writing causes are not told from these. */
static bool is_writer_s(int signal)
{
	return signal == SIGPIPE || signal == SIGXFSZ;
}

/* CONT would take back the signals that stop, and they it. */
static bool is_sent_to_itself(int signal)
{
	return e2e_is_forwarded(signal) && signal != SIGCONT;
}

static void signal_itself(void *argument)
{
	int signal;

	(void)argument;
	for (signal = 1; signal <= E2E_LAST_SIGNAL; signal++)
		if (is_sent_to_itself(signal))
			kill(getpid(), signal);
}

/* A script may do so, and then become foster by exec. */
TEST_BOTH(signals_that_who_became_foster_sent_to_itself_are_forwarded)
{
	struct e2e *init = e2e_start(
		&(struct e2e_setup){ .mode = _i,
				     .blocked = E2E_ALL_SIGNALS,
				     .before_exec = signal_itself },
		"--", e2e_actor("signals"), NULL);
	size_t sent = 0;
	int signal;

	for (signal = 1; signal <= E2E_LAST_SIGNAL; signal++) {
		if (!is_sent_to_itself(signal) || is_writer_s(signal))
			continue;
		e2e_line(init, e2e_got(signal));
		sent++;
	}
	e2e_check(init, e2e_count(init, "got ") == sent);
	e2e_check(init, !e2e_is_over(init));
	e2e_check_silent(init);
}

TEST_BOTH(signals_inherited_as_ignored_are_forwarded)
{
	/* The kernel keeps an ignored signal for who has blocked it. */
	struct e2e *init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .ignored = E2E_ALL_SIGNALS },
		"--", e2e_actor("signals"), NULL);
	int signal;

	e2e_line(init, "ready");
	for (signal = 1; signal <= E2E_LAST_SIGNAL; signal++) {
		if (!e2e_is_forwarded(signal))
			continue;
		e2e_kill(init, signal);
		e2e_line(init, got("", signal));
	}
	e2e_check_silent(init);
}

/* What is not forwarded. */

TEST_BOTH(a_chld_that_somebody_sent_is_not_forwarded)
{
	struct e2e *init = e2e_start_in(_i, "--", e2e_actor("signals"), "29",
					NULL);

	e2e_line(init, "ready");
	e2e_kill(init, SIGCHLD);
	e2e_kill(init, SIGIO);

	e2e_check_exit(init, 0);
	e2e_check(init, e2e_count(init, "got ") == 1);
	e2e_check_silent(init);
}

/* What its messages cost is not forwarded; the same from somebody is. */
static void check_own_writing(struct e2e *init, int signal)
{
	int i;

	e2e_line(init, "ready");
	for (i = 1; i <= 3; i++) {
		e2e_kill(init, SIGUSR1);
		e2e_line_nth(init, "got 10 ", i);
		e2e_kill(init, SIGIO);
		e2e_line_nth(init, "got 29 ", i);
	}
	e2e_check(init, e2e_count(init, "got ") == 6);
	e2e_kill(init, signal);
	e2e_line(init, e2e_got(signal));
	e2e_check(init, !e2e_is_over(init));
}

TEST_BOTH(a_pipe_signal_of_foster_s_own_writing_is_not_forwarded)
{
	struct e2e *init;
	int ends[2];

	e2e_pipe(ends);
	close(ends[0]);
	/* -vv says every signal, and nobody reads it. */
	init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .stdio = { 0, 0, ends[1] } },
		"-vv", "--", e2e_actor("signals"), NULL);
	close(ends[1]);
	check_own_writing(init, SIGPIPE);
}

TEST_BOTH(a_size_signal_of_foster_s_own_writing_is_not_forwarded)
{
	const char *file = e2e_write_text(e2e_folder(), "log", 0600, "");
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = _i,
			.stdio = { 0, 0, fd },
			.limits = { { RLIMIT_FSIZE, 0, true } },
		},
		"-vv", "--", e2e_actor("signals"), NULL);

	check_own_writing(init, SIGXFSZ);
}

/* A stopped program. */

static const int ending[] = { SIGTERM, SIGINT, SIGQUIT, SIGHUP };

TEST_TIMES(8, a_stopped_program_is_continued_after_term_int_quit_hup)
{
	int signal = ending[_i / 2];
	struct e2e *init = e2e_start_in(mode_of(_i), "--", e2e_actor("stops"),
					NULL);
	pid_t program = e2e_pid(init, (pid_t)e2e_number(init, "ready"));

	e2e_wait_state(init, program, "T");
	e2e_wait_idle(init);
	e2e_check(init, e2e_state(program) == 'T');
	e2e_kill(init, signal);

	ck_assert_int_eq(e2e_number(init, "got"), signal);
	e2e_check_exit(init, 9);
	e2e_check_silent(init);
}

enum { BACK_TO_BACK = 60 };

/* The stop may be reported before the signal or after it. */
TEST_TIMES(2 * E2E_MODES, a_stop_and_a_signal_back_to_back_end_the_program)
{
	int signal = _i / E2E_MODES == 0 ? SIGTERM : SIGINT, i;

	for (i = 0; i < BACK_TO_BACK; i++) {
		struct e2e *init = e2e_start_in(_i, "--", e2e_actor("waits"),
						NULL);
		pid_t program = e2e_pid(init,
					(pid_t)e2e_number(init, "ready "));

		e2e_wait_idle(init);
		kill(program, SIGSTOP);
		e2e_kill(init, signal);

		e2e_check_exit(init, 128 + signal);
		e2e_check_silent(init);
		e2e_end(init);
	}
}

static const struct scenario stops[] = {
	/* As from a frozen cgroup, which reports it when it is thawed. */
	{ "a_stop_at_any_time_after_term_or_int_is_continued",
	  .with = { "TERM", "INT" }, .tree = "program+input",
	  .steps = { "send $", "program got $", "idle", "program settle",
		     "program had CONT 0", "stop program",
		     "program got CONT 1", "idle", "stop program",
		     "program got CONT 2", "end program", "exit", "silent" } },

	/* After that somebody else may have his reasons. */
	{ "a_stop_more_than_a_second_after_hup_or_quit_is_left_alone",
	  .with = { "HUP", "QUIT" }, .tree = "program+input",
	  .steps = { "send $", "program got $", "pass 1001", "stop program",
		     "program stopped", "send USR1", "taken", "idle",
		     "program stopped", "runs", "silent" } },
};

SCENARIOS(stops);

/* As a subreaper foster would stop with it, and nobody would say fg. */
TEST_BOTH(a_program_that_tstp_stops_after_term_is_continued)
{
	static const char script[] =
		"trap '' TERM; echo ready $$; while read -r x; do echo $x; done";
	struct e2e *init;
	pid_t program;
	int ends[2];

	e2e_pipe(ends);
	init = e2e_start(&(struct e2e_setup){ .mode = _i,
					      .stdio = { ends[0] } },
			 "--", "/bin/sh", "-c", script, NULL);
	close(ends[0]);
	program = e2e_pid(init, (pid_t)e2e_number(init, "ready "));
	e2e_wait_idle(init);
	e2e_kill(init, SIGTERM);
	e2e_until(init, e2e_status_number(init, init->pid, "ShdPnd", 16) == 0);
	e2e_wait_idle(init);
	kill(program, SIGTSTP);
	ck_assert_int_eq(write(ends[1], "words\n", 6), 6);

	e2e_line(init, "words");
	e2e_check(init, e2e_state(init->pid) != 'T');
	close(ends[1]);
	e2e_check_exit(init, 0);
	e2e_check_silent(init);
}

TEST_TIMES(8, with_g_a_stopped_group_is_continued_after_the_same_four)
{
	int signal = ending[_i / 2];
	struct e2e *init = e2e_start_in(mode_of(_i), "-g", "--",
					e2e_actor("stops"), "-m", NULL);
	pid_t program = e2e_pid(init, (pid_t)e2e_number(init, "ready"));
	pid_t member = e2e_pid(init, (pid_t)e2e_number(init, "member ready"));

	e2e_wait_state(init, program, "T");
	e2e_wait_state(init, member, "T");
	e2e_kill(init, signal);

	ck_assert_int_eq(e2e_number(init, "got"), signal);
	ck_assert_int_eq(e2e_number(init, "member got"), signal);
	e2e_check_exit(init, 9);
	e2e_check_silent(init);
}

TEST_TIMES(4, a_program_that_runs_gets_no_cont_beside_its_signal)
{
	struct e2e *init = e2e_start_in(mode_of(_i), _i / 2 == 0 ? "-c" : "-g",
					"--", e2e_actor("signals"), NULL);
	size_t i, count = COUNT(ending);

	e2e_line(init, "ready");
	for (i = 0; i < count; i++) {
		e2e_kill(init, ending[i]);
		e2e_line(init, got("", ending[i]));
		e2e_kill(init, SIGIO);
		e2e_line_nth(init, got("", SIGIO), i + 1);
	}

	e2e_check(init, e2e_count(init, "got ") == 2 * count);
	e2e_check_silent(init);
}

TEST_BOTH(other_signals_leave_a_stopped_program_stopped)
{
	struct e2e *init = e2e_start_in(_i, "--", e2e_actor("stops"), NULL);
	pid_t program = e2e_pid(init, (pid_t)e2e_number(init, "ready"));
	uint64_t wanted = E2E_SIGNAL(SIGUSR1) | E2E_SIGNAL(SIGIO);

	e2e_wait_state(init, program, "T");
	e2e_kill(init, SIGUSR1);
	e2e_kill(init, SIGIO);

	e2e_until(init, (e2e_status_number(init, program, "ShdPnd", 16) &
			 wanted) == wanted);
	e2e_wait_idle(init);
	e2e_check(init, e2e_state(program) == 'T');
	e2e_check_silent(init);
}

/* Forwarding fails. */

TEST_TIMES(4, a_signal_not_permitted_is_said_once_and_ends_nothing)
{
	static const int signals[] = { SIGWINCH, SIGUSR1, SIGTERM, SIGIO, 40 };
	struct e2e *init;
	int ends[2];
	size_t i;

	e2e_need_user(65534);
	e2e_pipe(ends);
	init = e2e_start(
		&(struct e2e_setup){
			.mode = mode_of(_i),
			.stdio = { ends[0] },
			.lost_capabilities = E2E_CAPABILITY(CAP_KILL),
		},
		_i / 2 == 0 ? "-c" : "-g", "--", e2e_actor("user"), "65534",
		"7", NULL);
	close(ends[0]);
	e2e_line(init, "ready");

	for (i = 0; i < COUNT(signals); i++)
		e2e_kill(init, signals[i]);

	e2e_says(init, "foster: ");
	/* It has taken all of them when none is pending any more. */
	e2e_until(init, e2e_status_number(init, init->pid, "ShdPnd", 16) == 0);
	e2e_wait_idle(init);
	e2e_check(init, e2e_said(init, "") == 1);
	close(ends[1]);
	e2e_check_exit(init, 7);
	e2e_check(init, e2e_said(init, "") == 1);
}
