#include "file.h"

long file_read(const char *path, char *buffer, size_t size)
{
	int fd = sys_open(path, OPEN_NO_BLOCK | OPEN_NO_TERMINAL);
	long length = fd;

	if (fd >= 0) {
		length = sys_read(fd, buffer, size - 1);
		sys_close(fd);
	}
	buffer[length > 0 ? length : 0] = '\0';
	return length;
}
