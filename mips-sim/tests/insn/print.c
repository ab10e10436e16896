// SPDX-License-Identifier: MIT
/*
 * Printing for the tests, over the world's put_char().
 */
#include "world.h"

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
