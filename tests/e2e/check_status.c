/*
 * check_status.c - the exit status (contract, section 2).
 */
#include "e2e.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

START_TEST(every_exit_status_of_the_program_comes_through)
{
	int status;

	for (status = 0; status <= 255; status++) {
		struct e2e *init = start_ends(_i, NULL, status);

		e2e_check_exit(init, status);
		e2e_check_silent(init);
		e2e_end(init);
	}
}
END_TEST

START_TEST(a_signal_that_ends_the_program_is_128_and_its_number)
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
END_TEST

START_TEST(a_program_that_is_not_in_path_is_127)
{
	struct e2e *init = e2e_start(&(struct e2e_setup){ .mode = _i }, "--",
				     "no-such-program-anywhere", NULL);

	e2e_check_exit(init, 127);
	e2e_check(init, e2e_said(init, "foster: ") == 1);
	e2e_check(init, e2e_said(init, "no-such-program-anywhere") == 1);
}
END_TEST

START_TEST(a_path_that_does_not_exist_is_127)
{
	struct e2e *init = e2e_start(&(struct e2e_setup){ .mode = _i }, "--",
				     "/nowhere/no-such-program", NULL);

	e2e_check_exit(init, 127);
	e2e_check(init, e2e_said(init, "foster: ") == 1);
	e2e_check(init, e2e_said(init, "/nowhere/no-such-program") == 1);
}
END_TEST

START_TEST(a_file_that_is_not_executable_is_126)
{
	const char *file = e2e_write_text(e2e_folder(), "file", 0644, "exit\n");
	struct e2e *init = e2e_start(&(struct e2e_setup){ .mode = _i }, "--",
				     file, NULL);

	e2e_check_exit(init, 126);
	e2e_check(init, e2e_said(init, "foster: ") == 1);
	e2e_check(init, e2e_said(init, file) == 1);
}
END_TEST

START_TEST(a_folder_is_126)
{
	struct e2e *init = e2e_start(&(struct e2e_setup){ .mode = _i }, "--",
				     e2e_folder(), NULL);

	e2e_check_exit(init, 126);
	e2e_check(init, e2e_said(init, "foster: ") == 1);
}
END_TEST

START_TEST(a_mistake_on_the_command_line_is_125_and_starts_nothing)
{
	static const char *const mistakes[] = {
		"--no-such-option", "-e256", "-enonsense", "-e", "-t-1", "-Z",
		"--group=1",
	};
	const struct e2e_setup setup = { .mode = _i };
	size_t i;

	for (i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		/* "-e" takes "--" as its value, which is a mistake too. */
		struct e2e *init = e2e_start(&setup, mistakes[i], "--",
					     e2e_actor("report"), NULL);

		e2e_check_exit(init, 125);
		e2e_check(init, init->out.length == 0);
		e2e_check(init, e2e_said(init, "foster: ") >= 1);
		e2e_end(init);
	}
}
END_TEST

START_TEST(no_program_at_all_is_125)
{
	struct e2e *init = e2e_start(&(struct e2e_setup){ .mode = _i }, NULL);

	e2e_check_exit(init, 125);
	e2e_check(init, e2e_said(init, "foster: ") >= 1);
}
END_TEST

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

START_TEST(no_process_for_the_program_is_125)
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
END_TEST

START_TEST(every_exit_status_can_be_remapped_to_0)
{
	int status;

	for (status = 0; status <= 255; status++) {
		char remapped[16];
		struct e2e *init;

		snprintf(remapped, sizeof(remapped), "%d", status);
		init = start_ends(_i, remapped, status);
		e2e_check_exit(init, 0);
		e2e_check_silent(init);
		e2e_end(init);
	}
}
END_TEST

START_TEST(a_status_that_is_not_remapped_stays)
{
	int status;

	for (status = 0; status <= 255; status++) {
		char remapped[16];
		struct e2e *init;

		snprintf(remapped, sizeof(remapped), "%d", (status + 1) % 256);
		init = start_ends(_i, remapped, status);
		e2e_check_exit(init, status);
		e2e_end(init);
	}
}
END_TEST

START_TEST(a_signal_s_status_can_be_remapped_by_number_and_by_name)
{
	static const struct {
		const char *remapped;
		int signal;
	} cases[] = {
		{ "143", SIGTERM }, { "TERM", SIGTERM },
		{ "SIGTERM", SIGTERM }, { "sigterm", SIGTERM },
		{ "term", SIGTERM }, { "KILL", SIGKILL }, { "137", SIGKILL },
		{ "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT },
		{ "USR1", SIGUSR1 }, { "SYS", SIGSYS }, { "PIPE", SIGPIPE },
		{ "RTMIN", 34 }, { "RTMIN+3", 37 }, { "RTMAX-1", 63 },
		{ "RTMAX", 64 }, { "SIGRTMIN+3", 37 },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct e2e *init = start_killed(_i, cases[i].remapped,
						cases[i].signal);

		e2e_check_exit(init, 0);
		e2e_end(init);
	}
}
END_TEST

START_TEST(remapping_a_signal_leaves_other_signals)
{
	e2e_check_exit(start_killed(_i, "TERM", SIGINT), 128 + SIGINT);
	/* A bare number is a status, not a signal. */
	e2e_check_exit(start_killed(_i, "15", SIGTERM), 128 + SIGTERM);
}
END_TEST

START_TEST(several_statuses_can_be_remapped)
{
	static const struct {
		const char *status;
		int expected;
	} cases[] = {
		{ "3", 0 }, { "4", 0 }, { "143", 0 }, { "5", 5 }, { "0", 0 },
	};
	const struct e2e_setup setup = { .mode = _i };
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct e2e *init = e2e_start(
			&setup, "-e3", "-e", "TERM", "--remap-exit=4", "--",
			e2e_actor("ends"), cases[i].status, NULL);

		e2e_check_exit(init, cases[i].expected);
		e2e_end(init);
	}
}
END_TEST

START_TEST(the_126_and_127_of_a_program_not_run_can_be_remapped)
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
END_TEST

START_TEST(foster_s_own_125_is_never_remapped)
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
END_TEST

START_TEST(a_program_s_own_125_can_be_remapped)
{
	e2e_check_exit(start_ends(_i, "125", 125), 0);
	e2e_check_exit(start_ends(_i, NULL, 125), 125);
}
END_TEST

/*
 * With -a foster stays for the daemon, which has the next process get the
 * number of the program: ns_last_pid is what clone(2) counts on from. The
 * number is free only when no group has it either, hence a session.
 */
START_TEST(an_orphan_with_the_number_of_the_program_changes_no_status)
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
END_TEST

Suite *status_suite(void)
{
	Suite *suite = suite_create("status");
	TCase *plain = e2e_tcase(suite, "plain");
	TCase *not_run = e2e_tcase(suite, "not run");
	TCase *remapped = e2e_tcase(suite, "remapped");

	e2e_add_both(plain, every_exit_status_of_the_program_comes_through);
	e2e_add_both(plain,
		     a_signal_that_ends_the_program_is_128_and_its_number);

	e2e_add_both(not_run, a_program_that_is_not_in_path_is_127);
	e2e_add_both(not_run, a_path_that_does_not_exist_is_127);
	e2e_add_both(not_run, a_file_that_is_not_executable_is_126);
	e2e_add_both(not_run, a_folder_is_126);
	e2e_add_both(not_run,
		     a_mistake_on_the_command_line_is_125_and_starts_nothing);
	e2e_add_both(not_run, no_program_at_all_is_125);
	e2e_add_both(not_run, no_process_for_the_program_is_125);

	e2e_add_both(remapped, every_exit_status_can_be_remapped_to_0);
	e2e_add_both(remapped, a_status_that_is_not_remapped_stays);
	e2e_add_both(remapped,
		     a_signal_s_status_can_be_remapped_by_number_and_by_name);
	e2e_add_both(remapped, remapping_a_signal_leaves_other_signals);
	e2e_add_both(remapped, several_statuses_can_be_remapped);
	e2e_add_both(remapped,
		     the_126_and_127_of_a_program_not_run_can_be_remapped);
	e2e_add_both(remapped, foster_s_own_125_is_never_remapped);
	e2e_add_both(remapped, a_program_s_own_125_can_be_remapped);
	e2e_add(plain, an_orphan_with_the_number_of_the_program_changes_no_status);
	return suite;
}
