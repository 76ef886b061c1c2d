/*
 * The program: reads the command line, runs what it says, exits with the
 * status. For what it promises, see foster(1).
 */
#include "main.h"
#include "environment.h"
#include "errors.h"
#include "foster.h"
#include "log.h"
#include "options.h"
#include "spawn.h"
#include "pages.h"
#include "sys.h"
#include "text.h"

/* Returns 0, or a negative errno where not all of it was written. */
static int print(const char *text)
{
	long length = (long)text_length(text);
	long written = sys_write(STDOUT_FILENO, text, (size_t)length);

	if (written == length)
		return 0;
	return written < 0 ? (int)written : -ENOSPC;
}

/* One line names the option and what is wrong, the next how it is used. */
static int refuse(const struct options *options,
		  const struct options_mistake *mistake)
{
	struct log log = { .level = (enum log_level)options->run.verbosity };

	log_say(&log, LOG_QUIET, "%s%s%s%s: %s",
		mistake->is_in_environment ? "FOSTER_OPTIONS: " : "",
		mistake->word, *mistake->value != '\0' ? " " : "",
		mistake->value, mistake->what);
	log_write(&log, options_usage, text_length(options_usage));
	return STATUS_OWN_FAILURE;
}

/* Not inline: a start that prints no help does without this page of stack. */
static __attribute__((noinline)) int answer(const struct options *options)
{
	struct log log = { .level = LOG_QUIET };
	char help[OPTIONS_HELP_SIZE], reason[ERRORS_TEXT_SIZE];
	const char *text = help;
	int error;

	if (options->answer == ANSWER_HELP)
		options_help(help);
	else if (options->answer == ANSWER_LICENSE)
		text = "foster: MIT licence, copyright 2026 the foster authors;"
		       " text: LICENSE, man 1 foster\n";
	else if (options->is_tini)
		text = "tini version " FOSTER_VERSION "-foster\n";
	else
		text = "foster version " FOSTER_VERSION "\n";
	error = print(text);
	if (error == 0)
		return 0;
	log_say(&log, LOG_QUIET, "cannot write to standard output: %s",
		errors_text(error, reason));
	return 1;
}

/*
 * Returns the status to exit with, or -1 where there is a program to run. Not
 * inline: the program's life does without this stack.
 */
static __attribute__((noinline)) int read_command_line(struct options *options,
						       char **argv, char **envp)
{
	static const struct kernel_sigset sigpipe = { { SIGNALS_BIT(
		SIGPIPE) } };
	struct options_mistake mistake;

	options_read(options, &mistake, argv, envp);
	if (mistake.what == NULL && options->answer == ANSWER_NONE)
		return -1;
	/* Where nobody reads, the status is foster's all the same. */
	sys_rt_sigprocmask(SIG_BLOCK, &sigpipe, NULL);
	if (mistake.what != NULL)
		return refuse(options, &mistake);
	return answer(options);
}

/*
 * What only a program of its own may do. Beside the loop, whose page stays in
 * memory: foster.ld.
 */
static int on_event(void *context, const struct foster_event *event)
{
	const struct options *options = context;

	if (event->kind == FOSTER_BEGUN && options->parent_death_signal != 0)
		spawn_follow_parent(options->parent_death_signal,
				    sys_getppid());
	if (event->kind == FOSTER_STARTED)
		pages_release();
	return event->value;
}

int foster_main(char **argv, char **envp)
{
	struct foster_result result = { .size = sizeof(result) };
	struct options options;
	int status = read_command_line(&options, argv, envp);

	if (status >= 0)
		return status;
	if (environment_get(envp, OPTIONS_VARIABLE) != NULL)
		environment_remove(envp, OPTIONS_VARIABLE);
	options.run.flags |= FOSTER_TERMINAL | FOSTER_ROOT | FOSTER_EXITS;
	options.run.event = on_event;
	options.run.context = &options;
	if (foster_run(&options.run, options.program, envp, &result) < 0)
		return STATUS_OWN_FAILURE;
	status = foster_exit_status(&result);
	return status_remapped(&options.remap, status);
}
