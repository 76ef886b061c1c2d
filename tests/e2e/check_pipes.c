/*
 * check_pipes.c - who reads what another one writes is told to end after it, so
 * that last words find a reader: foster(1), LEFTOVERS. First with actors, and
 * then with the shells and programs that images are made of.
 */
#define _GNU_SOURCE
#include "scenario.h"

#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- who is told, and when ---- */

/* "stays" lives on, "input" ends at the end of what it reads. */
static const struct scenario readers[] = {
	{ "a_reader_sees_the_last_words_and_ends_untold",
	  .with = { "server+writes1+cleans,tee+reads1+input",
		    "tee+reads1+input,server+writes1+cleans",
		    "tee+reads1+input+session,server+writes1+cleans+session",
		    "tee+reads1+input+daemon,server+writes1+cleans+daemon" },
	  .tree = "program+input($)",
	  .steps = { "end program", "server: cleans up", "idle", "tee settle",
		     "tee had TERM 0", "finish", "server: is clean",
		     "tee: ends", "exit", "silent", "tee had TERM 0",
		     "server had TERM 1" } },

	{ "after_a_stop_a_reader_sees_the_last_words_too",
	  .with = { "TERM", "INT", "QUIT" },
	  .tree = "program+told(server+writes1+cleans+bare,tee+reads1+input)",
	  .steps = { "send $", "server: cleans up", "idle", "tee settle",
		     "finish", "server: is clean", "tee: ends", "exit",
		     "silent", "tee had TERM 0" } },

	/* Which goes to the group. */
	{ "a_stop_that_the_program_ignores_is_not_for_readers",
	  .tree = "program+input+ignores(server+writes1+told,"
		  "tee+reads1+input)",
	  .steps = { "send TERM", "server,tee: ends", "server had TERM 1",
		     "tee had TERM 0", "end program", "exit", "silent" } },

	{ "with_a_a_reader_is_told_last_when_it_all_ends",
	  .options = "-a",
	  .tree = "program+input(server+writes1+cleans,tee+reads1+input)",
	  .steps = { "end program", "program gone", "no deadline",
		     "send TERM", "server: cleans up", "idle", "tee settle",
		     "finish", "tee: ends", "exit", "silent",
		     "tee had TERM 0" } },

	{ "in_a_longer_pipeline_one_ends_after_the_other",
	  .tree = "program+input(c+reads2+input,b+reads1+writes2+input,"
		  "a+writes1+cleans)",
	  .steps = { "end program", "a: cleans up", "idle", "b,c settle",
		     "b,c had TERM 0", "finish", "exit", "silent",
		     "b,c had TERM 0", "a,b,c: ends" } },

	/* It writes still, whoever's child it is. */
	{ "a_reader_waits_for_a_writer_below_another_leftover",
	  .tree = "program+input(server+stays(worker+writes1),"
		  "tee+reads1+input)",
	  .steps = { "end program", "server got TERM", "idle", "tee settle",
		     "tee had TERM 0", "finish", "worker,tee: ends",
		     "tee had TERM 0", "runs" } },

	/* Of so long a grace each second has its look. */
	{ "a_reader_waits_for_the_last_of_its_writers_and_one_second_more",
	  .options = "-t 60s",
	  .tree = "program+input(one+writes1+told,other+writes1,"
		  "reader+reads1+stays+told)",
	  .steps = { "end program", "one: ends", "one gone", "idle",
		     "reader settle", "reader had TERM 0", "mark", "finish",
		     "reader: ends", "exit", "silent",
		     "reader had TERM late 1000", "reader had TERM 1" } },

	{ "a_reader_that_nobody_writes_to_is_told_one_second_later",
	  .options = "-t 60s",
	  .with = { "reader+reads1+told", "reader+reads1+writes1+told",
		    "reader+reads1+writes2+told" },
	  .tree = "program+input($)",
	  .steps = { "end program", "reader: ends", "exit", "silent",
		     "reader had TERM 1", "reader had TERM late 1000" } },

	/* A server behind a pipe, beside one who does not listen. */
	{ "a_reader_waits_for_the_writers_of_its_own_pipe_alone",
	  .options = "-t 60s",
	  .tree = "program+input(deaf+writes2,tail+writes1+told,"
		  "server+reads1+told)",
	  .steps = { "end program", "tail,server: ends", "deaf settle", "runs",
		     "finish", "exit", "silent",
		     "server had TERM 1" } },

	/* An eighth of the grace is left to it. */
	{ "a_reader_whose_writer_does_not_listen_is_told_before_the_end",
	  .options = "-t 2s",
	  .tree = "program+input(deaf+writes1,reader+reads1+told)",
	  .steps = { "end program", "reader: ends", "finish", "exit", "silent",
		     "deaf had TERM 1", "reader had TERM 1",
		     "reader had TERM late 1750" } },

	{ "a_reader_below_another_leftover_is_told_before_the_end_too",
	  .options = "-t 2s",
	  .tree = "program+input(deaf+writes1(reader+reads1+told))",
	  .steps = { "end program", "reader: ends", "finish", "exit", "silent",
		     "reader had TERM 1", "reader had TERM late 1750" } },

	/* As in mkfifo q; nc -l 80 <q | handler >q: no one is the last. */
	{ "two_that_read_each_other_are_told_before_the_end",
	  .options = "-t 2s",
	  .tree = "program+input(one+reads1+writes2+told,"
		  "other+reads2+writes1+told)",
	  .steps = { "end program", "one,other: ends", "exit", "silent",
		     "one,other had TERM 1" } },

	{ "in_a_grace_of_little_more_than_a_second_a_reader_is_told_in_time",
	  .options = "-t 1600ms", .tree = "program+input(reader+reads1+told)",
	  .steps = { "end program", "reader: ends", "exit", "silent",
		     "reader had TERM late 1000" } },

	{ "one_more_stop_does_not_cut_a_reader_off_and_the_next_ends_it_all",
	  .tree = "program+input(server+writes1+cleans,tee+reads1+input)",
	  .steps = { "end program", "server: cleans up", "idle", "send TERM",
		     "taken", "idle", "server,tee settle", "tee had TERM 0",
		     "server had TERM 1", "runs", "send INT", "exit",
		     "output ends" } },

	{ "who_reads_nothing_that_others_write_is_told_at_once",
	  .tree = "program+input(server+writes1+cleans,other+told)",
	  .steps = { "end program", "other: ends", "server: cleans up",
		     "finish", "exit", "silent" } },

	{ "without_its_own_proc_a_reader_is_told_like_anybody",
	  .procs = WITHOUT_OWN_PROC,
	  .tree = "program+input(server+writes1,tee+reads1)",
	  .steps = { "end program", "server,tee got TERM", "finish", "exit",
		     "silent", "server,tee had TERM 1" } },
};

SCENARIOS(readers);

/* Nobody may look at its files. */
TEST_BOTH(a_reader_of_another_user_is_told_like_anybody)
{
	e2e_need_user(FAMILY_NOBODY);
	scenario_run(_i, .setup = { .lost_capabilities =
					    E2E_CAPABILITY(CAP_SYS_PTRACE) },
		     .tree = "program+input(server+writes1,tee+reads1+user)",
		     .steps = { "end program", "server,tee got TERM", "finish",
				"exit", "silent", "tee had TERM 1" });
}

/* Who was spared could not be told later: nobody is told twice. */
TEST_BOTH(where_memory_is_refused_a_reader_is_told_like_anybody)
{
	e2e_need_static();
	scenario_run(_i, .setup = { .refuse = { { .call = SYS_mmap,
						  .error = ENOMEM } } },
		     .tree = "program+input(server+writes1,tee+reads1)",
		     .steps = { "end program", "server,tee got TERM", "finish",
				"exit", "silent", "server,tee had TERM 1" });
}

/* ---- with real programs ---- */

/*
 * Says so when it is told to end, and more when the file "go" is there: then
 * whoever else was told is gone. A broken pipe is an exception.
 */
static const char server[] =
	"import os, signal, sys, time\n"
	"stops = {signal.SIGTERM, signal.SIGQUIT}\n"
	"signal.pthread_sigmask(signal.SIG_BLOCK, stops)\n"
	"print('serving', flush=True)\n"
	"signal.sigwait(stops)\n"
	"print('shutting down', flush=True)\n"
	"while not os.path.exists('go'):\n"
	"    time.sleep(.001)\n"
	"print('flushing', flush=True)\n"
	"print('flushed', file=sys.stderr, flush=True)\n"
	"open('saved', 'w').close()\n";

static void need(const char *program)
{
	if (access(program, X_OK) != 0)
		e2e_skip_from("check_pipes", program);
}

static bool has(const char *folder, const char *name)
{
	return access(e2e_path(folder, name), F_OK) == 0;
}

/* Whether the log is this; of "", whether it is there. */
static bool log_is(const char *folder, const char *wanted)
{
	char *text;
	bool is_equal;

	if (!has(folder, "log"))
		return false;
	text = e2e_read(e2e_path(folder, "log"), NULL);
	is_equal = strcmp(text, wanted) == 0;
	free(text);
	return is_equal;
}

static void check_log(struct e2e *init, const char *folder, const char *wanted)
{
	char *text;

	if (log_is(folder, wanted))
		return;
	text = has(folder, "log") ? e2e_read(e2e_path(folder, "log"), NULL)
				  : strdup("(none)");
	e2e_fail(init, __FILE__, __LINE__, "the log is: %s", text);
}

/* Shells die of TERM, and leave the server and who copies what it says. */
static const struct {
	const char *shell, *script;
	int status;
	int signal;
} logged[] = {
	{ "/bin/sh", "python3 server.py 2>&1 | tee log; exit", 143, SIGTERM },
	/* It ignores QUIT itself, so its group has it, but tee. */
	{ "/bin/bash", "python3 server.py 2>&1 | tee log; exit", 0, SIGQUIT },
	{ "/bin/bash", "python3 server.py 2>&1 | tee log; exit", 143, SIGTERM },
	{ "/bin/bash", "python3 server.py 2>&1 | cat | tee log | cat; exit",
	  143, SIGTERM },
	{ "/bin/bash", "python3 server.py &> >(tee log); exit", 143, SIGTERM },
	{ "/bin/bash", "exec &> >(tee log); python3 server.py; exit", 143, SIGTERM },
	{ "/bin/sh", "mkfifo q; tee log <q & python3 server.py >q 2>&1; exit",
	  143, SIGTERM },
	/* It is the program: the copier alone is left over. */
	{ "/bin/sh", "mkfifo q; while read -r l; do echo \"$l\" >>log; done <q "
		     "& exec python3 server.py >q 2>&1", 0, SIGTERM },
	{ "/bin/bash", "exec python3 server.py &> >(tee log)", 0, SIGTERM },
};

enum { LOGGED = COUNT(logged) };

TEST_TIMES(LOGGED * E2E_MODES, a_server_behind_a_pipe_ends_its_shutdown)
{
	const char *folder = e2e_folder();
	const char *shell = logged[_i / E2E_MODES].shell;
	int signal = logged[_i / E2E_MODES].signal;
	struct e2e *init;

	need("/usr/bin/python3");
	need(shell);
	e2e_write_text(folder, "server.py", 0644, server);
	/* What ends, ends because somebody did something. */
	init = e2e_start(&(struct e2e_setup){ .mode = mode_of(_i),
					      .cwd = folder },
			 "-t", "35000m", "--", shell, "-c",
			 logged[_i / E2E_MODES].script, NULL);
	e2e_until(init, log_is(folder, "serving\n"));
	e2e_kill(init, signal);
	e2e_until(init, log_is(folder, "serving\nshutting down\n") ||
				e2e_is_over(init));
	e2e_wait_idle(init);
	e2e_write_text(folder, "go", 0644, "");

	e2e_check_exit(init, logged[_i / E2E_MODES].status);
	check_log(init, folder, "serving\nshutting down\nflushing\nflushed\n");
	e2e_check(init, has(folder, "saved"));
	e2e_check_silent(init);
}

/* ---- last words ---- */

enum { RUNS = 20 };

/* It waits until its copier has the pipe, for which the quiet is meant. */
static const char last_words[] =
	"#!/bin/bash\n"
	"exec > >(tee -a log) 2>&1\n"
	"until [ -p /proc/$!/fd/0 ]; do :; done\n"
	"echo 'FATAL: last words'\n"
	"exit 3\n";

TEST_BOTH(the_last_words_of_a_script_that_logs_itself_are_whole)
{
	const char *folder = e2e_folder();
	const char *script;
	int runs;

	need("/bin/bash");
	script = e2e_write_text(folder, "script", 0755, last_words);
	for (runs = 0; runs < RUNS; runs++) {
		struct e2e *init = e2e_start(
			&(struct e2e_setup){ .mode = _i, .cwd = folder }, "--",
			script, NULL);

		e2e_check_exit(init, 3);
		check_log(init, folder, "FATAL: last words\n");
		e2e_check_silent(init);
		e2e_end(init);
		unlink(e2e_path(folder, "log"));
	}
}

/*
 * The shell becomes foster, whose own output its copier reads. It sees the end
 * of it: foster has closed it, and nobody told the copier to end.
 */
static const struct {
	const char *shell, *program;
} outputs[] = {
	{ "exec \"$@\" > >(", "seq 100" },
	{ "exec \"$@\" 2> >(", "seq 100 >&2" },
	{ "exec \"$@\" &> >(", "seq 50; seq 51 100 >&2" },
};

enum { OUTPUTS = COUNT(outputs), LINES = 100 };

TEST_TIMES(OUTPUTS * E2E_MODES, what_reads_foster_s_own_output_sees_its_end)
{
	static const char copy[] =
		"while read -r l; do echo \"$l\"; done >log; echo end >>log";
	const char *folder = e2e_folder();
	char script[256], wanted[8 * LINES] = "";
	struct e2e *init;
	int i;

	need("/bin/bash");
	need("/usr/bin/seq");
	snprintf(script, sizeof(script), "%s%s)", outputs[_i / E2E_MODES].shell,
		 copy);
	for (i = 1; i <= LINES; i++)
		snprintf(wanted + strlen(wanted), 8, "%d\n", i);
	strcat(wanted, "end\n");
	init = e2e_start(&(struct e2e_setup){ .mode = mode_of(_i),
					      .binary = "/bin/bash",
					      .cwd = folder },
			 "-c", script, "bash", e2e_binary(), "-t", "35000m",
			 "--", "/bin/sh", "-c", outputs[_i / E2E_MODES].program, NULL);

	e2e_check_exit(init, 0);
	check_log(init, folder, wanted);
	e2e_check_silent(init);
}
