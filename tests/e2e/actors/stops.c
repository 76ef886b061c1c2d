/*
 * stops - stops itself, and ends with 9 at the first signal it then gets.
 *
 *	stops [-m]
 *
 * Says "ready PID" and sends itself SIGSTOP. TERM, INT, QUIT and HUP end it:
 * it says "got NUMBER". With -m a second member of its process group does the
 * same ("member ready PID", "member got NUMBER"), and it waits for that one.
 */
#include "actor.h"

static volatile sig_atomic_t caught;

static void on_signal(int number)
{
	caught = number;
}

/* Blocked but while it waits: no signal can slip in between. */
static void stop_and_wait(const char *who)
{
	sigset_t none;

	say("%sready %d", who, (int)getpid());
	must(kill(getpid(), SIGSTOP), "kill");
	sigemptyset(&none);
	while (caught == 0)
		sigsuspend(&none);
	say("%sgot %d", who, (int)caught);
}

int main(int argc, char **argv)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGQUIT, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t all;
	pid_t member = 0;
	size_t i;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		must(sigaction(numbers[i], &action, NULL), "sigaction");
	if (argc > 1 && strcmp(argv[1], "-m") == 0) {
		member = (pid_t)must(fork(), "fork");
		if (member == 0) {
			stop_and_wait("member ");
			return 0;
		}
	}
	stop_and_wait("");
	if (member != 0)
		wait_child(member);
	return 9;
}
