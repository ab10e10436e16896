// SPDX-License-Identifier: GPL-2.0-only
/*
 * The outside of the line, in the platform device's sysfs directory.
 *
 *   line_in   (source=line) written bytes go on the line, in a queue
 *   line_out  what the chip has sent; reading takes it away
 *   arrivals  when bytes came: 16-byte records by index, see struct
 *             slowdev_hw_arrival
 *   fault     how the hardware is broken; see hw_fault.c
 *
 * Process context. The driver owns the device's drvdata, so we find the chip
 * through the platform data that we gave it.
 */
#include <linux/device.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/sysfs.h>

#include "hw.h"
#include "slowdev_bus.h"

static struct slowdev_hw *dev_to_hw(struct device *dev)
{
	const struct slowdev_bus *bus = dev_get_platdata(dev);

	return bus->ctx;
}

static struct slowdev_hw *to_hw(struct kobject *kobj)
{
	return dev_to_hw(kobj_to_dev(kobj));
}

/* The bytes from @pos on in a ring of SLOWDEV_HW_QUEUE, in at most two runs. */
static size_t run_length(u64 pos, size_t left)
{
	return min_t(size_t, left, SLOWDEV_HW_QUEUE - pos % SLOWDEV_HW_QUEUE);
}

static ssize_t line_in_write(struct file *file, struct kobject *kobj,
			     struct bin_attribute *attr, char *buf,
			     loff_t offset, size_t count)
{
	struct slowdev_hw *hw = to_hw(kobj);
	struct slowchip_line *line = &hw->chip.line;
	size_t taken, run;
	u64 now, end;
	unsigned long flags;

	raw_spin_lock_irqsave(&hw->lock, flags);
	/* before the queue is looked at: what is due has left it */
	now = ktime_get_ns();
	slowchip_advance(&hw->chip, now);
	count = min_t(u64, count, line->size - line->left);
	end = line->pos + line->left;
	for (taken = 0; taken < count; taken += run) {
		run = run_length(end + taken, count - taken);
		memcpy(hw->line_in + (end + taken) % SLOWDEV_HW_QUEUE,
		       buf + taken, run);
	}
	line->left += count;
	slowchip_line_changed(&hw->chip, now);
	__slowdev_hw_settle(hw, now);
	raw_spin_unlock_irqrestore(&hw->lock, flags);
	return count ? count : -ENOSPC;
}

static ssize_t line_out_read(struct file *file, struct kobject *kobj,
			     struct bin_attribute *attr, char *buf,
			     loff_t offset, size_t count)
{
	struct slowdev_hw *hw = to_hw(kobj);
	struct slowchip_out *out = &hw->chip.out;
	size_t given, run;
	unsigned long flags;
	u64 now;

	raw_spin_lock_irqsave(&hw->lock, flags);
	now = ktime_get_ns();
	slowchip_advance(&hw->chip, now);
	__slowdev_hw_settle(hw, now);
	if (out->count - hw->out_read > out->size)
		hw->out_read = out->count - out->size;
	count = min_t(u64, count, out->count - hw->out_read);
	for (given = 0; given < count; given += run) {
		run = run_length(hw->out_read, count - given);
		memcpy(buf + given,
		       out->ring + hw->out_read % SLOWDEV_HW_QUEUE, run);
		hw->out_read += run;
	}
	raw_spin_unlock_irqrestore(&hw->lock, flags);
	return count;
}

/* The record of byte @n, or zeros if it was lost or is not kept any more. */
static struct slowdev_hw_arrival __record(const struct slowdev_hw *hw, u32 n)
{
	u32 slot = n % SLOWDEV_HW_ARRIVALS;

	if (hw->arrival_n[slot] != n)
		return (struct slowdev_hw_arrival){};
	return hw->arrivals[slot];
}

static ssize_t arrivals_read(struct file *file, struct kobject *kobj,
			     struct bin_attribute *attr, char *buf,
			     loff_t offset, size_t count)
{
	struct slowdev_hw *hw = to_hw(kobj);
	size_t given = 0;
	unsigned long flags;
	size_t skip, run;
	u64 now, n;

	raw_spin_lock_irqsave(&hw->lock, flags);
	now = ktime_get_ns();
	slowchip_advance(&hw->chip, now);
	__slowdev_hw_settle(hw, now);
	while (given < count) {
		struct slowdev_hw_arrival record;

		n = div_u64(offset + given, sizeof(record));
		if (n >= hw->logged)
			break;
		skip = (offset + given) % sizeof(record);
		run = min(count - given, sizeof(record) - skip);
		record = __record(hw, n);
		memcpy(buf + given, (u8 *)&record + skip, run);
		given += run;
	}
	raw_spin_unlock_irqrestore(&hw->lock, flags);
	return given;
}

static ssize_t fault_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	enum slowdev_hw_fault_kind kind = READ_ONCE(dev_to_hw(dev)->fault.kind);

	return sysfs_emit(buf, "%s\n", slowdev_hw_fault_name(kind));
}

static ssize_t fault_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	struct slowdev_hw *hw = dev_to_hw(dev);
	int kind = slowdev_hw_fault_parse(buf);
	unsigned long flags;
	u64 now;

	if (kind < 0)
		return kind;
	raw_spin_lock_irqsave(&hw->lock, flags);
	now = ktime_get_ns();
	slowchip_advance(&hw->chip, now);
	WRITE_ONCE(hw->fault.kind, kind);
	__slowdev_hw_fault_begin(hw, now);
	__slowdev_hw_settle(hw, now);
	raw_spin_unlock_irqrestore(&hw->lock, flags);
	return count;
}
static DEVICE_ATTR_RW(fault);

static struct attribute *hw_attrs[] = {
	&dev_attr_fault.attr,
	NULL,
};

static BIN_ATTR_WO(line_in, 0);
static BIN_ATTR(line_out, 0400, line_out_read, NULL, 0);
/* when somebody's bytes came is nobody else's business */
static BIN_ATTR(arrivals, 0440, arrivals_read, NULL, 0);

static struct bin_attribute *hw_bin_attrs[] = {
	&bin_attr_line_in,
	&bin_attr_line_out,
	&bin_attr_arrivals,
	NULL,
};

/* A line that feeds itself has nothing to be written to. */
static umode_t hw_is_visible(struct kobject *kobj, struct bin_attribute *attr,
			     int n)
{
	if (attr == &bin_attr_line_in && !to_hw(kobj)->line_in)
		return 0;
	return attr->attr.mode;
}

static const struct attribute_group hw_group = {
	.attrs		= hw_attrs,
	.bin_attrs	= hw_bin_attrs,
	.is_bin_visible	= hw_is_visible,
};

const struct attribute_group *slowdev_hw_groups[] = { &hw_group, NULL };
