/*
 * check_log.c - one message, one line, one write (log.h), through a door
 * that keeps what is written.
 */
#include "log.h"
#include "door.h"
#include "unit.h"

#include <limits.h>
#include <stdio.h>

enum { STANDARD_ERROR = 2 };

static const char prefix[] = "foster: ";

/* What the last message says, without the prefix and the newline. */
static const char *said(void)
{
	static char text[DOOR_TEXT_MAX];
	size_t length = door.last_write.length;

	unit_check(door.write_count == 1, "%u writes", door.write_count);
	unit_check(door.last_write.fd == STANDARD_ERROR, "written to %d",
		   door.last_write.fd);
	unit_check(length <= LOG_LINE_MAX, "a line of %zu bytes", length);
	unit_check(length > sizeof(prefix) - 1 &&
		   memcmp(door.last_write.text, prefix,
			  sizeof(prefix) - 1) == 0,
		   "it begins '%.20s'", door.last_write.text);
	unit_check(memchr(door.last_write.text, '\n', length) ==
		   door.last_write.text + length - 1, "it is not one line");
	length -= sizeof(prefix);
	memcpy(text, door.last_write.text + sizeof(prefix) - 1, length);
	text[length] = '\0';
	return text;
}

#define check_said(expected, ...) do { \
	struct log log = { .level = LOG_NORMAL }; \
	door_reset(); \
	log_say(&log, LOG_NORMAL, __VA_ARGS__); \
	unit_check(strcmp(said(), expected) == 0, "'%s', not '%s'", said(), \
		   expected); \
} while (0)

/* How a byte of an argument is to be seen. */
static const char *visible(int byte)
{
	static char text[8];

	static const char short_names[] = "abtnvfr";

	if (byte >= '\a' && byte <= '\r') {
		snprintf(text, sizeof(text), "\\%c", short_names[byte - '\a']);
		return text;
	}
	snprintf(text, sizeof(text), byte < 32 || byte == 127 ? "\\x%02x" :
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

			strcpy(expected, visible(first));
			strcat(expected, visible(second));
			door_reset();
			log_say(&log, LOG_NORMAL, "%s", text);
			unit_check(strcmp(said(), expected) == 0, "'%s'",
				   said());
		}
}
END_TEST

START_TEST(numbers_signals_and_deaths_have_their_words)
{
	static const int numbers[] = { 0, 1, 9, 10, 4194303, INT_MAX };
	char expected[32];

	for (size_t i = 0; i < UNIT_COUNT(numbers); i++) {
		snprintf(expected, sizeof(expected), "%d.", numbers[i]);
		check_said(expected, "%d.", numbers[i]);
	}
	check_said("SIGTERM", "%g", 15);
	check_said("SIGRTMIN+3 to 7", "%g to %d", 37, 7);
	check_said("signal 32", "%g", 32);
	check_said("exit status 3!", "%w!", 3 << 8);
	check_said("killed by SIGSEGV (core dumped)!", "%w!", 11 | 0x80);
	check_said("'x': permission denied 7", "'%s': %e %d", "x", -E_ACCES,
		   7);
}
END_TEST

/* Those that a start can end in; the others have their number. */
START_TEST(every_error_is_said_in_words_or_by_its_number)
{
	static const int usual[] = {
		E_PERM, E_NOENT, E_IO, E_TOOBIG, E_NOEXEC, E_AGAIN, E_NOMEM,
		E_ACCES, E_NOTDIR, E_MFILE, E_TXTBSY, E_NAMETOOLONG, E_NOSYS,
		E_LOOP, E_LIBBAD,
	};
	char words[UNIT_COUNT(usual)][128], number[32];
	struct log log = { .level = LOG_NORMAL };
	size_t count = 0;

	for (int error = 1; error <= 4095; error++) {
		door_reset();
		log_say(&log, LOG_NORMAL, "%e", -error);
		if (count < UNIT_COUNT(usual) && error == usual[count]) {
			strcpy(words[count], said());
			for (const char *c = words[count]; *c != '\0'; c++)
				unit_check((*c >= 'a' && *c <= 'z') ||
					   *c == ' ', "error %d is '%s'",
					   error, said());
			for (size_t i = 0; i < count; i++)
				unit_check(strcmp(words[i], words[count]) != 0,
					   "errors %d and %d are '%s'", error,
					   usual[i], words[i]);
			count++;
		} else if (error != E_NFILE) {
			snprintf(number, sizeof(number), "error %d", error);
			unit_check(strcmp(said(), number) == 0,
				   "error %d is '%s'", error, said());
		}
	}
	ck_assert_uint_eq(count, UNIT_COUNT(usual));
	door_reset();
	log_say(&log, LOG_NORMAL, "%e", -E_NFILE);
	ck_assert_str_eq(said(), "too many open files");
}
END_TEST

START_TEST(each_kind_of_argument_leaves_the_next_one_alone)
{
	check_said("a70SIGHUPexit status 1b8endSIGRTMIN+1killed by SIGKILL7",
		   "%s%d%g%w%s%d%s%g%w%d", "a", 70, 1, 256, "b", 8, "end", 35,
		   9, 7);
}
END_TEST

START_TEST(a_message_is_said_where_the_level_is_high_enough)
{
	for (int level = LOG_QUIET; level <= LOG_EVERYTHING; level++) {
		for (int needed = LOG_QUIET; needed <= LOG_EVERYTHING;
		     needed++) {
			struct log log = { .level = level };
			bool is_said = needed <= level;

			door_reset();
			log_say(&log, needed, "x");

			unit_check(door.write_count == is_said,
				   "level %d, needed %d", level, needed);
			/* What is not said costs nothing. */
			unit_check(is_said || door.calls == 0,
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
enum { CUT_ROOM = 8 };

static void check_length(const char *argument, const char *expected)
{
	struct log log = { .level = LOG_NORMAL };
	size_t length = strlen(expected);
	size_t whole = sizeof(prefix) - 1 + length + 1;
	const char *text;
	bool is_cut;

	door_reset();
	log_say(&log, LOG_NORMAL, "%s", argument);
	text = said();

	is_cut = strcmp(text, expected) != 0;
	unit_check(!is_cut || whole > LOG_LINE_MAX - CUT_ROOM,
		   "%zu bytes are cut", whole);
	unit_check(is_cut || whole <= LOG_LINE_MAX, "%zu bytes are not cut",
		   whole);
	if (!is_cut)
		return;
	length = strlen(text);
	unit_check(length >= 3 && strcmp(text + length - 3, "...") == 0,
		   "%zu bytes end in '%s'", whole, text + length - 3);
	unit_check(strncmp(text, expected, length - 3) == 0,
		   "%zu bytes are another text", whole);
	unit_check(door.last_write.length >= LOG_LINE_MAX - CUT_ROOM,
		   "%zu bytes are cut to %zu", whole, door.last_write.length);
}

START_TEST(a_line_of_every_length_is_whole_or_ends_in_three_dots)
{
	static char text[3000], expected[12000];

	for (size_t length = 0; length < sizeof(text) - 1; length++) {
		memset(text, 'x', length);
		text[length] = '\0';
		check_length(text, text);
		/* A byte that is made visible takes four. */
		memset(text, '\x01', length);
		expected[0] = '\0';
		for (size_t i = 0; i < length && i < sizeof(text) / 4; i++)
			memcpy(expected + 4 * i, "\\x01", 5);
		check_length(text, expected);
	}
}
END_TEST

/* Nothing is wrong with any place where the end of the line may fall. */
START_TEST(every_kind_of_argument_may_be_cut_anywhere)
{
	static char text[LOG_LINE_MAX + 1];

	for (size_t length = LOG_LINE_MAX - 64; length <= LOG_LINE_MAX;
	     length++) {
		struct log log = { .level = LOG_NORMAL };

		memset(text, 'x', length);
		text[length] = '\0';
		door_reset();
		log_say(&log, LOG_NORMAL, "%s%d%s%g%w and a text that is long"
			" enough to be cut", text, -123456, "\n", 27, 139);
		ck_assert_ptr_nonnull(strstr(said(), "..."));
	}
}
END_TEST

/* ---- readers ---- */

START_TEST(a_reader_is_waited_for_with_patience_and_a_bound)
{
	struct log log = { .level = LOG_NORMAL };

	door_reset();
	log_say(&log, LOG_NORMAL, "x");

	ck_assert_uint_eq(door.poll_count, 1);
	ck_assert_int_eq(door.polled_fd, STANDARD_ERROR);
	ck_assert_int_eq(door.polled_events, POLL_OUT);
	ck_assert_int_eq(door.poll_limit_ms, LOG_PATIENCE_MS);
	ck_assert_uint_eq(door.write_count, 1);
}
END_TEST

START_TEST(a_stuck_reader_loses_messages_and_is_waited_for_only_once)
{
	struct log log = { .level = LOG_NORMAL };

	door_reset();
	door.poll_answer = 0;
	log_say(&log, LOG_NORMAL, "lost");
	ck_assert_int_eq(door.poll_limit_ms, LOG_PATIENCE_MS);
	for (unsigned i = 2; i <= 10; i++) {
		log_say(&log, LOG_NORMAL, "lost");
		ck_assert_int_eq(door.poll_limit_ms, 0);
		ck_assert_uint_eq(door.poll_count, i);
	}
	ck_assert_uint_eq(door.write_count, 0);

	/* It reads again: the message goes through, patience is back. */
	door.poll_answer = 1;
	log_say(&log, LOG_NORMAL, "seen");
	ck_assert_int_eq(door.poll_limit_ms, 0);
	ck_assert_str_eq(said(), "seen");
	log_say(&log, LOG_NORMAL, "seen");
	ck_assert_int_eq(door.poll_limit_ms, LOG_PATIENCE_MS);
	ck_assert_uint_eq(door.write_count, 2);
}
END_TEST

START_TEST(where_poll_is_refused_the_message_is_written_all_the_same)
{
	static const int errors[] = { E_NOSYS, E_PERM, E_INTR, E_NOMEM,
				      E_INVAL };

	for (size_t i = 0; i < UNIT_COUNT(errors); i++) {
		struct log log = { .level = LOG_NORMAL };

		door_reset();
		door.poll_answer = -errors[i];
		log_say(&log, LOG_NORMAL, "x");
		log_say(&log, LOG_NORMAL, "x");
		ck_assert_uint_eq(door.write_count, 2);
	}
}
END_TEST

START_TEST(a_write_that_fails_or_is_short_is_not_repeated)
{
	static const long answers[] = { -E_INTR, -E_AGAIN, -E_IO, 0, 3 };

	for (size_t i = 0; i < UNIT_COUNT(answers); i++) {
		struct log log = { .level = LOG_NORMAL };

		door_reset();
		door.fails_writes = true;
		door.write_answer = answers[i];
		log_say(&log, LOG_NORMAL, "a message");
		ck_assert_uint_eq(door.write_count, 1);
	}
}
END_TEST

Suite *log_suite(void);

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
	unit_add(messages, numbers_signals_and_deaths_have_their_words);
	unit_add(messages, every_error_is_said_in_words_or_by_its_number);
	unit_add(messages, each_kind_of_argument_leaves_the_next_one_alone);
	unit_add(messages, a_message_is_said_where_the_level_is_high_enough);
	unit_add(lengths,
		 a_line_of_every_length_is_whole_or_ends_in_three_dots);
	unit_add(lengths, every_kind_of_argument_may_be_cut_anywhere);
	unit_add(readers, a_reader_is_waited_for_with_patience_and_a_bound);
	unit_add(readers,
		 a_stuck_reader_loses_messages_and_is_waited_for_only_once);
	unit_add(readers,
		 where_poll_is_refused_the_message_is_written_all_the_same);
	unit_add(readers, a_write_that_fails_or_is_short_is_not_repeated);
	return suite;
}
