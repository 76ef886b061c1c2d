#include "ending.h"

static const struct lifecycle_step no_step = { STEP_NOTHING, 0 };

/* Looks at the children now, with what the stage does to them. */
struct lifecycle_step ending_look(struct lifecycle *lifecycle, uint64_t now_ms)
{
	uint64_t pause_ms = lifecycle->config->grace_ms / LIFECYCLE_LOOKS;

	if (pause_ms < LIFECYCLE_LOOK_GAP_MS ||
	    lifecycle->stage == STAGE_KILLING)
		pause_ms = LIFECYCLE_LOOK_GAP_MS;
	lifecycle->has_reaped = false;
	lifecycle->looked_ms = now_ms;
	lifecycle->look_ms = now_ms + pause_ms;
	if (lifecycle->stage == STAGE_KILLING)
		return lifecycle_step(STEP_KILL_ALL, SIGKILL);
	return lifecycle_step(STEP_TERMINATE_CHILDREN,
			      lifecycle_signal_to_end(lifecycle));
}

/* Every process that was passed over until now, as far as the stage says so. */
static struct lifecycle_step look_at_all(struct lifecycle *lifecycle,
					 uint64_t now_ms)
{
	struct lifecycle_step look = ending_look(lifecycle, now_ms);

	return lifecycle_step(STEP_TERMINATE_ALL, look.signal);
}

/* Process 1 only has to leave: the kernel kills the rest. */
static struct lifecycle_step end_grace(struct lifecycle *lifecycle,
				       uint64_t now_ms)
{
	if (lifecycle->config->is_process_1 ||
	    lifecycle->stage == STAGE_KILLING) {
		lifecycle->stage = STAGE_DONE;
		return lifecycle_step(STEP_REPORT, 0);
	}
	lifecycle->stage = STAGE_KILLING;
	lifecycle->stage_until_ms = now_ms + LIFECYCLE_KILLING_MS;
	return ending_look(lifecycle, now_ms);
}

/* Whoever is told at the end has an eighth of the grace time. */
struct lifecycle_step ending_next_stage(struct lifecycle *lifecycle,
					uint64_t now_ms)
{
	uint64_t grace_ms = lifecycle->config->grace_ms;
	uint64_t until_ms = lifecycle->ended_ms + grace_ms;

	switch (lifecycle->stage) {
	case STAGE_QUIET:
		lifecycle->stage = STAGE_ENDING;
		lifecycle->stage_until_ms = until_ms - grace_ms / 4;
		return ending_look(lifecycle, now_ms);
	case STAGE_ENDING:
		lifecycle->stage = STAGE_ESCALATED;
		lifecycle->stage_until_ms = until_ms - grace_ms / 8;
		return look_at_all(lifecycle, now_ms);
	case STAGE_ESCALATED:
		lifecycle->stage = STAGE_LAST_CALL;
		lifecycle->stage_until_ms = until_ms;
		return look_at_all(lifecycle, now_ms);
	default:
		return end_grace(lifecycle, now_ms);
	}
}

/* Who ended by itself is in no hurry: its last words are copied, jobs end. */
struct lifecycle_step ending_begin(struct lifecycle *lifecycle, uint64_t now_ms)
{
	uint32_t quiet_ms = lifecycle->config->grace_ms / 2;

	if (quiet_ms > LIFECYCLE_QUIET_MS)
		quiet_ms = LIFECYCLE_QUIET_MS;
	lifecycle->ended_ms = now_ms;
	lifecycle->stage = STAGE_QUIET;
	lifecycle->stage_until_ms = now_ms + quiet_ms;
	if (lifecycle->config->grace_ms == 0)
		lifecycle->stage = STAGE_DONE;
	else if (lifecycle->stop_signal != 0)
		return ending_next_stage(lifecycle, now_ms);
	return no_step;
}

void ending_note_stop(struct lifecycle *lifecycle, int as)
{
	if (lifecycle->stop_signal == 0)
		lifecycle->stop_signal = as != 0 ? as : SIGTERM;
}

/* The first one is for who was not told yet, the next one ends it all. */
struct lifecycle_step ending_stop(struct lifecycle *lifecycle, uint64_t now_ms,
				  int as)
{
	if (lifecycle->stage == STAGE_KILLING)
		return no_step;
	ending_note_stop(lifecycle, as);
	if (lifecycle->stage == STAGE_LINGERING)
		return ending_begin(lifecycle, now_ms);
	if (lifecycle->had_one_more)
		return end_grace(lifecycle, now_ms);
	lifecycle->had_one_more = true;
	if (lifecycle->stage == STAGE_QUIET)
		return ending_next_stage(lifecycle, now_ms);
	return as == 0 ? no_step : lifecycle_step(STEP_TERMINATE_CHILDREN, as);
}
