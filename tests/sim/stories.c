/*
 * stories.c - each promise of foster(1) once, on the simulated kernel: who gets
 * which signal when, what is reaped, what is said, how foster ends. Each test's
 * case is the section of the manual that it belongs to.
 */
#include "sim.h"
#include "suite.h"
#include "sys.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { WORDS_MAX = 16, GRACE_MS = 8000, QUIET_MS = 100, LOOK_MS = 125 };

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

enum { FILES_MAX = 64 };

/* The file that foster opens or closes by this call. */
static void note_file(const struct sim_call *call, bool is_open[FILES_MAX])
{
	switch (call->number) {
	case SYS_openat:
	case SYS_pidfd_open:
		if (call->result >= 0 && call->result < FILES_MAX)
			is_open[call->result] = true;
		break;
	case SYS_close:
		if (call->arguments[0] < FILES_MAX)
			is_open[call->arguments[0]] = false;
		break;
	case SYS_close_range:
		for (int fd = 3; fd < FILES_MAX && call->result == 0; fd++)
			is_open[fd] = false;
		break;
	}
}

/* Of what foster opens nothing stays open: it may run for a year. */
static void keeps_no_file(void)
{
	bool is_open[FILES_MAX] = { false };

	for (size_t i = 0; i < sim.call_count; i++)
		if (sim.calls[i].pid == sim_pid_of_foster())
			note_file(&sim.calls[i], is_open);
	for (int fd = 0; fd < FILES_MAX; fd++)
		sim_check(!is_open[fd], "file %d stays open", fd);
}

/* Until nothing can happen any more, and foster waits. */
static void settle(void)
{
	enum sim_end_kind end = sim_run();

	sim_check(end == SIM_ASLEEP, "%d, not asleep: status %d, %s%s", end,
		  sim_status_of_foster(), sim.failure, sim_output(2));
	sim_check(sim_zombies() == 0, "%u zombies", sim_zombies());
	keeps_no_file();
}

static void ends_with(int status)
{
	enum sim_end_kind end = sim_run();

	sim_check(end == SIM_ENDED, "no end: %d, %s", end, sim.failure);
	sim_check(sim_status_of_foster() == status, "status %d, not %d: %s",
		  sim_status_of_foster(), status, sim_output(2));
	keeps_no_file();
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

/* Foster kills, and kills again, until it is gone. */
static void is_killed(int pid)
{
	sim_check(sim_sent_by(own, pid, SIGKILL) > 0, "%d is not killed", pid);
	sim_check(sim_count(SIM_DIED, pid, SIGKILL) == 1, "%d does not die",
		  pid);
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
	if (call->number == SYS_rt_sigtimedwait)
		return call->arguments[2] != 0;
	return call->number == SYS_nanosleep ||
	       (call->number == SYS_ppoll && call->arguments[1] == 0);
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

/* Who lives on longer than the story is long. */
static void that_is_all(void)
{
	sim_do_outside(own, SIGKILL);
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

static void is_told_at(const char *name, int signal, uint64_t ms)
{
	int pid = sim_pid_of(name, 0);
	uint64_t told_ms;

	gets(pid, signal, 1);
	told_ms = fact_of(SIM_SENT, pid, signal, 0)->ns / 1000000 - 1000000;
	sim_check(told_ms == ms, "%s: told at %lu ms", name,
		  (unsigned long)told_ms);
}

/* ---- programs ---- */

static const struct sim_step exits_0[] = { SIM_EXIT(0), SIM_END };

static const struct sim_script true_program = { "true", .steps = exits_0 };

/* Ends by itself some time after it was told to. */
static const struct sim_script server = {
	"server",
	.on = SIM_ON({ SIGTERM, SIM_STEPS(SIM_SLEEP(2000), SIM_EXIT(0)) }),
	.steps = SIM_STEPS(SIM_PAUSE),
};

static const struct sim_script stubborn = {
	"stubborn",
	.on = SIM_ON({ SIGTERM, SIM_IGNORED }, { SIGINT, SIM_IGNORED },
		     { SIGQUIT, SIM_IGNORED }),
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
	for (int signal = 1; signal <= SIGNALS_MAX; signal++) {
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
	return call->number == SIM_CALL_SPAWN ? -EAGAIN : 0;
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
	inside(1, SIGTERM);
	ends_with(0);
}
END_TEST

/* ---- 3. starting ---- */

START_TEST(the_program_gets_mask_and_dispositions_as_foster_did)
{
	uint64_t bit = UINT64_C(1);

	for (int signal = 1; signal <= SIGNALS_MAX; signal++) {
		bool is_changeable =
			signal != SIGKILL && signal != SIGSTOP;
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
	says("foster: starting '/app'\n");
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
			sim_before_call(n, sim_do_inside, 1, SIGTERM);
			ends_with(143);
			gets(app, SIGTERM, 1);
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

/* For which is the controlling one, and if the first can become it. */
START_TEST(without_dev_tty_nothing_but_the_streams_is_asked)
{
	sim.tty = SIM_TTY_ABSENT;
	start(&sim_sleeper, NULL);
	settle();
	ck_assert_uint_eq(sim_calls_of(SYS_ioctl), 3 + 1);
}
END_TEST

/* Process 1 also asks whether its standard input is one that nobody controls. */
START_TEST(that_there_is_no_terminal_costs_one_call)
{
	start(&sim_sleeper, NULL);
	settle();
	ck_assert_uint_eq(sim_calls_of(SYS_openat), 1);
	ck_assert_uint_eq(sim_calls_of(SYS_ioctl), 1);
	begin();
	start_under_shell(&sim_sleeper, NULL);
	sim.has_terminal = false;
	settle();
	ck_assert_uint_eq(sim_calls_of(SYS_ioctl), 0);
}
END_TEST

/*
 * A virtual machine's console: nothing is stolen, and only by process 1. The
 * session is foster's, for what is left of one is hung up when its leader ends.
 */
START_TEST(a_terminal_that_nobody_controls_becomes_that_of_process_1)
{
	for (int is_first = 0; is_first < 2; is_first++) {
		begin();
		sim.streams[0] = SIM_STREAM_TERMINAL;
		if (is_first) {
			start(&sim_sleeper, NULL);
		} else {
			start_under_shell(&sim_sleeper, NULL);
			sim.has_terminal = false;
		}
		settle();
		ck_assert_int_eq(process_of(app)->group, app);
		ck_assert_int_eq(process_of(app)->session, foster->session);
		ck_assert_int_eq(sim.has_terminal, is_first);
		if (!is_first)
			continue;
		ck_assert_int_eq(sim.terminal_session, foster->pid);
		ck_assert_int_eq(sim.foreground, app);
		sim_do_type(SIGINT, 0);
		ends_with(130);
		says("");
	}
}
END_TEST

START_TEST(a_terminal_of_another_session_stays_there)
{
	struct sim_process *other = sim_actor(NULL, &sim_sleeper);

	sim.streams[0] = SIM_STREAM_TERMINAL;
	sim_put_into(other, other->pid, other->pid);
	start(&sim_sleeper, NULL);
	sim_give_terminal(other->pid, other->pid);
	settle();
	ck_assert_int_eq(sim.terminal_session, other->pid);
	ck_assert_int_eq(sim.foreground, other->pid);
	ck_assert_int_eq(process_of(app)->group, app);
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
	sim_check(strcmp(sim_execution.path, path_run) == 0,
		  "%.80s, not %.80s", sim_execution.path, path_run);
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
	sim_file_refused("/a/x", -EIO);
	sim_program("/b/x", &sim_sleeper);
	starts_by_path("PATH=/a:/b", 126, NULL);
	begin();
	sim_program("/usr/bin/x", &sim_sleeper);
	starts_by_path("NO_PATH=1", 0, "/usr/bin/x");
}
END_TEST

/* As execvp(3) has it: a link that leads to itself (ELOOP) ends the search. */
START_TEST(each_error_of_an_entry_ends_the_search_or_is_passed_over)
{
	static const int passed_over[] = {
		ENOENT,	      EACCES,	 ENODEV, ENOTDIR,
		ENAMETOOLONG, ETIMEDOUT, ESTALE,
	};

	for (int error = 1; error <= EHWPOISON; error++) {
		bool goes_on = false;

		for (int i = 0; i < 7; i++)
			goes_on = goes_on || error == passed_over[i];
		begin();
		sim_file_refused("/a/x", -error);
		sim_program("/b/x", &sim_sleeper);
		starts_by_path("PATH=/a:/b", 126, goes_on ? "/b/x" : NULL);
	}
}
END_TEST

/* Of 4,095 bytes; what is longer is not tried (PATH_MAX counts the NUL). */
START_TEST(an_entry_of_path_counts_up_to_the_longest_path)
{
	enum { LONGEST = 4093 };
	char folder[LONGEST + 2], file[LONGEST + 4], path[LONGEST + 16];

	for (size_t length = LONGEST; length <= LONGEST + 1; length++) {
		memset(folder, 'a', sizeof(folder));
		for (size_t at = 0; at < length; at += 200)
			folder[at] = '/';
		folder[length] = '\0';
		snprintf(file, sizeof(file), "%s/x", folder);
		snprintf(path, sizeof(path), "PATH=%s:/b", folder);
		begin();
		sim_program(file, &sim_sleeper);
		sim_program("/b/x", &sim_sleeper);
		starts_by_path(path, 0, length == LONGEST ? file : "/b/x");
		ck_assert_uint_eq(sim_calls_of(SYS_execve), 1);
	}
}
END_TEST

START_TEST(a_text_without_a_shell_is_passed_over_and_named_if_it_is_all)
{
	sim_file_mode("/a/x", "echo hello\n", 0755);
	sim_program("/b/x", &sim_sleeper);
	starts_by_path("PATH=/a:/b", 0, "/b/x");
	begin();
	sim_file_mode("/a/x", "echo hello\n", 0755);
	starts_by_path("PATH=/a:/b", 127, NULL);
	says("foster: cannot run '/a/x': its interpreter '/bin/sh' does not"
	     " exist\n");
	/* Of two it is the first. */
	begin();
	sim_file_mode("/a/x", "echo hello\n", 0755);
	sim_file_mode("/b/x", "echo hello\n", 0755);
	starts_by_path("PATH=/a:/b", 127, NULL);
	says("foster: cannot run '/a/x': its interpreter '/bin/sh' does not"
	     " exist\n");
	/* The file that is named has no interpreter. */
	begin();
	sim_file_mode("/a/x", "echo hello\n", 0755);
	sim_file_mode("/b/x", "echo hello\n", 0644);
	starts_by_path("PATH=/a:/b", 126, NULL);
	says("foster: cannot run '/b/x': not executable (mode 0644): chmod +x"
	     " it\n");
	/* Nor has the one that ends the search. */
	begin();
	sim_file_mode("/a/x", "echo hello\n", 0755);
	sim_file_mode("/b/x", "", 0755);
	starts_by_path("PATH=/a:/b", 126, NULL);
	says("foster: cannot run '/b/x': an empty file\n");
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

/* Why a file cannot run is looked for once none can. */
/* The program's process comes first wherever it can. */
static unsigned program_first(void *unused, const struct sim_choice *choice)
{
	(void)unused;
	for (unsigned i = 0; i < choice->count; i++)
		if (choice->who[i] != NULL && choice->who[i]->pid == app)
			return i;
	return 0;
}

/* Whichever of the two processes comes first. */
START_TEST(the_start_is_said_before_why_the_program_cannot_run)
{
	for (int i = 0; i < 2; i++) {
		begin();
		sim.hooks.choose = i == 0 ? program_first : NULL;
		sim_file("/app", "not executable");
		foster = sim_foster(NULL, "foster", "-v", "/app", NULL);
		own = foster->pid;
		app = own + 1;
		ends_with(126);
		sim_check(strncmp(sim_output(2), "foster: starting '/app'\n"
				  "foster: cannot run '/app'", 46) == 0,
			  "%s", sim_output(2));
	}
}
END_TEST

static long refuse_statx(void *context, const struct sim_call *call)
{
	(void)context;
	return call->number == SYS_statx ? -ENOMEM : 0;
}

/* It would be the reason of another error than the one that execve(2) gave. */
START_TEST(where_a_look_fails_otherwise_the_error_alone_is_said)
{
	sim.hooks.fault = refuse_statx;
	sim_file("/app", "not executable");
	foster = sim_foster(NULL, "foster", "/app", NULL);
	ends_with(126);
	says("foster: cannot run '/app': Permission denied\n");
	begin();
	sim.hooks.fault = refuse_statx;
	foster = sim_foster(NULL, "foster", "/app", NULL);
	ends_with(127);
	says("foster: cannot run '/app': No such file or directory\n");
}
END_TEST

START_TEST(a_program_that_runs_is_not_looked_at)
{
	static const long looks[] = { SYS_statx,  SYS_readlinkat, SYS_faccessat,
				      SYS_statfs, SYS_getxattr,	  SYS_pread64 };

	sim_file("/a/x", "not executable");
	sim_program("/b/x", &sim_sleeper);
	starts_by_path("PATH=/no:/a:/b", 0, "/b/x");
	for (int i = 0; i < 6; i++)
		ck_assert_uint_eq(sim_calls_of(looks[i]), 0);
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
	return call->number == SYS_close_range ? -ENOSYS : 0;
}

/* More than one read of the list gives, on both sides of the list itself. */
START_TEST(without_close_range_foster_closes_what_is_listed_and_nothing_else)
{
	enum { OPEN = 200, LISTED_AS = 100 };

	sim.hooks.fault = refuse_close_range;
	start(&sim_sleeper, NULL);
	for (int fd = 3; fd < OPEN; fd++)
		if (fd != LISTED_AS)
			sim_open_file(foster, fd, "/file");
	settle();
	for (int fd = 3; fd < OPEN; fd++)
		sim_check(!sim_has_open(foster, fd), "%d is open", fd);
	for (size_t i = 0; i < sim.call_count; i++)
		sim_check(sim.calls[i].number != SYS_close ||
				  sim.calls[i].result == 0,
			  "closed twice: %ld", sim.calls[i].arguments[0]);
}
END_TEST

START_TEST(without_a_list_foster_closes_each_file_below_1024_once)
{
	int fd = 3;

	sim.proc = SIM_PROC_ABSENT;
	sim.hooks.fault = refuse_close_range;
	start(&sim_sleeper, NULL);
	settle();
	for (size_t i = 0; i < sim.call_count; i++)
		if (sim.calls[i].number == SYS_close && sim.calls[i].pid == own)
			ck_assert_int_eq(sim.calls[i].arguments[0], fd++);
	ck_assert_int_eq(fd, 1024);
}
END_TEST

START_TEST(close_range_is_of_all_that_a_process_can_have)
{
	start(&sim_sleeper, NULL);
	settle();
	for (size_t i = 0; i < sim.call_count; i++)
		if (sim.calls[i].number == SYS_close_range)
			ck_assert(sim.calls[i].arguments[0] == 3 &&
				  (unsigned)sim.calls[i].arguments[1] == ~0U &&
				  sim.calls[i].arguments[2] == 0);
	ck_assert_uint_eq(sim_calls_of(SYS_close_range), 1);
}
END_TEST

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
		ck_assert_uint_eq(sim_calls_of(SYS_chdir), 1);
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
		inside(1, SIGTERM);
		ends_with(143);
		if (fd == 2)
			says("");
	}
}
END_TEST

START_TEST(an_ignored_sigchld_and_blocked_signals_are_no_trouble)
{
	start(&sim_sleeper, NULL);
	foster->ignored = UINT64_C(1) << (SIGCHLD - 1);
	foster->blocked = ~UINT64_C(0) & ~UINT64_C(0x40100);
	settle();
	inside(1, SIGTERM);
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
	inside(1, SIGTERM);
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
	gets(app, SIGTERM, 1);
	at_ms(2100);
}
END_TEST

/* The index of foster's first call of that kind. */
static unsigned long index_of(long number)
{
	for (size_t i = 0; i < sim.call_count; i++)
		if (sim.calls[i].number == number)
			return sim.calls[i].index;
	sim_fail("no call %ld", number);
}

/* Once foster knows who that is. */
START_TEST(whenever_its_parent_dies_foster_hands_the_signal_over)
{
	unsigned long first, last;

	start_with_mortal_parent("-p", "TERM");
	sim_run_until(50);
	first = index_of(SYS_getppid) + 1;
	last = sim.calls_made;
	that_is_all();
	for (unsigned long i = first; i < last; i++) {
		begin();
		start_with_mortal_parent("-p", "TERM");
		sim_before_call(i, sim_do_kill_now, own - 1, 0);
		sim_run();
		/* Twice if it dies between the kernel's promise and a look. */
		sim_check(sim_sent_by(own, app, SIGTERM) > 0,
			  "before call %lu: not told", i);
	}
}
END_TEST

START_TEST(when_foster_dies_the_program_has_the_signal)
{
	start_with_mortal_parent("-d", "USR1");
	sim_at(50, sim_do_inside, own, SIGKILL);
	ends_with(128 + SIGKILL);
	ck_assert_uint_eq(sim_count(SIM_SENT, app, SIGUSR1), 1);
}
END_TEST

/* ---- 4. signals ---- */

START_TEST(every_signal_is_handed_over_once)
{
	for (int signal = 1; signal <= SIGNALS_MAX; signal++) {
		bool is_kept = signal == SIGKILL || signal == SIGSTOP ||
			       signal == SIGCHLD;

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
		ck_assert_int_eq(fact->code, SI_QUEUE);
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
	says_once("foster: the signal queue is full");
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
	inside(1, SIGUSR1);
	ends_with(128 + SIGUSR1);
	gets(app, SIGUSR1, 1);
	gets(app + 1, SIGUSR1, 1);
	begin();
	start(&forks, "-c", NULL);
	inside(1, SIGUSR1);
	ends_with(128 + SIGUSR1);
	gets(app + 1, SIGUSR1, 0);
}
END_TEST

START_TEST(signals_are_rewritten_or_dropped)
{
	start(&sim_sleeper, "-r", "TERM:USR1", "-r", "HUP:0", NULL);
	inside(1, SIGHUP);
	inside(1, SIGTERM);
	ends_with(128 + SIGUSR1);
	gets(app, SIGHUP, 0);
	gets(app, SIGTERM, 0);
	gets(app, SIGUSR1, 1);
}
END_TEST

START_TEST(what_foster_itself_causes_is_never_handed_over)
{
	sim.streams[2] = SIM_STREAM_BROKEN;
	start(&sim_sleeper, "-vv", NULL);
	inside(1, SIGUSR2);
	ends_with(128 + SIGUSR2);
	gets(app, SIGPIPE, 0);
	ck_assert_uint_gt(sim_sent_by(1, 1, SIGPIPE), 0);
}
END_TEST

START_TEST(a_stopped_program_is_continued_to_end)
{
	static const int to_end[] = { SIGTERM, SIGINT, SIGQUIT,
				      SIGHUP };

	for (int i = 0; i < 4; i++) {
		begin();
		start(&sim_sleeper, NULL);
		sim_when_waiting(sim_do_inside, app, SIGSTOP);
		inside(1, to_end[i]);
		ends_with(128 + to_end[i]);
		gets(app, SIGCONT, 1);
	}
	begin();
	start(&sim_sleeper, NULL);
	inside(app, SIGSTOP);
	inside(1, SIGUSR1);
	settle();
	gets(app, SIGCONT, 0);
	ck_assert_int_eq(process_of(app)->state, SIM_STOPPED);
}
END_TEST

/* Nor does a child that goes on stand for the program. */
START_TEST(one_that_was_continued_by_others_gets_no_cont)
{
	int other;

	start(&server, NULL);
	inside(app, SIGSTOP);
	inside(app, SIGCONT);
	inside(1, SIGTERM);
	ends_with(0);
	gets(app, SIGCONT, 0);
	begin();
	start(&sim_sleeper, NULL);
	other = sim_actor(foster, &sim_sleeper)->pid;
	app = other + 1;
	inside(other, SIGSTOP);
	inside(app, SIGSTOP);
	inside(other, SIGCONT);
	inside(1, SIGTERM);
	ends_with(143);
	gets(app, SIGCONT, 1);
}
END_TEST

START_TEST(one_that_runs_gets_no_cont)
{
	start(&stubborn, NULL);
	inside(1, SIGTERM);
	settle();
	gets(app, SIGTERM, 1);
	gets(app, SIGCONT, 0);
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
	inside(1, SIGTERM);
	inside(1, SIGWINCH);
	ends_with(4);
	says_once("cannot forward SIGTERM to process 2");
}
END_TEST

START_TEST(what_is_typed_reaches_the_program_once)
{
	start_under_shell(&sim_sleeper, NULL);
	sim_when_waiting(sim_do_type, SIGINT, 0);
	ends_with(130);
	ck_assert_uint_eq(sim_count(SIM_SENT, app, SIGINT), 1);
	says("");
}
END_TEST

/* Takes its time to end, and would not notice that it was stopped. */
static const struct sim_script ends_later = {
	"ends later",
	.on = SIM_ON({ SIGTERM, SIM_STEPS(SIM_SLEEP(3000), SIM_EXIT(0)) },
		     { SIGINT, SIM_STEPS(SIM_SLEEP(3000), SIM_EXIT(0)) },
		     { SIGQUIT, SIM_STEPS(SIM_SLEEP(3000), SIM_EXIT(0)) },
		     { SIGHUP, SIM_STEPS(SIM_SLEEP(3000), SIM_EXIT(0)) }),
	.steps = SIM_STEPS(SIM_PAUSE),
};

START_TEST(a_stop_that_comes_after_a_signal_to_end_is_continued)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGQUIT, SIGHUP };
	static const int stops[] = { SIGSTOP, SIGTSTP, SIGTTIN };

	for (int i = 0; i < 4 * 3; i++) {
		int signal = signals[i / 3], stop = stops[i % 3];
		bool is_ever = signal == SIGTERM || signal == SIGINT;

		/* Ctrl-Z is obeyed after Ctrl-C. */
		if (stop != SIGSTOP && signal != SIGTERM)
			continue;
		begin();
		start_under_shell(&ends_later, NULL);
		sim_at(1000, sim_do_inside, own, signal);
		/* Within a second, and later. */
		sim_at(1900, sim_do_inside, app, stop);
		sim_run_until(1901);
		ck_assert_int_eq(process_of(app)->state, SIM_RUNNING);
		gets(app, SIGCONT, 1);
		sim_at(2100, sim_do_inside, app, SIGSTOP);
		if (is_ever) {
			ends_with(0);
			at_ms(4000);
			continue;
		}
		settle();
		ck_assert_int_eq(process_of(app)->state, SIM_STOPPED);
		ck_assert_int_eq(foster->state, SIM_RUNNING);
	}
}
END_TEST

START_TEST(a_signal_that_r_makes_of_another_continues_as_well)
{
	static const char *const rules[] = { "USR1:TERM", "TERM:USR1" };

	for (int i = 0; i < 2; i++) {
		begin();
		start(&sim_sleeper, "-r", rules[i], NULL);
		settle();
		process_of(app)->ignored = ~UINT64_C(0x40100);
		sim_at(1000, sim_do_inside, 1, i == 0 ? SIGUSR1 : SIGTERM);
		sim_at(5000, sim_do_inside, app, SIGSTOP);
		settle();
		ck_assert_int_eq(process_of(app)->state, SIM_RUNNING);
		gets(app, SIGCONT, 1);
	}
}
END_TEST

/* Whoever became foster by exec had sent it to himself before. */
START_TEST(what_it_sent_to_itself_before_is_forwarded)
{
	for (int signal = 1; signal <= SIGNALS_MAX; signal++) {
		bool is_kept = signal == SIGKILL || signal == SIGSTOP ||
			       signal == SIGCHLD || signal == SIGPIPE ||
			       signal == SIGXFSZ;

		begin();
		start(&sim_sleeper, NULL);
		foster->blocked = ~UINT64_C(0x40100);
		sim_before_call(0, sim_do_itself, 1, signal);
		sim_run();
		gets(app, signal, is_kept ? 0 : 1);
	}
}
END_TEST

START_TEST(what_the_kernel_says_of_its_own_processor_time_is_not_forwarded)
{
	start(&sim_sleeper, NULL);
	sim_when_waiting(sim_do_kernel, 1, SIGXCPU);
	settle();
	gets(app, SIGXCPU, 0);
	inside(1, SIGXCPU);
	ends_with(128 + SIGXCPU);
	gets(app, SIGXCPU, 1);
}
END_TEST

/* As of setitimer(2), fcntl(2) F_SETOWN, a power failure. */
START_TEST(what_the_kernel_sends_is_for_the_group_only_where_it_may_be_typed)
{
	static const int typed[] = { SIGINT, SIGQUIT, SIGTSTP, SIGWINCH };
	static const int others[] = { SIGHUP, SIGALRM, SIGVTALRM, SIGPROF,
				      SIGURG, SIGIO,   SIGPWR,	  40 };
	const struct sim_script forks = {
		"forks",
		.steps = SIM_STEPS(SIM_FORK(&sim_sleeper), SIM_PAUSE),
	};

	for (int i = 0; i < 12; i++) {
		int signal = i < 4 ? typed[i] : others[i - 4];

		begin();
		start(&forks, NULL);
		sim_when_waiting(sim_do_kernel, 1, signal);
		sim_run_until(50);
		gets(app, signal, 1);
		gets(app + 1, signal, i < 4 ? 1 : 0);
		that_is_all();
	}
}
END_TEST

START_TEST(a_program_that_foster_traces_goes_on)
{
	static const int signals[] = { SIGWINCH, SIGTRAP, SIGCONT };

	for (int i = 0; i < 3; i++) {
		const struct sim_script traced = {
			"traced",
			.steps = SIM_STEPS(SIM_TRACE_ME,
					   SIM_SIGNAL_SELF(signals[i]),
					   SIM_EXIT(7)),
		};

		begin();
		start(&traced, NULL);
		ends_with(7);
		at_ms(0);
		says("");
	}
}
END_TEST

START_TEST(a_traced_program_ends_by_the_signal_that_it_had)
{
	const struct sim_script traced = {
		"traced",
		.steps = SIM_STEPS(SIM_TRACE_ME, SIM_SLEEP(10), SIM_EXIT(7)),
	};

	start(&traced, NULL);
	inside(1, SIGUSR1);
	ends_with(128 + SIGUSR1);
	says("");
}
END_TEST

START_TEST(an_orphan_that_foster_traces_goes_on)
{
	const struct sim_script program = {
		"program",
		.steps = SIM_STEPS(SIM_SLEEP(10), SIM_EXIT(0)),
	};
	const struct sim_script orphan = {
		"orphan",
		.steps = SIM_STEPS(SIM_SLEEP(200), SIM_TRACE_ME,
				   SIM_EXEC(&program)),
	};
	const struct sim_script middle = {
		"middle",
		.steps = SIM_STEPS(SIM_FORK(&orphan), SIM_EXIT(0)),
	};
	const struct sim_script parent = {
		"parent",
		.steps = SIM_STEPS(SIM_FORK(&middle), SIM_SLEEP(600),
				   SIM_EXIT(3)),
	};

	start(&parent, NULL);
	ends_with(3);
	at_ms(600);
	ck_assert_uint_eq(sim_count(SIM_DIED, app + 2, 0), 1);
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
	ck_assert_uint_eq(sim_calls_of(SYS_clock_gettime), 0);
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
	says_once("foster: cannot become a subreaper");
	ck_assert_int_eq(fact_of(SIM_ADOPTED, 0, -1, 0)->other, 1);
}
END_TEST

START_TEST(process_1_does_not_ask_for_orphans)
{
	start(&true_program, NULL);
	ends_with(0);
	ck_assert_uint_eq(sim_calls_of(SYS_prctl), 0);
}
END_TEST

START_TEST(nested_inits_are_silent_and_work)
{
	sim_program_foster("/sbin/foster");
	sim_program("/app", &has_an_orphan);
	foster = sim_foster(NULL, "foster", "/sbin/foster", "/app", NULL);
	own = 1;
	settle();
	inside(1, SIGTERM);
	ends_with(143);
	gets(2, SIGTERM, 1);
	ck_assert_uint_eq(sim_sent_by(2, 3, SIGTERM), 1);
	says("");
}
END_TEST

/* ---- 6. leftovers ---- */

START_TEST(the_server_of_an_entrypoint_ends_in_its_own_time)
{
	start(&entrypoint, NULL);
	inside(1, SIGTERM);
	ends_with(143);
	at_ms(2000);
	gets(app + 1, SIGTERM, 1);
	gets(app + 1, SIGCONT, 1);
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
	gets(app + 1, SIGTERM, 1);
	gets(app + 1, SIGCONT, 1);
	term = fact_of(SIM_SENT, app + 1, SIGTERM, 0);
	cont = fact_of(SIM_SENT, app + 1, SIGCONT, 0);
	ck_assert(term < cont);
	ck_assert_uint_eq(sim_count(SIM_SWEPT, app + 1, -1), 1);
	says("foster: 1 left over when the time was up, killed: 3 stubborn\n");
}
END_TEST

START_TEST(a_stopped_leftover_can_end)
{
	const struct sim_script stops = {
		"stops",
		.steps = SIM_STEPS(SIM_SIGNAL_SELF(SIGSTOP), SIM_PAUSE),
	};
	const struct sim_script leaver = {
		"leaver",
		.steps = SIM_STEPS(SIM_FORK(&stops), SIM_SLEEP(10),
				   SIM_EXIT(0)),
	};

	start(&leaver, NULL);
	ends_with(0);
	at_ms(10 + QUIET_MS);
	ck_assert_uint_eq(sim_count(SIM_DIED, app + 1, SIGTERM), 1);
}
END_TEST

/* A server with a worker of its own, which only it may tell. */
static const struct sim_script master = {
	"master",
	.on = SIM_ON({ SIGTERM, SIM_IGNORED }),
	.steps = SIM_STEPS(SIM_FORK(&stubborn), SIM_SLEEP(7500), SIM_EXIT(0)),
};

static const struct sim_script leaves_master = {
	"leaver",
	.steps = SIM_STEPS(SIM_FORK(&master), SIM_SLEEP(1), SIM_EXIT(0)),
};

START_TEST(what_a_leftover_started_is_told_at_three_quarters_and_once)
{
	const struct sim_fact *fact;

	start(&leaves_master, NULL);
	ends_with(0);
	at_ms(1 + GRACE_MS);
	fact = fact_of(SIM_SENT, app + 2, SIGTERM, 0);
	ck_assert_uint_eq(fact->ns, sim.now_ns - UINT64_C(2000000000));
	gets(app + 1, SIGTERM, 1);
	gets(app + 2, SIGTERM, 1);
}
END_TEST

START_TEST(not_process_1_descendants_are_told_at_three_quarters_and_strangers_never)
{
	struct sim_process *stranger, *sibling;

	start_under_shell(&leaves_master, NULL);
	stranger = sim_actor(init, &sim_sleeper);
	sibling = sim_actor(shell, &sim_sleeper);
	sim_run_until(7000);
	/* The numbers of those two come before the program's. */
	app = sim_pid_of("leaver", 0);
	gets(sim_pid_of("master", 0), SIGTERM, 1);
	gets(sim_pid_of("stubborn", 0), SIGTERM, 1);
	ends_with(0);
	gets(stranger->pid, SIGTERM, 0);
	gets(stranger->pid, SIGCONT, 0);
	gets(sibling->pid, SIGTERM, 0);
	gets(shell->pid, SIGTERM, 0);
	gets(1, SIGTERM, 0);
	ck_assert_uint_eq(sim_sent_by(own, stranger->pid, SIGKILL), 0);
}
END_TEST

/* A child whose own child the kernel reaps: its number is free at once. */
static const struct sim_script master_without_zombies = {
	"master",
	.on = SIM_ON({ SIGTERM, SIM_IGNORED }, { SIGCHLD, SIM_IGNORED }),
	.steps = SIM_STEPS(SIM_FORK(&sim_sleeper), SIM_PAUSE),
};

static const struct sim_script leaves_master_without_zombies = {
	"leaver",
	.steps = SIM_STEPS(SIM_FORK(&master_without_zombies), SIM_SLEEP(1),
			   SIM_EXIT(0)),
};

/* Process `pid` is gone, and a child of process 1 has its number. */
static void hand_number_over(int pid, int unused)
{
	(void)unused;
	sim_do_kill_now(pid, 0);
	sim.last_pid = pid - 1;
	sim_actor(init, &sim_sleeper);
}

/* Not process 1; the number of the master's child. */
static int start_master_without_zombies(void)
{
	begin();
	start_under_shell(&leaves_master_without_zombies, "-t", "8", NULL);
	return own + 3;
}

/*
 * The number of a descendant is handed over before any call of foster's from
 * the ending on: whoever has it then is never told.
 */
START_TEST(who_has_the_number_of_a_descendant_is_never_told)
{
	int pid = start_master_without_zombies();
	unsigned long first, last;

	sim_run_until(50);
	first = sim.calls_made;
	sim_run_until(7000);
	ck_assert_uint_eq(sim_sent_by(own, pid, SIGTERM), 1);
	last = sim.calls_made;
	that_is_all();

	for (unsigned long i = first; i < last; i++) {
		struct sim_process *stranger;

		pid = start_master_without_zombies();
		sim_before_call(i, hand_number_over, pid, 0);
		sim_run_until(7500);
		stranger = sim_by_pid(pid);
		sim_check(stranger != NULL && stranger->parent == init,
			  "%lu: nobody has the number %d", i, pid);
		keeps_no_file();
		that_is_all();
	}
}
END_TEST

START_TEST(who_is_handed_over_later_is_told_when_it_comes)
{
	const struct sim_script dying_master = {
		"master",
		.on = SIM_ON({ SIGTERM, SIM_IGNORED }),
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
	gets(app + 2, SIGTERM, 1);
}
END_TEST

/* What stands in for TERM counts, and its members have a handler or not. */
START_TEST(a_group_that_had_what_stands_in_for_term_was_told)
{
	const struct sim_script worker = {
		"worker",
		.on = SIM_ON({ SIGINT, SIM_STEPS(SIM_SLEEP(300), SIM_EXIT(0)) }),
		.steps = SIM_STEPS(SIM_PAUSE),
	};
	const struct sim_script leader = {
		"leader",
		.steps = SIM_STEPS(SIM_FORK(&worker), SIM_PAUSE),
	};

	start(&leader, "-g", "-r", "TERM:INT", NULL);
	inside(1, SIGTERM);
	ends_with(130);
	at_ms(300);
	gets(app + 1, SIGINT, 1);
	gets(app + 1, SIGTERM, 0);
	gets(app + 1, SIGCONT, 1);
}
END_TEST

/* What a shell puts into the background ignores INT: it has not heard of it. */
START_TEST(a_member_that_ignores_what_its_group_had_is_told)
{
	const struct sim_script background = {
		"background",
		.on = SIM_ON({ SIGINT, SIM_IGNORED }),
		.steps = SIM_STEPS(SIM_PAUSE),
	};
	const struct sim_script leader = {
		"leader",
		.steps = SIM_STEPS(SIM_FORK(&background), SIM_PAUSE),
	};

	for (int i = 0; i < 2; i++) {
		begin();
		start(&leader, "-g", i == 0 ? "-r" : NULL, "TERM:INT", NULL);
		inside(1, i == 0 ? SIGTERM : SIGINT);
		ends_with(130);
		at_ms(0);
		gets(app + 1, SIGINT, 1);
		gets(app + 1, SIGTERM, 1);
	}
}
END_TEST

/*
 * A shell ignores QUIT: its group has it, the shell goes on when the server has
 * ended by it, and nobody is told twice.
 */
START_TEST(a_stop_that_the_program_ignores_goes_to_its_group)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGQUIT };

	for (int i = 0; i < 2 * 3; i++) {
		int signal = signals[i % 3];
		const struct sim_step ends[] = { SIM_SLEEP(500), SIM_EXIT(0),
						 SIM_END };
		const struct sim_script nginx = {
			"nginx",
			.on = SIM_ON({ signal, ends }),
			.steps = SIM_STEPS(SIM_PAUSE),
		};
		const struct sim_script ignorer = {
			"ignorer",
			.on = SIM_ON({ signal, SIM_IGNORED }),
			.steps = SIM_STEPS(SIM_FORK(&nginx), SIM_WAIT,
					   SIM_EXIT(5)),
		};

		begin();
		sim.proc = i < 3 ? SIM_PROC : SIM_PROC_ABSENT;
		start(&ignorer, "-t", "1", NULL);
		sim_at(100, sim_do_inside, 1, signal);
		sim_run_until(3000);
		gets(sim_pid_of("nginx", 0), signal, i < 3);
		ck_assert_uint_eq(sim_count(SIM_DIED, app, 5 << 8), i < 3);
	}
}
END_TEST

/* A trap starts a clean-up. */
START_TEST(who_is_born_into_a_group_after_its_term_is_told)
{
	const struct sim_script leader = {
		"leader",
		.on = SIM_ON({ SIGTERM,
			       SIM_STEPS(SIM_FORK(&server), SIM_EXIT(3)) }),
		.steps = SIM_STEPS(SIM_PAUSE),
	};

	start(&leader, "-g", NULL);
	inside(1, SIGTERM);
	ends_with(3);
	gets(app + 1, SIGTERM, 1);
}
END_TEST

/* What went to the group long before is no telling by what came at last. */
START_TEST(the_last_signal_to_end_decides_who_was_told)
{
	const struct sim_script java = {
		"java",
		.on = SIM_ON({ SIGQUIT, SIM_STEPS(SIM_SLEEP(0)) },
			     { SIGTERM, SIM_STEPS(SIM_EXIT(0)) }),
		.steps = SIM_STEPS(SIM_PAUSE),
	};
	const struct sim_script bash = {
		"bash",
		.on = SIM_ON({ SIGQUIT, SIM_IGNORED }),
		.steps = SIM_STEPS(SIM_FORK(&java), SIM_PAUSE),
	};

	start(&bash, NULL);
	sim_at(100, sim_do_inside, 1, SIGQUIT);
	sim_at(500, sim_do_inside, 1, SIGTERM);
	ends_with(143);
	at_ms(500 + GRACE_MS / 4 * 3);
	gets(app + 1, SIGQUIT, 2);
	gets(app + 1, SIGTERM, 1);
}
END_TEST

/* Other signals that it ignores are its own business. */
START_TEST(no_other_signal_goes_to_the_group_for_being_ignored)
{
	const struct sim_script ignorer = {
		"ignorer",
		.on = SIM_ON({ SIGHUP, SIM_IGNORED }, { SIGUSR1, SIM_IGNORED }),
		.steps = SIM_STEPS(SIM_FORK(&server), SIM_PAUSE),
	};

	start(&ignorer, NULL);
	sim_at(100, sim_do_inside, 1, SIGHUP);
	sim_at(200, sim_do_inside, 1, SIGUSR1);
	sim_run_until(300);
	gets(app, SIGHUP, 1);
	gets(app, SIGUSR1, 1);
	gets(app + 1, SIGHUP, 0);
	gets(app + 1, SIGUSR1, 0);
}
END_TEST

START_TEST(a_group_that_was_told_is_not_told_again)
{
	const struct sim_script leader = {
		"leader",
		.steps = SIM_STEPS(SIM_FORK(&server), SIM_PAUSE),
	};

	start(&leader, "-g", NULL);
	inside(1, SIGTERM);
	ends_with(143);
	at_ms(2000);
	gets(app + 1, SIGTERM, 1);
	gets(app + 1, SIGCONT, 1);
}
END_TEST

/* With /proc and without: what counts is the time since it was told. */
START_TEST(a_group_that_was_told_long_ago_is_told_again)
{
	const struct sim_script leader = {
		"leader",
		.on = SIM_ON(
			{ SIGTERM, SIM_STEPS(SIM_SLEEP(20000), SIM_EXIT(0)) }),
		.steps = SIM_STEPS(SIM_FORK(&stubborn), SIM_PAUSE),
	};

	for (int i = 0; i < 2; i++) {
		begin();
		sim.proc = i == 0 ? SIM_PROC : SIM_PROC_ABSENT;
		start_under_shell(&leader, "-g", NULL);
		sim_at(1000, sim_do_inside, own, SIGTERM);
		sim_run_until(22000);
		gets(app + 1, SIGTERM, 2);
		that_is_all();
	}
}
END_TEST

/* Who handles QUIT ends by it in its own time, who does not by TERM. */
static const struct sim_script handles_quit = {
	"quits",
	.on = SIM_ON({ SIGQUIT, SIM_STEPS(SIM_SLEEP(500), SIM_EXIT(0)) },
		     { SIGTERM, SIM_STEPS(SIM_EXIT(1)) }),
	.steps = SIM_STEPS(SIM_PAUSE),
};

static const struct sim_script leaves_quits = {
	"leaver",
	.steps = SIM_STEPS(SIM_FORK(&handles_quit), SIM_FORK(&sim_sleeper),
			   SIM_FORK(&stubborn), SIM_PAUSE),
};

static void check_told_by_quit(void)
{
	gets(app + 1, SIGQUIT, 1);
	gets(app + 1, SIGTERM, 0);
	gets(app + 2, SIGQUIT, 0);
	gets(app + 2, SIGTERM, 1);
	gets(app + 3, SIGQUIT, 0);
	gets(app + 3, SIGTERM, 1);
	for (int pid = app + 1; pid <= app + 3; pid++)
		gets(pid, SIGCONT, 1);
	ck_assert_uint_eq(sim_count(SIM_DIED, app + 1, 0), 1);
}

START_TEST(leftovers_are_told_by_the_stop_that_came_if_they_handle_it)
{
	for (int i = 0; i < 4; i++) {
		begin();
		if (i % 2 == 0)
			start(&leaves_quits, i < 2 ? NULL : "-r",
			      "TERM:QUIT", NULL);
		else
			start_under_shell(&leaves_quits, i < 2 ? NULL : "-r",
					  "TERM:QUIT", NULL);
		inside(own, i < 2 ? SIGQUIT : SIGTERM);
		ends_with(131);
		check_told_by_quit();
	}
}
END_TEST

/* Nobody can be asked: it is that signal for all. */
START_TEST(without_proc_all_are_told_by_the_stop_that_came)
{
	sim.proc = SIM_PROC_ABSENT;
	start(&leaves_quits, NULL);
	inside(1, SIGQUIT);
	sim_run_until(100);
	for (int pid = app + 1; pid <= app + 3; pid++) {
		gets(pid, SIGQUIT, 1);
		gets(pid, SIGTERM, 0);
	}
}
END_TEST

/* At three quarters of the grace time, and no more at seven eighths. */
START_TEST(who_was_told_otherwise_gets_term_at_last)
{
	const struct sim_script deaf = {
		"deaf",
		.on = SIM_ON({ SIGQUIT, SIM_STEPS(SIM_SLEEP(0)) },
			     { SIGTERM, SIM_STEPS(SIM_SLEEP(0)) }),
		.steps = SIM_STEPS(SIM_PAUSE),
	};
	const struct sim_script leaver = {
		"leaver",
		.steps = SIM_STEPS(SIM_FORK(&deaf), SIM_PAUSE),
	};

	for (int i = 0; i < 2; i++) {
		begin();
		if (i == 0)
			start(&leaver, NULL);
		else
			start_under_shell(&leaver, NULL);
		inside(own, SIGQUIT);
		ends_with(131);
		is_told_at("deaf", SIGQUIT, 0);
		is_told_at("deaf", SIGTERM, GRACE_MS / 4 * 3);
	}
}
END_TEST

START_TEST(leftovers_of_what_ended_by_itself_are_told_by_term)
{
	start(&leaves_stubborn, "-r", "TERM:USR1", NULL);
	ends_with(3);
	gets(app + 1, SIGUSR1, 0);
	gets(app + 1, SIGTERM, 1);
	begin();
	start(&leaves_stubborn, "-r", "TERM:0", NULL);
	ends_with(3);
	gets(app + 1, SIGTERM, 1);
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
		gets(app + 1, SIGTERM, 1);
		gets(app + 1, SIGCONT, 1);
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
		gets(app + 1, SIGTERM, 1);
		gets(1, SIGTERM, 0);
		gets(shell->pid, SIGTERM, 0);
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
	gets(app + 1, SIGKILL, 0);
	says("foster: left over, out of reach without /proc\n");
}
END_TEST

START_TEST(without_children_files_parents_are_asked)
{
	sim.proc = SIM_PROC_NO_CHILDREN;
	start(&leaves_master, NULL);
	sim_run_until(1000);
	gets(app + 1, SIGTERM, 1);
	gets(app + 2, SIGTERM, 0);
	ends_with(0);
	gets(app + 2, SIGTERM, 1);
}
END_TEST

START_TEST(of_two_signals_to_end_the_second_ends_it)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGQUIT };

	for (int first = 0; first < 3; first++) {
		for (int next = 0; next < 3; next++) {
			unsigned is_term = signals[first] == SIGTERM;

			begin();
			start(&leaves_stubborn, NULL);
			sim_at(1000, sim_do_inside, 1, signals[first]);
			sim_at(2000, sim_do_inside, 1, signals[next]);
			sim_run_until(1500);
			gets(app + 1, signals[first], is_term);
			ends_with(3);
			at_ms(2000);
			says_once("1 left over when the time was up");
		}
	}
}
END_TEST

START_TEST(hup_is_passed_on_and_all_others_are_dropped)
{
	for (int signal = 1; signal <= SIGNALS_MAX; signal++) {
		if (signal == SIGTERM || signal == SIGINT ||
		    signal == SIGQUIT || signal == SIGCONT)
			continue;
		begin();
		start(&leaves_stubborn, NULL);
		sim_at(1000, sim_do_inside, 1, signal);
		sim_run_until(1500);
		gets(app + 1, signal, signal == SIGHUP);
	}
}
END_TEST

START_TEST(not_process_1_kills_at_the_deadline_and_reaps)
{
	start_under_shell(&leaves_stubborn, NULL);
	ends_with(3);
	at_ms(GRACE_MS);
	is_killed(app + 1);
	ck_assert_int_eq(fact_of(SIM_REAPED, app + 1, -1, 0)->other, own);
	says("");
}
END_TEST

/* However deep they are, each is killed in the same look. */
START_TEST(not_process_1_kills_at_all_depths_at_once)
{
	enum { DEPTH = 10 };
	struct sim_script chain[DEPTH];
	struct sim_step steps[DEPTH][3];

	for (int i = 0; i < DEPTH; i++) {
		steps[i][0] = (struct sim_step)SIM_PAUSE;
		if (i + 1 < DEPTH)
			steps[i][0] = (struct sim_step)SIM_FORK(&chain[i + 1]);
		steps[i][1] = (struct sim_step)SIM_PAUSE;
		steps[i][2] = (struct sim_step)SIM_END;
		chain[i] = (struct sim_script){ "link", .on = stubborn.on,
						.steps = steps[i] };
	}
	{
		const struct sim_script leaver = {
			"leaver",
			.steps = SIM_STEPS(SIM_FORK(&chain[0]), SIM_SLEEP(1),
					   SIM_EXIT(3)),
		};

		start_under_shell(&leaver, NULL);
		ends_with(3);
		at_ms(1 + GRACE_MS);
		for (int i = 1; i <= DEPTH; i++) {
			gets(app + i, SIGTERM, 1);
			is_killed(app + i);
		}
		says("");
	}
}
END_TEST

/* Who cannot be killed counts wherever it is. */
START_TEST(all_descendants_that_live_are_counted_and_named)
{
	const struct sim_script other_user = {
		"other",
		.steps = SIM_STEPS(SIM_SET_USER(7), SIM_PAUSE),
	};
	const struct sim_script parent = {
		"parent",
		.steps = SIM_STEPS(SIM_SET_USER(7), SIM_FORK(&other_user),
				   SIM_PAUSE),
	};
	const struct sim_script leaver = {
		"leaver",
		.steps = SIM_STEPS(SIM_FORK(&parent), SIM_SLEEP(1),
				   SIM_EXIT(3)),
	};

	start_under_shell(&leaver, NULL);
	foster->uid = 1000;
	ends_with(3);
	says("foster: 2 left over in spite of SIGKILL: 5 parent, 6 other\n");
}
END_TEST

/* A process whose first thread has ended is a zombie to /proc, and lives. */
START_TEST(who_lives_without_its_first_thread_is_named)
{
	start(&leaves_stubborn, NULL);
	sim_run_until(1000);
	process_of(app + 1)->threads_behind = 2;
	ends_with(3);
	says("foster: 1 left over when the time was up, killed: 3 stubborn\n");
}
END_TEST

START_TEST(those_that_arrive_during_the_killing_are_killed)
{
	start_under_shell(&leaves_master, "-t", "2", NULL);
	ends_with(0);
	is_killed(app + 1);
	is_killed(app + 2);
	ck_assert_uint_eq(sim_count(SIM_REAPED, app + 2, SIGKILL), 1);
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
	gets(app + 1, SIGTERM, 0);
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
	gets(app + 1, SIGTERM, 0);
	ck_assert_uint_eq(timed_waits(), 0);
	sim_at(60000, sim_do_inside, 1, SIGTERM);
	ends_with(3);
	at_ms(60000 + GRACE_MS);
	gets(app + 1, SIGTERM, 1);
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
	gets(app + 1, SIGTERM, 0);
}
END_TEST

START_TEST(who_entered_from_outside_is_told_at_three_quarters_and_not_waited_for)
{
	struct sim_process *entered;

	start(&leaves_stubborn, NULL);
	entered = sim_actor(NULL, &stubborn);
	sim_run_until(5999);
	gets(entered->pid, SIGTERM, 0);
	sim_run_until(6001);
	gets(entered->pid, SIGTERM, 1);
	/* The child ends: then nobody is waited for. */
	sim_do_outside(sim_pid_of("stubborn", 1), SIGKILL);
	ends_with(3);
	at_ms(6001);
}
END_TEST

START_TEST(after_the_first_signal_to_end_the_time_runs)
{
	start(&stubborn, "-k", "3", NULL);
	sim_at(1000, sim_do_inside, 1, SIGTERM);
	sim_at(2000, sim_do_inside, 1, SIGTERM);
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
		.on = SIM_ON({ SIGTERM, SIM_IGNORED }),
		.steps = SIM_STEPS(SIM_SLEEP(500), SIM_EXIT(0)),
	};
	const struct sim_script forker = {
		"forker",
		.on = SIM_ON({ SIGTERM, SIM_IGNORED }),
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
	gets(sim_pid_of("stubborn", 0), SIGTERM, 2);
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
		.steps = SIM_STEPS(SIM_DIE(SIGQUIT)),
	};

	sim.streams[0] = SIM_STREAM_CLOSED;
	start_under_shell(&quits, NULL);
	ends_with(128 + SIGQUIT);
	says("");
	ck_assert_int_eq(sim.foreground, own);
	ck_assert_uint_eq(sim_count(SIM_FOREGROUND, 0, app), 1);
	ck_assert_uint_eq(sim_count(SIM_FOREGROUND, own, own), 1);
}
END_TEST

START_TEST(typed_after_the_end_it_reaches_foster)
{
	start_under_shell(&leaves_stubborn, NULL);
	sim_at(50, sim_do_type, SIGINT, 0);
	sim_at(1000, sim_do_type, SIGINT, 0);
	sim_run_until(51);
	gets(app + 1, SIGTERM, 1);
	ends_with(3);
	at_ms(1000);
	is_killed(app + 1);
}
END_TEST

/* ---- 6. leftovers that read what others write ---- */

enum { A_PIPE = 1, ANOTHER_PIPE };

/* Says two more things when it is told, and has to be heard. */
static const struct sim_script talking_server = {
	"server",
	.output = A_PIPE,
	.on = SIM_ON({ SIGTERM,
		       SIM_STEPS(SIM_WRITE_PIPE, SIM_SLEEP(40), SIM_WRITE_PIPE,
				 SIM_EXIT(0)) }),
	.steps = SIM_STEPS(SIM_PAUSE),
};

/* Ends by itself, some time after its input has. */
static const struct sim_script copier = {
	"tee",
	.input = A_PIPE,
	.steps = SIM_STEPS(SIM_PIPE(1, 0), SIM_PIPE(2, 0), SIM_READ_PIPE,
			   SIM_SLEEP(20), SIM_EXIT(0)),
};

/* Does not end with its input: a server that happens to read a pipe. */
static const struct sim_script listener = {
	"listener",
	.input = A_PIPE,
	.on = SIM_ON({ SIGTERM, SIM_STEPS(SIM_SLEEP(20), SIM_EXIT(0)) }),
	.steps = SIM_STEPS(SIM_PAUSE),
};

static const struct sim_script deaf_writer = {
	"writer",
	.output = A_PIPE,
	.on = SIM_ON({ SIGTERM, SIM_IGNORED }, { SIGINT, SIM_IGNORED },
		     { SIGQUIT, SIM_IGNORED }),
	.steps = SIM_STEPS(SIM_PAUSE),
};

/* A shell that waits for them, and dies of what ends it all. */
static const struct sim_script server_and_tee = {
	"shell",
	.steps = SIM_STEPS(SIM_FORK(&talking_server), SIM_FORK(&copier),
			   SIM_PAUSE),
};

/* What a shell starts does not ignore what the shell does by itself. */
static const struct sim_script plain_copier = {
	"tee",
	.input = A_PIPE,
	.steps = SIM_STEPS(SIM_DEFAULT(SIGTERM), SIM_READ_PIPE, SIM_EXIT(0)),
};

/* A shell that ignores TERM, in front of a server and who copies its words. */
static const struct sim_script deaf_shell = {
	"shell",
	.on = SIM_ON({ SIGTERM, SIM_IGNORED }),
	.steps = SIM_STEPS(SIM_FORK(&talking_server), SIM_FORK(&plain_copier),
			   SIM_WAIT, SIM_WAIT, SIM_EXIT(5)),
};

static void is_never_told(const char *name)
{
	int pid = sim_pid_of(name, 0);

	ck_assert_int_ne(pid, 0);
	gets(pid, SIGTERM, 0);
	gets(pid, SIGCONT, 0);
	gets(pid, SIGKILL, 0);
	ck_assert_uint_eq(sim_count(SIM_SWEPT, pid, -1), 0);
}

START_TEST(the_last_words_of_a_server_find_their_reader)
{
	start(&server_and_tee, NULL);
	inside(1, SIGTERM);
	ends_with(143);
	at_ms(60);
	is_told_at("server", SIGTERM, 0);
	ck_assert_uint_eq(sim_count(SIM_DIED, sim_pid_of("server", 0), 0), 1);
	is_never_told("tee");
	says("");
}
END_TEST

START_TEST(a_stop_that_the_program_ignores_is_not_for_readers)
{
	for (int is_first = 0; is_first < 2; is_first++) {
		begin();
		if (is_first)
			start(&deaf_shell, NULL);
		else
			start_under_shell(&deaf_shell, NULL);
		sim_at(50, sim_do_inside, own, SIGTERM);
		ends_with(5);
		gets(sim_pid_of("server", 0), SIGTERM, 1);
		is_never_told("tee");
		ck_assert(!sim_has_open(foster, 3));
		says("");
	}
}
END_TEST

/* It had nothing with the group, so it does not count as told. */
START_TEST(a_reader_of_a_told_group_is_told_in_the_end)
{
	const struct sim_script script = {
		"script",
		.on = SIM_ON({ SIGTERM, SIM_IGNORED }),
		.steps = SIM_STEPS(SIM_FORK(&deaf_writer), SIM_FORK(&listener),
				   SIM_SLEEP(100), SIM_EXIT(5)),
	};

	start(&script, "-t", "1", NULL);
	sim_at(50, sim_do_inside, 1, SIGTERM);
	ends_with(5);
	is_told_at("listener", SIGTERM, 100 + 875);
}
END_TEST

START_TEST(not_process_1_the_last_words_find_their_reader_too)
{
	start_under_shell(&server_and_tee, NULL);
	inside(own, SIGTERM);
	ends_with(143);
	at_ms(60);
	ck_assert_uint_eq(sim_count(SIM_DIED, sim_pid_of("server", 0), 0), 1);
	is_never_told("tee");
}
END_TEST

/* Where nobody can be told from another: all at once, and it ends. */
START_TEST(without_proc_readers_are_told_with_the_others)
{
	sim.proc = SIM_PROC_ABSENT;
	start(&server_and_tee, NULL);
	inside(1, SIGTERM);
	ends_with(143);
	is_told_at("server", SIGTERM, 0);
	is_told_at("tee", SIGTERM, 0);
}
END_TEST

/* Standard error is as good as standard output. */
START_TEST(a_reader_of_errors_waits_for_them)
{
	const struct sim_script deaf_writer_of_errors = {
		"writer",
		.errors = A_PIPE,
		.on = deaf_writer.on,
		.steps = SIM_STEPS(SIM_PAUSE),
	};
	const struct sim_script program = {
		"shell",
		.steps = SIM_STEPS(SIM_FORK(&deaf_writer_of_errors),
				   SIM_FORK(&listener), SIM_PAUSE),
	};

	start(&program, NULL);
	inside(1, SIGTERM);
	sim_run_until(2000);
	is_told_at("writer", SIGTERM, 0);
	is_never_told("listener");
	that_is_all();
}
END_TEST

START_TEST(a_reader_that_does_not_end_is_told_a_second_after_its_writer)
{
	const struct sim_script program = {
		"shell",
		.steps = SIM_STEPS(SIM_FORK(&talking_server),
				   SIM_FORK(&listener), SIM_PAUSE),
	};

	start(&program, NULL);
	inside(1, SIGTERM);
	ends_with(143);
	is_told_at("server", SIGTERM, 0);
	/* The server was gone at the look at 40, and there is one a 64th. */
	is_told_at("listener", SIGTERM, 40 + 8 * LOOK_MS);
	at_ms(1060);
}
END_TEST

START_TEST(a_reader_whose_writer_never_ends_is_told_at_seven_eighths)
{
	const struct sim_script program = {
		"shell",
		.steps = SIM_STEPS(SIM_FORK(&deaf_writer), SIM_FORK(&listener),
				   SIM_PAUSE),
	};

	for (int is_first = 0; is_first < 2; is_first++) {
		begin();
		if (is_first)
			start(&program, "-t", "400ms", NULL);
		else
			start_under_shell(&program, "-t", "400ms", NULL);
		inside(own, SIGTERM);
		ends_with(143);
		is_told_at("writer", SIGTERM, 0);
		is_told_at("listener", SIGTERM, 350);
		ck_assert_uint_eq(sim_count(SIM_DIED, sim_pid_of("listener", 0),
					    0),
				  1);
		at_ms(400);
	}
}
END_TEST

/* What the writer's parent has to tell it is told at three quarters. */
START_TEST(at_three_quarters_readers_wait_on)
{
	const struct sim_script busy = {
		"busy",
		.on = SIM_ON({ SIGTERM, SIM_IGNORED }),
		.steps = SIM_STEPS(SIM_FORK(&talking_server), SIM_PAUSE),
	};
	const struct sim_script program = {
		"shell",
		.steps = SIM_STEPS(SIM_FORK(&busy), SIM_FORK(&copier),
				   SIM_PAUSE),
	};

	for (int is_first = 0; is_first < 2; is_first++) {
		begin();
		if (is_first)
			start(&program, "-t", "800ms", NULL);
		else
			start_under_shell(&program, "-t", "800ms", NULL);
		inside(own, SIGTERM);
		ends_with(143);
		is_told_at("server", SIGTERM, 600);
		ck_assert_uint_eq(sim_count(SIM_DIED, sim_pid_of("server", 0),
					    0),
				  1);
		is_never_told("tee");
	}
}
END_TEST

/* `exec > >(tee log)`: the program itself was the writer. */
START_TEST(a_copier_of_the_programs_own_output_is_never_told)
{
	const struct sim_script slow_copier = {
		"tee",
		.input = A_PIPE,
		.steps = SIM_STEPS(SIM_PIPE(1, 0), SIM_READ_PIPE,
				   SIM_SLEEP(500), SIM_EXIT(0)),
	};
	const struct sim_script last_words = {
		"program",
		.output = A_PIPE,
		.steps = SIM_STEPS(SIM_FORK(&slow_copier), SIM_SLEEP(10),
				   SIM_WRITE_PIPE, SIM_EXIT(3)),
	};

	for (int is_first = 0; is_first < 2; is_first++) {
		begin();
		if (is_first)
			start(&last_words, NULL);
		else
			start_under_shell(&last_words, NULL);
		ends_with(3);
		at_ms(510);
		is_never_told("tee");
	}
}
END_TEST

/* Between its fork and its exec it has no pipe yet, and foster is quick. */
START_TEST(in_the_quiet_time_a_copier_gets_its_pipe)
{
	const struct sim_script late_tee = {
		"tee",
		.steps = SIM_STEPS(SIM_SLEEP(30), SIM_PIPE(0, A_PIPE),
				   SIM_PIPE(1, 0),
				   SIM_READ_PIPE, SIM_SLEEP(500), SIM_EXIT(0)),
	};
	const struct sim_script program = {
		"program",
		.output = A_PIPE,
		.steps = SIM_STEPS(SIM_FORK(&late_tee), SIM_EXIT(3)),
	};

	start(&program, NULL);
	ends_with(3);
	at_ms(530);
	is_never_told("tee");
}
END_TEST

START_TEST(a_lone_reader_has_a_second_from_the_first_look)
{
	const struct sim_script program = {
		"program",
		.steps = SIM_STEPS(SIM_FORK(&listener), SIM_EXIT(0)),
	};

	start(&program, NULL);
	ends_with(0);
	is_told_at("listener", SIGTERM, QUIET_MS + 1000);
}
END_TEST

/* A second is longer than there is. */
START_TEST(nobody_is_killed_untold)
{
	const struct sim_script program = {
		"program",
		.steps = SIM_STEPS(SIM_FORK(&listener), SIM_EXIT(0)),
	};

	for (int is_first = 0; is_first < 2; is_first++) {
		begin();
		if (is_first)
			start(&program, "-t", "400ms", NULL);
		else
			start_under_shell(&program, "-t", "400ms", NULL);
		ends_with(0);
		is_told_at("listener", SIGTERM, 350);
		at_ms(370);
		says("");
	}
}
END_TEST

/* Somebody else who will not end is none of its business. */
START_TEST(a_reader_waits_for_the_writers_of_its_own_pipe_only)
{
	const struct sim_script tail = {
		"tail",
		.output = A_PIPE,
		.steps = SIM_STEPS(SIM_PAUSE),
	};
	const struct sim_script other_writer = {
		"other",
		.output = ANOTHER_PIPE,
		.errors = SIM_FIFO + A_PIPE, /* the inode is the same */
		.on = SIM_ON({ SIGTERM, SIM_IGNORED }),
		.steps = SIM_STEPS(SIM_PAUSE),
	};
	const struct sim_script program = {
		"shell",
		.steps = SIM_STEPS(SIM_FORK(&stubborn), SIM_FORK(&other_writer),
				   SIM_FORK(&tail), SIM_FORK(&listener),
				   SIM_PAUSE),
	};

	start(&program, NULL);
	inside(1, SIGTERM);
	ends_with(143);
	is_told_at("tail", SIGTERM, 0);
	/* tail was gone at the next look, that at 20. */
	is_told_at("listener", SIGTERM, 1020);
	ck_assert_uint_eq(sim_count(SIM_DIED, sim_pid_of("listener", 0), 0), 1);
}
END_TEST

/* `mkfifo q; slow-copier <q & exec server >q` */
START_TEST(a_fifo_is_a_pipe)
{
	const struct sim_script slow_copier = {
		"copier",
		.input = SIM_FIFO + A_PIPE,
		.steps = SIM_STEPS(SIM_PIPE(1, 0), SIM_READ_PIPE,
				   SIM_SLEEP(900), SIM_EXIT(0)),
	};
	const struct sim_script program = {
		"program",
		.output = SIM_FIFO + A_PIPE,
		.steps = SIM_STEPS(SIM_FORK(&slow_copier), SIM_PAUSE),
	};

	start(&program, NULL);
	inside(1, SIGTERM);
	ends_with(143);
	at_ms(900);
	is_never_told("copier");
}
END_TEST

/* `exec > >(tee log); exec foster PROGRAM`, or with 2>&1. */
static void start_with_own_copier(bool is_first, int pipe_1, int pipe_2)
{
	const struct sim_script *program = &dies_later;

	if (is_first)
		start(program, NULL);
	else
		start_under_shell(program, NULL);
	sim_set_pipe(foster, 1, pipe_1);
	sim_set_pipe(foster, 2, pipe_2);
	app = sim_actor(foster, &copier)->pid + 1;
}

START_TEST(where_only_foster_holds_a_readers_pipe_it_lets_go_of_it)
{
	for (int i = 0; i < 6; i++) {
		int pipe_1 = i % 3 != 1 ? A_PIPE : ANOTHER_PIPE;
		int pipe_2 = i % 3 != 0 ? A_PIPE : ANOTHER_PIPE;

		begin();
		start_with_own_copier(i < 3, pipe_1, pipe_2);
		ends_with(0);
		at_ms(10 + QUIET_MS + 20);
		is_never_told("tee");
	}
}
END_TEST

/* And nothing else. */
START_TEST(foster_lets_go_of_no_other_stream)
{
	start_with_own_copier(true, A_PIPE, ANOTHER_PIPE);
	sim_run_until(10 + QUIET_MS + 1);
	ck_assert(!sim_has_open(foster, 1));
	ck_assert(sim_has_open(foster, 0));
	ck_assert(sim_has_open(foster, 2));
}
END_TEST

START_TEST(while_others_hold_a_readers_pipe_foster_keeps_it)
{
	const struct sim_script program = {
		"program",
		.steps = SIM_STEPS(SIM_FORK(&deaf_writer), SIM_FORK(&listener),
				   SIM_PAUSE),
	};

	start(&program, NULL);
	sim_set_pipe(foster, 1, A_PIPE);
	inside(1, SIGTERM);
	sim_run_until(6999);
	ck_assert(sim_has_open(foster, 1));
	that_is_all();
	is_never_told("listener");
	is_told_at("writer", SIGTERM, 0);
}
END_TEST

/* What the engine writes to is nobody's last words. */
START_TEST(who_reads_fosters_own_input_is_told_with_the_others)
{
	const struct sim_script program = {
		"program",
		.steps = SIM_STEPS(SIM_FORK(&deaf_writer), SIM_FORK(&listener),
				   SIM_PAUSE),
	};

	start(&program, NULL);
	sim_set_pipe(foster, 0, A_PIPE);
	inside(1, SIGTERM);
	sim_run_until(1000);
	is_told_at("listener", SIGTERM, 0);
}
END_TEST

/* foster is no reader's writer, and neither is the reader itself. */
START_TEST(a_reader_that_writes_to_its_own_pipe_is_alone)
{
	const struct sim_script loop = {
		"listener",
		.input = A_PIPE,
		.output = A_PIPE,
		.steps = SIM_STEPS(SIM_PAUSE),
	};
	const struct sim_script program = {
		"program",
		.steps = SIM_STEPS(SIM_FORK(&loop), SIM_PAUSE),
	};

	start(&program, NULL);
	inside(1, SIGTERM);
	ends_with(143);
	is_told_at("listener", SIGTERM, 1000);
}
END_TEST

START_TEST(whose_files_cannot_be_looked_at_writes_to_no_pipe)
{
	const struct sim_script other_user = {
		"other",
		.output = A_PIPE,
		.steps = SIM_STEPS(SIM_SET_USER(7), SIM_PAUSE),
	};
	const struct sim_script program = {
		"program",
		.steps = SIM_STEPS(SIM_FORK(&other_user), SIM_FORK(&listener),
				   SIM_PAUSE),
	};

	start(&program, NULL);
	foster->uid = 1000;
	inside(1, SIGTERM);
	sim_run_until(2000);
	is_told_at("listener", SIGTERM, 1000);
}
END_TEST

/* A writer that comes back sets the clock to nothing. */
START_TEST(the_second_counts_from_the_last_writer)
{
	const struct sim_script reopens = {
		"reopens",
		.on = SIM_ON({ SIGTERM, SIM_IGNORED }),
		.steps = SIM_STEPS(SIM_SLEEP(900), SIM_PIPE(1, A_PIPE),
				   SIM_SLEEP(400), SIM_PIPE(1, 0), SIM_PAUSE),
	};
	const struct sim_script program = {
		"program",
		.steps = SIM_STEPS(SIM_FORK(&reopens), SIM_FORK(&listener),
				   SIM_PAUSE),
	};

	start(&program, NULL);
	inside(1, SIGTERM);
	ends_with(143);
	/* Looks are at 1250, with the writer, and at 1375, without. */
	is_told_at("listener", SIGTERM, 2375);
}
END_TEST

enum { READERS = 32 };

static void fork_readers(struct sim_process *self, int count)
{
	while (count-- > 0)
		sim_actor(self, &listener);
}

START_TEST(of_very_many_readers_only_so_many_are_passed_over)
{
	const struct sim_script program = {
		"program",
		.steps = SIM_STEPS(SIM_FORK(&deaf_writer),
				   SIM_CALL(fork_readers, READERS + 1),
				   SIM_PAUSE),
	};
	int first, last;

	start(&program, NULL);
	inside(1, SIGTERM);
	sim_run_until(1);
	that_is_all();
	first = sim_pid_of("listener", 0);
	last = sim_pid_of("listener", READERS);
	for (int pid = first; pid <= last; pid++)
		gets(pid, SIGTERM, pid == last);
}
END_TEST

START_TEST(a_group_that_was_told_has_readers_that_were_too)
{
	start(&server_and_tee, "-g", NULL);
	inside(1, SIGTERM);
	ends_with(143);
	gets(sim_pid_of("server", 0), SIGTERM, 1);
	gets(sim_pid_of("tee", 0), SIGTERM, 1);
}
END_TEST

/* ---- 6. leftovers: when, and told to stop ---- */

START_TEST(who_ends_within_the_quiet_time_needs_no_telling)
{
	const struct sim_script short_job = {
		"job",
		.on = SIM_ON({ SIGTERM, SIM_STEPS(SIM_EXIT(9)) }),
		.steps = SIM_STEPS(SIM_SLEEP(90), SIM_EXIT(0)),
	};
	const struct sim_script program = {
		"program",
		.steps = SIM_STEPS(SIM_FORK(&short_job), SIM_EXIT(0)),
	};

	for (int i = 0; i < 4; i++) {
		begin();
		if (i % 2)
			sim.proc = SIM_PROC_ABSENT;
		if (i < 2)
			start(&program, NULL);
		/* Before it reaps the program, foster has to tell its group. */
		else if (i == 3)
			continue;
		else
			start_under_shell(&program, NULL);
		ends_with(0);
		at_ms(90);
		is_never_told("job");
	}
}
END_TEST

START_TEST(the_quiet_time_is_half_of_a_short_grace)
{
	start(&leaves_stubborn, "-t", "120ms", NULL);
	ends_with(3);
	at_ms(120);
	is_told_at("stubborn", SIGTERM, 60);
	begin();
	start(&leaves_stubborn, "-t", "1ms", NULL);
	ends_with(3);
	at_ms(1);
}
END_TEST

START_TEST(no_quiet_time_where_the_program_was_told_to_stop)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGQUIT };
	const struct sim_script program = {
		"program",
		.steps = SIM_STEPS(SIM_FORK(&stubborn), SIM_PAUSE),
	};

	for (int i = 0; i < 3; i++) {
		begin();
		start(&program, NULL);
		inside(1, signals[i]);
		sim_run_until(1);
		is_told_at("stubborn", SIGTERM, 0);
	}
	/* Other signals are in no hurry. */
	begin();
	start(&program, NULL);
	inside(1, SIGHUP);
	sim_run_until(200);
	is_told_at("stubborn", SIGTERM, QUIET_MS);
}
END_TEST

START_TEST(a_signal_to_end_in_the_quiet_time_ends_that)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGQUIT };

	for (int i = 0; i < 3; i++) {
		begin();
		start(&leaves_stubborn, NULL);
		sim_at(50, sim_do_inside, 1, signals[i]);
		sim_at(70, sim_do_inside, 1, SIGTERM);
		sim_run_until(60);
		is_told_at("stubborn", SIGTERM, 50);
		ends_with(3);
		at_ms(70);
		gets(app + 1, SIGINT, 0);
		gets(app + 1, SIGQUIT, 0);
	}
}
END_TEST

START_TEST(other_signals_in_the_quiet_time_end_nothing)
{
	start(&leaves_stubborn, NULL);
	sim_at(50, sim_do_inside, 1, SIGUSR1);
	sim_run_until(200);
	is_told_at("stubborn", SIGTERM, QUIET_MS);
	gets(app + 1, SIGUSR1, 0);
}
END_TEST

/*
 * A child whose own child dies and leaves it an orphan: whoever comes to foster
 * so, and unnoticed, is told at the next look, or by the next signal to end.
 */
static const struct sim_script orphan = {
	"orphan",
	.on = SIM_ON({ SIGINT, SIM_STEPS(SIM_EXIT(SIGINT)) },
		     { SIGQUIT, SIM_STEPS(SIM_EXIT(SIGQUIT)) },
		     { SIGUSR2, SIM_STEPS(SIM_EXIT(SIGUSR2)) }),
	.steps = SIM_STEPS(SIM_PAUSE),
};

static const struct sim_script parts_with_an_orphan = {
	"parting",
	.steps = SIM_STEPS(SIM_FORK(&orphan), SIM_SLEEP(1010),
			   SIM_EXIT(0)),
};

static const struct sim_script reaps_a_parent = {
	"reaping",
	.on = SIM_ON({ SIGTERM, SIM_STEPS(SIM_SLEEP(0)) },
		     { SIGINT, SIM_STEPS(SIM_SLEEP(0)) },
		     { SIGQUIT, SIM_STEPS(SIM_SLEEP(0)) }),
	.steps = SIM_STEPS(SIM_FORK(&parts_with_an_orphan),
			   SIM_REAP_FOR_EVER),
};

static const struct sim_script leaves_a_reaper = {
	"leaver",
	.steps = SIM_STEPS(SIM_FORK(&reaps_a_parent), SIM_PAUSE),
};

START_TEST(a_second_stop_goes_to_those_only_that_had_none)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGQUIT };

	for (int i = 0; i < 3; i++) {
		begin();
		start(&leaves_a_reaper, NULL);
		inside(1, SIGTERM);
		sim_at(1020, sim_do_inside, 1, signals[i]);
		sim_run_until(1100);
		is_told_at("reaping", SIGTERM, 0);
		gets(sim_pid_of("reaping", 0), SIGINT, 0);
		gets(sim_pid_of("reaping", 0), SIGQUIT, 0);
		is_told_at("orphan", signals[i], 1020);
		ck_assert_uint_eq(sim_count(SIM_DIED, sim_pid_of("orphan", 0),
					    i == 0 ? SIGTERM : signals[i] << 8),
				  1);
	}
}
END_TEST

START_TEST(a_second_stop_is_rewritten_and_passes_readers_over)
{
	const struct sim_script program = {
		"leaver",
		.steps = SIM_STEPS(SIM_FORK(&reaps_a_parent),
				   SIM_FORK(&deaf_writer), SIM_FORK(&listener),
				   SIM_PAUSE),
	};

	start(&program, "-r", "INT:USR2", NULL);
	inside(1, SIGTERM);
	sim_at(1020, sim_do_inside, 1, SIGINT);
	sim_run_until(1100);
	that_is_all();
	is_told_at("orphan", SIGUSR2, 1020);
	is_never_told("listener");
	gets(sim_pid_of("listener", 0), SIGUSR2, 0);
}
END_TEST

/* The third is the second: a dropped one counts, too. */
START_TEST(a_stop_that_is_dropped_counts_all_the_same)
{
	start(&leaves_stubborn, "-r", "INT:0", NULL);
	sim_at(1000, sim_do_inside, 1, SIGINT);
	sim_at(2000, sim_do_inside, 1, SIGINT);
	ends_with(3);
	at_ms(2000);
	gets(app + 1, SIGINT, 0);
}
END_TEST

START_TEST(told_to_wait_for_all_a_stop_before_is_one_for_foster_too)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGQUIT };

	for (int i = 0; i < 3 * 3; i++) {
		int signal = signals[i % 3];
		bool has_proc = i / 3 < 2;

		begin();
		if (!has_proc)
			sim.proc = SIM_PROC_ABSENT;
		if (i / 3 == 0)
			start(&entrypoint, "-a", NULL);
		else
			start_under_shell(&entrypoint, "-a", NULL);
		inside(own, signal);
		ends_with(128 + signal);
		at_ms(has_proc || signal == SIGTERM ? 2000 : 0);
		is_told_at("server", has_proc ? SIGTERM : signal, 0);
	}
}
END_TEST

/* No matter what -r made of it, or what -r made it of. */
START_TEST(told_to_wait_for_all_a_rewritten_stop_is_one)
{
	static const char *const rules[] = { "TERM:KILL", "USR1:TERM" };

	for (int i = 0; i < 2; i++) {
		begin();
		start(&entrypoint, "-a", "-r", rules[i], NULL);
		inside(1, i == 0 ? SIGTERM : SIGUSR1);
		sim_run_until(3000);
		gets(sim_pid_of("server", 0), SIGTERM, 1);
	}
}
END_TEST

START_TEST(told_to_wait_for_all_a_reload_before_is_no_stop)
{
	const struct sim_script program = {
		"program",
		.on = SIM_ON({ SIGHUP, SIM_STEPS(SIM_EXIT(4)) }),
		.steps = SIM_STEPS(SIM_FORK(&stubborn), SIM_PAUSE),
	};

	start(&program, "-a", NULL);
	inside(1, SIGHUP);
	settle();
	is_never_told("stubborn");
}
END_TEST

START_TEST(told_to_wait_for_all_it_forwards_every_signal_to_its_children)
{
	for (int signal = 1; signal <= SIGNALS_MAX; signal++) {
		bool is_kept = signal == SIGKILL || signal == SIGSTOP ||
			       signal == SIGCHLD || signal == SIGTERM ||
			       signal == SIGINT || signal == SIGQUIT;

		if (is_kept)
			continue;
		begin();
		start(&leaves_a_reaper, "-a", NULL);
		settle();
		sim_do_inside(app, SIGKILL);
		settle();
		inside(1, signal);
		sim_run_until(100);
		that_is_all();
		gets(sim_pid_of("reaping", 0), signal, 1);
		gets(sim_pid_of("parting", 0), signal, 0);
		gets(sim_pid_of("reaping", 0), SIGTERM, 0);
	}
	begin();
	start(&leaves_stubborn, "-a", "-r", "USR1:USR2", "-r", "HUP:0", NULL);
	settle();
	inside(1, SIGHUP);
	settle();
	gets(app + 1, SIGHUP, 0);
	inside(1, SIGUSR1);
	sim_run();
	gets(app + 1, SIGUSR1, 0);
	gets(app + 1, SIGUSR2, 1);
}
END_TEST

START_TEST(the_time_to_kill_counts_from_what_came)
{
	static const char *const rules[] = { "TERM:0", "TERM:USR2", "INT:0" };

	for (int i = 0; i < 3; i++) {
		begin();
		start(&stubborn, "-k", "1", "-r", rules[i], NULL);
		settle();
		process_of(app)->ignored = ~UINT64_C(0x40100);
		sim_at(500, sim_do_inside, 1, i < 2 ? SIGTERM : SIGINT);
		ends_with(137);
		at_ms(1500);
		says_once("did not end in time and is killed");
	}
}
END_TEST

START_TEST(a_stack_dump_and_a_reload_are_no_time_to_kill)
{
	static const char *const rules[] = { "USR2:TERM", "USR1:USR2" };
	static const int signals[] = { SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2 };

	for (int i = 0; i < 8; i++) {
		begin();
		start(&stubborn, "-k", "1", "-r", rules[i / 4], NULL);
		settle();
		process_of(app)->ignored = ~UINT64_C(0x40100);
		inside(1, signals[i % 4]);
		settle();
		gets(app, SIGKILL, 0);
		ck_assert_uint_eq(timed_waits(), 0);
	}
}
END_TEST

/* A job in the foreground that survives what killed its shell. */
START_TEST(the_terminal_goes_back_once_more_when_foster_leaves)
{
	const struct sim_script job = {
		"job",
		.steps = SIM_STEPS(SIM_LEAD_GROUP, SIM_IGNORE(SIGTTOU),
				   SIM_TAKE_TERMINAL, SIM_PAUSE),
	};
	const struct sim_script program = {
		"shell",
		.steps = SIM_STEPS(SIM_FORK(&job), SIM_PAUSE),
	};

	start_under_shell(&program, NULL);
	settle();
	ck_assert_int_eq(sim.foreground, app + 1);
	sim_when_waiting(sim_do_inside, app, SIGKILL);
	ends_with(137);
	ck_assert_int_eq(sim.foreground, own);
}
END_TEST

/* ---- 7. terminals and job control ---- */

START_TEST(typed_stop_stops_foster_with_its_group_and_fg_continues_both)
{
	start_under_shell(&sim_sleeper, NULL);
	sim_when_waiting(sim_do_type, SIGTSTP, 0);
	settle();
	ck_assert_int_eq(process_of(app)->state, SIM_STOPPED);
	ck_assert_int_eq(foster->state, SIM_STOPPED);
	ck_assert_uint_eq(sim_count(SIM_HALTED, own, SIGTSTP), 1);
	ck_assert_int_eq(sim.foreground, own);
	/* The shell's fg. */
	sim.foreground = own;
	sim_do_inside(own, SIGCONT);
	settle();
	ck_assert_int_eq(foster->state, SIM_RUNNING);
	ck_assert_int_eq(process_of(app)->state, SIM_RUNNING);
	ck_assert_int_eq(sim.foreground, app);
}
END_TEST

static const struct sim_script forks_and_sleeps = {
	"app",
	.steps = SIM_STEPS(SIM_FORK(&sim_sleeper), SIM_PAUSE),
};

/* A shell as the program has its children in its group. */
START_TEST(fg_continues_all_of_the_programs_group)
{
	start_under_shell(&forks_and_sleeps, NULL);
	sim_when_waiting(sim_do_type, SIGTSTP, 0);
	settle();
	ck_assert_int_eq(process_of(app + 1)->state, SIM_STOPPED);
	sim.foreground = own;
	sim_do_inside(own, SIGCONT);
	settle();
	ck_assert_int_eq(process_of(app)->state, SIM_RUNNING);
	ck_assert_int_eq(process_of(app + 1)->state, SIM_RUNNING);
	/* Once: whoever handles CONT draws its screen again for each. */
	gets(app, SIGCONT, 1);
	gets(app + 1, SIGCONT, 1);
}
END_TEST

/* The script leads the job's group, 3, to which foster belongs. */
static struct sim_process *script;

static void start_in_script(const struct sim_script *program,
			    const char *option)
{
	sim_program("/app", program);
	init = sim_actor(NULL, &sim_reaper);
	shell = sim_actor(init, &sim_reaper);
	sim_put_into(shell, shell->pid, shell->pid);
	script = sim_actor(shell, &sim_reaper);
	sim_put_into(script, script->pid, shell->pid);
	foster = sim_foster(script, "foster", option, "/app", NULL);
	own = foster->pid;
	app = own + 1;
	sim_put_into(foster, script->pid, shell->pid);
	sim_give_terminal(shell->pid, script->pid);
}

START_TEST(a_typed_stop_stops_the_script_that_foster_is_in)
{
	start_in_script(&sim_sleeper, "-c");
	sim_when_waiting(sim_do_type, SIGTSTP, 0);
	settle();
	ck_assert_int_eq(process_of(app)->state, SIM_STOPPED);
	ck_assert_int_eq(foster->state, SIM_STOPPED);
	ck_assert_int_eq(script->state, SIM_STOPPED);
	/* By the signal that a program may catch, to restore its modes. */
	ck_assert_uint_eq(sim_count(SIM_HALTED, script->pid, SIGTSTP), 1);
	ck_assert_int_eq(sim.foreground, script->pid);
	sim_do_inside(script->pid, SIGCONT);
	sim_do_inside(own, SIGCONT);
	settle();
	ck_assert_int_eq(process_of(app)->state, SIM_RUNNING);
	ck_assert_int_eq(sim.foreground, app);
	sim_do_type(SIGINT, 0);
	ends_with(130);
	ck_assert_int_eq(sim.foreground, script->pid);
}
END_TEST

/* `foster a | foster b`: whoever came first has it. */
START_TEST(the_second_foster_of_a_pipeline_takes_no_terminal_from_the_first)
{
	struct sim_process *second;
	int first_app;

	start_under_shell(&sim_sleeper, NULL);
	settle();
	first_app = app;
	second = sim_foster(shell, "foster", "/app", NULL);
	sim_put_into(second, own, shell->pid);
	settle();
	ck_assert_uint_eq(sim_count(SIM_EXECUTED, second->pid + 1, -1), 1);
	ck_assert_int_eq(process_of(second->pid + 1)->group, second->pid + 1);
	ck_assert_int_eq(sim.foreground, first_app);
	ck_assert_uint_eq(sim_count(SIM_FOREGROUND, 0, -1), 1);
}
END_TEST

/*
 * The parent's setpgid(2) comes first where the child has not run yet, and what
 * is forwarded then, or typed for foster's group, finds the groups apart.
 */
struct calls_before {
	unsigned apart, together;
};

static void note_group(void *context, const struct sim_call *call)
{
	struct sim_process *program = sim_by_pid(app);
	struct calls_before *calls = context;

	if (program == NULL || program->has_executed || call->pid != own ||
	    call->number == SIM_CALL_SPAWN || call->number == SYS_setpgid)
		return;
	calls->apart += program->group == app;
	calls->together += program->group != app;
}

START_TEST(the_programs_group_is_its_own_before_its_process_runs)
{
	struct calls_before calls = { 0 };

	sim.hooks.context = &calls;
	sim.hooks.called = note_group;
	start_under_shell(&sim_sleeper, NULL);
	settle();
	ck_assert_uint_gt(calls.apart, 0);
	ck_assert_uint_eq(calls.together, 0);
}
END_TEST

START_TEST(whichever_process_runs_first_the_program_has_group_and_terminal)
{
	sim.hooks.choose = program_first;
	start_under_shell(&sim_sleeper, NULL);
	settle();
	ck_assert_int_eq(sim_execution.group, app);
	ck_assert_int_eq(sim_execution.foreground, app);
	ck_assert_uint_eq(sim_count(SIM_FOREGROUND, 0, -1), 1);
	/* That foster's own setpgid(2) comes too late is no error. */
	says("");
}
END_TEST

/* What a shell without job control ignores in `foster cmd &`, and no other. */
START_TEST(an_int_that_is_ignored_is_the_background_of_a_script)
{
	static const int signals[] = { SIGINT, SIGHUP, SIGQUIT, SIGTERM };

	for (int i = 0; i < 4; i++) {
		begin();
		start_in_script(&sim_sleeper, "-c");
		foster->ignored |= SIGNALS_BIT(signals[i]);
		settle();
		ck_assert_int_eq(sim.foreground, i == 0 ? script->pid : app);
	}
}
END_TEST

static const struct sim_script reader = {
	"reader",
	.steps = SIM_STEPS(SIM_SLEEP(10), SIM_READ_TERMINAL, SIM_EXIT(0)),
};

/* What the terminal sends goes to its foreground, past foster. */
START_TEST(the_terminal_stays_with_foster_where_r_is_about_what_it_sends)
{
	start_under_shell(&forks_and_sleeps, "-r", "INT:0", "-r", "QUIT:USR1",
			  NULL);
	sim_when_waiting(sim_do_type, SIGINT, 0);
	sim_when_waiting(sim_do_type, SIGWINCH, 0);
	sim_when_waiting(sim_do_type, SIGTSTP, 0);
	settle();
	ck_assert_uint_eq(sim_count(SIM_FOREGROUND, 0, -1), 0);
	gets(app, SIGINT, 0);
	gets(app, SIGWINCH, 1);
	gets(app + 1, SIGWINCH, 1);
	ck_assert_int_eq(process_of(app + 1)->state, SIM_STOPPED);
	ck_assert_int_eq(foster->state, SIM_STOPPED);
	/* Not by fg either, since the program asked for nothing. */
	sim_do_inside(own, SIGCONT);
	sim_when_waiting(sim_do_type, SIGQUIT, 0);
	ends_with(128 + SIGUSR1);
	ck_assert_uint_eq(sim_count(SIM_FOREGROUND, 0, -1), 0);
	says("");
	/* But for one that reads. */
	begin();
	start_under_shell(&reader, "-r", "INT:0", NULL);
	ends_with(0);
	ck_assert_uint_eq(sim_count(SIM_HALTED, app, SIGTTIN), 1);
	ck_assert_int_eq(fact_of(SIM_FOREGROUND, 0, -1, 0)->number, app);
}
END_TEST

START_TEST(bg_continues_both_and_the_shell_keeps_the_terminal)
{
	start_under_shell(&sim_sleeper, NULL);
	sim_when_waiting(sim_do_type, SIGTSTP, 0);
	settle();
	sim.foreground = shell->pid;
	sim_do_inside(own, SIGCONT);
	settle();
	ck_assert_int_eq(process_of(app)->state, SIM_RUNNING);
	ck_assert_int_eq(sim.foreground, shell->pid);
}
END_TEST

START_TEST(where_nobody_could_type_fg_a_typed_stop_freezes_nothing)
{
	start(&sim_sleeper, NULL);
	sim_give_terminal(1, 1);
	sim_when_waiting(sim_do_type, SIGTSTP, 0);
	settle();
	ck_assert_int_eq(process_of(app)->state, SIM_RUNNING);
	ck_assert_uint_eq(sim_count(SIM_HALTED, app, SIGTSTP), 1);
	gets(app, SIGCONT, 1);
	/* Leading its session, its group is orphaned: the same. */
	begin();
	start_under_shell(&sim_sleeper, NULL);
	sim_put_into(foster, own, own);
	sim_give_terminal(own, own);
	sim_when_waiting(sim_do_type, SIGTSTP, 0);
	settle();
	ck_assert_int_eq(foster->state, SIM_RUNNING);
	ck_assert_int_eq(process_of(app)->state, SIM_RUNNING);
}
END_TEST

START_TEST(without_a_terminal_foster_stops_alone)
{
	const struct sim_script stops_itself = {
		"app",
		.steps = SIM_STEPS(SIM_SIGNAL_SELF(SIGTSTP), SIM_PAUSE),
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
	sim_do_inside(own, SIGCONT);
	settle();
	ck_assert_int_eq(foster->state, SIM_RUNNING);
	ck_assert_int_eq(process_of(app)->state, SIM_RUNNING);
}
END_TEST

START_TEST(who_wants_to_read_gets_the_terminal_from_fosters_own_group)
{
	start_under_shell(&reader, NULL);
	sim_at(5, sim_do_foreground, 3, 0);
	ends_with(0);
	ck_assert_uint_eq(sim_count(SIM_HALTED, app, SIGTTIN), 1);
}
END_TEST

START_TEST(who_wants_to_read_in_the_background_stays_stopped)
{
	start_under_shell(&reader, NULL);
	sim.foreground = shell->pid;
	settle();
	ck_assert_int_eq(process_of(app)->state, SIM_STOPPED);
	ck_assert_int_eq(sim.foreground, shell->pid);
	ck_assert_uint_le(sim_count(SIM_HALTED, app, SIGTTIN), 1);
	/* fg: foster's group gets it, and is continued. */
	sim.foreground = own;
	sim_do_inside(own, SIGCONT);
	ends_with(0);
}
END_TEST

static const struct sim_script taker = {
	"taker",
	.steps = SIM_STEPS(SIM_SLEEP(10), SIM_TAKE_TERMINAL, SIM_EXIT(0)),
};

/* As the kernel stops a job in the background: whoever wanted it, not others.
 */
START_TEST(foster_stops_by_the_signal_that_stopped_the_program_and_alone)
{
	/* With -r too, by fg it has the terminal that it asked for. */
	for (int i = 0; i < 4; i++) {
		int signal = i % 2 == 0 ? SIGTTIN : SIGTTOU;

		begin();
		start_in_script(i % 2 == 0 ? &reader : &taker,
				i / 2 == 0 ? "-c" : "-rINT:0");
		sim.foreground = shell->pid;
		settle();
		ck_assert_uint_eq(sim_count(SIM_HALTED, app, signal), 1);
		ck_assert_uint_eq(sim_count(SIM_HALTED, own, signal), 1);
		ck_assert_uint_eq(sim_count(SIM_HALTED, 0, -1), 2);
		ck_assert_int_eq(script->state, SIM_RUNNING);
		gets(app, SIGCONT, 0);
		/* fg. */
		sim.foreground = script->pid;
		sim_do_inside(own, SIGCONT);
		ends_with(0);
		gets(app, SIGCONT, 1);
		ck_assert_uint_eq(sim_count(SIM_HALTED, app, signal), 1);
		ck_assert_int_eq(sim.foreground, script->pid);
	}
}
END_TEST

START_TEST(a_sigstop_is_left_alone)
{
	start_under_shell(&sim_sleeper, NULL);
	inside(app, SIGSTOP);
	settle();
	ck_assert_int_eq(process_of(app)->state, SIM_STOPPED);
	ck_assert_int_eq(foster->state, SIM_RUNNING);
	gets(app, SIGCONT, 0);
}
END_TEST

START_TEST(hang_up_reaches_the_program)
{
	start(&sim_sleeper, NULL);
	sim_give_terminal(1, 1);
	settle();
	sim_when_waiting(sim_do_hang_up, 0, 0);
	ends_with(129);
	gets(app, SIGHUP, 1);
}
END_TEST

/* ---- 8. it explains ---- */

START_TEST(a_death_nobody_asked_for_is_explained_once)
{
	start(&sim_sleeper, NULL);
	sim_when_waiting(sim_do_outside, app, SIGKILL);
	ends_with(137);
	says_once("killed by SIGKILL");
	ck_assert_uint_eq(sim_calls_of(SYS_write), 1);
	begin();
	start(&sim_sleeper, "-q", NULL);
	sim_when_waiting(sim_do_outside, app, SIGKILL);
	ends_with(137);
	says("");
	begin();
	start(&sim_sleeper, NULL);
	inside(1, SIGSEGV);
	ends_with(128 + SIGSEGV);
	says("");
}
END_TEST

/* The terminal sends these; whoever is there has typed them, or left. */
START_TEST(hup_int_and_quit_need_a_word_where_there_is_no_terminal)
{
	for (int i = 0; i < 2 * SIGNALS_MAX; i++) {
		bool has_terminal = i >= SIGNALS_MAX;
		int signal = i % SIGNALS_MAX + 1;
		struct sim_step steps[] = { SIM_DIE(signal), SIM_END };
		struct sim_script program = { "program", .steps = steps };

		begin();
		if (has_terminal)
			start_under_shell(&program, NULL);
		else
			start(&program, NULL);
		ends_with(128 + signal);
		if (has_terminal &&
		    (signal == SIGHUP || signal == SIGINT || signal == SIGQUIT))
			says("");
		else
			says_once("foster: the program was killed by ");
	}
}
END_TEST

START_TEST(the_out_of_memory_killer_is_named_where_it_can_be_read)
{
	sim_file("/proc/self/cgroup", "0::/box\n");
	sim_file("/sys/fs/cgroup/box/memory.events", "oom 3\noom_kill 1\n");
	sim_file("/sys/fs/cgroup/box/memory.max", "67108864\n");
	start(&sim_sleeper, NULL);
	sim_when_waiting(sim_do_outside, app, SIGKILL);
	ends_with(137);
	says("foster: the program was killed by SIGKILL; the out-of-memory"
	     " killer has struck 1 time in this container (memory limit 64"
	     " MiB)\n");
	begin();
	sim_file("/sys/fs/cgroup/memory/memory.oom_control", "oom_kill 2\n");
	start(&sim_sleeper, NULL);
	sim_when_waiting(sim_do_outside, app, SIGKILL);
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
	ck_assert_uint_eq(sim_calls_of(SYS_write), 1);
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

/* Before each call of the child's from then on but the one that blocks. */
START_TEST(no_signal_ends_a_program_s_process_before_it_has_said_why)
{
	static const int signals[] = { SIGTERM, SIGHUP, SIGTSTP, SIGALRM };
	unsigned long first, last;

	foster = sim_foster(NULL, "foster", "/missing", NULL);
	ends_with(127);
	first = index_of(SYS_execve) + 2;
	last = sim.calls_made;
	for (unsigned long i = first * 4; i < last * 4; i++) {
		begin();
		foster = sim_foster(NULL, "foster", "/missing", NULL);
		sim_before_call(i / 4, sim_do_inside, 2, signals[i % 4]);
		ends_with(127);
		says("foster: cannot run '/missing': no such file\n");
	}
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
		.steps = SIM_STEPS(SIM_DUMP(SIGABRT)),
	};

	start(&dumps, NULL);
	ends_with(128 + SIGABRT);
	says_once("core");
}
END_TEST

START_TEST(a_reader_who_does_not_read_keeps_it_from_nothing)
{
	sim.streams[2] = SIM_STREAM_STUCK;
	start(&sim_sleeper, "-vv", NULL);
	inside(1, SIGTERM);
	ends_with(143);
	ck_assert(sim_now_ms() <= 1000);
	ck_assert_uint_eq(sim_calls_of(SYS_write), 0);
}
END_TEST

/* ---- 9. being the init of an engine ---- */

START_TEST(a_pause_ends_with_0_by_term_and_int)
{
	static const int signals[] = { SIGTERM, SIGINT };
	uint64_t inherited = 0;

	for (int i = 0; i < 4; i++) {
		begin();
		foster = i < 2 ? sim_foster(NULL, "foster", "-P", NULL)
			       : sim_foster(NULL, "/pause", NULL);
		inherited |= UINT64_C(1) << (SIGINT - 1) |
			     UINT64_C(1) << (SIGHUP - 1);
		foster->ignored = inherited;
		inside(1, SIGHUP);
		inside(1, SIGUSR1);
		settle();
		ck_assert_uint_eq(timed_waits(), 0);
		inside(1, signals[i % 2]);
		ends_with(0);
		at_ms(0);
		says("");
	}
}
END_TEST

/* But for the program it does what foster does at its start. */
START_TEST(a_pause_says_nothing_and_holds_nothing)
{
	init = sim_actor(NULL, &sim_reaper);
	shell = sim_actor(init, &sim_reaper);
	sim_put_into(shell, shell->pid, shell->pid);
	foster = sim_foster(shell, "foster", "-P", "-v", NULL);
	sim_give_terminal(shell->pid, foster->pid);
	sim_open_file(foster, 3, "/file");
	sim_at(200, sim_do_outside, foster->pid, SIGKILL);
	sim_run_until(100);
	says("");
	ck_assert(!sim_has_open(foster, 3));
	ck_assert_uint_eq(sim_calls_of(SYS_chdir), 1);
	ck_assert_uint_eq(sim_calls_of(SIM_CALL_TRIM), 1);
	/* There is nobody to whom the terminal could go. */
	for (size_t i = 0; i < sim.call_count; i++)
		ck_assert_str_ne(sim.calls[i].text, "/dev/tty");
}
END_TEST

START_TEST(a_pause_reaps_what_it_adopts)
{
	foster = sim_foster(NULL, "pause", NULL);
	sim_actor(sim_actor(NULL, &many), &sim_sleeper);
	settle();
	ck_assert_uint_eq(sim.process_count, 2);
	inside(1, SIGTERM);
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

static long refused_by;

static long refuse_reaping(void *context, const struct sim_call *call)
{
	(void)context;
	return call->number == SYS_wait4 || call->number == SYS_waitid
		       ? refused_by
		       : 0;
}

/* That nobody can be reaped is not that nobody is there: it stays. */
START_TEST(where_reaping_is_refused_the_program_runs_on)
{
	static const int errors[] = { EPERM, ENOSYS, EACCES, EINVAL, EIO };

	for (int i = 0; i < 10; i++) {
		refused_by = -errors[i / 2];
		begin();
		sim.hooks.fault = refuse_reaping;
		if (i % 2 == 0)
			start(&sim_sleeper, NULL);
		else
			start_under_shell(&sim_sleeper, NULL);
		sim_at(500, sim_do_inside, own, SIGUSR1);
		sim_run_until(1000);
		gets(app, SIGUSR1, 1);
		ck_assert_int_eq(sim_status_of_foster(), -1);
		that_is_all();
	}
}
END_TEST

static long refuse_waiting(void *context, const struct sim_call *call)
{
	(void)context;
	return call->number == SYS_rt_sigtimedwait ? -ENOSYS : 0;
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
	says_once("cannot wait for signals");
}
END_TEST

static long refuse_waiting_and_poll(void *context, const struct sim_call *call)
{
	return call->number == SYS_ppoll ? -ENOSYS
					 : refuse_waiting(context, call);
}

static long refuse_every_pause(void *context, const struct sim_call *call)
{
	return call->number == SYS_nanosleep
		       ? -ENOSYS
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
	return call->number == SYS_wait4 ? refused_with : 0;
}

START_TEST(where_wait4_is_refused_deaths_are_learned_of_all_the_same)
{
	static const long errors[] = { -ENOSYS, -EPERM, -EACCES, -ENOMEM,
				       -EINVAL };
	const struct sim_script dies = {
		"dies",
		.steps = SIM_STEPS(SIM_FORK(&true_program), SIM_SLEEP(10),
				   SIM_DIE(SIGQUIT)),
	};

	for (int i = 0; i < 5; i++) {
		begin();
		refused_with = errors[i];
		sim.hooks.fault = refuse_wait4;
		start(&leaves_stubborn, NULL);
		ends_with(3);
		begin();
		refused_with = errors[i];
		sim.hooks.fault = refuse_wait4;
		start(&dies, NULL);
		ends_with(128 + SIGQUIT);
	}
}
END_TEST

/* Also what clone(2) made without SIGCHLD: wait(2) names __WALL for that. */
START_TEST(children_of_every_kind_are_waited_for)
{
	for (int i = 0; i < 4; i++) {
		unsigned waits = 0;

		begin();
		refused_with = -ENOSYS;
		sim.hooks.fault = i % 2 == 0 ? NULL : refuse_wait4;
		sim.proc = i / 2 == 0 ? SIM_PROC : SIM_PROC_ABSENT;
		start_under_shell(&leaves_stubborn, NULL);
		sim_run_until(50);
		for (size_t at = 0; at < sim.call_count; at++) {
			const struct sim_call *call = &sim.calls[at];
			int flags = call->number == SYS_wait4 ? 2 : 3;

			if (call->pid != own || (call->number != SYS_wait4 &&
						 call->number != SYS_waitid))
				continue;
			waits++;
			ck_assert_int_ne(call->arguments[flags] & __WALL, 0);
		}
		ck_assert_uint_gt(waits, 0);
		that_is_all();
	}
}
END_TEST

static long refuse_masks(void *context, const struct sim_call *call)
{
	(void)context;
	return call->number == SYS_rt_sigprocmask ? -EPERM : 0;
}

START_TEST(where_masks_are_refused_it_says_so_and_reaps)
{
	sim.hooks.fault = refuse_masks;
	start(&has_an_orphan, NULL);
	settle();
	says("foster: cannot wait for signals, so none is forwarded:"
	     " Operation not permitted\n");
}
END_TEST

START_TEST(as_the_only_file_it_runs)
{
	sim.proc = SIM_PROC_ABSENT;
	sim.tty = SIM_TTY_ABSENT;
	start(&entrypoint, NULL);
	foster->uid = 1000;
	inside(1, SIGTERM);
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

	tcase = section(suite, "EXIT STATUS");
	suite_add(tcase, the_status_is_the_programs_own);
	suite_add(tcase, the_status_of_a_signal_is_128_and_its_number);
	suite_add(tcase, what_is_not_there_is_127_and_what_cannot_run_is_126);
	suite_add(tcase, no_process_is_125_and_not_remapped);
	suite_add(tcase, remapping_is_of_the_programs_status_126_and_127);
	tcase = section(suite, "STARTING");
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
	suite_add(tcase, a_terminal_that_nobody_controls_becomes_that_of_process_1);
	suite_add(tcase, a_terminal_of_another_session_stays_there);
	suite_add(tcase, path_is_searched_with_the_precedence_of_errors);
	suite_add(tcase,
		  each_error_of_an_entry_ends_the_search_or_is_passed_over);
	suite_add(tcase, an_entry_of_path_counts_up_to_the_longest_path);
	suite_add(tcase,
		  a_text_without_a_shell_is_passed_over_and_named_if_it_is_all);
	suite_add(tcase, the_start_is_said_before_why_the_program_cannot_run);
	suite_add(tcase, where_a_look_fails_otherwise_the_error_alone_is_said);
	suite_add(tcase, a_program_that_runs_is_not_looked_at);
	suite_add(tcase, a_file_that_may_not_be_run_is_the_one_that_is_named);
	suite_add(tcase, a_text_is_for_bin_sh_and_an_elf_file_never_is);
	suite_add(tcase, foster_lets_go_of_all_files_but_the_standard_streams);
	suite_add(
		tcase,
		without_close_range_foster_closes_what_is_listed_and_nothing_else);
	suite_add(tcase,
		  without_a_list_foster_closes_each_file_below_1024_once);
	suite_add(tcase, close_range_is_of_all_that_a_process_can_have);
	suite_add(tcase, what_is_closed_stays_closed_and_gets_no_message);
	suite_add(tcase, an_ignored_sigchld_and_blocked_signals_are_no_trouble);
	suite_add(tcase, children_that_were_there_before_are_reaped);
	suite_add(tcase,
		  when_its_parent_dies_foster_has_the_signal_and_hands_it_over);
	suite_add(tcase, whenever_its_parent_dies_foster_hands_the_signal_over);
	suite_add(tcase, when_foster_dies_the_program_has_the_signal);
	tcase = section(suite, "SIGNALS");
	suite_add(tcase, every_signal_is_handed_over_once);
	suite_add(tcase, a_queued_signal_keeps_value_sender_count_and_order);
	suite_add(tcase, with_a_full_queue_the_signal_goes_without_its_value);
	suite_add(tcase, a_group_gets_what_it_is_to_get);
	suite_add(tcase, signals_are_rewritten_or_dropped);
	suite_add(tcase, what_foster_itself_causes_is_never_handed_over);
	suite_add(tcase, a_stopped_program_is_continued_to_end);
	suite_add(tcase, one_that_was_continued_by_others_gets_no_cont);
	suite_add(tcase, one_that_runs_gets_no_cont);
	suite_add(tcase, a_program_of_another_user_is_said_once_and_tended_on);
	suite_add(tcase, what_is_typed_reaches_the_program_once);
	suite_add(tcase, a_stop_that_comes_after_a_signal_to_end_is_continued);
	suite_add(tcase, a_signal_that_r_makes_of_another_continues_as_well);
	suite_add(tcase, what_it_sent_to_itself_before_is_forwarded);
	suite_add(
		tcase,
		what_the_kernel_says_of_its_own_processor_time_is_not_forwarded);
	suite_add(
		tcase,
		what_the_kernel_sends_is_for_the_group_only_where_it_may_be_typed);
	suite_add(tcase, a_program_that_foster_traces_goes_on);
	suite_add(tcase, a_traced_program_ends_by_the_signal_that_it_had);
	suite_add(tcase, an_orphan_that_foster_traces_goes_on);
	tcase = section(suite, "REAPING");
	suite_add(tcase, however_many_orphans_end_at_once_all_are_reaped);
	suite_add(tcase, idle_it_never_wakes_up);
	suite_add(tcase, not_process_1_orphans_come_to_it_all_the_same);
	suite_add(tcase, where_the_kernel_refuses_that_one_warning_is_given);
	suite_add(tcase, process_1_does_not_ask_for_orphans);
	suite_add(tcase, nested_inits_are_silent_and_work);
	tcase = section(suite, "LEFTOVERS");
	suite_add(tcase, the_server_of_an_entrypoint_ends_in_its_own_time);
	suite_add(tcase, without_leftovers_it_exits_at_once);
	suite_add(tcase, leftovers_are_told_once_and_term_comes_before_cont);
	suite_add(tcase, a_stopped_leftover_can_end);
	suite_add(tcase,
		  what_a_leftover_started_is_told_at_three_quarters_and_once);
	suite_add(
		tcase,
		not_process_1_descendants_are_told_at_three_quarters_and_strangers_never);
	suite_add(tcase, who_has_the_number_of_a_descendant_is_never_told);
	suite_add(tcase, who_is_handed_over_later_is_told_when_it_comes);
	suite_add(tcase, a_group_that_was_told_is_not_told_again);
	suite_add(tcase, a_group_that_was_told_long_ago_is_told_again);
	suite_add(tcase, a_group_that_had_what_stands_in_for_term_was_told);
	suite_add(tcase, a_member_that_ignores_what_its_group_had_is_told);
	suite_add(tcase, a_stop_that_the_program_ignores_goes_to_its_group);
	suite_add(tcase, who_is_born_into_a_group_after_its_term_is_told);
	suite_add(tcase, a_stop_that_the_program_ignores_is_not_for_readers);
	suite_add(tcase, a_reader_of_a_told_group_is_told_in_the_end);
	suite_add(tcase, the_last_signal_to_end_decides_who_was_told);
	suite_add(tcase, no_other_signal_goes_to_the_group_for_being_ignored);
	suite_add(tcase,
		  leftovers_are_told_by_the_stop_that_came_if_they_handle_it);
	suite_add(tcase, without_proc_all_are_told_by_the_stop_that_came);
	suite_add(tcase, who_was_told_otherwise_gets_term_at_last);
	suite_add(tcase, leftovers_of_what_ended_by_itself_are_told_by_term);
	suite_add(tcase, without_proc_process_1_tells_all_once);
	suite_add(tcase, without_proc_and_not_process_1_the_group_is_told);
	suite_add(tcase,
		  without_proc_and_not_process_1_who_is_left_cannot_be_named);
	suite_add(tcase, without_children_files_parents_are_asked);
	suite_add(tcase, of_two_signals_to_end_the_second_ends_it);
	suite_add(tcase, hup_is_passed_on_and_all_others_are_dropped);
	suite_add(tcase, not_process_1_kills_at_the_deadline_and_reaps);
	suite_add(tcase, not_process_1_kills_at_all_depths_at_once);
	suite_add(tcase, all_descendants_that_live_are_counted_and_named);
	suite_add(tcase, who_lives_without_its_first_thread_is_named);
	suite_add(tcase, those_that_arrive_during_the_killing_are_killed);
	suite_add(tcase, who_cannot_be_killed_keeps_it_one_second_and_is_named);
	suite_add(tcase, with_no_grace_it_exits_at_once);
	suite_add(tcase, of_many_that_are_left_over_three_are_named);
	suite_add(tcase, the_grace_is_what_was_asked_for);
	suite_add(tcase, told_to_wait_for_all_it_stays_until_it_is_told);
	suite_add(tcase, told_to_wait_for_all_it_ends_with_the_last);
	suite_add(tcase, who_entered_from_outside_is_told_at_three_quarters_and_not_waited_for);
	suite_add(tcase, after_the_first_signal_to_end_the_time_runs);
	suite_add(tcase, a_number_that_comes_again_is_another_process);
	suite_add(tcase, the_terminal_goes_back_when_the_program_ends);
	suite_add(tcase, with_standard_input_closed_a_terminal_is_one_all_the_same);
	suite_add(tcase, typed_after_the_end_it_reaches_foster);
	tcase = section(suite, "6. readers");
	suite_add(tcase, the_last_words_of_a_server_find_their_reader);
	suite_add(tcase, not_process_1_the_last_words_find_their_reader_too);
	suite_add(tcase, without_proc_readers_are_told_with_the_others);
	suite_add(tcase, a_reader_of_errors_waits_for_them);
	suite_add(tcase, a_reader_that_does_not_end_is_told_a_second_after_its_writer);
	suite_add(tcase, a_reader_whose_writer_never_ends_is_told_at_seven_eighths);
	suite_add(tcase, at_three_quarters_readers_wait_on);
	suite_add(tcase, a_copier_of_the_programs_own_output_is_never_told);
	suite_add(tcase, in_the_quiet_time_a_copier_gets_its_pipe);
	suite_add(tcase, a_lone_reader_has_a_second_from_the_first_look);
	suite_add(tcase, nobody_is_killed_untold);
	suite_add(tcase, a_reader_waits_for_the_writers_of_its_own_pipe_only);
	suite_add(tcase, a_fifo_is_a_pipe);
	suite_add(tcase, where_only_foster_holds_a_readers_pipe_it_lets_go_of_it);
	suite_add(tcase, foster_lets_go_of_no_other_stream);
	suite_add(tcase, while_others_hold_a_readers_pipe_foster_keeps_it);
	suite_add(tcase, who_reads_fosters_own_input_is_told_with_the_others);
	suite_add(tcase, a_reader_that_writes_to_its_own_pipe_is_alone);
	suite_add(tcase, whose_files_cannot_be_looked_at_writes_to_no_pipe);
	suite_add(tcase, the_second_counts_from_the_last_writer);
	suite_add(tcase, of_very_many_readers_only_so_many_are_passed_over);
	suite_add(tcase, a_group_that_was_told_has_readers_that_were_too);
	tcase = section(suite, "6. when, and told to stop");
	suite_add(tcase, who_ends_within_the_quiet_time_needs_no_telling);
	suite_add(tcase, the_quiet_time_is_half_of_a_short_grace);
	suite_add(tcase, no_quiet_time_where_the_program_was_told_to_stop);
	suite_add(tcase, a_signal_to_end_in_the_quiet_time_ends_that);
	suite_add(tcase, other_signals_in_the_quiet_time_end_nothing);
	suite_add(tcase, a_second_stop_goes_to_those_only_that_had_none);
	suite_add(tcase, a_second_stop_is_rewritten_and_passes_readers_over);
	suite_add(tcase, a_stop_that_is_dropped_counts_all_the_same);
	suite_add(tcase, told_to_wait_for_all_a_stop_before_is_one_for_foster_too);
	suite_add(tcase, told_to_wait_for_all_a_rewritten_stop_is_one);
	suite_add(tcase, told_to_wait_for_all_a_reload_before_is_no_stop);
	suite_add(tcase, told_to_wait_for_all_it_forwards_every_signal_to_its_children);
	suite_add(tcase, the_time_to_kill_counts_from_what_came);
	suite_add(tcase, a_stack_dump_and_a_reload_are_no_time_to_kill);
	suite_add(tcase, the_terminal_goes_back_once_more_when_foster_leaves);
	tcase = section(suite, "TERMINALS");
	suite_add(tcase, typed_stop_stops_foster_with_its_group_and_fg_continues_both);
	suite_add(tcase, fg_continues_all_of_the_programs_group);
	suite_add(tcase, a_typed_stop_stops_the_script_that_foster_is_in);
	suite_add(
		tcase,
		the_second_foster_of_a_pipeline_takes_no_terminal_from_the_first);
	suite_add(tcase, the_programs_group_is_its_own_before_its_process_runs);
	suite_add(
		tcase,
		whichever_process_runs_first_the_program_has_group_and_terminal);
	suite_add(tcase, an_int_that_is_ignored_is_the_background_of_a_script);
	suite_add(
		tcase,
		the_terminal_stays_with_foster_where_r_is_about_what_it_sends);
	suite_add(tcase, bg_continues_both_and_the_shell_keeps_the_terminal);
	suite_add(tcase, where_nobody_could_type_fg_a_typed_stop_freezes_nothing);
	suite_add(tcase, without_a_terminal_foster_stops_alone);
	suite_add(tcase, who_wants_to_read_gets_the_terminal_from_fosters_own_group);
	suite_add(tcase, who_wants_to_read_in_the_background_stays_stopped);
	suite_add(
		tcase,
		foster_stops_by_the_signal_that_stopped_the_program_and_alone);
	suite_add(tcase, a_sigstop_is_left_alone);
	suite_add(tcase, hang_up_reaches_the_program);
	tcase = section(suite, "DIAGNOSTICS");
	suite_add(tcase, a_death_nobody_asked_for_is_explained_once);
	suite_add(tcase,
		  hup_int_and_quit_need_a_word_where_there_is_no_terminal);
	suite_add(tcase,
		  the_out_of_memory_killer_is_named_where_it_can_be_read);
	suite_add(tcase, what_cannot_run_is_diagnosed_by_looking_at_it);
	suite_add(tcase,
		  no_signal_ends_a_program_s_process_before_it_has_said_why);
	suite_add(tcase, what_is_not_in_path_is_said_with_the_path);
	suite_add(tcase, quiet_it_says_only_that_the_program_could_not_be_started);
	suite_add(tcase, each_reaped_orphan_is_said_if_that_was_asked_for);
	suite_add(tcase, a_core_is_mentioned);
	suite_add(tcase, a_reader_who_does_not_read_keeps_it_from_nothing);
	tcase = section(suite, "NAMES");
	suite_add(tcase, a_pause_ends_with_0_by_term_and_int);
	suite_add(tcase, a_pause_says_nothing_and_holds_nothing);
	suite_add(tcase, a_pause_reaps_what_it_adopts);
	suite_add(tcase, version_is_what_the_name_asks_for);
	tcase = section(suite, "REQUIREMENTS");
	suite_add(tcase, where_waiting_is_refused_it_waits_for_children_and_never_spins);
	suite_add(tcase, where_polling_is_refused_too_leftovers_have_their_time);
	suite_add(tcase, where_no_pause_is_allowed_it_ends_early_and_never_spins);
	suite_add(tcase, where_reaping_is_refused_the_program_runs_on);
	suite_add(tcase, where_wait4_is_refused_deaths_are_learned_of_all_the_same);
	suite_add(tcase, children_of_every_kind_are_waited_for);
	suite_add(tcase, where_masks_are_refused_it_says_so_and_reaps);
	suite_add(tcase, as_the_only_file_it_runs);
	return suite;
}
