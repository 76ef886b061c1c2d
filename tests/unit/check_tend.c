/*
 * check_tend.c - the loop (tend.h), where the kernel answers as it hardly ever
 * does. The kernel here is a list of answers for each call that matters.
 */
#include "door.h"
#include "status.h"
#include "tend.h"
#include "unit.h"

#include <string.h>

enum {
	OWN = 7,
	PROGRAM = 42,
	ORPHAN = 50,
	ANSWERS_MAX = 8,
	KILLS_MAX = 256,
	CALLS_MAX = 5000,
	EXITED_3 = 3 << 8,
	STOPPED = 5, /* CLD_STOPPED */
	USR1 = 10,
};

struct answer {
	long result;
	int pid, code, status; /* what wait4(2) or waitid(2) tells */
	struct signal_info info;
};

struct answers {
	struct answer list[ANSWERS_MAX]; /* the last one is given for ever */
	unsigned count, at;
};

static struct {
	struct answers wait4, waitid, signals;
	int waited_for[ANSWERS_MAX * 2]; /* by wait4(2) */
	unsigned wait_count;
	struct {
		int pid, signal;
	} kills[KILLS_MAX];
	unsigned kill_count;
	bool has_no_group; /* kill(2) of one finds nobody */
	bool never_rests;  /* neither clock nor pause */
} kernel;

static const struct answer *next(struct answers *answers)
{
	unit_check(answers->count > 0, "a call without an answer");
	if (answers->at < answers->count - 1)
		return &answers->list[answers->at++];
	return &answers->list[answers->at];
}

static long wait_for(int pid, int *status)
{
	const struct answer *answer = next(&kernel.wait4);

	if (kernel.wait_count < UNIT_COUNT(kernel.waited_for))
		kernel.waited_for[kernel.wait_count++] = pid;
	*status = answer->status;
	return answer->result;
}

static long look_for(struct signal_info *info)
{
	const struct answer *answer = next(&kernel.waitid);

	info->pid = answer->pid;
	info->code = answer->code;
	info->status = answer->status;
	return answer->result;
}

static long wait_signal(struct signal_info *info)
{
	const struct answer *answer = next(&kernel.signals);

	*info = answer->info;
	info->number = (int)answer->result;
	return answer->result;
}

static long send(int pid, int signal)
{
	unit_check(kernel.kill_count < KILLS_MAX, "too many signals");
	kernel.kills[kernel.kill_count].pid = pid;
	kernel.kills[kernel.kill_count++].signal = signal;
	return pid < 0 && kernel.has_no_group ? -E_SRCH : 0;
}

static long answer(long number, long a, long b, long c, long d, long e)
{
	(void)d;
	(void)e;
	unit_check(door.calls < CALLS_MAX, "it spins");
	switch (number) {
	case SYS_WAIT4:
		return wait_for((int)a, (int *)b);
	case SYS_WAITID:
		return look_for((struct signal_info *)c);
	case SYS_RT_SIGTIMEDWAIT:
		return wait_signal((struct signal_info *)b);
	case SYS_KILL:
		return send((int)a, (int)b);
	case SYS_CLOCK_GETTIME:
		*(struct time *)b = (struct time){ .seconds = 1 };
		return kernel.never_rests ? -E_PERM : 0;
	case SYS_NANOSLEEP:
	case SYS_PPOLL:
		unit_check(kernel.never_rests, "a pause");
		return -E_PERM;
	case SYS_MMAP:
		return -E_NOMEM;
	default:
		door_unexpected(number);
	}
}

static void answers(struct answers *to, const struct answer *list, size_t count)
{
	to->count = (unsigned)count;
	memcpy(to->list, list, count * sizeof(*list));
}

#define ANSWERS(call, ...)                                                     \
	do {                                                                   \
		static const struct answer list_[] = { __VA_ARGS__ };          \
		answers(&kernel.call, list_, UNIT_COUNT(list_));               \
	} while (0)

static struct family *prepare(int own)
{
	static struct family family;

	memset(&kernel, 0, sizeof(kernel));
	memset(&family, 0, sizeof(family));
	family.start.own = own;
	family.start.terminal = -E_NXIO;
	family.start.program = family.target = PROGRAM;
	family.leftovers.log = &family.start.log;
	family.leftovers.own = own;
	family.leftovers.program = PROGRAM;
	family.keeper.rewriting = &family.start.options.rewriting;
	family.keeper.grace_ms = 8000;
	family.keeper.is_process_1 = own == 1;
	keeper_begin(&family.keeper, false);
	door_reset();
	door.other = answer;
	return &family;
}

/* The program runs at the first one, and was the only child. */
static void ends_at_the_second_look(void)
{
	ANSWERS(wait4, { .result = 0 },
		{ .result = PROGRAM, .status = EXITED_3 },
		{ .result = -E_CHILD });
}

static void check_kill(unsigned at, int pid, int signal)
{
	unit_check(kernel.kill_count > at, "only %u signals",
		   kernel.kill_count);
	unit_check(kernel.kills[at].pid == pid &&
			   kernel.kills[at].signal == signal,
		   "signal %d to %d, expected %d to %d",
		   kernel.kills[at].signal, kernel.kills[at].pid, signal, pid);
}

static void check_end(struct family *family)
{
	ck_assert_int_eq(tend(family), EXITED_3);
	ck_assert_int_eq(door.open_files, 0);
}

/* ---- signals ---- */

START_TEST(ctrl_c_reaches_a_program_that_has_left_its_group)
{
	struct family *family = prepare(1);

	kernel.has_no_group = true;
	ends_at_the_second_look();
	ANSWERS(signals,
		{ .result = SIGNAL_INT, .info = { .code = SENT_BY_KERNEL } });

	check_end(family);
	ck_assert_uint_eq(kernel.kill_count, 2);
	check_kill(0, -PROGRAM, SIGNAL_INT);
	check_kill(1, PROGRAM, SIGNAL_INT);
	ck_assert_uint_eq(door.write_count, 0);
}
END_TEST

/* That may not be forged: rt_sigqueueinfo(2). */
START_TEST(what_tkill_has_sent_is_handed_over_by_kill)
{
	struct family *family = prepare(1);

	ends_at_the_second_look();
	ANSWERS(signals,
		{ .result = SIGNAL_TERM, .info = { .code = SENT_BY_TKILL } });

	check_end(family);
	ck_assert_uint_eq(kernel.kill_count, 1);
	check_kill(0, PROGRAM, SIGNAL_TERM);
}
END_TEST

START_TEST(a_signal_that_is_handed_over_needs_no_look_at_the_children)
{
	struct family *family = prepare(1);

	ends_at_the_second_look();
	ANSWERS(signals, { .result = USR1 },
		{ .result = SIGNAL_CHLD,
		  .info = { .code = CHILD_EXITED, .pid = PROGRAM } });

	check_end(family);
	ck_assert_uint_eq(kernel.kill_count, 1);
	check_kill(0, PROGRAM, USR1);
	ck_assert_uint_eq(kernel.wait_count, 3);
	ck_assert_int_eq(kernel.waited_for[1], PROGRAM);
}
END_TEST

/* A stopped program needs a CONT behind it: whether it is has to be known. */
START_TEST(a_signal_to_end_is_followed_by_a_look)
{
	struct family *family = prepare(1);

	ends_at_the_second_look();
	ANSWERS(signals, { .result = SIGNAL_HUP });

	check_end(family);
	ck_assert_uint_eq(kernel.kill_count, 1);
	ck_assert_int_eq(kernel.waited_for[1], -1);
}
END_TEST

/* ---- reaping ---- */

/* SIGCHLD comes after USR1 when both wait: signal(7). */
START_TEST(signals_without_end_leave_the_children_their_turn)
{
	struct family *family = prepare(1);

	ends_at_the_second_look();
	ANSWERS(signals, { .result = USR1 });

	check_end(family);
	ck_assert_uint_eq(kernel.kill_count, 256);
	ck_assert_uint_eq(kernel.wait_count, 3);
}
END_TEST

START_TEST(a_wait_that_was_interrupted_is_no_reason_to_stop_reaping)
{
	struct family *family = prepare(1);

	ANSWERS(wait4, { .result = -E_INTR }, { .result = -E_INTR },
		{ .result = PROGRAM, .status = EXITED_3 },
		{ .result = -E_CHILD });

	check_end(family);
}
END_TEST

/* The program's group is told while the dead program holds its number. */
START_TEST(without_proc_the_group_is_told_before_the_program_is_reaped)
{
	struct family *family = prepare(OWN);

	ANSWERS(waitid, { .result = 0, .pid = ORPHAN, .code = CHILD_EXITED },
		{ .result = 0, .pid = PROGRAM, .code = STOPPED },
		{ .result = 0, .pid = PROGRAM, .code = CHILD_EXITED });
	ANSWERS(wait4, { .result = ORPHAN },
		{ .result = PROGRAM, .status = SIGNAL_STOP << 8 | 0x7f },
		{ .result = PROGRAM, .status = EXITED_3 },
		{ .result = -E_CHILD });

	check_end(family);
	ck_assert_uint_eq(kernel.kill_count, 2);
	check_kill(0, -PROGRAM, SIGNAL_TERM);
	check_kill(1, -PROGRAM, SIGNAL_CONT);
	ck_assert_int_eq(kernel.waited_for[0], ORPHAN);
	ck_assert_int_eq(kernel.waited_for[1], PROGRAM);
	ck_assert_int_eq(kernel.waited_for[2], PROGRAM);
}
END_TEST

START_TEST(without_proc_the_group_is_not_told_where_all_may_run_on)
{
	struct family *family = prepare(OWN);

	family->keeper.waits_for_all = true;
	ANSWERS(waitid, { .result = 0, .pid = PROGRAM, .code = CHILD_EXITED });
	ANSWERS(wait4, { .result = PROGRAM, .status = EXITED_3 },
		{ .result = -E_CHILD });

	check_end(family);
	ck_assert_uint_eq(kernel.kill_count, 0);
}
END_TEST

START_TEST(where_it_may_not_look_first_it_reaps_all_the_same)
{
	struct family *family = prepare(OWN);

	ANSWERS(waitid, { .result = -E_PERM });
	ANSWERS(wait4, { .result = PROGRAM, .status = EXITED_3 },
		{ .result = -E_CHILD });

	check_end(family);
	ck_assert_int_eq(kernel.waited_for[0], -1);
	ck_assert_uint_eq(kernel.kill_count, 0);
}
END_TEST

/* ---- waiting ---- */

START_TEST(where_nothing_lets_it_rest_the_grace_is_over_at_once)
{
	struct family *family = prepare(1);

	kernel.never_rests = true;
	family->is_blind = true;
	ANSWERS(wait4, { .result = PROGRAM, .status = EXITED_3 },
		{ .result = 0 });

	check_end(family);
	/* It goes from look to look, and from the last one to the end. */
	ck_assert_uint_lt(door.calls, 8 * KEEPER_LOOKS);
	ck_assert_str_eq(door.last_write.text,
			 "foster: left over when the time was up, killed\n");
}
END_TEST

Suite *tend_suite(void)
{
	Suite *suite = suite_create("tend");
	TCase *signals = unit_tcase(suite, "signals");
	TCase *reaping = unit_tcase(suite, "reaping");
	TCase *waiting = unit_tcase(suite, "waiting");

	unit_add(signals, ctrl_c_reaches_a_program_that_has_left_its_group);
	unit_add(signals, what_tkill_has_sent_is_handed_over_by_kill);
	unit_add(signals,
		 a_signal_that_is_handed_over_needs_no_look_at_the_children);
	unit_add(signals, a_signal_to_end_is_followed_by_a_look);
	unit_add(reaping, signals_without_end_leave_the_children_their_turn);
	unit_add(reaping,
		 a_wait_that_was_interrupted_is_no_reason_to_stop_reaping);
	unit_add(reaping,
		 without_proc_the_group_is_told_before_the_program_is_reaped);
	unit_add(reaping,
		 without_proc_the_group_is_not_told_where_all_may_run_on);
	unit_add(reaping, where_it_may_not_look_first_it_reaps_all_the_same);
	unit_add(waiting, where_nothing_lets_it_rest_the_grace_is_over_at_once);
	return suite;
}
