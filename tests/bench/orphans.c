/*
 * orphans.c - the program for counting an init's system calls: for each number
 * (4 bytes) read from standard input it makes so many zombies the init's at
 * one instant, and writes a byte when all are reaped. One byte at first.
 */
#include "orphan.h"

enum { ORPHANS_MAX = 1 << 16, LOOK_US = 200 };

static pid_t pids[ORPHANS_MAX];

int main(void)
{
	struct orphans orphans = { .at_once = true, .pids = pids };
	unsigned count = 0;

	while (write(STDOUT_FILENO, "R", 1) == 1 &&
	       read(STDIN_FILENO, &count, sizeof(count)) == sizeof(count) &&
	       count <= ORPHANS_MAX) {
		orphans.count = (int)count;
		if (!make_orphans(&orphans))
			die("orphans: %s", strerror(errno));
		for (unsigned i = 0; i < count; i++)
			while (!is_reaped(pids[i]))
				sleep_ns(LOOK_US * NS_PER_US);
	}
	return 0;
}
