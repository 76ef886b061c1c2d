/*
 * check_starting.c - starting the program: foster(1), DESCRIPTION. With a
 * terminal: check_terminal.c.
 *
 * What the program was given is told by the actor "report".
 */
#include "e2e.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

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

TEST_BOTH(the_program_gets_exactly_foster_s_mask_and_dispositions)
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

TEST_BOTH(the_status_comes_through_with_chld_inherited_as_ignored)
{
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = _i, .ignored = E2E_SIGNAL(SIGCHLD),
		},
		"--", e2e_actor("ends"), "42", NULL);

	e2e_check_exit(init, 42);
	e2e_check_silent(init);
}

TEST_TIMES(6, orphans_are_reaped_with_chld_inherited_ignored_or_blocked)
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

TEST_BOTH(with_every_signal_blocked_signals_are_forwarded)
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

/* Process group. */

TEST_TIMES(6, the_program_is_foster_s_child_and_leads_its_own_group)
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

/* Environment. */

/*
 * What the init is given and what the program gets; nothing: the same. "@" is
 * foster's number, known only in the new process, "%" is two more, for the
 * program's own is but one more, and "#" is the program's.
 */
static const struct environment {
	const char *name;
	const char *given[12], *expected[12];
} environments[] = {
	{ "the_environment_is_passed_on_as_it_is",
	  { "A=1", "PATH=/nowhere", "B=", "A=2", "no equals sign", "", "=C",
	    "LISTEN_FDS=3", "FOSTER_OPTION=x", "FOSTER_OPTIONSX=y",
	    "D=\xff\x01\x7f" }, { NULL } },
	{ "an_empty_environment_stays_empty", { NULL }, { NULL } },
	{ "foster_options_at_the_beginning_are_taken_out",
	  { "FOSTER_OPTIONS=-g", "A=1", "B=2" }, { "A=1", "B=2" } },
	{ "foster_options_at_the_end_are_taken_out",
	  { "A=1", "B=2", "FOSTER_OPTIONS=" }, { "A=1", "B=2" } },
	/* The pidfd's number was of a process that it no longer is for. */
	{ "listen_pid_and_watchdog_pid_are_set_to_the_program_s",
	  { "LISTEN_FDS=1", "LISTEN_PID=@", "LISTEN_PIDFDID=17",
	    "WATCHDOG_PID=@", "WATCHDOG_USEC=1" },
	  { "LISTEN_FDS=1", "LISTEN_PID=#", "WATCHDOG_PID=#",
	    "WATCHDOG_USEC=1" } },
	{ "watchdog_pid_alone_is_set_and_listen_pidfdid_is_left",
	  { "LISTEN_PIDFDID=17", "WATCHDOG_PID=@" },
	  { "LISTEN_PIDFDID=17", "WATCHDOG_PID=#" } },
	{ "listen_pid_and_watchdog_pid_of_other_processes_are_left",
	  { "LISTEN_PID=%", "LISTEN_PIDFDID=17", "WATCHDOG_PID=@0" },
	  { NULL } },
	/* A number too large for a process, or none; another name. */
	{ "listen_pid_and_watchdog_pid_that_are_no_numbers_are_left",
	  { "LISTEN_PID=4294967297", "LISTEN_PIDFDID=17", "WATCHDOG_PID=",
	    "XLISTEN_PID=1", "LISTEN_PIDX=1" }, { NULL } },
	{ "an_empty_listen_pid_and_a_watchdog_pid_with_a_letter_are_left",
	  { "LISTEN_PID=", "LISTEN_PIDFDID=17", "WATCHDOG_PID=1x",
	    "watchdog_pid=1" }, { NULL } },
};

/* Each text with the numbers in the place of the signs. */
static void fill_in(const char **texts, long long own, long long program)
{
	char text[64];
	size_t at;

	for (; *texts != NULL; texts++) {
		at = strcspn(*texts, "@%#");
		if ((*texts)[at] == '\0')
			continue;
		snprintf(text, sizeof(text), "%.*s%lld%s", (int)at, *texts,
			 (*texts)[at] == '@' ? own :
			 (*texts)[at] == '%' ? own + 2 : program,
			 *texts + at + 1);
		*texts = strdup(text);
	}
}

static void fill_in_own(void *argument)
{
	fill_in(argument, getpid(), 0);
}

static void check_environment(const struct environment *row, int i)
{
	struct environment copy = *row;
	struct e2e *init = e2e_start_from(
		row->name, &(struct e2e_setup){
			.mode = (enum e2e_mode)i, .environment = copy.given,
			.before_exec = fill_in_own, .argument = copy.given,
		},
		"--", e2e_actor("report"), NULL);
	const char **expected = *copy.expected != NULL ? copy.expected :
		copy.given;

	e2e_check_exit(init, 0);
	fill_in(expected, e2e_number(init, "ppid"), e2e_number(init, "pid"));
	e2e_check_lines(init, "variable ", expected);
	e2e_check_silent(init);
}

TEST_ROWS(environments, check_environment, in_both_modes);

TEST_BOTH(foster_options_count_and_are_taken_out_of_the_environment)
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
	e2e_check_lines(init, "variable ", expected);
	e2e_check_silent(init);
	e2e_check_exit(e2e_start(&setup, e2e_actor("ends"), "3", NULL), 0);
	e2e_check_exit(e2e_start(&setup, e2e_actor("ends"), "4", NULL), 0);
	e2e_check_exit(e2e_start(&setup, e2e_actor("ends"), "5", NULL), 5);
	/* An init inside does not obey them again. */
	e2e_check_exit(e2e_start(&setup, "-e5", e2e_binary(), "-e6",
				 e2e_actor("ends"), "3", NULL), 0);
}

TEST_BOTH(the_arguments_are_passed_on_as_they_are)
{
	struct e2e *init = e2e_start_in(_i, "--", e2e_actor("report"), "a", "",
					"-g", "--", "-e", "b c", NULL);
	const char *const expected[] = {
		e2e_actor("report"), "a", "", "-g", "--", "-e", "b c", NULL
	};

	e2e_check_exit(init, 0);
	e2e_check_lines(init, "argument ", expected);
	e2e_check_silent(init);
}

/* Folder and files. */

TEST_BOTH(the_program_keeps_its_folder_and_foster_goes_to_the_root)
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

TEST_BOTH(a_relative_path_begins_at_the_working_directory)
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

TEST_BOTH(foster_closes_every_file_from_3_up_and_keeps_0_1_2)
{
	start_with_files(__func__, (struct e2e_setup){ .mode = _i });
}

TEST_TIMES(4, where_close_range_is_refused_foster_still_closes_files)
{
	static const int errors[] = { ENOSYS, EPERM };

	start_with_files(__func__, (struct e2e_setup){
		.mode = mode_of(_i),
		.refuse = { { .call = SYS_close_range,
			      .error = errors[_i / 2] } },
	});
}

TEST_BOTH(without_close_range_proc_shows_the_files_above_1023)
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

TEST_BOTH(without_close_range_and_proc_foster_still_closes_files)
{
	start_with_files(__func__, (struct e2e_setup){
		.mode = _i,
		.proc = E2E_PROC_NONE,
		.refuse = { { .call = SYS_close_range, .error = ENOSYS } },
	});
}

TEST_BOTH(under_the_proc_of_others_foster_still_closes_files)
{
	/* /proc/self leads nowhere there. */
	start_with_files(__func__, (struct e2e_setup){
		.mode = _i,
		.proc = E2E_PROC_OUTER,
		.refuse = { { .call = SYS_close_range, .error = ENOSYS } },
	});
}

TEST_BOTH(the_program_gets_all_open_files_and_no_other)
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
	e2e_check_lines(init, "open ", (const char *const []){
		"0", "1", "2", "3", "4", "9", "100", "500", "1000", NULL });
	e2e_check_silent(init);
}

TEST_TIMES(16, what_is_closed_of_0_1_2_stays_closed_for_the_program)
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

TEST_TIMES(16, what_is_closed_of_0_1_2_stays_closed_for_foster)
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

/* Children from before. */

/*
 * DEAD_CLONE: its parent is told nothing of its death (clone(2), __WCLONE); an
 * execve(2) would end that.
 */
enum elder { ELDER_LIVES, ELDER_IS_DEAD, ELDER_IS_DEAD_CLONE };

struct elders {
	enum elder kind;
	volatile int *pid;	/* shared with the test */
};

/* Runs in what becomes the init: its child is there before the init is. */
static void start_elder(void *argument)
{
	struct elders *elders = argument;
	int told_by = elders->kind == ELDER_IS_DEAD_CLONE ? 0 : SIGCHLD;
	pid_t pid = (pid_t)syscall(SYS_clone, told_by, NULL, NULL, NULL, 0L);
	siginfo_t info;

	if (pid == 0) {
		if (elders->kind == ELDER_LIVES)
			execl(e2e_actor("ends"), "ends", "-f", "9", "99", NULL);
		else if (elders->kind == ELDER_IS_DEAD)
			execl(e2e_actor("ends"), "ends", "99", NULL);
		_exit(98);
	}
	if (elders->kind != ELDER_LIVES)
		waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT | __WALL);
	*elders->pid = (int)pid;
}

static volatile int *shared_number(void)
{
	void *page = mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	ck_assert_ptr_ne(page, MAP_FAILED);
	return page;
}

TEST_BOTH(a_child_from_before_the_exec_is_not_taken_for_the_program)
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

/* With /proc and without: a subreaper then asks by waitid(2). */
TEST_TIMES(4 * E2E_MODES, a_child_that_died_before_the_exec_is_reaped)
{
	struct elders elders = {
		_i / 2 % 2 == 0 ? ELDER_IS_DEAD : ELDER_IS_DEAD_CLONE,
		shared_number()
	};
	struct e2e *init;
	int ends[2];

	e2e_pipe(ends);
	init = e2e_start(
		&(struct e2e_setup){
			.mode = mode_of(_i),
			.proc = _i < 4 ? E2E_PROC_OWN : E2E_PROC_NONE,
			.stdio = { ends[0] },
			.before_exec = start_elder,
			.argument = &elders,
		},
		"--", e2e_actor("ends"), "-f", "0", "5", NULL);
	close(ends[0]);
	e2e_line(init, "ready");

	/* The program alone is left. */
	e2e_until(init, e2e_children(init->pid) == 1);
	e2e_check(init, e2e_is_init(init));
	close(ends[1]);
	e2e_check_exit(init, 5);
	e2e_check_silent(init);
}
