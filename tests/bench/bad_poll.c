/*
 * bad_poll.c - an init that is bad on purpose, to see that it shows: it starts
 * its program late, and looks for one death and one signal every millisecond;
 * the values of queued signals are lost.
 */
#include "bench.h"
#include <sys/wait.h>

enum { LATE_MS = 5 };

int main(int argc, char **argv)
{
	struct timespec no_time = { 0, 0 };
	sigset_t all, before;
	pid_t program;

	if (argc < 3)
		return 1;
	sleep_ns(LATE_MS * NS_PER_MS);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	program = fork();
	if (program == 0) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	for (;;) {
		int status, signal = sigtimedwait(&all, NULL, &no_time);

		if (signal > 0 && signal != SIGCHLD)
			kill(program, signal);
		if (waitpid(-1, &status, WNOHANG) == program)
			return WEXITSTATUS(status);
		sleep_ns(NS_PER_MS);
	}
}
