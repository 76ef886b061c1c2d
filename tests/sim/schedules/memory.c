/*
 * memory.c - saving and restoring the whole simulation: all variables of the
 * program, an arena that malloc() and its like of the simulated kernel take
 * from (ld's --wrap), and the stacks of native processes. Every address stays
 * the same, so pointers are just bytes.
 */
#include "schedules.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
	ARENA_SIZE = 32 << 20,
	STACKS_SIZE = 64 << 20,
	TABLE_ROOM = 1 << 20,
	/* Of one, so much is used: sixteen bytes a process id. */
	TABLE_USED = PIDS_MAX * 16,
	TABLES = 2, /* of foster: who was told, and who its descendants are */
	GRAIN = 64,
	CLASSES = 64, /* of blocks, by their number of grains; larger: none */
	HEADER = 16,
	PROCESSES_MAX = 64,
	HUGE = 32 << 20,
};

/*
 * Lies at the beginning of what it describes, so that it is restored, too.
 * Processes lie apart: most of one is queues in which nothing is.
 */
struct arena {
	size_t used;
	char *stacks;
	size_t tables[TABLES]; /* their sizes; 0: not mapped */
	unsigned process_count;
	char *unused[CLASSES];
};

static struct arena *arena;
static struct sim_process *processes;
static char *stacks_base, *tables_base;

void *__real_mmap(void *at, size_t size, int protection, int flags, int fd,
		  off_t offset);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd,
		  off_t offset);
int __real_munmap(void *at, size_t size);
int __wrap_munmap(void *at, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *old);

static void *map_as(size_t size, int kind)
{
	void *at = __real_mmap(NULL, size, PROT_READ | PROT_WRITE,
			       kind | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		abort();
	return at;
}

static void *map(size_t size)
{
	return map_as(size, MAP_PRIVATE);
}

void *memory_shared(size_t size)
{
	return map_as(size, MAP_SHARED);
}

/* A large one is a table that is looked up all over. */
void *memory_lasting(size_t size)
{
	void *at = map(size);

	if (size >= HUGE)
		madvise(at, size, MADV_HUGEPAGE);
	return at;
}

void memory_return(void *at, size_t size)
{
	__real_munmap(at, size);
}

void memory_begin(void)
{
	if (arena == NULL) {
		arena = map(ARENA_SIZE);
		processes = map(PROCESSES_MAX * sizeof(*processes));
		stacks_base = map(STACKS_SIZE);
		tables_base = map(TABLES * TABLE_ROOM);
		arena->used = (sizeof(*arena) + 63) / 64 * 64;
		arena->stacks = stacks_base;
	}
}

/* ---- what the simulated kernel calls ---- */

/* In grains, with its head. */
static size_t grains_of(size_t size)
{
	return (size + HEADER + GRAIN - 1) / GRAIN;
}

/* The simulated kernel never frees one. */
static void *new_process(void)
{
	if (arena->process_count == PROCESSES_MAX)
		abort();
	return &processes[arena->process_count++];
}

void *__wrap_malloc(size_t size)
{
	size_t grains = grains_of(size);
	char *block = grains < CLASSES ? arena->unused[grains] : NULL;

	if (size == sizeof(struct sim_process))
		return new_process();
	if (block != NULL) {
		memcpy(&arena->unused[grains], block + HEADER, sizeof(block));
		return block + HEADER;
	}
	block = (char *)arena + arena->used;
	arena->used += grains * GRAIN;
	if (arena->used > ARENA_SIZE)
		abort();
	memcpy(block, &grains, sizeof(grains));
	return block + HEADER;
}

void *__wrap_calloc(size_t count, size_t size)
{
	return memset(__wrap_malloc(count * size), 0, count * size);
}

/* A large one is gone for good: there are few. */
void __wrap_free(void *old)
{
	char *block = (char *)old - HEADER;
	size_t grains;

	if (old == NULL)
		return;
	memcpy(&grains, block, sizeof(grains));
	if (grains >= CLASSES)
		return;
	memcpy(block + HEADER, &arena->unused[grains], sizeof(block));
	arena->unused[grains] = block;
}

void *__wrap_realloc(void *old, size_t size)
{
	size_t kept = 0, grains;
	void *new = __wrap_malloc(size);

	if (old == NULL)
		return new;
	memcpy(&grains, (char *)old - HEADER, sizeof(grains));
	kept = grains * GRAIN - HEADER;
	memcpy(new, old, kept < size ? kept : size);
	__wrap_free(old);
	return new;
}

static char *table_at(int i)
{
	return tables_base + i * TABLE_ROOM;
}

static void *new_table(size_t size)
{
	int i = 0;

	while (arena->tables[i] != 0)
		if (++i == TABLES)
			abort();
	arena->tables[i] = size;
	return memset(table_at(i), 0, TABLE_USED);
}

/* A stack, or one of foster's tables by process id. */
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd,
		  off_t offset)
{
	(void)at, (void)protection, (void)fd, (void)offset;
	if ((flags & MAP_NORESERVE) == 0)
		return new_table(size);
	at = arena->stacks;
	arena->stacks += size;
	if (arena->stacks > stacks_base + STACKS_SIZE)
		abort();
	return at;
}

int __wrap_munmap(void *at, size_t size)
{
	(void)size;
	for (int i = 0; i < TABLES; i++)
		if (at == table_at(i))
			arena->tables[i] = 0;
	return 0;
}

/* ---- saving and restoring ---- */

extern char __data_start[], end[];

struct piece {
	char *at;
	size_t size;
};

enum { PIECES_MAX = 3 * PROCESSES_MAX + 16 };

/* Not saved themselves. */
static struct piece *pieces;
static int piece_count;

static void add_piece(char *from, const char *to)
{
	if (piece_count == PIECES_MAX)
		abort();
	pieces[piece_count++] = (struct piece){ from, (size_t)(to - from) };
}

/* Of a queue that is empty the rest means nothing: sim.h, struct sim_queue. */
static void add_process(struct sim_process *process)
{
	char *behind = (char *)(process + 1);

	if (process->shared.bits != 0 || process->own.bits != 0) {
		add_piece((char *)process, behind);
		return;
	}
	add_piece((char *)process, (char *)process->shared.first);
	add_piece((char *)&process->own, (char *)process->own.first);
	add_piece((char *)&process->script, behind);
}

static void list_pieces(void)
{
	const struct sim_process *process = sim_first();

	if (pieces == NULL)
		pieces = map(PIECES_MAX * sizeof(*pieces));
	piece_count = 0;
	add_piece(__data_start, end);
	add_piece((char *)arena, (char *)arena + arena->used);
	for (int i = 0; i < TABLES; i++)
		if (arena->tables[i] != 0)
			add_piece(table_at(i), table_at(i) + TABLE_USED);
	for (unsigned i = 0; i < arena->process_count; i++)
		add_process(&processes[i]);
	for (; process != NULL; process = process->next) {
		struct sim_stack stack = sim_stack_of(process);

		if (stack.lowest != NULL)
			add_piece(stack.lowest, stack.top);
	}
	add_piece(NULL, NULL);
}

/* The pieces one after the other, each behind its head; an empty one ends. */
size_t memory_save(char **room, size_t *size)
{
	size_t needed = 0;
	char *to;

	list_pieces();
	for (int i = 0; i < piece_count; i++)
		needed += sizeof(*pieces) + pieces[i].size;
	if (needed > *size) {
		if (*room != NULL)
			__real_munmap(*room, *size);
		*size = needed + needed / 4;
		*room = map(*size);
	}
	to = *room;
	for (int i = 0; i < piece_count; i++) {
		memcpy(to, &pieces[i], sizeof(*pieces));
		to += sizeof(*pieces);
		memcpy(to, pieces[i].at ? pieces[i].at : to, pieces[i].size);
		to += pieces[i].size;
	}
	return needed;
}

void memory_restore(const char *from)
{
	struct piece piece;

	for (;;) {
		memcpy(&piece, from, sizeof(piece));
		if (piece.at == NULL)
			return;
		from += sizeof(piece);
		memcpy(piece.at, from, piece.size);
		from += piece.size;
	}
}

void memory_clear_dead(void)
{
	struct sim_stack stack = sim_stack_of(foster);
	enum { USED = 96 << 10 };

	if (stack.lowest != NULL)
		memset(stack.lowest - USED, 0, USED);
}
