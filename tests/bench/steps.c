/*
 * steps.c - what an init costs in exact numbers, one line for each.
 *
 *	steps start NAME=PATH ... -- HOLD
 *	steps reaping [COUNT] NAME=PATH ... -- ORPHANS
 *
 * start: NAME, user instructions of the init, of its child before the program,
 * of the init afterwards; CPUIDs among them; system calls of the same three.
 * reaping: NAME, system calls for COUNT orphans paced, and in a burst.
 * Everyone is called /init: how long a path is shall not count.
 */
#include "trace.h"
#include <fcntl.h>

enum { ORPHANS = 200, HANG_S = 60 };

static int null;

static struct launch launch_of(const struct target *target, char **program,
			       char **words)
{
	target_words(target, program, words);
	words[0] = (char *)"/init";
	return (struct launch){
		.argv = words,
		.file = target->path,
		.is_at_fixed_places = true,
		.stream = { null + 1, null + 1, 0 },
	};
}

static void print_start(const struct target *target, char **program)
{
	char *words[BENCH_WORDS_MAX];
	struct launch launch = launch_of(target, program, words);
	struct trace steps, calls;

	if (!trace_start(&launch, false, &steps) ||
	    !trace_start(&launch, true, &calls))
		die("%s: its program was not executed", target->name);
	printf("%s %ld %ld %ld %ld %ld %ld %ld\n", target->name,
	       steps.count[TRACE_INIT], steps.count[TRACE_CHILD],
	       steps.count[TRACE_AFTER], steps.cpuids, calls.count[TRACE_INIT],
	       calls.count[TRACE_CHILD], calls.count[TRACE_AFTER]);
}

static void print_reaping(const struct target *target, char **program,
			  int count)
{
	char *words[BENCH_WORDS_MAX];
	struct launch launch = launch_of(target, program, words);
	long paced = trace_reaping(&launch, count, false);

	printf("%s %ld %ld\n", target->name, paced,
	       paced < 0 ? -1 : trace_reaping(&launch, count, true));
}

int main(int argc, char **argv)
{
	struct target targets[BENCH_TARGETS_MAX];
	bool is_start = argc > 1 && strcmp(argv[1], "start") == 0;
	int count = ORPHANS, targets_count;

	if (argc < 3)
		die("usage: steps start|reaping ...");
	argv += 2;
	if (!is_start && atoi(*argv) > 0)
		count = atoi(*argv++);
	pin_to(sched_getcpu()); /* steps are many, and fast on one CPU */
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	targets_count = read_targets(argv, targets);
	argv += targets_count + 1;
	for (int i = 0; i < targets_count; i++) {
		alarm(HANG_S); /* ends this tool, and all that is traced */
		if (is_start)
			print_start(&targets[i], argv);
		else
			print_reaping(&targets[i], argv, count);
		fflush(stdout);
	}
	return 0;
}
