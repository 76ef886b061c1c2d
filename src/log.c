#include <stdarg.h>
#include <sys/socket.h>

#include "log.h"
#include "sys.h"
#include "text.h"

/*
 * Arguments come from the command line, the environment and files: what they
 * hold must not be able to forge a line or steer a terminal. At most four
 * bytes are written for one.
 */
static char *put_visibly(char *to, char c)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char byte = (unsigned char)c;

	*to++ = '\\';
	if (byte >= '\a' && byte <= '\r') {
		*to++ = "abtnvfr"[byte - '\a'];
		return to;
	}
	*to++ = 'x';
	*to++ = digits[byte / 16];
	*to++ = digits[byte % 16];
	return to;
}

static const char prefix[] = "foster: ";

enum { PREFIX_LENGTH = sizeof(prefix) - 1 };

struct line {
	char *end;
	char bytes[LOG_LINE_MAX];
};

/* Whether there is space for what one character becomes, and "...\n". */
static bool has_space(const struct line *line)
{
	return line->end < line->bytes + LOG_LINE_MAX - 8;
}

/* Of a longer argument the middle is left out: the reason stands behind it. */
enum { ARGUMENT_MAX = 480, HALF = ARGUMENT_MAX / 2 };

static void put_argument(struct line *line, const char *text)
{
	size_t length = text_length(text);
	size_t shown = 0; /* bytes left of a character that is as it is */

	for (size_t at = 0; at < length; at++) {
		if (shown == 0 && !has_space(line))
			return;
		if (shown == 0 && length > ARGUMENT_MAX && at >= HALF &&
		    at < length - HALF) {
			line->end = text_put(line->end, "...");
			at = length - HALF - 1;
			continue;
		}
		if (shown == 0)
			shown = text_printable(text + at);
		if (shown > 0) {
			*line->end++ = text[at];
			shown--;
		} else {
			line->end = put_visibly(line->end, text[at]);
		}
	}
}

static void fill_line(struct line *line, const char *format, va_list arguments)
{
	char number[TEXT_NUMBER_SIZE];

	line->end = text_put(line->bytes, prefix);
	for (; *format != '\0' && has_space(line); format++) {
		if (*format != '%') {
			*line->end++ = *format;
		} else if (*++format == 's') {
			put_argument(line, va_arg(arguments, const char *));
		} else {
			text_put_number(number, va_arg(arguments, unsigned));
			put_argument(line, number);
		}
	}
	if (!has_space(line))
		line->end = text_put(line->end, "...");
	*line->end++ = '\n';
}

/*
 * A descriptor of foster's own for a pipe or a terminal: it does not block, and
 * the one that others have stays as it is. The terminal of another user cannot
 * be opened so; if it is the controlling one, it can as /dev/tty, tty(4).
 */
static int open_again(unsigned type)
{
	struct winsize size;
	int fd, group;

	if (type != S_IFIFO && sys_ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0)
		return -ENOTTY;
	fd = sys_open_for_writing("/proc/self/fd/2");
	if (fd < 0 && sys_ioctl(STDERR_FILENO, TIOCGPGRP, &group) == 0)
		fd = sys_open_for_writing("/dev/tty");
	return fd;
}

/*
 * That poll(2) has found space is not enough: a terminal may have less than is
 * written (drivers/tty/n_tty.c, n_tty_write), and another writer may have taken
 * it since. Then less is written, or nothing: -EAGAIN.
 */
static long write_at_once(const char *text, size_t length)
{
	struct kernel_statx status;
	unsigned type = 0;
	long written;
	int fd;

	if (sys_statx_open(STDERR_FILENO, &status) == 0)
		type = status.stx_mode & S_IFMT;
	if (type == S_IFSOCK) {
		written = sys_send(STDERR_FILENO, text, length,
				   MSG_DONTWAIT | MSG_NOSIGNAL);
		if (written != -EPERM && written != -ENOSYS)
			return written;
	}
	fd = open_again(type);
	written = sys_write(fd >= 0 ? fd : STDERR_FILENO, text, length);
	if (fd >= 0)
		sys_close(fd);
	return written;
}

/* How often the space may have gone to somebody else. */
enum { TRIES_MAX = 16 };

/*
 * Where poll itself is refused the write is tried all the same. Where standard
 * error is closed, or a file that foster has open for reading sits in its
 * place, the write fails (EBADF).
 */
void log_write(struct log *log, const char *text, size_t length)
{
	struct pollfd file = { .fd = STDERR_FILENO, .events = POLLOUT };
	struct kernel_timespec limit = {
		.tv_sec = log->is_stuck ? 0 : LOG_PATIENCE_MS / 1000,
	};
	int tries = 0;

	do
		log->is_stuck = sys_poll(&file, 1, &limit) == 0;
	while (!log->is_stuck && write_at_once(text, length) == -EAGAIN &&
	       ++tries < TRIES_MAX);
}

/* Whether the caller has taken the line, which comes without its ends. */
static bool is_taken(const struct log *log, struct line *line)
{
	const struct foster_options *options = log->options;
	struct foster_event event = { .size = sizeof(event),
				      .kind = FOSTER_MESSAGE,
				      .value = 1,
				      .text = line->bytes + PREFIX_LENGTH };
	bool is_taken;

	if (options == NULL || options->event == NULL)
		return false;
	line->end[-1] = '\0';
	is_taken = options->event(options->context, &event) == 0;
	line->end[-1] = '\n';
	return is_taken;
}

void log_say(struct log *log, enum log_level level, const char *format, ...)
{
	struct line line;
	va_list arguments;

	if (!log_wants(log, level))
		return;
	va_start(arguments, format);
	fill_line(&line, format, arguments);
	va_end(arguments);
	if (!is_taken(log, &line))
		log_write(log, line.bytes, (size_t)(line.end - line.bytes));
}
