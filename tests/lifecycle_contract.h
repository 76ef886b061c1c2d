/*
 * What foster has to do while its program runs and while leftovers end, told a
 * second time: foster(1), SIGNALS and LEFTOVERS. The unit tests ask this for
 * all short sequences of events (unit/check_lifecycle.c), the proofs for any
 * (proof/lifecycle.c), random lives and schedules for what foster does on the
 * simulated kernel (sim/random.c, sim/schedules/contract.c).
 *
 * It knows nothing of src/lifecycle.c but the names of options, events and
 * steps. Above all it knows no stages: it remembers what has happened and when,
 * and derives from that what is due. No call, no allocation, no loop: CBMC
 * reads it, too.
 */
#ifndef LIFECYCLE_CONTRACT_H
#define LIFECYCLE_CONTRACT_H

#include "lifecycle.h"

#define ORACLE_NEVER UINT64_MAX

/* The numbers of foster(1), LEFTOVERS, and EXIT STATUS. */
enum {
	ORACLE_QUIET_MS = 100,	  /* "for 100 milliseconds nobody is told" */
	ORACLE_KILLING_MS = 1000, /* "or one second has passed" */
	ORACLE_CONTINUE_MS = 1000, /* "after QUIT or HUP within a second" */
	ORACLE_LOOKS = 64,	  /* "every 64th part of the grace time" */
	ORACLE_LOOK_GAP_MS = 20,  /* "not twice within 20 milliseconds" */
};

/* What has happened. Times are ORACLE_NEVER for what has not. */
struct oracle {
	const struct lifecycle_config *config;

	/* To the program. */
	bool has_ended;
	int wait_status;
	bool is_stopped;
	bool owes_continue; /* TERM, INT, QUIT or HUP since the last reaping */
	bool had_term_or_int;
	uint64_t quit_or_hup_ms; /* the last one of them */
	uint64_t forwarded;	 /* bit N - 1: signal N */
	uint64_t told_ms; /* the last signal to end */
	int told_by;	  /* that, as -r has it */
	uint64_t asked_ms;	 /* the first TERM or INT that came */
	bool was_killed;

	/* To leftovers. */
	bool was_told_to_stop; /* the program; foster, with -P or -a */
	int stop; /* the first TERM, INT or QUIT, as -r has it; 0: none */
	uint64_t ending_ms;    /* the grace time began */
	bool roots_were_told;
	bool all_were_told;  /* but readers of what others write */
	bool last_were_told; /* those, too */
	unsigned requests;   /* TERM, INT and QUIT in the grace time */
	uint64_t killing_ms; /* SIGKILL was sent to them */
	uint64_t looked_ms;  /* foster looked for children */
	bool has_reaped;     /* since then */
	bool looks_soon;     /* for that reason */
	bool is_over;
};

static inline void oracle_begin(struct oracle *oracle,
				const struct lifecycle_config *config)
{
	*oracle = (struct oracle){
		.config = config,
		.quit_or_hup_ms = ORACLE_NEVER,
		.told_ms = ORACLE_NEVER,
		.asked_ms = ORACLE_NEVER,
		.ending_ms = ORACLE_NEVER,
		.killing_ms = ORACLE_NEVER,
	};
}

/* ---- what follows from what has happened ---- */

static inline bool oracle_asks_to_end(int signal)
{
	return signal == SIGTERM || signal == SIGINT || signal == SIGQUIT;
}

static inline bool oracle_is_term_or_int(int signal)
{
	return signal == SIGTERM || signal == SIGINT;
}

static inline bool oracle_is_quit_or_hup(int signal)
{
	return signal == SIGQUIT || signal == SIGHUP;
}

/* OPTIONS, -r: each signal is rewritten once; 0: it is dropped. */
static inline int oracle_rewritten(const struct oracle *oracle, int signal)
{
	int as = oracle->config->rewriting[signal];

	return as == 0 ? signal : as == SIGNALS_DROPPED ? 0 : as;
}

/*
 * LEFTOVERS: "told by the signal that ended it all: the first TERM, INT or QUIT
 * that came, as -r has it"; TERM where none came, or -r drops it.
 */
static inline int oracle_signal_to_end(const struct oracle *oracle)
{
	return oracle->stop != 0 ? oracle->stop : SIGTERM;
}

static inline void oracle_note_stop(struct oracle *oracle, int as)
{
	if (oracle->stop == 0)
		oracle->stop = as != 0 ? as : SIGTERM;
}

static inline bool oracle_program_runs(const struct oracle *oracle)
{
	return !oracle->config->is_pause && !oracle->has_ended;
}

static inline bool oracle_is_ending(const struct oracle *oracle)
{
	return oracle->ending_ms != ORACLE_NEVER;
}

static inline bool oracle_is_killing(const struct oracle *oracle)
{
	return oracle->killing_ms != ORACLE_NEVER;
}

/*
 * LEFTOVERS, -a and -P: nobody is told anything until foster is. With -a, a
 * program that had TERM, INT or QUIT before it ended "has been told to stop,
 * and so has" foster.
 */
static inline bool oracle_all_may_run(const struct oracle *oracle)
{
	return (oracle->config->is_pause ||
		(oracle->has_ended && oracle->config->waits_for_all)) &&
	       !oracle->was_told_to_stop;
}

/*
 * LEFTOVERS: the program has ended, or the pause; who is left is
 * known when all that is dead was reaped. Nothing can come between.
 */
static inline bool oracle_is_settling(const struct oracle *oracle)
{
	return !oracle_program_runs(oracle) && !oracle_all_may_run(oracle) &&
	       !oracle_is_ending(oracle);
}

static inline bool oracle_can_happen(const struct oracle *oracle,
				     enum lifecycle_event event)
{
	switch (event) {
	case EVENT_STOPPED:
	case EVENT_CONTINUED:
	case EVENT_PROGRAM_ENDED:
		return !oracle->is_over && oracle_program_runs(oracle);
	case EVENT_SIGNAL:
	case EVENT_TIME:
		return !oracle->is_over && !oracle_is_settling(oracle);
	default:
		return !oracle->is_over;
	}
}

/* ---- when something is due ---- */

/* OPTIONS, -k: counted from the first TERM or INT that came, once. */
static inline uint64_t oracle_kill_ms(const struct oracle *oracle)
{
	if (!oracle_program_runs(oracle) || oracle->was_killed ||
	    oracle->config->kill_after_ms == 0 ||
	    oracle->asked_ms == ORACLE_NEVER)
		return ORACLE_NEVER;
	return oracle->asked_ms + oracle->config->kill_after_ms;
}

/*
 * LEFTOVERS: a program that ended by itself leaves nobody in a hurry. "For 100
 * milliseconds nobody is told", but no longer than half the grace time.
 */
static inline uint64_t oracle_quiet_ms(const struct oracle *oracle)
{
	uint64_t half_ms = oracle->config->grace_ms / 2;

	if (oracle->was_told_to_stop)
		return 0;
	return half_ms < ORACLE_QUIET_MS ? half_ms : ORACLE_QUIET_MS;
}

/*
 * LEFTOVERS: when more are told than before. The roots are, after the quiet;
 * at three quarters of the grace time everybody is but readers of what others
 * write, and an eighth of it before its end those are, too. Nobody is killed
 * untold: who is late tells all the same, one after the other.
 */
static inline uint64_t oracle_telling_ms(const struct oracle *oracle)
{
	uint64_t grace_ms = oracle->config->grace_ms;

	if (!oracle_is_ending(oracle) || oracle_is_killing(oracle) ||
	    oracle->last_were_told)
		return ORACLE_NEVER;
	if (oracle->all_were_told)
		return oracle->ending_ms + grace_ms - grace_ms / 8;
	if (oracle->roots_were_told)
		return oracle->ending_ms + grace_ms - grace_ms / 4;
	return oracle->ending_ms + oracle_quiet_ms(oracle);
}

/* LEFTOVERS: whether readers of what others write are passed over now. */
static inline bool oracle_spares_readers(const struct oracle *oracle)
{
	return !oracle->last_were_told && !oracle_is_killing(oracle);
}

/* LEFTOVERS: the end of the grace time, and of the second after it. */
static inline uint64_t oracle_deadline_ms(const struct oracle *oracle)
{
	if (oracle_is_killing(oracle))
		return oracle->killing_ms + ORACLE_KILLING_MS;
	if (oracle_is_ending(oracle))
		return oracle->ending_ms + oracle->config->grace_ms;
	return ORACLE_NEVER;
}

/*
 * LEFTOVERS: foster "looks for new ones when it has reaped a child, and every
 * 64th part of the grace time, but not twice within 20 milliseconds".
 */
static inline uint64_t oracle_look_ms(const struct oracle *oracle)
{
	uint64_t pause_ms = oracle->config->grace_ms / ORACLE_LOOKS;

	if (!oracle->roots_were_told && !oracle_is_killing(oracle))
		return ORACLE_NEVER;
	if (oracle->looks_soon || oracle_is_killing(oracle) ||
	    pause_ms < ORACLE_LOOK_GAP_MS)
		pause_ms = ORACLE_LOOK_GAP_MS;
	return oracle->looked_ms + pause_ms;
}

/* REAPING: "While nothing happens, foster never wakes up". */
static inline uint64_t oracle_due_ms(const struct oracle *oracle)
{
	uint64_t due_ms = oracle_kill_ms(oracle);
	/* Nobody's time is over before the last ones were told. */
	uint64_t next_ms = oracle_telling_ms(oracle) != ORACLE_NEVER
				   ? oracle_telling_ms(oracle)
				   : oracle_deadline_ms(oracle);

	if (next_ms < due_ms)
		due_ms = next_ms;
	return oracle_look_ms(oracle) < due_ms ? oracle_look_ms(oracle)
					       : due_ms;
}

/*
 * LEFTOVERS, -g: the signal to end that the group had "within the last grace
 * time", as -r has it; 0: none.
 */
static inline int oracle_told_signal(const struct oracle *oracle,
				     uint64_t now_ms)
{
	if (oracle->told_ms == ORACLE_NEVER ||
	    now_ms > oracle->told_ms + oracle->config->grace_ms)
		return 0;
	return oracle->told_by;
}

static inline bool oracle_is_timed(int signal)
{
	return oracle_asks_to_end(signal) || signal == SIGHUP;
}

/*
 * Asking for the time costs a system call: while the program runs, or all may
 * run, it is asked only for TERM, INT, QUIT and HUP, before -r or after it.
 */
static inline bool oracle_may_ask_time(const struct oracle *oracle, int signal)
{
	if (!oracle_program_runs(oracle) && !oracle_all_may_run(oracle))
		return true;
	return oracle_is_timed(signal) ||
	       oracle_is_timed(oracle_rewritten(oracle, signal));
}

/* ---- what foster has to do ---- */

static inline struct lifecycle_step oracle_step(enum lifecycle_action action,
						int signal)
{
	return (struct lifecycle_step){ action, signal };
}

static inline struct lifecycle_step oracle_nothing(void)
{
	return oracle_step(STEP_NOTHING, 0);
}

/* Children are told, or killed; who had it before does not get it again. */
static inline struct lifecycle_step oracle_look(struct oracle *oracle,
						uint64_t now_ms)
{
	oracle->looked_ms = now_ms;
	oracle->has_reaped = oracle->looks_soon = false;
	return oracle_is_killing(oracle)
		       ? oracle_step(STEP_KILL_ALL, SIGKILL)
		       : oracle_step(STEP_TERMINATE_CHILDREN,
				     oracle_signal_to_end(oracle));
}

/* LEFTOVERS: more are told, as the time or a signal to end has it. */
static inline struct lifecycle_step oracle_tell(struct oracle *oracle,
						uint64_t now_ms)
{
	struct lifecycle_step step = oracle_look(oracle, now_ms);

	if (!oracle->roots_were_told) {
		oracle->roots_were_told = true;
		return step;
	}
	oracle->last_were_told = oracle->all_were_told;
	oracle->all_were_told = true;
	return oracle_step(STEP_TERMINATE_ALL, step.signal);
}

/*
 * LEFTOVERS: each child is told, at once if somebody is in a hurry. With -t 0
 * foster "exits as soon as the program has ended".
 */
static inline struct lifecycle_step oracle_begin_grace(struct oracle *oracle,
						       uint64_t now_ms)
{
	if (oracle->config->grace_ms == 0) {
		oracle->is_over = true;
		return oracle_nothing();
	}
	oracle->ending_ms = now_ms;
	return oracle->was_told_to_stop ? oracle_tell(oracle, now_ms)
					: oracle_nothing();
}

/*
 * LEFTOVERS, at the end of the grace time: process 1 says who is left and
 * exits. Any other sends SIGKILL, and does so after a second.
 */
static inline struct lifecycle_step oracle_end_grace(struct oracle *oracle,
						     uint64_t now_ms)
{
	if (oracle->config->is_process_1 || oracle_is_killing(oracle)) {
		oracle->is_over = true;
		return oracle_step(STEP_REPORT, 0);
	}
	oracle->killing_ms = now_ms;
	return oracle_look(oracle, now_ms);
}

/*
 * SIGNALS: "A stopped program cannot act on a signal. After TERM, INT, QUIT or
 * HUP it also gets CONT if it is stopped", under -r after what stands in for
 * them, and after what they stand in for.
 */
static inline void oracle_note_continue(struct oracle *oracle, int signal,
					int as, uint64_t now_ms)
{
	if (oracle_is_term_or_int(signal) || oracle_is_term_or_int(as))
		oracle->had_term_or_int = true;
	else if (oracle_is_quit_or_hup(signal) || oracle_is_quit_or_hup(as))
		oracle->quit_or_hup_ms = now_ms;
	else
		return;
	oracle->owes_continue = true;
}

/*
 * SIGNALS: every signal is forwarded, as -r has it. OPTIONS, -k: TERM and INT
 * count as they came, "whatever -r made of" them, dropped ones as well.
 */
static inline struct lifecycle_step
oracle_on_signal_for_program(struct oracle *oracle, int signal, uint64_t now_ms)
{
	int as = oracle_rewritten(oracle, signal);

	if (oracle_is_term_or_int(signal) && oracle->asked_ms == ORACLE_NEVER)
		oracle->asked_ms = now_ms;
	if (as == 0)
		return oracle_nothing();
	oracle->forwarded |= UINT64_C(1) << (as - 1);
	if (oracle_asks_to_end(signal) || oracle_asks_to_end(as)) {
		oracle->was_told_to_stop = true;
		oracle_note_stop(oracle, as);
		oracle->told_ms = now_ms;
		oracle->told_by = as;
	}
	oracle_note_continue(oracle, signal, as, now_ms);
	return oracle_step(STEP_FORWARD, as);
}

/*
 * LEFTOVERS, Signals meanwhile: the first TERM, INT or QUIT goes to those
 * children that were not told yet; while nobody was, the telling begins with
 * it. The next one ends the grace time. What -r drops counts all the same, and
 * nothing shortens the second after SIGKILL.
 */
static inline struct lifecycle_step oracle_on_request(struct oracle *oracle,
						      int signal,
						      uint64_t now_ms)
{
	int as = oracle_rewritten(oracle, signal);

	if (oracle_is_killing(oracle))
		return oracle_nothing();
	oracle_note_stop(oracle, as);
	if (oracle_all_may_run(oracle)) {
		oracle->was_told_to_stop = true;
		return oracle_begin_grace(oracle, now_ms);
	}
	if (++oracle->requests > 1)
		return oracle_end_grace(oracle, now_ms);
	if (!oracle->roots_were_told)
		return oracle_tell(oracle, now_ms);
	return as == 0 ? oracle_nothing()
		       : oracle_step(STEP_TERMINATE_CHILDREN, as);
}

/*
 * LEFTOVERS: each HUP is passed on. While leftovers may run (-a), every other
 * signal is as well, "since one of them is the daemon that the container is
 * for"; else it is dropped.
 */
static inline struct lifecycle_step
oracle_on_signal_for_leftovers(struct oracle *oracle, int signal,
			       uint64_t now_ms)
{
	int as = oracle_rewritten(oracle, signal);

	if (oracle_asks_to_end(signal))
		return oracle_on_request(oracle, signal, now_ms);
	if (as == 0 || (signal != SIGHUP && !oracle_all_may_run(oracle)))
		return oracle_nothing();
	return oracle_step(STEP_SIGNAL_CHILDREN, as);
}

/*
 * SIGCHLD is foster's own (SIGNALS). With -P, "TERM or INT takes the place of
 * the program's end; -r does not rewrite it. Other signals are dropped".
 */
static inline struct lifecycle_step
oracle_on_signal(struct oracle *oracle, int signal, uint64_t now_ms)
{
	if (signal == SIGCHLD)
		return oracle_nothing();
	if (oracle_program_runs(oracle))
		return oracle_on_signal_for_program(oracle, signal, now_ms);
	if (!oracle->config->is_pause || oracle->was_told_to_stop)
		return oracle_on_signal_for_leftovers(oracle, signal, now_ms);
	oracle->was_told_to_stop = signal == SIGTERM || signal == SIGINT;
	if (oracle->was_told_to_stop)
		oracle_note_stop(oracle, oracle_rewritten(oracle, signal));
	oracle->is_over =
		oracle->was_told_to_stop && oracle->config->grace_ms == 0;
	return oracle_nothing();
}

static inline struct lifecycle_step oracle_on_time(struct oracle *oracle,
						   uint64_t now_ms)
{
	if (now_ms >= oracle_kill_ms(oracle)) {
		oracle->was_killed = true;
		oracle->forwarded |= UINT64_C(1) << (SIGKILL - 1);
		return oracle_step(STEP_KILL_PROGRAM, SIGKILL);
	}
	if (now_ms >= oracle_telling_ms(oracle))
		return oracle_tell(oracle, now_ms);
	if (now_ms >= oracle_deadline_ms(oracle))
		return oracle_end_grace(oracle, now_ms);
	return now_ms >= oracle_look_ms(oracle) ? oracle_look(oracle, now_ms)
						: oracle_nothing();
}

/* All that is dead was reaped, and there are children. */
static inline struct lifecycle_step
oracle_on_nothing_to_reap(struct oracle *oracle, uint64_t now_ms)
{
	/*
	 * SIGNALS: "After TERM, INT, QUIT or HUP it also gets CONT if it is
	 * stopped". "A running program gets no CONT."
	 */
	bool is_owed = oracle->owes_continue && oracle->is_stopped;

	oracle->owes_continue = false;
	if (oracle_program_runs(oracle))
		return is_owed ? oracle_step(STEP_CONTINUE_PROGRAM, SIGCONT)
			       : oracle_nothing();
	if (oracle_is_settling(oracle))
		return oracle_begin_grace(oracle, now_ms);
	/* A child that died may have left children of its own to foster. */
	oracle->looks_soon |= oracle->roots_were_told && oracle->has_reaped;
	return oracle->looks_soon && now_ms >= oracle_look_ms(oracle)
		       ? oracle_look(oracle, now_ms)
		       : oracle_nothing();
}

/*
 * LEFTOVERS: it is over; but a pause waits for orphans to come.
 * Where the program should be running, the kernel has reaped it, and how it
 * ended cannot be known.
 */
static inline void oracle_on_no_children(struct oracle *oracle)
{
	if (oracle_program_runs(oracle)) {
		oracle->has_ended = true;
		oracle->wait_status = -ECHILD;
	}
	oracle->is_over = !oracle->config->is_pause || oracle->was_told_to_stop;
}

/*
 * SIGNALS: a program that had TERM or INT is continued whenever its stop is
 * reported; after QUIT or HUP within a second. But Ctrl-Z, and what else the
 * terminal stops it by, is obeyed after anything but TERM.
 */
static inline bool oracle_continues(const struct oracle *oracle, int signal,
				    uint64_t now_ms)
{
	if (signal != SIGSTOP &&
	    (oracle->forwarded & UINT64_C(1) << (SIGTERM - 1)) == 0)
		return false;
	return oracle->had_term_or_int ||
	       (oracle->quit_or_hup_ms != ORACLE_NEVER &&
		now_ms < oracle->quit_or_hup_ms + ORACLE_CONTINUE_MS);
}

/* Else TERMINALS has it: who is stopped by SIGSTOP "is left alone". */
static inline struct lifecycle_step oracle_on_stopped(struct oracle *oracle,
						      int signal,
						      uint64_t now_ms)
{
	oracle->is_stopped = true;
	if (oracle_continues(oracle, signal, now_ms))
		return oracle_step(STEP_CONTINUE_PROGRAM, SIGCONT);
	return signal == SIGSTOP ? oracle_nothing()
				 : oracle_step(STEP_SUSPEND, signal);
}

/* What foster has to do about `event`, and what then has happened. */
static inline struct lifecycle_step oracle_next(struct oracle *oracle,
						enum lifecycle_event event,
						int value, uint64_t now_ms)
{
	switch (event) {
	case EVENT_SIGNAL:
		return oracle_on_signal(oracle, value, now_ms);
	case EVENT_TIME:
		return oracle_on_time(oracle, now_ms);
	case EVENT_NOTHING_TO_REAP:
		return oracle_on_nothing_to_reap(oracle, now_ms);
	case EVENT_STOPPED:
		return oracle_on_stopped(oracle, value, now_ms);
	case EVENT_CONTINUED:
		oracle->is_stopped = false;
		break;
	case EVENT_PROGRAM_ENDED:
		oracle->has_ended = true;
		oracle->wait_status = value;
		oracle->is_over = oracle->config->grace_ms == 0 &&
				  !oracle_all_may_run(oracle);
		break;
	case EVENT_REAPED:
		oracle->has_reaped = true;
		break;
	case EVENT_NO_CHILDREN:
		oracle_on_no_children(oracle);
		break;
	}
	return oracle_nothing();
}

/* ---- rules, in so many words ---- */

/*
 * What is true of every step, whatever came before: foster(1) said as what
 * never happens. Returns the rule that `step` breaks, or NULL. `was` is the
 * history before the event and `oracle` the one after it.
 */
#define ORACLE_RULE(rule, holds)                                               \
	if (!(holds))                                                          \
	return (rule)

/* Whether leftovers may be ended: their time is over, or two asked for it. */
static inline bool oracle_may_end_leftovers(const struct oracle *oracle,
					    uint64_t now_ms)
{
	return oracle_is_ending(oracle) &&
	       (oracle->requests > 1 ||
		now_ms >= oracle->ending_ms + oracle->config->grace_ms);
}

static inline const char *oracle_rule_of_program(const struct oracle *was,
						 const struct oracle *oracle,
						 enum lifecycle_event event,
						 int value, uint64_t now_ms,
						 struct lifecycle_step step)
{
	ORACLE_RULE("after its end, the program is left alone",
		    oracle_program_runs(was) || step.action == STEP_NOTHING ||
			    step.action >= STEP_TERMINATE_CHILDREN);
	ORACLE_RULE("while the program runs, nobody else is signalled",
		    !oracle_program_runs(was) ||
			    step.action < STEP_TERMINATE_CHILDREN);
	ORACLE_RULE("each signal but CHLD is forwarded once, rewritten once",
		    !oracle_program_runs(was) ||
			    (step.action == STEP_FORWARD) ==
				    (event == EVENT_SIGNAL &&
				     value != SIGCHLD &&
				     oracle_rewritten(was, value) != 0));
	ORACLE_RULE("what is forwarded is what -r says",
		    step.action != STEP_FORWARD ||
			    step.signal == oracle_rewritten(was, value));
	ORACLE_RULE("a running program gets no CONT",
		    step.action != STEP_CONTINUE_PROGRAM ||
			    ((was->is_stopped || event == EVENT_STOPPED) &&
			     step.signal == SIGCONT));
	ORACLE_RULE("a stop after TERM or INT is not left as it is, nor is one"
		    " within a second after QUIT or HUP",
		    event != EVENT_STOPPED ||
			    (step.action == STEP_CONTINUE_PROGRAM) ==
				    oracle_continues(was, value, now_ms));
	ORACLE_RULE("-k counts TERM and INT as they came, the first of them",
		    oracle->asked_ms == was->asked_ms ||
			    (event == EVENT_SIGNAL &&
			     oracle_program_runs(was) &&
			     was->asked_ms == ORACLE_NEVER &&
			     oracle_is_term_or_int(value)));
	ORACLE_RULE(
		"-k kills the program once, and in its time",
		step.action != STEP_KILL_PROGRAM ||
			(was->config->kill_after_ms != 0 && !was->was_killed &&
			 step.signal == SIGKILL &&
			 was->asked_ms != ORACLE_NEVER &&
			 now_ms >= was->asked_ms + was->config->kill_after_ms));
	ORACLE_RULE("foster stops itself as its program did",
		    step.action != STEP_SUSPEND ||
			    (event == EVENT_STOPPED && value != SIGSTOP &&
			     step.signal == value));
	return NULL;
}

static inline const char *oracle_rule_of_leftovers(const struct oracle *was,
						   const struct oracle *oracle,
						   enum lifecycle_event event,
						   int value, uint64_t now_ms,
						   struct lifecycle_step step)
{
	bool is_telling = step.action == STEP_TERMINATE_CHILDREN ||
			  step.action == STEP_TERMINATE_ALL;
	bool is_request = event == EVENT_SIGNAL && oracle_asks_to_end(value);
	bool is_passing_on = event == EVENT_SIGNAL && !is_request &&
			     (value == SIGHUP || oracle_all_may_run(was)) &&
			     step.signal == oracle_rewritten(oracle, value);

	ORACLE_RULE("leftovers are told by what ended it all, or by the first"
		    " signal to end after it",
		    !is_telling ||
			    step.signal == oracle_signal_to_end(oracle) ||
			    (is_request && oracle->requests == 1 &&
			     was->roots_were_told &&
			     step.action == STEP_TERMINATE_CHILDREN &&
			     step.signal == oracle_rewritten(oracle, value)));
	ORACLE_RULE("who ended by itself is in no hurry: at first nobody is"
		    " told, until a signal to end comes",
		    !is_telling || oracle->was_told_to_stop ||
			    oracle->requests > 0 ||
			    now_ms >= was->ending_ms + oracle_quiet_ms(was));
	ORACLE_RULE("who was told to stop leaves nobody in peace",
		    !oracle_is_ending(oracle) || !oracle->was_told_to_stop ||
			    oracle->roots_were_told);
	ORACLE_RULE("with -t 0 nobody is told",
		    oracle->config->grace_ms != 0 ||
			    (!is_telling && !oracle_is_ending(oracle)));
	ORACLE_RULE("with -a and -P nobody is told before foster is",
		    !is_telling || !oracle_all_may_run(oracle));
	ORACLE_RULE("foster is told to stop by TERM, INT or QUIT, a pause not"
		    " by QUIT, a program also by what -r makes one of them",
		    !oracle->was_told_to_stop || was->was_told_to_stop ||
			    (event == EVENT_SIGNAL &&
			     (oracle_is_term_or_int(value) ||
			      (value == SIGQUIT && !oracle->config->is_pause) ||
			      (oracle_program_runs(was) &&
			       oracle_asks_to_end(
				       oracle_rewritten(was, value))))));
	ORACLE_RULE("roots are told first; all at three quarters of the grace"
		    " time, once; once more an eighth before its end",
		    step.action != STEP_TERMINATE_ALL ||
			    (was->roots_were_told && !was->last_were_told &&
			     !oracle_is_killing(was) &&
			     now_ms >= was->ending_ms + was->config->grace_ms -
					       was->config->grace_ms /
						       (was->all_were_told
								? 8
								: 4)));
	ORACLE_RULE("HUP is passed on, under -a any signal but one to end",
		    step.action != STEP_SIGNAL_CHILDREN || is_passing_on);
	ORACLE_RULE("SIGKILL is for when the time is over, not by process 1",
		    step.action != STEP_KILL_ALL ||
			    (step.signal == SIGKILL &&
			     !oracle->config->is_process_1 &&
			     oracle_may_end_leftovers(oracle, now_ms)));
	ORACLE_RULE("nobody is killed untold, but by a second signal to end",
		    (!oracle_is_killing(oracle) &&
		     step.action != STEP_REPORT) ||
			    oracle->last_were_told || oracle->requests > 1);
	ORACLE_RULE("a signal to end is for who was not told yet",
		    !is_request || oracle_program_runs(was) ||
			    step.action != STEP_SIGNAL_CHILDREN);
	ORACLE_RULE("the second signal to end ends the grace time",
		    oracle->requests < 2 || oracle->is_over ||
			    oracle_is_killing(oracle));
	ORACLE_RULE("the report is the last step, when the time is over",
		    step.action != STEP_REPORT ||
			    (oracle->is_over &&
			     oracle_may_end_leftovers(oracle, now_ms)));
	ORACLE_RULE("who does not die of SIGKILL has one second",
		    step.action != STEP_REPORT ||
			    oracle->config->is_process_1 ||
			    (oracle_is_killing(was) &&
			     now_ms >= was->killing_ms + ORACLE_KILLING_MS));
	return NULL;
}

/* How often something was due that is due once. */
static inline int oracle_progress(const struct oracle *oracle)
{
	return oracle->was_killed + oracle->roots_were_told +
	       oracle->all_were_told + oracle->last_were_told +
	       oracle_is_killing(oracle);
}

static inline const char *oracle_rule_of_time(const struct oracle *was,
					      const struct oracle *oracle,
					      enum lifecycle_event event,
					      uint64_t now_ms)
{
	bool is_late = event == EVENT_TIME && now_ms >= oracle_deadline_ms(was);

	ORACLE_RULE("foster wakes up for -k and in the grace time only",
		    oracle_due_ms(oracle) == ORACLE_NEVER ||
			    oracle_is_ending(oracle) ||
			    (oracle_program_runs(oracle) &&
			     oracle->config->kill_after_ms != 0));
	ORACLE_RULE("an ending has an end",
		    !oracle_is_ending(oracle) ||
			    oracle_due_ms(oracle) <=
				    oracle_deadline_ms(oracle));
	ORACLE_RULE("when the time is over, no later, the ending goes on",
		    !is_late || oracle->is_over ||
			    oracle_progress(oracle) > oracle_progress(was));
	ORACLE_RULE("what was due is not due again at once",
		    event != EVENT_TIME || oracle->is_over ||
			    oracle_due_ms(oracle) > now_ms ||
			    oracle_progress(oracle) > oracle_progress(was));
	return NULL;
}

static inline const char *oracle_broken_rule(const struct oracle *was,
					     const struct oracle *oracle,
					     enum lifecycle_event event,
					     int value, uint64_t now_ms,
					     struct lifecycle_step step)
{
	bool has_signal = step.signal >= 1 && step.signal <= SIGNALS_MAX;
	const char *rule;

	ORACLE_RULE("a step has a signal where it needs one",
		    step.action <= STEP_REPORT &&
			    (step.action == STEP_NOTHING ||
					     step.action == STEP_REPORT
				     ? step.signal == 0
				     : has_signal));
	ORACLE_RULE("the program's status is kept",
		    !was->has_ended || oracle->wait_status == was->wait_status);
	ORACLE_RULE("when nobody is left, foster exits; a pause goes on",
		    event != EVENT_NO_CHILDREN ||
			    oracle->is_over == !(oracle->config->is_pause &&
						 oracle_all_may_run(oracle)));
	rule = oracle_rule_of_program(was, oracle, event, value, now_ms, step);
	if (rule == NULL)
		rule = oracle_rule_of_leftovers(was, oracle, event, value,
						now_ms, step);
	return rule != NULL ? rule
			    : oracle_rule_of_time(was, oracle, event, now_ms);
}

#endif
