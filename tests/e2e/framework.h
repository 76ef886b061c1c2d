/*
 * framework.h - what the files of the framework know of each other; tests
 * include e2e.h.
 */
#ifndef FRAMEWORK_H
#define FRAMEWORK_H

#include "e2e.h"

extern struct e2e *e2e_started;		/* all inits of this test */
extern char e2e_scratch[];		/* the folder of all tests */
extern bool e2e_has_namespace;

/* Fails the test. */
void e2e_give_up(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));
void *e2e_grow(void *old, size_t bytes);
char *e2e_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void e2e_write_all(int fd, const char *bytes, size_t length);
/* Into a file that exists; 0, or -1 with errno. */
int e2e_write_file(const char *path, const char *text);
/* Into a new file that everybody may run; the same. */
int e2e_copy_file(int from, const char *path);
/* Waits until there is output or an exit, but no longer than a tick. */
void e2e_await_news(struct e2e *init);
void e2e_text_open(struct e2e_text *text, int fd);
int e2e_pidfd_of(pid_t pid);

/* Calls a function for each child that /proc lists; false if it cannot. */
bool e2e_each_child(pid_t pid, void (*function)(pid_t child, void *argument),
		    void *argument);
/* Unless it is *spared, a pid_t; spared may be NULL. */
void e2e_kill_child(pid_t child, void *spared);
/* Whether a file is an ELF program that a loader must load. */
bool e2e_needs_loader(const char *path);

void e2e_begin_test(void);
/* Ends all that the test has started and removes its folder. */
void e2e_end_test(void);
void e2e_remove_tree(const char *path);
void e2e_remove_folder(void);

#endif
