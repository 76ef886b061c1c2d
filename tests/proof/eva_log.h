/*
 * Forced in front of every source but log.c: all that log_say() takes after
 * its format becomes a long, as which log.c reads it. C leaves that undefined;
 * every ABI that Linux has passes them alike (log.c, in_words).
 */
#include "log.h"

#define log_say(...) \
	eva_pick(__VA_ARGS__, eva_8, eva_7, eva_6, eva_5, eva_4, eva_3, ) \
	(__VA_ARGS__)
#define eva_pick(log, level, format, a, b, c, d, e, name, ...) name
#define eva_3(log, level, f) (log_say)(log, level, f)
#define eva_4(log, level, f, a) (log_say)(log, level, f, (long)(a))
#define eva_5(log, level, f, a, b) \
	(log_say)(log, level, f, (long)(a), (long)(b))
#define eva_6(log, level, f, a, b, c) \
	(log_say)(log, level, f, (long)(a), (long)(b), (long)(c))
#define eva_7(log, level, f, a, b, c, d) \
	(log_say)(log, level, f, (long)(a), (long)(b), (long)(c), (long)(d))
#define eva_8(log, level, f, a, b, c, d, e) \
	(log_say)(log, level, f, (long)(a), (long)(b), (long)(c), (long)(d), \
		  (long)(e))
