#include "descendants.h"
#include "sys.h"

/*
 * What is known of a process: its parent and when it was started, and whether
 * both readings said so. Where it was judged, foster stands in the place of its
 * parent if it descends from foster, else 0, nobody.
 */
struct kin {
	uint64_t start;
	int parent;
	bool is_sure;
};

enum { KIN_SIZE = PID_MAX_LIMIT * sizeof(struct kin) };

static void read_parents(struct kin *kin, bool is_first)
{
	struct proc_walk walk;
	struct proc_stat stat;
	int pid;

	proc_walk(&walk, "/proc");
	while ((pid = proc_next(&walk)) > 0) {
		if (!proc_stat(pid, &stat))
			continue;
		if (is_first)
			kin[pid] = (struct kin){ stat.start, stat.parent,
						 false };
		else
			kin[pid].is_sure = kin[pid].parent == stat.parent &&
					   kin[pid].start == stat.start;
	}
}

/*
 * While parents are read, a process may end and its number be used again, so
 * that a stranger seems to descend from foster. But a process never gets a
 * former parent back. So who has the same parent in the second reading had it
 * all the time, and all of these times share a moment: that between the two
 * readings. In that moment all chains of parents were true. For the same reason
 * none is a circle; and who descends from foster does so as long as it lives.
 */
void descendants_begin(struct descendants *descendants, int own)
{
	descendants->own = own;
	descendants->kin = sys_map_zeroes(KIN_SIZE);
	if (descendants->kin == NULL)
		return;
	read_parents(descendants->kin, true);
	read_parents(descendants->kin, false);
}

void descendants_end(struct descendants *descendants)
{
	if (descendants->kin != NULL)
		sys_munmap(descendants->kin, KIN_SIZE);
}

static int parent_of(const struct kin *kin, int pid)
{
	return kin[pid].is_sure ? kin[pid].parent : 0;
}

/*
 * All on the way up are judged with it: no way is walked twice. The bound is
 * for a /proc that is not the kernel's.
 */
bool descendants_have(const struct descendants *descendants, int pid)
{
	struct kin *kin = descendants->kin;
	int own = descendants->own, left = PID_MAX_LIMIT, end = pid, next;

	if (kin == NULL || pid == own)
		return false;
	while ((next = parent_of(kin, end)) != 0 && next != own && left-- > 0)
		end = next;
	for (; pid != end; pid = next) {
		next = kin[pid].parent;
		kin[pid].parent = parent_of(kin, end);
	}
	return parent_of(kin, end) == own;
}

/* It is opened before /proc is asked whether it is still the same one. */
int descendants_open(const struct descendants *descendants, int pid)
{
	struct proc_stat stat;
	int pidfd;

	if (!descendants_have(descendants, pid))
		return -ESRCH;
	pidfd = sys_pidfd_open(pid);
	if (pidfd >= 0 && proc_stat(pid, &stat) &&
	    stat.start == descendants->kin[pid].start)
		return pidfd;
	if (pidfd >= 0)
		sys_close(pidfd);
	return pidfd < 0 ? pidfd : -ESRCH;
}
