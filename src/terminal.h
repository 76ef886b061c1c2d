/*
 * The controlling terminal: which process group is in its foreground. All of
 * it is best effort; tty_ioctl(2), tcsetpgrp(3), credentials(7).
 */
#ifndef FOSTER_TERMINAL_H
#define FOSTER_TERMINAL_H

#include <stdbool.h>

/*
 * Opens the controlling terminal: /dev/tty or, where that is missing or
 * broken, the first standard stream that is it. A negative errno where there
 * is none; to learn that takes one system call.
 */
int terminal_open(void);

/* Closes what terminal_open() opened, but no stream that was there before. */
void terminal_close(int terminal);

/*
 * Makes `fd` the controlling terminal of the caller's session, unless another
 * session has it, and opens it; a negative errno where it cannot. The caller's
 * own session and not the program's: the kernel hangs up what is left of a
 * session when its leader ends (disassociate_ctty).
 */
int terminal_take(int fd);

/*
 * Makes `to` the foreground group if that is `from` now, or a group that is
 * gone; with `from_job`, also if it is the program's of another foster in the
 * group `from`. Returns whether it did.
 */
bool terminal_pass(int terminal, int from, int to, bool from_job);

#endif
