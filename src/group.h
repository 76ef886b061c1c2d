/*
 * The program's process group, when a signal that asks to end goes to all of
 * it: with option -g, and where the program itself ignores the signal.
 */
#ifndef FOSTER_GROUP_H
#define FOSTER_GROUP_H

#include "init.h"

/*
 * Remembers as told (told.h) whom `signal` will reach that is about to be sent
 * to the group, and forgets whom an earlier one has reached. Who is born into
 * the group later, or ignores the signal, is told like anybody. With
 * `spares_readers` who reads what others in /proc write is not counted either;
 * returns whether there is one. Without a /proc of this namespace nobody can
 * be told from others, and nothing is done.
 */
bool group_note(struct init *init, int signal, bool spares_readers);

/* Sends `signal` to just those. */
void group_signal_noted(struct init *init, int signal);

#endif
