/*
 * tty_reader - sits at the controlling terminal and says what happens there.
 *
 *	tty_reader [-p] [-l | -k] [-g | -c]
 *
 * Says "ready PID foreground ANSWER", where the answer is yes if its own group
 * is the foreground group, no if it is not, none if there is no controlling
 * terminal. Then, for each CONT, "continued foreground ANSWER", and for each
 * INT, QUIT, HUP, USR1, WINCH and IO "got NUMBER". TERM ends it with 7. TSTP,
 * TTIN and TTOU do what they do by default.
 *
 *	-p	it is a plain program: it catches CONT alone
 *	-l	reads lines: says "line TEXT"; the line "endnow" ends it with 7
 *	-k	reads keys, as an editor does: without line editing, which it
 *		switches off when it begins and after each CONT, and on again
 *		when it ends and before it stops by TSTP. Says "key CODE", and
 *		"modes lost" instead if they are not what it set; "q" ends it
 *		with 7
 *	-g	at USR1 it gives the terminal to the group of its parent
 *	-c	the same, to a child in a group of its own, who does nothing; it
 *		said "child PID" first
 */
#include "actor.h"
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>

enum { STATUS = 7 };

static int terminal = -1;
static bool reads_lines, reads_keys, gives_away;
static pid_t heir;	/* the group that it gives the terminal to */
static struct termios modes_before;

static const char *foreground(void)
{
	pid_t group;

	if (terminal < 0 || ioctl(terminal, TIOCGPGRP, &group) != 0)
		return "none";
	return group == getpgrp() ? "yes" : "no";
}

static void begin_keys(void)
{
	struct termios modes = modes_before;

	modes.c_lflag &= ~(tcflag_t)ICANON;
	modes.c_cc[VMIN] = 1;
	modes.c_cc[VTIME] = 0;
	must(tcsetattr(terminal, TCSANOW, &modes), "tcsetattr");
}

static void end_keys(void)
{
	must(tcsetattr(terminal, TCSANOW, &modes_before), "tcsetattr");
}

__attribute__((noreturn))
static void end(void)
{
	if (reads_keys)
		end_keys();
	exit(STATUS);
}

static void give_away(void)
{
	pid_t group = heir != 0 ? heir : getpgid(getppid());

	set_mask(SIG_BLOCK, ACTOR_SIGNAL(SIGTTOU));
	must(ioctl(terminal, TIOCSPGRP, &group), "TIOCSPGRP");
	set_mask(SIG_UNBLOCK, ACTOR_SIGNAL(SIGTTOU));
}

static void begin_child(void)
{
	/* It may be killed: then nothing of it is left. */
	signal(SIGCHLD, SIG_IGN);
	heir = (pid_t)must(fork(), "fork");
	if (heir == 0)
		wait_for_ever();
	must(setpgid(heir, heir), "setpgid");
	say("child %d", (int)heir);
}

/* As editors do: the whole group stops. */
static void stop(void)
{
	end_keys();
	signal(SIGTSTP, SIG_DFL);
	must(kill(0, SIGTSTP), "kill");
	set_mask(SIG_UNBLOCK, ACTOR_SIGNAL(SIGTSTP));
	set_mask(SIG_BLOCK, ACTOR_SIGNAL(SIGTSTP));
}

static void take(int number)
{
	if (number == SIGTSTP) {
		stop();
		return;
	}
	if (number != SIGCONT) {
		if (number == SIGUSR1 && gives_away)
			give_away();
		say("got %d", number);
		if (number == SIGTERM)
			end();
		return;
	}
	say("continued foreground %s", foreground());
	if (reads_keys)
		begin_keys();
}

static void read_line(void)
{
	char line[256];
	ssize_t length = read(terminal, line, sizeof(line) - 1);

	/* Others may have read it while this was stopped. */
	if (length < 0 && errno == EAGAIN)
		return;
	must(length, "read");
	if (length > 0 && line[length - 1] == '\n')
		length--;
	line[length] = '\0';
	say("line %s", line);
	if (strcmp(line, "endnow") == 0)
		end();
}

static void read_key(void)
{
	struct termios modes;
	unsigned char key = 0;

	if (read(terminal, &key, 1) < 0 && errno == EAGAIN)
		return;
	must(tcgetattr(terminal, &modes), "tcgetattr");
	if ((modes.c_lflag & ICANON) != 0)
		say("modes lost");
	else
		say("key %d", key);
	if (key == 'q')
		end();
}

int main(int argc, char **argv)
{
	uint64_t set = ACTOR_SIGNAL(SIGCONT);
	struct signalfd_siginfo info;
	struct pollfd files[2];
	bool is_plain = false;
	int option;

	while ((option = getopt(argc, argv, "plkgc")) >= 0) {
		is_plain |= option == 'p';
		reads_lines |= option == 'l';
		reads_keys |= option == 'k';
		gives_away |= option == 'g' || option == 'c';
		if (option == 'c')
			begin_child();
	}
	if (!is_plain)
		set |= ACTOR_SIGNAL(SIGINT) | ACTOR_SIGNAL(SIGQUIT) |
			ACTOR_SIGNAL(SIGHUP) | ACTOR_SIGNAL(SIGUSR1) |
			ACTOR_SIGNAL(SIGWINCH) | ACTOR_SIGNAL(SIGIO) |
			ACTOR_SIGNAL(SIGTERM);
	if (reads_keys)
		set |= ACTOR_SIGNAL(SIGTSTP);
	set_mask(SIG_SETMASK, set);
	files[0].fd = (int)must(syscall(SYS_signalfd4, -1, &set, sizeof(set),
					SFD_CLOEXEC), "signalfd");
	files[0].events = POLLIN;
	terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	files[1].fd = reads_lines || reads_keys ? terminal : -1;
	files[1].events = POLLIN;
	if (reads_keys) {
		must(tcgetattr(terminal, &modes_before), "tcgetattr");
		begin_keys();
	}

	say("ready %d foreground %s", (int)getpid(), foreground());
	for (;;) {
		if (poll(files, 2, -1) < 0)
			continue;
		if (files[0].revents != 0) {
			must(read(files[0].fd, &info, sizeof(info)), "read");
			/* It may stop: look again then for input. */
			take((int)info.ssi_signo);
		} else if (reads_lines) {
			read_line();
		} else {
			read_key();
		}
	}
}
