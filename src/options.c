#include "options.h"
#include "environment.h"
#include "text.h"
#include "verbosity.h"
#include "wording.h"

wording options_usage(void)
{
	return T("usage: foster [OPTION]... [--] PROGRAM [ARG]...\n");
}

/*
 * One row an option, as --help prints it: parsing finds there the letter, the
 * long name and whether a value follows it. A row begins with a blank, what
 * comes after all of them does not.
 */
/* clang-format off */
wording options_rows(void)
{
	return T(
	"  -g, --group             signal the program's process group\n"
	"  -c, --single-child      signal the program alone (default)\n"
	"  -r, --rewrite A:B       hand over signal B for A, 0: none\n"
	"  -t, --grace D           time leftovers have to end (8s)\n"
	"  -k, --kill-after D      time a program told to end has (0: any)\n"
	"  -e, --remap-exit N      exit 0 for status or signal N\n"
	"  -a, --wait-all          let leftovers run until told to stop\n"
	"  -d, --death-signal SIG  for the program when foster dies\n"
	"  -p, --parent-death SIG  for foster when its parent dies\n"
	"  -s, --subreaper         accepted; so it is, unless process 1\n"
	"  -P, --pause             no program, only adopt and reap\n"
	"  -w, --warn-reaped       say each reaped orphan\n"
	"  -q, --quiet             only say why PROGRAM cannot start\n"
	"  -v, --verbose           say more; twice: all\n"
	"  -h, --help              print this\n"
	"  -V, --version           print the version\n"
	"  -l, --license           print the licence (also -L)\n"
	"D: 10, 10s, 500ms, 2m. SIG: TERM, 15, RTMIN+3. More: man 1 foster\n");
}
/* clang-format on */

/* Where in a row. */
enum { LETTER = 3, NAME = 8 };

/* The blank behind the long name; there is another one if no value follows. */
static const char *name_end(const char *row)
{
	return text_find(row + NAME, ' ');
}

/* Where words come from: a vector, or a text that is cut at its blanks. */
struct words {
	char **vector;
	char *text; /* NULL: the vector */
};

/* The reading of one source of options. */
struct reading {
	struct options *options;
	struct options_mistake *mistake;
	struct words words;
	const char *rows;
};

/*
 * The row of the option with this letter, or this long name; or the last line,
 * which is no row.
 */
static const char *find_row(const struct reading *reading, char letter,
			    const char *name)
{
	const char *row = reading->rows, *rest;

	if (letter == 'L')
		letter = 'l';
	while (*row == ' ' && row[LETTER] != letter) {
		rest = text_after(row + NAME, name);
		if (rest != NULL && rest == name_end(row))
			break;
		row = text_find(row, '\n') + 1;
	}
	return row;
}

/* Also a NUL: what no word consists of. */
static bool is_between_words(char c)
{
	return (unsigned char)c <= ' ';
}

static char *next_word(struct words *words)
{
	char *word = words->text, *end;

	if (word == NULL)
		return *words->vector != NULL ? *words->vector++ : NULL;
	while (*word != '\0' && is_between_words(*word))
		word++;
	end = word;
	while (!is_between_words(*end))
		end++;
	words->text = end + (*end != '\0');
	*end = '\0';
	return *word != '\0' ? word : NULL;
}

/* 2^31 ms, some 24 days. */
static const int64_t duration_max_ms = INT64_C(1) << 31;

/* In milliseconds; -1 where it is none. */
static int64_t read_duration(const char *text)
{
	int64_t number = text_number(&text, duration_max_ms);
	const char *unit = text; /* nobody has its address: no memory */
	int unit_ms = 1000;

	if (*unit == 'm')
		unit_ms = *++unit == 's' ? 1 : 60000;
	if (*unit == 's')
		unit++;
	number *= unit_ms;
	return *unit == '\0' && number <= duration_max_ms ? number : -1;
}

/* A status, or a signal's name for the status it ends a program with. */
static int read_status(const char *text)
{
	int number = (int)text_whole_number(text, 255);

	if (number >= 0)
		return number;
	number = signals_named(text);
	return number < 0 ? number : STATUS_SIGNAL + number;
}

/* A:B. The colon is a NUL for the moment in which A is read. */
static OUT_OF_LINE wording read_rewriting(struct signals_rewriting *rewriting,
					  char *text)
{
	char *colon = text_find(text, ':');
	int from, to;

	if (colon == NULL)
		return T("not A:B, two signals");
	*colon = '\0';
	from = signals_number(text);
	*colon++ = ':';
	to = text_whole_number(colon, 0) == 0 ? 0 : signals_number(colon);
	if (from < 0 || to < 0)
		return T("not A:B, two signals");
	if (!signals_can_be_caught(from))
		return T("a signal that cannot be handed over");
	signals_rewrite(rewriting, from, to);
	return NO_WORDING;
}

/* Options with a value; gives what is wrong with it, or NULL. */
static wording take_value(struct options *options, char letter, char *value)
{
	int64_t number;
	wording what;

	if (letter == 'r')
		return read_rewriting(&options->rewriting, value);
	if (letter == 'e') {
		number = read_status(value);
		what = T("not an exit status (0 to 255) or a signal");
	} else if (letter == 't' || letter == 'k') {
		number = read_duration(value);
		what = T("not a duration (10, 10s, 500ms, 2m; at most 24"
			 " days)");
	} else {
		number = signals_number(value);
		what = T("not a signal");
	}
	if (number < 0)
		return what;
	if (letter == 'e')
		status_remap(&options->remap, (int)number);
	else if (letter == 't')
		options->grace_ms = (uint32_t)number;
	else if (letter == 'k')
		options->kill_after_ms = (uint32_t)number;
	else if (letter == 'd')
		options->death_signal = (uint8_t)number;
	else
		options->parent_death_signal = (uint8_t)number;
	return NO_WORDING;
}

static void take_flag(struct options *options, char letter)
{
	if (letter == 'c')
		options->given &= ~OPTIONS_FLAG('g');
	else if (letter == 'q')
		options->verbosity = LOG_QUIET;
	else if (letter == 'v')
		options->verbosity = options->verbosity < LOG_VERBOSE
					     ? LOG_VERBOSE
					     : LOG_EVERYTHING;
	else
		options->given |= OPTIONS_FLAG(letter);
}

/*
 * The row of the option at `name`, in a word that begins with two dashes or
 * one; *value is what stands behind it. The mistake is given its name.
 */
static const char *row_of(struct reading *reading, char *word, char *name,
			  char **value)
{
	struct options_mistake *mistake = reading->mistake;

	if (word[1] == '-') {
		*value = text_find(word, '=');
		if (*value != NULL)
			*(*value)++ = '\0';
		mistake->word = word;
		return find_row(reading, '\0', word + 2);
	}
	*value = name[1] != '\0' ? name + 1 : NULL;
	mistake->letter[0] = '-';
	mistake->letter[1] = *name;
	mistake->letter[2] = '\0';
	mistake->word = mistake->letter;
	return find_row(reading, *name, "");
}

/*
 * Reads "--name", "--name=value" or the letters of "-gv" and "-t5"; gives
 * what is wrong, or NULL. The mistake has the name of the one at hand.
 */
static wording read_option(struct reading *reading, char *word)
{
	struct options_mistake *mistake = reading->mistake;
	char *name = word + 1, *value;
	const char *row;
	wording what;

	/* Behind a letter stands its value, or else the next letter. */
	for (; name != NULL; name = value) {
		row = row_of(reading, word, name, &value);
		if (*row != ' ')
			return T("unknown option");
		if (mistake->is_in_environment &&
		    text_find("PhVl", row[LETTER]))
			return T("not allowed there");
		if (name_end(row)[1] != ' ') {
			if (value == NULL)
				value = next_word(&reading->words);
			if (value == NULL)
				return T("needs a value");
			what = take_value(reading->options, row[LETTER], value);
			if (what != NO_WORDING)
				mistake->value = value;
			return what;
		}
		if (word[1] == '-' && value != NULL)
			return T("takes no value");
		take_flag(reading->options, row[LETTER]);
	}
	return NO_WORDING;
}

/* "-" is a program's name, "--" the end of the options. */
static bool is_option(const char *word)
{
	return word != NULL && word[0] == '-' && word[1] != '\0' &&
	       !(word[1] == '-' && word[2] == '\0');
}

/* What comes behind the options. */
static wording end_options(struct reading *reading, const char *word)
{
	if (word == NULL)
		return NO_WORDING;
	reading->mistake->word = word;
	if (reading->mistake->is_in_environment)
		return T("not an option");
	/* "--" is over with, a program is still wanted. */
	if (!(word[0] == '-' && word[1] == '-'))
		reading->words.vector--;
	return NO_WORDING;
}

/*
 * Of its own: a start without options does without this much stack, and that
 * is a page fault less as often as not.
 */
static OUT_OF_LINE wording read_options(struct reading *reading, char *word)
{
	char room[OPTIONS_ROWS_SIZE];
	wording what;

	reading->rows = wording_text(options_rows(), room);
	for (; is_option(word); word = next_word(&reading->words)) {
		what = read_option(reading, word);
		if (what != NO_WORDING || options_is_question(reading->options))
			return what;
	}
	return end_options(reading, word);
}

/*
 * Reads words until one is no option or "--"; gives what is wrong, or NULL.
 */
static wording read_words(struct reading *reading)
{
	char *word = next_word(&reading->words);

	return is_option(word) ? read_options(reading, word)
			       : end_options(reading, word);
}

/*
 * What changes with the name foster is called by, this and nothing else: as
 * if the option were given; 't' is none, it passes for tini.
 */
static const _Alignas(1) char called[][sizeof("ttini-static")] = {
	"gdumb-init",	"Ppause",	"ttini",
	"ttini-static", "tdocker-init", "tcatatonit",
};

/* The letter in the row of `path`, or '\0'. */
static char does_when_called(const char *path)
{
	const char *name = path, *row = called[0];
	size_t left;
	char c;

	do {
		c = *path++;
		if (c == '/')
			name = path;
	} while (c != '\0');
	c = *name;
	for (left = sizeof(called) / sizeof(called[0]); left != 0; left--) {
		if (row[1] == c && text_equal(row + 1, name))
			return *row;
		row += sizeof(called[0]);
	}
	return '\0';
}

/* A number in the environment; -1 where there is none. */
static int number_in(char **environment, const char *name)
{
	const char *value = environment_get(environment, name);

	return value == NULL ? -1 : (int)text_whole_number(value, INT32_MAX);
}

/* The words of the inits that foster stands in for. */
static void read_others(struct options *options, char does, char **environment)
{
	int level;

	if (does != '\0')
		take_flag(options, does);
	level = number_in(environment, "TINI_VERBOSITY");
	if (level >= 0)
		options->verbosity = level > 3 ? LOG_EVERYTHING : level - 1;
	if (does == 'g') {
		if (number_in(environment, "DUMB_INIT_SETSID") == 0)
			options->given &= ~OPTIONS_FLAG('g');
		if (number_in(environment, "DUMB_INIT_DEBUG") == 1)
			options->verbosity = LOG_EVERYTHING;
	}
	if (environment_get(environment, "TINI_KILL_PROCESS_GROUP") != NULL)
		options->given |= OPTIONS_FLAG('g');
}

enum { NOT_GIVEN = -1 };

/* What must hold of all options together. */
static wording complete(struct reading *reading)
{
	struct options *options = reading->options;
	bool is_pause = options_has(options, 'P');
	bool has_program = *reading->words.vector != NULL;

	options->program = reading->words.vector;
	if (options->grace_ms == (uint32_t)NOT_GIVEN)
		options->grace_ms = is_pause ? 0 : OPTIONS_GRACE_MS;
	if (options_is_question(options) || is_pause != has_program)
		return NO_WORDING;
	reading->mistake->word = is_pause ? *options->program : "PROGRAM";
	return is_pause ? T("a program, and -P runs none") : T("is missing");
}

void options_read(struct options *options, struct options_mistake *mistake,
		  char **argv, char **environment)
{
	struct reading reading;

	reading.options = options;
	reading.mistake = mistake;
	reading.words.text = environment_get(environment, "FOSTER_OPTIONS");
	mistake->value = NULL;
	options->grace_ms = (uint32_t)NOT_GIVEN;
	read_others(options, *argv ? does_when_called(*argv++) : '\0',
		    environment);
	if (reading.words.text != NULL) {
		mistake->is_in_environment = true;
		mistake->what = read_words(&reading);
		environment_replace(environment, "FOSTER_OPTIONS", NULL);
		if (mistake->what != NO_WORDING)
			return;
	}

	mistake->is_in_environment = false;
	reading.words = (struct words){ .vector = argv };
	mistake->what = read_words(&reading);
	if (mistake->what == NO_WORDING)
		mistake->what = complete(&reading);
}
