/*
 * check_loop.c - the loop and reaping (loop.h, reap.h), where the kernel
 * answers as it hardly ever does. All of foster runs on the simulated kernel.
 */
#include "../sim/sim_kernel.h"
#include "lifecycle.h"
#include "sys.h"
#include "unit.h"

#include <string.h>

enum { FAULTS_MAX = 4, FOR_EVER = -1, STATUS = 3 };

static struct sim_process *foster;
static int own, app; /* process ids: foster's, the program's */

/* ---- calls that fail ---- */

static struct fault {
	long number;
	int times; /* the first so many, or FOR_EVER */
	long error;
} faults[FAULTS_MAX];

static long refuse(void *context, const struct sim_call *call)
{
	(void)context;
	for (struct fault *fault = faults; fault < faults + FAULTS_MAX; fault++)
		if (fault->error != 0 && fault->number == call->number &&
		    call->pid == own && fault->times != 0) {
			fault->times -= fault->times > 0;
			return fault->error;
		}
	return 0;
}

static void refuse_call(int place, long number, int times, long error)
{
	faults[place] = (struct fault){ number, times, error };
}

/* ---- running ---- */

/* foster is process 1, or the child of one; runs that program. */
static void begin(bool is_process_1, const char *option,
		  const struct sim_script *program)
{
	struct sim_process *init = NULL;

	memset(faults, 0, sizeof(faults));
	sim_begin();
	sim.hooks.fault = refuse;
	sim_program("/app", program);
	if (!is_process_1)
		init = sim_actor(NULL, &sim_reaper);
	foster = sim_foster(init, "foster", option, "/app", NULL);
	own = foster->pid;
	app = own + 1;
}

static void run_to(int status)
{
	enum sim_end_kind end = sim_run();

	unit_check(end == SIM_ENDED, "no end: %d, %s", end, sim.failure);
	unit_check(sim_status_of_foster() == status, "status %d: %s",
		   sim_status_of_foster(), sim_output(2));
}

static void run(void)
{
	run_to(STATUS);
}

/* The n-th call of foster with that number, from 0; NULL: fewer. */
static const struct sim_call *call_of(long number, unsigned n)
{
	for (size_t i = 0; i < sim.call_count; i++)
		if (sim.calls[i].pid == own && sim.calls[i].number == number &&
		    n-- == 0)
			return &sim.calls[i];
	return NULL;
}

static unsigned count_of(long number)
{
	unsigned count = 0;

	while (call_of(number, count) != NULL)
		count++;
	return count;
}

static void check_kill(unsigned n, int pid, int signal)
{
	const struct sim_call *call = call_of(SYS_kill, n);

	unit_check(call != NULL && call->arguments[0] == pid &&
			   call->arguments[1] == signal,
		   "kill %u of %u is not of %d with %d", n, count_of(SYS_kill),
		   pid, signal);
}

/* ---- signals ---- */

static void send_as(int code, int signal)
{
	struct info info = { .code = code, .pid = SIM_STRANGER };

	signal_send(foster, signal, &info, false, false, SIM_STRANGER);
}

static void leave_group(struct sim_process *self, int group)
{
	sim_put_into(self, group, self->session);
}

START_TEST(ctrl_c_reaches_a_program_that_has_left_its_group)
{
	const struct sim_script program = {
		"app",
		.on = SIM_ON({ SIGINT, SIM_STEPS(SIM_EXIT(STATUS)) }),
		.steps = SIM_STEPS(SIM_CALL(leave_group, 77), SIM_PAUSE),
	};

	begin(true, "-c", &program);
	sim_when_waiting(send_as, SI_KERNEL, SIGINT);

	run();
	ck_assert_uint_eq(count_of(SYS_kill), 2);
	check_kill(0, -app, SIGINT);
	check_kill(1, app, SIGINT);
	ck_assert_str_eq(sim_output(2), "");
}
END_TEST

/* That may not be forged: rt_sigqueueinfo(2). */
START_TEST(what_tkill_has_sent_is_forwarded_by_kill)
{
	const struct sim_script program = {
		"app",
		.on = SIM_ON({ SIGTERM, SIM_STEPS(SIM_EXIT(STATUS)) }),
		.steps = SIM_STEPS(SIM_PAUSE),
	};

	begin(true, "-c", &program);
	sim_when_waiting(send_as, SI_TKILL, SIGTERM);

	run();
	ck_assert_uint_eq(count_of(SYS_rt_sigqueueinfo), 0);
	ck_assert_uint_eq(count_of(SYS_kill), 1);
	check_kill(0, app, SIGTERM);
}
END_TEST

static const struct sim_script deaf = {
	"app",
	.on = SIM_ON({ SIGUSR1, SIM_IGNORED }, { SIGHUP, SIM_IGNORED }),
	.steps = SIM_STEPS(SIM_SLEEP(1000), SIM_EXIT(STATUS)),
};

START_TEST(a_signal_that_is_forwarded_needs_no_look_at_the_children)
{
	begin(true, "-c", &deaf);
	sim_at(500, send_as, SI_USER, SIGUSR1);

	run();
	ck_assert_uint_eq(count_of(SYS_kill), 1);
	check_kill(0, app, SIGUSR1);
	ck_assert_uint_eq(count_of(SYS_wait4), 3);
	ck_assert_int_eq(call_of(SYS_wait4, 1)->arguments[0], app);
}
END_TEST

/* A stopped program needs a CONT behind it: whether it is has to be known. */
START_TEST(a_signal_to_end_is_followed_by_a_look)
{
	begin(true, "-c", &deaf);
	sim_at(500, send_as, SI_USER, SIGHUP);

	run();
	ck_assert_uint_eq(count_of(SYS_kill), 1);
	ck_assert_uint_eq(count_of(SYS_wait4), 4);
	ck_assert_int_eq(call_of(SYS_wait4, 1)->arguments[0], -1);
}
END_TEST

/*
 * What foster's writing and its use of the processor bring upon it is nobody
 * else's business; what its process sent to itself before it became foster is.
 */
static const struct {
	int signal, code;
	bool is_own, is_forwarded;
} doings[] = {
	{ SIGPIPE, SI_USER, true, false },
	{ SIGXFSZ, SI_USER, true, false },
	{ SIGXCPU, SI_KERNEL, false, false },
	{ SIGPIPE, SI_USER, false, true },
	{ SIGXFSZ, SI_USER, false, true },
	{ SIGPIPE, SI_TKILL, true, true },
	{ SIGXFSZ, SI_TKILL, true, true },
	{ SIGPIPE, SI_KERNEL, false, true },
	{ SIGXFSZ, SI_KERNEL, false, true },
	{ SIGXCPU, SI_USER, true, true },
	{ SIGXCPU, SI_USER, false, true },
	{ SIGXCPU, SI_TKILL, true, true },
	{ SIGUSR1, SI_USER, true, true },
	{ SIGUSR1, SI_TKILL, true, true },
	{ SIGUSR1, SI_KERNEL, false, true },
	{ SIGTERM, SI_USER, true, true },
};

static void send_doing(int row, int unused)
{
	struct info info = { .code = doings[row].code, .pid = SIM_STRANGER };

	(void)unused;
	if (doings[row].is_own)
		info.pid = own;
	else if (doings[row].code == SI_KERNEL)
		info.pid = 0;
	signal_send(foster, doings[row].signal, &info, false, false, info.pid);
}

START_TEST(only_what_foster_itself_caused_is_not_forwarded)
{
	for (size_t i = 0; i < UNIT_COUNT(doings); i++) {
		const struct sim_script program = {
			"app",
			.on = SIM_ON({ doings[i].signal, SIM_IGNORED }),
			.steps = SIM_STEPS(SIM_SLEEP(1000), SIM_EXIT(STATUS)),
		};

		begin(true, "-c", &program);
		sim_at(500, send_doing, (int)i, 0);

		run();
		unit_check(sim_sent_by(own, app, doings[i].signal) ==
				   doings[i].is_forwarded,
			   "signal %d, code %d", doings[i].signal,
			   doings[i].code);
		ck_assert_str_eq(sim_output(2), "");
	}
}
END_TEST

START_TEST(where_none_can_be_blocked_it_says_so_and_reaps)
{
	const struct sim_script program = {
		"app", .steps = SIM_STEPS(SIM_SLEEP(10), SIM_EXIT(STATUS)),
	};

	begin(true, "-c", &program);
	refuse_call(0, SYS_rt_sigprocmask, FOR_EVER, -EPERM);

	run();
	ck_assert_str_eq(sim_output(2),
			 "foster: cannot wait for signals, so none is"
			 " forwarded: Operation not permitted\n");
	ck_assert_uint_eq(count_of(SYS_rt_sigtimedwait), 0);
}
END_TEST

/* ---- stops ---- */

/* The n-th PTRACE_DETACH, which names the signal to go on with. */
static void check_detach(unsigned n, int pid, int signal, long result)
{
	const struct sim_call *call = call_of(SYS_ptrace, n);

	unit_check(call != NULL && call->arguments[0] == PTRACE_DETACH &&
			   call->arguments[1] == pid &&
			   call->arguments[3] == signal &&
			   call->result == result,
		   "stop %u of %u is not of %d by %d", n, count_of(SYS_ptrace),
		   pid, signal);
}

START_TEST(a_traced_program_goes_on_with_the_signal_that_stopped_it)
{
	for (int signal = 1; signal <= SIGNALS_MAX; signal++) {
		const struct sim_script program = {
			"app",
			.on = SIM_ON({ signal,
				       SIM_STEPS(SIM_EXIT(STATUS)) }),
			.steps = SIM_STEPS(SIM_TRACE_ME,
					   SIM_SIGNAL_SELF(signal),
					   SIM_SLEEP(10), SIM_EXIT(4)),
		};

		if (signal == SIGKILL || signal == SIGSTOP)
			continue;
		begin(true, "-c", &program);
		run_to(signal == SIGTRAP ? 4 : STATUS);
		check_detach(0, app, signal == SIGTRAP ? 0 : signal, 0);
		ck_assert_uint_eq(count_of(SYS_ptrace), 1);
		/* It did not stop of its own: foster has nothing to do. */
		ck_assert_uint_eq(count_of(SYS_kill), 0);
		ck_assert_str_eq(sim_output(2), "");
	}
}
END_TEST

START_TEST(a_traced_orphan_goes_on_as_well)
{
	const struct sim_script traced = {
		"traced",
		.on = SIM_ON({ SIGUSR1, SIM_STEPS(SIM_EXIT(5)) }),
		.steps = SIM_STEPS(SIM_SLEEP(100), SIM_TRACE_ME,
				   SIM_SIGNAL_SELF(SIGUSR1), SIM_PAUSE),
	};
	const struct sim_script parent = {
		"parent", .steps = SIM_STEPS(SIM_FORK(&traced)),
	};
	const struct sim_script program = {
		"app", .steps = SIM_STEPS(SIM_FORK(&parent), SIM_WAIT,
					  SIM_SLEEP(500), SIM_EXIT(STATUS)),
	};

	begin(true, "-c", &program);
	run();
	check_detach(0, sim_pid_of("traced", 0), SIGUSR1, 0);
	ck_assert_uint_eq(sim_count(SIM_REAPED, sim_pid_of("traced", 0),
				    5 << 8), 1);
}
END_TEST

/* Of an ordinary stop the kernel says ESRCH, and it is acted upon. */
START_TEST(every_other_stop_is_as_before)
{
	const struct sim_script halting = {
		"halting", .steps = SIM_STEPS(SIM_SIGNAL_SELF(SIGTSTP),
					      SIM_EXIT(0)),
	};
	const struct sim_script program = {
		"app", .steps = SIM_STEPS(SIM_SIGNAL_SELF(SIGTSTP),
					  SIM_FORK(&halting), SIM_EXIT(STATUS)),
	};

	begin(true, "-c", &program);
	run();
	check_detach(0, app, SIGTSTP, -ESRCH);
	check_kill(0, -app, SIGCONT);
	/* The leftover's stop is nobody's business, and told it goes on. */
	check_detach(1, sim_pid_of("halting", 0), SIGTSTP, -ESRCH);
	ck_assert_uint_eq(count_of(SYS_ptrace), 2);
	check_kill(1, sim_pid_of("halting", 0), SIGTERM);
}
END_TEST

/* STOP and TERM back to back: the stop is reported when TERM was forwarded. */
START_TEST(a_stop_that_is_reported_late_is_continued)
{
	const struct sim_script program = {
		"app",
		.on = SIM_ON({ SIGTERM, SIM_STEPS(SIM_SIGNAL_SELF(SIGSTOP),
						  SIM_EXIT(STATUS)) }),
		.steps = SIM_STEPS(SIM_PAUSE),
	};

	begin(true, "-c", &program);
	sim_when_waiting(send_as, SI_USER, SIGTERM);
	run();
	ck_assert_uint_eq(sim_sent_by(own, app, SIGCONT), 1);
}
END_TEST

/* ---- reaping ---- */

static unsigned others_first(void *context, const struct sim_choice *choice)
{
	(void)context;
	for (unsigned i = 0; i < choice->count; i++)
		if (choice->who[i] != NULL && choice->who[i]->pid != own)
			return i;
	return 0;
}

static void send_another(void *context, const struct sim_call *call)
{
	(void)context;
	if (call->number == SYS_rt_sigtimedwait && call->result == SIGUSR1)
		send_as(SI_USER, SIGUSR1);
}

/* SIGCHLD comes after USR1 when both wait: signal(7). */
START_TEST(signals_without_end_leave_the_children_their_turn)
{
	const struct sim_script program = {
		"app", .steps = SIM_STEPS(SIM_SLEEP(1),
					  SIM_SIGNAL_PARENT(SIGUSR1),
					  SIM_EXIT(STATUS)),
	};

	begin(true, "-c", &program);
	sim.hooks.choose = others_first;
	sim.hooks.called = send_another;

	run();
	ck_assert_uint_eq(count_of(SYS_kill), 256);
	ck_assert_uint_eq(count_of(SYS_wait4), 3);
}
END_TEST

START_TEST(a_wait_that_was_interrupted_is_no_reason_to_stop_reaping)
{
	const struct sim_script program = {
		"app", .steps = SIM_STEPS(SIM_EXIT(STATUS)),
	};

	begin(true, "-c", &program);
	sim.hooks.choose = others_first; /* it is dead before the first look */
	refuse_call(0, SYS_wait4, 2, -EINTR);

	run();
	ck_assert_uint_eq(count_of(SYS_rt_sigtimedwait), 0);
}
END_TEST

/* Leaves an orphan that ends, stops, goes on, and ends with a leftover. */
static const struct sim_script orphan = {
	"orphan", .steps = SIM_STEPS(SIM_SLEEP(100)),
};
static const struct sim_script middle = {
	"middle", .steps = SIM_STEPS(SIM_FORK(&orphan)),
};
static const struct sim_script eventful = {
	"app",
	.steps = SIM_STEPS(SIM_FORK(&middle), SIM_WAIT, SIM_SLEEP(200),
			   SIM_FORK(&sim_sleeper), SIM_SIGNAL_SELF(SIGSTOP),
			   SIM_EXIT(STATUS)),
};

static void begin_without_proc(const char *option)
{
	begin(false, option, &eventful);
	sim.proc = SIM_PROC_ABSENT;
	sim_at(500, sim_do_outside, app, SIGCONT);
}

/* The program's group is told while the dead program holds its number. */
START_TEST(without_proc_the_group_is_told_before_the_program_is_reaped)
{
	const struct sim_call *wait = NULL;

	begin_without_proc("-c");
	run();
	ck_assert_uint_eq(count_of(SYS_kill), 2);
	check_kill(0, -app, SIGTERM);
	check_kill(1, -app, SIGCONT);
	for (unsigned n = 0; (wait = call_of(SYS_wait4, n)) != NULL; n++)
		if (wait->result == app)
			break;
	ck_assert_ptr_nonnull(wait);
	ck_assert_uint_gt(wait->index, call_of(SYS_kill, 1)->index);
	ck_assert_uint_eq(sim_count(SIM_REAPED, app, -1), 1);
	ck_assert_uint_eq(sim_count(SIM_REAPED, sim_pid_of("orphan", 0), 0), 1);
	/* Both signals were sent to the dead program, too: it was there. */
	ck_assert_uint_eq(sim_sent_by(own, app, SIGTERM), 1);
	ck_assert_uint_eq(sim_sent_by(own, app, SIGCONT), 1);
}
END_TEST

START_TEST(without_proc_the_group_is_not_told_where_all_may_run_on)
{
	begin_without_proc("-a");
	sim_at(900, sim_do_outside, app + 3, SIGKILL);

	run();
	ck_assert_uint_eq(count_of(SYS_kill), 0);
}
END_TEST

START_TEST(where_it_may_not_look_first_it_reaps_all_the_same)
{
	begin_without_proc("-t1");
	refuse_call(0, SYS_waitid, FOR_EVER, -ENOSYS);

	run();
	for (unsigned n = 0; n < count_of(SYS_kill); n++)
		ck_assert_int_ne(call_of(SYS_kill, n)->arguments[0], -app);
	ck_assert_int_eq(call_of(SYS_wait4, 0)->arguments[0], -1);
}
END_TEST

/* Told of a stop, foster finds a child dead when it takes that. */
static int dies_meanwhile;

static void end_it(void *context, const struct sim_call *call)
{
	(void)context;
	if (call->number != SYS_waitid || dies_meanwhile == 0 ||
	    sim_by_pid(dies_meanwhile) == NULL ||
	    sim_by_pid(dies_meanwhile)->state != SIM_STOPPED)
		return;
	sim_do_outside(dies_meanwhile, SIGKILL);
	dies_meanwhile = 0;
}

/* Where nobody is to be asked for but the living: kernel/exit.c. */
static long of_the_dead(void *context, const struct sim_call *call)
{
	const struct sim_process *process =
		sim_by_pid((int)call->arguments[1]);

	if (call->number == SYS_waitid && !(call->arguments[3] & WEXITED) &&
	    process != NULL && process->state == SIM_ZOMBIE)
		return -ECHILD;
	return refuse(context, call);
}

static void begin_dying(const struct sim_script *program)
{
	begin(false, "-c", program);
	sim.proc = SIM_PROC_ABSENT;
	sim.hooks.choose = others_first;
	sim.hooks.called = end_it;
	sim.hooks.fault = of_the_dead;
}

START_TEST(without_proc_a_stop_does_not_reap_the_program_untold)
{
	const struct sim_script program = {
		"app", .steps = SIM_STEPS(SIM_FORK(&sim_sleeper),
					  SIM_SIGNAL_SELF(SIGSTOP), SIM_PAUSE),
	};

	begin_dying(&program);
	dies_meanwhile = app;
	run_to(128 + SIGKILL);
	ck_assert_int_eq(dies_meanwhile, 0);
	ck_assert_uint_eq(sim_sent_by(own, app, SIGTERM), 1);
	ck_assert_uint_eq(sim_sent_by(own, sim_pid_of("sleeper", 0), SIGTERM),
			  1);
}
END_TEST

START_TEST(without_proc_a_stopped_orphan_that_dies_ends_nothing)
{
	const struct sim_script stopping = {
		"stopping", .steps = SIM_STEPS(SIM_SLEEP(100),
					       SIM_SIGNAL_PARENT(SIGHUP),
					       SIM_SIGNAL_SELF(SIGSTOP),
					       SIM_PAUSE),
	};
	const struct sim_script parent = {
		"parent", .steps = SIM_STEPS(SIM_FORK(&stopping)),
	};
	const struct sim_script program = {
		"app", .on = SIM_ON({ SIGHUP, SIM_IGNORED }),
		.steps = SIM_STEPS(SIM_FORK(&parent), SIM_WAIT, SIM_SLEEP(500),
				   SIM_EXIT(STATUS)),
	};

	/* After HUP foster looks at all children, not at the one that stops. */
	begin_dying(&program);
	dies_meanwhile = app + 2;
	run();
	ck_assert_int_eq(dies_meanwhile, 0);
	ck_assert_uint_eq(sim_count(SIM_REAPED, app + 2, SIGKILL), 1);
}
END_TEST

/* -a: whoever was told to stop leaves nobody to wait for; -t 0: nobody. */
START_TEST(without_proc_the_group_is_told_where_somebody_waits_for_it)
{
	static const struct {
		const char *option;
		bool has_stop, is_told;
	} rows[] = {
		{ "-c", false, true },	{ "-c", true, true },
		{ "-a", false, false }, { "-a", true, true },
		{ "-t0", false, false }, { "-t0", true, false },
	};
	const struct sim_script program = {
		"app",
		.on = SIM_ON({ SIGTERM, SIM_STEPS(SIM_EXIT(STATUS)) },
			     { SIGHUP, SIM_STEPS(SIM_EXIT(STATUS)) }),
		.steps = SIM_STEPS(SIM_FORK(&sim_sleeper), SIM_PAUSE),
	};

	for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
		begin(false, rows[i].option, &program);
		sim.proc = SIM_PROC_ABSENT;
		sim_at(100, send_as, SI_USER,
		       rows[i].has_stop ? SIGTERM : SIGHUP);
		sim_at(900, sim_do_outside, app + 1, SIGKILL);
		run();
		unit_check(sim_sent_by(own, app + 1, SIGTERM) ==
				   rows[i].is_told,
			   "%s after %s", rows[i].option,
			   rows[i].has_stop ? "TERM" : "HUP");
	}
}
END_TEST

/* ---- wait4(2) is refused ---- */

static const struct sim_script exits = {
	"exits", .steps = SIM_STEPS(SIM_SLEEP(20), SIM_EXIT(0x85)),
};
static const struct sim_script killed = {
	"killed", .steps = SIM_STEPS(SIM_SLEEP(40), SIM_DIE(SIGKILL)),
};
static const struct sim_script dumps = {
	"dumps", .steps = SIM_STEPS(SIM_SLEEP(60), SIM_DUMP(SIGSEGV)),
};
static const struct sim_script stops = {
	"stops", .steps = SIM_STEPS(SIM_SLEEP(80), SIM_SIGNAL_SELF(SIGTTIN),
				    SIM_EXIT(6)),
};
static const struct sim_script family = {
	"family", .steps = SIM_STEPS(SIM_FORK(&exits), SIM_FORK(&killed),
				     SIM_FORK(&dumps), SIM_FORK(&stops)),
};

/* Ends of the program: `last` is a step. */
#define OF_ALL_KINDS(...)                                                      \
	{ "app", .on = SIM_ON({ SIGHUP, SIM_IGNORED },                         \
			      { SIGUSR2, SIM_IGNORED }),                       \
	  .steps = SIM_STEPS(SIM_FORK(&family), SIM_WAIT, SIM_SLEEP(100),      \
			     SIM_TRACE_ME, SIM_SIGNAL_SELF(SIGUSR2),           \
			     SIM_SIGNAL_SELF(SIGTSTP),                         \
			     SIM_SIGNAL_SELF(SIGSTOP), SIM_SLEEP(1000),        \
			     __VA_ARGS__) }

static const struct sim_script programs[] = {
	OF_ALL_KINDS(SIM_EXIT(0)),	  OF_ALL_KINDS(SIM_EXIT(255)),
	OF_ALL_KINDS(SIM_DIE(SIGKILL)), OF_ALL_KINDS(SIM_DIE(SIGNALS_RTMIN)),
	OF_ALL_KINDS(SIM_DUMP(SIGSEGV)), OF_ALL_KINDS(SIM_DUMP(SIGQUIT)),
};

struct outcome {
	int status;
	char output[4096];
	unsigned kills, detaches;
};

/* A stop, CONT, and then HUP: foster knows that it goes on. */
static struct outcome outcome_of(const struct sim_script *program, long error)
{
	struct outcome outcome;

	begin(true, "-vv", program);
	refuse_call(0, SYS_wait4, FOR_EVER, error);
	sim_at(600, sim_do_outside, app, SIGCONT);
	sim_at(700, send_as, SI_USER, SIGHUP);
	ck_assert_int_eq(sim_run(), SIM_ENDED);
	outcome.status = sim_status_of_foster();
	outcome.kills = count_of(SYS_kill);
	outcome.detaches = count_of(SYS_ptrace);
	ck_assert_uint_lt(strlen(sim_output(2)), sizeof(outcome.output));
	strcpy(outcome.output, sim_output(2));
	return outcome;
}

START_TEST(where_wait4_is_refused_by_any_error_waitid_tells_the_same)
{
	for (size_t i = 0; i < UNIT_COUNT(programs); i++) {
		struct outcome right = outcome_of(&programs[i], 0);

		ck_assert_uint_eq(count_of(SYS_waitid), 0);
		ck_assert_ptr_nonnull(strstr(right.output, "core"));
		for (int error = 1; error <= 133; error++) {
			struct outcome outcome;

			if (error == ECHILD || error == EINTR)
				continue;
			outcome = outcome_of(&programs[i], -error);
			ck_assert_int_eq(outcome.status, right.status);
			ck_assert_str_eq(outcome.output, right.output);
			ck_assert_uint_eq(outcome.kills, right.kills);
			ck_assert_uint_eq(outcome.detaches, right.detaches);
		}
	}
}
END_TEST

/* ---- waiting ---- */

START_TEST(where_nothing_lets_it_rest_the_grace_is_over_at_once)
{
	const struct sim_script program = {
		"app", .steps = SIM_STEPS(SIM_FORK(&sim_sleeper),
					  SIM_EXIT(STATUS)),
	};

	begin(true, "-c", &program);
	sim.proc = SIM_PROC_ABSENT;
	sim_program("/app", &program);
	refuse_call(0, SYS_rt_sigtimedwait, FOR_EVER, -EPERM);
	refuse_call(1, SYS_clock_gettime, FOR_EVER, -EPERM);
	refuse_call(2, SYS_ppoll, FOR_EVER, -EPERM);
	refuse_call(3, SYS_nanosleep, FOR_EVER, -EPERM);

	run();
	/* It goes from look to look, and from the last one to the end. */
	ck_assert_uint_lt(sim.calls_made, 8 * LIFECYCLE_LOOKS);
	ck_assert_ptr_nonnull(strstr(sim_output(2),
				     "foster: left over when the time was up,"
				     " killed\n"));
}
END_TEST

Suite *loop_suite(void)
{
	Suite *suite = suite_create("loop");
	TCase *signals = unit_tcase(suite, "signals");
	TCase *halts = unit_tcase(suite, "stops");
	TCase *reaping = unit_tcase(suite, "reaping");
	TCase *waiting = unit_tcase(suite, "waiting");

	unit_add(signals, ctrl_c_reaches_a_program_that_has_left_its_group);
	unit_add(signals, what_tkill_has_sent_is_forwarded_by_kill);
	unit_add(signals,
		 a_signal_that_is_forwarded_needs_no_look_at_the_children);
	unit_add(signals, a_signal_to_end_is_followed_by_a_look);
	unit_add(signals, only_what_foster_itself_caused_is_not_forwarded);
	unit_add(signals, where_none_can_be_blocked_it_says_so_and_reaps);
	unit_add(halts,
		 a_traced_program_goes_on_with_the_signal_that_stopped_it);
	unit_add(halts, a_traced_orphan_goes_on_as_well);
	unit_add(halts, every_other_stop_is_as_before);
	unit_add(halts, a_stop_that_is_reported_late_is_continued);
	unit_add(reaping, signals_without_end_leave_the_children_their_turn);
	unit_add(reaping,
		 a_wait_that_was_interrupted_is_no_reason_to_stop_reaping);
	unit_add(reaping,
		 without_proc_the_group_is_told_before_the_program_is_reaped);
	unit_add(reaping,
		 without_proc_the_group_is_not_told_where_all_may_run_on);
	unit_add(reaping, where_it_may_not_look_first_it_reaps_all_the_same);
	unit_add(reaping,
		 without_proc_a_stop_does_not_reap_the_program_untold);
	unit_add(reaping,
		 without_proc_a_stopped_orphan_that_dies_ends_nothing);
	unit_add(reaping,
		 without_proc_the_group_is_told_where_somebody_waits_for_it);
	unit_add(reaping,
		 where_wait4_is_refused_by_any_error_waitid_tells_the_same);
	unit_add(waiting, where_nothing_lets_it_rest_the_grace_is_over_at_once);
	return suite;
}
