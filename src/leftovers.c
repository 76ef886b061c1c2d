#include "leftovers.h"
#include "descendants.h"
#include "proc.h"
#include "readers.h"
#include "report.h"
#include "told.h"

/*
 * Where all descriptors are in use (a soft RLIMIT_NOFILE of 3), /proc cannot be
 * read though it is there. Standard input, which foster never reads, is given
 * up for it.
 */
static bool frees_descriptor(void)
{
	int fd = sys_open("/");

	if (fd >= 0)
		sys_close(fd);
	return fd == -EMFILE && sys_close(STDIN_FILENO) == 0;
}

bool leftovers_have_proc(struct init *init)
{
	if (!init->knows_proc)
		init->has_proc = proc_is_ours() ||
				 (frees_descriptor() && proc_is_ours());
	init->knows_proc = true;
	return init->has_proc;
}

/* ---- whom a step is about ---- */

void leftovers_send(int pid, int pidfd, int signal)
{
	if (pidfd < 0)
		sys_kill(pid, signal);
	else
		sys_pidfd_send_signal(pidfd, signal);
}

/* What is done to one leftover. Its pidfd is -1 where its number is enough. */
typedef void leftover_action(struct init *init, int pid, int pidfd,
			     struct lifecycle_step step);

/*
 * All children of `parent`, foster, or all processes where that is 0, which is
 * for process 1. A child's number is enough: it is not free before foster reaps
 * its owner.
 */
static void for_each(struct init *init, int parent, leftover_action *act,
		     struct lifecycle_step step)
{
	struct proc_walk walk;
	int pid;

	proc_walk_processes(&walk, parent);
	while ((pid = proc_next(&walk)) > 0)
		if (pid != init->own)
			act(init, pid, -1, step);
}

/*
 * A pidfd holds on to the process itself: whoever has the number later is not
 * hit.
 */
static void for_each_descendant(struct init *init, leftover_action *act,
				struct lifecycle_step step)
{
	struct descendants descendants;
	struct proc_walk walk;
	int pid, pidfd;

	descendants_begin(&descendants, init->own);
	proc_walk(&walk, "/proc");
	while ((pid = proc_next(&walk)) > 0) {
		pidfd = descendants_open(&descendants, pid);
		if (pidfd < 0)
			continue;
		act(init, pid, pidfd, step);
		sys_close(pidfd);
	}
	descendants_end(&descendants);
}

/* ---- telling ---- */

/* A signal that means nothing to a process ends it, or is ignored. */
static int signal_for(int pid, int signal)
{
	if (signal == SIGTERM || signals_has(proc_caught_signals(pid), signal))
		return signal;
	return SIGTERM;
}

static bool is_passed_over(struct init *init, int pid)
{
	if (init->told == NULL || !lifecycle_spares_readers(&init->lifecycle) ||
	    init->readers_left == 0 || !readers_pass_over(init, pid))
		return false;
	init->readers_left--;
	return true;
}

static void say_told(struct init *init, int pid, int signal)
{
	char name[SIGNALS_NAME_SIZE];

	log_say(&init->log, LOG_EVERYTHING, "%s to leftover %d",
		signals_name(signal, name), pid);
}

static enum told told_by(int signal)
{
	if (signal == 0)
		return TOLD_NOTHING;
	return signal == SIGTERM ? TOLD_TERM : TOLD_OTHERWISE;
}

/*
 * Each is told once; but who was told otherwise than by TERM gets that when
 * three quarters of the grace time are over. CONT comes behind, since a process
 * that is stopped cannot act on the signal.
 */
static void tell(struct init *init, int pid, int pidfd,
		 struct lifecycle_step step)
{
	bool is_escalating = step.action == STEP_TERMINATE_ALL &&
			     lifecycle_spares_readers(&init->lifecycle);
	enum told told = told_get(init, pid);
	int signal = SIGTERM;

	if (told == TOLD_WITH_GROUP) {
		/* 0: that was longer ago than the grace time. */
		told = told_by(init->group_signal);
		told_set(init, pid, told);
		if (told != TOLD_NOTHING)
			leftovers_send(pid, pidfd, SIGCONT);
	}
	if (told == TOLD_NOTHING) {
		if (is_passed_over(init, pid))
			return;
		signal = signal_for(pid, step.signal);
	} else if (told == TOLD_TERM || !is_escalating) {
		return;
	}
	told_set(init, pid, told_by(signal));
	leftovers_send(pid, pidfd, signal);
	if (log_wants(&init->log, LOG_EVERYTHING))
		say_told(init, pid, signal);
	leftovers_send(pid, pidfd, SIGCONT);
}

static void send_only(struct init *init, int pid, int pidfd,
		      struct lifecycle_step step)
{
	(void)init;
	leftovers_send(pid, pidfd, step.signal);
}

void leftovers_tell_group(struct init *init)
{
	if (init->shares_group)
		return;
	if (init->group_signal == 0)
		sys_kill(-init->program,
			 lifecycle_signal_to_end(&init->lifecycle));
	sys_kill(-init->program, SIGCONT);
}

/* ---- all of them ---- */

/* Nobody can be told from another: all or none. */
static void act_without_proc(struct init *init, struct lifecycle_step step)
{
	bool is_signal = step.action == STEP_SIGNAL_CHILDREN ||
			 step.action == STEP_KILL_ALL;

	if (step.action == STEP_REPORT) {
		init->left = -1;
		log_say(&init->log, LOG_NORMAL, "%s",
			init->own == 1
				? "left over when the time was up, killed"
				: "left over, out of reach without /proc");
		return;
	}
	if (init->own != 1 || (!is_signal && init->has_told_children))
		return;
	sys_kill(-1, step.signal);
	if (!is_signal)
		sys_kill(-1, SIGCONT);
}

static void act_by_proc(struct init *init, struct lifecycle_step step)
{
	init->readers_left = READERS_MAX;
	switch (step.action) {
	case STEP_TERMINATE_CHILDREN:
		for_each(init, init->own, tell, step);
		break;
	case STEP_TERMINATE_ALL:
		if (init->own == 1)
			for_each(init, 0, tell, step);
		else
			for_each_descendant(init, tell, step);
		break;
	case STEP_SIGNAL_CHILDREN:
		for_each(init, init->own, send_only, step);
		break;
	case STEP_KILL_ALL:
		/* Children come first: pidfds may be refused. */
		for_each(init, init->own, send_only, step);
		for_each_descendant(init, send_only, step);
		break;
	default:
		report_say(init);
	}
}

void leftovers_act(struct init *init, struct lifecycle_step step)
{
	bool is_telling = step.action == STEP_TERMINATE_CHILDREN ||
			  step.action == STEP_TERMINATE_ALL;

	if (is_telling && init->told == NULL)
		told_begin(init);
	if (leftovers_have_proc(init))
		act_by_proc(init, step);
	else
		act_without_proc(init, step);
	if (is_telling)
		init->has_told_children = true;
}
