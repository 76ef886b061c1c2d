/*
 * options.c, in parts. Its functions are static, so it is taken in whole; what
 * is proved of one function stands in its place (instead_of_...) where the
 * next is proved: proofs.txt says where.
 */
#include <options.c>
#include "proof.h"

static struct options options;
static struct options_mistake mistake;
static struct reading reading;

/* Any signal: what is proved for it is proved for all. */
static unsigned any_of_them;

/* What options_read() gives, as others rely on it (eva_kernel.c). */
static bool are_possible(void)
{
	int as = (int)any_of_them ^ options.rewriting.change[any_of_them];

	if (as > SIGNAL_MAX)
		return false;
	return options.grace_ms <= (uint32_t)duration_max_ms &&
	       options.kill_after_ms <= (uint32_t)duration_max_ms &&
	       options.death_signal >= 0 &&
	       options.death_signal <= SIGNAL_MAX &&
	       options.parent_death_signal >= 0 &&
	       options.parent_death_signal <= SIGNAL_MAX &&
	       options.verbosity >= LOG_QUIET &&
	       options.verbosity <= LOG_EVERYTHING;
}

static void any_options(void)
{
	struct options any;
	bool is_in_environment = any_bool();

	options = any;
	any_of_them = any_unsigned();
	assume(any_of_them <= SIGNAL_MAX);
	assume(are_possible());
	mistake = (struct options_mistake){
		.is_in_environment = is_in_environment,
	};
	reading = (struct reading){
		.options = &options,
		.mistake = &mistake,
	};
}

/* ---- the rows ---- */

/* Where they begin, and what they are, counted here once more. */
static const char letters_of_rows[] = "gcrtkeadpsPwqvhVl";

static bool is_row(const char *row)
{
	const char *table = options_rows();

	if (row == table)
		return true;
	return __CPROVER_same_object(row, table) && row > table &&
	       row[-1] == '\n' && row[0] == ' ';
}

/* proves_after */
const char *instead_of_text_after(const char *text, const char *prefix)
{
	size_t more = any_size();

	prove(*text == *text && *prefix == *prefix);
	if (*prefix == '\0')
		return text;
	if (any_bool())
		return NULL;
	assume(more <
	       __CPROVER_OBJECT_SIZE(text) - __CPROVER_POINTER_OFFSET(text));
	return text + more;
}

/* Any letter and any name gives a row, or none. */
void proves_find_row(void)
{
	char letter = any_char();
	const char *name = letter == '\0' ? any_text() : "";
	const char *row;

	any_options();
	row = find_row(&reading, letter, name);

	prove(row == NULL || is_row(row));
	prove(row == NULL || letter == '\0' || row[LETTER] == letter ||
	      (letter == 'L' && row[LETTER] == 'l') || *name == '\0');
	reached_if(row == NULL, "no such option");
	reached_if(row != NULL && row[LETTER] == 'l', "the last row");
	reached_if(row != NULL && row[LETTER] == 'g' && letter == '\0',
		   "by name");
}

static const char *any_row(void)
{
	const char *row = options_rows();

	if (any_bool())
		return NULL;
	for (unsigned which = any_unsigned() % 17; which > 0; which--)
		row = text_find(row, '\n') + 1;
	return row;
}

/* What the proofs below take for any row is any row there is. */
void proves_rows(void)
{
	const char *row = any_row();
	bool takes_value = row != NULL && name_end(row)[1] != ' ';

	prove(row == NULL || is_row(row));
	prove(row == NULL || text_find(letters_of_rows, row[LETTER]) != NULL);
	prove(takes_value ==
	      (row != NULL && text_find("rtkedp", row[LETTER]) != NULL));
	reached_if(row != NULL && row[LETTER] == 'l', "the last row");
	reached_if(row != NULL && row[LETTER] == 'g', "the first row");
	reached_if(takes_value, "one with a value");
}

/* ---- words ---- */

void proves_next_word_of_a_text(void)
{
	char *text = any_text();
	struct words words = { .text = text };
	char *word = next_word(&words);

	prove(is_within(words.text, text));
	prove(word == NULL || (is_within(word, text) && *word != '\0' &&
			       !is_between_words(*word) && words.text > word));
	reached_if(word == NULL, "no word");
	reached_if(word != NULL && word > text && *words.text != '\0',
		   "a word with more behind it");
}

char *instead_of_next_word(struct words *words)
{
	static char a_word[2] = "x";

	return any_bool() ? a_word : NULL;
}

/* ---- values ---- */

void proves_durations(void)
{
	int64_t ms = read_duration(any_text());

	prove(ms <= duration_max_ms);
	reached_if(ms < 0, "no duration");
	reached_if(ms == 120000, "two minutes");
	reached_if(ms == 1, "a millisecond");
}

int instead_of_signals_number(const char *text)
{
	int signal = any_int();

	assume(signal == -1 || (signal >= 1 && signal <= SIGNAL_MAX));
	prove(*text == *text);
	return signal;
}

void proves_values(void)
{
	static const char letters[] = { 'r', 't', 'k', 'd', 'p', 'e' };
	unsigned which = any_unsigned();
	wording what;

	any_options();
	assume(which < sizeof(letters));
	what = take_value(&options, letters[which], any_text());
	prove(what != NO_WORDING || are_possible());
	reached_if(what != NO_WORDING, "a wrong value");
	reached_if(what == NO_WORDING && letters[which] == 'r', "-r");
	reached_if(what == NO_WORDING && letters[which] == 'e', "-e");
}

/* Until it is wrong; then nobody asks for them any more. */
wording instead_of_take_value(struct options *of, char letter, char *value)
{
	struct options any;

	prove(*value == *value);
	if (any_bool())
		return "wrong";
	options = any;
	assume(are_possible());
	return NO_WORDING;
}

/* ---- options ---- */

/* Of a row only the letter counts here, and whether it takes a value. */
static char a_row[NAME];

const char *instead_of_find_row(struct reading *of, char letter,
				const char *name)
{
	char any = any_char();

	prove(*name == *name);
	assume(any > ' ');
	a_row[LETTER] = any;
	return any_bool() ? a_row : NULL;
}

static bool takes_value(char letter)
{
	return letter == 'r' || letter == 't' || letter == 'k' ||
	       letter == 'e' || letter == 'd' || letter == 'p';
}

/* proves_rows */
const char *instead_of_name_end(const char *row)
{
	prove(row == a_row);
	return takes_value(row[LETTER]) ? " A" : "  ";
}

/* Up to this many bytes in one word: letters, or a name and its value. */
enum { OPTION = 6 };

void proves_an_option(void)
{
	char *word = any_text_up_to(OPTION);
	wording what;

	assume(word[0] == '-' && word[1] != '\0');
	assume(word[1] != '-' || word[2] != '\0');
	any_options();
	what = read_option(&reading, word);
	prove(what != NO_WORDING || are_possible());
	reached_if(what == NO_WORDING && word[1] == '-', "a long option");
	reached_if(what == NO_WORDING && word[1] != '-', "letters");
	reached_if(what != NO_WORDING, "a mistake");
}

/* ---- all of it ---- */

wording instead_of_read_option(struct reading *of, char *word)
{
	struct options any;

	prove(word[0] == '-' && word[1] != '\0');
	prove(word[1] != '-' || word[2] != '\0');
	/* It may have taken a value. */
	if (any_bool() && of->words.text == NULL && *of->words.vector != NULL)
		of->words.vector++;
	if (any_bool())
		return "wrong";
	options = any;
	assume(are_possible());
	return NO_WORDING;
}

/* Up to this many words, each of any length. */
enum { WORDS = 4 };

void proves_a_command_line(void)
{
	static char *vector[WORDS + 1];
	int count = any_int();
	wording what;

	assume(count >= 0 && count <= WORDS);
	for (int i = 0; i < WORDS; i++)
		vector[i] = i < count ? any_text() : NULL;
	vector[WORDS] = NULL;
	any_options();
	mistake.is_in_environment = false;
	reading.words = (struct words){ .vector = vector };
	what = read_words(&reading);
	prove(what != NO_WORDING || are_possible());
	prove(reading.words.vector >= vector &&
	      reading.words.vector <= vector + count);
	reached_if(what == NO_WORDING && reading.words.vector == vector + count,
		   "all words are options");
	reached_if(what == NO_WORDING && count == WORDS &&
			   reading.words.vector == vector + 1,
		   "a program with arguments");
	reached_if(what != NO_WORDING, "a mistake");
}
