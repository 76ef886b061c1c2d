/*
 * startup.c - how long inits take to start a program and to end after it.
 *
 *	startup [-n ROUNDS] [-c CPU] NAME=PATH ... -- STAMP
 *
 * Each round runs each init once, in another order. A line for each run, in
 * ns: NAME, from the clone(2) that made the init to the program's first
 * instruction, and from its last one to the end of the init as its parent
 * sees it.
 */
#include "process1.h"
#include <fcntl.h>
#include <sys/wait.h>

enum { WARM_UP_ROUNDS = 2, HANG_S = 20 };

static int stamps[2], null;

static void run(const struct target *target, char **program, bool is_warm_up)
{
	char *words[BENCH_WORDS_MAX];
	struct launch init = {
		.argv = words,
		.stream = { null + 1, stamps[1] + 1, null + 1 },
	};
	int64_t begin_ns, end_ns, seen_ns[2]; /* its first and last moment */
	int status;
	pid_t pid;

	target_words(target, program, words);
	begin_ns = now_ns();
	pid = launch(&init);
	if (pid < 0)
		die("%s: %s", words[0], strerror(init.error));
	alarm(HANG_S); /* ends this run, and that the init */
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid: %s", strerror(errno));
	end_ns = now_ns();
	alarm(0);
	if (read(stamps[0], seen_ns, sizeof(seen_ns)) != sizeof(seen_ns) ||
	    status != 0)
		die("%s: status %#x, or its program did not run", target->name,
		    (unsigned)status);
	if (!is_warm_up)
		printf("%s %lld %lld\n", target->name,
		       (long long)(seen_ns[0] - begin_ns),
		       (long long)(end_ns - seen_ns[1]));
}

int main(int argc, char **argv)
{
	struct target targets[BENCH_TARGETS_MAX];
	int count, order[BENCH_TARGETS_MAX], rounds = 100;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	argv = read_rounds(argc, argv, &rounds);
	count = read_targets(argv, targets);
	argv += count + 1;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || pipe2(stamps, O_CLOEXEC | O_NONBLOCK) < 0)
		die("pipe: %s", strerror(errno));
	for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
		shuffle(order, count);
		for (int i = 0; i < count; i++)
			run(&targets[order[i]], argv, round < 0);
	}
	return 0;
}
