// SPDX-License-Identifier: MIT
/*
 * The board that GXemul calls testmips, for mix.c: printing, and the end of the
 * run behind a line. Instead of mips-sim/guest/board.c.
 */
#include "mips-sim/guest/board.h"

#define CONSOLE		0xb0000000
#define HALT		0xb0000010

void put_char(char c)
{
	*(volatile u8 *)CONSOLE = c;
	if (c == '\n')
		*(volatile u8 *)HALT = 0;
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

void unexpected(u32 cause, u32 epc)
{
	put_string("unexpected exception ");
	put_hex(cause, 8);
	put_hex(epc, 8);
	put_char('\n');
	guest_exit(1);
}
