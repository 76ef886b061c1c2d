/*
 * log.c: what it is given comes from outside. That its arguments are those of
 * the format is not looked at: each is what instead_of_in_words() makes it.
 */
#include <stdarg.h>
#undef va_start
#undef va_arg
#undef va_end
#define va_start(list, last) (void)(list)
#define va_arg(list, type)   any_long()
#define va_end(list)	     (void)(list)

#include "lines.h"
#include "proof.h"
#include <log.c>

/* How much was written. */
static long written;

long sys_call(long number, long a, long b, long c, long d, long e)
{
	if (number == SYS_WRITE) {
		prove(a == STANDARD_ERROR && c > 0 && c <= LOG_LINE_MAX);
		prove(__CPROVER_r_ok((char *)b, c));
		written = c;
	}
	return any_long();
}

/* Any byte becomes one to four that can be seen. */
void proves_visible(void)
{
	char room[5] = "xxxxx", c = any_char();
	char *end = put_visibly(room, c);

	prove(end > room && end <= room + 4 && room[4] == 'x');
	for (char *at = room; at < end; at++)
		prove((unsigned char)*at >= ' ' && *at != 0x7f);
	reached_if(end == room + 4, "a control character");
	reached_if(end == room + 1, "a letter");
	reached_if(end == room + 2, "the end of a line");
}

enum { ERROR_LAST = -4095 /* MAX_ERRNO, linux/err.h */ };

/* Every error the kernel has. */
void proves_error(void)
{
	char room[WORDING_SIZE];
	int error = any_int();

	assume(error < 0 && error >= ERROR_LAST);
	put_error(error, room);
	prove(line_put != NULL || room[0] == 'e');
	prove(error >= -ERRORS_MAX || room[0] == 'e');
	reached_if(room[0] == 'e' && error == ERROR_LAST, "a number");
	reached_if(line_put == room + longest_line, "the longest words");
}

/* proves_signal_name */
char *instead_of_signals_name(int signal, char *name)
{
	prove(signal >= 1 && signal <= SIGNAL_MAX);
	__CPROVER_havoc_slice(name, SIGNALS_NAME_SIZE);
	name[SIGNALS_NAME_SIZE - 1] = '\0';
	return name + SIGNALS_NAME_SIZE - 1;
}

/* proves_status_words */
void instead_of_status_in_words(int wait_status, char *words)
{
	prove(status_death_signal(wait_status) <= SIGNAL_MAX);
	__CPROVER_havoc_slice(words, STATUS_WORDS_SIZE);
	words[STATUS_WORDS_SIZE - 1] = '\0';
}

/* What is no text already, in the room log_say() has for it. */
void proves_argument(void)
{
	static const char kinds[] = { 'd', 'g', 'e', 'w' };
	unsigned which = any_unsigned();
	char room[WORDING_SIZE], kind;
	int number = any_int();
	const char *words;

	assume(which < sizeof(kinds));
	kind = kinds[which];
	assume(kind != 'd' || number >= 0);
	assume(kind != 'g' || (number >= 1 && number <= SIGNAL_MAX));
	assume(kind != 'e' || (number < 0 && number >= ERROR_LAST));
	assume(kind != 'w' || status_death_signal(number) <= SIGNAL_MAX);
	words = in_words(kind, number, room);
	prove(words == room && text_length(words) < WORDING_SIZE);
	reached_if(kind == 'd' && room[9] == '7', "a number");
	reached_if(kind == 'g' && number == SIGNAL_MAX, "a signal");
	reached_if(kind == 'e' && room[0] == 'e', "an error");
	reached_if(kind == 'w' && number == 0, "a death");
}

/* proves_visible */
char *instead_of_put_visibly(char *to, char c)
{
	size_t more = any_size();

	assume(more >= 1 && more <= 4);
	prove(__CPROVER_w_ok(to, 4));
	(void)c;
	return to + more;
}

/* proves_argument; or it is a text. */
static char *argument;

const char *instead_of_in_words(char kind, long value, char *room)
{
	/* No format ends in a percent sign. */
	assume(kind != '\0');
	prove(__CPROVER_w_ok(room, WORDING_SIZE));
	return argument;
}

/* loops.txt */
char *format_end;

/* A format that fits its room, and arguments of any length. */
void proves_say(void)
{
	struct log log = { .level = any_int(), .is_stuck = any_bool() };
	char *format = any_text_up_to(WORDING_SIZE - 1);

	argument = any_text();
	format_end = format + (__CPROVER_OBJECT_SIZE(format) - 1);
	written = 0;
	log_say(&log, any_int(), format);
	reached_if(written == LOG_LINE_MAX - 1, "the longest line");
	reached_if(written == 9, "nothing but who says it");
	reached_if(written == 0, "nothing: nobody listens");
}
