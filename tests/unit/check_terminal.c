/*
 * check_terminal.c - a terminal that does not answer, or is of nobody known
 * (terminal.h). All that a real one does is tested end to end.
 */
#include "door.h"
#include "terminal.h"
#include "unit.h"

enum { FD = 3, OWN = 10, PROGRAM = 11, STRANGER = 12 };

static int foreground; /* below 0: the error */
static int given_to;
static long kill_answer;

static long kernel(long number, long a, long b, long c, long d, long e)
{
	(void)d;
	(void)e;
	if (number == SYS_KILL) {
		unit_check(a == -foreground && b == 0, "kill(%ld, %ld)", a, b);
		return kill_answer;
	}
	if (number != SYS_IOCTL)
		door_unexpected(number);
	unit_check(a == FD, "descriptor %ld", a);
	if (b == TERMINAL_GET_GROUP) {
		*(int *)c = foreground;
		return foreground < 0 ? foreground : 0;
	}
	unit_check(b == TERMINAL_SET_GROUP, "request %#lx", b);
	given_to = *(const int *)c;
	return 0;
}

static void setup(void)
{
	door_reset();
	door.other = kernel;
	given_to = 0;
	kill_answer = 0;
}

START_TEST(a_terminal_that_was_hung_up_goes_to_nobody)
{
	setup();
	foreground = -E_IO;
	kill_answer = -E_SRCH;

	ck_assert(!terminal_pass(FD, OWN, PROGRAM, true));
	ck_assert_int_eq(given_to, 0);
}
END_TEST

START_TEST(without_a_proc_of_its_own_it_takes_a_terminal_from_nobody)
{
	setup();
	foreground = STRANGER;

	ck_assert(!terminal_pass(FD, OWN, PROGRAM, true));
	ck_assert_int_eq(given_to, 0);
}
END_TEST

START_TEST(a_terminal_of_a_group_that_is_gone_may_be_taken)
{
	setup();
	foreground = STRANGER;
	kill_answer = -E_SRCH;

	ck_assert(terminal_pass(FD, OWN, PROGRAM, true));
	ck_assert_int_eq(given_to, PROGRAM);
}
END_TEST

Suite *terminal_suite(void)
{
	Suite *suite = suite_create("terminal");
	TCase *tcase = unit_tcase(suite, "passing");

	unit_add(tcase, a_terminal_that_was_hung_up_goes_to_nobody);
	unit_add(tcase,
		 without_a_proc_of_its_own_it_takes_a_terminal_from_nobody);
	unit_add(tcase, a_terminal_of_a_group_that_is_gone_may_be_taken);
	return suite;
}
