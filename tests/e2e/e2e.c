/*
 * e2e.c - see e2e.h: signals, the end of an init, and small things. How one is
 * started: start.c. What it says: output.c. How the suite is run: contain.c.
 */
#define _GNU_SOURCE
#include "framework.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	DEFAULT_WAIT_MS = 20000,
	LOOK_AGAIN_NS = 1000000,
};

const char *const e2e_environment[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	NULL
};

struct e2e *e2e_started;
const char *e2e_step = "";

/* Small things. */

void e2e_give_up(const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	ck_abort_msg("%s", text);
	abort();
}

void *e2e_grow(void *old, size_t bytes)
{
	void *new = realloc(old, bytes);

	if (new == NULL)
		e2e_give_up("no memory for %zu bytes", bytes);
	return new;
}

char *e2e_print(const char *format, ...)
{
	char *text;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		e2e_give_up("no memory");
	va_end(arguments);
	return text;
}

void e2e_write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t done = write(fd, bytes, length);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return;
		bytes += done;
		length -= (size_t)done;
	}
}

int e2e_write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text)) {
		close(fd);
		return -1;
	}
	return close(fd);
}

int e2e_copy_file(int from, const char *path)
{
	char bytes[65536];
	ssize_t got;
	int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);

	if (to < 0)
		return -1;
	while ((got = read(from, bytes, sizeof(bytes))) > 0)
		e2e_write_all(to, bytes, (size_t)got);
	if (fchmod(to, 0755) != 0)
		got = -1;
	return close(to) != 0 || got < 0 ? -1 : 0;
}

long long e2e_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

long long e2e_wait_ms(void)
{
	const char *text = getenv("E2E_WAIT_MS");

	return text != NULL && *text != '\0' ? atoll(text) : DEFAULT_WAIT_MS;
}

long long e2e_deadline_ms(void)
{
	return e2e_now_ms() + e2e_wait_ms();
}

int e2e_pidfd_of(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

const char *e2e_path(const char *folder, const char *name)
{
	return e2e_print("%s/%s", folder, name);
}

const char *e2e_binary(void)
{
	static char *path;
	const char *name = getenv("FOSTER");

	if (path == NULL)
		path = realpath(name != NULL ? name : "build/foster", NULL);
	if (path == NULL)
		e2e_give_up("no init to test: %s: %s (FOSTER names it)",
			name != NULL ? name : "build/foster", strerror(errno));
	return path;
}

const char *e2e_actor(const char *name)
{
	const char *folder = getenv("ACTORS");
	char *path = e2e_print("%s/%s", folder != NULL ? folder :
			       "build/actors", name);
	char *absolute = realpath(path, NULL);

	if (absolute == NULL)
		e2e_give_up("no actor %s: %s", path, strerror(errno));
	free(path);
	return absolute;
}

/* Signals and the end. */

void e2e_kill(struct e2e *init, int number)
{
	if (init->has_exited || kill(init->pid, number) != 0)
		e2e_fail(init, __FILE__, __LINE__, "cannot send signal %d: %s",
			 number, init->has_exited ? "it has ended" :
			 strerror(errno));
}

int e2e_queue(struct e2e *init, int number, int value)
{
	/*
	 * By the raw call: sigqueue(3) refuses 32 and 33, which glibc keeps
	 * for itself.
	 */
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = number;
	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value.sival_int = value;
	if (init->has_exited)
		e2e_fail(init, __FILE__, __LINE__, "it has ended");
	if (syscall(SYS_rt_sigqueueinfo, init->pid, number, &info) == 0)
		return 0;
	if (errno != EAGAIN)
		e2e_fail(init, __FILE__, __LINE__, "cannot queue signal %d: %s",
			 number, strerror(errno));
	return EAGAIN;
}

const char *e2e_got(int signal)
{
	static char prefix[32];

	snprintf(prefix, sizeof(prefix), "got %d ", signal);
	return prefix;
}

void e2e_exchange(struct e2e *init, int sent, int expected)
{
	size_t before = e2e_count(init, e2e_got(expected));

	e2e_kill(init, sent);
	e2e_line_nth(init, e2e_got(expected), before + 1);
}

bool e2e_is_forwarded(int signal)
{
	return signal != SIGKILL && signal != SIGSTOP && signal != SIGCHLD;
}

bool e2e_is_over(struct e2e *init)
{
	e2e_drain(init);
	return init->has_exited;
}

int e2e_exit_within(struct e2e *init, long long bound_ms)
{
	long long deadline_ms = e2e_now_ms() + bound_ms;

	e2e_drain(init);
	while (!init->has_exited) {
		if (e2e_now_ms() > deadline_ms)
			e2e_fail(init, __FILE__, __LINE__,
				 "it does not end within %lld ms", bound_ms);
		e2e_await_news(init);
	}
	return WIFEXITED(init->wait_status) ? WEXITSTATUS(init->wait_status) :
		-WTERMSIG(init->wait_status);
}

int e2e_exit(struct e2e *init)
{
	return e2e_exit_within(init, e2e_wait_ms());
}

/* Calls a function for each child that /proc lists; false if it cannot. */
bool e2e_each_child(pid_t pid, void (*function)(pid_t child, void *argument),
		       void *argument)
{
	char *path = e2e_print("/proc/%d/task/%d/children", (int)pid, (int)pid);
	char *text = e2e_read(path, NULL), *at = text, *end;
	long child;

	free(path);
	if (text == NULL)
		return false;
	while ((child = strtol(at, &end, 10)) > 0 && end != at) {
		function((pid_t)child, argument);
		at = end;
	}
	free(text);
	return true;
}

void e2e_kill_child(pid_t child, void *argument)
{
	const pid_t *spared = argument;

	if (spared == NULL || child != *spared)
		kill(child, SIGKILL);
}

static void count_child(pid_t child, void *argument)
{
	(void)child;
	++*(size_t *)argument;
}

size_t e2e_children(pid_t pid)
{
	size_t count = 0;

	e2e_each_child(pid, count_child, &count);
	return count;
}

static void count_survivor(pid_t child, void *argument)
{
	const struct e2e *init;
	char state = e2e_state(child);

	for (init = e2e_started; init != NULL; init = init->next)
		if (init->pid == child && !init->has_exited)
			return;
	if (state != 0 && state != 'Z' && state != 'X')
		++*(size_t *)argument;
}

size_t e2e_survivors(void)
{
	size_t count = 0;

	e2e_each_child(getpid(), count_survivor, &count);
	return count;
}

static void release(struct e2e *init)
{
	struct e2e **link;

	for (link = &e2e_started; *link != NULL; link = &(*link)->next) {
		if (*link == init) {
			*link = init->next;
			break;
		}
	}
	if (init->out.fd >= 0)
		close(init->out.fd);
	if (init->err.fd >= 0)
		close(init->err.fd);
	if (init->gate >= 0)
		close(init->gate);
	if (init->report >= 0)
		close(init->report);
	if (init->pidfd >= 0)
		close(init->pidfd);
	free(init->out.bytes);
	free(init->err.bytes);
	free(init->root);
	free(init);
}

/* Kills and reaps all children, those that come meanwhile too. */
static void bury_children(void)
{
	long long deadline_ms = e2e_deadline_ms();
	struct timespec pause = { .tv_nsec = LOOK_AGAIN_NS };

	for (;;) {
		pid_t got = waitpid(-1, NULL, WNOHANG);

		if (got > 0 || (got < 0 && errno == EINTR))
			continue;
		if (got < 0)
			return;
		if (e2e_now_ms() > deadline_ms)
			e2e_give_up("children that cannot be killed");
		e2e_each_child(getpid(), e2e_kill_child, NULL);
		nanosleep(&pause, NULL);
	}
}

void e2e_end(struct e2e *init)
{
	if (!init->has_exited) {
		kill(init->pid, SIGKILL);
		e2e_exit(init);
	}
	if (init->mode == E2E_SUBREAPER && init->next == NULL &&
	    e2e_started == init)
		bury_children();
	release(init);
}

void e2e_begin_test(void)
{
	/* So that what a dead subreaper leaves behind can be ended here. */
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

void e2e_end_test(void)
{
	struct e2e *init;

	for (init = e2e_started; init != NULL; init = init->next)
		if (!init->has_exited)
			kill(init->pid, SIGKILL);
	bury_children();
	while (e2e_started != NULL)
		release(e2e_started);
	e2e_remove_folder();
}
