/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The seam between the hardware and its driver.
 *
 * A chip is platform device "slowdev.N". Its interrupt is IRQ resource 0
 * (level, high); its registers are reached through the two functions below,
 * handed over as platform data. That is all a driver may know of the hardware
 * (with the register map, chip/slowchip_regs.h, and the datasheet,
 * docs/chip.md), so either side can be replaced by another.
 */
#ifndef SLOWDEV_BUS_H
#define SLOWDEV_BUS_H

#include <linux/types.h>

/* Name of the platform devices and of the driver that binds to them. */
#define SLOWDEV_NAME	"slowdev"

/**
 * struct slowdev_bus - how to reach one chip's registers
 * @ctx: the hardware's own; handed back to it with each access
 * @read: give the register at byte offset @reg. Reading DATA pops a byte
 * @write: write @val to the register at byte offset @reg
 *
 * Both may be called in any context, hard interrupt context and under
 * raw spinlocks included, until the driver's remove() returns; neither sleeps.
 * The hardware serializes them itself. An offset that the chip does not have
 * reads 0 and changes nothing. When probe() is called the chip is in its reset
 * state.
 */
struct slowdev_bus {
	void *ctx;
	u32 (*read)(void *ctx, unsigned int reg);
	void (*write)(void *ctx, unsigned int reg, u32 val);
};

#endif
