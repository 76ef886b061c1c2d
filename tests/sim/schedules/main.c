/*
 * main.c - runs all small schedules.
 *
 *	schedules [--jobs N] --small | --deep | WORLD...	search
 *	schedules [--jobs N] --all-kinds 6	six events of every kind
 *	schedules [--jobs N] --compare		whether merging is sound
 *	schedules --replay WORLD 'SCHEDULE'	all that happens, call by call
 *
 * --first: no more after the first violation. The exit status is 0 where
 * everything was searched and nothing violates the contract.
 *
 * A WORLD is who, options, the family and a number of events: "1:ga:012:4" is
 * process 1 with -g and -a, a program whose child has a child that has one,
 * four events.
 *
 * who      1: process 1; s: a child of a shell, and subreaper
 * options  g, a, k (-k 40ms), 0 (-t 0; else -t 160ms), e (-e 3 -e TERM);
 *          f: events before each and every call;
 *          b: the contract word by word where it leaves room (contract.c);
 *          n: process ids come again at once, the one freed last first, and
 *             strangers are born;
 *          d: all but the program have left its group, each by setsid(2);
 *          i: all but the program ignore TERM;
 *          p: there is no /proc, without -g;
 *          x: one process came from outside;
 *          r: the last of the family reads a pipe, to which the one before it
 *             writes, if that is not the program;
 *          m: states that behave alike count as one (alike.c);
 *          o: -a and -t 0 are decided when the program has ended, all four
 *             ways (events.c), which stands for four worlds;
 *          c: the search is done without m and with it, and compared, and
 *             with o the four worlds, too;
 *          for these three no event may come between foster's calls
 * family   the parent of each process after the program, 0 is the program
 *
 * Behind the number of events may stand how many of them, and of processes'
 * reactions to signals, come between foster's calls (else all may), and which,
 * by letter: "s::012:6:1:ET". E a process ends; F forks; S stops; Z the program
 * stops by TSTP; I ignores TERM from now on; R reaps a child of its own; T
 * TERM, N INT, P TSTP, C CONT, H CHLD and Q a queued real-time signal reach
 * foster; L foster is slow, and 20 ms pass; X a stranger is born.
 *
 * In a schedule a point is a call of foster's, and what happens before it has
 * a letter and the number of the process or signal: a: it acts on a signal, t:
 * all sleep until the next timer, r: the shell continues foster, o: the next
 * call, from which on there is -a (1), -t 0 (2) or both, G: a signal to foster,
 * others as above.
 */
#include "schedules.h"
#include "sys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Not by its header: that has the kernel's names, and so has kernel.h. */
pid_t wait(int *status);

const char *call_name(long number);

const char *call_name(long number)
{
	static char text[24];

#define NAME(call)                                                             \
	case SYS_##call:                                                       \
		return #call
	switch (number) {
		NAME(wait4);
		NAME(waitid);
		NAME(kill);
		NAME(tkill);
		NAME(rt_sigtimedwait);
		NAME(rt_sigprocmask);
		NAME(rt_sigaction);
		NAME(rt_sigqueueinfo);
		NAME(openat);
		NAME(read);
		NAME(write);
		NAME(close);
		NAME(close_range);
		NAME(getdents64);
		NAME(getpid);
		NAME(getpgid);
		NAME(setpgid);
		NAME(prctl);
		NAME(ppoll);
		NAME(mmap);
		NAME(chdir);
		NAME(clock_gettime);
		NAME(pidfd_open);
		NAME(pidfd_send_signal);
		NAME(exit_group);
		NAME(ioctl);
		NAME(ptrace);
		NAME(statx);
	}
	if (number == SIM_CALL_SPAWN)
		return "spawn";
	if (number == SIM_CALL_TRIM)
		return "trim";
	snprintf(text, sizeof(text), "call %ld", number);
	return text;
}

/* alike.c knows foster only where it waits, one group and no strangers. */
static bool may_merge(void)
{
	if (!world.merges && !world.compares && !world.decides_late)
		return true;
	return world.inner == 0 && !world.is_full && !world.numbers_return &&
	       !world.has_guest && !world.has_reader &&
	       !world.leaves_group && !world.no_proc;
}

static bool read_world(const char *text)
{
	const char *options = strchr(text, ':'), *family, *events;
	const char *inner, *alphabet;

	world = (struct world){ .is_process_1 = *text == '1' };
	if (options == NULL)
		return false;
	family = strchr(options + 1, ':');
	events = family ? strchr(family + 1, ':') : NULL;
	if (events == NULL || events - family > FAMILY_MAX)
		return false;
	for (options++; options < family; options++) {
		switch (*options) {
		case 'g':
			world.group = true;
			break;
		case 'a':
			world.waits_for_all = true;
			break;
		case 'k':
			world.kills = true;
			break;
		case '0':
			world.no_grace = true;
			break;
		case 'e':
			world.remaps = true;
			break;
		case 'f':
			world.is_full = true;
			break;
		case 'n':
			world.numbers_return = true;
			break;
		case 'd':
			world.leaves_group = true;
			break;
		case 'i':
			world.ignores_end = true;
			break;
		case 'p':
			world.no_proc = true;
			break;
		case 'b':
			world.is_strict = true;
			break;
		case 'x':
			world.has_guest = true;
			break;
		case 'r':
			world.has_reader = true;
			break;
		case 'm':
			world.merges = true;
			break;
		case 'o':
			world.decides_late = true;
			break;
		case 'c':
			world.compares = true;
			break;
		default:
			return false;
		}
	}
	memcpy(world.parents, family + 1, (size_t)(events - family - 1));
	world.events = world.inner = atoi(events + 1);
	inner = strchr(events + 1, ':');
	if (inner != NULL)
		world.inner = atoi(inner + 1);
	alphabet = inner ? strchr(inner + 1, ':') : NULL;
	if (alphabet != NULL)
		snprintf(world.alphabet, sizeof(world.alphabet), "%s",
			 alphabet + 1);
	return world.events >= 0 && world.events <= 7 && may_merge();
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static unsigned count_events(const char *schedule)
{
	unsigned count = 0;

	for (; *schedule != '\0'; schedule++)
		count += strchr("EFSZIRGQLX", *schedule) != NULL;
	return count;
}

/* ---- which worlds ---- */

enum { NAME_SIZE = 40, WORLDS_MAX = 4096 };

struct result {
	char name[NAME_SIZE];
	unsigned long states, moves, merged, ends;
	unsigned events; /* of the schedule that found a violation */
	bool goes_on;	 /* shares what was seen with the one before it */
	bool is_done, is_wrong;
};

/* Shared by those who search, and not saved with the rest. */
static struct shared {
	unsigned count, next;
	bool stops_at_first;
	struct result results[WORLDS_MAX];
	struct pass_calls passes[PASS_KINDS];
} * shared;

static void add_world(const char *name)
{
	if (shared->count == WORLDS_MAX)
		abort();
	snprintf(shared->results[shared->count++].name, NAME_SIZE, "%s", name);
}

static const char *behind_comma(const char *text)
{
	text = strchr(text, ',');
	return text != NULL ? text + 1 : NULL;
}

/*
 * `bounds` for each of `families` (separated by commas) and each of the
 * `options`, as process 1 or as a subreaper, or both.
 */
static void add_worlds_of(char who, const char *options, const char *families,
			  const char *bounds)
{
	char name[NAME_SIZE];
	const char *option, *family;

	for (option = options; option; option = behind_comma(option))
		for (family = families; family; family = behind_comma(family)) {
			snprintf(name, sizeof(name), "%c:%.*s:%.*s:%s", who,
				 (int)strcspn(option, ","), option,
				 (int)strcspn(family, ","), family, bounds);
			add_world(name);
		}
}

static void add_worlds(const char *options, const char *families,
		       const char *bounds)
{
	add_worlds_of('1', options, families, bounds);
	add_worlds_of('s', options, families, bounds);
}

/* With and without -g, -a, -k, -t 0. */
#define ALL_OPTIONS   ",g,a,k,0,ga,gk,g0,ak,a0,k0,gak,ga0,gk0,ak0,gak0"
#define FAMILIES_TO_3 ",0,00,01"
#define FAMILIES_OF_4 "000,001,011,012"

/* Life and death; with processes that will not go; stops; signals. */
static const char *const themes[] = { "EFT", "EIT", "ERI", "ESZTCP", "ETNHQC" };

static void add_themes(const char *options, const char *families,
		       const char *bounds)
{
	char all[NAME_SIZE];

	for (size_t i = 0; i < sizeof(themes) / sizeof(themes[0]); i++) {
		snprintf(all, sizeof(all), "%s:%s", bounds, themes[i]);
		add_worlds(options, families, all);
	}
}

/*
 * Each kind of event, that many, in each family up to four, with all options:
 * those that are left out here are decided late. What was seen is shared by
 * all that are process 1, and by all that are not.
 */
static void list_all_kinds(const char *events)
{
	char bounds[8];

	snprintf(bounds, sizeof(bounds), "%.1s:0", events);
	for (int who = 0; who < 2; who++) {
		unsigned first = shared->count;

		add_worlds_of("1s"[who], "mo,mog,mok,mogk",
			      FAMILIES_OF_4 "," FAMILIES_TO_3, bounds);
		for (unsigned i = first + 1; i < shared->count; i++)
			shared->results[i].goes_on = true;
	}
}

/* Whether merging and leaving out are all one, where that can be searched. */
static void list_comparisons(void)
{
	add_worlds("co,cog,cok,cogk", FAMILIES_OF_4 "," FAMILIES_TO_3, "2:0");
	add_worlds("co,cog,cok,cogk", ",0", "3:0");
	add_worlds("co,cok", "01,000", "3:0");
	add_worlds("co", ",0", "4:0");
}

static void list_worlds(void)
{
	add_worlds(ALL_OPTIONS, ",0", "2");
	add_worlds(",a", "00,01", "2");
	add_worlds("n,x,e", "0", "2");
	add_worlds("r,ra,rg", "0,00,01", "2");
	/*
	 * Numbers that come again at the worst moment. Process 1 may reach
	 * whom it likes: there are no strangers.
	 */
	add_worlds_of('s', "nd", "0", "3:3:EXT");
	add_worlds_of('s', "ndxi", "0", "4:3:EF");
	add_worlds_of('s', "ni", "01", "4:3:ERX");
	/* Without /proc. */
	add_worlds("p,pa,pk,p0", "0,01", "2");
	add_worlds_of('s', "p", "0,01", "3:0");
	add_worlds("f", "", "2");
	add_themes(",g", "012", "2:2");
	add_themes(",g,a", "0", "3:0");
	list_all_kinds("3");
	add_worlds("co,cogk", "0", "2:0");
}

static void list_deep_worlds(void)
{
	/* Families of four, and six events of a kind. */
	add_themes("", "000,012", "6:0");
	add_worlds("", FAMILIES_OF_4, "6:6:ET");
	add_themes(",g,a", "", "6:6");
	add_themes(",g", "0", "6:0");
	add_themes(",g", "01,012", "3:3");
	/* All kinds of events. */
	add_worlds(",a", FAMILIES_OF_4, "2");
	add_worlds(ALL_OPTIONS, FAMILIES_TO_3, "2");
	add_worlds(",g,a,k,0", "0", "3");
	add_worlds("", "0", "4");
	add_worlds("", "0", "5:0");
	add_worlds("n,ng,x,xg,e,ne", "0,01", "2");
	add_worlds("f,fg,fa,fk", "0", "2");
}

/* ---- searching them ---- */

static void say(const struct result *result, double before, const char *name)
{
	printf("%-18s %9lu states %10lu moves %9lu merged %8lu ends"
	       " %3u deep %6.1f s\n",
	       result->name, result->states, result->moves, result->merged,
	       result->ends, search->deepest, seconds() - before);
	if (!result->is_wrong)
		return;
	printf("VIOLATION in %s: %s\n  by %u events: %s\n"
	       "  replay: %s --replay %s '%s'\n",
	       result->name, search->failure, result->events, search->schedule,
	       name, result->name, search->schedule);
}

static bool is_same(struct seen_sum one, struct seen_sum other)
{
	return one.count == other.count && one.sum == other.sum;
}

/* The world was searched as it is: the same, merged, finds the same. */
static bool compare_merged(void)
{
	struct seen_sum kinds = search->kinds, outcomes = search->outcomes;

	world.compares = false;
	world.merges = true;
	return search_all(false) && is_same(kinds, search->kinds) &&
	       is_same(outcomes, search->outcomes);
}

/* And so do the four worlds whose options are decided from the first on. */
static bool compare_four(void)
{
	struct seen_sum ended = search->ended, outcomes = search->outcomes;

	world.decides_late = false;
	for (int which = 0; which < 4; which++) {
		world.waits_for_all = (which & 1) != 0;
		world.no_grace = (which & 2) != 0;
		if (!search_all(which != 0))
			return false;
	}
	return is_same(ended, search->ended) &&
	       is_same(outcomes, search->outcomes);
}

static bool compare(bool is_late)
{
	if (compare_merged() && (!is_late || compare_four()))
		return true;
	if (*search->failure == '\0')
		strcpy(search->failure, "merged, other states are found");
	return false;
}

static void search_one(struct result *result, const char *name)
{
	double before = seconds();
	bool is_compared;

	if (!read_world(result->name)) {
		fprintf(stderr, "schedules: no world: %s\n", result->name);
		exit(2);
	}
	is_compared = world.compares;
	result->is_wrong = !search_all(result->goes_on);
	result->is_done = true;
	result->states = search->states;
	result->moves = search->edges;
	result->merged = search->merged;
	result->ends = search->ends;
	if (is_compared && !result->is_wrong)
		result->is_wrong = !compare(world.decides_late);
	result->events = count_events(search->schedule);
	say(result, before, name);
	for (int i = 0; i < PASS_KINDS; i++) {
		struct pass_calls *all = &shared->passes[i];

		all->passes += search->passes[i].passes;
		if (search->passes[i].most > all->most)
			all->most = search->passes[i].most;
		search->passes[i] = (struct pass_calls){ 0, 0 };
	}
}

/* One after the other, whoever is free. */
static void search_some(const char *name)
{
	unsigned at;

	while ((at = __atomic_fetch_add(&shared->next, 1, __ATOMIC_RELAXED)) <
	       shared->count) {
		/* Those that go on with what was seen go with their first. */
		if (shared->results[at].goes_on)
			continue;
		do {
			search_one(&shared->results[at], name);
			if (shared->stops_at_first &&
			    shared->results[at].is_wrong)
				exit(0);
		} while (++at < shared->count && shared->results[at].goes_on);
	}
}

static int search_by(int jobs, const char *name)
{
	unsigned long states = 0, moves = 0, ends = 0;
	unsigned wrong = 0, done = 0;

	for (int i = 0; i < jobs; i++) {
		if (fork() != 0)
			continue;
		search_some(name);
		exit(0);
	}
	while (wait(NULL) > 0)
		;
	for (unsigned i = 0; i < shared->count; i++) {
		states += shared->results[i].states;
		moves += shared->results[i].moves;
		ends += shared->results[i].ends;
		wrong += shared->results[i].is_wrong;
		done += shared->results[i].is_done;
	}
	printf("%u of %u worlds, %lu states, %lu moves, %lu ends,"
	       " %u violations\n",
	       done, shared->count, states, moves, ends, wrong);
	if (wrong != 0)
		return 1;
	return done == shared->count ? 0 : 2;
}

static int replay(const char *text, const char *schedule)
{
	if (!read_world(text))
		return 2;
	if (search_replay(schedule)) {
		printf("no violation\n");
		return 0;
	}
	printf("VIOLATION: %s\n", search->failure);
	return 1;
}

int main(int argc, char **argv)
{
	int status, at = 1, jobs = 1;

	setvbuf(stdout, NULL, _IOLBF, 1 << 12);
	if (argc == 4 && strcmp(argv[1], "--replay") == 0)
		return replay(argv[2], argv[3]);
	shared = memory_shared(sizeof(*shared));
	for (; at < argc && argv[at][0] == '-'; at++) {
		if (strcmp(argv[at], "--jobs") == 0 && at + 1 < argc)
			jobs = atoi(argv[++at]);
		else if (strcmp(argv[at], "--small") == 0)
			list_worlds();
		else if (strcmp(argv[at], "--deep") == 0)
			list_deep_worlds();
		else if (strcmp(argv[at], "--compare") == 0)
			list_comparisons();
		else if (strcmp(argv[at], "--all-kinds") == 0 && at + 1 < argc)
			list_all_kinds(argv[++at]);
		else if (strcmp(argv[at], "--first") == 0)
			shared->stops_at_first = true;
		else
			return 2;
	}
	for (; at < argc; at++)
		add_world(argv[at]);
	status = search_by(jobs, argv[0]);
	contract_print_calls(shared->passes);
	return status;
}
