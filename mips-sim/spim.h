/* SPDX-License-Identifier: MIT */
/*
 * --spim: SPIM's system calls, without an exception. docs/spim.md lists them.
 *
 * Called by the syscall instruction.
 */
#ifndef MIPS_SIM_SPIM_H
#define MIPS_SIM_SPIM_H

#include <stdbool.h>

struct machine;

/* False: it is not one of them, so it is an exception. */
bool spim_syscall(struct machine *m);

#endif
