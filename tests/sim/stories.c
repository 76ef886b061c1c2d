/*
 * stories.c - each line of the contract (BEHAVIOUR.md, sections 2 to 10) once,
 * on the simulated kernel: who gets which signal when, what is reaped, what is
 * said, how foster ends. Each test's case is the section it belongs to.
 */
#include "sim.h"
#include "suite.h"
#include "sys.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { WORDS_MAX = 16, GRACE_MS = 8000 };

/* ---- worlds ---- */

static struct sim_process *foster;
static int own, app; /* process ids: foster's, the program's */

static void begin(void)
{
	sim_begin();
	sim_program("/sh", &sim_sleeper);
}

static void start_with(struct sim_process *parent, const char *const *envp,
		       va_list options)
{
	const char *argv[WORDS_MAX] = { "foster" };
	int count = 1;

	while ((argv[count] = va_arg(options, const char *)) != NULL)
		count++;
	argv[count] = "/app";
	foster = sim_foster_with(parent, argv, envp);
	own = foster->pid;
	app = own + 1;
}

/* As process 1, with those options, of that program. */
__attribute__((sentinel)) static void
start(const struct sim_script *program, ...)
{
	va_list options;

	sim_program("/app", program);
	va_start(options, program);
	start_with(NULL, NULL, options);
	va_end(options);
}

/*
 * As the job of a shell: init is 1, the shell 2 leads the session and has given
 * the terminal to foster's group, 3.
 */
static struct sim_process *init, *shell;

__attribute__((sentinel)) static void
start_under_shell(const struct sim_script *program, ...)
{
	va_list options;

	sim_program("/app", program);
	init = sim_actor(NULL, &sim_reaper);
	shell = sim_actor(init, &sim_reaper);
	sim_put_into(shell, shell->pid, shell->pid);
	va_start(options, program);
	start_with(shell, NULL, options);
	va_end(options);
	sim_put_into(foster, own, shell->pid);
	sim_give_terminal(shell->pid, own);
}

/* Until nothing can happen any more, and foster waits. */
static void settle(void)
{
	enum sim_end_kind end = sim_run();

	sim_check(end == SIM_ASLEEP, "%d, not asleep: status %d, %s%s", end,
		  sim_status_of_foster(), sim.failure, sim_output(2));
	sim_check(sim_zombies() == 0, "%u zombies", sim_zombies());
}

static void ends_with(int status)
{
	enum sim_end_kind end = sim_run();

	sim_check(end == SIM_ENDED, "no end: %d, %s", end, sim.failure);
	sim_check(sim_status_of_foster() == status, "status %d, not %d: %s",
		  sim_status_of_foster(), status, sim_output(2));
}

static void says(const char *text)
{
	sim_check(strcmp(sim_output(2), text) == 0, "said '%s', not '%s'",
		  sim_output(2), text);
}

static void says_once(const char *part)
{
	const char *found = strstr(sim_output(2), part);

	sim_check(found != NULL, "'%s' is not in '%s'", part, sim_output(2));
	sim_check(strstr(found + 1, part) == NULL, "twice: '%s'",
		  sim_output(2));
}

/* How often foster sent it. */
static void gets(int pid, int signal, unsigned times)
{
	unsigned count = sim_sent_by(own, pid, signal);

	sim_check(count == times, "signal %d to %d: %u times, not %u", signal,
		  pid, count, times);
}

static void at_ms(uint64_t ms)
{
	sim_check(sim_now_ms() == ms, "at %lu ms, not %lu",
		  (unsigned long)sim_now_ms(), (unsigned long)ms);
}

static bool is_timed_wait(const struct sim_call *call)
{
	if (call->number == SYS_RT_SIGTIMEDWAIT)
		return call->arguments[2] != 0;
	return call->number == SYS_NANOSLEEP ||
	       (call->number == SYS_PPOLL && call->arguments[1] == 0);
}

static unsigned timed_waits(void)
{
	unsigned count = 0;

	for (size_t i = 0; i < sim.call_count; i++)
		count += is_timed_wait(&sim.calls[i]);
	return count;
}

static void inside(int pid, int signal)
{
	sim_when_waiting(sim_do_inside, pid, signal);
}

/* What a story reads has to be there. */

static const struct sim_fact *fact_of(enum sim_fact_kind kind, int pid,
				      int number, unsigned n)
{
	const struct sim_fact *fact = sim_fact(kind, pid, number, n);

	sim_check(fact != NULL, "%d: no fact %u of kind %d and number %d", pid,
		  n, kind, number);
	return fact;
}

static struct sim_process *process_of(int pid)
{
	struct sim_process *process = sim_by_pid(pid);

	sim_check(process != NULL, "no process %d", pid);
	return process;
}

/* ---- programs ---- */

static const struct sim_step exits_0[] = { SIM_EXIT(0), SIM_END };

static const struct sim_script true_program = { "true", .steps = exits_0 };

/* Ends by itself some time after it was told to. */
static const struct sim_script server = {
	"server",
	.on = SIM_ON({ SIGNAL_TERM, SIM_STEPS(SIM_SLEEP(2000), SIM_EXIT(0)) }),
	.steps = SIM_STEPS(SIM_PAUSE),
};

static const struct sim_script stubborn = {
	"stubborn",
	.on = SIM_ON({ SIGNAL_TERM, SIM_IGNORED }, { SIGNAL_INT, SIM_IGNORED },
		     { SIGNAL_QUIT, SIM_IGNORED }),
	.steps = SIM_STEPS(SIM_PAUSE),
};

/* A shell script in whose foreground a server runs. */
static const struct sim_script entrypoint = {
	"entrypoint",
	.steps = SIM_STEPS(SIM_FORK(&server), SIM_WAIT, SIM_EXIT(0)),
};

static const struct sim_script leaves_stubborn = {
	"leaver",
	.steps = SIM_STEPS(SIM_FORK(&stubborn), SIM_EXIT(3)),
};

/* ---- 2. exit status ---- */

START_TEST(the_status_is_the_programs_own)
{
	for (int status = 0; status < 256; status++) {
		struct sim_step steps[] = { SIM_EXIT(status), SIM_END };
		struct sim_script program = { "program", .steps = steps };

		begin();
		start(&program, NULL);
		ends_with(status);
		says("");
	}
}
END_TEST

START_TEST(the_status_of_a_signal_is_128_and_its_number)
{
	for (int signal = 1; signal <= SIGNAL_MAX; signal++) {
		struct sim_step steps[] = { SIM_DIE(signal), SIM_END };
		struct sim_script program = { "program", .steps = steps };

		begin();
		start(&program, NULL);
		ends_with(128 + signal);
	}
}
END_TEST

START_TEST(what_is_not_there_is_127_and_what_cannot_run_is_126)
{
	foster = sim_foster(NULL, "foster", "nowhere", NULL);
	ends_with(127);
	begin();
	foster = sim_foster(NULL, "foster", "/nowhere", NULL);
	ends_with(127);
	begin();
	sim_file("/app", "text");
	foster = sim_foster(NULL, "foster", "/app", NULL);
	ends_with(126);
}
END_TEST

static long refuse_spawn(void *context, const struct sim_call *call)
{
	(void)context;
	return call->number == SIM_CALL_SPAWN ? -E_AGAIN : 0;
}

START_TEST(no_process_is_125_and_not_remapped)
{
	sim.hooks.fault = refuse_spawn;
	start(&true_program, "-e", "125", NULL);

	ends_with(125);

	says_once("foster: cannot start a process");
}
END_TEST

START_TEST(remapping_is_of_the_programs_status_126_and_127)
{
	const struct sim_script fails = {
		"fails",
		.steps = SIM_STEPS(SIM_EXIT(125)),
	};

	start(&fails, "-e", "125", NULL);
	ends_with(0);
	begin();
	start(&fails, "-e", "124", NULL);
	ends_with(125);
	begin();
	foster = sim_foster(NULL, "foster", "-e", "127", "/nowhere", NULL);
	ends_with(0);
	begin();
	start(&sim_sleeper, "-e", "TERM", NULL);
	inside(1, SIGNAL_TERM);
	ends_with(0);
}
END_TEST

/* ---- 3. starting ---- */

START_TEST(the_program_gets_mask_and_dispositions_as_foster_did)
{
	uint64_t bit = UINT64_C(1);

	for (int signal = 1; signal <= SIGNAL_MAX; signal++) {
		bool is_changeable =
			signal != SIGNAL_KILL && signal != SIGNAL_STOP;
		uint64_t set = is_changeable ? bit << (signal - 1) : 0;

		begin();
		start(&sim_sleeper, NULL);
		foster->blocked = set;
		foster->ignored = set;
		settle();
		sim_check(sim_execution.blocked == set, "%d blocked: %#lx",
			  signal, (long)sim_execution.blocked);
		sim_check(sim_execution.ignored == set, "%d ignored: %#lx",
			  signal, (long)sim_execution.ignored);
	}
}
END_TEST

START_TEST(the_environment_is_fosters_less_its_options)
{
	const char *argv[] = { "foster", "/app", NULL };
	const char *envp[] = { "A=1", "FOSTER_OPTIONS=-v", "B=2", NULL };

	sim_program("/app", &sim_sleeper);
	foster = sim_foster_with(NULL, argv, envp);
	settle();

	ck_assert_str_eq(sim_execution.envp[0], "A=1");
	ck_assert_str_eq(sim_execution.envp[1], "B=2");
	ck_assert_ptr_null(sim_execution.envp[2]);
	says("foster: started '/app' as process 2\n");
}
END_TEST

START_TEST(socket_activation_names_the_program)
{
	const char *argv[] = { "foster", "/app", NULL };
	const char *envp[] = { "LISTEN_PID=1", "LISTEN_PIDFDID=7",
			       "WATCHDOG_PID=1", "LISTEN_FDS=1", NULL };

	sim_program("/app", &sim_sleeper);
	foster = sim_foster_with(NULL, argv, envp);
	settle();

	ck_assert_str_eq(sim_execution.envp[0], "LISTEN_PID=2");
	ck_assert_str_eq(sim_execution.envp[1], "WATCHDOG_PID=2");
	ck_assert_str_eq(sim_execution.envp[2], "LISTEN_FDS=1");
	ck_assert_ptr_null(sim_execution.envp[3]);
}
END_TEST

START_TEST(no_signal_comes_too_early_to_reach_the_program)
{
	unsigned long calls;

	start(&sim_sleeper, NULL);
	settle();
	calls = sim.calls_made;
	for (int is_group = 0; is_group < 2; is_group++) {
		for (unsigned long n = 1; n < calls; n++) {
			begin();
			start(&sim_sleeper, is_group ? "-g" : "-c", NULL);
			sim_before_call(n, sim_do_inside, 1, SIGNAL_TERM);
			ends_with(143);
			gets(app, SIGNAL_TERM, 1);
			says("");
		}
	}
}
END_TEST

START_TEST(the_program_leads_a_group_of_its_own)
{
	start(&sim_sleeper, NULL);
	settle();
	ck_assert_int_eq(sim_execution.group, app);
	ck_assert_int_eq(process_of(app)->group, app);
	ck_assert_int_eq(process_of(app)->session, own);
}
END_TEST

START_TEST(the_program_has_the_terminal_before_it_runs)
{
	start_under_shell(&sim_sleeper, NULL);
	settle();
	ck_assert_int_eq(sim_execution.foreground, app);
	says("");
}
END_TEST

START_TEST(in_the_background_the_terminal_is_taken_from_nobody)
{
	start_under_shell(&sim_sleeper, NULL);
	sim.foreground = shell->pid;
	settle();
	ck_assert_int_eq(sim.foreground, shell->pid);
	ck_assert_uint_eq(sim_count(SIM_FOREGROUND, 0, -1), 0);
}
END_TEST

START_TEST(a_group_from_outside_takes_the_terminal)
{
	start(&sim_sleeper, NULL);
	sim_put_into(foster, 0, 0);
	sim_give_terminal(0, 0);
	settle();
	ck_assert_int_eq(sim_execution.foreground, app);
}
END_TEST

START_TEST(without_dev_tty_the_first_stream_is_the_terminal)
{
	for (int fd = 0; fd < 3; fd++) {
		for (int tty = SIM_TTY_ABSENT; tty <= SIM_TTY_BROKEN; tty++) {
			begin();
			sim.tty = tty;
			sim.streams[fd] = SIM_STREAM_TERMINAL;
			start_under_shell(&sim_sleeper, NULL);
			settle();
			ck_assert_int_eq(sim_execution.foreground, app);
			ck_assert(sim_has_open(foster, fd));
		}
	}
}
END_TEST

START_TEST(without_dev_tty_nothing_but_the_streams_is_asked)
{
	sim.tty = SIM_TTY_ABSENT;
	start(&sim_sleeper, NULL);
	settle();
	ck_assert_uint_eq(sim_calls_of(SYS_IOCTL), 3);
}
END_TEST

START_TEST(that_there_is_no_terminal_costs_one_call)
{
	start(&sim_sleeper, NULL);
	settle();
	ck_assert_uint_eq(sim_calls_of(SYS_OPENAT), 1);
	ck_assert_uint_eq(sim_calls_of(SYS_IOCTL), 0);
}
END_TEST

static void starts_by_path(const char *path, int status, const char *path_run)
{
	const char *argv[] = { "foster", "x", NULL };
	const char *envp[] = { path, NULL };

	foster = sim_foster_with(NULL, argv, envp);
	if (path_run == NULL) {
		ends_with(status);
		return;
	}
	settle();
	sim_check(strcmp(sim_execution.path, path_run) == 0, "%s, not %s",
		  sim_execution.path, path_run);
}

START_TEST(path_is_searched_with_the_precedence_of_errors)
{
	sim_program("/b/x", &sim_sleeper);
	starts_by_path("PATH=/a:/b", 0, "/b/x");
	begin();
	sim_file("/a/x", "not executable");
	sim_program("/b/x", &sim_sleeper);
	starts_by_path("PATH=/a:/b", 0, "/b/x");
	begin();
	sim_file("/a/x", "not executable");
	starts_by_path("PATH=/a:/b", 126, NULL);
	begin();
	sim_file("/a", "no folder");
	starts_by_path("PATH=/a:/b", 127, NULL);
	begin();
	sim_file_refused("/a/x", -E_IO);
	sim_program("/b/x", &sim_sleeper);
	starts_by_path("PATH=/a:/b", 126, NULL);
	begin();
	sim_program("/usr/bin/x", &sim_sleeper);
	starts_by_path("NO_PATH=1", 0, "/usr/bin/x");
}
END_TEST

/* A file before it, whose interpreter is missing, is not what is named. */
START_TEST(a_file_that_may_not_be_run_is_the_one_that_is_named)
{
	sim_file_mode("/a/x", "#!/missing\n", 0755);
	sim_file("/b/x", "not executable");
	starts_by_path("PATH=/a:/b", 126, NULL);
	says_once("cannot run '/b/x'");
}
END_TEST

START_TEST(a_text_is_for_bin_sh_and_an_elf_file_never_is)
{
	sim_program("/bin/sh", &sim_sleeper);
	sim_file_mode("/app", "echo hello\n", 0755);
	foster = sim_foster(NULL, "foster", "/app", "word", NULL);
	settle();
	ck_assert_str_eq(sim_execution.path, "/bin/sh");
	ck_assert_str_eq(sim_execution.argv[0], "/bin/sh");
	ck_assert_str_eq(sim_execution.argv[1], "/app");
	ck_assert_str_eq(sim_execution.argv[2], "word");
	begin();
	sim_program("/bin/sh", &sim_sleeper);
	sim_file_mode("/app", "\177ELF of another machine", 0755);
	foster = sim_foster(NULL, "foster", "/app", NULL);
	ends_with(126);
	begin();
	sim_program("/bin/sh", &sim_sleeper);
	sim_file_mode("/app", "echo hello\n", 0111);
	foster = sim_foster(NULL, "foster", "/app", NULL);
	foster->uid = 1000;
	ends_with(126);
}
END_TEST

static long refuse_close_range(void *context, const struct sim_call *call)
{
	(void)context;
	return call->number == SYS_CLOSE_RANGE ? -E_NOSYS : 0;
}

START_TEST(foster_lets_go_of_all_files_but_the_standard_streams)
{
	static const int open[] = { 3, 4, 5, 17, 63, 700 };

	for (int way = 0; way < 3; way++) {
		begin();
		if (way > 0)
			sim.hooks.fault = refuse_close_range;
		if (way > 1)
			sim.proc = SIM_PROC_ABSENT;
		start(&sim_sleeper, NULL);
		for (int i = 0; i < 6; i++)
			sim_open_file(foster, open[i], "/file");
		settle();
		for (int i = 0; i < 6; i++) {
			int fd = open[i];

			sim_check(!sim_has_open(foster, fd), "%d is open", fd);
			sim_check(sim_has_open(process_of(app), fd),
				  "%d is not the program's", fd);
		}
		for (int fd = 3; fd < 1024; fd++)
			ck_assert(!sim_has_open(foster, fd));
		for (int fd = 0; fd < 3; fd++)
			ck_assert(sim_has_open(foster, fd));
		ck_assert_uint_eq(sim_calls_of(SYS_CHDIR), 1);
	}
}
END_TEST

START_TEST(what_is_closed_stays_closed_and_gets_no_message)
{
	for (int fd = 0; fd < 3; fd++) {
		begin();
		sim.streams[fd] = SIM_STREAM_CLOSED;
		start(&sim_sleeper, "-vv", NULL);
		settle();
		ck_assert(!sim_execution.is_open[fd]);
		inside(1, SIGNAL_TERM);
		ends_with(143);
		if (fd == 2)
			says("");
	}
}
END_TEST

START_TEST(an_ignored_sigchld_and_blocked_signals_are_no_trouble)
{
	start(&sim_sleeper, NULL);
	foster->ignored = UINT64_C(1) << (SIGNAL_CHLD - 1);
	foster->blocked = ~UINT64_C(0) & ~UINT64_C(0x40100);
	settle();
	inside(1, SIGNAL_TERM);
	/* The program has them blocked as well. */
	process_of(app)->blocked = 0;
	ends_with(143);
}
END_TEST

START_TEST(children_that_were_there_before_are_reaped)
{
	const struct sim_script early = {
		"early",
		.steps = SIM_STEPS(SIM_SLEEP(10), SIM_EXIT(1)),
	};
	struct sim_process *child;

	start(&sim_sleeper, NULL);
	child = sim_actor(foster, &early);
	/* The program has the next number. */
	app = child->pid + 1;
	settle();
	ck_assert_uint_eq(sim_count(SIM_REAPED, child->pid, 1 << 8), 1);
	inside(1, SIGNAL_TERM);
	ends_with(143);
}
END_TEST

/* Not process 1, the child of a parent that dies after 100 ms. */
static void start_with_mortal_parent(const char *option, const char *signal)
{
	static const struct sim_step steps[] = { SIM_SLEEP(100), SIM_END };
	static const struct sim_script mortal = { "mortal", .steps = steps };
	struct sim_process *parent;

	sim_program("/app", &server);
	init = sim_actor(NULL, &sim_reaper);
	parent = sim_actor(init, &mortal);
	foster = sim_foster(parent, "foster", option, signal, "/app", NULL);
	own = foster->pid;
	app = own + 1;
}

START_TEST(when_its_parent_dies_foster_has_the_signal_and_hands_it_over)
{
	start_with_mortal_parent("-p", "TERM");
	ends_with(0);
	gets(app, SIGNAL_TERM, 1);
	at_ms(2100);
}
END_TEST

START_TEST(when_foster_dies_the_program_has_the_signal)
{
	start_with_mortal_parent("-d", "USR1");
	sim_at(50, sim_do_inside, own, SIGNAL_KILL);
	ends_with(128 + SIGNAL_KILL);
	ck_assert_uint_eq(sim_count(SIM_SENT, app, SIM_USR1), 1);
}
END_TEST

/* ---- 4. signals ---- */

START_TEST(every_signal_is_handed_over_once)
{
	for (int signal = 1; signal <= SIGNAL_MAX; signal++) {
		bool is_kept = signal == SIGNAL_KILL || signal == SIGNAL_STOP ||
			       signal == SIGNAL_CHLD;

		begin();
		start(&sim_sleeper, NULL);
		inside(1, signal);
		sim_run();
		gets(app, signal, is_kept ? 0 : 1);
	}
}
END_TEST

START_TEST(a_queued_signal_keeps_value_sender_count_and_order)
{
	const struct sim_script waits = {
		"waits",
		.on = SIM_ON({ 34, SIM_STEPS(SIM_SLEEP(1)) },
			     { 35, SIM_STEPS(SIM_SLEEP(1)) }),
		.steps = SIM_STEPS(SIM_PAUSE),
	};
	static const int signals[] = { 34, 35, 34, 34, 35 };
	const struct sim_fact *fact;

	start(&waits, NULL);
	settle();
	for (int i = 0; i < 5; i++)
		sim_do_queue(1, signals[i]);
	settle();
	gets(app, 34, 3);
	gets(app, 35, 2);
	for (unsigned n = 0; n < 3; n++) {
		static const long values[] = { 1000, 1002, 1003 };

		fact = fact_of(SIM_SENT, app, 34, n);
		ck_assert_int_eq(fact->code, SENT_BY_QUEUE);
		ck_assert_int_eq(fact->value, values[n]);
		fact = fact_of(SIM_TAKEN, app, 34, n);
		ck_assert_int_eq(fact->other, SIM_STRANGER);
	}
}
END_TEST

START_TEST(with_a_full_queue_the_signal_goes_without_its_value)
{
	const struct sim_script blocks = {
		"blocks",
		/* The queue is a user's; foster's own must not be full. */
		.steps = SIM_STEPS(SIM_SET_USER(7), SIM_BLOCK(40), SIM_PAUSE),
	};

	start(&blocks, NULL);
	settle();
	sim.queue_limit = 2;
	for (int i = 0; i < 4; i++) {
		sim_when_waiting(sim_do_queue, 1, 40);
		settle();
	}
	says_once("foster: the queue of signals is full");
	gets(app, 40, 4);
}
END_TEST

START_TEST(a_group_gets_what_it_is_to_get)
{
	const struct sim_script forks = {
		"forks",
		.steps = SIM_STEPS(SIM_FORK(&sim_sleeper), SIM_PAUSE),
	};

	start(&forks, "-g", NULL);
	inside(1, SIM_USR1);
	ends_with(128 + SIM_USR1);
	gets(app, SIM_USR1, 1);
	gets(app + 1, SIM_USR1, 1);
	begin();
	start(&forks, "-c", NULL);
	inside(1, SIM_USR1);
	ends_with(128 + SIM_USR1);
	gets(app + 1, SIM_USR1, 0);
}
END_TEST

START_TEST(signals_are_rewritten_or_dropped)
{
	start(&sim_sleeper, "-r", "TERM:USR1", "-r", "HUP:0", NULL);
	inside(1, SIGNAL_HUP);
	inside(1, SIGNAL_TERM);
	ends_with(128 + SIM_USR1);
	gets(app, SIGNAL_HUP, 0);
	gets(app, SIGNAL_TERM, 0);
	gets(app, SIM_USR1, 1);
}
END_TEST

START_TEST(what_foster_itself_causes_is_never_handed_over)
{
	sim.streams[2] = SIM_STREAM_BROKEN;
	start(&sim_sleeper, "-vv", NULL);
	inside(1, SIM_USR2);
	ends_with(128 + SIM_USR2);
	gets(app, SIM_PIPE, 0);
	ck_assert_uint_gt(sim_sent_by(1, 1, SIM_PIPE), 0);
}
END_TEST

START_TEST(a_stopped_program_is_continued_to_end)
{
	static const int to_end[] = { SIGNAL_TERM, SIGNAL_INT, SIGNAL_QUIT,
				      SIGNAL_HUP };

	for (int i = 0; i < 4; i++) {
		begin();
		start(&sim_sleeper, NULL);
		sim_when_waiting(sim_do_inside, app, SIGNAL_STOP);
		inside(1, to_end[i]);
		ends_with(128 + to_end[i]);
		gets(app, SIGNAL_CONT, 1);
	}
	begin();
	start(&sim_sleeper, NULL);
	inside(app, SIGNAL_STOP);
	inside(1, SIM_USR1);
	settle();
	gets(app, SIGNAL_CONT, 0);
	ck_assert_int_eq(process_of(app)->state, SIM_STOPPED);
}
END_TEST

START_TEST(one_that_runs_gets_no_cont)
{
	start(&stubborn, NULL);
	inside(1, SIGNAL_TERM);
	settle();
	gets(app, SIGNAL_TERM, 1);
	gets(app, SIGNAL_CONT, 0);
}
END_TEST

START_TEST(a_program_of_another_user_is_said_once_and_tended_on)
{
	const struct sim_script other_user = {
		"other",
		.steps = SIM_STEPS(SIM_SET_USER(7), SIM_SLEEP(50), SIM_EXIT(4)),
	};

	start(&other_user, NULL);
	foster->uid = 1000;
	inside(1, SIGNAL_TERM);
	inside(1, SIGNAL_WINCH);
	ends_with(4);
	says_once("cannot be handed over to process 2");
}
END_TEST

START_TEST(what_is_typed_reaches_the_program_once)
{
	start_under_shell(&sim_sleeper, NULL);
	sim_when_waiting(sim_do_type, SIGNAL_INT, 0);
	ends_with(130);
	ck_assert_uint_eq(sim_count(SIM_SENT, app, SIGNAL_INT), 1);
	says("");
}
END_TEST

/* ---- 5. reaping ---- */

static const struct sim_script dies_later = {
	"dies later",
	.steps = SIM_STEPS(SIM_SLEEP(10), SIM_EXIT(0)),
};

enum { MANY = 1000 };

/* Forks many and forgets about them. */
static void fork_many(struct sim_process *self, int count)
{
	while (count-- > 0)
		sim_actor(self, &dies_later);
}

static const struct sim_script many = {
	"many",
	.steps = SIM_STEPS(SIM_CALL(fork_many, MANY), SIM_EXIT(0)),
};

static const struct sim_script starts_many = {
	"starts many",
	.steps = SIM_STEPS(SIM_FORK(&many), SIM_WAIT, SIM_PAUSE),
};

START_TEST(however_many_orphans_end_at_once_all_are_reaped)
{
	start(&starts_many, NULL);
	settle();
	ck_assert_uint_eq(sim.process_count, 2);
	ck_assert_uint_eq(sim_count(SIM_REAPED, 0, 0), MANY + 1);
	says("");
}
END_TEST

START_TEST(idle_it_never_wakes_up)
{
	unsigned long calls;

	start(&sim_sleeper, NULL);
	settle();
	calls = sim.calls_made;
	sim_at(1000000000, sim_do_nothing, 0, 0);
	settle();
	at_ms(1000000000);
	ck_assert_uint_eq(sim.calls_made, calls);
	ck_assert_uint_eq(timed_waits(), 0);
	ck_assert_uint_eq(sim_calls_of(SYS_CLOCK_GETTIME), 0);
}
END_TEST

static const struct sim_script forks_an_orphan = {
	"forker",
	.steps = SIM_STEPS(SIM_FORK(&dies_later), SIM_EXIT(0)),
};

static const struct sim_script has_an_orphan = {
	"parent",
	.steps = SIM_STEPS(SIM_FORK(&forks_an_orphan), SIM_WAIT, SIM_PAUSE),
};

START_TEST(not_process_1_orphans_come_to_it_all_the_same)
{
	start_under_shell(&has_an_orphan, NULL);
	settle();
	ck_assert_int_eq(fact_of(SIM_ADOPTED, 0, -1, 0)->other, own);
	ck_assert_uint_eq(sim_count(SIM_REAPED, app + 2, 0), 1);
	ck_assert_int_eq(fact_of(SIM_REAPED, app + 2, 0, 0)->other, own);
	says("");
}
END_TEST

START_TEST(where_the_kernel_refuses_that_one_warning_is_given)
{
	sim.is_alone = true;
	start_under_shell(&has_an_orphan, NULL);
	settle();
	says_once("foster: cannot be a subreaper");
	ck_assert_int_eq(fact_of(SIM_ADOPTED, 0, -1, 0)->other, 1);
}
END_TEST

START_TEST(process_1_does_not_ask_for_orphans)
{
	start(&true_program, NULL);
	ends_with(0);
	ck_assert_uint_eq(sim_calls_of(SYS_PRCTL), 0);
}
END_TEST

START_TEST(nested_inits_are_silent_and_work)
{
	sim_program_foster("/sbin/foster");
	sim_program("/app", &has_an_orphan);
	foster = sim_foster(NULL, "foster", "/sbin/foster", "/app", NULL);
	own = 1;
	settle();
	inside(1, SIGNAL_TERM);
	ends_with(143);
	gets(2, SIGNAL_TERM, 1);
	ck_assert_uint_eq(sim_sent_by(2, 3, SIGNAL_TERM), 1);
	says("");
}
END_TEST

/* ---- 6. leftovers ---- */

START_TEST(the_server_of_an_entrypoint_ends_in_its_own_time)
{
	start(&entrypoint, NULL);
	inside(1, SIGNAL_TERM);
	ends_with(143);
	at_ms(2000);
	gets(app + 1, SIGNAL_TERM, 1);
	gets(app + 1, SIGNAL_CONT, 1);
	ck_assert_uint_eq(sim_count(SIM_DIED, app + 1, 0), 1);
	ck_assert_uint_eq(sim_count(SIM_SWEPT, 0, -1), 0);
	says("");
}
END_TEST

START_TEST(without_leftovers_it_exits_at_once)
{
	start(&true_program, NULL);
	ends_with(0);
	at_ms(0);
	ck_assert_uint_eq(timed_waits(), 0);
}
END_TEST

START_TEST(leftovers_are_told_once_and_term_comes_before_cont)
{
	const struct sim_fact *term, *cont;

	start(&leaves_stubborn, NULL);
	ends_with(3);
	at_ms(GRACE_MS);
	gets(app + 1, SIGNAL_TERM, 1);
	gets(app + 1, SIGNAL_CONT, 1);
	term = fact_of(SIM_SENT, app + 1, SIGNAL_TERM, 0);
	cont = fact_of(SIM_SENT, app + 1, SIGNAL_CONT, 0);
	ck_assert(term < cont);
	ck_assert_uint_eq(sim_count(SIM_SWEPT, app + 1, -1), 1);
	says("foster: 1 left over when the time was up, killed: 3 stubborn\n");
}
END_TEST

START_TEST(a_stopped_leftover_can_end)
{
	const struct sim_script stops = {
		"stops",
		.steps = SIM_STEPS(SIM_SIGNAL_SELF(SIGNAL_STOP), SIM_PAUSE),
	};
	const struct sim_script leaver = {
		"leaver",
		.steps = SIM_STEPS(SIM_FORK(&stops), SIM_SLEEP(10),
				   SIM_EXIT(0)),
	};

	start(&leaver, NULL);
	ends_with(0);
	at_ms(10);
	ck_assert_uint_eq(sim_count(SIM_DIED, app + 1, SIGNAL_TERM), 1);
}
END_TEST

/* A server with a worker of its own, which only it may tell. */
static const struct sim_script master = {
	"master",
	.on = SIM_ON({ SIGNAL_TERM, SIM_IGNORED }),
	.steps = SIM_STEPS(SIM_FORK(&stubborn), SIM_SLEEP(6000), SIM_EXIT(0)),
};

static const struct sim_script leaves_master = {
	"leaver",
	.steps = SIM_STEPS(SIM_FORK(&master), SIM_SLEEP(1), SIM_EXIT(0)),
};

START_TEST(what_a_leftover_started_is_told_at_half_time_and_once)
{
	const struct sim_fact *fact;

	start(&leaves_master, NULL);
	ends_with(0);
	at_ms(1 + GRACE_MS);
	fact = fact_of(SIM_SENT, app + 2, SIGNAL_TERM, 0);
	ck_assert_uint_eq(fact->ns, sim.now_ns - UINT64_C(4000000000));
	gets(app + 1, SIGNAL_TERM, 1);
	gets(app + 2, SIGNAL_TERM, 1);
}
END_TEST

START_TEST(not_process_1_descendants_are_told_at_half_time_and_strangers_never)
{
	struct sim_process *stranger, *sibling;

	start_under_shell(&leaves_master, NULL);
	stranger = sim_actor(init, &sim_sleeper);
	sibling = sim_actor(shell, &sim_sleeper);
	sim_run_until(7000);
	/* The numbers of those two come before the program's. */
	app = sim_pid_of("leaver", 0);
	gets(sim_pid_of("master", 0), SIGNAL_TERM, 1);
	gets(sim_pid_of("stubborn", 0), SIGNAL_TERM, 1);
	ends_with(0);
	gets(stranger->pid, SIGNAL_TERM, 0);
	gets(stranger->pid, SIGNAL_CONT, 0);
	gets(sibling->pid, SIGNAL_TERM, 0);
	gets(shell->pid, SIGNAL_TERM, 0);
	gets(1, SIGNAL_TERM, 0);
	ck_assert_uint_eq(sim_sent_by(own, stranger->pid, SIGNAL_KILL), 0);
}
END_TEST

START_TEST(who_is_handed_over_later_is_told_when_it_comes)
{
	const struct sim_script dying_master = {
		"master",
		.on = SIM_ON({ SIGNAL_TERM, SIM_IGNORED }),
		.steps = SIM_STEPS(SIM_FORK(&server), SIM_SLEEP(1000),
				   SIM_EXIT(0)),
	};
	const struct sim_script leaver = {
		"leaver",
		.steps = SIM_STEPS(SIM_FORK(&dying_master), SIM_SLEEP(1),
				   SIM_EXIT(0)),
	};

	start(&leaver, NULL);
	ends_with(0);
	at_ms(3000);
	gets(app + 2, SIGNAL_TERM, 1);
}
END_TEST

START_TEST(a_group_that_was_told_is_not_told_again)
{
	const struct sim_script leader = {
		"leader",
		.steps = SIM_STEPS(SIM_FORK(&server), SIM_PAUSE),
	};

	start(&leader, "-g", NULL);
	inside(1, SIGNAL_TERM);
	ends_with(143);
	at_ms(2000);
	gets(app + 1, SIGNAL_TERM, 1);
	gets(app + 1, SIGNAL_CONT, 1);
}
END_TEST

START_TEST(leftovers_are_told_as_rewritten_but_never_nothing)
{
	start(&leaves_stubborn, "-r", "TERM:USR1", NULL);
	ends_with(3);
	at_ms(0);
	gets(app + 1, SIM_USR1, 1);
	gets(app + 1, SIGNAL_TERM, 0);
	begin();
	start(&leaves_stubborn, "-r", "TERM:0", NULL);
	ends_with(3);
	gets(app + 1, SIGNAL_TERM, 1);
}
END_TEST

START_TEST(without_proc_process_1_tells_all_once)
{
	static const enum sim_proc worlds[] = { SIM_PROC_ABSENT,
						SIM_PROC_OUTER };

	for (int i = 0; i < 2; i++) {
		begin();
		sim.proc = worlds[i];
		start(&leaves_stubborn, NULL);
		ends_with(3);
		at_ms(GRACE_MS);
		gets(app + 1, SIGNAL_TERM, 1);
		gets(app + 1, SIGNAL_CONT, 1);
		says("foster: left over when the time was up, killed\n");
	}
}
END_TEST

START_TEST(without_proc_and_not_process_1_the_group_is_told)
{
	const struct sim_script leaver = {
		"leaver",
		.steps = SIM_STEPS(SIM_FORK(&server), SIM_SLEEP(10),
				   SIM_EXIT(3)),
	};

	for (int i = 0; i < 2; i++) {
		begin();
		sim.proc = i == 0 ? SIM_PROC_ABSENT : SIM_PROC_OUTER;
		start_under_shell(&leaver, NULL);
		ends_with(3);
		at_ms(2010);
		gets(app + 1, SIGNAL_TERM, 1);
		gets(1, SIGNAL_TERM, 0);
		gets(shell->pid, SIGNAL_TERM, 0);
	}
}
END_TEST

START_TEST(without_proc_and_not_process_1_who_is_left_cannot_be_named)
{
	const struct sim_script leaver = {
		"leaver",
		.steps = SIM_STEPS(SIM_FORK(&stubborn), SIM_SLEEP(1),
				   SIM_EXIT(3)),
	};

	sim.proc = SIM_PROC_ABSENT;
	start_under_shell(&leaver, NULL);
	ends_with(3);
	gets(app + 1, SIGNAL_KILL, 0);
	says("foster: left over, out of reach without /proc\n");
}
END_TEST

START_TEST(without_children_files_parents_are_asked)
{
	sim.proc = SIM_PROC_NO_CHILDREN;
	start(&leaves_master, NULL);
	sim_run_until(1000);
	gets(app + 1, SIGNAL_TERM, 1);
	gets(app + 2, SIGNAL_TERM, 0);
	ends_with(0);
	gets(app + 2, SIGNAL_TERM, 1);
}
END_TEST

START_TEST(the_first_signal_to_end_is_passed_on_and_the_next_ends_it)
{
	static const int signals[] = { SIGNAL_TERM, SIGNAL_INT, SIGNAL_QUIT };

	for (int first = 0; first < 3; first++) {
		for (int next = 0; next < 3; next++) {
			unsigned told = signals[first] == SIGNAL_TERM;

			begin();
			start(&leaves_stubborn, NULL);
			sim_at(1000, sim_do_inside, 1, signals[first]);
			sim_at(2000, sim_do_inside, 1, signals[next]);
			sim_run_until(1500);
			gets(app + 1, signals[first], 1 + told);
			ends_with(3);
			at_ms(2000);
			says_once("1 left over when the time was up");
		}
	}
}
END_TEST

START_TEST(hup_is_passed_on_and_all_others_are_dropped)
{
	for (int signal = 1; signal <= SIGNAL_MAX; signal++) {
		if (signal == SIGNAL_TERM || signal == SIGNAL_INT ||
		    signal == SIGNAL_QUIT || signal == SIGNAL_CONT)
			continue;
		begin();
		start(&leaves_stubborn, NULL);
		sim_at(1000, sim_do_inside, 1, signal);
		sim_run_until(1500);
		gets(app + 1, signal, signal == SIGNAL_HUP);
	}
}
END_TEST

START_TEST(not_process_1_kills_at_the_deadline_and_reaps)
{
	start_under_shell(&leaves_stubborn, NULL);
	ends_with(3);
	at_ms(GRACE_MS);
	gets(app + 1, SIGNAL_KILL, 1);
	ck_assert_int_eq(fact_of(SIM_REAPED, app + 1, -1, 0)->other, own);
	says("");
}
END_TEST

START_TEST(those_that_arrive_during_the_killing_are_killed)
{
	start_under_shell(&leaves_master, "-t", "2", NULL);
	ends_with(0);
	gets(app + 1, SIGNAL_KILL, 1);
	gets(app + 2, SIGNAL_KILL, 1);
	ck_assert_uint_eq(sim_count(SIM_REAPED, app + 2, SIGNAL_KILL), 1);
	ck_assert(sim_now_ms() <= 2001 + 1000);
}
END_TEST

START_TEST(who_cannot_be_killed_keeps_it_one_second_and_is_named)
{
	const struct sim_script other_user = {
		"other",
		.steps = SIM_STEPS(SIM_SET_USER(7), SIM_PAUSE),
	};
	const struct sim_script leaver = {
		"leaver",
		.steps = SIM_STEPS(SIM_FORK(&other_user), SIM_SLEEP(1),
				   SIM_EXIT(3)),
	};

	start_under_shell(&leaver, NULL);
	foster->uid = 1000;
	ends_with(3);
	at_ms(1 + GRACE_MS + 1000);
	says("foster: 1 left over in spite of SIGKILL: 5 other\n");
}
END_TEST

START_TEST(with_no_grace_it_exits_at_once)
{
	start(&leaves_stubborn, "-t", "0", NULL);
	ends_with(3);
	at_ms(0);
	gets(app + 1, SIGNAL_TERM, 0);
	says("");
}
END_TEST

START_TEST(of_many_that_are_left_over_three_are_named)
{
	const struct sim_script leaver = {
		"leaver",
		.steps = SIM_STEPS(SIM_FORK(&stubborn), SIM_FORK(&stubborn),
				   SIM_FORK(&stubborn), SIM_FORK(&stubborn),
				   SIM_EXIT(3)),
	};

	start(&leaver, NULL);
	ends_with(3);
	says_once("foster: 4 left over ");
	says_once(": 3 stubborn, 4 stubborn, 5 stubborn, ...\n");
}
END_TEST

START_TEST(the_grace_is_what_was_asked_for)
{
	start(&leaves_stubborn, "-t", "500ms", NULL);
	ends_with(3);
	at_ms(500);
}
END_TEST

START_TEST(told_to_wait_for_all_it_stays_until_it_is_told)
{
	start(&leaves_stubborn, "-a", NULL);
	settle();
	gets(app + 1, SIGNAL_TERM, 0);
	ck_assert_uint_eq(timed_waits(), 0);
	sim_at(60000, sim_do_inside, 1, SIGNAL_TERM);
	ends_with(3);
	at_ms(60000 + GRACE_MS);
	gets(app + 1, SIGNAL_TERM, 1);
}
END_TEST

START_TEST(told_to_wait_for_all_it_ends_with_the_last)
{
	const struct sim_script daemon = {
		"daemon",
		.steps = SIM_STEPS(SIM_SETSID, SIM_SLEEP(100000), SIM_EXIT(0)),
	};
	const struct sim_script starter = {
		"starter",
		.steps = SIM_STEPS(SIM_FORK(&daemon), SIM_EXIT(6)),
	};

	start(&starter, "-a", NULL);
	ends_with(6);
	at_ms(100000);
	gets(app + 1, SIGNAL_TERM, 0);
}
END_TEST

START_TEST(who_entered_from_outside_is_told_at_half_time_and_not_waited_for)
{
	struct sim_process *entered;

	start(&leaves_stubborn, NULL);
	entered = sim_actor(NULL, &stubborn);
	sim_run_until(3999);
	gets(entered->pid, SIGNAL_TERM, 0);
	sim_run_until(4001);
	gets(entered->pid, SIGNAL_TERM, 1);
	/* The child ends: then nobody is waited for. */
	sim_do_outside(sim_pid_of("stubborn", 1), SIGNAL_KILL);
	ends_with(3);
	at_ms(4001);
}
END_TEST

START_TEST(after_the_first_signal_to_end_the_time_runs)
{
	start(&stubborn, "-k", "3", NULL);
	sim_at(1000, sim_do_inside, 1, SIGNAL_TERM);
	sim_at(2000, sim_do_inside, 1, SIGNAL_TERM);
	ends_with(137);
	at_ms(4000);
	says("foster: the program did not end in time and is killed\n");
}
END_TEST

START_TEST(a_number_that_comes_again_is_another_process)
{
	/* A child that dies and whose number a later one gets. */
	const struct sim_script short_lived = {
		"short",
		.on = SIM_ON({ SIGNAL_TERM, SIM_IGNORED }),
		.steps = SIM_STEPS(SIM_SLEEP(500), SIM_EXIT(0)),
	};
	const struct sim_script forker = {
		"forker",
		.on = SIM_ON({ SIGNAL_TERM, SIM_IGNORED }),
		.steps = SIM_STEPS(SIM_SLEEP(1000), SIM_FORK(&stubborn),
				   SIM_SLEEP(10), SIM_EXIT(0)),
	};
	const struct sim_script leaver = {
		"leaver",
		.steps = SIM_STEPS(SIM_FORK(&short_lived), SIM_FORK(&forker),
				   SIM_SLEEP(1), SIM_EXIT(0)),
	};

	sim.pid_max = 5; /* 1 to 4: the next is 2 or 3 again */
	start(&leaver, NULL);
	ends_with(0);
	/* The first to have that number, and the second. */
	ck_assert_int_eq(sim_pid_of("stubborn", 0), sim_pid_of("short", 0));
	gets(sim_pid_of("stubborn", 0), SIGNAL_TERM, 2);
	says_once("left over when the time was up");
}
END_TEST

START_TEST(the_terminal_goes_back_when_the_program_ends)
{
	start_under_shell(&true_program, NULL);
	ends_with(0);
	ck_assert_int_eq(sim.foreground, own);
	ck_assert_uint_eq(sim_count(SIM_FOREGROUND, 0, app), 1);
	ck_assert_uint_eq(sim_count(SIM_FOREGROUND, own, own), 1);
}
END_TEST

/* Then the terminal is descriptor 0 as long as foster has it open. */
START_TEST(with_standard_input_closed_a_terminal_is_one_all_the_same)
{
	const struct sim_script quits = {
		"quits",
		.steps = SIM_STEPS(SIM_DIE(SIGNAL_QUIT)),
	};

	sim.streams[0] = SIM_STREAM_CLOSED;
	start_under_shell(&quits, NULL);
	ends_with(128 + SIGNAL_QUIT);
	says("");
	ck_assert_int_eq(sim.foreground, own);
	ck_assert_uint_eq(sim_count(SIM_FOREGROUND, 0, app), 1);
	ck_assert_uint_eq(sim_count(SIM_FOREGROUND, own, own), 1);
}
END_TEST

START_TEST(typed_after_the_end_it_reaches_foster)
{
	const struct sim_script ends_on_int = {
		"ends on INT",
		.on = SIM_ON({ SIGNAL_TERM, SIM_IGNORED }),
		.steps = SIM_STEPS(SIM_PAUSE),
	};
	const struct sim_script leaver = {
		"leaver",
		.steps = SIM_STEPS(SIM_FORK(&ends_on_int), SIM_EXIT(0)),
	};

	start_under_shell(&leaver, NULL);
	sim_at(1000, sim_do_type, SIGNAL_INT, 0);
	ends_with(0);
	at_ms(1000);
	gets(app + 1, SIGNAL_INT, 1);
}
END_TEST

/* ---- 7. terminals and job control ---- */

START_TEST(typed_stop_stops_foster_with_its_group_and_fg_continues_both)
{
	start_under_shell(&sim_sleeper, NULL);
	sim_when_waiting(sim_do_type, SIGNAL_TSTP, 0);
	settle();
	ck_assert_int_eq(process_of(app)->state, SIM_STOPPED);
	ck_assert_int_eq(foster->state, SIM_STOPPED);
	ck_assert_uint_eq(sim_count(SIM_HALTED, own, SIGNAL_TSTP), 1);
	ck_assert_int_eq(sim.foreground, own);
	/* The shell's fg. */
	sim.foreground = own;
	sim_do_inside(own, SIGNAL_CONT);
	settle();
	ck_assert_int_eq(foster->state, SIM_RUNNING);
	ck_assert_int_eq(process_of(app)->state, SIM_RUNNING);
	ck_assert_int_eq(sim.foreground, app);
}
END_TEST

START_TEST(bg_continues_both_and_the_shell_keeps_the_terminal)
{
	start_under_shell(&sim_sleeper, NULL);
	sim_when_waiting(sim_do_type, SIGNAL_TSTP, 0);
	settle();
	sim.foreground = shell->pid;
	sim_do_inside(own, SIGNAL_CONT);
	settle();
	ck_assert_int_eq(process_of(app)->state, SIM_RUNNING);
	ck_assert_int_eq(sim.foreground, shell->pid);
}
END_TEST

START_TEST(where_nobody_could_type_fg_a_typed_stop_freezes_nothing)
{
	start(&sim_sleeper, NULL);
	sim_give_terminal(1, 1);
	sim_when_waiting(sim_do_type, SIGNAL_TSTP, 0);
	settle();
	ck_assert_int_eq(process_of(app)->state, SIM_RUNNING);
	ck_assert_uint_eq(sim_count(SIM_HALTED, app, SIGNAL_TSTP), 1);
	gets(app, SIGNAL_CONT, 1);
	/* Leading its session, its group is orphaned: the same. */
	begin();
	start_under_shell(&sim_sleeper, NULL);
	sim_put_into(foster, own, own);
	sim_give_terminal(own, own);
	sim_when_waiting(sim_do_type, SIGNAL_TSTP, 0);
	settle();
	ck_assert_int_eq(foster->state, SIM_RUNNING);
	ck_assert_int_eq(process_of(app)->state, SIM_RUNNING);
}
END_TEST

START_TEST(without_a_terminal_foster_stops_alone)
{
	const struct sim_script stops_itself = {
		"app",
		.steps = SIM_STEPS(SIM_SIGNAL_SELF(SIGNAL_TSTP), SIM_PAUSE),
	};

	start_under_shell(&stops_itself, NULL);
	sim.has_terminal = false;
	/* What started foster is of its group, and could be continued. */
	sim_put_into(shell, own, shell->pid);
	sim_put_into(init, init->pid, shell->pid);
	settle();
	ck_assert_int_eq(process_of(app)->state, SIM_STOPPED);
	ck_assert_int_eq(foster->state, SIM_STOPPED);
	ck_assert_int_eq(shell->state, SIM_RUNNING);
	sim_do_inside(own, SIGNAL_CONT);
	settle();
	ck_assert_int_eq(foster->state, SIM_RUNNING);
	ck_assert_int_eq(process_of(app)->state, SIM_RUNNING);
}
END_TEST

static const struct sim_script reader = {
	"reader",
	.steps = SIM_STEPS(SIM_SLEEP(10), SIM_READ_TERMINAL, SIM_EXIT(0)),
};

START_TEST(who_wants_to_read_gets_the_terminal_from_fosters_own_group)
{
	start_under_shell(&reader, NULL);
	sim_at(5, sim_do_foreground, 3, 0);
	ends_with(0);
	ck_assert_uint_eq(sim_count(SIM_HALTED, app, SIM_TTIN), 1);
}
END_TEST

START_TEST(who_wants_to_read_in_the_background_stays_stopped)
{
	start_under_shell(&reader, NULL);
	sim.foreground = shell->pid;
	settle();
	ck_assert_int_eq(process_of(app)->state, SIM_STOPPED);
	ck_assert_int_eq(sim.foreground, shell->pid);
	ck_assert_uint_le(sim_count(SIM_HALTED, app, SIM_TTIN), 1);
	/* fg: foster's group gets it, and is continued. */
	sim.foreground = own;
	sim_do_inside(own, SIGNAL_CONT);
	ends_with(0);
}
END_TEST

START_TEST(a_sigstop_is_left_alone)
{
	start_under_shell(&sim_sleeper, NULL);
	inside(app, SIGNAL_STOP);
	settle();
	ck_assert_int_eq(process_of(app)->state, SIM_STOPPED);
	ck_assert_int_eq(foster->state, SIM_RUNNING);
	gets(app, SIGNAL_CONT, 0);
}
END_TEST

START_TEST(hang_up_reaches_the_program)
{
	start(&sim_sleeper, NULL);
	sim_give_terminal(1, 1);
	settle();
	sim_when_waiting(sim_do_hang_up, 0, 0);
	ends_with(129);
	gets(app, SIGNAL_HUP, 1);
}
END_TEST

/* ---- 8. it explains ---- */

START_TEST(a_death_nobody_asked_for_is_explained_once)
{
	start(&sim_sleeper, NULL);
	sim_when_waiting(sim_do_outside, app, SIGNAL_KILL);
	ends_with(137);
	says_once("killed by SIGKILL");
	ck_assert_uint_eq(sim_calls_of(SYS_WRITE), 1);
	begin();
	start(&sim_sleeper, "-q", NULL);
	sim_when_waiting(sim_do_outside, app, SIGNAL_KILL);
	ends_with(137);
	says("");
	begin();
	start(&sim_sleeper, NULL);
	inside(1, SIM_SEGV);
	ends_with(128 + SIM_SEGV);
	says("");
}
END_TEST

START_TEST(the_out_of_memory_killer_is_named_where_it_can_be_read)
{
	sim_file("/proc/self/cgroup", "0::/box\n");
	sim_file("/sys/fs/cgroup/box/memory.events", "oom 3\noom_kill 1\n");
	sim_file("/sys/fs/cgroup/box/memory.max", "67108864\n");
	start(&sim_sleeper, NULL);
	sim_when_waiting(sim_do_outside, app, SIGNAL_KILL);
	ends_with(137);
	says("foster: the program was killed by SIGKILL; the out-of-memory"
	     " killer has struck 1 time in this container (memory limit 64"
	     " MiB)\n");
	begin();
	sim_file("/sys/fs/cgroup/memory/memory.oom_control", "oom_kill 2\n");
	start(&sim_sleeper, NULL);
	sim_when_waiting(sim_do_outside, app, SIGNAL_KILL);
	ends_with(137);
	says_once("has struck 2 times in this container");
}
END_TEST

/* Starts /app, which cannot run. */
static void cannot_run(int status, const char *why)
{
	foster = sim_foster(NULL, "foster", "/app", NULL);
	foster->uid = 1000;
	ends_with(status);
	says_once(why);
	ck_assert_uint_eq(sim_calls_of(SYS_WRITE), 1);
	begin();
}

START_TEST(what_cannot_run_is_diagnosed_by_looking_at_it)
{
	cannot_run(127, "foster: cannot run '/app': no such file");
	sim_folder("/app");
	cannot_run(126, "is a directory");
	sim_file_mode("/app", "#!/bin/sh\n", 0644);
	cannot_run(126, "not executable (mode 0644): chmod +x it");
	sim_program("/app", &sim_sleeper);
	sim_file_not_executed("/app");
	cannot_run(126, "on a filesystem mounted noexec");
	sim_program("/bin/bash", &sim_sleeper);
	sim_file_mode("/app", "#!/bin/bash\r\n", 0755);
	cannot_run(127, "the script has Windows line endings");
	sim_file_mode("/app", "#!/bin/bash\n", 0755);
	cannot_run(127, "its interpreter '/bin/bash' does not exist");
	sim_folder("/bin/bash");
	sim_file_mode("/app", "#!/bin/bash\n", 0755);
	cannot_run(126, "its interpreter '/bin/bash': is a directory");
	sim_file_mode("/app", "", 0755);
	cannot_run(126, "an empty file");
	sim_file_mode("/app", "\357\273\277#!/bin/sh\n", 0755);
	cannot_run(126, "a byte-order mark");
	sim_file("/app/below", "");
	sim_file("/app", "");
	foster = sim_foster(NULL, "foster", "/app/below", NULL);
	ends_with(127);
	says_once("'/app' is not a directory");
}
END_TEST

START_TEST(what_is_not_in_path_is_said_with_the_path)
{
	starts_by_path("PATH=/a:/b", 127, NULL);
	says("foster: cannot run 'x': not found in PATH (/a:/b)\n");
}
END_TEST

START_TEST(quiet_it_says_only_that_the_program_could_not_be_started)
{
	foster = sim_foster(NULL, "foster", "-q", "/app", NULL);
	ends_with(127);
	says("foster: cannot run '/app': no such file\n");
	begin();
	start(&leaves_stubborn, "-q", NULL);
	ends_with(3);
	says("");
}
END_TEST

START_TEST(each_reaped_orphan_is_said_if_that_was_asked_for)
{
	start(&has_an_orphan, "-w", NULL);
	settle();
	says("foster: reaped process 4: exit status 0\n");
}
END_TEST

START_TEST(a_core_is_mentioned)
{
	const struct sim_script dumps = {
		"dumps",
		.steps = SIM_STEPS(SIM_DUMP(SIM_ABRT)),
	};

	start(&dumps, NULL);
	ends_with(128 + SIM_ABRT);
	says_once("core");
}
END_TEST

START_TEST(a_reader_who_does_not_read_keeps_it_from_nothing)
{
	sim.streams[2] = SIM_STREAM_STUCK;
	start(&sim_sleeper, "-vv", NULL);
	inside(1, SIGNAL_TERM);
	ends_with(143);
	ck_assert(sim_now_ms() <= 1000);
	ck_assert_uint_eq(sim_calls_of(SYS_WRITE), 0);
}
END_TEST

/* ---- 9. being the init of an engine ---- */

START_TEST(a_pause_ends_with_0_by_term_and_int)
{
	static const int signals[] = { SIGNAL_TERM, SIGNAL_INT };
	uint64_t inherited = 0;

	for (int i = 0; i < 4; i++) {
		begin();
		foster = i < 2 ? sim_foster(NULL, "foster", "-P", NULL)
			       : sim_foster(NULL, "/pause", NULL);
		inherited |= UINT64_C(1) << (SIGNAL_INT - 1) |
			     UINT64_C(1) << (SIGNAL_HUP - 1);
		foster->ignored = inherited;
		inside(1, SIGNAL_HUP);
		inside(1, SIM_USR1);
		settle();
		ck_assert_uint_eq(timed_waits(), 0);
		inside(1, signals[i % 2]);
		ends_with(0);
		at_ms(0);
		says("");
	}
}
END_TEST

START_TEST(a_pause_reaps_what_it_adopts)
{
	foster = sim_foster(NULL, "pause", NULL);
	sim_actor(sim_actor(NULL, &many), &sim_sleeper);
	settle();
	ck_assert_uint_eq(sim.process_count, 2);
	inside(1, SIGNAL_TERM);
	ends_with(0);
	at_ms(10);
}
END_TEST

START_TEST(version_is_what_the_name_asks_for)
{
	foster = sim_foster(NULL, "foster", "--version", NULL);
	ends_with(0);
	ck_assert(strncmp(sim_output(1), "foster version ", 15) == 0);
	begin();
	foster = sim_foster(NULL, "/sbin/docker-init", "--version", NULL);
	ends_with(0);
	ck_assert(strncmp(sim_output(1), "tini version ", 13) == 0);
	says("");
}
END_TEST

/* ---- 10. it asks for nothing ---- */

static long refuse_waiting(void *context, const struct sim_call *call)
{
	(void)context;
	return call->number == SYS_RT_SIGTIMEDWAIT ? -E_NOSYS : 0;
}

START_TEST(where_waiting_is_refused_it_waits_for_children_and_never_spins)
{
	const struct sim_script hour = {
		"hour",
		.steps = SIM_STEPS(SIM_SLEEP(3600000), SIM_EXIT(5)),
	};

	sim.hooks.fault = refuse_waiting;
	start(&hour, NULL);
	ends_with(5);
	at_ms(3600000);
	ck_assert_uint_lt(sim.calls_made, 100);
	says_once("signals cannot be waited for");
}
END_TEST

static long refuse_waiting_and_poll(void *context, const struct sim_call *call)
{
	return call->number == SYS_PPOLL ? -E_NOSYS
					 : refuse_waiting(context, call);
}

static long refuse_every_pause(void *context, const struct sim_call *call)
{
	return call->number == SYS_NANOSLEEP
		       ? -E_NOSYS
		       : refuse_waiting_and_poll(context, call);
}

START_TEST(where_polling_is_refused_too_leftovers_have_their_time)
{
	sim.hooks.fault = refuse_waiting_and_poll;
	start(&leaves_stubborn, NULL);
	ends_with(3);
	at_ms(GRACE_MS);
}
END_TEST

START_TEST(where_no_pause_is_allowed_it_ends_early_and_never_spins)
{
	sim.hooks.fault = refuse_every_pause;
	start(&leaves_stubborn, NULL);
	ends_with(3);
	at_ms(0);
	/* One look after the other, but no more than there would have been. */
	ck_assert_uint_lt(sim.calls_made, 1000);
}
END_TEST

static long refused_with;

static long refuse_wait4(void *context, const struct sim_call *call)
{
	(void)context;
	return call->number == SYS_WAIT4 ? refused_with : 0;
}

START_TEST(where_wait4_is_refused_deaths_are_learned_of_all_the_same)
{
	static const long errors[] = { -E_NOSYS, -E_PERM };
	const struct sim_script dies = {
		"dies",
		.steps = SIM_STEPS(SIM_FORK(&true_program), SIM_SLEEP(10),
				   SIM_DIE(SIGNAL_QUIT)),
	};

	for (int i = 0; i < 2; i++) {
		begin();
		refused_with = errors[i];
		sim.hooks.fault = refuse_wait4;
		start(&leaves_stubborn, NULL);
		ends_with(3);
		begin();
		refused_with = errors[i];
		sim.hooks.fault = refuse_wait4;
		start(&dies, NULL);
		ends_with(128 + SIGNAL_QUIT);
	}
}
END_TEST

START_TEST(as_the_only_file_it_runs)
{
	sim.proc = SIM_PROC_ABSENT;
	sim.tty = SIM_TTY_ABSENT;
	start(&entrypoint, NULL);
	foster->uid = 1000;
	inside(1, SIGNAL_TERM);
	ends_with(143);
	at_ms(2000);
	says("");
}
END_TEST

/* ---- the suite ---- */

static TCase *section(Suite *suite, const char *name)
{
	TCase *tcase = suite_case(suite, name);

	tcase_add_checked_fixture(tcase, begin, NULL);
	return tcase;
}

Suite *stories_suite(void);
Suite *stories_suite(void)
{
	Suite *suite = suite_create("stories");
	TCase *tcase;

	tcase = section(suite, "2. exit status");
	suite_add(tcase, the_status_is_the_programs_own);
	suite_add(tcase, the_status_of_a_signal_is_128_and_its_number);
	suite_add(tcase, what_is_not_there_is_127_and_what_cannot_run_is_126);
	suite_add(tcase, no_process_is_125_and_not_remapped);
	suite_add(tcase, remapping_is_of_the_programs_status_126_and_127);
	tcase = section(suite, "3. starting");
	suite_add(tcase, the_program_gets_mask_and_dispositions_as_foster_did);
	suite_add(tcase, the_environment_is_fosters_less_its_options);
	suite_add(tcase, socket_activation_names_the_program);
	suite_add(tcase, no_signal_comes_too_early_to_reach_the_program);
	suite_add(tcase, the_program_leads_a_group_of_its_own);
	suite_add(tcase, the_program_has_the_terminal_before_it_runs);
	suite_add(tcase, in_the_background_the_terminal_is_taken_from_nobody);
	suite_add(tcase, a_group_from_outside_takes_the_terminal);
	suite_add(tcase, without_dev_tty_the_first_stream_is_the_terminal);
	suite_add(tcase, without_dev_tty_nothing_but_the_streams_is_asked);
	suite_add(tcase, that_there_is_no_terminal_costs_one_call);
	suite_add(tcase, path_is_searched_with_the_precedence_of_errors);
	suite_add(tcase, a_file_that_may_not_be_run_is_the_one_that_is_named);
	suite_add(tcase, a_text_is_for_bin_sh_and_an_elf_file_never_is);
	suite_add(tcase, foster_lets_go_of_all_files_but_the_standard_streams);
	suite_add(tcase, what_is_closed_stays_closed_and_gets_no_message);
	suite_add(tcase, an_ignored_sigchld_and_blocked_signals_are_no_trouble);
	suite_add(tcase, children_that_were_there_before_are_reaped);
	suite_add(tcase, when_its_parent_dies_foster_has_the_signal_and_hands_it_over);
	suite_add(tcase, when_foster_dies_the_program_has_the_signal);
	tcase = section(suite, "4. signals");
	suite_add(tcase, every_signal_is_handed_over_once);
	suite_add(tcase, a_queued_signal_keeps_value_sender_count_and_order);
	suite_add(tcase, with_a_full_queue_the_signal_goes_without_its_value);
	suite_add(tcase, a_group_gets_what_it_is_to_get);
	suite_add(tcase, signals_are_rewritten_or_dropped);
	suite_add(tcase, what_foster_itself_causes_is_never_handed_over);
	suite_add(tcase, a_stopped_program_is_continued_to_end);
	suite_add(tcase, one_that_runs_gets_no_cont);
	suite_add(tcase, a_program_of_another_user_is_said_once_and_tended_on);
	suite_add(tcase, what_is_typed_reaches_the_program_once);
	tcase = section(suite, "5. reaping");
	suite_add(tcase, however_many_orphans_end_at_once_all_are_reaped);
	suite_add(tcase, idle_it_never_wakes_up);
	suite_add(tcase, not_process_1_orphans_come_to_it_all_the_same);
	suite_add(tcase, where_the_kernel_refuses_that_one_warning_is_given);
	suite_add(tcase, process_1_does_not_ask_for_orphans);
	suite_add(tcase, nested_inits_are_silent_and_work);
	tcase = section(suite, "6. leftovers");
	suite_add(tcase, the_server_of_an_entrypoint_ends_in_its_own_time);
	suite_add(tcase, without_leftovers_it_exits_at_once);
	suite_add(tcase, leftovers_are_told_once_and_term_comes_before_cont);
	suite_add(tcase, a_stopped_leftover_can_end);
	suite_add(tcase, what_a_leftover_started_is_told_at_half_time_and_once);
	suite_add(tcase, not_process_1_descendants_are_told_at_half_time_and_strangers_never);
	suite_add(tcase, who_is_handed_over_later_is_told_when_it_comes);
	suite_add(tcase, a_group_that_was_told_is_not_told_again);
	suite_add(tcase, leftovers_are_told_as_rewritten_but_never_nothing);
	suite_add(tcase, without_proc_process_1_tells_all_once);
	suite_add(tcase, without_proc_and_not_process_1_the_group_is_told);
	suite_add(tcase,
		  without_proc_and_not_process_1_who_is_left_cannot_be_named);
	suite_add(tcase, without_children_files_parents_are_asked);
	suite_add(tcase, the_first_signal_to_end_is_passed_on_and_the_next_ends_it);
	suite_add(tcase, hup_is_passed_on_and_all_others_are_dropped);
	suite_add(tcase, not_process_1_kills_at_the_deadline_and_reaps);
	suite_add(tcase, those_that_arrive_during_the_killing_are_killed);
	suite_add(tcase, who_cannot_be_killed_keeps_it_one_second_and_is_named);
	suite_add(tcase, with_no_grace_it_exits_at_once);
	suite_add(tcase, of_many_that_are_left_over_three_are_named);
	suite_add(tcase, the_grace_is_what_was_asked_for);
	suite_add(tcase, told_to_wait_for_all_it_stays_until_it_is_told);
	suite_add(tcase, told_to_wait_for_all_it_ends_with_the_last);
	suite_add(tcase, who_entered_from_outside_is_told_at_half_time_and_not_waited_for);
	suite_add(tcase, after_the_first_signal_to_end_the_time_runs);
	suite_add(tcase, a_number_that_comes_again_is_another_process);
	suite_add(tcase, the_terminal_goes_back_when_the_program_ends);
	suite_add(tcase, with_standard_input_closed_a_terminal_is_one_all_the_same);
	suite_add(tcase, typed_after_the_end_it_reaches_foster);
	tcase = section(suite, "7. terminals and job control");
	suite_add(tcase, typed_stop_stops_foster_with_its_group_and_fg_continues_both);
	suite_add(tcase, bg_continues_both_and_the_shell_keeps_the_terminal);
	suite_add(tcase, where_nobody_could_type_fg_a_typed_stop_freezes_nothing);
	suite_add(tcase, without_a_terminal_foster_stops_alone);
	suite_add(tcase, who_wants_to_read_gets_the_terminal_from_fosters_own_group);
	suite_add(tcase, who_wants_to_read_in_the_background_stays_stopped);
	suite_add(tcase, a_sigstop_is_left_alone);
	suite_add(tcase, hang_up_reaches_the_program);
	tcase = section(suite, "8. it explains");
	suite_add(tcase, a_death_nobody_asked_for_is_explained_once);
	suite_add(tcase, the_out_of_memory_killer_is_named_where_it_can_be_read);
	suite_add(tcase, what_cannot_run_is_diagnosed_by_looking_at_it);
	suite_add(tcase, what_is_not_in_path_is_said_with_the_path);
	suite_add(tcase, quiet_it_says_only_that_the_program_could_not_be_started);
	suite_add(tcase, each_reaped_orphan_is_said_if_that_was_asked_for);
	suite_add(tcase, a_core_is_mentioned);
	suite_add(tcase, a_reader_who_does_not_read_keeps_it_from_nothing);
	tcase = section(suite, "9. being the init of an engine");
	suite_add(tcase, a_pause_ends_with_0_by_term_and_int);
	suite_add(tcase, a_pause_reaps_what_it_adopts);
	suite_add(tcase, version_is_what_the_name_asks_for);
	tcase = section(suite, "10. it asks for nothing");
	suite_add(tcase, where_waiting_is_refused_it_waits_for_children_and_never_spins);
	suite_add(tcase, where_polling_is_refused_too_leftovers_have_their_time);
	suite_add(tcase, where_no_pause_is_allowed_it_ends_early_and_never_spins);
	suite_add(tcase, where_wait4_is_refused_deaths_are_learned_of_all_the_same);
	suite_add(tcase, as_the_only_file_it_runs);
	return suite;
}
