#include "explanation.h"
#include "errors.h"
#include "text.h"

bool explanation_is(struct explanation *why, const char *reason)
{
	text_put(why->reason, reason);
	return KNOWN;
}

bool explanation_is_about(struct explanation *why, const char *before,
			  const char *name, const char *after)
{
	text_put(text_put(text_put(why->reason, before), name), after);
	return KNOWN;
}

bool explanation_is_error(struct explanation *why)
{
	char text[ERRORS_TEXT_SIZE];

	return explanation_is_about(why, ": ", errors_text(why->error, text),
				    "");
}

void explanation_go_on(struct explanation *why, const char *as,
		       const char *name)
{
	why->file = text_put(why->end, as);
	why->end = text_put(why->file, name);
}

void explanation_go_on_to_interpreter(struct explanation *why, const char *name)
{
	explanation_go_on(why, "': its interpreter '", name);
	why->missing = " does not exist";
}
