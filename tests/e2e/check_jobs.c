/*
 * check_jobs.c - job control: foster as a job of an interactive shell, and
 * shells as the program of foster (contract, section 7).
 *
 * The shells are real ones at a real terminal: bash, dash and zsh, whichever
 * are installed. A test types, waits for the prompt or for what programs say,
 * and looks at process states and at the foreground group in between.
 *
 * In what is typed, $F is the init under test, $T the actor "typist", $S the
 * actor "signals" and $D the test's folder. Most of these tests can also be
 * seen to fail with FOSTER=/usr/bin/tini, dumb-init or catatonit.
 */
#define _GNU_SOURCE
#include "pty.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum {
	ROUNDS = 3,
	STARTS = 40,
	/* Within this time of its fork, foster has started the program. */
	START_US = 3000,
	TYPIST_STATUS = 7,
	ENVIRONMENT_MAX = 12,
};

#define PROMPT "prompt> "
#define INNER_PROMPT "inner> "

struct shell {
	const char *name;
	const char *path;
	const char *options[4];
	/* What a user types to end a stopped job; dash does not continue it. */
	const char *kill;
};

/* Without line editing, where that can be had: it redraws what is typed. */
static const struct shell shells[] = {
	{ "bash", "/bin/bash",
	  { "--norc", "--noprofile", "--noediting", "-i" }, "kill %1" },
	{ "dash", "/bin/dash", { "-i", "-i", "-i", "-i" },
	  "kill %1; kill -CONT %1" },
	{ "zsh", "/bin/zsh", { "-f", "-i", "+o", "promptsp" }, "kill %1" },
};

enum { BASH, DASH, ZSH, SHELLS };

/* ---- helpers ---- */

static const char *variable(const char *name, const char *value)
{
	char *text;

	ck_assert_int_ge(asprintf(&text, "%s=%s", name, value), 0);
	return text;
}

static const char *const *environment_with(const char *prompt)
{
	static const char *environment[ENVIRONMENT_MAX];
	size_t i = 0;

	environment[i++] = e2e_environment[0];
	environment[i++] = variable("F", e2e_binary());
	environment[i++] = variable("T", e2e_actor("typist"));
	environment[i++] = variable("S", e2e_actor("signals"));
	environment[i++] = variable("D", e2e_folder());
	environment[i++] = variable("HOME", e2e_folder());
	environment[i++] = variable("PS1", prompt);
	environment[i++] = "TERM=vt100";
	environment[i++] = "TINI_SUBREAPER=1";
	environment[i] = NULL;
	return environment;
}

/* A shell at a terminal of its own; returns when it has shown its prompt. */
static struct pty *start_shell(const char *test, int number)
{
	const struct shell *shell = &shells[number];
	struct pty *pty = pty_open(E2E_SUBREAPER);

	if (access(shell->path, X_OK) != 0)
		e2e_skip_from(test, shell->path);
	pty->setup.environment = environment_with(PROMPT);
	pty->setup.binary = shell->path;
	pty_start(pty, shell->options[0], shell->options[1], shell->options[2],
		  shell->options[3], NULL);
	pty_see(pty, PROMPT);
	return pty;
}

/* The shell has the terminal again, and shows its prompt. */
static void await_prompt(struct pty *pty)
{
	pty_see(pty, PROMPT);
	pty_until(pty, pty_foreground(pty) == pty->init->pid);
}

/* A command that is over when the prompt comes. */
static void run(struct pty *pty, const char *command)
{
	pty_type(pty, command);
	pty_type(pty, "\n");
	await_prompt(pty);
}

/*
 * One by which a job changes that the shell does not wait for. It is not waited
 * for the prompt: where a child changes meanwhile, zsh may forget to show it.
 */
static void run_with_job(struct pty *pty, const char *command)
{
	pty_type(pty, command);
	pty_type(pty, "\n");
}

/* A command in the foreground, in which there is a typist; its process. */
static pid_t run_typist(struct pty *pty, const char *command)
{
	pty_type(pty, command);
	pty_type(pty, "\n");
	return (pid_t)pty_number(pty, "ready ");
}

static void fg(struct pty *pty)
{
	pty_type(pty, "fg\n");
	pty_until(pty, pty_foreground(pty) != pty->init->pid);
}

/* The shell takes commands, and they have the terminal. */
static void check_works(struct pty *pty)
{
	pty_type(pty, "stty -a >/dev/null; echo \"works $((1 + 1))\"\n");
	pty_see(pty, "works 2");
	await_prompt(pty);
}

static bool is_over(pid_t pid)
{
	char state = e2e_state(pid);

	/* dash reaps when it comes to it. */
	return state == 0 || state == 'Z';
}

/*
 * A shell may give the terminal to the job's own group when foster has already
 * given it to the program's, for it does so in each child and in itself, and
 * they race. In a fg it comes first. Then a program has it; which of two is
 * left to chance.
 */
static void settle_terminal(struct pty *pty, size_t programs)
{
	pty_type(pty, PTY_CTRL_Z);
	await_prompt(pty);
	pty_type(pty, "fg\n");
	pty_until(pty, pty_count(pty, "continued foreground ") == programs);
}

/*
 * Until all that the shell has started run their own programs: before that, a
 * shell's child still ignores TSTP, and Ctrl-Z is lost on it.
 */
static void await_programs(struct pty *pty)
{
	char *shell = e2e_link(pty->init->pid, "exe");

	pty_until(pty, pty_children_that_run(pty->init->pid, shell) == 0);
	free(shell);
}

static void leave_shell(struct pty *pty)
{
	pty_type(pty, "exit 5\n");
	pty_check_exit(pty, 5);
}

/* ---- foster as a job ---- */

START_TEST(ctrl_z_gives_a_prompt_and_fg_brings_the_program_back)
{
	struct pty *pty = start_shell(__func__, _i);
	pid_t typist = run_typist(pty, "$F -- $T -l");
	size_t i;

	for (i = 0; i < ROUNDS; i++) {
		pty_type(pty, PTY_CTRL_Z);
		await_prompt(pty);
		pty_check(pty, e2e_state(typist) == 'T');
		check_works(pty);

		pty_type(pty, "fg\n");
		pty_see(pty, "continued foreground yes");
		pty_check(pty, pty_foreground(pty) == typist);
		pty_type(pty, "hello\n");
		pty_see(pty, "line hello");
	}
	pty_type(pty, "endnow\n");
	await_prompt(pty);
	run(pty, "echo \"status $?.\"");
	pty_check(pty, pty_count(pty, "status 7.") == 1);
	leave_shell(pty);
	pty_check(pty, pty_count(pty, "foster: ") == 0);
}
END_TEST

START_TEST(an_editor_is_suspended_and_comes_back_with_its_modes)
{
	struct pty *pty = start_shell(__func__, _i);
	size_t i;

	run_typist(pty, "$F -- $T -k");
	/*
	 * It restores the modes before it stops and sets them when it is
	 * continued, for which it must be in the foreground by then.
	 */
	for (i = 0; i < ROUNDS; i++) {
		pty_type(pty, "a");
		pty_see(pty, "key 97");
		pty_type(pty, PTY_CTRL_Z);
		await_prompt(pty);
		pty_type(pty, "fg\n");
		pty_see(pty, "continued foreground yes");
	}
	pty_type(pty, "q");
	await_prompt(pty);

	pty_check(pty, pty_count(pty, "continued foreground") == ROUNDS);
	pty_check(pty, pty_count(pty, "modes lost") == 0);
	leave_shell(pty);
}
END_TEST

START_TEST(bg_lets_the_program_run_in_the_background)
{
	struct pty *pty = start_shell(__func__, _i);
	pid_t typist = run_typist(pty, "$F -- $T");

	pty_type(pty, PTY_CTRL_Z);
	await_prompt(pty);
	run_with_job(pty, "bg");
	pty_until(pty, pty_count(pty, "continued foreground no") == 1);
	check_works(pty);
	pty_check(pty, e2e_state(typist) != 'T');

	fg(pty);
	pty_type(pty, PTY_CTRL_C);
	pty_see(pty, "got 2\n");
	kill(typist, SIGTERM);
	await_prompt(pty);
	pty_check(pty, pty_count(pty, "got 2\n") == 1);
	leave_shell(pty);
}
END_TEST

START_TEST(kill_ends_a_stopped_job)
{
	struct pty *pty = start_shell(__func__, _i);
	pid_t typist = run_typist(pty, "$F -- $T -p");
	pid_t foster = pty_child(pty, pty->init->pid);

	pty_type(pty, PTY_CTRL_Z);
	await_prompt(pty);
	run_with_job(pty, shells[_i].kill);

	pty_until(pty, is_over(typist) && is_over(foster));
	check_works(pty);
	leave_shell(pty);
}
END_TEST

START_TEST(cont_by_hand_lets_it_run_in_the_background)
{
	struct pty *pty = start_shell(__func__, BASH);
	pid_t typist = run_typist(pty, "$F -- $T");
	pid_t foster = pty_child(pty, pty->init->pid);

	/* To foster; or to the program alone, which leaves foster stopped. */
	pty_type(pty, PTY_CTRL_Z);
	await_prompt(pty);
	kill(_i == 0 ? foster : typist, SIGCONT);
	pty_until(pty, pty_count(pty, "continued foreground no") == 1);
	pty_check(pty, pty_foreground(pty) == pty->init->pid);
	pty_check(pty, _i == 0 || e2e_state(foster) == 'T');

	fg(pty);
	pty_type(pty, PTY_CTRL_C);
	pty_see(pty, "got 2\n");
	kill(typist, SIGTERM);
	await_prompt(pty);
	leave_shell(pty);
}
END_TEST

START_TEST(signals_to_stop_sent_to_foster_stop_it_as_a_job)
{
	static const int numbers[] = { SIGTSTP, SIGTTIN, SIGTTOU };
	struct pty *pty = start_shell(__func__, BASH);
	pid_t typist = run_typist(pty, "$F -- $T");

	settle_terminal(pty, 1);
	kill(pty_child(pty, pty->init->pid), numbers[_i]);
	await_prompt(pty);
	pty_check(pty, e2e_state(typist) == 'T');
	pty_type(pty, "fg\n");
	pty_see(pty, "continued foreground yes");
	kill(typist, SIGTERM);
	await_prompt(pty);
	leave_shell(pty);
}
END_TEST

START_TEST(a_background_job_takes_nothing_from_the_shell)
{
	struct pty *pty = start_shell(__func__, _i);
	pid_t typist;

	run_with_job(pty, "$F -- $T &");
	pty_until(pty, pty_count(pty, "foreground no\n") == 1);
	check_works(pty);
	typist = pty_child(pty, pty_child(pty, pty->init->pid));

	/* In the foreground, what the terminal signals comes through foster. */
	fg(pty);
	pty_type(pty, PTY_CTRL_C);
	pty_see(pty, "got 2\n");
	pty_resize(pty, 30, 100);
	pty_see(pty, "got 28\n");
	pty_type(pty, PTY_CTRL_Z);
	await_prompt(pty);
	pty_check(pty, e2e_state(typist) == 'T');
	pty_type(pty, "fg\n");
	pty_see(pty, "continued foreground yes");
	kill(typist, SIGTERM);
	await_prompt(pty);
	pty_check(pty, pty_count(pty, "got 2\n") == 1);
	pty_check(pty, pty_count(pty, "got 28\n") == 1);
	leave_shell(pty);
}
END_TEST

START_TEST(what_is_typed_for_foster_s_group_reaches_all_of_the_program_s)
{
	static const char *const counted[] = {
		"got 2 ", "got 3 ", "got 20 ", "got 28 "
	};
	struct pty *pty = start_shell(__func__, _i);
	size_t i;

	/* By fg alone the program does not come to the foreground. */
	run_with_job(pty, "$F -- $S -m 15 &");
	pty_until(pty, pty_count(pty, "ready") == 1);
	check_works(pty);
	fg(pty);
	pty_check(pty, pty_foreground(pty) == pty_child(pty, pty->init->pid));
	for (i = 1; i <= ROUNDS; i++) {
		pty_type(pty, PTY_CTRL_C);
		pty_until(pty, pty_count(pty, "member got 2 ") >= i &&
			  pty_count(pty, "got 2 ") >= 2 * i);
		pty_type(pty, PTY_CTRL_Z PTY_CTRL_BACKSLASH);
		pty_until(pty, pty_count(pty, "member got 20 ") >= i &&
			  pty_count(pty, "got 20 ") >= 2 * i);
		pty_until(pty, pty_count(pty, "member got 3 ") >= i &&
			  pty_count(pty, "got 3 ") >= 2 * i);
		pty_resize(pty, (unsigned short)(30 + i), 100);
		pty_until(pty, pty_count(pty, "member got 28 ") >= i &&
			  pty_count(pty, "got 28 ") >= 2 * i);
	}

	kill(-pty_child(pty, pty_child(pty, pty->init->pid)), SIGTERM);
	await_prompt(pty);
	for (i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
		pty_check(pty, pty_count(pty, counted[i]) == 2 * ROUNDS);
	leave_shell(pty);
}
END_TEST

START_TEST(a_background_job_that_reads_stops_until_fg)
{
	struct pty *pty = start_shell(__func__, _i);
	pid_t foster;

	run_with_job(pty, "$F -- cat &");
	foster = pty_child(pty, pty->init->pid);
	e2e_wait_state(pty->init, foster, "T");
	pty_check(pty, e2e_state(pty_child(pty, foster)) == 'T');
	check_works(pty);

	fg(pty);
	pty_type(pty, "hello\n");
	pty_see(pty, "hello");
	pty_type(pty, PTY_CTRL_D);
	await_prompt(pty);
	leave_shell(pty);
}
END_TEST

START_TEST(a_background_job_that_writes_stops_where_tostop_is_set)
{
	struct pty *pty = start_shell(__func__, _i);

	run(pty, "stty tostop");
	run_with_job(pty, "$F -- printf 'wri%s\\n' tten &");
	e2e_wait_state(pty->init, pty_child(pty, pty->init->pid), "T");
	pty_check(pty, pty_count(pty, "written\n") == 0);
	check_works(pty);

	pty_type(pty, "fg\n");
	pty_see(pty, "written\n");
	await_prompt(pty);
	leave_shell(pty);
}
END_TEST

START_TEST(foster_inside_foster_is_one_job)
{
	struct pty *pty = start_shell(__func__, _i);
	size_t i;

	run_typist(pty, "$F -- $F -- $F -- $T -l");
	for (i = 1; i <= ROUNDS; i++) {
		pty_type(pty, PTY_CTRL_C);
		pty_until(pty, pty_count(pty, "got 2\n") >= i);
		pty_type(pty, PTY_CTRL_Z);
		await_prompt(pty);
		pty_type(pty, "fg\n");
		pty_see(pty, "continued foreground yes");
	}
	pty_type(pty, "endnow\n");
	await_prompt(pty);

	pty_check(pty, pty_count(pty, "got 2\n") == ROUNDS);
	leave_shell(pty);
}
END_TEST

START_TEST(a_script_with_foster_in_it_is_one_job)
{
	struct pty *pty = start_shell(__func__, _i);

	run_typist(pty, "sh -c '$F -- $T -l; read x; echo \"read $x\"'");
	pty_type(pty, PTY_CTRL_Z);
	await_prompt(pty);
	pty_type(pty, "fg\n");
	pty_see(pty, "continued foreground yes");
	pty_type(pty, "endnow\n");
	pty_see(pty, "line endnow\n");

	pty_type(pty, "more\n");
	pty_see(pty, "read more\n");
	await_prompt(pty);
	leave_shell(pty);
}
END_TEST

START_TEST(what_follows_a_stopped_job_in_a_list_can_read)
{
	struct pty *pty = start_shell(__func__, _i);

	run_typist(pty, "$F -- $T -l; read x; echo \"read $x.\"");
	/* The shell goes on with the list, and is the one who reads. */
	pty_type(pty, PTY_CTRL_Z "words\n");
	pty_see(pty, "read words.");
	await_prompt(pty);
	pty_type(pty, "fg\n");
	pty_see(pty, "continued foreground yes");
	pty_type(pty, "endnow\n");
	await_prompt(pty);
	leave_shell(pty);
}
END_TEST

START_TEST(ctrl_z_at_any_moment_of_the_start_leaves_a_job_or_the_program)
{
	struct pty *pty = start_shell(__func__, _i);
	unsigned int seed = (unsigned int)getpid() ^
		(unsigned int)e2e_now_ms();
	struct timespec moment = { 0 };
	int i;

	for (i = 0; i < STARTS; i++) {
		/* By then all that the shell does to start a job is done. */
		pty_type(pty, "sh -c 'echo begin; exec $F -- $T -l'\n");
		pty_see(pty, "begin\n");
		moment.tv_nsec = rand_r(&seed) % START_US * 1000L;
		nanosleep(&moment, NULL);
		pty_type(pty, PTY_CTRL_Z "endnow\n");

		/* The program reads that, or the shell: a job stopped. */
		if (!pty_see_either(pty, "line endnow", "not found")) {
			await_prompt(pty);
			fg(pty);
			pty_type(pty, "endnow\n");
			pty_see(pty, "line endnow");
		}
		await_prompt(pty);
		/* It may have been stopped when it had said that. */
		if (pty_children_that_run(pty->init->pid, e2e_binary()) > 0)
			run(pty, "fg");
	}
	leave_shell(pty);
}
END_TEST

START_TEST(a_hang_up_ends_the_shell_s_foster_and_what_is_below_it)
{
	struct pty *pty = start_shell(__func__, _i);
	pid_t leftover, foster;

	/* The program dies of it; a leftover does not, and gets TERM. */
	pty_type(pty, "$F -- sh -c '$S 15 & sleep 1000'\n");
	pty_see(pty, "ready");
	foster = pty_child(pty, pty->init->pid);
	leftover = pty_child(pty, pty_child(pty, foster));

	pty_hang_up(pty);
	pty_until(pty, is_over(leftover) && is_over(foster));
}
END_TEST

/* ---- pipelines ---- */

static const char *const pipelines[] = {
	"$F -- $T -l | cat",
	"sleep 1000 | $F -- $T -l",
	/*
	 * Two programs, two groups, and one terminal: it goes to who asks for
	 * it, whoever came first.
	 */
	"$F -- $T -l | $F -- cat",
	"$F -- sleep 1000 | $F -- $T -l",
};

enum { PIPELINES = sizeof(pipelines) / sizeof(pipelines[0]) };

START_TEST(a_pipeline_is_one_job)
{
	struct pty *pty = start_shell(__func__, _i % SHELLS);
	const char *command = pipelines[_i / SHELLS];
	pid_t typist, first;
	size_t i;

	/* Several times, for the two fosters race. */
	for (i = 0; i < ROUNDS; i++) {
		typist = run_typist(pty, command);
		first = pty_child(pty, pty->init->pid);
		await_programs(pty);
		pty_type(pty, "hello\n");
		pty_see(pty, "line hello");

		pty_type(pty, PTY_CTRL_Z);
		await_prompt(pty);
		pty_check(pty, e2e_state(typist) == 'T');
		pty_check(pty, e2e_state(first) == 'T');
		fg(pty);
		pty_type(pty, "again\n");
		pty_see(pty, "line again");
		pty_type(pty, "endnow\n");
		pty_see(pty, "line endnow");
		if (strstr(command, "sleep") != NULL) {
			/* The others of the job have the terminal then. */
			pty_until(pty, pty_foreground(pty) != typist);
			pty_type(pty, PTY_CTRL_C);
		}
		await_prompt(pty);
	}
	leave_shell(pty);
}
END_TEST

START_TEST(ctrl_c_ends_both_of_a_pipeline_of_fosters_one_after_the_other)
{
	struct pty *pty = start_shell(__func__, _i);
	pid_t first;

	/* Only one can be in the foreground; when it has ended, foster is. */
	pty_type(pty, "$F -- $T -p 1>&2 | $F -- $T -p\n");
	pty_until(pty, pty_count(pty, "ready ") == 2);
	settle_terminal(pty, 2);
	first = pty_child(pty, pty->init->pid);
	pty_check(pty, pty_foreground(pty) != first);
	pty_type(pty, PTY_CTRL_C);
	pty_until(pty, pty_foreground(pty) == first);
	pty_type(pty, PTY_CTRL_C);
	await_prompt(pty);
	leave_shell(pty);
}
END_TEST

/* ---- real programs ---- */

static struct termios modes_of(struct pty *pty)
{
	struct termios modes;

	/* For the master they are those of the slave (tty_ioctl(2)). */
	ck_assert_int_eq(tcgetattr(pty->master, &modes), 0);
	return modes;
}

/* Whether line editing, echo and signals are as they are now. */
static bool are_modes(struct pty *pty, const struct termios *wanted)
{
	struct termios modes = modes_of(pty);

	return modes.c_lflag == wanted->c_lflag &&
		modes.c_iflag == wanted->c_iflag &&
		modes.c_oflag == wanted->c_oflag;
}

START_TEST(vi_starts_suspends_resumes_and_quits)
{
	struct pty *pty = start_shell(__func__, _i);
	const char *file = e2e_write_text(e2e_folder(), "text", 0644,
					  "first line\n");
	struct termios modes = modes_of(pty);
	char *text;

	if (access("/usr/bin/vim.tiny", X_OK) != 0)
		e2e_skip("vim.tiny");
	pty_type(pty, "$F -- vim.tiny -u NONE -n $D/text\n");
	pty_see(pty, "first line");
	pty_type(pty, "Oone \033");
	pty_see(pty, "one");
	pty_type(pty, PTY_CTRL_Z);
	await_prompt(pty);
	check_works(pty);

	/* It draws its screen again, and takes keys at once. */
	pty_type(pty, "fg\n");
	pty_see(pty, "first line");
	pty_type(pty, "Otwo \033:wq\r");
	await_prompt(pty);
	text = e2e_read(file, NULL);
	ck_assert_str_eq(text, "two \none \nfirst line\n");
	pty_until(pty, _i == ZSH || are_modes(pty, &modes));
	leave_shell(pty);
}
END_TEST

static const char *const pagers[] = {
	"$F -- less $D/text",
	"cat $D/text | $F -- less",
	"$F -- cat $D/text | $F -- less",
	"$F -- sh -c 'cat $D/text; sleep 1000' | $F -- less",
};

enum { PAGERS = sizeof(pagers) / sizeof(pagers[0]) };

START_TEST(less_starts_suspends_resumes_and_quits)
{
	struct pty *pty = start_shell(__func__, _i % SHELLS);
	struct termios modes = modes_of(pty);
	char text[8000] = "";
	pid_t first;
	int i;

	if (access("/usr/bin/less", X_OK) != 0)
		e2e_skip("less");
	for (i = 1; i <= 200; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "this is line %d.\n", i);
	e2e_write_text(e2e_folder(), "text", 0644, text);

	pty_type(pty, pagers[_i / SHELLS]);
	pty_type(pty, "\n");
	pty_see(pty, "line 1.");
	first = pty_child(pty, pty->init->pid);
	await_programs(pty);
	pty_type(pty, " ");
	pty_see(pty, "line 30.");
	pty_type(pty, PTY_CTRL_Z);
	await_prompt(pty);
	check_works(pty);

	pty_type(pty, "fg\n");
	pty_see(pty, "line 30.");
	pty_type(pty, "q");
	if (strstr(pagers[_i / SHELLS], "sleep") != NULL) {
		/* The other program of the pipeline can still be ended. */
		pty_until(pty, pty_foreground(pty) == first ||
			  pty_foreground(pty) == pty_child(pty, first));
		pty_type(pty, PTY_CTRL_C);
	}
	await_prompt(pty);
	pty_until(pty, _i % SHELLS == ZSH || are_modes(pty, &modes));
	leave_shell(pty);
}
END_TEST

/* ---- foster's group outside its PID namespace ---- */

START_TEST(process_1_of_a_namespace_under_a_shell_is_no_job)
{
	struct pty *pty = start_shell(__func__, _i);

	if (access("/usr/bin/unshare", X_OK) != 0)
		e2e_skip("unshare(1)");
	pty_type(pty, "unshare --pid --fork $F -- $T -l\n");
	pty_see(pty, "foreground yes");

	/* It cannot be stopped; but nothing freezes, and the shell recovers. */
	pty_type(pty, PTY_CTRL_Z);
	pty_see(pty, "continued foreground yes");
	pty_type(pty, PTY_CTRL_C);
	pty_see(pty, "got 2\n");
	pty_type(pty, "endnow\n");
	await_prompt(pty);
	check_works(pty);
	leave_shell(pty);
}
END_TEST

/* ---- shells as the program ---- */

enum {
	AS_PROCESS_1,
	AS_LEADER,	/* of a session */
	AS_JOB,		/* of bash */
	PLACES,
};

/* A shell under foster; returns when it has shown its prompt. */
static struct pty *start_inner_shell(const char *test, int place, int number)
{
	const struct shell *shell = &shells[number];
	char command[256];
	struct pty *pty;

	if (access(shell->path, X_OK) != 0)
		e2e_skip_from(test, shell->path);
	if (place == AS_JOB) {
		pty = start_shell(test, BASH);
		snprintf(command, sizeof(command),
			 "PS1='" INNER_PROMPT "' $F -- %s %s %s %s %s\n",
			 shell->path, shell->options[0], shell->options[1],
			 shell->options[2], shell->options[3]);
		pty_type(pty, command);
	} else {
		pty = pty_open(place == AS_PROCESS_1 ? E2E_PROCESS_1 :
			       E2E_SUBREAPER);
		pty->setup.environment = environment_with(INNER_PROMPT);
		pty_start(pty, "--", shell->path, shell->options[0],
			  shell->options[1], shell->options[2],
			  shell->options[3], NULL);
	}
	pty_see(pty, INNER_PROMPT);
	return pty;
}

static void run_inner(struct pty *pty, const char *command)
{
	pty_type(pty, command);
	pty_type(pty, "\n");
	pty_see(pty, INNER_PROMPT);
}

static void leave_inner_shell(struct pty *pty, int place)
{
	pty_type(pty, "exit 5\n");
	if (place == AS_JOB) {
		await_prompt(pty);
		run(pty, "echo \"status $?.\"");
		pty_check(pty, pty_count(pty, "status 5.") == 1);
		leave_shell(pty);
	} else {
		pty_check_exit(pty, 5);
	}
}

START_TEST(a_shell_under_foster_has_job_control)
{
	int place = _i / SHELLS;
	struct pty *pty = start_inner_shell(__func__, place, _i % SHELLS);
	pid_t typist = e2e_pid(pty->init, run_typist(pty, "$T"));

	/* One that does not read: in the background it would stop for that. */
	pty_type(pty, PTY_CTRL_C);
	pty_see(pty, "got 2\n");
	pty_type(pty, PTY_CTRL_BACKSLASH);
	pty_see(pty, "got 3\n");
	pty_type(pty, PTY_CTRL_Z);
	pty_see(pty, INNER_PROMPT);
	run_inner(pty, "stty -a >/dev/null");
	run_with_job(pty, "bg");
	pty_until(pty, pty_count(pty, "continued foreground no") == 1);
	run_with_job(pty, "kill %1");
	pty_until(pty, is_over(typist));
	run_with_job(pty, "stty -a >/dev/null; echo \"works $((1 + 1))\"");
	pty_see(pty, "works 2");
	pty_see(pty, INNER_PROMPT);
	pty_check(pty, pty_count(pty, "got 2\n") == 1);
	pty_check(pty, pty_count(pty, "got 3\n") == 1);

	/* And one that does. */
	run_typist(pty, "$T -l");
	pty_type(pty, PTY_CTRL_Z);
	pty_see(pty, INNER_PROMPT);
	pty_type(pty, "fg\n");
	pty_see(pty, "continued foreground yes");
	pty_type(pty, "hello\n");
	pty_see(pty, "line hello");
	pty_type(pty, "endnow\n");
	pty_see(pty, INNER_PROMPT);
	leave_inner_shell(pty, place);
}
END_TEST

START_TEST(a_shell_under_foster_has_pipelines_and_background_jobs)
{
	int place = _i / SHELLS;
	struct pty *pty = start_inner_shell(__func__, place, _i % SHELLS);

	run_typist(pty, "$T -l | cat");
	pty_type(pty, PTY_CTRL_Z);
	pty_see(pty, INNER_PROMPT);
	pty_type(pty, "fg\n");
	pty_see(pty, "continued foreground yes");
	pty_type(pty, "endnow\n");
	pty_see(pty, INNER_PROMPT);

	/* They stop when they write, or read, and fg lets them. */
	run_inner(pty, "stty tostop");
	run_with_job(pty, "printf 'wri%s\\n' tten & wait; echo waited");
	pty_see(pty, "waited");
	pty_check(pty, pty_count(pty, "written") == 0);
	pty_type(pty, "fg\n");
	pty_see(pty, "written");
	pty_see(pty, INNER_PROMPT);
	leave_inner_shell(pty, place);
}
END_TEST

Suite *jobs_suite(void)
{
	Suite *suite = suite_create("jobs");
	TCase *job = e2e_tcase(suite, "foster as a job");
	TCase *pipeline = e2e_tcase(suite, "pipelines");
	TCase *real = e2e_tcase(suite, "real programs");
	TCase *shell = e2e_tcase(suite, "shells under foster");

	e2e_add_range(job,
		ctrl_z_gives_a_prompt_and_fg_brings_the_program_back, 0,
		SHELLS - 1);
	e2e_add_range(job, an_editor_is_suspended_and_comes_back_with_its_modes,
		      0, SHELLS - 1);
	e2e_add_range(job, bg_lets_the_program_run_in_the_background, 0,
		      SHELLS - 1);
	e2e_add_range(job, kill_ends_a_stopped_job, 0, SHELLS - 1);
	e2e_add_range(job, cont_by_hand_lets_it_run_in_the_background, 0, 1);
	e2e_add_range(job, signals_to_stop_sent_to_foster_stop_it_as_a_job, 0,
		      2);
	e2e_add_range(job, a_background_job_takes_nothing_from_the_shell, 0,
		      SHELLS - 1);
	e2e_add_range(job,
		what_is_typed_for_foster_s_group_reaches_all_of_the_program_s,
		0, SHELLS - 1);
	e2e_add_range(job, a_background_job_that_reads_stops_until_fg, 0,
		      SHELLS - 1);
	e2e_add_range(job,
		a_background_job_that_writes_stops_where_tostop_is_set, 0,
		SHELLS - 1);
	e2e_add_range(job, foster_inside_foster_is_one_job, 0, SHELLS - 1);
	e2e_add_range(job, a_script_with_foster_in_it_is_one_job, 0,
		      SHELLS - 1);
	e2e_add_range(job, what_follows_a_stopped_job_in_a_list_can_read, 0,
		      SHELLS - 1);
	e2e_add_range(job,
		ctrl_z_at_any_moment_of_the_start_leaves_a_job_or_the_program,
		0, SHELLS - 1);
	e2e_add_range(job,
		a_hang_up_ends_the_shell_s_foster_and_what_is_below_it, 0,
		SHELLS - 1);

	e2e_add_range(pipeline, a_pipeline_is_one_job, 0,
		      PIPELINES * SHELLS - 1);
	e2e_add_range(pipeline,
		ctrl_c_ends_both_of_a_pipeline_of_fosters_one_after_the_other,
		0, SHELLS - 1);

	e2e_add_range(real, vi_starts_suspends_resumes_and_quits, 0,
		      SHELLS - 1);
	e2e_add_range(real, less_starts_suspends_resumes_and_quits, 0,
		      PAGERS * SHELLS - 1);

	e2e_add_range(shell,
		process_1_of_a_namespace_under_a_shell_is_no_job, 0,
		SHELLS - 1);
	e2e_add_range(shell, a_shell_under_foster_has_job_control, 0,
		      PLACES * SHELLS - 1);
	e2e_add_range(shell,
		a_shell_under_foster_has_pipelines_and_background_jobs, 0,
		PLACES * SHELLS - 1);
	return suite;
}
