// SPDX-License-Identifier: MIT
/*
 * A program to be looked at by GDB (test_gdb_real.py), built with debug
 * information: bytes come by interrupt into a box of four, and the main program
 * prints them and works meanwhile.
 */
#include "mips-sim/guest/board.h"

#define BYTES	8

u8 box[4];
volatile u32 taken;		/* bytes put into the box */
u32 worked;

__attribute__((noinline)) static void put(u8 byte)
{
	box[taken % 4] = byte;
	taken++;
}

void isr(void)
{
	u32 data;

	while ((data = chip_read(SLOWCHIP_DATA)) & SLOWCHIP_DATA_VALID)
		put(data);
}

__attribute__((noinline)) u32 work(u32 n)
{
	u32 sum = 0;
	u32 i;

	for (i = 1; i <= n; i++)
		sum += i;
	return sum;
}

int main(void)
{
	u32 printed = 0;

	chip_write(SLOWCHIP_INT_EN, SLOWCHIP_INT_RX);
	irq_enable();
	chip_write(SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	while (printed < BYTES) {
		worked += work(10);
		if (printed == taken)
			continue;
		put_char(box[printed % 4]);
		printed++;
	}
	irq_disable();
	put_char('\n');
	return 0;
}
