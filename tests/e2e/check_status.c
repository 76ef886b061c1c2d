/*
 * check_status.c - the exit status: foster(1), EXIT STATUS.
 */
#include "e2e.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Starts the actor "ends" under the init with one -e, or none. */
static struct e2e *start_ends(enum e2e_mode mode, const char *remapped,
			      int status)
{
	const struct e2e_setup setup = { .mode = mode };
	char number[16];

	snprintf(number, sizeof(number), "%d", status);
	if (remapped == NULL)
		return e2e_start(&setup, "--", e2e_actor("ends"), number, NULL);
	return e2e_start(&setup, "-e", remapped, "--", e2e_actor("ends"),
			 number, NULL);
}

static struct e2e *start_killed(enum e2e_mode mode, const char *remapped,
				int signal)
{
	const struct e2e_setup setup = { .mode = mode };
	char number[16];

	snprintf(number, sizeof(number), "%d", signal);
	if (remapped == NULL)
		return e2e_start(&setup, "--", e2e_actor("ends"), "-s", number,
				 NULL);
	return e2e_start(&setup, "-e", remapped, "--", e2e_actor("ends"), "-s",
			 number, NULL);
}

/* Those that do not end a process by default (signal(7)). */
static bool is_harmless(int signal)
{
	return signal == SIGCHLD || signal == SIGCONT || signal == SIGURG ||
		signal == SIGWINCH || signal == SIGSTOP || signal == SIGTSTP ||
		signal == SIGTTIN || signal == SIGTTOU;
}

/* Those at which something changes; all 256 are for the unit tests. */
static const int statuses[] = { 0, 1, 2, 125, 126, 127, 128, 129, 130, 255 };

TEST_BOTH(the_exit_status_of_the_program_comes_through)
{
	size_t i;

	for (i = 0; i < COUNT(statuses); i++) {
		struct e2e *init = start_ends(_i, NULL, statuses[i]);

		e2e_check_exit(init, statuses[i]);
		e2e_check_silent(init);
		e2e_end(init);
	}
}

TEST_BOTH(a_signal_that_ends_the_program_is_128_and_its_number)
{
	int signal;

	for (signal = 1; signal <= E2E_LAST_SIGNAL; signal++) {
		struct e2e *init;

		if (is_harmless(signal))
			continue;
		init = start_killed(_i, NULL, signal);
		e2e_check_exit(init, 128 + signal);
		e2e_end(init);
	}
}

TEST_BOTH(what_cannot_be_run_is_126_or_127_and_named_in_one_line)
{
	const char *file = e2e_write_text(e2e_folder(), "file", 0644, "exit\n");
	const struct {
		const char *program;
		int status;
	} cases[] = {
		{ "no-such-program-anywhere", 127 },
		{ "/nowhere/no-such-program", 127 },
		{ file, 126 },
		{ e2e_folder(), 126 },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		struct e2e *init = e2e_start_in(_i, "--", cases[i].program,
						NULL);

		e2e_check_exit(init, cases[i].status);
		e2e_check(init, e2e_said(init, "") == 1);
		e2e_check(init, e2e_said(init, "foster: ") == 1);
		e2e_check(init, e2e_said(init, cases[i].program) == 1);
		e2e_end(init);
	}
}

/* Refuses every call that can make a process. */
#define REFUSE_PROCESSES { .call = SYS_clone, .error = EAGAIN }, \
	{ .call = SYS_clone3, .error = EAGAIN } REFUSE_OLD_CALLS
/* Newer machines have no others. */
#ifdef SYS_fork
#define REFUSE_OLD_CALLS , { .call = SYS_fork, .error = EAGAIN }, \
	{ .call = SYS_vfork, .error = EAGAIN }
#else
#define REFUSE_OLD_CALLS
#endif

TEST_BOTH(no_process_for_the_program_is_125)
{
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = _i, .refuse = { REFUSE_PROCESSES },
		},
		"--", e2e_actor("report"), NULL);

	e2e_check_exit(init, 125);
	e2e_check(init, init->out.length == 0);
	e2e_check(init, e2e_said(init, "foster: ") == 1);
}

TEST_BOTH(the_exit_status_that_is_remapped_becomes_0_and_no_other)
{
	char remapped[16];
	struct e2e *init;
	size_t i;

	for (i = 0; i < COUNT(statuses); i++) {
		snprintf(remapped, sizeof(remapped), "%d", statuses[i]);
		init = start_ends(_i, remapped, statuses[i]);
		e2e_check_exit(init, 0);
		e2e_check_silent(init);
		e2e_end(init);
		init = start_ends(_i, remapped, (statuses[i] + 1) % 256);
		e2e_check_exit(init, (statuses[i] + 1) % 256);
		e2e_end(init);
	}
}

TEST_BOTH(a_signal_s_status_is_remapped_by_number_and_by_name_and_no_other)
{
	static const struct {
		const char *remapped;
		int signal, expected;
	} cases[] = {
		{ "143", SIGTERM, 0 }, { "sigterm", SIGTERM, 0 },
		{ "KILL", SIGKILL, 0 }, { "RTMIN+3", 37, 0 },
		{ "RTMAX-1", 63, 0 }, { "TERM", SIGINT, 128 + SIGINT },
		/* A bare number is a status, not a signal. */
		{ "15", SIGTERM, 128 + SIGTERM },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		struct e2e *init = start_killed(_i, cases[i].remapped,
						cases[i].signal);

		e2e_check_exit(init, cases[i].expected);
		e2e_end(init);
	}
}

TEST_BOTH(several_statuses_can_be_remapped)
{
	static const struct {
		const char *status;
		int expected;
	} cases[] = {
		{ "3", 0 }, { "4", 0 }, { "143", 0 }, { "5", 5 }, { "0", 0 },
	};
	const struct e2e_setup setup = { .mode = _i };
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		struct e2e *init = e2e_start(
			&setup, "-e3", "-e", "TERM", "--remap-exit=4", "--",
			e2e_actor("ends"), cases[i].status, NULL);

		e2e_check_exit(init, cases[i].expected);
		e2e_end(init);
	}
}

TEST_BOTH(the_126_and_127_of_a_program_not_run_can_be_remapped)
{
	const struct e2e_setup setup = { .mode = _i };
	const char *file = e2e_write_text(e2e_folder(), "file", 0644, "exit\n");

	e2e_check_exit(e2e_start(&setup, "-e", "127", "--", "/nowhere/at-all",
				 NULL), 0);
	e2e_check_exit(e2e_start(&setup, "-e", "126", "--", file, NULL), 0);
	e2e_check_exit(e2e_start(&setup, "-e", "126", "--", "/nowhere/at-all",
				 NULL), 127);
	e2e_check_exit(e2e_start(&setup, "-e", "127", "--", file, NULL), 126);
}

TEST_BOTH(foster_s_own_125_is_never_remapped)
{
	const struct e2e_setup setup = { .mode = _i };

	e2e_check_exit(e2e_start(&setup, "-e", "125", "--no-such-option", "--",
				 e2e_actor("report"), NULL), 125);
	e2e_check_exit(e2e_start(&setup, "-e", "125", NULL), 125);
	e2e_check_exit(e2e_start(
		&(struct e2e_setup){
			.mode = _i, .refuse = { REFUSE_PROCESSES },
		},
		"-e", "125", "--", e2e_actor("report"), NULL), 125);
}

TEST_BOTH(a_program_s_own_125_can_be_remapped)
{
	e2e_check_exit(start_ends(_i, "125", 125), 0);
	e2e_check_exit(start_ends(_i, NULL, 125), 125);
}

/*
 * With -a foster stays for the daemon, which has the next process get the
 * number of the program: ns_last_pid is what clone(2) counts on from. The
 * number is free only when no group has it either, hence a session.
 */
TEST(an_orphan_with_the_number_of_the_program_changes_no_status)
{
	struct e2e *init = e2e_start(
		&(struct e2e_setup){ .mode = E2E_PROCESS_1 },
		"-a", "--", "/bin/sh", "-c",
		"setsid sh -c 'while kill -0 $0 2>/dev/null; do :; done\n"
		" (echo $(($0 - 1)) >/proc/sys/kernel/ns_last_pid || echo no\n"
		"  sh -c \"echo it is \\$\\$; exit 7\" & )' $$ &\n"
		"echo I am $$", NULL);
	int program;

	e2e_check_exit(init, 0);
	program = (int)e2e_number(init, "I am");
	ck_assert_int_gt(program, 1);
	ck_assert_int_eq(e2e_number(init, "it is"), program);
	e2e_check_silent(init);
}
