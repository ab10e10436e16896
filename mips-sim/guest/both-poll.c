// SPDX-License-Identifier: MIT
/*
 * Send back what comes, until an empty line (which is not sent), and find
 * prime numbers, by looking at the chip between two pieces of work. The twin
 * of both-irq.c.
 *
 * No time is lost in waiting. But a byte waits until the piece is done, and
 * the chip holds 16: a piece longer than 16 PERIODs loses bytes, and with the
 * first lost one the program gives up. Whoever writes the work must know how
 * slow the device is.
 */
#include "board.h"
#include "primes.h"

static int ended;		/* an empty line came */

/* Is there a byte? Send it back, and say that there may be more. */
static int echo_one(void)
{
	static u8 before = '\n';
	u8 byte;

	if (ended || !(chip_read(SLOWCHIP_STATUS) & SLOWCHIP_STATUS_RX_RDY))
		return 0;
	byte = chip_read(SLOWCHIP_DATA) & SLOWCHIP_DATA_BYTE;
	if (byte == '\n' && before == '\n') {
		ended = 1;
		return 0;
	}
	before = byte;
	/* They go as fast as they come: where 16 were, 16 find room. */
	chip_write(SLOWCHIP_DATA, byte);
	return 1;
}

int main(void)
{
	struct primes primes = { 0, 0 };
	u32 lost = 0;

	chip_write(SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);

	while (!ended && !lost) {
		primes_piece(&primes);
		lost = chip_read(SLOWCHIP_OVR_COUNT);
		while (echo_one())
			;
	}

	while (!(chip_read(SLOWCHIP_STATUS) & SLOWCHIP_STATUS_TX_IDLE))
		primes_step(&primes);
	put_decimal(chip_read(SLOWCHIP_TX_COUNT));
	put_string(" bytes sent back");
	if (lost) {
		put_string(", and then ");
		put_decimal(lost);
		put_string(" lost");
	}
	put_char('\n');
	primes_print(&primes);
	return lost != 0;
}
