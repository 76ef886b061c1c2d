#include "head.h"
#include "text.h"

/* elf(5) */
enum {
	CLASS = 4,    /* e_ident[EI_CLASS]: 1 for 32 bits, 2 for 64 */
	ORDER = 5,    /* e_ident[EI_DATA] */
	TYPE = 16,    /* e_type */
	MACHINE = 18, /* e_machine */
	ORDER_BIG = 2,
	TYPE_PROGRAM = 2,
	TYPE_SHARED = 3, /* position-independent programs, too */
	SEGMENT_LOAD = 1,   /* PT_LOAD */
	SEGMENT_LOADER = 3, /* PT_INTERP */
};

enum head_kind head_kind(const char *head, long length)
{
	if (length <= 0)
		return HEAD_EMPTY;
	if (text_after(head, "#!") != NULL)
		return HEAD_SCRIPT;
	if (text_after(head, "\xef\xbb\xbf#!") != NULL)
		return HEAD_MARKED;
	if (text_after(head, "\x7f" "ELF") != NULL)
		return HEAD_ELF;
	while (*head != '\n' && length-- > 0)
		if (*head++ == '\0')
			return HEAD_BINARY;
	return HEAD_TEXT;
}

const char *head_interpreter(const char *head, const char **end)
{
	const char *name = head + 2, *at;

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
	bool is_short; /* something stands behind what was read */
};

/*
 * The number of `size` bytes at `offset`, in the file's own order. All that
 * is read of an ELF file is read here.
 */
static uint64_t number_at(struct elf *elf, uint64_t offset, unsigned size)
{
	bool is_big = elf->head[ORDER] == ORDER_BIG;
	uint64_t number = 0;

	if (offset > elf->length || elf->length - offset < size) {
		elf->is_short = true;
		return 0;
	}
	for (unsigned i = 0; i < size; i++) {
		uint64_t at = offset + (is_big ? i : size - 1 - i);

		number = number << 8 | (unsigned char)elf->head[at];
	}
	return number;
}

/*
 * Finds the loader; whether there is anything to load. With words of 4 or 8
 * bytes e_phoff is at 28 or 32, e_phnum at 44 or 56, and a program header of
 * 32 or 56 bytes has p_offset in its second word and p_filesz in its fifth.
 */
static bool read_segments(struct elf *elf, const char **loader)
{
	unsigned word = (unsigned char)elf->head[CLASS] * 4;
	uint64_t at = number_at(elf, 24 + word, word);
	uint64_t left = number_at(elf, 32 + 3 * word, 2);
	bool has_load = false;

	while (left-- > 0 && !elf->is_short) {
		uint64_t type = number_at(elf, at, 4);
		uint64_t start = number_at(elf, at + word, word);

		has_load |= type == SEGMENT_LOAD;
		if (type == SEGMENT_LOADER) {
			/* Only whether all of it is there. */
			number_at(elf, start,
				  (unsigned)number_at(elf, at + 4 * word,
						      word));
			if (!elf->is_short)
				*loader = elf->head + start;
		}
		at += 8 + 6 * word;
	}
	return has_load;
}

/* Which machine, in the file's own order: compared, not read. */
static bool is_for_another(const char *head, const char *own)
{
	return head[CLASS] != own[CLASS] || head[ORDER] != own[ORDER] ||
	       head[MACHINE] != own[MACHINE] ||
	       head[MACHINE + 1] != own[MACHINE + 1];
}

wording head_elf_fault(const char *head, long length, const char *own,
		       const char **loader)
{
	struct elf elf = { head, (uint64_t)length, false };
	uint64_t type = number_at(&elf, TYPE, 2);
	bool has_load;

	*loader = NULL;
	has_load = read_segments(&elf, loader);
	if (length > MACHINE + 1 && is_for_another(head, own))
		return T("cannot run '%s': built for %s");
	if (length < HEAD_SIZE && elf.is_short)
		return T("cannot run '%s': an ELF file, cut short");
	if (type != TYPE_PROGRAM && type != TYPE_SHARED)
		return T("cannot run '%s': an ELF file, but no program");
	if (!has_load && !elf.is_short)
		return T("cannot run '%s': an ELF file with nothing to load");
	return NO_WORDING;
}

char *head_machine(const char *head, char *to)
{
	struct elf elf = { head, HEAD_SIZE, false };
	int machine = (int)number_at(&elf, MACHINE, 2);
	char room[WORDING_SIZE];
	/* Each line begins with the machine, six bits a letter, class and
	 * order. */
	const char *table = wording_text(T("\n303i386 (32-bit, --platform linux/386)"
		"\nn05x86_64 (--platform linux/amd64)"
		"\nn03x32"
		"\nX03arm (32-bit, --platform linux/arm)"
		"\nX04armeb"
		"\ng25aarch64 (--platform linux/arm64)"
		"\nE05ppc64le (--platform linux/ppc64le)"
		"\nE06ppc64"
		"\nF06s390x (--platform linux/s390x)"
		"\nc35riscv64 (--platform linux/riscv64)"
		"\n245loongarch64 (--platform linux/loong64)"
		"\n805mips64el (--platform linux/mips64le)"
		"\n803mipsel (32-bit, --platform linux/mipsle)"
		"\n804mips"
		"\n806mips64\n"),
		room);
	char key[5] = { '\n', (char)('0' + machine % 64),
			(char)('0' + machine / 64),
			(char)('0' + head[CLASS] * 2 + head[ORDER]), '\0' };
	const char *name = text_behind(table, key);

	if (name == NULL) {
		to = text_put_number(wording_put(to, T("machine ")), machine);
		return wording_put(to, head[ORDER] == ORDER_BIG
					       ? T(", big-endian")
					       : T(", little-endian"));
	}
	while (*name != '\n')
		*to++ = *name++;
	*to = '\0';
	return to;
}
