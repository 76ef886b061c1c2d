/*
 * check_log.c - one message, one line, one write (log.h), on the simulated
 * kernel's standard error.
 */
#include "kernel.h"
#include "log.h"
#include "world.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static const char prefix[] = "foster: ";

/* What the only message says, without the prefix and the newline. */
static const char *said(void)
{
	static char text[LOG_LINE_MAX + 1];
	const char *line = sim_output(2);
	size_t length = strlen(line), start = sizeof(prefix) - 1;

	unit_check(world_calls(SYS_write) == 1, "%u writes",
		   world_calls(SYS_write));
	unit_check(length <= LOG_LINE_MAX, "a line of %zu bytes", length);
	unit_check(length > start && memcmp(line, prefix, start) == 0,
		   "it begins '%.20s'", line);
	unit_check(strchr(line, '\n') == line + length - 1, "not one line: %s",
		   line);
	length -= start + 1;
	memcpy(text, line + start, length);
	text[length] = '\0';
	return text;
}

#define check_said(expected, ...) do { \
	struct log log = { .level = LOG_NORMAL }; \
	world_begin(); \
	log_say(&log, LOG_NORMAL, __VA_ARGS__); \
	unit_check(strcmp(said(), expected) == 0, "'%s', not '%s'", said(), \
		   expected); \
} while (0)

/* How a byte of an argument is to be seen: above 127 it is no character. */
static const char *visible(int byte)
{
	static char text[8];
	static const char short_names[] = "abtnvfr";

	if (byte >= '\a' && byte <= '\r') {
		snprintf(text, sizeof(text), "\\%c", short_names[byte - '\a']);
		return text;
	}
	snprintf(text, sizeof(text), byte < 32 || byte >= 127 ? "\\x%02x" :
		 "%c", byte);
	return text;
}

START_TEST(a_message_is_one_line_in_one_write_on_standard_error)
{
	check_said("it rains", "it rains");
	check_said("", "%s", "");
	check_said("a and b", "%s and %s", "a", "b");
}
END_TEST

START_TEST(every_byte_of_an_argument_is_visible)
{
	for (int byte = 1; byte <= UCHAR_MAX; byte++) {
		const char text[] = { 'a', (char)byte, 'b', '\0' };
		char expected[16];

		snprintf(expected, sizeof(expected), "'a%sb'", visible(byte));
		check_said(expected, "'%s'", text);
	}
}
END_TEST

START_TEST(every_two_bytes_make_one_line)
{
	struct log log = { .level = LOG_NORMAL };

	for (int first = 1; first <= UCHAR_MAX; first++)
		for (int second = 1; second <= UCHAR_MAX; second++) {
			const char text[] = { (char)first, (char)second, '\0' };
			char expected[16];

			if (first >= 0xc2 && first <= 0xdf &&
			    (second & 0xc0) == 0x80 &&
			    (first > 0xc2 || second >= 0xa0)) {
				/* In UTF-8 one character, and no control. */
				strcpy(expected, text);
			} else {
				strcpy(expected, visible(first));
				strcat(expected, visible(second));
			}
			world_begin();
			log_say(&log, LOG_NORMAL, "%s", text);
			unit_check(strcmp(said(), expected) == 0, "'%s'",
				   said());
		}
}
END_TEST

START_TEST(names_in_any_language_are_written_as_they_are)
{
	check_said("caf\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x90\xa7",
		   "%s", "caf\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x90\xa7");
	/* CSI, which begins what steers a terminal; a name cut short. */
	check_said("a\\xc2\\x9b2Jb", "a%sb", "\xc2\x9b" "2J");
	check_said("a\\x9b2Jb", "a%sb", "\x9b" "2J");
	check_said("'\\xe6\\x97'", "'%s'", "\xe6\x97");
}
END_TEST

START_TEST(a_long_name_is_cut_behind_a_whole_character)
{
	/* Of two bytes each, behind one: byte 240 is in the midst of one. */
	static char text[1002];
	struct log log = { .level = LOG_NORMAL };

	text[0] = 'a';
	for (size_t i = 1; i < sizeof(text) - 1; i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	world_begin();
	log_say(&log, LOG_NORMAL, "%s", text);
	ck_assert_ptr_nonnull(strstr(said(), "\xc3\xa9..."));
	ck_assert_ptr_null(strchr(said(), '\\'));
}
END_TEST

START_TEST(numbers_are_written_as_printf_writes_them)
{
	static const int numbers[] = { 0, 1, 9, 10, 4194303, INT_MAX };
	char expected[32];

	for (size_t i = 0; i < UNIT_COUNT(numbers); i++) {
		snprintf(expected, sizeof(expected), "%d.", numbers[i]);
		check_said(expected, "%d.", numbers[i]);
	}
}
END_TEST

START_TEST(each_kind_of_argument_leaves_the_next_one_alone)
{
	check_said("a70b8end97, c0", "%s%d%s%d%s%d%d, %s%d", "a", 70, "b", 8,
		   "end", 9, 7, "c", 0);
}
END_TEST

START_TEST(a_message_is_said_where_the_level_is_high_enough)
{
	for (int level = LOG_QUIET; level <= LOG_EVERYTHING; level++) {
		for (int needed = LOG_QUIET; needed <= LOG_EVERYTHING;
		     needed++) {
			struct log log = { .level = level };
			bool is_said = needed <= level;

			world_begin();
			log_say(&log, needed, "x");

			unit_check(world_calls(SYS_write) == is_said,
				   "level %d, needed %d", level, needed);
			/* What is not said costs nothing. */
			unit_check(is_said || sim.calls_made == 0,
				   "level %d, needed %d", level, needed);
		}
	}
	ck_assert_int_lt(LOG_QUIET, LOG_NORMAL);
	ck_assert_int_lt(LOG_NORMAL, LOG_VERBOSE);
	ck_assert_int_lt(LOG_VERBOSE, LOG_EVERYTHING);
}
END_TEST

/*
 * A line is cut where not even one more character and the dots are sure to
 * fit: whether one that would just fit without them is whole is left open.
 */
enum { CUT_SPACE = 8, ARGUMENT_MAX = 480, ARGUMENTS = 3 };

static void check_length(const char *argument, const char *once)
{
	static char expected[ARGUMENTS * 4 * ARGUMENT_MAX + 1];
	struct log log = { .level = LOG_NORMAL };
	size_t length, whole, whole_length;
	const char *text;
	bool is_cut;

	snprintf(expected, sizeof(expected), "%s%s%s", once, once, once);
	length = strlen(expected);
	whole = sizeof(prefix) - 1 + length + 1;
	world_begin();
	log_say(&log, LOG_NORMAL, "%s%s%s", argument, argument, argument);
	text = said();

	is_cut = strcmp(text, expected) != 0;
	unit_check(!is_cut || whole > LOG_LINE_MAX - CUT_SPACE,
		   "%zu bytes are cut", whole);
	unit_check(is_cut || whole <= LOG_LINE_MAX, "%zu bytes are not cut",
		   whole);
	if (!is_cut)
		return;
	whole_length = strlen(sim_output(2));
	length = strlen(text);
	unit_check(length >= 3 && strcmp(text + length - 3, "...") == 0,
		   "%zu bytes end in '%s'", whole, text + length - 3);
	unit_check(strncmp(text, expected, length - 3) == 0,
		   "%zu bytes are another text", whole);
	unit_check(whole_length >= LOG_LINE_MAX - CUT_SPACE,
		   "%zu bytes are cut to %zu", whole, whole_length);
}

START_TEST(a_line_of_every_length_is_whole_or_ends_in_three_dots)
{
	static char text[ARGUMENT_MAX + 1], expected[4 * ARGUMENT_MAX + 1];

	for (size_t length = 0; length <= ARGUMENT_MAX; length++) {
		memset(text, 'x', length);
		text[length] = '\0';
		check_length(text, text);
		/* A byte that is made visible takes four. */
		memset(text, '\x01', length);
		expected[0] = '\0';
		for (size_t i = 0; i < length; i++)
			memcpy(expected + 4 * i, "\\x01", 5);
		check_length(text, expected);
	}
}
END_TEST

/* The middle of a long one is left out, and what stands behind it is said. */
START_TEST(a_long_argument_keeps_its_beginning_its_end_and_the_reason)
{
	static char text[5000], expected[ARGUMENT_MAX + 64];

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = (char)('a' + i % 26);
	for (size_t length = 0; length < sizeof(text); length++) {
		struct log log = { .level = LOG_NORMAL };
		const char *argument = text + sizeof(text) - 1 - length;
		int half = ARGUMENT_MAX / 2;

		if (length <= ARGUMENT_MAX)
			snprintf(expected, sizeof(expected), "'%s': why",
				 argument);
		else
			snprintf(expected, sizeof(expected),
				 "'%.*s...%s': why", half, argument,
				 argument + length - half);
		world_begin();
		log_say(&log, LOG_NORMAL, "'%s': why", argument);
		ck_assert_str_eq(said(), expected);
	}
}
END_TEST

/* Nothing is wrong with any place where the end of the line may fall. */
START_TEST(every_kind_of_argument_may_be_cut_anywhere)
{
	static char text[ARGUMENT_MAX + 1];
	const int two = 2 * ARGUMENT_MAX;

	for (int length = LOG_LINE_MAX - 64; length <= LOG_LINE_MAX; length++) {
		struct log log = { .level = LOG_NORMAL };
		char rest[LOG_LINE_MAX];

		memset(text, 'x', sizeof(text) - 1);
		memset(rest, 'y', sizeof(rest));
		rest[length - two] = '\0';
		world_begin();
		log_say(&log, LOG_NORMAL, "%s%s%s%d%s%d%s and a text that is"
			" long enough to be cut", text, text, rest,
			123456, "\n", 27, "\x01");
		ck_assert_ptr_nonnull(strstr(said(), "..."));
	}
}
END_TEST

/* ---- readers ---- */

static void say_at(struct log *log, const char *text, uint64_t ms)
{
	log_say(log, LOG_NORMAL, "%s", text);
	unit_check(sim_now_ms() == ms, "'%s' at %d ms, not %d", text,
		   (int)sim_now_ms(), (int)ms);
}

START_TEST(a_stuck_reader_loses_messages_and_is_waited_for_only_once)
{
	struct sim_process *self = world_begin();
	struct log log = { .level = LOG_NORMAL };

	sim_set_stream(self, 2, SIM_STREAM_STUCK);
	for (unsigned i = 1; i <= 10; i++) {
		say_at(&log, "lost", LOG_PATIENCE_MS);
		ck_assert_uint_eq(world_calls(SYS_ppoll), i);
	}

	/* It reads again: the message goes through, patience is back. */
	sim_set_stream(self, 2, SIM_STREAM_FILE);
	say_at(&log, "seen", LOG_PATIENCE_MS);
	ck_assert_str_eq(said(), "seen");
	sim_set_stream(self, 2, SIM_STREAM_STUCK);
	say_at(&log, "lost", 2 * LOG_PATIENCE_MS);
	ck_assert_str_eq(said(), "seen");
}
END_TEST

START_TEST(a_reader_who_reads_is_not_waited_for)
{
	struct log log = { .level = LOG_NORMAL };

	world_begin();
	say_at(&log, "x", 0);
	ck_assert_str_eq(said(), "x");
	ck_assert_uint_eq(world_calls(SYS_ppoll), 1);
}
END_TEST

START_TEST(where_poll_is_refused_the_message_is_written_all_the_same)
{
	static const int errors[] = { ENOSYS, EPERM, EINTR, ENOMEM, EINVAL };

	for (size_t i = 0; i < UNIT_COUNT(errors); i++) {
		struct log log = { .level = LOG_NORMAL };

		world_begin();
		world_answer(SYS_ppoll, 0, -errors[i]);
		say_at(&log, "x", 0);
		say_at(&log, "x", 0);
		ck_assert_str_eq(sim_output(2), "foster: x\nfoster: x\n");
	}
}
END_TEST

/* Whatever does not fit is lost, and the streams stay as they are. */
START_TEST(a_terminal_without_space_holds_nothing_up)
{
	struct log log = { .level = LOG_NORMAL };

	sim_set_stream(world_begin(), 2, SIM_STREAM_CROWDED);
	say_at(&log, "a message", 0);
	say_at(&log, "another", 0);
	ck_assert_str_eq(sim_output(2), "fostefoste");
	world_check_closed();
}
END_TEST

/* No /proc, or a terminal that belongs to somebody else: as any file. */
START_TEST(a_terminal_that_cannot_be_opened_again_is_written_to_all_the_same)
{
	static const int errors[] = { ENOENT, EACCES, ENXIO, EMFILE, EIO };

	for (size_t i = 0; i < UNIT_COUNT(errors); i++) {
		struct log log = { .level = LOG_NORMAL };

		sim_set_stream(world_begin(), 2, SIM_STREAM_TERMINAL);
		world_answer(SYS_openat, 0, -errors[i]);
		say_at(&log, "x", 0);
		ck_assert_str_eq(said(), "x");
		ck_assert_uint_eq(world_calls(SYS_close), 0);
	}
}
END_TEST

/* The first call of this number fails, and no other. */
static struct {
	long number, error;
} first_call;

static long fail_first(void *context, const struct sim_call *call)
{
	long error = first_call.error;

	(void)context;
	if (call->number != first_call.number)
		return 0;
	first_call.error = 0;
	return error;
}

static struct sim_process *begin_failing(enum sim_stream stream, long number,
					 long error)
{
	struct sim_process *self = world_begin();

	sim_set_stream(self, 2, stream);
	first_call.number = number;
	first_call.error = error;
	sim.hooks.fault = fail_first;
	sim.keeps_calls = true;
	return self;
}

START_TEST(a_terminal_of_another_user_is_opened_as_the_controlling_one)
{
	struct log log = { .level = LOG_NORMAL };

	begin_failing(SIM_STREAM_CROWDED, SYS_openat, -EACCES);
	sim_give_terminal(1, 1);
	say_at(&log, "a message", 0);
	ck_assert_str_eq(sim_output(2), "foster: a message\n");
	world_check_closed();
}
END_TEST

/* Poll is refused: it comes to the write, which must not wait. */
/* What is written there is for somebody else. */
START_TEST(the_controlling_terminal_is_not_opened_for_another_one)
{
	struct log log = { .level = LOG_NORMAL };

	begin_failing(SIM_STREAM_TERMINAL, SYS_openat, -EACCES);
	say_at(&log, "a message", 0);
	ck_assert_str_eq(sim_output(2), "foster: a message\n");
	ck_assert_uint_eq(sim_calls_of(SYS_openat), 1);
}
END_TEST

/* What log_say() asks before it writes, and the answer. */
static char taken[LOG_LINE_MAX];
static int answer;

static int take(void *context, const struct foster_event *event)
{
	ck_assert_str_eq(context, "context");
	ck_assert_int_eq(event->kind, FOSTER_MESSAGE);
	ck_assert_uint_eq(event->size, sizeof(*event));
	strcpy(taken, event->text);
	return answer == 0 ? 0 : event->value;
}

START_TEST(a_message_is_the_caller_s_to_take)
{
	static char context[] = "context";
	const struct foster_options options = { .event = take,
						.context = context };
	struct log log = { .level = LOG_NORMAL, .options = &options };

	for (answer = 0; answer <= 1; answer++) {
		world_begin();
		log_say(&log, LOG_NORMAL, "one %d", 1);
		ck_assert_str_eq(taken, "one 1");
		ck_assert_uint_eq(world_calls(SYS_write), (unsigned)answer);
	}
	ck_assert_str_eq(said(), "one 1");
}
END_TEST

START_TEST(a_caller_who_takes_nothing_is_not_asked)
{
	const struct foster_options options = { .event = NULL };
	struct log log = { .level = LOG_NORMAL, .options = &options };

	world_begin();
	log_say(&log, LOG_NORMAL, "a message");
	ck_assert_str_eq(said(), "a message");
}
END_TEST

START_TEST(a_full_pipe_or_socket_holds_no_write_up)
{
	static const enum sim_stream streams[] = {
		SIM_STREAM_STUCK, SIM_STREAM_SOCKET_STUCK,
	};

	for (size_t i = 0; i < UNIT_COUNT(streams); i++) {
		struct log log = { .level = LOG_NORMAL };

		sim_set_stream(world_begin(), 2, streams[i]);
		world_answer(SYS_ppoll, 0, -ENOSYS);
		say_at(&log, "lost", 0);
		ck_assert_str_eq(sim_output(2), "");
		world_check_closed();
	}
}
END_TEST

START_TEST(a_socket_gets_the_message_by_send)
{
	struct log log = { .level = LOG_NORMAL };

	sim_set_stream(world_begin(), 2, SIM_STREAM_SOCKET);
	say_at(&log, "x", 0);
	ck_assert_str_eq(sim_output(2), "foster: x\n");
	ck_assert_uint_eq(world_calls(SYS_sendto), 1);
	ck_assert_uint_eq(world_calls(SYS_write), 0);
}
END_TEST

START_TEST(where_send_is_refused_a_socket_is_written_to)
{
	static const int errors[] = { ENOSYS, EPERM };

	for (size_t i = 0; i < UNIT_COUNT(errors); i++) {
		struct log log = { .level = LOG_NORMAL };

		sim_set_stream(world_begin(), 2, SIM_STREAM_SOCKET);
		world_answer(SYS_sendto, 0, -errors[i]);
		say_at(&log, "x", 0);
		ck_assert_str_eq(said(), "x");
	}
}
END_TEST

START_TEST(where_the_type_is_not_known_the_message_is_written_all_the_same)
{
	static const enum sim_stream streams[] = {
		SIM_STREAM_FILE, SIM_STREAM_TERMINAL, SIM_STREAM_SOCKET,
	};

	for (size_t i = 0; i < UNIT_COUNT(streams); i++) {
		struct log log = { .level = LOG_NORMAL };

		sim_set_stream(world_begin(), 2, streams[i]);
		world_answer(SYS_statx, 0, -ENOSYS);
		say_at(&log, "x", 0);
		ck_assert_str_eq(said(), "x");
	}
}
END_TEST

/* Another writer was faster: the message waits again. */
START_TEST(a_message_whose_space_was_taken_is_written_later)
{
	struct log log = { .level = LOG_NORMAL };

	begin_failing(SIM_STREAM_FILE, SYS_write, -EAGAIN);
	say_at(&log, "x", 0);
	ck_assert_str_eq(sim_output(2), "foster: x\n");
	ck_assert_uint_eq(sim_calls_of(SYS_write), 2);
	ck_assert_uint_eq(sim_calls_of(SYS_ppoll), 2);
}
END_TEST

enum { TRIES_MAX = 16 };

START_TEST(a_message_is_lost_when_its_space_is_taken_again_and_again)
{
	struct log log = { .level = LOG_NORMAL };

	world_begin();
	world_answer(SYS_write, 0, -EAGAIN);
	say_at(&log, "x", 0);
	ck_assert_uint_eq(world_calls(SYS_write), TRIES_MAX);
}
END_TEST

START_TEST(any_text_is_written_as_a_message_is)
{
	struct log log = { .level = LOG_QUIET };

	sim_set_stream(world_begin(), 2, SIM_STREAM_STUCK);
	log_write(&log, "any text\n", 9);
	ck_assert(log.is_stuck);
	ck_assert_int_eq((int)sim_now_ms(), LOG_PATIENCE_MS);
	log_write(&log, "any text\n", 9);
	ck_assert_int_eq((int)sim_now_ms(), LOG_PATIENCE_MS);
	world_begin();
	log_write(&log, "any text\n", 9);
	ck_assert(!log.is_stuck);
	ck_assert_str_eq(sim_output(2), "any text\n");
}
END_TEST

START_TEST(a_write_that_fails_or_is_short_is_not_repeated)
{
	static const long answers[] = { -EINTR, -EIO, -EPIPE, 3 };

	for (size_t i = 0; i < UNIT_COUNT(answers); i++) {
		struct log log = { .level = LOG_NORMAL };

		world_begin();
		world_answer(SYS_write, 0, answers[i]);
		say_at(&log, "a message", 0);
		ck_assert_uint_eq(world_calls(SYS_write), 1);
	}
}
END_TEST

Suite *log_suite(void)
{
	Suite *suite = suite_create("log");
	TCase *messages = unit_tcase(suite, "messages");
	TCase *lengths = unit_tcase(suite, "lengths");
	TCase *readers = unit_tcase(suite, "readers");

	unit_add(messages,
		 a_message_is_one_line_in_one_write_on_standard_error);
	unit_add(messages, every_byte_of_an_argument_is_visible);
	unit_add(messages, every_two_bytes_make_one_line);
	unit_add(messages, names_in_any_language_are_written_as_they_are);
	unit_add(messages, a_long_name_is_cut_behind_a_whole_character);
	unit_add(messages, numbers_are_written_as_printf_writes_them);
	unit_add(messages, each_kind_of_argument_leaves_the_next_one_alone);
	unit_add(messages, a_message_is_said_where_the_level_is_high_enough);
	unit_add(lengths,
		 a_line_of_every_length_is_whole_or_ends_in_three_dots);
	unit_add(lengths, every_kind_of_argument_may_be_cut_anywhere);
	unit_add(lengths,
		 a_long_argument_keeps_its_beginning_its_end_and_the_reason);
	unit_add(readers, a_reader_who_reads_is_not_waited_for);
	unit_add(readers,
		 a_stuck_reader_loses_messages_and_is_waited_for_only_once);
	unit_add(readers,
		 where_poll_is_refused_the_message_is_written_all_the_same);
	unit_add(readers, a_terminal_without_space_holds_nothing_up);
	unit_add(readers,
		 a_terminal_that_cannot_be_opened_again_is_written_to_all_the_same);
	unit_add(readers,
		 a_terminal_of_another_user_is_opened_as_the_controlling_one);
	unit_add(readers,
		 the_controlling_terminal_is_not_opened_for_another_one);
	unit_add(readers, a_message_is_the_caller_s_to_take);
	unit_add(readers, a_caller_who_takes_nothing_is_not_asked);
	unit_add(readers, a_full_pipe_or_socket_holds_no_write_up);
	unit_add(readers, a_socket_gets_the_message_by_send);
	unit_add(readers, where_send_is_refused_a_socket_is_written_to);
	unit_add(readers,
		 where_the_type_is_not_known_the_message_is_written_all_the_same);
	unit_add(readers, a_message_whose_space_was_taken_is_written_later);
	unit_add(readers,
		 a_message_is_lost_when_its_space_is_taken_again_and_again);
	unit_add(readers, any_text_is_written_as_a_message_is);
	unit_add(readers, a_write_that_fails_or_is_short_is_not_repeated);
	return suite;
}
