// SPDX-License-Identifier: MIT
/*
 * --trace: what ran, and what it changed.
 *
 * A line: tick, address, word, instruction; behind a semicolon the registers
 * whose values are not those of the line before. An exception shows as Status,
 * Cause and EPC of the instruction that raised it, an interrupt in the line of
 * its handler's first instruction. One whose fetch failed has no word.
 */
#include <inttypes.h>
#include <string.h>

#include "mips-sim/disasm.h"
#include "mips-sim/machine.h"
#include "mips-sim/trace.h"

static void changed(struct machine *m, const char *name, uint32_t was,
		    uint32_t is)
{
	if (was != is)
		output_print(m, &m->trace, " %s=%08" PRIx32, name, is);
}

void trace_note(struct trace_was *was, const struct cpu *cpu)
{
	memcpy(was->gpr, cpu->gpr, sizeof(was->gpr));
	was->hi = cpu->hi;
	was->lo = cpu->lo;
	was->cp0 = cpu->cp0;
}

void trace_step(struct machine *m)
{
	struct cpu *cpu = &m->cpu;
	const struct trace_was *was = &m->traced;
	uint64_t tick = cpu->ticks;
	char text[DISASM_MAX];
	unsigned int i;

	cpu_step(cpu);
	if (!cpu->fetch_failed) {
		disasm(NULL, cpu->at, cpu->word, text);
		output_print(m, &m->trace, "%10" PRIu64 " %08" PRIx32
			     " %08" PRIx32 " %-32s;", tick, cpu->at,
			     cpu->word, text);
	} else {
		output_print(m, &m->trace, "%10" PRIu64 " %08" PRIx32
			     " -------- %-32s;", tick, cpu->at,
			     "(no instruction here)");
	}
	for (i = 1; i < 32; i++)
		changed(m, cpu_reg_names[i], was->gpr[i], cpu->gpr[i]);
	changed(m, "hi", was->hi, cpu->hi);
	changed(m, "lo", was->lo, cpu->lo);
	changed(m, "Status", was->cp0.status, cpu->cp0.status);
	changed(m, "Cause", was->cp0.cause, cpu->cp0.cause);
	changed(m, "EPC", was->cp0.epc, cpu->cp0.epc);
	changed(m, "BadVAddr", was->cp0.badvaddr, cpu->cp0.badvaddr);
	output_print(m, &m->trace, "\n");
	trace_note(&m->traced, cpu);
}
