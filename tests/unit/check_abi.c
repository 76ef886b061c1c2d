/*
 * check_abi.c - what abi.h says and the kernel's headers do not, compared
 * with libc and with the kernel that runs. The rest is in abi_headers.c.
 */
#define _GNU_SOURCE
#include "abi_beside_libc.h"
#include "unit.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

START_TEST(real_time_signals_begin_and_end_as_libc_has_it)
{
	ck_assert_int_eq(SIGNAL_RTMIN, SIGRTMIN);
	ck_assert_int_eq(SIGNAL_MAX, SIGRTMAX);
}
END_TEST

/* glibc has the structure as getdents64(2) gives it. */
START_TEST(a_directory_entry_has_libc_s_shape)
{
	struct directory_entry *ours = NULL;
	struct dirent64 *theirs = NULL;

	ck_assert_uint_eq(sizeof(ours->inode), sizeof(theirs->d_ino));
	ck_assert_uint_eq(offsetof(struct directory_entry, inode),
			  offsetof(struct dirent64, d_ino));
	ck_assert_uint_eq(sizeof(ours->next), sizeof(theirs->d_off));
	ck_assert_uint_eq(offsetof(struct directory_entry, next),
			  offsetof(struct dirent64, d_off));
	ck_assert_uint_eq(sizeof(ours->length), sizeof(theirs->d_reclen));
	ck_assert_uint_eq(offsetof(struct directory_entry, length),
			  offsetof(struct dirent64, d_reclen));
	ck_assert_uint_eq(sizeof(ours->type), sizeof(theirs->d_type));
	ck_assert_uint_eq(offsetof(struct directory_entry, type),
			  offsetof(struct dirent64, d_type));
	ck_assert_uint_eq(offsetof(struct directory_entry, name),
			  offsetof(struct dirent64, d_name));
}
END_TEST

/* 64-bit: 4 * 1,024 * 1,024 in include/linux/threads.h, which is not told. */
START_TEST(no_process_id_reaches_the_limit)
{
	FILE *file = fopen("/proc/sys/kernel/pid_max", "r");
	int most = 0;

	if (file == NULL) {
		unit_skip(__func__, "no /proc/sys/kernel/pid_max");
		return;
	}
	ck_assert_int_eq(fscanf(file, "%d", &most), 1);
	fclose(file);

	ck_assert_int_le(most, PID_LIMIT);
	ck_assert_int_eq(PID_LIMIT, 4 << 20);
}
END_TEST

/* The kernel refuses a set of any other size (EINVAL). */
START_TEST(the_kernel_takes_a_signal_set_of_our_size)
{
	struct signal_set set;

	ck_assert_int_eq(syscall(SYS_rt_sigprocmask, SIGNAL_UNBLOCK, NULL,
				 &set, sizeof(set)), 0);
}
END_TEST

/* A signal's structure is written as far as ours goes, and no further. */
START_TEST(the_kernel_fills_what_foster_reads_of_a_signal)
{
	struct {
		struct signal_info info;
		char behind[64];
	} room;
	struct signal_set all = { { 0 } };
	union sigval value = { .sival_ptr = &room };
	unsigned bit = SIGNAL_RTMIN + 3 - 1, size = 8 * sizeof(long);
	int signal = SIGNAL_RTMIN + 3;

	memset(&room, 0x5a, sizeof(room));
	all.words[bit / size] = 1UL << bit % size;
	ck_assert_int_eq(syscall(SYS_rt_sigprocmask, SIGNAL_SETMASK, &all,
				 NULL, sizeof(all)), 0);
	ck_assert_int_eq(sigqueue(getpid(), signal, value), 0);

	ck_assert_int_eq(syscall(SYS_rt_sigtimedwait, &all, &room.info, NULL,
				 sizeof(all)), signal);

	ck_assert_int_eq(room.info.number, signal);
	ck_assert_int_eq(room.info.code, SENT_BY_QUEUE);
	ck_assert_int_eq(room.info.pid, getpid());
	ck_assert_uint_eq(room.info.uid, getuid());
	ck_assert_ptr_eq(room.info.value, &room);
	for (size_t i = 0; i < sizeof(room.behind); i++)
		ck_assert_int_eq(room.behind[i], 0x5a);
}
END_TEST

/* sigaction(2): eight words are room enough, and zeroes are the default. */
START_TEST(the_kernel_takes_zeroes_for_the_default_action)
{
	struct {
		struct signal_action action;
		char behind[64];
	} room;
	struct signal_action by_default = { { 0 } };
	struct signal_action ignored = { { SIGNAL_ACTION_IGNORE } };

	ck_assert_uint_eq((uintptr_t)SIG_IGN, SIGNAL_ACTION_IGNORE);
	memset(&room, 0x5a, sizeof(room));
	ck_assert_int_eq(syscall(SYS_rt_sigaction, SIGNAL_CHLD, &ignored, NULL,
				 sizeof(struct signal_set)), 0);
	ck_assert_int_eq(syscall(SYS_rt_sigaction, SIGNAL_CHLD, &by_default,
				 &room.action, sizeof(struct signal_set)), 0);
	ck_assert_uint_eq(room.action.words[0], SIGNAL_ACTION_IGNORE);
	ck_assert_int_eq(syscall(SYS_rt_sigaction, SIGNAL_CHLD, NULL,
				 &room.action, sizeof(struct signal_set)), 0);

	ck_assert_uint_eq(room.action.words[0], 0);
	for (size_t i = 0; i < sizeof(room.behind); i++)
		ck_assert_int_eq(room.behind[i], 0x5a);
}
END_TEST

/* No header of the kernel has these, or not beside libc's. */
START_TEST(what_is_asked_of_a_file_is_called_as_libc_has_it)
{
	ck_assert_int_eq(MAY_EXECUTE, X_OK);
	ck_assert_int_eq(MOUNT_NO_EXECUTE, ST_NOEXEC);
	ck_assert_int_eq(MODE_TYPE, S_IFMT);
	ck_assert_int_eq(MODE_DIRECTORY, S_IFDIR);
	ck_assert_int_eq(MODE_REGULAR, S_IFREG);
	ck_assert_int_eq(MODE_SET_ID, S_ISUID | S_ISGID);
}
END_TEST

Suite *abi_suite(void);

Suite *abi_suite(void)
{
	Suite *suite = suite_create("abi");
	TCase *tcase = unit_tcase(suite, "libc and the kernel");

	unit_add(tcase, real_time_signals_begin_and_end_as_libc_has_it);
	unit_add(tcase, a_directory_entry_has_libc_s_shape);
	unit_add(tcase, no_process_id_reaches_the_limit);
	unit_add(tcase, the_kernel_takes_a_signal_set_of_our_size);
	unit_add(tcase, the_kernel_fills_what_foster_reads_of_a_signal);
	unit_add(tcase, what_is_asked_of_a_file_is_called_as_libc_has_it);
	unit_add(tcase, the_kernel_takes_zeroes_for_the_default_action);
	return suite;
}
