/* SPDX-License-Identifier: MIT */
/*
 * Coprocessor 0: system registers, exceptions, interrupts, the timer.
 *
 * Called by the instructions (insn_sys.c and whoever raises an exception) and
 * by machine.c between them. There is no TLB to speak of: every mapped
 * address misses.
 */
#ifndef MIPS_SIM_CP0_H
#define MIPS_SIM_CP0_H

#include <stdbool.h>
#include <stdint.h>

struct cpu;

#define STATUS_IE	0x00000001
#define STATUS_EXL	0x00000002
#define STATUS_ERL	0x00000004
#define STATUS_UM	0x00000010
#define STATUS_IM	0x0000ff00
#define STATUS_BEV	0x00400000
#define STATUS_CU0	0x10000000

#define CAUSE_CODE	0x0000007c
#define CAUSE_IP_SW	0x00000300	/* the two that software sets */
#define CAUSE_IP	0x0000ff00
#define CAUSE_IP_SHIFT	8
#define CAUSE_IV	0x00800000
#define CAUSE_DC	0x08000000
#define CAUSE_CE	0x30000000
#define CAUSE_CE_SHIFT	28
#define CAUSE_TI	0x40000000
#define CAUSE_BD	0x80000000

/* Interrupt lines: bits of Cause.IP. */
#define IRQ_SLOW	2
#define IRQ_SPIM	3	/* the receiver; the transmitter is at IRQ_SLOW */
#define IRQ_UART	4
#define IRQ_TIMER	7

enum cp0_exccode {
	EXC_INT = 0,
	EXC_TLBL = 2,
	EXC_TLBS = 3,
	EXC_ADEL = 4,
	EXC_ADES = 5,
	EXC_IBE = 6,
	EXC_DBE = 7,
	EXC_SYS = 8,
	EXC_BP = 9,
	EXC_RI = 10,
	EXC_CPU = 11,
	EXC_OV = 12,
	EXC_TR = 13,
	EXC_CODES,
};

struct cp0 {
	uint32_t index;
	uint32_t entrylo[2];
	uint32_t context;
	uint32_t pagemask;
	uint32_t wired;
	uint32_t hwrena;
	uint32_t badvaddr;
	uint32_t entryhi;
	uint32_t compare;
	uint32_t status;
	uint32_t cause;
	uint32_t epc;
	uint32_t ebase;
	uint32_t config;
	uint32_t lladdr;
	uint32_t errorepc;

	/*
	 * Count is (ticks - count_base) / 2; while Cause.DC holds it, half of
	 * count_held. timer_tick: when it next becomes equal to Compare.
	 */
	uint64_t count_base;
	uint64_t count_held;
	uint64_t timer_tick;
};

#define CP0_NEVER	UINT64_MAX

void cp0_reset(struct cpu *cpu);

/* Register @reg, select @sel; what does not exist reads 0, ignores writes. */
uint32_t cp0_read(struct cpu *cpu, unsigned int reg, unsigned int sel);
void cp0_write(struct cpu *cpu, unsigned int reg, unsigned int sel,
	       uint32_t val);
uint32_t cp0_count(const struct cpu *cpu);
/* Where the register is, if reading it is but reading that; else NULL. */
const uint32_t *cp0_plain(const struct cp0 *cp0, unsigned int reg,
			  unsigned int sel);

/* May the program use COP0? If not, the exception has been raised. */
bool cp0_usable(struct cpu *cpu);

/* The present instruction raises an exception. */
void cp0_exception(struct cpu *cpu, enum cp0_exccode code);
/* The same with the address that was bad. */
void cp0_bad_address(struct cpu *cpu, enum cp0_exccode code, uint32_t vaddr);
/* The same for coprocessor @number, which cannot be used. */
void cp0_unusable(struct cpu *cpu, unsigned int number);
const char *cp0_exception_name(enum cp0_exccode code);

void cp0_eret(struct cpu *cpu);
void cp0_set_status(struct cpu *cpu, uint32_t status);

/* A device's line: level, one of IRQ_.... */
void cp0_set_irq(struct cpu *cpu, unsigned int irq, bool level);
/* Would an interrupt be taken before an instruction that starts now? */
bool cp0_irq_ready(const struct cpu *cpu);
/* Can the interrupt @irq be taken, were its line up? */
bool cp0_irq_open(const struct cpu *cpu, unsigned int irq);
/* Take it: the next instruction is the handler's first. */
void cp0_take_irq(struct cpu *cpu);

/* Count has become equal to Compare. */
void cp0_timer_rises(struct cpu *cpu);

#endif
