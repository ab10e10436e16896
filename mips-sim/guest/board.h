/* SPDX-License-Identifier: MIT */
/*
 * The board as guests see it: the chip, the UART, the end of the run.
 *
 * For guests in C. chip_read() and chip_write() are single instructions (lw,
 * sw), so a loop around them costs what it says. The addresses are in KSEG1,
 * where the processor neither translates nor caches: a device must see every
 * access.
 */
#ifndef GUEST_BOARD_H
#define GUEST_BOARD_H

#include "chip/slowchip_regs.h"
#include "cp0.h"

#define CHIP_BASE	0xbf000000	/* physical 0x1f000000 */
#define UART_BASE	0xbfd003f8	/* physical 0x1fd003f8: an ns16550 */

#ifndef __ASSEMBLER__

typedef unsigned int u32;
typedef unsigned char u8;

static inline u32 chip_read(u32 reg)
{
	return *(volatile u32 *)(CHIP_BASE + reg);
}

static inline void chip_write(u32 reg, u32 val)
{
	*(volatile u32 *)(CHIP_BASE + reg) = val;
}

/*
 * Let the chip's interrupt through: the processor takes one when IE = 1 and
 * both the line's pending bit (IP) and its mask bit (IM) are set. The handler
 * must be ready before. ehb: later instructions see the new Status.
 */
static inline void irq_enable(void)
{
	asm volatile("mtc0 %0, $12; ehb"
		     :: "r"(STATUS_IM2 | STATUS_IE) : "memory");
}

static inline void irq_disable(void)
{
	asm volatile("di; ehb" ::: "memory");
}

/* On the UART, the board's console. */
void put_char(char c);
void put_string(const char *s);
void put_hex(u32 value, int digits);
void put_decimal(u32 value);

/* An exception nobody asked for: say so, end with status 1. */
void unexpected(u32 cause, u32 epc) __attribute__((noreturn));

/* start.S: end the run. Returning from main does the same. */
void guest_exit(int status) __attribute__((noreturn));

/* The program. */
int main(void);

/* Its part for interrupts, called by start.S with EXL set. */
void isr(void);

#endif
#endif
