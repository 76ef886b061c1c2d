/*
 * check_leftovers.c - what a program leaves behind: who is told to end, when,
 * and how often (contract, section 6, steps 2 and 3). How it all ends is the
 * business of check_ending.c; what is done where /proc does not help, that of
 * check_strangers.c.
 */
#define _GNU_SOURCE
#include "family.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
	MANY = 200,
	GROUPS = 1000,
	/* So short a grace that a test may wait for its end; "-t 600ms". */
	GRACE_MS = 600,
	/* Half of it leaves a slow machine time to end; "-t 2s". */
	LONGER_GRACE_MS = 2000,
	/* "-t 300ms" */
	SHORTER_GRACE_MS = 300,
};

/* A shell that runs its arguments in the foreground, and lives on after them */
#define SHELL "sh", "-c", "\"$@\"; :", "sh"
static const char *const shell[] = { SHELL, NULL };
static const char *const two_shells[] = { SHELL, SHELL, NULL };

static enum e2e_mode mode_of(int i)
{
	return i % 2 == 0 ? E2E_PROCESS_1 : E2E_SUBREAPER;
}

/* The entry point: what this project exists for. */

START_TEST(the_server_of_a_bash_entrypoint_finishes_its_orderly_shutdown)
{
	const char *script = e2e_write_text(
		e2e_folder(), "entrypoint.sh", 0755,
		"#!/bin/bash\n"
		"echo \"entrypoint $$\"\n"
		"\"$@\"\n"
		"echo the server has ended\n");
	const char *const wrapper[] = { script, NULL };
	struct family family;
	pid_t bash;

	if (access("/bin/bash", X_OK) != 0)
		e2e_skip("/bin/bash");
	family = family_start(&(struct e2e_setup){ .mode = _i },
			      family_patient(""), wrapper, "server+cleans");
	bash = e2e_pid(family.init,
		       (pid_t)e2e_number(family.init, "entrypoint"));

	e2e_kill(family.init, SIGTERM);

	/* The shell is long gone when the server is still busy ending. */
	family_says(&family, "server", "cleans up");
	e2e_wait_gone(family.init, bash);
	e2e_wait_idle(family.init);
	e2e_check(family.init, !family_said(&family, "server", "ends"));
	e2e_check(family.init, !e2e_is_over(family.init));
	family_finish(&family);
	family_says(&family, "server", "is clean");
	family_check_silent_exit(&family, 128 + SIGTERM);
	family_check_count(&family, "server", SIGTERM, 1);
}
END_TEST

START_TEST(a_program_behind_two_wrappers_is_told_once_and_finishes)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient(""),
		two_shells, "server+cleans");

	e2e_kill(family.init, SIGTERM);

	family_says(&family, "server", "cleans up");
	e2e_wait_idle(family.init);
	family_finish(&family);
	family_says(&family, "server", "is clean");
	family_check_silent_exit(&family, 128 + SIGTERM);
	family_check_count(&family, "server", SIGTERM, 1);
}
END_TEST

START_TEST(a_server_behind_a_shell_and_a_second_foster_is_told_once)
{
	const char *const wrapper[] = { SHELL, e2e_binary(), "--", NULL };
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient(""), wrapper,
		"server+cleans");

	e2e_kill(family.init, SIGTERM);

	family_says(&family, "server", "cleans up");
	e2e_wait_idle(family.init);
	family_finish(&family);
	family_says(&family, "server", "is clean");
	family_check_silent_exit(&family, 128 + SIGTERM);
	family_check_count(&family, "server", SIGTERM, 1);
}
END_TEST

START_TEST(a_clean_up_that_a_second_term_would_spoil_is_not_spoiled)
{
	struct family families[E2E_MODES];
	size_t i;

	/* Both at once, for it takes time. */
	for (i = 0; i < E2E_MODES; i++) {
		families[i] = family_start(
			&(struct e2e_setup){ .mode = (enum e2e_mode)i },
			"-t 600ms", shell, "python+cleans(worker+told)");
		families[i].ended_ms = e2e_now_ms();
		e2e_kill(families[i].init, SIGTERM);
	}

	for (i = 0; i < E2E_MODES; i++) {
		family_says(&families[i], "python", "cleans up");
		/* When the worker is told, half the grace is over. */
		e2e_check(families[i].init,
			  family_got(&families[i], "worker", SIGTERM) -
			  families[i].ended_ms >= GRACE_MS / 2);
		family_finish(&families[i]);
	}
	for (i = 0; i < E2E_MODES; i++) {
		e2e_check_exit(families[i].init, 128 + SIGTERM);
		e2e_check(families[i].init,
			  !family_said(&families[i], "python", "is spoiled"));
		family_check_count(&families[i], "python", SIGTERM, 1);
	}
}
END_TEST

/*
 * A pre-fork server whose master hands its own TERM to its workers, at once or
 * after so many milliseconds.
 */
START_TEST(in_a_pre_fork_server_behind_a_shell_each_process_gets_one_term)
{
	static const char *const trees[] = {
		"master+passes0(worker*8)",
		"master+passes1(worker*8)",
		"master+passes5(worker*8)",
	};
	struct family family = family_start(
		&(struct e2e_setup){ .mode = mode_of(_i) }, family_patient(""),
		shell, trees[_i / 2]);
	char name[16];
	int i;

	e2e_kill(family.init, SIGTERM);

	for (i = 1; i <= 8; i++) {
		snprintf(name, sizeof(name), "worker%d", i);
		family_got(&family, name, SIGTERM);
	}
	e2e_wait_idle(family.init);
	family_finish(&family);
	family_check_silent_exit(&family, 128 + SIGTERM);
	family_check_count(&family, "master", SIGTERM, 1);
	for (i = 1; i <= 8; i++) {
		snprintf(name, sizeof(name), "worker%d", i);
		family_check_count(&family, name, SIGTERM, 1);
		e2e_check(family.init, family_said(&family, name, "ends"));
	}
}
END_TEST

/* Nobody is left. */

START_TEST(with_no_leftovers_it_exits_at_once)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient(""), NULL,
		"program+input");

	family_end_program(&family);

	family_check_silent_exit(&family, FAMILY_STATUS);
}
END_TEST

START_TEST(with_dead_leftovers_alone_it_exits_at_once)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient(""), NULL,
		"program+input+careless(ended,killed+session)");
	pid_t ended = family_pid(&family, "ended");
	pid_t killed = family_pid(&family, "killed");

	family_finish(&family);
	kill(killed, SIGKILL);
	e2e_wait_state(family.init, ended, "Z");
	e2e_wait_state(family.init, killed, "Z");
	family_end_program(&family);

	family_check_silent_exit(&family, FAMILY_STATUS);
}
END_TEST

/* Who is told. */

START_TEST(a_worker_in_the_program_s_group_is_told_and_waited_for)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient(""), NULL,
		"program+input(worker+cleans)");

	family_end_program(&family);

	family_says(&family, "worker", "cleans up");
	e2e_wait_idle(family.init);
	e2e_check(family.init, !e2e_is_over(family.init));
	family_finish(&family);
	family_says(&family, "worker", "is clean");
	family_check_silent_exit(&family, FAMILY_STATUS);
	family_check_count(&family, "worker", SIGTERM, 1);
}
END_TEST

START_TEST(a_worker_in_a_session_of_its_own_is_told_and_waited_for)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient(""), NULL,
		"program+input(worker+session+cleans)");

	family_end_program(&family);

	family_says(&family, "worker", "cleans up");
	e2e_wait_idle(family.init);
	e2e_check(family.init, !e2e_is_over(family.init));
	family_finish(&family);
	family_says(&family, "worker", "is clean");
	family_check_silent_exit(&family, FAMILY_STATUS);
	family_check_count(&family, "worker", SIGTERM, 1);
}
END_TEST

START_TEST(a_daemon_that_left_the_program_long_ago_is_told_and_waited_for)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient(""), NULL,
		"program+input(daemon+daemon+session+cleans)");

	/* It is the init's child already; that is no reason to tell it. */
	family_settle(&family, "daemon");
	family_check_count(&family, "daemon", SIGTERM, 0);
	family_end_program(&family);

	family_says(&family, "daemon", "cleans up");
	e2e_wait_idle(family.init);
	e2e_check(family.init, !e2e_is_over(family.init));
	family_finish(&family);
	family_says(&family, "daemon", "is clean");
	family_check_silent_exit(&family, FAMILY_STATUS);
	family_check_count(&family, "daemon", SIGTERM, 1);
}
END_TEST

START_TEST(two_hundred_leftovers_are_told_once_each_and_waited_for)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient(""), NULL,
		"program+input(leftover*200)");
	char name[32];
	int i;

	family_end_program(&family);

	for (i = 1; i <= MANY; i++) {
		snprintf(name, sizeof(name), "leftover%d", i);
		family_got(&family, name, SIGTERM);
	}
	e2e_wait_idle(family.init);
	family_finish(&family);
	family_check_silent_exit(&family, FAMILY_STATUS);
	for (i = 1; i <= MANY; i++) {
		snprintf(name, sizeof(name), "leftover%d", i);
		family_check_count(&family, name, SIGTERM, 1);
		family_check_count(&family, name, SIGCONT, 1);
		e2e_check(family.init, family_said(&family, name, "ends"));
	}
}
END_TEST

START_TEST(a_stopped_leftover_is_continued_so_that_it_can_end)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient(""), NULL,
		"program+input(worker+stops+told)");

	e2e_wait_state(family.init, family_pid(&family, "worker"), "T");
	family_end_program(&family);

	family_says(&family, "worker", "ends");
	family_check_silent_exit(&family, FAMILY_STATUS);
	family_check_count(&family, "worker", SIGTERM, 1);
}
END_TEST

START_TEST(leftovers_that_leave_others_when_they_end_are_told_to_the_last)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient(""), NULL,
		"program+input(a+forks5+session,b+forks5,c+forks5+daemon)");
	static const char *const first[] = { "a", "b", "c" };
	char name[32];
	size_t i, j;

	family_end_program(&family);

	for (i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s'''''", first[i]);
		family_got(&family, name, SIGTERM);
	}
	family_finish(&family);
	family_check_silent_exit(&family, FAMILY_STATUS);
	for (i = 0; i < 3; i++) {
		for (j = 0; j <= 5; j++) {
			snprintf(name, sizeof(name), "%s%.*s", first[i],
				 (int)j, "'''''");
			family_check_count(&family, name, SIGTERM, 1);
		}
	}
}
END_TEST

START_TEST(what_a_leftover_started_is_told_when_it_is_handed_to_foster)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient(""), NULL,
		"program+input(server(worker(helper)))");
	pid_t server = family_pid(&family, "server");
	pid_t worker = family_pid(&family, "worker");

	family_end_program(&family);

	/* Until then it is the leftover's own business. */
	family_got(&family, "server", SIGTERM);
	e2e_wait_idle(family.init);
	family_settle(&family, "worker");
	family_check_count(&family, "worker", SIGTERM, 0);
	kill(server, SIGKILL);

	family_got(&family, "worker", SIGTERM);
	e2e_wait_idle(family.init);
	family_settle(&family, "helper");
	family_check_count(&family, "helper", SIGTERM, 0);
	kill(worker, SIGKILL);

	family_got(&family, "helper", SIGTERM);
	family_finish(&family);
	family_check_silent_exit(&family, FAMILY_STATUS);
	family_check_count(&family, "server", SIGTERM, 1);
	family_check_count(&family, "worker", SIGTERM, 1);
	family_check_count(&family, "helper", SIGTERM, 1);
}
END_TEST

START_TEST(an_orphan_that_arrives_silently_is_told_before_half_the_grace)
{
	/* The server reaps its worker: no SIGCHLD tells of the helper. */
	struct family families[E2E_MODES], *family;
	pid_t worker;
	size_t i;

	/* Both at once, for it takes time. */
	for (i = 0; i < E2E_MODES; i++) {
		family = &families[i];
		*family = family_start(
			&(struct e2e_setup){ .mode = (enum e2e_mode)i },
			family_less_patient(""), NULL,
			"program+input(server(worker(helper)))");
		worker = family_pid(family, "worker");
		family_end_program(family);
		family_got(family, "server", SIGTERM);
		e2e_wait_idle(family->init);
		kill(worker, SIGKILL);
		e2e_wait_gone(family->init, worker);
	}

	for (i = 0; i < E2E_MODES; i++) {
		family = &families[i];
		family_got(family, "helper", SIGTERM);
		family_finish(family);
		family_check_silent_exit(family, FAMILY_STATUS);
		family_check_count(family, "server", SIGTERM, 1);
		family_check_count(family, "helper", SIGTERM, 1);
	}
}
END_TEST

/* Half the grace. */

START_TEST(at_half_the_grace_whoever_was_not_told_is_told_and_may_still_end)
{
	static const char *const names[] = { "worker", "apart", "helper" };
	struct family families[E2E_MODES], *family;
	size_t i, j;

	/* Both at once, for it takes time. */
	for (i = 0; i < E2E_MODES; i++)
		families[i] = family_start(
			&(struct e2e_setup){ .mode = (enum e2e_mode)i },
			"-t 2s", NULL,
			"program+input(server+waits(worker+told,"
			"apart+told+waits+session(helper+told)))");
	for (i = 0; i < E2E_MODES; i++)
		family_end_program(&families[i]);
	for (i = 0; i < E2E_MODES; i++)
		for (j = 0; j < sizeof(names) / sizeof(names[0]); j++)
			family_says(&families[i], names[j], "ends");
	for (i = 0; i < E2E_MODES; i++)
		family_finish(&families[i]);

	for (i = 0; i < E2E_MODES; i++) {
		family = &families[i];
		/* Nobody had to be killed at the end of the grace. */
		family_says(family, "server", "ends");
		family_check_silent_exit(family, FAMILY_STATUS);
		family_check_count(family, "server", SIGTERM, 1);
		for (j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
			family_check_count(family, names[j], SIGTERM, 1);
			e2e_check(family->init,
				  family_got(family, names[j], SIGTERM) -
				  family->ended_ms >= LONGER_GRACE_MS / 2);
		}
	}
}
END_TEST

START_TEST(in_a_whole_grace_each_leftover_gets_one_term_and_one_cont)
{
	static const char *const names[] = {
		"root", "worker", "apart", "helper", "daemon", "stopped"
	};
	struct family families[E2E_MODES];
	size_t i, j;

	/* Both at once, for this takes the whole grace. */
	for (i = 0; i < E2E_MODES; i++)
		families[i] = family_start(
			&(struct e2e_setup){ .mode = (enum e2e_mode)i },
			"-t 600ms", NULL,
			"program+input(root+stays(worker+stays),"
			"apart+stays+session(helper+stays),"
			"daemon+stays+daemon,stopped+stays+stops)");
	for (i = 0; i < E2E_MODES; i++) {
		e2e_wait_state(families[i].init,
			       family_pid(&families[i], "stopped"), "T");
		family_end_program(&families[i]);
	}

	for (i = 0; i < E2E_MODES; i++) {
		e2e_check_exit(families[i].init, FAMILY_STATUS);
		for (j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
			family_check_count(&families[i], names[j], SIGTERM, 1);
			family_check_count(&families[i], names[j], SIGCONT, 1);
			ck_assert_uint_eq(family_count_all(&families[i],
							   names[j]), 2);
		}
	}
}
END_TEST

START_TEST(who_entered_from_outside_is_told_at_half_the_grace_at_the_earliest)
{
	struct family family = family_start(
		&(struct e2e_setup){ 0 }, "-t 600ms", NULL,
		"program+input(worker+stays)");

	ck_assert(family_join(&family, FAMILY_FROM_OUTSIDE, 0,
			      "guest+stays(friend+stays)"));
	family_end_program(&family);

	e2e_check_exit(family.init, FAMILY_STATUS);
	family_check_count(&family, "worker", SIGTERM, 1);
	family_check_count(&family, "guest", SIGTERM, 1);
	family_check_count(&family, "friend", SIGTERM, 1);
	e2e_check(family.init, family_got(&family, "guest", SIGTERM) -
		  family.ended_ms >= GRACE_MS / 2);
}
END_TEST

START_TEST(who_entered_from_outside_is_not_waited_for)
{
	struct family family = family_start(
		&(struct e2e_setup){ 0 }, family_patient(""), NULL,
		"program+input(worker+told)");

	ck_assert(family_join(&family, FAMILY_FROM_OUTSIDE, 0, "guest+stays"));
	family_end_program(&family);

	family_says(&family, "worker", "ends");
	family_check_silent_exit(&family, FAMILY_STATUS);
	family_check_count(&family, "guest", SIGTERM, 0);
}
END_TEST

START_TEST(with_nobody_but_who_entered_from_outside_it_exits_at_once)
{
	struct family family = family_start(
		&(struct e2e_setup){ 0 }, family_patient(""), NULL,
		"program+input");

	ck_assert(family_join(&family, FAMILY_FROM_OUTSIDE, 0, "guest+stays"));
	family_end_program(&family);

	family_check_silent_exit(&family, FAMILY_STATUS);
	family_check_count(&family, "guest", SIGTERM, 0);
}
END_TEST

/* How they are found, and what they are found by. */

/* A socket cannot be opened: no list of children, as in an older kernel. */
static void cover_children(void *argument)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/task/%d/children",
		 (int)getpid());
	if (unshare(CLONE_NEWNS) != 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount(argument, path, NULL, MS_BIND, NULL) != 0 ||
	    open(path, O_RDONLY | O_CLOEXEC) >= 0)
		_exit(125);
}

static const char *make_socket(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s",
		 e2e_path(e2e_folder(), "socket"));
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&address,
			      sizeof(address)), 0);
	close(fd);
	return strdup(address.sun_path);
}

START_TEST(where_proc_lists_no_children_they_are_found_by_their_parents)
{
	struct family family;

	if (unshare(CLONE_NEWNS) != 0)
		e2e_skip("mount namespaces");
	family = family_start(
		&(struct e2e_setup){ .mode = _i,
				     .before_exec = cover_children,
				     .argument = (void *)make_socket() },
		family_patient(""), NULL,
		"program+input(worker,apart+session(helper),daemon+daemon)");

	family_end_program(&family);

	family_got(&family, "worker", SIGTERM);
	family_got(&family, "apart", SIGTERM);
	family_got(&family, "daemon", SIGTERM);
	e2e_wait_idle(family.init);
	family_settle(&family, "helper");
	family_check_count(&family, "helper", SIGTERM, 0);
	family_finish(&family);
	/* When it is left alone, it may be told before it ends. */
	e2e_check_exit(family.init, FAMILY_STATUS);
	family_check_count(&family, "worker", SIGTERM, 1);
	family_check_count(&family, "apart", SIGTERM, 1);
	family_check_count(&family, "daemon", SIGTERM, 1);
}
END_TEST

/* As many numbers of ten digits as no small buffer holds. */
static void join_groups(void *argument)
{
	gid_t groups[GROUPS];
	size_t i;

	(void)argument;
	for (i = 0; i < GROUPS; i++)
		groups[i] = 4000000000U + (gid_t)i;
	if (setgroups(GROUPS, groups) != 0)
		_exit(125);
}

START_TEST(a_member_of_many_groups_knows_its_own_proc_all_the_same)
{
	/* They stand before the numbers that tell whose /proc it is. */
	struct family family;

	e2e_need_user(FAMILY_NOBODY);
	family = family_start(
		&(struct e2e_setup){ .mode = _i, .before_exec = join_groups },
		family_patient(""), NULL,
		"program+input(server(worker),apart+session)");

	family_end_program(&family);

	family_got(&family, "server", SIGTERM);
	family_got(&family, "apart", SIGTERM);
	e2e_wait_idle(family.init);
	family_settle(&family, "worker");
	family_check_count(&family, "worker", SIGTERM, 0);
}
END_TEST

static bool has_loader(const char *path)
{
	size_t length;
	char *bytes = e2e_read(path, &length);
	bool has = bytes != NULL && memmem(bytes, length, "/ld-", 4) != NULL;

	free(bytes);
	return has;
}

START_TEST(where_memory_is_refused_leftovers_are_told_once_all_the_same)
{
	struct family families[E2E_MODES];
	size_t i;

	/* Loaders of programs need memory, too. */
	if (has_loader(e2e_binary()))
		e2e_skip("an init linked statically");
	for (i = 0; i < E2E_MODES; i++) {
		families[i] = family_start(
			&(struct e2e_setup){
				.mode = (enum e2e_mode)i,
				.refuse = { { .call = SYS_mmap,
					      .error = ENOMEM } },
			},
			"-t 300ms", NULL,
			"program+input(worker+stays*2,brief+told)");
		family_end_program(&families[i]);
	}

	for (i = 0; i < E2E_MODES; i++) {
		e2e_check_exit(families[i].init, FAMILY_STATUS);
		family_check_count(&families[i], "worker1", SIGTERM, 1);
		family_check_count(&families[i], "worker2", SIGTERM, 1);
		family_check_count(&families[i], "brief", SIGTERM, 1);
	}
}
END_TEST

START_TEST(where_waiting_for_signals_is_refused_leftovers_end_in_order)
{
	static const int errors[] = { ENOSYS, EPERM };
	struct family family = family_start(
		&(struct e2e_setup){
			.mode = mode_of(_i),
			.refuse = { { .call = SYS_rt_sigtimedwait,
				      .error = errors[_i / 2] } },
		},
		family_patient(""), NULL, "program+input(worker+cleans)");

	family_end_program(&family);

	family_says(&family, "worker", "cleans up");
	e2e_check(family.init, !e2e_is_over(family.init));
	family_finish(&family);
	family_says(&family, "worker", "is clean");
	e2e_check_exit(family.init, FAMILY_STATUS);
	family_check_count(&family, "worker", SIGTERM, 1);
}
END_TEST

/* With -g. */

/*
 * The program and its group get a signal through foster with -g; the program
 * lives on until the test ends it.
 */
static struct family start_group(const char *test, enum e2e_mode mode,
				 const char *options, int signal)
{
	struct family family = family_start_from(
		test, &(struct e2e_setup){ .mode = mode }, options, NULL,
		"program+input(member+stays(worker+stays),"
		"apart+session+stays)");

	e2e_kill(family.init, signal);
	family_got(&family, "program", signal);
	family_got(&family, "member", signal);
	family_got(&family, "worker", signal);
	return family;
}

START_TEST(with_g_members_of_the_group_that_had_term_or_quit_are_not_told)
{
	static const int signals[] = { SIGTERM, SIGQUIT };
	struct family families[2 * E2E_MODES], *family;
	size_t i;

	for (i = 0; i < 2 * E2E_MODES; i++)
		families[i] = start_group(__func__, (enum e2e_mode)(i / 2),
					  "-g -t 600ms", signals[i % 2]);
	for (i = 0; i < 2 * E2E_MODES; i++)
		family_end_program(&families[i]);

	/* Until the grace is over; those outside the group are told. */
	for (i = 0; i < 2 * E2E_MODES; i++) {
		size_t terms = signals[i % 2] == SIGTERM;

		family = &families[i];
		e2e_check_exit(family->init, FAMILY_STATUS);
		family_check_count(family, "member", SIGTERM, terms);
		family_check_count(family, "worker", SIGTERM, terms);
		family_check_count(family, "apart", SIGTERM, 1);
		family_check_count(family, "member", SIGQUIT, 1 - terms);
		family_check_count(family, "worker", SIGQUIT, 1 - terms);
		family_check_count(family, "apart", SIGQUIT, 0);
	}
}
END_TEST

START_TEST(with_g_a_pre_fork_server_s_group_gets_one_term)
{
	/* The usual case: the shell and its group die of one TERM. */
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient("-g"), shell,
		"master+waits(worker*4)");
	pid_t shell_pid = (pid_t)e2e_status_number(
		family.init, family_pid(&family, "master"), "PPid", 10);

	e2e_kill(family.init, SIGTERM);

	family_got(&family, "master", SIGTERM);
	family_got(&family, "worker1", SIGTERM);
	family_got(&family, "worker2", SIGTERM);
	family_got(&family, "worker3", SIGTERM);
	family_got(&family, "worker4", SIGTERM);
	e2e_wait_gone(family.init, shell_pid);
	e2e_wait_idle(family.init);
	family_settle(&family, "master");
	family_finish(&family);
	family_check_silent_exit(&family, 128 + SIGTERM);
	family_check_count(&family, "master", SIGTERM, 1);
	family_check_count(&family, "worker1", SIGTERM, 1);
	family_check_count(&family, "worker2", SIGTERM, 1);
	family_check_count(&family, "worker3", SIGTERM, 1);
	family_check_count(&family, "worker4", SIGTERM, 1);
}
END_TEST

START_TEST(with_g_members_of_the_group_that_had_another_signal_are_told)
{
	static const int signals[] = { SIGINT, SIGHUP, SIGUSR1 };
	struct family family = start_group(__func__, mode_of(_i),
					   family_patient("-g"),
					   signals[_i / 2]);

	family_end_program(&family);

	family_got(&family, "member", SIGTERM);
	family_got(&family, "apart", SIGTERM);
}
END_TEST

START_TEST(with_g_members_of_the_group_are_told_when_the_program_just_ends)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient("-g"), NULL,
		"program+input(member+told,apart+session+told)");

	family_end_program(&family);

	family_says(&family, "member", "ends");
	family_says(&family, "apart", "ends");
	family_check_silent_exit(&family, FAMILY_STATUS);
	family_check_count(&family, "member", SIGTERM, 1);
	family_check_count(&family, "apart", SIGTERM, 1);
}
END_TEST

START_TEST(with_g_members_of_the_group_are_told_when_their_term_is_long_ago)
{
	/* Longer than the grace, of which they get all nevertheless. */
	struct family families[E2E_MODES];
	size_t i;

	for (i = 0; i < E2E_MODES; i++)
		families[i] = start_group(__func__, (enum e2e_mode)i,
					  "-g -t 300ms", SIGTERM);
	for (i = 0; i < E2E_MODES; i++) {
		long long told_ms = family_got(&families[i], "worker", SIGTERM);

		e2e_until(families[i].init,
			  e2e_now_ms() > told_ms + SHORTER_GRACE_MS + 5);
		family_end_program(&families[i]);
	}

	for (i = 0; i < E2E_MODES; i++) {
		e2e_check_exit(families[i].init, FAMILY_STATUS);
		e2e_check(families[i].init, e2e_now_ms() -
			  families[i].ended_ms >= SHORTER_GRACE_MS);
		family_check_count(&families[i], "member", SIGTERM, 2);
		family_check_count(&families[i], "worker", SIGTERM, 2);
		family_check_count(&families[i], "apart", SIGTERM, 1);
	}
}
END_TEST

START_TEST(with_g_a_stopped_member_that_had_term_is_continued)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i }, family_patient("-g"), NULL,
		"program+told(member+stops+told)");

	e2e_wait_state(family.init, family_pid(&family, "member"), "T");
	e2e_kill(family.init, SIGTERM);

	family_says(&family, "member", "ends");
	family_check_silent_exit(&family, FAMILY_STATUS);
	family_check_count(&family, "member", SIGTERM, 1);
}
END_TEST

START_TEST(without_g_the_group_is_told_though_the_program_had_term)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = mode_of(_i) },
		family_patient(_i / 2 == 0 ? "" : "-gc"), NULL,
		"program+told(member+told)");

	e2e_kill(family.init, SIGTERM);

	family_says(&family, "member", "ends");
	family_check_silent_exit(&family, FAMILY_STATUS);
	family_check_count(&family, "member", SIGTERM, 1);
}
END_TEST

/* With -r. */

START_TEST(leftovers_are_told_by_what_r_has_in_place_of_term)
{
	/* Those that arrive later and those of half the grace as well. */
	struct family families[E2E_MODES];
	static const char *const names[] = { "root", "late", "worker" };
	size_t i, j;

	for (i = 0; i < E2E_MODES; i++) {
		families[i] = family_start(
			&(struct e2e_setup){ .mode = (enum e2e_mode)i },
			"-r TERM:USR1 -t 600ms", NULL,
			"program+input(root+stays(worker+stays),"
			"parent(late+stays))");
		family_end_program(&families[i]);
	}
	for (i = 0; i < E2E_MODES; i++) {
		family_got(&families[i], "parent", SIGUSR1);
		family_finish(&families[i]);
	}

	for (i = 0; i < E2E_MODES; i++) {
		e2e_check_exit(families[i].init, FAMILY_STATUS);
		for (j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
			family_check_count(&families[i], names[j], SIGUSR1, 1);
			family_check_count(&families[i], names[j], SIGTERM, 0);
		}
	}
}
END_TEST

START_TEST(leftovers_are_told_by_term_where_r_drops_it)
{
	struct family family = family_start(
		&(struct e2e_setup){ .mode = _i },
		family_patient("-r TERM:0"), NULL,
		"program+input(worker+told,apart+session+told)");

	family_end_program(&family);

	family_says(&family, "worker", "ends");
	family_says(&family, "apart", "ends");
	family_check_silent_exit(&family, FAMILY_STATUS);
	family_check_count(&family, "worker", SIGTERM, 1);
	family_check_count(&family, "apart", SIGTERM, 1);
}
END_TEST

Suite *leftovers_suite(void)
{
	Suite *suite = suite_create("leftovers");
	TCase *entry = e2e_tcase(suite, "entry point");
	TCase *none = e2e_tcase(suite, "none");
	TCase *told = e2e_tcase(suite, "told");
	TCase *half = e2e_tcase(suite, "half the grace");
	TCase *found = e2e_tcase(suite, "found");
	TCase *group = e2e_tcase(suite, "group");
	TCase *rewritten = e2e_tcase(suite, "rewritten");

	e2e_add_both(entry,
		     the_server_of_a_bash_entrypoint_finishes_its_orderly_shutdown
		     );
	e2e_add_both(entry,
		     a_program_behind_two_wrappers_is_told_once_and_finishes);
	e2e_add_both(entry,
		     a_server_behind_a_shell_and_a_second_foster_is_told_once);
	e2e_add(entry,
		a_clean_up_that_a_second_term_would_spoil_is_not_spoiled);
	e2e_add_range(entry,
		      in_a_pre_fork_server_behind_a_shell_each_process_gets_one_term,
		      0, 5);

	e2e_add_both(none, with_no_leftovers_it_exits_at_once);
	e2e_add_both(none, with_dead_leftovers_alone_it_exits_at_once);

	e2e_add_both(told,
		     a_worker_in_the_program_s_group_is_told_and_waited_for);
	e2e_add_both(told,
		     a_worker_in_a_session_of_its_own_is_told_and_waited_for);
	e2e_add_both(told,
		     a_daemon_that_left_the_program_long_ago_is_told_and_waited_for
		     );
	e2e_add_both(told,
		     two_hundred_leftovers_are_told_once_each_and_waited_for);
	e2e_add_both(told, a_stopped_leftover_is_continued_so_that_it_can_end);
	e2e_add_both(told,
		     leftovers_that_leave_others_when_they_end_are_told_to_the_last
		     );
	e2e_add_both(told,
		     what_a_leftover_started_is_told_when_it_is_handed_to_foster
		     );
	e2e_add(told,
		an_orphan_that_arrives_silently_is_told_before_half_the_grace);

	e2e_add(half,
		at_half_the_grace_whoever_was_not_told_is_told_and_may_still_end
		);
	e2e_add(half,
		in_a_whole_grace_each_leftover_gets_one_term_and_one_cont);
	e2e_add(half,
		who_entered_from_outside_is_told_at_half_the_grace_at_the_earliest
		);
	e2e_add(half, who_entered_from_outside_is_not_waited_for);
	e2e_add(half,
		with_nobody_but_who_entered_from_outside_it_exits_at_once);

	e2e_add_both(found,
		     where_proc_lists_no_children_they_are_found_by_their_parents
		     );
	e2e_add_both(found,
		     a_member_of_many_groups_knows_its_own_proc_all_the_same);
	e2e_add(found,
		where_memory_is_refused_leftovers_are_told_once_all_the_same);
	e2e_add_range(found,
		      where_waiting_for_signals_is_refused_leftovers_end_in_order,
		      0, 3);

	e2e_add(group,
		with_g_members_of_the_group_that_had_term_or_quit_are_not_told
		);
	e2e_add_both(group, with_g_a_pre_fork_server_s_group_gets_one_term);
	e2e_add_range(group,
		      with_g_members_of_the_group_that_had_another_signal_are_told,
		      0, 5);
	e2e_add_both(group,
		     with_g_members_of_the_group_are_told_when_the_program_just_ends
		     );
	e2e_add(group,
		with_g_members_of_the_group_are_told_when_their_term_is_long_ago
		);
	e2e_add_both(group,
		     with_g_a_stopped_member_that_had_term_is_continued);
	e2e_add_range(group,
		      without_g_the_group_is_told_though_the_program_had_term,
		      0, 3);

	e2e_add(rewritten,
		leftovers_are_told_by_what_r_has_in_place_of_term);
	e2e_add_both(rewritten, leftovers_are_told_by_term_where_r_drops_it);
	return suite;
}
