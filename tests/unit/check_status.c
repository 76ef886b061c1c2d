/* check_status.c - wait status and exit status (status.h), beside libc's. */
#include "signals.h"
#include "status.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* All that wait4(2) can say fits in 16 bits. */
enum { WORDS = 0x10000 };

START_TEST(a_death_is_its_exit_status_or_128_and_its_signal)
{
	for (int word = 0; word < WORDS; word++) {
		if (WIFSIGNALED(word))
			unit_check(status_of_death(word) ==
				   128 + WTERMSIG(word), "%#x", word);
		else if (WIFEXITED(word))
			unit_check(status_of_death(word) == WEXITSTATUS(word),
				   "%#x", word);
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
		unit_check(status_in_words(word, words) == words, "%#x", word);
		unit_check(memchr(words, '\0', STATUS_WORDS_SIZE) != NULL &&
			   strcmp(words, expected) == 0,
			   "%#x is '%s', not '%s'", word, words, expected);
		unit_check(words[STATUS_WORDS_SIZE] == '#',
			   "'%s' needs more space", expected);
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

/* foster(1), EXIT STATUS. */
START_TEST(foster_s_own_statuses_are_those_of_the_manual)
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

	unit_add(deaths, a_death_is_its_exit_status_or_128_and_its_signal);
	unit_add(deaths, every_death_has_its_words);
	unit_add(deaths, foster_s_own_statuses_are_those_of_the_manual);
	unit_add(remapping, nothing_is_remapped_unless_asked_for);
	unit_add(remapping,
		 every_status_is_remapped_alone_and_adds_up_with_the_others);
	return suite;
}
