/*
 * filter.c - an init that can make no system call but those that foster(3) names
 * for tending: any other kills it. The program was started before.
 *
 *	filter PROGRAM [ARG]...
 */
#define _GNU_SOURCE
#include "foster.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Start of tending, loop, ending, messages, tear-down; and this program's end. */
static const int calls[] = {
	SYS_waitid, SYS_setpgid, SYS_getpgid, SYS_chdir, SYS_close_range,
	SYS_rt_sigtimedwait, SYS_wait4, SYS_kill, SYS_rt_sigqueueinfo,
	SYS_clock_gettime, SYS_ptrace,
	SYS_openat, SYS_read, SYS_pread64, SYS_getdents64, SYS_readlinkat,
	SYS_statx, SYS_getppid, SYS_close, SYS_mmap, SYS_munmap,
	SYS_pidfd_open, SYS_pidfd_send_signal,
	SYS_ppoll, SYS_ioctl, SYS_sendto, SYS_write,
	SYS_prctl, SYS_rt_sigaction, SYS_rt_sigprocmask,
	SYS_exit_group,
};

enum { CALLS = sizeof(calls) / sizeof(calls[0]) };

/* Real ones check seccomp_data.arch, too: seccomp(2). */
static int allow_only_calls(void)
{
	struct sock_filter filter[2 * CALLS + 2], *next = filter;
	struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]),
				      filter };

	*next++ = (struct sock_filter)BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (int i = 0; i < CALLS; i++) {
		*next++ = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i], 0, 1);
		*next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
						       SECCOMP_RET_ALLOW);
	}
	*next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
					       SECCOMP_RET_KILL_PROCESS);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(int argc, char **argv)
{
	struct foster_options options = { .size = sizeof(options),
					  .verbosity = 2,
					  .grace_ms = 200 };
	struct foster_result result = { .size = sizeof(result) };
	struct foster foster;
	pid_t pid;

	if (argc < 2 || foster_begin(&foster, &options) < 0)
		return 125;
	pid = fork();
	if (pid == 0) {
		foster_child(&foster);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (pid < 0 || allow_only_calls() != 0 ||
	    foster_tend(&foster, pid, &result) < 0)
		return 125;
	return foster_exit_status(&result);
}
