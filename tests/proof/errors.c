/* errors.c: every error the kernel has, in words. */
#include "proof.h"
#include "errors.h"
#include "text.h"

enum { ERROR_LAST = -4095 /* MAX_ERRNO, linux/err.h */ };

void proves_errors_text(void)
{
	char text[ERRORS_TEXT_SIZE];
	int error = any_int();
	const char *words;

	assume(error < 0 && error >= ERROR_LAST);
	words = errors_text(error, text);
	prove(*words != '\0');
	prove(words != text || ends_within(text, ERRORS_TEXT_SIZE));
	prove(words != text ||
	      text_whole_number(text + text_length("error "), -ERROR_LAST) ==
		      -error);
	reached_if(words == text && error == ERROR_LAST, "a number");
	reached_if(words != text && error == -1, "words");
}
