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
	spin_lock_irq(&sd->lock);
	if (sd->gone) {
		err = -ENODEV;
	} else {
		WRITE_ONCE(sd->period_ns, us * 1000);
		slowdev_chip_write(sd, SLOWCHIP_PERIOD, us * 1000);
	}
	spin_unlock_irq(&sd->lock);
	return err ? err : count;
}
static DEVICE_ATTR_RW(period_us);

static ssize_t rx_trigger_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	struct slowdev *sd = dev_get_drvdata(dev);
	u32 trig = 0;

	spin_lock_irq(&sd->lock);
	if (!sd->gone)
		trig = slowdev_chip_read(sd, SLOWCHIP_TRIG);
	spin_unlock_irq(&sd->lock);
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
	spin_lock_irq(&sd->lock);
	if (sd->gone)
		err = -ENODEV;
	else
		slowdev_chip_write(sd, SLOWCHIP_TRIG, level |
				   SLOWDEV_TX_TRIGGER << SLOWCHIP_TRIG_TX_SHIFT);
	spin_unlock_irq(&sd->lock);
	return err ? err : count;
}
static DEVICE_ATTR_RW(rx_trigger);

/* The index since reset of the byte that a read would give next. */
static ssize_t next_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct slowdev *sd = dev_get_drvdata(dev);
	u32 n;

	spin_lock_irq(&sd->lock);
	n = slowdev_readable(sd) ? sd->rx_n[sd->rx.tail % SLOWDEV_BUFFER] :
	    sd->next_n;
	spin_unlock_irq(&sd->lock);
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

/* All counts at one moment, the chip's own included. */
static struct slowdev_stats stats_now(struct slowdev *sd, u64 *buffered)
{
	struct slowdev_stats stats;

	spin_lock_irq(&sd->lock);
	*buffered = slowdev_ring_level(&sd->rx);
	if (!sd->gone) {
		__slowdev_count(sd);
		*buffered += slowdev_chip_read(sd, SLOWCHIP_STATUS) >>
			     SLOWCHIP_STATUS_RX_LEVEL_SHIFT &
			     SLOWCHIP_STATUS_LEVEL_MASK;
	}
	stats = sd->stats;
	spin_unlock_irq(&sd->lock);
	return stats;
}

#define STAT(name, value)						\
static ssize_t name##_show(struct device *dev,				\
			   struct device_attribute *attr, char *buf)	\
{									\
	struct slowdev_stats stats;					\
	u64 buffered;							\
									\
	stats = stats_now(dev_get_drvdata(dev), &buffered);		\
	return sysfs_emit(buf, "%llu\n", value);			\
}									\
static DEVICE_ATTR_RO(name)

STAT(interrupts, stats.interrupts);
STAT(arrived, stats.arrived);
STAT(rx_bytes, stats.rx_bytes);
STAT(tx_bytes, stats.tx_bytes);
STAT(overruns, stats.overruns);
STAT(dropped, stats.dropped);
STAT(buffered, buffered);

static struct attribute *slowdev_stats_attrs[] = {
	&dev_attr_interrupts.attr,
	&dev_attr_arrived.attr,
	&dev_attr_rx_bytes.attr,
	&dev_attr_tx_bytes.attr,
	&dev_attr_overruns.attr,
	&dev_attr_dropped.attr,
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
