/*
 * nsrun.c - runs a command as process 1 of a fresh PID namespace.
 *
 *	nsrun [-t SECONDS] [-c CPU] COMMAND ARG...
 *
 * Its standard input is a line with its own pid as /proc has it out here. It
 * is killed after SECONDS (60), and with it the namespace. Exits with its
 * status, 128 + n for a signal, 124 when the time was over.
 */
#include "process1.h"
#include <fcntl.h>
#include <sys/wait.h>

static volatile pid_t running;
static volatile sig_atomic_t is_late;

static void end_it(int signal)
{
	is_late = signal == SIGALRM;
	if (running > 0)
		kill(running, SIGKILL);
}

static pid_t start(char **command)
{
	struct launch init = { .argv = command };
	int pipes[2];

	if (pipe2(pipes, O_CLOEXEC) < 0)
		die("pipe: %s", strerror(errno));
	init.stream[0] = pipes[0] + 1;
	running = launch(&init);
	if (running < 0)
		die("%s: %s", command[0], strerror(init.error));
	dprintf(pipes[1], "%d\n", running);
	close(pipes[0]);
	close(pipes[1]);
	return running;
}

int main(int argc, char **argv)
{
	int option, status;
	int cpu = -1;
	unsigned seconds = 60;
	pid_t pid;

	while ((option = getopt(argc, argv, "+t:c:")) != -1) {
		if (option == 't')
			seconds = (unsigned)atoi(optarg);
		else if (option == 'c')
			cpu = atoi(optarg);
		else
			return BENCH_FAILURE;
	}
	if (optind >= argc)
		die("usage: nsrun [-t SECONDS] [-c CPU] COMMAND ARG...");
	pin_to(cpu);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGALRM, end_it);
	signal(SIGTERM, end_it);
	signal(SIGINT, end_it);
	pid = start(argv + optind);
	alarm(seconds);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid: %s", strerror(errno));
	if (is_late)
		return 124;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
