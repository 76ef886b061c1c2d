#include "pages.h"
#include "sys.h"

/* foster.ld: where the loop's part of the file ends, and where all of it does.
 */
extern const char pages_cold[] __attribute__((visibility("hidden")));
extern const char pages_end[] __attribute__((visibility("hidden")));

enum { PAGE_BYTES = 4096 }; /* with larger ones: refused, nothing is lost */

void pages_release(void)
{
	long cold = ((long)pages_cold + PAGE_BYTES - 1) & -(long)PAGE_BYTES;

	sys_call3(SYS_madvise, cold, (long)pages_end - cold, MADV_DONTNEED);
}
