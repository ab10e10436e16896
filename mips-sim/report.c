// SPDX-License-Identifier: MIT
/*
 * Why a run ended, told to people. See report.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "mips-sim/branches.h"
#include "mips-sim/decode.h"
#include "mips-sim/disasm.h"
#include "mips-sim/elf.h"
#include "mips-sim/lines.h"
#include "mips-sim/machine.h"
#include "mips-sim/report.h"
#include "mips-sim/symbols.h"

struct report {
	struct machine *m;
	const struct symbols *symbols;	/* NULL: the program has changed */
	bool lines;		/* on a terminal: each part has one */
};

static void next_part(const struct report *r)
{
	fputs(r->lines ? "\n  " : "; ", stderr);
}

__attribute__((format(printf, 2, 3)))
static void part(const struct report *r, const char *format, ...)
{
	va_list args;

	next_part(r);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
}

/* Address, symbol, line of the source; @line may be empty. */
static void print_place(const struct report *r, uint32_t vaddr,
			const char *line)
{
	char name[SYMBOLS_TEXT_MAX];

	fprintf(stderr, "0x%08x", vaddr);
	if (r->symbols && symbols_text(r->symbols, vaddr, name))
		fprintf(stderr, " <%s>", name);
	if (*line)
		fprintf(stderr, " %s", line);
}

static void find_lines(const struct report *r, const uint32_t *vaddrs,
		       unsigned int count, char (*lines)[LINES_MAX])
{
	unsigned int i;

	for (i = 0; i < count; i++)
		lines[i][0] = '\0';
	if (r->symbols && symbols_get(r->symbols, 0))
		lines_find(r->m->program, vaddrs, count, lines);
}

/* ---- the instruction ---------------------------------------------------- */

static void tell_instruction(const struct report *r, uint32_t vaddr,
			     bool in_slot)
{
	char line[1][LINES_MAX];
	char text[DISASM_MAX];
	uint32_t paddr, word;
	bool there = cpu_peek_insn(&r->m->cpu, vaddr, &paddr, &word);

	part(r, "at ");
	find_lines(r, &vaddr, 1, line);
	print_place(r, vaddr, line[0]);
	if (there)
		disasm(r->symbols, vaddr, word, text);
	fprintf(stderr, ": %s%s", there ? text : "no instruction is there",
		in_slot ? " (in a delay slot)" : "");
}

/* ---- what was wrong ------------------------------------------------------ */

/* Where did it reach to, if it is one that reaches? */
static bool reached(const struct machine *m, uint32_t *vaddr)
{
	const struct cpu *cpu = &m->cpu;
	uint32_t word = cpu->word;

	if (cpu->fetch_failed) {
		*vaddr = cpu->at;
		return true;
	}
	switch (decode(word)->operands) {
	case OPERANDS_RT_BASE:
	case OPERANDS_OP_BASE:
	case OPERANDS_BASE:
		*vaddr = cpu->gpr[word >> 21 & 31] + (int16_t)word;
		return true;
	default:
		return false;
	}
}

static const char *segment(uint32_t vaddr)
{
	if (vaddr < 0x80000000)
		return "KUSEG";
	if (vaddr < 0xa0000000)
		return "KSEG0";
	if (vaddr < 0xc0000000)
		return "KSEG1";
	return vaddr < 0xe0000000 ? "KSEG2" : "KSEG3";
}

static void tell_map(const struct report *r)
{
	part(r, "the map: ");
	bus_print_map(r->m, stderr);
	fputs("; programs reach physical address N at 0x80000000 + N or "
	      "0xa0000000 + N", stderr);
}

static void tell_address(const struct report *r, enum cp0_exccode code)
{
	const struct cpu *cpu = &r->m->cpu;
	const char *verb = code == EXC_TLBS || code == EXC_ADES ? "store to" :
			   "load from";
	uint32_t vaddr, paddr;

	if (!reached(r->m, &vaddr))
		return;
	if (vaddr == cpu->at)
		verb = "fetch from";
	else if (code == EXC_DBE)
		verb = "access to";
	if (code == EXC_ADEL || code == EXC_ADES) {
		part(r, "the %s 0x%08x: %s", verb, vaddr,
		     cpu->cp0.status & STATUS_UM && vaddr >= 0x80000000 ?
		     "not for user mode" : "not a multiple of its size");
		return;
	}
	if (code == EXC_IBE || code == EXC_DBE) {
		cpu_translate(cpu, vaddr, &paddr);
		part(r, "the %s 0x%08x: at physical 0x%08x nothing answers, "
		     "or not to this width", verb, vaddr, paddr);
	} else {
		part(r, "the %s 0x%08x: %s goes through the TLB, which holds "
		     "nothing", verb, vaddr, segment(vaddr));
	}
	tell_map(r);
}

static void tell_interrupt(const struct report *r)
{
	const struct cp0 *cp0 = &r->m->cpu.cp0;
	uint32_t pending = cp0->cause & cp0->status & CAUSE_IP;
	unsigned int irq;

	for (irq = 0; irq < 8; irq++)
		if (pending >> (CAUSE_IP_SHIFT + irq) & 1)
			part(r, "IP%u is up and let through: %s", irq,
			     irq == IRQ_SLOW ? "the chip" :
			     irq == IRQ_SPIM ? "SPIM's keyboard" :
			     irq == IRQ_UART ? "the UART" :
			     irq == IRQ_TIMER ? "Count and Compare" :
			     "software");
}

/* The codes that compilers put into break and trap instructions. */
static const char *code_meaning(unsigned int code)
{
	switch (code) {
	case 6:
		return " (overflow)";
	case 7:
		return " (division by zero)";
	default:
		return "";
	}
}

static void tell_exception(const struct report *r)
{
	const struct cpu *cpu = &r->m->cpu;
	enum cp0_exccode code = (cpu->cp0.cause & CAUSE_CODE) >> 2;
	uint32_t paddr, word = 0;

	cpu_peek_insn(cpu, cpu->at, &paddr, &word);
	switch (code) {
	case EXC_INT:
		tell_interrupt(r);
		break;
	case EXC_SYS:
		part(r, "a system call, number $v0 = %u: nobody takes it%s",
		     cpu->gpr[REG_V0], r->m->spim.on ? "" :
		     " (SPIM's are there with --spim)");
		break;
	case EXC_BP:
		part(r, "break %u%s", word >> 16 & 0x3ff,
		     code_meaning(word >> 16 & 0x3ff));
		break;
	case EXC_TR:
		part(r, "a trap, its condition true, code %u%s",
		     word >> 6 & 0x3ff, code_meaning(word >> 6 & 0x3ff));
		break;
	case EXC_RI:
		part(r, "the processor has no such instruction, or not here");
		break;
	case EXC_CPU:
		part(r, "there is no coprocessor %u%s, or not in this mode",
		     (cpu->cp0.cause & CAUSE_CE) >> CAUSE_CE_SHIFT,
		     cpu->cp0.cause & CAUSE_CE ? " (floating point)" : "");
		break;
	case EXC_OV:
		part(r, "the result does not fit into 32 bits with a sign");
		break;
	default:
		tell_address(r, code);
		break;
	}
}

/* ---- how it stood, how it came there ------------------------------------- */

static void tell_registers(const struct report *r)
{
	const struct cpu *cpu = &r->m->cpu;
	unsigned int i;

	part(r, "Cause=%08x EPC=%08x BadVAddr=%08x Status=%08x hi=%08x "
	     "lo=%08x", cpu->cp0.cause, cpu->cp0.epc, cpu->cp0.badvaddr,
	     cpu->cp0.status, cpu->hi, cpu->lo);
	for (i = 0; i < 32; i++) {
		if (i % 8 == 0)
			part(r, "%s", "");
		fprintf(stderr, "%s%s=%08x", i % 8 ? " " : "",
			cpu_reg_names[i], cpu->gpr[i]);
	}
}

static void tell_branches(const struct report *r)
{
	struct branch list[BRANCHES_MAX];
	uint32_t vaddrs[2 * BRANCHES_MAX];
	char lines[2 * BRANCHES_MAX][LINES_MAX];
	const char *why_not;
	unsigned int count, i;

	fflush(stderr);
	count = branches_before_end(r->m, list, &why_not);
	if (why_not) {
		part(r, "its last branches are not known: the run is not "
		     "repeated, %s", why_not);
		return;
	}
	for (i = 0; i < count; i++) {
		vaddrs[2 * i] = list[i].from;
		vaddrs[2 * i + 1] = list[i].to;
	}
	find_lines(r, vaddrs, 2 * count, lines);
	part(r, count ? "how it came there:" : "no branch before it");
	for (i = 0; i < count; i++) {
		fputs(r->lines ? "\n    " : i ? ", " : " ", stderr);
		fprintf(stderr, "%s ", list[i].what);
		print_place(r, list[i].from, lines[2 * i]);
		fputs(" to ", stderr);
		print_place(r, list[i].to, lines[2 * i + 1]);
		if (list[i].times > 1)
			fprintf(stderr, ", %llu times",
				(unsigned long long)list[i].times);
	}
}

/* Why it ended, and what goes with that. */
static void tell_end(const struct report *r)
{
	struct machine *m = r->m;
	unsigned int loop;
	uint32_t first;

	fputs(m->why, stderr);
	if (m->status == EXIT_OUT_OF_INSNS) {
		tell_instruction(r, m->cpu.pc, m->cpu.slot);
		loop = stuck_in_loop(m, &first);
		if (loop)
			part(r, "it goes round in %u instructions from "
			     "0x%08x on that change nothing, and nothing can "
			     "interrupt it", loop, first);
	} else if (m->status == EXIT_STUCK) {
		tell_instruction(r, m->cpu.at, m->cpu.in_slot);
		if (m->stuck.by_exception)
			tell_exception(r);
		tell_registers(r);
		tell_branches(r);
	}
}

void report(struct machine *m)
{
	bool missed = trace_only_missed(m);
	struct report r = { m, NULL, isatty(STDERR_FILENO) };
	struct symbols *symbols;

	if (!m->why[0] && !missed)
		return;
	symbols = elf_unchanged(m) ? symbols_load(m->program) : NULL;
	r.symbols = symbols;
	/* a line of its own, behind what the guest has written there */
	fprintf(stderr, "%smips-sim: ", m->standard_error.in_line ? "\n" : "");
	if (m->why[0]) {
		tell_end(&r);
		if (missed)
			next_part(&r);
	}
	if (missed)
		trace_only_tell(m, stderr);
	fputc('\n', stderr);
	if (symbols)
		symbols_free(symbols);
}
