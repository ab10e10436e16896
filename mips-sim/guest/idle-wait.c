// SPDX-License-Identifier: MIT
/*
 * Receive BYTES bytes by interrupt, with nothing to do meanwhile: `wait`. The
 * twin of idle-spin.c.
 *
 * Between two bytes the processor stands still and executes nothing (a real
 * one saves power). To fall asleep without missing the interrupt takes some
 * care: wake.h.
 */
#include "board.h"
#include "ring.h"
#include "wake.h"

#define BYTES	32

static struct ring ring;

void isr(void)
{
	ring_receive(&ring);
	wake_rollback();
}

int main(void)
{
	chip_write(SLOWCHIP_INT_EN, SLOWCHIP_INT_RX);
	irq_enable();
	chip_write(SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);

	while (ring.out < BYTES) {
		while (ring_empty(&ring))
			wake_sleep(&ring.in, ring.out);
		put_hex(ring_take(&ring), 2);
		put_char(ring.out % 16 ? ' ' : '\n');
	}
	return ring.lost != 0;
}
