// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver to begin your own with, in the place of slowdev.ko: one chip, and a
 * read() that sleeps. No write, poll or sysfs, O_NONBLOCK is not looked at,
 * nobody is told when bytes are lost, and the line never stops.
 *
 * The interrupt side (own_isr()) puts bytes into the FIFO, the process side
 * (own_read()) takes them out: one of each at a time, so that no lock is needed
 * between them. Readers have one, to be one.
 */
#include <linux/interrupt.h>
#include <linux/kfifo.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "chip/slowchip_regs.h"
#include "kmod/compat.h"
#include "kmod/slowdev_bus.h"

static const struct slowdev_bus *bus;	/* NULL: no chip */
static int irq;
static DEFINE_KFIFO(bytes, u8, 4096);
static DEFINE_MUTEX(read_mutex);
static DECLARE_WAIT_QUEUE_HEAD(readers);

/* Hard interrupt context. The line falls when the chip's FIFO is empty. */
static irqreturn_t own_isr(int number, void *data)
{
	irqreturn_t handled = IRQ_NONE;

	for (;;) {
		u32 value = bus->read(bus->ctx, SLOWCHIP_DATA);

		if (!(value & SLOWCHIP_DATA_VALID))
			break;
		kfifo_put(&bytes, value & SLOWCHIP_DATA_BYTE);
		handled = IRQ_HANDLED;
	}
	wake_up_interruptible(&readers);
	return handled;
}

static int own_open(struct inode *inode, struct file *file)
{
	bus->write(bus->ctx, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	return stream_open(inode, file);
}

static ssize_t own_read(struct file *file, char __user *to, size_t count,
			loff_t *pos)
{
	unsigned int copied = 0;
	int err;

	if (!count)
		return 0;
	if (mutex_lock_interruptible(&read_mutex))
		return -ERESTARTSYS;
	err = wait_event_interruptible(readers, !kfifo_is_empty(&bytes) ||
				       !READ_ONCE(bus));
	if (!err && kfifo_is_empty(&bytes))
		err = -ENODEV;
	if (!err)
		err = kfifo_to_user(&bytes, to, count, &copied);
	mutex_unlock(&read_mutex);
	if (copied)
		return copied;
	return err;
}

static const struct file_operations own_fops = {
	.owner	= THIS_MODULE,
	.open	= own_open,
	.read	= own_read,
};

static struct miscdevice own_misc = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= SLOWDEV_NAME "0",
	.fops	= &own_fops,
};

static int own_probe(struct platform_device *pdev)
{
	int err;

	if (bus)
		return -EBUSY;	/* one chip is all it can do */
	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;
	bus = dev_get_platdata(&pdev->dev);
	if (!bus)
		return -EINVAL;
	err = request_irq(irq, own_isr, 0, own_misc.name, &own_misc);
	if (err)
		goto out;
	bus->write(bus->ctx, SLOWCHIP_INT_EN, SLOWCHIP_INT_RX);
	err = misc_register(&own_misc);
	if (err)
		goto free;
	return 0;
free:
	free_irq(irq, &own_misc);
out:
	bus = NULL;
	return err;
}

/* Nobody opens it any more, but who has it open may be asleep in read(). */
static void own_remove(struct platform_device *pdev)
{
	misc_deregister(&own_misc);
	bus->write(bus->ctx, SLOWCHIP_CTRL, SLOWCHIP_CTRL_RST);
	free_irq(irq, &own_misc);
	WRITE_ONCE(bus, NULL);
	wake_up_interruptible_all(&readers);
}

static struct platform_driver own_driver = {
	.probe			= own_probe,
	.platform_remove_void	= own_remove,
	.driver			= { .name = SLOWDEV_NAME },
};
module_platform_driver(own_driver);

MODULE_DESCRIPTION("A driver for slowchip to begin one's own with");
MODULE_LICENSE("GPL");
