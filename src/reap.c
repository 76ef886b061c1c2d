#include "reap.h"
#include "act.h"
#include "clock.h"
#include "event.h"
#include "explain_death.h"
#include "job_control.h"
#include "leftovers.h"
#include "told.h"
#include "verbose.h"

/* Parts of a wait status, wait(2), that musl has no names for. */
enum { CORE_FLAG = 0x80, CONTINUED = 0xffff, STOPPED = 0x7f };

/*
 * waitid(2), with what wait4(2) gives: the pid of a child and its status, 0
 * where there is none to be told of, or a negative errno. `pid` -1: any child.
 */
static int wait_id(int pid, int *status, int flags)
{
	siginfo_t info = { 0 };
	int error =
		sys_waitid(pid > 0 ? P_PID : P_ALL, pid, &info, flags | __WALL);

	*status = info.si_status;
	if (info.si_code == CLD_EXITED)
		*status = info.si_status << 8;
	else if (info.si_code == CLD_DUMPED)
		*status = info.si_status | CORE_FLAG;
	else if (info.si_code == CLD_CONTINUED)
		*status = CONTINUED;
	else if (info.si_code >= CLD_TRAPPED)
		*status = info.si_status << 8 | STOPPED;
	return error < 0 ? error : info.si_pid;
}

enum { CHANGES = WUNTRACED | WCONTINUED };

/* wait4(2). Where a filter refuses it, by whatever error, waitid(2). */
static int wait_for(int pid, int *status, int flags)
{
	int result = sys_wait4(pid, status, flags | CHANGES | __WALL);

	if (result >= 0 || result == -ECHILD || result == -EINTR)
		return result;
	return wait_id(pid, status, flags | WEXITED | CHANGES);
}

/* ---- what has happened to a child ---- */

/*
 * Whether a death by `signal`, 0 for none, needs no word: foster forwarded it,
 * or the terminal sent it.
 */
static bool is_expected(const struct init *init, int signal)
{
	if (signal == 0 || lifecycle_has_forwarded(&init->lifecycle, signal))
		return true;
	return init->terminal >= 0 &&
	       (signal == SIGHUP || signal == SIGINT || signal == SIGQUIT);
}

static void take_program_end(struct init *init, int status)
{
	if (is_expected(init, WTERMSIG(status)))
		verbose_end(init, status);
	else
		explain_death(&init->log, status);
	job_control_end(init);
	event_tell(init->options, FOSTER_ENDED, init->program, status);
	act_on_event(init, EVENT_PROGRAM_ENDED, status);
}

static void take_orphan(struct init *init, int pid, int status)
{
	bool is_asked_for =
		(init->options->flags & FOSTER_WARN_REAPED) != 0;
	enum log_level level = is_asked_for ? LOG_NORMAL : LOG_EVERYTHING;

	if (log_wants(&init->log, level))
		verbose_reaped(init, level, pid, status);
	told_forget(init, pid);
	event_tell(init->options, FOSTER_REAPED, pid, status);
	act_on_event(init, EVENT_REAPED, 0);
}

/*
 * A child that happens to be traced by foster (it called PTRACE_TRACEME, and
 * its parent is foster now) would stay stopped for ever. It goes on with the
 * signal that stopped it. Of an ordinary stop the kernel says ESRCH
 * (ptrace(2)).
 */
static bool is_let_go(int pid, int signal)
{
	return sys_ptrace_detach(pid, signal == SIGTRAP ? 0 : signal) == 0;
}

static void take_stop(struct init *init, int pid, int status, bool is_program)
{
	if (is_let_go(pid, WSTOPSIG(status) & 0x7f) || !is_program)
		return;
	clock_read(init);
	act_on_event(init, EVENT_STOPPED, WSTOPSIG(status));
}

/* A child of any kind has changed. */
static void take(struct init *init, int pid, int status)
{
	/* Its number may come again once it is dead. */
	bool is_program =
		pid == init->program && init->lifecycle.stage == STAGE_RUNNING;

	if (WIFSTOPPED(status)) {
		take_stop(init, pid, status, is_program);
	} else if (WIFCONTINUED(status)) {
		if (is_program)
			act_on_event(init, EVENT_CONTINUED, 0);
	} else if (is_program) {
		take_program_end(init, status);
	} else {
		take_orphan(init, pid, status);
	}
}

/* ---- looking for children that have changed ---- */

/*
 * Not process 1 and without /proc, foster can reach the program's leftovers
 * only by their group, and that only as long as the dead program holds its
 * number: before it is reaped. So each child is looked at before it is taken;
 * one that was stopped may die before it is, and is not to be reaped by that.
 */
static int look_and_reap(struct init *init, int *status)
{
	int pid = wait_id(-1, status, WEXITED | CHANGES | WNOHANG | WNOWAIT);

	if (pid == 0)
		return 0;
	if (pid > 0 && (WIFSTOPPED(*status) || WIFCONTINUED(*status))) {
		/* ECHILD: it has died since (kernel/exit.c). Looks again. */
		pid = wait_id(pid, status, CHANGES | WNOHANG);
		return pid > 0 ? pid : -EINTR;
	}
	if (pid == init->program && init->lifecycle_config.grace_ms != 0 &&
	    !lifecycle_lets_run_on(&init->lifecycle)) {
		init->group_signal = act_group_signal(init, clock_read(init));
		leftovers_tell_group(init);
	}
	return wait_for(pid < 0 ? -1 : pid, status, WNOHANG);
}

/* Takes one child that is dead or has changed; see wait_for(). */
static int reap_one(struct init *init, int pid, int *status)
{
	if (init->own == 1 || init->lifecycle.stage != STAGE_RUNNING ||
	    init->has_proc)
		return wait_for(pid, status, WNOHANG);
	return look_and_reap(init, status);
}

/* Nobody more can be reaped now; `error` is why. */
static void settle(struct init *init, int error)
{
	if (error == -ECHILD) {
		act_on_event(init, EVENT_NO_CHILDREN, 0);
		return;
	}
	if (lifecycle_wants_time(&init->lifecycle, 0))
		clock_read(init);
	act_on_event(init, EVENT_NOTHING_TO_REAP, 0);
}

/* So many children are reaped before signals and time have their turn. */
enum { REAPED_AT_ONCE = 1000 };

/*
 * Asking for one child by its number spares the kernel a walk over all of them
 * (kernel/exit.c, do_wait_pid), and one walk has to be enough.
 *
 * Children may die, or stop and go on, as fast as they are reaped, and for
 * ever. So after many of them signals (those below 17) and time have their
 * turn; a SIGCHLD to itself lets foster come back here.
 */
void reap_all(struct init *init, int named)
{
	int status, pid;
	unsigned left = REAPED_AT_ONCE;
	bool is_all;

	while (!lifecycle_is_over(&init->lifecycle)) {
		pid = reap_one(init, named, &status);
		if (pid > 0)
			take(init, pid, status);
		is_all = pid <= 0 && pid != -EINTR && named < 0;
		if (is_all ||
		    (--left == 0 && sys_kill(init->own, SIGCHLD) == 0)) {
			settle(init, pid);
			return;
		}
		named = -1;
	}
}

bool reap_blocking(struct init *init)
{
	int status, pid = wait_for(-1, &status, 0);

	if (pid > 0)
		take(init, pid, status);
	return pid > 0;
}
