/*
 * idle.c - what an idle init holds and does, all inits in turn.
 *
 *	idle [-n STARTS] [-w MS] NAME=PATH ... -- HOLD
 *
 * A line for each start: NAME, resident kB, private dirty kB, faults, page
 * tables kB, CPU ns, all from its exec until it slept. Then, with -w, all run
 * for MS side by side and a line follows for each: NAME, "wakes", how often it
 * waked.
 */
#include "process1.h"

static struct held start(const struct target *target, char **program)
{
	static char *words[BENCH_WORDS_MAX];
	struct held held = { .launch = { .argv = words } };

	target_words(target, program, words);
	if (!hold(&held))
		die("%s: did not start", target->name);
	return held;
}

static void print_sample(const struct target *target, char **program)
{
	struct held held = start(target, program);

	printf("%s %ld %ld %ld %ld %ld\n", target->name,
	       process_number(held.pid, "smaps_rollup", "Rss:"),
	       process_number(held.pid, "smaps_rollup", "Private_Dirty:"),
	       faults_of(&held), process_number(held.pid, "status", "VmPTE:"),
	       process_number(held.pid, "schedstat", "") -
		       (long)held.launch.cpu_ns);
	let_go(&held);
}

static void print_wakes(const struct target *targets, int count, char **program,
			long ms)
{
	struct held held[BENCH_TARGETS_MAX];
	long wakes[BENCH_TARGETS_MAX];

	for (int i = 0; i < count; i++)
		held[i] = start(&targets[i], program);
	for (int i = 0; i < count; i++)
		wakes[i] = wakes_of(held[i].pid);
	sleep_ns(ms * NS_PER_MS);
	for (int i = 0; i < count; i++)
		printf("%s wakes %ld\n", targets[i].name,
		       wakes_of(held[i].pid) - wakes[i]);
	for (int i = 0; i < count; i++)
		let_go(&held[i]);
}

int main(int argc, char **argv)
{
	struct target targets[BENCH_TARGETS_MAX];
	int option, count, order[BENCH_TARGETS_MAX], starts = 30;
	long wake_ms = 0;

	while ((option = getopt(argc, argv, "+n:w:")) != -1) {
		if (option == 'n')
			starts = atoi(optarg);
		else if (option == 'w')
			wake_ms = atol(optarg);
		else
			return BENCH_FAILURE;
	}
	argv += optind;
	count = read_targets(argv, targets);
	argv += count + 1;
	while (starts-- > 0) {
		shuffle(order, count);
		for (int i = 0; i < count; i++)
			print_sample(&targets[order[i]], argv);
	}
	if (wake_ms > 0)
		print_wakes(targets, count, argv, wake_ms);
	return 0;
}
