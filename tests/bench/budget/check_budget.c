/*
 * check_budget.c - what foster costs, where that can be counted exactly.
 *
 *	FOSTER=... PROGRAMS=... check_budget
 *
 * Nothing here is a time. Where instructions and calls are counted, addresses
 * are not random, and the environment and the words are always the same, so
 * the numbers are, too.
 *
 * These are ceilings, with space below them for a clear line more and for
 * other compilers. A program that is simple stays below them; nobody has to
 * make the code smaller or faster than it is.
 *
 * Page faults: of foster one for the file, one for the words and one for the
 * stack, which an ordinary fork(2) has it copy once more; of its child one for
 * the file and some for the stack.
 */
#include "trace.h"
#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

enum row {
	FILE_BYTES,
	PAGES,
	PAGES_OF_ITS_OWN,
	PAGE_FAULTS,
	PAGE_FAULTS_OF_PROGRAM,
	RESIDENT_PROCESS_1,
	RESIDENT_SUBREAPER,
	RESIDENT_PROCESS_1_REAPED,
	RESIDENT_SUBREAPER_REAPED,
	INSTRUCTIONS,
	INSTRUCTIONS_AFTER,
	INSTRUCTIONS_OF_100,
	INSTRUCTIONS_OF_OPTIONS,
	CALLS,
	CALLS_AFTER,
	CALLS_PACED,
	CALLS_BURST,
	WAKE_UPS,
};

/* Seven pages; over libc, or on machines with wider instructions, eight. */
#ifdef __x86_64__
enum { FILE_BYTES_MAX = 30720 };
#else
enum { FILE_BYTES_MAX = 34816 };
#endif

enum { PLACES = 16, STARTS = 30, MEAN_KB_MAX = 16, ORPHANS = 100 };

static const struct ceiling {
	const char *what;
	long most;
} ceilings[] = {
	[FILE_BYTES] = { "bytes of the file", FILE_BYTES_MAX },
	[PAGES] = { "resident pages, idle, over 16 starts", 43 },
	[PAGES_OF_ITS_OWN] = { "of them not the file's", 24 },
	[PAGE_FAULTS] = { "page faults until idle, over 16 starts", 64 },
	[PAGE_FAULTS_OF_PROGRAM] = { "of its child and the program", 100 },
	[RESIDENT_PROCESS_1] = { "resident kB over 30 starts, process 1",
				 STARTS *MEAN_KB_MAX },
	[RESIDENT_SUBREAPER] = { "the same as a subreaper",
				 STARTS *MEAN_KB_MAX },
	[RESIDENT_PROCESS_1_REAPED] = { "process 1 that reaped an orphan",
					STARTS *MEAN_KB_MAX },
	[RESIDENT_SUBREAPER_REAPED] = { "a subreaper that reaped one",
					STARTS *MEAN_KB_MAX },
	[INSTRUCTIONS] = { "user instructions, exec to exec", 1500 },
	[INSTRUCTIONS_AFTER] = { "user instructions until idle", 500 },
	[INSTRUCTIONS_OF_100] = { "more for 100 variables of environment",
				  8000 },
	[INSTRUCTIONS_OF_OPTIONS] = { "more for two options", 3000 },
	[CALLS] = { "system calls, exec to exec", 9 },
	[CALLS_AFTER] = { "system calls from there until idle", 7 },
	[CALLS_PACED] = { "system calls for 100 paced orphans", 3 * ORPHANS },
	[CALLS_BURST] = { "system calls for 100 in a burst", ORPHANS + 5 },
	[WAKE_UPS] = { "wake-ups, idle", 0 },
};

enum {
	PAGE_KB = 4,
	PLACE_STEP = 256,
	IDLE_MS = 500,
	ANSWER_MS = 20000,
	TIMEOUT_S = 60
};

#define USUAL_ENVIRONMENT                                                      \
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",   \
		"HOSTNAME=0123456789ab", "HOME=/root"

static char *usual[] = { USUAL_ENVIRONMENT, NULL };

static void keep(enum row row, long value)
{
	const struct ceiling *ceiling = &ceilings[row];

	printf("%-40s %6ld of %6ld\n", ceiling->what, value, ceiling->most);
	ck_assert_msg(value >= 0 && value <= ceiling->most, "%s: %ld of %ld",
		      ceiling->what, value, ceiling->most);
}

/*
 * By descriptors of fixed numbers, since the kernel writes paths on the new
 * stack and foster reads them: where the files lie shall not count.
 */
enum { FOSTER_FD = 200, PROGRAM_FD = 201 };

static void open_as(int number, const char *path)
{
	int fd = open(path, O_RDONLY);

	ck_assert_msg(fd >= 0 && dup2(fd, number) == number, "%s: %s", path,
		      strerror(errno));
	close(fd);
}

/* foster in front of one of our programs, called as in an image. */
static struct launch foster_with(const char *program, char *const *envp)
{
	static char *words[] = { "/init", "--", "/proc/self/fd/201", NULL };
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", getenv("PROGRAMS"), program);
	open_as(FOSTER_FD, getenv("FOSTER"));
	open_as(PROGRAM_FD, path);
	return (struct launch){
		.argv = words,
		.file = "/proc/self/fd/200",
		.envp = envp,
		.is_at_fixed_places = true,
	};
}

static struct held held_with(char *const *envp)
{
	struct held held = { .launch = foster_with("hold", envp) };

	ck_assert_msg(hold(&held), "foster does not come to rest: %s",
		      strerror(held.launch.error));
	return held;
}

START_TEST(the_file_is_no_larger)
{
	struct stat file;

	ck_assert_int_eq(stat(getenv("FOSTER"), &file), 0);
	keep(FILE_BYTES, file.st_size);
}
END_TEST

/* Where on its page the stack begins is luck; here it is at all places. */
START_TEST(an_idle_foster_holds_no_more_pages_and_faults_no_more)
{
	char padding[4 + PLACES * PLACE_STEP + 1] = "PAD=";
	char *envp[] = { USUAL_ENVIRONMENT, padding, NULL };
	long all_kb = 0, own_kb = 0, faults = 0, of_program = 0;
	struct process_state program;

	sync(); /* pages of a file just built count as its own until then */
	for (int place = 0; place < PLACES; place++) {
		struct held held;

		memset(padding + 4, 'x', (size_t)place * PLACE_STEP);
		held = held_with(envp);
		all_kb += resident_kb(&held);
		own_kb += process_number(held.pid, "smaps_rollup",
					 "Private_Dirty:");
		faults += faults_of(&held);
		ck_assert(process_state(process_child(held.pid), &program));
		of_program += program.faults;
		let_go(&held);
	}
	keep(PAGES, all_kb / PAGE_KB);
	keep(PAGES_OF_ITS_OWN, own_kb / PAGE_KB);
	keep(PAGE_FAULTS, faults);
	keep(PAGE_FAULTS_OF_PROGRAM, of_program);
}
END_TEST

/* One process is made an orphan and reaped. */
static void have_one_reaped(const struct held *held, int input)
{
	unsigned one = 1;
	struct pollfd answer = { .fd = held->output, .events = POLLIN };
	char byte;

	ck_assert(write(input, &one, sizeof(one)) == sizeof(one));
	ck_assert_msg(poll(&answer, 1, ANSWER_MS) == 1, "it was not reaped");
	ck_assert(read(held->output, &byte, 1) == 1);
	ck_assert(wait_until_asleep(held->pid));
}

/*
 * Addresses are random here. One look at a page of the file that was given
 * back maps all of them again: the mean tells it, whatever the place of the
 * stack is.
 */
static void keep_resident(enum row row, bool is_subreaper, bool reaps)
{
	long kb = 0;

	sync();
	for (int start = 0; start < STARTS; start++) {
		struct held held = {
			.launch = foster_with(reaps ? "orphans" : "hold", usual)
		};
		int pipes[2];

		ck_assert_int_eq(pipe2(pipes, O_CLOEXEC), 0);
		held.launch.is_at_fixed_places = false;
		held.launch.is_subreaper = is_subreaper;
		held.launch.stream[0] = pipes[0] + 1;
		ck_assert_msg(hold(&held), "foster does not come to rest: %s",
			      strerror(held.launch.error));
		if (reaps)
			have_one_reaped(&held, pipes[1]);
		kb += resident_kb(&held);
		let_go(&held);
		close(pipes[0]);
		close(pipes[1]);
	}
	keep(row, kb);
}

START_TEST(a_foster_of_either_kind_is_small)
{
	keep_resident(RESIDENT_PROCESS_1, false, false);
	keep_resident(RESIDENT_SUBREAPER, true, false);
}
END_TEST

START_TEST(a_foster_that_has_reaped_is_small)
{
	keep_resident(RESIDENT_PROCESS_1_REAPED, false, true);
	keep_resident(RESIDENT_SUBREAPER_REAPED, true, true);
}
END_TEST

/* Two lists: up to the program, and afterwards. */
static void print_calls(const struct trace *trace)
{
	for (int part = 0; part < TRACE_PARTS; part++) {
		printf(part == TRACE_AFTER ? "; afterwards:" : "");
		for (long i = 0; i < trace->count[part] && i < TRACE_CALLS_KEPT;
		     i++)
			printf(" %d", trace->calls[part][i]);
	}
	printf("\n");
}

static long exec_to_exec(char *const *envp, bool counts_calls,
			 struct trace *trace)
{
	struct launch launch = foster_with("hold", envp);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int i = 0; i < 2; i++)
		launch.stream[i] = null + 1;
	ck_assert(trace_start(&launch, counts_calls, trace));
	return trace->count[TRACE_INIT] + trace->count[TRACE_CHILD];
}

START_TEST(a_start_takes_no_more_instructions)
{
	char variables[100][8], *many[100 + 4] = { USUAL_ENVIRONMENT };
	char *with_options[] = { "FOSTER_OPTIONS=-g -w", USUAL_ENVIRONMENT,
				 NULL };
	struct trace trace;
	long few = exec_to_exec(usual, false, &trace);

	keep(INSTRUCTIONS, few);
	keep(INSTRUCTIONS_AFTER, trace.count[TRACE_AFTER]);
	for (int i = 0; i < 100; i++) {
		snprintf(variables[i], sizeof(variables[i]), "V%02d=x", i);
		many[3 + i] = variables[i];
	}
	keep(INSTRUCTIONS_OF_100, exec_to_exec(many, false, &trace) - few);
	keep(INSTRUCTIONS_OF_OPTIONS,
	     exec_to_exec(with_options, false, &trace) - few);
}
END_TEST

START_TEST(a_start_takes_no_more_system_calls)
{
	struct trace trace;
	long calls = exec_to_exec(usual, true, &trace);

	print_calls(&trace);
	keep(CALLS, calls);
	keep(CALLS_AFTER, trace.count[TRACE_AFTER]);
}
END_TEST

START_TEST(an_orphan_takes_no_more_system_calls)
{
	struct launch launch = foster_with("orphans", usual);

	keep(CALLS_PACED, trace_reaping(&launch, ORPHANS, false));
	keep(CALLS_BURST, trace_reaping(&launch, ORPHANS, true));
}
END_TEST

START_TEST(an_idle_foster_never_wakes_up)
{
	struct held held = held_with(usual);
	long before = wakes_of(held.pid);

	sleep_ns(IDLE_MS * NS_PER_MS);
	keep(WAKE_UPS, wakes_of(held.pid) - before);
	let_go(&held);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("budget");
	TCase *tcase = tcase_create("budget");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, TIMEOUT_S);
	tcase_add_test(tcase, the_file_is_no_larger);
	tcase_add_test(tcase,
		       an_idle_foster_holds_no_more_pages_and_faults_no_more);
	tcase_add_test(tcase, a_foster_of_either_kind_is_small);
	tcase_add_test(tcase, a_foster_that_has_reaped_is_small);
	tcase_add_test(tcase, a_start_takes_no_more_instructions);
	tcase_add_test(tcase, a_start_takes_no_more_system_calls);
	tcase_add_test(tcase, an_orphan_takes_no_more_system_calls);
	tcase_add_test(tcase, an_idle_foster_never_wakes_up);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
