/*
 * check_explain_death.c - why a program died (explain_death.h), where the
 * files are odd.
 */
#include "explain_death.h"
#include "kernel.h"
#include "world.h"

#include <stdio.h>
#include <string.h>

static void check_said(int wait_status, const char *line)
{
	struct log log = { .level = LOG_NORMAL };

	explain_death(&log, wait_status);
	ck_assert_uint_eq(world_calls(SYS_write), 1);
	ck_assert_str_eq(sim_output(2), line);
	world_check_closed();
}

START_TEST(the_name_of_a_cgroup_may_end_the_file_without_a_newline)
{
	world_begin();
	sim_file("/proc/self/cgroup", "0::/pod/app");
	sim_file("/sys/fs/cgroup/pod/app/memory.events", "oom_kill 2\n");
	sim_file("/sys/fs/cgroup/pod/app/memory.max", "67108864");

	check_said(9,
		   "foster: the program was killed by SIGKILL; the"
		   " out-of-memory killer has struck 2 times in this container"
		   " (memory limit 64 MiB)\n");
}
END_TEST

/* Version 1 has a line for each hierarchy: ID:CONTROLLERS:PATH, cgroups(7). */
START_TEST(the_line_of_version_1_is_found_by_its_controllers)
{
	static const struct {
		const char *lines;
		bool is_found;
	} files[] = {
		{ "4:memory:/own\n", true },
		{ "4:memory,hugetlb:/own\n", true },
		{ "4:hugetlb,memory:/own\n", true },
		{ "4:cpu,memory,hugetlb:/own\n", true },
		{ "2:cpu:/a\n4:memory:/own\n", true },
		/* A path may hold anything. */
		{ "2:cpu:/x:memory:/no\n4:memory:/own\n", true },
		{ "1:name=systemd:/0::/no\n4:memory:/own\n", true },
		{ "2:cpu:/x,memory:/no\n4:memory:/own\n", true },
		{ "4:memory_pressure:/own\n", false },
		{ "4:cpu,memory_pressure:/own\n", false },
		{ "4:xmemory:/own\n", false },
		{ "4:memory\n", false },
		{ "4:memory,hugetlb\n", false },
		{ "memory:/own\n", false },
		{ "memory\n", false },
		{ "4\n", false },
		{ "", false },
	};

	for (size_t i = 0; i < UNIT_COUNT(files); i++) {
		char said[160];

		world_begin();
		sim_file("/proc/self/cgroup", files[i].lines);
		sim_file("/sys/fs/cgroup/memory/own/memory.oom_control",
			 "oom_kill 1\n");
		sim_file("/sys/fs/cgroup/memory/memory.oom_control",
			 "oom_kill 5\n");
		snprintf(said, sizeof(said),
			 "foster: the program was killed by SIGKILL; the"
			 " out-of-memory killer has struck %s in this"
			 " container\n",
			 files[i].is_found ? "1 time" : "5 times");
		check_said(9, said);
	}
}
END_TEST

/* Where it is longer than a path can be, the tree's root is read. */
START_TEST(the_name_of_a_cgroup_may_be_as_long_as_a_path)
{
	static const char tree[] = "/sys/fs/cgroup", file[] = "/memory.events";

	for (size_t length = 4000; length < 4200; length++) {
		char name[4200], line[4300], path[4300], said[128];
		bool fits = strlen(tree) + length + strlen(file) <
			    KERNEL_PATH_MAX;

		for (size_t i = 0; i < length; i++)
			name[i] = i % 200 == 0 ? '/' : 'x';
		name[length] = '\0';
		snprintf(line, sizeof(line), "0::%s\n", name);
		snprintf(path, sizeof(path), "%s%s%s", tree, name, file);
		world_begin();
		sim_file("/proc/self/cgroup", line);
		sim_file(path, "oom_kill 1\n");
		sim_file("/sys/fs/cgroup/memory.events", "oom_kill 5\n");

		snprintf(said, sizeof(said),
			 "foster: the program was killed by SIGKILL; the"
			 " out-of-memory killer has struck %s in this"
			 " container\n",
			 fits ? "1 time" : "5 times");
		check_said(9, said);
	}
}
END_TEST

Suite *explain_death_suite(void)
{
	Suite *suite = suite_create("explain_death");
	TCase *tcase = unit_tcase(suite, "cgroup");

	unit_add(tcase,
		 the_name_of_a_cgroup_may_end_the_file_without_a_newline);
	unit_add(tcase, the_line_of_version_1_is_found_by_its_controllers);
	unit_add(tcase, the_name_of_a_cgroup_may_be_as_long_as_a_path);
	return suite;
}
