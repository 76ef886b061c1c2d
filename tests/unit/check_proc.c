/*
 * check_proc.c - what is read from /proc (proc.h), through a door that gives
 * files made up by the test, in pieces of any size.
 */
#include "file.h"
#include "proc.h"
#include "door.h"
#include "unit.h"

#include <stdio.h>

enum { OWN = 7, TEXT_MAX = 8 * FILE_PIECE_SIZE, STATUS_MAX = 70000 };

static const char status_path[] = "/proc/self/status";
static const char children_path[] = "/proc/thread-self/children";

static void check_all_closed(void)
{
	unit_check(door.open_files == 0, "%d files are open still",
		   door.open_files);
}

/* ---- whose /proc it is ---- */

static const char first_line[] = "Name:\tfoster\n";

/* A status in which the line of NSpid begins at `at`, fs/proc/array.c. */
static const char *status_text(size_t at, const char *nspid)
{
	static char text[STATUS_MAX];
	size_t first = sizeof(first_line) - 1;

	memcpy(text, first_line, first);
	memset(text + first, '1', at - first);
	if (at > first)
		text[at - 1] = '\n';
	snprintf(text + at, sizeof(text) - at, "%sNSpgid:\t1\nNSsid:\t1\t2\n"
		 "Threads:\t1\n", nspid);
	return text;
}

static bool is_ours_with(size_t at, const char *nspid)
{
	bool is_ours;

	door_reset();
	door_file(status_path, status_text(at, nspid));
	is_ours = proc_is_ours();
	check_all_closed();
	return is_ours;
}

/*
 * Wherever the line stands, and also where a piece that is read ends in it. The
 * list of groups before NSpid has a few dozen bytes with most people, and
 * thousands with some.
 */
static void check_everywhere(const char *nspid, bool is_ours)
{
	for (size_t at = sizeof(first_line) - 1; at <= 66000; at++) {
		bool answer;

		/* Pieces end at the powers of two that are likely sizes. */
		if (at > 5000 && at < 65400)
			at = 65400;
		answer = is_ours_with(at, nspid);

		unit_check(answer == is_ours, "'%s' at %zu", nspid, at);
	}
}

START_TEST(one_number_is_ours_wherever_the_line_stands)
{
	check_everywhere("NSpid:\t1\n", true);
	check_everywhere("NSpid:\t7\n", true);
	check_everywhere("NSpid:\t4194303\n", true);
}
END_TEST

START_TEST(two_numbers_and_more_are_of_another_namespace)
{
	check_everywhere("NSpid:\t12345\t1\n", false);
	check_everywhere("NSpid:\t4194303\t4194303\n", false);
	check_everywhere("NSpid:\t1\t1\t1\n", false);
}
END_TEST

/* Before Linux 4.1 there was no such line; an empty one names nobody. */
START_TEST(no_number_is_not_ours)
{
	check_everywhere("", false);
	check_everywhere("NSpid:\n", false);
	check_everywhere("NSpid:\t\n", false);
	/* A /proc of a namespace in which foster is not. */
	check_everywhere("NSpid:\t0\n", false);
	/* No process has such a number; the last one is 1 in 32 bits. */
	check_everywhere("NSpid:\t4194304\n", false);
	check_everywhere("NSpid:\t4294967297\n", false);
	check_everywhere("NSpid:\t1x\n", false);
}
END_TEST

START_TEST(a_line_that_only_looks_like_it_is_another)
{
	check_everywhere("NSpidX:\t1\n", false);
	check_everywhere("nspid:\t1\n", false);
	check_everywhere("XNSpid:\t1\n", false);
	check_everywhere("NSpi:\t1\n", false);
	check_everywhere("NNSpid:\t1\n", false);
	check_everywhere("\n\nNSpid:\t1\n", true);
	check_everywhere("NSpNSpid:\t1\nNSpid:\t2\n", true);
	check_everywhere("NSpid\nNSpid:\t2\n", true);
	check_everywhere("NSpi\nNSpid:\t3\t2\n", false);
}
END_TEST

START_TEST(without_proc_it_is_not_ours)
{
	door_reset();
	ck_assert(!proc_is_ours());
	check_all_closed();

	door_reset();
	door_refuse(status_path, -E_ACCES);
	ck_assert(!proc_is_ours());

	door_reset();
	door_file(status_path, "");
	door.read_answer = -E_IO;
	ck_assert(!proc_is_ours());
	check_all_closed();
}
END_TEST

/* ---- walks ---- */

static struct proc_walk walk;

/* A walk is begun in a place where anything may have been. */
static void make_dirty(void)
{
	memset(&walk, '7', sizeof(walk));
}

static void check_next(int expected)
{
	int pid = proc_next(&walk);

	unit_check(pid == expected, "process %d, not %d", pid, expected);
}

static const int list[] = { 8, 1, 4194303, 10, 99, 100000, 2, 4194302 };

/* As fs/proc/array.c writes it: each with a blank behind it. */
static void append(char *text, int pid)
{
	sprintf(text + strlen(text), "%d ", pid);
}

/* A list in which a piece ends at each place of each number in turn. */
START_TEST(children_are_listed_wherever_a_piece_ends)
{
	static char text[TEXT_MAX];

	for (int filler = 0; filler <= 2 * FILE_PIECE_SIZE; filler++) {
		text[0] = '\0';
		for (int i = 0; i < filler / 2; i++)
			append(text, 3);
		if (filler % 2)
			append(text, 45);
		for (size_t i = 0; i < UNIT_COUNT(list); i++)
			append(text, list[i]);
		door_reset();
		door_file(children_path, text);

		make_dirty();
		proc_walk_processes(&walk, OWN);
		for (int i = 0; i < filler / 2; i++)
			check_next(3);
		if (filler % 2)
			check_next(45);
		for (size_t i = 0; i < UNIT_COUNT(list); i++)
			check_next(list[i]);
		check_next(0);
		check_all_closed();
	}
}
END_TEST

START_TEST(children_are_listed_whatever_a_read_gives)
{
	static char text[TEXT_MAX];

	text[0] = '\0';
	for (size_t i = 0; i < UNIT_COUNT(list); i++)
		append(text, list[i]);
	for (size_t most = 1; most <= strlen(text); most++) {
		door_reset();
		door.read_most = most;
		door_file(children_path, text);

		make_dirty();
		proc_walk_processes(&walk, OWN);
		for (size_t i = 0; i < UNIT_COUNT(list); i++)
			check_next(list[i]);
		check_next(0);
		check_all_closed();
	}
}
END_TEST

/* Somebody else's file in the place of /proc: no index must go beyond. */
START_TEST(a_number_that_no_kernel_gives_is_passed_over)
{
	static const char *const lists[] = {
		"5 4194304 6 ", "5 41943030 6 ", "5 99999999999 6 ", "5 -1 6 ",
		"5 /!\" 6 ", "5  6", "5 0 6 ", "5 4294967297 6 ",
	};

	for (size_t i = 0; i < UNIT_COUNT(lists); i++) {
		door_reset();
		door_file(children_path, lists[i]);
		make_dirty();
		proc_walk_processes(&walk, OWN);
		check_next(5);
		check_next(6);
		check_next(0);
		check_all_closed();
	}
	door_reset();
	door_directory("/proc", "5\n4194304\n6\n");
	make_dirty();
	proc_walk(&walk, "/proc");
	check_next(5);
	check_next(6);
	check_next(0);
	check_all_closed();
}
END_TEST

START_TEST(no_children_are_no_children)
{
	door_reset();
	door_file(children_path, "");
	make_dirty();
	proc_walk_processes(&walk, OWN);
	check_next(0);
	check_all_closed();

	door_reset();
	door_file(children_path, "");
	door.read_answer = -E_SRCH;
	make_dirty();
	proc_walk_processes(&walk, OWN);
	check_next(0);
	check_all_closed();
}
END_TEST

/* The status of a process as far as it matters, fs/proc/array.c. */
static void put_named_process(int pid, int parent, const char *name)
{
	static struct {
		char path[32];
		char text[512];
	} processes[DOOR_FILES_MAX];
	static unsigned count;
	unsigned at = count++ % DOOR_FILES_MAX;

	snprintf(processes[at].path, sizeof(processes[at].path),
		 "/proc/%d/status", pid);
	snprintf(processes[at].text, sizeof(processes[at].text),
		 "Name:\t%s\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t%d\n"
		 "Ngid:\t0\nPid:\t%d\nPPid:\t%d\nTracerPid:\t%d\n"
		 "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nFDSize:\t64\nGroups:\t \n"
		 "NStgid:\t%d\nNSpid:\t%d\n", name, pid, pid, parent, OWN, pid,
		 pid);
	door_file(processes[at].path, processes[at].text);
}

static void put_process(int pid, int parent)
{
	put_named_process(pid, parent, "program");
}

/* Names in /proc, of which those that are numbers are processes. */
static const char folder[] =
	".\n..\nfb\nself\nthread-self\nsys\n1\n7\n8\n9x\n-9\n0\n00\n42\n"
	"4194303\n99999999999999999999\n43\nkmsg\n";

START_TEST(all_processes_are_the_names_that_are_numbers)
{
	/* A piece of each size that holds at least one name. */
	for (size_t most = 0; most <= 600; most += most == 0 ? 48 : 8) {
		door_reset();
		door.read_most = most;
		door_directory("/proc", folder);
		put_process(1, 0);
		put_process(OWN, 1);
		put_process(8, OWN);

		make_dirty();
		proc_walk(&walk, "/proc");
		check_next(1);
		check_next(7);
		check_next(8);
		check_next(42);
		check_next(4194303);
		check_next(43);
		check_next(0);
		check_all_closed();
	}
}
END_TEST

START_TEST(thousands_of_processes_are_walked_over)
{
	static char names[16 * 5000];

	names[0] = '\0';
	for (int pid = 1, at = 0; pid <= 5000; pid++)
		at += sprintf(names + at, "%d\n", pid);
	door_reset();
	door_directory("/proc", names);

	make_dirty();
	proc_walk(&walk, "/proc");
	for (int pid = 1; pid <= 5000; pid++)
		check_next(pid);
	check_next(0);
	check_all_closed();
}
END_TEST

/* A kernel without CONFIG_PROC_CHILDREN. */
START_TEST(without_a_list_children_are_found_by_their_parent)
{
	door_reset();
	door_refuse(children_path, -E_NOENT);
	door_directory("/proc", "1\n7\n8\n42\n43\n44\n4194303\nself\n");
	put_process(1, 0);
	put_process(OWN, 1);
	put_process(8, OWN);
	put_process(42, 8);
	put_process(43, OWN * 10);
	/* 44 has ended meanwhile. */
	put_process(4194303, OWN);

	make_dirty();
	proc_walk_processes(&walk, OWN);
	check_next(8);
	check_next(4194303);
	check_next(0);
	check_all_closed();
}
END_TEST

START_TEST(a_walk_over_what_is_not_there_has_no_number)
{
	door_reset();
	make_dirty();
	proc_walk(&walk, "/proc");
	check_next(0);
	proc_walk_processes(&walk, OWN);
	check_next(0);
	proc_walk(&walk, "/proc/self/fd");
	check_next(0);
	check_all_closed();
}
END_TEST

START_TEST(descriptors_are_the_names_that_are_numbers)
{
	door_reset();
	door_directory("/proc/self/fd", ".\n..\n0\n1\n2\n3\n17\n1023\n65536\n");

	make_dirty();
	proc_walk(&walk, "/proc/self/fd");
	check_next(1);
	check_next(2);
	check_next(3);
	check_next(17);
	check_next(1023);
	check_next(65536);
	check_next(0);
	check_all_closed();
}
END_TEST

/* ---- one file, one command ---- */

static void check_piece(const char *text, size_t from, size_t length,
			size_t size)
{
	size_t left = length - from;
	size_t expected = left < size - 1 ? left : size - 1;
	char buffer[16];

	door_reset();
	door_bytes("/file", text, length);
	memset(buffer, '#', sizeof(buffer));
	unit_check(file_read("/file", buffer, size, from) == (long)expected,
		   "%zu bytes from %zu in %zu", length, from, size);
	unit_check(memcmp(buffer, text + from, expected) == 0 &&
		   buffer[expected] == '\0', "%zu bytes from %zu in %zu",
		   length, from, size);
	for (size_t i = size; i < sizeof(buffer); i++)
		unit_check(buffer[i] == '#', "%zu bytes from %zu in %zu",
			   length, from, size);
	check_all_closed();
}

START_TEST(a_file_is_read_up_to_its_room_and_ends_in_a_nul)
{
	static const char text[] = "0123456789";

	for (size_t length = 0; length < sizeof(text); length++)
		for (size_t from = 0; from <= length; from++)
			for (size_t size = 1; size <= sizeof(text) + 1; size++)
				check_piece(text, from, length, size);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_empty_and_an_error)
{
	char buffer[8] = "#######";

	door_reset();
	ck_assert_int_eq(file_read("/file", buffer, sizeof(buffer), 0), -E_NOENT);
	ck_assert_str_eq(buffer, "");

	door_reset();
	door_refuse("/file", -E_ACCES);
	ck_assert_int_eq(file_read("/file", buffer, sizeof(buffer), 0), -E_ACCES);
	ck_assert_str_eq(buffer, "");

	/* The process ended between the opening and the reading. */
	door_reset();
	door_file("/file", "");
	door.read_answer = -E_SRCH;
	strcpy(buffer, "#######");
	ck_assert_int_eq(file_read("/file", buffer, sizeof(buffer), 0), -E_SRCH);
	ck_assert_str_eq(buffer, "");
	check_all_closed();
}
END_TEST

/* `words` end in a NUL each, and are joined by blanks in `joined`. */
static void check_command(const char *words, size_t length, const char *joined)
{
	for (size_t size = 1; size <= length + 2; size++) {
		char buffer[128];
		size_t shown;

		door_reset();
		door_bytes("/proc/4194303/cmdline", words, length);
		memset(buffer, '#', sizeof(buffer));
		proc_command(4194303, buffer, size);

		unit_check(memchr(buffer, '\0', size) != NULL,
			   "'%s' in %zu bytes has no end", joined, size);
		shown = strlen(buffer);
		unit_check(strncmp(buffer, joined, shown) == 0,
			   "'%s' in %zu bytes is '%s'", joined, size, buffer);
		/* A blank at the end may be missing. */
		unit_check(shown + 2 >= size || shown == strlen(joined),
			   "'%s' in %zu bytes is only '%s'", joined, size,
			   buffer);
		unit_check(buffer[size] == '#',
			   "'%s' needs more than %zu bytes", joined, size);
		check_all_closed();
	}
}

START_TEST(a_command_line_has_blanks_between_its_words)
{
	check_command("a", 2, "a");
	check_command("sh\0-c\0sleep 1", 14, "sh -c sleep 1");
	check_command("a\0\0b", 5, "a  b");
	check_command("server: worker", 14, "server: worker");
	check_command("x\ny\0\x1b[2J", 9, "x\ny \x1b[2J");
	check_command("\0a\0", 3, " a");
	check_command("\0\0a", 4, "  a");
	check_command("", 0, "");
	check_command("", 1, "");
}
END_TEST

START_TEST(a_process_that_is_gone_has_no_command_line)
{
	char buffer[8] = "#######";

	door_reset();
	proc_command(42, buffer, sizeof(buffer));
	ck_assert_str_eq(buffer, "");
}
END_TEST

/* ---- descent ---- */

START_TEST(whoever_has_an_ancestor_descends_from_it)
{
	door_reset();
	put_process(1, 0);
	put_process(OWN, 1);
	put_process(20, OWN);
	put_process(30, 20);
	put_process(10, 30);
	put_process(50, 1);
	put_process(60, 50);

	ck_assert(proc_descends(20, OWN));
	ck_assert(proc_descends(30, OWN));
	ck_assert(proc_descends(10, OWN));
	ck_assert(!proc_descends(1, OWN));
	ck_assert(!proc_descends(50, OWN));
	ck_assert(!proc_descends(60, OWN));
	/* Nobody who is not there descends from anybody. */
	ck_assert(!proc_descends(70, OWN));
	check_all_closed();
}
END_TEST

/* A process names itself; only what the kernel says counts. */
START_TEST(a_name_that_looks_like_another_line_changes_nothing)
{
	static const char *const process_names[] = {
		"PPid:\t7", "\\nPPid:\t7", "a\tPPid:\t7", "NSpid:\t1", "",
	};

	for (size_t i = 0; i < UNIT_COUNT(process_names); i++) {
		door_reset();
		put_process(1, 0);
		put_process(OWN, 1);
		put_named_process(50, 1, process_names[i]);
		ck_assert(!proc_descends(50, OWN));

		door_reset();
		put_named_process(20, OWN, process_names[i]);
		ck_assert(proc_descends(20, OWN));
	}
}
END_TEST

/* Better one too few than a stranger. */
START_TEST(a_chain_of_any_length_is_true_or_given_up)
{
	for (int length = 1; length <= 100; length++) {
		bool descends;

		door_reset();
		for (int i = 0; i < length; i++)
			put_process(1000 + i, i == 0 ? OWN : 999 + i);
		descends = proc_descends(999 + length, OWN);
		unit_check(descends || length > 32, "%d generations", length);

		/* The same without the last link. */
		door_reset();
		put_process(1000, 1);
		for (int i = 1; i < length; i++)
			put_process(1000 + i, 999 + i);
		put_process(1, 0);
		unit_check(!proc_descends(999 + length, OWN),
			   "%d generations of strangers", length);
	}
}
END_TEST

/* Whatever /proc says: numbers that go round never end by themselves. */
START_TEST(parents_that_go_round_are_given_up)
{
	door_reset();
	put_process(20, 30);
	put_process(30, 20);
	ck_assert(!proc_descends(20, OWN));
	check_all_closed();
}
END_TEST

/*
 * 30's parent was 20, a child of foster. 20 ended, 30 went to process 1, and
 * 20's number was given to another child of foster. Each time of reading is
 * tried.
 */
START_TEST(a_number_that_is_used_again_makes_no_descendant)
{
	/* Read first: 30 has parent 20. Then 20 was replaced. */
	door_reset();
	put_process(30, 20);
	put_process(30, 1);
	put_process(20, OWN);
	put_process(1, 0);
	ck_assert(!proc_descends(30, OWN));

	/* 20 was gone when it was read again. */
	door_reset();
	put_process(30, 20);
	put_process(20, OWN);
	door_refuse("/proc/20/status", -E_NOENT);
	ck_assert(!proc_descends(30, OWN));

	/* 20 was a stranger's when it was read again. */
	door_reset();
	put_process(30, 20);
	put_process(20, OWN);
	put_process(20, 1);
	ck_assert(!proc_descends(30, OWN));

	/* Nothing has changed. */
	door_reset();
	put_process(30, 20);
	put_process(30, 20);
	put_process(20, OWN);
	put_process(20, OWN);
	ck_assert(proc_descends(30, OWN));
}
END_TEST

Suite *proc_suite(void);

Suite *proc_suite(void)
{
	Suite *suite = suite_create("proc");
	TCase *ours = unit_tcase(suite, "whose /proc");
	TCase *walks = unit_tcase(suite, "walks");
	TCase *files = unit_tcase(suite, "files");
	TCase *descent = unit_tcase(suite, "descent");

	unit_add(ours, one_number_is_ours_wherever_the_line_stands);
	unit_add(ours, two_numbers_and_more_are_of_another_namespace);
	unit_add(ours, no_number_is_not_ours);
	unit_add(ours, a_line_that_only_looks_like_it_is_another);
	unit_add(ours, without_proc_it_is_not_ours);
	unit_add(walks, children_are_listed_wherever_a_piece_ends);
	unit_add(walks, children_are_listed_whatever_a_read_gives);
	unit_add(walks, a_number_that_no_kernel_gives_is_passed_over);
	unit_add(walks, no_children_are_no_children);
	unit_add(walks, all_processes_are_the_names_that_are_numbers);
	unit_add(walks, thousands_of_processes_are_walked_over);
	unit_add(walks, without_a_list_children_are_found_by_their_parent);
	unit_add(walks, a_walk_over_what_is_not_there_has_no_number);
	unit_add(walks, descriptors_are_the_names_that_are_numbers);
	unit_add(files, a_file_is_read_up_to_its_room_and_ends_in_a_nul);
	unit_add(files, a_file_that_cannot_be_read_is_empty_and_an_error);
	unit_add(files, a_command_line_has_blanks_between_its_words);
	unit_add(files, a_process_that_is_gone_has_no_command_line);
	unit_add(descent, whoever_has_an_ancestor_descends_from_it);
	unit_add(descent, a_name_that_looks_like_another_line_changes_nothing);
	unit_add(descent, a_chain_of_any_length_is_true_or_given_up);
	unit_add(descent, parents_that_go_round_are_given_up);
	unit_add(descent, a_number_that_is_used_again_makes_no_descendant);
	return suite;
}
