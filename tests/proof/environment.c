/*
 * environment.c: a vector of up to VARIABLES texts, each of any length up to
 * LONGEST, with and without what is looked for in it.
 */
#include "environment.h"
#include "kernel.h"
#include "proof.h"
#include "text.h"

enum { VARIABLES = 3 };

static char *vector[VARIABLES + 1], *old[VARIABLES + 1];

static int any_vector(void)
{
	int count = any_int();

	assume(count >= 0 && count <= VARIABLES);
	for (int i = 0; i < VARIABLES; i++)
		vector[i] = i < count ? any_text() : NULL;
	vector[VARIABLES] = NULL;
	for (int i = 0; i <= VARIABLES; i++)
		old[i] = vector[i];
	return count;
}

static bool is_unchanged(void)
{
	for (int i = 0; i <= VARIABLES; i++)
		if (vector[i] != old[i])
			return false;
	return true;
}

void proves_environment_get(void)
{
	int count = any_vector();
	const char *value = environment_get(vector, "PATH"), *first = NULL;

	for (int i = 0; i < count && first == NULL; i++)
		first = text_after(vector[i], "PATH=");
	prove(value == first);
	prove(environment_count(vector) == (size_t)count + 1);
	prove(value == NULL || (count > 0 && value[-1] == '='));
	prove(is_unchanged());
	reached_if(value == NULL, "not there");
	reached_if(value != NULL && __CPROVER_same_object(value, vector[2]),
		   "the last one");
}

/* Any process ids, any environment: what is written fits its buffer. */
void proves_environment_changes(void)
{
	struct environment_changes changes;
	int count = any_vector(), own = any_int(), program = any_int();
	const char *value;
	bool has_changes;

	assume(own > 0 && own < PID_MAX_LIMIT);
	assume(program > 0 && program < PID_MAX_LIMIT);
	has_changes = environment_changes(&changes, vector, own, program);
	prove(is_unchanged());
	prove(has_changes == (changes.listen_pid[0] != '\0' ||
			      changes.watchdog_pid[0] != '\0'));
	value = environment_get(vector, "LISTEN_PID");
	prove(changes.listen_pid[0] == '\0' ||
	      (value != NULL && *value >= '0' && *value <= '9'));
	prove(ends_within(changes.listen_pid, ENVIRONMENT_PID_SIZE));
	prove(ends_within(changes.watchdog_pid, ENVIRONMENT_PID_SIZE));
	reached_if(changes.listen_pid[0] == 'L', "LISTEN_PID was foster's");
	reached_if(changes.watchdog_pid[0] == 'W' && program > 1000000,
		   "WATCHDOG_PID was foster's");
	reached_if(!has_changes && count == VARIABLES, "all stay as they are");
}

/* What is left stands in its order, before a NULL. */
void proves_environment_remove(void)
{
	int count = any_vector(), length, which = any_int();
	char *before[VARIABLES + 1];
	bool has_it = environment_get(vector, "PATH") != NULL;

	for (int i = 0; i <= count; i++)
		before[i] = vector[i];
	environment_remove(vector, "PATH");
	length = (int)environment_count(vector) - 1;
	prove(length <= count);
	prove(has_it == (length < count));
	prove(environment_get(vector, "PATH") == NULL);
	assume(which >= 0 && which < length);
	prove(vector[which] == before[which] || has_it);
	reached_if(has_it && length == count - 1, "one goes");
	reached_if(length == count, "all stay");
}

/* Any of these changes, into just as many pointers as there are. */
void proves_environment_copy(void)
{
	struct environment_changes changes = {
		.listen_pid = "LISTEN_PID=7",
		.watchdog_pid = "WATCHDOG_PID=7",
	};
	int count = any_vector(), which = any_int();
	char **copy = malloc(((size_t)count + 1) * sizeof(char *));
	int length;
	bool is_new;

	assume(copy != NULL);
	if (any_bool())
		changes.listen_pid[0] = '\0';
	if (any_bool())
		changes.watchdog_pid[0] = '\0';
	environment_copy(copy, vector, &changes);
	prove(is_unchanged());
	length = (int)environment_count(copy) - 1;
	prove(length <= count);
	prove(changes.listen_pid[0] == '\0' ||
	      environment_get(copy, "LISTEN_PIDFDID") == NULL);
	prove(changes.listen_pid[0] != '\0' || length == count);

	/* Each is one that was there, or new. */
	assume(which >= 0 && which < length);
	is_new = copy[which] == changes.listen_pid ||
		 copy[which] == changes.watchdog_pid;
	prove(is_new || copy[which] == vector[which] ||
	      copy[which] == vector[which + 1] ||
	      (which + 2 < VARIABLES && copy[which] == vector[which + 2]));
	prove(copy[which] != changes.listen_pid ||
	      changes.listen_pid[0] != '\0');
	prove(copy[which] != changes.watchdog_pid ||
	      changes.watchdog_pid[0] != '\0');
	reached_if(is_new && which == VARIABLES - 1, "a new one");
	reached_if(copy[which] == vector[VARIABLES - 1] && which == 0,
		   "the last one is the first");
}
