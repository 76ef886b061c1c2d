/* Where no linker script says which pages are whose, all are kept. */
#include "pages.h"

void pages_release(void)
{
}
