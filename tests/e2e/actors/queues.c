/*
 * queues - queues each signal to its parent, the init, and compares what comes.
 *
 *	queues
 *
 * For every signal but KILL, STOP and CHLD a child of it sends the signal with
 * a value of its own to the init by rt_sigqueueinfo(2), as sigqueue(3) does.
 * It says "kept NUMBER" if it gets that signal with the sender and the value of
 * the child, else what was different; "done" and 0 at the end.
 */
#include "actor.h"

static uintptr_t value_of(int number)
{
	/* A pointer's worth of bits, each byte of it different. */
	return (uintptr_t)UINT64_C(0x123456789abcdef0) ^ (uintptr_t)number;
}

static void send_to(pid_t init, int number)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = number;
	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value.sival_ptr = (void *)value_of(number);
	must(syscall(SYS_rt_sigqueueinfo, init, number, &info),
	     "rt_sigqueueinfo");
}

static void exchange(int number)
{
	pid_t init = getppid(), sender;
	siginfo_t info;

	sender = (pid_t)must(fork(), "fork");
	if (sender == 0) {
		send_to(init, number);
		_exit(0);
	}
	memset(&info, 0, sizeof(info));
	/* Not CHLD: the sender is a child and ends. */
	take_signal(~ACTOR_SIGNAL(SIGCHLD), &info);
	wait_child(sender);
	if (info.si_signo == number && info.si_pid == sender &&
	    info.si_uid == getuid() && info.si_code == SI_QUEUE &&
	    info.si_value.sival_ptr == (void *)value_of(number))
		say("kept %d", number);
	else
		say("sent %d from %d with %#lx, got %d code %d from %d with "
		    "%#lx", number, (int)sender,
		    (unsigned long)value_of(number), info.si_signo,
		    info.si_code, (int)info.si_pid,
		    (unsigned long)info.si_value.sival_ptr);
}

int main(void)
{
	int number;

	set_mask(SIG_SETMASK, ACTOR_ALL_SIGNALS);
	for (number = 1; number <= ACTOR_LAST_SIGNAL; number++)
		if (number != SIGKILL && number != SIGSTOP &&
		    number != SIGCHLD)
			exchange(number);
	say("done");
	return 0;
}
