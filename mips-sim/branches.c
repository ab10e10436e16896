// SPDX-License-Identifier: MIT
/*
 * The last branches before the end of a run. See branches.h.
 */
#include <string.h>

#include "mips-sim/branches.h"
#include "mips-sim/decode.h"
#include "mips-sim/elf.h"
#include "mips-sim/machine.h"
#include "mips-sim/twin.h"

/*
 * Branches are looked for in the last of these instructions: enough to slide
 * through all of the usual RAM's zeros, which are nops. And runs that are
 * longer than some seconds are not done again.
 */
#define LAST_INSNS	(1ULL << 26)
#define RUN_MAX		(1ULL << 32)

struct ring {
	struct branch list[BRANCHES_MAX];
	unsigned int next;
	unsigned int count;
};

static void note(struct ring *ring, const char *what, uint32_t from,
		 uint32_t to)
{
	struct branch *last = &ring->list[(ring->next + BRANCHES_MAX - 1) %
					  BRANCHES_MAX];

	if (ring->count && last->from == from && last->to == to) {
		last->times++;
		return;
	}
	ring->list[ring->next] = (struct branch){ from, to, 1, what };
	ring->next = (ring->next + 1) % BRANCHES_MAX;
	if (ring->count < BRANCHES_MAX)
		ring->count++;
}

/* A branch likely that was not taken has but left out its slot. */
static bool skipped_slot(const struct cpu *cpu)
{
	return cpu->pc == cpu->at + 8 && !cpu->in_slot &&
	       decode(cpu->word)->kind == KIND_LIKELY;
}

/* One instruction, and whatever happens before it. False: the run is over. */
static bool step(struct machine *twin, struct ring *ring)
{
	struct cpu *cpu = &twin->cpu;
	uint32_t expected = cpu->pc;
	uint32_t status;

	if (!machine_ready(twin))
		return false;
	if (cpu->pc != expected)
		note(ring, "interrupt", expected, cpu->pc);
	status = cpu->cp0.status;
	cpu_step(cpu);
	if (twin->ended || cpu->pc == cpu->at + 4 || skipped_slot(cpu))
		return true;
	if (cpu->in_slot && !(cpu->cp0.status & ~status & STATUS_EXL))
		note(ring, "branch", cpu->at - 4, cpu->pc);
	else if (decode(cpu->word)->kind == KIND_RETURN && !cpu->fetch_failed &&
		 status & ~cpu->cp0.status & (STATUS_EXL | STATUS_ERL))
		note(ring, "eret", cpu->at, cpu->pc);
	else
		note(ring, cp0_exception_name((cpu->cp0.cause & CAUSE_CODE) >>
					      2), cpu->at, cpu->pc);
	return true;
}

unsigned int branches_before_end(struct machine *m, struct branch *list,
				 const char **why_not)
{
	uint64_t insns = machine_insns(m);
	struct ring ring = { .count = 0 };
	struct machine *twin;
	unsigned int i;

	*why_not = NULL;
	if (!input_kept(m->slow.line_in) || !input_kept(m->uart.input) ||
	    !input_kept(m->standard_in))
		*why_not = "its inputs cannot be had again";
	else if (m->altered)
		*why_not = "GDB has changed something";
	else if (!elf_unchanged(m))
		*why_not = "the program has changed";
	else if (insns > RUN_MAX)
		*why_not = "it would take too long";
	if (*why_not)
		return 0;

	twin = twin_make(m);
	twin->max_insns = insns > LAST_INSNS ? insns - LAST_INSNS : 0;
	machine_run(twin);
	machine_go_on(twin, m->max_insns);
	while (step(twin, &ring))
		;
	twin_free(twin);
	for (i = 0; i < ring.count; i++)
		list[i] = ring.list[(ring.next - ring.count + i) %
				    BRANCHES_MAX];
	return ring.count;
}
