/* check_errors.c - errors of the kernel in words (errors.h), beside libc's. */
#include "errors.h"
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { ERROR_MAX = 4095 }; /* include/linux/err.h */

/* Those that people look for, beside others that may have words, too. */
static const int usual[] = {
	EPERM,  ENOENT,	 ESRCH,	 EIO,	 E2BIG,	  ENOEXEC,	EAGAIN, ENOMEM,
	EACCES, ENOTDIR, EINVAL, EMFILE, ENOSPC, EBADF,  ETXTBSY,	ENAMETOOLONG,
	ENOSYS, ELOOP,	 ELIBBAD, EPIPE,
};

static bool is_usual(int error)
{
	for (size_t i = 0; i < UNIT_COUNT(usual); i++)
		if (usual[i] == error)
			return true;
	return false;
}

/* Up to what is said behind it in parentheses, or instead of its end. */
static bool begins_as_libc_says(const char *words, int error)
{
	const char *theirs = strerror(error);
	size_t length = strcspn(words, "(");

	if (words[length] == '(')
		length--;
	if (error == ELOOP) /* that of interpreters has no errno of its own */
		length = strlen(theirs);
	return strncmp(words, theirs, length) == 0 && length >= 9;
}

START_TEST(every_error_has_libc_s_words_or_its_number)
{
	for (int error = 1; error <= ERROR_MAX; error++) {
		char text[ERRORS_TEXT_SIZE + 1], number[32];
		const char *words;

		memset(text, '#', sizeof(text));
		words = errors_text(-error, text);
		snprintf(number, sizeof(number), "error %d", error);
		if (words == text || !is_usual(error))
			unit_check(!is_usual(error) &&
					   strcmp(words, number) == 0,
				   "error %d is '%s'", error, words);
		else
			unit_check(begins_as_libc_says(words, error),
				   "error %d is '%s'", error, words);
		unit_check(text[ERRORS_TEXT_SIZE] == '#',
			   "error %d needs more space", error);
	}
}
END_TEST

START_TEST(each_has_words_of_its_own)
{
	char text[ERRORS_TEXT_SIZE], other[ERRORS_TEXT_SIZE];

	for (size_t i = 0; i < UNIT_COUNT(usual); i++)
		for (size_t j = 0; j < i; j++)
			unit_check(strcmp(errors_text(-usual[i], text),
					  errors_text(-usual[j], other)) != 0,
				   "errors %d and %d", usual[i], usual[j]);
}
END_TEST

Suite *errors_suite(void)
{
	Suite *suite = suite_create("errors");
	TCase *tcase = unit_tcase(suite, "words");

	unit_add(tcase, every_error_has_libc_s_words_or_its_number);
	unit_add(tcase, each_has_words_of_its_own);
	return suite;
}
