#include "status.h"
#include "signals.h"
#include "text.h"
#include "wording.h"

int status_of_death(int wait_status)
{
	int signal = status_death_signal(wait_status);

	return signal ? STATUS_SIGNAL + signal : (wait_status >> 8) & 0xff;
}

void status_in_words(int wait_status, char words[STATUS_WORDS_SIZE])
{
	int signal = status_death_signal(wait_status);

	if (signal == 0) {
		text_put_number(wording_put(words, T("exit status ")),
				status_of_death(wait_status));
		return;
	}
	words = signals_name(signal, wording_put(words, T("killed by ")));
	if (status_has_dumped(wait_status))
		wording_put(words, T(" (core dumped)"));
}

void status_remap(struct status_remap *remap, int status)
{
	unsigned bit = (unsigned)status % 8;

	remap->becomes_0[(unsigned)status / 8] |= (uint8_t)(1 << bit);
}

int status_remapped(const struct status_remap *remap, int status)
{
	int bits = remap->becomes_0[(unsigned)status / 8];

	return (bits >> (unsigned)status % 8 & 1) != 0 ? 0 : status;
}
