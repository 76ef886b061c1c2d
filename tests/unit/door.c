/* door.c - see door.h. */
#include "door.h"
#include "abi_calls.h"
#include "unit.h"

#include <asm/unistd.h>

/* The numbers with which this build calls are those of the machine. */
#define ABI_SAME(ours, theirs) \
	_Static_assert((long)(ours) == (long)(theirs), #ours);
ABI_CALLS(ABI_SAME)

struct door door;

struct file {
	const char *path;
	const char *bytes;
	size_t length;
	bool is_directory;
	int error;
	unsigned openings;
};

static struct file files[DOOR_FILES_MAX];
static unsigned file_count;

/* 0, as where standard input is closed: it is a descriptor as others are. */
enum { HANDLES_MAX = 16, FIRST_FD = 0 };

static struct {
	const struct file *file; /* NULL: closed */
	size_t at;
} handles[HANDLES_MAX];

void door_reset(void)
{
	memset(&door, 0, sizeof(door));
	memset(files, 0, sizeof(files));
	memset(handles, 0, sizeof(handles));
	file_count = 0;
	door.poll_answer = 1;
}

static struct file *add_file(const char *path)
{
	unit_check(file_count < DOOR_FILES_MAX, "too many files");
	files[file_count].path = path;
	return &files[file_count++];
}

void door_bytes(const char *path, const char *bytes, size_t length)
{
	struct file *file = add_file(path);

	file->bytes = bytes;
	file->length = length;
}

void door_file(const char *path, const char *text)
{
	door_bytes(path, text, strlen(text));
}

void door_directory(const char *path, const char *names)
{
	door_file(path, names);
	files[file_count - 1].is_directory = true;
}

void door_refuse(const char *path, int error)
{
	add_file(path)->error = error;
}

unsigned door_openings(const char *path)
{
	unsigned count = 0;

	for (unsigned i = 0; i < file_count; i++)
		if (strcmp(files[i].path, path) == 0)
			count += files[i].openings;
	return count;
}

static struct file *find(const char *path)
{
	struct file *found = NULL;

	for (unsigned i = 0; i < file_count; i++) {
		if (strcmp(files[i].path, path) != 0)
			continue;
		found = &files[i];
		if (found->openings == 0)
			return found;
	}
	return found;
}

static long open_file(int from, const char *path, int flags)
{
	struct file *file = find(path);

	unit_check(from == AT_CURRENT || path[0] == '/',
		   "%s is opened from %d", path, from);
	unit_check((flags & 3) == 0, "%s is opened for writing", path);
	unit_check(flags & OPEN_CLOSE_ON_EXEC,
		   "%s is not opened close-on-exec", path);
	/* Whatever lies there in its place. */
	unit_check(flags & OPEN_NO_TERMINAL,
		   "%s may become the controlling terminal", path);
	unit_check(flags & OPEN_NO_BLOCK,
		   "%s may block as a FIFO does", path);
	if (file == NULL)
		return -E_NOENT;
	file->openings++;
	if (file->error != 0)
		return file->error;
	for (int i = 0; i < HANDLES_MAX; i++) {
		if (handles[i].file != NULL)
			continue;
		handles[i].file = file;
		handles[i].at = 0;
		door.open_files++;
		return i + FIRST_FD;
	}
	return -E_MFILE;
}

static const struct file *file_of(long fd)
{
	bool is_open = fd >= FIRST_FD && fd < FIRST_FD + HANDLES_MAX &&
		       handles[fd - FIRST_FD].file != NULL;

	unit_check(is_open, "descriptor %ld is not open", fd);
	return handles[fd - FIRST_FD].file;
}

static long close_file(long fd)
{
	file_of(fd);
	handles[fd - FIRST_FD].file = NULL;
	door.open_files--;
	return 0;
}

static long read_at(const struct file *file, char *to, size_t size, size_t at)
{
	size_t length = file->length - at;

	if (file->is_directory)
		return -E_ISDIR;
	ck_assert_uint_le(at, file->length);
	if (length > size)
		length = size;
	if (door.read_most != 0 && length > door.read_most)
		length = door.read_most;
	if (length == 0)
		return door.read_answer;
	memcpy(to, file->bytes + at, length);
	return (long)length;
}

static long read_file(long fd, char *to, size_t size)
{
	const struct file *file = file_of(fd);
	size_t *at = &handles[fd - FIRST_FD].at;
	long length = read_at(file, to, size, *at);

	*at += length > 0 ? (size_t)length : 0;
	return length;
}

/* Whole entries, as many as fit, as getdents64(2) gives them. */
static long read_directory(long fd, char *to, size_t size)
{
	const struct file *file = file_of(fd);
	size_t *at = &handles[fd - FIRST_FD].at;
	size_t filled = 0;

	if (!file->is_directory)
		return -E_NOTDIR;
	while (*at < file->length) {
		const char *name = file->bytes + *at;
		size_t name_length = strcspn(name, "\n");
		size_t length = offsetof(struct directory_entry, name) +
				name_length + 1;
		struct directory_entry entry = { .inode = *at + 1 };

		length = (length + 7) / 8 * 8;
		if (filled + length > size ||
		    (door.read_most != 0 && filled != 0 &&
		     filled + length > door.read_most))
			break;
		entry.length = (unsigned short)length;
		/* What pads an entry is not always zero. */
		memset(to + filled, '7', length);
		memcpy(to + filled, &entry,
		       offsetof(struct directory_entry, name));
		memcpy(to + filled + offsetof(struct directory_entry, name),
		       name, name_length);
		to[filled + offsetof(struct directory_entry, name) +
		   name_length] = '\0';
		filled += length;
		*at += name_length + 1;
	}
	if (filled == 0 && *at < file->length)
		return -E_INVAL;
	return filled != 0 ? (long)filled : door.read_answer;
}

static long write_text(int fd, const char *text, size_t length)
{
	door.write_count++;
	door.last_write.fd = fd;
	if (door.fails_writes)
		return door.write_answer;
	unit_check(length < DOOR_TEXT_MAX, "%zu bytes in one write", length);
	memcpy(door.last_write.text, text, length);
	door.last_write.text[length] = '\0';
	door.last_write.length = length;
	return (long)length;
}

static long poll_files(const struct poll *polled, long count,
		       const struct time *limit)
{
	unit_check(count == 1, "%ld files are polled", count);
	door.poll_count++;
	door.polled_fd = polled->fd;
	door.polled_events = polled->events;
	door.poll_limit_ms = DOOR_NEVER;
	if (limit != NULL)
		door.poll_limit_ms = (int64_t)limit->seconds * 1000 +
				     limit->nanoseconds / 1000000;
	return door.poll_answer;
}

void door_unexpected(long number)
{
	unit_fail(__FILE__, __LINE__,
		  "system call %ld was not to be expected", number);
}

/* There is no memory to give back. */
void sys_trim_memory(void)
{
}

long sys_call(long number, long a, long b, long c, long d, long e)
{
	door.calls++;
	/* What could not be opened is read as if it were empty, and closed. */
	if (a < 0 && (number == SYS_CLOSE || number == SYS_READ ||
		      number == SYS_GETDENTS64))
		return -9; /* EBADF */
	switch (number) {
	case SYS_OPENAT:
		return open_file((int)a, (const char *)b, (int)c);
	case SYS_CLOSE:
		return close_file(a);
	case SYS_READ:
		return read_file(a, (char *)b, (size_t)c);
	case SYS_PREAD64:
		return read_at(file_of(a), (char *)b, (size_t)c, (size_t)d);
	case SYS_GETDENTS64:
		return read_directory(a, (char *)b, (size_t)c);
	case SYS_WRITE:
		return write_text((int)a, (const char *)b, (size_t)c);
	case SYS_PPOLL:
		if (b != 0)
			return poll_files((const struct poll *)a, b,
					  (const struct time *)c);
		/* Without files it is a pause. */
		/* fallthrough */
	default:
		if (door.other == NULL)
			door_unexpected(number);
		return door.other(number, a, b, c, d, e);
	}
}
