/*
 * check_diagnoses.c - why a program cannot run: foster(1), DIAGNOSTICS.
 *
 * golden/diagnoses has for each case of faults.c what is said, "@" for the
 * test's folder, and the exit status. Each file is made anew, so that nothing
 * but the one fault is there.
 */
#include "faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

enum { TEXT_MAX = 8192 };

/* What the init may be refused while it looks. */
static const int looks[] = {
	SYS_statx, SYS_readlinkat, SYS_faccessat, SYS_statfs, SYS_getxattr,
	SYS_openat, SYS_pread64,
};

enum { LOOKS = COUNT(looks) };

static const struct fault *fault_of(const char *name)
{
	const struct fault *fault = faults;

	while (strcmp(fault->name, name) != 0)
		fault++;
	return fault;
}

static struct e2e *start(const struct fault *fault, const char *folder,
			 int refused_look)
{
	static char path[512] = "PATH=";
	const char *const environment[] = { path, NULL };
	struct e2e_setup setup = {
		.mode = fault->before_exec != NULL ? E2E_PROCESS_1 :
			E2E_SUBREAPER,
		.environment = environment,
		.before_exec = fault->before_exec,
		.argument = (void *)folder,
		.uid = fault->uid,
		.gid = fault->uid,
		.lost_capabilities = fault->lost_capabilities,
	};
	const char *program = fault->program ? fault->program : "@/file";
	int count = 0;

	if (fault->refused != 0)
		setup.refuse[count++] = (struct e2e_refusal){
			.call = SYS_execve, .error = fault->refused };
	if (refused_look != 0)
		setup.refuse[count++] = (struct e2e_refusal){
			.call = refused_look, .error = ENOSYS };
	if (fault->uid != 0)
		e2e_need_user(fault->uid);
	faults_expand(path + strlen("PATH="), sizeof(path) - strlen("PATH="),
		      folder, fault->path != NULL ? fault->path :
		      "/no/such:@");
	if (*program == '@')
		program = e2e_path(folder, program + 2);
	return e2e_start(&setup, "--", program, NULL);
}

/* What the golden file has for the case: the line, and the status. */
static int golden(const char *name, const char *folder, char *line)
{
	char *text = e2e_read(e2e_source("tests/e2e/golden/diagnoses"), NULL);
	char head[64], *at;
	int status, count = 0;

	ck_assert_ptr_nonnull(text);
	/* Each line there has its case. */
	for (at = text; (at = strstr(at, "\n# ")) != NULL; at++)
		count++;
	ck_assert_int_eq(count, faults_count);
	snprintf(head, sizeof(head), "\n# %s\n", name);
	at = strstr(text, head);
	ck_assert_msg(at != NULL, "no golden line for %s", name);
	for (at += strlen(head); strncmp(at, "\n= ", 3) != 0; at++)
		line += sprintf(line, *at == '@' ? "%s" : "%.1s",
				*at == '@' ? folder : at);
	strcpy(line, "\n");
	status = atoi(at + 3);
	free(text);
	return status;
}

TEST_TIMES(faults_count, each_fault_is_said_word_for_word)
{
	const struct fault *fault = &faults[_i];
	const char *folder = faults_make(fault);
	struct e2e *init = start(fault, folder, 0);
	char line[TEXT_MAX];
	int status = golden(fault->name, folder, line);

	e2e_check_exit(init, status);
	ck_assert_str_eq(init->err.bytes, line);
	ck_assert_str_eq(init->out.bytes, "");
}

/* Whatever foster may not see, it says one line, and the status stays. */
TEST_TIMES(faults_count,
	   what_may_not_be_looked_at_costs_no_more_than_the_explanation)
{
	const struct fault *fault = &faults[_i];
	const char *folder = faults_make(fault);
	char line[TEXT_MAX];
	int status = golden(fault->name, folder, line);

	e2e_need_static();
	for (int i = 0; i < LOOKS; i++) {
		struct e2e *init = start(fault, folder, looks[i]);

		e2e_check_exit(init, status);
		e2e_check(init, e2e_said(init, "") == 1);
		e2e_check(init, e2e_said(init, "foster: cannot run '") == 1);
		e2e_end(init);
	}
}

/* Nothing is said that is not known: not that something else is missing. */
TEST(where_nothing_can_be_looked_at_it_is_the_kernel_s_word)
{
	const struct fault *fault = fault_of("missing");
	const char *folder = faults_make(fault);
	struct e2e *init;
	char line[TEXT_MAX];

	e2e_need_static();
	snprintf(line, sizeof(line),
		 "foster: cannot run '%s/missing': No such file or directory\n",
		 folder);

	init = start(fault, folder, SYS_statx);

	e2e_check_exit(init, 127);
	ck_assert_str_eq(init->err.bytes, line);
}

/* Opening one for reading would let its writer go on. */
TEST_TIMES(2, neither_a_fifo_nor_a_socket_is_opened)
{
	const struct fault *fault = fault_of(_i == 0 ? "fifo" : "socket");
	const char *folder = faults_make(fault);
	struct inotify_event event;
	struct e2e *init;
	int watch;

	watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	ck_assert_int_ge(inotify_add_watch(watch, e2e_path(folder, "file"),
					   IN_OPEN), 0);

	init = start(fault, folder, 0);

	e2e_check_exit(init, 126);
	ck_assert_int_eq(read(watch, &event, sizeof(event)), -1);
	ck_assert_int_eq(errno, EAGAIN);
}

