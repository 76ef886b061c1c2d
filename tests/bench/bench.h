/*
 * bench.h - what the measuring tools share: clocks, order, the list of inits.
 *
 * A tool is told the inits as NAME=PATH words up to "--"; behind that stands
 * the program each is to run. "NAME=" is no init at all: the program directly.
 */
#ifndef BENCH_H
#define BENCH_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
	BENCH_TARGETS_MAX = 32,
	BENCH_WORDS_MAX = 32,
	BENCH_FAILURE =
		99, /* the exit status of a tool that could not measure */
};

#define NS_PER_S  INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_US INT64_C(1000)

__attribute__((noreturn, format(printf, 1, 2))) static inline void
die(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(BENCH_FAILURE);
}

static inline int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static inline void sleep_ns(int64_t ns)
{
	struct timespec rest = { ns / NS_PER_S, ns % NS_PER_S };

	while (nanosleep(&rest, &rest) < 0 && errno == EINTR)
		;
}

static inline int compare_ns(const void *one, const void *other)
{
	int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;

	return (a > b) - (a < b);
}

/* What `share` (0 to 1) of the values do not exceed; -1 of none. Sorts them. */
static inline int64_t quantile(int64_t *values, size_t count, double share)
{
	if (count == 0)
		return -1;
	qsort(values, count, sizeof(*values), compare_ns);
	return values[(size_t)(share * (double)(count - 1) + 0.5)];
}

/*
 * All that is started from here on runs on that CPU, and nobody else does
 * there in between, as far as that is allowed; below 0: on any CPU, and others
 * there as little as possible. sched(7)
 */
static inline void pin_to(int cpu)
{
	struct sched_param first = { .sched_priority = 1 };
	cpu_set_t set;

	if (cpu < 0) {
		setpriority(PRIO_PROCESS, 0, -20);
		return;
	}
	CPU_ZERO(&set);
	CPU_SET((unsigned)cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) < 0)
		die("no CPU %d: %s", cpu, strerror(errno));
	sched_setscheduler(0, SCHED_FIFO, &first);
}

/* -n ROUNDS -c CPU; gives what stands behind them. */
static inline char **read_rounds(int argc, char **argv, int *rounds)
{
	int option;

	while ((option = getopt(argc, argv, "+n:c:")) != -1) {
		if (option == 'n')
			*rounds = atoi(optarg);
		else if (option == 'c')
			pin_to(atoi(optarg));
		else
			exit(BENCH_FAILURE);
	}
	return argv + optind;
}

struct target {
	const char *name, *path;
};

/* Gives how many; the words are cut at the "=". */
static inline int read_targets(char **words, struct target *targets)
{
	int count = 0;

	for (; *words != NULL && strcmp(*words, "--") != 0; words++) {
		char *equals = strchr(*words, '=');

		if (equals == NULL || count == BENCH_TARGETS_MAX)
			die("not NAME=PATH: %s", *words);
		*equals = '\0';
		targets[count].name = *words;
		targets[count++].path = equals + 1;
	}
	if (count == 0 || *words == NULL || words[1] == NULL)
		die("wanted: NAME=PATH ... -- PROGRAM");
	return count;
}

/* INIT -- PROGRAM..., or PROGRAM... alone. */
static inline void target_words(const struct target *target, char **program,
				char **words)
{
	int count = 0;

	if (*target->path != '\0') {
		words[count++] = (char *)target->path;
		words[count++] = (char *)"--";
	}
	while (*program != NULL && count < BENCH_WORDS_MAX - 1)
		words[count++] = *program++;
	words[count] = NULL;
}

/*
 * Another order of 0 to count - 1 each time, the same in every run: in a fixed
 * one the same init would always have the warm caches of the same neighbour.
 */
static inline void shuffle(int *order, int count)
{
	static uint64_t state = UINT64_C(88172645463325252);

	for (int i = 0; i < count; i++)
		order[i] = i;
	for (int i = count - 1; i > 0; i--) {
		int j, kept = order[i];

		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		j = (int)(state % (uint64_t)(i + 1));
		order[i] = order[j];
		order[j] = kept;
	}
}

#endif
