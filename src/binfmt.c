#include <elf.h>

#include "binfmt.h"
#include "text.h"

static bool starts_with(const char *head, const char *mark)
{
	return text_after(head, mark) != NULL;
}

enum binfmt_kind binfmt_kind(const char *head, long length)
{
	if (length <= 0)
		return BINFMT_EMPTY;
	if (starts_with(head, "#!"))
		return BINFMT_SCRIPT;
	if (starts_with(head, "\xef\xbb\xbf#!"))
		return BINFMT_MARKED_SCRIPT;
	if (starts_with(head, ELFMAG))
		return BINFMT_ELF;
	while (*head != '\n' && length-- > 0)
		if (*head++ == '\0')
			return BINFMT_BINARY;
	return BINFMT_TEXT;
}

char *binfmt_interpreter(char *head, char **end)
{
	char *name = head + 2, *c;

	while (*name == ' ' || *name == '\t')
		name++;
	for (c = name; *c != '\0' && *c != '\n'; c++)
		if (*c == ' ' || *c == '\t')
			break;
	*end = c;
	return name;
}

/* ---- ELF files of either class and byte order ---- */

struct elf {
	const char *head;
	uint64_t length;
	uint64_t loader_at; /* see binfmt_elf_fault() */
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
	bool is_big = elf->head[EI_DATA] == ELFDATA2MSB;
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

/* Where the headers of either class have what is read of them. */
struct layout {
	uint8_t word; /* bytes of an offset or a size */
	uint8_t e_phoff, e_phnum;
	uint8_t p_offset, p_filesz, phdr_size;
};

#define LAYOUT(word, Ehdr, Phdr)                                               \
	{                                                                      \
		word, offsetof(Ehdr, e_phoff), offsetof(Ehdr, e_phnum),        \
			offsetof(Phdr, p_offset), offsetof(Phdr, p_filesz),    \
			sizeof(Phdr)                                           \
	}

static const struct layout layout_32 = LAYOUT(4, Elf32_Ehdr, Elf32_Phdr);
static const struct layout layout_64 = LAYOUT(8, Elf64_Ehdr, Elf64_Phdr);

static void read_segments(struct elf *elf, const struct layout *layout)
{
	uint64_t segment = number_at(elf, layout->e_phoff, layout->word);
	uint64_t left = number_at(elf, layout->e_phnum, 2);

	for (; left > 0 && !elf->is_short; left--) {
		uint64_t type = number_at(elf, segment, 4);
		uint64_t start = number_at(elf, segment + layout->p_offset,
					   layout->word);
		uint64_t size = number_at(elf, segment + layout->p_filesz,
					  layout->word);

		if (type == PT_LOAD)
			elf->has_load = true;
		if (type == PT_INTERP && !elf->is_short) {
			elf->loader_at = start;
			/* Only whether all of it is there. */
			number_at(elf, start, size);
		}
		segment += layout->phdr_size;
	}
}

enum binfmt_elf_fault binfmt_elf_fault(const char *head, long length,
				       uint64_t *loader_at)
{
	struct elf elf = { head, (uint64_t)length, BINFMT_NOWHERE, false,
			   false };
	uint64_t type;

	*loader_at = BINFMT_NOWHERE;
	if (length < EI_NIDENT)
		return ELF_CUT_SHORT;
	read_segments(&elf,
		      head[EI_CLASS] == ELFCLASS32 ? &layout_32 : &layout_64);
	*loader_at = elf.loader_at;
	if (length < BINFMT_HEAD_SIZE && elf.is_short)
		return ELF_CUT_SHORT;
	type = number_at(&elf, offsetof(Elf32_Ehdr, e_type), 2);
	if (type != ET_EXEC && type != ET_DYN)
		return ELF_NOT_EXECUTABLE;
	if (!elf.has_load && !elf.is_short)
		return ELF_NOTHING_TO_LOAD;
	return ELF_NO_FAULT;
}

/* ---- machines ---- */

/* Arrays, not pointers: those would need relocations. */
static const struct {
	uint16_t machine;
	uint8_t class;
	uint8_t order;
	char name[12];
	char platform[12]; /* Docker's linux/... */
} machines[] = {
	{ EM_386, ELFCLASS32, ELFDATA2LSB, "i386", "386" },
	{ EM_X86_64, ELFCLASS64, ELFDATA2LSB, "x86_64", "amd64" },
	{ EM_ARM, ELFCLASS32, ELFDATA2LSB, "arm", "arm" },
	{ EM_AARCH64, ELFCLASS64, ELFDATA2LSB, "aarch64", "arm64" },
	{ EM_PPC64, ELFCLASS64, ELFDATA2LSB, "ppc64le", "ppc64le" },
	{ EM_PPC64, ELFCLASS64, ELFDATA2MSB, "ppc64", "ppc64" },
	{ EM_S390, ELFCLASS64, ELFDATA2MSB, "s390x", "s390x" },
	{ EM_RISCV, ELFCLASS64, ELFDATA2LSB, "riscv64", "riscv64" },
	/* EM_LOONGARCH, which glibc has since 2.36 */
	{ 258, ELFCLASS64, ELFDATA2LSB, "loongarch64", "loong64" },
	{ EM_MIPS, ELFCLASS64, ELFDATA2LSB, "mips64el", "mips64le" },
	{ EM_MIPS, ELFCLASS64, ELFDATA2MSB, "mips64", "mips64" },
	{ EM_MIPS, ELFCLASS32, ELFDATA2LSB, "mipsel", "mipsle" },
	{ EM_MIPS, ELFCLASS32, ELFDATA2MSB, "mips", "mips" },
};

static unsigned machine_of(const char *head)
{
	struct elf elf = { .head = head, .length = BINFMT_MACHINE_END };

	return (unsigned)number_at(&elf, offsetof(Elf32_Ehdr, e_machine), 2);
}

bool binfmt_is_same_machine(const char *head, const char *other)
{
	return head[EI_CLASS] == other[EI_CLASS] &&
	       head[EI_DATA] == other[EI_DATA] &&
	       machine_of(head) == machine_of(other);
}

/* The machine whose kernels may run programs of this one, too. */
static unsigned whole_of(unsigned machine)
{
	switch (machine) {
	case EM_386:
		return EM_X86_64;
	case EM_ARM:
		return EM_AARCH64;
	case EM_PPC:
		return EM_PPC64;
	case EM_SPARC:
		return EM_SPARCV9;
	default: /* mips, riscv, s390: one number for both */
		return machine;
	}
}

bool binfmt_is_32_bit_half(const char *head, const char *other)
{
	return head[EI_CLASS] == ELFCLASS32 && other[EI_CLASS] == ELFCLASS64 &&
	       head[EI_DATA] == other[EI_DATA] &&
	       whole_of(machine_of(head)) == machine_of(other);
}

/* "arm (32-bit, --platform linux/arm)" */
static void put_machine(char *to, const char *name, bool is_32,
			const char *platform)
{
	to = text_put(text_put(to, name), is_32 ? " (32-bit, " : " (");
	to = text_put(text_put(to, "--platform linux/"), platform);
	text_put(to, ")");
}

const char *binfmt_machine(const char *head, char words[BINFMT_MACHINE_SIZE])
{
	unsigned machine = machine_of(head);

	for (unsigned i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		if (machines[i].machine == machine &&
		    machines[i].class == head[EI_CLASS] &&
		    machines[i].order == head[EI_DATA]) {
			put_machine(words, machines[i].name,
				    machines[i].class == ELFCLASS32,
				    machines[i].platform);
			return words;
		}
	}
	text_put(text_put_number(text_put(words, "machine "), machine),
		 head[EI_DATA] == ELFDATA2MSB ? ", big-endian"
					      : ", little-endian");
	return words;
}
