/*
 * eats - uses memory, page by page, until somebody ends it.
 *
 *	eats MIB	at most so much, then exits with 0
 */
#include "actor.h"

enum { MIB = 1 << 20 };

int main(int argc, char **argv)
{
	long left = argc == 2 ? (long)number_of(argv[1]) : 0;

	for (; left > 0; left--) {
		char *bytes = malloc(MIB);

		if (bytes == NULL)
			return ACTOR_FAILED;
		memset(bytes, 1, MIB);
		/* What is never read could be left out. */
		__asm__ volatile("" : : "r"(bytes) : "memory");
	}
	return 0;
}
