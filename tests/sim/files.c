/*
 * files.c - the simulated kernel's files: what can be opened, read, listed,
 * written to and executed; /proc; the terminal. Follows fs/exec.c,
 * fs/binfmt_script.c, fs/proc/array.c and drivers/tty/tty_jobctrl.c.
 */
#include "sim_kernel.h"
#include "sys.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
	E_BADF = 9,
	E_NOTTY = 25,
	E_PIPE = 32,
	E_NODATA = 61,
	DESCRIPTORS = 1024,
	NAME_LENGTH_MAX = 255,
	SCRIPT_DEPTH_MAX = 5,
	/* A number of the namespace around this one: the next one, so that
	 * whoever takes it for his own hits somebody else. */
	OUTER = 1,
};

/* ---- what there is ---- */

struct file {
	const char *path;
	const char *bytes;
	size_t length;
	int mode;
	int error;
	bool is_folder, is_program;
	bool is_not_executed;		 /* the mount is noexec */
	const struct sim_script *script; /* NULL: foster */
};

static struct file *files;
static size_t file_count, file_room;

struct text {
	char *bytes;
	size_t length, room;
};

static struct text outputs[3];

static struct file *add(const char *path)
{
	struct file *file = NULL;

	for (size_t i = 0; i < file_count; i++)
		if (strcmp(files[i].path, path) == 0)
			file = &files[i];
	if (file == NULL) {
		if (file_count == file_room) {
			file_room = file_room * 2 + 32;
			files = realloc(files, sizeof(*files) * file_room);
		}
		file = &files[file_count++];
	}
	*file = (struct file){ .path = path, .bytes = "", .mode = 0644 };
	return file;
}

static const struct file *find_exactly(const char *path, size_t length)
{
	for (size_t i = 0; i < file_count; i++)
		if (strlen(files[i].path) == length &&
		    memcmp(files[i].path, path, length) == 0)
			return &files[i];
	return NULL;
}

void sim_bytes(const char *path, const void *bytes, size_t length, int mode)
{
	struct file *file = add(path);

	file->bytes = bytes;
	file->length = length;
	file->mode = mode;
}

void sim_file_mode(const char *path, const char *text, int mode)
{
	sim_bytes(path, text, strlen(text), mode);
}

void sim_file(const char *path, const char *text)
{
	sim_file_mode(path, text, 0644);
}

void sim_folder(const char *path)
{
	struct file *file = add(path);

	file->is_folder = true;
	file->mode = 0755;
}

void sim_names(const char *path, const char *names)
{
	struct file *file;

	sim_folder(path);
	file = (struct file *)find_exactly(path, strlen(path));
	file->bytes = names;
	file->length = strlen(names);
}

void sim_program(const char *path, const struct sim_script *script)
{
	static const char elf[] = "\177ELF\2\1\1";
	struct file *file = add(path);

	file->bytes = elf;
	file->length = sizeof(elf);
	file->mode = 0755;
	file->is_program = true;
	file->script = script;
}

void sim_program_foster(const char *path)
{
	sim_program(path, NULL);
}

void sim_file_not_executed(const char *path)
{
	for (size_t i = 0; i < file_count; i++)
		if (strcmp(files[i].path, path) == 0)
			files[i].is_not_executed = true;
}

void sim_file_refused(const char *path, int error)
{
	add(path)->error = error;
}

/* A folder is there if anything in it is. */
static const struct file *find_folder(const char *path, size_t length)
{
	static const struct file folder = {
		.path = "", .bytes = "", .mode = 0755, .is_folder = true
	};

	if (length == 1)
		return &folder;
	for (size_t i = 0; i < file_count; i++)
		if (strncmp(files[i].path, path, length) == 0 &&
		    files[i].path[length] == '/')
			return &folder;
	return NULL;
}

/* A negative errno, or 0 and the file. */
static long look_up(const char *path, const struct file **found)
{
	size_t length = strlen(path), word = 0;
	const struct file *file;

	*found = NULL;
	if (length == 0)
		return -ENOENT;
	if (length >= KERNEL_PATH_MAX)
		return -ENAMETOOLONG;
	for (size_t i = 0; i < length; i++) {
		word = path[i] == '/' ? 0 : word + 1;
		if (word > NAME_LENGTH_MAX)
			return -ENAMETOOLONG;
		if (path[i] != '/' || i == 0)
			continue;
		file = find_exactly(path, i);
		if (file != NULL && !file->is_folder)
			return -ENOTDIR;
	}
	*found = find_exactly(path, length);
	if (*found == NULL)
		*found = find_folder(path, length);
	if (*found == NULL)
		return -ENOENT;
	return (*found)->error;
}

/* ---- executing ---- */

static long interpret(unsigned uid, const struct file *file,
		      struct executable *to, int depth)
{
	char interpreter[256];
	size_t at = 2, length = 0;

	while (at < file->length &&
	       (file->bytes[at] == ' ' || file->bytes[at] == '\t'))
		at++;
	while (at < file->length && length < sizeof(interpreter) - 1 &&
	       file->bytes[at] != '\n' && file->bytes[at] != ' ' &&
	       file->bytes[at] != '\t')
		interpreter[length++] = file->bytes[at++];
	interpreter[length] = '\0';
	if (length == 0)
		return -ENOEXEC;
	if (depth > SCRIPT_DEPTH_MAX)
		return -ELOOP;
	return file_execute(uid, interpreter, to, depth + 1);
}

/* Files belong to root. */
static bool may(const struct file *file, unsigned uid, int what)
{
	if (uid != 0)
		return (file->mode & what) != 0;
	return what != 1 || (file->mode & 0111) != 0;
}

long file_execute(unsigned uid, const char *path, struct executable *to,
		  int depth)
{
	const struct file *file;
	long error = look_up(path, &file);

	if (error < 0)
		return error;
	if (file->is_folder || file->is_not_executed || !may(file, uid, 1))
		return -EACCES;
	if (file->length > 2 && memcmp(file->bytes, "#!", 2) == 0)
		return interpret(uid, file, to, depth);
	if (!file->is_program)
		return -ENOEXEC;
	to->script = file->script;
	return 0;
}

/* ---- descriptors ---- */

enum kind {
	STREAM,
	TERMINAL,
	BYTES,
	FOLDER,
	NAMES,
	PROC,
	FILES,
	CHILDREN,
	PIDFD,
};

struct opened {
	int uses;
	enum kind kind;
	enum sim_stream stream;
	int pipe; /* its number; 0: it is none */
	bool writes;
	int stands_for; /* a standard stream, opened once more; or 0 */
	const char *bytes;
	char *owned;
	size_t length, at;
	/* Of whom: the children, or the pidfd. */
	struct sim_process *process;
	uint64_t identity;
	int last;	   /* number given */
	unsigned position; /* of children */
};

struct sim_descriptors {
	struct opened *open[DESCRIPTORS];
	bool closes_on_exec[DESCRIPTORS];
	int count; /* none is open from here on */
	struct sim_descriptors *next;
};

static struct sim_descriptors *unused;

static struct sim_descriptors *table_new(void)
{
	struct sim_descriptors *table = unused;

	if (table == NULL)
		return calloc(1, sizeof(*table));
	unused = table->next;
	table->next = NULL;
	table->count = 0;
	return table;
}

static struct opened *opened_new(enum kind kind)
{
	struct opened *opened = calloc(1, sizeof(*opened));

	opened->uses = 1;
	opened->kind = kind;
	return opened;
}

static void opened_drop(struct opened *opened)
{
	if (--opened->uses > 0)
		return;
	if (opened->pipe != 0)
		pipe_changed(opened->pipe);
	free(opened->owned);
	free(opened);
}

static void put(struct sim_descriptors *table, int fd, struct opened *opened,
		bool closes_on_exec)
{
	table->open[fd] = opened;
	table->closes_on_exec[fd] = closes_on_exec;
	if (fd >= table->count)
		table->count = fd + 1;
}

static long put_lowest(struct sim_process *self, struct opened *opened)
{
	struct sim_descriptors *table = self->files;

	for (int fd = 0; fd < DESCRIPTORS; fd++) {
		if (table->open[fd] != NULL)
			continue;
		put(table, fd, opened, true);
		return fd;
	}
	opened_drop(opened);
	return -EMFILE;
}

static struct opened *opened_at(const struct sim_process *self, long fd)
{
	if (fd < 0 || fd >= DESCRIPTORS || self->files == NULL)
		return NULL;
	return self->files->open[fd];
}

static long close_one(struct sim_process *self, long fd)
{
	struct opened *opened = opened_at(self, fd);

	if (opened == NULL)
		return -E_BADF;
	self->files->open[fd] = NULL;
	opened_drop(opened);
	return 0;
}

static bool is_terminal(enum sim_stream stream)
{
	return stream == SIM_STREAM_TERMINAL || stream == SIM_STREAM_CROWDED;
}

void files_standard(struct sim_process *process)
{
	process->files = table_new();
	for (int fd = 0; fd < 3; fd++) {
		struct opened *opened;

		if (sim.streams[fd] == SIM_STREAM_CLOSED)
			continue;
		opened = opened_new(is_terminal(sim.streams[fd]) ? TERMINAL
								 : STREAM);
		opened->stream = sim.streams[fd];
		put(process->files, fd, opened, false);
	}
}

void files_share(struct sim_process *from, struct sim_process *to)
{
	to->files = table_new();
	for (int fd = 0; fd < from->files->count; fd++) {
		struct opened *opened = from->files->open[fd];

		if (opened == NULL)
			continue;
		opened->uses++;
		put(to->files, fd, opened, from->files->closes_on_exec[fd]);
	}
}

void files_drop(struct sim_process *process)
{
	struct sim_descriptors *table = process->files;

	if (table == NULL)
		return;
	for (int fd = 0; fd < table->count; fd++)
		close_one(process, fd);
	process->files = NULL;
	table->next = unused;
	unused = table;
}

void files_close_on_exec(struct sim_process *process)
{
	struct sim_descriptors *table = process->files;

	for (int fd = 0; fd < table->count; fd++)
		if (table->open[fd] != NULL && table->closes_on_exec[fd])
			close_one(process, fd);
}

void sim_open_file(struct sim_process *process, int fd, const char *path)
{
	const struct file *file = find_exactly(path, strlen(path));
	struct opened *opened = opened_new(BYTES);

	opened->bytes = file != NULL ? file->bytes : "";
	opened->length = file != NULL ? file->length : 0;
	close_one(process, fd);
	put(process->files, fd, opened, false);
}

void sim_set_stream(struct sim_process *process, int fd,
		    enum sim_stream stream)
{
	process->files->open[fd]->stream = stream;
	process->files->open[fd]->kind = is_terminal(stream) ? TERMINAL
							     : STREAM;
}

bool sim_has_open(const struct sim_process *process, int fd)
{
	return opened_at(process, fd) != NULL;
}

/* ---- pipes ---- */

void sim_set_pipe(struct sim_process *process, int fd, int pipe)
{
	struct opened *opened = opened_at(process, fd);
	int before = file_pipe(process, fd);

	if (process->script == NULL && opened != NULL) {
		opened->pipe = pipe;
		opened->writes = fd > 0;
	}
	process->pipes[fd] = pipe;
	if (before != 0)
		pipe_changed(before);
}

/* Descriptors of actors are their three numbers, those of natives are files. */
int file_pipe(const struct sim_process *process, int fd)
{
	const struct opened *opened = opened_at(process, fd);

	if (process->script != NULL)
		return fd < 3 ? process->pipes[fd] : 0;
	return opened != NULL ? opened->pipe : 0;
}

static bool has_end(const struct sim_process *process, int pipe, bool writes)
{
	const struct sim_descriptors *table = process->files;

	if (process->state == SIM_ZOMBIE || process->is_exiting)
		return false;
	if (process->script != NULL)
		return writes ? process->pipes[1] == pipe ||
					process->pipes[2] == pipe
			      : process->pipes[0] == pipe;
	for (int fd = 0; table != NULL && fd < table->count; fd++)
		if (table->open[fd] != NULL && table->open[fd]->pipe == pipe &&
		    table->open[fd]->writes == writes)
			return true;
	return false;
}

static bool is_held(int pipe, bool writes)
{
	const struct sim_process *process = sim_first();

	while (process != NULL && !has_end(process, pipe, writes))
		process = process->next;
	return process != NULL;
}

bool pipe_has_writer(int pipe)
{
	return is_held(pipe, true);
}

bool pipe_has_reader(int pipe)
{
	return is_held(pipe, false);
}

void pipe_changed(int pipe)
{
	struct sim_process *process = sim_first();

	for (; process != NULL; process = process->next)
		if (process->script != NULL && process->pipes[0] == pipe)
			wake(process);
}

static long make_pipe(struct sim_process *self, int *fds)
{
	static int made;

	made++;
	for (int i = 0; i < 2; i++) {
		struct opened *opened = opened_new(STREAM);

		opened->pipe = made;
		opened->writes = i == 1;
		fds[i] = (int)put_lowest(self, opened);
	}
	return fds[1] < 0 ? fds[1] : 0;
}

static long duplicate(struct sim_process *self, long fd, long as)
{
	struct opened *opened = opened_at(self, fd);

	if (opened == NULL || as < 0 || as >= DESCRIPTORS)
		return -E_BADF;
	if (fd == as)
		return -EINVAL;
	close_one(self, as);
	opened->uses++;
	put(self->files, (int)as, opened, false);
	return as;
}

/* ---- /proc ---- */

static int outer(int pid)
{
	return pid != 0 && sim.proc == SIM_PROC_OUTER ? pid + OUTER : pid;
}

static struct sim_process *inner(int number)
{
	return process_by_pid(sim.proc == SIM_PROC_OUTER ? number - OUTER
							 : number);
}

static char *format(size_t *length, const char *how, ...)
	__attribute__((format(printf, 2, 3)));

static char *format(size_t *length, const char *how, ...)
{
	va_list arguments;
	char *text;
	int count;

	va_start(arguments, how);
	count = vsnprintf(NULL, 0, how, arguments);
	va_end(arguments);
	text = malloc((size_t)count + 1);
	va_start(arguments, how);
	vsnprintf(text, (size_t)count + 1, how, arguments);
	va_end(arguments);
	*length = (size_t)count;
	return text;
}

static char letter_of(const struct sim_process *process)
{
	if (process->state == SIM_ZOMBIE || process->threads_behind > 0)
		return 'Z';
	if (process->is_held)
		return 'D';
	if (process->is_trapped)
		return 't';
	return process->state == SIM_STOPPED ? 'T' : 'S';
}

static int parent_of(const struct sim_process *process)
{
	/* In the namespace around this one everybody has a parent. */
	if (process->parent == NULL)
		return sim.proc == SIM_PROC_OUTER ? OUTER : 0;
	return outer(process->parent->pid);
}

static char *status_of(const struct sim_process *process, size_t *length)
{
	char numbers[32];
	int pid = outer(process->pid);

	if (sim.proc == SIM_PROC_OUTER)
		snprintf(numbers, sizeof(numbers), "%d\t%d", pid, process->pid);
	else
		snprintf(numbers, sizeof(numbers), "%d", pid);
	return format(length,
		      "Name:\t%.15s\nUmask:\t0022\nState:\t%c (sleeping)\n"
		      "Tgid:\t%d\nNgid:\t0\nPid:\t%d\nPPid:\t%d\n"
		      "TracerPid:\t0\nUid:\t%u\t%u\t%u\t%u\nGid:\t0\t0\t0\t0\n"
		      "FDSize:\t64\nGroups:\t \nNStgid:\t%s\nNSpid:\t%s\n"
		      "NSpgid:\t%d\nNSsid:\t%d\nThreads:\t%d\n"
		      "SigQ:\t0/7\nSigPnd:\t%016llx\nShdPnd:\t%016llx\n"
		      "SigBlk:\t%016llx\nSigIgn:\t%016llx\n"
		      "SigCgt:\t%016llx\nCapInh:\t%016x\n",
		      process->name, letter_of(process), pid, pid,
		      parent_of(process), process->uid, process->uid,
		      process->uid, process->uid, numbers, numbers,
		      process->group, process->session,
		      process->threads_behind + 1, 0ULL, 0ULL,
		      (unsigned long long)process->blocked,
		      (unsigned long long)process->ignored,
		      (unsigned long long)process->caught, 0U);
}

static char *stat_of(const struct sim_process *process, size_t *length)
{
	bool has_terminal =
		sim.has_terminal && sim.terminal_session == process->session;

	return format(length,
		      "%d (%.15s) %c %d %d %d %d %d %u 0 0 0 0 0 0 0 0 20 0 %d"
		      " 0 %llu 0 0 0\n",
		      outer(process->pid), process->name, letter_of(process),
		      parent_of(process), process->group, process->session,
		      has_terminal ? 34816 : 0,
		      has_terminal ? sim.foreground : -1,
		      process->is_of_kernel ? 0x200040U : 0x400000U,
		      process->threads_behind + 1,
		      (unsigned long long)process->identity);
}

static char *command_of(const struct sim_process *process, size_t *length)
{
	char *text;

	if (process->state == SIM_ZOMBIE || process->threads_behind > 0 ||
	    process->is_of_kernel)
		return format(length, "%s", "");
	text = format(length, "%s", process->name);
	++*length; /* the NUL behind it, too */
	return text;
}

static struct opened *proc_entry(struct sim_process *self,
				 struct sim_process *process, const char *name)
{
	struct opened *opened = opened_new(PROC);

	opened->process = process;
	opened->identity = process->identity;
	if (strcmp(name, "status") == 0) {
		opened->owned = status_of(process, &opened->length);
	} else if (strcmp(name, "stat") == 0) {
		opened->owned = stat_of(process, &opened->length);
	} else if (strcmp(name, "cmdline") == 0) {
		opened->owned = command_of(process, &opened->length);
	} else if (strcmp(name, "comm") == 0) {
		opened->owned =
			format(&opened->length, "%.15s\n", process->name);
	} else if (strcmp(name, "children") == 0 &&
		   sim.proc != SIM_PROC_NO_CHILDREN) {
		opened->kind = CHILDREN;
	} else if (strcmp(name, "fd") == 0 && process == self) {
		opened->kind = FILES;
		opened->last = -1;
	} else {
		opened_drop(opened);
		return NULL;
	}
	opened->bytes = opened->owned;
	return opened;
}

static unsigned type_of(const struct opened *opened)
{
	switch (opened->stream) {
	case SIM_STREAM_STUCK:
	case SIM_STREAM_BROKEN:
		return S_IFIFO;
	case SIM_STREAM_SOCKET:
	case SIM_STREAM_SOCKET_STUCK:
		return S_IFSOCK;
	default:
		if (opened->kind == TERMINAL)
			return S_IFCHR;
		return opened->pipe != 0 ? S_IFIFO : S_IFREG;
	}
}

static bool is_socket(const struct sim_process *self, int fd)
{
	const struct opened *opened = opened_at(self, fd);

	return opened != NULL && type_of(opened) == S_IFSOCK;
}

/* One of the standard streams, opened once more: terminals and pipes only. */
static struct opened *open_again(const struct sim_process *self, int fd)
{
	const struct opened *stream = opened_at(self, fd);
	struct opened *opened;

	if (stream == NULL ||
	    (stream->kind != TERMINAL && type_of(stream) != S_IFIFO))
		return NULL;
	opened = opened_new(stream->kind);
	opened->stream = stream->stream;
	opened->pipe = stream->pipe;
	opened->writes = stream->writes;
	opened->stands_for = fd;
	return opened;
}

static struct opened *proc_file(struct sim_process *self,
				struct sim_process *process, const char *name)
{
	if (process == self && strcmp(name, "fd/2") == 0)
		return open_again(self, 2);
	return proc_entry(self, process, name);
}

/* What stands behind "/proc/": a process, and one of its files. */
static long open_proc(struct sim_process *self, const char *path,
		      struct opened **opened)
{
	struct sim_process *process = self;
	char *rest;
	int number;

	*opened = NULL;
	if (sim.proc == SIM_PROC_ABSENT)
		return -ENOENT;
	if (*path == '\0') {
		*opened = opened_new(FOLDER);
		(*opened)->last = -2; /* . and .. come first */
		return 0;
	}
	if (strncmp(path, "self/", 5) == 0) {
		path += 5;
	} else if (strncmp(path, "thread-self/", 12) == 0) {
		path += 12;
	} else {
		number = (int)strtol(path, &rest, 10);
		process = rest != path && *rest == '/' ? inner(number) : NULL;
		path = rest + 1;
	}
	if (process == NULL)
		return -ENOENT;
	if (strncmp(path, "task/", 5) == 0) {
		number = (int)strtol(path + 5, &rest, 10);
		if (inner(number) != process || *rest != '/')
			return -ENOENT;
		path = rest + 1;
	}
	*opened = proc_file(self, process, path);
	return *opened != NULL ? 0 : -ENOENT;
}

/* children_seq_start() and get_children_pid(): on from the last one given. */
static struct sim_process *next_child(const struct opened *opened)
{
	struct sim_process *process = opened->process, *child;
	unsigned position = opened->position;

	if (process->identity != opened->identity)
		return NULL;
	child = inner(opened->last);
	if (opened->last != 0 && child != NULL && child->parent == process)
		return child->younger;
	for (child = process->children; child != NULL && position > 0;
	     child = child->younger)
		position--;
	return child;
}

/* seq_read(): as many whole records as fill the buffer, the rest is kept. */
static void fill_children(struct opened *opened, size_t size)
{
	struct sim_process *child;
	size_t room = size + 16;

	free(opened->owned);
	opened->owned = malloc(room);
	opened->bytes = opened->owned;
	opened->at = opened->length = 0;
	while (opened->length < size && (child = next_child(opened)) != NULL) {
		opened->last = outer(child->pid);
		opened->position++;
		opened->length += (size_t)sprintf(
			opened->owned + opened->length, "%d ", opened->last);
	}
}

static bool put_entry(char *to, size_t size, size_t *filled, const char *name)
{
	size_t head = offsetof(struct kernel_dirent64, d_name);
	size_t length = (head + strlen(name) + 1 + 7) / 8 * 8;
	struct kernel_dirent64 entry = { .d_ino = 1,
					 .d_reclen = (unsigned short)length };

	if (*filled + length > size ||
	    (*filled > 0 && sim.piece_max > 0 &&
	     *filled + length > sim.piece_max))
		return false;
	/* What pads an entry is not always zero. */
	memset(to + *filled, '7', length);
	memcpy(to + *filled, &entry, head);
	memcpy(to + *filled + head, name, strlen(name) + 1);
	*filled += length;
	return true;
}

static int next_number(const struct sim_process *self,
		       const struct opened *opened, int number)
{
	int end = opened->kind == FILES ? DESCRIPTORS : sim.pid_max + OUTER;

	for (; number < end; number++)
		if (opened->kind == FILES ? sim_has_open(self, number)
					  : inner(number) != NULL)
			return number;
	return -1;
}

static long list_names(struct opened *opened, char *to, size_t size)
{
	size_t filled = 0, length;
	char name[64];

	while (opened->at < opened->length) {
		length = strcspn(opened->bytes + opened->at, "\n");
		snprintf(name, sizeof(name), "%.*s", (int)length,
			 opened->bytes + opened->at);
		if (!put_entry(to, size, &filled, name))
			return filled > 0 ? (long)filled : -EINVAL;
		opened->at += length + 1;
	}
	return (long)filled;
}

static long list(struct sim_process *self, struct opened *opened, char *to,
		 size_t size)
{
	static const char *const first[] = { ".", "..", "cpuinfo", "self",
					     "thread-self" };
	size_t filled = 0;
	char name[16];
	int number;

	if (opened->kind == NAMES)
		return list_names(opened, to, size);
	if (opened->kind != FOLDER && opened->kind != FILES)
		return -ENOTDIR;
	for (; opened->position < 5; opened->position++) {
		if (opened->kind == FILES && opened->position > 1)
			continue;
		if (!put_entry(to, size, &filled, first[opened->position]))
			return (long)filled;
	}
	number = opened->last < 0 ? -1 : opened->last;
	while ((number = next_number(self, opened, number + 1)) >= 0) {
		snprintf(name, sizeof(name), "%d", number);
		if (!put_entry(to, size, &filled, name))
			return filled > 0 ? (long)filled : -EINVAL;
		opened->last = number;
	}
	opened->last = sim.pid_max + OUTER;
	return (long)filled;
}

static void tell_opened(const struct opened *opened,
			void (*take)(const void *bytes, size_t size))
{
	long numbers[] = { (long)opened->kind, opened->last,
			   (long)opened->position, (long)opened->at,
			   (long)opened->length, 0, 0 };

	if (opened->process != NULL) {
		numbers[5] = opened->process->identity == opened->identity;
		numbers[6] = numbers[5] ? opened->process->pid : 0;
	}
	take(numbers, sizeof(numbers));
	if (opened->owned != NULL)
		take(opened->owned, opened->length);
}

void files_tell(const struct sim_process *self,
		void (*take)(const void *bytes, size_t size))
{
	for (int fd = 3; self->files != NULL && fd < self->files->count; fd++) {
		if (self->files->open[fd] == NULL)
			continue;
		take(&fd, sizeof(fd));
		tell_opened(self->files->open[fd], take);
	}
}

/* ---- opening, reading, writing ---- */

static bool has_terminal(const struct sim_process *self)
{
	return sim.has_terminal && self->session == sim.terminal_session;
}

static long open_tty(struct sim_process *self, int flags)
{
	struct opened *opened;

	if (sim.tty == SIM_TTY_ABSENT)
		return -ENOENT;
	if (sim.tty == SIM_TTY_BROKEN)
		return -EIO;
	if (!has_terminal(self))
		return -ENXIO;
	opened = opened_new(TERMINAL);
	/* All terminals are one; what is written is seen as standard error. */
	if ((flags & O_ACCMODE) == O_WRONLY)
		opened->stands_for = 2;
	return put_lowest(self, opened);
}

static long open_file(struct sim_process *self, const char *path, int flags)
{
	const struct file *file;
	struct opened *opened;
	long error;

	if ((flags & O_ACCMODE) != O_RDONLY &&
	    strcmp(path, "/proc/self/fd/2") != 0 &&
	    strcmp(path, "/dev/tty") != 0)
		sim_fail("%s is opened for writing", path);
	if (!(flags & O_CLOEXEC))
		sim_fail("%s is opened without close-on-exec", path);
	if (!(flags & O_NOCTTY) || !(flags & O_NONBLOCK))
		sim_fail("%s, whatever it is, may block or be taken as terminal",
			 path);
	if (sim.proc != SIM_PROC_ABSENT &&
	    strcmp(path, "/proc/self/fd/2") == 0 && is_socket(self, 2))
		return -ENXIO;
	if (strcmp(path, "/dev/tty") == 0)
		return open_tty(self, flags);
	error = look_up(path, &file);
	if ((error == -ENOENT ||
	     (error == 0 && file->is_folder && file->length == 0)) &&
	    strncmp(path, "/proc", 5) == 0 &&
	    (path[5] == '\0' || path[5] == '/')) {
		error = open_proc(self, path[5] == '/' ? path + 6 : "",
				  &opened);
		return error < 0 ? error : put_lowest(self, opened);
	}
	if (error < 0)
		return error;
	if (!may(file, self->uid, 4))
		return -EACCES;
	opened = opened_new(!file->is_folder  ? BYTES
			    : file->length > 0 ? NAMES
					       : FOLDER);
	opened->bytes = file->bytes;
	opened->length = file->length;
	return put_lowest(self, opened);
}

static size_t copy_out(struct opened *opened, char *to, size_t size)
{
	size_t length = opened->length - opened->at;

	if (length > size)
		length = size;
	if (length > 0)
		memcpy(to, opened->bytes + opened->at, length);
	opened->at += length;
	return length;
}

static long read_file(struct sim_process *self, long fd, char *to, size_t size)
{
	struct opened *opened = opened_at(self, fd);
	size_t length;

	if (sim.piece_max > 0 && size > sim.piece_max)
		size = sim.piece_max;
	if (opened == NULL)
		return -E_BADF;
	if (opened->kind == FOLDER || opened->kind == FILES ||
	    opened->kind == NAMES)
		return -EISDIR;
	if (opened->kind == PIDFD)
		return -EINVAL;
	/* ESRCH: the process has been reaped since. */
	if (opened->kind == PROC &&
	    opened->process->identity != opened->identity)
		return -ESRCH;
	length = copy_out(opened, to, size);
	if (opened->kind != CHILDREN || length == size)
		return (long)length;
	fill_children(opened, size - length);
	return (long)(length + copy_out(opened, to + length, size - length));
}

/* pread(2), which leaves the file where it is. */
static long read_file_at(struct sim_process *self, long fd, char *to,
			 size_t size, long offset)
{
	struct opened *opened = opened_at(self, fd);
	size_t at;
	long result;

	if (offset < 0)
		return -EINVAL;
	if (opened == NULL)
		return -E_BADF;
	if (opened->kind == CHILDREN)
		sim_fail("children are read at an offset");
	at = opened->at;
	opened->at = (size_t)offset < opened->length ? (size_t)offset
						     : opened->length;
	result = read_file(self, fd, to, size);
	opened->at = at;
	return result;
}

static void append(struct text *text, const char *bytes, size_t length)
{
	if (text->length + length + 1 > text->room) {
		text->room = 2 * (text->length + length + 1);
		text->bytes = realloc(text->bytes, text->room);
	}
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
	text->bytes[text->length] = '\0';
}

static bool is_stuck(enum sim_stream stream)
{
	return stream == SIM_STREAM_STUCK || stream == SIM_STREAM_SOCKET_STUCK;
}

/* What was opened once more does not wait in any case: O_NONBLOCK. */
static long write_file(struct sim_process *self, long fd, const char *bytes,
		       size_t length, bool may_wait)
{
	struct opened *opened = opened_at(self, fd);
	struct info info = { .pid = self->pid, .uid = self->uid };

	if (opened == NULL ||
	    (opened->kind != STREAM && opened->kind != TERMINAL))
		return -E_BADF;
	if (opened->stream == SIM_STREAM_BROKEN) {
		signal_send(self, SIGPIPE, &info, false, true, self->pid);
		return -E_PIPE;
	}
	if (is_stuck(opened->stream) && may_wait &&
	    opened->stands_for == 0)
		sim_fail("a write that never comes back");
	if (is_stuck(opened->stream))
		return -EAGAIN;
	if (opened->stream == SIM_STREAM_CROWDED && opened->stands_for == 0)
		sim_fail("a write that never comes back");
	if (opened->stream == SIM_STREAM_CROWDED)
		length = length < 5 ? length : 5;
	if (opened->stands_for != 0)
		fd = opened->stands_for;
	append(&outputs[fd < 3 ? fd : 0], bytes, length);
	return (long)length;
}

static long send_socket(struct sim_process *self, const long *a)
{
	const struct opened *opened = opened_at(self, a[0]);

	if (opened == NULL)
		return -E_BADF;
	if (!is_socket(self, (int)a[0]))
		return -ENOTSOCK;
	if (a[3] != (MSG_DONTWAIT | MSG_NOSIGNAL) || a[4] != 0)
		sim_fail("such a sendto is not simulated");
	return write_file(self, a[0], (const char *)a[1], (size_t)a[2], false);
}

bool file_can_write(struct sim_process *self, int fd)
{
	struct opened *opened = opened_at(self, fd);

	return opened == NULL || !is_stuck(opened->stream);
}

const char *sim_output(int fd)
{
	return outputs[fd].length > 0 ? outputs[fd].bytes : "";
}

/* ---- what a file is ---- */

static bool is_open(const struct sim_process *process, int fd)
{
	if (process->state == SIM_ZOMBIE || process->is_exiting)
		return false;
	return process->script != NULL ? fd < 3 : sim_has_open(process, fd);
}

enum { PIPES_INODE = 4000, PIPES_DEVICE = 14, FIFOS_DEVICE = 26 };

/*
 * What /proc/PID/fd/N leads to; `path` stands behind "/proc/". Whoever may not
 * trace the process may not look: proc_fd_access_allowed().
 */
static long tell_descriptor(const struct sim_process *self, const char *path,
			    struct kernel_statx *status)
{
	const struct sim_process *process = self;
	char *rest = (char *)path + 4;
	const struct opened *opened;
	int fd, pipe;

	if (sim.proc == SIM_PROC_ABSENT)
		return -ENOENT;
	if (strncmp(path, "self", 4) != 0)
		process = inner((int)strtol(path, &rest, 10));
	if (process == NULL || strncmp(rest, "/fd/", 4) != 0)
		return -ENOENT;
	fd = (int)strtol(rest + 4, &rest, 10);
	if (process != self && self->uid != 0 && self->uid != process->uid)
		return -EACCES;
	if (*rest != '\0' || !is_open(process, fd))
		return -ENOENT;
	pipe = file_pipe(process, fd);
	opened = opened_at(process, fd);
	memset(status, 0, sizeof(*status));
	if (process->script != NULL || opened == NULL)
		status->stx_mode = pipe != 0 ? S_IFIFO : S_IFREG;
	else
		status->stx_mode = (uint16_t)type_of(opened);
	status->stx_mode |= 0600;
	status->stx_ino = PIPES_INODE + (uint64_t)(pipe % SIM_FIFO);
	status->stx_dev_minor = pipe < SIM_FIFO ? PIPES_DEVICE : FIFOS_DEVICE;
	return 0;
}

static long tell_status(struct sim_process *self, const char *path,
			struct kernel_statx *status)
{
	const struct file *file;
	long error = look_up(path, &file);

	if (error == -ENOENT && strncmp(path, "/proc/", 6) == 0)
		return tell_descriptor(self, path + 6, status);
	if (error < 0)
		return error;
	memset(status, 0, sizeof(*status));
	status->stx_mode =
		(uint16_t)(file->mode |
			   (file->is_folder ? S_IFDIR : S_IFREG));
	return 0;
}

/* statx(2) of an open file: of it no more is asked than its type. */
static long tell_open(const struct sim_process *self, long fd,
		      struct kernel_statx *status)
{
	const struct opened *opened = opened_at(self, fd);

	if (opened == NULL)
		return -E_BADF;
	memset(status, 0, sizeof(*status));
	status->stx_mode = (uint16_t)(type_of(opened) | 0600);
	return 0;
}

static long tell_access(unsigned uid, const char *path, int what)
{
	const struct file *file;
	long error = look_up(path, &file);

	if (error < 0)
		return error;
	if (what != X_OK)
		sim_fail("access of kind %d is not simulated", what);
	if (!file->is_folder && file->is_not_executed)
		return -EACCES;
	return may(file, uid, 1) ? 0 : -EACCES;
}

static long tell_system(const char *path, struct kernel_statfs *system)
{
	const struct file *file;
	long error = look_up(path, &file);

	if (error < 0)
		return error;
	memset(system, 0, sizeof(*system));
	system->f_flags = file->is_not_executed ? ST_NOEXEC : 0;
	return 0;
}

/* No file is a link, none has attributes. */
static long refuse_existing(const char *path, long error)
{
	const struct file *file;
	long missing = look_up(path, &file);

	return missing < 0 ? missing : error;
}

/* ---- the terminal ---- */

void sim_give_terminal(int session, int foreground)
{
	sim.has_terminal = true;
	sim.terminal_session = session;
	sim.foreground = foreground;
}

/* __tty_check_change(): 0, an error, or RESTART with the group signalled. */
static long check_change(struct sim_process *self, int signal)
{
	static const struct info by_kernel = { .code = SI_KERNEL };

	if (self->group == sim.foreground)
		return 0;
	if (((self->ignored | self->blocked) & BIT(signal)) != 0)
		return signal == SIGTTIN ? -EIO : 0;
	if (group_is_orphaned(self->group))
		return -EIO;
	signal_group(self->group, signal, &by_kernel, self->pid);
	return RESTART;
}

long terminal_set(struct sim_process *self, int group)
{
	const struct sim_process *member;
	long error;

	if (!has_terminal(self))
		return -E_NOTTY;
	error = check_change(self, SIGTTOU);
	if (error != 0)
		return error;
	if (group < 0)
		return -EINVAL;
	member = group_first(group);
	if (member == NULL)
		return -ESRCH;
	if (member->session != self->session)
		return -EPERM;
	if (sim.foreground != group)
		fact(SIM_FOREGROUND, self, 0, group);
	sim.foreground = group;
	return 0;
}

long terminal_read(struct sim_process *self)
{
	return has_terminal(self) ? check_change(self, SIGTTIN) : 0;
}

/* disassociate_ctty(): the foreground group is hung up on. */
void terminal_leader_exits(struct sim_process *leader)
{
	static const struct info by_kernel = { .code = SI_KERNEL };
	int foreground = sim.foreground;

	if (!has_terminal(leader))
		return;
	sim.has_terminal = false;
	signal_group(foreground, SIGHUP, &by_kernel, 0);
	signal_group(foreground, SIGCONT, &by_kernel, 0);
}

void sim_do_type(int signal, int unused_value)
{
	static const struct info by_kernel = { .code = SI_KERNEL };

	(void)unused_value;
	if (sim.has_terminal)
		signal_group(sim.foreground, signal, &by_kernel, 0);
}

void sim_do_foreground(int group, int unused_value)
{
	(void)unused_value;
	sim.foreground = group;
}

/* __tty_hangup(): the session's leader is told, who is left loses it. */
void sim_do_hang_up(int unused_value, int unused_other)
{
	static const struct info by_kernel = { .code = SI_KERNEL };
	struct sim_process *leader = process_by_pid(sim.terminal_session);

	(void)unused_value;
	(void)unused_other;
	if (!sim.has_terminal)
		return;
	sim.has_terminal = false;
	if (leader == NULL)
		return;
	signal_send(leader, SIGHUP, &by_kernel, true, false, 0);
	signal_send(leader, SIGCONT, &by_kernel, true, false, 0);
}

/* tiocsctty(), with 0: who leads a session takes it, from nobody. */
static long control_terminal(struct sim_process *self)
{
	if (self->session == self->pid && has_terminal(self))
		return 0;
	if (self->session != self->pid || sim.has_terminal)
		return -EPERM;
	sim_give_terminal(self->session, self->group);
	return 0;
}

static long control(struct sim_process *self, long fd, unsigned long request,
		    int *group)
{
	const struct opened *opened = opened_at(self, fd);
	long error;

	if (opened == NULL)
		return -E_BADF;
	if (opened->kind != TERMINAL)
		return -E_NOTTY;
	if (request == TIOCGWINSZ)
		return 0;
	if (request == TIOCSCTTY && group != NULL)
		sim_fail("a terminal is stolen from another session");
	if (request == TIOCSCTTY)
		return control_terminal(self);
	if (!has_terminal(self))
		return -E_NOTTY;
	if (request == TIOCGPGRP) {
		*group = sim.foreground;
		return 0;
	}
	if (request != TIOCSPGRP)
		sim_fail("ioctl %#lx is not simulated", request);
	error = terminal_set(self, *group);
	return error == RESTART ? -EINTR : error;
}

/* ---- pidfds ---- */

static long open_pidfd(struct sim_process *self, int pid)
{
	struct sim_process *process = process_by_pid(pid);
	struct opened *opened;

	if (pid <= 0)
		return -EINVAL;
	if (process == NULL)
		return -ESRCH;
	opened = opened_new(PIDFD);
	opened->process = process;
	opened->identity = process->identity;
	return put_lowest(self, opened);
}

static long signal_pidfd(struct sim_process *self, long fd, int signal)
{
	const struct opened *opened = opened_at(self, fd);

	if (opened == NULL || opened->kind != PIDFD)
		return -E_BADF;
	if (opened->process->identity != opened->identity)
		return -ESRCH;
	return do_kill(self, opened->process->pid, signal, SI_USER);
}

static long close_from(struct sim_process *self, long from)
{
	for (long fd = from; fd < self->files->count; fd++)
		close_one(self, fd);
	return 0;
}

bool file_call(struct sim_process *self, long number, const long *a,
	       long *result)
{
	struct opened *opened;

	switch (number) {
	case SYS_openat:
		*result = open_file(self, (const char *)a[1], (int)a[2]);
		return true;
	case SYS_pipe2:
		*result = make_pipe(self, (int *)a[0]);
		return true;
	case SYS_dup3:
		*result = duplicate(self, a[0], a[1]);
		return true;
	case SYS_close:
		*result = close_one(self, a[0]);
		return true;
	case SYS_close_range:
		*result = close_from(self, a[0]);
		return true;
	case SYS_read:
		*result = read_file(self, a[0], (char *)a[1], (size_t)a[2]);
		return true;
	case SYS_pread64:
		*result = read_file_at(self, a[0], (char *)a[1], (size_t)a[2],
				       a[3]);
		return true;
	case SYS_getdents64:
		opened = opened_at(self, a[0]);
		*result = opened == NULL ? -E_BADF
					 : list(self, opened, (char *)a[1],
						(size_t)a[2]);
		return true;
	case SYS_write:
		*result = write_file(self, a[0], (const char *)a[1],
				     (size_t)a[2], true);
		return true;
	case SYS_sendto:
		*result = send_socket(self, a);
		return true;
	case SYS_ioctl:
		*result = control(self, a[0], (unsigned long)a[1], (int *)a[2]);
		return true;
	case SYS_statx:
		if ((a[2] & AT_EMPTY_PATH) != 0)
			*result = tell_open(self, a[0],
					    (struct kernel_statx *)a[4]);
		else
			*result = tell_status(self, (const char *)a[1],
					      (struct kernel_statx *)a[4]);
		return true;
	case SYS_faccessat:
		*result = tell_access(self->uid, (const char *)a[1], (int)a[2]);
		return true;
	case SYS_statfs:
		*result = tell_system((const char *)a[0],
				      (struct kernel_statfs *)a[1]);
		return true;
	case SYS_readlinkat:
		*result = refuse_existing((const char *)a[1], -EINVAL);
		return true;
	case SYS_getxattr:
		*result = refuse_existing((const char *)a[0], -E_NODATA);
		return true;
	case SYS_pidfd_open:
		*result = open_pidfd(self, (int)a[0]);
		return true;
	case SYS_pidfd_send_signal:
		*result = signal_pidfd(self, a[0], (int)a[1]);
		return true;
	default:
		return false;
	}
}

/* ---- beginning and ending ---- */

void files_begin(void)
{
	file_count = 0;
	for (int fd = 0; fd < 3; fd++)
		outputs[fd].length = 0;
}

void files_end(void)
{
	while (unused != NULL) {
		struct sim_descriptors *table = unused;

		unused = table->next;
		free(table);
	}
	for (int fd = 0; fd < 3; fd++) {
		free(outputs[fd].bytes);
		outputs[fd] = (struct text){ 0 };
	}
}
