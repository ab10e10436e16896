// SPDX-License-Identifier: MIT
/*
 * Receive BYTES bytes by polling: ask the chip, again and again, until it has
 * one. The twin of rx-irq.c, which lets the chip call instead.
 *
 * Prints the bytes in hex, 16 a line. All the time between two bytes goes
 * into the loop around STATUS: the program can do nothing else, and
 * `mips-sim --stats` counts what it burns as poll_insns.
 */
#include "board.h"

#define BYTES	32

int main(void)
{
	u32 n;

	/* The line runs from here on; the first byte takes one PERIOD. */
	chip_write(SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);

	for (n = 0; n < BYTES; n++) {
		while (!(chip_read(SLOWCHIP_STATUS) & SLOWCHIP_STATUS_RX_RDY))
			;
		/* The read takes the byte out of the chip's FIFO. */
		put_hex(chip_read(SLOWCHIP_DATA) & SLOWCHIP_DATA_BYTE, 2);
		put_char((n + 1) % 16 ? ' ' : '\n');
	}

	put_string("meanwhile: nothing\n");
	return 0;
}
