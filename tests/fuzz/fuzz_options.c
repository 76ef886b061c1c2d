/*
 * fuzz_options.c - the command line and the environment (options.h).
 *
 * The bytes are texts, each with a NUL behind it: the first is argv[0], one
 * that begins with \1 a variable, all others are arguments.
 */
#define _GNU_SOURCE
#include "fuzz.h"
#include "options.h"
#include "verbosity.h"

#include <ctype.h>
#include <string.h>

enum { TEXTS_MAX = 64, TEXT_MAX = 4096 };

struct input {
	char **argv, **envp;
	size_t arguments, variables;
	/* Where they begin, as they were at first, and their sizes. */
	char *texts[TEXTS_MAX];
	size_t sizes[TEXTS_MAX];
	size_t count;
	const char *options_text; /* the value of the first FOSTER_OPTIONS */
};

struct reading {
	struct options options;
	struct options_mistake mistake;
};

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
	input->sizes[input->count++] = strlen(text) + 1;
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
	input->argv = fuzz_room((input->arguments + 1) * sizeof(char *));
	input->envp = fuzz_room((input->variables + 1) * sizeof(char *));
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

/* Where in the input a text stands, counted from 1; 0: nowhere. */
static size_t place_of(const struct input *input, const char *text)
{
	for (size_t i = 0, before = 1; i < input->count; i++) {
		const char *begin = input->texts[i];

		if (text >= begin && text < begin + input->sizes[i])
			return before + (size_t)(text - begin);
		before += input->sizes[i];
	}
	return 0;
}

static bool is_within(const char *text, const char *whole, size_t size)
{
	return text >= whole && text < whole + size;
}

static void check_mistake(const struct input *input,
			  const struct options_mistake *mistake)
{
	const char *word = mistake->word;
	size_t length = 0;

	fuzz_check(strlen(mistake->what) > 0, "a mistake without words");
	if (word == mistake->letter)
		fuzz_check(word[0] == '-' && word[1] != '\0' && word[2] == '\0',
			   "letter %s", word);
	else if (strcmp(word, "PROGRAM") != 0 || place_of(input, word) != 0)
		fuzz_check(place_of(input, word) != 0, "word %s", word);
	if (mistake->value != NULL)
		fuzz_check(place_of(input, mistake->value) != 0, "value %s",
			   mistake->value);
	if (!mistake->is_in_environment)
		return;
	fuzz_check(input->options_text != NULL, "whose environment?");
	for (size_t i = 0; i < input->count; i++)
		if (is_within(input->options_text, input->texts[i],
			      input->sizes[i]))
			length = input->sizes[i] - sizeof(foster_options);
	fuzz_check(word == mistake->letter ||
			   is_within(word, input->options_text, length),
		   "%s is not in FOSTER_OPTIONS", word);
}

static void check_options(const struct input *input,
			  const struct options *options)
{
	const uint32_t flags =
		OPTIONS_FLAG('g') | OPTIONS_FLAG('a') | OPTIONS_FLAG('P') |
		OPTIONS_FLAG('w') | OPTIONS_FLAG('s') | OPTIONS_FLAG('h') |
		OPTIONS_FLAG('V') | OPTIONS_FLAG('l') | OPTIONS_FLAG('t');
	const uint32_t most_ms = UINT32_C(1) << 31;

	fuzz_check((options->given & ~flags) == 0, "flags %#x", options->given);
	fuzz_check(options->grace_ms <= most_ms &&
			   options->kill_after_ms <= most_ms,
		   "durations");
	fuzz_check(options->death_signal <= 64 &&
			   options->parent_death_signal <= 64,
		   "death signals");
	fuzz_check(options->verbosity >= LOG_QUIET &&
			   options->verbosity <= LOG_EVERYTHING,
		   "verbosity %d", options->verbosity);
	for (int signal = 1; signal <= 64; signal++) {
		int as = signals_rewritten(&options->rewriting, signal);

		fuzz_check(as >= 0 && as <= 64, "%d:%d", signal, as);
		fuzz_check(as == signal || (signal != 9 && signal != 17 &&
					    signal != 19),
			   "%d:%d", signal, as);
	}
	/* Behind argv[0], if there is one, and at most at the NULL. */
	fuzz_check(options->program >= input->argv + (input->arguments > 0) &&
			   options->program <= input->argv + input->arguments,
		   "a program outside of argv");
	if (!options_is_question(options))
		fuzz_check(options_has(options, 'P') ==
				   (*options->program == NULL),
			   "-P and a program");
}

/* All other variables are there as they were, and in their order. */
static void check_environment(const struct input *input)
{
	size_t at = 0;

	for (size_t i = 0; i < input->count; i++) {
		bool is_argument = false;

		for (size_t j = 0; j < input->arguments; j++)
			is_argument |= input->argv[j] == input->texts[i];
		if (is_argument || is_foster_options(input->texts[i]))
			continue;
		fuzz_check(input->envp[at++] == input->texts[i] &&
				   strlen(input->texts[i]) + 1 ==
					   input->sizes[i],
			   "variable %zu", i);
	}
	fuzz_check(input->envp[at] == NULL, "a variable more");
}

static void read_and_check(struct input *input, struct reading *reading)
{
	/* What is not set is not to be read. */
	memset(reading, 0xa5, sizeof(*reading));
	memset(&reading->options, 0, sizeof(reading->options));
	options_read(&reading->options, &reading->mistake, input->argv,
		     input->envp);
	check_environment(input);
	if (reading->mistake.what != NULL)
		check_mistake(input, &reading->mistake);
	else
		check_options(input, &reading->options);
}

static bool are_same_texts(const char *one, const char *other)
{
	return one == other ||
	       (one != NULL && other != NULL && strcmp(one, other) == 0);
}

static void check_same(const struct reading *one, const struct reading *other)
{
	const struct options *a = &one->options, *b = &other->options;

	fuzz_check(are_same_texts(one->mistake.what, other->mistake.what),
		   "'%s' and then '%s'", one->mistake.what,
		   other->mistake.what);
	if (one->mistake.what != NULL) {
		fuzz_check(are_same_texts(one->mistake.word,
					  other->mistake.word) &&
				   are_same_texts(one->mistake.value,
						  other->mistake.value),
			   "%s: %s %s, and then %s %s", one->mistake.what,
			   one->mistake.word, one->mistake.value,
			   other->mistake.word, other->mistake.value);
		return;
	}
	fuzz_check(a->given == b->given && a->grace_ms == b->grace_ms &&
			   a->kill_after_ms == b->kill_after_ms &&
			   a->death_signal == b->death_signal &&
			   a->parent_death_signal == b->parent_death_signal &&
			   a->verbosity == b->verbosity &&
			   memcmp(&a->remap, &b->remap, sizeof(a->remap)) ==
				   0 &&
			   memcmp(&a->rewriting, &b->rewriting,
				  sizeof(a->rewriting)) == 0 &&
			   are_same_texts(*a->program, *b->program),
		   "not the same options");
}

/*
 * FOSTER_OPTIONS="TEXT" foster cat, and foster TEXT cat. Not the same are a
 * value that is missing, which then is "cat", and what is not allowed there.
 */
static void check_both_doors(const char *text)
{
	static char name[] = "foster", program[] = "cat";
	size_t length = strlen(text);
	char *variable = fuzz_room(sizeof(foster_options) + length + 1);
	char *words = fuzz_room(length + 1);
	char **argv = fuzz_room((length + 3) * sizeof(char *));
	char *envp[] = { variable, NULL }, *none[] = { NULL };
	char *in_environment[] = { name, program, NULL };
	struct reading one, other;
	size_t count = 0;

	strcpy(variable, foster_options);
	variable[sizeof(foster_options) - 1] = '=';
	strcpy(variable + sizeof(foster_options), text);
	strcpy(words, text);
	/* No word of FOSTER_OPTIONS has a byte up to a blank in it. */
	for (char *at = words; *at != '\0'; at++)
		if ((unsigned char)*at <= ' ')
			*at = ' ';
	argv[count++] = name;
	for (char *word = strtok(words, " "); word != NULL;
	     word = strtok(NULL, " "))
		argv[count++] = word;
	argv[count++] = program;
	argv[count] = NULL;
	memset(&one.options, 0, sizeof(one.options));
	memset(&other.options, 0, sizeof(other.options));
	options_read(&one.options, &one.mistake, in_environment, envp);
	options_read(&other.options, &other.mistake, argv, none);
	if (one.mistake.what == NULL ||
	    (one.mistake.is_in_environment &&
	     strcmp(one.mistake.what, "needs a value") != 0 &&
	     strcmp(one.mistake.what, "not allowed there") != 0 &&
	     strcmp(one.mistake.what, "not an option") != 0))
		check_same(&one, &other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_bytes bytes = { data, data + size };
	struct reading one, other;
	struct input input, again;

	make(&input, bytes);
	make(&again, bytes);
	if (again.options_text != NULL)
		check_both_doors(again.options_text);
	read_and_check(&input, &one);
	read_and_check(&again, &other);
	check_same(&one, &other);
	fuzz_check(place_of(&input, one.mistake.value) ==
			   place_of(&again, other.mistake.value),
		   "another value");
	fuzz_forget();
	return 0;
}
