/* SPDX-License-Identifier: MIT */
/*
 * --engine jit: the block engine with blocks in the host's own code.
 *
 * A block made by translate.c stays as it is; operations the generator knows
 * get a `run` of machine code that does the same and goes on to the next. The
 * others, and whatever gives up, are block_ops.c's as ever, so there is nothing
 * that must be known here. Files of its own for each host, jit_none.c for all
 * others; block.c calls them.
 */
#ifndef MIPS_SIM_JIT_H
#define MIPS_SIM_JIT_H

#include <stdbool.h>

struct block;
struct jit;

/* NULL: not on this host. */
struct jit *jit_open(void);
void jit_close(struct jit *jit);
/* False: no more room for code. */
bool jit_has_room(const struct jit *jit);
void jit_block(struct jit *jit, struct block *block);
/* All blocks are forgotten. */
void jit_forget(struct jit *jit);

#endif
