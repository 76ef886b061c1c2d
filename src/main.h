/* What the door calls when the program is entered. */
#ifndef FOSTER_MAIN_H
#define FOSTER_MAIN_H

/* The whole life of foster; gives the status to exit with. */
int foster_main(char **argv, char **envp);

#endif
