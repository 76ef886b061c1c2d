#include "status.h"
#include "signals.h"
#include "text.h"

int status_of_death(int wait_status)
{
	int signal = WTERMSIG(wait_status);

	return signal != 0 ? STATUS_SIGNAL + signal : WEXITSTATUS(wait_status);
}

const char *status_in_words(int wait_status, char words[STATUS_WORDS_SIZE])
{
	int signal = WTERMSIG(wait_status);
	char name[SIGNALS_NAME_SIZE], *end;

	if (signal == 0) {
		text_put_number(text_put(words, "exit status "),
				(unsigned)WEXITSTATUS(wait_status));
		return words;
	}
	end = text_put(text_put(words, "killed by "),
		       signals_name(signal, name));
	if (WCOREDUMP(wait_status))
		text_put(end, " (core dumped)");
	return words;
}

void status_remap(struct status_remap *remap, int status)
{
	remap->becomes_0[status / 8] |= (uint8_t)(1U << status % 8);
}

int status_remapped(const struct status_remap *remap, int status)
{
	return remap->becomes_0[status / 8] >> status % 8 & 1 ? 0 : status;
}
