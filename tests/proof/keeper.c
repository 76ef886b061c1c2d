/*
 * keeper.c, for any number of events: by induction. What `holds` says is true
 * at the beginning (proves_keeper_begins), and whenever it is true before an
 * event, any event, it is true after it, and the step was the one the
 * contract asks for (proves_keeper_goes_on). So it is true for ever.
 *
 * The history below knows nothing of stages: it is what has happened, and when.
 */
#include "keeper.h"
#include "proof.h"
#include "status.h"

/* Ages from now; with it no sum of times can be too large. */
#define LATEST_MS (UINT64_C(1) << 60)

/* Options go up to 24 days. */
#define LONGEST_MS (UINT32_C(1) << 31)

#define NEVER KEEPER_NEVER

/* What was asked for, as the keeper got it at its beginning. */
struct setting {
	struct signals_rewriting rewriting;
	uint32_t grace_ms, kill_after_ms;
	bool is_process_1, waits_for_all, is_pause;
};

struct history {
	bool has_ended; /* the program */
	int wait_status;
	bool is_stopped;
	bool owes_continue; /* TERM, INT, QUIT or HUP since all was settled */
	uint64_t handed_over;
	uint64_t told_ms;      /* the last TERM or QUIT */
	uint64_t asked_ms;     /* the first TERM, INT or QUIT */
	bool was_killed;       /* option -k */
	bool was_told_to_stop; /* in a pause, or under option -a */
	uint64_t ending_ms;    /* since when leftovers are told */
	bool all_were_told;
	unsigned requests; /* TERM, INT, QUIT since then */
	uint64_t killing_ms;
	bool is_over;
};

static struct setting setting;
static struct keeper keeper;
static struct history history;
static uint64_t now_ms;

static void any_setting(void)
{
	struct setting any;

	assume(any.grace_ms <= LONGEST_MS && any.kill_after_ms <= LONGEST_MS);
	for (int i = 0; i <= SIGNAL_MAX; i++)
		assume((i ^ any.rewriting.change[i]) <= SIGNAL_MAX);
	setting = any;
}

static int rewritten(int signal)
{
	return signal ^ setting.rewriting.change[signal];
}

static int signal_to_end(void)
{
	int as = rewritten(SIGNAL_TERM);

	return as == 0 ? SIGNAL_TERM : as;
}

static bool asks_to_end(int signal)
{
	return signal == SIGNAL_TERM || signal == SIGNAL_INT ||
	       signal == SIGNAL_QUIT;
}

static bool program_runs(void)
{
	return !setting.is_pause && !history.has_ended;
}

static bool is_ending(void)
{
	return history.ending_ms != NEVER;
}

static bool is_killing(void)
{
	return history.killing_ms != NEVER;
}

static uint64_t kill_program_at(void)
{
	return program_runs() && history.asked_ms != NEVER &&
			       setting.kill_after_ms != 0 && !history.was_killed
		       ? history.asked_ms + setting.kill_after_ms
		       : NEVER;
}

static uint64_t deadline(void)
{
	return is_killing() ? history.killing_ms + KEEPER_KILLING_MS
			    : history.ending_ms + setting.grace_ms;
}

static uint64_t half(void)
{
	return history.ending_ms + setting.grace_ms / 2;
}

/* ---- what always holds ---- */

static bool the_history_is_possible(void)
{
	if (!is_ending() &&
	    (is_killing() || history.requests != 0 || history.all_were_told))
		return false;
	if (is_ending() && (program_runs() || setting.grace_ms == 0 ||
			    history.ending_ms > now_ms ||
			    ((setting.is_pause || setting.waits_for_all) &&
			     !history.was_told_to_stop)))
		return false;
	if (is_killing() &&
	    (setting.is_process_1 || history.killing_ms > now_ms))
		return false;
	if (is_killing() && history.requests < 2 &&
	    history.killing_ms < history.ending_ms + setting.grace_ms)
		return false;
	if (program_runs() && history.was_told_to_stop)
		return false;
	if (!is_killing() && history.requests > 1 && !history.is_over)
		return false;
	if (history.asked_ms != NEVER && history.asked_ms > now_ms)
		return false;
	if (history.told_ms != NEVER && history.told_ms > now_ms)
		return false;
	if (setting.is_pause && (history.has_ended || history.wait_status != 0))
		return false;
	return !history.was_killed ||
	       (setting.kill_after_ms != 0 && history.asked_ms != NEVER);
}

/* The program: its status is kept as soon as there is one. */
static bool it_knows_the_program(void)
{
	if (program_runs() != (keeper.stage == KEEPER_RUNNING))
		return false;
	if ((history.has_ended || setting.is_pause) &&
	    keeper.wait_status != history.wait_status)
		return false;
	if (program_runs() &&
	    (keeper.is_stopped != history.is_stopped ||
	     keeper.owes_continue != history.owes_continue ||
	     keeper.deadline_ms != kill_program_at() ||
	     keeper.kill_after_ms !=
		     (history.asked_ms == NEVER ? setting.kill_after_ms : 0)))
		return false;
	if (!program_runs() && !history.is_over && keeper.owes_continue)
		return false;
	if (!is_killing() &&
	    keeper.told_until_ms !=
		    (history.told_ms == NEVER
			     ? 0
			     : history.told_ms + setting.grace_ms + 1))
		return false;
	return keeper.handed_over == history.handed_over;
}

/* A deadline is there if and only if something ends. */
static bool it_knows_the_time(void)
{
	uint64_t look_ms = keeper.look_ms - keeper.looked_ms;
	uint32_t pause_ms = keeper.grace_ms / KEEPER_LOOKS;

	if (keeper.grace_ms !=
	    (is_killing() ? KEEPER_KILLING_MS : setting.grace_ms))
		return false;
	if (!is_ending())
		return keeper.half_ms == NEVER && keeper.look_ms == NEVER &&
		       (program_runs() || keeper.deadline_ms == NEVER);
	if (pause_ms < KEEPER_LOOK_GAP_MS)
		pause_ms = KEEPER_LOOK_GAP_MS;
	return keeper.deadline_ms == deadline() &&
	       keeper.half_ms == (history.all_were_told || is_killing()
					  ? NEVER
					  : half()) &&
	       keeper.looked_ms <= now_ms &&
	       (look_ms == pause_ms || look_ms == KEEPER_LOOK_GAP_MS);
}

static bool it_knows_the_stage(void)
{
	if (keeper.has_passed_on != (history.requests > 0))
		return false;
	switch (keeper.stage) {
	case KEEPER_RUNNING:
		return program_runs();
	case KEEPER_PAUSING:
		return setting.is_pause && !history.was_told_to_stop;
	case KEEPER_LINGERING:
		return history.has_ended && setting.waits_for_all &&
		       !history.was_told_to_stop;
	case KEEPER_ENDED:
		return !is_ending() && setting.grace_ms != 0 &&
		       (setting.is_pause
				? history.was_told_to_stop
				: history.has_ended && !setting.waits_for_all);
	case KEEPER_ENDING:
		return is_ending() && !is_killing() && !history.all_were_told;
	case KEEPER_INSISTING:
		return is_ending() && !is_killing() && history.all_were_told;
	case KEEPER_KILLING:
		return is_killing();
	default:
		return keeper.stage == KEEPER_DONE && history.is_over;
	}
}

static bool holds(void)
{
	return now_ms < LATEST_MS && the_history_is_possible() &&
	       it_knows_the_program() && it_knows_the_stage() &&
	       keeper_is_done(&keeper) == history.is_over &&
	       (history.is_over || it_knows_the_time()) &&
	       keeper.rewriting == &setting.rewriting &&
	       keeper.is_process_1 == setting.is_process_1 &&
	       keeper.waits_for_all == setting.waits_for_all;
}

/* ---- the beginning ---- */

static void begin(void)
{
	any_setting();
	keeper = (struct keeper){
		.rewriting = &setting.rewriting,
		.grace_ms = setting.grace_ms,
		.kill_after_ms = setting.kill_after_ms,
		.is_process_1 = setting.is_process_1,
		.waits_for_all = setting.waits_for_all,
	};
	history = (struct history){
		.told_ms = NEVER,
		.asked_ms = NEVER,
		.ending_ms = NEVER,
		.killing_ms = NEVER,
	};
	now_ms = any_uint64();
	assume(now_ms < LATEST_MS);
	keeper_begin(&keeper, setting.is_pause);
}

void proves_keeper_begins(void)
{
	begin();
	prove(holds());
	prove(!keeper_is_done(&keeper));
	prove(keeper_due_ms(&keeper) == NEVER);
	prove(keeper_signal_to_end(&keeper) == signal_to_end());
	reached_if(setting.is_pause, "a pause");
	reached_if(!setting.is_pause, "a program");
}

/* ---- what can happen ---- */

static enum keeper_event event;
static int value;
static uint64_t told_now_ms;

/*
 * What tend.c makes of it: of the program it tells only while that runs; what
 * has ended is settled before anything else; the time is right where it is
 * wanted or has passed, and else anything.
 */
static void any_event(void)
{
	uint64_t later_ms = any_uint64();

	event = any_unsigned();
	value = any_int();
	assume(event <= KEEPER_CHILDLESS);
	if (event == KEEPER_SIGNAL || event == KEEPER_STOPPED)
		assume(value >= 1 && value <= SIGNAL_MAX);
	if (event == KEEPER_STOPPED || event == KEEPER_CONTINUED ||
	    event == KEEPER_PROGRAM_END)
		assume(program_runs());
	if (keeper.stage == KEEPER_ENDED)
		assume(event == KEEPER_REAPED || event == KEEPER_SETTLED ||
		       event == KEEPER_CHILDLESS);
	assume(later_ms >= now_ms && later_ms < LATEST_MS);
	now_ms = later_ms;
	told_now_ms = any_uint64();
	if (event == KEEPER_TIME ||
	    ((event == KEEPER_SIGNAL || event == KEEPER_SETTLED) &&
	     keeper_wants_time(&keeper, event == KEEPER_SIGNAL ? value : 0)))
		told_now_ms = now_ms;
}

/* ---- what the contract asks for ---- */

static int step_of(enum keeper_step kind, int signal)
{
	return (int)kind + 256 * signal;
}

static int pass_on(int signal)
{
	int as = rewritten(signal);

	return as == 0 ? KEEPER_NOTHING : step_of(KEEPER_SIGNAL_CHILDREN, as);
}

/* Section 6, step 2. */
static int start_ending(void)
{
	history.is_over = setting.grace_ms == 0;
	if (history.is_over)
		return KEEPER_NOTHING;
	history.ending_ms = now_ms;
	return step_of(KEEPER_TELL_CHILDREN, signal_to_end());
}

/* Step 5. */
static int end_of_grace(void)
{
	if (setting.is_process_1 || is_killing()) {
		history.is_over = true;
		return KEEPER_REPORT;
	}
	history.killing_ms = now_ms;
	return step_of(KEEPER_SIGNAL_CHILDREN, SIGNAL_KILL);
}

/* Section 4: each that is not dropped is handed over, once. */
static int signal_for_program(void)
{
	int as = rewritten(value);

	if (as == 0)
		return KEEPER_NOTHING;
	history.handed_over |= SIGNALS_BIT(as);
	if (as == SIGNAL_TERM || as == SIGNAL_QUIT)
		history.told_ms = now_ms;
	if (asks_to_end(as) && history.asked_ms == NEVER)
		history.asked_ms = setting.kill_after_ms == 0 ? NEVER : now_ms;
	if (asks_to_end(as) || as == SIGNAL_HUP)
		history.owes_continue = true;
	return step_of(KEEPER_HAND_OVER, as);
}

static int on_signal(void)
{
	if (value == SIGNAL_CHLD)
		return KEEPER_NOTHING;
	if (program_runs())
		return signal_for_program();
	if (setting.is_pause && !history.was_told_to_stop) {
		history.was_told_to_stop =
			value == SIGNAL_TERM || value == SIGNAL_INT;
		history.is_over =
			history.was_told_to_stop && setting.grace_ms == 0;
		return KEEPER_NOTHING;
	}
	if (value == SIGNAL_HUP)
		return pass_on(value);
	if (!asks_to_end(value))
		return KEEPER_NOTHING;
	if (!is_ending()) {
		history.was_told_to_stop = true;
		return start_ending();
	}
	if (is_killing())
		return KEEPER_NOTHING;
	return ++history.requests == 1 ? pass_on(value) : end_of_grace();
}

/* Looking at the children again is when the keeper says it is; how often, see
 * it_knows_the_time(). */
static int look_again(void)
{
	return is_killing() ? step_of(KEEPER_SIGNAL_CHILDREN, SIGNAL_KILL)
			    : step_of(KEEPER_TELL_CHILDREN, signal_to_end());
}

static int on_time(uint64_t look_ms)
{
	if (program_runs() && now_ms >= kill_program_at()) {
		history.was_killed = true;
		history.handed_over |= SIGNALS_BIT(SIGNAL_KILL);
		return step_of(KEEPER_KILL_PROGRAM, SIGNAL_KILL);
	}
	if (!is_ending())
		return KEEPER_NOTHING;
	if (now_ms >= deadline())
		return end_of_grace();
	if (!is_killing() && !history.all_were_told && now_ms >= half()) {
		history.all_were_told = true;
		return step_of(KEEPER_TELL_ALL, signal_to_end());
	}
	return now_ms >= look_ms ? look_again() : KEEPER_NOTHING;
}

static int on_settled(bool has_reaped, uint64_t looked_ms)
{
	bool is_owed = history.owes_continue && history.is_stopped;

	history.owes_continue = false;
	if (program_runs())
		return is_owed ? step_of(KEEPER_CONTINUE_PROGRAM, SIGNAL_CONT)
			       : KEEPER_NOTHING;
	if (is_ending())
		return has_reaped && now_ms >= looked_ms + KEEPER_LOOK_GAP_MS
			       ? look_again()
			       : KEEPER_NOTHING;
	if ((setting.is_pause || setting.waits_for_all) &&
	    !history.was_told_to_stop)
		return KEEPER_NOTHING;
	return start_ending();
}

static void on_childless(void)
{
	/* A pause waits for orphans to come. */
	history.is_over = !setting.is_pause || history.was_told_to_stop;
	if (program_runs()) {
		history.has_ended = true;
		history.wait_status = STATUS_OWN_FAILURE << 8;
	}
}

/* The step that is right, and what has happened then. */
static int right_step(const struct keeper *before)
{
	switch (event) {
	case KEEPER_SIGNAL:
		return on_signal();
	case KEEPER_TIME:
		return on_time(before->look_ms);
	case KEEPER_SETTLED:
		return on_settled(before->has_reaped, before->looked_ms);
	case KEEPER_STOPPED:
		history.is_stopped = true;
		return value == SIGNAL_STOP ? KEEPER_NOTHING
					    : step_of(KEEPER_SUSPEND, value);
	case KEEPER_CONTINUED:
		history.is_stopped = false;
		break;
	case KEEPER_PROGRAM_END:
		history.has_ended = true;
		history.wait_status = value;
		history.is_over =
			setting.grace_ms == 0 && !setting.waits_for_all;
		break;
	case KEEPER_CHILDLESS:
		on_childless();
		break;
	default:
		break;
	}
	return KEEPER_NOTHING;
}

/* ---- one event ---- */

static int goes_on(void)
{
	struct keeper before = keeper;
	int step, right;

	any_event();
	step = keeper_next(&keeper, event, value, told_now_ms);
	right = right_step(&before);
	prove(step == right);
	return step;
}

/* Said once more in so many words, apart from what is right by the above. */
static void check_rules(const struct keeper *before, const struct history *was,
			int step)
{
	enum keeper_step kind = keeper_step_kind(step);
	int signal = keeper_step_signal(step);
	bool is_by_rewriting =
		event == KEEPER_SIGNAL && rewritten(value) == SIGNAL_KILL;

	/* A step is one of those there are, with a signal where it needs one.
	 */
	prove(kind <= KEEPER_REPORT);
	prove(kind == KEEPER_NOTHING || kind == KEEPER_REPORT
		      ? signal == 0
		      : signal >= 1 && signal <= SIGNAL_MAX);
	/* It goes forward only; what has ended never runs again. */
	prove(keeper.stage >= before->stage);
	/* Once the program has ended its status is what it was. */
	prove(!was->has_ended || keeper.wait_status == before->wait_status);
	/* The signal that has a target gets one step, and that is it. */
	prove(event != KEEPER_SIGNAL || !(before->stage == KEEPER_RUNNING) ||
	      value == SIGNAL_CHLD ||
	      step == (rewritten(value) == 0
			       ? KEEPER_NOTHING
			       : step_of(KEEPER_HAND_OVER, rewritten(value))));
	/* A deadline is only where something ends, and there it always is. */
	prove(keeper_due_ms(&keeper) == NEVER ||
	      keeper.stage >= KEEPER_ENDING ||
	      (keeper.stage == KEEPER_RUNNING && setting.kill_after_ms != 0));
	prove(keeper.stage < KEEPER_ENDING || keeper.stage == KEEPER_DONE ||
	      keeper_due_ms(&keeper) <= deadline());
	/* KILL to children: not by process 1, not before the grace is over but
	 * at the second request, or because option -r says so. */
	prove(kind != KEEPER_SIGNAL_CHILDREN || signal != SIGNAL_KILL ||
	      is_by_rewriting ||
	      (!setting.is_process_1 &&
	       (history.requests >= 2 ||
		now_ms >= history.ending_ms + setting.grace_ms)));
	/* KILL to the program: with option -k, at its time, once. */
	prove(kind != KEEPER_KILL_PROGRAM ||
	      (setting.kill_after_ms != 0 && !was->was_killed &&
	       now_ms >= was->asked_ms + setting.kill_after_ms));
	/* All are told once, in the second half, after the roots. */
	prove(kind != KEEPER_TELL_ALL ||
	      (!was->all_were_told && was->ending_ms != NEVER &&
	       now_ms >= half()));
	/* The report is the last step, and comes before no time is over. */
	prove(kind != KEEPER_REPORT || keeper_is_done(&keeper));
	/* When the time was told, the next is later: the loop gets its rest. */
	prove(event != KEEPER_TIME || keeper_is_done(&keeper) ||
	      keeper_due_ms(&keeper) > now_ms);
	/* At the deadline the stage is left, and after the last it is over. */
	prove(event != KEEPER_TIME || before->stage < KEEPER_ENDING ||
	      now_ms < before->deadline_ms || keeper.stage > before->stage);
	prove(event != KEEPER_TIME || before->stage != KEEPER_KILLING ||
	      now_ms < before->deadline_ms || keeper_is_done(&keeper));
	/* Nobody left: it is over at once. */
	prove(event != KEEPER_CHILDLESS || before->stage == KEEPER_PAUSING ||
	      keeper_is_done(&keeper));
	/* While all is as it should be no time is wanted. */
	prove(keeper.stage > KEEPER_LINGERING ||
	      !keeper_wants_time(&keeper, SIGNAL_CHLD) ||
	      (keeper.stage == KEEPER_RUNNING &&
	       asks_to_end(rewritten(SIGNAL_CHLD))));
}

/* In the midst of any life, of which only that holds. */
static void any_life(void)
{
	struct keeper any_keeper;
	struct history any_history;

	any_setting();
	keeper = any_keeper;
	keeper.rewriting = &setting.rewriting;
	history = any_history;
	now_ms = any_uint64();
	assume(holds());
	assume(!keeper_is_done(&keeper));
}

void proves_keeper_goes_on(void)
{
	struct history was;
	struct keeper before;
	int step;

	any_life();
	before = keeper;
	was = history;
	step = goes_on();
	prove(now_ms < LATEST_MS);
	prove(the_history_is_possible());
	prove(it_knows_the_program());
	prove(it_knows_the_stage());
	prove(keeper_is_done(&keeper) == history.is_over);
	prove(history.is_over || it_knows_the_time());
	prove(holds());
	check_rules(&before, &was, step);
	reached_if(keeper_step_kind(step) == KEEPER_KILL_PROGRAM, "option -k");
	reached_if(keeper_step_kind(step) == KEEPER_TELL_ALL, "all are told");
	reached_if(keeper_step_kind(step) == KEEPER_REPORT, "the report");
	reached_if(before.stage == KEEPER_PAUSING, "in a pause");
	reached_if(before.stage == KEEPER_LINGERING, "under option -a");
	reached_if(before.stage == KEEPER_KILLING, "killing");
}

/*
 * What was assumed above does happen: from the beginning, EVENTS events lead
 * to every stage and every step (here with just one grace time).
 */
enum { EVENTS = 3 };

void proves_keeper_gets_everywhere(void)
{
	unsigned stages, steps = 0;

	begin();
	setting.rewriting = (struct signals_rewriting){ { 0 } };
	keeper.grace_ms = setting.grace_ms = 1000;
	keeper.kill_after_ms = setting.kill_after_ms = 500;
	stages = 1U << keeper.stage;
	for (int i = 0; i < EVENTS && !keeper_is_done(&keeper); i++) {
		steps |= 1U << keeper_step_kind(goes_on());
		stages |= 1U << keeper.stage;
	}
	prove(holds());
	reached_if(stages >> KEEPER_PAUSING & 1, "pausing");
	reached_if(stages >> KEEPER_LINGERING & 1, "lingering");
	reached_if(stages >> KEEPER_ENDED & 1, "ended");
	reached_if(stages >> KEEPER_ENDING & 1, "ending");
	reached_if(stages >> KEEPER_INSISTING & 1, "insisting");
	reached_if(stages >> KEEPER_KILLING & 1, "killing");
	reached_if(stages >> KEEPER_DONE & 1, "done");
	reached_if(steps >> KEEPER_HAND_OVER & 1, "hand over");
	reached_if(steps >> KEEPER_CONTINUE_PROGRAM & 1, "continue it");
	reached_if(steps >> KEEPER_KILL_PROGRAM & 1, "kill it");
	reached_if(steps >> KEEPER_SUSPEND & 1, "suspend");
	reached_if(steps >> KEEPER_TELL_CHILDREN & 1, "tell the children");
	reached_if(steps >> KEEPER_TELL_ALL & 1, "tell all");
	reached_if(steps >> KEEPER_SIGNAL_CHILDREN & 1, "signal them");
	reached_if(steps >> KEEPER_REPORT & 1, "report");
}

/* Where no time is wanted, none counts: the same for any two times. */
void proves_keeper_needs_no_clock(void)
{
	struct keeper other;
	int step;

	any_life();
	any_event();
	assume(event != KEEPER_TIME);
	if (event == KEEPER_SIGNAL || event == KEEPER_SETTLED)
		assume(!keeper_wants_time(&keeper,
					  event == KEEPER_SIGNAL ? value : 0));
	other = keeper;
	step = keeper_next(&keeper, event, value, any_uint64());
	prove(step == keeper_next(&other, event, value, any_uint64()));
	prove(keeper.stage == other.stage);
	prove(keeper_due_ms(&keeper) == keeper_due_ms(&other));
	prove(keeper.told_until_ms == other.told_until_ms);
	prove(keeper.looked_ms == other.looked_ms);
	reached_if(event == KEEPER_SIGNAL, "a signal");
	reached_if(event == KEEPER_SETTLED, "settled");
}
