/*
 * waits - waits for a signal that ends it, with no signal blocked.
 *
 *	waits [-q]
 *
 * Says "ready PID" first, but not with -q.
 */
#include "actor.h"

int main(int argc, char **argv)
{
	(void)argv;
	set_mask(SIG_SETMASK, 0);
	if (argc == 1)
		say("ready %d", (int)getpid());
	wait_for_ever();
}
