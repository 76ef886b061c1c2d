#include "proc.h"
#include "file.h"
#include "text.h"

enum {
	PATH_SIZE = 40,	     /* "/proc/4194303/status" and a NUL */
	STATUS_SIZE = 65536, /* NSpid stands behind thousands of groups */
};

/* A file about process `pid`, or about foster itself: 0. */
static long read_of(int pid, const char *file, char *buffer, size_t size)
{
	char path[PATH_SIZE];
	char *end = text_put(path, "/proc/");

	end = pid != 0 ? text_put_number(end, pid)
		       : text_put(end, "self");
	text_put(end, file);
	return file_read(path, buffer, size);
}

/*
 * What stands behind `key` in the status of `pid`, up to a byte that is
 * no digit; 0 where it is not there. Gives 0 as well where another number
 * follows in that line.
 */
static int status_number(int pid, const char *key)
{
	char buffer[STATUS_SIZE];
	const char *value;
	int64_t number;

	read_of(pid, "/status", buffer, sizeof(buffer));
	value = text_behind(buffer, key);
	if (value == NULL)
		return 0;
	number = text_number(&value, PID_LIMIT);
	return *value == '\n' ? (int)number : 0;
}

bool proc_is_ours(void)
{
	return status_number(0, "\nNSpid:\t") > 0;
}

int proc_parent(int pid)
{
	return status_number(pid, "\nPPid:\t");
}

enum { DEPTH_MAX = 64 };

/*
 * While the chain of parents is read, one of them may end and its number be
 * used again, so that a stranger seems to descend from foster. A process
 * never gets a former parent back. So if each parent, read once more from
 * the top down, is still the same, all of them have lived from the first
 * reading to the second, and the chain was true in between.
 */
OUT_OF_LINE bool proc_descends(int pid, int ancestor)
{
	int chain[DEPTH_MAX];
	int depth = 0;

	for (; pid != ancestor; pid = proc_parent(pid)) {
		if (pid == 0 || depth == DEPTH_MAX)
			return false;
		chain[depth++] = pid;
	}
	while (depth-- > 0) {
		if (proc_parent(chain[depth]) != pid)
			return false;
		pid = chain[depth];
	}
	return true;
}

void proc_command(int pid, char *buffer, size_t size)
{
	long length = read_of(pid, "/cmdline", buffer, size);

	while (--length > 0)
		if (buffer[length - 1] == '\0')
			buffer[length - 1] = ' ';
}

OUT_OF_LINE int proc_walk(struct proc_walk *walk, const char *folder)
{
	walk->is_directory = true;
	walk->parent = 0;
	walk->at = walk->length = 0;
	walk->fd = sys_open(folder, 0);
	return walk->fd;
}

int proc_walk_children(struct proc_walk *walk, int own)
{
	int fd = proc_walk(walk, "/proc/thread-self/children");

	walk->is_directory = fd < 0;
	if (fd >= 0)
		return fd;
	fd = proc_walk(walk, "/proc");
	walk->parent = own;
	return fd;
}

static bool refill(struct proc_walk *walk)
{
	long length = walk->length;

	if (walk->at == walk->length) {
		length = sys_read_any(walk->fd, walk->buffer, PROC_CHUNK_SIZE,
				      walk->is_directory);
		walk->at = 0;
		walk->length = length > 0 ? (unsigned)length : 0;
	}
	return length > 0;
}

/* Numbers, each with a blank behind it; one may be cut by the chunk's end. */
static int next_in_list(struct proc_walk *walk)
{
	/* Unsigned: what is no digit makes it too large, and no more. */
	unsigned pid = 0;

	while (refill(walk)) {
		char c = walk->buffer[walk->at++];

		if (c == ' ' || pid >= PID_LIMIT)
			break;
		pid = pid * 10 + (unsigned)(c - '0');
	}
	return (int)pid;
}

/* Names that are numbers. */
static int next_in_directory(struct proc_walk *walk)
{
	while (refill(walk)) {
		const struct directory_entry *entry =
			(const void *)(walk->buffer + walk->at);
		int pid = (int)text_whole_number(entry->name, PID_LIMIT);

		walk->at += entry->length;
		if (pid > 0 &&
		    (walk->parent == 0 || proc_parent(pid) == walk->parent))
			return pid;
	}
	return 0;
}

int proc_next(struct proc_walk *walk)
{
	int pid = walk->is_directory ? next_in_directory(walk)
				     : next_in_list(walk);

	if (pid > 0 && pid < PID_LIMIT)
		return pid;
	sys_close(walk->fd);
	return 0;
}
