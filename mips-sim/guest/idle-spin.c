// SPDX-License-Identifier: MIT
/*
 * Receive BYTES bytes by interrupt, with nothing to do meanwhile: an idle
 * loop. The twin of idle-wait.c.
 *
 * The loop polls memory where rx-poll.c polls the chip. The bytes are safe,
 * but the processor runs at full speed to find out that nothing has changed.
 */
#include "board.h"
#include "ring.h"

#define BYTES	32

static struct ring ring;

void isr(void)
{
	ring_receive(&ring);
}

int main(void)
{
	chip_write(SLOWCHIP_INT_EN, SLOWCHIP_INT_RX);
	irq_enable();
	chip_write(SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);

	while (ring.out < BYTES) {
		while (ring_empty(&ring))
			;
		put_hex(ring_take(&ring), 2);
		put_char(ring.out % 16 ? ' ' : '\n');
	}
	return ring.lost != 0;
}
