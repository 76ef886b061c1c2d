/*
 * faults.h - files that cannot be run: faults.c.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include "e2e.h"

/* Either a file "file" with this text and mode, or what `make` makes. */
struct fault {
	const char *name;
	void (*make)(const char *folder);
	const char *text;
	mode_t mode;
	const char *program; /* NULL: "@/file" */
	const char *path; /* NULL: "/no/such:@" */
	void (*before_exec)(void *folder); /* of the init, process 1 then */
	uid_t uid;
	uint64_t lost_capabilities;
	int refused; /* what execve says, for what no kernel here would */
};

extern const struct fault faults[];
extern const int faults_count;

/* Makes the file in the test's folder, which is returned. */
const char *faults_make(const struct fault *fault);
/* The text with the folder in the place of every "@". */
size_t faults_expand(char *expanded, size_t room, const char *folder,
		     const char *text);

#endif
