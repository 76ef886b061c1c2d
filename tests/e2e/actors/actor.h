/*
 * actor.h - what the actors share.
 *
 * Actors are the programs that the inits under test run. They are linked
 * statically, so that they run in an empty root. What they have to say is one
 * write(2) a line: lines of several actors never mix. A call that must not
 * fail ends the actor with 99, which no test expects.
 */
#ifndef ACTOR_H
#define ACTOR_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ACTOR_FAILED = 99, ACTOR_LAST_SIGNAL = 64 };

#define ACTOR_SIGNAL(number) (UINT64_C(1) << ((number) - 1))
#define ACTOR_ALL_SIGNALS (~UINT64_C(0))

/* Where say() writes; an actor with closed standard files may change it. */
static int actor_output __attribute__((unused)) = STDOUT_FILENO;

__attribute__((unused, format(printf, 1, 2)))
static void say(const char *format, ...)
{
	char line[4096];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(line, sizeof(line) - 1, format, arguments);
	va_end(arguments);
	if (length < 0)
		_exit(ACTOR_FAILED);
	if (length > (int)sizeof(line) - 2)
		length = (int)sizeof(line) - 2;
	line[length++] = '\n';
	if (write(actor_output, line, (size_t)length) != length)
		_exit(ACTOR_FAILED);
}

/* Ends the actor if a call has failed, and says which; else its result. */
__attribute__((unused))
static long must(long result, const char *step)
{
	if (result < 0) {
		say("actor: %s: %s", step, strerror(errno));
		_exit(ACTOR_FAILED);
	}
	return result;
}

/* By raw calls: glibc keeps 32 and 33 for itself. */

__attribute__((unused))
static uint64_t set_mask(int how, uint64_t set)
{
	uint64_t old = 0;

	must(syscall(SYS_rt_sigprocmask, how, &set, &old, sizeof(set)),
	     "rt_sigprocmask");
	return old;
}

/* Takes one pending signal of the set, waiting for it; returns its number. */
__attribute__((unused))
static int take_signal(uint64_t set, siginfo_t *info)
{
	long number;

	do
		number = syscall(SYS_rt_sigtimedwait, &set, info, NULL,
				 sizeof(set));
	while (number < 0 && errno == EINTR);
	return (int)must(number, "rt_sigtimedwait");
}

/* The same without waiting; 0 if there is none. */
__attribute__((unused))
static int take_pending(uint64_t set, siginfo_t *info)
{
	struct timespec now = { 0, 0 };
	long number;

	do
		number = syscall(SYS_rt_sigtimedwait, &set, info, &now,
				 sizeof(set));
	while (number < 0 && errno == EINTR);
	if (number < 0 && errno == EAGAIN)
		return 0;
	return (int)must(number, "rt_sigtimedwait");
}

/* Waits for a child to end; returns its wait status. */
__attribute__((unused))
static int wait_child(pid_t pid)
{
	int status = 0;
	pid_t got;

	do
		got = waitpid(pid, &status, 0);
	while (got < 0 && errno == EINTR);
	must(got, "waitpid");
	return status;
}

/* Waits for ever, or until a signal ends this process. */
__attribute__((unused, noreturn))
static void wait_for_ever(void)
{
	for (;;)
		pause();
}

/* Waits until the file has ended: nobody holds its other end any more. */
__attribute__((unused))
static void wait_end_of_file(int fd)
{
	char bytes[256];
	ssize_t got;

	do
		got = read(fd, bytes, sizeof(bytes));
	while (got > 0 || (got < 0 && errno == EINTR));
}

__attribute__((unused))
static long number_of(const char *text)
{
	char *end;
	long number = strtol(text, &end, 0);

	if (end == text || *end != '\0') {
		say("actor: not a number: %s", text);
		_exit(ACTOR_FAILED);
	}
	return number;
}

#endif
