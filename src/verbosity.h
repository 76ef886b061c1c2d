/* How much foster says; what the options choose and the log obeys. */
#ifndef FOSTER_VERBOSITY_H
#define FOSTER_VERBOSITY_H

/* How much is said, options -q, -v, -vv. A message has the level it needs. */
enum {
	LOG_QUIET = -1,
	LOG_NORMAL = 0,
	LOG_VERBOSE = 1,
	LOG_EVERYTHING = 2,
};

#endif
