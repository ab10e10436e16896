/* SPDX-License-Identifier: MIT */
/*
 * The semantics for the step engine: an instruction word at a time.
 *
 * A branch changes cpu->next_pc, since its delay slot is what cpu->pc says.
 */
#ifndef MIPS_SIM_EXEC_STEP_H
#define MIPS_SIM_EXEC_STEP_H

#include "mips-sim/cpu.h"
#include "mips-sim/decode.h"
#include "mips-sim/machine.h"

#define EXEC_WORD uint32_t
#define EXEC(name) void exec_##name(struct cpu *cpu, uint32_t w)

/* Several rows may share a function: the same prototype twice is no error. */
#define EXEC_PROTOTYPE(text, mask, match, operands, kind, exec) EXEC(exec);
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

static inline unsigned int field_sel(uint32_t w)
{
	return w & 7;
}

static inline uint32_t field_simm(uint32_t w)
{
	return (uint32_t)(int16_t)w;
}

static inline uint32_t field_uimm(uint32_t w)
{
	return w & 0xffff;
}

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

/* May there be a branch here? Marks the next instruction as its slot. */
static inline bool open_slot(struct cpu *cpu)
{
	if (cpu->in_slot) {
		cp0_exception(cpu, EXC_RI);
		return false;
	}
	cpu->slot = true;
	return true;
}

static inline void go_to(struct cpu *cpu, uint32_t target)
{
	cpu->next_pc = target;
	if (target == cpu->at)
		machine_self_jump(cpu->machine);
}

static inline uint32_t branch_target(const struct cpu *cpu, uint32_t w)
{
	return cpu->at + 4 + (field_simm(w) << 2);
}

static inline void branch(struct cpu *cpu, uint32_t w, bool taken)
{
	if (open_slot(cpu) && taken)
		go_to(cpu, branch_target(cpu, w));
}

static inline void branch_likely(struct cpu *cpu, uint32_t w, bool taken)
{
	if (!open_slot(cpu))
		return;
	if (taken) {
		go_to(cpu, branch_target(cpu, w));
	} else {
		cpu->slot = false;
		cpu->pc += 4;
		cpu->next_pc += 4;
	}
}

static inline void jump(struct cpu *cpu, uint32_t w, uint32_t target)
{
	(void)w;
	if (open_slot(cpu))
		go_to(cpu, target);
}

/* j and jal stay in the 256 MiB of their delay slot. */
static inline uint32_t region_target(const struct cpu *cpu, uint32_t w)
{
	return ((cpu->at + 4) & 0xf0000000) | (w << 2 & 0x0ffffffc);
}

/* The return address, behind the slot; written whether taken or not. */
static inline void link_to(struct cpu *cpu, uint32_t w, unsigned int reg)
{
	(void)w;
	if (!cpu->in_slot)
		set_reg(cpu, reg, cpu->at + 8);
}

#endif
