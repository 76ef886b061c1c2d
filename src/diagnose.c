#include "diagnose.h"
#include "file.h"
#include "head.h"
#include "status.h"
#include "text.h"

enum {
	STEPS_MAX = 5, /* of scripts run by scripts; fs/exec.c, exec_binprm */
	NAME_MAX = 255, /* of what a head names */
	STEP_SIZE = NAME_MAX + 32,
	CHAIN_SIZE = PATH_LENGTH_MAX + (STEPS_MAX + 1) * STEP_SIZE,
	MODE_DIGITS = 4,
};

struct diagnosis {
	int error;	/* what execve(2) said, a negative errno */
	bool is_loader; /* the last file is the loader of the one before */
	/*
	 * What log_say() is given besides the chain: the error or `one`, then
	 * `one` and `other`.
	 */
	long first;
	const char *file; /* the last one of the chain */
	char *end;	  /* of the chain */
	char one[PATH_LENGTH_MAX];
	char other[PATH_LENGTH_MAX];
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
	diagnosis->first = diagnosis->error;
	return T("cannot run '%s': %e");
}

/* The last file needs another one. */
static void go_on(struct diagnosis *diagnosis, wording as, const char *name,
		  long length)
{
	char *end = wording_put(diagnosis->end, as);

	diagnosis->file = end;
	if (length > NAME_MAX)
		length = NAME_MAX;
	while (length-- > 0)
		*end++ = *name++;
	*end = '\0';
	diagnosis->end = end;
}

/*
 * Why the path leads nowhere: `part` is what cannot be reached, and begins
 * with the folder that ends at `before`.
 */
static wording part_fault(struct diagnosis *diagnosis, char *part, char *before)
{
	char *target = diagnosis->other;
	long length = sys_read_link(part, target, PATH_LENGTH_MAX - 1);

	diagnosis->first = diagnosis->error;
	if (length > 0) {
		target[length] = '\0';
		return T("cannot run '%s': %e (the symbolic link '%s' leads to"
			 " '%s')");
	}
	if (diagnosis->error == -E_ACCES) {
		*before = '\0';
		return T("cannot run '%s': %e (to search the folder '%s')");
	}
	if (diagnosis->error != -E_NOENT || diagnosis->file == diagnosis->chain)
		return T("cannot run '%s': %e");
	return diagnosis->is_loader ? T("cannot run '%s' does not exist"
					" (built for another C library?)")
				    : T("cannot run '%s' does not exist");
}

/* Walks the path from left to right. Where it ends is in *mode. */
static wording path_fault(struct diagnosis *diagnosis, unsigned *mode)
{
	struct file_status status;
	char *part = diagnosis->one, *end = part, *before;
	const char *next = diagnosis->file;
	int error;

	do {
		before = end;
		do
			*end++ = *next++;
		while (*next != '/' && *next != '\0');
		*end = '\0';
		error = sys_file_status(part, 0, &status);
		/* Where it cannot be asked for, nothing is known. */
		if (error < 0)
			return error == diagnosis->error
				       ? part_fault(diagnosis, part, before)
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

	if (diagnosis->error == -E_PERM &&
	    ((mode & MODE_SET_ID) != 0 ||
	     sys_has_attribute(diagnosis->file, "security.capability")))
		return T("cannot run '%s': it would gain privileges"
			 " (set-user-ID or file capabilities), which is not"
			 " permitted");
	if (diagnosis->error != -E_ACCES || sys_may_execute(diagnosis->file) == 0)
		return NO_WORDING;
	if (sys_file_system(diagnosis->file, &system) == 0 &&
	    (system.flags & MOUNT_NO_EXECUTE) != 0)
		return T("cannot run '%s': on a filesystem mounted noexec");
	for (int i = MODE_DIGITS; i-- > 0; mode /= 8)
		diagnosis->one[i] = (char)('0' + mode % 8);
	diagnosis->one[MODE_DIGITS] = '\0';
	return T("cannot run '%s': not executable (mode %s): chmod +x it");
}

static wording script_fault(struct diagnosis *diagnosis, const char *head)
{
	const char *end;
	const char *name = head_interpreter(head, &end);

	if (end == name || end >= head + HEAD_SCRIPT_SIZE)
		return T("cannot run '%s': its first line names no interpreter,"
			 " or too long a one");
	if (end[-1] == '\r')
		return T("cannot run '%s': the script has Windows line endings:"
			 " its first line ends in a carriage return");
	go_on(diagnosis, T("': its interpreter '"), name, end - name);
	return NO_WORDING;
}

static wording elf_fault(struct diagnosis *diagnosis, const char *head,
			 long length)
{
	const char *loader;
	const char *own = sys_own_head();
	wording fault = head_elf_fault(head, length, own, &loader);
	char *end;

	/* Something is not there, and the loader may be that. */
	if (fault == NO_WORDING || diagnosis->error == -E_NOENT) {
		diagnosis->is_loader = true;
		if (loader != NULL)
			go_on(diagnosis, T("': its loader '"), loader,
			      (long)text_length(loader));
		return NO_WORDING;
	}
	end = head_machine(head, diagnosis->one);
	end = wording_put(end, T(", this machine is "));
	head_machine(own, end);
	return fault;
}

/*
 * Looks at the last file of the chain, to which it adds what that needs. Out
 * of line, so that the diagnosis is near a pointer: smaller code.
 */
static OUT_OF_LINE wording look_at_last(struct diagnosis *diagnosis)
{
	unsigned mode = 0;
	wording fault = path_fault(diagnosis, &mode);
	char head[HEAD_SIZE + 1];
	long length;

	if (fault == NO_WORDING)
		fault = permission_fault(diagnosis, mode);
	if (fault != NO_WORDING)
		return fault;
	length = file_read(diagnosis->file, head, sizeof(head));
	if (length < 0) {
		diagnosis->first = diagnosis->error;
		return T("cannot run '%s' (which cannot be read): %e");
	}
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
	struct diagnosis diagnosis = { .error = failure->error };
	char *first_end = text_put(diagnosis.chain, file);
	wording fault;
	int steps = 0;

	diagnosis.first = (long)diagnosis.one;
	diagnosis.file = diagnosis.chain;
	diagnosis.end = first_end;
	if (failure->wanted_shell)
		go_on(&diagnosis, T("': its interpreter '"), "/bin/sh", 7);
	do {
		fault = look_at_last(&diagnosis);
	} while (fault == NO_WORDING && ++steps < STEPS_MAX);
	if (fault == NO_WORDING) {
		*first_end = '\0';
		fault = just_error(&diagnosis);
	}
	log_say(log, LOG_QUIET, fault, diagnosis.chain, diagnosis.first,
		diagnosis.one, diagnosis.other);
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
			program, path != NULL ? path : path_default);
	else if (length == 0 || length >= PATH_LENGTH_MAX)
		log_say(log, LOG_QUIET, T("cannot run '%s': %e"), file, error);
	else
		say_fault(log, file, failure);
	return is_missing ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
}
