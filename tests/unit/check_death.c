/* check_death.c - why a program died (death.h), where the files are odd. */
#include "death.h"
#include "door.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static void check_said(int wait_status, const char *line)
{
	struct log log = { .level = LOG_NORMAL };

	death_explain(&log, wait_status);
	ck_assert_uint_eq(door.write_count, 1);
	ck_assert_str_eq(door.last_write.text, line);
	ck_assert_int_eq(door.open_files, 0);
}

START_TEST(the_name_of_a_cgroup_may_end_the_file_without_a_newline)
{
	door_reset();
	door_file("/proc/self/cgroup", "0::/pod/app");
	door_file("/sys/fs/cgroup/pod/app/memory.events", "oom_kill 2\n");
	door_file("/sys/fs/cgroup/pod/app/memory.max", "67108864");

	check_said(9,
		   "foster: the program was killed by SIGKILL; the"
		   " out-of-memory killer has struck 2 times in this container"
		   " (memory limit 64 MiB)\n");
}
END_TEST

START_TEST(the_name_of_a_cgroup_may_fill_what_is_read_of_the_file)
{
	enum { READ = 4095 };
	char cgroup[READ + 2] = "0::/", events[READ + 64];

	/* The newline is not read any more. */
	memset(cgroup + 4, 'x', READ - 4);
	cgroup[READ] = '\n';
	snprintf(events, sizeof(events), "/sys/fs/cgroup%.*s/memory.events",
		 READ - 3, cgroup + 3);
	door_reset();
	door_file("/proc/self/cgroup", cgroup);
	door_file(events, "oom_kill 1\n");

	check_said(9, "foster: the program was killed by SIGKILL; the"
		      " out-of-memory killer has struck 1 time in this"
		      " container\n");
}
END_TEST

Suite *death_suite(void)
{
	Suite *suite = suite_create("death");
	TCase *tcase = unit_tcase(suite, "cgroup");

	unit_add(tcase,
		 the_name_of_a_cgroup_may_end_the_file_without_a_newline);
	unit_add(tcase, the_name_of_a_cgroup_may_fill_what_is_read_of_the_file);
	return suite;
}
