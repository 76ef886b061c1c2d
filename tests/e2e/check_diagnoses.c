/*
 * check_diagnoses.c - why a program cannot run (contract, section 8).
 *
 * golden/diagnoses has for each case below what is said, "@" for the test's
 * folder, and the exit status. Each file is made anew, so that nothing but the
 * one fault is there.
 */
#include "e2e.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { TEXT_MAX = 8192, STRANGER = 1000, ELF_LENGTH = 512 };

/* ---- making what cannot run ---- */

/* Writes `text` with the folder in the place of every "@". */
static void make_text(const char *folder, const char *name, mode_t mode,
		      const char *text)
{
	char expanded[TEXT_MAX];
	size_t length = 0;

	for (; *text != '\0'; text++)
		length += (size_t)snprintf(expanded + length,
					   sizeof(expanded) - length,
					   *text == '@' ? "%s" : "%.1s",
					   *text == '@' ? folder : text);
	e2e_write(folder, name, mode, expanded, length);
}

/* A little ELF file for this machine, which a case then spoils. */
struct elf_file {
	Elf64_Ehdr header;
	Elf64_Phdr segments[2];
	char loader[128];
	char code[256];
};

static struct elf_file good_elf(void)
{
	struct elf_file file;

	memset(&file, 0, sizeof(file));
	e2e_elf_header(&file.header, offsetof(struct elf_file, segments));
	file.segments[0].p_type = PT_LOAD;
	file.segments[0].p_filesz = file.segments[0].p_memsz = sizeof(file);
	file.segments[0].p_vaddr = 0x400000;
	file.segments[0].p_align = 4096;
	file.segments[0].p_flags = PF_R | PF_X;
	file.segments[1].p_type = PT_NULL;
	return file;
}

static void write_elf(const char *folder, const char *name,
		      const struct elf_file *file)
{
	e2e_write(folder, name, 0755, file, sizeof(*file));
}

static struct elf_file elf_with_loader(const char *folder, const char *loader)
{
	struct elf_file file = good_elf();

	snprintf(file.loader, sizeof(file.loader), "%s%s",
		 *loader == '/' ? "" : folder, *loader == '/' ? loader
			 : loader + 1);
	file.segments[1].p_type = PT_INTERP;
	file.segments[1].p_offset = offsetof(struct elf_file, loader);
	file.segments[1].p_filesz = strlen(file.loader) + 1;
	return file;
}

static void make_machine(const char *folder, const char *name, int machine,
			 int class, int order)
{
	struct elf_file file = good_elf();
	unsigned char *bytes = (unsigned char *)&file;

	file.header.e_ident[EI_CLASS] = (unsigned char)class;
	file.header.e_ident[EI_DATA] = (unsigned char)order;
	bytes[18] = (unsigned char)(order == 2 ? machine >> 8 : machine);
	bytes[19] = (unsigned char)(order == 2 ? machine : machine >> 8);
	/* In a 32-bit header other fields are here; no segment is right. */
	memset(bytes + 28, 0, class == 1 ? 24 : 0);
	write_elf(folder, name, &file);
}

static void make_aarch64(const char *folder)
{
	make_machine(folder, "file", EM_AARCH64, 2, 1);
}

static void make_arm(const char *folder)
{
	make_machine(folder, "file", EM_ARM, 1, 1);
}

static void make_s390x(const char *folder)
{
	make_machine(folder, "file", EM_S390, 2, 2);
}

static void make_unknown_machine(const char *folder)
{
	make_machine(folder, "file", 4000, 2, 1);
}

/* This machine's number, but the other byte order. */
static void make_wrong_order(const char *folder)
{
	make_machine(folder, "file", good_elf().header.e_machine, 2, 2);
}

static void make_magic_only(const char *folder)
{
	e2e_write(folder, "file", 0755, ELFMAG, 4);
}

static void make_cut_elf(const char *folder)
{
	struct elf_file file = good_elf();

	e2e_write(folder, "file", 0755, &file, 100);
}

static void make_object(const char *folder)
{
	struct elf_file file = good_elf();

	file.header.e_type = ET_REL;
	write_elf(folder, "file", &file);
}

static void make_unloadable(const char *folder)
{
	struct elf_file file = good_elf();

	file.header.e_phnum = 0;
	write_elf(folder, "file", &file);
}

static void make_loader(const char *folder, const char *loader)
{
	struct elf_file file = elf_with_loader(folder, loader);

	write_elf(folder, "file", &file);
}

static void make_no_loader(const char *folder)
{
	make_loader(folder, "/lib/ld-of-another-libc.so.1");
}

/* As patchelf(1) does it: its name stands behind all the rest. */
static void make_far_loader(const char *folder, const char *name, size_t length)
{
	enum { FAR = 100000 };
	struct elf_file file = good_elf();
	char *bytes = calloc(1, FAR + length);

	ck_assert_ptr_nonnull(bytes);
	file.segments[1].p_type = PT_INTERP;
	file.segments[1].p_offset = FAR;
	file.segments[1].p_filesz = length;
	memcpy(bytes, &file, sizeof(file));
	memcpy(bytes + FAR, name, length);
	e2e_write(folder, "file", 0755, bytes, FAR + length);
	free(bytes);
}

static void make_no_far_loader(const char *folder)
{
	static const char name[] = "/lib/ld-of-another-libc.so.1";

	make_far_loader(folder, name, sizeof(name));
}

/* Cut where the name is to be, and in the name. */
static void make_cut_before_far_loader(const char *folder)
{
	make_far_loader(folder, "", 1);
	ck_assert_int_eq(truncate(e2e_path(folder, "file"), 90000), 0);
}

static void make_cut_far_loader(const char *folder)
{
	make_far_loader(folder, "/lib/ld-of-ano", 14);
}

static void make_endless_loader(const char *folder)
{
	char name[2 * PATH_MAX];

	memset(name, 'x', sizeof(name));
	make_far_loader(folder, name, sizeof(name));
}

/* As where the kernel runs a file of another kind, and misses its loader. */
static void make_foreign_without_loader(const char *folder)
{
	struct elf_file file = elf_with_loader(
		folder, "/lib/ld-of-another-libc.so.1");

	file.header.e_machine = 4000;
	write_elf(folder, "file", &file);
}

static void make_loader_folder(const char *folder)
{
	make_loader(folder, "@");
}

static void make_loader_that_is_none(const char *folder)
{
	make_loader(folder, "@/loader");
	make_machine(folder, "loader", EM_AARCH64, 2, 1);
}

static void make_link(const char *folder)
{
	ck_assert_int_eq(symlink("gone", e2e_path(folder, "file")), 0);
}

static void make_loop(const char *folder)
{
	ck_assert_int_eq(symlink("other", e2e_path(folder, "file")), 0);
	ck_assert_int_eq(symlink("file", e2e_path(folder, "other")), 0);
}

/* The link is a folder on the way. */
static void make_link_inside(const char *folder)
{
	ck_assert_int_eq(symlink("gone", e2e_path(folder, "way")), 0);
}

static void make_folder(const char *folder)
{
	ck_assert_int_eq(mkdir(e2e_path(folder, "file"), 0755), 0);
}

static void make_secret(const char *folder)
{
	const char *secret = e2e_path(folder, "secret");

	ck_assert_int_eq(mkdir(secret, 0755), 0);
	e2e_write_text(secret, "file", 0755, "#!/bin/sh\n");
	ck_assert_int_eq(chmod(secret, 0700), 0);
}

static void make_link_to_secret(const char *folder)
{
	make_secret(folder);
	ck_assert_int_eq(symlink("secret/file", e2e_path(folder, "file")), 0);
}

static void make_fifo(const char *folder)
{
	ck_assert_int_eq(mkfifo(e2e_path(folder, "file"), 0755), 0);
	ck_assert_int_eq(chmod(e2e_path(folder, "file"), 0755), 0);
}

static void make_socket(const char *folder)
{
	ck_assert_int_eq(mknod(e2e_path(folder, "file"), S_IFSOCK | 0755, 0), 0);
}

static void make_chain(const char *folder)
{
	make_text(folder, "file", 0755, "#!@/second\n");
	make_text(folder, "second", 0755, "#! @/third -x\n");
	make_text(folder, "third", 0755, "#!\t/no/such/interpreter\t-y\n");
}

/* One more than the kernel follows. */
static void make_long_chain(const char *folder)
{
	static const char *const names[] = { "file", "1", "2", "3", "4", "5" };
	char text[16];

	for (int i = 0; i < 6; i++) {
		snprintf(text, sizeof(text), "#!@/%d\n", i + 1);
		make_text(folder, names[i], 0755, text);
	}
	make_text(folder, "6", 0755, "#!/bin/sh\n");
}

static void make_long_line(const char *folder)
{
	char text[400];

	memset(text, 'x', sizeof(text));
	memcpy(text, "#!/", 3);
	e2e_write(folder, "file", 0755, text, sizeof(text));
}

static void make_interpreter_folder(const char *folder)
{
	make_text(folder, "file", 0755, "#!@\n");
}

static void make_interpreter_0644(const char *folder)
{
	make_text(folder, "file", 0755, "#!@/second\n");
	make_text(folder, "second", 0644, "#!/bin/sh\n");
}

/* The kernel gives a script to nothing that is no program itself. */
static void make_text_interpreter(const char *folder)
{
	make_text(folder, "file", 0755, "#!@/second\n");
	make_text(folder, "second", 0755, "echo hello\n");
}

static void make_busy(const char *folder)
{
	const char *path = e2e_write_text(folder, "file", 0755, "#!/bin/sh\n");

	/* Stays open, and ends with the test. */
	ck_assert_int_ge(open(path, O_WRONLY | O_CLOEXEC), 0);
}

/* Effective ones, which whoever may not have them must not run. */
static void make_capable(const char *folder)
{
	const char *path = e2e_path(folder, "file");
	struct vfs_cap_data data = {
		.magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE,
		.data = { { .permitted = 1 << CAP_SYS_TIME } },
	};
	struct elf_file file = good_elf();

	write_elf(folder, "file", &file);
	if (setxattr(path, "security.capability", &data, sizeof(data), 0) != 0)
		e2e_skip_from("capabilities", "files with capabilities");
}

/* ---- the cases ---- */

/* Either a file "file" with this text and mode, or what `make` makes. */
struct fault {
	const char *name;
	void (*make)(const char *folder);
	const char *text;
	mode_t mode;
	const char *program; /* NULL: "@/file" */
	uid_t uid;
	uint64_t lost_capabilities;
	int refused; /* what execve says, for what no kernel here would */
};

#define TEXT(name_, text_, mode_, ...) \
	{ .name = (name_), .text = (text_), .mode = (mode_), __VA_ARGS__ }
#define MADE(name_, make_, ...) \
	{ .name = (name_), .make = (make_), __VA_ARGS__ }
#define NAMED(name_, program_) { .name = (name_), .program = (program_) }

static const struct fault faults[] = {
	TEXT("windows", "#!/bin/sh\r\necho hello\r\n", 0755),
	TEXT("windows-unknown", "#!/no/such -x\r\n", 0755),
	TEXT("no-interpreter", "#!/no/such/interpreter\n", 0755),
	TEXT("no-newline", "#! /no/such/interpreter", 0755),
	TEXT("forged", "#!/\x1b[31m\x07'\x7f\n", 0755),
	TEXT("nameless", "#!\necho hello\n", 0755),
	TEXT("nameless-blank", "#! \t \necho hello\n", 0755),
	TEXT("bom", "\xef\xbb\xbf#!/bin/sh\necho hello\n", 0755),
	TEXT("empty", "", 0755),
	TEXT("mode-0644", "#!/bin/sh\n", 0644),
	TEXT("mode-0000", "#!/bin/sh\n", 0),
	TEXT("mode-4600", "#!/bin/sh\n", 04600),
	TEXT("mode-0700", "#!/bin/sh\n", 0700, .uid = STRANGER),
	TEXT("unreadable", "#!/no/such/interpreter\n", 0711, .uid = STRANGER),
	MADE("chain", make_chain),
	MADE("long-chain", make_long_chain),
	MADE("long-line", make_long_line),
	MADE("interpreter-folder", make_interpreter_folder),
	MADE("interpreter-0644", make_interpreter_0644),
	MADE("text-interpreter", make_text_interpreter),
	MADE("aarch64", make_aarch64),
	MADE("arm", make_arm),
	MADE("s390x", make_s390x),
	MADE("unknown-machine", make_unknown_machine),
	MADE("wrong-order", make_wrong_order),
	MADE("magic-only", make_magic_only),
	MADE("cut", make_cut_elf),
	MADE("object", make_object),
	MADE("unloadable", make_unloadable),
	MADE("no-loader", make_no_loader),
	MADE("no-far-loader", make_no_far_loader),
	MADE("cut-before-far-loader", make_cut_before_far_loader),
	MADE("cut-far-loader", make_cut_far_loader),
	MADE("foreign-without-loader", make_foreign_without_loader,
	     .refused = ENOENT),
	MADE("loader-folder", make_loader_folder),
	MADE("loader-aarch64", make_loader_that_is_none),
	MADE("dangling", make_link),
	MADE("loop", make_loop),
	MADE("link-inside", make_link_inside, .program = "@/way/file"),
	MADE("folder", make_folder),
	MADE("folder-slash", make_folder, .program = "@/file/"),
	MADE("secret", make_secret, .program = "@/secret/file", .uid = STRANGER),
	MADE("link-to-secret", make_link_to_secret, .uid = STRANGER),
	MADE("fifo", make_fifo),
	MADE("socket", make_socket),
	NAMED("device", "/dev/null"),
	NAMED("missing", "@/missing"),
	NAMED("missing-folder", "@/missing/file"),
	TEXT("file-as-folder", "#!/bin/sh\n", 0755, .program = "@/file/x"),
	TEXT("file-slash", "#!/bin/sh\n", 0755, .program = "@/file/"),
	MADE("busy", make_busy),
	TEXT("set-user-id", "#!/bin/sh\n", 04755, .refused = EPERM),
	TEXT("not-permitted", "#!/bin/sh\n", 0755, .refused = EPERM),
	TEXT("no-memory", "#!/bin/sh\n", 0755, .refused = ENOMEM),
	MADE("capable", make_capable, .lost_capabilities = E2E_CAPABILITY(CAP_SYS_TIME)),
	TEXT("in-path", "#!/no/such/interpreter\n", 0755, .program = "file"),
	TEXT("in-path-windows", "#!/bin/sh\r\n", 0755, .program = "file"),
	TEXT("in-path-0644", "#!/bin/sh\n", 0644, .program = "file"),
	MADE("in-path-dangling", make_link, .program = "file"),
	MADE("in-path-folder", make_folder, .program = "file"),
	NAMED("not-in-path", "missing"),
	NAMED("nothing", ""),
};

enum { FAULTS = sizeof(faults) / sizeof(faults[0]) };

/* What the init may be refused while it looks. */
static const int looks[] = {
	SYS_statx, SYS_readlinkat, SYS_faccessat, SYS_statfs, SYS_getxattr,
	SYS_openat, SYS_pread64,
};

enum { LOOKS = sizeof(looks) / sizeof(looks[0]) };

static const char *make(const struct fault *fault)
{
	const char *folder = e2e_folder();

	ck_assert_int_eq(chmod(folder, 0755), 0);
	if (fault->text != NULL)
		make_text(folder, "file", fault->mode, fault->text);
	if (fault->make != NULL)
		fault->make(folder);
	return folder;
}

static struct e2e *start(const struct fault *fault, const char *folder,
			 int refused_look)
{
	static char path[512];
	const char *const environment[] = { path, NULL };
	struct e2e_setup setup = {
		.mode = E2E_SUBREAPER,
		.environment = environment,
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
	snprintf(path, sizeof(path), "PATH=/no/such:%s", folder);
	if (*program == '@')
		program = e2e_path(folder, program + 2);
	return e2e_start(&setup, "--", program, NULL);
}

/* What the golden file has for the case: the line, and the status. */
static int golden(const char *name, const char *folder, char *line)
{
	char *text = e2e_read("tests/e2e/golden/diagnoses", NULL);
	char head[64], *at;
	int status;

	ck_assert_ptr_nonnull(text);
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

START_TEST(each_fault_is_said_word_for_word)
{
	const struct fault *fault = &faults[_i];
	const char *folder = make(fault);
	struct e2e *init = start(fault, folder, 0);
	char line[TEXT_MAX];
	int status = golden(fault->name, folder, line);

	e2e_check_exit(init, status);
	ck_assert_str_eq(init->err.bytes, line);
	ck_assert_str_eq(init->out.bytes, "");
}
END_TEST

START_TEST(every_golden_line_has_its_case)
{
	char *text = e2e_read("tests/e2e/golden/diagnoses", NULL), *at = text;
	int count = 0;

	while ((at = strstr(at, "\n# ")) != NULL) {
		count++;
		at++;
	}
	ck_assert_int_eq(count, FAULTS);
	free(text);
}
END_TEST

/* Whatever foster may not see, it says one line, and the status stays. */
START_TEST(what_may_not_be_looked_at_costs_no_more_than_the_explanation)
{
	const struct fault *fault = &faults[_i];
	const char *folder = make(fault);
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
END_TEST

/* Nothing is said that is not known: not that something else is missing. */
START_TEST(where_nothing_can_be_looked_at_it_is_the_kernel_s_word)
{
	const struct fault *fault = faults;
	const char *folder;
	struct e2e *init;
	char line[TEXT_MAX];

	while (strcmp(fault->name, "missing") != 0)
		fault++;
	folder = make(fault);
	e2e_need_static();
	golden(fault->name, folder, line);

	init = start(fault, folder, SYS_statx);

	e2e_check_exit(init, 127);
	ck_assert_str_eq(init->err.bytes, line);
}
END_TEST

/* No path is so long: the kernel refuses the file itself. */
START_TEST(a_loader_s_name_that_does_not_end_spoils_nothing)
{
	static const struct fault fault = { .make = make_endless_loader };
	const char *folder = make(&fault);
	struct e2e *init = start(&fault, folder, 0);
	char line[TEXT_MAX];

	snprintf(line, sizeof(line),
		 "foster: cannot run '%s/file': an ELF file, cut short", folder);
	e2e_check_exit(init, 126);
	e2e_check(init, e2e_said(init, "") == 1);
	e2e_check(init, e2e_said(init, line) == 1);
}
END_TEST

/* Opening one for reading would let its writer go on. */
START_TEST(neither_a_fifo_nor_a_socket_is_opened)
{
	const char *name = _i == 0 ? "fifo" : "socket";
	const struct fault *fault = faults;
	struct inotify_event event;
	const char *folder;
	struct e2e *init;
	int watch;

	while (strcmp(fault->name, name) != 0)
		fault++;
	folder = make(fault);
	watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	ck_assert_int_ge(inotify_add_watch(watch, e2e_path(folder, "file"),
					   IN_OPEN), 0);

	init = start(fault, folder, 0);

	e2e_check_exit(init, 126);
	ck_assert_int_eq(read(watch, &event, sizeof(event)), -1);
	ck_assert_int_eq(errno, EAGAIN);
}
END_TEST

static void mount_noexec(void *argument)
{
	const char *folder = argument;

	if (mount("none", folder, "tmpfs", MS_NOEXEC, "mode=755") != 0)
		_exit(1);
	e2e_write_text(folder, "file", 0755, "#!/bin/sh\n");
}

START_TEST(a_filesystem_mounted_noexec_is_named)
{
	const char *folder = e2e_folder();
	struct e2e *init = e2e_start(&(struct e2e_setup){
		.before_exec = mount_noexec, .argument = (void *)folder,
	}, "--", e2e_path(folder, "file"), NULL);

	e2e_check_exit(init, 126);
	e2e_says(init, "/file': on a filesystem mounted noexec\n");
	e2e_check(init, e2e_said(init, "") == 1);
}
END_TEST

/* Whatever it is a link to: nobody but this test sees it. */
static void cover_shell(void *argument)
{
	if (mount(argument, "/bin/sh", NULL, MS_BIND, NULL) != 0)
		_exit(1);
}

START_TEST(a_shell_that_cannot_run_a_text_is_named)
{
	const char *folder = e2e_folder();
	const char *shell = e2e_write_text(folder, "shell", 0644, "");
	struct e2e *init = e2e_start(&(struct e2e_setup){
		.before_exec = cover_shell, .argument = (void *)shell,
	}, "--", e2e_write_text(folder, "file", 0755, "echo hello\n"), NULL);

	e2e_check_exit(init, 126);
	e2e_says(init, "/file': its interpreter '/bin/sh': not executable"
		       " (mode 0644): chmod +x it\n");
	e2e_check(init, e2e_said(init, "") == 1);
}
END_TEST

/* The folder of a program that runs is not searched again. */
START_TEST(a_program_that_runs_is_not_looked_at)
{
	const struct e2e_setup setup = {
		.mode = (enum e2e_mode)_i,
		.refuse = { { .call = SYS_statx, .error = ENOSYS },
			    { .call = SYS_readlinkat, .error = ENOSYS } },
	};
	struct e2e *init;

	e2e_need_static();
	init = e2e_start(&setup, "--", e2e_actor("ends"), "0", NULL);
	e2e_check_exit(init, 0);
	e2e_check_silent(init);
}
END_TEST

Suite *diagnoses_suite(void)
{
	Suite *suite = suite_create("diagnoses");
	TCase *words = e2e_tcase(suite, "words");
	TCase *looks_case = e2e_tcase(suite, "looks");

	e2e_add_range(words, each_fault_is_said_word_for_word, 0, FAULTS - 1);
	e2e_add(words, every_golden_line_has_its_case);
	e2e_add(words, a_filesystem_mounted_noexec_is_named);
	e2e_add(words, a_shell_that_cannot_run_a_text_is_named);
	e2e_add(words, a_loader_s_name_that_does_not_end_spoils_nothing);
	e2e_add_range(looks_case, what_may_not_be_looked_at_costs_no_more_than_the_explanation,
		      0, FAULTS - 1);
	e2e_add(looks_case,
		where_nothing_can_be_looked_at_it_is_the_kernel_s_word);
	e2e_add_range(looks_case, neither_a_fifo_nor_a_socket_is_opened, 0, 1);
	e2e_add_both(looks_case, a_program_that_runs_is_not_looked_at);
	return suite;
}
