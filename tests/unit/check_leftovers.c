/* check_leftovers.c - who is left, where some of them are dead (leftovers.h).
 */
#include "door.h"
#include "leftovers.h"
#include "unit.h"

static void check_report(const char *line)
{
	struct log log = { .level = LOG_NORMAL };
	struct leftovers leftovers = { .log = &log, .own = 1 };

	leftovers_act(&leftovers, KEEPER_REPORT, 0);
	ck_assert_uint_eq(door.write_count, line != NULL);
	if (line != NULL)
		ck_assert_str_eq(door.last_write.text, line);
	ck_assert_int_eq(door.open_files, 0);
}

static void make_proc(const char *names)
{
	door_reset();
	door_file("/proc/self/status", "Name:\tinit\nNSpid:\t1\n");
	door_directory("/proc", names);
}

/* Whoever is dead and not reaped by its own parent has no command line. */
START_TEST(a_zombie_is_not_left_over)
{
	make_proc("1\n5\n6\n7\n");
	door_bytes("/proc/5/cmdline",
		   "sleep\0"
		   "1000",
		   11);
	door_file("/proc/6/cmdline", "");
	door_bytes("/proc/7/cmdline", "cat", 4);

	check_report("foster: 2 left over when the time was up, killed:"
		     " 5 sleep 1000, 7 cat\n");
}
END_TEST

START_TEST(of_zombies_alone_nothing_is_said)
{
	make_proc("1\n6\n");
	door_file("/proc/6/cmdline", "");

	check_report(NULL);
}
END_TEST

Suite *leftovers_suite(void)
{
	Suite *suite = suite_create("leftovers");
	TCase *tcase = unit_tcase(suite, "report");

	unit_add(tcase, a_zombie_is_not_left_over);
	unit_add(tcase, of_zombies_alone_nothing_is_said);
	return suite;
}
