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
 * its place; within phrases, too. Which phrases are best is found by trying.
 * English shrinks to less than half. The same input gives the same output,
 * whatever machine this runs on.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* src/wording.c has the other end of these. */
enum {
	FIRST_CHARACTER = ' ',
	FIRST_PHRASE = 'z' + 1, /* then up to 255, and from 0 on */
	BYTES = 256,
	PLACES = BYTES - FIRST_PHRASE + FIRST_CHARACTER,
	PHRASES_MAX = PLACES - 2, /* bytes that mean something else: */
	END = 0,
	NEW_LINE = '\n',
	SHORTEST_PHRASE = 2,
	COUNT_MAX = 127,
	JUMP = 3,	   /* bytes */
	WAITING_MAX = 512, /* bytes of a text that is being put */
};

enum {
	TEXTS_MAX = BYTES - PLACES,
	STRINGS_MAX = BYTES,
	ROOM = 8192,
	TRIES = 30000,
};

/* The texts, each with its NUL. */
static unsigned char room[ROOM];
static int used;

/*
 * The texts, and behind them the phrases, which are parts of them. All are
 * put together of phrases and characters: of how many is the cost.
 */
static struct string {
	int at, length, cost;
	int next; /* phrase that may begin alike, or NONE */
	int byte; /* what is written for it */
} strings[STRINGS_MAX];
static int text_count, string_count;

enum { NONE = -1 };

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
			if ((room[used - 1] < FIRST_CHARACTER ||
			     room[used - 1] >= FIRST_PHRASE) &&
			    room[used - 1] != NEW_LINE)
				die("a character that is for a phrase", path);
		}
		at++;
	}
	room[used++] = 0;
	return at + 1;
}

/* The number of the text that was read last: where it begins. */
static int add_text(int start)
{
	int length = used - start - 1;

	if (length == 0)
		die("an empty text", "T()");
	for (int i = 0; i < text_count; i++)
		if (strcmp((char *)room + strings[i].at,
			   (char *)room + start) == 0) {
			used = start;
			return i;
		}
	if (text_count == TEXTS_MAX)
		die("too many texts", "T()");
	strings[text_count].at = start;
	strings[text_count].length = length;
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
			int start = used, lines = 0, text;

			at = read_literals(at + 2, path, &lines);
			text = add_text(start);
			if (output != NULL) {
				fprintf(output, "%d", strings[text].byte);
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

/* ---- which phrases there are ---- */

/* The first phrase of those that begin alike, by their first two bytes. */
enum { BEGINNINGS = 1024 };
static int first[BEGINNINGS];

static int *beginning(int at)
{
	return &first[(room[at] * 37 + room[at + 1]) % BEGINNINGS];
}

static void add_phrase(struct string *phrase)
{
	int *link = beginning(phrase->at);

	phrase->next = *link;
	*link = (int)(phrase - strings);
}

static void remove_phrase(const struct string *phrase)
{
	int *link = beginning(phrase->at);

	while (*link != (int)(phrase - strings))
		link = &strings[*link].next;
	*link = phrase->next;
}

static bool stands_at(const struct string *phrase, int at, int most)
{
	return phrase->length <= most && memcmp(room + phrase->at, room + at,
						(size_t)phrase->length) == 0;
}

/* Another phrase that is the whole string, or NONE. */
static int same_as(const struct string *string)
{
	int i = *beginning(string->at);

	while (i != NONE &&
	       (&strings[i] == string || strings[i].length != string->length ||
		!stands_at(&strings[i], string->at, string->length)))
		i = strings[i].next;
	return i;
}

/*
 * What the string is made of, with the fewest bytes: at each place how long
 * the part is that begins there, and which phrase, or NONE for a character.
 */
static struct {
	int cost, length, phrase;
} parts[ROOM];

static int take_apart(const struct string *string)
{
	parts[string->length].cost = 0;
	for (int i = string->length - 1; i >= 0; i--) {
		int at = string->at + i, left = string->length - i;

		parts[i].cost = parts[i + 1].cost + 1;
		parts[i].length = 1;
		parts[i].phrase = NONE;
		for (int j = *beginning(at); j != NONE; j = strings[j].next) {
			const struct string *phrase = &strings[j];

			if (phrase == string || !stands_at(phrase, at, left) ||
			    parts[i + phrase->length].cost + 1 >= parts[i].cost)
				continue;
			parts[i].cost = parts[i + phrase->length].cost + 1;
			parts[i].length = phrase->length;
			parts[i].phrase = j;
		}
	}
	return parts[0].cost;
}

/* A text that is a phrase, too, costs nothing more. */
static int cost_of(const struct string *string)
{
	if (string->length == 0 ||
	    (string < strings + text_count && same_as(string) != NONE))
		return 0;
	return take_apart(string);
}

static bool contains(const struct string *string, const struct string *part)
{
	if (part->length != 0)
		for (int i = 0; i + part->length <= string->length; i++)
			if (stands_at(part, string->at + i, part->length))
				return true;
	return false;
}

/* The same on every machine. */
static int any_below(int limit)
{
	static unsigned long long state = 1;

	state = (state * 6364136223846793005 + 1442695040888963407) &
		0xffffffffffffffff;
	return (int)((state >> 33) % (unsigned)limit);
}

/* Some parts of some string that stand side by side. */
static struct string some_parts(void)
{
	const struct string *string = &strings[any_below(string_count)];
	struct string found = { .length = 0 };
	int at = any_below(used), end = 0, count;

	/* Mostly of a text, the longer the likelier. */
	if (any_below(4) != 0)
		for (string = strings; string->at + string->length < at;)
			string++;
	if (string->length < SHORTEST_PHRASE || cost_of(string) == 0)
		return found;
	for (count = any_below(parts[0].cost); count > 0; count--)
		end += parts[end].length;
	found.at = string->at + end;
	count = any_below(2) == 0 ? 2 : 2 + any_below(4);
	for (; count > 0 && end < string->length; count--)
		end += parts[end].length;
	found.length = string->at + end - found.at;
	return found;
}

/* The phrase, a little longer or shorter. */
static struct string changed(const struct string *phrase)
{
	int by = 1 + (any_below(2) == 0 ? any_below(3) : 0);
	int from = phrase->at, to = from + phrase->length;

	switch (any_below(4)) {
	case 0:
		from -= by;
		break;
	case 1:
		from += by;
		break;
	case 2:
		to -= by;
		break;
	default:
		to += by;
	}
	if (from < 0 || to > used || to - from < SHORTEST_PHRASE ||
	    memchr(room + from, 0, (size_t)(to - from)) != NULL)
		to = from;
	return (struct string){ .at = from, .length = to - from };
}

/* Puts another phrase in the place of one, if that makes nothing longer. */
static void try_instead(struct string *phrase, struct string other)
{
	struct string old = *phrase;
	int costs[STRINGS_MAX], gain = 0;

	if (old.length != 0)
		remove_phrase(phrase);
	*phrase = other;
	add_phrase(phrase);
	for (int i = 0; i < string_count; i++) {
		const struct string *string = &strings[i];

		costs[i] = string->cost;
		if (string == phrase || contains(string, &old) ||
		    contains(string, &other))
			costs[i] = cost_of(string);
		gain += (string == phrase ? old.cost : string->cost) - costs[i];
	}
	if (gain < 0) {
		remove_phrase(phrase);
		*phrase = old;
		if (old.length != 0)
			add_phrase(phrase);
		return;
	}
	for (int i = 0; i < string_count; i++)
		strings[i].cost = costs[i];
}

static void choose_phrases(void)
{
	for (int i = 0; i < BEGINNINGS; i++)
		first[i] = NONE;
	for (int i = 0; i < text_count; i++)
		strings[i].cost = cost_of(&strings[i]);
	string_count = text_count + PHRASES_MAX;
	for (int i = 0; i < TRIES; i++) {
		struct string *phrase =
			&strings[text_count + any_below(PHRASES_MAX)];
		struct string other = phrase->length == 0 || any_below(10) < 7
					      ? some_parts()
					      : changed(phrase);

		if (other.length >= SHORTEST_PHRASE && same_as(&other) == NONE)
			try_instead(phrase, other);
	}
}

/* ---- how they are written ---- */

/*
 * The strings as they are written, by their place: up to PLACES those that
 * have a byte, then the other texts. Both the shortest first.
 */
static int order[STRINGS_MAX];
static int place_count;

static int length_at(int place)
{
	return strings[order[place]].cost;
}

/* The shortest of these strings that has no place yet, or NONE. */
static int shortest(int from, int to)
{
	int found = NONE;

	for (int i = from; i < to; i++)
		if (strings[i].cost != 0 && strings[i].byte == NONE &&
		    (found == NONE || strings[i].cost < strings[found].cost))
			found = i;
	return found;
}

static int byte_of(int place)
{
	return (FIRST_PHRASE + place) % BYTES;
}

static bool is_for_phrase(int place)
{
	return place < PLACES && byte_of(place) != END &&
	       byte_of(place) != NEW_LINE;
}

/*
 * At bytes that mean something else stand texts, which need none. If no text
 * is as long as a phrase would be, the phrase stands there and once more.
 */
static int for_place(int place)
{
	int phrase = shortest(text_count, string_count);

	if (place >= PLACES || phrase == NONE)
		return shortest(0, text_count);
	if (!is_for_phrase(place))
		for (int i = 0; i < text_count; i++)
			if (strings[i].byte == NONE &&
			    strings[i].cost == strings[phrase].cost)
				return i;
	return phrase;
}

/* Numbers are small: of one byte, with its sign. A text is never number 0. */
static void number_strings(void)
{
	int string;

	for (int i = 0; i < string_count; i++)
		strings[i].byte = NONE;
	for (; (string = for_place(place_count)) != NONE; place_count++) {
		order[place_count] = string;
		if (string < text_count || is_for_phrase(place_count))
			strings[string].byte = byte_of(place_count);
	}
	for (int i = 0; i < text_count; i++)
		if (strings[i].byte == NONE)
			strings[i].byte = strings[same_as(&strings[i])].byte;
	for (int i = 0; i < string_count; i++) {
		if (strings[i].byte >= BYTES / 2)
			strings[i].byte -= BYTES;
		if (strings[i].byte == 0)
			strings[i].byte = BYTES;
	}
}

/* How many bytes wait at most while the string is put. */
static int most_waiting(const struct string *string)
{
	int most = 0, length;

	for (int i = 0; i < string->length; i += length) {
		int waiting = take_apart(string), phrase = parts[i].phrase;

		length = parts[i].length;
		if (i != 0)
			waiting = parts[i].cost;
		if (phrase != NONE)
			waiting += most_waiting(&strings[phrase]) - 1;
		most = waiting > most ? waiting : most;
	}
	return most;
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

/*
 * How many strings there are of each length, one after the other; -1, -2 and
 * so on say that the next length is 0, JUMP, twice JUMP and so on.
 */
static void write_counts(FILE *file)
{
	int length = SHORTEST_PHRASE;

	for (int place = 0; place < place_count; length++) {
		int count = 0, wanted = length_at(place);

		if (wanted < length || wanted - length > 1 + wanted % JUMP) {
			length = wanted - wanted % JUMP;
			fprintf(file, "%d, ", -1 - length / JUMP);
		}
		while (place < place_count && length_at(place) == length &&
		       count < COUNT_MAX) {
			count++;
			place++;
		}
		fprintf(file, "%d, ", count);
	}
}

static void write_packed(const char *folder)
{
	FILE *file = create(folder, "packed.h");

	fprintf(file, "static const _Alignas(1) signed char counts[] = {\n\t");
	write_counts(file);
	fprintf(file,
		"\n};\nstatic const _Alignas(1) signed char strings[] = {");
	for (int place = 0; place < place_count; place++) {
		const struct string *string = &strings[order[place]];

		fprintf(file, "\n\t");
		take_apart(string);
		for (int i = 0; i < string->length; i += parts[i].length)
			fprintf(file, "%d, ",
				parts[i].phrase == NONE
					? room[string->at + i]
					: strings[parts[i].phrase].byte);
	}
	fprintf(file, "\n};\n");
	fclose(file);
}

static void write_texts(const char *folder)
{
	FILE *file = create(folder, "texts.h");

	for (int i = 0; i < text_count; i++) {
		fprintf(file, "{ %d, \"", strings[i].byte);
		for (int at = strings[i].at; room[at] != 0; at++)
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
	choose_phrases();
	for (int i = 0; i < text_count; i++)
		if (most_waiting(&strings[i]) >= WAITING_MAX)
			die("a text too long for wording_put()", "T()");
	number_strings();
	write_packed(argv[1]);
	write_texts(argv[1]);

	/* Once more, now with the numbers; the texts are the same ones. */
	for (int i = 2; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/');
		FILE *file = create(argv[1], slash ? slash + 1 : argv[i]);

		fprintf(file, "#line 1 \"%s\"\n", argv[i]);
		each_text(argv[i], file);
		if (fclose(file) != 0)
			die("cannot be written", argv[i]);
	}
	return 0;
}
