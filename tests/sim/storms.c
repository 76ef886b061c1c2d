/*
 * storms.c - children that die as fast as foster reaps them, and for ever:
 * signals have their turn all the same, and the grace time an end.
 */
#include "sim.h"
#include "suite.h"
#include "sys.h"

enum {
	CALLS_LIMIT = 100000,
	TERM_AT_CALL = 3000, /* far into the storm */
	CALLS_AT_ONCE = 1100, /* until signals have their turn, at most */
	STEPS_A_REAP = 4, /* enough for a child to die, or to stop or go on */
	NS_A_REAP = 2000000,
	BURST_MS = 2000, /* of 1,000 reaps */
};

/* Each leaves a child behind, which does the same. */
static const struct sim_script chain;
static const struct sim_step chain_steps[] = { SIM_FORK(&chain), SIM_EXIT(0),
					       SIM_END };
static const struct sim_script chain = {
	"chain",
	.on = SIM_ON({ SIGTERM, SIM_IGNORED }),
	.steps = chain_steps,
};

static const struct sim_script begins_a_storm = {
	"program",
	.steps = SIM_STEPS(SIM_FORK(&chain), SIM_PAUSE),
};

static unsigned steps;
static bool is_reaping;
static int foster, app;

/*
 * Before foster reaps, the others have time for something to be reaped. Which
 * call it is about to make is said when it comes to it, and not again.
 */
static unsigned storm(void *unused, const struct sim_choice *choice)
{
	(void)unused;
	if (choice->call != NULL)
		is_reaping = choice->call->number == SYS_wait4;
	if (!is_reaping)
		return 0;
	if (steps++ < STEPS_A_REAP)
		return 1;
	steps = 0;
	is_reaping = false;
	sim.now_ns += NS_A_REAP;
	return 0;
}

static void start(const char *option, const char *value)
{
	steps = 0;
	is_reaping = false;
	sim_begin();
	sim.call_limit = CALLS_LIMIT;
	sim.hooks.choose = storm;
	sim_program("/app", &begins_a_storm);
	foster = sim_foster(NULL, "foster", option, value, "/app", NULL)->pid;
	app = foster + 1;
}

/* TERM arrives, and that is the end of the program and of foster. */
static void ends_by_term(void)
{
	enum sim_end_kind end;

	sim_before_call(TERM_AT_CALL, sim_do_outside, foster, SIGTERM);
	end = sim_run();
	sim_check(end == SIM_ENDED, "no end: %d, %s", end, sim.failure);
	sim_check(sim_status_of_foster() == 128 + SIGTERM, "status %d: %s",
		  sim_status_of_foster(), sim_output(2));
	sim_check(sim_sent_by(foster, app, SIGTERM) == 1, "TERM");
	sim_check(sim_count(SIM_REAPED, 0, -1) > TERM_AT_CALL / 2 ||
			  sim_count(SIM_HALTED, 0, -1) > TERM_AT_CALL / 2,
		  "no storm");
}

static void calls_since_term(unsigned long most)
{
	sim_check(sim.calls_made > TERM_AT_CALL &&
			  sim.calls_made < TERM_AT_CALL + most,
		  "%lu calls", sim.calls_made);
}

START_TEST(a_signal_has_its_turn)
{
	start("-t", "0");
	ends_by_term();
	calls_since_term(CALLS_AT_ONCE);
}
END_TEST

START_TEST(a_stopped_program_is_continued)
{
	start("-t", "0");
	sim_before_call(TERM_AT_CALL / 2, sim_do_inside, app, SIGSTOP);
	ends_by_term();
	sim_check(sim_sent_by(foster, app, SIGCONT) == 1, "CONT");
	calls_since_term(2 * CALLS_AT_ONCE);
}
END_TEST

START_TEST(the_grace_begins_and_ends)
{
	uint64_t took_ms;

	start("-t", "2s");
	ends_by_term();
	/*
	 * Whenever a part of the grace time is over, a storm is first reaped
	 * for some time: at the first look, at 3/4, at 7/8 and at its end.
	 */
	took_ms = (sim.now_ns - sim_fact(SIM_DIED, app, -1, 0)->ns) / 1000000;
	sim_check(took_ms >= 2000 && took_ms <= 2000 + 4 * BURST_MS, "%lu ms",
		  (unsigned long)took_ms);
}
END_TEST

static const struct sim_script flips_its_parent = {
	"flipper",
	.steps = SIM_STEPS(SIM_SIGNAL_PARENT(SIGSTOP),
			   SIM_SIGNAL_PARENT(SIGCONT), SIM_REPEAT),
};

static const struct sim_script is_flipped = {
	"program",
	.steps = SIM_STEPS(SIM_FORK(&flips_its_parent), SIM_PAUSE),
};

START_TEST(who_stops_and_goes_on_for_ever_holds_nothing_up)
{
	start("-t", "0");
	sim_program("/app", &is_flipped);
	ends_by_term();
	/* A stop costs three calls: whether it is traced, and the time. */
	calls_since_term(3 * CALLS_AT_ONCE);
}
END_TEST

static const struct sim_script ends = {
	"orphan",
	.steps = SIM_STEPS(SIM_EXIT(0)),
};

enum { MANY = 1500 };

static void fork_many(struct sim_process *self, int count)
{
	while (count-- > 0)
		sim_actor(self, &ends);
}

static const struct sim_script leaves_many = {
	"leaver",
	.steps = SIM_STEPS(SIM_CALL(fork_many, MANY), SIM_EXIT(0)),
};

static const struct sim_script starts_a_burst = {
	"program",
	.steps = SIM_STEPS(SIM_FORK(&leaves_many), SIM_WAIT, SIM_PAUSE),
};

/* foster comes when nobody else can do anything. */
static unsigned others_first(void *unused, const struct sim_choice *choice)
{
	(void)unused;
	return choice->count > 1;
}

static int refused;

/* And no SIGCHLD waits: the last wait took one for all of them. */
static long refuse_own_signals(void *unused, const struct sim_call *call)
{
	(void)unused;
	if (call->number != SYS_kill || call->arguments[0] != foster)
		return 0;
	refused++;
	sim_by_pid(foster)->shared.bits &= ~(UINT64_C(1) << (SIGCHLD - 1));
	return -EPERM;
}

START_TEST(where_it_may_not_signal_itself_all_are_reaped)
{
	enum sim_end_kind end;

	start("-t", "0");
	sim_program("/app", &starts_a_burst);
	sim.hooks.choose = others_first;
	sim.hooks.fault = refuse_own_signals;
	refused = 0;
	end = sim_run();
	sim_check(end == SIM_ASLEEP, "%d, not asleep", end);
	sim_check(sim_zombies() == 0, "%u zombies", sim_zombies());
	sim_check(refused == 1, "%d times refused", refused);
}
END_TEST

Suite *storms_suite(void);
Suite *storms_suite(void)
{
	Suite *suite = suite_create("storms");
	TCase *tcase = suite_case(suite, "storms");

	suite_add(tcase, a_signal_has_its_turn);
	suite_add(tcase, a_stopped_program_is_continued);
	suite_add(tcase, the_grace_begins_and_ends);
	suite_add(tcase, who_stops_and_goes_on_for_ever_holds_nothing_up);
	suite_add(tcase, where_it_may_not_signal_itself_all_are_reaped);
	return suite;
}
