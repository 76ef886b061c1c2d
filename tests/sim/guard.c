/* guard.c - apart from the rest, since signal.h and abi.h do not go together. */
#include "suite.h"

#include <signal.h>

static void leave(int signal)
{
	(void)signal;
	if (suite_instead != NULL)
		suite_instead();
}

void suite_guard(void)
{
	struct sigaction action = { .sa_handler = leave,
				    .sa_flags = SA_NODEFER };

	sigaction(SIGSEGV, &action, NULL);
}
