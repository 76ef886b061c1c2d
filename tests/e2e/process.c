/*
 * process.c - looks at processes in /proc, and at files.
 */
#define _GNU_SOURCE
#include "framework.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char test_folder[PATH_MAX];

/* Processes. */

char *e2e_read(const char *path, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t used = 0, room = 4096;
	char *bytes;
	ssize_t got;

	if (fd < 0)
		return NULL;
	bytes = e2e_grow(NULL, room);
	while ((got = read(fd, bytes + used, room - used - 1)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			close(fd);
			free(bytes);
			return NULL;
		}
		used += (size_t)got;
		if (room - used < 2)
			bytes = e2e_grow(bytes, room *= 2);
	}
	close(fd);
	bytes[used] = '\0';
	if (length != NULL)
		*length = used;
	return bytes;
}

static char *read_proc(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return e2e_read(path, NULL);
}

char e2e_state(pid_t pid)
{
	char *text = read_proc(pid, "stat"), *after, state = 0;

	/* The name in parentheses may hold anything: look for the last one. */
	if (text != NULL && (after = strrchr(text, ')')) != NULL &&
	    after[1] == ' ')
		state = after[2];
	free(text);
	return state;
}

void e2e_wait_state(struct e2e *init, pid_t pid, const char *letters)
{
	long long deadline_ms = e2e_deadline_ms();
	char state;

	while ((state = e2e_state(pid)) == 0 ||
	       strchr(letters, state) == NULL) {
		if (e2e_now_ms() > deadline_ms)
			e2e_fail(init, __FILE__, __LINE__, "state of process "
				 "%d is %c and never one of %s", (int)pid,
				 state != 0 ? state : '-', letters);
		e2e_look_again(init);
	}
}

void e2e_wait_gone(struct e2e *init, pid_t pid)
{
	long long deadline_ms = e2e_deadline_ms();

	while (e2e_state(pid) != 0) {
		if (e2e_now_ms() > deadline_ms)
			e2e_fail(init, __FILE__, __LINE__,
				 "process %d is still there, state %c",
				 (int)pid, e2e_state(pid));
		e2e_look_again(init);
	}
}

bool e2e_is_idle(const struct e2e *init)
{
	char call[32], *text = read_proc(init->pid, "syscall");
	int length = snprintf(call, sizeof(call), "%d ", SYS_rt_sigtimedwait);
	bool is_idle;

	/* A kernel may keep the file back; then sleep must do. */
	if (text == NULL)
		return errno != ESRCH && e2e_state(init->pid) == 'S';
	is_idle = strncmp(text, call, (size_t)length) == 0;
	free(text);
	return is_idle;
}

void e2e_wait_idle(struct e2e *init)
{
	long long deadline_ms = e2e_deadline_ms();

	while (!e2e_is_idle(init)) {
		if (init->has_exited || e2e_now_ms() > deadline_ms)
			e2e_fail(init, __FILE__, __LINE__,
				 "it never waits for a signal");
		e2e_look_again(init);
	}
}

bool e2e_has_deadline(struct e2e *init)
{
	unsigned long set, info, limit = 0;
	char path[64], *text;
	int call = -1;

	snprintf(path, sizeof(path), "/proc/%d/syscall", (int)init->pid);
	e2e_wait_idle(init);
	text = e2e_read(path, NULL);
	if (text == NULL)
		e2e_skip("/proc/PID/syscall");
	if (sscanf(text, "%d %lx %lx %lx", &call, &set, &info, &limit) != 4 ||
	    call != SYS_rt_sigtimedwait)
		e2e_fail(init, __FILE__, __LINE__, "not idle: %s", text);
	free(text);
	return limit != 0;
}

char *e2e_status_field(pid_t pid, const char *field)
{
	char *text = read_proc(pid, "status"), *line = text, *value = NULL;
	size_t length = strlen(field);

	while (line != NULL && *line != '\0') {
		if (strncmp(line, field, length) == 0 && line[length] == ':') {
			line += length + 1;
			line += strspn(line, " \t");
			value = strndup(line, strcspn(line, "\n"));
			break;
		}
		line = strchr(line, '\n');
		if (line != NULL)
			line++;
	}
	free(text);
	return value;
}

unsigned long long e2e_status_number(struct e2e *init, pid_t pid,
				     const char *field, int base)
{
	char *text = e2e_status_field(pid, field);
	unsigned long long number;

	if (text == NULL)
		e2e_fail(init, __FILE__, __LINE__, "process %d has no %s",
			 (int)pid, field);
	number = strtoull(text, NULL, base);
	free(text);
	return number;
}

bool e2e_is_init(const struct e2e *init)
{
	char *executable = e2e_link(init->pid, "exe");
	bool is_init = executable != NULL &&
		strcmp(executable, e2e_binary()) == 0;

	free(executable);
	return is_init;
}

char *e2e_link(pid_t pid, const char *name)
{
	char path[64], target[PATH_MAX];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	length = readlink(path, target, sizeof(target) - 1);
	return length < 0 ? NULL : strndup(target, (size_t)length);
}

uint64_t e2e_open_files(struct e2e *init, pid_t pid)
{
	char path[64];
	struct dirent *entry;
	uint64_t open_files = 0;
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	folder = opendir(path);
	if (folder == NULL)
		e2e_fail(init, __FILE__, __LINE__, "cannot read %s: %s", path,
			 strerror(errno));
	while ((entry = readdir(folder)) != NULL) {
		char *end;
		long fd = strtol(entry->d_name, &end, 10);

		if (end != entry->d_name)
			open_files |= UINT64_C(1) << (fd < 63 ? fd : 63);
	}
	closedir(folder);
	return open_files;
}

pid_t e2e_pid(struct e2e *init, pid_t inner)
{
	char *space = e2e_link(init->pid, "ns/pid");
	struct dirent *entry;
	pid_t found = 0;
	DIR *folder;

	if (init->mode == E2E_SUBREAPER) {
		free(space);
		return inner;
	}
	folder = opendir("/proc");
	if (folder == NULL || space == NULL)
		e2e_fail(init, __FILE__, __LINE__, "it is gone");
	while (found == 0 && (entry = readdir(folder)) != NULL) {
		pid_t pid = atoi(entry->d_name);
		char *numbers, *its_space;

		if (pid <= 0)
			continue;
		numbers = e2e_status_field(pid, "NSpid");
		its_space = e2e_link(pid, "ns/pid");
		if (numbers != NULL && its_space != NULL &&
		    strcmp(space, its_space) == 0 &&
		    strrchr(numbers, '\t') != NULL &&
		    atoi(strrchr(numbers, '\t')) == inner)
			found = pid;
		free(numbers);
		free(its_space);
	}
	closedir(folder);
	free(space);
	if (found == 0)
		e2e_fail(init, __FILE__, __LINE__, "there is no process %d in "
			 "its namespace", (int)inner);
	return found;
}

/* Files. */

const char *e2e_folder(void)
{
	if (test_folder[0] != '\0')
		return test_folder;
	if (snprintf(test_folder, sizeof(test_folder), "%s/test.XXXXXX",
		     e2e_scratch) >= (int)sizeof(test_folder) ||
	    mkdtemp(test_folder) == NULL)
		e2e_give_up("no folder %s: %s", test_folder, strerror(errno));
	if (chmod(test_folder, 0755) != 0)
		e2e_give_up("chmod %s: %s", test_folder, strerror(errno));
	return test_folder;
}

const char *e2e_write(const char *folder, const char *name, mode_t mode,
		      const void *bytes, size_t length)
{
	const char *path = e2e_path(folder, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		e2e_give_up("cannot write %s: %s", path, strerror(errno));
	e2e_write_all(fd, bytes, length);
	if (fchmod(fd, mode) != 0 || close(fd) != 0)
		e2e_give_up("cannot write %s: %s", path, strerror(errno));
	return path;
}

const char *e2e_write_text(const char *folder, const char *name, mode_t mode,
			   const char *text)
{
	return e2e_write(folder, name, mode, text, strlen(text));
}

static int remove_entry(const char *path, const struct stat *status, int kind,
			struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	remove(path);
	return 0;
}

void e2e_remove_tree(const char *path)
{
	nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}


void e2e_remove_folder(void)
{
	if (test_folder[0] != '\0')
		e2e_remove_tree(test_folder);
}
