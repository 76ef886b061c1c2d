#include "act.h"
#include "errors.h"
#include "forward.h"
#include "job_control.h"
#include "leftovers.h"

int act_group_signal(const struct init *init, uint64_t at_ms)
{
	return init->target < 0 || init->has_stopped_group
		       ? lifecycle_told_signal(&init->lifecycle, at_ms)
		       : 0;
}

/* Option -k. A program that has changed user may be out of reach. */
static void kill_program(struct init *init, int signal)
{
	char text[ERRORS_TEXT_SIZE];
	int error = sys_kill(init->program, signal);

	if (error == 0)
		log_say(&init->log, LOG_NORMAL,
			"the program did not end in time and is killed");
	else
		log_say(&init->log, LOG_NORMAL,
			"the program did not end in time and cannot be killed:"
			" %s",
			errors_text(error, text));
}

void act(struct init *init, struct lifecycle_step step, const siginfo_t *info)
{
	switch (step.action) {
	case STEP_NOTHING:
		break;
	case STEP_FORWARD:
		forward_signal(init, step.signal, info);
		break;
	case STEP_KILL_PROGRAM:
		kill_program(init, step.signal);
		break;
	case STEP_CONTINUE_PROGRAM:
		sys_kill(init->target, step.signal);
		break;
	case STEP_SUSPEND:
		job_control_suspend(init, step.signal);
		break;
	case STEP_TERMINATE_CHILDREN:
	case STEP_TERMINATE_ALL:
	case STEP_SIGNAL_CHILDREN:
	case STEP_KILL_ALL:
	case STEP_REPORT:
		if (!init->has_told_children)
			init->group_signal = act_group_signal(
				init, init->lifecycle.looked_ms);
		leftovers_act(init, step);
		break;
	}
}

void act_on_event(struct init *init, enum lifecycle_event event, int value)
{
	act(init,
	    lifecycle_next(&init->lifecycle, event, value, init->clock_ms),
	    NULL);
}
