/* SPDX-License-Identifier: MIT */
/*
 * What slow-isr.c and slow-main.c do with each byte: little, but every
 * BLOCK-th completes a block, and a block takes long.
 */
#ifndef GUEST_SLOW_H
#define GUEST_SLOW_H

#include "board.h"

#define BYTES	1024
#define BLOCK	32
#define LONG	20000		/* instructions a block takes */

static inline void digest(void)
{
	static u32 seen;
	u32 n = LONG / 2;

	if (++seen % BLOCK)
		return;
	asm volatile(".set push\n\t"
		     ".set noreorder\n"
		     "1:	bnez	%0, 1b\n\t"
		     " addiu	%0, %0, -1\n\t"
		     ".set pop" : "+r"(n));
}

/* All that came, whether it was lost or not, decides the end. */
static inline int arrived(void)
{
	return chip_read(SLOWCHIP_RX_COUNT) >= BYTES;
}

static inline int slow_result(u32 ring_lost)
{
	u32 lost = chip_read(SLOWCHIP_OVR_COUNT) + ring_lost;

	put_decimal(BYTES);
	put_string(" bytes, ");
	put_decimal(lost);
	put_string(" lost\n");
	return lost != 0;
}

#endif
