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

/* As they are while they are read, and at the head of each loop (loops.txt). */
static bool are_possible(void)
{
	int as = (int)any_of_them ^ options.rewriting.change[any_of_them];

	if (as > SIGNAL_MAX)
		return false;
	return (options.grace_ms <= (uint32_t)duration_max_ms ||
		options.grace_ms == (uint32_t)NOT_GIVEN) &&
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

/* What log_say() would be given can be read. */
static bool is_said(void)
{
	return mistake.word != NULL && *mistake.word == *mistake.word &&
	       (mistake.value == NULL || *mistake.value == *mistake.value);
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
	reading.rows = options_rows();
	row = find_row(&reading, letter, name);
	/* The line behind all rows is none. */
	if (*row != ' ')
		row = NULL;

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

/* Words of a vector stop at a NULL. */
void proves_next_word_of_a_vector(void)
{
	size_t count = any_size(), which = any_size();
	struct words words = { .text = NULL };
	char **vector, *word;

	assume(count <= LONGEST && which <= count);
	vector = malloc((count + 1) * sizeof(*vector));
	assume(vector != NULL);
	vector[count] = NULL;
	words.vector = vector + which;
	word = next_word(&words);

	prove(word == vector[which] && words.text == NULL);
	prove(words.vector == vector + which + (word != NULL));
	prove(words.vector <= vector + count);
	reached_if(word == NULL && count == 0, "no word at all");
	reached_if(word != NULL && which == LONGEST - 1, "the last word");
}

/* Where words come from, and where that ends; which word it is. */
char **vector, **vector_end;
char *text_end;
char *a_word;

/* Up to this many words, or a text of as many bytes. */
static void any_words(void)
{
	size_t count = any_size();
	char *text = any_text();

	assume(count <= LONGEST);
	vector = malloc((count + 1) * sizeof(*vector));
	assume(vector != NULL);
	vector_end = vector + count;
	*vector_end = NULL;
	text_end = text + (__CPROVER_OBJECT_SIZE(text) - 1);
	reading.words = (struct words){ .vector = vector };
	if (mistake.is_in_environment)
		reading.words = (struct words){ .text = text };
	a_word = any_text();
}

/*
 * proves_next_word_of_a_text, proves_next_word_of_a_vector. Each word is any
 * text again.
 */
char *instead_of_next_word(struct words *words)
{
	size_t more = any_size();

	if (words->text == NULL) {
		if (words->vector == vector_end)
			return NULL;
		words->vector++;
	} else {
		assume(more <= (size_t)(text_end - words->text));
		words->text += more;
		if (more == 0 || any_bool())
			return NULL;
	}
	__CPROVER_havoc_object(a_word);
	a_word[__CPROVER_OBJECT_SIZE(a_word) - 1] = '\0';
	return a_word;
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
	a_row[0] = any_bool() ? ' ' : 'D';
	a_row[LETTER] = any;
	return a_row;
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

/* proves_find */
char *instead_of_text_find(const char *text, char c)
{
	size_t more = any_size();

	prove(*text == *text && c != '\0');
	if (any_bool())
		return NULL;
	assume(more <
	       __CPROVER_OBJECT_SIZE(text) - __CPROVER_POINTER_OFFSET(text));
	assume(text[more] == c);
	return (char *)text + more;
}

/* loops.txt */
char *word_end;

/* Letters, or a name and its value. */
void proves_an_option(void)
{
	char *word = any_text();
	wording what;

	assume(word[0] == '-' && word[1] != '\0');
	assume(word[1] != '-' || word[2] != '\0');
	word_end = word + (__CPROVER_OBJECT_SIZE(word) - 1);
	any_options();
	any_words();
	what = read_option(&reading, word);
	prove(what != NO_WORDING || are_possible());
	prove(what == NO_WORDING || is_said());
	reached_if(what == NO_WORDING && word[1] == '-', "a long option");
	reached_if(what == NO_WORDING && word[1] != '-', "letters");
	reached_if(what != NO_WORDING && mistake.value != NULL, "a value");
	reached_if(what != NO_WORDING && word_end - word == LONGEST,
		   "the longest word");
}

/* ---- all words ---- */

/* proves_an_option */
wording instead_of_read_option(struct reading *of, char *word)
{
	struct options any;

	prove(word[0] == '-' && word[1] != '\0');
	prove(word[1] != '-' || word[2] != '\0');
	prove(are_possible());
	/* It may have taken a value. */
	if (any_bool())
		instead_of_next_word(&of->words);
	options = any;
	if (any_bool()) {
		mistake.word = a_word;
		mistake.value = any_bool() ? a_word : NULL;
		return "wrong";
	}
	assume(are_possible());
	return NO_WORDING;
}

void proves_all_words(void)
{
	wording what;

	any_options();
	any_words();
	what = read_words(&reading);
	prove(what != NO_WORDING || are_possible());
	prove(what == NO_WORDING || is_said());
	if (mistake.is_in_environment) {
		reached_if(what == NO_WORDING && reading.words.text == text_end,
			   "a text of options");
		reached_if(what != NO_WORDING, "a mistake there");
		return;
	}
	prove(__CPROVER_same_object(reading.words.vector, vector));
	prove(reading.words.vector >= vector);
	prove(reading.words.vector <= vector_end);
	reached_if(what == NO_WORDING && vector_end - vector == LONGEST &&
			   reading.words.vector == vector_end,
		   "nothing but options");
	reached_if(what == NO_WORDING && reading.words.vector == vector &&
			   vector < vector_end,
		   "a program at once");
	reached_if(what != NO_WORDING, "a mistake");
}

/* ---- all of it ---- */

/* proves_equal */
bool instead_of_text_equal(const char *one, const char *other)
{
	bool is_equal = any_bool();

	prove(*one == *one && *other == *other);
	assume(!is_equal || *one == *other);
	return is_equal;
}

void proves_called(void)
{
	char does = does_when_called(any_text());

	prove(does == '\0' || does == 'g' || does == 'P' || does == 't');
	reached_if(does == '\0', "foster");
	reached_if(does == 't', "tini");
	reached_if(does == 'g', "dumb-init");
}

/* proves_called */
char instead_of_does_when_called(const char *path)
{
	char does = any_char();

	prove(*path == *path);
	assume(does == '\0' || does == 'g' || does == 'P' || does == 't');
	return does;
}

/* proves_environment_get: a text, which is part of a variable */
char *instead_of_environment_get(char *const *of, const char *name)
{
	prove(*of == *of && *name == *name);
	return any_bool() ? any_text() : NULL;
}

/* proves_environment_replace */
static unsigned taken_out;

void instead_of_environment_replace(char **of, const char *name, char *entry)
{
	prove(*of == *of && *name == *name && entry == NULL);
	taken_out++;
}

/* proves_whole_number */
int64_t instead_of_text_whole_number(const char *text, int64_t most)
{
	int64_t number = any_int64();

	prove(*text == *text && most >= 0 && most <= INT64_MAX / 16);
	assume(number >= -1 && number <= most);
	return number;
}

/* proves_all_words */
wording instead_of_read_words(struct reading *of)
{
	struct options any;
	size_t more = any_size();

	prove(of->options == &options && of->mistake == &mistake);
	prove(are_possible());
	prove(mistake.is_in_environment == (of->words.text != NULL));
	if (of->words.text != NULL) {
		prove(*of->words.text == *of->words.text);
	} else {
		prove(__CPROVER_same_object(of->words.vector, vector));
		prove(of->words.vector <= vector_end);
		assume(more <= (size_t)(vector_end - of->words.vector));
		of->words.vector += more;
	}
	options = any;
	if (any_bool()) {
		mistake.word = any_text();
		mistake.value = any_bool() ? any_text() : NULL;
		return "wrong";
	}
	assume(are_possible());
	return NO_WORDING;
}

/* Up to this many words, and any environment. */
void proves_options_read(void)
{
	static char *environment[1];
	struct options_mistake any;
	size_t count = any_size(), which = any_size();
	bool is_question;

	assume(count <= LONGEST && which < count + 1);
	vector = malloc((count + 1) * sizeof(*vector));
	assume(vector != NULL);
	/* Its name, and the word that is looked at: whichever it is. */
	vector[0] = any_text();
	vector[which] = any_text();
	vector_end = vector + count;
	*vector_end = NULL;
	any_of_them = any_unsigned();
	assume(any_of_them <= SIGNAL_MAX);
	options = (struct options){ .given = 0 };
	mistake = any;
	taken_out = 0;

	options_read(&options, &mistake, vector, environment);
	is_question = options_is_question(&options);
	/* With -P the word that a mistake names may be any: this one. */
	assume(!options_has(&options, 'P') ||
	       options.program == vector + which);
	prove(mistake.what == NO_WORDING || is_said());
	reached_if(mistake.what != NO_WORDING && mistake.is_in_environment,
		   "a mistake in the environment");
	reached_if(mistake.what != NO_WORDING && !mistake.is_in_environment,
		   "a mistake among the words");
	reached_if(count == 0, "no words, and no name");
	reached_if(taken_out != 0, "with FOSTER_OPTIONS");
	if (mistake.what != NO_WORDING)
		return;
	/* As others rely on it (keeper.c, eva_kernel.c). */
	prove(are_possible());
	prove(options.grace_ms <= (uint32_t)duration_max_ms);
	prove(__CPROVER_same_object(options.program, vector));
	prove(options.program <= vector_end);
	prove(count == 0 || options.program > vector);
	prove(is_question ||
	      options_has(&options, 'P') == (*options.program == NULL));
	reached_if(count == LONGEST && options.program == vector + 1,
		   "a program with arguments");
	reached_if(options_has(&options, 'P') && !is_question, "a pause");
	reached_if(is_question, "a question");
}
