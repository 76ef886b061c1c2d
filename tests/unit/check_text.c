/* check_text.c - strings and numbers (text.h), beside libc's. */
#include "text.h"
#include "unit.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* The highest limit that a number can be given. */
#define MOST (INT64_MAX / 16)

/* Words of which some begin others, or differ only in their ends. */
static const char *const words[] = {
	"", "a", "b", "ab", "abc", "abd", "ABC", "abcabc", "-", "--", "--a",
	"PATH", "PATH=", "PATHS", "\x80", "\xff", "\xff\x01", "\x01", " ",
	"a a", "a ",
};

START_TEST(length_is_the_count_of_bytes_before_the_nul)
{
	static char text[1025];

	for (size_t length = 0; length < sizeof(text); length++) {
		memset(text, 'x', length);
		text[length] = '\0';
		unit_check(text_length(text) == length, "%zu bytes", length);
	}
	for (int byte = 1; byte <= UCHAR_MAX; byte++) {
		char one[2] = { (char)byte, '\0' };

		unit_check(text_length(one) == 1, "byte %d", byte);
	}
}
END_TEST

START_TEST(every_pair_of_words_is_equal_or_a_prefix_as_in_libc)
{
	for (size_t i = 0; i < UNIT_COUNT(words); i++) {
		for (size_t j = 0; j < UNIT_COUNT(words); j++) {
			size_t length = strlen(words[j]);
			const char *rest =
				strncmp(words[i], words[j], length) == 0 ?
				words[i] + length : NULL;

			unit_check(text_after(words[i], words[j]) == rest,
				   "'%s' after '%s'", words[i], words[j]);
			unit_check(text_equal(words[i], words[j]) ==
				   (strcmp(words[i], words[j]) == 0),
				   "'%s' and '%s'", words[i], words[j]);
		}
	}
}
END_TEST

START_TEST(every_pair_of_bytes_is_equal_only_to_itself)
{
	for (int i = 1; i <= UCHAR_MAX; i++) {
		for (int j = 1; j <= UCHAR_MAX; j++) {
			char one[2] = { (char)i, '\0' };
			char other[2] = { (char)j, '\0' };

			unit_check(text_equal(one, other) == (i == j),
				   "bytes %d and %d", i, j);
			unit_check((text_after(one, other) != NULL) ==
				   (i == j), "bytes %d and %d", i, j);
		}
	}
}
END_TEST

START_TEST(every_byte_is_found_where_it_stands_first)
{
	for (size_t i = 0; i < UNIT_COUNT(words); i++)
		for (int byte = 1; byte <= UCHAR_MAX; byte++)
			unit_check(text_find(words[i], (char)byte) ==
				   strchr(words[i], byte), "byte %d in '%s'",
				   byte, words[i]);
	/* Not what strchr(3) does with the end. */
	ck_assert_ptr_null(text_find("abc", '\0'));
}
END_TEST

/* Writes a code point as UTF-8 has it, and a NUL. */
static size_t encode(char *to, unsigned point)
{
	size_t length = point < 0x80 ? 1 : point < 0x800 ? 2 :
			point < 0x10000 ? 3 : 4;
	static const unsigned char marks[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	to[length] = '\0';
	for (size_t i = length - 1; i > 0; i--, point >>= 6)
		to[i] = (char)(0x80 | (point & 0x3f));
	to[0] = (char)(marks[length] | point);
	return length;
}

static bool is_surrogate(unsigned point)
{
	return point >= 0xd800 && point <= 0xdfff;
}

START_TEST(every_character_but_controls_can_be_shown)
{
	char text[8];

	for (unsigned point = 0; point <= 0x10ffff; point++) {
		size_t length = encode(text, point);
		bool is_control = point < 0x20 ||
				  (point >= 0x7f && point <= 0x9f);

		unit_check(is_surrogate(point) ||
			   text_printable(text) == (is_control ? 0 : length),
			   "U+%04x", point);
		/* One that is cut short is none. */
		text[length - 1] = '\0';
		unit_check(text_printable(text) == 0, "U+%04x, cut", point);
	}
}
END_TEST

START_TEST(bytes_that_are_no_character_cannot_be_shown)
{
	static const unsigned char some[] = { 0x7f, 0x80, 0xbf, 0xc0 };
	unsigned count = 0, bytes;

	/* The characters of two and three bytes are all there are. */
	for (bytes = 0x80; bytes <= 0xff; bytes++)
		for (unsigned more = 0; more < 0x10000; more++) {
			const char text[] = { (char)bytes, (char)(more >> 8),
					      (char)more, '\0' };
			size_t length = text_printable(text);

			count += length == 3 ? 0x10000 : length == 2;
		}
	/* U+00A0 to U+07FF, each before any byte; U+0800 to U+FFFF. */
	ck_assert_uint_eq(count % 0x10000, (0x800 - 0xa0) * 0x100 % 0x10000);
	ck_assert_uint_eq(count / 0x10000, 0x10000 - 0x800 +
			  (0x800 - 0xa0) * 0x100 / 0x10000);
	/* What five bytes would be needed for, or less than four. */
	for (size_t i = 0; i < sizeof(some) * sizeof(some); i++) {
		const char tail[] = { (char)some[i / sizeof(some)],
				      (char)some[i % sizeof(some)], '\0' };
		char text[8];

		for (bytes = 0xf5; bytes <= 0xff; bytes++) {
			snprintf(text, sizeof(text), "%c\x80%s", bytes, tail);
			unit_check(text_printable(text) == 0, "%#x", bytes);
		}
		snprintf(text, sizeof(text), "\xf0\x8f%s", tail);
		unit_check(text_printable(text) == 0, "a shorter form");
	}
}
END_TEST

/* What text_number() promises, for a number that fits. */
static void check_number(const char *text, int64_t value, int64_t most)
{
	const char *cursor = text;
	int64_t expected = value <= most ? value : -1;
	size_t digits = strspn(text, "0123456789");
	int64_t number = text_number(&cursor, most);

	unit_check(number == expected, "'%s' up to %" PRId64 " is %" PRId64,
		   text, most, number);
	unit_check(expected < 0 || cursor == text + digits,
		   "the cursor is not behind the digits of '%s'", text);
	expected = text[digits] == '\0' ? expected : -1;
	number = text_whole_number(text, most);
	unit_check(number == expected, "'%s' up to %" PRId64 " is %" PRId64
		   " as a whole", text, most, number);
}

START_TEST(every_small_number_is_read_up_to_every_small_limit)
{
	char text[32];

	for (int most = 0; most <= 300; most++) {
		for (int value = 0; value <= 3100; value++) {
			snprintf(text, sizeof(text), "%d", value);
			check_number(text, value, most);
			snprintf(text, sizeof(text), "%d:", value);
			check_number(text, value, most);
			snprintf(text, sizeof(text), "000%d", value);
			check_number(text, value, most);
		}
	}
}
END_TEST

START_TEST(numbers_around_each_power_of_two_keep_to_their_limit)
{
	char text[32];

	for (int shift = 4; shift < 59; shift++) {
		int64_t power = INT64_C(1) << shift;

		for (int64_t value = power - 12; value <= power + 12; value++) {
			snprintf(text, sizeof(text), "%" PRId64, value);
			for (int64_t most = power - 3; most <= power + 3;
			     most++)
				check_number(text, value, most);
		}
	}
	check_number("576460752303423487", MOST, MOST);
	check_number("576460752303423487", MOST, MOST - 1);
	check_number("576460752303423488", MOST + 1, MOST);
	check_number("00576460752303423487", MOST, MOST);
	check_number("9223372036854775807", INT64_MAX, MOST);
}
END_TEST

START_TEST(a_number_that_overflows_is_none)
{
	static const char *const texts[] = {
		"9223372036854775808", "9223372036854775817",
		"18446744073709551615", "18446744073709551616",
		"18446744073709551617", "92233720368547758070",
		"340282366920938463463374607431768211457",
	};
	static char digits[5001];

	memset(digits, '9', sizeof(digits) - 1);
	for (size_t i = 0; i <= UNIT_COUNT(texts); i++) {
		const char *text = i < UNIT_COUNT(texts) ? texts[i] : digits;
		const char *cursor = text;

		unit_check(text_number(&cursor, MOST) == -1, "%s", text);
		unit_check(text_whole_number(text, MOST) == -1, "%s", text);
		unit_check(text_whole_number(text, 255) == -1, "%s", text);
	}
}
END_TEST

START_TEST(every_byte_but_a_digit_ends_a_number_and_begins_none)
{
	for (int byte = 1; byte <= UCHAR_MAX; byte++) {
		char behind[] = { '4', '2', (char)byte, '\0' };
		char before[] = { (char)byte, '4', '2', '\0' };
		const char *cursor = behind;

		if (byte >= '0' && byte <= '9')
			continue;
		unit_check(text_number(&cursor, 100) == 42, "byte %d", byte);
		unit_check(cursor == behind + 2, "byte %d", byte);
		unit_check(text_whole_number(behind, 100) == -1, "byte %d",
			   byte);
		cursor = before;
		unit_check(text_number(&cursor, 100) == -1, "byte %d", byte);
		unit_check(cursor == before, "byte %d", byte);
		unit_check(text_whole_number(before, 100) == -1, "byte %d",
			   byte);
	}
	ck_assert_int_eq(text_whole_number("", 100), -1);
}
END_TEST

static void check_put_number(unsigned number)
{
	char expected[32], text[TEXT_NUMBER_SIZE + 1];
	int length = snprintf(expected, sizeof(expected), "%u", number);

	memset(text, '#', sizeof(text));
	unit_check(text_put_number(text, number) == text + length,
		   "the end of %s is not given", expected);
	unit_check(strcmp(text, expected) == 0, "%s is written as %s",
		   expected, text);
	unit_check(text[TEXT_NUMBER_SIZE] == '#', "%s needs more space",
		   expected);
}

START_TEST(numbers_are_written_as_printf_writes_them)
{
	for (unsigned number = 0; number <= 100100; number++)
		check_put_number(number);
	for (int shift = 16; shift < 32; shift++)
		for (unsigned more = 0; more <= 4; more++)
			check_put_number((1U << shift) - 2 + more);
	for (unsigned number = 1; number < UINT_MAX / 10; number *= 10) {
		check_put_number(number - 1);
		check_put_number(number);
	}
	check_put_number(UINT_MAX);
}
END_TEST

START_TEST(a_copy_ends_in_a_nul_and_gives_its_place)
{
	for (size_t i = 0; i < UNIT_COUNT(words); i++) {
		size_t length = strlen(words[i]);
		char to[32];

		memset(to, '#', sizeof(to));
		unit_check(text_put(to, words[i]) == to + length, "'%s'",
			   words[i]);
		unit_check(strcmp(to, words[i]) == 0, "'%s'", words[i]);
		unit_check(to[length + 1] == '#', "'%s'", words[i]);
	}
}
END_TEST

START_TEST(a_cut_copy_is_as_long_as_fits_and_ends_in_a_nul)
{
	for (size_t i = 0; i < UNIT_COUNT(words); i++)
		for (size_t size = 1; size < 16; size++) {
			char to[32], expected[32];

			memset(to, '#', sizeof(to));
			text_cut(to, size, words[i]);
			snprintf(expected, size, "%s", words[i]);
			unit_check(strcmp(to, expected) == 0, "'%s' in %zu",
				   words[i], size);
			unit_check(to[strlen(expected) + 1] == '#',
				   "'%s' in %zu", words[i], size);
		}
}
END_TEST

Suite *text_suite(void)
{
	Suite *suite = suite_create("text");
	TCase *strings = unit_tcase(suite, "strings");
	TCase *numbers = unit_tcase(suite, "numbers");

	unit_add(strings, length_is_the_count_of_bytes_before_the_nul);
	unit_add(strings, every_pair_of_words_is_equal_or_a_prefix_as_in_libc);
	unit_add(strings, every_pair_of_bytes_is_equal_only_to_itself);
	unit_add(strings, every_byte_is_found_where_it_stands_first);
	unit_add(strings, a_copy_ends_in_a_nul_and_gives_its_place);
	unit_add(strings, a_cut_copy_is_as_long_as_fits_and_ends_in_a_nul);
	unit_add(strings, every_character_but_controls_can_be_shown);
	unit_add(strings, bytes_that_are_no_character_cannot_be_shown);
	unit_add(numbers, every_small_number_is_read_up_to_every_small_limit);
	unit_add(numbers, numbers_around_each_power_of_two_keep_to_their_limit);
	unit_add(numbers, a_number_that_overflows_is_none);
	unit_add(numbers, every_byte_but_a_digit_ends_a_number_and_begins_none);
	unit_add(numbers, numbers_are_written_as_printf_writes_them);
	return suite;
}
