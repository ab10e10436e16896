/* SPDX-License-Identifier: MIT */
/*
 * The processor: registers, the step, delay slots, memory access.
 *
 * cpu_step() runs one instruction: it fetches, decodes and calls the exec_...
 * function of the row in insn.h. Such a function sees
 *
 *	cpu->at		where it stands
 *	cpu->in_slot	whether that is the delay slot of a branch
 *	cpu->pc		what comes next; cpu->next_pc what comes after that
 *
 * and ends either by itself or by cp0_exception(), after which it returns at
 * once. The block engine (block.h) does the same for many instructions at once;
 * what it does not know it leaves to cpu_step().
 */
#ifndef MIPS_SIM_CPU_H
#define MIPS_SIM_CPU_H

#include <stdbool.h>
#include <stdint.h>

#include "mips-sim/bus.h"
#include "mips-sim/block.h"
#include "mips-sim/cp0.h"
#include "mips-sim/page.h"

struct machine;

/* General registers with a use of their own. */
#define REG_V0	2
#define REG_V1	3
#define REG_A0	4
#define REG_T9	25
#define REG_RA	31

/* A register nobody reads: the block engine's $zero as a destination. */
#define REG_SINK	32

struct cpu {
	uint32_t gpr[REG_SINK + 1];
	uint32_t hi;
	uint32_t lo;

	uint32_t pc;		/* the next instruction */
	uint32_t next_pc;	/* the one after it */
	bool slot;		/* the next one is in a delay slot */
	uint32_t at;		/* the present one */
	bool in_slot;		/* it is in a delay slot */
	uint32_t word;		/* its encoding */
	bool fetch_failed;	/* it has none */

	bool linked;		/* ll was here; sc may store, */
	uint32_t link_paddr;	/* ... to where it was, while that is */
	uint32_t link_word;	/* ... what it loaded */
	bool kernel;		/* kernel mode, by Status */
	bool waiting;		/* in `wait` */
	bool stored;		/* since cpu_stores() was asked */
	uint64_t stores;	/* how often it was asked behind a store */

	/*
	 * The clock: instructions started plus what `wait` skipped. When it
	 * reaches the horizon, machine.c has something to do before the next
	 * instruction; 0: now.
	 */
	uint64_t ticks;
	uint64_t horizon;

	struct cp0 cp0;

	/* all above is the processor's state, which snapshots keep */
	struct page pages[PAGES];	/* looked up by the block engine */
	struct block_state block;	/* its own */
	uint8_t *page_marks;	/* of each page of RAM; NULL: none has any */

	uint8_t *ram;
	uint32_t ram_size;	/* bytes, a multiple of 1 MiB */
	struct machine *machine;
};

void cpu_reset(struct cpu *cpu);
void cpu_step(struct cpu *cpu);

/*
 * Load or store at a virtual address; false: an exception was raised. A load
 * gives the value without sign. BUS_PART takes the aligned word around
 * @vaddr.
 */
bool cpu_load(struct cpu *cpu, uint32_t vaddr, enum bus_width width,
	      uint32_t *val);
bool cpu_store(struct cpu *cpu, uint32_t vaddr, enum bus_width width,
	       uint32_t val);
/*
 * The byte at @vaddr as it would be read now, and nothing changes: for
 * whoever looks on. False: there is nothing.
 */
bool cpu_peek(const struct cpu *cpu, uint32_t vaddr, uint8_t *val);
/* BUS_PART's word, to store part of it: exceptions are those of a store. */
bool cpu_load_to_store(struct cpu *cpu, uint32_t vaddr, uint32_t *val);

/*
 * The physical address of @vaddr in the present mode. Returns an exception
 * code (AdEL or TLBL as for a load) or 0.
 */
enum cp0_exccode cpu_translate(const struct cpu *cpu, uint32_t vaddr,
			       uint32_t *paddr);

/* The instruction at @vaddr, and where it is, for whoever looks on. False:
 * none can be fetched there from RAM. */
bool cpu_peek_insn(const struct cpu *cpu, uint32_t vaddr, uint32_t *paddr,
		   uint32_t *word);

/* @len bytes of RAM at @vaddr in the present mode, or NULL. */
uint8_t *cpu_ram(struct cpu *cpu, uint32_t vaddr, uint32_t len);

/* What addresses mean: equal when kernel mode and ERL are. */
#define CPU_KERNEL	1	/* in it, beside STATUS_ERL */

static inline unsigned int cpu_mode(const struct cpu *cpu)
{
	return (cpu->kernel ? CPU_KERNEL : 0) |
	       (cpu->cp0.status & STATUS_ERL);
}

/* May the program use COP0? */
static inline bool cpu_has_cp0(const struct cpu *cpu)
{
	return cpu->kernel || cpu->cp0.status & STATUS_CU0;
}

/* A number that is the same again if nothing has been stored in between. */
static inline uint64_t cpu_stores(struct cpu *cpu)
{
	cpu->stores += cpu->stored;
	cpu->stored = false;
	return cpu->stores;
}

/* The marks of the page of RAM at @paddr: PAGE_.... */
static inline unsigned int cpu_marks(const struct cpu *cpu, uint32_t paddr)
{
	return cpu->page_marks ? cpu->page_marks[paddr >> PAGE_SHIFT] : 0;
}

/* Before the first mark. No memory: ends with one line. */
void cpu_allow_marks(struct cpu *cpu);

/* RAM has been stored to, @len bytes, by whatever it was. */
void cpu_written(struct cpu *cpu, const uint8_t *at, uint32_t len);

extern const char *const cpu_reg_names[32];

#endif
