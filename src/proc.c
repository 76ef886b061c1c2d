#include "proc.h"
#include "sys.h"
#include "text.h"

enum { PROC_PATH_SIZE = 40 }; /* "/proc/4194303/status" and a NUL */

/* The path of a file about process `pid`. */
static void put_path(char path[PROC_PATH_SIZE], int pid, const char *file)
{
	text_put(text_put_number(text_put(path, "/proc/"), (unsigned)pid),
		 file);
}

enum { PID_HIGHEST = PID_MAX_LIMIT - 1 };

bool proc_is_ours(void)
{
	return file_number("/proc/self/status", "NSpid:\t", PID_HIGHEST) > 0;
}

int proc_parent(int pid)
{
	char path[PROC_PATH_SIZE];

	put_path(path, pid, "/status");
	return (int)file_number(path, "PPid:\t", PID_HIGHEST);
}

/* Of /proc/PID/stat: what comes behind the name, from the state on. */
enum { PARENT = 1, FLAGS = 6, THREADS = 17, START = 19, FIELDS };

enum {
	STAT_SIZE = 512,
	KERNEL_THREAD = 0x00200000, /* PF_KTHREAD, include/linux/sched.h */
};

/* A name may hold parentheses itself: the last one ends it. */
static char *end_of_name(char *text)
{
	char *end = NULL;

	for (; *text != '\0'; text++)
		if (*text == ')')
			end = text;
	return end;
}

bool proc_stat(int pid, struct proc_stat *stat)
{
	char path[PROC_PATH_SIZE], text[STAT_SIZE];
	int64_t fields[FIELDS] = { 0 }, number;
	const char *name, *cursor;
	char *end;

	put_path(path, pid, "/stat");
	file_read(path, text, sizeof(text), 0);
	name = text_find(text, '(');
	end = end_of_name(text);
	if (name == NULL || end < name || end[1] != ' ' || end[2] == '\0')
		return false;
	*end = '\0';
	text_cut(stat->name, sizeof(stat->name), name + 1);
	stat->state = end[2];
	cursor = end + 3;
	for (int i = PARENT; i < FIELDS && *cursor == ' '; i++) {
		cursor += cursor[1] == '-' ? 2 : 1;
		number = text_number(&cursor, INT64_MAX / 16);
		fields[i] = number > 0 ? number : 0;
	}
	stat->parent = fields[PARENT] <= PID_HIGHEST ? (int)fields[PARENT] : 0;
	stat->threads = (int)fields[THREADS];
	stat->is_of_kernel = (fields[FLAGS] & KERNEL_THREAD) != 0;
	stat->start = (uint64_t)fields[START];
	return true;
}

bool proc_lives(const struct proc_stat *stat)
{
	bool is_zombie = stat->state == 'Z' || stat->state == 'X';

	return !stat->is_of_kernel && (!is_zombie || stat->threads > 1);
}

enum { SIGNALS_DIGITS = 16 };

/* A set of signals in /proc/PID/status, in hexadecimal. */
static uint64_t signals_of(int pid, const char *key)
{
	char path[PROC_PATH_SIZE], digits[SIGNALS_DIGITS + 1];
	uint64_t set = 0;

	put_path(path, pid, "/status");
	if (!file_value(path, key, digits, sizeof(digits)))
		return 0;
	for (const char *c = digits; *c != '\0'; c++)
		set = set << 4 | ((unsigned)*c - (*c < 'a' ? '0' : 'a' - 10));
	return set;
}

uint64_t proc_caught_signals(int pid)
{
	return signals_of(pid, "SigCgt:\t");
}

uint64_t proc_ignored_signals(int pid)
{
	return signals_of(pid, "SigIgn:\t");
}

bool proc_pipe(int pid, int fd, struct proc_file *pipe)
{
	static const char names[3][6] = { "/fd/0", "/fd/1", "/fd/2" };
	struct kernel_statx status;
	char path[PROC_PATH_SIZE];

	put_path(path, pid, names[fd]);
	if (sys_statx(path, 0, &status) < 0 ||
	    (status.stx_mode & S_IFMT) != S_IFIFO)
		return false;
	pipe->inode = status.stx_ino;
	pipe->device =
		(uint64_t)status.stx_dev_major << 32 | status.stx_dev_minor;
	return true;
}

void proc_command(int pid, const struct proc_stat *stat, char *buffer,
		  size_t size)
{
	char path[PROC_PATH_SIZE];
	long length = 0;

	put_path(path, pid, "/cmdline");
	if (stat->state != 'D')
		length = file_read(path, buffer, size, 0);
	while (length > 0 && buffer[length - 1] == '\0')
		length--;
	if (length <= 0) {
		text_cut(buffer, size, stat->name);
		return;
	}
	/* Whether more words would have followed is not seen. */
	if (length >= (long)size - 2)
		text_put(buffer + size - sizeof("..."), "...");
	while (--length >= 0)
		if (buffer[length] == '\0')
			buffer[length] = ' ';
}

void proc_walk(struct proc_walk *walk, const char *folder)
{
	walk->parent = 0;
	walk->is_folder = true;
	file_open(&walk->file, folder);
}

void proc_walk_processes(struct proc_walk *walk, int parent)
{
	if (parent != 0) {
		walk->parent = 0;
		walk->is_folder = false;
		file_open(&walk->file, "/proc/thread-self/children");
		if (walk->file.fd >= 0)
			return;
	}
	proc_walk(walk, "/proc");
	walk->parent = parent;
}

enum { WORD_SIZE = 32 };

static const char *next_name(struct proc_walk *walk, char word[WORD_SIZE])
{
	if (walk->is_folder)
		return file_next_entry(&walk->file);
	return file_next_word(&walk->file, ' ', word, WORD_SIZE) ? word : NULL;
}

int proc_next(struct proc_walk *walk)
{
	char word[WORD_SIZE];
	const char *name;
	int pid;

	while ((name = next_name(walk, word)) != NULL) {
		pid = (int)text_whole_number(name, PID_HIGHEST);
		if (pid > 0 &&
		    (walk->parent == 0 || proc_parent(pid) == walk->parent))
			return pid;
	}
	file_close(&walk->file);
	return 0;
}
