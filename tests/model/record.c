/*
 * record.c - what foster really does, for the model to accept: runs it in a
 * scenario, in a PID namespace of its own, and writes down its system calls
 * as the steps of foster.pml. `record FOSTER FOLDER` writes FOLDER/NAME for
 * each scenario and prints "NAME VARIANT" lines.
 *
 * The steps come from the calls that the kernel saw (ptrace(2)) and not from
 * anything foster says. Numbers of processes are those of the namespace; they
 * grow by one with each fork, so that number and order tell who is who: 1 is
 * the program. What only reads or concerns nobody in the story (the clock,
 * messages, memory, /proc of strangers) is no step; a signal always is one.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- the scenarios ---- */

enum { SLOTS = 4, GRACE_MS = 300, ACTIONS_MAX = 2, LIMIT_SECONDS = 120 };

/* Done, in this order, when foster is about to wait. */
struct action {
	int waits, looks; /* not before foster has done so often */
	bool opens_gate;
	int zombies; /* then it is awaited that so many children are dead */
	bool sends_term;
};

struct scenario {
	const char *name;
	const char *variant; /* of the model: see check.sh */
	bool is_process_1, has_proc;
	const char *option; /* besides -t, or NULL */
	const char *script;
	struct action actions[ACTIONS_MAX];
};

#define AT_ONCE                                                                \
	{                                                                      \
		{                                                              \
			.waits = 0                                             \
		}                                                              \
	}

/* The rest of a script runs when foster is about to wait. */
#define AT_GATE "until [ -e $GATE ]; do :; done; "

/* A child that ignores TERM; its shell does not. */
#define DEAF "trap '' TERM; sleep 100 & trap - TERM; "

/* The program ends as soon as a child of its has said READY. */
#define ENDS_WHEN_READY "trap 'exit 6' HUP; "
#define READY		"kill -HUP $$; "

static const struct scenario scenarios[] = {
	{ "plain", "p1", true, true, NULL, "exit 7", AT_ONCE },
	{ "term_ends_the_program",
	  "p1",
	  true,
	  true,
	  NULL,
	  "exec sleep 100",
	  { { .waits = 1, .sends_term = true } } },
	{ "three_deaths_merge",
	  "p1",
	  true,
	  true,
	  NULL,
	  AT_GATE "(:) & (:) & (:) & exit 5",
	  { { .waits = 1, .opens_gate = true, .zombies = 4 } } },
	{ "term_and_a_death_at_once",
	  "p1",
	  true,
	  true,
	  NULL,
	  AT_GATE "trap 'exit 11' TERM; ( (:) & ); sleep 100 & wait",
	  { { .waits = 1,
	      .opens_gate = true,
	      .zombies = 1,
	      .sends_term = true } } },
	{ "stopped_program_is_continued",
	  "p1s",
	  true,
	  true,
	  NULL,
	  AT_GATE "kill -STOP $$; exit 8",
	  { { .waits = 1, .opens_gate = true },
	    { .waits = 2, .sends_term = true } } },
	{ "leftovers_are_told", "p1", true, true, NULL,
	  "sleep 100 & sleep 100 & exit 3", AT_ONCE },
	{ "deaf_leftover", "p1", true, true, NULL, DEAF "exit 4", AT_ONCE },
	{ "deaf_parent_of_a_leftover", "p1", true, true, NULL,
	  ENDS_WHEN_READY "(sleep 100 & trap '' TERM; " READY
			  "wait; exec sleep 100) & wait",
	  AT_ONCE },
	{ "orphan_comes_while_ending", "p1", true, true, NULL,
	  ENDS_WHEN_READY "(" DEAF "trap 'exit 2' TERM; " READY "wait) & wait",
	  AT_ONCE },
	{ "stopped_leftover", "p1s", true, true, NULL,
	  "sh -c 'kill -STOP $$; exit 2' & c=; until [ \"$c\" = T ]; do "
	  "read a b c d < /proc/$!/stat; done; exit 9",
	  AT_ONCE },
	{ "term_while_ending",
	  "p1",
	  true,
	  true,
	  NULL,
	  DEAF "exit 4",
	  { { .looks = 1, .sends_term = true } } },
	{ "two_terms_while_ending",
	  "p1t",
	  true,
	  true,
	  NULL,
	  DEAF "exit 4",
	  { { .looks = 1, .sends_term = true },
	    { .looks = 2, .sends_term = true } } },
	{ "group", "p1g", true, true, "-g",
	  DEAF "kill -TERM $PPID; sleep 100; exit 4", AT_ONCE },
	{ "lingering",
	  "p1a",
	  true,
	  true,
	  "-a",
	  AT_GATE "sleep 100 & exit 3",
	  { { .waits = 1, .opens_gate = true },
	    { .waits = 2, .sends_term = true } } },
	{ "no_proc", "p1n", true, false, NULL, DEAF "sleep 100 & exit 3",
	  AT_ONCE },
	{ "plain_child", "sub", false, true, NULL, "exit 7", AT_ONCE },
	{ "killed_leftover", "sub", false, true, NULL,
	  DEAF "sleep 100 & exit 4", AT_ONCE },
	{ "descendants_by_pidfd", "sub", false, true, NULL,
	  ENDS_WHEN_READY "(trap '' TERM; (sleep 100 & " READY
			  "wait) & wait) & wait",
	  AT_ONCE },
	{ "two_terms_and_kill",
	  "subt",
	  false,
	  true,
	  NULL,
	  DEAF "exit 4",
	  { { .looks = 1, .sends_term = true },
	    { .looks = 2, .sends_term = true } } },
	{ "group_child", "subg", false, true, "-g",
	  DEAF "kill -TERM $PPID; sleep 100; exit 4", AT_ONCE },
	{ "no_proc_child", "subn", false, false, NULL,
	  "sleep 100 & sleep 100 & exit 3", AT_ONCE },
};

/* ---- the steps, as foster.pml numbers them ---- */

enum step {
	T_WAIT_ANY = 1,
	T_WAIT_NAMED,
	T_SIGNAL,
	T_KILL,
	T_LOOK,
	T_LOOK_ALL,
	T_PIDFD,
	T_PARENT,
	T_PIDFD_KILL,
	T_GROUP,
	T_PEEK,
	T_EXIT,
	T_HALF,
};

static const char *const step_names[] = {
	"",	     "wait for any",
	"wait for",  "signal",
	"kill",	     "children",
	"all",	     "pidfd",
	"parent of", "kill by pidfd",
	"group of",  "peek",
	"exit",	     "half the grace is over",
};

enum { NOTHING, DEAD, HAS_STOPPED, HAS_CONTINUED, NO_CHILD };
enum { THE_GROUP = 0, ALL = 7, STRANGER = 30 };

enum file_kind { NO_FILE, CHILDREN_LIST, PROC_FOLDER, STATUS_FILE, PIDFD };

enum { FILES_MAX = 64, TEXT_MAX = 4096, PATH_SIZE = 64 };

struct record {
	const struct scenario *scenario;
	FILE *to;
	const char *gate; /* a file that scripts wait for */
	pid_t traced;	  /* foster, as seen from here */
	int program;	  /* as seen by foster; 0: not started yet */
	int program_status;
	int waits, looks;
	int64_t clock_ms; /* as foster saw it last */
	int64_t since_ms; /* of the ending; 0: it has not begun */
	bool is_half_over, has_killed;
	long last_call;
	int next_action;
	bool is_inside; /* a system call */
	struct __ptrace_syscall_info call;
	struct {
		enum file_kind kind;
		int slot;
		bool is_read;
	} files[FILES_MAX];
};

/* What the machine does not allow is not foster's failure. */
enum { NOT_ALLOWED = 77 };

static _Noreturn void cannot(const char *what)
{
	fprintf(stderr, "record: %s: %s\n", what, strerror(errno));
	exit(NOT_ALLOWED);
}

static _Noreturn void fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fprintf(stderr, "record: ");
	vfprintf(stderr, format, arguments);
	fprintf(stderr, ": %s\n", strerror(errno));
	va_end(arguments);
	exit(1);
}

static void add(struct record *record, enum step step, int a, int b)
{
	fprintf(record->to, "%d %d %d  %s\n", step, a, b, step_names[step]);
}

/* The number of a process in the story; STRANGER: none. */
static int slot_of(const struct record *record, int pid)
{
	int slot = pid - record->program + 1;

	return slot >= 1 && slot <= SLOTS ? slot : STRANGER;
}

static size_t read_memory(const struct record *record, uint64_t from, void *to,
			  size_t size)
{
	struct iovec here = { to, size };
	struct iovec there = { (void *)(uintptr_t)from, size };
	ssize_t length =
		process_vm_readv(record->traced, &here, 1, &there, 1, 0);

	return length > 0 ? (size_t)length : 0;
}

/* ---- files of /proc ---- */

static enum file_kind kind_of(const struct record *record, const char *path,
			      int *slot)
{
	char rest[PATH_SIZE];
	int pid;

	if (strcmp(path, "/proc/thread-self/children") == 0)
		return CHILDREN_LIST;
	if (strcmp(path, "/proc") == 0)
		return PROC_FOLDER;
	if (sscanf(path, "/proc/%d/%60s", &pid, rest) == 2 &&
	    strcmp(rest, "status") == 0) {
		*slot = slot_of(record, pid);
		return *slot == STRANGER ? NO_FILE : STATUS_FILE;
	}
	return NO_FILE;
}

static void on_open(struct record *record, int64_t fd)
{
	char path[PATH_SIZE] = "";
	enum file_kind kind;
	int slot = STRANGER;

	/* The end of the path may be the end of what can be read. */
	for (size_t i = 0; i < sizeof(path) - 1; i++)
		if (read_memory(record, record->call.entry.args[1] + i,
				path + i, 1) != 1 ||
		    path[i] == '\0')
			break;
	kind = kind_of(record, path, &slot);
	if (kind == STATUS_FILE)
		add(record, T_PARENT, slot, NOTHING);
	if (fd < 0 || fd >= FILES_MAX)
		return;
	record->files[fd].kind = kind;
	record->files[fd].slot = slot;
	record->files[fd].is_read = false;
}

static int bit_of(const struct record *record, int pid)
{
	int slot = slot_of(record, pid);

	return slot == STRANGER ? 0 : 1 << slot;
}

static int bits_of_list(const struct record *record, const char *text)
{
	int bits = 0;

	while (isdigit((unsigned char)*text)) {
		bits |= bit_of(record, (int)strtol(text, (char **)&text, 10));
		text += *text == ' ';
	}
	return bits;
}

/*
 * The whole list of children comes with the first read; later ones may add
 * nobody. A folder comes in pieces: only that it is read is a step, and who
 * is in it shows in what follows.
 */
static void on_read(struct record *record, bool is_folder, int64_t length)
{
	uint64_t fd = record->call.entry.args[0];
	char text[TEXT_MAX] = "";
	int bits;

	if (fd >= FILES_MAX || length < 0 || length >= TEXT_MAX)
		return;
	if (record->files[fd].kind != CHILDREN_LIST &&
	    record->files[fd].kind != PROC_FOLDER)
		return;
	read_memory(record, record->call.entry.args[1], text, (size_t)length);
	text[length] = '\0';
	bits = is_folder ? 0 : bits_of_list(record, text);
	if (record->files[fd].is_read && bits == 0)
		return;
	record->files[fd].is_read = true;
	record->looks++;
	if (record->since_ms == 0)
		record->since_ms = record->clock_ms;
	add(record, is_folder ? T_LOOK_ALL : T_LOOK, bits, NOTHING);
}

/* ---- the other calls ---- */

static int exit_status_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int change_of(int status)
{
	if (WIFSTOPPED(status))
		return HAS_STOPPED;
	return WIFCONTINUED(status) ? HAS_CONTINUED : DEAD;
}

static void on_wait(struct record *record, int64_t result)
{
	bool is_named = (int)record->call.entry.args[0] > 0;
	enum step step = is_named ? T_WAIT_NAMED : T_WAIT_ANY;
	int whom =
		is_named ? slot_of(record, (int)record->call.entry.args[0]) : 0;
	int status = 0;

	if (result <= 0) {
		add(record, step, whom,
		    result == -ECHILD && !is_named ? NO_CHILD : NOTHING);
		return;
	}
	read_memory(record, record->call.entry.args[1], &status,
		    sizeof(status));
	if (result == record->program && change_of(status) == DEAD)
		record->program_status = exit_status_of(status);
	add(record, step, slot_of(record, (int)result), change_of(status));
}

static void on_signal(struct record *record, int64_t result)
{
	siginfo_t info = { 0 };

	if (result == -EAGAIN) {
		add(record, T_SIGNAL, 0, NOTHING);
		return;
	}
	read_memory(record, record->call.entry.args[1], &info, sizeof(info));
	add(record, T_SIGNAL, (int)result,
	    result == SIGCHLD ? slot_of(record, info.si_pid) : NOTHING);
}

static void on_peek(struct record *record)
{
	siginfo_t info = { 0 };

	read_memory(record, record->call.entry.args[2], &info, sizeof(info));
	add(record, T_PEEK, info.si_pid == 0 ? 0 : slot_of(record, info.si_pid),
	    NOTHING);
}

static void on_kill(struct record *record)
{
	int pid = (int)record->call.entry.args[0];
	int whom = slot_of(record, pid);

	if (pid == -record->program)
		whom = THE_GROUP;
	else if (pid == -1)
		whom = ALL;
	record->has_killed |= record->call.entry.args[1] == SIGKILL;
	add(record, T_KILL, whom, (int)record->call.entry.args[1]);
}

static void on_pidfd(struct record *record, int64_t fd)
{
	int slot = slot_of(record, (int)record->call.entry.args[0]);

	if (fd >= 0 && fd < FILES_MAX) {
		record->files[fd].kind = PIDFD;
		record->files[fd].slot = slot;
	}
	if (slot != STRANGER)
		add(record, T_PIDFD, slot, fd >= 0 ? DEAD : NOTHING);
}

/*
 * What foster knows of the time: only where it decides by it, which is where
 * it neither asks for all that is dead to be settled nor for a signal.
 */
static void on_clock(struct record *record)
{
	struct timespec now = { 0, 0 };
	int64_t spent_ms;

	read_memory(record, record->call.entry.args[1], &now, sizeof(now));
	record->clock_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	spent_ms = record->clock_ms - record->since_ms;
	if (record->since_ms == 0 || record->is_half_over ||
	    record->has_killed || record->last_call == SYS_wait4 ||
	    record->last_call == SYS_rt_sigtimedwait ||
	    spent_ms < GRACE_MS / 2 || spent_ms >= GRACE_MS)
		return;
	record->is_half_over = true;
	add(record, T_HALF, 0, NOTHING);
}

static void on_result(struct record *record, int64_t result)
{
	const uint64_t *args = record->call.entry.args;
	long number = (long)record->call.entry.nr;

	if (record->program == 0) {
		bool is_spawn = number == SYS_clone;

#ifdef SYS_vfork
		is_spawn |= number == SYS_vfork || number == SYS_fork;
#endif
		if (is_spawn && result > 0)
			record->program = (int)result;
		return;
	}
	if (number == SYS_clock_gettime)
		on_clock(record);
	else if (number == SYS_wait4)
		on_wait(record, result);
	else if (number == SYS_rt_sigtimedwait)
		on_signal(record, result);
	else if (number == SYS_waitid)
		on_peek(record);
	else if (number == SYS_kill)
		on_kill(record);
	else if (number == SYS_openat)
		on_open(record, result);
	else if (number == SYS_read || number == SYS_pread64 ||
		 number == SYS_getdents64)
		on_read(record, number == SYS_getdents64, result);
	else if (number == SYS_pidfd_open)
		on_pidfd(record, result);
	else if (number == SYS_pidfd_send_signal)
		add(record, T_PIDFD_KILL,
		    args[0] < FILES_MAX ? record->files[args[0]].slot
					: STRANGER,
		    (int)args[1]);
	else if (number == SYS_getpgid)
		add(record, T_GROUP, slot_of(record, (int)args[0]), NOTHING);
	else if (number == SYS_tkill || number == SYS_tgkill ||
		 number == SYS_rt_sigqueueinfo)
		add(record, T_KILL, STRANGER, (int)args[1]);
}

/* ---- playing a scenario ---- */

static int zombie_children(pid_t parent)
{
	char path[PATH_SIZE], state;
	int count = 0, pid;
	FILE *list, *stat;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", parent,
		 parent);
	list = fopen(path, "r");
	if (list == NULL)
		fail("%s", path);
	while (fscanf(list, "%d", &pid) == 1) {
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		stat = fopen(path, "r");
		if (stat == NULL)
			continue;
		if (fscanf(stat, "%*d (%*[^)]) %c", &state) == 1)
			count += state == 'Z';
		fclose(stat);
	}
	fclose(list);
	return count;
}

/* foster is about to wait: whatever happens now, it has not seen. */
static void before_wait(struct record *record)
{
	const struct action *action =
		&record->scenario->actions[record->next_action];

	record->waits++;
	if (record->next_action == ACTIONS_MAX ||
	    (action->waits == 0 && action->looks == 0) ||
	    record->waits < action->waits || record->looks < action->looks)
		return;
	record->next_action++;
	if (action->opens_gate)
		close(open(record->gate, O_CREAT | O_WRONLY, 0600));
	while (zombie_children(record->traced) < action->zombies)
		usleep(1000);
	if (action->sends_term)
		kill(record->traced, SIGTERM);
}

static void on_call(struct record *record)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, record->traced, sizeof(info),
		   &info) < 0)
		cannot("PTRACE_GET_SYSCALL_INFO");
	if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
		on_result(record, info.exit.rval);
		record->last_call = (long)record->call.entry.nr;
		return;
	}
	if (info.op != PTRACE_SYSCALL_INFO_ENTRY)
		return;
	record->call = info;
	if ((long)info.entry.nr == SYS_rt_sigtimedwait)
		before_wait(record);
	if ((long)info.entry.nr == SYS_exit_group)
		add(record, T_EXIT,
		    (int)info.entry.args[0] == record->program_status ? 1 : 2,
		    NOTHING);
}

static void follow(struct record *record)
{
	int status, signal;

	for (;;) {
		if (waitpid(record->traced, &status, __WALL) < 0)
			fail("waitpid");
		if (!WIFSTOPPED(status))
			return;
		signal = WSTOPSIG(status);
		if (signal == (SIGTRAP | 0x80)) {
			on_call(record);
			signal = 0;
		} else if (status >> 16 != 0) {
			signal = 0;
		}
		ptrace(PTRACE_SYSCALL, record->traced, 0, signal);
	}
}

static _Noreturn void become_foster(const char *foster,
				    const struct scenario *scenario, int gate)
{
	char byte;
	const char *option = scenario->option ? scenario->option : "-s";
	char grace[16];

	if (read(gate, &byte, 1) != 1)
		_exit(1);
	snprintf(grace, sizeof(grace), "%dms", GRACE_MS);
	execl(foster, foster, "-q", "-t", grace, option, "--", "/bin/sh", "-c",
	      scenario->script, (char *)NULL);
	_exit(1);
}

/* The first process of the namespace: foster, or its parent. */
static _Noreturn void become_first(const char *foster,
				   const struct scenario *scenario, int gate,
				   int tell)
{
	pid_t pid = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    (scenario->has_proc && mount("proc", "/proc", "proc", 0, NULL) < 0))
		cannot("a namespace for mounts");
	if (!scenario->is_process_1)
		pid = fork();
	if (pid == 0) {
		if (write(tell, "", 1) != 1)
			_exit(1);
		become_foster(foster, scenario, gate);
	}
	close(gate);
	close(tell);
	waitpid(pid, NULL, 0);
	_exit(0);
}

static pid_t only_child_of(pid_t parent)
{
	char path[PATH_SIZE];
	int pid = 0;
	FILE *list;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", parent,
		 parent);
	list = fopen(path, "r");
	if (list == NULL || fscanf(list, "%d", &pid) != 1)
		fail("%s", path);
	fclose(list);
	return pid;
}

static void play(const char *foster, const struct scenario *scenario,
		 const char *folder)
{
	struct record record = { .scenario = scenario };
	int gate[2], tell[2];
	char path[4000], gate_path[4096], byte;
	pid_t first;

	snprintf(path, sizeof(path), "%s/%s", folder, scenario->name);
	snprintf(gate_path, sizeof(gate_path), "%s.gate", path);
	unlink(gate_path);
	setenv("GATE", gate_path, 1);
	record.gate = gate_path;
	record.to = fopen(path, "w");
	if (record.to == NULL || pipe2(gate, O_CLOEXEC) < 0 ||
	    pipe2(tell, O_CLOEXEC) < 0)
		fail("%s", path);
	alarm(LIMIT_SECONDS);
	if (unshare(CLONE_NEWPID) < 0)
		cannot("a namespace for processes");
	first = fork();
	if (first == 0)
		become_first(foster, scenario, gate[0], tell[1]);
	close(tell[1]);
	if (first < 0 || read(tell[0], &byte, 1) != 1)
		cannot("the first process");
	record.traced = scenario->is_process_1 ? first : only_child_of(first);
	if (ptrace(PTRACE_SEIZE, record.traced, 0,
		   PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC |
			   PTRACE_O_EXITKILL) < 0)
		cannot("PTRACE_SEIZE");
	if (write(gate[1], "", 1) != 1)
		fail("the gate");
	follow(&record);
	waitpid(first, NULL, 0);
	fclose(record.to);
	unlink(gate_path);
	printf("%s %s\n", scenario->name, scenario->variant);
}

int main(int argc, char **argv)
{
	int status;

	if (argc != 3)
		fail("record FOSTER FOLDER");
	for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
		pid_t pid;

		fflush(stdout);
		pid = fork();
		if (pid == 0) {
			play(argv[1], &scenarios[i], argv[2]);
			return 0;
		}
		if (pid < 0 || waitpid(pid, &status, 0) < 0 ||
		    (status != 0 && status != NOT_ALLOWED << 8))
			fail("scenario %s: status %#x", scenarios[i].name,
			     status);
		if (status != 0)
			return NOT_ALLOWED;
	}
	return 0;
}
