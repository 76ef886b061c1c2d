/*
 * size.c - how large foster is: the file, and idle as process 1.
 *
 *	size FOSTER
 *
 * Starts it STARTS times as process 1 of a fresh PID namespace, in front of a
 * program that only waits, and reads /proc/PID/smaps_rollup as soon as it
 * sits in its one wait. The number differs from start to start, because the
 * kernel puts the arguments at a random place on their page. Then counts how
 * often it woke up while the machine did something else for a while.
 * Prints a table in Markdown. proc_pid_smaps(5), proc_pid_syscall(5)
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STARTS = 30, WAIT_MS = 20000, IDLE_MS = 1000 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "size: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void pause_ms(long ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&time, NULL);
}

/* What a container's program usually starts with. */
static char *environment[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"HOSTNAME=0123456789ab",
	"HOME=/root",
	NULL,
};

static pid_t start(char *foster)
{
	char *argv[] = { foster, "--", "sleep", "3600", NULL };
	int flags = CLONE_NEWPID | (geteuid() == 0 ? 0 : CLONE_NEWUSER);
	pid_t pid = (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);

	if (pid < 0)
		die("no PID namespace");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execve(foster, argv, environment);
		_exit(127);
	}
	return pid;
}

/* The number behind `key` in /proc/PID/FILE; -1 where there is none. */
static long number(pid_t pid, const char *file, const char *key)
{
	char path[64], line[256];
	long value = -1;
	FILE *stream;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	stream = fopen(path, "r");
	if (stream == NULL)
		return -1;
	while (value < 0 && fgets(line, sizeof(line), stream) != NULL)
		if (strncmp(line, key, strlen(key)) == 0)
			value = atol(line + strlen(key));
	fclose(stream);
	return value;
}

static void wait_until_idle(pid_t pid)
{
	for (int ms = 0; ms < WAIT_MS; ms++) {
		if (number(pid, "syscall", "") == SYS_rt_sigtimedwait)
			return;
		pause_ms(1);
	}
	errno = ETIMEDOUT;
	die("foster does not come to rest");
}

static void stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	long resident = 0, resident_most = 0, dirty = 0, wakes = 0;
	struct stat file;

	if (argc != 2 || stat(argv[1], &file) < 0)
		die("usage: size FOSTER");
	sync();
	for (int i = 0; i < STARTS; i++) {
		pid_t pid = start(argv[1]);
		long rss;

		wait_until_idle(pid);
		rss = number(pid, "smaps_rollup", "Rss:");
		resident += rss;
		if (rss > resident_most)
			resident_most = rss;
		dirty += number(pid, "smaps_rollup", "Pss_Anon:");
		if (i == 0) {
			wakes = number(pid, "status",
				       "voluntary_ctxt_switches:");
			pause_ms(IDLE_MS);
			wakes = number(pid, "status",
				       "voluntary_ctxt_switches:") - wakes;
		}
		stop(pid);
	}
	printf("| | |\n|---|---|\n");
	printf("| file | %lld bytes |\n", (long long)file.st_size);
	printf("| resident, idle, as process 1 (mean of %d starts) | %.1f kB |\n",
	       STARTS, (double)resident / STARTS);
	printf("| resident, the most of them | %ld kB |\n", resident_most);
	printf("| of that its own, not of the file (mean) | %.1f kB |\n",
	       (double)dirty / STARTS);
	printf("| wake-ups in %d idle ms | %ld |\n", IDLE_MS, wakes);
	return 0;
}
