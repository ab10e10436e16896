// SPDX-License-Identifier: MIT
/*
 * Fuzz target: the files that the command line names, --line-in and
 * --console-in, and what the board makes of them.
 *
 * The input: a byte that says where the line's bytes end and the console's
 * begin, a byte of IER, one of INT_EN, one of CTRL, then the bytes. A guest
 * takes whatever comes from either, by polling and by interrupt, and sends it
 * back by the other. Both engines must have read and sent the same.
 */
#include <stdlib.h>
#include <string.h>

#include "mips-sim/fuzz/board.h"

#define INSNS	4000

/* At 0x80001000; registers: $s0 the chip, $s1 the UART. */
static const uint32_t guest[] = {
	0x3c10bf00,	/*	lui	$s0, 0xbf00 */
	0x3c11bfd0,	/*	lui	$s1, 0xbfd0 */
	0x24080007,	/*	li	$t0, 7 */
	0xa22803fa,	/*	sb	$t0, 0x3fa($s1)	# FIFOs on, empty */
	0xa23603f9,	/*	sb	$s6, 0x3f9($s1)	# IER */
	0xae170000 | SLOWCHIP_INT_EN,	/* sw	$s7, INT_EN($s0) */
	0xae150000 | SLOWCHIP_CTRL,	/* sw	$s5, CTRL($s0) */
	0x40946000,	/*	mtc0	$s4, $12	# interrupts on */
	0x923203fd,	/* 1:	lbu	$s2, 0x3fd($s1)	# LSR */
	0x8e130000 | SLOWCHIP_STATUS,	/* lw	$s3, STATUS($s0) */
	0x8e080000 | SLOWCHIP_DATA,	/* lw	$t0, DATA($s0) */
	0xa22803f8,	/*	sb	$t0, 0x3f8($s1)	# THR */
	0x922803f8,	/*	lbu	$t0, 0x3f8($s1)	# RBR */
	0xae080000 | SLOWCHIP_DATA,	/* sw	$t0, DATA($s0) */
	0x922803fa,	/*	lbu	$t0, 0x3fa($s1)	# IIR */
	0x1000fff8,	/*	b	1b */
	0x01094821,	/*	 addu	$t1, $t0, $t1 */
};

/* At every vector: take one byte of each, and mask what came. */
static const uint32_t handler[] = {
	0x8e1a0000 | SLOWCHIP_DATA,	/* lw	$k0, DATA($s0) */
	0xae1a0000 | SLOWCHIP_DATA,	/* sw	$k0, DATA($s0) */
	0x923a03f8,	/*	lbu	$k0, 0x3f8($s1) */
	0x923a03fa,	/*	lbu	$k0, 0x3fa($s1) */
	0x027a9826,	/*	xor	$s3, $s3, $k0 */
	0x401a6800,	/*	mfc0	$k0, $13 */
	0x335a8000,	/*	andi	$k0, $k0, 0x8000 */
	0x409a5800,	/*	mtc0	$k0, $11	# the timer's off */
	0x42000018,	/*	eret */
};

struct world {
	struct machine machine;
	struct board_file line;
	struct board_file console;
};

static struct world step, block;

static void power_on(struct world *w, enum engine engine,
		     const uint8_t *data, size_t size)
{
	struct machine *m = &w->machine;
	uint32_t *gpr = m->cpu.gpr;
	size_t line;

	line = data[0] * (size - 4) / 255;
	board_file(&w->line, data + 4, line);
	board_file(&w->console, data + 4 + line, size - 4 - line);
	board_on(m, engine, INSNS, w->line.path, w->console.path);
	memcpy(m->cpu.ram + 0x180, handler, sizeof(handler));
	memcpy(m->cpu.ram + 0x1000, guest, sizeof(guest));
	m->cpu.pc = 0x80001000;
	m->cpu.next_pc = m->cpu.pc + 4;
	gpr[20] = STATUS_IM | STATUS_IE;
	gpr[21] = data[3];
	gpr[22] = data[1];
	gpr[23] = data[2];
}

static void run(void *arg)
{
	machine_run(arg);
}

/* machine_run() would make room for blocks once more each time. */
static void run_blocks(void *arg)
{
	struct machine *m = arg;

	machine_start(m);
	while (machine_ready(m))
		block_turn(m, 1000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cpu *a = &step.machine.cpu;
	const struct cpu *b = &block.machine.cpu;

	if (size < 4)
		return 0;
	power_on(&step, ENGINE_STEP, data, size);
	power_on(&block, ENGINE_BLOCK, data, size);
	if (!board_try(run, &step.machine) ||
	    !board_try(run_blocks, &block.machine))
		abort();
	if (a->ticks != b->ticks || a->pc != b->pc ||
	    memcmp(a->gpr, b->gpr, 32 * sizeof(*a->gpr)) != 0 ||
	    step.machine.stats.rx_bytes != block.machine.stats.rx_bytes ||
	    step.machine.stats.tx_bytes != block.machine.stats.tx_bytes)
		abort();
	board_off(&step.machine);
	board_off(&block.machine);
	return 0;
}
