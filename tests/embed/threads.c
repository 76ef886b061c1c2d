/*
 * threads.c - a process whose threads take locks of malloc and stdio all the
 * time clones itself; foster runs in the clones, where these locks may be held
 * for ever.
 *
 *	threads COUNT PROGRAM [ARG]...
 *
 * The status is that of the last one; it stops at the first that is not 0.
 */
#define _GNU_SOURCE
#include "foster.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void *use_libc(void *argument)
{
	void *memory[64];

	for (;;) {
		for (int i = 0; i < 64; i++)
			memory[i] = malloc((size_t)64 << i % 8);
		fprintf(argument, "%p", memory[0]);
		for (int i = 0; i < 64; i++)
			free(memory[i]);
	}
	return NULL;
}

static int run_in_clone(char **argv, char **envp)
{
	struct foster_options options = { .size = sizeof(options) };
	struct foster_result result = { .size = sizeof(result) };
	int status;
	long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (pid == 0) {
		if (foster_run(&options, argv, envp, &result) < 0)
			_exit(125);
		_exit(foster_exit_status(&result));
	}
	if (pid < 0 || waitpid((pid_t)pid, &status, 0) != pid)
		return 125;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}

int main(int argc, char **argv, char **envp)
{
	FILE *nowhere = fopen("/dev/null", "w");
	int status = argc < 3 || nowhere == NULL ? 125 : 0;
	pthread_t thread;

	for (int i = 0; i < 3 && status == 0; i++)
		status = pthread_create(&thread, NULL, use_libc, nowhere);
	for (int i = 0; status == 0 && i < atoi(argv[1]); i++)
		status = run_in_clone(argv + 2, envp);
	return status;
}
