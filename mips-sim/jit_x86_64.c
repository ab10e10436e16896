// SPDX-License-Identifier: MIT
/*
 * Machine code for x86-64. See jit.h.
 *
 * The guest's registers stay in struct cpu, so at every operation all is as
 * block_ops.c has it, and one can come in or go out anywhere. The arguments of
 * `run` stay where the ABI puts them: rdi is the processor, rdx is `left`; rsi,
 * the operation, is set before code that needs it. rax, rcx, r8 and r9 are
 * free. x86_64.h writes the code; what is written in bytes here has its name
 * beside it.
 */
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "mips-sim/exec.h"
#include "mips-sim/jit.h"
#include "mips-sim/x86_64.h"

#define ROOM		(32u << 20)
#define BLOCK_ROOM	8192		/* more than any block needs */

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
	store(j, gpr(op->to_rd), EAX);
}

/* The same where "how $zero" changes nothing. */
static void emit_sum(struct jit *j, const struct op *op, unsigned int how)
{
	load(j, EAX, gpr(op->rs));
	if (op->rt)
		with_cpu(j, how, EAX, gpr(op->rt));
	store(j, gpr(op->to_rd), EAX);
}

static void emit_nor(struct jit *j, const struct op *op, unsigned int how)
{
	load(j, EAX, gpr(op->rs));
	with_cpu(j, how, EAX, gpr(op->rt));
	PUT(j, "\xf7\xd0");				/* not eax */
	store(j, gpr(op->to_rd), EAX);
}

static void emit_immediate(struct jit *j, const struct op *op,
			   unsigned int how, uint32_t val)
{
	if (op->rs == op->to_rt) {
		with_cpu(j, 0x81, how, gpr(op->rs));	/* add [rs], val */
		put32(j, val);
		return;
	}
	load(j, EAX, gpr(op->rs));
	eax_immediate(j, how, val);
	store(j, gpr(op->to_rt), EAX);
}

static void emit_addiu(struct jit *j, const struct op *op, unsigned int how)
{
	uint32_t val = field_simm(op->word);

	if (op->rs)
		emit_immediate(j, op, how, val);
	else
		store_immediate(j, gpr(op->to_rt), val);
}

static void emit_logic(struct jit *j, const struct op *op, unsigned int how)
{
	emit_immediate(j, op, how, field_uimm(op->word));
}

static void emit_lui(struct jit *j, const struct op *op, unsigned int how)
{
	store_immediate(j, gpr(op->to_rt), op->word << how);
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
	set_by(j, how, op->to_rd);
}

static void emit_slti(struct jit *j, const struct op *op, unsigned int how)
{
	with_cpu(j, 0x81, EXT_CMP, gpr(op->rs));	/* cmp [rs], simm */
	put32(j, field_simm(op->word));
	set_by(j, how, op->to_rt);
}

/* movz, movn */
static void emit_move_if(struct jit *j, const struct op *op, unsigned int how)
{
	load(j, EAX, gpr(op->to_rd));
	compare_zero(j, gpr(op->rt));
	put8(j, 0x0f);
	with_cpu(j, 0x40 | how, EAX, gpr(op->rs));	/* cmovcc eax, [rs] */
	store(j, gpr(op->to_rd), EAX);
}

static void emit_shift(struct jit *j, const struct op *op, unsigned int how)
{
	load(j, EAX, gpr(op->rt));
	eax_shift(j, how, field_sa(op->word));
	store(j, gpr(op->to_rd), EAX);
}

/* The processor takes cl modulo 32, as MIPS does. */
static void emit_shift_by(struct jit *j, const struct op *op, unsigned int how)
{
	load(j, ECX, gpr(op->rs));
	load(j, EAX, gpr(op->rt));
	put8(j, 0xd3);					/* shl eax, cl */
	put8(j, 0xc0 | how << 3 | EAX);
	store(j, gpr(op->to_rd), EAX);
}

/* seb, seh: movsx eax, [rt] */
static void emit_extend(struct jit *j, const struct op *op, unsigned int how)
{
	put8(j, 0x0f);
	with_cpu(j, how, EAX, gpr(op->rt));
	store(j, gpr(op->to_rd), EAX);
}

static void emit_ext(struct jit *j, const struct op *op, unsigned int how)
{
	(void)how;
	load(j, EAX, gpr(op->rs));
	eax_shift(j, EXT_SHR, field_sa(op->word));
	eax_immediate(j, EXT_AND, ~0u >> (31 - field_rd(op->word)));
	store(j, gpr(op->to_rt), EAX);
}

static void emit_mul(struct jit *j, const struct op *op, unsigned int how)
{
	load(j, EAX, gpr(op->rs));
	put8(j, 0x0f);
	with_cpu(j, how, EAX, gpr(op->rt));		/* imul eax, [rt] */
	store(j, gpr(op->to_rd), EAX);
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
	store(j, gpr(op->to_rd), EAX);
}

/* mthi, mtlo */
static void emit_to(struct jit *j, const struct op *op, unsigned int how)
{
	load(j, EAX, gpr(op->rs));
	store(j, how, EAX);
}

/* ---- memory ----------------------------------------------------------- */

/*
 * eax = the address, rcx = what to add for the host's, by the page of it
 * (page.h); else block_ops.c's turn. @low: the bits that must be 0.
 */
static void reach(struct jit *j, const struct op *op, size_t tag, uint32_t low)
{
	_Static_assert(sizeof(struct page) == 16 && PAGES == 256 &&
		       PAGE_SHIFT == 12, "(address >> 8) & 0xff0");
	load(j, EAX, gpr(op->rs));
	if (field_simm(op->word))
		eax_immediate(j, EXT_ADD, field_simm(op->word));
	PUT(j, "\x89\xc1"				/* mov ecx, eax */
	       "\xc1\xe9\x08"				/* shr ecx, 8 */
	       "\x81\xe1\xf0\x0f\x00\x00"		/* and ecx, 0xff0 */
	       "\x89\xc6"				/* mov esi, eax */
	       "\x81\xe6");				/* and esi, ... */
	put32(j, PAGE_MASK | low);
	PUT(j, "\x3b\xb4\x0f");			/* cmp esi, [rdi+rcx+...] */
	put32(j, offsetof(struct cpu, pages) + tag);
	detour_if(j, NOT_EQUAL, op, op->run);
	PUT(j, "\x48\x8b\x8c\x0f");		/* mov rcx, [rdi+rcx+...] */
	put32(j, offsetof(struct cpu, pages) + offsetof(struct page, host));
}

/* @how: the bits that must be 0, and the opcode from bit 8 on, low byte first,
 * of mov, movzx or movsx; register and address are eax and [rax+rcx]. */
static void emit_load(struct jit *j, const struct op *op, unsigned int how)
{
	reach(j, op, offsetof(struct page, load), how & 3);
	for (how >>= 8; how; how >>= 8)
		put8(j, how);
	PUT(j, "\x04\x08");
	store(j, gpr(op->to_rt), EAX);
}

/* The same with esi, behind the value's load. */
static void emit_store(struct jit *j, const struct op *op, unsigned int how)
{
	reach(j, op, offsetof(struct page, store), how & 3);
	load(j, ESI, gpr(op->rt));
	for (how >>= 8; how; how >>= 8)
		put8(j, how);
	PUT(j, "\x34\x08");
	put8(j, 0x48);					/* inc [stores] */
	with_cpu(j, 0xff, 0, offsetof(struct cpu, stores));
}

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
		emit_link(j, block, op->to_rd);
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
	{ exec_mul, emit_mul, 0xaf },
	{ exec_mult, emit_mult, EXT_IMUL }, { exec_multu, emit_mult, EXT_MUL },
	{ exec_mfhi, emit_from, offsetof(struct cpu, hi) },
	{ exec_mflo, emit_from, offsetof(struct cpu, lo) },
	{ exec_mthi, emit_to, offsetof(struct cpu, hi) },
	{ exec_mtlo, emit_to, offsetof(struct cpu, lo) },
	{ exec_lw, emit_load, LOAD(3, 0x8b) },
	{ exec_lh, emit_load, LOAD(1, 0xbf0f) },
	{ exec_lhu, emit_load, LOAD(1, 0xb70f) },
	{ exec_lb, emit_load, LOAD(0, 0xbe0f) },
	{ exec_lbu, emit_load, LOAD(0, 0xb60f) },
	{ exec_sw, emit_store, LOAD(3, 0x89) },
	{ exec_sh, emit_store, LOAD(1, 0x8966) },
	/* the rex prefix makes it sil, not dh */
	{ exec_sb, emit_store, LOAD(0, 0x8840) },
};

static bool emit_straight(struct jit *j, const struct op *op,
			  const struct insn *insn)
{
	unsigned int i;

	/* a field that leaves the word raises an exception */
	if (insn->exec == exec_ext &&
	    field_sa(op->word) + field_rd(op->word) < 32) {
		emit_ext(j, op, 0);
		return true;
	}
	for (i = 0; i < sizeof(recipes) / sizeof(recipes[0]); i++) {
		if (recipes[i].exec == insn->exec) {
			recipes[i].emit(j, op, recipes[i].how);
			return true;
		}
	}
	return false;
}

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
	if (op->run == op_step || op->run == op_step_on ||
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
	bool known[BLOCK_OPS];
	unsigned int i;

	j->detours_count = 0;
	for (i = 0; i < block->ops_count; i++) {
		starts[i] = j->used;
		known[i] = emit(j, block, i);
		if (!known[i])
			hand_over(j, &block->ops[i], block->ops[i].run);
	}
	for (i = 0; i < j->detours_count; i++) {
		lands_here(j, j->detours[i].from);
		hand_over(j, j->detours[i].op, j->detours[i].run);
	}
	for (i = 0; i < block->ops_count; i++)
		if (known[i])
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
