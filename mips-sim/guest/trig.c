// SPDX-License-Identifier: MIT
/*
 * Receive BYTES bytes with an interrupt for every RX_TRIG of them. Built as
 * trig-1, trig-8 and trig-16, which differ in that number.
 *
 * Fewer interrupts, and each finds more to do; but the first byte of a batch
 * waits for the last. BYTES is no multiple of 8: what is left over at the end
 * never fills a batch, and the chip's time-out brings it, four PERIODs after
 * the last arrival.
 */
#include "board.h"
#include "ring.h"
#include "wake.h"

#define BYTES	100

static struct ring ring;

void isr(void)
{
	ring_receive(&ring);
	wake_rollback();
}

int main(void)
{
	chip_write(SLOWCHIP_TRIG, RX_TRIG);
	chip_write(SLOWCHIP_INT_EN, SLOWCHIP_INT_RX);
	irq_enable();
	chip_write(SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);

	while (ring.out < BYTES) {
		while (ring_empty(&ring))
			wake_sleep(&ring.in, ring.out);
		ring_take(&ring);
	}

	irq_disable();
	put_decimal(BYTES);
	put_string(" bytes, ");
	put_decimal(chip_read(SLOWCHIP_IRQ_COUNT));
	put_string(" interrupts, ");
	put_decimal(chip_read(SLOWCHIP_OVR_COUNT));
	put_string(" lost\n");
	return ring.lost || chip_read(SLOWCHIP_OVR_COUNT);
}
