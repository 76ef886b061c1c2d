/*
 * signals - says each signal that comes.
 *
 *	signals [-m] [-p] [LAST]
 *
 * Blocks all signals, says "ready", takes one signal after the other and says
 * "got NUMBER code CODE pid SENDER uid UID value VALUE"; ends with 0 when it
 * has got LAST. With -m a second member of its process group does the same and
 * says "member got ..."; both end with LAST. With -p the queue for signals with
 * a value is closed to it first (RLIMIT_SIGPENDING 0).
 */
#include "actor.h"

static void take_signals(const char *who, int last)
{
	siginfo_t info;
	int number;

	do {
		memset(&info, 0, sizeof(info));
		number = take_signal(ACTOR_ALL_SIGNALS, &info);
		say("%sgot %d code %d pid %d uid %d value %d", who, number,
		    info.si_code, (int)info.si_pid, (int)info.si_uid,
		    info.si_value.sival_int);
	} while (number != last);
}

int main(int argc, char **argv)
{
	bool has_member = false;
	struct rlimit none = { 0, 0 };
	pid_t member = 0;
	int option, last = 0;

	while ((option = getopt(argc, argv, "mp")) >= 0) {
		if (option == 'm')
			has_member = true;
		else if (option == 'p')
			must(setrlimit(RLIMIT_SIGPENDING, &none), "setrlimit");
		else
			return ACTOR_FAILED;
	}
	if (optind < argc)
		last = (int)number_of(argv[optind]);
	set_mask(SIG_SETMASK, ACTOR_ALL_SIGNALS);
	/* The member inherits the mask: it is ready when it exists. */
	if (has_member) {
		member = (pid_t)must(fork(), "fork");
		if (member == 0) {
			take_signals("member ", last);
			return 0;
		}
	}
	say("ready");
	take_signals("", last);
	if (has_member)
		wait_child(member);
	return 0;
}
