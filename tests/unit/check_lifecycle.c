/*
 * check_lifecycle.c - the life of the program and its leftovers
 * (src/lifecycle.h), beside the oracle of tests/lifecycle_contract.h.
 *
 * All sequences of events up to a small length are played to both, in every
 * setting, and at each event both must do the same. The single promises of
 * foster(1), SIGNALS and LEFTOVERS, follow in words.
 */
#include "../lifecycle_contract.h"
#include "unit.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const action_names[] = {
	[STEP_NOTHING] = "nothing",
	[STEP_FORWARD] = "forward",
	[STEP_CONTINUE_PROGRAM] = "continue the program",
	[STEP_KILL_PROGRAM] = "kill the program",
	[STEP_SUSPEND] = "suspend",
	[STEP_TERMINATE_CHILDREN] = "terminate the children",
	[STEP_TERMINATE_ALL] = "terminate all",
	[STEP_SIGNAL_CHILDREN] = "signal the children",
	[STEP_KILL_ALL] = "kill all",
	[STEP_REPORT] = "report",
};

/* The rewriting is a copy: a setting may be copied, too. */
struct setting {
	struct lifecycle_config config;
	unsigned char rewriting[SIGNALS_REWRITING_SIZE];
};

static void begin(struct lifecycle *lifecycle, struct setting *setting)
{
	setting->config.rewriting = setting->rewriting;
	lifecycle_begin(lifecycle, &setting->config);
}

static bool wants_time(const struct lifecycle *lifecycle,
		       enum lifecycle_event event, int value)
{
	return lifecycle_wants_time(lifecycle,
				    event == EVENT_SIGNAL ? value : 0);
}

/*
 * The time is right where src/loop.c and src/reap.c read the clock: always when
 * it has passed and when the program has stopped; with a signal, and when there
 * is nothing to reap, only if it is wanted. Else it is any.
 */
static struct lifecycle_step next(struct lifecycle *lifecycle,
				  enum lifecycle_event event, int value,
				  uint64_t now_ms)
{
	static unsigned count;
	bool is_right = event == EVENT_TIME;

	if (event == EVENT_SIGNAL || event == EVENT_NOTHING_TO_REAP)
		is_right = wants_time(lifecycle, event, value);
	if (event == EVENT_STOPPED)
		is_right = true;
	if (!is_right)
		now_ms = count++ % 2 ? 0 : UINT64_MAX / 4;
	return lifecycle_next(lifecycle, event, value, now_ms);
}

/* ---- what can happen ---- */

/*
 * DUE is the time that was named, TELLING the next at which more are told, LATE
 * beyond whatever has a deadline; SETTLED_LATER is a while after the last
 * event, SUSPENDED_LATER a second.
 */
#define ALL_HAPPENINGS(row)                                                    \
	row(TERM, EVENT_SIGNAL, SIGTERM)                                       \
	row(INT, EVENT_SIGNAL, SIGINT)                                         \
	row(QUIT, EVENT_SIGNAL, SIGQUIT)                                       \
	row(HUP, EVENT_SIGNAL, SIGHUP)                                         \
	row(USR1, EVENT_SIGNAL, SIGUSR1)                                       \
	row(CHLD, EVENT_SIGNAL, SIGCHLD)                                       \
	row(MOMENT, EVENT_TIME, 0)                                             \
	row(DUE, EVENT_TIME, 0)                                                \
	row(TELLING, EVENT_TIME, 0)                                            \
	row(LATE, EVENT_TIME, 0)                                               \
	row(STOPPED, EVENT_STOPPED, SIGSTOP)                                   \
	row(SUSPENDED, EVENT_STOPPED, SIGTSTP)                                 \
	row(SUSPENDED_LATER, EVENT_STOPPED, SIGTSTP)                           \
	row(CONTINUED, EVENT_CONTINUED, 0)                                     \
	row(END, EVENT_PROGRAM_ENDED, 7 << 8)                                  \
	row(REAPED, EVENT_REAPED, 0)                                           \
	row(SETTLED, EVENT_NOTHING_TO_REAP, 0)                                 \
	row(SETTLED_LATER, EVENT_NOTHING_TO_REAP, 0)                           \
	row(CHILDLESS, EVENT_NO_CHILDREN, 0)

#define NAME(name, event, value) name,
#define ROW(name, event, value) { #name, event, value },

enum happening { ALL_HAPPENINGS(NAME) HAPPENINGS };

static const struct {
	const char *name;
	enum lifecycle_event event;
	int value;
} happenings[] = { ALL_HAPPENINGS(ROW) };

/* ---- both side by side ---- */

enum { STORY_MAX = 200 };

struct play {
	const struct setting *setting;
	struct lifecycle lifecycle;
	struct oracle oracle;
	uint64_t now_ms;
	unsigned char story[STORY_MAX];
	unsigned length;
};

/* The setting and what has happened, for messages. */
static const char *story_of(const struct play *play)
{
	static char text[1024];
	const struct lifecycle_config *config = &play->setting->config;
	unsigned from = play->length > 30 ? play->length - 30 : 0;
	size_t length;

	snprintf(text, sizeof(text), "%s%s%s-t %ums -k %ums TERM as %d:%s",
		 config->is_process_1 ? "process 1 " : "",
		 config->waits_for_all ? "-a " : "",
		 config->is_pause ? "-P " : "", config->grace_ms,
		 config->kill_after_ms,
		 oracle_rewritten(&play->oracle, SIGTERM),
		 from > 0 ? " ..." : "");
	for (; from < play->length; from++) {
		length = strlen(text);
		snprintf(text + length, sizeof(text) - length, " %s",
			 happenings[play->story[from]].name);
	}
	return text;
}

#define same(is, expected, what)                                               \
	unit_check((is) == (expected), "%s: %s: %" PRIu64 ", not %" PRIu64,    \
		   story_of(play), what, (uint64_t)(is), (uint64_t)(expected))

static void check_state(const struct play *play)
{
	static const int signals[] = { SIGHUP,	SIGINT,	 SIGQUIT, SIGKILL,
				       SIGUSR1, SIGTERM, SIGCONT };
	const struct lifecycle *lifecycle = &play->lifecycle;
	const struct oracle *oracle = &play->oracle;

	same(lifecycle_is_over(lifecycle), oracle->is_over, "it is over");
	for (size_t i = 0; i < UNIT_COUNT(signals); i++)
		same(lifecycle_has_forwarded(lifecycle, signals[i]),
		     oracle->forwarded >> (signals[i] - 1) & 1, "forwarded");
	if (!oracle_is_killing(oracle))
		same(lifecycle_told_signal(lifecycle, play->now_ms),
		     oracle_told_signal(oracle, play->now_ms),
		     "the group told");
	same(lifecycle_signal_to_end(lifecycle), oracle_signal_to_end(oracle),
	     "the signal for leftovers");
	if (oracle->is_over)
		same(lifecycle->wait_status, oracle->wait_status, "status");
	else if (!oracle_is_settling(oracle))
		same(lifecycle_due_ms(lifecycle), oracle_due_ms(oracle), "due");
	if (!oracle->is_over)
		same(lifecycle_spares_readers(lifecycle),
		     oracle_spares_readers(oracle), "readers are spared");
}

/* One event to both. */
static void happens(struct play *play, enum lifecycle_event event, int value)
{
	struct oracle was = play->oracle;
	struct lifecycle_step step, right;
	const char *rule;

	if (!oracle_may_ask_time(&was, event == EVENT_SIGNAL ? value : SIGCHLD))
		same(wants_time(&play->lifecycle, event, value), false,
		     "the time is wanted");
	step = next(&play->lifecycle, event, value, play->now_ms);
	right = oracle_next(&play->oracle, event, value, play->now_ms);
	unit_check(step.action == right.action && step.signal == right.signal,
		   "%s: %s with %d, not %s with %d", story_of(play),
		   action_names[step.action], step.signal,
		   action_names[right.action], right.signal);
	rule = oracle_broken_rule(&was, &play->oracle, event, value,
				  play->now_ms, step);
	unit_check(rule == NULL, "%s: not so: %s", story_of(play), rule);
	check_state(play);
}

static void start(struct play *play, struct setting *setting)
{
	*play = (struct play){ .setting = setting, .now_ms = 100000 };
	begin(&play->lifecycle, setting);
	oracle_begin(&play->oracle, &setting->config);
	check_state(play);
}

/* ---- what may follow ---- */

static bool can_happen(const struct play *play, enum happening happening)
{
	if (happening == DUE || happening == TELLING || happening == LATE)
		if (oracle_due_ms(&play->oracle) == ORACLE_NEVER)
			return false;
	return oracle_can_happen(&play->oracle, happenings[happening].event);
}

static void pass_to(struct play *play, uint64_t at_ms)
{
	if (at_ms != ORACLE_NEVER && at_ms > play->now_ms)
		play->now_ms = at_ms;
}

static void pass_time(struct play *play, enum happening happening)
{
	const struct oracle *oracle = &play->oracle;

	if (happening == MOMENT)
		play->now_ms++;
	else if (happening == DUE)
		pass_to(play, oracle_due_ms(oracle));
	else if (happening == SETTLED_LATER)
		play->now_ms += ORACLE_LOOK_GAP_MS;
	else if (happening == SUSPENDED_LATER)
		play->now_ms += ORACLE_CONTINUE_MS;
	else if (happening == TELLING && oracle_is_ending(oracle))
		pass_to(play, oracle_telling_ms(oracle));
	else if (happening == LATE && oracle_is_ending(oracle))
		pass_to(play, oracle_deadline_ms(oracle) + 7);
	else if (happening == TELLING || happening == LATE)
		pass_to(play, oracle_kill_ms(oracle));
}

static void let_happen(struct play *play, enum happening happening)
{
	if (play->length < STORY_MAX)
		play->story[play->length++] = (unsigned char)happening;
	pass_time(play, happening);
	happens(play, happenings[happening].event, happenings[happening].value);
}

static unsigned long events_played;

/* A set has one bit for each that may happen. */
#define BIT(happening) (1U << (happening))
#define ALL_OF_THEM (BIT(HAPPENINGS) - 1)

/* One of each kind. */
enum { FEW = BIT(TERM) | BIT(HUP) | BIT(DUE) | BIT(TELLING) | BIT(LATE) |
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

static void rewrite(unsigned char rewriting[SIGNALS_REWRITING_SIZE],
		    enum rewriting which)
{
	if (which == TERM_AS_QUIT) {
		signals_rewrite(rewriting, SIGTERM, SIGQUIT);
		signals_rewrite(rewriting, SIGUSR1, SIGTERM);
		signals_rewrite(rewriting, SIGINT, SIGHUP);
		signals_rewrite(rewriting, SIGHUP, SIGWINCH);
	} else if (which == TERM_DROPPED) {
		signals_rewrite(rewriting, SIGTERM, 0);
		signals_rewrite(rewriting, SIGHUP, 0);
		signals_rewrite(rewriting, SIGQUIT, SIGINT);
	}
}

/* None, one in which all looks fall together, the default; odd ones. */
static const uint32_t graces_ms[] = { 0, 30, 8000, 1, UINT32_C(1) << 31 };
enum { USUAL_GRACES = 3, ALL_GRACES = UNIT_COUNT(graces_ms) };

/* Calls `each` in every setting with the first of the grace times. */
static void each_setting(size_t graces, void (*each)(struct setting *))
{
	for (unsigned bits = 0; bits < 16; bits++)
		for (size_t i = 0; i < graces; i++)
			for (int which = 0; which < REWRITINGS; which++) {
				struct setting setting = {
					.config = {
						.is_process_1 = bits & 1,
						.waits_for_all = bits & 2,
						.is_pause = bits & 4,
						.kill_after_ms =
							bits & 8 ? 5000 : 0,
						.grace_ms = graces_ms[i],
					},
				};

				rewrite(setting.rewriting, which);
				each(&setting);
			}
}

/* ---- all short stories ---- */

enum { FROM_THE_START = 4, FROM_A_PLACE = 3, LONGER = 5, LONGEST = 6 };

static void play_from_the_start(struct setting *setting)
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
enum { PLACE_MAX = 8, END_OF_PLACE = HAPPENINGS };

static const unsigned char places[][PLACE_MAX] = {
	{ END_OF_PLACE },
	{ END, SETTLED, END_OF_PLACE },
	{ END, SETTLED, TERM, END_OF_PLACE },
	{ END, SETTLED, TELLING, END_OF_PLACE },
	{ END, SETTLED, TELLING, TELLING, END_OF_PLACE },
	{ END, SETTLED, TELLING, TELLING, TELLING, END_OF_PLACE },
	{ END, SETTLED, LATE, END_OF_PLACE },
	{ END, SETTLED, LATE, LATE, LATE, LATE, END_OF_PLACE },
	{ END, SETTLED, TERM, TERM, END_OF_PLACE },
	{ TERM, END, SETTLED, END_OF_PLACE },
	{ TERM, END, SETTLED, TELLING, TELLING, END_OF_PLACE },
	{ END, SETTLED, REAPED, SETTLED, END_OF_PLACE },
	{ END, SETTLED, TELLING, REAPED, SETTLED, END_OF_PLACE },
	{ END, SETTLED, LATE, REAPED, SETTLED, END_OF_PLACE },
	{ TERM, SETTLED, END, SETTLED, END_OF_PLACE },
	{ TERM, SETTLED, LATE, SETTLED, END_OF_PLACE },
	{ STOPPED, SETTLED, TERM, END_OF_PLACE },
	{ END, SETTLED, TERM, SETTLED, TELLING, END_OF_PLACE },
	{ TERM, SETTLED, TELLING, TERM, END_OF_PLACE },
	{ USR1, SETTLED, QUIT, SETTLED, END_OF_PLACE },
};

/* Calls `each` at every place that there is in this setting. */
static void each_place(struct setting *setting,
		       void (*each)(const struct play *))
{
	for (size_t i = 0; i < UNIT_COUNT(places); i++) {
		struct play play;
		int at = 0;

		start(&play, setting);
		while (places[i][at] != END_OF_PLACE &&
		       can_happen(&play, places[i][at]))
			let_happen(&play, places[i][at++]);
		if (places[i][at] == END_OF_PLACE)
			each(&play);
	}
}

static void play_on(const struct play *play)
{
	play_all(play, ALL_OF_THEM, FROM_A_PLACE);
}

static void play_from_places(struct setting *setting)
{
	each_place(setting, play_on);
}

START_TEST(every_story_that_has_come_far_ends_as_the_contract_says)
{
	each_setting(USUAL_GRACES, play_from_places);
	ck_assert_uint_gt(events_played, 100000);
}
END_TEST

static void play_deep(unsigned bits, unsigned set, int length)
{
	struct setting setting = { .config = {
		.is_process_1 = bits & 1,
		.waits_for_all = bits & 2,
		.kill_after_ms = bits & 4 ? 5000 : 0,
		.grace_ms = 8000,
	} };
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

static void play_long(struct setting *setting)
{
	for (int times = 0; times < 100; times++) {
		struct play play;

		start(&play, setting);
		for (int i = 0; i < 200 && !play.oracle.is_over; i++) {
			unsigned happening = roll(HAPPENINGS);

			/* What ends a story comes seldom. */
			if ((happening == CHILDLESS || happening == LATE ||
			     happening == END ||
			     happenings[happening].event == EVENT_SIGNAL) &&
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

/* Each signal as each other, while the program runs. */
START_TEST(every_signal_is_forwarded_as_every_other_or_dropped)
{
	for (int from = 1; from <= SIGNALS_MAX; from++) {
		for (int to = 0; to <= SIGNALS_MAX; to++) {
			struct setting setting = { .config.grace_ms = 8000 };
			enum lifecycle_action right = to == 0 ? STEP_NOTHING
							      : STEP_FORWARD;
			struct lifecycle lifecycle;
			struct lifecycle_step step;

			if (from == SIGCHLD)
				continue;
			signals_rewrite(setting.rewriting, from, to);
			begin(&lifecycle, &setting);
			step = next(&lifecycle, EVENT_SIGNAL, from, 5);
			unit_check(step.action == right && step.signal == to,
				   "%d:%d is %s with %d", from, to,
				   action_names[step.action], step.signal);
			for (int signal = 1; signal <= SIGNALS_MAX; signal++)
				unit_check(lifecycle_has_forwarded(&lifecycle,
								   signal) ==
						   (signal == to),
					   "%d:%d and %d", from, to, signal);
		}
	}
}
END_TEST

static void take_every_signal(const struct play *before)
{
	for (int signal = 1; signal <= SIGNALS_MAX; signal++) {
		struct play play = *before;

		if (oracle_can_happen(&play.oracle, EVENT_SIGNAL)) {
			happens(&play, EVENT_SIGNAL, signal);
			events_played++;
		}
		play = *before;
		if (oracle_can_happen(&play.oracle, EVENT_STOPPED))
			happens(&play, EVENT_STOPPED, signal);
	}
}

static void take_every_signal_everywhere(struct setting *setting)
{
	each_place(setting, take_every_signal);
}

/* While the program runs, while leftovers end, are killed, may run on ... */
START_TEST(every_signal_and_stop_does_what_the_contract_says_everywhere)
{
	each_setting(USUAL_GRACES, take_every_signal_everywhere);
	ck_assert_uint_gt(events_played, 10000);
}
END_TEST

START_TEST(every_status_of_the_program_is_kept_to_the_end)
{
	for (int status = 0; status <= 0xffff; status++) {
		struct setting setting = { .config = { .is_process_1 = true,
						       .grace_ms = 8000 } };
		struct lifecycle lifecycle;

		begin(&lifecycle, &setting);
		next(&lifecycle, EVENT_PROGRAM_ENDED, status, 5);
		next(&lifecycle, EVENT_REAPED, 0, 5);
		next(&lifecycle, EVENT_NOTHING_TO_REAP, 0, 5);
		next(&lifecycle, EVENT_SIGNAL, SIGTERM, 6);
		next(&lifecycle, EVENT_SIGNAL, SIGTERM, 6);
		ck_assert(lifecycle_is_over(&lifecycle));
		unit_check(lifecycle.wait_status == status, "%#x", status);
	}
}
END_TEST

/* ---- single promises, in words ---- */

enum { END_MS = 1000, GRACE_MS = 8000 };

/* The program ends at second 1 by itself, and somebody is left. */
static struct lifecycle_step begin_ending(struct lifecycle *lifecycle,
					  struct setting *setting)
{
	begin(lifecycle, setting);
	next(lifecycle, EVENT_PROGRAM_ENDED, 0, END_MS);
	return next(lifecycle, EVENT_NOTHING_TO_REAP, 0, END_MS);
}

/* What is due then. */
static struct lifecycle_step next_due(struct lifecycle *lifecycle,
				      uint64_t *now_ms)
{
	*now_ms = lifecycle_due_ms(lifecycle);
	return next(lifecycle, EVENT_TIME, 0, *now_ms);
}

/* A whole grace time with nobody ending: who is told when. */
START_TEST(leftovers_are_told_in_three_steps_and_reported_at_last)
{
	static const uint64_t all_are_told_ms[] = {
		END_MS + GRACE_MS / 4 * 3, END_MS + GRACE_MS / 8 * 7
	};
	struct setting setting = { .config = { .is_process_1 = true,
					       .grace_ms = GRACE_MS } };
	struct lifecycle lifecycle;
	struct lifecycle_step step = begin_ending(&lifecycle, &setting);
	uint64_t now, gap, last = END_MS;
	int looks = 0, times_all = 0;

	ck_assert_int_eq(step.action, STEP_NOTHING);
	while (!lifecycle_is_over(&lifecycle)) {
		step = next_due(&lifecycle, &now);
		gap = now - last;
		last = now;
		unit_check(gap > 0 && gap <= GRACE_MS / ORACLE_LOOKS,
			   "%" PRIu64 " ms without a look", gap);
		if (step.action == STEP_TERMINATE_ALL) {
			ck_assert_int_lt(times_all, 2);
			ck_assert_int_eq(now, all_are_told_ms[times_all++]);
		} else if (step.action == STEP_TERMINATE_CHILDREN) {
			if (looks++ == 0)
				ck_assert_int_eq(now, END_MS + ORACLE_QUIET_MS);
		} else {
			ck_assert_int_eq(step.action, STEP_REPORT);
		}
		ck_assert_int_eq(lifecycle_spares_readers(&lifecycle),
				 times_all < 2);
		if (step.action != STEP_REPORT)
			ck_assert_int_eq(step.signal, SIGTERM);
	}
	ck_assert_int_eq(now, END_MS + GRACE_MS);
	ck_assert_int_eq(times_all, 2);
	ck_assert_int_le(looks, ORACLE_LOOKS + 1);
}
END_TEST

/* Every signal that stops a program, and what -r makes one. */
START_TEST(nobody_is_left_in_peace_by_a_program_that_was_told_to_stop)
{
	static const struct {
		int signal, as;
		enum lifecycle_action first;
	} rows[] = {
		{ SIGTERM, SIGTERM, STEP_TERMINATE_CHILDREN },
		{ SIGINT, SIGINT, STEP_TERMINATE_CHILDREN },
		{ SIGQUIT, SIGQUIT, STEP_TERMINATE_CHILDREN },
		{ SIGINT, SIGHUP, STEP_TERMINATE_CHILDREN },
		{ SIGUSR1, SIGQUIT, STEP_TERMINATE_CHILDREN },
		{ SIGINT, 0, STEP_NOTHING },
		{ SIGHUP, SIGHUP, STEP_NOTHING },
		{ SIGUSR1, SIGHUP, STEP_NOTHING },
	};

	for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
		struct setting setting = { .config.grace_ms = GRACE_MS };
		struct lifecycle lifecycle;
		struct lifecycle_step step;

		signals_rewrite(setting.rewriting, rows[i].signal, rows[i].as);
		begin(&lifecycle, &setting);
		next(&lifecycle, EVENT_SIGNAL, rows[i].signal, END_MS - 500);
		next(&lifecycle, EVENT_PROGRAM_ENDED, 0, END_MS);
		step = next(&lifecycle, EVENT_NOTHING_TO_REAP, 0, END_MS);
		unit_check(step.action == rows[i].first, "%d as %d: %s",
			   rows[i].signal, rows[i].as,
			   action_names[step.action]);
		if (step.action != STEP_NOTHING)
			ck_assert_int_eq(step.signal, rows[i].as);
	}
}
END_TEST

/* The quiet is at most half of a short grace time, and never no telling. */
START_TEST(a_short_grace_time_is_half_quiet)
{
	for (uint32_t grace_ms = 1; grace_ms <= 400; grace_ms++) {
		struct setting setting = { .config.grace_ms = grace_ms };
		uint64_t now, half_ms = grace_ms / 2;
		uint64_t quiet_ms = half_ms < 100 ? half_ms : 100;
		struct lifecycle lifecycle;
		struct lifecycle_step step;

		begin_ending(&lifecycle, &setting);
		step = next_due(&lifecycle, &now);
		ck_assert_int_eq(step.action, STEP_TERMINATE_CHILDREN);
		ck_assert_int_eq(now, END_MS + quiet_ms);
	}
}
END_TEST

/* However late foster is, as after a suspended machine. */
START_TEST(nobody_is_killed_untold)
{
	static const enum lifecycle_action right[] = {
		STEP_TERMINATE_CHILDREN, STEP_TERMINATE_ALL, STEP_TERMINATE_ALL,
		STEP_KILL_ALL
	};
	struct setting setting = { .config.grace_ms = GRACE_MS };
	uint64_t now = END_MS + 2 * GRACE_MS;
	struct lifecycle lifecycle;

	begin_ending(&lifecycle, &setting);
	for (size_t i = 0; i < UNIT_COUNT(right); i++) {
		struct lifecycle_step step;

		ck_assert_int_le(lifecycle_due_ms(&lifecycle), now);
		step = next(&lifecycle, EVENT_TIME, 0, now);
		ck_assert_int_eq(step.action, right[i]);
	}
	ck_assert_int_gt(lifecycle_due_ms(&lifecycle), now);
}
END_TEST

/*
 * Leftovers are told by the first signal to end that came, wherever it came: to
 * the program, to a foster that waits (-a), or to one that ends.
 */
START_TEST(leftovers_are_told_by_what_ended_it_all)
{
	static const struct {
		int first, as, second, told_by;
	} rows[] = {
		{ SIGQUIT, SIGQUIT, SIGTERM, SIGQUIT },
		{ SIGTERM, SIGQUIT, SIGINT, SIGQUIT },
		{ SIGINT, 0, SIGQUIT, SIGTERM },
		{ SIGHUP, SIGHUP, SIGQUIT, SIGQUIT },
		{ SIGHUP, SIGHUP, SIGHUP, SIGTERM },
	};

	for (size_t i = 0; i < UNIT_COUNT(rows); i++)
		for (int waits = 0; waits < 2; waits++) {
			struct setting setting = { .config = {
				.waits_for_all = waits, .grace_ms = GRACE_MS } };
			struct lifecycle lifecycle;

			signals_rewrite(setting.rewriting, rows[i].first,
					rows[i].as);
			begin_ending(&lifecycle, &setting);
			next(&lifecycle, EVENT_SIGNAL, rows[i].first, 5000);
			next(&lifecycle, EVENT_SIGNAL, rows[i].second, 5000);
			unit_check(lifecycle_signal_to_end(&lifecycle) ==
					   rows[i].told_by, "row %zu", i);
		}
}
END_TEST

START_TEST(the_first_signal_to_end_is_for_who_was_not_told_yet)
{
	static const int ending[] = { SIGTERM, SIGINT, SIGQUIT };

	for (size_t i = 0; i < UNIT_COUNT(ending); i++) {
		struct setting setting = { .config = { .is_process_1 = true,
						       .grace_ms = GRACE_MS } };
		uint64_t now;
		struct lifecycle lifecycle;
		struct lifecycle_step step;

		begin_ending(&lifecycle, &setting);
		next_due(&lifecycle, &now);
		step = next(&lifecycle, EVENT_SIGNAL, ending[i], now + 1);
		ck_assert_int_eq(step.action, STEP_TERMINATE_CHILDREN);
		ck_assert_int_eq(step.signal, ending[i]);
		step = next(&lifecycle, EVENT_SIGNAL, ending[2 - i], now + 1);
		ck_assert_int_eq(step.action, STEP_REPORT);

		/* In the quiet it only ends that. */
		begin_ending(&lifecycle, &setting);
		step = next(&lifecycle, EVENT_SIGNAL, ending[i], END_MS + 1);
		ck_assert_int_eq(step.action, STEP_TERMINATE_CHILDREN);
		ck_assert_int_eq(step.signal, ending[i]);
		ck_assert_int_gt(lifecycle_due_ms(&lifecycle), END_MS + 1);
		step = next(&lifecycle, EVENT_SIGNAL, ending[i], END_MS + 2);
		ck_assert_int_eq(step.action, STEP_REPORT);
	}
}
END_TEST

/* Each signal in each place: a program that was told to end is not stopped. */
START_TEST(a_stop_that_is_reported_late_is_continued)
{
	static const int any_later[] = { SIGTERM, SIGINT };
	static const int a_second[] = { SIGQUIT, SIGHUP };
	struct setting setting = { .config.grace_ms = GRACE_MS };
	struct lifecycle lifecycle;
	struct lifecycle_step step;

	for (size_t i = 0; i < 2; i++)
		for (int stop = SIGCONT + 1; stop <= SIGTTOU; stop++) {
			begin(&lifecycle, &setting);
			next(&lifecycle, EVENT_SIGNAL, any_later[i], 5);
			next(&lifecycle, EVENT_SIGNAL, a_second[i], 5);
			step = next(&lifecycle, EVENT_STOPPED, stop, 1U << 30);
			/* Ctrl-Z is obeyed after Ctrl-C. */
			ck_assert_int_eq(step.action,
					 stop == SIGSTOP ||
							 any_later[i] == SIGTERM
						 ? STEP_CONTINUE_PROGRAM
						 : STEP_SUSPEND);

			begin(&lifecycle, &setting);
			next(&lifecycle, EVENT_SIGNAL, a_second[i], 5);
			next(&lifecycle, EVENT_SIGNAL, a_second[i], 50);
			step = next(&lifecycle, EVENT_STOPPED, stop, 1049);
			ck_assert_int_eq(step.action,
					 stop == SIGSTOP ? STEP_CONTINUE_PROGRAM
							 : STEP_SUSPEND);
			next(&lifecycle, EVENT_CONTINUED, 0, 1049);
			step = next(&lifecycle, EVENT_STOPPED, stop, 1050);
			ck_assert_int_eq(step.action, stop == SIGSTOP
							      ? STEP_NOTHING
							      : STEP_SUSPEND);
		}
}
END_TEST

/* -k, whatever -r makes of TERM and INT; QUIT and HUP never count. */
START_TEST(a_program_is_killed_in_time_after_term_or_int_as_they_came)
{
	for (int signal = 1; signal <= SIGNALS_MAX; signal++)
		for (int as = 0; as <= SIGNALS_MAX; as++) {
			struct setting setting = {
				.config.kill_after_ms = 700,
			};
			bool counts = signal == SIGTERM || signal == SIGINT;
			struct lifecycle lifecycle;

			if (signal == SIGCHLD)
				continue;
			signals_rewrite(setting.rewriting, signal, as);
			begin(&lifecycle, &setting);
			next(&lifecycle, EVENT_SIGNAL, signal, 50);
			next(&lifecycle, EVENT_SIGNAL, signal, 90);
			unit_check(lifecycle_due_ms(&lifecycle) ==
					   (counts ? 750 : LIFECYCLE_NEVER),
				   "%d as %d", signal, as);
		}
}
END_TEST

/* -a: the daemon is told what the program would have been. */
START_TEST(while_leftovers_may_run_they_have_every_signal_but_one_to_end)
{
	for (int signal = 1; signal <= SIGNALS_MAX; signal++) {
		struct setting setting = { .config = {
			.waits_for_all = true, .grace_ms = GRACE_MS } };
		struct lifecycle lifecycle;
		struct lifecycle_step step = begin_ending(&lifecycle, &setting);
		enum lifecycle_action right = STEP_SIGNAL_CHILDREN;

		ck_assert_int_eq(step.action, STEP_NOTHING);
		ck_assert(lifecycle_due_ms(&lifecycle) == LIFECYCLE_NEVER);
		if (signal == SIGTERM || signal == SIGINT || signal == SIGQUIT)
			right = STEP_TERMINATE_CHILDREN;
		if (signal == SIGCHLD)
			right = STEP_NOTHING;
		step = next(&lifecycle, EVENT_SIGNAL, signal, 5000);
		unit_check(step.action == right, "%d: %s", signal,
			   action_names[step.action]);
		if (right == STEP_SIGNAL_CHILDREN)
			ck_assert_int_eq(step.signal, signal);
	}
}
END_TEST

/* -a: a program that was told to stop leaves nothing to wait for. */
START_TEST(nobody_lingers_after_a_stop)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGQUIT, SIGHUP };

	for (size_t i = 0; i < UNIT_COUNT(signals); i++) {
		struct setting setting = { .config = {
			.waits_for_all = true, .grace_ms = GRACE_MS } };
		struct lifecycle lifecycle;
		struct lifecycle_step step;

		begin(&lifecycle, &setting);
		next(&lifecycle, EVENT_SIGNAL, signals[i], 5);
		next(&lifecycle, EVENT_PROGRAM_ENDED, 0, END_MS);
		step = next(&lifecycle, EVENT_NOTHING_TO_REAP, 0, END_MS);
		ck_assert_int_eq(step.action == STEP_TERMINATE_CHILDREN,
				 signals[i] != SIGHUP);
		ck_assert_int_eq(lifecycle_due_ms(&lifecycle) ==
					 LIFECYCLE_NEVER,
				 signals[i] == SIGHUP);
	}
}
END_TEST

START_TEST(who_does_not_die_of_sigkill_is_waited_for_one_second)
{
	struct setting setting = { .config.grace_ms = 8000 };
	struct lifecycle lifecycle;
	uint64_t now = 1000 + 8000;
	int kills = 0;

	begin_ending(&lifecycle, &setting);
	for (int i = 0; i < 3; i++)
		next(&lifecycle, EVENT_TIME, 0, now);
	while (!lifecycle_is_over(&lifecycle)) {
		struct lifecycle_step step =
			next(&lifecycle, EVENT_TIME, 0, now);

		if (step.action == STEP_KILL_ALL) {
			ck_assert_int_eq(step.signal, SIGKILL);
			kills++;
		} else {
			ck_assert_int_eq(step.action, STEP_REPORT);
			break;
		}
		now = lifecycle_due_ms(&lifecycle);
	}
	ck_assert(lifecycle_is_over(&lifecycle));
	ck_assert_int_eq(now, 1000 + 8000 + ORACLE_KILLING_MS);
	/* Those that arrive are killed as well. */
	ck_assert_int_ge(kills, 2);
}
END_TEST

/* Ten thousand deaths in one moment are one look, not ten thousand. */
START_TEST(children_that_die_in_a_row_cause_few_looks)
{
	struct setting setting = { .config = { .is_process_1 = true,
					       .grace_ms = 8000 } };
	struct lifecycle lifecycle;
	uint64_t now;
	int looks = 0;

	begin_ending(&lifecycle, &setting);
	next_due(&lifecycle, &now);
	for (int i = 0; i < 10000; i++) {
		struct lifecycle_step step;

		now += i % 10 == 0;
		next(&lifecycle, EVENT_REAPED, 0, now);
		step = next(&lifecycle, EVENT_NOTHING_TO_REAP, 0, now);
		looks += step.action != STEP_NOTHING;
	}
	ck_assert_int_eq(now, END_MS + ORACLE_QUIET_MS + 1000);
	ck_assert_int_ge(looks, 1);
	ck_assert_int_le(looks, 1000 / ORACLE_LOOK_GAP_MS);
}
END_TEST

START_TEST(the_group_counts_as_told_within_one_grace_time)
{
	static const int telling[] = { SIGTERM, SIGINT, SIGQUIT };
	static const int others[] = { SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH };
	struct setting setting = { .config.grace_ms = 30 };
	struct lifecycle lifecycle;

	begin(&lifecycle, &setting);
	for (uint64_t now = 0; now < 1000; now++)
		ck_assert_int_eq(lifecycle_told_signal(&lifecycle, now), 0);
	for (size_t i = 0; i < UNIT_COUNT(others); i++)
		next(&lifecycle, EVENT_SIGNAL, others[i], 1000);
	ck_assert_int_eq(lifecycle_told_signal(&lifecycle, 1000), 0);
	for (size_t i = 0; i < UNIT_COUNT(telling); i++) {
		begin(&lifecycle, &setting);
		next(&lifecycle, EVENT_SIGNAL, telling[i], 1000);
		ck_assert_int_eq(lifecycle_told_signal(&lifecycle, 1000),
				 telling[i]);
		ck_assert_int_eq(lifecycle_told_signal(&lifecycle, 1030),
				 telling[i]);
		ck_assert_int_eq(lifecycle_told_signal(&lifecycle, 1031), 0);
		/* The last one counts. */
		next(&lifecycle, EVENT_SIGNAL, telling[i], 1020);
		next(&lifecycle, EVENT_SIGNAL, SIGHUP, 1040);
		ck_assert_int_eq(lifecycle_told_signal(&lifecycle, 1050),
				 telling[i]);
		ck_assert_int_eq(lifecycle_told_signal(&lifecycle, 1051), 0);
	}
}
END_TEST

START_TEST(what_stands_in_for_a_signal_to_end_counts_as_told)
{
	static const int telling[] = { SIGTERM, SIGINT, SIGQUIT };

	for (size_t i = 0; i < UNIT_COUNT(telling); i++)
		for (int as = 1; as <= SIGNALS_MAX; as++) {
			struct setting setting = { .config.grace_ms = 30 };
			struct lifecycle lifecycle;

			signals_rewrite(setting.rewriting, telling[i], as);
			begin(&lifecycle, &setting);
			next(&lifecycle, EVENT_SIGNAL, telling[i], 1000);
			ck_assert_int_eq(
				lifecycle_told_signal(&lifecycle, 1030), as);
		}
}
END_TEST

Suite *lifecycle_suite(void);

Suite *lifecycle_suite(void)
{
	Suite *suite = suite_create("lifecycle");
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
	unit_add(values, every_signal_is_forwarded_as_every_other_or_dropped);
	unit_add(values,
		 every_signal_and_stop_does_what_the_contract_says_everywhere);
	unit_add(values, every_status_of_the_program_is_kept_to_the_end);
	unit_add(promises,
		 leftovers_are_told_in_three_steps_and_reported_at_last);
	unit_add(promises,
		 nobody_is_left_in_peace_by_a_program_that_was_told_to_stop);
	unit_add(promises, a_short_grace_time_is_half_quiet);
	unit_add(promises, nobody_is_killed_untold);
	unit_add(promises,
		 the_first_signal_to_end_is_for_who_was_not_told_yet);
	unit_add(promises, leftovers_are_told_by_what_ended_it_all);
	unit_add(promises, a_stop_that_is_reported_late_is_continued);
	unit_add(promises,
		 a_program_is_killed_in_time_after_term_or_int_as_they_came);
	unit_add(promises,
		 while_leftovers_may_run_they_have_every_signal_but_one_to_end);
	unit_add(promises, nobody_lingers_after_a_stop);
	unit_add(promises,
		 who_does_not_die_of_sigkill_is_waited_for_one_second);
	unit_add(promises, children_that_die_in_a_row_cause_few_looks);
	unit_add(promises, the_group_counts_as_told_within_one_grace_time);
	unit_add(promises, what_stands_in_for_a_signal_to_end_counts_as_told);
	return suite;
}
