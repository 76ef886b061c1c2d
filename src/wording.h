/*
 * What foster says, in little room. Pure.
 *
 * T("...") is a text that is only ever shown. In the shipped binary make puts
 * it into one packed table (host/pack.c) and a number in its place; everywhere
 * else it is the text itself. Both are of the type `wording`, and wording_put()
 * gives the text back.
 */
#ifndef FOSTER_WORDING_H
#define FOSTER_WORDING_H

#include <stddef.h>

#ifdef FOSTER_PACKED
typedef int wording;
#define NO_WORDING 0
#else
typedef const char *wording;
#define NO_WORDING NULL
#define T(text)	   text
#endif

/* Room for the longest that an argument or a format is. */
enum { WORDING_SIZE = 448 };

/* Writes the text and a NUL; gives the place of the NUL. */
char *wording_put(char *to, wording from);

/* The text itself; `room` is where it is put if it has to be. */
static inline const char *wording_text(wording from, char *room)
{
#ifdef FOSTER_PACKED
	wording_put(room, from);
	return room;
#else
	(void)room;
	return from;
#endif
}

#endif
