#include "act.h"
#include "forward.h"
#include "job_control.h"
#include "leftovers.h"
#include "verbose.h"

int act_group_signal(const struct init *init, uint64_t at_ms)
{
	return init->target < 0 || init->has_stopped_group
		       ? lifecycle_told_signal(&init->lifecycle, at_ms)
		       : 0;
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
		verbose_kill(init, sys_kill(init->program, step.signal));
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
