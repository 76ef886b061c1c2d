#include "tend.h"
#include "death.h"
#include "status.h"
#include "terminal.h"
#include "text.h"

/* How often is looked for deaths where only children can be waited for. */
enum { BLIND_PAUSE_MS = 50 };

/* So many children are reaped before signals and time have their turn. */
enum { REAPED_AT_ONCE = 1000 };

/* No process has this number, and no call takes it for any. */
enum { NOBODY = -2 };

/*
 * Without a clock (a filter refuses it) the time is known when a wait for
 * exactly that long is over.
 */
static uint64_t now_ms(struct family *family)
{
	struct time now;

	if (sys_clock(CLOCK_SINCE_BOOT, &now) == 0)
		family->clock_ms = (uint64_t)now.seconds * 1000 +
				   (uint64_t)now.nanoseconds / 1000000;
	return family->clock_ms;
}

/* ---- acting ---- */

/*
 * What the terminal signals is for a whole group. Where that is foster's own
 * (a job that was started in the background, and then fg), it is meant for
 * the program's.
 */
static bool is_from_terminal(const struct signal_info *info)
{
	return info->code == SENT_BY_KERNEL &&
	       signals_is_for_foreground(info->number);
}

/*
 * Only what was queued by sigqueue(3) or its like may be handed on with its
 * sender and value (rt_sigqueueinfo(2)), and only to one process.
 */
static int send(struct family *family, int signal, struct signal_info *info)
{
	int error;

	if (family->target > 0 && info->code < SENT_BY_KILL &&
	    info->code != SENT_BY_TKILL) {
		info->number = signal;
		error = sys_sigqueueinfo(family->start.program, signal, info);
		if (error == 0)
			return 0;
		if (error == -E_AGAIN && !family->has_said_full) {
			family->has_said_full = true;
			log_say(&family->start.log, LOG_NORMAL,
				T("the queue of signals is full: %g loses its"
				  " value"),
				signal);
		}
	}
	error = sys_kill(is_from_terminal(info) ? -family->start.program
						: family->target,
			 signal);
	/* The program may have been refused a group, or have left it. */
	if (error == -E_SRCH)
		error = sys_kill(family->start.program, signal);
	return error;
}

static OUT_OF_LINE void hand_over(struct family *family, int signal,
				  struct signal_info *info)
{
	int error = send(family, signal, info);

	if (error == 0 || family->has_said_failure)
		return;
	family->has_said_failure = true;
	log_say(&family->start.log, LOG_NORMAL,
		T("%g cannot be handed over to process %d: %e"), signal,
		family->start.program, error);
}

/* Then its members count as told, and are not told again. */
static OUT_OF_LINE bool group_was_told(const struct family *family,
				       uint64_t at_ms)
{
	return family->target < 0 && keeper_was_told(&family->keeper, at_ms);
}

/* The terminal goes from one group to the other; whether it did. */
static bool pass_terminal(const struct family *family, int from, int to)
{
	bool has_passed;
	int fd;

	if (family->start.terminal < 0)
		return false;
	fd = terminal_open();
	has_passed = terminal_pass(fd, from, to, to == family->start.program);
	terminal_close(fd);
	return has_passed;
}

/*
 * Stops foster by `signal`, which the kernel ignores where nobody could
 * continue it (an orphaned process group, process 1; kernel/signal.c,
 * get_signal). At a terminal its whole group stops by TSTP, as it would have
 * if the terminal had signalled it, so that a shell gets its prompt; before
 * that the terminal goes back, for zsh takes it only from the job's own group.
 * Whether it was stopped: then the SIGCONT that ended it is still there.
 */
static OUT_OF_LINE bool stop(struct family *family, int signal)
{
	struct time no_time = { 0, 0 };
	/* This one and CONT are in the first word, as all up to 31 are. */
	struct signal_set set = { { 1UL << (signal - 1) } };

	if (family->start.own == 1)
		return false;
	pass_terminal(family, family->start.program, family->start.group);
	sys_kill(signal == SIGNAL_TSTP && family->start.terminal >= 0
			 ? 0
			 : family->start.own,
		 signal);
	sys_sigprocmask(SIGNAL_UNBLOCK, &set, NULL);
	sys_sigprocmask(SIGNAL_SETMASK, &signals_all, NULL);
	set.words[0] = 1UL << (SIGNAL_CONT - 1);
	return sys_sigtimedwait(&set, NULL, &no_time) == SIGNAL_CONT;
}

/*
 * The program has stopped by TSTP, TTIN or TTOU. One that only wants the
 * terminal gets it, if it takes it from nobody; else foster stops too. As
 * soon as it runs on, the program does; but where foster could not be stopped
 * a program without the terminal would at once stop again, for ever.
 */
static void suspend(struct family *family, int signal)
{
	bool is_by_hand = signal == SIGNAL_TSTP;
	bool runs_on = !is_by_hand && pass_terminal(family, family->start.group,
						    family->start.program);

	if (!runs_on) {
		runs_on = stop(family, signal) || is_by_hand;
		pass_terminal(family, family->start.group,
			      family->start.program);
	}
	if (runs_on)
		sys_kill(-family->start.program, SIGNAL_CONT);
}

static void act(struct family *family, int step, struct signal_info *info)
{
	struct leftovers *leftovers = &family->leftovers;
	enum keeper_step kind = keeper_step_kind(step);
	int signal = keeper_step_signal(step);

	switch (kind) {
	case KEEPER_NOTHING:
		return;
	case KEEPER_HAND_OVER:
		hand_over(family, signal, info);
		return;
	case KEEPER_KILL_PROGRAM:
		log_say(&family->start.log, LOG_NORMAL,
			T("the program did not end in"
			  " time and is killed"));
		sys_kill(family->start.program, signal);
		return;
	case KEEPER_CONTINUE_PROGRAM:
		sys_kill(family->target, signal);
		return;
	case KEEPER_SUSPEND:
		suspend(family, signal);
		return;
	default:
		break;
	}
	if (!leftovers->has_told)
		leftovers->spare_group =
			group_was_told(family, family->keeper.looked_ms);
	leftovers_act(leftovers, kind, signal);
}

/*
 * Any event but a signal, through the keeper. In line: the event is always
 * known there, so that most of the keeper falls away.
 */
static IN_LINE void happens(struct family *family, enum keeper_event event,
			    int value)
{
	act(family,
	    keeper_next(&family->keeper, event, value, family->clock_ms), NULL);
}

/*
 * What foster's own writing caused (SIGPIPE, SIGXFSZ) is nobody else's
 * business: the kernel names the writer as its sender.
 */
static void take_signal(struct family *family, struct signal_info *info)
{
	enum keeper_step kind;
	int step;

	if (info->code == SENT_BY_KILL && info->pid == family->start.own)
		return;
	if (keeper_wants_time(&family->keeper, info->number))
		now_ms(family);
	step = keeper_next(&family->keeper, KEEPER_SIGNAL, info->number,
			   family->clock_ms);
	kind = keeper_step_kind(step);
	log_say(&family->start.log, LOG_EVERYTHING, T("%g from process %d: %t"),
		info->number, info->pid,
		kind == KEEPER_HAND_OVER	 ? T("handed over")
		: kind == KEEPER_SIGNAL_CHILDREN ? T("passed on")
						 : T("kept"));
	act(family, step, info);
}

/* ---- reaping ---- */

/*
 * waitid(2), with what wait4(2) gives: the pid of a child, 0 where there is
 * none to be told of, or a negative errno. `pid` -1: any child.
 */
static OUT_OF_LINE int wait_id(int pid, struct signal_info *info, int flags)
{
	int error;

	info->pid = 0;
	error = sys_waitid(pid > 0 ? WAIT_FOR_PID : WAIT_FOR_ANY, pid, info,
			   flags | WAIT_EXITED | WAIT_ANY_KIND);
	return error < 0 ? error : info->pid;
}

/*
 * As wait4(2) that does not block unless told so. Where a filter refuses it,
 * waitid(2) does, which then tells of deaths only.
 */
static int wait_for(int pid, int *status, int flags)
{
	struct signal_info info;
	int result = sys_wait4(pid, status,
			       flags | WAIT_STOPPED | WAIT_CONTINUED |
				       WAIT_ANY_KIND);

	if (result != -E_NOSYS && result != -E_PERM)
		return result;
	result = wait_id(pid, &info, flags);
	if (result > 0)
		*status = info.code == CHILD_EXITED ? info.status << 8
						    : info.status;
	return result;
}

/*
 * Whether a death by `signal`, 0 for none, needs no word: foster handed it
 * over, or the terminal sent it (HUP, INT and QUIT are 1 to 3).
 */
static bool is_expected(const struct family *family, int signal)
{
	if (signal <= SIGNAL_QUIT && family->start.terminal >= 0)
		return true;
	return signal == 0 || keeper_has_handed_over(&family->keeper, signal);
}

/* A child of any kind has changed. */
static void take(struct family *family, int pid, int status)
{
	/* Its number may come again once it is dead. */
	bool is_program = pid == family->start.program &&
			  family->keeper.stage == KEEPER_RUNNING;

	if (status_is_stop(status)) {
		if (is_program)
			happens(family, KEEPER_STOPPED,
				status_stop_signal(status));
		return;
	}
	if (status_is_continue(status)) {
		if (is_program)
			happens(family, KEEPER_CONTINUED, 0);
		return;
	}
	if (!is_program) {
		log_say(&family->start.log,
			options_has(&family->start.options, 'w')
				? LOG_NORMAL
				: LOG_EVERYTHING,
			T("reaped process %d: %w"), pid, status);
		leftovers_forget(&family->leftovers, pid);
		happens(family, KEEPER_REAPED, 0);
		return;
	}
	if (is_expected(family, status_death_signal(status)))
		log_say(&family->start.log, LOG_VERBOSE,
			T("the program ended: %w"), status);
	else
		death_explain(&family->start.log, status);
	pass_terminal(family, family->start.program, family->start.group);
	happens(family, KEEPER_PROGRAM_END, status);
}

/*
 * Not process 1 and without /proc, foster can reach the program's leftovers
 * only by their group, and that only as long as the dead program holds its
 * number: before it is reaped. So each child is looked at before it is taken.
 */
static int look_and_reap(struct family *family, int *status)
{
	struct keeper *keeper = &family->keeper;
	struct signal_info info;
	int pid = wait_id(-1, &info,
			  WAIT_STOPPED | WAIT_CONTINUED | WAIT_NO_HANG |
				  WAIT_NO_REAP);

	if (pid == 0)
		return 0;
	if (pid == family->start.program && info.code <= CHILD_DUMPED &&
	    keeper->grace_ms != 0 && !keeper->waits_for_all) {
		family->leftovers.spare_group =
			group_was_told(family, now_ms(family));
		leftovers_tell_group(&family->leftovers,
				     keeper_signal_to_end(keeper));
	}
	return wait_for(pid < 0 ? -1 : pid, status, WAIT_NO_HANG);
}

/* Takes one child that is dead or has changed; see wait_for(). */
static int reap_one(struct family *family, int pid, int *status)
{
	if (family->start.own == 1 || family->keeper.stage != KEEPER_RUNNING ||
	    leftovers_have_proc(&family->leftovers))
		return wait_for(pid, status, WAIT_NO_HANG);
	return look_and_reap(family, status);
}

/* Nobody more can be reaped now; the kernel has said why. */
static void settle(struct family *family, int error)
{
	if (error == -E_CHILD) {
		happens(family, KEEPER_CHILDLESS, 0);
		return;
	}
	if (keeper_wants_time(&family->keeper, 0))
		now_ms(family);
	happens(family, KEEPER_SETTLED, 0);
}

/*
 * Reaps all that is dead and never blocks. `whom` is whom SIGCHLD named, or -1:
 * asking for one child by its number spares the kernel a walk over all of
 * them (kernel/exit.c, do_wait_pid), and one walk has to be enough.
 *
 * Children may die, or stop and go on, as fast as they are reaped, and for
 * ever. So after many of them signals (those below 17) and time have their
 * turn; a SIGCHLD of its own lets foster come back here.
 */
static void reap_all(struct family *family, int whom)
{
	int status, pid;
	unsigned left = REAPED_AT_ONCE;
	bool is_all;

	while (!keeper_is_done(&family->keeper)) {
		pid = reap_one(family, whom, &status);
		if (pid > 0)
			take(family, pid, status);
		is_all = pid <= 0 && pid != -E_INTR && whom < 0;
		if (is_all || (--left == 0 &&
			       sys_kill(family->start.own, SIGNAL_CHLD) == 0)) {
			settle(family, pid);
			return;
		}
		whom = -1;
	}
}

/* ---- waiting ---- */

static struct time time_of(uint64_t ms)
{
	return (struct time){
		.seconds = (long)(ms / 1000),
		.nanoseconds = (long)(ms % 1000) * 1000000,
	};
}

/*
 * Where signals cannot be waited for: sleeps until a child has changed. Only
 * while leftovers have a deadline, or where there is no child to wait for,
 * this comes down to looking again and again, with pauses.
 */
static void wait_blindly(struct family *family, uint64_t left_ms)
{
	uint64_t pause_ms = left_ms < BLIND_PAUSE_MS ? left_ms : BLIND_PAUSE_MS;
	struct time limit = time_of(pause_ms);
	int status, pid = 0;

	if (left_ms == KEEPER_NEVER)
		pid = wait_for(-1, &status, 0);
	if (pid > 0) {
		take(family, pid, status);
		return;
	}
	family->clock_ms += pause_ms;
	if (sys_poll(NULL, 0, &limit) >= 0 || sys_nanosleep(&limit) >= 0)
		return;
	/* Not even a pause is allowed: better an early end than no rest. */
	if (left_ms != KEEPER_NEVER) {
		family->clock_ms += left_ms;
		happens(family, KEEPER_TIME, 0);
	}
}

/*
 * Whether nothing about the children can follow from a signal: one less call
 * before the program, on a single processor, gets to it. But signals that
 * come as fast as they are taken must not keep foster from its children: each
 * 256th, where the count comes round, has its look.
 */
static bool goes_without_look(struct family *family)
{
	return family->keeper.stage == KEEPER_RUNNING &&
	       !family->keeper.owes_continue &&
	       ++family->passed_on != 0;
}

/*
 * The one wait: a signal, for as long as it takes or until the next thing is
 * due. Gives the pid that a SIGCHLD named, or -1; NOBODY where no child needs
 * a look.
 */
static int wait_once(struct family *family)
{
	uint64_t due_ms = keeper_due_ms(&family->keeper);
	uint64_t left_ms = KEEPER_NEVER;
	struct signal_info info;
	struct time limit;
	int signal;

	if (due_ms != KEEPER_NEVER) {
		if (now_ms(family) >= due_ms) {
			happens(family, KEEPER_TIME, 0);
			return -1;
		}
		left_ms = due_ms - family->clock_ms;
		limit = time_of(left_ms);
	}
	if (family->is_blind) {
		wait_blindly(family, left_ms);
		return -1;
	}
	signal = sys_sigtimedwait(&signals_all, &info,
				  left_ms == KEEPER_NEVER ? NULL : &limit);
	if (signal == -E_AGAIN) {
		family->clock_ms = due_ms;
	} else if (signal == SIGNAL_CHLD) {
		return info.code > SENT_BY_KILL ? info.pid : -1;
	} else if (signal > 0) {
		take_signal(family, &info);
		if (goes_without_look(family))
			return NOBODY;
	} else if (signal != -E_INTR) {
		family->is_blind = true;
		log_say(&family->start.log, LOG_NORMAL,
			T("signals cannot be waited for"
			  " and are not handed over: %e"),
			signal);
	}
	return -1;
}

int tend(struct family *family)
{
	int named = -1;

	sys_trim_memory();
	for (;;) {
		reap_all(family, named);
		if (keeper_is_done(&family->keeper))
			return family->keeper.wait_status;
		do
			named = wait_once(family);
		while (named == NOBODY);
	}
}
