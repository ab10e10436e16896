// SPDX-License-Identifier: MIT
/*
 * What a guest cannot get out of. See stuck.h.
 */
#include <stdio.h>
#include <string.h>

#include "mips-sim/exec.h"
#include "mips-sim/machine.h"
#include "mips-sim/ram.h"
#include "mips-sim/stuck.h"

/* ---- exceptions -------------------------------------------------------- */

/*
 * Nested exceptions at one place are a loop when the handler stores nothing
 * and never returns. A few of them may still be counted by a program; nobody
 * counts so far in registers alone.
 */
#define NESTED_MAX	1000

/* The vector has memory, and something in it. Empty RAM is nops, through
 * which the processor would slide back into the program. */
static bool handler_at(const struct machine *m, uint32_t vector)
{
	const uint8_t *at = bus_ram(m, vector & 0x1fffffff, 8);
	uint64_t words = 0;

	if (at)
		memcpy(&words, at, sizeof(words));
	return words;
}

static const char *what_is_there(const struct machine *m, uint32_t vector)
{
	if (bus_ram(m, vector & 0x1fffffff, 8))
		return "two zero words";
	return m->cpu.cp0.status & STATUS_BEV ?
	       "no boot ROM: Status.BEV is 1" : "no memory";
}

static const char *exception_name(const struct machine *m)
{
	return cp0_exception_name((m->cpu.cp0.cause & CAUSE_CODE) >> 2);
}

static bool nested_for_ever(struct machine *m)
{
	struct stuck *stuck = &m->stuck;
	uint64_t stores = cpu_stores(&m->cpu);

	if (stuck->at != m->cpu.at || stuck->stores != stores)
		stuck->times = 0;
	stuck->at = m->cpu.at;
	stuck->stores = stores;
	return ++stuck->times == NESTED_MAX;
}

void stuck_exception(struct machine *m, uint32_t vector, bool nested)
{
	if (!handler_at(m, vector))
		machine_end(m, EXIT_STUCK, "exception %s at 0x%08x has no "
			    "handler at 0x%08x (%s)", exception_name(m),
			    m->cpu.at, vector, what_is_there(m, vector));
	else if (nested && nested_for_ever(m))
		machine_end(m, EXIT_STUCK, "exception %s at 0x%08x is raised "
			    "within the handler at 0x%08x, over and over",
			    exception_name(m), m->cpu.at, vector);
	m->stuck.by_exception = m->ended;
}

void stuck_returned(struct machine *m)
{
	m->stuck.times = 0;
}

/* ---- interrupts that do not come --------------------------------------- */

/*
 * An open timer always comes round. The chip and the UART can only by an
 * event of theirs.
 */
bool stuck_may_be_interrupted(const struct machine *m)
{
	const struct cpu *cpu = &m->cpu;

	if (cp0_irq_ready(cpu))
		return true;
	if (cp0_irq_open(cpu, IRQ_TIMER) && cpu->cp0.timer_tick != CP0_NEVER)
		return true;
	if (cp0_irq_open(cpu, IRQ_SLOW) &&
	    (dev_slow_may_rise(m) || dev_spim_tx_may_rise(m)))
		return true;
	if (cp0_irq_open(cpu, IRQ_SPIM) && dev_spim_rx_may_rise(m))
		return true;
	return cp0_irq_open(cpu, IRQ_UART) &&
	       dev_uart_next(m) != MACHINE_NEVER;
}

/* Why the line @irq, which Status lets through, stays down. */
static const char *why_down(const struct machine *m, unsigned int irq)
{
	switch (irq) {
	case 0:
	case 1:
		return "only software raises it";
	case IRQ_SLOW:
		return m->slow.chip.int_en ? "nothing moves in the chip" :
		       "the chip's INT_EN is 0";
	case IRQ_SPIM:
		if (!m->spim.on)
			return "nothing is there";
		return m->spim.rx_enabled ? "the keyboard gives no more" :
		       "the keyboard's interrupt is not enabled";
	case IRQ_UART:
		return m->uart.input && !m->uart.input->ended ?
		       "the UART's receive interrupt is not enabled" :
		       "the UART gets no more input";
	case IRQ_TIMER:
		return "Count stands: Cause.DC is 1";
	default:
		return "nothing is there";
	}
}

/* Why no interrupt comes, in words: @to has @size bytes. */
static void say_why(const struct machine *m, char *to, size_t size)
{
	const struct cpu *cpu = &m->cpu;
	uint32_t status = cpu->cp0.status;
	const char *comma = "";
	unsigned int irq, len = 0;

	if (!(status & STATUS_IE)) {
		snprintf(to, size, "Status.IE is 0");
	} else if (status & STATUS_ERL) {
		snprintf(to, size, "Status.ERL is 1");
	} else if (status & STATUS_EXL) {
		snprintf(to, size, "Status.EXL is 1, as in a handler");
	} else if (!(status & STATUS_IM)) {
		snprintf(to, size, "Status.IM is 0");
	} else {
		for (irq = 0; irq < 8; irq++) {
			if (!cp0_irq_open(cpu, irq))
				continue;
			len += snprintf(to + len, size - len, "%sIP%u: %s",
					comma, irq, why_down(m, irq));
			comma = ", ";
		}
	}
}

void stuck_wait(struct machine *m)
{
	char why[400];

	say_why(m, why, sizeof(why));
	machine_end(m, EXIT_STUCK, "wait at 0x%08x: no interrupt can end it "
		    "(%s)", m->cpu.at, why);
}

void stuck_self_jump(struct machine *m)
{
	char why[400];

	say_why(m, why, sizeof(why));
	machine_end(m, EXIT_STUCK, "the instruction at 0x%08x jumps to itself "
		    "and nothing can interrupt it (%s)", m->cpu.at, why);
}

/* ---- loops -------------------------------------------------------------- */

#define LOOP_MAX	100	/* instructions */
#define LOOK_TICKS	(1u << 24)

/* The word that the load or store @word, the next one, reaches or reaches
 * into, unless it may not. */
static bool reach(const struct cpu *cpu, uint32_t word, uint32_t *paddr)
{
	uint32_t vaddr = rs(cpu, word) + field_simm(word);

	return aligned(vaddr, insn_width(word)) &&
	       !cpu_translate(cpu, vaddr & ~3u, paddr);
}

/*
 * Does the next instruction depend on registers and RAM alone, change
 * registers alone, and raise no exception? In doubt it does not.
 */
static bool harmless(const struct cpu *cpu)
{
	const struct insn *insn;
	uint32_t paddr, word;

	if (!cpu_peek_insn(cpu, cpu->pc, &paddr, &word))
		return false;
	insn = decode(word);
	if ((insn->kind >= KIND_SYSTEM && !insn_branches_and_links(insn)) ||
	    (insn->kind != KIND_STRAIGHT && cpu->slot) ||
	    insn->exec == exec_add || insn->exec == exec_addi ||
	    insn->exec == exec_sub || insn->exec == exec_ext ||
	    insn->exec == exec_ins || insn->exec == exec_synci ||
	    insn->name[0] == 't')
		return false;
	if (insn->operands != OPERANDS_RT_BASE)
		return true;
	return insn->name[0] == 'l' && reach(cpu, word, &paddr) &&
	       bus_ram(cpu->machine, paddr, 4);
}

/* The same in all that the instructions to come depend on? */
static bool same(const struct cpu *a, const struct cpu *b)
{
	return a->pc == b->pc && a->next_pc == b->next_pc &&
	       a->slot == b->slot && a->hi == b->hi && a->lo == b->lo &&
	       memcmp(a->gpr, b->gpr, sizeof(a->gpr)) == 0;
}

unsigned int stuck_in_loop(struct machine *m, uint32_t *first)
{
	struct cpu was = m->cpu;
	bool ended = m->ended;
	unsigned int i;

	if (stuck_may_be_interrupted(m))
		return 0;
	*first = UINT32_MAX;
	m->ended = true;	/* a jump to itself is not to be told now */
	for (i = 1; i <= LOOP_MAX && harmless(&m->cpu); i++) {
		cpu_step(&m->cpu);
		if (m->cpu.at < *first)
			*first = m->cpu.at;
		if (same(&m->cpu, &was))
			break;
	}
	if (!same(&m->cpu, &was) || m->cpu.ticks == was.ticks)
		i = 0;
	m->cpu = was;
	m->ended = ended;
	return i;
}

/* The register that it writes; see insn_written(). */
static unsigned int written(uint32_t word)
{
	const struct insn *insn = decode(word);

	return insn_class(insn) == CLASS_STORE ? 0 : insn_written(insn, word);
}

/* Does @slot leave alone what the jump in front of it depends on? */
static bool goes_again(uint32_t jump, uint32_t slot)
{
	const struct insn *insn = decode(jump);
	unsigned int reg = written(slot);

	if (reg && (reg == field_rs(jump) ||
		    (insn->operands == OPERANDS_RS_RT_OFF &&
		     reg == field_rt(jump))))
		return insn->kind == KIND_JUMP;
	switch (insn->kind) {
	case KIND_JUMP:
	case KIND_BRANCH:
	case KIND_LIKELY:
		return true;
	case KIND_REGISTER:	/* jalr may write what it reads */
		return field_rd(jump) != field_rs(jump);
	default:		/* so may these */
		return insn_branches_and_links(insn) &&
		       field_rs(jump) != REG_RA;
	}
}

/*
 * The same of the slot of a jump to itself, which may also load and store, as
 * long as each turn does so alike: at one address, in RAM that does not hold
 * the two, or in the chip when its interrupt is not let through. It must not
 * be run here.
 */
static bool harmless_again(const struct cpu *cpu, uint32_t jump_paddr,
			   uint32_t slot_paddr, uint32_t slot)
{
	const struct insn *insn = decode(slot);
	bool store = insn_class(insn) == CLASS_STORE;
	uint32_t paddr;

	if (insn->operands != OPERANDS_RT_BASE || insn->kind != KIND_STRAIGHT)
		return harmless(cpu);
	if ((written(slot) && written(slot) == field_rs(slot)) ||
	    !reach(cpu, slot, &paddr))
		return false;
	if (bus_ram(cpu->machine, paddr, 4))
		return !store || (paddr != jump_paddr && paddr != slot_paddr);
	return paddr - BUS_SLOW < DEV_SLOW_SIZE &&
	       insn_width(slot) == BUS_WORD &&
	       !(store && cp0_irq_open(cpu, IRQ_SLOW));
}

/*
 * A jump to itself with something in its slot: that may count, or do whatever
 * comes to nothing. Gives the jump's address; 0: there is none here.
 */
static uint32_t self_jump(struct machine *m)
{
	struct cpu *cpu = &m->cpu;
	struct cpu was = *cpu;
	bool ended = m->ended;
	uint32_t jump_paddr, jump, slot_paddr, slot, at = 0;

	if (stuck_may_be_interrupted(m))
		return 0;
	m->ended = true;	/* as above */
	if (!cpu->slot && harmless(cpu))
		cpu_step(cpu);
	if (cpu->slot && cpu->next_pc == cpu->pc - 4 &&
	    cpu_peek_insn(cpu, cpu->next_pc, &jump_paddr, &jump) &&
	    cpu_peek_insn(cpu, cpu->pc, &slot_paddr, &slot) &&
	    goes_again(jump, slot) &&
	    harmless_again(cpu, jump_paddr, slot_paddr, slot))
		at = cpu->next_pc;
	*cpu = was;
	m->ended = ended;
	return at;
}

uint64_t stuck_next(const struct machine *m)
{
	if (m->max_insns != UINT64_MAX)
		return MACHINE_NEVER;
	return m->stuck.next_tick ? m->stuck.next_tick : LOOK_TICKS;
}

void stuck_look(struct machine *m)
{
	uint32_t first = self_jump(m);
	unsigned int insns = first ? 1 : stuck_in_loop(m, &first);
	char why[400];

	m->stuck.next_tick = (m->cpu.ticks / LOOK_TICKS + 1) * LOOK_TICKS;
	if (!insns)
		return;
	m->cpu.at = first;
	m->cpu.in_slot = false;
	if (insns == 1) {
		stuck_self_jump(m);
		return;
	}
	say_why(m, why, sizeof(why));
	machine_end(m, EXIT_STUCK, "the %u instructions from 0x%08x on go "
		    "round, change nothing and nothing can interrupt them "
		    "(%s)", insns, first, why);
}
