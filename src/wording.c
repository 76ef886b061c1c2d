#include "wording.h"
#include "text.h"

#ifdef FOSTER_PACKED
#include <packed.h>

/* host/pack.c, which wrote the tables, keeps to these. */
enum { FIRST_CHARACTER = '\t', SHORTEST_PHRASE = 2, WAITING_MAX = 512 };

/*
 * phrases[] has the phrases, -1, -2 and so on, sorted by length; phrase_counts[]
 * how many there are of each. texts[] has the texts, 1, 2 and so on, a NUL
 * behind each. A byte below FIRST_CHARACTER is the number of a text or of a
 * phrase that stands there. What is yet to be put waits on a stack.
 */
char *wording_put(char *to, wording from)
{
	signed char waiting[WAITING_MAX], *top = waiting;
	int byte = from;

	*top++ = 0;
	do {
		const signed char *next = texts;
		int left = 0;

		if (byte < 0) {
			const unsigned char *count = phrase_counts;

			next = phrases;
			for (left = SHORTEST_PHRASE; byte < -*count; left++) {
				byte += *count;
				next += *count++ * left;
			}
			next -= (byte + 1) * left;
		} else {
			while (--byte > 0)
				while (*next++ != 0)
					;
			while (next[left] != 0)
				left++;
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
