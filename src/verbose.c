#include "verbose.h"
#include "errors.h"
#include "status.h"

static const char *in_words(enum lifecycle_action action)
{
	switch (action) {
	case STEP_NOTHING:
		return "dropped";
	case STEP_FORWARD:
		return "forwarded";
	case STEP_TERMINATE_CHILDREN:
		return "passed on to leftovers that were not told yet";
	case STEP_KILL_ALL:
	case STEP_REPORT:
		return "ends the grace time";
	default:
		return "passed on to leftovers";
	}
}

void verbose_signal(struct init *init, const siginfo_t *info,
		    enum lifecycle_action action)
{
	char name[SIGNALS_NAME_SIZE];

	log_say(&init->log, LOG_EVERYTHING, "%s from process %d: %s",
		signals_name(info->si_signo, name), info->si_pid,
		in_words(action));
}

void verbose_kill(struct init *init, int error)
{
	char text[ERRORS_TEXT_SIZE];

	if (error == 0)
		log_say(&init->log, LOG_NORMAL,
			"the program did not end in time and is killed");
	else
		log_say(&init->log, LOG_NORMAL,
			"the program did not end in time and cannot be killed:"
			" %s",
			errors_text(error, text));
}

void verbose_end(struct init *init, int status)
{
	char words[STATUS_WORDS_SIZE];

	log_say(&init->log, LOG_VERBOSE, "the program's process ended: %s",
		status_in_words(status, words));
}

void verbose_reaped(struct init *init, enum log_level level, int pid,
		    int status)
{
	char words[STATUS_WORDS_SIZE];

	log_say(&init->log, level, "reaped process %d: %s", pid,
		status_in_words(status, words));
}
