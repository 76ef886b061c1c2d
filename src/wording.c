#include "wording.h"
#include "text.h"

#ifdef FOSTER_PACKED
#include <packed.h>

enum { FIRST_PAIR = 128, DEPTH_MAX = 16 };

/*
 * Texts are numbered, and those before this one are passed over: a number is
 * loaded with fewer bytes than a place in the table. A byte from FIRST_PAIR on
 * stands for two others, which may be of that kind again; host/pack.c sees to
 * it that DEPTH_MAX is enough.
 */
char *wording_put(char *to, wording from)
{
	const unsigned char *next = packed;
	unsigned char waiting[DEPTH_MAX];
	unsigned depth = 0;

	while (from > 0)
		from -= *next++ == '\0';
	do {
		unsigned char byte = depth > 0 ? waiting[--depth] : *next++;

		while (byte >= FIRST_PAIR) {
			const unsigned char *pair = pairs[byte - FIRST_PAIR];

			waiting[depth++] = pair[1];
			byte = pair[0];
		}
		*to++ = (char)byte;
	} while (to[-1] != '\0');
	return to - 1;
}
#else
char *wording_put(char *to, wording from)
{
	return text_put(to, from);
}
#endif
