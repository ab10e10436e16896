// SPDX-License-Identifier: MIT
/*
 * Receive BYTES bytes by interrupt, and find prime numbers meanwhile. The
 * twin of rx-poll.c.
 *
 * Two sides that meet only in the ring: the interrupt side, isr(), takes what
 * the chip has and puts it in; the main program takes it out and prints it
 * when it comes by. Neither waits for the other. Each index has one writer,
 * and a load or store of a word cannot be torn, so no lock is needed.
 *
 * While the main program computes, the chip goes on by itself: it collects
 * the next byte and raises its line. `mips-sim --stats` counts what the
 * interrupts cost as isr_insns.
 */
#include "board.h"
#include "primes.h"

#define BYTES	32
#define RING	64		/* a power of two, so that indices may wrap */

static volatile u8 ring[RING];
static volatile u32 ring_in;	/* bytes put in; the interrupt side's */
static volatile u32 ring_out;	/* bytes taken out; the main program's */
static volatile u32 ring_lost;	/* bytes that found it full */

/* The chip's line is up: it has a byte (INT_RX), maybe more than one. */
void isr(void)
{
	u32 data;

	/*
	 * Until the FIFO is empty. What comes in later finds the line down
	 * and raises it again, so nothing is missed. Emptying the FIFO is
	 * also what lowers the line: RX is a level, there is nothing to
	 * acknowledge.
	 */
	while ((data = chip_read(SLOWCHIP_DATA)) & SLOWCHIP_DATA_VALID) {
		if (ring_in - ring_out == RING) {
			ring_lost++;
			continue;
		}
		ring[ring_in % RING] = data & SLOWCHIP_DATA_BYTE;
		ring_in++;	/* after the byte: now main may see it */
	}
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

	while (ring_out < BYTES) {
		if (ring_in == ring_out) {
			primes_step(&primes);
			continue;
		}
		put_hex(ring[ring_out % RING], 2);
		ring_out++;	/* after the read: now isr() may reuse it */
		put_char(ring_out % 16 ? ' ' : '\n');
	}

	/* And from the outside in. */
	chip_write(SLOWCHIP_INT_EN, 0);
	irq_disable();
	primes_print(&primes);
	if (ring_lost) {
		put_decimal(ring_lost);
		put_string(" bytes found the ring full\n");
	}
	return ring_lost != 0;
}
