/*
 * start.c - starts an init: the side of the test, and that of the process that
 * becomes the init.
 */
#define _GNU_SOURCE
#include "framework.h"

#include <elf.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	/* Files of the framework lie above those that a setup may ask for. */
	OWN_FILES_FROM = 512,
	CHILD_STACK_BYTES = 512 << 10,
	LAST_CAPABILITY = 63,
	FILTER_LENGTH_MAX = 4 * E2E_REFUSALS_MAX + 8,
};

/* What the child reports before it waits at the gate. */
static const char READY = '\n';

static char child_stack[CHILD_STACK_BYTES] __attribute__((aligned(64)));

/* Starting: the side of the test. */

/* What the child needs beside the setup. */
struct start {
	const struct e2e_setup *setup;
	const char *arguments[E2E_ARGUMENTS_MAX + 2];
	const char *binary;
	int binary_fd;
	int root_fds[E2E_ROOT_FILES_MAX];
	int stdio[3];
	int gate;
	int report;
};

static int above(int fd)
{
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, OWN_FILES_FROM);

	if (moved < 0)
		e2e_give_up("cannot move a file: %s", strerror(errno));
	close(fd);
	return moved;
}

static void pipe_above(int ends[2])
{
	e2e_pipe(ends);
	ends[0] = above(ends[0]);
	ends[1] = above(ends[1]);
}

void e2e_elf_header(Elf64_Ehdr *header, size_t segments_at)
{
	int own = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	ck_assert_int_eq(read(own, header, sizeof(*header)), sizeof(*header));
	close(own);
	header->e_type = ET_EXEC;
	header->e_phoff = segments_at;
	header->e_phentsize = sizeof(Elf64_Phdr);
	header->e_phnum = 2;
}

void e2e_pipe(int ends[2])
{
	if (pipe2(ends, O_CLOEXEC) != 0)
		e2e_give_up("no pipe: %s", strerror(errno));
}

static int open_above(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		e2e_give_up("cannot open %s: %s", path, strerror(errno));
	return above(fd);
}

/* Whether a file is an ELF program that a loader must load. */
bool e2e_needs_loader(const char *path)
{
	size_t length, i;
	char *bytes = e2e_read(path, &length);
	const Elf64_Ehdr *header = (const void *)bytes;
	const Elf64_Phdr *segment;
	bool needs = false;

	if (bytes == NULL || length < sizeof(*header) ||
	    memcmp(bytes, ELFMAG, SELFMAG) != 0 ||
	    header->e_ident[EI_CLASS] != ELFCLASS64) {
		free(bytes);
		return false;
	}
	segment = (const void *)(bytes + header->e_phoff);
	for (i = 0; i < header->e_phnum; i++)
		if (segment[i].p_type == PT_INTERP)
			needs = true;
	free(bytes);
	return needs;
}

static int child_main(void *argument);

/*
 * The child reports one byte when it is ready, and then nothing: its end of the
 * pipe is closed by the exec. Anything else is the name of a step that failed.
 */
static void await_exec(struct e2e *init, char first)
{
	char text[512] = { first };
	size_t used = first != '\0';
	ssize_t got;

	do
		got = read(init->report, text + used, sizeof(text) - 1 - used);
	while (got < 0 && errno == EINTR);
	if (got > 0 || used > 0)
		e2e_fail(init, __FILE__, __LINE__,
			 "the init does not start: %s", text);
	close(init->report);
	init->report = -1;
}

static struct e2e *prepare(const char *test, const struct e2e_setup *setup,
			   struct start *start)
{
	int out[2] = { -1, -1 }, err[2] = { -1, -1 }, gate[2], report[2];
	struct e2e *init = e2e_grow(NULL, sizeof(*init));
	int flags = SIGCHLD, i;
	char ready;
	ssize_t got;

	start->setup = setup;
	start->binary = setup->binary != NULL ? setup->binary : e2e_binary();
	start->arguments[0] = setup->name != NULL ? setup->name :
		setup->empty_root ? "/init" : start->binary;
	if (setup->mode == E2E_PROCESS_1 && !e2e_has_namespace)
		e2e_skip_from(test, "PID and mount namespaces");
	if (setup->mode == E2E_SUBREAPER && setup->proc != E2E_PROC_OWN &&
	    !e2e_has_namespace)
		e2e_skip_from(test, "mount namespaces");
	if (setup->uid != 0)
		e2e_need_user_from(test, setup->uid);
	if (setup->empty_root) {
		if (setup->mode != E2E_PROCESS_1)
			e2e_give_up("an empty root is for process 1 alone");
		if (e2e_needs_loader(start->binary))
			e2e_skip_from(test, "an init linked statically");
	}

	memset(init, 0, sizeof(*init));
	init->mode = setup->mode;
	init->pidfd = -1;
	start->binary_fd = open_above(start->binary, O_PATH);
	for (i = 0; i < E2E_ROOT_FILES_MAX; i++) {
		const char *name = setup->root_files[i];

		start->root_fds[i] = -1;
		if (name == NULL)
			continue;
		if (strrchr(name, '/') != NULL)
			name = strrchr(name, '/') + 1;
		start->root_fds[i] = open_above(e2e_actor(name), O_RDONLY);
	}

	start->stdio[0] = setup->stdio[0] != 0 ? setup->stdio[0] :
		open_above("/dev/null", O_RDWR);
	start->stdio[1] = setup->stdio[1];
	start->stdio[2] = setup->stdio[2];
	if (setup->stdio[1] == 0) {
		pipe_above(out);
		start->stdio[1] = out[1];
	}
	if (setup->stdio[2] == 0) {
		pipe_above(err);
		start->stdio[2] = err[1];
	}
	pipe_above(gate);
	pipe_above(report);
	start->gate = gate[0];
	start->report = report[1];
	init->gate = gate[1];
	init->report = report[0];
	e2e_text_open(&init->out, out[0]);
	e2e_text_open(&init->err, err[0]);

	if (setup->mode == E2E_PROCESS_1)
		flags |= CLONE_NEWPID | CLONE_NEWNS;
	else if (setup->proc != E2E_PROC_OWN)
		flags |= CLONE_NEWNS;
	/* The memory is copied, so the child may use any stack. */
	init->pid = clone(child_main, child_stack + CHILD_STACK_BYTES, flags,
			  start);
	if (init->pid < 0)
		e2e_give_up("no process for the init: %s", strerror(errno));
	init->next = e2e_started;
	e2e_started = init;
	init->pidfd = e2e_pidfd_of(init->pid);

	close(start->binary_fd);
	for (i = 0; i < E2E_ROOT_FILES_MAX; i++)
		if (start->root_fds[i] >= 0)
			close(start->root_fds[i]);
	if (setup->stdio[0] == 0)
		close(start->stdio[0]);
	if (out[1] >= 0)
		close(out[1]);
	if (err[1] >= 0)
		close(err[1]);
	close(gate[0]);
	close(report[1]);

	do
		got = read(init->report, &ready, 1);
	while (got < 0 && errno == EINTR);
	if (got != 1 || ready != READY)
		await_exec(init, got == 1 ? ready : '?');
	return init;
}

void e2e_go(struct e2e *init)
{
	/* A byte, not the end: others that are prepared hold copies. */
	e2e_write_all(init->gate, "G", 1);
	close(init->gate);
	init->gate = -1;
}

void e2e_await_exec(struct e2e *init)
{
	await_exec(init, '\0');
}

static void collect_arguments(struct start *start, va_list list)
{
	size_t count = 1;
	const char *argument;

	while ((argument = va_arg(list, const char *)) != NULL) {
		if (count > E2E_ARGUMENTS_MAX)
			e2e_give_up("more than %d arguments",
				    E2E_ARGUMENTS_MAX);
		start->arguments[count++] = argument;
	}
}

struct e2e *e2e_prepare_from(const char *test, const struct e2e_setup *setup,
			     ...)
{
	struct start start = { 0 };
	va_list list;

	va_start(list, setup);
	collect_arguments(&start, list);
	va_end(list);
	return prepare(test, setup, &start);
}

struct e2e *e2e_start_from(const char *test, const struct e2e_setup *setup, ...)
{
	struct start start = { 0 };
	struct e2e *init;
	va_list list;

	va_start(list, setup);
	collect_arguments(&start, list);
	va_end(list);
	init = prepare(test, setup, &start);
	e2e_go(init);
	e2e_await_exec(init);
	return init;
}

/* Starting: the side of what becomes the init. */

static int report_fd;

/* Says which step failed to the test and ends this process. */
__attribute__((noreturn))
static void stop_here(const char *step)
{
	char text[256];

	snprintf(text, sizeof(text), "%s: %s", step, strerror(errno));
	e2e_write_all(report_fd, text, strlen(text));
	_exit(125);
}

static void must(int result, const char *step)
{
	if (result < 0)
		stop_here(step);
}

static void child_session(const struct e2e_setup *setup)
{
	if (setup->session == E2E_SESSION_SHARED)
		return;
	if (setup->session == E2E_SESSION_LEADER ||
	    setup->mode == E2E_PROCESS_1)
		must(setsid(), "setsid");
	else
		must(setpgid(0, 0), "setpgid");
}

static void child_proc(const struct e2e_setup *setup)
{
	if (setup->empty_root)
		return;
	if (setup->proc == E2E_PROC_NONE)
		must(mount("none", "/proc", "tmpfs", MS_RDONLY, NULL),
		     "cover /proc");
	else if (setup->proc == E2E_PROC_OWN && setup->mode == E2E_PROCESS_1)
		must(mount("proc", "/proc", "proc", 0, NULL), "mount /proc");
	else if (setup->proc == E2E_PROC_OUTER && setup->mode == E2E_SUBREAPER)
		/* Below the /proc of the tests lies that of the machine. */
		must(umount2("/proc", MNT_DETACH), "uncover /proc");
}

static void child_root(const struct start *start)
{
	const struct e2e_setup *setup = start->setup;
	char path[PATH_MAX], *slash;
	int i, init_fd;

	if (!setup->empty_root)
		return;
	init_fd = open(start->binary, O_RDONLY | O_CLOEXEC);
	must(init_fd, start->binary);
	/* Any folder will do for the root, and /proc is surely there. */
	must(mount("none", "/proc", "tmpfs", 0, "mode=755"), "empty root");
	must(chdir("/proc"), "empty root");
	must(e2e_copy_file(init_fd, "init"), "copy the init");
	for (i = 0; i < E2E_ROOT_FILES_MAX; i++) {
		if (start->root_fds[i] < 0)
			continue;
		snprintf(path, sizeof(path), "%s", setup->root_files[i]);
		for (slash = strchr(path, '/'); slash != NULL;
		     slash = strchr(slash + 1, '/')) {
			*slash = '\0';
			mkdir(path, 0755);
			*slash = '/';
		}
		must(e2e_copy_file(start->root_fds[i], path), path);
	}
	if (setup->proc == E2E_PROC_OWN) {
		must(mkdir("proc", 0755), "empty root");
		must(mount("proc", "proc", "proc", 0, NULL), "mount /proc");
	} else if (setup->proc == E2E_PROC_OUTER) {
		stop_here("an empty root has no /proc of an outer namespace");
	}
	must(chroot("."), "chroot");
}

static void child_files(const struct start *start)
{
	const struct e2e_setup *setup = start->setup;
	int stdio[3], i, fd;

	/*
	 * Check's own files are not close-on-exec; nothing but what the setup
	 * names may reach the init.
	 */
	if (syscall(SYS_close_range, 3, ~0U, 4 /* CLOSE_RANGE_CLOEXEC */) != 0)
		for (fd = 3; fd < 2 * OWN_FILES_FROM; fd++)
			fcntl(fd, F_SETFD, FD_CLOEXEC);
	for (i = 0; i < 3; i++)
		must(stdio[i] = fcntl(start->stdio[i], F_DUPFD_CLOEXEC,
				      OWN_FILES_FROM), "move a standard file");
	for (i = 0; i < E2E_FILES_MAX && setup->files[i].fd != 0; i++) {
		if (setup->files[i].fd != setup->files[i].as)
			must(dup2(setup->files[i].fd, setup->files[i].as),
			     "a file of the setup");
		else
			must(fcntl(setup->files[i].fd, F_SETFD, 0),
			     "a file of the setup");
	}
	for (i = 0; i < 3; i++) {
		if (setup->closed & (1U << i))
			close(i);
		else
			must(dup2(stdio[i], i), "a standard file");
	}
}

static void child_signals(const struct e2e_setup *setup)
{
	/*
	 * As the kernel has it on all machines but MIPS, where flags come
	 * first; zero and SIG_IGN do the same there, for all that matters.
	 */
	struct {
		void (*handler)(int number);
		unsigned long rest[7];
	} action = { 0 };
	uint64_t blocked = setup->blocked;
	int number;

	for (number = 1; number <= E2E_LAST_SIGNAL; number++) {
		if (number == SIGKILL || number == SIGSTOP)
			continue;
		action.handler = setup->ignored & E2E_SIGNAL(number) ?
			SIG_IGN : SIG_DFL;
		/* By the raw call: glibc keeps 32 and 33 for itself. */
		must((int)syscall(SYS_rt_sigaction, number, &action, NULL,
				  sizeof(uint64_t)), "rt_sigaction");
	}
	must((int)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &blocked, NULL,
			  sizeof(uint64_t)), "rt_sigprocmask");
}

static void child_limits(const struct e2e_setup *setup)
{
	struct rlimit limit = { 0, 0 };
	int i;

	setrlimit(RLIMIT_CORE, &limit);
	for (i = 0; i < E2E_LIMITS_MAX; i++) {
		if (!setup->limits[i].set)
			continue;
		limit.rlim_cur = limit.rlim_max = setup->limits[i].value;
		must(setrlimit((__rlimit_resource_t)setup->limits[i].resource,
			       &limit), "setrlimit");
	}
}

static void child_user(const struct e2e_setup *setup)
{
	int i;

	for (i = 0; i <= LAST_CAPABILITY; i++) {
		if ((setup->lost_capabilities & E2E_CAPABILITY(i)) == 0)
			continue;
		/*
		 * One that the kernel does not know is lost anyway, and so is
		 * every one for who is not root and executes something.
		 */
		if (prctl(PR_CAPBSET_DROP, i, 0, 0, 0) != 0 &&
		    errno != EINVAL && geteuid() == 0)
			stop_here("drop a capability");
	}
	if (setup->gid != 0 || setup->uid != 0) {
		gid_t gid = setup->gid != 0 ? setup->gid : setup->uid;

		must(setgroups(0, NULL), "setgroups");
		must(setresgid(gid, gid, gid), "setresgid");
	}
	if (setup->uid != 0)
		must(setresuid(setup->uid, setup->uid, setup->uid),
		     "setresuid");
	if (setup->no_new_privileges)
		must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
}

static bool refuses(const struct e2e_setup *setup, int call)
{
	int i;

	for (i = 0; i < E2E_REFUSALS_MAX && setup->refuse[i].error != 0; i++)
		if (setup->refuse[i].call == call)
			return true;
	return false;
}

static void child_filter(const struct e2e_setup *setup)
{
	struct sock_filter filter[FILTER_LENGTH_MAX];
	struct sock_fprog program = { .filter = filter };
	unsigned short length = 0;
	int i;

	if (setup->refuse[0].error == 0)
		return;
	for (i = 0; i < E2E_REFUSALS_MAX && setup->refuse[i].error != 0; i++) {
		const struct e2e_refusal *refusal = &setup->refuse[i];
		uint32_t answer = SECCOMP_RET_ERRNO |
			((uint32_t)refusal->error & SECCOMP_RET_DATA);
		uint32_t low = offsetof(struct seccomp_data, args[0]);

		if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
			low += 4;
		filter[length++] = (struct sock_filter)BPF_STMT(
			BPF_LD | BPF_W | BPF_ABS,
			offsetof(struct seccomp_data, nr));
		filter[length++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)refusal->call, 0,
			refusal->first_only ? 3 : 1);
		if (refusal->first_only) {
			filter[length++] = (struct sock_filter)BPF_STMT(
				BPF_LD | BPF_W | BPF_ABS, low);
			filter[length++] = (struct sock_filter)BPF_JUMP(
				BPF_JMP | BPF_JEQ | BPF_K, refusal->first, 0,
				1);
		}
		filter[length++] = (struct sock_filter)BPF_STMT(
			BPF_RET | BPF_K, answer);
	}
	filter[length++] = (struct sock_filter)BPF_STMT(
		BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	program.len = length;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0)
		return;
	/* Without CAP_SYS_ADMIN only with the promise of setuid(2)'s end. */
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
	must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0),
	     "seccomp");
}

static int child_main(void *argument)
{
	const struct start *start = argument;
	const struct e2e_setup *setup = start->setup;
	const char *const *environment = setup->environment != NULL ?
		setup->environment : e2e_environment;
	const char *path = setup->empty_root ? "/init" : start->binary;
	bool use_execveat = refuses(setup, SYS_execve);
	char none;

	report_fd = start->report;
	child_session(setup);
	child_root(start);
	child_proc(setup);
	if (setup->cwd != NULL || setup->empty_root)
		must(chdir(setup->cwd != NULL ? setup->cwd : "/"), "chdir");
	child_files(start);
	child_limits(setup);
	child_user(setup);
	/* After the user: a change of user takes it back (prctl(2)). */
	must(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "parent's death");
	child_signals(setup);
	if (setup->before_exec != NULL)
		setup->before_exec(setup->argument);
	e2e_write_all(report_fd, (const char []){ READY }, 1);
	while (read(start->gate, &none, 1) < 0 && errno == EINTR)
		;
	child_filter(setup);
	if (use_execveat && !setup->empty_root)
		syscall(SYS_execveat, start->binary_fd, "",
			(char *const *)start->arguments,
			(char *const *)environment, AT_EMPTY_PATH);
	else if (use_execveat)
		syscall(SYS_execveat, AT_FDCWD, path,
			(char *const *)start->arguments,
			(char *const *)environment, 0);
	else
		execve(path, (char *const *)start->arguments,
		       (char *const *)environment);
	stop_here("exec of the init");
}
