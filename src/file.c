#include "file.h"

long file_read(const char *path, char *buffer, size_t size, uint64_t offset)
{
	int fd = sys_open(path, OPEN_NO_BLOCK | OPEN_NO_TERMINAL);
	long length = fd;

	if (fd >= 0) {
		length = sys_read_at(fd, buffer, size - 1, offset);
		sys_close(fd);
	}
	buffer[length > 0 ? length : 0] = '\0';
	return length;
}
