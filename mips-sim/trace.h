/* SPDX-License-Identifier: MIT */
/*
 * --trace: a line for each instruction. Called by machine_run() instead of
 * cpu_step().
 */
#ifndef MIPS_SIM_TRACE_H
#define MIPS_SIM_TRACE_H

#include <stdint.h>

#include "mips-sim/cp0.h"

struct cpu;
struct machine;

/* The registers as they were after the last line. */
struct trace_was {
	uint32_t gpr[32];
	uint32_t hi;
	uint32_t lo;
	struct cp0 cp0;
};

void trace_note(struct trace_was *was, const struct cpu *cpu);

void trace_step(struct machine *m);

#endif
