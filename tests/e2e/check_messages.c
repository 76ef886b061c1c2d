/*
 * check_messages.c - what foster says, and how: foster(1), DIAGNOSTICS.
 *
 * Standard error is a socket that keeps the borders between writes: each
 * record is one write(2). Where nobody reads it, it is full; then a message may
 * wait for about a second, and foster must do its work all the same.
 */
#define _GNU_SOURCE
#include "e2e.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

enum {
	RECORD_MAX = 8192,
	LONG_NAME = 100000,
	/* About a second for a reader that is stuck, on a slow machine. */
	STUCK_MS = 4000,
	GRACE_MS = 100,
};

static void make_sockets(int kind, int ends[2])
{
	ck_assert_int_eq(socketpair(AF_UNIX, kind | SOCK_CLOEXEC, 0, ends), 0);
}

/* The next record, ended by a null; -1 if there is none now. */
static ssize_t take_record(int fd, char *record)
{
	ssize_t length = recv(fd, record, RECORD_MAX - 1, MSG_DONTWAIT);

	record[length > 0 ? length : 0] = '\0';
	return length > 0 ? length : -1;
}

/* Fails unless the record is one whole line, with nothing hidden in it. */
static void check_line(const char *record, ssize_t length)
{
	ssize_t i;

	ck_assert_msg(length > 1 && record[length - 1] == '\n',
		      "not a whole line: %s", record);
	for (i = 0; i < length - 1; i++)
		ck_assert_msg((signed char)record[i] >= ' ' &&
			      record[i] != 0x7f,
			      "byte 0x%02x in: %s", (unsigned char)record[i],
			      record);
}

static void check_message(const char *record, ssize_t length)
{
	check_line(record, length);
	ck_assert_msg(strncmp(record, "foster: ", 8) == 0 && length > 10,
		      "no message of foster's: %s", record);
}

/* All records that came; how many. Only the last may be the usage line. */
static size_t check_records(int fd, bool ends_in_usage)
{
	char record[RECORD_MAX], next[RECORD_MAX];
	ssize_t length = take_record(fd, record), next_length;
	size_t count = 0;

	for (; length > 0; length = next_length) {
		next_length = take_record(fd, next);
		if (next_length < 0 && ends_in_usage)
			check_line(record, length);
		else
			check_message(record, length);
		count++;
		memcpy(record, next, sizeof(record));
	}
	return count;
}

/* A life with a bit of everything, in which signals are forwarded. */
static void live(struct e2e *init)
{
	pid_t orphan = e2e_pid(init, (pid_t)e2e_number(init, "orphan"));

	e2e_line(init, "ready");
	e2e_line(init, "leftover ready");
	kill(orphan, SIGKILL);
	e2e_wait_gone(init, orphan);
	e2e_kill(init, SIGWINCH);
	e2e_kill(init, SIGTERM);
	e2e_line(init, "got");
	e2e_line(init, "leftover got");
	e2e_check_exit(init, 5);
}

/* Where it goes. */

TEST_BOTH(in_a_normal_run_it_says_nothing_at_all)
{
	static const char *const options[] = { "-c", "-g" };
	struct e2e *init;
	int ends[2];
	size_t i;

	for (i = 0; i < 2; i++) {
		e2e_pipe(ends);
		init = e2e_start(
			&(struct e2e_setup){ .mode = _i, .stdio = { ends[0] } },
			options[i], "-t60", "--", e2e_actor("minimal"), "-o",
			"-l", "5", NULL);
		/* With -g the leftover, in the group, hears TERM with it. */
		live(init);
		e2e_check_silent(init);
		e2e_end(init);
		close(ends[0]);
		close(ends[1]);
	}
}

TEST_BOTH(each_message_is_one_line_and_one_write)
{
	char record[RECORD_MAX];
	struct e2e *init;
	ssize_t length;
	size_t count = 0;
	int err[2];

	make_sockets(SOCK_SEQPACKET, err);
	init = e2e_start(
		&(struct e2e_setup){
			.mode = _i,
			.stdio = { 0, 0, err[1] },
			.refuse = { { SYS_prctl, EINVAL, true,
				      PR_SET_CHILD_SUBREAPER } },
		},
		"-vv", "-w", "-t60", "--", e2e_actor("signals"), "-m", "15",
		NULL);
	close(err[1]);
	e2e_line(init, "ready");
	e2e_kill(init, SIGUSR1);
	e2e_line(init, "got 10 ");
	e2e_kill(init, 37);
	e2e_line(init, "got 37 ");
	e2e_kill(init, SIGKILL);
	e2e_exit(init);

	while ((length = take_record(err[0], record)) > 0) {
		check_message(record, length);
		count++;
	}
	ck_assert_uint_ge(count, 2);
}

TEST_TIMES(2 * E2E_MODES,
	   what_is_said_to_the_end_is_one_line_and_one_write_each)
{
	/* Down to the leftovers that do not end in time. */
	static const int kinds[] = { SOCK_SEQPACKET, SOCK_DGRAM };
	char grace[16];
	struct e2e *init;
	int ends[2], err[2];
	pid_t orphan;

	snprintf(grace, sizeof(grace), "-t%dms", GRACE_MS);
	e2e_pipe(ends);
	make_sockets(kinds[_i / E2E_MODES], err);
	init = e2e_start(
		&(struct e2e_setup){
			.mode = mode_of(_i), .stdio = { ends[0], 0, err[1] },
		},
		"-vv", grace, "--", e2e_actor("minimal"), "-o", "-s", "-l", "5",
		NULL);
	close(err[1]);
	orphan = e2e_pid(init, (pid_t)e2e_number(init, "orphan"));
	e2e_line(init, "ready");
	e2e_line(init, "leftover ready");
	kill(orphan, SIGKILL);
	e2e_wait_gone(init, orphan);
	e2e_kill(init, SIGTERM);
	e2e_check_exit(init, 5);

	ck_assert_uint_ge(check_records(err[0], false), 3);
}

TEST_BOTH(why_a_program_cannot_run_is_one_line_and_one_write)
{
	const char *text = e2e_write_text(e2e_folder(), "text", 0644, "exit\n");
	const char *programs[] = {
		"no-such-program", "/no/such/program", text, e2e_folder(), "",
		e2e_path(text, "below"),
	};
	size_t i;

	for (i = 0; i < COUNT(programs); i++) {
		struct e2e *init;
		int err[2];

		make_sockets(SOCK_SEQPACKET, err);
		init = e2e_start(
			&(struct e2e_setup){
				.mode = _i, .stdio = { 0, 0, err[1] },
			},
			"--", programs[i], NULL);
		close(err[1]);
		ck_assert_int_ge(e2e_exit(init), 126);
		ck_assert_uint_eq(check_records(err[0], false), 1);
		e2e_check(init, init->out.length == 0);
		close(err[0]);
		e2e_end(init);
	}
}

TEST_BOTH(a_mistake_is_two_lines_and_two_writes)
{
	struct e2e *init;
	int err[2];

	make_sockets(SOCK_SEQPACKET, err);
	init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .stdio = { 0, 0, err[1] } },
		"--no-such-option", "--", e2e_actor("report"), NULL);
	close(err[1]);

	e2e_check_exit(init, 125);
	ck_assert_uint_eq(check_records(err[0], true), 2);
	e2e_check(init, init->out.length == 0);
}

TEST_TIMES(2 * E2E_MODES, nothing_is_ever_said_on_standard_output)
{
	/* Not even where standard error is closed. */
	struct e2e *init;
	int ends[2];

	e2e_pipe(ends);
	init = e2e_start(
		&(struct e2e_setup){
			.mode = mode_of(_i),
			.stdio = { ends[0] },
			.closed = _i / E2E_MODES ? 4 : 0,
		},
		"-vv", "-w", "-t60", "--", e2e_actor("minimal"), "-o", "-l",
		"5", NULL);
	live(init);

	/* orphan, ready, leftover ready, got, leftover got */
	ck_assert_uint_eq(e2e_count(init, ""), 5);
	ck_assert_uint_eq(e2e_count(init, "foster"), 0);
}

/* What it may hold. */

/* All control characters, some that are none, and bytes that are nothing. */
static void fill_with_controls(char *text)
{
	int byte;

	*text++ = 'a';
	for (byte = 1; byte < ' '; byte++)
		*text++ = (char)byte;
	*text++ = 0x7f;
	for (byte = 0x80; byte < 0xa0; byte++) {
		*text++ = (char)0xc2;
		*text++ = (char)byte;
	}
	strcpy(text, "\x9b" "z\nfoster: all is well\x1b[2J");
}

/* The one message that comes of a start with such words. */
static void check_controls(const char *test, const struct e2e_setup *usual,
			   int lines, const char *first, const char *second)
{
	struct e2e_setup setup = *usual;
	struct e2e *init;
	int err[2];

	make_sockets(SOCK_SEQPACKET, err);
	setup.stdio[2] = err[1];
	init = e2e_start_from(test, &setup, first, second, NULL);
	close(err[1]);
	ck_assert_int_ge(e2e_exit(init), 125);
	ck_assert_uint_eq(check_records(err[0], lines == 2), (size_t)lines);
	close(err[0]);
	e2e_end(init);
}

TEST_BOTH(control_characters_in_a_program_s_name_are_made_visible)
{
	const struct e2e_setup setup = { .mode = _i };
	char text[192], path[224];

	fill_with_controls(text);
	check_controls(__func__, &setup, 1, "--", text);
	snprintf(path, sizeof(path), "/%s", text);
	check_controls(__func__, &setup, 1, "--", path);
}

TEST_BOTH(control_characters_in_path_are_made_visible)
{
	char path[224], text[192];
	const char *const environment[] = { path, NULL };
	const struct e2e_setup setup = {
		.mode = _i, .environment = environment,
	};

	fill_with_controls(text);
	snprintf(path, sizeof(path), "PATH=/%s", text);
	check_controls(__func__, &setup, 1, "--", "no-such-program");
}

TEST_BOTH(control_characters_in_options_are_made_visible)
{
	const struct e2e_setup setup = { .mode = _i };
	char text[192], word[224], variable[224];
	const char *const environment[] = { variable, NULL };
	const struct e2e_setup with_variable = {
		.mode = _i, .environment = environment,
	};
	static const char *const before[] = {
		"--", "--grace=", "-t", "-r", "-e", "-d", "--group=",
	};
	size_t i;

	fill_with_controls(text);
	for (i = 0; i < COUNT(before); i++) {
		snprintf(word, sizeof(word), "%s%s", before[i], text);
		check_controls(__func__, &setup, 2, word, "program");
	}
	check_controls(__func__, &setup, 2, "-e", text);
	check_controls(__func__, &setup, 2, "-P", text);
	for (i = 1; i < ' '; i++) {
		snprintf(word, sizeof(word), "-g%c", (char)i);
		check_controls(__func__, &setup, 2, word, "program");
	}
	/* Blanks part words there; the others are part of one. */
	snprintf(variable, sizeof(variable), "FOSTER_OPTIONS=%s", text);
	check_controls(__func__, &with_variable, 2, "--", "program");
}

TEST_BOTH(control_characters_in_leftovers_names_are_made_visible)
{
	/* A process is called as its file is, cut to 15 bytes. */
	static const char name[] = "\x1b[2J\nfoster: x";
	size_t length;
	char *bytes = e2e_read(e2e_actor("minimal"), &length), grace[16];
	const char *file = e2e_write(e2e_folder(), name, 0755, bytes, length);
	struct e2e *init;
	int ends[2], err[2];

	free(bytes);
	snprintf(grace, sizeof(grace), "-t%dms", GRACE_MS);
	e2e_pipe(ends);
	make_sockets(SOCK_SEQPACKET, err);
	init = e2e_start(
		&(struct e2e_setup){
			.mode = _i, .stdio = { ends[0], 0, err[1] },
		},
		"-vv", grace, "--", file, "-s", "-l", "5", NULL);
	close(err[1]);
	e2e_line(init, "ready");
	e2e_line(init, "leftover ready");
	close(ends[0]);
	close(ends[1]);

	e2e_check_exit(init, 5);
	ck_assert_uint_ge(check_records(err[0], false), 1);
}

TEST(a_leftover_is_named_by_its_command_line_or_else_by_its_name)
{
	/* The command line of the first is one NUL, the other's is long. */
	static const char script[] =
		"trap '' TERM\n"
		"(exec -a '' cat) <&0 &\n"
		"first=$!\n"
		"(exec -a a-command-line-longer-than-what-is-shown cat) <&0 &\n"
		"for pid in $first $!; do\n"
		"	until read -r name </proc/$pid/comm && [ $name = cat ]\n"
		"	do :; done\n"
		"done\n"
		"exit 5\n";
	struct e2e *init;
	int ends[2];

	e2e_pipe(ends);
	init = e2e_start(&(struct e2e_setup){ .stdio = { ends[0] } }, "-t300ms",
			 "--", "/bin/bash", "-c", script, NULL);
	e2e_check_exit(init, 5);
	e2e_check(init, e2e_said(init, "foster: 2 left over when the time was"
				       " up, killed: ") == 1);
	e2e_check(init, e2e_said(init, " cat, ") == 1);
	e2e_check(init, e2e_said(init, " a-command-line-longer-than-w...") ==
				1);
}

TEST_BOTH(names_in_any_language_are_written_as_they_are)
{
	struct e2e *init = e2e_start_in(_i, "--", "/caf\xc3\xa9/\xe6\x97\xa5",
					NULL);

	e2e_check_exit(init, 127);
	e2e_check(init, e2e_said(init, "'/caf\xc3\xa9/\xe6\x97\xa5'") == 1);
}

TEST_BOTH(control_characters_in_a_script_s_first_line_are_visible)
{
	static const char *const texts[] = {
		"#!/no/such\x1b[2J\x07interpreter\n", "#!/bin/sh\r\nexit\n",
		"#!\x01\x02\x03\n", "#! \n", "#!\n", "#!/no/such \x1b[2J\n",
	};
	size_t i;

	for (i = 0; i < COUNT(texts); i++)
		check_controls(__func__, &(struct e2e_setup){ .mode = _i }, 1,
			       "--", e2e_write_text(e2e_folder(), "script",
						    0755, texts[i]));
}

TEST_BOTH(a_message_about_a_long_name_is_one_line_of_bounded_length)
{
	char *name = malloc(LONG_NAME + 1);
	struct e2e *init;
	char record[RECORD_MAX];
	ssize_t length;
	int err[2];

	memset(name, 'x', LONG_NAME);
	name[0] = '/';
	name[LONG_NAME] = '\0';
	make_sockets(SOCK_SEQPACKET, err);
	init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .stdio = { 0, 0, err[1] } },
		"--", name, NULL);
	close(err[1]);

	ck_assert_int_ge(e2e_exit(init), 126);
	length = take_record(err[0], record);
	check_message(record, length);
	/* What a pipe takes in one piece (pipe(7)). */
	ck_assert_int_le(length, 4096);
	ck_assert_int_eq(take_record(err[0], record), -1);
	free(name);
}

/* Nobody reads. */

enum stuck {
	STUCK_PIPE, STUCK_STREAM, STUCK_SEQPACKET, STUCK_DGRAM, STUCK_TERMINAL,
	STUCK_KINDS,
};

/*
 * Standard error whose reader, the other end, never reads: it is full, and a
 * write to it blocks.
 */
static void make_stuck(enum stuck kind, int *reader, int *writer)
{
	char bytes[4096];
	int ends[2];

	switch (kind) {
	case STUCK_PIPE:
		e2e_pipe(ends);
		break;
	case STUCK_TERMINAL:
		ends[0] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
		if (ends[0] < 0 || grantpt(ends[0]) != 0 ||
		    unlockpt(ends[0]) != 0)
			e2e_skip("pseudo-terminals");
		ends[1] = open(ptsname(ends[0]),
			       O_RDWR | O_NOCTTY | O_CLOEXEC);
		ck_assert_int_ge(ends[1], 0);
		/* As Ctrl-S does. */
		ck_assert_int_eq(tcflow(ends[1], TCOOFF), 0);
		break;
	default:
		make_sockets(kind == STUCK_STREAM ? SOCK_STREAM :
			     kind == STUCK_DGRAM ? SOCK_DGRAM : SOCK_SEQPACKET,
			     ends);
		break;
	}
	memset(bytes, 'x', sizeof(bytes));
	if (kind != STUCK_TERMINAL) {
		ck_assert_int_eq(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
		while (write(ends[1], bytes, sizeof(bytes)) > 0)
			;
		while (write(ends[1], bytes, 1) > 0)
			;
		ck_assert_int_eq(fcntl(ends[1], F_SETFL, 0), 0);
	}
	*reader = ends[0];
	*writer = ends[1];
}

TEST(with_standard_error_full_it_hands_over_reaps_and_ends)
{
	/*
	 * Every kind in each mode at the same time: they wait for the same
	 * second. With -vv far more is to be said than one message.
	 */
	struct e2e *inits[STUCK_KINDS * E2E_MODES];
	const int count = STUCK_KINDS * E2E_MODES;
	long long deadline_ms;
	int ends[2], readers[STUCK_KINDS], writers[STUCK_KINDS], i;

	e2e_pipe(ends);
	for (i = 0; i < STUCK_KINDS; i++)
		make_stuck((enum stuck)i, &readers[i], &writers[i]);
	deadline_ms = e2e_now_ms() + STUCK_MS;
	for (i = 0; i < count; i++)
		inits[i] = e2e_start(
			&(struct e2e_setup){
				.mode = mode_of(i),
				.stdio = { ends[0], 0, writers[i / E2E_MODES] },
			},
			"-vv", "-w", "-t60", "--", e2e_actor("minimal"), "-o",
			"-o", "-l", "-l", "5", NULL);
	for (i = 0; i < count; i++) {
		pid_t orphan = e2e_pid(inits[i], (pid_t)e2e_number(inits[i],
								   "orphan"));

		e2e_line(inits[i], "ready");
		e2e_line_nth(inits[i], "leftover ready", 2);
		kill(orphan, SIGKILL);
		e2e_kill(inits[i], SIGWINCH);
		e2e_kill(inits[i], SIGTERM);
	}

	for (i = 0; i < count; i++) {
		long long left_ms = deadline_ms - e2e_now_ms();

		ck_assert_int_eq(e2e_exit_within(inits[i], left_ms), 5);
		e2e_check(inits[i], e2e_count(inits[i], "got") == 1);
		e2e_check(inits[i], e2e_count(inits[i], "leftover got") == 2);
	}
}

TEST(with_standard_error_full_a_failed_start_has_its_status)
{
	/* All of them at the same time, as above. */
	static const struct {
		const char *word;
		int status;
	} cases[] = {
		{ "/no/such/program", 127 }, { "no-such-program", 127 },
		{ "/", 126 }, { "-?", 125 }, { "--grace=x", 125 },
		{ "-g", 125 },
	};
	const int count = COUNT(cases) * E2E_MODES;
	struct e2e *inits[COUNT(cases) * E2E_MODES];
	long long deadline_ms;
	int reader, writer, i;

	make_stuck(STUCK_PIPE, &reader, &writer);
	deadline_ms = e2e_now_ms() + STUCK_MS;
	for (i = 0; i < count; i++)
		inits[i] = e2e_start(
			&(struct e2e_setup){
				.mode = mode_of(i), .stdio = { 0, 0, writer },
			},
			cases[i / E2E_MODES].word, NULL);

	for (i = 0; i < count; i++) {
		int status = cases[i / E2E_MODES].status;

		while (!e2e_is_over(inits[i])) {
			if (e2e_now_ms() > deadline_ms)
				e2e_fail(inits[i], __FILE__, __LINE__,
					 "%s does not end",
					 cases[i / E2E_MODES].word);
			e2e_look_again(inits[i]);
		}
		e2e_check_exit(inits[i], status);
	}
}

TEST(with_standard_error_full_no_write_waits)
{
	/*
	 * poll(2), which says so before each write, is refused: the same as if
	 * it had said that there is space, and another writer had taken it.
	 */
	static const char *const words[] = { "/no/such/program", "-?" };
	static const int statuses[] = { 127, 125 };
	const int count = STUCK_KINDS * COUNT(words) * E2E_MODES;
	struct e2e *inits[STUCK_KINDS * COUNT(words) * E2E_MODES];
	int readers[STUCK_KINDS], writers[STUCK_KINDS], i;

	for (i = 0; i < STUCK_KINDS; i++)
		make_stuck((enum stuck)i, &readers[i], &writers[i]);
	for (i = 0; i < count; i++)
		inits[i] = e2e_start(
			&(struct e2e_setup){
				.mode = mode_of(i),
				.stdio = { 0, 0, writers[i / 2 % STUCK_KINDS] },
				.refuse = { { SYS_ppoll, ENOSYS } },
			},
			words[i / 2 / STUCK_KINDS], NULL);

	for (i = 0; i < count; i++)
		e2e_check_exit(inits[i], statuses[i / 2 / STUCK_KINDS]);
}

/*
 * A terminal that takes `room` bytes and no more, or, where that is negative,
 * none. Returns how many it has.
 */
static int fill_terminal(int *master, int *slave, int room)
{
	int filled = 0;

	*master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*master < 0 || grantpt(*master) != 0 || unlockpt(*master) != 0)
		e2e_skip("pseudo-terminals");
	*slave = open(ptsname(*master),
		      O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	ck_assert_int_ge(*slave, 0);
	while (filled != room && write(*slave, "x", 1) == 1)
		filled++;
	ck_assert_int_eq(fcntl(*slave, F_SETFL, 0), 0);
	return filled;
}

TEST(a_terminal_with_little_space_holds_nothing_up)
{
	/* Less than a message, and than the usage line behind one. */
	static const int rooms[] = { 5, 20, 40, 96, 144 };
	static const int statuses[] = { 128 + SIGKILL, 125, 127 };
	enum { CASES = 3, COUNT_ALL = COUNT(rooms) * CASES * E2E_MODES };
	struct e2e *inits[COUNT_ALL];
	int master, slave, i, whole = fill_terminal(&master, &slave, -1);

	for (i = 0; i < COUNT_ALL; i++) {
		struct e2e_setup setup = { .mode = mode_of(i) };
		int kind = i / E2E_MODES % CASES;

		fill_terminal(&master, &slave,
			      whole - rooms[i / E2E_MODES / CASES]);
		setup.stdio[2] = slave;
		inits[i] = kind == 0 ?
			e2e_start(&setup, "--", e2e_actor("ends"), "-s", "9",
				  NULL) :
			kind == 1 ? e2e_start(&setup, "-?", NULL) :
			e2e_start(&setup, "-v", "--", "/no/such/file", NULL);
		close(slave);
	}

	for (i = 0; i < COUNT_ALL; i++)
		e2e_check_exit(inits[i], statuses[i / E2E_MODES % CASES]);
}

/* In the process that becomes the init: standard error controls it. */
static void take_terminal(void *unused)
{
	(void)unused;
	ioctl(STDERR_FILENO, TIOCSCTTY, 0);
}

TEST_BOTH(the_terminal_of_another_user_holds_nothing_up)
{
	struct e2e_setup setup = {
		.mode = _i,
		.session = E2E_SESSION_LEADER,
		.uid = 65534,
		.gid = 65534,
		.before_exec = take_terminal,
	};
	int master, slave, whole = fill_terminal(&master, &slave, -1);

	e2e_need_user(setup.uid);
	close(slave);
	fill_terminal(&master, &slave, whole - 60);
	setup.stdio[2] = slave;
	e2e_check_exit(e2e_start(&setup, "-?", NULL), 125);
}

TEST_TIMES(2 * E2E_MODES, a_broken_standard_error_changes_no_status)
{
	/* Nobody reads it: a write gives SIGPIPE. */
	struct e2e_setup setup = { .mode = mode_of(_i) };
	int ends[2];

	if (_i / E2E_MODES == 0)
		e2e_pipe(ends);
	else
		make_sockets(SOCK_STREAM, ends);
	close(ends[0]);
	setup.stdio[2] = ends[1];
	e2e_check_exit(e2e_start(&setup, "-?", NULL), 125);
	e2e_check_exit(e2e_start(&setup, "-t", NULL), 125);
	e2e_check_exit(e2e_start(&setup, "--", "/no/such/file", NULL), 127);
}

TEST(when_standard_error_is_read_again_it_says_more)
{
	char bytes[65536];
	struct e2e *init;
	int reader, writer;

	make_stuck(STUCK_PIPE, &reader, &writer);
	ck_assert_int_eq(fcntl(reader, F_SETFL, O_NONBLOCK), 0);
	init = e2e_start(
		&(struct e2e_setup){ .stdio = { 0, 0, writer } },
		"-vv", "--", e2e_actor("signals"), NULL);
	close(writer);
	e2e_line(init, "ready");
	e2e_kill(init, SIGUSR1);
	e2e_line(init, "got 10 ");
	e2e_wait_idle(init);
	while (read(reader, bytes, sizeof(bytes)) > 0)
		;

	e2e_kill(init, SIGUSR2);
	e2e_line(init, "got 12 ");

	e2e_wait_idle(init);
	memset(bytes, 0, sizeof(bytes));
	ck_assert_int_gt(read(reader, bytes, sizeof(bytes) - 1), 0);
	ck_assert_ptr_nonnull(strstr(bytes, "foster: "));
	ck_assert_ptr_nonnull(strstr(bytes, "SIGUSR2"));
}

TEST_BOTH(with_standard_error_closed_it_hands_over_reaps_and_ends)
{
	struct e2e *init;
	int ends[2];

	e2e_pipe(ends);
	init = e2e_start(
		&(struct e2e_setup){
			.mode = _i, .stdio = { ends[0] }, .closed = 4,
		},
		"-vv", "-w", "-t60", "--", e2e_actor("minimal"), "-o", "-l",
		"5", NULL);
	live(init);
}

TEST_BOTH(with_standard_error_closed_a_failed_start_has_its_status)
{
	const struct e2e_setup setup = { .mode = _i, .closed = 4 };

	e2e_check_exit(e2e_start(&setup, "--", "/no/such/program", NULL), 127);
	e2e_check_exit(e2e_start(&setup, "--", "/", NULL), 126);
	e2e_check_exit(e2e_start(&setup, "-?", NULL), 125);
}

TEST_BOTH(with_standard_error_on_a_full_device_it_works)
{
	struct e2e *init;
	int ends[2], full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	if (full < 0)
		e2e_skip("/dev/full");
	e2e_pipe(ends);
	init = e2e_start(
		&(struct e2e_setup){
			.mode = _i, .stdio = { ends[0], 0, full },
		},
		"-vv", "-w", "-t60", "--", e2e_actor("minimal"), "-o", "-l",
		"5", NULL);
	live(init);
}
