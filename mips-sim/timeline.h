/* SPDX-License-Identifier: MIT */
/*
 * What happened when: --timeline (JSON lines) and --chrome (for Perfetto).
 * docs/timeline.md describes the records.
 *
 * Called where things happen, in order of time; does nothing when neither is
 * wanted.
 */
#ifndef MIPS_SIM_TIMELINE_H
#define MIPS_SIM_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "mips-sim/files.h"

struct machine;

struct timeline {
	uint64_t entered;	/* as stats.entered: what eret ends */
	unsigned int depth;	/* how many of them are open, up to 64 */
	bool chrome_begun;

	/* all above is its state, which snapshots keep */
	struct output lines;
	struct output chrome;
};

void timeline_open(struct timeline *timeline, const char *lines,
		   const char *chrome);
void timeline_byte(struct machine *m, uint64_t ns, const char *ev, uint32_t n,
		   uint8_t byte);
void timeline_lost(struct machine *m, uint64_t ns, uint32_t n);
void timeline_irq(struct machine *m, uint64_t ns, bool level);
/* An exception is entered; Cause and EPC are set. */
void timeline_enter(struct machine *m, bool interrupt);
void timeline_leave(struct machine *m);
/* `wait` has ended after @idle_ns. */
void timeline_wake(struct machine *m, uint64_t idle_ns);
/* The end of both files. */
void timeline_finish(struct machine *m);

#endif
