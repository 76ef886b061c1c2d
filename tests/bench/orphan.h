/*
 * orphan.h - processes for an init to reap. They share the memory of who made
 * them (CLONE_VM), so that making one is cheap and it is the init that is
 * loaded; to the init they are ordinary processes.
 */
#ifndef ORPHAN_H
#define ORPHAN_H

#include "bench.h"
#include <sys/syscall.h>
#include <sys/wait.h>

/* As fork(2), but the child runs no function, so needs no stack of its own. */
static inline pid_t make_orphan(bool stays)
{
#if defined(__x86_64__)
	register long r10 __asm__("r10") = 0;
	register long r8 __asm__("r8") = 0;
	long result;

	__asm__ volatile("syscall\n"
			 "	test %%rax,%%rax\n"
			 "	jnz 9f\n"
			 "	test %%ebx,%%ebx\n"
			 "	jz 2f\n"
			 "1:	mov $34,%%eax\n" /* pause */
			 "	syscall\n"
			 "	jmp 1b\n"
			 "2:	xor %%edi,%%edi\n"
			 "	mov $60,%%eax\n" /* exit */
			 "	syscall\n"
			 "9:"
			 : "=a"(result)
			 : "a"(SYS_clone), "D"(CLONE_VM | SIGCHLD), "S"(0),
			   "d"(0), "r"(r10), "r"(r8), "b"((int)stays)
			 : "rcx", "r11", "memory");
	if (result < 0)
		errno = (int)-result;
	return result < 0 ? -1 : (pid_t)result;
#else
	pid_t pid = fork();

	if (pid == 0) {
		while (stays)
			pause();
		_exit(0);
	}
	return pid;
#endif
}

/* What the process in the middle makes before it ends. */
struct orphans {
	int count;
	bool stay;		/* asleep for ever; else they end at once */
	bool at_once;		/* handed over as zombies, all at one instant */
	pid_t *pids;		/* out: room for `count` */
	int made;		/* out */
	int64_t handed_over_ns; /* out */
};

static int be_the_middle(void *argument)
{
	struct orphans *orphans = argument;

	for (int i = 0; i < orphans->count; i++) {
		pid_t pid = make_orphan(orphans->stay);

		if (pid < 0)
			break;
		orphans->pids[orphans->made++] = pid;
	}
	for (int i = 0; orphans->at_once && i < orphans->made; i++)
		waitid(P_PID, (id_t)orphans->pids[i], NULL, WEXITED | WNOWAIT);
	orphans->handed_over_ns = now_ns();
	syscall(SYS_exit, 0);
	return 0;
}

/* They are the init's when this comes back; whether all were made. */
static inline bool make_orphans(struct orphans *orphans)
{
	static char stack[65536] __attribute__((aligned(16)));
	pid_t middle;

	orphans->made = 0;
	middle = clone(be_the_middle, stack + sizeof(stack),
		       CLONE_VM | CLONE_VFORK | SIGCHLD, orphans);
	if (middle < 0)
		return false;
	while (waitpid(middle, NULL, 0) < 0 && errno == EINTR)
		;
	return orphans->made == orphans->count;
}

static inline bool is_reaped(pid_t pid)
{
	return kill(pid, 0) < 0 && errno == ESRCH;
}

#endif
