/*
 * The part of the life cycle from the program's end on: leftovers are told, all
 * of them are, and their time is over. Pure. foster(1), LEFTOVERS
 */
#ifndef FOSTER_ENDING_H
#define FOSTER_ENDING_H

#include "lifecycle.h"

/* Somebody asks to end by `as`, which option -r has made; 0: nothing. */
void ending_note_stop(struct lifecycle *lifecycle, int as);

/* The program has ended, and somebody is left. */
struct lifecycle_step ending_begin(struct lifecycle *lifecycle,
				   uint64_t now_ms);

/* The time of the stage is over. */
struct lifecycle_step ending_next_stage(struct lifecycle *lifecycle,
					uint64_t now_ms);

/* Looks at the children now, with what the stage does to them. */
struct lifecycle_step ending_look(struct lifecycle *lifecycle, uint64_t now_ms);

/*
 * TERM, INT or QUIT has come, which option -r makes `as` of, 0 for nothing: the
 * first one is for who was not told yet, the next one ends it all.
 */
struct lifecycle_step ending_stop(struct lifecycle *lifecycle, uint64_t now_ms,
				  int as);

#endif
