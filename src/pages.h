/* What the stand-alone program does with its own memory. */
#ifndef FOSTER_PAGES_H
#define FOSTER_PAGES_H

/*
 * Gives back the pages of the file that only the start needed (madvise(2)):
 * they come back by themselves when they are run again. An idle foster keeps
 * the first page, and there are many fosters.
 */
/* Hidden: its address is taken, and aarch64 would look it up in a table. */
void pages_release(void) __attribute__((visibility("hidden")));

#endif
