// SPDX-License-Identifier: MIT
/*
 * Receive lines by polling, until an empty one, and say what they were. The
 * twin of line-irq.c.
 *
 * Try it by hand: mips-sim --line-in - build/guest/line-poll.elf
 */
#include "board.h"

#define MOST	80		/* bytes of a line that are kept */

static u8 receive(void)
{
	while (!(chip_read(SLOWCHIP_STATUS) & SLOWCHIP_STATUS_RX_RDY))
		;
	return chip_read(SLOWCHIP_DATA) & SLOWCHIP_DATA_BYTE;
}

/* Comes back when the line is whole. Nothing else happens until then. */
static u32 receive_line(u8 *text)
{
	u32 length = 0;
	u8 byte;

	while ((byte = receive()) != '\n') {
		if (length < MOST)
			text[length++] = byte;
	}
	return length;
}

int main(void)
{
	u8 text[MOST];
	u32 length, i;

	chip_write(SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);

	while ((length = receive_line(text))) {
		put_decimal(length);
		put_string(" bytes: ");
		for (i = 0; i < length; i++)
			put_char(text[i]);
		put_char('\n');
	}
	put_string("meanwhile: nothing\n");
	return 0;
}
