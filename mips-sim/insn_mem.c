// SPDX-License-Identifier: MIT
/*
 * Loads and stores.
 *
 * Compiled twice (see exec.h): called by cpu_step(), and part of the block
 * engine. Memory is little-endian. An access that fails has
 * raised its exception in cpu_load() or cpu_store(), and nothing is written.
 */
#include "mips-sim/exec.h"

static uint32_t address(const struct cpu *cpu, EXEC_WORD w)
{
	return rs(cpu, w) + field_simm(w);
}

/* ---- whole ones ------------------------------------------------------ */

#define LOAD(name, width, type)						\
EXEC(name)								\
{									\
	uint32_t val;							\
									\
	if (cpu_load(cpu, address(cpu, w), width, &val))		\
		set_rt(cpu, w, (type)val);				\
}

LOAD(lb, BUS_BYTE, int8_t)
LOAD(lbu, BUS_BYTE, uint8_t)
LOAD(lh, BUS_HALF, int16_t)
LOAD(lhu, BUS_HALF, uint16_t)
LOAD(lw, BUS_WORD, uint32_t)

EXEC(sb)
{
	cpu_store(cpu, address(cpu, w), BUS_BYTE, rt(cpu, w) & 0xff);
}

EXEC(sh)
{
	cpu_store(cpu, address(cpu, w), BUS_HALF, rt(cpu, w) & 0xffff);
}

EXEC(sw)
{
	cpu_store(cpu, address(cpu, w), BUS_WORD, rt(cpu, w));
}

/* ---- parts of a word at any address ----------------------------------- */

/* Byte k of the aligned word; lwl and swl work on bytes 0..k, the upper ones
 * of the register, lwr and swr on bytes k..3, the lower ones. */
static unsigned int bits_above(uint32_t vaddr)
{
	return 8 * (3 - (vaddr & 3));
}

static unsigned int bits_below(uint32_t vaddr)
{
	return 8 * (vaddr & 3);
}

EXEC(lwl)
{
	uint32_t vaddr = address(cpu, w);
	unsigned int shift = bits_above(vaddr);
	uint32_t val;

	if (cpu_load(cpu, vaddr, BUS_PART, &val))
		set_rt(cpu, w, (rt(cpu, w) & ~(~0u << shift)) | val << shift);
}

EXEC(lwr)
{
	uint32_t vaddr = address(cpu, w);
	unsigned int shift = bits_below(vaddr);
	uint32_t val;

	if (cpu_load(cpu, vaddr, BUS_PART, &val))
		set_rt(cpu, w, (rt(cpu, w) & ~(~0u >> shift)) | val >> shift);
}

EXEC(swl)
{
	uint32_t vaddr = address(cpu, w);
	unsigned int shift = bits_above(vaddr);
	uint32_t val;

	if (cpu_load_to_store(cpu, vaddr, &val))
		cpu_store(cpu, vaddr, BUS_PART,
			  (val & ~(~0u >> shift)) | rt(cpu, w) >> shift);
}

EXEC(swr)
{
	uint32_t vaddr = address(cpu, w);
	unsigned int shift = bits_below(vaddr);
	uint32_t val;

	if (cpu_load_to_store(cpu, vaddr, &val))
		cpu_store(cpu, vaddr, BUS_PART,
			  (val & ~(~0u << shift)) | rt(cpu, w) << shift);
}

/* ---- none ------------------------------------------------------------- */

/* A store to code counts at once, and there is no cache to do anything with;
 * but the address is translated, as a load's that is aligned. */
EXEC(synci)
{
	uint32_t vaddr = address(cpu, w);
	enum cp0_exccode code;
	uint32_t paddr;

	code = cpu_translate(cpu, vaddr, &paddr);
	if (code)
		cp0_bad_address(cpu, code, vaddr);
}
