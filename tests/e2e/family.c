/*
 * family.c - see family.h.
 *
 * Follows clone3(2), setns(2), pid_namespaces(7).
 */
#define _GNU_SOURCE
#include "family.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MAX = 24, OPTIONS_SIZE = 256, LEFTOVERS_FILE = 3 };

static const char *status_text(void)
{
	static char text[8];

	snprintf(text, sizeof(text), "%d", FAMILY_STATUS);
	return text;
}

/* e2e_start_from() takes words one by one, and ends at the first NULL. */
static struct e2e *start(const char *test, const struct e2e_setup *setup,
			 const char *const w[WORDS_MAX])
{
	return e2e_start_from(test, setup, w[0], w[1], w[2], w[3], w[4], w[5],
			      w[6], w[7], w[8], w[9], w[10], w[11], w[12],
			      w[13], w[14], w[15], NULL);
}

struct family family_start_from(const char *test,
				const struct e2e_setup *setup,
				const char *options,
				const char *const *wrapper, const char *tree)
{
	char variable[OPTIONS_SIZE];
	const char *environment[] = { e2e_environment[0], variable, NULL };
	const char *words[WORDS_MAX] = { "--" };
	struct e2e_setup own = *setup;
	struct family family = { 0 };
	int program[2], leftovers[2];
	size_t count = 1;

	snprintf(variable, sizeof(variable), "FOSTER_OPTIONS=%s",
		 options != NULL ? options : "");
	for (; wrapper != NULL && *wrapper != NULL; wrapper++)
		words[count++] = *wrapper;
	words[count++] = e2e_actor("family");
	words[count++] = status_text();
	words[count++] = tree;
	e2e_pipe(program);
	e2e_pipe(leftovers);
	own.environment = environment;
	own.stdio[0] = program[0];
	own.files[0] = (struct e2e_file){ leftovers[0], LEFTOVERS_FILE };
	family.program = program[1];
	family.leftovers = leftovers[1];
	family.leftovers_read = leftovers[0];
	family.init = start(test, &own, words);
	close(program[0]);
	e2e_line(family.init, "ready");
	return family;
}

const char *family_patient(const char *options)
{
	static char text[OPTIONS_SIZE];

	snprintf(text, sizeof(text), "%s -t 35000m", options);
	return text;
}

const char *family_less_patient(const char *options)
{
	static char text[OPTIONS_SIZE];

	snprintf(text, sizeof(text), "%s -t %lldms", options,
		 3 * e2e_wait_ms());
	return text;
}

void family_end_program(struct family *family)
{
	family->ended_ms = e2e_now_ms();
	close(family->program);
	family->program = -1;
}

void family_finish(struct family *family)
{
	close(family->leftovers);
	family->leftovers = -1;
}

/* "NAME WHAT", as lines begin; it is gone with the next call. */
static const char *prefix(const char *name, const char *what)
{
	static char text[128];

	snprintf(text, sizeof(text), "%s %s", name, what);
	return text;
}

static const char *got(const char *name, int number)
{
	char what[32];

	snprintf(what, sizeof(what), "got %d at ", number);
	return prefix(name, what);
}

pid_t family_pid(struct family *family, const char *name)
{
	return e2e_pid(family->init,
		       (pid_t)e2e_number(family->init, prefix(name, "is ")));
}

pid_t family_number_in_proc(struct family *family, const char *name)
{
	const char *line = e2e_line(family->init, prefix(name, "is "));
	int pid, number = 0;

	ck_assert_int_eq(sscanf(line, "%d (/proc: %d)", &pid, &number), 2);
	return number;
}

long long family_got(struct family *family, const char *name, int number)
{
	return e2e_number(family->init, got(name, number));
}

size_t family_count(struct family *family, const char *name, int number)
{
	return e2e_count(family->init, got(name, number));
}

size_t family_count_all(struct family *family, const char *name)
{
	return e2e_count(family->init, prefix(name, "got "));
}

void family_says(struct family *family, const char *name, const char *what)
{
	e2e_line(family->init, prefix(name, what));
}

bool family_said(struct family *family, const char *name, const char *what)
{
	return e2e_count(family->init, prefix(name, what)) > 0;
}

void family_settle(struct family *family, const char *name)
{
	pid_t pid = family_pid(family, name);
	size_t before = family_count(family, name, SIGIO);

	if (kill(pid, SIGIO) != 0)
		e2e_fail(family->init, __FILE__, __LINE__, "%s is gone", name);
	e2e_line_nth(family->init, got(name, SIGIO), before + 1);
}

void family_check_count_at(const char *file, int line, struct family *family,
			   const char *name, int number, size_t wanted)
{
	size_t seen = family_count(family, name, number);

	if (seen != wanted)
		e2e_fail(family->init, file, line,
			 "%s got signal %d %zu times, expected %zu", name,
			 number, seen, wanted);
}

/* Joining: the side of the child, which reports failure by its status. */

enum { CANNOT_JOIN = 90 };

__attribute__((noreturn))
static void become_family(const char *output, int leftovers, const char *tree)
{
	const char *actor = e2e_actor("family");
	int out = open(output, O_WRONLY);

	if (out < 0 || dup2(leftovers, LEFTOVERS_FILE) < 0 ||
	    dup2(out, STDOUT_FILENO) < 0)
		_exit(CANNOT_JOIN);
	execl(actor, "family", "0", tree, (char *)NULL);
	_exit(CANNOT_JOIN);
}

/* Like fork(2), the child having this number if it is not 0. */
static pid_t fork_as(pid_t number)
{
	struct clone_args arguments = {
		.exit_signal = SIGCHLD,
		.set_tid = (uintptr_t)&number,
		.set_tid_size = number != 0,
	};

	if (number == 0)
		return fork();
	return (pid_t)syscall(SYS_clone3, &arguments, sizeof(arguments));
}

bool family_join(struct family *family, enum family_joins how, pid_t number,
		 const char *tree)
{
	char output[64], space[64];
	size_t before = e2e_count(family->init, "ready");
	pid_t child;
	int fd;

	snprintf(output, sizeof(output), "/proc/%d/fd/1",
		 (int)family->init->pid);
	snprintf(space, sizeof(space), "/proc/%d/ns/pid",
		 (int)family->init->pid);
	child = fork_as(number);
	if (child < 0 && errno == EEXIST)
		return false;
	if (child < 0)
		e2e_fail(family->init, __FILE__, __LINE__,
			 "no process with number %d: %s", (int)number,
			 strerror(errno));
	if (child == 0) {
		/* Only children of it are in the other namespace then. */
		if (how == FAMILY_FROM_OUTSIDE) {
			fd = open(space, O_RDONLY | O_CLOEXEC);
			if (fd < 0 || setns(fd, CLONE_NEWPID) != 0)
				_exit(CANNOT_JOIN);
			child = fork();
			if (child != 0) {
				/* Else the files of the test never end. */
				syscall(SYS_close_range, 3, ~0U, 0);
				while (waitpid(child, NULL, 0) < 0)
					;
				_exit(0);
			}
		}
		become_family(output, family->leftovers_read, tree);
	}
	e2e_line_nth(family->init, "ready", before + 1);
	return true;
}
