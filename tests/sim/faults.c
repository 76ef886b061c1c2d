/*
 * faults.c - every story once more, in which system calls fail.
 *
 * Each story of stories.c is played again and again: the Nth call of foster,
 * or of its child up to execve(2), fails with each error that its man page
 * has, and with what a filter says (EPERM, ENOSYS); N = 0, 1, 2 ... until a
 * run makes no more calls. Then each call that a story makes is refused
 * from beginning to end. What the story itself expects is not looked at, but:
 *
 * - foster does not end before its program, and then with the program's status
 * - when the program is dead foster ends, unless the story has it wait, or
 *   somebody has stopped it (without a mask SIGTTOU does)
 * - while foster sleeps, none of its children is a zombie
 * - it does not spin
 *
 * A fault that no kernel has is left out: ECHILD while there is a child,
 * EAGAIN of a wait that has no limit.
 */
#include "sim.h"
#include "status.h"
#include "suite.h"
#include "sys.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
	STORIES_MAX = 256,
	WORLDS_MAX = 6, /* of one story: the others are much the same */
	ERRORS_MAX = 16,
	CALLS_LIMIT = 20000,
	/* Of a story with many calls, from here on only every so many fail. */
	EACH_CALL = 60,
	STRIDE = 397,
};

/* ---- what can fail, and how ---- */

static const struct errors {
	long number;
	const char *name;
	int errors[ERRORS_MAX];
} all_errors[] = {
#define CALL(name, ...) { SYS_##name, #name, { EPERM, ENOSYS, __VA_ARGS__ } }
	{ SIM_CALL_SPAWN, "spawn", { EAGAIN, ENOMEM, EPERM, ENOSYS } },
	CALL(read, EINTR, EIO, EAGAIN, EBADF, EISDIR, ESRCH),
	CALL(pread64, EINTR, EIO, EAGAIN, EBADF, EISDIR, ESRCH, EINVAL,
	     ESPIPE),
	CALL(write, EINTR, EIO, EAGAIN, EBADF, EPIPE, ENOSPC, EFBIG),
	CALL(sendto, EAGAIN, EBADF, EPIPE, ENOBUFS, ENOTCONN, ECONNREFUSED),
	CALL(close, EINTR, EIO, EBADF, ENOSPC),
	CALL(mmap, ENOMEM, EAGAIN, ENODEV),
	CALL(munmap, EINVAL),
	CALL(rt_sigaction, EINVAL),
	CALL(rt_sigprocmask, EINVAL),
	CALL(ioctl, EBADF, ENOTTY, EIO, EINVAL),
	CALL(getpid, 0),
	CALL(getppid, 0),
	CALL(execve, E2BIG, EACCES, EIO, ELOOP, EMFILE, ENAMETOOLONG, ENOENT,
	     ENOEXEC, ENOMEM, ENOTDIR, ETXTBSY, EAGAIN, EISDIR),
	CALL(wait4, EINTR),
	CALL(waitid, EINTR),
	CALL(kill, ESRCH, EINVAL),
	CALL(tkill, ESRCH, EAGAIN),
	CALL(chdir, EACCES, EIO, ENOENT, ENOMEM),
	CALL(setpgid, EACCES, ESRCH, EINVAL),
	CALL(setsid, 0),
	CALL(sched_yield, 0),
	CALL(getpgid, ESRCH),
	CALL(rt_sigtimedwait, EINTR, EAGAIN, EINVAL),
	CALL(rt_sigqueueinfo, EAGAIN, ESRCH, EINVAL),
	CALL(prctl, EINVAL),
	CALL(ptrace, ESRCH, EIO),
	CALL(getdents64, ENOENT, EINVAL, EBADF),
	CALL(clock_gettime, EINVAL),
	CALL(nanosleep, EINTR, EINVAL),
	CALL(openat, EACCES, EINTR, EMFILE, ENFILE, ENOENT, ENOMEM, ELOOP,
	     ENXIO, ENOTDIR, EIO),
	CALL(ppoll, EINTR, ENOMEM, EINVAL),
	CALL(statx, EACCES, ENOENT, ENOMEM, ELOOP, ENOTDIR),
	CALL(readlinkat, EACCES, EINVAL, EIO, ENOENT),
	CALL(faccessat, EACCES, ENOENT, EROFS),
	CALL(statfs, EACCES, EINTR, EIO, ENOENT),
	CALL(getxattr, ENODATA, EOPNOTSUPP),
	CALL(pidfd_open, EMFILE, ENFILE, ESRCH, ENODEV, ENOMEM),
	CALL(pidfd_send_signal, ESRCH, EINVAL),
	CALL(close_range, EMFILE, EINVAL, ENOMEM),
	{ SIM_CALL_TRIM, "release_pages", { 0 } },
	CALL(exit_group, 0),
	CALL(exit, 0),
#undef CALL
};

enum { KINDS = sizeof(all_errors) / sizeof(all_errors[0]) };

static const struct errors *errors_of(long number)
{
	for (size_t i = 0; i < KINDS; i++)
		if (all_errors[i].number == number)
			return &all_errors[i];
	return NULL;
}

/* ---- the fault that is played ---- */

static struct {
	bool is_lasting;     /* every call of `number`, else the one at `index` */
	long number;
	unsigned long index;
	int which;	     /* of its errors */
	/* What came of it. */
	const struct errors *errors; /* of the call that failed */
	bool is_past;		     /* there is no such call, or no such error */
	bool has_more;		     /* another error is left for this call */
	bool made[KINDS];	     /* calls that any run made */
} fault;

static bool is_possible(const struct sim_call *call, int error)
{
	return !(call->number == SYS_rt_sigtimedwait && error == EAGAIN &&
		 call->arguments[2] == 0);
}

static long fail_call(void *context, const struct sim_call *call)
{
	const struct errors *errors = errors_of(call->number);
	int error;

	(void)context;
	if (errors == NULL)
		sim_fail("system call %ld has no row in faults.c",
			 call->number);
	fault.made[errors - all_errors] = true;
	if (fault.is_lasting ? call->number != fault.number
			     : call->index != fault.index)
		return 0;
	error = errors->errors[fault.which];
	fault.errors = errors;
	fault.is_past = error == 0;
	fault.has_more = !fault.is_past;
	return is_possible(call, error) ? -error : 0;
}

/*
 * What foster does not survive, and why that is so. A story and a call of it
 * that fails.
 */
static const struct {
	const char *story;
	long number;
} known[] = {
	/* The kernel reaps the program by itself, and tells nobody. */
	{ "an_ignored_sigchld_and_blocked_signals_are_no_trouble",
	  SYS_rt_sigaction },
	/*
	 * With -vv and nobody who reads: what SIGPIPE is said about causes the
	 * next one, and without its own number foster does not see that.
	 */
	{ "what_foster_itself_causes_is_never_handed_over", SYS_getpid },
	/* No signal to end reaches a process 1 that cannot block or wait. */
	{ "told_to_wait_for_all_it_stays_until_it_is_told",
	  SYS_rt_sigprocmask },
	{ "told_to_wait_for_all_it_stays_until_it_is_told",
	  SYS_rt_sigtimedwait },
	{ "told_to_wait_for_all_it_forwards_every_signal_to_its_children",
	  SYS_rt_sigprocmask },
	{ "told_to_wait_for_all_it_forwards_every_signal_to_its_children",
	  SYS_rt_sigtimedwait },
	{ "a_pause_ends_with_0_by_term_and_int", SYS_rt_sigprocmask },
	{ "a_pause_ends_with_0_by_term_and_int", SYS_rt_sigtimedwait },
};

static bool is_known(const char *story)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (fault.errors != NULL &&
		    known[i].number == fault.errors->number &&
		    strncmp(story, known[i].story, strlen(known[i].story)) == 0)
			return true;
	return false;
}

/* ---- leaving a story in its midst ---- */

static sigjmp_buf end_of_story;

static void leave(void)
{
	siglongjmp(end_of_story, 1);
}

/* ---- what must hold whatever fails ---- */

/* Of each world of a story without any fault, in their order. */
static struct usual {
	bool is_asleep_after; /* the program is dead, and foster sleeps */
	bool is_remapped;
} usual[WORLDS_MAX];

static int world;
static bool is_usual;
static char complaint[1024];
static const char *story_name;
static unsigned long runs;

static void complain(const char *what, int number)
{
	const char *call = fault.errors != NULL ? fault.errors->name : "none";

	if (*complaint != '\0' || is_known(story_name))
		return;
	snprintf(complaint, sizeof(complaint),
		 "%s: world %d, %s %lu (%s) fails with %s: %s (%d); %s%s",
		 story_name, world, fault.is_lasting ? "each" : "call",
		 fault.index, call,
		 fault.errors != NULL && !fault.is_past
			 ? strerrorname_np(fault.errors->errors[fault.which])
			 : "nothing",
		 what, number, sim.failure, sim_output(2));
	if (getenv("VERBOSE") != NULL)
		sim_print();
}

static bool has_zombie(int pid)
{
	for (struct sim_process *each = sim_first(); each; each = each->next)
		if (each->state == SIM_ZOMBIE && each->parent != NULL &&
		    each->parent->pid == pid)
			return true;
	return false;
}

/* What foster has started; 0 or an error: nothing. */
static int program_of(int own)
{
	for (size_t i = 0; i < sim.call_count; i++)
		if (sim.calls[i].number == SIM_CALL_SPAWN &&
		    sim.calls[i].pid == own)
			return (int)sim.calls[i].result;
	return 0;
}

/* The world has been played as far as the story went: now to its end. */
static void judge(void)
{
	int own = sim_pid_of_foster();
	enum sim_end_kind end;
	const struct sim_fact *died, *reaped;
	struct usual *now = &usual[world];
	int status, want, program;

	/* A story that failed in the middle of a run has left it so. */
	end = *sim.failure != '\0' ? SIM_FAILED : sim_run();
	runs++;
	status = sim.foster_status;
	if (end == SIM_FAILED)
		complain("the run failed", 0);
	program = program_of(own);
	if (program <= 0 || sim_count(SIM_EXECUTED, program, -1) == 0) {
		if (is_usual)
			now->is_asleep_after = end == SIM_ASLEEP;
		else if (end == SIM_ASLEEP && program > 0)
			complain("sleeps, and there is no program", own);
		goto next;
	}
	died = sim_fact(SIM_DIED, program, -1, 0);
	reaped = sim_fact(SIM_REAPED, program, -1, 0);
	if (end == SIM_ENDED && WTERMSIG(status) == 0) {
		want = died != NULL ? status_of_death(died->number) : -1;
		status = status_of_death(status);
		if (is_usual)
			now->is_remapped = want != status && status == 0;
		if (died == NULL)
			complain("ended before its program", status);
		else if (status != want &&
			 !(status == 0 && now->is_remapped) &&
			 /* SIGCHLD is ignored, and so it stays. */
			 !(status == 125 && (!reaped || reaped->other == 0)))
			complain("not the program's status", status);
	} else if (end == SIM_ASLEEP) {
		if (is_usual)
			now->is_asleep_after = died != NULL;
		if (sim_by_pid(own)->state == SIM_STOPPED)
			goto next;
		if (died != NULL && !now->is_asleep_after)
			complain("never ends", died->number);
		if (has_zombie(own))
			complain("does not reap", own);
	}
next:
	if (++world == WORLDS_MAX)
		leave();
}

/* ---- playing ---- */

static void play(const TTest *story)
{
	world = 0;
	fault.errors = NULL;
	fault.is_past = true;
	fault.has_more = false;
	sim_hooks_at_begin = (struct sim_hooks){ .fault = fail_call };
	/* What a story left in its midst has left was judged. */
	sim_begin();
	sim_before_begin = judge;
	suite_instead = leave;
	if (sigsetjmp(end_of_story, 1) == 0) {
		sim.call_limit = CALLS_LIMIT;
		sim_program("/sh", &sim_sleeper);
		story->fn(0);
	}
	suite_instead = NULL;
	if (world < WORLDS_MAX && sigsetjmp(end_of_story, 1) == 0)
		sim_begin(); /* judges the last world */
	sim_before_begin = NULL;
}

/* Never run, only asked for its stories. */
static Suite *volatile suite_of_stories;
static const TTest *stories[STORIES_MAX];
/* In memory that all tests share: each is a process of its own. */
static unsigned long *all_runs;
static int story_count;

static void collect(const TTest *story)
{
	stories[story_count++] = story;
}

/* For each call from the first on, each of its errors. */
static void fail_one_by_one(const TTest *story)
{
	for (fault.index = 0;;
	     fault.index += fault.index < EACH_CALL ? 1 : STRIDE) {
		bool has_failed = false;

		fault.which = 0;
		do {
			play(story);
			has_failed |= fault.errors != NULL;
			fault.which++;
		} while (fault.has_more && *complaint == '\0');
		if (!has_failed || *complaint != '\0')
			return;
	}
}

/* The two that a filter gives, to each call that was made. */
static void refuse_each(const TTest *story)
{
	bool made[KINDS];

	memcpy(made, fault.made, sizeof(made));
	fault.is_lasting = true;
	for (size_t i = 0; i < KINDS && *complaint == '\0'; i++) {
		fault.number = all_errors[i].number;
		if (!made[i] || fault.number == SIM_CALL_TRIM)
			continue;
		for (fault.which = 0; fault.which < 2; fault.which++)
			play(story);
	}
	fault.is_lasting = false;
}

START_TEST(each_story_survives_each_call_that_fails)
{
	const TTest *story = stories[_i];

	story_name = story->name;
	is_usual = true;
	fault.index = (unsigned long)-1;
	play(story);
	is_usual = false;
	complaint[0] = '\0';
	runs = 0;
	fail_one_by_one(story);
	sim_check(*complaint == '\0', "%s", complaint);
	refuse_each(story);
	sim_check(*complaint == '\0', "%s", complaint);
	*all_runs += runs;
	if (_i < story_count - 1)
		return;
	printf("%lu runs of %d stories, in each of which calls fail\n",
	       *all_runs, story_count);
	fflush(stdout);
}
END_TEST

Suite *stories_suite(void);
Suite *faults_suite(void);

Suite *faults_suite(void)
{
	Suite *suite = suite_create("faults");
	TCase *tcase = suite_case(suite, "each call");

	all_runs = mmap(NULL, sizeof(*all_runs), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (all_runs == MAP_FAILED)
		abort();
	suite_collect = collect;
	suite_of_stories = stories_suite();
	suite_collect = NULL;
	tcase_set_timeout(tcase, 600);
	tcase_add_loop_test(tcase, each_story_survives_each_call_that_fails, 0,
			    story_count);
	return suite;
}
