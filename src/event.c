#include "event.h"
#include <stddef.h>

int event_tell(const struct foster_options *options,
	       enum foster_event_kind kind, int pid, int value)
{
	struct foster_event event = { .size = sizeof(event),
				      .kind = kind,
				      .pid = pid,
				      .value = value };

	if (options->event == NULL)
		return value;
	return options->event(options->context, &event);
}
