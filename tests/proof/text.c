/* text.c: no text is too long, or ends in a way that it is read beyond. */
#include "proof.h"
#include "text.h"

#include <limits.h>

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

/* proves_after */
const char *instead_of_text_after(const char *text, const char *prefix)
{
	size_t more = any_size();

	prove(*text == *text && *prefix == *prefix);
	if (any_bool())
		return NULL;
	assume(more < __CPROVER_OBJECT_SIZE(prefix) && prefix[more] == '\0');
	assume(more <
	       __CPROVER_OBJECT_SIZE(text) - __CPROVER_POINTER_OFFSET(text));
	return text + more;
}

void proves_behind(void)
{
	char *text = any_text(), *key = any_text();
	const char *behind = text_behind(text, key);

	prove(behind == NULL || is_within(behind, text));
	prove(behind == NULL || *key == '\0' || behind > text);
	reached_if(behind == NULL, "not there");
	reached_if(behind != NULL && behind - text == LONGEST, "the end");
}

/* proves_behind, of a key that is not empty */
static const char *place_behind;

const char *instead_of_text_behind(const char *text, const char *key)
{
	prove(*text == *text && *key == *key);
	return place_behind;
}

/* loops.txt */
const char *line_end;

/* In room for just the line, or where the text itself stands. */
void proves_put_line(void)
{
	char *text = any_text(), *key = any_text(), *to = text, *end;
	size_t more = any_size(), length = any_size();

	assume(more > 0 && more < __CPROVER_OBJECT_SIZE(text));
	assume(length < __CPROVER_OBJECT_SIZE(text) - more);
	assume(text[more + length] == '\n' || text[more + length] == '\0');
	if (any_bool())
		to = malloc(length + 1);
	assume(to != NULL);
	line_end = text + more + length;
	place_behind = any_bool() ? text + more : NULL;

	end = text_put_line(to, text, key);
	prove((end != NULL) == (place_behind != NULL));
	if (end == NULL)
		return;
	prove(__CPROVER_same_object(end, to) && end >= to);
	prove(end <= to + length && *end == '\0');
	reached_if(end == to && more == LONGEST, "all of it is key");
	reached_if(end - to == LONGEST - 1 && to == text, "in its place");
	reached_if(end - to == LONGEST - 1 && to != text, "elsewhere");
}

void proves_find(void)
{
	char *text = any_text();
	char c = any_char();
	char *found = text_find(text, c);

	prove(found == NULL || (is_within(found, text) && *found == c));
	prove(c != '\0' || found == NULL);
	reached_if(found == NULL, "not there");
	reached_if(found != NULL && found > text, "further on");
}

void proves_equal(void)
{
	char *one = any_text(), *other = any_text();
	bool is_equal = text_equal(one, other);

	prove(!is_equal || *one == *other);
	reached_if(is_equal, "equal");
	reached_if(!is_equal, "not equal");
}

void proves_number(void)
{
	const char *text = any_text(), *cursor = text;
	int64_t most = any_int64(), number;

	assume(most >= 0 && most <= INT64_MAX / 16);
	number = text_number(&cursor, most);
	prove(number >= -1 && number <= most);
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
	int64_t most = any_int64(), number;

	assume(most >= 0 && most <= INT64_MAX / 16);
	number = text_whole_number(text, most);
	prove(number >= -1 && number <= most);
	prove(number < 0 || (*text >= '0' && *text <= '9'));
	reached_if(number < 0, "no number");
	reached_if(number == 0, "zero");
}

/* Every number: its digits fit, and are those that mean it. */
void proves_put_number(void)
{
	char room[TEXT_NUMBER_SIZE];
	int number = any_int();
	char *end;

	assume(number >= 0);
	end = text_put_number(room, number);
	prove(end > room && end < room + TEXT_NUMBER_SIZE && *end == '\0');
	prove((room[0] == '0') == (number == 0));
	prove(end[-1] >= '0' && end[-1] <= '9');
	reached_if(end == room + TEXT_NUMBER_SIZE - 1, "the longest number");
	reached_if(number == 0, "the least number");
}

void proves_put(void)
{
	char *from = any_text_up_to(32);
	size_t size = __CPROVER_OBJECT_SIZE(from);
	char *to = malloc(size);
	char *end;

	assume(to != NULL);
	end = text_put(to, from);
	prove(is_within(end, to) && *end == '\0');
	reached_if(end - to == 32, "the longest text");
	reached_if(end == to, "an empty text");
}
