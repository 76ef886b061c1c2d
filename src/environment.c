#include "environment.h"
#include "kernel.h"
#include "text.h"

/* The value of `entry` where its name is `name`, else NULL. */
static const char *value_of(const char *entry, const char *name)
{
	const char *rest = text_after(entry, name);

	return rest != NULL && *rest == '=' ? rest + 1 : NULL;
}

const char *environment_get(char *const *envp, const char *name)
{
	const char *value = NULL;

	for (; *envp != NULL && value == NULL; envp++)
		/* Most differ in their first letter, and there may be many. */
		if (**envp == *name)
			value = value_of(*envp, name);
	return value;
}

void environment_remove(char **envp, const char *name)
{
	char **kept = envp;

	for (; *envp != NULL; envp++)
		if (value_of(*envp, name) == NULL)
			*kept++ = *envp;
	*kept = NULL;
}

/* Makes the new entry where variable `name` holds foster's pid, else "". */
static void set_pid(char entry[ENVIRONMENT_PID_SIZE], char *const *envp,
		    const char *name, int own, int program)
{
	const char *value = environment_get(envp, name);

	*entry = '\0';
	if (value != NULL && text_whole_number(value, PID_MAX_LIMIT) == own)
		text_put_number(text_put(text_put(entry, name), "="),
				(unsigned)program);
}

bool environment_changes(struct environment_changes *changes, char *const *envp,
			 int own, int program)
{
	set_pid(changes->listen_pid, envp, "LISTEN_PID", own, program);
	set_pid(changes->watchdog_pid, envp, "WATCHDOG_PID", own, program);
	return *changes->listen_pid != '\0' || *changes->watchdog_pid != '\0';
}

void environment_copy(char **copy, char *const *envp,
		      const struct environment_changes *changes)
{
	char *listen = (char *)(uintptr_t)changes->listen_pid;
	char *watchdog = (char *)(uintptr_t)changes->watchdog_pid;

	for (; *envp != NULL; envp++) {
		char *entry = *envp;

		if (*listen != '\0' && value_of(entry, "LISTEN_PIDFDID"))
			continue;
		if (*listen != '\0' && value_of(entry, "LISTEN_PID"))
			entry = listen;
		if (*watchdog != '\0' && value_of(entry, "WATCHDOG_PID"))
			entry = watchdog;
		*copy++ = entry;
	}
	*copy = NULL;
}

size_t environment_count(char *const *vector)
{
	size_t count = 1;

	while (*vector++ != NULL)
		count++;
	return count;
}
