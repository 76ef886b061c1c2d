/*
 * check_rarities.c - programs that cannot be run, for reasons that hardly
 * anybody meets (contract, section 8). Each is the only way to a line or a
 * branch of src/; make cover.
 */
#define _GNU_SOURCE
#include "e2e.h"

#include <elf.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_MAX = 4096, NOBODY = 65534 };

struct elf_file {
	Elf64_Ehdr header;
	Elf64_Phdr segments[2];
	char loader[512];
};

/* For this machine, with a loader of this name, and something to load or not.
 */
static const char *make_elf(const char *loader, bool has_load)
{
	struct elf_file file;

	memset(&file, 0, sizeof(file));
	e2e_elf_header(&file.header, offsetof(struct elf_file, segments));
	snprintf(file.loader, sizeof(file.loader), "%s", loader);
	file.segments[0].p_type = PT_INTERP;
	file.segments[0].p_offset = offsetof(struct elf_file, loader);
	file.segments[0].p_filesz = strlen(loader) + 1;
	file.segments[1].p_type = has_load ? PT_LOAD : PT_NULL;
	file.segments[1].p_filesz = file.segments[1].p_memsz = sizeof(file);
	file.segments[1].p_vaddr = 0x400000;
	file.segments[1].p_align = 4096;
	return e2e_write(e2e_folder(), "file", 0755, &file, sizeof(file));
}

/* It is not run, and this is all that is said. */
static void check_refused(const struct e2e_setup *setup, const char *program,
			  int status, const char *line)
{
	struct e2e *init = e2e_start(setup, "--", program, NULL);

	e2e_check_exit(init, status);
	if (strcmp(init->err.bytes, line) != 0)
		e2e_fail(init, __FILE__, __LINE__, "expected: %s", line);
}

START_TEST(the_name_of_a_loader_may_be_longer_than_that_of_a_file)
{
	const struct e2e_setup setup = { .mode = (enum e2e_mode)_i };
	char loader[400], line[TEXT_MAX];
	const char *program;

	for (size_t i = 0; i < sizeof(loader) - 1; i++)
		loader[i] = "/no"[i % 3];
	loader[sizeof(loader) - 1] = '\0';
	program = make_elf(loader, true);

	snprintf(line, sizeof(line),
		 "foster: cannot run '%s': its loader"
		 " '%s' does not exist (built for another C library?)\n",
		 program, loader);
	check_refused(&setup, program, 127, line);
}
END_TEST

/* The kernel looks for the loader before it looks for something to load. */
START_TEST(a_loader_is_missing_even_where_there_is_nothing_to_load)
{
	const struct e2e_setup setup = { .mode = (enum e2e_mode)_i };
	const char *program = make_elf("/no/loader", false);
	char line[TEXT_MAX];

	snprintf(line, sizeof(line),
		 "foster: cannot run '%s': its loader"
		 " '/no/loader' does not exist (built for another C"
		 " library?)\n",
		 program);
	check_refused(&setup, program, 127, line);
}
END_TEST

START_TEST(a_text_that_is_being_written_to_is_not_taken_for_a_script)
{
	const struct e2e_setup setup = { .mode = (enum e2e_mode)_i };
	const char *program =
		e2e_write_text(e2e_folder(), "text", 0755, "exit 0\n");
	int fd = open(program, O_WRONLY | O_CLOEXEC);
	char line[TEXT_MAX];

	ck_assert_int_ge(fd, 0);

	snprintf(line, sizeof(line),
		 "foster: cannot run '%s': the file is"
		 " being written to\n",
		 program);
	check_refused(&setup, program, 126, line);
	close(fd);
}
END_TEST

/* Where there is one more of that name, too, nobody may run. */
START_TEST(of_several_that_may_not_be_run_the_first_in_path_is_named)
{
	const char *first = e2e_path(e2e_folder(), "first");
	const char *second = e2e_path(e2e_folder(), "second");
	char path[TEXT_MAX], line[TEXT_MAX];
	const char *environment[] = { path, NULL };
	const struct e2e_setup setup = {
		.mode = (enum e2e_mode)_i,
		.environment = environment,
	};

	first = strdup(first);
	ck_assert_int_eq(mkdir(first, 0755), 0);
	ck_assert_int_eq(mkdir(second, 0755), 0);
	e2e_write_text(first, "program", 0644, "exit 0\n");
	e2e_write_text(second, "program", 0600, "exit 0\n");
	snprintf(path, sizeof(path), "PATH=%s:%s", first, second);

	snprintf(line, sizeof(line),
		 "foster: cannot run '%s/program': not"
		 " executable (mode 0644): chmod +x it\n",
		 first);
	check_refused(&setup, "program", 126, line);
}
END_TEST

/* It may be in there: nobody can know. */
START_TEST(a_folder_in_path_that_may_not_be_searched_is_named)
{
	const char *folder = strdup(e2e_path(e2e_folder(), "closed"));
	char path[TEXT_MAX], line[TEXT_MAX];
	const char *environment[] = { path, NULL };
	const struct e2e_setup setup = {
		.mode = (enum e2e_mode)_i,
		.environment = environment,
		.uid = NOBODY,
		.gid = NOBODY,
	};

	e2e_need_user(NOBODY);
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	snprintf(path, sizeof(path), "PATH=/no/folder:%s", folder);

	snprintf(line, sizeof(line),
		 "foster: cannot run '%s/program': the folder '%s' may not be"
		 " searched\n",
		 folder, folder);
	check_refused(&setup, "program", 126, line);
}
END_TEST

START_TEST(a_shell_that_cannot_be_run_for_a_text_is_named)
{
	const struct e2e_setup setup = { .mode = (enum e2e_mode)_i };
	const char *program =
		e2e_write_text(e2e_folder(), "text", 0755, "exit 0\n");
	char line[TEXT_MAX];

	if (unshare(CLONE_NEWNS) != 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		e2e_skip("mount namespaces");
	ck_assert_int_eq(mount("/dev/null", "/bin/sh", NULL, MS_BIND, NULL), 0);

	snprintf(line, sizeof(line),
		 "foster: cannot run '%s': its interpreter"
		 " '/bin/sh': is not a regular file\n",
		 program);
	check_refused(&setup, program, 126, line);
}
END_TEST

Suite *rarities_suite(void)
{
	Suite *suite = suite_create("rarities");
	TCase *tcase = e2e_tcase(suite, "programs");

	e2e_add_both(tcase,
		     the_name_of_a_loader_may_be_longer_than_that_of_a_file);
	e2e_add_both(tcase,
		     a_loader_is_missing_even_where_there_is_nothing_to_load);
	e2e_add_both(tcase,
		     a_text_that_is_being_written_to_is_not_taken_for_a_script);
	e2e_add_both(tcase,
		     of_several_that_may_not_be_run_the_first_in_path_is_named);
	e2e_add_both(tcase, a_folder_in_path_that_may_not_be_searched_is_named);
	e2e_add_both(tcase, a_shell_that_cannot_be_run_for_a_text_is_named);
	return suite;
}
