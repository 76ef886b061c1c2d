/*
 * pty.h - inits and shells at a terminal, for the tests of job control.
 *
 * A test opens a pseudo-terminal, starts a process on it as an engine, ssh or a
 * terminal window would (it leads a session and owns the terminal), and from
 * then on types and sees what appears. The terminal begins without echo and
 * without output processing, so that what a test types is never taken for what
 * a program says, and lines end in a plain newline; and with NOFLSH, or Ctrl-Z
 * would throw away what programs have just said.
 *
 * All that appears is kept. A mark divides it into what the test has waited for
 * and what comes after: pty_see() looks behind the mark only, and moves it. So
 * "the prompt" is always the next prompt.
 *
 * Follows pty(7), tty_ioctl(2), termios(3), credentials(7).
 */
#ifndef PTY_H
#define PTY_H

#include "e2e.h"

/* What is typed to signal the foreground group, and to end a file. */
#define PTY_CTRL_C "\003"
#define PTY_CTRL_D "\004"
#define PTY_CTRL_Z "\032"
#define PTY_CTRL_BACKSLASH "\034"

enum { PTY_PATH_SIZE = 64 };

struct pty {
	int master;			/* -1: hung up */
	int slave;			/* -1: only others have it open */
	char path[PTY_PATH_SIZE];	/* of the slave */
	bool is_owned;			/* it becomes a controlling terminal */
	unsigned int stdio;		/* bit n: it is file n, n = 0..2 */
	struct e2e *init;		/* who was started on it, or NULL */
	struct e2e_setup setup;
	struct e2e_text text;		/* all that has appeared */
	size_t mark;
	pid_t program;			/* of the last step "run" */
	const char *prompt;		/* of the shell that reads, or NULL */
	bool is_shell;			/* the init is that shell */
};

/*
 * A new terminal for an init in this mode; it goes when the test ends. It will
 * be owned and all three standard files, unless the test changes that, or
 * anything in the setup, before the start.
 */
struct pty *pty_open(enum e2e_mode mode);

/*
 * Starts the init (or a shell: setup.binary) on the terminal, by the setup of
 * the pty. It leads a session and owns the terminal, which is those of 0, 1 and
 * 2 that pty.stdio names and the setup gives no file. The test's own slave is
 * closed then.
 */
#define pty_start(pty, ...) \
	pty_take((pty), e2e_start(pty_setup(pty), __VA_ARGS__))

/* The same in steps: e2e_prepare() comes between the two. */
const struct e2e_setup *pty_setup(struct pty *pty);
struct e2e *pty_take(struct pty *pty, struct e2e *init);

/* Ends the init, closes the terminal and frees it: for tests that open many. */
void pty_close(struct pty *pty);

void pty_type(struct pty *pty, const char *text);
/* The terminal is gone for those on it, as when its window is closed. */
void pty_hang_up(struct pty *pty);
/* Other sizes than before signal WINCH. */
void pty_resize(struct pty *pty, unsigned short rows, unsigned short columns);

/* Waits until this text appears behind the mark; moves the mark behind it. */
#define pty_see(pty, text) pty_see_at(__FILE__, __LINE__, (pty), (text))
void pty_see_at(const char *file, int line, struct pty *pty, const char *text);
/* Waits for one of two; true if it is the first. */
#define pty_see_either(pty, text, other) \
	pty_see_either_at(__FILE__, __LINE__, (pty), (text), (other))
bool pty_see_either_at(const char *file, int line, struct pty *pty,
		       const char *text, const char *other);
/* The same for a text and the number that follows it in the line. */
#define pty_number(pty, text) pty_number_at(__FILE__, __LINE__, (pty), (text))
long long pty_number_at(const char *file, int line, struct pty *pty,
			const char *text);
/* How often the text has appeared by now, from the beginning. */
size_t pty_count(struct pty *pty, const char *text);
/* Whether it has by now, behind the mark. */
bool pty_shows(struct pty *pty, const char *text);

/*
 * Plays steps; a failure says at which it was.
 *
 *	^Z, ^C, ^\\, ^D	types that, and what may follow
 *	$ LINE		types the line
 *	type TEXT
 *	run LINE	types a line that runs a tty_reader, and waits for what
 *			it says at its start; it is "the program"
 *	see TEXT	waits until it appears behind the mark
 *	prompt		waits for the prompt, and until the shell, if it is the
 *			init, has the terminal
 *	fg		types that, and waits until the shell has not
 *	resumed		waits until a tty_reader is continued and has it
 *	works		the shell takes commands, and they have the terminal
 *	send NUMBER	sends the init a signal
 *	kill NUMBER	sends one to the program
 *	settle		IO has come to the program: foster has dealt with all
 *			that was sent before, and nothing lower is pending
 *	await N TEXT	waits until it has appeared N times
 *	count N TEXT	fails unless it has
 *	stopped, running, foreground	looks at the program
 *	waiting		waits until the program is stopped, and foster, which
 *			got one more signal for it, is done with that
 *	exit N		waits for the end of the init with that status
 *	leave		exits the shell
 *	quiet		foster has said nothing
 */
#define pty_play(pty, ...) \
	pty_play_steps((pty), (const char *const []){ __VA_ARGS__, NULL })
void pty_play_steps(struct pty *pty, const char *const *steps);

/* The foreground group, by its number for the test; 0 if there is none. */
pid_t pty_foreground(struct pty *pty);

/* The process group of a process; 0 if it is gone. */
pid_t pty_group(pid_t pid);
/* Waits until a process has a child, and returns the oldest. */
pid_t pty_child(struct pty *pty, pid_t pid);
/* How many of its children run this executable file. */
size_t pty_children_that_run(pid_t pid, const char *file);
/*
 * Waits until this init, which need not be that of the terminal, sleeps in its
 * wait for a signal: what came before is done with.
 */
void pty_wait_idle(struct pty *pty, pid_t pid);

/* Waits for a condition, and fails with all that has appeared. */
#define pty_until(pty, expression) do { \
	struct pty *pty_ = (pty); \
	long long pty_deadline_ms_ = e2e_deadline_ms(); \
	while (!(expression)) { \
		if (e2e_now_ms() > pty_deadline_ms_) \
			pty_fail(pty_, __FILE__, __LINE__, \
				 "never true: %s", #expression); \
		pty_look_again(pty_); \
	} \
} while (0)

#define pty_check(pty, expression) do { \
	if (!(expression)) \
		pty_fail((pty), __FILE__, __LINE__, "not true: %s", \
			 #expression); \
} while (0)

/* As e2e_check_exit(), for the init of the terminal. */
#define pty_check_exit(pty, status) do { \
	struct pty *pty_ = (pty); \
	int pty_want_ = (status), pty_got_ = pty_exit(pty_); \
	if (pty_got_ != pty_want_) \
		pty_fail(pty_, __FILE__, __LINE__, \
			 "exit status %d, expected %d", pty_got_, pty_want_); \
} while (0)

/* As e2e_exit(); what appears meanwhile is read. */
int pty_exit(struct pty *pty);
void pty_look_again(struct pty *pty);
/* Fails with all that has appeared and with all processes that there are. */
void pty_fail(struct pty *pty, const char *file, int line,
	      const char *format, ...)
	__attribute__((noreturn, format(printf, 4, 5)));

#endif
