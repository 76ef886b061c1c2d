#include "death.h"
#include "file.h"
#include "signals.h"
#include "status.h"
#include "text.h"

enum {
	FILE_SIZE = 4096,
	PATH_SIZE = FILE_SIZE + 64, /* a path that is too long is not found */
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
	wording_put(end, name);
	return file_number(folder, key, MOST);
}

/* What the out-of-memory killer did, cgroup(7). */
struct kills {
	int64_t count; /* negative: it cannot be read */
	int64_t limit; /* in bytes; negative: none, or it cannot be read */
};

/*
 * A container may see its own cgroup as the root of the tree although its
 * name, which stands behind `key`, is that outside.
 */
static void read_kills(struct kills *kills, wording tree, const char *key,
		       wording events, wording limit)
{
	char folder[PATH_SIZE], text[FILE_SIZE];
	char *root = wording_put(folder, tree), *end;

	file_read("/proc/self/cgroup", text, sizeof(text), 0);
	end = text_put_line(root, text, key);
	if (end == NULL)
		end = root;
	for (;; end = root) {
		kills->count = number_in(folder, end, events, "oom_kill ");
		if (kills->count >= 0 || end == root)
			break;
	}
	kills->limit = number_in(folder, end, limit, "");
}

/* Out of line: smaller code. */
OUT_OF_LINE void death_explain(struct log *log, int wait_status)
{
	struct kills kills = { .count = 0 };
	wording format = T("the program was %w");

	if (status_death_signal(wait_status) == SIGNAL_KILL) {
		read_kills(&kills, T("/sys/fs/cgroup"),
			   "0::", T("/memory.events"), T("/memory.max"));
		/* Version 1 has a tree for memory alone. */
		if (kills.count <= 0)
			read_kills(&kills, T("/sys/fs/cgroup/memory"),
				   ":memory:", T("/memory.oom_control"),
				   T("/memory.limit_in_bytes"));
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
		kills.count == 1 ? T("time") : T("times"),
		(long)((uint64_t)kills.limit / MIB));
}
