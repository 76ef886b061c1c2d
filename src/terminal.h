/*
 * The controlling terminal: which process group has it. All of it is best
 * effort; tty_ioctl(2), tcsetpgrp(3), credentials(7).
 */
#ifndef FOSTER_TERMINAL_H
#define FOSTER_TERMINAL_H

#include "sys.h"

/*
 * Opens the controlling terminal: /dev/tty or, where that is missing or
 * broken, the first standard stream that is it. Negative where there is none;
 * that this is so costs one system call.
 */
int terminal_open(void);

/* Closes what terminal_open() opened, but no stream that was there before. */
void terminal_close(int fd);

/*
 * Makes `to` the foreground group if that is `from` now, or a group that is
 * gone; with `from_job`, also if it is the program's of another foster in the
 * group `from`. Whether it did.
 */
bool terminal_pass(int fd, int from, int to, bool from_job);

#endif
