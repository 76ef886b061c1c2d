/*
 * trace.h - a recorded trace, for the model: one step a line, three numbers.
 * The file's name is in the environment, so that one checker serves all.
 */
#include <stdio.h>
#include <stdlib.h>

enum { TRACE_MAX = 8192 };

static struct {
	int length;
	int furthest; /* how many steps some run of the model has taken */
	int step[TRACE_MAX][3];
} trace;

static void trace_tell(void)
{
	printf("trace: %d of %d steps\n", trace.furthest, trace.length);
}

static int trace_read(void)
{
	FILE *file = fopen(getenv("TRACE"), "r");
	char line[80]; /* words may follow the numbers */

	if (file == NULL)
		exit(2);
	while (trace.length < TRACE_MAX &&
	       fgets(line, sizeof(line), file) != NULL &&
	       sscanf(line, "%d %d %d", &trace.step[trace.length][0],
		      &trace.step[trace.length][1],
		      &trace.step[trace.length][2]) == 3)
		trace.length++;
	fclose(file);
	atexit(trace_tell);
	return trace.length;
}

static int trace_is_over(int position)
{
	return position == trace.length;
}

/* The highest number of a process in it. */
static int trace_slots(void)
{
	int most = 1;

	if (trace_read() == 0)
		exit(2);
	for (int i = 0; i < trace.length; i++) {
		int what = trace.step[i][0], a = trace.step[i][1];

		for (int slot = 1; slot <= 4; slot++)
			if (slot > most &&
			    (what == 5 ? a >> slot & 1
				       : what != 3 && what != 6 && a == slot))
				most = slot;
	}
	return most;
}

/* Whether the step at `position` is this one. */
static int trace_has(int position, int what, int a, int b)
{
	if (position > trace.furthest)
		trace.furthest = position;
	return position < trace.length && trace.step[position][0] == what &&
	       trace.step[position][1] == a && trace.step[position][2] == b;
}
