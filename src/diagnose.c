#include "diagnose.h"
#include "file.h"
#include "head.h"
#include "status.h"
#include "text.h"

enum {
	STEPS_MAX = 5, /* of scripts run by scripts; fs/exec.c, exec_binprm */
	STEP_SIZE = PATH_LENGTH_MAX + 32,
	CHAIN_SIZE = (STEPS_MAX + 3) * STEP_SIZE, /* and a link's two names */
	MODE_DIGITS = 4,
};
_Static_assert((int)PATH_LENGTH_MAX >= (int)HEAD_SIZE, "a head names a path");

/* log_say() is given the chain, `one` and the error. */
struct diagnosis {
	int error;	 /* what execve(2) said, a negative errno */
	wording missing; /* what is said if the last file is not there */
	char *file;	 /* the last one of the chain */
	char *end;	 /* of the chain */
	char one[PATH_LENGTH_MAX];
	/*
	 * The files looked at, each needed by the one before: "./run': its
	 * interpreter '/bin/bash".
	 */
	char chain[CHAIN_SIZE];
};

/*
 * A fault is a format for log_say(), NO_WORDING where there is none. This one
 * is the kernel's error and nothing else.
 */
static wording just_error(struct diagnosis *diagnosis)
{
	diagnosis->one[0] = '\0';
	return T("cannot run '%s'%s: %e");
}

/* The last file needs another one, or is one. */
static void go_on(struct diagnosis *diagnosis, wording as, const char *name)
{
	diagnosis->file = wording_put(diagnosis->end, as);
	diagnosis->end = text_put(diagnosis->file, name);
}

static void add_interpreter(struct diagnosis *diagnosis, const char *name)
{
	go_on(diagnosis, T("': its interpreter '"), name);
	diagnosis->missing = T("cannot run '%s' does not exist");
}

/*
 * Why the path leads nowhere: `one` is what cannot be reached, and begins with
 * the folder that ends at `before`.
 */
static wording part_fault(struct diagnosis *diagnosis, char *before)
{
	char target[PATH_LENGTH_MAX];
	long length = sys_read_link(diagnosis->one, target, sizeof(target) - 1);

	if (length > 0) {
		target[length] = '\0';
		go_on(diagnosis, T("': the symbolic link '"), diagnosis->one);
		go_on(diagnosis, T("' leads to '"), target);
	} else if (diagnosis->error == -E_ACCES) {
		*before = '\0';
		return T(
			"cannot run '%s': the folder '%s' may not be searched");
	} else if (diagnosis->error == -E_NOENT) {
		return diagnosis->missing;
	}
	return just_error(diagnosis);
}

/* Walks the path from left to right. Where it ends is in *mode. */
static wording path_fault(struct diagnosis *diagnosis, unsigned *mode)
{
	struct file_status status;
	char *end = diagnosis->one, *before;
	const char *next = diagnosis->file;
	int error;

	do {
		before = end;
		do
			*end++ = *next++;
		while (*next != '/' && *next != '\0');
		*end = '\0';
		error = sys_file_status(diagnosis->one, 0, &status);
		/* Where it cannot be asked for, nothing is known. */
		*mode = 0;
		if (error < 0)
			return error == diagnosis->error
				       ? part_fault(diagnosis, before)
				       : NO_WORDING;
		*mode = status.mode & MODE_TYPE;
	} while (*next != '\0' && *mode == MODE_DIRECTORY);
	if (*next != '\0')
		return T("cannot run '%s': '%s' is not a directory");
	if (*mode == MODE_DIRECTORY)
		return T("cannot run '%s': is a directory");
	if (*mode != MODE_REGULAR)
		return T("cannot run '%s': is not a regular file");
	*mode = status.mode;
	return NO_WORDING;
}

/* What keeps a file from being run, whatever is in it. */
static wording permission_fault(struct diagnosis *diagnosis, unsigned mode)
{
	struct file_system system;
	char *digit = diagnosis->one + MODE_DIGITS;

	if (diagnosis->error == -E_PERM &&
	    ((mode & MODE_SET_ID) != 0 ||
	     sys_has_attribute(diagnosis->file, "security.capability")))
		return T("cannot run '%s': it would gain privileges"
			 " (set-user-ID or file capabilities), which is not"
			 " permitted");
	if (diagnosis->error != -E_ACCES ||
	    sys_may_execute(diagnosis->file) == 0)
		return NO_WORDING;
	if (sys_file_system(diagnosis->file, &system) == 0 &&
	    (system.flags & MOUNT_NO_EXECUTE) != 0)
		return T("cannot run '%s': on a filesystem mounted noexec");
	*digit = '\0';
	for (; digit > diagnosis->one; mode /= 8)
		*--digit = (char)('0' + mode % 8);
	return T("cannot run '%s': not executable (mode %s): chmod +x it");
}

static wording script_fault(struct diagnosis *diagnosis, char *head)
{
	char *end;
	char *name = head_interpreter(head, &end);

	if (end == name || end >= head + HEAD_SCRIPT_SIZE)
		return T("cannot run '%s': its first line names no interpreter,"
			 " or too long a one");
	if (end[-1] == '\r')
		return T("cannot run '%s': the script has Windows line endings:"
			 " its first line ends in a carriage return");
	*end = '\0';
	add_interpreter(diagnosis, name);
	return NO_WORDING;
}

static OUT_OF_LINE wording elf_fault(struct diagnosis *diagnosis, char *head,
				     long length)
{
	uint64_t loader_at;
	wording fault = head_elf_fault(head, length, &loader_at);

	if (length >= HEAD_SHOWS_MACHINE) {
		char *own = wording_put(head_machine(head, diagnosis->one),
					T(", this machine is "));

		head_machine(sys_own_head(), own);
		/* No name begins with another one. */
		if (text_after(diagnosis->one, own) == NULL)
			fault = T("cannot run '%s': built for %s");
	}
	/* Something is not there, and the loader may be that. */
	if (fault != NO_WORDING && diagnosis->error != -E_NOENT)
		return fault;
	/* Its name may stand anywhere: patchelf(1) puts it at the end. */
	length = file_read(diagnosis->file, head, PATH_LENGTH_MAX, loader_at);
	if (length == (long)text_length(head))
		return T("cannot run '%s': an ELF file, cut short");
	if (length > 0)
		go_on(diagnosis, T("': its loader '"), head);
	diagnosis->missing = T("cannot run '%s' does not exist (built for"
			       " another C library?)");
	return NO_WORDING;
}

/* Looks at the last file of the chain, to which it adds what that needs. */
static OUT_OF_LINE wording file_fault(struct diagnosis *diagnosis)
{
	unsigned mode;
	wording fault = path_fault(diagnosis, &mode);
	char head[HEAD_SIZE + 1];
	long length;

	if (fault != NO_WORDING)
		return fault;
	/* What may be a device or a FIFO is not opened. */
	if (mode == 0)
		return just_error(diagnosis);
	fault = permission_fault(diagnosis, mode);
	if (fault != NO_WORDING)
		return fault;
	length = file_read(diagnosis->file, head, HEAD_SIZE + 1, 0);
	if (length < 0)
		return NO_WORDING;
	switch (head_kind(head, length)) {
	case HEAD_SCRIPT:
		return script_fault(diagnosis, head);
	case HEAD_ELF:
		return elf_fault(diagnosis, head, length);
	case HEAD_EMPTY:
		return T("cannot run '%s': an empty file");
	case HEAD_MARKED:
		return T("cannot run '%s': a byte-order mark stands before the"
			 " #! in its first line");
	default:
		return diagnosis->error == -E_NOEXEC ? just_error(diagnosis)
						     : NO_WORDING;
	}
}

/*
 * Out of line: what it works on must not lie on the stack of a child that
 * runs its program.
 */
static OUT_OF_LINE void say_fault(struct log *log, const char *file,
				  const struct path_failure *failure)
{
	struct diagnosis diagnosis;
	char *first_end = text_put(diagnosis.chain, file);
	wording fault;
	int steps = 0;

	diagnosis.error = failure->error;
	diagnosis.missing = T("cannot run '%s': no such file");
	diagnosis.file = diagnosis.chain;
	diagnosis.end = first_end;
	if (failure->wanted_shell)
		add_interpreter(&diagnosis, "/bin/sh");
	do {
		fault = file_fault(&diagnosis);
	} while (fault == NO_WORDING && ++steps < STEPS_MAX);
	if (fault == NO_WORDING) {
		*first_end = '\0';
		fault = diagnosis.error == -E_NOENT
				? T("cannot run '%s': an interpreter or loader"
				    " that it needs does not exist")
				: just_error(&diagnosis);
	}
	log_say(log, LOG_QUIET, fault, diagnosis.chain, diagnosis.one,
		diagnosis.error);
}

int diagnose_failure(struct log *log, const char *program, const char *path,
		     const struct path_failure *failure)
{
	const char *file = failure->path[0] != '\0' ? failure->path : program;
	size_t length = text_length(file);
	int error = failure->error;
	bool is_missing = error == -E_NOENT || error == -E_NOTDIR;

	if (is_missing && file == program && path_is_searched(program))
		log_say(log, LOG_QUIET,
			T("cannot run '%s': not found in PATH"
			  " (%s)"),
			program, path);
	else if (length == 0 || length >= PATH_LENGTH_MAX)
		log_say(log, LOG_QUIET, T("cannot run '%s': %e"), file, error);
	else
		say_fault(log, file, failure);
	return is_missing ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
}
