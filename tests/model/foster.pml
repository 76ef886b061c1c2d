/*
 * foster.pml - foster's loop, the kernel under it and the processes around
 * it, for Spin: every order of events is tried. check.sh runs it; trace.h
 * ties it to the program.
 *
 * foster's steps are its system calls, in the order of src/tend.c; what it
 * decides between two calls (src/keeper.c) belongs to the call before. The
 * others may do anything at any moment that a process may do. Words that
 * begin with "ghost" are not foster's: only properties read them.
 *
 * Time is no number: half the grace, its end and the moment to look again may
 * come at any step once the ending has begun. What is left out: see check.sh.
 *
 * Set by -D:
 * SUBREAPER  foster is not process 1
 * GROUP      option -g
 * NO_PROC    there is no /proc
 * LINGER     option -a
 * N          process numbers besides foster's; 1 is the program's
 * STOPS      how often a process may be stopped (endless, they starve foster)
 * REUSE      numbers that are free are given to so many new processes
 * STRANGERS  processes that do not descend from foster come and go
 * SENDS      how many TERM foster may be sent
 * NO_LAST_END  after SIGKILL there is no end: all have to die
 * NO_END     the time is never over: what must happen without it
 * NO_LOOKS   nobody looks again but at half the grace
 * FAULT      the number of a seeded fault, see check.sh
 * TRACE      foster does only what a recorded trace says
 */
#ifndef N
#define N 3
#endif
#ifndef SENDS
#define SENDS 1
#endif
#ifndef FAULT
#define FAULT 0
#endif

#define FOSTER 0	/* as a parent */
#define OUTSIDE (N + 1)

#define FREE 0		/* nobody has the number */
#define RUNS 1
#define STOPPED 2
#define ZOMBIE 3

typedef process {
	unsigned life : 2;
	unsigned parent : 3;
	bit has_news;	/* stopped or continued, and not yet reported */
	bit has_term;	/* pending */
	bit has_kill;	/* or it has begun to die */
	bit in_group;	/* of the program */
	bit is_ours;	/* ghost: a descendant of foster */
	bit is_told;	/* ghost: foster has told it to end */
	bit had_term;	/* ghost: it had one with the program's group */
	bit is_due;	/* ghost: it must be told, or killed, now */
	bit is_marked	/* foster's bitmap of whom it told, by number */
};
process p[N + 1];

/* ---- what of foster the others see, or properties read ---- */

#define RUNNING 0	/* enum keeper_stage */
#define LINGERING 1
#define ENDED 2
#define ENDING 3
#define INSISTING 4
#define KILLING 5
#define DONE 6
unsigned stage : 3;
#define is_looking (stage >= ENDING && stage <= KILLING)

/* Signals that wait for foster: standard ones, so one of a kind. */
unsigned chld : 3;	/* who caused SIGCHLD first; 0: it is not pending */
bit term;
bit is_waiting;		/* in rt_sigtimedwait() */

/* Time. */
bit half_over;
bit grace_over;
bit look_due;

#define PROGRAM_LIVES 0
#define PROGRAM_DEAD 1
#define PROGRAM_REAPED 2
unsigned ghost_program : 2;
bit ghost_owed;		/* a TERM sent to foster that the program must get */
bit ghost_grace_over;
bit ghost_half_over;
bit ghost_shaken;	/* somebody got another parent during a look */
bit ghost_gone;		/* foster has exited */

/* ---- foster's own ---- */

unsigned whom : 3;	/* named by SIGCHLD */
unsigned i : 3;
unsigned listed : 5;	/* what a look has found, and not yet dealt with */
unsigned seen : 5;	/* whom the look has found so far */
unsigned kept : 2;	/* whose status: 1 the program's, 2 of another */
unsigned taken : 2;
bit has_reaped;
bit has_passed_on;
bit is_stopped;		/* the program, as far as is known */
bit owes_continue;
bit was_handed;		/* a TERM, to the program */
bit has_told;
bit spares_group;
bit is_settling;	/* what is done is followed by the wait */
#if defined(SUBREAPER) && !defined(NO_PROC)
byte chain[N];
unsigned depth : 3;
unsigned at : 3;
unsigned held : 3;	/* by a pidfd; 0: its process is gone */
#endif
#ifdef LINGER
#define AFTER_PROGRAM LINGERING
#else
#define AFTER_PROGRAM ENDED
#endif

#define CHILD(n) (p[n].life != FREE && p[n].parent == FOSTER)
#define ALIVE(n) (p[n].life == RUNS || p[n].life == STOPPED)
#define READY(n) (CHILD(n) && (p[n].life == ZOMBIE || p[n].has_news))
#define BIT(n) (1 << (n))
#if N == 2
#define EACH(what, with) what(1) with what(2)
#elif N == 3
#define EACH(what, with) what(1) with what(2) with what(3)
#else
#define EACH(what, with) what(1) with what(2) with what(3) with what(4)
#endif
#define CHILD_BIT(n) (CHILD(n) -> BIT(n) : 0)
#define THERE_BIT(n) (p[n].life != FREE -> BIT(n) : 0)
#define HAS_CHILD (EACH(CHILD, ||))
#define CHILDREN (EACH(CHILD_BIT, +))
#define EVERYBODY (EACH(THERE_BIT, +))
#define UP_TO_LAST(bits) ((bits) >= 16 -> 31 : ((bits) >= 8 -> 15 :	\
	((bits) >= 4 -> 7 : ((bits) >= 2 -> 3 : 0))))

/* ---- the trace, if there is one ---- */

#define T_WAIT_ANY 1	/* wait4(-1): a = pid; b = how it is */
#define T_WAIT_NAMED 2	/* wait4(a) */
#define   NOTHING 0
#define   DEAD 1
#define   HAS_STOPPED 2
#define   HAS_CONTINUED 3
#define   NO_CHILD 4
#define T_SIGNAL 3	/* rt_sigtimedwait: a = signal; b = who, of CHLD */
#define   TIMEOUT 0
#define   TERM 15
#define   CONT 18
#define   CHLD 17
#define   KILL 9
#define T_KILL 4	/* kill(a, b); a = 0: the group, 7: all */
#define   THE_GROUP 0
#define   ALL 7
#define T_LOOK 5	/* the list of children, read: a = who, bits */
#define T_LOOK_ALL 6	/* all of /proc */
#define T_PIDFD 7	/* pidfd_open(a): b = whether it is there */
#define T_PARENT 8	/* of a, read from /proc */
#define T_PIDFD_KILL 9	/* a, b */
#define T_GROUP 10	/* getpgid(a) */
#define T_PEEK 11	/* waitid without reaping: a = whom it shows */
#define T_EXIT 12	/* a = whose status: 1 the program's */
#define T_HALF 13	/* the clock says that half the grace is over */

#ifdef TRACE
c_decl {
\#include "trace.h"
}
short position;
bit is_refused;
bit fits;
byte slots;	/* the highest number that the trace tells of */
unsigned t_a : 5;	/* of the step that foster is about to take */
unsigned t_b : 5;
#define GUARD provided (!is_refused)
#define does(op, a, b)							\
	t_a = a;							\
	t_b = b;							\
	c_code { now.fits = trace_has(now.position, op, now.t_a, now.t_b); };	\
	if								\
	:: fits -> position++						\
	:: else ->							\
		is_refused = 1; (false)					\
	fi
#else
#define GUARD
#define does(op, a, b) skip
#endif

/* ---- the kernel ---- */

/* A standard signal that is pending already is not queued again. */
#if FAULT == 6
#define IS_LOST (!is_waiting)	/* as if it were not blocked */
#else
#define IS_LOST false
#endif
inline raise_chld(who)
{
	if
	:: chld == 0 && !IS_LOST -> chld = who
	:: else
	fi
}

inline set_free(n)
{
	p[n].life = FREE;
	p[n].parent = FOSTER;
	p[n].has_news = 0;
	p[n].in_group = 0;
	p[n].is_ours = 0;
	p[n].is_told = 0;
	p[n].had_term = 0;
	p[n].is_due = 0;
#if defined(SUBREAPER) && !defined(NO_PROC)
	if
	:: held == n -> held = 0
	:: else
	fi
#endif
}

/* Children go to foster; strangers' only where foster is process 1. */
inline adopt(n)
{
	if
	:: p[n].life == FREE || p[n].parent != me -> skip
	:: else ->
		ghost_shaken = 1;
#ifdef SUBREAPER
		if
		:: p[n].is_ours -> p[n].parent = FOSTER
		:: else -> p[n].parent = OUTSIDE
		fi;
#else
		p[n].parent = FOSTER;
		p[n].is_ours = 1;
#endif
		if
		:: p[n].life == ZOMBIE && p[n].parent == FOSTER ->
			raise_chld(n)
		:: p[n].life == ZOMBIE && p[n].parent == OUTSIDE ->
			set_free(n)
		:: else
		fi
	fi
}

#if N == 2
#define ADOPT_ALL adopt(1); adopt(2)
#elif N == 3
#define ADOPT_ALL adopt(1); adopt(2); adopt(3)
#else
#define ADOPT_ALL adopt(1); adopt(2); adopt(3); adopt(4)
#endif

inline die()
{
	p[me].life = ZOMBIE;
	p[me].has_news = 0;
	p[me].has_term = 0;
	p[me].has_kill = 0;
	p[me].is_due = 0;
	if
	:: me == 1 && ghost_program == PROGRAM_LIVES ->
		ghost_program = PROGRAM_DEAD;
		ghost_owed = 0
	:: else
	fi;
	ADOPT_ALL;
	if
	:: p[me].parent == FOSTER -> raise_chld(me)
	:: p[me].parent == OUTSIDE -> set_free(me)
	:: else
	fi
}

inline fork(n)
{
	p[n].life = RUNS;
	p[n].parent = me;
	p[n].is_ours = p[me].is_ours;
	p[n].in_group = p[me].in_group
}

inline go_on(n)
{
	if
	:: p[n].life == STOPPED ->
		p[n].life = RUNS;
		p[n].has_news = 1;
		if
		:: p[n].parent == FOSTER -> raise_chld(n)
		:: else
		fi
	:: else
	fi
}

#ifdef REUSE
#define MAY_GET(n) (births < REUSE && p[n].life == FREE)
byte births;
#else
/* Each number once: whoever had it has forked the next, if any. */
#ifdef TRACE
#define LAST slots
#else
#define LAST N
#endif
#define MAY_GET(n) (n == next && n <= LAST && p[n].life == FREE)
unsigned next : 3 = 2;
#endif

#ifdef STOPS
byte stops;
#endif

/* What becomes of the number `me`. foster's end is the end of the story. */
proctype Process(byte me) GUARD
{
	do
	/* It need not do anything. */
	:: d_step { !ghost_gone && p[me].life == RUNS && !p[me].has_term &&
			!p[me].has_kill -> skip }
	:: d_step { !ghost_gone && p[me].life == STOPPED && !p[me].has_kill ->
			skip }
	:: d_step { !ghost_gone && p[me].life == RUNS && !p[me].has_term &&
			!p[me].has_kill -> die() }
	:: d_step { !ghost_gone && ALIVE(me) && p[me].has_kill -> die() }

	/* Its handler ends it, or does not; to block it is the same. */
	:: d_step { !ghost_gone && p[me].life == RUNS && p[me].has_term &&
			!p[me].has_kill -> die() }
	:: d_step { !ghost_gone && p[me].life == RUNS && p[me].has_term &&
			!p[me].has_kill ->
		p[me].has_term = 0;
		if
		:: me == 1 && ghost_program == PROGRAM_LIVES -> ghost_owed = 0
		:: else
		fi }

#define FORKS(n)							\
	:: d_step { !ghost_gone && MAY_GET(n) && p[me].life == RUNS &&	\
			!p[me].has_term && !p[me].has_kill ->		\
		fork(n); TAKE_NUMBER }
#ifdef REUSE
#define TAKE_NUMBER births++
	FORKS(1)
#else
#define TAKE_NUMBER next++
#endif
	FORKS(2)
#if N > 2
	FORKS(3)
#endif
#if N > 3
	FORKS(4)
#endif

	/* It reaps a child of its own, or never does. */
#define REAPS(n)							\
	:: d_step { !ghost_gone && p[n].life == ZOMBIE && p[n].parent == me && \
			p[me].life == RUNS ->				\
		set_free(n) }
	REAPS(1)
	REAPS(2)
#if N > 2
	REAPS(3)
#endif
#if N > 3
	REAPS(4)
#endif

#if defined(GROUP) || defined(NO_PROC)
	/* setsid(2), setpgid(2); the leader of a group stays in it. */
	:: d_step { !ghost_gone && p[me].life == RUNS && p[me].in_group &&
			me != 1 && !p[me].has_term && !p[me].has_kill ->
		p[me].in_group = 0 }
#endif

#ifdef STOPS
	/* By SIGSTOP: what else is pending has a lower number, and is first. */
	:: d_step { !ghost_gone && p[me].life == RUNS && !p[me].has_term &&
			!p[me].has_kill && stops < STOPS ->
		stops++;
		p[me].life = STOPPED;
		p[me].has_news = 1;
		if
		:: p[me].parent == FOSTER -> raise_chld(me)
		:: else
		fi }
	:: d_step { !ghost_gone && p[me].life == STOPPED && !p[me].has_kill -> go_on(me) }
	/* On its way to death it has no news any more, and is no zombie yet. */
	:: d_step { !ghost_gone && p[me].life == RUNS && p[me].has_news &&
			!p[me].has_kill ->
		p[me].has_news = 0;
		p[me].has_kill = 1 }
#endif

#ifdef STRANGERS
	:: d_step { !ghost_gone && MAY_GET(me) && me != 1 ->
		TAKE_NUMBER;
		p[me].life = RUNS;
		p[me].parent = OUTSIDE }
#endif
	:: ghost_gone -> break
	od
}

/* ---- signals of foster's ---- */


/* Who enters a namespace from outside is told at half the grace at most. */
inline hit(n)
{
	if
	:: ALIVE(n) ->
#ifdef SUBREAPER
		assert(p[n].is_ours)
#else
		assert(p[n].is_ours || ghost_half_over)
#endif
	:: else
	fi
}

inline send_term(n)
{
	hit(n);
	if
	:: ALIVE(n) -> p[n].has_term = 1
	:: else
	fi
}

inline send_cont(n)
{
	hit(n);
	go_on(n)
}

inline send_kill(n)
{
	hit(n);
	assert(ghost_grace_over);	/* KILL is not for the living before */
	if
	:: ALIVE(n) ->
		p[n].has_kill = 1;
		p[n].has_news = 0;
		p[n].is_due = 0
	:: else
	fi
}

inline tell_term(n)
{
	send_term(n);
	if
	:: ALIVE(n) ->
		assert(ghost_program != PROGRAM_LIVES);
		assert(!p[n].is_told);		/* once */
		assert(!(p[n].had_term && p[n].in_group));
		p[n].is_told = 1;
		p[n].is_due = 0
	:: else
	fi
}

#if N == 2
#define FOR_ALL(what) what(1); what(2)
#elif N == 3
#define FOR_ALL(what) what(1); what(2); what(3)
#else
#define FOR_ALL(what) what(1); what(2); what(3); what(4)
#endif

inline group_term(n)
{
	if
	:: ALIVE(n) && p[n].in_group -> send_term(n); p[n].had_term = 1
	:: else
	fi
}

inline all_kill(n) { if :: p[n].life != FREE -> send_kill(n) :: else fi }
inline all_term(n) { if :: p[n].life != FREE -> send_term(n) :: else fi }
inline all_tell(n) { if :: p[n].life != FREE -> tell_term(n) :: else fi }
inline all_cont(n) { if :: p[n].life != FREE -> send_cont(n) :: else fi }
inline group_tell(n)
{
	if
	:: ALIVE(n) && p[n].in_group -> tell_term(n)
	:: else
	fi
}
inline group_cont(n)
{
	if
	:: ALIVE(n) && p[n].in_group -> send_cont(n)
	:: else
	fi
}

/* Whoever lives now, and to whom it was not done yet, must be told. */
inline must_be_told(n)
{
	p[n].is_due = (ALIVE(n) && p[n].is_ours && !p[n].is_told &&
		       !(spares_group && p[n].in_group))
}
inline must_be_killed(n)
{
	p[n].is_due = (ALIVE(n) && p[n].parent == FOSTER)
}
inline was_done(n) { assert(!p[n].is_due); p[n].is_due = 0 }
inline forget(n) { p[n].is_due = 0 }
inline nobody_is_left(n) { assert(p[n].life == FREE || !p[n].is_ours) }

#define TELL_CHILDREN 0	/* enum keeper_step */
#define TELL_ALL 1
#define SIGNAL_CHILDREN 2
unsigned step : 2;
unsigned signal : 5;

/* look() in src/keeper.c */
#define look(what)							\
	has_reaped = 0;							\
	look_due = 0;							\
	step = what;							\
	signal = TERM;							\
	if								\
	:: stage == KILLING -> step = SIGNAL_CHILDREN; signal = KILL	\
	:: else								\
	fi

/* ---- foster ---- */

#ifdef NO_PROC
#define IS_EXCUSED true
#define IS_BY_PIDFD false
#define open_pidfd next_one
#elif defined(SUBREAPER)
/* Who has just got another parent is not surely a descendant. */
#define IS_EXCUSED ghost_shaken
#define IS_BY_PIDFD (step == TELL_ALL)
#else
#define IS_EXCUSED false
#define IS_BY_PIDFD false
#define open_pidfd next_one
#endif
#if FAULT == 4
#define TERM_IS_FIRST (term && chld == 0)
#else
#define TERM_IS_FIRST term
#endif
#if FAULT == 5
#define WAS_MARKED false
#else
#define WAS_MARKED p[i].is_marked
#endif


proctype Foster() GUARD
{
reap:
	/* wait4(2), src/tend.c, reap_all() */
	atomic {
		is_settling = 0;
		if
		:: stage == DONE -> goto leave
		:: else
		fi
	};
#if defined(SUBREAPER) && defined(NO_PROC)
	/* look_and_reap(): the dead program still holds its group's number. */
	atomic {
		if
		:: stage == RUNNING && READY(1) -> i = 1
		:: stage == RUNNING && READY(2) -> i = 2
#if N > 2
		:: stage == RUNNING && READY(3) -> i = 3
#endif
#if N > 3
		:: stage == RUNNING && READY(4) -> i = 4
#endif
		:: stage == RUNNING && !(EACH(READY, ||)) ->
			does(T_PEEK, 0, NOTHING);
			if
			:: whom == 0 -> goto settled
			:: else -> whom = 0; goto reap
			fi
		:: stage != RUNNING -> goto asks
		fi;
		does(T_PEEK, i, NOTHING);
		whom = i;
		if
		:: i == 1 && p[1].life == ZOMBIE -> goto tell_group
		:: else -> goto asks
		fi
	};
tell_group:
	atomic {
		if
#ifdef GROUP
		:: was_handed -> skip
		:: !was_handed ->
#else
		:: true ->
#endif
			does(T_KILL, THE_GROUP, TERM);
			FOR_ALL(group_tell)
		fi
	};
	atomic {
		does(T_KILL, THE_GROUP, CONT);
		FOR_ALL(group_cont)
	};
#endif
asks:
	atomic {
		i = 0;
		if
		:: whom != 0 && READY(whom) -> i = whom
		:: whom != 0 && !READY(whom) ->
			does(T_WAIT_NAMED, whom, NOTHING);
			whom = 0;
			goto reap
		:: whom == 0 && READY(1) -> i = 1
		:: whom == 0 && READY(2) -> i = 2
#if N > 2
		:: whom == 0 && READY(3) -> i = 3
#endif
#if N > 3
		:: whom == 0 && READY(4) -> i = 4
#endif
		:: whom == 0 && HAS_CHILD && !(EACH(READY, ||)) ->
			does(T_WAIT_ANY, 0, NOTHING);
			goto settled
		:: whom == 0 && !(HAS_CHILD) ->
			does(T_WAIT_ANY, 0, NO_CHILD);
			assert(stage != RUNNING);
			stage = DONE;
			goto leave
		fi;

		/* take() */
		if
		:: p[i].life == ZOMBIE ->
			if
			:: whom != 0 -> does(T_WAIT_NAMED, i, DEAD)
			:: else -> does(T_WAIT_ANY, i, DEAD)
			fi;
			taken = 2;
			if
			:: i == 1 && ghost_program == PROGRAM_DEAD ->
				ghost_program = PROGRAM_REAPED;
				taken = 1
			:: else
			fi;
			set_free(i);
			if
			:: i == 1 && stage == RUNNING ->
				kept = taken;
				owes_continue = 0;
				is_stopped = 0;
#if FAULT == 8
				stage = DONE
#else
				stage = AFTER_PROGRAM
#endif
			:: else ->
#if FAULT == 1
				kept = taken;
#endif
#if FAULT != 10
				p[i].is_marked = 0;
#endif
				has_reaped = 1
			fi
		:: else ->
			if
			:: p[i].life == STOPPED && whom != 0 ->
				does(T_WAIT_NAMED, i, HAS_STOPPED)
			:: p[i].life == STOPPED && whom == 0 ->
				does(T_WAIT_ANY, i, HAS_STOPPED)
			:: p[i].life == RUNS && whom != 0 ->
				does(T_WAIT_NAMED, i, HAS_CONTINUED)
			:: p[i].life == RUNS && whom == 0 ->
				does(T_WAIT_ANY, i, HAS_CONTINUED)
			fi;
			p[i].has_news = 0;
			if
			:: i == 1 && stage == RUNNING ->
				is_stopped = (p[i].life == STOPPED)
			:: else
			fi
		fi;
		taken = 0;
		whom = 0;
		i = 0;
#if FAULT == 2
		if
		:: stage == DONE -> goto leave
		:: else -> goto settled
		fi
#else
		goto reap
#endif
	};

settled:
	/* on_settled() */
	atomic {
		i = 0;
		is_settling = 1;
		if
		:: stage == ENDED ->
			stage = ENDING;
			look(TELL_CHILDREN);
			goto act
		:: owes_continue ->
			owes_continue = 0;
			if
			:: is_stopped -> goto continue_program
			:: else -> goto wait
			fi
		:: is_looking && has_reaped && !owes_continue -> goto looks_now
		:: !owes_continue && stage != ENDED &&
				!(is_looking && has_reaped) ->
			goto wait
		fi
	};

continue_program:
	atomic {
#if FAULT != 12
		does(T_KILL, 1, CONT);
		send_cont(1);
#endif
		goto wait
	};

looks_now:
	/* Only if the last look was a little while ago. */
	atomic {
		if
		:: look(TELL_CHILDREN); goto act
		:: goto wait
		fi
	};

wait:
	/* wait_once(): the clock; what is due is not waited for */
	atomic {
		is_settling = 0;
		if
		:: is_looking && grace_over -> goto end_grace
		:: is_looking && !grace_over && half_over ->
			half_over = 0;
#ifndef NO_PROC
			does(T_HALF, 0, NOTHING);
#endif
#if FAULT == 7
			stage = KILLING;
#else
			stage = INSISTING;
#endif
			FOR_ALL(must_be_told);
			ghost_shaken = 0;
#if FAULT == 9
			look(TELL_CHILDREN);
#else
			look(TELL_ALL);
#endif
			goto act
		:: is_looking && !grace_over && !half_over && look_due ->
#if FAULT == 13
			look_due = 0;
			goto reap
#elif FAULT == 16
			look_due = 0;
			if
			:: stage == KILLING -> goto reap
			:: else -> look(TELL_CHILDREN); goto act
			fi
#else
			look(TELL_CHILDREN);
			goto act
#endif
		:: !(is_looking && (grace_over || half_over || look_due)) ->
			is_waiting = 1
		fi
	};

	/* rt_sigtimedwait(2) */
	atomic {
		/* The lowest number first: next_signal(), kernel/signal.c */
		if
		:: chld != 0 && !TERM_IS_FIRST ->
			whom = chld;
			chld = 0;
			term = 0;
			is_waiting = 0;
			does(T_SIGNAL, CHLD, whom);
			goto reap
		:: TERM_IS_FIRST ->
			term = 0;
			is_waiting = 0;
			does(T_SIGNAL, TERM, NOTHING)
		:: chld == 0 && !term && is_looking &&
				(grace_over || half_over || look_due) ->
			is_waiting = 0;
			does(T_SIGNAL, TIMEOUT, NOTHING);
			goto reap
		fi;

		/* on_signal() */
		if
		:: stage == RUNNING -> goto hand_over
#if FAULT == 14
		:: is_looking -> goto hand_over
#endif
		:: stage == LINGERING ->
			stage = ENDING;
			look(TELL_CHILDREN);
			goto act
		:: stage == KILLING -> goto reap
		:: stage == ENDING || stage == INSISTING ->
			if
			:: has_passed_on ->
				ghost_grace_over = 1;
				goto end_grace
			:: else ->
				has_passed_on = 1;
				step = SIGNAL_CHILDREN;
				signal = TERM;
				goto act
			fi
		fi
	};

hand_over:
	atomic {
#ifdef GROUP
		does(T_KILL, THE_GROUP, TERM);
		FOR_ALL(group_term);
#else
		does(T_KILL, 1, TERM);
		send_term(1);
#endif
		was_handed = 1;
#if FAULT == 12
		/* Only if it is known now, before the news are read. */
		if
		:: is_stopped -> send_cont(1)
		:: else
		fi;
#else
		owes_continue = 1;
#endif
		goto reap
	};

end_grace:
	atomic {
#ifdef SUBREAPER
		FOR_ALL(must_be_killed);
		if
		:: stage != KILLING ->
#if FAULT == 3
			stage = DONE; goto report
#else
			stage = KILLING;
			half_over = 0;
			grace_over = 0;
			look(SIGNAL_CHILDREN);
			goto act
#endif
		:: else -> FOR_ALL(forget)
		fi;
#endif
		stage = DONE;
		goto report
	};

act:
#ifdef NO_PROC
	/* act_without_proc(): all or none */
#ifndef SUBREAPER
	atomic {
		if
		:: step != SIGNAL_CHILDREN && has_told -> goto acted
		:: step != SIGNAL_CHILDREN && !has_told ->
			does(T_KILL, ALL, TERM);
			FOR_ALL(all_tell)
		:: step == SIGNAL_CHILDREN && signal == TERM ->
			does(T_KILL, ALL, TERM);
			FOR_ALL(all_term);
			goto acted
		fi
	};
	atomic {
		does(T_KILL, ALL, CONT);
		FOR_ALL(all_cont)
	};
#endif
	goto acted;
#endif
	/* leftovers_act(): the look */
	atomic {
		if
		:: !has_told && step != SIGNAL_CHILDREN ->
#ifdef GROUP
			spares_group = was_handed;
#endif
			skip
		:: else
		fi;
		if
		:: step == TELL_ALL ->
			listed = EVERYBODY;
			seen = UP_TO_LAST(listed);
			does(T_LOOK_ALL, 0, NOTHING)
		:: else ->
			listed = CHILDREN;
			seen = listed;
			does(T_LOOK, listed, NOTHING)
		fi
	};
next_one:
	atomic {
		if
		:: listed & BIT(1) -> i = 1
		:: listed & BIT(2) -> i = 2
#if N > 2
		:: listed & BIT(3) -> i = 3
#endif
#if N > 3
		:: listed & BIT(4) -> i = 4
#endif
		:: listed == 0 -> goto more
		fi;
		listed = listed & (31 - BIT(i));
		if
		:: step == SIGNAL_CHILDREN -> goto just_signal
		:: IS_BY_PIDFD -> goto open_pidfd
		:: !IS_BY_PIDFD && step != SIGNAL_CHILDREN && WAS_MARKED ->
			i = 0;
			goto next_one
		:: !IS_BY_PIDFD && step != SIGNAL_CHILDREN && !WAS_MARKED ->
			p[i].is_marked = 1
		fi
	};
#ifdef GROUP
	if
	:: spares_group ->
		atomic {
			does(T_GROUP, i, NOTHING);
			if
			:: p[i].life != FREE && p[i].in_group ->
				p[i].is_told = 1;
				p[i].is_due = 0;
				goto tell_cont
			:: else
			fi
		}
	:: else
	fi;
#endif
	atomic { does(T_KILL, i, TERM); tell_term(i) };
tell_cont:
	atomic { does(T_KILL, i, CONT); send_cont(i); i = 0; goto next_one };

just_signal:
	atomic {
		if
		:: signal == TERM ->
			does(T_KILL, i, TERM); send_term(i)
		:: else ->
			does(T_KILL, i, KILL); send_kill(i)
		fi;
		i = 0;
		goto next_one
	};

#if defined(SUBREAPER) && !defined(NO_PROC)
open_pidfd:
	/* tell_descendant(): first the process is held, then it is asked. */
	atomic {
		if
		:: p[i].life == FREE ->
			does(T_PIDFD, i, NOTHING);
			i = 0;
			goto next_one
		:: else ->
			does(T_PIDFD, i, DEAD);
			held = i;
			at = i
		fi
	};
up:
	/* proc_descends(), src/proc.c */
	atomic {
		if
		:: at == FOSTER -> goto down
		:: at == OUTSIDE || (at != FOSTER && depth == N) -> goto closes
		:: else
		fi
	};
	atomic {
		does(T_PARENT, at, NOTHING);
		chain[depth] = at;
		depth++;
		at = (p[at].life == FREE -> OUTSIDE : p[at].parent);
		goto up
	};
down:
#if FAULT == 11
	depth = 0;
#endif
	atomic {
		if
		:: depth == 0 -> goto tell_held
		:: else ->
			depth--;
			does(T_PARENT, chain[depth], NOTHING);
			if
			:: p[chain[depth]].life == FREE ||
					p[chain[depth]].parent != at ->
				goto closes
			:: else ->
				at = chain[depth];
				chain[depth] = 0;
				goto down
			fi
		fi
	};
tell_held:
	atomic {
		if
		:: p[i].is_marked -> goto closes
		:: else -> p[i].is_marked = 1
		fi
	};
#ifdef GROUP
	if
	:: spares_group ->
		atomic {
			does(T_GROUP, i, NOTHING);
			if
			:: p[i].life != FREE && p[i].in_group ->
				p[i].is_told = 1;
				p[i].is_due = 0;
				goto held_cont
			:: else
			fi
		}
	:: else
	fi;
#endif
	atomic {
		does(T_PIDFD_KILL, i, TERM);
		if
		:: held != 0 || FAULT == 15 -> tell_term(i)
		:: else
		fi
	};
held_cont:
	atomic {
		does(T_PIDFD_KILL, i, CONT);
		if
		:: held != 0 -> send_cont(i)
		:: else
		fi
	};
closes:
	atomic {
		held = 0;
		at = 0;
		depth = 0;
		chain[0] = 0;
		chain[1] = 0;
#if N > 2
		chain[2] = 0;
#endif
#if N > 3
		chain[3] = 0;
#endif
		i = 0;
		goto next_one
	};
#endif

more:
	/*
	 * It reads until nothing comes any more: children that have come
	 * meanwhile stand behind the others, and in /proc whoever has a
	 * higher number.
	 */
	atomic {
		if
		:: seen == 0 -> goto acted
		:: seen != 0 && step == TELL_ALL ->
			listed = EVERYBODY & (31 - seen);
			seen = seen | UP_TO_LAST(listed)
		:: seen != 0 && step != TELL_ALL ->
			listed = CHILDREN & (31 - seen);
			seen = seen | listed;
			if
			:: listed != 0 -> does(T_LOOK, listed, NOTHING)
			:: else
			fi
		fi;
		if
		:: listed == 0 -> seen = 0; goto acted
		:: else -> goto next_one
		fi
	};

acted:
	atomic {
		has_told = has_told | (step != SIGNAL_CHILDREN);
		if
		:: stage == INSISTING ->
			if
			:: IS_EXCUSED -> FOR_ALL(forget)
			:: else -> FOR_ALL(was_done)
			fi
		:: else
		fi;
		step = 0;
		signal = 0;
		if
		:: is_settling -> goto wait
		:: else -> goto reap
		fi
	};

report:
	/* Says who is left: process 1 looks at all, others at their children. */
	atomic {
#ifdef NO_PROC
		FOR_ALL(forget);
#else
#ifdef SUBREAPER
		listed = CHILDREN;
		does(T_LOOK, listed, NOTHING);
		FOR_ALL(was_done);
#else
		listed = EVERYBODY;
		does(T_LOOK_ALL, 0, NOTHING);
#endif
#endif
		listed = 0;
		assert(ghost_grace_over);
		goto exits
	};

leave:
	/* Nobody has to be left for it: all were reaped. */
	atomic {
		FOR_ALL(nobody_is_left)
	};
exits:
	atomic {
		does(T_EXIT, kept, NOTHING);
		assert(ghost_program == PROGRAM_REAPED);
		assert(kept == 1);
		ghost_gone = 1
	}
#ifdef TRACE
	;
	c_code { now.fits = trace_is_over(now.position); };
	if
	:: fits -> assert(false)
	:: else
	fi
#endif
}

/* ---- time, and who sends signals ---- */

#ifdef NO_LAST_END
#define HAS_END (stage == ENDING || stage == INSISTING)
#else
#define HAS_END is_looking
#endif

proctype Clock() GUARD
{
	do
	:: atomic { stage == ENDING && !half_over && !grace_over ->
		half_over = 1;
		ghost_half_over = 1 }
#ifndef NO_END
	:: atomic { HAS_END && !grace_over && (half_over || stage != ENDING) ->
		grace_over = 1;
		ghost_grace_over = 1 }
#endif
	:: ghost_gone -> break
	od
}

proctype Look_clock() GUARD
{
	do
	:: atomic { is_looking && !look_due -> look_due = 1 }
	:: ghost_gone -> break
	od
}

proctype Sender() GUARD
{
	byte sent;

	do
	:: atomic { !ghost_gone && sent < SENDS ->
		sent++;
		term = 1;
		ghost_owed = (ghost_program == PROGRAM_LIVES) }
	:: ghost_gone || sent == SENDS -> break
	od
}

init
{
#ifdef TRACE
	c_code { now.slots = trace_slots(); };
#endif
	atomic {
		p[1].life = RUNS;
		p[1].parent = FOSTER;
		p[1].in_group = 1;
		p[1].is_ours = 1;
		run Process(1);
		run Process(2);
#if N > 2
		run Process(3);
#endif
#if N > 3
		run Process(4);
#endif
		run Clock();
#ifndef NO_LOOKS
		run Look_clock();
#endif
#if SENDS > 0
		run Sender();
#endif
		run Foster()	/* the last: whose steps are tried first */
	}
}

#ifdef LIVE
ltl exits { [] (ghost_program != PROGRAM_LIVES -> <> ghost_gone) }
ltl reaches { [] (ghost_owed -> <> !ghost_owed) }
#define untold (p[N].life == RUNS && p[N].parent == FOSTER && is_looking && \
	!p[N].is_told)
ltl told { [] (untold -> <> !untold) }
#endif
