/*
 * check_minimal_environment.c - it asks for nothing: foster(1), DESCRIPTION.
 *
 * A whole life is led without the things that an image may not have or an
 * engine may take away: each of them alone, and all together in every
 * combination. In such a life the init starts a program, is given an orphan and
 * reaps it, forwards TERM, tells a leftover, waits for it, and ends with the
 * program's status without a word.
 */
#define _GNU_SOURCE
#include "e2e.h"

#include <dirent.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

enum {
	NOBODY = 65534,
	/* As for process 1; an init that is a subreaper can lack the first. */
	NO_USER = 1,
	NO_CAPABILITY = 2,
	NO_NEW_PRIVILEGES = 4,
	NO_ENVIRONMENT = 8,
	NO_INPUT = 16,
	NO_FREE_HAND = 32,	/* a seccomp profile */
	SUBREAPER_LACKS = 64,
	NO_FILES = 64,		/* an empty root: no /proc, /dev, /tmp, shell */
	NO_WRITING = 128,	/* that root is read-only */
	PROCESS_1_LACKS = 256,
};

static const char *const no_environment[] = { NULL };

/* What an engine's profile refuses, as far as there is room for it. */
static const struct e2e_refusal profile[] = {
	{ .call = SYS_clone3, .error = ENOSYS },
	{ .call = SYS_unshare, .error = EPERM },
	{ .call = SYS_setns, .error = EPERM },
	{ .call = SYS_mount, .error = EPERM },
	{ .call = SYS_umount2, .error = EPERM },
	{ .call = SYS_ptrace, .error = EPERM },
	{ .call = SYS_keyctl, .error = EPERM },
	{ .call = SYS_bpf, .error = EPERM },
	{ .call = SYS_perf_event_open, .error = EPERM },
	{ .call = SYS_reboot, .error = EPERM },
	{ .call = SYS_syslog, .error = EPERM },
	{ .call = SYS_process_vm_readv, .error = EPERM },
};

/* Runs as the init, in its root: the last that it may do. */
static void give_up_rights(void *argument)
{
	unsigned int lacks = *(unsigned int *)argument;

	if ((lacks & NO_WRITING) != 0 &&
	    (mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) !=
	     0 || access("/", W_OK) == 0 || errno != EROFS)) {
		fprintf(stderr, "the root cannot be made read-only\n");
		_exit(98);
	}
	if ((lacks & NO_USER) == 0)
		return;
	if (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
	    setresuid(NOBODY, NOBODY, NOBODY) != 0) {
		fprintf(stderr, "the user cannot be changed\n");
		_exit(98);
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

static void check_only_files(struct e2e *init, const char *first,
			     const char *second)
{
	char path[64];
	struct dirent *entry;
	DIR *root;

	snprintf(path, sizeof(path), "/proc/%d/root", (int)init->pid);
	root = opendir(path);
	e2e_check(init, root != NULL);
	while ((entry = readdir(root)) != NULL)
		if (entry->d_name[0] != '.' &&
		    strcmp(entry->d_name, first) != 0 &&
		    strcmp(entry->d_name, second) != 0)
			e2e_fail(init, __FILE__, __LINE__,
				 "there is a file %s", entry->d_name);
	closedir(root);
}

static void lead_life(const char *test, enum e2e_mode mode, unsigned int lacks)
{
	struct e2e_setup setup = {
		.mode = mode,
		.before_exec = give_up_rights,
		.argument = &lacks,
	};
	const char *program = "/minimal";
	struct e2e *init;
	pid_t orphan;
	int ends[2];

	if ((lacks & NO_USER) != 0)
		e2e_need_user_from(test, NOBODY);
	if ((lacks & NO_CAPABILITY) != 0)
		setup.lost_capabilities = E2E_ALL_CAPABILITIES;
	setup.no_new_privileges = (lacks & NO_NEW_PRIVILEGES) != 0;
	if ((lacks & NO_ENVIRONMENT) != 0)
		setup.environment = no_environment;
	if ((lacks & NO_FREE_HAND) != 0)
		memcpy(setup.refuse, profile, sizeof(profile));
	if (mode == E2E_PROCESS_1 && (lacks & NO_FILES) != 0) {
		setup.empty_root = true;
		setup.proc = E2E_PROC_NONE;
		setup.root_files[0] = "minimal";
	} else {
		program = e2e_actor("minimal");
	}
	e2e_pipe(ends);
	setup.stdio[0] = ends[0];
	setup.closed = (lacks & NO_INPUT) != 0;
	/* Longer than a test waits: it ends because the leftover does. */
	init = e2e_start_from(test, &setup, "-t60", "--", program, "-o", "-l",
			      "5", NULL);

	orphan = e2e_pid(init, (pid_t)e2e_number(init, "orphan"));
	e2e_line(init, "ready");
	e2e_line(init, "leftover ready");
	e2e_until(init, e2e_status_number(init, orphan, "PPid", 10) ==
		  (unsigned long long)init->pid);
	kill(orphan, SIGKILL);
	e2e_wait_gone(init, orphan);
	e2e_wait_idle(init);
	if (setup.empty_root)
		check_only_files(init, "init", "minimal");
	e2e_kill(init, SIGTERM);
	e2e_line(init, "got");
	e2e_line(init, "leftover got");
	e2e_check_exit(init, 5);
	e2e_check_silent(init);

	e2e_end(init);
	close(ends[0]);
	close(ends[1]);
}

static const struct lack {
	const char *name;
	unsigned int lacks;
	int times;	/* 1: as process 1 alone */
} lives[] = {
	{ "it_runs_as_any_user", NO_USER, 2 },
	{ "it_runs_without_any_capability", NO_CAPABILITY, 2 },
	{ "it_runs_where_no_new_privileges_can_be_had", NO_NEW_PRIVILEGES, 2 },
	{ "it_runs_without_any_environment", NO_ENVIRONMENT, 2 },
	{ "it_runs_with_standard_input_closed", NO_INPUT, 2 },
	{ "it_runs_under_a_seccomp_profile_like_docker_s", NO_FREE_HAND, 2 },
	{ "it_runs_in_a_root_that_holds_nothing_but_init_and_program",
	  NO_FILES, 1 },
	{ "it_runs_on_a_read_only_root", NO_FILES | NO_WRITING, 1 },
};

static void lead_row(const struct lack *lack, int i)
{
	lead_life(lack->name, (enum e2e_mode)i, lack->lacks);
}

static int times_of(const struct lack *lack)
{
	return lack->times;
}

TEST_ROWS(lives, lead_row, times_of);

TEST(process_1_runs_whatever_is_missing_together)
{
	unsigned int lacks;

	for (lacks = 0; lacks < PROCESS_1_LACKS; lacks++)
		/* Only a root of the test's own can be made read-only. */
		if ((lacks & (NO_FILES | NO_WRITING)) != NO_WRITING)
			lead_life(__func__, E2E_PROCESS_1, lacks);
}

TEST(a_subreaper_runs_whatever_is_missing_together)
{
	unsigned int lacks;

	for (lacks = 0; lacks < SUBREAPER_LACKS; lacks++)
		lead_life(__func__, E2E_SUBREAPER, lacks);
}

/*
 * The orphan ends by TERM alone, and nobody waits for that long: it is found
 * and told.
 */
static void tells_an_orphan(struct e2e_setup *setup)
{
	struct e2e *init;
	int ends[2];

	e2e_pipe(ends);
	setup->stdio[0] = ends[0];
	init = e2e_start(setup, "-t60", "--", e2e_actor("orphan"), "5", NULL);
	close(ends[0]);
	e2e_line(init, "orphan");

	close(ends[1]);

	e2e_check_exit(init, 5);
	e2e_check_silent(init);
}

TEST_BOTH(it_runs_where_no_file_can_be_opened)
{
	struct e2e_setup setup = {
		.mode = _i, .limits = { { RLIMIT_NOFILE, 3, true } },
	};

	/* A loader has to open its libraries. */
	if (e2e_exit(e2e_start(&setup, "--version", NULL)) == 127)
		e2e_skip("an init linked statically");
	tells_an_orphan(&setup);
}

TEST_BOTH(it_runs_with_a_stack_of_32_kilobytes)
{
	struct e2e_setup setup = {
		.mode = _i, .limits = { { RLIMIT_STACK, 32768, true } },
	};

	/* Sanitizers need more. */
	if (e2e_exit(e2e_start(&setup, "--version", NULL)) != 0)
		e2e_skip("an init without sanitizers");
	tells_an_orphan(&setup);
}

TEST_TIMES(2, a_mistake_is_explained_in_an_empty_root_too)
{
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.empty_root = true,
			.proc = E2E_PROC_NONE,
			.environment = no_environment,
			.lost_capabilities = E2E_ALL_CAPABILITIES,
			.closed = 1,
		},
		_i == 0 ? "--no-such-option" : "--", "/nothing", NULL);

	e2e_check_exit(init, _i == 0 ? 125 : 127);
	e2e_check(init, e2e_said(init, "foster: ") >= 1);
	e2e_check(init, e2e_said(init, _i == 0 ? "--no-such-option" :
				 "/nothing") == 1);
}
