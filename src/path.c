#include "path.h"
#include "text.h"

_Alignas(1) const char path_default[] =
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

enum { HEAD_SIZE = 256 };

/*
 * Whether the shell may have it: something that the kernel does not know
 * (ENOEXEC) and that reads as text. The shell would take the bytes of an ELF
 * file for words; tests/e2e/check_starting.c:
 * an_elf_file_for_another_machine_is_never_given_to_bin_sh.
 */
static bool is_text(const char *path)
{
	char head[HEAD_SIZE];
	int fd = sys_open(path, OPEN_NO_BLOCK | OPEN_NO_TERMINAL);
	long length;

	if (fd < 0)
		return false;
	length = sys_read(fd, head, sizeof(head));
	sys_close(fd);
	if (length <= 0 || head[0] == 0x7f ||
	    (head[0] == '#' && head[1] == '!'))
		return false;
	for (long i = 0; i < length && head[i] != '\n'; i++)
		if (head[i] == '\0')
			return false;
	return true;
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
	return error == -E_NOENT || error == -E_NOTDIR || error == -E_ACCES ||
	       error == -E_NAMETOOLONG || error == -E_STALE ||
	       error == -E_NODEV || error == -E_TIMEDOUT;
}

bool path_is_searched(const char *name)
{
	return *name != '\0' && text_find(name, '/') == NULL;
}

/*
 * DIRECTORY/NAME. An empty directory is the working one; its name is written
 * out, so that a script called -x is no option of /bin/sh.
 */
static bool join(char *to, const char *directory, size_t length,
		 const char *name)
{
	if (length == 0) {
		directory = ".";
		length = 1;
	}
	if (length + text_length(name) + 2 > PATH_LENGTH_MAX)
		return false;
	while (length-- > 0)
		*to++ = *directory++;
	*to++ = '/';
	text_put(to, name);
	return true;
}

void path_execute(char **argv, char **envp, const char *path,
		  struct path_failure *failure)
{
	const char *found = NULL, *end;
	size_t length = 0, found_length = 0;

	failure->wanted_shell = false;
	failure->path[0] = '\0';
	if (!path_is_searched(argv[0])) {
		failure->error = execute(argv[0], argv, envp, failure);
		return;
	}
	for (end = path != NULL ? path : path_default;; end++) {
		path = end;
		while (*end != '\0' && *end != ':')
			end++;
		length = (size_t)(end - path);
		failure->error = -E_NAMETOOLONG;
		if (join(failure->path, path, length, argv[0]))
			failure->error =
				execute(failure->path, argv, envp, failure);
		if (!is_not_here(failure->error))
			return;
		/* This is what is said if it is not found elsewhere. */
		if (failure->error == -E_ACCES && found == NULL) {
			found = path;
			found_length = length;
		}
		if (*end == '\0')
			break;
	}
	failure->error = found != NULL ? -E_ACCES : -E_NOENT;
	failure->path[0] = '\0';
	if (found != NULL)
		join(failure->path, found, found_length, argv[0]);
}
