/*
 * pty_steps.c - what is typed at a terminal and seen there, step by step:
 * pty.h.
 */
#define _GNU_SOURCE
#include "pty.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool has_number_and_text(struct pty *pty, const char *given)
{
	int wanted = 0, length = 0;

	sscanf(given, "%d %n", &wanted, &length);
	return pty_count(pty, given + length) == (size_t)wanted;
}

static void type_line(struct pty *pty, const char *line)
{
	pty_type(pty, line);
	pty_type(pty, "\n");
}

static void await_prompt(struct pty *pty)
{
	pty_see(pty, pty->prompt);
	if (pty->is_shell)
		pty_until(pty, pty_foreground(pty) == pty->init->pid);
}

static bool type_step(struct pty *pty, const char *verb, const char *given)
{
	char control[2] = { verb[1] & 0x1f };

	if (verb[0] == '^') {
		pty_type(pty, control);
		pty_type(pty, verb + 2);
	} else if (strcmp(verb, "type") == 0) {
		pty_type(pty, given);
	} else if (strcmp(verb, "$") == 0) {
		type_line(pty, given);
	} else if (strcmp(verb, "run") == 0) {
		type_line(pty, given);
		pty->program = e2e_pid(pty->init,
				       (pid_t)pty_number(pty, "ready "));
	} else if (strcmp(verb, "fg") == 0) {
		pty_type(pty, "fg\n");
		pty_until(pty, pty_foreground(pty) != pty->init->pid);
	} else if (strcmp(verb, "works") == 0) {
		type_line(pty, "stty -a >/dev/null; echo \"works $((1 + 1))\"");
		pty_see(pty, "works 2");
		await_prompt(pty);
	} else if (strcmp(verb, "leave") == 0) {
		type_line(pty, "exit 5");
		pty_check_exit(pty, 5);
	} else {
		return false;
	}
	return true;
}

static bool signal_step(struct pty *pty, const char *verb, const char *given)
{
	if (strcmp(verb, "send") == 0) {
		e2e_kill(pty->init, atoi(given));
	} else if (strcmp(verb, "kill") == 0) {
		kill(pty->program, atoi(given));
	} else if (strcmp(verb, "settle") == 0) {
		e2e_kill(pty->init, SIGIO);
		pty_see(pty, "got 29");
	} else if (strcmp(verb, "waiting") == 0) {
		e2e_wait_state(pty->init, pty->program, "T");
		e2e_kill(pty->init, SIGIO);
		pty_until(pty, (e2e_status_number(pty->init, pty->program,
						  "ShdPnd", 16) &
				E2E_SIGNAL(SIGIO)) != 0);
		pty_wait_idle(pty, pty->init->pid);
		pty_check(pty, e2e_state(pty->program) == 'T');
	} else {
		return false;
	}
	return true;
}

static void look_step(struct pty *pty, const char *verb, const char *given)
{
	if (strcmp(verb, "see") == 0)
		pty_see(pty, given);
	else if (strcmp(verb, "prompt") == 0)
		await_prompt(pty);
	else if (strcmp(verb, "resumed") == 0)
		pty_see(pty, "continued foreground yes");
	else if (strcmp(verb, "await") == 0)
		pty_until(pty, has_number_and_text(pty, given));
	else if (strcmp(verb, "count") == 0)
		pty_check(pty, has_number_and_text(pty, given));
	else if (strcmp(verb, "stopped") == 0)
		pty_check(pty, e2e_state(pty->program) == 'T');
	else if (strcmp(verb, "running") == 0)
		pty_check(pty, e2e_state(pty->program) != 'T');
	else if (strcmp(verb, "foreground") == 0)
		pty_check(pty, pty_foreground(pty) == pty->program);
	else if (strcmp(verb, "exit") == 0)
		pty_check_exit(pty, atoi(given));
	else if (strcmp(verb, "quiet") == 0)
		pty_check(pty, pty_count(pty, "foster: ") == 0);
	else
		pty_fail(pty, __FILE__, __LINE__, "no such step");
}

void pty_play_steps(struct pty *pty, const char *const *steps)
{
	char verb[128], step[192];
	const char *given;
	size_t length;
	int i;

	for (i = 0; steps[i] != NULL; i++) {
		snprintf(step, sizeof(step), "step %d \"%s\"", i + 1, steps[i]);
		e2e_step = step;
		length = steps[i][0] == '^' ? strlen(steps[i]) :
			strcspn(steps[i], " ");
		snprintf(verb, sizeof(verb), "%.*s", (int)length, steps[i]);
		given = steps[i] + length;
		given += *given == ' ';
		if (!type_step(pty, verb, given) &&
		    !signal_step(pty, verb, given))
			look_step(pty, verb, given);
	}
	e2e_step = "";
}
