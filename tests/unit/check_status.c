/* check_status.c - wait status and exit status (status.h), beside libc's. */
#define _GNU_SOURCE
#include "abi_beside_libc.h"
#include "signals.h"
#include "status.h"
#include "unit.h"

#include <stdio.h>
#include <sys/wait.h>

/* All that wait4(2) can say fits in 16 bits. */
enum { WORDS = 0x10000 };

START_TEST(every_exit_status_is_the_program_s_own)
{
	for (int status = 0; status <= 255; status++) {
		int word = status << 8;

		ck_assert(WIFEXITED(word));
		unit_check(status_of_death(word) == status, "%d", status);
		unit_check(status_death_signal(word) == 0, "%d", status);
		unit_check(!status_has_dumped(word), "%d", status);
	}
}
END_TEST

START_TEST(every_death_by_a_signal_is_128_and_its_number)
{
	for (int signal = 1; signal <= 64; signal++) {
		for (int core = 0; core <= 1; core++) {
			int word = signal | core << 7;

			ck_assert(WIFSIGNALED(word));
			unit_check(status_of_death(word) == 128 + signal,
				   "%d, core %d", signal, core);
			unit_check(status_death_signal(word) == signal,
				   "%d, core %d", signal, core);
			unit_check(status_has_dumped(word) == core,
				   "%d, core %d", signal, core);
		}
	}
}
END_TEST

START_TEST(every_status_word_is_a_stop_a_continue_or_a_death_as_in_libc)
{
	for (int word = 0; word < WORDS; word++) {
		bool is_continue = WIFCONTINUED(word);
		bool is_stop = WIFSTOPPED(word);

		unit_check(status_is_stop(word) == is_stop, "%#x", word);
		unit_check(status_is_continue(word) == is_continue, "%#x",
			   word);
		if (is_stop) {
			unit_check(status_stop_signal(word) == WSTOPSIG(word),
				   "%#x", word);
		} else if (WIFSIGNALED(word)) {
			unit_check(status_death_signal(word) == WTERMSIG(word),
				   "%#x", word);
			unit_check(status_has_dumped(word) ==
				   (WCOREDUMP(word) != 0), "%#x", word);
			unit_check(status_of_death(word) ==
				   128 + WTERMSIG(word), "%#x", word);
		} else if (WIFEXITED(word)) {
			unit_check(status_death_signal(word) == 0, "%#x", word);
			unit_check(status_of_death(word) == WEXITSTATUS(word),
				   "%#x", word);
		}
	}
}
END_TEST

/* Every status word of a dead process, in the words of a message. */
START_TEST(every_death_has_its_words)
{
	for (int word = 0; word < WORDS; word++) {
		char words[STATUS_WORDS_SIZE + 1], expected[64];
		char name[SIGNALS_NAME_SIZE];

		if (WIFSTOPPED(word) || WIFCONTINUED(word) ||
		    (WIFSIGNALED(word) && word >> 8 != 0) ||
		    (WIFEXITED(word) && word & 0x80))
			continue;
		if (WIFEXITED(word)) {
			snprintf(expected, sizeof(expected), "exit status %d",
				 WEXITSTATUS(word));
		} else {
			signals_name(WTERMSIG(word), name);
			snprintf(expected, sizeof(expected), "killed by %s%s",
				 name, WCOREDUMP(word) ? " (core dumped)" : "");
		}
		memset(words, '#', sizeof(words));
		status_in_words(word, words);
		unit_check(memchr(words, '\0', STATUS_WORDS_SIZE) != NULL &&
			   strcmp(words, expected) == 0,
			   "%#x is '%s', not '%s'", word, words, expected);
		unit_check(words[STATUS_WORDS_SIZE] == '#',
			   "'%s' needs more room", expected);
	}
}
END_TEST

START_TEST(nothing_is_remapped_unless_asked_for)
{
	struct status_remap remap = { { 0 } };

	for (int status = 0; status <= 255; status++)
		unit_check(status_remapped(&remap, status) == status, "%d",
			   status);
}
END_TEST

START_TEST(every_status_is_remapped_alone_and_adds_up_with_the_others)
{
	struct status_remap sum = { { 0 } };

	for (int mapped = 0; mapped <= 255; mapped++) {
		struct status_remap one = { { 0 } };

		status_remap(&one, mapped);
		status_remap(&one, mapped);
		status_remap(&sum, mapped);

		for (int status = 0; status <= 255; status++) {
			unit_check(status_remapped(&one, status) ==
				   (status == mapped ? 0 : status),
				   "%d with %d", status, mapped);
			unit_check(status_remapped(&sum, status) ==
				   (status <= mapped ? 0 : status),
				   "%d with 0 to %d", status, mapped);
		}
	}
}
END_TEST

START_TEST(foster_s_own_statuses_are_those_of_the_contract)
{
	ck_assert_int_eq(STATUS_OWN_FAILURE, 125);
	ck_assert_int_eq(STATUS_CANNOT_RUN, 126);
	ck_assert_int_eq(STATUS_NOT_FOUND, 127);
	ck_assert_int_eq(STATUS_SIGNAL, 128);
}
END_TEST

Suite *status_suite(void);

Suite *status_suite(void)
{
	Suite *suite = suite_create("status");
	TCase *deaths = unit_tcase(suite, "deaths");
	TCase *remapping = unit_tcase(suite, "remapping");

	unit_add(deaths, every_exit_status_is_the_program_s_own);
	unit_add(deaths, every_death_by_a_signal_is_128_and_its_number);
	unit_add(deaths,
		 every_status_word_is_a_stop_a_continue_or_a_death_as_in_libc);
	unit_add(deaths, every_death_has_its_words);
	unit_add(deaths, foster_s_own_statuses_are_those_of_the_contract);
	unit_add(remapping, nothing_is_remapped_unless_asked_for);
	unit_add(remapping,
		 every_status_is_remapped_alone_and_adds_up_with_the_others);
	return suite;
}
