/* SPDX-License-Identifier: MIT */
/*
 * --trace: a line for each instruction. Called by machine_run() instead of
 * cpu_step().
 */
#ifndef MIPS_SIM_TRACE_H
#define MIPS_SIM_TRACE_H

struct machine;

void trace_step(struct machine *m);

#endif
