#include "text.h"

size_t text_length(const char *text)
{
	size_t length = 0;

	while (text[length] != '\0')
		length++;
	return length;
}

const char *text_after(const char *text, const char *prefix)
{
	while (*prefix != '\0')
		if (*text++ != *prefix++)
			return NULL;
	return text;
}

const char *text_behind(const char *text, const char *key)
{
	const char *behind;

	do
		behind = text_after(text, key);
	while (behind == NULL && *text++ != '\0');
	return behind;
}

char *text_find(const char *text, char c)
{
	for (; *text != '\0'; text++)
		if (*text == c)
			return (char *)(uintptr_t)text;
	return NULL;
}

bool text_equal(const char *one, const char *other)
{
	const char *rest = text_after(one, other);

	return rest != NULL && *rest == '\0';
}

int64_t text_number(const char **cursor, int64_t most)
{
	const char *at = *cursor;
	int64_t number = 0;

	if (*at < '0' || *at > '9')
		return -1;
	for (; *at >= '0' && *at <= '9'; at++) {
		int digit = *at - '0';

		/* Looked at before it is there: it must not overflow. */
		if (digit > most || number > (most - digit) / 10)
			return -1;
		number = number * 10 + digit;
	}
	*cursor = at;
	return number;
}

int64_t text_whole_number(const char *text, int64_t most)
{
	int64_t number = text_number(&text, most);

	return *text == '\0' ? number : -1;
}

char *text_put_number(char *to, long number)
{
	/* Unsigned, since -LONG_MIN does not fit a long. */
	unsigned long rest = (unsigned long)number;
	char digits[TEXT_NUMBER_SIZE];
	unsigned count = 0;

	if (number < 0) {
		*to++ = '-';
		rest = 0 - rest;
	}
	do {
		digits[count++] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest != 0);
	while (count > 0)
		*to++ = digits[--count];
	*to = '\0';
	return to;
}

char *text_put(char *to, const char *from)
{
	while ((*to = *from++) != '\0')
		to++;
	return to;
}
