// SPDX-License-Identifier: MIT
/*
 * Machine code for x86-64. See jit.h.
 *
 * The guest's registers stay in struct cpu, so at every operation all is as
 * block_ops.c has it, and one can go out anywhere, and come in but for the midst
 * of jit_x86_64_mem.c's spans. The arguments of `run` stay where the ABI puts
 * them: rdi is the processor, rdx is `left`; rsi, the operation, is set before
 * code that needs it. rax, rcx, r8 to r11 are free. x86_64.h writes the code;
 * what is written in bytes here has its name beside it. jit_x86_64_insn.c and
 * jit_x86_64_mem.c have the instructions within a block.
 */
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "mips-sim/exec.h"
#include "mips-sim/jit.h"
#include "mips-sim/x86_64.h"

#define ROOM		(32u << 20)
#define BLOCK_ROOM	8192		/* more than any block needs */

/* ---- branches and ways out -------------------------------------------- */

/* rsi = how many ticks are left behind @insns, or on to @run when the block in
 * rcx does not fit into them. */
static void check_left(struct jit *j, const struct op *op, unsigned int insns,
		       void (*run)(struct cpu *cpu, const struct op *op,
				   uint64_t left))
{
	_Static_assert(offsetof(struct block, insns) == 0, "at [rcx]");
	PUT(j, "\x48\x8d\x72");				/* lea rsi, [rdx-...] */
	put8(j, -insns);
	PUT(j, "\x44\x8b\x01"				/* mov r8d, [rcx] */
	       "\x4c\x39\xc6");				/* cmp rsi, r8 */
	detour_if(j, BELOW, op, run);
}

/* See op_count(). */
static void emit_count(struct jit *j, const struct block *block,
		       const struct op *op)
{
	move_address(j, EAX, &block->counts[op->word]);
	PUT(j, "\x48\xff\x00");			/* inc qword [rax] */
}

/* Into the block in rcx. */
static void enter(struct jit *j)
{
	PUT(j, "\x48\x89\xf2");				/* mov rdx, rsi */
	put8(j, 0x48);					/* mov [now], rcx */
	store(j, offsetof(struct cpu, block.now), ECX);
	PUT(j, "\x48\x8d\xb1");				/* lea rsi, [rcx+ops] */
	put32(j, offsetof(struct block, ops));
	PUT(j, "\xff\x26");				/* jmp [rsi] */
}

static void emit_exit(struct jit *j, const struct block *block,
		      enum exit_way way)
{
	const struct exit *exit = &block->exits[way];

	move_address(j, EAX, &exit->to);
	PUT(j, "\x48\x8b\x08");				/* mov rcx, [rax] */
	check_left(j, block->ops, exit->insns,
		   way == EXIT_ON ? op_exit_on : op_exit_taken);
	enter(j);
}

static const struct {
	void (*exec)(struct cpu *cpu, uint32_t w);
	enum condition condition;
} branches[] = {
	{ exec_beq, EQUAL }, { exec_beql, EQUAL },
	{ exec_bne, NOT_EQUAL }, { exec_bnel, NOT_EQUAL },
	{ exec_blez, LESS_EQUAL }, { exec_blezl, LESS_EQUAL },
	{ exec_bgtz, GREATER }, { exec_bgtzl, GREATER },
	{ exec_bltz, LESS }, { exec_bltzl, LESS },
	{ exec_bgez, GREATER_EQUAL }, { exec_bgezl, GREATER_EQUAL },
};

/* Compare, and say which condition then means taken. */
static enum condition emit_condition(struct jit *j, const struct op *op,
				     const struct insn *insn)
{
	unsigned int i = 0;

	while (branches[i].exec != insn->exec)
		i++;
	/* the others' rt field is no register */
	if (branches[i].condition > NOT_EQUAL || !op->rt) {
		compare_zero(j, gpr(op->rs));
	} else {
		load(j, EAX, gpr(op->rs));
		with_cpu(j, 0x3b, EAX, gpr(op->rt));	/* cmp eax, [rt] */
	}
	return branches[i].condition;
}

/* A branch behind its slot. */
static void emit_last(struct jit *j, const struct block *block,
		      const struct op *op, const struct insn *insn)
{
	size_t taken = jump_if(j, emit_condition(j, op, insn));

	emit_exit(j, block, EXIT_ON);
	lands_here(j, taken);
	emit_exit(j, block, EXIT_TAKEN);
}

/* One in front of it. */
static void emit_early(struct jit *j, const struct block *block,
		       const struct op *op, const struct insn *insn)
{
	enum condition condition = emit_condition(j, op, insn);
	size_t taken;

	if (insn->kind == KIND_LIKELY) {
		taken = jump_if(j, condition);
		emit_exit(j, block, EXIT_ON);
		lands_here(j, taken);
	} else {
		put8(j, 0x0f);				/* setcc [taken] */
		with_cpu(j, 0x90 | condition, 0,
			 offsetof(struct cpu, block.taken));
	}
}

/* Behind the slot of one in front of it. */
static void emit_either(struct jit *j, const struct block *block)
{
	size_t taken;

	with_cpu(j, 0x80, EXT_CMP, offsetof(struct cpu, block.taken));
	put8(j, 0);					/* cmp [taken], 0 */
	taken = jump_if(j, NOT_EQUAL);
	emit_exit(j, block, EXIT_ON);
	lands_here(j, taken);
	emit_exit(j, block, EXIT_TAKEN);
}

static void emit_link(struct jit *j, const struct block *block,
		      unsigned int reg)
{
	store_immediate(j, gpr(reg), block->exits[EXIT_ON].pc);
}

/* jr, jalr: see take_register() and self_jump() in block_ops.c. */
static void emit_register(struct jit *j, const struct block *block,
			  const struct op *op, const struct insn *insn)
{
	_Static_assert(BLOCK_JUMPS == 1024, "(pc >> 2) & 0x3ff");
	load(j, EAX, gpr(op->rs));
	if (insn->exec == exec_jalr)
		emit_link(j, block, op->to);
	eax_immediate(j, EXT_CMP, block->exits[EXIT_TAKEN].pc);
	detour_if(j, EQUAL, op, op->run);
	PUT(j, "\x89\xc1"				/* mov ecx, eax */
	       "\xc1\xe9\x02"				/* shr ecx, 2 */
	       "\x81\xe1\xff\x03\x00\x00"		/* and ecx, 0x3ff */
	       "\x48\x8b\x8c\xcf");		/* mov rcx, [rdi+rcx*8+...] */
	put32(j, offsetof(struct cpu, block.jumps));
	PUT(j, "\x3b\x41");				/* cmp eax, [rcx+pc] */
	put8(j, offsetof(struct block, pc));
	detour_if(j, NOT_EQUAL, op, op->run);
	check_left(j, op, block->insns, op->run);
	enter(j);
}

/* ---- blocks ----------------------------------------------------------- */

/* Code for operation @i. False: there is none, it stays block_ops.c's. */
static bool emit(struct jit *j, const struct block *block, unsigned int i)
{
	const struct op *op = &block->ops[i];
	const struct insn *insn = decode(op->word);
	bool last = i + 1 == block->ops_count;

	if (op->run == op_count) {
		emit_count(j, block, op);
		return true;
	}
	if (op->run == op_step_away || op->run == op_step_on ||
	    op->run == op_exit_register)
		return false;
	if (op->run == op_exit_on || op->run == op_exit_taken) {
		emit_exit(j, block, op->run == op_exit_taken);
		return true;
	}
	if (op->run == op_exit_either) {
		emit_either(j, block);
		return true;
	}
	switch (insn->kind) {
	case KIND_STRAIGHT:
		return emit_straight(j, op, insn);
	case KIND_BRANCH:
	case KIND_LIKELY:
		if (last)
			emit_last(j, block, op, insn);
		else
			emit_early(j, block, op, insn);
		return true;
	case KIND_JUMP:
		if (last) {
			if (insn->exec == exec_jal)
				emit_link(j, block, REG_RA);
			emit_exit(j, block, EXIT_TAKEN);
		}
		return last;
	case KIND_REGISTER:
		if (last)
			emit_register(j, block, op, insn);
		return last;
	case KIND_SYSTEM:
		return block->mode & CPU_KERNEL && insn->exec == exec_mfc0 &&
		       emit_mfc0(j, op);
	default:
		return false;
	}
}

static void hand_over(struct jit *j, const struct op *op,
		      void (*run)(struct cpu *cpu, const struct op *op,
				  uint64_t left))
{
	move_address(j, ESI, op);
	move_address(j, EAX, (const void *)(uintptr_t)run);
	jump_to_rax(j);
}

void jit_block(struct jit *j, struct block *block)
{
	size_t starts[BLOCK_OPS];
	bool enter[BLOCK_OPS];
	const struct op *op;
	unsigned int i;

	j->detours_count = 0;
	j->loads.end = NULL;
	j->stores.end = NULL;
	for (i = 0; i < block->ops_count; i++) {
		op = &block->ops[i];
		starts[i] = j->used;
		enter[i] = op >= j->loads.end && op >= j->stores.end;
		if (!emit(j, block, i)) {
			enter[i] = false;
			hand_over(j, op, op->run);
		}
	}
	for (i = 0; i < j->detours_count; i++) {
		lands_here(j, j->detours[i].from);
		hand_over(j, j->detours[i].op, j->detours[i].run);
	}
	for (i = 0; i < block->ops_count; i++)
		if (enter[i])
			block->ops[i].run = (void *)(j->code + starts[i]);
}

bool jit_has_room(const struct jit *j)
{
	return ROOM - j->used >= BLOCK_ROOM;
}

void jit_forget(struct jit *j)
{
	j->used = 0;
}

struct jit *jit_open(void)
{
	struct jit *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	/* a host may forbid memory that can be written and run */
	j->code = mmap(NULL, ROOM, PROT_READ | PROT_WRITE | PROT_EXEC,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (j->code == MAP_FAILED) {
		free(j);
		return NULL;
	}
	return j;
}

void jit_close(struct jit *j)
{
	munmap(j->code, ROOM);
	free(j);
}
