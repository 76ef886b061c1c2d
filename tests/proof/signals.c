/* signals.c: names and numbers of signals. */
#include "proof.h"
#include "signals.h"
#include "text.h"

/* Any text at all gives a signal, or none. */
void proves_signal_number(void)
{
	int signal = signals_number(any_text());

	prove(signal == -1 || (signal >= 1 && signal <= SIGNALS_MAX));
	reached_if(signal == -1, "no signal");
	reached_if(signal == SIGTERM, "a name, or its number");
	reached_if(signal == SIGIO, "a second name");
	reached_if(signal == SIGNALS_RTMIN + 1, "a real-time signal");
}

/* Every name fits, and means the signal again. */
void proves_signal_name(void)
{
	char name[SIGNALS_NAME_SIZE];
	int signal = any_int();

	assume(signal >= 1 && signal <= SIGNALS_MAX);
	prove(signals_name(signal, name) == name);
	prove(ends_within(name, SIGNALS_NAME_SIZE));
	prove(signal == 32 || signal == 33 || signals_number(name) == signal);
	reached_if(signal == 1, "the first");
	reached_if(signal == SIGNALS_MAX, "the last");
}

/* Of any rewriting there can be. */
void proves_rewriting(void)
{
	unsigned char rewriting[SIGNALS_REWRITING_SIZE];
	int signal = any_int(), as = any_int(), other = any_int();
	int old;

	assume(signal >= 0 && signal <= SIGNALS_MAX);
	assume(other >= 0 && other <= SIGNALS_MAX);
	assume(as >= 0 && as <= SIGNALS_MAX);
	for (int i = 0; i < SIGNALS_REWRITING_SIZE; i++)
		rewriting[i] = any_uint8();
	old = signals_rewritten(rewriting, other);
	signals_rewrite(rewriting, signal, as);
	prove(signals_rewritten(rewriting, signal) == as);
	prove(other == signal || signals_rewritten(rewriting, other) == old);
	prove(signals_rewritten(rewriting, other) >= 0 &&
	      signals_rewritten(rewriting, other) <= SIGNALS_MAX);
	reached_if(as == 0, "dropped");
	reached_if(as != 0 && as != signal, "another");
}

void proves_signal_sets(void)
{
	int signal = any_int();

	assume(signal >= 1 && signal <= SIGNALS_MAX);
	prove(signals_all.words[0] == ~0UL);
	prove(signals_asks_to_end(signal) ==
	      (signal == 15 || signal == 2 || signal == 3));
	prove(signals_can_be_caught(signal) ==
	      (signal != 9 && signal != 17 && signal != 19));
	prove(signals_is_for_foreground(signal) ==
	      (signal == 2 || signal == 3 || signal == 20 || signal == 28));
	reached_if(signal == SIGNALS_MAX, "the last signal");
}
