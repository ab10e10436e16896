// SPDX-License-Identifier: MIT
/*
 * Breakpoints and watchpoints. See gdb_stops.h.
 */
#include <stdlib.h>
#include <string.h>

#include "mips-sim/gdb_stops.h"
#include "mips-sim/machine.h"
#include "mips-sim/ram.h"
#include "mips-sim/spim.h"
#include "mips-sim/uhi.h"

/* ---- setting them ---------------------------------------------------------- */

static unsigned int find_breakpoint(const struct gdb_stops *stops, uint32_t at)
{
	unsigned int i;

	for (i = 0; i < stops->breakpoint_count; i++)
		if (stops->breakpoints[i] == at)
			break;
	return i;
}

static const char *change_breakpoint(struct gdb_stops *stops, uint32_t at,
				     bool set)
{
	unsigned int i = find_breakpoint(stops, at);

	if (set && i == BREAKPOINTS_MAX)
		return "E28";
	if (set && i == stops->breakpoint_count)
		stops->breakpoints[stops->breakpoint_count++] = at;
	else if (!set && i < stops->breakpoint_count)
		stops->breakpoints[i] =
			stops->breakpoints[--stops->breakpoint_count];
	return "OK";
}

static const char *change_watch(struct gdb_stops *stops, struct watch watch,
				bool set)
{
	unsigned int i;

	for (i = 0; i < stops->watch_count; i++)
		if (memcmp(&stops->watches[i], &watch, sizeof(watch)) == 0)
			break;
	if (set && i == WATCHPOINTS_MAX)
		return "E28";
	if (set && i == stops->watch_count)
		stops->watches[stops->watch_count++] = watch;
	else if (!set && i < stops->watch_count)
		stops->watches[i] = stops->watches[--stops->watch_count];
	return "OK";
}

/* kind,addr,len. Software or hardware makes no difference here. */
const char *gdb_stops_change(struct gdb_stops *stops, const char *packet,
			     bool set)
{
	unsigned long kind, at, len;
	char *end;

	kind = strtoul(packet, &end, 16);
	if (kind > WATCH_ACCESS)
		return "";
	if (*end != ',')
		return "E22";
	at = strtoul(end + 1, &end, 16);
	if (*end != ',')
		return "E22";
	len = strtoul(end + 1, NULL, 16);
	if (kind < WATCH_WRITE)
		return change_breakpoint(stops, at, set);
	return len ? change_watch(stops, (struct watch){ at, len, kind }, set) :
		     "E22";
}

/* ---- asking for them -------------------------------------------------------- */

bool gdb_stops_break(const struct gdb_stops *stops, uint32_t pc)
{
	return find_breakpoint(stops, pc) < stops->breakpoint_count;
}

/* What an instruction does with memory. */
struct access {
	uint32_t vaddr;
	uint32_t len;		/* 0: nothing */
	bool store;
};

/* The operations of UHI that touch memory; see uhi.c. */
static struct access uhi_access(const struct cpu *cpu)
{
	const uint32_t *a = &cpu->gpr[REG_A0];

	switch (cpu->gpr[REG_T9]) {
	case UHI_READ:
		return (struct access){ a[1], a[2], true };
	case UHI_WRITE:
		return (struct access){ a[1], a[2], false };
	case UHI_ARGN:
		return (struct access){ a[1], strlen(cpu->machine->program) +
					      1, true };
	case UHI_PLOG:
		return (struct access){ a[0], 1, false };
	default:
		return (struct access){ 0 };
	}
}

/* The same of SPIM's system calls; see spim.c. */
static struct access spim_access(const struct cpu *cpu)
{
	const uint32_t *a = &cpu->gpr[REG_A0];

	switch (cpu->gpr[REG_V0]) {
	case SPIM_PRINT_STRING:
		return (struct access){ a[0], 1, false };
	case SPIM_READ_STRING:
		return (struct access){ a[0], a[1], true };
	default:
		return (struct access){ 0 };
	}
}

/* Bytes k to 3, or 0 to k, of the word around @vaddr. */
static struct access part(uint32_t vaddr, bool left, bool store)
{
	uint32_t k = vaddr & 3;

	return left ? (struct access){ vaddr - k, k + 1, store } :
		      (struct access){ vaddr, 4 - k, store };
}

static struct access whole(uint32_t vaddr, enum bus_width width, bool store)
{
	if (!aligned(vaddr, width))
		return (struct access){ 0 };
	return (struct access){ vaddr, 1u << width, store };
}

/* The word at pc. False: there is none. */
static bool instruction(const struct cpu *cpu, uint32_t *word)
{
	const uint8_t *at = NULL;
	uint32_t paddr;

	if (!(cpu->pc & 3) && !cpu_translate(cpu, cpu->pc, &paddr))
		at = bus_ram(cpu->machine, paddr, 4);
	if (at)
		*word = ram_load(at, BUS_WORD);
	return at;
}

static struct access next_access(const struct cpu *cpu)
{
	struct access none = { 0 };
	uint32_t word, vaddr;

	if (!instruction(cpu, &word))
		return none;
	if (word == UHI_WORD)
		return uhi_access(cpu);
	if (word == SPIM_WORD && cpu->machine->spim.on)
		return spim_access(cpu);
	vaddr = cpu->gpr[word >> 21 & 31] + (uint32_t)(int16_t)word;
	switch (word >> 26) {
	case 0x20:		/* lb */
	case 0x24:		/* lbu */
		return whole(vaddr, BUS_BYTE, false);
	case 0x21:		/* lh */
	case 0x25:		/* lhu */
		return whole(vaddr, BUS_HALF, false);
	case 0x23:		/* lw */
	case 0x30:		/* ll */
		return whole(vaddr, BUS_WORD, false);
	case 0x22:		/* lwl */
		return part(vaddr, true, false);
	case 0x26:		/* lwr */
		return part(vaddr, false, false);
	case 0x28:		/* sb */
		return whole(vaddr, BUS_BYTE, true);
	case 0x29:		/* sh */
		return whole(vaddr, BUS_HALF, true);
	case 0x2b:		/* sw */
		return whole(vaddr, BUS_WORD, true);
	case 0x2a:		/* swl */
		return part(vaddr, true, true);
	case 0x2e:		/* swr */
		return part(vaddr, false, true);
	case 0x38:		/* sc */
		return cpu->linked ? whole(vaddr, BUS_WORD, true) : none;
	default:
		return none;
	}
}

/* Where @vaddr leads to: SPIM's console is nowhere physical, and is left at its
 * own address, which is nothing else's. False: nowhere. */
static bool place(const struct cpu *cpu, uint32_t vaddr, uint32_t *to)
{
	if (!dev_spim_at(cpu->machine, vaddr))
		return !cpu_translate(cpu, vaddr, to);
	*to = vaddr;
	return true;
}

static bool overlap(const struct cpu *cpu, const struct watch *watch,
		    const struct access *access)
{
	uint32_t a, b;

	if (!place(cpu, watch->vaddr, &a) || !place(cpu, access->vaddr, &b))
		return false;
	return a - b < access->len || b - a < watch->len;
}

const struct watch *gdb_stops_watch(const struct gdb_stops *stops,
				    const struct cpu *cpu)
{
	const struct watch *watch;
	struct access access;
	unsigned int i;

	if (!stops->watch_count)
		return NULL;
	access = next_access(cpu);
	for (i = 0; access.len && i < stops->watch_count; i++) {
		watch = &stops->watches[i];
		if (watch->kind != (access.store ? WATCH_READ : WATCH_WRITE) &&
		    overlap(cpu, watch, &access))
			return watch;
	}
	return NULL;
}
