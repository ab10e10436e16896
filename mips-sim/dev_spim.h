/* SPDX-License-Identifier: MIT */
/*
 * --spim: the console that SPIM maps at 0xffff0000, for course programs.
 *
 * It is at virtual addresses, ahead of translation: cpu.c asks before it
 * translates. machine.c has its events, the end of sending and the next byte
 * from the keyboard. docs/spim.md is for users.
 */
#ifndef MIPS_SIM_DEV_SPIM_H
#define MIPS_SIM_DEV_SPIM_H

#include <stdbool.h>
#include <stdint.h>

#include "mips-sim/files.h"

struct machine;

#define DEV_SPIM_VADDR	0xffff0000
#define DEV_SPIM_SIZE	16

struct dev_spim {
	bool rx_ready;
	bool rx_enabled;	/* its interrupt */
	uint8_t rx_byte;
	uint64_t rx_tick;	/* the next byte is there from here on */

	bool tx_busy;
	bool tx_enabled;
	uint8_t tx_byte;
	uint64_t tx_tick;	/* busy until then */

	uint32_t heap;		/* for sbrk (spim.c): the end, 0: not begun */

	/* all above is its state, which snapshots keep */
	bool on;		/* else nothing is there */
	struct input *input;	/* the keyboard; system calls read it, too */
};

void dev_spim_init(struct machine *m, struct input *input);
/* Is it there, at @vaddr? */
bool dev_spim_at(const struct machine *m, uint32_t vaddr);
/* Any width, aligned; a byte is that of the little-endian word. */
uint32_t dev_spim_load(struct machine *m, uint32_t vaddr);
/* The byte at @vaddr, for cpu_peek(). */
uint8_t dev_spim_peek(const struct machine *m, uint32_t vaddr);
void dev_spim_store(struct machine *m, uint32_t vaddr, uint32_t val);

/* The tick of its next event, or MACHINE_NEVER; and let that happen. */
uint64_t dev_spim_next(const struct machine *m);
void dev_spim_event(struct machine *m);
/* Are the lines up; can they come up by themselves? */
bool dev_spim_tx_irq(const struct machine *m);
bool dev_spim_tx_may_rise(const struct machine *m);
bool dev_spim_rx_may_rise(const struct machine *m);

#endif
