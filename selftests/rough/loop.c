// SPDX-License-Identifier: GPL-2.0-only
/*
 * Another driver, and a good one: for test-rough. It sends to itself, by the
 * chip's LOOP, and logs what came of it. It polls, so it needs no interrupt.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "kmod/slowdev_bus.h"
#include "chip/slowchip_regs.h"

#define FIFO	16	/* bytes */

static u32 get(const struct slowdev_bus *bus, unsigned int reg)
{
	return bus->read(bus->ctx, reg);
}

/* Send @count bytes from @first on, and wait until all have left. */
static void send(const struct slowdev_bus *bus, unsigned int first,
		 unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		while (!(get(bus, SLOWCHIP_STATUS) & SLOWCHIP_STATUS_TX_RDY))
			udelay(1);
		bus->write(bus->ctx, SLOWCHIP_DATA, first + i);
	}
	while (!(get(bus, SLOWCHIP_STATUS) & SLOWCHIP_STATUS_TX_IDLE))
		udelay(1);
}

/* How many bytes are there, @first, @first + 1, ...; -1 if it is another. */
static int receive(const struct slowdev_bus *bus, unsigned int first)
{
	int count = 0;
	u32 data;

	while ((data = get(bus, SLOWCHIP_DATA)) & SLOWCHIP_DATA_VALID) {
		if ((data & SLOWCHIP_DATA_BYTE) != first + count)
			return -1;
		count++;
	}
	return count;
}

static int loop_probe(struct platform_device *pdev)
{
	const struct slowdev_bus *bus = dev_get_platdata(&pdev->dev);
	int once, more;

	bus->write(bus->ctx, SLOWCHIP_PERIOD, 1000);
	bus->write(bus->ctx, SLOWCHIP_CTRL,
		   SLOWCHIP_CTRL_EN | SLOWCHIP_CTRL_LOOP);
	send(bus, 10, FIFO);
	once = receive(bus, 10);
	/* four more than fit, and nobody takes one */
	send(bus, 100, FIFO + 4);
	more = receive(bus, 100);
	dev_info(&pdev->dev, "loop: %d of %d back, then %d of %d; sent %u, received %u, lost %u\n",
		 once, FIFO, more, FIFO + 4, get(bus, SLOWCHIP_TX_COUNT),
		 get(bus, SLOWCHIP_RX_COUNT), get(bus, SLOWCHIP_OVR_COUNT));
	return 0;
}

static struct platform_driver loop_driver = {
	.probe	= loop_probe,
	.driver	= { .name = SLOWDEV_NAME },
};
module_platform_driver(loop_driver);

MODULE_DESCRIPTION("A driver that sends to itself");
MODULE_LICENSE("GPL");
