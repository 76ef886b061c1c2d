/*
 * check_starting.c - starting the program (contract, section 3, without the
 * terminal).
 *
 * What the program was given is told by the actor "report".
 */
#include "e2e.h"

#include <elf.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static enum e2e_mode mode_of(int i)
{
	return i % 2 == 0 ? E2E_PROCESS_1 : E2E_SUBREAPER;
}

/* The init's number as the program sees it. */
static int inner_pid(const struct e2e *init)
{
	return init->mode == E2E_PROCESS_1 ? 1 : (int)init->pid;
}

/* Fails unless the actor "report" was given exactly these signals. */
static void check_signals(struct e2e *init, uint64_t blocked, uint64_t ignored)
{
	const uint64_t never = E2E_SIGNAL(SIGKILL) | E2E_SIGNAL(SIGSTOP);
	uint64_t got_blocked, got_ignored;

	e2e_check_exit(init, 0);
	got_blocked = (uint64_t)strtoull(e2e_line(init, "blocked "), NULL, 16);
	got_ignored = (uint64_t)strtoull(e2e_line(init, "ignored "), NULL, 16);
	if (got_blocked != (blocked & ~never) ||
	    got_ignored != (ignored & ~never))
		e2e_fail(init, __FILE__, __LINE__, "blocked %016llx, expected "
			 "%016llx; ignored %016llx, expected %016llx",
			 (unsigned long long)got_blocked,
			 (unsigned long long)(blocked & ~never),
			 (unsigned long long)got_ignored,
			 (unsigned long long)(ignored & ~never));
	e2e_check_silent(init);
}

static void start_with_signals(enum e2e_mode mode, uint64_t blocked,
			       uint64_t ignored)
{
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = mode, .blocked = blocked, .ignored = ignored,
		},
		"--", e2e_actor("report"), NULL);

	check_signals(init, blocked, ignored);
	e2e_end(init);
}

/* Mask and dispositions. */

START_TEST(the_program_gets_exactly_foster_s_mask_and_dispositions)
{
	int signal;

	start_with_signals(_i, 0, 0);
	start_with_signals(_i, E2E_ALL_SIGNALS, 0);
	start_with_signals(_i, 0, E2E_ALL_SIGNALS);
	start_with_signals(_i, E2E_ALL_SIGNALS, E2E_ALL_SIGNALS);
	for (signal = 1; signal <= E2E_LAST_SIGNAL; signal++)
		start_with_signals(_i, E2E_SIGNAL(signal),
				   E2E_SIGNAL(signal % 64 + 1));
}
END_TEST

START_TEST(the_status_comes_through_with_chld_inherited_as_ignored)
{
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = _i, .ignored = E2E_SIGNAL(SIGCHLD),
		},
		"--", e2e_actor("ends"), "42", NULL);

	e2e_check_exit(init, 42);
	e2e_check_silent(init);
}
END_TEST

START_TEST(orphans_are_reaped_with_chld_inherited_ignored_or_blocked)
{
	struct e2e *init;
	int ends[2];

	e2e_pipe(ends);
	init = e2e_start(
		&(struct e2e_setup){
			.mode = mode_of(_i),
			.stdio = { ends[0] },
			.ignored = _i / 2 != 1 ? E2E_SIGNAL(SIGCHLD) : 0,
			.blocked = _i / 2 != 0 ? E2E_SIGNAL(SIGCHLD) : 0,
		},
		"--", e2e_actor("storm"), "100", "42", NULL);
	close(ends[0]);
	e2e_line(init, "made 100");

	e2e_until(init, e2e_children(init->pid) == 1);
	close(ends[1]);
	e2e_check_exit(init, 42);
	e2e_check_silent(init);
}
END_TEST

START_TEST(with_every_signal_blocked_signals_are_handed_over)
{
	struct e2e *init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .blocked = E2E_ALL_SIGNALS },
		"--", e2e_actor("signals"), "29", NULL);

	e2e_line(init, "ready");
	e2e_kill(init, SIGTERM);
	e2e_line(init, "got 15 ");
	e2e_kill(init, SIGIO);
	e2e_check_exit(init, 0);
	e2e_check_silent(init);
}
END_TEST

/* Process group. */

START_TEST(the_program_is_foster_s_child_and_leads_its_own_group)
{
	static const enum e2e_session sessions[] = {
		E2E_SESSION_USUAL, E2E_SESSION_LEADER, E2E_SESSION_SHARED,
	};
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = mode_of(_i), .session = sessions[_i / 2],
		},
		"--", e2e_actor("report"), NULL);

	e2e_check_exit(init, 0);
	ck_assert_int_eq(e2e_number(init, "ppid"), inner_pid(init));
	ck_assert_int_eq(e2e_number(init, "pgrp"), e2e_number(init, "pid"));
	/* A group of its own, but not a session. */
	e2e_check(init, e2e_number(init, "session") != e2e_number(init, "pid"));
	e2e_check_silent(init);
}
END_TEST

/* Environment. */

/* Compares all "variable" or "argument" lines with a list. */
static void check_lines(struct e2e *init, const char *prefix,
			const char *const *expected)
{
	size_t i;

	for (i = 0; expected[i] != NULL; i++)
		if (i >= e2e_count(init, prefix) ||
		    strcmp(e2e_line_nth(init, prefix, i + 1), expected[i]) != 0)
			e2e_fail(init, __FILE__, __LINE__, "%s%zu is not %s",
				 prefix, i + 1, expected[i]);
	if (e2e_count(init, prefix) != i)
		e2e_fail(init, __FILE__, __LINE__, "%zu times \"%s\", not %zu",
			 e2e_count(init, prefix), prefix, i);
}

START_TEST(the_environment_is_passed_on_as_it_is)
{
	static const char *const environment[] = {
		"A=1", "PATH=/nowhere", "B=", "A=2", "no equals sign", "",
		"=C", "LISTEN_FDS=3", "FOSTER_OPTION=x", "FOSTER_OPTIONSX=y",
		"D=\xff\x01\x7f", NULL
	};
	struct e2e *init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .environment = environment },
		"--", e2e_actor("report"), NULL);

	e2e_check_exit(init, 0);
	check_lines(init, "variable ", environment);
	e2e_check_silent(init);
}
END_TEST

START_TEST(an_empty_environment_stays_empty)
{
	static const char *const environment[] = { NULL };
	struct e2e *init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .environment = environment },
		"--", e2e_actor("report"), NULL);

	e2e_check_exit(init, 0);
	ck_assert_uint_eq(e2e_count(init, "variable "), 0);
	e2e_check_silent(init);
}
END_TEST

START_TEST(foster_options_count_and_are_taken_out_of_the_environment)
{
	static const char *const environment[] = {
		"A=1", "FOSTER_OPTIONS= -e3  --remap-exit 4 ", "B=2", NULL
	};
	static const char *const expected[] = { "A=1", "B=2", NULL };
	const struct e2e_setup setup = {
		.mode = _i, .environment = environment,
	};
	struct e2e *init = e2e_start(&setup, "--", e2e_actor("report"), NULL);

	e2e_check_exit(init, 0);
	check_lines(init, "variable ", expected);
	e2e_check_silent(init);
	e2e_check_exit(e2e_start(&setup, e2e_actor("ends"), "3", NULL), 0);
	e2e_check_exit(e2e_start(&setup, e2e_actor("ends"), "4", NULL), 0);
	e2e_check_exit(e2e_start(&setup, e2e_actor("ends"), "5", NULL), 5);
	/* An init inside does not obey them again. */
	e2e_check_exit(e2e_start(&setup, "-e5", e2e_binary(), "-e6",
				 e2e_actor("ends"), "3", NULL), 0);
}
END_TEST

START_TEST(foster_options_at_the_beginning_and_the_end_are_taken_out)
{
	static const char *const environments[][4] = {
		{ "FOSTER_OPTIONS=-g", "A=1", "B=2", NULL },
		{ "A=1", "B=2", "FOSTER_OPTIONS=", NULL },
	};
	static const char *const expected[] = { "A=1", "B=2", NULL };
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = mode_of(_i),
			.environment = environments[_i / 2],
		},
		"--", e2e_actor("report"), NULL);

	e2e_check_exit(init, 0);
	check_lines(init, "variable ", expected);
	e2e_check_silent(init);
}
END_TEST

START_TEST(the_arguments_are_passed_on_as_they_are)
{
	struct e2e *init = e2e_start(
		&(struct e2e_setup){ .mode = _i },
		"--", e2e_actor("report"), "a", "", "-g", "--", "-e", "b c",
		NULL);
	const char *const expected[] = {
		e2e_actor("report"), "a", "", "-g", "--", "-e", "b c", NULL
	};

	e2e_check_exit(init, 0);
	check_lines(init, "argument ", expected);
	e2e_check_silent(init);
}
END_TEST

/* Socket activation. Foster's number is known only in the new process. */

struct activation {
	char listen_pid[32];
	char watchdog_pid[32];
};

static void write_own_pid(void *argument)
{
	struct activation *activation = argument;

	snprintf(activation->listen_pid, sizeof(activation->listen_pid),
		 "LISTEN_PID=%d", (int)getpid());
	snprintf(activation->watchdog_pid, sizeof(activation->watchdog_pid),
		 "WATCHDOG_PID=%d", (int)getpid());
}

static const char *of_pid(const char *name, long long pid)
{
	static char text[4][48];
	static unsigned int next;

	snprintf(text[next % 4], sizeof(text[0]), "%s=%lld", name, pid);
	return text[next++ % 4];
}

START_TEST(listen_pid_and_watchdog_pid_are_set_to_the_program_s)
{
	static struct activation activation;
	const char *const environment[] = {
		"LISTEN_FDS=1", activation.listen_pid, "LISTEN_PIDFDID=17",
		activation.watchdog_pid, "WATCHDOG_USEC=1", NULL
	};
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = _i,
			.environment = environment,
			.before_exec = write_own_pid,
			.argument = &activation,
		},
		"--", e2e_actor("report"), NULL);
	long long pid;

	e2e_check_exit(init, 0);
	pid = e2e_number(init, "pid");
	/* The pidfd's number was of a process that it no longer is for. */
	check_lines(init, "variable ", (const char *const []){
		"LISTEN_FDS=1", of_pid("LISTEN_PID", pid),
		of_pid("WATCHDOG_PID", pid), "WATCHDOG_USEC=1", NULL });
	e2e_check_silent(init);
}
END_TEST

/* The program's own number is but one more than foster's. */
static void write_other_pid(void *argument)
{
	struct activation *activation = argument;

	snprintf(activation->listen_pid, sizeof(activation->listen_pid),
		 "LISTEN_PID=%d", (int)getpid() + 2);
	snprintf(activation->watchdog_pid, sizeof(activation->watchdog_pid),
		 "WATCHDOG_PID=%d0", (int)getpid());
}

START_TEST(listen_pid_and_watchdog_pid_of_other_processes_are_left)
{
	static struct activation activation;
	const char *const environment[] = {
		activation.listen_pid, "LISTEN_PIDFDID=17",
		activation.watchdog_pid, NULL
	};
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = _i,
			.environment = environment,
			.before_exec = write_other_pid,
			.argument = &activation,
		},
		"--", e2e_actor("report"), NULL);
	long long own;

	e2e_check_exit(init, 0);
	own = e2e_number(init, "ppid");
	check_lines(init, "variable ", (const char *const []){
		of_pid("LISTEN_PID", own + 2), "LISTEN_PIDFDID=17",
		of_pid("WATCHDOG_PID", own * 10), NULL });
	e2e_check_silent(init);
}
END_TEST

START_TEST(listen_pid_and_watchdog_pid_that_are_no_numbers_are_left)
{
	/* A number too large for a process, or none; another name. */
	static const char *const environment[] = {
		"LISTEN_PID=4294967297", "LISTEN_PIDFDID=17", "WATCHDOG_PID=",
		"XLISTEN_PID=1", "LISTEN_PIDX=1", NULL
	};
	static const char *const environment_2[] = {
		"LISTEN_PID=", "LISTEN_PIDFDID=17", "WATCHDOG_PID=1x",
		"watchdog_pid=1", NULL
	};
	const char *const *expected = _i / 2 == 0 ? environment : environment_2;
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = mode_of(_i), .environment = expected,
		},
		"--", e2e_actor("report"), NULL);

	e2e_check_exit(init, 0);
	check_lines(init, "variable ", expected);
	e2e_check_silent(init);
}
END_TEST

START_TEST(watchdog_pid_alone_is_set_and_listen_pidfdid_is_left)
{
	static struct activation activation;
	const char *const environment[] = {
		"LISTEN_PIDFDID=17", activation.watchdog_pid, NULL
	};
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = _i,
			.environment = environment,
			.before_exec = write_own_pid,
			.argument = &activation,
		},
		"--", e2e_actor("report"), NULL);

	e2e_check_exit(init, 0);
	check_lines(init, "variable ", (const char *const []){
		"LISTEN_PIDFDID=17",
		of_pid("WATCHDOG_PID", e2e_number(init, "pid")), NULL });
	e2e_check_silent(init);
}
END_TEST

/* Folder and files. */

START_TEST(the_program_keeps_its_folder_and_foster_goes_to_the_root)
{
	struct e2e *init;
	pid_t program;
	char *text;
	int ends[2];

	e2e_pipe(ends);
	init = e2e_start(
		&(struct e2e_setup){
			.mode = _i,
			.stdio = { ends[0] },
			.cwd = e2e_folder(),
		},
		"--", e2e_actor("ends"), "-f", "0", "7", NULL);
	close(ends[0]);
	program = e2e_pid(init, (pid_t)e2e_number(init, "ready"));
	e2e_wait_idle(init);

	text = e2e_link(init->pid, "cwd");
	ck_assert_str_eq(text, "/");
	free(text);
	text = e2e_link(program, "cwd");
	ck_assert_str_eq(text, e2e_folder());
	free(text);
	e2e_check_silent(init);
}
END_TEST

START_TEST(a_relative_path_begins_at_the_working_directory)
{
	struct e2e *init;

	ck_assert_int_eq(symlink(e2e_actor("report"),
				 e2e_path(e2e_folder(), "it")), 0);
	init = e2e_start(&(struct e2e_setup){ .mode = _i, .cwd = e2e_folder() },
			 "--", "./it", NULL);

	e2e_check_exit(init, 0);
	ck_assert_str_eq(e2e_line(init, "cwd "), e2e_folder());
	ck_assert_str_eq(e2e_line(init, "argument "), "./it");
}
END_TEST

static const int numbers_of_files[] = { 3, 4, 9, 100, 500, 1000 };

enum {
	HIGH_FILE = 1500,
	NUMBERS_OF_FILES = sizeof(numbers_of_files) /
		sizeof(numbers_of_files[0]),
};

/*
 * Starts an init that inherits one file under many numbers, and returns when it
 * is idle. The program is "ends -f 9 7": it ends when the test closes its own
 * end of the file, unless somebody else holds that.
 */
static struct e2e *start_with_files(const char *test, struct e2e_setup setup)
{
	struct e2e *init;
	int ends[2], i;

	e2e_pipe(ends);
	for (i = 0; i < NUMBERS_OF_FILES; i++)
		setup.files[i] = (struct e2e_file){ ends[0],
			numbers_of_files[i] };
	init = e2e_start_from(test, &setup, "--", e2e_actor("ends"), "-f", "9",
			      "7", NULL);
	close(ends[0]);
	e2e_line(init, "ready");
	e2e_wait_idle(init);
	e2e_check(init, e2e_open_files(init, init->pid) == 7);
	e2e_check(init, !e2e_is_over(init));
	close(ends[1]);
	e2e_check_exit(init, 7);
	e2e_check_silent(init);
	return init;
}

START_TEST(foster_closes_every_file_from_3_up_and_keeps_0_1_2)
{
	start_with_files(__func__, (struct e2e_setup){ .mode = _i });
}
END_TEST

START_TEST(where_close_range_is_refused_foster_still_closes_files)
{
	static const int errors[] = { ENOSYS, EPERM };

	start_with_files(__func__, (struct e2e_setup){
		.mode = mode_of(_i),
		.refuse = { { .call = SYS_close_range,
			      .error = errors[_i / 2] } },
	});
}
END_TEST

START_TEST(without_close_range_proc_shows_the_files_above_1023)
{
	const rlim_t wanted = HIGH_FILE + 1;
	struct rlimit limit;
	struct e2e *init;
	int ends[2];

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	if (limit.rlim_cur < wanted) {
		limit.rlim_cur = wanted;
		if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
			e2e_skip("more open files (ulimit -n)");
	}
	e2e_pipe(ends);
	init = e2e_start(
		&(struct e2e_setup){
			.mode = _i,
			.files = { { ends[0], HIGH_FILE }, { ends[0], 9 } },
			.refuse = { { .call = SYS_close_range,
				      .error = ENOSYS } },
		},
		"--", e2e_actor("ends"), "-f", "9", "7", NULL);
	close(ends[0]);
	e2e_line(init, "ready");
	e2e_wait_idle(init);
	e2e_check(init, e2e_open_files(init, init->pid) == 7);
	close(ends[1]);
	e2e_check_exit(init, 7);
}
END_TEST

START_TEST(without_close_range_and_proc_foster_still_closes_files)
{
	start_with_files(__func__, (struct e2e_setup){
		.mode = _i,
		.proc = E2E_PROC_NONE,
		.refuse = { { .call = SYS_close_range, .error = ENOSYS } },
	});
}
END_TEST

START_TEST(under_the_proc_of_others_foster_still_closes_files)
{
	/* /proc/self leads nowhere there. */
	start_with_files(__func__, (struct e2e_setup){
		.mode = _i,
		.proc = E2E_PROC_OUTER,
		.refuse = { { .call = SYS_close_range, .error = ENOSYS } },
	});
}
END_TEST

START_TEST(the_program_gets_all_open_files_and_no_other)
{
	struct e2e_setup setup = { .mode = _i };
	struct e2e *init;
	int ends[2], i;

	e2e_pipe(ends);
	for (i = 0; i < NUMBERS_OF_FILES; i++)
		setup.files[i] = (struct e2e_file){ ends[0],
			numbers_of_files[i] };
	init = e2e_start(&setup, "--", e2e_actor("report"), NULL);

	e2e_check_exit(init, 0);
	check_lines(init, "open ", (const char *const []){
		"0", "1", "2", "3", "4", "9", "100", "500", "1000", NULL });
	e2e_check_silent(init);
}
END_TEST

START_TEST(what_is_closed_of_0_1_2_stays_closed_for_the_program)
{
	unsigned int closed = (unsigned int)_i / 2;
	const char *file = e2e_write_text(e2e_folder(), "report", 0600, "");
	int fd = open(file, O_WRONLY | O_APPEND | O_CLOEXEC), i;
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = mode_of(_i),
			.closed = closed,
			.files = { { fd, 9 } },
		},
		"-v", "--", e2e_actor("report"), "-o", "9", NULL);
	char *text;

	e2e_check_exit(init, 0);
	text = e2e_read(file, NULL);
	ck_assert_ptr_nonnull(strstr(text, "\ndone\n"));
	for (i = 0; i < 9; i++) {
		char line[16];
		bool is_open = i < 3 && (closed & (1U << i)) == 0;

		snprintf(line, sizeof(line), "\nopen %d\n", i);
		ck_assert_msg((strstr(text, line) != NULL) == is_open,
			      "file %d should be %s:\n%s", i,
			      is_open ? "open" : "closed", text);
	}
	/* Nothing that foster says may come into the program's files. */
	ck_assert_ptr_null(strstr(text, "foster"));
	free(text);
	e2e_check(init, init->out.length == 0);
}
END_TEST

START_TEST(what_is_closed_of_0_1_2_stays_closed_for_foster)
{
	unsigned int closed = (unsigned int)_i / 2;
	struct e2e *init = e2e_start(
		&(struct e2e_setup){ .mode = mode_of(_i), .closed = closed },
		"-v", "--", e2e_actor("waits"), "-q", NULL);

	e2e_wait_idle(init);
	ck_assert_uint_eq(e2e_open_files(init, init->pid), 7 & ~closed);
	e2e_kill(init, SIGTERM);
	e2e_check_exit(init, 128 + SIGTERM);
}
END_TEST

/* Children from before. */

enum elder { ELDER_LIVES, ELDER_IS_DEAD };

struct elders {
	enum elder kind;
	volatile int *pid;	/* shared with the test */
};

/* Runs in what becomes the init: its child is there before the init is. */
static void start_elder(void *argument)
{
	struct elders *elders = argument;
	pid_t pid = fork();
	siginfo_t info;

	if (pid == 0) {
		if (elders->kind == ELDER_LIVES)
			execl(e2e_actor("ends"), "ends", "-f", "9", "99", NULL);
		else
			execl(e2e_actor("ends"), "ends", "99", NULL);
		_exit(98);
	}
	if (elders->kind == ELDER_IS_DEAD)
		waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	*elders->pid = (int)pid;
}

static volatile int *shared_number(void)
{
	void *page = mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	ck_assert_ptr_ne(page, MAP_FAILED);
	return page;
}

START_TEST(a_child_from_before_the_exec_is_not_taken_for_the_program)
{
	struct elders elders = { ELDER_LIVES, shared_number() };
	struct e2e *init;
	int elder_ends[2], ends[2];
	pid_t elder;

	e2e_pipe(elder_ends);
	e2e_pipe(ends);
	init = e2e_start(
		&(struct e2e_setup){
			.mode = _i,
			.stdio = { ends[0] },
			.files = { { elder_ends[0], 9 } },
			.before_exec = start_elder,
			.argument = &elders,
		},
		"--", e2e_actor("ends"), "-f", "0", "5", NULL);
	close(ends[0]);
	close(elder_ends[0]);
	e2e_line_nth(init, "ready", 2);
	elder = e2e_pid(init, *elders.pid);

	close(elder_ends[1]);

	e2e_wait_gone(init, elder);
	e2e_wait_idle(init);
	e2e_check(init, !e2e_is_over(init));
	close(ends[1]);
	e2e_check_exit(init, 5);
	e2e_check_silent(init);
}
END_TEST

START_TEST(a_child_that_died_before_the_exec_is_reaped)
{
	struct elders elders = { ELDER_IS_DEAD, shared_number() };
	struct e2e *init;
	int ends[2];

	e2e_pipe(ends);
	init = e2e_start(
		&(struct e2e_setup){
			.mode = _i,
			.stdio = { ends[0] },
			.before_exec = start_elder,
			.argument = &elders,
		},
		"--", e2e_actor("ends"), "-f", "0", "5", NULL);
	close(ends[0]);
	e2e_line(init, "ready");

	e2e_until(init, e2e_children(init->pid) == 1);
	e2e_check(init, !e2e_is_over(init));
	close(ends[1]);
	e2e_check_exit(init, 5);
	e2e_check_silent(init);
}
END_TEST

/* The search in PATH. */

/*
 * Folders for PATH: "first" and "second" hold an executable "it" that says its
 * folder, "denied" one that is not executable, "empty" none, "folder" a folder
 * of that name; "file" is no folder.
 */
static const char *make_folders(void)
{
	const char *base = e2e_folder();

	mkdir(e2e_path(base, "first"), 0755);
	mkdir(e2e_path(base, "second"), 0755);
	mkdir(e2e_path(base, "denied"), 0755);
	mkdir(e2e_path(base, "empty"), 0755);
	mkdir(e2e_path(base, "folder"), 0755);
	mkdir(e2e_path(base, "folder/it"), 0755);
	e2e_write_text(base, "file", 0755, "");
	e2e_write_text(base, "first/it", 0755, "#!/bin/sh\necho first\n");
	e2e_write_text(base, "second/it", 0755, "#!/bin/sh\necho second\n");
	e2e_write_text(base, "denied/it", 0644, "#!/bin/sh\necho denied\n");
	return base;
}

/* Starts "it" with a PATH in which a leading @ stands for the folder. */
static struct e2e *start_in_path(const char *test, enum e2e_mode mode,
				 const char *base, const char *pattern)
{
	static char path[4096];
	const char *environment[] = { path, NULL };
	size_t used;

	used = (size_t)snprintf(path, sizeof(path), "PATH=");
	for (; *pattern != '\0'; pattern++) {
		if (*pattern == '@')
			used += (size_t)snprintf(path + used,
						 sizeof(path) - used, "%s/",
						 base);
		else
			path[used++] = *pattern;
	}
	path[used] = '\0';
	return e2e_start_from(test, &(struct e2e_setup){
			.mode = mode, .environment = environment,
			.cwd = e2e_path(base, "second"),
		}, "--", "it", NULL);
}

START_TEST(path_is_searched_in_its_order)
{
	static const struct {
		const char *path;
		int status;
		const char *output;
	} cases[] = {
		{ "@first:@second", 0, "first\n" },
		{ "@second:@first", 0, "second\n" },
		{ "@empty:@second", 0, "second\n" },
		{ "@nowhere:@second", 0, "second\n" },
		{ "@file:@second", 0, "second\n" },
		{ "@denied:@second", 0, "second\n" },
		{ "@folder:@second", 0, "second\n" },
		{ "@second:@denied", 0, "second\n" },
		/* An empty element is the working directory. */
		{ ":@first", 0, "second\n" },
		{ "@first:", 0, "first\n" },
		{ "@empty:", 0, "second\n" },
		{ "@empty::@first", 0, "second\n" },
		{ ".", 0, "second\n" },
		{ "../first", 0, "first\n" },
		{ "", 0, "second\n" },
		/* What was denied is remembered, what is missing is not. */
		{ "@empty", 127, "" },
		{ "@empty:@nowhere:@file", 127, "" },
		{ "@denied", 126, "" },
		{ "@denied:@empty", 126, "" },
		{ "@empty:@denied:@file", 126, "" },
	};
	const char *base = make_folders();
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct e2e *init = start_in_path(__func__, _i, base,
						 cases[i].path);
		int status = e2e_exit(init);

		if (status != cases[i].status ||
		    strcmp(init->out.bytes, cases[i].output) != 0)
			e2e_fail(init, __FILE__, __LINE__,
				 "PATH=%s: status %d, expected %d, \"%s\"",
				 cases[i].path, status, cases[i].status,
				 cases[i].output);
		e2e_check(init, e2e_said(init, "foster: ") ==
			  (status == 0 ? 0 : 1));
		e2e_end(init);
	}
}
END_TEST

START_TEST(a_long_element_of_path_is_passed_over)
{
	const char *base = make_folders();
	char *path = malloc(8192);
	const char *environment[] = { path, NULL };
	struct e2e *init;

	memcpy(path, "PATH=/", 6);
	memset(path + 6, 'x', 6000);
	snprintf(path + 6006, 8192 - 6006, ":%s/second", base);
	init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .environment = environment },
		"--", "it", NULL);

	e2e_check_exit(init, 0);
	ck_assert_str_eq(init->out.bytes, "second\n");
}
END_TEST

START_TEST(a_name_with_a_slash_is_not_searched_for)
{
	const char *base = make_folders();
	char path[4200];
	const char *environment[] = { path, NULL };
	const struct e2e_setup setup = {
		.mode = _i, .environment = environment, .cwd = "/",
	};
	struct e2e *init;

	snprintf(path, sizeof(path), "PATH=%s", base);
	e2e_check_exit(e2e_start(&setup, "--", "first/it", NULL), 127);
	init = e2e_start(&setup, "--", e2e_path(base, "first/it"), NULL);
	e2e_check_exit(init, 0);
	ck_assert_str_eq(init->out.bytes, "first\n");
}
END_TEST

START_TEST(without_path_docker_s_default_list_is_searched)
{
	static const char *const folders[] = {
		"usr/local/sbin/report", "usr/local/bin/report",
		"usr/sbin/report", "usr/bin/report", "sbin/report",
		"bin/report",
	};
	static const char *const environment[] = { "A=1", NULL };
	size_t i;

	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		struct e2e *init = e2e_start(
			&(struct e2e_setup){
				.empty_root = true,
				.root_files = { folders[i] },
				.environment = environment,
			},
			"--", "report", NULL);

		e2e_check_exit(init, 0);
		/* It is searched, not given to the program. */
		check_lines(init, "variable ", environment);
		e2e_check_silent(init);
		e2e_end(init);
	}
}
END_TEST

START_TEST(without_path_the_working_directory_is_not_searched)
{
	static const char *const environment[] = { "A=1", NULL };
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.empty_root = true,
			.root_files = { "report" },
			.environment = environment,
		},
		"--", "report", NULL);

	e2e_check_exit(init, 127);
	e2e_check(init, init->out.length == 0);
}
END_TEST

/*
 * Scripts. What must not be given to a shell lies in the working directory: a
 * shell that got it all the same finds redirections in it and makes files.
 */

START_TEST(a_text_file_without_interpreter_line_is_given_to_bin_sh)
{
	const char *base = e2e_folder();
	const char *file = e2e_write_text(base, "script", 0755,
		"echo \"name $0\"\nfor a do echo \"argument $a\"; done\n"
		"exit 3\n");
	char path[4200];
	const char *environment[] = { path, NULL };
	const struct e2e_setup setup = {
		.mode = _i, .environment = environment,
	};
	struct e2e *init;

	snprintf(path, sizeof(path), "PATH=/nowhere:%s", base);
	init = e2e_start(&setup, "--", file, "a b", "", "-c", NULL);
	e2e_check_exit(init, 3);
	ck_assert_str_eq(e2e_line(init, "name "), file);
	check_lines(init, "argument ", (const char *const []){
		"a b", "", "-c", NULL });
	e2e_check_silent(init);

	/* Found in PATH as well; then the shell needs the whole path. */
	init = e2e_start(&setup, "--", "script", "x", NULL);
	e2e_check_exit(init, 3);
	ck_assert_str_eq(e2e_line(init, "name "), file);
	check_lines(init, "argument ", (const char *const []){ "x", NULL });
	e2e_check_silent(init);
}
END_TEST

START_TEST(a_text_file_named_like_an_option_is_given_to_bin_sh)
{
	/* "sh -n" would do nothing and end with 0. */
	struct e2e *init;

	e2e_write_text(e2e_folder(), "-n", 0755, "exit 3\n");
	init = e2e_start(
		&(struct e2e_setup){
			.mode = _i,
			.cwd = e2e_folder(),
			.environment = (const char *const []){ "PATH=", NULL },
		},
		"--", "-n", NULL);

	e2e_check_exit(init, 3);
}
END_TEST

START_TEST(a_script_gets_the_shell_that_its_interpreter_line_names)
{
	const char *file = e2e_write_text(e2e_folder(), "script", 0755,
					  "#!/bin/sh -u\necho \"$0 $1\"\n");
	struct e2e *init = e2e_start(&(struct e2e_setup){ .mode = _i }, "--",
				     file, "x", NULL);
	char expected[4200];

	e2e_check_exit(init, 0);
	snprintf(expected, sizeof(expected), "%s x\n", file);
	ck_assert_str_eq(init->out.bytes, expected);
	e2e_check_silent(init);
}
END_TEST

START_TEST(an_elf_file_for_another_machine_is_never_given_to_bin_sh)
{
	size_t length;
	char *bytes = e2e_read(e2e_actor("report"), &length);
	const char *file;
	struct e2e *init;

	/*
	 * It has the same place in 32 and 64 bit files, and no machine has
	 * this number in either byte order.
	 */
	memset(bytes + offsetof(Elf64_Ehdr, e_machine), 0x41, 2);
	file = e2e_write(e2e_folder(), "program", 0755, bytes, length);
	free(bytes);
	init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .cwd = e2e_folder() },
		"--", file, NULL);

	e2e_check_exit(init, 126);
	e2e_check(init, init->out.length == 0);
	e2e_check(init, e2e_said(init, "foster: ") == 1);
	/* A shell would say something as well. */
	e2e_check(init, e2e_said(init, "") == 1);
}
END_TEST

START_TEST(an_elf_file_cut_short_is_never_given_to_bin_sh)
{
	size_t length;
	char *bytes = e2e_read(e2e_actor("report"), &length);
	const char *file = e2e_write(e2e_folder(), "program", 0755, bytes,
				     (size_t)_i / 2);
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = mode_of(_i), .cwd = e2e_folder(),
		},
		"--", file, NULL);

	free(bytes);
	e2e_check_exit(init, 126);
	e2e_check(init, init->out.length == 0);
	e2e_check(init, e2e_said(init, "foster: ") == 1);
	e2e_check(init, e2e_said(init, "") == 1);
}
END_TEST

START_TEST(binary_rubbish_is_never_given_to_bin_sh)
{
	static const char bytes[] = "echo shell\0\1\2\3\n";
	const char *file = e2e_write(e2e_folder(), "program", 0755, bytes,
				     sizeof(bytes));
	struct e2e *init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .cwd = e2e_folder() },
		"--", file, NULL);

	e2e_check_exit(init, 126);
	e2e_check(init, init->out.length == 0);
	e2e_check(init, e2e_said(init, "foster: ") == 1);
}
END_TEST

START_TEST(a_file_that_may_be_executed_but_not_read_is_no_script)
{
	const char *file = e2e_write_text(e2e_folder(), "file", 0111,
					  "echo shell\n");
	/* Root can read everything, but not without its capabilities. */
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = _i,
			.lost_capabilities = E2E_ALL_CAPABILITIES,
		},
		"--", file, NULL);

	e2e_check_exit(init, 126);
	e2e_check(init, init->out.length == 0);
	e2e_check(init, e2e_said(init, "foster: ") == 1);
}
END_TEST

START_TEST(an_executable_program_that_may_not_be_read_is_run)
{
	size_t length;
	char *bytes = e2e_read(e2e_actor("ends"), &length);
	const char *file = e2e_write(e2e_folder(), "program", 0111, bytes,
				     length);
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = _i,
			.lost_capabilities = E2E_ALL_CAPABILITIES,
		},
		"--", file, "7", NULL);

	free(bytes);
	e2e_check_exit(init, 7);
	e2e_check_silent(init);
}
END_TEST

/* Little to live on. */

START_TEST(it_is_the_only_file_of_an_empty_root_beside_its_program)
{
	static const char *const environment[] = { NULL };
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.empty_root = true,
			.root_files = { "report" },
			.proc = E2E_PROC_NONE,
			.environment = environment,
			.lost_capabilities = E2E_ALL_CAPABILITIES,
			.closed = 1,
		},
		"--", "/report", NULL);

	e2e_check_exit(init, 0);
	ck_assert_int_eq(e2e_number(init, "ppid"), 1);
	check_lines(init, "open ", (const char *const []){ "1", "2", NULL });
	e2e_check_silent(init);
}
END_TEST

Suite *starting_suite(void)
{
	Suite *suite = suite_create("starting");
	TCase *signals = e2e_tcase(suite, "signals and group");
	TCase *environment = e2e_tcase(suite, "environment");
	TCase *files = e2e_tcase(suite, "files");
	TCase *children = e2e_tcase(suite, "children");
	TCase *path = e2e_tcase(suite, "path");
	TCase *scripts = e2e_tcase(suite, "scripts");

	e2e_add_both(signals,
		     the_program_gets_exactly_foster_s_mask_and_dispositions);
	e2e_add_both(signals,
		     the_status_comes_through_with_chld_inherited_as_ignored);
	e2e_add_range(signals,
		      orphans_are_reaped_with_chld_inherited_ignored_or_blocked,
		      0, 5);
	e2e_add_both(signals,
		     with_every_signal_blocked_signals_are_handed_over);
	e2e_add_range(signals,
		      the_program_is_foster_s_child_and_leads_its_own_group, 0,
		      5);

	e2e_add_both(environment, the_environment_is_passed_on_as_it_is);
	e2e_add_both(environment, an_empty_environment_stays_empty);
	e2e_add_both(environment,
		     foster_options_count_and_are_taken_out_of_the_environment);
	e2e_add_range(environment,
		      foster_options_at_the_beginning_and_the_end_are_taken_out,
		      0, 3);
	e2e_add_both(environment, the_arguments_are_passed_on_as_they_are);
	e2e_add_both(environment,
		     listen_pid_and_watchdog_pid_are_set_to_the_program_s);
	e2e_add_both(environment,
		     listen_pid_and_watchdog_pid_of_other_processes_are_left);
	e2e_add_range(environment,
		      listen_pid_and_watchdog_pid_that_are_no_numbers_are_left,
		      0, 3);
	e2e_add_both(environment,
		     watchdog_pid_alone_is_set_and_listen_pidfdid_is_left);

	e2e_add_both(files,
		     the_program_keeps_its_folder_and_foster_goes_to_the_root);
	e2e_add_both(files, a_relative_path_begins_at_the_working_directory);
	e2e_add_both(files, foster_closes_every_file_from_3_up_and_keeps_0_1_2);
	e2e_add_range(files,
		      where_close_range_is_refused_foster_still_closes_files, 0,
		      3);
	e2e_add_both(files,
		     without_close_range_proc_shows_the_files_above_1023);
	e2e_add_both(files,
		     without_close_range_and_proc_foster_still_closes_files);
	e2e_add_both(files, under_the_proc_of_others_foster_still_closes_files);
	e2e_add_both(files, the_program_gets_all_open_files_and_no_other);
	/* Each of the eight sets of 0, 1, 2. */
	e2e_add_range(files,
		      what_is_closed_of_0_1_2_stays_closed_for_the_program, 0,
		      15);
	e2e_add_range(files, what_is_closed_of_0_1_2_stays_closed_for_foster, 0,
		      15);

	e2e_add_both(children,
		     a_child_from_before_the_exec_is_not_taken_for_the_program);
	e2e_add_both(children, a_child_that_died_before_the_exec_is_reaped);

	e2e_add_both(path, path_is_searched_in_its_order);
	e2e_add_both(path, a_long_element_of_path_is_passed_over);
	e2e_add_both(path, a_name_with_a_slash_is_not_searched_for);
	e2e_add(path, without_path_docker_s_default_list_is_searched);
	e2e_add(path, without_path_the_working_directory_is_not_searched);

	e2e_add_both(scripts,
		     a_text_file_without_interpreter_line_is_given_to_bin_sh);
	e2e_add_both(scripts,
		     a_text_file_named_like_an_option_is_given_to_bin_sh);
	e2e_add_both(scripts,
		     a_script_gets_the_shell_that_its_interpreter_line_names);
	e2e_add_both(scripts,
		     an_elf_file_for_another_machine_is_never_given_to_bin_sh);
	/* From the four bytes of its mark to a whole header. */
	e2e_add_range(scripts, an_elf_file_cut_short_is_never_given_to_bin_sh,
		      2 * 4, 2 * 64 + 1);
	e2e_add_both(scripts, binary_rubbish_is_never_given_to_bin_sh);
	e2e_add_both(scripts,
		     a_file_that_may_be_executed_but_not_read_is_no_script);
	e2e_add_both(scripts,
		     an_executable_program_that_may_not_be_read_is_run);
	e2e_add(scripts,
		it_is_the_only_file_of_an_empty_root_beside_its_program);
	return suite;
}
