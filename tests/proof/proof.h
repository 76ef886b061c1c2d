/*
 * What the proofs for CBMC share. A proof is a function without arguments;
 * all that it is given is any value at all (the functions any_...), and cbmc
 * looks at every run of it at once. proofs.txt lists them.
 */
#ifndef PROOF_H
#define PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* cbmc takes what was never set for any value. */
#define ANY(type, name) \
	static inline type name(void) \
	{ \
		type any; \
		return any; \
	}
ANY(bool, any_bool)
ANY(char, any_char)
ANY(int, any_int)
ANY(unsigned, any_unsigned)
ANY(long, any_long)
ANY(size_t, any_size)
ANY(uint8_t, any_uint8)
ANY(uint32_t, any_uint32)
ANY(uint64_t, any_uint64)
ANY(int64_t, any_int64)

void *malloc(size_t size);

#define assume(what) __CPROVER_assume(what)
#define prove(what)  __CPROVER_assert((what), #what)

/*
 * This place is reached: cbmc must find a run that gets here, else all that
 * was proved was proved of nothing. prove.sh wants it to fail.
 */
#define reached(what) reached_if(true, what)

/* As `reached`, by a run of which `holds` is true. */
#ifdef FAULT
#define reached_if(holds, what)
#else
#define reached_if(holds, what) __CPROVER_assert(!(holds), "reached: " what)
#endif

/* Texts of any length up to this: proofs.txt. */
#ifndef LONGEST
#define LONGEST 16
#endif

/* Any text of at most `longest` bytes, alone in memory of just its size. */
static inline char *any_text_up_to(size_t longest)
{
	size_t length = any_size();
	char *text;

	assume(length <= longest);
	text = malloc(length + 1);
	assume(text != NULL);
	text[length] = '\0';
	return text;
}

static inline char *any_text(void)
{
	return any_text_up_to(LONGEST);
}

/* Whether `at` points into what `text` points to, and a NUL is to come. */
static inline bool is_within(const char *at, const char *text)
{
	return __CPROVER_same_object(at, text) &&
	       __CPROVER_POINTER_OFFSET(at) < __CPROVER_OBJECT_SIZE(text);
}

/* Whether `text`, of at most `size` bytes with its NUL, ends within them. */
static inline bool ends_within(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (text[i] == '\0')
			return true;
	return false;
}

#endif
