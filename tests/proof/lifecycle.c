/*
 * lifecycle.c and ending.c, for any number of events: by induction. What
 * `agrees` says is true at the beginning (proves_lifecycle_begins), and whenever
 * it is true before an event, any event, it is true after it, and the step was
 * the one that the oracle of tests/lifecycle_contract.h asks for
 * (proves_lifecycle_goes_on, _ends_in_time, _by_signals, _by_reaping). So it is
 * true for ever. The steps that the oracle asks for break none of its rules
 * (proves_lifecycle_keeps_the_rules), by induction as well.
 */
#include "../lifecycle_contract.h"
#include "proof.h"

/* 139 years after the start; with it no sum of times can be too large. */
#define LATEST_MS (UINT64_C(1) << 42)

/* Options go up to 24 days. */
#define LONGEST_MS (UINT32_C(1) << 31)

static unsigned char rewriting[SIGNALS_REWRITING_SIZE];
static struct lifecycle_config config;
static struct lifecycle lifecycle;
static struct oracle oracle;
static uint64_t now_ms;

static void any_config(void)
{
	struct lifecycle_config any;

	assume(any.grace_ms <= LONGEST_MS && any.kill_after_ms <= LONGEST_MS);
	/* No signal is 0. */
	rewriting[0] = 0;
	for (int i = 1; i <= SIGNALS_MAX; i++) {
		rewriting[i] = any_uint8();
		assume(rewriting[i] <= SIGNALS_MAX ||
		       rewriting[i] == SIGNALS_DROPPED);
	}
	config = any;
	config.rewriting = rewriting;
}

/* ---- what always holds ---- */

/* What happened at any time, has happened. */
static bool is_past(uint64_t ms)
{
	return ms == ORACLE_NEVER || ms <= now_ms;
}

static bool the_past_is_past(void)
{
	return is_past(oracle.told_ms) && is_past(oracle.asked_ms) &&
	       is_past(oracle.quit_or_hup_ms) && is_past(oracle.ending_ms) &&
	       is_past(oracle.killing_ms);
}

/* More are told one after the other, and nobody is before the grace time. */
static bool the_telling_is_possible(void)
{
	if (!oracle_is_ending(&oracle))
		return !oracle.roots_were_told && !oracle.all_were_told &&
		       !oracle.last_were_told && !oracle.looks_soon &&
		       !oracle_is_killing(&oracle) && oracle.requests == 0;
	if (!oracle.roots_were_told)
		return !oracle.all_were_told && !oracle.last_were_told &&
		       !oracle.looks_soon && !oracle_is_killing(&oracle) &&
		       !oracle.was_told_to_stop && oracle.requests == 0;
	return (oracle.all_were_told || !oracle.last_were_told) &&
	       (oracle.has_reaped || !oracle.looks_soon) &&
	       oracle.looked_ms <= now_ms &&
	       (oracle.requests > 0 ||
		oracle.looked_ms >=
			oracle.ending_ms + oracle_quiet_ms(&oracle));
}

/* Who was told to stop, or had a signal to end later, knows by which. */
static bool the_stop_is_possible(void)
{
	bool has_stop = oracle.was_told_to_stop || oracle.requests > 0;
	bool has_told = oracle.told_ms != ORACLE_NEVER;

	return oracle.stop >= 0 && oracle.stop <= SIGNALS_MAX &&
	       (oracle.stop != 0) == has_stop && oracle.told_by >= 0 &&
	       oracle.told_by <= SIGNALS_MAX &&
	       (oracle.told_by != 0) == has_told;
}

static bool the_history_is_possible(void)
{
	if (!the_past_is_past() || !the_telling_is_possible() ||
	    !the_stop_is_possible())
		return false;
	if (config.is_pause && (oracle.has_ended || oracle.wait_status != 0))
		return false;
	if (oracle.was_killed && (config.kill_after_ms == 0 ||
				  oracle.asked_ms == ORACLE_NEVER))
		return false;
	if (!oracle_is_ending(&oracle))
		return true;
	if (config.grace_ms == 0 || oracle_program_runs(&oracle) ||
	    oracle_all_may_run(&oracle))
		return false;
	if (oracle_is_killing(&oracle))
		return !config.is_process_1 &&
		       (oracle.requests > 1 ||
			(oracle.last_were_told &&
			 oracle.killing_ms >=
				 oracle.ending_ms + config.grace_ms));
	return oracle.requests < 2 || oracle.is_over;
}

/* Until when a stop of the program is continued. */
static uint64_t right_continues_until_ms(void)
{
	if (oracle.had_term_or_int)
		return LIFECYCLE_NEVER;
	return oracle.quit_or_hup_ms == ORACLE_NEVER
		       ? 0
		       : oracle.quit_or_hup_ms + ORACLE_CONTINUE_MS;
}

/* The program: its status is kept as soon as there is one. */
static bool it_knows_the_program(void)
{
	bool has_kill_time = config.kill_after_ms != 0 &&
			     oracle.asked_ms != ORACLE_NEVER;

	if (oracle_program_runs(&oracle) &&
	    (lifecycle.is_stopped != oracle.is_stopped ||
	     lifecycle.owes_continue != oracle.owes_continue ||
	     lifecycle.continues_until_ms != right_continues_until_ms()))
		return false;
	if (!oracle_program_runs(&oracle) && !oracle.is_over &&
	    lifecycle.owes_continue)
		return false;
	return lifecycle.config == &config &&
	       lifecycle.has_kill_time == has_kill_time &&
	       lifecycle.stop_signal == oracle.stop &&
	       lifecycle.told_signal == oracle.told_by &&
	       lifecycle.forwarded == oracle.forwarded &&
	       lifecycle.told_until_ms ==
		       (oracle.told_ms == ORACLE_NEVER
				? 0
				: oracle.told_ms + config.grace_ms + 1) &&
	       (oracle_program_runs(&oracle) ||
		lifecycle.wait_status == oracle.wait_status);
}

/* When more are told, or else when the time is over. */
static uint64_t right_stage_until_ms(void)
{
	return oracle_telling_ms(&oracle) != ORACLE_NEVER
		       ? oracle_telling_ms(&oracle)
		       : oracle_deadline_ms(&oracle);
}

/* What is due; nothing is, as long as nothing ends. */
static bool it_knows_the_time(void)
{
	return lifecycle.kill_at_ms == oracle_kill_ms(&oracle) &&
	       lifecycle.stage_until_ms == right_stage_until_ms() &&
	       lifecycle.look_ms == oracle_look_ms(&oracle) &&
	       lifecycle.has_reaped == oracle.has_reaped &&
	       (!oracle_is_ending(&oracle) ||
		lifecycle.ended_ms == oracle.ending_ms) &&
	       (!oracle.roots_were_told ||
		lifecycle.looked_ms == oracle.looked_ms);
}

static enum lifecycle_stage right_stage(void)
{
	if (oracle.is_over)
		return STAGE_DONE;
	if (oracle_program_runs(&oracle))
		return STAGE_RUNNING;
	if (oracle_all_may_run(&oracle))
		return config.is_pause ? STAGE_PAUSING : STAGE_LINGERING;
	if (oracle_is_settling(&oracle))
		return STAGE_ENDED;
	if (oracle_is_killing(&oracle))
		return STAGE_KILLING;
	if (oracle.last_were_told)
		return STAGE_LAST_CALL;
	if (oracle.all_were_told)
		return STAGE_ESCALATED;
	return oracle.roots_were_told ? STAGE_ENDING : STAGE_QUIET;
}

/* Without a grace time it is over in the place of STAGE_ENDED. */
static bool it_knows_the_stage(void)
{
	return lifecycle.stage == right_stage() &&
	       lifecycle.had_one_more == (oracle.requests > 0) &&
	       (lifecycle.stage != STAGE_ENDED || config.grace_ms != 0);
}

static bool agrees(void)
{
	return now_ms < LATEST_MS && oracle.config == &config &&
	       the_history_is_possible() && it_knows_the_program() &&
	       it_knows_the_stage() && (oracle.is_over || it_knows_the_time());
}

/* ---- the beginning ---- */

static void begin(void)
{
	any_config();
	now_ms = any_uint64();
	assume(now_ms < LATEST_MS);
	lifecycle_begin(&lifecycle, &config);
	oracle_begin(&oracle, &config);
}

void proves_lifecycle_begins(void)
{
	begin();
	prove(agrees());
	prove(!lifecycle_is_over(&lifecycle));
	prove(lifecycle_due_ms(&lifecycle) == LIFECYCLE_NEVER);
	prove(lifecycle_signal_to_end(&lifecycle) ==
	      oracle_signal_to_end(&oracle));
	reached_if(config.is_pause, "a pause");
	reached_if(!config.is_pause, "a program");
}

/* ---- one event ---- */

static enum lifecycle_event event;
static unsigned events = ~0U; /* a bit for each that is looked at */
static int value;
static uint64_t told_now_ms;

static bool wants_time(void)
{
	return lifecycle_wants_time(&lifecycle,
				    event == EVENT_SIGNAL ? value : 0);
}

/*
 * As src/loop.c and src/reap.c have it: the time is right where it is wanted
 * and when the program has stopped, else any.
 */
static void any_event(void)
{
	uint64_t later_ms = any_uint64();
	unsigned number = any_unsigned();

	event = number;
	value = any_int();
	assume(number <= EVENT_NO_CHILDREN && (events >> number & 1));
	assume(oracle_can_happen(&oracle, event));
	if (event == EVENT_SIGNAL || event == EVENT_STOPPED)
		assume(value >= 1 && value <= SIGNALS_MAX);
	assume(later_ms >= now_ms && later_ms < LATEST_MS);
	now_ms = later_ms;
	told_now_ms = any_uint64();
	if (event == EVENT_TIME || event == EVENT_STOPPED ||
	    ((event == EVENT_SIGNAL || event == EVENT_NOTHING_TO_REAP) &&
	     wants_time()))
		told_now_ms = now_ms;
}

static struct lifecycle_step goes_on(void)
{
	struct lifecycle_step step, right;

	any_event();
	if (event == EVENT_SIGNAL || event == EVENT_NOTHING_TO_REAP)
		prove(!wants_time() ||
		      oracle_may_ask_time(&oracle, event == EVENT_SIGNAL
							   ? value
							   : SIGCHLD));
	step = lifecycle_next(&lifecycle, event, value, told_now_ms);
	right = oracle_next(&oracle, event, value, now_ms);
	prove(step.action == right.action);
	prove(step.signal == right.signal);
	return step;
}

/* Of a bool that was never set, cbmc takes any byte but 0 for true. */
#define ONE_BIT(is) ((is) = (is) ? true : false)

static void all_are_bits(void)
{
	ONE_BIT(lifecycle.has_kill_time);
	ONE_BIT(lifecycle.is_stopped);
	ONE_BIT(lifecycle.owes_continue);
	ONE_BIT(lifecycle.had_one_more);
	ONE_BIT(lifecycle.has_reaped);
	ONE_BIT(oracle.has_ended);
	ONE_BIT(oracle.is_stopped);
	ONE_BIT(oracle.owes_continue);
	ONE_BIT(oracle.had_term_or_int);
	ONE_BIT(oracle.was_killed);
	ONE_BIT(oracle.was_told_to_stop);
	ONE_BIT(oracle.roots_were_told);
	ONE_BIT(oracle.all_were_told);
	ONE_BIT(oracle.last_were_told);
	ONE_BIT(oracle.has_reaped);
	ONE_BIT(oracle.looks_soon);
	ONE_BIT(oracle.is_over);
}

static void any_history(void)
{
	struct oracle any_oracle;

	oracle = any_oracle;
	oracle.config = &config;
	now_ms = any_uint64();
}

/* What `agrees` leaves no choice for: given, it need not be found. */
static void take_what_agrees(void)
{
	lifecycle.stage = right_stage();
	lifecycle.kill_at_ms = oracle_kill_ms(&oracle);
	lifecycle.stage_until_ms = right_stage_until_ms();
	lifecycle.look_ms = oracle_look_ms(&oracle);
	lifecycle.has_reaped = oracle.has_reaped;
	lifecycle.stop_signal = oracle.stop;
	lifecycle.told_signal = oracle.told_by;
	lifecycle.had_one_more = oracle.requests > 0;
	lifecycle.forwarded = oracle.forwarded;
	if (oracle_is_ending(&oracle))
		lifecycle.ended_ms = oracle.ending_ms;
	if (oracle.roots_were_told)
		lifecycle.looked_ms = oracle.looked_ms;
}

/* In the midst of any life, of which only that holds. */
static void any_life(void)
{
	struct lifecycle any_lifecycle;

	any_config();
	any_history();
	lifecycle = any_lifecycle;
	lifecycle.config = &config;
	all_are_bits();
	take_what_agrees();
	assume(agrees());
	assume(!oracle.is_over);
}

static void one_event(void)
{
	enum lifecycle_stage before = lifecycle.stage;
	struct lifecycle_step step;

	step = goes_on();
	prove(the_history_is_possible());
	prove(it_knows_the_program());
	prove(it_knows_the_stage());
	prove(oracle.is_over || it_knows_the_time());
	prove(agrees());
	prove(lifecycle_is_over(&lifecycle) == oracle.is_over);
	prove(oracle.is_over ||
	      lifecycle_due_ms(&lifecycle) == oracle_due_ms(&oracle));
	prove(lifecycle_told_signal(&lifecycle, now_ms) ==
	      oracle_told_signal(&oracle, now_ms));
	prove(lifecycle_signal_to_end(&lifecycle) ==
	      oracle_signal_to_end(&oracle));
	prove(oracle.is_over || lifecycle_spares_readers(&lifecycle) ==
					oracle_spares_readers(&oracle));
	/* What has ended never runs again. */
	prove(lifecycle.stage >= before);
	reached_if(step.action != STEP_NOTHING, "a step");
}

/* In four parts, which are less work: before leftovers end, and by events. */
void proves_lifecycle_goes_on(void)
{
	any_life();
	assume(!oracle_is_ending(&oracle));
	one_event();
	reached_if(oracle.was_killed, "option -k");
	reached_if(config.is_pause, "in a pause");
	reached_if(lifecycle.stage == STAGE_LINGERING, "under option -a");
	reached_if(oracle_is_ending(&oracle), "leftovers end");
	reached_if(event == EVENT_STOPPED && oracle_continues(&oracle, value, now_ms),
		   "a stop that is continued");
}

enum {
	TIMES = 1U << EVENT_TIME,
	SIGNALS = 1U << EVENT_SIGNAL,
	OTHERS = ~(TIMES | SIGNALS),
};

static void one_event_of_the_ending(unsigned of_these)
{
	any_life();
	assume(oracle_is_ending(&oracle));
	events = of_these;
	one_event();
}

void proves_lifecycle_ends_in_time(void)
{
	one_event_of_the_ending(TIMES);
	reached_if(oracle.all_were_told, "all are told");
	reached_if(oracle.last_were_told, "the last ones are");
	reached_if(oracle_is_killing(&oracle), "killing");
	reached_if(oracle.is_over, "the report");
}

void proves_lifecycle_ends_by_signals(void)
{
	one_event_of_the_ending(SIGNALS);
	reached_if(oracle.requests == 1, "a signal to end");
	reached_if(oracle_is_killing(&oracle), "killing");
	reached_if(oracle.is_over, "the report");
}

void proves_lifecycle_ends_by_reaping(void)
{
	one_event_of_the_ending((unsigned)OTHERS);
	reached_if(oracle.is_over, "nobody is left");
	reached_if(oracle.looks_soon, "a look is due");
}

/* The oracle alone: what it asks for is what foster(1) says never fails. */
void proves_lifecycle_keeps_the_rules(void)
{
	struct oracle was;
	struct lifecycle_step step;

	any_config();
	any_history();
	lifecycle.config = &config;
	all_are_bits();
	assume(now_ms < LATEST_MS && the_history_is_possible());
	assume(!oracle.is_over);
	was = oracle;
	any_event();
	step = oracle_next(&oracle, event, value, now_ms);
	prove(oracle_broken_rule(&was, &oracle, event, value, now_ms, step) ==
	      NULL);
	prove(the_history_is_possible());
	reached_if(step.action == STEP_TERMINATE_ALL, "all are told");
	reached_if(step.action == STEP_REPORT, "the report");
}

/*
 * What was assumed above does happen: from the beginning, EVENTS events lead
 * to every stage and every step (here with just one grace time).
 */
enum { EVENTS = 4 };

void proves_lifecycle_gets_everywhere(void)
{
	unsigned stages, steps = 0;

	begin();
	for (int i = 1; i <= SIGNALS_MAX; i++)
		rewriting[i] = 0;
	config.grace_ms = 1000;
	config.kill_after_ms = 500;
	stages = 1U << lifecycle.stage;
	for (int i = 0; i < EVENTS && !oracle.is_over; i++) {
		steps |= 1U << goes_on().action;
		stages |= 1U << lifecycle.stage;
	}
	prove(agrees());
	reached_if(stages >> STAGE_PAUSING & 1, "pausing");
	reached_if(stages >> STAGE_LINGERING & 1, "lingering");
	reached_if(stages >> STAGE_ENDED & 1, "ended");
	reached_if(stages >> STAGE_QUIET & 1, "quiet");
	reached_if(stages >> STAGE_ENDING & 1, "ending");
	reached_if(stages >> STAGE_ESCALATED & 1, "escalated");
	reached_if(stages >> STAGE_LAST_CALL & 1, "last call");
	reached_if(stages >> STAGE_KILLING & 1, "killing");
	reached_if(stages >> STAGE_DONE & 1, "done");
	reached_if(steps >> STEP_FORWARD & 1, "forward");
	reached_if(steps >> STEP_CONTINUE_PROGRAM & 1, "continue it");
	reached_if(steps >> STEP_KILL_PROGRAM & 1, "kill it");
	reached_if(steps >> STEP_SUSPEND & 1, "suspend");
	reached_if(steps >> STEP_TERMINATE_CHILDREN & 1, "terminate children");
	reached_if(steps >> STEP_TERMINATE_ALL & 1, "terminate all");
	reached_if(steps >> STEP_SIGNAL_CHILDREN & 1, "signal them");
	reached_if(steps >> STEP_KILL_ALL & 1, "kill all");
	reached_if(steps >> STEP_REPORT & 1, "report");
}

/* Where no time is wanted, none counts: the same for any two times. */
void proves_lifecycle_needs_no_clock(void)
{
	struct lifecycle other;
	struct lifecycle_step step, other_step;

	any_life();
	any_event();
	assume(event != EVENT_TIME && event != EVENT_STOPPED);
	if (event == EVENT_SIGNAL || event == EVENT_NOTHING_TO_REAP)
		assume(!wants_time());
	other = lifecycle;
	step = lifecycle_next(&lifecycle, event, value, any_uint64());
	other_step = lifecycle_next(&other, event, value, any_uint64());
	prove(step.action == other_step.action);
	prove(step.signal == other_step.signal);
	prove(lifecycle.stage == other.stage);
	prove(lifecycle_due_ms(&lifecycle) == lifecycle_due_ms(&other));
	prove(lifecycle.told_until_ms == other.told_until_ms);
	prove(lifecycle.told_signal == other.told_signal);
	prove(lifecycle.stop_signal == other.stop_signal);
	prove(lifecycle.continues_until_ms == other.continues_until_ms);
	prove(lifecycle.ended_ms == other.ended_ms);
	prove(lifecycle.looked_ms == other.looked_ms);
	reached_if(event == EVENT_SIGNAL, "a signal");
	reached_if(event == EVENT_NOTHING_TO_REAP, "settled");
}
