/* SPDX-License-Identifier: MIT */
/*
 * The block engine: instructions decoded once, run many times.
 *
 * A block is a run of instructions that one enters at the first and leaves at
 * the last, within a page. translate.c makes it: an operation (struct op) for
 * each, with its operands at hand and the function that runs it; that function
 * calls the next operation's (block_ops.c). The last one, a branch, calls the
 * first of the block it leads to, which it remembers (struct exit).
 *
 * Nothing is counted meanwhile but `left`, the ticks up to the next event: a
 * block is entered only when all of it fits. One that does not runs as far as
 * it may by its plain operations, one of which then says stop (block_part());
 * it is entered again where it was stopped.
 *
 * Whatever an operation does not know (an exception, a store into code, most of
 * COP0) it leaves alone: it puts the processor in front of its instruction and
 * hands that to cpu_step(). What must know the time or may move the next event
 * (devices, the timer) has the time set before, and looks behind itself whether
 * the block still fits. So both engines agree to the tick.
 *
 * Blocks are found by physical address, virtual address and mode. A store into
 * a word that is in a block makes it stale: it fits nowhere any more. When the
 * room for blocks is used up all are forgotten. block.c does this.
 */
#ifndef MIPS_SIM_BLOCK_H
#define MIPS_SIM_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct block;
struct block_cache;
struct cpu;
struct machine;
struct op;

struct op {
	/* @left: ticks left when the block began that @op is in */
	void (*run)(struct cpu *cpu, const struct op *op, uint64_t left);
	uint32_t word;
	uint8_t rs, rt;		/* fields of the word */
	uint8_t to;		/* the register to write to: REG_SINK for 0 */
	uint8_t insn;		/* its instruction, counted from the block's */
};

enum exit_way {
	EXIT_ON,		/* straight on: no branch, or not taken */
	EXIT_TAKEN,
	EXITS,
};

struct exit {
	struct block *to;	/* &block_none: not known yet */
	/*
	 * Of a jump by register, which can lead anywhere: itself, when there
	 * is nothing in its slot; else BLOCK_NO_PC.
	 */
	uint32_t pc;
	uint32_t insns;		/* started in the block when it leaves here */
};

#define BLOCK_INSNS	32	/* at most, but for a last delay slot */
#define BLOCK_OPS	(BLOCK_INSNS + 5)
#define BLOCK_STALE	UINT32_MAX	/* as insns: fits nowhere */
#define BLOCK_NO_PC	1u		/* as pc: no instruction is there */

struct block {
	uint32_t insns;		/* at most, from entry to exit */
	uint32_t pc;
	uint32_t paddr;
	uint32_t words;		/* in memory */
	unsigned int mode;
	struct block *next;	/* in its chain of the hash table */
	struct exit exits[EXITS];
	uint64_t *counts;	/* see profile.h. NULL: nobody counts */
	struct op *plain;	/* ops, or as they were before jit.h's `run`s */
	unsigned int ops_count;
	struct op ops[];
};

#define BLOCK_JUMPS	1024	/* blocks at hand by virtual address */

/* What the engine knows of the processor, in struct cpu. */
struct block_state {
	struct block_cache *cache;
	struct block *now;	/* the one that runs */
	uint64_t end;		/* the tick when `left` is 0 */
	struct exit *exit;	/* left by it, its block not known */
	struct block *stopped;	/* the last that an event cut in two */
	uint32_t stopped_pc;	/* ... and where */
	bool taken;		/* a branch's outcome, during its slot */
	uint32_t target;	/* the same of a jump by register */
	struct block *jumps[BLOCK_JUMPS];
};

extern struct block block_none;

static inline struct block **block_jump(struct block_state *state,
					uint32_t pc)
{
	return &state->jumps[(pc >> 2) % BLOCK_JUMPS];
}

/*
 * The block at cpu->pc, if it is at hand: one that begins there, or the one
 * that was stopped there, from which one goes on at instruction @from. Else
 * NULL.
 */
static inline struct block *block_at_hand(struct block_state *state,
					  uint32_t pc, uint32_t *from)
{
	struct block *block = *block_jump(state, pc);

	*from = 0;
	if (block->pc == pc && block->insns != BLOCK_STALE)
		return block;
	block = state->stopped;
	*from = (pc - block->pc) / 4;
	if (state->stopped_pc == pc && block->insns != BLOCK_STALE)
		return block;
	return NULL;
}

/* Instead of machine_run()'s loop. */
void block_run(struct machine *m);
/*
 * The same in pieces: to begin with; then, after machine_ready() said yes, a
 * block and those behind it that end within @ticks. Less where the next event
 * is nearer, or what is there is not in a block.
 */
void block_start(struct machine *m);
void block_turn(struct machine *m, uint64_t ticks);
/* All its memory back, if it has any. cpu_step() may go on. */
void block_stop(struct machine *m);

/* block.c for the others */
void block_mode_changed(struct cpu *cpu);
/* A store to a page with blocks: @len bytes, on this page alone. */
void block_drop(struct cpu *cpu, uint32_t paddr, uint32_t len);

/* translate.c: fill @block, at whose pc the RAM is @code; @twice: its plain
 * operations, too. Gives its size. */
size_t translate(struct block *block, const uint8_t *code, bool twice);

/* block_ops.c */
struct insn;
/* Run @block from its instruction @from on. @left: as if it began before. */
void block_enter(struct cpu *cpu, struct block *block, uint32_t from,
		 uint64_t left);
/* The same where not all of it fits into @left. False: nothing was run. */
bool block_part(struct cpu *cpu, struct block *block, uint32_t from,
		uint64_t left);
/* For @word; where it stands is the caller's. */
struct op op_of(const struct insn *insn, uint32_t word);
/* A branch whose slot is the next operation, not the one before. */
struct op op_of_early(const struct insn *insn, uint32_t word);
/* Counts what is behind it: from which instruction on, @op->word says. */
void op_count(struct cpu *cpu, const struct op *op, uint64_t left);
void op_step(struct cpu *cpu, const struct op *op, uint64_t left);
void op_step_on(struct cpu *cpu, const struct op *op, uint64_t left);
void op_step_away(struct cpu *cpu, const struct op *op, uint64_t left);
void op_exit_on(struct cpu *cpu, const struct op *op, uint64_t left);
void op_exit_taken(struct cpu *cpu, const struct op *op, uint64_t left);
void op_exit_either(struct cpu *cpu, const struct op *op, uint64_t left);
void op_exit_register(struct cpu *cpu, const struct op *op, uint64_t left);

#endif
