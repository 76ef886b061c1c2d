#include "wording.h"
#include "text.h"

#ifdef FOSTER_PACKED
#include <packed.h>

/* host/pack.c, which wrote the tables, keeps to these. */
enum { FIRST_CHARACTER = '\t', WAITING_MAX = 512 };

/*
 * In the table stand first the phrases, -1, -2 and so on, sorted by length: a
 * NUL stands before those that are longer, one for each byte. Then come the
 * texts, 1, 2 and so on, a NUL before each, as if those of one length were a
 * text of their own; there are LENGTHS of these. A byte below FIRST_CHARACTER
 * is the number of a text or of a phrase that stands there. What is yet to be
 * put waits on a stack.
 */
char *wording_put(char *to, wording from)
{
	signed char waiting[WAITING_MAX], *top = waiting;
	int byte = from;

	*top++ = 0;
	do {
		const signed char *next = packed;
		int number = byte > 0 ? byte + LENGTHS : -byte;
		size_t left = 1;

		for (;;) {
			for (; *next == 0; next++)
				left++;
			if (byte > 0)
				for (left = 0; next[left] != 0; left++)
					;
			if (--number == 0)
				break;
			next += left;
		}
		while (left > 0)
			*top++ = next[--left];
		while ((byte = *--top) >= FIRST_CHARACTER)
			*to++ = (char)byte;
	} while (byte != 0);
	*to = '\0';
	return to;
}
#else
char *wording_put(char *to, wording from)
{
	return text_put(to, from);
}
#endif
