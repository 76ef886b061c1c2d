/*
 * check_house.c - the house stands as it was drawn: who includes whom, who
 * calls the kernel, who waits, who ends a process, and what the objects of
 * the shipped binary need. Reads the sources and the objects.
 *
 * The tables below are the drawing. Whoever changes the house changes them.
 */
#include "unit.h"

#include <ctype.h>
#include <dirent.h>
#include <elf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FILES_MAX = 64, NAME_MAX_LENGTH = 256 };

/* ---- the drawing ---- */

/*
 * Rooms, each a pair of .c and .h: whom they may include, themselves not
 * counted. abi.h is open to all, and sys.h to all but those that are pure.
 */
static const struct room {
	const char *name;
	bool is_pure;
	const char *may_include;
} rooms[] = {
	{ "text", true, "" },
	{ "status", true, "signals text wording" },
	{ "signals", true, "text wording" },
	{ "environment", true, "text" },
	{ "options", true, "environment signals status text verbosity wording" },
	{ "keeper", true, "signals status" },
	{ "log", false, "signals status text verbosity wording" },
	{ "file", false, "text" },
	{ "proc", false, "file text" },
	{ "path", false, "file head text" },
	{ "head", true, "text wording" },
	{ "death", false, "file log signals status text" },
	{ "terminal", false, "proc" },
	{ "diagnose", false, "file head log path status text" },
	{ "spawn", false,
	  "diagnose environment log options path signals terminal text" },
	{ "leftovers", false, "keeper log proc text" },
	{ "tend", false,
	  "death keeper leftovers log options spawn status terminal text" },
	{ "main", false,
	  "diagnose environment keeper leftovers log options path proc signals"
	  " spawn status tend terminal text verbosity version" },
	{ "abi", true, "" },
	{ "sys", false, "abi arch" },
	{ "sys_raw", false, "main" },
	{ "sys_libc", false, "main" },
	{ "version", true, "" },
	{ "verbosity", true, "" },
	{ "wording", true, "text" },
	{ "arch/x86_64", true, "" },
	{ "arch/aarch64", true, "" },
	{ "arch/libc", true, "" },
};

/* Of what ships, with no libc behind it. */
static const char own_headers[] =
	"limits.h stdarg.h stdbool.h stddef.h stdint.h packed.h";

/* These stand over libc. */
static const char over_libc[] = "sys_libc.c arch/libc.h";

/* Calls, and the only files that may make them. */
static const struct {
	const char *word;
	const char *may_use;
} uses[] = {
	/* Only log.c writes text; main.c that of --help and the like. */
	{ "sys_write", "sys.h log.c main.c" },
	/* Only tend.c waits; log.c, for a reader. */
	{ "sys_sigtimedwait", "sys.h tend.c" },
	{ "sys_wait4", "sys.h tend.c" },
	{ "sys_waitid", "sys.h tend.c" },
	{ "sys_poll", "sys.h tend.c log.c" },
	{ "sys_nanosleep", "sys.h tend.c" },
	/* Only the entry point and the child end a process. */
	{ "sys_exit", "sys.h sys_raw.c main.c spawn.c" },
	{ "sys_execve", "sys.h path.c" },
	{ "sys_spawn", "sys.h sys_raw.c sys_libc.c spawn.c" },
	/* The door itself: nobody goes around it. */
	{ "arch_clone", "sys_raw.c arch/x86_64.h arch/aarch64.h" },
	{ "__asm__", "sys_raw.c arch/x86_64.h arch/aarch64.h" },
	{ "syscall", "sys_libc.c arch/libc.h" },
	{ "fork", "sys_libc.c" },
	{ "FOSTER_LIBC", "sys.h" },
};

/*
 * Numbers of system calls, which otherwise only sys.h and src/arch know: who
 * calls sys_call1() and its like with which.
 */
static const struct {
	const char *file;
	const char *numbers;
} calls_by_number[] = {
	{ "proc.c", "SYS_READ SYS_GETDENTS64" },
	{ "sys_raw.c", "SYS_MADVISE" },
};

/* No allocation, no jumps, no machine code outside of __asm__. */
static const char never[] = "asm __asm setjmp longjmp alloca malloc free";

/* What the raw door gives to the rest; a compiler calls two by itself. */
static const char door_symbols[] =
	"sys_call sys_call0 sys_call1 sys_call2 sys_call3 sys_call4 sys_call5"
	" sys_spawn sys_trim_memory sys_own_head memset memcpy";

/* What the linker's script tells the door. */
static const char linker_symbols[] = "foster_cold foster_end __ehdr_start";

/* ---- complaints: a test tells all that it finds, not just the first ---- */

static char complaints[1600];

__attribute__((format(printf, 1, 2)))
static void complain(const char *format, ...)
{
	size_t length = strlen(complaints);
	va_list arguments;

	if (length > 0 && length < sizeof(complaints) - 2)
		length += (size_t)sprintf(complaints + length, "; ");
	va_start(arguments, format);
	vsnprintf(complaints + length, sizeof(complaints) - length, format,
		  arguments);
	va_end(arguments);
}

#define expect(condition, ...) do { \
	if (!(condition)) \
		complain(__VA_ARGS__); \
} while (0)

#define check_no_complaint() \
	unit_check(complaints[0] == '\0', "%s", complaints)

/* ---- the sources ---- */

/* Whether `word` is one of `list`, which has a blank between each two. */
static bool is_in(const char *word, const char *list)
{
	size_t length = strlen(word);

	while (*list != '\0') {
		size_t next = strcspn(list, " ");

		if (next == length && memcmp(word, list, length) == 0)
			return true;
		list += next;
		list += *list == ' ';
	}
	return false;
}

static const char *folder_of(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? value : otherwise;
}

struct source {
	char name[NAME_MAX_LENGTH]; /* "tend.c", "arch/x86_64.h" */
	char *text; /* without comments, texts and letters */
};

static struct source sources[FILES_MAX];
static size_t source_count;

/* FOLDER/NAME, which lives until the next one is asked for. */
static const char *path_of(const char *folder, const char *name)
{
	static char path[4096];

	unit_check(strlen(folder) + strlen(name) + 2 <= sizeof(path),
		   "%s is too long", folder);
	strcpy(path, folder);
	strcat(path, "/");
	strcat(path, name);
	return path;
}

/* All of a file, and a NUL behind it. */
static char *read_file(const char *folder, const char *name, size_t *length)
{
	const char *path = path_of(folder, name);
	FILE *file = fopen(path, "rb");
	char *bytes;
	long size;

	unit_check(file != NULL, "%s cannot be read", path);
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	bytes = calloc(1, (size_t)size + 1);
	unit_check(bytes != NULL &&
		   fread(bytes, 1, (size_t)size, file) == (size_t)size,
		   "%s cannot be read", path);
	fclose(file);
	*length = (size_t)size;
	return bytes;
}

static void copy_name(char to[NAME_MAX_LENGTH], const char *name)
{
	unit_check(strlen(name) < NAME_MAX_LENGTH, "%s is too long", name);
	strcpy(to, name);
}

/* The end of a comment, a text or a letter that begins at `c`; or `c`. */
static char *end_of_prose(char *c)
{
	char quote = *c;

	if (c[0] == '/' && c[1] == '*') {
		char *end = strstr(c + 2, "*/");

		return end != NULL ? end + 2 : c + strlen(c);
	}
	if (c[0] == '/' && c[1] == '/')
		return c + strcspn(c, "\n");
	if (quote != '"' && quote != '\'')
		return c;
	for (c++; *c != '\0' && *c != quote; c++)
		if (*c == '\\' && c[1] != '\0')
			c++;
	return *c != '\0' ? c + 1 : c;
}

/* Blanks out whatever is no code; #include lines keep their names. */
static void strip(char *text)
{
	bool is_include = false;

	while (*text != '\0') {
		char *end = end_of_prose(text);

		if (*text == '\n')
			is_include = strncmp(text + 1, "#include", 8) == 0;
		if (end == text || (is_include && *text == '"')) {
			text = end == text ? end + 1 : end;
			continue;
		}
		for (; text < end; text++)
			if (*text != '\n')
				*text = ' ';
	}
}

static void read_source(const char *folder, const char *name)
{
	struct source *source = &sources[source_count++];
	size_t length;
	char *text;

	unit_check(source_count <= FILES_MAX, "too many files in %s", folder);
	copy_name(source->name, name);
	text = read_file(folder, name, &length);
	/* A newline before the first line makes all lines alike. */
	source->text = calloc(1, length + 2);
	source->text[0] = '\n';
	memcpy(source->text + 1, text, length);
	free(text);
	strip(source->text);
}

static bool is_source(const char *name)
{
	size_t length = strlen(name);

	return length > 2 && name[length - 2] == '.' &&
	       (name[length - 1] == 'c' || name[length - 1] == 'h');
}

static void read_folder(const char *folder, const char *below)
{
	DIR *directory = opendir(path_of(folder, below));
	char name[NAME_MAX_LENGTH];
	struct dirent *entry;

	unit_check(directory != NULL, "no folder %s: set SRC",
		   path_of(folder, below));
	while ((entry = readdir(directory)) != NULL) {
		if (!is_source(entry->d_name))
			continue;
		copy_name(name, below);
		copy_name(name + strlen(name), entry->d_name);
		read_source(folder, name);
	}
	closedir(directory);
}

static void read_sources(void)
{
	const char *folder = folder_of("SRC", "src");

	read_folder(folder, "");
	read_folder(folder, "arch/");
	ck_assert_uint_ge(source_count, 20);
}

static const struct source *find_source(const char *name)
{
	for (size_t i = 0; i < source_count; i++)
		if (strcmp(sources[i].name, name) == 0)
			return &sources[i];
	return NULL;
}

/* The room of "tend.c" is "tend". */
static const struct room *room_of(const char *name)
{
	size_t length = strlen(name) - 2;

	for (size_t i = 0; i < UNIT_COUNT(rooms); i++)
		if (strlen(rooms[i].name) == length &&
		    memcmp(rooms[i].name, name, length) == 0)
			return &rooms[i];
	return NULL;
}

static bool is_pure(const char *name)
{
	const struct room *room = room_of(name);

	return room != NULL && room->is_pure;
}

/* Calls `each` for every file that `source` includes. */
static void each_include(const struct source *source,
			 void (*each)(const struct source *source,
				      const char *name, bool is_own))
{
	const char *line = source->text;

	while ((line = strstr(line, "\n#include")) != NULL) {
		char name[NAME_MAX_LENGTH] = "", quote = '\0';

		line++;
		unit_check(sscanf(line, "#include %c%255[^\">]", &quote,
				  name) == 2, "%s: %.40s", source->name, line);
		each(source, name, quote == '"');
	}
}

/* ---- who includes whom ---- */

static void check_include(const struct source *source, const char *name,
			  bool is_own)
{
	const struct room *from = room_of(source->name);
	char room[NAME_MAX_LENGTH];

	if (from == NULL)
		return;
	if (!is_own) {
		expect(is_in(name, own_headers) ||
		       is_in(source->name, over_libc), "%s includes <%s>",
		       source->name, name);
		return;
	}
	expect(find_source(name) != NULL, "%s includes \"%s\", which is not"
	       " there", source->name, name);
	snprintf(room, sizeof(room), "%.*s", (int)strlen(name) - 2, name);
	if (from == room_of(name) || strcmp(room, "abi") == 0 ||
	    (strcmp(room, "sys") == 0 && !from->is_pure) ||
	    (strncmp(room, "arch/", 5) == 0 && strcmp(from->name, "sys") == 0))
		return;
	expect(is_in(room, from->may_include), "%s includes %s, which points"
	       " upwards or is not drawn", source->name, name);
}

START_TEST(every_include_goes_in_the_direction_that_was_drawn)
{
	read_sources();
	for (size_t i = 0; i < source_count; i++)
		each_include(&sources[i], check_include);
	check_no_complaint();
}
END_TEST

/* Everything that `source` sees, by whatever way. */
static bool is_seen[FILES_MAX];

static void see(const struct source *source, const char *name, bool is_own)
{
	const struct source *seen = is_own ? find_source(name) : NULL;

	(void)source;
	if (seen == NULL || is_seen[seen - sources])
		return;
	is_seen[seen - sources] = true;
	each_include(seen, see);
}

START_TEST(what_is_pure_does_not_see_the_door_by_any_way)
{
	read_sources();
	for (size_t i = 0; i < source_count; i++) {
		if (!is_pure(sources[i].name))
			continue;
		memset(is_seen, 0, sizeof(is_seen));
		each_include(&sources[i], see);
		for (size_t j = 0; j < source_count; j++)
			expect(!is_seen[j] ||
			       strcmp(sources[j].name, "sys.h") != 0,
			       "%s sees sys.h", sources[i].name);
	}
	check_no_complaint();
}
END_TEST

/* A room that includes itself by way of others has no floor. */
START_TEST(no_header_includes_itself_by_any_way)
{
	read_sources();
	for (size_t i = 0; i < source_count; i++) {
		if (strchr(sources[i].name, '.')[1] != 'h')
			continue;
		memset(is_seen, 0, sizeof(is_seen));
		each_include(&sources[i], see);
		expect(!is_seen[i], "%s includes itself", sources[i].name);
	}
	check_no_complaint();
}
END_TEST

START_TEST(every_file_has_its_room_and_every_room_its_file)
{
	read_sources();
	for (size_t i = 0; i < source_count; i++)
		expect(room_of(sources[i].name) != NULL, "%s is in no room of"
		       " the drawing", sources[i].name);
	for (size_t i = 0; i < UNIT_COUNT(rooms); i++) {
		char name[NAME_MAX_LENGTH];
		const struct source *header;

		snprintf(name, sizeof(name), "%s.h", rooms[i].name);
		header = find_source(name);
		name[strlen(name) - 1] = 'c';
		expect(header != NULL || find_source(name) != NULL,
		       "there is no %s", rooms[i].name);
	}
	check_no_complaint();
}
END_TEST

/* ---- who calls what ---- */

static bool is_word_letter(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool uses_word(const char *text, const char *word)
{
	size_t length = strlen(word);
	const char *at = text;

	while ((at = strstr(at, word)) != NULL) {
		if (!is_word_letter(at[-1]) && !is_word_letter(at[length]))
			return true;
		at += length;
	}
	return false;
}

START_TEST(every_call_stands_where_it_was_drawn)
{
	read_sources();
	for (size_t i = 0; i < source_count; i++)
		for (size_t j = 0; j < UNIT_COUNT(uses); j++)
			expect(!uses_word(sources[i].text, uses[j].word) ||
			       is_in(sources[i].name, uses[j].may_use),
			       "%s uses %s", sources[i].name, uses[j].word);
	check_no_complaint();
}
END_TEST

/* A row that names nobody any more protects nothing. */
START_TEST(every_call_of_the_drawing_is_made)
{
	read_sources();
	for (size_t j = 0; j < UNIT_COUNT(uses); j++) {
		bool is_used = false;

		for (size_t i = 0; i < source_count; i++)
			is_used |= uses_word(sources[i].text, uses[j].word);
		expect(is_used, "nobody uses %s", uses[j].word);
	}
	check_no_complaint();
}
END_TEST

static bool may_call(const char *file, const char *number)
{
	if (strcmp(file, "sys.h") == 0 || strncmp(file, "arch/", 5) == 0 ||
	    strcmp(file, "abi.h") == 0)
		return true;
	for (size_t i = 0; i < UNIT_COUNT(calls_by_number); i++)
		if (strcmp(calls_by_number[i].file, file) == 0 &&
		    is_in(number, calls_by_number[i].numbers))
			return true;
	return false;
}

START_TEST(nobody_calls_the_kernel_by_number_but_where_it_was_drawn)
{
	read_sources();
	for (size_t i = 0; i < source_count; i++) {
		const char *at = sources[i].text;

		for (; (at = strstr(at, "SYS_")) != NULL; at++) {
			char number[NAME_MAX_LENGTH];

			if (is_word_letter(at[-1]))
				continue;
			sscanf(at, "%255[A-Z0-9_]", number);
			expect(may_call(sources[i].name, number),
			       "%s calls %s", sources[i].name, number);
		}
	}
	check_no_complaint();
}
END_TEST

START_TEST(nobody_uses_what_this_house_does_not_know)
{
	char words[sizeof(never)];

	read_sources();
	strcpy(words, never);
	for (char *word = strtok(words, " "); word != NULL;
	     word = strtok(NULL, " "))
		for (size_t i = 0; i < source_count; i++)
			expect(!uses_word(sources[i].text, word), "%s uses %s",
			       sources[i].name, word);
	check_no_complaint();
}
END_TEST

START_TEST(what_is_pure_makes_no_call)
{
	read_sources();
	for (size_t i = 0; i < source_count; i++) {
		const char *at = sources[i].text;

		if (!is_pure(sources[i].name) ||
		    strncmp(sources[i].name, "arch/", 5) == 0)
			continue;
		while ((at = strstr(at, "sys_")) != NULL) {
			expect(is_word_letter(at[-1]), "%s: %.*s",
			       sources[i].name, (int)strcspn(at, "(;\n"), at);
			at++;
		}
	}
	check_no_complaint();
}
END_TEST

/* ---- the constants that abi_headers.c compares ---- */

/* All names that are given a value: "	E_PERM = 1," or "enum { X = 4 };". */
static void check_constants(const struct source *source, const char *tests)
{
	for (const char *at = source->text; (at = strchr(at, '=')) != NULL;
	     at++) {
		const char *end = at;
		char name[NAME_MAX_LENGTH];

		while (end > source->text && end[-1] == ' ')
			end--;
		at = strchr(at, '=');
		for (const char *from = end; ; from--) {
			if (is_word_letter(from[-1]))
				continue;
			snprintf(name, sizeof(name), "%.*s", (int)(end - from),
				 from);
			break;
		}
		if (name[0] < 'A' || name[0] > 'Z' ||
		    (at[1] == '=' || at[-1] == '='))
			continue;
		/* It has another name there: abi_beside_libc.h. */
		if (strcmp(name, "POLL_OUT") == 0)
			strcpy(name, "ABI_POLL_OUT");
		expect(uses_word(tests, name), "%s of %s is compared with"
		       " nothing", name, source->name);
	}
}

START_TEST(every_constant_of_the_kernel_is_compared_with_its_headers)
{
	static const char *const files[] = { "abi_headers.c", "abi_calls.h",
					     "check_abi.c" };
	const char *folder = folder_of("TESTS", "tests/unit");
	char tests[1 << 16] = "\n";

	read_sources();
	for (size_t i = 0; i < UNIT_COUNT(files); i++) {
		size_t length;
		char *text = read_file(folder, files[i], &length);

		unit_check(strlen(tests) + length < sizeof(tests),
			   "no room for %s", files[i]);
		strcat(tests, text);
		free(text);
	}
	check_constants(find_source("abi.h"), tests);
	check_constants(find_source("arch/x86_64.h"), tests);
	check_constants(find_source("arch/aarch64.h"), tests);
	check_constants(find_source("arch/libc.h"), tests);
	check_no_complaint();
}
END_TEST

/* ---- the objects of the shipped binary ---- */

struct object {
	char name[NAME_MAX_LENGTH];
	char *bytes;
	const Elf64_Shdr *sections;
	size_t section_count;
	const char *section_names;
	const Elf64_Sym *symbols;
	size_t symbol_count;
	const char *symbol_names;
};

static struct object objects[FILES_MAX];
static size_t object_count;

static void read_object(const char *folder, const char *name)
{
	struct object *object = &objects[object_count++];
	const Elf64_Ehdr *header;
	size_t length;

	unit_check(object_count <= FILES_MAX, "too many files in %s", folder);
	copy_name(object->name, name);
	object->bytes = read_file(folder, name, &length);
	header = (const Elf64_Ehdr *)(const void *)object->bytes;
	unit_check(length > sizeof(*header) &&
		   memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
		   header->e_ident[EI_CLASS] == ELFCLASS64,
		   "%s is no 64-bit ELF file", name);
	object->sections = (const void *)(object->bytes + header->e_shoff);
	object->section_count = header->e_shnum;
	object->section_names = object->bytes +
		object->sections[header->e_shstrndx].sh_offset;
	for (size_t i = 0; i < object->section_count; i++) {
		const Elf64_Shdr *section = &object->sections[i];

		if (section->sh_type != SHT_SYMTAB)
			continue;
		object->symbols = (const void *)(object->bytes +
						 section->sh_offset);
		object->symbol_count = section->sh_size / sizeof(Elf64_Sym);
		object->symbol_names = object->bytes +
			object->sections[section->sh_link].sh_offset;
	}
	unit_check(object->symbols != NULL, "%s has no symbols", name);
}

static const char *name_of(const struct object *object, const Elf64_Sym *symbol)
{
	return object->symbol_names + symbol->st_name;
}

/*
 * The sources are compiled once more: what is linked into the binary may be
 * made for the linker to compile (-flto), and tells nothing about rooms.
 */
static const char compile[] =
	"cd '%s' && %s -std=c11 -w -Os -ffreestanding -fPIE -fno-lto"
	" -fvisibility=hidden -fno-stack-protector -fno-sanitize=all -c %s";

static char object_folder[] = "/tmp/check_house_XXXXXX";
static const char *why_no_objects;

/* The names of all .c files but the door over libc, in this order. */
static size_t list_sources(const char *folder, char *list, size_t size)
{
	char *path = realpath(folder, NULL);
	size_t length = 0;

	read_sources();
	for (size_t i = 0; i < source_count && path != NULL; i++) {
		const char *name = sources[i].name;

		if (name[strlen(name) - 1] != 'c' ||
		    strcmp(name, "sys_libc.c") == 0 || length >= size)
			continue;
		length += (size_t)snprintf(list + length, size - length,
					   " '%s/%s'", path, name);
	}
	free(path);
	return length;
}

/* Once, before all tests that look at objects. */
static void make_objects(void)
{
	char command[1 << 14], list[1 << 13] = "";

	if (list_sources(folder_of("SRC", "src"), list, sizeof(list)) >=
	    sizeof(list) || mkdtemp(object_folder) == NULL) {
		why_no_objects = "no room for objects";
		return;
	}
	snprintf(command, sizeof(command), compile, object_folder,
		 folder_of("CC", "cc"), list);
	if (system(command) != 0)
		why_no_objects = "the sources cannot be compiled without libc"
				 " (set CC)";
}

static void remove_objects(void)
{
	DIR *directory = opendir(object_folder);
	struct dirent *entry;

	while (directory != NULL && (entry = readdir(directory)) != NULL)
		if (entry->d_name[0] != '.')
			unlink(path_of(object_folder, entry->d_name));
	if (directory != NULL)
		closedir(directory);
	rmdir(object_folder);
}

/* False where there are none, and the test cannot run. */
static bool read_objects(const char *test)
{
	DIR *directory = opendir(object_folder);
	struct dirent *entry;

	if (why_no_objects != NULL) {
		unit_skip(test, why_no_objects);
		return false;
	}
	while (directory != NULL && (entry = readdir(directory)) != NULL)
		if (entry->d_name[0] != '.')
			read_object(object_folder, entry->d_name);
	if (directory != NULL)
		closedir(directory);
	ck_assert_uint_gt(object_count, 0);
	return true;
}

static bool is_door(const struct object *object)
{
	return strcmp(object->name, "sys_raw.o") == 0;
}

/* The object that others can take `name` from. */
static const struct object *giver_of(const char *name)
{
	for (size_t i = 0; i < object_count; i++)
		for (size_t j = 0; j < objects[i].symbol_count; j++) {
			const Elf64_Sym *symbol = &objects[i].symbols[j];

			if (symbol->st_shndx != SHN_UNDEF &&
			    ELF64_ST_BIND(symbol->st_info) != STB_LOCAL &&
			    strcmp(name_of(&objects[i], symbol), name) == 0)
				return &objects[i];
		}
	return NULL;
}

static void check_needs(const struct object *object)
{
	for (size_t i = 1; i < object->symbol_count; i++) {
		const Elf64_Sym *symbol = &object->symbols[i];
		const char *name = name_of(object, symbol);
		const struct object *giver;

		if (symbol->st_shndx != SHN_UNDEF ||
		    (is_door(object) && is_in(name, linker_symbols)))
			continue;
		giver = giver_of(name);
		expect(giver != NULL, "%s needs %s, which nobody has",
		       object->name, name);
		expect(giver == NULL || !is_door(giver) ||
		       is_in(name, door_symbols), "%s takes %s out of the door",
		       object->name, name);
	}
}

START_TEST(all_of_the_core_needs_is_itself_and_the_door)
{
	if (!read_objects(__func__))
		return;
	for (size_t i = 0; i < object_count; i++)
		check_needs(&objects[i]);
	check_no_complaint();
}
END_TEST

START_TEST(the_objects_of_what_is_pure_need_no_door)
{
	if (!read_objects(__func__))
		return;
	for (size_t i = 0; i < object_count; i++) {
		if (!is_pure(objects[i].name))
			continue;
		for (size_t j = 1; j < objects[i].symbol_count; j++) {
			const Elf64_Sym *symbol = &objects[i].symbols[j];
			const char *name = name_of(&objects[i], symbol);

			expect(symbol->st_shndx != SHN_UNDEF ||
			       strncmp(name, "sys_", 4) != 0, "%s needs %s",
			       objects[i].name, name);
		}
	}
	check_no_complaint();
}
END_TEST

/* No global that changes; no table of pointers, which would be relocated. */
START_TEST(no_object_has_anything_that_can_be_written_to)
{
	if (!read_objects(__func__))
		return;
	for (size_t i = 0; i < object_count; i++)
		for (size_t j = 1; j < objects[i].section_count; j++) {
			const Elf64_Shdr *section = &objects[i].sections[j];

			expect(!(section->sh_flags & SHF_ALLOC) ||
			       !(section->sh_flags & SHF_WRITE) ||
			       section->sh_size == 0, "%s has %s",
			       objects[i].name, objects[i].section_names +
			       section->sh_name);
		}
	check_no_complaint();
}
END_TEST

/* Whether `size` bytes of code hold an instruction that enters the kernel. */
static bool enters_kernel(unsigned machine, const unsigned char *code,
			  size_t size)
{
	static const unsigned char syscall[] = { 0x0f, 0x05 };
	static const unsigned char sysenter[] = { 0x0f, 0x34 };
	static const unsigned char interrupt[] = { 0xcd, 0x80 };

	for (size_t i = 0; i + 2 <= size; i++) {
		/* svc: 0xd4000001 with 16 bits of a number in it. */
		if (machine == EM_AARCH64 && i % 4 == 0 && i + 4 <= size &&
		    code[i + 3] == 0xd4 && code[i + 2] < 0x20 &&
		    (code[i] & 0x1f) == 1)
			return true;
		if (machine == EM_X86_64 &&
		    (memcmp(code + i, syscall, 2) == 0 ||
		     memcmp(code + i, sysenter, 2) == 0 ||
		     memcmp(code + i, interrupt, 2) == 0))
			return true;
	}
	return false;
}

/*
 * On x86_64 the bytes might also be part of a number; so far none are. The
 * check is worth nothing if it does not find the instruction in the door.
 */
START_TEST(what_is_pure_has_no_instruction_that_enters_the_kernel)
{
	if (!read_objects(__func__))
		return;
	for (size_t i = 0; i < object_count; i++) {
		const struct object *object = &objects[i];
		const Elf64_Ehdr *header = (const void *)object->bytes;
		bool enters = false;

		for (size_t j = 1; j < object->section_count; j++) {
			const Elf64_Shdr *section = &object->sections[j];

			if (section->sh_flags & SHF_EXECINSTR)
				enters |= enters_kernel(header->e_machine,
					(const unsigned char *)object->bytes +
					section->sh_offset, section->sh_size);
		}
		expect(!enters || !is_pure(object->name), "%s enters the"
		       " kernel", object->name);
		expect(enters || !is_door(object), "%s does not enter the"
		       " kernel", object->name);
	}
	check_no_complaint();
}
END_TEST

Suite *house_suite(void);

Suite *house_suite(void)
{
	Suite *suite = suite_create("house");
	TCase *includes = unit_tcase(suite, "includes");
	TCase *calls = unit_tcase(suite, "calls");
	TCase *binary = unit_tcase(suite, "objects");

	unit_add(includes, every_include_goes_in_the_direction_that_was_drawn);
	unit_add(includes, what_is_pure_does_not_see_the_door_by_any_way);
	unit_add(includes, no_header_includes_itself_by_any_way);
	unit_add(includes, every_file_has_its_room_and_every_room_its_file);
	unit_add(calls, every_call_stands_where_it_was_drawn);
	unit_add(calls, every_call_of_the_drawing_is_made);
	unit_add(calls,
		 nobody_calls_the_kernel_by_number_but_where_it_was_drawn);
	unit_add(calls, nobody_uses_what_this_house_does_not_know);
	unit_add(calls, what_is_pure_makes_no_call);
	unit_add(calls,
		 every_constant_of_the_kernel_is_compared_with_its_headers);
	unit_add(binary, all_of_the_core_needs_is_itself_and_the_door);
	unit_add(binary, the_objects_of_what_is_pure_need_no_door);
	unit_add(binary, no_object_has_anything_that_can_be_written_to);
	unit_add(binary,
		 what_is_pure_has_no_instruction_that_enters_the_kernel);
	tcase_add_unchecked_fixture(binary, make_objects, remove_objects);
	return suite;
}
