/*
 * check_options.c - every option in every way to write it, and every mistake
 * (options.h; foster(1), OPTIONS).
 *
 * The expected options are made by a plain model: a table of the options as
 * the manual has it, and tables of values with what they mean.
 */
#include "log.h"
#include "options.h"
#include "signals.h"
#include "unit.h"

#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 16, POOL_SIZE = 1 << 16, OVERLONG = 5000 };
enum { WORD_MAX = OPTIONS_WORD_SIZE - 1 }; /* foster(1), ENVIRONMENT */

/* ---- the words of foster's mistakes: all that depends on them ---- */

enum complaint {
	FINE,
	UNKNOWN,
	AMBIGUOUS,
	TOO_LONG,
	NEEDS_VALUE,
	TAKES_NO_VALUE,
	NO_DURATION,
	NO_SIGNAL,
	NO_STATUS,
	NO_REWRITING,
	NO_REWRITING_OF_THAT,
	NO_PLACE_IN_ENVIRONMENT,
	NO_OPTION,
	NO_PROGRAM,
	PROGRAM_IN_PAUSE,
};

static const char *const complaints[] = {
	[UNKNOWN] = "unknown option",
	[AMBIGUOUS] = "ambiguous option",
	[TOO_LONG] = "too long",
	[NEEDS_VALUE] = "needs a value",
	[TAKES_NO_VALUE] = "takes no value",
	[NO_DURATION] = "not a duration (10, 10s, 500ms, 2m; at most 24 days)",
	[NO_SIGNAL] = "not a signal",
	[NO_STATUS] = "not an exit status (0 to 255) or a signal",
	[NO_REWRITING] = "not A:B, two signals",
	[NO_REWRITING_OF_THAT] = "a signal that cannot be forwarded",
	[NO_PLACE_IN_ENVIRONMENT] = "not allowed there",
	[NO_OPTION] = "not an option",
	[NO_PROGRAM] = "is missing",
	[PROGRAM_IN_PAUSE] = "a program, and -P runs none",
};

/* The word of the mistake where there is none on the command line. */
static const char no_program[] = "PROGRAM";

/* ---- the options of the manual ---- */

enum kind { FLAG, QUESTION, DURATION, SIGNAL, STATUS, REWRITING };

static const struct row {
	char letter;
	const char *name;
	enum kind kind;
	bool has_no_place; /* in FOSTER_OPTIONS */
} rows[] = {
	{ 'g', "group", FLAG, false },
	{ 'c', "single-child", FLAG, false },
	{ 'r', "rewrite", REWRITING, false },
	{ 't', "grace", DURATION, false },
	{ 'k', "kill-after", DURATION, false },
	{ 'e', "remap-exit", STATUS, false },
	{ 'a', "wait-all", FLAG, false },
	{ 'd', "death-signal", SIGNAL, false },
	{ 'p', "parent-death", SIGNAL, false },
	{ 's', "subreaper", FLAG, false },
	{ 'P', "pause", FLAG, true },
	{ 'w', "warn-reaped", FLAG, false },
	{ 'q', "quiet", FLAG, false },
	{ 'v', "verbose", FLAG, false },
	{ 'h', "help", QUESTION, true },
	{ 'V', "version", QUESTION, true },
	{ 'l', "license", QUESTION, true },
	{ 'L', NULL, QUESTION, true },
};

static bool has_value(const struct row *row)
{
	return row->kind != FLAG && row->kind != QUESTION;
}

static const struct row *row_of(int letter)
{
	for (size_t i = 0; i < UNIT_COUNT(rows); i++)
		if (rows[i].letter == letter)
			return &rows[i];
	return NULL;
}

/* ---- values and what they mean ---- */

static char nines[OVERLONG + 1], letters[OVERLONG + 1];

struct value {
	const char *text;
	enum complaint complaint;
	int64_t one;  /* milliseconds, signal, status, A */
	int other;    /* B */
};

#define GOOD(text, value) { text, FINE, value, 0 }
#define PAIR(text, a, b) { text, FINE, a, b }
#define KEPT(text) { text, NO_REWRITING_OF_THAT, 0, 0 }

static const struct value good_durations[] = {
	GOOD("0", 0), GOOD("00", 0), GOOD("0s", 0), GOOD("0m", 0),
	GOOD("0ms", 0), GOOD("1", 1000), GOOD("1s", 1000), GOOD("1ms", 1),
	GOOD("1m", 60000), GOOD("010", 10000), GOOD("10", 10000),
	GOOD("10s", 10000), GOOD("500ms", 500), GOOD("2m", 120000),
	GOOD("60m", 3600000), GOOD("65536", 65536000),
	GOOD("2147483", 2147483000), GOOD("2147483s", 2147483000),
	GOOD("35791m", 2147460000), GOOD("2147483647ms", 2147483647),
	GOOD("2147483648ms", INT64_C(2147483648)),
};

static const char *const bad_durations[] = {
	"2147483649ms", "4294967296ms", "4294967297ms",
	"18446744073709551617ms", "2147484", "2147484s", "4294968", "35792m",
	"71583m", "2147483648", "2147483648m", "s", "m", "ms", "1S", "1M",
	"1MS", "1h", "1d", "1us", "1sec", "1ss", "1mm", "1sm", "1m1s", "1m1",
	"1 s", "1s ", "TERM",
};

static const struct value good_signals[] = {
	GOOD("TERM", 15), GOOD("SIGTERM", 15), GOOD("term", 15),
	GOOD("sigTerm", 15), GOOD("15", 15), GOOD("1", 1), GOOD("9", 9),
	GOOD("KILL", 9), GOOD("64", 64), GOOD("IOT", 6), GOOD("cld", 17),
	GOOD("POLL", 29), GOOD("RTMIN", 34), GOOD("RTMIN+0", 34),
	GOOD("RTMIN+3", 37), GOOD("sigrtmin+30", 64), GOOD("RTMAX-1", 63),
	GOOD("SIGRTMAX", 64),
};

static const char *const bad_signals[] = {
	"0", "65", "255", "4294967311", "SIG", "SIG15", "SIGSIGTERM",
	"RTMIN-1", "RTMIN+31", "RTMAX-31", "RTMIN+4294967296", "TERM:INT",
};

static const struct value good_statuses[] = {
	GOOD("0", 0), GOOD("1", 1), GOOD("125", 125), GOOD("126", 126),
	GOOD("127", 127), GOOD("143", 143), GOOD("0143", 143),
	GOOD("255", 255), GOOD("TERM", 143), GOOD("SIGTERM", 143),
	GOOD("sigint", 130), GOOD("KILL", 137), GOOD("HUP", 129),
	GOOD("RTMIN+3", 165), GOOD("RTMAX", 192),
};

static const char *const bad_statuses[] = {
	"256", "257", "1000", "65536", "4294967439", "128+15", "143,130",
	"SIG",
};

static const struct value good_rewritings[] = {
	PAIR("15:3", 15, 3), PAIR("TERM:QUIT", 15, 3),
	PAIR("SIGTERM:sigquit", 15, 3), PAIR("term:0", 15, 0),
	PAIR("1:64", 1, 64), PAIR("64:1", 64, 1), PAIR("15:15", 15, 15),
	PAIR("TERM:KILL", 15, 9), PAIR("HUP:STOP", 1, 19),
	PAIR("RTMIN+3:RTMAX-1", 37, 63), PAIR("RTMIN:0", 34, 0),
	PAIR("32:33", 32, 33),
	KEPT("KILL:TERM"), KEPT("9:15"), KEPT("SIGSTOP:TERM"), KEPT("19:0"),
	KEPT("chld:TERM"), KEPT("17:0"), KEPT("CLD:TERM"),
};

static const char *const bad_rewritings[] = {
	"15", "15:", ":15", "0:15", "65:15", "15:65", "15:-1", "-1:15",
	"15::3", "15:3:", "15:3:2", "15: 3", "15 :3", "15=3", "15,3",
	"TERM:none", "none:TERM", "4294967311:3", "15:4294967299",
	"15:18446744073709551616", "RTMIN+31:15", "15:RTMIN+31",
};

/* Texts that are no value of any option. */
static const char *const bad_for_all[] = {
	"", "-1", "-0", "+1", " 1", "1 ", "\t1", "1\n", "0x10", "1e1", "1.0",
	"1,2", "=", "=1", "-", "--", "-g", "--group", "1=", ":", "\x80",
	"\xff" "1", "1\x01", "one", "TERM2", "4294967296", "4294967297",
	"9223372036854775808", "18446744073709551616", "18446744073709551617",
	"-9223372036854775809", nines, letters,
};

#define LIST(list) list, UNIT_COUNT(list)

static const struct {
	const struct value *good;
	size_t good_count;
	const char *const *bad;
	size_t bad_count;
	enum complaint complaint; /* about the bad */
} kinds[] = {
	[DURATION] = { LIST(good_durations), LIST(bad_durations), NO_DURATION },
	[SIGNAL] = { LIST(good_signals), LIST(bad_signals), NO_SIGNAL },
	[STATUS] = { LIST(good_statuses), LIST(bad_statuses), NO_STATUS },
	[REWRITING] = { LIST(good_rewritings), LIST(bad_rewritings),
			NO_REWRITING },
};

/* The n-th value for options of that kind; false where there are fewer. */
static bool value_at(enum kind kind, size_t n, struct value *value)
{
	*value = (struct value){ NULL, kinds[kind].complaint, 0, 0 };
	if (n < kinds[kind].good_count) {
		*value = kinds[kind].good[n];
		return true;
	}
	n -= kinds[kind].good_count;
	if (n < kinds[kind].bad_count)
		value->text = kinds[kind].bad[n];
	else if (n < kinds[kind].bad_count + UNIT_COUNT(bad_for_all))
		value->text = bad_for_all[n - kinds[kind].bad_count];
	return value->text != NULL;
}

/* ---- the model ---- */

struct expected {
	int64_t grace_ms; /* -1: not given */
	int64_t kill_after_ms;
	enum options_answer answer;
	bool is_tini;
	enum log_level level;
	int death_signal, parent_death_signal;
	bool to_group, waits_for_all, is_pause, warns_of_reaped;
	int forwarded_as[65];
	bool is_remapped[256];
	/* The place of the program among the words. */
	int program;
	/* What is wrong. */
	enum complaint complaint;
	bool is_in_environment;
	const char *word;  /* the option, or another word */
	const char *value; /* of the option, or NULL */
};

static struct expected nothing_asked(void)
{
	struct expected expected = { .grace_ms = -1, .level = LOG_NORMAL };

	for (int signal = 0; signal <= 64; signal++)
		expected.forwarded_as[signal] = signal;
	return expected;
}

static void apply(struct expected *expected, const struct row *row,
		  const struct value *value)
{
	switch (row->letter) {
	case 'g':
		expected->to_group = true;
		break;
	case 'c':
		expected->to_group = false;
		break;
	case 'a':
		expected->waits_for_all = true;
		break;
	case 'P':
		expected->is_pause = true;
		break;
	case 'w':
		expected->warns_of_reaped = true;
		break;
	case 'q':
		expected->level = LOG_QUIET;
		break;
	case 'v':
		if (expected->level == LOG_QUIET)
			expected->level = LOG_VERBOSE;
		else if (expected->level != LOG_EVERYTHING)
			expected->level++;
		break;
	case 'h':
		expected->answer = ANSWER_HELP;
		break;
	case 'V':
		expected->answer = ANSWER_VERSION;
		break;
	case 'l':
	case 'L':
		expected->answer = ANSWER_LICENSE;
		break;
	case 't':
		expected->grace_ms = value->one;
		break;
	case 'k':
		expected->kill_after_ms = value->one;
		break;
	case 'd':
		expected->death_signal = (int)value->one;
		break;
	case 'p':
		expected->parent_death_signal = (int)value->one;
		break;
	case 'e':
		expected->is_remapped[value->one] = true;
		break;
	case 'r':
		expected->forwarded_as[value->one] = value->other;
		break;
	}
}

static void complain(struct expected *expected, enum complaint complaint,
		     const char *word, const char *value)
{
	expected->complaint = complaint;
	expected->word = word;
	expected->value = value;
}

/* ---- the words given to foster ---- */

static struct {
	char *words[WORDS_MAX]; /* argv, and behind it a NULL */
	int count;
	char *environment[WORDS_MAX];
	int variables;
	char pool[POOL_SIZE];
	size_t used;
	char line[3 * OVERLONG]; /* FOSTER_OPTIONS */
} world;

static void clear(void)
{
	memset(world.words, 0, sizeof(world.words));
	memset(world.environment, 0, sizeof(world.environment));
	world.count = world.variables = 0;
	world.used = 0;
	world.line[0] = '\0';
	memset(nines, '9', OVERLONG);
	memset(letters, 'T', OVERLONG);
}

/* A text that foster could write to. */
static char *keep(const char *text)
{
	size_t size = strlen(text) + 1;
	char *kept = world.pool + world.used;

	unit_check(world.used + size <= POOL_SIZE, "no space for the words");
	memcpy(kept, text, size);
	world.used += size;
	return kept;
}

static void word(const char *text)
{
	unit_check(world.count < WORDS_MAX - 1, "no space for the words");
	world.words[world.count++] = keep(text);
}

/* Nothing but the name that foster is called by. */
static void begin(const char *name)
{
	clear();
	word(name);
}

/* A variable of the environment; NULL: it is not there. */
static void variable(const char *name, const char *value)
{
	static char entry[4 * OVERLONG];

	if (value == NULL)
		return;
	snprintf(entry, sizeof(entry), "%s=%s", name, value);
	world.environment[world.variables++] = keep(entry);
}

/* One more word of FOSTER_OPTIONS. */
static void line_word(const char *text)
{
	if (world.line[0] != '\0')
		strcat(world.line, " ");
	strcat(world.line, text);
}

static void use_line(void)
{
	variable("FOSTER_OPTIONS", world.line);
}

/* The words, for messages; long ones are cut. */
static const char *shown(void)
{
	static char text[1024];
	int length = 0;

	for (int i = 0; i < world.count; i++)
		length += snprintf(text + length, sizeof(text) - (size_t)length,
				   " '%.60s'", world.words[i]);
	if (world.line[0] != '\0')
		snprintf(text + length, sizeof(text) - (size_t)length,
			 " FOSTER_OPTIONS='%.120s'", world.line);
	return text;
}

static const char *or_none(const char *text)
{
	return text != NULL ? text : "(none)";
}

/* The beginning of it, as far as a mistake keeps it. */
static void check_cut(const char *text, const char *expected)
{
	size_t length = strnlen(expected, WORD_MAX);

	unit_check(strlen(text) == length &&
			   memcmp(text, expected, length) == 0,
		   "%s: '%.60s', not '%.60s'", shown(), text, expected);
}

static void check_mistake(const struct options_mistake *mistake,
			  const struct expected *expected)
{
	const char *what = complaints[expected->complaint];

	unit_check(mistake->what != NULL, "%s: no mistake, not '%s'", shown(),
		   or_none(what));
	unit_check(what != NULL, "%s: no mistake was to be expected, but '%s'",
		   shown(), mistake->what);
	unit_check(strcmp(mistake->what, what) == 0, "%s: '%s', not '%s'",
		   shown(), mistake->what, what);
	unit_check(mistake->is_in_environment == expected->is_in_environment,
		   "%s: not where the mistake is", shown());
	check_cut(mistake->word, expected->word);
	check_cut(mistake->value,
		  expected->value != NULL ? expected->value : "");
}

static unsigned flags_of(const struct expected *expected)
{
	return (expected->to_group ? FOSTER_GROUP : 0U) |
	       (expected->waits_for_all ? FOSTER_WAIT_ALL : 0U) |
	       (expected->is_pause ? FOSTER_PAUSE : 0U) |
	       (expected->warns_of_reaped ? FOSTER_WARN_REAPED : 0U);
}

static void check_options(const struct options *options,
			  const struct expected *expected)
{
	const struct foster_options *run = &options->run;
	int64_t grace_ms = expected->grace_ms;

#define SAME(what, one, other) \
	unit_check((one) == (other), "%s: %s is %lld, not %lld", shown(), \
		   what, (long long)(one), (long long)(other))
	SAME("the answer", options->answer, expected->answer);
	SAME("the level", run->verbosity, expected->level);
	SAME("tini", options->is_tini, expected->is_tini);
	/* Whoever only asks a question runs nothing. */
	if (expected->answer != ANSWER_NONE)
		return;
	/* Not given: as the library has it. Given, 0 is no time at all. */
	if (grace_ms == 0)
		grace_ms = FOSTER_NO_TIME;
	if (grace_ms < 0)
		grace_ms = 0;
	SAME("-t", run->grace_ms, grace_ms);
	SAME("-k", run->kill_after_ms, expected->kill_after_ms);
	SAME("-d", run->death_signal, expected->death_signal);
	SAME("-p", options->parent_death_signal, expected->parent_death_signal);
	SAME("the flags", run->flags, flags_of(expected));
	for (int signal = 1; signal <= 64; signal++)
		SAME("a signal", signals_rewritten(run->rewrite, signal),
		     expected->forwarded_as[signal]);
	for (int status = 0; status <= 255; status++)
		SAME("a status", status_remapped(&options->remap, status),
		     expected->is_remapped[status] ? 0 : status);
	SAME("the program", options->program - world.words, expected->program);
	ck_assert_uint_eq(run->size, sizeof(*run));
	/* All else is for main.c to decide. */
	ck_assert(run->close_from == 0 && run->child == NULL &&
		  run->event == NULL && run->context == NULL);
}

/* Reads the words and compares; no byte of the caller's may change. */
static void check(const struct expected *expected)
{
	static char pool[POOL_SIZE];
	char *words[WORDS_MAX], *environment[WORDS_MAX];
	struct options options;
	struct options_mistake mistake;

	memcpy(pool, world.pool, world.used);
	memcpy(words, world.words, sizeof(words));
	memcpy(environment, world.environment, sizeof(environment));
	memset(&mistake, 0x5a, sizeof(mistake));
	memset(&options, 0x5a, sizeof(options));
	options_read(&options, &mistake, world.words, world.environment);

	unit_check(memcmp(pool, world.pool, world.used) == 0,
		   "%s: a string was written to", shown());
	unit_check(memcmp(words, world.words, sizeof(words)) == 0 &&
		   memcmp(environment, world.environment,
			  sizeof(environment)) == 0,
		   "%s: a vector was written to", shown());
	if (expected->complaint != FINE || mistake.what != NULL)
		check_mistake(&mistake, expected);
	else
		check_options(&options, expected);
}

/* ---- every option, every way to write it, every value ---- */

enum way {
	SHORT_JOINED,	 /* -t5 */
	SHORT_APART,	 /* -t 5 */
	CLUSTERED,	 /* -gt5 */
	CLUSTERED_APART, /* -gt 5 */
	LONG_JOINED,	 /* --grace=5 */
	LONG_APART,	 /* --grace 5 */
	WAYS,
};

static bool is_apart(enum way way)
{
	return way == SHORT_APART || way == CLUSTERED_APART ||
	       way == LONG_APART;
}

static bool is_clustered(enum way way)
{
	return way == CLUSTERED || way == CLUSTERED_APART;
}

static bool is_long(enum way way)
{
	return way == LONG_JOINED || way == LONG_APART;
}

static const char *name_of(const struct row *row, bool as_long)
{
	static char name[32];

	if (as_long)
		snprintf(name, sizeof(name), "--%s", row->name);
	else
		snprintf(name, sizeof(name), "-%c", row->letter);
	return name;
}

static void (*put)(const char *text);

/* Puts the option; value NULL: none. False where this way cannot be gone. */
static bool put_option(const struct row *row, enum way way, const char *value)
{
	static char text[2 * OVERLONG];
	const char *joined = value != NULL && !is_apart(way) ? value : "";

	if (is_long(way) && row->name == NULL)
		return false;
	if (!is_long(way) && value != NULL && !is_apart(way) && *value == '\0')
		return false;
	if (is_long(way))
		snprintf(text, sizeof(text), "--%s%s%s", row->name,
			 value != NULL && !is_apart(way) ? "=" : "", joined);
	else
		snprintf(text, sizeof(text), "-%s%c%s",
			 is_clustered(way) ? "g" : "", row->letter, joined);
	put(text);
	if (value != NULL && is_apart(way))
		put(value);
	return true;
}

/* What FOSTER_OPTIONS cannot hold: a word with a blank, and an empty one. */
static bool fits_in_line(const char *value, enum way way)
{
	for (const char *at = value; *at != '\0'; at++)
		if ((unsigned char)*at <= ' ')
			return false;
	return !(*value == '\0' && is_apart(way));
}

/* -w OPTION... -a PROGRAM -?, on the command line or in the environment. */
static void check_value(const struct row *row, enum way way,
			const struct value *value, bool in_environment)
{
	struct expected expected = nothing_asked();

	begin("foster");
	put = in_environment ? line_word : word;
	put("-w");
	if (!put_option(row, way, value->text))
		return;
	put("-a");
	if (in_environment)
		use_line();
	expected.program = world.count;
	word("program");
	word("-?");

	apply(&expected, row_of('w'), NULL);
	apply(&expected, row_of('a'), NULL);
	if (is_clustered(way))
		apply(&expected, row_of('g'), NULL);
	expected.is_in_environment = in_environment;
	if (in_environment && strlen(value->text) > WORD_MAX)
		complain(&expected, TOO_LONG,
			 is_apart(way) ? name_of(row, is_long(way))
				       : strchr(world.line, ' ') + 1,
			 is_apart(way) ? value->text : NULL);
	else if (value->complaint == FINE)
		apply(&expected, row, value);
	else
		complain(&expected, value->complaint,
			 name_of(row, is_long(way)), value->text);
	check(&expected);
}

START_TEST(every_option_takes_every_value_in_every_way_or_says_why_not)
{
	struct value value;

	for (size_t i = 0; i < UNIT_COUNT(rows); i++)
		for (size_t n = 0; has_value(&rows[i]) &&
				   value_at(rows[i].kind, n, &value); n++)
			for (int way = 0; way < 2 * WAYS; way++)
				if (way < WAYS || fits_in_line(value.text,
							       way - WAYS))
					check_value(&rows[i], way % WAYS,
						    &value, way >= WAYS);
}
END_TEST

START_TEST(every_duration_up_to_3000_is_read_in_every_unit)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = {
		{ "", 1000 }, { "s", 1000 }, { "ms", 1 }, { "m", 60000 },
	};
	char text[16];

	for (int number = 0; number <= 3000; number++)
		for (size_t i = 0; i < UNIT_COUNT(units); i++) {
			struct value value = { text, FINE,
					       number * units[i].ms, 0 };

			snprintf(text, sizeof(text), "%d%s", number,
				 units[i].unit);
			check_value(row_of('t'), number % WAYS, &value, false);
			check_value(row_of('k'), number % WAYS, &value, true);
		}
}
END_TEST

START_TEST(every_byte_behind_a_number_is_no_unit_but_s_and_m)
{
	for (int byte = 1; byte <= UCHAR_MAX; byte++) {
		char text[] = { '7', (char)byte, '\0' };
		struct value value = { text, NO_DURATION, 0, 0 };

		if (byte >= '0' && byte <= '9')
			continue;
		if (byte == 's' || byte == 'm')
			value = (struct value){
				text, FINE, byte == 's' ? 7000 : 420000, 0,
			};
		check_value(row_of('t'), SHORT_JOINED, &value, false);
		check_value(row_of('k'), LONG_APART, &value, false);
	}
}
END_TEST

START_TEST(every_status_and_every_signal_can_be_remapped)
{
	char text[16];

	for (int number = 0; number <= 1000; number++) {
		struct value value = { text, number <= 255 ? FINE : NO_STATUS,
				       number, 0 };

		snprintf(text, sizeof(text), "%d", number);
		check_value(row_of('e'), number % WAYS, &value, false);
	}
	for (int signal = 1; signal <= 64; signal++) {
		struct value value = { text, FINE, 128 + signal, 0 };

		if (signal == 32 || signal == 33)
			continue;
		signals_name(signal, text);
		check_value(row_of('e'), signal % WAYS, &value, false);
	}
}
END_TEST

START_TEST(every_signal_can_be_the_one_for_a_death)
{
	char text[16];

	for (int signal = -3; signal <= 300; signal++) {
		struct value value = { text, NO_SIGNAL, signal, 0 };

		if (signal >= 1 && signal <= 64)
			value.complaint = FINE;
		snprintf(text, sizeof(text), "%d", signal);
		for (int way = 0; way < WAYS; way++) {
			check_value(row_of('d'), way, &value, false);
			check_value(row_of('p'), way, &value, true);
		}
	}
}
END_TEST

START_TEST(every_pair_of_signals_can_be_a_rewriting_but_for_three)
{
	char text[32];

	for (int from = 0; from <= 66; from++)
		for (int to = 0; to <= 66; to++) {
			struct value value = { text, FINE, from, to };

			if (from == 9 || from == 17 || from == 19)
				value.complaint = NO_REWRITING_OF_THAT;
			if (from < 1 || from > 64 || to > 64)
				value.complaint = NO_REWRITING;
			snprintf(text, sizeof(text), "%d:%d", from, to);
			check_value(row_of('r'), (from + to) % WAYS, &value,
				    false);
		}
}
END_TEST

/* The value would be the next word, and there is none. */
START_TEST(a_value_that_is_missing_is_a_mistake)
{
	for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
		for (int way = 0; way < WAYS; way++) {
			struct expected expected = nothing_asked();

			if (!has_value(&rows[i]))
				continue;
			complain(&expected, NEEDS_VALUE,
				 name_of(&rows[i], is_long(way)), NULL);

			begin("foster");
			put = word;
			put_option(&rows[i], way, NULL);
			check(&expected);

			/* It is not looked for on the command line. */
			begin("foster");
			put = line_word;
			word("5");
			word("program");
			put_option(&rows[i], way, NULL);
			use_line();
			expected.is_in_environment = true;
			check(&expected);
		}
	}
}
END_TEST

/* A value is a value whatever it looks like. */
START_TEST(the_word_behind_is_the_value_even_if_it_looks_like_an_option)
{
	static const char *const looks[] = { "-g", "--", "--help", "-h", "-" };

	for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
		for (size_t j = 0; j < UNIT_COUNT(looks); j++) {
			struct expected expected = nothing_asked();

			if (!has_value(&rows[i]))
				continue;
			begin("foster");
			word(name_of(&rows[i], false));
			word(looks[j]);
			word("program");
			complain(&expected, kinds[rows[i].kind].complaint,
				 name_of(&rows[i], false), looks[j]);
			check(&expected);
		}
	}
}
END_TEST

/* ---- flags ---- */

/* A question ends the reading, so nothing may be expected of later words. */
static void check_flag(const struct row *row, enum way way,
		       bool in_environment)
{
	struct expected expected = nothing_asked();

	begin("foster");
	put = in_environment ? line_word : word;
	put("-w");
	if (!put_option(row, way, NULL))
		return;
	if (in_environment)
		use_line();
	expected.program = world.count;
	if (row->letter != 'P')
		word("program");

	apply(&expected, row_of('w'), NULL);
	if (is_clustered(way))
		apply(&expected, row_of('g'), NULL);
	apply(&expected, row, NULL);
	expected.is_in_environment = in_environment;
	if (in_environment && row->has_no_place)
		complain(&expected, NO_PLACE_IN_ENVIRONMENT,
			 name_of(row, is_long(way)), NULL);
	check(&expected);
}

START_TEST(every_flag_is_read_in_every_way)
{
	for (size_t i = 0; i < UNIT_COUNT(rows); i++)
		for (int way = 0; way < WAYS; way++) {
			if (has_value(&rows[i]))
				continue;
			check_flag(&rows[i], way, false);
			check_flag(&rows[i], way, true);
		}
}
END_TEST

START_TEST(a_flag_takes_no_value)
{
	static const char *const values[] = { "", "1", "yes", "=", nines };

	for (size_t i = 0; i < UNIT_COUNT(rows); i++)
		for (size_t j = 0; j < UNIT_COUNT(values); j++) {
			struct expected expected = nothing_asked();

			begin("foster");
			put = word;
			if (has_value(&rows[i]) ||
			    !put_option(&rows[i], LONG_JOINED, values[j]))
				continue;
			word("program");
			complain(&expected, TAKES_NO_VALUE,
				 name_of(&rows[i], true), NULL);
			check(&expected);
		}
}
END_TEST

/*
 * Three flags in one word do what they do in three, in this order; a question
 * ends the reading.
 */
static void check_cluster(const struct row *const flags[3])
{
	const char text[] = { '-', flags[0]->letter, flags[1]->letter,
			      flags[2]->letter, '\0' };
	struct expected expected = nothing_asked();

	begin("foster");
	word(text);
	for (int i = 0; i < 3 && expected.answer == ANSWER_NONE; i++)
		apply(&expected, flags[i], NULL);
	expected.program = world.count;
	if (!expected.is_pause)
		word("program");
	check(&expected);
}

START_TEST(every_three_flags_in_one_word_are_three_flags)
{
	const struct row *flags[3];
	size_t count = UNIT_COUNT(rows);

	for (size_t i = 0; i < count * count * count; i++) {
		flags[0] = &rows[i % count];
		flags[1] = &rows[i / count % count];
		flags[2] = &rows[i / count / count];
		if (!has_value(flags[0]) && !has_value(flags[1]) &&
		    !has_value(flags[2]))
			check_cluster(flags);
	}
}
END_TEST

START_TEST(every_byte_is_an_option_s_letter_or_is_unknown)
{
	for (int byte = 1; byte <= UCHAR_MAX; byte++) {
		const char alone[] = { '-', (char)byte, '\0' };
		const char behind[] = { '-', 'g', (char)byte, '\0' };
		struct expected expected = nothing_asked();

		complain(&expected, UNKNOWN, alone, NULL);
		if (row_of(byte) != NULL)
			continue;
		for (int i = 0; i <= 1; i++) {
			if (i == 0 && byte == '-')
				continue;
			begin("foster");
			word(i == 0 ? alone : behind);
			word("program");
			expected.is_in_environment = false;
			check(&expected);

			if (byte <= ' ')
				continue;
			begin("foster");
			word("program");
			line_word(i == 0 ? alone : behind);
			use_line();
			expected.is_in_environment = true;
			check(&expected);
		}
	}
}
END_TEST

/* ---- long names ---- */

/*
 * What getopt_long(3) makes of a name that may be shortened. NULL: it is
 * ambiguous or unknown, which it does not tell apart.
 */
static const struct row *row_by_getopt(const char *option)
{
	static char program[] = "program";
	struct option names[UNIT_COUNT(rows) + 1] = { { 0 } };
	char text[64], *argv[] = { program, text, NULL };
	size_t count = 0;
	int found;

	for (size_t i = 0; i < UNIT_COUNT(rows); i++)
		if (rows[i].name != NULL)
			names[count++] = (struct option){
				rows[i].name, no_argument, NULL,
				rows[i].letter,
			};
	snprintf(text, sizeof(text), "%s", option);
	opterr = 0;
	optind = 0;
	found = getopt_long(2, argv, "", names, NULL);
	return found == '?' ? NULL : row_of(found);
}

/* What an option that was given as `option` makes of "", "5" and "=". */
static void expect_value(struct expected *expected, const struct row *row,
			 const char *option, const char *text)
{
	struct value five = { text, FINE, row->kind == DURATION ? 5000 : 5, 0 };

	if (*text == '5' && row->kind != REWRITING)
		apply(expected, row, &five);
	else
		complain(expected, kinds[row->kind].complaint, option, text);
}

/* "--NAME" as it is, with values, and with "=" and nothing behind it. */
static void check_name(const char *name)
{
	static const char *const endings[] = { "", "=", "=5", "==" };
	char option[64], text[64];
	const struct row *row;
	int beginnings = 0;

	if (*name == '\0' || strchr(name, '=') != NULL)
		return;
	snprintf(option, sizeof(option), "--%s", name);
	row = row_by_getopt(option);
	for (size_t i = 0; i < UNIT_COUNT(rows); i++)
		beginnings += rows[i].name != NULL &&
			      strncmp(rows[i].name, name, strlen(name)) == 0;
	for (size_t i = 0; i < UNIT_COUNT(endings); i++) {
		struct expected expected = nothing_asked();
		const char *value = *endings[i] != '\0' ? endings[i] + 1 : NULL;

		begin("foster");
		snprintf(text, sizeof(text), "%s%s", option, endings[i]);
		word(text);
		if (row == NULL)
			complain(&expected,
				 beginnings > 1 ? AMBIGUOUS : UNKNOWN, option,
				 NULL);
		else if (has_value(row) && value == NULL)
			complain(&expected, NEEDS_VALUE, option, NULL);
		else if (!has_value(row) && value != NULL)
			complain(&expected, TAKES_NO_VALUE, option, NULL);
		else if (has_value(row))
			expect_value(&expected, row, option, value);
		else
			apply(&expected, row, NULL);
		expected.program = world.count;
		if (expected.complaint == FINE && !expected.is_pause)
			word("program");
		check(&expected);
	}
}

START_TEST(a_long_name_may_be_shortened_as_getopt_long_allows)
{
	for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
		char name[64];

		for (size_t at = 0; rows[i].name != NULL &&
				    at <= strlen(rows[i].name);
		     at++) {
			snprintf(name, sizeof(name), "%.*s", (int)at,
				 rows[i].name);
			check_name(name);
		}
	}
}
END_TEST

START_TEST(a_long_name_with_one_byte_wrong_is_unknown_or_another)
{
	char name[64];

	for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
		const char *right = rows[i].name != NULL ? rows[i].name : "";
		size_t length = strlen(right);

		for (size_t at = 0; at <= length; at++) {
			check_name(right + at);
			for (int byte = 1; byte <= UCHAR_MAX; byte++) {
				snprintf(name, sizeof(name), "%.*s%c%s",
					 (int)at, right, byte, right + at);
				check_name(name);
				if (at == length)
					continue;
				strcpy(name, right);
				name[at] = (char)byte;
				check_name(name);
			}
		}
	}
}
END_TEST

/* foster(1), OPTIONS. */
START_TEST(a_short_name_takes_its_value_in_every_way)
{
	struct expected expected = nothing_asked();

	begin("foster");
	word("--single");
	word("--rewr");
	word("15:2");
	word("--gra=3");
	variable("FOSTER_OPTIONS", "--ki 5 --rem=7");
	apply(&expected, row_of('r'), &(struct value){ "", FINE, 15, 2 });
	expected.grace_ms = 3000;
	expected.kill_after_ms = 5000;
	expected.is_remapped[7] = true;
	expected.program = world.count;
	word("program");
	check(&expected);
}
END_TEST

START_TEST(a_long_option_without_a_name_is_unknown)
{
	static const char *const texts[] = {
		"--=", "--=5", "--=group", "--=-",
	};
	struct expected expected = nothing_asked();

	complain(&expected, UNKNOWN, "--", NULL);
	for (size_t i = 0; i < UNIT_COUNT(texts); i++) {
		begin("foster");
		word(texts[i]);
		word("program");
		check(&expected);
	}
}
END_TEST

START_TEST(an_overlong_option_is_unknown)
{
	static char text[OVERLONG + 3];
	struct expected expected = nothing_asked();

	memset(text, 'g', OVERLONG);
	memcpy(text, "--group", 7);
	complain(&expected, UNKNOWN, text, NULL);
	begin("foster");
	word(text);
	word("program");
	check(&expected);
}
END_TEST

/* ---- several options ---- */

/* Options that contradict others, add up with them or have nothing to do. */
static const struct sample {
	char letter;
	struct value value;
} samples[] = {
	{ 'g', { NULL, FINE, 0, 0 } },
	{ 'c', { NULL, FINE, 0, 0 } },
	{ 'q', { NULL, FINE, 0, 0 } },
	{ 'v', { NULL, FINE, 0, 0 } },
	{ 'a', { NULL, FINE, 0, 0 } },
	{ 's', { NULL, FINE, 0, 0 } },
	{ 'w', { NULL, FINE, 0, 0 } },
	{ 't', { "0", FINE, 0, 0 } },
	{ 't', { "30", FINE, 30000, 0 } },
	{ 'k', { "5", FINE, 5000, 0 } },
	{ 'k', { "0", FINE, 0, 0 } },
	{ 'e', { "143", FINE, 143, 0 } },
	{ 'e', { "INT", FINE, 130, 0 } },
	{ 'e', { "0", FINE, 0, 0 } },
	{ 'r', { "15:3", FINE, 15, 3 } },
	{ 'r', { "TERM:0", FINE, 15, 0 } },
	{ 'r', { "TERM:TERM", FINE, 15, 15 } },
	{ 'r', { "3:15", FINE, 3, 15 } },
	{ 'd', { "KILL", FINE, 9, 0 } },
	{ 'd', { "1", FINE, 1, 0 } },
	{ 'p', { "TERM", FINE, 15, 0 } },
	{ 'p', { "2", FINE, 2, 0 } },
	{ 't', { "x", NO_DURATION, 0, 0 } },
	{ 'e', { "256", NO_STATUS, 0, 0 } },
	{ 'P', { NULL, FINE, 0, 0 } },
	{ 'h', { NULL, FINE, 0, 0 } },
	{ 'V', { NULL, FINE, 0, 0 } },
	{ 'l', { NULL, FINE, 0, 0 } },
};

/* Three of them; the first `in_line` of them in FOSTER_OPTIONS. */
static void check_three(const struct sample *const three[3], int in_line,
			enum way way)
{
	struct expected expected = nothing_asked();

	begin("foster");
	for (int i = 0; i < 3; i++) {
		const struct row *row = row_of(three[i]->letter);
		const struct value *value = &three[i]->value;
		bool is_first = i < in_line;

		put = is_first ? line_word : word;
		put_option(row, way, value->text);
		/* The first mistake is said; a question ends the reading. */
		if (expected.complaint != FINE ||
		    expected.answer != ANSWER_NONE)
			continue;
		expected.is_in_environment = is_first;
		if (is_first && row->has_no_place)
			complain(&expected, NO_PLACE_IN_ENVIRONMENT,
				 keep(name_of(row, is_long(way))), NULL);
		else if (value->complaint != FINE)
			complain(&expected, value->complaint,
				 keep(name_of(row, is_long(way))), value->text);
		else
			apply(&expected, row, value);
	}
	if (in_line > 0)
		use_line();
	expected.program = world.count;
	if (!expected.is_pause)
		word("program");
	check(&expected);
}

START_TEST(of_every_three_options_the_last_wins_or_they_add_up)
{
	const struct sample *three[3];
	size_t count = UNIT_COUNT(samples);

	for (size_t i = 0; i < count * count * count; i++) {
		three[0] = &samples[i % count];
		three[1] = &samples[i / count % count];
		three[2] = &samples[i / count / count];
		check_three(three, (int)(i % 4), i % 7 < 3 ? LONG_APART :
					 i % 2 ? SHORT_APART : SHORT_JOINED);
	}
}
END_TEST

START_TEST(v_says_more_up_to_twice)
{
	for (int count = 0; count <= 6; count++) {
		struct expected expected = nothing_asked();

		begin("foster");
		for (int i = 0; i < count; i++)
			word("-v");
		expected.program = world.count;
		word("program");
		expected.level = count > 2 ? LOG_EVERYTHING
					   : (enum log_level)count;
		check(&expected);
	}
}
END_TEST

/* ---- where options end ---- */

static void check_words(int program, enum complaint complaint, ...)
	__attribute__((sentinel));

/* The words behind "foster" up to a NULL; the program is word `program`. */
static void check_words(int program, enum complaint complaint, ...)
{
	struct expected expected = nothing_asked();
	const char *text;
	va_list list;

	begin("foster");
	va_start(list, complaint);
	while ((text = va_arg(list, const char *)) != NULL) {
		if (world.count < program && strcmp(text, "-g") == 0)
			expected.to_group = true;
		word(text);
	}
	va_end(list);
	expected.program = program;
	complain(&expected, complaint, no_program, NULL);
	check(&expected);
}

START_TEST(options_end_at_the_first_word_that_is_none)
{
	check_words(1, FINE, "ls", "-l", "/", NULL);
	check_words(2, FINE, "-g", "ls", "-c", NULL);
	check_words(2, FINE, "-g", "ls", "--", "-c", NULL);
	check_words(1, FINE, "program", "--help", NULL);
	check_words(1, FINE, "", NULL);
	check_words(1, FINE, "", "-g", NULL);
	check_words(1, FINE, " -g", NULL);
	check_words(1, FINE, "/bin/sh", "script", NULL);
	check_words(1, FINE, "\xe2\x80\x93g", NULL);
	check_words(1, FINE, "=", NULL);
}
END_TEST

START_TEST(options_end_at_two_dashes)
{
	check_words(2, FINE, "--", "program", NULL);
	check_words(3, FINE, "-g", "--", "program", NULL);
	check_words(2, FINE, "--", "-g", NULL);
	check_words(2, FINE, "--", "--", NULL);
	check_words(2, FINE, "--", "--help", NULL);
	check_words(2, FINE, "--", "", NULL);
	check_words(2, FINE, "--", "-", NULL);
}
END_TEST

START_TEST(a_lone_dash_is_a_program_s_name)
{
	check_words(1, FINE, "-", NULL);
	check_words(1, FINE, "-", "-g", NULL);
	check_words(2, FINE, "-g", "-", NULL);
}
END_TEST

START_TEST(no_program_is_a_mistake)
{
	check_words(1, NO_PROGRAM, NULL);
	check_words(2, NO_PROGRAM, "--", NULL);
	check_words(2, NO_PROGRAM, "-g", NULL);
	check_words(3, NO_PROGRAM, "-g", "--", NULL);
}
END_TEST

/* execve(2) with an empty argv, as old kernels allow it. */
START_TEST(no_words_at_all_are_a_mistake)
{
	struct expected expected = nothing_asked();

	clear();
	complain(&expected, NO_PROGRAM, no_program, NULL);
	check(&expected);
}
END_TEST

static const char *const pause_calls[] = { "foster", "pause", "/pause" };

START_TEST(a_pause_runs_no_program_and_has_no_grace_unless_given)
{
	for (size_t i = 0; i < UNIT_COUNT(pause_calls); i++) {
		for (int dashes = 0; dashes <= 1; dashes++) {
			struct expected expected = nothing_asked();

			begin(pause_calls[i]);
			if (i == 0)
				word("-P");
			if (dashes)
				word("--");
			expected.is_pause = true;
			expected.program = world.count;
			check(&expected);

			/* A program in it is a mistake. */
			word("program");
			complain(&expected, PROGRAM_IN_PAUSE, "program", NULL);
			check(&expected);
		}
	}
}
END_TEST

START_TEST(a_pause_has_the_grace_it_is_given_before_or_after)
{
	for (int order = 0; order <= 2; order++) {
		struct expected expected = nothing_asked();

		begin("foster");
		if (order == 0)
			word("-t5");
		word("-P");
		if (order == 1)
			word("-t5");
		if (order == 2)
			variable("FOSTER_OPTIONS", "-t5");
		expected.is_pause = true;
		expected.grace_ms = 5000;
		expected.program = world.count;
		check(&expected);
	}
}
END_TEST

START_TEST(a_question_needs_no_program_and_ends_the_reading)
{
	static const char letters_of_questions[] = "hVlL";

	for (const char *c = letters_of_questions; *c != '\0'; c++) {
		struct expected expected = nothing_asked();

		apply(&expected, row_of(*c), NULL);
		begin("foster");
		word(name_of(row_of(*c), false));
		check(&expected);
		word("--no-such-option");
		check(&expected);
		word("program");
		check(&expected);
	}
}
END_TEST

/* ---- FOSTER_OPTIONS ---- */

/* A word of 255 bytes is read, one of 256 is not. */
START_TEST(a_word_of_foster_options_may_have_255_bytes)
{
	char text[WORD_MAX + 8];

	for (int length = WORD_MAX - 2; length <= WORD_MAX + 2; length++) {
		struct expected expected = nothing_asked();
		bool fits = length <= WORD_MAX;

		/* An option with its value: zeroes before a 5. */
		begin("foster");
		snprintf(text, sizeof(text), "-t%0*d", length - 2, 5);
		line_word("-w");
		line_word(text);
		line_word("-a");
		use_line();
		expected.program = world.count;
		word("program");
		expected.grace_ms = 5000;
		expected.waits_for_all = expected.warns_of_reaped = true;
		expected.is_in_environment = true;
		complain(&expected, fits ? FINE : TOO_LONG, text, NULL);
		check(&expected);

		/* The value alone. */
		begin("foster");
		snprintf(text, sizeof(text), "%0*d", length, 5);
		line_word("-w");
		line_word("-a");
		line_word("-t");
		line_word(text);
		use_line();
		word("program");
		complain(&expected, fits ? FINE : TOO_LONG, "-t", text);
		check(&expected);

		/* The command line knows no such limit. */
		begin("foster");
		word("-wat");
		word(text);
		expected.program = world.count;
		word("program");
		expected.complaint = FINE;
		check(&expected);
	}
}
END_TEST

static void check_line(const char *line, enum complaint complaint,
		       const char *word_of_it, const char *value)
{
	struct expected expected = nothing_asked();

	begin("foster");
	word("-c");
	word("program");
	variable("FOSTER_OPTIONS", line);
	expected.program = 2;
	expected.is_in_environment = true;
	complain(&expected, complaint, word_of_it, value);
	/* All that is right here is "-w -t 5", in many ways. */
	if (strstr(line, "5") != NULL) {
		expected.warns_of_reaped = true;
		expected.grace_ms = 5000;
	}
	check(&expected);
}

START_TEST(foster_options_is_split_at_any_number_of_any_blanks)
{
	check_line("", FINE, NULL, NULL);
	check_line(" ", FINE, NULL, NULL);
	check_line(" \t\n \n\t ", FINE, NULL, NULL);
	check_line("-w -t5", FINE, NULL, NULL);
	check_line("-w -t 5", FINE, NULL, NULL);
	check_line("-wt5", FINE, NULL, NULL);
	check_line("-wt 5", FINE, NULL, NULL);
	check_line("  -w  -t  5  ", FINE, NULL, NULL);
	check_line("\t-w\t-t\t5\t", FINE, NULL, NULL);
	check_line("\n-w\n-t\n5\n", FINE, NULL, NULL);
	check_line("\n\t -w \n\n--grace\t\t5", FINE, NULL, NULL);
	check_line("--grace=5s\n--warn-reaped", FINE, NULL, NULL);
}
END_TEST

START_TEST(a_word_of_foster_options_that_is_no_option_is_a_mistake)
{
	check_line("--", NO_OPTION, "--", NULL);
	check_line("-g --", NO_OPTION, "--", NULL);
	check_line("-", NO_OPTION, "-", NULL);
	check_line("program", NO_OPTION, "program", NULL);
	check_line("-g program -v", NO_OPTION, "program", NULL);
	check_line("'-g'", NO_OPTION, "'-g'", NULL);
	check_line("-g -t", NEEDS_VALUE, "-t", NULL);
	check_line("-t ", NEEDS_VALUE, "-t", NULL);
	check_line("--grace", NEEDS_VALUE, "--grace", NULL);
	check_line("--grace=", NO_DURATION, "--grace", "");
	check_line("-?", UNKNOWN, "-?", NULL);
	check_line("-P", NO_PLACE_IN_ENVIRONMENT, "-P", NULL);
	check_line("-gP", NO_PLACE_IN_ENVIRONMENT, "-P", NULL);
	check_line("--pause", NO_PLACE_IN_ENVIRONMENT, "--pause", NULL);
}
END_TEST

START_TEST(the_command_line_comes_after_foster_options)
{
	struct expected expected = nothing_asked();

	begin("foster");
	word("-c");
	word("-t2");
	word("-r15:1");
	word("-e3");
	word("-v");
	word("program");
	variable("FOSTER_OPTIONS", "-g -t 30 -r15:3 -r1:2 -e4 -q");
	expected.program = 6;
	expected.grace_ms = 2000;
	expected.forwarded_as[15] = 1;
	expected.forwarded_as[1] = 2;
	expected.is_remapped[3] = expected.is_remapped[4] = true;
	expected.level = LOG_VERBOSE;
	check(&expected);
}
END_TEST

/* ---- names, and the words of other inits ---- */

static const struct called {
	const char *name;
	bool is_dumb_init, is_pause, is_tini;
} called[] = {
	{ "foster", false, false, false },
	{ "init", false, false, false },
	{ "", false, false, false },
	{ "dumb-init", true, false, false },
	{ "pause", false, true, false },
	{ "tini", false, false, true },
	{ "tini-static", false, false, true },
	{ "docker-init", false, false, true },
	{ "catatonit", false, false, true },
	{ "dumb-ini", false, false, false },
	{ "dumb-init2", false, false, false },
	{ "xdumb-init", false, false, false },
	{ "DUMB-INIT", false, false, false },
	{ "Pause", false, false, false },
	{ "pause.sh", false, false, false },
	{ "tini-", false, false, false },
	{ "tini-static2", false, false, false },
	{ "docker-init/foster", false, false, false },
	{ "pause/", false, false, false },
};

static const char *const folders[] = { "", "/", "./", "/usr/bin/", "pause/" };

START_TEST(the_name_in_any_folder_decides_what_changes)
{
	for (size_t i = 0; i < UNIT_COUNT(called); i++) {
		for (size_t j = 0; j < UNIT_COUNT(folders); j++) {
			struct expected expected = nothing_asked();
			char path[64];

			snprintf(path, sizeof(path), "%s%s", folders[j],
				 called[i].name);
			begin(path);
			expected.program = 1;
			expected.to_group = called[i].is_dumb_init;
			expected.is_pause = called[i].is_pause;
			if (!called[i].is_pause)
				word("program");
			expected.is_tini = called[i].is_tini;
			check(&expected);

			begin(path);
			word("--version");
			expected.answer = ANSWER_VERSION;
			check(&expected);
		}
	}
}
END_TEST

START_TEST(dumb_init_signals_the_group_unless_told_otherwise)
{
	static const struct {
		const char *setsid;
		const char *option;
		bool to_group;
	} cases[] = {
		{ NULL, NULL, true },	{ "0", NULL, false },
		{ "1", NULL, true },	{ "", NULL, true },
		{ "2", NULL, true },	{ "no", NULL, true },
		{ NULL, "-c", false },	{ "1", "-c", false },
		{ "0", "-g", true },	{ "0", "-c", false },
	};

	for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
		struct expected expected = nothing_asked();

		begin("dumb-init");
		if (cases[i].option != NULL)
			word(cases[i].option);
		expected.program = world.count;
		word("program");
		variable("DUMB_INIT_SETSID", cases[i].setsid);
		expected.to_group = cases[i].to_group;
		check(&expected);

		/* Under another name the variable is nobody's. */
		begin("foster");
		word("program");
		variable("DUMB_INIT_SETSID", cases[i].setsid);
		expected = nothing_asked();
		expected.program = 1;
		check(&expected);
	}
}
END_TEST

START_TEST(dumb_init_debug_says_everything_only_under_that_name)
{
	static const char *const values[] = { NULL, "1", "0", "", "11", "yes" };

	for (size_t i = 0; i < UNIT_COUNT(called); i++) {
		for (size_t j = 0; j < UNIT_COUNT(values); j++) {
			struct expected expected = nothing_asked();

			if (called[i].is_pause)
				continue;
			begin(called[i].name);
			word("program");
			variable("DUMB_INIT_DEBUG", values[j]);
			expected.program = 1;
			expected.to_group = called[i].is_dumb_init;
			expected.is_tini = called[i].is_tini;
			if (called[i].is_dumb_init && values[j] != NULL &&
			    strcmp(values[j], "1") == 0)
				expected.level = LOG_EVERYTHING;
			check(&expected);
		}
	}
}
END_TEST

START_TEST(tini_verbosity_is_read_as_tini_reads_it)
{
	static const struct {
		const char *value;
		enum log_level level;
	} cases[] = {
		{ NULL, LOG_NORMAL },	{ "0", LOG_QUIET },
		{ "1", LOG_NORMAL },	{ "2", LOG_VERBOSE },
		{ "3", LOG_EVERYTHING },	{ "4", LOG_EVERYTHING },
		{ "10", LOG_EVERYTHING },	{ "65536", LOG_EVERYTHING },
		{ "2147483647", LOG_EVERYTHING },
		{ "", LOG_NORMAL },		{ "-1", LOG_NORMAL },
		{ "-3", LOG_NORMAL },	{ "+3", LOG_NORMAL },
		{ "3x", LOG_NORMAL },	{ " 3", LOG_NORMAL },
		{ "3 ", LOG_NORMAL },	{ "x", LOG_NORMAL },
		{ "true", LOG_NORMAL },
	};

	for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
		struct expected expected = nothing_asked();

		begin("foster");
		word("program");
		variable("TINI_VERBOSITY", cases[i].value);
		expected.program = 1;
		expected.level = cases[i].level;
		check(&expected);

		/* It is where -v begins. */
		begin("foster");
		word("-v");
		word("program");
		variable("TINI_VERBOSITY", cases[i].value);
		expected.program = 2;
		apply(&expected, row_of('v'), NULL);
		check(&expected);
	}
}
END_TEST

START_TEST(tini_kill_process_group_and_subreaper_count_when_set_at_all)
{
	static const char *const values[] = { NULL, "", "0", "1", "no" };

	for (size_t i = 0; i < UNIT_COUNT(values); i++) {
		for (size_t j = 0; j < UNIT_COUNT(values); j++) {
			for (int single = 0; single <= 1; single++) {
				struct expected expected = nothing_asked();

				begin("foster");
				if (single)
					word("-c");
				expected.program = world.count;
				word("program");
				variable("TINI_KILL_PROCESS_GROUP",
					 values[i]);
				variable("TINI_SUBREAPER", values[j]);
				expected.to_group = values[i] != NULL &&
						    !single;
				check(&expected);
			}
		}
	}
}
END_TEST

/* ---- --help ---- */

/* "  -t, --grace D           time leftovers have to end (8s); 0: none" */
static bool is_help_row(const char *line)
{
	return strncmp(line, "  -", 3) == 0 && line[4] == ',';
}

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return *line == '\n' ? line + 1 : line;
}

static char help[OPTIONS_HELP_SIZE + 1];

static void ask_for_help(void)
{
	char *end;

	memset(help, '#', sizeof(help));
	end = options_help(help);
	ck_assert_ptr_eq(end, memchr(help, '\0', OPTIONS_HELP_SIZE));
}

/* ---- words that end early ---- */

static void read_plainly(struct options *options,
			 struct options_mistake *mistake, const char *word,
			 const char *environment)
{
	char *argv[] = { (char *)"foster", (char *)word, (char *)"true", NULL };
	char *envp[] = { (char *)environment, NULL };

	options_read(options, mistake, argv, envp);
}

START_TEST(a_name_that_is_too_long_is_cut_before_its_value)
{
	struct options options;
	struct options_mistake mistake;
	char word[400];

	memset(word, 'x', sizeof(word));
	memcpy(word, "--", 2);
	strcpy(word + 300, "=1");

	read_plainly(&options, &mistake, word, NULL);

	ck_assert_str_eq(mistake.what, "unknown option");
	ck_assert_uint_eq(strlen(mistake.word), OPTIONS_WORD_SIZE - 1);
	ck_assert_int_eq(strncmp(mistake.word, word, OPTIONS_WORD_SIZE - 1),
			 0);
}
END_TEST

START_TEST(a_letter_that_is_not_allowed_ends_its_word)
{
	struct options options;
	struct options_mistake mistake;

	read_plainly(&options, &mistake, "-g", "FOSTER_OPTIONS=-Pv");

	ck_assert_str_eq(mistake.what, "not allowed there");
	ck_assert_str_eq(mistake.word, "-P");
	ck_assert_int_eq(options.run.verbosity, LOG_NORMAL);
}
END_TEST


START_TEST(help_has_one_row_for_each_option_and_no_other)
{
	size_t found = 0;

	ask_for_help();
	for (const char *line = help; *line != '\0';
	     line = next_line(line)) {
		const struct row *row = row_of(line[3]);
		char name[32] = "", value[8] = "";
		bool takes_value;

		if (!is_help_row(line))
			continue;
		unit_check(row != NULL && row->name != NULL, "-%c is unknown",
			   line[3]);
		unit_check(row == &rows[found], "-%c is not in its place",
			   line[3]);
		unit_check(sscanf(line + 5, " --%31[a-z-]", name) == 1 &&
			   strcmp(name, row->name) == 0, "--%s is not --%s",
			   name, row->name);
		takes_value = sscanf(line + 8 + strlen(name), " %7[A-Z:]",
				     value) == 1 &&
			      line[8 + strlen(name) + 1] != ' ';
		unit_check(takes_value == has_value(row), "--%s %s", name,
			   value);
		found++;
	}
	ck_assert_uint_eq(strcspn(help, "\n") + 1, strlen(options_usage));
	ck_assert_int_eq(strncmp(help, options_usage, strlen(options_usage)),
			 0);
	ck_assert_int_eq(strncmp(help, "usage: foster ", 14), 0);
	/* -L has no row of its own, but is named. */
	ck_assert_uint_eq(found, UNIT_COUNT(rows) - 1);
	ck_assert_ptr_nonnull(strstr(help, "-L"));
}
END_TEST

START_TEST(help_fits_in_80_columns_and_ends_its_last_line)
{
	size_t length;

	ask_for_help();
	length = strlen(help);
	ck_assert_uint_gt(length, 0);
	ck_assert_int_eq(help[length - 1], '\n');
	ck_assert_ptr_null(strchr(help, '\t'));
	for (const char *line = help; *line != '\0';
	     line = next_line(line))
		unit_check(strcspn(line, "\n") <= 80, "%.*s is too long",
			   (int)strcspn(line, "\n"), line);
}
END_TEST

Suite *options_suite(void);

Suite *options_suite(void)
{
	Suite *suite = suite_create("options");
	TCase *values = unit_tcase(suite, "values");
	TCase *flags = unit_tcase(suite, "flags and names");
	TCase *several = unit_tcase(suite, "several options");
	TCase *ends = unit_tcase(suite, "where options end");
	TCase *others = unit_tcase(suite, "environment and names");
	TCase *asked = unit_tcase(suite, "help");

	unit_add(values,
		 every_option_takes_every_value_in_every_way_or_says_why_not);
	unit_add(values, every_duration_up_to_3000_is_read_in_every_unit);
	unit_add(values, every_byte_behind_a_number_is_no_unit_but_s_and_m);
	unit_add(values, every_status_and_every_signal_can_be_remapped);
	unit_add(values, every_signal_can_be_the_one_for_a_death);
	unit_add(values,
		 every_pair_of_signals_can_be_a_rewriting_but_for_three);
	unit_add(values, a_value_that_is_missing_is_a_mistake);
	unit_add(values,
		 the_word_behind_is_the_value_even_if_it_looks_like_an_option);
	unit_add(flags, every_flag_is_read_in_every_way);
	unit_add(flags, a_flag_takes_no_value);
	unit_add(flags, every_three_flags_in_one_word_are_three_flags);
	unit_add(flags, every_byte_is_an_option_s_letter_or_is_unknown);
	unit_add(flags, a_long_name_may_be_shortened_as_getopt_long_allows);
	unit_add(flags, a_long_name_with_one_byte_wrong_is_unknown_or_another);
	unit_add(flags, a_short_name_takes_its_value_in_every_way);
	unit_add(flags, a_long_option_without_a_name_is_unknown);
	unit_add(flags, an_overlong_option_is_unknown);
	unit_add(several, of_every_three_options_the_last_wins_or_they_add_up);
	unit_add(several, v_says_more_up_to_twice);
	unit_add(ends, options_end_at_the_first_word_that_is_none);
	unit_add(ends, options_end_at_two_dashes);
	unit_add(ends, a_lone_dash_is_a_program_s_name);
	unit_add(ends, no_program_is_a_mistake);
	unit_add(ends, no_words_at_all_are_a_mistake);
	unit_add(ends, a_pause_runs_no_program_and_has_no_grace_unless_given);
	unit_add(ends, a_pause_has_the_grace_it_is_given_before_or_after);
	unit_add(ends, a_question_needs_no_program_and_ends_the_reading);
	unit_add(others, a_word_of_foster_options_may_have_255_bytes);
	unit_add(others, foster_options_is_split_at_any_number_of_any_blanks);
	unit_add(others,
		 a_word_of_foster_options_that_is_no_option_is_a_mistake);
	unit_add(others, the_command_line_comes_after_foster_options);
	unit_add(others, the_name_in_any_folder_decides_what_changes);
	unit_add(others, dumb_init_signals_the_group_unless_told_otherwise);
	unit_add(others, dumb_init_debug_says_everything_only_under_that_name);
	unit_add(others, tini_verbosity_is_read_as_tini_reads_it);
	unit_add(others,
		 tini_kill_process_group_and_subreaper_count_when_set_at_all);
	unit_add(ends, a_name_that_is_too_long_is_cut_before_its_value);
	unit_add(ends, a_letter_that_is_not_allowed_ends_its_word);
	unit_add(asked, help_has_one_row_for_each_option_and_no_other);
	unit_add(asked, help_fits_in_80_columns_and_ends_its_last_line);
	return suite;
}
