#include "report.h"
#include "descendants.h"
#include "text.h"

enum {
	NAMED_MAX = 3,
	COMMAND_SIZE = 32,
	NAME_SIZE = COMMAND_SIZE + 16, /* with a comma and a number */
};

/* How many are left, and the first of them, a comma between each. */
struct report {
	int count;
	char *end;
	char names[NAMED_MAX * NAME_SIZE + 8];
};

static void add_to(struct report *report, int pid, const struct proc_stat *stat)
{
	char *end = report->end;

	if (report->count > 0)
		end = text_put(end, ", ");
	if (report->count++ >= NAMED_MAX) {
		text_put(end, "...");
		return;
	}
	end = text_put(text_put_number(end, (unsigned)pid), " ");
	proc_command(pid, stat, end, COMMAND_SIZE);
	report->end = end + text_length(end);
}

void report_say(struct init *init)
{
	struct report report = { .count = 0, .end = report.names };
	bool is_process_1 = init->own == 1;
	struct descendants descendants;
	struct proc_stat stat;
	struct proc_walk walk;
	int pid;

	if (!is_process_1)
		descendants_begin(&descendants, init->own);
	proc_walk(&walk, "/proc");
	while ((pid = proc_next(&walk)) > 0)
		if (pid != init->own &&
		    (is_process_1 || descendants_have(&descendants, pid)) &&
		    proc_stat(pid, &stat) && proc_lives(&stat))
			add_to(&report, pid, &stat);
	if (!is_process_1)
		descendants_end(&descendants);
	init->left = report.count;
	if (report.count > 0)
		log_say(&init->log, LOG_NORMAL, "%d left over %s: %s",
			report.count,
			is_process_1 ? "when the time was up, killed"
				     : "in spite of SIGKILL",
			report.names);
}
