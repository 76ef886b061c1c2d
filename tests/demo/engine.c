/*
 * Plays the container engine, and the client of the server inside: starts a
 * command as process 1 of a new PID namespace, passes on what is written there
 * with the time in front, asks the server for a page, sends SIGTERM to process
 * 1 while the answer is under way, as `docker stop` does, and tells what came
 * of it.
 *
 * Everything it reports has been observed: bytes the client got, last words of
 * the processes inside, the wait status of process 1. It must not wait for
 * time where it can wait for an event, and must leave no process behind.
 *
 * usage: engine PATIENCE NAME COMMAND [ARG]...
 *
 * SIGKILL follows PATIENCE seconds after SIGTERM. A row for the table goes to
 * descriptor 3. Exit status 0: the server and the worker ended in order.
 *
 * pid_namespaces(7), user_namespaces(7), signalfd(2),
 * PR_SET_CHILD_SUBREAPER(2).
 */

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	WHOLE_LIMIT_S = 28,	/* for a machine in trouble */
	START_LIMIT_MS = 15000, /* until a request is in flight */
	LEFT_RUNNING_MS = 2000, /* for processes left behind */
};

static const char *name; /* of the set-up: "foster", "no init" ... */
static int patience_ms;
static bool is_process_1; /* else the kernel allows no namespace */

static pid_t init_pid;
static int init_status;
static long started_ms, stopping_ms, ended_ms, deadline_ms;
static bool was_stopped_by_kill, left_running;

static bool has_server_ended, has_worker_ended;
static bool is_log_open = true;
static int client = -1;
static bool is_client_done;
static char answer[4096];
static size_t answer_length;

static void enter_namespaces(void);
static void start(char **command, int log);
static void watch(int log, int signal_fd);
static void read_log(int log);
static void read_answer(void);
static void reap(int log);
static void give_up(const char *why);
static void clean_up(void);
static bool report(void);
static long now_ms(void);
static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void die(const char *what);

int main(int argc, char **argv)
{
	int log[2], signal_fd;
	sigset_t signals;

	if (argc < 4) {
		fputs("usage: engine PATIENCE NAME COMMAND [ARG]...\n", stderr);
		return 2;
	}
	patience_ms = atoi(argv[1]) * 1000;
	name = argv[2];
	setvbuf(stdout, NULL, _IOLBF, 0);
	alarm(WHOLE_LIMIT_S);

	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signal_fd < 0 || pipe2(log, O_CLOEXEC) < 0)
		die("cannot prepare");

	started_ms = now_ms();
	deadline_ms = started_ms + START_LIMIT_MS;
	enter_namespaces();
	start(argv + 3, log[1]);
	close(log[1]);
	fcntl(log[0], F_SETFL, O_NONBLOCK);
	watch(log[0], signal_fd);
	clean_up();
	return report() ? 0 : 1;
}

/* The log is open as long as any process inside is alive. */
static void watch(int log, int signal_fd)
{
	while (is_log_open || !ended_ms || (client >= 0 && !is_client_done)) {
		struct pollfd polled[] = {
			{ .fd = is_log_open ? log : -1, .events = POLLIN },
			{ .fd = is_client_done ? -1 : client,
			  .events = POLLIN },
			{ .fd = signal_fd, .events = POLLIN },
		};
		struct signalfd_siginfo info;
		long left_ms = deadline_ms - now_ms();

		if (left_ms <= 0) {
			give_up("the time is over");
			continue;
		}
		if (poll(polled, 3, (int)left_ms) < 0)
			die("cannot wait");
		if (polled[0].revents)
			read_log(log);
		if (polled[1].revents)
			read_answer();
		while (read(signal_fd, &info, sizeof(info)) > 0) {
			if (info.ssi_signo == SIGCHLD)
				reap(log);
			else
				give_up("interrupted");
		}
	}
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	/* A refusal costs the name of the user inside, nothing more. */
	if (write(fd, text, strlen(text)) < 0)
		say("engine: %s: %s", path, strerror(errno));
	close(fd);
}

/*
 * A new user namespace gives anyone the right to make the others; where it is
 * refused, root may make them without it. The next child is process 1.
 */
static void enter_namespaces(void)
{
	unsigned int uid = geteuid(), gid = getegid();
	char map[64];

	if (unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS) == 0) {
		snprintf(map, sizeof(map), "%u %u 1", uid, uid);
		write_file("/proc/self/uid_map", map);
		write_file("/proc/self/setgroups", "deny");
		snprintf(map, sizeof(map), "%u %u 1", gid, gid);
		write_file("/proc/self/gid_map", map);
		is_process_1 = true;
	} else if (unshare(CLONE_NEWPID | CLONE_NEWNS) == 0) {
		is_process_1 = true;
	} else {
		say("engine: no namespaces allowed here: %s", strerror(errno));
		say("engine: %s runs as a subreaper, if it can", name);
		/* What the command leaves behind comes to us, to be ended. */
		prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	}
}

/* Runs in the child. */
static _Noreturn void become(char **command, int log)
{
	const char *program;
	sigset_t none;

	/* As engines do: a session of its own, and no terminal to take. */
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	dup2(log, 1);
	if (is_process_1 &&
	    (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	     mount("proc", "/proc", "proc", 0, NULL) < 0))
		dprintf(1, "engine: no /proc of its own: %s\n",
			strerror(errno));
	program = strrchr(command[0], '/');
	dprintf(1, "engine: starts %s as process %d\n",
		program ? program + 1 : command[0], getpid());
	dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), 0);
	dup2(log, 2);
	close(3);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(command[0], command);
	dprintf(1, "engine: cannot run %s: %s\n", command[0], strerror(errno));
	_exit(127);
}

static void start(char **command, int log)
{
	init_pid = fork();
	if (init_pid < 0)
		die("cannot start");
	if (init_pid == 0)
		become(command, log);
}

/* Asks for a page; the answer is written over about a second. */
static void connect_client(int port)
{
	static const char request[] = "GET / HTTP/1.0\r\n\r\n";
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client < 0 ||
	    connect(client, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    send(client, request, strlen(request), MSG_NOSIGNAL) < 0)
		say("client: no connection: %s", strerror(errno));
}

static void heed(const char *line)
{
	static bool is_worker_at_work;
	static int port;

	say("%s", line);
	sscanf(line, "server: process %*d serves port %d", &port);
	if (strncmp(line, "worker: at work", 15) == 0)
		is_worker_at_work = true;
	if (client < 0 && port && is_worker_at_work)
		connect_client(port);
	if (strcmp(line, "server: ended in order") == 0)
		has_server_ended = true;
	else if (strcmp(line, "worker: ended in order") == 0)
		has_worker_ended = true;
}

static void read_log(int log)
{
	static char line[1024];
	static size_t length;
	char bytes[4096];
	ssize_t count;

	while ((count = read(log, bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < count; i++) {
			if (bytes[i] != '\n' && length < sizeof(line) - 1) {
				line[length++] = bytes[i];
				continue;
			}
			line[length] = '\0';
			length = 0;
			heed(line);
		}
	if (count == 0)
		is_log_open = false;
}

/* How much of the page has come, and how much the server promised. */
static size_t body_length(size_t *promised)
{
	static const char name_of_field[] = "Content-Length:";
	const char *field, *body;

	*promised = 0;
	answer[answer_length] = '\0';
	body = strstr(answer, "\r\n\r\n");
	if (!body)
		return 0;
	field = strstr(answer, name_of_field);
	if (field)
		*promised = strtoul(field + strlen(name_of_field), NULL, 10);
	return answer_length - (size_t)(body + 4 - answer);
}

static bool is_answer_whole(void)
{
	size_t promised, arrived = body_length(&promised);

	return promised && arrived == promised;
}

static void read_answer(void)
{
	ssize_t count = read(client, answer + answer_length,
			     sizeof(answer) - 1 - answer_length);
	size_t promised, arrived;

	if (count > 0)
		answer_length += (size_t)count;
	arrived = body_length(&promised);
	if (count <= 0) {
		is_client_done = true;
		say("client: %s: %zu of %zu bytes",
		    is_answer_whole() ? "has its whole answer"
				      : "the answer was cut off",
		    arrived, promised);
	} else if (arrived && !stopping_ms && !ended_ms) {
		say("client: the answer is under way: %zu of %zu bytes",
		    arrived, promised);
		say("engine: stops the container: SIGTERM to %s",
		    is_process_1 ? "process 1" : name);
		kill(init_pid, SIGTERM);
		stopping_ms = now_ms();
		deadline_ms = stopping_ms + patience_ms;
	}
}

static int shell_status(void)
{
	return WIFSIGNALED(init_status) ? 128 + WTERMSIG(init_status)
					: WEXITSTATUS(init_status);
}

static void reap(int log)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != init_pid)
			continue;
		init_status = status;
		ended_ms = now_ms();
		deadline_ms = ended_ms + LEFT_RUNNING_MS;
		/* First what it said before it ended. */
		read_log(log);
		say("engine: %s ended with status %d",
		    is_process_1 ? "process 1" : name, shell_status());
	}
}

/*
 * Kills what the command left behind; it is all ours: we are its parent. In a
 * namespace the kernel has done it when process 1 ended.
 */
static void kill_children(void)
{
	DIR *processes = is_process_1 ? NULL : opendir("/proc");
	struct dirent *entry;

	while (processes && (entry = readdir(processes))) {
		char path[300];
		int parent;
		FILE *stat;

		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		if (atoi(entry->d_name) <= 0 || !(stat = fopen(path, "re")))
			continue;
		if (fscanf(stat, "%*d %*[^)]) %*c %d", &parent) == 1 &&
		    parent == getpid())
			kill(atoi(entry->d_name), SIGKILL);
		fclose(stat);
	}
	if (processes)
		closedir(processes);
}

static void give_up(const char *why)
{
	deadline_ms = now_ms() + LEFT_RUNNING_MS / 10;
	if (!ended_ms) {
		was_stopped_by_kill = true;
		say("engine: %s: KILL", why);
		kill(init_pid, SIGKILL);
	} else {
		if (!left_running)
			say("engine: processes were left running: KILL");
		left_running = true;
		kill_children();
	}
}

static void clean_up(void)
{
	kill_children();
	while (waitpid(-1, NULL, 0) > 0)
		kill_children();
}

static const char *end_of(bool has_ended)
{
	if (has_ended)
		return "in order";
	return left_running ? "left over" : "cut short";
}

static bool report(void)
{
	size_t promised, arrived = body_length(&promised);
	const char *note = was_stopped_by_kill ? "  by KILL" : "";
	long since_ms = stopping_ms ? stopping_ms : started_ms;

	dprintf(3, "  %-13s  %4zu of %zu  %-9s  %-9s  %6d  %6.3f s%s\n", name,
		arrived, promised, end_of(has_server_ended),
		end_of(has_worker_ended), shell_status(),
		(double)(ended_ms - since_ms) / 1000, note);
	return is_answer_whole() && has_server_ended && has_worker_ended;
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void say(const char *format, ...)
{
	va_list arguments;

	printf("  +%.3fs  ", (double)(now_ms() - started_ms) / 1000);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
}

static void die(const char *what)
{
	fprintf(stderr, "engine: %s: %s\n", what, strerror(errno));
	exit(1);
}
