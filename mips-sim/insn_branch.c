// SPDX-License-Identifier: MIT
/*
 * Branches and jumps.
 *
 * Compiled twice (see exec.h): called by cpu_step(), and part of the block
 * engine, which each say what it is to branch. The instruction behind a
 * branch, its delay slot, runs first. A branch likely that is not taken skips
 * its slot. A branch in a delay slot is unpredictable by the architecture;
 * here, as in QEMU, it is a reserved instruction.
 */
#include "mips-sim/exec.h"

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
	link_to(cpu, w, REG_RA);					\
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

EXEC(j)
{
	jump(cpu, w, region_target(cpu, w));
}

EXEC(jal)
{
	link_to(cpu, w, REG_RA);
	jump(cpu, w, region_target(cpu, w));
}

EXEC(jr)
{
	jump(cpu, w, rs(cpu, w));
}

EXEC(jalr)
{
	uint32_t target = rs(cpu, w);

	link_to(cpu, w, field_rd(w));
	jump(cpu, w, target);
}
