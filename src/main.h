/* The program, as what enters it calls it. */
#ifndef FOSTER_MAIN_H
#define FOSTER_MAIN_H

/*
 * All of foster: argv and envp are those of execve(2). Returns the status to
 * exit with.
 */
int foster_main(char **argv, char **envp);

#endif
