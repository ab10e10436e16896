// SPDX-License-Identifier: GPL-2.0-only
/*
 * slowdev_hw.ko: the hardware. Chips, their interrupts, and a platform device
 * for each, which any driver named "slowdev" may bind to.
 *
 * What is fake is the chip: slowchip.c plays it, a timer moves its time. What
 * is real is everything from its interrupt line on.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/slab.h>

#include "hw.h"
#include "slowdev_bus.h"

#define MAX_DEVICES	256
#define MAX_PERIOD_US	(U32_MAX / 1000)

static unsigned int devices = 1;
module_param(devices, uint, 0444);
MODULE_PARM_DESC(devices, "how many chips, 1 to 256 (default 1)");

static unsigned int period_us = 10000;
module_param(period_us, uint, 0444);
MODULE_PARM_DESC(period_us, "time a byte takes, 1 to 4294967 us (default 10000)");

static char *source = "message";
module_param(source, charp, 0444);
MODULE_PARM_DESC(source, "what is on the line: message, counter (0..255) or line (what is written to line_in)");

static char *message = "Hello from a slow device.\n";
module_param(message, charp, 0444);
MODULE_PARM_DESC(message, "for source=message, repeated for ever");

static char *fault = "none";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "how the chips are broken: none, stuck, lost, spurious or vanish (default none)");

static struct slowdev_hw *chips;

/*
 * Guards the pdev of all chips and what hangs on it: one at a time adds or
 * removes. before_bind() only looks, and must not take it.
 */
static DEFINE_MUTEX(plugging);

/* One line on what is wrong, and -EINVAL; otherwise the source. */
static int check_parameters(void)
{
	static const char * const sources[] = {
		[SLOWDEV_HW_MESSAGE]	= "message",
		[SLOWDEV_HW_COUNTER]	= "counter",
		[SLOWDEV_HW_LINE]	= "line",
	};
	int found;

	if (devices < 1 || devices > MAX_DEVICES) {
		pr_err("devices=%u: must be 1 to %u\n", devices, MAX_DEVICES);
		return -EINVAL;
	}
	if (period_us < 1 || period_us > MAX_PERIOD_US) {
		pr_err("period_us=%u: must be 1 to %u\n", period_us,
		       MAX_PERIOD_US);
		return -EINVAL;
	}
	found = match_string(sources, ARRAY_SIZE(sources), source);
	if (found < 0) {
		pr_err("source=%s: must be message, counter or line\n", source);
		return -EINVAL;
	}
	if (found == SLOWDEV_HW_MESSAGE && !*message) {
		pr_err("message is empty: must be a byte at least\n");
		return -EINVAL;
	}
	if (slowdev_hw_fault_parse(fault) < 0) {
		pr_err("fault=%s: must be none, stuck, lost, spurious or vanish\n",
		       fault);
		return -EINVAL;
	}
	return found;
}

static struct platform_device *add_device(struct slowdev_hw *hw, int irq)
{
	struct slowdev_bus bus = {
		.ctx	= hw,
		.read	= slowdev_hw_bus_read,
		.write	= slowdev_hw_bus_write,
	};
	struct resource res = DEFINE_RES_NAMED(irq, 1, NULL, IORESOURCE_IRQ |
					       IORESOURCE_IRQ_HIGHLEVEL);
	struct platform_device *pdev;
	int err;

	pdev = platform_device_alloc(SLOWDEV_NAME, hw->id);
	if (!pdev)
		return ERR_PTR(-ENOMEM);
	pdev->dev.groups = slowdev_hw_groups;
	err = platform_device_add_resources(pdev, &res, 1);
	if (!err)
		err = platform_device_add_data(pdev, &bus, sizeof(bus));
	if (!err)
		err = platform_device_add(pdev);
	if (err) {
		platform_device_put(pdev);
		return ERR_PTR(err);
	}
	return pdev;
}

static int add_chip(struct slowdev_hw *hw, enum slowdev_hw_source from)
{
	struct platform_device *pdev;
	int irq, err;

	hw->fault.kind = slowdev_hw_fault_parse(fault);
	err = slowdev_hw_chip_init(hw, from, message, period_us * 1000);
	if (err)
		return err;
	irq = slowdev_hw_irq_map(hw->id);
	if (irq < 0) {
		err = irq;
		goto free;
	}
	pdev = add_device(hw, irq);
	if (IS_ERR(pdev)) {
		err = PTR_ERR(pdev);
		goto unmap;
	}
	WRITE_ONCE(hw->pdev, pdev);
	slowdev_hw_debugfs_add(hw);
	return 0;
unmap:
	slowdev_hw_chip_stop(hw);
	slowdev_hw_irq_unmap(hw->id);
free:
	slowdev_hw_chip_free(hw);
	return err;
}

/*
 * The device first: that unbinds the driver, wakes whoever waits, and ends
 * every access. What is left then is ours alone.
 */
static void remove_chip(struct slowdev_hw *hw)
{
	struct platform_device *pdev = hw->pdev;

	slowdev_hw_debugfs_remove(hw);
	WRITE_ONCE(hw->pdev, NULL);
	platform_device_unregister(pdev);
	slowdev_hw_chip_stop(hw);
	slowdev_hw_irq_unmap(hw->id);
	slowdev_hw_chip_free(hw);
}

static int plug(struct slowdev_hw *hw, enum slowdev_hw_source from)
{
	int err;

	mutex_lock(&plugging);
	err = add_chip(hw, from);
	mutex_unlock(&plugging);
	return err;
}

static void unplug(struct slowdev_hw *hw)
{
	mutex_lock(&plugging);
	if (hw->pdev)
		remove_chip(hw);
	mutex_unlock(&plugging);
}

/* A worker: the chip goes by itself, as asked by its fault. */
static void vanish(struct work_struct *work)
{
	unplug(container_of(work, struct slowdev_hw, vanish));
}

/* When the module goes. The chip is stopped then and asks for no more work. */
static void unplug_for_good(struct slowdev_hw *hw)
{
	unplug(hw);
	cancel_work_sync(&hw->vanish);
}

/* Whatever the last driver left behind, the next one finds a reset chip. */
static int before_bind(struct notifier_block *nb, unsigned long action,
		       void *data)
{
	struct platform_device *pdev;
	unsigned int i;

	if (action != BUS_NOTIFY_BIND_DRIVER)
		return NOTIFY_DONE;
	/*
	 * pdev is not set yet while the device is being added. The one that is
	 * bound stays: its lock is held, and whoever removes it waits.
	 */
	for (i = 0; i < devices; i++) {
		pdev = READ_ONCE(chips[i].pdev);
		if (pdev && &pdev->dev == data)
			slowdev_hw_chip_reset(&chips[i]);
	}
	return NOTIFY_DONE;
}

static struct notifier_block bind_notifier = {
	.notifier_call = before_bind,
};

static int __init slowdev_hw_init(void)
{
	int from = check_parameters();
	unsigned int i;
	int err;

	if (from < 0)
		return from;
	chips = kvcalloc(devices, sizeof(*chips), GFP_KERNEL);
	if (!chips)
		return -ENOMEM;
	err = slowdev_hw_irq_init(chips, devices);
	if (err)
		goto free;
	err = bus_register_notifier(&platform_bus_type, &bind_notifier);
	if (err)
		goto domain;
	slowdev_hw_debugfs_init();
	for (i = 0; i < devices; i++) {
		chips[i].id = i;
		INIT_WORK(&chips[i].vanish, vanish);
		err = plug(&chips[i], from);
		if (err)
			goto remove;
	}
	return 0;
remove:
	pr_err("slowdev.%u: cannot be added: error %d\n", i, err);
	while (i--)
		unplug_for_good(&chips[i]);
	slowdev_hw_debugfs_exit();
	bus_unregister_notifier(&platform_bus_type, &bind_notifier);
domain:
	slowdev_hw_irq_exit();
free:
	kvfree(chips);
	return err;
}
module_init(slowdev_hw_init);

static void __exit slowdev_hw_exit(void)
{
	unsigned int i;

	for (i = devices; i--;)
		unplug_for_good(&chips[i]);
	slowdev_hw_debugfs_exit();
	bus_unregister_notifier(&platform_bus_type, &bind_notifier);
	slowdev_hw_irq_exit();
	kvfree(chips);
}
module_exit(slowdev_hw_exit);

MODULE_DESCRIPTION("A slow serial chip, in software, with a real interrupt");
MODULE_VERSION(SLOWDEV_VERSION);
MODULE_LICENSE("GPL");
