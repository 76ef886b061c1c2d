/*
 * fuzz_proc.c - what /proc tells (proc.h), and what is done to leftovers with
 * it (leftovers.h), whatever it says. The bytes are foster's pid, the files,
 * and what is asked.
 */
#define _GNU_SOURCE
#include "fuzz.h"
#include "leftovers.h"
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
};

static struct {
	int pid;
	const char *status;
	char *command;
	size_t command_length;
} processes[PROCESSES_MAX];

static unsigned process_count, calls;
static const char *own_status, *children;
static char *names; /* of /proc, each with a NUL behind it */
static size_t names_length;
static struct fuzz_bytes answers;
static int own;
static bool has_memory, has_proc, all_were_told;
static void *memory;
static size_t memory_size;
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
				     PID_LIMIT - 1);
}

static bool descends(int pid)
{
	for (int i = 0; i <= 64; i++, pid = parent_of(pid)) {
		if (pid == own)
			return true;
		if (pid <= 0)
			return false;
	}
	return false;
}

/* ---- the door ---- */

static long open_file(const char *path)
{
	const char *text = NULL;
	int pid, length = 0;

	if (strcmp(path, "/proc") == 0)
		return names_length != 0 ? fuzz_open(names, names_length, true)
					 : -E_NOENT;
	if (strcmp(path, "/proc/self/status") == 0)
		text = own_status;
	else if (strcmp(path, "/proc/thread-self/children") == 0)
		text = children;
	else if (sscanf(path, "/proc/%d/status%n", &pid, &length) == 1 &&
		 length > 0 && path[length] == '\0')
		text = status_of(pid);
	else if (sscanf(path, "/proc/%d/cmdline%n", &pid, &length) == 1 &&
		 length > 0 && path[length] == '\0')
		for (unsigned i = 0; i < process_count; i++) {
			if (processes[i].pid == pid)
				return fuzz_open(processes[i].command,
						 processes[i].command_length,
						 false);
		}
	else
		fuzz_fail(__FILE__, __LINE__, "%s is opened", path);
	return text != NULL ? fuzz_open(text, strlen(text), false) : -E_NOENT;
}

static void tell(int pid, int signal)
{
	unsigned i;

	fuzz_check(pid > 0 && pid < PID_LIMIT && pid != own, "signal %d to %d",
		   signal, pid);
	if (signal != SIGNAL_TERM)
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
		return -E_SRCH;
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

static long close_any(long fd)
{
	if (fd < 0)
		return -9; /* what could not be opened: EBADF */
	if (fd < PIDFD)
		return fuzz_close(fd);
	fuzz_check(pidfds[fd - PIDFD] != 0, "pidfd %ld is not open", fd);
	pidfds[fd - PIDFD] = 0;
	return 0;
}

static long map(size_t size)
{
	fuzz_check(memory == NULL, "memory once more");
	if (!has_memory)
		return -E_NOMEM;
	/* What stands behind it cannot be touched. */
	memory_size = size + 4096;
	memory = mmap(NULL, memory_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		      -1, 0);
	mprotect(memory, size, PROT_READ | PROT_WRITE);
	return (long)memory;
}

long sys_call(long number, long a, long b, long c, long d, long e)
{
	(void)e;
	fuzz_check(++calls <= CALLS_MAX, "%u calls", calls);
	switch (number) {
	case SYS_OPENAT:
		return open_file((const char *)b);
	case SYS_READ:
	case SYS_GETDENTS64:
		return a < 0 ? -9 : fuzz_read(a, (char *)b, (size_t)c);
	case SYS_PREAD64:
		return a < 0 ? -9 : fuzz_read_at(a, (char *)b, (size_t)c, d);
	case SYS_CLOSE:
		return close_any(a);
	case SYS_KILL:
		return send((int)a, (int)b);
	case SYS_PIDFD_OPEN:
		return open_pidfd((int)a);
	case SYS_PIDFD_SEND_SIGNAL:
		return send_by_pidfd(a, (int)b);
	case SYS_GETPGID:
		return fuzz_byte(&answers);
	case SYS_MMAP:
		return map((size_t)b);
	case SYS_PPOLL:
		return 1;
	case SYS_WRITE:
		return fuzz_write(a, (const char *)b, (size_t)c);
	default:
		fuzz_fail(__FILE__, __LINE__, "system call %ld", number);
	}
}

/* ---- what is asked ---- */

static void check_walk(struct proc_walk *walk)
{
	int pid;

	while ((pid = proc_next(walk)) != 0)
		fuzz_check(pid > 0 && pid < PID_LIMIT, "process %d", pid);
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
		if (wanted == 0 || wanted >= PID_LIMIT || *end != ' ' ||
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
	char *command = fuzz_room(32);
	int parent = proc_parent(pid), wanted = parent_of(pid);

	fuzz_check(wanted > 0 ? parent == wanted : parent <= 0,
		   "parent %d of %d and not %d", parent, pid, wanted);
	fuzz_check(!proc_descends(pid, own) || descends(pid),
		   "%d does not descend", pid);
	memset(command, 'x', 32);
	proc_command(pid, command, 32);
	fuzz_check(memchr(command, '\0', 32) != NULL, "no NUL");
}

static void forget(struct leftovers *leftovers, int pid)
{
	leftovers_forget(leftovers, pid);
	for (unsigned i = 0; i < told_count; i++)
		if (told[i].pid == pid)
			told[i].count = 0;
}

/* The keeper's steps in any order, as many as there are bytes; a report last.
 */
static void act(struct leftovers *leftovers)
{
	while (answers.at < answers.end) {
		unsigned what = fuzz_byte(&answers) % 4;

		all_were_told = leftovers->has_told;
		if (what == 0)
			leftovers_act(leftovers, KEEPER_TELL_CHILDREN,
				      SIGNAL_TERM);
		else if (what == 1)
			leftovers_act(leftovers, KEEPER_TELL_ALL, SIGNAL_TERM);
		else if (what == 2)
			leftovers_act(leftovers, KEEPER_SIGNAL_CHILDREN,
				      SIGNAL_HUP);
		else if (process_count > 0)
			forget(leftovers,
			       processes[fuzz_byte(&answers) % process_count]
				       .pid);
	}
	leftovers_act(leftovers, KEEPER_REPORT, 0);
	if (fuzz_written() != NULL)
		fuzz_check_line(fuzz_written(), "foster: ");
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
				(PID_LIMIT - 1)) +
			  1;

		processes[process_count].pid = pid;
		processes[process_count].status = fuzz_text(&answers, TEXT_MAX);
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
				    PID_LIMIT - 1) > 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct log log = { .level = LOG_NORMAL };
	struct leftovers leftovers = { .log = &log };
	struct proc_walk walk;

	answers = (struct fuzz_bytes){ data, data + size };
	calls = told_count = 0;
	memset(told, 0, sizeof(told));
	memset(pidfds, 0, sizeof(pidfds));
	read_world(fuzz_byte(&answers));
	fuzz_check(proc_is_ours() == has_proc, "whose /proc is it?");
	for (unsigned i = 0; i < process_count; i++)
		check_process(processes[i].pid);
	check_children();
	if (names_length != 0) {
		proc_walk(&walk, "/proc");
		check_walk(&walk);
	}
	leftovers.own = own;
	leftovers.program = own == 2 ? 3 : 2;
	leftovers.spare_group = fuzz_byte(&answers) % 4 == 3;
	act(&leftovers);
	fuzz_check(fuzz_open_files() == 0, "a file stays open");
	for (int i = 0; i < PIDFDS; i++)
		fuzz_check(pidfds[i] == 0, "a pidfd stays open");
	if (memory != NULL)
		munmap(memory, memory_size);
	memory = NULL;
	fuzz_forget();
	return 0;
}
