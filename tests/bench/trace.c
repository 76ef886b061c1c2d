#include "trace.h"
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

enum {
	LIMIT_S = 20,
	NEVER_IDLE_S = 2,
	LOOK_US = 100,
	CALL_STOP = SIGTRAP | 0x80, /* with PTRACE_O_TRACESYSGOOD */
	OPTIONS = PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD,
	OPTIONS_START = OPTIONS | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK |
			PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE,
};

/* What PTRACE_GET_SYSCALL_INFO gives; glibc's header has it only of late. */
struct call_info {
	uint8_t kind, pad[3];
	uint32_t arch;
	uint64_t instruction, stack, number, arguments[6];
};
enum { GET_CALL_INFO = 0x420e, CALL_ENTRY = 1 };

/* The number of the call that is entered in this stop; -1 where it is left. */
static int entered_call(pid_t pid)
{
	struct call_info info = { 0 };

	ptrace((enum __ptrace_request)GET_CALL_INFO, pid, (void *)sizeof(info),
	       &info);
	return info.kind == CALL_ENTRY ? (int)info.number : -1;
}

static bool is_at_cpuid(pid_t pid)
{
#if defined(__x86_64__)
	long at = ptrace(PTRACE_PEEKUSER, pid,
			 (void *)offsetof(struct user_regs_struct, rip), 0);

	return (ptrace(PTRACE_PEEKTEXT, pid, (void *)at, 0) & 0xffff) == 0xa20f;
#else
	(void)pid;
	return false;
#endif
}

/*
 * The next stop of `pid` (-1: of any), 0 once `idler` sleeps, -1 when the time
 * is over. `idler` 0: nobody is to sleep yet. Stops come before sleep, so the
 * state counts only where no stop follows it.
 */
static pid_t next_stop(pid_t pid, pid_t idler, int64_t until_ns, int *status)
{
	struct process_state state;
	bool is_asleep = false;

	if (idler == 0)
		return waitpid(pid, status, __WALL);
	while (now_ns() < until_ns) {
		pid_t stopped = waitpid(pid, status, __WALL | WNOHANG);

		if (stopped != 0)
			return stopped;
		if (is_asleep)
			return 0;
		is_asleep = process_state(idler, &state) && state.letter == 'S';
		if (!is_asleep)
			sleep_ns(LOOK_US * NS_PER_US);
	}
	return -1;
}

/* ---- the start ---- */

struct tracer {
	struct trace *trace;
	pid_t init;
	bool counts_calls;
	bool has_child;
	bool is_executed;
};

static void count(struct tracer *tracer, pid_t pid, int call)
{
	struct trace *trace = tracer->trace;
	enum trace_part part = pid != tracer->init ? TRACE_CHILD
			       : tracer->has_child ? TRACE_AFTER
						   : TRACE_INIT;

	if (trace->count[part] < TRACE_CALLS_KEPT)
		trace->calls[part][trace->count[part]] = call;
	trace->count[part]++;
}

/* Up to where the init has been executed, with all of `options`. */
static bool begin(pid_t init)
{
	int status;

	if (waitpid(init, &status, __WALL) != init || !WIFSTOPPED(status))
		return false;
	ptrace(PTRACE_SETOPTIONS, init, 0, OPTIONS_START);
	ptrace(PTRACE_CONT, init, 0, 0);
	return waitpid(init, &status, __WALL) == init && WIFSTOPPED(status) &&
	       status >> 16 == PTRACE_EVENT_EXEC;
}

/* Counts what a stop says; gives the signal to go on with, or -1: let go. */
static int take_stop(struct tracer *tracer, pid_t pid, int status)
{
	int signal = WSTOPSIG(status), event = status >> 16, call;

	if (event == PTRACE_EVENT_EXEC && pid != tracer->init) {
		tracer->is_executed = true;
		return -1;
	}
	if (event != 0) {
		tracer->has_child |= event != PTRACE_EVENT_EXEC &&
				     event != PTRACE_EVENT_STOP &&
				     pid == tracer->init;
		return 0;
	}
	if (signal == CALL_STOP) {
		call = entered_call(pid);
		if (call >= 0)
			count(tracer, pid, call);
		return 0;
	}
	if (signal == SIGTRAP) {
		tracer->trace->cpuids += is_at_cpuid(pid);
		count(tracer, pid, -1);
		return 0;
	}
	/* The child stops by this because it is traced from its beginning. */
	return signal == SIGSTOP && pid != tracer->init ? 0 : signal;
}

static void run(struct tracer *tracer)
{
	enum __ptrace_request step =
		tracer->counts_calls ? PTRACE_SYSCALL : PTRACE_SINGLESTEP;
	int64_t until_ns = now_ns() + LIMIT_S * NS_PER_S;
	pid_t pid = tracer->init;
	int signal = 0, status;

	for (;;) {
		if (signal < 0) {
			ptrace(PTRACE_DETACH, pid, 0, 0);
			until_ns = now_ns() + NEVER_IDLE_S * NS_PER_S;
		} else {
			ptrace(step, pid, 0, (void *)(long)signal);
		}
		do {
			pid = next_stop(-1,
					tracer->is_executed ? tracer->init : 0,
					until_ns, &status);
		} while (pid > 0 && !WIFSTOPPED(status) && pid != tracer->init);
		if (pid <= 0 || !WIFSTOPPED(status))
			break;
		signal = take_stop(tracer, pid, status);
	}
	if (pid < 0)
		tracer->trace->count[TRACE_AFTER] = -1;
}

bool trace_start(struct launch *launch_, bool counts_calls, struct trace *trace)
{
	struct tracer tracer = { .trace = trace, .counts_calls = counts_calls };

	launch_->is_traced = true;
	memset(trace, 0, sizeof(*trace));
	tracer.init = launch(launch_);
	if (tracer.init < 0)
		return false;
	if (begin(tracer.init))
		run(&tracer);
	end_process(tracer.init);
	return tracer.is_executed;
}

/* ---- reaping ---- */

/* Lets `init` run until it sleeps; its calls are added. */
static bool run_until_asleep(pid_t init, long *calls)
{
	int64_t until_ns = now_ns() + LIMIT_S * NS_PER_S;
	int status, signal;
	pid_t pid;

	while ((pid = next_stop(init, init, until_ns, &status)) > 0) {
		if (!WIFSTOPPED(status))
			return false;
		signal = WSTOPSIG(status);
		if (signal == CALL_STOP)
			*calls += entered_call(init) >= 0;
		if (signal == CALL_STOP || status >> 16 != 0)
			signal = 0;
		ptrace(PTRACE_SYSCALL, init, 0, (void *)(long)signal);
	}
	return pid == 0;
}

/* Meanwhile the program has written its byte. */
static bool run_until_answer(pid_t init, int output, long *calls)
{
	struct pollfd answer = { .fd = output, .events = POLLIN };
	int64_t until_ns = now_ns() + LIMIT_S * NS_PER_S;
	char byte;

	while (now_ns() < until_ns && run_until_asleep(init, calls)) {
		if (poll(&answer, 1, 1) != 1)
			continue;
		/* What it does after the last one, too. */
		return read(output, &byte, 1) == 1 &&
		       run_until_asleep(init, calls);
	}
	return false;
}

static long count_reaping(pid_t init, int input, int output, int count_,
			  bool at_once)
{
	unsigned many = at_once ? (unsigned)count_ : 1;
	long calls = 0;

	ptrace(PTRACE_SEIZE, init, 0, OPTIONS);
	ptrace(PTRACE_INTERRUPT, init, 0, 0);
	if (!run_until_asleep(init, &calls))
		return -1;
	calls = 0;
	for (int done = 0; done < count_; done += (int)many)
		if (write(input, &many, sizeof(many)) != sizeof(many) ||
		    !run_until_answer(init, output, &calls))
			return -1;
	return calls;
}

/*
 * On one CPU the init cannot wake up before all of a burst are there: how
 * often it does would be luck.
 */
static void stay_on_one_cpu(void)
{
	cpu_set_t set;
	int cpu = 0;

	sched_getaffinity(0, sizeof(set), &set);
	while (!CPU_ISSET(cpu, &set))
		cpu++;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

long trace_reaping(struct launch *launch_, int count_, bool at_once)
{
	struct held held = { .launch = *launch_ };
	int pipes[2];
	long calls;

	if (pipe2(pipes, O_CLOEXEC) < 0)
		die("pipe: %s", strerror(errno));
	stay_on_one_cpu();
	held.launch.stream[0] = pipes[0] + 1;
	calls = hold(&held) ? count_reaping(held.pid, pipes[1], held.output,
					    count_, at_once)
			    : -2;
	if (calls > -2)
		let_go(&held);
	close(pipes[0]);
	close(pipes[1]);
	return calls < 0 ? -1 : calls;
}
