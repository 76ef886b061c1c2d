/*
 * check_hooks.c - what sim.h promises to those who build on it: choices,
 * refusals, invariants, the same run again, thousands of processes. Short
 * examples of each, too.
 */
#include "sim.h"
#include "suite.h"
#include "sys.h"

#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 4096, SIGNALLED = 143, MANY = 3000 };

static const struct sim_script worker = {
	"worker",
	.on = SIM_ON({ SIGTERM, SIM_STEPS(SIM_EXIT(0)) }),
	.steps = SIM_STEPS(SIM_PAUSE),
};

static const struct sim_script parent = {
	"parent",
	.steps = SIM_STEPS(SIM_FORK(&worker), SIM_PAUSE),
};

static void begin_world(void)
{
	sim_begin();
	sim_program("/app", &parent);
	sim_foster(NULL, "foster", "/app", NULL);
}

/*
 * Every order: the choices of a run are a path in a tree, and the next run
 * takes the next branch at the last place where there is one.
 */
static struct path {
	unsigned taken[DEPTH_MAX], count[DEPTH_MAX];
	unsigned depth, length;
} path;

static unsigned choose(void *context, const struct sim_choice *choice)
{
	struct path *at = context;

	/* Where foster only works on what is its own, order means nothing. */
	if (choice->call != NULL && choice->call->number != SYS_kill &&
	    choice->call->number != SYS_wait4)
		return 0;
	if (at->depth == DEPTH_MAX)
		sim_fail("too many choices");
	if (at->depth == at->length) {
		at->taken[at->length] = 0;
		at->count[at->length++] = choice->count;
	}
	if (at->count[at->depth] != choice->count)
		sim_fail("the same choices lead elsewhere");
	return at->taken[at->depth++];
}

/* Whether there is another run. */
static bool next_path(struct path *at)
{
	while (at->length > 0 &&
	       ++at->taken[at->length - 1] == at->count[at->length - 1])
		at->length--;
	at->depth = 0;
	return at->length > 0;
}

START_TEST(every_order_of_a_small_world_can_be_played)
{
	unsigned long runs = 0, told = 0, untold = 0, early = 0;
	const struct sim_fact *sent;
	enum sim_end_kind end;

	memset(&path, 0, sizeof(path));
	do {
		begin_world();
		sim.hooks.choose = choose;
		sim.hooks.context = &path;
		sim_any_time(sim_do_inside, 1, SIGTERM);
		end = sim_run();
		sent = sim_fact(SIM_SENT, 1, SIGTERM, 0);
		/* Before foster has made a call, process 1 is immune. */
		if (sent->fate == SIM_DROPPED) {
			sim_check(end == SIM_ASLEEP, "run %lu: %d", runs, end);
			early++;
			continue;
		}
		sim_check(end == SIM_ENDED, "run %lu: %s", runs, sim.failure);
		sim_check(sim_status_of_foster() == SIGNALLED, "run %lu: %d",
			  runs, sim_status_of_foster());
		sim_check(sim_count(SIM_SWEPT, 0, -1) == 0, "run %lu", runs);
		if (sim_pid_of("worker", 0) != 0)
			told++;
		else
			untold++;
	} while (runs++, next_path(&path));

	/* The program ends before and after it has forked. */
	sim_check(told > 0 && untold > 0 && early > 0, "%lu, %lu, %lu of %lu",
		  told, untold, early, runs);
	sim_check(runs > 10, "%lu runs", runs);
	printf("%lu orders of a small world\n", runs);
}
END_TEST

struct refusal {
	unsigned long index;
	bool has_struck;
};

static long refuse(void *context, const struct sim_call *call)
{
	struct refusal *refusal = context;

	if (call->index != refusal->index)
		return 0;
	refusal->has_struck = true;
	return -ENOSYS;
}

/* N = 0, 1, 2 ... until a run needs no more. */
START_TEST(each_call_can_be_refused)
{
	struct refusal refusal = { 0, true };
	unsigned long runs = 0;

	for (; refusal.has_struck; refusal.index++, runs++) {
		refusal.has_struck = false;
		begin_world();
		sim.hooks.fault = refuse;
		sim.hooks.context = &refusal;
		sim_run();
		sim_check(*sim.failure == '\0', "call %lu refused: %s",
			  refusal.index, sim.failure);
	}

	sim_check(runs > 10, "%lu runs", runs);
}
END_TEST

static void count_turn(void *context)
{
	++*(unsigned long *)context;
}

START_TEST(hooks_are_called_after_each_step_and_may_fail_the_run)
{
	unsigned long turns = 0;

	begin_world();
	sim.hooks.stepped = count_turn;
	sim.hooks.context = &turns;
	sim_run();
	/* One for each step of an actor at least, and one of foster. */
	sim_check(turns >= 3, "%lu turns", turns);
}
END_TEST

static void no_second_child(void *context, const struct sim_fact *fact)
{
	(void)context;
	if (fact->kind == SIM_FORKED && fact->pid == 3)
		sim_fail("the invariant does not hold");
}

START_TEST(a_broken_invariant_ends_the_run)
{
	begin_world();
	sim.hooks.fact = no_second_child;
	ck_assert_int_eq(sim_run(), SIM_FAILED);
	ck_assert_str_eq(sim.failure, "the invariant does not hold");
	/* And another run can begin. */
	begin_world();
	ck_assert_int_eq(sim_run(), SIM_ASLEEP);
}
END_TEST

static int calls_unknown(void *unused)
{
	(void)unused;
	return (int)sys_call1(99999, 0);
}

START_TEST(an_unknown_system_call_is_a_failure)
{
	sim_begin();
	sim_native(NULL, calls_unknown, NULL);
	ck_assert_int_eq(sim_run(), SIM_FAILED);
	ck_assert_str_eq(sim.failure, "system call 99999 is not simulated");
}
END_TEST

static int never_rests(void *unused)
{
	(void)unused;
	for (;;)
		sys_getpid();
	return 0;
}

START_TEST(spinning_is_a_failure)
{
	sim_begin();
	sim_native(NULL, never_rests, NULL);
	ck_assert_int_eq(sim_run(), SIM_FAILED);
	ck_assert_ptr_nonnull(strstr(sim.failure, "system calls"));
}
END_TEST

static void fork_many(struct sim_process *self, int count)
{
	while (count-- > 0)
		sim_actor(self, &worker);
}

static const struct sim_script crowd = {
	"crowd",
	.steps = SIM_STEPS(SIM_CALL(fork_many, MANY), SIM_EXIT(0)),
};

START_TEST(thousands_of_processes_are_told_once_each)
{
	sim_begin();
	sim_program("/app", &crowd);
	sim_foster(NULL, "foster", "/app", NULL);
	ck_assert_int_eq(sim_run(), SIM_ENDED);
	ck_assert_uint_eq(sim.process_count, 1);
	for (size_t i = 0; i < sim.fact_count; i++) {
		const struct sim_fact *fact = &sim.facts[i];

		if (fact->kind == SIM_DIED && fact->pid > 2)
			sim_check(fact->number == 0, "%d died of %#x",
				  fact->pid, (unsigned)fact->number);
	}
	sim_check(sim_count(SIM_TAKEN, 3, SIGTERM) == 1, "told twice");
}
END_TEST

Suite *hooks_suite(void);
Suite *hooks_suite(void)
{
	Suite *suite = suite_create("hooks");
	TCase *tcase = suite_case(suite, "hooks");

	suite_add(tcase, every_order_of_a_small_world_can_be_played);
	suite_add(tcase, each_call_can_be_refused);
	suite_add(tcase, hooks_are_called_after_each_step_and_may_fail_the_run);
	suite_add(tcase, a_broken_invariant_ends_the_run);
	suite_add(tcase, an_unknown_system_call_is_a_failure);
	suite_add(tcase, spinning_is_a_failure);
	suite_add(tcase, thousands_of_processes_are_told_once_each);
	return suite;
}
