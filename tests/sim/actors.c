/*
 * actors.c - scripted processes: what sim.h's steps do. An actor does one
 * step at a time, or takes one signal, when the scheduler lets it.
 */
#include "sim_kernel.h"

const struct sim_script sim_sleeper = {
	"sleeper",
	.steps = SIM_STEPS(SIM_PAUSE),
};

const struct sim_script sim_reaper = {
	"reaper",
	.steps = SIM_STEPS(SIM_REAP_FOR_EVER),
};

static struct sim_frame *top(const struct sim_process *self)
{
	return (struct sim_frame *)&self->frames[self->depth - 1];
}

static void call(struct sim_process *self, const struct sim_step *steps,
		 int signal)
{
	if (self->depth == SIM_FRAMES_MAX)
		sim_fail("%s: too many handlers at once", self->name);
	self->frames[self->depth++] = (struct sim_frame){
		.steps = steps,
		.signal = signal,
		.wake_ns = SIM_NEVER,
	};
}

/* What is done about `signal`: steps, SIM_IGNORED, or NULL for the default. */
static void react(struct sim_process *self, int signal,
		  const struct sim_step *steps)
{
	int i = 0;

	self->ignored &= ~BIT(signal);
	self->caught &= ~BIT(signal);
	if (steps == SIM_IGNORED) {
		self->ignored |= BIT(signal);
		signal_flush(self, BIT(signal));
	}
	if (steps == SIM_IGNORED || steps == NULL)
		return;
	self->caught |= BIT(signal);
	while (i < self->reaction_count && self->reactions[i].signal != signal)
		i++;
	if (i == SIM_CAUGHT_MAX)
		sim_fail("%s: catches too many signals", self->name);
	self->reactions[i].signal = signal;
	self->reactions[i].steps = steps;
	if (i == self->reaction_count)
		self->reaction_count++;
}

void actor_begin(struct sim_process *self, const struct sim_script *script)
{
	const struct sim_reaction *on = script->on;

	self->script = script;
	self->name = script->name;
	self->caught = 0;
	self->reaction_count = 0;
	self->depth = 0;
	self->reaps_no_children = self->hears_no_stops = false;
	for (; on != NULL && on->signal != 0; on++)
		react(self, on->signal, on->steps);
	if (script->input != 0)
		sim_set_pipe(self, 0, script->input);
	if (script->output != 0)
		sim_set_pipe(self, 1, script->output);
	if (script->errors != 0)
		sim_set_pipe(self, 2, script->errors);
	call(self, script->steps, 0);
	wake(self);
}

static const struct sim_step *steps_for(const struct sim_process *self,
					int signal)
{
	for (int i = 0; i < self->reaction_count; i++)
		if (self->reactions[i].signal == signal)
			return self->reactions[i].steps;
	sim_fail("%s: no steps for signal %d", self->name, signal);
}

/* ---- whether it can go on ---- */

static bool step_can_run(const struct sim_process *self)
{
	const struct sim_frame *frame = top(self);

	switch (frame->steps[frame->at].kind) {
	case SIM_STEP_PAUSE:
		return false;
	case SIM_STEP_SLEEP:
		return frame->wake_ns == SIM_NEVER ||
		       frame->wake_ns <= sim.now_ns;
	case SIM_STEP_WAIT:
	case SIM_STEP_WAIT_ALL:
		return self->children == NULL ||
		       process_has_dead_child((struct sim_process *)self);
	case SIM_STEP_REAP_FOR_EVER:
		return process_has_dead_child((struct sim_process *)self);
	case SIM_STEP_READ_PIPE:
		return !pipe_has_writer(self->pipes[0]);
	default:
		return true;
	}
}

bool actor_can_step(const struct sim_process *self)
{
	if (self->state == SIM_ZOMBIE || self->state == SIM_STOPPED)
		return false;
	return self->owes_continued || self->injected != 0 ||
	       (signal_pending(self) & ~self->blocked) != 0 ||
	       step_can_run(self);
}

uint64_t actor_wake_ns(const struct sim_process *self)
{
	return top(self)->wake_ns;
}

/* ---- signals ---- */

static void act_on(struct sim_process *self, int signal, int from)
{
	fact(SIM_TAKEN, self, from, signal);
	if ((self->caught & BIT(signal)) != 0) {
		self->blocked |= BIT(signal);
		call(self, steps_for(self, signal), signal);
		return;
	}
	switch (signal_default(self, signal)) {
	case ACTION_NONE:
		break;
	case ACTION_STOP:
		signal_stops(self, signal);
		break;
	case ACTION_DIE:
		process_exit(self, signal);
		break;
	}
}

static void take_signal(struct sim_process *self)
{
	struct info info;
	int signal = signal_take(self, ~self->blocked, &info);

	if (self->is_traced && signal != SIGKILL)
		signal_traps(self, signal);
	else
		act_on(self, signal, info.pid);
}

static void take_injected(struct sim_process *self)
{
	int signal = self->injected;

	self->injected = 0;
	act_on(self, signal, self->parent != NULL ? self->parent->pid : 0);
}

/* ---- steps ---- */

static void run_fork(struct sim_process *self, const struct sim_script *script)
{
	struct sim_process *child = process_create(self, script->name);

	if (child != NULL)
		actor_begin(child, script);
}

static void run_exec(struct sim_process *self, const struct sim_script *script)
{
	self->has_executed = true;
	actor_begin(self, script);
	fact(SIM_EXECUTED, self, 0, 0);
	if (self->is_traced)
		do_kill(self, self->pid, SIGTRAP, SI_USER);
}

/* One dead child; false: there is none. */
static bool reap(struct sim_process *self)
{
	struct info info;
	int status;

	return do_wait(self, P_ALL, 0, WEXITED, &status, &info) > 0;
}

static void sleep_for(struct sim_process *self, int ms)
{
	struct sim_frame *frame = top(self);

	if (frame->wake_ns == SIM_NEVER) {
		frame->wake_ns = sim.now_ns + (uint64_t)ms * 1000000;
		timer_set(self, frame->wake_ns);
		return;
	}
	frame->wake_ns = SIM_NEVER;
	frame->at++;
}

static void end_of_steps(struct sim_process *self)
{
	if (self->depth == 1) {
		process_exit(self, 0);
		return;
	}
	self->blocked &= ~BIT(top(self)->signal);
	self->depth--;
	timer_set(self, top(self)->wake_ns);
}

static void signal_children(struct sim_process *self, int signal)
{
	struct sim_process *child = self->children, *next;

	for (; child != NULL; child = next) {
		next = child->younger;
		do_kill(self, child->pid, signal, SI_USER);
	}
}

static void lead_group(struct sim_process *self)
{
	do_setpgid(self, 0, 0);
}

static void wait_step(struct sim_process *self, enum sim_step_kind kind)
{
	bool has_reaped = false;

	while (reap(self)) {
		has_reaped = true;
		if (kind == SIM_STEP_WAIT)
			break;
	}
	if (kind == SIM_STEP_WAIT
		    ? has_reaped || self->children == NULL
		    : kind == SIM_STEP_WAIT_ALL && self->children == NULL)
		top(self)->at++;
}

static void die(struct sim_process *self, int value)
{
	fact(SIM_TAKEN, self, self->pid, value & 0x7f);
	process_exit(self, value);
}

static void run_step(struct sim_process *self, const struct sim_step *step)
{
	struct sim_frame *frame = top(self);

	/* Those that may last, or that have no next step. */
	switch (step->kind) {
	case SIM_STEP_END:
		end_of_steps(self);
		return;
	case SIM_STEP_EXIT:
		process_exit(self, (step->value & 0xff) << 8);
		return;
	case SIM_STEP_DIE:
		die(self, step->value);
		return;
	case SIM_STEP_EXEC:
		run_exec(self, step->what);
		return;
	case SIM_STEP_SLEEP:
		sleep_for(self, step->value);
		return;
	case SIM_STEP_PAUSE:
		return;
	case SIM_STEP_WAIT:
	case SIM_STEP_WAIT_ALL:
	case SIM_STEP_REAP_FOR_EVER:
		wait_step(self, step->kind);
		return;
	case SIM_STEP_REPEAT:
		frame->at = 0;
		return;
	/* A call that has raised a signal is made again after it. */
	case SIM_STEP_READ_TERMINAL:
		frame->at += terminal_read(self) != RESTART;
		return;
	case SIM_STEP_TAKE_TERMINAL:
		frame->at += terminal_set(self, self->group) != RESTART;
		return;
	default:
		break;
	}
	frame->at++;
	switch (step->kind) {
	case SIM_STEP_FORK:
		run_fork(self, step->what);
		break;
	case SIM_STEP_CATCH:
		react(self, step->value, step->what);
		break;
	case SIM_STEP_IGNORE:
		react(self, step->value, SIM_IGNORED);
		break;
	case SIM_STEP_DEFAULT:
		react(self, step->value, NULL);
		break;
	case SIM_STEP_BLOCK:
		self->blocked |= BIT(step->value);
		break;
	case SIM_STEP_UNBLOCK:
		self->blocked &= ~BIT(step->value);
		break;
	case SIM_STEP_SETSID:
		do_setsid(self);
		break;
	case SIM_STEP_LEAD_GROUP:
		lead_group(self);
		break;
	case SIM_STEP_SUBREAPER:
		self->is_subreaper = step->value != 0;
		break;
	case SIM_STEP_DEATH_SIGNAL:
		self->death_signal = step->value;
		break;
	case SIM_STEP_SIGNAL_SELF:
		do_kill(self, self->pid, step->value, SI_USER);
		break;
	case SIM_STEP_SIGNAL_PARENT:
		if (self->parent != NULL)
			do_kill(self, self->parent->pid, step->value,
				SI_USER);
		break;
	case SIM_STEP_SIGNAL_CHILDREN:
		signal_children(self, step->value);
		break;
	case SIM_STEP_SIGNAL_GROUP:
		do_kill(self, 0, step->value, SI_USER);
		break;
	case SIM_STEP_SIGNAL_PID:
		do_kill(self, (int)step->other, step->value, SI_USER);
		break;
	case SIM_STEP_SET_USER:
		self->uid = (unsigned)step->value;
		break;
	case SIM_STEP_PIPE:
		sim_set_pipe(self, step->value, (int)step->other);
		break;
	case SIM_STEP_READ_PIPE:
		break;
	case SIM_STEP_WRITE_PIPE:
		if (!pipe_has_reader(self->pipes[1]))
			do_kill(self, self->pid, SIGPIPE, SI_USER);
		break;
	case SIM_STEP_TRACE_ME:
		self->is_traced = self->parent != NULL;
		break;
	case SIM_STEP_CALL:
		step->call(self, step->value);
		break;
	default:
		sim_fail("%s: an unknown step", self->name);
	}
}

void actor_step(struct sim_process *self)
{
	if (self->owes_continued)
		signal_tell_continued(self);
	else if (self->injected != 0)
		take_injected(self);
	else if ((signal_pending(self) & ~self->blocked) != 0)
		take_signal(self);
	else if (step_can_run(self))
		run_step(self, &top(self)->steps[top(self)->at]);
}
