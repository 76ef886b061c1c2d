/*
 * fuzz_options.c - the command line and the environment (options.h), and the
 * values of options (option_values.h) against a second reading.
 *
 * The bytes are texts, each with a NUL behind it: the first is argv[0], one
 * that begins with \1 a variable, all others are arguments. The first is also
 * taken as a value, and as the name of a long option.
 */
#define _GNU_SOURCE
#include "fuzz.h"
#include "log.h"
#include "options.h"
#include "signals.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXTS_MAX = 64, TEXT_MAX = 4096 };

struct input {
	char **argv, **envp;
	size_t arguments, variables;
	/* Where they begin, and what they are. */
	char *texts[TEXTS_MAX], *copies[TEXTS_MAX];
	size_t count;
	const char *options_text; /* the value of the first FOSTER_OPTIONS */
};

struct reading {
	struct options options;
	struct options_mistake mistake;
};

static char foster_name[] = "foster", program_name[] = "cat";
static char *no_variables[] = { NULL };

static const char foster_options[] = "FOSTER_OPTIONS";

static bool is_foster_options(const char *variable)
{
	size_t length = sizeof(foster_options) - 1;

	return strncmp(variable, foster_options, length) == 0 &&
	       variable[length] == '=';
}

static char *keep(struct input *input, char *text)
{
	input->texts[input->count] = text;
	input->copies[input->count] = fuzz_memory(strlen(text) + 1);
	strcpy(input->copies[input->count++], text);
	return text;
}

/* Vectors of exactly as many as there are. */
static void make(struct input *input, struct fuzz_bytes bytes)
{
	char *arguments[TEXTS_MAX], *variables[TEXTS_MAX];

	memset(input, 0, sizeof(*input));
	while (bytes.at < bytes.end && input->count < TEXTS_MAX) {
		bool is_variable = *bytes.at == 1;

		bytes.at += is_variable;
		if (is_variable)
			variables[input->variables++] =
				keep(input, fuzz_text(&bytes, TEXT_MAX));
		else
			arguments[input->arguments++] =
				keep(input, fuzz_text(&bytes, TEXT_MAX));
	}
	input->argv = fuzz_memory((input->arguments + 1) * sizeof(char *));
	input->envp = fuzz_memory((input->variables + 1) * sizeof(char *));
	memcpy(input->argv, arguments, input->arguments * sizeof(char *));
	memcpy(input->envp, variables, input->variables * sizeof(char *));
	input->argv[input->arguments] = NULL;
	input->envp[input->variables] = NULL;
	for (size_t i = 0; input->options_text == NULL && i < input->variables;
	     i++)
		if (is_foster_options(variables[i]))
			input->options_text =
				variables[i] + sizeof(foster_options);
}

/* Vectors and texts are as they were. */
static void check_unchanged(const struct input *input)
{
	size_t argument = 0, variable = 0;

	for (size_t i = 0; i < input->count; i++) {
		fuzz_check(input->argv[argument] == input->texts[i] ||
				   input->envp[variable] == input->texts[i],
			   "word %zu is another", i);
		if (input->argv[argument] == input->texts[i])
			argument++;
		else
			variable++;
		fuzz_check(strcmp(input->texts[i], input->copies[i]) == 0,
			   "word %zu was changed", i);
	}
	fuzz_check(argument == input->arguments &&
			   variable == input->variables &&
			   input->argv[argument] == NULL &&
			   input->envp[variable] == NULL,
		   "a vector has another length");
}

/* ---- whatever is read ---- */

/* Whether one of the arguments, or FOSTER_OPTIONS, has `part` in it. */
static bool contains(const struct input *input, bool is_in_environment,
		     const char *part)
{
	if (*part == '\0')
		return true;
	if (is_in_environment)
		return strstr(input->options_text, part) != NULL;
	for (size_t i = 0; i < input->arguments; i++)
		if (strstr(input->argv[i], part) != NULL)
			return true;
	return false;
}

static void check_mistake(const struct input *input,
			  const struct options_mistake *mistake)
{
	const char *word = mistake->word;
	bool is_there = mistake->is_in_environment;

	fuzz_check(strlen(mistake->what) > 0, "a mistake without words");
	fuzz_check(memchr(word, '\0', OPTIONS_WORD_SIZE) != NULL &&
			   memchr(mistake->value, '\0', OPTIONS_WORD_SIZE) !=
				   NULL,
		   "no NUL");
	fuzz_check(!is_there || input->options_text != NULL,
		   "whose environment?");
	if (strlen(word) == 2 && word[0] == '-')
		word++;
	fuzz_check(contains(input, is_there, word) ||
			   strcmp(word, "PROGRAM") == 0,
		   "word %s", word);
	fuzz_check(contains(input, is_there, mistake->value), "value %s",
		   mistake->value);
}

static void check_options(const struct input *input,
			  const struct options *options)
{
	const struct foster_options *run = &options->run;
	const uint32_t most_ms = UINT32_C(1) << 31;

	fuzz_check(options->answer >= ANSWER_NONE &&
			   options->answer <= ANSWER_LICENSE,
		   "answer %d", options->answer);
	fuzz_check((run->grace_ms <= most_ms ||
		    run->grace_ms == FOSTER_NO_TIME) &&
			   run->kill_after_ms <= most_ms,
		   "durations");
	fuzz_check(run->death_signal >= 0 && run->death_signal <= 64 &&
			   options->parent_death_signal >= 0 &&
			   options->parent_death_signal <= 64,
		   "death signals");
	fuzz_check(run->verbosity >= LOG_QUIET &&
			   run->verbosity <= LOG_EVERYTHING,
		   "verbosity %d", run->verbosity);
	for (int signal = 1; signal <= 64; signal++) {
		int as = signals_rewritten(run->rewrite, signal);

		fuzz_check(as >= 0 && as <= 64, "%d:%d", signal, as);
		fuzz_check(as == signal || (signal != 9 && signal != 17 &&
					    signal != 19),
			   "%d:%d", signal, as);
	}
	/* Behind argv[0], if there is one, and at most at the NULL. */
	fuzz_check(options->program >= input->argv + (input->arguments > 0) &&
			   options->program <= input->argv + input->arguments,
		   "a program outside of argv");
	if (options->answer == ANSWER_NONE)
		fuzz_check(((run->flags & FOSTER_PAUSE) != 0) ==
				   (*options->program == NULL),
			   "-P and a program");
}

static void read_and_check(struct input *input, struct reading *reading)
{
	/* What is not set is not to be read. */
	memset(reading, 0xa5, sizeof(*reading));
	options_read(&reading->options, &reading->mistake, input->argv,
		     input->envp);
	check_unchanged(input);
	if (reading->mistake.what != NULL)
		check_mistake(input, &reading->mistake);
	else
		check_options(input, &reading->options);
}

static void check_same(const struct reading *one, const struct reading *other)
{
	const struct options *a = &one->options, *b = &other->options;

	fuzz_check(one->mistake.what == other->mistake.what,
		   "'%s' and then '%s'", one->mistake.what,
		   other->mistake.what);
	if (one->mistake.what != NULL) {
		fuzz_check(strcmp(one->mistake.word, other->mistake.word) ==
					   0 &&
				   strcmp(one->mistake.value,
					  other->mistake.value) == 0,
			   "%s: %s %s, and then %s %s", one->mistake.what,
			   one->mistake.word, one->mistake.value,
			   other->mistake.word, other->mistake.value);
		return;
	}
	fuzz_check(memcmp(&a->remap, &b->remap, sizeof(a->remap)) == 0 &&
			   memcmp(a->run.rewrite, b->run.rewrite,
				  sizeof(a->run.rewrite)) == 0,
		   "not the same values");
	fuzz_check(a->answer == b->answer && a->is_tini == b->is_tini &&
			   a->run.flags == b->run.flags &&
			   a->run.verbosity == b->run.verbosity &&
			   a->run.grace_ms == b->run.grace_ms &&
			   a->run.kill_after_ms == b->run.kill_after_ms &&
			   a->run.death_signal == b->run.death_signal &&
			   a->parent_death_signal == b->parent_death_signal,
		   "not the same options");
	fuzz_check((*a->program == NULL) == (*b->program == NULL) &&
			   (*a->program == NULL ||
			    strcmp(*a->program, *b->program) == 0),
		   "not the same program");
}

/*
 * FOSTER_OPTIONS="TEXT" foster cat, and foster TEXT cat. Not the same are a
 * value that is missing, which then is "cat", what is not allowed there, and
 * words that are too long.
 */
static void check_both_sources(const char *text)
{
	static const char *const others[] = { "needs a value",
					      "not allowed there",
					      "not an option", "too long" };
	size_t length = strlen(text);
	char *variable = fuzz_memory(sizeof(foster_options) + length + 1);
	char *words = fuzz_memory(length + 1);
	char **argv = fuzz_memory((length + 3) * sizeof(char *));
	char *envp[] = { variable, NULL };
	char *in_environment[] = { foster_name, program_name, NULL };
	struct reading one, other;
	size_t count = 0;

	strcpy(variable, foster_options);
	variable[sizeof(foster_options) - 1] = '=';
	strcpy(variable + sizeof(foster_options), text);
	strcpy(words, text);
	/* No word of FOSTER_OPTIONS has a byte up to a blank in it. */
	for (char *c = words; *c != '\0'; c++)
		if ((unsigned char)*c <= ' ')
			*c = ' ';
	argv[count++] = foster_name;
	for (char *word = strtok(words, " "); word != NULL;
	     word = strtok(NULL, " "))
		argv[count++] = word;
	argv[count++] = program_name;
	argv[count] = NULL;
	options_read(&one.options, &one.mistake, in_environment, envp);
	options_read(&other.options, &other.mistake, argv, no_variables);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (one.mistake.what != NULL &&
		    strcmp(one.mistake.what, others[i]) == 0)
			return;
	check_same(&one, &other);
}

/* ---- the second reading of values ---- */

/* Digits and nothing else; above `most`: -1. */
static long long whole_number(const char *text, long long most)
{
	size_t digits = strspn(text, "0123456789");
	unsigned __int128 number = 0;

	if (digits == 0 || text[digits] != '\0')
		return -1;
	for (size_t i = 0; i < digits; i++) {
		number = number * 10 + (unsigned)(text[i] - '0');
		if (number > (unsigned __int128)most)
			return -1;
	}
	return (long long)number;
}

static int real_time(const char *text, int base, char sign)
{
	long long offset;

	if (*text == '\0')
		return base;
	offset = *text == sign ? whole_number(text + 1, 30) : -1;
	if (offset < 0)
		return -1;
	return base + (int)(sign == '+' ? offset : -offset);
}

/* The names are libc's. */
static int signal_of(const char *text)
{
	static const struct {
		const char *name;
		int signal;
	} others[] = {
		{ "IOT", 6 },
		{ "CLD", 17 },
		{ "POLL", 29 },
		{ "IO", 29 },
	};
	long long number = whole_number(text, 64);

	if (number >= 0)
		return number == 0 ? -1 : (int)number;
	if (strncasecmp(text, "SIG", 3) == 0)
		text += 3;
	if (strncasecmp(text, "RTMIN", 5) == 0)
		return real_time(text + 5, 34, '+');
	if (strncasecmp(text, "RTMAX", 5) == 0)
		return real_time(text + 5, 64, '-');
	for (int signal = 1; signal < 32; signal++)
		if (strcasecmp(text, sigabbrev_np(signal)) == 0)
			return signal;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcasecmp(text, others[i].name) == 0)
			return others[i].signal;
	return -1;
}

static long long duration_of(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	const char *unit = text + digits;
	char *number = strndup(text, digits);
	long long most = 1LL << 31, ms = whole_number(number, most);

	free(number);
	if (ms < 0)
		return -1;
	if (*unit == '\0' || strcmp(unit, "s") == 0)
		ms *= 1000;
	else if (strcmp(unit, "m") == 0)
		ms *= 60000;
	else if (strcmp(unit, "ms") != 0)
		return -1;
	return ms <= most ? ms : -1;
}

static int status_of(const char *text)
{
	int signal;

	if (isdigit((unsigned char)*text))
		return (int)whole_number(text, 255);
	signal = signal_of(text);
	return signal < 0 ? -1 : 128 + signal;
}

/* ---- the first ---- */

/* foster WORD [VALUE] cat; whether that is right. */
static bool take(struct options *options, const char *word, const char *value)
{
	char *own_word = strcpy(fuzz_memory(strlen(word) + 1), word);
	char *own_value = NULL;
	char *argv[] = { foster_name, own_word, program_name, NULL, NULL };
	struct options_mistake mistake;

	if (value != NULL) {
		own_value = strcpy(fuzz_memory(strlen(value) + 1), value);
		argv[2] = own_value;
		argv[3] = program_name;
	}
	options_read(options, &mistake, argv, no_variables);
	if (mistake.what == NULL) {
		fuzz_check(*options->program == program_name, "a word more");
		return true;
	}
	if (value != NULL)
		fuzz_check(strcmp(mistake.word, word) == 0 &&
				   strncmp(mistake.value, value,
					   OPTIONS_WORD_SIZE - 1) == 0,
			   "'%s %s' is what is wrong", mistake.word,
			   mistake.value);
	return false;
}

/* "-t5" and "--grace=5" are "-t 5". */
static bool take_joined(struct options *options, const char *begin,
			const char *text)
{
	char *word = fuzz_memory(strlen(begin) + strlen(text) + 1);

	strcpy(stpcpy(word, begin), text);
	return take(options, word, NULL);
}

static void check_duration(const char *text)
{
	long long wanted = duration_of(text);
	long long grace = wanted != 0 ? wanted : FOSTER_NO_TIME;
	bool is_right = wanted >= 0;
	struct options options;

	fuzz_check(take(&options, "-t", text) == is_right, "-t %s", text);
	fuzz_check(!is_right || options.run.grace_ms == grace, "-t %s: %u",
		   text, options.run.grace_ms);
	if (*text != '\0')
		fuzz_check(take_joined(&options, "-t", text) == is_right,
			   "-t%s", text);
	fuzz_check(take_joined(&options, "--grace=", text) == is_right,
		   "--grace=%s", text);
	fuzz_check(take(&options, "-k", text) == is_right, "-k %s", text);
	fuzz_check(!is_right || options.run.kill_after_ms == wanted,
		   "-k %s: %u", text, options.run.kill_after_ms);
}

static void check_signal(const char *text)
{
	int wanted = signal_of(text), signal = signals_number(text);
	char *name = fuzz_memory(SIGNALS_NAME_SIZE);
	struct options options;

	fuzz_check(signal == wanted, "%s is %d and not %d", text, signal,
		   wanted);
	fuzz_check(take(&options, "-d", text) == (wanted > 0), "-d %s", text);
	if (wanted <= 0)
		return;
	fuzz_check(options.run.death_signal == wanted, "-d %s", text);
	fuzz_check(signals_name(signal, name) == name, "of %s", text);
	if (signal != 32 && signal != 33)
		fuzz_check(signals_number(name) == signal, "%s is not %d", name,
			   signal);
}

static void check_remap(const char *text)
{
	int wanted = status_of(text);
	struct options options;

	fuzz_check(take(&options, "-e", text) == (wanted >= 0), "-e %s", text);
	if (wanted < 0)
		return;
	for (int status = 0; status < 256; status++)
		fuzz_check(status_remapped(&options.remap, status) ==
				   (status == wanted ? 0 : status),
			   "-e %s: %d", text, status);
}

/* A signal before a colon has at most this many bytes. */
enum { FROM_MAX = SIGNALS_NAME_SIZE - 1 };

static void check_rewriting(const char *text)
{
	const char *colon = strchr(text, ':');
	int from = -1, to = -1;
	struct options options;
	bool is_right;

	if (colon != NULL && colon - text <= FROM_MAX) {
		char *first = strndup(text, (size_t)(colon - text));

		from = signal_of(first);
		to = whole_number(colon + 1, 0) == 0 ? 0 : signal_of(colon + 1);
		free(first);
	}
	is_right = from > 0 && to >= 0 && from != 9 && from != 17 && from != 19;
	fuzz_check(take(&options, "-r", text) == is_right, "-r %s", text);
	for (int signal = 1; is_right && signal <= 64; signal++)
		fuzz_check(signals_rewritten(options.run.rewrite, signal) ==
				   (signal == from ? to : signal),
			   "-r %s: %d", text, signal);
}

/*
 * Names are those that the help shows. A shorter one is good where no other
 * option's name begins so, getopt_long(3).
 */
static void check_name(const char *name)
{
	char help[OPTIONS_HELP_SIZE], *argv[] = { foster_name, NULL, NULL };
	char *word = fuzz_memory(strlen(name) + 3);
	struct reading reading;
	unsigned count = 0;
	const char *wanted;

	if (*name == '\0' || strchr(name, '=') != NULL)
		return;
	options_help(help);
	for (char *at = strstr(help, ", --"); at != NULL;
	     at = strstr(at + 4, ", --")) {
		if (strncmp(at + 4, name, strlen(name)) != 0)
			continue;
		count++;
		if (at[4 + strlen(name)] == ' ') {
			count = 1;
			break;
		}
	}
	wanted = count == 0 ? "unknown option" : "ambiguous option";
	strcpy(stpcpy(word, "--"), name);
	argv[1] = word;
	options_read(&reading.options, &reading.mistake, argv, no_variables);
	fuzz_check((reading.mistake.what != NULL &&
		    strcmp(reading.mistake.what, wanted) == 0) == (count != 1),
		   "--%s: %u options begin so", name, count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_bytes bytes = { data, data + size };
	const char *value = fuzz_text(&bytes, 256);
	struct reading one, other;
	struct input input, again;

	check_duration(value);
	check_signal(value);
	check_remap(value);
	check_rewriting(value);
	check_name(value);
	bytes = (struct fuzz_bytes){ data, data + size };
	make(&input, bytes);
	make(&again, bytes);
	if (again.options_text != NULL)
		check_both_sources(again.options_text);
	read_and_check(&input, &one);
	read_and_check(&again, &other);
	check_same(&one, &other);
	fuzz_forget();
	return 0;
}
