/* How the program over libc is entered. */
#include "main.h"

int main(int argc, char **argv, char **envp)
{
	(void)argc;
	return foster_main(argv, envp);
}
