/* SPDX-License-Identifier: MIT */
/*
 * Counting: what --stats tells. Called where things happen.
 */
#ifndef MIPS_SIM_STATS_H
#define MIPS_SIM_STATS_H

#include <stddef.h>
#include <stdint.h>

struct machine;
struct output;

#define STATS_BUCKETS	256

/* A chip load seen before, by its address in the program. */
struct stats_load {
	struct stats_load *next;
	uint32_t at;
	uint32_t offset;	/* the register it read */
	uint32_t val;
	uint64_t stores;	/* so far, at that time */
	uint64_t insns;
};

struct stats {
	uint64_t idle_ns;
	uint64_t rx_bytes;
	uint64_t rx_lost;
	uint64_t tx_bytes;

	uint64_t exceptions;	/* entered, interrupts and nested ones too */
	uint64_t interrupts;
	uint64_t isr_insns;
	uint64_t isr_since;	/* insns at the entry, while in one */
	/*
	 * What erets are owed for: a bit an exception, the newest lowest, 1
	 * for interrupts. Below 64 deep it is exact.
	 */
	uint64_t entered;

	uint64_t poll_insns;
	uint64_t poll_until;	/* counted up to here */
	struct stats_load *loads[STATS_BUCKETS];

	uint64_t *latency;	/* all of them, in order of reading */
	size_t latencies;
	size_t latency_room;
};

/* A load of the chip's register @offset gave @val. */
void stats_poll(struct machine *m, uint32_t offset, uint32_t val);
/* A byte was taken @insns after it arrived. */
void stats_latency(struct machine *m, uint64_t insns);
/* An exception (interrupt or not) is entered; the eret that ends one. */
void stats_enter(struct machine *m, int interrupt);
void stats_leave(struct machine *m);

void stats_print(struct machine *m, struct output *out);
void stats_free(struct stats *stats);

#endif
