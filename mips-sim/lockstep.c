// SPDX-License-Identifier: MIT
/*
 * Two engines in lock step. See lockstep.h.
 *
 * The leader runs a block, or every eighth time a chain of them, then the
 * other steps to the same tick, and all that a program can see of the
 * processor must be the same. At the end RAM and the statistics must be, too.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mips-sim/lockstep.h"
#include "mips-sim/machine.h"
#include "mips-sim/twin.h"

#define CHAIN_TICKS	1000

/* ---- comparing ---------------------------------------------------------- */

/* @began: where the leader's blocks began. */
static void compare(const char *name, uint64_t a, uint64_t b,
		    const struct machine *m, uint32_t began)
{
	if (a != b)
		die("the engines disagree at tick %" PRIu64 ", behind the "
		    "block at 0x%08" PRIx32 ": %s is 0x%" PRIx64 ", by steps "
		    "0x%" PRIx64, m->cpu.ticks, began, name, a, b);
}

static void compare_machines(const struct machine *m,
			     const struct machine *other, uint32_t began)
{
	const struct cpu *a = &m->cpu;
	const struct cpu *b = &other->cpu;
	unsigned int i;

#define COMPARE(field) compare(#field, a->field, b->field, m, began)
	COMPARE(ticks);
	COMPARE(pc);
	COMPARE(next_pc);
	COMPARE(slot);
	for (i = 0; i < 32; i++)
		compare(cpu_reg_names[i], a->gpr[i], b->gpr[i], m, began);
	COMPARE(hi);
	COMPARE(lo);
	COMPARE(linked);
	COMPARE(kernel);
	COMPARE(waiting);
	COMPARE(stored);
	COMPARE(stores);
	COMPARE(cp0.status);
	COMPARE(cp0.cause);
	COMPARE(cp0.epc);
	COMPARE(cp0.badvaddr);
	COMPARE(cp0.timer_tick);
#undef COMPARE
	if (memcmp(&a->cp0, &b->cp0, sizeof(a->cp0)) != 0)
		compare("something else in CP0", 1, 0, m, began);
	compare("the chip's next tick", m->slow.next_tick,
		other->slow.next_tick, m, began);
	compare("SPIM's console's next tick", dev_spim_next(m),
		dev_spim_next(other), m, began);
}

static void compare_latencies(const struct stats_latencies *a,
			      const struct stats_latencies *b,
			      const struct machine *m)
{
	compare("the number of latencies", a->count, b->count, m, m->cpu.pc);
	if (a->count &&
	    memcmp(a->list, b->list, a->count * sizeof(*a->list)) != 0)
		compare("a latency", 1, 0, m, m->cpu.pc);
}

static void compare_stats(const struct stats *a, const struct stats *b,
			  const struct machine *m)
{
	if (memcmp(a, b, offsetof(struct stats, loads)) != 0)
		compare("something in the statistics", 1, 0, m, m->cpu.pc);
	compare_latencies(&a->latency_insns, &b->latency_insns, m);
	compare_latencies(&a->latency_ns, &b->latency_ns, m);
}

static void compare_profiles(const struct machine *m,
			     const struct machine *other)
{
	if (!m->profile)
		return;
	profile_gather(m->profile);
	if (!profile_same(m->profile, other->profile))
		compare("instructions by class or symbol", 1, 0, m, m->cpu.pc);
}

/*
 * What the kernel says of each page of @ram: not 0 in the top two bits when it
 * has ever been touched. Of a page that has not there is no need to look for
 * zeros, of which 128 MiB take longer than a short program. All ones when the
 * kernel does not say.
 */
static uint64_t *page_map(const uint8_t *ram, size_t pages)
{
	size_t size = pages * sizeof(uint64_t);
	off_t at = (uintptr_t)ram / PAGE_SIZE * sizeof(uint64_t);
	uint64_t *map = malloc(size);
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	if (!map)
		die("no memory to compare RAM");
	if (sysconf(_SC_PAGESIZE) != PAGE_SIZE ||
	    pread(fd, map, size, at) != (ssize_t)size)
		memset(map, 0xff, size);
	close(fd);
	return map;
}

static void compare_ram(const struct cpu *a, const struct cpu *b)
{
	size_t pages = a->ram_size / PAGE_SIZE;
	uint64_t *a_map = page_map(a->ram, pages);
	uint64_t *b_map = page_map(b->ram, pages);
	size_t page, i;

	for (page = 0; page < pages; page++) {
		i = page * PAGE_SIZE;
		if (!((a_map[page] | b_map[page]) >> 62) ||
		    memcmp(a->ram + i, b->ram + i, PAGE_SIZE) == 0)
			continue;
		while (a->ram[i] == b->ram[i])
			i++;
		die("the engines disagree: RAM at 0x%08zx is 0x%02x, by steps "
		    "0x%02x", i, a->ram[i], b->ram[i]);
	}
	free(a_map);
	free(b_map);
}

static void compare_ends(const struct machine *m, const struct machine *other)
{
	compare("the exit status", m->status, other->status, m, m->cpu.pc);
	if (strcmp(m->why, other->why) != 0)
		die("the engines disagree: '%s', by steps '%s'", m->why,
		    other->why);
	compare_stats(&m->stats, &other->stats, m);
	compare_profiles(m, other);
	compare_ram(&m->cpu, &other->cpu);
}

/* ---- running ------------------------------------------------------------ */

void lockstep_run(struct machine *m)
{
	struct machine *other = twin_make(m);
	uint32_t began;
	unsigned int turn;

	if (m->profile)
		other->profile = profile_new(m->symbols);
	machine_start(m);
	block_start(m);
	for (turn = 0; machine_ready(m); turn++) {
		began = m->cpu.pc;
		block_turn(m, turn % 8 ? 0 : CHAIN_TICKS);
		while (other->cpu.ticks < m->cpu.ticks && machine_ready(other))
			machine_step(other);
		if (!machine_signalled)	/* else the other may stop short */
			compare_machines(m, other, began);
	}
	if (machine_signalled)
		return;
	machine_ready(other);
	/* the other cannot fail to write, or to read */
	if (m->ended && (other->ended || m->status != EXIT_BAD_INPUT))
		compare_ends(m, other);
	if (other->profile)
		profile_free(other->profile);
	twin_free(other);
}
