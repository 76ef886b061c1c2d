/*
 * refused.c - see refused.h.
 */
#define _GNU_SOURCE
#include "refused.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct refused refused_of(int i)
{
	return (struct refused){
		.call = &calls[i / CASES],
		.error = errors[i / E2E_MODES % ERRORS],
		.mode = (enum e2e_mode)(i % E2E_MODES),
	};
}

bool refused_is(const struct refused *refused, int number)
{
	return refused->call->number == number ||
		(refused->also != NULL && refused->also->number == number);
}

const char *refused_name(const struct refused *refused)
{
	static char text[128];

	snprintf(text, sizeof(text), "%s%s%s refused with %s, as %s",
		 refused->call->name, refused->also != NULL ? " and " : "",
		 refused->also != NULL ? refused->also->name : "",
		 refused->error == EPERM ? "EPERM" : "ENOSYS",
		 refused->mode == E2E_PROCESS_1 ? "process 1" : "subreaper");
	return text;
}

void refused_fail(struct e2e *init, const struct refused *refused, int line,
	       const char *expression)
{
	e2e_fail(init, __FILE__, line, "%s: not true: %s",
		 refused_name(refused), expression);
}

struct e2e_setup refused_setup(const struct refused *refused, int input)
{
	struct e2e_setup setup = {
		.mode = refused->mode,
		.stdio = { input },
		.blocked = E2E_SIGNAL(SIGTERM),
		.refuse = { { .call = refused->call->number,
			      .error = refused->error } },
	};

	if (refused->also != NULL)
		setup.refuse[1] = (struct e2e_refusal){
			.call = refused->also->number,
			.error = refused->error,
		};
	return setup;
}

struct e2e *refused_start_from(const char *test, const struct refused *refused,
			       int *input, const char *option,
			       const char *flag)
{
	struct e2e_setup setup;
	struct e2e *init;
	int ends[2];

	e2e_need_static_from(test);
	e2e_pipe(ends);
	setup = refused_setup(refused, ends[0]);
	if (option == NULL)
		init = e2e_start_from(test, &setup, "--", e2e_actor("minimal"),
				      flag, "5", NULL);
	else
		init = e2e_start_from(test, &setup, option, "--",
				      e2e_actor("minimal"), flag, "5", NULL);
	close(ends[0]);
	*input = ends[1];
	return init;
}

void refused_said_once(struct e2e *init, const struct refused *refused)
{
	refused_check(init, refused, e2e_said(init, "") <= 1);
	refused_check(init, refused, e2e_said(init, "") ==
		   e2e_said(init, "foster: "));
}

/* True if the process sleeps in a call that only an event can end. */
static bool is_at_rest(const struct e2e *init)
{
	unsigned long arguments[4] = { 0 };
	char path[64], *text;
	int call = -1, got;

	snprintf(path, sizeof(path), "/proc/%d/syscall", (int)init->pid);
	text = e2e_read(path, NULL);
	got = text == NULL ? 0 :
		sscanf(text, "%d %lx %lx %lx %lx", &call, &arguments[0],
		       &arguments[1], &arguments[2], &arguments[3]);
	free(text);
	if (got < 5)
		return false;
	return (call == SYS_rt_sigtimedwait && arguments[2] == 0) ||
		(call == SYS_wait4 && (arguments[2] & WNOHANG) == 0) ||
		(call == SYS_waitid && (arguments[3] & WNOHANG) == 0);
}

void refused_rest(struct e2e *init, const struct refused *refused)
{
	long long deadline_ms = e2e_deadline_ms();

	if (access("/proc/self/syscall", R_OK) != 0)
		e2e_skip("/proc/PID/syscall");
	while (!is_at_rest(init)) {
		refused_check(init, refused, !e2e_is_over(init));
		refused_check(init, refused, e2e_now_ms() < deadline_ms);
		e2e_look_again(init);
	}
}

bool refused_ends(struct e2e *init, long long bound_ms, long long *used_us)
{
	struct pollfd file = { .fd = init->pidfd, .events = POLLIN };
	struct rusage usage;

	if (init->pidfd < 0)
		e2e_skip("pidfds");
	if (poll(&file, 1, (int)bound_ms) != 1)
		return false;
	ck_assert_int_eq(wait4(init->pid, &init->wait_status, 0, &usage),
			 init->pid);
	init->has_exited = true;
	*used_us = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000LL +
		usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
	return true;
}

const struct call *refused_number(int number)
{
	int i;

	for (i = 0; i < CALLS; i++)
		if (calls[i].number == number)
			return &calls[i];
	ck_abort_msg("%d is not in the list of calls", number);
	return NULL;
}

struct refused refused_call(int number, int i)
{
	return (struct refused){
		.call = refused_number(number),
		.error = errors[i / E2E_MODES],
		.mode = mode_of(i),
	};
}
