/*
 * storm.c - makes orphans and watches the init reap them: nsrun INIT -- storm.
 *
 *	storm [-k LIVE] [-w SECONDS] COUNT MODE...
 *
 * MODE:  storm  COUNT orphans that end at once, one after the other as fast
 *               as they can be made
 *        paced  the same, each reaped before the next is made
 *        burst  COUNT zombies that become the init's at one instant
 * LIVE:  so many living ones are the init's child first, and stay.
 * SECONDS: it does not reap when nothing has been reaped for so long (5).
 *
 * A line for each mode: MODE, how many were not reaped, ns from the first (or
 * from the instant) to the last reaped, the most zombies at once, CPU ns of
 * the init.
 */
#include "orphan.h"
#include <sys/mman.h>
#include <sys/sysinfo.h>

enum {
	BATCH = 64,	     /* orphans between two looks at the backlog */
	BACKLOG_MAX = 12000, /* pids are shared with the whole machine */
	SLEEPERS_AT_ONCE = 500,
	SETTLE_MS = 20,
};

struct storm {
	const char *mode;
	int count;
	int64_t patience_ns;
	pid_t init; /* as /proc has it */
	pid_t *pids;
	int made, reaped, unreaped;
	long before, peak; /* processes on the machine */
	int64_t begin_ns, end_ns;
};

static long processes(void)
{
	struct sysinfo info;

	sysinfo(&info);
	return info.procs; /* every thread, zombies included */
}

static int64_t init_cpu_ns(pid_t init)
{
	char path[64];
	long long ns = 0;
	FILE *stream;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", init);
	stream = fopen(path, "re");
	if (stream == NULL || fscanf(stream, "%lld", &ns) != 1)
		die("storm: cannot read %s", path);
	fclose(stream);
	return ns;
}

static bool make(struct storm *storm, int count)
{
	struct orphans orphans = {
		.count = count,
		.at_once = count > 1,
		.pids = storm->pids + storm->made,
	};
	bool is_made = make_orphans(&orphans);

	storm->made += orphans.made;
	if (count > 1)
		storm->begin_ns = orphans.handed_over_ns;
	return is_made;
}

/* Waits until `count` are reaped, or none has been for too long. */
static bool wait_for_reaping(struct storm *storm, int count)
{
	int64_t last_ns = now_ns();
	unsigned looks = 0;

	while (storm->reaped < count) {
		if (is_reaped(storm->pids[storm->reaped])) {
			storm->reaped++;
			last_ns = now_ns();
			looks = 0;
		} else if (now_ns() - last_ns > storm->patience_ns) {
			return false;
		} else if (++looks < 50) {
			sched_yield();
		} else {
			sleep_ns(20 * NS_PER_US);
		}
	}
	return true;
}

/* Whether the init is no more than BACKLOG_MAX behind, or gets there. */
static bool is_keeping_up(const struct storm *storm)
{
	int64_t since_ns = now_ns();

	while (processes() - storm->before > BACKLOG_MAX) {
		if (now_ns() - since_ns > storm->patience_ns)
			return false;
		sleep_ns(NS_PER_MS);
	}
	return true;
}

static void rage(struct storm *storm)
{
	for (int i = 0; i < storm->count; i++) {
		long zombies;

		if (i % BATCH == BATCH - 1 && !is_keeping_up(storm))
			return;
		if (!make(storm, 1))
			return;
		zombies = processes() - storm->before;
		if (zombies > storm->peak)
			storm->peak = zombies;
	}
}

static void pace(struct storm *storm)
{
	for (int i = 0; i < storm->count; i++)
		if (!make(storm, 1) || !wait_for_reaping(storm, i + 1))
			return;
}

static void run(struct storm *storm)
{
	int64_t cpu_ns = init_cpu_ns(storm->init);

	storm->made = storm->reaped = storm->unreaped = 0;
	storm->peak = 0;
	storm->before = processes();
	storm->begin_ns = now_ns();
	if (strcmp(storm->mode, "burst") == 0)
		make(storm, storm->count);
	else if (strcmp(storm->mode, "paced") == 0)
		pace(storm);
	else
		rage(storm);
	wait_for_reaping(storm, storm->made);
	storm->end_ns = now_ns();
	for (int i = storm->reaped; i < storm->made; i++)
		storm->unreaped += !is_reaped(storm->pids[i]);
	storm->unreaped += storm->count - storm->made;
	sleep_ns(SETTLE_MS * NS_PER_MS); /* asleep, its CPU time is whole */
	printf("%s %d %lld %ld %lld\n", storm->mode, storm->unreaped,
	       (long long)(storm->end_ns - storm->begin_ns), storm->peak,
	       (long long)(init_cpu_ns(storm->init) - cpu_ns));
	fflush(stdout);
}

static void make_sleepers(int count)
{
	static pid_t pids[SLEEPERS_AT_ONCE];

	while (count > 0) {
		struct orphans sleepers = { .stay = true, .pids = pids };

		sleepers.count =
			count < SLEEPERS_AT_ONCE ? count : SLEEPERS_AT_ONCE;
		if (!make_orphans(&sleepers))
			die("storm: no sleepers: %s", strerror(errno));
		count -= sleepers.count;
	}
}

static pid_t *room_for(int count)
{
	void *room = mmap(NULL, sizeof(pid_t) * (size_t)count,
			  PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (room == MAP_FAILED)
		die("storm: %s", strerror(errno));
	return room;
}

int main(int argc, char **argv)
{
	struct storm storm = { .patience_ns = 5 * NS_PER_S };
	int option, live = 0;

	while ((option = getopt(argc, argv, "+k:w:")) != -1) {
		if (option == 'k')
			live = atoi(optarg);
		else if (option == 'w')
			storm.patience_ns = atoi(optarg) * NS_PER_S;
		else
			return BENCH_FAILURE;
	}
	if (argc - optind < 2 || scanf("%d", &storm.init) != 1)
		die("usage: nsrun INIT -- storm [-k LIVE] COUNT MODE...");
	storm.count = atoi(argv[optind]);
	storm.pids = room_for(storm.count);
	make_sleepers(live);
	sleep_ns((live ? 300 : 50) * NS_PER_MS); /* the init comes to rest */
	for (int i = optind + 1; i < argc; i++) {
		storm.mode = argv[i];
		run(&storm);
	}
	return 0;
}
