/*
 * check_keeper.c - the life of the program and its leftovers (keeper.h;
 * contract, sections 4 to 6), against a second telling of the contract.
 *
 * The model below knows no stages: it remembers when things happened, and
 * says from that what has to be done. All sequences of events up to a small
 * length are played to both, in every setting, and at each event both must
 * do the same.
 */
#include "keeper.h"
#include "status.h"
#include "unit.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- the keeper as this file sees it: all that depends on its shape ---- */

enum kind {
	NOTHING,
	HAND_OVER,
	CONTINUE_PROGRAM,
	KILL_PROGRAM,
	SUSPEND,
	TELL_CHILDREN,
	TELL_ALL,
	SIGNAL_CHILDREN,
	REPORT,
};

static const char *const kind_names[] = {
	"nothing", "hand over", "continue the program", "kill the program",
	"suspend", "tell the children", "tell all", "signal the children",
	"report",
};

struct step {
	enum kind kind;
	int signal;
};

/* Times are plain numbers here, and this is one that never comes. */
#define NEVER INT64_MAX

static int64_t due_of(const struct keeper *keeper)
{
	uint64_t due_ms = keeper_due_ms(keeper);

	return due_ms == KEEPER_NEVER ? NEVER : (int64_t)due_ms;
}

static bool was_told(const struct keeper *keeper, int64_t now_ms)
{
	return keeper_was_told(keeper, (uint64_t)now_ms);
}

struct setting {
	bool is_process_1;
	bool waits_for_all;
	bool is_pause;
	uint32_t grace_ms;
	uint32_t kill_after_ms;
	struct signals_rewriting rewriting;
};

static void begin(struct keeper *keeper, const struct setting *setting)
{
	*keeper = (struct keeper){
		.rewriting = &setting->rewriting,
		.grace_ms = setting->grace_ms,
		.kill_after_ms = setting->kill_after_ms,
		.is_process_1 = setting->is_process_1,
		.waits_for_all = setting->waits_for_all,
	};
	keeper_begin(keeper, setting->is_pause);
}

static enum kind kind_of(int step)
{
	switch (keeper_step_kind(step)) {
	case KEEPER_NOTHING:
		return NOTHING;
	case KEEPER_HAND_OVER:
		return HAND_OVER;
	case KEEPER_CONTINUE_PROGRAM:
		return CONTINUE_PROGRAM;
	case KEEPER_KILL_PROGRAM:
		return KILL_PROGRAM;
	case KEEPER_SUSPEND:
		return SUSPEND;
	case KEEPER_TELL_CHILDREN:
		return TELL_CHILDREN;
	case KEEPER_TELL_ALL:
		return TELL_ALL;
	case KEEPER_SIGNAL_CHILDREN:
		return SIGNAL_CHILDREN;
	case KEEPER_REPORT:
		return REPORT;
	}
	unit_fail(__FILE__, __LINE__, "step %#x is none", step);
}

static bool wants_time(const struct keeper *keeper, enum keeper_event event,
		       int value)
{
	return keeper_wants_time(keeper, event == KEEPER_SIGNAL ? value : 0);
}

/*
 * The time is told as tend.c tells it: always when it has passed; with a
 * signal, and when all is settled, only if it is wanted. Else it is any.
 */
static struct step next(struct keeper *keeper, enum keeper_event event,
			int value, int64_t now_ms)
{
	static unsigned count;
	bool is_told = event == KEEPER_TIME;
	struct step step;
	int number;

	if (event == KEEPER_SIGNAL || event == KEEPER_SETTLED)
		is_told = wants_time(keeper, event, value);
	if (!is_told)
		now_ms = count++ % 2 ? 0 : NEVER / 2;
	number = keeper_next(keeper, event, value, (uint64_t)now_ms);
	step.kind = kind_of(number);
	step.signal = keeper_step_signal(number);
	return step;
}

static int wait_status_of(const struct keeper *keeper)
{
	return keeper->wait_status;
}

/* ---- the contract once more ---- */

enum { NOT_YET = -1, KILLING_MS = 1000, LOOKS = 64, LOOK_GAP_MS = 20 };

struct model {
	/* The program, contract section 4. */
	bool has_ended;
	int wait_status;
	bool is_stopped;
	bool owes_continue;
	uint64_t handed_over;
	int64_t told_at;	 /* the last TERM or QUIT */
	int64_t first_told_at;	 /* the first TERM, INT or QUIT: option -k */
	bool was_killed;

	/* Its leftovers, section 6. */
	bool was_told_to_stop;	 /* in a pause, or while all may run */
	bool is_settled;	 /* since the end: there are leftovers */
	int64_t ending_since;
	bool all_were_told;
	int requests;		 /* TERM, INT or QUIT while they end */
	int64_t killing_since;
	bool is_over;

	/* Children that come unnoticed. */
	int64_t looked_at;
	bool has_reaped;
	bool looks_soon;
};

static const struct model new_model = {
	.told_at = NOT_YET,
	.first_told_at = NOT_YET,
	.ending_since = NOT_YET,
	.killing_since = NOT_YET,
};

static bool asks_to_end(int signal)
{
	return signal == 15 || signal == 2 || signal == 3;
}

static bool program_runs(const struct setting *setting,
			 const struct model *model)
{
	return !setting->is_pause && !model->has_ended;
}

/* A pause, or option -a: nobody is told anything until foster is. */
static bool all_may_run(const struct setting *setting,
			const struct model *model)
{
	if (setting->is_pause)
		return !model->was_told_to_stop;
	return model->has_ended && setting->waits_for_all &&
	       !model->was_told_to_stop;
}

static bool is_ending(const struct model *model)
{
	return model->ending_since != NOT_YET;
}

static bool is_killing(const struct model *model)
{
	return model->killing_since != NOT_YET;
}

static int rewritten(const struct setting *setting, int signal)
{
	return signals_rewritten(&setting->rewriting, signal);
}

static struct step do_nothing(void)
{
	return (struct step){ NOTHING, 0 };
}

/* "The TERM passes through -r like any other (but is never dropped)." */
static int signal_to_end(const struct setting *setting)
{
	int as = rewritten(setting, 15);

	return as != 0 ? as : 15;
}

static void have_looked(struct model *model, int64_t now)
{
	model->looked_at = now;
	model->has_reaped = false;
	model->looks_soon = false;
}

/* Step 2. */
static struct step start_ending(const struct setting *setting,
				struct model *model, int64_t now)
{
	if (setting->grace_ms == 0) {
		model->is_over = true;
		return do_nothing();
	}
	model->ending_since = now;
	have_looked(model, now);
	return (struct step){ TELL_CHILDREN, signal_to_end(setting) };
}

/* Step 5. */
static struct step end_of_grace(const struct setting *setting,
				struct model *model, int64_t now)
{
	if (setting->is_process_1 || is_killing(model)) {
		model->is_over = true;
		return (struct step){ REPORT, 0 };
	}
	model->killing_since = now;
	have_looked(model, now);
	return (struct step){ SIGNAL_CHILDREN, 9 };
}

static struct step model_hand_over(const struct setting *setting,
				   struct model *model, int signal, int64_t now)
{
	int as = rewritten(setting, signal);

	if (as == 0)
		return do_nothing();
	model->handed_over |= UINT64_C(1) << (as - 1);
	if (as == 15 || as == 3)
		model->told_at = now;
	if (asks_to_end(as) && model->first_told_at == NOT_YET)
		model->first_told_at = now;
	if (asks_to_end(as) || as == 1)
		model->owes_continue = true;
	return (struct step){ HAND_OVER, as };
}

/* Step 4, and what ends a pause and option -a. */
static struct step model_signal(const struct setting *setting,
				struct model *model, int signal, int64_t now)
{
	int as = rewritten(setting, signal);

	if (signal == 17)
		return do_nothing();
	if (program_runs(setting, model))
		return model_hand_over(setting, model, signal, now);
	if (setting->is_pause && !model->was_told_to_stop) {
		if (signal != 15 && signal != 2)
			return do_nothing();
		model->was_told_to_stop = true;
		model->is_over = setting->grace_ms == 0;
		return do_nothing();
	}
	if (all_may_run(setting, model) && asks_to_end(signal)) {
		model->was_told_to_stop = true;
		return start_ending(setting, model, now);
	}
	if (asks_to_end(signal)) {
		if (is_killing(model))
			return do_nothing();
		if (++model->requests > 1)
			return end_of_grace(setting, model, now);
	} else if (signal != 1) {
		return do_nothing();
	}
	if (as == 0)
		return do_nothing();
	return (struct step){ SIGNAL_CHILDREN, as };
}

static int64_t half_at(const struct setting *setting, const struct model *model)
{
	return model->ending_since + setting->grace_ms / 2;
}

static int64_t deadline_at(const struct setting *setting,
			   const struct model *model)
{
	if (is_killing(model))
		return model->killing_since + KILLING_MS;
	return model->ending_since + setting->grace_ms;
}

/* Option -k, until it was done. */
static int64_t kill_program_at(const struct setting *setting,
			       const struct model *model)
{
	if (!program_runs(setting, model) || model->was_killed ||
	    setting->kill_after_ms == 0 || model->first_told_at == NOT_YET)
		return NEVER;
	return model->first_told_at + setting->kill_after_ms;
}

/* When the children are to be looked at again. */
static int64_t look_at(const struct setting *setting, const struct model *model)
{
	int64_t whole = is_killing(model) ? KILLING_MS : setting->grace_ms;
	int64_t pause = whole / LOOKS;

	if (model->looks_soon || pause < LOOK_GAP_MS)
		pause = LOOK_GAP_MS;
	return model->looked_at + pause;
}

static struct step look(const struct setting *setting, struct model *model,
			int64_t now)
{
	have_looked(model, now);
	if (is_killing(model))
		return (struct step){ SIGNAL_CHILDREN, 9 };
	return (struct step){ TELL_CHILDREN, signal_to_end(setting) };
}

static struct step model_time(const struct setting *setting,
			      struct model *model, int64_t now)
{
	if (now >= kill_program_at(setting, model)) {
		model->was_killed = true;
		model->handed_over |= UINT64_C(1) << (9 - 1);
		return (struct step){ KILL_PROGRAM, 9 };
	}
	if (!is_ending(model))
		return do_nothing();
	if (now >= deadline_at(setting, model))
		return end_of_grace(setting, model, now);
	if (!is_killing(model) && !model->all_were_told &&
	    now >= half_at(setting, model)) {
		model->all_were_told = true;
		have_looked(model, now);
		return (struct step){ TELL_ALL, signal_to_end(setting) };
	}
	if (now >= look_at(setting, model))
		return look(setting, model, now);
	return do_nothing();
}

static struct step model_settled(const struct setting *setting,
				 struct model *model, int64_t now)
{
	if (program_runs(setting, model)) {
		bool is_owed = model->owes_continue && model->is_stopped;

		model->owes_continue = false;
		return is_owed ? (struct step){ CONTINUE_PROGRAM, 18 }
			       : do_nothing();
	}
	if (all_may_run(setting, model))
		return do_nothing();
	if (!is_ending(model))
		return start_ending(setting, model, now);
	if (model->has_reaped) {
		model->looks_soon = true;
		if (now >= look_at(setting, model))
			return look(setting, model, now);
	}
	return do_nothing();
}

static struct step model_next(const struct setting *setting,
			      struct model *model, enum keeper_event event,
			      int value, int64_t now)
{
	switch (event) {
	case KEEPER_SIGNAL:
		return model_signal(setting, model, value, now);
	case KEEPER_TIME:
		return model_time(setting, model, now);
	case KEEPER_SETTLED:
		return model_settled(setting, model, now);
	case KEEPER_STOPPED:
		model->is_stopped = true;
		/* "A SIGSTOP is left alone." */
		if (value == 19)
			break;
		return (struct step){ SUSPEND, value };
	case KEEPER_CONTINUED:
		model->is_stopped = false;
		break;
	case KEEPER_PROGRAM_END:
		model->has_ended = true;
		model->wait_status = value;
		model->is_over = setting->grace_ms == 0 &&
				 !setting->waits_for_all;
		break;
	case KEEPER_REAPED:
		model->has_reaped = true;
		break;
	case KEEPER_CHILDLESS:
		/* Nobody will ever know how the program ended. */
		if (program_runs(setting, model))
			model->wait_status = STATUS_OWN_FAILURE << 8;
		/* A pause waits for orphans to come. */
		model->is_over = !setting->is_pause || model->was_told_to_stop;
		break;
	}
	return do_nothing();
}

/* When the keeper must be called again, or NEVER. */
static int64_t model_due(const struct setting *setting,
			 const struct model *model)
{
	int64_t due = kill_program_at(setting, model);

	if (!is_ending(model))
		return due;
	due = deadline_at(setting, model);
	if (!is_killing(model) && !model->all_were_told &&
	    half_at(setting, model) < due)
		due = half_at(setting, model);
	return look_at(setting, model) < due ? look_at(setting, model) : due;
}

/* ---- what can happen ---- */

enum happening {
	TERM,
	INT,
	QUIT,
	HUP,
	USR1,
	CHLD,
	MOMENT,		/* a millisecond passes */
	DUE,		/* the time that the keeper has named */
	HALF,		/* half the grace time is over */
	LATE,		/* whatever has a deadline is beyond it */
	STOPPED,	/* by STOP */
	SUSPENDED,	/* by TSTP */
	CONTINUED,
	END,
	REAPED,
	SETTLED,
	SETTLED_LATER,	/* a while after the last event */
	CHILDLESS,
	HAPPENINGS,
};

static const char *const happening_names[] = {
	"TERM", "INT", "QUIT", "HUP", "USR1", "CHLD", "moment", "due", "half",
	"late", "stopped", "suspended", "continued", "end", "reaped", "settled",
	"settled-later", "childless",
};

/* ---- both side by side ---- */

enum { STORY_MAX = 200 };

struct play {
	const struct setting *setting;
	struct keeper keeper;
	struct model model;
	int64_t now;
	/* What was done so far, for rules that hold whatever the model says. */
	unsigned tells, tells_of_all, kills_of_program, passes;
	unsigned char story[STORY_MAX];
	unsigned length;
};

/* The setting and what has happened, for messages. */
static const char *story_of(const struct play *play)
{
	static char text[1024];
	const struct setting *setting = play->setting;
	unsigned from = play->length > 30 ? play->length - 30 : 0;
	size_t length;

	snprintf(text, sizeof(text), "%s%s%s-t %ums -k %ums TERM as %d:%s",
		 setting->is_process_1 ? "process 1 " : "",
		 setting->waits_for_all ? "-a " : "",
		 setting->is_pause ? "-P " : "", setting->grace_ms,
		 setting->kill_after_ms, rewritten(setting, 15),
		 from > 0 ? " ..." : "");
	for (; from < play->length; from++) {
		length = strlen(text);
		snprintf(text + length, sizeof(text) - length, " %s",
			 happening_names[play->story[from]]);
	}
	return text;
}

#define rule(holds, what) \
	unit_check(holds, "%s: %s", story_of(play), what)

/* What the contract says in so many words, whatever came before. */
static void check_rules(struct play *play, struct step step, bool was_ending)
{
	const struct setting *setting = play->setting;
	bool is_done = keeper_is_done(&play->keeper);

	switch (step.kind) {
	case NOTHING:
		break;
	case HAND_OVER:
	case CONTINUE_PROGRAM:
	case KILL_PROGRAM:
	case SUSPEND:
		rule(!was_ending && !setting->is_pause,
		     "the program is not there any more");
		play->kills_of_program += step.kind == KILL_PROGRAM;
		rule(play->kills_of_program <= 1, "it is killed once");
		rule(step.kind != KILL_PROGRAM || setting->kill_after_ms != 0,
		     "it is killed only with option -k");
		break;
	case TELL_CHILDREN:
		play->tells++;
		break;
	case TELL_ALL:
		play->tells_of_all++;
		rule(play->tells > 0, "the roots are told first");
		rule(play->tells_of_all == 1, "all are told once");
		break;
	case SIGNAL_CHILDREN:
		rule(step.signal != 9 || !setting->is_process_1,
		     "process 1 leaves the killing to the kernel");
		play->passes += asks_to_end(step.signal);
		break;
	case REPORT:
		rule(is_done, "after the report it is over");
		rule(play->tells > 0, "nobody was ever told");
		break;
	}
	rule(step.kind == NOTHING || step.kind == REPORT ||
	     (step.signal >= 1 && step.signal <= 64), "there is no signal");
	rule(setting->grace_ms != 0 || play->tells + play->tells_of_all == 0,
	     "without a grace time nobody is told");
}

/* Idle costs nothing; an ending always has an end. */
static void check_due(const struct play *play, enum keeper_event event)
{
	int64_t due = due_of(&play->keeper);
	int64_t expected = model_due(play->setting, &play->model);

	unit_check(due == expected, "%s: due at %" PRId64 ", not %" PRId64,
		   story_of(play), due, expected);
	if (is_ending(&play->model))
		rule(due != NEVER, "an ending has no end");
	/* Else the loop would go round without a rest. */
	if (event == KEEPER_TIME)
		rule(due > play->now, "it is due at once again");
}

static void check_state(const struct play *play)
{
	static const int signals[] = { 1, 2, 3, 9, 10, 15, 18 };
	const struct model *model = &play->model;
	const struct setting *setting = play->setting;
	int64_t since = play->now - model->told_at;

	for (size_t i = 0; i < UNIT_COUNT(signals); i++)
		unit_check(keeper_has_handed_over(&play->keeper, signals[i]) ==
			   (model->handed_over >> (signals[i] - 1) & 1),
			   "%s: signal %d was handed over or not",
			   story_of(play), signals[i]);
	if (!is_killing(model) && since != setting->grace_ms)
		rule(was_told(&play->keeper, play->now) ==
		     (model->told_at != NOT_YET && since < setting->grace_ms),
		     "the program was told within the grace time or not");
	if (model->is_over)
		unit_check(wait_status_of(&play->keeper) == model->wait_status,
			   "%s: status %#x", story_of(play),
			   wait_status_of(&play->keeper));
}

/* One event to both. */
static void happens(struct play *play, enum keeper_event event, int value)
{
	bool was_ending = play->model.has_ended;
	bool is_idle = program_runs(play->setting, &play->model) ||
		       all_may_run(play->setting, &play->model);
	struct step step, expected;

	if (is_idle && (event != KEEPER_SIGNAL ||
			(!asks_to_end(value) &&
			 !asks_to_end(rewritten(play->setting, value)))))
		rule(!wants_time(&play->keeper, event, value),
		     "no time is wanted while all is as it should be");
	step = next(&play->keeper, event, value, play->now);
	expected = model_next(play->setting, &play->model, event, value,
			      play->now);
	unit_check(step.kind == expected.kind &&
		   (step.signal == expected.signal || step.kind == NOTHING ||
		    step.kind == REPORT),
		   "%s: %s with %d, not %s with %d", story_of(play),
		   kind_names[step.kind], step.signal,
		   kind_names[expected.kind], expected.signal);
	unit_check(keeper_is_done(&play->keeper) == play->model.is_over,
		   "%s: it is over or not", story_of(play));
	check_rules(play, step, was_ending);
	check_state(play);
	if (!play->model.is_over && !(play->model.has_ended &&
				      !is_ending(&play->model) &&
				      !all_may_run(play->setting,
						   &play->model)))
		check_due(play, event);
}

static void start(struct play *play, const struct setting *setting)
{
	memset(play, 0, sizeof(*play));
	play->setting = setting;
	play->model = new_model;
	play->now = 100000;
	begin(&play->keeper, setting);
	unit_check(!keeper_is_done(&play->keeper), "it is over at once");
	unit_check(keeper_signal_to_end(&play->keeper) ==
		   signal_to_end(setting), "leftovers are told by %d",
		   keeper_signal_to_end(&play->keeper));
	check_due(play, KEEPER_SETTLED);
}

/* ---- when it can happen ---- */

static bool is_signal(enum happening happening)
{
	return happening <= CHLD;
}

/*
 * Between the program's end (or a pause's) and the reaping of all that is
 * dead nothing else is asked for: tend.c reaps until all is settled.
 */
static bool is_unsettled(const struct play *play)
{
	const struct model *model = &play->model;

	return !program_runs(play->setting, model) && !is_ending(model) &&
	       !all_may_run(play->setting, model);
}

static bool can_happen(const struct play *play, enum happening happening)
{
	bool runs = program_runs(play->setting, &play->model);

	if (play->model.is_over)
		return false;
	switch (happening) {
	case STOPPED:
	case SUSPENDED:
	case CONTINUED:
	case END:
		return runs;
	case REAPED:
	case SETTLED:
	case CHILDLESS:
		return true;
	case DUE:
	case HALF:
	case LATE:
		return !is_unsettled(play) &&
		       model_due(play->setting, &play->model) != NEVER;
	default:
		return !is_unsettled(play);
	}
}

static void pass_to(struct play *play, int64_t at)
{
	if (at != NEVER && at > play->now)
		play->now = at;
}

static void pass_time(struct play *play, enum happening happening)
{
	const struct setting *setting = play->setting;
	const struct model *model = &play->model;

	if (happening == MOMENT)
		play->now++;
	else if (happening == DUE)
		pass_to(play, due_of(&play->keeper));
	else if (happening == SETTLED_LATER)
		play->now += LOOK_GAP_MS;
	else if (happening == HALF && is_ending(model))
		pass_to(play, half_at(setting, model));
	else if (happening == LATE && is_ending(model))
		pass_to(play, deadline_at(setting, model) + 7);
	else if (happening == HALF || happening == LATE)
		pass_to(play, kill_program_at(setting, model));
}

static void let_happen(struct play *play, enum happening happening)
{
	static const int signals[] = {
		[TERM] = 15, [INT] = 2, [QUIT] = 3, [HUP] = 1, [USR1] = 10,
		[CHLD] = 17,
	};

	if (play->length < STORY_MAX)
		play->story[play->length++] = (unsigned char)happening;
	pass_time(play, happening);
	if (is_signal(happening)) {
		happens(play, KEEPER_SIGNAL, signals[happening]);
		return;
	}
	switch (happening) {
	case STOPPED:
		happens(play, KEEPER_STOPPED, 19);
		break;
	case SUSPENDED:
		happens(play, KEEPER_STOPPED, 20);
		break;
	case CONTINUED:
		happens(play, KEEPER_CONTINUED, 0);
		break;
	case END:
		happens(play, KEEPER_PROGRAM_END, 7 << 8);
		break;
	case REAPED:
		happens(play, KEEPER_REAPED, 0);
		break;
	case SETTLED:
	case SETTLED_LATER:
		happens(play, KEEPER_SETTLED, 0);
		break;
	case CHILDLESS:
		happens(play, KEEPER_CHILDLESS, 0);
		break;
	default:
		happens(play, KEEPER_TIME, 0);
		break;
	}
}

static unsigned long events_played;

/* A set has one bit for each that may happen. */
#define BIT(happening) (1U << (happening))
#define ALL_OF_THEM (BIT(HAPPENINGS) - 1)

/* One of each kind. */
enum { FEW = BIT(TERM) | BIT(HUP) | BIT(DUE) | BIT(HALF) | BIT(LATE) |
	     BIT(STOPPED) | BIT(CONTINUED) | BIT(END) | BIT(REAPED) |
	     BIT(SETTLED) | BIT(CHILDLESS) };

static void play_all(const struct play *before, unsigned set, int length)
{
	for (int happening = 0; happening < HAPPENINGS; happening++) {
		struct play play;

		if (!(set & BIT(happening)) || !can_happen(before, happening))
			continue;
		play = *before;
		let_happen(&play, happening);
		events_played++;
		if (length > 1)
			play_all(&play, set, length - 1);
	}
}

/* ---- settings ---- */

enum rewriting { AS_IT_IS, TERM_AS_QUIT, TERM_DROPPED, REWRITINGS };

static struct signals_rewriting rewriting_of(enum rewriting which)
{
	struct signals_rewriting rewriting = { { 0 } };

	if (which == TERM_AS_QUIT) {
		signals_rewrite(&rewriting, 15, 3);
		signals_rewrite(&rewriting, 10, 15);
		signals_rewrite(&rewriting, 2, 1);
	} else if (which == TERM_DROPPED) {
		signals_rewrite(&rewriting, 15, 0);
		signals_rewrite(&rewriting, 1, 0);
		signals_rewrite(&rewriting, 3, 2);
	}
	return rewriting;
}

/* None, one in which all looks fall together, the default; odd ones. */
static const uint32_t graces_ms[] = { 0, 30, 8000, 1, UINT32_C(1) << 31 };
enum { USUAL_GRACES = 3, ALL_GRACES = UNIT_COUNT(graces_ms) };

/* Calls `each` in every setting with the first of the grace times. */
static void each_setting(size_t graces, void (*each)(const struct setting *))
{

	for (unsigned bits = 0; bits < 16; bits++)
		for (size_t i = 0; i < graces; i++)
			for (int which = 0; which < REWRITINGS; which++) {
				struct setting setting = {
					.is_process_1 = bits & 1,
					.waits_for_all = (bits & 2) != 0,
					.is_pause = (bits & 4) != 0,
					.kill_after_ms = bits & 8 ? 5000 : 0,
					.grace_ms = graces_ms[i],
					.rewriting = rewriting_of(which),
				};

				each(&setting);
			}
}

/* ---- all short stories ---- */

enum { FROM_THE_START = 4, FROM_A_PLACE = 3, LONGER = 5, LONGEST = 6 };

static void play_from_the_start(const struct setting *setting)
{
	struct play play;

	start(&play, setting);
	play_all(&play, ALL_OF_THEM, FROM_THE_START);
}

START_TEST(every_short_story_goes_as_the_contract_says_in_every_setting)
{
	each_setting(USUAL_GRACES, play_from_the_start);
	ck_assert_uint_gt(events_played, 100000);
}
END_TEST

/* How far stories have come from which all others of a length go on. */
enum { PLACE_MAX = 6, END_OF_PLACE = HAPPENINGS };

static const unsigned char places[][PLACE_MAX] = {
	{ END, SETTLED, END_OF_PLACE },
	{ END, SETTLED, TERM, END_OF_PLACE },
	{ END, SETTLED, HALF, END_OF_PLACE },
	{ END, SETTLED, LATE, END_OF_PLACE },
	{ END, SETTLED, TERM, TERM, END_OF_PLACE },
	{ END, SETTLED, REAPED, SETTLED, END_OF_PLACE },
	{ END, SETTLED, HALF, REAPED, SETTLED, END_OF_PLACE },
	{ END, SETTLED, LATE, REAPED, SETTLED, END_OF_PLACE },
	{ TERM, SETTLED, END, SETTLED, END_OF_PLACE },
	{ TERM, SETTLED, LATE, SETTLED, END_OF_PLACE },
	{ STOPPED, SETTLED, TERM, END_OF_PLACE },
	{ END, SETTLED, TERM, SETTLED, HALF, END_OF_PLACE },
	{ TERM, SETTLED, HALF, TERM, END_OF_PLACE },
	{ USR1, SETTLED, QUIT, SETTLED, END_OF_PLACE },
};

static void play_from_places(const struct setting *setting)
{
	for (size_t i = 0; i < UNIT_COUNT(places); i++) {
		struct play play;
		int at = 0;

		start(&play, setting);
		while (places[i][at] != END_OF_PLACE &&
		       can_happen(&play, places[i][at]))
			let_happen(&play, places[i][at++]);
		if (places[i][at] == END_OF_PLACE)
			play_all(&play, ALL_OF_THEM, FROM_A_PLACE);
	}
}

START_TEST(every_story_that_has_come_far_ends_as_the_contract_says)
{
	each_setting(USUAL_GRACES, play_from_places);
	ck_assert_uint_gt(events_played, 100000);
}
END_TEST

static void play_deep(unsigned bits, unsigned set, int length)
{
	struct setting setting = {
		.is_process_1 = bits & 1,
		.waits_for_all = (bits & 2) != 0,
		.kill_after_ms = bits & 4 ? 5000 : 0,
		.grace_ms = 8000,
	};
	struct play play;

	start(&play, &setting);
	play_all(&play, set, length);
}

START_TEST(every_longer_story_goes_as_the_contract_says)
{
	for (unsigned bits = 0; bits < 4; bits++)
		play_deep(bits, ALL_OF_THEM, LONGER);
	ck_assert_uint_gt(events_played, 100000);
}
END_TEST

START_TEST(every_long_story_goes_as_the_contract_says)
{
	for (unsigned bits = 0; bits < 8; bits++)
		play_deep(bits, FEW, LONGEST);
	ck_assert_uint_gt(events_played, 100000);
}
END_TEST

/* ---- long stories ---- */

/* The same for all times: what failed once fails again. */
static unsigned long dice = 1;

static unsigned roll(unsigned sides)
{
	dice = dice * 6364136223846793005UL + 1442695040888963407UL;
	return (unsigned)(dice >> 33) % sides;
}

static void play_long(const struct setting *setting)
{
	for (int times = 0; times < 100; times++) {
		struct play play;

		start(&play, setting);
		for (int i = 0; i < 200 && !play.model.is_over; i++) {
			unsigned happening = roll(HAPPENINGS);

			/* What ends a story comes seldom. */
			if ((happening == CHILDLESS || happening == LATE ||
			     happening == END || is_signal(happening)) &&
			    roll(4) != 0)
				continue;
			if (can_happen(&play, happening))
				let_happen(&play, happening);
		}
	}
}

START_TEST(long_stories_go_as_the_contract_says_in_every_setting)
{
	each_setting(ALL_GRACES, play_long);
}
END_TEST

/* ---- all values ---- */

/* Each signal, handed over as each other, while the program runs. */
START_TEST(every_signal_is_handed_over_as_every_other_or_dropped)
{
	for (int from = 1; from <= 64; from++) {
		for (int to = 0; to <= 64; to++) {
			struct setting setting = { .grace_ms = 8000 };
			struct keeper keeper;
			struct step step;

			if (from == 17)
				continue;
			signals_rewrite(&setting.rewriting, from, to);
			begin(&keeper, &setting);
			step = next(&keeper, KEEPER_SIGNAL, from, 5);
			unit_check(step.kind == (to ? HAND_OVER : NOTHING) &&
				   step.signal == to, "%d:%d is %s with %d",
				   from, to, kind_names[step.kind],
				   step.signal);
			for (int signal = 1; signal <= 64; signal++)
				unit_check(keeper_has_handed_over(&keeper,
								  signal) ==
					   (signal == to), "%d:%d and %d",
					   from, to, signal);
		}
	}
}
END_TEST

static void check_signal_while_ending(int signal, bool is_killing_now)
{
	struct setting setting = { .grace_ms = 8000 };
	bool is_passed_on = signal == 1 ||
			    (asks_to_end(signal) && !is_killing_now);
	struct keeper keeper;
	struct step step;

	begin(&keeper, &setting);
	next(&keeper, KEEPER_PROGRAM_END, 0, 5);
	next(&keeper, KEEPER_SETTLED, 0, 5);
	if (is_killing_now)
		next(&keeper, KEEPER_TIME, 0, 8005);
	step = next(&keeper, KEEPER_SIGNAL, signal, 8006);
	unit_check(step.kind == (is_passed_on ? SIGNAL_CHILDREN : NOTHING) &&
		   step.signal == (is_passed_on ? signal : 0),
		   "%d is %s with %d", signal, kind_names[step.kind],
		   step.signal);
}

START_TEST(only_signals_to_end_and_hup_are_passed_on_while_all_end)
{
	for (int signal = 1; signal <= 64; signal++) {
		check_signal_while_ending(signal, false);
		check_signal_while_ending(signal, true);
	}
}
END_TEST

START_TEST(only_term_and_int_end_a_pause)
{
	for (int signal = 1; signal <= 64; signal++) {
		struct setting setting = { .is_pause = true };
		struct keeper keeper;

		begin(&keeper, &setting);
		ck_assert_int_eq(next(&keeper, KEEPER_SIGNAL, signal, 5).kind,
				 NOTHING);
		unit_check(keeper_is_done(&keeper) ==
			   (signal == 15 || signal == 2), "%d", signal);
		unit_check(wait_status_of(&keeper) == 0, "%d", signal);
	}
}
END_TEST

START_TEST(only_term_int_and_quit_end_the_lingering_of_option_a)
{
	for (int signal = 1; signal <= 64; signal++) {
		struct setting setting = { .waits_for_all = true,
					   .grace_ms = 8000 };
		struct keeper keeper;
		struct step step;

		begin(&keeper, &setting);
		next(&keeper, KEEPER_PROGRAM_END, 0, 5);
		next(&keeper, KEEPER_SETTLED, 0, 5);
		ck_assert_int_eq(due_of(&keeper), NEVER);
		step = next(&keeper, KEEPER_SIGNAL, signal, 5);
		unit_check((step.kind == TELL_CHILDREN) == asks_to_end(signal),
			   "%d is %s", signal, kind_names[step.kind]);
	}
}
END_TEST

START_TEST(a_program_that_stops_takes_foster_along_but_not_by_stop)
{
	for (int signal = 19; signal <= 22; signal++) {
		struct setting setting = { .grace_ms = 8000 };
		struct keeper keeper;
		struct step step;

		begin(&keeper, &setting);
		step = next(&keeper, KEEPER_STOPPED, signal, 5);
		unit_check(step.kind == (signal == 19 ? NOTHING : SUSPEND) &&
			   step.signal == (signal == 19 ? 0 : signal),
			   "%d is %s with %d", signal, kind_names[step.kind],
			   step.signal);
	}
}
END_TEST

START_TEST(every_status_of_the_program_is_kept_to_the_end)
{
	for (int status = 0; status <= 0xffff; status++) {
		struct setting setting = { .grace_ms = 8000,
					   .is_process_1 = true };
		struct keeper keeper;

		begin(&keeper, &setting);
		next(&keeper, KEEPER_PROGRAM_END, status, 5);
		next(&keeper, KEEPER_REAPED, 0, 5);
		next(&keeper, KEEPER_SETTLED, 0, 5);
		next(&keeper, KEEPER_SIGNAL, 15, 6);
		next(&keeper, KEEPER_SIGNAL, 15, 6);
		ck_assert(keeper_is_done(&keeper));
		unit_check(wait_status_of(&keeper) == status, "%#x", status);
	}
}
END_TEST

/* ---- single promises, in words ---- */

/* A whole grace time with nobody ending: who is told when. */
START_TEST(leftovers_are_told_at_once_all_at_half_and_reported_at_last)
{
	struct setting setting = { .is_process_1 = true, .grace_ms = 8000 };
	struct keeper keeper;
	struct step step;
	int64_t now = 1000, gap, last = now;
	int looks = 0, tells_of_all = 0;

	begin(&keeper, &setting);
	next(&keeper, KEEPER_PROGRAM_END, 0, now);
	step = next(&keeper, KEEPER_SETTLED, 0, now);
	ck_assert_int_eq(step.kind, TELL_CHILDREN);
	ck_assert_int_eq(step.signal, 15);
	while (!keeper_is_done(&keeper)) {
		now = due_of(&keeper);
		gap = now - last;
		last = now;
		unit_check(gap > 0 && gap <= 8000 / LOOKS, "%" PRId64 " ms"
			   " without a look", gap);
		step = next(&keeper, KEEPER_TIME, 0, now);
		if (step.kind == TELL_ALL) {
			tells_of_all++;
			ck_assert_int_eq(now, 1000 + 4000);
		} else if (step.kind == TELL_CHILDREN) {
			looks++;
		} else {
			ck_assert_int_eq(step.kind, REPORT);
		}
	}
	ck_assert_int_eq(now, 1000 + 8000);
	ck_assert_int_eq(tells_of_all, 1);
	ck_assert_int_le(looks, LOOKS + 1);
}
END_TEST

START_TEST(who_does_not_die_of_sigkill_is_waited_for_one_second)
{
	struct setting setting = { .grace_ms = 8000 };
	struct keeper keeper;
	int64_t now = 1000;
	int kills = 0;

	begin(&keeper, &setting);
	next(&keeper, KEEPER_PROGRAM_END, 0, now);
	next(&keeper, KEEPER_SETTLED, 0, now);
	now += 8000;
	while (!keeper_is_done(&keeper)) {
		struct step step = next(&keeper, KEEPER_TIME, 0, now);

		if (step.kind == SIGNAL_CHILDREN) {
			ck_assert_int_eq(step.signal, 9);
			kills++;
		} else {
			ck_assert_int_eq(step.kind, REPORT);
			break;
		}
		now = due_of(&keeper);
	}
	ck_assert(keeper_is_done(&keeper));
	ck_assert_int_eq(now, 1000 + 8000 + KILLING_MS);
	/* Those that arrive are killed as well. */
	ck_assert_int_ge(kills, 2);
}
END_TEST

/* Ten thousand deaths in one moment are one look, not ten thousand. */
START_TEST(children_that_die_in_a_row_cause_few_looks)
{
	struct setting setting = { .is_process_1 = true, .grace_ms = 8000 };
	struct keeper keeper;
	int64_t now = 0;
	int looks = 0;

	begin(&keeper, &setting);
	next(&keeper, KEEPER_PROGRAM_END, 0, now);
	next(&keeper, KEEPER_SETTLED, 0, now);
	for (int i = 0; i < 10000; i++) {
		now += i % 10 == 0;
		next(&keeper, KEEPER_REAPED, 0, now);
		looks += next(&keeper, KEEPER_SETTLED, 0, now).kind != NOTHING;
	}
	ck_assert_int_eq(now, 1000);
	ck_assert_int_ge(looks, 1);
	ck_assert_int_le(looks, 1000 / LOOK_GAP_MS);
}
END_TEST

/* At each time of 60 ms: TERM, a wait, the end; then is it too long ago? */
START_TEST(the_group_counts_as_told_within_one_grace_time)
{
	static const int telling[] = { 15, 3 };
	static const int others[] = { 1, 2, 10, 12, 28 };
	struct setting setting = { .grace_ms = 30 };
	struct keeper keeper;

	begin(&keeper, &setting);
	for (int64_t now = 0; now < 1000; now++)
		ck_assert(!was_told(&keeper, now));
	for (size_t i = 0; i < UNIT_COUNT(others); i++)
		next(&keeper, KEEPER_SIGNAL, others[i], 1000);
	ck_assert(!was_told(&keeper, 1000));
	for (size_t i = 0; i < UNIT_COUNT(telling); i++) {
		begin(&keeper, &setting);
		next(&keeper, KEEPER_SIGNAL, telling[i], 1000);
		ck_assert(was_told(&keeper, 1000));
		ck_assert(was_told(&keeper, 1029));
		ck_assert(!was_told(&keeper, 1031));
		/* The last one counts. */
		next(&keeper, KEEPER_SIGNAL, telling[i], 1020);
		next(&keeper, KEEPER_SIGNAL, 1, 1040);
		ck_assert(was_told(&keeper, 1049));
		ck_assert(!was_told(&keeper, 1051));
	}
}
END_TEST

Suite *keeper_suite(void);

Suite *keeper_suite(void)
{
	Suite *suite = suite_create("keeper");
	TCase *stories = unit_tcase(suite, "stories");
	TCase *values = unit_tcase(suite, "values");
	TCase *promises = unit_tcase(suite, "promises");

	unit_add(stories,
		 every_short_story_goes_as_the_contract_says_in_every_setting);
	unit_add(stories,
		 every_story_that_has_come_far_ends_as_the_contract_says);
	unit_add(stories, every_longer_story_goes_as_the_contract_says);
	unit_add(stories, every_long_story_goes_as_the_contract_says);
	unit_add(stories,
		 long_stories_go_as_the_contract_says_in_every_setting);
	unit_add(values, every_signal_is_handed_over_as_every_other_or_dropped);
	unit_add(values,
		 only_signals_to_end_and_hup_are_passed_on_while_all_end);
	unit_add(values, only_term_and_int_end_a_pause);
	unit_add(values, only_term_int_and_quit_end_the_lingering_of_option_a);
	unit_add(values,
		 a_program_that_stops_takes_foster_along_but_not_by_stop);
	unit_add(values, every_status_of_the_program_is_kept_to_the_end);
	unit_add(promises,
		 leftovers_are_told_at_once_all_at_half_and_reported_at_last);
	unit_add(promises,
		 who_does_not_die_of_sigkill_is_waited_for_one_second);
	unit_add(promises, children_that_die_in_a_row_cause_few_looks);
	unit_add(promises, the_group_counts_as_told_within_one_grace_time);
	return suite;
}
