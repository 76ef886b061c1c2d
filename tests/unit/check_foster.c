/*
 * check_foster.c - the calls of foster.h, for a caller who goes on. On the real
 * kernel.
 */
#include "../sim/sim.h"
#include "foster.h"
#include "sys.h"
#include "unit.h"

#include <dirent.h>
#include <elf.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

/* With these numbers callers were compiled. */
_Static_assert(FOSTER_BEGUN == 1 && FOSTER_STARTED == 2 &&
		       FOSTER_SIGNALED == 3 && FOSTER_ENDED == 4 &&
		       FOSTER_REAPED == 5 && FOSTER_MESSAGE == 6,
	       "events");
_Static_assert(FOSTER_GROUP == 1 && FOSTER_WAIT_ALL == 2 &&
		       FOSTER_SAME_GROUP == 4 && FOSTER_TERMINAL == 8 &&
		       FOSTER_NO_REAPER == 16 && FOSTER_ROOT == 32 &&
		       FOSTER_PAUSE == 64 && FOSTER_WARN_REAPED == 128 &&
		       FOSTER_EXITS == 256,
	       "flags");

/* ---- what the caller has, and shall have again ---- */

struct state {
	sigset_t mask;
	struct sigaction child_action;
	int is_subreaper;
	int files;
	char folder[4096];
};

static int count_files(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int count = 0;

	ck_assert_ptr_nonnull(folder);
	while (readdir(folder) != NULL)
		count++;
	closedir(folder);
	return count;
}

static struct state state_now(void)
{
	struct state state;

	memset(&state, 0, sizeof(state));
	sigprocmask(SIG_SETMASK, NULL, &state.mask);
	sigaction(SIGCHLD, NULL, &state.child_action);
	prctl(PR_GET_CHILD_SUBREAPER, &state.is_subreaper);
	state.files = count_files();
	ck_assert_ptr_nonnull(getcwd(state.folder, sizeof(state.folder)));
	return state;
}

static void check_state(const struct state *before)
{
	struct state now = state_now();

	for (int signal = 1; signal < SIGNALS_RTMIN - 2; signal++)
		unit_check(sigismember(&now.mask, signal) ==
				   sigismember(&before->mask, signal),
			   "signal %d", signal);
	ck_assert_ptr_eq(now.child_action.sa_handler,
			 before->child_action.sa_handler);
	ck_assert_int_eq(now.child_action.sa_flags,
			 before->child_action.sa_flags);
	ck_assert_int_eq(now.is_subreaper, before->is_subreaper);
	ck_assert_int_eq(now.files, before->files);
	ck_assert_str_eq(now.folder, before->folder);
}

/* ---- the caller ---- */

static struct foster_options options;
static struct foster_result result;
static struct foster foster;

/* What event() was told, a word for each; messages as they are. */
static char events[1024];
static int forwarded_as; /* what USR1 is forwarded as */

static int note(void *context, const struct foster_event *event)
{
	static const char *const names[] = {
		[FOSTER_BEGUN] = "begun",	[FOSTER_STARTED] = "started",
		[FOSTER_SIGNALED] = "signaled", [FOSTER_ENDED] = "ended",
		[FOSTER_REAPED] = "reaped",	[FOSTER_MESSAGE] = "message",
	};
	char *end = events + strlen(events);

	ck_assert_ptr_eq(context, &options);
	ck_assert_uint_eq(event->size, sizeof(*event));
	if (event->kind == FOSTER_MESSAGE) {
		strcpy(stpcpy(end, event->text), ";");
		return 0;
	}
	sprintf(end, "%s %d;", names[event->kind], event->value);
	if (event->kind == FOSTER_SIGNALED && event->value == SIGUSR1)
		return forwarded_as;
	return event->value;
}

static void begin(void)
{
	memset(&options, 0, sizeof(options));
	memset(&result, '#', sizeof(result));
	options.size = sizeof(options);
	options.verbosity = -1;
	options.close_from = -1;
	result.size = sizeof(result);
	events[0] = '\0';
	sim_is_real = true;
}

static void note_events(void)
{
	options.event = note;
	options.context = &options;
	forwarded_as = SIGUSR1;
}

/* Runs a program, whose vectors are compared afterwards. */
static int run_program(const char *program, const char *script)
{
	char words[3][96] = { "", "-c", "" };
	char *argv[] = { words[0], words[1], words[2], NULL };
	char *envp[] = { "PATH=/usr/bin:/bin", "SHOWN=1", NULL };
	char *argv_before[4], *envp_before[3];
	int error;

	ck_assert_uint_lt(strlen(script), sizeof(words[2]));
	strcpy(words[0], program);
	strcpy(words[2], script);
	memcpy(argv_before, argv, sizeof(argv));
	memcpy(envp_before, envp, sizeof(envp));

	error = foster_run(&options, argv, envp, &result);

	ck_assert_mem_eq(argv, argv_before, sizeof(argv));
	ck_assert_mem_eq(envp, envp_before, sizeof(envp));
	ck_assert_str_eq(words[2], script);
	return error;
}

static void run(const char *script)
{
	ck_assert_int_eq(run_program("sh", script), 0);
}

/* The wait status of `sh -c SCRIPT`. */
static int status_of(const char *script)
{
	run(script);
	return result.status;
}

static void on_child(int signal)
{
	(void)signal;
}

START_TEST(the_caller_gets_the_wait_status)
{
	int status;

	begin();
	status = status_of("exit 7");
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 7);
	ck_assert_int_eq(foster_exit_status(&result), 7);
	ck_assert_int_eq(result.exec_error, 0);
	ck_assert_int_eq(result.left, 0);
	ck_assert_int_eq(result.stop_signal, 0);

	status = status_of("kill -9 $$");
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGKILL);
	ck_assert_int_eq(foster_exit_status(&result), 137);
}
END_TEST

START_TEST(the_result_is_as_welcome_as_none)
{
	char *argv[] = { "true", NULL }, *envp[] = { NULL };

	begin();
	ck_assert_int_eq(foster_run(&options, argv, envp, NULL), 0);
}
END_TEST

/* Exit status 127 of a program is none of its exec's. */
START_TEST(why_nothing_was_executed_is_in_the_result)
{
	begin();
	ck_assert_int_eq(run_program("/nonexistent", ""), 0);
	ck_assert_int_eq(result.exec_error, ENOENT);
	ck_assert_int_eq(foster_exit_status(&result), 127);
	ck_assert_int_eq(run_program("/etc/passwd", ""), 0);
	ck_assert_int_eq(result.exec_error, EACCES);
	ck_assert_int_eq(foster_exit_status(&result), 126);
	ck_assert_int_eq(WEXITSTATUS(status_of("exit 127")), 127);
	ck_assert_int_eq(result.exec_error, 0);
}
END_TEST

START_TEST(what_the_start_changes_is_put_back)
{
	struct sigaction action = { .sa_handler = on_child,
				    .sa_flags = SA_NOCLDSTOP | SA_RESTART };
	struct state before;
	sigset_t set;

	begin();
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_SETMASK, &set, NULL);
	sigaction(SIGCHLD, &action, NULL);
	before = state_now();

	ck_assert_int_eq(status_of("exit 0"), 0);
	check_state(&before);

	/* With leftovers, too, and a caller who is a subreaper himself. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	before = state_now();
	ck_assert_int_eq(WEXITSTATUS(status_of("sleep 100 & exit 3")), 3);
	check_state(&before);
}
END_TEST

START_TEST(an_ignored_sigchld_is_put_back_and_the_status_comes_through)
{
	struct state before;

	begin();
	signal(SIGCHLD, SIG_IGN);
	before = state_now();

	ck_assert_int_eq(WEXITSTATUS(status_of("exit 5")), 5);
	check_state(&before);
}
END_TEST

START_TEST(files_are_closed_from_3_or_another_number_or_not)
{
	int low, high;

	begin();
	low = fcntl(STDERR_FILENO, F_DUPFD, 20);
	high = fcntl(STDERR_FILENO, F_DUPFD, 30);
	ck_assert_int_ge(low, 20);

	run("exit 0");
	ck_assert_int_ge(fcntl(high, F_GETFD), 0);
	options.close_from = 30;
	run("exit 0");
	ck_assert_int_eq(fcntl(high, F_GETFD), -1);
	ck_assert_int_ge(fcntl(low, F_GETFD), 0);
	options.close_from = 0;
	run("exit 0");
	ck_assert_int_eq(fcntl(low, F_GETFD), -1);
}
END_TEST

START_TEST(the_folder_is_the_root_where_that_is_asked_for)
{
	begin();
	options.flags = FOSTER_ROOT;
	run("exit 0");
	ck_assert_int_eq(chdir("tmp"), 0); /* from "/" */
}
END_TEST

/* ---- what it is asked for ---- */

START_TEST(what_it_does_not_know_is_refused_and_nothing_is_changed)
{
	static const struct {
		unsigned flags;
		int signal;
	} bad[] = {
		{ FOSTER_EXITS << 1, 0 },
		{ ~0U, 0 },
		{ 0, -1 },
		{ 0, 65 },
		{ FOSTER_SAME_GROUP | FOSTER_GROUP, 0 },
		{ FOSTER_SAME_GROUP | FOSTER_TERMINAL, 0 },
	};
	struct state before;

	for (size_t i = 0; i < UNIT_COUNT(bad); i++) {
		begin();
		before = state_now();
		options.flags = bad[i].flags;
		options.death_signal = bad[i].signal;
		ck_assert_int_eq(foster_begin(&foster, &options), -EINVAL);
		ck_assert_int_eq(run_program("true", ""), -EINVAL);
		check_state(&before);
	}
}
END_TEST

START_TEST(an_empty_vector_is_no_program)
{
	char *none[] = { NULL };
	struct state before;

	begin();
	before = state_now();
	ck_assert_int_eq(foster_run(&options, none, none, &result), -EINVAL);
	ck_assert_int_eq(foster_run(&options, NULL, none, &result), -EINVAL);
	check_state(&before);
}
END_TEST

/* A caller of a later version, or of none. */
START_TEST(structures_may_be_larger_by_zeroes_alone)
{
	struct {
		struct foster_options options;
		char more[8];
	} larger;

	begin();
	memset(&larger, 0, sizeof(larger));
	larger.options = options;
	larger.options.size = sizeof(larger);
	ck_assert_int_eq(foster_begin(&foster, &larger.options), 0);
	foster_end(&foster);
	larger.more[7] = 1;
	ck_assert_int_eq(foster_begin(&foster, &larger.options), -E2BIG);

	options.size--;
	ck_assert_int_eq(foster_begin(&foster, &options), -EINVAL);
	begin();
	result.size--;
	ck_assert_int_eq(run_program("true", ""), -EINVAL);
}
END_TEST

static void *wait_for_the_end(void *argument)
{
	for (;;)
		pause();
	return argument;
}

START_TEST(a_process_with_threads_is_refused)
{
	struct state before;
	pthread_t thread;
	int pid, status;

	begin();
	ck_assert_int_eq(pthread_create(&thread, NULL, wait_for_the_end, NULL),
			 0);
	before = state_now();
	ck_assert_int_eq(foster_begin(&foster, &options), -EBUSY);
	check_state(&before);
	/* A child has only the thread that forked it. */
	pid = fork();
	if (pid == 0)
		_exit(run_program("sh", "exit 3") < 0 ?
			      99 :
			      foster_exit_status(&result));
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(WEXITSTATUS(status), 3);
}
END_TEST

static int child_status;

static int in_the_child(void *context)
{
	ck_assert_ptr_eq(context, &options);
	ck_assert_int_eq(setenv("IGNORED", "1", 1), 0);
	return chdir("/usr") == 0 ? child_status : 1;
}

START_TEST(the_child_s_own_code_runs_before_the_program)
{
	begin();
	options.child = in_the_child;
	options.context = &options;
	child_status = 0;
	ck_assert_int_eq(status_of("test \"$PWD\" = /usr"), 0);
	child_status = 44;
	run("exit 0");
	ck_assert_int_eq(foster_exit_status(&result), 44);
	ck_assert_int_eq(result.exec_error, 0);
}
END_TEST

/* ---- what happens ---- */

START_TEST(events_come_in_their_order)
{
	begin();
	note_events();
	run("(sleep 0.1 &) & kill -USR1 $PPID; sleep 0.1; exit 2");
	ck_assert_msg(strncmp(events, "begun 0;started 0;", 18) == 0, "%s",
		      events);
	ck_assert_msg(strstr(events, "signaled 10;") != NULL, "%s", events);
	/* USR1 has ended it. */
	ck_assert_msg(strstr(events, "ended 10;") != NULL, "%s", events);
	ck_assert_ptr_nonnull(strstr(strstr(events, "ended"), "reaped"));
}
END_TEST

/* USR1 comes before USR2, by which it ends. */
#define ENDS_BY_USR2 "trap 'exit 4' USR2; kill -USR1 $PPID; kill -USR2 $PPID;" \
		     "while :; do sleep 0.01; done"

START_TEST(a_signal_is_treated_as_the_answer_says)
{
	begin();
	note_events();
	forwarded_as = 0;
	run(ENDS_BY_USR2);
	ck_assert_int_eq(foster_exit_status(&result), 4);
	ck_assert_int_eq(result.stop_signal, 0);

	forwarded_as = SIGTERM;
	run("kill -USR1 $PPID; sleep 100");
	ck_assert_int_eq(WTERMSIG(result.status), SIGTERM);
	ck_assert_int_eq(result.stop_signal, SIGTERM);

	/* No such signal: dropped. */
	for (forwarded_as = -1; forwarded_as < 70; forwarded_as += 66) {
		run(ENDS_BY_USR2);
		ck_assert_int_eq(foster_exit_status(&result), 4);
	}
}
END_TEST

START_TEST(messages_go_to_the_caller)
{
	begin();
	options.verbosity = 1;
	note_events();
	run("exit 3");
	ck_assert_str_eq(events, "begun 0;starting 'sh';started 0;"
				 "the program's process ended: exit status 3;"
				 "ended 768;");
}
END_TEST

START_TEST(who_is_left_is_counted)
{
	begin();
	options.grace_ms = 100;
	run("trap '' TERM; sleep 100 & sleep 100 & exit 3");
	ck_assert_int_eq(result.left, 0); /* they could be killed */
	ck_assert_int_eq(foster_exit_status(&result), 3);
}
END_TEST

/* ---- the four calls ---- */

/* Forks; the child runs `child`, by default at once. */
static int fork_child(int (*child)(void))
{
	int pid;

	ck_assert_int_eq(foster_begin(&foster, &options), 0);
	pid = fork();
	if (pid == 0) {
		foster_child(&foster);
		_exit(child());
	}
	ck_assert_int_gt(pid, 0);
	return pid;
}

static void tend(int pid)
{
	ck_assert_int_eq(foster_tend(&foster, pid, &result), 0);
}

static struct state before_all;

/* It has what the caller had, and a group of its own. */
static int check_child(void)
{
	before_all.is_subreaper = 0;
	check_state(&before_all);
	return getpgrp() == getpid() ? 42 : 1;
}

static int check_shared_group(void)
{
	return getpgrp() == getpgid(getppid()) ? 42 : 1;
}

static int exit_at_once(void)
{
	return 5;
}

static int stop(void)
{
	signal(SIGTERM, SIG_DFL); /* Check has a handler, which tells others */
	raise(SIGSTOP);
	return 6;
}

static int lead_session(void)
{
	return setsid() == getpid() ? 7 : 1;
}

static int be_traced(void)
{
	syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0);
	raise(SIGUSR2);
	return 8;
}

START_TEST(a_child_goes_on_as_a_function_and_twice)
{
	struct sigaction action = { .sa_handler = on_child };

	begin();
	sigaction(SIGCHLD, &action, NULL);
	before_all = state_now();
	for (int i = 0; i < 2; i++) {
		struct state before = state_now();

		tend(fork_child(check_child));
		ck_assert_int_eq(foster_exit_status(&result), 42);
		check_state(&before);
	}
}
END_TEST

START_TEST(a_child_may_stay_in_the_caller_s_group)
{
	begin();
	options.flags = FOSTER_SAME_GROUP;
	tend(fork_child(check_shared_group));
	ck_assert_int_eq(foster_exit_status(&result), 42);
}
END_TEST

/* Dead, with its status; stopped until it is continued; traced. */
START_TEST(a_child_may_be_in_any_state)
{
	siginfo_t info;
	int pid;

	begin();
	pid = fork_child(exit_at_once);
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	tend(pid);
	ck_assert_int_eq(foster_exit_status(&result), 5);

	pid = fork_child(stop);
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info,
				WSTOPPED | WNOWAIT), 0);
	kill(getpid(), SIGTERM);
	tend(pid); /* a TERM that has come continues it, and ends it */
	ck_assert_int_eq(WTERMSIG(result.status), SIGTERM);
	ck_assert_int_eq(result.stop_signal, SIGTERM);

	/* It leads a session, and so a group, of its own. */
	options.flags = FOSTER_SAME_GROUP;
	tend(fork_child(lead_session));
	ck_assert_int_eq(foster_exit_status(&result), 7);
	options.flags = 0;

	/* By the caller: as if that had let it go. */
	tend(fork_child(be_traced));
	ck_assert_int_eq(WTERMSIG(result.status), SIGUSR2);
}
END_TEST

static int wait_for_usr1(void)
{
	sigset_t set;
	int signal;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return sigwait(&set, &signal) == 0 ? 9 : 1;
}

START_TEST(a_signal_between_the_calls_is_not_lost)
{
	sigset_t set;
	int pid;

	begin();
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	pid = fork_child(wait_for_usr1);
	kill(getpid(), SIGUSR1);
	tend(pid);
	ck_assert_int_eq(foster_exit_status(&result), 9);
}
END_TEST

static int sleep_long(void *argument)
{
	(void)argument;
	return (int)sleep(100);
}

START_TEST(what_is_no_child_is_refused_and_all_is_put_back)
{
	static const int numbers[] = { 0, -1, 1, 4194303 };
	static char stack[65536] __attribute__((aligned(16)));
	struct state before;
	int pid;

	begin();
	before = state_now();
	for (size_t i = 0; i < UNIT_COUNT(numbers); i++) {
		ck_assert_int_eq(foster_begin(&foster, &options), 0);
		ck_assert_int_eq(foster_tend(&foster, numbers[i], &result),
				 -ECHILD);
		check_state(&before);
	}
	/* It would end without a SIGCHLD. */
	ck_assert_int_eq(foster_begin(&foster, &options), 0);
	pid = clone(sleep_long, stack + sizeof(stack), 0, NULL);
	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(foster_tend(&foster, pid, &result), -EINVAL);
	check_state(&before);
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, NULL, __WALL), pid);
}
END_TEST

START_TEST(without_a_program_the_end_puts_all_back)
{
	struct state before;

	begin();
	before = state_now();
	ck_assert_int_eq(foster_begin(&foster, &options), 0);
	ck_assert_int_ne(memcmp(&before, &(struct state){ 0 }, sizeof(before)),
			 0);
	foster_end(&foster);
	check_state(&before);
}
END_TEST

/* ---- the stack that foster.h names ---- */

#ifdef __SANITIZE_ADDRESS__
enum { HAS_SANITIZER = 1 };
#else
enum { HAS_SANITIZER = 0 };
#endif

static struct {
	ucontext_t caller, callee;
	char *program, *script;
	int error;
} small;

static void run_there(void)
{
	char *argv[] = { small.program, (char *)"-c", small.script, NULL };
	static char path[3000] = "PATH=/usr/bin:/bin";
	char *envp[] = { path, NULL };

	memset(path + strlen(path), ':', sizeof(path) - 1 - strlen(path));
	small.error = foster_run(&options, argv, envp, &result);
}

/* On a stack of just that size: what lies below it cannot be written to. */
static void run_on_small_stack(const char *program, const char *script)
{
	enum { GUARD = 65536 };
	char *memory = mmap(NULL, GUARD + FOSTER_STACK, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ck_assert_ptr_ne(memory, MAP_FAILED);
	ck_assert_int_eq(mprotect(memory, GUARD, PROT_NONE), 0);
	small.program = (char *)program;
	small.script = (char *)script;
	getcontext(&small.callee);
	small.callee.uc_stack.ss_sp = memory + GUARD;
	small.callee.uc_stack.ss_size = FOSTER_STACK;
	small.callee.uc_link = &small.caller;
	makecontext(&small.callee, run_there, 0);
	ck_assert_int_eq(swapcontext(&small.caller, &small.callee), 0);
	munmap(memory, GUARD + FOSTER_STACK);
	ck_assert_int_eq(small.error, 0);
}

static void write_program(const char *path, const void *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
	close(fd);
}

static void write_script(const char *path, const char *text)
{
	write_program(path, text, strlen(text));
}

/* One that needs a loader that is not there, or another machine. */
static void write_elf(const char *path, unsigned machine)
{
	struct {
		Elf64_Ehdr head;
		Elf64_Phdr interpreter;
		char name[16];
	} elf = {
		.head = { .e_ident = ELFMAG, .e_type = ET_EXEC,
			  .e_version = EV_CURRENT,
			  .e_phoff = sizeof(Elf64_Ehdr),
			  .e_ehsize = sizeof(Elf64_Ehdr),
			  .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1 },
		.interpreter = { .p_type = PT_INTERP, .p_filesz = 13,
				 .p_offset = sizeof(Elf64_Ehdr) +
					     sizeof(Elf64_Phdr) },
		.name = "/nonexistent",
	};

	memcpy(&elf.head, sys_own_elf_header(), EI_NIDENT);
	elf.head.e_machine = (Elf64_Half)machine;
	write_program(path, &elf, sizeof(elf));
}

static unsigned own_machine(void)
{
	return ((const Elf64_Ehdr *)(const void *)sys_own_elf_header())->e_machine;
}

START_TEST(every_end_and_every_explanation_fits_the_stack)
{
	static const struct {
		const char *program, *script;
		int status;
	} cases[] = {
		{ "nonexistent-in-path", "", 127 },
		{ "./carriage-return", "", 127 },
		{ "./no-interpreter", "", 127 },
		{ "./scripts-4", "", 127 },
		{ "./no-loader", "", 127 },
		{ "./other-machine", "", 126 },
		{ "./not-executable", "", 126 },
		{ "./loop", "", 126 },
		{ "./dangling", "", 127 },
		{ "./no-interpreter/below", "", 127 },
		{ "/tmp", "", 126 },
		{ "sh", "exit 7", 7 },
		{ "sh", "kill -KILL $$", 137 },
		{ "sh", "sleep 100 | cat & (trap '' TERM; sleep 100 &) ; exit 3",
		  3 },
		{ "sh", "kill -TERM $PPID; kill -TERM $PPID; sleep 100", 143 },
	};
	char folder[] = "/tmp/foster-unit.XXXXXX", command[64];

	if (HAS_SANITIZER) {
		unit_skip(__func__,
			  "a build without sanitizers, whose frames are larger");
		return;
	}
	begin();
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
	write_script("carriage-return", "#!/bin/sh\r\n");
	write_script("no-interpreter", "#!/nonexistent\n");
	write_script("scripts-1", "#!./no-interpreter\n");
	write_script("scripts-2", "#!./scripts-1\n");
	write_script("scripts-3", "#!./scripts-2\n");
	write_script("scripts-4", "#!./scripts-3\n");
	write_elf("no-loader", own_machine());
	write_elf("other-machine", own_machine() != EM_S390 ? EM_S390 : EM_PPC);
	write_script("not-executable", "#!/bin/sh\n");
	ck_assert_int_eq(chmod("not-executable", 0644), 0);
	ck_assert_int_eq(symlink("loop", "loop"), 0);
	ck_assert_int_eq(symlink("/nonexistent/x", "dangling"), 0);
	for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
		options.verbosity = 2;
		options.grace_ms = 200;
		run_on_small_stack(cases[i].program, cases[i].script);
		unit_check(foster_exit_status(&result) == cases[i].status,
			   "%s: %d, not %d", cases[i].program,
			   foster_exit_status(&result), cases[i].status);
	}
	snprintf(command, sizeof(command), "rm -r %s", folder);
	ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(a_caller_need_not_become_a_subreaper)
{
	int is_subreaper = -1;

	begin();
	options.flags = FOSTER_NO_REAPER;
	ck_assert_int_eq(foster_begin(&foster, &options), 0);
	prctl(PR_GET_CHILD_SUBREAPER, &is_subreaper);
	ck_assert_int_eq(is_subreaper, 0);
	foster_end(&foster);

	options.flags = 0;
	ck_assert_int_eq(foster_begin(&foster, &options), 0);
	prctl(PR_GET_CHILD_SUBREAPER, &is_subreaper);
	ck_assert_int_eq(is_subreaper, 1);
	foster_end(&foster);
}
END_TEST

START_TEST(a_pause_ends_by_a_signal)
{
	begin();
	options.flags = FOSTER_PAUSE;
	ck_assert_int_eq(foster_begin(&foster, &options), 0);
	kill(getpid(), SIGTERM);
	tend(0);
	ck_assert_int_eq(result.status, 0);
	ck_assert_int_eq(result.stop_signal, SIGTERM);
}
END_TEST

Suite *foster_suite(void);
Suite *foster_suite(void)
{
	Suite *suite = suite_create("foster");
	TCase *running = unit_tcase(suite, "running");
	TCase *asking = unit_tcase(suite, "what it is asked for");
	TCase *events_case = unit_tcase(suite, "events");
	TCase *four = unit_tcase(suite, "the four calls");

	unit_add(running, the_caller_gets_the_wait_status);
	unit_add(running, the_result_is_as_welcome_as_none);
	unit_add(running, why_nothing_was_executed_is_in_the_result);
	unit_add(running, what_the_start_changes_is_put_back);
	unit_add(running,
		 an_ignored_sigchld_is_put_back_and_the_status_comes_through);
	unit_add(running, files_are_closed_from_3_or_another_number_or_not);
	unit_add(running, the_folder_is_the_root_where_that_is_asked_for);
	unit_add(asking,
		 what_it_does_not_know_is_refused_and_nothing_is_changed);
	unit_add(asking, an_empty_vector_is_no_program);
	unit_add(asking, structures_may_be_larger_by_zeroes_alone);
	unit_add(asking, a_process_with_threads_is_refused);
	unit_add(asking, the_child_s_own_code_runs_before_the_program);
	unit_add(events_case, events_come_in_their_order);
	unit_add(events_case, a_signal_is_treated_as_the_answer_says);
	unit_add(events_case, messages_go_to_the_caller);
	unit_add(events_case, who_is_left_is_counted);
	unit_add(four, a_child_goes_on_as_a_function_and_twice);
	unit_add(four, a_child_may_stay_in_the_caller_s_group);
	unit_add(four, a_child_may_be_in_any_state);
	unit_add(four, a_signal_between_the_calls_is_not_lost);
	unit_add(four, what_is_no_child_is_refused_and_all_is_put_back);
	unit_add(four, without_a_program_the_end_puts_all_back);
	unit_add(four, every_end_and_every_explanation_fits_the_stack);
	unit_add(four, a_caller_need_not_become_a_subreaper);
	unit_add(four, a_pause_ends_by_a_signal);
	return suite;
}
