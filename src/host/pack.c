/*
 * pack.c - packs what foster says. Runs where foster is built, not in it.
 *
 *	pack FOLDER FILE.c...
 *
 * Takes the texts out of all T("...") in the files, and writes into FOLDER
 * the files with numbers in their place, and packed.h with the table. What
 * stands side by side most often becomes one byte from 128 on, again and again
 * (byte-pair encoding): English shrinks to half. The same input gives the same
 * output, whatever machine this runs on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TEXTS_MAX = 127, /* a signed byte holds each number */
	ROOM = 8192,
	FIRST_PAIR = 128,
	PAIRS_MAX = 128,
	WORTH_A_PAIR = 3, /* uses; the table needs two bytes for each pair */
	DEPTH_MAX = 16,
};

static unsigned char room[ROOM]; /* the texts, each with its NUL */
static int used = 1;		 /* number 0 is no text */
static int starts[TEXTS_MAX];
static int text_count;
static unsigned char pairs[PAIRS_MAX][2];
static int pair_count;

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
			if (room[used - 1] == 0 || room[used - 1] >= FIRST_PAIR)
				die("a text that is not plain ASCII", path);
		}
		at++;
	}
	room[used++] = 0;
	return at + 1;
}

/* The number, from 1 on, of the text that was read last and begins there. */
static int add_text(int start)
{
	for (int i = 0; i < text_count; i++)
		if (strcmp((char *)room + starts[i], (char *)room + start) ==
		    0) {
			used = start;
			return i + 1;
		}
	if (text_count == TEXTS_MAX)
		die("too many texts", "T()");
	starts[text_count] = start;
	return ++text_count;
}

/* Reads the texts of the file, and copies it with numbers in their place. */
static void each_text(const char *path, FILE *output)
{
	const char *at = read_file(path);
	char before = ' ';

	while (*at != '\0') {
		if (strncmp(at, "T(", 2) == 0 && before != '_' &&
		    (before < 'A' || before > 'z')) {
			int start = used, lines = 0;

			at = read_literals(at + 2, path, &lines);
			fprintf(output, "%d", add_text(start));
			while (lines-- > 0)
				fputc('\n', output);
			continue;
		}
		before = *at;
		fputc(*at++, output);
	}
}

static int depth_of(int byte)
{
	int left, right;

	if (byte < FIRST_PAIR)
		return 0;
	left = depth_of(pairs[byte - FIRST_PAIR][0]);
	right = depth_of(pairs[byte - FIRST_PAIR][1]);
	return 1 + (left > right ? left : right);
}

static int count[256][256];

/* Puts `byte` in the place of every `left`, `right`. */
static void replace(int left, int right, int byte)
{
	int to = 0;

	for (int i = 0; i < used; i++) {
		if (i + 1 < used && room[i] == left && room[i + 1] == right) {
			room[to++] = (unsigned char)byte;
			i++;
		} else {
			room[to++] = room[i];
		}
	}
	used = to;
}

static void pack(void)
{
	while (pair_count < PAIRS_MAX) {
		int left = 0, right = 0;

		memset(count, 0, sizeof(count));
		for (int i = 0; i + 1 < used; i++)
			if (room[i] != 0 && room[i + 1] != 0)
				count[room[i]][room[i + 1]]++;
		for (int i = 1; i < 256; i++)
			for (int j = 1; j < 256; j++)
				if (count[i][j] > count[left][right] &&
				    depth_of(i) < DEPTH_MAX - 1 &&
				    depth_of(j) < DEPTH_MAX - 1)
					left = i, right = j;
		if (count[left][right] < WORTH_A_PAIR)
			return;
		pairs[pair_count][0] = (unsigned char)left;
		pairs[pair_count][1] = (unsigned char)right;
		replace(left, right, FIRST_PAIR + pair_count++);
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

static void write_table(const char *folder)
{
	FILE *file = create(folder, "packed.h");

	fprintf(file, "static const _Alignas(1) unsigned char packed[] = {");
	for (int i = 0; i < used; i++)
		fprintf(file, "%s%d,", i % 16 == 0 ? "\n\t" : " ", room[i]);
	fprintf(file,
		"\n};\nstatic const _Alignas(1) unsigned char pairs[][2] = {");
	for (int i = 0; i < pair_count; i++)
		fprintf(file, "%s{ %d, %d },", i % 4 == 0 ? "\n\t" : " ",
			pairs[i][0], pairs[i][1]);
	fprintf(file, "\n};\n");
	fclose(file);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		die("usage: pack FOLDER FILE.c...", argv[0]);
	for (int i = 2; i < argc; i++)
		read_version(argv[i]);
	for (int i = 2; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/');
		FILE *file = create(argv[1], slash ? slash + 1 : argv[i]);

		fprintf(file, "#line 1 \"%s\"\n", argv[i]);
		each_text(argv[i], file);
		if (fclose(file) != 0)
			die("cannot be written", argv[i]);
	}
	pack();
	write_table(argv[1]);
	return 0;
}
