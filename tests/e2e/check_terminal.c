/*
 * check_terminal.c - foster at a terminal where no shell stands above it: as
 * process 1 and as the leader of a session, as engines, script(1), ssh -t and
 * tmux have it: foster(1), TERMINALS. Under shells: check_jobs.c.
 *
 * Most of these tests can also be run, and seen to fail, with another init:
 * FOSTER=/usr/bin/tini, dumb-init or catatonit.
 */
#define _GNU_SOURCE
#include "pty.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum {
	ROUNDS = 5,
	STARTS = 200,
	/* Within this time of the start, foster has started the program. */
	START_US = 2000,
	READER_STATUS = 7,
	SIGNALLED = 128,
	OWN_GRACE_MS = 8000,
};

/* "-t" with a grace of which three quarters are longer than a test waits. */
static const char patient[] = "-t10m";

/* ---- helpers ---- */

/* An init over a tty_reader with these options, or with none. */
static struct pty *start_reader(int mode, const char *option)
{
	struct pty *pty = pty_open((enum e2e_mode)mode);

	pty_start(pty, "--", e2e_actor("tty_reader"), option, NULL);
	return pty;
}

/* The same, when it has said that it is in the foreground. */
static struct pty *start_in_foreground(int mode, const char *option)
{
	struct pty *pty = start_reader(mode, option);
	pid_t inner = (pid_t)pty_number(pty, "ready ");
	char text[64];

	snprintf(text, sizeof(text), "ready %d foreground yes\n", (int)inner);
	pty_check(pty, pty_count(pty, text) == 1);
	pty->program = e2e_pid(pty->init, inner);
	return pty;
}

/* ---- the foreground group ---- */

TEST_BOTH(the_program_s_group_is_in_the_foreground_before_it_runs)
{
	struct pty *pty = start_in_foreground(_i, NULL);

	pty_check(pty, pty_group(pty->program) == pty->program);
	pty_play(pty, "foreground", "kill 15", "exit 7");
}

TEST_TIMES(3, without_dev_tty_the_terminal_is_found_among_the_standard_files)
{
	struct pty *pty = pty_open(E2E_PROCESS_1);

	/* One of them; /dev/null and pipes are the others. */
	pty->stdio = 1U << _i;
	pty->setup.empty_root = true;
	pty->setup.root_files[0] = "signals";
	pty_start(pty, "--", "/signals", "15", NULL);
	if (_i == 1)
		pty_see(pty, "ready");
	else
		e2e_line(pty->init, "ready");

	pty_check(pty, pty_foreground(pty) != pty->init->pid);
	pty_check(pty, kill(-pty_foreground(pty), SIGTERM) == 0);
	pty_check_exit(pty, 0);
}

TEST_BOTH(a_broken_dev_tty_is_no_error)
{
	struct pty *pty;

	e2e_need_static();
	pty = pty_open(_i);
	/* As in gVisor. */
	pty->setup.refuse[0].call = SYS_openat;
	pty->setup.refuse[0].error = EIO;
	pty_start(pty, "--", e2e_actor("signals"), "15", NULL);
	pty_see(pty, "ready");

	pty_check(pty, pty_foreground(pty) != pty->init->pid);
	pty_check(pty, kill(-pty_foreground(pty), SIGTERM) == 0);
	pty_check_exit(pty, 0);
	pty_play(pty, "quiet");
}

/* As a virtual machine's console is: process 1 makes it its own session's. */
static struct pty *open_console(enum e2e_mode mode)
{
	struct pty *pty = pty_open(mode);

	pty->is_owned = false;
	return pty;
}

TEST(a_terminal_that_nobody_controls_becomes_that_of_process_1)
{
	struct pty *pty = open_console(E2E_PROCESS_1);

	pty_start(pty, "--", e2e_actor("tty_reader"), "-l", NULL);
	pty_see(pty, "foreground yes");
	pty_type(pty, PTY_CTRL_C);
	pty_see(pty, "got 2\n");
	pty_resize(pty, 33, 100);
	pty_see(pty, "got 28\n");
	pty_type(pty, "hello\n");
	pty_see(pty, "line hello");
	/* Nobody could type fg. */
	pty_type(pty, PTY_CTRL_Z);
	pty_type(pty, "again\n");
	pty_see(pty, "line again");
	e2e_kill(pty->init, SIGUSR1);
	pty_see(pty, "got 10\n");
	e2e_kill(pty->init, SIGTERM);
	pty_check_exit(pty, READER_STATUS);
	pty_play(pty, "quiet");
}

TEST(what_is_typed_there_needs_no_word)
{
	struct pty *pty = open_console(E2E_PROCESS_1);

	pty_start(pty, "--", e2e_actor("tty_reader"), "-p", NULL);
	pty_see(pty, "foreground yes");
	pty_type(pty, PTY_CTRL_C);
	pty_check_exit(pty, SIGNALLED + SIGINT);
	pty_play(pty, "quiet");
}

TEST(a_shell_has_job_control_there)
{
	struct pty *pty = open_console(E2E_PROCESS_1);

	pty_start(pty, "--", "/bin/bash", "--norc", "--noprofile", "-i", NULL);
	pty_type(pty, "case $- in *m*) echo has''jobs; esac\n");
	pty_see(pty, "hasjobs");
	pty_check(pty, pty_count(pty, "no job control") == 0);
	pty_type(pty, "exit 3\n");
	pty_check_exit(pty, 3);
}

/* The session lives on, and nothing is hung up (disassociate_ctty). */
TEST(what_a_program_leaves_there_ends_in_order)
{
	struct pty *pty = open_console(E2E_PROCESS_1);

	pty_start(pty, "-t", "60m", "--", e2e_actor("family"), "7",
		  "program+told(worker,daemon+session+daemon)", NULL);
	pty_see(pty, "ready");
	e2e_kill(pty->init, SIGTERM);
	pty_until(pty, pty_count(pty, "worker got 15 ") == 1 &&
			       pty_count(pty, "daemon got 15 ") == 1);
	/* Foster's group has the terminal now. */
	pty_type(pty, PTY_CTRL_C);
	pty_type(pty, PTY_CTRL_C);
	pty_check_exit(pty, 7);
	pty_check(pty, pty_count(pty, "worker got 1 ") == 0);
	pty_check(pty, pty_count(pty, "daemon got 1 ") == 0);
}

/* Only process 1 does that: others have somebody who gave them no terminal. */
TEST(a_subreaper_takes_no_terminal_that_nobody_controls)
{
	struct pty *pty = open_console(E2E_SUBREAPER);

	pty_start(pty, "--", e2e_actor("tty_reader"), NULL);
	pty_see(pty, "foreground none");
	e2e_kill(pty->init, SIGTERM);
	pty_check_exit(pty, READER_STATUS);
}

/* ---- one that nobody reads, as standard error ---- */

/* Cooked or not: 2,000 orphans, and a program whose death has to be explained. */
TEST_TIMES(2 * E2E_MODES, a_terminal_that_nobody_reads_holds_nothing_up)
{
	struct pty *other = pty_open(0);
	struct e2e_setup setup = { .mode = _i % E2E_MODES };
	struct termios modes;
	struct e2e *init;

	ck_assert_int_eq(tcgetattr(other->slave, &modes), 0);
	if (_i / E2E_MODES == 1)
		modes.c_oflag |= OPOST | ONLCR;
	ck_assert_int_eq(tcsetattr(other->slave, TCSANOW, &modes), 0);
	setup.stdio[2] = other->slave;
	init = e2e_start(&setup, "-w", "--", e2e_actor("family"), "7",
			 "program+told+storms2000", NULL);
	e2e_line(init, "ready");
	e2e_kill(init, SIGTERM);
	e2e_check_exit(init, 7);
	/* What found space is there. */
	pty_check(other, pty_count(other, "foster: reaped process ") > 0);
}

/* ---- typed signals ---- */

TEST_BOTH(ctrl_c_and_ctrl_backslash_reach_each_of_the_group_once)
{
	struct pty *pty = pty_open(_i);
	size_t i;

	pty_start(pty, "--", e2e_actor("signals"), "-m",
		  "15", NULL);
	pty_see(pty, "ready");

	for (i = 1; i <= ROUNDS; i++) {
		pty_type(pty, PTY_CTRL_C);
		pty_until(pty, pty_count(pty, "got 2 ") >= 2 * i);
		pty_type(pty, PTY_CTRL_BACKSLASH);
		pty_until(pty, pty_count(pty, "got 3 ") >= 2 * i);
	}
	pty_play(pty, "settle");
	pty_check(pty, pty_count(pty, "member got 2 ") == ROUNDS);
	pty_check(pty, pty_count(pty, "member got 3 ") == ROUNDS);
	pty_check(pty, pty_count(pty, "got 2 ") == 2 * ROUNDS);
	pty_check(pty, pty_count(pty, "got 3 ") == 2 * ROUNDS);
	kill(-pty_foreground(pty), SIGTERM);
	pty_check_exit(pty, 0);
}

/* The terminal stays with foster, which forwards to the group as -r says. */
TEST_TIMES(E2E_MODES + 1, what_r_is_about_reaches_the_group_as_rewritten)
{
	struct pty *pty = _i < E2E_MODES ? pty_open(_i) :
					   open_console(E2E_PROCESS_1);

	pty_start(pty, "-r", "INT:0", "-r", "QUIT:USR1", "-r", "WINCH:USR2",
		  "--", e2e_actor("signals"), "-m", "15", NULL);
	pty_see(pty, "ready");
	pty_check(pty, pty_foreground(pty) == pty->init->pid);
	pty_type(pty, PTY_CTRL_C);
	pty_type(pty, PTY_CTRL_BACKSLASH);
	pty_until(pty, pty_count(pty, "got 10 ") >= 2);
	pty_resize(pty, 33, 100);
	pty_until(pty, pty_count(pty, "got 12 ") >= 2);
	pty_play(pty, "settle");
	pty_check(pty, pty_count(pty, "got 10 ") == 2);
	pty_check(pty, pty_count(pty, "got 12 ") == 2);
	pty_check(pty, pty_count(pty, "got 2 ") == 0);
	pty_check(pty, pty_count(pty, "got 3 ") == 0);
	pty_check(pty, pty_count(pty, "got 28 ") == 0);
	pty_play(pty, "quiet");
}

/* Each of the four alone, whatever it is made; no other signal does that. */
TEST_TIMES(5, the_terminal_stays_with_foster_where_r_is_about_what_it_sends)
{
	static const char *const rules[] = {
		"INT:TERM", "QUIT:0", "TSTP:STOP", "WINCH:0", "HUP:INT",
	};
	struct pty *pty = pty_open(E2E_PROCESS_1);

	pty_start(pty, "-r", rules[_i], "--", e2e_actor("tty_reader"), NULL);
	pty_see(pty, _i < 4 ? "foreground no" : "foreground yes");
	e2e_kill(pty->init, SIGTERM);
	pty_check_exit(pty, READER_STATUS);
}

TEST_BOTH(a_program_that_reads_gets_the_terminal_whatever_r_says)
{
	struct pty *pty = pty_open(_i);

	pty_start(pty, "-r", "INT:0", "--", e2e_actor("tty_reader"), "-l",
		  NULL);
	pty_see(pty, "foreground no");
	/* It reads when there is something: only then it needs the terminal. */
	pty_type(pty, "hello\n");
	pty_see(pty, "line hello");
	pty_see(pty, "continued foreground yes");
	pty_type(pty, "endnow\n");
	pty_check_exit(pty, READER_STATUS);
}

TEST_BOTH(another_window_size_reaches_the_program_once)
{
	struct pty *pty = start_reader(_i, NULL);
	unsigned short i;

	pty_see(pty, "ready");
	for (i = 1; i <= ROUNDS; i++) {
		pty_resize(pty, (unsigned short)(30 + i), 100);
		pty_until(pty, pty_count(pty, "got 28\n") >= i);
	}
	pty_play(pty, "settle", "count 5 got 28\n", "send 15", "exit 7");
}

/* ---- Ctrl-Z where nobody could continue the program ---- */

TEST_BOTH(ctrl_z_freezes_nothing_and_ctrl_c_then_ends_the_program)
{
	struct pty *pty = start_in_foreground(_i, "-pl");
	size_t i;

	for (i = 0; i < ROUNDS; i++)
		pty_play(pty, "^Z", "resumed", "$ hello", "see line hello");
	pty_play(pty, "^C", "exit 130", "quiet");
}

/* It restores the modes, stops itself by TSTP, and sets them again. */
TEST_BOTH(ctrl_z_in_an_editor_freezes_nothing)
{
	pty_play(start_in_foreground(_i, "-k"), "type a", "see key 97", "^Z",
		 "resumed", "type b", "see key 98", "type q", "exit 7",
		 "count 0 modes lost");
}

TEST(ctrl_z_freezes_nothing_under_script)
{
	struct pty *pty = pty_open(E2E_SUBREAPER);
	char command[512];

	if (access("/usr/bin/script", X_OK) != 0)
		e2e_skip("script(1)");
	snprintf(command, sizeof(command), "exec %s -- %s -p", e2e_binary(),
		 e2e_actor("tty_reader"));
	pty->setup.binary = "/usr/bin/script";
	pty_start(pty, "-qec", command, "/dev/null", NULL);
	pty_play(pty, "see ready", "^Z", "resumed", "^C", "exit 130");
}

TEST_BOTH(ctrl_z_at_any_moment_of_the_start_freezes_nothing)
{
	/* The moments differ from run to run; the seed tells a failure's. */
	unsigned int seed = (unsigned int)getpid() ^
		(unsigned int)e2e_now_ms();
	struct timespec moment = { 0 };
	int i;

	for (i = 0; i < STARTS; i++) {
		struct pty *pty = pty_open(_i);
		struct e2e *init = e2e_prepare(pty_setup(pty), "--",
					       e2e_actor("tty_reader"), "-p",
					       NULL);

		pty_take(pty, init);
		moment.tv_nsec = rand_r(&seed) % START_US * 1000L;
		e2e_go(init);
		nanosleep(&moment, NULL);
		pty_play(pty, "^Z", "see ready", "^C", "exit 130");
		pty_close(pty);
	}
}

/* ---- signals by hand ---- */

/* It does not stop, so foster does not. */
TEST_BOTH(tstp_ttin_and_ttou_sent_to_foster_go_to_the_program)
{
	struct pty *pty = pty_open(_i);

	pty_start(pty, "--", e2e_actor("signals"), "15", NULL);
	pty_play(pty, "see ready", "send 20", "see got 20 ", "send 21",
		 "see got 21 ", "send 22", "see got 22 ", "settle",
		 "count 4 got");
	pty_check(pty, e2e_state(pty->init->pid) != 'T');
	pty_play(pty, "send 15", "exit 0");
}

TEST_BOTH(tstp_sent_to_foster_freezes_nothing)
{
	pty_play(start_in_foreground(_i, "-pl"), "send 20", "resumed",
		 "$ endnow", "exit 7");
}

/* The program has the terminal: it is not what it lacks. */
TEST_TIMES(2 * E2E_MODES, after_ttin_or_ttou_sent_to_foster_cont_does_it)
{
	pty_play(start_in_foreground(_i / 2, NULL),
		 _i % 2 == 0 ? "send 21" : "send 22", "waiting", "send 18",
		 "resumed", "send 15", "exit 7");
}

TEST_BOTH(a_program_stopped_by_sigstop_is_left_alone)
{
	struct pty *pty = start_in_foreground(_i, NULL);

	pty_play(pty, "kill 19", "waiting");
	e2e_wait_state(pty->init, pty->init->pid, "S");
	pty_play(pty, "foreground", "kill 18", "resumed", "send 15", "exit 7",
		 "count 1 continued");
}

TEST_BOTH(a_program_that_wants_the_terminal_gets_it_from_foster)
{
	struct pty *pty = start_in_foreground(_i, "-lg");

	/* Foster's own group has it, as after the fg of a shell. */
	pty_play(pty, "send 10", "see got 10");
	pty_check(pty, pty_foreground(pty) == pty->init->pid);

	/* It reads, and is stopped by TTIN. */
	pty_play(pty, "$ hello", "see line hello", "resumed", "$ endnow",
		 "exit 7");
}

/* It sets the modes, and is stopped by TTOU. */
TEST_BOTH(a_program_that_sets_the_terminal_s_modes_gets_it_from_foster)
{
	pty_play(start_in_foreground(_i, "-kg"), "send 10", "see got 10",
		 "kill 18", "see continued foreground no", "resumed", "type q",
		 "exit 7");
}

TEST_BOTH(the_terminal_is_taken_from_no_other_group)
{
	struct pty *pty = start_reader(_i, "-lc");
	pid_t child = e2e_pid(pty->init, (pid_t)pty_number(pty, "child "));

	pty->program = e2e_pid(pty->init, (pid_t)pty_number(pty, "ready "));
	pty_play(pty, "send 10", "see got 10");
	pty_check(pty, pty_foreground(pty) == child);

	/* As any job in the background it is stopped, and no loop begins. */
	pty_play(pty, "$ hello", "waiting");
	pty_check(pty, pty_foreground(pty) == child);

	/* A group that is gone is nobody to take it from. */
	kill(child, SIGKILL);
	e2e_wait_gone(pty->init, child);
	pty_play(pty, "send 18", "see line hello", "$ endnow", "exit 7");
}

/* ---- hang-up ---- */

TEST_BOTH(a_hang_up_reaches_the_program_once)
{
	struct pty *pty = pty_open(_i);
	struct e2e *init;

	pty->stdio = 1;
	init = pty_start(pty, "--", e2e_actor("tty_reader"), NULL);
	e2e_line(init, "ready");

	pty_hang_up(pty);
	e2e_line(init, "got 1");
	e2e_kill(init, SIGIO);
	e2e_line(init, "got 29");
	e2e_check(init, e2e_count(init, "got 1") == 1);
	e2e_kill(init, SIGTERM);
	e2e_check_exit(init, READER_STATUS);
	e2e_check_silent(init);
}

TEST_BOTH(after_a_hang_up_leftovers_are_told_and_foster_ends)
{
	struct pty *pty = pty_open(_i);
	const char *script = e2e_write_text(
		e2e_folder(), "script", 0755,
		"#!/bin/sh\n\"$1\" 15 &\nexec \"$2\"\n");
	struct e2e *init;

	pty->stdio = 1;
	init = pty_start(pty, "--", script, e2e_actor("signals"),
			 e2e_actor("waits"), NULL);
	e2e_line_nth(init, "ready", 2);

	pty_hang_up(pty);
	e2e_line(init, "got 15 ");
	e2e_check_exit(init, SIGNALLED + SIGHUP);
	e2e_wait_end_of_output(init);
	e2e_check_silent(init);
}

/* ---- the end ---- */

TEST_BOTH(during_the_ending_ctrl_c_reaches_foster_and_ends_it)
{
	struct pty *pty = pty_open(_i);
	const char *script = e2e_write_text(
		e2e_folder(), "script", 0755,
		"#!/bin/sh\n\"$1\" 64 &\nexec \"$2\" -l\n");
	long long told_ms;

	pty_start(pty, patient, "-vv", "--", script, e2e_actor("signals"),
		  e2e_actor("tty_reader"), NULL);
	pty_until(pty, pty_count(pty, "ready") == 2);
	pty_play(pty, "$ endnow", "see got 15 ");
	pty_check(pty, pty_foreground(pty) == pty->init->pid);

	/* The leftover was told and gets no more; the second ends all. */
	pty_play(pty, "^C", "see SIGINT from process ");
	pty_check(pty, !e2e_is_over(pty->init));
	told_ms = e2e_now_ms();
	pty_play(pty, "^C", "exit 7");
	pty_check(pty, e2e_now_ms() - told_ms < OWN_GRACE_MS);
	pty_play(pty, "count 0 got 2 ", "count 2 SIGINT from process ");
}

/* A script with foster in it, run by a shell that leads the session. */
static struct pty *start_script(int mode, const char *format,
				const char *command)
{
	struct pty *pty = pty_open((enum e2e_mode)mode);
	char script[1024];

	snprintf(script, sizeof(script), format, e2e_binary(), command);
	pty->setup.binary = "/bin/sh";
	pty_start(pty, "-c", script, NULL);
	return pty;
}

/* What a script runs under foster, and what it ends with. */
static const struct {
	const char *command;
	const char *status;
} ends[] = {
	{ "sh -c 'echo it ran'", "0" },
	{ "sh -c 'exit 3'", "3" },
	{ "sh -c 'kill -9 $$'", "137" },
	{ "/nonexistent/program", "127" },
	/* Who is left in the program's group does not keep the terminal. */
	{ "sh -c 'sleep 1000 & exit 4'", "4" },
	{ "sh -c 'read y; exit 5'", "5" },
};

enum { ENDS = COUNT(ends) };

TEST_TIMES(ENDS * E2E_MODES, a_script_can_read_the_terminal_after_foster)
{
	const char *command = ends[_i / E2E_MODES].command;
	bool reads = strstr(command, "read") != NULL;
	struct pty *pty = start_script(
		_i % E2E_MODES, "echo begin; %s -- %s; s=$?; echo ended; "
		"read x; echo \"read $x after $s.\"; exit 0", command);
	char want[64];

	pty_play(pty, "see begin", "$ first", "see ended");
	pty_check(pty, (strstr(command, "echo") != NULL) ==
		  (pty_count(pty, "it ran") == 1));
	if (reads)
		pty_play(pty, "$ second");
	snprintf(want, sizeof(want), "see read %s after %s.\n",
		 reads ? "second" : "first", ends[_i / E2E_MODES].status);
	pty_play(pty, want, "exit 0");
}

/*
 * Another group had the terminal when the program ended, and then died of
 * foster's TERM: as a job does whose interactive shell was killed.
 */
TEST_BOTH(a_script_can_read_the_terminal_that_a_leftover_had)
{
	struct pty *pty = start_script(_i, "%s -- %s -c; s=$?; echo ended; "
				       "read x; echo \"read $x after $s.\"",
				       e2e_actor("tty_reader"));
	pid_t child = e2e_pid(pty->init, (pid_t)pty_number(pty, "child "));

	pty->program = e2e_pid(pty->init, (pid_t)pty_number(pty, "ready "));
	pty_play(pty, "kill 10", "see got 10");
	pty_check(pty, pty_foreground(pty) == child);
	pty_play(pty, "kill 9", "see ended", "$ words",
		 "see read words after 137.\n", "exit 0");
}

/* The same group, but INT and QUIT are ignored in there. */
TEST_BOTH(in_the_background_of_a_script_it_takes_nothing_from_the_script)
{
	pty_play(start_script(_i, "%s -- %s & read x; echo \"read $x.\"; "
			      "kill $!; wait $!; exit $?",
			      e2e_actor("tty_reader")),
		 "see foreground no\n", "$ words", "see read words.",
		 "exit 7");
}

TEST_BOTH(a_program_in_a_pipeline_reads_what_is_typed)
{
	pty_play(start_script(_i, "echo piped | %s -- sh -c 'read x; "
			      "read y </dev/tty; %s </dev/tty >/dev/null; "
			      "echo \"read $x and $y\"'; read z; "
			      "echo \"then $z\"", "stty -a"),
		 "$ typed", "see read piped and typed\n", "$ more",
		 "see then more\n", "exit 0");
}

/* Two fosters, two programs, one terminal: whoever came first has it. */
TEST_BOTH(the_second_foster_of_a_pipeline_takes_no_terminal_from_the_first)
{
	struct pty *pty = start_script(_i, "%1$s -- %2$s | { read x; "
				       "echo \"$x\"; exec %1$s -- %2$s; }",
				       e2e_actor("tty_reader"));
	pid_t first = e2e_pid(pty->init, (pid_t)pty_number(pty, "ready "));

	pty->program = e2e_pid(pty->init, (pid_t)pty_number(pty, "ready "));
	pty_play(pty, "count 1 foreground yes\n", "count 1 foreground no\n");
	pty_check(pty, pty_foreground(pty) == first);

	/* When the first has ended the second may ask for it. */
	kill(first, SIGTERM);
	e2e_wait_gone(pty->init, first);
	pty_until(pty, pty_foreground(pty) == pty->init->pid);
	pty_play(pty, "kill 15", "exit 7");
}

TEST_BOTH(foster_inside_foster_behaves_at_a_terminal)
{
	struct pty *pty = pty_open(_i);
	size_t i;

	pty_start(pty, "--", e2e_binary(), "--", e2e_binary(), "--",
		  e2e_actor("tty_reader"), "-l", NULL);
	pty_play(pty, "see foreground yes\n");
	for (i = 1; i <= ROUNDS; i++)
		pty_play(pty, "^C", "see got 2\n", "^Z", "resumed");
	pty_play(pty, "settle", "count 5 got 2\n", "$ endnow", "exit 7",
		 "quiet");
}

/* ---- strange standard files ---- */

enum strange {
	STRANGE_CLOSED,
	STRANGE_ALL_CLOSED,
	STRANGE_NULL,
	STRANGE_PIPE,
	STRANGE_FOLDER,
	STRANGE_PATH,		/* opened with O_PATH: not even ioctl works */
	STRANGE_TERMINAL,	/* one that is not the controlling one */
	STRANGE_HUNG_UP,	/* the same, hung up */
	STRANGE_KINDS,
};

/* With a controlling terminal, and without one. */
TEST_TIMES(STRANGE_KINDS * 2 * E2E_MODES, a_strange_standard_input_is_no_error)
{
	enum strange kind = (enum strange)(_i / 2 / E2E_MODES);
	bool has_terminal = _i / 2 % 2 == 0;
	struct pty *pty = pty_open(_i % E2E_MODES), *other = pty_open(0);
	struct e2e_setup *setup = &pty->setup;
	/* Process 1 gives the program one that nobody controls. */
	bool is_console = kind == STRANGE_TERMINAL &&
			  _i % E2E_MODES == E2E_PROCESS_1;
	struct e2e *init;
	int pipe_ends[2];

	pty->stdio = 0;
	pty->is_owned = has_terminal;
	e2e_pipe(pipe_ends);
	if (kind == STRANGE_CLOSED)
		setup->closed = 1;
	else if (kind == STRANGE_ALL_CLOSED)
		setup->closed = 7;
	else if (kind == STRANGE_PIPE)
		setup->stdio[0] = pipe_ends[0];
	else if (kind == STRANGE_FOLDER)
		setup->stdio[0] = open("/", O_RDONLY | O_CLOEXEC);
	else if (kind == STRANGE_PATH)
		setup->stdio[0] = open("/", O_PATH | O_CLOEXEC);
	else if (kind != STRANGE_NULL)
		setup->stdio[0] = other->slave;
	if (kind == STRANGE_HUNG_UP)
		pty_hang_up(other);

	if (kind == STRANGE_ALL_CLOSED) {
		init = pty_start(pty, "--", e2e_actor("ends"), "7",
				 NULL);
	} else {
		init = pty_start(pty, "--", e2e_actor("tty_reader"), NULL);
		e2e_check(init, strstr(e2e_line(init, "ready "),
				       has_terminal || is_console ?
				       "foreground yes" :
				       "foreground none") != NULL);
		e2e_wait_idle(init);
		/* What was closed stays closed: it keeps no terminal open. */
		e2e_check(init, (e2e_open_files(init, init->pid) & 1) ==
			  (kind != STRANGE_CLOSED));
		e2e_kill(init, SIGTERM);
	}

	e2e_check_exit(init, READER_STATUS);
	e2e_check_silent(init);
	pty_check(pty, !pty_shows(pty, "foster: "));
}

TEST_BOTH(with_closed_files_a_stopped_program_still_goes_on)
{
	struct pty *pty = pty_open(_i);
	struct e2e *init;
	size_t i;

	pty->stdio = 0;
	pty->setup.closed = 1;
	init = pty_start(pty, "--", e2e_actor("tty_reader"), "-pl", NULL);
	e2e_line(init, "ready ");
	for (i = 1; i <= ROUNDS; i++) {
		pty_type(pty, PTY_CTRL_Z);
		e2e_line_nth(init, "continued foreground yes", i);
	}
	e2e_wait_idle(init);
	e2e_check(init, (e2e_open_files(init, init->pid) & 1) == 0);
	pty_type(pty, PTY_CTRL_C);
	e2e_check_exit(init, SIGNALLED + SIGINT);
	e2e_check_silent(init);
}

/* ---- what it costs ---- */

/* The calls of a run, traced. */
struct calls {
	size_t all;
	size_t ioctls;
	size_t terminal_opens;
};

static void look_at_call(struct e2e *init, struct calls *calls)
{
	struct __ptrace_syscall_info info;
	char path[16] = "";
	int fd;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, init->pid, sizeof(info), &info) <= 0
	    || info.op != PTRACE_SYSCALL_INFO_ENTRY)
		return;
	calls->all++;
	if (info.entry.nr == SYS_ioctl)
		calls->ioctls++;
	if (info.entry.nr != SYS_openat)
		return;
	snprintf(path, sizeof(path), "/proc/%d/mem", (int)init->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	memset(path, 0, sizeof(path));
	if (fd >= 0 && pread(fd, path, strlen("/dev/tty") + 1,
			     (off_t)info.entry.args[1]) > 0 &&
	    strcmp(path, "/dev/tty") == 0)
		calls->terminal_opens++;
	close(fd);
}

TEST_BOTH(without_a_terminal_one_call_more_is_all_it_costs)
{
	struct e2e *init = e2e_prepare(
		&(struct e2e_setup){ .mode = _i,
				     .session = E2E_SESSION_LEADER },
		"--", e2e_actor("ends"), "7", NULL);
	struct calls calls = { 0 };
	int status, signal;

	ck_assert_int_eq(ptrace(PTRACE_SEIZE, init->pid, NULL,
				PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC), 0);
	e2e_go(init);
	for (;;) {
		ck_assert_int_eq(waitpid(init->pid, &status, 0), init->pid);
		if (!WIFSTOPPED(status))
			break;
		signal = WSTOPSIG(status);
		if (signal == (SIGTRAP | 0x80))
			look_at_call(init, &calls);
		/* Its exec, and signals, which are given to it. */
		if (signal == (SIGTRAP | 0x80) || status >> 16 != 0)
			signal = 0;
		ptrace(PTRACE_SYSCALL, init->pid, NULL, signal);
	}
	init->has_exited = true;
	init->wait_status = status;

	e2e_check_exit(init, 7);
	if (calls.all == 0)
		e2e_skip("PTRACE_GET_SYSCALL_INFO");
	ck_assert_uint_eq(calls.terminal_opens, 1);
	/* Process 1 asks whether its standard input is a console. */
	ck_assert_uint_eq(calls.ioctls, _i == E2E_PROCESS_1);
}

/* ---- foster's group outside its PID namespace ---- */

/* What makes process 1 of a new PID namespace, in the group of its caller. */
static const struct {
	const char *path;
	const char *arguments[5];
} outsiders[] = {
	{ "/usr/bin/unshare", { "--pid", "--fork", "--mount-proc", "--mount",
				"--propagation=private" } },
	{ "/usr/bin/bwrap", { "--dev-bind", "/", "/", "--unshare-pid",
			      "--as-pid-1" } },
};

enum { OUTSIDERS = COUNT(outsiders) };

static struct pty *start_outsider(const char *test, int i, const char *actor,
				  const char *argument)
{
	struct pty *pty = pty_open(E2E_SUBREAPER);
	const char *const *words = outsiders[i].arguments;

	if (access(outsiders[i].path, X_OK) != 0)
		e2e_skip_from(test, outsiders[i].path);
	pty->setup.binary = outsiders[i].path;
	pty_start(pty, words[0], words[1], words[2], words[3], words[4],
		  e2e_binary(), "--", e2e_actor(actor), argument, NULL);
	return pty;
}

TEST_TIMES(OUTSIDERS, process_1_in_an_outer_group_takes_the_terminal)
{
	pty_play(start_outsider(__func__, _i, "tty_reader", "-pl"),
		 "see foreground yes", "^Z", "resumed", "$ hello",
		 "see line hello", "^C", "exit 130");
}

TEST_TIMES(OUTSIDERS,
	   process_1_in_an_outer_group_gets_ctrl_c_to_the_program_once)
{
	struct pty *pty = start_outsider(__func__, _i, "signals", "64");
	size_t i;

	pty_play(pty, "see ready");
	for (i = 1; i <= ROUNDS; i++)
		pty_play(pty, "^C", "see got 2 ");
	pty_play(pty, "^\\", "see got 3 ", "count 5 got 2 ");
}
