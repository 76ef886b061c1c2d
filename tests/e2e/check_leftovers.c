/*
 * check_leftovers.c - what a program leaves behind: who is sent SIGTERM, when,
 * and how often: foster(1), LEFTOVERS. How it all ends: check_ending.c. What is
 * done where /proc does not help: check_unrelated_processes.c.
 */
#define _GNU_SOURCE
#include "scenario.h"

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

enum { GROUPS = 1000 };

/* A shell that runs its arguments in the foreground, and lives on after them */
#define SHELL "sh", "-c", "echo \"shell is $$\"; \"$@\"; :", "sh"
static const char *const shell[] = { SHELL, NULL };
static const char *const two_shells[] = { SHELL, SHELL, NULL };

/* The process cleans up, is waited for, and was told once. */
#define CLEANS_UP_AND_EXITS(name, status) \
	name ": cleans up", "idle", "runs", "finish", name ": is clean", \
	"exit " status, "silent", name " had TERM 1"

/* ---- entry point, nobody left, told ---- */

static const struct scenario told[] = {
	{ "a_program_behind_two_wrappers_is_told_once_and_finishes",
	  .wrapper = two_shells, .tree = "server+cleans",
	  .steps = { "send TERM", CLEANS_UP_AND_EXITS("server", "143") } },

	/* Who sends one signal, and seconds later another. */
	{ "of_two_stops_the_second_spoils_no_clean_up",
	  .with = { "TERM", "INT", "QUIT" },
	  .wrapper = shell, .tree = "server+cleans(worker)",
	  .steps = { "send TERM", "server: cleans up", "idle", "send $",
		     "taken", "server never: is spoiled",
		     CLEANS_UP_AND_EXITS("server", "143"), "server had all 2" } },

	{ "a_clean_up_that_a_second_term_would_spoil_is_not_spoiled",
	  .options = "-t 600ms", .wrapper = shell,
	  .tree = "python+cleans(worker+told)",
	  /* When the worker is told, three quarters of it are over. */
	  .steps = { "mark", "send TERM", "python: cleans up",
		     "worker got TERM", "worker had TERM late 450", "finish",
		     "exit 143", "python never: is spoiled",
		     "python had TERM 1" } },

	/* The master passes its TERM on at once, or after milliseconds. */
	{ "in_a_pre_fork_server_behind_a_shell_each_process_gets_one_term",
	  .with = { "0", "1", "5" },
	  .wrapper = shell, .tree = "master+passes$(worker*8)",
	  .steps = { "send TERM", "worker*8 got TERM", "idle", "finish",
		     "exit 143", "silent", "master,worker*8 had TERM 1",
		     "worker*8: ends" } },

	{ "with_no_leftovers_it_exits_at_once",
	  .tree = "program+input",
	  .steps = { "end program", "exit", "silent" } },

	{ "with_dead_leftovers_alone_it_exits_at_once",
	  .tree = "program+input+careless(ended,killed+session)",
	  .steps = { "finish", "kill killed", "ended dead", "killed dead",
		     "end program", "exit", "silent" } },

	{ "a_worker_in_the_program_s_group_is_told_and_waited_for",
	  .tree = "program+input(worker+cleans)",
	  .steps = { "end program", CLEANS_UP_AND_EXITS("worker", "37") } },

	{ "a_worker_in_a_session_of_its_own_is_told_and_waited_for",
	  .tree = "program+input(worker+session+cleans)",
	  .steps = { "end program", CLEANS_UP_AND_EXITS("worker", "37") } },

	/* It is the init's child already; that is no reason to tell it. */
	{ "a_daemon_that_left_the_program_long_ago_is_told_and_waited_for",
	  .tree = "program+input(daemon+daemon+session+cleans)",
	  .steps = { "daemon settle", "daemon had TERM 0", "end program",
		     CLEANS_UP_AND_EXITS("daemon", "37") } },

	{ "two_hundred_leftovers_are_told_once_each_and_waited_for",
	  .tree = "program+input(leftover*200)",
	  .steps = { "end program", "leftover*200 got TERM", "idle", "finish",
		     "exit", "silent", "leftover*200 had TERM 1",
		     "leftover*200 had CONT 1", "leftover*200: ends" } },

	{ "a_stopped_leftover_is_continued_so_that_it_can_end",
	  .tree = "program+input(worker+stops+told)",
	  .steps = { "worker stopped", "end program", "worker: ends", "exit",
		     "silent", "worker had TERM 1" } },

	{ "leftovers_that_leave_others_when_they_end_are_told_to_the_last",
	  .tree = "program+input(a+forks5+session,b+forks5,c+forks5+daemon)",
	  .steps = { "end program", "a''''',b''''',c''''' got TERM", "finish",
		     "exit", "silent",
		     "a,a',a'',a''',a'''',a''''' had TERM 1",
		     "b,b',b'',b''',b'''',b''''' had TERM 1",
		     "c,c',c'',c''',c'''',c''''' had TERM 1" } },

	/* Until then it is the leftover's own business. */
	{ "what_a_leftover_started_is_told_when_it_comes_to_foster",
	  .tree = "program+input(server(worker(helper)))",
	  .steps = { "end program", "server got TERM", "idle",
		     "worker settle", "worker had TERM 0", "kill server",
		     "worker got TERM", "idle", "helper settle",
		     "helper had TERM 0", "kill worker", "helper got TERM",
		     "finish", "exit", "silent",
		     "server,worker,helper had TERM 1" } },
};

SCENARIOS(told);

TEST_BOTH(the_server_of_a_bash_entrypoint_finishes_its_orderly_shutdown)
{
	const char *script = e2e_write_text(
		e2e_folder(), "entrypoint.sh", 0755, "#!/bin/bash\n"
		"echo \"bash is $$\"\n\"$@\"\necho the server has ended\n");

	if (access("/bin/bash", X_OK) != 0)
		e2e_skip("/bin/bash");
	/* The shell is long gone when the server is still busy ending. */
	scenario_run(_i, .tree = "server+cleans",
		     .wrapper = (const char *const []){ script, NULL },
		     .steps = { "send TERM", "server: cleans up", "bash gone",
				"idle", "server never: ends",
				CLEANS_UP_AND_EXITS("server", "143") });
}

TEST_BOTH(a_server_behind_a_shell_and_a_second_foster_is_told_once)
{
	const char *const wrapper[] = { SHELL, e2e_binary(), "--", NULL };

	scenario_run(_i, .wrapper = wrapper, .tree = "server+cleans",
		     .steps = { "send TERM",
				CLEANS_UP_AND_EXITS("server", "143") });
}

/* The server reaps its worker: no SIGCHLD tells of the helper. */
TEST_BOTH(an_orphan_that_arrives_silently_is_told_before_three_quarters)
{
	scenario_run(_i, .options = family_less_patient(""),
		     .tree = "program+input(server(worker(helper)))",
		     .steps = { "end program", "server got TERM", "idle",
				"kill worker", "worker gone",
				"helper got TERM", "finish", "exit", "silent",
				"server,helper had TERM 1" });
}

/* ---- three quarters of the grace; with -r ---- */

static const struct scenario three_quarters[] = {
	/* Nobody has to be killed at the end of the grace. */
	{ "at_three_quarters_whoever_was_not_told_is_told_and_may_still_end",
	  .options = "-t 2s",
	  .tree = "program+input(server+waits(worker+told,"
		  "apart+told+waits+session(helper+told)))",
	  .steps = { "end program", "worker,apart,helper: ends", "finish",
		     "server: ends", "exit", "silent",
		     "server,worker,apart,helper had TERM 1",
		     "worker,apart,helper had TERM late 1500" } },

	{ "in_a_whole_grace_each_leftover_gets_one_term_and_one_cont",
	  .options = "-t 600ms",
	  .tree = "program+input(root+stays(worker+stays),"
		  "apart+stays+session(helper+stays),"
		  "daemon+stays+daemon,stopped+stays+stops)",
	  .steps = { "stopped stopped", "end program", "exit",
		     "root,worker,apart,helper,daemon,stopped had TERM 1",
		     "root,worker,apart,helper,daemon,stopped had CONT 1",
		     "root,worker,apart,helper,daemon,stopped had all 2" } },

	{ "who_entered_from_outside_is_told_at_three_quarters_at_the_earliest",
	  AS_PROCESS_1, .options = "-t 600ms",
	  .tree = "program+input(worker+stays)",
	  .steps = { "enter guest+stays(friend+stays)", "end program", "exit",
		     "worker,guest,friend had TERM 1",
		     "guest had TERM late 450" } },

	{ "who_entered_from_outside_is_not_waited_for",
	  AS_PROCESS_1, .tree = "program+input(worker+told)",
	  .steps = { "enter guest+stays", "end program", "worker: ends",
		     "exit", "silent", "guest had TERM 0" } },

	{ "with_nobody_but_who_entered_from_outside_it_exits_at_once",
	  AS_PROCESS_1, .tree = "program+input",
	  .steps = { "enter guest+stays", "end program", "exit", "silent",
		     "guest had TERM 0" } },

	/* Also those that arrive later. */
	{ "leftovers_are_told_by_the_stop_that_came_if_they_have_a_handler",
	  .with = { "QUIT", "INT" },
	  .tree = "program+input(root,apart+session,parent(late),"
		  "plain+bare,plainer+bare+session)",
	  .steps = { "send $", "program got $", "kill parent", "parent gone",
		     "late adopted", "end program", "root,apart,late got $",
		     "plain,plainer got TERM", "finish", "exit", "silent",
		     "root,apart,late had $ 1", "root,apart,late had TERM 0",
		     "plain,plainer had $ 0", "plain,plainer had TERM 1" } },

	{ "leftovers_are_told_by_what_r_makes_of_the_stop_that_came",
	  .options = "-r TERM:USR1",
	  .tree = "program+input(root,plain+bare+session)",
	  .steps = { "send TERM", "program got USR1", "end program",
		     "root got USR1", "plain got TERM", "finish", "exit",
		     "root had TERM 0", "plain had USR1 0" } },

	{ "who_was_told_otherwise_gets_term_at_three_quarters",
	  .options = "-t 600ms",
	  .tree = "program+input(root+stays(worker+stays),plain+bare+stays)",
	  .steps = { "mark", "send QUIT", "program got QUIT", "end program",
		     "root got QUIT", "exit", "root had QUIT 1",
		     "root had TERM 1", "root had TERM late 450",
		     "worker had QUIT 1", "worker had QUIT late 450",
		     "worker had TERM 0", "plain had TERM 1" } },

	{ "a_stop_that_the_program_ignores_goes_to_its_group",
	  .tree = "program+input+ignores(member,apart+session)",
	  .steps = { "send TERM", "member got TERM", "apart settle",
		     "apart had TERM 0", "end program", "apart got TERM",
		     "finish", "exit", "member had TERM 1", "silent" } },

	{ "leftovers_of_what_ended_by_itself_are_told_by_term",
	  .options = "-r TERM:USR1",
	  .tree = "program+input(worker+told,apart+session+told)",
	  .steps = { "end program", "worker,apart: ends", "exit", "silent",
		     "worker,apart had TERM 1", "worker,apart had USR1 0" } },

	{ "leftovers_are_told_by_term_where_r_drops_it",
	  .options = "-r TERM:0",
	  .tree = "program+input(worker+told,apart+session+told)",
	  .steps = { "end program", "worker,apart: ends", "exit", "silent",
		     "worker,apart had TERM 1" } },
};

SCENARIOS(three_quarters);

/* ---- the first moment of an ending that nobody asked for ---- */

static const struct scenario quiet[] = {
	{ "when_the_program_ends_by_itself_nobody_is_told_for_100_ms",
	  .tree = "program+input(worker,apart+session,daemon+daemon)",
	  .steps = { "end program", "worker,apart,daemon got TERM", "finish",
		     "exit", "silent",
		     "worker,apart,daemon had TERM late 100" } },

	/* These do not ask to end. */
	{ "a_program_that_had_another_signal_ended_by_itself",
	  .with = { "HUP", "USR1" }, .tree = "program+input(worker)",
	  .steps = { "send $", "program got $", "end program",
		     "worker got TERM", "worker had TERM late 100" } },

	/* Of so short a grace that is half. */
	{ "with_a_short_grace_nobody_is_told_for_half_of_it",
	  .options = "-t 100ms", .tree = "program+input(worker+stays)",
	  .steps = { "end program", "exit", "worker had TERM 1",
		     "worker had TERM late 50" } },

	{ "a_leftover_that_ends_with_the_program_is_not_told",
	  .tree = "program+input(brief+input)",
	  .steps = { "end program", "exit", "silent", "brief had TERM 0" } },
};

SCENARIOS(quiet);

/* ---- with -g ---- */

/* The program and its group get a signal; then the test ends the program. */
#define GROUP "program+input(member+stays(worker+stays),apart+session+stays)"
#define GROUP_GETS(signal) \
	"send " signal, "program,member,worker got " signal

static const struct scenario group[] = {
	/* Until the grace is over; those outside the group are told. */
	{ "with_g_members_of_the_group_that_had_term_are_not_told",
	  .options = "-g -t 600ms", .tree = GROUP,
	  .steps = { GROUP_GETS("TERM"), "end program", "exit",
		     "member,worker,apart had TERM 1",
		     "member,worker,apart had QUIT 0" } },

	{ "with_g_members_of_the_group_that_had_another_stop_are_not_told",
	  .with = { "QUIT", "INT" }, .options = "-g",
	  .tree = "program+input(member(worker),apart+session)",
	  .steps = { GROUP_GETS("$"), "end program", "apart got $",
		     "member,worker settle", "finish", "exit",
		     "member,worker had TERM 0", "apart had TERM 0",
		     "member,worker,apart had $ 1" } },

	{ "with_g_members_of_the_group_get_term_at_three_quarters",
	  .options = "-g -r TERM:INT -t 600ms", .tree = GROUP,
	  .steps = { "mark", "send TERM", "member,worker got INT",
		     "end program", "exit", "member,worker had INT 1",
		     "member,worker had TERM 1",
		     "member,worker had TERM late 450" } },

	/* The usual case: the shell and its group die of one TERM. */
	{ "with_g_a_pre_fork_server_s_group_gets_one_term",
	  .options = "-g", .wrapper = shell, .tree = "master+waits(worker*4)",
	  .steps = { "send TERM", "master,worker*4 got TERM", "shell gone",
		     "idle", "master settle", "finish", "exit 143", "silent",
		     "master,worker*4 had TERM 1" } },

	{ "with_g_members_of_the_group_that_had_another_signal_are_told",
	  .with = { "HUP", "USR1" }, .options = "-g", .tree = GROUP,
	  .steps = { GROUP_GETS("$"), "end program",
		     "member,apart got TERM" } },

	{ "with_g_members_of_the_group_are_told_when_the_program_just_ends",
	  .options = "-g",
	  .tree = "program+input(member+told,apart+session+told)",
	  .steps = { "end program", "member,apart: ends", "exit", "silent",
		     "member,apart had TERM 1" } },

	/* Longer than the grace, of which they get all nevertheless. */
	{ "with_g_members_of_the_group_are_told_when_their_term_is_long_ago",
	  .options = "-g -t 300ms", .tree = GROUP,
	  .steps = { GROUP_GETS("TERM"), "pass 305", "end program", "exit",
		     "after 300", "member,worker had TERM 2",
		     "apart had TERM 1" } },

	{ "with_g_a_stopped_member_that_had_term_is_continued",
	  .options = "-g", .tree = "program+told(member+stops+told)",
	  .steps = { "member stopped", "send TERM", "member: ends", "exit",
		     "silent", "member had TERM 1" } },

	/* A trap that starts a clean-up, say. */
	{ "with_g_who_is_born_into_the_group_after_its_term_is_told",
	  .options = "-g", .tree = "program+told(worker+forks1)",
	  .steps = { "send TERM", "worker' got TERM", "finish", "exit",
		     "silent", "worker had TERM 1", "worker' had TERM 1" } },

	{ "without_g_the_group_is_told_though_the_program_had_term",
	  .with = { "", "-gc" }, .options = "$",
	  .tree = "program+told(member+told)",
	  .steps = { "send TERM", "member: ends", "exit", "silent",
		     "member had TERM 1" } },
};

SCENARIOS(group);

/* ---- how they are found, and what they are found by ---- */

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

TEST_BOTH(where_proc_lists_no_children_they_are_found_by_their_parents)
{
	if (unshare(CLONE_NEWNS) != 0)
		e2e_skip("mount namespaces");
	/* When the helper is left alone, it may be told before it ends. */
	scenario_run(_i, .setup = { .before_exec = cover_children,
				    .argument = (void *)make_socket() },
		     .tree = "program+input(worker,apart+session(helper),"
			     "daemon+daemon)",
		     .steps = { "end program", "worker,apart,daemon got TERM",
				"idle", "helper settle", "helper had TERM 0",
				"finish", "exit",
				"worker,apart,daemon had TERM 1" });
}

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

/* They stand before the numbers that tell whose /proc it is. */
TEST_BOTH(a_member_of_many_groups_knows_its_own_proc_all_the_same)
{
	e2e_need_user(FAMILY_NOBODY);
	scenario_run(_i, .setup = { .before_exec = join_groups },
		     .tree = "program+input(server(worker),apart+session)",
		     .steps = { "end program", "server,apart got TERM", "idle",
				"worker settle", "worker had TERM 0" });
}

/* Loaders of programs need memory, too. */
TEST_BOTH(where_memory_is_refused_leftovers_are_told_once_all_the_same)
{
	e2e_need_static();
	scenario_run(_i, .setup = { .refuse = { { .call = SYS_mmap,
					   .error = ENOMEM } } },
		     .options = "-t 300ms",
		     .tree = "program+input(worker+stays*2,brief+told)",
		     .steps = { "end program", "exit",
				"worker*2,brief had TERM 1" });
}

TEST_TIMES(2 * E2E_MODES,
	   where_waiting_for_signals_is_refused_leftovers_end_in_order)
{
	const int error = _i / E2E_MODES == 0 ? ENOSYS : EPERM;

	scenario_run(mode_of(_i),
		     .setup = { .refuse = { { .call = SYS_rt_sigtimedwait,
					   .error = error } } },
		     .tree = "program+input(worker+cleans)",
		     .steps = { "end program", "worker: cleans up", "runs",
				"finish", "worker: is clean", "exit",
				"worker had TERM 1" });
}
