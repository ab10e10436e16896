// SPDX-License-Identifier: MIT
/*
 * Registers for GDB. See gdb_regs.h.
 *
 * GDB wants a floating-point unit in every MIPS; ours has registers without
 * values. A register that moves by itself, or does something when written, has
 * save-restore="no": GDB shall not put it back behind a call by hand.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "mips-sim/cpu.h"
#include "mips-sim/files.h"
#include "mips-sim/gdb_regs.h"

#define GENERAL		32
#define FPU		38	/* f0 to f31, fcsr, fir */
#define FPU_REGS	34
#define COP0		(FPU + FPU_REGS)

/* CP0's registers that GDB has no number for, from COP0 on. */
static const struct cop0_reg {
	const char *name;
	uint8_t reg, sel;
	bool restored;
} cop0_regs[] = {
	{ "index", 0, 0, true },	{ "random", 1, 0, false },
	{ "entrylo0", 2, 0, true },	{ "entrylo1", 3, 0, true },
	{ "context", 4, 0, false },	{ "pagemask", 5, 0, true },
	{ "wired", 6, 0, true },	{ "hwrena", 7, 0, true },
	{ "count", 9, 0, false },	{ "entryhi", 10, 0, true },
	{ "compare", 11, 0, false },	{ "intctl", 12, 1, false },
	{ "epc", 14, 0, true },		{ "prid", 15, 0, false },
	{ "ebase", 15, 1, true },	{ "config", 16, 0, true },
	{ "config1", 16, 1, false },	{ "config2", 16, 2, false },
	{ "lladdr", 17, 0, false },	{ "errorepc", 30, 0, true },
};

#define COP0_REGS	(sizeof(cop0_regs) / sizeof(cop0_regs[0]))

/*
 * next_pc: what comes behind the instruction at pc; slot: that one is in a
 * delay slot. They are registers so that GDB saves and restores a branch that
 * is on its way when it calls a function by hand.
 */
enum gdb_reg {
	GDB_STATUS = GENERAL,
	GDB_LO,
	GDB_HI,
	GDB_BADVADDR,
	GDB_CAUSE,
	GDB_NEXT_PC = COP0 + COP0_REGS,
	GDB_SLOT,
	GDB_REGS,
};

_Static_assert(GDB_REGS <= GDB_REGS_MAX, "too many registers");

unsigned int gdb_regs_count(void)
{
	return GDB_REGS;
}

/* ---- values ---------------------------------------------------------------- */

static const struct cop0_reg *cop0_reg(unsigned int number)
{
	return number >= COP0 && number < COP0 + COP0_REGS ?
	       &cop0_regs[number - COP0] : NULL;
}

bool gdb_reg_get(const struct cpu *cpu, unsigned int number, uint32_t *val)
{
	const struct cop0_reg *cop0 = cop0_reg(number);

	if (number < GENERAL)
		*val = cpu->gpr[number];
	else if (cop0)
		*val = cp0_read((struct cpu *)cpu, cop0->reg, cop0->sel);
	else if (number == GDB_STATUS)
		*val = cpu->cp0.status;
	else if (number == GDB_LO)
		*val = cpu->lo;
	else if (number == GDB_HI)
		*val = cpu->hi;
	else if (number == GDB_BADVADDR)
		*val = cpu->cp0.badvaddr;
	else if (number == GDB_CAUSE)
		*val = cpu->cp0.cause;
	else if (number == GDB_PC)
		*val = cpu->pc;
	else if (number == GDB_NEXT_PC)
		*val = cpu->next_pc;
	else if (number == GDB_SLOT)
		*val = cpu->slot;
	else
		return false;
	return true;
}

bool gdb_reg_set(struct cpu *cpu, unsigned int number, uint32_t val)
{
	const struct cop0_reg *cop0 = cop0_reg(number);

	if (number && number < GENERAL) {
		cpu->gpr[number] = val;
	} else if (cop0) {
		cp0_write(cpu, cop0->reg, cop0->sel, val);
	} else if (number == GDB_STATUS) {
		cp0_write(cpu, 12, 0, val);
	} else if (number == GDB_LO) {
		cpu->lo = val;
	} else if (number == GDB_HI) {
		cpu->hi = val;
	} else if (number == GDB_BADVADDR) {
		cpu->cp0.badvaddr = val;
	} else if (number == GDB_CAUSE) {
		cp0_write(cpu, 13, 0, val);
	} else if (number == GDB_PC) {	/* a branch on its way is dropped */
		cpu->pc = val;
		cpu->next_pc = val + 4;
		cpu->slot = false;
	} else if (number == GDB_NEXT_PC) {
		cpu->next_pc = val;
	} else if (number == GDB_SLOT) {
		cpu->slot = val;
	} else {
		return number == 0;
	}
	return true;
}

/* ---- the description ------------------------------------------------------- */

struct text {
	size_t used;
	char bytes[12288];
};

__attribute__((format(printf, 2, 3)))
static void add(struct text *text, const char *format, ...)
{
	size_t room = sizeof(text->bytes) - text->used;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text->bytes + text->used, room, format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= room)
		die("--gdb: the registers' description is too long");
	text->used += len;
}

static void add_reg(struct text *text, const char *name, unsigned int number,
		    const char *rest)
{
	add(text, "<reg name=\"%s\" regnum=\"%u\" bitsize=\"32\"%s/>\n", name,
	    number, rest);
}

static void add_flag(struct text *text, const char *name, unsigned int first,
		     unsigned int last)
{
	add(text, "<field name=\"%s\" start=\"%u\" end=\"%u\"/>\n", name,
	    first, last);
}

static void add_cpu(struct text *text)
{
	char name[4];
	unsigned int i;

	add(text, "<feature name=\"org.gnu.gdb.mips.cpu\">\n");
	for (i = 0; i < GENERAL; i++) {
		snprintf(name, sizeof(name), "r%u", i);
		add_reg(text, name, i, "");
	}
	add_reg(text, "lo", GDB_LO, "");
	add_reg(text, "hi", GDB_HI, "");
	add_reg(text, "pc", GDB_PC, " type=\"code_ptr\"");
	add(text, "</feature>\n");
}

static void add_cop0(struct text *text)
{
	const struct cop0_reg *reg;
	unsigned int i;

	add(text, "<feature name=\"org.gnu.gdb.mips.cp0\">\n"
	    "<flags id=\"status\" size=\"4\">\n");
	add_flag(text, "IE", 0, 0);
	add_flag(text, "EXL", 1, 1);
	add_flag(text, "ERL", 2, 2);
	add_flag(text, "UM", 4, 4);
	add_flag(text, "IM", 8, 15);
	add_flag(text, "BEV", 22, 22);
	add_flag(text, "CU0", 28, 28);
	add(text, "</flags>\n<flags id=\"cause\" size=\"4\">\n");
	add_flag(text, "ExcCode", 2, 6);
	add_flag(text, "IP", 8, 15);
	add_flag(text, "IV", 23, 23);
	add_flag(text, "DC", 27, 27);
	add_flag(text, "CE", 28, 29);
	add_flag(text, "TI", 30, 30);
	add_flag(text, "BD", 31, 31);
	add(text, "</flags>\n");
	add_reg(text, "status", GDB_STATUS, " type=\"status\"");
	add_reg(text, "badvaddr", GDB_BADVADDR, " type=\"data_ptr\"");
	add_reg(text, "cause", GDB_CAUSE, " type=\"cause\"");
	for (i = 0; i < COP0_REGS; i++) {
		reg = &cop0_regs[i];
		add_reg(text, reg->name, COP0 + i, reg->restored ? "" :
			" save-restore=\"no\"");
	}
	add(text, "</feature>\n");
}

static void add_fpu(struct text *text)
{
	char name[4];
	unsigned int i;

	add(text, "<feature name=\"org.gnu.gdb.mips.fpu\">\n");
	for (i = 0; i < FPU_REGS - 2; i++) {
		snprintf(name, sizeof(name), "f%u", i);
		add_reg(text, name, FPU + i, " type=\"ieee_single\"");
	}
	add_reg(text, "fcsr", FPU + i, "");
	add_reg(text, "fir", FPU + i + 1, "");
	add(text, "</feature>\n");
}

const char *gdb_regs_xml(void)
{
	static struct text text;

	if (text.used)
		return text.bytes;
	add(&text, "<?xml version=\"1.0\"?>\n"
	    "<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target>\n"
	    "<architecture>mips:isa32r2</architecture>\n"
	    "<osabi>none</osabi>\n");
	add_cpu(&text);
	add_cop0(&text);
	add_fpu(&text);
	add(&text, "<feature name=\"org.slowdev.mips.slot\">\n");
	add_reg(&text, "next_pc", GDB_NEXT_PC, " type=\"code_ptr\"");
	add_reg(&text, "slot", GDB_SLOT, "");
	add(&text, "</feature>\n</target>\n");
	return text.bytes;
}
