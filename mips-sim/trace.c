// SPDX-License-Identifier: MIT
/*
 * --trace: what ran, and what it changed.
 *
 * A line: tick, address, symbol, word, instruction; behind a semicolon the
 * registers whose values are not those after the instruction before, the memory
 * it stored to, the register of the chip it reached. An exception shows as
 * !Name in the line of the instruction that raised it, an interrupt in the line
 * of its handler's first instruction. One whose fetch failed has no word.
 */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "mips-sim/decode.h"
#include "mips-sim/disasm.h"
#include "mips-sim/exec.h"
#include "mips-sim/machine.h"
#include "mips-sim/ram.h"
#include "mips-sim/trace.h"

/* Where an instruction loaded from or stored to. */
struct access {
	enum insn_class class;	/* CLASS_NONE: it did neither */
	enum bus_width width;
	uint32_t vaddr;
	uint32_t paddr;
};

static const struct {
	const char *name;
	size_t at;
} cp0_regs[] = {
#define REG(name, field) { name, offsetof(struct cp0, field) }
	REG("Status", status), REG("Cause", cause), REG("EPC", epc),
	REG("BadVAddr", badvaddr), REG("ErrorEPC", errorepc),
	REG("Compare", compare), REG("EBase", ebase), REG("Config", config),
	REG("HWREna", hwrena), REG("LLAddr", lladdr), REG("Index", index),
	REG("EntryLo0", entrylo[0]), REG("EntryLo1", entrylo[1]),
	REG("EntryHi", entryhi), REG("PageMask", pagemask),
	REG("Context", context), REG("Wired", wired),
#undef REG
};

void trace_note(struct trace_was *was, const struct cpu *cpu)
{
	memcpy(was->gpr, cpu->gpr, sizeof(was->gpr));
	was->hi = cpu->hi;
	was->lo = cpu->lo;
	was->cp0 = cpu->cp0;
	was->exceptions = cpu->machine->stats.exceptions;
}

/* ---- what it did -------------------------------------------------------- */

/* Of the instruction that has just been executed to its end. */
static struct access find_access(const struct machine *m)
{
	const struct cpu *cpu = &m->cpu;
	struct access access = {
		.class = insn_class(decode(cpu->word)),
		.width = insn_width(cpu->word),
		.vaddr = m->traced.gpr[field_rs(cpu->word)] +
			 field_simm(cpu->word),
	};

	if (access.width == BUS_PART)
		access.vaddr &= ~3u;
	if (access.class != CLASS_LOAD && access.class != CLASS_STORE)
		access.class = CLASS_NONE;
	else if (cpu_translate(cpu, access.vaddr, &access.paddr))
		access.paddr = access.vaddr;	/* SPIM's console */
	return access;
}

static bool of_chip(const struct access *access)
{
	return access->class != CLASS_NONE &&
	       access->paddr - BUS_SLOW < DEV_SLOW_SIZE;
}

/* ---- what it changed ---------------------------------------------------- */

static void changed(struct machine *m, const char *name, uint32_t was,
		    uint32_t is)
{
	if (was != is)
		output_print(m, &m->trace, " %s=%08" PRIx32, name, is);
}

static void print_registers(struct machine *m)
{
	const struct cpu *cpu = &m->cpu;
	const struct trace_was *was = &m->traced;
	uint32_t before, after;
	unsigned int i;

	for (i = 1; i < 32; i++)
		changed(m, cpu_reg_names[i], was->gpr[i], cpu->gpr[i]);
	changed(m, "hi", was->hi, cpu->hi);
	changed(m, "lo", was->lo, cpu->lo);
	for (i = 0; i < sizeof(cp0_regs) / sizeof(cp0_regs[0]); i++) {
		memcpy(&before, (const char *)&was->cp0 + cp0_regs[i].at,
		       sizeof(before));
		memcpy(&after, (const char *)&cpu->cp0 + cp0_regs[i].at,
		       sizeof(after));
		changed(m, cp0_regs[i].name, before, after);
	}
	if (was->cp0.count_base != cpu->cp0.count_base ||
	    was->cp0.count_held != cpu->cp0.count_held)
		output_print(m, &m->trace, " Count=%08" PRIx32,
			     cp0_count(cpu));
}

/* A byte is two digits, a halfword four. */
static void print_store(struct machine *m, const struct access *access)
{
	static const int digits[] = {
		[BUS_BYTE] = 2, [BUS_HALF] = 4, [BUS_WORD] = 8, [BUS_PART] = 8,
	};
	int n = digits[access->width];
	const uint8_t *ram = bus_ram(m, access->paddr, n / 2);
	uint32_t val = m->traced.gpr[field_rt(m->cpu.word)];
	char name[SYMBOLS_TEXT_MAX];

	if (ram)
		val = ram_load(ram, access->width);
	val &= UINT32_MAX >> (32 - 4 * n);
	if (symbols_text(m->symbols, access->vaddr, name))
		output_print(m, &m->trace, " [%s]=%0*" PRIx32, name, n, val);
	else
		output_print(m, &m->trace, " [%08" PRIx32 "]=%0*" PRIx32,
			     access->vaddr, n, val);
}

static void print_access(struct machine *m, const struct access *access)
{
	const struct cpu *cpu = &m->cpu;

	if (of_chip(access)) {
		output_print(m, &m->trace, " chip.%s",
			     dev_slow_name(access->paddr - BUS_SLOW));
		if (access->class == CLASS_STORE)
			output_print(m, &m->trace, "=%08" PRIx32,
				     m->traced.gpr[field_rt(cpu->word)]);
	} else if (access->class == CLASS_STORE &&
		   /* an sc that failed */
		   (decode(cpu->word)->exec != exec_sc ||
		    cpu->gpr[field_rt(cpu->word)])) {
		print_store(m, access);
	}
}

static void print_instruction(struct machine *m, uint64_t tick)
{
	const struct cpu *cpu = &m->cpu;
	char name[SYMBOLS_TEXT_MAX] = "-";
	char text[DISASM_MAX] = "(no instruction here)";
	char word[9] = "--------";

	symbols_text(m->symbols, cpu->at, name);
	if (!cpu->fetch_failed) {
		snprintf(word, sizeof(word), "%08" PRIx32, cpu->word);
		disasm(m->symbols, cpu->at, cpu->word, text);
	}
	output_print(m, &m->trace, "%10" PRIu64 " %08" PRIx32
		     " %-16s %s %-36s;", tick, cpu->at, name, word, text);
}

void trace_step(struct machine *m)
{
	struct cpu *cpu = &m->cpu;
	uint64_t exceptions = m->stats.exceptions;
	struct access access = { .class = CLASS_NONE };
	uint64_t tick = cpu->ticks;
	bool entered, left;

	cpu_step(cpu);
	if (!cpu->fetch_failed && m->stats.exceptions == exceptions)
		access = find_access(m);
	entered = m->stats.exceptions != m->traced.exceptions;
	left = !cpu->fetch_failed && decode(cpu->word)->exec == exec_eret;
	if (trace_wanted(&m->trace_only, cpu->at, entered || left,
			 of_chip(&access))) {
		print_instruction(m, tick);
		print_registers(m);
		print_access(m, &access);
		if (entered)
			output_print(m, &m->trace, " !%s",
				     cp0_exception_name((cpu->cp0.cause &
							 CAUSE_CODE) >> 2));
		output_print(m, &m->trace, "\n");
	}
	trace_note(&m->traced, cpu);
}
