/* text.c: no text is too long, or ends in a way that it is read beyond. */
#include "proof.h"
#include "text.h"

void proves_length(void)
{
	char *text = any_text();
	size_t length = text_length(text);

	prove(is_within(text + length, text));
	prove(text[length] == '\0');
	reached_if(length == 0, "an empty text");
	reached_if(length == LONGEST, "the longest text");
}

void proves_after(void)
{
	char *text = any_text(), *prefix = any_text();
	const char *after = text_after(text, prefix);

	prove(after == NULL || is_within(after, text));
	prove(after == NULL || prefix[after - text] == '\0');
	reached_if(after == NULL, "another text");
	reached_if(after != NULL && after > text, "a text with the prefix");
}

void proves_find(void)
{
	char *text = any_text();
	char c = any_char();
	const char *found = text_find(text, c);

	prove(found == NULL || (is_within(found, text) && *found == c));
	prove(c != '\0' || found == NULL);
	reached_if(found == NULL, "not there");
	reached_if(found != NULL && found - text == LONGEST - 1, "at the end");
}

void proves_printable(void)
{
	const char *text = any_text();
	size_t length = text_printable(text);
	unsigned char first = (unsigned char)text[0];
	size_t i = any_size();

	prove(length <= 4 && length <= text_length(text));
	prove((length == 1) ==
	      (first >= ' ' && first < 0x7f));
	/* No byte of another character stands where this one goes on. */
	assume(i > 0 && i < length);
	prove((text[i] & 0xc0) == 0x80);
	prove(length != 2 || first != 0xc2 || (unsigned char)text[1] >= 0xa0);
	reached_if(length == 2, "two bytes");
	reached_if(length == 4, "four bytes");
}

void proves_equal(void)
{
	char *one = any_text(), *other = any_text();
	bool is_equal = text_equal(one, other);
	size_t i = any_size();

	assume(i <= text_length(one));
	prove(!is_equal || one[i] == other[i]);
	reached_if(is_equal && i == LONGEST, "equal");
	reached_if(!is_equal && one[0] == other[0], "not equal");
}

void proves_number(void)
{
	const char *text = any_text(), *cursor = text;
	int64_t limit = any_int64(), number;

	assume(limit >= 0 && limit <= INT64_MAX / 16);
	number = text_number(&cursor, limit);
	prove(number >= -1 && number <= limit);
	prove(is_within(cursor, text));
	prove(number >= 0 || cursor == text);
	prove(number < 0 || (*text >= '0' && *text <= '9' &&
			     (*cursor < '0' || *cursor > '9')));
	reached_if(number < 0, "no number");
	reached_if(number == 10, "a number");
}

void proves_whole_number(void)
{
	char *text = any_text();
	int64_t limit = any_int64(), number;

	assume(limit >= 0 && limit <= INT64_MAX / 16);
	number = text_whole_number(text, limit);
	prove(number >= -1 && number <= limit);
	prove(number < 0 || (*text >= '0' && *text <= '9'));
	reached_if(number < 0, "no number");
	reached_if(number == 0, "zero");
}

/* Every number: its digits fit, and are those that mean it. */
void proves_put_number(void)
{
	char buffer[TEXT_NUMBER_SIZE];
	unsigned number = any_unsigned();
	char *end = text_put_number(buffer, number);

	prove(end > buffer && end < buffer + TEXT_NUMBER_SIZE && *end == '\0');
	prove((buffer[0] == '0') == (number == 0));
	prove((unsigned)(end[-1] - '0') == number % 10);
	reached_if(end == buffer + TEXT_NUMBER_SIZE - 1, "the longest number");
	reached_if(number == 0, "the least number");
}

/* In memory of just its size. */
void proves_put(void)
{
	char *from = any_text();
	size_t length = text_length(from), i = any_size();
	char *to = malloc(length + 1), *end;

	assume(to != NULL && i <= length);
	end = text_put(to, from);
	prove(end == to + length && to[i] == from[i]);
	reached_if(length == LONGEST, "the longest text");
	reached_if(length == 0, "an empty text");
}

void proves_cut(void)
{
	char *from = any_text();
	size_t length = text_length(from), size = any_size(), i = any_size();
	char *to;

	assume(size > 0 && size <= LONGEST + 2);
	to = malloc(size);
	assume(to != NULL);
	text_cut(to, size, from);
	if (length >= size)
		length = size - 1;
	assume(i < length);
	prove(to[length] == '\0' && to[i] == from[i]);
	reached_if(from[length] != '\0', "cut");
	reached_if(from[length] == '\0' && size == length + 1, "it just fits");
}
