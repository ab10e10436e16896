// SPDX-License-Identifier: MIT
/*
 * No overrun: the handler takes the bytes and leaves the long work to the main
 * program. The twin of slow-isr.c, with the same work.
 *
 * The ring holds 64 more, and the work can be interrupted. What remains is
 * that on average a byte's work must take less than a PERIOD.
 */
#include "board.h"
#include "ring.h"
#include "slow.h"

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

	while (!arrived() || !ring_empty(&ring)) {
		if (ring_empty(&ring))
			continue;
		ring_take(&ring);
		digest();
	}
	irq_disable();
	return slow_result(ring.lost);
}
