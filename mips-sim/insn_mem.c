// SPDX-License-Identifier: MIT
/*
 * Loads and stores.
 *
 * Called by cpu_step(). Memory is little-endian. An access that fails has
 * raised its exception in cpu_load() or cpu_store(), and nothing is written.
 */
#include "mips-sim/exec.h"

static uint32_t address(const struct cpu *cpu, uint32_t w)
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

/* ---- load linked, store conditional ----------------------------------- */

/* With one processor the link breaks only by an eret. */
EXEC(ll)
{
	uint32_t vaddr = address(cpu, w);
	uint32_t paddr;
	uint32_t val;

	if (vaddr & 3) {
		cp0_bad_address(cpu, EXC_ADEL, vaddr);
	} else if (cpu_load(cpu, vaddr, BUS_PART, &val)) {
		cpu_translate(cpu, vaddr, &paddr);
		cpu->cp0.lladdr = paddr >> 4;
		cpu->linked = true;
		set_rt(cpu, w, val);
	}
}

EXEC(sc)
{
	uint32_t vaddr = address(cpu, w);
	uint32_t val;

	if (vaddr & 3) {
		cp0_bad_address(cpu, EXC_ADES, vaddr);
		return;
	}
	/* a broken link does not hide a bad address */
	if (!cpu_load_to_store(cpu, vaddr, &val))
		return;
	if (cpu->linked && !cpu_store(cpu, vaddr, BUS_PART, rt(cpu, w)))
		return;
	set_rt(cpu, w, cpu->linked);
	cpu->linked = false;
}
