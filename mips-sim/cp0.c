// SPDX-License-Identifier: MIT
/*
 * Coprocessor 0: registers, exceptions, interrupts, Count and Compare.
 *
 * As the MIPS32 PRA (volume III, release 2) has it for a processor without
 * shadow registers, vectored interrupts, watch points, EJTAG, and with a TLB
 * in which nothing ever is.
 */
#include <stddef.h>

#include "mips-sim/cp0.h"
#include "mips-sim/cpu.h"
#include "mips-sim/machine.h"

/* Values at reset, and what can be written. */
#define PRID		0x00019300	/* 24Kc */
#define CONFIG		0x80000482
#define CONFIG_K0	0x00000007
#define CONFIG1		0x9e633180
#define CONFIG2		0x80000000
#define INTCTL		0xe0000000	/* the timer is IP7 */
#define EBASE		0x80000000
#define EBASE_WRITE	0x3ffff000
#define STATUS_WRITE	(STATUS_CU0 | STATUS_BEV | STATUS_IM | STATUS_UM | \
			 STATUS_ERL | STATUS_EXL | STATUS_IE)
#define CAUSE_WRITE	(CAUSE_DC | CAUSE_IV | CAUSE_IP_SW)
#define TLB_ENTRIES	16
#define ENTRYLO_WRITE	0x03ffffff
#define PAGEMASK_WRITE	0x1fffe000
#define ENTRYHI_VPN2	0xffffe000
#define ENTRYHI_WRITE	(ENTRYHI_VPN2 | 0xff)
#define CONTEXT_BASE	0xff800000
#define CONTEXT_VPN2	0x007ffff0
#define INDEX_P		0x80000000
#define HWRENA_WRITE	0x0000000f

/* Register numbers with select, as one number. */
#define REG(number, select) ((number) << 3 | (select))

/* Status or Cause has changed: an interrupt may have to be taken. */
static void look_for_irq(struct cpu *cpu)
{
	if (cp0_irq_ready(cpu))
		machine_reschedule(cpu->machine);
}

/* ---- Count and Compare ------------------------------------------------ */

static bool counting(const struct cpu *cpu)
{
	return !(cpu->cp0.cause & CAUSE_DC);
}

uint32_t cp0_count(const struct cpu *cpu)
{
	const struct cp0 *cp0 = &cpu->cp0;

	return (counting(cpu) ? cpu->ticks - cp0->count_base :
		cp0->count_held) >> 1;
}

/* When does Count, which is something else or has just been it, become equal
 * to Compare? */
static void schedule_timer(struct cpu *cpu)
{
	struct cp0 *cp0 = &cpu->cp0;
	uint64_t count, ahead;

	if (!counting(cpu)) {
		cp0->timer_tick = CP0_NEVER;
		return;
	}
	count = (cpu->ticks - cp0->count_base) >> 1;
	ahead = cp0->compare - (uint32_t)count;
	ahead &= UINT32_MAX;
	if (!ahead)
		ahead = 1ULL << 32;
	cp0->timer_tick = cp0->count_base + 2 * (count + ahead);
	machine_due(cpu->machine, cp0->timer_tick);
}

static void set_timer(struct cpu *cpu, bool level)
{
	if (level)
		cpu->cp0.cause |= CAUSE_TI;
	else
		cpu->cp0.cause &= ~CAUSE_TI;
	cp0_set_irq(cpu, IRQ_TIMER, level);
}

void cp0_timer_rises(struct cpu *cpu)
{
	set_timer(cpu, true);
	schedule_timer(cpu);
}

static void write_count(struct cpu *cpu, uint32_t val)
{
	struct cp0 *cp0 = &cpu->cp0;

	cp0->count_held = 2 * (uint64_t)val;
	cp0->count_base = cpu->ticks - cp0->count_held;
	if (val == cp0->compare)
		set_timer(cpu, true);
	schedule_timer(cpu);
}

static void write_compare(struct cpu *cpu, uint32_t val)
{
	cpu->cp0.compare = val;
	set_timer(cpu, false);
	schedule_timer(cpu);
}

static void write_cause(struct cpu *cpu, uint32_t val)
{
	struct cp0 *cp0 = &cpu->cp0;
	bool counted = counting(cpu);

	cp0->cause = (cp0->cause & ~CAUSE_WRITE) | (val & CAUSE_WRITE);
	if (counted && !counting(cpu))
		cp0->count_held = cpu->ticks - cp0->count_base;
	else if (!counted && counting(cpu))
		cp0->count_base = cpu->ticks - cp0->count_held;
	schedule_timer(cpu);
	look_for_irq(cpu);
}

/* ---- registers -------------------------------------------------------- */

void cp0_set_status(struct cpu *cpu, uint32_t status)
{
	unsigned int mode = cpu_mode(cpu);

	cpu->cp0.status = status;
	/* SPIM's programs set UM, and it changes nothing there */
	cpu->kernel = !(status & STATUS_UM) || cpu->machine->spim.on ||
		      status & (STATUS_EXL | STATUS_ERL);
	if (cpu_mode(cpu) != mode) {
		block_mode_changed(cpu);
		machine_reschedule(cpu->machine);	/* out of the block */
	}
	look_for_irq(cpu);
}

void cp0_reset(struct cpu *cpu)
{
	cpu->cp0 = (struct cp0){ .ebase = EBASE, .config = CONFIG };
	cp0_set_status(cpu, STATUS_BEV | STATUS_ERL);
	schedule_timer(cpu);
}

/* Counts down with each instruction, from the last entry to Wired. */
static uint32_t random_entry(const struct cpu *cpu)
{
	uint32_t span = TLB_ENTRIES - cpu->cp0.wired;

	return TLB_ENTRIES - 1 - machine_insns(cpu->machine) % span;
}

const uint32_t *cp0_plain(const struct cp0 *cp0, unsigned int reg,
			  unsigned int sel)
{
	switch (REG(reg, sel)) {
	case REG(0, 0):
		return &cp0->index;
	case REG(2, 0):
		return &cp0->entrylo[0];
	case REG(3, 0):
		return &cp0->entrylo[1];
	case REG(4, 0):
		return &cp0->context;
	case REG(5, 0):
		return &cp0->pagemask;
	case REG(6, 0):
		return &cp0->wired;
	case REG(7, 0):
		return &cp0->hwrena;
	case REG(8, 0):
		return &cp0->badvaddr;
	case REG(10, 0):
		return &cp0->entryhi;
	case REG(11, 0):
		return &cp0->compare;
	case REG(12, 0):
		return &cp0->status;
	case REG(13, 0):
		return &cp0->cause;
	case REG(14, 0):
		return &cp0->epc;
	case REG(15, 1):
		return &cp0->ebase;
	case REG(16, 0):
		return &cp0->config;
	case REG(17, 0):
		return &cp0->lladdr;
	case REG(30, 0):
		return &cp0->errorepc;
	default:
		return NULL;
	}
}

uint32_t cp0_read(struct cpu *cpu, unsigned int reg, unsigned int sel)
{
	const uint32_t *plain = cp0_plain(&cpu->cp0, reg, sel);

	if (plain)
		return *plain;
	switch (REG(reg, sel)) {
	case REG(1, 0):
		return random_entry(cpu);
	case REG(9, 0):
		return cp0_count(cpu);
	case REG(12, 1):
		return INTCTL;
	case REG(15, 0):
		return PRID;
	case REG(16, 1):
		return CONFIG1;
	case REG(16, 2):
		return CONFIG2;
	default:	/* SRSCtl, SRSMap, Config3, Config7, caches: all 0 */
		return 0;
	}
}

void cp0_write(struct cpu *cpu, unsigned int reg, unsigned int sel,
	       uint32_t val)
{
	struct cp0 *cp0 = &cpu->cp0;

	switch (REG(reg, sel)) {
	case REG(0, 0):
		cp0->index = (cp0->index & INDEX_P) | val % TLB_ENTRIES;
		break;
	case REG(2, 0):
	case REG(3, 0):
		cp0->entrylo[reg - 2] = val & ENTRYLO_WRITE;
		break;
	case REG(4, 0):
		cp0->context = (cp0->context & CONTEXT_VPN2) |
			       (val & CONTEXT_BASE);
		break;
	case REG(5, 0):
		cp0->pagemask = val & PAGEMASK_WRITE;
		break;
	case REG(6, 0):
		cp0->wired = val % TLB_ENTRIES;
		break;
	case REG(7, 0):
		cp0->hwrena = val & HWRENA_WRITE;
		break;
	case REG(9, 0):
		write_count(cpu, val);
		break;
	case REG(10, 0):
		cp0->entryhi = val & ENTRYHI_WRITE;
		break;
	case REG(11, 0):
		write_compare(cpu, val);
		break;
	case REG(12, 0):
		cp0_set_status(cpu, val & STATUS_WRITE);
		break;
	case REG(13, 0):
		write_cause(cpu, val);
		break;
	case REG(14, 0):
		cp0->epc = val;
		break;
	case REG(15, 1):
		cp0->ebase = EBASE | (val & EBASE_WRITE);
		break;
	case REG(16, 0):
		cp0->config = CONFIG - (CONFIG & CONFIG_K0) +
			      (val & CONFIG_K0);
		break;
	case REG(30, 0):
		cp0->errorepc = val;
		break;
	}
}

/* ---- exceptions ------------------------------------------------------- */

const char *cp0_exception_name(enum cp0_exccode code)
{
	static const char *const names[] = {
		[EXC_INT] = "Int", [EXC_TLBL] = "TLBL", [EXC_TLBS] = "TLBS",
		[EXC_ADEL] = "AdEL", [EXC_ADES] = "AdES", [EXC_IBE] = "IBE",
		[EXC_DBE] = "DBE", [EXC_SYS] = "Sys", [EXC_BP] = "Bp",
		[EXC_RI] = "RI", [EXC_CPU] = "CpU", [EXC_OV] = "Ov",
		[EXC_TR] = "Tr",
	};

	return names[code];
}

/*
 * Enter an exception: the one place where it happens. @vector: the offset of
 * its vector, unless an exception is being handled already.
 */
static void enter(struct cpu *cpu, enum cp0_exccode code, unsigned int ce,
		  uint32_t offset)
{
	struct cp0 *cp0 = &cpu->cp0;
	bool nested = cp0->status & STATUS_EXL;
	uint32_t vector;

	cp0->cause = (cp0->cause & ~(CAUSE_CODE | CAUSE_CE)) |
		     (uint32_t)code << 2 | ce << CAUSE_CE_SHIFT;
	if (nested) {
		offset = 0x180;
	} else {
		cp0->epc = cpu->in_slot ? cpu->at - 4 : cpu->at;
		cp0->cause &= ~CAUSE_BD;
		if (cpu->in_slot)
			cp0->cause |= CAUSE_BD;
	}
	cp0_set_status(cpu, cp0->status | STATUS_EXL);

	if (cp0->status & STATUS_BEV)
		vector = 0xbfc00200 + offset;
	else
		vector = cp0->ebase + offset;
	cpu->pc = vector;
	cpu->next_pc = vector + 4;
	cpu->slot = false;
	stats_enter(cpu->machine, code, nested);
	if (!nested)
		timeline_enter(cpu->machine, code == EXC_INT);
	stuck_exception(cpu->machine, vector, nested);
}

void cp0_exception(struct cpu *cpu, enum cp0_exccode code)
{
	enter(cpu, code, 0, 0x180);
}

void cp0_unusable(struct cpu *cpu, unsigned int number)
{
	enter(cpu, EXC_CPU, number, 0x180);
}

void cp0_bad_address(struct cpu *cpu, enum cp0_exccode code, uint32_t vaddr)
{
	struct cp0 *cp0 = &cpu->cp0;
	bool refill = code == EXC_TLBL || code == EXC_TLBS;

	cp0->badvaddr = vaddr;
	if (refill) {
		cp0->context = (cp0->context & CONTEXT_BASE) |
			       (vaddr >> 9 & CONTEXT_VPN2);
		cp0->entryhi = (cp0->entryhi & ~ENTRYHI_VPN2) |
			       (vaddr & ENTRYHI_VPN2);
	}
	enter(cpu, code, 0, refill ? 0 : 0x180);
}

bool cp0_usable(struct cpu *cpu)
{
	if (cpu_has_cp0(cpu))
		return true;
	cp0_unusable(cpu, 0);
	return false;
}

void cp0_eret(struct cpu *cpu)
{
	struct cp0 *cp0 = &cpu->cp0;
	uint32_t status = cp0->status;

	stuck_returned(cpu->machine);
	stats_leave(cpu->machine);
	timeline_leave(cpu->machine);
	if (status & STATUS_ERL) {
		cpu->pc = cp0->errorepc;
		status &= ~STATUS_ERL;
	} else {
		cpu->pc = cp0->epc;
		status &= ~STATUS_EXL;
	}
	cpu->next_pc = cpu->pc + 4;
	cpu->slot = false;
	cpu->linked = false;
	cp0_set_status(cpu, status);
}

/* ---- interrupts ------------------------------------------------------- */

void cp0_set_irq(struct cpu *cpu, unsigned int irq, bool level)
{
	uint32_t bit = 1u << (CAUSE_IP_SHIFT + irq);

	if (level)
		cpu->cp0.cause |= bit;
	else
		cpu->cp0.cause &= ~bit;
	look_for_irq(cpu);
}

static bool interruptible(const struct cpu *cpu)
{
	return (cpu->cp0.status & (STATUS_IE | STATUS_EXL | STATUS_ERL)) ==
	       STATUS_IE;
}

bool cp0_irq_ready(const struct cpu *cpu)
{
	return interruptible(cpu) &&
	       cpu->cp0.cause & cpu->cp0.status & CAUSE_IP;
}

bool cp0_irq_open(const struct cpu *cpu, unsigned int irq)
{
	return interruptible(cpu) &&
	       cpu->cp0.status & 1u << (CAUSE_IP_SHIFT + irq);
}

void cp0_take_irq(struct cpu *cpu)
{
	cpu->at = cpu->pc;
	cpu->in_slot = false;
	enter(cpu, EXC_INT, 0, cpu->cp0.cause & CAUSE_IV ? 0x200 : 0x180);
}
