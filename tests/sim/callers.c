/*
 * callers.c - programs that call foster.h, as process 1 and as another one, on
 * the simulated kernel.
 */
#include "sim.h"
#include "suite.h"
#include "../../src/foster.h"
#include "../../src/sys.h"

#include <errno.h>
#include <string.h>

static struct foster_options options;
static struct foster_result result;
static struct foster foster;
static int error;

static void become_child(void *argument);
static void (*child_function)(void *);

static void begin(void)
{
	sim_begin();
	memset(&options, 0, sizeof(options));
	memset(&result, '#', sizeof(result));
	options.size = sizeof(options);
	options.verbosity = -1;
	child_function = become_child;
	result.size = sizeof(result);
}

/* Process 1, or its child. */
static void run_caller(int (*caller)(void *), bool is_process_1)
{
	struct sim_process *parent =
		is_process_1 ? NULL : sim_actor(NULL, &sim_reaper);

	sim_native(parent, caller, NULL);
	sim_run_until(60000);
	ck_assert_str_eq(sim.failure, "");
}

/* ---- foster_run() ---- */

static int run_what_is_missing(void *argument)
{
	static char *const argv[] = { "/missing", NULL };
	static char *const envp[] = { NULL };

	error = foster_run(&options, argv, envp, &result);
	return argument != NULL;
}

START_TEST(why_nothing_was_executed_is_in_the_result)
{
	for (int is_process_1 = 0; is_process_1 <= 1; is_process_1++) {
		begin();
		run_caller(run_what_is_missing, is_process_1);
		ck_assert_int_eq(error, 0);
		ck_assert_int_eq(result.exec_error, ENOENT);
		ck_assert_int_eq(foster_exit_status(&result), 127);
	}
}
END_TEST

static int child_status;

static int in_the_child(void *context)
{
	ck_assert_ptr_eq(context, &options);
	return child_status;
}

START_TEST(the_child_s_own_code_decides_whether_there_is_a_program)
{
	begin();
	options.child = in_the_child;
	options.context = &options;
	child_status = 44;
	run_caller(run_what_is_missing, true);
	ck_assert_int_eq(foster_exit_status(&result), 44);
	ck_assert_int_eq(result.exec_error, 0);

	child_status = 0;
	begin();
	options.child = in_the_child;
	options.context = &options;
	run_caller(run_what_is_missing, true);
	ck_assert_int_eq(foster_exit_status(&result), 127);
}
END_TEST

/* ---- the four calls ---- */

static bool leads_group;

static void become_child(void *argument)
{
	(void)argument;
	foster_child(&foster);
	leads_group = sys_getpgid(0) == sys_getpid();
	sys_exit(42);
}

/* INT ends it. */
static void lead_session(void *argument)
{
	struct kernel_timespec limit = { .tv_sec = 1000 };

	(void)argument;
	foster_child(&foster);
	sys_setsid();
	sys_poll(NULL, 0, &limit);
	sys_exit(1);
}

static int tend_a_function(void *argument)
{
	int child;

	error = foster_begin(&foster, &options);
	if (error < 0)
		return 1;
	child = sys_spawn(child_function, NULL);
	error = foster_tend(&foster, child, &result);
	return argument != NULL;
}

START_TEST(a_child_goes_on_as_a_function)
{
	for (int is_process_1 = 0; is_process_1 <= 1; is_process_1++) {
		begin();
		run_caller(tend_a_function, is_process_1);
		ck_assert_int_eq(error, 0);
		ck_assert_int_eq(foster_exit_status(&result), 42);
		ck_assert(leads_group);
	}
}
END_TEST

START_TEST(a_child_of_the_same_group_is_given_none)
{
	begin();
	options.flags = FOSTER_SAME_GROUP | FOSTER_NO_REAPER;
	run_caller(tend_a_function, false);
	ck_assert_int_eq(error, 0);
	ck_assert_int_eq(foster_exit_status(&result), 42);
	ck_assert(!leads_group);
}
END_TEST

/* Counts INT and ends by USR1. */
static const struct sim_script counter = {
	"counter",
	.on = SIM_ON({ SIGINT, SIM_STEPS(SIM_SLEEP(1)) },
		     { SIGUSR1, SIM_STEPS(SIM_EXIT(5)) }),
	.steps = SIM_STEPS(SIM_PAUSE),
};

static int run_counter(void *argument)
{
	static char *const argv[] = { "/counter", NULL };
	static char *const envp[] = { NULL };

	error = foster_run(&options, argv, envp, &result);
	return argument != NULL;
}

/* What is typed reaches it with the group, what is sent by the caller alone. */
START_TEST(in_the_same_group_the_terminal_s_signals_come_once)
{
	struct sim_process *parent, *caller;

	begin();
	options.flags = FOSTER_SAME_GROUP;
	sim_program("/counter", &counter);
	parent = sim_actor(NULL, &sim_reaper);
	caller = sim_native(parent, run_counter, NULL);
	sim_put_into(caller, caller->pid, parent->pid);
	sim_give_terminal(parent->pid, caller->pid);
	sim_at(100, sim_do_type, SIGINT, 0);
	sim_at(200, sim_do_inside, caller->pid, SIGINT);
	sim_at(300, sim_do_inside, caller->pid, SIGUSR1);
	sim_run_until(60000);
	ck_assert_str_eq(sim.failure, "");
	ck_assert_int_eq(foster_exit_status(&result), 5);
	ck_assert_uint_eq(sim_count(SIM_SENT, caller->pid + 1, SIGINT), 2);
	/* It was in the foreground all the time. */
	ck_assert_uint_eq(sim_count(SIM_FOREGROUND, caller->pid, 0), 0);
	ck_assert_int_eq(sim.foreground, caller->pid);
}
END_TEST

START_TEST(who_has_made_a_session_gets_what_is_typed_from_foster)
{
	struct sim_process *parent, *caller;

	begin();
	options.flags = FOSTER_SAME_GROUP;
	child_function = lead_session;
	parent = sim_actor(NULL, &sim_reaper);
	caller = sim_native(parent, tend_a_function, NULL);
	sim_put_into(caller, caller->pid, parent->pid);
	sim_give_terminal(parent->pid, caller->pid);
	sim_at(100, sim_do_type, SIGINT, 0);
	sim_run_until(60000);
	ck_assert_str_eq(sim.failure, "");
	ck_assert_int_eq(result.status, SIGINT);
}
END_TEST

/* The caller's group has the terminal; ends with status 5. */
static struct sim_process *run_counter_at_terminal(void)
{
	struct sim_process *parent, *caller;

	sim_program("/counter", &counter);
	parent = sim_actor(NULL, &sim_reaper);
	caller = sim_native(parent, run_counter, NULL);
	sim_put_into(caller, caller->pid, parent->pid);
	sim_give_terminal(parent->pid, caller->pid);
	sim_at(100, sim_do_inside, caller->pid, SIGUSR1);
	sim_run_until(60000);
	ck_assert_str_eq(sim.failure, "");
	ck_assert_int_eq(foster_exit_status(&result), 5);
	return caller;
}

START_TEST(the_terminal_is_left_alone)
{
	struct sim_process *caller;

	begin();
	caller = run_counter_at_terminal();
	ck_assert_int_eq(sim.foreground, caller->pid);
	ck_assert_uint_eq(sim_calls_of(SYS_ioctl), 0);
}
END_TEST

START_TEST(where_that_is_asked_for_the_terminal_goes_to_the_program_and_back)
{
	struct sim_process *caller;

	begin();
	options.flags = FOSTER_TERMINAL;
	caller = run_counter_at_terminal();
	ck_assert_uint_eq(sim_count(SIM_FOREGROUND, 0, caller->pid + 1), 1);
	ck_assert_int_eq(sim.foreground, caller->pid);
}
END_TEST

START_TEST(a_result_of_the_wrong_size_is_refused)
{
	begin();
	result.size--;
	run_caller(tend_a_function, false);
	ck_assert_int_eq(error, -EINVAL);
	begin();
	result.size--;
	run_caller(run_what_is_missing, false);
	ck_assert_int_eq(error, -EINVAL);
}
END_TEST

Suite *callers_suite(void);
Suite *callers_suite(void)
{
	Suite *suite = suite_create("callers");
	TCase *run = suite_case(suite, "foster_run");
	TCase *four = suite_case(suite, "the four calls");

	suite_add(run, why_nothing_was_executed_is_in_the_result);
	suite_add(run, the_child_s_own_code_decides_whether_there_is_a_program);
	suite_add(four, a_child_goes_on_as_a_function);
	suite_add(four, a_child_of_the_same_group_is_given_none);
	suite_add(four, in_the_same_group_the_terminal_s_signals_come_once);
	suite_add(four, who_has_made_a_session_gets_what_is_typed_from_foster);
	suite_add(run, the_terminal_is_left_alone);
	suite_add(run,
		  where_that_is_asked_for_the_terminal_goes_to_the_program_and_back);
	suite_add(four, a_result_of_the_wrong_size_is_refused);
	return suite;
}
