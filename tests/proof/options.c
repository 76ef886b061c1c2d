/*
 * options.c: any words, any text of FOSTER_OPTIONS, any variables of other
 * inits. What the table has for a letter or a name, and what an option then
 * does, is proved in option_table.c, and is any of it here.
 */
#include "environment.h"
#include "log.h"
#include "option_table.h"
#include "proof.h"
#include "text.h"

enum { WORDS = 2 };

/*
 * Texts: each ends at the last byte of its memory at the latest. There is a
 * copy of them, since nothing may be written to them.
 */
enum { TEXTS = WORDS + 3, FOSTER_OPTIONS = WORDS + 1, NUMBER };
static char texts[TEXTS][LONGEST + 1], old_texts[TEXTS][LONGEST + 1];

static char *vector[WORDS + 2], *old[WORDS + 2];
static char *environment[1];
static bool has_foster_options;

static char *any_of(int which)
{
	for (int i = 0; i < LONGEST; i++)
		old_texts[which][i] = texts[which][i] = any_char();
	return texts[which];
}

/* ---- what is proved elsewhere ---- */

/*
 * text.c, but for text_cut() (proves_cut): here each byte has a place of its
 * own, else cbmc takes what stands beside the buffer for changed.
 */
#define text_cut text_cut_of_src
#include <text.c>
#undef text_cut

void text_cut(char *to, size_t size, const char *from)
{
	bool is_over = false;

	prove(size > 0 && __CPROVER_w_ok(to, size));
	for (size_t i = 0; i < LONGEST + 1 && i < size; i++) {
		is_over = is_over || i == size - 1 || from[i] == '\0';
		to[i] = is_over ? '\0' : from[i];
	}
}

static struct option row;

static const struct option *any_row(void)
{
	row.letter = any_char();
	row.value[0] = any_char();
	row.is_for_command_line = any_bool();
	return any_bool() ? &row : NULL;
}

const struct option *option_by_letter(char letter)
{
	return any_row();
}

const struct option *option_by_name(const char *name, bool *is_ambiguous)
{
	prove(*name == *name);
	*is_ambiguous = any_bool();
	return any_row();
}

const char *option_obey(struct options *options, char letter, const char *value)
{
	prove(letter == row.letter);
	prove((value == NULL) == (row.value[0] == '\0'));
	prove(value == NULL || *value == *value);
	if (value == NULL) {
		if (any_bool())
			options->answer = ANSWER_HELP;
		if (any_bool())
			options->run.flags |= FOSTER_PAUSE;
		return NULL;
	}
	options->run.grace_ms = 7;
	return any_bool() ? "wrong" : NULL;
}

const char *environment_get(char *const *envp, const char *name)
{
	prove(envp == environment);
	if (name[0] == 'F')
		return has_foster_options ? texts[FOSTER_OPTIONS] : NULL;
	return any_bool() ? texts[NUMBER] : NULL;
}

/* ---- all of it ---- */

static bool is_unchanged(void)
{
	for (int i = 0; i < WORDS + 2; i++)
		if (vector[i] != old[i])
			return false;
	for (int i = 0; i < TEXTS; i++)
		for (int j = 0; j <= LONGEST; j++)
			if (texts[i][j] != old_texts[i][j])
				return false;
	return true;
}

static void check_options(const struct options *options, int count)
{
	const struct foster_options *run = &options->run;
	bool is_question = options->answer != ANSWER_NONE;
	bool is_pause = (run->flags & FOSTER_PAUSE) != 0;

	prove(run->grace_ms == 0 || run->grace_ms == 7);
	prove(run->verbosity >= LOG_QUIET && run->verbosity <= LOG_EVERYTHING);
	prove(options->program >= vector && options->program <= vector + count);
	prove(count == 0 || options->program > vector);
	prove(is_question || is_pause == (*options->program == NULL));
	prove(run->size == sizeof(*run));
}

/* Whether it begins with a word that is longer than one may be. */
static bool begins_too_long(const char *text)
{
	for (int i = 0; i < OPTIONS_WORD_SIZE; i++)
		if ((unsigned char)text[i] <= ' ')
			return false;
	return true;
}

/* Its own name, and `count` - 1 words. */
static void read_options_of(int count)
{
	struct options options;
	struct options_mistake mistake;
	bool is_wrong;

	/* What is read behind FOSTER_OPTIONS is proved without it. */
	for (int i = 0; i < WORDS + 1; i++) {
		if (has_foster_options)
			old_texts[i][0] = texts[i][0] = 'f';
		else
			any_of(i);
		old[i] = vector[i] = i < count ? texts[i] : NULL;
	}
	any_of(FOSTER_OPTIONS);
	any_of(NUMBER);

	options_read(&options, &mistake, vector, environment);

	is_wrong = mistake.what != NULL;
	prove(is_unchanged());
	if (!is_wrong)
		check_options(&options, count);
	/* What log_say() is given has its end. */
	prove(!is_wrong || ends_within(mistake.word, OPTIONS_WORD_SIZE));
	prove(!is_wrong || ends_within(mistake.value, OPTIONS_WORD_SIZE));
	prove(!is_wrong || *mistake.what != '\0');
	prove(!is_wrong || !mistake.is_in_environment || has_foster_options);
	/* A word that is no option is the program. */
	if (!has_foster_options && count > 1 && texts[1][0] != '-' &&
	    (options.run.flags & FOSTER_PAUSE) == 0)
		prove(!is_wrong && options.program == vector + 1);
	/* "too long" */
	if (has_foster_options && begins_too_long(texts[FOSTER_OPTIONS]))
		prove(is_wrong && mistake.what[1] == 'o');
	reached_if(is_wrong, "a mistake");
	reached_if(!is_wrong, "none");
	/* FOSTER_OPTIONS has no space for one. */
	reached_if(has_foster_options ||
			   (is_wrong && mistake.value[0] != '\0'),
		   "a wrong value");
	reached_if(has_foster_options ||
			   (!is_wrong && options.run.grace_ms == 7),
		   "a value");
}

void proves_options_of_words(void)
{
	int count = any_int();

	has_foster_options = false;
	assume(count >= 0 && count <= WORDS + 1);
	read_options_of(count);
}

/* A program is there, and an environment. */
void proves_options_of_environment(void)
{
	has_foster_options = true;
	read_options_of(2);
}
