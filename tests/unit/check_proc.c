/*
 * check_proc.c - what is read from /proc (proc.h), where its files are made up
 * and come in pieces of any size.
 */
#include "descendants.h"
#include "file.h"
#include "kernel.h"
#include "proc.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

enum {
	OWN = 7,
	PIECE_SIZE = sizeof(((struct file *)0)->buffer),
	TEXT_MAX = 8 * PIECE_SIZE,
	STATUS_MAX = 70000,
};

static const char status_path[] = "/proc/self/status";
static const char children_path[] = "/proc/thread-self/children";

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

	world_begin();
	sim_file(status_path, status_text(at, nspid));
	is_ours = proc_is_ours();
	world_check_closed();
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
	static const struct {
		const char *nspid;
		bool is_ours;
	} rows[] = {
		{ "NSpid:\t1\n", true }, { "NSpid:\t7\n", true },
		{ "NSpid:\t4194303\n", true },
		/* Of a namespace below that of this /proc. */
		{ "NSpid:\t12345\t1\n", false },
		{ "NSpid:\t4194303\t4194303\n", false },
		{ "NSpid:\t1\t1\t1\n", false },
		/* Before Linux 4.1 there was none; an empty one: nobody. */
		{ "", false }, { "NSpid:\n", false }, { "NSpid:\t\n", false },
		/* A /proc of a namespace in which foster is not. */
		{ "NSpid:\t0\n", false },
		/* No process has such a number; the last is 1 in 32 bits. */
		{ "NSpid:\t4194304\n", false }, { "NSpid:\t1x\n", false },
		{ "NSpid:\t4294967297\n", false },
		/* Another line only looks like it. */
		{ "NSpidX:\t1\n", false }, { "nspid:\t1\n", false },
		{ "XNSpid:\t1\n", false }, { "NSpi:\t1\n", false },
		{ "NNSpid:\t1\n", false }, { "\n\nNSpid:\t1\n", true },
		{ "NSpNSpid:\t1\nNSpid:\t2\n", true },
		{ "NSpid\nNSpid:\t2\n", true },
		{ "NSpi\nNSpid:\t3\t2\n", false },
	};

	for (size_t i = 0; i < UNIT_COUNT(rows); i++)
		check_everywhere(rows[i].nspid, rows[i].is_ours);
}
END_TEST

START_TEST(without_proc_it_is_not_ours)
{
	world_begin();
	sim.proc = SIM_PROC_ABSENT;
	ck_assert(!proc_is_ours());

	world_begin();
	sim_file_refused(status_path, -EACCES);
	ck_assert(!proc_is_ours());

	/* Also half-way. */
	for (unsigned reads = 0; reads < 2; reads++) {
		world_begin();
		sim_file(status_path,
			 status_text(2 * PIECE_SIZE, "NSpid:\t1\n"));
		world_answer(SYS_read, reads, -EIO);
		ck_assert(!proc_is_ours());
		world_check_closed();
	}
}
END_TEST

START_TEST(a_proc_of_this_namespace_is_told_from_that_around_it)
{
	static const bool is_ours[] = {
		[SIM_PROC] = true,
		[SIM_PROC_ABSENT] = false,
		[SIM_PROC_OUTER] = false,
		[SIM_PROC_NO_CHILDREN] = true,
	};

	for (size_t i = 0; i < UNIT_COUNT(is_ours); i++) {
		world_begin();
		sim.proc = (enum sim_proc)i;
		unit_check(proc_is_ours() == is_ours[i], "kind %zu", i);
	}
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

/*
 * The list, as fs/proc/array.c writes it with a blank behind each, and other
 * numbers of that many bytes before it.
 */
static void check_list(size_t filler)
{
	static char text[TEXT_MAX];
	char *end = text;

	for (size_t i = 0; i < filler / 2; i++)
		end += sprintf(end, "3 ");
	if (filler % 2)
		end += sprintf(end, "45 ");
	for (size_t i = 0; i < UNIT_COUNT(list); i++)
		end += sprintf(end, "%d ", list[i]);
	sim_file(children_path, text);

	make_dirty();
	proc_walk_processes(&walk, OWN);
	for (size_t i = 0; i < filler / 2; i++)
		check_next(3);
	if (filler % 2)
		check_next(45);
	for (size_t i = 0; i < UNIT_COUNT(list); i++)
		check_next(list[i]);
	check_next(0);
	world_check_closed();
}

/* Each place of each number is once the end of what was read. */
START_TEST(children_are_listed_wherever_a_piece_ends)
{
	for (size_t filler = 0; filler <= 2 * PIECE_SIZE; filler++) {
		world_begin();
		check_list(filler);
	}
	for (size_t most = 1; most <= 64; most++) {
		world_begin();
		sim.piece_max = most;
		check_list(0);
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
		world_begin();
		sim_file(children_path, lists[i]);
		make_dirty();
		proc_walk_processes(&walk, OWN);
		check_next(5);
		check_next(6);
		check_next(0);
		world_check_closed();
	}
	world_begin();
	sim_names("/proc", "5\n4194304\n6\n");
	make_dirty();
	proc_walk(&walk, "/proc");
	check_next(5);
	check_next(6);
	check_next(0);
	world_check_closed();
}
END_TEST

START_TEST(no_children_are_no_children)
{
	world_begin();
	sim_file(children_path, "");
	make_dirty();
	proc_walk_processes(&walk, OWN);
	check_next(0);
	world_check_closed();

	world_begin();
	sim_file(children_path, "");
	world_answer(SYS_read, 0, -ESRCH);
	make_dirty();
	proc_walk_processes(&walk, OWN);
	check_next(0);
	world_check_closed();
}
END_TEST

/* What /proc says of a process as far as it matters, fs/proc/array.c. */
static void put_started_process(int pid, int parent, const char *name,
				uint64_t start)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	world_file(path,
		   "%d (%s) S %d %d %d -1 -1 4194304 1 2 3 4 5 6 7 8 20 -19 1 0"
		   " %" PRIu64 " 2 3\n",
		   pid, name, parent, pid, pid, start);
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	world_file(path,
		   "Name:\t%s\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t%d\n"
		   "Ngid:\t0\nPid:\t%d\nPPid:\t%d\nTracerPid:\t%d\n"
		   "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nFDSize:\t64\n"
		   "Groups:\t \nNStgid:\t%d\nNSpid:\t%d\n",
		   name, pid, pid, parent, OWN, pid, pid);
}

static void put_named_process(int pid, int parent, const char *name)
{
	put_started_process(pid, parent, name, 1000);
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
		world_begin();
		sim.piece_max = most;
		sim_names("/proc", folder);

		make_dirty();
		proc_walk(&walk, "/proc");
		check_next(1);
		check_next(7);
		check_next(8);
		check_next(42);
		check_next(4194303);
		check_next(43);
		check_next(0);
		world_check_closed();
	}
}
END_TEST

START_TEST(thousands_of_processes_are_walked_over)
{
	static char names[16 * 5000];

	names[0] = '\0';
	for (int pid = 1, at = 0; pid <= 5000; pid++)
		at += sprintf(names + at, "%d\n", pid);
	world_begin();
	sim_names("/proc", names);

	make_dirty();
	proc_walk(&walk, "/proc");
	for (int pid = 1; pid <= 5000; pid++)
		check_next(pid);
	check_next(0);
	world_check_closed();
}
END_TEST

/* A kernel without CONFIG_PROC_CHILDREN. */
START_TEST(without_a_list_children_are_found_by_their_parent)
{
	world_begin();
	sim.proc = SIM_PROC_NO_CHILDREN;
	sim_names("/proc", "1\n7\n8\n42\n43\n44\n4194303\nself\n");
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
	world_check_closed();
}
END_TEST

START_TEST(a_walk_over_what_is_not_there_has_no_number)
{
	world_begin();
	sim.proc = SIM_PROC_ABSENT;
	make_dirty();
	proc_walk(&walk, "/proc");
	check_next(0);
	proc_walk_processes(&walk, OWN);
	check_next(0);
	proc_walk(&walk, "/proc/self/fd");
	check_next(0);
	world_check_closed();
}
END_TEST

START_TEST(descriptors_are_the_names_that_are_numbers)
{
	world_begin();
	sim_names("/proc/self/fd", ".\n..\n0\n1\n2\n3\n17\n1023\n65536\n");

	make_dirty();
	proc_walk(&walk, "/proc/self/fd");
	check_next(1);
	check_next(2);
	check_next(3);
	check_next(17);
	check_next(1023);
	check_next(65536);
	check_next(0);
	world_check_closed();
}
END_TEST

/* ---- one file, one command ---- */

/* Each word of 0 to 9 bytes in a buffer of each size, whatever a read gives. */
START_TEST(words_are_read_one_by_one_and_cut_to_their_buffers)
{
	static const char text[] = "::a:bb:ccc:dddd:eeeee:ffffff:gggggggg:";
	static const char last[] = "no end";

	for (size_t most = 1; most <= sizeof(text); most++)
		for (size_t size = 1; size <= 12; size++) {
			char all[64], word[16], expected[16];
			struct file file;
			const char *at = all;

			snprintf(all, sizeof(all), "%s%s", text, last);
			world_begin();
			sim.piece_max = most;
			sim_file("/file", all);
			file_open(&file, "/file");
			for (; at < all + sizeof(text) + sizeof(last) - 1;
			     at += strcspn(at, ":") + 1) {
				snprintf(expected, size, "%.*s",
					 (int)strcspn(at, ":"), at);
				memset(word, '#', sizeof(word));
				ck_assert(file_next_word(&file, ':', word,
							 size));
				unit_check(strcmp(word, expected) == 0,
					   "'%s', not '%s'", word, expected);
				unit_check(word[size] == '#', "'%s' in %zu",
					   expected, size);
			}
			ck_assert(!file_next_word(&file, ':', word, size));
			file_close(&file);
			world_check_closed();
		}
}
END_TEST

static void check_piece(const char *text, size_t from, size_t length,
			size_t size)
{
	size_t left = length - from;
	size_t expected = left < size - 1 ? left : size - 1;
	char buffer[16];

	world_begin();
	sim_bytes("/file", text, length, 0644);
	memset(buffer, '#', sizeof(buffer));
	unit_check(file_read("/file", buffer, size, from) == (long)expected,
		   "%zu bytes from %zu in %zu", length, from, size);
	unit_check(memcmp(buffer, text + from, expected) == 0 &&
		   buffer[expected] == '\0', "%zu bytes from %zu in %zu",
		   length, from, size);
	for (size_t i = size; i < sizeof(buffer); i++)
		unit_check(buffer[i] == '#', "%zu bytes from %zu in %zu",
			   length, from, size);
	world_check_closed();
}

START_TEST(a_file_is_read_up_to_its_buffer_and_ends_in_a_nul)
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

	world_begin();
	ck_assert_int_eq(file_read("/file", buffer, 8, 0), -ENOENT);
	ck_assert_str_eq(buffer, "");

	world_begin();
	sim_file_refused("/file", -EACCES);
	ck_assert_int_eq(file_read("/file", buffer, 8, 0), -EACCES);
	ck_assert_str_eq(buffer, "");

	/* The process ended between the opening and the reading. */
	world_begin();
	sim_file("/file", "");
	world_answer(SYS_pread64, 0, -ESRCH);
	strcpy(buffer, "#######");
	ck_assert_int_eq(file_read("/file", buffer, sizeof(buffer), 0), -ESRCH);
	ck_assert_str_eq(buffer, "");
	world_check_closed();
}
END_TEST

/* `words` end in a NUL each, and are joined by blanks in `joined`. */
static void check_command(const char *words, size_t length, const char *joined)
{
	struct proc_stat stat = { .state = 'S', .name = "name" };
	size_t whole = strlen(joined);

	for (size_t size = 4; size <= length + 6; size++) {
		char buffer[128], cut[128];

		/* Two NULs at the cut may be all that a title has left. */
		if (size <= length && words[size - 2] == '\0' &&
		    words[size - 3] == '\0')
			continue;

		world_begin();
		sim_bytes("/proc/4194303/cmdline", words, length, 0444);
		memset(buffer, '#', sizeof(buffer));
		proc_command(4194303, &stat, buffer, size);

		snprintf(cut, sizeof(cut), "%.*s...", (int)size - 4, joined);
		unit_check(strcmp(buffer, whole + 2 < size ? joined : cut) == 0,
			   "'%s' in %zu bytes is '%s'", joined, size, buffer);
		unit_check(buffer[size] == '#',
			   "'%s' needs more than %zu bytes", joined, size);
		world_check_closed();
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
	/* What a title has left of the words before. */
	check_command("server: title\0\0\0\0", 18, "server: title");
}
END_TEST

/*
 * A zombie with threads, a process that has overwritten its words by nothing
 * or by NULs.
 */
START_TEST(without_a_command_line_it_is_the_name)
{
	static const char nuls[64];
	struct proc_stat stat = { .state = 'S', .name = "a (b)" };
	char buffer[16];

	for (size_t length = 0; length <= sizeof(nuls); length++)
		for (size_t size = 4; size <= sizeof(buffer); size++) {
			world_begin();
			if (length > 0)
				sim_bytes("/proc/42/cmdline", nuls, length - 1,
					  0444);
			proc_command(42, &stat, buffer, size);
			unit_check(strlen(buffer) < size &&
					   strncmp(buffer, "a (b)",
						   size - 1) == 0,
				   "'%s' in %zu bytes", buffer, size);
			world_check_closed();
		}
}
END_TEST

START_TEST(the_words_of_who_is_held_by_the_kernel_are_not_read)
{
	struct proc_stat stat = { .state = 'D', .name = "held" };
	char buffer[16];

	world_begin();
	sim_file("/proc/42/cmdline", "words");
	proc_command(42, &stat, buffer, sizeof(buffer));
	ck_assert_str_eq(buffer, "held");
	ck_assert_uint_eq(sim.calls_made, 0);
}
END_TEST

/* ---- one process ---- */

START_TEST(a_process_has_a_name_a_state_a_parent_and_a_start)
{
	static const char *const names[] = {
		"sh", "", ")", "(", "a) Z 7 7 7", ") (", "a\nb", "fifteen letters",
	};
	struct proc_stat stat;

	for (size_t i = 0; i < UNIT_COUNT(names); i++) {
		world_begin();
		put_started_process(42, 7, names[i], UINT64_C(1) << 40);
		ck_assert(proc_stat(42, &stat));
		ck_assert_str_eq(stat.name, names[i]);
		ck_assert_int_eq(stat.state, 'S');
		ck_assert_int_eq(stat.parent, 7);
		ck_assert_int_eq(stat.threads, 1);
		ck_assert(!stat.is_of_kernel);
		ck_assert_uint_eq(stat.start, UINT64_C(1) << 40);
		ck_assert(proc_lives(&stat));
		world_check_closed();
	}
	ck_assert(!proc_stat(43, &stat));
}
END_TEST

/* Cut anywhere: what is there is read, nothing behind it. */
START_TEST(a_line_that_is_cut_gives_what_it_has)
{
	static const char line[] =
		"42 (sh) Z 7 42 42 -1 -1 2097152 1 2 3 4 5 6 7 8 20 -19 3 0 99";
	struct proc_stat stat;

	for (size_t length = 0; length < sizeof(line); length++) {
		bool is_there;

		world_begin();
		sim_bytes("/proc/42/stat", line, length, 0444);
		is_there = proc_stat(42, &stat);
		ck_assert_int_eq(is_there, length >= strlen("42 (sh) Z"));
		if (!is_there)
			continue;
		ck_assert_int_eq(stat.state, 'Z');
		ck_assert_int_eq(stat.parent,
				 length >= strlen("42 (sh) Z 7") ? 7 : 0);
		ck_assert_uint_eq(stat.start, length == sizeof(line) - 1 ? 99
					      : length == sizeof(line) - 2
						      ? 9
						      : 0);
	}
	ck_assert(stat.is_of_kernel);
	ck_assert_int_eq(stat.threads, 3);
}
END_TEST

/* No parent has a number that no process can have. */
START_TEST(a_parent_s_number_is_in_its_range)
{
	static const struct {
		const char *text;
		int parent;
	} rows[] = {
		{ "4194303", 4194303 }, { "4194304", 0 }, { "-1", 1 },
		{ "x", 0 }, { "99999999999999999999", 0 },
	};

	for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
		struct proc_stat stat;

		world_begin();
		world_file("/proc/42/stat", "42 (a) S %s 1 1", rows[i].text);
		ck_assert(proc_stat(42, &stat));
		ck_assert_int_eq(stat.parent, rows[i].parent);
	}
}
END_TEST

START_TEST(a_zombie_lives_as_long_as_it_has_threads)
{
	for (int state = 'A'; state <= 'z'; state++)
		for (int threads = 0; threads < 4; threads++)
			for (int kernel = 0; kernel < 2; kernel++) {
				struct proc_stat stat = {
					.state = (char)state,
					.threads = threads,
					.is_of_kernel = kernel,
				};
				bool is_dead = state == 'Z' || state == 'X';

				ck_assert_int_eq(proc_lives(&stat),
						 !kernel && (!is_dead ||
							     threads > 1));
			}
}
END_TEST

START_TEST(sets_of_signals_are_read_bit_by_bit)
{
	for (int signal = 0; signal <= SIGNALS_MAX; signal++) {
		uint64_t set = signal == 0 ? 0 : SIGNALS_BIT(signal);

		world_begin();
		world_file("/proc/42/status",
			   "Name:\tSigCgt:\t1\nSigBlk:\t%016" PRIx64
			   "\nSigIgn:\t%016" PRIx64 "\nSigCgt:\t%016" PRIx64
			   "\nCapInh:\t1\n",
			   ~set, set, ~set & 0xabcdef0123456789U);
		ck_assert_uint_eq(proc_ignored_signals(42), set);
		ck_assert_uint_eq(proc_caught_signals(42),
				  ~set & 0xabcdef0123456789U);
		world_check_closed();
	}
	ck_assert_uint_eq(proc_caught_signals(43), 0);
	ck_assert_uint_eq(proc_ignored_signals(43), 0);
}
END_TEST

/* ---- descent ---- */

static struct descendants family;

static void find_descendants(void)
{
	descendants_begin(&family, OWN);
	world_check_closed();
}

static bool descends(int pid)
{
	return descendants_have(&family, pid);
}

START_TEST(whoever_has_an_ancestor_descends_from_it)
{
	world_begin();
	sim_names("/proc", "1\n7\n10\n20\n30\n50\n60\nself\n80\n");
	put_process(1, 0);
	put_process(OWN, 1);
	put_process(20, OWN);
	put_process(30, 20);
	put_process(10, 30);
	put_process(50, 1);
	put_process(60, 50);
	find_descendants();

	/* In any order, and each as often as one likes. */
	for (int times = 0; times < 3; times++) {
		ck_assert(descends(10));
		ck_assert(descends(20));
		ck_assert(descends(30));
		ck_assert(!descends(1));
		ck_assert(!descends(OWN));
		ck_assert(!descends(60));
		ck_assert(!descends(50));
		/* Nobody who is not there descends from anybody. */
		ck_assert(!descends(70));
		ck_assert(!descends(80));
	}
	descendants_end(&family);
	ck_assert_uint_eq(world_calls(SYS_munmap), 1);
}
END_TEST

START_TEST(without_memory_nobody_is_known)
{
	world_begin();
	sim_names("/proc", "7\n20\n");
	put_process(20, OWN);
	world_answer(SYS_mmap, 0, -ENOMEM);
	find_descendants();
	ck_assert(!descends(20));
	ck_assert_int_eq(descendants_open(&family, 20), -ESRCH);
	descendants_end(&family);
	ck_assert_uint_eq(world_calls(SYS_munmap), 0);
}
END_TEST

/* A process names itself; only what the kernel says counts. */
START_TEST(a_name_that_looks_like_other_fields_changes_nothing)
{
	static const char *const process_names[] = {
		") S 7 7 7", "a) S 7", "(", ")", "PPid:\t7", "",
	};

	for (size_t i = 0; i < UNIT_COUNT(process_names); i++) {
		world_begin();
		sim_names("/proc", "1\n7\n20\n50\n");
		put_process(1, 0);
		put_process(OWN, 1);
		put_named_process(50, 1, process_names[i]);
		put_named_process(20, OWN, process_names[i]);
		find_descendants();
		ck_assert(!descends(50));
		ck_assert(descends(20));
		descendants_end(&family);
	}
}
END_TEST

enum { GENERATIONS = 1000, FIRST = 1000 };

/* Of any length, in time that grows with the number alone: each is read twice. */
START_TEST(a_chain_of_any_length_is_found)
{
	for (int are_ours = 0; are_ours < 2; are_ours++) {
		char names[GENERATIONS * 6], *end = names;

		world_begin();
		for (int i = 0; i < GENERATIONS; i++) {
			end += sprintf(end, "%d\n", FIRST + i);
			put_process(FIRST + i, i > 0	  ? FIRST + i - 1
					       : are_ours ? OWN
							  : 1);
		}
		sim_names("/proc", names);
		find_descendants();
		ck_assert_uint_le(world_calls(SYS_openat),
				  2 + 2 * GENERATIONS);
		for (int i = GENERATIONS - 1; i >= 0; i--)
			ck_assert_int_eq(descends(FIRST + i), are_ours);
		descendants_end(&family);
	}
}
END_TEST

/* Whatever /proc says: numbers that go round never end by themselves. */
START_TEST(parents_that_go_round_are_given_up)
{
	world_begin();
	sim_names("/proc", "20\n30\n40\n50\n");
	put_process(20, 30);
	put_process(30, 20);
	put_process(40, 40);
	put_process(50, 30);
	find_descendants();
	for (int pid = 20; pid <= 50; pid += 10)
		ck_assert(!descends(pid));
	descendants_end(&family);
}
END_TEST

/*
 * 30's parent was 20, a child of foster. 20 ended, 30 went to process 1, and
 * 20's number was given to another one: at any moment of the two readings.
 */
static void change(int kind, int start)
{
	if (kind == 0)
		put_started_process(30, 1, "program", 1000);
	else if (kind == 1)
		sim_file_refused("/proc/20/stat", -ESRCH);
	else
		put_started_process(20, kind == 2 ? 1 : OWN, "program",
				    (uint64_t)start);
}

START_TEST(a_number_that_is_used_again_makes_no_descendant)
{
	enum { KINDS = 4, CALLS = 30 };

	for (int kind = 0; kind < KINDS; kind++)
		for (unsigned long call = 0; call < CALLS; call++) {
			unsigned long between;

			world_begin();
			sim_names("/proc", "7\n20\n30\n");
			put_process(OWN, 1);
			put_process(20, OWN);
			put_process(30, 20);
			/* mmap, open, list, 3 * (open, read, close), ... */
			between = 3 + 3 * 3;
			sim_before_call(call, change, kind, 2000);
			find_descendants();
			if (kind < 3)
				unit_check(!descends(30) || call > between - 4,
					   "%d before call %lu", kind, call);
			unit_check(call < sim.calls_made || descends(30),
				   "nothing has changed");
			/* Whoever has the number now is not the one. */
			if (descends(20) && kind == 3 && call > between)
				ck_assert_int_lt(
					descendants_open(&family, 20), 0);
			descendants_end(&family);
		}
}
END_TEST

/* ---- pipes ---- */

static bool is_same(const struct proc_file *one, const struct proc_file *other)
{
	return one->inode == other->inode && one->device == other->device;
}

START_TEST(a_pipe_is_known_by_its_inode_and_device)
{
	enum { PIPE = 3 };
	struct proc_file file, first = { 0, 0 };

	world_begin();
	for (int fd = 0; fd < 3; fd++) {
		struct sim_process *process = sim_actor(NULL, &sim_sleeper);

		sim_set_pipe(process, fd, PIPE);
		for (int other = 0; other < 3; other++)
			unit_check(proc_pipe(process->pid, other, &file) ==
					   (other == fd),
				   "%d and %d", fd, other);
		ck_assert(proc_pipe(process->pid, fd, &file));
		if (fd == 0)
			first = file;
		ck_assert(is_same(&file, &first));

		/* Another one, and one of that number on another device. */
		sim_set_pipe(process, fd, PIPE + 1);
		ck_assert(proc_pipe(process->pid, fd, &file));
		ck_assert(!is_same(&file, &first));
		sim_set_pipe(process, fd, SIM_FIFO + PIPE);
		ck_assert(proc_pipe(process->pid, fd, &file));
		ck_assert_uint_eq(file.inode, first.inode);
		ck_assert(!is_same(&file, &first));
	}
	world_check_closed();
}
END_TEST

START_TEST(who_cannot_be_looked_at_has_no_pipe)
{
	struct sim_process *self = world_begin();
	struct sim_process *process = sim_actor(self, &sim_sleeper);
	struct proc_file file;

	sim_set_pipe(process, 0, 1);
	ck_assert(proc_pipe(process->pid, 0, &file));
	ck_assert(!proc_pipe(process->pid + 1, 0, &file));
	self->uid = 7;
	ck_assert(!proc_pipe(process->pid, 0, &file));
	self->uid = 0;
	sim.proc = SIM_PROC_ABSENT;
	ck_assert(!proc_pipe(process->pid, 0, &file));
}
END_TEST

/* On the real kernel: descriptors 0, 1 and 2 of this process. */
START_TEST(the_kernel_tells_pipes_and_fifos_from_other_files)
{
	static const char *const others[] = { "/", "/dev/null",
					      "/proc/self/status" };
	char place[] = "/tmp/check_proc.XXXXXX", path[64];
	struct proc_file file, own;
	int ends[2], saved[3], fifo;
	bool is_pipe[3], is_fifo, is_closed;

	ck_assert_ptr_nonnull(mkdtemp(place));
	snprintf(path, sizeof(path), "%s/fifo", place);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	fifo = open(path, O_RDWR);
	ck_assert_int_eq(pipe(ends), 0);
	for (int fd = 0; fd < 3; fd++) {
		struct stat status;
		bool is_other = false;

		/* Nothing is asserted while standard error is another. */
		saved[fd] = dup(fd);
		sim_is_real = true;
		dup2(ends[fd > 0], fd);
		fstat(fd, &status);
		is_pipe[fd] = proc_pipe(getpid(), fd, &own);
		dup2(fifo, fd);
		is_fifo = proc_pipe(getpid(), fd, &file);
		for (size_t i = 0; i < UNIT_COUNT(others); i++) {
			int other = open(others[i], O_RDONLY);

			dup2(other, fd);
			close(other);
			is_other |= proc_pipe(getpid(), fd, &file);
		}
		close(fd);
		is_closed = !proc_pipe(getpid(), fd, &file);
		dup2(saved[fd], fd);
		sim_is_real = false;

		unit_check(is_pipe[fd] && is_fifo && is_closed && !is_other,
			   "descriptor %d", fd);
		ck_assert_uint_eq(own.inode, status.st_ino);
		ck_assert_uint_eq(own.device,
				  (uint64_t)major(status.st_dev) << 32 |
					  minor(status.st_dev));
	}
	unlink(path);
	rmdir(place);
}
END_TEST

Suite *proc_suite(void)
{
	Suite *suite = suite_create("proc");
	TCase *ours = unit_tcase(suite, "whose /proc");
	TCase *walks = unit_tcase(suite, "walks");
	TCase *files = unit_tcase(suite, "files");
	TCase *pipes = unit_tcase(suite, "pipes");
	TCase *descent = unit_tcase(suite, "descent");
	TCase *one = unit_tcase(suite, "one process");

	unit_add(ours, one_number_is_ours_wherever_the_line_stands);
	unit_add(ours, without_proc_it_is_not_ours);
	unit_add(ours, a_proc_of_this_namespace_is_told_from_that_around_it);
	unit_add(walks, children_are_listed_wherever_a_piece_ends);
	unit_add(walks, a_number_that_no_kernel_gives_is_passed_over);
	unit_add(walks, no_children_are_no_children);
	unit_add(walks, all_processes_are_the_names_that_are_numbers);
	unit_add(walks, thousands_of_processes_are_walked_over);
	unit_add(walks, without_a_list_children_are_found_by_their_parent);
	unit_add(walks, a_walk_over_what_is_not_there_has_no_number);
	unit_add(walks, descriptors_are_the_names_that_are_numbers);
	unit_add(files, words_are_read_one_by_one_and_cut_to_their_buffers);
	unit_add(files, a_file_is_read_up_to_its_buffer_and_ends_in_a_nul);
	unit_add(files, a_file_that_cannot_be_read_is_empty_and_an_error);
	unit_add(files, a_command_line_has_blanks_between_its_words);
	unit_add(files, without_a_command_line_it_is_the_name);
	unit_add(files, the_words_of_who_is_held_by_the_kernel_are_not_read);
	unit_add(one, a_process_has_a_name_a_state_a_parent_and_a_start);
	unit_add(one, a_line_that_is_cut_gives_what_it_has);
	unit_add(one, a_parent_s_number_is_in_its_range);
	unit_add(one, a_zombie_lives_as_long_as_it_has_threads);
	unit_add(one, sets_of_signals_are_read_bit_by_bit);
	unit_add(descent, whoever_has_an_ancestor_descends_from_it);
	unit_add(descent, without_memory_nobody_is_known);
	unit_add(descent, a_name_that_looks_like_other_fields_changes_nothing);
	unit_add(descent, a_chain_of_any_length_is_found);
	unit_add(descent, parents_that_go_round_are_given_up);
	unit_add(pipes, a_pipe_is_known_by_its_inode_and_device);
	unit_add(pipes, who_cannot_be_looked_at_has_no_pipe);
	unit_add(pipes, the_kernel_tells_pipes_and_fifos_from_other_files);
	unit_add(descent, a_number_that_is_used_again_makes_no_descendant);
	return suite;
}
