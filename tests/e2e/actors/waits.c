/*
 * waits - waits for a signal that ends it, with no signal blocked.
 *
 *	waits [-q]
 *
 * Says "ready" first, but not with -q.
 */
#include "actor.h"

int main(int argc, char **argv)
{
	(void)argv;
	set_mask(SIG_SETMASK, 0);
	if (argc == 1)
		say("ready");
	wait_for_ever();
}
