/*
 * option_table.c: any letter, any name, any value. Values are proved in
 * option_values.c, and are any here.
 */
#include <option_table.c>
#include "proof.h"

/* ---- what is proved elsewhere ---- */

static const char *any_mistake(const char *text)
{
	prove(*text == *text);
	return any_bool() ? "wrong" : NULL;
}

const char *option_duration(const char *text, uint32_t *ms)
{
	uint32_t any = any_uint32();

	assume(any <= UINT32_C(1) << 31);
	*ms = any;
	return any_mistake(text);
}

const char *option_signal(const char *text, int *signal)
{
	int any = any_int();

	assume(any >= 1 && any <= SIGNALS_MAX);
	*signal = any;
	return any_mistake(text);
}

const char *option_status(const char *text, struct status_remap *remap)
{
	remap->becomes_0[31] = any_uint8();
	return any_mistake(text);
}

const char *option_rewriting(const char *text,
			     unsigned char rewriting[SIGNALS_REWRITING_SIZE])
{
	rewriting[SIGNALS_MAX] = 1;
	return any_mistake(text);
}

/* ---- the table ---- */

/* Any letter and any name has a row, or none. */
void proves_option_by_name(void)
{
	const char *name = any_text();
	char letter = any_char();
	bool is_ambiguous = false;
	const struct option *row = option_by_letter(letter);

	prove(row == NULL || row->letter == letter ||
	      (row->letter == 'l' && letter == 'L'));
	reached_if(row == table + OPTIONS - 1, "the last row");
	row = option_by_name(name, &is_ambiguous);
	prove(row == NULL || (row >= table && row < table + OPTIONS));
	prove(row == NULL || (row->name[0] == name[0] && name[0] != '\0'));
	prove(row == NULL || row->name[1] == name[1] || name[1] == '\0');
	reached_if(row == NULL, "no such option");
	reached_if(row != NULL && is_ambiguous, "an ambiguous name");
	reached_if(row == table && !is_ambiguous, "the first row");
}

/* As each row has it: with a value, or without. */
void proves_option_obey(void)
{
	struct options options = { .program = NULL };
	const struct foster_options *run = &options.run;
	const struct option *row = option_by_letter(any_char());
	int level = any_int();
	const char *what;

	assume(row != NULL);
	assume(level >= LOG_QUIET && level <= LOG_EVERYTHING);
	options.run.verbosity = level;
	what = option_obey(&options, row->letter,
			   *row->value != '\0' ? any_text() : NULL);
	prove(what == NULL || *row->value != '\0');
	prove(options.answer >= ANSWER_NONE &&
	      options.answer <= ANSWER_LICENSE);
	prove(run->grace_ms <= UINT32_C(1) << 31 ||
	      run->grace_ms == FOSTER_NO_TIME);
	prove(run->kill_after_ms <= UINT32_C(1) << 31);
	prove(run->death_signal >= 0 && run->death_signal <= SIGNALS_MAX);
	prove(run->verbosity >= LOG_QUIET && run->verbosity <= LOG_EVERYTHING);
	reached_if(what != NULL, "a wrong value");
	reached_if(options.answer == ANSWER_LICENSE, "a question");
	reached_if(run->verbosity > level, "say more");
}

/* All rows fit behind the usage line. */
void proves_options_help(void)
{
	char help[OPTIONS_HELP_SIZE];
	char *end = options_help(help);

	prove(end > help && end < help + OPTIONS_HELP_SIZE && *end == '\0');
	prove(end[-1] == '\n');
	reached("the end");
}
