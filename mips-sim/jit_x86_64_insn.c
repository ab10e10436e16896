// SPDX-License-Identifier: MIT
/*
 * Machine code for x86-64: what instructions of kind STRAIGHT become.
 *
 * A row of recipes[] each. What has none is block_ops.c's, as is whatever gives
 * up. See jit_x86_64.c for what stands in which register.
 */
#include <stddef.h>

#include "mips-sim/exec.h"
#include "mips-sim/x86_64.h"

/* What an instruction becomes: a function and a number for it. */
struct recipe {
	void (*exec)(struct cpu *cpu, uint32_t w);
	void (*emit)(struct jit *j, const struct op *op, unsigned int how);
	unsigned int how;
};

/* ---- instructions that compute ---------------------------------------- */

/* rd = rs how rt; how is an opcode of "r32, r/m32". */
static void emit_alu(struct jit *j, const struct op *op, unsigned int how)
{
	load(j, EAX, gpr(op->rs));
	with_cpu(j, how, EAX, gpr(op->rt));
	store(j, gpr(op->to), EAX);
}

/* The same where "how $zero" changes nothing. */
static void emit_sum(struct jit *j, const struct op *op, unsigned int how)
{
	load(j, EAX, gpr(op->rs));
	if (op->rt)
		with_cpu(j, how, EAX, gpr(op->rt));
	store(j, gpr(op->to), EAX);
}

static void emit_nor(struct jit *j, const struct op *op, unsigned int how)
{
	load(j, EAX, gpr(op->rs));
	with_cpu(j, how, EAX, gpr(op->rt));
	PUT(j, "\xf7\xd0");				/* not eax */
	store(j, gpr(op->to), EAX);
}

static void emit_immediate(struct jit *j, const struct op *op,
			   unsigned int how, uint32_t val)
{
	if (op->rs == op->to) {
		with_cpu(j, 0x81, how, gpr(op->rs));	/* add [rs], val */
		put32(j, val);
		return;
	}
	load(j, EAX, gpr(op->rs));
	eax_immediate(j, how, val);
	store(j, gpr(op->to), EAX);
}

static void emit_addiu(struct jit *j, const struct op *op, unsigned int how)
{
	uint32_t val = field_simm(op->word);

	if (op->rs)
		emit_immediate(j, op, how, val);
	else
		store_immediate(j, gpr(op->to), val);
}

static void emit_logic(struct jit *j, const struct op *op, unsigned int how)
{
	emit_immediate(j, op, how, field_uimm(op->word));
}

static void emit_lui(struct jit *j, const struct op *op, unsigned int how)
{
	store_immediate(j, gpr(op->to), op->word << how);
}

static void set_by(struct jit *j, enum condition condition, unsigned int to)
{
	PUT(j, "\x0f");					/* setcc al */
	put8(j, 0x90 | condition);
	PUT(j, "\xc0");
	PUT(j, "\x0f\xb6\xc0");				/* movzx eax, al */
	store(j, gpr(to), EAX);
}

static void emit_slt(struct jit *j, const struct op *op, unsigned int how)
{
	load(j, EAX, gpr(op->rs));
	with_cpu(j, 0x3b, EAX, gpr(op->rt));		/* cmp eax, [rt] */
	set_by(j, how, op->to);
}

static void emit_slti(struct jit *j, const struct op *op, unsigned int how)
{
	with_cpu(j, 0x81, EXT_CMP, gpr(op->rs));	/* cmp [rs], simm */
	put32(j, field_simm(op->word));
	set_by(j, how, op->to);
}

/* movz, movn */
static void emit_move_if(struct jit *j, const struct op *op, unsigned int how)
{
	load(j, EAX, gpr(op->to));
	compare_zero(j, gpr(op->rt));
	put8(j, 0x0f);
	with_cpu(j, 0x40 | how, EAX, gpr(op->rs));	/* cmovcc eax, [rs] */
	store(j, gpr(op->to), EAX);
}

static void emit_shift(struct jit *j, const struct op *op, unsigned int how)
{
	load(j, EAX, gpr(op->rt));
	eax_shift(j, how, field_sa(op->word));
	store(j, gpr(op->to), EAX);
}

/* The processor takes cl modulo 32, as MIPS does. */
static void emit_shift_by(struct jit *j, const struct op *op, unsigned int how)
{
	load(j, ECX, gpr(op->rs));
	load(j, EAX, gpr(op->rt));
	put8(j, 0xd3);					/* shl eax, cl */
	put8(j, 0xc0 | how << 3 | EAX);
	store(j, gpr(op->to), EAX);
}

/* seb, seh: movsx eax, [rt] */
static void emit_extend(struct jit *j, const struct op *op, unsigned int how)
{
	put8(j, 0x0f);
	with_cpu(j, how, EAX, gpr(op->rt));
	store(j, gpr(op->to), EAX);
}

static void emit_ext(struct jit *j, const struct op *op, unsigned int how)
{
	(void)how;
	load(j, EAX, gpr(op->rs));
	eax_shift(j, EXT_SHR, field_sa(op->word));
	eax_immediate(j, EXT_AND, ~0u >> (31 - field_rd(op->word)));
	store(j, gpr(op->to), EAX);
}

static void emit_mul(struct jit *j, const struct op *op, unsigned int how)
{
	load(j, EAX, gpr(op->rs));
	put8(j, 0x0f);
	with_cpu(j, how, EAX, gpr(op->rt));		/* imul eax, [rt] */
	store(j, gpr(op->to), EAX);
}

/* mult, multu: edx:eax = eax * [rt] */
static void emit_mult(struct jit *j, const struct op *op, unsigned int how)
{
	PUT(j, "\x48\x89\xd1");				/* mov rcx, rdx */
	load(j, EAX, gpr(op->rs));
	with_cpu(j, 0xf7, how, gpr(op->rt));
	store(j, offsetof(struct cpu, lo), EAX);
	store(j, offsetof(struct cpu, hi), EDX);
	PUT(j, "\x48\x89\xca");				/* mov rdx, rcx */
}

/* mfhi, mflo */
static void emit_from(struct jit *j, const struct op *op, unsigned int how)
{
	load(j, EAX, how);
	store(j, gpr(op->to), EAX);
}

/* mthi, mtlo */
static void emit_to(struct jit *j, const struct op *op, unsigned int how)
{
	load(j, EAX, gpr(op->rs));
	store(j, how, EAX);
}

/* In kernel mode. False: the register is not just there. */
bool emit_mfc0(struct jit *j, const struct op *op)
{
	static const struct cp0 cp0;	/* what is where in one */
	const uint32_t *plain = cp0_plain(&cp0, field_rd(op->word),
					  field_sel(op->word));

	if (!plain)
		return false;
	load(j, EAX, offsetof(struct cpu, cp0) +
		     ((const char *)plain - (const char *)&cp0));
	store(j, gpr(op->to), EAX);
	return true;
}

/* ---- which becomes what ---------------------------------------------- */

#define LOAD(low, opcode)	(0x100u * (opcode) | (low))

static const struct recipe recipes[] = {
	{ exec_addu, emit_sum, 0x03 }, { exec_subu, emit_sum, 0x2b },
	{ exec_or, emit_sum, 0x0b }, { exec_xor, emit_sum, 0x33 },
	{ exec_and, emit_alu, 0x23 }, { exec_nor, emit_nor, 0x0b },
	{ exec_addiu, emit_addiu, EXT_ADD }, { exec_andi, emit_logic, EXT_AND },
	{ exec_ori, emit_logic, EXT_OR }, { exec_xori, emit_logic, EXT_XOR },
	{ exec_lui, emit_lui, 16 },
	{ exec_slt, emit_slt, LESS }, { exec_sltu, emit_slt, BELOW },
	{ exec_slti, emit_slti, LESS }, { exec_sltiu, emit_slti, BELOW },
	{ exec_movz, emit_move_if, EQUAL },
	{ exec_movn, emit_move_if, NOT_EQUAL },
	{ exec_sll, emit_shift, EXT_SHL }, { exec_srl, emit_shift, EXT_SHR },
	{ exec_sra, emit_shift, EXT_SAR },
	{ exec_sllv, emit_shift_by, EXT_SHL },
	{ exec_srlv, emit_shift_by, EXT_SHR },
	{ exec_srav, emit_shift_by, EXT_SAR },
	{ exec_seb, emit_extend, 0xbe }, { exec_seh, emit_extend, 0xbf },
	{ exec_ext, emit_ext, 0 }, { exec_mul, emit_mul, 0xaf },
	{ exec_mult, emit_mult, EXT_IMUL }, { exec_multu, emit_mult, EXT_MUL },
	{ exec_mfhi, emit_from, offsetof(struct cpu, hi) },
	{ exec_mflo, emit_from, offsetof(struct cpu, lo) },
	{ exec_mthi, emit_to, offsetof(struct cpu, hi) },
	{ exec_mtlo, emit_to, offsetof(struct cpu, lo) },
	{ exec_lw, emit_lw, LOAD(3, 0x8b) },
	{ exec_lh, emit_load, LOAD(1, 0xbf0f) },
	{ exec_lhu, emit_load, LOAD(1, 0xb70f) },
	{ exec_lb, emit_load, LOAD(0, 0xbe0f) },
	{ exec_lbu, emit_load, LOAD(0, 0xb60f) },
	{ exec_sw, emit_sw, LOAD(3, 0x89) },
	{ exec_sh, emit_store, LOAD(1, 0x8966) },
	/* the rex prefix makes it sil, not dh */
	{ exec_sb, emit_store, LOAD(0, 0x8840) },
};

/* NULL: none. */
static const struct recipe *find(const struct op *op, const struct insn *insn)
{
	unsigned int i;

	/* a field that leaves the word raises an exception */
	if (insn->exec == exec_ext &&
	    field_sa(op->word) + field_rd(op->word) >= 32)
		return NULL;
	for (i = 0; i < sizeof(recipes) / sizeof(recipes[0]); i++)
		if (recipes[i].exec == insn->exec)
			return &recipes[i];
	return NULL;
}

bool emits_straight(const struct op *op, const struct insn *insn)
{
	return insn->kind == KIND_STRAIGHT && find(op, insn);
}

bool emit_straight(struct jit *j, const struct op *op,
		   const struct insn *insn)
{
	const struct recipe *recipe = find(op, insn);

	if (recipe)
		recipe->emit(j, op, recipe->how);
	return recipe;
}
