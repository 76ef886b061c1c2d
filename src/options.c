#include "options.h"
#include "environment.h"
#include "log.h"
#include "option_table.h"
#include "text.h"

const char options_usage[] =
	"usage: foster [OPTION]... [--] PROGRAM [ARG]...\n";

char *options_help(char help[OPTIONS_HELP_SIZE])
{
	return option_help(text_put(help, options_usage));
}

/* ---- reading one source ---- */

/* Where words come from: a vector, or a text with blanks between them. */
struct words {
	char *const *vector;
	const char *text;	      /* NULL: the vector */
	char word[OPTIONS_WORD_SIZE]; /* of the text */
	bool is_too_long;	      /* the last word was, and is cut */
};

struct reading {
	struct options *options;
	struct options_mistake *mistake;
	struct words words;
};

/* Also a NUL: what no word consists of. */
static bool is_between_words(char c)
{
	return (unsigned char)c <= ' ';
}

/* The next word, NULL behind the last; good until the one after it is read. */
static const char *next_word(struct words *words)
{
	const char *start = words->text;
	size_t length = 0;

	if (start == NULL)
		return *words->vector != NULL ? *words->vector++ : NULL;
	while (*start != '\0' && is_between_words(*start))
		start++;
	while (!is_between_words(start[length]))
		length++;
	words->text = start + length;
	words->is_too_long = length >= OPTIONS_WORD_SIZE;
	if (words->is_too_long)
		length = OPTIONS_WORD_SIZE - 1;
	text_cut(words->word, length + 1, start);
	return length != 0 ? words->word : NULL;
}

/*
 * Obeys `option`, whose value is `value` or, where that is NULL, the next
 * word. Returns what is wrong, or NULL.
 */
static const char *read_option(struct reading *reading,
			       const struct option *option, const char *value)
{
	struct options_mistake *mistake = reading->mistake;
	const char *what;

	if (mistake->is_in_environment && option->is_for_command_line)
		return "not allowed there";
	if (*option->value == '\0')
		return option_obey(reading->options, option->letter, NULL);
	if (value == NULL)
		value = next_word(&reading->words);
	if (value == NULL)
		return "needs a value";
	what = reading->words.is_too_long
		       ? "too long"
		       : option_obey(reading->options, option->letter, value);
	if (what != NULL)
		text_cut(mistake->value, OPTIONS_WORD_SIZE, value);
	return what;
}

/* "--name" or "--name=value" */
static const char *read_long(struct reading *reading, const char *word)
{
	struct options_mistake *mistake = reading->mistake;
	const char *equals = text_find(word, '=');
	const char *value = equals != NULL ? equals + 1 : NULL;
	const struct option *option;
	bool is_ambiguous;

	if (value != NULL && value - word <= OPTIONS_WORD_SIZE)
		text_cut(mistake->word, (size_t)(value - word), word);
	option = option_by_name(mistake->word + 2, &is_ambiguous);
	if (option == NULL)
		return "unknown option";
	if (is_ambiguous)
		return "ambiguous option";
	if (value != NULL && *option->value == '\0')
		return "takes no value";
	return read_option(reading, option, value);
}

/* The letters of "-gv" and "-t5": a letter's value may follow it. */
static const char *read_letters(struct reading *reading, const char *word)
{
	struct options_mistake *mistake = reading->mistake;
	const char *what = NULL, *letter;

	for (letter = word + 1; *letter != '\0' && what == NULL; letter++) {
		const struct option *option = option_by_letter(*letter);
		const char *rest = letter[1] != '\0' ? letter + 1 : NULL;

		text_put(mistake->word, "-");
		text_cut(mistake->word + 1, 2, letter);
		if (option == NULL)
			return "unknown option";
		what = read_option(reading, option, rest);
		if (*option->value != '\0' ||
		    reading->options->answer != ANSWER_NONE)
			break;
	}
	return what;
}

/* "-" is a program's name, "--" the end of the options. */
static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] != '\0' && !text_equal(word, "--");
}

/* Reads all options of one source; returns what is wrong, or NULL. */
static const char *read_options(struct reading *reading)
{
	struct options_mistake *mistake = reading->mistake;
	const char *what = NULL, *word;

	while (what == NULL && reading->options->answer == ANSWER_NONE) {
		word = next_word(&reading->words);
		if (word == NULL)
			return NULL;
		text_cut(mistake->word, OPTIONS_WORD_SIZE, word);
		if (reading->words.is_too_long)
			return "too long";
		if (!is_option(word)) {
			if (mistake->is_in_environment)
				return "not an option";
			/* "--" is over with, a program is still wanted. */
			if (!text_equal(word, "--"))
				reading->words.vector--;
			return NULL;
		}
		what = word[1] == '-' ? read_long(reading, word)
				      : read_letters(reading, word);
	}
	return what;
}

/* ---- the names and variables of other inits ---- */

static bool is_one_of(const char *name, const char (*names)[16], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal(names[i], name))
			return true;
	return false;
}

static const char *last_part(const char *path)
{
	const char *name = path;

	for (; *path != '\0'; path++)
		if (*path == '/')
			name = path + 1;
	return name;
}

/* A number in the environment; -1 where there is none. */
static int number_of(char *const *envp, const char *name)
{
	const char *value = environment_get(envp, name);

	return value == NULL ? -1 : (int)text_whole_number(value, INT32_MAX);
}

static void read_dumb_init(struct options *options, char *const *envp)
{
	if (number_of(envp, "DUMB_INIT_SETSID") != 0)
		options->run.flags |= FOSTER_GROUP;
	if (number_of(envp, "DUMB_INIT_DEBUG") == 1)
		options->run.verbosity = LOG_EVERYTHING;
}

static void read_others(struct options *options, const char *path,
			char *const *envp)
{
	static const char tini[][16] = { "tini", "tini-static", "docker-init",
					 "catatonit" };
	const char *name = last_part(path);
	int level = number_of(envp, "TINI_VERBOSITY");

	options->is_tini = is_one_of(name, tini, sizeof(tini) / sizeof(*tini));
	if (text_equal(name, "pause"))
		options->run.flags |= FOSTER_PAUSE;
	if (level >= 0)
		options->run.verbosity = level > 3 ? LOG_EVERYTHING : level - 1;
	if (text_equal(name, "dumb-init"))
		read_dumb_init(options, envp);
	if (environment_get(envp, "TINI_KILL_PROCESS_GROUP") != NULL)
		options->run.flags |= FOSTER_GROUP;
}

/* ---- all of it ---- */

/* What must hold of all options together. */
static const char *complete(struct options *options,
			    struct options_mistake *mistake)
{
	bool has_program = *options->program != NULL;
	bool is_pause = (options->run.flags & FOSTER_PAUSE) != 0;

	if (options->answer != ANSWER_NONE || is_pause != has_program)
		return NULL;
	text_cut(mistake->word, OPTIONS_WORD_SIZE,
		 is_pause ? *options->program : "PROGRAM");
	return is_pause ? "a program, and -P runs none" : "is missing";
}

void options_read(struct options *options, struct options_mistake *mistake,
		  char *const *argv, char *const *envp)
{
	struct reading reading;

	reading.options = options;
	reading.mistake = mistake;
	reading.words.is_too_long = false;
	*options = (struct options){ .run.size = sizeof(options->run) };
	mistake->value[0] = '\0';
	read_others(options, *argv != NULL ? *argv++ : "", envp);
	reading.words.text = environment_get(envp, OPTIONS_VARIABLE);
	mistake->is_in_environment = reading.words.text != NULL;
	if (mistake->is_in_environment) {
		mistake->what = read_options(&reading);
		if (mistake->what != NULL)
			return;
	}

	mistake->is_in_environment = false;
	reading.words.text = NULL;
	reading.words.vector = argv;
	mistake->what = read_options(&reading);
	options->program = reading.words.vector;
	if (mistake->what == NULL)
		mistake->what = complete(options, mistake);
}
