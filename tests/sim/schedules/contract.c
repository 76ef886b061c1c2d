/*
 * contract.c - what must hold whatever happens: foster(1), SIGNALS, REAPING
 * and LEFTOVERS. It looks only at what the kernel sees: calls, signals,
 * deaths. From the calls it learns what foster has learnt, and asks the oracle
 * (tests/lifecycle_contract.h) what follows. Where the time plays a part, it is
 * counted from the first time that foster read the clock after the thing it is
 * counted from, since events may come between the two.
 */
#include "../../lifecycle_contract.h"
#include "schedules.h"
#include "sys.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define MS	 UINT64_C(1000000)
#define GRACE_NS (GRACE_MS * MS)
/* New children are found within it. */
#define LOOK_NS (ORACLE_LOOK_GAP_MS * MS)

/* What is known of a process, by its number. */
struct seen {
	bool is_ours; /* a descendant of foster, or was when it was born */
	bool is_told, is_continued, is_killed;
	bool is_passed;	       /* it has the signal that is being passed on */
	bool had_end;	       /* a signal to end by foster, with its group */
	/* Born while that was on its way, or ignores it: has it once more. */
	bool may_have_another;
	bool must_be_told;     /* a child of foster's when the ending began */
	bool must_be_told_all; /* there at 3/4 of the grace, not moved since */
	bool must_be_passed;
	uint8_t stopped_by;
};

enum { SENT_MAX = 16 };

struct pass {
	unsigned calls, reaped, stops, continues, forwarded, endings, told,
		sent, looks, clocks, halves, deadlines, kills, passed_on,
		user_children, dropped, requests;
	uint64_t since_ns, last_ns;
};

static struct contract {
	struct seen seen[PIDS_MAX];
	bool has_begun, has_waited, reads_itself;
	struct oracle oracle;
	/* What has happened counts from the next time the clock is read. */
	bool has_news;
	enum lifecycle_event news;
	int news_value;
	bool is_dead; /* the program */
	int status;
	/* A signal that was taken and has to be forwarded now. */
	int owed, owed_code;
	long owed_value;
	bool owed_failed;
	bool has_stopped_group; /* a stop that the program ignores went there */
	bool may_continue, may_suspend, may_continue_suspended, may_kill;
	int passing; /* the signal that is passed on to leftovers now */
	int telling; /* what those get who were not told yet */
	uint64_t clock_ns;
	struct pass pass;
} c;

static struct {
	int pid, signal, code;
	long value;
} sent[SENT_MAX];
static int sent_count;

static struct lifecycle_config config;
static const unsigned char no_rewriting[SIGNALS_REWRITING_SIZE];

struct init *contract_init;

int __real_loop_run(struct init *init);
int __wrap_loop_run(struct init *init);

/* Here, foster's own state is known by its address. */
int __wrap_loop_run(struct init *init)
{
	int status;

	contract_init = init;
	events_give_options(init);
	status = __real_loop_run(init);
	contract_init = NULL; /* its frame is gone soon */
	return status;
}

/* Some options are decided late. */
static void take_options(void)
{
	config = (struct lifecycle_config){
		.is_process_1 = world.is_process_1,
		.waits_for_all = world.waits_for_all,
		.grace_ms = world.no_grace ? 0 : GRACE_MS,
		.kill_after_ms = world.kills ? KILL_AFTER_MS : 0,
		.rewriting = no_rewriting,
	};
}

void contract_begin(void)
{
	memset(&c, 0, sizeof(c));
	take_options();
	oracle_begin(&c.oracle, &config);
	c.pass.since_ns = c.pass.last_ns = sim.now_ns;
	sent_count = 0;
	contract_init = NULL;
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

/*
 * Without /proc, process 1 tells all at once, and nobody later; one that is
 * not process 1 tells the program's group before it reaps the program, and
 * then reaches nobody.
 */
static bool tells_all_at_once(void)
{
	return world.no_proc && foster->pid == 1;
}

static bool tells_only_group(void)
{
	return world.no_proc && foster->pid != 1;
}

/* Option -a; who was told to stop has told foster so, too. */
static bool waits_for_all(void)
{
	return world.waits_for_all && !c.oracle.was_told_to_stop;
}

static bool is_ending(void)
{
	return oracle_is_ending(&c.oracle) ||
	       (oracle_is_settling(&c.oracle) && has_grace());
}

/*
 * With -g, and where the program ignores it, after a signal to end within the
 * last grace, which it had with its group.
 */
static bool is_spared(const struct sim_process *process)
{
	return (world.group || c.has_stopped_group) &&
	       oracle_is_ending(&c.oracle) &&
	       oracle_told_signal(&c.oracle, c.oracle.ending_ms) != 0 &&
	       (world.no_proc ? process->group == program
			      : c.seen[process->pid % PIDS_MAX].had_end);
}

/*
 * Who reads a pipe is passed over until the last call: a second after its last
 * writer is later than the whole grace.
 */
static bool is_passed_over(const struct sim_process *process)
{
	return world.has_reader && !world.no_proc && process->pipes[0] != 0 &&
	       oracle_spares_readers(&c.oracle);
}

/* ---- what still counts ---- */

static uint64_t from_now(uint64_t ms)
{
	return ms == ORACLE_NEVER ? ms : ms - sim.now_ns / MS;
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
	    !c.oracle.has_ended)
		sign |= (unsigned)(seen->stopped_by == SIGTSTP) << 7;
	if (world.group || c.has_stopped_group)
		sign |= (unsigned)(seen->had_end + seen->may_have_another) << 8;
	return sign;
}

void contract_tell_alike(void (*take)(const void *bytes, size_t size),
			 bool is_waiting)
{
	bool runs = !c.oracle.has_ended;
	uint64_t now_ms = sim.now_ns / MS;
	uint64_t live[] = {
		(uint64_t)c.status,
		(uint64_t)c.is_dead | (uint64_t)runs << 1 |
			(uint64_t)oracle_all_may_run(&c.oracle) << 2 |
			(uint64_t)oracle_is_ending(&c.oracle) << 3 |
			(uint64_t)c.oracle.roots_were_told << 4 |
			(uint64_t)c.oracle.all_were_told << 5 |
			(uint64_t)c.oracle.requests << 6 |
			(uint64_t)c.oracle.is_over << 8 |
			(uint64_t)oracle_is_killing(&c.oracle) << 9 |
			(uint64_t)c.oracle.has_reaped << 10 |
			(uint64_t)c.has_news << 11 | (uint64_t)c.news << 12 |
			(uint64_t)c.news_value << 16 |
			(uint64_t)c.passing << 24 | (uint64_t)c.owed << 32 |
			(uint64_t)c.telling << 40,
		/* May be made use of until foster waits again: woke(). */
		is_waiting ? 0
			   : (uint64_t)c.may_continue |
				     (uint64_t)c.may_suspend << 1 |
				     (uint64_t)c.may_continue_suspended << 2 |
				     (uint64_t)c.may_kill << 3,
		runs ? (uint64_t)c.oracle.is_stopped |
				(uint64_t)c.oracle.owes_continue << 1 |
				(uint64_t)c.oracle.was_killed << 2 |
				(uint64_t)c.oracle.had_term_or_int << 3 |
				(uint64_t)(c.oracle.forwarded != 0) << 4
		     : 0,
		from_now(oracle_kill_ms(&c.oracle)),
		/* Whether it is longer ago than the grace. */
		(world.group || c.has_stopped_group) && has_grace() &&
				!oracle_is_ending(&c.oracle) &&
				oracle_told_signal(&c.oracle, now_ms) != 0
			? from_now(c.oracle.told_ms)
			: SIM_NEVER,
		from_now(oracle_telling_ms(&c.oracle)),
		(uint64_t)c.oracle.last_were_told |
			(uint64_t)c.oracle.was_told_to_stop << 1 |
			(uint64_t)c.has_stopped_group << 2 |
			(uint64_t)c.oracle.stop << 8 |
			(uint64_t)c.oracle.told_by << 16,
		runs ? from_now(c.oracle.quit_or_hup_ms) : 0,
		from_now(oracle_deadline_ms(&c.oracle)),
		from_now(oracle_look_ms(&c.oracle)),
	};

	take(live, sizeof(live));
}

/* ---- the pass and its calls ---- */

static unsigned kind_of(const struct pass *pass)
{
	if (!c.has_waited && !c.oracle.has_ended)
		return PASS_START;
	if (pass->deadlines)
		return PASS_DEADLINE;
	if (pass->halves)
		return PASS_HALF;
	if (c.oracle.has_ended && pass->endings)
		return PASS_PROGRAM_END;
	if (pass->looks || pass->told || pass->passed_on)
		return PASS_LOOK;
	if (pass->stops)
		return PASS_STOPPED;
	if (pass->continues)
		return PASS_CONTINUED;
	if (pass->forwarded)
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
 * that has something to report, and one for each stop, which may be a traced
 * one; the signals, each of which was judged, and for one to end the program's
 * status in /proc, which at first has to be asked whose it is; four where foster
 * stops itself, four for each thing it says, and the clock, where -k counts.
 * Later there are walks through /proc as well: at most that many for four
 * leftovers, and again where time has passed meanwhile.
 */
static unsigned calls_with_proc(const struct pass *pass, unsigned kind)
{
	/* Of each reader all others are looked at. */
	unsigned readers = world.has_reader ? 100 : 0;
	unsigned reports = pass->reaped + pass->stops + pass->continues;
	unsigned times = 1 + late_in(pass);
	/* A signal to end; one for the group looks at its members. */
	unsigned request =
		world.group || c.has_stopped_group ? 40 + readers : 6;

	switch (kind) {
	case PASS_START:
		return 24 + reports + pass->sent + 5 * pass->stops +
		       request * pass->requests;
	case PASS_PROGRAM_END:
		return (120 + readers) * times;
	case PASS_LOOK:
		return (80 + readers) * times;
	case PASS_HALF:
	case PASS_DEADLINE:
		return (200 + readers) * times;
	default:
		return 3 + reports + pass->sent + pass->clocks +
		       5 * pass->stops + 4 * pass->kills +
		       request * pass->requests;
	}
}

/* Without /proc each child may be looked at before it is taken. */
static unsigned calls_allowed(const struct pass *pass, unsigned kind)
{
	return calls_with_proc(pass, kind) * (world.no_proc ? 2 : 1);
}

static void judge_pass(unsigned kind)
{
	unsigned clocks = 5 + 3 * late_in(&c.pass) + c.pass.stops;

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

/* Who is left has to be told: foster's children, but for those passed over. */
static void mark_children(void)
{
	const struct sim_process *child = foster->children;

	if (tells_only_group())
		return;
	for (; child != NULL; child = child->younger)
		if (is_living(child) && !is_passed_over(child))
			seen_of(child)->must_be_told = true;
}

/* Who is there when the telling begins must be told. */
static void mark_roots(void)
{
	const struct sim_process *process = sim_first();

	mark_children();
	if (!tells_all_at_once())
		return;
	for (; process != NULL; process = process->next)
		if (process != foster && is_living(process))
			seen_of(process)->must_be_told_all = true;
}

/* The program has ended, and has not been reaped: so has its group. */
static void mark_group(void)
{
	const struct sim_process *process = group_first(program);

	if (!tells_only_group() || waits_for_all() || !has_grace())
		return;
	for (; process != NULL; process = process->group_next)
		if (is_living(process))
			seen_of(process)->must_be_told_all = true;
}

/* Who is there at 3/4 of the grace must be told; at 7/8, also readers. */
static void mark_all(void)
{
	const struct sim_process *process = sim_first();

	c.pass.halves++;
	if (world.no_proc)
		return;
	if (c.oracle.last_were_told) {
		if (world.has_reader)
			mark_children();
		return;
	}
	for (; process != NULL; process = process->next)
		if (process != foster && is_living(process) &&
		    (seen_of(process)->is_ours || foster->pid == 1) &&
		    !is_passed_over(process))
			seen_of(process)->must_be_told_all = true;
}

/* To all children, also those who read. */
static void pass_on(int signal)
{
	const struct sim_process *process = sim_first();

	c.passing = signal;
	for (; process != NULL; process = process->next) {
		seen_of(process)->is_passed = false;
		if (!tells_only_group() && process->parent == foster &&
		    is_living(process))
			seen_of(process)->must_be_passed = true;
	}
}

/* The first signal to end is for who was not told yet. */
static void tell_rest(int signal)
{
	c.telling = signal;
	if (!world.no_proc)
		mark_children();
}

/* What follows has to be done before foster waits again, and may be. */
static void has_learnt(enum lifecycle_event event, int value)
{
	bool roots_were_told = c.oracle.roots_were_told;
	struct lifecycle_step step;

	if (!oracle_can_happen(&c.oracle, event))
		return;
	step = oracle_next(&c.oracle, event, value, sim.now_ns / MS);
	/* Nobody asks for more here: see oracle_continues(). */
	c.oracle.forwarded &= BIT(SIGTERM);
	if (!world.kills)
		c.oracle.asked_ms = ORACLE_NEVER;
	if (step.action == STEP_FORWARD)
		c.owed = step.signal;
	else if (step.action == STEP_CONTINUE_PROGRAM)
		c.may_continue = true;
	else if (step.action == STEP_SUSPEND)
		c.may_suspend = c.may_continue_suspended = true;
	else if (step.action == STEP_KILL_PROGRAM)
		c.may_kill = true;
	else if (c.oracle.roots_were_told && !roots_were_told)
		mark_roots();
	else if (step.action == STEP_TERMINATE_ALL)
		mark_all();
	else if (step.action == STEP_TERMINATE_CHILDREN &&
		 event == EVENT_SIGNAL)
		tell_rest(step.signal);
	else if (step.action == STEP_SIGNAL_CHILDREN && event == EVENT_SIGNAL &&
		 !oracle_is_killing(&c.oracle))
		pass_on(step.signal);
}

static void take_news(void)
{
	bool has_news = c.has_news;

	c.has_news = false;
	if (has_news)
		has_learnt(c.news, c.news_value);
}

/* Where the time plays a part it is the one that the clock says next. */
static void learns(enum lifecycle_event event, int value)
{
	take_news();
	take_options();
	c.has_news = event == EVENT_STOPPED ||
		     (event == EVENT_SIGNAL &&
		      oracle_may_ask_time(&c.oracle, value)) ||
		     (event == EVENT_NOTHING_TO_REAP &&
		      oracle_may_ask_time(&c.oracle, SIGCHLD));
	c.news = event;
	c.news_value = value;
	if (!c.has_news)
		has_learnt(event, value);
}

/* Of more that is due, the rest is for the next time. */
static void read_clock(void)
{
	c.pass.clocks++;
	c.clock_ns = sim.now_ns;
	if (c.has_news)
		take_news();
	else if (oracle_due_ms(&c.oracle) <= sim.now_ns / MS)
		has_learnt(EVENT_TIME, 0);
}

static void note_sent(const struct sim_fact *fact)
{
	if (fact->other != foster->pid || fact->number == SIGCHLD)
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

	*seen = (struct seen){ .may_have_another = c.owed != 0 };
	if (foster == NULL)
		return;
	seen->is_ours =
		fact->other == foster->pid ||
		(fact->other != 0 && c.seen[fact->other % PIDS_MAX].is_ours);
	if (fact->other == foster->pid)
		program = fact->pid;
}

/*
 * A subreaper tells at 3/4 of the grace only those who surely are descendants:
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
		if (world.no_proc)
			break;
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
		mark_group();
		break;
	case SIM_REAPED:
		*seen = (struct seen){ 0 };
		break;
	default:
		break;
	}
}

/* ---- calls: waiting ---- */

static void has_changed(int pid, int status)
{
	bool is_program = pid == program && !c.oracle.has_ended;

	if (WIFCONTINUED(status)) {
		c.pass.continues++;
		if (is_program)
			learns(EVENT_CONTINUED, 0);
	} else {
		c.pass.stops++;
		if (is_program)
			learns(EVENT_STOPPED, WSTOPSIG(status));
	}
}

/* A child that is dead or has changed; or none: foster knows who is left. */
static void waited(const struct sim_call *call)
{
	int status = *(const int *)call->arguments[1];
	bool is_program;

	c.passing = c.telling = 0;
	if (call->result <= 0) {
		if (call->arguments[0] < 0)
			learns(call->result == -ECHILD ? EVENT_NO_CHILDREN
						       : EVENT_NOTHING_TO_REAP,
			       0);
		return;
	}
	if (WIFCONTINUED(status) || WIFSTOPPED(status)) {
		has_changed((int)call->result, status);
		return;
	}
	is_program = call->result == program && !c.oracle.has_ended;
	c.pass.reaped++;
	c.pass.endings += is_program;
	learns(is_program ? EVENT_PROGRAM_ENDED : EVENT_REAPED, status);
}

/* Without /proc a child is looked at first, and a stop is taken so. */
static void looked(const struct sim_call *call)
{
	const siginfo_t *info = (const void *)call->arguments[2];

	if (call->result != 0)
		return;
	if (info->si_pid == 0) {
		if (call->arguments[0] == P_ALL)
			learns(EVENT_NOTHING_TO_REAP, 0);
	} else if ((call->arguments[3] & WNOWAIT) == 0) {
		has_changed(info->si_pid,
			    info->si_code == CLD_CONTINUED
				    ? 0xffff
				    : info->si_status << 8 | 0x7f);
	}
}

/*
 * Of a group that is sent a stop since the program ignores it, who reads what
 * others write gets none; then the others are sent it one by one.
 */
static bool owes_members(void)
{
	return world.has_reader && !world.no_proc && !c.oracle.has_ended &&
	       oracle_asks_to_end(c.owed) &&
	       (process_by_pid(program)->ignored & BIT(c.owed)) != 0;
}

static void check_nothing_is_owed(void)
{
	if (c.owed != 0 && !owes_members())
		sim_fail("signal %d was taken and not forwarded", c.owed);
	c.owed = 0;
}

static void woke(const struct sim_call *call)
{
	const siginfo_t *info = (const void *)call->arguments[1];
	int signal = (int)call->result;

	c.pass.calls--; /* this one begins the next pass */
	close_pass();
	c.pass.calls = 1;
	c.passing = c.telling = 0;
	/* What a pass may do for a reason of its own, a later one may not. */
	c.may_continue = c.may_suspend = c.may_continue_suspended = false;
	c.may_kill = false;
	check_nothing_is_owed();
	if (signal == -EAGAIN)
		c.clock_ns = sim.now_ns;
	if (signal <= 0)
		return;
	if (signal == SIGCHLD) {
		c.pass.user_children += info->si_code <= 0;
		return;
	}
	c.owed_code = info->si_code;
	c.owed_value = (long)info->si_value.sival_ptr;
	c.owed_failed = false;
	c.pass.forwarded += !c.oracle.has_ended;
	c.pass.requests += !c.oracle.has_ended && oracle_asks_to_end(signal);
	c.pass.dropped += c.oracle.has_ended && (!oracle_asks_to_end(signal) ||
						 oracle_is_killing(&c.oracle));
	learns(EVENT_SIGNAL, signal);
	for (int i = 0; oracle_asks_to_end(c.owed) && i < PIDS_MAX; i++)
		c.seen[i].had_end = false;
}

/* ---- calls: signals ---- */

static void note_had_end(void)
{
	for (int i = 0; oracle_asks_to_end(c.owed) && i < sent_count; i++) {
		struct seen *seen = &c.seen[sent[i].pid % PIDS_MAX];

		seen->had_end = true;
		if (process_by_pid(sent[i].pid)->ignored & BIT(c.owed))
			seen->may_have_another = true;
	}
}

static void owed_done(void)
{
	note_had_end();
	c.owed = c.owed_code = 0;
	c.owed_value = 0;
}

/* Whether this call forwards what is owed; then how it must be. */
static bool is_forwarded(const struct sim_call *call, int signal)
{
	bool is_queued = c.owed_code == SI_QUEUE && !world.group;
	long to = call->arguments[0];
	bool is_for_group = world.group && !c.owed_failed;

	if (c.owed != signal)
		return false;
	if (call->number == SYS_pidfd_send_signal && owes_members()) {
		for (int i = 0; i < sent_count; i++)
			if (is_passed_over(process_by_pid(sent[i].pid)))
				sim_fail("%d reads a pipe and is told too early",
					 sent[i].pid);
		c.has_stopped_group = true;
		note_had_end();
		return true;
	}
	/* Whoever ignores it once does so for good here. */
	if (to == -program && oracle_asks_to_end(signal) && !world.no_proc &&
	    (process_by_pid(program)->ignored & BIT(signal)) != 0)
		is_for_group = c.has_stopped_group = true;
	if (is_queued) {
		if (call->number != SYS_rt_sigqueueinfo)
			sim_fail("signal %d loses its value", signal);
		if (to != program)
			sim_fail("a queued signal for %ld", to);
		if (sent_count == 1 && sent[0].value != c.owed_value)
			sim_fail("signal %d with value %ld, not %ld", signal,
				 sent[0].value, c.owed_value);
	} else if (to != (is_for_group ? -program : program)) {
		sim_fail("signal %d is forwarded to %ld", signal, to);
	}
	if (call->result == -ESRCH && to < 0)
		c.owed_failed = true;
	else
		owed_done();
	return true;
}

/* The program is dead and still holds the number of its group. */
static bool tells_group(const struct sim_call *call, int signal)
{
	int end = oracle_signal_to_end(&c.oracle);

	if (!tells_only_group() || !c.is_dead || waits_for_all() ||
	    !has_grace() || call->number != SYS_kill ||
	    call->arguments[0] != -program ||
	    (signal != end && signal != SIGCONT))
		return false;
	for (int i = 0; i < sent_count; i++) {
		struct seen *seen = &c.seen[sent[i].pid % PIDS_MAX];

		if (signal == end && seen->is_told)
			sim_fail("%d is told twice", sent[i].pid);
		seen->is_told |= signal == end;
		seen->is_continued |= signal == SIGCONT;
	}
	return true;
}

static void judge_while_running(const struct sim_call *call, int signal)
{
	long to = call->arguments[0];

	if (is_forwarded(call, signal) || tells_group(call, signal))
		return;
	if (signal == SIGCONT) {
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
	if (signal == SIGTSTP && c.may_suspend &&
	    (to == 0 || to == foster->pid)) {
		c.may_suspend = false;
		return;
	}
	if (signal == SIGKILL && to == program && c.may_kill) {
		c.may_kill = false;
		c.pass.kills++;
		return;
	}
	sim_fail("signal %d to %ld while the program lives", signal, to);
}

static void judge_tell(const struct sim_process *to, struct seen *seen,
		       int signal)
{
	if (!is_ending())
		sim_fail("%d is told though leftovers may run on", to->pid);
	if (!c.oracle.roots_were_told)
		sim_fail("%d is told in the quiet time", to->pid);
	if (is_passed_over(to) && !is_spared(to))
		sim_fail("%d reads a pipe and is told too early", to->pid);
	if (to->parent != foster && !c.oracle.all_were_told &&
	    !tells_all_at_once())
		sim_fail("%d is told, and its parent lives", to->pid);
	if (signal == SIGCONT) {
		/* Born between the two kill(-1). */
		if (!seen->is_told && !is_spared(to) && !tells_all_at_once())
			sim_fail("%d is continued, not told", to->pid);
		if (seen->is_continued)
			sim_fail("%d is continued twice", to->pid);
		seen->is_continued = true;
		return;
	}
	if (seen->is_told)
		sim_fail("%d is told twice", to->pid);
	/* A stop that was ignored counts only if it was the last one. */
	if (world.group && is_spared(to) && !seen->may_have_another &&
	    (c.oracle.told_by == SIGTERM || !c.oracle.all_were_told))
		sim_fail("%d is told, and had it with its group", to->pid);
	/* Who had another signal with its group gets TERM at 3/4, and CONT. */
	if (is_spared(to))
		seen->is_continued = false;
	seen->is_told = true;
	c.pass.told++;
}

static void judge_while_ending(int pid, int signal)
{
	struct sim_process *to = process_by_pid(pid);
	struct seen *seen = &c.seen[pid % PIDS_MAX];

	if (tells_only_group())
		sim_fail("signal %d to %d, and there is no /proc", signal, pid);
	if (signal == c.passing) {
		if (to->parent != foster && !tells_all_at_once())
			sim_fail("signal %d is passed on to %d", signal, pid);
		if (seen->is_passed)
			sim_fail("signal %d is passed on twice to %d", signal,
				 pid);
		seen->is_passed = true;
		c.pass.passed_on++;
		return;
	}
	if (signal == SIGKILL) {
		if (!oracle_is_killing(&c.oracle))
			sim_fail("%d is killed before its time", pid);
		c.pass.deadlines++;
		seen->is_killed = true;
		return;
	}
	/* Nobody in these worlds handles another signal to end. */
	if (signal != SIGCONT && signal != SIGTERM &&
	    (!world.no_proc || (signal != oracle_signal_to_end(&c.oracle) &&
				signal != c.telling)))
		sim_fail("signal %d to leftover %d", signal, pid);
	judge_tell(to, seen, signal);
}

static bool may_reach(int pid)
{
	if (pid == foster->pid || c.seen[pid % PIDS_MAX].is_ours)
		return true;
	return foster->pid == 1 && oracle_is_ending(&c.oracle) &&
	       (world.no_proc || c.oracle.all_were_told);
}

static void signalled(const struct sim_call *call)
{
	int signal = (int)call->arguments[1];

	c.pass.sent++;
	take_news();
	for (int i = 0; i < sent_count; i++)
		if (!may_reach(sent[i].pid))
			sim_fail("signal %d to %d, which is no descendant",
				 sent[i].signal, sent[i].pid);
	if (signal == 0)
		return;
	if (!c.oracle.has_ended)
		judge_while_running(call, signal);
	else if (sent_count == 0 && call->number == SYS_kill &&
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
	case SYS_rt_sigprocmask:
		c.has_begun = true;
		break;
	case SYS_openat:
		c.reads_itself = strcmp(call->text, "/proc/self/status") == 0;
		c.pass.looks += strstr(call->text, "children") != NULL;
		break;
	case SYS_wait4:
		waited(call);
		break;
	case SYS_waitid:
		looked(call);
		break;
	case SYS_clock_gettime:
		read_clock();
		break;
	case SYS_rt_sigtimedwait:
		if (events_is_main_wait(call))
			woke(call);
		break;
	case SYS_kill:
	case SYS_tkill:
	case SYS_rt_sigqueueinfo:
	case SYS_pidfd_send_signal:
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
	uint64_t kill_ms = oracle_kill_ms(&c.oracle);
	bool has_limit = kill_ms != ORACLE_NEVER;
	uint64_t ends = BIT(SIGTERM) | BIT(SIGINT);

	if (has_limit != (until_ns != SIM_NEVER))
		sim_fail(has_limit ? "-k, and waits without a limit"
				   : "waits with a limit, and nothing is due");
	if (c.may_kill || (has_limit && until_ns > kill_ms * MS + late_ns()))
		sim_fail("waits longer than -k says");
	if (app->state != SIM_STOPPED)
		return;
	if ((signal_pending(app) & ends) != 0)
		sim_fail("the program is stopped, and has a signal to end");
	if (oracle_continues(&c.oracle, SIGSTOP, c.clock_ns / MS))
		sim_fail("the program was told to end, and stays stopped");
	if (seen_of(app)->stopped_by == SIGTSTP)
		sim_fail("the program is stopped by TSTP, and foster runs");
}

static void check_passed(const struct sim_process *child)
{
	const struct seen *seen = seen_of(child);

	if (seen->must_be_passed && !seen->is_passed)
		sim_fail("%d did not get what was passed on", child->pid);
}

static void check_child(const struct sim_process *child, uint64_t until_ns)
{
	const struct seen *seen = seen_of(child);

	if (oracle_is_killing(&c.oracle)) {
		if (!seen->is_killed && !world.no_proc &&
		    until_ns > sim.now_ns + LOOK_NS)
			sim_fail("%d is not killed", child->pid);
		return;
	}
	if (seen->is_told || is_spared(child)) {
		if (!seen->is_continued && child->state == SIM_STOPPED &&
		    (seen->must_be_told ||
		     (!world.no_proc && until_ns > sim.now_ns + LOOK_NS)))
			sim_fail("%d is told and stays stopped", child->pid);
		return;
	}
	if (seen->must_be_told)
		sim_fail("%d was left over and is not told", child->pid);
	if (!world.no_proc && until_ns > sim.now_ns + LOOK_NS &&
	    !is_passed_over(child))
		sim_fail("%d has come and is not looked for", child->pid);
}

static void check_ending(uint64_t until_ns)
{
	const struct sim_process *process = foster->children, *child;
	uint64_t limit_ns = oracle_deadline_ms(&c.oracle) * MS;

	uint64_t telling_ms = oracle_telling_ms(&c.oracle);

	if (process == NULL)
		sim_fail("waits, and nobody is left");
	for (child = process; child != NULL; child = child->younger)
		check_passed(child);
	if (!has_grace() && c.oracle.is_over)
		sim_fail("waits, and there is no grace");
	if (c.oracle.is_over && c.oracle.requests > 1)
		sim_fail("waits, and was told twice to end");
	if (oracle_all_may_run(&c.oracle)) {
		if (until_ns != SIM_NEVER)
			sim_fail("waits with a limit while leftovers run on");
		return;
	}
	if (until_ns == SIM_NEVER)
		sim_fail("waits without a limit while leftovers end");
	if (c.oracle.is_over || until_ns > limit_ns + late_ns())
		sim_fail("waits until %lu ms, which is too long",
			 (unsigned long)(until_ns / MS - c.oracle.ending_ms));
	if (telling_ms != ORACLE_NEVER &&
	    until_ns > telling_ms * MS + late_ns())
		sim_fail(c.oracle.roots_were_told
				 ? "waits until more are to be told, and longer"
				 : "waits longer than it is quiet");
	if (!c.oracle.roots_were_told && !oracle_is_killing(&c.oracle))
		return;
	for (; process != NULL; process = process->younger)
		check_child(process, until_ns);
	for (process = sim_first(); process != NULL; process = process->next)
		if (is_living(process) && !oracle_is_killing(&c.oracle) &&
		    seen_of(process)->must_be_told_all &&
		    !seen_of(process)->is_told && !is_spared(process))
			sim_fail(world.no_proc
					 ? "%d is not told, without /proc"
					 : "%d is not told at 3/4 of the grace",
				 process->pid);
}

void contract_waits(void)
{
	const struct sim_process *child = foster->children;
	uint64_t until_ns = foster->wait_until_ns;

	for (; child != NULL; child = child->younger)
		if (!is_living(child))
			sim_fail("waits, and %d is a zombie", child->pid);
	check_nothing_is_owed();
	contract_passed();
	take_news();
	if (!c.oracle.has_ended)
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
	take_news();
	if (!c.oracle.has_ended)
		sim_fail("ends before the program");
	if (sim_status_of_foster() != expected_status())
		sim_fail("ends with %d, not %d", sim_status_of_foster(),
			 expected_status());
	check_nothing_is_owed();
	if (!has_living() || c.oracle.is_over)
		return;
	if (!oracle_is_killing(&c.oracle))
		sim_fail("ends though leftovers have time");
	sim_fail("ends, and leaves somebody alive");
}

/* ---- the table ---- */

static const char *const pass_names[PASS_KINDS] = {
	[PASS_START] = "from the start to the first",
	[PASS_REAPED] = "orphans reaped",
	[PASS_SIGNAL] = "a signal forwarded",
	[PASS_END_SIGNAL] = "a signal to end forwarded",
	[PASS_USER_CHILD] = "CHLD from a user",
	[PASS_STOPPED] = "a child has stopped",
	[PASS_CONTINUED] = "a child was continued",
	[PASS_PROGRAM_END] = "the program has ended",
	[PASS_LOOK] = "children looked at",
	[PASS_HALF] = "3/4 or 7/8 of the grace is over",
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
