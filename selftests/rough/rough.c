// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver as a first try may be: for test-rough. It binds to the same chips
 * as slowdev.ko, by the same seam, and does all it should not.
 *
 * insmod rough.ko [pace=1]. At probe it reaches for registers that are not
 * there; with pace=1 it then asks for all interrupts that there are, at the
 * shortest PERIOD, and its handler says each was its own and clears nothing.
 */
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "kmod/slowdev_bus.h"
#include "chip/slowchip_regs.h"

static bool pace;
module_param(pace, bool, 0444);

static irqreturn_t rough_isr(int irq, void *data)
{
	return IRQ_HANDLED;
}

static void reach_nowhere(const struct slowdev_bus *bus)
{
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		WARN_ON(bus->read(bus->ctx, SLOWCHIP_REG_END + i));
		WARN_ON(bus->read(bus->ctx, SLOWCHIP_DATA + 1 + i % 3));
		bus->write(bus->ctx, ~i, i);
		bus->write(bus->ctx, SLOWCHIP_PERIOD + 2, i);
	}
	WARN_ON(bus->read(bus->ctx, SLOWCHIP_CTRL));
	WARN_ON(bus->read(bus->ctx, SLOWCHIP_INT_EN));
}

static int rough_probe(struct platform_device *pdev)
{
	const struct slowdev_bus *bus = dev_get_platdata(&pdev->dev);
	int irq = platform_get_irq(pdev, 0);

	reach_nowhere(bus);
	if (!pace)
		return 0;
	bus->write(bus->ctx, SLOWCHIP_PERIOD, 0);
	bus->write(bus->ctx, SLOWCHIP_INT_EN, ~0);
	bus->write(bus->ctx, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	return devm_request_irq(&pdev->dev, irq, rough_isr, 0, "rough", pdev);
}

static struct platform_driver rough_driver = {
	.probe	= rough_probe,
	.driver	= { .name = SLOWDEV_NAME },
};
module_platform_driver(rough_driver);

MODULE_DESCRIPTION("A driver that does what it should not");
MODULE_LICENSE("GPL");
