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
			*to++ = (char)('0' + byte / 16);
			c = (char)('0' + byte % 16);
			if (c > '9')
				c += 'a' - '9' - 1;
		}
	}
	*to++ = c;
	return to;
}

enum { FIRST_KEY = ' ', ERRORS_MAX = 94 /* of which there are words */ };

/* clang-format off */
static void put_error(int error, char *room)
{
	/* Each line begins with its number and FIRST_KEY, as a letter. */
	const char *text = wording_text(T(
		"\n\41" "not permitted"
		"\n\42" "no such file"
		"\n\45" "input or output failed"
		"\n\47" "argument list too long"
		"\n\50" "in no format that can be run"
		"\n\53" "too many processes"
		"\n\54" "no memory"
		"\n\55" "permission denied"
		"\n\64" "not a directory"
		"\n\67" "too many open files"
		"\n\70" "too many open files"
		"\n\72" "the file is being written to"
		"\n\104" "the name is too long"
		"\n\106" "refused"
		"\n\110" "too many symbolic links or interpreters"
		"\n\160" "its loader is none"),
		room);
	/* clang-format on */
	char key[] = { '\n', (char)(FIRST_KEY - error), '\0' };

	if (error < -ERRORS_MAX || text_put_line(room, text, key) == NULL)
		text_put_number(wording_put(room, T("error ")), -error);
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
static OUT_OF_LINE bool has_reader(struct log *log)
{
	struct poll file = { .fd = STANDARD_ERROR, .events = POLL_OUT };
	struct time limit = { .nanoseconds = 0 };

	limit.seconds = log->is_stuck ? 0 : LOG_PATIENCE_MS / 1000;
	log->is_stuck = sys_poll(&file, 1, &limit) == 0;
	return !log->is_stuck;
}

/* Room for what one character becomes, and for "...\n". */
enum { LINE_ROOM = LOG_LINE_MAX - 8 };

void log_say(struct log *log, int level, wording format, ...)
{
	char text[WORDING_SIZE], room[WORDING_SIZE], line[LOG_LINE_MAX];
	const char *from, *words = "foster: ";
	char *end = line;
	va_list arguments;

	if (log->level < level || !has_reader(log))
		return;
	from = wording_text(format, text);
	va_start(arguments, format);
	while (end < line + LINE_ROOM) {
		if (*words != '\0') {
			end = put_visibly(end, *words++);
			continue;
		}
		if (*from == '\0')
			break;
		if (*from == '%')
			words = in_words(*++from, va_arg(arguments, long),
					 room);
		else
			*end++ = *from;
		from++;
	}
	va_end(arguments);
	if (end >= line + LINE_ROOM)
		end = text_put(end, "...");
	*end++ = '\n';
	sys_write(STANDARD_ERROR, line, (size_t)(end - line));
}
