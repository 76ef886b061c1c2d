/*
 * processes.c - the simulated kernel's processes, groups, sessions and
 * signals: who is whose child, who may signal whom, what is pending, who is
 * told of a death. Follows kernel/signal.c, kernel/exit.c and kernel/sys.c.
 */
#include "sim_kernel.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_PID_AGAIN = 300 }; /* RESERVED_PIDS: where numbers come again */

static const uint64_t synchronous = BIT(SIGSEGV) | BIT(SIGBUS) |
				    BIT(SIGILL) | BIT(SIGTRAP) |
				    BIT(SIGFPE) | BIT(SIGSYS);
static const uint64_t stops =
	BIT(SIGSTOP) | BIT(SIGTSTP) | BIT(SIGTTIN) | BIT(SIGTTOU);
static const uint64_t ignored_by_default =
	BIT(SIGCONT) | BIT(SIGCHLD) | BIT(SIGWINCH) | BIT(SIGURG);
static const uint64_t kernel_only = BIT(SIGKILL) | BIT(SIGSTOP);

/* A number is in use as long as anyone has it as pid, group or session. */
struct slot {
	struct sim_process *process;
	struct sim_process *group;
	unsigned group_count, session_count;
	unsigned stopped_count; /* of the group's members */
};

struct sim_change {
	uint64_t order;
	uint64_t identity;
	struct sim_process *child;
};

static struct slot *slots;
static int slot_room;
static struct sim_process *first, *last;
static struct sim_process *unused; /* chained by ->next */
static struct sim_pending *unused_pending;
static uint64_t order, identity;

/* How many signals are queued to the processes of a user, RLIMIT_SIGPENDING. */
enum { USERS_MAX = 16 };
static struct {
	unsigned uid;
	unsigned count;
} users[USERS_MAX];

static unsigned *queued_of(unsigned uid)
{
	for (int i = 0; i < USERS_MAX; i++) {
		if (users[i].uid == uid || users[i].uid == ~0U) {
			users[i].uid = uid;
			return &users[i].count;
		}
	}
	sim_fail("more than %d users", USERS_MAX);
}

void fact(enum sim_fact_kind kind, const struct sim_process *process, int other,
	  int number)
{
	fact_add(&(struct sim_fact){
		.kind = kind,
		.pid = process->pid,
		.other = other,
		.number = number,
		.name = process->name,
	});
}

/* ---- numbers ---- */

static struct slot *slot_of(int number)
{
	if (number >= slot_room) {
		int room = slot_room ? slot_room : 64;

		while (room <= number)
			room *= 2;
		slots = realloc(slots, sizeof(*slots) * (size_t)room);
		memset(slots + slot_room, 0,
		       sizeof(*slots) * (size_t)(room - slot_room));
		slot_room = room;
	}
	return &slots[number];
}

struct sim_process *process_by_pid(int pid)
{
	if (pid <= 0 || pid >= slot_room)
		return NULL;
	return slots[pid].process;
}

struct sim_process *group_first(int group)
{
	if (group < 0 || group >= slot_room)
		return NULL;
	return slots[group].group;
}

static bool is_free(int number)
{
	struct slot *slot = slot_of(number);

	return slot->process == NULL && slot->group_count == 0 &&
	       slot->session_count == 0;
}

static int free_number(void)
{
	int number = sim.last_pid + 1, tries;

	for (tries = 0; tries < sim.pid_max; tries++, number++) {
		if (number >= sim.pid_max)
			number = sim.pid_max > 2 * FIRST_PID_AGAIN
					 ? FIRST_PID_AGAIN
					 : 2;
		if (is_free(number)) {
			sim.last_pid = number;
			return number;
		}
	}
	return -EAGAIN;
}

static void leave_group(struct sim_process *process)
{
	struct slot *slot = slot_of(process->group);

	if (process->group_previous != NULL)
		process->group_previous->group_next = process->group_next;
	else
		slot->group = process->group_next;
	if (process->group_next != NULL)
		process->group_next->group_previous = process->group_previous;
	process->group_next = process->group_previous = NULL;
	slot->group_count--;
	slot->stopped_count -= process->state == SIM_STOPPED;
	slot_of(process->session)->session_count--;
}

static void join_group(struct sim_process *process, int group, int session)
{
	struct slot *slot = slot_of(group);

	process->group = group;
	process->session = session;
	process->group_previous = NULL;
	process->group_next = slot->group;
	if (slot->group != NULL)
		slot->group->group_previous = process;
	slot->group = process;
	slot->group_count++;
	slot->stopped_count += process->state == SIM_STOPPED;
	slot_of(session)->session_count++;
}

static void set_state(struct sim_process *process, enum sim_state state)
{
	struct slot *slot = slot_of(process->group);

	slot->stopped_count -= process->state == SIM_STOPPED;
	slot->stopped_count += state == SIM_STOPPED;
	process->state = state;
}

void process_move(struct sim_process *process, int group, int session)
{
	leave_group(process);
	join_group(process, group, session);
}

/* ---- children, and which of them have something to report ---- */

static bool has_change(const struct sim_process *child)
{
	return child->state == SIM_ZOMBIE || child->stop_signal != 0 ||
	       child->was_continued;
}

static bool is_valid(const struct sim_process *parent,
		     const struct sim_change *change)
{
	const struct sim_process *child = change->child;

	return child->identity == change->identity && child->parent == parent &&
	       child->order == change->order && has_change(child);
}

static void swap(struct sim_change *one, struct sim_change *other)
{
	struct sim_change saved = *one;

	*one = *other;
	*other = saved;
}

static void push_change(struct sim_process *parent, struct sim_process *child)
{
	size_t at = parent->change_count++;

	if (parent->change_count > parent->change_room) {
		parent->change_room = parent->change_room * 2 + 8;
		parent->changes =
			realloc(parent->changes,
				sizeof(*parent->changes) * parent->change_room);
	}
	parent->changes[at] =
		(struct sim_change){ child->order, child->identity, child };
	while (at > 0 && parent->changes[at].order <
				 parent->changes[(at - 1) / 2].order) {
		swap(&parent->changes[at], &parent->changes[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
}

static void pop_change(struct sim_process *parent)
{
	struct sim_change *heap = parent->changes;
	size_t count = --parent->change_count, at = 0;

	heap[0] = heap[count];
	for (;;) {
		size_t least = 2 * at + 1;

		if (least >= count)
			return;
		if (least + 1 < count &&
		    heap[least + 1].order < heap[least].order)
			least++;
		if (heap[at].order <= heap[least].order)
			return;
		swap(&heap[at], &heap[least]);
		at = least;
	}
}

static void remove_child(struct sim_process *child)
{
	struct sim_process *parent = child->parent;

	if (parent == NULL)
		return;
	if (child->older != NULL)
		child->older->younger = child->younger;
	else
		parent->children = child->younger;
	if (child->younger != NULL)
		child->younger->older = child->older;
	else
		parent->last_child = child->older;
	child->older = child->younger = NULL;
	child->parent = NULL;
}

static void add_child(struct sim_process *parent, struct sim_process *child)
{
	child->parent = parent;
	child->order = ++order;
	if (parent == NULL)
		return;
	child->older = parent->last_child;
	if (parent->last_child != NULL)
		parent->last_child->younger = child;
	else
		parent->children = child;
	parent->last_child = child;
	if (has_change(child))
		push_change(parent, child);
}

/* ---- the life of a process ---- */

struct sim_process *process_create(struct sim_process *parent, const char *name)
{
	struct sim_process *process = unused;
	struct sim_change *changes = NULL;
	size_t room = 0;
	int pid = free_number();

	if (pid < 0)
		return NULL;
	if (process != NULL) {
		unused = process->next;
		changes = process->changes;
		room = process->change_room;
	} else {
		process = malloc(sizeof(*process));
	}
	/* The queues hold nothing where their bits are zero. */
	memset(process, 0, offsetof(struct sim_process, shared));
	memset((char *)process + offsetof(struct sim_process, script), 0,
	       sizeof(*process) - offsetof(struct sim_process, script));
	process->shared.bits = process->own.bits = 0;
	process->changes = changes;
	process->change_room = room;
	process->pid = pid;
	process->name = name;
	process->identity = ++identity;
	process->wait_until_ns = SIM_NEVER;
	slot_of(pid)->process = process;
	if (parent != NULL) {
		process->uid = parent->uid;
		process->blocked = parent->blocked;
		process->ignored = parent->ignored;
		for (int fd = 0; fd < 3; fd++)
			process->pipes[fd] = file_pipe(parent, fd);
	}
	join_group(process, parent ? parent->group : pid,
		   parent ? parent->session : pid);
	add_child(parent, process);
	process->previous = last;
	if (last != NULL)
		last->next = process;
	else
		first = process;
	last = process;
	sim.process_count++;
	fact(SIM_FORKED, process, parent ? parent->pid : 0, 0);
	return process;
}

static void drop_queue(struct sim_queue *queue, uint64_t set)
{
	uint64_t bits = queue->bits & set;

	while (bits != 0) {
		struct sim_pending *pending =
			queue->first[__builtin_ctzll(bits) + 1];

		bits &= bits - 1;
		while (pending != NULL) {
			struct sim_pending *next = pending->next;

			--*queued_of(pending->uid);
			pending->next = unused_pending;
			unused_pending = pending;
			pending = next;
		}
	}
	queue->bits &= ~set;
}

/* release_task(): the number is free, nobody knows it any more. */
static void release(struct sim_process *process, int by)
{
	fact(SIM_REAPED, process, by, process->status);
	remove_child(process);
	leave_group(process);
	slot_of(process->pid)->process = NULL;
	if (process->previous != NULL)
		process->previous->next = process->next;
	else
		first = process->next;
	if (process->next != NULL)
		process->next->previous = process->previous;
	else
		last = process->previous;
	process->next = unused;
	process->previous = NULL;
	process->identity = 0;
	unused = process;
	sim.process_count--;
}

/* find_new_reaper() */
static struct sim_process *new_parent(const struct sim_process *dead)
{
	struct sim_process *parent = dead->parent;

	for (; parent != NULL; parent = parent->parent)
		if (parent->is_subreaper && !parent->is_exiting)
			return parent;
	parent = process_by_pid(1);
	return parent == dead || (parent && parent->is_exiting) ? NULL : parent;
}

/* do_notify_parent(): true if nobody waits for it, and it is gone at once. */
static bool tell_parent(struct sim_process *process)
{
	struct sim_process *parent = process->parent;
	struct info info = { .pid = process->pid, .uid = process->uid };
	int death = process->status & 0x7f;
	bool is_reaped;

	if (parent == NULL)
		return true;
	info.code = death == 0			      ? CLD_EXITED
		    : process->status & STATUS_DUMPED ? CLD_DUMPED
						      : CLD_KILLED;
	info.value = death != 0 ? death : process->status >> 8 & 0xff;
	is_reaped = (parent->ignored & BIT(SIGCHLD)) != 0 ||
		    parent->reaps_no_children;
	if (!(parent->ignored & BIT(SIGCHLD)))
		signal_send(parent, SIGCHLD, &info, false, false,
			    process->pid);
	if (!is_reaped)
		push_change(parent, process);
	wake(parent);
	return is_reaped;
}

/* do_notify_parent_cldstop() */
static void tell_stop(struct sim_process *process, int code, int status)
{
	struct sim_process *parent = process->parent;
	struct info info = { .code = code,
			     .pid = process->pid,
			     .uid = process->uid,
			     .value = status };

	if (parent == NULL)
		return;
	if (!(parent->ignored & BIT(SIGCHLD)) && !parent->hears_no_stops)
		signal_send(parent, SIGCHLD, &info, false, false,
			    process->pid);
	push_change(parent, process);
	wake(parent);
}

/* will_become_orphaned_pgrp(), with one process left out. */
static bool is_orphaned_without(int group, const struct sim_process *without)
{
	const struct sim_process *member = group_first(group);

	/* Who is outside, with whom it shares its group, may be a shell. */
	if (group == 0)
		return false;
	for (; member != NULL; member = member->group_next) {
		if (member == without || member->state == SIM_ZOMBIE ||
		    member->parent == NULL)
			continue;
		if (member->parent->group != group &&
		    member->parent->session == member->session)
			return false;
	}
	return true;
}

bool group_is_orphaned(int group)
{
	return is_orphaned_without(group, NULL);
}

/* kill_orphaned_pgrp() */
static void end_stopped_orphans(int group, const struct sim_process *without)
{
	static const struct info by_kernel = { .code = SI_KERNEL };

	if (slot_of(group)->stopped_count == 0 ||
	    !is_orphaned_without(group, without))
		return;
	signal_group(group, SIGHUP, &by_kernel, 0);
	signal_group(group, SIGCONT, &by_kernel, 0);
}

/* __ptrace_unlink(): what was held up goes on. */
static void let_go(struct sim_process *process, int signal)
{
	process->is_traced = process->is_trapped = false;
	process->stop_signal = 0;
	process->injected = signal;
	set_state(process, SIM_RUNNING);
	wake(process);
}

/* forget_original_parent() and reparent_leader() */
static void hand_on_children(struct sim_process *dead)
{
	struct sim_process *parent = new_parent(dead), *child, *next;

	for (child = dead->children; child != NULL; child = next) {
		int group = child->group;
		bool was_elsewhere = child->group != dead->group &&
				     child->session == dead->session;

		next = child->younger;
		if (child->is_trapped)
			let_go(child, child->stop_signal);
		child->is_traced = false;
		remove_child(child);
		add_child(parent, child);
		fact(SIM_ADOPTED, child, parent ? parent->pid : 0, 0);
		if (child->death_signal != 0 && child->state != SIM_ZOMBIE) {
			struct info info = { .pid = dead->pid,
					     .uid = dead->uid };

			signal_send(child, child->death_signal, &info, false,
				    false, dead->pid);
		}
		if (child->state == SIM_ZOMBIE && tell_parent(child)) {
			release(child, 0);
			continue;
		}
		if (was_elsewhere)
			end_stopped_orphans(group, NULL);
	}
}

/* zap_pid_ns_processes() */
static void sweep(void)
{
	struct sim_process *process = first;

	sim.is_over = true;
	for (; process != NULL; process = process->next)
		if (process->pid != 1 && process->state != SIM_ZOMBIE)
			fact(SIM_SWEPT, process, 1, 0);
}

void process_exit(struct sim_process *process, int status)
{
	struct sim_process *parent = process->parent;

	process->is_exiting = true;
	process->status = status;
	files_drop(process);
	for (int fd = 0; fd < 3; fd++)
		sim_set_pipe(process, fd, 0);
	timer_set(process, SIM_NEVER);
	unready(process);
	fact(SIM_DIED, process, 0, status);
	if (process->pid == 1) {
		set_state(process, SIM_ZOMBIE);
		sweep();
		return;
	}
	if (process->session == process->pid)
		terminal_leader_exits(process);
	hand_on_children(process);
	if (parent != NULL && parent->group != process->group &&
	    parent->session == process->session)
		end_stopped_orphans(process->group, process);
	set_state(process, SIM_ZOMBIE);
	process->stop_signal = 0;
	process->was_continued = false;
	drop_queue(&process->shared, ~UINT64_C(0));
	drop_queue(&process->own, ~UINT64_C(0));
	if (tell_parent(process))
		release(process, 0);
}

void processes_begin(void)
{
	processes_end();
	order = identity = 0;
	for (int i = 0; i < USERS_MAX; i++) {
		users[i].uid = ~0U;
		users[i].count = 0;
	}
}

void processes_end(void)
{
	while (first != NULL) {
		struct sim_process *process = first;

		first = process->next;
		files_drop(process);
		coroutine_drop(process);
		drop_queue(&process->shared, ~UINT64_C(0));
		drop_queue(&process->own, ~UINT64_C(0));
		process->next = unused;
		unused = process;
	}
	last = NULL;
	if (slots != NULL)
		memset(slots, 0, sizeof(*slots) * (size_t)slot_room);
	sim.process_count = 0;
}

struct sim_process *sim_first(void)
{
	return first;
}

/* ---- signals: sending ---- */

static bool is_unkillable(const struct sim_process *process)
{
	return process->pid == 1;
}

/* sig_ignored() and sig_task_ignored() */
static bool is_ignored(const struct sim_process *to, int signal, bool force)
{
	uint64_t bit = BIT(signal);

	if ((to->blocked & bit) != 0 ||
	    (to->is_traced && signal != SIGKILL))
		return false;
	if (is_unkillable(to) && ((to->ignored | to->caught) & bit) == 0 &&
	    !(force && (kernel_only & bit) != 0))
		return true;
	if ((to->caught & bit) != 0)
		return false;
	return ((to->ignored | ignored_by_default) & bit) != 0;
}

uint64_t signal_pending(const struct sim_process *process)
{
	return process->shared.bits | process->own.bits;
}

void signal_flush(struct sim_process *process, uint64_t set)
{
	drop_queue(&process->shared, set);
	drop_queue(&process->own, set);
}

static bool enqueue(struct sim_process *to, int signal, struct sim_queue *queue,
		    const struct info *info)
{
	struct sim_pending *pending = unused_pending;
	unsigned *count = queued_of(to->uid);
	bool is_new = (queue->bits & BIT(signal)) == 0;

	if (is_new)
		queue->first[signal] = NULL;
	/* Ordinary ones of kill(2) and the kernel go beyond the limit. */
	if (*count >= sim.queue_limit &&
	    !(signal < KERNEL_RTMIN && info->code >= 0)) {
		if (signal >= KERNEL_RTMIN && info->code != SI_USER)
			return false;
		/* That it was sent is known, but not by whom. */
		queue->bits |= BIT(signal);
		return true;
	}
	if (pending != NULL)
		unused_pending = pending->next;
	else
		pending = malloc(sizeof(*pending));
	++*count;
	pending->next = NULL;
	pending->info = *info;
	pending->uid = to->uid;
	if (queue->first[signal] == NULL)
		queue->first[signal] = pending;
	else
		queue->last[signal]->next = pending;
	queue->last[signal] = pending;
	queue->bits |= BIT(signal);
	return true;
}

/* prepare_signal(): CONT and the stop signals cancel each other. */
static void cancel_others(struct sim_process *to, int signal)
{
	if ((stops & BIT(signal)) != 0)
		signal_flush(to, BIT(SIGCONT));
	if (signal != SIGCONT)
		return;
	signal_flush(to, stops);
	if (to->state != SIM_STOPPED || to->is_trapped)
		return;
	set_state(to, SIM_RUNNING);
	to->stop_signal = 0;
	to->was_continued = true;
	to->owes_continued = true;
	fact(SIM_WENT_ON, to, 0, 0);
	if (to->parent != NULL)
		push_change(to->parent, to);
	wake(to);
}

static void note_sent(const struct sim_process *to, int signal,
		      const struct info *info, int from, enum sim_fate fate)
{
	fact_add(&(struct sim_fact){
		.kind = SIM_SENT,
		.pid = to->pid,
		.other = from,
		.number = signal,
		.code = info->code,
		.value = info->value,
		.fate = fate,
		.name = to->name,
	});
}

int signal_send(struct sim_process *to, int signal, const struct info *info,
		bool force, bool to_thread, int from)
{
	struct sim_queue *queue = to_thread ? &to->own : &to->shared;
	enum sim_fate fate = SIM_QUEUED;

	if (to->state == SIM_ZOMBIE || to->is_exiting) {
		note_sent(to, signal, info, from, SIM_DROPPED);
		return 0;
	}
	cancel_others(to, signal);
	if (is_ignored(to, signal, force))
		fate = SIM_DROPPED;
	else if (signal < KERNEL_RTMIN && (queue->bits & BIT(signal)) != 0)
		fate = SIM_MERGED;
	else if (!enqueue(to, signal, queue, info))
		return -EAGAIN;
	note_sent(to, signal, info, from, fate);
	if (signal == SIGKILL && fate != SIM_DROPPED &&
	    to->state == SIM_STOPPED) {
		set_state(to, SIM_RUNNING);
		to->stop_signal = 0;
		to->is_trapped = false;
	}
	if (fate == SIM_QUEUED)
		wake(to);
	return 0;
}

void signal_group(int group, int signal, const struct info *info, int from)
{
	struct sim_process *member = group_first(group), *next;

	for (; member != NULL; member = next) {
		next = member->group_next;
		signal_send(member, signal, info, info->code == SI_KERNEL,
			    false, from);
	}
}

/* kill_ok_by_cred(), and CONT within a session */
bool process_may_signal(const struct sim_process *from,
			const struct sim_process *to, int signal)
{
	return from == to || from->uid == 0 || from->uid == to->uid ||
	       (signal == SIGCONT && from->session == to->session);
}

static long kill_one(struct sim_process *self, struct sim_process *to,
		     int signal, int code)
{
	struct info info = { .code = code, .pid = self->pid, .uid = self->uid };

	if (!process_may_signal(self, to, signal))
		return -EPERM;
	if (signal == 0)
		return 0;
	return signal_send(to, signal, &info, false, code == SI_TKILL,
			   self->pid);
}

/* __kill_pgrp_info() */
static long kill_group(struct sim_process *self, int group, int signal)
{
	struct sim_process *member = group_first(group), *next;
	long error = -ESRCH;
	bool has_hit = false;

	for (; member != NULL; member = next) {
		next = member->group_next;
		error = kill_one(self, member, signal, SI_USER);
		has_hit |= error == 0;
	}
	return has_hit ? 0 : error;
}

/* kill_something_info() of -1: not process 1, not oneself. */
static long kill_all(struct sim_process *self, int signal)
{
	struct sim_process *process = first, *next;
	long result = 0, error;
	bool is_any = false;

	for (; process != NULL; process = next) {
		next = process->next;
		if (process->pid == 1 || process == self)
			continue;
		error = kill_one(self, process, signal, SI_USER);
		is_any = true;
		if (error != -EPERM)
			result = error;
	}
	return is_any ? result : -ESRCH;
}

long do_kill(struct sim_process *self, int pid, int signal, int code)
{
	struct sim_process *to;

	if (signal < 0 || signal > SIGNALS_MAX)
		return -EINVAL;
	if (pid == INT_MIN)
		return -ESRCH;
	if (pid == -1)
		return kill_all(self, signal);
	if (pid <= 0)
		return kill_group(self, pid == 0 ? self->group : -pid, signal);
	to = process_by_pid(pid);
	return to == NULL ? -ESRCH : kill_one(self, to, signal, code);
}

/* ---- signals: taking ---- */

static int lowest(uint64_t bits)
{
	if ((bits & synchronous) != 0)
		bits &= synchronous;
	return bits == 0 ? 0 : __builtin_ctzll(bits) + 1;
}

/* collect_signal() */
static void collect(struct sim_queue *queue, int signal, struct info *info)
{
	struct sim_pending *pending = queue->first[signal];

	*info = (struct info){ .code = SI_USER };
	if (pending == NULL) {
		queue->bits &= ~BIT(signal);
		return;
	}
	*info = pending->info;
	queue->first[signal] = pending->next;
	if (pending->next == NULL)
		queue->bits &= ~BIT(signal);
	--*queued_of(pending->uid);
	pending->next = unused_pending;
	unused_pending = pending;
}

int signal_take(struct sim_process *process, uint64_t set, struct info *info)
{
	int signal = lowest(process->own.bits & set);

	if (signal != 0) {
		collect(&process->own, signal, info);
		return signal;
	}
	signal = lowest(process->shared.bits & set);
	if (signal != 0)
		collect(&process->shared, signal, info);
	return signal;
}

/* get_signal(), of a signal without handler that is not ignored */
enum action signal_default(const struct sim_process *process, int signal)
{
	if (((ignored_by_default | process->ignored) & BIT(signal)) != 0)
		return ACTION_NONE;
	if (is_unkillable(process) && (kernel_only & BIT(signal)) == 0)
		return ACTION_NONE;
	if ((stops & BIT(signal)) == 0)
		return ACTION_DIE;
	if (signal != SIGSTOP && group_is_orphaned(process->group))
		return ACTION_NONE;
	return ACTION_STOP;
}

bool signal_stops(struct sim_process *process, int signal)
{
	if (signal_default(process, signal) != ACTION_STOP)
		return false;
	set_state(process, SIM_STOPPED);
	process->stop_signal = signal;
	process->was_continued = false;
	fact(SIM_HALTED, process, 0, signal);
	tell_stop(process, CLD_STOPPED, signal);
	return true;
}

void signal_tell_continued(struct sim_process *process)
{
	process->owes_continued = false;
	tell_stop(process, CLD_CONTINUED, SIGCONT);
}

/* ---- tracing: as much as foster has to do with it ---- */

void signal_traps(struct sim_process *process, int signal)
{
	set_state(process, SIM_STOPPED);
	process->is_trapped = true;
	process->stop_signal = signal;
	tell_stop(process, CLD_TRAPPED, signal);
}

/* ptrace_check_attach() and ptrace_detach() */
long do_detach(struct sim_process *self, int pid, int signal)
{
	struct sim_process *child = process_by_pid(pid);

	if (child == NULL || child->parent != self || !child->is_trapped)
		return -ESRCH;
	if (signal < 0 || signal > SIGNALS_MAX)
		return -EIO;
	let_go(child, signal);
	return 0;
}

/* ---- groups and sessions ---- */

long do_setpgid(struct sim_process *self, int pid, int group)
{
	struct sim_process *process = pid == 0 ? self : process_by_pid(pid);
	const struct sim_process *other;

	if (group < 0)
		return -EINVAL;
	if (process == NULL || (process != self && process->parent != self))
		return -ESRCH;
	if (group == 0)
		group = process->pid;
	if (process != self) {
		if (process->session != self->session)
			return -EPERM;
		if (process->has_executed)
			return -EACCES;
	}
	if (process->session == process->pid)
		return -EPERM;
	if (group != process->pid) {
		other = group_first(group);
		if (other == NULL || other->session != self->session)
			return -EPERM;
	}
	if (process->group != group)
		process_move(process, group, process->session);
	return 0;
}

long do_setsid(struct sim_process *self)
{
	if (self->session == self->pid || group_first(self->pid) != NULL)
		return -EPERM;
	process_move(self, self->pid, self->pid);
	return self->pid;
}

/* ---- waiting ---- */

enum { WAIT_FOR_GROUP = 2 }; /* P_PGID */

static bool is_meant(const struct sim_process *self,
		     const struct sim_process *child, int which, int pid)
{
	if (child->parent != self)
		return false;
	if (which == P_PID)
		return child->pid == pid;
	return which == P_ALL || child->group == pid;
}

static bool reports(const struct sim_process *child, int flags)
{
	if (child->state == SIM_ZOMBIE)
		return (flags & WEXITED) != 0;
	return ((flags & WSTOPPED) != 0 && child->stop_signal != 0) ||
	       ((flags & WCONTINUED) != 0 && child->was_continued);
}

/* The oldest child that has something to report, or NULL. */
static struct sim_process *reporting(struct sim_process *self, int which,
				     int pid, int flags)
{
	struct sim_process *child;

	if (which == P_PID) {
		child = process_by_pid(pid);
		return reports(child, flags) ? child : NULL;
	}
	while (self->change_count > 0 && !is_valid(self, &self->changes[0]))
		pop_change(self);
	if (self->change_count == 0)
		return NULL;
	child = self->changes[0].child;
	if (which == P_ALL && reports(child, flags))
		return child;
	for (child = self->children; child != NULL; child = child->younger)
		if (is_meant(self, child, which, pid) && reports(child, flags))
			return child;
	return NULL;
}

bool process_has_dead_child(struct sim_process *process)
{
	return reporting(process, P_ALL, 0, WEXITED) != NULL;
}

static bool has_child(const struct sim_process *self, int which, int pid)
{
	const struct sim_process *child = self->children;

	if (which == P_PID) {
		child = process_by_pid(pid);
		return child != NULL && child->parent == self;
	}
	while (child != NULL && !is_meant(self, child, which, pid))
		child = child->younger;
	return child != NULL;
}

static int report(struct sim_process *child, struct info *info, bool is_kept)
{
	*info = (struct info){ .pid = child->pid, .uid = child->uid };
	if (child->stop_signal != 0) {
		info->code = child->is_trapped ? CLD_TRAPPED : CLD_STOPPED;
		info->value = child->stop_signal;
		if (!is_kept)
			child->stop_signal = 0;
		return (int)info->value << 8 | 0x7f;
	}
	info->code = CLD_CONTINUED;
	info->value = SIGCONT;
	if (!is_kept)
		child->was_continued = false;
	return 0xffff;
}

static void report_death(const struct sim_process *child, struct info *info)
{
	int death = child->status & 0x7f;

	*info = (struct info){ .pid = child->pid, .uid = child->uid };
	info->code = death == 0			     ? CLD_EXITED
		     : child->status & STATUS_DUMPED ? CLD_DUMPED
						     : CLD_KILLED;
	info->value = death != 0 ? death : child->status >> 8 & 0xff;
}

long do_wait(struct sim_process *self, int which, int pid, int flags,
	     int *status, struct info *info)
{
	bool is_kept = (flags & WNOWAIT) != 0;
	struct sim_process *child;

	if (!has_child(self, which, pid))
		return -ECHILD;
	child = reporting(self, which, pid, flags);
	if (child == NULL)
		return 0;
	pid = child->pid;
	if (child->state != SIM_ZOMBIE) {
		*status = report(child, info, is_kept);
		return pid;
	}
	report_death(child, info);
	*status = child->status;
	if (!is_kept)
		release(child, self->pid);
	return pid;
}
