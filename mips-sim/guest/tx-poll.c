// SPDX-License-Identifier: MIT
/*
 * Send a message by polling: ask the chip for room, again and again. The
 * twin of tx-irq.c.
 *
 * The first 17 bytes find room at once (16 in the FIFO, one in the shifter);
 * from then on the program moves at the line's speed. See what was sent with
 * `mips-sim --line-out FILE`.
 */
#include "board.h"
#include "message.h"

int main(void)
{
	const char *next;

	/* The line runs: a byte that is written starts to leave at once. */
	chip_write(SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);

	for (next = MESSAGE; *next; next++) {
		while (!(chip_read(SLOWCHIP_STATUS) & SLOWCHIP_STATUS_TX_RDY))
			;
		chip_write(SLOWCHIP_DATA, *next);
	}

	/* Written is not sent: 17 bytes may still be inside. */
	while (!(chip_read(SLOWCHIP_STATUS) & SLOWCHIP_STATUS_TX_IDLE))
		;

	put_decimal(chip_read(SLOWCHIP_TX_COUNT));
	put_string(" bytes sent\nmeanwhile: nothing\n");
	return 0;
}
