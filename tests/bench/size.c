/*
 * size.c - how large foster is: the file, and idle as process 1.
 *
 *	size FOSTER HOLD
 *
 * Starts it STARTS times as process 1 of a fresh PID namespace, in front of a
 * program that only waits, and reads /proc/PID/smaps_rollup as soon as it
 * sits in its one wait. The number differs from start to start, because the
 * kernel puts the arguments at a random place on their page. Then counts how
 * often it woke up while the machine did something else for a while.
 * Prints a table in Markdown. proc_pid_smaps(5)
 */
#include "process1.h"
#include <sys/stat.h>

enum { STARTS = 300, IDLE_MS = 1000 };

/* What a container's program usually starts with. */
static char *environment[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"HOSTNAME=0123456789ab",
	"HOME=/root",
	NULL,
};

static long wakes_while_idle(pid_t pid)
{
	long before = wakes_of(pid);

	sleep_ns(IDLE_MS * NS_PER_MS);
	return wakes_of(pid) - before;
}

int main(int argc, char **argv)
{
	long resident = 0, resident_most = 0, dirty = 0, wakes = 0;
	struct stat file;

	if (argc != 3 || stat(argv[1], &file) < 0)
		die("usage: size FOSTER HOLD");
	sync(); /* else pages of a file just built count as changed ones */
	for (int i = 0; i < STARTS; i++) {
		char *words[] = { argv[1], "--", argv[2], NULL };
		struct held held = { .launch = { .argv = words,
						 .envp = environment } };
		long rss;

		if (!hold(&held))
			die("foster does not come to rest");
		rss = process_number(held.pid, "smaps_rollup", "Rss:");
		resident += rss;
		if (rss > resident_most)
			resident_most = rss;
		dirty += process_number(held.pid, "smaps_rollup", "Pss_Anon:");
		if (i == 0)
			wakes = wakes_while_idle(held.pid);
		let_go(&held);
	}
	printf("| | |\n|---|---|\n");
	printf("| file | %lld bytes |\n", (long long)file.st_size);
	printf("| resident, idle, as process 1 (mean of %d starts) | %.1f kB |\n",
	       STARTS, (double)resident / STARTS);
	printf("| resident, the most of them | %ld kB |\n", resident_most);
	printf("| of that its own, not of the file (mean) | %.1f kB |\n",
	       (double)dirty / STARTS);
	printf("| wake-ups in %d idle ms | %ld |\n", IDLE_MS, wakes);
	return 0;
}
