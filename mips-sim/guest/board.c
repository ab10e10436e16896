// SPDX-License-Identifier: MIT
/*
 * Printing on the UART, for every guest.
 *
 * Called by main() and, once, by the exception entry of start.S. The UART is
 * an ns16550: registers are bytes, next to each other.
 */
#include "board.h"

#define UART_THR	0		/* W: the byte to send */
#define UART_LSR	5		/* R: the line's state */
#define UART_LSR_THRE	0x20		/* room for the next byte */

void put_char(char c)
{
	volatile u8 *uart = (volatile u8 *)UART_BASE;

	/* Polling again. This one sends at once, so the loop ends at once. */
	while (!(uart[UART_LSR] & UART_LSR_THRE))
		;
	uart[UART_THR] = c;
}

void put_string(const char *s)
{
	while (*s)
		put_char(*s++);
}

void put_hex(u32 value, int digits)
{
	while (digits--)
		put_char("0123456789abcdef"[value >> (4 * digits) & 15]);
}

void put_decimal(u32 value)
{
	if (value >= 10)
		put_decimal(value / 10);
	put_char('0' + value % 10);
}

void unexpected(u32 cause, u32 epc)
{
	put_string("unexpected exception: Cause ");
	put_hex(cause, 8);
	put_string(", EPC ");
	put_hex(epc, 8);
	put_char('\n');
	guest_exit(1);
}
