/*
 * check_documentation.c - foster's words, and whether its documentation
 * says the same.
 *
 * golden/ holds what --help, --version and --license print, and for every
 * kind of mistake a command line, what is said and the exit status. The
 * options of --help, of the man page and of README.md are the same, in the
 * same order. All of them are read from the folder the tests are run in.
 */
#include "e2e.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MAX = 32, WORDS_MAX = 8 };

static const char *const environment[] = { "PATH=/usr/bin:/bin", NULL };

static char *read_source(const char *path)
{
	char *text = e2e_read(e2e_source(path), NULL);

	ck_assert_msg(text != NULL, "%s cannot be read", path);
	return text;
}

static struct e2e *run(char *const words[])
{
	const struct e2e_setup setup = {
		.mode = E2E_SUBREAPER, .environment = environment,
	};

	return e2e_start(&setup, words[0], words[0] ? words[1] : NULL,
			 words[0] && words[1] ? words[2] : NULL,
			 words[0] && words[1] && words[2] ? words[3] : NULL,
			 NULL);
}

/* ---- what is said ---- */

static const struct {
	const char *option, *path;
} answers[] = {
	{ "--help", "tests/e2e/golden/help" },
	{ "--version", "tests/e2e/golden/version" },
	{ "--license", "tests/e2e/golden/license" },
};

TEST_TIMES((int)(COUNT(answers)),
	   what_is_asked_for_is_answered_word_for_word)
{
	char *want = read_source(answers[_i].path);
	struct e2e *init = run((char *[]){ (char *)answers[_i].option, NULL });

	e2e_check_exit(init, 0);
	ck_assert_str_eq(init->out.bytes, want);
	e2e_check_silent(init);
	free(want);
}

/* Cuts the line at `text` off, and gives what follows it. */
static char *cut_line(char *text)
{
	char *end = strchr(text, '\n');

	ck_assert(end != NULL);
	*end = '\0';
	return end + 1;
}

TEST(every_mistake_is_named_word_for_word)
{
	char *text = read_source("tests/e2e/golden/mistakes"), *at = text;
	int count = 0;

	while (*at != '\0') {
		char *words[WORDS_MAX] = { NULL }, *line = at, *said, *end;
		int number = 0;
		struct e2e *init;

		at = said = cut_line(at);
		ck_assert(strncmp(line, "$ foster ", 9) == 0);
		for (char *word = strtok(line + 9, " "); word != NULL;
		     word = strtok(NULL, " "))
			words[number++] = word;
		end = strstr(at, "= ");
		at = cut_line(end);
		init = run(words);
		e2e_check_exit(init, atoi(end + 2));
		*end = '\0';
		ck_assert_str_eq(init->err.bytes, said);
		ck_assert_str_eq(init->out.bytes, "");
		e2e_end(init);
		count++;
	}
	ck_assert_int_gt(count, 20);
	free(text);
}

/* ---- which options there are ---- */

/* Each as "g --group" or "t --grace D". */
struct options {
	int count;
	char rows[OPTIONS_MAX][64];
};

/* "  -t, --grace D           what it does" */
static void read_help(struct options *options, const char *line)
{
	const char *name = line + 6, *end = strstr(name, "  ");

	if (strncmp(line, "  -", 3) == 0 && end != NULL)
		snprintf(options->rows[options->count++], 64, "%c %.*s",
			 line[3], (int)(end - name), name);
}

/* ".It Fl t , Fl Fl grace Ar D", perhaps with another letter in between. */
static void read_manual(struct options *options, const char *line)
{
	const char *name = strstr(line, "Fl Fl ");
	char text[64], value[32] = "";

	if (strncmp(line, ".It Fl ", 7) != 0 || name == NULL)
		return;
	sscanf(name, "Fl Fl %63s Ar %31s", text, value);
	snprintf(options->rows[options->count++], 64, "%c --%.30s%s%.20s",
		 line[7], text, *value ? " " : "", value);
}

/* "| `-t D` | `--grace D` | what it does |", perhaps with two letters. */
static void read_readme(struct options *options, const char *line)
{
	const char *name = strstr(line, "| `--"), *end;

	if (strncmp(line, "| `-", 4) != 0 || line[4] == '-' || name == NULL)
		return;
	end = strchr(name + 3, '`');
	if (end != NULL)
		snprintf(options->rows[options->count++], 64, "%c %.*s",
			 line[4], (int)(end - name - 3), name + 3);
}

static void read_options(struct options *options, char *text,
			 void (*read_line)(struct options *, const char *))
{
	char *next;

	options->count = 0;
	for (; *text != '\0'; text = next) {
		next = cut_line(text);
		if (options->count < OPTIONS_MAX)
			read_line(options, text);
	}
}

TEST(help_manual_and_readme_know_the_same_options)
{
	struct options help, manual, readme;
	struct e2e *init = run((char *[]){ "-h", NULL });

	e2e_check_exit(init, 0);
	read_options(&help, init->out.bytes, read_help);
	read_options(&manual, read_source("man/foster.1"), read_manual);
	read_options(&readme, read_source("README.md"), read_readme);

	ck_assert_int_ge(help.count, 17);
	ck_assert_int_eq(manual.count, help.count);
	ck_assert_int_eq(readme.count, help.count);
	for (int i = 0; i < help.count; i++) {
		ck_assert_str_eq(manual.rows[i], help.rows[i]);
		ck_assert_str_eq(readme.rows[i], help.rows[i]);
	}
}
