/*
 * check_deaths.c - why a program died: foster(1), DIAGNOSTICS.
 *
 * What the kernel tells of its out-of-memory killer is played by a tree of
 * files over /sys/fs/cgroup and /proc/self/cgroup; in the last tests it is
 * the kernel's own.
 */
#define _GNU_SOURCE
#include "e2e.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES = 3, REAL_LIMIT = 16 << 20, MUCH_MIB = 256 };

#define KILLED "foster: the program was killed by SIGKILL"
#define STRUCK "; the out-of-memory killer has struck "

/* 3 GiB of digits that no number has. */
#define TOO_MUCH "99999999999999999999999999999999"

struct tree {
	const char *name;  /* what /proc/self/cgroup holds; NULL: cannot be read */
	struct {
		const char *path, *text;
	} files[FILES];
	const char *said;
};

static const struct tree trees[] = {
	/* Version 2. */
	{ "0::/\n",
	  { { "memory.events", "low 0\nhigh 0\nmax 9\noom 1\noom_kill 1\n"
			       "oom_group_kill 0\n" },
	    { "memory.max", "67108864\n" } },
	  KILLED STRUCK "1 time in this container (memory limit 64 MiB)" },
	{ "0::/a/b c\n",
	  { { "a/b c/memory.events", "oom 7\noom_kill 12\n" },
	    { "a/b c/memory.max", "1073741824\n" },
	    { "memory.events", "oom_kill 99\n" } },
	  KILLED STRUCK "12 times in this container (memory limit 1024 MiB)" },
	/* A name that is known outside only. */
	{ "0::/docker/0123\n",
	  { { "memory.events", "oom_kill 2\n" }, { "memory.max", "max\n" } },
	  KILLED STRUCK "2 times in this container" },
	{ "0::/a\n",
	  { { "a/memory.events", "oom_kill 2" } },
	  KILLED STRUCK "2 times in this container" },
	{ "0::/a\n",
	  { { "a/memory.events", "oom_kill 2" }, { "a/memory.max", "1048576" } },
	  KILLED STRUCK "2 times in this container (memory limit 1 MiB)" },
	{ "0::/a\n",
	  { { "a/memory.events", "oom_kill 2" }, { "a/memory.max", "1048575" } },
	  KILLED STRUCK "2 times in this container (memory limit 1023 KiB)" },
	{ "0::/a\n",
	  { { "a/memory.events", "oom_kill 2" }, { "a/memory.max", "0" } },
	  KILLED STRUCK "2 times in this container (memory limit 0 KiB)" },
	{ "0::/a\n", { { "a/memory.events", "oom 1\noom_kill 0\n" } }, KILLED },
	{ "0::/a\n", { { "a/memory.events", "" } }, KILLED },
	{ "0::/a\n", { { "a/memory.events", "oom_kill \n" } }, KILLED },
	{ "0::/a\n", { { "a/memory.events", "oom_kill -1\n" } }, KILLED },
	{ "0::/a\n", { { "a/memory.events", "oom_kill " TOO_MUCH } }, KILLED },
	{ "0::/a\n",
	  { { "a/memory.events", "oom_kill 1\n" },
	    { "a/memory.max", TOO_MUCH } },
	  KILLED STRUCK "1 time in this container" },
	/* Version 1, and both. */
	{ "5:devices:/\n4:memory:/docker/9\n3:cpu,cpuacct:/\n0::/\n",
	  { { "memory/docker/9/memory.oom_control",
	      "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n" },
	    { "memory/docker/9/memory.limit_in_bytes", "104857600\n" } },
	  KILLED STRUCK "3 times in this container (memory limit 100 MiB)" },
	{ "4:memory:/docker/9\n",
	  { { "memory/memory.oom_control", "oom_kill 1\n" },
	    { "memory/memory.limit_in_bytes", "9223372036854771712\n" } },
	  KILLED STRUCK "1 time in this container" },
	/* Before Linux 4.13 version 1 does not count. */
	{ "4:memory:/\n",
	  { { "memory/memory.oom_control",
	      "oom_kill_disable 0\nunder_oom 0\n" } },
	  KILLED },
	{ "4:memory:/a\n0::/b\n",
	  { { "b/memory.events", "oom_kill 0\n" },
	    { "memory/a/memory.oom_control", "oom_kill 1\n" },
	    { "memory/a/memory.limit_in_bytes", "8388608\n" } },
	  KILLED STRUCK "1 time in this container (memory limit 8 MiB)" },
	/* Nothing at all; and a root where there is no name. */
	{ "", { { NULL } }, KILLED },
	{ NULL, { { NULL } }, KILLED },
	{ NULL,
	  { { "memory.events", "oom_kill 1\n" } },
	  KILLED STRUCK "1 time in this container" },
	{ NULL,
	  { { "memory/memory.oom_control", "oom_kill 1\n" } },
	  KILLED STRUCK "1 time in this container" },
};

enum { TREES = COUNT(trees) };

static void require(bool is_done)
{
	if (!is_done)
		_exit(125);
}

/* Writes a file below /sys/fs/cgroup, with the folders on its way. */
static void plant(const char *path, const char *text)
{
	char whole[256], *slash;
	int fd;

	snprintf(whole, sizeof(whole), "/sys/fs/cgroup/%s", path);
	slash = whole + strlen("/sys/fs/cgroup/");
	while ((slash = strchr(slash, '/')) != NULL) {
		*slash = '\0';
		mkdir(whole, 0755);
		*slash++ = '/';
	}
	fd = open(whole, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	require(fd >= 0);
	require(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

/* A socket in its place cannot be opened. */
static void cover(const char *path, const char *text)
{
	const char *with = "/sys/fs/cgroup/of-the-test";

	if (text != NULL)
		plant("of-the-test", text);
	else
		require(mknod(with, S_IFSOCK | 0600, 0) == 0);
	require(mount(with, path, NULL, MS_BIND, NULL) == 0);
}

static void plant_tree(void *argument)
{
	const struct tree *tree = argument;

	require(unshare(CLONE_NEWNS) == 0);
	require(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	require(mount("none", "/sys/fs/cgroup", "tmpfs", 0, NULL) == 0);
	for (int i = 0; i < FILES && tree->files[i].path != NULL; i++)
		plant(tree->files[i].path, tree->files[i].text);
	cover("/proc/self/cgroup", tree->name);
}

static struct e2e *start_in(const struct tree *tree, enum e2e_mode mode,
			    const char *option, int signal)
{
	const struct e2e_setup setup = {
		.mode = mode,
		.before_exec = plant_tree,
		.argument = (void *)(uintptr_t)tree,
	};
	char number[16];

	if (access("/sys/fs/cgroup", F_OK) != 0)
		e2e_skip("/sys/fs/cgroup");
	snprintf(number, sizeof(number), "%d", signal);
	return e2e_start(&setup, option, "--", e2e_actor("ends"), "-s", number,
			 NULL);
}

static void check_said(struct e2e *init, const char *line)
{
	char whole[512];

	snprintf(whole, sizeof(whole), "%s\n", line);
	ck_assert_str_eq(init->err.bytes, whole);
}

TEST_TIMES(TREES * E2E_MODES,
	   the_out_of_memory_killer_is_named_where_it_can_be_read)
{
	const struct tree *tree = &trees[_i % TREES];
	struct e2e *init = start_in(tree, (enum e2e_mode)(_i / TREES), "-c",
				    SIGKILL);

	e2e_check_exit(init, 128 + SIGKILL);
	check_said(init, tree->said);
}

/* A name longer than there is room for: looked for at the root. */
TEST_TIMES(2, a_cgroup_with_an_endless_name_is_taken_for_the_root)
{
	static char name[4200];
	const struct tree tree = {
		name, { { "memory.events", "oom_kill 1\n" } }, NULL,
	};
	struct e2e *init;

	memset(name, 'x', (size_t)(_i == 0 ? 600 : 4199));
	memcpy(name, "0::/", 4);
	init = start_in(&tree, E2E_PROCESS_1, "-c", SIGKILL);
	e2e_check_exit(init, 128 + SIGKILL);
	check_said(init, KILLED STRUCK "1 time in this container");
}

TEST_BOTH(other_signals_have_nothing_to_do_with_memory)
{
	struct e2e *init = start_in(&trees[0], (enum e2e_mode)_i, "-c",
				    SIGABRT);

	e2e_check_exit(init, 128 + SIGABRT);
	check_said(init, "foster: the program was killed by SIGABRT");
}

TEST_BOTH(with_q_a_death_is_not_explained)
{
	struct e2e *init = start_in(&trees[0], (enum e2e_mode)_i, "-q",
				    SIGKILL);

	e2e_check_exit(init, 128 + SIGKILL);
	e2e_check_silent(init);
}

TEST(without_proc_the_root_of_the_tree_is_looked_at)
{
	const struct e2e_setup setup = { .proc = E2E_PROC_NONE };
	struct e2e *init = e2e_start(&setup, "--", e2e_actor("ends"), "-s", "9",
				     NULL);

	e2e_check_exit(init, 128 + SIGKILL);
	e2e_check(init, e2e_said(init, "") == 1);
	e2e_check(init, e2e_said(init, KILLED) == 1);
}

/* ---- the kernel's own ---- */

struct memory_group {
	char folder[256];
	bool is_version_1;
};

static bool put(const char *folder, const char *name, const char *text)
{
	char path[512];
	int fd;
	bool is_done;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	is_done = fd >= 0 && write(fd, text, strlen(text)) > 0;
	close(fd);
	return is_done;
}

/* Below the test's own cgroup, which it may be confined to. */
static bool make_group(struct memory_group *group)
{
	char *own = e2e_read("/proc/self/cgroup", NULL), *at;
	char limit[32];

	at = own != NULL ? strstr(own, ":memory:") : NULL;
	group->is_version_1 = at != NULL;
	at = at ? at + 8 : own && strstr(own, "0::") ? strstr(own, "0::") + 3
						     : NULL;
	if (at == NULL)
		return false;
	at[strcspn(at, "\n")] = '\0';
	snprintf(group->folder, sizeof(group->folder),
		 "/sys/fs/cgroup%s%s/foster-%s",
		 group->is_version_1 ? "/memory" : "",
		 strcmp(at, "/") == 0 ? "" : at,
		 /* The number of this process is one in each namespace. */
		 strrchr(e2e_folder(), '/') + 1);
	free(own);
	snprintf(limit, sizeof(limit), "%d", REAL_LIMIT);
	return mkdir(group->folder, 0755) == 0 &&
		put(group->folder, group->is_version_1
			    ? "memory.limit_in_bytes" : "memory.max", limit);
}

static void join_group(void *argument)
{
	const struct memory_group *group = argument;

	require(put(group->folder, "cgroup.procs", "0"));
}

TEST_BOTH(a_program_that_the_kernel_kills_for_its_memory_is_told_so)
{
	static struct memory_group group;
	const struct e2e_setup setup = {
		.mode = (enum e2e_mode)_i,
		.before_exec = join_group,
		.argument = &group,
	};
	struct e2e *init;
	char much[16];

	if (!make_group(&group)) {
		rmdir(group.folder);
		e2e_skip("a memory controller it may use (cgroup)");
	}
	snprintf(much, sizeof(much), "%d", MUCH_MIB);
	init = e2e_start(&setup, "--", e2e_actor("eats"), much, NULL);

	e2e_exit(init);
	/* Before anything can fail: it would stay. */
	e2e_until(init, rmdir(group.folder) == 0 || errno != EBUSY);
	e2e_check_exit(init, 128 + SIGKILL);
	check_said(init, KILLED STRUCK
		   "1 time in this container (memory limit 16 MiB)");
}
