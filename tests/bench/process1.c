#include "process1.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { ASLEEP_MS = 20000, STACK_SIZE = 65536 };

static int64_t thread_cpu_ns(void)
{
	struct timespec used;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return used.tv_sec * NS_PER_S + used.tv_nsec;
}

static int become_init(void *argument)
{
	struct launch *launch = argument;
	struct rusage usage;
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int i = 0; i < 3; i++)
		if (launch->stream[i] > 0)
			dup2(launch->stream[i] - 1, i);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (launch->is_at_fixed_places)
		personality(ADDR_NO_RANDOMIZE);
	if (launch->is_traced) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		kill(getpid(), SIGSTOP);
	}
	getrusage(RUSAGE_SELF, &usage);
	launch->faults = usage.ru_minflt;
	launch->cpu_ns = thread_cpu_ns();
	execve(launch->file ? launch->file : launch->argv[0], launch->argv,
	       launch->envp ? launch->envp : environ);
	launch->error = errno;
	_exit(127);
}

pid_t launch(struct launch *launch)
{
	static char stack[STACK_SIZE] __attribute__((aligned(16)));
	int flags = SIGCHLD;
	pid_t pid;

	if (!launch->is_subreaper)
		flags |= CLONE_NEWPID | (geteuid() != 0 ? CLONE_NEWUSER : 0);
	if (!launch->is_traced)
		flags |= CLONE_VM | CLONE_VFORK;
	launch->error = 0;
	pid = clone(become_init, stack + STACK_SIZE, flags, launch);
	if (pid < 0)
		launch->error = errno;
	else if (launch->error != 0)
		waitpid(pid, NULL, 0);
	return launch->error != 0 ? -1 : pid;
}

/* Whoever is no child of ours may have ended, and its number be another's. */
static void end_child(pid_t pid)
{
	siginfo_t info;

	if (waitid(P_PID, (id_t)pid, &info,
		   WEXITED | WNOHANG | WNOWAIT | __WALL) < 0)
		return;
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR)
		;
}

void end_process(pid_t pid)
{
	pid_t child = process_child(pid);

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	end_child(pid);
	if (child > 0)
		end_child(child);
}

long process_number(pid_t pid, const char *file, const char *key)
{
	char path[64], line[256];
	long value = -1;
	FILE *stream;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	stream = fopen(path, "re");
	if (stream == NULL)
		return -1;
	while (value < 0 && fgets(line, sizeof(line), stream) != NULL)
		if (strncmp(line, key, strlen(key)) == 0)
			value = atol(line + strlen(key));
	fclose(stream);
	return value;
}

pid_t process_child(pid_t pid)
{
	char file[32];

	snprintf(file, sizeof(file), "task/%d/children", pid);
	return (pid_t)process_number(pid, file, "");
}

bool process_state(pid_t pid, struct process_state *state)
{
	char path[64], text[1024], *end;
	FILE *stream;
	size_t length;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	stream = fopen(path, "re");
	if (stream == NULL)
		return false;
	length = fread(text, 1, sizeof(text) - 1, stream);
	fclose(stream);
	text[length] = '\0';
	end = strrchr(text, ')');
	return end != NULL && sscanf(end + 1, " %c %*d %*d %*d %*d %*d %*u %ld",
				     &state->letter, &state->faults) == 2;
}

bool wait_until_asleep(pid_t pid)
{
	struct process_state state;

	for (int ms = 0; ms < ASLEEP_MS; ms++) {
		if (!process_state(pid, &state))
			return false;
		if (state.letter == 'S')
			return true;
		sleep_ns(NS_PER_MS);
	}
	return false;
}

bool hold(struct held *held)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), pipes[2];
	struct pollfd up = { .events = POLLIN };
	char byte;

	if (null < 0 || pipe2(pipes, O_CLOEXEC) < 0)
		die("hold: %s", strerror(errno));
	for (int i = 0; i < 3; i += 2)
		if (held->launch.stream[i] == 0)
			held->launch.stream[i] = null + 1;
	held->launch.stream[1] = pipes[1] + 1;
	held->pid = launch(&held->launch);
	held->output = up.fd = pipes[0];
	close(null);
	close(pipes[1]);
	if (held->pid > 0 && poll(&up, 1, ASLEEP_MS) == 1 &&
	    read(held->output, &byte, 1) == 1 && wait_until_asleep(held->pid))
		return true;
	let_go(held);
	return false;
}

void let_go(struct held *held)
{
	if (held->pid > 0)
		end_process(held->pid);
	close(held->output);
}

long resident_kb(const struct held *held)
{
	return process_number(held->pid, "smaps_rollup", "Rss:");
}

long faults_of(const struct held *held)
{
	struct process_state state;

	return process_state(held->pid, &state)
		       ? state.faults - held->launch.faults
		       : -1;
}

long wakes_of(pid_t pid)
{
	return process_number(pid, "status", "voluntary_ctxt_switches:");
}
