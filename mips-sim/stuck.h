/* SPDX-License-Identifier: MIT */
/*
 * What a guest cannot get out of: status 126, and one sentence in m->why.
 *
 * Called within the instruction (cp0.c, machine_self_jump()) or between two
 * (machine.c). report.c tells the rest of it when the run is over.
 */
#ifndef MIPS_SIM_STUCK_H
#define MIPS_SIM_STUCK_H

#include <stdbool.h>
#include <stdint.h>

struct machine;

struct stuck {
	bool by_exception;	/* this was the end, not missing interrupts */

	/* exceptions within the handler, at one place, that led to nothing */
	uint32_t at;
	unsigned int times;
	uint64_t stores;	/* cpu_stores() at the last one */

	uint64_t next_tick;	/* of stuck_look() */
};

/*
 * An exception has been entered and goes on at @vector; @nested: from within
 * a handler.
 */
void stuck_exception(struct machine *m, uint32_t vector, bool nested);
/* A handler has come to its end. */
void stuck_returned(struct machine *m);

/* Will an interrupt ever be taken if the processor does nothing any more? */
bool stuck_may_be_interrupted(const struct machine *m);
/* It waits, or jumps to itself, and will not. */
void stuck_wait(struct machine *m);
void stuck_self_jump(struct machine *m);
/*
 * The same of more instructions: look, between two of them, whether those that
 * come now go round, change nothing and cannot be interrupted. Gives their
 * number and the lowest address; 0: not as far as can be seen.
 */
unsigned int stuck_in_loop(struct machine *m, uint32_t *first);
/* Look now and then, unless --max-insns will end the run: the next tick. */
uint64_t stuck_next(const struct machine *m);
void stuck_look(struct machine *m);

#endif
