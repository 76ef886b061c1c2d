/*
 * user - becomes another user, so that the init may not signal it any more.
 *
 *	user UID STATUS
 *
 * Says "ready", and ends with STATUS when standard input ends.
 */
#include "actor.h"
#include <grp.h>

int main(int argc, char **argv)
{
	uid_t uid;

	if (argc != 3)
		return ACTOR_FAILED;
	uid = (uid_t)number_of(argv[1]);
	must(setgroups(0, NULL), "setgroups");
	must(setresgid(uid, uid, uid), "setresgid");
	must(setresuid(uid, uid, uid), "setresuid");
	say("ready");
	wait_end_of_file(STDIN_FILENO);
	return (int)number_of(argv[2]);
}
