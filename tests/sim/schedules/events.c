/*
 * events.c - what can happen, and where it can make a difference.
 *
 * An event that a system call neither sees nor touches may as well come after
 * it: both orders lead to the same state. So events are offered only
 *
 *   before foster waits, while it waits, and when it has been woken   all
 *   while and after foster stops itself                               all
 *   before it asks for a child, reads /proc, signals a process        what
 *     happens to processes, and CHLD of a user (which child SIGCHLD
 *     names depends on who was first)
 *   before it reads the clock                                         time
 *
 * and nowhere else (writing, closing, opening what never changes). Signals to
 * foster commute with what happens to processes, and with all calls but its
 * waits and those by which it stops itself. world.is_full offers everything
 * before every call; `make check-schedules DEEP=1` runs that, too.
 */
#include "schedules.h"
#include "sys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What happens to processes; signals to foster; CHLD; time; all of these. */
enum { TO_PROCESSES = 1, TO_FOSTER = 2, USER_CHILD = 4, LATE = 8, ALL = 7 };

static struct move move_now;
static int events_left, inner_left;
static bool is_inner;
static long values_sent;

static const struct sim_script member = {
	"member",
	.steps = SIM_STEPS(SIM_PAUSE),
};

/* ---- where ---- */

bool events_is_main_wait(const struct sim_call *call)
{
	const struct kernel_sigset *set = (const void *)call->arguments[0];

	return call->number == SYS_rt_sigtimedwait && set->words[0] == ~0UL;
}

static int seen_by(const struct sim_call *call)
{
	switch (call->number) {
	case SYS_rt_sigtimedwait:
		if (!events_is_main_wait(call))
			return ALL;
		/* Otherwise the same happens while it sleeps there. */
		return signal_pending(foster) != 0 ? ALL : 0;
	case SYS_rt_sigprocmask:
		return ALL;
	case SYS_kill:
		if (call->arguments[0] == 0 ||
		    call->arguments[0] == foster->pid)
			return ALL;
		return TO_PROCESSES | USER_CHILD;
	case SYS_read:
	case SYS_pread64:
		return contract_reads_itself() ? 0 : TO_PROCESSES | USER_CHILD;
	case SYS_openat:
		if (strncmp(call->text, "/proc/", 6) != 0 ||
		    call->text[6] > '9')
			return 0;
		return TO_PROCESSES | USER_CHILD;
	case SYS_getpgid:
	case SYS_wait4:
	case SYS_waitid:
	case SYS_rt_sigqueueinfo:
	case SYS_getdents64:
	case SYS_pidfd_open:
	case SYS_pidfd_send_signal:
	case SYS_setpgid:
		return TO_PROCESSES | USER_CHILD;
	case SYS_clock_gettime:
		return LATE;
	default:
		return 0;
	}
}

static int where(const struct sim_choice *choice)
{
	if (!contract_has_begun())
		return 0;
	/* foster itself sleeps, or has been woken and is still in its call. */
	if (choice->who[0] != NULL && choice->who[0]->coroutine != NULL &&
	    choice->who[0] != foster)
		return 0;
	if (choice->who[0] != foster || choice->call == NULL)
		return ALL;
	if (world.is_full)
		return ALL | LATE;
	return seen_by(choice->call);
}

/* ---- what ---- */

static const char letters[] = ".atro!EFSZIRGQLX";

/* One letter for an event; the five signals have one each. */
static char letter_of(int kind, int number)
{
	if (kind != MOVE_SIGNAL)
		return letters[kind];
	return number == SIGTERM   ? 'T'
	       : number == SIGINT  ? 'N'
	       : number == SIGTSTP ? 'P'
	       : number == SIGCONT ? 'C'
				       : 'H';
}

static void add(struct move *moves, int *count, int kind, int number)
{
	if (kind > MOVE_FREE && *world.alphabet != '\0' &&
	    strchr(world.alphabet, letter_of(kind, number)) == NULL)
		return;
	if (*count == MOVES_MAX)
		sim_fail("more than %d moves", MOVES_MAX);
	moves[(*count)++] = (struct move){ (uint8_t)kind, (uint8_t)number };
}

static bool is_member(const struct sim_process *process)
{
	return process != foster && process->state != SIM_ZOMBIE &&
	       process->coroutine == NULL && process->script == &member;
}

static bool has_zombie(const struct sim_process *process)
{
	const struct sim_process *child = process->children;

	while (child != NULL && child->state != SIM_ZOMBIE)
		child = child->younger;
	return child != NULL;
}

static void add_processes(struct move *moves, int *count)
{
	const struct sim_process *process = sim_first();
	int living = 0, strangers = 0;

	for (; process != NULL; process = process->next)
		if (is_member(process))
			living++;
		else
			strangers += process->script == &sim_sleeper;
	for (process = sim_first(); process != NULL; process = process->next) {
		int pid = process->pid;

		if (!is_member(process))
			continue;
		add(moves, count, MOVE_END, pid);
		if (process->state != SIM_RUNNING)
			continue;
		if (living < FAMILY_MAX)
			add(moves, count, MOVE_FORK, pid);
		/* What waits for it comes first: TERM is 15, STOP is 19. */
		if ((signal_pending(process) & ~process->blocked) == 0) {
			add(moves, count, MOVE_STOP, pid);
			if (pid == program)
				add(moves, count, MOVE_SUSPEND, pid);
		}
		if ((process->ignored & BIT(SIGTERM)) == 0)
			add(moves, count, MOVE_IGNORE, pid);
		if (has_zombie(process))
			add(moves, count, MOVE_REAP, pid);
	}
	if (world.numbers_return && strangers < 2)
		add(moves, count, MOVE_STRANGER, 0);
}

static void add_signals(struct move *moves, int *count)
{
	static const uint8_t signals[] = { SIGTERM, SIGINT, SIGTSTP,
					   SIGCONT };

	for (size_t i = 0; i < sizeof(signals); i++)
		add(moves, count, MOVE_SIGNAL, signals[i]);
	add(moves, count, MOVE_QUEUE, SIGNALS_RTMIN);
}

/*
 * While the program runs, foster reads neither whether -a was given nor how
 * long the grace is, but for telling in time whether the program had a TERM
 * within it, which is asked for after its end (lifecycle.c: on_program_ended,
 * begin_ending, forward). So these options need not be decided before foster
 * reaps the program.
 */
static bool decides_options(void)
{
	const struct sim_process *app = process_by_pid(program);

	return world.decides_late && app != NULL && app->state == SIM_ZOMBIE &&
	       (contract_init == NULL ||
		contract_init->lifecycle.stage == STAGE_RUNNING);
}

void events_give_options(struct init *init)
{
	if (!world.decides_late)
		return;
	init->lifecycle_config.waits_for_all = world.waits_for_all;
	init->lifecycle_config.grace_ms = world.no_grace ? 0 : GRACE_MS;
}

static void decide_options(int which)
{
	world.waits_for_all = (which & 1) != 0;
	world.no_grace = (which & 2) != 0;
	if (contract_init != NULL)
		events_give_options(contract_init);
}

static void add_next_call(struct move *moves, int *count)
{
	if (!decides_options()) {
		add(moves, count, MOVE_CALL, 0);
		return;
	}
	for (int which = 0; which < 4; which++)
		add(moves, count, MOVE_OPTIONS, which);
}

static void add_free(const struct sim_choice *choice, struct move *moves,
		     int *count)
{
	for (unsigned i = 0; i < choice->count; i++) {
		if (choice->is_event[i])
			continue;
		/* All others act long before 20 ms are over. */
		if (choice->is_time[i] && *count == 0)
			add(moves, count, MOVE_TIME, 0);
		else if (choice->is_time[i])
			continue;
		else if (choice->who[i] == foster)
			add_next_call(moves, count);
		else if (!is_inner || inner_left > 0)
			add(moves, count, MOVE_ACTOR, choice->who[i]->pid);
	}
	if (foster->state == SIM_STOPPED)
		add(moves, count, MOVE_RESUME, 0);
}

int events_list(const struct sim_choice *choice, struct move *moves)
{
	int count = 0, here = where(choice);

	if (here == 0)
		return 0;
	is_inner = choice->who[0] == foster && choice->call != NULL &&
		   !events_is_main_wait(choice->call);
	/* Nothing can happen but the call. */
	if (is_inner && inner_left == 0)
		return 0;
	if (here == LATE)
		add(moves, &count, MOVE_CALL, 0);
	else
		add_free(choice, moves, &count);
	if (events_left == 0)
		return count;
	if ((here & TO_PROCESSES) != 0)
		add_processes(moves, &count);
	if ((here & TO_FOSTER) != 0)
		add_signals(moves, &count);
	if ((here & USER_CHILD) != 0)
		add(moves, &count, MOVE_SIGNAL, SIGCHLD);
	if ((here & LATE) != 0)
		add(moves, &count, MOVE_LATE, 0);
	return count;
}

/* ---- making it happen ---- */

unsigned events_take(const struct sim_choice *choice, struct move move)
{
	unsigned i;

	for (i = 0; i < choice->count; i++) {
		if (choice->is_event[i]) {
			if (move.kind == MOVE_RESUME || move.kind >= MOVE_FREE)
				break;
		} else if (choice->is_time[i]) {
			if (move.kind == MOVE_TIME)
				break;
		} else if (choice->who[i] == foster) {
			if (move.kind == MOVE_CALL || move.kind == MOVE_OPTIONS)
				break;
		} else if (move.kind == MOVE_ACTOR &&
			   choice->who[i]->pid == move.number) {
			break;
		}
	}
	if (i == choice->count)
		sim_fail("no such move here: %d %d", move.kind, move.number);
	move_now = move;
	if (move.kind == MOVE_OPTIONS)
		decide_options(move.number);
	if (move.kind == MOVE_ACTOR)
		inner_left -= is_inner;
	return i;
}

static void end(struct sim_process *process)
{
	if (process->state == SIM_STOPPED)
		process_exit(process, SIGKILL);
	else
		process_exit(process,
			     process->pid == program ? OWN_STATUS << 8 : 0);
}

/* As one of the family, or as a guest. */
static void begin_member(struct sim_process *process)
{
	if (world.leaves_group)
		process_move(process, process->pid, process->pid);
	if (world.ignores_end)
		process->ignored |= BIT(SIGTERM);
	actor_begin(process, &member);
}

static void fork_child(struct sim_process *parent,
		       const struct sim_script *script)
{
	struct sim_process *child;

	child = process_create(parent, script->name);
	if (child == NULL || child->pid >= PIDS_MAX)
		sim_fail("no process id is free");
	if (script == &member)
		begin_member(child);
	else
		actor_begin(child, script);
}

static void reap_child(struct sim_process *process)
{
	struct info info;
	int status;

	do_wait(process, P_ALL, 0, WEXITED, &status, &info);
}

static void signal_foster(int signal, int code, long value)
{
	struct info info = { .code = code,
			     .pid = SIM_STRANGER,
			     .value = value };

	signal_send(foster, signal, &info, false, false, SIM_STRANGER);
}

static void act(struct sim_process *process)
{
	switch (move_now.kind) {
	case MOVE_END:
		end(process);
		break;
	case MOVE_FORK:
		fork_child(process, &member);
		break;
	case MOVE_STOP:
	case MOVE_SUSPEND:
		signal_stops(process, move_now.kind == MOVE_STOP ? SIGSTOP
								 : SIGTSTP);
		break;
	case MOVE_IGNORE:
		process->ignored |= BIT(SIGTERM);
		signal_flush(process, BIT(SIGTERM));
		break;
	case MOVE_REAP:
		reap_child(process);
		break;
	default:
		sim_fail("an unknown event");
	}
}

void events_happen(int one, int other)
{
	(void)one, (void)other;
	sim_any_time(events_happen, 0, 0);
	if (move_now.kind == MOVE_FREE) /* the search goes on elsewhere */
		return;
	if (move_now.kind != MOVE_RESUME) {
		events_left--;
		inner_left -= is_inner;
	}
	switch (move_now.kind) {
	case MOVE_RESUME:
		signal_foster(SIGCONT, SI_USER, 0);
		break;
	case MOVE_SIGNAL:
		signal_foster(move_now.number, SI_USER, 0);
		break;
	case MOVE_QUEUE:
		signal_foster(move_now.number, SI_QUEUE, ++values_sent);
		break;
	case MOVE_LATE:
		sim.now_ns += QUANTUM_MS * UINT64_C(1000000);
		break;
	case MOVE_STRANGER:
		fork_child(world.is_process_1 ? NULL : process_by_pid(1),
			   &sim_sleeper);
		break;
	default:
		act(process_by_pid(move_now.number));
	}
}

int events_remaining(void)
{
	return events_left;
}

int events_remaining_inner(void)
{
	return inner_left;
}

/*
 * The worst that numbers can do is to come again at once. While a group has
 * members its number is not free: then the next one that is comes instead.
 */
void events_fact(const struct sim_fact *fact)
{
	if (world.numbers_return && fact->kind == SIM_REAPED)
		sim.last_pid = fact->pid - 1;
}

/* ---- the family ---- */

void events_begin(void)
{
	events_left = world.events;
	inner_left = world.inner;
	is_inner = false;
	values_sent = 0;
	sim_program("/app", &member);
	sim_any_time(events_happen, 0, 0);
}

void events_found_family(void)
{
	struct sim_process *all[FAMILY_MAX] = { process_by_pid(program) };
	int last = 0;

	for (int i = 1; i < FAMILY_MAX && world.parents[i - 1] != 0; i++) {
		struct sim_process *parent = all[world.parents[i - 1] - '0'];

		all[i] = process_create(parent, member.name);
		begin_member(all[i]);
		last = i;
	}
	if (world.has_reader && last > 0) {
		all[last]->pipes[0] = 1;
		if (last > 1)
			all[last - 1]->pipes[1] = 1;
	}
	if (world.has_guest)
		begin_member(process_create(NULL, member.name));
}

/* ---- in words ---- */

void events_put(char *text, struct move move)
{
	if (move.kind == MOVE_CALL)
		strcpy(text, ".");
	else
		sprintf(text, " %c%d ", letters[move.kind], move.number);
}

/* Gives false at the end. */
bool events_next(const char **text, struct move *move)
{
	const char *letter;
	char *rest;

	while (**text == ' ')
		++*text;
	if (**text == '\0')
		return false;
	letter = strchr(letters, **text);
	if (letter == NULL)
		sim_fail("no such move: %s", *text);
	move->kind = (uint8_t)(letter - letters);
	++*text;
	move->number = 0;
	if (move->kind != MOVE_CALL) {
		move->number = (uint8_t)strtol(*text, &rest, 10);
		*text = rest;
	}
	return true;
}
