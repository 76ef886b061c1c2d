/*
 * check_kernel.c - the structures that foster has of its own (kernel.h) are
 * those that the kernel here reads and writes. All calls go to it.
 */
#include "kernel.h"
#include "signals.h"
#include "unit.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>

/* What the kernel writes behind a structure is somebody else's. */
enum { BEHIND = 64, FILL = 0x5a };

static void check_behind(const char behind[BEHIND])
{
	for (int i = 0; i < BEHIND; i++)
		unit_check(behind[i] == FILL, "byte %d behind it", i);
}

/* A set of another size is refused (EINVAL), and bit 0 is signal 1. */
START_TEST(a_signal_set_has_the_kernels_size_and_order)
{
	struct kernel_sigset one = { { 0 } }, none = { { 0 } };
	struct {
		struct kernel_sigset set;
		char behind[BEHIND];
	} found;
	unsigned bit = CHAR_BIT * sizeof(long);

	for (unsigned signal = 1; signal <= 64; signal++) {
		if (signal == SIGKILL || signal == SIGSTOP)
			continue;
		one = none;
		one.words[(signal - 1) / bit] = 1UL << (signal - 1) % bit;
		memset(&found, FILL, sizeof(found));
		ck_assert_int_eq(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &one,
					 NULL, sizeof(one)), 0);
		ck_assert_int_eq(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none,
					 &found.set, sizeof(one)), 0);
		ck_assert_mem_eq(&found.set, &one, sizeof(one));
		check_behind(found.behind);
	}
}
END_TEST

START_TEST(a_signals_info_is_libc_s)
{
	struct {
		siginfo_t info;
		char behind[BEHIND];
	} found;
	union sigval value = { .sival_ptr = &found };
	int signal = SIGNALS_RTMIN + 3;

	memset(&found, FILL, sizeof(found));
	ck_assert_int_eq(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &signals_all,
				 NULL, sizeof(signals_all)), 0);
	ck_assert_int_eq(sigqueue(getpid(), signal, value), 0);
	ck_assert_int_eq(syscall(SYS_rt_sigtimedwait, &signals_all,
				 &found.info, NULL, sizeof(signals_all)),
			 signal);

	ck_assert_int_eq(found.info.si_signo, signal);
	ck_assert_int_eq(found.info.si_code, SI_QUEUE);
	ck_assert_int_eq(found.info.si_pid, getpid());
	ck_assert_uint_eq(found.info.si_uid, getuid());
	ck_assert_ptr_eq(found.info.si_value.sival_ptr, &found);
	check_behind(found.behind);
}
END_TEST

START_TEST(an_action_begins_with_its_handler_and_zeroes_are_the_default)
{
	struct {
		struct kernel_sigaction action;
		char behind[BEHIND];
	} found;
	struct kernel_sigaction by_default = { 0 };
	struct kernel_sigaction ignored = { .handler = SIG_IGN };
	size_t size = sizeof(struct kernel_sigset);

	memset(&found, FILL, sizeof(found));
	ck_assert_int_eq(syscall(SYS_rt_sigaction, SIGCHLD, &ignored, NULL,
				 size), 0);
	ck_assert_int_eq(syscall(SYS_rt_sigaction, SIGCHLD, &by_default,
				 &found.action, size), 0);
	ck_assert(found.action.handler == SIG_IGN);
	ck_assert_int_eq(syscall(SYS_rt_sigaction, SIGCHLD, NULL, &found.action,
				 size), 0);
	ck_assert(found.action.handler == SIG_DFL);
	check_behind(found.behind);
}
END_TEST

START_TEST(a_files_mode_and_what_it_is_stand_where_statx_writes_them)
{
	char of_pipe[32];
	const char *const paths[] = { "/", "/proc/self/status", "/dev/null",
				      of_pipe };
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	snprintf(of_pipe, sizeof(of_pipe), "/proc/self/fd/%d", ends[0]);
	for (size_t i = 0; i < UNIT_COUNT(paths); i++) {
		struct {
			struct kernel_statx status;
			char behind[BEHIND];
		} found;
		struct stat expected;

		memset(&found, FILL, sizeof(found));
		ck_assert_int_eq(stat(paths[i], &expected), 0);
		ck_assert_int_eq(syscall(SYS_statx, AT_FDCWD, paths[i], 0, 0,
					 &found.status), 0);
		ck_assert_uint_eq(found.status.stx_mode, expected.st_mode);
		ck_assert_uint_eq(found.status.stx_ino, expected.st_ino);
		ck_assert_uint_eq(found.status.stx_dev_major,
				  major(expected.st_dev));
		ck_assert_uint_eq(found.status.stx_dev_minor,
				  minor(expected.st_dev));
		check_behind(found.behind);
	}
}
END_TEST

START_TEST(a_file_systems_flags_stand_where_statfs_writes_them)
{
	static const char *const paths[] = { "/", "/proc", "/dev" };

	for (size_t i = 0; i < UNIT_COUNT(paths); i++) {
		struct {
			struct kernel_statfs system;
			char behind[BEHIND];
		} found;
		struct statvfs expected;

		memset(&found, FILL, sizeof(found));
		ck_assert_int_eq(statvfs(paths[i], &expected), 0);
		ck_assert_int_eq(syscall(SYS_statfs, paths[i], &found.system),
				 0);
		/* ST_VALID, 0x20, is the kernel's own; libc takes it away. */
		ck_assert_uint_eq((unsigned long)found.system.f_flags & ~0x20UL,
				  expected.f_flag);
		check_behind(found.behind);
	}
}
END_TEST

/* The same entries in the same order as readdir(3) gives them. */
START_TEST(a_folders_entries_are_read_one_by_one)
{
	_Alignas(8) char buffer[1024];
	DIR *folder = opendir("/proc/self");
	int fd = open("/proc/self", O_RDONLY | O_DIRECTORY);
	struct dirent *expected = NULL;
	int entries = 0;
	long length;

	while ((length = syscall(SYS_getdents64, fd, buffer, sizeof(buffer))) >
	       0)
		for (long at = 0; at < length; entries++) {
			const struct kernel_dirent64 *entry =
				(const void *)(buffer + at);

			expected = readdir(folder);
			ck_assert_ptr_nonnull(expected);
			ck_assert_str_eq(entry->d_name, expected->d_name);
			ck_assert_uint_eq(entry->d_ino, expected->d_ino);
			ck_assert_uint_eq(entry->d_type, expected->d_type);
			at += entry->d_reclen;
			ck_assert_int_le(at, length);
		}
	ck_assert_int_eq(length, 0);
	ck_assert_int_gt(entries, 20);
	ck_assert_ptr_null(readdir(folder));
	closedir(folder);
	close(fd);
}
END_TEST

/* 64-bit: 4 * 1,024 * 1,024 in include/linux/threads.h, which is not told. */
START_TEST(no_process_id_reaches_the_limit)
{
	FILE *file = fopen("/proc/sys/kernel/pid_max", "r");
	int limit = 0;

	if (file == NULL) {
		unit_skip(__func__, "no /proc/sys/kernel/pid_max");
		return;
	}
	ck_assert_int_eq(fscanf(file, "%d", &limit), 1);
	fclose(file);

	ck_assert_int_le(limit, PID_MAX_LIMIT);
	ck_assert_int_eq(PID_MAX_LIMIT, 4 << 20);
}
END_TEST

Suite *kernel_suite(void)
{
	Suite *suite = suite_create("kernel");
	TCase *tcase = unit_tcase(suite, "structures");

	unit_add(tcase, a_signal_set_has_the_kernels_size_and_order);
	unit_add(tcase, a_signals_info_is_libc_s);
	unit_add(tcase,
		 an_action_begins_with_its_handler_and_zeroes_are_the_default);
	unit_add(tcase,
		 a_files_mode_and_what_it_is_stand_where_statx_writes_them);
	unit_add(tcase, a_file_systems_flags_stand_where_statfs_writes_them);
	unit_add(tcase, a_folders_entries_are_read_one_by_one);
	unit_add(tcase, no_process_id_reaches_the_limit);
	return suite;
}
