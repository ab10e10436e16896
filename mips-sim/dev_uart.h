/* SPDX-License-Identifier: MIT */
/*
 * The console: an ns16550 UART, byte registers next to each other.
 *
 * bus.c hands it the accesses, machine.c its one event: when the next bytes
 * come from --console-in.
 */
#ifndef MIPS_SIM_DEV_UART_H
#define MIPS_SIM_DEV_UART_H

#include <stdbool.h>
#include <stdint.h>

#include "mips-sim/files.h"

struct machine;

#define DEV_UART_SIZE	8
#define DEV_UART_FIFO	16

struct dev_uart {
	uint64_t due_tick;	/* more input is there from here on */

	uint8_t ier;
	uint8_t fcr;
	uint8_t lcr;
	uint8_t mcr;
	uint8_t scr;
	uint8_t dll;
	uint8_t dlm;
	bool thr_interrupt;	/* the transmitter has emptied, IIR unread */

	uint8_t rx[DEV_UART_FIFO];
	unsigned int rx_head;
	unsigned int rx_level;
	bool overrun;		/* since LSR was read */
	uint8_t rbr;		/* the last byte that came with the FIFOs off */

	/* all above is its state, which snapshots keep */
	struct input *input;	/* NULL: nobody types */
};

void dev_uart_init(struct machine *m, struct input *input);
/* What a load would give now, and nothing changes: for a debugger. */
uint8_t dev_uart_peek(const struct machine *m, uint32_t offset);
uint8_t dev_uart_load(struct machine *m, uint32_t offset);
void dev_uart_store(struct machine *m, uint32_t offset, uint8_t val);
/* The tick of its next event, or MACHINE_NEVER; and let that happen. */
uint64_t dev_uart_next(const struct machine *m);
void dev_uart_event(struct machine *m);

#endif
