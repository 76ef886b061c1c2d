/*
 * unpack.c - whether wording_put() gives back what pack.c was given. Runs
 * where foster is built, with the tables and the wording.c of the shipped
 * binary.
 */
#include <stdio.h>
#include <string.h>

#include "wording.h"

static const struct {
	wording number;
	const char *text;
} texts[] = {
#include <texts.h>
};

enum { TEXTS = sizeof(texts) / sizeof(texts[0]), ROOM = 4096, UNTOUCHED = '#' };

int main(void)
{
	int wrong = 0;

	for (int i = 0; i < TEXTS; i++) {
		size_t length = strlen(texts[i].text);
		char room[ROOM];
		const char *end;

		memset(room, UNTOUCHED, ROOM);
		end = wording_put(room, texts[i].number);
		if (end == room + length && end[1] == UNTOUCHED &&
		    strcmp(room, texts[i].text) == 0)
			continue;
		fprintf(stderr, "unpack: '%.60s' for '%.60s'\n", room,
			texts[i].text);
		wrong = 1;
	}
	return wrong;
}
