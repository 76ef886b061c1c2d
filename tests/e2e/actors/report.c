/*
 * report - says how it was started, and ends with 0.
 *
 *	report [-o FD] [ARGUMENT]...
 *
 * One line each: pid, ppid, pgrp, session; blocked and ignored, sets of
 * signals in hexadecimal with signal 1 in the lowest bit; cwd; "open FD" for
 * each open file; "argument TEXT" from argv[0] on; "variable TEXT" of the
 * environment; "done". With -o it writes to that file, not to standard output.
 */
#include "actor.h"

enum { FILES_MAX = 1100 };

int main(int argc, char **argv, char **environment)
{
	/* See child_signals() in e2e.c for the layout. */
	struct {
		void *handler;
		unsigned long rest[7];
	} action;
	uint64_t ignored = 0;
	char cwd[4096];
	int number, fd, i;

	if (argc > 2 && strcmp(argv[1], "-o") == 0)
		actor_output = (int)number_of(argv[2]);
	for (number = 1; number <= ACTOR_LAST_SIGNAL; number++) {
		must(syscall(SYS_rt_sigaction, number, NULL, &action,
			     sizeof(uint64_t)), "rt_sigaction");
		if (action.handler == (void *)SIG_IGN)
			ignored |= ACTOR_SIGNAL(number);
	}
	say("pid %d", (int)getpid());
	say("ppid %d", (int)getppid());
	say("pgrp %d", (int)getpgrp());
	say("session %d", (int)getsid(0));
	say("blocked 0x%016llx", (unsigned long long)set_mask(SIG_BLOCK, 0));
	say("ignored 0x%016llx", (unsigned long long)ignored);
	say("cwd %s", getcwd(cwd, sizeof(cwd)) != NULL ? cwd : "?");
	for (fd = 0; fd < FILES_MAX; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			say("open %d", fd);
	for (i = 0; i < argc; i++)
		say("argument %s", argv[i]);
	for (i = 0; environment[i] != NULL; i++)
		say("variable %s", environment[i]);
	say("done");
	return 0;
}
