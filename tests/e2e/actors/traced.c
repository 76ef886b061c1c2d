/*
 * traced - is traced by its parent, as debuggers' children are, and stops.
 *
 *	traced SIGNAL
 *	traced -o
 *
 * Sends itself SIGNAL and ends with 7. With -o an orphan of it is traced, says
 * "orphan PID", stops by exec, as which it is a program that ends at once; the
 * first process ends with 7 when its standard input does.
 */
#include "actor.h"
#include <sys/ptrace.h>

enum { STATUS = 7 };

__attribute__((noreturn))
static void be_orphan(pid_t parent, const char *self)
{
	while (getppid() == parent)
		sched_yield();
	must(ptrace(PTRACE_TRACEME, 0, NULL, NULL), "ptrace");
	say("orphan %d", (int)getpid());
	execl(self, self, "0", NULL);
	_exit(ACTOR_FAILED);
}

int main(int argc, char **argv)
{
	pid_t parent;
	int number;

	if (argc != 2)
		return ACTOR_FAILED;
	set_mask(SIG_SETMASK, 0);
	if (strcmp(argv[1], "-o") == 0) {
		parent = (pid_t)must(fork(), "fork");
		if (parent == 0) {
			parent = getpid();
			if (must(fork(), "fork") == 0)
				be_orphan(parent, argv[0]);
			_exit(0);
		}
		wait_child(parent);
		wait_end_of_file(STDIN_FILENO);
		return STATUS;
	}
	number = (int)number_of(argv[1]);
	if (number > 0) {
		must(ptrace(PTRACE_TRACEME, 0, NULL, NULL), "ptrace");
		must(kill(getpid(), number), "kill");
	}
	return STATUS;
}
