// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registers for whoever looks on: /sys/kernel/debug/slowdev_hw/slowdev.N/
 * registers, for root. A line a register: name, value, and what its bits say.
 *
 * Looking changes nothing: DATA shows the byte that a read would take. The
 * chip catches up to the present first, as it would without us.
 *
 * Process context. All of it is for people: where debugfs is not there, or has
 * no memory, the files are missing and nothing else is.
 */
#include <linux/bits.h>
#include <linux/debugfs.h>
#include <linux/ktime.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#include "hw.h"

#define MAX_FIELDS	7

/* One bit is shown by its name, several by name and number. */
struct field {
	const char *name;
	u32 mask;
};

struct reg {
	const char *name;
	unsigned int reg;
	const char *unit;	/* the value again in decimal, if not NULL */
	struct field fields[MAX_FIELDS];	/* up to one without a name */
};

#define CAUSES {			\
	{ "RX", SLOWCHIP_INT_RX },	\
	{ "TX", SLOWCHIP_INT_TX },	\
	{ "OVR", SLOWCHIP_INT_OVR },	\
}

#define AT(mask, name)	((mask) << SLOWCHIP_##name##_SHIFT)

static const struct reg regs[] = {
	{ "ID", SLOWCHIP_ID },
	{ "CTRL", SLOWCHIP_CTRL, NULL, {
		{ "EN", SLOWCHIP_CTRL_EN },
		{ "LOOP", SLOWCHIP_CTRL_LOOP },
	} },
	{ "STATUS", SLOWCHIP_STATUS, NULL, {
		{ "RX_RDY", SLOWCHIP_STATUS_RX_RDY },
		{ "TX_RDY", SLOWCHIP_STATUS_TX_RDY },
		{ "TX_IDLE", SLOWCHIP_STATUS_TX_IDLE },
		{ "OVR", SLOWCHIP_STATUS_OVR },
		{ "RX_LEVEL", AT(SLOWCHIP_STATUS_LEVEL_MASK, STATUS_RX_LEVEL) },
		{ "TX_LEVEL", AT(SLOWCHIP_STATUS_LEVEL_MASK, STATUS_TX_LEVEL) },
	} },
	{ "INT", SLOWCHIP_INT, NULL, CAUSES },
	{ "INT_EN", SLOWCHIP_INT_EN, NULL, CAUSES },
	{ "DATA", SLOWCHIP_DATA, NULL, {
		{ "VALID", SLOWCHIP_DATA_VALID },
		{ "BYTE", SLOWCHIP_DATA_BYTE },
	} },
	{ "PERIOD", SLOWCHIP_PERIOD, " ns" },
	{ "TRIG", SLOWCHIP_TRIG, NULL, {
		{ "RX_TRIG", SLOWCHIP_TRIG_RX_MASK },
		{ "TX_TRIG", AT(SLOWCHIP_TRIG_TX_MASK, TRIG_TX) },
	} },
	{ "RX_COUNT", SLOWCHIP_RX_COUNT, "" },
	{ "OVR_COUNT", SLOWCHIP_OVR_COUNT, "" },
	{ "TX_COUNT", SLOWCHIP_TX_COUNT, "" },
	{ "IRQ_COUNT", SLOWCHIP_IRQ_COUNT, "" },
};

static struct dentry *all_chips;

static void show(struct seq_file *seq, const struct reg *reg, u32 value)
{
	const struct field *field;

	seq_printf(seq, "%-9s 0x%08x", reg->name, value);
	if (reg->unit)
		seq_printf(seq, " %u%s", value, reg->unit);
	for (field = reg->fields; field->name; field++) {
		if (!is_power_of_2(field->mask))
			seq_printf(seq, " %s=%u", field->name,
				   (value & field->mask) >> __ffs(field->mask));
		else if (value & field->mask)
			seq_printf(seq, " %s", field->name);
	}
	seq_putc(seq, '\n');
}

/* All are of one moment. */
static int registers_show(struct seq_file *seq, void *unused)
{
	struct slowdev_hw *hw = seq->private;
	u32 values[ARRAY_SIZE(regs)];
	unsigned long flags;
	u64 now;
	int i;

	raw_spin_lock_irqsave(&hw->lock, flags);
	now = ktime_get_ns();
	slowchip_advance(&hw->chip, now);
	__slowdev_hw_settle(hw, now);
	for (i = 0; i < ARRAY_SIZE(regs); i++)
		values[i] = slowchip_peek(&hw->chip, regs[i].reg);
	raw_spin_unlock_irqrestore(&hw->lock, flags);
	for (i = 0; i < ARRAY_SIZE(regs); i++)
		show(seq, &regs[i], values[i]);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(registers);

void slowdev_hw_debugfs_init(void)
{
	all_chips = debugfs_create_dir(KBUILD_MODNAME, NULL);
}

void slowdev_hw_debugfs_exit(void)
{
	debugfs_remove(all_chips);
}

void slowdev_hw_debugfs_add(struct slowdev_hw *hw)
{
	hw->debugfs = debugfs_create_dir(dev_name(&hw->pdev->dev), all_chips);
	debugfs_create_file("registers", 0400, hw->debugfs, hw,
			    &registers_fops);
}

/* Waits for who is reading; whoever has it open gets EIO from then on. */
void slowdev_hw_debugfs_remove(struct slowdev_hw *hw)
{
	debugfs_remove(hw->debugfs);
}
