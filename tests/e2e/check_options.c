/*
 * check_options.c - options, environment and names (contract, section 1 and the
 * version of section 9).
 *
 * What the parser makes of each word is for the unit tests; here each option is
 * seen to do what it is for.
 */
#include "e2e.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum {
	DEATHS = 100,
	DEATHS_SPREAD_US = 600,
	/* A script's first line is cut by old kernels (execve(2)). */
	INTERPRETER_MAX = 120,
};

static bool is_handed_over(int signal)
{
	return signal != SIGKILL && signal != SIGSTOP && signal != SIGCHLD;
}

static const char *got(int signal)
{
	static char prefix[32];

	snprintf(prefix, sizeof(prefix), "got %d ", signal);
	return prefix;
}

/* Sends a signal and waits until the actor "signals" has got another. */
static void exchange(struct e2e *init, int sent, int expected)
{
	size_t before = e2e_count(init, got(expected));

	e2e_kill(init, sent);
	e2e_line_nth(init, got(expected), before + 1);
}

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

/* Where options end. */

START_TEST(options_end_at_the_first_word_that_is_none)
{
	struct e2e *init = e2e_start(
		&(struct e2e_setup){ .mode = _i },
		"-g", e2e_actor("report"), "-l", "--version", "--", "-h", NULL);

	e2e_check_exit(init, 0);
	ck_assert_str_eq(e2e_line_nth(init, "argument ", 2), "-l");
	ck_assert_str_eq(e2e_line_nth(init, "argument ", 3), "--version");
	ck_assert_str_eq(e2e_line_nth(init, "argument ", 4), "--");
	ck_assert_str_eq(e2e_line_nth(init, "argument ", 5), "-h");
	ck_assert_uint_eq(e2e_count(init, "argument "), 5);
	e2e_check_silent(init);
}
END_TEST

START_TEST(a_lone_dash_is_the_name_of_a_program)
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
END_TEST

START_TEST(an_empty_word_is_the_name_of_a_program_that_is_not_found)
{
	struct e2e *init = e2e_start(&(struct e2e_setup){ .mode = _i }, "-g",
				     "", NULL);

	e2e_check_exit(init, 127);
	e2e_check(init, e2e_said(init, "") == 1);
}
END_TEST

/* Ways to write options. */

START_TEST(options_are_taken_in_every_way_to_write_them)
{
	/* Those with two words take the second as the value. */
	static const char *const ways[][2] = {
		{ "-g" }, { "--group" }, { "-c" }, { "--single-child" },
		{ "-gc" }, { "-gcsaw" }, { "-s" }, { "--subreaper" },
		{ "-a" }, { "--wait-all" }, { "-w" }, { "--warn-reaped" },
		{ "-q" }, { "--quiet" }, { "-g", "-g" },
		{ "-t0" }, { "-t", "0" }, { "-t5" }, { "-t", "5" },
		{ "--grace", "5" }, { "--grace=5" }, { "-gt5" },
		{ "-gct", "5" }, { "-t10s" }, { "-t500ms" }, { "-t2m" },
		{ "-t0ms" }, { "-t2147483648ms" }, { "-t2147483s" },
		{ "-t35791m" }, { "-t00010" },
		{ "-k0" }, { "-k", "10s" }, { "--kill-after", "1m" },
		{ "--kill-after=500ms" }, { "-qk2147483648ms" },
		{ "-r15:3" }, { "-r", "TERM:QUIT" }, { "--rewrite", "15:3" },
		{ "--rewrite=sigterm:SigQuit" }, { "-rRTMIN+3:RTMAX-1" },
		{ "-rpoll:iot" }, { "-r64:0" }, { "-rTERM:TERM" },
		{ "-rTERM:KILL" }, { "-r34:RTMIN" }, { "-rRTMAX-30:RTMIN+30" },
		{ "-e0" }, { "-e", "TERM" }, { "--remap-exit", "255" },
		{ "--remap-exit=rtmin+3" }, { "-e143", "-e5" },
		{ "-dTERM" }, { "-d", "15" }, { "--death-signal", "KILL" },
		{ "--death-signal=64" },
		{ "-pTERM" }, { "-p", "15" }, { "--parent-death", "CONT" },
		{ "--parent-death=rtmax" }, { "-gpHUP" },
	};
	const struct e2e_setup setup = { .mode = _i };
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
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
END_TEST

/* Mistakes. */

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

START_TEST(a_mistake_is_named_in_one_line_then_the_usage_and_125)
{
	static const struct {
		const char *words[2];
		const char *named;
		const char *value;
	} mistakes[] = {
		{ { "-Z" }, "-Z", NULL },
		{ { "-gZ" }, "-Z", NULL },
		{ { "-g-" }, "--", NULL },
		{ { "--nonsense" }, "--nonsense", NULL },
		{ { "--nonsense=5" }, "--nonsense", NULL },
		{ { "--grou" }, "--grou", NULL },
		{ { "--groupx" }, "--groupx", NULL },
		{ { "--GROUP" }, "--GROUP", NULL },
		{ { "--g" }, "--g", NULL },
		{ { "--=" }, "--", NULL },
		{ { "--group=1" }, "--group", NULL },
		{ { "--group=" }, "--group", NULL },
		{ { "--verbose=2" }, "--verbose", NULL },
		{ { "--version=2" }, "--version", NULL },
		{ { "-t-1" }, "-t", "-1" },
		{ { "-t", "-1" }, "-t", "-1" },
		{ { "-t", "" }, "-t", NULL },
		{ { "--grace=" }, "--grace", NULL },
		{ { "-tx" }, "-t", "x" },
		{ { "-t5x" }, "-t", "5x" },
		{ { "-t1h" }, "-t", "1h" },
		{ { "-t1.5" }, "-t", "1.5" },
		{ { "-t5 " }, "-t", "5 " },
		{ { "-t 5" }, "-t", " 5" },
		{ { "-t+5" }, "-t", "+5" },
		{ { "-ts" }, "-t", "s" },
		{ { "-t0x10" }, "-t", "0x10" },
		{ { "-t2147483649ms" }, "-t", "2147483649ms" },
		{ { "-t2147484s" }, "-t", "2147484s" },
		{ { "-t2147484" }, "-t", "2147484" },
		{ { "-t35792m" }, "-t", "35792m" },
		{ { "-t4294967296" }, "-t", "4294967296" },
		{ { "-t18446744073709551616" }, "-t",
		  "18446744073709551616" },
		{ { "--grace", "99999999999999999999999999m" }, "--grace",
		  "99999999999999999999999999m" },
		{ { "-k", "never" }, "-k", "never" },
		{ { "--kill-after=-5" }, "--kill-after", "-5" },
		{ { "-e256" }, "-e", "256" },
		{ { "-e-1" }, "-e", "-1" },
		{ { "-e", "" }, "-e", NULL },
		{ { "-e", "nonsense" }, "-e", "nonsense" },
		{ { "--remap-exit=7x" }, "--remap-exit", "7x" },
		{ { "-e4294967296" }, "-e", "4294967296" },
		{ { "-d0" }, "-d", "0" },
		{ { "-d65" }, "-d", "65" },
		{ { "-d", "NOSUCH" }, "-d", "NOSUCH" },
		{ { "--death-signal=SIG" }, "--death-signal", "SIG" },
		{ { "-p0" }, "-p", "0" },
		{ { "-p", "" }, "-p", NULL },
		{ { "-p-15" }, "-p", "-15" },
		{ { "-pRTMIN+31" }, "-p", "RTMIN+31" },
		{ { "-pRTMAX-31" }, "-p", "RTMAX-31" },
		{ { "-pRTMIN-1" }, "-p", "RTMIN-1" },
		{ { "-pRTMAX+1" }, "-p", "RTMAX+1" },
		{ { "-pRTMIN+" }, "-p", "RTMIN+" },
		{ { "--parent-death=SIGSIGTERM" }, "--parent-death",
		  "SIGSIGTERM" },
		{ { "-rTERM" }, "-r", "TERM" },
		{ { "-rTERM:" }, "-r", "TERM:" },
		{ { "-r:TERM" }, "-r", ":TERM" },
		{ { "-r:" }, "-r", ":" },
		{ { "-r", "" }, "-r", NULL },
		{ { "-rTERM:INT:HUP" }, "-r", "TERM:INT:HUP" },
		{ { "-rTERM:65" }, "-r", "TERM:65" },
		{ { "-r65:TERM" }, "-r", "65:TERM" },
		{ { "-r0:TERM" }, "-r", "0:TERM" },
		{ { "-rTERM:-1" }, "-r", "TERM:-1" },
		{ { "-rTERM=INT" }, "-r", "TERM=INT" },
		{ { "-rKILL:TERM" }, "-r", "KILL:TERM" },
		{ { "-r9:0" }, "-r", "9:0" },
		{ { "-rSTOP:TSTP" }, "-r", "STOP:TSTP" },
		{ { "--rewrite", "SIGCHLD:USR1" }, "--rewrite",
		  "SIGCHLD:USR1" },
		{ { "--rewrite=cld:0" }, "--rewrite", "cld:0" },
		{ { "-gtx" }, "-t", "x" },
		{ { "-P" }, "-P", NULL },
		{ { "--pause" }, "-P", NULL },
		{ { "-Pg" }, "-P", NULL },
	};
	const struct e2e_setup setup = { .mode = _i };
	size_t i;

	for (i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
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
END_TEST

START_TEST(an_option_at_the_end_that_lacks_its_value_is_a_mistake)
{
	static const char *const options[] = {
		"-r", "-t", "-k", "-e", "-d", "-p", "--rewrite", "--grace",
		"--kill-after", "--remap-exit", "--death-signal",
		"--parent-death",
	};
	const struct e2e_setup setup = { .mode = _i };
	size_t i;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		check_mistake(e2e_start(&setup, "-g", options[i], NULL),
			      options[i], NULL);
	check_mistake(e2e_start(&setup, "-gt", NULL), "-t", NULL);
}
END_TEST

START_TEST(no_program_is_a_mistake)
{
	const struct e2e_setup setup = { .mode = _i };

	check_mistake(e2e_start(&setup, NULL), "", NULL);
	check_mistake(e2e_start(&setup, "--", NULL), "", NULL);
	check_mistake(e2e_start(&setup, "-g", "-t5", NULL), "", NULL);
}
END_TEST

START_TEST(a_mistake_in_foster_options_says_that_it_came_from_there)
{
	static const struct {
		const char *variable;
		const char *named;
	} mistakes[] = {
		{ "FOSTER_OPTIONS=-Z", "-Z" },
		{ "FOSTER_OPTIONS=-g -gZ", "-Z" },
		{ "FOSTER_OPTIONS=--nonsense", "--nonsense" },
		{ "FOSTER_OPTIONS=-t", "-t" },
		{ "FOSTER_OPTIONS=-t ", "-t" },
		{ "FOSTER_OPTIONS=-g -t x", "-t" },
		{ "FOSTER_OPTIONS=--grace=x -g", "--grace" },
		{ "FOSTER_OPTIONS=-r KILL:TERM", "-r" },
		{ "FOSTER_OPTIONS=--group=1", "--group" },
		/* Words that have no place there. */
		{ "FOSTER_OPTIONS=-P", "-P" },
		{ "FOSTER_OPTIONS=--pause", "--pause" },
		{ "FOSTER_OPTIONS=-gP", "-P" },
		{ "FOSTER_OPTIONS=-h", "-h" },
		{ "FOSTER_OPTIONS=--help", "--help" },
		{ "FOSTER_OPTIONS=-V", "-V" },
		{ "FOSTER_OPTIONS=--version", "--version" },
		{ "FOSTER_OPTIONS=-g --version", "--version" },
		{ "FOSTER_OPTIONS=-l", "-l" },
		{ "FOSTER_OPTIONS=-L", "-L" },
		{ "FOSTER_OPTIONS=--license", "--license" },
		{ "FOSTER_OPTIONS=--", "--" },
		{ "FOSTER_OPTIONS=-g --", "--" },
		{ "FOSTER_OPTIONS=-", "-" },
		{ "FOSTER_OPTIONS=program", "program" },
		{ "FOSTER_OPTIONS=-g program -c", "program" },
	};
	size_t i;

	for (i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		const char *const environment[] = {
			mistakes[i].variable, NULL
		};

		check_mistake(e2e_start(
			&(struct e2e_setup){
				.mode = _i, .environment = environment,
			},
			"-g", "--", e2e_actor("report"), NULL),
			"FOSTER_OPTIONS", mistakes[i].named);
	}
}
END_TEST

START_TEST(a_mistake_on_the_command_line_does_not_say_foster_options)
{
	static const char *const environment[] = { "FOSTER_OPTIONS=-g", NULL };
	struct e2e *init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .environment = environment },
		"-Z", "--", e2e_actor("report"), NULL);

	e2e_check_exit(init, 125);
	e2e_check(init, strstr(error_line(init, 1), "FOSTER_OPTIONS") == NULL);
	e2e_check(init, strstr(error_line(init, 1), "-Z") != NULL);
}
END_TEST

START_TEST(of_several_mistakes_the_first_is_named)
{
	check_mistake(e2e_start(&(struct e2e_setup){ .mode = _i }, "-gY", "-Z",
				"-e256", "--", e2e_actor("report"), NULL),
		      "-Y", NULL);
}
END_TEST

/* Questions: help, version, licence. */

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

START_TEST(the_version_is_one_line_and_nothing_is_started)
{
	const struct e2e_setup setup = { .mode = _i };

	check_version(answer_of(e2e_start(&setup, "-V", NULL)),
		      "foster version ", "\n");
	check_version(answer_of(e2e_start(&setup, "--version", NULL)),
		      "foster version ", "\n");
	check_version(answer_of(e2e_start(&setup, "-gqV", NULL)),
		      "foster version ", "\n");
	check_version(answer_of(e2e_start(&setup, "-g", "-t5", "--version",
					  "--", e2e_actor("report"), NULL)),
		      "foster version ", "\n");
	check_version(answer_of(e2e_start(&setup, "-V", e2e_actor("report"),
					  NULL)),
		      "foster version ", "\n");
}
END_TEST

START_TEST(called_as_an_engine_s_init_its_version_is_that_of_a_tini)
{
	static const char *const names[] = {
		"tini", "./tini", "/sbin/tini", "tini-static",
		"/usr/bin/tini-static", "docker-init", "/sbin/docker-init",
		"catatonit", "/usr/libexec/podman/catatonit", "/catatonit",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct e2e_setup setup = { .mode = _i, .name = names[i] };

		check_version(answer_of(e2e_start(&setup, "--version", NULL)),
			      "tini version ", "-foster\n");
		check_version(answer_of(e2e_start(&setup, "-V", NULL)),
			      "tini version ", "-foster\n");
	}
}
END_TEST

START_TEST(called_by_any_other_name_its_version_is_its_own)
{
	static const char *const names[] = {
		"foster", "init", "/sbin/init", "dumb-init", "/pause", "pause",
		"tini-", "xtini", "tini2", "TINI", "tini/init", "docker",
		"catatonit/", "", "/",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct e2e_setup setup = { .mode = _i, .name = names[i] };

		check_version(answer_of(e2e_start(&setup, "--version", NULL)),
			      "foster version ", "\n");
	}
}
END_TEST

START_TEST(the_licence_is_one_line_and_nothing_is_started)
{
	static const char *const options[] = { "-l", "-L", "--license" };
	const struct e2e_setup setup = { .mode = _i };
	size_t i;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		const char *text = answer_of(e2e_start(
			&setup, options[i], "--", e2e_actor("report"), NULL));

		ck_assert_msg(is_one_line(text) &&
			      strstr(text, "opyright") != NULL &&
			      strstr(text, "LICENSE") != NULL,
			      "%s: %s", options[i], text);
	}
}
END_TEST

START_TEST(the_help_names_every_option_and_nothing_is_started)
{
	static const char *const words[] = {
		"-g, --group", "-c, --single-child", "-r, --rewrite",
		"-t, --grace", "-k, --kill-after", "-e, --remap-exit",
		"-a, --wait-all", "-d, --death-signal", "-p, --parent-death",
		"-s, --subreaper", "-P, --pause", "-w, --warn-reaped",
		"-q, --quiet", "-v, --verbose", "-h, --help", "-V, --version",
		"-l, --license", "-L", "usage: foster",
	};
	const struct e2e_setup setup = { .mode = _i };
	const char *text = answer_of(e2e_start(&setup, "-h", "--",
					       e2e_actor("report"), NULL));
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		ck_assert_msg(strstr(text, words[i]) != NULL,
			      "no %s in the help:\n%s", words[i], text);
	ck_assert_ptr_null(strstr(text, "argument "));
	ck_assert_str_eq(answer_of(e2e_start(&setup, "-g", "--help", NULL)),
			 text);
}
END_TEST

/* Rewriting. */

START_TEST(every_signal_can_be_rewritten_to_another)
{
	/* Each to the next one that can be handed over, the last to HUP. */
	char options[E2E_LAST_SIGNAL][16];
	const char *words[E2E_LAST_SIGNAL] = { NULL };
	int as[E2E_LAST_SIGNAL + 1], signal, next, count = 0;
	struct e2e *init;

	for (signal = 1; signal <= E2E_LAST_SIGNAL; signal++) {
		if (!is_handed_over(signal))
			continue;
		next = signal;
		do
			next = next % E2E_LAST_SIGNAL + 1;
		while (!is_handed_over(next));
		as[signal] = next;
		snprintf(options[count], sizeof(options[0]), "-r%d:%d", signal,
			 next);
		words[count] = options[count];
		count++;
	}
	ck_assert_int_eq(count, 61);
#define WORDS_8(i) words[i], words[i + 1], words[i + 2], words[i + 3], \
	words[i + 4], words[i + 5], words[i + 6], words[i + 7]
	init = e2e_start(&(struct e2e_setup){ .mode = _i }, WORDS_8(0),
			 WORDS_8(8), WORDS_8(16), WORDS_8(24), WORDS_8(32),
			 WORDS_8(40), WORDS_8(48), words[56], words[57],
			 words[58], words[59], words[60], e2e_actor("signals"),
			 NULL);
	e2e_line(init, "ready");

	for (signal = 1; signal <= E2E_LAST_SIGNAL; signal++)
		if (is_handed_over(signal))
			exchange(init, signal, as[signal]);

	e2e_check(init, e2e_count(init, "got ") == (size_t)count);
	e2e_check_silent(init);
}
END_TEST

START_TEST(signals_are_rewritten_by_names_in_any_case_and_by_numbers)
{
	static const struct {
		const char *option;
		int sent, expected;
	} cases[] = {
		{ "-rTERM:QUIT", SIGTERM, SIGQUIT },
		{ "-rSIGTERM:SIGQUIT", SIGTERM, SIGQUIT },
		{ "-rsigTerm:quit", SIGTERM, SIGQUIT },
		{ "-r15:3", SIGTERM, SIGQUIT },
		{ "-rHUP:10", SIGHUP, SIGUSR1 },
		{ "-rRTMIN+3:RTMAX-1", 37, 63 },
		{ "-rsigrtmin:sigrtmax", 34, 64 },
		{ "-r64:TERM", 64, SIGTERM },
		{ "-rTERM:RTMIN", SIGTERM, 34 },
		{ "-rIO:SYS", SIGIO, SIGSYS },
		{ "-rPOLL:SYS", SIGIO, SIGSYS },
		{ "-rIOT:SYS", SIGABRT, SIGSYS },
		{ "-rTERM:TERM", SIGTERM, SIGTERM },
		{ "--rewrite=WINCH:HUP", SIGWINCH, SIGHUP },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct e2e *init = e2e_start(&(struct e2e_setup){ .mode = _i },
					     cases[i].option, "--",
					     e2e_actor("signals"), NULL);

		e2e_line(init, "ready");
		exchange(init, cases[i].sent, cases[i].expected);
		e2e_check(init, e2e_count(init, "got ") == 1);
		e2e_check_silent(init);
		e2e_end(init);
	}
}
END_TEST

START_TEST(a_signal_rewritten_to_0_is_dropped)
{
	struct e2e *init = e2e_start(&(struct e2e_setup){ .mode = _i }, "-r",
				     "TERM:0", "-rUSR1:0", "--",
				     e2e_actor("signals"), NULL);

	e2e_line(init, "ready");
	e2e_kill(init, SIGTERM);
	e2e_kill(init, SIGUSR1);
	/* It comes after those with a lower number. */
	exchange(init, SIGIO, SIGIO);
	exchange(init, SIGIO, SIGIO);

	e2e_check(init, e2e_count(init, "got ") == 2);
	e2e_check(init, !e2e_is_over(init));
	e2e_check_silent(init);
}
END_TEST

START_TEST(signals_are_rewritten_in_one_pass)
{
	/* Two are exchanged, and there is no chain. */
	struct e2e *init = e2e_start(
		&(struct e2e_setup){ .mode = _i },
		"-rUSR1:USR2", "-rUSR2:USR1", "-rHUP:INT", "-rINT:QUIT", "--",
		e2e_actor("signals"), NULL);

	e2e_line(init, "ready");
	exchange(init, SIGUSR1, SIGUSR2);
	exchange(init, SIGUSR2, SIGUSR1);
	exchange(init, SIGHUP, SIGINT);
	exchange(init, SIGINT, SIGQUIT);
	e2e_check(init, e2e_count(init, "got ") == 4);
}
END_TEST

START_TEST(of_two_rewritings_of_a_signal_the_last_wins)
{
	struct e2e *init = e2e_start(
		&(struct e2e_setup){ .mode = _i },
		"-rUSR1:0", "-rUSR1:HUP", "-r10:USR2", "-rINT:0", "-rINT:INT",
		"--", e2e_actor("signals"), NULL);

	e2e_line(init, "ready");
	exchange(init, SIGUSR1, SIGUSR2);
	exchange(init, SIGINT, SIGINT);
	e2e_check(init, e2e_count(init, "got ") == 2);
}
END_TEST

START_TEST(a_rewritten_signal_keeps_its_value)
{
	struct e2e *init = e2e_start(&(struct e2e_setup){ .mode = _i },
				     "-r40:50", "-rUSR1:41", "--",
				     e2e_actor("signals"), NULL);

	e2e_line(init, "ready");
	ck_assert_int_eq(e2e_queue(init, 40, 4711), 0);
	e2e_check(init, strstr(e2e_line(init, got(50)), "value 4711") != NULL);
	ck_assert_int_eq(e2e_queue(init, SIGUSR1, 4712), 0);
	e2e_check(init, strstr(e2e_line(init, got(41)), "value 4712") != NULL);
}
END_TEST

START_TEST(a_signal_can_be_rewritten_to_kill)
{
	struct e2e *init = e2e_start(&(struct e2e_setup){ .mode = _i },
				     "-rTERM:KILL", "--", e2e_actor("signals"),
				     NULL);

	e2e_line(init, "ready");
	e2e_kill(init, SIGTERM);
	e2e_check_exit(init, 128 + SIGKILL);
	e2e_check_silent(init);
}
END_TEST

/* Who gets the signals. */

/* Fails unless signals go to the whole group, or to the program alone. */
static void check_receivers(struct e2e *init, bool whole_group)
{
	static const int signals[] = { SIGUSR1, SIGIO, 40, SIGIO };
	size_t i;

	e2e_line(init, "ready");
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		exchange(init, signals[i], signals[i]);
		/* One after the other: signals that wait may merge. */
		if (whole_group)
			e2e_line_nth(init, "member got ", i + 1);
	}
	e2e_check(init, e2e_count(init, "got ") == i);
	e2e_check(init, e2e_count(init, "member got ") ==
		  (whole_group ? i : 0));
	e2e_end(init);
}

START_TEST(called_dumb_init_it_signals_the_group)
{
	static const struct {
		const char *name, *option, *variable;
		bool whole_group;
	} cases[] = {
		{ "dumb-init", "--", NULL, true },
		{ "/usr/bin/dumb-init", "--", NULL, true },
		{ "dumb-init", "-c", NULL, false },
		{ "dumb-init", "--single-child", NULL, false },
		{ "dumb-init", "-cg", NULL, true },
		{ "dumb-init", "--", "DUMB_INIT_SETSID=0", false },
		{ "dumb-init", "-g", "DUMB_INIT_SETSID=0", true },
		{ "dumb-init", "--", "DUMB_INIT_SETSID=1", true },
		{ "dumb-init", "--", "DUMB_INIT_SETSID=", true },
		{ "dumb-init", "-c", "DUMB_INIT_SETSID=1", false },
		{ "dumb-init", "--", "FOSTER_OPTIONS=-c", false },
		{ "dumb-init2", "--", NULL, false },
		{ "xdumb-init", "--", NULL, false },
		{ "foster", "--", "DUMB_INIT_SETSID=1", false },
		{ "foster", "-g", "DUMB_INIT_SETSID=0", true },
		{ "tini", "--", NULL, false },
		{ "catatonit", "--", NULL, false },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *const environment[] = { cases[i].variable, NULL };

		check_receivers(e2e_start(
			&(struct e2e_setup){
				.mode = _i,
				.name = cases[i].name,
				.environment = environment,
			},
			cases[i].option, e2e_actor("signals"), "-m", NULL),
			cases[i].whole_group);
	}
}
END_TEST

START_TEST(tini_kill_process_group_counts_when_it_is_set_at_all)
{
	static const struct {
		const char *variable, *option;
		bool whole_group;
	} cases[] = {
		{ "TINI_KILL_PROCESS_GROUP=1", "--", true },
		{ "TINI_KILL_PROCESS_GROUP=", "--", true },
		{ "TINI_KILL_PROCESS_GROUP=0", "--", true },
		{ "TINI_KILL_PROCESS_GROUP=1", "-c", false },
		{ "TINI_KILL_PROCESS_GROUPS=1", "--", false },
		{ "TINI_KILL_PROCESS_GROU=1", "--", false },
		{ "TINI_KILL_PROCESS_GROUP", "--", false },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *const environment[] = { cases[i].variable, NULL };

		check_receivers(e2e_start(
			&(struct e2e_setup){
				.mode = _i, .environment = environment,
			},
			cases[i].option, e2e_actor("signals"), "-m", NULL),
			cases[i].whole_group);
	}
}
END_TEST

START_TEST(foster_options_come_before_the_command_line)
{
	static const struct {
		const char *variable, *option;
		bool whole_group;
	} cases[] = {
		{ "FOSTER_OPTIONS=-g", "--", true },
		{ "FOSTER_OPTIONS=-g", "-c", false },
		{ "FOSTER_OPTIONS=-c", "-g", true },
		{ "FOSTER_OPTIONS= \t-c\n--group\t ", "--", true },
		{ "FOSTER_OPTIONS=--grace 5 -g", "--", true },
		{ "FOSTER_OPTIONS=", "--", false },
		{ "FOSTER_OPTIONS=  \t\n ", "-c", false },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *const environment[] = { cases[i].variable, NULL };

		check_receivers(e2e_start(
			&(struct e2e_setup){
				.mode = _i, .environment = environment,
			},
			cases[i].option, e2e_actor("signals"), "-m", NULL),
			cases[i].whole_group);
	}
}
END_TEST

START_TEST(variables_of_other_inits_are_passed_on_but_not_foster_s)
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
END_TEST

START_TEST(the_subreaper_can_be_asked_for_and_that_changes_nothing)
{
	static const char *const variables[] = {
		"TINI_SUBREAPER=1", "TINI_SUBREAPER=", "TINI_SUBREAPER=0",
		"A=1",
	};
	size_t i;

	for (i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
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
END_TEST

/* How much is said. */

/*
 * The number of lines that it says in a life with a bit of everything: it is
 * refused to be a subreaper, and a signal is handed over.
 */
static size_t count_words(const char *test, const char *name,
			  const char *variable, const char *first,
			  const char *second)
{
	const char *const environment[] = { variable, NULL };
	const struct e2e_setup setup = {
		.mode = E2E_SUBREAPER,
		.name = name,
		.environment = environment,
		.refuse = { { SYS_prctl, EINVAL, true,
			      PR_SET_CHILD_SUBREAPER } },
	};
	struct e2e *init = second == NULL ?
		e2e_start_from(test, &setup, first, "--", e2e_actor("signals"),
			       "29", NULL) :
		e2e_start_from(test, &setup, first, second, "--",
			       e2e_actor("signals"), "29", NULL);
	size_t count;

	e2e_line(init, "ready");
	exchange(init, SIGUSR1, SIGUSR1);
	e2e_kill(init, SIGIO);
	e2e_check_exit(init, 0);
	count = e2e_said(init, "");
	e2e_check(init, e2e_said(init, "foster: ") == count);
	/* On standard output is what the program says, and no more. */
	e2e_check(init, e2e_count(init, "") == 3);
	e2e_end(init);
	return count;
}

enum { QUIET, NORMAL, VERBOSE, EVERYTHING, LEVELS };

static void count_levels(const char *test, size_t counts[LEVELS])
{
	counts[QUIET] = count_words(test, NULL, NULL, "-q", NULL);
	counts[NORMAL] = count_words(test, NULL, NULL, "-c", NULL);
	counts[VERBOSE] = count_words(test, NULL, NULL, "-v", NULL);
	counts[EVERYTHING] = count_words(test, NULL, NULL, "-vv", NULL);
}

START_TEST(q_says_nothing_v_says_more_and_vv_yet_more)
{
	size_t counts[LEVELS];

	count_levels(__func__, counts);

	ck_assert_uint_eq(counts[QUIET], 0);
	ck_assert_uint_eq(counts[NORMAL], 1);
	ck_assert_uint_gt(counts[VERBOSE], counts[NORMAL]);
	ck_assert_uint_gt(counts[EVERYTHING], counts[VERBOSE]);
}
END_TEST

START_TEST(of_quiet_and_verbose_in_every_writing_the_last_wins)
{
	static const struct {
		const char *first, *second;
		int level;
	} cases[] = {
		{ "--quiet", NULL, QUIET }, { "--verbose", NULL, VERBOSE },
		{ "-v", "-v", EVERYTHING },
		{ "--verbose", "--verbose", EVERYTHING },
		{ "-v", "--verbose", EVERYTHING },
		{ "-vvv", NULL, EVERYTHING }, { "-vvvv", "-v", EVERYTHING },
		{ "-v", "-q", QUIET }, { "-vvq", NULL, QUIET },
		{ "-q", "-v", VERBOSE }, { "-qqv", NULL, VERBOSE },
		{ "-q", "-vv", EVERYTHING },
	};
	size_t counts[LEVELS], i;

	count_levels(__func__, counts);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ck_assert_msg(count_words(__func__, NULL, NULL, cases[i].first,
					  cases[i].second) ==
			      counts[cases[i].level], "%s %s is not level %d",
			      cases[i].first, cases[i].second != NULL ?
			      cases[i].second : "", cases[i].level);
}
END_TEST

START_TEST(tini_verbosity_and_dumb_init_debug_say_how_much_is_said)
{
	static const struct {
		const char *name, *variable, *option;
		int level;
	} cases[] = {
		{ NULL, "TINI_VERBOSITY=0", "-c", QUIET },
		{ NULL, "TINI_VERBOSITY=1", "-c", NORMAL },
		{ NULL, "TINI_VERBOSITY=2", "-c", VERBOSE },
		{ NULL, "TINI_VERBOSITY=3", "-c", EVERYTHING },
		{ NULL, "TINI_VERBOSITY=4", "-c", EVERYTHING },
		{ NULL, "TINI_VERBOSITY=1000", "-c", EVERYTHING },
		{ NULL, "TINI_VERBOSITY=", "-c", NORMAL },
		{ NULL, "TINI_VERBOSITY=-1", "-c", NORMAL },
		{ NULL, "TINI_VERBOSITY=x", "-c", NORMAL },
		{ NULL, "TINI_VERBOSITY=0x", "-c", NORMAL },
		{ NULL, "TINI_VERBOSITY= 0", "-c", NORMAL },
		{ NULL, "TINI_VERBOSITY=3x", "-c", NORMAL },
		/* The command line has the last word. */
		{ NULL, "TINI_VERBOSITY=3", "-q", QUIET },
		{ "tini", "TINI_VERBOSITY=2", "-c", VERBOSE },
		{ NULL, "FOSTER_OPTIONS=-q", "-c", QUIET },
		{ NULL, "FOSTER_OPTIONS=-vv", "-c", EVERYTHING },
		{ NULL, "FOSTER_OPTIONS=-v", "-v", EVERYTHING },
		{ "dumb-init", "DUMB_INIT_DEBUG=1", "-c", EVERYTHING },
		{ "dumb-init", "DUMB_INIT_DEBUG=0", "-c", NORMAL },
		{ "dumb-init", "DUMB_INIT_DEBUG=", "-c", NORMAL },
		{ "dumb-init", "DUMB_INIT_DEBUG=1", "-q", QUIET },
		{ "foster", "DUMB_INIT_DEBUG=1", "-c", NORMAL },
		{ "tini", "DUMB_INIT_DEBUG=1", "-c", NORMAL },
	};
	size_t counts[LEVELS], i;

	count_levels(__func__, counts);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ck_assert_msg(count_words(__func__, cases[i].name,
					  cases[i].variable, cases[i].option,
					  NULL) == counts[cases[i].level],
			      "%s: %s is not level %d",
			      cases[i].name != NULL ? cases[i].name : "foster",
			      cases[i].variable, cases[i].level);
}
END_TEST

START_TEST(q_still_says_that_the_program_could_not_be_started)
{
	struct e2e *init = e2e_start(&(struct e2e_setup){ .mode = _i }, "-q",
				     "--", "/nowhere/at-all", NULL);

	e2e_check_exit(init, 127);
	e2e_check(init, e2e_said(init, "/nowhere/at-all") == 1);
	check_mistake(e2e_start(&(struct e2e_setup){ .mode = _i }, "-q", "-Z",
				NULL), "-Z", NULL);
}
END_TEST

START_TEST(a_death_by_a_signal_is_said_but_not_with_q)
{
	struct e2e *init = e2e_start(&(struct e2e_setup){ .mode = _i }, "--",
				     e2e_actor("ends"), "-s", "9", NULL);

	e2e_check_exit(init, 128 + SIGKILL);
	e2e_check(init, e2e_said(init, "SIGKILL") == 1);
	e2e_check(init, e2e_said(init, "") == 1);
	init = e2e_start(&(struct e2e_setup){ .mode = _i }, "-q", "--",
			 e2e_actor("ends"), "-s", "9", NULL);
	e2e_check_exit(init, 128 + SIGKILL);
	e2e_check_silent(init);
}
END_TEST

/* An orphan comes to the init and is killed; says its number inside. */
static struct e2e *bury_orphan(const char *test, enum e2e_mode mode,
			       const char *option, char *number, size_t room)
{
	struct e2e *init;
	long long inner;
	pid_t orphan;
	int ends[2];

	e2e_pipe(ends);
	init = e2e_start_from(
		test, &(struct e2e_setup){ .mode = mode, .stdio = { ends[0] } },
		option, "--", e2e_actor("orphan"), "5", NULL);
	inner = e2e_number(init, "orphan");
	snprintf(number, room, " %lld", inner);
	orphan = e2e_pid(init, (pid_t)inner);
	kill(orphan, SIGKILL);
	e2e_wait_gone(init, orphan);
	e2e_wait_idle(init);
	close(ends[0]);
	close(ends[1]);
	e2e_check_exit(init, 5);
	e2e_check(init, e2e_count(init, "") == 1);
	return init;
}

START_TEST(w_says_each_orphan_that_was_reaped_and_nothing_else)
{
	char number[32];
	struct e2e *init = bury_orphan(__func__, _i, "-w", number,
				       sizeof(number));

	e2e_check(init, e2e_said(init, "foster: ") == 1);
	e2e_check(init, e2e_said(init, number) == 1);
	e2e_check(init, e2e_said(init, "") == 1);
	init = bury_orphan(__func__, _i, "--warn-reaped", number,
			   sizeof(number));
	e2e_check(init, e2e_said(init, number) == 1);
	e2e_check(init, e2e_said(init, "") == 1);
}
END_TEST

START_TEST(vv_says_each_reaped_process_and_each_signal)
{
	char number[32];
	struct e2e *init = bury_orphan(__func__, _i, "-vv", number,
				       sizeof(number));

	e2e_check(init, e2e_said(init, number) >= 1);
	init = e2e_start(&(struct e2e_setup){ .mode = _i }, "-vv", "--",
			 e2e_actor("signals"), NULL);
	e2e_line(init, "ready");
	exchange(init, SIGUSR1, SIGUSR1);
	e2e_check(init, e2e_said(init, "SIGUSR1") >= 1);
	exchange(init, 37, 37);
	e2e_check(init, e2e_said(init, "RTMIN+3") >= 1);
}
END_TEST

START_TEST(without_w_and_v_a_reaped_orphan_is_not_mentioned)
{
	char number[32];

	e2e_check_silent(bury_orphan(__func__, _i, "-c", number,
				     sizeof(number)));
}
END_TEST

/* Times. */

/* Whether it waits no longer than some time, which is when something is due. */
static bool has_deadline(struct e2e *init)
{
	unsigned long set, info, limit = 0;
	char path[64], *text;
	int call = -1;

	snprintf(path, sizeof(path), "/proc/%d/syscall", (int)init->pid);
	e2e_wait_idle(init);
	text = e2e_read(path, NULL);
	if (text == NULL)
		e2e_skip("/proc/PID/syscall");
	if (sscanf(text, "%d %lx %lx %lx", &call, &set, &info, &limit) != 4 ||
	    call != SYS_rt_sigtimedwait)
		e2e_fail(init, __FILE__, __LINE__, "not idle: %s", text);
	free(text);
	return limit != 0;
}

START_TEST(a_program_that_outlives_k_is_killed)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGQUIT };
	int signal = signals[_i / E2E_MODES];
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = (enum e2e_mode)(_i % E2E_MODES),
		},
		"-k", "20ms", "--", e2e_actor("signals"), NULL);

	e2e_line(init, "ready");
	e2e_kill(init, signal);

	e2e_check_exit(init, 128 + SIGKILL);
	e2e_check(init, e2e_said(init, "foster: ") <= 1);
}
END_TEST

START_TEST(k_counts_from_the_signal_that_is_handed_over)
{
	static const struct {
		const char *first, *second;
		int sent, expected;
		bool has_deadline;
	} cases[] = {
		{ "-k60", "-c", SIGTERM, SIGTERM, true },
		{ "-k60", "-c", SIGINT, SIGINT, true },
		{ "-k60", "-c", SIGQUIT, SIGQUIT, true },
		{ "-k60", "-g", SIGTERM, SIGTERM, true },
		{ "-k60", "-c", SIGHUP, SIGHUP, false },
		{ "-k60", "-c", SIGUSR1, SIGUSR1, false },
		{ "-k60", "-rTERM:USR1", SIGTERM, SIGUSR1, false },
		{ "-k60", "-rUSR1:TERM", SIGUSR1, SIGTERM, true },
		{ "-k0", "-c", SIGTERM, SIGTERM, false },
		{ "-k60", "-k0", SIGTERM, SIGTERM, false },
		{ "-k0", "-k60", SIGTERM, SIGTERM, true },
		{ "-c", "-c", SIGTERM, SIGTERM, false },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct e2e *init = e2e_start(
			&(struct e2e_setup){ .mode = _i }, cases[i].first,
			cases[i].second, "--", e2e_actor("signals"), NULL);

		e2e_line(init, "ready");
		e2e_check(init, !has_deadline(init));
		exchange(init, cases[i].sent, cases[i].expected);
		if (has_deadline(init) != cases[i].has_deadline)
			e2e_fail(init, __FILE__, __LINE__, "%s %s, signal %d: "
				 "there should be %s deadline", cases[i].first,
				 cases[i].second, cases[i].sent,
				 cases[i].has_deadline ? "a" : "no");
		e2e_check_silent(init);
		e2e_end(init);
	}
}
END_TEST

/* The actor "frugal" leaves two processes behind, and is about to end. */
static struct e2e *leave_behind(const char *test, enum e2e_mode mode,
				const char *first, const char *second)
{
	struct e2e *init;
	int ends[2];

	e2e_pipe(ends);
	init = e2e_start_from(
		test, &(struct e2e_setup){ .mode = mode, .stdio = { ends[0] } },
		first, second, "--", e2e_actor("frugal"), "-l", "-l", "5",
		NULL);
	e2e_line(init, "ready");
	e2e_line_nth(init, "leftover ready", 2);
	close(ends[0]);
	close(ends[1]);
	return init;
}

START_TEST(with_t_0_it_exits_at_once_and_leaves_leftovers_alone)
{
	static const char *const zeroes[][2] = {
		{ "-t", "0" }, { "-t0s", "-c" }, { "--grace", "0ms" },
		{ "--grace=0m", "-c" }, { "-t5", "-t0" },
	};
	size_t i;

	for (i = 0; i < sizeof(zeroes) / sizeof(zeroes[0]); i++) {
		struct e2e *init = leave_behind(__func__, _i, zeroes[i][0],
						zeroes[i][1]);

		e2e_check_exit(init, 5);
		if (init->mode == E2E_SUBREAPER)
			e2e_check(init, e2e_survivors() == 2);
		e2e_check(init, e2e_count(init, "leftover got") == 0);
		e2e_check_silent(init);
		e2e_end(init);
	}
}
END_TEST

START_TEST(with_a_leftovers_may_run_on_until_it_is_told_to_stop)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGQUIT };
	struct e2e *init = leave_behind(
		__func__, (enum e2e_mode)(_i % E2E_MODES), "-t60",
		_i % 4 < E2E_MODES ? "-a" : "--wait-all");

	/* Not the program any more, but the two. */
	e2e_until(init, e2e_children(init->pid) == 2);
	e2e_check(init, !has_deadline(init));
	e2e_check(init, e2e_count(init, "leftover got") == 0);
	e2e_kill(init, signals[_i / E2E_MODES]);

	e2e_line_nth(init, "leftover got", 2);
	e2e_check_exit(init, 5);
	e2e_check_silent(init);
}
END_TEST

START_TEST(with_a_it_ends_when_the_last_leftover_has_gone)
{
	struct e2e *init;
	pid_t orphan;
	int ends[2];

	e2e_pipe(ends);
	init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .stdio = { ends[0] } },
		"-a", "-t60", "--", e2e_actor("orphan"), "5", NULL);
	orphan = e2e_pid(init, (pid_t)e2e_number(init, "orphan"));
	close(ends[0]);
	close(ends[1]);
	e2e_until(init, e2e_children(init->pid) == 1);
	e2e_check(init, !has_deadline(init));
	e2e_until(init, e2e_state(orphan) == 'S');

	kill(orphan, SIGKILL);

	e2e_check_exit(init, 5);
	e2e_check_silent(init);
}
END_TEST

/* Deaths of foster and of its parent. */

START_TEST(when_foster_dies_the_program_gets_the_signal_of_d)
{
	static const struct {
		const char *option;
		int signal;
	} cases[] = {
		{ "-dUSR1", SIGUSR1 }, { "-d15", SIGTERM },
		{ "--death-signal=rtmin+3", 37 }, { "-dHUP", SIGHUP },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		/* Who kills process 1 kills all in its namespace. */
		struct e2e *init = e2e_start(
			&(struct e2e_setup){ .mode = E2E_SUBREAPER },
			cases[i].option, "--", e2e_actor("signals"), NULL);

		e2e_line(init, "ready");
		e2e_kill(init, SIGKILL);
		e2e_line(init, got(cases[i].signal));
		e2e_check(init, e2e_count(init, "got ") == 1);
		e2e_end(init);
	}
}
END_TEST

START_TEST(when_foster_dies_the_program_gets_nothing_without_d)
{
	/* And a signal that is sent to it afterwards comes. */
	struct e2e *init = e2e_start(
		&(struct e2e_setup){ .mode = E2E_SUBREAPER }, "--",
		e2e_actor("stops"), NULL);
	pid_t program = (pid_t)e2e_number(init, "ready");

	e2e_wait_state(init, program, "T");
	e2e_kill(init, SIGKILL);
	ck_assert_int_eq(e2e_exit(init), -SIGKILL);
	e2e_until(init, e2e_status_number(init, program, "PPid", 10) !=
		  (unsigned long long)init->pid);
	ck_assert_uint_eq(e2e_status_number(init, program, "ShdPnd", 16), 0);
	kill(program, SIGTERM);
	kill(program, SIGCONT);
	ck_assert_int_eq(e2e_number(init, "got"), SIGTERM);
}
END_TEST

static long long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

START_TEST(whenever_foster_dies_the_program_does_not_outlive_it_with_d)
{
	/* Also in the moment in which the program is being started. */
	int i;

	for (i = 0; i < DEATHS; i++) {
		struct e2e *init = e2e_prepare(
			&(struct e2e_setup){ .mode = E2E_SUBREAPER },
			"-dKILL", "--", e2e_actor("waits"), "-q", NULL);
		long long until_us;

		e2e_go(init);
		until_us = now_us() + i * 7919LL % DEATHS_SPREAD_US;
		while (now_us() < until_us)
			;
		e2e_kill(init, SIGKILL);
		ck_assert_int_eq(e2e_exit(init), -SIGKILL);
		e2e_wait_end_of_output(init);
		e2e_end(init);
	}
}
END_TEST

START_TEST(when_its_parent_dies_foster_gets_the_signal_of_p)
{
	static const struct {
		const char *option;
		int signal;
	} cases[] = {
		{ "-pUSR1", SIGUSR1 }, { "-p15", SIGTERM },
		{ "--parent-death=rtmin+3", 37 }, { "-pINT", SIGINT },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct e2e_setup setup = {
			.mode = E2E_SUBREAPER, .binary = e2e_actor("parent"),
		};
		struct e2e *parent = _i == E2E_PROCESS_1 ?
			e2e_start(&setup, "-n", e2e_binary(), cases[i].option,
				  "--", e2e_actor("signals"), "29", NULL) :
			e2e_start(&setup, e2e_binary(), cases[i].option, "--",
				  e2e_actor("signals"), "29", NULL);

		if (e2e_line(parent, "")[0] == 'a')
			e2e_skip("PID namespaces");
		e2e_kill(parent, SIGKILL);
		e2e_line(parent, got(cases[i].signal));
		e2e_check(parent, e2e_count(parent, "got ") == 1);
		e2e_check(parent, parent->err.length == 0);
		e2e_end(parent);
	}
}
END_TEST

START_TEST(rewriting_counts_for_the_signal_of_p_too)
{
	struct e2e *parent = e2e_start(
		&(struct e2e_setup){
			.mode = E2E_SUBREAPER, .binary = e2e_actor("parent"),
		},
		e2e_binary(), "-pUSR1", "-rUSR1:USR2", "--",
		e2e_actor("signals"), NULL);

	e2e_line(parent, "ready");
	e2e_kill(parent, SIGKILL);
	e2e_line(parent, got(SIGUSR2));
}
END_TEST

/* As a script's interpreter. */

START_TEST(it_is_the_interpreter_of_a_script)
{
	char text[512];
	const char *script;
	struct e2e *init;

	if (strlen(e2e_binary()) > INTERPRETER_MAX)
		e2e_skip("an init with a shorter path");
	snprintf(text, sizeof(text), "#!%s /bin/sh\n"
		 "echo \"name $0\"\nfor a do echo \"argument $a\"; done\n"
		 "exit 7\n", e2e_binary());
	script = e2e_write_text(e2e_folder(), "script", 0755, text);
	init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .binary = script },
		"-g", "--version", "a b", NULL);

	e2e_check_exit(init, 7);
	ck_assert_str_eq(e2e_line(init, "name "), script);
	ck_assert_str_eq(e2e_line_nth(init, "argument ", 1), "-g");
	ck_assert_str_eq(e2e_line_nth(init, "argument ", 2), "--version");
	ck_assert_str_eq(e2e_line_nth(init, "argument ", 3), "a b");
	e2e_check(init, e2e_count(init, "argument ") == 3);
	e2e_check_silent(init);
}
END_TEST

Suite *options_suite(void)
{
	Suite *suite = suite_create("options");
	TCase *words = e2e_tcase(suite, "words");
	TCase *mistakes = e2e_tcase(suite, "mistakes");
	TCase *questions = e2e_tcase(suite, "questions");
	TCase *rewriting = e2e_tcase(suite, "rewriting");
	TCase *receivers = e2e_tcase(suite, "receivers");
	TCase *saying = e2e_tcase(suite, "saying");
	TCase *times = e2e_tcase(suite, "times");
	TCase *deaths = e2e_tcase(suite, "deaths");

	e2e_add_both(words, options_end_at_the_first_word_that_is_none);
	e2e_add_both(words, a_lone_dash_is_the_name_of_a_program);
	e2e_add_both(words,
		     an_empty_word_is_the_name_of_a_program_that_is_not_found);
	e2e_add_both(words, options_are_taken_in_every_way_to_write_them);
	e2e_add_both(words, it_is_the_interpreter_of_a_script);

	e2e_add_both(mistakes,
		     a_mistake_is_named_in_one_line_then_the_usage_and_125);
	e2e_add_both(mistakes,
		     an_option_at_the_end_that_lacks_its_value_is_a_mistake);
	e2e_add_both(mistakes, no_program_is_a_mistake);
	e2e_add_both(mistakes,
		     a_mistake_in_foster_options_says_that_it_came_from_there);
	e2e_add_both(mistakes,
		     a_mistake_on_the_command_line_does_not_say_foster_options);
	e2e_add_both(mistakes, of_several_mistakes_the_first_is_named);

	e2e_add_both(questions, the_version_is_one_line_and_nothing_is_started);
	e2e_add_both(questions,
		     called_as_an_engine_s_init_its_version_is_that_of_a_tini);
	e2e_add_both(questions,
		     called_by_any_other_name_its_version_is_its_own);
	e2e_add_both(questions, the_licence_is_one_line_and_nothing_is_started);
	e2e_add_both(questions,
		     the_help_names_every_option_and_nothing_is_started);

	e2e_add_both(rewriting, every_signal_can_be_rewritten_to_another);
	e2e_add_both(rewriting,
		     signals_are_rewritten_by_names_in_any_case_and_by_numbers);
	e2e_add_both(rewriting, a_signal_rewritten_to_0_is_dropped);
	e2e_add_both(rewriting, signals_are_rewritten_in_one_pass);
	e2e_add_both(rewriting, of_two_rewritings_of_a_signal_the_last_wins);
	e2e_add_both(rewriting, a_rewritten_signal_keeps_its_value);
	e2e_add_both(rewriting, a_signal_can_be_rewritten_to_kill);

	e2e_add_both(receivers, called_dumb_init_it_signals_the_group);
	e2e_add_both(receivers,
		     tini_kill_process_group_counts_when_it_is_set_at_all);
	e2e_add_both(receivers, foster_options_come_before_the_command_line);
	e2e_add_both(receivers,
		     variables_of_other_inits_are_passed_on_but_not_foster_s);
	e2e_add_both(receivers,
		     the_subreaper_can_be_asked_for_and_that_changes_nothing);

	e2e_add(saying, q_says_nothing_v_says_more_and_vv_yet_more);
	e2e_add(saying,
		of_quiet_and_verbose_in_every_writing_the_last_wins);
	e2e_add(saying,
		tini_verbosity_and_dumb_init_debug_say_how_much_is_said);
	e2e_add_both(saying,
		     q_still_says_that_the_program_could_not_be_started);
	e2e_add_both(saying, a_death_by_a_signal_is_said_but_not_with_q);
	e2e_add_both(saying,
		     w_says_each_orphan_that_was_reaped_and_nothing_else);
	e2e_add_both(saying, vv_says_each_reaped_process_and_each_signal);
	e2e_add_both(saying,
		     without_w_and_v_a_reaped_orphan_is_not_mentioned);

	e2e_add_range(times, a_program_that_outlives_k_is_killed, 0,
		      3 * E2E_MODES - 1);
	e2e_add_both(times, k_counts_from_the_signal_that_is_handed_over);
	e2e_add_both(times,
		     with_t_0_it_exits_at_once_and_leaves_leftovers_alone);
	e2e_add_range(times,
		      with_a_leftovers_may_run_on_until_it_is_told_to_stop, 0,
		      3 * E2E_MODES - 1);
	e2e_add_both(times, with_a_it_ends_when_the_last_leftover_has_gone);

	e2e_add(deaths, when_foster_dies_the_program_gets_the_signal_of_d);
	e2e_add(deaths, when_foster_dies_the_program_gets_nothing_without_d);
	e2e_add(deaths,
		whenever_foster_dies_the_program_does_not_outlive_it_with_d);
	e2e_add_both(deaths, when_its_parent_dies_foster_gets_the_signal_of_p);
	e2e_add(deaths, rewriting_counts_for_the_signal_of_p_too);
	return suite;
}
