/*
 * The environment: reading it, and changing it for the program. Pure; works
 * on the vector and the strings the kernel gave.
 */
#ifndef FOSTER_ENVIRONMENT_H
#define FOSTER_ENVIRONMENT_H

/*
 * The value of the first variable called `name`, or NULL, getenv(3). `vector`
 * holds "NAME=value" strings and ends in NULL.
 */
char *environment_get(char *const *vector, const char *name);

/*
 * Puts `entry` in the place of every variable called `name`; NULL takes them
 * out.
 */
void environment_replace(char **vector, const char *name, char *entry);

/* "WATCHDOG_PID=4194303" and a NUL. */
enum { ENVIRONMENT_PID_SIZE = 24 };

/* What environment_hand_on() may write to; has to live until execve(2). */
struct environment_room {
	char listen_pid[ENVIRONMENT_PID_SIZE];
	char watchdog_pid[ENVIRONMENT_PID_SIZE];
};

/*
 * Sets LISTEN_PID (sd_listen_fds(3)) and WATCHDOG_PID (sd_watchdog_enabled(3))
 * to `program` where they name `own`, foster's process id. LISTEN_PIDFDID,
 * which belongs to foster's pidfd, goes when LISTEN_PID was set anew.
 */
void environment_hand_on(char **vector, int own, int program,
			 struct environment_room *room);

#endif
