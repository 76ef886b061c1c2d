/*
 * door.c - the side of the simulated kernel that foster sees: sys_call() and
 * sys_spawn(), and the scheduler behind them with its coroutines, its time
 * and its events.
 *
 * Each native process runs on a stack of its own and is left with _longjmp()
 * wherever it waits, or ends. The scheduler runs on the stack of the test.
 */
#include "sim_kernel.h"
#include "main.h"
#include "sys.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#include <ucontext.h>
#include <unistd.h>

enum {
	STACK_SIZE = 1 << 20,
	GUARD_SIZE = 4096,
	NATIVES_MAX = 64,
	WORDS_MAX = 64,
	BEGIN_S = 1000,
};

#define NS_PER_MS UINT64_C(1000000)

struct sim sim;
struct sim_execution sim_execution;

struct sim_coroutine {
	struct sim_coroutine *next;
	char *stack;
	jmp_buf base, at;
	/* Where it waits: all that lives is above; and what called the door. */
	char *lowest, *frame;
	bool has_begun;
	ucontext_t context;
	int (*function)(void *argument);
	void *argument;
};

static struct sim_coroutine *unused;
static struct sim_process *natives[NATIVES_MAX];
static int native_count;
static struct sim_process *current, *last_native;
static jmp_buf scheduler, end_of_run;
static bool is_running;
static struct sim_call *about_to_call;
static int watched;

/* ---- memory that lives as long as the run ---- */

struct chunk {
	struct chunk *next;
	_Alignas(16) char bytes[];
};

static struct chunk *chunks;

static void *keep(size_t size)
{
	struct chunk *chunk = malloc(sizeof(*chunk) + size);

	chunk->next = chunks;
	chunks = chunk;
	return chunk->bytes;
}

static char *keep_text(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(keep(size), text, size);
}

/* A copy, with the free place before the first that foster may write to. */
static char **keep_vector(const char *const *vector)
{
	char **copy;
	int count = 0;

	while (vector != NULL && vector[count] != NULL)
		count++;
	copy = keep(sizeof(*copy) * (size_t)(count + 2));
	*copy++ = NULL;
	for (int i = 0; i < count; i++)
		copy[i] = keep_text(vector[i]);
	copy[count] = NULL;
	return copy;
}

enum { MAPPINGS_MAX = 64 };
static struct {
	void *at;
	size_t size;
} mappings[MAPPINGS_MAX];
static int mapping_count;

static long map_zeroes(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED || mapping_count == MAPPINGS_MAX)
		sim_fail("too many mappings");
	mappings[mapping_count].at = at;
	mappings[mapping_count++].size = size;
	return (long)at;
}

static long unmap(void *at, size_t size)
{
	int i = 0;

	while (i < mapping_count && mappings[i].at != at)
		i++;
	if (i == mapping_count || mappings[i].size != size)
		sim_fail("memory is given back that was not mapped");
	munmap(at, size);
	mappings[i] = mappings[--mapping_count];
	return 0;
}

static void forget_memory(void)
{
	while (chunks != NULL) {
		struct chunk *chunk = chunks;

		chunks = chunk->next;
		free(chunk);
	}
	while (mapping_count > 0) {
		mapping_count--;
		munmap(mappings[mapping_count].at,
		       mappings[mapping_count].size);
	}
}

/* ---- what happened ---- */

static size_t fact_room, call_room;

void fact_add(const struct sim_fact *fact)
{
	struct sim_fact copy = *fact;

	copy.ns = sim.now_ns;
	if (sim.hooks.fact != NULL)
		sim.hooks.fact(sim.hooks.context, &copy);
	if (!sim.keeps_history)
		return;
	if (sim.fact_count == fact_room) {
		fact_room = fact_room * 2 + 256;
		sim.facts = realloc(sim.facts, sizeof(copy) * fact_room);
	}
	sim.facts[sim.fact_count++] = copy;
}

static void call_add(const struct sim_call *call)
{
	if (sim.hooks.called != NULL)
		sim.hooks.called(sim.hooks.context, call);
	if (!sim.keeps_calls)
		return;
	if (sim.call_count == call_room) {
		call_room = call_room * 2 + 256;
		sim.calls = realloc(sim.calls, sizeof(*call) * call_room);
	}
	sim.calls[sim.call_count++] = *call;
}

static _Noreturn void to_scheduler(void);

void sim_fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(sim.failure, sizeof(sim.failure), format, arguments);
	va_end(arguments);
	if (current != NULL && current->coroutine != NULL)
		to_scheduler();
	if (is_running)
		_longjmp(end_of_run, 1);
	fprintf(stderr, "simulated kernel: %s\n", sim.failure);
	abort();
}

/* ---- time and events ---- */

struct timer {
	uint64_t ns;
	uint64_t order;
	struct sim_process *process; /* NULL: an event */
	uint64_t identity;
	sim_action action;
	int one, other;
};

static struct timer *timers;
static size_t timer_count, timer_room;
static uint64_t timer_order;

static bool is_earlier(const struct timer *one, const struct timer *other)
{
	if (one->ns != other->ns)
		return one->ns < other->ns;
	return one->order < other->order;
}

static void swap(size_t one, size_t other)
{
	struct timer saved = timers[one];

	timers[one] = timers[other];
	timers[other] = saved;
}

static void timer_add(struct timer timer)
{
	size_t at = timer_count++;

	if (timer_count > timer_room) {
		timer_room = timer_room * 2 + 64;
		timers = realloc(timers, sizeof(*timers) * timer_room);
	}
	timer.order = ++timer_order;
	timers[at] = timer;
	while (at > 0 && is_earlier(&timers[at], &timers[(at - 1) / 2])) {
		swap(at, (at - 1) / 2);
		at = (at - 1) / 2;
	}
}

static void timer_pop(void)
{
	size_t at = 0;

	timers[0] = timers[--timer_count];
	for (;;) {
		size_t least = 2 * at + 1;

		if (least >= timer_count)
			return;
		if (least + 1 < timer_count &&
		    is_earlier(&timers[least + 1], &timers[least]))
			least++;
		if (!is_earlier(&timers[least], &timers[at]))
			return;
		swap(at, least);
		at = least;
	}
}

void timer_set(struct sim_process *process, uint64_t at_ns)
{
	process->wait_until_ns = at_ns;
	if (at_ns != SIM_NEVER)
		timer_add((struct timer){ .ns = at_ns,
					  .process = process,
					  .identity = process->identity });
}

static bool is_stale(const struct timer *timer)
{
	return timer->process != NULL &&
	       (timer->process->identity != timer->identity ||
		timer->process->wait_until_ns != timer->ns);
}

/* The next one that means anything, or NULL. */
static struct timer *next_timer(void)
{
	while (timer_count > 0 && is_stale(&timers[0]))
		timer_pop();
	return timer_count > 0 ? &timers[0] : NULL;
}

struct event {
	sim_action action;
	int one, other;
	unsigned long index;
};

struct events {
	struct event *events;
	size_t count, at, room;
};

static struct events waiting, any_time, before_call;

static void event_add(struct events *events, struct event event)
{
	if (events->count == events->room) {
		events->room = events->room * 2 + 16;
		events->events =
			realloc(events->events, sizeof(event) * events->room);
	}
	events->events[events->count++] = event;
}

static void event_next(struct events *events)
{
	struct event event = events->events[events->at++];

	event.action(event.one, event.other);
}

void sim_at(uint64_t ms, sim_action action, int one, int other)
{
	timer_add((struct timer){ .ns = BEGIN_S * 1000 * NS_PER_MS +
					ms * NS_PER_MS,
				  .action = action,
				  .one = one,
				  .other = other });
}

void sim_when_waiting(sim_action action, int one, int other)
{
	event_add(&waiting, (struct event){ action, one, other, 0 });
}

void sim_any_time(sim_action action, int one, int other)
{
	event_add(&any_time, (struct event){ action, one, other, 0 });
}

/* In the order of their indices. */
void sim_before_call(unsigned long index, sim_action action, int one, int other)
{
	size_t at = before_call.count;

	event_add(&before_call, (struct event){ action, one, other, index });
	for (; at > 0 && before_call.events[at - 1].index > index; at--) {
		struct event saved = before_call.events[at - 1];

		before_call.events[at - 1] = before_call.events[at];
		before_call.events[at] = saved;
	}
}

/* ---- who is ready ---- */

static struct sim_process *first_ready, *last_ready;

void unready(struct sim_process *process)
{
	if (!process->is_ready)
		return;
	process->is_ready = false;
	if (process->coroutine != NULL)
		return;
	if (process->ready_previous != NULL)
		process->ready_previous->ready_next = process->ready_next;
	else
		first_ready = process->ready_next;
	if (process->ready_next != NULL)
		process->ready_next->ready_previous = process->ready_previous;
	else
		last_ready = process->ready_previous;
	process->ready_next = process->ready_previous = NULL;
}

static void ready(struct sim_process *process)
{
	if (process->is_ready)
		return;
	process->is_ready = true;
	if (process->coroutine != NULL)
		return;
	process->ready_previous = last_ready;
	process->ready_next = NULL;
	if (last_ready != NULL)
		last_ready->ready_next = process;
	else
		first_ready = process;
	last_ready = process;
}

/* Whether what it waits for may be there; else it would look for nothing. */
static bool has_reason(const struct sim_process *process)
{
	uint64_t pending = signal_pending(process);

	if (process->state == SIM_STOPPED)
		return false;
	if (!process->is_blocked || process->waits_for == 0)
		return true;
	return (pending & (process->waits_for | ~process->blocked)) != 0 ||
	       process->owes_continued;
}

void wake(struct sim_process *process)
{
	if (process->is_exiting)
		return;
	if (process->coroutine == NULL || has_reason(process))
		ready(process);
}

/* ---- coroutines ---- */

/*
 * The sanitizer wants to know on which stack it is: leave_for() comes before
 * a jump to another, arrive() behind it.
 */
#ifdef __SANITIZE_ADDRESS__
static const void *test_stack;
static size_t test_stack_size;

static void leave_for(const struct sim_coroutine *coroutine)
{
	if (coroutine != NULL)
		__sanitizer_start_switch_fiber(NULL,
					       coroutine->stack + GUARD_SIZE,
					       STACK_SIZE - GUARD_SIZE);
	else
		__sanitizer_start_switch_fiber(NULL, test_stack,
					       test_stack_size);
}

static void arrive(bool is_coroutine)
{
	__sanitizer_finish_switch_fiber(NULL, is_coroutine ? &test_stack : NULL,
					is_coroutine ? &test_stack_size : NULL);
}
#else
static void leave_for(const struct sim_coroutine *coroutine)
{
	(void)coroutine;
}

static void arrive(bool is_coroutine)
{
	(void)is_coroutine;
}
#endif

static _Noreturn void to_scheduler(void)
{
	leave_for(NULL);
	_longjmp(scheduler, 1);
}

static void coroutine_entry(void)
{
	_setjmp(current->coroutine->base);
	arrive(true);
	current->coroutine->function(current->coroutine->argument);
	sim_fail("a native process did not end by exit");
}

static struct sim_coroutine *coroutine_make(void)
{
	struct sim_coroutine *made = calloc(1, sizeof(*made));

	made->stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	mprotect(made->stack, GUARD_SIZE, PROT_NONE);
	getcontext(&made->context);
	made->context.uc_stack.ss_sp = made->stack;
	made->context.uc_stack.ss_size = STACK_SIZE;
	makecontext(&made->context, coroutine_entry, 0);
	return made;
}

static struct sim_coroutine *coroutine_new(int (*function)(void *),
					   void *argument)
{
	struct sim_coroutine *coroutine = unused;

	if (coroutine != NULL)
		unused = coroutine->next;
	else
		coroutine = coroutine_make();
#ifdef __SANITIZE_ADDRESS__
	/* Who ended on it left its red zones behind. */
	ASAN_UNPOISON_MEMORY_REGION(coroutine->stack + GUARD_SIZE,
				    STACK_SIZE - GUARD_SIZE);
#endif
	coroutine->function = function;
	coroutine->argument = argument;
	coroutine->lowest = coroutine->frame = NULL;
	return coroutine;
}

/* From the scheduler to a native process, until that waits or ends. */
static void resume(struct sim_process *process)
{
	current = last_native = process;
	if (_setjmp(scheduler) == 0) {
		leave_for(current->coroutine);
		if (current->coroutine->has_begun)
			_longjmp(current->coroutine->at, 1);
		current->coroutine->has_begun = true;
		setcontext(&current->coroutine->context);
	}
	arrive(false);
	current = NULL;
}

/* From a native process to the scheduler. */
static void yield(void)
{
	current->coroutine->lowest = __builtin_frame_address(0);
	if (_setjmp(current->coroutine->at) == 0)
		to_scheduler();
	arrive(true);
}

static void native_add(struct sim_process *process,
		       struct sim_coroutine *coroutine)
{
	if (native_count == NATIVES_MAX)
		sim_fail("more than %d native processes", NATIVES_MAX);
	unready(process);
	process->coroutine = coroutine;
	natives[native_count++] = process;
	ready(process);
}

/* The stack is still in use until the scheduler runs. */
void coroutine_drop(struct sim_process *process)
{
	struct sim_coroutine *coroutine = process->coroutine;
	int at = 0;

	if (coroutine == NULL)
		return;
	unready(process);
	while (natives[at] != process)
		at++;
	memmove(natives + at, natives + at + 1,
		sizeof(*natives) * (size_t)(native_count - at - 1));
	native_count--;
	if (last_native == process)
		last_native = NULL;
	process->coroutine = NULL;
	memcpy(coroutine->at, coroutine->base, sizeof(coroutine->at));
	coroutine->next = unused;
	unused = coroutine;
}

static _Noreturn void native_ends(struct sim_process *self, int status)
{
	if (self->coroutine == NULL)
		sim_fail("the test's own process ends");
	if (self->pid == watched)
		sim.foster_status = status;
	coroutine_drop(self);
	process_exit(self, status);
	to_scheduler();
}

/* ---- waiting in a call, and signals of the caller ---- */

static bool is_interrupted(const struct sim_process *self)
{
	return (signal_pending(self) & ~self->blocked) != 0;
}

/* Until woken, or that time; the test itself rests alone: sim_self(). */
static void rest(struct sim_process *self, uint64_t until_ns)
{
	if (self->coroutine == NULL) {
		if (until_ns == SIM_NEVER)
			sim_fail("the test waits for ever");
		sim.now_ns = until_ns;
		return;
	}
	timer_set(self, until_ns);
	self->is_blocked = true;
	unready(self);
	yield();
	self->is_blocked = false;
	self->waits_for = 0;
	timer_set(self, SIM_NEVER);
}

/* get_signal(): what happens to a native process on its way out of a call. */
static void deliver(struct sim_process *self)
{
	struct info info;
	int signal;

	for (;;) {
		if (self->owes_continued)
			signal_tell_continued(self);
		signal = signal_take(self, ~self->blocked, &info);
		if (signal == 0)
			return;
		if (self->is_traced && signal != SIGKILL) {
			signal_traps(self, signal);
			while (self->state == SIM_STOPPED)
				rest(self, SIM_NEVER);
			signal = self->injected;
			self->injected = 0;
			if (signal == 0)
				continue;
		}
		fact(SIM_TAKEN, self, info.pid, signal);
		switch (signal_default(self, signal)) {
		case ACTION_NONE:
			break;
		case ACTION_DIE:
			native_ends(self, signal);
		case ACTION_STOP:
			signal_stops(self, signal);
			while (self->state == SIM_STOPPED)
				rest(self, SIM_NEVER);
			break;
		}
	}
}

static uint64_t deadline(const struct kernel_timespec *limit)
{
	if (limit == NULL)
		return SIM_NEVER;
	return sim.now_ns + (uint64_t)limit->tv_sec * 1000 * NS_PER_MS +
	       (uint64_t)limit->tv_nsec;
}

/* ---- signals: calls ---- */

static void tell_info(siginfo_t *to, int signal,
		      const struct info *info)
{
	if (to == NULL)
		return;
	memset(to, 0, sizeof(*to));
	to->si_signo = signal;
	to->si_code = info->code;
	to->si_pid = info->pid;
	to->si_uid = info->uid;
	if (signal == SIGCHLD && info->code > 0)
		to->si_status = (int)info->value;
	else
		to->si_value.sival_ptr = (void *)info->value;
}

static uint64_t bits_of(const struct kernel_sigset *set)
{
	uint64_t bits;

	_Static_assert(sizeof(*set) == sizeof(bits), "64 signals");
	memcpy(&bits, set, sizeof(bits));
	return bits & ~(BIT(SIGKILL) | BIT(SIGSTOP));
}

static long call_timed_wait(struct sim_process *self,
			    const struct kernel_sigset *set,
			    siginfo_t *to, const struct kernel_timespec *limit)
{
	uint64_t until_ns = deadline(limit), bits = bits_of(set);
	struct info info;
	int signal;

	if (limit != NULL && (limit->tv_sec < 0 || limit->tv_nsec < 0 ||
			      limit->tv_nsec >= 1000000000))
		return -EINVAL;
	for (;;) {
		signal = signal_take(self, bits, &info);
		if (signal != 0) {
			tell_info(to, signal, &info);
			return signal;
		}
		if (is_interrupted(self) || self->owes_continued)
			return -EINTR;
		if (sim.now_ns >= until_ns)
			return -EAGAIN;
		self->waits_for = bits | BIT(SIGKILL) | BIT(SIGSTOP);
		rest(self, until_ns);
	}
}

static long call_mask(struct sim_process *self, int how,
		      const struct kernel_sigset *set, struct kernel_sigset *old)
{
	uint64_t bits;

	if (old != NULL)
		memcpy(old, &self->blocked, sizeof(*old));
	if (set == NULL)
		return 0;
	bits = bits_of(set);
	if (how == 0)
		self->blocked |= bits;
	else if (how == SIG_UNBLOCK)
		self->blocked &= ~bits;
	else if (how == SIG_SETMASK)
		self->blocked = bits;
	else
		return -EINVAL;
	return 0;
}

enum { SA_HEARS_NO_STOPS = 1, SA_REAPS_NO_CHILDREN = 2 };

static long call_action(struct sim_process *self, int signal,
			const struct kernel_sigaction *given,
			struct kernel_sigaction *old)
{
	/* It is read before the old one is written, perhaps to the same place. */
	struct kernel_sigaction copy;
	const struct kernel_sigaction *new = NULL;
	static const uint64_t nothing_by_default =
		BIT(SIGCONT) | BIT(SIGCHLD) | BIT(SIGWINCH) |
		BIT(SIGURG);

	if (given != NULL) {
		memcpy(&copy, given, sizeof(copy) / 2);
		new = &copy;
	}
	if (signal < 1 || signal > SIGNALS_MAX ||
	    (new != NULL && (signal == SIGKILL || signal == SIGSTOP)))
		return -EINVAL;
	if (old != NULL) {
		memset(old, 0, sizeof(*old) / 2);
		old->handler = (self->ignored & BIT(signal)) != 0 ? SIG_IGN : SIG_DFL;
		if (signal == SIGCHLD)
			old->rest[0] =
				(self->hears_no_stops ? SA_HEARS_NO_STOPS : 0) |
				(self->reaps_no_children ? SA_REAPS_NO_CHILDREN
							 : 0);
	}
	if (new == NULL)
		return 0;
	self->ignored &= ~BIT(signal);
	self->caught &= ~BIT(signal);
	if (new->handler == SIG_IGN)
		self->ignored |= BIT(signal);
	else if (new->handler != SIG_DFL)
		self->caught |= BIT(signal);
	if ((self->caught & ~self->blocked) != 0)
		sim_fail("a handler for signal %d, which is not blocked",
			 signal);
	if (signal == SIGCHLD) {
		self->hears_no_stops = new->rest[0] & SA_HEARS_NO_STOPS;
		self->reaps_no_children = new->rest[0] & SA_REAPS_NO_CHILDREN;
	}
	/* What is ignored now is not pending any more, POSIX 3.3.1.3. */
	if (((self->ignored | nothing_by_default) & BIT(signal)) != 0)
		signal_flush(self, BIT(signal));
	return 0;
}

static long call_queue(struct sim_process *self, int pid, int signal,
		       const siginfo_t *from)
{
	struct sim_process *to = process_by_pid(pid);
	struct info info = { .code = from->si_code,
			     .pid = from->si_pid,
			     .uid = from->si_uid,
			     .value = (long)from->si_value.sival_ptr };

	if ((info.code >= 0 || info.code == SI_TKILL) && pid != self->pid)
		return -EPERM;
	if (signal < 0 || signal > SIGNALS_MAX)
		return -EINVAL;
	if (to == NULL)
		return -ESRCH;
	if (!process_may_signal(self, to, signal))
		return -EPERM;
	if (signal == 0)
		return 0;
	return signal_send(to, signal, &info, false, false, self->pid);
}

/* ---- children: calls ---- */

static long call_wait(struct sim_process *self, int which, int pid, int flags,
		      int *status, struct info *info)
{
	long result;

	for (;;) {
		result = do_wait(self, which, pid, flags, status, info);
		if (result != 0 || (flags & WNOHANG) != 0)
			return result;
		rest(self, SIM_NEVER);
		deliver(self); /* and the call is made again */
	}
}

static long call_wait4(struct sim_process *self, int pid, int *status,
		       int flags)
{
	static const int known = WNOHANG | WSTOPPED | WCONTINUED |
				 0x20000000 | __WALL | (int)0x80000000;
	int which = pid > 0 ? P_PID : P_ALL, found = 0;
	struct info info;
	long result;

	if ((flags & ~known) != 0)
		return -EINVAL;
	if (pid == 0 || pid < -1) {
		which = 2;
		pid = pid == 0 ? self->group : -pid;
	}
	result =
		call_wait(self, which, pid, flags | WEXITED, &found, &info);
	if (result > 0 && status != NULL)
		*status = found;
	return result;
}

static long call_waitid(struct sim_process *self, int which, int pid,
			siginfo_t *to, int flags)
{
	struct info info = { 0 };
	int status;
	long result;

	if ((flags & (WEXITED | WSTOPPED | WCONTINUED)) == 0)
		return -EINVAL;
	if (which == 2 && pid == 0)
		pid = self->group;
	result = call_wait(self, which, pid, flags, &status, &info);
	if (result < 0)
		return result;
	tell_info(to, result > 0 ? SIGCHLD : 0, &info);
	return 0;
}

static long call_prctl(struct sim_process *self, int what, long value)
{
	switch (what) {
	case PR_SET_PDEATHSIG:
		if (value < 0 || value > SIGNALS_MAX)
			return -EINVAL;
		self->death_signal = (int)value;
		return 0;
	case PR_SET_CHILD_SUBREAPER:
		if (sim.is_alone)
			return -EINVAL;
		self->is_subreaper = value != 0;
		return 0;
	case PR_GET_CHILD_SUBREAPER:
		*(int *)value = self->is_subreaper;
		return 0;
	default:
		sim_fail("prctl(%d) is not simulated", what);
	}
}

/* ---- starting and becoming ---- */

struct child {
	void (*function)(void *);
	void *argument;
};

static int child_entry(void *argument)
{
	struct child child = *(struct child *)argument;

	child.function(child.argument);
	return 0;
}

struct words {
	char **argv, **envp;
};

static int foster_entry(void *argument)
{
	struct words *words = argument;

	sys_exit(foster_main(words->argv, words->envp));
}

static long spawn(struct sim_process *self, void (*function)(void *),
		  void *argument)
{
	struct sim_process *child = process_create(self, self->name);
	struct child *entry = keep(sizeof(*entry));
	int pid;

	if (child == NULL)
		return -EAGAIN;
	pid = child->pid;
	*entry = (struct child){ function, argument };
	child->reaps_no_children = self->reaps_no_children;
	child->hears_no_stops = self->hears_no_stops;
	files_share(self, child);
	native_add(child, coroutine_new(child_entry, entry));
	return pid;
}

static void copy_words(char **to, char *const *from, size_t room)
{
	size_t i = 0;

	for (; from != NULL && from[i] != NULL && i + 1 < room; i++)
		to[i] = keep_text(from[i]);
	to[i] = NULL;
}

static void note_execution(struct sim_process *self, const char *path,
			   char *const *argv, char *const *envp)
{
	sim_execution.pid = self->pid;
	sim_execution.path = keep_text(path);
	copy_words(sim_execution.argv, argv, 16);
	copy_words(sim_execution.envp, envp, 16);
	sim_execution.blocked = self->blocked;
	sim_execution.ignored = self->ignored;
	sim_execution.group = self->group;
	sim_execution.foreground = sim.has_terminal ? sim.foreground : -1;
	for (int fd = 0; fd < 64; fd++)
		sim_execution.is_open[fd] = sim_has_open(self, fd);
}

/* Returns only where it fails. */
static long call_execve(struct sim_process *self, struct sim_call *call)
{
	const char *path = (const char *)call->arguments[0];
	char **argv = (char **)call->arguments[1];
	char **envp = (char **)call->arguments[2];
	struct executable to = { NULL };
	struct words *words;
	long error = file_execute(self->uid, path, &to, 0);

	if (error < 0)
		return error;
	call_add(call);
	files_close_on_exec(self);
	for (int fd = 0; fd < 3; fd++)
		self->pipes[fd] = file_pipe(self, fd);
	note_execution(self, path, argv, envp);
	words = keep(sizeof(*words));
	words->argv = keep_vector((const char *const *)argv);
	words->envp = keep_vector((const char *const *)envp);
	self->reaps_no_children = self->hears_no_stops = false;
	self->has_executed = true;
	coroutine_drop(self);
	if (to.script != NULL)
		actor_begin(self, to.script);
	else
		native_add(self, coroutine_new(foster_entry, words));
	fact(SIM_EXECUTED, self, 0, 0);
	to_scheduler();
}

/* ---- the door ---- */

static long call_poll(struct sim_process *self, struct pollfd *files, long count,
		      struct kernel_timespec *limit)
{
	uint64_t until_ns = deadline(limit);

	if (count > 1)
		sim_fail("ppoll of %ld files is not simulated", count);
	if (count == 1 && files->events != POLLOUT)
		sim_fail("ppoll for other than writing is not simulated");
	if (count == 1 && file_can_write(self, files->fd)) {
		files->revents = files->events;
		return 1;
	}
	while (sim.now_ns < until_ns) {
		rest(self, until_ns);
		deliver(self);
	}
	/* poll_select_finish(): the time that is left. */
	*limit = (struct kernel_timespec){ 0, 0 };
	return 0;
}

static long call_sleep(struct sim_process *self, const struct kernel_timespec *limit)
{
	uint64_t until_ns = deadline(limit);

	while (sim.now_ns < until_ns) {
		rest(self, until_ns);
		deliver(self);
	}
	return 0;
}

static long call_clock(int clock, struct kernel_timespec *now)
{
	if (clock != CLOCK_MONOTONIC)
		sim_fail("clock %d is not simulated", clock);
	now->tv_sec = (long)(sim.now_ns / 1000000000);
	now->tv_nsec = (long)(sim.now_ns % 1000000000);
	return 0;
}

static long call_ptrace(struct sim_process *self, long what, int pid,
			int signal)
{
	if (what == PTRACE_DETACH)
		return do_detach(self, pid, signal);
	if (what != PTRACE_TRACEME)
		sim_fail("ptrace(%ld) is not simulated", what);
	self->is_traced = true;
	return 0;
}

static long group_of(const struct sim_process *self, int pid)
{
	const struct sim_process *process = pid ? process_by_pid(pid) : self;

	return process == NULL ? -ESRCH : process->group;
}

static long session_of(const struct sim_process *self, int pid)
{
	const struct sim_process *process = pid ? process_by_pid(pid) : self;

	return process == NULL ? -ESRCH : process->session;
}

static long carry_out(struct sim_process *self, struct sim_call *call)
{
	const long *a = call->arguments;
	long result;

	switch (call->number) {
	case SYS_exit:
	case SYS_exit_group:
		call_add(call);
		native_ends(self, (int)(a[0] & 0xff) << 8);
	case SYS_execve:
		return call_execve(self, call);
	case SYS_getpid:
		return self->pid;
	case SYS_getppid:
		return self->parent != NULL ? self->parent->pid : 0;
	case SYS_getpgid:
		return group_of(self, (int)a[0]);
	case SYS_getsid:
		return session_of(self, (int)a[0]);
	case SYS_setpgid:
		return do_setpgid(self, (int)a[0], (int)a[1]);
	case SYS_setsid:
		return do_setsid(self);
	case SYS_setuid:
		self->uid = (unsigned)a[0];
		return 0;
	case SYS_wait4:
		return call_wait4(self, (int)a[0], (int *)a[1], (int)a[2]);
	case SYS_waitid:
		return call_waitid(self, (int)a[0], (int)a[1],
				   (siginfo_t *)a[2], (int)a[3]);
	case SYS_prctl:
		return call_prctl(self, (int)a[0], a[1]);
	case SYS_ptrace:
		return call_ptrace(self, a[0], (int)a[1], (int)a[3]);
	case SYS_kill:
		return do_kill(self, (int)a[0], (int)a[1], SI_USER);
	case SYS_tkill:
		if (a[0] <= 0)
			return -EINVAL;
		return do_kill(self, (int)a[0], (int)a[1], SI_TKILL);
	case SYS_rt_sigqueueinfo:
		return call_queue(self, (int)a[0], (int)a[1],
				  (const siginfo_t *)a[2]);
	case SYS_rt_sigprocmask:
		return a[3] != 8 ? -EINVAL
				 : call_mask(self, (int)a[0],
					     (const struct kernel_sigset *)a[1],
					     (struct kernel_sigset *)a[2]);
	case SYS_rt_sigaction:
		return a[3] != 8
			       ? -EINVAL
			       : call_action(self, (int)a[0],
					     (const struct kernel_sigaction *)a[1],
					     (struct kernel_sigaction *)a[2]);
	case SYS_rt_sigtimedwait:
		return a[3] != 8
			       ? -EINVAL
			       : call_timed_wait(
					 self, (const struct kernel_sigset *)a[0],
					 (siginfo_t *)a[1],
					 (const struct kernel_timespec *)a[2]);
	case SYS_rt_sigpending:
		*(uint64_t *)a[0] = signal_pending(self) & self->blocked;
		return 0;
	case SYS_ppoll:
		return call_poll(self, (struct pollfd *)a[0], a[1],
				 (struct kernel_timespec *)a[2]);
	case SYS_nanosleep:
		return call_sleep(self, (const struct kernel_timespec *)a[0]);
	case SYS_clock_gettime:
		return call_clock((int)a[0], (struct kernel_timespec *)a[1]);
	case SYS_mmap:
		return map_zeroes((size_t)a[1]);
	case SYS_munmap:
		return unmap((void *)a[0], (size_t)a[1]);
	case SYS_chdir:
	case SYS_sched_yield:
	case SYS_unshare: /* every process has one thread */
		return 0;
	case SIM_CALL_SPAWN:
		return spawn(self, ((struct child *)a[0])->function,
			     ((struct child *)a[0])->argument);
	case SIM_CALL_TRIM:
		return 0;
	default:
		if (file_call(self, call->number, a, &result))
			return result;
		sim_fail("system call %ld is not simulated", call->number);
	}
}

static bool is_writing(const struct sim_call *call)
{
	return call->number == SYS_write || call->number == SYS_sendto;
}

static void note_text(struct sim_call *call)
{
	const char *text = NULL;
	size_t length = SIM_CALL_TEXT - 1;

	if (call->number == SYS_execve || call->number == SYS_chdir)
		text = (const char *)call->arguments[0];
	else if (call->number == SYS_openat || is_writing(call))
		text = (const char *)call->arguments[1];
	if (text == NULL)
		return;
	if (is_writing(call) && (size_t)call->arguments[2] < length)
		length = (size_t)call->arguments[2];
	for (size_t i = 0; i < length && text[i] != '\0'; i++)
		call->text[i] = text[i];
}

static void happen_before(unsigned long index)
{
	while (before_call.at < before_call.count &&
	       before_call.events[before_call.at].index <= index)
		event_next(&before_call);
}

static long make(struct sim_call *call)
{
	struct sim_process *self = current;
	long fault = 0;

	if (self == NULL)
		sim_fail("system call %ld outside a native process",
			 call->number);
	call->ns = sim.now_ns;
	call->pid = self->pid;
	call->index = sim.calls_made++;
	note_text(call);
	if (sim.calls_made > sim.call_limit)
		sim_fail("more than %lu system calls", sim.call_limit);
	happen_before(call->index);
	if (sim.hooks.choose != NULL) {
		about_to_call = call;
		yield();
	}
	while (self->state == SIM_STOPPED)
		rest(self, SIM_NEVER);
	deliver(self);
	if (sim.hooks.fault != NULL)
		fault = sim.hooks.fault(sim.hooks.context, call);
	call->result = fault != 0 ? fault : carry_out(self, call);
	call_add(call);
	deliver(self);
	return call->result;
}

bool sim_is_real;

static void note_frame(char *frame)
{
	if (current->coroutine != NULL)
		current->coroutine->frame = frame;
}

long sys_call(long number, long a, long b, long c, long d, long e)
{
	long result;

	struct sim_call call = { .number = number,
				 .arguments = { a, b, c, d, e } };

	/* All registers that the caller may still need lie in this frame. */
	__builtin_unwind_init();
	if (!sim_is_real) {
		if (current != NULL)
			note_frame(__builtin_frame_address(0));
		return make(&call);
	}
	result = syscall(number, a, b, c, d, e, 0L);
	return result == -1 ? -errno : result;
}

/* As sys_libc.c does it. */
static int spawn_really(void (*child)(void *argument), void *argument)
{
	long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		child(argument);
	return pid < 0 ? -errno : (int)pid;
}

int sys_spawn(void (*child)(void *argument), void *argument)
{
	struct child entry = { child, argument };
	struct sim_call call = { .number = SIM_CALL_SPAWN,
				 .arguments = { (long)&entry } };

	if (sim_is_real)
		return spawn_really(child, argument);
	note_frame(NULL);
	return (int)make(&call);
}

extern const char __ehdr_start[] __attribute__((visibility("hidden")));

const char *sys_own_elf_header(void)
{
	return __ehdr_start;
}

void pages_release(void)
{
	struct sim_call call = { .number = SIM_CALL_TRIM };

	note_frame(NULL);
	make(&call);
}

/* ---- the scheduler ---- */

static bool native_can_run(const struct sim_process *process)
{
	return process->is_ready && process->state == SIM_RUNNING;
}

static void offer(struct sim_choice *choice, struct sim_process *who,
		  bool is_event, bool is_time)
{
	choice->who[choice->count] = who;
	choice->is_event[choice->count] = is_event;
	choice->is_time[choice->count++] = is_time;
}

static void offer_natives(struct sim_choice *choice)
{
	unsigned room = 12;

	if (last_native != NULL && native_can_run(last_native))
		offer(choice, last_native, false, false);
	for (int i = 0; i < native_count && choice->count < room; i++)
		if (natives[i] != last_native && native_can_run(natives[i]))
			offer(choice, natives[i], false, false);
}

static void offer_actors(struct sim_choice *choice)
{
	unsigned most = sim.hooks.choose != NULL ? SIM_READY_CHOICES : 1;
	struct sim_process *process = first_ready, *next;

	for (; process != NULL && most > 0; process = next) {
		next = process->ready_next;
		if (!actor_can_step(process)) {
			unready(process);
			continue;
		}
		offer(choice, process, false, false);
		most--;
	}
}

static void list_choices(struct sim_choice *choice)
{
	bool is_native;

	choice->count = 0;
	offer_natives(choice);
	is_native = choice->count > 0;
	choice->call = is_native && choice->who[0] == last_native
			       ? about_to_call
			       : NULL;
	if (is_native && sim.hooks.choose == NULL)
		return;
	offer_actors(choice);
	if (any_time.at < any_time.count)
		offer(choice, (struct sim_process *)NULL, true, false);
	if (choice->count == 0 && waiting.at < waiting.count)
		offer(choice, NULL, true, false);
	if (!is_native && (choice->count == 0 || sim.is_any_slow) &&
	    next_timer() != NULL)
		offer(choice, NULL, false, true);
}

static void pass_time(void)
{
	struct timer timer = *next_timer();

	timer_pop();
	if (timer.ns > sim.now_ns)
		sim.now_ns = timer.ns;
	if (timer.process == NULL) {
		timer.action(timer.one, timer.other);
		return;
	}
	timer.process->wait_until_ns = SIM_NEVER;
	ready(timer.process);
}

static void run_actor(struct sim_process *process)
{
	uint64_t identity = process->identity;

	unready(process);
	actor_step(process);
	if (process->identity != identity || process->is_exiting)
		return;
	if (process->coroutine == NULL && actor_can_step(process))
		ready(process);
}

static void take_turn(const struct sim_choice *choice, unsigned which)
{
	struct sim_process *who = choice->who[which];

	about_to_call = NULL;
	if (choice->is_time[which])
		pass_time();
	else if (choice->is_event[which])
		event_next(any_time.at < any_time.count ? &any_time : &waiting);
	else if (who->coroutine != NULL)
		resume(who);
	else
		run_actor(who);
}

static enum sim_end_kind schedule(uint64_t until_ns)
{
	struct sim_choice choice;
	unsigned which;

	while (sim.foster_status < 0 && !sim.is_over) {
		list_choices(&choice);
		if (choice.count == 0)
			return SIM_ASLEEP;
		which = 0;
		/* An event alone is a choice, too: the hook may give up. */
		if (sim.hooks.choose != NULL &&
		    (choice.count > 1 || choice.is_event[0]))
			which = sim.hooks.choose(sim.hooks.context, &choice);
		if (which >= choice.count)
			sim_fail("choice %u of %u", which, choice.count);
		if (choice.is_time[which] && next_timer()->ns > until_ns) {
			sim.now_ns = until_ns;
			return SIM_PAUSED;
		}
		take_turn(&choice, which);
		if (*sim.failure != '\0')
			return SIM_FAILED;
		if (sim.hooks.stepped != NULL)
			sim.hooks.stepped(sim.hooks.context);
	}
	return SIM_ENDED;
}

static enum sim_end_kind run_until(uint64_t until_ns)
{
	enum sim_end_kind end = SIM_FAILED;

	is_running = true;
	if (_setjmp(end_of_run) == 0)
		end = schedule(until_ns);
	is_running = false;
	current = NULL;
	return end;
}

enum sim_end_kind sim_run(void)
{
	return run_until(SIM_NEVER);
}

enum sim_end_kind sim_run_until(uint64_t ms_from_begin)
{
	return run_until((BEGIN_S * 1000 + ms_from_begin) * NS_PER_MS);
}

/* ---- beginning and ending ---- */

struct sim_hooks sim_hooks_at_begin;
void (*sim_before_begin)(void);

int sim_pid_of_foster(void)
{
	return watched;
}

void sim_begin(void)
{
	struct sim_fact *facts;
	struct sim_call *calls;

	if (sim_before_begin != NULL && watched != 0)
		sim_before_begin();
	facts = sim.facts;
	calls = sim.calls;
	processes_begin();
	files_begin();
	forget_memory();
	memset(&sim_execution, 0, sizeof(sim_execution));
	timer_count = 0;
	waiting.count = waiting.at = any_time.count = any_time.at = 0;
	before_call.count = before_call.at = 0;
	first_ready = last_ready = current = last_native = NULL;
	about_to_call = NULL;
	watched = 0;
	sim = (struct sim){
		.hooks = sim_hooks_at_begin,
		.facts = facts,
		.calls = calls,
		.pid_max = 32768,
		.queue_limit = 4096,
		.call_limit = 1000000,
		.keeps_history = true,
		.keeps_calls = true,
		.streams = { SIM_STREAM_FILE, SIM_STREAM_FILE,
			     SIM_STREAM_FILE },
		.now_ns = BEGIN_S * 1000 * NS_PER_MS,
		.foster_status = -1,
	};
}

void sim_end(void)
{
	sim_begin();
	files_end();
	while (unused != NULL) {
		struct sim_coroutine *coroutine = unused;

		unused = coroutine->next;
		munmap(coroutine->stack, STACK_SIZE);
		free(coroutine);
	}
}

static struct sim_process *begin_native(struct sim_process *parent,
					const char *name)
{
	struct sim_process *process = process_create(parent, name);

	if (process == NULL)
		sim_fail("no process id is free");
	files_standard(process);
	if (watched == 0)
		watched = process->pid;
	return process;
}

struct sim_process *sim_actor(struct sim_process *parent,
			      const struct sim_script *script)
{
	struct sim_process *process = process_create(parent, script->name);

	if (process == NULL)
		sim_fail("no process id is free");
	/* By hand or by a container's engine: after an execve(2). */
	process->has_executed = true;
	actor_begin(process, script);
	return process;
}

struct sim_process *sim_self(struct sim_process *parent)
{
	current = begin_native(parent, "self");
	return current;
}

struct native {
	int (*function)(void *argument);
	void *argument;
};

static int native_entry(void *argument)
{
	struct native *native = argument;

	sys_exit(native->function(native->argument));
}

struct sim_process *sim_native(struct sim_process *parent,
			       int (*function)(void *argument), void *argument)
{
	struct sim_process *process = begin_native(parent, "native");
	struct native *native = keep(sizeof(*native));

	*native = (struct native){ function, argument };
	native_add(process, coroutine_new(native_entry, native));
	return process;
}

struct sim_process *sim_foster_with(struct sim_process *parent,
				    const char *const *argv,
				    const char *const *envp)
{
	struct sim_process *process = begin_native(parent, "foster");
	struct words *words = keep(sizeof(*words));

	words->argv = keep_vector(argv);
	words->envp = keep_vector(envp);
	process->has_executed = true;
	native_add(process, coroutine_new(foster_entry, words));
	return process;
}

struct sim_process *sim_foster(struct sim_process *parent, ...)
{
	const char *argv[WORDS_MAX] = { NULL };
	va_list words;
	int count = 0;

	va_start(words, parent);
	do {
		argv[count] = va_arg(words, const char *);
	} while (argv[count] != NULL && ++count < WORDS_MAX - 1);
	va_end(words);
	return sim_foster_with(parent, argv, NULL);
}

void sim_put_into(struct sim_process *process, int group, int session)
{
	process_move(process, group, session);
}

/* ---- actions ---- */

void sim_do_outside(int pid, int signal)
{
	static const struct info info = { .code = SI_USER };
	struct sim_process *to = process_by_pid(pid);

	if (to != NULL)
		signal_send(to, signal, &info, true, false, 0);
}

void sim_do_kill_now(int pid, int other)
{
	struct sim_process *to = process_by_pid(pid);

	(void)other;
	if (to != NULL && to->state != SIM_ZOMBIE)
		process_exit(to, SIGKILL);
}

void sim_do_inside(int pid, int signal)
{
	static const struct info info = { .code = SI_USER,
					  .pid = SIM_STRANGER };
	struct sim_process *to = process_by_pid(pid);

	if (to != NULL)
		signal_send(to, signal, &info, false, false, SIM_STRANGER);
}

void sim_do_queue(int pid, int signal)
{
	struct info info = { .code = SI_QUEUE, .pid = SIM_STRANGER };
	struct sim_process *to = process_by_pid(pid);

	info.value = 1000;
	for (size_t i = 0; i < sim.fact_count; i++)
		info.value += sim.facts[i].kind == SIM_SENT &&
			      sim.facts[i].other == SIM_STRANGER &&
			      sim.facts[i].code == SI_QUEUE;
	if (to != NULL)
		signal_send(to, signal, &info, false, false, SIM_STRANGER);
}

void sim_do_itself(int pid, int signal)
{
	struct sim_process *self = process_by_pid(pid);

	if (self != NULL)
		do_kill(self, pid, signal, SI_USER);
}

void sim_do_kernel(int pid, int signal)
{
	static const struct info by_kernel = { .code = SI_KERNEL };
	struct sim_process *to = process_by_pid(pid);

	if (to != NULL)
		signal_send(to, signal, &by_kernel, true, false, 0);
}

void sim_do_nothing(int unused_one, int unused_other)
{
	(void)unused_one;
	(void)unused_other;
}

/* ---- asking ---- */

/*
 * The frame of sys_call() begins, on x86_64, with the caller's registers:
 * rbp, r15, r14, r13, r12, rbx. Elsewhere nothing is said about it.
 */
struct sim_stack sim_stack_of(const struct sim_process *process)
{
	const struct sim_coroutine *coroutine = process->coroutine;
	struct sim_stack stack = { NULL, NULL, NULL };
	enum { BELOW = 1024, REGISTERS = 5 * sizeof(long) };

	if (coroutine == NULL || coroutine->lowest == NULL)
		return stack;
	stack.lowest = coroutine->lowest - BELOW;
	stack.top = coroutine->stack + STACK_SIZE;
#ifdef __x86_64__
	if (coroutine->frame != NULL)
		stack.caller = coroutine->frame - REGISTERS;
#endif
	return stack;
}

uint64_t sim_now_ms(void)
{
	return sim.now_ns / NS_PER_MS - BEGIN_S * 1000;
}

int sim_status_of_foster(void)
{
	int status = sim.foster_status;

	if (status < 0)
		return -1;
	return (status & 0x7f) != 0 ? 128 + (status & 0x7f)
				    : status >> 8 & 0xff;
}

struct sim_process *sim_by_pid(int pid)
{
	return process_by_pid(pid);
}

struct sim_process *sim_named(const char *name, unsigned n)
{
	struct sim_process *process = sim_first();

	for (; process != NULL; process = process->next)
		if (process->state != SIM_ZOMBIE &&
		    strcmp(process->name, name) == 0 && n-- == 0)
			return process;
	return NULL;
}

/* A program has its name since it was executed, others since their fork. */
int sim_pid_of(const char *name, unsigned n)
{
	for (size_t i = 0; i < sim.fact_count; i++) {
		const struct sim_fact *fact = &sim.facts[i];

		if ((fact->kind == SIM_FORKED || fact->kind == SIM_EXECUTED) &&
		    strcmp(fact->name, name) == 0 && n-- == 0)
			return fact->pid;
	}
	return 0;
}

const struct sim_fact *sim_fact(enum sim_fact_kind kind, int pid, int number,
				unsigned n)
{
	for (size_t i = 0; i < sim.fact_count; i++) {
		const struct sim_fact *fact = &sim.facts[i];

		if (fact->kind == kind && (pid == 0 || fact->pid == pid) &&
		    (number == -1 || fact->number == number) && n-- == 0)
			return fact;
	}
	return NULL;
}

unsigned sim_count(enum sim_fact_kind kind, int pid, int number)
{
	unsigned count = 0;

	while (sim_fact(kind, pid, number, count) != NULL)
		count++;
	return count;
}

unsigned sim_sent_by(int sender, int pid, int signal)
{
	unsigned count = 0;

	for (size_t i = 0; i < sim.fact_count; i++) {
		const struct sim_fact *fact = &sim.facts[i];

		count += fact->kind == SIM_SENT && fact->pid == pid &&
			 fact->number == signal &&
			 (sender == -1 || fact->other == sender);
	}
	return count;
}

unsigned sim_zombies(void)
{
	const struct sim_process *process = sim_first();
	unsigned count = 0;

	for (; process != NULL; process = process->next)
		count +=
			process->state == SIM_ZOMBIE && process->pid != watched;
	return count;
}

unsigned sim_calls_of(long number)
{
	unsigned count = 0;

	for (size_t i = 0; i < sim.call_count; i++)
		count += sim.calls[i].number == number;
	return count;
}

void sim_print(void)
{
	static const char *const kinds[SIM_FACT_KINDS] = {
		"forked",  "executed",	 "sent",    "taken",
		"died",	   "reaped",	 "stopped", "went on",
		"adopted", "foreground", "swept",
	};

	for (size_t i = 0; i < sim.call_count; i++) {
		const struct sim_call *call = &sim.calls[i];

		fprintf(stderr, "%8lu call %d: %ld(%ld, %ld, %ld) = %ld %s\n",
			(unsigned long)(call->ns / NS_PER_MS - BEGIN_S * 1000),
			call->pid, call->number, call->arguments[0],
			call->arguments[1], call->arguments[2], call->result,
			call->text);
	}
	for (size_t i = 0; i < sim.fact_count; i++) {
		const struct sim_fact *fact = &sim.facts[i];

		fprintf(stderr, "%8lu %d (%s) %s: other %d number %d\n",
			(unsigned long)(fact->ns / NS_PER_MS - BEGIN_S * 1000),
			fact->pid, fact->name, kinds[fact->kind], fact->other,
			fact->number);
	}
	fprintf(stderr, "failure: %s\n", sim.failure);
}
