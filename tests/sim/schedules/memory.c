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
	TOLD_ROOM = 4 << 20,
	TOLD_USED = PIDS_MAX, /* one byte a process id */
	CLASSES = 24,
	HEADER = 16,
};

/* Lies at the beginning of what it describes, so that it is restored, too. */
struct arena {
	size_t used;
	char *stacks;
	char *told;
	char *unused[CLASSES];
};

static struct arena *arena;
static char *stacks_base, *told_base;

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

void *memory_lasting(size_t size)
{
	return map(size);
}

void memory_return(void *at, size_t size)
{
	__real_munmap(at, size);
}

void memory_begin(void)
{
	if (arena == NULL) {
		arena = map(ARENA_SIZE);
		stacks_base = map(STACKS_SIZE);
		told_base = map(TOLD_ROOM);
		arena->used = (sizeof(*arena) + 63) / 64 * 64;
	}
	arena->stacks = stacks_base;
}

/* ---- what the simulated kernel calls ---- */

static int class_of(size_t size)
{
	int class = 5;

	while ((size_t)1 << class < size)
		class ++;
	return class;
}

void *__wrap_malloc(size_t size)
{
	int class = class_of(size + HEADER);
	char *block = arena->unused[class];

	if (block != NULL) {
		memcpy(&arena->unused[class], block + HEADER, sizeof(block));
		return block + HEADER;
	}
	block = (char *)arena + arena->used;
	arena->used += (size_t)1 << class;
	if (arena->used > ARENA_SIZE)
		abort();
	memcpy(block, &class, sizeof(class));
	return block + HEADER;
}

void *__wrap_calloc(size_t count, size_t size)
{
	return memset(__wrap_malloc(count * size), 0, count * size);
}

void __wrap_free(void *old)
{
	char *block = (char *)old - HEADER;
	int class;

	if (old == NULL)
		return;
	memcpy(&class, block, sizeof(class));
	memcpy(block + HEADER, &arena->unused[class], sizeof(block));
	arena->unused[class] = block;
}

void *__wrap_realloc(void *old, size_t size)
{
	size_t kept = 0;
	void *new = __wrap_malloc(size);
	int class;

	if (old == NULL)
		return new;
	memcpy(&class, (char *)old - HEADER, sizeof(class));
	kept = ((size_t)1 << class) - HEADER;
	memcpy(new, old, kept < size ? kept : size);
	__wrap_free(old);
	return new;
}

/* A stack, or foster's map of who was told. */
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd,
		  off_t offset)
{
	(void)at, (void)protection, (void)fd, (void)offset;
	if ((flags & MAP_NORESERVE) == 0)
		return memset(told_base, 0, TOLD_USED);
	at = arena->stacks;
	arena->stacks += size;
	if (arena->stacks > stacks_base + STACKS_SIZE)
		abort();
	return at;
}

int __wrap_munmap(void *at, size_t size)
{
	(void)at, (void)size;
	return 0;
}

/* ---- saving and restoring ---- */

extern char __data_start[], end[];

struct piece {
	char *at;
	size_t size;
};

enum { PIECES_MAX = 8 };

static int list_pieces(struct piece *pieces)
{
	const struct sim_process *process = sim_first();
	int count = 0;

	pieces[count++] =
		(struct piece){ __data_start, (size_t)(end - __data_start) };
	pieces[count++] = (struct piece){ (char *)arena, arena->used };
	pieces[count++] = (struct piece){ told_base, TOLD_USED };
	for (; process != NULL && count < PIECES_MAX; process = process->next) {
		struct sim_stack stack = sim_stack_of(process);

		if (stack.lowest != NULL)
			pieces[count++] = (struct piece){
				stack.lowest, (size_t)(stack.top - stack.lowest)
			};
	}
	return count;
}

/* The pieces one after the other, each behind its head; an empty one ends. */
size_t memory_save(char **room, size_t *size)
{
	struct piece pieces[PIECES_MAX + 1];
	int count = list_pieces(pieces);
	size_t needed = sizeof(*pieces);
	char *to;

	pieces[count] = (struct piece){ NULL, 0 };
	for (int i = 0; i < count; i++)
		needed += sizeof(*pieces) + pieces[i].size;
	if (needed > *size) {
		if (*room != NULL)
			__real_munmap(*room, *size);
		*size = needed + needed / 4;
		*room = map(*size);
	}
	to = *room;
	for (int i = 0; i <= count; i++) {
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
