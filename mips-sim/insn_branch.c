// SPDX-License-Identifier: MIT
/*
 * Branches and jumps.
 *
 * Called by cpu_step(). A branch changes cpu->next_pc: the instruction behind
 * it, its delay slot, runs first. A branch likely that is not taken skips its
 * slot. A branch in a delay slot is unpredictable by the architecture; here,
 * as in QEMU, it is a reserved instruction.
 */
#include "mips-sim/exec.h"
#include "mips-sim/machine.h"

/* May there be a branch here? Marks the next instruction as its slot. */
static bool open_slot(struct cpu *cpu)
{
	if (cpu->in_slot) {
		cp0_exception(cpu, EXC_RI);
		return false;
	}
	cpu->slot = true;
	return true;
}

static void jump(struct cpu *cpu, uint32_t target)
{
	cpu->next_pc = target;
	if (target == cpu->at)
		machine_self_jump(cpu->machine);
}

static void branch(struct cpu *cpu, uint32_t w, bool taken)
{
	if (open_slot(cpu) && taken)
		jump(cpu, cpu->at + 4 + (field_simm(w) << 2));
}

static void branch_likely(struct cpu *cpu, uint32_t w, bool taken)
{
	if (!open_slot(cpu))
		return;
	if (taken) {
		jump(cpu, cpu->at + 4 + (field_simm(w) << 2));
	} else {
		cpu->slot = false;
		cpu->pc += 4;
		cpu->next_pc += 4;
	}
}

/* The return address, behind the slot; written whether taken or not. */
static void link_to(struct cpu *cpu, unsigned int reg)
{
	if (!cpu->in_slot)
		set_reg(cpu, reg, cpu->at + 8);
}

#define BRANCH(name, how, condition)					\
EXEC(name)								\
{									\
	how(cpu, w, condition);						\
}

#define BRANCH_AND_LINK(name, how, condition)				\
EXEC(name)								\
{									\
	bool taken = condition;						\
									\
	link_to(cpu, REG_RA);						\
	how(cpu, w, taken);						\
}

BRANCH(beq, branch, rs(cpu, w) == rt(cpu, w))
BRANCH(bne, branch, rs(cpu, w) != rt(cpu, w))
BRANCH(blez, branch, (int32_t)rs(cpu, w) <= 0)
BRANCH(bgtz, branch, (int32_t)rs(cpu, w) > 0)
BRANCH(bltz, branch, (int32_t)rs(cpu, w) < 0)
BRANCH(bgez, branch, (int32_t)rs(cpu, w) >= 0)
BRANCH(beql, branch_likely, rs(cpu, w) == rt(cpu, w))
BRANCH(bnel, branch_likely, rs(cpu, w) != rt(cpu, w))
BRANCH(blezl, branch_likely, (int32_t)rs(cpu, w) <= 0)
BRANCH(bgtzl, branch_likely, (int32_t)rs(cpu, w) > 0)
BRANCH(bltzl, branch_likely, (int32_t)rs(cpu, w) < 0)
BRANCH(bgezl, branch_likely, (int32_t)rs(cpu, w) >= 0)
BRANCH_AND_LINK(bltzal, branch, (int32_t)rs(cpu, w) < 0)
BRANCH_AND_LINK(bgezal, branch, (int32_t)rs(cpu, w) >= 0)
BRANCH_AND_LINK(bltzall, branch_likely, (int32_t)rs(cpu, w) < 0)
BRANCH_AND_LINK(bgezall, branch_likely, (int32_t)rs(cpu, w) >= 0)

/* j and jal stay in the 256 MiB of their delay slot. */
static uint32_t region_target(const struct cpu *cpu, uint32_t w)
{
	return ((cpu->at + 4) & 0xf0000000) | (w << 2 & 0x0ffffffc);
}

EXEC(j)
{
	if (open_slot(cpu))
		jump(cpu, region_target(cpu, w));
}

EXEC(jal)
{
	link_to(cpu, REG_RA);
	if (open_slot(cpu))
		jump(cpu, region_target(cpu, w));
}

EXEC(jr)
{
	if (open_slot(cpu))
		jump(cpu, rs(cpu, w));
}

EXEC(jalr)
{
	uint32_t target = rs(cpu, w);

	link_to(cpu, field_rd(w));
	if (open_slot(cpu))
		jump(cpu, target);
}
