/*
 * check_options.c - options, environment and names: foster(1), OPTIONS,
 * ENVIRONMENT and COMPATIBILITY.
 *
 * What the parser makes of each word is for the unit tests, and what is said of
 * each kind of mistake is in golden/mistakes. Here each way is seen once. What
 * options do: check_option_effects.c.
 */
#include "e2e.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A copy of the nth line of standard error, from 1; "" if there is none. */
static const char *error_line(struct e2e *init, size_t nth)
{
	const char *line;

	e2e_drain(init);
	for (line = init->err.bytes; nth > 1; nth--) {
		line += strcspn(line, "\n");
		if (*line == '\n')
			line++;
	}
	return strndup(line, strcspn(line, "\n"));
}

/* ---- where options end ---- */

TEST_BOTH(options_end_at_the_first_word_that_is_none)
{
	struct e2e *init = e2e_start_in(_i, "-g", e2e_actor("report"), "-l",
					"--version", "--", "-h", NULL);

	e2e_check_exit(init, 0);
	ck_assert_str_eq(e2e_line_nth(init, "argument ", 2), "-l");
	ck_assert_str_eq(e2e_line_nth(init, "argument ", 3), "--version");
	ck_assert_str_eq(e2e_line_nth(init, "argument ", 4), "--");
	ck_assert_str_eq(e2e_line_nth(init, "argument ", 5), "-h");
	ck_assert_uint_eq(e2e_count(init, "argument "), 5);
	e2e_check_silent(init);
}

TEST_BOTH(a_lone_dash_is_the_name_of_a_program)
{
	char path[4200];
	const char *environment[] = { path, NULL };
	struct e2e *init;

	snprintf(path, sizeof(path), "PATH=%s", e2e_folder());
	init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .environment = environment },
		"-g", "-", "-g", NULL);
	e2e_check_exit(init, 127);
	e2e_check(init, e2e_said(init, "foster: ") == 1);

	e2e_write_text(e2e_folder(), "-", 0755, "#!/bin/sh\nexit 7\n");
	init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .environment = environment },
		"-g", "-", "-g", NULL);
	e2e_check_exit(init, 7);
	e2e_check_silent(init);
}

TEST_BOTH(an_empty_word_is_the_name_of_a_program_that_is_not_found)
{
	struct e2e *init = e2e_start_in(_i, "-g", "", NULL);

	e2e_check_exit(init, 127);
	e2e_check(init, e2e_said(init, "") == 1);
}

/* ---- ways to write options ---- */

TEST_BOTH(options_are_taken_in_every_way_to_write_them)
{
	/* Those with two words take the second as the value. */
	static const char *const ways[][2] = {
		{ "-gcsaw" }, { "--group" }, { "-g", "-g" }, { "-t", "5" },
		{ "-t500ms" }, { "-gct", "5" }, { "--grace", "5" },
		{ "--grace=35791m" }, { "-qk2147483648ms" },
		{ "-t0" }, { "--grace=0m" }, { "-rTERM:QUIT" },
		{ "--rewrite=sigterm:RTMAX-1" }, { "-e", "rtmin+3" },
		{ "--death-signal=64" }, { "-gpHUP" }, { "--single" },
		{ "--rewr", "15:2" }, { "--gro" },
	};
	const struct e2e_setup setup = { .mode = _i };
	size_t i;

	for (i = 0; i < COUNT(ways); i++) {
		const char *first = ways[i][0], *second = ways[i][1];
		struct e2e *init = second == NULL ?
			e2e_start(&setup, first, "--", e2e_actor("ends"), "7",
				  NULL) :
			e2e_start(&setup, first, second, "--",
				  e2e_actor("ends"), "7", NULL);

		if (e2e_exit(init) != 7 || init->err.length != 0)
			e2e_fail(init, __FILE__, __LINE__, "%s %s: not taken",
				 first, second != NULL ? second : "");
		e2e_end(init);
	}
}

/* ---- mistakes ---- */

#define UNKNOWN "-?"	/* no table has that letter */

/* One line that names the option and what is wrong, then the usage; no more. */
static void check_mistake(struct e2e *init, const char *named,
			  const char *value)
{
	const char *line = error_line(init, 1);

	if (e2e_exit(init) != 125)
		e2e_fail(init, __FILE__, __LINE__,
			 "%s %s: not taken for a mistake", named,
			 value != NULL ? value : "");
	line = error_line(init, 1);
	if (strncmp(line, "foster: ", 8) != 0 || strstr(line, named) == NULL ||
	    (value != NULL && strstr(line, value) == NULL) ||
	    strlen(line) < strlen("foster: ") + strlen(named) + 4)
		e2e_fail(init, __FILE__, __LINE__,
			 "the line does not name %s and %s", named,
			 value != NULL ? value : "what is wrong");
	e2e_check(init, strstr(error_line(init, 2), "usage: foster") != NULL);
	e2e_check(init, e2e_said(init, "") == 2);
	/* Nothing is started, and nothing is on standard output. */
	e2e_wait_end_of_output(init);
	e2e_check(init, init->out.length == 0);
	e2e_end(init);
}

TEST_BOTH(a_mistake_is_named_in_one_line_then_the_usage_and_125)
{
	static const struct {
		const char *words[2];
		const char *named;
		const char *value;
	} mistakes[] = {
		{ { UNKNOWN }, UNKNOWN, NULL },
		{ { "-g?" }, UNKNOWN, NULL },
		{ { "--nonsense=5" }, "--nonsense", NULL },
		{ { "--GROUP" }, "--GROUP", NULL },
		{ { "--group=1" }, "--group", NULL },
		{ { "-t-1" }, "-t", "-1" },
		{ { "--grace=" }, "--grace", NULL },
		{ { "-k", "2147483649ms" }, "-k", "2147483649ms" },
		{ { "-e256" }, "-e", "256" },
		{ { "-d", "NOSUCH" }, "-d", "NOSUCH" },
		{ { "-pRTMIN+31" }, "-p", "RTMIN+31" },
		{ { "-rTERM:" }, "-r", "TERM:" },
		{ { "--rewrite=cld:0" }, "--rewrite", "cld:0" },
		{ { "-Pg" }, "-P", NULL },
	};
	const struct e2e_setup setup = { .mode = _i };
	size_t i;

	for (i = 0; i < COUNT(mistakes); i++) {
		const char *first = mistakes[i].words[0];
		const char *second = mistakes[i].words[1];

		check_mistake(second == NULL ?
			e2e_start(&setup, first, "--", e2e_actor("report"),
				  NULL) :
			e2e_start(&setup, first, second, "--",
				  e2e_actor("report"), NULL),
			mistakes[i].named, mistakes[i].value);
	}
}

TEST_BOTH(an_option_at_the_end_that_lacks_its_value_is_a_mistake)
{
	const struct e2e_setup setup = { .mode = _i };

	check_mistake(e2e_start(&setup, "-g", "-r", NULL), "-r", NULL);
	check_mistake(e2e_start(&setup, "-g", "--grace", NULL), "--grace",
		      NULL);
	check_mistake(e2e_start(&setup, "-gt", NULL), "-t", NULL);
}

TEST_BOTH(no_program_is_a_mistake)
{
	const struct e2e_setup setup = { .mode = _i };

	check_mistake(e2e_start(&setup, NULL), "PROGRAM", NULL);
	check_mistake(e2e_start(&setup, "--", NULL), "PROGRAM", NULL);
	check_mistake(e2e_start(&setup, "-g", "-t5", NULL), "PROGRAM", NULL);
}

TEST_BOTH(a_mistake_in_foster_options_says_that_it_came_from_there)
{
	static const char *const mistakes[][2] = {
		{ "FOSTER_OPTIONS=-g -g?", UNKNOWN },
		{ "FOSTER_OPTIONS=-t ", "-t" },
		{ "FOSTER_OPTIONS=--grace=x -g", "--grace" },
		{ "FOSTER_OPTIONS=-r KILL:TERM", "-r" },
		/* Words that have no place there. */
		{ "FOSTER_OPTIONS=-gP", "-P" },
		{ "FOSTER_OPTIONS=--pause", "--pause" },
		{ "FOSTER_OPTIONS=-h", "-h" },
		{ "FOSTER_OPTIONS=-g --version", "--version" },
		{ "FOSTER_OPTIONS=-L", "-L" },
		{ "FOSTER_OPTIONS=-g --", "--" },
		{ "FOSTER_OPTIONS=-", "-" },
		{ "FOSTER_OPTIONS=-g program -c", "program" },
	};
	size_t i;

	for (i = 0; i < COUNT(mistakes); i++) {
		const char *const environment[] = { mistakes[i][0], NULL };

		check_mistake(e2e_start(
			&(struct e2e_setup){
				.mode = _i, .environment = environment,
			},
			"-g", "--", e2e_actor("report"), NULL),
			"FOSTER_OPTIONS", mistakes[i][1]);
	}
}

TEST_BOTH(a_mistake_on_the_command_line_does_not_say_foster_options)
{
	static const char *const environment[] = { "FOSTER_OPTIONS=-g", NULL };
	struct e2e *init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .environment = environment },
		UNKNOWN, "--", e2e_actor("report"), NULL);

	e2e_check_exit(init, 125);
	e2e_check(init, strstr(error_line(init, 1), "FOSTER_OPTIONS") == NULL);
	e2e_check(init, strstr(error_line(init, 1), UNKNOWN) != NULL);
}

TEST_BOTH(of_several_mistakes_the_first_is_named)
{
	check_mistake(e2e_start_in(_i, "-g?", "-e256", "--",
				   e2e_actor("report"), NULL),
		      UNKNOWN, NULL);
}

/* ---- questions: help, version, licence ---- */

/* The answer is all: on standard output, and no program. */
static const char *answer_of(struct e2e *init)
{
	e2e_check_exit(init, 0);
	e2e_check_silent(init);
	e2e_check(init, init->out.length > 0);
	e2e_check(init, init->out.bytes[init->out.length - 1] == '\n');
	return init->out.bytes;
}

static bool is_one_line(const char *text)
{
	return strchr(text, '\n') == text + strlen(text) - 1;
}

/* X.Y.Z with anything but digits after it. */
static size_t version_length(const char *text)
{
	size_t at = 0;
	int dots;

	for (dots = 0; ; dots++) {
		if (!isdigit((unsigned char)text[at]))
			return 0;
		while (isdigit((unsigned char)text[at]))
			at++;
		if (dots == 2)
			return at;
		if (text[at++] != '.')
			return 0;
	}
}

static void check_version(const char *text, const char *before,
			  const char *after)
{
	size_t length = 0;

	if (strncmp(text, before, strlen(before)) == 0)
		length = version_length(text + strlen(before));
	ck_assert_msg(length > 0 &&
		      strcmp(text + strlen(before) + length, after) == 0,
		      "not \"%sX.Y.Z%s\": %s", before, after, text);
}

TEST_BOTH(the_version_is_one_line_and_nothing_is_started)
{
	const struct e2e_setup setup = { .mode = _i };

	check_version(answer_of(e2e_start(&setup, "-gqV", NULL)),
		      "foster version ", "\n");
	check_version(answer_of(e2e_start(&setup, "-g", "-t5", "--version",
					  "--", e2e_actor("report"), NULL)),
		      "foster version ", "\n");
}

TEST_BOTH(its_version_is_that_of_a_tini_if_it_is_called_as_an_engine_s_init)
{
	static const struct {
		const char *name, *before, *after;
	} names[] = {
		{ "tini", "tini version ", "-foster\n" },
		{ "./tini-static", "tini version ", "-foster\n" },
		{ "/sbin/docker-init", "tini version ", "-foster\n" },
		{ "/usr/libexec/podman/catatonit", "tini version ",
		  "-foster\n" },
		{ "foster", "foster version ", "\n" },
		{ "/sbin/init", "foster version ", "\n" },
		{ "dumb-init", "foster version ", "\n" },
		{ "/pause", "foster version ", "\n" },
		{ "tini-", "foster version ", "\n" },
		{ "xtini", "foster version ", "\n" },
		{ "TINI", "foster version ", "\n" },
		{ "tini/init", "foster version ", "\n" },
		{ "catatonit/", "foster version ", "\n" },
		{ "", "foster version ", "\n" },
	};
	size_t i;

	for (i = 0; i < COUNT(names); i++) {
		const struct e2e_setup setup = {
			.mode = _i, .name = names[i].name,
		};

		check_version(answer_of(e2e_start(&setup, "--version", NULL)),
			      names[i].before, names[i].after);
	}
}

TEST_BOTH(the_licence_is_one_line_and_nothing_is_started)
{
	static const char *const options[] = { "-l", "-L", "--license" };
	const struct e2e_setup setup = { .mode = _i };
	size_t i;

	for (i = 0; i < COUNT(options); i++) {
		const char *text = answer_of(e2e_start(
			&setup, options[i], "--", e2e_actor("report"), NULL));

		ck_assert_msg(is_one_line(text) &&
			      strstr(text, "opyright") != NULL &&
			      strstr(text, "LICENSE") != NULL,
			      "%s: %s", options[i], text);
	}
}

TEST_BOTH(the_help_is_asked_for_in_two_ways_and_nothing_is_started)
{
	const struct e2e_setup setup = { .mode = _i };
	const char *text = answer_of(e2e_start(&setup, "-h", "--",
					       e2e_actor("report"), NULL));

	ck_assert_ptr_nonnull(strstr(text, "usage: foster"));
	ck_assert_ptr_null(strstr(text, "argument "));
	ck_assert_str_eq(answer_of(e2e_start(&setup, "-g", "--help", NULL)),
			 text);
}

TEST_TIMES(3 * 2, an_answer_that_cannot_be_written_ends_with_1)
{
	static const char *const options[] = { "--help", "--version", "-l" };
	static const struct {
		const char *script, *why;
	} ways[] = {
		{ "exec \"$0\" \"$1\" >/dev/full", "No space left on device" },
		{ "exec \"$0\" \"$1\" >&-", "Bad file descriptor" },
	};
	const struct e2e_setup setup = { .mode = E2E_SUBREAPER };
	char line[128];
	struct e2e *init;

	snprintf(line, sizeof(line),
		 "foster: cannot write to standard output: %s",
		 ways[_i % 2].why);
	init = e2e_start(&setup, "--", "/bin/sh", "-c", ways[_i % 2].script,
			 e2e_binary(), options[_i / 2], NULL);
	e2e_check_exit(init, 1);
	e2e_check(init, e2e_said(init, "") == 1);
	e2e_check(init, e2e_said(init, line) == 1);
}

TEST_TIMES(3 * E2E_MODES, an_answer_that_nobody_reads_ends_with_1)
{
	static const char *const options[] = { "--help", "--version", "-l" };
	struct e2e *init;
	int ends[2];

	e2e_pipe(ends);
	close(ends[0]);
	init = e2e_start(&(struct e2e_setup){ .mode = mode_of(_i),
					      .stdio = { 0, ends[1] } },
			 options[_i / E2E_MODES], NULL);
	e2e_check_exit(init, 1);
	e2e_check(init, e2e_said(init, "") == 1);
	e2e_check(init, e2e_said(init, "foster: cannot write to standard"
				       " output: Broken pipe") == 1);
}

TEST(an_answer_that_is_cut_ends_with_1)
{
	const struct e2e_setup setup = { .mode = E2E_SUBREAPER };
	struct e2e *init = e2e_start(
		&setup, "--", "/bin/bash", "-c",
		"file=$(mktemp) || exit 9; ulimit -f 1; \"$0\" -h >$file;"
		" status=$?; rm -f $file; exit $status", e2e_binary(), NULL);

	e2e_check_exit(init, 1);
	e2e_check(init, e2e_said(init, "foster: cannot write to standard"
				 " output: No space left on device") == 1);
}

/* ---- where options come from: name, environment, command line ---- */

/* Fails unless signals go to the whole group, or to the program alone. */
static void check_receivers(struct e2e *init, bool whole_group)
{
	static const int signals[] = { SIGUSR1, SIGIO, 40, SIGIO };
	size_t i;

	e2e_line(init, "ready");
	for (i = 0; i < COUNT(signals); i++) {
		e2e_exchange(init, signals[i], signals[i]);
		/* One after the other: signals that wait may merge. */
		if (whole_group)
			e2e_line_nth(init, "member got ", i + 1);
	}
	e2e_check(init, e2e_count(init, "got ") == i);
	e2e_check(init, e2e_count(init, "member got ") ==
		  (whole_group ? i : 0));
	e2e_end(init);
}

TEST_BOTH(of_name_environment_and_command_line_the_latter_wins)
{
	static const struct {
		const char *name, *variable, *option;
		bool whole_group;
	} cases[] = {
		{ "dumb-init", NULL, "--", true },
		{ "/usr/bin/dumb-init", NULL, "--", true },
		{ "dumb-init", NULL, "-c", false },
		{ "dumb-init", NULL, "-cg", true },
		{ "dumb-init", "DUMB_INIT_SETSID=0", "--", false },
		{ "dumb-init", "DUMB_INIT_SETSID=0", "-g", true },
		{ "dumb-init", "DUMB_INIT_SETSID=1", "--", true },
		{ "dumb-init", "DUMB_INIT_SETSID=", "--", true },
		{ "dumb-init", "FOSTER_OPTIONS=-c", "--", false },
		{ "dumb-init2", NULL, "--", false },
		{ "xdumb-init", NULL, "--", false },
		{ "foster", "DUMB_INIT_SETSID=1", "--", false },
		{ "tini", NULL, "--", false },
		{ "catatonit", NULL, "--", false },
		{ NULL, "TINI_KILL_PROCESS_GROUP=1", "--", true },
		{ NULL, "TINI_KILL_PROCESS_GROUP=", "--", true },
		{ NULL, "TINI_KILL_PROCESS_GROUP=0", "--", true },
		{ NULL, "TINI_KILL_PROCESS_GROUP=1", "-c", false },
		{ NULL, "TINI_KILL_PROCESS_GROUPS=1", "--", false },
		{ NULL, "TINI_KILL_PROCESS_GROUP", "--", false },
		{ NULL, "FOSTER_OPTIONS=-g", "--", true },
		{ NULL, "FOSTER_OPTIONS=-g", "-c", false },
		{ NULL, "FOSTER_OPTIONS= \t-c\n--group\t ", "--", true },
		{ NULL, "FOSTER_OPTIONS=--grace 5 -g", "--", true },
		{ NULL, "FOSTER_OPTIONS=  \t\n ", "--", false },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		const char *const environment[] = { cases[i].variable, NULL };

		check_receivers(e2e_start(
			&(struct e2e_setup){
				.mode = _i, .name = cases[i].name,
				.environment = environment,
			},
			cases[i].option, e2e_actor("signals"), "-m", NULL),
			cases[i].whole_group);
	}
}

TEST_BOTH(variables_of_other_inits_are_passed_on_but_not_foster_s)
{
	static const char *const environment[] = {
		"FOSTER_OPTIONS=-g", "TINI_SUBREAPER=", "TINI_VERBOSITY=1",
		"TINI_KILL_PROCESS_GROUP=1", "DUMB_INIT_SETSID=0",
		"FOSTER_OPTIONS=--nonsense", "DUMB_INIT_DEBUG=0", NULL
	};
	struct e2e *init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .environment = environment },
		"--", e2e_actor("report"), NULL);

	e2e_check_exit(init, 0);
	e2e_check(init, e2e_count(init, "variable FOSTER_OPTIONS") == 0);
	e2e_check(init, e2e_count(init, "variable TINI_") == 3);
	e2e_check(init, e2e_count(init, "variable DUMB_INIT_") == 2);
	e2e_check(init, e2e_count(init, "variable ") == 5);
	e2e_check_silent(init);
}

TEST_BOTH(the_subreaper_can_be_asked_for_and_that_changes_nothing)
{
	static const char *const variables[] = {
		"TINI_SUBREAPER=1", "TINI_SUBREAPER=", "TINI_SUBREAPER=0",
		"A=1",
	};
	size_t i;

	for (i = 0; i < COUNT(variables); i++) {
		const char *const environment[] = { variables[i], NULL };
		struct e2e *init;
		pid_t orphan;
		int ends[2];

		e2e_pipe(ends);
		init = e2e_start(
			&(struct e2e_setup){
				.mode = _i,
				.stdio = { ends[0] },
				.environment = environment,
			},
			strcmp(variables[i], "A=1") == 0 ? "-s" : "--",
			e2e_actor("orphan"), "5", NULL);
		orphan = e2e_pid(init, (pid_t)e2e_number(init, "orphan"));
		e2e_check(init, e2e_status_number(init, orphan, "PPid", 10) ==
			  (unsigned long long)init->pid);
		kill(orphan, SIGKILL);
		e2e_wait_gone(init, orphan);
		close(ends[0]);
		close(ends[1]);
		e2e_check_exit(init, 5);
		e2e_check_silent(init);
		e2e_end(init);
	}
}
