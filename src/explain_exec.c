#include "explain_exec.h"
#include "errors.h"
#include "explain_binfmt.h"
#include "file.h"
#include "status.h"
#include "text.h"

/* ---- the path ---- */

/*
 * why->path cannot be reached; `slash` is where it begins behind the folder it
 * is in.
 */
static bool search_part(struct explanation *why, char *slash)
{
	char target[KERNEL_PATH_MAX];
	long length = sys_readlink(why->path, target, sizeof(target) - 1);

	if (length > 0) {
		target[length] = '\0';
		explanation_go_on(why, "': the symbolic link '", why->path);
		explanation_go_on(why, "' leads to '", target);
		return explanation_is_error(why);
	}
	if (why->error == -EACCES) {
		*slash = '\0';
		return explanation_is_about(why, ": the folder '", why->path,
					    "' may not be searched");
	}
	if (why->error == -ENOENT)
		return explanation_is(why, why->missing);
	return explanation_is_error(why);
}

/*
 * Walks the path from left to right. *mode is that of the file it leads to, 0
 * where nothing can be known of it.
 */
static bool search_path(struct explanation *why, unsigned *mode)
{
	struct kernel_statx status;
	char *end = why->path, *slash;
	const char *next = why->file;
	int error;

	do {
		slash = end;
		do
			*end++ = *next++;
		while (*next != '/' && *next != '\0');
		*end = '\0';
		*mode = 0;
		error = sys_statx(why->path, 0, &status);
		if (error < 0)
			return error == why->error ? search_part(why, slash)
						   : UNKNOWN;
		*mode = status.stx_mode;
	} while (*next != '\0' && (*mode & S_IFMT) == S_IFDIR);
	if (*next != '\0')
		return explanation_is_about(why, ": '", why->path,
					    "' is not a directory");
	if ((*mode & S_IFMT) == S_IFDIR)
		return explanation_is(why, ": is a directory");
	if ((*mode & S_IFMT) != S_IFREG)
		return explanation_is(why, ": is not a regular file");
	return UNKNOWN;
}

/* ---- the file ---- */

/* "0644" */
static const char *mode_text(unsigned mode, char text[5])
{
	for (int i = 0; i < 4; i++)
		text[i] = (char)('0' + (mode >> (9 - 3 * i) & 7));
	text[4] = '\0';
	return text;
}

/* What keeps a file from being run, whatever is in it. */
static bool search_permissions(struct explanation *why, unsigned mode)
{
	struct kernel_statfs system;
	char text[5];

	if (why->error == -EPERM &&
	    ((mode & (S_ISUID | S_ISGID)) != 0 ||
	     sys_has_xattr(why->file, "security.capability")))
		return explanation_is(
			why, ": it would gain privileges (set-user-ID or"
			     " file capabilities), which is not"
			     " permitted");
	if (why->error != -EACCES || sys_may_execute(why->file) == 0)
		return UNKNOWN;
	if (sys_statfs(why->file, &system) == 0 &&
	    (system.f_flags & ST_NOEXEC) != 0)
		return explanation_is(why, ": on a filesystem mounted noexec");
	return explanation_is_about(why, ": not executable (mode ",
				    mode_text(mode, text), "): chmod +x it");
}

/* Looks at the last file of the chain, to which it adds what that needs. */
static bool search_file(struct explanation *why)
{
	unsigned mode;
	char head[BINFMT_HEAD_SIZE + 1];
	long length;

	if (search_path(why, &mode))
		return KNOWN;
	/* What may be a device or a FIFO is not opened. */
	if (mode == 0)
		return explanation_is_error(why);
	if (search_permissions(why, mode))
		return KNOWN;
	length = file_read(why->file, head, sizeof(head), 0);
	return length < 0 ? UNKNOWN : explain_binfmt(why, head, length);
}

/* ---- all of it ---- */

/* `why` is all zeroes. */
static void explain_file(struct explanation *why, struct log *log,
			 const char *file, const struct exec_failure *failure)
{
	char *first_end = text_put(why->chain, file);
	int steps = 0;
	bool is_known;

	why->error = failure->error;
	why->missing = ": no such file";
	why->file = why->chain;
	why->end = first_end;
	if (failure->wanted_shell)
		explanation_go_on_to_interpreter(why, "/bin/sh");
	do
		is_known = search_file(why);
	while (!is_known && ++steps < EXPLANATION_STEPS_MAX);
	if (!is_known) {
		*first_end = '\0';
		if (why->error == -ENOENT)
			explanation_is(why, ": an interpreter or loader that it"
					    " needs does not exist");
		else
			explanation_is_error(why);
	}
	log_say(log, LOG_QUIET, "cannot run '%s'%s", why->chain, why->reason);
}

int explain_exec(struct log *log, const char *program, const char *path,
		 const struct exec_failure *failure)
{
	const char *file = failure->path[0] != '\0' ? failure->path : program;
	size_t length = text_length(file);
	int error = failure->error;
	bool is_missing = error == -ENOENT || error == -ENOTDIR;
	/* Too much for the caller's stack; it goes with the process. */
	struct explanation *why = sys_map_zeroes(sizeof(*why));
	char text[ERRORS_TEXT_SIZE];

	if (is_missing && file == program && exec_is_searched(program))
		log_say(log, LOG_QUIET,
			"cannot run '%s': not found in PATH (%s)", program,
			path);
	else if (why == NULL || length == 0 || length >= KERNEL_PATH_MAX)
		log_say(log, LOG_QUIET, "cannot run '%s': %s", file,
			errors_text(error, text));
	else
		explain_file(why, log, file, failure);
	return is_missing ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
}
