#include "option_table.h"
#include "log.h"
#include "option_values.h"
#include "text.h"

/* A new option has its row here, and what it does at the end of this file. */
/* clang-format off */
static const struct option table[] = {
	{ 'g', "group", "", false, "signal the program's process group" },
	{ 'c', "single-child", "", false, "signal the program alone (default)" },
	{ 'r', "rewrite", "A:B", false, "forward signal B in place of A, 0: none" },
	{ 't', "grace", "D", false, "time leftovers have to end (8s)" },
	{ 'k', "kill-after", "D", false, "time a program told to end has (0: any)" },
	{ 'e', "remap-exit", "N", false, "exit 0 for status or signal N" },
	{ 'a', "wait-all", "", false, "let leftovers run until told to stop" },
	{ 'd', "death-signal", "SIG", false, "for the program when foster dies" },
	{ 'p', "parent-death", "SIG", false, "for foster when its parent dies" },
	{ 's', "subreaper", "", false, "accepted; so it is, unless process 1" },
	{ 'P', "pause", "", true, "no program, only adopt and reap" },
	{ 'w', "warn-reaped", "", false, "say each reaped orphan" },
	{ 'q', "quiet", "", false, "only say why PROGRAM cannot start" },
	{ 'v', "verbose", "", false, "say more; twice: all" },
	{ 'h', "help", "", true, "print this" },
	{ 'V', "version", "", true, "print the version" },
	{ 'l', "license", "", true, "print the licence (also -L)" },
};
/* clang-format on */

enum { OPTIONS = sizeof(table) / sizeof(table[0]) };

enum { HELP_COLUMN = 26 };

/* "  -t, --grace D           time leftovers have to end (8s)" */
static char *put_row(char *to, const struct option *option)
{
	char *start = to;

	to = text_put(to, "  -");
	*to++ = option->letter;
	to = text_put(text_put(to, ", --"), option->name);
	to = text_put(text_put(to, " "), option->value);
	while (to < start + HELP_COLUMN)
		*to++ = ' ';
	return text_put(text_put(to, option->help), "\n");
}

char *option_help(char *to)
{
	for (const struct option *o = table; o < table + OPTIONS; o++)
		to = put_row(to, o);
	return text_put(to, "D: 10, 10s, 500ms, 2m. SIG: TERM, 15, RTMIN+3."
			    " More: man 1 foster\n");
}

const struct option *option_by_letter(char letter)
{
	if (letter == 'L') /* as catatonit has it */
		letter = 'l';
	for (const struct option *o = table; o < table + OPTIONS; o++)
		if (o->letter == letter)
			return o;
	return NULL;
}

const struct option *option_by_name(const char *name, bool *is_ambiguous)
{
	const struct option *found = NULL;

	*is_ambiguous = false;
	for (const struct option *o = table; o < table + OPTIONS; o++) {
		if (*name == '\0' || text_after(o->name, name) == NULL)
			continue;
		if (text_equal(o->name, name)) {
			*is_ambiguous = false;
			return o;
		}
		*is_ambiguous = found != NULL;
		found = o;
	}
	return found;
}

static void raise_verbosity(int *level)
{
	*level = *level < LOG_VERBOSE ? LOG_VERBOSE : LOG_EVERYTHING;
}

static void set_flag(struct options *options, char letter)
{
	struct foster_options *run = &options->run;

	switch (letter) {
	case 'g':
		run->flags |= FOSTER_GROUP;
		break;
	case 'c':
		run->flags &= ~(unsigned)FOSTER_GROUP;
		break;
	case 'a':
		run->flags |= FOSTER_WAIT_ALL;
		break;
	case 'P':
		run->flags |= FOSTER_PAUSE;
		break;
	case 'w':
		run->flags |= FOSTER_WARN_REAPED;
		break;
	case 'q':
		run->verbosity = LOG_QUIET;
		break;
	case 'v':
		raise_verbosity(&run->verbosity);
		break;
	case 'h':
		options->answer = ANSWER_HELP;
		break;
	case 'V':
		options->answer = ANSWER_VERSION;
		break;
	case 'l':
		options->answer = ANSWER_LICENSE;
		break;
	default: /* -s: foster is a subreaper whenever it is not process 1 */
		break;
	}
}

/* Of the library 0 is the default. */
static const char *obey_grace(const char *value, unsigned *grace_ms)
{
	const char *what = option_duration(value, grace_ms);

	if (what == NULL && *grace_ms == 0)
		*grace_ms = FOSTER_NO_TIME;
	return what;
}

const char *option_obey(struct options *options, char letter, const char *value)
{
	struct foster_options *run = &options->run;

	switch (letter) {
	case 'r':
		return option_rewriting(value, run->rewrite);
	case 't':
		return obey_grace(value, &run->grace_ms);
	case 'k':
		return option_duration(value, &run->kill_after_ms);
	case 'e':
		return option_status(value, &options->remap);
	case 'd':
		return option_signal(value, &run->death_signal);
	case 'p':
		return option_signal(value, &options->parent_death_signal);
	default:
		set_flag(options, letter);
		return NULL;
	}
}
