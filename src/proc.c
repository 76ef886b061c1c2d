#include "proc.h"
#include "file.h"
#include "text.h"

enum { PATH_SIZE = 40 }; /* "/proc/4194303/status" and a NUL */

/* The path of a file about process `pid`, or about foster itself: 0. */
static void put_path(char path[PATH_SIZE], int pid, const char *file)
{
	char *end = text_put(path, "/proc/");

	end = pid != 0 ? text_put_number(end, pid)
		       : text_put(end, "self");
	text_put(end, file);
}

/* A walk over what the file or folder holds, byte by byte or name by name. */
static int begin(struct proc_walk *walk, const char *path, bool is_directory)
{
	walk->is_directory = is_directory;
	walk->parent = 0;
	walk->at = walk->length = 0;
	walk->fd = sys_open(path, OPEN_NO_BLOCK | OPEN_NO_TERMINAL);
	return walk->fd;
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

/*
 * What stands behind `key`, which begins with its only newline, in the status
 * of `pid`; 0 where it is not there, or anything but a newline follows it. Piece
 * by piece, since NSpid may stand behind thousands of groups.
 */
static int status_number(int pid, const char *key)
{
	struct proc_walk walk;
	char path[PATH_SIZE];
	const char *at = key;
	unsigned number = 0;
	char c = '\0';

	put_path(path, pid, "/status");
	if (begin(&walk, path, false) < 0)
		return 0;
	while (refill(&walk)) {
		c = walk.buffer[walk.at++];
		if (*at != '\0')
			at = c == *at ? at + 1 : key + (c == *key);
		else if (number < PID_LIMIT && c >= '0' && c <= '9')
			number = number * 10 + (unsigned)(c - '0');
		else
			break;
	}
	sys_close(walk.fd);
	return c == '\n' && *at == '\0' && number < PID_LIMIT ? (int)number : 0;
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
	char path[PATH_SIZE];
	long length;

	put_path(path, pid, "/cmdline");
	length = file_read(path, buffer, size, 0);
	while (--length > 0)
		if (buffer[length - 1] == '\0')
			buffer[length - 1] = ' ';
}

int proc_walk(struct proc_walk *walk, const char *folder)
{
	return begin(walk, folder, true);
}

int proc_walk_children(struct proc_walk *walk, int own)
{
	int fd = begin(walk, "/proc/thread-self/children", false);

	if (fd >= 0)
		return fd;
	fd = proc_walk(walk, "/proc");
	walk->parent = own;
	return fd;
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
