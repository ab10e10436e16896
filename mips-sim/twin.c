// SPDX-License-Identifier: MIT
/*
 * A second board. See twin.h.
 */
#include <stdlib.h>
#include <sys/mman.h>

#include "mips-sim/elf.h"
#include "mips-sim/machine.h"
#include "mips-sim/twin.h"

static uint8_t *memory(size_t size)
{
	uint8_t *ram = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
			    0);

	if (ram == MAP_FAILED)
		die("no memory for a second board");
	return ram;
}

/* The inputs that are one for the first are one here, too. */
static struct input *follow(struct machine *m, struct machine *twin,
			    struct input *in)
{
	if (in && in == m->slow.line_in)
		return twin->slow.line_in;
	if (in && in == m->uart.input)
		return twin->uart.input;
	if (in && twin->standard_in && in == m->standard_in)
		return twin->standard_in;
	return input_follow(in);
}

void twin_prepare(struct machine *m)
{
	input_keep(m->slow.line_in);
	input_keep(m->uart.input);
	input_keep(m->standard_in);
}

struct machine *twin_make(struct machine *m)
{
	struct machine *twin = calloc(1, sizeof(*twin));

	if (!twin)
		die("no memory for a second board");
	twin->cpu.machine = twin;
	twin->clock_mhz = m->clock_mhz;
	twin->max_insns = m->max_insns;
	twin->program = m->program;
	twin->engine = m->engine;
	twin->cpu.ram_size = m->cpu.ram_size;
	twin->cpu.ram = memory(m->cpu.ram_size);
	cpu_reset(&twin->cpu);
	elf_load(twin, m->program);

	twin->slow.line_in = input_follow(m->slow.line_in);
	dev_uart_init(twin, input_follow(m->uart.input));
	twin->standard_in = follow(m, twin, m->standard_in);
	if (m->spim.on)
		dev_spim_init(twin, follow(m, twin, m->spim.input));
	dev_slow_init(twin, m->slow.chip.board_period);
	return twin;
}

void twin_free(struct machine *twin)
{
	block_stop(twin);
	if (twin->standard_in != twin->slow.line_in &&
	    twin->standard_in != twin->uart.input)
		input_unfollow(twin->standard_in);
	input_unfollow(twin->slow.line_in);
	input_unfollow(twin->uart.input);
	munmap(twin->cpu.ram, twin->cpu.ram_size);
	stats_free(&twin->stats);
	free(twin);
}
