/*
 * check_ending.c - how foster ends when the program has: signals meanwhile, the
 * end of the grace, the status, and what -t, -a and -k change: foster(1),
 * LEFTOVERS. Who is told: check_leftovers.c.
 */
#include "scenario.h"

#include <linux/capability.h>
#include <stdio.h>
#include <string.h>

/* ---- signals that arrive meanwhile ---- */

/* The program has ended, and its leftovers were told. */
#define STUBBORN \
	"program+input(root+stays(worker+stays(late+stays))," \
	"apart+session+stays)"
#define ENDS "end program", "root,apart got TERM", "idle"
/* One more comes to foster, which is not told yet: no SIGCHLD announces it. */
#define ARRIVES "kill worker", "worker gone", "late adopted"

static const struct scenario meanwhile[] = {
	/* INT is still the first signal that asks to end. */
	{ "hup_is_passed_on_each_time_and_ends_nothing",
	  .tree = STUBBORN,
	  .steps = { ENDS, "send HUP", "root,apart got HUP 1", "send HUP",
		     "root,apart got HUP 2", "send HUP",
		     "root,apart got HUP 3", "send INT", "taken", "idle",
		     "worker settle", "worker had HUP 0", "runs", "silent",
		     "send INT", "exit" } },

	/* TERM and CONT told them to end, IO settled them. */
	{ "every_other_signal_is_dropped",
	  .tree = STUBBORN,
	  .steps = { ENDS, "send all but HUP INT QUIT TERM", "taken", "idle",
		     "root,apart settle", "root,apart had all 3", "runs",
		     "silent" } },

	{ "a_signal_that_is_passed_on_is_rewritten_by_r",
	  .options = "-r INT:USR2 -r HUP:WINCH", .tree = STUBBORN,
	  .steps = { ENDS, ARRIVES, "send HUP", "root,apart,late got WINCH",
		     "send INT", "late got USR2", "root,apart,late settle",
		     "late had INT 0", "root,apart had USR2 0",
		     "root,late had HUP 0", "runs" } },

	/* It is the first one all the same. */
	{ "a_signal_that_r_drops_is_passed_on_to_nobody",
	  .options = "-r INT:0", .tree = STUBBORN,
	  .steps = { ENDS, ARRIVES, "send INT", "taken", "idle",
		     "root,apart,late settle", "root,apart had all 3",
		     "late had all 1", "runs", "send TERM", "exit" } },
};

SCENARIOS(meanwhile);

TEST_TIMES(3 * 3 * E2E_MODES,
	   the_first_term_int_or_quit_is_for_the_untold_the_second_ends_it_all)
{
	static const char *const to_end[] = { "TERM", "INT", "QUIT" };
	const char *first = to_end[_i / 2 % 3], *second = to_end[_i / 6];
	char send[16], got[32], send_again[16];

	snprintf(send, sizeof(send), "send %s", first);
	snprintf(got, sizeof(got), "late got %s", first);
	snprintf(send_again, sizeof(send_again), "send %s", second);
	/* Who was told has TERM and CONT from then, and IO to settle it. */
	scenario_run(mode_of(_i), .tree = STUBBORN,
		     .steps = { ENDS, ARRIVES, send, got, "late got CONT",
				"idle", "root,apart settle",
				"root,apart had all 3", "late had all 2",
				send_again, "exit", "output ends",
				"survivors 0" });
}

/* ---- the end of the grace, and the status ---- */

static const struct scenario grace[] = {
	/* The kernel ends them. */
	{ "process_1_says_at_the_end_of_the_grace_how_many_are_left_and_exits",
	  AS_PROCESS_1, .options = "-t 300ms",
	  .tree = "program+input(deaf+stays,ignorant+stays+ignores,"
		  "apart+session+stays(helper+stays),obedient+told)",
	  .steps = { "end program", "exit", "after 300",
		     "only says foster: 4 left", "obedient: ends",
		     "output ends" } },

	/* Of a chain each one comes when the one before is dead. */
	{ "a_subreaper_kills_at_the_end_of_the_grace_also_those_that_arrive",
	  AS_SUBREAPER, .options = "-t 300ms",
	  .tree = "program+input(deaf+stays,ignorant+stays+ignores,"
		  "halted+stays+stops,obedient+told,a+session+stays(b+stays("
		  "c+session+stays(d+stays(e+stays*3)))))",
	  .steps = { "halted stopped", "end program", "halted got TERM",
		     "stop halted", "exit", "silent", "after 300",
		     "obedient: ends", "output ends", "survivors 0" } },

	{ "with_q_nothing_is_said_of_those_that_are_left",
	  .options = "-q -t 100ms", .tree = "program+input(deaf+stays)",
	  .steps = { "end program", "exit", "silent", "survivors 0" } },

	{ "process_1_with_no_grace_exits_at_once_and_nobody_is_told",
	  AS_PROCESS_1, .options = "-t 0",
	  .tree = "program+input(worker+stays,apart+session+stays)",
	  .steps = { "end program", "exit", "silent",
		     "worker,apart had TERM 0" } },

	{ "what_a_subreaper_with_no_grace_leaves_lives_on_and_is_not_told",
	  AS_SUBREAPER, .options = "-t 0",
	  .tree = "program+input(worker+stays,apart+session+stays)",
	  .steps = { "end program", "exit", "silent", "worker,apart settle",
		     "survivors 2", "worker,apart had TERM 0" } },

	{ "the_status_is_the_program_s_however_leftovers_end",
	  .tree = "program+input(worker+told,killed+session,last)",
	  .steps = { "end program", "worker: ends", "kill killed",
		     "last got TERM", "finish", "exit", "silent" } },

	{ "the_status_of_a_killed_program_comes_after_its_leftovers",
	  .tree = "program+input(worker+cleans)",
	  .steps = { "kill program", "worker: cleans up", "runs", "finish",
		     "exit 137", "worker: is clean" } },

	{ "the_status_is_remapped_also_when_leftovers_had_to_be_killed",
	  .options = "-e 37 -t 100ms", .tree = "program+input(deaf+stays)",
	  .steps = { "end program", "exit 0", "deaf had TERM 1" } },
};

SCENARIOS(grace);

/* However deep: each has a session of its own, and none is passed by. */
TEST(a_subreaper_kills_at_any_depth)
{
	enum { DEPTH = 120 };
	char tree[DEPTH * 24] = "program+input", *end = tree + strlen(tree);

	for (int i = 0; i < DEPTH; i++)
		end += sprintf(end, "(d%d+session+stays", i);
	for (int i = 0; i < DEPTH; i++)
		*end++ = ')';
	scenario_run(E2E_SUBREAPER, .options = "-t 300ms", .tree = tree,
		     .steps = { "end program", "exit", "silent",
				"output ends", "survivors 0" });
}

/* RLIMIT_NOFILE is full, and TERM is ignored by all of them. */
TEST_BOTH(where_no_file_can_be_opened_all_are_killed_the_same)
{
	struct e2e *init;

	e2e_need_static(); /* a loader opens libraries */
	init = e2e_start(
		&(struct e2e_setup){ .mode = _i }, "--", "/bin/bash", "-c",
		"exec </dev/null; trap '' TERM; ulimit -n 3;"
		" exec \"$0\" -t 300ms -- \"$1\" 5",
		e2e_binary(), e2e_actor("orphan"), NULL);

	e2e_check_exit(init, 5);
	e2e_check(init, e2e_count(init, "orphan ") == 1);
	ck_assert_uint_eq(e2e_survivors(), 0);
}

/* It is waited for in vain and named. */
TEST_BOTH(another_user_s_process_is_waited_for_in_vain_and_named)
{
	struct family family;
	char number[16];

	e2e_need_user(FAMILY_NOBODY);
	family = family_start(
		&(struct e2e_setup){
			.mode = _i,
			.lost_capabilities = E2E_CAPABILITY(CAP_KILL),
		},
		"-t 300ms", NULL, "program+input(other+user+stays,mine+told)");
	snprintf(number, sizeof(number), " %d ",
		 (int)e2e_number(family.init, "other is "));

	family_end_program(&family);

	/* The grace, one second for SIGKILL, and a slow machine. */
	ck_assert_int_eq(e2e_exit_within(family.init, 6300), FAMILY_STATUS);
	e2e_check(family.init, e2e_now_ms() - family.ended_ms >= 300);
	e2e_check(family.init, e2e_said(family.init, "") == 1);
	e2e_check(family.init, e2e_said(family.init, "foster: 1 left") == 1);
	e2e_check(family.init, e2e_said(family.init, number) == 1);
	family_check_count(&family, "other", SIGTERM, 0);
	e2e_check(family.init, family_said(&family, "mine", "ends"));
	if (_i == E2E_SUBREAPER)
		ck_assert_uint_eq(e2e_survivors(), 1);
}

/* ---- with -a ---- */

#define TWO "program+input(worker,apart+session+daemon)"
/* The program has ended, and foster waits for its leftovers. */
#define WAITS "end program", "program gone", "no deadline"

static const struct scenario waiting[] = {
	/* When the last is gone, so is foster. */
	{ "with_a_leftovers_live_as_long_as_they_like_and_are_not_told",
	  .options = "-a -t 1ms", .tree = TWO,
	  .steps = { WAITS, "pass 50", "worker,apart settle",
		     "worker,apart had TERM 0", "runs", "finish", "exit",
		     "silent", "worker,apart: ends" } },

	/* The program and foster were told by one and the same signal. */
	{ "with_a_the_signal_that_ended_the_program_is_for_its_leftovers_too",
	  .with = { "TERM", "INT", "QUIT" }, .options = "-a",
	  .tree = "program+told(worker,apart+session+daemon)",
	  .steps = { "send $", "worker,apart got $", "idle", "runs",
		     "finish", "exit", "silent", "worker,apart had $ 1" } },

	{ "with_a_a_program_that_had_another_signal_ended_by_itself",
	  .with = { "HUP", "USR1" }, .options = "-a -t 1ms", .tree = TWO,
	  .steps = { "send $", "program got $", WAITS, "pass 50",
		     "worker,apart settle", "worker,apart had all 1",
		     "runs" } },

	/* One of them is the daemon that the container is for. */
	{ "with_a_other_signals_go_to_foster_s_children_while_it_waits",
	  .with = { "HUP", "USR1", "USR2", "WINCH", "CONT" }, .options = "-a",
	  .tree = "program+input(worker+stays(below),apart+session+daemon)",
	  .steps = { WAITS, "send $", "worker,apart got $ 1", "send $",
		     "worker,apart got $ 2", "idle", "below settle",
		     "below had all 1", "runs", "silent" } },

	{ "with_a_signals_to_the_daemon_are_rewritten_by_r",
	  .options = "-a -r HUP:USR1 -r USR2:0", .tree = TWO,
	  .steps = { WAITS, "send USR2", "taken", "send HUP",
		     "worker,apart got USR1", "worker,apart settle",
		     "worker,apart had all 2", "runs" } },

	{ "with_a_and_no_proc_process_1_passes_signals_on_to_everybody",
	  AS_PROCESS_1, WITHOUT_OWN_PROC, .options = "-a", .tree = TWO,
	  .steps = { WAITS, "send USR1", "worker,apart got USR1 1",
		     "send USR1", "worker,apart got USR1 2", "runs" } },

	{ "with_a_and_no_leftovers_it_exits_at_once",
	  .options = "-a", .tree = "program+input",
	  .steps = { "end program", "exit", "silent" } },

	{ "with_a_orphans_are_reaped_while_foster_waits_for_the_others",
	  .options = "-a -t 1ms", .tree = TWO,
	  .steps = { WAITS, "kill worker", "worker gone", "idle", "runs",
		     "apart settle", "finish", "exit", "silent",
		     "apart had TERM 0" } },

	/* They are told as ever, TERM and CONT, whatever the signal was. */
	{ "with_a_term_int_or_quit_begins_the_end_of_the_leftovers",
	  .with = { "TERM", "INT", "QUIT" }, .options = "-a", .tree = TWO,
	  .steps = { WAITS, "send $", "worker,apart got $", "idle", "runs",
		     "finish", "exit", "silent", "worker,apart had $ 1",
		     "worker,apart had CONT 1", "worker,apart had all 2" } },

	{ "with_a_the_grace_begins_when_it_is_told_to_stop",
	  .options = "-a -t 300ms",
	  .tree = "program+input(root+stays(worker+stays))",
	  .steps = { WAITS, "pass 150", "mark", "send TERM", "exit",
		     "after 300", "root,worker had TERM 1",
		     "worker had TERM late 225", "output ends" } },

	{ "with_a_the_signal_after_that_spoils_nothing_and_the_next_ends_it_all",
	  .options = "-a", .tree = TWO,
	  .steps = { WAITS, "send TERM", "worker,apart got TERM", "idle",
		     "send INT", "taken", "idle", "worker,apart settle",
		     "worker,apart had INT 0", "runs", "send TERM",
		     "exit", "output ends", "worker had TERM 1" } },

	{ "with_a_and_no_grace_it_exits_when_it_is_told_to_stop",
	  .options = "-a -t 0", .tree = TWO,
	  .steps = { WAITS, "worker settle", "runs", "send TERM", "exit",
		     "silent", "worker,apart had TERM 0" } },
};

SCENARIOS(waiting);

TEST_BOTH(with_a_every_signal_reaches_the_daemon_once_while_foster_waits)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient("-a"), NULL,
		"program+input(daemon+session+daemon)");
	pid_t program = family_pid(&family, "program");
	int number, count = 0;

	family_end_program(&family);
	e2e_wait_gone(family.init, program);
	for (number = 1; number <= E2E_LAST_SIGNAL; number++) {
		if (!e2e_is_forwarded(number) || number == SIGTERM ||
		    number == SIGINT || number == SIGQUIT)
			continue;
		e2e_kill(family.init, number);
		family_got(&family, "daemon", number);
		count++;
	}
	ck_assert_uint_eq(family_count_all(&family, "daemon"), (size_t)count);
	e2e_check(family.init, !e2e_is_over(family.init));
	e2e_check_silent(family.init);
}

/* ---- with -k: "program+input" takes every signal and does not end ---- */

static const struct scenario killing[] = {
	{ "with_k_a_program_that_still_runs_after_term_or_int_is_killed",
	  .with = { "TERM", "INT" },
	  .options = "-k 200ms", .tree = "program+input",
	  .steps = { "mark", "send $", "exit 137", "after 200",
		     "program had $ 1" } },

	{ "with_k_every_other_signal_leaves_the_program_alone",
	  .options = "-k 1ms", .tree = "program+input",
	  .steps = { "send all but INT TERM IO", "send IO",
		     "program got HUP", "program got QUIT", "program got IO",
		     "no deadline", "pass 50", "program settle", "end program",
		     "exit", "silent" } },

	{ "with_k_what_r_makes_of_a_signal_does_not_start_it",
	  .with = { "TERM", "INT" },
	  .options = "-k 1ms -r HUP:$ -r QUIT:$", .tree = "program+input",
	  .steps = { "send HUP", "program got $ 1", "send QUIT",
		     "program got $ 2", "no deadline", "pass 50",
		     "program settle", "end program", "exit", "silent" } },

	/* Also where -r drops it: nothing comes but the kill. */
	{ "with_k_it_is_the_signal_that_came_that_counts",
	  .with = { "TERM:USR1", "INT:USR1", "TERM:0", "INT:0" },
	  .options = "-k 200ms -r $", .tree = "program+input",
	  .steps = { "no deadline", "mark", "send $", "exit 137", "after 200",
		     "program had TERM 0", "program had INT 0" } },

	{ "without_k_a_program_is_never_killed",
	  .with = { "-t 1ms", "-t 1ms -k 0" },
	  .options = "$", .tree = "program+input",
	  .steps = { "send TERM", "program got TERM", "pass 50",
		     "program settle", "end program", "exit", "silent" } },

	{ "with_k_leftovers_of_a_program_that_ended_in_time_have_their_grace",
	  .options = "-k 50ms", .tree = "program+told(worker+cleans)",
	  .steps = { "send TERM", "worker: cleans up", "pass 100",
		     "worker settle", "runs", "finish", "worker: is clean",
		     "exit", "worker had TERM 1" } },

	{ "with_k_leftovers_of_a_program_that_was_killed_have_their_grace",
	  .options = "-k 50ms", .tree = "program+input(worker+cleans)",
	  .steps = { "send TERM", "worker: cleans up", "pass 100",
		     "worker settle", "runs", "finish", "worker: is clean",
		     "exit 137", "worker had TERM 1" } },

	{ "with_k_and_g_the_program_alone_is_killed",
	  .options = "-g -k 50ms", .tree = "program+input(member+cleans)",
	  .steps = { "send TERM", "member: cleans up", "program gone", "idle",
		     "member settle", "finish", "member: is clean", "exit 137",
		     "member had TERM 1" } },

	{ "with_k_and_a_leftovers_are_not_killed_when_the_program_s_time_is_up",
	  .options = "-a -k 50ms", .tree = "program+told(worker)",
	  .steps = { "send TERM", "program gone", "worker got TERM",
		     "pass 100", "worker settle", "runs", "finish",
		     "worker: ends", "exit", "silent" } },
};

SCENARIOS(killing);

TEST_BOTH(with_k_a_second_signal_does_not_put_off_the_end)
{
	struct family family = family_start(&(struct e2e_setup){ .mode = _i },
					    "-k 800ms", NULL, "program+input");
	long long told_ms = e2e_now_ms(), again_ms;

	e2e_kill(family.init, SIGTERM);
	e2e_until(family.init, e2e_now_ms() >= told_ms + 700);
	again_ms = e2e_now_ms();
	if (!e2e_is_over(family.init))
		e2e_kill(family.init, SIGINT);

	e2e_check_exit(family.init, 128 + SIGKILL);
	e2e_check(family.init, e2e_now_ms() - told_ms >= 800);
	e2e_check(family.init, e2e_now_ms() - again_ms < 800);
}
