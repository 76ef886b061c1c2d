/*
 * idle - is idle for a known time, on demand.
 *
 *	idle MILLISECONDS STATUS
 *
 * Says "ready"; reads one byte from standard input, sleeps for that time, says
 * "slept"; ends with STATUS when standard input ends.
 */
#include "actor.h"

int main(int argc, char **argv)
{
	struct timespec time = { 0, 0 };
	long ms;
	char byte;

	if (argc != 3)
		return ACTOR_FAILED;
	ms = number_of(argv[1]);
	time.tv_sec = ms / 1000;
	time.tv_nsec = ms % 1000 * 1000000;
	say("ready");
	must(read(STDIN_FILENO, &byte, 1) - 1, "read");
	while (nanosleep(&time, &time) != 0 && errno == EINTR)
		;
	say("slept");
	wait_end_of_file(STDIN_FILENO);
	return (int)number_of(argv[2]);
}
