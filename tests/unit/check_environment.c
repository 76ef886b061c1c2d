/* check_environment.c - the environment (environment.h), beside getenv(3). */
#include "environment.h"
#include "unit.h"

#include <stdio.h>

enum { VECTOR_MAX = 64, ENTRY_MAX = 128, OWN = 77, PID_MOST = 4194303 };

/* Some of them begin others. */
static const char *const names[] = {
	"PATH", "PAT", "PATHS", "LISTEN_PID", "LISTEN_PIDS", "LISTEN_PIDFDID",
	"FOSTER_OPTIONS", "A", "AA", "B",
};

/* A vector as execve(2) gives it, and a copy of what stood in it. */
static struct {
	char *vector[VECTOR_MAX];
	char *given[VECTOR_MAX];
	char *copy[VECTOR_MAX];
	char text[VECTOR_MAX][ENTRY_MAX];
	int count;
} world;

static void clear(void)
{
	memset(&world, 0, sizeof(world));
}

static void give(const char *entry)
{
	unit_check(world.count < VECTOR_MAX - 1, "no space for '%s'", entry);
	strcpy(world.text[world.count], entry);
	world.vector[world.count] = world.text[world.count];
	world.given[world.count] = world.text[world.count];
	world.count++;
}

static void give_pair(const char *name, const char *value)
{
	char entry[ENTRY_MAX];

	snprintf(entry, sizeof(entry), "%s=%s", name, value);
	give(entry);
}

static bool has_name(const char *entry, const char *name)
{
	size_t length = strlen(name);

	return strncmp(entry, name, length) == 0 && entry[length] == '=';
}

/* What getenv(3) gives of what was given. */
static const char *given_value(const char *name)
{
	for (int i = 0; i < world.count; i++)
		if (has_name(world.given[i], name))
			return world.given[i] + strlen(name) + 1;
	return NULL;
}

static const char *or_none(const char *text)
{
	return text != NULL ? text : "(none)";
}

static void check_get(const char *name)
{
	const char *value = environment_get(world.vector, name);

	unit_check(value == given_value(name), "%s is '%s', not '%s'", name,
		   or_none(value), or_none(given_value(name)));
}

/* Finds the changes and makes the copy, for OWN; the given one stays. */
static bool change(int program)
{
	static struct environment_changes changes;
	char before[sizeof(world.text)];
	bool is_changed;

	memcpy(before, world.text, sizeof(before));
	memset(&changes, '#', sizeof(changes));
	memset(world.copy, '#', sizeof(world.copy));
	is_changed = environment_changes(&changes, world.vector, OWN, program);
	environment_copy(world.copy, world.vector, &changes);

	unit_check(memcmp(before, world.text, sizeof(before)) == 0 &&
		   memcmp(world.vector, world.given, sizeof(world.given)) == 0,
		   "the caller's environment was changed");
	return is_changed;
}

/* What is left is the vector without `name`. */
static void check_removed(const char *name)
{
	char *left[VECTOR_MAX];
	int kept = 0;

	memcpy(left, world.vector, sizeof(left));
	environment_remove(left, name);
	for (int i = 0; i < world.count; i++) {
		if (has_name(world.given[i], name))
			continue;
		unit_check(left[kept] == world.given[i],
			   "'%s' stands where '%s' should", or_none(left[kept]),
			   world.given[i]);
		kept++;
	}
	unit_check(left[kept] == NULL, "'%s' is still there", left[kept]);
}

START_TEST(an_empty_environment_has_nothing)
{
	clear();
	for (size_t i = 0; i < UNIT_COUNT(names); i++) {
		check_get(names[i]);
		check_removed(names[i]);
	}
	ck_assert_uint_eq(environment_count(world.vector), 1);
}
END_TEST

/* Each name is there or not, once or twice, between others. */
static void give_set(unsigned set)
{
	clear();
	give("HOME=/root");
	for (size_t i = 0; i < UNIT_COUNT(names); i++)
		if (set >> i & 1)
			give_pair(names[i], i % 2 ? "x=y" : "");
	give("Z=");
	give("");
	give("=");
	for (size_t i = 0; i < UNIT_COUNT(names); i++)
		if (set >> i & 1)
			give_pair(names[i], "second");
}

START_TEST(the_first_value_of_every_name_is_found_in_every_set_of_names)
{
	for (unsigned set = 0; set < 1U << UNIT_COUNT(names); set++) {
		give_set(set);
		for (size_t i = 0; i < UNIT_COUNT(names); i++)
			check_get(names[i]);
		check_get("HOME");
		check_get("Z");
	}
}
END_TEST

START_TEST(every_entry_of_a_name_is_taken_out_and_no_other)
{
	for (unsigned set = 0; set < 1U << UNIT_COUNT(names); set++) {
		give_set(set);
		ck_assert_uint_eq(environment_count(world.vector),
				  (size_t)world.count + 1);
		for (size_t i = 0; i < UNIT_COUNT(names); i++)
			check_removed(names[i]);
	}
}
END_TEST

START_TEST(a_name_that_only_looks_like_one_is_another)
{
	for (size_t i = 0; i < UNIT_COUNT(names); i++) {
		const char *name = names[i];
		char entry[ENTRY_MAX];

		clear();
		for (size_t cut = 0; cut < strlen(name); cut++) {
			snprintf(entry, sizeof(entry), "%.*s=", (int)cut, name);
			give(entry);
			snprintf(entry, sizeof(entry), "%.*s", (int)cut, name);
			give(entry);
		}
		snprintf(entry, sizeof(entry), "%sX=longer", name);
		give(entry);
		snprintf(entry, sizeof(entry), "X%s=longer", name);
		give(entry);
		snprintf(entry, sizeof(entry), "%s =blank", name);
		give(entry);
		snprintf(entry, sizeof(entry), "=%s=1", name);
		give(entry);
		give(name);
		snprintf(entry, sizeof(entry), "%s=lower", name);
		for (char *c = entry; *c != '='; c++)
			if (*c >= 'A' && *c <= 'Z')
				*c = (char)(*c - 'A' + 'a');
		give(entry);
		check_get(name);
		ck_assert_ptr_null(environment_get(world.vector, name));
		check_removed(name);
	}
}
END_TEST

/* The values that a variable which holds a process id can have. */
static const char *const pid_values[] = {
	NULL, "77", "1", "78", "7", "770", "", "77 ", " 77", "+77", "-77",
	"77x", "x", "4194381", "4294967373", "18446744073709551693",
};

static bool is_own(const char *value)
{
	return value != NULL && strcmp(value, "77") == 0;
}

static void check_handed_on(const char *listen, const char *watchdog,
			    const char *pidfdid, int program)
{
	bool is_changed;
	int kept = 0;

	clear();
	give("FIRST=1");
	if (pidfdid != NULL)
		give_pair("LISTEN_PIDFDID", pidfdid);
	if (listen != NULL)
		give_pair("LISTEN_PID", listen);
	give("LISTEN_FDS=2");
	if (watchdog != NULL)
		give_pair("WATCHDOG_PID", watchdog);
	give("WATCHDOG_USEC=1");
	give("LISTEN_PIDS=77");

	is_changed = change(program);

	unit_check(is_changed == (is_own(listen) || is_own(watchdog)),
		   "changed or not: %s, %s", or_none(listen),
		   or_none(watchdog));
	for (int i = 0; i < world.count; i++) {
		const char *entry = world.given[i], *now;
		char expected[ENTRY_MAX];

		if (has_name(entry, "LISTEN_PIDFDID") && is_own(listen))
			continue;
		strcpy(expected, entry);
		if (has_name(entry, "LISTEN_PID") && is_own(listen))
			snprintf(expected, sizeof(expected), "LISTEN_PID=%d",
				 program);
		if (has_name(entry, "WATCHDOG_PID") && is_own(watchdog))
			snprintf(expected, sizeof(expected), "WATCHDOG_PID=%d",
				 program);
		now = world.copy[kept++];
		unit_check(now != NULL && strcmp(now, expected) == 0,
			   "'%s' became '%s'", entry, or_none(now));
	}
	unit_check(world.copy[kept] == NULL, "there is '%s' too much",
		   world.copy[kept]);
}

START_TEST(pids_that_name_foster_name_the_program_and_others_stay)
{
	static const int programs[] = { 1, 2, 10, 99999, PID_MOST };

	for (size_t i = 0; i < UNIT_COUNT(pid_values); i++)
		for (size_t j = 0; j < UNIT_COUNT(pid_values); j++)
			for (size_t k = 0; k < UNIT_COUNT(programs); k++) {
				check_handed_on(pid_values[i], pid_values[j],
						NULL, programs[k]);
				check_handed_on(pid_values[i], pid_values[j],
						"12345", programs[k]);
			}
}
END_TEST

/* Whoever reads the last of two is told the same as who reads the first. */
START_TEST(a_pid_that_stands_there_twice_is_set_twice)
{
	clear();
	give("LISTEN_PID=77");
	give("LISTEN_PIDFDID=1");
	give("WATCHDOG_PID=77");
	give("LISTEN_PID=5");
	give("LISTEN_PIDFDID=2");
	give("WATCHDOG_PID=5");

	ck_assert(change(123));

	ck_assert_str_eq(world.copy[0], "LISTEN_PID=123");
	ck_assert_str_eq(world.copy[1], "WATCHDOG_PID=123");
	ck_assert_str_eq(world.copy[2], "LISTEN_PID=123");
	ck_assert_str_eq(world.copy[3], "WATCHDOG_PID=123");
	ck_assert_ptr_null(world.copy[4]);
}
END_TEST

Suite *environment_suite(void);

Suite *environment_suite(void)
{
	Suite *suite = suite_create("environment");
	TCase *variables = unit_tcase(suite, "variables");
	TCase *handing_on = unit_tcase(suite, "handing on");

	unit_add(variables, an_empty_environment_has_nothing);
	unit_add(variables,
		 the_first_value_of_every_name_is_found_in_every_set_of_names);
	unit_add(variables,
		 every_entry_of_a_name_is_taken_out_and_no_other);
	unit_add(variables, a_name_that_only_looks_like_one_is_another);
	unit_add(handing_on,
		 pids_that_name_foster_name_the_program_and_others_stay);
	unit_add(handing_on, a_pid_that_stands_there_twice_is_set_twice);
	return suite;
}
