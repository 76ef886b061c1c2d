#include "wording.h"
#include "text.h"

#ifdef FOSTER_PACKED
#include <packed.h>

/* host/pack.c, which wrote the tables, keeps to these. */
enum { FIRST_CHARACTER = '\t', WAITING_MAX = 512 };

/*
 * In the tables a byte below FIRST_CHARACTER stands for a whole text, whose
 * number it is, or for a phrase if it is negative. All are written from their
 * ends, so that the bytes waiting to be put are a stack. A NUL stands behind
 * each text; phrases, from -1 on, are sorted by length, and a NUL stands
 * before those that are longer by a byte.
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
