/*
 * minimal - lives by calls that an init does not make.
 *
 *	minimal [-o] [-s] [-l] STATUS
 *
 * For tests whose filter refuses what the init calls: a program inherits that
 * filter. It uses signalfd4, pselect6, readv, writev and clone instead.
 *
 * It says "ready". At TERM it says "got" and ends with STATUS; it ends so as
 * well when standard input ends. With -l it leaves a process behind that does
 * the same ("leftover ready", "leftover got") but for standard input; -s before
 * -l: that one is stubborn and takes no notice of TERM. With -o it makes an
 * orphan ("orphan PID") that lives until it is killed.
 *
 * Where rt_sigprocmask is refused, TERM must have been blocked before.
 */
#include "actor.h"
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/uio.h>

static void tell(const char *who, const char *what, const char *number)
{
	struct iovec parts[] = {
		{ (void *)who, strlen(who) },
		{ (void *)what, strlen(what) },
		{ (void *)number, strlen(number) },
		{ (void *)"\n", 1 },
	};

	if (writev(STDOUT_FILENO, parts, 4) < 0)
		_exit(ACTOR_FAILED);
}

static int open_term(void)
{
	sigset_t term;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	return (int)must(signalfd(-1, &term, SFD_CLOEXEC), "signalfd");
}

static bool has_news(int fd)
{
	char bytes[256];
	struct iovec part = { bytes, sizeof(bytes) };

	return readv(fd, &part, 1) >= 0;
}

/* Until TERM comes, or the end of the file. */
static void live(const char *who, int term, int input)
{
	fd_set files;

	tell(who, "ready", "");
	for (;;) {
		FD_ZERO(&files);
		FD_SET(term, &files);
		if (input >= 0)
			FD_SET(input, &files);
		if (pselect((term > input ? term : input) + 1, &files, NULL,
			    NULL, NULL, NULL) < 0)
			continue;
		if (FD_ISSET(term, &files) && has_news(term)) {
			tell(who, "got", "");
			return;
		}
		if (input >= 0 && FD_ISSET(input, &files) && has_news(input))
			return;
	}
}

static void sleep_for_ever(void)
{
	for (;;)
		pselect(0, NULL, NULL, NULL, NULL, NULL);
}

static void leave_one_behind(bool is_stubborn)
{
	if (must(fork(), "fork") != 0)
		return;
	if (is_stubborn) {
		open_term();
		tell("leftover ", "ready", "");
		sleep_for_ever();
	}
	live("leftover ", open_term(), -1);
	_exit(0);
}

/* The parent in between is not waited for: that takes a call of the init's. */
static void make_orphan(void)
{
	char number[16];
	pid_t orphan;

	if (must(fork(), "fork") != 0)
		return;
	orphan = (pid_t)must(fork(), "fork");
	if (orphan == 0)
		sleep_for_ever();
	snprintf(number, sizeof(number), "%d", (int)orphan);
	tell("orphan ", number, "");
	_exit(0);
}

int main(int argc, char **argv)
{
	bool is_stubborn = false;
	int option;

	while ((option = getopt(argc, argv, "los")) >= 0) {
		if (option == 'l')
			leave_one_behind(is_stubborn);
		else if (option == 's')
			is_stubborn = true;
		else if (option == 'o')
			make_orphan();
		else
			return ACTOR_FAILED;
	}
	if (optind != argc - 1)
		return ACTOR_FAILED;
	live("", open_term(),
	     fcntl(STDIN_FILENO, F_GETFD) >= 0 ? STDIN_FILENO : -1);
	return (int)number_of(argv[optind]);
}
