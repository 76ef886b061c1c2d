/*
 * options.c - what the sanitizers must leave to foster, linked into its build
 * with them. foster has no heap to leak; the leak checker needs clone(2) and
 * ptrace(2), which tests refuse; and the signals of a fault, sent by somebody,
 * are forwarded like any other, as they were inherited.
 */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "detect_leaks=0:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:"
	       "handle_sigill=0:handle_abort=0:handle_sigtrap=0";
}
