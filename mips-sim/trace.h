/* SPDX-License-Identifier: MIT */
/*
 * --trace: a line for each instruction. Called by machine_step() instead of
 * cpu_step(). docs/mips-sim.1 says what is in a line.
 */
#ifndef MIPS_SIM_TRACE_H
#define MIPS_SIM_TRACE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "mips-sim/cp0.h"

struct cpu;
struct machine;

/* The registers as they were after the last instruction. */
struct trace_was {
	uint32_t gpr[32];
	uint32_t hi;
	uint32_t lo;
	struct cp0 cp0;
	uint64_t exceptions;	/* entered so far */
};

#define TRACE_ONLY_MAX	32

struct trace_place {
	uint32_t first;
	uint32_t last;
	const char *text;	/* as it was given */
};

/* --trace-only: of several places any, of several kinds any. */
struct trace_only {
	struct trace_place places[TRACE_ONLY_MAX];
	unsigned int places_count;	/* 0: everywhere */
	bool exceptions;		/* neither: all kinds */
	bool chip;
};

/*
 * One more condition: exceptions, chip, an address, two with a - between, or a
 * symbol. What is none of these ends the program with one line.
 */
void trace_only_add(struct machine *m, const char *text);
/* Is the instruction at @at, of that kind, to be traced? */
bool trace_wanted(const struct trace_only *only, uint32_t at, bool exception,
		  bool chip);
/* Has the run ended, and nothing fitted them? Probably they are mistaken. */
bool trace_only_missed(const struct machine *m);
/* Say so, with what each was taken for; no end of line. */
void trace_only_tell(const struct machine *m, FILE *out);

void trace_note(struct trace_was *was, const struct cpu *cpu);

void trace_step(struct machine *m);

#endif
