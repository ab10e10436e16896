/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The registers of slowchip: offsets and bits, macros only.
 *
 * This is the only spelling of the register map. The chip model, the Linux
 * driver, the MIPS guests (C and assembly, so no casts and no suffixes) and
 * the test that checks docs/chip.md all read it.
 */
#ifndef SLOWCHIP_REGS_H
#define SLOWCHIP_REGS_H

#define SLOWCHIP_ID			0x00	/* R: always SLOWCHIP_ID_VALUE */
#define   SLOWCHIP_ID_VALUE		0x534c4f57	/* "SLOW" */

#define SLOWCHIP_CTRL			0x04	/* RW */
#define   SLOWCHIP_CTRL_EN		0x00000001	/* the line runs */
#define   SLOWCHIP_CTRL_LOOP		0x00000002	/* what is sent is received */
#define   SLOWCHIP_CTRL_RST		0x80000000	/* write 1: reset all */

#define SLOWCHIP_STATUS			0x08	/* R */
#define   SLOWCHIP_STATUS_RX_RDY	0x00000001	/* RX level > 0 */
#define   SLOWCHIP_STATUS_TX_RDY	0x00000002	/* TX FIFO not full */
#define   SLOWCHIP_STATUS_TX_IDLE	0x00000004	/* FIFO and shifter empty */
#define   SLOWCHIP_STATUS_OVR		0x00000008	/* sticky */
#define   SLOWCHIP_STATUS_RX_LEVEL_SHIFT	8	/* bits 15:8 */
#define   SLOWCHIP_STATUS_TX_LEVEL_SHIFT	16	/* bits 23:16 */
#define   SLOWCHIP_STATUS_LEVEL_MASK	0xff	/* of both, once shifted */

#define SLOWCHIP_INT			0x0c	/* R, W1C: pending causes */
#define SLOWCHIP_INT_EN			0x10	/* RW: enables, the same bits */
#define   SLOWCHIP_INT_RX		0x00000001
#define   SLOWCHIP_INT_TX		0x00000002
#define   SLOWCHIP_INT_OVR		0x00000004	/* the one that W1C clears */

#define SLOWCHIP_DATA			0x14	/* read pops RX, write pushes TX */
#define   SLOWCHIP_DATA_BYTE		0x000000ff
#define   SLOWCHIP_DATA_VALID		0x00000100	/* 0: RX was empty */

#define SLOWCHIP_PERIOD			0x18	/* RW: ns a byte */
#define   SLOWCHIP_PERIOD_MIN		1000
#define   SLOWCHIP_PERIOD_RESET		1000000	/* if the board says nothing */

#define SLOWCHIP_TRIG			0x1c	/* RW */
#define   SLOWCHIP_TRIG_RX_MASK		0x1f	/* bits 4:0, 1..16 */
#define   SLOWCHIP_TRIG_TX_SHIFT	8	/* bits 12:8, 0..15 */
#define   SLOWCHIP_TRIG_TX_MASK		0x1f	/* once shifted */
#define   SLOWCHIP_TRIG_RESET		0x0001

#define SLOWCHIP_RX_COUNT		0x20	/* R: arrived, lost ones too */
#define SLOWCHIP_OVR_COUNT		0x24	/* R: lost, the FIFO was full */
#define SLOWCHIP_TX_COUNT		0x28	/* R: left the shifter */
#define SLOWCHIP_IRQ_COUNT		0x2c	/* R: rising edges of the line */

#define SLOWCHIP_REG_END		0x30	/* first offset with nothing */

#define SLOWCHIP_FIFO_SIZE		16	/* bytes, each direction */
#define SLOWCHIP_TIMEOUT_PERIODS	4	/* of silence: RX is pending */

#endif
