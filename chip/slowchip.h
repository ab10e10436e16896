/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * slowchip: a slow UART-like chip as a pure state machine.
 *
 * State in, state out: the model calls nobody, allocates nothing, knows no
 * clock, no lock and no interrupt controller. Its host (kmod/hw_*.c in Linux,
 * mips-sim/dev_slow.c in the simulator, a unit test) holds all of those:
 *
 *  - every verb takes the present time, in ns of any clock that never goes
 *    back; what is due by then has happened when the verb does its work;
 *  - after every verb the host looks at slowchip_irq() and at
 *    slowchip_next(), the next moment at which anything will change by
 *    itself, and sets its interrupt line and its timer by them;
 *  - the host serializes the calls. None sleeps, so any context will do.
 *
 * The registers are described in docs/chip.md.
 *
 * Limits: a host that wants to see each event by itself advances to
 * slowchip_next() again and again. One that comes late may jump: the work of
 * one call is bounded whatever the jump, and the result is the same.
 */
#ifndef SLOWCHIP_H
#define SLOWCHIP_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
/* the kernel's names; a cross compiler may come without its headers */
typedef unsigned char __u8;
typedef unsigned int __u32;
typedef unsigned long long __u64;
#endif

#include "slowchip_regs.h"

#define SLOWCHIP_NEVER		(~0ULL)	/* a time that does not come */
#define SLOWCHIP_ENDLESS	(~0ULL)	/* slowchip_line.left: repeats */

/*
 * The line's data towards the chip, in memory of the host's. A message or a
 * counter is a ring that repeats (left = SLOWCHIP_ENDLESS); bytes handed in
 * are a ring with a fill level. The chip moves pos and left; a host that puts
 * bytes in calls slowchip_line_changed() after it has raised left.
 */
struct slowchip_line {
	const __u8 *ring;
	__u32 size;	/* of the ring, bytes; 0: no line */
	__u32 pos;	/* the next byte to take, < size */
	__u64 left;	/* bytes waiting from pos on, or SLOWCHIP_ENDLESS */
};

/*
 * What has been sent with LOOP off, in memory of the host's: a ring that
 * keeps the newest size bytes. The chip writes at count % size, then counts.
 */
struct slowchip_out {
	__u8 *ring;
	__u32 size;	/* bytes; 0: nobody listens. Otherwise a power of two */
	__u64 count;	/* bytes ever put there */
};

/* A received byte: what it is, which one since reset, when it came. */
struct slowchip_byte {
	__u64 at;	/* ns */
	__u32 n;	/* index since reset, lost ones counted, from 0 */
	__u8 byte;
};

struct slowchip {
	/* the host's, set before slowchip_init() */
	struct slowchip_line line;
	struct slowchip_out out;
	__u32 board_period;	/* PERIOD's value at reset, ns */

	/* registers */
	__u32 ctrl;
	__u32 int_en;
	__u32 period;
	__u8 rx_trig;
	__u8 tx_trig;
	bool ovr;
	__u32 rx_count;
	__u32 ovr_count;
	__u32 tx_count;
	__u32 irq_count;

	/* receive FIFO: rx[rx_head] is the oldest of rx_level bytes */
	struct slowchip_byte rx[SLOWCHIP_FIFO_SIZE];
	__u8 rx_head;
	__u8 rx_level;
	bool rx_timed_out;	/* holds until the FIFO is empty */
	__u64 rx_last;		/* time of the last arrival */
	__u64 rx_due;		/* the byte on its way is here; or NEVER */
	struct slowchip_byte popped;	/* the byte DATA gave last */

	/* transmit FIFO and shifter */
	__u8 tx[SLOWCHIP_FIFO_SIZE];
	__u8 tx_head;
	__u8 tx_level;
	bool shifting;		/* the shifter holds a byte */
	__u8 shifter;
	__u64 tx_due;		/* it leaves; NEVER when empty or held */
	__u8 sent;		/* the byte that left last, LOOP or not */

	bool irq;		/* the interrupt line */
	__u64 now;		/* the latest time seen */
	__u64 next;		/* the first of the moments that are due */
};

/* Power on at @now, with line, out and board_period set by the host. */
void slowchip_init(struct slowchip *chip, __u64 now);

/* slowchip_advance()'s: let happen what is due by chip->now. */
void slowchip_catch_up(struct slowchip *chip);

/*
 * Let time pass until @now (ns; an earlier time than the last one seen counts
 * as that one). Returns slowchip_next().
 */
static inline __u64 slowchip_advance(struct slowchip *chip, __u64 now)
{
	if (now > chip->now)
		chip->now = now;
	if (chip->next <= chip->now)	/* mostly nothing is due */
		slowchip_catch_up(chip);
	return chip->next;
}

/* The next moment at which the chip changes by itself, or SLOWCHIP_NEVER. */
static inline __u64 slowchip_next(const struct slowchip *chip)
{
	return chip->next;
}

/*
 * The next moment at which the line can rise by itself, or SLOWCHIP_NEVER; the
 * arrivals before it need no look. While the line is high, the moment that it
 * will be if the receive FIFO is read empty now. Never too late, and too early
 * only where more than bytes from the line may raise it.
 */
__u64 slowchip_next_irq(const struct slowchip *chip);

/* Is @reg an offset the chip decodes: aligned, below SLOWCHIP_REG_END? */
static inline bool slowchip_has(unsigned int reg)
{
	return reg < SLOWCHIP_REG_END && !(reg & 3);
}

/*
 * Read or write the register at @reg at the time @now. An offset for which
 * slowchip_has() is false reads 0 and ignores writes: refusing it aloud (bus
 * error, log line) is the host's part.
 */
__u32 slowchip_read(struct slowchip *chip, __u64 now, unsigned int reg);
void slowchip_write(struct slowchip *chip, __u64 now, unsigned int reg,
		    __u32 val);

/*
 * What slowchip_read() would give at the last time seen, and nothing changes:
 * DATA keeps its byte. For whoever looks on, as a debugger does.
 */
__u32 slowchip_peek(const struct slowchip *chip, unsigned int reg);

/* The host put bytes on the line at @now (it raised chip->line.left). */
void slowchip_line_changed(struct slowchip *chip, __u64 now);

/* The level of the interrupt line: (INT & INT_EN) != 0. */
static inline bool slowchip_irq(const struct slowchip *chip)
{
	return chip->irq;
}

#endif
