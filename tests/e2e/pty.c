/*
 * pty.c - see pty.h.
 */
#define _GNU_SOURCE
#include "pty.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum {
	ROWS = 24,
	COLUMNS = 80,
	TICK_MS = 20,
	LOOK_AGAIN_NS = 1000000,
	ALL_STDIO = 7,
	SHOWN_BYTES = 2000,
	PROCESSES_BYTES = 2500,
	TEXT_BYTES_MAX = 16 << 20,
	/* No file that an init gets may be in the way: above those of e2e.c. */
	FILES_FROM = 700,
};

/* ---- the terminal ---- */

/*
 * In the process that is to exec: the slave becomes its controlling terminal.
 * By its file, for there may be no /dev.
 */
static void own_terminal(void *argument)
{
	const struct pty *pty = argument;

	/* Then the framework says that it ended before it was ready. */
	if (ioctl(pty->slave, TIOCSCTTY, 0) != 0)
		_exit(125);
}

static int above(int fd)
{
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, FILES_FROM);

	if (moved < 0)
		ck_abort_msg("cannot move a file: %s", strerror(errno));
	close(fd);
	return moved;
}

struct pty *pty_open(enum e2e_mode mode)
{
	struct pty *pty = calloc(1, sizeof(*pty));
	struct winsize size = { .ws_row = ROWS, .ws_col = COLUMNS };
	struct termios modes;

	ck_assert_ptr_nonnull(pty);
	pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (pty->master < 0 || unlockpt(pty->master) != 0 ||
	    ptsname_r(pty->master, pty->path, sizeof(pty->path)) != 0)
		e2e_skip("pseudo-terminals");
	pty->master = above(pty->master);
	pty->slave = open(pty->path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (pty->slave < 0)
		ck_abort_msg("cannot open %s: %s", pty->path, strerror(errno));
	pty->slave = above(pty->slave);
	tcgetattr(pty->slave, &modes);
	modes.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL | ECHOCTL);
	modes.c_lflag |= NOFLSH;
	modes.c_oflag &= ~(tcflag_t)OPOST;
	tcsetattr(pty->slave, TCSANOW, &modes);
	ioctl(pty->slave, TIOCSWINSZ, &size);
	pty->setup.mode = mode;
	pty->is_owned = true;
	pty->stdio = ALL_STDIO;
	pty->text.bytes = calloc(1, 1);
	return pty;
}

const struct e2e_setup *pty_setup(struct pty *pty)
{
	int i;

	for (i = 0; i < 3; i++)
		if (pty->setup.stdio[i] == 0 && (pty->stdio & 1U << i) != 0)
			pty->setup.stdio[i] = pty->slave;
	pty->setup.session = E2E_SESSION_LEADER;
	if (pty->is_owned) {
		pty->setup.before_exec = own_terminal;
		pty->setup.argument = pty;
	}
	return &pty->setup;
}

struct e2e *pty_take(struct pty *pty, struct e2e *init)
{
	pty->init = init;
	if (pty->slave >= 0)
		close(pty->slave);
	pty->slave = -1;
	return init;
}

void pty_close(struct pty *pty)
{
	if (pty->master >= 0)
		close(pty->master);
	if (pty->slave >= 0)
		close(pty->slave);
	if (pty->init != NULL)
		e2e_end(pty->init);
	free(pty->text.bytes);
	free(pty);
}

void pty_type(struct pty *pty, const char *text)
{
	size_t length = strlen(text);

	/* Much less than the terminal holds (4,095 bytes) is ever typed. */
	if (write(pty->master, text, length) != (ssize_t)length)
		pty_fail(pty, __FILE__, __LINE__, "cannot type: %s",
			 strerror(errno));
}

void pty_hang_up(struct pty *pty)
{
	close(pty->master);
	pty->master = -1;
}

void pty_resize(struct pty *pty, unsigned short rows, unsigned short columns)
{
	struct winsize size = { .ws_row = rows, .ws_col = columns };

	if (ioctl(pty->master, TIOCSWINSZ, &size) != 0)
		pty_fail(pty, __FILE__, __LINE__, "cannot resize: %s",
			 strerror(errno));
}

pid_t pty_foreground(struct pty *pty)
{
	pid_t group = 0;

	/* For the master it is that of the slave (tty_ioctl(2)). */
	if (ioctl(pty->master, TIOCGPGRP, &group) != 0)
		return 0;
	return group;
}

/* ---- what appears ---- */

static void text_read(struct pty *pty)
{
	struct e2e_text *text = &pty->text;
	ssize_t got;

	while (pty->master >= 0) {
		if (text->length + 4096 + 1 > text->room) {
			text->room = 2 * text->room + 8192;
			text->bytes = realloc(text->bytes, text->room);
			ck_assert_ptr_nonnull(text->bytes);
		}
		got = read(pty->master, text->bytes + text->length,
			   text->room - text->length - 1);
		/* EIO: nobody has the slave open now; somebody may yet. */
		if (got <= 0)
			return;
		/* Some programs print nulls to give a terminal time. */
		for (ssize_t i = 0; i < got; i++)
			if (text->bytes[text->length + (size_t)i] == '\0')
				text->bytes[text->length + (size_t)i] = ' ';
		text->length += (size_t)got;
		text->bytes[text->length] = '\0';
		ck_assert_uint_lt(text->length, TEXT_BYTES_MAX);
	}
}

static void drain(struct pty *pty)
{
	if (pty->init != NULL)
		e2e_drain(pty->init);
	text_read(pty);
}

void pty_look_again(struct pty *pty)
{
	struct timespec pause = { .tv_nsec = LOOK_AGAIN_NS };

	nanosleep(&pause, NULL);
	drain(pty);
}

/* Waits until something appears, but no longer than a tick. */
static void await_news(struct pty *pty)
{
	struct pollfd file = { .fd = pty->master, .events = POLLIN };

	/* While nobody has the slave open, poll(2) does not wait. */
	if (poll(&file, 1, TICK_MS) > 0 && (file.revents & POLLIN) == 0)
		pty_look_again(pty);
	else
		drain(pty);
}

bool pty_see_either_at(const char *file, int line, struct pty *pty,
		       const char *text, const char *other)
{
	long long deadline_ms = e2e_deadline_ms();

	for (;;) {
		const char *from = pty->text.bytes + pty->mark;
		const char *found = strstr(from, text);
		const char *found_other = strstr(from, other);

		if (found != NULL &&
		    (found_other == NULL || found <= found_other)) {
			pty->mark += (size_t)(found - from) + strlen(text);
			return true;
		}
		if (found_other != NULL) {
			pty->mark += (size_t)(found_other - from) +
				strlen(other);
			return false;
		}
		if (e2e_now_ms() > deadline_ms)
			pty_fail(pty, file, line, "never appears: %s%s%s",
				 text, text != other ? ", or " : "",
				 text != other ? other : "");
		await_news(pty);
	}
}

void pty_see_at(const char *file, int line, struct pty *pty, const char *text)
{
	pty_see_either_at(file, line, pty, text, text);
}

long long pty_number_at(const char *file, int line, struct pty *pty,
			const char *text)
{
	size_t from;

	pty_see_at(file, line, pty, text);
	from = pty->mark;
	pty_see_at(file, line, pty, "\n");
	return strtoll(pty->text.bytes + from, NULL, 10);
}

size_t pty_count(struct pty *pty, const char *text)
{
	const char *at;
	size_t count = 0;

	drain(pty);
	for (at = pty->text.bytes; (at = strstr(at, text)) != NULL;
	     at += strlen(text))
		count++;
	return count;
}

bool pty_shows(struct pty *pty, const char *text)
{
	drain(pty);
	return strstr(pty->text.bytes + pty->mark, text) != NULL;
}

int pty_exit(struct pty *pty)
{
	pty_until(pty, e2e_is_over(pty->init));
	return e2e_exit(pty->init);
}

/* ---- processes ---- */

/* What stands behind the name in /proc/PID/stat; to be freed, or NULL. */
static char *stat_of(pid_t pid, char *name, size_t room)
{
	char path[64], *text, *open_bracket, *after;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	text = e2e_read(path, NULL);
	/* The name may hold anything: the last bracket ends it. */
	if (text == NULL || (after = strrchr(text, ')')) == NULL ||
	    (open_bracket = strchr(text, '(')) == NULL) {
		free(text);
		return NULL;
	}
	*after = '\0';
	snprintf(name, room, "%s", open_bracket + 1);
	memmove(text, after + 2, strlen(after + 2) + 1);
	return text;
}

pid_t pty_group(pid_t pid)
{
	char name[64], *text = stat_of(pid, name, sizeof(name));
	int group = 0;

	if (text != NULL)
		sscanf(text, "%*c %*d %d", &group);
	free(text);
	return group;
}

/* The numbers of its children, with blanks between them; or NULL. */
static char *children_of(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid,
		 (int)pid);
	return e2e_read(path, NULL);
}

size_t pty_children_that_run(pid_t pid, const char *file)
{
	char *text = children_of(pid), *at = text, *end, *executable;
	size_t count = 0;
	long child;

	while (at != NULL && (child = strtol(at, &end, 10)) > 0) {
		executable = e2e_link((pid_t)child, "exe");
		if (executable != NULL && strcmp(executable, file) == 0)
			count++;
		free(executable);
		at = end;
	}
	free(text);
	return count;
}

static pid_t oldest_child(pid_t pid)
{
	char *text = children_of(pid);
	pid_t child = 0;

	if (text != NULL)
		child = atoi(text);
	free(text);
	return child;
}

pid_t pty_child(struct pty *pty, pid_t pid)
{
	pid_t child;

	pty_until(pty, (child = oldest_child(pid)) != 0);
	return child;
}

void pty_wait_idle(struct pty *pty, pid_t pid)
{
	struct e2e other = { .pid = pid };

	pty_until(pty, e2e_is_idle(&other));
}

/* All processes of the tests' namespace, for whoever has to find out why. */
static void describe_processes(char *text, size_t room)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	size_t used = 0;

	text[0] = '\0';
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		char name[64], *fields, state;
		int parent, group, session, foreground;
		pid_t pid = atoi(entry->d_name);

		if (pid <= 0 || used + 1 >= room)
			continue;
		fields = stat_of(pid, name, sizeof(name));
		if (fields != NULL &&
		    sscanf(fields, "%c %d %d %d %*d %d", &state, &parent,
			   &group, &session, &foreground) == 5)
			used += (size_t)snprintf(
				text + used, room - used, "%d %s: state %c, "
				"parent %d, group %d, session %d, "
				"foreground %d\n", (int)pid, name, state,
				parent, group, session, foreground);
		free(fields);
	}
	if (folder != NULL)
		closedir(folder);
}

void pty_fail(struct pty *pty, const char *file, int line,
	      const char *format, ...)
{
	char message[1024], processes[PROCESSES_BYTES];
	size_t from;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	describe_processes(processes, sizeof(processes));
	drain(pty);
	from = pty->text.length > SHOWN_BYTES ?
		pty->text.length - SHOWN_BYTES : 0;
	e2e_fail(pty->init, file, line, "%s\n--- processes:\n%s--- foreground "
		 "group %d\n--- terminal (%zu bytes, seen %zu):\n%s%s", message,
		 processes, (int)pty_foreground(pty), pty->text.length,
		 pty->mark, from > 0 ? "[...]" : "", pty->text.bytes + from);
}
