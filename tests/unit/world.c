/* world.c - see world.h. */
#include "world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct sim_process *self;

struct text {
	struct text *next;
	char bytes[];
};

static struct text *texts;

enum { COUNTED_MAX = 1024 };

static struct {
	long number, result;
	unsigned first;
} answer;
static unsigned counts[COUNTED_MAX];

static long take_call(void *context, const struct sim_call *call)
{
	unsigned count;

	(void)context;
	if (call->number < 0 || call->number >= COUNTED_MAX)
		return 0;
	count = counts[call->number]++;
	if (call->number != answer.number || count < answer.first)
		return 0;
	return answer.result;
}

struct sim_process *world_begin(void)
{
	while (texts != NULL) {
		struct text *text = texts;

		texts = text->next;
		free(text);
	}
	memset(&answer, 0, sizeof(answer));
	memset(counts, 0, sizeof(counts));
	sim_begin();
	sim.keeps_calls = false;
	sim.streams[0] = SIM_STREAM_CLOSED;
	sim.hooks.fault = take_call;
	self = sim_self(NULL);
	self->blocked = ~UINT64_C(0);
	return self;
}

void world_answer(long number, unsigned first, long result)
{
	answer.number = number;
	answer.first = first;
	answer.result = result;
}

unsigned world_calls(long number)
{
	return counts[number];
}

void world_check_closed(void)
{
	for (int fd = 0; fd < 64; fd++)
		unit_check(fd == 1 || fd == 2 || !sim_has_open(self, fd),
			   "descriptor %d is open still", fd);
}

static char *keep(const char *from, size_t length)
{
	struct text *text = malloc(sizeof(*text) + length + 1);

	memcpy(text->bytes, from, length);
	text->bytes[length] = '\0';
	text->next = texts;
	texts = text;
	return text->bytes;
}

void world_file(const char *path, const char *format, ...)
{
	char text[1024];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	unit_check((size_t)length < sizeof(text), "%s is too long", path);
	sim_file(keep(path, strlen(path)), keep(text, (size_t)length));
}
