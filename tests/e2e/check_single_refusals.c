/*
 * check_single_refusals.c - what is done where one system call is refused, and
 * that check_refusals.c tries each call that foster makes: foster(1),
 * COMPATIBILITY.
 */
#define _GNU_SOURCE
#include "refused.h"

#include <linux/ptrace.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

TEST_TIMES(2 * CASES, where_execve_is_refused_it_is_126_and_names_the_program)
{
	static const char *const programs[] = { "/bin/true", "true" };
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = mode_of(_i),
			.refuse = { { .call = SYS_execve,
				      .error = errors[_i / E2E_MODES % 2] } },
		},
		"--", programs[_i / E2E_MODES / ERRORS], NULL);

	e2e_check_exit(init, 126);
	e2e_check(init, e2e_said(init, "foster: ") == 1);
	e2e_check(init, e2e_said(init, "true") == 1);
	e2e_check(init, e2e_said(init, "") == 1);
}

TEST_TIMES(CASES, where_no_process_can_be_made_it_is_125_and_one_line)
{
	int error = errors[_i / E2E_MODES];
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = mode_of(_i),
			.refuse = {
				{ .call = SYS_clone, .error = error },
				{ .call = SYS_clone3, .error = error },
#ifdef SYS_fork
				{ .call = SYS_fork, .error = error },
				{ .call = SYS_vfork, .error = error },
#endif
			},
		},
		"--", e2e_actor("report"), NULL);

	e2e_check_exit(init, 125);
	e2e_check(init, init->out.length == 0);
	e2e_check(init, e2e_said(init, "foster: ") == 1);
	e2e_check(init, e2e_said(init, "") == 1);
}

TEST_TIMES(CASES, where_prctl_is_refused_only_a_subreaper_warns_and_once)
{
	struct refused refused = refused_call(SYS_prctl, _i);
	int input;
	struct e2e *init = refused_start(&refused, &input, NULL, "-l");
	size_t expected = refused.mode == E2E_SUBREAPER;

	e2e_line(init, "leftover ready");
	close(input);
	if (refused.mode == E2E_PROCESS_1)
		e2e_line(init, "leftover got");
	e2e_check_exit(init, 5);

	e2e_check(init, e2e_said(init, "foster: ") == expected);
	e2e_check(init, e2e_said(init, "") == expected);
}

TEST_TIMES(CASES, where_kill_is_refused_it_says_so_once_and_goes_on)
{
	struct refused refused = refused_call(SYS_kill, _i);
	int input, i;
	struct e2e *init = refused_start(&refused, &input, NULL, "--");

	e2e_line(init, "ready");
	for (i = 0; i < 3; i++) {
		e2e_kill(init, SIGUSR1);
		e2e_kill(init, SIGWINCH);
		e2e_until(init, e2e_status_number(init, init->pid, "ShdPnd",
						  16) == 0);
	}
	e2e_says(init, "foster: ");
	refused_rest(init, &refused);

	close(input);
	e2e_check_exit(init, 5);
	e2e_check(init, e2e_said(init, "") == 1);
}

TEST_TIMES(CASES, where_wait4_is_refused_every_way_to_end_has_its_status)
{
	static const struct {
		const char *value;
		bool by_signal;
		int status;
	} ends[] = {
		{ "0", false, 0 }, { "1", false, 1 }, { "127", false, 127 },
		{ "128", false, 128 }, { "255", false, 255 },
		{ "1", true, 129 }, { "9", true, 137 }, { "11", true, 139 },
		{ "15", true, 143 }, { "64", true, 192 },
	};
	const struct refused refused = refused_call(SYS_wait4, _i);
	const struct e2e_setup setup = refused_setup(&refused, 0);
	size_t i;

	e2e_need_static_from(__func__);
	for (i = 0; i < COUNT(ends); i++) {
		struct e2e *init = ends[i].by_signal ?
			e2e_start(&setup, "-q", "--", e2e_actor("ends"), "-s",
				  ends[i].value, NULL) :
			e2e_start(&setup, "-q", "--", e2e_actor("ends"),
				  ends[i].value, NULL);

		e2e_check_exit(init, ends[i].status);
		e2e_check_silent(init);
		e2e_end(init);
	}
}

static const int any_errors[] = {
	EPERM, ENOSYS, EACCES, ENOMEM, EAGAIN, EINVAL,
};

enum { ANY_ERRORS = COUNT(any_errors) };

TEST_TIMES(ANY_ERRORS * E2E_MODES, by_whatever_error_wait4_is_refused_it_waits)
{
	struct refused refused = refused_call(SYS_wait4, _i % E2E_MODES);
	struct e2e *init;
	pid_t orphan;
	int input;

	refused.error = any_errors[_i / E2E_MODES];
	init = refused_start(&refused, &input, NULL, "-o");
	orphan = e2e_pid(init, (pid_t)e2e_number(init, "orphan"));
	e2e_line(init, "ready");
	refused_rest(init, &refused);
	kill(orphan, SIGKILL);
	e2e_wait_gone(init, orphan);
	refused_rest(init, &refused);
	e2e_kill(init, SIGTERM);

	e2e_line(init, "got");
	refused_check(init, &refused, e2e_exit(init) == 5);
	e2e_check_silent(init);
}

TEST_TIMES(CASES, where_rt_sigprocmask_is_refused_it_says_what_is_lost)
{
	struct refused refused = refused_call(SYS_rt_sigprocmask, _i);
	int input;
	struct e2e *init = refused_start(&refused, &input, NULL, "--");

	e2e_line(init, "ready");
	e2e_says(init, refused.error == EPERM ?
		 "foster: cannot wait for signals, so none is forwarded: "
		 "Operation not permitted\n" :
		 "foster: cannot wait for signals, so none is forwarded: "
		 "Function not implemented\n");
	close(input);
	refused_check(init, &refused, e2e_exit(init) == 5);
	e2e_check(init, e2e_said(init, "") == 1);
}

TEST_TIMES(CASES, where_exit_group_is_refused_it_ends_all_the_same)
{
	/* The actor cannot end either but by a signal. */
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = mode_of(_i),
			.refuse = { { .call = SYS_exit_group,
				      .error = errors[_i / E2E_MODES] } },
		},
		"--", e2e_actor("ends"), "-s", "9", NULL);

	ck_assert_int_eq(e2e_exit_within(init, SLACK_MS), 128 + SIGKILL);
}

/* The ways to close files that are left. */

TEST_TIMES(4 * CASES, where_close_range_and_more_is_refused_it_closes_its_files)
{
	static const int also[] = {
		SYS_openat, SYS_getdents64, SYS_read, SYS_chdir,
	};
	struct refused refused = {
		.call = refused_number(SYS_close_range),
		.also = refused_number(also[_i / E2E_MODES / ERRORS]),
		.error = errors[_i / E2E_MODES % ERRORS],
		.mode = mode_of(_i),
	};
	struct e2e_setup setup;
	struct e2e *init;
	int ends[2];

	e2e_need_static_from(__func__);
	e2e_pipe(ends);
	setup = refused_setup(&refused, ends[0]);
	setup.files[0] = (struct e2e_file){ ends[1], 3 };
	setup.files[1] = (struct e2e_file){ ends[1], 100 };
	setup.files[2] = (struct e2e_file){ ends[1], 1000 };
	init = e2e_start(&setup, "--", e2e_actor("minimal"), "5", NULL);
	e2e_line(init, "ready");
	refused_rest(init, &refused);

	refused_check(init, &refused, e2e_open_files(init, init->pid) == 7);
	e2e_kill(init, SIGTERM);
	refused_check(init, &refused, e2e_exit(init) == 5);
	refused_said_once(init, &refused);
}

/* Who is told when the parent's number cannot be had. */

TEST_TIMES(CASES, where_getppid_is_refused_d_does_not_hit_the_program)
{
	struct refused refused = refused_call(SYS_getppid, _i);
	int input;
	struct e2e *init = refused_start(&refused, &input, "-dUSR1", "--");

	e2e_line(init, "ready");
	e2e_check(init, e2e_is_init(init));
	close(input);
	e2e_check_exit(init, 5);
}

/* An unrelated process that is there before the init is. */
static void start_bystander(void *argument)
{
	pid_t pid = fork();

	if (pid == 0) {
		execl(e2e_actor("waits"), "waits", "-q", NULL);
		_exit(98);
	}
	*(volatile int *)argument = (int)pid;
}

TEST_TIMES(ERRORS, where_getpid_is_refused_d_does_not_hit_everybody)
{
	/*
	 * kill(getpid(), ...) is kill(-1, ...) then. Only as process 1: there
	 * it cannot reach anybody outside of the namespace.
	 */
	struct refused refused = {
		.call = refused_number(SYS_getpid), .error = errors[_i],
	};
	volatile int *number = mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct e2e_setup setup;
	struct e2e *init;
	pid_t bystander;
	int ends[2];

	e2e_need_static_from(__func__);
	ck_assert_ptr_ne((void *)number, MAP_FAILED);
	e2e_pipe(ends);
	setup = refused_setup(&refused, ends[0]);
	setup.before_exec = start_bystander;
	setup.argument = (void *)number;
	init = e2e_prepare(&setup, "-d", "USR1", "-p", "USR1", "--",
			   e2e_actor("minimal"), "5", NULL);
	close(ends[0]);
	bystander = e2e_pid(init, *number);
	e2e_wait_state(init, bystander, "S");
	e2e_go(init);
	e2e_await_exec(init);
	e2e_line(init, "ready");
	refused_rest(init, &refused);

	e2e_check(init, e2e_state(bystander) == 'S');
	close(ends[1]);
	e2e_check_exit(init, 5);
}

/* The list above is no longer complete when foster learns a new call. */

static bool is_listed(unsigned long long number)
{
	int i;

	for (i = 0; i < CALLS; i++)
		if ((unsigned long long)calls[i].number == number)
			return true;
	for (i = 0; i < OTHERS; i++)
		if ((unsigned long long)others[i].number == number)
			return true;
	return false;
}

/* By the raw call: libraries disagree about the names of the structures. */
static long trace(long request, pid_t pid, unsigned long address, void *data)
{
	return syscall(SYS_ptrace, request, (long)pid, address, data);
}

/* Looks at each call of the init and of its child until that runs a program. */
static void watch_calls(struct e2e *init)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |
		PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
		PTRACE_O_EXITKILL;
	bool has_begun = false;
	int status, calls_seen = 0;
	pid_t pid;

	if (trace(PTRACE_SEIZE, init->pid, 0, (void *)options) != 0)
		e2e_skip("ptrace");
	trace(PTRACE_INTERRUPT, init->pid, 0, NULL);
	e2e_go(init);
	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		struct ptrace_syscall_info info;
		int event = status >> 16;
		long number = 0;

		if (pid == init->pid && !WIFSTOPPED(status)) {
			init->has_exited = true;
			init->wait_status = status;
			break;
		}
		if (!WIFSTOPPED(status))
			continue;
		if (event == PTRACE_EVENT_EXEC) {
			/* The first is that of the init itself. */
			if (pid != init->pid) {
				trace(PTRACE_DETACH, pid, 0, NULL);
				continue;
			}
			has_begun = true;
		} else if (event == 0 && WSTOPSIG(status) == (SIGTRAP | 0x80)) {
			memset(&info, 0, sizeof(info));
			trace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info),
			      &info);
			if (has_begun && info.op == PTRACE_SYSCALL_INFO_ENTRY) {
				calls_seen++;
				if (!is_listed(info.entry.nr))
					e2e_fail(init, __FILE__, __LINE__,
						 "system call %llu is in no "
						 "list here: it must be tried "
						 "too", (unsigned long long)
						 info.entry.nr);
			}
		} else if (event == 0) {
			number = WSTOPSIG(status);
		}
		trace(PTRACE_SYSCALL, pid, 0, (void *)number);
	}
	if (calls_seen == 0)
		e2e_skip("PTRACE_GET_SYSCALL_INFO");
}

TEST_BOTH(each_call_that_foster_makes_is_refused_here)
{
	static const struct {
		int refused[2];
		const char *program;
	} lives[] = {
		{ { 0 }, "minimal" }, { { SYS_close_range }, "minimal" },
		{ { SYS_wait4 }, "minimal" }, { { SYS_mmap }, "minimal" },
		{ { SYS_rt_sigtimedwait }, "minimal" },
		{ { SYS_close_range, SYS_openat }, "ends" }, { { 0 }, "none" },
		{ { 0 }, "text" }, { { 0 }, "folder" },
		{ { SYS_getppid }, "ends" },
	};
	size_t i;

	e2e_need_shipped_from(__func__);
	for (i = 0; i < COUNT(lives); i++) {
		struct e2e_setup setup = {
			.mode = (enum e2e_mode)_i,
			.blocked = E2E_SIGNAL(SIGTERM),
		};
		const char *program = lives[i].program;
		struct e2e *init;
		int j;

		for (j = 0; j < 2 && lives[i].refused[j] != 0; j++)
			setup.refuse[j] = (struct e2e_refusal){
				.call = lives[i].refused[j], .error = EPERM,
			};
		if (strcmp(program, "minimal") == 0 ||
		    strcmp(program, "ends") == 0)
			program = e2e_actor(program);
		else if (strcmp(program, "text") == 0)
			program = e2e_write_text(e2e_folder(), "text", 0755,
						 "exit 0\n");
		else if (strcmp(program, "folder") == 0)
			program = e2e_folder();
		init = e2e_prepare(&setup, "-vv", "-w", "-t20ms", "-dUSR1",
				   "-pUSR1", "--", program, "-sl", "5", NULL);
		watch_calls(init);
		e2e_end(init);
	}
}
