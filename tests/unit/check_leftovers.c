/*
 * check_leftovers.c - who is left, where some are dead (leftovers.h), who was
 * told (told.h) and who reads what others write (readers.h).
 */
#include "kernel.h"
#include "leftovers.h"
#include "readers.h"
#include "told.h"
#include "world.h"

static struct sim_process *first;

static void begin(void)
{
	first = world_begin();
}

static void add_leftover(const char *name, enum sim_state state)
{
	struct sim_process *leftover = sim_actor(first, &sim_sleeper);

	leftover->name = name;
	leftover->state = state;
}

static void check_report(const char *line)
{
	struct init init = { .own = 1 };
	struct lifecycle_step report = { .action = STEP_REPORT };

	leftovers_act(&init, report);
	ck_assert_str_eq(sim_output(2), line);
	ck_assert_uint_eq(world_calls(SYS_write), *line != '\0');
	world_check_closed();
}

/* Whoever is dead and not reaped by its own parent has no command line. */
START_TEST(a_zombie_is_not_left_over)
{
	begin();
	add_leftover("sleep 1000", SIM_RUNNING);
	add_leftover("dead", SIM_ZOMBIE);
	add_leftover("cat", SIM_STOPPED);

	check_report("foster: 2 left over when the time was up, killed:"
		     " 2 sleep 1000, 4 cat\n");
}
END_TEST

START_TEST(of_zombies_alone_nothing_is_said)
{
	begin();
	add_leftover("dead", SIM_ZOMBIE);

	check_report("");
}
END_TEST

/* Without a descriptor for /proc standard input is given up, if it is open. */
START_TEST(where_no_descriptor_is_free_standard_input_is_closed)
{
	for (int is_open = 0; is_open < 2; is_open++) {
		struct init init = { .own = 7 };

		begin();
		if (is_open) {
			sim_file("/input", "");
			sim_open_file(first, 0, "/input");
		}
		world_answer(SYS_openat, 0, -EMFILE);
		ck_assert(!leftovers_have_proc(&init));
		ck_assert(!sim_has_open(first, 0));
		ck_assert_uint_eq(world_calls(SYS_close), 1);
		/* It is asked once more where that may help, and then no more. */
		ck_assert_uint_eq(world_calls(SYS_openat), 2U + is_open);
		ck_assert(!leftovers_have_proc(&init));
		ck_assert_uint_eq(world_calls(SYS_openat), 2U + is_open);
	}
}
END_TEST

/* ---- who was told ---- */

/* The machine has run for more than 49 days: 32 bits do not hold the time. */
#define ENDED_MS ((UINT64_C(5) << 32) - 700)

static struct init init;

static struct init *begin_init(void)
{
	begin();
	init = (struct init){ .own = 1,
			      .clock_ms = ENDED_MS,
			      .lifecycle = { .stage = STAGE_ENDING,
					     .ended_ms = ENDED_MS } };
	init.lifecycle.config = &init.lifecycle_config;
	return &init;
}

START_TEST(each_number_is_told_once_until_it_is_reaped)
{
	static const int pids[] = { 1, 2, 1000, PID_MAX_LIMIT - 1 };

	begin_init();
	told_begin(&init);
	for (size_t i = 0; i < UNIT_COUNT(pids); i++) {
		for (size_t j = 0; j < UNIT_COUNT(pids); j++)
			ck_assert(told_get(&init, pids[j]) ==
				  (j < i ? TOLD_TERM : TOLD_NOTHING));
		told_set(&init, pids[i], TOLD_OTHERWISE);
		ck_assert(told_get(&init, pids[i]) == TOLD_OTHERWISE);
		told_set(&init, pids[i], TOLD_TERM);
	}
	for (size_t i = 0; i < UNIT_COUNT(pids); i++) {
		told_forget(&init, pids[i]);
		for (size_t j = 0; j < UNIT_COUNT(pids); j++)
			ck_assert(told_get(&init, pids[j]) ==
				  (j > i ? TOLD_TERM : TOLD_NOTHING));
	}
	world_answer(SYS_munmap, 0, -EINVAL); /* nobody hears of that */
	told_end(&init);
	ck_assert_uint_eq(world_calls(SYS_mmap), 1);
	ck_assert_uint_eq(world_calls(SYS_munmap), 1);
}
END_TEST

/* Better one too few than one twice. */
START_TEST(without_memory_the_first_are_told_and_nobody_later)
{
	begin_init();
	world_answer(SYS_mmap, 0, -ENOMEM);
	told_begin(&init);
	for (int times = 0; times < 2; times++) {
		enum told told =
			init.has_told_children ? TOLD_TERM : TOLD_NOTHING;

		ck_assert(told_get(&init, 7) == told);
		told_set(&init, 7, TOLD_OTHERWISE);
		ck_assert(told_get(&init, 7) == told);
		told_forget(&init, 7);
		init.has_told_children = true;
	}
	told_end(&init);
	ck_assert_uint_eq(world_calls(SYS_munmap), 0);
}
END_TEST

START_TEST(a_reader_is_alone_since_somebody_looked_or_wrote)
{
	begin_init();
	told_begin(&init);
	for (uint64_t ms = 0; ms < 3000; ms += 500) {
		init.clock_ms = ENDED_MS + ms;
		ck_assert_uint_eq(told_alone_ms(&init, 7), ms);
		ck_assert(told_get(&init, 7) == TOLD_NOTHING);
	}
	ck_assert_uint_eq(told_alone_ms(&init, 8), 0);
	told_forget(&init, 7);
	ck_assert_uint_eq(told_alone_ms(&init, 7), 0);
	init.clock_ms += 3;
	ck_assert_uint_eq(told_alone_ms(&init, 7), 3);
	ck_assert_uint_eq(told_alone_ms(&init, 8), 3);
}
END_TEST

/* ---- readers ---- */

enum { PIPE = 1, ALONE_MS = 1000 };

static struct sim_process *add_with_pipe(int fd, int pipe)
{
	struct sim_process *process = sim_actor(first, &sim_sleeper);

	sim_set_pipe(process, fd, pipe);
	return process;
}

static struct sim_process *begin_reader(void)
{
	struct sim_process *reader;

	begin_init();
	reader = add_with_pipe(0, PIPE);
	told_begin(&init);
	return reader;
}

/* It is told one second after its last writer, and not a moment earlier. */
static void check_alone(int reader)
{
	uint64_t now_ms = init.clock_ms;

	ck_assert(readers_pass_over(&init, reader));
	init.clock_ms = now_ms + ALONE_MS - 1;
	ck_assert(readers_pass_over(&init, reader));
	init.clock_ms = now_ms + ALONE_MS;
	ck_assert(!readers_pass_over(&init, reader));
	world_check_closed();
}

static void check_has_writer(int reader)
{
	init.clock_ms += 10 * ALONE_MS;
	ck_assert(readers_pass_over(&init, reader));
	ck_assert(told_get(&init, reader) == TOLD_NOTHING);
	init.clock_ms += 10 * ALONE_MS;
	ck_assert(readers_pass_over(&init, reader));
	world_check_closed();
}

START_TEST(a_reader_waits_for_its_writer_and_a_second_longer)
{
	for (int fd = 1; fd <= 2; fd++) {
		int reader = begin_reader()->pid;
		struct sim_process *writer = add_with_pipe(fd, PIPE);

		check_has_writer(reader);
		writer->state = SIM_ZOMBIE;
		check_alone(reader);
		/* One that comes back starts it anew. */
		writer->state = SIM_STOPPED;
		check_has_writer(reader);
		writer->state = SIM_ZOMBIE;
		check_alone(reader);
	}
}
END_TEST

/* Wherever it stands among others, and whoever's child it is. */
START_TEST(a_writer_is_any_living_process)
{
	int reader = begin_reader()->pid;
	struct sim_process *writer;

	add_with_pipe(1, PIPE + 1);
	writer = sim_actor(NULL, &sim_sleeper); /* from outside */
	sim_set_pipe(writer, 2, PIPE);
	add_with_pipe(0, PIPE);
	check_has_writer(reader);
}
END_TEST

START_TEST(another_reader_another_pipe_and_itself_are_no_writers)
{
	struct sim_process *reader = begin_reader();

	add_with_pipe(0, PIPE);
	add_with_pipe(1, PIPE + 1);
	add_with_pipe(2, SIM_FIFO + PIPE); /* that inode, another device */
	sim_set_pipe(reader, 1, PIPE);
	sim_set_pipe(reader, 2, PIPE);
	check_alone(reader->pid);
}
END_TEST

START_TEST(who_reads_no_pipe_is_not_passed_over)
{
	struct sim_process *process;

	begin_init();
	told_begin(&init);
	process = add_with_pipe(1, PIPE);
	add_with_pipe(2, PIPE);
	ck_assert(!readers_pass_over(&init, process->pid));
	ck_assert(!readers_pass_over(&init, process->pid + 100));
}
END_TEST

/* What feeds foster's own standard input feeds the program's, too. */
START_TEST(who_reads_foster_s_own_input_is_not_passed_over)
{
	int reader = begin_reader()->pid;

	add_with_pipe(1, PIPE);
	sim_file("/input", "");
	sim_open_file(first, 0, "/input");
	sim_set_pipe(first, 0, PIPE);
	ck_assert(!readers_pass_over(&init, reader));
	sim_set_pipe(first, 0, PIPE + 1);
	ck_assert(readers_pass_over(&init, reader));
}
END_TEST

START_TEST(whose_files_cannot_be_looked_at_is_not_passed_over)
{
	struct sim_process *reader = begin_reader();

	add_with_pipe(1, PIPE);
	reader->uid = 1000;
	first->uid = 7;
	ck_assert(!readers_pass_over(&init, reader->pid));
}
END_TEST

/* `exec > >(tee log); exec foster ...`: every one of 1 and 2, none or both. */
START_TEST(foster_closes_the_end_that_only_foster_has)
{
	for (int bits = 1; bits < 4; bits++) {
		int reader = begin_reader()->pid;
		struct sim_process *writer = add_with_pipe(1, PIPE);

		for (int fd = 1; fd <= 2; fd++)
			sim_set_pipe(first, fd, bits & fd ? PIPE : PIPE + 1);
		check_has_writer(reader);
		ck_assert(sim_has_open(first, 1) && sim_has_open(first, 2));

		writer->state = SIM_ZOMBIE;
		ck_assert(readers_pass_over(&init, reader));
		for (int fd = 1; fd <= 2; fd++)
			unit_check(sim_has_open(first, fd) == !(bits & fd),
				   "%d of %d", fd, bits);
		check_alone(reader);
	}
}
END_TEST

/* ---- telling ---- */

static void tell(enum lifecycle_action action)
{
	struct lifecycle_step step = { action, SIGTERM };

	leftovers_act(&init, step);
	world_check_closed();
}

/* In the order of their numbers, TERM and CONT for each that is told. */
static void check_told(const char *told)
{
	char found[64] = "";

	for (int pid = 2; sim_by_pid(pid) != NULL; pid++) {
		unsigned terms = sim_sent_by(1, pid, SIGTERM);

		found[pid - 2] = (char)('0' + terms);
		ck_assert_uint_eq(terms, sim_sent_by(1, pid, SIGCONT));
	}
	ck_assert_str_eq(found, told);
}

/* server 2>&1 | tee log: tee, the server, one more child, a grandchild. */
static void begin_pipeline(void)
{
	struct sim_process *tee;

	begin_init();
	tee = add_with_pipe(0, PIPE);
	tee->blocked = ~UINT64_C(0);
	add_with_pipe(1, PIPE)->blocked = ~UINT64_C(0);
	add_with_pipe(1, PIPE + 1)->blocked = ~UINT64_C(0);
	sim_actor(tee, &sim_sleeper)->blocked = ~UINT64_C(0);
	sim_set_pipe(sim_by_pid(5), 0, 0);
}

START_TEST(a_reader_is_told_after_its_writer_and_each_once)
{
	begin_pipeline();
	tell(STEP_TERMINATE_CHILDREN);
	check_told("0110");
	init.clock_ms += 10 * ALONE_MS;
	tell(STEP_TERMINATE_CHILDREN);
	check_told("0110");
	init.lifecycle.stage = STAGE_ESCALATED;
	tell(STEP_TERMINATE_ALL);
	check_told("0111");
	/* The writer ends, and a second passes. */
	sim_by_pid(3)->state = SIM_ZOMBIE;
	tell(STEP_TERMINATE_CHILDREN);
	check_told("0111");
	init.clock_ms += ALONE_MS;
	tell(STEP_TERMINATE_CHILDREN);
	check_told("1111");
	tell(STEP_TERMINATE_ALL);
	check_told("1111");
}
END_TEST

START_TEST(at_last_readers_are_told_as_well)
{
	begin_pipeline();
	init.lifecycle.stage = STAGE_ESCALATED;
	tell(STEP_TERMINATE_ALL);
	check_told("0111");
	init.lifecycle.stage = STAGE_LAST_CALL;
	tell(STEP_TERMINATE_ALL);
	check_told("1111");
}
END_TEST

START_TEST(so_many_readers_are_passed_over_and_no_more)
{
	int told = 0;

	begin_init();
	for (int i = 0; i < READERS_MAX + 5; i++)
		add_with_pipe(0, PIPE)->blocked = ~UINT64_C(0);
	add_with_pipe(1, PIPE)->blocked = ~UINT64_C(0);
	tell(STEP_TERMINATE_CHILDREN);
	for (int pid = 2; sim_by_pid(pid) != NULL; pid++)
		told += (int)sim_sent_by(1, pid, SIGTERM);
	ck_assert_int_eq(told, 5 + 1);
}
END_TEST

/* HUP and KILL are for readers, too, and for who was told. */
START_TEST(what_is_passed_on_reaches_every_child)
{
	struct lifecycle_step step = { STEP_SIGNAL_CHILDREN, SIGHUP };

	begin_pipeline();
	tell(STEP_TERMINATE_CHILDREN);
	leftovers_act(&init, step);
	for (int pid = 2; pid <= 5; pid++)
		ck_assert_uint_eq(sim_sent_by(1, pid, SIGHUP), pid != 5);
}
END_TEST

Suite *leftovers_suite(void)
{
	Suite *suite = suite_create("leftovers");
	TCase *tcase = unit_tcase(suite, "report");
	TCase *told = unit_tcase(suite, "told");
	TCase *readers = unit_tcase(suite, "readers");
	TCase *telling = unit_tcase(suite, "telling");

	unit_add(tcase, a_zombie_is_not_left_over);
	unit_add(tcase, of_zombies_alone_nothing_is_said);
	unit_add(tcase,
		 where_no_descriptor_is_free_standard_input_is_closed);
	unit_add(told, each_number_is_told_once_until_it_is_reaped);
	unit_add(told, without_memory_the_first_are_told_and_nobody_later);
	unit_add(told, a_reader_is_alone_since_somebody_looked_or_wrote);
	unit_add(readers, a_reader_waits_for_its_writer_and_a_second_longer);
	unit_add(readers, a_writer_is_any_living_process);
	unit_add(readers,
		 another_reader_another_pipe_and_itself_are_no_writers);
	unit_add(readers, who_reads_no_pipe_is_not_passed_over);
	unit_add(readers, who_reads_foster_s_own_input_is_not_passed_over);
	unit_add(readers, whose_files_cannot_be_looked_at_is_not_passed_over);
	unit_add(readers, foster_closes_the_end_that_only_foster_has);
	unit_add(telling, a_reader_is_told_after_its_writer_and_each_once);
	unit_add(telling, at_last_readers_are_told_as_well);
	unit_add(telling, so_many_readers_are_passed_over_and_no_more);
	unit_add(telling, what_is_passed_on_reaches_every_child);
	return suite;
}
