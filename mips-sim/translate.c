// SPDX-License-Identifier: MIT
/*
 * From instructions to a block. See block.h.
 *
 * A block ends behind the delay slot of a branch, with a branch that is for
 * cpu_step() or an instruction that always raises an exception, at the end of
 * the page or after BLOCK_INSNS. Where it can the slot goes in front of its
 * branch, so that the branch is the end.
 */
#include <stddef.h>
#include <string.h>

#include "mips-sim/cpu.h"
#include "mips-sim/decode.h"
#include "mips-sim/exec.h"
#include "mips-sim/ram.h"

struct writer {
	struct block *block;
	const uint8_t *code;
	uint32_t words;		/* from the block's start to the page's end */
};

static uint32_t word_at(const struct writer *w, uint32_t i)
{
	return ram_load(w->code + 4 * i, BUS_WORD);
}

/* The next operation, for instruction @insn or in its place. */
static void add(struct writer *w, uint32_t insn, struct op op)
{
	struct block *block = w->block;

	op.insn = insn;
	block->ops[block->ops_count++] = op;
}

/* Up to and with an instruction that only cpu_step() runs. */
static void end_with_step(struct writer *w, uint32_t i)
{
	add(w, i, (struct op){ .run = op_step_away });
	w->block->insns = w->block->words = i + 1;
}

static void end_with_return(struct writer *w, uint32_t i, uint32_t word,
			    const struct insn *insn)
{
	add(w, i, op_of(insn, word));
	w->block->insns = w->block->words = i + 1;
}

/* @i instructions and no branch. */
static void end_without_branch(struct writer *w, uint32_t i)
{
	struct block *block = w->block;

	add(w, i, (struct op){ .run = op_exit_on });
	block->insns = block->words = i;
	block->exits[EXIT_ON] = (struct exit){ &block_none, block->pc + 4 * i,
					       i };
}

/* If somebody counts: count the instructions from @insn on. */
static void add_count(struct writer *w, uint32_t insn)
{
	if (w->block->counts)
		add(w, insn, (struct op){ .run = op_count, .word = insn });
}

static void add_in_line(struct writer *w, uint32_t i, uint32_t word,
			const struct insn *insn)
{
	if (insn->exec != exec_nop)
		add(w, i, op_of(insn, word));
}

static uint32_t target(uint32_t pc, uint32_t word, enum insn_kind kind)
{
	if (kind == KIND_JUMP)
		return ((pc + 4) & 0xf0000000) | (word << 2 & 0x0ffffffc);
	return pc + 4 + (field_simm(word) << 2);
}

/* The register a branch writes its return address to, if it is one of these. */
static unsigned int linked(uint32_t word, enum insn_kind kind)
{
	if (kind == KIND_JUMP)
		return REG_RA;
	return kind == KIND_REGISTER ? field_rd(word) : 0;
}

/* Does it make no difference whether the slot or the branch is first? */
static bool independent(uint32_t word, enum insn_kind kind, uint32_t slot,
			const struct insn *slot_insn)
{
	unsigned int written = insn_written(slot_insn, slot);
	unsigned int link = linked(word, kind);

	if (link && (written == link || field_rs(slot) == link ||
		     field_rt(slot) == link))
		return false;
	if (kind == KIND_JUMP || !written)
		return true;
	return written != field_rs(word) && written != field_rt(word);
}

/* The branch at @i and its slot. False: the branch is for cpu_step(). */
static bool end_with_branch(struct writer *w, uint32_t i, uint32_t word,
			    const struct insn *insn)
{
	static void (*const exits[])(struct cpu *cpu, const struct op *op,
				     uint64_t left) = {
		[KIND_BRANCH] = op_exit_either, [KIND_LIKELY] = op_exit_taken,
		[KIND_JUMP] = op_exit_taken,
		[KIND_REGISTER] = op_exit_register,
	};
	struct block *block = w->block;
	uint32_t pc = block->pc + 4 * i;
	enum insn_kind kind = insn->kind;
	const struct insn *slot_insn;
	uint32_t slot;

	if (i + 1 == w->words)		/* the slot is on another page */
		return false;
	slot = word_at(w, i + 1);
	slot_insn = decode(slot);
	if (slot_insn->kind != KIND_STRAIGHT)
		return false;
	/* machine_self_jump() wants to see these */
	if (slot == 0 && kind != KIND_REGISTER &&
	    target(pc, word, kind) == pc)
		return false;
	/* what is written before the slot must not be what is read again */
	if (kind == KIND_REGISTER && field_rd(word) &&
	    field_rd(word) == field_rs(word))
		return false;

	if (kind != KIND_LIKELY && independent(word, kind, slot, slot_insn)) {
		add_in_line(w, i, slot, slot_insn);
		add(w, i, op_of(insn, word));
	} else {
		add(w, i, op_of_early(insn, word));
		if (kind == KIND_LIKELY)
			add_count(w, i + 1);
		add_in_line(w, i, slot, slot_insn);
		add(w, i, (struct op){ .run = exits[kind] });
	}
	block->insns = block->words = i + 2;
	block->exits[EXIT_ON] = (struct exit){ &block_none, pc + 8, i + 2 };
	if (kind == KIND_LIKELY)
		block->exits[EXIT_ON].insns--;
	block->exits[EXIT_TAKEN] = (struct exit){ &block_none,
		kind != KIND_REGISTER ? target(pc, word, kind) :
		slot == 0 ? pc : BLOCK_NO_PC, i + 2 };
	return true;
}

/* What is behind these need not be instructions. */
static bool never_goes_on(const struct insn *insn)
{
	return insn->exec == exec_syscall || insn->exec == exec_break ||
	       insn->exec == exec_reserved || insn_branches_and_links(insn);
}

size_t translate(struct block *block, const uint8_t *code, bool twice)
{
	struct writer w = {
		block, code, (PAGE_SIZE - block->paddr % PAGE_SIZE) / 4
	};
	const struct insn *insn;
	uint32_t word, i;
	size_t size;

	add_count(&w, 0);
	for (i = 0; i < BLOCK_INSNS && i < w.words; i++) {
		word = word_at(&w, i);
		insn = decode(word);
		if (insn->kind == KIND_STRAIGHT || insn->kind == KIND_SYSTEM ||
		    (insn->kind == KIND_STEP && !never_goes_on(insn))) {
			add_in_line(&w, i, word, insn);
			continue;
		}
		if (insn->kind == KIND_RETURN)
			end_with_return(&w, i, word, insn);
		else if (insn->kind == KIND_STEP ||
			 !end_with_branch(&w, i, word, insn))
			end_with_step(&w, i);
		break;
	}
	if (!block->insns)
		end_without_branch(&w, i);
	size = block->ops_count * sizeof(*block->ops);
	block->plain = block->ops;
	if (twice) {
		block->plain += block->ops_count;
		memcpy(block->plain, block->ops, size);
	}
	return offsetof(struct block, ops) + (twice ? 2 * size : size);
}
