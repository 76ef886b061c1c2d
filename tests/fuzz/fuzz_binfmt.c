/*
 * fuzz_binfmt.c - the head of a file that should be run (binfmt.h). The bytes are
 * the file; no more of them is there than foster would have read.
 */
#define _GNU_SOURCE
#include "fuzz.h"
#include "binfmt.h"
#include "sys.h"

#include <elf.h>
#include <string.h>

/* What the kernel does with the line, fs/binfmt_script.c. */
static void check_script(char *head)
{
	size_t blanks = strspn(head + 2, " \t");
	size_t length = strcspn(head + 2 + blanks, " \t\n");
	char *end, *name = binfmt_interpreter(head, &end);

	fuzz_check(name == head + 2 + blanks && end == name + length,
		   "another name in '%s'", head);
}

static void check_kind(enum binfmt_kind kind, const char *head, size_t length)
{
	const char *line_end = memchr(head, '\n', length);
	size_t line = line_end != NULL ? (size_t)(line_end - head) : length;
	enum binfmt_kind wanted =
		memchr(head, '\0', line) != NULL ? BINFMT_BINARY : BINFMT_TEXT;

	if (length == 0)
		wanted = BINFMT_EMPTY;
	else if (length >= 2 && memcmp(head, "#!", 2) == 0)
		wanted = BINFMT_SCRIPT;
	else if (length >= 5 && memcmp(head, "\xef\xbb\xbf#!", 5) == 0)
		wanted = BINFMT_MARKED_SCRIPT;
	else if (length >= 4 && memcmp(head,
				       "\x7f"
				       "ELF",
				       4) == 0)
		wanted = BINFMT_ELF;
	fuzz_check(kind == wanted, "kind %d and not %d", kind, wanted);
}

static void check_machine(const char *head)
{
	char *machine = fuzz_memory(BINFMT_MACHINE_SIZE);

	fuzz_check(binfmt_machine(head, machine) == machine && *machine != '\0',
		   "no machine");
	for (const char *c = machine; *c != '\0'; c++)
		fuzz_check(*c >= ' ' && *c < 0x7f, "byte %#x", *c);
	fuzz_check(binfmt_is_same_machine(head, head), "not its own machine");
}

/* ---- a second reading, elf(5) ---- */

struct elf {
	const unsigned char *bytes;
	size_t length;
	bool is_short;
};

static uint64_t number(struct elf *elf, uint64_t at, unsigned size)
{
	uint64_t value = 0;

	elf->is_short |= at >= elf->length || size > elf->length ||
			 at + size > elf->length;
	for (unsigned i = 0; !elf->is_short && i < size; i++) {
		bool is_big = elf->bytes[EI_DATA] == ELFDATA2MSB;

		value |= (uint64_t)elf->bytes[at + i]
			 << 8 * (is_big ? size - 1 - i : i);
	}
	return value;
}

/* Files of 32 bits have words of 4 bytes, all others of 8. */
static enum binfmt_elf_fault read_elf(struct elf *elf, uint64_t *loader)
{
	bool is_64 = elf->bytes[EI_CLASS] != ELFCLASS32, has_load = false;
	unsigned word = is_64 ? 8 : 4;
	uint64_t type = number(elf, 16, 2);
	uint64_t at = number(elf, is_64 ? 32 : 28, word);
	uint64_t count = number(elf, is_64 ? 56 : 44, 2);

	*loader = BINFMT_NOWHERE;
	for (; count > 0 && !elf->is_short; count--) {
		uint64_t kind = number(elf, at, 4);
		uint64_t start = number(elf, at + word, word);
		uint64_t size = number(elf, at + (is_64 ? 32 : 16), word);

		has_load |= kind == PT_LOAD;
		if (kind == PT_INTERP && !elf->is_short) {
			*loader = start;
			elf->is_short = start > elf->length ||
					size > elf->length - start;
		}
		at += is_64 ? 56 : 32;
	}
	if (elf->is_short && elf->length < BINFMT_HEAD_SIZE)
		return ELF_CUT_SHORT;
	if (type != ET_EXEC && type != ET_DYN)
		return ELF_NOT_EXECUTABLE;
	return has_load || elf->is_short ? ELF_NO_FAULT : ELF_NOTHING_TO_LOAD;
}

static void check_elf(const char *head, size_t length)
{
	struct elf elf = { (const unsigned char *)head, length, false };
	uint64_t loader, wanted_loader = BINFMT_NOWHERE;
	enum binfmt_elf_fault wanted = ELF_CUT_SHORT;
	enum binfmt_elf_fault fault =
		binfmt_elf_fault(head, (long)length, &loader);

	if (length >= EI_NIDENT)
		wanted = read_elf(&elf, &wanted_loader);
	fuzz_check(fault == wanted, "fault %d and not %d", fault, wanted);
	fuzz_check(loader == wanted_loader, "the loader is at %#llx, not %#llx",
		   (unsigned long long)loader,
		   (unsigned long long)wanted_loader);
	if (length >= BINFMT_MACHINE_END)
		check_machine(head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_bytes bytes = { data, data + size };
	size_t length = size < BINFMT_HEAD_SIZE ? size : BINFMT_HEAD_SIZE;
	char *head = fuzz_memory(length + 1);
	enum binfmt_kind kind;

	memcpy(head, bytes.at, length);
	head[length] = '\0';
	kind = binfmt_kind(head, (long)length);
	check_kind(kind, head, length);
	if (kind == BINFMT_SCRIPT)
		check_script(head);
	if (kind == BINFMT_ELF)
		check_elf(head, length);
	fuzz_forget();
	return 0;
}
