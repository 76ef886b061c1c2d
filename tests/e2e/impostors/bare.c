/*
 * bare.c - in the place of foster: reads the command line as foster does, and
 * becomes the program. What passes with it is what an init must not change.
 */
#include "options.h"

#include <unistd.h>

int main(int argc, char **argv, char **envp)
{
	struct options options;
	struct options_mistake mistake;

	if (argc == 0)
		return 1;
	options_read(&options, &mistake, argv, envp);
	if (mistake.what != NULL || options.answer != ANSWER_NONE)
		return 1;
	execvp(options.program[0], options.program);
	return 1;
}
