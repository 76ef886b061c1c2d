/*
 * e2e.c - see e2e.h.
 *
 * The processes of a run are: the caller of e2e_contain(); the keeper, which is
 * process 1 of the namespace of the tests; the runner of Check; a process for
 * each test, which is a subreaper; and the inits under test.
 */
#define _GNU_SOURCE
#include "e2e.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <elf.h>

enum {
	DEFAULT_WAIT_MS = 20000,
	TEST_BOUND_S = 300,
	LOOK_AGAIN_NS = 1000000,
	SWEEP_NS = 50000000,
	TICK_MS = 20,
	SHOWN_BYTES = 3000,
	OUTPUT_BYTES_MAX = 64 << 20,
	/* Files of the framework lie above those that a setup may ask for. */
	OWN_FILES_FROM = 512,
	CHILD_STACK_BYTES = 512 << 10,
	LAST_CAPABILITY = 63,
	FILTER_LENGTH_MAX = 4 * E2E_REFUSALS_MAX + 8,
};

/* What the child reports before it waits at the gate. */
static const char READY = '\n';

const char *const e2e_environment[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	NULL
};

static struct e2e *started;
static const char *only_text = "";
static unsigned own_share, shares = 1, tests_seen;
static char scratch[PATH_MAX] = "/tmp";
static char test_folder[PATH_MAX];
static bool has_namespace;
static char child_stack[CHILD_STACK_BYTES] __attribute__((aligned(64)));

/* Small things. */

__attribute__((noreturn, format(printf, 1, 2)))
static void give_up(const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	ck_abort_msg("%s", text);
	abort();
}

static void *grow(void *old, size_t bytes)
{
	void *new = realloc(old, bytes);

	if (new == NULL)
		give_up("no memory for %zu bytes", bytes);
	return new;
}

__attribute__((format(printf, 1, 2)))
static char *print(const char *format, ...)
{
	char *text;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		give_up("no memory");
	va_end(arguments);
	return text;
}

static void write_all(int fd, const char *bytes, size_t length)
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

static int write_file(const char *path, const char *text)
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

static int pidfd_of(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

const char *e2e_path(const char *folder, const char *name)
{
	return print("%s/%s", folder, name);
}

const char *e2e_binary(void)
{
	static char *path;
	const char *name = getenv("FOSTER");

	if (path == NULL)
		path = realpath(name != NULL ? name : "build/foster", NULL);
	if (path == NULL)
		give_up("no init to test: %s: %s (FOSTER names it)",
			name != NULL ? name : "build/foster", strerror(errno));
	return path;
}

const char *e2e_actor(const char *name)
{
	const char *folder = getenv("ACTORS");
	char *path = print("%s/%s", folder != NULL ? folder : "build/actors",
			   name);
	char *absolute = realpath(path, NULL);

	if (absolute == NULL)
		give_up("no actor %s: %s", path, strerror(errno));
	free(path);
	return absolute;
}

/* Output. */

/* True if something was read; false if it would block or has ended. */
static bool text_read(struct e2e_text *text)
{
	ssize_t got;

	if (text->fd < 0)
		return false;
	if (text->length + 4096 + 1 > text->room) {
		text->room = 2 * text->room + 8192;
		text->bytes = grow(text->bytes, text->room);
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
		give_up("more than %d bytes of output", OUTPUT_BYTES_MAX);
	return true;
}

static void text_open(struct e2e_text *text, int fd)
{
	text->fd = fd;
	text->room = 8192;
	text->bytes = grow(NULL, text->room);
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
		give_up("cannot wait for the init: %s", strerror(errno));
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

/* Waits until there is output or an exit, but no longer than a tick. */
static void await_news(struct e2e *init)
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

	used = snprintf(message, sizeof(message), "%s:%d: ", file, line);
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
		await_news(init);
		/* Whoever goes on saying something is only slow. */
		if (init->out.length != length)
			deadline_ms = e2e_deadline_ms();
	}
	copy = strndup(line, strcspn(line, "\n"));
	if (copy == NULL)
		give_up("no memory");
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
		await_news(init);
	}
}

void e2e_wait_end_of_output(struct e2e *init)
{
	long long deadline_ms = e2e_deadline_ms();

	while (init->out.fd >= 0 || init->err.fd >= 0) {
		if (e2e_now_ms() > deadline_ms)
			e2e_fail(init, __FILE__, __LINE__,
				 "somebody still holds the output open");
		await_news(init);
	}
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
		await_news(init);
	}
	return WIFEXITED(init->wait_status) ? WEXITSTATUS(init->wait_status) :
		-WTERMSIG(init->wait_status);
}

int e2e_exit(struct e2e *init)
{
	return e2e_exit_within(init, e2e_wait_ms());
}

/* Calls a function for each child that /proc lists; false if it cannot. */
static bool each_child(pid_t pid, void (*function)(pid_t child, void *argument),
		       void *argument)
{
	char *path = print("/proc/%d/task/%d/children", (int)pid, (int)pid);
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

static void kill_child(pid_t child, void *argument)
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

	each_child(pid, count_child, &count);
	return count;
}

static void count_survivor(pid_t child, void *argument)
{
	const struct e2e *init;
	char state = e2e_state(child);

	for (init = started; init != NULL; init = init->next)
		if (init->pid == child && !init->has_exited)
			return;
	if (state != 0 && state != 'Z' && state != 'X')
		++*(size_t *)argument;
}

size_t e2e_survivors(void)
{
	size_t count = 0;

	each_child(getpid(), count_survivor, &count);
	return count;
}

static void release(struct e2e *init)
{
	struct e2e **link;

	for (link = &started; *link != NULL; link = &(*link)->next) {
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
			give_up("the test has children that cannot be killed");
		each_child(getpid(), kill_child, NULL);
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
	    started == init)
		bury_children();
	release(init);
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

static void remove_tree(const char *path)
{
	nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

static void begin_test(void)
{
	/* So that what a dead subreaper leaves behind can be ended here. */
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

static void end_test(void)
{
	struct e2e *init;

	for (init = started; init != NULL; init = init->next)
		if (!init->has_exited)
			kill(init->pid, SIGKILL);
	bury_children();
	while (started != NULL)
		release(started);
	if (test_folder[0] != '\0')
		remove_tree(test_folder);
}

/* Starting: the side of the test. */

/* What the child needs beside the setup. */
struct start {
	const struct e2e_setup *setup;
	const char *arguments[E2E_ARGUMENTS_MAX + 2];
	const char *binary;
	int binary_fd;
	int root_fds[E2E_ROOT_FILES_MAX];
	int stdio[3];
	int gate;
	int report;
};

static int above(int fd)
{
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, OWN_FILES_FROM);

	if (moved < 0)
		give_up("cannot move a file: %s", strerror(errno));
	close(fd);
	return moved;
}

static void pipe_above(int ends[2])
{
	e2e_pipe(ends);
	ends[0] = above(ends[0]);
	ends[1] = above(ends[1]);
}

void e2e_elf_header(Elf64_Ehdr *header, size_t segments_at)
{
	int own = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	ck_assert_int_eq(read(own, header, sizeof(*header)), sizeof(*header));
	close(own);
	header->e_type = ET_EXEC;
	header->e_phoff = segments_at;
	header->e_phentsize = sizeof(Elf64_Phdr);
	header->e_phnum = 2;
}

void e2e_pipe(int ends[2])
{
	if (pipe2(ends, O_CLOEXEC) != 0)
		give_up("no pipe: %s", strerror(errno));
}

static int open_above(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		give_up("cannot open %s: %s", path, strerror(errno));
	return above(fd);
}

/* Whether a file is an ELF program that a loader must load. */
static bool needs_loader(const char *path)
{
	size_t length, i;
	char *bytes = e2e_read(path, &length);
	const Elf64_Ehdr *header = (const void *)bytes;
	const Elf64_Phdr *segment;
	bool needs = false;

	if (bytes == NULL || length < sizeof(*header) ||
	    memcmp(bytes, ELFMAG, SELFMAG) != 0 ||
	    header->e_ident[EI_CLASS] != ELFCLASS64) {
		free(bytes);
		return false;
	}
	segment = (const void *)(bytes + header->e_phoff);
	for (i = 0; i < header->e_phnum; i++)
		if (segment[i].p_type == PT_INTERP)
			needs = true;
	free(bytes);
	return needs;
}

static int child_main(void *argument);

/*
 * The child reports one byte when it is ready, and then nothing: its end of the
 * pipe is closed by the exec. Anything else is the name of a step that failed.
 */
static void await_exec(struct e2e *init, char first)
{
	char text[512] = { first };
	size_t used = first != '\0';
	ssize_t got;

	do
		got = read(init->report, text + used, sizeof(text) - 1 - used);
	while (got < 0 && errno == EINTR);
	if (got > 0 || used > 0)
		e2e_fail(init, __FILE__, __LINE__,
			 "the init does not start: %s", text);
	close(init->report);
	init->report = -1;
}

static struct e2e *prepare(const char *test, const struct e2e_setup *setup,
			   struct start *start)
{
	int out[2] = { -1, -1 }, err[2] = { -1, -1 }, gate[2], report[2];
	struct e2e *init = grow(NULL, sizeof(*init));
	int flags = SIGCHLD, i;
	char ready;
	ssize_t got;

	start->setup = setup;
	start->binary = setup->binary != NULL ? setup->binary : e2e_binary();
	start->arguments[0] = setup->name != NULL ? setup->name :
		setup->empty_root ? "/init" : start->binary;
	if (setup->mode == E2E_PROCESS_1 && !has_namespace)
		e2e_skip_from(test, "PID and mount namespaces");
	if (setup->mode == E2E_SUBREAPER && setup->proc != E2E_PROC_OWN &&
	    !has_namespace)
		e2e_skip_from(test, "mount namespaces");
	if (setup->uid != 0)
		e2e_need_user_from(test, setup->uid);
	if (setup->empty_root) {
		if (setup->mode != E2E_PROCESS_1)
			give_up("an empty root is for process 1 alone");
		if (needs_loader(start->binary))
			e2e_skip_from(test, "an init linked statically");
	}

	memset(init, 0, sizeof(*init));
	init->mode = setup->mode;
	init->pidfd = -1;
	start->binary_fd = open_above(start->binary, O_PATH);
	for (i = 0; i < E2E_ROOT_FILES_MAX; i++) {
		const char *name = setup->root_files[i];

		start->root_fds[i] = -1;
		if (name == NULL)
			continue;
		if (strrchr(name, '/') != NULL)
			name = strrchr(name, '/') + 1;
		start->root_fds[i] = open_above(e2e_actor(name), O_RDONLY);
	}

	start->stdio[0] = setup->stdio[0] != 0 ? setup->stdio[0] :
		open_above("/dev/null", O_RDWR);
	start->stdio[1] = setup->stdio[1];
	start->stdio[2] = setup->stdio[2];
	if (setup->stdio[1] == 0) {
		pipe_above(out);
		start->stdio[1] = out[1];
	}
	if (setup->stdio[2] == 0) {
		pipe_above(err);
		start->stdio[2] = err[1];
	}
	pipe_above(gate);
	pipe_above(report);
	start->gate = gate[0];
	start->report = report[1];
	init->gate = gate[1];
	init->report = report[0];
	text_open(&init->out, out[0]);
	text_open(&init->err, err[0]);

	if (setup->mode == E2E_PROCESS_1)
		flags |= CLONE_NEWPID | CLONE_NEWNS;
	else if (setup->proc != E2E_PROC_OWN)
		flags |= CLONE_NEWNS;
	/* The memory is copied, so the child may use any stack. */
	init->pid = clone(child_main, child_stack + CHILD_STACK_BYTES, flags,
			  start);
	if (init->pid < 0)
		give_up("no process for the init: %s", strerror(errno));
	init->next = started;
	started = init;
	init->pidfd = pidfd_of(init->pid);

	close(start->binary_fd);
	for (i = 0; i < E2E_ROOT_FILES_MAX; i++)
		if (start->root_fds[i] >= 0)
			close(start->root_fds[i]);
	if (setup->stdio[0] == 0)
		close(start->stdio[0]);
	if (out[1] >= 0)
		close(out[1]);
	if (err[1] >= 0)
		close(err[1]);
	close(gate[0]);
	close(report[1]);

	do
		got = read(init->report, &ready, 1);
	while (got < 0 && errno == EINTR);
	if (got != 1 || ready != READY)
		await_exec(init, got == 1 ? ready : '?');
	return init;
}

void e2e_go(struct e2e *init)
{
	/* A byte, not the end: others that are prepared hold copies. */
	write_all(init->gate, "G", 1);
	close(init->gate);
	init->gate = -1;
}

void e2e_await_exec(struct e2e *init)
{
	await_exec(init, '\0');
}

static void collect_arguments(struct start *start, va_list list)
{
	size_t count = 1;
	const char *argument;

	while ((argument = va_arg(list, const char *)) != NULL) {
		if (count > E2E_ARGUMENTS_MAX)
			give_up("more than %d arguments", E2E_ARGUMENTS_MAX);
		start->arguments[count++] = argument;
	}
}

struct e2e *e2e_prepare_from(const char *test, const struct e2e_setup *setup,
			     ...)
{
	struct start start = { 0 };
	va_list list;

	va_start(list, setup);
	collect_arguments(&start, list);
	va_end(list);
	return prepare(test, setup, &start);
}

struct e2e *e2e_start_from(const char *test, const struct e2e_setup *setup, ...)
{
	struct start start = { 0 };
	struct e2e *init;
	va_list list;

	va_start(list, setup);
	collect_arguments(&start, list);
	va_end(list);
	init = prepare(test, setup, &start);
	e2e_go(init);
	e2e_await_exec(init);
	return init;
}

/* Starting: the side of what becomes the init. */

static int report_fd;

/* Says which step failed to the test and ends this process. */
__attribute__((noreturn))
static void stop_here(const char *step)
{
	char text[256];

	snprintf(text, sizeof(text), "%s: %s", step, strerror(errno));
	write_all(report_fd, text, strlen(text));
	_exit(125);
}

static void must(int result, const char *step)
{
	if (result < 0)
		stop_here(step);
}

static void child_session(const struct e2e_setup *setup)
{
	if (setup->session == E2E_SESSION_SHARED)
		return;
	if (setup->session == E2E_SESSION_LEADER ||
	    setup->mode == E2E_PROCESS_1)
		must(setsid(), "setsid");
	else
		must(setpgid(0, 0), "setpgid");
}

static void child_proc(const struct e2e_setup *setup)
{
	if (setup->empty_root)
		return;
	if (setup->proc == E2E_PROC_NONE)
		must(mount("none", "/proc", "tmpfs", MS_RDONLY, NULL),
		     "cover /proc");
	else if (setup->proc == E2E_PROC_OWN && setup->mode == E2E_PROCESS_1)
		must(mount("proc", "/proc", "proc", 0, NULL), "mount /proc");
	else if (setup->proc == E2E_PROC_OUTER && setup->mode == E2E_SUBREAPER)
		/* Below the /proc of the tests lies that of the machine. */
		must(umount2("/proc", MNT_DETACH), "uncover /proc");
}

static void copy_file(int from, const char *path)
{
	char bytes[65536];
	ssize_t got;
	int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);

	must(to, path);
	while ((got = read(from, bytes, sizeof(bytes))) > 0)
		write_all(to, bytes, (size_t)got);
	must((int)got, "read a file for the empty root");
	close(to);
	must(chmod(path, 0755), path);
}

static void child_root(const struct start *start)
{
	const struct e2e_setup *setup = start->setup;
	char path[PATH_MAX], *slash;
	int i, init_fd;

	if (!setup->empty_root)
		return;
	init_fd = open(start->binary, O_RDONLY | O_CLOEXEC);
	must(init_fd, start->binary);
	/* Any folder will do for the root, and /proc is surely there. */
	must(mount("none", "/proc", "tmpfs", 0, "mode=755"), "empty root");
	must(chdir("/proc"), "empty root");
	copy_file(init_fd, "init");
	for (i = 0; i < E2E_ROOT_FILES_MAX; i++) {
		if (start->root_fds[i] < 0)
			continue;
		snprintf(path, sizeof(path), "%s", setup->root_files[i]);
		for (slash = strchr(path, '/'); slash != NULL;
		     slash = strchr(slash + 1, '/')) {
			*slash = '\0';
			mkdir(path, 0755);
			*slash = '/';
		}
		copy_file(start->root_fds[i], path);
	}
	if (setup->proc == E2E_PROC_OWN) {
		must(mkdir("proc", 0755), "empty root");
		must(mount("proc", "proc", "proc", 0, NULL), "mount /proc");
	} else if (setup->proc == E2E_PROC_OUTER) {
		stop_here("an empty root has no /proc of an outer namespace");
	}
	must(chroot("."), "chroot");
}

static void child_files(const struct start *start)
{
	const struct e2e_setup *setup = start->setup;
	int stdio[3], i, fd;

	/*
	 * Check's own files are not close-on-exec; nothing but what the setup
	 * names may reach the init.
	 */
	if (syscall(SYS_close_range, 3, ~0U, 4 /* CLOSE_RANGE_CLOEXEC */) != 0)
		for (fd = 3; fd < 2 * OWN_FILES_FROM; fd++)
			fcntl(fd, F_SETFD, FD_CLOEXEC);
	for (i = 0; i < 3; i++)
		must(stdio[i] = fcntl(start->stdio[i], F_DUPFD_CLOEXEC,
				      OWN_FILES_FROM), "move a standard file");
	for (i = 0; i < E2E_FILES_MAX && setup->files[i].fd != 0; i++) {
		if (setup->files[i].fd != setup->files[i].as)
			must(dup2(setup->files[i].fd, setup->files[i].as),
			     "a file of the setup");
		else
			must(fcntl(setup->files[i].fd, F_SETFD, 0),
			     "a file of the setup");
	}
	for (i = 0; i < 3; i++) {
		if (setup->closed & (1U << i))
			close(i);
		else
			must(dup2(stdio[i], i), "a standard file");
	}
}

static void child_signals(const struct e2e_setup *setup)
{
	/*
	 * As the kernel has it on all machines but MIPS, where flags come
	 * first; zero and SIG_IGN do the same there, for all that matters.
	 */
	struct {
		void (*handler)(int number);
		unsigned long rest[7];
	} action = { 0 };
	uint64_t blocked = setup->blocked;
	int number;

	for (number = 1; number <= E2E_LAST_SIGNAL; number++) {
		if (number == SIGKILL || number == SIGSTOP)
			continue;
		action.handler = setup->ignored & E2E_SIGNAL(number) ?
			SIG_IGN : SIG_DFL;
		/* By the raw call: glibc keeps 32 and 33 for itself. */
		must((int)syscall(SYS_rt_sigaction, number, &action, NULL,
				  sizeof(uint64_t)), "rt_sigaction");
	}
	must((int)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &blocked, NULL,
			  sizeof(uint64_t)), "rt_sigprocmask");
}

static void child_limits(const struct e2e_setup *setup)
{
	struct rlimit limit = { 0, 0 };
	int i;

	setrlimit(RLIMIT_CORE, &limit);
	for (i = 0; i < E2E_LIMITS_MAX; i++) {
		if (!setup->limits[i].set)
			continue;
		limit.rlim_cur = limit.rlim_max = setup->limits[i].value;
		must(setrlimit((__rlimit_resource_t)setup->limits[i].resource,
			       &limit), "setrlimit");
	}
}

static void child_user(const struct e2e_setup *setup)
{
	int i;

	for (i = 0; i <= LAST_CAPABILITY; i++) {
		if ((setup->lost_capabilities & E2E_CAPABILITY(i)) == 0)
			continue;
		/*
		 * One that the kernel does not know is lost anyway, and so is
		 * every one for who is not root and executes something.
		 */
		if (prctl(PR_CAPBSET_DROP, i, 0, 0, 0) != 0 &&
		    errno != EINVAL && geteuid() == 0)
			stop_here("drop a capability");
	}
	if (setup->gid != 0 || setup->uid != 0) {
		gid_t gid = setup->gid != 0 ? setup->gid : setup->uid;

		must(setgroups(0, NULL), "setgroups");
		must(setresgid(gid, gid, gid), "setresgid");
	}
	if (setup->uid != 0)
		must(setresuid(setup->uid, setup->uid, setup->uid),
		     "setresuid");
	if (setup->no_new_privileges)
		must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
}

static bool refuses(const struct e2e_setup *setup, int call)
{
	int i;

	for (i = 0; i < E2E_REFUSALS_MAX && setup->refuse[i].error != 0; i++)
		if (setup->refuse[i].call == call)
			return true;
	return false;
}

static void child_filter(const struct e2e_setup *setup)
{
	struct sock_filter filter[FILTER_LENGTH_MAX];
	struct sock_fprog program = { .filter = filter };
	unsigned short length = 0;
	int i;

	if (setup->refuse[0].error == 0)
		return;
	for (i = 0; i < E2E_REFUSALS_MAX && setup->refuse[i].error != 0; i++) {
		const struct e2e_refusal *refusal = &setup->refuse[i];
		uint32_t answer = SECCOMP_RET_ERRNO |
			((uint32_t)refusal->error & SECCOMP_RET_DATA);
		uint32_t low = offsetof(struct seccomp_data, args[0]);

		if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
			low += 4;
		filter[length++] = (struct sock_filter)BPF_STMT(
			BPF_LD | BPF_W | BPF_ABS,
			offsetof(struct seccomp_data, nr));
		filter[length++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)refusal->call, 0,
			refusal->first_only ? 3 : 1);
		if (refusal->first_only) {
			filter[length++] = (struct sock_filter)BPF_STMT(
				BPF_LD | BPF_W | BPF_ABS, low);
			filter[length++] = (struct sock_filter)BPF_JUMP(
				BPF_JMP | BPF_JEQ | BPF_K, refusal->first, 0,
				1);
		}
		filter[length++] = (struct sock_filter)BPF_STMT(
			BPF_RET | BPF_K, answer);
	}
	filter[length++] = (struct sock_filter)BPF_STMT(
		BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	program.len = length;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0)
		return;
	/* Without CAP_SYS_ADMIN only with the promise of setuid(2)'s end. */
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
	must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0),
	     "seccomp");
}

static int child_main(void *argument)
{
	const struct start *start = argument;
	const struct e2e_setup *setup = start->setup;
	const char *const *environment = setup->environment != NULL ?
		setup->environment : e2e_environment;
	const char *path = setup->empty_root ? "/init" : start->binary;
	bool use_execveat = refuses(setup, SYS_execve);
	char none;

	report_fd = start->report;
	child_session(setup);
	child_root(start);
	child_proc(setup);
	if (setup->cwd != NULL || setup->empty_root)
		must(chdir(setup->cwd != NULL ? setup->cwd : "/"), "chdir");
	child_files(start);
	child_limits(setup);
	child_user(setup);
	/* After the user: a change of user takes it back (prctl(2)). */
	must(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "parent's death");
	child_signals(setup);
	if (setup->before_exec != NULL)
		setup->before_exec(setup->argument);
	write_all(report_fd, (const char []){ READY }, 1);
	while (read(start->gate, &none, 1) < 0 && errno == EINTR)
		;
	child_filter(setup);
	if (use_execveat && !setup->empty_root)
		syscall(SYS_execveat, start->binary_fd, "",
			(char *const *)start->arguments,
			(char *const *)environment, AT_EMPTY_PATH);
	else if (use_execveat)
		syscall(SYS_execveat, AT_FDCWD, path,
			(char *const *)start->arguments,
			(char *const *)environment, 0);
	else
		execve(path, (char *const *)start->arguments,
		       (char *const *)environment);
	stop_here("exec of the init");
}

/* Processes. */

char *e2e_read(const char *path, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t used = 0, room = 4096;
	char *bytes;
	ssize_t got;

	if (fd < 0)
		return NULL;
	bytes = grow(NULL, room);
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
			bytes = grow(bytes, room *= 2);
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
		     scratch) >= (int)sizeof(test_folder) ||
	    mkdtemp(test_folder) == NULL)
		give_up("no folder %s: %s", test_folder, strerror(errno));
	if (chmod(test_folder, 0755) != 0)
		give_up("chmod %s: %s", test_folder, strerror(errno));
	return test_folder;
}

const char *e2e_write(const char *folder, const char *name, mode_t mode,
		      const void *bytes, size_t length)
{
	const char *path = e2e_path(folder, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		give_up("cannot write %s: %s", path, strerror(errno));
	write_all(fd, bytes, length);
	if (fchmod(fd, mode) != 0 || close(fd) != 0)
		give_up("cannot write %s: %s", path, strerror(errno));
	return path;
}

const char *e2e_write_text(const char *folder, const char *name, mode_t mode,
			   const char *text)
{
	return e2e_write(folder, name, mode, text, strlen(text));
}

/* Skipping. */

void e2e_skip_from(const char *test, const char *what)
{
	const char *must_run = getenv("MUST");
	const char *suffix = strstr(test, "_fn");
	int length = (int)(suffix != NULL ? (size_t)(suffix - test) :
			   strlen(test));

	if (must_run != NULL && strcmp(must_run, "1") == 0)
		give_up("MUST=1, and %.*s needs %s", length, test, what);
	printf("skipped: %.*s needs %s\n", length, test, what);
	fflush(stdout);
	end_test();
	exit(EXIT_SUCCESS);
}

void e2e_need_static_from(const char *test)
{
	if (needs_loader(e2e_binary()))
		e2e_skip_from(test, "an init linked statically");
}

void e2e_need_shipped_from(const char *test)
{
	e2e_need_static_from(test);
	if (getenv("COUNTED") != NULL)
		e2e_skip_from(test, "an init without counters");
}

void e2e_need_user_from(const char *test, uid_t uid)
{
	char *map = e2e_read("/proc/self/uid_map", NULL), *line = map;
	unsigned long inner, outer, count;
	bool is_mapped = false;

	for (; line != NULL && *line != '\0'; line += strcspn(line, "\n") + 1)
		if (sscanf(line, "%lu %lu %lu", &inner, &outer, &count) == 3 &&
		    uid >= inner && uid - inner < count)
			is_mapped = true;
	free(map);
	if (geteuid() != 0 || !is_mapped)
		e2e_skip_from(test, "root, to change to another user");
}

/* Suites. */

TCase *e2e_tcase(Suite *suite, const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_add_checked_fixture(tcase, begin_test, end_test);
	tcase_set_timeout(tcase, TEST_BOUND_S);
	suite_add_tcase(suite, tcase);
	return tcase;
}

void e2e_add_range_from(TCase *tcase, const TTest *test, int from, int to)
{
	int i;

	if (strstr(test->name, only_text) == NULL)
		return;
	for (i = from; i <= to; i++)
		if (tests_seen++ % shares == own_share)
			tcase_add_loop_test(tcase, test, i, i + 1);
}

void e2e_only(const char *text)
{
	only_text = text;
}

void e2e_share(unsigned which, unsigned of)
{
	own_share = which;
	shares = of;
}

/* The namespace of the tests. */

void e2e_die_with(pid_t parent, int signal)
{
	prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
}

/*
 * As process 1 of the namespace (or a subreaper, where there is none): runs
 * the tests in a child and kills whatever comes here, for that is what a test
 * left behind.
 */
static int keep(int (*run)(void *argument), void *argument)
{
	struct timespec pause = { .tv_nsec = SWEEP_NS };
	int wait_status, result = -1;
	pid_t runner, own = getpid();
	sigset_t chld;

	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	fflush(NULL);
	runner = fork();
	if (runner == 0) {
		e2e_die_with(own, SIGKILL);
		exit(run(argument));
	}
	if (runner < 0) {
		perror("fork");
		return EXIT_FAILURE;
	}
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, NULL);
	while (result < 0) {
		pid_t got = waitpid(-1, &wait_status, WNOHANG);

		if (got == runner && WIFEXITED(wait_status)) {
			result = WEXITSTATUS(wait_status);
		} else if (got == runner) {
			fprintf(stderr, "the test runner was killed by signal "
				"%d: has an init signalled strangers?\n",
				WTERMSIG(wait_status));
			result = EXIT_FAILURE;
		} else if (got <= 0) {
			each_child(getpid(), kill_child, &runner);
			sigtimedwait(&chld, NULL, &pause);
		}
	}
	runner = 0;
	each_child(getpid(), kill_child, &runner);
	return result;
}

static bool enter_namespace(uid_t uid, gid_t gid)
{
	const char *wanted = getenv("E2E_NAMESPACE");
	char map[64];

	errno = ECANCELED;
	if (wanted != NULL && strcmp(wanted, "0") == 0)
		return false;
	if (uid == 0)
		return unshare(CLONE_NEWPID | CLONE_NEWNS) == 0;
	if (unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS) != 0)
		return false;
	write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", (unsigned int)uid);
	if (write_file("/proc/self/uid_map", map) != 0)
		return false;
	snprintf(map, sizeof(map), "0 %u 1", (unsigned int)gid);
	return write_file("/proc/self/gid_map", map) == 0;
}

/* Process 1 of the new namespace: its mounts, then the tests. */
static int keep_in_namespace(int (*run)(void *argument), void *argument)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("proc", "/proc", "proc", 0, NULL) != 0 ||
	    mount("none", scratch, "tmpfs", 0, "mode=755") != 0) {
		perror("mounts for the tests");
		return EXIT_FAILURE;
	}
	has_namespace = true;
	return keep(run, argument);
}

/* The keeper dies with this process (PDEATHSIG), and its mounts with it. */
static void on_deadly_signal(int number)
{
	rmdir(scratch);
	signal(number, SIG_DFL);
	raise(number);
}

static const int deadly[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT };

/* What is ignored stays so. */
static void handle_deadly(void (*handler)(int))
{
	struct sigaction old;
	size_t i;

	for (i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		if (sigaction(deadly[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			signal(deadly[i], handler);
}

int e2e_contain(int (*run)(void *argument), void *argument)
{
	const char *base = getenv("TMPDIR");
	uid_t uid = geteuid();
	gid_t gid = getegid();
	pid_t child, own = getpid();
	int wait_status = 0;
	sigset_t set, before;

	/* They wait while the folder could be left behind. */
	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, &before);
	snprintf(scratch, sizeof(scratch), "%s/foster-e2e.XXXXXX",
		 base != NULL && *base == '/' ? base : "/tmp");
	if (mkdtemp(scratch) == NULL || chmod(scratch, 0755) != 0) {
		perror(scratch);
		sigprocmask(SIG_SETMASK, &before, NULL);
		return EXIT_FAILURE;
	}
	handle_deadly(on_deadly_signal);
	/* Whoever runs the suite may ignore SIGCHLD; then waiting fails. */
	signal(SIGCHLD, SIG_DFL);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		handle_deadly(SIG_DFL);
		sigprocmask(SIG_SETMASK, &before, NULL);
		e2e_die_with(own, SIGKILL);
		if (!enter_namespace(uid, gid)) {
			printf("no namespaces here: %s\n", strerror(errno));
			exit(keep(run, argument));
		}
		child = fork();
		if (child == 0)
			exit(keep_in_namespace(run, argument));
		while (waitpid(child, &wait_status, 0) < 0 && errno == EINTR)
			;
		exit(WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) :
		     EXIT_FAILURE);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	while (waitpid(child, &wait_status, 0) < 0 && errno == EINTR)
		;
	remove_tree(scratch);
	return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : EXIT_FAILURE;
}
