/*
 * memory.c, what compilers call on their own: all bytes that are meant, and no
 * other, also where words are written at a time.
 */
#include "proof.h"

/* Not those that cbmc knows. */
#define memset foster_memset
#define memcpy foster_memcpy
#include <memory.c>

enum { START = 3, BYTES = LONGEST + 2 * START };

static unsigned char to[BYTES], old[BYTES], from[BYTES];

static void any_bytes(void)
{
	for (size_t i = 0; i < BYTES; i++) {
		old[i] = to[i] = any_uint8();
		from[i] = any_uint8();
	}
}

/* Each size, any byte, any bytes before. */
void proves_memset(void)
{
	size_t i = any_size();
	int byte = any_int();

	assume(i < BYTES);
	for (size_t size = 0; size <= LONGEST; size++) {
		bool is_meant = i >= START && i - START < size;

		any_bytes();
		prove(foster_memset(to + START, byte, size) == to + START);
		prove(to[i] == (is_meant ? (unsigned char)byte : old[i]));
	}
	reached("the end");
}

void proves_memcpy(void)
{
	size_t i = any_size();

	assume(i < BYTES);
	for (size_t size = 0; size <= LONGEST; size++) {
		bool is_meant = i >= START && i - START < size;

		any_bytes();
		prove(foster_memcpy(to + START, from + START, size) ==
		      to + START);
		prove(to[i] == (is_meant ? from[i] : old[i]));
	}
	reached("the end");
}
