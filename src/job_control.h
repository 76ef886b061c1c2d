/* The terminal's foreground, and stopping and going on with the program. */
#ifndef FOSTER_JOB_CONTROL_H
#define FOSTER_JOB_CONTROL_H

#include "init.h"

/*
 * The program has stopped by TSTP, TTIN or TTOU: gives it the terminal, or
 * stops foster as well until somebody continues it.
 */
void job_control_suspend(struct init *init, int signal);

/* The program has ended: its terminal goes back to foster's own group. */
void job_control_end(const struct init *init);

/*
 * Whether the terminal stays with foster's own group until the program wants to
 * read: option -r is about a signal that the terminal sends.
 */
bool job_control_keeps_terminal(const struct init *init);

/* Whether the program is in foster's group, as long as it makes no session. */
bool job_control_is_in_own_group(const struct init *init);

#endif
