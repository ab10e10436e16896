// SPDX-License-Identifier: GPL-2.0-only
/*
 * Boards as a first try may be: for test-rough. Devices named as the driver
 * wants them, each with one thing wrong, so that slowdev.ko must not bind.
 *
 * The ones without registers have no function to reach them with; the one with
 * another chip would say so if anything but its ID were asked for.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "kmod/slowdev_bus.h"
#include "chip/slowchip_regs.h"

static u32 other_read(void *ctx, unsigned int reg)
{
	WARN_ON(reg != SLOWCHIP_ID);
	return 0x46415354;	/* "FAST" */
}

static u32 right_read(void *ctx, unsigned int reg)
{
	return reg == SLOWCHIP_ID ? SLOWCHIP_ID_VALUE : 0;
}

static void no_write(void *ctx, unsigned int reg, u32 val)
{
	WARN_ON(1);
}

static const struct slowdev_bus cannot_read = { .write = no_write };
static const struct slowdev_bus cannot_write = { .read = right_read };
static const struct slowdev_bus other_chip = { .read = other_read,
					       .write = no_write };
static const struct slowdev_bus right = { .read = right_read,
					  .write = no_write };

static const struct {
	int id;
	const struct slowdev_bus *bus;
} boards[] = {
	{ 0, NULL },
	{ 1, &cannot_read },
	{ 2, &cannot_write },
	{ 3, &other_chip },
	{ 256, &right },
	{ PLATFORM_DEVID_NONE, &right },
	{ 4, &right },		/* but for the interrupt, of which it has none */
};

static struct platform_device *pdevs[ARRAY_SIZE(boards)];

static void remove_boards(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(boards); i++)
		platform_device_unregister(pdevs[i]);
}

static int __init boards_init(void)
{
	const struct slowdev_bus *bus;
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(boards); i++) {
		bus = boards[i].bus;
		pdevs[i] = platform_device_register_data(NULL, SLOWDEV_NAME,
							 boards[i].id, bus,
							 bus ? sizeof(*bus) : 0);
		if (IS_ERR(pdevs[i])) {
			err = PTR_ERR(pdevs[i]);
			pdevs[i] = NULL;
			remove_boards();
			return err;
		}
	}
	return 0;
}
module_init(boards_init);

static void __exit boards_exit(void)
{
	remove_boards();
}
module_exit(boards_exit);

MODULE_DESCRIPTION("Boards that no driver should take");
MODULE_LICENSE("GPL");
