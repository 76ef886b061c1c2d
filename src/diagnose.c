#include "diagnose.h"
#include "status.h"
#include "text.h"

/* Each text begins with its number. */
static const _Alignas(1) char errors[] = "\1"
			     "not permitted\0"
			     "\2"
			     "no such file\0"
			     "\7"
			     "argument list too long\0"
			     "\10"
			     "in no format that can be run\0"
			     "\13"
			     "too many processes\0"
			     "\14"
			     "no memory\0"
			     "\15"
			     "permission denied\0"
			     "\24"
			     "a component of the path is not a directory\0"
			     "\32"
			     "the file is being written to\0"
			     "\44"
			     "the name is too long\0"
			     "\46"
			     "refused\0"
			     "\50"
			     "too many symbolic links\0"
			     "\0";

const char *diagnose_error(int error)
{
	const char *text = errors;

	while (*text != '\0' && *text != -error)
		text += text_length(text) + 1;
	return *text != '\0' ? text + 1 : "an error";
}

int diagnose_failure(struct log *log, const char *program, const char *path,
		     const struct path_failure *failure)
{
	int error = failure->error;
	bool is_missing = error == -E_NOENT || error == -E_NOTDIR;

	if (is_missing && path_is_searched(program))
		log_say(log, LOG_QUIET,
			"cannot run '%s': not found in PATH"
			" (%s)",
			program, path != NULL ? path : path_default);
	else
		log_say(log, LOG_QUIET, "cannot run '%s': %s%s",
			failure->path[0] != '\0' ? failure->path : program,
			failure->wanted_shell ? "it needs /bin/sh: " : "",
			diagnose_error(error));
	return is_missing ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
}
