/* SPDX-License-Identifier: MIT */
/*
 * The interrupt side of echo-irq.c and both-irq.c: send back what comes.
 *
 * One handler for both directions. It does not ask which of them called: it
 * takes what is there, gives what there is room for, and enables TX only while
 * it has something to give (or the chip's line would stay up for ever).
 */
#ifndef GUEST_ECHO_H
#define GUEST_ECHO_H

#include "board.h"
#include "ring.h"

static struct ring ring;		/* on the way from RX to TX */
static volatile u32 echo_ended;		/* an empty line came */

static void echo_receive(void)
{
	static u8 before = '\n';
	u32 data;
	u8 byte;

	while ((data = chip_read(SLOWCHIP_DATA)) & SLOWCHIP_DATA_VALID) {
		byte = data & SLOWCHIP_DATA_BYTE;
		if (byte == '\n' && before == '\n')
			echo_ended = 1;
		if (!echo_ended)
			ring_put(&ring, byte);
		before = byte;
	}
}

static void echo_send(void)
{
	while (!ring_empty(&ring) &&
	       (chip_read(SLOWCHIP_STATUS) & SLOWCHIP_STATUS_TX_RDY))
		chip_write(SLOWCHIP_DATA, ring_take(&ring));
	chip_write(SLOWCHIP_INT_EN, SLOWCHIP_INT_RX |
		   (ring_empty(&ring) ? 0 : SLOWCHIP_INT_TX));
}

static inline void echo_start(void)
{
	chip_write(SLOWCHIP_INT_EN, SLOWCHIP_INT_RX);
	irq_enable();
	chip_write(SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
}

/* No interrupt says that the last byte is out; it is on its way. */
static inline int echo_finish(void)
{
	while (!(chip_read(SLOWCHIP_STATUS) & SLOWCHIP_STATUS_TX_IDLE))
		;
	irq_disable();
	put_decimal(chip_read(SLOWCHIP_TX_COUNT));
	put_string(" bytes sent back\n");
	return ring.lost || chip_read(SLOWCHIP_OVR_COUNT);
}

#endif
