#include "explain_death.h"
#include "file.h"
#include "status.h"
#include "sys.h"
#include "text.h"

enum {
	CGROUP_PATH_SIZE = 4096,
	FOLDER_SIZE = CGROUP_PATH_SIZE + 64, /* with a tree and a file's name */
	KIB = 1 << 10,
	MIB = 1 << 20,
	LIMIT_SIZE = 48, /* as put_limit() writes it, and a NUL */
};

/* Version 1's "no limit" is above what text_number() takes. */
#define LIMIT_MAX (INT64_MAX / 16)

/* The two versions of cgroup(7). */
struct hierarchy {
	char tree[24];
	char controllers[8]; /* in /proc/self/cgroup */
	char events[24];
	char limit[24];
};

static const struct hierarchy version_2 = { "/sys/fs/cgroup", "",
					    "/memory.events", "/memory.max" };

static const struct hierarchy version_1 = { "/sys/fs/cgroup/memory", "memory",
					    "/memory.oom_control",
					    "/memory.limit_in_bytes" };

/* What the out-of-memory killer did. */
struct kills {
	int64_t count; /* negative: it cannot be read */
	int64_t limit; /* in bytes; negative: none, or it cannot be read */
};

/* Whether `name` is one of the names up to a colon, with commas between. */
static bool lists(const char *names, const char *name)
{
	const char *rest;

	for (;; names++) {
		rest = text_after(names, name);
		if (rest != NULL && (*rest == ':' || *rest == ','))
			return true;
		while (*names != ',' && *names != ':' && *names != '\0')
			names++;
		if (*names != ',')
			return false;
	}
}

/*
 * The path in a line "ID:CONTROLLERS:PATH" of /proc/self/cgroup, if these are
 * its controllers; else NULL.
 */
static const char *path_in(const char *line, const char *controllers)
{
	const char *path = text_find(line, ':');

	if (path == NULL || !lists(path + 1, controllers))
		return NULL;
	path = text_find(path + 1, ':');
	return path == NULL ? NULL : path + 1;
}

/* Writes foster's own cgroup to `to`, nothing where it is not known. */
static void put_own_cgroup(char *to, const struct hierarchy *hierarchy)
{
	struct file file;
	char line[CGROUP_PATH_SIZE];
	const char *path = NULL;

	file_open(&file, "/proc/self/cgroup");
	while (path == NULL && file_next_word(&file, '\n', line, sizeof(line)))
		path = path_in(line, hierarchy->controllers);
	file_close(&file);
	text_put(to, path != NULL ? path : "");
}

/* The number behind `key` in a file of the folder that ends at `end`. */
static int64_t number_in(const char *folder, char *end, const char *name,
			 const char *key)
{
	text_put(end, name);
	return file_number(folder, key, LIMIT_MAX);
}

/*
 * A container may see its own cgroup as the root of the tree, although its
 * name is that outside: then the tree's root is read.
 */
static struct kills read_kills(const struct hierarchy *hierarchy)
{
	char folder[FOLDER_SIZE];
	char *root = text_put(folder, hierarchy->tree), *end;
	struct kills kills;

	put_own_cgroup(root, hierarchy);
	end = root + text_length(root);
	kills.count = number_in(folder, end, hierarchy->events, "oom_kill ");
	if (kills.count < 0) {
		end = root;
		kills.count =
			number_in(folder, end, hierarchy->events, "oom_kill ");
	}
	kills.limit = number_in(folder, end, hierarchy->limit, "");
	return kills;
}

/* " (memory limit 64 MiB)", or nothing where there is none. */
static void put_limit(char *to, int64_t limit)
{
	bool is_small = limit < MIB;

	*to = '\0';
	if (limit < 0)
		return;
	to = text_put_number(text_put(to, " (memory limit "),
			     (unsigned)(limit / (is_small ? KIB : MIB)));
	text_put(to, is_small ? " KiB)" : " MiB)");
}

void explain_death(struct log *log, int wait_status)
{
	struct kills kills = { .count = 0 };
	char words[STATUS_WORDS_SIZE], limit[LIMIT_SIZE];

	status_in_words(wait_status, words);
	if (WTERMSIG(wait_status) == SIGKILL) {
		kills = read_kills(&version_2);
		if (kills.count <= 0)
			kills = read_kills(&version_1);
	}
	if (kills.count <= 0) {
		log_say(log, LOG_NORMAL, "the program was %s", words);
		return;
	}
	put_limit(limit, kills.limit);
	log_say(log, LOG_NORMAL,
		"the program was %s; the out-of-memory killer has struck %d %s"
		" in this container%s",
		words, (int)kills.count, kills.count == 1 ? "time" : "times",
		limit);
}
