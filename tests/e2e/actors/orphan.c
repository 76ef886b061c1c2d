/*
 * orphan - makes one orphan that lives until it is killed.
 *
 *	orphan STATUS
 *
 * The orphan says "orphan PID of PPID" when it has been given to its new
 * parent. The program ends with STATUS when standard input ends.
 */
#include "actor.h"

int main(int argc, char **argv)
{
	pid_t parent;

	if (argc != 2)
		return ACTOR_FAILED;
	parent = (pid_t)must(fork(), "fork");
	if (parent == 0) {
		pid_t before = getpid();

		if (must(fork(), "fork") != 0)
			_exit(0);
		while (getppid() == before)
			sched_yield();
		say("orphan %d of %d", (int)getpid(), (int)getppid());
		wait_for_ever();
	}
	wait_child(parent);
	wait_end_of_file(STDIN_FILENO);
	return (int)number_of(argv[1]);
}
