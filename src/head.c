#include "head.h"
#include "abi.h"
#include "text.h"

/* elf(5) */
enum {
	CLASS = 4,    /* e_ident[EI_CLASS]: 1 for 32 bits, 2 for 64 */
	ORDER = 5,    /* e_ident[EI_DATA] */
	TYPE = 16,    /* e_type */
	MACHINE = 18, /* e_machine */
	CLASS_32 = 1,
	ORDER_BIG = 2,
	TYPE_PROGRAM = 2,
	TYPE_SHARED = 3,    /* position-independent programs, too */
	SEGMENT_LOAD = 1,   /* PT_LOAD */
	SEGMENT_LOADER = 3, /* PT_INTERP */
};

enum head_kind head_kind(const char *head, long length)
{
	/* By kind. */
	static const _Alignas(1) char marks[HEAD_MARKS][6] = { "#!",
							       "\xef\xbb\xbf#!",
							       "\177ELF" };

	if (length <= 0)
		return HEAD_EMPTY;
	for (unsigned kind = 0; kind < HEAD_MARKS; kind++)
		if (text_after(head, marks[kind]) != NULL)
			return (enum head_kind)kind;
	while (*head != '\n' && length-- > 0)
		if (*head++ == '\0')
			return HEAD_BINARY;
	return HEAD_TEXT;
}

char *head_interpreter(char *head, char **end)
{
	char *name = head + 2, *at;

	while (*name == ' ' || *name == '\t')
		name++;
	for (at = name; *at != '\0' && *at != '\n'; at++)
		if (*at == ' ' || *at == '\t')
			break;
	*end = at;
	return name;
}

struct elf {
	const char *head;
	uint64_t length;
	uint64_t loader_at; /* see head_elf_fault() */
	bool is_short;	    /* something stands behind what was read */
	bool has_load;	    /* there is something to load */
};

/*
 * The number of `size` bytes at `offset`, in the file's own order. All that
 * is read of an ELF file is read here.
 */
static uint64_t number_at(struct elf *elf, uint64_t offset, uint64_t size)
{
	const unsigned char *bytes = (const unsigned char *)elf->head;
	bool is_big = elf->head[ORDER] == ORDER_BIG;
	uint64_t number = 0;

	if (offset > elf->length || elf->length - offset < size) {
		elf->is_short = true;
		return 0;
	}
	for (uint64_t i = 0; i < size; i++)
		number = number << 8 |
			 bytes[offset + (is_big ? i : size - 1 - i)];
	return number;
}

/*
 * With words of 4 or 8 bytes e_phoff is at 28 or 32, e_phnum at 44 or 56, and
 * a program header of 32 or 56 bytes has p_offset in its second word and
 * p_filesz in its fifth.
 */
static OUT_OF_LINE void read_segments(struct elf *elf)
{
	uint64_t word = elf->head[CLASS] == CLASS_32 ? 4 : 8;
	uint64_t at = number_at(elf, 24 + word, word);
	unsigned left = (unsigned)number_at(elf, 32 + 3 * word, 2);

	for (; left > 0 && !elf->is_short; left--) {
		uint64_t type = number_at(elf, at, 4);
		uint64_t start = number_at(elf, at + word, word);
		uint64_t size = number_at(elf, at + 4 * word, word);

		if (type == SEGMENT_LOAD)
			elf->has_load = true;
		if (type == SEGMENT_LOADER && !elf->is_short) {
			elf->loader_at = start;
			/* Only whether all of it is there. */
			number_at(elf, start, size);
		}
		at += 8 + 6 * word;
	}
}

wording head_elf_fault(const char *head, long length, uint64_t *loader_at)
{
	struct elf elf = { head, (uint64_t)length, HEAD_NOWHERE, false, false };
	uint64_t type;

	read_segments(&elf);
	*loader_at = elf.loader_at;
	if (length < HEAD_SIZE && elf.is_short)
		return T("cannot run '%s': an ELF file, cut short");
	type = number_at(&elf, TYPE, 2);
	if (type != TYPE_PROGRAM && type != TYPE_SHARED)
		return T("cannot run '%s': an ELF file, but no program");
	if (!elf.has_load && !elf.is_short)
		return T("cannot run '%s': an ELF file with nothing to load");
	return NO_WORDING;
}

char *head_machine(const char *head, char *to)
{
	const unsigned char *bytes = (const unsigned char *)head + MACHINE;
	bool is_big = head[ORDER] == ORDER_BIG;
	uint16_t little = (uint16_t)(bytes[1] << 8 | bytes[0]);
	uint16_t big = (uint16_t)(bytes[0] << 8 | bytes[1]);
	uint16_t machine = is_big ? big : little;
	char room[WORDING_SIZE];
	/* Each line begins with the machine, six bits a letter, class and
	 * order. */
	const char *table =
		wording_text(T("\n303i386 (32-bit, --platform linux/386)"
			       "\nn05x86_64 (--platform linux/amd64)"
			       "\nX03arm (32-bit, --platform linux/arm)"
			       "\ng25aarch64 (--platform linux/arm64)"
			       "\nE05ppc64le (--platform linux/ppc64le)"
			       "\nF06s390x (--platform linux/s390x)"
			       "\nc35riscv64 (--platform linux/riscv64)"
			       "\n245loongarch64 (--platform linux/loong64)"
			       "\n805mips64el (--platform linux/mips64le)"
			       "\n803mipsel (32-bit, --platform linux/mipsle)"),
			     room);
	char key[] = { '\n', (char)('0' + machine % 64),
		       (char)('0' + machine / 64),
		       (char)('0' + head[CLASS] * 2 + head[ORDER]), '\0' };
	char *end = text_put_line(to, table, key);

	if (end != NULL)
		return end;
	to = text_put_number(wording_put(to, T("machine ")), machine);
	return wording_put(to,
			   is_big ? T(", big-endian") : T(", little-endian"));
}
