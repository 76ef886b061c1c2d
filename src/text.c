#include "text.h"

size_t text_length(const char *text)
{
	size_t length = 0;

	while (text[length] != '\0')
		length++;
	return length;
}

bool text_equal(const char *one, const char *other)
{
	const char *rest = text_after(one, other);

	return rest != NULL && *rest == '\0';
}

const char *text_after(const char *text, const char *prefix)
{
	while (*prefix != '\0')
		if (*text++ != *prefix++)
			return NULL;
	return text;
}

const char *text_find(const char *text, char c)
{
	for (; *text != '\0'; text++)
		if (*text == c)
			return text;
	return NULL;
}

size_t text_printable(const char *text)
{
	unsigned char first = (unsigned char)text[0], least = 0x80;
	size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	if (first < 0x80)
		return first >= ' ' && first != 0x7f;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	/* Below stand control characters, or what a shorter form is for. */
	if (first == 0xc2 || first == 0xe0)
		least = 0xa0;
	else if (first == 0xf0)
		least = 0x90;
	if ((unsigned char)text[1] < least)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

int64_t text_number(const char **cursor, int64_t limit)
{
	const char *digit = *cursor;
	int64_t number = 0;

	if (*digit < '0' || *digit > '9')
		return -1;
	while (*digit >= '0' && *digit <= '9') {
		number = number * 10 + (*digit++ - '0');
		if (number > limit)
			return -1;
	}
	*cursor = digit;
	return number;
}

int64_t text_whole_number(const char *text, int64_t limit)
{
	int64_t number = text_number(&text, limit);

	return *text == '\0' ? number : -1;
}

char *text_put_number(char *to, unsigned number)
{
	char digits[TEXT_NUMBER_SIZE], *digit = digits + TEXT_NUMBER_SIZE - 1;

	*digit = '\0';
	do
		*--digit = (char)('0' + number % 10);
	while ((number /= 10) != 0);
	return text_put(to, digit);
}

char *text_put(char *to, const char *from)
{
	while ((*to = *from++) != '\0')
		to++;
	return to;
}

void text_cut(char *to, size_t size, const char *from)
{
	while (size-- > 1 && *from != '\0')
		*to++ = *from++;
	*to = '\0';
}
