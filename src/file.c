#include "file.h"
#include "sys.h"
#include "text.h"

long file_read(const char *path, char *buffer, size_t size, uint64_t offset)
{
	int fd = sys_open(path);
	long length = fd;

	if (fd >= 0) {
		length = sys_pread(fd, buffer, size - 1, offset);
		sys_close(fd);
	}
	buffer[length > 0 ? length : 0] = '\0';
	return length;
}

void file_open(struct file *file, const char *path)
{
	file->fd = sys_open(path);
	file->position = 0;
	file->length = 0;
}

void file_close(struct file *file)
{
	if (file->fd >= 0)
		sys_close(file->fd);
}

/* Whether there is something to take: `length` is that of a new piece. */
static bool has_piece(struct file *file, long length)
{
	file->position = 0;
	file->length = (int)length;
	return length > 0;
}

/* Whether there is one more byte to take, after a read where needed. */
static bool has_byte(struct file *file)
{
	return file->position < file->length ||
	       has_piece(file, sys_read(file->fd, file->buffer,
					sizeof(file->buffer)));
}

bool file_next_word(struct file *file, char separator, char *word, size_t size)
{
	size_t length = 0;
	char c;

	if (!has_byte(file))
		return false;
	do {
		c = file->buffer[file->position++];
		if (c == separator)
			break;
		if (length < size - 1)
			word[length++] = c;
	} while (has_byte(file));
	word[length] = '\0';
	return true;
}

const char *file_next_entry(struct file *file)
{
	const struct kernel_dirent64 *entry;

	if (file->position >= file->length &&
	    !has_piece(file, sys_getdents64(file->fd, file->buffer,
					    sizeof(file->buffer))))
		return NULL;
	entry = (const void *)(file->buffer + file->position);
	file->position += entry->d_reclen;
	return entry->d_name;
}

enum { LINE_SIZE = 64 }; /* a key and what is looked for fit */

bool file_value(const char *path, const char *key, char *value, size_t size)
{
	struct file file;
	char line[LINE_SIZE];
	const char *found = NULL;

	file_open(&file, path);
	while (found == NULL && file_next_word(&file, '\n', line, LINE_SIZE))
		found = text_after(line, key);
	file_close(&file);
	if (found != NULL)
		text_cut(value, size, found);
	return found != NULL;
}

int64_t file_number(const char *path, const char *key, int64_t limit)
{
	char value[LINE_SIZE];

	if (!file_value(path, key, value, sizeof(value)))
		return -1;
	return text_whole_number(value, limit);
}
