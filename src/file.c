#include "file.h"
#include "text.h"

long file_read(const char *path, char *buffer, size_t size, uint64_t offset)
{
	int fd = sys_open(path);
	long length = fd;

	if (fd >= 0) {
		length = sys_read_at(fd, buffer, size - 1, offset);
		sys_close(fd);
	}
	buffer[length > 0 ? length : 0] = '\0';
	return length;
}

OUT_OF_LINE int file_begin(struct file *file, const char *path, char end)
{
	file->end = end;
	file->at = file->length = 0;
	file->fd = sys_open(path);
	return file->fd;
}

/* Whether there is something at `at`, be it after one more read. */
static OUT_OF_LINE bool goes_on(struct file *file)
{
	if (file->at >= file->length) {
		file->at = 0;
		file->length = (int)sys_read_any(file->fd, file->buffer,
						 FILE_PIECE_SIZE,
						 file->end == '\0');
	}
	return file->at < file->length;
}

const char *file_next(struct file *file)
{
	unsigned length = 0;

	if (!goes_on(file))
		return NULL;
	if (file->end == '\0') {
		const struct directory_entry *entry =
			(const void *)(file->buffer + file->at);

		file->at += entry->length;
		return entry->name;
	}
	do {
		char c = file->buffer[file->at++];

		if (c == file->end)
			break;
		file->word[length] = c;
		if (length < FILE_WORD_SIZE - 1)
			length++;
	} while (goes_on(file));
	file->word[length] = '\0';
	return file->word;
}

int64_t file_number(const char *path, const char *key, int64_t most)
{
	struct file file;
	const char *line, *number = NULL;

	file_begin(&file, path, '\n');
	while (number == NULL && (line = file_next(&file)) != NULL)
		number = text_after(line, key);
	sys_close(file.fd);
	return number != NULL ? text_whole_number(number, most) : -1;
}
