/*
 * storm - makes many orphans that end at once.
 *
 *	storm COUNT STATUS
 *
 * Half of the orphans are dead when their parent dies, so that they come to the
 * init as zombies; the other half end when they like. It says "making" when it
 * begins, "so far COUNT" now and then, "made COUNT" when all are, and ends with
 * STATUS when standard input ends.
 */
#include "actor.h"

enum { BATCH = 100 };

static void make_batch(long count)
{
	long i;

	for (i = 0; i < count; i++) {
		pid_t child = fork();
		siginfo_t info;

		/* A status of its own: it must not pass for the program's. */
		if (child == 0)
			_exit((int)(i % 255) + 1);
		if (child < 0)
			_exit(ACTOR_FAILED);
		if (i % 2 == 0)
			must(waitid(P_PID, (id_t)child, &info,
				    WEXITED | WNOWAIT), "waitid");
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	long count, made;

	if (argc != 3)
		return ACTOR_FAILED;
	count = number_of(argv[1]);
	/* Inherited as ignored, it would have the kernel reap our children. */
	signal(SIGCHLD, SIG_DFL);
	say("making");
	for (made = 0; made < count; made += BATCH) {
		long batch = count - made < BATCH ? count - made : BATCH;
		pid_t parent = (pid_t)must(fork(), "fork");

		if (parent == 0)
			make_batch(batch);
		if (wait_child(parent) != 0)
			return ACTOR_FAILED;
		say("so far %ld", made + batch);
	}
	say("made %ld", count);
	wait_end_of_file(STDIN_FILENO);
	return (int)number_of(argv[2]);
}
