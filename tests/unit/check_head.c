/* check_head.c - the head of a file that should be run (head.h). */
#include "head.h"
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
	enum head_kind kind;
} heads[] = {
#define HEAD(text, kind) { text, sizeof(text) - 1, kind }
	HEAD("", HEAD_EMPTY),
	HEAD("#!", HEAD_SCRIPT),
	HEAD("#!/bin/sh\n\0", HEAD_SCRIPT),
	HEAD("\xef\xbb\xbf#!/bin/sh", HEAD_MARKED),
	HEAD("\xef\xbb\xbf# !", HEAD_TEXT),
	HEAD("\xef\xbb\xbf", HEAD_TEXT),
	HEAD("\x7f" "ELF", HEAD_ELF),
	HEAD("\x7f" "EL\0", HEAD_BINARY),
	HEAD("\x7f" "EL", HEAD_TEXT),
	HEAD("#", HEAD_TEXT),
	HEAD("# !", HEAD_TEXT),
	HEAD(" #!/bin/sh", HEAD_TEXT),
	HEAD("echo hello", HEAD_TEXT),
	HEAD("echo hello\nexit\0", HEAD_TEXT),
	HEAD("echo\0hello\n", HEAD_BINARY),
	HEAD("\n\0", HEAD_TEXT),
	HEAD("\0", HEAD_BINARY),
	HEAD("\0\n", HEAD_BINARY),
#undef HEAD
};

START_TEST(a_head_is_known_by_its_first_bytes_and_its_first_line)
{
	for (size_t i = 0; i < UNIT_COUNT(heads); i++)
		unit_check(head_kind(heads[i].bytes, (long)heads[i].length) ==
			   heads[i].kind, "row %zu", i);
	ck_assert_int_eq(head_kind("", -2), HEAD_EMPTY);
}
END_TEST

/* The NUL behind it is not part of it; what stands behind that is not read. */
START_TEST(no_byte_behind_the_head_is_looked_at)
{
	for (size_t i = 0; i < UNIT_COUNT(heads); i++) {
		/* Exactly as large: sanitizers see each byte beyond. */
		char *copy = malloc(heads[i].length + 1);

		memcpy(copy, heads[i].bytes, heads[i].length + 1);
		unit_check(head_kind(copy, (long)heads[i].length) ==
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
		char head[HEAD_SCRIPT_SIZE], *end, *name;

		strcpy(head, rows[i].head);
		name = head_interpreter(head, &end);
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
	{ EM_S390, 2, 2, "s390x (--platform linux/s390x)" },
	{ EM_RISCV, 2, 1, "riscv64 (--platform linux/riscv64)" },
	{ 258, 2, 1, "loongarch64 (--platform linux/loong64)" },
	{ EM_MIPS, 2, 1, "mips64el (--platform linux/mips64le)" },
	{ EM_MIPS, 1, 1, "mipsel (32-bit, --platform linux/mipsle)" },
	{ EM_SPARCV9, 2, 2, "machine 43, big-endian" },
	{ EM_68K, 1, 2, "machine 4, big-endian" },
	{ EM_IA_64, 2, 1, "machine 50, little-endian" },
	{ 0, 2, 1, "machine 0, little-endian" },
	{ 0xffff, 2, 1, "machine 65535, little-endian" },
	/* Nearly one of the above. */
	{ EM_X86_64, 1, 1, "machine 62, little-endian" },
	{ EM_ARM, 1, 2, "machine 40, big-endian" },
	{ EM_PPC64, 2, 2, "machine 21, big-endian" },
	{ EM_MIPS, 2, 2, "machine 8, big-endian" },
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

static const char *fault_of(const struct file *file, uint64_t *loader_at)
{
	const char *fault = head_elf_fault(file->bytes, (long)file->length,
					   loader_at);

	return fault ? fault : "";
}

static const char good_loader[] = "/lib/ld.so";

START_TEST(nothing_is_wrong_with_a_good_file_and_its_loader_is_found)
{
	for (size_t i = 0; i < UNIT_COUNT(machines); i++) {
		struct file file = make(&machines[i], good_loader);
		uint64_t loader_at;

		unit_check(*fault_of(&file, &loader_at) == '\0', "%s",
			   machines[i].words);
		ck_assert_uint_eq(loader_at, LOADER_AT);
		free(file.bytes);
	}
}
END_TEST

/* Two machines are told from each other by their names. */
START_TEST(no_machine_s_name_begins_with_that_of_another)
{
	for (size_t i = 0; i < UNIT_COUNT(machines); i++)
		for (size_t j = 0; j < UNIT_COUNT(machines); j++)
			unit_check((i == j) == (strncmp(machines[i].words,
							machines[j].words,
				   strlen(machines[j].words)) == 0), "%s, %s",
				   machines[i].words, machines[j].words);
}
END_TEST

START_TEST(each_machine_has_its_name_and_docker_s)
{
	for (size_t i = 0; i < UNIT_COUNT(machines); i++) {
		struct file file = make(&machines[i], "");
		char words[HEAD_MACHINE_SIZE];
		char *end = head_machine(file.bytes, words);

		ck_assert_str_eq(words, machines[i].words);
		ck_assert_ptr_eq(end, words + strlen(words));
		free(file.bytes);
	}
}
END_TEST

/* What a file that was cut short lacks, wherever it was cut. */
START_TEST(a_file_that_ends_early_is_cut_short_or_lacks_its_loader)
{
	for (size_t i = 0; i < 4; i++) {
		struct file whole = make(&machines[i], good_loader);

		for (size_t length = 6; length < FILE_SIZE; length++) {
			struct file cut = whole;
			const char *fault;
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
							  : HEAD_NOWHERE),
				   "%zu", length);
			unit_check(is_whole == (*fault == '\0'), "%zu: %s",
				   length, fault);
			unit_check(is_whole || strstr(fault, "cut short"),
				   "%zu: %s", length, fault);
			free(cut.bytes);
		}
		free(whole.bytes);
	}
}
END_TEST

static void check_fault(struct file *file, const char *words)
{
	uint64_t loader_at;

	unit_check(strstr(fault_of(file, &loader_at), words) != NULL,
		   "%s, not %s", fault_of(file, &loader_at), words);
	free(file->bytes);
}

START_TEST(what_is_no_program_is_told)
{
	static const int types[] = { ET_NONE, ET_REL, ET_CORE, 5, 0xffff };

	for (size_t i = 0; i < UNIT_COUNT(types); i++) {
		struct file file = make(&machines[1], good_loader);

		PUT(&file, 0, Ehdr, e_type, (unsigned)types[i]);
		check_fault(&file, "no program");
	}
	struct file program = make(&machines[1], good_loader);
	uint64_t loader_at;

	PUT(&program, 0, Ehdr, e_type, ET_EXEC);
	ck_assert_str_eq(fault_of(&program, &loader_at), "");
	free(program.bytes);
}
END_TEST

START_TEST(what_has_nothing_to_load_is_told)
{
	struct file empty = make(&machines[1], good_loader);
	struct file notes = make(&machines[1], good_loader);

	PUT(&empty, 0, Ehdr, e_phnum, 0);
	check_fault(&empty, "nothing to load");
	PUT(&notes, segment_at(&notes, 2), Phdr, p_type, PT_NOTE);
	check_fault(&notes, "nothing to load");
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
		unit_check(*fault_of(&file, &loader_at) != '\0', "%zu", i);
		ck_assert_uint_eq(loader_at, far[i]);
		PUT(&file, segment_at(&file, 1), Phdr, p_offset, LOADER_AT);
		PUT(&file, segment_at(&file, 1), Phdr, p_filesz, FILE_SIZE);
		check_fault(&file, "cut short");
	}
}
END_TEST

/* A large file's headers may stand where they are not seen. */
START_TEST(what_stands_behind_the_head_is_no_fault)
{
	struct file file = make(&machines[1], good_loader);
	uint64_t loader_at;

	file.bytes = realloc(file.bytes, HEAD_SIZE + 1);
	memset(file.bytes + FILE_SIZE, 0, HEAD_SIZE + 1 - FILE_SIZE);
	file.length = HEAD_SIZE;
	PUT(&file, segment_at(&file, 1), Phdr, p_offset, 100000);
	ck_assert_str_eq(fault_of(&file, &loader_at), "");
	ck_assert_uint_eq(loader_at, 100000);
	PUT(&file, 0, Ehdr, e_phoff, 100000);
	ck_assert_str_eq(fault_of(&file, &loader_at), "");
	ck_assert_uint_eq(loader_at, HEAD_NOWHERE);
	free(file.bytes);
}
END_TEST

/* Any bytes at all, in exactly as much memory as they need. */
START_TEST(whatever_the_bytes_are_a_head_is_read_within_its_bounds)
{
	char words[HEAD_MACHINE_SIZE];
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
		unit_check(head_machine(good.bytes, words) <
			   words + sizeof(words), "turn %d", turn);
		head_kind(good.bytes, (long)good.length);
		unit_check(head_interpreter(good.bytes, &end) <= end,
			   "turn %d", turn);
		free(good.bytes);
	}
}
END_TEST

Suite *head_suite(void);

Suite *head_suite(void)
{
	Suite *suite = suite_create("head");
	TCase *kind = unit_tcase(suite, "kind");
	TCase *elf = unit_tcase(suite, "ELF");

	unit_add(kind, a_head_is_known_by_its_first_bytes_and_its_first_line);
	unit_add(kind, no_byte_behind_the_head_is_looked_at);
	unit_add(kind, an_interpreter_stands_between_blanks);
	unit_add(elf, nothing_is_wrong_with_a_good_file_and_its_loader_is_found);
	unit_add(elf, no_machine_s_name_begins_with_that_of_another);
	unit_add(elf, each_machine_has_its_name_and_docker_s);
	unit_add(elf, a_file_that_ends_early_is_cut_short_or_lacks_its_loader);
	unit_add(elf, what_is_no_program_is_told);
	unit_add(elf, what_has_nothing_to_load_is_told);
	unit_add(elf, a_loader_outside_of_the_file_is_cut_short);
	unit_add(elf, what_stands_behind_the_head_is_no_fault);
	unit_add(elf, whatever_the_bytes_are_a_head_is_read_within_its_bounds);
	return suite;
}
