#include "leftovers.h"
#include "proc.h"
#include "text.h"

OUT_OF_LINE bool leftovers_have_proc(struct leftovers *leftovers)
{
	if (!leftovers->knows_proc)
		leftovers->has_proc = proc_is_ours();
	leftovers->knows_proc = true;
	return leftovers->has_proc;
}

/*
 * Four megabytes of address space, of which a page is used for each 4,096
 * process ids. A list would need a bound; this has none and costs nothing
 * before there are leftovers.
 */
static void make_room(struct leftovers *leftovers)
{
	long memory = sys_map_zeroes(PID_LIMIT * sizeof(bool));

	if (memory > 0)
		leftovers->told = (bool *)memory;
}

/*
 * Marks `pid` as told; false if it already was. Without memory for that,
 * whoever is there at first is told, and nobody later: better one too few
 * than one twice.
 */
static bool mark(struct leftovers *leftovers, int pid)
{
	bool *told = leftovers->told;

	if (told == NULL)
		return !leftovers->has_told;
	if (told[pid])
		return false;
	told[pid] = true;
	return true;
}

void leftovers_forget(struct leftovers *leftovers, int pid)
{
	if (leftovers->told != NULL)
		leftovers->told[pid] = false;
}

/* Process `pid`, by its pidfd where there is one, is sent `signal`. */
static void send(int pid, int pidfd, int signal)
{
	if (pidfd < 0)
		sys_kill(pid, signal);
	else
		sys_pidfd_send_signal(pidfd, signal);
}

/*
 * A member of the group that had a signal to end through foster gets no
 * second one, but CONT: one that was stopped could not act on the first.
 */
static void tell(struct leftovers *leftovers, int pid, int pidfd, int signal)
{
	if (!mark(leftovers, pid))
		return;
	if (!leftovers->spare_group || sys_getpgid(pid) != leftovers->program) {
		send(pid, pidfd, signal);
		log_say(leftovers->log, LOG_EVERYTHING, T("%g to leftover %d"),
			signal, pid);
	}
	send(pid, pidfd, SIGNAL_CONT);
}

/*
 * A pidfd holds on to the process itself: whoever has the number later is
 * not hit (pidfd_open(2)). It is opened before /proc is asked who it is.
 */
static void tell_descendant(struct leftovers *leftovers, int pid, int signal)
{
	int pidfd = sys_pidfd_open(pid);

	if (pidfd < 0)
		return;
	if (proc_descends(pid, leftovers->own))
		tell(leftovers, pid, pidfd, signal);
	sys_close(pidfd);
}

static void act_on(struct leftovers *leftovers, int pid, enum keeper_step step,
		   int signal)
{
	if (step == KEEPER_SIGNAL_CHILDREN)
		sys_kill(pid, signal);
	else if (step == KEEPER_TELL_CHILDREN || leftovers->own == 1)
		tell(leftovers, pid, -1, signal);
	else
		tell_descendant(leftovers, pid, signal);
}

enum {
	NAMED_MAX = 3,
	COMMAND_SIZE = 32,
	NAME_SIZE = COMMAND_SIZE + 16,
	COMMA_SIZE = 2
};

/* Who is left: how many, and the first of them, a comma before each. */
struct report {
	int count;
	char *end;
	char names[NAMED_MAX * NAME_SIZE + 8];
};

static void add_to(struct report *report, int pid)
{
	char command[COMMAND_SIZE];
	char *end;

	proc_command(pid, command, sizeof(command));
	if (*command == '\0')
		return;
	end = wording_put(report->end, T(", "));
	if (report->count++ < NAMED_MAX) {
		end = wording_put(text_put_number(end, pid), T(" "));
		report->end = text_put(end, command);
	} else {
		text_put(end, "...");
	}
}

/* Nobody can be told from another: all or none. */
static void act_without_proc(struct leftovers *leftovers, enum keeper_step step,
			     int signal)
{
	bool is_telling = step < KEEPER_SIGNAL_CHILDREN;

	if (step == KEEPER_REPORT) {
		log_say(leftovers->log, LOG_NORMAL,
			leftovers->own == 1
				? T("left over when the time was up, killed")
				: T("left over, out of reach without /proc"));
		return;
	}
	if (leftovers->own != 1 || (is_telling && leftovers->has_told))
		return;
	sys_kill(-1, signal);
	if (is_telling)
		sys_kill(-1, SIGNAL_CONT);
}

static IN_LINE void act_by_proc(struct leftovers *leftovers,
				enum keeper_step step, int signal)
{
	int parent = leftovers->own;
	struct report report;
	struct proc_walk walk;
	int pid;

	report.count = 0;
	report.end = report.names;
	if (step == KEEPER_TELL_ALL ||
	    (step == KEEPER_REPORT && leftovers->own == 1))
		parent = 0;
	proc_walk_processes(&walk, parent);
	while ((pid = proc_next(&walk)) > 0) {
		if (pid == leftovers->own)
			continue;
		if (step == KEEPER_REPORT)
			add_to(&report, pid);
		else
			act_on(leftovers, pid, step, signal);
	}
	if (report.count > 0)
		log_say(leftovers->log, LOG_NORMAL, T("%d left over %t: %s"),
			report.count,
			leftovers->own == 1
				? T("when the time was up, killed")
				: T("in spite of SIGKILL"),
			report.names + COMMA_SIZE);
}

OUT_OF_LINE void leftovers_act(struct leftovers *leftovers,
			       enum keeper_step step, int signal)
{
	bool is_telling = step < KEEPER_SIGNAL_CHILDREN;

	if (is_telling && !leftovers->has_told)
		make_room(leftovers);
	if (leftovers_have_proc(leftovers))
		act_by_proc(leftovers, step, signal);
	else
		act_without_proc(leftovers, step, signal);
	leftovers->has_told |= is_telling;
}

void leftovers_tell_group(struct leftovers *leftovers, int signal)
{
	if (!leftovers->spare_group)
		sys_kill(-leftovers->program, signal);
	sys_kill(-leftovers->program, SIGNAL_CONT);
}
