/* status.c: every wait status there can be, in numbers and in words. */
#include "proof.h"
#include "signals.h"
#include "status.h"

void proves_status(void)
{
	struct status_remap remap, old;
	int wait_status = any_int(), status, from = any_int();

	/* 0 to 65535 is what wait4(2) gives; the rest must do no harm. */
	status = status_of_death(wait_status);
	prove(status >= 0 && status <= 255);
	prove((wait_status & 0x7f) != 0 ||
	      status == ((wait_status >> 8) & 0xff));
	prove((wait_status & 0x7f) == 0 ||
	      status == 128 + (wait_status & 0x7f));

	assume(from >= 0 && from <= 255);
	old = remap;
	status_remap(&remap, from);
	prove(status_remapped(&remap, from) == 0);
	prove(status == from ||
	      status_remapped(&remap, status) == status_remapped(&old, status));
	prove(status_remapped(&remap, status) == 0 ||
	      status_remapped(&remap, status) == status);
	reached_if(status == 255, "the highest status");
	reached_if(status_remapped(&remap, status) != 0, "not remapped");
}

/* What the kernel gives for a dead process: signals 1 to 64, or an exit. */
void proves_status_words(void)
{
	char words[STATUS_WORDS_SIZE];
	int wait_status = any_int();

	assume(!WIFSTOPPED(wait_status) && !WIFCONTINUED(wait_status));
	assume(WTERMSIG(wait_status) <= SIGNALS_MAX);
	prove(status_in_words(wait_status, words) == words);
	prove(words[0] == (WTERMSIG(wait_status) == 0 ? 'e' : 'k'));
	prove(ends_within(words, STATUS_WORDS_SIZE));
	reached_if(words[0] == 'e', "it exited");
	reached_if(words[0] == 'k' && WCOREDUMP(wait_status), "it dumped core");
}
