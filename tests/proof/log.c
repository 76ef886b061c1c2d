/*
 * log.c: what it is given comes from outside. The compiler checks that the
 * arguments are those of the format: each is what va_arg() makes of them here.
 */
#include <stdarg.h>
#undef va_start
#undef va_arg
#undef va_end
#define va_start(list, last) (void)(list)
#define va_arg(list, type)   ((type)argument)
#define va_end(list)	     (void)(list)

static const char *argument;

#include "proof.h"
#include <log.c>

/* text.c: proves_length */
size_t text_length(const char *text)
{
	size_t length = 0;

	while (text[length] != '\0')
		length++;
	return length;
}

/* text.c: proves_printable */
size_t text_printable(const char *text)
{
	size_t bytes = any_size();

	assume(bytes <= 2 && (bytes == 0 || text[0] != '\0') &&
	       (bytes < 2 || text[1] != '\0'));
	return bytes;
}

/* text.c: proves_put, proves_put_number */
char *text_put(char *to, const char *from)
{
	while ((*to = *from++) != '\0')
		to++;
	return to;
}

char *text_put_number(char *to, unsigned number)
{
	size_t digits = any_size();

	assume(digits > 0 && digits < TEXT_NUMBER_SIZE);
	prove(__CPROVER_w_ok(to, TEXT_NUMBER_SIZE));
	for (size_t i = 0; i < TEXT_NUMBER_SIZE - 1; i++)
		to[i] = '7';
	to[digits] = '\0';
	return to + digits;
}

/* How much was written, by what calls; and the descriptor of foster's own. */
static long written;
static int own, writes;

static void prove_line(long fd, const char *line, long length)
{
	prove(fd == (own >= 0 ? own : STDERR_FILENO));
	prove(length > 0 && length <= LOG_LINE_MAX);
	prove(__CPROVER_r_ok(line, length));
	prove(line[length - 1] == '\n');
	written = length;
	writes++;
}

long sys_call(long number, long a, long b, long c, long d, long e)
{
	if (number == SYS_write || number == SYS_sendto)
		prove_line(a, (const char *)b, c);
	if (number == SYS_openat) {
		prove(own < 0);
		return own = any_int();
	}
	if (number == SYS_close) {
		prove(a == own);
		own = -1;
	}
	if (number == SYS_statx)
		((struct kernel_statx *)e)->stx_mode = any_unsigned();
	return any_long();
}

/* Any byte becomes two or four that can be seen. */
void proves_visible(void)
{
	char buffer[5] = "xxxxx", c = any_char();
	char *end = put_visibly(buffer, c);

	prove(end > buffer + 1 && end <= buffer + 4 && buffer[4] == 'x');
	for (char *at = buffer; at < end; at++)
		prove((unsigned char)*at >= ' ' && (unsigned char)*at < 0x7f);
	reached_if(end == buffer + 4, "a control character");
	reached_if(end == buffer + 2, "the end of a line");
}

/* Any format and arguments that are longer than a line, or not. */
void proves_say(void)
{
	struct log log = { .level = any_int(), .is_stuck = any_bool() };
	char *format = any_text();

	for (size_t i = 0; format[i] != '\0'; i++)
		assume(format[i] != '%' || format[i + 1] == 's' ||
		       format[i + 1] == 'd');
	argument = any_text();
	written = 0;
	own = -1;
	log_say(&log, any_int(), format);
	prove(own < 0);
	reached_if(written == LOG_LINE_MAX - 1, "a line that is cut");
	reached_if(written == 9, "nothing but who says it");
	reached_if(written == 0, "nothing: nobody listens");
	reached_if(writes > 1, "another writer was faster");
}
