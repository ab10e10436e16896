/* SPDX-License-Identifier: MIT */
/*
 * --stats: how many instructions of each class, and of each function.
 *
 * Every engine counts each instruction that is started, once. cpu_step()'s are
 * counted behind it, one by one (profile_step()). The block engine counts how
 * often a block was entered and where it was left (op_count() in block_ops.c),
 * which becomes numbers of instructions when the block is forgotten and at the
 * end. Without --stats there is no struct profile, and nobody counts.
 */
#ifndef MIPS_SIM_PROFILE_H
#define MIPS_SIM_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

struct block;
struct cpu;
struct machine;
struct output;
struct profile;
struct symbols;

struct profile *profile_new(const struct symbols *symbols);
void profile_free(struct profile *profile);

/* The present instruction has been executed by cpu_step(). */
void profile_step(struct profile *profile, const struct cpu *cpu);

/*
 * Counters for a block that is about to be made, and once it is, at @code, what
 * they count: number i is added to the instructions from i on, but for the slot
 * of a branch likely, which is counted by itself.
 */
uint64_t *profile_block(struct profile *profile);
void profile_made(struct profile *profile, const struct block *block,
		  const uint8_t *code);
/* All blocks are forgotten, or it is the end. */
void profile_gather(struct profile *profile);

/* Both gathered: do they say the same? */
bool profile_same(const struct profile *a, const struct profile *b);
/* Gathers, then prints the members "classes" and "symbols" of an object. */
void profile_print(struct machine *m, struct output *out);

#endif
