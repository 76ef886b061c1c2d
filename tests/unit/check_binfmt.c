/* check_binfmt.c - the head of a file that should be run (binfmt.h). */
#include "binfmt.h"
#include "text.h"
#include "unit.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what it is ---- */

static const struct {
	const char *bytes;
	size_t length;
	enum binfmt_kind kind;
} heads[] = {
#define HEAD(text, kind) { text, sizeof(text) - 1, kind }
	HEAD("", BINFMT_EMPTY),
	HEAD("#!", BINFMT_SCRIPT),
	HEAD("#!/bin/sh\n\0", BINFMT_SCRIPT),
	HEAD("\xef\xbb\xbf#!/bin/sh", BINFMT_MARKED_SCRIPT),
	HEAD("\xef\xbb\xbf# !", BINFMT_TEXT),
	HEAD("\xef\xbb\xbf", BINFMT_TEXT),
	HEAD("\x7f" "ELF", BINFMT_ELF),
	HEAD("\x7f" "EL\0", BINFMT_BINARY),
	HEAD("\x7f" "EL", BINFMT_TEXT),
	HEAD("#", BINFMT_TEXT),
	HEAD("# !", BINFMT_TEXT),
	HEAD(" #!/bin/sh", BINFMT_TEXT),
	HEAD("echo hello", BINFMT_TEXT),
	HEAD("echo hello\nexit\0", BINFMT_TEXT),
	HEAD("echo\0hello\n", BINFMT_BINARY),
	HEAD("\n\0", BINFMT_TEXT),
	HEAD("\0", BINFMT_BINARY),
	HEAD("\0\n", BINFMT_BINARY),
#undef HEAD
};

START_TEST(a_head_is_known_by_its_first_bytes_and_its_first_line)
{
	for (size_t i = 0; i < UNIT_COUNT(heads); i++)
		unit_check(binfmt_kind(heads[i].bytes, (long)heads[i].length) ==
			   heads[i].kind, "row %zu", i);
	ck_assert_int_eq(binfmt_kind("", -2), BINFMT_EMPTY);
}
END_TEST

/* The NUL behind it is not part of it; what stands behind that is not read. */
START_TEST(no_byte_behind_the_head_is_looked_at)
{
	for (size_t i = 0; i < UNIT_COUNT(heads); i++) {
		/* Exactly as large: sanitizers see each byte beyond. */
		char *copy = malloc(heads[i].length + 1);

		memcpy(copy, heads[i].bytes, heads[i].length + 1);
		unit_check(binfmt_kind(copy, (long)heads[i].length) ==
			   heads[i].kind, "row %zu", i);
		free(copy);
	}
}
END_TEST

/* ---- scripts ---- */

START_TEST(an_interpreter_stands_between_blanks)
{
	static const struct {
		const char *head, *name;
	} rows[] = {
		{ "#!/bin/sh\n", "/bin/sh" },
		{ "#!/bin/sh", "/bin/sh" },
		{ "#! \t /bin/sh -e\n", "/bin/sh" },
		{ "#!/bin/sh\t-e\n", "/bin/sh" },
		{ "#!/bin/sh\r\n", "/bin/sh\r" },
		{ "#!bin/sh\n", "bin/sh" },
		{ "#!\n/bin/sh", "" },
		{ "#!  \n/bin/sh", "" },
		{ "#!", "" },
	};

	for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
		char head[BINFMT_SCRIPT_SIZE], *end, *name;

		strcpy(head, rows[i].head);
		name = binfmt_interpreter(head, &end);
		unit_check((size_t)(end - name) == strlen(rows[i].name) &&
			   memcmp(name, rows[i].name, (size_t)(end - name)) ==
				   0, "%s", rows[i].head);
	}
}
END_TEST

/* ---- ELF files, built for any machine ---- */

struct machine {
	int number, class, order;
	const char *words;
};

static const struct machine machines[] = {
	{ EM_386, 1, 1, "i386 (32-bit, --platform linux/386)" },
	{ EM_X86_64, 2, 1, "x86_64 (--platform linux/amd64)" },
	{ EM_ARM, 1, 1, "arm (32-bit, --platform linux/arm)" },
	{ EM_AARCH64, 2, 1, "aarch64 (--platform linux/arm64)" },
	{ EM_PPC64, 2, 1, "ppc64le (--platform linux/ppc64le)" },
	{ EM_PPC64, 2, 2, "ppc64 (--platform linux/ppc64)" },
	{ EM_S390, 2, 2, "s390x (--platform linux/s390x)" },
	{ EM_RISCV, 2, 1, "riscv64 (--platform linux/riscv64)" },
	{ 258, 2, 1, "loongarch64 (--platform linux/loong64)" },
	{ EM_MIPS, 2, 1, "mips64el (--platform linux/mips64le)" },
	{ EM_MIPS, 2, 2, "mips64 (--platform linux/mips64)" },
	{ EM_MIPS, 1, 1, "mipsel (32-bit, --platform linux/mipsle)" },
	{ EM_MIPS, 1, 2, "mips (32-bit, --platform linux/mips)" },
	{ EM_SPARCV9, 2, 2, "machine 43, big-endian" },
	{ EM_PPC, 1, 2, "machine 20, big-endian" },
	{ EM_SPARC, 1, 2, "machine 2, big-endian" },
	{ EM_68K, 1, 2, "machine 4, big-endian" },
	{ EM_IA_64, 2, 1, "machine 50, little-endian" },
	{ 0, 2, 1, "machine 0, little-endian" },
	{ 0xffff, 2, 1, "machine 65535, little-endian" },
	/* Nearly one of the above. */
	{ EM_X86_64, 1, 1, "machine 62, little-endian" },
	{ EM_ARM, 1, 2, "machine 40, big-endian" },
	{ EM_PPC64, 1, 1, "machine 21, little-endian" },
	{ EM_RISCV, 1, 1, "machine 243, little-endian" },
	{ EM_AARCH64, 2, 2, "machine 183, big-endian" },
	{ EM_S390, 1, 2, "machine 22, big-endian" },
	{ EM_X86_64 + 64, 2, 1, "machine 126, little-endian" },
	{ EM_X86_64 + 4096, 2, 1, "machine 4158, little-endian" },
};

enum { FILE_SIZE = 600, LOADER_AT = 500 };

struct file {
	struct machine machine;
	size_t length;
	char *bytes; /* exactly so many, and a NUL */
};

static void put(struct file *file, size_t at, size_t size, uint64_t number)
{
	for (size_t i = 0; i < size; i++) {
		size_t place = file->machine.order == 2 ? size - 1 - i : i;

		file->bytes[at + place] = (char)(number >> 8 * i);
	}
}

static bool is_wide(const struct file *file)
{
	return file->machine.class == 2;
}

/* With libc's own idea of where the fields are. */
#define PUT(file, base, type, field, number) \
	(is_wide(file) ? put((file), (base) + offsetof(Elf64_##type, field), \
			     sizeof(((Elf64_##type *)0)->field), (number)) \
		       : put((file), (base) + offsetof(Elf32_##type, field), \
			     sizeof(((Elf32_##type *)0)->field), (number)))

static size_t segment_at(const struct file *file, int i)
{
	return is_wide(file) ? 64 + (size_t)i * sizeof(Elf64_Phdr)
			     : 52 + (size_t)i * sizeof(Elf32_Phdr);
}

static struct file make(const struct machine *machine, const char *loader)
{
	struct file file = { *machine, FILE_SIZE, calloc(1, FILE_SIZE + 1) };

	memcpy(file.bytes, ELFMAG, 4);
	file.bytes[EI_CLASS] = (char)machine->class;
	file.bytes[EI_DATA] = (char)machine->order;
	PUT(&file, 0, Ehdr, e_type, ET_DYN);
	PUT(&file, 0, Ehdr, e_machine, (unsigned)machine->number);
	PUT(&file, 0, Ehdr, e_phoff, segment_at(&file, 0));
	PUT(&file, 0, Ehdr, e_phnum, 3);
	PUT(&file, segment_at(&file, 0), Phdr, p_type, PT_NOTE);
	PUT(&file, segment_at(&file, 1), Phdr, p_type, PT_INTERP);
	PUT(&file, segment_at(&file, 1), Phdr, p_offset, LOADER_AT);
	PUT(&file, segment_at(&file, 1), Phdr, p_filesz, strlen(loader) + 1);
	PUT(&file, segment_at(&file, 2), Phdr, p_type, PT_LOAD);
	strcpy(file.bytes + LOADER_AT, loader);
	return file;
}

static enum binfmt_elf_fault fault_of(const struct file *file,
				      uint64_t *loader_at)
{
	return binfmt_elf_fault(file->bytes, (long)file->length, loader_at);
}

static const char good_loader[] = "/lib/ld.so";

START_TEST(nothing_is_wrong_with_a_good_file_and_its_loader_is_found)
{
	for (size_t i = 0; i < UNIT_COUNT(machines); i++) {
		struct file file = make(&machines[i], good_loader);
		uint64_t loader_at;

		unit_check(fault_of(&file, &loader_at) == ELF_NO_FAULT, "%s",
			   machines[i].words);
		ck_assert_uint_eq(loader_at, LOADER_AT);
		free(file.bytes);
	}
}
END_TEST

START_TEST(each_machine_is_the_same_only_as_itself)
{
	for (size_t i = 0; i < UNIT_COUNT(machines); i++)
		for (size_t j = 0; j < UNIT_COUNT(machines); j++) {
			struct file one = make(&machines[i], "");
			struct file other = make(&machines[j], "other");

			PUT(&other, 0, Ehdr, e_type, ET_EXEC);
			unit_check(binfmt_is_same_machine(one.bytes,
							  other.bytes) ==
				   (i == j), "%s, %s", machines[i].words,
				   machines[j].words);
			free(one.bytes);
			free(other.bytes);
		}
}
END_TEST

/* Of one number, or of one of these pairs, and of one order of bytes. */
START_TEST(a_32_bit_half_is_of_its_own_kind_of_machine)
{
	static const int halves[][2] = {
		{ EM_386, EM_X86_64 }, { EM_ARM, EM_AARCH64 },
		{ EM_PPC, EM_PPC64 }, { EM_SPARC, EM_SPARCV9 },
	};

	for (size_t i = 0; i < UNIT_COUNT(machines); i++)
		for (size_t j = 0; j < UNIT_COUNT(machines); j++) {
			const struct machine *half = &machines[i];
			const struct machine *whole = &machines[j];
			struct file one = make(half, "");
			struct file other = make(whole, "");
			bool is_half = half->number == whole->number;

			for (size_t k = 0; k < UNIT_COUNT(halves); k++)
				if (half->number == halves[k][0])
					is_half = whole->number == halves[k][1];
			is_half &= half->class == 1 && whole->class == 2 &&
				   half->order == whole->order;
			unit_check(binfmt_is_32_bit_half(one.bytes,
							 other.bytes) ==
					   is_half,
				   "%s, %s", half->words, whole->words);
			free(one.bytes);
			free(other.bytes);
		}
}
END_TEST

START_TEST(each_machine_has_its_name_and_docker_s)
{
	for (size_t i = 0; i < UNIT_COUNT(machines); i++) {
		struct file file = make(&machines[i], "");
		char words[BINFMT_MACHINE_SIZE];

		ck_assert_ptr_eq(binfmt_machine(file.bytes, words), words);
		ck_assert_str_eq(words, machines[i].words);
		free(file.bytes);
	}
}
END_TEST

/* What a file that was cut short lacks, wherever it was cut. */
START_TEST(a_file_that_ends_early_is_cut_short_or_lacks_its_loader)
{
	for (size_t i = 0; i < 4; i++) {
		struct file whole = make(&machines[i], good_loader);

		for (size_t length = 4; length < FILE_SIZE; length++) {
			struct file cut = whole;
			enum binfmt_elf_fault fault;
			uint64_t loader_at;
			bool is_whole = length > LOADER_AT +
				strlen(good_loader);
			/* As far as p_filesz. */
			bool is_named = length >= segment_at(&whole, 1) +
				(is_wide(&whole) ? 40 : 20);

			cut.length = length;
			cut.bytes = malloc(length + 1);
			memcpy(cut.bytes, whole.bytes, length);
			cut.bytes[length] = '\0';
			fault = fault_of(&cut, &loader_at);
			unit_check(loader_at == (is_named ? LOADER_AT
							  : BINFMT_NOWHERE),
				   "%zu", length);
			unit_check(fault == (is_whole ? ELF_NO_FAULT
						      : ELF_CUT_SHORT),
				   "%zu: %d", length, fault);
			free(cut.bytes);
		}
		free(whole.bytes);
	}
}
END_TEST

static void check_fault(struct file *file, enum binfmt_elf_fault expected)
{
	uint64_t loader_at;
	enum binfmt_elf_fault fault = fault_of(file, &loader_at);

	unit_check(fault == expected, "%d, not %d", fault, expected);
	free(file->bytes);
}

START_TEST(what_is_not_executable_is_told)
{
	static const int types[] = { ET_NONE, ET_REL, ET_CORE, 5, 0xffff };

	for (size_t i = 0; i < UNIT_COUNT(types); i++) {
		struct file file = make(&machines[1], good_loader);

		PUT(&file, 0, Ehdr, e_type, (unsigned)types[i]);
		check_fault(&file, ELF_NOT_EXECUTABLE);
	}
	struct file program = make(&machines[1], good_loader);

	PUT(&program, 0, Ehdr, e_type, ET_EXEC);
	check_fault(&program, ELF_NO_FAULT);
}
END_TEST

START_TEST(what_has_nothing_to_load_is_told)
{
	struct file empty = make(&machines[1], good_loader);
	struct file notes = make(&machines[1], good_loader);

	PUT(&empty, 0, Ehdr, e_phnum, 0);
	check_fault(&empty, ELF_NOTHING_TO_LOAD);
	PUT(&notes, segment_at(&notes, 2), Phdr, p_type, PT_NOTE);
	check_fault(&notes, ELF_NOTHING_TO_LOAD);
}
END_TEST

/* Numbers that lie: nothing outside of the head is read. */
START_TEST(a_loader_outside_of_the_file_is_cut_short)
{
	static const uint64_t far[] = {
		FILE_SIZE, FILE_SIZE - 5, 0x7fffffff, 0xffffffff,
		0x100000000 + LOADER_AT, UINT64_MAX - 1, UINT64_MAX - 10,
	};

	for (size_t i = 0; i < UNIT_COUNT(far); i++) {
		struct file file = make(&machines[1], good_loader);
		uint64_t loader_at;

		PUT(&file, segment_at(&file, 1), Phdr, p_offset, far[i]);
		unit_check(fault_of(&file, &loader_at) == ELF_CUT_SHORT,
			   "%zu", i);
		ck_assert_uint_eq(loader_at, far[i]);
		PUT(&file, segment_at(&file, 1), Phdr, p_offset, LOADER_AT);
		PUT(&file, segment_at(&file, 1), Phdr, p_filesz, FILE_SIZE);
		check_fault(&file, ELF_CUT_SHORT);
	}
}
END_TEST

/* A large file's headers may stand where they are not seen. */
START_TEST(what_stands_behind_the_head_is_no_fault)
{
	struct file file = make(&machines[1], good_loader);
	uint64_t loader_at;

	file.bytes = realloc(file.bytes, BINFMT_HEAD_SIZE + 1);
	memset(file.bytes + FILE_SIZE, 0, BINFMT_HEAD_SIZE + 1 - FILE_SIZE);
	file.length = BINFMT_HEAD_SIZE;
	PUT(&file, segment_at(&file, 1), Phdr, p_offset, 100000);
	ck_assert_int_eq(fault_of(&file, &loader_at), ELF_NO_FAULT);
	ck_assert_uint_eq(loader_at, 100000);
	PUT(&file, 0, Ehdr, e_phoff, 100000);
	ck_assert_int_eq(fault_of(&file, &loader_at), ELF_NO_FAULT);
	ck_assert_uint_eq(loader_at, BINFMT_NOWHERE);
	free(file.bytes);
}
END_TEST

/* Any bytes at all, in exactly as much memory as they need. */
START_TEST(whatever_the_bytes_are_a_head_is_read_within_its_bounds)
{
	char words[BINFMT_MACHINE_SIZE];
	uint64_t loader_at;
	char *end;
	unsigned seed = 1;

	for (int turn = 0; turn < 200000; turn++) {
		struct file good = make(&machines[turn % 4], good_loader);
		int changes = 1 + rand_r(&seed) % 6;

		while (changes-- > 0)
			good.bytes[rand_r(&seed) % (4 + LOADER_AT)] =
				(char)rand_r(&seed);
		good.length = 20 + (size_t)rand_r(&seed) % (FILE_SIZE - 20);
		good.bytes = realloc(good.bytes, good.length + 1);
		good.bytes[good.length] = '\0';
		fault_of(&good, &loader_at);
		memset(words, '#', sizeof(words));
		binfmt_machine(good.bytes, words);
		unit_check(memchr(words, '\0', sizeof(words)) != NULL,
			   "turn %d", turn);
		binfmt_kind(good.bytes, (long)good.length);
		unit_check(binfmt_interpreter(good.bytes, &end) <= end,
			   "turn %d", turn);
		free(good.bytes);
	}
}
END_TEST

Suite *binfmt_suite(void);

Suite *binfmt_suite(void)
{
	Suite *suite = suite_create("binfmt");
	TCase *kind = unit_tcase(suite, "kind");
	TCase *elf = unit_tcase(suite, "ELF");

	unit_add(kind, a_head_is_known_by_its_first_bytes_and_its_first_line);
	unit_add(kind, no_byte_behind_the_head_is_looked_at);
	unit_add(kind, an_interpreter_stands_between_blanks);
	unit_add(elf,
		 nothing_is_wrong_with_a_good_file_and_its_loader_is_found);
	unit_add(elf, each_machine_is_the_same_only_as_itself);
	unit_add(elf, a_32_bit_half_is_of_its_own_kind_of_machine);
	unit_add(elf, each_machine_has_its_name_and_docker_s);
	unit_add(elf, a_file_that_ends_early_is_cut_short_or_lacks_its_loader);
	unit_add(elf, what_is_not_executable_is_told);
	unit_add(elf, what_has_nothing_to_load_is_told);
	unit_add(elf, a_loader_outside_of_the_file_is_cut_short);
	unit_add(elf, what_stands_behind_the_head_is_no_fault);
	unit_add(elf, whatever_the_bytes_are_a_head_is_read_within_its_bounds);
	return suite;
}
