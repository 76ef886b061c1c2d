/*
 * ends - ends with a status or by a signal.
 *
 *	ends [-f FD] STATUS	with this exit status
 *	ends [-f FD] -s SIGNAL	by this signal, whatever was blocked or ignored
 *
 * With -f it says "ready" and its process id, and first waits for the end of
 * that file.
 */
#include "actor.h"

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	int number;

	if (argc > 2 && strcmp(argv[1], "-f") == 0) {
		say("ready %d", (int)getpid());
		wait_end_of_file((int)number_of(argv[2]));
		argc -= 2;
		argv += 2;
	}
	if (argc == 2)
		return (int)number_of(argv[1]);
	if (argc != 3)
		return ACTOR_FAILED;
	number = (int)number_of(argv[2]);
	/* No core is dumped of a process that may not be (core(5)). */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	/* 32 and 33 are default anyway: glibc would not set them. */
	sigaction(number, &action, NULL);
	set_mask(SIG_SETMASK, 0);
	must(syscall(SYS_kill, getpid(), number), "kill");
	return ACTOR_FAILED;
}
