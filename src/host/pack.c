/*
 * pack.c - packs what foster says. Runs where foster is built, not in it.
 *
 *	pack FOLDER FILE.c...
 *
 * Takes the texts out of all T("...") in the files, and writes into FOLDER
 * the files with numbers in their place, packed.h with the texts packed for
 * wording_put(), and texts.h with the texts as they are, for unpack.c.
 *
 * What stands in the texts more than once becomes a phrase, and one byte in
 * its place; within phrases, too. English shrinks to half. The same input
 * gives the same output, whatever machine this runs on.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* src/wording.c has the other end of these. */
enum {
	TEXTS_MAX = 127,
	FIRST_CHARACTER = '\t', /* below: one of the texts */
	FIRST_PHRASE = 128,
	SHORTEST_PHRASE = 2,
	PHRASES_MAX = 128,
	WAITING_MAX = 512, /* bytes of a text that is being put */
	ROOM = 8192,
};

/*
 * The texts and behind them the phrases, each with its NUL. In them stands
 * a byte below FIRST_CHARACTER for a text, one from FIRST_PHRASE on for a
 * phrase.
 */
static unsigned char room[ROOM];
static int used;
static int starts[TEXTS_MAX];
static int numbers[TEXTS_MAX]; /* of each text, as it is written */
static int text_count, phrase_count;
static int shared[FIRST_CHARACTER]; /* the texts that such a byte stands for */
static int shared_count;

static _Noreturn void die(const char *what, const char *which)
{
	fprintf(stderr, "pack: %s: %s\n", which, what);
	exit(1);
}

static char *read_file(const char *path)
{
	static char text[1 << 18];
	FILE *file = fopen(path, "r");
	size_t length = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

	if (length == 0 || length == sizeof(text) - 1)
		die("cannot be read", path);
	text[length] = '\0';
	fclose(file);
	return text;
}

static char escaped(const char **at)
{
	static const char letters[] = "n\nt\tr\r\\\\\"\"''";
	const char *found = strchr(letters, **at);
	int octal = 0, digits = 0;

	if (found != NULL && **at != '\0') {
		++*at;
		return found[1];
	}
	while (**at >= '0' && **at <= '7' && digits++ < 3)
		octal = octal * 8 + *(*at)++ - '0';
	if (digits == 0)
		die("an escape that is not known", *at);
	return (char)octal;
}

static const char version_name[] = "FOSTER_VERSION";
static char version[64];

/* What "#define FOSTER_VERSION" says in the file, if it is there. */
static void read_version(const char *path)
{
	const char *at = strstr(read_file(path), "#define FOSTER_VERSION ");

	if (at != NULL)
		sscanf(at, "#define FOSTER_VERSION %63s", version);
}

/* One or more string literals up to a bracket; gives what follows it. */
static const char *read_literals(const char *at, const char *path, int *lines)
{
	while (*at != ')') {
		if (*at == '\n')
			++*lines;
		if (*at == ' ' || *at == '\t' || *at == '\n') {
			at++;
			continue;
		}
		if (strncmp(at, version_name, strlen(version_name)) == 0) {
			int length = (int)strlen(version) - 2;

			used += sprintf((char *)room + used, "%.*s", length,
					version + 1);
			at += strlen(version_name);
			continue;
		}
		if (*at++ != '"')
			die("T() of something else than texts", path);
		while (*at != '"') {
			char c = *at++;

			if (used >= ROOM - 1)
				die("too many texts", path);
			room[used++] =
				(unsigned char)(c == '\\' ? escaped(&at) : c);
			if (room[used - 1] < FIRST_CHARACTER ||
			    room[used - 1] >= FIRST_PHRASE)
				die("a text that is not plain ASCII", path);
		}
		at++;
	}
	room[used++] = 0;
	return at + 1;
}

/* The number of the text that was read last: where it begins. */
static int add_text(int start)
{
	if (room[start] == 0)
		die("an empty text", "T()");
	for (int i = 0; i < text_count; i++)
		if (strcmp((char *)room + starts[i], (char *)room + start) ==
		    0) {
			used = start;
			return i;
		}
	if (text_count == TEXTS_MAX)
		die("too many texts", "T()");
	starts[text_count] = start;
	return text_count++;
}

/*
 * Reads the texts of the file, or with `output` copies it, the numbers in the
 * place of the texts: these are only known when all is packed.
 */
static void each_text(const char *path, FILE *output)
{
	const char *at = read_file(path);
	char before = ' ';

	while (*at != '\0') {
		if (strncmp(at, "T(", 2) == 0 && before != '_' &&
		    (before < 'A' || before > 'z')) {
			int start = used, lines = 0, number;

			at = read_literals(at + 2, path, &lines);
			number = add_text(start);
			if (output != NULL) {
				fprintf(output, "%d", numbers[number]);
				while (lines-- > 0)
					fputc('\n', output);
			}
			continue;
		}
		before = *at;
		if (output != NULL)
			fputc(*at, output);
		at++;
	}
}

/* Where the nth string of the room begins. */
static int place_of(int n)
{
	int at = 0;

	while (n > 0)
		if (room[at++] == 0)
			n--;
	return at;
}

static int length_at(int at)
{
	return (int)strlen((char *)room + at);
}

/* How many bytes wait at most while the string at `at` is put. */
static int most_waiting(int at)
{
	int left = length_at(at), most = left;

	for (; left-- > 0; at++) {
		int waiting = left;

		if (room[at] < FIRST_CHARACTER)
			waiting += most_waiting(place_of(shared[room[at]]));
		else if (room[at] >= FIRST_PHRASE)
			waiting += most_waiting(
				place_of(text_count + room[at] - FIRST_PHRASE));
		most = waiting > most ? waiting : most;
	}
	return most;
}

/* What could be said shorter, and how many bytes that saves. */
struct finding {
	int at, length, gain;
	int text; /* it is this whole text; -1: it would be a phrase */
};

/*
 * Of what begins at `at` and stands in the room again, what saves most. A
 * phrase costs its bytes, and one each time.
 */
static void find_phrase(int at, struct finding *best)
{
	static int uses[ROOM], end[ROOM]; /* by length */
	int longest = length_at(at), seen = 1;

	for (int i = at + 1; i < used; i++) {
		int length = 0;

		while (length < longest &&
		       room[at + length] == room[i + length])
			length++;
		for (; seen < length; seen++) {
			uses[seen + 1] = 1;
			end[seen + 1] = at + seen + 1;
		}
		for (; length > 1; length--)
			if (i >= end[length]) {
				uses[length]++;
				end[length] = i + length;
			}
	}
	for (int length = SHORTEST_PHRASE; length <= seen; length++) {
		int gain = uses[length] * (length - 1) - length;

		if (gain > best->gain)
			*best = (struct finding){ at, length, gain, -1 };
	}
}

/* A text within others costs nothing more. */
static void find_text(int text, struct finding *best)
{
	int at = place_of(text), length = length_at(at), gain = 0;

	for (int i = 0; i + length < used; i++)
		if (i != at && length > 0 &&
		    memcmp(room + i, room + at, (size_t)length) == 0)
			gain += length - 1;
	if (gain > best->gain)
		*best = (struct finding){ at, length, gain, text };
}

/* Puts `symbol` everywhere in its place. */
static void replace(const struct finding *what, int symbol)
{
	unsigned char copy[ROOM];
	int to = 0;

	memcpy(copy, room + what->at, (size_t)what->length);
	for (int i = 0; i < used;) {
		bool is_there =
			i + what->length < used &&
			memcmp(room + i, copy, (size_t)what->length) == 0;

		if (is_there && (what->text < 0 || i != what->at)) {
			room[to++] = (unsigned char)symbol;
			i += what->length;
		} else {
			room[to++] = room[i++];
		}
	}
	used = to;
	if (what->text >= 0)
		return;
	memcpy(room + used, copy, (size_t)what->length);
	used += what->length;
	room[used++] = 0;
}

static void pack(void)
{
	for (;;) {
		struct finding best = { .gain = 0 };

		if (phrase_count < PHRASES_MAX)
			for (int i = 0; i < used; i++)
				find_phrase(i, &best);
		if (shared_count < FIRST_CHARACTER - 1)
			for (int i = 0; i < text_count; i++)
				find_text(i, &best);
		if (best.gain == 0)
			return;
		if (best.text < 0) {
			replace(&best, FIRST_PHRASE + phrase_count++);
		} else {
			shared[++shared_count] = best.text;
			replace(&best, shared_count);
		}
	}
}

static FILE *create(const char *folder, const char *name)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	if (file == NULL)
		die("cannot be written", path);
	return file;
}

static int phrases[PHRASES_MAX]; /* where they begin, the shortest first */
static int names[FIRST_PHRASE + PHRASES_MAX]; /* of each byte, as written */

/* The texts that others need come first. */
static void number_texts(void)
{
	int number = 0;

	for (int i = 1; i <= shared_count; i++)
		numbers[shared[i]] = ++number;
	for (int i = 0; i < text_count; i++)
		if (numbers[i] == 0)
			numbers[i] = ++number;
}

/* Phrases are -1, -2 and so on. */
static void number_phrases(void)
{
	int number = 0;

	for (int i = 0; i < FIRST_PHRASE; i++)
		names[i] = i;
	for (int length = SHORTEST_PHRASE; number < phrase_count; length++)
		for (int i = 0; i < phrase_count; i++) {
			int at = place_of(text_count + i);

			if (length_at(at) == length) {
				phrases[number++] = at;
				names[FIRST_PHRASE + i] = -number;
			}
		}
}

static void write_bytes(FILE *file, int at)
{
	fprintf(file, "\n\t");
	for (; room[at] != 0; at++)
		fprintf(file, "%d, ", names[room[at]]);
}

/* The phrases, the shortest first, how many of each length, and the texts. */
static void write_packed(const char *folder)
{
	FILE *file = create(folder, "packed.h");
	int length = SHORTEST_PHRASE, count = 0;

	fprintf(file, "static const _Alignas(1) signed char phrases[] = {");
	for (int i = 0; i < phrase_count; i++)
		write_bytes(file, phrases[i]);
	fprintf(file, "\n};\nstatic const _Alignas(1) unsigned char"
		      " phrase_counts[] = {\n\t");
	for (int i = 0; i < phrase_count; i++, count++)
		for (; length < length_at(phrases[i]); length++, count = 0)
			fprintf(file, "%d, ", count);
	fprintf(file, "%d\n};\nstatic const _Alignas(1) signed char texts[] = {",
		count);
	for (int number = 1; number <= text_count; number++)
		for (int i = 0; i < text_count; i++)
			if (numbers[i] == number) {
				write_bytes(file, place_of(i));
				fprintf(file, "0,");
			}
	fprintf(file, "\n};\n");
	fclose(file);
}

/* As they are: the room has been filled again. */
static void write_texts(const char *folder)
{
	FILE *file = create(folder, "texts.h");

	for (int i = 0; i < text_count; i++) {
		fprintf(file, "{ %d, \"", numbers[i]);
		for (int at = starts[i]; room[at] != 0; at++)
			fprintf(file, "\\%03o", room[at]);
		fprintf(file, "\" },\n");
	}
	fclose(file);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		die("usage: pack FOLDER FILE.c...", argv[0]);
	for (int i = 2; i < argc; i++)
		read_version(argv[i]);
	for (int i = 2; i < argc; i++)
		each_text(argv[i], NULL);
	pack();
	for (int i = 0; i < text_count; i++)
		if (most_waiting(place_of(i)) >= WAITING_MAX)
			die("a text too long for wording_put()", "T()");
	number_texts();
	number_phrases();
	write_packed(argv[1]);

	/* Once more, now with the numbers; the texts are the same ones. */
	used = 0;
	text_count = 0;
	for (int i = 2; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/');
		FILE *file = create(argv[1], slash ? slash + 1 : argv[i]);

		fprintf(file, "#line 1 \"%s\"\n", argv[i]);
		each_text(argv[i], file);
		if (fclose(file) != 0)
			die("cannot be written", argv[i]);
	}
	write_texts(argv[1]);
	return 0;
}
