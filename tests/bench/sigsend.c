/*
 * sigsend.c - how long a signal takes from kill(2) to the program.
 *
 *	sigsend [-n ROUNDS] [-c CPU] NAME=PATH ... -- SIGECHO
 *
 * All inits run side by side; each round signals each once, from outside, in
 * another order, and waits until its program has seen it. A line for each, in
 * ns: NAME, how many arrived, how many did not, the median, the 99th of 100.
 */
#include "process1.h"
#include <fcntl.h>
#include <poll.h>

enum { WARM_UP_ROUNDS = 20, LOST_MS = 1000, LOST_MAX = 3, HANG_S = 120 };

struct run {
	pid_t pid;
	int output;
	int arrived, lost;
	int64_t *taken_ns;
};

static int null;

static void start(const struct target *target, char **program, struct run *run,
		  int rounds)
{
	char *words[BENCH_WORDS_MAX];
	struct launch init = { .argv = words };
	int64_t ready = -1;
	int pipes[2];

	if (pipe2(pipes, O_CLOEXEC) < 0)
		die("pipe: %s", strerror(errno));
	init.stream[0] = init.stream[2] = null + 1;
	init.stream[1] = pipes[1] + 1;
	target_words(target, program, words);
	run->pid = launch(&init);
	if (run->pid < 0)
		die("%s: %s", words[0], strerror(init.error));
	close(pipes[1]);
	run->output = pipes[0];
	if (read(run->output, &ready, sizeof(ready)) != sizeof(ready))
		die("%s: its program is not ready", target->name);
	run->taken_ns = calloc((size_t)rounds, sizeof(*run->taken_ns));
	if (run->taken_ns == NULL)
		die("no memory");
}

static void signal_once(struct run *run, bool is_warm_up)
{
	struct pollfd seen = { run->output, POLLIN, 0 };
	int64_t sent_ns, seen_ns;

	if (run->lost == LOST_MAX)
		return;
	sent_ns = now_ns();
	if (kill(run->pid, SIGUSR1) < 0)
		die("kill: %s", strerror(errno));
	if (poll(&seen, 1, LOST_MS) != 1 ||
	    read(run->output, &seen_ns, sizeof(seen_ns)) != sizeof(seen_ns))
		run->lost++;
	else if (!is_warm_up)
		run->taken_ns[run->arrived++] = seen_ns - sent_ns;
}

static void report(const struct target *target, struct run *run)
{
	size_t arrived = (size_t)run->arrived;

	printf("%s %d %d %lld %lld\n", target->name, run->arrived, run->lost,
	       (long long)quantile(run->taken_ns, arrived, .5),
	       (long long)quantile(run->taken_ns, arrived, .99));
	end_process(run->pid);
}

int main(int argc, char **argv)
{
	static struct run runs[BENCH_TARGETS_MAX];
	struct target targets[BENCH_TARGETS_MAX];
	int count, order[BENCH_TARGETS_MAX], rounds = 1000;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	argv = read_rounds(argc, argv, &rounds);
	count = read_targets(argv, targets);
	argv += count + 1;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	alarm(HANG_S);
	for (int i = 0; i < count; i++)
		start(&targets[i], argv, &runs[i], rounds);
	sleep_ns(100 * NS_PER_MS); /* the inits come to rest */
	for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
		shuffle(order, count);
		for (int i = 0; i < count; i++)
			signal_once(&runs[order[i]], round < 0);
	}
	for (int i = 0; i < count; i++)
		report(&targets[i], &runs[i]);
	return 0;
}
