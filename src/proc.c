#include "proc.h"
#include "file.h"
#include "text.h"

enum { PATH_SIZE = 40 }; /* "/proc/4194303/status" and a NUL */

/* The path of a file about process `pid`. */
static void put_path(char path[PATH_SIZE], int pid, const char *file)
{
	text_put(text_put_number(text_put(path, "/proc/"), pid), file);
}

/* The highest that a process id can be. */
enum { PID_MOST = PID_LIMIT - 1 };

OUT_OF_LINE bool proc_is_ours(void)
{
	return file_number("/proc/self/status", "NSpid:\t", PID_MOST) > 0;
}

int proc_parent(int pid)
{
	char path[PATH_SIZE];

	put_path(path, pid, "/status");
	return (int)file_number(path, "PPid:\t", PID_MOST);
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
		if (pid <= 0 || depth == DEPTH_MAX)
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

void proc_walk(struct proc_walk *walk, const char *folder)
{
	walk->parent = 0;
	file_begin(&walk->file, folder, '\0');
}

OUT_OF_LINE void proc_walk_processes(struct proc_walk *walk, int parent)
{
	walk->parent = 0;
	if (parent != 0 &&
	    file_begin(&walk->file, "/proc/thread-self/children", ' ') >= 0)
		return;
	walk->parent = parent;
	file_begin(&walk->file, "/proc", '\0');
}

int proc_next(struct proc_walk *walk)
{
	const char *word;

	while ((word = file_next(&walk->file)) != NULL) {
		int pid = (int)text_whole_number(word, PID_MOST);

		if (pid > 0 &&
		    (walk->parent == 0 || proc_parent(pid) == walk->parent))
			return pid;
	}
	sys_close(walk->file.fd);
	return 0;
}
