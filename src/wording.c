#include "wording.h"
#include "text.h"
#include "abi.h"

#ifdef FOSTER_PACKED
#include <packed.h>

/* host/pack.c, which wrote the tables, keeps to these. */
enum {
	FIRST_CHARACTER = ' ',
	FIRST_PHRASE = 'z' + 1,
	SHORTEST_PHRASE = 2,
	JUMP = 3,
	WAITING_MAX = 512,
};

static IN_LINE bool is_character(unsigned char byte)
{
	return (byte >= FIRST_CHARACTER && byte < FIRST_PHRASE) || byte == '\n';
}

/*
 * strings[] has the phrases, from the byte FIRST_PHRASE on, and behind them
 * the other texts. Both are sorted by length; counts[] says how many there are
 * of each, or with -1, -2 and so on that the next length is 0, JUMP and so on.
 * A byte that is no character stands for a phrase, but 0 for the end. What is
 * yet to be put waits on a stack.
 */
char *wording_put(char *to, wording from)
{
	signed char waiting[WAITING_MAX], *top = waiting + WAITING_MAX;
	signed char byte = (signed char)from;

	*--top = 0;
	do {
		const signed char *next = strings, *counted = counts;
		long number = (unsigned char)(byte - FIRST_PHRASE), count;
		long length = SHORTEST_PHRASE;

		while ((count = *counted++) <= number) {
			if (count < 0) {
				length = ~count * JUMP;
				continue;
			}
			number -= count;
			next += count * length++;
		}
		next += number * length;
		top -= length;
		while (length-- > 0)
			top[length] = next[length];
		while (is_character((unsigned char)(byte = *top++)))
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
