#include "signals.h"
#include "text.h"

/*
 * Signals 1 to 31, one after the other; the place is the number. No array of
 * pointers: it would need relocations.
 */
static const _Alignas(1) char names[] =
	"HUP\0INT\0QUIT\0ILL\0TRAP\0ABRT\0BUS\0FPE\0KILL\0USR1\0SEGV\0USR2\0"
	"PIPE\0ALRM\0TERM\0STKFLT\0CHLD\0CONT\0STOP\0TSTP\0TTIN\0TTOU\0URG\0"
	"XCPU\0XFSZ\0VTALRM\0PROF\0WINCH\0IO\0PWR\0SYS\0"
	/* Other names that people use. */
	"IOT\0CLD\0POLL\0";

enum { LAST_NAMED = 31 };

/* What they mean. */
static const uint8_t named_other[] = { 6, SIGNAL_CHLD, 29 };

static const char *next(const char *name)
{
	return name + text_length(name) + 1;
}

/* What follows the upper-case `name` in `text`, in any case; or NULL. */
static const char *after_name(const char *text, const char *name)
{
	for (; *name != '\0'; text++, name++)
		if (*text != *name &&
		    (*text < 'a' || *text - 'a' + 'A' != *name))
			return NULL;
	return text;
}

/* Signal 1 to 31, by its place in the names. */
static OUT_OF_LINE int named(const char *text)
{
	const char *name = names, *rest;

	for (int signal = 1; *name != '\0'; signal++, name = next(name)) {
		rest = after_name(text, name);
		if (rest == NULL || *rest != '\0')
			continue;
		return signal <= LAST_NAMED
			       ? signal
			       : named_other[signal - LAST_NAMED - 1];
	}
	return -1;
}

/* Within RTMIN to RTMAX: `text` is a number to go on from `base`. */
static int real_time(const char *text, int base, char sign)
{
	int64_t offset = 0;

	if (*text != '\0')
		offset = *text++ != sign
				 ? -1
				 : text_whole_number(text,
						     SIGNAL_MAX - SIGNAL_RTMIN);
	if (offset < 0)
		return -1;
	return base + (int)(sign == '-' ? -offset : offset);
}

int signals_number(const char *text)
{
	const char *rest;
	int64_t number;

	if (*text >= '0' && *text <= '9') {
		number = text_whole_number(text, SIGNAL_MAX);
		return number == 0 ? -1 : (int)number;
	}
	rest = after_name(text, "SIG");
	if (rest != NULL)
		text = rest;
	rest = after_name(text, "RTMIN");
	if (rest != NULL)
		return real_time(rest, SIGNAL_RTMIN, '+');
	rest = after_name(text, "RTMAX");
	if (rest != NULL)
		return real_time(rest, SIGNAL_MAX, '-');
	return named(text);
}

char *signals_name(int signal, char *name)
{
	const char *word = names;
	int number = signal - SIGNAL_RTMIN;

	if (signal > LAST_NAMED) {
		if (number < 0) {
			number = signal;
			name = text_put(name, "signal ");
		} else {
			name = text_put(name, "SIGRTMIN+");
		}
		return text_put_number(name, number);
	}
	while (--signal > 0)
		word = next(word);
	return text_put(text_put(name, "SIG"), word);
}

void signals_rewrite(struct signals_rewriting *rewriting, int signal, int as)
{
	rewriting->to[signal] = (uint8_t)(as == 0 ? SIGNALS_DROPPED : as);
}

int signals_rewritten(const struct signals_rewriting *rewriting, int signal)
{
	int as = rewriting->to[signal];

	if (as == SIGNALS_DROPPED)
		return 0;
	return as == 0 ? signal : as;
}

#if ULONG_MAX > 0xffffffff
const struct signal_set signals_all = { { ~0UL } };
#else
const struct signal_set signals_all = { { ~0UL, ~0UL } };
#endif

void signals_only(struct signal_set *set, int signal)
{
	unsigned bit = (unsigned)signal - 1;
	unsigned word_bits = CHAR_BIT * sizeof(long);

	*set = (struct signal_set){ { 0 } };
	set->words[bit / word_bits] = 1UL << bit % word_bits;
}

bool signals_can_be_caught(int signal)
{
	return signal != SIGNAL_KILL && signal != SIGNAL_STOP &&
	       signal != SIGNAL_CHLD;
}

bool signals_asks_to_end(int signal)
{
	return signal == SIGNAL_TERM || signal == SIGNAL_INT ||
	       signal == SIGNAL_QUIT;
}

bool signals_is_for_foreground(int signal)
{
	const uint64_t set = UINT64_C(1) << (SIGNAL_INT - 1) |
			     UINT64_C(1) << (SIGNAL_QUIT - 1) |
			     UINT64_C(1) << (SIGNAL_TSTP - 1) |
			     UINT64_C(1) << (SIGNAL_WINCH - 1);

	return (set >> (signal - 1) & 1) != 0;
}
