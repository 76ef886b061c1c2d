/*
 * sigecho.c - the program in the tests of signals.
 *
 *	sigecho echo		for sigsend: writes the time (ns, 8 bytes) at
 *				which each USR1 is seen; a zero when ready
 *	sigecho queue COUNT	starts a process that queues RTMIN+1 to process
 *1 at full speed with the values 1 to COUNT, and prints how many came, with a
 *value, in order, and with the sender's pid
 */
#include "bench.h"
#include <sys/wait.h>

enum { GIVE_UP_S = 1 };

static void block(sigset_t *set, int signal)
{
	sigemptyset(set);
	sigaddset(set, signal);
	sigprocmask(SIG_BLOCK, set, NULL);
}

static int echo(void)
{
	int64_t seen_ns = 0;
	sigset_t set;

	block(&set, SIGUSR1);
	while (write(STDOUT_FILENO, &seen_ns, sizeof(seen_ns)) ==
	       sizeof(seen_ns)) {
		while (sigwaitinfo(&set, NULL) < 0)
			;
		seen_ns = now_ns();
	}
	return 1;
}

static _Noreturn void send_all(int count)
{
	for (int i = 1; i <= count; i++) {
		union sigval value = { .sival_int = i };

		while (sigqueue(1, SIGRTMIN + 1, value) < 0) {
			if (errno != EAGAIN)
				_exit(1);
			sched_yield(); /* the queue is full */
		}
	}
	_exit(0);
}

struct received {
	int all, with_value, in_order, from_sender, last;
};

static void take(struct received *received, const siginfo_t *info, pid_t sender)
{
	int value = info->si_code == SI_QUEUE ? info->si_int : 0;

	received->all++;
	received->from_sender += info->si_pid == sender;
	received->with_value += value > 0;
	received->in_order += value == received->last + 1;
	if (value > 0)
		received->last = value;
}

static int queue(int count)
{
	struct timespec limit = { GIVE_UP_S, 0 };
	struct received received = { 0 };
	siginfo_t info;
	sigset_t set;
	pid_t sender;

	block(&set, SIGRTMIN + 1);
	sleep_ns(100 * NS_PER_MS); /* the init may not be ready yet */
	sender = fork();
	if (sender == 0)
		send_all(count);
	while (received.all < count && sigtimedwait(&set, &info, &limit) > 0)
		take(&received, &info, sender);
	kill(sender, SIGKILL);
	waitpid(sender, NULL, 0);
	printf("%d %d %d %d\n", received.all, received.with_value,
	       received.in_order, received.from_sender);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "echo") == 0)
		return echo();
	if (argc == 3 && strcmp(argv[1], "queue") == 0)
		return queue(atoi(argv[2]));
	die("usage: sigecho echo | queue COUNT");
}
