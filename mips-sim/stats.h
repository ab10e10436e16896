/* SPDX-License-Identifier: MIT */
/*
 * Counting: what --stats tells. Called where things happen.
 */
#ifndef MIPS_SIM_STATS_H
#define MIPS_SIM_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chip/slowchip_regs.h"
#include "mips-sim/cp0.h"

struct machine;
struct output;

#define STATS_BUCKETS	256

/* A chip load seen before, by its address in the program. */
struct stats_load {
	struct stats_load *next;
	uint32_t at;
	uint32_t offset;	/* the register it read */
	uint32_t val;
	uint64_t stores;	/* cpu_stores() at that time */
	uint64_t insns;
	uint64_t again;		/* how often it gave what it had given */
	uint64_t poll_insns;
};

struct stats_register {
	uint64_t loads;
	uint64_t stores;
};

/* From each byte's arrival to its load, in order of loading. */
struct stats_latencies {
	uint64_t *list;
	size_t count;
	size_t room;
};

struct stats {
	uint64_t idle_ns;
	uint64_t rx_bytes;
	uint64_t rx_lost;
	uint64_t tx_bytes;

	uint64_t exceptions;	/* entered, interrupts and nested ones too */
	uint64_t exceptions_by[EXC_CODES];
	uint64_t interrupts;
	uint64_t isr_insns;
	uint64_t exc_insns;
	uint64_t since;		/* the insns when one was entered or left */
	/*
	 * What erets are owed for: a bit an exception, the newest lowest, 1
	 * for interrupts. Below 64 deep it is exact.
	 */
	uint64_t entered;
	unsigned int depth;	/* how many bits that are, up to 64 */

	struct stats_register chip[SLOWCHIP_REG_END / 4];
	uint64_t polled;	/* times, from equal loads to the next others */
	uint64_t slept;		/* times that the chip's interrupt ended */
	uint64_t slept_ns;

	uint64_t poll_insns;
	uint64_t poll_until;	/* counted up to here */
	struct stats_load *loads[STATS_BUCKETS];

	struct stats_latencies latency_insns;
	struct stats_latencies latency_ns;
};

/* A load of the chip's register @offset gave @val; a store to it. */
void stats_load(struct machine *m, uint32_t offset, uint32_t val);
void stats_store(struct machine *m, uint32_t offset);
/* A byte was taken so long after it arrived. */
void stats_latency(struct machine *m, uint64_t insns, uint64_t ns);
/* An exception is entered (@nested: in a handler, with EXL); the eret that
 * ends one. */
void stats_enter(struct machine *m, enum cp0_exccode code, bool nested);
void stats_leave(struct machine *m);
/* `wait` has ended after @ns. */
void stats_slept(struct machine *m, uint64_t ns);

void stats_print(struct machine *m, struct output *out);
void stats_free(struct stats *stats);

#endif
