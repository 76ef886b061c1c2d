/*
 * fuzz_diagnose.c - why a program cannot run (diagnose.h), whatever the kernel
 * answers. The bytes are what was to be run, the error, and the answers.
 */
#define _GNU_SOURCE
#include "fuzz.h"
#include "diagnose.h"
#include "status.h"

#include <stdlib.h>
#include <string.h>

enum {
	/* One for each part of each path, and a few for each file. */
	CALLS_MAX = PATH_LENGTH_MAX / 2 + 5 * 256 / 2 + 6 * 8,
	LOADER_MAX = 3500,
	TIMES = 32,
	/* Scripts run by scripts; fs/exec.c, exec_binprm. Each may be an ELF
	 * file, whose loader is named elsewhere in it. */
	OPENINGS_MAX = 2 * 5,
	PROGRAM_MAX = 5000,
};

static struct fuzz_bytes answers;
static int error;
static unsigned calls, openings;
static bool is_stuck;
/* What may be opened: what was asked for last, if it is a regular file. */
static char may_open[PATH_LENGTH_MAX + 1];

/* Mostly the error that execve(2) gave, which is what is looked for. */
static long some_error(void)
{
	unsigned number = fuzz_byte(&answers);

	return number < 128 ? error : -(long)(number - 127);
}

static void check_path(const char *path)
{
	size_t length = strlen(path);

	fuzz_check(length < PATH_LENGTH_MAX, "%zu bytes of path", length);
}

static long file_status(const char *path, struct file_status *status)
{
	static const uint16_t types[] = { MODE_REGULAR, MODE_DIRECTORY, 0020000,
					  0010000 };
	unsigned kind = fuzz_byte(&answers) % 8;

	check_path(path);
	fuzz_check_room(status, sizeof(*status));
	may_open[0] = '\0';
	/* A loader's name may be empty. */
	if (path[0] == '\0')
		return -E_NOENT;
	if (kind >= 6)
		return some_error();
	memset(status, 0xa5, sizeof(*status));
	status->mode = types[kind % 4];
	status->mode |= fuzz_number(&answers, 2) & 07777;
	if (kind % 4 == 0)
		strcpy(may_open, path);
	return 0;
}

static long read_link(const char *path, char *target, size_t size)
{
	unsigned kind = fuzz_byte(&answers) % 4;
	const char *text;
	size_t length;

	check_path(path);
	fuzz_check_room(target, size);
	if (kind != 0)
		return some_error();
	text = fuzz_text(&answers, size);
	length = strlen(text);
	memcpy(target, text, length);
	return (long)length;
}

static bool is_allowed(const char *path)
{
	return may_open[0] != '\0' && strcmp(path, may_open) == 0;
}

/* Runs here, and has a loader of this name. */
static char *make_elf(const char *loader, size_t *length)
{
	size_t size = strlen(loader) + 1;
	char *elf = fuzz_room(64 + 56 + size + 1);

	*length = 64 + 56 + size;
	memset(elf, 0, 64 + 56);
	memcpy(elf, sys_own_head(), 20);
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
	char *whole = fuzz_room(LOADER_MAX + 1);

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
	char *script = fuzz_room(size + 3);

	*length = size + 2;
	memcpy(script, "#!", 2);
	memcpy(script + 2, name, size + 1);
	return script;
}

static long open_file(const char *path, int flags)
{
	unsigned kind = fuzz_byte(&answers) % 4;
	size_t length;
	char *bytes;

	fuzz_check(is_allowed(path), "%s is opened, no regular file", path);
	fuzz_check((flags & 3) == 0 && (flags & OPEN_CLOSE_ON_EXEC) &&
			   (flags & OPEN_NO_BLOCK) &&
			   (flags & OPEN_NO_TERMINAL),
		   "opened with %#x", flags);
	fuzz_check(++openings <= OPENINGS_MAX, "%u files are opened", openings);
	if (kind == 0)
		return some_error();
	if (kind == 1)
		bytes = make_elf(long_text(), &length);
	else if (kind == 2)
		bytes = make_script(long_text(), &length);
	else
		bytes = fuzz_block(&answers, &length);
	return fuzz_open(bytes, length, false);
}

static long poll_file(const struct poll *file, long count)
{
	fuzz_check(count == 1 && file->fd == 2, "%ld are polled", count);
	return is_stuck ? 0 : 1;
}

long sys_call(long number, long a, long b, long c, long d, long e)
{
	fuzz_check(++calls <= CALLS_MAX, "%u calls", calls);
	switch (number) {
	case SYS_STATX:
		return file_status((const char *)b, (struct file_status *)e);
	case SYS_READLINKAT:
		return read_link((const char *)b, (char *)c, (size_t)d);
	case SYS_OPENAT:
		return open_file((const char *)b, (int)c);
	case SYS_PREAD64:
		return fuzz_byte(&answers) == 255
			       ? -E_IO
			       : fuzz_read_at(a, (char *)b, (size_t)c, d);
	case SYS_CLOSE:
		return fuzz_close(a);
	case SYS_FACCESSAT:
		check_path((const char *)b);
		return fuzz_byte(&answers) % 2 == 0 ? 0 : -E_ACCES;
	case SYS_GETXATTR:
		check_path((const char *)a);
		return fuzz_byte(&answers) % 2 == 0 ? 20 : -61;
	case SYS_STATFS:
		check_path((const char *)a);
		fuzz_check_room((void *)b, sizeof(struct file_system));
		((struct file_system *)b)->flags = (long)fuzz_byte(&answers);
		return fuzz_byte(&answers) % 4 != 1 ? 0 : -E_NOSYS;
	case SYS_PPOLL:
		return poll_file((const struct poll *)a, b);
	case SYS_WRITE:
		return fuzz_write(a, (const char *)b, (size_t)c);
	default:
		fuzz_fail(__FILE__, __LINE__, "system call %ld", number);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char errors[] = { E_PERM,	 E_NOENT, E_ACCES,  E_NOTDIR,
				       E_NOEXEC, E_LOOP,  E_LIBBAD, E_TOOBIG };
	unsigned flags, number;
	struct path_failure failure;
	struct log log = { .level = -1 };
	char *program, *path, *found;
	int status;

	answers = (struct fuzz_bytes){ data, data + size };
	flags = fuzz_byte(&answers);
	number = fuzz_byte(&answers);
	error = -(int)(number < 128 ? (unsigned)errors[number % 8]
				    : number - 127);
	program = fuzz_text(&answers, PROGRAM_MAX);
	path = fuzz_text(&answers, PROGRAM_MAX);
	found = flags & 1 ? program : fuzz_text(&answers, PATH_LENGTH_MAX);
	is_stuck = (flags & 0x30) == 0x30;
	calls = openings = 0;
	may_open[0] = '\0';
	failure.error = error;
	failure.wanted_shell = (flags & 0x0c) == 0x0c;
	memset(failure.path, 0, sizeof(failure.path));
	memcpy(failure.path, found, strnlen(found, PATH_LENGTH_MAX));

	status = diagnose_failure(&log, program, flags & 2 ? path_default : path,
				  &failure);

	fuzz_check(status == (error == -E_NOENT || error == -E_NOTDIR
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
