/*
 * size.c - how large foster is: the file, and idle as process 1 and as a
 * subreaper.
 *
 *	size FOSTER HOLD
 *
 * Starts it STARTS times in front of a program that only waits, and reads
 * /proc/PID/smaps_rollup as soon as it sits in its one wait. The number
 * differs from start to start, because the kernel puts the arguments at a
 * random place on their page. Then counts how often it woke up while the
 * machine did something else for a while.
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

static void print_idle(char **words, bool is_subreaper, const char *place)
{
	long resident = 0, resident_most = 0, own = 0, wakes = 0;

	for (int i = 0; i < STARTS; i++) {
		struct held held = { .launch = { .argv = words,
						 .envp = environment,
						 .is_subreaper =
							 is_subreaper } };
		long kb;

		if (!hold(&held))
			die("foster does not come to rest");
		kb = resident_kb(&held);
		resident += kb;
		if (kb > resident_most)
			resident_most = kb;
		own += process_number(held.pid, "smaps_rollup", "Pss_Anon:");
		if (i == 0)
			wakes = wakes_while_idle(held.pid);
		let_go(&held);
	}
	printf("| resident, idle, %s (mean of %d starts) | %.1f kB |\n", place,
	       STARTS, (double)resident / STARTS);
	printf("| the most of them | %ld kB |\n", resident_most);
	printf("| of that its own, not of the file (mean) | %.1f kB |\n",
	       (double)own / STARTS);
	printf("| wake-ups in %d idle ms | %ld |\n", IDLE_MS, wakes);
}

int main(int argc, char **argv)
{
	struct stat file;

	if (argc != 3 || stat(argv[1], &file) < 0)
		die("usage: size FOSTER HOLD");
	sync(); /* else pages of a file just built count as changed ones */
	printf("| | |\n|---|---|\n");
	printf("| file | %lld bytes |\n", (long long)file.st_size);
	for (int is_subreaper = 0; is_subreaper < 2; is_subreaper++)
		print_idle((char *[]){ argv[1], "--", argv[2], NULL },
			   is_subreaper,
			   is_subreaper ? "as a subreaper" : "as process 1");
	return 0;
}
