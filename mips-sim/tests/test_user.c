// SPDX-License-Identifier: MIT
/*
 * User mode, instruction by instruction. A host program: prints TAP.
 *
 * No program gets so far: without a TLB entry user mode can fetch nothing. So
 * each instruction is run here by itself, as cpu_step() runs it once it has its
 * word, and that is how it will be when there are entries.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mips-sim/decode.h"
#include "mips-sim/machine.h"

#define RAM_SIZE	(1u << 20)
#define HERE		0x00400000	/* where the instruction stands */
#define KERNEL		0x80080000	/* memory that is not user mode's */
#define OLD		0x11223344	/* what is there, and in $t1 */
#define NOTHING		EXC_CODES	/* no exception */

#define T0		8
#define T1		9

#define MEM(op)		((uint32_t)(op) << 26 | T0 << 21 | T1 << 16)
#define CACHE(op)	(0x2fu << 26 | T0 << 21 | (op) << 16)
#define SYNCI		(1u << 26 | T0 << 21 | 0x1f << 16)
#define COP0(fields)	(0x10u << 26 | (fields))
#define MFC0_STATUS	COP0(T1 << 16 | 12 << 11)
#define RDHWR(reg)	(0x7c00003bu | T1 << 16 | (reg) << 11)

static struct machine machine;
static int tests, failures;

static void ok(bool good, const char *what)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++tests, what);
	failures += !good;
}

static uint32_t *word_at(uint32_t vaddr)
{
	return (uint32_t *)(machine.cpu.ram + (vaddr & 0x1fffffff));
}

/* Run @word with Status @status, $t0 = @base; what was raised, or NOTHING. */
static enum cp0_exccode run(uint32_t word, uint32_t status, uint32_t base)
{
	struct cpu *cpu = &machine.cpu;
	uint64_t before = machine.stats.exceptions;

	cp0_set_status(cpu, status);
	cpu->cp0.cause = 0;
	cpu->cp0.epc = 0;
	cpu->cp0.badvaddr = 0;
	cpu->linked = false;
	cpu->waiting = false;
	cpu->gpr[T0] = base;
	cpu->gpr[T1] = OLD;
	*word_at(KERNEL) = OLD;
	cpu->at = HERE;
	cpu->pc = HERE + 4;
	cpu->next_pc = HERE + 8;
	cpu->slot = cpu->in_slot = false;
	cpu->word = word;
	decode(word)->exec(cpu, word);
	if (machine.stats.exceptions == before)
		return NOTHING;
	return (cpu->cp0.cause & CAUSE_CODE) >> 2;
}

/* It was raised by the book, and nothing else has changed. */
static bool precise(uint32_t badvaddr, uint32_t status)
{
	const struct cpu *cpu = &machine.cpu;

	return cpu->cp0.epc == HERE && cpu->cp0.badvaddr == badvaddr &&
	       cpu->cp0.status == (status | STATUS_EXL) && cpu->kernel &&
	       cpu->gpr[T1] == OLD && *word_at(KERNEL) == OLD &&
	       !cpu->waiting && !machine.ended;
}

static void raises(const char *what, uint32_t word, uint32_t status,
		   enum cp0_exccode code, uint32_t badvaddr)
{
	ok(run(word, status, KERNEL) == code && precise(badvaddr, status) &&
	   !(machine.cpu.cp0.cause & CAUSE_CE), what);
}

static void addresses(void)
{
	static const struct {
		const char *name;
		uint32_t word;
		bool store;
	} rows[] = {
		{ "lb", MEM(0x20), false }, { "lh", MEM(0x21), false },
		{ "lwl", MEM(0x22), false }, { "lw", MEM(0x23), false },
		{ "lbu", MEM(0x24), false }, { "lhu", MEM(0x25), false },
		{ "lwr", MEM(0x26), false }, { "ll", MEM(0x30), false },
		{ "synci", SYNCI, false },
		{ "sb", MEM(0x28), true }, { "sh", MEM(0x29), true },
		{ "swl", MEM(0x2a), true }, { "sw", MEM(0x2b), true },
		{ "swr", MEM(0x2e), true }, { "sc", MEM(0x38), true },
	};
	char what[80];
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(what, sizeof(what), "%s to the kernel's address: %s",
			 rows[i].name, rows[i].store ? "AdES" : "AdEL");
		raises(what, rows[i].word, STATUS_UM,
		       rows[i].store ? EXC_ADES : EXC_ADEL, KERNEL);
		snprintf(what, sizeof(what), "  not with EXL, nor with ERL");
		ok(run(rows[i].word, STATUS_UM | STATUS_EXL, KERNEL) ==
		   NOTHING && run(rows[i].word, STATUS_UM | STATUS_ERL,
				  KERNEL) == NOTHING, what);
	}
	ok(run(MEM(0x23), STATUS_UM, 0x1000) == EXC_TLBL &&
	   precise(0x1000, STATUS_UM), "lw from KUSEG: TLBL");
	ok(run(MEM(0x23), STATUS_UM, 0xfffffffc) == EXC_ADEL &&
	   precise(0xfffffffc, STATUS_UM), "lw from KSEG3: AdEL");
	ok(run(MEM(0x33), STATUS_UM, KERNEL) == NOTHING, "pref: nothing");
}

static void coprocessor(void)
{
	static const struct {
		const char *name;
		uint32_t word;
	} rows[] = {
		{ "mfc0", MFC0_STATUS },
		{ "mtc0", COP0(4 << 21 | T1 << 16 | 12 << 11) },
		{ "di", 0x41606000 }, { "ei", 0x41606020 },
		{ "rdpgpr", 0x41404800 }, { "eret", 0x42000018 },
		{ "wait", 0x42000020 }, { "tlbr", 0x42000001 },
		{ "tlbwi", 0x42000002 }, { "tlbwr", 0x42000006 },
		{ "tlbp", 0x42000008 }, { "deret", 0x4200001f },
		{ "cache by index", CACHE(0) },
		{ "cache by address", CACHE(0x10) },
	};
	unsigned int i;
	char what[80];

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(what, sizeof(what), "%s: CpU, coprocessor 0",
			 rows[i].name);
		raises(what, rows[i].word, STATUS_UM, EXC_CPU, 0);
	}
	ok(run(MFC0_STATUS, STATUS_UM | STATUS_CU0, KERNEL) == NOTHING &&
	   machine.cpu.gpr[T1] == (STATUS_UM | STATUS_CU0),
	   "mfc0 with CU0: the register");
	/* the previous set of registers is the only one */
	ok(run(0x41404800 | T0 << 16, STATUS_UM | STATUS_CU0, KERNEL) ==
	   NOTHING && machine.cpu.gpr[T1] == KERNEL, "rdpgpr with CU0");
	ok(run(0x41c04800 | T0 << 16, STATUS_UM | STATUS_CU0, KERNEL) ==
	   NOTHING && machine.cpu.gpr[T1] == KERNEL, "wrpgpr with CU0");
	raises("deret with CU0: RI", 0x4200001f, STATUS_UM | STATUS_CU0,
	       EXC_RI, 0);
	raises("cache by address with CU0: AdEL", CACHE(0x10),
	       STATUS_UM | STATUS_CU0, EXC_ADEL, KERNEL);
	ok(run(CACHE(0), STATUS_UM | STATUS_CU0, KERNEL) == NOTHING,
	   "  by index: nothing");
}

static void hardware_registers(void)
{
	static const uint32_t values[] = { 0, 32, 0, 2 };
	char what[80];
	unsigned int reg;

	for (reg = 0; reg < 4; reg++) {
		machine.cpu.cp0.hwrena = ~(1u << reg);
		snprintf(what, sizeof(what), "rdhwr %u: RI", reg);
		raises(what, RDHWR(reg), STATUS_UM, EXC_RI, 0);
		machine.cpu.cp0.hwrena = 1u << reg;
		ok(run(RDHWR(reg), STATUS_UM, KERNEL) == NOTHING &&
		   machine.cpu.gpr[T1] == values[reg],
		   "  its value when HWREna says so");
		machine.cpu.cp0.hwrena = 0;
		ok(run(RDHWR(reg), STATUS_UM | STATUS_CU0, KERNEL) == NOTHING,
		   "  and with CU0");
	}
	machine.cpu.cp0.hwrena = ~0u;
	raises("rdhwr 29, which is not there: RI", RDHWR(29), STATUS_UM,
	       EXC_RI, 0);
}

int main(void)
{
	struct cpu *cpu = &machine.cpu;

	cpu->machine = &machine;
	machine.clock_mhz = 100;
	cpu->ram_size = RAM_SIZE;
	cpu->ram = calloc(RAM_SIZE, 1);
	if (!cpu->ram)
		return 1;
	cpu_reset(cpu);
	/* something to enter: handlers that are nothing but there */
	*word_at(0x80000000) = 0x42000018;
	*word_at(0x80000180) = 0x42000018;

	addresses();
	coprocessor();
	hardware_registers();
	machine.spim.on = true;
	ok(run(MEM(0x23), STATUS_UM, KERNEL) == NOTHING &&
	   run(MFC0_STATUS, STATUS_UM, KERNEL) == NOTHING,
	   "--spim: UM changes nothing");
	free(cpu->ram);
	printf("1..%d\n", tests);
	return failures != 0;
}
