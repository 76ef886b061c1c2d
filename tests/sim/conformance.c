/*
 * conformance.c - the simulated kernel does what Linux does.
 *
 * Each test is a script: a C function whose calls go, by src/sys.h, once to
 * the kernel of this machine, where it is process 1 of a new PID namespace,
 * and once to the simulated one. Both times it says what it saw, a line at a
 * time, process ids included; all lines must be the same. The name of each
 * test is a point of Linux that foster, or the simulated kernel, relies on.
 *
 * A script's processes share no memory on the real kernel, and all of it on
 * the simulated one: they only read what they are given, and say().
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of <signal.h>, where kernel.h has another of that name. */
#undef POLLOUT
#define POLLOUT SIM_POLL_OUT

#include "proc.h"
#include "sim_kernel.h"
#include "suite.h"
#include "sys.h"

enum {
	SAID_SIZE = 16384,
	LINES_SIZE = 512,
	OTHER_USER = 54321,
	PAUSE_NS = 1000000,
	QUEUE_LIMIT = 3,
	OWN_FILES_FROM = 500,
};

/* ---- saying what was seen ---- */

static struct said {
	size_t length;
	char text[SAID_SIZE];
} * said;

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *format, ...)
{
	va_list arguments;
	size_t room = SAID_SIZE - said->length - 2;

	va_start(arguments, format);
	said->length += (size_t)vsnprintf(said->text + said->length, room,
					  format, arguments);
	va_end(arguments);
	said->text[said->length++] = '\n';
}

/* ---- what stands around a script ---- */

struct script {
	const char *name;
	int (*run)(void *);
	bool needs_root;
	bool has_terminal; /* on descriptor 0, the script leads its session */
	enum sim_stream error_stream; /* descriptor 2, if not 0 */
	bool has_files;	   /* below /mnt */
	bool limits_queue; /* RLIMIT_SIGPENDING */
};

static int terminal_master = -1;
static int requests[2], answers[2];

/* Ctrl-C, or another character that the terminal makes a signal of. */
static void type(int signal)
{
	char c = signal == SIGINT ? 3 : signal == SIGTSTP ? 26 : 28;

	if (!sim_is_real)
		sim_do_type(signal, 0);
	else if (write(terminal_master, &c, 1) != 1)
		say("nothing can be typed");
}

/* Process 1 is sent `signal` from outside of the namespace. */
static void signal_from_outside(int signal)
{
	char c = (char)signal;

	if (!sim_is_real)
		sim_do_outside(1, signal);
	else if (write(requests[1], &c, 1) != 1 || read(answers[0], &c, 1) != 1)
		say("nobody is outside");
}

static const struct {
	const char *path, *text;
	int mode;
} mnt_files[] = {
	{ "/mnt/text", "echo hello\n", 0755 },
	{ "/mnt/empty", "", 0755 },
	{ "/mnt/plain", "echo hello\n", 0644 },
	{ "/mnt/nowhere", "#!/mnt/missing\n", 0755 },
	{ "/mnt/folded", "#!/mnt/folder\n", 0755 },
	{ "/mnt/carriage", "#!/bin/sleep\r\n", 0755 },
	{ "/mnt/unreadable", "secret\n", 0600 },
};

static void make_real_files(void)
{
	if (mount("none", "/mnt", "tmpfs", 0, "mode=755") != 0)
		say("no tmpfs: %s", strerror(errno));
	for (size_t i = 0; i < sizeof(mnt_files) / sizeof(mnt_files[0]); i++) {
		int fd = open(mnt_files[i].path, O_CREAT | O_WRONLY, 0600);
		size_t length = strlen(mnt_files[i].text);

		if (write(fd, mnt_files[i].text, length) != (ssize_t)length ||
		    fchmod(fd, (mode_t)mnt_files[i].mode) != 0)
			say("no file %s", mnt_files[i].path);
		close(fd);
	}
	mkdir("/mnt/folder", 0755);
}

/* From 3 up nothing is open, as in the simulation. */
static void move_files_away(void)
{
	requests[1] = fcntl(requests[1], F_DUPFD, OWN_FILES_FROM);
	answers[0] = fcntl(answers[0], F_DUPFD, OWN_FILES_FROM);
	if (terminal_master >= 0)
		terminal_master =
			fcntl(terminal_master, F_DUPFD, OWN_FILES_FROM);
	syscall(SYS_close_range, 3, OWN_FILES_FROM - 1, 0);
}

/* A pipe or a socket whose other end is closed, or full, or neither. */
static void make_real_stream(enum sim_stream stream)
{
	bool is_socket = stream == SIM_STREAM_SOCKET ||
			 stream == SIM_STREAM_SOCKET_STUCK;
	int ends[2];

	if (is_socket ? socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0
		      : pipe(ends) != 0)
		say("no descriptor 2: %s", strerror(errno));
	dup2(ends[1], 2);
	close(ends[1]);
	if (stream == SIM_STREAM_BROKEN)
		close(ends[0]);
	else
		fcntl(ends[0], F_DUPFD, OWN_FILES_FROM);
	if (stream == SIM_STREAM_STUCK || stream == SIM_STREAM_SOCKET_STUCK) {
		fcntl(2, F_SETFL, O_NONBLOCK);
		while (write(2, said->text, SAID_SIZE) > 0)
			;
		while (write(2, "x", 1) > 0)
			;
		fcntl(2, F_SETFL, 0);
	}
	if (stream != SIM_STREAM_BROKEN)
		close(ends[0]);
}

static void prepare_process_1(const struct script *script)
{

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
	if (mount("proc", "/proc", "proc", 0, NULL) != 0)
		say("no /proc: %s", strerror(errno));
	setsid();
	move_files_away();
	if (script->has_terminal) {
		int slave = open(ptsname(terminal_master), O_RDWR);

		dup2(slave, 0);
		close(slave);
		ioctl(0, TIOCSCTTY, 0);
	}
	if (script->error_stream != 0)
		make_real_stream(script->error_stream);
	if (script->has_files)
		make_real_files();
	if (script->limits_queue)
		setrlimit(RLIMIT_SIGPENDING,
			  &(struct rlimit){ QUEUE_LIMIT, QUEUE_LIMIT });
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	for (int signal = 1; signal <= SIGNALS_MAX; signal++)
		sys_rt_sigaction(signal, &(struct kernel_sigaction){ 0 }, NULL);
	sys_rt_sigprocmask(SIG_SETMASK, &(struct kernel_sigset){ { 0 } }, NULL);
}

static void map_user(unsigned uid)
{
	char line[64];
	int fd = open("/proc/self/uid_map", O_WRONLY);
	int length = snprintf(line, sizeof(line), "0 %u 1", uid);

	if (write(fd, line, (size_t)length) != length)
		_exit(77);
	close(fd);
}

/* Outside the namespace: sends the signals it is asked for. */
static void stand_outside(int pid)
{
	char c;
	int status;

	close(requests[1]);
	while (read(requests[0], &c, 1) == 1) {
		kill(pid, c);
		/* What ends it must have done so before anything else is said.
		 */
		if (write(answers[1], &c, 1) != 1)
			break;
	}
	if (waitpid(pid, &status, 0) == pid)
		say("process 1 has ended: %#x", (unsigned)status);
	_exit(0);
}

/* In a process of its own; exits with 77 where there is no namespace. */
static void play_in_namespace(const struct script *script)
{
	unsigned uid = getuid();
	int pid;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (unshare(CLONE_NEWPID | CLONE_NEWNS) != 0) {
		if (uid == 0 || script->needs_root ||
		    unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS) != 0)
			_exit(77);
		map_user(uid);
	}
	if (script->has_terminal) {
		terminal_master = posix_openpt(O_RDWR | O_NOCTTY);
		if (grantpt(terminal_master) != 0 ||
		    unlockpt(terminal_master) != 0)
			_exit(77);
	}
	if (pipe(requests) != 0 || pipe(answers) != 0)
		_exit(77);
	pid = fork();
	if (pid > 0)
		stand_outside(pid);
	prepare_process_1(script);
	_exit(script->run(NULL));
}

/* False: it cannot be played here. */
static bool play_really(const struct script *script)
{
	int status = 0, pid;

	sim_is_real = true;
	pid = fork();
	if (pid == 0)
		play_in_namespace(script);
	waitpid(pid, &status, 0);
	sim_is_real = false;
	return WIFEXITED(status) && WEXITSTATUS(status) != 77;
}

static void play_in_simulation(const struct script *script)
{
	struct sim_process *process_1;

	sim_begin();
	if (script->limits_queue)
		sim.queue_limit = QUEUE_LIMIT;
	if (script->has_terminal) {
		sim.streams[0] = SIM_STREAM_TERMINAL;
		sim_give_terminal(1, 1);
	}
	if (script->error_stream != 0)
		sim.streams[2] = script->error_stream;
	sim_program("/bin/sleep", &sim_sleeper);
	for (size_t i = 0; i < sizeof(mnt_files) / sizeof(mnt_files[0]); i++)
		sim_file_mode(mnt_files[i].path, mnt_files[i].text,
			      mnt_files[i].mode);
	sim_folder("/mnt");
	sim_folder("/mnt/folder");
	process_1 = sim_native(NULL, script->run, NULL);
	(void)process_1;
	if (sim_run() != SIM_ENDED)
		say("simulation: %s",
		    *sim.failure ? sim.failure : "all are asleep");
	say("process 1 has ended: %#x", (unsigned)sim.foster_status);
}

/* The first line in which they differ. */
static void compare(const struct script *script, const char *real,
		    const char *simulated)
{
	int line = 1;

	while (*real != '\0' && *real == *simulated) {
		line += *real == '\n';
		real++;
		simulated++;
	}
	if (*real == *simulated)
		return;
	while (real > said[0].text && real[-1] != '\n' &&
	       simulated > said[1].text) {
		real--;
		simulated--;
	}
	suite_fail(__FILE__, __LINE__,
		   "%s, line %d: Linux says '%.*s', the simulation '%.*s'",
		   script->name, line, (int)strcspn(real, "\n"), real,
		   (int)strcspn(simulated, "\n"), simulated);
}

static void play(const struct script *script)
{
	struct said *both =
		mmap(NULL, 2 * sizeof(*both), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	said = both;
	if (!play_really(script)) {
		suite_skip(script->name, "to make PID namespaces (root)");
		return;
	}
	said = &both[1];
	play_in_simulation(script);
	if (getenv("VERBOSE") != NULL)
		printf("%s:\n%s", script->name, said->text);
	said = both;
	/* Who says nothing has shown nothing. */
	sim_check(strchr(both[0].text, '\n') + 1 <
			  both[0].text + both[0].length,
		  "nothing was said but: %s", both[0].text);
	compare(script, both[0].text, both[1].text);
	munmap(both, 2 * sizeof(*both));
}

/* ---- words for scripts ---- */

static _Noreturn void child_exits(void *status)
{
	sys_exit((int)(intptr_t)status);
}

static void pause_for_ever(void)
{
	for (;;)
		sys_poll(NULL, 0, NULL);
}

static _Noreturn void child_sleeps(void *unused)
{
	(void)unused;
	pause_for_ever();
	sys_exit(0);
}

static int spawn(void (*child)(void *), long argument)
{
	return sys_spawn(child, (void *)argument);
}

static void wait_dead(int pid)
{
	siginfo_t info;

	sys_waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
}

static void wait_stopped(int pid)
{
	siginfo_t info;

	sys_waitid(P_PID, pid, &info, WSTOPPED | WNOWAIT);
}

/*
 * One child, and then whoever else comes; what both have to say is said before
 * what is said here.
 */
static void say_two(const char *who, int pid)
{
	int status = 0, other_status = 0;
	int result = sys_wait4(pid, &status, 0);
	int other = sys_wait4(-1, &other_status, 0);

	say("%s: %d status %#x, %d status %#x", who, result, (unsigned)status,
	    other, (unsigned)other_status);
}

static int spawn_dead(long status)
{
	int pid = spawn(child_exits, status);

	wait_dead(pid);
	return pid;
}

static void rest(void)
{
	sys_nanosleep(&(struct kernel_timespec){ 0, PAUSE_NS });
}

/* What stands in a file of /proc; "" if it cannot be read. */
static void read_proc(int pid, const char *name, char *to, size_t size)
{
	char path[64];
	int fd;
	long length = 0;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = sys_open(path);
	if (fd >= 0) {
		length = sys_read(fd, to, size - 1);
		sys_close(fd);
	}
	to[length > 0 ? length : 0] = '\0';
}

static char state_of(int pid)
{
	char text[LINES_SIZE];

	read_proc(pid, "stat", text, sizeof(text));
	return *text != '\0' ? strrchr(text, ')')[2] : '-';
}

static void until_state(int pid, char state)
{
	while (state_of(pid) != state)
		rest();
}

static void block_all(void)
{
	struct kernel_sigset all;

	memset(&all, 0xff, sizeof(all));
	sys_rt_sigprocmask(SIG_SETMASK, &all, NULL);
}

static void block_only(uint64_t bits)
{
	struct kernel_sigset set;

	memcpy(&set, &bits, sizeof(set));
	sys_rt_sigprocmask(SIG_SETMASK, &set, NULL);
}

static void ignore(int signal)
{
	struct kernel_sigaction action = { .handler = SIG_IGN };

	sys_rt_sigaction(signal, &action, NULL);
}

/* Takes one signal, if there is one, within a time or at once. */
static int take_within(const char *who, int seconds)
{
	struct kernel_timespec limit = { seconds, 0 };
	siginfo_t info;
	struct kernel_sigset all;
	int signal;

	memset(&all, 0xff, sizeof(all));
	memset(&info, 0, sizeof(info));
	signal = sys_rt_sigtimedwait(&all, &info, &limit);
	if (signal < 0)
		say("%s takes: %d", who, signal);
	else if (signal == SIGCHLD)
		say("%s takes CHLD: code %d pid %d uid %u status %d", who,
		    info.si_code, info.si_pid, info.si_uid, info.si_status);
	else
		say("%s takes %d: code %d pid %d uid %u value %ld", who, signal,
		    info.si_code, info.si_pid, info.si_uid,
		    info.si_code == SI_QUEUE ? (long)info.si_value.sival_ptr : 0);
	return signal;
}

static void take_all(const char *who)
{
	while (take_within(who, 0) > 0)
		;
}

static void say_wait(const char *what, int pid, int flags)
{
	int status = 0;
	int result = sys_wait4(pid, &status, flags | __WALL);

	say("%s: wait4 %d status %#x", what, result, (unsigned)status);
}

static void say_waitid(const char *what, int which, int pid, int flags)
{
	siginfo_t info;
	int result;

	memset(&info, 0x55, sizeof(info));
	result = sys_waitid(which, pid, &info, flags);
	if (result < 0)
		say("%s: waitid %d", what, result);
	else
		say("%s: waitid %d signal %d code %d pid %d uid %u status %d",
		    what, result, info.si_signo, info.si_code, info.si_pid, info.si_uid,
		    info.si_status);
}

/* ---- scripts: deaths ---- */

#define SCRIPT(name) static int name(void *unused __attribute__((unused)))

SCRIPT(several_deaths_are_one_sigchld_and_it_tells_of_the_first)
{
	int first, second;

	block_all();
	first = spawn_dead(3);
	second = spawn_dead(4);
	take_all("process 1");
	say_wait("first", first, WNOHANG);
	say_wait("second", second, WNOHANG);
	say_wait("none", -1, WNOHANG);
	return 0;
}

static _Noreturn void child_kills_itself(void *signal)
{
	sys_kill(sys_getpid(), (int)(intptr_t)signal);
	pause_for_ever();
	sys_exit(0);
}

SCRIPT(sigchld_says_how_a_child_died)
{
	int pid;

	block_only(BIT(SIGCHLD));
	for (int status = 0; status < 256; status += 51) {
		spawn_dead(status);
		take_all("process 1");
	}
	for (int signal = 1; signal <= SIGNALS_MAX; signal += 7) {
		if (signal == SIGTTOU)
			continue;
		pid = spawn(child_kills_itself, signal);
		wait_dead(pid);
		take_all("process 1");
		say_wait("killed", pid, 0);
	}
	return 0;
}

SCRIPT(sigchld_tells_of_stops_and_continuing)
{
	int pid;

	block_only(BIT(SIGCHLD));
	pid = spawn(child_sleeps, 0);
	sys_kill(pid, SIGSTOP);
	wait_stopped(pid);
	take_all("process 1");
	say_wait("not asked for", pid, WNOHANG);
	say_wait("stopped", pid, WNOHANG | WSTOPPED);
	say_wait("told once", pid, WNOHANG | WSTOPPED);
	sys_kill(pid, SIGCONT);
	take_within("process 1", 5);
	say_wait("continued", pid, WNOHANG | WCONTINUED);
	say_wait("told once", pid, WNOHANG | WCONTINUED);
	sys_kill(pid, SIGKILL);
	say_wait("dead", pid, 0);
	return 0;
}

SCRIPT(waiting_gives_the_oldest_child_first)
{
	int sleeper = spawn(child_sleeps, 0);
	int pids[4];

	for (int i = 0; i < 4; i++)
		pids[i] = spawn(child_sleeps, 0);
	for (int i = 3; i >= 0; i--) {
		sys_kill(pids[i], SIGKILL);
		wait_dead(pids[i]);
	}
	for (int i = 0; i < 5; i++)
		say_wait("any", -1, WNOHANG);
	say_wait("a living one", sleeper, WNOHANG);
	return 0;
}

SCRIPT(waiting_for_who_is_no_child_is_echild)
{
	int pid;

	say_wait("no child", -1, WNOHANG);
	say_waitid("no child", P_ALL, 0, WEXITED | WNOHANG);
	pid = spawn(child_sleeps, 0);
	say_wait("a child", -1, WNOHANG);
	say_waitid("a child", P_ALL, 0, WEXITED | WNOHANG);
	say_wait("no child of that number", pid + 1, WNOHANG);
	say_wait("oneself", 1, WNOHANG);
	say_wait("unknown flag", -1, 0x10);
	say_waitid("nothing to wait for", P_ALL, 0, WNOHANG);
	sys_kill(pid, SIGKILL);
	say_waitid("death, left there", P_PID, pid,
		   WEXITED | WNOWAIT);
	say_waitid("death", P_ALL, 0, WEXITED);
	say_waitid("gone", P_PID, pid, WEXITED | WNOHANG);
	return 0;
}

SCRIPT(a_parent_that_ignores_sigchld_has_no_zombies)
{
	int pid, status;

	block_all();
	ignore(SIGCHLD);
	pid = spawn(child_exits, 5);
	say("wait blocks until none is left: %d", sys_wait4(-1, &status, 0));
	/* At once, or a moment later (kernel/exit.c, exit_notify). */
	while (sys_kill(pid, 0) == 0)
		sys_sched_yield();
	say("the number is free: %d", sys_kill(pid, 0));
	take_all("process 1");
	return 0;
}

SCRIPT(no_child_wait_has_no_zombies_but_tells_of_them)
{
	struct kernel_sigaction action = { .rest = { SA_NOCLDWAIT } }, old;
	int status;

	block_all();
	sys_rt_sigaction(SIGCHLD, &action, NULL);
	spawn(child_exits, 5);
	say("wait: %d", sys_wait4(-1, &status, 0));
	take_all("process 1");
	sys_rt_sigaction(SIGCHLD, NULL, &old);
	say("flag %lu", old.rest[0] & SA_NOCLDWAIT);
	return 0;
}

SCRIPT(no_child_stop_tells_of_no_stops_but_waiting_does)
{
	struct kernel_sigaction action = { .rest = { SA_NOCLDSTOP } };
	int pid;

	block_all();
	sys_rt_sigaction(SIGCHLD, &action, NULL);
	pid = spawn(child_sleeps, 0);
	sys_kill(pid, SIGSTOP);
	wait_stopped(pid);
	take_all("process 1");
	say_wait("stopped", pid, WNOHANG | WSTOPPED);
	return 0;
}

SCRIPT(setting_the_default_of_sigchld_takes_it_from_what_is_pending)
{
	struct kernel_sigaction by_default = { 0 };

	block_all();
	spawn_dead(1);
	sys_kill(1, SIGTERM);
	sys_rt_sigaction(SIGCHLD, &by_default, NULL);
	sys_rt_sigaction(SIGTERM, &by_default, NULL);
	take_all("process 1");
	return 0;
}

SCRIPT(an_action_may_change_places_with_the_old_one)
{
	struct kernel_sigaction action = { .handler = SIG_IGN };

	sys_rt_sigaction(SIGCHLD, &action, NULL);
	action.handler = SIG_DFL;
	sys_rt_sigaction(SIGCHLD, &action, &action);
	say("was ignored %d", action.handler == SIG_IGN);
	sys_rt_sigaction(SIGCHLD, NULL, &action);
	say("is ignored %d", action.handler == SIG_IGN);
	return 0;
}

/* ---- scripts: orphans ---- */

/* Says who its parent is now, after its first one has died. */
static _Noreturn void orphan(void *first_parent)
{
	while (sys_getppid() == (int)(intptr_t)first_parent)
		rest();
	say("the orphan's parent is %d", sys_getppid());
	sys_exit(9);
}

static _Noreturn void leaves_an_orphan(void *unused)
{
	(void)unused;
	spawn(orphan, sys_getpid());
	sys_exit(1);
}

static _Noreturn void subreaper(void *unused)
{
	(void)unused;
	sys_prctl(PR_SET_CHILD_SUBREAPER, 1);
	say_two("subreaper", spawn(leaves_an_orphan, 0));
	sys_exit(2);
}

SCRIPT(an_orphan_goes_to_process_1)
{
	say_two("process 1", spawn(leaves_an_orphan, 0));
	say_wait("none", -1, 0);
	return 0;
}

SCRIPT(an_orphan_goes_to_the_nearest_subreaper)
{
	say_wait("subreaper", spawn(subreaper, 0), 0);
	say_wait("none", -1, 0);
	return 0;
}

static _Noreturn void between(void *unused)
{
	int status;

	(void)unused;
	sys_wait4(spawn(leaves_an_orphan, 0), &status, 0);
	sys_exit(3);
}

static _Noreturn void far_subreaper(void *unused)
{
	(void)unused;
	sys_prctl(PR_SET_CHILD_SUBREAPER, 1);
	say_two("far", spawn(between, 0));
	sys_exit(4);
}

SCRIPT(being_a_subreaper_is_not_inherited)
{
	say_wait("process 1", spawn(far_subreaper, 0), 0);
	return 0;
}

static _Noreturn void leaves_a_zombie(void *unused)
{
	(void)unused;
	spawn_dead(7);
	sys_exit(8);
}

SCRIPT(a_dead_parents_zombies_are_told_of_before_its_own_death)
{
	block_all();
	wait_dead(spawn(leaves_a_zombie, 0));
	take_all("process 1");
	say_wait("one", -1, WNOHANG);
	say_wait("other", -1, WNOHANG);
	return 0;
}

static _Noreturn void hears_of_its_parent(void *unused)
{
	(void)unused;
	sys_prctl(PR_SET_PDEATHSIG, SIGUSR1);
	say("ready");
	take_within("child", 60);
	take_all("child");
	sys_exit(0);
}

static _Noreturn void dies_before_its_child(void *unused)
{
	(void)unused;
	spawn(hears_of_its_parent, 0);
	/* Until it waits; it is the only one that says anything. */
	while (said->length == 0)
		rest();
	sys_exit(0);
}

SCRIPT(the_death_signal_comes_from_the_dead_parent)
{
	say("bad: %d", sys_prctl(PR_SET_PDEATHSIG, 65));
	said->length = 0;
	block_all();
	say_two("parent and child", spawn(dies_before_its_child, 0));
	return 0;
}

/* ---- scripts: signals ---- */

SCRIPT(the_lowest_signal_comes_first_but_faults_before_all)
{
	static const int sent[] = { 15, 1, 11, 2, 31, 64, 34, 10, 4, 3 };

	block_all();
	for (size_t i = 0; i < sizeof(sent) / sizeof(sent[0]); i++)
		say("kill %d", sys_kill(1, sent[i]));
	take_all("process 1");
	return 0;
}

SCRIPT(a_signal_to_the_thread_comes_before_those_to_the_process)
{
	block_all();
	sys_kill(1, SIGHUP);
	sys_kill(1, SIGTERM);
	sys_tkill(1, SIGTERM);
	sys_tkill(1, SIGUSR2);
	take_all("process 1");
	say("no such thread: %d", sys_tkill(99, SIGHUP));
	say("no thread: %d", sys_tkill(0, SIGHUP));
	return 0;
}

static int queue(int pid, int signal, int code, long value)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_code = code;
	info.si_pid = 77;
	info.si_uid = 88;
	info.si_value.sival_ptr = (void *)value;
	return sys_rt_sigqueueinfo(pid, signal, &info);
}

SCRIPT(real_time_signals_queue_with_values_in_order_and_others_merge)
{
	block_all();
	say("queue %d", queue(1, 35, SI_QUEUE, 1));
	say("queue %d", queue(1, 34, SI_QUEUE, 2));
	say("queue %d", queue(1, 34, SI_QUEUE, 3));
	take_all("process 1");
	say("queue %d", queue(1, SIGTERM, SI_QUEUE, 4));
	say("queue %d", queue(1, SIGTERM, SI_QUEUE, 5));
	take_all("process 1");
	return 0;
}

SCRIPT(a_full_queue_refuses_values_and_kill_goes_through)
{
	sys_call(SYS_setuid, OTHER_USER, 0, 0, 0, 0);
	block_all();
	for (int i = 1; i <= QUEUE_LIMIT + 1; i++)
		say("queue %d", queue(1, 40, SI_QUEUE, i));
	say("an ordinary one: %d", queue(1, SIGHUP, SI_QUEUE, 9));
	say("kill: %d %d %d", sys_kill(1, 41), sys_kill(1, 41),
	    sys_kill(1, SIGTERM));
	take_all("process 1");
	say("again %d", queue(1, 40, SI_QUEUE, 1));
	take_all("process 1");
	return 0;
}

SCRIPT(nobody_may_pretend_to_be_the_kernel)
{
	int pid;

	block_all();
	pid = spawn(child_sleeps, 0);
	say("SI_USER %d", queue(pid, SIGTERM, SI_USER, 0));
	say("SI_TKILL %d", queue(pid, SIGTERM, SI_TKILL, 0));
	say("SI_KERNEL %d", queue(pid, SIGTERM, SI_KERNEL, 0));
	say("SI_QUEUE %d", queue(pid, SIGTERM, SI_QUEUE, 0));
	say("other %d", queue(pid, SIGTERM, -60, 0));
	say("to oneself %d", queue(1, SIGTERM, SI_USER, 0));
	say("gone %d", queue(99, SIGTERM, SI_QUEUE, 0));
	say("no signal %d", queue(pid, 65, SI_QUEUE, 0));
	take_all("process 1");
	return 0;
}

SCRIPT(stop_signals_and_cont_cancel_each_other)
{
	block_all();
	sys_kill(1, SIGTSTP);
	sys_kill(1, SIGTTIN);
	sys_kill(1, SIGTTOU);
	sys_kill(1, SIGCONT);
	take_all("process 1");
	sys_kill(1, SIGCONT);
	sys_kill(1, SIGTTOU);
	take_all("process 1");
	return 0;
}

SCRIPT(a_blocked_signal_waits_even_if_it_is_ignored)
{
	ignore(SIGTERM);
	sys_kill(1, SIGTERM);
	take_all("ignored, open");
	block_all();
	sys_kill(1, SIGTERM);
	sys_kill(1, SIGWINCH);
	take_all("ignored, blocked");
	sys_kill(1, SIGTERM);
	ignore(SIGTERM);
	take_all("ignored when it was pending");
	return 0;
}

SCRIPT(neither_kill_nor_stop_can_be_blocked_or_set)
{
	struct kernel_sigaction action = { 0 };
	struct kernel_sigset set;
	uint64_t bits;

	block_all();
	sys_rt_sigprocmask(SIG_SETMASK, NULL, &set);
	memcpy(&bits, &set, sizeof(bits));
	say("blocked %#llx", (unsigned long long)bits);
	say("set %d %d", sys_rt_sigaction(SIGKILL, &action, NULL),
	    sys_rt_sigaction(SIGSTOP, &action, NULL));
	say("asked %d", sys_rt_sigaction(SIGKILL, NULL, &action));
	say("no signal %d %d", sys_rt_sigaction(0, NULL, &action),
	    sys_rt_sigaction(65, NULL, &action));
	say("no such way %d", sys_rt_sigprocmask(7, &set, NULL));
	return 0;
}

static _Noreturn void attacks_process_1(void *unused)
{
	(void)unused;
	for (int signal = 1; signal <= SIGNALS_MAX; signal++)
		if (sys_kill(1, signal) != 0)
			say("signal %d was refused", signal);
	sys_exit(0);
}

SCRIPT(process_1_is_immune_to_what_its_namespace_sends)
{
	say_wait("attacker", spawn(attacks_process_1, 0), 0);
	say("unharmed");
	block_only(BIT(SIGTERM) | BIT(SIGTSTP));
	say_wait("attacker", spawn(attacks_process_1, 0), 0);
	take_all("process 1");
	sys_kill(1, SIGTSTP);
	block_only(0);
	say("TSTP stops it as little");
	return 0;
}

SCRIPT(a_signal_from_outside_has_no_sender_and_kill_kills)
{
	block_all();
	signal_from_outside(SIGTERM);
	take_all("process 1");
	say("and now");
	signal_from_outside(SIGKILL);
	pause_for_ever();
	return 0;
}

static _Noreturn void blocks_all_and_sleeps(void *unused)
{
	block_all();
	child_sleeps(unused);
}

SCRIPT(a_stopped_process_keeps_its_signals_until_it_runs)
{
	int pid = spawn(child_sleeps, 0);
	siginfo_t info;

	sys_kill(pid, SIGSTOP);
	wait_stopped(pid);
	sys_kill(pid, SIGTERM);
	rest();
	say("state %c", state_of(pid));
	sys_kill(pid, SIGCONT);
	say_wait("ended", pid, 0);
	pid = spawn(child_sleeps, 0);
	sys_kill(pid, SIGSTOP);
	wait_stopped(pid);
	sys_kill(pid, SIGKILL);
	say_wait("killed", pid, 0);
	pid = spawn(blocks_all_and_sleeps, 0);
	rest();
	sys_kill(pid, SIGSTOP);
	wait_stopped(pid);
	sys_kill(pid, SIGCONT);
	sys_waitid(P_PID, pid, &info, WCONTINUED);
	say("CONT works blocked: status %d", info.si_status);
	return 0;
}

SCRIPT(kill_says_whom_there_is)
{
	int pid;

	say("nobody: %d", sys_kill(77, 0));
	say("no group: %d", sys_kill(-77, 0));
	say("all but process 1, and there is none: %d", sys_kill(-1, 0));
	say("no signal: %d", sys_kill(1, 65));
	pid = spawn(child_sleeps, 0);
	sys_setpgid(pid, pid);
	say("a group: %d %d", sys_kill(-pid, 0), sys_getpgid(pid) == pid);
	say("all: %d", sys_kill(-1, 0));
	sys_kill(pid, SIGKILL);
	wait_dead(pid);
	say("a zombie: %d", sys_kill(pid, SIGTERM));
	say("its group: %d %d", sys_kill(-pid, SIGTERM),
	    sys_getpgid(pid) == pid);
	say("all, and one zombie: %d", sys_kill(-1, 0));
	say_wait("reaped", pid, 0);
	say("it is gone: %d %d %d", sys_kill(pid, 0), sys_kill(-pid, 0),
	    sys_getpgid(pid));
	return 0;
}

static _Noreturn void is_nobody(void *unused)
{
	int child = spawn(child_sleeps, 0);

	(void)unused;
	sys_call(SYS_setuid, OTHER_USER, 0, 0, 0, 0);
	say("process 1: %d", sys_kill(1, 0));
	say("root's child: %d", sys_kill(child, SIGTERM));
	say("CONT within the session: %d", sys_kill(child, SIGCONT));
	say("queue: %d", queue(child, SIGTERM, SI_QUEUE, 0));
	say("its group, and itself in it: %d", sys_kill(0, 0));
	say("all: %d", sys_kill(-1, 0));
	sys_exit(0);
}

SCRIPT(another_users_process_is_eperm)
{
	say_wait("nobody", spawn(is_nobody, 0), 0);
	return 0;
}

static _Noreturn void takes_one(void *unused)
{
	(void)unused;
	take_within("child", 60);
	sys_exit(0);
}

SCRIPT(kill_of_all_spares_the_caller)
{
	int one, other, result;

	block_all();
	one = spawn(child_sleeps, 0);
	other = spawn(takes_one, 0);
	result = sys_kill(-1, SIGUSR1);
	say_wait("child", other, 0);
	say("kill %d", result);
	say("pending on both: %d", sys_kill(one, 0));
	take_within("process 1", 0);
	take_all("process 1");
	return 0;
}

SCRIPT(the_time_of_a_wait_is_checked)
{
	struct kernel_timespec bad = { 0, 1000000000 }, negative = { -1, 0 };
	struct kernel_sigset all;

	block_all();
	memset(&all, 0xff, sizeof(all));
	say("nanoseconds: %d", sys_rt_sigtimedwait(&all, NULL, &bad));
	say("negative: %d", sys_rt_sigtimedwait(&all, NULL, &negative));
	sys_kill(1, SIGHUP);
	say("without room for info: %d", sys_rt_sigtimedwait(&all, NULL, NULL));
	take_all("process 1");
	return 0;
}

/* ---- scripts: groups and sessions ---- */

static _Noreturn void new_session(void *unused)
{
	(void)unused;
	say("setsid %ld", sys_call(SYS_setsid, 0, 0, 0, 0, 0));
	say("twice %ld", sys_call(SYS_setsid, 0, 0, 0, 0, 0));
	say("a leader keeps its group: %d", sys_setpgid(0, 0));
	say("the group of another session: %d", sys_setpgid(0, 1));
	sys_kill(sys_getppid(), SIGUSR1);
	pause_for_ever();
	sys_exit(0);
}

static _Noreturn void executes(void *unused)
{
	static char *const argv[] = { "sleep", "1000", NULL };

	(void)unused;
	say("execve %d", sys_execve("/bin/sleep", argv, argv + 2));
	sys_exit(0);
}

SCRIPT(setpgid_says_what_it_will_not_do)
{
	char text[LINES_SIZE];
	int pid;

	block_all();
	pid = spawn(child_sleeps, 0);
	say("own group: %d", sys_setpgid(pid, pid));
	say("own group again: %d", sys_setpgid(pid, pid));
	say("back: %d", sys_setpgid(pid, 1));
	say("no such group: %d", sys_setpgid(pid, 99));
	say("nobody: %d", sys_setpgid(99, 99));
	say("negative: %d", sys_setpgid(pid, -1));
	say("process 1 leads its session: %d", sys_setpgid(0, 0));
	pid = spawn(executes, 0);
	do {
		rest();
		read_proc(pid, "comm", text, sizeof(text));
	} while (strncmp(text, "sleep", 5) != 0);
	say("after execve: %d", sys_setpgid(pid, pid));
	pid = spawn(new_session, 0);
	take_within("process 1", 60);
	say("another session: %d", sys_setpgid(pid, pid));
	return 0;
}

static _Noreturn void stops_by(void *signal)
{
	sys_setpgid(0, 0);
	sys_kill(sys_getpid(), (int)(intptr_t)signal);
	say("%d did not stop it", (int)(intptr_t)signal);
	sys_exit(0);
}

static _Noreturn void stops_orphaned_by(void *signal)
{
	sys_call(SYS_setsid, 0, 0, 0, 0, 0);
	sys_kill(sys_getpid(), (int)(intptr_t)signal);
	say("%d did not stop it", (int)(intptr_t)signal);
	sys_exit(0);
}

SCRIPT(an_orphaned_group_is_stopped_by_stop_only)
{
	static const int signals[] = { SIGSTOP, SIGTSTP, SIGTTIN,
				       SIGTTOU };
	int status;

	for (int i = 0; i < 4; i++) {
		int pid = spawn(stops_by, signals[i]);

		sys_wait4(pid, &status, WSTOPPED);
		say("%d in a job: %#x", signals[i], (unsigned)status);
		pid = spawn(stops_orphaned_by, signals[i]);
		sys_wait4(pid, &status, WSTOPPED);
		say("%d orphaned: %#x", signals[i], (unsigned)status);
	}
	return 0;
}

/* In a group of its own that stops, below a parent that will die. */
static _Noreturn void stopped_in_a_group(void *unused)
{
	(void)unused;
	sys_setpgid(0, 0);
	block_all();
	sys_kill(sys_getpid(), SIGSTOP);
	take_all("the stopped one");
	sys_exit(0);
}

static _Noreturn void shell_that_dies(void *unused)
{
	(void)unused;
	sys_call(SYS_setsid, 0, 0, 0, 0, 0);
	wait_stopped(spawn(stopped_in_a_group, 0));
	sys_exit(0);
}

SCRIPT(a_stopped_group_that_is_orphaned_gets_hup_and_cont)
{
	say_two("shell and job", spawn(shell_that_dies, 0));
	return 0;
}

/* ---- scripts: files ---- */

static void say_execve(const char *path)
{
	static char *const argv[] = { "program", NULL };

	say("%.24s: %d", path, sys_execve(path, argv, argv + 1));
}

SCRIPT(execve_says_why_not)
{
	char long_name[300], long_path[5000];

	say_execve("/mnt/missing");
	say_execve("/mnt/text/below");
	say_execve("/mnt/folder");
	say_execve("/mnt/plain");
	say_execve("/mnt/text");
	say_execve("/mnt/empty");
	say_execve("/mnt/nowhere");
	say_execve("/mnt/folded");
	say_execve("/mnt/carriage");
	say_execve("");
	memset(long_name, 'x', sizeof(long_name) - 1);
	memcpy(long_name, "/mnt/", 5);
	long_name[sizeof(long_name) - 1] = '\0';
	say_execve(long_name);
	memset(long_path, '/', sizeof(long_path) - 1);
	long_path[sizeof(long_path) - 1] = '\0';
	say_execve(long_path);
	return 0;
}

SCRIPT(open_says_why_not)
{
	char byte;
	long read;
	int fd = sys_open("/mnt/folder");

	say("folder: %d %ld", fd >= 0, sys_read(fd, &byte, 1));
	sys_close(fd);
	say("closed: %ld", sys_read(fd, &byte, 1));
	say("closed: %ld", sys_pread(fd, &byte, 1, 0));
	say("close: %d", sys_close(fd));
	say("missing: %d", sys_open("/mnt/missing"));
	say("below a file: %d", sys_open("/mnt/text/below"));
	fd = sys_open("/mnt/text");
	say("the lowest is given: %d", fd == sys_open("/mnt/text") - 1);
	read = sys_read(fd, &byte, 1);
	say("text: %ld %c", read, byte);
	read = sys_pread(fd, &byte, 1, 3);
	say("at 3: %ld %c", read, byte);
	read = sys_read(fd, &byte, 1);
	say("still: %ld %c", read, byte);
	say("behind its end: %ld", sys_pread(fd, &byte, 1, 99));
	say("before it: %ld", sys_pread(fd, &byte, 1, UINT64_MAX));
	say("not a folder: %ld", sys_getdents64(fd, &byte, 1));
	say("not for writing: %ld", sys_write(fd, &byte, 1));
	say("close all: %d", sys_close_from(3));
	say("closed: %ld", sys_read(fd, &byte, 1));
	sys_call(SYS_setuid, OTHER_USER, 0, 0, 0, 0);
	say("not for us: %d", sys_open("/mnt/unreadable"));
	return 0;
}

static void say_file(const char *path)
{
	struct kernel_statx status;
	struct kernel_statfs system;
	char target[16];
	int error = sys_statx(path, 0, &status);
	int other = sys_statfs(path, &system);

	say("%s: statx %d mode %o, execute %d, link %ld", path, error,
	    error < 0 ? 0 : status.stx_mode, sys_may_execute(path),
	    sys_readlink(path, target, sizeof(target)));
	say("statfs %d noexec %ld, attribute %d", other,
	    other < 0 ? 0 : system.f_flags & ST_NOEXEC,
	    sys_has_xattr(path, "security.capability"));
}

SCRIPT(what_a_file_is_can_be_asked_for)
{
	say_file("/mnt/text");
	say_file("/mnt/plain");
	say_file("/mnt/unreadable");
	say_file("/mnt/folder");
	say_file("/mnt");
	say_file("/mnt/missing");
	say_file("/mnt/text/below");
	sys_call(SYS_setuid, OTHER_USER, 0, 0, 0, 0);
	say_file("/mnt/unreadable");
	return 0;
}

SCRIPT(no_terminal_is_enxio)
{
	int group;

	say("open: %d", sys_open("/dev/tty"));
	say("ioctl: %d", sys_ioctl(99, TIOCGPGRP, &group));
	return 0;
}

SCRIPT(writing_where_nobody_reads_is_ones_own_sigpipe)
{
	block_all();
	say("write: %ld", sys_write(2, "x", 1));
	say("write: %ld", sys_write(2, "x", 1));
	take_all("process 1");
	return 0;
}

/* What descriptor 2 is, and whether and how it takes a byte without waiting. */
static void say_stream(void)
{
	struct pollfd file = { .fd = 2, .events = POLLOUT };
	struct kernel_timespec limit = { 0, 20000000 };
	struct kernel_statx status;
	int fd;

	say("statx: %d", sys_statx_open(2, &status));
	say("type: %#x", (unsigned)(status.stx_mode & S_IFMT));
	say("poll: %d", sys_poll(&file, 1, &limit));
	say("time left: %d", limit.tv_sec + limit.tv_nsec != 0);
	say("send: %ld", sys_send(2, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL));
	fd = sys_open_for_writing("/proc/self/fd/2");
	say("opened again: %d", fd);
	if (fd >= 0) {
		say("write: %ld", sys_write(fd, "x", 1));
		say("close: %d", sys_close(fd));
	}
	take_all("process 1");
}

SCRIPT(a_full_pipe_opened_again_is_eagain)
{
	block_all();
	say_stream();
	return 0;
}

SCRIPT(a_pipe_that_nobody_reads_can_be_opened_again)
{
	block_all();
	say_stream();
	return 0;
}

SCRIPT(a_full_socket_is_eagain)
{
	block_all();
	say_stream();
	return 0;
}

SCRIPT(a_socket_takes_what_is_sent)
{
	block_all();
	say_stream();
	return 0;
}

SCRIPT(a_closed_descriptor_is_nothing)
{
	struct kernel_statx status;

	sys_close(2);
	say("statx: %d", sys_statx_open(2, &status));
	say("send: %ld", sys_send(2, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL));
	say("opened again: %d", sys_open_for_writing("/proc/self/fd/2"));
	return 0;
}

/* ---- scripts: /proc ---- */

static void say_children(const char *when)
{
	char text[LINES_SIZE];

	read_proc(1, "task/1/children", text, sizeof(text));
	say("%s: '%s'", when, text);
}

SCRIPT(children_lists_the_living_and_the_zombies_by_age)
{
	int pids[3], zombie;

	say_children("none");
	for (int i = 0; i < 3; i++)
		pids[i] = spawn(child_sleeps, 0);
	zombie = spawn_dead(0);
	say_children("three and a zombie");
	sys_kill(pids[1], SIGKILL);
	say_wait("reaped", pids[1], 0);
	say_children("without the second");
	say_wait("reaped", zombie, 0);
	say_children("without the zombie");
	return 0;
}

SCRIPT(children_read_in_pieces_goes_on_where_it_was)
{
	char text[8];
	int fd;

	for (int i = 0; i < 3; i++)
		spawn(child_sleeps, 0);
	fd = sys_open("/proc/thread-self/children");
	for (int i = 0; i < 5; i++) {
		long length = sys_read(fd, text, 3);

		say("%.*s, %ld", (int)(length > 0 ? length : 0), text, length);
		if (i == 0)
			spawn(child_sleeps, 0);
	}
	return 0;
}

/* The lines of status that foster reads. */
static void say_status(int pid)
{
	static const char *const keys[] = { "Pid:", "PPid:", "NSpid:" };
	char text[4096], *line;

	read_proc(pid, "status", text, sizeof(text));
	for (size_t i = 0; i < 3; i++) {
		char key[16];

		snprintf(key, sizeof(key), "\n%s", keys[i]);
		line = strstr(text, key);
		if (line != NULL)
			say("%.*s", (int)strcspn(line + 1, "\n"), line + 1);
	}
}

SCRIPT(status_and_stat_say_parent_group_and_session)
{
	char text[LINES_SIZE];
	char state;
	int pid = spawn(child_sleeps, 0), parent, group, session;

	sys_setpgid(pid, pid);
	say_status(1);
	say_status(pid);
	say_status(99);
	until_state(pid, 'S');
	read_proc(pid, "stat", text, sizeof(text));
	sscanf(strrchr(text, ')'), ") %c %d %d %d", &state, &parent, &group,
	       &session);
	say("%c parent %d group %d session %d", state, parent, group, session);
	sys_kill(pid, SIGSTOP);
	wait_stopped(pid);
	say("%c", state_of(pid));
	sys_kill(pid, SIGKILL);
	wait_dead(pid);
	say("%c", state_of(pid));
	say_status(pid);
	read_proc(pid, "cmdline", text, sizeof(text));
	say("a zombie's command is '%s'", text);
	say_wait("reaped", pid, 0);
	say_status(pid);
	say("%c", state_of(pid));
	return 0;
}

static void on_nothing(int number)
{
	(void)number;
}

static _Noreturn void child_handles(void *unused)
{
	struct kernel_sigaction ignored = { .handler = SIG_IGN };
	struct kernel_sigaction caught = { .handler = on_nothing };

	(void)unused;
	sys_rt_sigprocmask(SIG_SETMASK, &signals_all, NULL);
	sys_rt_sigaction(SIGQUIT, &ignored, NULL);
	sys_rt_sigaction(SIGUSR2, &caught, NULL);
	sys_rt_sigaction(SIGNALS_MAX, &caught, NULL);
	sys_kill(sys_getpid(), SIGSTOP);
	sys_exit(0);
}

static void say_signals(int pid)
{
	static const int signals[] = { SIGHUP, SIGQUIT, SIGUSR2, SIGTERM,
				       SIGNALS_MAX };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		say("%d: caught %d, ignored %d", signals[i],
		    signals_has(proc_caught_signals(pid), signals[i]),
		    signals_has(proc_ignored_signals(pid), signals[i]));
}

SCRIPT(status_says_what_is_caught_and_what_is_ignored)
{
	int pid = spawn(child_handles, 0);

	wait_stopped(pid);
	say_signals(pid);
	sys_kill(pid, SIGKILL);
	wait_dead(pid);
	say_signals(pid);
	say_wait("reaped", pid, 0);
	say_signals(pid);
	return 0;
}

static void say_stat(int pid)
{
	struct proc_stat stat;

	if (!proc_stat(pid, &stat))
		say("%d is not there", pid);
	else
		say("%d: %c, parent %d, %d threads, lives %d, kernel's %d", pid,
		    stat.state, stat.parent, stat.threads, proc_lives(&stat),
		    stat.is_of_kernel);
}

SCRIPT(stat_says_state_parent_threads_and_start)
{
	int older = spawn(child_sleeps, 0), younger = spawn(child_sleeps, 0);
	struct proc_stat one, other;

	until_state(older, 'S');
	say_stat(older);
	proc_stat(older, &one);
	proc_stat(younger, &other);
	say("in order: %d", one.start <= other.start);
	sys_kill(older, SIGKILL);
	wait_dead(older);
	say_stat(older);
	say_wait("reaped", older, 0);
	say_stat(older);
	return 0;
}

SCRIPT(proc_lists_all_processes_in_order)
{
	_Alignas(8) char buffer[512];
	int fd;
	long length;

	for (int i = 0; i < 30; i++)
		spawn(child_sleeps, 0);
	spawn_dead(0);
	fd = sys_open("/proc");
	while ((length = sys_getdents64(fd, buffer, sizeof(buffer))) > 0) {
		for (long at = 0; at < length;) {
			struct kernel_dirent64 *entry = (void *)(buffer + at);

			if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9')
				say("%s", entry->d_name);
			at += entry->d_reclen;
		}
	}
	say("end %ld", length);
	return 0;
}

SCRIPT(a_pidfd_holds_on_to_the_process_itself)
{
	int pid = spawn(child_sleeps, 0), fd;

	say("nobody: %d", sys_pidfd_open(99));
	say("no number: %d %d", sys_pidfd_open(0), sys_pidfd_open(-1));
	fd = sys_pidfd_open(pid);
	say("open: %d", fd >= 0);
	say("signal: %d", sys_pidfd_send_signal(fd, SIGKILL));
	wait_dead(pid);
	say("a zombie: %d", sys_pidfd_send_signal(fd, SIGTERM));
	say_wait("reaped", pid, 0);
	say("gone: %d", sys_pidfd_send_signal(fd, SIGTERM));
	sys_close(fd);
	say("closed: %d", sys_pidfd_send_signal(fd, SIGTERM));
	return 0;
}

/* The next process gets this number. */
static void next_number(int pid)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d", pid - 1), fd;

	if (!sim_is_real) {
		sim.last_pid = pid - 1;
		return;
	}
	fd = open("/proc/sys/kernel/ns_last_pid", O_WRONLY);
	if (write(fd, text, (size_t)length) != length)
		say("numbers cannot be chosen");
	close(fd);
}

SCRIPT(a_pidfd_never_hits_who_has_the_number_later)
{
	int pid = spawn(child_sleeps, 0), fd = sys_pidfd_open(pid);

	sys_kill(pid, SIGKILL);
	say_wait("first", pid, 0);
	next_number(pid);
	say("the same number: %d", spawn(child_sleeps, 0) == pid);
	say("signal: %d", sys_pidfd_send_signal(fd, SIGKILL));
	say("by number: %d", sys_kill(pid, SIGKILL));
	say_wait("second", pid, 0);
	return 0;
}

static _Noreturn void leads_and_ends(void *unused)
{
	(void)unused;
	sys_setpgid(0, 0);
	spawn(child_sleeps, 0);
	sys_exit(0);
}

SCRIPT(a_number_is_not_free_as_long_as_a_group_has_it)
{
	int pid = spawn(leads_and_ends, 0);

	say_wait("leader", pid, 0);
	say("its group is there: %d", sys_kill(-pid, 0));
	next_number(pid);
	say("the number comes again: %d", spawn(child_sleeps, 0) == pid);
	return 0;
}

/* ---- scripts: pipes ---- */

/* What nothing else is open at: from 3 up, in the order of opening. */
enum { READ_ONE = 3, WRITE_ONE, READ_OTHER, WRITE_OTHER };

static int look_at(int pid, int fd, struct kernel_statx *status)
{
	char path[64];

	memset(status, 0, sizeof(*status));
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
	return sys_statx(path, 0, status);
}

/* Whether it is a pipe, and the same as process 1 has at `own`. */
static void say_descriptor(const char *what, int pid, int fd, int own)
{
	struct kernel_statx one, other;
	int error = look_at(pid, fd, &one);

	if (error < 0) {
		say("%s: %d", what, error);
		return;
	}
	look_at(1, own, &other);
	say("%s: pipe %d, inode %d, device %d", what,
	    (one.stx_mode & S_IFMT) == S_IFIFO, one.stx_ino == other.stx_ino,
	    one.stx_dev_major == other.stx_dev_major &&
		    one.stx_dev_minor == other.stx_dev_minor);
}

static void make_pipes(void)
{
	int fds[2];

	for (int i = 0; i < 2; i++) {
		say("pipe: %ld", sys_call(SYS_pipe2, (long)fds, 0, 0, 0, 0));
		say("ends: %d %d", fds[0], fds[1]);
	}
}

static _Noreturn void has_pipes(void *unused)
{
	(void)unused;
	sys_call(SYS_dup3, READ_ONE, 0, 0, 0, 0);
	sys_call(SYS_dup3, WRITE_OTHER, 1, 0, 0, 0);
	sys_close(READ_ONE);
	sys_kill(1, SIGUSR1);
	pause_for_ever();
	sys_exit(0);
}

SCRIPT(a_pipe_is_known_by_its_inode_in_proc)
{
	int pid;

	block_all();
	make_pipes();
	say_descriptor("both ends", 1, READ_ONE, WRITE_ONE);
	say_descriptor("another pipe", 1, READ_OTHER, WRITE_ONE);
	pid = spawn(has_pipes, 0);
	take_within("process 1", 60);
	say_descriptor("input", pid, 0, WRITE_ONE);
	say_descriptor("input and the other", pid, 0, WRITE_OTHER);
	say_descriptor("output", pid, 1, READ_OTHER);
	say_descriptor("closed", pid, READ_ONE, READ_ONE);
	say_descriptor("never open", pid, 99, READ_ONE);
	sys_kill(pid, SIGKILL);
	wait_dead(pid);
	say_wait("dead", pid, 0);
	say_descriptor("of nobody", pid, 0, WRITE_ONE);
	return 0;
}

/*
 * ENOENT. A zombie's files in /proc belong to root (fs/proc/base.c,
 * task_dump_owner), so that an ordinary user is told EACCES.
 */
SCRIPT(a_zombie_has_no_descriptors)
{
	int pid;

	block_all();
	make_pipes();
	pid = spawn(has_pipes, 0);
	sys_kill(pid, SIGKILL);
	wait_dead(pid);
	say_descriptor("of a zombie", pid, 0, WRITE_ONE);
	return 0;
}

static _Noreturn void looks_at_roots(void *unused)
{
	(void)unused;
	sys_call(SYS_setuid, OTHER_USER, 0, 0, 0, 0);
	say_descriptor("process 1's", 1, READ_ONE, READ_ONE);
	say_descriptor("of nobody", 999, 0, READ_ONE);
	sys_kill(sys_getpid(), SIGSTOP);
	sys_exit(0);
}

SCRIPT(another_users_descriptors_are_eacces)
{
	int pid;

	block_all();
	make_pipes();
	pid = spawn(looks_at_roots, 0);
	wait_stopped(pid);
	say_descriptor("to root", pid, READ_ONE, WRITE_ONE);
	return 0;
}

/* ---- scripts: tracing ---- */

SCRIPT(detaching_from_an_ordinary_stop_is_esrch)
{
	int pid = spawn(child_sleeps, 0), status;

	say("from one that runs: %d", sys_ptrace_detach(pid, 0));
	sys_kill(pid, SIGSTOP);
	sys_wait4(pid, &status, WSTOPPED);
	say("from one that is stopped: %d", sys_ptrace_detach(pid, SIGSTOP));
	say("it still is: %c", state_of(pid));
	sys_kill(pid, SIGKILL);
	wait_dead(pid);
	say("from a zombie: %d", sys_ptrace_detach(pid, 0));
	say_wait("dead", pid, 0);
	say("from nobody: %d", sys_ptrace_detach(pid, 0));
	return 0;
}

static _Noreturn void traps(void *signal)
{
	sys_call(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0, 0);
	sys_kill(sys_getpid(), (int)(intptr_t)signal);
	sys_exit(7);
}

static int spawn_trapped(int signal)
{
	int pid = spawn(traps, signal);

	wait_stopped(pid);
	take_all("process 1");
	say_waitid("trapped", P_PID, pid, WSTOPPED);
	return pid;
}

SCRIPT(a_traced_child_goes_on_with_the_signal_it_is_let_go_with)
{
	static const struct {
		int taken, given;
	} signals[] = {
		{ SIGWINCH, SIGWINCH }, { SIGUSR1, SIGUSR1 },
		{ SIGUSR1, 0 },		{ SIGTERM, SIGUSR2 },
	};
	int pid;

	block_only(BIT(SIGCHLD));
	for (int i = 0; i < 4; i++) {
		pid = spawn_trapped(signals[i].taken);
		say("let go: %d", sys_ptrace_detach(pid, signals[i].given));
		wait_dead(pid);
		take_all("process 1");
		say_wait("dead", pid, 0);
	}
	pid = spawn_trapped(SIGUSR1);
	sys_kill(pid, SIGCONT);
	rest();
	say("CONT is nothing to it: %c", state_of(pid));
	say("let go: %d", sys_ptrace_detach(pid, 0));
	say_wait("dead", pid, 0);
	pid = spawn_trapped(SIGSTOP);
	say("let go: %d", sys_ptrace_detach(pid, SIGSTOP));
	wait_stopped(pid);
	say_waitid("stopped", P_PID, pid, WSTOPPED);
	say("and again: %d", sys_ptrace_detach(pid, SIGSTOP));
	sys_kill(pid, SIGCONT);
	say_wait("dead", pid, 0);
	return 0;
}

SCRIPT(a_trapped_process_can_be_killed)
{
	int pid;

	block_only(BIT(SIGCHLD));
	pid = spawn_trapped(SIGUSR1);
	sys_kill(pid, SIGKILL);
	say_wait("killed", pid, 0);
	return 0;
}

/* A stop and a signal that kills, back to back. */
SCRIPT(a_stop_is_reported_though_a_term_waits)
{
	int pid = spawn(child_sleeps, 0);

	sys_kill(pid, SIGSTOP);
	until_state(pid, 'T');
	sys_kill(pid, SIGTERM);
	say_wait("stopped", pid, WNOHANG | WSTOPPED);
	say_wait("that is all", pid, WNOHANG | WSTOPPED);
	sys_kill(pid, SIGCONT);
	say_wait("dead", pid, 0);
	return 0;
}

/* ---- scripts: the terminal ---- */

static int set_foreground(int group)
{
	return sys_ioctl(0, TIOCSPGRP, &group);
}

static int foreground(void)
{
	int group = -1;
	int error = sys_ioctl(0, TIOCGPGRP, &group);

	return error < 0 ? error : group;
}

static _Noreturn void in_another_session(void *unused)
{
	(void)unused;
	sys_call(SYS_setsid, 0, 0, 0, 0, 0);
	say("not its terminal: %d", foreground());
	say("nor to set: %d", set_foreground(sys_getpid()));
	say("nor to open: %d", sys_open("/dev/tty"));
	sys_kill(sys_getppid(), SIGUSR1);
	pause_for_ever();
	sys_exit(0);
}

SCRIPT(the_foreground_group_can_be_any_of_the_session)
{
	int pid;

	block_all();
	say("at first: %d", foreground());
	say("open: %d", sys_open("/dev/tty") >= 0);
	pid = spawn(child_sleeps, 0);
	sys_setpgid(pid, pid);
	say("given away: %d, %d", set_foreground(pid), foreground());
	say("taken back, TTOU is blocked: %d, %d", set_foreground(1),
	    foreground());
	say("no group: %d", set_foreground(99));
	say("negative: %d", set_foreground(-1));
	pid = spawn(in_another_session, 0);
	take_within("process 1", 60);
	say("of another session: %d", set_foreground(pid));
	return 0;
}

static _Noreturn void asks_for_the_terminal(void *unused)
{
	struct winsize size;

	(void)unused;
	say("of no leader: %d", sys_ioctl(0, TIOCSCTTY, NULL));
	say("session: %d", sys_setsid() == sys_getpid());
	say("of another session's leader: %d", sys_ioctl(0, TIOCSCTTY, NULL));
	say("a terminal all the same: %d", sys_ioctl(0, TIOCGWINSZ, &size));
	sys_kill(sys_getppid(), SIGUSR1);
	pause_for_ever();
	sys_exit(0);
}

SCRIPT(a_leader_gets_a_terminal_that_no_other_session_has)
{
	block_all();
	spawn(asks_for_the_terminal, 0);
	take_within("process 1", 60);
	say("its own: %d, %d", sys_ioctl(0, TIOCSCTTY, NULL), foreground());
	return 0;
}

static _Noreturn void takes_the_terminal(void *unused)
{
	(void)unused;
	sys_setpgid(0, 0);
	set_foreground(sys_getpid());
	say("has it");
	sys_exit(0);
}

static _Noreturn void takes_it_unheard(void *unused)
{
	(void)unused;
	sys_setpgid(0, 0);
	ignore(SIGTTOU);
	say("set: %d", set_foreground(sys_getpid()));
	sys_exit(0);
}

SCRIPT(a_background_process_that_takes_the_terminal_is_stopped)
{
	int pid = spawn(takes_the_terminal, 0), status;

	sys_wait4(pid, &status, WSTOPPED);
	say("%#x, foreground %d", (unsigned)status, foreground());
	sys_kill(pid, SIGKILL);
	say_wait("killed", pid, 0);
	say_wait("ignored TTOU", spawn(takes_it_unheard, 0), 0);
	return 0;
}

SCRIPT(a_group_keeps_the_terminal_when_it_is_gone)
{
	int pid;

	block_all();
	pid = spawn(child_sleeps, 0);
	sys_setpgid(pid, pid);
	set_foreground(pid);
	sys_kill(pid, SIGKILL);
	say_wait("killed", pid, 0);
	say("it is still %d, %d", foreground(), sys_kill(-pid, 0));
	return 0;
}

static _Noreturn void is_another_user(void *unused)
{
	(void)unused;
	sys_call(SYS_setuid, OTHER_USER, 0, 0, 0, 0);
	sys_exit(3);
}

SCRIPT(sigchld_says_whose_child_it_was)
{
	int pid;

	block_all();
	pid = spawn(is_another_user, 0);
	wait_dead(pid);
	take_all("process 1");
	say_waitid("dead", P_PID, pid, WEXITED);
	return 0;
}

static _Noreturn void takes_what_is_typed(void *unused)
{
	(void)unused;
	take_within("child", 60);
	sys_exit(0);
}

SCRIPT(what_is_typed_is_a_signal_of_the_kernels_to_one_group)
{
	static const int typed[] = { SIGINT, SIGQUIT, SIGTSTP };

	block_all();
	for (int i = 0; i < 3; i++) {
		int pid = spawn(takes_what_is_typed, 0);

		sys_setpgid(pid, pid);
		set_foreground(pid);
		type(typed[i]);
		say_wait("child", pid, 0);
		set_foreground(1);
		take_all("process 1");
	}
	type(SIGINT);
	take_within("process 1", 60);
	return 0;
}

/* ---- the suite ---- */

#define PLAY(fact, ...)                                                        \
	START_TEST(linux_##fact)                                               \
	{                                                                      \
		static const struct script script = { .name = #fact,           \
						      .run = fact,             \
						      __VA_ARGS__ };           \
		play(&script);                                                 \
	}                                                                      \
	END_TEST

/* clang-format off */
#define SCRIPTS(script) \
	script(several_deaths_are_one_sigchld_and_it_tells_of_the_first, ) \
	script(sigchld_says_how_a_child_died, ) \
	script(sigchld_tells_of_stops_and_continuing, ) \
	script(waiting_gives_the_oldest_child_first, ) \
	script(waiting_for_who_is_no_child_is_echild, ) \
	script(a_parent_that_ignores_sigchld_has_no_zombies, ) \
	script(no_child_wait_has_no_zombies_but_tells_of_them, ) \
	script(no_child_stop_tells_of_no_stops_but_waiting_does, ) \
	script(setting_the_default_of_sigchld_takes_it_from_what_is_pending, ) \
	script(an_action_may_change_places_with_the_old_one, ) \
	script(an_orphan_goes_to_process_1, ) \
	script(an_orphan_goes_to_the_nearest_subreaper, ) \
	script(being_a_subreaper_is_not_inherited, ) \
	script(a_dead_parents_zombies_are_told_of_before_its_own_death, ) \
	script(the_death_signal_comes_from_the_dead_parent, ) \
	script(the_lowest_signal_comes_first_but_faults_before_all, ) \
	script(a_signal_to_the_thread_comes_before_those_to_the_process, ) \
	script(real_time_signals_queue_with_values_in_order_and_others_merge, ) \
	script(a_full_queue_refuses_values_and_kill_goes_through, .needs_root = true, .limits_queue = true) \
	script(nobody_may_pretend_to_be_the_kernel, ) \
	script(stop_signals_and_cont_cancel_each_other, ) \
	script(a_blocked_signal_waits_even_if_it_is_ignored, ) \
	script(neither_kill_nor_stop_can_be_blocked_or_set, ) \
	script(process_1_is_immune_to_what_its_namespace_sends, ) \
	script(a_signal_from_outside_has_no_sender_and_kill_kills, ) \
	script(a_stopped_process_keeps_its_signals_until_it_runs, ) \
	script(kill_says_whom_there_is, ) \
	script(another_users_process_is_eperm, .needs_root = true) \
	script(kill_of_all_spares_the_caller, ) \
	script(the_time_of_a_wait_is_checked, ) \
	script(setpgid_says_what_it_will_not_do, ) \
	script(an_orphaned_group_is_stopped_by_stop_only, ) \
	script(a_stopped_group_that_is_orphaned_gets_hup_and_cont, ) \
	script(execve_says_why_not, .has_files = true, .needs_root = true) \
	script(open_says_why_not, .has_files = true, .needs_root = true) \
	script(what_a_file_is_can_be_asked_for, .has_files = true, .needs_root = true) \
	script(no_terminal_is_enxio, ) \
	script(writing_where_nobody_reads_is_ones_own_sigpipe, .error_stream = SIM_STREAM_BROKEN) \
	script(a_full_pipe_opened_again_is_eagain, .error_stream = SIM_STREAM_STUCK) \
	script(a_pipe_that_nobody_reads_can_be_opened_again, .error_stream = SIM_STREAM_BROKEN) \
	script(a_full_socket_is_eagain, .error_stream = SIM_STREAM_SOCKET_STUCK) \
	script(a_socket_takes_what_is_sent, .error_stream = SIM_STREAM_SOCKET) \
	script(a_closed_descriptor_is_nothing, ) \
	script(children_lists_the_living_and_the_zombies_by_age, ) \
	script(children_read_in_pieces_goes_on_where_it_was, ) \
	script(status_and_stat_say_parent_group_and_session, ) \
	script(status_says_what_is_caught_and_what_is_ignored, ) \
	script(stat_says_state_parent_threads_and_start, ) \
	script(proc_lists_all_processes_in_order, ) \
	script(a_pidfd_holds_on_to_the_process_itself, ) \
	script(a_pidfd_never_hits_who_has_the_number_later, .needs_root = true) \
	script(a_number_is_not_free_as_long_as_a_group_has_it, .needs_root = true) \
	script(sigchld_says_whose_child_it_was, .needs_root = true) \
	script(a_pipe_is_known_by_its_inode_in_proc, ) \
	script(a_zombie_has_no_descriptors, .needs_root = true) \
	script(another_users_descriptors_are_eacces, .needs_root = true) \
	script(detaching_from_an_ordinary_stop_is_esrch, ) \
	script(a_traced_child_goes_on_with_the_signal_it_is_let_go_with, ) \
	script(a_trapped_process_can_be_killed, ) \
	script(a_stop_is_reported_though_a_term_waits, ) \
	script(the_foreground_group_can_be_any_of_the_session, .has_terminal = true) \
	script(a_leader_gets_a_terminal_that_no_other_session_has, .has_terminal = true) \
	script(a_background_process_that_takes_the_terminal_is_stopped, .has_terminal = true) \
	script(a_group_keeps_the_terminal_when_it_is_gone, .has_terminal = true) \
	script(what_is_typed_is_a_signal_of_the_kernels_to_one_group, .has_terminal = true)
/* clang-format on */

SCRIPTS(PLAY)

#define ADD(name, ...) suite_add(tcase, linux_##name);

Suite *conformance_suite(void);
Suite *conformance_suite(void)
{
	Suite *suite = suite_create("conformance");
	TCase *tcase = suite_case(suite, "linux");

	SCRIPTS(ADD)
	return suite;
}
