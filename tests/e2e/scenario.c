/*
 * scenario.c - see scenario.h.
 */
#define _GNU_SOURCE
#include "scenario.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 6, PEOPLE_MAX = 16, TEXT_MAX = 256 };

/* A process whose number was asked for while it surely was there. */
struct person {
	char name[32];
	pid_t pid;
};

struct play {
	struct family family;
	long long mark_ms;
	struct person people[PEOPLE_MAX];
	size_t people_count;
	char text[TEXT_MAX];	/* of the step that is being played */
	char step[2 * TEXT_MAX];
};

__attribute__((noreturn, format(printf, 3, 4)))
static void fail_step(struct play *play, int line, const char *format, ...)
{
	char text[TEXT_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	e2e_fail(play->family.init, __FILE__, line, "%s", text);
}

#define check(play, expression) do { \
	if (!(expression)) \
		fail_step((play), __LINE__, "not true: %s", #expression); \
} while (0)

static int number_of(struct play *play, const char *signal)
{
	static const struct {
		const char *name;
		int number;
	} signals[] = {
		{ "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT },
		{ "USR1", SIGUSR1 }, { "USR2", SIGUSR2 }, { "TERM", SIGTERM },
		{ "CONT", SIGCONT }, { "WINCH", SIGWINCH }, { "IO", SIGIO },
	};
	size_t i, length = strcspn(signal, ":");

	for (i = 0; i < COUNT(signals); i++)
		if (strlen(signals[i].name) == length &&
		    strncmp(signals[i].name, signal, length) == 0)
			return signals[i].number;
	fail_step(play, __LINE__, "no signal %s", signal);
}

static pid_t pid_of(struct play *play, const char *name)
{
	struct person *person;
	size_t i;

	for (i = 0; i < play->people_count; i++)
		if (strcmp(play->people[i].name, name) == 0)
			return play->people[i].pid;
	ck_assert_uint_lt(i, PEOPLE_MAX);
	person = &play->people[play->people_count++];
	snprintf(person->name, sizeof(person->name), "%s", name);
	person->pid = family_pid(&play->family, name);
	return person->pid;
}

/* ---- steps that have no names ---- */

/* "TERM", "all but TERM INT" */
static void send(struct play *play, const char *given)
{
	uint64_t spared = E2E_SIGNAL(SIGKILL) | E2E_SIGNAL(SIGSTOP);
	char text[TEXT_MAX], *at = text, *word;
	int number;

	if (strncmp(given, "all but ", 8) != 0) {
		e2e_kill(play->family.init, number_of(play, given));
		return;
	}
	snprintf(text, sizeof(text), "%s", given + 8);
	while ((word = strsep(&at, " ")) != NULL)
		spared |= E2E_SIGNAL(number_of(play, word));
	for (number = 1; number <= E2E_LAST_SIGNAL; number++)
		if ((spared & E2E_SIGNAL(number)) == 0)
			e2e_kill(play->family.init, number);
}

static bool play_times(struct play *play, const char *verb, const char *given)
{
	struct e2e *init = play->family.init;
	long long ms = atoll(given), now_ms = e2e_now_ms();

	if (strcmp(verb, "pass") == 0)
		e2e_until(init, e2e_now_ms() > now_ms + ms);
	else if (strcmp(verb, "mark") == 0)
		play->mark_ms = now_ms;
	else if (strcmp(verb, "after") == 0)
		check(play, now_ms - play->mark_ms >= ms);
	else if (strcmp(verb, "before") == 0)
		check(play, now_ms - play->mark_ms < ms);
	else
		return false;
	return true;
}

static bool play_init(struct play *play, const char *verb, const char *given)
{
	struct family *family = &play->family;
	struct e2e *init = family->init;

	if (strcmp(verb, "end") == 0) {
		family_end_program(family);
		play->mark_ms = family->ended_ms;
	} else if (strcmp(verb, "finish") == 0) {
		family_finish(family);
	} else if (strcmp(verb, "send") == 0) {
		send(play, given);
	} else if (strcmp(verb, "taken") == 0) {
		e2e_until(init, e2e_status_number(init, init->pid, "ShdPnd",
						  16) == 0);
	} else if (strcmp(verb, "join") == 0) {
		ck_assert(family_join(family, FAMILY_BESIDE, 0, given));
	} else if (strcmp(verb, "enter") == 0) {
		ck_assert(family_join(family, FAMILY_FROM_OUTSIDE, 0, given));
	} else if (strcmp(verb, "idle") == 0) {
		e2e_wait_idle(init);
	} else if (strcmp(verb, "exit") == 0) {
		e2e_check_exit(init, *given != '\0' ? atoi(given) :
			       FAMILY_STATUS);
	} else if (strcmp(verb, "output") == 0) {
		e2e_wait_end_of_output(init);
	} else if (strcmp(verb, "no") == 0) {
		check(play, !e2e_has_deadline(init));
	} else if (strcmp(verb, "runs") == 0) {
		check(play, !e2e_is_over(init));
	} else if (strcmp(verb, "silent") == 0) {
		e2e_check_silent(init);
	} else if (strcmp(verb, "only") == 0) {
		check(play, e2e_said(init, given + strlen("says ")) == 1);
		check(play, e2e_said(init, "") == 1);
	} else if (strcmp(verb, "survivors") == 0) {
		ck_assert_uint_eq(e2e_survivors(), (size_t)atoi(given));
	} else {
		return play_times(play, verb, given);
	}
	return true;
}

/* ---- steps that have ---- */

static void await_nth(struct play *play, const char *name, int number, int nth)
{
	char line[64];

	snprintf(line, sizeof(line), "%s got %d at ", name, number);
	e2e_line_nth(play->family.init, line, (size_t)nth);
}

/* "had TERM 1", "had all 3", "had TERM late 300" */
static void play_had(struct play *play, const char *name, char **words)
{
	struct family *family = &play->family;
	int number;

	if (strcmp(words[0], "all") == 0) {
		ck_assert_uint_eq(family_count_all(family, name),
				  (size_t)atoi(words[1]));
		return;
	}
	number = number_of(play, words[0]);
	if (strcmp(words[1], "late") == 0)
		check(play, family_got(family, name, number) -
		      play->mark_ms >= atoll(words[2]));
	else
		family_check_count(family, name, number,
				   (size_t)atoi(words[1]));
}

static void play_state(struct play *play, const char *name, const char *state)
{
	struct e2e *init = play->family.init;
	pid_t pid = pid_of(play, name);

	if (strcmp(state, "gone") == 0)
		e2e_wait_gone(init, pid);
	else if (strcmp(state, "dead") == 0)
		e2e_wait_state(init, pid, "Z");
	else if (strcmp(state, "stopped") == 0)
		e2e_wait_state(init, pid, "T");
	else if (strcmp(state, "adopted") == 0)
		e2e_until(init, e2e_status_number(init, pid, "PPid", 10) ==
			  (unsigned long long)init->pid);
	else
		fail_step(play, __LINE__, "no such step");
}

/* The step for one of the names; "told" is all that follows the names. */
static void play_named(struct play *play, const char *name, char **words,
		       const char *told)
{
	struct family *family = &play->family;

	if (strcmp(words[0], ":") == 0) {
		family_says(family, name, told + strlen(": "));
	} else if (strcmp(words[0], "never:") == 0) {
		check(play, !family_said(family, name,
					 told + strlen("never: ")));
	} else if (strcmp(words[0], "got") == 0) {
		await_nth(play, name, number_of(play, words[1]),
			  words[2] != NULL ? atoi(words[2]) : 1);
	} else if (strcmp(words[0], "had") == 0) {
		play_had(play, name, words + 1);
	} else if (strcmp(words[0], "settle") == 0) {
		family_settle(family, name);
	} else if (strcmp(words[0], "kill") == 0) {
		kill(pid_of(play, name), SIGKILL);
	} else if (strcmp(words[0], "stop") == 0) {
		kill(pid_of(play, name), SIGSTOP);
	} else if (strcmp(words[0], "spared") == 0) {
		family_settle(family, name);
		check(play, family_count_all(family, name) == 1);
	} else {
		play_state(play, name, words[0]);
	}
}

/* For each name of "a,b,worker*8". */
static void each_name(struct play *play, const char *names, char **words,
		      const char *told)
{
	char name[48];
	size_t length;
	int copies, i;

	for (; *names != '\0'; names += length + (names[length] == ',')) {
		length = strcspn(names, ",");
		if (sscanf(names, "%40[^,*]*%d", name, &copies) < 2) {
			snprintf(name, sizeof(name), "%.*s", (int)length,
				 names);
			play_named(play, name, words, told);
			continue;
		}
		for (i = 1; i <= copies; i++) {
			snprintf(name, sizeof(name), "%.*s%d",
				 (int)strcspn(names, "*"), names, i);
			play_named(play, name, words, told);
		}
	}
}

static bool is_verb_first(const char *word)
{
	return strcmp(word, "kill") == 0 || strcmp(word, "stop") == 0 ||
		strcmp(word, "spared") == 0;
}

/* "kill NAMES", "NAMES: TEXT", "NAMES WORDS" */
static void play_names(struct play *play, char *first, const char *rest)
{
	char text[TEXT_MAX], *words[WORDS_MAX + 1] = { NULL }, *at = text;
	size_t length = strlen(first), count = 0;

	if (is_verb_first(first)) {
		words[0] = first;
		each_name(play, rest, words, "");
		return;
	}
	if (first[length - 1] == ':') {
		first[length - 1] = '\0';
		snprintf(text, sizeof(text), ": %s", rest);
		words[0] = ":";
		each_name(play, first, words, text);
		return;
	}
	snprintf(text, sizeof(text), "%s", rest);
	while (count < WORDS_MAX && (words[count] = strsep(&at, " ")) != NULL)
		count++;
	if (count == 0)
		fail_step(play, __LINE__, "no such step");
	each_name(play, first, words, rest);
}

/* The text with the value in the place of each "$". */
static const char *fill_in(char *text, const char *from, const char *value)
{
	size_t used = 0;

	for (; *from != '\0' && used + 1 < TEXT_MAX; from++)
		if (*from == '$' && value != NULL)
			used += (size_t)snprintf(text + used, TEXT_MAX - used,
						 "%s", value);
		else
			text[used++] = *from;
	text[used] = '\0';
	return text;
}

static void play_step(struct play *play, const char *name, int i)
{
	char first[TEXT_MAX];
	const char *rest;

	snprintf(play->step, sizeof(play->step), "%s, step %d \"%s\"", name,
		 i + 1, play->text);
	e2e_step = play->step;
	snprintf(first, sizeof(first), "%.*s", (int)strcspn(play->text, " "),
		 play->text);
	rest = play->text + strlen(first);
	rest += *rest == ' ';
	if (!play_init(play, first, rest))
		play_names(play, first, rest);
}

/* ---- the scenario ---- */

static int modes_of(const struct scenario *scenario)
{
	return scenario->modes == IN_BOTH_MODES ? 2 : 1;
}

static int procs_of(const struct scenario *scenario)
{
	return scenario->procs == WITH_ANY_PROC ? 3 :
		scenario->procs == WITHOUT_OWN_PROC ? 2 : 1;
}

int scenario_times(const struct scenario *scenario)
{
	int values = 1;

	while (values < SCENARIO_WITH_MAX && scenario->with[values] != NULL)
		values++;
	return modes_of(scenario) * procs_of(scenario) * values;
}

static struct e2e_setup setup_of(const struct scenario *scenario, int i)
{
	static const enum e2e_proc kinds[] = {
		E2E_PROC_NONE, E2E_PROC_OUTER, E2E_PROC_OWN
	};
	struct e2e_setup setup = scenario->setup;

	setup.mode = scenario->modes == IN_BOTH_MODES ? mode_of(i) :
		scenario->modes == AS_PROCESS_1 ? E2E_PROCESS_1 : E2E_SUBREAPER;
	if (scenario->procs != AS_IN_SETUP)
		setup.proc = kinds[i / modes_of(scenario) % procs_of(scenario)];
	return setup;
}

/* Those who may be gone when their number is needed. */
static void remember(struct play *play, const struct scenario *scenario)
{
	char name[32], word[8];
	size_t i;

	for (i = 0; i < SCENARIO_STEPS_MAX && scenario->steps[i] != NULL; i++)
		if (sscanf(scenario->steps[i], "%31[^ ,*] %7s", name, word) ==
		    2 && (strcmp(word, "gone") == 0 ||
			  strcmp(word, "dead") == 0))
			pid_of(play, name);
}

void scenario_play(const struct scenario *scenario, int i)
{
	struct e2e_setup setup = setup_of(scenario, i);
	const char *value = scenario->with[i / modes_of(scenario) /
					   procs_of(scenario)];
	const char *given = scenario->options != NULL ? scenario->options : "";
	char options[TEXT_MAX], tree[TEXT_MAX];
	struct play play = { .people_count = 0 };
	int step;

	fill_in(options, given, value);
	play.family = family_start_from(scenario->name, &setup,
					strstr(options, "-t ") != NULL ?
					options : family_patient(options),
					scenario->wrapper,
					fill_in(tree, scenario->tree, value));
	remember(&play, scenario);
	for (step = 0; step < SCENARIO_STEPS_MAX; step++) {
		if (scenario->steps[step] == NULL)
			break;
		fill_in(play.text, scenario->steps[step], value);
		play_step(&play, scenario->name, step);
	}
	e2e_step = "";
	e2e_end(play.family.init);
}
