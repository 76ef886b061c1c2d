/*
 * world.h - the test itself as a process of the simulated kernel (tests/sim),
 * for what of src reads files, writes lines or asks the terminal.
 */
#ifndef WORLD_H
#define WORLD_H

#include "../sim/sim.h"
#include "unit.h"

/*
 * An empty world with one process, 1, which this test is. All its signals are
 * blocked, and standard input is closed: 0 is a descriptor as others are.
 */
struct sim_process *world_begin(void);

/* Ends the test if anything but the standard streams is open. */
void world_check_closed(void);

/* Puts a file there whose path and text are kept until world_begin(). */
__attribute__((format(printf, 2, 3))) void
world_file(const char *path, const char *format, ...);

/* Call `first` of SYS_..., from 0, and all after it give `result`. */
void world_answer(long number, unsigned first, long result);

/* How often it was made since world_begin(). */
unsigned world_calls(long number);

#endif
