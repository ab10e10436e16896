// SPDX-License-Identifier: MIT
/*
 * Instructions that compute: arithmetic, logic, shifts, comparisons,
 * multiplication and division, traps.
 *
 * Compiled twice (see exec.h): called by cpu_step(), and part of the block
 * engine. An instruction that raises an exception has changed nothing before.
 * Where the architecture calls a result unpredictable (division by zero,
 * overflowing division), ours is that of QEMU.
 */
#include "mips-sim/exec.h"

EXEC(nop)
{
	(void)cpu;
	(void)w;
}

/* ---- addition and subtraction ---------------------------------------- */

EXEC(addu)
{
	set_rd(cpu, w, rs(cpu, w) + rt(cpu, w));
}

EXEC(addiu)
{
	set_rt(cpu, w, rs(cpu, w) + field_simm(w));
}

EXEC(subu)
{
	set_rd(cpu, w, rs(cpu, w) - rt(cpu, w));
}

/* The three that raise an exception when the result does not fit. */
EXEC(add)
{
	int32_t sum;

	if (__builtin_add_overflow((int32_t)rs(cpu, w), (int32_t)rt(cpu, w),
				   &sum))
		cp0_exception(cpu, EXC_OV);
	else
		set_rd(cpu, w, sum);
}

EXEC(addi)
{
	int32_t sum;

	if (__builtin_add_overflow((int32_t)rs(cpu, w), (int32_t)field_simm(w),
				   &sum))
		cp0_exception(cpu, EXC_OV);
	else
		set_rt(cpu, w, sum);
}

EXEC(sub)
{
	int32_t difference;

	if (__builtin_sub_overflow((int32_t)rs(cpu, w), (int32_t)rt(cpu, w),
				   &difference))
		cp0_exception(cpu, EXC_OV);
	else
		set_rd(cpu, w, difference);
}

/* ---- logic and comparison -------------------------------------------- */

EXEC(and)
{
	set_rd(cpu, w, rs(cpu, w) & rt(cpu, w));
}

EXEC(or)
{
	set_rd(cpu, w, rs(cpu, w) | rt(cpu, w));
}

EXEC(xor)
{
	set_rd(cpu, w, rs(cpu, w) ^ rt(cpu, w));
}

EXEC(nor)
{
	set_rd(cpu, w, ~(rs(cpu, w) | rt(cpu, w)));
}

EXEC(andi)
{
	set_rt(cpu, w, rs(cpu, w) & field_uimm(w));
}

EXEC(ori)
{
	set_rt(cpu, w, rs(cpu, w) | field_uimm(w));
}

EXEC(xori)
{
	set_rt(cpu, w, rs(cpu, w) ^ field_uimm(w));
}

EXEC(lui)
{
	set_rt(cpu, w, field_uimm(w) << 16);
}

EXEC(slt)
{
	set_rd(cpu, w, (int32_t)rs(cpu, w) < (int32_t)rt(cpu, w));
}

EXEC(sltu)
{
	set_rd(cpu, w, rs(cpu, w) < rt(cpu, w));
}

EXEC(slti)
{
	set_rt(cpu, w, (int32_t)rs(cpu, w) < (int32_t)field_simm(w));
}

EXEC(sltiu)
{
	set_rt(cpu, w, rs(cpu, w) < field_simm(w));
}

EXEC(movz)
{
	if (!rt(cpu, w))
		set_rd(cpu, w, rs(cpu, w));
}

EXEC(movn)
{
	if (rt(cpu, w))
		set_rd(cpu, w, rs(cpu, w));
}

/* ---- shifts and bit fields ------------------------------------------- */

static uint32_t rotate_right(uint32_t val, unsigned int by)
{
	return by ? val >> by | val << (32 - by) : val;
}

EXEC(sll)
{
	set_rd(cpu, w, rt(cpu, w) << field_sa(w));
}

EXEC(srl)
{
	set_rd(cpu, w, rt(cpu, w) >> field_sa(w));
}

EXEC(sra)
{
	set_rd(cpu, w, (int32_t)rt(cpu, w) >> field_sa(w));
}

EXEC(rotr)
{
	set_rd(cpu, w, rotate_right(rt(cpu, w), field_sa(w)));
}

EXEC(sllv)
{
	set_rd(cpu, w, rt(cpu, w) << (rs(cpu, w) & 31));
}

EXEC(srlv)
{
	set_rd(cpu, w, rt(cpu, w) >> (rs(cpu, w) & 31));
}

EXEC(srav)
{
	set_rd(cpu, w, (int32_t)rt(cpu, w) >> (rs(cpu, w) & 31));
}

EXEC(rotrv)
{
	set_rd(cpu, w, rotate_right(rt(cpu, w), rs(cpu, w) & 31));
}

/* ext: sa is the lowest bit, rd the size - 1. A field that leaves the word
 * is unpredictable by the architecture, a reserved instruction here. */
EXEC(ext)
{
	unsigned int low = field_sa(w);
	unsigned int size = field_rd(w) + 1;

	if (low + size > 32)
		cp0_exception(cpu, EXC_RI);
	else
		set_rt(cpu, w, rs(cpu, w) >> low & (~0u >> (32 - size)));
}

/* ins: sa is the lowest bit, rd the highest. */
EXEC(ins)
{
	unsigned int low = field_sa(w);
	unsigned int high = field_rd(w);
	uint32_t mask;

	if (low > high) {
		cp0_exception(cpu, EXC_RI);
		return;
	}
	mask = ~0u >> (31 - (high - low)) << low;
	set_rt(cpu, w, (rt(cpu, w) & ~mask) | (rs(cpu, w) << low & mask));
}

EXEC(seb)
{
	set_rd(cpu, w, (int8_t)rt(cpu, w));
}

EXEC(seh)
{
	set_rd(cpu, w, (int16_t)rt(cpu, w));
}

EXEC(wsbh)
{
	uint32_t val = rt(cpu, w);

	set_rd(cpu, w, (val >> 8 & 0x00ff00ff) | (val << 8 & 0xff00ff00));
}

EXEC(clz)
{
	uint32_t val = rs(cpu, w);

	set_rd(cpu, w, val ? __builtin_clz(val) : 32);
}

EXEC(clo)
{
	uint32_t val = ~rs(cpu, w);

	set_rd(cpu, w, val ? __builtin_clz(val) : 32);
}

/* ---- HI and LO ------------------------------------------------------- */

static void set_hi_lo(struct cpu *cpu, uint64_t val)
{
	cpu->hi = val >> 32;
	cpu->lo = val;
}

static uint64_t hi_lo(const struct cpu *cpu)
{
	return (uint64_t)cpu->hi << 32 | cpu->lo;
}

static uint64_t product(const struct cpu *cpu, EXEC_WORD w)
{
	return (int64_t)(int32_t)rs(cpu, w) * (int32_t)rt(cpu, w);
}

static uint64_t product_unsigned(const struct cpu *cpu, EXEC_WORD w)
{
	return (uint64_t)rs(cpu, w) * rt(cpu, w);
}

EXEC(mfhi)
{
	set_rd(cpu, w, cpu->hi);
}

EXEC(mflo)
{
	set_rd(cpu, w, cpu->lo);
}

EXEC(mthi)
{
	cpu->hi = rs(cpu, w);
}

EXEC(mtlo)
{
	cpu->lo = rs(cpu, w);
}

EXEC(mult)
{
	set_hi_lo(cpu, product(cpu, w));
}

EXEC(multu)
{
	set_hi_lo(cpu, product_unsigned(cpu, w));
}

EXEC(madd)
{
	set_hi_lo(cpu, hi_lo(cpu) + product(cpu, w));
}

EXEC(maddu)
{
	set_hi_lo(cpu, hi_lo(cpu) + product_unsigned(cpu, w));
}

EXEC(msub)
{
	set_hi_lo(cpu, hi_lo(cpu) - product(cpu, w));
}

EXEC(msubu)
{
	set_hi_lo(cpu, hi_lo(cpu) - product_unsigned(cpu, w));
}

/* HI and LO are unpredictable afterwards; here they stay. */
EXEC(mul)
{
	set_rd(cpu, w, product(cpu, w));
}

EXEC(div)
{
	int32_t a = rs(cpu, w);
	int32_t b = rt(cpu, w);

	if (b == 0 || (a == INT32_MIN && b == -1))
		b = 1;
	cpu->lo = a / b;
	cpu->hi = a % b;
}

EXEC(divu)
{
	uint32_t a = rs(cpu, w);
	uint32_t b = rt(cpu, w);

	if (b == 0)
		b = 1;
	cpu->lo = a / b;
	cpu->hi = a % b;
}

/* ---- traps: an exception if a condition holds ------------------------ */

#define TRAP(name, type, op, right)					\
EXEC(name)								\
{									\
	if ((type)rs(cpu, w) op (type)(right))				\
		cp0_exception(cpu, EXC_TR);				\
}

TRAP(teq, uint32_t, ==, rt(cpu, w))
TRAP(tne, uint32_t, !=, rt(cpu, w))
TRAP(tge, int32_t, >=, rt(cpu, w))
TRAP(tgeu, uint32_t, >=, rt(cpu, w))
TRAP(tlt, int32_t, <, rt(cpu, w))
TRAP(tltu, uint32_t, <, rt(cpu, w))
TRAP(teqi, uint32_t, ==, field_simm(w))
TRAP(tnei, uint32_t, !=, field_simm(w))
TRAP(tgei, int32_t, >=, field_simm(w))
TRAP(tgeiu, uint32_t, >=, field_simm(w))
TRAP(tlti, int32_t, <, field_simm(w))
TRAP(tltiu, uint32_t, <, field_simm(w))
