// SPDX-License-Identifier: MIT
/*
 * Send a message by interrupt, and find prime numbers meanwhile. The twin of
 * tx-poll.c.
 *
 * The chip's TX cause means "there is room": it is up whenever TX_LEVEL is at
 * or below TX_TRIG (0 after reset: the FIFO is empty). So it is up long
 * before we have anything to say, and is enabled only while we do. When the
 * FIFO runs empty the shifter still holds a byte: one PERIOD to refill in,
 * and the line never pauses.
 */
#include "board.h"
#include "message.h"
#include "primes.h"

static const char *volatile next = MESSAGE;	/* to hand to the chip */

/* The chip has room: fill it. */
void isr(void)
{
	while (*next && (chip_read(SLOWCHIP_STATUS) & SLOWCHIP_STATUS_TX_RDY)) {
		chip_write(SLOWCHIP_DATA, *next);
		next++;
	}
	/*
	 * All handed over: the FIFO will run empty once more, and then the
	 * line would stay up for ever and interrupt for ever. Disable it.
	 */
	if (!*next)
		chip_write(SLOWCHIP_INT_EN, 0);
}

int main(void)
{
	struct primes primes = { 0, 0 };

	/*
	 * The line runs, the processor listens, and last the chip may ask:
	 * its FIFO is empty, so it does so at once, and isr() sends the
	 * beginning of the message before main goes on.
	 */
	chip_write(SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	irq_enable();
	chip_write(SLOWCHIP_INT_EN, SLOWCHIP_INT_TX);

	/*
	 * No interrupt says "the last byte is out": TX tells of the FIFO, not
	 * of the shifter. So main looks, once for every number it tests.
	 */
	while (!(chip_read(SLOWCHIP_STATUS) & SLOWCHIP_STATUS_TX_IDLE))
		primes_step(&primes);

	irq_disable();
	put_decimal(chip_read(SLOWCHIP_TX_COUNT));
	put_string(" bytes sent\n");
	primes_print(&primes);
	return 0;
}
