/*
 * counters.c - where foster's line counters are, when it is built to be
 * measured: in memory that all its processes share (shmget(2)), and that keeps
 * what was counted however they end. gcov writes files when a process exits;
 * but process 1 is killed, or replaces itself by the program, has an empty
 * root, is nobody, or may neither open nor map a file.
 *
 * Linked into foster in the place of libgcov; with COUNTERS_DUMP, beside
 * libgcov into a program that writes what was counted as gcov has it, and
 * forgets it.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/shm.h>
#include <unistd.h>

extern char counters_begin[], counters_end[];

/* Another folder is another key; COUNTERS is its name. */
static key_t key(void)
{
	unsigned hash = 5381;

	for (const char *at = COUNTERS; *at != '\0'; at++)
		hash = hash * 33 + (unsigned char)*at;
	return (key_t)(hash | 1);
}

/* Puts the shared memory where the counters are. */
static int attach(int flags)
{
	size_t size = (size_t)(counters_end - counters_begin);
	int segment = shmget(key(), size, flags | 0666);

	if (segment < 0 ||
	    shmat(segment, counters_begin, SHM_REMAP) == (void *)-1)
		return -1;
	return segment;
}

#ifdef COUNTERS_DUMP
void __gcov_dump(void);
int __wrap_main(void);

int __wrap_main(void)
{
	int segment = attach(0);

	if (segment < 0) {
		perror("dump: nothing was counted");
		_exit(EXIT_FAILURE);
	}
	__gcov_dump();
	shmctl(segment, IPC_RMID, NULL);
	_exit(EXIT_SUCCESS);
}
#else
/* What the objects want of libgcov. */
void __gcov_init(void *object);
void __gcov_exit(void);
void __gcov_merge_add(long *counters, unsigned count);
int __gcov_fork(void);

void __gcov_init(void *object)
{
	(void)object;
}

void __gcov_exit(void)
{
}

void __gcov_merge_add(long *counters, unsigned count)
{
	(void)counters;
	(void)count;
}

int __gcov_fork(void)
{
	return fork();
}

/* Where it is refused, only what is counted here is lost. */
__attribute__((constructor(101))) static void begin(void)
{
	attach(IPC_CREAT);
}
#endif
