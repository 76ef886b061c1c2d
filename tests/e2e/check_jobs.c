/*
 * check_jobs.c - job control: foster as a job of an interactive shell, and
 * shells as the program of foster:
 * foster(1), TERMINALS.
 *
 * The shells are real ones at a real terminal: bash, dash and zsh, whichever
 * are installed. A test types, waits for the prompt or for what programs say,
 * and looks at process states and at the foreground group in between.
 *
 * In what is typed, $F is the init under test, $T the actor "tty_reader", $S
 * the actor "signals" and $D the test's folder. Most of these tests can also be
 * seen to fail with FOSTER=/usr/bin/tini, dumb-init or catatonit.
 */
#define _GNU_SOURCE
#include "pty.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum {
	ROUNDS = 3,
	STARTS = 40,
	/* Within this time of its fork, foster has started the program. */
	START_US = 3000,
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
	  { "--norc", "--noprofile", "--noediting", "-i" }, "$ kill %1" },
	{ "dash", "/bin/dash", { "-i", "-i", "-i", "-i" },
	  "$ kill %1; kill -CONT %1" },
	{ "zsh", "/bin/zsh", { "-f", "-i", "+o", "promptsp" }, "$ kill %1" },
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
	environment[i++] = variable("T", e2e_actor("tty_reader"));
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
	pty->prompt = PROMPT;
	pty->is_shell = true;
	pty_play(pty, "prompt");
	return pty;
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
	pty_play(pty, "^Z", "prompt", "$ fg");
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

/* ---- foster as a job ---- */

TEST_TIMES(SHELLS, ctrl_z_gives_a_prompt_and_fg_brings_the_program_back)
{
	struct pty *pty = start_shell(__func__, _i);
	size_t i;

	pty_play(pty, "run $F -- $T -l");
	for (i = 0; i < ROUNDS; i++)
		pty_play(pty, "^Z", "prompt", "stopped", "works", "$ fg",
			 "resumed", "foreground", "$ hello", "see line hello");
	pty_play(pty, "$ endnow", "prompt", "$ echo \"status $?.\"", "prompt",
		 "count 1 status 7.", "leave", "quiet");
}

/*
 * It restores the modes before it stops and sets them when it is continued, for
 * which it must be in the foreground by then.
 */
TEST_TIMES(SHELLS, an_editor_is_suspended_and_comes_back_with_its_modes)
{
	struct pty *pty = start_shell(__func__, _i);
	size_t i;

	pty_play(pty, "run $F -- $T -k");
	for (i = 0; i < ROUNDS; i++)
		pty_play(pty, "type a", "see key 97", "^Z", "prompt", "$ fg",
			 "resumed");
	pty_play(pty, "type q", "prompt", "count 3 continued foreground",
		 "count 0 modes lost", "leave");
}

TEST_TIMES(SHELLS, bg_lets_the_program_run_in_the_background)
{
	pty_play(start_shell(__func__, _i),
		 "run $F -- $T", "^Z", "prompt", "$ bg",
		 "await 1 continued foreground no", "works", "running", "fg",
		 "^C", "see got 2\n", "kill 15", "prompt", "count 1 got 2\n",
		 "leave");
}

/* As of a shell script that is the program: who it started is of its group. */
TEST_TIMES(2 * SHELLS, fg_and_bg_continue_all_of_the_program_s_group)
{
	struct pty *pty = start_shell(__func__, _i % SHELLS);
	bool is_fg = _i / SHELLS == 0;
	pid_t member;

	pty_play(pty, "run $F -- sh -c 'sleep 1000 & exec $T -p'");
	member = pty_child(pty, pty->program);
	pty_play(pty, "^Z", "prompt", "stopped");
	pty_until(pty, e2e_state(member) == 'T');
	pty_play(pty, is_fg ? "fg" : "$ bg", "see continued foreground ");
	pty_until(pty, e2e_state(member) == 'S');
	pty_play(pty, is_fg ? "foreground" : "fg");
	pty_play(pty, "kill 15", "prompt", "leave");
}

TEST_TIMES(SHELLS, kill_ends_a_stopped_job)
{
	struct pty *pty = start_shell(__func__, _i);
	pid_t foster;

	pty_play(pty, "run $F -- $T -p");
	foster = pty_child(pty, pty->init->pid);
	pty_play(pty, "^Z", "prompt", shells[_i].kill);
	pty_until(pty, is_over(pty->program) && is_over(foster));
	pty_play(pty, "works", "leave");
}

TEST_TIMES(2, cont_by_hand_lets_it_run_in_the_background)
{
	struct pty *pty = start_shell(__func__, BASH);
	pid_t foster;

	/* To foster; or to the program alone, which leaves foster stopped. */
	pty_play(pty, "run $F -- $T", "^Z", "prompt");
	foster = pty_child(pty, pty->init->pid);
	kill(_i == 0 ? foster : pty->program, SIGCONT);
	pty_play(pty, "await 1 continued foreground no");
	pty_check(pty, pty_foreground(pty) == pty->init->pid);
	pty_check(pty, _i == 0 || e2e_state(foster) == 'T');

	pty_play(pty, "fg", "^C", "see got 2\n", "kill 15", "prompt", "leave");
}

TEST_TIMES(3, signals_to_stop_sent_to_foster_stop_it_as_a_job)
{
	static const int numbers[] = { SIGTSTP, SIGTTIN, SIGTTOU };
	struct pty *pty = start_shell(__func__, BASH);

	pty_play(pty, "run $F -- $T");
	settle_terminal(pty, 1);
	kill(pty_child(pty, pty->init->pid), numbers[_i]);
	pty_play(pty, "prompt", "stopped", "$ fg", "resumed", "kill 15",
		 "prompt", "leave");
}

TEST_TIMES(SHELLS, a_background_job_takes_nothing_from_the_shell)
{
	struct pty *pty = start_shell(__func__, _i);

	pty_play(pty, "$ $F -- $T &", "await 1 foreground no\n", "works");
	pty->program = pty_child(pty, pty_child(pty, pty->init->pid));

	/* In the foreground, what the terminal signals comes through foster. */
	pty_play(pty, "fg", "^C", "see got 2\n");
	pty_resize(pty, 30, 100);
	pty_play(pty, "see got 28\n", "^Z", "prompt", "stopped", "$ fg",
		 "resumed", "kill 15", "prompt", "count 1 got 2\n",
		 "count 1 got 28\n", "leave");
}

/* Member and program have each got it so many times. */
static void await_both(struct pty *pty, const char *got, size_t times)
{
	char member[32];

	snprintf(member, sizeof(member), "member %s", got);
	pty_until(pty, pty_count(pty, member) >= times &&
		  pty_count(pty, got) >= 2 * times);
}

TEST_TIMES(SHELLS,
	   what_is_typed_for_foster_s_group_reaches_all_of_the_program_s)
{
	struct pty *pty = start_shell(__func__, _i);
	size_t i;

	/* By fg alone the program does not come to the foreground. */
	pty_play(pty, "$ $F -- $S -m 15 &", "await 1 ready", "works", "fg");
	pty_check(pty, pty_foreground(pty) == pty_child(pty, pty->init->pid));
	for (i = 1; i <= ROUNDS; i++) {
		pty_play(pty, "^C");
		await_both(pty, "got 2 ", i);
		pty_play(pty, "^Z" PTY_CTRL_BACKSLASH);
		await_both(pty, "got 20 ", i);
		await_both(pty, "got 3 ", i);
		pty_resize(pty, (unsigned short)(30 + i), 100);
		await_both(pty, "got 28 ", i);
	}

	kill(-pty_child(pty, pty_child(pty, pty->init->pid)), SIGTERM);
	pty_play(pty, "prompt", "count 6 got 2 ", "count 6 got 3 ",
		 "count 6 got 20 ", "count 6 got 28 ", "leave");
}

TEST_TIMES(SHELLS, a_background_job_that_reads_stops_until_fg)
{
	struct pty *pty = start_shell(__func__, _i);
	pid_t foster;

	pty_play(pty, "$ $F -- cat &");
	foster = pty_child(pty, pty->init->pid);
	e2e_wait_state(pty->init, foster, "T");
	pty_check(pty, e2e_state(pty_child(pty, foster)) == 'T');
	pty_play(pty, "works", "fg", "$ hello", "see hello", "^D", "prompt",
		 "leave");
}

TEST_TIMES(SHELLS, a_background_job_that_writes_stops_where_tostop_is_set)
{
	struct pty *pty = start_shell(__func__, _i);

	pty_play(pty, "$ stty tostop", "prompt",
		 "$ $F -- printf 'wri%s\\n' tten &");
	e2e_wait_state(pty->init, pty_child(pty, pty->init->pid), "T");
	pty_play(pty, "count 0 written\n", "works", "$ fg", "see written\n",
		 "prompt", "leave");
}

TEST_TIMES(SHELLS, foster_inside_foster_is_one_job)
{
	struct pty *pty = start_shell(__func__, _i);
	size_t i;

	pty_play(pty, "run $F -- $F -- $F -- $T -l");
	for (i = 1; i <= ROUNDS; i++)
		pty_play(pty, "^C", "see got 2\n", "^Z", "prompt", "$ fg",
			 "resumed");
	pty_play(pty, "$ endnow", "prompt", "count 3 got 2\n", "leave");
}

TEST_TIMES(SHELLS, a_script_with_foster_in_it_is_one_job)
{
	pty_play(start_shell(__func__, _i),
		 "run sh -c '$F -- $T -l; read x; echo \"read $x\"'", "^Z",
		 "prompt", "$ fg", "resumed", "$ endnow", "see line endnow\n",
		 "$ more", "see read more\n", "prompt", "leave");
}

/* The shell goes on with the list, and is the one who reads. */
TEST_TIMES(SHELLS, what_follows_a_stopped_job_in_a_list_can_read)
{
	pty_play(start_shell(__func__, _i),
		 "run $F -- $T -l; read x; echo \"read $x.\"", "^Zwords\n",
		 "see read words.", "prompt", "$ fg", "resumed", "$ endnow",
		 "prompt", "leave");
}

TEST_TIMES(SHELLS,
	   ctrl_z_at_any_moment_of_the_start_leaves_a_job_or_the_program)
{
	struct pty *pty = start_shell(__func__, _i);
	unsigned int seed = (unsigned int)getpid() ^
		(unsigned int)e2e_now_ms();
	struct timespec moment = { 0 };
	int i;

	for (i = 0; i < STARTS; i++) {
		/* By then all that the shell does to start a job is done. */
		pty_play(pty, "$ sh -c 'echo begin; exec $F -- $T -l'",
			 "see begin\n");
		moment.tv_nsec = rand_r(&seed) % START_US * 1000L;
		nanosleep(&moment, NULL);
		pty_play(pty, "^Zendnow\n");

		/* The program reads that, or the shell: a job stopped. */
		if (!pty_see_either(pty, "line endnow", "not found"))
			pty_play(pty, "prompt", "fg", "$ endnow",
				 "see line endnow");
		pty_play(pty, "prompt");
		/* It may have been stopped when it had said that. */
		if (pty_children_that_run(pty->init->pid, e2e_binary()) > 0)
			pty_play(pty, "$ fg", "prompt");
	}
	pty_play(pty, "leave");
}

TEST_TIMES(SHELLS, a_hang_up_ends_the_shell_s_foster_and_what_is_below_it)
{
	struct pty *pty = start_shell(__func__, _i);
	pid_t leftover, foster;

	/* The program dies of it; a leftover does not, and gets TERM. */
	pty_play(pty, "$ $F -- sh -c '$S 15 & sleep 1000'", "see ready");
	foster = pty_child(pty, pty->init->pid);
	leftover = pty_child(pty, pty_child(pty, foster));

	pty_hang_up(pty);
	pty_until(pty, is_over(leftover) && is_over(foster));
}

/* ---- pipelines ---- */

static const char *const pipelines[] = {
	"run $F -- $T -l | cat",
	"run sleep 1000 | $F -- $T -l",
	/*
	 * Two programs, two groups, and one terminal: it goes to who asks for
	 * it, whoever came first.
	 */
	"run $F -- $T -l | $F -- cat",
	"run $F -- sleep 1000 | $F -- $T -l",
};

enum { PIPELINES = COUNT(pipelines) };

TEST_TIMES(PIPELINES * SHELLS, a_pipeline_is_one_job)
{
	struct pty *pty = start_shell(__func__, _i % SHELLS);
	const char *command = pipelines[_i / SHELLS];
	pid_t first;
	size_t i;

	/* Several times, for the two fosters race. */
	for (i = 0; i < ROUNDS; i++) {
		pty_play(pty, command);
		first = pty_child(pty, pty->init->pid);
		await_programs(pty);
		pty_play(pty, "$ hello", "see line hello", "^Z", "prompt",
			 "stopped");
		pty_check(pty, e2e_state(first) == 'T');
		pty_play(pty, "fg", "$ again", "see line again", "$ endnow",
			 "see line endnow");
		if (strstr(command, "sleep") != NULL) {
			/* The others of the job have the terminal then. */
			pty_until(pty, pty_foreground(pty) != pty->program);
			pty_play(pty, "^C");
		}
		pty_play(pty, "prompt");
	}
	pty_play(pty, "leave");
}

TEST_TIMES(SHELLS,
	   ctrl_c_ends_both_of_a_pipeline_of_fosters_one_after_the_other)
{
	struct pty *pty = start_shell(__func__, _i);
	pid_t first;

	/* Only one can be in the foreground; when it has ended, foster is. */
	pty_play(pty, "$ $F -- $T -p 1>&2 | $F -- $T -p", "await 2 ready ");
	settle_terminal(pty, 2);
	first = pty_child(pty, pty->init->pid);
	pty_check(pty, pty_foreground(pty) != first);
	pty_play(pty, "^C");
	pty_until(pty, pty_foreground(pty) == first);
	pty_play(pty, "^C", "prompt", "leave");
}

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

TEST_TIMES(SHELLS, vi_starts_suspends_resumes_and_quits)
{
	struct pty *pty = start_shell(__func__, _i);
	const char *file = e2e_write_text(e2e_folder(), "text", 0644,
					  "first line\n");
	struct termios modes = modes_of(pty);

	if (access("/usr/bin/vim.tiny", X_OK) != 0)
		e2e_skip("vim.tiny");
	/* It draws its screen again, and takes keys at once. */
	pty_play(pty, "$ $F -- vim.tiny -u NONE -n $D/text", "see first line",
		 "type Oone \033", "see one", "^Z", "prompt", "works", "$ fg",
		 "see first line", "type Otwo \033:wq\r", "prompt");
	ck_assert_str_eq(e2e_read(file, NULL), "two \none \nfirst line\n");
	pty_until(pty, _i == ZSH || are_modes(pty, &modes));
	pty_play(pty, "leave");
}

static const char *const pagers[] = {
	"$ $F -- less $D/text",
	"$ cat $D/text | $F -- less",
	"$ $F -- cat $D/text | $F -- less",
	"$ $F -- sh -c 'cat $D/text; sleep 1000' | $F -- less",
};

enum { PAGERS = COUNT(pagers) };

TEST_TIMES(PAGERS * SHELLS, less_starts_suspends_resumes_and_quits)
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

	pty_play(pty, pagers[_i / SHELLS], "see line 1.");
	first = pty_child(pty, pty->init->pid);
	await_programs(pty);
	pty_play(pty, "type  ", "see line 30.", "^Z", "prompt", "works",
		 "$ fg", "see line 30.", "type q");
	if (strstr(pagers[_i / SHELLS], "sleep") != NULL) {
		/* The other program of the pipeline can still be ended. */
		pty_until(pty, pty_foreground(pty) == first ||
			  pty_foreground(pty) == pty_child(pty, first));
		pty_play(pty, "^C");
	}
	pty_play(pty, "prompt");
	pty_until(pty, _i % SHELLS == ZSH || are_modes(pty, &modes));
	pty_play(pty, "leave");
}

/* ---- foster's group outside its PID namespace ---- */

TEST_TIMES(SHELLS, process_1_of_a_namespace_under_a_shell_is_no_job)
{
	struct pty *pty = start_shell(__func__, _i);

	if (access("/usr/bin/unshare", X_OK) != 0)
		e2e_skip("unshare(1)");
	/* It cannot be stopped; but nothing freezes, and the shell recovers. */
	pty_play(pty, "$ unshare --pid --fork $F -- $T -l",
		 "see foreground yes", "^Z", "resumed", "^C", "see got 2\n",
		 "$ endnow", "prompt", "works", "leave");
}

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
	pty->prompt = INNER_PROMPT;
	pty->is_shell = false;
	pty_play(pty, "prompt");
	return pty;
}

static void leave_inner_shell(struct pty *pty, int place)
{
	if (place != AS_JOB) {
		pty_play(pty, "leave");
		return;
	}
	pty->prompt = PROMPT;
	pty->is_shell = true;
	pty_play(pty, "$ exit 5", "prompt", "$ echo \"status $?.\"", "prompt",
		 "count 1 status 5.", "leave");
}

TEST_TIMES(PLACES * SHELLS, a_shell_under_foster_has_job_control)
{
	struct pty *pty = start_inner_shell(__func__, _i / SHELLS, _i % SHELLS);

	/* One that does not read: in the background it would stop for that. */
	pty_play(pty, "run $T", "^C", "see got 2\n", "^\\", "see got 3\n", "^Z",
		 "prompt", "$ stty -a >/dev/null", "prompt", "$ bg",
		 "await 1 continued foreground no", "$ kill %1");
	pty_until(pty, is_over(pty->program));
	pty_play(pty, "works", "count 1 got 2\n", "count 1 got 3\n");

	/* And one that does. */
	pty_play(pty, "run $T -l", "^Z", "prompt", "$ fg", "resumed", "$ hello",
		 "see line hello", "$ endnow", "prompt");
	leave_inner_shell(pty, _i / SHELLS);
}

/* Jobs stop when they write, or read, and fg lets them. */
TEST_TIMES(PLACES * SHELLS,
	   a_shell_under_foster_has_pipelines_and_background_jobs)
{
	struct pty *pty = start_inner_shell(__func__, _i / SHELLS, _i % SHELLS);

	pty_play(pty, "run $T -l | cat", "^Z", "prompt", "$ fg", "resumed",
		 "$ endnow", "prompt", "$ stty tostop", "prompt",
		 "$ printf 'wri%s\\n' tten & wait; echo waited",
		 "see waited", "count 0 written", "$ fg", "see written",
		 "prompt");
	leave_inner_shell(pty, _i / SHELLS);
}
