#include <stdarg.h>

#include "log.h"
#include "signals.h"
#include "status.h"
#include "text.h"

enum { STANDARD_ERROR = 2 };

/*
 * Arguments come from the command line, the environment and files: what they
 * hold must not be able to forge a line or steer a terminal. At most four
 * bytes are written for one.
 */
static char *put_visibly(char *to, char c)
{
	unsigned char byte = (unsigned char)c;

	if (byte < ' ' || byte == 0x7f) {
		*to++ = '\\';
		if (byte >= '\a' && byte <= '\r') {
			c = "abtnvfr"[byte - '\a'];
		} else {
			*to++ = 'x';
			*to++ = (char)('0' + (byte >> 4));
			c = "0123456789abcdef"[byte & 15];
		}
	}
	*to++ = c;
	return to;
}

/*
 * An argument in words: `room` is for what is not a text already. A pointer,
 * an int and a long are passed alike on every machine Linux runs on.
 */
static const char *in_words(char kind, long value, char *room)
{
	if (kind == 's')
		return (const char *)value;
	if (kind == 'd')
		text_put_number(room, (int)value);
	else if (kind == 'g')
		signals_name((int)value, room);
	else
		status_in_words((int)value, room);
	return room;
}

/*
 * A pipe, a socket and a terminal whose output was stopped by Ctrl-S all say
 * by poll(2) that a write would block. Where poll itself is refused the
 * write is tried all the same. Where standard error is closed, or a file that
 * foster has open for reading sits in its place, the write fails (EBADF).
 */
static bool has_reader(struct log *log)
{
	struct poll file = { .fd = STANDARD_ERROR, .events = POLL_OUT };
	struct time limit = { .nanoseconds = 0 };

	limit.seconds = log->is_stuck ? 0 : LOG_PATIENCE_MS / 1000;
	log->is_stuck = sys_poll(&file, 1, &limit) == 0;
	return !log->is_stuck;
}

/* Room for what one character becomes, and for "...\n". */
enum { LINE_ROOM = LOG_LINE_MAX - 8 };

void log_say(struct log *log, int level, const char *format, ...)
{
	char line[LOG_LINE_MAX], room[STATUS_WORDS_SIZE];
	char *end = text_put(line, "foster: ");
	va_list arguments;

	if (log->level < level || !has_reader(log))
		return;
	va_start(arguments, format);
	while (*format != '\0' && end < line + LINE_ROOM) {
		const char *words;

		if (*format != '%') {
			*end++ = *format++;
			continue;
		}
		words = in_words(format[1], va_arg(arguments, long), room);
		while (*words != '\0' && end < line + LINE_ROOM)
			end = put_visibly(end, *words++);
		format += 2;
	}
	va_end(arguments);
	if (end >= line + LINE_ROOM)
		end = text_put(end, "...");
	*end++ = '\n';
	sys_write(STANDARD_ERROR, line, (size_t)(end - line));
}
