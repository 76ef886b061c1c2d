/*
 * The finished program as bytes, for programs that execute it (foster(3), AS
 * BYTES): foster_blob to foster_blob_end, read-only. "make blob" has it
 * compiled where the file called foster lies.
 */
	.section .rodata.foster_blob, "a", %progbits
	.globl	foster_blob, foster_blob_end
	.hidden	foster_blob, foster_blob_end
	.balign	16
foster_blob:
	.incbin	"foster"
foster_blob_end:
	.section .note.GNU-stack, "", %progbits
#if defined(__CET__)
#include <cet.h>
#endif
