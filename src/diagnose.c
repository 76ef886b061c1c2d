#include "diagnose.h"
#include "status.h"
#include "text.h"

int diagnose_failure(struct log *log, const char *program, const char *path,
		     const struct path_failure *failure)
{
	int error = failure->error;
	bool is_missing = error == -E_NOENT || error == -E_NOTDIR;

	if (is_missing && path_is_searched(program))
		log_say(log, LOG_QUIET,
			T("cannot run '%s': not found in PATH"
			" (%s)"),
			program, path != NULL ? path : path_default);
	else
		log_say(log, LOG_QUIET, T("cannot run '%s': %t%e"),
			failure->path[0] != '\0' ? failure->path : program,
			failure->wanted_shell ? T("it needs /bin/sh: ") : T(""),
			error);
	return is_missing ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
}
