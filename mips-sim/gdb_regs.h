/* SPDX-License-Identifier: MIT */
/*
 * The registers as GDB numbers them, and the description that tells it so.
 *
 * For gdb.c. The first 72 are those of every MIPS; CP0's others follow, and
 * two that say what is on its way in a delay slot.
 */
#ifndef MIPS_SIM_GDB_REGS_H
#define MIPS_SIM_GDB_REGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cpu;

#define GDB_PC		37
#define GDB_REGS_MAX	128	/* more than gdb_regs_count() */

unsigned int gdb_regs_count(void);
/* False: there is none of that number, or no value (floating point). */
bool gdb_reg_get(const struct cpu *cpu, unsigned int number, uint32_t *val);
/* As mtc0 would, but BadVAddr too. False: it is not there to be written. */
bool gdb_reg_set(struct cpu *cpu, unsigned int number, uint32_t val);

/* The target description, XML (GDB's manual, "Standard Target Features"). */
const char *gdb_regs_xml(void);

#endif
