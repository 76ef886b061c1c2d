/* log.c: its pure parts; what they are given comes from outside. */
#include <log.c>
#include "proof.h"

long sys_call(long number, long a, long b, long c, long d, long e)
{
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
