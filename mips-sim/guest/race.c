// SPDX-License-Identifier: MIT
/*
 * A ring with a count of what is in it, which both sides write: the handler
 * adds one, the main program takes one away. The frame around race-none.S,
 * race-di.S and race-llsc.S, which differ in how the main program does that.
 *
 * The line must carry counter bytes. A lost count is a byte in the ring that
 * main does not know of: it comes later than it should, the last ones never.
 * (ring.h needs no cure: there each word has one writer.)
 */
#include "board.h"
#include "primes.h"
#include "race.h"

#define BYTES	1000
#define RING	64

static volatile u8 ring[RING];
static volatile u32 level;	/* bytes in the ring: both sides write it */
static volatile u32 put;	/* bytes put in; the interrupt side's */
static u32 full;		/* bytes that found it full */

void isr(void)
{
	u32 data;

	while ((data = chip_read(SLOWCHIP_DATA)) & SLOWCHIP_DATA_VALID) {
		if (level == RING) {
			full++;
			continue;
		}
		ring[put % RING] = data & SLOWCHIP_DATA_BYTE;
		put++;
		level++;	/* nothing interrupts a handler here */
	}
}

int main(void)
{
	struct primes primes = { 0, 0 };
	u32 taken = 0, wrong = 0;

	chip_write(SLOWCHIP_INT_EN, SLOWCHIP_INT_RX);
	irq_enable();
	chip_write(SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);

	while (put + full < BYTES || level) {
		if (!level)
			continue;
		wrong += ring[taken % RING] != (taken & 0xff);
		taken++;
		race_down(&level);
		/* Some work a byte, now more, now less than a PERIOD's. */
		primes_step(&primes);
		primes_step(&primes);
	}

	irq_disable();
	put_decimal(put);
	put_string(" bytes put in the ring, ");
	put_decimal(taken);
	put_string(" taken out, ");
	put_decimal(put - taken);
	put_string(" forgotten, ");
	put_decimal(wrong + full);
	put_string(" wrong\n");
	return put != taken || wrong || full;
}
