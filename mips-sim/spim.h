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

#define SPIM_WORD	0x0000000c	/* syscall */

/* $v0 says what to do. */
enum spim_call {
	SPIM_PRINT_INT = 1,
	SPIM_PRINT_FLOAT,
	SPIM_PRINT_DOUBLE,
	SPIM_PRINT_STRING,
	SPIM_READ_INT,
	SPIM_READ_FLOAT,
	SPIM_READ_DOUBLE,
	SPIM_READ_STRING,
	SPIM_SBRK,
	SPIM_EXIT,
	SPIM_PRINT_CHAR,
	SPIM_READ_CHAR,
	SPIM_EXIT2 = 17,
};

/* False: it is not one of them, so it is an exception. */
bool spim_syscall(struct machine *m);

#endif
