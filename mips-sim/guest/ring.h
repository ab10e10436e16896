/* SPDX-License-Identifier: MIT */
/*
 * Where the two sides of a program meet: a ring of bytes.
 *
 * The interrupt side puts bytes in, the main program takes them out, and
 * neither waits for the other. Each index has one writer, and a load or store
 * of a word cannot be torn, so no lock is needed. (race.c shows what happens
 * when both sides write the same word.)
 */
#ifndef GUEST_RING_H
#define GUEST_RING_H

#include "board.h"

#define RING	64		/* a power of two, so that indices may wrap */

struct ring {
	volatile u8 bytes[RING];
	volatile u32 in;	/* bytes put in; the interrupt side's */
	volatile u32 out;	/* bytes taken out; the main program's */
	volatile u32 lost;	/* bytes that found it full */
};

static inline int ring_empty(const struct ring *ring)
{
	return ring->in == ring->out;
}

/* The interrupt side. */
static inline void ring_put(struct ring *ring, u8 byte)
{
	if (ring->in - ring->out == RING) {
		ring->lost++;
		return;
	}
	ring->bytes[ring->in % RING] = byte;
	ring->in++;		/* after the byte: now main may see it */
}

/*
 * The interrupt side: all that the chip has. What comes in later finds the
 * line down and raises it again, so nothing is missed. Emptying the FIFO is
 * also what lowers the line: RX is a level, there is nothing to acknowledge.
 */
static inline void ring_receive(struct ring *ring)
{
	u32 data;

	while ((data = chip_read(SLOWCHIP_DATA)) & SLOWCHIP_DATA_VALID)
		ring_put(ring, data & SLOWCHIP_DATA_BYTE);
}

/* The main program; not from an empty ring. */
static inline u8 ring_take(struct ring *ring)
{
	u8 byte = ring->bytes[ring->out % RING];

	ring->out++;		/* after the read: now isr() may reuse it */
	return byte;
}

#endif
