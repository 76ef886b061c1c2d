#include "death.h"
#include "file.h"
#include "signals.h"
#include "status.h"
#include "text.h"

enum {
	CGROUP_MAX = 512, /* a longer name is not looked at */
	PATH_SIZE = CGROUP_MAX + 64,
	FILE_SIZE = 4096,
	MIB = 1 << 20,
};

/* Version 1's "no limit" is above what text_number() takes. */
#define MOST (INT64_MAX / 16)

/*
 * The number behind `key` in the file of this name in a folder, -1 where
 * there is none. `end` is that of the folder's path, with room behind it.
 */
static int64_t number_in(const char *folder, char *end, wording name,
			 const char *key)
{
	char text[FILE_SIZE];
	const char *at;

	wording_put(end, name);
	file_read(folder, text, sizeof(text));
	at = text_behind(text, key);
	return at != NULL ? text_number(&at, MOST) : -1;
}

/* Appends the name of the cgroup that stands behind `key`. */
static char *put_cgroup(char *to, const char *key)
{
	char text[FILE_SIZE];
	const char *at;

	file_read("/proc/self/cgroup", text, sizeof(text));
	at = text_behind(text, key);
	for (int i = 0; at != NULL && i < CGROUP_MAX; i++) {
		if (*at == '\n' || *at == '\0')
			return to + i;
		to[i] = *at++;
	}
	return to;
}

/* What the out-of-memory killer did, cgroup(7). */
struct kills {
	int64_t count; /* negative: it cannot be read */
	int64_t limit; /* in bytes; negative: none, or it cannot be read */
};

/*
 * A container may see its own cgroup as the root of the tree although its
 * name is that outside. Version 1 has a tree for memory alone.
 */
static void read_kills(struct kills *kills, bool is_version_1)
{
	char folder[PATH_SIZE];
	char *root = wording_put(folder, is_version_1
						 ? T("/sys/fs/cgroup/memory")
						 : T("/sys/fs/cgroup"));
	char *end = put_cgroup(root, is_version_1 ? ":memory:" : "0::");
	wording events = is_version_1 ? T("/memory.oom_control")
				      : T("/memory.events");

	kills->count = number_in(folder, end, events, "oom_kill ");
	if (kills->count < 0) {
		end = root;
		kills->count = number_in(folder, end, events, "oom_kill ");
	}
	kills->limit = number_in(folder, end,
				 is_version_1 ? T("/memory.limit_in_bytes")
					      : T("/memory.max"),
				 "");
}

void death_explain(struct log *log, int wait_status)
{
	struct kills kills = { 0, 0 };
	wording format = T("the program was %w");

	if (status_death_signal(wait_status) == SIGNAL_KILL) {
		read_kills(&kills, false);
		if (kills.count <= 0)
			read_kills(&kills, true);
	}
	if (kills.count > 0)
		format = kills.limit < 0
				 ? T("the program was %w; the out-of-memory"
				     " killer has struck %d %t in this"
				     " container")
				 : T("the program was %w; the out-of-memory"
				     " killer has struck %d %t in this"
				     " container (memory limit %d MiB)");
	log_say(log, LOG_NORMAL, format, wait_status, (long)kills.count,
		kills.count == 1 ? T("time") : T("times"), (long)(kills.limit / MIB));
}
