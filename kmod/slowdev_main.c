// SPDX-License-Identifier: GPL-2.0-only
/*
 * slowdev.ko: the driver. It finds chips on the platform bus, makes a
 * character device of each, and lets go of it when the chip goes.
 *
 * A device outlives its chip while files are open: remove() marks it gone,
 * wakes everyone, and leaves the memory to the last reference.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/interrupt.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "compat.h"
#include "slowdev.h"

#define CREATE_TRACE_POINTS
#include "slowdev_trace.h"

#define MINORS	256

unsigned int slowdev_isr_log;

static int set_isr_log(const char *val, const struct kernel_param *kp)
{
	return param_set_uint_minmax(val, kp, 0, 1);
}

static const struct kernel_param_ops isr_log_ops = {
	.set	= set_isr_log,
	.get	= param_get_uint,
};
module_param_cb(isr_log, &isr_log_ops, &slowdev_isr_log, 0644);
MODULE_PARM_DESC(isr_log, "1: a line in dmesg for each interrupt (default 0)");

static bool threaded;
module_param(threaded, bool, 0444);
MODULE_PARM_DESC(threaded, "1: handle interrupts in a thread (default 0)");

static struct class *slowdev_class;
static dev_t slowdev_first;

/* 0 or -ENOMEM. */
static int ring_alloc(struct slowdev_ring *ring)
{
	BUILD_BUG_ON(SLOWDEV_BUFFER > PAGE_SIZE);
	ring->page = alloc_page(GFP_KERNEL);
	if (!ring->page)
		return -ENOMEM;
	ring->bytes = page_address(ring->page);
	return 0;
}

static void ring_free(struct slowdev_ring *ring)
{
	if (ring->page)
		__free_page(ring->page);
}

/* The last reference: no file, no sysfs access, no driver. */
static void slowdev_free(struct device *dev)
{
	struct slowdev *sd = container_of(dev, struct slowdev, dev);

	cancel_delayed_work_sync(&sd->cmd_work);
	ring_free(&sd->rx);
	ring_free(&sd->tx);
	kvfree(sd);
}

static struct slowdev *slowdev_alloc(struct platform_device *pdev,
				     const struct slowdev_bus *bus, int irq)
{
	struct slowdev *sd = kvzalloc(sizeof(*sd), GFP_KERNEL);

	if (!sd)
		return NULL;
	sd->bus = bus;
	sd->pdev = pdev;
	sd->irq = irq;
	sd->id = pdev->id;
	mutex_init(&sd->read_mutex);
	mutex_init(&sd->write_mutex);
	INIT_LIST_HEAD(&sd->cmds);
	init_waitqueue_head(&sd->wait);
	hrtimer_setup(&sd->drain, slowdev_drain, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
	INIT_DELAYED_WORK(&sd->log_work, slowdev_log_left_out);
	INIT_DELAYED_WORK(&sd->cmd_work, slowdev_end_cmds);

	device_initialize(&sd->dev);
	sd->dev.parent = &pdev->dev;
	sd->dev.class = slowdev_class;
	sd->dev.groups = slowdev_groups;
	sd->dev.devt = slowdev_first + pdev->id;
	sd->dev.release = slowdev_free;
	dev_set_drvdata(&sd->dev, sd);
	cdev_init(&sd->cdev, &slowdev_fops);
	sd->cdev.owner = THIS_MODULE;

	if (ring_alloc(&sd->rx) || ring_alloc(&sd->tx)) {
		put_device(&sd->dev);
		return NULL;
	}
	return sd;
}

/* What the chip's registers hold now is what we think they hold. */
static void chip_setup(struct slowdev *sd)
{
	spin_lock_irq(&sd->wait.lock);
	sd->period_ns = slowdev_chip_read(sd, SLOWCHIP_PERIOD);
	sd->seen_rx_count = slowdev_chip_read(sd, SLOWCHIP_RX_COUNT);
	sd->seen_ovr_count = slowdev_chip_read(sd, SLOWCHIP_OVR_COUNT);
	sd->next_n = sd->seen_rx_count;
	slowdev_chip_write(sd, SLOWCHIP_TRIG, 1 |
			   SLOWDEV_TX_TRIGGER << SLOWCHIP_TRIG_TX_SHIFT);
	spin_unlock_irq(&sd->wait.lock);
}

/* The bus, the number and the chip itself must be what we expect. */
static int check_chip(struct platform_device *pdev,
		      const struct slowdev_bus *bus)
{
	u32 id;

	if (!bus || !bus->read || !bus->write) {
		dev_err(&pdev->dev, "no struct slowdev_bus as platform data\n");
		return -EINVAL;
	}
	if (pdev->id < 0 || pdev->id >= MINORS) {
		dev_err(&pdev->dev, "device number %d: must be 0 to %d\n",
			pdev->id, MINORS - 1);
		return -EINVAL;
	}
	id = bus->read(bus->ctx, SLOWCHIP_ID);
	if (id != SLOWCHIP_ID_VALUE) {
		dev_err(&pdev->dev, "ID is 0x%x: not a slowchip\n", id);
		return -ENODEV;
	}
	return 0;
}

/* Under the lock: nothing of ours touches the chip after this. */
static void __mark_gone(struct slowdev *sd)
{
	slowdev_chip_write(sd, SLOWCHIP_CTRL, 0);
	__slowdev_interrupts(sd, 0);
	__slowdev_receive(sd, SLOWCHIP_FIFO_SIZE);
	__slowdev_count(sd);
	smp_store_release(&sd->gone, true);	/* pairs with slowdev_gone() */
}

/* Everybody who sleeps or polls, the exclusive ones too. */
static void hang_up(struct slowdev *sd)
{
	wake_up_all(&sd->wait);
	kill_fasync(&sd->fasync, SIGIO, POLL_HUP);
	while (slowdev_wake_cmd(sd))
		;
}

/*
 * Part from the chip, and from our reference to the device; files may stay.
 * In the end the chip is as probe() found it.
 */
static void detach(struct slowdev *sd)
{
	spin_lock_irq(&sd->wait.lock);
	__mark_gone(sd);
	spin_unlock_irq(&sd->wait.lock);
	free_irq(sd->irq, sd);
	hrtimer_cancel(&sd->drain);
	cancel_delayed_work_sync(&sd->log_work);
	slowdev_log_left_out(&sd->log_work.work);
	slowdev_chip_write(sd, SLOWCHIP_CTRL, SLOWCHIP_CTRL_RST);
	hang_up(sd);
	put_device(&sd->dev);
}

/*
 * The work is the same in either place. In a thread, what is left of it in
 * hard interrupt context is the kernel's: mask the line, wake the thread. The
 * line stays masked until the thread is done, for it is high all that time.
 */
static int take_irq(struct slowdev *sd)
{
	if (threaded)
		return request_threaded_irq(sd->irq, NULL, slowdev_isr,
					    IRQF_ONESHOT, dev_name(&sd->dev),
					    sd);
	return request_irq(sd->irq, slowdev_isr, 0, dev_name(&sd->dev), sd);
}

static int slowdev_probe(struct platform_device *pdev)
{
	const struct slowdev_bus *bus = dev_get_platdata(&pdev->dev);
	struct slowdev *sd;
	int irq, err;

	err = check_chip(pdev, bus);
	if (err)
		return err;
	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;
	sd = slowdev_alloc(pdev, bus, irq);
	if (!sd)
		return -ENOMEM;
	err = dev_set_name(&sd->dev, SLOWDEV_NAME "%d", pdev->id);
	if (err)
		goto put;
	chip_setup(sd);
	err = take_irq(sd);
	if (err) {
		dev_err(&pdev->dev, "interrupt %d: error %d\n", irq, err);
		goto put;
	}
	platform_set_drvdata(pdev, sd);
	err = cdev_device_add(&sd->cdev, &sd->dev);
	if (err)	/* somebody may have it open even so, for a moment */
		detach(sd);
	return err;
put:
	put_device(&sd->dev);
	return err;
}

static void slowdev_remove(struct platform_device *pdev)
{
	struct slowdev *sd = platform_get_drvdata(pdev);

	cdev_device_del(&sd->cdev, &sd->dev);
	detach(sd);
}

static struct platform_driver slowdev_driver = {
	.probe			= slowdev_probe,
	.platform_remove_void	= slowdev_remove,
	.driver			= { .name = SLOWDEV_NAME },
};

static int __init slowdev_init(void)
{
	int err;

	err = alloc_chrdev_region(&slowdev_first, 0, MINORS, SLOWDEV_NAME);
	if (err)
		return err;
	slowdev_class = slowdev_class_create(SLOWDEV_NAME);
	if (IS_ERR(slowdev_class)) {
		err = PTR_ERR(slowdev_class);
		goto region;
	}
	err = platform_driver_register(&slowdev_driver);
	if (err)
		goto class;
	return 0;
class:
	class_destroy(slowdev_class);
region:
	unregister_chrdev_region(slowdev_first, MINORS);
	return err;
}
module_init(slowdev_init);

static void __exit slowdev_exit(void)
{
	platform_driver_unregister(&slowdev_driver);
	class_destroy(slowdev_class);
	unregister_chrdev_region(slowdev_first, MINORS);
}
module_exit(slowdev_exit);

MODULE_DESCRIPTION("Driver for slowchip: /dev/slowdevN");
MODULE_VERSION(SLOWDEV_VERSION);
MODULE_LICENSE("GPL");
