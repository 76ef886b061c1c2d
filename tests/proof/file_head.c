/*
 * head.c: any bytes at all. They are alone in memory that ends with the NUL
 * behind them; only for what is shorter than an ELF header's first numbers is
 * the memory as large as these (SEEN), whatever is in it: foster's is always
 * HEAD_SIZE + 1.
 */
#include <head.c>
#include "lines.h"
#include "proof.h"

enum { SEEN = 20 };

static long length;

static char *any_head(size_t least)
{
	size_t size;
	char *head;

	length = any_long();
	assume(length >= 0 && length <= HEAD_SIZE);
	size = (size_t)length + 1;
	head = malloc(size < least ? least : size);
	assume(head != NULL);
	head[length] = '\0';
	return head;
}

void proves_head_kind(void)
{
	char *head = any_head(1);
	enum head_kind kind = head_kind(head, length);

	prove(kind >= 0 && kind <= HEAD_BINARY);
	prove((kind == HEAD_EMPTY) == (length == 0));
	prove(kind != HEAD_SCRIPT ||
	      (length >= 2 && head[0] == '#' && head[1] == '!'));
	prove(kind != HEAD_ELF || (length >= 4 && head[3] == 'F'));
	reached_if(kind == HEAD_TEXT && length == HEAD_SIZE, "a long line");
	reached_if(kind == HEAD_BINARY, "neither");
	reached_if(kind == HEAD_MARKED, "a byte-order mark");
	reached_if(kind == HEAD_ELF && length == 4, "the shortest ELF");
}

void proves_head_interpreter(void)
{
	char *head = any_head(1);
	char *name, *end;

	assume(head[0] == '#' && head[1] == '!' && length >= 2);
	name = head_interpreter(head, &end);
	prove(is_within(name, head) && is_within(end, head));
	prove(name >= head + 2 && end >= name && end <= head + length);
	reached_if(end == name, "no name");
	reached_if(end - name == HEAD_SIZE - 2, "the longest name");
}

/* All that is read of an ELF file is read by this: any place, any size. */
void proves_number_at(void)
{
	char *head = any_head(SEEN);
	struct elf elf = { .head = head,
			   .length = (uint64_t)length,
			   .is_short = any_bool() };
	bool was_short = elf.is_short;
	uint64_t offset = any_uint64();
	uint64_t size = any_uint64();

	number_at(&elf, offset, size);
	prove(!was_short || elf.is_short);
	prove(elf.is_short ||
	      (offset <= elf.length && size <= elf.length - offset));
	reached_if(!elf.is_short && size == HEAD_SIZE, "all of it");
	reached_if(elf.is_short && !was_short, "beyond the end");
}

/* What four bytes hold tells something of them. */
void proves_small_number(void)
{
	char *head = any_head(SEEN);
	struct elf elf = { .head = head, .length = (uint64_t)length };
	uint64_t offset = any_uint64(), number;

	number = number_at(&elf, offset, 4);
	if (elf.is_short || number > 0xff)
		return;
	prove(head[offset + 1] == '\0' && head[offset + 2] == '\0');
	reached_if(number == 3 && head[offset] == 3, "a little-endian file");
	reached_if(number == 3 && head[offset + 3] == 3, "a big-endian file");
}

/* A NUL was seen in the head; loops.txt */
bool has_nul;

/* proves_number_at, proves_small_number */
uint64_t instead_of_number_at(struct elf *elf, uint64_t offset, uint64_t size)
{
	uint64_t number = any_uint64();

	if (offset > elf->length || elf->length - offset < size) {
		elf->is_short = true;
		return 0;
	}
	assume(size >= 8 || number < UINT64_C(1) << (8 * (size % 8)));
	if (size == 4 && number <= 0xff)
		has_nul = true;
	return number;
}

void proves_head_elf_fault(void)
{
	char *head = any_head(SEEN);
	const char *loader;
	wording fault;

	assume(length >= 4);
	has_nul = false;
	fault = head_elf_fault(head, length, &loader);
	prove(loader == NULL || is_within(loader, head));
	prove(loader == NULL || loader <= head + length);
	/* A path of the longest length is a byte shorter than a head. */
	prove(loader == NULL || loader > head || has_nul);
	reached_if(fault == NO_WORDING && loader != NULL, "one with a loader");
	reached_if(loader == head && length == HEAD_SIZE, "all is a name");
	reached_if(fault != NO_WORDING && length == 4, "the shortest");
	reached_if(fault == NO_WORDING && loader == NULL, "one without");
}

/* Of an ELF file with the bytes for it, in room for just the longest words. */
void proves_head_machine(void)
{
	char *head = any_head(HEAD_SHOWS_MACHINE);
	char room[HEAD_MACHINE_SIZE], *end;

	end = head_machine(head, room);
	prove(end >= room && end < room + HEAD_MACHINE_SIZE && *end == '\0');
	prove(line_put == NULL || line_put == end);
	reached_if(line_put == room + longest_line, "the longest name");
	reached_if(line_put == NULL, "a machine without a name");
}
