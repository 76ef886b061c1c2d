/*
 * search.c - depth first over all choices. At each place where more than the
 * next call can happen, the whole simulation is saved; it is restored for each
 * further move. A state that was seen with at least as many events still to
 * come is not gone into again.
 *
 * Of a state only 61 bits of its number are kept. Two that differ pass for one
 * with a chance of about n * n / 2^62 in all, where n were seen: with a hundred
 * million, 1 in 460.
 */
#include "schedules.h"
#include "sys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct search *search;
struct world world;
struct sim_process *foster;
int program;

struct node {
	char *saved;
	size_t room;
	uint8_t count, taken; /* moves; how many of them are done */
	struct move moves[MOVES_MAX];
	/* Where world.merges. */
	uint64_t ranks[MOVES_MAX];
	struct alike_family family;
	/* Where world.compares: which one it is, and to which it leads. */
	uint64_t alike, leads_to;
};

struct table {
	uint64_t *seen;
	size_t room, count;
};

enum { DEPTH_MAX = 4096, TEXT_MAX = DEPTH_MAX * 8 };

/* Lies in lasting memory. */
static struct lasting {
	struct search search;
	struct node nodes[DEPTH_MAX];
	int depth;
	bool is_restored; /* the next choice is known: the top node's */
	bool is_dead_end;
	bool is_over;
	const char *replay; /* what is left of the schedule */
	bool is_replay, compares;
	char text[TEXT_MAX];
	struct table seen;
	struct table kinds, ended, outcomes; /* see struct search */
	struct table leads;
	uint64_t *leads_to;
} * lasting;

/* ---- states that were seen ---- */

enum {
	LEFT_BITS = 3,
	LEFT_MASK = 7,
	SEEN_ROOM = 1 << 16,
	COMPARED_MAX = 1 << 22
};

static uint64_t *place_of(uint64_t *seen, size_t room, uint64_t number)
{
	uint64_t key = number >> LEFT_BITS;
	size_t at =
		(size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (room - 1);

	while (seen[at] != 0 && seen[at] >> LEFT_BITS != key)
		at = (at + 1) & (room - 1);
	return &seen[at];
}

static void grow(struct table *table)
{
	size_t room = table->room ? table->room * 2 : SEEN_ROOM;
	uint64_t *seen = memory_lasting(room * sizeof(*seen));

	for (size_t i = 0; i < table->room; i++)
		if (table->seen[i] != 0)
			*place_of(seen, room, table->seen[i]) = table->seen[i];
	if (table->seen != NULL)
		memory_return(table->seen, table->room * sizeof(*seen));
	table->seen = seen;
	table->room = room;
}

/* The place of it, 0 in it where it is new; it is about to be filled. */
static uint64_t *find(struct table *table, uint64_t number)
{
	uint64_t *place;

	if (table->count * 8 >= table->room * 7)
		grow(table);
	place = place_of(table->seen, table->room, number);
	table->count += *place == 0;
	return place;
}

static uint64_t with_left(uint64_t number, int left)
{
	return number >> LEFT_BITS << LEFT_BITS | (uint64_t)left;
}

/* Notes that it was met, with that many events left. */
static void meet(struct table *table, uint64_t number, int left)
{
	uint64_t *place = find(table, number);

	if (*place == 0 || (int)(*place & LEFT_MASK) < left)
		*place = with_left(number, left);
}

static struct seen_sum sum_of(const struct table *table)
{
	struct seen_sum sum = { table->count, 0 };

	for (size_t i = 0; i < table->room; i++)
		if (table->seen[i] != 0)
			sum.sum += alike_mix(table->seen[i], 1);
	return sum;
}

static void forget(struct table *table)
{
	if (table->count != 0)
		memset(table->seen, 0, table->room * sizeof(*table->seen));
	table->count = 0;
}

/* Whether it is new, with that many events left. */
static bool is_new(uint64_t number, int left)
{
	uint64_t *place;

	if (number == 0) {
		search->states++;
		return true;
	}
	place = find(&lasting->seen, number);
	if (*place == 0) {
		search->states++;
	} else if ((int)(*place & LEFT_MASK) >= left) {
		search->merged++;
		return false;
	} else {
		search->again++;
	}
	*place = with_left(number, left);
	return true;
}

/* ---- whether states that count as one behave alike ---- */

/* What was chosen last has led to `number`. */
static void arrive(uint64_t number)
{
	struct node *from = &lasting->nodes[lasting->depth - 1];
	struct move move;

	if (!world.compares || lasting->depth == 0)
		return;
	move = from->moves[from->taken - 1];
	if (move.kind < MOVE_SIGNAL)
		move.number = 0;
	from->leads_to +=
		alike_mix(number, (uint64_t)move.kind << 8 | move.number);
}

static uint64_t alike_of(const struct sim_choice *choice)
{
	uint64_t number;

	if (!lasting->compares)
		return 0;
	number = alike_number(choice);
	if (contract_init != NULL &&
	    contract_init->lifecycle.stage != STAGE_RUNNING)
		meet(&lasting->ended, number, events_remaining());
	if (!world.compares)
		return 0;
	meet(&lasting->kinds, number, events_remaining());
	number = alike_mix(number, (uint64_t)events_remaining());
	arrive(number);
	return number;
}

/* All that it leads to is known. */
static void compare(const struct node *node)
{
	size_t room = lasting->leads.room;
	uint64_t *place, *sum;
	bool is_first;

	if (!world.compares)
		return;
	place = find(&lasting->leads, node->alike);
	if (room != lasting->leads.room)
		sim_fail("too many states to compare");
	is_first = *place == 0;
	*place = with_left(node->alike, 0);
	sum = &lasting->leads_to[place - lasting->leads.seen];
	if (!is_first && *sum != node->leads_to)
		sim_fail("two states count as one and are not alike");
	*sum = node->leads_to;
}

/* ---- choosing ---- */

static bool sleeps(const struct sim_choice *choice)
{
	return foster->is_blocked && foster->waits_for != 0 &&
	       (foster->waits_for & BIT(SIGTERM)) != 0 &&
	       foster->state == SIM_RUNNING &&
	       (choice->who[0] != foster || choice->is_event[0]);
}

static unsigned dead_end(const struct sim_choice *choice)
{
	lasting->is_dead_end = true;
	return events_take(choice, (struct move){ MOVE_FREE, 0 });
}

static struct move next_of(struct node *node)
{
	return node->moves[node->taken++];
}

/* Which of a node's moves are to be made, where world.merges. */
static int choose_moves(struct node *node, int count)
{
	struct alike_from from = { .rank = 0 };

	if (lasting->depth > 0) {
		const struct node *above = node - 1;

		from.move = above->moves[above->taken - 1];
		from.rank = above->ranks[above->taken - 1];
		from.family = above->family;
	}
	return alike_moves(&from, &node->family, node->moves, node->ranks,
			   count);
}

static unsigned choose_new(const struct sim_choice *choice, int count,
			   const struct move *moves)
{
	struct node *node = &lasting->nodes[lasting->depth];

	node->alike = alike_of(choice);
	node->leads_to = 0;
	if (!is_new(state_number(choice), events_remaining()))
		return dead_end(choice);
	if (lasting->depth + 1 == DEPTH_MAX)
		sim_fail("more than %d choices", DEPTH_MAX);
	memcpy(node->moves, moves, sizeof(*moves) * (size_t)count);
	if (world.merges)
		count = choose_moves(node, count);
	if (count == 0)
		return dead_end(choice);
	node->count = (uint8_t)count;
	node->taken = 0;
	if (count > 1)
		memory_save(&node->saved, &node->room);
	if ((unsigned)++lasting->depth > search->deepest)
		search->deepest = (unsigned)lasting->depth;
	search->edges++;
	return events_take(choice, next_of(node));
}

static unsigned choose_replay(const struct sim_choice *choice, int count,
			      const struct move *moves)
{
	struct move move;
	char text[16];

	/* After that, what comes by itself. */
	if (!events_next(&lasting->replay, &move))
		move = moves[0];
	for (int i = 0; i < count; i++) {
		if (moves[i].kind != move.kind ||
		    moves[i].number != move.number)
			continue;
		events_put(text, move);
		if (move.kind != MOVE_CALL)
			printf("%30s move%s\n", "", text);
		return events_take(choice, move);
	}
	sim_fail("the schedule does not fit: '%s'", lasting->replay);
}

static unsigned choose(void *context, const struct sim_choice *choice)
{
	struct move moves[MOVES_MAX];
	int count;

	(void)context;
	if (lasting->is_restored) {
		lasting->is_restored = false;
		search->edges++;
		return events_take(
			choice, next_of(&lasting->nodes[lasting->depth - 1]));
	}
	if (sleeps(choice)) {
		contract_waits();
		if (!world.merges)
			memory_clear_dead();
	} else if (choice->who[0] == foster && choice->call != NULL &&
		   events_is_main_wait(choice->call)) {
		contract_passed();
	}
	count = events_list(choice, moves);
	/* Nobody can do anything any more, and no event is left. */
	if (count == 0 && (choice->who[0] == NULL && choice->is_event[0])) {
		search->asleep++;
		arrive(0);
		return dead_end(choice);
	}
	if (count == 0)
		return 0;
	if (lasting->is_replay)
		return choose_replay(choice, count, moves);
	return choose_new(choice, count, moves);
}

/* ---- going back ---- */

static void go_back(void)
{
	lasting->is_dead_end = false;
	while (lasting->depth > 0) {
		struct node *node = &lasting->nodes[lasting->depth - 1];

		if (node->taken < node->count) {
			memory_restore(node->saved);
			lasting->is_restored = true;
			return;
		}
		compare(node);
		lasting->depth--;
	}
	lasting->is_over = true;
	sim_fail("all is done");
}

static void stepped(void *context)
{
	(void)context;
	if (sim.foster_status >= 0) {
		contract_ended();
		search->ends++;
		if (lasting->compares)
			meet(&lasting->outcomes, alike_end(), 0);
		if (world.compares)
			arrive(alike_end());
		lasting->is_dead_end = true;
	}
	if (!lasting->is_dead_end)
		return;
	if (search->states > search->states_limit)
		sim_fail("more than %lu states",
			 (unsigned long)search->states_limit);
	if (lasting->is_replay) {
		lasting->is_over = true;
		sim_fail("the schedule is over");
	}
	go_back();
}

static void write_schedule(void)
{
	char *to = lasting->text;

	for (int i = 0; i < lasting->depth; i++) {
		struct node *node = &lasting->nodes[i];

		events_put(to, node->moves[node->taken - 1]);
		to += strlen(to);
	}
	*to = '\0';
	search->schedule = lasting->text;
}

/* ---- the world ---- */

static void fact_happened(void *context, const struct sim_fact *fact)
{
	(void)context;
	contract_fact(fact);
	events_fact(fact);
	if (lasting->is_replay) {
		static const char *const kinds[SIM_FACT_KINDS] = {
			"is born of",	 "is the program",
			"is sent",	 "takes",
			"dies",		 "is reaped",
			"stops",	 "is continued",
			"is adopted by", "has the terminal",
			"is swept",
		};

		printf("%30s %d %s %d, %d\n", "", fact->pid, kinds[fact->kind],
		       fact->kind == SIM_SENT || fact->kind == SIM_TAKEN ||
				       fact->kind == SIM_HALTED ||
				       fact->kind == SIM_DIED
			       ? fact->number
			       : fact->other,
		       fact->kind == SIM_SENT ? fact->other : fact->number);
	}
}

const char *call_name(long number);

static void called(void *context, const struct sim_call *call)
{
	(void)context;
	if (lasting->is_replay && foster != NULL && call->pid == foster->pid)
		printf("%6lu ms  %s(%ld, %ld) = %ld %s\n",
		       (unsigned long)sim_now_ms(), call_name(call->number),
		       call->arguments[0], call->arguments[1], call->result,
		       call->text);
	contract_called(call);
}

static void start_foster(void)
{
	const char *argv[16] = { "foster", "-t",
				 world.no_grace ? "0" : "160ms" };
	struct sim_process *init = NULL, *shell = NULL;
	int count = 3;

	if (world.group)
		argv[count++] = "-g";
	if (world.waits_for_all)
		argv[count++] = "-a";
	if (world.kills) {
		argv[count++] = "-k";
		argv[count++] = "40ms";
	}
	if (world.remaps) {
		argv[count++] = "-e3";
		argv[count++] = "-eTERM";
	}
	argv[count] = "/app";
	if (!world.is_process_1) {
		init = sim_actor(NULL, &sim_reaper);
		shell = sim_actor(init, &sim_reaper);
		sim_put_into(shell, shell->pid, shell->pid);
		sim_actor(init, &sim_sleeper); /* a stranger */
	}
	foster = sim_foster_with(shell, argv, NULL);
	if (!world.is_process_1)
		sim_put_into(foster, foster->pid, shell->pid);
}

static void begin(void)
{
	memory_begin();
	foster = NULL;
	program = 0;
	sim_begin();
	sim.keeps_history = sim.keeps_calls = false;
	sim.pid_max = PIDS_MAX;
	sim.proc = world.no_proc ? SIM_PROC_ABSENT : SIM_PROC;
	sim.call_limit = ~0UL;
	sim.is_any_slow = true; /* or time would never come before an event */
	contract_begin();
	events_begin();
	sim.hooks = (struct sim_hooks){
		.choose = choose,
		.called = called,
		.fact = fact_happened,
		.stepped = stepped,
	};
	start_foster();
}

static void begin_search(bool goes_on)
{
	if (lasting == NULL)
		lasting = memory_lasting(sizeof(*lasting));
	search = &lasting->search;
	if (!goes_on) {
		forget(&lasting->seen);
		forget(&lasting->kinds);
		forget(&lasting->ended);
		forget(&lasting->outcomes);
	}
	forget(&lasting->leads);
	lasting->compares |= world.compares;
	if (world.compares && lasting->leads_to == NULL) {
		while (lasting->leads.room < COMPARED_MAX)
			grow(&lasting->leads);
		lasting->leads_to =
			memory_lasting(COMPARED_MAX * sizeof(uint64_t));
	}
	lasting->depth = 0;
	lasting->is_restored = lasting->is_dead_end = lasting->is_over = false;
	search->states = search->edges = search->merged = search->ends = 0;
	search->asleep = search->again = search->calls = 0;
	search->deepest = 0;
	*search->failure = '\0';
	search->schedule = lasting->text;
	*lasting->text = '\0';
}

static bool run(void)
{
	begin();
	sim_run();
	if (lasting->is_over)
		return true;
	memcpy(search->failure, sim.failure, sizeof(search->failure));
	return false;
}

static void tell_sums(void)
{
	if (!lasting->compares)
		return;
	search->kinds = sum_of(world.merges ? &lasting->seen : &lasting->kinds);
	search->ended = sum_of(&lasting->ended);
	search->outcomes = sum_of(&lasting->outcomes);
}

bool search_all(bool goes_on)
{
	begin_search(goes_on);
	lasting->is_replay = false;
	if (search->states_limit == 0)
		search->states_limit = ~UINT64_C(0);
	if (run()) {
		tell_sums();
		return true;
	}
	write_schedule();
	return false;
}

bool search_replay(const char *schedule)
{
	begin_search(false);
	search->states_limit = ~UINT64_C(0);
	lasting->is_replay = true;
	lasting->replay = schedule;
	return run();
}
