/*
 * fuzz_death.c - why a program died (death.h), whatever stands in the files of
 * cgroup(7), against a second reading of them. The bytes are the wait status
 * and the texts of the files; a text that begins with \1 is of none.
 */
#define _GNU_SOURCE
#include "fuzz.h"
#include "death.h"
#include "status.h"

#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <ctype.h>

enum {
	TEXT_MAX = 5000,
	READ_MAX = 4095,
	NAME_SIZE = READ_MAX + 1,
	CALLS_MAX = 40
};

/* Of version 2 and 1, in the container's own folder and in the root. */
struct tree {
	const char *root, *key, *events_name, *limit_name;
	const char *own_events, *own_limit, *root_events, *root_limit;
};

static struct tree trees[] = {
	{ .root = "/sys/fs/cgroup",
	  .key = "0::",
	  .events_name = "/memory.events",
	  .limit_name = "/memory.max" },
	{ .root = "/sys/fs/cgroup/memory",
	  .key = ":memory:",
	  .events_name = "/memory.oom_control",
	  .limit_name = "/memory.limit_in_bytes" },
};

static const char *cgroup;
static unsigned calls;

static const char *next_text(struct fuzz_bytes *bytes)
{
	const char *text = fuzz_text(bytes, TEXT_MAX);

	return text[0] != '\1' ? text : NULL;
}

/* ---- the second reading ---- */

/* As much of a file as is read. */
static const char *shown(const char *text)
{
	static char room[READ_MAX + 1];

	if (text == NULL)
		return "";
	strncpy(room, text, READ_MAX);
	return room;
}

static long long number_behind(const char *text, const char *key)
{
	return fuzz_file_number(text, key, INT64_MAX / 16);
}

static void put_name(char *name, const char *key)
{
	const char *at = strstr(shown(cgroup), key);
	size_t length = 0;

	if (at != NULL)
		length = strcspn(at + strlen(key), "\n");
	snprintf(name, length + 1, "%s", at != NULL ? at + strlen(key) : "");
}

static long long kills_in(const struct tree *tree, long long *limit)
{
	char name[NAME_SIZE];
	long long count = -1;
	bool is_root;

	put_name(name, tree->key);
	is_root = name[0] == '\0';
	if (!is_root)
		count = number_behind(tree->own_events, "oom_kill ");
	if (count < 0) {
		is_root = true;
		count = number_behind(tree->root_events, "oom_kill ");
	}
	*limit =
		number_behind(is_root ? tree->root_limit : tree->own_limit, "");
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
			 " this container (memory limit %u MiB)\n",
			 words, (unsigned)count, count == 1 ? "" : "s",
			 (unsigned)(limit >> 20));
	fuzz_check(strcmp(line, wanted) == 0, "said: %swanted: %s", line,
		   wanted);
}

/* ---- the door ---- */

/* The text of the file at that path. */
static const char *find(const char *path)
{
	char name[NAME_SIZE], own[NAME_SIZE + 64];

	if (strcmp(path, "/proc/self/cgroup") == 0)
		return cgroup;
	for (int i = 0; i < 2; i++) {
		const struct tree *tree = &trees[i];
		const char *names[] = { tree->events_name, tree->limit_name };
		const char *roots[] = { tree->root_events, tree->root_limit };
		const char *owns[] = { tree->own_events, tree->own_limit };

		put_name(name, tree->key);
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

static long open_file(const char *path)
{
	const char *text = find(path);

	return text != NULL ? fuzz_open(text, strlen(text), false) : -E_NOENT;
}

long sys_call(long number, long a, long b, long c, long d, long e)
{
	(void)e;
	fuzz_check(++calls <= CALLS_MAX, "%u calls", calls);
	switch (number) {
	case SYS_OPENAT:
		return open_file((const char *)b);
	case SYS_PREAD64:
		return fuzz_read_at(a, (char *)b, (size_t)c, d);
	case SYS_READ:
		return a < 0 ? -9 : fuzz_read(a, (char *)b, (size_t)c);
	case SYS_CLOSE:
		return a < 0 ? -9 : fuzz_close(a);
	case SYS_PPOLL:
		return 1;
	case SYS_WRITE:
		return fuzz_write(a, (const char *)b, (size_t)c);
	default:
		fuzz_fail(__FILE__, __LINE__, "system call %ld", number);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_bytes bytes = { data, data + size };
	unsigned signal = fuzz_byte(&bytes);
	struct log log = { .level = LOG_NORMAL };
	int wait_status = signal % 65 == 0 ? 9 : (int)(signal % 65);

	calls = 0;
	cgroup = next_text(&bytes);
	for (int i = 0; i < 2; i++) {
		trees[i].own_events = next_text(&bytes);
		trees[i].own_limit = next_text(&bytes);
		trees[i].root_events = next_text(&bytes);
		trees[i].root_limit = next_text(&bytes);
	}
	death_explain(&log, wait_status | (signal & 0x80));
	fuzz_check(fuzz_open_files() == 0, "a file stays open");
	fuzz_check(fuzz_written() != NULL, "nothing is said");
	fuzz_check_line(fuzz_written(), "foster: the program was ");
	check_words(fuzz_written(), wait_status | (signal & 0x80));
	fuzz_forget();
	return 0;
}
