/*
 * contract.c - what must hold whatever happens, BEHAVIOUR.md sections 2, 4, 5
 * and 6. It looks only at what the kernel sees: calls, signals, deaths. It
 * knows nothing of keeper.c, but for one liberty: time is counted from the
 * first time that foster read the clock after the thing it is counted from,
 * since events may come between the two.
 */
#include "schedules.h"
#include "sys.h"

#include <stdio.h>
#include <string.h>

#define MS	   UINT64_C(1000000)
#define GRACE_NS   (GRACE_MS * MS)
#define LOOK_NS	   (20 * MS) /* new children are found within it */
#define KILLING_NS (1000 * MS)

/* What is known of a process, by its number. */
struct seen {
	bool is_ours; /* a descendant of foster, or was when it was born */
	bool is_told, is_continued, is_killed;
	bool is_passed;	       /* it has the signal that is being passed on */
	bool had_end;	       /* a TERM by foster to the group, option -g */
	bool must_be_told;     /* a child of foster's when the ending began */
	bool must_be_told_all; /* there at half the grace, not moved since */
	bool must_be_passed;
	uint8_t stopped_by;
};

enum { SENT_MAX = 16 };

struct pass {
	unsigned calls, reaped, stops, continues, handed, endings, told, sent,
		looks, clocks, halves, deadlines, kills, passed_on,
		user_children, dropped;
	uint64_t since_ns, last_ns;
};

static struct contract {
	struct seen seen[PIDS_MAX];
	bool has_begun, has_waited, reads_itself;
	bool is_dead, is_reaped; /* the program */
	int status;
	/* A signal that was taken and has to be handed over now. */
	int owed, owed_code;
	long owed_value;
	bool owed_failed;
	bool may_continue, may_suspend, may_continue_suspended;
	bool is_ending, needs_reference, has_marked_roots, has_marked_all;
	bool has_passed_on, is_over, is_killing, needs_killing_time;
	int passing; /* the signal that is passed on to leftovers now */
	bool is_armed, needs_arming, has_killed; /* option -k */
	bool is_group_spared;
	uint64_t clock_ns, ref_ns, killing_ns, armed_ns, group_told_ns;
	struct pass pass;
} c;

static struct {
	int pid, signal, code;
	long value;
} sent[SENT_MAX];
static int sent_count;

struct family *contract_family;

int __real_tend(struct family *family);
int __wrap_tend(struct family *family);

/* Here, foster's own state is known by its address. */
int __wrap_tend(struct family *family)
{
	contract_family = family;
	events_give_options(family);
	return __real_tend(family);
}

void contract_begin(void)
{
	memset(&c, 0, sizeof(c));
	c.pass.since_ns = c.pass.last_ns = sim.now_ns;
	sent_count = 0;
	contract_family = NULL;
}

bool contract_has_begun(void)
{
	return c.has_begun;
}

bool contract_reads_itself(void)
{
	return c.reads_itself;
}

void contract_tell(void (*take)(const void *bytes, size_t size))
{
	/* Not the count of calls in the last pass. */
	take(&c, offsetof(struct contract, pass));
}

/* ---- asking the kernel ---- */

static struct seen *seen_of(const struct sim_process *process)
{
	return &c.seen[process->pid % PIDS_MAX];
}

static bool is_living(const struct sim_process *process)
{
	return process->state != SIM_ZOMBIE;
}

static bool has_grace(void)
{
	return !world.no_grace;
}

static bool is_end(int signal)
{
	return signal == SIGNAL_TERM || signal == SIGNAL_INT ||
	       signal == SIGNAL_QUIT;
}

/*
 * With -g, after TERM within the last grace. Whether that counts for who was
 * born into the group after it: world.is_strict says no.
 */
static bool is_spared(const struct sim_process *process)
{
	return c.is_group_spared && process->group == program &&
	       (c.seen[process->pid % PIDS_MAX].had_end || !world.is_strict);
}

/* ---- what still counts ---- */

static uint64_t since(uint64_t ns)
{
	return ns == 0 ? SIM_NEVER : sim.now_ns - ns;
}

static uint64_t at_most(uint64_t ns, uint64_t limit_ns)
{
	return ns < limit_ns ? ns : limit_ns;
}

/*
 * Of a process: what is still asked for by a check below. A mark that has
 * been fulfilled is none any more; who is dead owes and is owed nothing, but
 * for that it is not told twice.
 */
unsigned contract_seen_alike(const struct sim_process *process)
{
	const struct seen *seen = seen_of(process);
	bool is_spared_now = is_spared(process);
	bool is_told = seen->is_told || is_spared_now;
	unsigned sign =
		(unsigned)(seen->is_ours | seen->is_told << 1 |
			   seen->is_continued << 2 | seen->is_killed << 3);

	if (!is_living(process))
		return sign;
	if (!is_told || !seen->is_continued)
		sign |= (unsigned)seen->must_be_told << 4;
	if (!is_told)
		sign |= (unsigned)seen->must_be_told_all << 5;
	if (!seen->is_passed)
		sign |= (unsigned)seen->must_be_passed << 6;
	if (process->state == SIM_STOPPED && process->pid == program &&
	    !c.is_reaped)
		sign |= (unsigned)(seen->stopped_by == SIGNAL_TSTP) << 7;
	if (world.is_strict)
		sign |= (unsigned)seen->had_end << 8;
	return sign;
}

void contract_tell_alike(void (*take)(const void *bytes, size_t size),
			 bool is_waiting)
{
	bool has_reference = c.is_ending && !c.needs_reference;
	uint64_t live[] = {
		(uint64_t)c.status,
		(uint64_t)c.is_dead | (uint64_t)c.is_reaped << 1 |
			(uint64_t)c.is_ending << 2 |
			(uint64_t)c.needs_reference << 3 |
			(uint64_t)c.has_marked_roots << 4 |
			(uint64_t)c.has_marked_all << 5 |
			(uint64_t)c.has_passed_on << 6 |
			(uint64_t)c.is_over << 7 | (uint64_t)c.is_killing << 8 |
			(uint64_t)c.is_group_spared << 9 |
			(uint64_t)c.passing << 10 | (uint64_t)c.owed << 20,
		/* May be made use of until foster waits again: woke(). */
		is_waiting ? 0
			   : (uint64_t)c.may_continue |
				     (uint64_t)c.may_suspend << 1 |
				     (uint64_t)c.may_continue_suspended << 2,
		/* -k ends with the program. */
		c.is_reaped
			? 0
			: (uint64_t)c.is_armed | (uint64_t)c.needs_arming << 1 |
				  (uint64_t)c.has_killed << 2,
		c.is_reaped || !c.is_armed || c.has_killed ? 0
							   : since(c.armed_ns),
		/* Whether it is longer ago than the grace. */
		world.group && has_grace() && !has_reference &&
				c.group_told_ns != 0
			? at_most(since(c.group_told_ns), GRACE_NS + 1)
			: SIM_NEVER,
		has_reference ? at_most(since(c.ref_ns), GRACE_NS) : 0,
		c.is_killing ? since(c.killing_ns) : 0,
	};

	take(live, sizeof(live));
}

/* ---- the pass and its calls ---- */

static unsigned kind_of(const struct pass *pass)
{
	if (!c.has_waited && !c.is_reaped)
		return PASS_START;
	if (pass->deadlines)
		return PASS_DEADLINE;
	if (pass->halves)
		return PASS_HALF;
	if (c.is_reaped && pass->endings)
		return PASS_PROGRAM_END;
	if (pass->looks || pass->told || pass->passed_on)
		return PASS_LOOK;
	if (pass->stops)
		return PASS_STOPPED;
	if (pass->continues)
		return PASS_CONTINUED;
	if (pass->handed)
		return PASS_SIGNAL;
	if (pass->reaped)
		return PASS_REAPED;
	if (pass->user_children)
		return PASS_USER_CHILD;
	if (pass->dropped)
		return PASS_DROPPED;
	return PASS_OTHER;
}

static unsigned late_in(const struct pass *pass)
{
	return (unsigned)((pass->last_ns - pass->since_ns) / (QUANTUM_MS * MS));
}

/*
 * While the program runs, each call has a reason: the wait, and the wait4(2)
 * that finds nobody; one for the child that SIGCHLD named; one for each child
 * that has something to report; the signals, each of which was judged; four
 * where foster stops itself, two for each thing it says, and the clock, where
 * -k counts. Later there are walks through /proc as well: at most that many
 * for four leftovers, and again where time has passed meanwhile.
 */
static unsigned calls_allowed(const struct pass *pass, unsigned kind)
{
	unsigned reports = pass->reaped + pass->stops + pass->continues;
	unsigned times = 1 + late_in(pass);

	switch (kind) {
	case PASS_START:
		return 24 + reports + pass->sent + 4 * pass->stops;
	case PASS_PROGRAM_END:
		return 96 * times;
	case PASS_LOOK:
	case PASS_DEADLINE:
		return 48 * times;
	case PASS_HALF:
		return 160 * times;
	default:
		return 3 + reports + pass->sent + pass->clocks +
		       4 * pass->stops + 2 * pass->kills;
	}
}

static void judge_pass(unsigned kind)
{
	unsigned clocks = 5 + 3 * late_in(&c.pass);

	if (c.pass.calls > calls_allowed(&c.pass, kind) ||
	    c.pass.clocks > clocks)
		sim_fail("%u calls in a pass, %u of the clock", c.pass.calls,
			 c.pass.clocks);
}

void contract_passed(void)
{
	if (c.has_begun)
		judge_pass(kind_of(&c.pass));
}

static void close_pass(void)
{
	unsigned kind = kind_of(&c.pass);
	struct pass_calls *calls = &search->passes[kind];

	judge_pass(kind);
	calls->passes++;
	if (c.pass.calls > calls->most)
		calls->most = c.pass.calls;
	c.has_waited = true;
	memset(&c.pass, 0, sizeof(c.pass));
	c.pass.since_ns = c.pass.last_ns = sim.now_ns;
}

/* ---- what happens ---- */

static void mark_children(size_t member)
{
	const struct sim_process *child = foster->children;

	for (; child != NULL; child = child->younger)
		if (is_living(child))
			*((bool *)seen_of(child) + member) = true;
}

#define MARK_CHILDREN(member) mark_children(offsetof(struct seen, member))

static void note_sent(const struct sim_fact *fact)
{
	if (fact->other != foster->pid || fact->number == SIGNAL_CHLD)
		return;
	if (sent_count == SENT_MAX)
		sim_fail("more than %d signals by one call", SENT_MAX);
	sent[sent_count].pid = fact->pid;
	sent[sent_count].signal = fact->number;
	sent[sent_count].code = fact->code;
	sent[sent_count++].value = fact->value;
}

static void note_born(const struct sim_fact *fact)
{
	struct seen *seen = &c.seen[fact->pid % PIDS_MAX];

	*seen = (struct seen){ 0 };
	if (foster == NULL)
		return;
	seen->is_ours =
		fact->other == foster->pid ||
		(fact->other != 0 && c.seen[fact->other % PIDS_MAX].is_ours);
	if (fact->other == foster->pid)
		program = fact->pid;
}

/*
 * A subreaper tells at half the grace only those who surely are descendants:
 * not one whose line of parents changes while it is read.
 */
static void unmark_below(const struct sim_process *process)
{
	const struct sim_process *other = sim_first();

	for (; other != NULL; other = other->next) {
		const struct sim_process *up = other;

		while (up != NULL && up != process)
			up = up->parent;
		if (up != NULL)
			seen_of(other)->must_be_told_all = false;
	}
}

void contract_fact(const struct sim_fact *fact)
{
	struct seen *seen = &c.seen[fact->pid % PIDS_MAX];

	switch (fact->kind) {
	case SIM_FORKED:
		note_born(fact);
		break;
	case SIM_EXECUTED:
		if (fact->pid == program && !c.is_dead)
			events_found_family();
		break;
	case SIM_SENT:
		note_sent(fact);
		break;
	case SIM_ADOPTED:
		if (world.is_strict)
			seen->must_be_told_all = false;
		else
			unmark_below(process_by_pid(fact->pid));
		break;
	case SIM_HALTED:
		seen->stopped_by = (uint8_t)fact->number;
		break;
	case SIM_DIED:
		if (fact->pid != program || c.is_dead)
			break;
		c.is_dead = true;
		c.status = fact->number;
		break;
	case SIM_REAPED:
		*seen = (struct seen){ 0 };
		if (fact->pid != program || fact->other != foster->pid ||
		    c.is_reaped)
			break;
		c.is_reaped = true;
		c.pass.endings++;
		c.is_ending = has_grace() && !world.waits_for_all;
		c.needs_reference = c.is_ending;
		break;
	default:
		break;
	}
}

/* ---- calls: waiting ---- */

static void waited(const struct sim_call *call)
{
	int status = *(const int *)call->arguments[1];

	c.passing = 0;
	if (call->result <= 0) {
		/* Now foster knows who is left. */
		if (c.is_ending && !c.has_marked_roots &&
		    call->arguments[0] < 0) {
			c.has_marked_roots = true;
			MARK_CHILDREN(must_be_told);
		}
		return;
	}
	if (status == 0xffff) {
		c.pass.continues++;
		return;
	}
	if ((status & 0xff) != 0x7f) {
		c.pass.reaped++;
		return;
	}
	c.pass.stops++;
	if (call->result == program && status >> 8 == SIGNAL_TSTP &&
	    !c.is_reaped)
		c.may_suspend = c.may_continue_suspended = true;
}

static void mark_half(void)
{
	const struct sim_process *process = sim_first();

	if (!c.is_ending || c.needs_reference || c.has_marked_all ||
	    c.is_killing || sim.now_ns < c.ref_ns + GRACE_NS / 2)
		return;
	c.has_marked_all = true;
	c.pass.halves++;
	for (; process != NULL; process = process->next)
		if (process != foster && is_living(process) &&
		    (seen_of(process)->is_ours || foster->pid == 1))
			seen_of(process)->must_be_told_all = true;
}

static void read_clock(void)
{
	c.pass.clocks++;
	c.clock_ns = sim.now_ns;
	if (c.needs_reference) {
		c.needs_reference = false;
		c.ref_ns = sim.now_ns;
		c.is_group_spared = world.group && c.group_told_ns != 0 &&
				    sim.now_ns <= c.group_told_ns + GRACE_NS;
	}
	if (c.needs_arming) {
		c.needs_arming = false;
		c.armed_ns = sim.now_ns;
	}
	mark_half();
}

static void take_while_running(int signal, const struct signal_info *info)
{
	c.owed = signal;
	c.owed_code = info->code;
	c.owed_value = (long)info->value;
	c.owed_failed = false;
	c.pass.handed++;
	if (is_end(signal) && world.kills && !c.is_armed)
		c.is_armed = c.needs_arming = true;
}

static void take_while_ending(int signal)
{
	const struct sim_process *process = sim_first();

	if (!is_end(signal) || c.is_killing) {
		c.pass.dropped++;
		return;
	}
	if (!c.is_ending) {
		c.is_ending = c.needs_reference = c.has_marked_roots = true;
		if (!has_grace())
			c.is_over = true;
		MARK_CHILDREN(must_be_told);
		return;
	}
	if (c.has_passed_on) {
		c.is_over = true;
		return;
	}
	c.has_passed_on = true;
	c.passing = signal;
	for (; process != NULL; process = process->next)
		seen_of(process)->is_passed = false;
	MARK_CHILDREN(must_be_passed);
}

static void woke(const struct sim_call *call)
{
	const struct signal_info *info = (const void *)call->arguments[1];
	int signal = (int)call->result;

	c.pass.calls--; /* this one begins the next pass */
	close_pass();
	c.pass.calls = 1;
	c.passing = 0;
	/* What a pass may do for a reason of its own, a later one may not. */
	c.may_continue = c.may_suspend = c.may_continue_suspended = false;
	if (c.owed != 0)
		sim_fail("signal %d was taken and not handed over", c.owed);
	mark_half();
	if (signal == -E_AGAIN)
		c.clock_ns = sim.now_ns;
	if (signal <= 0)
		return;
	if (signal == SIGNAL_CHLD) {
		c.pass.user_children += info->code <= 0;
		return;
	}
	if (!c.is_reaped)
		take_while_running(signal, info);
	else
		take_while_ending(signal);
}

/* ---- calls: signals ---- */

static void owed_done(void)
{
	for (int i = 0; c.owed == SIGNAL_TERM && i < sent_count; i++)
		c.seen[sent[i].pid % PIDS_MAX].had_end = true;
	if (c.owed == SIGNAL_TERM && world.group)
		c.group_told_ns = sim.now_ns;
	if (is_end(c.owed) || c.owed == SIGNAL_HUP)
		c.may_continue = true;
	c.owed = c.owed_code = 0;
	c.owed_value = 0;
}

/* Whether this call hands over what is owed; then how it must be. */
static bool hands_over(const struct sim_call *call, int signal)
{
	bool is_queued = c.owed_code == SENT_BY_QUEUE && !world.group;
	long to = call->arguments[0];

	if (c.owed != signal)
		return false;
	if (is_queued) {
		if (call->number != SYS_RT_SIGQUEUEINFO)
			sim_fail("signal %d loses its value", signal);
		if (to != program)
			sim_fail("a queued signal for %ld", to);
		if (sent_count == 1 && sent[0].value != c.owed_value)
			sim_fail("signal %d with value %ld, not %ld", signal,
				 sent[0].value, c.owed_value);
	} else if (to != (world.group && !c.owed_failed ? -program : program)) {
		sim_fail("signal %d is handed over to %ld", signal, to);
	}
	if (call->result == -E_SRCH && to < 0)
		c.owed_failed = true;
	else
		owed_done();
	return true;
}

static void judge_while_running(const struct sim_call *call, int signal)
{
	long to = call->arguments[0];

	if (hands_over(call, signal))
		return;
	if (signal == SIGNAL_CONT) {
		if (!c.may_continue && !c.may_continue_suspended)
			sim_fail("CONT to %ld for no reason", to);
		if (c.may_continue_suspended)
			c.may_continue_suspended = false;
		else
			c.may_continue = false;
		if (to != program && to != -program)
			sim_fail("CONT to %ld", to);
		return;
	}
	if (signal == SIGNAL_TSTP && c.may_suspend &&
	    (to == 0 || to == foster->pid)) {
		c.may_suspend = false;
		return;
	}
	if (signal == SIGNAL_KILL && to == program && c.is_armed &&
	    !c.has_killed && !c.needs_arming &&
	    sim.now_ns >= c.armed_ns + KILL_AFTER_MS * MS) {
		c.has_killed = true;
		c.pass.kills++;
		return;
	}
	sim_fail("signal %d to %ld while the program lives", signal, to);
}

static void judge_tell(const struct sim_process *to, struct seen *seen,
		       int signal)
{
	bool is_half =
		!c.needs_reference && sim.now_ns >= c.ref_ns + GRACE_NS / 2;

	if (!c.is_ending)
		sim_fail("%d is told though leftovers may run on", to->pid);
	if (to->parent != foster && !is_half)
		sim_fail("%d is told, and its parent lives", to->pid);
	if (signal == SIGNAL_CONT) {
		if (!seen->is_told && !is_spared(to))
			sim_fail("%d is continued, not told", to->pid);
		if (seen->is_continued)
			sim_fail("%d is continued twice", to->pid);
		seen->is_continued = true;
		return;
	}
	if (seen->is_told)
		sim_fail("%d is told twice", to->pid);
	if (is_spared(to))
		sim_fail("%d is told, and had TERM with its group", to->pid);
	seen->is_told = true;
	c.pass.told++;
}

static void judge_while_ending(int pid, int signal)
{
	struct sim_process *to = process_by_pid(pid);
	struct seen *seen = &c.seen[pid % PIDS_MAX];

	if (signal == c.passing) {
		if (to->parent != foster)
			sim_fail("signal %d is passed on to %d", signal, pid);
		if (seen->is_passed)
			sim_fail("signal %d is passed on twice to %d", signal,
				 pid);
		seen->is_passed = true;
		c.pass.passed_on++;
		return;
	}
	if (signal == SIGNAL_KILL) {
		bool is_late =
			!c.needs_reference && sim.now_ns >= c.ref_ns + GRACE_NS;

		if (foster->pid == 1 || !c.is_ending ||
		    (!is_late && !c.is_over))
			sim_fail("%d is killed before its time", pid);
		if (to->parent != foster)
			sim_fail("%d is killed, and its parent lives", pid);
		if (!c.is_killing)
			c.killing_ns = sim.now_ns;
		c.is_killing = true;
		c.pass.deadlines++;
		seen->is_killed = true;
		return;
	}
	if (signal != SIGNAL_CONT && signal != SIGNAL_TERM)
		sim_fail("signal %d to leftover %d", signal, pid);
	judge_tell(to, seen, signal);
}

static bool may_reach(int pid)
{
	if (pid == foster->pid || c.seen[pid % PIDS_MAX].is_ours)
		return true;
	return foster->pid == 1 && c.is_ending && !c.needs_reference &&
	       sim.now_ns >= c.ref_ns + GRACE_NS / 2;
}

static void signalled(const struct sim_call *call)
{
	int signal = (int)call->arguments[1];

	c.pass.sent++;
	for (int i = 0; i < sent_count; i++)
		if (!may_reach(sent[i].pid))
			sim_fail("signal %d to %d, which is no descendant",
				 sent[i].signal, sent[i].pid);
	if (signal == 0)
		return;
	if (!c.is_reaped)
		judge_while_running(call, signal);
	else if (sent_count == 0 && call->number == SYS_KILL &&
		 call->arguments[0] < 0)
		sim_fail("signal %d to group %ld after the end", signal,
			 -call->arguments[0]);
	else
		for (int i = 0; i < sent_count; i++)
			judge_while_ending(sent[i].pid, sent[i].signal);
}

void contract_called(const struct sim_call *call)
{
	if (foster == NULL || call->pid != foster->pid)
		return;
	search->calls++;
	c.pass.calls++;
	switch (call->number) {
	case SYS_RT_SIGPROCMASK:
		c.has_begun = true;
		break;
	case SYS_OPENAT:
		c.reads_itself = strcmp(call->text, "/proc/self/status") == 0;
		c.pass.looks += strstr(call->text, "children") != NULL;
		break;
	case SYS_WAIT4:
		waited(call);
		break;
	case SYS_CLOCK_GETTIME:
		read_clock();
		break;
	case SYS_RT_SIGTIMEDWAIT:
		if (events_is_main_wait(call))
			woke(call);
		break;
	case SYS_KILL:
	case SYS_TKILL:
	case SYS_RT_SIGQUEUEINFO:
	case SYS_PIDFD_SEND_SIGNAL:
		signalled(call);
		break;
	default:
		break;
	}
	c.pass.last_ns = sim.now_ns;
	sent_count = 0;
}

/* ---- while foster waits ---- */

/* What passes between the clock and the wait is nobody's fault. */
static uint64_t late_ns(void)
{
	return sim.now_ns - c.clock_ns;
}

static void check_running(uint64_t until_ns)
{
	const struct sim_process *app = process_by_pid(program);
	bool has_limit = c.is_armed && !c.has_killed;
	uint64_t ends = BIT(SIGNAL_TERM) | BIT(SIGNAL_INT);

	if (has_limit != (until_ns != SIM_NEVER))
		sim_fail(has_limit ? "-k, and waits without a limit"
				   : "waits with a limit, and nothing is due");
	if (has_limit && until_ns > c.armed_ns + KILL_AFTER_MS * MS + late_ns())
		sim_fail("waits longer than -k says");
	if (app->state != SIM_STOPPED)
		return;
	if ((signal_pending(app) & ends) != 0)
		sim_fail("the program is stopped, and has a signal to end");
	if (seen_of(app)->stopped_by == SIGNAL_TSTP)
		sim_fail("the program is stopped by TSTP, and foster runs");
}

static void check_child(const struct sim_process *child, uint64_t until_ns)
{
	const struct seen *seen = seen_of(child);

	if (seen->must_be_passed && !seen->is_passed)
		sim_fail("%d did not get what was passed on", child->pid);
	if (c.is_killing) {
		if (!seen->is_killed && until_ns > sim.now_ns + LOOK_NS)
			sim_fail("%d is not killed", child->pid);
		return;
	}
	if (seen->is_told || is_spared(child)) {
		if (!seen->is_continued && child->state == SIM_STOPPED &&
		    (seen->must_be_told || until_ns > sim.now_ns + LOOK_NS))
			sim_fail("%d is told and stays stopped", child->pid);
		return;
	}
	if (seen->must_be_told)
		sim_fail("%d was left over and is not told", child->pid);
	if (until_ns > sim.now_ns + LOOK_NS)
		sim_fail("%d has come and is not looked for", child->pid);
}

static void check_ending(uint64_t until_ns)
{
	const struct sim_process *process = foster->children;
	uint64_t limit_ns =
		c.is_killing ? c.killing_ns + KILLING_NS : c.ref_ns + GRACE_NS;

	if (process == NULL)
		sim_fail("waits, and nobody is left");
	if (!has_grace() && (!world.waits_for_all || c.is_over))
		sim_fail("waits, and there is no grace");
	if (!c.is_ending) {
		if (until_ns != SIM_NEVER)
			sim_fail("waits with a limit while leftovers run on");
		return;
	}
	if (c.is_over && !c.is_killing)
		sim_fail("waits, and was told twice to end");
	if (until_ns > limit_ns + late_ns())
		sim_fail("waits until %lu ms, which is too long",
			 (unsigned long)((until_ns - c.ref_ns) / MS));
	for (; process != NULL; process = process->younger)
		check_child(process, until_ns);
	for (process = sim_first(); process != NULL; process = process->next)
		if (is_living(process) && !c.is_killing &&
		    seen_of(process)->must_be_told_all &&
		    !seen_of(process)->is_told && !is_spared(process))
			sim_fail("%d is not told at half the grace",
				 process->pid);
}

void contract_waits(void)
{
	const struct sim_process *child = foster->children;
	uint64_t until_ns = foster->wait_until_ns;

	for (; child != NULL; child = child->younger)
		if (!is_living(child))
			sim_fail("waits, and %d is a zombie", child->pid);
	if (c.owed != 0)
		sim_fail("signal %d was taken and not handed over", c.owed);
	contract_passed();
	if (!c.is_reaped)
		check_running(until_ns);
	else
		check_ending(until_ns);
}

/* ---- the end ---- */

static int expected_status(void)
{
	int status = (c.status & 0x7f) != 0 ? 128 + (c.status & 0x7f)
					    : c.status >> 8 & 0xff;

	return world.remaps && (status == OWN_STATUS || status == 128 + 15)
		       ? 0
		       : status;
}

static bool has_living(void)
{
	const struct sim_process *process = sim_first();

	for (; process != NULL; process = process->next)
		if (process->pid != foster->pid && is_living(process) &&
		    seen_of(process)->is_ours)
			return true;
	return false;
}

void contract_ended(void)
{
	bool is_late = c.is_ending && !c.needs_reference &&
		       sim.now_ns >= c.ref_ns + GRACE_NS;

	if (!c.is_reaped)
		sim_fail("ends before the program");
	if (sim_status_of_foster() != expected_status())
		sim_fail("ends with %d, not %d", sim_status_of_foster(),
			 expected_status());
	if (c.owed != 0)
		sim_fail("signal %d was taken and not handed over", c.owed);
	if (!has_living() ||
	    (!has_grace() && (!world.waits_for_all || c.is_over)))
		return;
	if (!is_late && !c.is_over)
		sim_fail("ends though leftovers have time");
	if (foster->pid != 1 &&
	    (!c.is_killing || sim.now_ns < c.killing_ns + KILLING_NS))
		sim_fail("ends, and leaves somebody alive");
}

/* ---- the table ---- */

static const char *const pass_names[PASS_KINDS] = {
	[PASS_START] = "from the start to the first",
	[PASS_REAPED] = "orphans reaped",
	[PASS_SIGNAL] = "a signal handed over",
	[PASS_END_SIGNAL] = "a signal to end handed over",
	[PASS_USER_CHILD] = "CHLD from a user",
	[PASS_STOPPED] = "a child has stopped",
	[PASS_CONTINUED] = "a child was continued",
	[PASS_PROGRAM_END] = "the program has ended",
	[PASS_LOOK] = "children looked at",
	[PASS_HALF] = "half the grace is over",
	[PASS_DEADLINE] = "the grace is over, killing",
	[PASS_DROPPED] = "a signal dropped",
	[PASS_OTHER] = "nothing any more (merged)",
};

void contract_print_calls(const struct pass_calls *passes)
{
	printf("foster's system calls from one wait to the next:\n");
	for (int i = 0; i < PASS_KINDS; i++)
		if (passes[i].passes != 0)
			printf("  %-30s %9u passes, %3u at most\n",
			       pass_names[i], passes[i].passes, passes[i].most);
}
