/*
 * explain_death.c: any lines in /proc/self/cgroup, as many as LINES, and any
 * numbers in the files of cgroup(7). The paths of these are made of the lines.
 */
#include "explain_death.h"
#include "file.h"
#include "proof.h"
#include "sys.h"

enum { LINES = 2 };

static int left;
static int opened;
static int64_t said;
static size_t longest_path;

void file_open(struct file *file, const char *path)
{
	file->fd = any_int();
	left = LINES;
	opened++;
	prove(*path == '/');
}

void file_close(struct file *file)
{
	opened--;
}

/* Any line; one that does not fit is cut. */
bool file_next_word(struct file *file, char separator, char *word, size_t size)
{
	size_t length = any_size();

	prove(separator == '\n' && __CPROVER_w_ok(word, size));
	if (left-- == 0)
		return false;
	__CPROVER_havoc_slice(word, size);
	assume(length < size);
	word[length] = '\0';
	return true;
}

int64_t file_number(const char *path, const char *key, int64_t limit)
{
	int64_t number = any_int64();
	size_t length = 0;

	prove(limit <= INT64_MAX / 16 && *key == *key);
	while (path[length] != '\0')
		length++;
	if (length > longest_path)
		longest_path = length;
	assume(number >= -1 && number <= limit);
	return number;
}

void log_say(struct log *log, enum log_level level, const char *format, ...)
{
	said++;
}

const char *status_in_words(int wait_status, char words[])
{
	words[0] = '\0';
	return words;
}

void proves_explain_death(void)
{
	struct log log = { .level = LOG_NORMAL };
	int wait_status = any_int();

	said = 0;
	opened = 0;
	longest_path = 0;
	explain_death(&log, wait_status);
	prove(said == 1 && opened == 0);
	reached_if(longest_path == 0, "no look at cgroups");
	reached_if(longest_path > 38, "a path of its own");
}
