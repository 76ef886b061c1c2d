#include "exec.h"
#include "binfmt.h"
#include "environment.h"
#include "file.h"
#include "text.h"

const char exec_default_path[] =
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

bool exec_is_searched(const char *name)
{
	return *name != '\0' && text_find(name, '/') == NULL;
}

enum { HEAD_SHOWN = 256 };

/*
 * Whether the shell may have it: something that the kernel does not know
 * (ENOEXEC) and that reads as text. The shell would take the bytes of an ELF
 * file for words; tests/e2e/check_starting.c:
 * an_elf_file_for_another_machine_is_never_given_to_bin_sh.
 */
static bool is_text(const char *path)
{
	char head[HEAD_SHOWN];
	long length = file_read(path, head, sizeof(head), 0);

	return binfmt_kind(head, length) == BINFMT_TEXT;
}

/*
 * /bin/sh PATH ARGUMENT...: the caller's vector stays as it is. The copy goes
 * with the process, which runs the shell or ends.
 */
static int execute_by_shell(const char *path, char *const *argv,
			    char *const *envp)
{
	size_t count = environment_count(argv);
	char **copy = sys_map_zeroes((count + 1) * sizeof(char *));

	if (copy == NULL)
		return -ENOMEM;
	copy[0] = (char *)(uintptr_t) "/bin/sh";
	copy[1] = (char *)(uintptr_t)path;
	for (size_t i = 1; i < count; i++)
		copy[i + 1] = argv[i];
	return sys_execve(copy[0], copy, envp);
}

static int execute(const char *path, char *const *argv, char *const *envp,
		   struct exec_failure *failure)
{
	int error = sys_execve(path, argv, envp);

	if (error == -ENOEXEC && is_text(path)) {
		failure->wanted_shell = true;
		error = execute_by_shell(path, argv, envp);
	}
	return error;
}

/* Errors after which execvp(3) looks on in the rest of PATH. */
static bool is_not_here(int error)
{
	switch (-error) {
	case ENOENT:
	case EACCES:
	case ENODEV:
	case ENOTDIR:
	case ENAMETOOLONG:
	case ETIMEDOUT:
	case ESTALE:
		return true;
	default:
		return false;
	}
}

/*
 * DIRECTORY/NAME, or nothing if it is too long. The directory ends before a
 * colon or a NUL; returns that place. An empty one is the working directory;
 * its name is written out, so that a script called -x is no option of
 * /bin/sh.
 */
static const char *join(char *to, const char *directory, const char *name)
{
	const char *end = directory;

	while (*end != '\0' && *end != ':')
		end++;
	*to = '\0';
	if (end - directory + (long)text_length(name) + 2 > KERNEL_PATH_MAX)
		return end;
	if (end == directory)
		*to++ = '.';
	while (directory < end)
		*to++ = *directory++;
	*to++ = '/';
	text_put(to, name);
	return end;
}

/* Also where it cannot be known, and a symbolic link that leads nowhere. */
static bool is_there(const char *path)
{
	struct kernel_statx status;
	int error = sys_statx(path, AT_SYMLINK_NOFOLLOW, &status);

	return error == 0 || error == -EACCES;
}

/*
 * Nothing could be run. The file may be there in `path` all the same, and what
 * is missing is its interpreter. Returns in which entry it is, or NULL.
 */
static const char *find_there(const char *name, const char *path,
			      struct exec_failure *failure)
{
	const char *end;

	for (;; path = end + 1) {
		end = join(failure->path, path, name);
		if (is_there(failure->path))
			return path;
		if (*end == '\0')
			break;
	}
	failure->path[0] = '\0';
	return NULL;
}

static void search(char *const *argv, char *const *envp, const char *path,
		   struct exec_failure *failure)
{
	const char *denied = NULL, *text = NULL, *end, *first = path;

	for (;; path = end + 1) {
		end = join(failure->path, path, argv[0]);
		failure->error = -ENAMETOOLONG;
		failure->wanted_shell = false;
		if (failure->path[0] != '\0')
			failure->error =
				execute(failure->path, argv, envp, failure);
		if (!is_not_here(failure->error))
			return;
		if (failure->wanted_shell && text == NULL)
			text = path;
		/* This is what is said if it is not found elsewhere. */
		if (failure->error == -EACCES && denied == NULL)
			denied = path;
		if (*end == '\0')
			break;
	}
	failure->error = denied != NULL ? -EACCES : -ENOENT;
	path = find_there(argv[0], denied != NULL ? denied : first, failure);
	failure->wanted_shell = path != NULL && path == text;
}

void exec_program(char *const *argv, char *const *envp, const char *path,
		  struct exec_failure *failure)
{
	failure->wanted_shell = false;
	failure->path[0] = '\0';
	if (exec_is_searched(argv[0]))
		search(argv, envp, path, failure);
	else
		failure->error = execute(argv[0], argv, envp, failure);
}
