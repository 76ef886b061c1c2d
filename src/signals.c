#include "signals.h"
#include "text.h"
#include "wording.h"

/*
 * Signals 1 to 31, one after the other; the place is the number. No array of
 * pointers: it would need relocations.
 */
static const _Alignas(1) char names[] =
	"HUP\0INT\0QUIT\0ILL\0TRAP\0ABRT\0BUS\0FPE\0KILL\0USR1\0SEGV\0USR2\0"
	"PIPE\0ALRM\0TERM\0STKFLT\0CHLD\0CONT\0STOP\0TSTP\0TTIN\0TTOU\0URG\0"
	"XCPU\0XFSZ\0VTALRM\0PROF\0WINCH\0IO\0PWR\0SYS\0"
	/* Other names that people use, and those a number may follow. */
	"IOT\0CLD\0POLL\0RTMIN\0RTMAX\0";

enum { LAST_NAMED = 31 };

/* What they mean. */
static const uint8_t named_other[] = { 6, SIGNAL_CHLD, 29, SIGNAL_RTMIN,
				       SIGNAL_MAX };

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

/* What `rest` behind the name of `signal` makes of it: RTMIN+3, RTMAX-1. */
static int counted(int signal, const char *rest)
{
	bool is_first = signal == SIGNAL_RTMIN;
	int offset;

	if (*rest == '\0')
		return signal;
	if (signal < SIGNAL_RTMIN || *rest != (is_first ? '+' : '-'))
		return -1;
	offset = (int)text_whole_number(rest + 1, SIGNAL_MAX - SIGNAL_RTMIN);
	if (offset < 0)
		return -1;
	return is_first ? signal + offset : signal - offset;
}

int signals_named(const char *text)
{
	const char *name = names, *rest = after_name(text, "SIG");
	int signal = -1;

	if (rest != NULL)
		text = rest;
	for (int place = 1; signal < 0 && *name != '\0'; place++) {
		rest = after_name(text, name);
		if (rest != NULL)
			signal = counted(
				place <= LAST_NAMED
					? place
					: named_other[place - LAST_NAMED - 1],
				rest);
		name = next(name);
	}
	return signal;
}

int signals_number(const char *text)
{
	int number = (int)text_whole_number(text, SIGNAL_MAX);

	if (number < 0)
		return signals_named(text);
	return number == 0 ? -1 : number;
}

char *signals_name(int signal, char *name)
{
	const char *word = names;

	if (signal >= SIGNAL_RTMIN)
		return text_put_number(wording_put(name, T("SIGRTMIN+")),
				       signal - SIGNAL_RTMIN);
	if (signal > LAST_NAMED)
		return text_put_number(wording_put(name, T("signal ")), signal);
	while (--signal > 0)
		word = next(word);
	return text_put(text_put(name, "SIG"), word);
}

void signals_rewrite(struct signals_rewriting *rewriting, int signal, int as)
{
	rewriting->change[signal] = (uint8_t)(signal ^ as);
}

int signals_rewritten(const struct signals_rewriting *rewriting, int signal)
{
	return signal ^ rewriting->change[signal];
}

#if ULONG_MAX > 0xffffffff
const struct signal_set signals_all = { { ~0UL } };
#else
const struct signal_set signals_all = { { ~0UL, ~0UL } };
#endif

bool signals_can_be_caught(int signal)
{
	return signal != SIGNAL_KILL && signal != SIGNAL_STOP &&
	       signal != SIGNAL_CHLD;
}

bool signals_is_for_foreground(int signal)
{
	return signals_has(SIGNALS_BIT(SIGNAL_INT) | SIGNALS_BIT(SIGNAL_QUIT) |
				   SIGNALS_BIT(SIGNAL_TSTP) |
				   SIGNALS_BIT(SIGNAL_WINCH),
			   signal);
}
