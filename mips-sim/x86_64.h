/* SPDX-License-Identifier: MIT */
/*
 * Writing x86-64 machine code that works on struct cpu, for jit_x86_64*.c.
 *
 * rdi is the processor: [at] is its field at that offset. The encodings are
 * from the manual's volume 2: opcode, ModRM, displacement, immediate.
 */
#ifndef MIPS_SIM_X86_64_H
#define MIPS_SIM_X86_64_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "mips-sim/cpu.h"

enum host_reg {
	EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI, R9 = 9, R10,
};

/* Conditions as jcc, setcc and cmovcc have them. */
enum condition {
	BELOW = 0x2, EQUAL = 0x4, NOT_EQUAL = 0x5, ABOVE = 0x7, LESS = 0xc,
	GREATER_EQUAL = 0xd, LESS_EQUAL = 0xe, GREATER = 0xf,
};

/* The second opcode field of instructions that share a first. */
enum extension {
	EXT_ADD = 0, EXT_OR = 1, EXT_AND = 4, EXT_XOR = 6, EXT_CMP = 7,
	EXT_SHL = 4, EXT_SHR = 5, EXT_SAR = 7, EXT_MUL = 4, EXT_IMUL = 5,
};

/* A jump, to be filled in, to where block_ops.c takes over. */
struct detour {
	size_t from;		/* behind the jump */
	const struct op *op;
	void (*run)(struct cpu *cpu, const struct op *op, uint64_t left);
};

/* Loads, or stores, that are in one page if their first is: see
 * jit_x86_64_mem.c. */
struct span {
	const struct op *first;
	const struct op *end;	/* behind the last */
	int32_t low, high;	/* the least offset, and the greatest */
};

struct jit {
	uint8_t *code;
	size_t used;
	struct span loads, stores;	/* the last of the block */
	struct detour detours[2 * BLOCK_OPS];
	unsigned int detours_count;
};

static inline void put8(struct jit *j, uint8_t val)
{
	j->code[j->used++] = val;
}

static inline void put32(struct jit *j, uint32_t val)
{
	memcpy(j->code + j->used, &val, sizeof(val));
	j->used += sizeof(val);
}

static inline void put64(struct jit *j, uint64_t val)
{
	memcpy(j->code + j->used, &val, sizeof(val));
	j->used += sizeof(val);
}

static inline void puts8(struct jit *j, const char *bytes,
			 unsigned int count)
{
	memcpy(j->code + j->used, bytes, count);
	j->used += count;
}

/* A literal: instructions between registers, the same each time. */
#define PUT(j, bytes) puts8(j, bytes, sizeof(bytes) - 1)

/* @opcode with @reg and the field of struct cpu at @at. */
static inline void with_cpu(struct jit *j, uint8_t opcode, unsigned int reg,
			    uint32_t at)
{
	put8(j, opcode);
	if (at < 128) {
		put8(j, 0x40 | reg << 3 | EDI);
		put8(j, at);
	} else {
		put8(j, 0x80 | reg << 3 | EDI);
		put32(j, at);
	}
}

static inline uint32_t gpr(unsigned int reg)
{
	return offsetof(struct cpu, gpr) + 4 * reg;
}

static inline void load(struct jit *j, enum host_reg reg, uint32_t at)
{
	with_cpu(j, 0x8b, reg, at);			/* mov reg, [at] */
}

static inline void store(struct jit *j, uint32_t at, enum host_reg reg)
{
	with_cpu(j, 0x89, reg, at);			/* mov [at], reg */
}

static inline void store_immediate(struct jit *j, uint32_t at, uint32_t val)
{
	with_cpu(j, 0xc7, 0, at);			/* mov [at], val */
	put32(j, val);
}

static inline void set_byte(struct jit *j, uint32_t at, uint8_t val)
{
	with_cpu(j, 0xc6, 0, at);			/* mov byte [at], val */
	put8(j, val);
}

static inline void compare_zero(struct jit *j, uint32_t at)
{
	with_cpu(j, 0x83, EXT_CMP, at);			/* cmp [at], 0 */
	put8(j, 0);
}

/* @extension of 0x81 (add, or, and, xor, cmp) on eax. */
static inline void eax_immediate(struct jit *j, enum extension extension,
				 uint32_t val)
{
	put8(j, 0x81);
	put8(j, 0xc0 | extension << 3 | EAX);
	put32(j, val);
}

static inline void eax_shift(struct jit *j, enum extension extension,
			     unsigned int by)
{
	put8(j, 0xc1);
	put8(j, 0xc0 | extension << 3 | EAX);
	put8(j, by);
}

static inline void move_address(struct jit *j, enum host_reg reg,
				const void *at)
{
	put8(j, 0x48);					/* mov reg, at */
	put8(j, 0xb8 | reg);
	put64(j, (uintptr_t)at);
}

static inline void jump_to_rax(struct jit *j)
{
	PUT(j, "\xff\xe0");				/* jmp rax */
}

/* jcc, its target filled in later; gives the place for that. */
static inline size_t jump_if(struct jit *j, enum condition condition)
{
	put8(j, 0x0f);
	put8(j, 0x80 | condition);
	put32(j, 0);
	return j->used;
}

static inline void lands_here(struct jit *j, size_t from)
{
	uint32_t distance = j->used - from;

	memcpy(j->code + from - 4, &distance, sizeof(distance));
}

static inline void detour_if(struct jit *j, enum condition condition,
			     const struct op *op,
			     void (*run)(struct cpu *cpu, const struct op *op,
					 uint64_t left))
{
	j->detours[j->detours_count++] =
		(struct detour){ jump_if(j, condition), op, run };
}

/* jit_x86_64_insn.c: code for one of kind STRAIGHT. False: there is none. */
struct insn;
bool emit_straight(struct jit *j, const struct op *op,
		   const struct insn *insn);
bool emits_straight(const struct op *op, const struct insn *insn);
bool emit_mfc0(struct jit *j, const struct op *op);

/* jit_x86_64_mem.c, for recipes there. @how: the bits of an address that must
 * be 0; from bit 8 on the opcode, low byte first, of mov, movzx or movsx. */
void emit_load(struct jit *j, const struct op *op, unsigned int how);
void emit_store(struct jit *j, const struct op *op, unsigned int how);
void emit_lw(struct jit *j, const struct op *op, unsigned int how);
void emit_sw(struct jit *j, const struct op *op, unsigned int how);

#endif
