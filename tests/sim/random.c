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
 * What must hold is in the part "what was promised". It sees only foster's
 * calls and what happens to processes. From the calls it learns what foster
 * has learnt, and asks the oracle (../lifecycle_contract.h) what follows; here
 * stands who must, may and must not be signalled then: foster(1), SIGNALS,
 * REAPING, LEFTOVERS and EXIT STATUS. Terminals are left to stories.c, refusals
 * to faults.c.
 */
#include "../lifecycle_contract.h"
#include "sim_kernel.h"
#include "suite.h"
#include "sys.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

enum {
	FIXED_SEEDS = 10000,
	PROCESSES_MAX = 3000, /* in one run */
	LIVING_MAX = 120,
	FEW_LIVING = 8,
	LOOPS_MAX = 20000, /* of all processes together */
	CALLS_MAX = 2000000,
	ENDING_MS = 9000, /* longer than the usual grace time */
	ENDINGS_MAX = 1000,
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
	int signal = PICK(value, SIGTERM, SIGINT, SIGHUP,
			  SIGQUIT, SIGUSR1, SIGWINCH, SIGTSTP,
			  SIGCONT, SIGTTIN, SIGNALS_RTMIN, SIGNALS_RTMIN + 1,
			  SIGNALS_MAX, SIGTERM, 0, 0, 0);

	return signal != 0 ? signal : 1 + value / 16 % SIGNALS_MAX;
}

/* For foster: it cannot forward these two, and they end or stop it. */
static int catchable(int value)
{
	int signal = signal_of(value);

	return signal == SIGKILL || signal == SIGSTOP ? SIGUSR2
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

/* What is known of a process by its number. */
struct known {
	uint64_t born_ns, child_since_ns;
	unsigned told, continued;
	int told_by; /* at first */
	unsigned long passed; /* in that round one more was passed on */
	bool is_spared;
	bool is_marked; /* foster believes that this number was told */
	bool had_stop; /* the last signal to end, with the program's group */
};

static struct model {
	/* What the options say. */
	bool is_first, has_proc, is_group;
	bool has_stopped_group; /* a stop that the program ignores went there */
	struct lifecycle_config config;
	unsigned char rewriting[SIGNALS_REWRITING_SIZE];
	int remapped;
	/* What happened. */
	struct oracle oracle;
	int own, program;
	uint64_t halt_ns;
	uint64_t adopted_ns; /* when somebody was last */
	bool is_asleep;
	bool is_settled;	/* all that is dead was reaped */
	bool reads_old_clock;	/* next, for what is known already */
	/* Steps that are still to be taken before foster waits again. */
	bool owes_continue, owes_kill, owes_suspend;
	int stop; /* that came while leftovers end, for who was not told yet */
	bool may_continue; /* what stopped with foster */
	/* A signal that was taken and is to be forwarded: 0, none. */
	int expected;
	bool is_queued;
	long value;
	uint64_t given; /* of those that end, not yet taken; bit 0 is HUP */
	bool is_for_group; /* a signal to end, in this round, may be */
	int passing;	/* a signal that children get now, once each */
	unsigned long round;
	unsigned long calls, found, empty;
	unsigned most;	  /* processes, in this round */
	const char *rule; /* that was broken */
	long values[SIGNALS_MAX + 1][VALUES_MAX];
	unsigned first[SIGNALS_MAX + 1], last[SIGNALS_MAX + 1];
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

static uint64_t ns_of(uint64_t ms)
{
	return ms * MS;
}

/* LEFTOVERS: at three quarters of the grace time everybody is told. */
static uint64_t escalation_ns(void)
{
	return ns_of(m.oracle.ending_ms + m.config.grace_ms -
		     m.config.grace_ms / 4);
}

/* In words, for messages. */
static const char *stage(void)
{
	if (m.oracle.is_over)
		return "when it is over";
	if (oracle_program_runs(&m.oracle))
		return "while the program runs";
	if (oracle_all_may_run(&m.oracle))
		return "while all may run";
	return oracle_is_killing(&m.oracle) ? "while leftovers are killed"
					    : "while leftovers end";
}

static bool descends(const struct sim_process *process)
{
	while (process != NULL && process->pid != m.own)
		process = process->parent;
	return process != NULL;
}

/* ---- what foster has learnt, and has to do ---- */

static void learns(enum lifecycle_event event, int value, uint64_t ns)
{
	bool was_killing = oracle_is_killing(&m.oracle);
	struct lifecycle_step step;

	if (!oracle_can_happen(&m.oracle, event))
		return;
	/* While leftovers end, when all is reaped is read from the clock. */
	m.reads_old_clock = event == EVENT_NOTHING_TO_REAP &&
			    oracle_may_ask_time(&m.oracle, SIGCHLD);
	step = oracle_next(&m.oracle, event, value, ns / MS);
	m.is_settled = event == EVENT_NOTHING_TO_REAP;
	switch (step.action) {
	case STEP_FORWARD:
		m.expected = step.signal;
		m.is_for_group = step.signal == m.oracle.told_by;
		for (int i = 0; i < NUMBERS && m.is_for_group; i++)
			m.known[i].had_stop = false;
		break;
	case STEP_CONTINUE_PROGRAM:
		m.owes_continue = true;
		break;
	case STEP_KILL_PROGRAM:
		m.owes_kill = true;
		break;
	case STEP_SUSPEND:
		m.owes_suspend = !m.is_first;
		m.may_continue = true;
		break;
	case STEP_SIGNAL_CHILDREN:
		if (event == EVENT_SIGNAL)
			m.passing = step.signal;
		break;
	case STEP_TERMINATE_CHILDREN:
		/* Who was not told yet is told by the stop that came. */
		if (event == EVENT_SIGNAL)
			m.stop = step.signal;
		break;
	default:
		break;
	}
	if (!was_killing && (oracle_is_killing(&m.oracle) ||
			     step.action == STEP_REPORT))
		total.grace_over++;
}

/*
 * What is due by the clock: foster learns it when it reads the clock after it
 * has reaped all, and has learnt it before it sends the signal, or waits.
 */
static bool learns_what_is_due(uint64_t ns)
{
	if (oracle_due_ms(&m.oracle) > ns / MS || m.oracle.is_over)
		return false;
	learns(EVENT_TIME, 0, ns);
	return true;
}

static void learns_the_time(uint64_t ns)
{
	while (learns_what_is_due(ns))
		;
}

/* Real-time signals keep count, order and value. */
static void check_value(int signal, const siginfo_t *info)
{
	long value = info->si_code == SI_QUEUE
			     ? (long)info->si_value.sival_ptr
			     : 0;
	unsigned at = m.first[signal];

	if (signal < KERNEL_RTMIN)
		return;
	if (at == m.last[signal])
		broken("signal %d was never sent", signal);
	m.first[signal] = at + 1;
	if (m.values[signal][at % VALUES_MAX] != value)
		broken("signal %d has the value %ld", signal, value);
}

static void taken(int signal, const siginfo_t *info)
{
	total.signals += signal != SIGCHLD;
	check_value(signal, info);
	if (signal == SIGCHLD ||
	    (info->si_code == SI_USER && info->si_pid == m.own))
		return;
	m.is_queued =
		info->si_code < 0 && info->si_code != SI_TKILL && !m.is_group;
	m.value = (long)info->si_value.sival_ptr;
	learns(EVENT_SIGNAL, signal, sim.now_ns);
}

static void check_nothing_is_owed(void)
{
	if (m.expected != 0)
		broken("signal %d was taken and not forwarded", m.expected);
	if (m.owes_continue || m.owes_kill || m.owes_suspend)
		broken("program %d is not continued, killed, or followed",
		       m.program);
}

/*
 * For the one that SIGCHLD named, for any, and, without /proc, which it is;
 * once more for each time that is over when foster looks at the clock.
 */
static unsigned long empty_max(void)
{
	bool is_timed = m.oracle.asked_ms != ORACLE_NEVER &&
			m.config.kill_after_ms != 0;
	unsigned long times = oracle_program_runs(&m.oracle) ? is_timed : 3;

	return (m.is_first || m.has_proc ? 2 : 3) + times;
}

/* REAPING: it wakes up when something is due, no sooner and no later. */
static void check_limit(const struct sim_call *call)
{
	const struct kernel_timespec *limit = (void *)call->arguments[2];
	uint64_t due_ms = oracle_due_ms(&m.oracle), until_ms = ORACLE_NEVER;

	if (limit != NULL)
		until_ms = call->ns / MS + (uint64_t)limit->tv_sec * 1000 +
			   (uint64_t)limit->tv_nsec / MS;
	if (until_ms != due_ms)
		broken("it waits until %ld ms, and not until %ld ms",
		       (long)until_ms, (long)due_ms);
}

/* No work without a reason. */
static void check_round(void)
{
	bool walks = !oracle_program_runs(&m.oracle) || m.is_for_group;

	check_nothing_is_owed();
	if (m.oracle.is_over)
		broken("it waits %s", stage());
	if (m.empty > empty_max())
		broken("%lu empty looks for the dead at once", m.empty);
	if (m.calls > 60 + 5 * m.found + (walks ? 100 * m.most : 0))
		broken("%lu calls for one event, %lu found", m.calls, m.found);
	m.round++;
	m.calls = m.found = m.empty = m.most = 0;
	m.passing = 0;
	m.may_continue = m.is_settled = m.is_for_group = false;
}

static void waited_for_signal(const struct sim_call *call)
{
	const siginfo_t *info = (void *)call->arguments[1];

	/* The CONT that ended a stop of its own is not a signal for others. */
	if (info == NULL)
		return;
	learns_the_time(call->ns);
	check_limit(call);
	check_round();
	if (call->result > 0)
		taken((int)call->result, info);
}

static void read_clock(void)
{
	/* Of more that is due, the rest is for the next time. */
	if (m.is_settled && !m.reads_old_clock)
		learns_what_is_due(sim.now_ns);
	m.reads_old_clock = false;
}

static void program_ended(int status)
{
	check_nothing_is_owed();
	learns(EVENT_PROGRAM_ENDED, status, sim.now_ns);
}

/* A stop or a continue that waitid(2) tells, as wait4(2) has it. */
static int status_of(const siginfo_t *info)
{
	return info->si_code == CLD_CONTINUED ? 0xffff
					      : info->si_status << 8 | 0x7f;
}

static void waited_for_child(const struct sim_call *call)
{
	const siginfo_t *info = (void *)call->arguments[2];
	bool is_any, is_found, is_taken;
	int status, pid;

	is_found = call->number == SYS_wait4
			   ? call->result > 0
			   : call->result == 0 && info->si_pid > 0;
	m.found += is_found;
	m.empty += !is_found;
	/* One that SIGCHLD named may be gone already. */
	is_any = call->number == SYS_wait4 ? call->arguments[0] == -1
					   : call->arguments[0] == P_ALL;
	if (is_any && !is_found)
		learns(call->result == -ECHILD ? EVENT_NO_CHILDREN
					       : EVENT_NOTHING_TO_REAP,
		       0, sim.now_ns);
	is_taken = call->number == SYS_wait4 ||
		   (call->arguments[3] & WNOWAIT) == 0;
	if (!is_taken || !is_found)
		return;
	status = call->number == SYS_wait4
			 ? *(const int *)call->arguments[1]
			 : status_of(info);
	pid = call->number == SYS_wait4 ? (int)call->result : info->si_pid;
	if (pid != m.program || !oracle_program_runs(&m.oracle)) {
		if (!WIFSTOPPED(status) && !WIFCONTINUED(status))
			learns(EVENT_REAPED, 0, sim.now_ns);
	} else if (WIFSTOPPED(status)) {
		learns(EVENT_STOPPED, WSTOPSIG(status), sim.now_ns);
	} else if (WIFCONTINUED(status)) {
		learns(EVENT_CONTINUED, 0, sim.now_ns);
	} else {
		program_ended(status);
	}
}

/* Between two calls of foster the program may have changed its mind. */
static bool may_be_ignored(int signal)
{
	const struct sim_process *program = sim_by_pid(m.program);

	return m.has_proc && oracle_asks_to_end(signal) && program != NULL &&
	       (sim.hooks.choose != NULL ||
		(program->ignored & BIT(signal)) != 0);
}

static void sent(const struct sim_call *call)
{
	int to = (int)call->arguments[0], signal = (int)call->arguments[1];
	int target = m.is_group ? -m.program : m.program;
	bool is_queue = call->number == SYS_rt_sigqueueinfo;

	if (to == -m.program && may_be_ignored(signal)) {
		target = to;
		m.is_queued = false;
		m.has_stopped_group = true;
	}
	/* It has reaped many, and goes on later. */
	if (signal == SIGCHLD && to == m.own) {
		learns(EVENT_NOTHING_TO_REAP, 0, sim.now_ns);
		return;
	}
	if (!oracle_program_runs(&m.oracle))
		return;
	if (m.expected == signal && (to == target || to == m.program)) {
		total.given++;
		if (is_queue != m.is_queued)
			broken("signal %d was forwarded without its value",
			       signal);
		if (is_queue && call->result == -EAGAIN)
			m.is_queued = false;
		else if (call->result != -ESRCH || to == m.program)
			m.expected = 0;
		if (oracle_asks_to_end(signal) || signal == SIGHUP)
			m.given |= BIT(signal);
		return;
	}
	if (signal == SIGCONT && to == target && m.owes_continue) {
		m.owes_continue = false;
		return;
	}
	if (signal == SIGCONT && to == -m.program && m.may_continue) {
		m.may_continue = false;
		return;
	}
	if (signal == SIGKILL && to == m.program) {
		learns_the_time(sim.now_ns);
		if (m.owes_kill) {
			m.owes_kill = false;
			return;
		}
	}
	if (m.owes_suspend && (to == 0 || to == m.own)) {
		m.owes_suspend = false;
		return;
	}
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
	m.is_asleep = false;
	if (sim.process_count > m.most)
		m.most = sim.process_count;
	switch (call->number) {
	case SIM_CALL_SPAWN:
		m.program = (int)call->result;
		return;
	case SYS_wait4:
	case SYS_waitid:
		waited_for_child(call);
		return;
	case SYS_rt_sigtimedwait:
		waited_for_signal(call);
		return;
	case SYS_clock_gettime:
		read_clock();
		return;
	case SYS_kill:
	case SYS_rt_sigqueueinfo:
		sent(call);
		return;
	case SYS_nanosleep:
		broken("it sleeps for a while, %s", stage());
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

	return !m.is_first && !m.has_proc && !m.config.waits_for_all &&
	       m.expected == 0 && m.config.grace_ms != 0 &&
	       to->group == m.program && program != NULL &&
	       program->state == SIM_ZOMBIE;
}

/*
 * It had its last signal to end with the group, and did not ignore it. Between
 * two calls of foster it may have left that.
 */
static bool is_spared(const struct sim_process *to)
{
	uint64_t at_ms = oracle_is_ending(&m.oracle) ? m.oracle.ending_ms
						     : sim.now_ns / MS;

	return (m.is_group || m.has_stopped_group) &&
	       oracle_told_signal(&m.oracle, at_ms) != 0 &&
	       (m.has_proc ? m.known[to->pid].had_stop
			   : to->group == m.program ||
				     sim.hooks.choose != NULL);
}

/*
 * LEFTOVERS: by what ended it all, or by a stop that came later, if it has a
 * handler for that, else by TERM. "Who was told by another signal gets TERM"
 * when three quarters of the grace time are over.
 */
static void check_telling(const struct sim_process *to, int signal)
{
	struct known *known = &m.known[to->pid];
	int by = m.stop != 0 ? m.stop : oracle_signal_to_end(&m.oracle);
	bool is_sure = m.has_proc && sim.hooks.choose == NULL;

	total.told++;
	if (known->told++ == 0)
		known->told_by = signal;
	else if (known->told > 2 || known->told_by == SIGTERM ||
		 signal != SIGTERM || !m.oracle.all_were_told)
		broken("leftover %d is told %u times, by %d", to->pid,
		       known->told, signal);
	/* A stop that was ignored counts only if it was the last one. */
	if (is_sure && m.is_group && is_spared(to)) {
		/* What it had with its group was not TERM. */
		if (signal != SIGTERM || !m.oracle.all_were_told ||
		    m.oracle.told_by == SIGTERM)
			broken("leftover %d had its signal with the group",
			       to->pid);
		return;
	}
	if (known->told > 1 || !is_sure || is_spared(to))
		return;
	if (signal != SIGTERM && (to->caught & BIT(signal)) == 0)
		broken("leftover %d has no handler for %d", to->pid, signal);
	if (signal == SIGTERM && m.stop == 0 && (to->caught & BIT(by)) != 0 &&
	    by != SIGTERM)
		broken("leftover %d has a handler for %d", to->pid, by);
}

static void check_told(const struct sim_process *to, int signal)
{
	struct known *known = &m.known[to->pid];
	bool is_child = to->parent != NULL && to->parent->pid == m.own;
	bool is_by_all = m.is_first && !m.has_proc;
	bool runs = oracle_program_runs(&m.oracle);
	bool is_root = is_child || is_by_all || runs;

	/* Nobody is hurt; and the program's last stop may be answered late. */
	if (to->state == SIM_ZOMBIE || to->is_exiting)
		return;
	if (runs && signal == SIGCONT) {
		known->is_spared = known->told == 0;
		return;
	}
	if (m.passing == signal && known->passed != m.round) {
		known->passed = m.round;
		if (is_root)
			return;
	}
	if (signal == SIGKILL)
		learns_the_time(sim.now_ns);
	while (!is_root && !m.oracle.all_were_told &&
	       learns_what_is_due(sim.now_ns))
		;
	if (oracle_is_killing(&m.oracle) && signal == SIGKILL)
		return;
	if (!is_root && !m.oracle.all_were_told)
		broken("%d is no child and is sent %d too early", to->pid,
		       signal);
	/* Told by CONT, and continued: once or twice. */
	if (signal == SIGCONT && (m.stop == SIGCONT ||
				  oracle_signal_to_end(&m.oracle) == SIGCONT)) {
		known->told = known->continued = 1;
		known->told_by = SIGCONT;
		return;
	}
	if (signal == oracle_signal_to_end(&m.oracle) || signal == m.stop ||
	    (signal == SIGTERM && m.has_proc)) {
		check_telling(to, signal);
		return;
	}
	if (signal != SIGCONT)
		broken("leftover %d is sent signal %d", to->pid, signal);
	if (++known->continued > known->told + 1)
		broken("leftover %d is continued %u times", to->pid,
		       known->continued);
	known->is_spared = known->told == 0;
	/* By kill(-1) whoever is born between the two gets only the second. */
	if (known->is_spared && !is_by_all && !is_spared(to))
		broken("leftover %d is continued and not told, signal %d",
		       to->pid, signal);
}

static void had_with_group(const struct sim_process *to)
{
	struct known *known = &m.known[to->pid];

	known->had_stop = true;
	known->is_marked = true;
}

static void sent_by_foster(const struct sim_fact *fact)
{
	const struct sim_process *to = sim_by_pid(fact->pid);
	int signal = fact->number;

	if (fact->pid == m.own) {
		if (!m.owes_suspend)
			broken("it sends %d to itself, %s", signal, stage());
		return;
	}
	if (!descends(to) && !m.is_first)
		broken("%d is no relative and is sent %d", fact->pid, signal);
	if (oracle_program_runs(&m.oracle) && !is_last_word(to)) {
		if (to->pid != m.program && to->group != m.program)
			broken("%d is sent %d that is for the program", to->pid,
			       signal);
		if (signal == m.oracle.told_by &&
		    (to->ignored & BIT(signal)) == 0)
			had_with_group(to);
		if (m.expected == signal && m.is_queued &&
		    !may_be_ignored(signal) &&
		    (fact->value != m.value || fact->code != SI_QUEUE))
			broken("signal %d comes with the value %ld", signal,
			       fact->value);
		return;
	}
	if ((oracle_all_may_run(&m.oracle) && m.passing != signal) ||
	    m.oracle.is_over)
		broken("%d is sent %d while nobody is to be told", to->pid,
		       signal);
	if (signal == SIGCONT || signal == oracle_signal_to_end(&m.oracle))
		m.known[to->pid].is_marked = true;
	check_told(to, signal);
}

static void sent_to_foster(const struct sim_fact *fact)
{
	unsigned *last = &m.last[fact->number];

	if (fact->number < KERNEL_RTMIN || fact->fate != SIM_QUEUED)
		return;
	m.values[fact->number][*last % VALUES_MAX] =
		fact->code == SI_QUEUE ? fact->value : 0;
	++*last;
}

static void go_on(int pid, int unused)
{
	(void)unused;
	sim_do_inside(pid, SIGCONT);
}

static void on_fact(void *context, const struct sim_fact *fact)
{
	struct known *known = &m.known[fact->pid];

	(void)context;
	switch (fact->kind) {
	case SIM_FORKED:
		/*
		 * foster forgets whom it told when it reaps him: a process that
		 * somebody else reaped leaves a number that passes for told.
		 */
		*known = (struct known){ .born_ns = sim.now_ns,
					 .child_since_ns = sim.now_ns,
					 .is_spared = known->is_marked,
					 .is_marked = known->is_marked };
		total.processes++;
		return;
	case SIM_REAPED:
		if (fact->other == m.own)
			known->is_marked = known->had_stop = false;
		return;
	case SIM_ADOPTED:
		known->child_since_ns = m.adopted_ns = sim.now_ns;
		return;
	case SIM_SENT:
		/* What its death causes is not its doing. */
		if (fact->other == m.own && m.own != 0 &&
		    fact->number != SIGCHLD && sim.foster_status < 0)
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
	uint64_t look_ms = m.config.grace_ms / ORACLE_LOOKS;

	return ns_of(look_ms < ORACLE_LOOK_GAP_MS ? ORACLE_LOOK_GAP_MS
						  : look_ms);
}

static void check_is_told(const struct sim_process *process)
{
	const struct known *known = &m.known[process->pid];
	bool is_child =
		process->parent != NULL && process->parent->pid == m.own;
	uint64_t end_ns = ns_of(m.oracle.ending_ms);
	uint64_t telling_ns = end_ns + ns_of(oracle_quiet_ms(&m.oracle));
	uint64_t from_ns = known->child_since_ns > telling_ns
				   ? known->child_since_ns
				   : telling_ns;

	if (process->pid == m.own || process->state == SIM_ZOMBIE)
		return;
	if (m.has_proc && known->told > 0 && known->continued == 0)
		broken("%d was told and not continued", process->pid);
	if (known->told > 0 || known->is_spared)
		return;
	if (is_child && m.has_proc && sim.now_ns > from_ns + look_ns() + MS)
		broken("%d is a leftover and was not told", process->pid);
	if (known->born_ns < (m.has_proc ? escalation_ns() : end_ns) &&
	    sim.now_ns > escalation_ns() && (m.is_first || descends(process)) &&
	    (m.is_first || (m.has_proc && m.adopted_ns < escalation_ns())))
		broken("%d was not told at three quarters of the grace time", process->pid);
}

/* foster(1), SIGNALS: a stopped program cannot act on a signal to end. */
static void check_can_act(const struct sim_process *program)
{
	if (oracle_program_runs(&m.oracle) && program->state == SIM_STOPPED &&
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
	if (!m.is_asleep) {
		m.is_asleep = true;
		learns_the_time(sim.now_ns);
		check_nothing_is_owed();
	}
	check_can_act(sim_by_pid(m.program));
	if (sim.now_ns / MS > oracle_due_ms(&m.oracle) &&
	    m.halt_ns / MS < oracle_due_ms(&m.oracle))
		broken("something is due for %ld ms, and it waits",
		       (long)(sim.now_ns / MS - oracle_due_ms(&m.oracle)));
	if (!oracle_is_ending(&m.oracle) || oracle_is_killing(&m.oracle) ||
	    m.oracle.requests > 0)
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

/*
 * Who has gone round too often is ended by whoever looks after the machine, and
 * so is who keeps foster too busy: with -a each signal to it is for all its
 * children. What is left of its calls is for it to end, unless it spins.
 */
static void go_round(struct sim_process *self, int unused)
{
	(void)unused;
	if (run_loops++ > LOOPS_MAX || sim.calls_made > CALLS_MAX / 2)
		sim_do_outside(self->pid, SIGKILL);
}

/* All that it has no handler for. */
static void ignore_all(struct sim_process *self, int unused)
{
	(void)unused;
	self->ignored |= ~self->caught & ~BIT(SIGKILL) & ~BIT(SIGSTOP) &
			 ~BIT(SIGCHLD);
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
		*to = (struct sim_step)SIM_DIE(PICK(record[1], SIGKILL,
						    SIGSEGV, SIGABRT,
						    SIGTERM, SIGNALS_MAX));
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
		*to++ = (struct sim_step)SIM_SIGNAL_CHILDREN(SIGTERM);
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
	scripts[number] = (struct sim_script){ .name = names[number],
					       .on = reactions[number],
					       .steps = steps[number] };
}

/* ---- events ---- */

static long next_value;

static void queue(int signal)
{
	struct info info = { .code = SI_QUEUE,
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
	if (!m.oracle.has_ended)
		sim_do_outside(m.program, SIGKILL);
}

/*
 * Again and again: with -a it waits for all, and where time passes while others
 * could run, much of it may have passed before foster learns of an end.
 */
static void end_waiting(int times, int unused)
{
	(void)unused;
	if (oracle_all_may_run(&m.oracle))
		sim_do_inside(m.own, SIGTERM);
	if (times < ENDINGS_MAX)
		sim_at(sim_now_ms() + ENDING_MS, end_waiting, times + 1, 0);
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
			queue(i % 3 == 0 ? SIGNALS_MAX : signal);
		return;
	case 4:
		if (!m.oracle.has_ended)
			sim_do_inside(m.program, signal_of(value));
		return;
	case 5:
		sim_do_inside(m.own, SIGCHLD);
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
	sim_at(end + ENDING_MS, end_waiting, 0, 0);
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
	    (from == SIGTERM && (to == SIGCONT || to == SIGCHLD)))
		return;
	word("-r%d:%d", from, to);
	m.rewriting[from] = (unsigned char)(to != 0 ? to : SIGNALS_DROPPED);
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
	m.config = (struct lifecycle_config){
		.is_process_1 = m.is_first,
		.waits_for_all = genes[WAIT_ALL] % 4 == 1,
		.grace_ms = (uint32_t)grace,
		.kill_after_ms = (uint32_t)kill_after,
		.rewriting = m.rewriting,
	};
	oracle_begin(&m.oracle, &m.config);
	m.remapped = genes[REMAP] % 2 ? genes[REMAP] / 2 % 256 : -1;
	if (m.is_group)
		word("-g");
	if (m.config.waits_for_all)
		word("-a");
	if (genes[GRACE] != 0)
		word("-t%dms", grace);
	if (kill_after != 0)
		word("-k%dms", kill_after);
	if (m.remapped >= 0)
		word("-e%d", m.remapped);
	if (genes[TERM_AS] != 0)
		rewrite(SIGTERM, PICK(genes[TERM_AS] / 2, SIGQUIT, 0,
					  SIGUSR1, SIGINT, SIGNALS_RTMIN));
	if (genes[REWRITE_FROM] != 0 &&
	    catchable(genes[REWRITE_FROM]) != SIGCHLD)
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

/* EXIT STATUS, and that it ends at all, and not before its time. */
static void judge(enum sim_end_kind end)
{
	int status = m.oracle.wait_status, death = status & 0x7f, want;

	if (end == SIM_FAILED)
		return;
	if (end != SIM_ENDED || !m.oracle.has_ended) {
		m.rule = "it never ends";
		snprintf(sim.failure, sizeof(sim.failure), "%s: %d",
			 m.oracle.has_ended ? m.rule
					    : "it ended before its program",
			 sim.foster_status);
		return;
	}
	learns_the_time(sim.now_ns);
	if (!m.oracle.is_over) {
		m.rule = "it ends before its time";
		snprintf(sim.failure, sizeof(sim.failure), "%s, %s", m.rule,
			 stage());
		return;
	}
	want = death != 0 ? 128 + death : status >> 8 & 0xff;
	if (want == m.remapped)
		want = 0;
	if (sim.foster_status == want << 8)
		return;
	m.rule = "status";
	snprintf(sim.failure, sizeof(sim.failure),
		 "its status is %#x, the program's was %#x",
		 (unsigned)sim.foster_status, (unsigned)status);
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
	printf("%lu random worlds: %lu processes (%lu in one), %lu signals to"
	       " foster (%lu forwarded), %lu leftovers told, %lu times out of"
	       " grace, %lu stops of foster, %lu calls, %.0f hours\n",
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
	return call->number == SYS_rt_sigqueueinfo ? -EINVAL : 0;
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
