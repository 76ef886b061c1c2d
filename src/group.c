#include "group.h"
#include "leftovers.h"
#include "proc.h"
#include "readers.h"
#include "told.h"

/* A shell has what it starts in the background ignore INT and QUIT. */
static bool is_reached(const struct init *init, int pid, int signal)
{
	return pid != init->program && sys_getpgid(pid) == init->program &&
	       !signals_has(proc_ignored_signals(pid), signal);
}

bool group_note(struct init *init, int signal, bool spares_readers)
{
	struct proc_walk walk;
	int pid, left = spares_readers ? READERS_MAX : 0;
	bool has_reader = false;

	if (!leftovers_have_proc(init))
		return false;
	told_end(init);
	told_begin(init);
	proc_walk(&walk, "/proc");
	while ((pid = proc_next(&walk)) > 0) {
		if (!is_reached(init, pid, signal))
			continue;
		if (left > 0 && readers_wait(init, pid)) {
			left--;
			has_reader = true;
		} else {
			told_set(init, pid, TOLD_WITH_GROUP);
		}
	}
	return has_reader && init->told != NULL;
}

/* A pidfd is opened before it is asked whose number that is now. */
void group_signal_noted(struct init *init, int signal)
{
	struct proc_walk walk;
	int pid, pidfd;

	proc_walk(&walk, "/proc");
	while ((pid = proc_next(&walk)) > 0) {
		if (told_get(init, pid) != TOLD_WITH_GROUP)
			continue;
		pidfd = sys_pidfd_open(pid);
		if (sys_getpgid(pid) == init->program)
			leftovers_send(pid, pidfd, signal);
		if (pidfd >= 0)
			sys_close(pidfd);
	}
}
