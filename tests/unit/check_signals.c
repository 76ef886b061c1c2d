/* check_signals.c - names, numbers and rewriting of signals (signals.h). */
#include "signals.h"
#include "unit.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_MAX_LENGTH = 32 };

/* Those that bash's kill -l and signal(7) know, with libc's numbers. */
static const struct {
	const char *name;
	int number;
	bool is_alias;
} known[] = {
	{ "HUP", SIGHUP, false },	{ "INT", SIGINT, false },
	{ "QUIT", SIGQUIT, false },	{ "ILL", SIGILL, false },
	{ "TRAP", SIGTRAP, false },	{ "ABRT", SIGABRT, false },
	{ "BUS", SIGBUS, false },	{ "FPE", SIGFPE, false },
	{ "KILL", SIGKILL, false },	{ "USR1", SIGUSR1, false },
	{ "SEGV", SIGSEGV, false },	{ "USR2", SIGUSR2, false },
	{ "PIPE", SIGPIPE, false },	{ "ALRM", SIGALRM, false },
	{ "TERM", SIGTERM, false },	{ "STKFLT", SIGSTKFLT, false },
	{ "CHLD", SIGCHLD, false },	{ "CONT", SIGCONT, false },
	{ "STOP", SIGSTOP, false },	{ "TSTP", SIGTSTP, false },
	{ "TTIN", SIGTTIN, false },	{ "TTOU", SIGTTOU, false },
	{ "URG", SIGURG, false },	{ "XCPU", SIGXCPU, false },
	{ "XFSZ", SIGXFSZ, false },	{ "VTALRM", SIGVTALRM, false },
	{ "PROF", SIGPROF, false },	{ "WINCH", SIGWINCH, false },
	{ "IO", SIGIO, false },		{ "PWR", SIGPWR, false },
	{ "SYS", SIGSYS, false },	{ "IOT", SIGIOT, true },
	{ "CLD", SIGCLD, true },	{ "POLL", SIGPOLL, true },
};

/* A slow and plain reading of what signals.h promises. */
static int number_of(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	int base, sign;

	if (digits > 0) {
		unsigned long number = strtoul(text, NULL, 10);

		return text[digits] == '\0' && number >= 1 && number <= 64 ?
			(int)number : -1;
	}
	if (strncasecmp(text, "SIG", 3) == 0)
		text += 3;
	for (size_t i = 0; i < UNIT_COUNT(known); i++)
		if (strcasecmp(text, known[i].name) == 0)
			return known[i].number;
	if (strncasecmp(text, "RTMIN", 5) == 0) {
		base = 34;
		sign = '+';
	} else if (strncasecmp(text, "RTMAX", 5) == 0) {
		base = 64;
		sign = '-';
	} else {
		return -1;
	}
	text += 5;
	if (*text == '\0')
		return base;
	digits = strspn(text + 1, "0123456789");
	if (*text != sign || digits == 0 || text[1 + digits] != '\0' ||
	    strtoul(text + 1, NULL, 10) > 30)
		return -1;
	return base + (sign == '+' ? 1 : -1) * atoi(text + 1);
}

/* Every way to write a name that a user may choose, with its number. */
static void each_name(void (*check)(const char *name, int number))
{
	char name[NAME_MAX_LENGTH];

	for (size_t i = 0; i < UNIT_COUNT(known); i++)
		check(known[i].name, known[i].number);
	check("RTMIN", 34);
	check("RTMAX", 64);
	for (int offset = 0; offset <= 30; offset++) {
		snprintf(name, sizeof(name), "RTMIN+%d", offset);
		check(name, 34 + offset);
		snprintf(name, sizeof(name), "RTMAX-%d", offset);
		check(name, 64 - offset);
	}
}

static void check_all_cases(const char *text, int number)
{
	size_t length = strlen(text);
	char name[NAME_MAX_LENGTH];

	for (unsigned upper = 0; upper < 1U << length; upper++) {
		for (size_t i = 0; i <= length; i++) {
			bool is_letter = text[i] >= 'A' && text[i] <= 'Z';

			name[i] = text[i];
			if (is_letter && !(upper >> i & 1))
				name[i] = (char)(text[i] - 'A' + 'a');
		}
		unit_check(signals_number(name) == number, "%s is %d, not %d",
			   name, signals_number(name), number);
	}
}

static void check_name(const char *name, int number)
{
	char with_sig[NAME_MAX_LENGTH];

	snprintf(with_sig, sizeof(with_sig), "SIG%s", name);
	check_all_cases(name, number);
	check_all_cases(with_sig, number);
}

START_TEST(every_name_and_alias_is_read_in_any_case_with_and_without_sig)
{
	each_name(check_name);
}
END_TEST

START_TEST(every_number_from_1_to_64_is_read_and_no_other)
{
	char text[32];

	for (int number = -200; number <= 70000; number++) {
		int expected = number >= 1 && number <= 64 ? number : -1;

		snprintf(text, sizeof(text), "%d", number);
		unit_check(signals_number(text) == expected, "%s is %d", text,
			   signals_number(text));
	}
}
END_TEST

START_TEST(what_is_no_signal_is_none)
{
	static const char *const texts[] = {
		"", " ", "0", "00", "65", "-1", "+1", " 15", "15 ", "1 5",
		"0x0f", "15.0", "4294967311", "18446744073709551631",
		"99999999999999999999999999999999999999", "SIG", "SIG15",
		"SIGSIGTERM", "TERMSIG", "SIG TERM", "TERM ", " TERM",
		"TERM+1", "TER", "TERMS", "T", "RT", "RTMI", "RTMINI", "RTMAXI",
		"RTMIN-1", "RTMAX+1", "RTMIN+31", "RTMAX-31", "RTMIN+",
		"RTMAX-", "RTMIN+-1", "RTMIN++1", "RTMIN+ 1", "RTMIN +1",
		"RTMIN+1 ", "RTMIN+0x1", "RTMIN+4294967297",
		"RTMIN+18446744073709551617", "RTMAX-4294967297", "RTMIN1",
		"RTMAX1", "RTMIN+TERM", "KILL,TERM", "TERM:INT", ":", "\n",
		"TERM\n", "\xd4\xc5\xd2\xcd", "EXIT", "ERR", "DEBUG", "UNUSED",
		"LOST", "EMT", "INFO",
	};

	for (size_t i = 0; i < UNIT_COUNT(texts); i++)
		unit_check(signals_number(texts[i]) == -1, "'%s' is %d",
			   texts[i], signals_number(texts[i]));
}
END_TEST

START_TEST(an_overlong_text_is_no_signal)
{
	static char text[10001];

	memset(text, 'T', sizeof(text) - 1);
	ck_assert_int_eq(signals_number(text), -1);
	memset(text, '1', sizeof(text) - 1);
	ck_assert_int_eq(signals_number(text), -1);
	memcpy(text, "RTMIN+", 6);
	ck_assert_int_eq(signals_number(text), -1);
}
END_TEST

static void check_same(const char *text)
{
	unit_check(signals_number(text) == number_of(text),
		   "'%s' is %d, not %d", text, signals_number(text),
		   number_of(text));
}

/* One byte too much, too few or wrong, at every place and of every value. */
static void check_neighbours(const char *name, int number)
{
	size_t length = strlen(name);
	char text[NAME_MAX_LENGTH];

	(void)number;
	for (size_t at = 0; at <= length; at++) {
		snprintf(text, sizeof(text), "%.*s%s", (int)at, name,
			 at < length ? name + at + 1 : "");
		check_same(text);
		for (int byte = 1; byte <= UCHAR_MAX; byte++) {
			snprintf(text, sizeof(text), "%.*s%c%s", (int)at, name,
				 byte, name + at);
			check_same(text);
			if (at == length)
				continue;
			strcpy(text, name);
			text[at] = (char)byte;
			check_same(text);
		}
	}
}

START_TEST(a_name_with_one_byte_wrong_is_another_name_or_none)
{
	each_name(check_neighbours);
}
END_TEST

START_TEST(every_text_of_one_two_and_three_bytes_means_what_it_should)
{
	/* Three: letters, digits and a few others stand for all bytes. */
	static const char some[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZlig0123456789+-: ";
	char text[4] = "";

	for (int first = 1; first <= UCHAR_MAX; first++) {
		text[0] = (char)first;
		for (int second = 0; second <= UCHAR_MAX; second++) {
			text[1] = (char)second;
			check_same(text);
		}
	}
	for (const char *a = some; *a != '\0'; a++)
		for (const char *b = some; *b != '\0'; b++)
			for (const char *c = some; *c != '\0'; c++) {
				text[0] = *a;
				text[1] = *b;
				text[2] = *c;
				check_same(text);
			}
}
END_TEST

START_TEST(every_signal_has_the_name_that_people_know)
{
	for (int signal = 1; signal <= 64; signal++) {
		char name[SIGNALS_NAME_SIZE + 1], expected[32] = "";

		for (size_t i = 0; i < UNIT_COUNT(known); i++)
			if (known[i].number == signal && !known[i].is_alias)
				snprintf(expected, sizeof(expected), "SIG%s",
					 known[i].name);
		if (signal == 32 || signal == 33)
			snprintf(expected, sizeof(expected), "signal %d",
				 signal);
		else if (signal >= 34)
			snprintf(expected, sizeof(expected), "SIGRTMIN+%d",
				 signal - 34);

		memset(name, '#', sizeof(name));
		unit_check(signals_name(signal, name) == name, "%s", expected);
		unit_check(strcmp(name, expected) == 0, "%d is %s, not %s",
			   signal, name, expected);
		unit_check(name[SIGNALS_NAME_SIZE] == '#',
			   "%s needs more space", name);
	}
}
END_TEST

START_TEST(every_name_that_is_written_is_read_again)
{
	for (int signal = 1; signal <= 64; signal++) {
		char name[SIGNALS_NAME_SIZE];

		signals_name(signal, name);
		if (signal != 32 && signal != 33)
			unit_check(signals_number(name) == signal, "%s", name);
	}
}
END_TEST

/* A status word has seven bits for a signal. */
START_TEST(what_a_status_word_can_hold_is_named_within_its_buffer)
{
	for (int signal = 65; signal <= 127; signal++) {
		char name[SIGNALS_NAME_SIZE + 1];

		memset(name, '#', sizeof(name));
		signals_name(signal, name);
		unit_check(memchr(name, '\0', SIGNALS_NAME_SIZE) != NULL &&
			   name[SIGNALS_NAME_SIZE] == '#',
			   "%d needs more space", signal);
	}
}
END_TEST

START_TEST(without_rewriting_every_signal_is_itself)
{
	unsigned char rewriting[SIGNALS_REWRITING_SIZE] = { 0 };

	for (int signal = 1; signal <= 64; signal++)
		unit_check(signals_rewritten(rewriting, signal) == signal,
			   "%d", signal);
}
END_TEST

START_TEST(every_signal_is_rewritten_as_every_other_or_dropped)
{
	for (int from = 1; from <= 64; from++) {
		for (int to = 0; to <= 64; to++) {
			unsigned char rewriting[SIGNALS_REWRITING_SIZE] = { 0 };

			signals_rewrite(rewriting, from, to);

			for (int signal = 1; signal <= 64; signal++)
				unit_check(signals_rewritten(rewriting,
							     signal) ==
					   (signal == from ? to : signal),
					   "%d with %d:%d", signal, from, to);
		}
	}
}
END_TEST

/* A:B and B:C do not make A:C, and a swap swaps. */
START_TEST(rewriting_is_one_pass_and_the_last_word_wins)
{
	for (int a = 1; a <= 64; a++) {
		for (int b = 1; b <= 64; b++) {
			unsigned char rewriting[SIGNALS_REWRITING_SIZE] = { 0 };
			int c = b % 64 + 1;

			if (a == b)
				continue;
			signals_rewrite(rewriting, a, b);
			signals_rewrite(rewriting, b, c);
			unit_check(signals_rewritten(rewriting, a) == b,
				   "%d:%d %d:%d", a, b, b, c);
			unit_check(signals_rewritten(rewriting, b) == c,
				   "%d:%d %d:%d", a, b, b, c);
			signals_rewrite(rewriting, b, a);
			unit_check(signals_rewritten(rewriting, a) == b &&
				   signals_rewritten(rewriting, b) == a,
				   "%d and %d do not swap", a, b);
			signals_rewrite(rewriting, a, 0);
			unit_check(signals_rewritten(rewriting, a) == 0,
				   "%d is not dropped", a);
			signals_rewrite(rewriting, a, a);
			unit_check(signals_rewritten(rewriting, a) == a,
				   "%d is not itself again", a);
		}
	}
}
END_TEST

/* Bit 0 is signal 1, in words of the machine. */
static bool has_signal(const struct kernel_sigset *set, int signal)
{
	unsigned bit = (unsigned)signal - 1;
	unsigned size = CHAR_BIT * sizeof(long);

	return set->words[bit / size] >> bit % size & 1;
}

START_TEST(a_full_set_holds_all_64)
{
	for (int signal = 1; signal <= 64; signal++)
		unit_check(has_signal(&signals_all, signal), "%d", signal);
}
END_TEST

START_TEST(all_but_kill_stop_and_chld_can_be_caught)
{
	for (int signal = 1; signal <= 64; signal++)
		unit_check(signals_can_be_caught(signal) ==
			   (signal != SIGKILL && signal != SIGSTOP &&
			    signal != SIGCHLD), "%d", signal);
}
END_TEST

START_TEST(only_term_int_and_quit_ask_to_end)
{
	for (int signal = 0; signal <= 64; signal++)
		unit_check(signals_asks_to_end(signal) ==
			   (signal == SIGTERM || signal == SIGINT ||
			    signal == SIGQUIT), "%d", signal);
}
END_TEST

START_TEST(a_terminal_sends_int_quit_tstp_and_winch_to_its_group)
{
	for (int signal = 1; signal <= 64; signal++)
		unit_check(signals_is_for_foreground(signal) ==
			   (signal == SIGINT || signal == SIGQUIT ||
			    signal == SIGTSTP || signal == SIGWINCH),
			   "%d", signal);
}
END_TEST

START_TEST(a_set_of_64_bits_has_one_for_each_signal)
{
	uint64_t all = 0;

	for (int one = 1; one <= 64; one++) {
		for (int other = 1; other <= 64; other++)
			unit_check(signals_has(SIGNALS_BIT(one), other) ==
				   (one == other), "%d, %d", one, other);
		all |= SIGNALS_BIT(one);
	}
	ck_assert_uint_eq(all, UINT64_MAX);
}
END_TEST

START_TEST(real_time_signals_begin_and_end_as_libc_has_it)
{
	ck_assert_int_eq(SIGNALS_RTMIN, SIGRTMIN);
	ck_assert_int_eq(SIGNALS_MAX, SIGRTMAX);
}
END_TEST

Suite *signals_suite(void)
{
	Suite *suite = suite_create("signals");
	TCase *names = unit_tcase(suite, "names");
	TCase *sets = unit_tcase(suite, "rewriting and sets");

	unit_add(names,
		 every_name_and_alias_is_read_in_any_case_with_and_without_sig);
	unit_add(names, every_number_from_1_to_64_is_read_and_no_other);
	unit_add(names, what_is_no_signal_is_none);
	unit_add(names, an_overlong_text_is_no_signal);
	unit_add(names, a_name_with_one_byte_wrong_is_another_name_or_none);
	unit_add(names,
		 every_text_of_one_two_and_three_bytes_means_what_it_should);
	unit_add(names, every_signal_has_the_name_that_people_know);
	unit_add(names, every_name_that_is_written_is_read_again);
	unit_add(names, what_a_status_word_can_hold_is_named_within_its_buffer);
	unit_add(sets, without_rewriting_every_signal_is_itself);
	unit_add(sets, every_signal_is_rewritten_as_every_other_or_dropped);
	unit_add(sets, rewriting_is_one_pass_and_the_last_word_wins);
	unit_add(sets, a_full_set_holds_all_64);
	unit_add(sets, a_set_of_64_bits_has_one_for_each_signal);
	unit_add(sets, real_time_signals_begin_and_end_as_libc_has_it);
	unit_add(sets, all_but_kill_stop_and_chld_can_be_caught);
	unit_add(sets, only_term_int_and_quit_ask_to_end);
	unit_add(sets, a_terminal_sends_int_quit_tstp_and_winch_to_its_group);
	return suite;
}
