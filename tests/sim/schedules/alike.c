/*
 * alike.c - one number for all states that behave alike, for the search of
 * world.merges. state.c takes everything that lives; this leaves out what
 * nothing asks for any more, and what does not matter but in relation:
 * process ids, the order of siblings, the time of day.
 *
 * It is for worlds whose events come while foster waits (`inner` is 0): then
 * a state is met only where foster
 *
 *   waits, or has been woken, or will be at once as a signal is pending
 *   has been stopped by itself, and perhaps continued (job_control.c)
 *   has started the program and not yet gone on
 *
 * and everything foster knows is in struct init, as loop_run() has nothing else
 * that lives in these places. What is left out is argued where it is left
 * out, and world.compares checks it: there, the whole state is searched, and
 * two states with the same number of this file must have the same moves to
 * states with the same numbers.
 */
#include "schedules.h"
#include "sys.h"
#include "told.h"

#include <string.h>

enum place { STARTS = 1, WAITS, STOPS };

uint64_t alike_mix(uint64_t one, uint64_t other)
{
	unsigned __int128 wide =
		(unsigned __int128)(one ^ UINT64_C(0xa0761d6478bd642f)) *
		(other ^ UINT64_C(0xe7037ed1a0b428db));

	return (uint64_t)wide ^ (uint64_t)(wide >> 64) ^
	       (one << 23 | one >> 41);
}

static uint64_t sum;

static void fold(uint64_t word)
{
	sum = alike_mix(sum + UINT64_C(0x9e3779b97f4a7c15), word);
}

static void take(const void *bytes, size_t size)
{
	const char *at = bytes;
	uint64_t word;

	for (; size > 0; at += sizeof(word)) {
		size_t part = size < sizeof(word) ? size : sizeof(word);

		word = 0;
		memcpy(&word, at, part);
		fold(word);
		size -= part;
	}
}

/* ---- one process ---- */

/*
 * Whom SIGCHLD names is asked for first, and then all the others, so that it
 * is all one; but where foster may be stopped in between, as the program is.
 */
static bool is_order_seen(void)
{
	const struct sim_process *app = process_by_pid(program);

	return !world.is_process_1 && app != NULL && app->state != SIM_ZOMBIE;
}

static int named_by_child_signal(void)
{
	const struct sim_pending *pending = foster->shared.first[SIGCHLD];

	if (!is_order_seen() || (foster->shared.bits & BIT(SIGCHLD)) == 0 ||
	    pending == NULL || pending->info.code <= 0)
		return 0;
	return pending->info.pid;
}

/*
 * What waits for a process is taken by the lowest number. What cannot be
 * ignored and kills makes all that comes later one, and a member that is not
 * the program may die of what it likes: nobody asks. But TERM can be ignored
 * by an event, and then is not pending any more.
 */
static uint64_t pending_alike(const struct sim_process *process)
{
	uint64_t bits = signal_pending(process) & ~process->ignored;
	uint64_t first = bits & (BIT(SIGHUP) | BIT(SIGINT) |
				 BIT(SIGQUIT) | BIT(SIGKILL));

	if (process->pid != program) {
		if (first != 0)
			return BIT(SIGINT);
		if (bits == (BIT(SIGTERM) | BIT(SIGNALS_RTMIN)))
			return BIT(SIGNALS_RTMIN);
	}
	return first != 0 ? first & -first : bits;
}

/* What foster has told it by: of since when it reads alone nothing follows. */
static uint64_t told_by(const struct sim_process *process)
{
	if (contract_init == NULL || contract_init->told == NULL ||
	    contract_init->told[process->pid] > TOLD_TERM)
		return TOLD_NOTHING;
	return contract_init->told[process->pid];
}

static uint64_t label(const struct sim_process *process, int named)
{
	bool is_program = process->pid == program;
	uint64_t told = told_by(process);
	uint64_t sign = (uint64_t)process->state | (uint64_t)is_program << 2 |
			(uint64_t)(process->pid == named) << 3 |
			told << 4;

	sign |= (uint64_t)contract_seen_alike(process) << 9;
	if (process->state == SIM_ZOMBIE)
		return sign << 16 |
		       (is_program ? (uint64_t)process->status : 0);
	sign |= (uint64_t)process->was_continued << 6 |
		(uint64_t)process->owes_continued << 7 |
		(uint64_t)((process->ignored & BIT(SIGTERM)) != 0) << 8;
	/* By which signal somebody stops matters of the program only. */
	sign = sign << 16 | (uint64_t)(is_program ? process->stop_signal
						  : process->stop_signal != 0);
	return alike_mix(sign, pending_alike(process));
}

/*
 * With all below it, in whatever order: foster takes one child after the
 * other, and what it does about one changes nothing for the next.
 */
static uint64_t tree(const struct sim_process *process, int named)
{
	const struct sim_process *child = process->children;
	uint64_t all = 0;

	for (; child != NULL; child = child->younger)
		all += tree(child, named);
	if (process == foster)
		return all;
	return alike_mix(label(process, named) + UINT64_C(0x9e3779b97f4a7c15),
			 all);
}

/* ---- foster ---- */

static uint64_t ms_from_now(uint64_t ms)
{
	return ms == LIFECYCLE_NEVER ? ms : ms - sim.now_ns / 1000000;
}

static void take_lifecycle(const struct lifecycle *lifecycle)
{
	const struct lifecycle_config *config = lifecycle->config;
	bool runs = lifecycle->stage == STAGE_RUNNING;

	fold((uint64_t)lifecycle->stage | (uint64_t)lifecycle->is_stopped << 8 |
	     (uint64_t)lifecycle->owes_continue << 9 |
	     (uint64_t)lifecycle->had_one_more << 10 |
	     (uint64_t)lifecycle->has_reaped << 11 |
	     (uint64_t)lifecycle->stop_signal << 16 |
	     (uint64_t)(uint32_t)lifecycle->wait_status << 32);
	/* -k and -a count until the program has ended. */
	if (runs)
		fold((uint64_t)config->kill_after_ms << 2 |
		     (uint64_t)lifecycle->has_kill_time << 1 |
		     (uint64_t)config->waits_for_all);
	fold(config->grace_ms);
	fold(ms_from_now(lifecycle->kill_at_ms));
	fold(ms_from_now(lifecycle->stage_until_ms));
	fold(ms_from_now(lifecycle->look_ms));
	if (runs)
		fold(sim.now_ns / 1000000 < lifecycle->continues_until_ms
			     ? ms_from_now(lifecycle->continues_until_ms)
			     : 0);
	if (lifecycle->stage >= STAGE_QUIET)
		fold(ms_from_now(lifecycle->ended_ms));
	/* ending_look() sets it before anybody asks. */
	if (lifecycle->stage > STAGE_QUIET)
		fold(ms_from_now(lifecycle->looked_ms));
}

static void take_init(const struct init *init)
{
	const struct lifecycle *lifecycle = &init->lifecycle;

	take_lifecycle(lifecycle);
	fold((uint64_t)init->has_told_children |
	     (uint64_t)init->knows_proc << 1 | (uint64_t)init->has_proc << 2 |
	     (uint64_t)(init->wait_error != 0) << 3 |
	     (uint64_t)init->has_said_failure << 4 |
	     (uint64_t)init->has_said_full << 5);
	if (init->has_told_children) {
		fold((uint64_t)init->group_signal);
		return;
	}
	/* -g counts until leftovers are told, if they will be. */
	fold(init->target < 0 || init->has_stopped_group);
	if ((init->target < 0 || init->has_stopped_group) &&
	    lifecycle->config->grace_ms != 0) {
		bool counts = sim.now_ns / 1000000 < lifecycle->told_until_ms;

		fold(counts ? ms_from_now(lifecycle->told_until_ms) : 0);
		fold(counts ? (uint64_t)lifecycle->told_signal : 0);
	}
}

/* How often a real-time signal waits counts; its value is its own. */
static void take_foster_signals(void)
{
	uint64_t bits = signal_pending(foster);
	const struct sim_pending *pending = foster->shared.first[SIGNALS_RTMIN];
	unsigned count = 0;

	for (; (bits & BIT(SIGNALS_RTMIN)) != 0 && pending != NULL;
	     pending = pending->next)
		count++;
	fold(bits);
	fold(count);
}

/*
 * Before the wait, its limit is known from the call; after an event there,
 * the choice does not name the call any more.
 */
static uint64_t waits_until_ns(const struct sim_choice *choice)
{
	static uint64_t until_ns; /* is saved and restored as all is */
	const struct kernel_timespec *limit;

	if (foster->is_blocked)
		return foster->wait_until_ns;
	if (choice->call == NULL)
		return until_ns;
	limit = (const struct kernel_timespec *)choice->call->arguments[2];
	until_ns = limit == NULL
			   ? SIM_NEVER
			   : sim.now_ns +
				     (uint64_t)limit->tv_sec * 1000000000 +
				     (uint64_t)limit->tv_nsec;
	return until_ns;
}

static enum place place_of(const struct sim_choice *choice)
{
	if (contract_init == NULL)
		return STARTS;
	if (!foster->is_blocked) {
		if (choice->call != NULL && !events_is_main_wait(choice->call))
			sim_fail("a choice between calls");
		return WAITS;
	}
	return foster->waits_for != 0 ? WAITS : STOPS;
}

static void take_foster(const struct sim_choice *choice)
{
	enum place place = place_of(choice);
	uint64_t until_ns = place == WAITS ? waits_until_ns(choice) : SIM_NEVER;

	fold((uint64_t)place | (uint64_t)foster->state << 8 |
	     (uint64_t)foster->owes_continued << 16 |
	     (uint64_t)world.is_process_1 << 17 |
	     (uint64_t)world.no_grace << 18 | (uint64_t)world.remaps << 19 |
	     (uint64_t)world.is_strict << 20);
	fold(foster->blocked);
	fold(until_ns == SIM_NEVER ? SIM_NEVER : until_ns - sim.now_ns);
	take_foster_signals();
	/* Before its loop, foster has but its options. */
	if (contract_init != NULL)
		take_init(contract_init);
	else
		fold((uint64_t)world.group |
		     (uint64_t)world.waits_for_all << 1 |
		     (uint64_t)world.kills << 2);
	contract_tell_alike(take, place == WAITS);
}

uint64_t alike_number(const struct sim_choice *choice)
{
	sum = 0;
	take_foster(choice);
	fold(tree(foster, named_by_child_signal()));
	return sum;
}

uint64_t alike_end(void)
{
	const struct sim_process *process = sim_first();
	uint64_t all = 0;

	for (; process != NULL; process = process->next)
		if (process != foster && process->state != SIM_ZOMBIE)
			all += alike_mix(process->state,
					 contract_seen_alike(process));
	sum = 0;
	fold((uint64_t)sim.foster_status);
	fold(all);
	return sum;
}

/* ---- moves that need not be made ---- */

/*
 * Of two moves that may come in either order and lead to states that are
 * alike, only one order is gone: the one of rising rank. What is left out
 * leads to a state that is found all the same: of all moves to that state
 * take one of the highest rank; it is left out only behind one of a higher
 * rank that could have come after it as well, and that leads to the same
 * state. As no state can be met again on its own way (signals are taken,
 * events used up, time passes), this holds for each, from the first on.
 *
 * A rank is the same in states that are alike: process ids play no part. And
 * it is none that the other move could change.
 */
static int rank_of_kind(struct move move)
{
	switch (move.kind) {
	case MOVE_IGNORE:
		return 1;
	case MOVE_REAP:
		return 2;
	case MOVE_FORK:
		return 3;
	case MOVE_STOP:
		return 4;
	case MOVE_SUSPEND:
		return 5;
	case MOVE_END:
		return 6;
	case MOVE_QUEUE:
		return 7;
	case MOVE_SIGNAL:
		return 7 + move.number; /* up to TSTP, 20 */
	case MOVE_ACTOR:
		return 40;
	default:
		return 0; /* depends on everything */
	}
}

static bool is_at_foster(struct move move)
{
	return move.kind == MOVE_SIGNAL || move.kind == MOVE_QUEUE;
}

static uint64_t rank_of(struct move move)
{
	uint64_t kind = (uint64_t)rank_of_kind(move) << 56, sign;
	const struct sim_process *process;

	if (kind == 0 || is_at_foster(move))
		return kind;
	process = process_by_pid(move.number);
	sign = (uint64_t)process->state |
	       (uint64_t)(process->pid == program) << 2 |
	       (process->ignored & BIT(SIGTERM)) << 8;
	return kind | alike_mix(sign, pending_alike(process)) >> 8;
}

static bool changes_life(struct move move)
{
	return move.kind == MOVE_END || move.kind == MOVE_STOP ||
	       move.kind == MOVE_SUSPEND || move.kind == MOVE_ACTOR;
}

/* A process will be dead by it, whatever waits for it. */
static bool will_die(const struct sim_process *process, struct move move)
{
	uint64_t bits = pending_alike(process);

	if (move.kind == MOVE_END)
		return true;
	return move.kind == MOVE_ACTOR && !process->owes_continued &&
	       bits != 0 && (bits & -bits) != BIT(SIGTSTP);
}

/* Its death lets SIGCHLD name it, or one that it has not reaped. */
static bool tells_foster(const struct sim_process *process)
{
	const struct sim_process *child = process->children;

	while (child != NULL && child->state != SIM_ZOMBIE)
		child = child->younger;
	return process->parent == foster || child != NULL;
}

/* Strangers count as well; then a fork depends on more than it would. */
static void look_at_family(struct alike_family *now)
{
	const struct sim_process *process = sim_first();

	*now = (struct alike_family){ 0, false };
	for (; process != NULL; process = process->next) {
		if (process == foster || process->state == SIM_ZOMBIE ||
		    process->coroutine != NULL)
			continue;
		now->living++;
		now->has_stopped |= process->state == SIM_STOPPED;
	}
}

/*
 * Whether `from`, which has been made, and `move`, which could be made, could
 * be made the other way round as well, and it is all one.
 */
static bool are_independent(struct move from, struct move move,
			    const struct alike_family *before,
			    const struct alike_family *now)
{
	const struct sim_process *one, *other;

	if (is_at_foster(from) && is_at_foster(move)) {
		/* TSTP and CONT cancel each other. */
		return from.number != move.number &&
		       !(from.number == SIGTSTP &&
			 move.number == SIGCONT) &&
		       !(from.number == SIGCONT &&
			 move.number == SIGTSTP);
	}
	/* CHLD of a user and of a child: they are one, by whoever was first. */
	if (is_at_foster(from))
		return from.number != SIGCHLD || !changes_life(move);
	if (is_at_foster(move))
		return move.number != SIGCHLD || !changes_life(from);
	one = process_by_pid(from.number);
	other = process_by_pid(move.number);
	if (one == NULL || other == NULL || one == other)
		return false;
	/*
	 * Two deaths: who is left is foster's in the end. But the last death
	 * that leaves a group without a parent outside sends HUP and CONT to
	 * it where one of it is stopped.
	 */
	if (one->state == SIM_ZOMBIE && will_die(other, move))
		return !before->has_stopped && !now->has_stopped &&
		       (!is_order_seen() || !tells_foster(other));
	if (one->parent == other || other->parent == one)
		return false;
	/* Before a death there may have been one too many. */
	if (move.kind == MOVE_FORK)
		return !changes_life(from) || now->living + 1 < FAMILY_MAX;
	return !changes_life(from) || !changes_life(move);
}

/* Another process could do the same in its place. */
static bool is_same_place(struct move one, struct move other, int named)
{
	const struct sim_process *first, *second;

	if (one.kind != other.kind || rank_of_kind(one) == 0 ||
	    is_at_foster(one))
		return false;
	first = process_by_pid(one.number);
	second = process_by_pid(other.number);
	return first->parent == second->parent &&
	       tree(first, named) == tree(second, named);
}

int alike_moves(const struct alike_from *from, struct alike_family *now,
		struct move *moves, uint64_t *ranks, int count)
{
	int kept = 0, named = named_by_child_signal();

	look_at_family(now);
	for (int i = 0; i < count; i++) {
		uint64_t rank = rank_of(moves[i]);
		bool is_left_out = rank != 0 && rank < from->rank &&
				   are_independent(from->move, moves[i],
						   &from->family, now);

		for (int k = 0; k < kept && !is_left_out; k++)
			is_left_out = is_same_place(moves[k], moves[i], named);
		if (is_left_out)
			continue;
		ranks[kept] = rank;
		moves[kept++] = moves[i];
	}
	return kept;
}
