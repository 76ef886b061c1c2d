/*
 * In the place of text_put_line(), for a text that is known: any of its lines
 * may be the one that is put, whatever the key. That it puts no more than a
 * line is proved by proves_put_line.
 */
#ifndef LINES_H
#define LINES_H

#include "proof.h"
#include "text.h"
#include "wording.h"

/* What it gave last. */
static char *line_put;

/* How long the longest line was. */
static size_t longest_line;

char *instead_of_text_put_line(char *to, const char *text, const char *key)
{
	size_t length = 0, size = 0;

	longest_line = 0;
	for (; text[size] != '\0'; size++) {
		length = text[size] == '\n' ? 0 : length + 1;
		if (length > longest_line)
			longest_line = length;
	}
	/* In the packed binary it has been put there. */
	prove(size < WORDING_SIZE);
	prove(*key == *key);
	prove(__CPROVER_w_ok(to, longest_line + 1));
	line_put = NULL;
	if (any_bool())
		return NULL;
	length = any_size();
	assume(length <= longest_line);
	__CPROVER_havoc_slice(to, length);
	to[length] = '\0';
	line_put = to + length;
	return line_put;
}

#endif
