// SPDX-License-Identifier: MIT
/*
 * Send back what comes, by polling, until an empty line (which is not sent).
 * The twin of echo-irq.c.
 *
 * Two waits, for a byte and for room; while the program is in one it cannot
 * see that the other is over.
 *
 * Try it by hand:
 * mips-sim --line-in - --line-out - build/guest/echo-poll.elf
 */
#include "board.h"

int main(void)
{
	u8 byte, before = '\n';

	chip_write(SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);

	for (;;) {
		while (!(chip_read(SLOWCHIP_STATUS) & SLOWCHIP_STATUS_RX_RDY))
			;
		byte = chip_read(SLOWCHIP_DATA) & SLOWCHIP_DATA_BYTE;
		if (byte == '\n' && before == '\n')
			break;
		before = byte;

		while (!(chip_read(SLOWCHIP_STATUS) & SLOWCHIP_STATUS_TX_RDY))
			;
		chip_write(SLOWCHIP_DATA, byte);
	}

	/* The last byte may still be on its way out. */
	while (!(chip_read(SLOWCHIP_STATUS) & SLOWCHIP_STATUS_TX_IDLE))
		;
	put_decimal(chip_read(SLOWCHIP_TX_COUNT));
	put_string(" bytes sent back\n");
	return chip_read(SLOWCHIP_OVR_COUNT) != 0;
}
