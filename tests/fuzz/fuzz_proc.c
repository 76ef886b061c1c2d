/*
 * fuzz_proc.c - what /proc tells (proc.h), and what is done to leftovers with
 * it (leftovers.h), whatever it says. The bytes are foster's pid, the files,
 * and what is asked.
 */
#define _GNU_SOURCE
#include "fuzz.h"
#include "descendants.h"
#include "leftovers.h"
#include "told.h"
#include "proc.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
	PROCESSES_MAX = 8,
	TEXT_MAX = 2048,
	CALLS_MAX = 1000000,
	PIDFD = 1000,
	PIDFDS = 4,
	TOLD_MAX = 4096,
	STAT_MAX = 511, /* bytes of /proc/PID/stat that are read */
	TABLES = 2,	/* who was told, and who descends from foster */
};

static struct {
	int pid;
	const char *status, *stat;
	char *command;
	size_t command_length;
} processes[PROCESSES_MAX];

static unsigned process_count;
static const char *own_status, *children;
static char *names; /* of /proc, each with a NUL behind it */
static size_t names_length;
static struct fuzz_bytes answers;
static int own;
static bool has_memory, has_proc, all_were_told;
static struct {
	void *at; /* NULL: it is not mapped */
	size_t size;
} tables[TABLES];
static int pidfds[PIDFDS]; /* whose they are; 0: closed */

/* Whom TERM was sent to, and how often since it was forgotten. */
static struct {
	int pid;
	unsigned count;
} told[TOLD_MAX];
static unsigned told_count;

/* ---- the second reading ---- */

static const char *status_of(int pid)
{
	for (unsigned i = 0; i < process_count; i++)
		if (processes[i].pid == pid)
			return processes[i].status;
	return NULL;
}

static int parent_of(int pid)
{
	return (int)fuzz_file_number(status_of(pid), "PPid:\t",
				     PID_MAX_LIMIT - 1);
}

static const char *stat_of(int pid)
{
	for (unsigned i = 0; i < process_count; i++)
		if (processes[i].pid == pid)
			return processes[i].stat;
	return NULL;
}

/* The fourth field, behind the last parenthesis; 0: none in its range. */
static int parent_in_stat(int pid)
{
	char text[STAT_MAX + 1], *name, *end;
	unsigned long parent;

	if (stat_of(pid) == NULL)
		return 0;
	snprintf(text, sizeof(text), "%s", stat_of(pid));
	name = strchr(text, '(');
	end = strrchr(text, ')');
	if (name == NULL || end < name || end[1] != ' ' || end[2] == '\0' ||
	    end[3] != ' ')
		return 0;
	end += end[4] == '-' ? 5 : 4;
	if (!isdigit((unsigned char)*end))
		return 0;
	parent = strtoul(end, NULL, 10);
	return parent < PID_MAX_LIMIT ? (int)parent : 0;
}

static bool descends(int pid)
{
	for (int i = 0; i <= PROCESSES_MAX; i++) {
		pid = parent_in_stat(pid);
		if (pid == own)
			return true;
	}
	return false;
}

/* ---- the kernel ---- */

struct fuzz_file fuzz_find(const char *path)
{
	int pid, length = 0;

	if (strcmp(path, "/proc") == 0)
		return names_length == 0 ? FUZZ_NO_FILE
					 : (struct fuzz_file){
						   .bytes = names,
						   .length = names_length,
						   .is_folder = true,
					   };
	if (strcmp(path, "/") == 0)
		return FUZZ_NO_FILE;
	if (strcmp(path, "/proc/self/status") == 0)
		return fuzz_text_file(own_status);
	if (strcmp(path, "/proc/thread-self/children") == 0)
		return fuzz_text_file(children);
	if (sscanf(path, "/proc/%d/status%n", &pid, &length) == 1 &&
	    length > 0 && path[length] == '\0')
		return fuzz_text_file(status_of(pid));
	length = 0;
	if (sscanf(path, "/proc/%d/stat%n", &pid, &length) == 1 &&
	    length > 0 && path[length] == '\0')
		return fuzz_text_file(stat_of(pid));
	length = 0;
	fuzz_check(sscanf(path, "/proc/%d/cmdline%n", &pid, &length) == 1 &&
			   length > 0 && path[length] == '\0',
		   "%s is opened", path);
	for (unsigned i = 0; i < process_count; i++)
		if (processes[i].pid == pid)
			return (struct fuzz_file){
				.bytes = processes[i].command,
				.length = processes[i].command_length,
			};
	return FUZZ_NO_FILE;
}

static void tell(int pid, int signal)
{
	unsigned i;

	fuzz_check(pid > 0 && pid < PID_MAX_LIMIT && pid != own,
		   "signal %d to %d", signal, pid);
	if (signal != SIGTERM)
		return;
	/* Without memory whoever is there at first, be he listed twice. */
	if (!has_memory) {
		fuzz_check(!all_were_told, "%d is told later", pid);
		return;
	}
	for (i = 0; i < told_count && told[i].pid != pid; i++)
		;
	fuzz_check(i < TOLD_MAX, "too many are told");
	if (i == told_count)
		told[told_count++].pid = pid;
	fuzz_check(++told[i].count == 1, "%d is told twice", pid);
}

static long send(int pid, int signal)
{
	if (pid == -1)
		fuzz_check(own == 1 && !has_proc, "all get %d", signal);
	else
		tell(pid, signal);
	return 0;
}

static long open_pidfd(int pid)
{
	fuzz_check(pid > 0 && own != 1, "a pidfd of %d", pid);
	if (fuzz_byte(&answers) >= 0xf0)
		return -ESRCH;
	for (int i = 0; i < PIDFDS; i++)
		if (pidfds[i] == 0) {
			pidfds[i] = pid;
			return i + PIDFD;
		}
	fuzz_fail(__FILE__, __LINE__, "%d pidfds are open", PIDFDS);
}

static long send_by_pidfd(long fd, int signal)
{
	int pid = fd >= PIDFD && fd < PIDFD + PIDFDS ? pidfds[fd - PIDFD] : 0;

	fuzz_check(pid != 0, "pidfd %ld is not open", fd);
	fuzz_check(descends(pid), "%d is nobody of foster's", pid);
	tell(pid, signal);
	return 0;
}

static long close_pidfd(long fd)
{
	fuzz_check(fd < PIDFD + PIDFDS && pidfds[fd - PIDFD] != 0, "pidfd %ld is not open", fd);
	pidfds[fd - PIDFD] = 0;
	return 0;
}

static long map_zeroes(size_t size)
{
	int i = 0;

	if (!has_memory)
		return -ENOMEM;
	while (i < TABLES && tables[i].at != NULL)
		i++;
	fuzz_check(i < TABLES, "memory once more");
	/* What stands behind it cannot be touched. */
	tables[i].size = size;
	tables[i].at = mmap(NULL, size + 4096, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(tables[i].at, size, PROT_READ | PROT_WRITE);
	return (long)tables[i].at;
}

static long unmap(void *address, size_t size)
{
	int i = 0;

	while (i < TABLES && tables[i].at != address)
		i++;
	fuzz_check(i < TABLES && size == tables[i].size,
		   "%zu bytes at %p are given back", size, address);
	munmap(address, size + 4096);
	tables[i].at = NULL;
	return 0;
}

bool fuzz_call(long number, const long *arguments, long *result)
{
	switch (number) {
	case SYS_close:
		if (arguments[0] < PIDFD)
			return false;
		*result = close_pidfd(arguments[0]);
		return true;
	case SYS_kill:
		*result = send((int)arguments[0], (int)arguments[1]);
		return true;
	case SYS_pidfd_open:
		*result = open_pidfd((int)arguments[0]);
		return true;
	case SYS_pidfd_send_signal:
		*result = send_by_pidfd(arguments[0], (int)arguments[1]);
		return true;
	/* Nobody's files can be looked at: nobody reads a pipe. */
	case SYS_statx:
		return -EACCES;
	case SYS_getpgid:
		*result = fuzz_byte(&answers);
		return true;
	case SYS_mmap:
		*result = map_zeroes((size_t)arguments[1]);
		return true;
	case SYS_munmap:
		*result = unmap((void *)arguments[0], (size_t)arguments[1]);
		return true;
	default:
		return false;
	}
}

/* ---- what is asked ---- */

static void check_walk(struct proc_walk *walk)
{
	int pid;

	while ((pid = proc_next(walk)) != 0)
		fuzz_check(pid > 0 && pid < PID_MAX_LIMIT, "process %d", pid);
}

/* As the kernel writes it: each number and a blank. */
static void check_children(void)
{
	struct proc_walk walk;
	const char *at = children;
	char *end;

	if (children == NULL)
		return;
	proc_walk_processes(&walk, own);
	for (;; at = end + 1) {
		unsigned long wanted;
		int pid;

		wanted =
			isdigit((unsigned char)*at) ? strtoul(at, &end, 10) : 0;
		/* Then it is none of the kernel's. */
		if (wanted == 0 || wanted >= PID_MAX_LIMIT || *end != ' ' ||
		    end - at > 7)
			break;
		pid = proc_next(&walk);
		fuzz_check(pid == (int)wanted, "child %d and not %lu", pid,
			   wanted);
	}
	check_walk(&walk);
}

static void check_process(int pid)
{
	char *command = fuzz_memory(32);
	int parent = proc_parent(pid), wanted = parent_of(pid);
	struct proc_stat stat;

	fuzz_check(wanted > 0 ? parent == wanted : parent <= 0,
		   "parent %d of %d and not %d", parent, pid, wanted);
	memset(command, 'x', 32);
	if (!proc_stat(pid, &stat))
		return;
	fuzz_check(stat.parent == parent_in_stat(pid), "parent %d of %d",
		   stat.parent, pid);
	fuzz_check(memchr(stat.name, '\0', sizeof(stat.name)) != NULL,
		   "a name without NUL");
	proc_command(pid, &stat, command, 32);
	fuzz_check(memchr(command, '\0', 32) != NULL, "no NUL");
}

static void check_descendants(void)
{
	struct descendants descendants;

	descendants_begin(&descendants, own);
	for (unsigned i = 0; i < process_count; i++)
		fuzz_check(!descendants_have(&descendants, processes[i].pid) ||
				   descends(processes[i].pid),
			   "%d does not descend", processes[i].pid);
	descendants_end(&descendants);
}

static void forget(struct init *init, int pid)
{
	told_forget(init, pid);
	for (unsigned i = 0; i < told_count; i++)
		if (told[i].pid == pid)
			told[i].count = 0;
}

/* The life cycle's steps in any order, as many as there are bytes. */
static void act(struct init *init)
{
	static const struct lifecycle_step steps[] = {
		{ STEP_TERMINATE_CHILDREN, SIGTERM },
		{ STEP_TERMINATE_ALL, SIGTERM },
		{ STEP_SIGNAL_CHILDREN, SIGHUP },
		{ STEP_TERMINATE_CHILDREN, SIGQUIT },
		{ STEP_TERMINATE_ALL, SIGQUIT },
		{ STEP_KILL_ALL, SIGKILL },
	};
	/* The last is not for process 1. */
	unsigned count = sizeof(steps) / sizeof(steps[0]) - (own == 1);

	while (answers.at < answers.end) {
		unsigned what = fuzz_byte(&answers) % (count + 1);

		all_were_told = init->has_told_children;
		if (what < count)
			leftovers_act(init, steps[what]);
		else if (process_count > 0)
			forget(init,
			       processes[fuzz_byte(&answers) % process_count]
				       .pid);
	}
	leftovers_act(init, (struct lifecycle_step){ STEP_REPORT, 0 });
	if (fuzz_written() != NULL)
		fuzz_check_line(fuzz_written(), "foster: ");
	told_end(init);
}

static void read_world(unsigned flags)
{
	own = flags & 1 ? 1 : (int)fuzz_number(&answers, 1) + 1;
	has_memory = (flags & 2) == 0;
	own_status = fuzz_text(&answers, TEXT_MAX);
	children = flags & 4 ? NULL : fuzz_text(&answers, TEXT_MAX);
	names = fuzz_block(&answers, &names_length);
	for (process_count = 0; process_count < (flags >> 4) % PROCESSES_MAX;
	     process_count++) {
		int pid = (int)(fuzz_number(&answers, flags & 8 ? 3 : 1) %
				(PID_MAX_LIMIT - 1)) +
			  1;

		processes[process_count].pid = pid;
		processes[process_count].status = fuzz_text(&answers, TEXT_MAX);
		processes[process_count].stat = fuzz_text(&answers, TEXT_MAX);
		processes[process_count].command = fuzz_block(
			&answers, &processes[process_count].command_length);
	}
	/* A name has 1 to 255 bytes, and a NUL behind it. */
	for (size_t at = 0, length; at < names_length; at += length + 1) {
		length = strnlen(names + at, names_length - at);
		if (length == 0 || length > 255)
			names_length = at;
	}
	if (names_length != 0 && names[names_length - 1] != '\0')
		names_length++;
	has_proc = fuzz_file_number(own_status, "NSpid:\t",
				    PID_MAX_LIMIT - 1) > 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int group_signals[] = { 0, 0, SIGTERM, SIGINT };
	struct init init = { .log = { .level = LOG_NORMAL } };
	struct proc_walk walk;

	answers = (struct fuzz_bytes){ data, data + size };
	fuzz_allow_calls(CALLS_MAX);
	told_count = 0;
	memset(told, 0, sizeof(told));
	memset(pidfds, 0, sizeof(pidfds));
	read_world(fuzz_byte(&answers));
	fuzz_check(proc_is_ours() == has_proc, "whose /proc is it?");
	for (unsigned i = 0; i < process_count; i++)
		check_process(processes[i].pid);
	check_children();
	check_descendants();
	if (names_length != 0) {
		proc_walk(&walk, "/proc");
		check_walk(&walk);
	}
	init.own = own;
	init.program = own == 2 ? 3 : 2;
	init.group_signal = group_signals[fuzz_byte(&answers) % 4];
	act(&init);
	fuzz_check(fuzz_open_files() == 0, "a file stays open");
	for (int i = 0; i < PIDFDS; i++)
		fuzz_check(pidfds[i] == 0, "a pidfd stays open");
	for (int i = 0; i < TABLES; i++)
		fuzz_check(tables[i].at == NULL, "memory is kept");
	fuzz_forget();
	return 0;
}
