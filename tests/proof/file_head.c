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

/* A number that stands in the head is 0; loops.txt */
bool has_zero;

/* proves_number_at */
uint64_t instead_of_number_at(struct elf *elf, uint64_t offset, uint64_t size)
{
	uint64_t number = any_uint64();

	if (offset > elf->length || elf->length - offset < size) {
		elf->is_short = true;
		return 0;
	}
	assume(size >= 8 || number < UINT64_C(1) << (8 * (size % 8)));
	if (number == 0 && size != 0)
		has_zero = true;
	return number;
}

void proves_head_elf_fault(void)
{
	char *head = any_head(SEEN);
	uint64_t loader_at;
	wording fault;

	assume(length >= 4);
	has_zero = false;
	fault = head_elf_fault(head, length, &loader_at);
	/* What was not read is no place. */
	prove(loader_at != 0 || has_zero);
	reached_if(fault == NO_WORDING && loader_at < HEAD_SIZE,
		   "one with a loader");
	reached_if(fault == NO_WORDING && loader_at > HEAD_SIZE &&
		   loader_at != HEAD_NOWHERE, "one whose loader is far away");
	reached_if(fault != NO_WORDING && length == 4, "the shortest");
	reached_if(fault == NO_WORDING && loader_at == HEAD_NOWHERE,
		   "one without");
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
