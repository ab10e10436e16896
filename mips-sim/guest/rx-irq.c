// SPDX-License-Identifier: MIT
/*
 * Receive BYTES bytes by interrupt, and find prime numbers meanwhile. The
 * twin of rx-poll.c.
 *
 * Two sides that meet only in the ring: the interrupt side, isr(), takes what
 * the chip has and puts it in; the main program takes it out and prints it
 * when it comes by. Neither waits for the other.
 *
 * While the main program computes, the chip goes on by itself: it collects
 * the next byte and raises its line. `mips-sim --stats` counts what the
 * interrupts cost as isr_insns.
 */
#include "board.h"
#include "primes.h"
#include "ring.h"

#define BYTES	32

static struct ring ring;

/* The chip's line is up: it has a byte (INT_RX), maybe more than one. */
void isr(void)
{
	ring_receive(&ring);
}

int main(void)
{
	struct primes primes = { 0, 0 };

	/*
	 * From the inside out, so that an interrupt always finds its handler
	 * ready: the ring is empty and the vector stands (start.S did that);
	 * the chip may raise its line for a byte; the processor may listen;
	 * and only then the line starts to run.
	 */
	chip_write(SLOWCHIP_INT_EN, SLOWCHIP_INT_RX);
	irq_enable();
	chip_write(SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);

	while (ring.out < BYTES) {
		if (ring_empty(&ring)) {
			primes_step(&primes);
			continue;
		}
		put_hex(ring_take(&ring), 2);
		put_char(ring.out % 16 ? ' ' : '\n');
	}

	/* And from the outside in. */
	chip_write(SLOWCHIP_INT_EN, 0);
	irq_disable();
	primes_print(&primes);
	if (ring.lost) {
		put_decimal(ring.lost);
		put_string(" bytes found the ring full\n");
	}
	return ring.lost != 0;
}
