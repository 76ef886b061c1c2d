/*
 * check_terminal.c - foster at a terminal where no shell stands above it: as
 * process 1 and as the leader of a session, as engines, script(1), ssh -t and
 * tmux have it (contract, section 7, and what sections 3, 4 and 6 say of
 * terminals). Under shells: check_jobs.c.
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
#include <time.h>
#include <unistd.h>

enum {
	ROUNDS = 5,
	STARTS = 200,
	/* Within this time of the start, foster has started the program. */
	START_US = 2000,
	TYPIST_STATUS = 7,
	SIGNALLED = 128,
	OWN_GRACE_MS = 8000,
};

/* "-t" with a grace whose half is longer than any wait of a test. */
static const char patient[] = "-t10m";

/* ---- helpers ---- */

/* The program's number for the test, from what the typist says. */
static pid_t typist_ready(struct pty *pty, const char *foreground)
{
	pid_t inner = (pid_t)pty_number(pty, "ready ");
	char text[64];

	snprintf(text, sizeof(text), "ready %d foreground %s\n", (int)inner,
		 foreground);
	pty_check(pty, pty_count(pty, text) == 1);
	return e2e_pid(pty->init, inner);
}

/*
 * When the program has got this, it has got all signals, and foster has dealt
 * with all signals and stops, that came before: IO is handed over as all are,
 * and has a higher number than what the tests count (signal(7): the lowest
 * comes first).
 */
static void settle(struct pty *pty)
{
	e2e_kill(pty->init, SIGIO);
	pty_see(pty, "got 29");
}

/* The same for a program that is stopped: it has IO pending then. */
static void settle_stopped(struct pty *pty, pid_t program)
{
	e2e_kill(pty->init, SIGIO);
	pty_until(pty, (e2e_status_number(pty->init, program, "ShdPnd", 16) &
			E2E_SIGNAL(SIGIO)) != 0);
	pty_wait_idle(pty, pty->init->pid);
}

/* ---- the foreground group ---- */

START_TEST(the_program_s_group_is_in_the_foreground_before_it_runs)
{
	struct pty *pty = pty_open(_i);
	pid_t program;

	pty_start(pty, "--", e2e_actor("typist"), NULL);

	program = typist_ready(pty, "yes");
	pty_check(pty, pty_foreground(pty) == program);
	pty_check(pty, pty_group(program) == program);
	kill(program, SIGTERM);
	pty_check_exit(pty, TYPIST_STATUS);
}
END_TEST

START_TEST(without_dev_tty_the_terminal_is_found_among_the_standard_files)
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
END_TEST

START_TEST(a_broken_dev_tty_is_no_error)
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
	pty_check(pty, pty_count(pty, "foster") == 0);
}
END_TEST

/* ---- typed signals ---- */

START_TEST(ctrl_c_and_ctrl_backslash_reach_each_of_the_group_once)
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
	settle(pty);
	pty_check(pty, pty_count(pty, "member got 2 ") == ROUNDS);
	pty_check(pty, pty_count(pty, "member got 3 ") == ROUNDS);
	pty_check(pty, pty_count(pty, "got 2 ") == 2 * ROUNDS);
	pty_check(pty, pty_count(pty, "got 3 ") == 2 * ROUNDS);
	kill(-pty_foreground(pty), SIGTERM);
	pty_check_exit(pty, 0);
}
END_TEST

START_TEST(another_window_size_reaches_the_program_once)
{
	struct pty *pty = pty_open(_i);
	unsigned short i;

	pty_start(pty, "--", e2e_actor("typist"), NULL);
	pty_see(pty, "ready");

	for (i = 1; i <= ROUNDS; i++) {
		pty_resize(pty, (unsigned short)(30 + i), 100);
		pty_until(pty, pty_count(pty, "got 28\n") >= i);
	}
	settle(pty);
	pty_check(pty, pty_count(pty, "got 28\n") == ROUNDS);
	e2e_kill(pty->init, SIGTERM);
	pty_check_exit(pty, TYPIST_STATUS);
}
END_TEST

/* ---- Ctrl-Z where nobody could continue the program ---- */

START_TEST(ctrl_z_freezes_nothing_and_ctrl_c_then_ends_the_program)
{
	struct pty *pty = pty_open(_i);
	size_t i;

	pty_start(pty, "--", e2e_actor("typist"), "-pl",
		  NULL);
	typist_ready(pty, "yes");

	for (i = 0; i < ROUNDS; i++) {
		pty_type(pty, PTY_CTRL_Z);
		pty_see(pty, "continued foreground yes");
		pty_type(pty, "hello\n");
		pty_see(pty, "line hello");
	}
	pty_type(pty, PTY_CTRL_C);
	pty_check_exit(pty, SIGNALLED + SIGINT);
	pty_check(pty, pty_count(pty, "foster") == 0);
}
END_TEST

START_TEST(ctrl_z_in_an_editor_freezes_nothing)
{
	struct pty *pty = pty_open(_i);

	/* It restores the modes, stops itself by TSTP, and sets them again. */
	pty_start(pty, "--", e2e_actor("typist"), "-k",
		  NULL);
	typist_ready(pty, "yes");

	pty_type(pty, "a");
	pty_see(pty, "key 97");
	pty_type(pty, PTY_CTRL_Z);
	pty_see(pty, "continued foreground yes");
	pty_type(pty, "b");
	pty_see(pty, "key 98");
	pty_type(pty, "q");
	pty_check_exit(pty, TYPIST_STATUS);
	pty_check(pty, pty_count(pty, "modes lost") == 0);
}
END_TEST

START_TEST(ctrl_z_freezes_nothing_under_script)
{
	struct pty *pty = pty_open(E2E_SUBREAPER);
	char command[512];

	if (access("/usr/bin/script", X_OK) != 0)
		e2e_skip("script(1)");
	snprintf(command, sizeof(command), "exec %s -- %s -p", e2e_binary(),
		 e2e_actor("typist"));
	pty->setup.binary = "/usr/bin/script";
	pty_start(pty, "-qec", command, "/dev/null", NULL);
	pty_see(pty, "ready");

	pty_type(pty, PTY_CTRL_Z);
	pty_see(pty, "continued foreground yes");
	pty_type(pty, PTY_CTRL_C);
	pty_check_exit(pty, SIGNALLED + SIGINT);
}
END_TEST

START_TEST(ctrl_z_at_any_moment_of_the_start_freezes_nothing)
{
	/* The moments differ from run to run; the seed tells a failure's. */
	unsigned int seed = (unsigned int)getpid() ^
		(unsigned int)e2e_now_ms();
	struct timespec moment = { 0 };
	int i;

	for (i = 0; i < STARTS; i++) {
		struct pty *pty = pty_open(_i);
		struct e2e *init = e2e_prepare(pty_setup(pty), "--",
					       e2e_actor("typist"), "-p", NULL);

		pty_take(pty, init);
		moment.tv_nsec = rand_r(&seed) % START_US * 1000L;
		e2e_go(init);
		nanosleep(&moment, NULL);
		pty_type(pty, PTY_CTRL_Z);

		pty_see(pty, "ready");
		pty_type(pty, PTY_CTRL_C);
		pty_check_exit(pty, SIGNALLED + SIGINT);
		pty_close(pty);
	}
}
END_TEST

/* ---- signals by hand ---- */

START_TEST(tstp_ttin_and_ttou_sent_to_foster_go_to_the_program)
{
	struct pty *pty = pty_open(_i);

	pty_start(pty, "--", e2e_actor("signals"), "15",
		  NULL);
	pty_see(pty, "ready");
	e2e_kill(pty->init, SIGTSTP);
	pty_see(pty, "got 20 ");
	e2e_kill(pty->init, SIGTTIN);
	pty_see(pty, "got 21 ");
	e2e_kill(pty->init, SIGTTOU);
	pty_see(pty, "got 22 ");

	settle(pty);
	pty_check(pty, pty_count(pty, "got") == 4);
	/* It does not stop, so foster does not. */
	pty_check(pty, e2e_state(pty->init->pid) != 'T');
	e2e_kill(pty->init, SIGTERM);
	pty_check_exit(pty, 0);
}
END_TEST

START_TEST(tstp_sent_to_foster_freezes_nothing)
{
	struct pty *pty = pty_open(_i);

	pty_start(pty, "--", e2e_actor("typist"), "-pl",
		  NULL);
	typist_ready(pty, "yes");

	e2e_kill(pty->init, SIGTSTP);
	pty_see(pty, "continued foreground yes");
	pty_type(pty, "endnow\n");
	pty_check_exit(pty, TYPIST_STATUS);
}
END_TEST

START_TEST(after_ttin_or_ttou_sent_to_foster_cont_does_it)
{
	struct pty *pty = pty_open(_i / 2);
	pid_t program;

	/* The program has the terminal: it is not what it lacks. */
	pty_start(pty, "--", e2e_actor("typist"), NULL);
	program = typist_ready(pty, "yes");

	e2e_kill(pty->init, _i % 2 == 0 ? SIGTTIN : SIGTTOU);
	e2e_wait_state(pty->init, program, "T");
	settle_stopped(pty, program);
	pty_check(pty, e2e_state(program) == 'T');
	e2e_kill(pty->init, SIGCONT);
	pty_see(pty, "continued foreground yes");
	e2e_kill(pty->init, SIGTERM);
	pty_check_exit(pty, TYPIST_STATUS);
}
END_TEST

START_TEST(a_program_stopped_by_sigstop_is_left_alone)
{
	struct pty *pty = pty_open(_i);
	pid_t program;

	pty_start(pty, "--", e2e_actor("typist"), NULL);
	program = typist_ready(pty, "yes");

	kill(program, SIGSTOP);
	e2e_wait_state(pty->init, program, "T");
	settle_stopped(pty, program);
	pty_check(pty, e2e_state(program) == 'T');
	e2e_wait_state(pty->init, pty->init->pid, "S");
	pty_check(pty, pty_foreground(pty) == program);
	kill(program, SIGCONT);
	pty_see(pty, "continued foreground yes");
	e2e_kill(pty->init, SIGTERM);
	pty_check_exit(pty, TYPIST_STATUS);
	pty_check(pty, pty_count(pty, "continued") == 1);
}
END_TEST

START_TEST(a_program_that_wants_the_terminal_gets_it_from_foster)
{
	struct pty *pty = pty_open(_i);

	/* Foster's own group has it, as after the fg of a shell. */
	pty_start(pty, "--", e2e_actor("typist"), "-lg", NULL);
	typist_ready(pty, "yes");
	e2e_kill(pty->init, SIGUSR1);
	pty_see(pty, "got 10");
	pty_check(pty, pty_foreground(pty) == pty->init->pid);

	/* It reads, and is stopped by TTIN. */
	pty_type(pty, "hello\n");
	pty_see(pty, "line hello");
	pty_see(pty, "continued foreground yes");
	pty_type(pty, "endnow\n");
	pty_check_exit(pty, TYPIST_STATUS);
}
END_TEST

START_TEST(a_program_that_sets_the_terminal_s_modes_gets_it_from_foster)
{
	struct pty *pty = pty_open(_i);
	pid_t program;

	pty_start(pty, "--", e2e_actor("typist"), "-kg", NULL);
	program = typist_ready(pty, "yes");
	e2e_kill(pty->init, SIGUSR1);
	pty_see(pty, "got 10");

	/* It sets the modes, and is stopped by TTOU. */
	kill(program, SIGCONT);
	pty_see(pty, "continued foreground no");
	pty_see(pty, "continued foreground yes");
	pty_type(pty, "q");
	pty_check_exit(pty, TYPIST_STATUS);
}
END_TEST

START_TEST(the_terminal_is_taken_from_no_other_group)
{
	struct pty *pty = pty_open(_i);
	pid_t program, child;

	pty_start(pty, "--", e2e_actor("typist"), "-lc", NULL);
	child = e2e_pid(pty->init, (pid_t)pty_number(pty, "child "));
	program = typist_ready(pty, "yes");
	e2e_kill(pty->init, SIGUSR1);
	pty_see(pty, "got 10");
	pty_check(pty, pty_foreground(pty) == child);

	/* As any job in the background it is stopped, and no loop begins. */
	pty_type(pty, "hello\n");
	e2e_wait_state(pty->init, program, "T");
	settle_stopped(pty, program);
	pty_check(pty, e2e_state(program) == 'T');
	pty_check(pty, pty_foreground(pty) == child);

	/* A group that is gone is nobody to take it from. */
	kill(child, SIGKILL);
	e2e_wait_gone(pty->init, child);
	e2e_kill(pty->init, SIGCONT);
	pty_see(pty, "line hello");
	pty_type(pty, "endnow\n");
	pty_check_exit(pty, TYPIST_STATUS);
}
END_TEST

/* ---- hang-up ---- */

START_TEST(a_hang_up_reaches_the_program_once)
{
	struct pty *pty = pty_open(_i);
	struct e2e *init;

	pty->stdio = 1;
	init = pty_start(pty, "--", e2e_actor("typist"), NULL);
	e2e_line(init, "ready");

	pty_hang_up(pty);
	e2e_line(init, "got 1");
	e2e_kill(init, SIGIO);
	e2e_line(init, "got 29");
	e2e_check(init, e2e_count(init, "got 1") == 1);
	e2e_kill(init, SIGTERM);
	e2e_check_exit(init, TYPIST_STATUS);
	e2e_check_silent(init);
}
END_TEST

START_TEST(after_a_hang_up_leftovers_are_told_and_foster_ends)
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
END_TEST

/* ---- the end ---- */

START_TEST(during_the_ending_ctrl_c_reaches_foster_and_ends_it)
{
	struct pty *pty = pty_open(_i);
	const char *script = e2e_write_text(
		e2e_folder(), "script", 0755,
		"#!/bin/sh\n\"$1\" 64 &\nexec \"$2\" -l\n");
	long long told_ms;

	pty_start(pty, patient, "--", script, e2e_actor("signals"),
		  e2e_actor("typist"), NULL);
	pty_until(pty, pty_count(pty, "ready") == 2);
	pty_type(pty, "endnow\n");
	pty_see(pty, "got 15 ");
	pty_check(pty, pty_foreground(pty) == pty->init->pid);

	/* The first is passed on to the leftover, the next ends all. */
	pty_type(pty, PTY_CTRL_C);
	pty_see(pty, "got 2 ");
	told_ms = e2e_now_ms();
	pty_type(pty, PTY_CTRL_C);
	pty_check_exit(pty, TYPIST_STATUS);
	pty_check(pty, e2e_now_ms() - told_ms < OWN_GRACE_MS);
	pty_check(pty, pty_count(pty, "got 2 ") == 1);
}
END_TEST

/* What a script runs under foster, and what it ends with. */
static const struct {
	const char *command;
	const char *status;
} ends[] = {
	{ "true", "0" },
	{ "sh -c 'exit 3'", "3" },
	{ "sh -c 'kill -9 $$'", "137" },
	{ "/nonexistent/program", "127" },
	/* Who is left in the program's group does not keep the terminal. */
	{ "sh -c 'sleep 1000 & exit 4'", "4" },
	{ "sh -c 'read y; exit 5'", "5" },
};

enum { ENDS = sizeof(ends) / sizeof(ends[0]) };

START_TEST(a_script_can_read_the_terminal_after_foster)
{
	struct pty *pty = pty_open(_i % E2E_MODES);
	const char *command = ends[_i / E2E_MODES].command;
	bool reads = strstr(command, "read") != NULL;
	char script[1024], want[64];

	snprintf(script, sizeof(script), "echo begin; %s -- %s; s=$?; "
		 "echo ended; read x; echo \"read $x after $s.\"; exit 0",
		 e2e_binary(), command);
	pty->setup.binary = "/bin/sh";
	pty_start(pty, "-c", script, NULL);
	pty_see(pty, "begin");
	pty_type(pty, "first\n");
	pty_see(pty, "ended");

	if (reads)
		pty_type(pty, "second\n");
	snprintf(want, sizeof(want), "read %s after %s.\n",
		 reads ? "second" : "first", ends[_i / E2E_MODES].status);
	pty_see(pty, want);
	pty_check_exit(pty, 0);
}
END_TEST

START_TEST(in_the_background_of_a_script_it_takes_nothing_from_the_script)
{
	struct pty *pty = pty_open(_i);
	char script[1024];

	/* The same group, but INT and QUIT are ignored in there. */
	snprintf(script, sizeof(script), "%s -- %s & read x; "
		 "echo \"read $x.\"; kill $!; wait $!; exit $?",
		 e2e_binary(), e2e_actor("typist"));
	pty->setup.binary = "/bin/sh";
	pty_start(pty, "-c", script, NULL);
	pty_see(pty, "foreground no\n");
	pty_type(pty, "words\n");

	pty_see(pty, "read words.");
	pty_check_exit(pty, TYPIST_STATUS);
}
END_TEST

START_TEST(a_program_in_a_pipeline_reads_what_is_typed)
{
	struct pty *pty = pty_open(_i);
	char script[1024];

	snprintf(script, sizeof(script), "echo piped | %s -- sh -c 'read x; "
		 "read y </dev/tty; stty -a </dev/tty >/dev/null; "
		 "echo \"read $x and $y\"'; read z; echo \"then $z\"",
		 e2e_binary());
	pty->setup.binary = "/bin/sh";
	pty_start(pty, "-c", script, NULL);
	pty_type(pty, "typed\n");
	pty_see(pty, "read piped and typed\n");
	pty_type(pty, "more\n");

	pty_see(pty, "then more\n");
	pty_check_exit(pty, 0);
}
END_TEST

START_TEST(foster_inside_foster_behaves_at_a_terminal)
{
	struct pty *pty = pty_open(_i);
	size_t i;

	pty_start(pty, "--", e2e_binary(), "--", e2e_binary(), "--",
		  e2e_actor("typist"), "-l", NULL);
	typist_ready(pty, "yes");

	for (i = 1; i <= ROUNDS; i++) {
		pty_type(pty, PTY_CTRL_C);
		pty_until(pty, pty_count(pty, "got 2\n") >= i);
		pty_type(pty, PTY_CTRL_Z);
		pty_see(pty, "continued foreground yes");
	}
	settle(pty);
	pty_check(pty, pty_count(pty, "got 2\n") == ROUNDS);
	pty_type(pty, "endnow\n");
	pty_check_exit(pty, TYPIST_STATUS);
	pty_check(pty, pty_count(pty, "foster") == 0);
}
END_TEST

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
START_TEST(a_strange_standard_input_is_no_error)
{
	enum strange kind = (enum strange)(_i / 2 / E2E_MODES);
	bool has_terminal = _i / 2 % 2 == 0;
	struct pty *pty = pty_open(_i % E2E_MODES), *other = pty_open(0);
	struct e2e_setup *setup = &pty->setup;
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
		init = pty_start(pty, "--", e2e_actor("typist"), NULL);
		e2e_check(init, strstr(e2e_line(init, "ready "),
				       has_terminal ? "foreground yes" :
				       "foreground none") != NULL);
		e2e_wait_idle(init);
		/* What was closed stays closed: it keeps no terminal open. */
		e2e_check(init, (e2e_open_files(init, init->pid) & 1) ==
			  (kind != STRANGE_CLOSED));
		e2e_kill(init, SIGTERM);
	}

	e2e_check_exit(init, TYPIST_STATUS);
	e2e_check_silent(init);
	pty_check(pty, !pty_shows(pty, "foster"));
}
END_TEST

START_TEST(with_closed_files_a_stopped_program_still_goes_on)
{
	struct pty *pty = pty_open(_i);
	struct e2e *init;
	size_t i;

	pty->stdio = 0;
	pty->setup.closed = 1;
	init = pty_start(pty, "--", e2e_actor("typist"), "-pl", NULL);
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
END_TEST

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

START_TEST(without_a_terminal_one_call_more_is_all_it_costs)
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
	ck_assert_uint_eq(calls.ioctls, 0);
}
END_TEST

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

enum { OUTSIDERS = sizeof(outsiders) / sizeof(outsiders[0]) };

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

START_TEST(process_1_in_an_outer_group_takes_the_terminal)
{
	struct pty *pty = start_outsider(__func__, _i, "typist", "-pl");

	pty_see(pty, "foreground yes");

	pty_type(pty, PTY_CTRL_Z);
	pty_see(pty, "continued foreground yes");
	pty_type(pty, "hello\n");
	pty_see(pty, "line hello");
	pty_type(pty, PTY_CTRL_C);
	pty_check_exit(pty, SIGNALLED + SIGINT);
}
END_TEST

START_TEST(process_1_in_an_outer_group_gets_ctrl_c_to_the_program_once)
{
	struct pty *pty = start_outsider(__func__, _i, "signals", "64");
	size_t i;

	pty_see(pty, "ready");

	for (i = 1; i <= ROUNDS; i++) {
		pty_type(pty, PTY_CTRL_C);
		pty_until(pty, pty_count(pty, "got 2 ") >= i);
	}
	pty_type(pty, PTY_CTRL_BACKSLASH);
	pty_see(pty, "got 3 ");
	pty_check(pty, pty_count(pty, "got 2 ") == ROUNDS);
}
END_TEST

Suite *terminal_suite(void)
{
	Suite *suite = suite_create("terminal");
	TCase *foreground = e2e_tcase(suite, "foreground");
	TCase *typed = e2e_tcase(suite, "typed");
	TCase *by_hand = e2e_tcase(suite, "by hand");
	TCase *hang_up = e2e_tcase(suite, "hang-up");
	TCase *end = e2e_tcase(suite, "end");
	TCase *strange = e2e_tcase(suite, "strange");
	TCase *cost = e2e_tcase(suite, "cost");
	TCase *outer = e2e_tcase(suite, "outer");

	e2e_add_both(foreground,
		the_program_s_group_is_in_the_foreground_before_it_runs);
	e2e_add_range(foreground,
		without_dev_tty_the_terminal_is_found_among_the_standard_files,
		0, 2);
	e2e_add_both(foreground, a_broken_dev_tty_is_no_error);
	e2e_add_both(foreground,
		a_program_that_wants_the_terminal_gets_it_from_foster);
	e2e_add_both(foreground,
		a_program_that_sets_the_terminal_s_modes_gets_it_from_foster);
	e2e_add_both(foreground, the_terminal_is_taken_from_no_other_group);
	e2e_add_both(foreground, foster_inside_foster_behaves_at_a_terminal);

	e2e_add_both(typed,
		ctrl_c_and_ctrl_backslash_reach_each_of_the_group_once);
	e2e_add_both(typed, another_window_size_reaches_the_program_once);
	e2e_add_both(typed,
		ctrl_z_freezes_nothing_and_ctrl_c_then_ends_the_program);
	e2e_add_both(typed, ctrl_z_in_an_editor_freezes_nothing);
	e2e_add(typed, ctrl_z_freezes_nothing_under_script);
	e2e_add_both(typed, ctrl_z_at_any_moment_of_the_start_freezes_nothing);

	e2e_add_both(by_hand,
		tstp_ttin_and_ttou_sent_to_foster_go_to_the_program);
	e2e_add_both(by_hand, tstp_sent_to_foster_freezes_nothing);
	e2e_add_range(by_hand, after_ttin_or_ttou_sent_to_foster_cont_does_it,
		      0, 2 * E2E_MODES - 1);
	e2e_add_both(by_hand, a_program_stopped_by_sigstop_is_left_alone);

	e2e_add_both(hang_up, a_hang_up_reaches_the_program_once);
	e2e_add_both(hang_up,
		after_a_hang_up_leftovers_are_told_and_foster_ends);

	e2e_add_both(end, during_the_ending_ctrl_c_reaches_foster_and_ends_it);
	e2e_add_range(end, a_script_can_read_the_terminal_after_foster, 0,
		      ENDS * E2E_MODES - 1);
	e2e_add_both(end,
		in_the_background_of_a_script_it_takes_nothing_from_the_script);
	e2e_add_both(end, a_program_in_a_pipeline_reads_what_is_typed);

	e2e_add_range(strange, a_strange_standard_input_is_no_error, 0,
		      STRANGE_KINDS * 2 * E2E_MODES - 1);
	e2e_add_both(strange,
		with_closed_files_a_stopped_program_still_goes_on);

	e2e_add_both(cost, without_a_terminal_one_call_more_is_all_it_costs);

	e2e_add_range(outer, process_1_in_an_outer_group_takes_the_terminal, 0,
		      OUTSIDERS - 1);
	e2e_add_range(outer,
		process_1_in_an_outer_group_gets_ctrl_c_to_the_program_once, 0,
		OUTSIDERS - 1);
	return suite;
}
