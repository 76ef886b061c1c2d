#include "path.h"
#include "file.h"
#include "head.h"
#include "text.h"

_Alignas(1) const char path_default[] =
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

enum { HEAD_SHOWS = 256 };

/*
 * Whether the shell may have it: something that the kernel does not know
 * (ENOEXEC) and that reads as text. The shell would take the bytes of an ELF
 * file for words; tests/e2e/check_starting.c:
 * an_elf_file_for_another_machine_is_never_given_to_bin_sh.
 */
static bool is_text(const char *path)
{
	char head[HEAD_SHOWS];
	long length = file_read(path, head, sizeof(head), 0);

	return head_kind(head, length) == HEAD_TEXT;
}

static int execute(const char *path, char **argv, char **envp,
		   struct path_failure *failure)
{
	int error = sys_execve(path, argv, envp);
	char *name = argv[0];

	if (error == -E_NOEXEC && is_text(path)) {
		argv[-1] = (char *)(uintptr_t) "/bin/sh";
		argv[0] = (char *)(uintptr_t)path;
		error = sys_execve(argv[-1], argv - 1, envp);
		argv[0] = name;
		failure->wanted_shell = true;
	}
	return error;
}

/* Errors after which execvp(3) looks on in the rest of PATH. */
static bool is_not_here(int error)
{
	static const char errors[] = { E_NOENT,	 E_ACCES,	E_NODEV,
				       E_NOTDIR, E_NAMETOOLONG, E_TIMEDOUT,
				       E_STALE,	 '\0' };

	return text_find(errors, (char)-error) != NULL;
}

bool path_is_searched(const char *name)
{
	return *name != '\0' && text_find(name, '/') == NULL;
}

/*
 * DIRECTORY/NAME, or nothing if it is too long. The directory ends before a
 * colon or a NUL; gives that place. An empty one is the working directory;
 * its name is written out, so that a script called -x is no option of
 * /bin/sh.
 */
static const char *join(char *to, const char *directory, const char *name)
{
	const char *end = directory;

	while (*end != '\0' && *end != ':')
		end++;
	*to = '\0';
	if (end - directory + (long)text_length(name) + 2 > PATH_LENGTH_MAX)
		return end;
	if (end == directory)
		*to++ = '.';
	while (directory < end)
		*to++ = *directory++;
	*to++ = '/';
	text_put(to, name);
	return end;
}

/* Or may be there, be it a symbolic link that leads nowhere. */
static bool is_there(const char *path)
{
	struct file_status status;
	int error = sys_file_status(path, NO_FOLLOW, &status);

	return error == 0 || error == -E_ACCES;
}

void path_execute_given(char **argv, char **envp)
{
	if (!path_is_searched(*argv))
		sys_execve(*argv, argv, envp);
}

/*
 * Nothing could be run. It may be there in `path` all the same, and what is
 * missing is its interpreter.
 */
static void find_there(const char *name, const char *path,
		       struct path_failure *failure)
{
	const char *end;

	do {
		end = join(failure->path, path, name);
		if (is_there(failure->path))
			return;
		path = end + 1;
	} while (*end != '\0');
	failure->path[0] = '\0';
}

/* Out of line: what it tells lies near a pointer, which is short code. */
OUT_OF_LINE void path_execute(char **argv, char **envp, const char *path,
			      struct path_failure *failure)
{
	const char *found = NULL, *end, *first;

	failure->wanted_shell = false;
	failure->path[0] = '\0';
	if (!path_is_searched(argv[0])) {
		failure->error = execute(argv[0], argv, envp, failure);
		return;
	}
	first = path;
	for (;; path = end + 1) {
		end = join(failure->path, path, argv[0]);
		failure->error = -E_NAMETOOLONG;
		if (failure->path[0] != '\0')
			failure->error =
				execute(failure->path, argv, envp, failure);
		if (!is_not_here(failure->error))
			return;
		/* This is what is said if it is not found elsewhere. */
		if (failure->error == -E_ACCES && found == NULL)
			found = path;
		if (*end == '\0')
			break;
	}
	failure->error = -E_NOENT;
	if (found != NULL) {
		failure->error = -E_ACCES;
		first = found;
	}
	find_there(argv[0], first, failure);
}
