/*
 * faults.c - files that cannot be run, each in its own way. What is said of
 * them: golden/diagnoses.
 */
#define _GNU_SOURCE
#include "faults.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { TEXT_MAX = 8192, OTHER_USER = 1000 };

/* ---- making what cannot run ---- */

size_t faults_expand(char *expanded, size_t room, const char *folder,
		     const char *text)
{
	size_t length = 0;

	for (; *text != '\0'; text++)
		length += (size_t)snprintf(expanded + length, room - length,
					   *text == '@' ? "%s" : "%.1s",
					   *text == '@' ? folder : text);
	return length;
}

static void make_text(const char *folder, const char *name, mode_t mode,
		      const char *text)
{
	char expanded[TEXT_MAX];
	size_t length = faults_expand(expanded, sizeof(expanded), folder, text);

	e2e_write(folder, name, mode, expanded, length);
}

/* A little ELF file for this machine, which a case then spoils. */
struct elf_file {
	Elf64_Ehdr header;
	Elf64_Phdr segments[2];
	char loader[512];
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

static void make_i386(const char *folder)
{
	make_machine(folder, "file", EM_386, 1, 1);
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

/* Longer than that of a file may be. */
static void make_long_loader(const char *folder)
{
	char name[400];
	size_t i;

	for (i = 0; i < sizeof(name) - 1; i++)
		name[i] = "/no"[i % 3];
	name[i] = '\0';
	make_loader(folder, name);
}

/* The kernel looks for the loader before it looks for something to load. */
static void make_no_loader_no_load(const char *folder)
{
	struct elf_file file = elf_with_loader(folder, "/no/loader");

	file.segments[0].p_type = PT_NULL;
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
	ck_assert_int_eq(mknod(e2e_path(folder, "file"), S_IFSOCK | 0755, 0),
			 0);
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

static void make_busy_text(const char *folder)
{
	const char *path = e2e_write_text(folder, "file", 0755, "exit 0\n");

	ck_assert_int_ge(open(path, O_WRONLY | O_CLOEXEC), 0);
}

/* Two of that name, which nobody may run: the first is named. */
static void make_denied(const char *folder)
{
	const char *first = e2e_path(folder, "first");
	const char *second = e2e_path(folder, "second");

	ck_assert_int_eq(mkdir(first, 0755), 0);
	ck_assert_int_eq(mkdir(second, 0755), 0);
	e2e_write_text(first, "file", 0644, "exit 0\n");
	e2e_write_text(second, "file", 0600, "exit 0\n");
}

/* It may be in there: nobody can know. */
static void make_closed(const char *folder)
{
	ck_assert_int_eq(mkdir(e2e_path(folder, "closed"), 0700), 0);
}

/* In a mount namespace of its own: nobody else sees it. */
static void mount_noexec(void *folder)
{
	if (mount("none", folder, "tmpfs", MS_NOEXEC, "mode=755") != 0)
		_exit(1);
	e2e_write_text(folder, "file", 0755, "#!/bin/sh\n");
}

static void cover_shell(void *folder)
{
	const char *shell = e2e_write_text(folder, "shell", 0644, "");

	if (mount(shell, "/bin/sh", NULL, MS_BIND, NULL) != 0)
		_exit(1);
}

static void cover_shell_by_device(void *folder)
{
	(void)folder;
	if (mount("/dev/null", "/bin/sh", NULL, MS_BIND, NULL) != 0)
		_exit(1);
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

#define TEXT(name_, text_, mode_, ...) \
	{ .name = (name_), .text = (text_), .mode = (mode_), __VA_ARGS__ }
#define MADE(name_, make_, ...) \
	{ .name = (name_), .make = (make_), __VA_ARGS__ }
#define NAMED(name_, program_, ...) \
	{ .name = (name_), .program = (program_), __VA_ARGS__ }

const struct fault faults[] = {
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
	TEXT("mode-0700", "#!/bin/sh\n", 0700, .uid = OTHER_USER),
	TEXT("unreadable", "#!/no/such/interpreter\n", 0711, .uid = OTHER_USER),
	MADE("chain", make_chain),
	MADE("long-chain", make_long_chain),
	MADE("long-line", make_long_line),
	MADE("interpreter-folder", make_interpreter_folder),
	MADE("interpreter-0644", make_interpreter_0644),
	MADE("text-interpreter", make_text_interpreter),
	MADE("aarch64", make_aarch64),
	MADE("emulator", make_aarch64, .refused = ENOENT),
	MADE("i386", make_i386, .refused = ENOENT),
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
	MADE("long-loader", make_long_loader),
	MADE("no-loader-no-load", make_no_loader_no_load),
	MADE("endless-loader", make_endless_loader),
	MADE("loader-folder", make_loader_folder),
	MADE("loader-aarch64", make_loader_that_is_none),
	MADE("dangling", make_link),
	MADE("loop", make_loop),
	MADE("link-inside", make_link_inside, .program = "@/way/file"),
	MADE("folder", make_folder),
	MADE("folder-slash", make_folder, .program = "@/file/"),
	MADE("secret", make_secret, .program = "@/secret/file",
	     .uid = OTHER_USER),
	MADE("link-to-secret", make_link_to_secret, .uid = OTHER_USER),
	MADE("fifo", make_fifo),
	MADE("socket", make_socket),
	NAMED("device", "/dev/null"),
	NAMED("missing", "@/missing"),
	NAMED("missing-folder", "@/missing/file"),
	TEXT("file-as-folder", "#!/bin/sh\n", 0755, .program = "@/file/x"),
	TEXT("file-slash", "#!/bin/sh\n", 0755, .program = "@/file/"),
	MADE("busy", make_busy),
	MADE("busy-text", make_busy_text),
	NAMED("noexec", NULL, .before_exec = mount_noexec),
	TEXT("shell-0644", "exit 0\n", 0755, .before_exec = cover_shell),
	TEXT("shell-device", "exit 0\n", 0755,
	     .before_exec = cover_shell_by_device),
	TEXT("set-user-id", "#!/bin/sh\n", 04755, .refused = EPERM),
	TEXT("not-permitted", "#!/bin/sh\n", 0755, .refused = EPERM),
	TEXT("no-memory", "#!/bin/sh\n", 0755, .refused = ENOMEM),
	MADE("capable", make_capable,
	     .lost_capabilities = E2E_CAPABILITY(CAP_SYS_TIME)),
	TEXT("in-path", "#!/no/such/interpreter\n", 0755, .program = "file"),
	TEXT("in-path-windows", "#!/bin/sh\r\n", 0755, .program = "file"),
	TEXT("in-path-0644", "#!/bin/sh\n", 0644, .program = "file"),
	MADE("in-path-dangling", make_link, .program = "file"),
	MADE("in-path-folder", make_folder, .program = "file"),
	MADE("in-path-denied", make_denied, .program = "file",
	     .path = "@/first:@/second"),
	MADE("in-path-closed", make_closed, .program = "file",
	     .path = "/no/such:@/closed", .uid = OTHER_USER),
	NAMED("not-in-path", "missing"),
	NAMED("nothing", ""),
};

const int faults_count = COUNT(faults);

const char *faults_make(const struct fault *fault)
{
	const char *folder = e2e_folder();

	ck_assert_int_eq(chmod(folder, 0755), 0);
	if (fault->text != NULL)
		make_text(folder, "file", fault->mode, fault->text);
	if (fault->make != NULL)
		fault->make(folder);
	return folder;
}
