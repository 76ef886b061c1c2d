/*
 * search.c - depth first over all choices. At each place where more than the
 * next call can happen, the whole simulation is saved; it is restored for each
 * further move. A state that was seen with at least as many events still to
 * come is not gone into again.
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
	bool is_replay;
	char text[TEXT_MAX];
	uint64_t *seen;
	size_t seen_room, seen_count;
} * lasting;

/* ---- states that were seen ---- */

enum { LEFT_BITS = 3, SEEN_ROOM = 1 << 20 };

static uint64_t *place_of(uint64_t *seen, size_t room, uint64_t number)
{
	uint64_t key = number >> LEFT_BITS;
	size_t at =
		(size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (room - 1);

	while (seen[at] != 0 && seen[at] >> LEFT_BITS != key)
		at = (at + 1) & (room - 1);
	return &seen[at];
}

static void grow(void)
{
	size_t room = lasting->seen_room ? lasting->seen_room * 2 : SEEN_ROOM;
	uint64_t *seen = memory_lasting(room * sizeof(*seen));

	for (size_t i = 0; i < lasting->seen_room; i++)
		if (lasting->seen[i] != 0)
			*place_of(seen, room, lasting->seen[i]) =
				lasting->seen[i];
	if (lasting->seen != NULL)
		memory_return(lasting->seen,
			      lasting->seen_room * sizeof(*seen));
	lasting->seen = seen;
	lasting->seen_room = room;
}

/* Whether it is new, with that many events left. */
static bool is_new(uint64_t number, int left)
{
	uint64_t *place;

	if (number == 0) {
		search->states++;
		return true;
	}
	if (lasting->seen_count * 2 >= lasting->seen_room)
		grow();
	place = place_of(lasting->seen, lasting->seen_room, number);
	if (*place == 0) {
		lasting->seen_count++;
		search->states++;
	} else if ((int)(*place & 7) >= left) {
		search->merged++;
		return false;
	} else {
		search->again++;
	}
	*place = number >> LEFT_BITS << LEFT_BITS | (uint64_t)left;
	return true;
}

/* ---- choosing ---- */

static bool sleeps(const struct sim_choice *choice)
{
	return foster->is_blocked && foster->waits_for != 0 &&
	       (foster->waits_for & BIT(SIGNAL_TERM)) != 0 &&
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

static unsigned choose_new(const struct sim_choice *choice, int count,
			   const struct move *moves)
{
	struct node *node = &lasting->nodes[lasting->depth];

	if (!is_new(state_number(choice), events_remaining()))
		return dead_end(choice);
	if (lasting->depth + 1 == DEPTH_MAX)
		sim_fail("more than %d choices", DEPTH_MAX);
	node->count = (uint8_t)count;
	node->taken = 0;
	memcpy(node->moves, moves, sizeof(*moves) * (size_t)count);
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
	if (move.kind > MOVE_FREE && count == 1)
		sim_fail("no event can happen here: %s", lasting->replay);
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
		memory_clear_dead();
	} else if (choice->who[0] == foster && choice->call != NULL &&
		   events_is_main_wait(choice->call)) {
		contract_passed();
	}
	count = events_list(choice, moves);
	/* Nobody can do anything any more, and no event is left. */
	if (count == 0 && (choice->who[0] == NULL && choice->is_event[0])) {
		search->asleep++;
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
				 world.no_grace ? "0" : "80ms" };
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

static void begin_search(void)
{
	if (lasting == NULL)
		lasting = memory_lasting(sizeof(*lasting));
	search = &lasting->search;
	if (lasting->seen_count != 0)
		memset(lasting->seen, 0,
		       lasting->seen_room * sizeof(*lasting->seen));
	lasting->seen_count = 0;
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

bool search_all(void)
{
	begin_search();
	lasting->is_replay = false;
	if (search->states_limit == 0)
		search->states_limit = ~UINT64_C(0);
	if (run())
		return true;
	write_schedule();
	return false;
}

bool search_replay(const char *schedule)
{
	begin_search();
	search->states_limit = ~UINT64_C(0);
	lasting->is_replay = true;
	lasting->replay = schedule;
	return run();
}
