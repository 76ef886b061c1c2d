/*
 * check_exec.c - which file is run: the search in PATH, scripts, and what is
 * never given to a shell: foster(1), DESCRIPTION.
 */
#include "e2e.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The search in PATH. */

/*
 * Folders for PATH: "first" and "second" hold an executable "it" that says its
 * folder, "denied" one that is not executable, "empty" none, "folder" a folder
 * of that name; "file" is no folder.
 */
static const char *make_folders(void)
{
	const char *base = e2e_folder();

	mkdir(e2e_path(base, "first"), 0755);
	mkdir(e2e_path(base, "second"), 0755);
	mkdir(e2e_path(base, "denied"), 0755);
	mkdir(e2e_path(base, "empty"), 0755);
	mkdir(e2e_path(base, "folder"), 0755);
	mkdir(e2e_path(base, "folder/it"), 0755);
	e2e_write_text(base, "file", 0755, "");
	e2e_write_text(base, "first/it", 0755, "#!/bin/sh\necho first\n");
	e2e_write_text(base, "second/it", 0755, "#!/bin/sh\necho second\n");
	e2e_write_text(base, "denied/it", 0644, "#!/bin/sh\necho denied\n");
	return base;
}

/* Starts "it" with a PATH in which a leading @ stands for the folder. */
static struct e2e *start_in_path(const char *test, enum e2e_mode mode,
				 const char *base, const char *pattern)
{
	static char path[4096];
	const char *environment[] = { path, NULL };
	size_t used;

	used = (size_t)snprintf(path, sizeof(path), "PATH=");
	for (; *pattern != '\0'; pattern++) {
		if (*pattern == '@')
			used += (size_t)snprintf(path + used,
						 sizeof(path) - used, "%s/",
						 base);
		else
			path[used++] = *pattern;
	}
	path[used] = '\0';
	return e2e_start_from(test, &(struct e2e_setup){
			.mode = mode, .environment = environment,
			.cwd = e2e_path(base, "second"),
		}, "--", "it", NULL);
}

TEST_BOTH(path_is_searched_in_its_order)
{
	static const struct {
		const char *path;
		int status;
		const char *output;
	} cases[] = {
		{ "@first:@second", 0, "first\n" },
		{ "@second:@first", 0, "second\n" },
		{ "@empty:@second", 0, "second\n" },
		{ "@nowhere:@second", 0, "second\n" },
		{ "@file:@second", 0, "second\n" },
		{ "@denied:@second", 0, "second\n" },
		{ "@folder:@second", 0, "second\n" },
		{ "@second:@denied", 0, "second\n" },
		/* An empty element is the working directory. */
		{ ":@first", 0, "second\n" },
		{ "@first:", 0, "first\n" },
		{ "@empty:", 0, "second\n" },
		{ "@empty::@first", 0, "second\n" },
		{ ".", 0, "second\n" },
		{ "../first", 0, "first\n" },
		{ "", 0, "second\n" },
		/* What was denied is remembered, what is missing is not. */
		{ "@empty", 127, "" },
		{ "@empty:@nowhere:@file", 127, "" },
		{ "@denied", 126, "" },
		{ "@denied:@empty", 126, "" },
		{ "@empty:@denied:@file", 126, "" },
	};
	const char *base = make_folders();
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		struct e2e *init = start_in_path(__func__, _i, base,
						 cases[i].path);
		int status = e2e_exit(init);

		if (status != cases[i].status ||
		    strcmp(init->out.bytes, cases[i].output) != 0)
			e2e_fail(init, __FILE__, __LINE__,
				 "PATH=%s: status %d, expected %d, \"%s\"",
				 cases[i].path, status, cases[i].status,
				 cases[i].output);
		e2e_check(init, e2e_said(init, "foster: ") ==
			  (status == 0 ? 0 : 1));
		e2e_end(init);
	}
}

TEST_BOTH(a_long_element_of_path_is_passed_over)
{
	const char *base = make_folders();
	char *path = malloc(8192);
	const char *environment[] = { path, NULL };
	struct e2e *init;

	memcpy(path, "PATH=/", 6);
	memset(path + 6, 'x', 6000);
	snprintf(path + 6006, 8192 - 6006, ":%s/second", base);
	init = e2e_start(
		&(struct e2e_setup){ .mode = _i, .environment = environment },
		"--", "it", NULL);

	e2e_check_exit(init, 0);
	ck_assert_str_eq(init->out.bytes, "second\n");
}

TEST_BOTH(a_name_with_a_slash_is_not_searched_for)
{
	const char *base = make_folders();
	char path[4200];
	const char *environment[] = { path, NULL };
	const struct e2e_setup setup = {
		.mode = _i, .environment = environment, .cwd = "/",
	};
	struct e2e *init;

	snprintf(path, sizeof(path), "PATH=%s", base);
	e2e_check_exit(e2e_start(&setup, "--", "first/it", NULL), 127);
	init = e2e_start(&setup, "--", e2e_path(base, "first/it"), NULL);
	e2e_check_exit(init, 0);
	ck_assert_str_eq(init->out.bytes, "first\n");
}

TEST(without_path_docker_s_default_list_is_searched)
{
	static const char *const folders[] = {
		"usr/local/sbin/report", "usr/local/bin/report",
		"usr/sbin/report", "usr/bin/report", "sbin/report",
		"bin/report",
	};
	static const char *const environment[] = { "A=1", NULL };
	size_t i;

	for (i = 0; i < COUNT(folders); i++) {
		struct e2e *init = e2e_start(
			&(struct e2e_setup){
				.empty_root = true,
				.root_files = { folders[i] },
				.environment = environment,
			},
			"--", "report", NULL);

		e2e_check_exit(init, 0);
		/* It is searched, not given to the program. */
		e2e_check_lines(init, "variable ", environment);
		e2e_check_silent(init);
		e2e_end(init);
	}
}

TEST(without_path_the_working_directory_is_not_searched)
{
	static const char *const environment[] = { "A=1", NULL };
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.empty_root = true,
			.root_files = { "report" },
			.environment = environment,
		},
		"--", "report", NULL);

	e2e_check_exit(init, 127);
	e2e_check(init, init->out.length == 0);
}

/*
 * Scripts. What must not be given to a shell lies in the working directory: a
 * shell that got it all the same finds redirections in it and makes files.
 */

TEST_BOTH(a_text_file_without_interpreter_line_is_given_to_bin_sh)
{
	const char *base = e2e_folder();
	const char *file = e2e_write_text(base, "script", 0755,
		"echo \"name $0\"\nfor a do echo \"argument $a\"; done\n"
		"exit 3\n");
	char path[4200];
	const char *environment[] = { path, NULL };
	const struct e2e_setup setup = {
		.mode = _i, .environment = environment,
	};
	struct e2e *init;

	snprintf(path, sizeof(path), "PATH=/nowhere:%s", base);
	init = e2e_start(&setup, "--", file, "a b", "", "-c", NULL);
	e2e_check_exit(init, 3);
	ck_assert_str_eq(e2e_line(init, "name "), file);
	e2e_check_lines(init, "argument ", (const char *const []){
		"a b", "", "-c", NULL });
	e2e_check_silent(init);

	/* Found in PATH as well; then the shell needs the whole path. */
	init = e2e_start(&setup, "--", "script", "x", NULL);
	e2e_check_exit(init, 3);
	ck_assert_str_eq(e2e_line(init, "name "), file);
	e2e_check_lines(init, "argument ", (const char *const []){ "x", NULL });
	e2e_check_silent(init);
}

TEST_BOTH(a_text_file_named_like_an_option_is_given_to_bin_sh)
{
	/* "sh -n" would do nothing and end with 0. */
	struct e2e *init;

	e2e_write_text(e2e_folder(), "-n", 0755, "exit 3\n");
	init = e2e_start(
		&(struct e2e_setup){
			.mode = _i,
			.cwd = e2e_folder(),
			.environment = (const char *const []){ "PATH=", NULL },
		},
		"--", "-n", NULL);

	e2e_check_exit(init, 3);
}

TEST_BOTH(a_script_gets_the_shell_that_its_interpreter_line_names)
{
	const char *file = e2e_write_text(e2e_folder(), "script", 0755,
					  "#!/bin/sh -u\necho \"$0 $1\"\n");
	struct e2e *init = e2e_start_in(_i, "--", file, "x", NULL);
	char expected[4200];

	e2e_check_exit(init, 0);
	snprintf(expected, sizeof(expected), "%s x\n", file);
	ck_assert_str_eq(init->out.bytes, expected);
	e2e_check_silent(init);
}

/* It is not run, and nothing is said but by foster, in one line. */
static void check_not_run(const struct e2e_setup *setup, const char *file)
{
	struct e2e *init = e2e_start(setup, "--", file, NULL);

	e2e_check_exit(init, 126);
	e2e_check(init, init->out.length == 0);
	e2e_check(init, e2e_said(init, "foster: ") == 1);
	e2e_check(init, e2e_said(init, "") == 1);
}

TEST_BOTH(an_elf_file_for_another_machine_is_never_given_to_bin_sh)
{
	size_t length;
	char *bytes = e2e_read(e2e_actor("report"), &length);

	/*
	 * It has the same place in 32 and 64 bit files, and no machine has
	 * this number in either byte order.
	 */
	memset(bytes + offsetof(Elf64_Ehdr, e_machine), 0x41, 2);
	check_not_run(&(struct e2e_setup){ .mode = _i, .cwd = e2e_folder() },
		      e2e_write(e2e_folder(), "program", 0755, bytes, length));
}

/* From the four bytes of its mark to a whole header. */
TEST_TIMES(E2E_MODES * (sizeof(Elf64_Ehdr) - SELFMAG + 1),
	   an_elf_file_cut_short_is_never_given_to_bin_sh)
{
	size_t length;
	char *bytes = e2e_read(e2e_actor("report"), &length);

	check_not_run(&(struct e2e_setup){ .mode = mode_of(_i),
					   .cwd = e2e_folder() },
		      e2e_write(e2e_folder(), "program", 0755, bytes,
				SELFMAG + (size_t)_i / 2));
}

TEST_BOTH(binary_rubbish_is_never_given_to_bin_sh)
{
	static const char bytes[] = "echo shell\0\1\2\3\n";

	check_not_run(&(struct e2e_setup){ .mode = _i, .cwd = e2e_folder() },
		      e2e_write(e2e_folder(), "program", 0755, bytes,
				sizeof(bytes)));
}

/* Root can read everything, but not without its capabilities. */
TEST_BOTH(a_file_that_may_be_executed_but_not_read_is_no_script)
{
	check_not_run(&(struct e2e_setup){
			.mode = _i, .lost_capabilities = E2E_ALL_CAPABILITIES,
		      },
		      e2e_write_text(e2e_folder(), "file", 0111,
				     "echo shell\n"));
}

TEST_BOTH(an_executable_program_that_may_not_be_read_is_run)
{
	size_t length;
	char *bytes = e2e_read(e2e_actor("ends"), &length);
	const char *file = e2e_write(e2e_folder(), "program", 0111, bytes,
				     length);
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.mode = _i,
			.lost_capabilities = E2E_ALL_CAPABILITIES,
		},
		"--", file, "7", NULL);

	free(bytes);
	e2e_check_exit(init, 7);
	e2e_check_silent(init);
}

/* Little to live on. */

TEST(it_is_the_only_file_of_an_empty_root_beside_its_program)
{
	static const char *const environment[] = { NULL };
	struct e2e *init = e2e_start(
		&(struct e2e_setup){
			.empty_root = true,
			.root_files = { "report" },
			.proc = E2E_PROC_NONE,
			.environment = environment,
			.lost_capabilities = E2E_ALL_CAPABILITIES,
			.closed = 1,
		},
		"--", "/report", NULL);

	e2e_check_exit(init, 0);
	ck_assert_int_eq(e2e_number(init, "ppid"), 1);
	e2e_check_lines(init, "open ", (const char *const []){
		"1", "2", NULL });
	e2e_check_silent(init);
}
