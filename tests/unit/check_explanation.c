/* check_explanation.c - the longest chain of files there can be fits. */
#include "explanation.h"
#include "text.h"
#include "unit.h"

#include <string.h>

enum { GUARD = 65536 };

/* One that ends where memory does: what is written behind it is a fault. */
static struct explanation *at_the_end_of_memory(void)
{
	size_t size = (sizeof(struct explanation) + GUARD - 1) & -(size_t)GUARD;
	char *memory = mmap(NULL, size + GUARD, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ck_assert_ptr_ne(memory, MAP_FAILED);
	ck_assert_int_eq(mprotect(memory + size, GUARD, PROT_NONE), 0);
	return (void *)(memory + size - sizeof(struct explanation));
}

/*
 * A program, the script that it is, interpreters of interpreters, of which the
 * last is a link, and where that leads to.
 */
START_TEST(the_longest_chain_fits)
{
	struct explanation *why = at_the_end_of_memory();
	char name[KERNEL_PATH_MAX];

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	why->end = text_put(why->chain, name);
	for (int i = 0; i < EXPLANATION_STEPS_MAX; i++)
		explanation_go_on_to_interpreter(why, name);
	explanation_go_on(why, "': the symbolic link '", name);
	explanation_go_on(why, "' leads to '", name);
	ck_assert_uint_lt(strlen(why->chain), EXPLANATION_CHAIN_SIZE);
	explanation_is_about(why, ": the folder '", name,
			     "' may not be searched");
	ck_assert_uint_lt(strlen(why->reason), EXPLANATION_REASON_SIZE);
}
END_TEST

Suite *explanation_suite(void);
Suite *explanation_suite(void)
{
	Suite *suite = suite_create("explanation");
	TCase *tcase = unit_tcase(suite, "sizes");

	unit_add(tcase, the_longest_chain_fits);
	return suite;
}
