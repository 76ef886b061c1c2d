/*
 * main.c - collects the end-to-end suites and runs them.
 *
 *	check_e2e [SUITE [PART-OF-A-TEST'S-NAME]]
 *
 * A suite is a file check_NAME.c; "all" stands for every one. CK_VERBOSITY and
 * the other variables of Check work as well. The tests are dealt out to as many
 * runners as JOBS says, else two for each processor; with a log file to one.
 */
#define _GNU_SOURCE
#include "e2e.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Tests wait most of their time. */
enum { JOBS_MAX = 64, RUNNERS_PER_PROCESSOR = 2 };

/* A runner: what it prints while another prints, and what it found. */
struct job {
	pid_t pid;
	FILE *output;
	unsigned which, of;
	int run, failed, skipped; /* written by the runner, in shared memory */
};

static const char *wanted = "all", *wanted_text = "";

static int run(void *argument)
{
	struct job *job = argument;
	SRunner *runner = e2e_runner(wanted, wanted_text, job->which, job->of,
				     &job->skipped);

	/* The tests' processes are what the framework ends them by. */
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_ENV);
	job->run = srunner_ntests_run(runner);
	job->failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return EXIT_SUCCESS;
}

/* A log file of Check's is of one runner. */
static bool has_log_file(void)
{
	return getenv("CK_LOG_FILE_NAME") != NULL ||
	       getenv("CK_XML_LOG_FILE_NAME") != NULL ||
	       getenv("CK_TAP_LOG_FILE_NAME") != NULL;
}

static int jobs_wanted(void)
{
	const char *given = getenv("JOBS");
	long jobs = given != NULL ? atol(given) :
		RUNNERS_PER_PROCESSOR * sysconf(_SC_NPROCESSORS_ONLN);

	if (jobs < 1 || has_log_file())
		return 1;
	return jobs > JOBS_MAX ? JOBS_MAX : (int)jobs;
}

/* The first prints as it goes, the others after it. */
static void begin(struct job *job)
{
	pid_t pid, own = getpid();

	job->run = -1;
	job->output = job->which > 0 ? tmpfile() : NULL;
	fflush(NULL);
	pid = fork();
	if (pid != 0) {
		job->pid = pid;
		return;
	}
	e2e_die_with(own, SIGTERM);
	if (job->output != NULL)
		dup2(fileno(job->output), STDOUT_FILENO);
	exit(e2e_contain(run, job));
}

static void print(FILE *from)
{
	int c;

	rewind(from);
	while ((c = getc(from)) != EOF)
		putchar(c);
	fclose(from);
}

/* Whether it came to its end. */
static bool end(struct job *job)
{
	int status = 0;

	if (job->pid < 0 || waitpid(job->pid, &status, 0) != job->pid)
		return false;
	if (job->output != NULL)
		print(job->output);
	return status == 0 && job->run >= 0;
}

static int run_all(int count)
{
	struct job *jobs = mmap(NULL, JOBS_MAX * sizeof(*jobs),
				PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int i, checks = 0, failures = 0, skipped = 0;
	bool is_whole = true;

	if (jobs == MAP_FAILED)
		return EXIT_FAILURE;
	for (i = 0; i < count; i++) {
		jobs[i].which = (unsigned)i;
		jobs[i].of = (unsigned)count;
		begin(&jobs[i]);
	}
	for (i = 0; i < count; i++) {
		if (end(&jobs[i])) {
			checks += jobs[i].run;
			failures += jobs[i].failed;
			skipped += jobs[i].skipped;
		} else {
			is_whole = false;
		}
	}
	printf("check_e2e: %d checks, %d failed, %d skipped; runners: %d%s\n",
	       checks, failures, skipped, count,
	       is_whole ? "" : ", not all came to their end");
	if (is_whole && checks == 0)
		fprintf(stderr, "check_e2e: no such test\n");
	return is_whole && checks > 0 && failures == 0 ? EXIT_SUCCESS
						       : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	const char *init = getenv("FOSTER");
	const char *actors = getenv("ACTORS");

	if (init == NULL)
		init = "build/foster";
	if (actors == NULL)
		actors = "build/actors";
	if (access(init, X_OK) != 0 || access(actors, X_OK) != 0) {
		fprintf(stderr, "check_e2e: no init %s or no actors %s: set "
			"FOSTER and ACTORS, or run it after make\n", init,
			actors);
		return 2;
	}
	if (argc > 1)
		wanted = argv[1];
	if (argc > 2)
		wanted_text = argv[2];
	return run_all(jobs_wanted());
}
