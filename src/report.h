/* Who is left over when the time is up. */
#ifndef FOSTER_REPORT_H
#define FOSTER_REPORT_H

#include "init.h"

/*
 * Says how many processes live that foster is to end, and names some: all but
 * foster itself (process 1), or its descendants. Nothing where nobody does.
 */
void report_say(struct init *init);

#endif
