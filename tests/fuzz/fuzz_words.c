/*
 * fuzz_words.c - signals, durations, statuses and rewritings as people write
 * them, against a second reading; and a wait status in words. The bytes are
 * one text.
 */
#define _GNU_SOURCE
#include "fuzz.h"
#include "options.h"
#include "signals.h"
#include "status.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- the second reading ---- */

/* Digits and nothing else; above `most`: -1. */
static long long whole_number(const char *text, long long most)
{
	size_t digits = strspn(text, "0123456789");
	unsigned __int128 number = 0;

	if (digits == 0 || text[digits] != '\0')
		return -1;
	for (size_t i = 0; i < digits; i++) {
		number = number * 10 + (unsigned)(text[i] - '0');
		if (number > (unsigned __int128)most)
			return -1;
	}
	return (long long)number;
}

static int real_time(const char *text, int base, char sign)
{
	long long offset;

	if (*text == '\0')
		return base;
	offset = *text == sign ? whole_number(text + 1, 30) : -1;
	if (offset < 0)
		return -1;
	return base + (int)(sign == '+' ? offset : -offset);
}

/* The names are libc's. */
static int signal_of(const char *text)
{
	static const struct {
		const char *name;
		int signal;
	} others[] = {
		{ "IOT", 6 },
		{ "CLD", 17 },
		{ "POLL", 29 },
		{ "IO", 29 },
	};
	long long number = whole_number(text, 64);

	if (number >= 0)
		return number == 0 ? -1 : (int)number;
	if (strncasecmp(text, "SIG", 3) == 0)
		text += 3;
	if (strncasecmp(text, "RTMIN", 5) == 0)
		return real_time(text + 5, 34, '+');
	if (strncasecmp(text, "RTMAX", 5) == 0)
		return real_time(text + 5, 64, '-');
	for (int signal = 1; signal < 32; signal++)
		if (strcasecmp(text, sigabbrev_np(signal)) == 0)
			return signal;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcasecmp(text, others[i].name) == 0)
			return others[i].signal;
	return -1;
}

static long long duration_of(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	const char *unit = text + digits;
	char *number = strndup(text, digits);
	long long most = 1LL << 31, ms = whole_number(number, most);

	free(number);
	if (ms < 0)
		return -1;
	if (*unit == '\0' || strcmp(unit, "s") == 0)
		ms *= 1000;
	else if (strcmp(unit, "m") == 0)
		ms *= 60000;
	else if (strcmp(unit, "ms") != 0)
		return -1;
	return ms <= most ? ms : -1;
}

static int status_of(const char *text)
{
	int signal;

	if (isdigit((unsigned char)*text))
		return (int)whole_number(text, 255);
	signal = signal_of(text);
	return signal < 0 ? -1 : 128 + signal;
}

/* ---- the first ---- */

static bool take(struct options *options, const char *option, const char *text)
{
	static char name[] = "foster", program[] = "cat";
	char *word = fuzz_room(strlen(option) + 1);
	char *value = fuzz_room(strlen(text) + 1);
	char *argv[] = { name, word, value, program, NULL };
	char *envp[] = { NULL };
	struct options_mistake mistake;

	memset(options, 0, sizeof(*options));
	strcpy(word, option);
	strcpy(value, text);
	options_read(options, &mistake, argv, envp);
	if (mistake.what == NULL) {
		fuzz_check(*options->program == program, "a word more");
		return true;
	}
	fuzz_check(strcmp(mistake.word, option) == 0 &&
			   mistake.value == value && strcmp(value, text) == 0,
		   "'%s %s' is what is wrong", mistake.word, mistake.value);
	return false;
}

/* "-t5" and "--grace=5" are "-t 5". */
static void check_joined(const char *begin, const char *text, bool is_right)
{
	static char name[] = "foster", program[] = "cat";
	char *word = fuzz_room(strlen(begin) + strlen(text) + 1);
	char *argv[] = { name, word, program, NULL };
	char *envp[] = { NULL };
	struct options_mistake mistake;
	struct options options = { 0 };

	strcpy(stpcpy(word, begin), text);
	options_read(&options, &mistake, argv, envp);
	fuzz_check((mistake.what == NULL) == is_right, "%s%s", begin, text);
	fuzz_check(!is_right || *options.program == program, "a word more");
}

static void check_duration(const char *text)
{
	long long wanted = duration_of(text);
	struct options options;

	fuzz_check(take(&options, "-t", text) == (wanted >= 0), "-t %s", text);
	if (wanted >= 0 && wanted < UINT32_MAX)
		fuzz_check(options.grace_ms == wanted, "-t %s: %u", text,
			   options.grace_ms);
	if (*text != '\0')
		check_joined("-t", text, wanted >= 0);
	check_joined("--grace=", text, wanted >= 0);
	fuzz_check(take(&options, "-k", text) == (wanted >= 0), "-k %s", text);
	if (wanted >= 0)
		fuzz_check(options.kill_after_ms == wanted, "-k %s: %u", text,
			   options.kill_after_ms);
}

static void check_signal(const char *text)
{
	int wanted = signal_of(text), signal = signals_number(text);
	char *name = fuzz_room(SIGNALS_NAME_SIZE), *end;
	struct options options;

	fuzz_check(signal == wanted, "%s is %d and not %d", text, signal,
		   wanted);
	fuzz_check(take(&options, "-d", text) == (wanted > 0), "-d %s", text);
	if (wanted <= 0)
		return;
	fuzz_check(options.death_signal == wanted, "-d %s", text);
	end = signals_name(signal, name);
	fuzz_check(end == name + strlen(name), "%s", name);
	if (signal != 32 && signal != 33)
		fuzz_check(signals_number(name) == signal, "%s is not %d", name,
			   signal);
}

static void check_remap(const char *text)
{
	int wanted = status_of(text);
	struct options options;

	fuzz_check(take(&options, "-e", text) == (wanted >= 0), "-e %s", text);
	if (wanted < 0)
		return;
	for (int status = 0; status < 256; status++)
		fuzz_check(status_remapped(&options.remap, status) ==
				   (status == wanted ? 0 : status),
			   "-e %s: %d", text, status);
}

static void check_rewriting(const char *text)
{
	const char *colon = strchr(text, ':');
	int from = -1, to = -1;
	struct options options;
	bool is_right;

	if (colon != NULL) {
		char *first = strndup(text, (size_t)(colon - text));

		from = signal_of(first);
		to = whole_number(colon + 1, 0) == 0 ? 0 : signal_of(colon + 1);
		free(first);
	}
	is_right = from > 0 && to >= 0 && from != 9 && from != 17 && from != 19;
	fuzz_check(take(&options, "-r", text) == is_right, "-r %s", text);
	for (int signal = 1; is_right && signal <= 64; signal++)
		fuzz_check(signals_rewritten(&options.rewriting, signal) ==
				   (signal == from ? to : signal),
			   "-r %s: %d", text, signal);
}

/* As wait4(2) has it: of what has exited, or was ended by a signal. */
static void check_words(unsigned number)
{
	int status = number & 0x100
			     ? (int)(number & 0xff) << 8
			     : (int)(number % 64 + 1) | (int)(number & 0x80);
	char *words = fuzz_room(STATUS_WORDS_SIZE), wanted[64], name[32];

	status_in_words(status, words);
	if (WIFEXITED(status)) {
		snprintf(wanted, sizeof(wanted), "exit status %d",
			 WEXITSTATUS(status));
		fuzz_check(status_of_death(status) == WEXITSTATUS(status),
			   "status of %#x", status);
	} else {
		int signal = WTERMSIG(status);

		if (signal < 32)
			snprintf(name, sizeof(name), "SIG%s",
				 signal == 29 ? "IO" : sigabbrev_np(signal));
		else if (signal < 34)
			snprintf(name, sizeof(name), "signal %d", signal);
		else
			snprintf(name, sizeof(name), "SIGRTMIN+%d",
				 signal - 34);
		snprintf(wanted, sizeof(wanted), "killed by %s%s", name,
			 status & 0x80 ? " (core dumped)" : "");
		fuzz_check(status_of_death(status) == 128 + signal,
			   "status of %#x", status);
	}
	fuzz_check(strcmp(words, wanted) == 0, "%s, and not %s", words, wanted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_bytes bytes = { data, data + size };
	const char *text = fuzz_text(&bytes, 256);

	check_duration(text);
	check_signal(text);
	check_remap(text);
	check_rewriting(text);
	check_words((unsigned)fuzz_number(&bytes, 2));
	fuzz_forget();
	return 0;
}
