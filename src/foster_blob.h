/*
 * The program foster as bytes, in foster_blob.o: foster(3), AS BYTES. Its size
 * is foster_blob_end - foster_blob.
 */
#ifndef FOSTER_BLOB_H
#define FOSTER_BLOB_H

#ifdef __cplusplus
extern "C" {
#endif
extern const unsigned char foster_blob[] __attribute__((visibility("hidden")));
extern const unsigned char foster_blob_end[]
	__attribute__((visibility("hidden")));
#ifdef __cplusplus
}
#endif

#endif
