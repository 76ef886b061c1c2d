/*
 * fuzz_explain_death.c - why a program died (explain_death.h), whatever stands in the files of
 * cgroup(7), against a second reading of them. The bytes are the wait status
 * and the texts of the files; a text that begins with \1 is of none.
 */
#define _GNU_SOURCE
#include "fuzz.h"
#include "explain_death.h"
#include "status.h"
#include "sys.h"

#include <stdio.h>
#include <string.h>

enum {
	TEXT_MAX = 5000,
	LINE_SIZE = 4096, /* what does not fit is cut */
	/* Of both versions: /proc/self/cgroup, and at most three files. */
	CALLS_MAX = 2 * 4 * (2 + TEXT_MAX / 1024 + 2) + 2,
};

/* Of version 2 and 1, in the container's own folder and in the root. */
struct tree {
	const char *root, *controllers, *events_name, *limit_name;
	const char *own_events, *own_limit, *root_events, *root_limit;
};

static struct tree trees[] = {
	{ .root = "/sys/fs/cgroup",
	  .controllers = "",
	  .events_name = "/memory.events",
	  .limit_name = "/memory.max" },
	{ .root = "/sys/fs/cgroup/memory",
	  .controllers = "memory",
	  .events_name = "/memory.oom_control",
	  .limit_name = "/memory.limit_in_bytes" },
};

static const char *cgroup;

static const char *next_text(struct fuzz_bytes *bytes)
{
	const char *text = fuzz_text(bytes, TEXT_MAX);

	return text[0] != '\1' ? text : NULL;
}

/* ---- the second reading ---- */

static bool is_in_list(char *names, const char *wanted)
{
	const char *name;

	while ((name = strsep(&names, ",")) != NULL)
		if (strcmp(name, wanted) == 0)
			return true;
	return false;
}

/*
 * The path of the first line "ID:CONTROLLERS:PATH" whose controllers are the
 * wanted ones, cgroup(7); else "".
 */
static void put_own_path(char *path, const char *controllers)
{
	const char *text = cgroup != NULL ? cgroup : "";
	char line[LINE_SIZE], *rest, *names;
	size_t length;

	for (*path = '\0'; *text != '\0'; text += length) {
		length = strcspn(text, "\n");
		snprintf(line, sizeof(line), "%.*s", (int)length, text);
		length += text[length] != '\0';
		rest = line;
		strsep(&rest, ":");
		names = strsep(&rest, ":");
		if (rest != NULL && is_in_list(names, controllers)) {
			strcpy(path, rest);
			return;
		}
	}
}

static long long number_in(const char *text, const char *key)
{
	return fuzz_file_number(text, key, INT64_MAX / 16);
}

static long long kills_in(const struct tree *tree, long long *limit)
{
	char name[LINE_SIZE];
	long long count = -1;
	bool is_root;

	put_own_path(name, tree->controllers);
	is_root = name[0] == '\0';
	if (!is_root)
		count = number_in(tree->own_events, "oom_kill ");
	if (count < 0) {
		is_root = true;
		count = number_in(tree->root_events, "oom_kill ");
	}
	*limit =
		number_in(is_root ? tree->root_limit : tree->own_limit, "");
	return count;
}

static void check_words(const char *line, int wait_status)
{
	char words[STATUS_WORDS_SIZE], wanted[512];
	long long count = 0, limit = 0;

	status_in_words(wait_status, words);
	if ((wait_status & 0x7f) == 9) {
		count = kills_in(&trees[0], &limit);
		if (count <= 0)
			count = kills_in(&trees[1], &limit);
	}
	if (count <= 0)
		snprintf(wanted, sizeof(wanted), "foster: the program was %s\n",
			 words);
	else if (limit < 0)
		snprintf(wanted, sizeof(wanted),
			 "foster: the program was %s;"
			 " the out-of-memory killer has struck %u time%s in"
			 " this container\n",
			 words, (unsigned)count, count == 1 ? "" : "s");
	else
		snprintf(wanted, sizeof(wanted),
			 "foster: the program was %s;"
			 " the out-of-memory killer has struck %u time%s in"
			 " this container (memory limit %u %s)\n",
			 words, (unsigned)count, count == 1 ? "" : "s",
			 (unsigned)(limit < 1 << 20 ? limit >> 10
							 : limit >> 20),
			 limit < 1 << 20 ? "KiB" : "MiB");
	fuzz_check(strcmp(line, wanted) == 0, "said: %swanted: %s", line,
		   wanted);
}

/* ---- the files ---- */

/* The text of the file at that path. */
static const char *find(const char *path)
{
	char name[LINE_SIZE], own[LINE_SIZE + 64];

	if (strcmp(path, "/proc/self/cgroup") == 0)
		return cgroup;
	for (int i = 0; i < 2; i++) {
		const struct tree *tree = &trees[i];
		const char *names[] = { tree->events_name, tree->limit_name };
		const char *roots[] = { tree->root_events, tree->root_limit };
		const char *owns[] = { tree->own_events, tree->own_limit };

		put_own_path(name, tree->controllers);
		for (int j = 0; j < 2; j++) {
			snprintf(own, sizeof(own), "%s%s", tree->root,
				 names[j]);
			if (strcmp(path, own) == 0)
				return roots[j];
			snprintf(own, sizeof(own), "%s%s%s", tree->root, name,
				 names[j]);
			if (strcmp(path, own) == 0)
				return owns[j];
		}
	}
	fuzz_fail(__FILE__, __LINE__, "%s is opened", path);
}

struct fuzz_file fuzz_find(const char *path)
{
	return fuzz_text_file(find(path));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_bytes bytes = { data, data + size };
	unsigned signal = fuzz_byte(&bytes);
	struct log log = { .level = LOG_NORMAL };
	int wait_status = signal % 65 == 0 ? 9 : (int)(signal % 65);

	fuzz_allow_calls(CALLS_MAX);
	cgroup = next_text(&bytes);
	for (int i = 0; i < 2; i++) {
		trees[i].own_events = next_text(&bytes);
		trees[i].own_limit = next_text(&bytes);
		trees[i].root_events = next_text(&bytes);
		trees[i].root_limit = next_text(&bytes);
	}
	explain_death(&log, wait_status | (signal & 0x80));
	fuzz_check(fuzz_open_files() == 0, "a file stays open");
	fuzz_check(fuzz_written() != NULL, "nothing is said");
	fuzz_check_line(fuzz_written(), "foster: the program was ");
	check_words(fuzz_written(), wait_status | (signal & 0x80));
	fuzz_forget();
	return 0;
}
