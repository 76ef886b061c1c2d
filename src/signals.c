#include "signals.h"
#include "text.h"

/* Arrays, not pointers: those would need relocations. */
struct named_signal {
	char name[8];
	int number;
};

/* By number; the last five are for reading only. */
/* clang-format off */
static const struct named_signal named_signals[] = {
	{ "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT },
	{ "ILL", SIGILL }, { "TRAP", SIGTRAP }, { "ABRT", SIGABRT },
	{ "BUS", SIGBUS }, { "FPE", SIGFPE }, { "KILL", SIGKILL },
	{ "USR1", SIGUSR1 }, { "SEGV", SIGSEGV }, { "USR2", SIGUSR2 },
	{ "PIPE", SIGPIPE }, { "ALRM", SIGALRM }, { "TERM", SIGTERM },
#ifdef SIGSTKFLT
	{ "STKFLT", SIGSTKFLT },
#endif
	{ "CHLD", SIGCHLD }, { "CONT", SIGCONT }, { "STOP", SIGSTOP },
	{ "TSTP", SIGTSTP }, { "TTIN", SIGTTIN }, { "TTOU", SIGTTOU },
	{ "URG", SIGURG }, { "XCPU", SIGXCPU }, { "XFSZ", SIGXFSZ },
	{ "VTALRM", SIGVTALRM }, { "PROF", SIGPROF }, { "WINCH", SIGWINCH },
	{ "IO", SIGIO }, { "PWR", SIGPWR }, { "SYS", SIGSYS },
	{ "IOT", SIGABRT }, { "CLD", SIGCHLD }, { "POLL", SIGIO },
	{ "RTMIN", SIGNALS_RTMIN }, { "RTMAX", SIGNALS_MAX },
};
/* clang-format on */

enum { NAMED = sizeof(named_signals) / sizeof(named_signals[0]) };

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
	bool is_first = signal == SIGNALS_RTMIN;
	int offset;

	if (*rest == '\0')
		return signal;
	if (signal < SIGNALS_RTMIN || *rest != (is_first ? '+' : '-'))
		return -1;
	offset = (int)text_whole_number(rest + 1, SIGNALS_MAX - SIGNALS_RTMIN);
	if (offset < 0)
		return -1;
	return is_first ? signal + offset : signal - offset;
}

int signals_named(const char *text)
{
	const char *rest = after_name(text, "SIG");
	int signal = -1;

	if (rest != NULL)
		text = rest;
	for (unsigned i = 0; i < NAMED && signal < 0; i++) {
		rest = after_name(text, named_signals[i].name);
		if (rest != NULL)
			signal = counted(named_signals[i].number, rest);
	}
	return signal;
}

int signals_number(const char *text)
{
	int number = (int)text_whole_number(text, SIGNALS_MAX);

	if (number < 0)
		return signals_named(text);
	return number == 0 ? -1 : number;
}

const char *signals_name(int signal, char name[SIGNALS_NAME_SIZE])
{
	if (signal >= SIGNALS_RTMIN) {
		text_put_number(text_put(name, "SIGRTMIN+"),
				(unsigned)(signal - SIGNALS_RTMIN));
		return name;
	}
	for (unsigned i = 0; i < NAMED; i++) {
		if (named_signals[i].number == signal) {
			text_put(text_put(name, "SIG"), named_signals[i].name);
			return name;
		}
	}
	text_put_number(text_put(name, "signal "), (unsigned)signal);
	return name;
}

void signals_rewrite(unsigned char rewriting[SIGNALS_REWRITING_SIZE],
		     int signal, int as)
{
	rewriting[signal] = as == 0 ? SIGNALS_DROPPED : (unsigned char)as;
}

int signals_rewritten(const unsigned char rewriting[SIGNALS_REWRITING_SIZE],
		      int signal)
{
	int as = rewriting[signal];

	if (as > SIGNALS_MAX)
		return 0;
	return as == 0 ? signal : as;
}

#if ULONG_MAX > 0xffffffff
const struct kernel_sigset signals_all = { { ~0UL } };
#else
const struct kernel_sigset signals_all = { { ~0UL, ~0UL } };
#endif

bool signals_can_be_caught(int signal)
{
	return signal != SIGKILL && signal != SIGSTOP && signal != SIGCHLD;
}

bool signals_is_for_foreground(int signal)
{
	return signal == SIGINT || signal == SIGQUIT || signal == SIGTSTP ||
	       signal == SIGWINCH;
}
