/*
 * family - a program with children, as a tree on its command line.
 *
 *	family STATUS TREE
 *
 * A tree is NAME[+TRAIT]...[*COPIES][(TREE[,TREE]...)]: the outermost is the
 * program, those in brackets are its children. Of copies the names get numbers:
 * "worker*2" is worker1 and worker2. The program says "ready" when all are.
 *
 * Each says "NAME is PID (/proc: NUMBER)" when it begins, where /proc has that
 * number for it, 0 for none; and for every signal but CHLD that comes "NAME got
 * SIGNAL at MS", the time of CLOCK_MONOTONIC. All signals are blocked from the
 * start and taken one by one: none is missed, none does what it does by
 * default. They have handlers, too, so that /proc says that they are caught.
 * Dead children are reaped. When it ends it first takes what is still
 * pending, and then says "NAME ends"; the program ends with STATUS, the others
 * with 3.
 *
 * A member ends when file 3 ends, if that is open. Its traits are:
 *
 *	stays	  not even then
 *	input	  when standard input ends, and not when file 3 does
 *	told	  also at TERM, INT or QUIT
 *	waits	  when it is to end it first waits for its children
 *	passesN	  at its first TERM it passes it on to its children after N
 *		  milliseconds; ends after them
 *	forksN	  at TERM a child takes its place, and it ends; N times. The
 *		  child's name is one apostrophe longer
 *	cleans	  TERM starts a clean-up, said "NAME cleans up", that lasts
 *		  until file 3 ends, "NAME is clean"; one more TERM spoils it,
 *		  "NAME is spoiled"
 *	stormsN	  has N orphans from the beginning, who end just before it does
 *	session	  leads a session of its own
 *	daemon	  becomes the init's child before it begins
 *	ignores	  has TERM ignored, and says nothing of it
 *	bare	  has no handlers
 *	careless  does not reap its children
	stops	  stops itself by SIGSTOP at the beginning
 *	user	  becomes user 65534
 *	readsN	  its standard input is the Nth of three pipes
 *	writesN	  its standard error is
 */
#include "actor.h"
#include <ctype.h>
#include <grp.h>
#include <sys/signalfd.h>

enum {
	LEFTOVERS_FILE = 3,
	STATUS_OF_OTHERS = 3,
	NAME_SIZE = 48,
	CHILDREN_MAX = 256,
	PIPES_MAX = 3,
	NOBODY = 65534,
};

struct member {
	char name[NAME_SIZE];
	int copies;
	const char *children;	/* after the bracket, or NULL */
	bool stays, input, told, waits, passes, cleans, session, daemon;
	bool ignores, bare, careless, stops, user;
	long passes_ms, forks, storms, reads, writes;
};

/* Of this process. */
static int status = STATUS_OF_OTHERS;
static int ready_fds[2] = { -1, -1 };	/* the first for the program alone */
static int pipes[PIPES_MAX][2];
static pid_t children[CHILDREN_MAX];
static int child_count;

static void on_nothing(int number)
{
	(void)number;
}

/* By the raw call: glibc keeps 32 and 33 for itself. It refuses 9 and 19. */
static void set_handlers(void (*handler)(int number))
{
	struct {
		void (*handler)(int number);
		unsigned long rest[7];
	} action = { handler, { 0 } };

	for (int number = 1; number <= ACTOR_LAST_SIGNAL; number++)
		if (number != SIGCHLD)
			syscall(SYS_rt_sigaction, number, &action, NULL,
				sizeof(uint64_t));
}

__attribute__((noreturn))
static void live(struct member *member);

/* The length of the letters, digits and apostrophes at the beginning. */
static size_t word_length(const char *text)
{
	size_t length = 0;

	while (isalnum((unsigned char)text[length]) || text[length] == '\'')
		length++;
	return length;
}

/* Takes a word that may end in a number. */
static bool is_trait(const char **text, const char *name, long *number)
{
	size_t length = strlen(name), whole = word_length(*text);
	char *end;

	if (strncmp(*text, name, length) != 0)
		return false;
	if (number != NULL) {
		*number = strtol(*text + length, &end, 10);
		if (end == *text + length || end != *text + whole)
			return false;
	} else if (length != whole) {
		return false;
	}
	*text += whole;
	return true;
}

static const char *read_trait(const char *text, struct member *member)
{
	if (is_trait(&text, "stays", NULL))
		member->stays = true;
	else if (is_trait(&text, "input", NULL))
		member->input = true;
	else if (is_trait(&text, "told", NULL))
		member->told = true;
	else if (is_trait(&text, "waits", NULL))
		member->waits = true;
	else if (is_trait(&text, "passes", &member->passes_ms))
		member->passes = member->waits = true;
	else if (is_trait(&text, "forks", &member->forks))
		;
	else if (is_trait(&text, "cleans", NULL))
		member->cleans = true;
	else if (is_trait(&text, "storms", &member->storms))
		;
	else if (is_trait(&text, "reads", &member->reads))
		;
	else if (is_trait(&text, "writes", &member->writes))
		;
	else if (is_trait(&text, "session", NULL))
		member->session = true;
	else if (is_trait(&text, "daemon", NULL))
		member->daemon = true;
	else if (is_trait(&text, "ignores", NULL))
		member->ignores = true;
	else if (is_trait(&text, "bare", NULL))
		member->bare = true;
	else if (is_trait(&text, "careless", NULL))
		member->careless = true;
	else if (is_trait(&text, "stops", NULL))
		member->stops = true;
	else if (is_trait(&text, "user", NULL))
		member->user = true;
	else
		must(-1, text);
	return text;
}

/* Returns what follows the tree: a comma, a bracket or the end. */
static const char *read_tree(const char *text, struct member *member)
{
	size_t length = word_length(text);
	int depth = 0;
	char *end;

	memset(member, 0, sizeof(*member));
	if (length == 0 || length >= NAME_SIZE - 16)
		must(-1, text);
	memcpy(member->name, text, length);
	text += length;
	while (*text == '+')
		text = read_trait(text + 1, member);
	if (*text == '*') {
		member->copies = (int)strtol(text + 1, &end, 10);
		text = end;
	}
	if (*text != '(')
		return text;
	member->children = text + 1;
	do {
		depth += *text == '(';
		depth -= *text == ')';
		text++;
	} while (depth > 0 && *text != '\0');
	return text;
}

static void start_child(struct member *member)
{
	pid_t child = (pid_t)must(fork(), "fork");

	if (child == 0) {
		pid_t parent = getpid();

		child_count = 0;
		status = STATUS_OF_OTHERS;
		close(ready_fds[0]);
		ready_fds[0] = -1;
		if (!member->daemon)
			live(member);
		if (must(fork(), "fork") != 0)
			_exit(0);
		while (getppid() == parent)
			sched_yield();
		live(member);
	}
	if (member->daemon)
		wait_child(child);
	else if (child_count < CHILDREN_MAX)
		children[child_count++] = child;
	else
		must(-1, "too many children");
}

static void start_children(const char *text)
{
	struct member child, copy;
	int i;

	while (text != NULL) {
		const char *after = read_tree(text, &child);

		if (child.copies == 0)
			start_child(&child);
		for (i = 1; i <= child.copies; i++) {
			copy = child;
			snprintf(copy.name + strlen(copy.name), 12, "%d", i);
			start_child(&copy);
		}
		text = *after == ',' ? after + 1 : NULL;
	}
}

static void reap(const struct member *member)
{
	pid_t pid;
	int i;

	if (member->careless)
		return;
	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (i = 0; i < child_count; i++)
			if (children[i] == pid)
				children[i--] = children[--child_count];
}

static void change_user(void)
{
	must(setgroups(0, NULL), "setgroups");
	must(setresgid(NOBODY, NOBODY, NOBODY), "setresgid");
	must(setresuid(NOBODY, NOBODY, NOBODY), "setresuid");
}

/* Orphans that end with the file that is returned. */
static int start_storm(long count)
{
	int ends[2];

	must(pipe2(ends, O_CLOEXEC), "pipe2");
	while (count-- > 0) {
		pid_t parent = (pid_t)must(fork(), "fork");

		if (parent == 0) {
			if (must(fork(), "fork") != 0)
				_exit(0);
			close(ends[1]);
			close(ready_fds[1]);
			wait_end_of_file(ends[0]);
			_exit(0);
		}
		wait_child(parent);
	}
	close(ends[0]);
	return ends[1];
}

static void open_pipes(void)
{
	int i;

	for (i = 0; i < PIPES_MAX; i++)
		must(pipe2(pipes[i], O_CLOEXEC), "pipe2");
}

/* Its children have all of them, and do the same. */
static void take_pipes(const struct member *member)
{
	int i;

	if (member->reads > 0)
		must(dup2(pipes[member->reads - 1][0], STDIN_FILENO), "dup2");
	if (member->writes > 0)
		must(dup2(pipes[member->writes - 1][1], STDERR_FILENO), "dup2");
	for (i = 0; i < PIPES_MAX; i++) {
		close(pipes[i][0]);
		close(pipes[i][1]);
		pipes[i][0] = pipes[i][1] = -1;
	}
}

static void begin(struct member *member)
{
	char number[16] = "0";

	if (member->session)
		must(setsid(), "setsid");
	start_children(member->children);
	take_pipes(member);
	if (member->user)
		change_user();
	if (member->bare)
		set_handlers(SIG_DFL);
	if (member->ignores) {
		signal(SIGTERM, SIG_IGN);
		set_mask(SIG_UNBLOCK, ACTOR_SIGNAL(SIGTERM));
	}
	if (readlink("/proc/self", number, sizeof(number) - 1) < 0)
		strcpy(number, "0");
	say("%s is %d (/proc: %s)", member->name, (int)getpid(), number);
	close(ready_fds[1]);
	ready_fds[1] = -1;
	if (ready_fds[0] >= 0) {
		wait_end_of_file(ready_fds[0]);
		say("ready");
	}
	if (member->stops)
		must(kill(getpid(), SIGSTOP), "kill");
}

static void pass_on(const struct member *member)
{
	struct timespec time = { member->passes_ms / 1000,
				 member->passes_ms % 1000 * 1000000 };
	int i;

	nanosleep(&time, NULL);
	for (i = 0; i < child_count; i++)
		kill(children[i], SIGTERM);
}

/* What a member knows of its end. */
struct end {
	bool is_wanted;
	bool has_begun;		/* the clean-up, or passing on */
};

static void on_signal(struct member *member, struct end *end, int number)
{
	struct timespec now;

	if (number == SIGCHLD) {
		reap(member);
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	say("%s got %d at %lld", member->name, number,
	    now.tv_sec * 1000LL + now.tv_nsec / 1000000);
	if (number == SIGTERM && member->cleans) {
		say(end->has_begun ? "%s is spoiled" : "%s cleans up",
		    member->name);
		if (end->has_begun)
			_exit(STATUS_OF_OTHERS);
		end->has_begun = true;
	} else if (number == SIGTERM && member->passes && !end->has_begun) {
		end->has_begun = end->is_wanted = true;
		pass_on(member);
	} else if (number == SIGTERM && member->forks > 0) {
		struct member next = *member;

		next.forks--;
		strcat(next.name, "'");
		start_child(&next);
		end->is_wanted = true;
	}
	if (member->told && (number == SIGTERM || number == SIGINT ||
			     number == SIGQUIT))
		end->is_wanted = true;
}

/* Signals that are pending; the file does not block. */
static void take_signals(int fd, struct member *member, struct end *end)
{
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof(info)) == sizeof(info))
		on_signal(member, end, (int)info.ssi_signo);
}

static void live(struct member *member)
{
	uint64_t all = ACTOR_ALL_SIGNALS;
	/* By the raw call: glibc keeps 32 and 33 for itself. */
	int fd = (int)must(syscall(SYS_signalfd4, -1, &all, sizeof(all),
				   SFD_NONBLOCK | SFD_CLOEXEC), "signalfd4");
	bool has_file = fcntl(LEFTOVERS_FILE, F_GETFD) >= 0;
	struct pollfd files[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = member->input ? STDIN_FILENO :
			member->stays || !has_file ? -1 : LEFTOVERS_FILE,
		  .events = POLLIN },
	};
	struct end end = { false, false };
	int storm_fd;

	begin(member);
	storm_fd = start_storm(member->storms);
	for (;;) {
		take_signals(fd, member, &end);
		reap(member);
		if (end.is_wanted && (!member->waits || child_count == 0))
			break;
		poll(files, 2, -1);
		if (files[1].revents != 0) {
			end.is_wanted = true;
			files[1].fd = -1;
			files[1].revents = 0;
		}
	}
	take_signals(fd, member, &end);
	if (member->cleans)
		say("%s is clean", member->name);
	say("%s ends", member->name);
	close(storm_fd);
	_exit(status);
}

int main(int argc, char **argv)
{
	struct member program;

	if (argc != 3)
		return ACTOR_FAILED;
	status = (int)number_of(argv[1]);
	set_mask(SIG_SETMASK, ACTOR_ALL_SIGNALS);
	set_handlers(on_nothing);
	read_tree(argv[2], &program);
	must(pipe2(ready_fds, O_CLOEXEC), "pipe2");
	open_pipes();
	live(&program);
}
