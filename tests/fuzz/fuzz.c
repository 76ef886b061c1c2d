/* fuzz.c - see fuzz.h. */
#define _GNU_SOURCE
#include "fuzz.h"
#include "file.h"
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

enum { ROOMS_MAX = 4096, FILES_MAX = 8, FIRST_FD = 3, TEXT_MAX = 4096 };

static void *rooms[ROOMS_MAX];
static size_t room_count;

static struct {
	const char *bytes; /* NULL: closed */
	size_t at, length;
	bool is_folder;
} files[FILES_MAX];

static char written[TEXT_MAX];
static bool has_written;

void *fuzz_room(size_t size)
{
	void *room = malloc(size != 0 ? size : 1);

	fuzz_check(room != NULL && room_count < ROOMS_MAX,
		   "too much is made of these bytes");
	rooms[room_count++] = room;
	return room;
}

void fuzz_forget(void)
{
	while (room_count > 0)
		free(rooms[--room_count]);
	memset(files, 0, sizeof(files));
	has_written = false;
}

static char *copy(struct fuzz_bytes *bytes, size_t length)
{
	char *text = fuzz_room(length + 1);

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

/* ---- a door with no kernel behind it ---- */

/* Targets that make calls have doors of their own. */
__attribute__((weak)) long sys_call(long number, long a, long b, long c, long d,
				    long e)
{
	(void)a, (void)b, (void)c, (void)d, (void)e;
	fuzz_fail(__FILE__, __LINE__, "system call %ld", number);
}

/* As much of it as is read: an ELF file for x86_64, elf(5). */
const char *sys_own_head(void)
{
	static const char head[20] = { 0x7f, 'E', 'L',	    'F',      2,
				       1,    1,	  [16] = 2, [18] = 62 };

	return head;
}

void fuzz_check_room(const void *to, size_t size)
{
	void *bad = __asan_region_is_poisoned((void *)(uintptr_t)to, size);

	fuzz_check(bad == NULL, "of %zu bytes only %td are there", size,
		   (const char *)bad - (const char *)to);
}

long fuzz_open(const char *bytes, size_t length, bool is_folder)
{
	for (int i = 0; i < FILES_MAX; i++) {
		if (files[i].bytes != NULL)
			continue;
		files[i].bytes = bytes;
		files[i].at = 0;
		files[i].length = length;
		files[i].is_folder = is_folder;
		return i + FIRST_FD;
	}
	fuzz_fail(__FILE__, __LINE__, "%d files are open", FILES_MAX);
}

static long file_of(long fd)
{
	fuzz_check(fd >= FIRST_FD && fd < FIRST_FD + FILES_MAX &&
			   files[fd - FIRST_FD].bytes != NULL,
		   "%ld is not open", fd);
	return fd - FIRST_FD;
}

/* Whole entries, as many as fit; what pads them is not zero. */
static long read_folder(long file, char *to, size_t size)
{
	size_t filled = 0;

	while (files[file].at < files[file].length) {
		const char *name = files[file].bytes + files[file].at;
		size_t name_size = strlen(name) + 1;
		size_t length =
			offsetof(struct directory_entry, name) + name_size;
		struct directory_entry entry = { .inode = 1 };

		length = (length + 7) / 8 * 8;
		if (filled + length > size)
			break;
		entry.length = (unsigned short)length;
		memset(to + filled, '7', length);
		memcpy(to + filled, &entry,
		       offsetof(struct directory_entry, name));
		memcpy(to + filled + offsetof(struct directory_entry, name),
		       name, name_size);
		filled += length;
		files[file].at += name_size;
	}
	return (long)filled;
}

long fuzz_read(long fd, char *to, size_t size)
{
	long file = file_of(fd);
	size_t left = files[file].length - files[file].at;

	fuzz_check_room(to, size);
	if (files[file].is_folder)
		return read_folder(file, to, size);
	if (size > left)
		size = left;
	memcpy(to, files[file].bytes + files[file].at, size);
	files[file].at += size;
	return (long)size;
}

long fuzz_read_at(long fd, char *to, size_t size, long offset)
{
	long file = file_of(fd);

	if (offset < 0)
		return -22;
	files[file].at = (size_t)offset < files[file].length
				 ? (size_t)offset
				 : files[file].length;
	return fuzz_read(fd, to, size);
}

long fuzz_close(long fd)
{
	files[file_of(fd)].bytes = NULL;
	return 0;
}

unsigned fuzz_open_files(void)
{
	unsigned count = 0;

	for (int i = 0; i < FILES_MAX; i++)
		count += files[i].bytes != NULL;
	return count;
}

long fuzz_write(long fd, const char *text, size_t length)
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
	char line[FILE_WORD_SIZE];
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
