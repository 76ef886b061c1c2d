/* fuzz.c - see fuzz.h. */
#define _GNU_SOURCE
#include "fuzz.h"
#include "log.h"
#include "sys.h"

#include <sanitizer/asan_interface.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fuzz_fail(const char *file, int line, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s:%d: ", file, line);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	abort();
}

/* ---- what is made of the bytes ---- */

unsigned fuzz_byte(struct fuzz_bytes *bytes)
{
	return bytes->at < bytes->end ? *bytes->at++ : 0;
}

uint64_t fuzz_number(struct fuzz_bytes *bytes, unsigned size)
{
	uint64_t number = 0;

	for (unsigned i = 0; i < size; i++)
		number |= (uint64_t)fuzz_byte(bytes) << 8 * i;
	return number;
}

enum { BLOCKS_MAX = 4096, FILES_MAX = 8, FIRST_FD = 3, TEXT_MAX = 4096 };

/* What does not fit is cut, also by file_number(). */
enum { LINE_SIZE = 64 };

static void *blocks[BLOCKS_MAX];
static size_t block_count;

static struct {
	struct fuzz_file file; /* no bytes: closed */
	size_t at;
} files[FILES_MAX];

static char written[TEXT_MAX];
static bool has_written;
static unsigned calls_left;

void *fuzz_memory(size_t size)
{
	void *block = malloc(size != 0 ? size : 1);

	fuzz_check(block != NULL && block_count < BLOCKS_MAX,
		   "too much is made of these bytes");
	blocks[block_count++] = block;
	return block;
}

void fuzz_forget(void)
{
	while (block_count > 0)
		free(blocks[--block_count]);
	memset(files, 0, sizeof(files));
	has_written = false;
}

static char *copy(struct fuzz_bytes *bytes, size_t length)
{
	char *text = fuzz_memory(length + 1);

	memcpy(text, bytes->at, length);
	text[length] = '\0';
	bytes->at += length;
	return text;
}

char *fuzz_text(struct fuzz_bytes *bytes, size_t most)
{
	size_t left = (size_t)(bytes->end - bytes->at);
	size_t length = strnlen((const char *)bytes->at, left);
	char *text = copy(bytes, length < most ? length : most);

	if (length <= most)
		fuzz_byte(bytes);
	return text;
}

char *fuzz_block(struct fuzz_bytes *bytes, size_t *length)
{
	size_t wanted = (size_t)fuzz_number(bytes, 2);
	size_t left = (size_t)(bytes->end - bytes->at);

	*length = wanted < left ? wanted : left;
	return copy(bytes, *length);
}

/* ---- a kernel that has files and nothing else ---- */

/* As much of it as is read: an ELF file for x86_64, elf(5). */
const char *sys_own_elf_header(void)
{
	static const char head[20] = { 0x7f, 'E', 'L',	    'F',      2,
				       1,    1,	  [16] = 2, [18] = 62 };

	return head;
}

void fuzz_check_buffer(const void *to, size_t size)
{
	void *bad = __asan_region_is_poisoned((void *)(uintptr_t)to, size);

	fuzz_check(bad == NULL, "of %zu bytes only %td are there", size,
		   (const char *)bad - (const char *)to);
}

struct fuzz_file fuzz_text_file(const char *text)
{
	return text == NULL ? FUZZ_NO_FILE
			    : (struct fuzz_file){ .bytes = text,
						  .length = strlen(text) };
}

static long open_file(const char *path, long flags)
{
	struct fuzz_file file;

	fuzz_check(strlen(path) < KERNEL_PATH_MAX, "%zu bytes of path",
		   strlen(path));
	fuzz_check(flags == (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY),
		   "opened with %#lx", flags);
	file = fuzz_find(path);
	if (file.error != 0)
		return file.error;
	for (int i = 0; i < FILES_MAX; i++) {
		if (files[i].file.bytes != NULL)
			continue;
		files[i].file = file;
		files[i].at = 0;
		return i + FIRST_FD;
	}
	fuzz_fail(__FILE__, __LINE__, "%d files are open", FILES_MAX);
}

static long index_of(long fd)
{
	fuzz_check(fd >= FIRST_FD && fd < FIRST_FD + FILES_MAX &&
			   files[fd - FIRST_FD].file.bytes != NULL,
		   "%ld is not open", fd);
	return fd - FIRST_FD;
}

/* Whole entries, as many as fit; what pads them is not zero. */
static long read_folder(long i, char *to, size_t size)
{
	const size_t before = offsetof(struct kernel_dirent64, d_name);
	size_t filled = 0;

	while (files[i].at < files[i].file.length) {
		const char *name = files[i].file.bytes + files[i].at;
		size_t name_size = strlen(name) + 1;
		size_t length = (before + name_size + 7) / 8 * 8;
		struct kernel_dirent64 entry = {
			.d_ino = 1, .d_reclen = (unsigned short)length
		};

		if (filled + length > size)
			break;
		memset(to + filled, '7', length);
		memcpy(to + filled, &entry, before);
		memcpy(to + filled + before, name, name_size);
		filled += length;
		files[i].at += name_size;
	}
	return (long)filled;
}

static long read_file(long fd, char *to, size_t size, bool is_for_entries)
{
	size_t left;
	long i;

	fuzz_check_buffer(to, size);
	if (fd < 0)
		return -EBADF;
	i = index_of(fd);
	if (files[i].file.is_folder != is_for_entries)
		return is_for_entries ? -ENOTDIR : -EISDIR;
	if (is_for_entries)
		return read_folder(i, to, size);
	left = files[i].file.length - files[i].at;
	if (size > left)
		size = left;
	memcpy(to, files[i].file.bytes + files[i].at, size);
	files[i].at += size;
	return (long)size;
}

static long read_at(long fd, char *to, size_t size, long offset)
{
	long i = index_of(fd);

	if (offset < 0)
		return -EINVAL;
	files[i].at = (size_t)offset < files[i].file.length
			      ? (size_t)offset
			      : files[i].file.length;
	return read_file(fd, to, size, false);
}

static long close_file(long fd)
{
	files[index_of(fd)].file.bytes = NULL;
	return 0;
}

unsigned fuzz_open_files(void)
{
	unsigned count = 0;

	for (int i = 0; i < FILES_MAX; i++)
		count += files[i].file.bytes != NULL;
	return count;
}

static long can_write(const struct pollfd *file, long count)
{
	fuzz_check(count == 1 && file->fd == 2, "%ld are polled", count);
	return 1;
}

/* Standard error is a file: nothing but a write is asked of it. */
static long tell_type(long fd, struct kernel_statx *status)
{
	fuzz_check(fd == 2, "%ld is looked at", fd);
	status->stx_mode = S_IFREG;
	return 0;
}

static long write_line(long fd, const char *text, size_t length)
{
	fuzz_check(fd == 2, "written to %ld", fd);
	fuzz_check(!has_written, "a second write");
	fuzz_check(length <= LOG_LINE_MAX, "%zu bytes in a line", length);
	memcpy(written, text, length);
	written[length] = '\0';
	fuzz_check(strlen(written) == length, "a NUL is written");
	has_written = true;
	return (long)length;
}

const char *fuzz_written(void)
{
	return has_written ? written : NULL;
}

__attribute__((weak)) struct fuzz_file fuzz_find(const char *path)
{
	fuzz_fail(__FILE__, __LINE__, "%s is opened", path);
}

__attribute__((weak)) bool fuzz_call(long number, const long *arguments,
				     long *result)
{
	(void)number, (void)arguments, (void)result;
	return false;
}

void fuzz_allow_calls(unsigned count)
{
	calls_left = count;
}

long sys_call(long number, long a, long b, long c, long d, long e)
{
	const long arguments[] = { a, b, c, d, e };
	long result;

	fuzz_check(calls_left-- > 0, "call %ld is one too many", number);
	if (number == SYS_statx && (c & AT_EMPTY_PATH) != 0)
		return tell_type(a, (struct kernel_statx *)e);
	if (fuzz_call(number, arguments, &result))
		return result;
	switch (number) {
	case SYS_openat:
		return open_file((const char *)b, c);
	case SYS_read:
	case SYS_getdents64:
		return read_file(a, (char *)b, (size_t)c,
				 number == SYS_getdents64);
	case SYS_pread64:
		return read_at(a, (char *)b, (size_t)c, d);
	case SYS_close:
		return close_file(a);
	case SYS_ppoll:
		return can_write((const struct pollfd *)a, b);
	case SYS_mmap: /* with what AddressSanitizer watches on both sides */
		return (long)memset(fuzz_memory((size_t)b), 0, (size_t)b);
	case SYS_ioctl: /* standard error is no terminal */
		return -ENOTTY;
	case SYS_write:
		return write_line(a, (const char *)b, (size_t)c);
	default:
		fuzz_fail(__FILE__, __LINE__, "system call %ld", number);
	}
}

void fuzz_check_line(const char *line, const char *beginning)
{
	size_t length = strlen(line);

	fuzz_check(strncmp(line, beginning, strlen(beginning)) == 0,
		   "begins otherwise: %s", line);
	fuzz_check(line[length - 1] == '\n', "does not end: %s", line);
	for (size_t i = 0; i + 1 < length; i++)
		fuzz_check((unsigned char)line[i] >= ' ' && line[i] != 0x7f,
			   "byte %#x in it", line[i]);
}

long long fuzz_file_number(const char *text, const char *key, long long most)
{
	char line[LINE_SIZE];
	const char *digit;
	size_t length;

	for (; text != NULL && *text != '\0'; text += length) {
		unsigned __int128 number = 0;

		length = strcspn(text, "\n");
		snprintf(line, sizeof(line), "%.*s", (int)length, text);
		length += text[length] != '\0';
		if (strncmp(line, key, strlen(key)) != 0)
			continue;
		digit = line + strlen(key);
		if (*digit == '\0')
			return -1;
		for (; *digit >= '0' && *digit <= '9'; digit++)
			if (number <= (unsigned __int128)most)
				number = number * 10 + (unsigned)(*digit - '0');
		return *digit == '\0' && number <= (unsigned __int128)most
			       ? (long long)number
			       : -1;
	}
	return -1;
}
