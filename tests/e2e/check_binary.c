/*
 * check_binary.c - the shape of the shipped file, and what it costs.
 *
 * One segment that can be read and executed, nothing that can be written, no
 * interpreter, nothing to relocate, a random address, a stack that cannot be
 * executed: elf(5). Ceilings that leave room, no ratchets.
 */
#include "e2e.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
#ifdef __x86_64__
	FILE_BYTES_MAX = 30720,
#else
	FILE_BYTES_MAX = 34816,
#endif
	RESIDENT_KB_MAX = 16,
	STARTS = 20,
};

static char *file;
static size_t length;

static const Elf64_Ehdr *read_file(const char *test)
{
	const Elf64_Ehdr *header;

	e2e_need_shipped_from(test);
	file = e2e_read(e2e_binary(), &length);
	header = (const void *)file;
	ck_assert(length > sizeof(*header));
	ck_assert_int_eq(header->e_ident[EI_CLASS], ELFCLASS64);
	ck_assert(length >= header->e_phoff +
			header->e_phnum * sizeof(Elf64_Phdr));
	return header;
}

TEST(the_file_is_one_segment_that_cannot_be_written)
{
	const Elf64_Ehdr *header = read_file(__func__);
	const Elf64_Phdr *segment = (const void *)(file + header->e_phoff);
	int loaded = 0, stacks = 0;

	ck_assert_int_eq(header->e_type, ET_DYN);
	for (int i = 0; i < header->e_phnum; i++, segment++) {
		switch (segment->p_type) {
		case PT_LOAD:
			loaded++;
			ck_assert_uint_eq(segment->p_flags, PF_R | PF_X);
			ck_assert_uint_eq(segment->p_offset, 0);
			ck_assert_uint_eq(segment->p_filesz, segment->p_memsz);
			ck_assert(segment->p_filesz <= length);
			break;
		case PT_GNU_STACK:
			stacks++;
			ck_assert_uint_eq(segment->p_flags, PF_R | PF_W);
			break;
		default:
			/* No PT_INTERP, and no PT_DYNAMIC with relocations. */
			ck_abort_msg("a segment of type %u", segment->p_type);
		}
	}
	ck_assert_int_eq(loaded, 1);
	ck_assert_int_eq(stacks, 1);
}

TEST(the_file_is_small)
{
	read_file(__func__);
	ck_assert_uint_le(length, FILE_BYTES_MAX);
}

/* The address of the first mapping of the file. */
static unsigned long address_of(struct e2e *init)
{
	char path[64], *maps;
	unsigned long address;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)init->pid);
	maps = e2e_read(path, NULL);
	ck_assert(maps != NULL);
	address = strtoul(maps, NULL, 16);
	free(maps);
	return address;
}

static long resident_kb(struct e2e *init)
{
	char path[64], *rollup, *at;
	long kb;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)init->pid);
	rollup = e2e_read(path, NULL);
	at = rollup != NULL ? strstr(rollup, "\nRss:") : NULL;
	if (at == NULL)
		e2e_skip("/proc/PID/smaps_rollup");
	kb = strtol(at + 5, NULL, 10);
	free(rollup);
	return kb;
}

/*
 * The mean, since the kernel puts the arguments at a random place on their
 * page; and never the same address twenty times.
 */
TEST(idle_it_keeps_few_pages_at_a_random_address)
{
	unsigned long first = 0;
	bool differs = false;
	long sum_kb = 0;

	e2e_need_shipped();
	for (int i = 0; i < STARTS; i++) {
		struct e2e *init = e2e_start_in(E2E_PROCESS_1, "--", "sleep",
						"1000", NULL);

		e2e_wait_idle(init);
		sum_kb += resident_kb(init);
		if (i == 0)
			first = address_of(init);
		differs |= address_of(init) != first;
		e2e_end(init);
	}
	ck_assert_int_le(sum_kb, STARTS * RESIDENT_KB_MAX);
	ck_assert(differs);
}
