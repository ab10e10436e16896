/* SPDX-License-Identifier: MIT */
/*
 * Where a run shall stop: breakpoints and watchpoints.
 *
 * For gdb.c, which asks before each instruction. A breakpoint is an address the
 * pc is compared with. A watchpoint is found before the access: the instruction
 * at pc is looked at, and where it would load or store. Addresses are compared
 * as physical ones, so that KSEG0 and KSEG1 are the same memory; and devices
 * can be watched like RAM.
 *
 * Limits: a load or store that will not come about (unaligned, not mapped) is
 * none; a bus error is one, and so is an sc that fails after all. A read by the
 * host (UHI, SPIM) counts as long as it may become.
 */
#ifndef MIPS_SIM_GDB_STOPS_H
#define MIPS_SIM_GDB_STOPS_H

#include <stdbool.h>
#include <stdint.h>

struct cpu;

#define BREAKPOINTS_MAX	64
#define WATCHPOINTS_MAX	64

enum watch_kind {		/* what GDB calls them in a Z packet */
	WATCH_WRITE = 2,
	WATCH_READ,
	WATCH_ACCESS,
};

struct gdb_stops {
	uint32_t breakpoints[BREAKPOINTS_MAX];
	unsigned int breakpoint_count;
	struct watch {
		uint32_t vaddr;
		uint32_t len;
		enum watch_kind kind;
	} watches[WATCHPOINTS_MAX];
	unsigned int watch_count;
};

/* Z and z with what follows them. The answer to GDB. */
const char *gdb_stops_change(struct gdb_stops *stops, const char *packet,
			     bool set);
bool gdb_stops_break(const struct gdb_stops *stops, uint32_t pc);
/* The watchpoint that the instruction at pc will trigger, or NULL. */
const struct watch *gdb_stops_watch(const struct gdb_stops *stops,
				    const struct cpu *cpu);

#endif
