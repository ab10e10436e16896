/* SPDX-License-Identifier: MIT */
/*
 * What the functions that run instructions (insn_*.c) share: their prototypes
 * and the fields of an instruction word.
 */
#ifndef MIPS_SIM_EXEC_H
#define MIPS_SIM_EXEC_H

#include "mips-sim/cpu.h"
#include "mips-sim/decode.h"

#define EXEC(name) void exec_##name(struct cpu *cpu, uint32_t w)

/* Several rows may share a function: the same prototype twice is no error. */
#define EXEC_PROTOTYPE(text, mask, match, operands, exec) EXEC(exec);
INSN_TABLE(EXEC_PROTOTYPE)
#undef EXEC_PROTOTYPE
EXEC(reserved);

static inline unsigned int field_rs(uint32_t w)
{
	return w >> 21 & 31;
}

static inline unsigned int field_rt(uint32_t w)
{
	return w >> 16 & 31;
}

static inline unsigned int field_rd(uint32_t w)
{
	return w >> 11 & 31;
}

static inline unsigned int field_sa(uint32_t w)
{
	return w >> 6 & 31;
}

static inline uint32_t field_simm(uint32_t w)
{
	return (uint32_t)(int16_t)w;
}

static inline uint32_t field_uimm(uint32_t w)
{
	return w & 0xffff;
}

/* Registers by field. Writing $zero does nothing. */
static inline uint32_t rs(const struct cpu *cpu, uint32_t w)
{
	return cpu->gpr[field_rs(w)];
}

static inline uint32_t rt(const struct cpu *cpu, uint32_t w)
{
	return cpu->gpr[field_rt(w)];
}

static inline void set_reg(struct cpu *cpu, unsigned int reg, uint32_t val)
{
	cpu->gpr[reg] = val;
	cpu->gpr[0] = 0;
}

static inline void set_rd(struct cpu *cpu, uint32_t w, uint32_t val)
{
	set_reg(cpu, field_rd(w), val);
}

static inline void set_rt(struct cpu *cpu, uint32_t w, uint32_t val)
{
	set_reg(cpu, field_rt(w), val);
}

#endif
