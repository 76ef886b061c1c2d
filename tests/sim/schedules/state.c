/*
 * state.c - one number for the whole state: the simulated kernel's, foster's
 * own and that of the contract. What only counts, or depends on how a state
 * was reached (identities, orders, addresses of processes), is left out, so
 * that the same state is found again by other ways.
 *
 * foster's own state is its stack with the registers it will need; where it
 * sleeps in its one wait that is struct init, as loop_run() has nothing else
 * that lives.
 */
#include "schedules.h"

#include <string.h>

static uint64_t sum, other;

/* Words are folded by a wide multiplication, as wyhash does. */
static void fold(uint64_t word)
{
	unsigned __int128 wide =
		(unsigned __int128)(sum ^ word ^ UINT64_C(0xa0761d6478bd642f)) *
		(other ^ UINT64_C(0xe7037ed1a0b428db));

	other += UINT64_C(0x9e3779b97f4a7c15);
	sum = (uint64_t)wide ^ (uint64_t)(wide >> 64) ^ (sum << 23 | sum >> 41);
}

static void take(const void *bytes, size_t size)
{
	const char *at = bytes;
	uint64_t word;

	for (; size >= sizeof(word); at += sizeof(word), size -= sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		fold(word);
	}
	word = size;
	memcpy((char *)&word + 1, at, size < 7 ? size : 7);
	fold(word);
}

static void take_queue(const struct sim_queue *queue)
{
	uint64_t bits = queue->bits;

	fold(bits);
	while (bits != 0) {
		int signal = __builtin_ctzll(bits) + 1;
		const struct sim_pending *pending = queue->first[signal];

		bits &= bits - 1;
		for (; pending != NULL; pending = pending->next) {
			fold((uint64_t)pending->info.pid << 32 |
			     (uint32_t)pending->info.code);
			fold((uint64_t)pending->info.value);
		}
	}
}

static void take_process(const struct sim_process *process)
{
	const struct sim_process *child = process->children;

	fold((uint64_t)process->pid << 48 |
	     (uint64_t)(process->parent ? process->parent->pid : 0) << 32 |
	     (uint64_t)process->group << 16 | (uint64_t)process->session);
	fold((uint64_t)process->state << 48 | (uint64_t)process->status << 32 |
	     (uint64_t)process->stop_signal << 16 |
	     (uint64_t)(process->was_continued | process->is_subreaper << 1 |
			process->has_executed << 2 | process->is_exiting << 3 |
			process->owes_continued << 4 |
			process->is_blocked << 5 |
			(process->coroutine != NULL) << 7));
	fold(process->blocked);
	fold(process->ignored);
	fold(process->wait_until_ns);
	fold(process->waits_for);
	take_queue(&process->shared);
	take_queue(&process->own);
	for (; child != NULL; child = child->younger)
		fold((uint64_t)child->pid);
}

/* Whether the call that it is in does what the loop's one wait does. */
static bool take_foster(const struct sim_choice *choice)
{
	struct sim_stack stack = sim_stack_of(foster);
	bool waits = contract_init != NULL && foster->waits_for != 0 &&
		     (foster->waits_for & BIT(SIGTERM)) != 0;

	if (foster->coroutine == NULL)
		return true;
	files_tell(foster, take);
	if (contract_init != NULL && contract_init->told != NULL)
		take(contract_init->told, PIDS_MAX * sizeof(*contract_init->told));
	/* Before its call, foster's registers say where it is, and which. */
	if (choice->call != NULL) {
		fold((uint64_t)choice->call->number);
		take(choice->call->arguments, sizeof(choice->call->arguments));
	}
	if (waits)
		take(contract_init, sizeof(*contract_init));
	else if (stack.caller != NULL)
		take(stack.caller, (size_t)(stack.top - stack.caller));
	return waits || stack.caller != NULL;
}

/*
 * What was forwarded decides only whether foster says a word about the
 * program's death, which is no part of the contract that is checked here.
 */
static bool take_foster_less(const struct sim_choice *choice)
{
	uint64_t forwarded = 0;
	bool is_known;

	if (contract_init != NULL) {
		forwarded = contract_init->lifecycle.forwarded;
		contract_init->lifecycle.forwarded = 0;
	}
	is_known = take_foster(choice);
	if (contract_init != NULL)
		contract_init->lifecycle.forwarded = forwarded;
	return is_known;
}

uint64_t state_number(const struct sim_choice *choice)
{
	const struct sim_process *process = sim_first();

	if (world.merges)
		return alike_number(choice);
	sum = other = 0;
	if (!take_foster_less(choice))
		return 0;
	fold(sim.now_ns);
	fold((uint64_t)sim.last_pid);
	for (; process != NULL; process = process->next)
		take_process(process);
	fold((uint64_t)events_remaining_inner());
	contract_tell(take);
	return sum;
}
