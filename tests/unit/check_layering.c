/*
 * check_layering.c - how src is laid out: nothing includes upwards, who calls
 * the kernel, who waits, who writes, who ends a process, how long things are.
 * A permission below that nothing needs is a failure, too.
 */
#include "unit.h"

#include <glob.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FILES_MAX = 128,
	FILE_LINES_MAX = 300,    /* the aim is 250 */
	FUNCTION_LINES_MAX = 40, /* between its braces */
};

/* The only file that is longer. */
static const char longer_files[] = "sys.h";

/*
 * From the lowest layer up. A file may include what is below it, and its own
 * header. What stands before sys.h is pure: it makes no system call.
 */
static const char *const layers[] = {
	"foster.h foster_blob.h text.h text.c kernel.h memory.c main.h pages.h",
	"log.h event.h event.c",
	"signals.h signals.c errors.h errors.c environment.h environment.c"
	" binfmt.h binfmt.c",
	"status.h status.c explanation.h explanation.c",
	"lifecycle.h options.h option_values.h option_values.c",
	"ending.h ending.c option_table.h option_table.c",
	"lifecycle.c",
	"options.c",
	"arch/x86_64.h arch/aarch64.h arch/libc.h",
	"sys.h",
	"log.c file.h file.c sys_raw.c init.h",
	"proc.h proc.c exec.h exec.c told.h told.c"
	" explain_binfmt.h explain_binfmt.c",
	"descendants.h descendants.c readers.h readers.c terminal.h terminal.c"
	" explain_death.h explain_death.c explain_exec.h explain_exec.c",
	"report.h report.c",
	"clock.h clock.c job_control.h job_control.c leftovers.h leftovers.c",
	"group.h group.c",
	"spawn.h spawn.c forward.h forward.c detach.h detach.c caller.h caller.c"
	" verbose.h verbose.c",
	"act.h act.c",
	"reap.h reap.c",
	"loop.h loop.c",
	"foster.c",
	"main.c",
	"pages.c pages_kept.c start.c start_libc.c sys_libc.c",
};

/* Words, regex(7), and the only files that may use them. */
static const struct {
	const char *word, *files;
} uses[] = {
	/* System calls, the machine, libc. */
	{ "sys_call[0-9]*", "sys.h pages.c sys_libc.c arch/x86_64.h"
			    " arch/aarch64.h arch/libc.h" },
	{ "SYS_[a-z0-9_]*",
	  "sys.h pages.c sys_libc.c arch/x86_64.h arch/aarch64.h" },
	{ "__asm__", "memory.c arch/x86_64.h arch/aarch64.h" },
	{ "syscall(number", "sys_libc.c" },
	{ "sys_fork", "sys_raw.c arch/x86_64.h arch/aarch64.h" },
	{ "FOSTER_LIBC", "sys.h" },
	/* Waiting. log.c waits for a reader; the other two do not block. */
	{ "sys_rt_sigtimedwait", "sys.h loop.c job_control.c" },
	{ "sys_poll", "sys.h loop.c log.c" },
	{ "sys_nanosleep", "sys.h loop.c" },
	{ "sys_wait[a-z0-9]*", "sys.h reap.c caller.c" },
	{ "reap_blocking", "reap.h reap.c loop.c" },
	/* Writing text: messages; the help and the like. */
	{ "sys_write", "sys.h log.c main.c" },
	/* Starting and ending processes. spawn.c is there the child. */
	{ "sys_spawn", "sys.h sys_raw.c sys_libc.c spawn.c" },
	{ "sys_execve", "sys.h exec.c" },
	{ "sys_exit", "sys.h start.c spawn.c" },
	/* Leftovers: who was told is known in one place. */
	{ "sys_ptrace_detach", "sys.h reap.c" },
	{ "sys_pidfd_send_signal", "sys.h leftovers.c" },
	{ "proc_pipe", "proc.h proc.c readers.c" },
	{ "lifecycle_spares_readers",
	  "lifecycle.h lifecycle.c leftovers.c" },
	{ "told_set", "told.h told.c leftovers.c group.c" },
	{ "ending_[a-z_]*", "ending.h ending.c lifecycle.c" },
};

static struct source {
	char *name; /* "loop.c", "arch/x86_64.h" */
	char *text; /* without comments */
} sources[FILES_MAX];
static size_t source_count;

/* Blanks comments out; lines stay. */
static void strip(char *text)
{
	while ((text = strstr(text, "/*")) != NULL)
		for (char *end = strstr(text, "*/") + 2; text < end; text++)
			if (*text != '\n')
				*text = ' ';
}

/* Also whether a list has a file: a dot means any byte, itself included. */
static bool has_word(const char *text, const char *word)
{
	char pattern[64];
	regex_t regex;
	bool is_found;

	snprintf(pattern, sizeof(pattern), "\\<%s\\>", word);
	ck_assert_int_eq(regcomp(&regex, pattern, REG_NOSUB), 0);
	is_found = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return is_found;
}

static size_t count_of(char c, const char *text, const char *end)
{
	size_t count = 0;

	for (; text < end; text++)
		count += *text == c;
	return count;
}

/* Each has one dot. */
static size_t names_in(const char *list)
{
	return count_of('.', list, strchr(list, '\0'));
}

/* The count of all of them: in none. */
static size_t layer_of(const char *name)
{
	size_t at = 0;

	while (at < UNIT_COUNT(layers) && !has_word(layers[at], name))
		at++;
	return at;
}

static void read_sources(void)
{
	const char *folder = getenv("SRC") != NULL ? getenv("SRC") : "src";
	char pattern[4096];
	static glob_t found; /* the names live in it */

	snprintf(pattern, sizeof(pattern), "%s/*.[ch]", folder);
	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	snprintf(pattern, sizeof(pattern), "%s/arch/*.h", folder);
	ck_assert_int_eq(glob(pattern, GLOB_APPEND, NULL, &found), 0);
	ck_assert_uint_le(found.gl_pathc, FILES_MAX);
	for (; source_count < found.gl_pathc; source_count++) {
		struct source *source = &sources[source_count];
		char *path = found.gl_pathv[source_count];
		FILE *file = fopen(path, "r");
		size_t size = 0;

		source->name = path + strlen(folder) + 1;
		ck_assert_int_gt(getdelim(&source->text, &size, '\0', file), 0);
		fclose(file);
		strip(source->text);
	}
}

START_TEST(every_file_is_in_a_layer_and_every_layer_is_of_files)
{
	size_t names = 0;

	for (size_t i = 0; i < source_count; i++)
		unit_check(layer_of(sources[i].name) < UNIT_COUNT(layers),
			   "%s is in no layer", sources[i].name);
	for (size_t i = 0; i < UNIT_COUNT(layers); i++)
		names += names_in(layers[i]);
	unit_check(names == source_count, "%zu names of %zu files", names,
		   source_count);
}
END_TEST

START_TEST(no_include_points_upwards)
{
	static const char include[] = "#include \"";

	for (size_t i = 0; i < source_count; i++) {
		const char *from = sources[i].name, *line = sources[i].text;
		char name[64];

		while ((line = strstr(line, include)) != NULL) {
			line += strlen(include);
			snprintf(name, sizeof(name), "%.*s",
				 (int)strcspn(line, "\""), line);
			unit_check(layer_of(name) < layer_of(from) ||
					   strncmp(name, from,
						   strlen(from) - 1) == 0,
				   "%s includes %s, which is not below it",
				   from, name);
		}
	}
}
END_TEST

START_TEST(every_word_is_used_where_it_may_be_and_nowhere_else)
{
	for (size_t i = 0; i < UNIT_COUNT(uses); i++) {
		size_t count = 0;

		for (size_t j = 0; j < source_count; j++) {
			const char *name = sources[j].name;
			bool may = has_word(uses[i].files, name);

			unit_check(has_word(sources[j].text, uses[i].word) ==
				   may, "%s %s use %s", name,
				   may ? "may, but does not" : "may not",
				   uses[i].word);
			count += may;
		}
		unit_check(count == names_in(uses[i].files),
			   "not all of '%s' is there", uses[i].files);
	}
}
END_TEST

START_TEST(no_file_and_no_function_is_too_long)
{
	for (size_t i = 0; i < source_count; i++) {
		const char *name = sources[i].name, *start = sources[i].text;
		size_t lines = count_of('\n', start, strchr(start, '\0'));

		unit_check(has_word(longer_files, name) ==
			   (lines > FILE_LINES_MAX), "%s has %zu lines", name,
			   lines);
		/* Only a function's braces stand alone at a line's start. */
		while ((start = strstr(start, "\n{\n")) != NULL) {
			const char *end = strstr(++start, "\n}\n");

			lines = count_of('\n', start, end);
			unit_check(lines <= FUNCTION_LINES_MAX,
				   "%s, line %zu: a function of %zu lines",
				   name, count_of('\n', sources[i].text, start),
				   lines);
			start = end;
		}
	}
}
END_TEST

Suite *layering_suite(void)
{
	Suite *suite = suite_create("layering");
	TCase *tcase = unit_tcase(suite, "sources");

	tcase_add_checked_fixture(tcase, read_sources, NULL);
	unit_add(tcase, every_file_is_in_a_layer_and_every_layer_is_of_files);
	unit_add(tcase, no_include_points_upwards);
	unit_add(tcase, every_word_is_used_where_it_may_be_and_nowhere_else);
	unit_add(tcase, no_file_and_no_function_is_too_long);
	return suite;
}
