/*
 * nothing.c - in the place of foster: does nothing and ends well. No test may
 * take it for an init.
 */
int main(void)
{
	return 0;
}
