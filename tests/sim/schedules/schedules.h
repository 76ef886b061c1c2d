/*
 * schedules.h - all small schedules of foster on the simulated kernel: not a
 * sample, but every order of a bounded number of events, each at every point
 * at which it can make a difference.
 *
 *   main.c      which worlds and bounds, what is printed, replaying
 *   search.c    depth first over all choices, with states that were seen
 *   memory.c    saving and restoring everything, foster's stack included
 *   state.c     one number for the whole state
 *   alike.c     one number for all states that behave alike
 *   events.c    what can happen, where it matters, and making it happen
 *   contract.c  what must hold (foster(1)), after every call
 *
 * All variables of the program are saved and restored with the simulated
 * kernel; what must outlive that lies behind `search`, in memory of its own.
 */
#ifndef SCHEDULES_H
#define SCHEDULES_H

#include "../sim_kernel.h"
#include "loop.h"

enum {
	PIDS_MAX = 64,
	FAMILY_MAX = 4, /* with the program, without foster */
	GRACE_MS = 160,
	KILL_AFTER_MS = 40,
	QUANTUM_MS = 20, /* all that is due is a multiple of it apart */
	OWN_STATUS = 3,	 /* what the program exits with */
};

/* ---- worlds ---- */

struct world {
	bool is_process_1; /* else a child of a shell, and subreaper */
	bool group, waits_for_all, kills, no_grace, remaps;
	bool is_full; /* events before each call, also where it is all one */
	bool numbers_return; /* the process id freed last is the next one */
	bool leaves_group;   /* all but the program are daemons: setsid(2) */
	bool ignores_end;    /* all but the program ignore TERM */
	bool no_proc;	     /* there is no /proc */
	bool is_strict;	     /* where the contract leaves room: contract.c */
	bool has_reader; /* the last of the family reads a pipe */
	bool has_guest; /* one of the family came from outside: docker exec */
	bool merges;	/* states that behave alike count as one: alike.c */
	bool decides_late; /* -a and -t 0: all, as soon as they count */
	bool compares;	   /* they do not, and whether they do is checked */
	/* parents[i] is the parent of process i + 1; 0 is the program. */
	char parents[FAMILY_MAX];
	int events; /* at most, and how many of them while foster runs */
	int inner;
	char alphabet[16]; /* the events, by letter; empty: all */
};

extern struct world world;
extern struct sim_process *foster;
extern int program;

/* ---- events.c ---- */

enum move_kind {
	MOVE_CALL,    /* foster makes its next call */
	MOVE_ACTOR,   /* a process acts on a signal */
	MOVE_TIME,    /* all sleep until the next timer */
	MOVE_RESUME,  /* the shell types fg: foster is continued */
	MOVE_OPTIONS, /* the next call, with -a and -t 0 or without */
	MOVE_FREE,    /* no more than that are not counted */
	MOVE_END,     /* a process ends: exit, or KILL where it is stopped */
	MOVE_FORK,
	MOVE_STOP,     /* SIGSTOP */
	MOVE_SUSPEND,  /* SIGTSTP, to the program only */
	MOVE_IGNORE,   /* it ignores TERM from now on */
	MOVE_REAP,     /* it reaps a dead child of its own */
	MOVE_SIGNAL,   /* to foster, by a user */
	MOVE_QUEUE,    /* a real-time one with a value, to foster */
	MOVE_LATE,     /* foster is slow: 20 ms pass before its next call */
	MOVE_STRANGER, /* somebody outside of the family forks */
};

struct move {
	uint8_t kind, number; /* pid or signal */
};

enum { MOVES_MAX = 48 };

/* All that can happen here; 0: nothing that matters but the next call. */
int events_list(const struct sim_choice *choice, struct move *moves);
/* How many may still come: in all, and while foster runs. */
int events_remaining(void);
int events_remaining_inner(void);
/* The number in `choice` that makes the move happen. */
unsigned events_take(const struct sim_choice *choice, struct move move);
/* What sim_any_time() makes happen. */
void events_happen(int unused, int unused_too);
void events_put(char *text, struct move move);
/* The next one of a schedule; false at its end. */
bool events_next(const char **text, struct move *move);
void events_begin(void);
/* A number that was freed may come again. */
void events_fact(const struct sim_fact *fact);
/* foster has the options of the world, if they are decided late. */
void events_give_options(struct init *init);
bool events_is_main_wait(const struct sim_call *call);
/* The family as the world has it, below the program that has been executed. */
void events_found_family(void);

/* ---- contract.c ---- */

void contract_begin(void);
void contract_fact(const struct sim_fact *fact);
void contract_called(const struct sim_call *call);
/* foster sleeps in its wait. */
void contract_waits(void);
/* It is about to: what it did since its last wait had reasons enough. */
void contract_passed(void);
void contract_ended(void);
void contract_tell(void (*take)(const void *bytes, size_t size));
/* The same, less what nothing asks for any more, for alike.c. */
void contract_tell_alike(void (*take)(const void *bytes, size_t size),
			 bool is_waiting);
unsigned contract_seen_alike(const struct sim_process *process);
struct pass_calls;
/* The most calls that foster made from one wait to the next, by their reason.
 */
void contract_print_calls(const struct pass_calls *passes);
/* Whether events may happen yet: foster has blocked its signals. */
bool contract_has_begun(void);
bool contract_reads_itself(void);
extern struct init *contract_init;

/* ---- state.c ---- */

uint64_t state_number(const struct sim_choice *choice);

/* ---- alike.c ---- */

/* One number for all states that behave alike, where foster waits. */
uint64_t alike_number(const struct sim_choice *choice);
/* One for all ends that are alike. */
uint64_t alike_end(void);
/* What has led to a state, its rank (0: all depends on it), and from where. */
struct alike_from {
	struct move move;
	uint64_t rank;
	struct alike_family {
		int living;
		bool has_stopped;
	} family;
};
/* Leaves out moves that others make up for; tells the ranks of the rest. */
int alike_moves(const struct alike_from *from, struct alike_family *now,
		struct move *moves, uint64_t *ranks, int count);
uint64_t alike_mix(uint64_t one, uint64_t other);

/* ---- memory.c ---- */

void memory_begin(void);
size_t memory_save(char **room, size_t *size);
void memory_restore(const char *from);
/* What is dead on foster's stack is cleared, so that it makes no difference. */
void memory_clear_dead(void);
/* Not saved and not restored. */
void *memory_lasting(size_t size);
/* The same for all that are forked from now on. */
void *memory_shared(size_t size);
void memory_return(void *at, size_t size);

/* ---- search.c ---- */

struct pass_calls {
	unsigned most, passes;
};

enum {
	PASS_REAPED,
	PASS_SIGNAL,
	PASS_END_SIGNAL,
	PASS_USER_CHILD,
	PASS_STOPPED,
	PASS_CONTINUED,
	PASS_PROGRAM_END,
	PASS_LOOK,
	PASS_HALF,
	PASS_DEADLINE,
	PASS_DROPPED,
	PASS_START,
	PASS_OTHER,
	PASS_KINDS,
};

struct search {
	unsigned long states, edges, merged, ends, asleep, again;
	unsigned long calls; /* made by foster, in all */
	unsigned deepest;    /* choices one after the other */
	char failure[512];
	const char *schedule; /* of the failure */
	struct pass_calls passes[PASS_KINDS];
	uint64_t states_limit;
	/*
	 * Since a world was compared: all states that were met and that alike.c
	 * can tell apart, with the most events that were left there; those
	 * behind the program's end; and all ends.
	 */
	struct seen_sum {
		unsigned long count;
		uint64_t sum;
	} kinds, ended, outcomes;
};

extern struct search *search;

/*
 * Everything in this world; false: a violation. `goes_on`: but for what was
 * seen in the one before it, for worlds that merge.
 */
bool search_all(bool goes_on);
/* One schedule, with all that happens; true: without violation. */
bool search_replay(const char *schedule);

#endif
