#include "explain_binfmt.h"
#include "file.h"
#include "sys.h"
#include "text.h"

_Static_assert((int)KERNEL_PATH_MAX >= (int)BINFMT_HEAD_SIZE,
	       "a head names a path");

static bool search_script(struct explanation *why, char *head)
{
	char *end;
	char *name = binfmt_interpreter(head, &end);

	if (end == name || end >= head + BINFMT_SCRIPT_SIZE)
		return explanation_is(why,
				      ": its #! line names no interpreter, or"
				      " one over 255 bytes");
	if (end[-1] == '\r')
		return explanation_is(why,
				      ": the script has Windows line endings:"
				      " its first line ends in a carriage"
				      " return");
	*end = '\0';
	explanation_go_on_to_interpreter(why, name);
	return UNKNOWN;
}

static bool because_of_elf(struct explanation *why, enum binfmt_elf_fault fault)
{
	switch (fault) {
	case ELF_CUT_SHORT:
		return explanation_is(why, ": an ELF file, cut short");
	case ELF_NOT_EXECUTABLE:
		return explanation_is(why,
				      ": an ELF file but not an executable");
	default:
		return explanation_is(why,
				      ": an ELF file with nothing to load");
	}
}

static bool because_of_machine(struct explanation *why, const char *head)
{
	char machine[BINFMT_MACHINE_SIZE];
	char *end = text_put(text_put(why->reason, ": built for "),
			     binfmt_machine(head, machine));

	end = text_put(text_put(end, ", this machine is "),
		       binfmt_machine(sys_own_elf_header(), machine));
	/* binfmt_misc has a handler for it, which the kernel did not find. */
	if (why->error == -ENOENT)
		text_put(end, ", and its emulator does not exist");
	return KNOWN;
}

/* The loader's name may stand anywhere: patchelf(1) puts it at the end. */
static bool search_loader(struct explanation *why, char *head,
			  uint64_t loader_at)
{
	long length = file_read(why->file, head, KERNEL_PATH_MAX, loader_at);

	if (length == (long)text_length(head))
		return because_of_elf(why, ELF_CUT_SHORT);
	if (length > 0)
		explanation_go_on(why, "': its loader '", head);
	why->missing = " does not exist (built for another C library?)";
	return UNKNOWN;
}

static bool search_elf(struct explanation *why, char *head, long length)
{
	uint64_t loader_at;
	enum binfmt_elf_fault fault =
		binfmt_elf_fault(head, length, &loader_at);
	const char *own = sys_own_elf_header();
	bool is_missing = why->error == -ENOENT;
	bool is_foreign = length >= BINFMT_MACHINE_END &&
			  !binfmt_is_same_machine(head, own);

	/* ENOENT of a 32-bit program on its own kind of machine: its loader. */
	if (is_foreign && !(is_missing && binfmt_is_32_bit_half(head, own)))
		return because_of_machine(why, head);
	if (fault != ELF_NO_FAULT && !is_missing)
		return because_of_elf(why, fault);
	return search_loader(why, head, loader_at);
}

bool explain_binfmt(struct explanation *why, char *head, long length)
{
	switch (binfmt_kind(head, length)) {
	case BINFMT_SCRIPT:
		return search_script(why, head);
	case BINFMT_ELF:
		return search_elf(why, head, length);
	case BINFMT_EMPTY:
		return explanation_is(why, ": an empty file");
	case BINFMT_MARKED_SCRIPT:
		return explanation_is(why,
				      ": a byte-order mark stands before the #!"
				      " in its first line");
	default:
		if (why->error == -ENOEXEC)
			return explanation_is_error(why);
		return UNKNOWN;
	}
}
