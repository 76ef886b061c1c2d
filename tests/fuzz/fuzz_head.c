/*
 * fuzz_head.c - the head of a file that should be run (head.h). The bytes are
 * the file; no more of them is there than foster would have read.
 */
#define _GNU_SOURCE
#include "fuzz.h"
#include "head.h"
#include "sys.h"

#include <string.h>

/* What the kernel does with the line, fs/binfmt_script.c. */
static void check_script(char *head)
{
	size_t blanks = strspn(head + 2, " \t");
	size_t length = strcspn(head + 2 + blanks, " \t\n");
	char *end, *name = head_interpreter(head, &end);

	fuzz_check(name == head + 2 + blanks && end == name + length,
		   "another name in '%s'", head);
}

static void check_kind(enum head_kind kind, const char *head, size_t length)
{
	const char *line_end = memchr(head, '\n', length);
	size_t line = line_end != NULL ? (size_t)(line_end - head) : length;
	enum head_kind wanted =
		memchr(head, '\0', line) != NULL ? HEAD_BINARY : HEAD_TEXT;

	if (length == 0)
		wanted = HEAD_EMPTY;
	else if (length >= 2 && memcmp(head, "#!", 2) == 0)
		wanted = HEAD_SCRIPT;
	else if (length >= 5 && memcmp(head, "\xef\xbb\xbf#!", 5) == 0)
		wanted = HEAD_MARKED;
	else if (length >= 4 && memcmp(head,
				       "\x7f"
				       "ELF",
				       4) == 0)
		wanted = HEAD_ELF;
	fuzz_check(kind == wanted, "kind %d and not %d", kind, wanted);
}

static void check_machine(const char *head)
{
	char machine[HEAD_MACHINE_SIZE];
	const char *end = head_machine(head, machine);

	fuzz_check(end == machine + strlen(machine), "no NUL at the end");
	for (const char *at = machine; at < end; at++)
		fuzz_check(*at >= ' ' && *at < 0x7f, "byte %#x", *at);
}

enum { ORDER = 5, COMPARED = 20 };

/*
 * The class and the order are looked at in any file, however short: foster's
 * buffer is larger. What stands there must not matter.
 */
static wording elf_fault(const char *head, size_t length, int behind,
			 uint64_t *loader_at)
{
	size_t size = length > ORDER ? length : ORDER;
	char *copy = fuzz_room(size + 1);
	wording fault;

	memset(copy, behind, size + 1);
	memcpy(copy, head, length + 1);
	fault = head_elf_fault(copy, (long)length, loader_at);
	if (length >= COMPARED)
		check_machine(copy);
	return fault;
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
		bool is_big = elf->bytes[ORDER] == 2;

		value |= (uint64_t)elf->bytes[at + i]
			 << 8 * (is_big ? size - 1 - i : i);
	}
	return value;
}

/* Of 32 bits with words of 4 bytes, of 64 with 8; of others nothing is known.
 */
static void check_segments(struct elf *elf, wording fault, uint64_t loader)
{
	bool is_64 = elf->bytes[4] != 1, has_load = false;
	unsigned word = is_64 ? 8 : 4;
	uint64_t type = number(elf, 16, 2);
	uint64_t at = number(elf, is_64 ? 32 : 28, word);
	uint64_t count = number(elf, is_64 ? 56 : 44, 2);
	uint64_t wanted = HEAD_NOWHERE;

	for (; count > 0 && !elf->is_short; count--) {
		uint64_t kind = number(elf, at, 4);
		uint64_t start = number(elf, at + word, word);
		uint64_t size = number(elf, at + (is_64 ? 32 : 16), word);

		has_load |= kind == 1;
		if (kind == 3 && !elf->is_short) {
			wanted = start;
			elf->is_short = start > elf->length ||
					size > elf->length - start;
		}
		at += is_64 ? 56 : 32;
	}
	fuzz_check(loader == wanted, "the loader is at %llu, not at %llu",
		   (unsigned long long)loader, (unsigned long long)wanted);
	elf->is_short &= elf->length < HEAD_SIZE;
	fuzz_check((fault != NULL && strstr(fault, "short") != NULL) ==
			   elf->is_short,
		   "cut short");
	if (elf->is_short)
		return;
	fuzz_check((fault != NULL && strstr(fault, "no program") != NULL) ==
			   (type != 2 && type != 3),
		   "no program");
	if (fault != NULL && strstr(fault, "to load") != NULL)
		fuzz_check(!has_load, "it has something to load");
}

static void check_elf(const char *head, size_t length)
{
	uint64_t loader, same_loader;
	wording fault = elf_fault(head, length, 1, &loader);
	struct elf elf = { (const unsigned char *)head, length, false };

	fuzz_check(elf_fault(head, length, 2, &same_loader) == fault &&
			   same_loader == loader,
		   "what stands behind it matters");
	if (fault != NO_WORDING)
		fuzz_check(strncmp(fault, "cannot run '%s': ", 17) == 0,
			   "a fault '%s'", fault);
	if (length > ORDER)
		check_segments(&elf, fault, loader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_bytes bytes = { data, data + size };
	size_t length = size < HEAD_SIZE ? size : HEAD_SIZE;
	char *head = fuzz_room(length + 1);
	enum head_kind kind;

	memcpy(head, bytes.at, length);
	head[length] = '\0';
	kind = head_kind(head, (long)length);
	check_kind(kind, head, length);
	if (kind == HEAD_SCRIPT)
		check_script(head);
	if (kind == HEAD_ELF)
		check_elf(head, length);
	fuzz_forget();
	return 0;
}
