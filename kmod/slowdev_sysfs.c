// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/class/slowdev/slowdevN/: settings, and counts in stats/.
 *
 * Process context. The files go away with the device, before the chip does.
 */
#include <linux/kstrtox.h>
#include <linux/sysfs.h>

#include "slowdev.h"

#define MAX_PERIOD_US	(U32_MAX / 1000)

/* Set a register to *@field's new value; nothing changes on an error. */
static int parse(const char *buf, u32 lowest, u32 highest, u32 *value)
{
	/* out of range, of 32 bits or ours, is all the same to the user */
	if (kstrtou32(buf, 0, value) || *value < lowest || *value > highest)
		return -EINVAL;
	return 0;
}

static ssize_t period_us_show(struct device *dev,
			      struct device_attribute *attr, char *buf)
{
	struct slowdev *sd = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", READ_ONCE(sd->period_ns) / 1000);
}

static ssize_t period_us_store(struct device *dev,
			       struct device_attribute *attr,
			       const char *buf, size_t count)
{
	struct slowdev *sd = dev_get_drvdata(dev);
	int err;
	u32 us;

	err = parse(buf, 1, MAX_PERIOD_US, &us);
	if (err)
		return err;
	spin_lock_irq(&sd->wait.lock);
	if (sd->gone) {
		err = -ENODEV;
	} else {
		WRITE_ONCE(sd->period_ns, us * 1000);
		slowdev_chip_write(sd, SLOWCHIP_PERIOD, us * 1000);
		if (sd->draining)	/* it waits by the old one */
			__slowdev_drain(sd);
	}
	spin_unlock_irq(&sd->wait.lock);
	return err ? err : count;
}
static DEVICE_ATTR_RW(period_us);

static ssize_t rx_trigger_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	struct slowdev *sd = dev_get_drvdata(dev);
	u32 trig = 0;

	spin_lock_irq(&sd->wait.lock);
	if (!sd->gone)
		trig = slowdev_chip_read(sd, SLOWCHIP_TRIG);
	spin_unlock_irq(&sd->wait.lock);
	return sysfs_emit(buf, "%u\n", trig & SLOWCHIP_TRIG_RX_MASK);
}

static ssize_t rx_trigger_store(struct device *dev,
				struct device_attribute *attr,
				const char *buf, size_t count)
{
	struct slowdev *sd = dev_get_drvdata(dev);
	u32 level;
	int err;

	err = parse(buf, 1, SLOWCHIP_FIFO_SIZE, &level);
	if (err)
		return err;
	spin_lock_irq(&sd->wait.lock);
	if (sd->gone)
		err = -ENODEV;
	else
		slowdev_chip_write(sd, SLOWCHIP_TRIG, level |
				   SLOWDEV_TX_TRIGGER << SLOWCHIP_TRIG_TX_SHIFT);
	spin_unlock_irq(&sd->wait.lock);
	return err ? err : count;
}
static DEVICE_ATTR_RW(rx_trigger);

/* The index since reset of the byte that a read would give next. */
static ssize_t next_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct slowdev *sd = dev_get_drvdata(dev);
	u32 n;

	spin_lock_irq(&sd->wait.lock);
	n = slowdev_readable(sd) ? sd->rx_n[sd->rx.tail % SLOWDEV_BUFFER] :
	    sd->next_n;
	spin_unlock_irq(&sd->wait.lock);
	return sysfs_emit(buf, "%u\n", n);
}
static DEVICE_ATTR_RO(next);

static struct attribute *slowdev_attrs[] = {
	&dev_attr_period_us.attr,
	&dev_attr_rx_trigger.attr,
	&dev_attr_next.attr,
	NULL,
};

static const struct attribute_group slowdev_group = {
	.attrs	= slowdev_attrs,
};

/* A count of struct slowdev_stats; var is its offset there. */
static ssize_t stat_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	size_t offset = (size_t)container_of(attr, struct dev_ext_attribute,
					     attr)->var;
	struct slowdev *sd = dev_get_drvdata(dev);
	u64 count;

	spin_lock_irq(&sd->wait.lock);
	if (!sd->gone)
		__slowdev_count(sd);
	count = *(u64 *)((void *)&sd->stats + offset);
	spin_unlock_irq(&sd->wait.lock);
	return sysfs_emit(buf, "%llu\n", count);
}

static struct dev_ext_attribute interrupts = {
	__ATTR(interrupts, 0444, stat_show, NULL),
	(void *)offsetof(struct slowdev_stats, interrupts),
};

static struct dev_ext_attribute arrived = {
	__ATTR(arrived, 0444, stat_show, NULL),
	(void *)offsetof(struct slowdev_stats, arrived),
};

static struct dev_ext_attribute rx_bytes = {
	__ATTR(rx_bytes, 0444, stat_show, NULL),
	(void *)offsetof(struct slowdev_stats, rx_bytes),
};

static struct dev_ext_attribute tx_bytes = {
	__ATTR(tx_bytes, 0444, stat_show, NULL),
	(void *)offsetof(struct slowdev_stats, tx_bytes),
};

static struct dev_ext_attribute overruns = {
	__ATTR(overruns, 0444, stat_show, NULL),
	(void *)offsetof(struct slowdev_stats, overruns),
};

static struct dev_ext_attribute dropped = {
	__ATTR(dropped, 0444, stat_show, NULL),
	(void *)offsetof(struct slowdev_stats, dropped),
};

/* In the driver and in the chip's FIFO, at one moment. */
static ssize_t buffered_show(struct device *dev,
			     struct device_attribute *attr, char *buf)
{
	struct slowdev *sd = dev_get_drvdata(dev);
	u32 level;

	spin_lock_irq(&sd->wait.lock);
	level = slowdev_ring_level(&sd->rx);
	if (!sd->gone)
		level += slowdev_chip_read(sd, SLOWCHIP_STATUS) >>
			 SLOWCHIP_STATUS_RX_LEVEL_SHIFT &
			 SLOWCHIP_STATUS_LEVEL_MASK;
	spin_unlock_irq(&sd->wait.lock);
	return sysfs_emit(buf, "%u\n", level);
}
static DEVICE_ATTR_RO(buffered);

static struct attribute *slowdev_stats_attrs[] = {
	&interrupts.attr.attr,
	&arrived.attr.attr,
	&rx_bytes.attr.attr,
	&tx_bytes.attr.attr,
	&overruns.attr.attr,
	&dropped.attr.attr,
	&dev_attr_buffered.attr,
	NULL,
};

static const struct attribute_group slowdev_stats_group = {
	.name	= "stats",
	.attrs	= slowdev_stats_attrs,
};

const struct attribute_group *slowdev_groups[] = {
	&slowdev_group,
	&slowdev_stats_group,
	NULL,
};
