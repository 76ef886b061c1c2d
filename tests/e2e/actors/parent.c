/*
 * parent - starts a program and lives until it is killed.
 *
 *	parent [-n] PROGRAM [ARGUMENT]...
 *
 * With -n the program is process 1 of a PID namespace of its own. It becomes a
 * session leader first: then nothing but its parent's death ties it to this.
 */
#include "actor.h"

static char stack[65536] __attribute__((aligned(64)));

static int run(void *arguments)
{
	char **program = arguments;

	must(setsid(), "setsid");
	execv(program[0], program);
	say("actor: exec %s: %s", program[0], strerror(errno));
	return ACTOR_FAILED;
}

int main(int argc, char **argv)
{
	int flags = SIGCHLD;

	if (argc > 2 && strcmp(argv[1], "-n") == 0) {
		flags |= CLONE_NEWPID;
		argv++;
	}
	if (argv[1] == NULL)
		return ACTOR_FAILED;
	must(clone(run, stack + sizeof(stack), flags, argv + 1), "clone");
	wait_for_ever();
}
