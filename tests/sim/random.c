/*
 * random.c - random long lives of foster, and what must hold in all of them.
 *
 * A seed makes genes, and genes make a world: options, scripts of processes,
 * signals from elsewhere, and the order in which all of them run. A gene of 0
 * means that there is nothing: so a world that fails is made smaller by
 * setting genes to 0, and the choices of its order to the first, as long as
 * it fails in the same way. What is left is printed, with how to play it again.
 *
 *   RANDOM_SEED=n     only that world
 *   RANDOM_GENES=..., RANDOM_ORDER=...  a small one, as it was printed
 *   RANDOM_SECONDS=n  new seeds for that long
 *
 * What must hold is in the part "what was promised": a model of foster that
 * sees only its calls and what happens to processes, and knows BEHAVIOUR's
 * sections 2, 4, 5 and 6. Terminals are left to stories.c, refusals to
 * faults.c.
 */
#include "kernel.h"
#include "suite.h"
#include "sys.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	FIXED_SEEDS = 10000,
	PROCESSES_MAX = 3000, /* in one run */
	LIVING_MAX = 120,
	FEW_LIVING = 8,
	LOOPS_MAX = 20000, /* of all processes together */
	CALLS_MAX = 2000000,
	NUMBERS = 32768,
	VALUES_MAX = 4096,
	MS = 1000000, /* in ns */
};

/* ---- genes ---- */

enum {
	RECORD = 3,
	REACTIONS = 3,
	STEPS = 8,
	SCRIPTS = 8,
	SCRIPT = (REACTIONS + STEPS + 1) * RECORD,
	EVENTS = 24,
	EVENT = 4,
};

enum gene {
	IS_SUBREAPER,
	PROC,
	GROUP,
	WAIT_ALL,
	GRACE,
	KILL_AFTER,
	REMAP,
	TERM_AS,
	REWRITE_FROM,
	REWRITE_TO,
	VERBOSITY,
	FEW_NUMBERS,
	ORDER,
	IS_SLOW,
	STRANGERS,
	IS_STURDY,
	DURATION,
	HEADER,
	FIRST_SCRIPT = HEADER,
	FIRST_EVENT = FIRST_SCRIPT + SCRIPTS * SCRIPT,
	GENES = FIRST_EVENT + EVENTS * EVENT,
};

static uint16_t genes[GENES];

/* The order: which of what could happen did. Behind its end: the first. */
static struct order {
	uint8_t *choices;
	size_t length, room, at;
	bool is_new; /* drawn, and written down */
} order;

static uint64_t state;

/* splitmix64 */
static uint64_t draw(void)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static void draw_records(int from, int count, int size, unsigned in_eight)
{
	for (int i = 0; i < count; i++)
		for (int j = 0; j < size; j++)
			if (j > 0 || draw() % 8 < in_eight)
				genes[from + i * size + j] = (uint16_t)draw();
}

static void draw_genes(uint64_t seed)
{
	unsigned busy;

	state = seed;
	memset(genes, 0, sizeof(genes));
	draw_records(0, HEADER, 1, 4);
	draw_records(FIRST_SCRIPT, SCRIPTS * SCRIPT / RECORD, RECORD, 5);
	/* Most programs live long. */
	if (draw() % 4 != 0)
		genes[FIRST_SCRIPT + SCRIPT - RECORD] =
			(uint16_t)(1 + draw() % 2);
	busy = (unsigned)(draw() % 8);
	draw_records(FIRST_EVENT, EVENTS, EVENT, busy);
	order.length = 0;
	order.is_new = true;
}

static int pick(int value, const int *from, int count)
{
	return from[value % count];
}

#define PICK(value, ...)                                                       \
	pick((value), (const int[]){ __VA_ARGS__ },                            \
	     sizeof((const int[]){ __VA_ARGS__ }) / sizeof(int))

static int signal_of(int value)
{
	int signal = PICK(value, SIGNAL_TERM, SIGNAL_INT, SIGNAL_HUP,
			  SIGNAL_QUIT, SIM_USR1, SIGNAL_WINCH, SIGNAL_TSTP,
			  SIGNAL_CONT, SIM_TTIN, SIGNAL_RTMIN, SIGNAL_RTMIN + 1,
			  SIGNAL_MAX, SIGNAL_TERM, 0, 0, 0);

	return signal != 0 ? signal : 1 + value / 16 % SIGNAL_MAX;
}

/* For foster: it cannot hand over these two, and they end or stop it. */
static int catchable(int value)
{
	int signal = signal_of(value);

	return signal == SIGNAL_KILL || signal == SIGNAL_STOP ? SIM_USR2
							      : signal;
}

static int ms_of(int value)
{
	return PICK(value, 1, 0, 5, 19, 20, 100, 500, 1000, 3000, 10000, 60000,
		    600000, 3600000);
}

static int duration_ms(void)
{
	return PICK(genes[DURATION], 1000, 20000, 300000, 3600000, 14400000);
}

/* ---- what was promised ---- */

enum stage { RUNNING, LINGERING, ENDING, KILLING, DONE };

/* What is known of a process by its number. */
struct known {
	uint64_t born_ns, child_since_ns;
	unsigned told, continued;
	unsigned long passed; /* in that round one more was passed on */
	bool is_spared;
};

static struct model {
	/* What the options say. */
	bool is_first, has_proc, is_group, waits_for_all;
	uint64_t grace_ns, kill_after_ns;
	int remapped;
	int rewritten[SIGNAL_MAX + 1];
	/* What happened. */
	enum stage stage;
	int own, program;
	int status; /* of the program, as wait4(2) has it */
	uint64_t end_ns, deadline_ns, halt_ns;
	uint64_t kill_ns; /* when -k strikes; SIM_NEVER: never */
	bool has_killed, was_stopped, has_passed_on, has_died;
	uint64_t told_until_ns; /* -g: the group counts as told */
	uint64_t adopted_ns;	/* when somebody was last */
	/* A signal that was taken and is to be handed over: 0, none. */
	int expected;
	bool is_queued;
	long value;
	uint64_t given; /* of those that end, not yet taken; bit 0 is HUP */
	int passing;	/* a signal that children get now, once each */
	unsigned long round;
	unsigned long calls, found, empty, timeouts, reaped;
	unsigned most;	  /* processes, in this round */
	const char *rule; /* that was broken */
	long values[SIGNAL_MAX + 1][VALUES_MAX];
	unsigned first[SIGNAL_MAX + 1], last[SIGNAL_MAX + 1];
	struct known known[NUMBERS];
} m;

static struct {
	unsigned long seeds, processes, signals, given, told, calls, halts;
	unsigned long grace_over;
	unsigned long largest; /* processes of one run */
	double hours;
} total;

/* The promise is the format itself: how a failure is known again. */
#define broken(rule_text, ...)                                                 \
	do {                                                                   \
		m.rule = (rule_text);                                          \
		sim_fail(rule_text, __VA_ARGS__);                              \
	} while (0)

static int to_end(void)
{
	int as = m.rewritten[SIGNAL_TERM];

	return as != 0 ? as : SIGNAL_TERM;
}

static bool asks_to_end(int signal)
{
	return signal == SIGNAL_TERM || signal == SIGNAL_INT ||
	       signal == SIGNAL_QUIT;
}

static uint64_t half_ns(void)
{
	return m.end_ns + m.grace_ns / 2 / MS * MS;
}

static bool descends(const struct sim_process *process)
{
	while (process != NULL && process->pid != m.own)
		process = process->parent;
	return process != NULL;
}

static void begin_ending(void)
{
	m.end_ns = sim.now_ns;
	m.deadline_ns = sim.now_ns + m.grace_ns;
	m.stage = m.grace_ns == 0 ? DONE : ENDING;
}

static void begin_killing(void)
{
	m.stage = m.is_first ? DONE : KILLING;
	m.deadline_ns = sim.now_ns + UINT64_C(1000) * MS;
	total.grace_over++;
}

/* Section 6, step 5: foster looks at the time. */
static void pass_deadline(uint64_t ns)
{
	if (ns < m.deadline_ns)
		return;
	if (m.stage == ENDING)
		begin_killing();
	else if (m.stage == KILLING)
		m.stage = DONE;
}

/* Section 4, and section 6 from step 4 on: a signal was taken. */
static void taken_while_ending(int signal)
{
	if (asks_to_end(signal)) {
		if (m.stage == LINGERING) {
			begin_ending();
			return;
		}
		if (m.stage == KILLING)
			return;
		if (m.has_passed_on) {
			begin_killing();
			return;
		}
		m.has_passed_on = true;
	} else if (signal != SIGNAL_HUP) {
		return;
	}
	/* HUP also while they may run as long as they like, or are killed. */
	if (m.stage != DONE)
		m.passing = m.rewritten[signal];
}

static void expect(int signal, const struct signal_info *info)
{
	int as = m.rewritten[signal];

	if (as == 0)
		return;
	m.expected = as;
	m.is_queued =
		info->code < 0 && info->code != SENT_BY_TKILL && !m.is_group;
	m.value = (long)info->value;
	if (as == SIGNAL_TERM || as == SIGNAL_QUIT)
		m.told_until_ns = sim.now_ns + m.grace_ns + MS;
	if (asks_to_end(as) && m.kill_after_ns != 0 && m.kill_ns == 0)
		m.kill_ns = sim.now_ns + m.kill_after_ns;
}

/* Real-time signals keep count, order and value. */
static void check_value(int signal, const struct signal_info *info)
{
	long value = info->code == SENT_BY_QUEUE ? (long)info->value : 0;
	unsigned at = m.first[signal];

	if (signal < KERNEL_RTMIN)
		return;
	if (at == m.last[signal])
		broken("signal %d was never sent", signal);
	m.first[signal] = at + 1;
	if (m.values[signal][at % VALUES_MAX] != value)
		broken("signal %d has the value %ld", signal, value);
}

static void taken(int signal, const struct signal_info *info)
{
	total.signals += signal != SIGNAL_CHLD;
	check_value(signal, info);
	if (signal == SIGNAL_CHLD ||
	    (info->code == SENT_BY_KILL && info->pid == m.own))
		return;
	if (m.stage == RUNNING)
		expect(signal, info);
	else
		taken_while_ending(signal);
}

static void check_nothing_is_owed(void)
{
	if (m.expected != 0)
		broken("signal %d was taken and not handed over", m.expected);
}

/*
 * For the one that SIGCHLD named, for any, and, without /proc, which it is;
 * once more for each time that is over when foster looks at the clock.
 */
static unsigned long empty_max(void)
{
	unsigned long times = m.stage == RUNNING ? m.kill_ns != 0 : 3;

	return (m.is_first || m.has_proc ? 2 : 3) + times;
}

/* Section 5: no timer without a reason; and no work without one. */
static void check_round(const struct sim_call *call)
{
	bool may_time_out = m.stage == ENDING || m.stage == KILLING ||
			    (m.kill_ns != 0 && !m.has_killed);

	check_nothing_is_owed();
	if (m.stage == DONE)
		broken("it waits and has nothing to wait for, stage %d",
		       m.stage);
	if (call->arguments[2] != 0 && !may_time_out)
		broken("it waits with a limit in stage %d", m.stage);
	if (m.empty > empty_max())
		broken("%lu empty looks for the dead at once", m.empty);
	if (m.calls > 60 + 5 * m.found + (m.stage == RUNNING ? 0 : 40 * m.most))
		broken("%lu calls for one event, %lu found", m.calls, m.found);
	m.timeouts += m.stage >= ENDING && call->result == -E_AGAIN;
	/* 64 looks; and 50 in the second in which all are killed. */
	if (m.timeouts > 72 + m.reaped + (m.stage == KILLING ? 52 : 0))
		broken("%lu times awake in the grace time", m.timeouts);
	m.round++;
	m.calls = m.found = m.empty = m.most = 0;
	m.passing = 0;
}

static void waited_for_signal(const struct sim_call *call)
{
	const struct signal_info *info = (void *)call->arguments[1];

	/* The CONT that ended a stop of its own is not a signal for others. */
	if (info == NULL)
		return;
	/* What happens in the last moment still finds the grace time. */
	pass_deadline(call->ns);
	check_round(call);
	if (!m.is_first && call->result == -E_AGAIN)
		pass_deadline(sim.now_ns);
	if (call->result > 0)
		taken((int)call->result, info);
}

static void program_ended(int status)
{
	m.stage = RUNNING;
	m.has_died = true;
	m.status = status;
	m.kill_ns = 0;
	check_nothing_is_owed();
	if (m.waits_for_all)
		m.stage = LINGERING;
	else
		begin_ending();
}

static void waited_for_child(const struct sim_call *call)
{
	const struct signal_info *info = (void *)call->arguments[2];
	bool is_any, is_found;
	int status;

	is_found = call->number == SYS_WAIT4
			   ? call->result > 0
			   : call->result == 0 && info->pid > 0;
	m.found += is_found;
	m.empty += !is_found;
	/* One that SIGCHLD named may be gone already. */
	is_any = call->number == SYS_WAIT4 ? call->arguments[0] == -1
					   : call->arguments[0] == WAIT_FOR_ANY;
	if (call->result == -E_CHILD && is_any && m.stage != RUNNING)
		m.stage = DONE;
	if (call->number != SYS_WAIT4 || call->result <= 0)
		return;
	status = *(const int *)call->arguments[1];
	if ((status & 0xff) == 0x7f || status == 0xffff) {
		m.was_stopped |= call->result == m.program;
		return;
	}
	if (call->result == m.program && m.stage == RUNNING)
		program_ended(status);
	else
		m.reaped++;
}

static void sent(const struct sim_call *call)
{
	int to = (int)call->arguments[0], signal = (int)call->arguments[1];
	int target = m.is_group ? -m.program : m.program;
	bool is_queue = call->number == SYS_RT_SIGQUEUEINFO;

	if (m.stage != RUNNING)
		return;
	if (m.expected == signal && (to == target || to == m.program)) {
		total.given++;
		if (is_queue != m.is_queued)
			broken("signal %d was handed over without its value",
			       signal);
		if (is_queue && call->result == -E_AGAIN)
			m.is_queued = false;
		else if (call->result != -E_SRCH || to == m.program)
			m.expected = 0;
		if (asks_to_end(signal) || signal == SIGNAL_HUP)
			m.given |= BIT(signal);
		return;
	}
	if (signal == SIGNAL_CONT && abs(to) == m.program && m.was_stopped)
		return;
	if (signal == SIGNAL_KILL && to == m.program && m.kill_ns != 0 &&
	    !m.has_killed && sim.now_ns >= m.kill_ns) {
		m.has_killed = true;
		return;
	}
	/* It stops as its program did. */
	if (!m.is_first && m.was_stopped && (to == 0 || to == m.own))
		return;
	if (!m.is_first && !m.has_proc && to == -m.program)
		return; /* see is_last_word() */
	broken("it sends signal %d to %d, and nobody asked", signal, to);
}

static void on_call(void *context, const struct sim_call *call)
{
	(void)context;
	if (call->pid != m.own)
		return;
	m.calls++;
	if (sim.process_count > m.most)
		m.most = sim.process_count;
	switch (call->number) {
	case SIM_CALL_SPAWN:
		m.program = (int)call->result;
		return;
	case SYS_WAIT4:
	case SYS_WAITID:
		waited_for_child(call);
		return;
	case SYS_RT_SIGTIMEDWAIT:
		waited_for_signal(call);
		return;
	case SYS_KILL:
	case SYS_RT_SIGQUEUEINFO:
		sent(call);
		return;
	case SYS_NANOSLEEP:
		broken("it sleeps for a while, stage %d", m.stage);
	default:
		return;
	}
}

/*
 * Not process 1 and without /proc: the program's group is told while the dead
 * program still has its number.
 */
static bool is_last_word(const struct sim_process *to)
{
	const struct sim_process *program = sim_by_pid(m.program);

	return !m.is_first && !m.has_proc && !m.waits_for_all &&
	       m.expected == 0 && m.grace_ns != 0 && to->group == m.program &&
	       program != NULL && program->state == SIM_ZOMBIE;
}

/*
 * It had its signal to end with the group. Between two calls of foster it may
 * have left that.
 */
static bool is_spared(const struct sim_process *to)
{
	return m.is_group &&
	       (m.stage == RUNNING || m.end_ns < m.told_until_ns) &&
	       (to->group == m.program || sim.hooks.choose != NULL);
}

static void check_told(const struct sim_process *to, int signal)
{
	struct known *known = &m.known[to->pid];
	bool is_child = to->parent != NULL && to->parent->pid == m.own;
	bool is_by_all = m.is_first && !m.has_proc;
	bool is_root = is_child || is_by_all || m.stage == RUNNING;

	/* Nobody is hurt; and the program's last stop may be answered late. */
	if (to->state == SIM_ZOMBIE || to->is_exiting)
		return;
	if (m.stage == RUNNING && signal == SIGNAL_CONT) {
		known->is_spared = known->told == 0;
		return;
	}
	if (m.passing == signal && known->passed != m.round) {
		known->passed = m.round;
		if (is_root)
			return;
	}
	if (signal == SIGNAL_KILL)
		pass_deadline(sim.now_ns);
	if (m.stage == KILLING && signal == SIGNAL_KILL && is_child)
		return;
	if (!is_root && sim.now_ns < half_ns())
		broken("%d is no child and is sent %d too early", to->pid,
		       signal);
	if (signal == to_end()) {
		total.told++;
		if (m.has_proc && sim.hooks.choose == NULL && is_spared(to))
			broken("leftover %d had its signal with the group",
			       to->pid);
		if (known->told++ > 0)
			broken("leftover %d is told %u times", to->pid,
			       known->told);
		return;
	}
	if (signal != SIGNAL_CONT)
		broken("leftover %d is sent signal %d", to->pid, signal);
	if (known->continued++ > 0)
		broken("leftover %d is continued %u times", to->pid,
		       known->continued);
	known->is_spared = known->told == 0;
	/* By kill(-1) whoever is born between the two gets only the second. */
	if (known->is_spared && !is_by_all && !is_spared(to))
		broken("leftover %d is continued and not told, signal %d",
		       to->pid, signal);
}

static void sent_by_foster(const struct sim_fact *fact)
{
	const struct sim_process *to = sim_by_pid(fact->pid);
	int signal = fact->number;

	if (fact->pid == m.own) {
		if (m.is_first || m.stage != RUNNING || !m.was_stopped)
			broken("it sends %d to itself, stage %d", signal,
			       m.stage);
		return;
	}
	if (!descends(to) && !m.is_first)
		broken("%d is no relative and is sent %d", fact->pid, signal);
	if (m.stage == RUNNING && !is_last_word(to)) {
		if (to->pid != m.program && to->group != m.program)
			broken("%d is sent %d that is for the program", to->pid,
			       signal);
		if (m.expected == signal && m.is_queued &&
		    (fact->value != m.value || fact->code != SENT_BY_QUEUE))
			broken("signal %d comes with the value %ld", signal,
			       fact->value);
		return;
	}
	if ((m.stage == LINGERING && m.passing != signal) || m.stage == DONE)
		broken("%d is sent %d while nobody is to be told", to->pid,
		       signal);
	check_told(to, signal);
}

static void sent_to_foster(const struct sim_fact *fact)
{
	unsigned *last = &m.last[fact->number];

	if (fact->number < KERNEL_RTMIN || fact->fate != SIM_QUEUED)
		return;
	m.values[fact->number][*last % VALUES_MAX] =
		fact->code == SENT_BY_QUEUE ? fact->value : 0;
	++*last;
}

static void go_on(int pid, int unused)
{
	(void)unused;
	sim_do_inside(pid, SIGNAL_CONT);
}

static void on_fact(void *context, const struct sim_fact *fact)
{
	struct known *known = &m.known[fact->pid];

	(void)context;
	switch (fact->kind) {
	case SIM_FORKED:
		*known = (struct known){ .born_ns = sim.now_ns,
					 .child_since_ns = sim.now_ns };
		total.processes++;
		return;
	case SIM_ADOPTED:
		known->child_since_ns = m.adopted_ns = sim.now_ns;
		return;
	case SIM_SENT:
		/* What its death causes is not its doing. */
		if (fact->other == m.own && m.own != 0 &&
		    fact->number != SIGNAL_CHLD && sim.foster_status < 0)
			sent_by_foster(fact);
		if (fact->pid == m.own)
			sent_to_foster(fact);
		return;
	case SIM_TAKEN:
		if (fact->pid == m.program)
			m.given &= ~BIT(fact->number);
		return;
	case SIM_HALTED:
		if (fact->pid != m.own)
			return;
		total.halts++;
		sim_at(sim_now_ms() + 700, go_on, m.own, 0);
		return;
	case SIM_WENT_ON:
		if (fact->pid == m.own)
			m.halt_ns = sim.now_ns;
		return;
	default:
		return;
	}
}

/* How long a root may be there before it is told. */
static uint64_t look_ns(void)
{
	uint64_t look = m.grace_ns / MS / 64;

	return (look < 20 ? 20 : look) * MS;
}

static void check_is_told(const struct sim_process *process)
{
	const struct known *known = &m.known[process->pid];
	bool is_child =
		process->parent != NULL && process->parent->pid == m.own;
	uint64_t from_ns = known->child_since_ns > m.end_ns
				   ? known->child_since_ns
				   : m.end_ns;

	if (process->pid == m.own || process->state == SIM_ZOMBIE)
		return;
	if (m.has_proc && known->told > 0 && known->continued == 0)
		broken("%d was told and not continued, stage %d", process->pid,
		       m.stage);
	if (known->told > 0 || known->is_spared)
		return;
	if (is_child && m.has_proc && sim.now_ns > from_ns + look_ns() + MS)
		broken("%d is a leftover and was not told in stage %d",
		       process->pid, m.stage);
	if (known->born_ns < (m.has_proc ? half_ns() : m.end_ns) &&
	    sim.now_ns > half_ns() && (m.is_first || descends(process)) &&
	    (m.is_first || (m.has_proc && m.adopted_ns < half_ns())))
		broken("%d was not told at half the grace time, stage %d",
		       process->pid, m.stage);
}

/* Section 4: a stopped program cannot act on a signal to end. */
static void check_can_act(const struct sim_process *program)
{
	if (m.stage == RUNNING && program->state == SIM_STOPPED &&
	    (m.given & signal_pending(program) & ~program->blocked) != 0)
		broken("program %d is stopped and was told to end",
		       program->pid);
}

/* foster sleeps, and what it should have done by now is done. */
static void check_asleep(const struct sim_process *foster)
{
	const struct sim_process *each = foster->children;

	for (; each != NULL; each = each->younger)
		if (each->state == SIM_ZOMBIE)
			broken("it waits and child %d is a zombie", each->pid);
	check_nothing_is_owed();
	check_can_act(sim_by_pid(m.program));
	if (m.kill_ns != 0 && !m.has_killed && sim.now_ns > m.kill_ns + MS)
		broken("the program lives on, %d", m.program);
	if (m.stage != ENDING && m.stage != KILLING)
		return;
	if (sim.now_ns > m.deadline_ns + MS && m.halt_ns < m.deadline_ns)
		broken("its time is over by %lu ms, and it waits",
		       (unsigned long)((sim.now_ns - m.deadline_ns) / MS));
	if (m.stage == KILLING || m.has_passed_on)
		return;
	for (each = sim_first(); each != NULL; each = each->next)
		check_is_told(each);
}

static void on_step(void *context)
{
	const struct sim_process *foster;

	(void)context;
	if (sim.foster_status >= 0)
		return;
	foster = sim_by_pid(m.own);
	if (foster->is_blocked && foster->waits_for != 0 && !foster->is_ready &&
	    foster->state == SIM_RUNNING)
		check_asleep(foster);
}

/* ---- the order ---- */

static unsigned on_choice(void *context, const struct sim_choice *choice)
{
	unsigned which = 0;

	(void)context;
	if (!order.is_new)
		return order.at < order.length
			       ? order.choices[order.at++] % choice->count
			       : 0;
	if (genes[ORDER] % 4 == 3 || draw() % 8 == 0)
		which = (unsigned)(draw() % choice->count);
	if (order.length == order.room) {
		order.room = order.room * 2 + 4096;
		order.choices = realloc(order.choices, order.room);
	}
	order.choices[order.length++] = (uint8_t)which;
	return which;
}

/* ---- the world ---- */

static const char *const names[SCRIPTS] = { "program", "s1", "s2", "s3",
					    "s4",      "s5", "s6", "s7" };
static struct sim_script scripts[SCRIPTS];
static struct sim_step steps[SCRIPTS][STEPS + 6];
static struct sim_step handlers[SCRIPTS][REACTIONS][4];
static struct sim_reaction reactions[SCRIPTS][REACTIONS + 1];
static unsigned run_processes, run_loops, living_max;

static void fork_some(struct sim_process *self, int what)
{
	int script = what & 7, count = what >> 3;

	while (count-- > 0 && sim.process_count < living_max &&
	       run_processes++ < PROCESSES_MAX)
		sim_actor(self, &scripts[script]);
}

/* Who has gone round too often is ended by whoever looks after the machine. */
static void go_round(struct sim_process *self, int unused)
{
	(void)unused;
	if (run_loops++ > LOOPS_MAX)
		sim_do_outside(self->pid, SIGNAL_KILL);
}

/* All that it has no handler for. */
static void ignore_all(struct sim_process *self, int unused)
{
	(void)unused;
	self->ignored |= ~self->caught & ~BIT(SIGNAL_KILL) & ~BIT(SIGNAL_STOP) &
			 ~BIT(SIGNAL_CHLD);
}

static const char *const step_names[] = {
	"",
	"fork",
	"fork",
	"sleep",
	"sleep",
	"setsid",
	"group",
	"subreaper",
	"ignore",
	"block",
	"unblock",
	"wait",
	"wait all",
	"fork",
	"to itself",
	"to parent",
	"to children",
	"to group",
	"death signal",
	"exec",
	"user",
	"pause",
	"reap for ever",
};

enum { STEP_KINDS = sizeof(step_names) / sizeof(step_names[0]) };

/* Only scripts behind this one: no tree is without end. */
static int script_behind(int script, int value)
{
	return script + 1 + value % (SCRIPTS - script - 1);
}

static int fork_of(int script, const uint16_t *record)
{
	int count = PICK(record[2], 1, 1, 2, 1, 3, 5, 20, 100);

	return script_behind(script, record[1]) | count << 3;
}

static struct sim_step step_of(int script, const uint16_t *record)
{
	bool is_last = script == SCRIPTS - 1;
	int value = record[1], signal = signal_of(value);
	static const struct sim_step nothing = SIM_SLEEP(0);

	switch (record[0] % STEP_KINDS) {
	case 1:
	case 2:
	case 13:
		if (is_last)
			return nothing;
		return (struct sim_step)SIM_CALL(fork_some,
						 fork_of(script, record));
	case 3:
	case 4:
		return (struct sim_step)SIM_SLEEP(ms_of(value));
	case 5:
		return (struct sim_step)SIM_SETSID;
	case 6:
		return (struct sim_step)SIM_LEAD_GROUP;
	case 7:
		return (struct sim_step)SIM_SUBREAPER;
	case 8:
		return (struct sim_step)SIM_IGNORE(catchable(value));
	case 9:
		return (struct sim_step)SIM_BLOCK(catchable(value));
	case 10:
		return (struct sim_step)SIM_UNBLOCK(catchable(value));
	case 11:
		return (struct sim_step)SIM_WAIT;
	case 12:
		return (struct sim_step)SIM_WAIT_ALL;
	case 14:
		return (struct sim_step)SIM_SIGNAL_SELF(signal);
	case 15:
		return (struct sim_step)SIM_SIGNAL_PARENT(catchable(value));
	case 16:
		return (struct sim_step)SIM_SIGNAL_CHILDREN(signal);
	case 17:
		return (struct sim_step)SIM_SIGNAL_GROUP(signal);
	case 18:
		return (struct sim_step)SIM_DEATH_SIGNAL(signal);
	case 19:
		if (is_last)
			return nothing;
		return (struct sim_step)SIM_EXEC(
			&scripts[script_behind(script, value)]);
	case 20:
		return (struct sim_step)SIM_SET_USER(1 + value % 3);
	case 21:
		return (struct sim_step)SIM_PAUSE;
	case 22:
		return (struct sim_step)SIM_REAP_FOR_EVER;
	default:
		return nothing;
	}
}

/* How its steps end: 0 exit, then pause, again and again, die. */
static void end_of(const uint16_t *record, struct sim_step *to)
{
	int pause_ms = duration_ms() / 1000 + ms_of(record[1]);

	switch (PICK(record[0], 0, 1, 2, 0, 1, 2, 3, 2)) {
	case 1:
		*to = (struct sim_step)SIM_PAUSE;
		return;
	case 2:
		*to++ = (struct sim_step)SIM_CALL(go_round, 0);
		*to++ = (struct sim_step)SIM_SLEEP(pause_ms);
		*to = (struct sim_step)SIM_REPEAT;
		return;
	case 3:
		*to = (struct sim_step)SIM_DIE(PICK(record[1], SIGNAL_KILL,
						    SIM_SEGV, SIM_ABRT,
						    SIGNAL_TERM, SIGNAL_MAX));
		return;
	default:
		*to = (struct sim_step)SIM_EXIT(record[1] % 256);
		return;
	}
}

static const struct sim_step *handler_of(struct sim_step *to,
					 const uint16_t *record)
{
	int kind = record[1] % 6;

	if (kind == 0)
		return SIM_IGNORED;
	if (kind == 1 || kind == 2 || kind == 3)
		*to++ = (struct sim_step)SIM_SLEEP(ms_of(record[2]));
	if (kind == 3)
		*to++ = (struct sim_step)SIM_SIGNAL_CHILDREN(SIGNAL_TERM);
	if (kind < 4)
		*to++ = (struct sim_step)SIM_EXIT(record[2] % 5);
	*to = (struct sim_step)SIM_END;
	return to - (kind == 3 ? 3 : kind < 4 ? 2 : 0);
}

static void make_script(int number)
{
	const uint16_t *record = genes + FIRST_SCRIPT + number * SCRIPT;
	struct sim_reaction *on = reactions[number];
	struct sim_step *to = steps[number];

	memset(reactions[number], 0, sizeof(reactions[number]));
	memset(steps[number], 0, sizeof(steps[number]));
	for (int i = 0; i < REACTIONS; i++, record += RECORD) {
		if (record[0] == 0)
			continue;
		on->signal = catchable(record[0] - 1);
		on++->steps = handler_of(handlers[number][i], record);
	}
	if (number == 0 && genes[IS_STURDY] % 2 != 0)
		*to++ = (struct sim_step)SIM_CALL(ignore_all, 0);
	for (int i = 0; i < STEPS; i++, record += RECORD)
		if (record[0] % STEP_KINDS != 0)
			*to++ = step_of(number, record);
	end_of(record, to);
	scripts[number] = (struct sim_script){ names[number], reactions[number],
					       steps[number] };
}

/* ---- events ---- */

static long next_value;

static void queue(int signal)
{
	struct info info = { .code = SENT_BY_QUEUE,
			     .pid = SIM_STRANGER,
			     .value = ++next_value };
	struct sim_process *foster = sim_by_pid(m.own);

	if (foster != NULL)
		signal_send(foster, signal, &info, false, false, SIM_STRANGER);
}

static void end_program(int unused, int unused_too)
{
	(void)unused;
	(void)unused_too;
	if (!m.has_died)
		sim_do_outside(m.program, SIGNAL_KILL);
}

static void end_waiting(int unused, int unused_too)
{
	(void)unused;
	(void)unused_too;
	if (m.stage == LINGERING)
		sim_do_inside(m.own, SIGNAL_TERM);
}

static void enter(int script)
{
	struct sim_process *outer = m.is_first ? NULL : sim_by_pid(1);
	struct sim_process *stranger;

	if (sim.process_count >= living_max)
		return;
	stranger = sim_actor(outer, &scripts[script]);
	sim_put_into(stranger, stranger->pid, stranger->pid);
}

static const char *const event_names[] = {
	"kill(2)",
	"sigqueue(3)",
	"from outside",
	"sigqueue(3), 20 times",
	"to the program alone",
	"CHLD by a user",
	"somebody enters",
};

enum { EVENT_KINDS = sizeof(event_names) / sizeof(event_names[0]) };

static void happen(int kind, int value)
{
	int signal = catchable(value);

	switch (kind) {
	case 0:
		sim_do_inside(m.own, signal);
		return;
	case 1:
		queue(signal);
		return;
	case 2:
		sim_do_outside(m.own, signal);
		return;
	case 3:
		for (int i = 0; i < 20; i++)
			queue(i % 3 == 0 ? SIGNAL_MAX : signal);
		return;
	case 4:
		if (!m.has_died)
			sim_do_inside(m.program, signal_of(value));
		return;
	case 5:
		sim_do_inside(m.own, SIGNAL_CHLD);
		return;
	default:
		enter(1 + value % (SCRIPTS - 1));
		return;
	}
}

/* Anywhere, at the start, or behind the end. */
static uint64_t time_of(const uint16_t *event)
{
	uint64_t duration = (uint64_t)duration_ms();

	switch (event[0] % 4) {
	case 1:
		return 1 + event[1] % 100;
	case 2:
		return duration + event[1] % 9000;
	default:
		return 1 + event[1] * duration / 65536;
	}
}

static void make_events(void)
{
	uint64_t end = (uint64_t)duration_ms();

	for (int i = 0; i < EVENTS; i++) {
		const uint16_t *event = genes + FIRST_EVENT + i * EVENT;

		if (event[0] != 0)
			sim_at(time_of(event), happen, event[2] % EVENT_KINDS,
			       event[3]);
	}
	sim_at(end, end_program, 0, 0);
	for (int again = 1; again < 20; again++)
		sim_at(end + 9000 * (uint64_t)again, end_waiting, 0, 0);
}

/* ---- options ---- */

static char words[12][24];
static const char *argv[14];
static int word_count;

static void word(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void word(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(words[word_count], sizeof(words[0]), format, arguments);
	va_end(arguments);
	argv[word_count] = words[word_count];
	word_count++;
}

/* With these two for TERM it could not be seen which of them was meant. */
static void rewrite(int from, int to)
{
	if (from == to ||
	    (from == SIGNAL_TERM && (to == SIGNAL_CONT || to == SIGNAL_CHLD)))
		return;
	word("-r%d:%d", from, to);
	m.rewritten[from] = to;
}

static void make_options(void)
{
	int grace =
		PICK(genes[GRACE], 8000, 0, 1, 100, 1000, 3001, 60000, 7200000);
	int kill_after = PICK(genes[KILL_AFTER], 0, 1, 100, 5000, 3600000);

	word_count = 0;
	memset(argv, 0, sizeof(argv));
	word("foster");
	m.is_group = genes[GROUP] % 2 != 0;
	m.waits_for_all = genes[WAIT_ALL] % 4 == 1;
	m.grace_ns = (uint64_t)grace * MS;
	m.kill_after_ns = (uint64_t)kill_after * MS;
	m.remapped = genes[REMAP] % 2 ? genes[REMAP] / 2 % 256 : -1;
	for (int i = 1; i <= SIGNAL_MAX; i++)
		m.rewritten[i] = i;
	if (m.is_group)
		word("-g");
	if (m.waits_for_all)
		word("-a");
	if (genes[GRACE] != 0)
		word("-t%dms", grace);
	if (kill_after != 0)
		word("-k%dms", kill_after);
	if (m.remapped >= 0)
		word("-e%d", m.remapped);
	if (genes[TERM_AS] != 0)
		rewrite(SIGNAL_TERM, PICK(genes[TERM_AS] / 2, SIGNAL_QUIT, 0,
					  SIM_USR1, SIGNAL_INT, SIGNAL_RTMIN));
	if (genes[REWRITE_FROM] != 0 &&
	    catchable(genes[REWRITE_FROM]) != SIGNAL_CHLD)
		rewrite(catchable(genes[REWRITE_FROM]),
			genes[REWRITE_TO] ? catchable(genes[REWRITE_TO]) : 0);
	if (genes[VERBOSITY] % 4 > 1)
		word(genes[VERBOSITY] % 4 == 2 ? "-vv" : "-w");
	word("/program");
}

static void make_world(void)
{
	struct sim_process *outer = NULL, *foster;

	sim_begin();
	memset(&m, 0, sizeof(m));
	run_processes = run_loops = 0;
	living_max = genes[FEW_NUMBERS] % 2 ? FEW_LIVING : LIVING_MAX;
	next_value = 0;
	m.is_first = genes[IS_SUBREAPER] % 2 == 0;
	sim.proc = (enum sim_proc)PICK(genes[PROC], SIM_PROC, SIM_PROC_ABSENT,
				       SIM_PROC_OUTER, SIM_PROC_NO_CHILDREN);
	m.has_proc = sim.proc == SIM_PROC || sim.proc == SIM_PROC_NO_CHILDREN;
	make_options();
	for (int i = 0; i < SCRIPTS; i++)
		make_script(i);
	sim_program("/program", &scripts[0]);
	sim.keeps_history = sim.keeps_calls = getenv("VERBOSE") != NULL;
	sim.call_limit = CALLS_MAX;
	sim.is_any_slow = genes[IS_SLOW] % 4 == 1;
	if (genes[FEW_NUMBERS] % 2 != 0)
		sim.pid_max = 4 * FEW_LIVING;
	if (!m.is_first)
		outer = sim_actor(NULL, &sim_reaper);
	foster = sim_foster_with(outer, argv, NULL);
	m.own = foster->pid;
	if (!m.is_first)
		sim_put_into(foster, foster->pid, outer->session);
	for (int i = 0; i < genes[STRANGERS] % 4; i++)
		enter(1 + i);
	make_events();
	sim.hooks = (struct sim_hooks){
		.fault = sim_hooks_at_begin.fault,
		.choose = genes[ORDER] % 2 != 0 ? on_choice : NULL,
		.called = on_call,
		.fact = on_fact,
		.stepped = on_step,
	};
	order.at = 0;
}

/* Section 2, and that it ends at all. */
static void judge(enum sim_end_kind end)
{
	int death = m.status & 0x7f, want;

	if (end == SIM_FAILED)
		return;
	if (end != SIM_ENDED || !m.has_died) {
		m.rule = "it never ends";
		snprintf(sim.failure, sizeof(sim.failure), "%s: %d",
			 m.has_died ? m.rule : "it ended before its program",
			 sim.foster_status);
		return;
	}
	want = death != 0 ? 128 + death : m.status >> 8 & 0xff;
	if (want == m.remapped)
		want = 0;
	if (sim.foster_status == want << 8)
		return;
	m.rule = "status";
	snprintf(sim.failure, sizeof(sim.failure),
		 "its status is %#x, the program's was %#x",
		 (unsigned)sim.foster_status, (unsigned)m.status);
}

/* Plays the genes; the promise that was broken, or NULL. */
static const char *play(void)
{
	unsigned long before = total.processes;

	make_world();
	judge(sim_run());
	total.hours += (double)sim_now_ms() / 3600000;
	total.calls += sim.calls_made;
	if (total.processes - before > total.largest)
		total.largest = total.processes - before;
	if (*sim.failure == '\0')
		return NULL;
	return m.rule != NULL ? m.rule : "the kernel";
}

/* ---- making it small ---- */

enum { SHRINK_RUNS = 4000 };

static unsigned shrink_runs;

static bool still_fails(const char *rule)
{
	const char *now;

	if (shrink_runs++ > SHRINK_RUNS)
		return false;
	now = play();
	return now != NULL && strcmp(now, rule) == 0;
}

/* Sets `count` genes to 0; whether it still fails, else they are put back. */
static bool drop_genes(int from, int count, const char *rule)
{
	uint16_t saved[GENES];
	bool is_any = false;

	for (int i = from; i < from + count; i++)
		is_any |= genes[i] != 0;
	if (!is_any)
		return false;
	memcpy(saved, genes, sizeof(saved));
	memset(genes + from, 0, sizeof(*genes) * (size_t)count);
	if (still_fails(rule))
		return true;
	memcpy(genes, saved, sizeof(saved));
	return false;
}

static bool drop_records(int from, int count, int size, const char *rule)
{
	bool has_changed = false;

	for (int i = count - 1; i >= 0; i--)
		has_changed |= drop_genes(from + i * size, size, rule);
	return has_changed;
}

/* A small number where there is a large one. */
static bool lower_gene(int at, const char *rule)
{
	uint16_t saved = genes[at];

	for (uint16_t lower = 1; lower < 24 && lower < saved; lower++) {
		genes[at] = lower;
		if (still_fails(rule))
			return true;
	}
	genes[at] = saved;
	return false;
}

static bool drop_choices(size_t from, size_t count, const char *rule)
{
	uint8_t *saved;
	bool is_any = false;

	for (size_t i = from; i < from + count; i++)
		is_any |= order.choices[i] != 0;
	if (!is_any)
		return false;
	saved = malloc(count);
	memcpy(saved, order.choices + from, count);
	memset(order.choices + from, 0, count);
	is_any = still_fails(rule);
	if (!is_any)
		memcpy(order.choices + from, saved, count);
	free(saved);
	return is_any;
}

static bool shrink_order(const char *rule)
{
	bool has_changed = false;

	for (size_t size = order.length; size > 0; size /= 2)
		for (size_t at = 0; at < order.length; at += size)
			has_changed |= drop_choices(at,
						    size < order.length - at
							    ? size
							    : order.length - at,
						    rule);
	while (order.length > 0 && order.choices[order.length - 1] == 0)
		order.length--;
	return has_changed;
}

static bool shrink_once(const char *rule)
{
	bool has_changed = false;

	has_changed |= drop_genes(FIRST_EVENT, EVENTS * EVENT, rule);
	has_changed |= drop_records(FIRST_SCRIPT, SCRIPTS, SCRIPT, rule);
	has_changed |= drop_records(FIRST_EVENT, EVENTS, EVENT, rule);
	has_changed |= drop_records(0, HEADER, 1, rule);
	has_changed |= drop_records(FIRST_SCRIPT, SCRIPTS * SCRIPT / RECORD,
				    RECORD, rule);
	has_changed |= shrink_order(rule);
	has_changed |= drop_records(0, GENES, 1, rule);
	return has_changed;
}

static void shrink(const char *rule)
{
	shrink_runs = 0;
	order.is_new = false;
	while (shrink_once(rule) && shrink_runs < SHRINK_RUNS)
		;
	for (int i = 0; i < GENES; i++)
		if (genes[i] > 1)
			lower_gene(i, rule);
	play();
}

/* ---- saying it ---- */

static int used_genes(void)
{
	int count = 0;

	for (int i = 0; i < GENES; i++)
		count += genes[i] != 0;
	return count;
}

static void print_genes(FILE *to)
{
	fprintf(to, "RANDOM_GENES=");
	for (int i = 0; i < GENES; i++)
		if (genes[i] != 0)
			fprintf(to, "%d:%u,", i, genes[i]);
	fprintf(to, " RANDOM_ORDER=");
	for (size_t i = 0; i < order.length; i++)
		if (order.choices[i] != 0)
			fprintf(to, "%zu:%u,", i, order.choices[i]);
}

static void print_script(FILE *to, int number)
{
	const uint16_t *record = genes + FIRST_SCRIPT + number * SCRIPT;
	static const char *const ends[] = { "exit", "pause", "again", "die" };
	bool is_any = false;

	for (int i = 0; i < SCRIPT; i++)
		is_any |= record[i] != 0;
	if (!is_any)
		return;
	fprintf(to, "  %s:", names[number]);
	for (int i = 0; i < REACTIONS; i++, record += RECORD)
		if (record[0] != 0)
			fprintf(to, " on %d %s;", catchable(record[0] - 1),
				record[1] % 6 ? "a handler" : "ignored");
	for (int i = 0; i < STEPS; i++, record += RECORD) {
		int kind = record[0] % STEP_KINDS;

		if (kind == 0)
			continue;
		fprintf(to, " %s", step_names[kind]);
		if (kind == 3 || kind == 4)
			fprintf(to, " %d ms", ms_of(record[1]));
		else if (number < SCRIPTS - 1 &&
			 (kind < 3 || kind == 13 || kind == 19))
			fprintf(to, " %s",
				names[script_behind(number, record[1])]);
		else if ((kind >= 8 && kind <= 10) ||
			 (kind >= 14 && kind <= 18))
			fprintf(to, " %d", signal_of(record[1]));
		fprintf(to, ";");
	}
	fprintf(to, " %s\n", ends[PICK(record[0], 0, 1, 2, 0, 1, 2, 3, 2)]);
}

static void print_world(FILE *to)
{
	fprintf(to, " ");
	for (int i = 0; i < word_count; i++)
		fprintf(to, " %s", words[i]);
	fprintf(to, "  (%s, %s; the program ends at %d ms)\n",
		m.is_first ? "process 1" : "subreaper",
		m.has_proc ? "/proc" : "no /proc", duration_ms());
	if (genes[IS_STURDY] % 2 != 0)
		fprintf(to, "  program: ignores what it does not catch\n");
	for (int i = 0; i < SCRIPTS; i++)
		print_script(to, i);
	for (int i = 0; i < EVENTS; i++) {
		const uint16_t *event = genes + FIRST_EVENT + i * EVENT;

		if (event[0] != 0)
			fprintf(to, "  at %lu ms: %s, %d\n",
				(unsigned long)time_of(event),
				event_names[event[2] % EVENT_KINDS],
				catchable(event[3]));
	}
}

static void complain(uint64_t seed, const char *rule)
{
	char first[sizeof(sim.failure)];
	FILE *to;
	char *text;
	size_t size;

	strcpy(first, sim.failure);
	shrink(rule);
	to = open_memstream(&text, &size);
	fprintf(to, "%s\nseed %lu; made small: %s; %d genes, %zu choices\n",
		first, (unsigned long)seed, sim.failure, used_genes(),
		order.length);
	print_world(to);
	fprintf(to, "again: RANDOM_SEED=%lu check_sim random, or\n",
		(unsigned long)seed);
	print_genes(to);
	fprintf(to, " check_sim random");
	fclose(to);
	suite_fail(__FILE__, __LINE__, "%s", text);
}

static void say_totals(void)
{
	printf("%lu random worlds: %lu processes (%lu in one), %lu signals to foster (%lu"
	       " handed over), %lu leftovers told, %lu times out of grace,"
	       " %lu stops of foster, %lu calls, %.0f hours\n",
	       total.seeds, total.processes, total.largest, total.signals,
	       total.given, total.told, total.grace_over, total.halts,
	       total.calls, total.hours);
	fflush(stdout);
}

static void play_seed(uint64_t seed)
{
	const char *rule;

	draw_genes(seed);
	rule = play();
	total.seeds++;
	if (rule != NULL)
		complain(seed, rule);
}

/* ---- tests ---- */

static void read_genes(const char *text)
{
	unsigned at, value;
	int length;

	memset(genes, 0, sizeof(genes));
	for (; sscanf(text, "%u:%u,%n", &at, &value, &length) == 2;
	     text += length)
		if (at < GENES)
			genes[at] = (uint16_t)value;
}

static void read_order(const char *text)
{
	unsigned at, value;
	int length;

	order.is_new = false;
	order.length = 0;
	for (; text != NULL &&
	       sscanf(text, "%u:%u,%n", &at, &value, &length) == 2;
	     text += length) {
		if (at >= order.room) {
			order.room = at + 4096;
			order.choices = realloc(order.choices, order.room);
		}
		memset(order.choices + order.length, 0, at - order.length);
		order.choices[at] = (uint8_t)value;
		order.length = at + 1;
	}
}

static void play_as_printed(const char *text)
{
	const char *rule;

	read_genes(text);
	read_order(getenv("RANDOM_ORDER"));
	rule = play();
	print_world(stdout);
	fflush(stdout);
	sim_check(rule == NULL, "%s", sim.failure);
}

static void play_for(int seconds)
{
	time_t end = time(NULL) + seconds;
	uint64_t seed = (uint64_t)time(NULL) * 1000000;

	printf("random worlds from seed %lu on\n", (unsigned long)seed);
	fflush(stdout);
	while (time(NULL) < end)
		play_seed(seed++);
}

START_TEST(in_any_world_foster_does_what_it_promises)
{
	const char *genes_text = getenv("RANDOM_GENES");
	const char *seed = getenv("RANDOM_SEED");
	const char *seconds = getenv("RANDOM_SECONDS");

	if (genes_text != NULL)
		play_as_printed(genes_text);
	else if (seed != NULL)
		play_seed(strtoull(seed, NULL, 10));
	else if (seconds != NULL)
		play_for(atoi(seconds));
	else
		for (uint64_t i = 1; i <= FIXED_SEEDS; i++)
			play_seed(i);
	say_totals();
}
END_TEST

static long refuse_queue(void *context, const struct sim_call *call)
{
	(void)context;
	return call->number == SYS_RT_SIGQUEUEINFO ? -E_INVAL : 0;
}

enum { SEEDS_TO_FIND = 1000, SMALL_GENES = 12 };

/* Where nothing can be queued, a value is lost: that breaks a promise. */
START_TEST(a_broken_promise_is_found_and_made_small)
{
	const char *rule = NULL, *again;
	uint64_t seed = 0;

	sim_hooks_at_begin.fault = refuse_queue;
	while (rule == NULL && seed++ < SEEDS_TO_FIND) {
		draw_genes(seed);
		rule = play();
	}
	sim_check(rule != NULL, "not found");
	shrink(rule);
	again = play();
	sim_hooks_at_begin.fault = NULL;

	sim_check(again == rule, "made small: %s", again ? again : "nothing");
	sim_check(used_genes() <= SMALL_GENES && order.length == 0,
		  "%d genes, %zu choices", used_genes(), order.length);
	sim_check(play() == NULL, "without the fault: %s", sim.failure);
}
END_TEST

Suite *random_suite(void);
Suite *random_suite(void)
{
	const char *seconds = getenv("RANDOM_SECONDS");
	Suite *suite = suite_create("random");
	TCase *tcase = suite_case(suite, "random");

	tcase_set_timeout(tcase, 120 + (seconds ? atoi(seconds) : 0));
	suite_add(tcase, in_any_world_foster_does_what_it_promises);
	suite_add(tcase, a_broken_promise_is_found_and_made_small);
	return suite;
}
