/*
 * fuzz_explain_exec.c - why a program cannot run (explain_exec.h), whatever the
 * kernel answers. The bytes are what was to be run, the error, and the answers.
 */
#define _GNU_SOURCE
#include "fuzz.h"
#include "explain_exec.h"
#include "status.h"

#include <string.h>

enum {
	/* One for each part of each path, and a few for each file. */
	CALLS_MAX = KERNEL_PATH_MAX / 2 + 5 * 256 / 2 + 6 * 8,
	LOADER_MAX = 3500,
	TIMES = 32,
	/* Scripts run by scripts; fs/exec.c, exec_binprm. Each may be an ELF
	 * file, whose loader is named elsewhere in it. */
	OPENINGS_MAX = 2 * 5,
	PROGRAM_MAX = 5000,
};

static struct fuzz_bytes answers;
static int error;
static unsigned openings;
static bool is_stuck;
/* What may be opened: what was asked for last, if it is a regular file. */
static char may_open[KERNEL_PATH_MAX + 1];

/* Mostly the error that execve(2) gave, which is what is looked for. */
static long some_error(void)
{
	unsigned number = fuzz_byte(&answers);

	return number < 128 ? error : -(long)(number - 127);
}

static const char *path_of(long argument)
{
	const char *path = (const char *)argument;

	fuzz_check(strlen(path) < KERNEL_PATH_MAX, "%zu bytes of path",
		   strlen(path));
	return path;
}

static long file_status(const char *path, struct kernel_statx *status)
{
	static const uint16_t types[] = { S_IFREG, S_IFDIR, S_IFCHR,
					  S_IFIFO };
	unsigned kind = fuzz_byte(&answers) % 8;

	fuzz_check_buffer(status, sizeof(*status));
	may_open[0] = '\0';
	/* A loader's name may be empty. */
	if (path[0] == '\0')
		return -ENOENT;
	if (kind >= 6)
		return some_error();
	memset(status, 0xa5, sizeof(*status));
	status->stx_mode = types[kind % 4];
	status->stx_mode |= fuzz_number(&answers, 2) & 07777;
	if (kind % 4 == 0)
		strcpy(may_open, path);
	return 0;
}

static long read_link(char *target, size_t size)
{
	unsigned kind = fuzz_byte(&answers) % 4;
	const char *text;
	size_t length;

	fuzz_check_buffer(target, size);
	if (kind != 0)
		return some_error();
	text = fuzz_text(&answers, size);
	length = strlen(text);
	memcpy(target, text, length);
	return (long)length;
}

/* Runs here, and has a loader of this name. */
static char *make_elf(const char *loader, size_t *length)
{
	size_t size = strlen(loader) + 1;
	char *elf = fuzz_memory(64 + 56 + size + 1);

	*length = 64 + 56 + size;
	memset(elf, 0, 64 + 56);
	memcpy(elf, sys_own_elf_header(), 20);
	elf[32] = 64; /* e_phoff */
	elf[56] = 1;  /* e_phnum */
	elf[64] = 3;  /* p_type */
	elf[72] = 64 + 56;
	elf[64 + 32] = (char)size;
	elf[64 + 33] = (char)(size >> 8);
	memcpy(elf + 64 + 56, loader, size);
	elf[*length] = '\0';
	return elf;
}

/* A short text, again and again: long ones are rare among made-up bytes. */
static char *long_text(void)
{
	unsigned times = fuzz_byte(&answers) % TIMES;
	const char *text = fuzz_text(&answers, LOADER_MAX);
	size_t length = strlen(text), filled = 0;
	char *whole = fuzz_memory(LOADER_MAX + 1);

	do {
		memcpy(whole + filled, text, length);
		filled += length;
	} while (times-- > 0 && filled + length <= LOADER_MAX);
	whole[filled] = '\0';
	return whole;
}

static char *make_script(const char *name, size_t *length)
{
	size_t size = strlen(name);
	char *script = fuzz_memory(size + 3);

	*length = size + 2;
	memcpy(script, "#!", 2);
	memcpy(script + 2, name, size + 1);
	return script;
}

struct fuzz_file fuzz_find(const char *path)
{
	unsigned kind = fuzz_byte(&answers) % 4;
	struct fuzz_file file = { .error = 0 };

	fuzz_check(may_open[0] != '\0' && strcmp(path, may_open) == 0,
		   "%s is opened, no regular file", path);
	fuzz_check(++openings <= OPENINGS_MAX, "%u files are opened", openings);
	if (kind == 0)
		file.error = some_error();
	else if (kind == 1)
		file.bytes = make_elf(long_text(), &file.length);
	else if (kind == 2)
		file.bytes = make_script(long_text(), &file.length);
	else
		file.bytes = fuzz_block(&answers, &file.length);
	return file;
}

static long file_system(struct kernel_statfs *system)
{
	fuzz_check_buffer(system, sizeof(*system));
	system->f_flags = (long)fuzz_byte(&answers);
	return fuzz_byte(&answers) % 4 != 1 ? 0 : -ENOSYS;
}

/* Reading fails at times, writing as long as nobody reads. */
bool fuzz_call(long number, const long *arguments, long *result)
{
	switch (number) {
	case SYS_statx:
		*result = file_status(path_of(arguments[1]),
				      (struct kernel_statx *)arguments[4]);
		return true;
	case SYS_readlinkat:
		path_of(arguments[1]);
		*result = read_link((char *)arguments[2],
				    (size_t)arguments[3]);
		return true;
	case SYS_faccessat:
		path_of(arguments[1]);
		*result = fuzz_byte(&answers) % 2 == 0 ? 0 : -EACCES;
		return true;
	case SYS_getxattr:
		path_of(arguments[0]);
		*result = fuzz_byte(&answers) % 2 == 0 ? 20 : -ENODATA;
		return true;
	case SYS_statfs:
		path_of(arguments[0]);
		*result = file_system((struct kernel_statfs *)arguments[1]);
		return true;
	case SYS_pread64:
		*result = -EIO;
		return fuzz_byte(&answers) == 255;
	case SYS_ppoll:
		*result = 0;
		return is_stuck;
	default:
		return false;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char errors[] = { EPERM,	 ENOENT, EACCES,  ENOTDIR,
				       ENOEXEC, ELOOP,  ELIBBAD, E2BIG };
	unsigned flags, number;
	struct exec_failure failure;
	struct log log = { .level = LOG_QUIET };
	char *program, *path, *found;
	int status;

	answers = (struct fuzz_bytes){ data, data + size };
	flags = fuzz_byte(&answers);
	number = fuzz_byte(&answers);
	error = -(int)(number < 128 ? (unsigned)errors[number % 8]
				    : number - 127);
	program = fuzz_text(&answers, PROGRAM_MAX);
	path = fuzz_text(&answers, PROGRAM_MAX);
	found = flags & 1 ? program : fuzz_text(&answers, KERNEL_PATH_MAX);
	is_stuck = (flags & 0x30) == 0x30;
	openings = 0;
	fuzz_allow_calls(CALLS_MAX);
	may_open[0] = '\0';
	failure.error = error;
	failure.wanted_shell = (flags & 0x0c) == 0x0c;
	memset(failure.path, 0, sizeof(failure.path));
	memcpy(failure.path, found, strnlen(found, KERNEL_PATH_MAX));

	status = explain_exec(&log, program, flags & 2 ? exec_default_path : path,
				  &failure);

	fuzz_check(status == (error == -ENOENT || error == -ENOTDIR
				      ? STATUS_NOT_FOUND
				      : STATUS_CANNOT_RUN),
		   "status %d after error %d", status, error);
	fuzz_check(fuzz_open_files() == 0, "a file stays open");
	fuzz_check((fuzz_written() == NULL) == is_stuck, "%s is written",
		   is_stuck ? "something" : "nothing");
	if (!is_stuck)
		fuzz_check_line(fuzz_written(), "foster: cannot run '");
	fuzz_forget();
	return 0;
}
