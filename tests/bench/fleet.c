/*
 * fleet.c - many idle containers at once: an init and its sleeping program
 * each, in a PID namespace of their own.
 *
 *	fleet COUNT NAME=PATH -- HOLD
 *
 * Prints one line, in kB for one container: anonymous pages, page tables,
 * kernel stacks, all three of the containers' own processes and exact;
 * unreclaimable slab, the change of the machine's over all of them; then
 * wake-ups of all inits together in one second, and ms until all were up.
 */
#include "process1.h"
#include <fcntl.h>
#include <poll.h>

enum {
	HANG_S = 120,
	UP_MS = 20000,
	IDLE_MS = 1000,
	STACK_KB = 16, /* of a task, in the kernel */
	TOP_KB = 4, /* the top page of a process's page tables, not in VmPTE */
};

/* The kernel's counters are kept for each CPU, and added up now and then. */
static long slab_kb(void)
{
	char text[64];
	int fd = open("/proc/sys/vm/stat_refresh", O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (read(fd, text, sizeof(text)) < 0)
			text[0] = '\0';
		close(fd);
	}
	FILE *stream = fopen("/proc/meminfo", "re");
	long kb = -1;

	while (stream != NULL && kb < 0 &&
	       fgets(text, sizeof(text), stream) != NULL)
		sscanf(text, "SUnreclaim: %ld", &kb);
	if (stream != NULL)
		fclose(stream);
	return kb;
}

/* What earlier processes had comes back late (RCU): wait for it. */
static long settled_slab_kb(void)
{
	long before, now = slab_kb();

	for (int i = 0; i < 10; i++) {
		before = now;
		sleep_ns(150 * NS_PER_MS);
		now = slab_kb();
		if (labs(now - before) < 128)
			break;
	}
	return now;
}

struct total {
	long anonymous_kb, tables_kb, tasks;
};

static void add(struct total *total, pid_t pid)
{
	if (pid <= 0)
		return;
	total->anonymous_kb +=
		process_number(pid, "smaps_rollup", "Anonymous:");
	total->tables_kb += process_number(pid, "status", "VmPTE:") + TOP_KB;
	total->tasks += process_number(pid, "status", "Threads:");
}

static void start_all(pid_t *pids, int count, struct launch *init)
{
	char buffer[4096];
	int pipes[2], up = 0;
	struct pollfd ready = { .events = POLLIN };

	if (pipe2(pipes, O_CLOEXEC) < 0)
		die("pipe: %s", strerror(errno));
	init->stream[1] = pipes[1] + 1;
	for (int i = 0; i < count; i++) {
		pids[i] = launch(init);
		if (pids[i] < 0)
			die("%s: %s", init->argv[0], strerror(init->error));
	}
	ready.fd = pipes[0];
	while (up < count) {
		ssize_t length =
			poll(&ready, 1, UP_MS) == 1
				? read(pipes[0], buffer, sizeof(buffer))
				: 0;

		if (length <= 0)
			die("only %d of %d came up", up, count);
		up += (int)length;
	}
	close(pipes[0]);
	close(pipes[1]);
}

static long wakes_of_all(const pid_t *pids, int count)
{
	long wakes = 0;

	for (int i = 0; i < count; i++)
		wakes += wakes_of(pids[i]);
	return wakes;
}

int main(int argc, char **argv)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int count = argc > 1 ? atoi(argv[1]) : 0;
	char *words[BENCH_WORDS_MAX];
	struct target targets[BENCH_TARGETS_MAX];
	struct launch init = { .argv = words };
	struct total total = { 0 };
	int64_t begin_ns, up_ns;
	long slab, wakes;
	pid_t *pids;

	if (count <= 0 || read_targets(argv + 2, targets) != 1)
		die("usage: fleet COUNT NAME=PATH -- HOLD");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(HANG_S);
	pids = calloc((size_t)count, sizeof(*pids));
	if (pids == NULL || null < 0)
		die("no memory");
	target_words(&targets[0], argv + 4, words);
	init.stream[0] = init.stream[2] = null + 1;
	slab = settled_slab_kb();
	begin_ns = now_ns();
	start_all(pids, count, &init);
	up_ns = now_ns() - begin_ns;
	slab = settled_slab_kb() - slab;
	wakes = wakes_of_all(pids, count);
	sleep_ns(IDLE_MS * NS_PER_MS);
	wakes = wakes_of_all(pids, count) - wakes;
	for (int i = 0; i < count; i++) {
		add(&total, pids[i]);
		if (*targets[0].path != '\0')
			add(&total, process_child(pids[i]));
	}
	printf("%.3f %.3f %.3f %.3f %ld %.1f\n",
	       (double)total.anonymous_kb / count,
	       (double)total.tables_kb / count,
	       (double)total.tasks * STACK_KB / count, (double)slab / count,
	       wakes, (double)up_ns / NS_PER_MS);
	for (int i = 0; i < count; i++)
		kill(pids[i], SIGKILL);
	for (int i = 0; i < count; i++)
		end_process(pids[i]);
	return 0;
}
