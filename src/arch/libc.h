/* Any machine, over libc: see sys_libc.c. */

/* A system call; a negative errno on failure. The sixth argument is 0. */
long sys_call(long number, long a, long b, long c, long d, long e);

#define sys_call0(number)		     sys_call(number, 0, 0, 0, 0, 0)
#define sys_call1(number, a)		     sys_call(number, a, 0, 0, 0, 0)
#define sys_call2(number, a, b)		     sys_call(number, a, b, 0, 0, 0)
#define sys_call3(number, a, b, c)	     sys_call(number, a, b, c, 0, 0)
#define sys_call4(number, a, b, c, d)	     sys_call(number, a, b, c, d, 0)
#define sys_call5(number, a, b, c, d, e)     sys_call(number, a, b, c, d, e)
#define sys_call6(number, a, b, c, d, e, f)  sys_call(number, a, b, c, d, e)
