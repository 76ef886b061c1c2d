/* option_values.c: any text as the value of an option. */
#include "option_values.h"
#include "proof.h"

/* signals.c: proves_signal_number */
int signals_named(const char *text)
{
	int signal = any_int();

	prove(*text == *text);
	assume(signal == -1 || (signal >= 1 && signal <= SIGNALS_MAX));
	return signal;
}

int signals_number(const char *text)
{
	return signals_named(text);
}

void proves_option_duration(void)
{
	uint32_t ms = 7;
	bool is_wrong = option_duration(any_text(), &ms) != NULL;

	prove(ms <= UINT32_C(1) << 31);
	prove(!is_wrong || ms == 7);
	reached_if(is_wrong, "no duration");
	reached_if(ms == 120000, "two minutes");
	reached_if(ms == 1, "a millisecond");
}

void proves_option_signal(void)
{
	int signal = 0;
	bool is_wrong = option_signal(any_text(), &signal) != NULL;

	prove(is_wrong == (signal == 0));
	prove(signal >= 0 && signal <= SIGNALS_MAX);
	reached_if(is_wrong, "no signal");
	reached_if(signal == SIGNALS_MAX, "the last signal");
}

void proves_option_status(void)
{
	struct status_remap remap = { { 0 } };
	int status = any_int();
	bool is_wrong = option_status(any_text(), &remap) != NULL;

	assume(status >= 1 && status <= 255);
	prove(!is_wrong || status_remapped(&remap, status) == status);
	reached_if(is_wrong, "neither a status nor a signal");
	reached_if(status_remapped(&remap, 255) == 0, "the last status");
	reached_if(status_remapped(&remap, 192) == 0, "the last signal's");
}

void proves_option_rewriting(void)
{
	unsigned char rewriting[SIGNALS_REWRITING_SIZE] = { 0 };
	int signal = any_int(), as;
	bool is_wrong = option_rewriting(any_text(), rewriting) != NULL;

	assume(signal >= 1 && signal <= SIGNALS_MAX);
	as = signals_rewritten(rewriting, signal);
	prove(as >= 0 && as <= SIGNALS_MAX);
	prove(!is_wrong || as == signal);
	prove(as == signal || signals_can_be_caught(signal));
	reached_if(is_wrong, "not two signals");
	reached_if(!is_wrong && as == 0, "one that is dropped");
	reached_if(!is_wrong && as == SIGNALS_MAX && signal == 1, "another");
}
