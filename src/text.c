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

char *text_put_line(char *to, const char *text, const char *key)
{
	text = text_behind(text, key);
	if (text == NULL)
		return NULL;
	while (*text != '\n' && *text != '\0')
		*to++ = *text++;
	*to = '\0';
	return to;
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
	while (*at >= '0' && *at <= '9') {
		number = number * 10 + (*at++ - '0');
		if (number > most)
			return -1;
	}
	*cursor = at;
	return number;
}

int64_t text_whole_number(const char *text, int64_t most)
{
	int64_t number = text_number(&text, most);

	return *text == '\0' ? number : -1;
}

char *text_put(char *to, const char *from)
{
	while ((*to = *from++) != '\0')
		to++;
	return to;
}

char *text_put_number(char *to, int number)
{
	unsigned rest = (unsigned)number;
	char digits[TEXT_NUMBER_SIZE], *at = digits + TEXT_NUMBER_SIZE - 1;

	*at = '\0';
	do
		*--at = (char)('0' + rest % 10);
	while ((rest /= 10) != 0);
	return text_put(to, at);
}
