/* Errors of the kernel in words. Pure. errno(3) */
#ifndef FOSTER_ERRORS_H
#define FOSTER_ERRORS_H

enum { ERRORS_TEXT_SIZE = 20 };

/*
 * What strerror(3) says of the negative errno `error`; where there are no words
 * for it here "error 200", which is written to `text`.
 */
const char *errors_text(int error, char text[ERRORS_TEXT_SIZE]);

#endif
