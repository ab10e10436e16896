// SPDX-License-Identifier: MIT
/*
 * The processor: one step, and how an address becomes memory.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "mips-sim/cpu.h"
#include "mips-sim/decode.h"
#include "mips-sim/machine.h"
#include "mips-sim/ram.h"
#include "mips-sim/ram_image.h"
#include "mips-sim/snapshot.h"

const char *const cpu_reg_names[32] = {
	"zero", "at", "v0", "v1", "a0", "a1", "a2", "a3",
	"t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7",
	"s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7",
	"t8", "t9", "k0", "k1", "gp", "sp", "s8", "ra",
};

/* The unmapped segments: KSEG0 (cached) and KSEG1 (not), the same memory. */
#define KSEG0		0x80000000
#define KSEG2		0xc0000000
#define KSEG01_MASK	0x1fffffff

static inline bool unmapped(uint32_t vaddr)
{
	return vaddr >> 30 == KSEG0 >> 30;
}

void cpu_reset(struct cpu *cpu)
{
	memset(cpu->gpr, 0, sizeof(cpu->gpr));
	block_mode_changed(cpu);
	cpu->gpr[REG_A0] = ~0u;
	cp0_reset(cpu);
}

enum cp0_exccode cpu_translate(const struct cpu *cpu, uint32_t vaddr,
			       uint32_t *paddr)
{
	if (vaddr >= KSEG0 && !cpu->kernel)
		return EXC_ADEL;
	if (unmapped(vaddr)) {
		*paddr = vaddr & KSEG01_MASK;
		return 0;
	}
	if (vaddr < KSEG0 && cpu->cp0.status & STATUS_ERL) {
		*paddr = vaddr;
		return 0;
	}
	return EXC_TLBL;	/* no translation is ever there */
}

/* The load's or the store's code of the two that each address fault has. */
static enum cp0_exccode code_for(enum cp0_exccode code, bool store)
{
	return store ? code + 1 : code;	/* TLBL, TLBS and AdEL, AdES */
}

/* What is not plain, aligned RAM in an unmapped segment. */
static bool resolve(struct cpu *cpu, uint32_t vaddr, enum bus_width width,
		    bool store, uint32_t *paddr)
{
	enum cp0_exccode code = EXC_ADEL;

	if (aligned(vaddr, width))
		code = cpu_translate(cpu, vaddr, paddr);
	if (code) {
		cp0_bad_address(cpu, code_for(code, store), vaddr);
		return false;
	}
	if (width == BUS_PART)
		*paddr &= ~3u;
	return true;
}

/* Is it plain RAM? Then where. */
static inline uint8_t *plain(const struct cpu *cpu, uint32_t vaddr,
			     enum bus_width width)
{
	uint32_t offset = vaddr & KSEG01_MASK;

	if (unmapped(vaddr) && cpu->kernel && offset < cpu->ram_size &&
	    aligned(vaddr, width))
		return cpu->ram + (width == BUS_PART ? offset & ~3u : offset);
	return NULL;
}

static bool whole(uint32_t vaddr, enum bus_width width)
{
	return width != BUS_PART && aligned(vaddr, width);
}

bool cpu_load(struct cpu *cpu, uint32_t vaddr, enum bus_width width,
	      uint32_t *val)
{
	uint8_t *at = plain(cpu, vaddr, width);
	uint32_t paddr;

	if (at) {
		*val = ram_load(at, width);
		return true;
	}
	if (dev_spim_at(cpu->machine, vaddr) && whole(vaddr, width)) {
		*val = dev_spim_load(cpu->machine, vaddr);
		return true;
	}
	if (!resolve(cpu, vaddr, width, false, &paddr))
		return false;
	at = bus_ram(cpu->machine, paddr, 1);
	if (at) {
		*val = ram_load(at, width);
		return true;
	}
	if (bus_load(cpu->machine, paddr, width, val))
		return true;
	cp0_exception(cpu, EXC_DBE);
	return false;
}

bool cpu_peek(const struct cpu *cpu, uint32_t vaddr, uint8_t *val)
{
	uint32_t paddr;

	if (dev_spim_at(cpu->machine, vaddr)) {
		*val = dev_spim_peek(cpu->machine, vaddr);
		return true;
	}
	return !cpu_translate(cpu, vaddr, &paddr) &&
	       bus_peek(cpu->machine, paddr, val);
}

/* A store to RAM, @at, which somebody may want to see. */
static inline void store(struct cpu *cpu, uint8_t *at, enum bus_width width,
			 uint32_t val)
{
	cpu->stored = true;
	ram_store(at, width, val);
	if (cpu_marks(cpu, at - cpu->ram))
		cpu_written(cpu, at, 1);
}

bool cpu_store(struct cpu *cpu, uint32_t vaddr, enum bus_width width,
	       uint32_t val)
{
	uint8_t *at = plain(cpu, vaddr, width);
	uint32_t paddr;

	if (at) {
		store(cpu, at, width, val);
		return true;
	}
	if (dev_spim_at(cpu->machine, vaddr) && whole(vaddr, width)) {
		cpu->stored = true;
		dev_spim_store(cpu->machine, vaddr, val);
		return true;
	}
	if (!resolve(cpu, vaddr, width, true, &paddr))
		return false;
	at = bus_ram(cpu->machine, paddr, 1);
	if (at) {
		store(cpu, at, width, val);
		return true;
	}
	if (bus_store(cpu->machine, paddr, width, val)) {
		cpu->stored = true;
		return true;
	}
	cp0_exception(cpu, EXC_DBE);
	return false;
}

bool cpu_peek_insn(const struct cpu *cpu, uint32_t vaddr, uint32_t *paddr,
		   uint32_t *word)
{
	if (vaddr & 3 || cpu_translate(cpu, vaddr, paddr) ||
	    !bus_ram(cpu->machine, *paddr, 4))
		return false;
	*word = ram_load(cpu->ram + *paddr, BUS_WORD);
	return true;
}

uint8_t *cpu_ram(struct cpu *cpu, uint32_t vaddr, uint32_t len)
{
	uint32_t first, last;

	if (len && vaddr + (len - 1) < vaddr)
		return NULL;
	if (cpu_translate(cpu, vaddr, &first) ||
	    (len && cpu_translate(cpu, vaddr + (len - 1), &last)))
		return NULL;
	return bus_ram(cpu->machine, first, len);
}

void cpu_written(struct cpu *cpu, const uint8_t *at, uint32_t len)
{
	uint32_t paddr = at - cpu->ram;
	uint32_t part;

	for (; len; len -= part, paddr += part) {
		part = PAGE_SIZE - paddr % PAGE_SIZE;
		if (part > len)
			part = len;
		if (cpu_marks(cpu, paddr) & PAGE_CODE)
			block_drop(cpu, paddr, part);
		if (cpu_marks(cpu, paddr) & PAGE_KEPT)
			ram_image_written(cpu, paddr >> PAGE_SHIFT);
	}
}

void cpu_allow_marks(struct cpu *cpu)
{
	if (!cpu->page_marks)
		cpu->page_marks = calloc(cpu->ram_size >> PAGE_SHIFT, 1);
	if (!cpu->page_marks)
		die("no memory for the marks of pages");
}

bool cpu_load_to_store(struct cpu *cpu, uint32_t vaddr, uint32_t *val)
{
	uint32_t paddr;
	uint8_t *at;

	if (!resolve(cpu, vaddr, BUS_PART, true, &paddr))
		return false;
	at = bus_ram(cpu->machine, paddr, 1);
	if (!at) {
		cp0_exception(cpu, EXC_DBE);
		return false;
	}
	*val = ram_load(at, BUS_PART);
	return true;
}

static bool fetch(struct cpu *cpu)
{
	uint8_t *at = plain(cpu, cpu->at, BUS_WORD);
	uint32_t paddr;

	if (!at) {
		if (!resolve(cpu, cpu->at, BUS_WORD, false, &paddr))
			return false;
		at = bus_ram(cpu->machine, paddr, 4);
		if (!at) {
			cp0_exception(cpu, EXC_IBE);
			return false;
		}
	}
	cpu->word = ram_load(at, BUS_WORD);
	return true;
}

void cpu_step(struct cpu *cpu)
{
	cpu->at = cpu->pc;
	cpu->in_slot = cpu->slot;
	cpu->pc = cpu->next_pc;
	cpu->next_pc += 4;
	cpu->slot = false;
	cpu->fetch_failed = !fetch(cpu);
	if (!cpu->fetch_failed)
		decode(cpu->word)->exec(cpu, cpu->word);
	cpu->ticks++;
}

/* ---- snapshots ---------------------------------------------------------- */

static size_t state_size(const struct machine *m)
{
	(void)m;
	return offsetof(struct cpu, pages);
}

static void save(const struct machine *m, void *to)
{
	struct cpu *cpu = to;

	memcpy(to, &m->cpu, state_size(m));
	cpu->horizon = 0;	/* no state: when to look next */
}

static void restore(struct machine *m, const void *from)
{
	memcpy(&m->cpu, from, state_size(m));
	block_mode_changed(&m->cpu);
}

const struct snapshot_part cpu_part = { state_size, save, restore };
