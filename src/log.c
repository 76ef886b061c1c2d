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
			byte &= 15;
			c = (char)(byte + (byte < 10 ? '0' : 'a' - 10));
		}
	}
	*to++ = c;
	return to;
}

enum { FIRST_KEY = ' ', OTHER_ERRORS = 0x7f };

/* clang-format off */
static void put_error(int error, char *room)
{
	/* Each line begins with its number and FIRST_KEY, as a letter; the
	 * last one is for all others. */
	const char *text = wording_text(T(
		"\41" "not permitted\n"
		"\42" "no such file\n"
		"\47" "argument list too long\n"
		"\50" "in no format that can be run\n"
		"\53" "too many processes\n"
		"\54" "no memory\n"
		"\55" "permission denied\n"
		"\64" "not a directory\n"
		"\72" "the file is being written to\n"
		"\104" "the name is too long\n"
		"\106" "refused\n"
		"\110" "too many symbolic links or interpreters\n"
		"\177" "an error\n"),
		room);
	/* clang-format on */

	while (*text != FIRST_KEY - error && *text != OTHER_ERRORS)
		text = text_find(text, '\n') + 1;
	/* The line moves to the beginning of the room that it may be in. */
	while (*++text != '\n')
		*room++ = *text;
	*room = '\0';
}

/*
 * An argument in words: `room` is for what is not a text already. A pointer,
 * an int and a long are passed alike on every machine Linux runs on.
 */
static const char *in_words(char kind, long value, char *room)
{
	int number = (int)value;

	if (kind == 's')
		return (const char *)value;
	if (kind == 't')
		return wording_text((wording)value, room);
	if (kind == 'e')
		put_error(number, room);
	else if (kind == 'd')
		text_put_number(room, number);
	else if (kind == 'g')
		signals_name(number, room);
	else
		status_in_words(number, room);
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

static OUT_OF_LINE void write_line(const char *format, va_list arguments)
{
	char line[LOG_LINE_MAX], room[WORDING_SIZE];
	char *end = text_put(line, "foster: ");

	for (; *format != '\0' && end < line + LINE_ROOM; format++) {
		const char *words;

		if (*format != '%') {
			*end++ = *format;
			continue;
		}
		words = in_words(*++format, va_arg(arguments, long), room);
		while (*words != '\0' && end < line + LINE_ROOM)
			end = put_visibly(end, *words++);
	}
	if (end >= line + LINE_ROOM)
		end = text_put(end, "...");
	*end++ = '\n';
	sys_write(STANDARD_ERROR, line, (size_t)(end - line));
}

void log_say(struct log *log, int level, wording format, ...)
{
	char room[WORDING_SIZE];
	va_list arguments;

	if (log->level < level || !has_reader(log))
		return;
	va_start(arguments, format);
	write_line(wording_text(format, room), arguments);
	va_end(arguments);
}
