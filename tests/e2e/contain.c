/*
 * contain.c - how the suite is run: which tests there are, where they find what
 * is tested, and the namespace that holds all of it.
 *
 * The processes of a run are: the caller of e2e_contain(); process 1 of the
 * namespace of the tests; the runner of Check; a process for each test, which
 * is a subreaper; and the inits under test.
 */
#define _GNU_SOURCE
#include "framework.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	TEST_BOUND_S = 300,
	SWEEP_NS = 50000000,
	/* For paths of sockets and of interpreters, which are short. */
	BASE_LENGTH_MAX = 40,
};

char e2e_scratch[PATH_MAX] = "/tmp";
bool e2e_has_namespace;

static char source[PATH_MAX];
static int *skips;

/* Tests. */

static struct e2e_test *tests, **tests_end = &tests;

void e2e_add(struct e2e_test *test)
{
	*tests_end = test;
	tests_end = &test->next;
}

/* "leftovers", of a test in .../check_leftovers.c */
static const char *suite_of(const struct e2e_test *test)
{
	const char *name = strstr(test->test.file, "check_");

	if (name == NULL)
		e2e_give_up("a test in %s", test->test.file);
	name += strlen("check_");
	return strndup(name, strcspn(name, "."));
}

static TCase *add_suite(SRunner *runner, const char *name)
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(name);

	tcase_add_checked_fixture(tcase, e2e_begin_test, e2e_end_test);
	tcase_set_timeout(tcase, TEST_BOUND_S);
	suite_add_tcase(suite, tcase);
	srunner_add_suite(runner, suite);
	return tcase;
}

SRunner *e2e_runner(const char *wanted, const char *text, unsigned which,
		    unsigned of, int *skipped)
{
	SRunner *runner = srunner_create(NULL);
	const char *file = "", *name = "";
	struct e2e_test *test;
	TCase *tcase = NULL;
	unsigned seen = 0;
	int i;

	skips = skipped;
	for (test = tests; test != NULL; test = test->next) {
		name = suite_of(test);
		if ((strcmp(wanted, "all") != 0 && strcmp(wanted, name) != 0) ||
		    strstr(test->test.name, text) == NULL)
			continue;
		if (strcmp(test->test.file, file) != 0)
			tcase = add_suite(runner, name);
		file = test->test.file;
		for (i = test->first; i < test->first + test->times; i++)
			if (seen++ % of == which)
				tcase_add_loop_test(tcase, &test->test, i,
						    i + 1);
	}
	return runner;
}

/* Skipping. */

void e2e_skip_from(const char *test, const char *what)
{
	const char *must_run = getenv("MUST");

	if (must_run != NULL && strcmp(must_run, "1") == 0)
		e2e_give_up("MUST=1, and %s needs %s", test, what);
	printf("skipped: %s needs %s\n", test, what);
	fflush(stdout);
	++*skips;
	e2e_end_test();
	exit(EXIT_SUCCESS);
}

void e2e_need_static_from(const char *test)
{
	if (e2e_needs_loader(e2e_binary()))
		e2e_skip_from(test, "an init linked statically");
}

void e2e_need_shipped_from(const char *test)
{
	e2e_need_static_from(test);
	if (getenv("COUNTED") != NULL)
		e2e_skip_from(test, "an init without counters");
}

void e2e_need_user_from(const char *test, uid_t uid)
{
	char *map = e2e_read("/proc/self/uid_map", NULL), *line = map;
	unsigned long inner, outer, count;
	bool is_mapped = false;

	for (; line != NULL && *line != '\0'; line += strcspn(line, "\n") + 1)
		if (sscanf(line, "%lu %lu %lu", &inner, &outer, &count) == 3 &&
		    uid >= inner && uid - inner < count)
			is_mapped = true;
	free(map);
	if (geteuid() != 0 || !is_mapped)
		e2e_skip_from(test, "root, to change to another user");
}

/* The place of what is tested and of the actors. */

/* Everybody may enter it, and the name is one word to a shell. */
static bool is_good_base(const char *base)
{
	char path[PATH_MAX];
	struct stat status;
	size_t i;

	if (base == NULL || *base != '/' || strlen(base) > BASE_LENGTH_MAX ||
	    strpbrk(base, " \t\n'\"\\$&;|<>*?()") != NULL ||
	    strstr(base, "foster") != NULL)
		return false;
	for (i = 1; i <= strlen(base); i++) {
		if (base[i] != '/' && base[i] != '\0')
			continue;
		snprintf(path, sizeof(path), "%.*s", (int)i, base);
		if (stat(path, &status) != 0 ||
		    (status.st_mode & S_IXOTH) == 0)
			return false;
	}
	return true;
}

static void bring(const char *path, const char *folder)
{
	const char *name = strrchr(path, '/');
	int from = open(path, O_RDONLY | O_CLOEXEC);

	name = name != NULL ? name + 1 : path;
	if (from < 0 || e2e_copy_file(from, e2e_path(folder, name)) != 0) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	close(from);
}

/*
 * Copies of them in the folder of the tests, where that of the build may be in
 * one that not everybody may enter, or in one with a blank in its name, or
 * called as what tests look for in what programs print. Copies are all that
 * tests use, and their working directory is that folder.
 */
static void move_in(void)
{
	const char *init = getenv("FOSTER"), *actors = getenv("ACTORS");
	const char *init_copy = e2e_path(e2e_scratch, "init");
	const char *actor_copies = e2e_path(e2e_scratch, "actors");
	const char *name;
	struct dirent *entry;
	DIR *folder;

	init = init != NULL ? init : "build/foster";
	actors = actors != NULL ? actors : "build/actors";
	folder = opendir(actors);
	if (folder == NULL || getcwd(source, sizeof(source)) == NULL ||
	    mkdir(init_copy, 0755) != 0 || chmod(init_copy, 0755) != 0 ||
	    mkdir(actor_copies, 0755) != 0 || chmod(actor_copies, 0755) != 0) {
		perror("copies of the init and of the actors");
		exit(EXIT_FAILURE);
	}
	bring(init, init_copy);
	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.')
			bring(e2e_path(actors, entry->d_name), actor_copies);
	closedir(folder);
	name = strrchr(init, '/');
	setenv("FOSTER", e2e_path(init_copy, name != NULL ? name + 1 : init),
	       1);
	setenv("ACTORS", actor_copies, 1);
	if (chdir(e2e_scratch) != 0) {
		perror(e2e_scratch);
		exit(EXIT_FAILURE);
	}
}

const char *e2e_source(const char *name)
{
	return e2e_path(source, name);
}

/* The namespace of the tests. */

void e2e_die_with(pid_t parent, int signal)
{
	prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
}

/*
 * As process 1 of the namespace (or a subreaper, where there is none): runs
 * the tests in a child and kills whatever comes here, for that is what a test
 * left behind.
 */
static int keep(int (*run)(void *argument), void *argument)
{
	struct timespec pause = { .tv_nsec = SWEEP_NS };
	int wait_status, result = -1;
	pid_t runner, own = getpid();
	sigset_t chld;

	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	fflush(NULL);
	runner = fork();
	if (runner == 0) {
		e2e_die_with(own, SIGKILL);
		move_in();
		exit(run(argument));
	}
	if (runner < 0) {
		perror("fork");
		return EXIT_FAILURE;
	}
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, NULL);
	while (result < 0) {
		pid_t got = waitpid(-1, &wait_status, WNOHANG);

		if (got == runner && WIFEXITED(wait_status)) {
			result = WEXITSTATUS(wait_status);
		} else if (got == runner) {
			fprintf(stderr, "the test runner was killed by signal "
				"%d: has an init signalled others?\n",
				WTERMSIG(wait_status));
			result = EXIT_FAILURE;
		} else if (got <= 0) {
			e2e_each_child(getpid(), e2e_kill_child, &runner);
			sigtimedwait(&chld, NULL, &pause);
		}
	}
	runner = 0;
	e2e_each_child(getpid(), e2e_kill_child, &runner);
	return result;
}

static bool enter_namespace(uid_t uid, gid_t gid)
{
	const char *wanted = getenv("E2E_NAMESPACE");
	char map[64];

	errno = ECANCELED;
	if (wanted != NULL && strcmp(wanted, "0") == 0)
		return false;
	if (uid == 0)
		return unshare(CLONE_NEWPID | CLONE_NEWNS) == 0;
	if (unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS) != 0)
		return false;
	e2e_write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", (unsigned int)uid);
	if (e2e_write_file("/proc/self/uid_map", map) != 0)
		return false;
	snprintf(map, sizeof(map), "0 %u 1", (unsigned int)gid);
	return e2e_write_file("/proc/self/gid_map", map) == 0;
}

/* Process 1 of the new namespace: its mounts, then the tests. */
static int keep_in_namespace(int (*run)(void *argument), void *argument)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("proc", "/proc", "proc", 0, NULL) != 0 ||
	    mount("none", e2e_scratch, "tmpfs", 0, "mode=755") != 0) {
		perror("mounts for the tests");
		return EXIT_FAILURE;
	}
	e2e_has_namespace = true;
	return keep(run, argument);
}

/* Process 1 dies with this process (PDEATHSIG), and its mounts with it. */
static void on_deadly_signal(int number)
{
	rmdir(e2e_scratch);
	signal(number, SIG_DFL);
	raise(number);
}

static const int deadly[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT };

/* What is ignored stays so. */
static void handle_deadly(void (*handler)(int))
{
	struct sigaction old;
	size_t i;

	for (i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		if (sigaction(deadly[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			signal(deadly[i], handler);
}

int e2e_contain(int (*run)(void *argument), void *argument)
{
	const char *base = getenv("TMPDIR");
	uid_t uid = geteuid();
	gid_t gid = getegid();
	pid_t child, own = getpid();
	int wait_status = 0;
	sigset_t set, before;

	/* They wait while the folder could be left behind. */
	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, &before);
	snprintf(e2e_scratch, sizeof(e2e_scratch), "%s/e2e.XXXXXX",
		 is_good_base(base) ? base : "/tmp");
	if (mkdtemp(e2e_scratch) == NULL || chmod(e2e_scratch, 0755) != 0) {
		perror(e2e_scratch);
		sigprocmask(SIG_SETMASK, &before, NULL);
		return EXIT_FAILURE;
	}
	handle_deadly(on_deadly_signal);
	/* Whoever runs the suite may ignore SIGCHLD; then waiting fails. */
	signal(SIGCHLD, SIG_DFL);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		handle_deadly(SIG_DFL);
		sigprocmask(SIG_SETMASK, &before, NULL);
		e2e_die_with(own, SIGKILL);
		if (!enter_namespace(uid, gid)) {
			printf("no namespaces here: %s\n", strerror(errno));
			exit(keep(run, argument));
		}
		child = fork();
		if (child == 0)
			exit(keep_in_namespace(run, argument));
		while (waitpid(child, &wait_status, 0) < 0 && errno == EINTR)
			;
		exit(WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) :
		     EXIT_FAILURE);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	while (waitpid(child, &wait_status, 0) < 0 && errno == EINTR)
		;
	e2e_remove_tree(e2e_scratch);
	return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : EXIT_FAILURE;
}
