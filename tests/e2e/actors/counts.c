/*
 * counts - counts queued signals and looks at their order.
 *
 *	counts EACH FIRST LAST
 *
 * Blocks all signals, says "ready", takes EACH signals of each number from
 * FIRST to LAST, and says "in order COUNT" and ends with 0 if the values of a
 * number were 0, 1, 2 ... Else it says the first that was not and ends with 1.
 */
#include "actor.h"

int main(int argc, char **argv)
{
	int next[ACTOR_LAST_SIGNAL + 1] = { 0 };
	long each, first, last, taken, total;
	uint64_t set = 0;
	int number;

	if (argc != 4)
		return ACTOR_FAILED;
	each = number_of(argv[1]);
	first = number_of(argv[2]);
	last = number_of(argv[3]);
	for (number = (int)first; number <= last; number++)
		set |= ACTOR_SIGNAL(number);
	total = each * (last - first + 1);
	set_mask(SIG_SETMASK, ACTOR_ALL_SIGNALS);
	say("ready");
	for (taken = 0; taken < total; taken++) {
		siginfo_t info;

		memset(&info, 0, sizeof(info));
		number = take_signal(set, &info);
		if (info.si_value.sival_int != next[number]) {
			say("signal %d after %ld: value %d, not %d", number,
			    taken, info.si_value.sival_int, next[number]);
			return 1;
		}
		next[number]++;
	}
	say("in order %ld", total);
	return 0;
}
