/*
 * stamp.c - the program whose start and end are timed: writes CLOCK_MONOTONIC
 * (ns, 8 bytes) as its first instruction finds it, sleeps until the init is
 * surely idle, writes the time once more and exits 0.
 */
#include <time.h>
#include "tiny.h"

enum { REST_NS = 300000 };

static void write_time(void)
{
	struct timespec now;
	long long ns;

	call(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&now, 0, 0);
	ns = now.tv_sec * 1000000000LL + now.tv_nsec;
	call(SYS_write, 1, (long)&ns, sizeof(ns), 0);
}

static int tiny_main(int argc, char **argv, char **envp)
{
	struct timespec rest = { 0, REST_NS };

	(void)argc, (void)argv, (void)envp;
	write_time();
	call(SYS_nanosleep, (long)&rest, 0, 0, 0);
	write_time();
	return 0;
}
