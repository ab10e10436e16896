/* SPDX-License-Identifier: MIT */
/*
 * The semantics for the block engine: an operation decoded before.
 *
 * An instruction is tried: it does all it has to, or gives up before it has
 * changed anything, and cpu_step() does it over. It gives up where it would
 * raise an exception and where memory is not RAM at hand (page.h); a second
 * try, with the time set, looks for a device instead. A branch only says what
 * came out.
 *
 * Included by block_ops.c, which defines EXEC: `out` is a struct outcome.
 */
#ifndef MIPS_SIM_EXEC_BLOCK_H
#define MIPS_SIM_EXEC_BLOCK_H

#include "mips-sim/cp0.h"
#include "mips-sim/cpu.h"
#include "mips-sim/ram.h"

#define EXEC_WORD const struct op *

struct outcome {
	bool device;		/* to begin with: the second try */
	bool gave_up;
	bool taken;
	uint32_t target;	/* of jumps by register */
};

static inline unsigned int field_rd(const struct op *w)
{
	return w->word >> 11 & 31;
}

static inline unsigned int field_sa(const struct op *w)
{
	return w->word >> 6 & 31;
}

static inline unsigned int field_sel(const struct op *w)
{
	return w->word & 7;
}

static inline uint32_t field_simm(const struct op *w)
{
	return (uint32_t)(int16_t)w->word;
}

static inline uint32_t field_uimm(const struct op *w)
{
	return w->word & 0xffff;
}

static inline uint32_t rs(const struct cpu *cpu, const struct op *w)
{
	return cpu->gpr[w->rs];
}

static inline uint32_t rt(const struct cpu *cpu, const struct op *w)
{
	return cpu->gpr[w->rt];
}

static inline void set_rd(struct cpu *cpu, const struct op *w, uint32_t val)
{
	cpu->gpr[w->to] = val;
}

static inline void set_rt(struct cpu *cpu, const struct op *w, uint32_t val)
{
	cpu->gpr[w->to] = val;
}

#define cp0_exception(cpu, code) (out->gave_up = true)
#define cp0_bad_address(cpu, code, vaddr) (out->gave_up = true)
#define cp0_usable(cpu) (cpu_has_cp0(cpu) || (out->gave_up = true, false))

/* ---- memory ------------------------------------------------------------ */

static inline struct page *page_of(struct cpu *cpu, uint32_t vaddr)
{
	return &cpu->pages[(vaddr >> PAGE_SHIFT) % PAGES];
}

/* Page and alignment at once: equal to the page's tag when both are right. */
static inline uint32_t tag(uint32_t vaddr, enum bus_width width)
{
	switch (width) {
	case BUS_HALF:
		return vaddr & (PAGE_MASK | 1);
	case BUS_WORD:
		return vaddr & (PAGE_MASK | 3);
	default:
		return vaddr & PAGE_MASK;
	}
}

static inline uint8_t *host(const struct page *page, uint32_t vaddr,
			    enum bus_width width)
{
	if (width == BUS_PART)
		vaddr &= ~3u;
	return (uint8_t *)(uintptr_t)(page->host + vaddr);
}

static inline bool try_device_load(struct cpu *cpu, uint32_t vaddr,
				   enum bus_width width, uint32_t *val,
				   struct outcome *out)
{
	uint32_t paddr;

	out->gave_up = !aligned(vaddr, width) || width == BUS_PART ||
		       cpu_translate(cpu, vaddr, &paddr) ||
		       !bus_load(cpu->machine, paddr, width, val);
	return !out->gave_up;
}

static inline bool try_load(struct cpu *cpu, uint32_t vaddr,
			    enum bus_width width, uint32_t *val,
			    struct outcome *out)
{
	const struct page *page = page_of(cpu, vaddr);

	if (out->device)
		return try_device_load(cpu, vaddr, width, val, out);
	if (__builtin_expect(page->load != tag(vaddr, width), 0)) {
		out->gave_up = true;
		return false;
	}
	*val = ram_load(host(page, vaddr, width), width);
	return true;
}

static inline bool try_device_store(struct cpu *cpu, uint32_t vaddr,
				    enum bus_width width, uint32_t val,
				    struct outcome *out)
{
	uint32_t paddr;

	out->gave_up = !aligned(vaddr, width) || width == BUS_PART ||
		       cpu_translate(cpu, vaddr, &paddr) ||
		       !bus_store(cpu->machine, paddr, width, val);
	cpu->stored |= !out->gave_up;
	return !out->gave_up;
}

static inline bool try_store(struct cpu *cpu, uint32_t vaddr,
			     enum bus_width width, uint32_t val,
			     struct outcome *out)
{
	const struct page *page = page_of(cpu, vaddr);

	if (out->device)
		return try_device_store(cpu, vaddr, width, val, out);
	if (__builtin_expect(page->store != tag(vaddr, width), 0)) {
		out->gave_up = true;
		return false;
	}
	cpu->stored = true;
	ram_store(host(page, vaddr, width), width, val);
	return true;
}

#define cpu_load(cpu, vaddr, width, val) \
	try_load(cpu, vaddr, width, val, out)
#define cpu_store(cpu, vaddr, width, val) \
	try_store(cpu, vaddr, width, val, out)
/* that it may be loaded does not say that it may be stored: cpu_store() will */
#define cpu_load_to_store(cpu, vaddr, val) \
	try_load(cpu, vaddr, BUS_PART, val, out)

/* ---- branches ---------------------------------------------------------- */

#define branch(cpu, w, condition) (out->taken = (condition))
#define branch_likely(cpu, w, condition) (out->taken = (condition))
/* the block has the target of j and jal, and what is behind the slot */
#define region_target(cpu, w) 0
#define jump(cpu, w, to) (out->target = (to))
#define link_to(cpu, w, reg) \
	((cpu)->gpr[(reg) ? (reg) : REG_SINK] = \
	 (cpu)->block.now->exits[EXIT_ON].pc)

#endif
