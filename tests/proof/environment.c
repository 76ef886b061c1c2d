/*
 * environment.c: a vector of up to VARIABLES texts, each of any length, with
 * and without what is looked for in it.
 */
#include "environment.h"
#include "abi.h"
#include "proof.h"

enum { VARIABLES = 3 };

static char *vector[VARIABLES + 1];

static int any_vector(void)
{
	int count = any_int();

	assume(count >= 0 && count <= VARIABLES);
	for (int i = 0; i < VARIABLES; i++)
		vector[i] = i < count ? any_text() : NULL;
	vector[VARIABLES] = NULL;
	return count;
}

static int length_of(char **from)
{
	int count = 0;

	while (from[count] != NULL)
		count++;
	return count;
}

void proves_environment_get(void)
{
	int count = any_vector();
	char *value = environment_get(vector, "PATH");

	prove(value == NULL || (count > 0 && value[-1] == '='));
	prove(length_of(vector) == count);
	reached_if(value == NULL, "not there");
	reached_if(value != NULL && __CPROVER_same_object(value, vector[2]),
		   "the last one");
}

void proves_environment_replace(void)
{
	int count = any_vector();
	char entry[] = "PATH=x";
	bool is_out = any_bool();

	environment_replace(vector, "PATH", is_out ? NULL : entry);
	prove(length_of(vector) <= count);
	prove(is_out || length_of(vector) == count);
	prove(!is_out || environment_get(vector, "PATH") == NULL);
	prove(is_out || environment_get(vector, "PATH") == NULL ||
	      environment_get(vector, "PATH") == entry + 5);
	reached_if(length_of(vector) < count, "taken out");
	reached_if(!is_out && vector[0] == entry && vector[1] == entry,
		   "put in twice");
}

/* Any process ids, any environment: what is written fits the room. */
void proves_environment_hand_on(void)
{
	struct environment_room room;
	int count = any_vector(), own = any_int(), program = any_int();

	assume(own > 0 && own <= PID_LIMIT);
	assume(program > 0 && program <= PID_LIMIT);
	environment_hand_on(vector, own, program, &room);
	prove(length_of(vector) <= count);
	reached_if(vector[0] == room.listen_pid, "LISTEN_PID was set");
	reached_if(vector[0] == room.watchdog_pid, "WATCHDOG_PID was set");
	reached_if(length_of(vector) < count, "LISTEN_PIDFDID was taken out");
}
