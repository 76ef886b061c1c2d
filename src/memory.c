/*
 * What compilers call on their own for loops and structures, even where there
 * is no libc (gcc(1), -ffreestanding).
 */
#include <stddef.h>

void *memset(void *to, int byte, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);

typedef unsigned long __attribute__((may_alias, aligned(1))) memory_word;

/* Behind a step of a loop, which is not to become a call again. */
#define NO_CALL __asm__ volatile("")

__attribute__((used)) void *memset(void *to, int byte, size_t size)
{
	const memory_word pattern = ~0UL / 255 * (unsigned char)byte;
	char *at = to;

	for (; size >= 4 * sizeof(memory_word); size -= 4 * sizeof(memory_word)) {
		memory_word *words = (memory_word *)at;

		words[0] = words[1] = words[2] = words[3] = pattern;
		at += 4 * sizeof(memory_word);
		NO_CALL;
	}
	for (; size > 0; size--) {
		*at++ = (char)byte;
		NO_CALL;
	}
	return to;
}

__attribute__((used)) void *memcpy(void *restrict to, const void *restrict from,
				   size_t size)
{
	const char *source = from;
	char *at = to;

	for (; size > 0; size--) {
		*at++ = *source++;
		NO_CALL;
	}
	return to;
}
