/*
 * output.c - what an init and its programs say, and failing with it.
 */
#define _GNU_SOURCE
#include "framework.h"

#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	LOOK_AGAIN_NS = 1000000,
	TICK_MS = 20,
	SHOWN_BYTES = 3000,
	OUTPUT_BYTES_MAX = 64 << 20,
};

/* True if something was read; false if it would block or has ended. */
static bool text_read(struct e2e_text *text)
{
	ssize_t got;

	if (text->fd < 0)
		return false;
	if (text->length + 4096 + 1 > text->room) {
		text->room = 2 * text->room + 8192;
		text->bytes = e2e_grow(text->bytes, text->room);
	}
	got = read(text->fd, text->bytes + text->length,
		   text->room - text->length - 1);
	if (got < 0 && errno == EINTR)
		return true;
	if (got < 0 && errno == EAGAIN)
		return false;
	if (got <= 0) {
		close(text->fd);
		text->fd = -1;
		return false;
	}
	text->length += (size_t)got;
	text->bytes[text->length] = '\0';
	if (text->length > OUTPUT_BYTES_MAX)
		e2e_give_up("more than %d bytes of output", OUTPUT_BYTES_MAX);
	return true;
}

void e2e_text_open(struct e2e_text *text, int fd)
{
	text->fd = fd;
	text->room = 8192;
	text->bytes = e2e_grow(NULL, text->room);
	text->bytes[0] = '\0';
	if (fd >= 0)
		fcntl(fd, F_SETFL, O_NONBLOCK);
}

static void take_exit(struct e2e *init)
{
	pid_t got;

	if (init->has_exited)
		return;
	do
		got = waitpid(init->pid, &init->wait_status, WNOHANG);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		e2e_give_up("cannot wait for the init: %s", strerror(errno));
	init->has_exited = got == init->pid;
}

void e2e_drain(struct e2e *init)
{
	/* Exit first: what was written before it is in the pipes by then. */
	take_exit(init);
	while (text_read(&init->out))
		;
	while (text_read(&init->err))
		;
}

void e2e_await_news(struct e2e *init)
{
	struct pollfd files[3] = {
		{ .fd = init->out.fd, .events = POLLIN },
		{ .fd = init->err.fd, .events = POLLIN },
		{ .fd = init->has_exited ? -1 : init->pidfd, .events = POLLIN },
	};

	poll(files, 3, TICK_MS);
	e2e_drain(init);
}

void e2e_look_again(struct e2e *init)
{
	struct timespec pause = { .tv_nsec = LOOK_AGAIN_NS };

	nanosleep(&pause, NULL);
	if (init != NULL)
		e2e_drain(init);
}

static void append_tail(char *message, size_t room, const char *title,
			const struct e2e_text *text)
{
	size_t used = strlen(message);
	size_t from = text->length > SHOWN_BYTES ?
		text->length - SHOWN_BYTES : 0;

	snprintf(message + used, room - used, "\n--- %s (%zu bytes):\n%s%s",
		 title, text->length, from > 0 ? "[...]" : "",
		 text->bytes + from);
}

void e2e_fail(struct e2e *init, const char *file, int line,
	      const char *format, ...)
{
	char message[2 * SHOWN_BYTES + 1024];
	va_list arguments;
	int used;

	used = snprintf(message, sizeof(message), "%s:%d: %s%s", file, line,
			e2e_step, *e2e_step != '\0' ? ": " : "");
	va_start(arguments, format);
	vsnprintf(message + used, sizeof(message) - (size_t)used, format,
		  arguments);
	va_end(arguments);
	if (init != NULL) {
		e2e_drain(init);
		used = (int)strlen(message);
		if (init->has_exited)
			snprintf(message + used, sizeof(message) - (size_t)used,
				 "\n--- ended with wait status 0x%04x",
				 (unsigned int)init->wait_status);
		else
			snprintf(message + used, sizeof(message) - (size_t)used,
				 "\n--- still there as process %d, state %c",
				 (int)init->pid, e2e_state(init->pid));
		append_tail(message, sizeof(message), "output", &init->out);
		append_tail(message, sizeof(message), "errors", &init->err);
	}
	ck_abort_msg("%s", message);
	abort();
}

/* The nth complete line with this prefix, or NULL; counts those there are. */
static char *find_line(const struct e2e_text *text, const char *prefix,
		       size_t nth, size_t *count)
{
	size_t prefix_length = strlen(prefix), seen = 0;
	char *line = text->bytes, *end;

	while ((end = strchr(line, '\n')) != NULL) {
		if (strncmp(line, prefix, prefix_length) == 0 &&
		    ++seen == nth)
			return line + prefix_length;
		line = end + 1;
	}
	if (count != NULL)
		*count = seen;
	return NULL;
}

const char *e2e_line_nth(struct e2e *init, const char *prefix, size_t nth)
{
	long long deadline_ms = e2e_deadline_ms();
	char *line, *copy;
	size_t length;

	e2e_drain(init);
	while ((line = find_line(&init->out, prefix, nth, NULL)) == NULL) {
		if (init->out.fd < 0)
			e2e_fail(init, __FILE__, __LINE__,
				 "output ended before line %zu \"%s\"",
				 nth, prefix);
		if (e2e_now_ms() > deadline_ms)
			e2e_fail(init, __FILE__, __LINE__,
				 "line %zu \"%s\" did not come", nth, prefix);
		length = init->out.length;
		e2e_await_news(init);
		/* Whoever goes on saying something is only slow. */
		if (init->out.length != length)
			deadline_ms = e2e_deadline_ms();
	}
	copy = strndup(line, strcspn(line, "\n"));
	if (copy == NULL)
		e2e_give_up("no memory");
	return copy;
}

const char *e2e_line(struct e2e *init, const char *prefix)
{
	return e2e_line_nth(init, prefix, 1);
}

long long e2e_number(struct e2e *init, const char *prefix)
{
	const char *text = e2e_line(init, prefix);
	char *end;
	long long number;

	text += strspn(text, " ");
	number = strtoll(text, &end, strncmp(text, "0x", 2) == 0 ? 16 : 10);
	if (end == text)
		e2e_fail(init, __FILE__, __LINE__, "no number after \"%s\": %s",
			 prefix, text);
	return number;
}

size_t e2e_count(struct e2e *init, const char *prefix)
{
	size_t count = 0;

	e2e_drain(init);
	find_line(&init->out, prefix, 0, &count);
	return count;
}

void e2e_check_lines(struct e2e *init, const char *prefix,
		     const char *const *expected)
{
	size_t i;

	for (i = 0; expected[i] != NULL; i++)
		if (i >= e2e_count(init, prefix) ||
		    strcmp(e2e_line_nth(init, prefix, i + 1), expected[i]) != 0)
			e2e_fail(init, __FILE__, __LINE__, "%s%zu is not %s",
				 prefix, i + 1, expected[i]);
	if (e2e_count(init, prefix) != i)
		e2e_fail(init, __FILE__, __LINE__, "%zu times \"%s\", not %zu",
			 e2e_count(init, prefix), prefix, i);
}

static bool holds(const char *line, size_t length, const char *text)
{
	return memmem(line, length, text, strlen(text)) != NULL;
}

size_t e2e_said(struct e2e *init, const char *text)
{
	/* Of a sanitizer's runtime, where there is no /proc: not the init's. */
	static const char runtime[] = "WARNING: reading executable name failed";
	size_t count = 0, length;
	const char *line;

	e2e_drain(init);
	for (line = init->err.bytes; *line != '\0'; line += length) {
		length = strcspn(line, "\n");
		if (holds(line, length, text) && !holds(line, length, runtime))
			count++;
		if (line[length] == '\n')
			length++;
	}
	return count;
}

void e2e_says(struct e2e *init, const char *text)
{
	long long deadline_ms = e2e_deadline_ms();

	e2e_drain(init);
	while (strstr(init->err.bytes, text) == NULL) {
		if (init->err.fd < 0 || e2e_now_ms() > deadline_ms)
			e2e_fail(init, __FILE__, __LINE__,
				 "it did not say \"%s\"", text);
		e2e_await_news(init);
	}
}

void e2e_wait_end_of_output(struct e2e *init)
{
	long long deadline_ms = e2e_deadline_ms();

	while (init->out.fd >= 0 || init->err.fd >= 0) {
		if (e2e_now_ms() > deadline_ms)
			e2e_fail(init, __FILE__, __LINE__,
				 "somebody still holds the output open");
		e2e_await_news(init);
	}
}
