/* The one place where the version stands. */
#ifndef FOSTER_VERSION_H
#define FOSTER_VERSION_H

#define FOSTER_VERSION "1.0.0"

#endif
