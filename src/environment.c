#include "environment.h"
#include "abi.h"
#include "text.h"

/* The value of `entry` where its name is `name`, else NULL. */
static char *value_of(const char *entry, const char *name)
{
	const char *rest = text_after(entry, name);

	return rest != NULL && *rest == '=' ? (char *)(uintptr_t)rest + 1
					    : NULL;
}

char *environment_get(char *const *vector, const char *name)
{
	/* Most are told apart by their first letter, and there may be many. */
	char first = *name, *entry, *value;

	while ((entry = *vector++) != NULL) {
		if (*entry != first)
			continue;
		value = value_of(entry, name);
		if (value != NULL)
			return value;
	}
	return NULL;
}

void environment_replace(char **vector, const char *name, char *entry)
{
	char **kept = vector;

	for (; *vector != NULL; vector++) {
		if (value_of(*vector, name) == NULL)
			*kept++ = *vector;
		else if (entry != NULL)
			*kept++ = entry;
	}
	*kept = NULL;
}

/* Whether `name` held `own`; then it holds `program`, in `room`. */
static bool set_pid(char **vector, const char *name, int own, int program,
		    char *room)
{
	const char *value = environment_get(vector, name);

	if (value == NULL || text_whole_number(value, PID_LIMIT) != own)
		return false;
	text_put_number(text_put(text_put(room, name), "="), program);
	environment_replace(vector, name, room);
	return true;
}

void environment_hand_on(char **vector, int own, int program,
			 struct environment_room *room)
{
	set_pid(vector, "WATCHDOG_PID", own, program, room->watchdog_pid);
	if (set_pid(vector, "LISTEN_PID", own, program, room->listen_pid))
		environment_replace(vector, "LISTEN_PIDFDID", NULL);
}
