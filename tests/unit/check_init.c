/*
 * check_init.c - foster_run() for a caller who goes on (foster.h): what the
 * start changes in the process is put back. On the real kernel.
 */
#include "../sim/sim.h"
#include "foster.h"
#include "sys.h"
#include "unit.h"

#include <dirent.h>
#include <string.h>

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

/* The status of `sh -c SCRIPT`, whose vectors are compared afterwards. */
static int run(const char *script)
{
	char words[3][64] = { "sh", "-c", "" };
	char *argv[] = { words[0], words[1], words[2], NULL };
	char *envp[] = { "PATH=/usr/bin:/bin", "HIDDEN=1", "SHOWN=1", NULL };
	char *argv_before[4], *envp_before[4];
	int status;

	ck_assert_uint_lt(strlen(script), sizeof(words[2]));
	strcpy(words[2], script);
	memcpy(argv_before, argv, sizeof(argv));
	memcpy(envp_before, envp, sizeof(envp));

	sim_is_real = true;
	status = foster_run(&options, argv, envp);
	sim_is_real = false;

	ck_assert_mem_eq(argv, argv_before, sizeof(argv));
	ck_assert_mem_eq(envp, envp_before, sizeof(envp));
	ck_assert_str_eq(words[2], script);
	return status;
}

static void on_child(int signal)
{
	(void)signal;
}

static void begin(void)
{
	memset(&options, 0, sizeof(options));
	options.level = LOG_QUIET;
	options.grace_ms = 8000;
}

START_TEST(the_caller_gets_the_wait_status)
{
	int status;

	begin();
	status = run("exit 7");
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 7);

	status = run("kill -9 $$");
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGKILL);
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

	ck_assert_int_eq(run("exit 0"), 0);
	check_state(&before);

	/* With leftovers, too, and a caller who is a subreaper himself. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	before = state_now();
	ck_assert_int_eq(WEXITSTATUS(run("sleep 100 & exit 3")), 3);
	check_state(&before);
}
END_TEST

START_TEST(an_ignored_sigchld_is_put_back_and_the_status_comes_through)
{
	struct state before;

	begin();
	signal(SIGCHLD, SIG_IGN);
	before = state_now();

	ck_assert_int_eq(WEXITSTATUS(run("exit 5")), 5);
	check_state(&before);
}
END_TEST

START_TEST(files_and_folder_stay_the_caller_s_unless_it_detaches)
{
	int fd;

	begin();
	fd = dup(STDERR_FILENO);
	ck_assert_int_ge(fd, 3);

	options.detaches = true;
	ck_assert_int_eq(run("exit 0"), 0);

	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
	ck_assert_int_eq(chdir("tmp"), 0); /* from "/" */
}
END_TEST

START_TEST(a_variable_that_is_unset_does_not_reach_the_program)
{
	begin();
	ck_assert_int_eq(run("test \"$HIDDEN$SHOWN\" = 11"), 0);
	options.unset = "HIDDEN";
	ck_assert_int_eq(run("test \"$HIDDEN$SHOWN\" = 1"), 0);
}
END_TEST

static int released;

static void release(void)
{
	released++;
}

START_TEST(memory_is_released_once)
{
	begin();
	options.release_memory = release;
	ck_assert_int_eq(run("exit 0"), 0);
	ck_assert_int_eq(released, 1);
}
END_TEST

Suite *init_suite(void);
Suite *init_suite(void)
{
	Suite *suite = suite_create("init");
	TCase *tcase = unit_tcase(suite, "a caller who goes on");

	unit_add(tcase, the_caller_gets_the_wait_status);
	unit_add(tcase, what_the_start_changes_is_put_back);
	unit_add(tcase,
		 an_ignored_sigchld_is_put_back_and_the_status_comes_through);
	unit_add(tcase, files_and_folder_stay_the_caller_s_unless_it_detaches);
	unit_add(tcase, a_variable_that_is_unset_does_not_reach_the_program);
	unit_add(tcase, memory_is_released_once);
	return suite;
}
