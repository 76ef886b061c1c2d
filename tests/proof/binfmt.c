/*
 * binfmt.c: any bytes at all. They are alone in memory that ends with the NUL
 * behind them.
 */
#include "binfmt.h"
#include "proof.h"
#include "text.h"

#include <elf.h>

static long length;

static char *any_head(long least)
{
	char *head;

	length = any_long();
	assume(length >= least && length <= BINFMT_HEAD_SIZE);
	head = malloc((size_t)length + 1);
	assume(head != NULL);
	head[length] = '\0';
	return head;
}

void proves_binfmt_kind(void)
{
	char *head = any_head(0);
	enum binfmt_kind kind = binfmt_kind(head, length);
	long line = 0;

	while (line < length && head[line] != '\n' && head[line] != '\0')
		line++;
	prove(kind != BINFMT_TEXT || line == length || head[line] == '\n');
	prove(kind != BINFMT_BINARY || line < length && head[line] == '\0');
	prove(kind >= 0 && kind <= BINFMT_BINARY);
	prove((kind == BINFMT_EMPTY) == (length == 0));
	prove(kind != BINFMT_SCRIPT ||
	      (length >= 2 && head[0] == '#' && head[1] == '!'));
	prove(kind != BINFMT_ELF || (length >= 4 && head[3] == 'F'));
	reached_if(kind == BINFMT_TEXT && length == BINFMT_HEAD_SIZE,
		   "a long line");
	reached_if(kind == BINFMT_BINARY, "neither");
	reached_if(kind == BINFMT_MARKED_SCRIPT, "a byte-order mark");
	reached_if(kind == BINFMT_ELF && length == 4, "the shortest ELF");
}

void proves_binfmt_interpreter(void)
{
	char *head = any_head(2);
	char *name, *end;

	assume(head[0] == '#' && head[1] == '!');
	name = binfmt_interpreter(head, &end);
	prove(is_within(name, head) && is_within(end, head));
	prove(name >= head + 2 && end >= name && end <= head + length);
	reached_if(end == name, "no name");
	reached_if(end - name == BINFMT_HEAD_SIZE - 2, "the longest name");
}

static void check_elf(const char *head)
{
	uint64_t loader_at;
	enum binfmt_elf_fault fault =
		binfmt_elf_fault(head, length, &loader_at);

	prove(fault >= ELF_NO_FAULT && fault <= ELF_NOTHING_TO_LOAD);
	prove(length >= EI_NIDENT ||
	      (fault == ELF_CUT_SHORT && loader_at == BINFMT_NOWHERE));
	/* Of what is whole, it is in the file. */
	prove(fault == ELF_CUT_SHORT || length == BINFMT_HEAD_SIZE ||
	      loader_at == BINFMT_NOWHERE || loader_at <= (uint64_t)length);
	reached_if(fault == ELF_CUT_SHORT, "cut short");
#if LONGEST > 0
	reached_if(fault == ELF_NO_FAULT && loader_at < BINFMT_HEAD_SIZE,
		   "one with a loader");
	reached_if(fault == ELF_NO_FAULT && loader_at > BINFMT_HEAD_SIZE &&
			   loader_at != BINFMT_NOWHERE,
		   "one whose loader is far away");
	reached_if(fault == ELF_NO_FAULT && loader_at == BINFMT_NOWHERE,
		   "one without");
	reached_if(fault == ELF_NOT_EXECUTABLE, "no executable");
	reached_if(fault == ELF_NOTHING_TO_LOAD, "nothing to load");
#endif
}

/* Less than a header. */
void proves_binfmt_elf_begins(void)
{
	char *head = any_head(4);

	assume(length < BINFMT_HEAD_SIZE);
	check_elf(head);
}

/*
 * Just as much as is read, and a byte less. It is space for a header of either
 * class, over which segments may lie.
 */
void proves_binfmt_elf_fault(void)
{
	char head[BINFMT_HEAD_SIZE + 1];

	length = any_bool() ? BINFMT_HEAD_SIZE : BINFMT_HEAD_SIZE - 1;
	head[length] = '\0';
	check_elf(head);
}

/* Of an ELF file with just the bytes for it. */
void proves_binfmt_machine(void)
{
	char *head = any_head(BINFMT_MACHINE_END);
	char words[BINFMT_MACHINE_SIZE];

	prove(binfmt_machine(head, words) == words && words[0] != '\0');
	prove(ends_within(words, BINFMT_MACHINE_SIZE));
	prove(binfmt_is_same_machine(head, head));
	reached_if(words[0] == 'm' && words[1] == 'a', "one without a name");
	reached_if(words[0] == 'x', "one with a name");
}
