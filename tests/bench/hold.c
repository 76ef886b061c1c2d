/* hold.c - the idle program: writes a byte to say that it runs, then sleeps. */
#include "tiny.h"

static int tiny_main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	call(SYS_write, 1, (long)"R", 1, 0);
	for (;;)
		call(SYS_ppoll, 0, 0, 0, 0);
	return 0;
}
