/*
 * check_option_effects.c - what options do that no other suite has: rewriting,
 * what -k counts from, and the deaths of foster and of its parent: foster(1),
 * OPTIONS. -t, -a and -k are in check_ending.c, too.
 */
#include "e2e.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DEATHS = 100, DEATHS_SPREAD_US = 600 };

/* ---- rewriting ---- */

TEST_BOTH(every_signal_can_be_rewritten_to_another)
{
	/* Each to the next one that can be forwarded, the last to HUP. */
	char options[E2E_LAST_SIGNAL][16];
	const char *words[E2E_LAST_SIGNAL] = { NULL };
	int as[E2E_LAST_SIGNAL + 1], signal, next, count = 0;
	struct e2e *init;

	for (signal = 1; signal <= E2E_LAST_SIGNAL; signal++) {
		if (!e2e_is_forwarded(signal))
			continue;
		next = signal;
		do
			next = next % E2E_LAST_SIGNAL + 1;
		while (!e2e_is_forwarded(next));
		as[signal] = next;
		snprintf(options[count], sizeof(options[0]), "-r%d:%d", signal,
			 next);
		words[count] = options[count];
		count++;
	}
	ck_assert_int_eq(count, 61);
#define WORDS_8(i) words[i], words[i + 1], words[i + 2], words[i + 3], \
	words[i + 4], words[i + 5], words[i + 6], words[i + 7]
	init = e2e_start_in(_i, WORDS_8(0), WORDS_8(8), WORDS_8(16),
			    WORDS_8(24), WORDS_8(32), WORDS_8(40), WORDS_8(48),
			    words[56], words[57], words[58], words[59],
			    words[60], e2e_actor("signals"), NULL);
	e2e_line(init, "ready");

	for (signal = 1; signal <= E2E_LAST_SIGNAL; signal++)
		if (e2e_is_forwarded(signal))
			e2e_exchange(init, signal, as[signal]);

	e2e_check(init, e2e_count(init, "got ") == (size_t)count);
	e2e_check_silent(init);
}

TEST_BOTH(signals_are_rewritten_by_names_in_any_case_and_by_numbers)
{
	static const struct {
		const char *option;
		int sent, expected;
	} cases[] = {
		{ "-rSIGTERM:quit", SIGTERM, SIGQUIT },
		{ "-rHUP:10", SIGHUP, SIGUSR1 },
		{ "-rRTMIN+3:RTMAX-1", 37, 63 },
		{ "-r64:TERM", 64, SIGTERM },
		{ "-rPOLL:SYS", SIGIO, SIGSYS },
		{ "-rTERM:TERM", SIGTERM, SIGTERM },
		{ "--rewrite=WINCH:HUP", SIGWINCH, SIGHUP },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		struct e2e *init = e2e_start_in(_i, cases[i].option, "--",
						e2e_actor("signals"), NULL);

		e2e_line(init, "ready");
		e2e_exchange(init, cases[i].sent, cases[i].expected);
		e2e_check(init, e2e_count(init, "got ") == 1);
		e2e_check_silent(init);
		e2e_end(init);
	}
}

TEST_BOTH(a_signal_rewritten_to_0_is_dropped)
{
	struct e2e *init = e2e_start_in(_i, "-r", "TERM:0", "-rUSR1:0", "--",
					e2e_actor("signals"), NULL);

	e2e_line(init, "ready");
	e2e_kill(init, SIGTERM);
	e2e_kill(init, SIGUSR1);
	/* It comes after those with a lower number. */
	e2e_exchange(init, SIGIO, SIGIO);
	e2e_exchange(init, SIGIO, SIGIO);

	e2e_check(init, e2e_count(init, "got ") == 2);
	e2e_check(init, !e2e_is_over(init));
	e2e_check_silent(init);
}

TEST_BOTH(signals_are_rewritten_in_one_pass)
{
	/* Two are exchanged, and there is no chain. */
	struct e2e *init = e2e_start_in(_i, "-rUSR1:USR2", "-rUSR2:USR1",
					"-rHUP:INT", "-rINT:QUIT", "--",
					e2e_actor("signals"), NULL);

	e2e_line(init, "ready");
	e2e_exchange(init, SIGUSR1, SIGUSR2);
	e2e_exchange(init, SIGUSR2, SIGUSR1);
	e2e_exchange(init, SIGHUP, SIGINT);
	e2e_exchange(init, SIGINT, SIGQUIT);
	e2e_check(init, e2e_count(init, "got ") == 4);
}

TEST_BOTH(of_two_rewritings_of_a_signal_the_last_wins)
{
	struct e2e *init = e2e_start_in(_i, "-rUSR1:0", "-rUSR1:HUP",
					"-r10:USR2", "-rINT:0", "-rINT:INT",
					"--", e2e_actor("signals"), NULL);

	e2e_line(init, "ready");
	e2e_exchange(init, SIGUSR1, SIGUSR2);
	e2e_exchange(init, SIGINT, SIGINT);
	e2e_check(init, e2e_count(init, "got ") == 2);
}

TEST_BOTH(a_rewritten_signal_keeps_its_value)
{
	struct e2e *init = e2e_start_in(_i, "-r40:50", "-rUSR1:41", "--",
					e2e_actor("signals"), NULL);

	e2e_line(init, "ready");
	ck_assert_int_eq(e2e_queue(init, 40, 4711), 0);
	e2e_check(init, strstr(e2e_line(init, e2e_got(50)), "value 4711") !=
		  NULL);
	ck_assert_int_eq(e2e_queue(init, SIGUSR1, 4712), 0);
	e2e_check(init, strstr(e2e_line(init, e2e_got(41)), "value 4712") !=
		  NULL);
}

TEST_BOTH(a_signal_can_be_rewritten_to_kill)
{
	struct e2e *init = e2e_start_in(_i, "-rTERM:KILL", "--",
					e2e_actor("signals"), NULL);

	e2e_line(init, "ready");
	e2e_kill(init, SIGTERM);
	e2e_check_exit(init, 128 + SIGKILL);
	e2e_check_silent(init);
}

/* ---- times ---- */

TEST_BOTH(k_counts_from_the_term_or_int_that_came)
{
	static const struct {
		const char *first, *second;
		int sent, expected;
		bool has_deadline;
	} cases[] = {
		{ "-k60", "-c", SIGTERM, SIGTERM, true },
		{ "-k60", "-c", SIGINT, SIGINT, true },
		{ "-k60", "-c", SIGQUIT, SIGQUIT, false },
		{ "-k60", "-g", SIGTERM, SIGTERM, true },
		{ "-k60", "-c", SIGHUP, SIGHUP, false },
		{ "-k60", "-c", SIGUSR1, SIGUSR1, false },
		{ "-k60", "-rTERM:USR1", SIGTERM, SIGUSR1, true },
		{ "-k60", "-rINT:QUIT", SIGINT, SIGQUIT, true },
		{ "-k60", "-rUSR1:TERM", SIGUSR1, SIGTERM, false },
		{ "-k60", "-rQUIT:INT", SIGQUIT, SIGINT, false },
		{ "-k0", "-c", SIGTERM, SIGTERM, false },
		{ "-k60", "-k0", SIGTERM, SIGTERM, false },
		{ "-k0", "-k60", SIGTERM, SIGTERM, true },
		{ "-c", "-c", SIGTERM, SIGTERM, false },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		struct e2e *init = e2e_start_in(_i, cases[i].first,
						cases[i].second, "--",
						e2e_actor("signals"), NULL);

		e2e_line(init, "ready");
		e2e_check(init, !e2e_has_deadline(init));
		e2e_exchange(init, cases[i].sent, cases[i].expected);
		if (e2e_has_deadline(init) != cases[i].has_deadline)
			e2e_fail(init, __FILE__, __LINE__, "%s %s, signal %d: "
				 "there should be %s deadline", cases[i].first,
				 cases[i].second, cases[i].sent,
				 cases[i].has_deadline ? "a" : "no");
		e2e_check_silent(init);
		e2e_end(init);
	}
}

/* ---- deaths of foster and of its parent ---- */

TEST(when_foster_dies_the_program_gets_the_signal_of_d)
{
	static const struct {
		const char *option;
		int signal;
	} cases[] = {
		{ "-dUSR1", SIGUSR1 }, { "-d15", SIGTERM },
		{ "--death-signal=rtmin+3", 37 }, { "-dHUP", SIGHUP },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		/* Who kills process 1 kills all in its namespace. */
		struct e2e *init = e2e_start_in(E2E_SUBREAPER, cases[i].option,
						"--", e2e_actor("signals"),
						NULL);

		e2e_line(init, "ready");
		e2e_kill(init, SIGKILL);
		e2e_line(init, e2e_got(cases[i].signal));
		e2e_check(init, e2e_count(init, "got ") == 1);
		e2e_end(init);
	}
}

TEST(when_foster_dies_the_program_gets_nothing_without_d)
{
	/* And a signal that is sent to it afterwards comes. */
	struct e2e *init = e2e_start_in(E2E_SUBREAPER, "--", e2e_actor("stops"),
					NULL);
	pid_t program = (pid_t)e2e_number(init, "ready");

	e2e_wait_state(init, program, "T");
	e2e_kill(init, SIGKILL);
	ck_assert_int_eq(e2e_exit(init), -SIGKILL);
	e2e_until(init, e2e_status_number(init, program, "PPid", 10) !=
		  (unsigned long long)init->pid);
	ck_assert_uint_eq(e2e_status_number(init, program, "ShdPnd", 16), 0);
	kill(program, SIGTERM);
	kill(program, SIGCONT);
	ck_assert_int_eq(e2e_number(init, "got"), SIGTERM);
}

static long long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

TEST(whenever_foster_dies_the_program_does_not_outlive_it_with_d)
{
	/* Also in the moment in which the program is being started. */
	int i;

	for (i = 0; i < DEATHS; i++) {
		struct e2e *init = e2e_prepare(
			&(struct e2e_setup){ .mode = E2E_SUBREAPER },
			"-dKILL", "--", e2e_actor("waits"), "-q", NULL);
		long long until_us;

		e2e_go(init);
		until_us = now_us() + i * 7919LL % DEATHS_SPREAD_US;
		while (now_us() < until_us)
			;
		/* Once at rest: the program is another process. */
		if (i == 0)
			e2e_wait_idle(init);
		e2e_kill(init, SIGKILL);
		ck_assert_int_eq(e2e_exit(init), -SIGKILL);
		e2e_wait_end_of_output(init);
		e2e_end(init);
	}
}

TEST_BOTH(when_its_parent_dies_foster_gets_the_signal_of_p)
{
	static const struct {
		const char *option;
		int signal;
	} cases[] = {
		{ "-pUSR1", SIGUSR1 }, { "-p15", SIGTERM },
		{ "--parent-death=rtmin+3", 37 }, { "-pINT", SIGINT },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		const struct e2e_setup setup = {
			.mode = E2E_SUBREAPER, .binary = e2e_actor("parent"),
		};
		struct e2e *parent = _i == E2E_PROCESS_1 ?
			e2e_start(&setup, "-n", e2e_binary(), cases[i].option,
				  "--", e2e_actor("signals"), "29", NULL) :
			e2e_start(&setup, e2e_binary(), cases[i].option, "--",
				  e2e_actor("signals"), "29", NULL);

		if (e2e_line(parent, "")[0] == 'a')
			e2e_skip("PID namespaces");
		e2e_kill(parent, SIGKILL);
		e2e_line(parent, e2e_got(cases[i].signal));
		e2e_check(parent, e2e_count(parent, "got ") == 1);
		e2e_check(parent, parent->err.length == 0);
		e2e_end(parent);
	}
}

TEST(rewriting_counts_for_the_signal_of_p_too)
{
	struct e2e *parent = e2e_start(
		&(struct e2e_setup){
			.mode = E2E_SUBREAPER, .binary = e2e_actor("parent"),
		},
		e2e_binary(), "-pUSR1", "-rUSR1:USR2", "--",
		e2e_actor("signals"), NULL);

	e2e_line(parent, "ready");
	e2e_kill(parent, SIGKILL);
	e2e_line(parent, e2e_got(SIGUSR2));
}

/* ---- as a script's interpreter ---- */

TEST_BOTH(it_is_the_interpreter_of_a_script)
{
	char text[512];
	const char *script;
	struct e2e *init;

	snprintf(text, sizeof(text), "#!%s /bin/sh\n"
		 "echo \"name $0\"\nfor a do echo \"argument $a\"; done\n"
		 "exit 7\n", e2e_binary());
	script = e2e_write_text(e2e_folder(), "script", 0755, text);
	init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .binary = script },
		"-g", "--version", "a b", NULL);

	e2e_check_exit(init, 7);
	ck_assert_str_eq(e2e_line(init, "name "), script);
	ck_assert_str_eq(e2e_line_nth(init, "argument ", 1), "-g");
	ck_assert_str_eq(e2e_line_nth(init, "argument ", 2), "--version");
	ck_assert_str_eq(e2e_line_nth(init, "argument ", 3), "a b");
	e2e_check(init, e2e_count(init, "argument ") == 3);
	e2e_check_silent(init);
}
