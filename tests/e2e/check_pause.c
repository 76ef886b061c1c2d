/*
 * check_pause.c - no program, -P and the name pause: foster(1), DESCRIPTION and
 * COMPATIBILITY.
 *
 * What a pause adopts was started by others. Here a child of its own is there
 * before it is (as containers of a pod are beside their pause), and makes
 * orphans when the pause has begun.
 */
#include "e2e.h"

#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	ORPHANS = 3,
	FILES_MAX = 1024,
	GRACE_MS = 200,
	/* After the grace, one second for SIGKILL, and a slow machine. */
	SLACK_MS = 5000,
};

/* What podman's rootless pause inherits as ignored. */
#define IGNORED_BY_PODMAN ( \
	E2E_SIGNAL(SIGALRM) | E2E_SIGNAL(SIGHUP) | E2E_SIGNAL(SIGINT) | \
	E2E_SIGNAL(SIGPIPE) | E2E_SIGNAL(SIGQUIT) | E2E_SIGNAL(SIGPOLL) | \
	E2E_SIGNAL(SIGPROF) | E2E_SIGNAL(SIGVTALRM) | E2E_SIGNAL(SIGXCPU) | \
	E2E_SIGNAL(SIGXFSZ))

static const int ending[] = { SIGTERM, SIGINT };

static bool ends_pause(int signal)
{
	return signal == SIGTERM || signal == SIGINT;
}

/* The start and the end. */

/* A pause that TERM and INT end at once with 0. */
static const struct pause {
	const char *name;
	struct e2e_setup setup;
	const char *words[2];
} pauses[] = {
	{ "term_and_int_end_a_pause_at_once_with_0", { 0 }, { "-P" } },
	{ "a_pause_may_be_asked_for_by_a_long_option", { 0 }, { "--pause" } },
	{ "a_pause_may_have_other_options", { 0 }, { "-gP" } },
	{ "with_t_a_pause_that_has_adopted_nobody_ends_at_once",
	  { 0 }, { "-P", "--grace=60" } },
	{ "signals_ignored_by_podman_end_a_pause_all_the_same",
	  { .ignored = IGNORED_BY_PODMAN }, { "-P" } },
	{ "signals_inherited_as_ignored_end_a_pause_all_the_same",
	  { .ignored = E2E_ALL_SIGNALS }, { "-P" } },
	{ "signals_inherited_as_blocked_end_a_pause_all_the_same",
	  { .ignored = E2E_ALL_SIGNALS, .blocked = E2E_ALL_SIGNALS },
	  { "-P" } },
	{ "called_pause_it_is_a_pause", { .name = "pause" }, { NULL } },
	{ "called_pause_in_the_root_it_is_a_pause",
	  { .name = "/pause" }, { NULL } },
	{ "called_pause_here_it_is_a_pause", { .name = "./pause" }, { NULL } },
};

static void check_pause(const struct pause *pause, int i)
{
	struct e2e_setup setup = pause->setup;
	struct e2e *init;

	setup.mode = mode_of(i);
	init = e2e_start_from(pause->name, &setup, pause->words[0],
			      pause->words[1], NULL);
	e2e_wait_idle(init);
	e2e_kill(init, ending[i / E2E_MODES]);
	e2e_check_exit(init, 0);
	e2e_check_silent(init);
}

static int in_both_modes_by_both_signals(const struct pause *pause)
{
	(void)pause;
	return E2E_MODES * COUNT(ending);
}

TEST_ROWS(pauses, check_pause, in_both_modes_by_both_signals);

TEST_TIMES(2 * E2E_MODES, a_term_or_int_that_came_before_the_start_ends_a_pause)
{
	int signal = ending[_i / E2E_MODES];
	const struct e2e_setup setup = {
		.mode = mode_of(_i), .blocked = E2E_SIGNAL(signal),
	};
	struct e2e *init = e2e_start(&setup, "-P", NULL);

	/* Without it, it stays. */
	e2e_wait_idle(init);
	init = e2e_prepare(&setup, "-P", NULL);
	e2e_kill(init, signal);
	e2e_go(init);
	e2e_await_exec(init);

	e2e_check_exit(init, 0);
	e2e_check_silent(init);
}

TEST_TIMES(2 * E2E_MODES, no_other_signal_ends_a_pause)
{
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = mode_of(_i),
			.ignored = _i / E2E_MODES ? IGNORED_BY_PODMAN : 0,
		},
		"-P", NULL);
	int signal;

	e2e_wait_idle(init);
	for (signal = 1; signal <= E2E_LAST_SIGNAL; signal++) {
		if (signal == SIGKILL || signal == SIGSTOP ||
		    ends_pause(signal))
			continue;
		e2e_kill(init, signal);
		e2e_until(init, e2e_status_number(init, init->pid, "ShdPnd",
						  16) == 0);
		e2e_wait_idle(init);
	}

	e2e_check(init, !e2e_is_over(init));
	e2e_check_silent(init);
	e2e_kill(init, SIGTERM);
	e2e_check_exit(init, 0);
}

TEST_BOTH(a_pause_waits_without_a_time_limit)
{
	e2e_check(NULL, !e2e_has_deadline(e2e_start_in(_i, "-P", NULL)));
}

/* Names. */

TEST_BOTH(called_by_another_name_it_is_a_pause_with_p_alone)
{
	static const char *const names[] = {
		"catatonit", "/catatonit", "tini", "docker-init", "dumb-init",
		"pause2", "xpause", "PAUSE",
	};
	size_t i;

	for (i = 0; i < COUNT(names); i++) {
		const struct e2e_setup setup = {
			.mode = _i, .name = names[i],
		};
		struct e2e *init = e2e_start(&setup, NULL);

		e2e_check_exit(init, 125);
		e2e_end(init);
		init = e2e_start(&setup, "-P", NULL);
		e2e_wait_idle(init);
		e2e_kill(init, SIGINT);
		e2e_check_exit(init, 0);
		e2e_check_silent(init);
		e2e_end(init);
	}
}

TEST_BOTH(a_program_for_a_pause_is_a_mistake)
{
	const char *report = e2e_actor("report");
	const struct e2e_setup called = { .mode = _i, .name = "pause" };
	struct e2e *inits[] = {
		e2e_start_in(_i, "-P", report, NULL),
		e2e_start_in(_i, "-P", "--", report, NULL),
		e2e_start(&called, report, NULL),
		e2e_start(&called, "-t5", "--", report, NULL),
	};
	size_t i;

	for (i = 0; i < COUNT(inits); i++) {
		e2e_check_exit(inits[i], 125);
		e2e_check(inits[i], inits[i]->out.length == 0);
		e2e_check(inits[i], e2e_said(inits[i], "foster: ") >= 1);
		e2e_check(inits[i], e2e_said(inits[i], "usage: foster") == 1);
	}
}

TEST_BOTH(foster_options_count_for_a_pause_but_cannot_make_one)
{
	static const char *const environment[] = { "FOSTER_OPTIONS=-t5", NULL };
	static const char *const pausing[] = { "FOSTER_OPTIONS=-P", NULL };
	struct e2e *init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .environment = environment },
		"-P", NULL);

	e2e_wait_idle(init);
	e2e_kill(init, SIGTERM);
	e2e_check_exit(init, 0);
	init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .environment = pausing },
		NULL);
	e2e_check_exit(init, 125);
	e2e_check(init, e2e_said(init, "FOSTER_OPTIONS") == 1);
}

/* An empty root, as an engine's pause has it. */

static void make_read_only(void *argument)
{
	(void)argument;
	if (mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) != 0)
		_exit(98);
}

TEST_TIMES(4, it_pauses_alone_in_a_read_only_root_with_nothing)
{
	static const char *const environment[] = { NULL };
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.name = _i / 2 == 0 ? "/pause" : "/catatonit",
			.empty_root = true,
			.proc = E2E_PROC_NONE,
			.environment = environment,
			.lost_capabilities = E2E_ALL_CAPABILITIES,
			.no_new_privileges = true,
			.closed = 7,
			.before_exec = make_read_only,
		},
		_i / 2 == 0 ? NULL : "-P", NULL);

	e2e_wait_idle(init);
	e2e_kill(init, ending[_i % 2]);
	e2e_check_exit(init, 0);
}

/* Adopting. */

/* A child of the pause from before it was: the elder. */
struct elder {
	const char *actor;	/* of its orphans; NULL: it dies at once */
	const char *argument;
};

/* Waits for a byte on file 9, makes orphans, and ends. */
static void start_elder(void *argument)
{
	const struct elder *elder = argument;
	siginfo_t info;
	char byte;
	int fd, i;
	pid_t pid = fork();

	if (pid > 0 && elder->actor == NULL)
		waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	if (pid != 0)
		return;
	if (elder->actor == NULL)
		_exit(7);
	/* It does not exec, and must not hold what the framework waits for. */
	for (fd = 10; fd < FILES_MAX; fd++)
		close(fd);
	while (read(9, &byte, 1) < 0 && errno == EINTR)
		;
	for (i = 0; i < ORPHANS; i++) {
		if (fork() == 0) {
			execl(elder->actor, elder->actor, elder->argument,
			      NULL);
			_exit(98);
		}
	}
	_exit(7);
}

/*
 * A pause that has adopted orphans. They run an actor that says "ready"; their
 * standard input is a pipe whose other end is in *input.
 */
static struct e2e *start_with_orphans(const char *test, enum e2e_mode mode,
				      const char *option, const char *actor,
				      int *input)
{
	static struct elder elder;
	/* What comes last to a process that takes one after the other. */
	static const char *const environment[] = {
		"FOSTER_OPTIONS=-r HUP:IO", NULL
	};
	struct e2e *init;
	int ends[2], input_ends[2];

	elder.actor = e2e_actor(actor);
	elder.argument = strcmp(actor, "minimal") == 0 ? "99" : NULL;
	e2e_pipe(ends);
	e2e_pipe(input_ends);
	init = e2e_start_from(
		test, &(struct e2e_setup){
			.mode = mode,
			.environment = environment,
			.stdio = { input_ends[0] },
			.files = { { ends[0], 9 } },
			.before_exec = start_elder,
			.argument = &elder,
		},
		"-P", option, NULL);
	close(ends[0]);
	close(input_ends[0]);
	*input = input_ends[1];

	e2e_wait_idle(init);
	ck_assert_int_eq(write(ends[1], "g", 1), 1);
	close(ends[1]);
	e2e_line_nth(init, "ready", ORPHANS);
	/* One elder before, its orphans after. */
	e2e_until(init, e2e_children(init->pid) == ORPHANS);
	e2e_wait_idle(init);
	return init;
}

TEST_BOTH(a_pause_adopts_orphans_and_reaps_them)
{
	int input;
	struct e2e *init = start_with_orphans(__func__, _i, NULL, "minimal",
					      &input);

	close(input);

	e2e_until(init, e2e_children(init->pid) == 0);
	e2e_wait_idle(init);
	e2e_check(init, !e2e_is_over(init));
	e2e_kill(init, SIGTERM);
	e2e_check_exit(init, 0);
	e2e_check_silent(init);
}

TEST_BOTH(a_pause_reaps_what_was_dead_before_it_began)
{
	struct elder elder = { NULL, NULL };
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = _i,
			.before_exec = start_elder,
			.argument = &elder,
		},
		"-P", NULL);

	e2e_until(init, e2e_children(init->pid) == 0);
	e2e_wait_idle(init);
	e2e_check(init, !e2e_is_over(init));
	e2e_check_silent(init);
}

TEST_TIMES(4 * E2E_MODES, a_pause_ends_at_once_and_leaves_alone_what_it_adopted)
{
	int input;
	struct e2e *init = start_with_orphans(
		__func__, mode_of(_i), _i / E2E_MODES % 2 ? "-t0" : NULL,
		"minimal", &input);

	e2e_kill(init, ending[_i / E2E_MODES / 2]);

	e2e_check_exit(init, 0);
	/* Who is killed with its namespace has not been told either. */
	if (init->mode == E2E_SUBREAPER)
		e2e_check(init, e2e_survivors() == ORPHANS);
	e2e_check(init, e2e_count(init, "got") == 0);
	e2e_check_silent(init);
}

TEST_TIMES(2 * E2E_MODES, with_t_a_pause_tells_what_it_adopted_and_waits_for_it)
{
	int input;
	/* Longer than a test waits: it ends because the orphans do. */
	struct e2e *init = start_with_orphans(__func__, mode_of(_i), "-t60",
					      "minimal", &input);

	e2e_kill(init, ending[_i / E2E_MODES]);

	e2e_line_nth(init, "got", ORPHANS);
	e2e_check_exit(init, 0);
	e2e_check_silent(init);
}

TEST_BOTH(with_t_a_pause_ends_when_the_grace_is_over)
{
	char grace[16];
	int input;
	struct e2e *init;

	snprintf(grace, sizeof(grace), "-t%dms", GRACE_MS);
	init = start_with_orphans(__func__, _i, grace, "signals", &input);
	e2e_kill(init, SIGTERM);

	ck_assert_int_eq(e2e_exit_within(init, GRACE_MS + SLACK_MS), 0);
	/* Each has been told, and once; nobody is left. */
	e2e_wait_end_of_output(init);
	e2e_check(init, e2e_count(init, "got 15 ") == ORPHANS);
	/* Process 1 says how many the kernel kills. */
	if (init->mode == E2E_PROCESS_1)
		e2e_check(init, e2e_said(init, "3") == 1);
	e2e_check(init, e2e_said(init, "") ==
		  (init->mode == E2E_PROCESS_1 ? 1 : 0));
}

TEST_TIMES(2 * E2E_MODES, with_t_a_third_signal_to_end_ends_a_pause_at_once)
{
	/* The first ends the pause, the second is for nobody: all were told. */
	int input;
	struct e2e *init = start_with_orphans(__func__, mode_of(_i), "-t60",
					      "signals", &input);

	e2e_kill(init, SIGTERM);
	e2e_line_nth(init, "got 15 ", ORPHANS);
	e2e_kill(init, ending[_i / E2E_MODES]);
	e2e_until(init, e2e_status_number(init, init->pid, "ShdPnd", 16) == 0);
	e2e_kill(init, SIGHUP);
	e2e_line_nth(init, e2e_got(SIGIO), ORPHANS);
	e2e_check(init, e2e_count(init, "got 15 ") == ORPHANS);
	e2e_check(init, e2e_count(init, "got 2 ") == 0);
	e2e_check(init, !e2e_is_over(init));
	e2e_kill(init, SIGINT);

	ck_assert_int_eq(e2e_exit_within(init, SLACK_MS), 0);
	e2e_wait_end_of_output(init);
}
