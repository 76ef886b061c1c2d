#include "option_values.h"
#include "text.h"

static const int64_t duration_max_ms = INT64_C(1) << 31;

const char *option_duration(const char *text, uint32_t *ms)
{
	int64_t number = text_number(&text, duration_max_ms);
	int unit_ms = 1000;

	if (text_equal(text, "ms"))
		unit_ms = 1;
	else if (text_equal(text, "m"))
		unit_ms = 60000;
	else if (*text != '\0' && !text_equal(text, "s"))
		number = -1;
	if (number < 0 || number * unit_ms > duration_max_ms)
		return "not a duration (10, 10s, 500ms, 2m; at most 24 days)";
	*ms = (uint32_t)(number * unit_ms);
	return NULL;
}

const char *option_signal(const char *text, int *signal)
{
	int number = signals_number(text);

	if (number < 0)
		return "not a signal";
	*signal = number;
	return NULL;
}

const char *option_status(const char *text, struct status_remap *remap)
{
	int status = (int)text_whole_number(text, 255);
	int signal = status < 0 ? signals_named(text) : 0;

	if (signal < 0)
		return "not an exit status (0 to 255) or a signal";
	status_remap(remap, status < 0 ? STATUS_SIGNAL + signal : status);
	return NULL;
}

const char *option_rewriting(const char *text,
			     unsigned char rewriting[SIGNALS_REWRITING_SIZE])
{
	const char *colon = text_find(text, ':');
	char name[SIGNALS_NAME_SIZE];
	int from, to;

	if (colon == NULL || colon - text >= SIGNALS_NAME_SIZE)
		return "not A:B, two signals";
	text_cut(name, (size_t)(colon - text) + 1, text);
	from = signals_number(name);
	to = signals_number(colon + 1);
	if (text_whole_number(colon + 1, 0) == 0)
		to = 0;
	if (from < 0 || to < 0)
		return "not A:B, two signals";
	if (!signals_can_be_caught(from))
		return "a signal that cannot be forwarded";
	signals_rewrite(rewriting, from, to);
	return NULL;
}
