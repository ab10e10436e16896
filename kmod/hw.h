/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slowdev_hw.ko inside: one chip and what hosts it.
 *
 * The rooms around this structure: hw_chip.c moves the chip's time and answers
 * register accesses, hw_wake.c bounds how often it does so unasked, hw_irq.c is
 * the interrupt controller the chip is wired to, hw_fault.c what may be broken
 * between the two. hw_sysfs.c is the outside of its line, hw_debugfs.c a look
 * inside. hw_main.c makes and unmakes them.
 */
#ifndef SLOWDEV_HW_H
#define SLOWDEV_HW_H

#include <linux/atomic.h>
#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/ktime.h>
#include <linux/platform_device.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "chip/slowchip.h"

#define SLOWDEV_HW_QUEUE	65536	/* bytes: line_in, and line_out */
#define SLOWDEV_HW_ARRIVALS	8192	/* the newest arrivals are kept */

/* Where the bytes on the line come from. */
enum slowdev_hw_source {
	SLOWDEV_HW_MESSAGE,	/* the parameter `message`, for ever */
	SLOWDEV_HW_COUNTER,	/* 0..255, for ever */
	SLOWDEV_HW_LINE,	/* what is written to line_in */
};

/* How the hardware is broken; see hw_fault.c. */
enum slowdev_hw_fault_kind {
	SLOWDEV_HW_FAULT_NONE,
	SLOWDEV_HW_FAULT_STUCK,
	SLOWDEV_HW_FAULT_LOST,
	SLOWDEV_HW_FAULT_SPURIOUS,
	SLOWDEV_HW_FAULT_VANISH,
};

struct slowdev_hw_fault {
	enum slowdev_hw_fault_kind kind;
	bool unheard;		/* lost: the line's high is */
	u32 rises;		/* lost: the chip's IRQ_COUNT when last looked */
	u32 events;		/* lost: what had happened in it by then */
	u64 next_ns;		/* spurious: when, or SLOWCHIP_NEVER */
	u32 last_rx;		/* vanish: RX_COUNT at which it goes */
};

/* A record of the sysfs file `arrivals`; all zero for a byte not kept. */
struct slowdev_hw_arrival {
	u64 arrived_ns;		/* when it was due: the chip's time */
	u64 raised_ns;		/* when somebody could first have noticed */
};

struct slowdev_hw {
	/*
	 * Guards all below it. Raw, and taken in any context: the driver's
	 * handler, the timer, the interrupt core under its descriptor's lock
	 * (so: never call the interrupt core while holding it), sysfs.
	 */
	raw_spinlock_t lock;
	struct slowchip chip;
	bool irq_enabled;	/* unmasked; cleared without the lock, hw_irq.c */
	bool stopped;		/* going away: start no timer */
	u64 armed_ns;		/* what the timer is set for, or NEVER */
	u32 wakes;		/* wake-ups, wrapping */
	bool measured;		/* the wake-up that is going on is */
	u64 due_ns;		/* when the latest should have begun */
	u64 way_ns;		/* the latest that was measured came so late, */
	u64 woke_ns;		/*   began, */
	u64 over_ns;		/*   and was over; 0: that is counted */
	u64 out_read;		/* bytes of chip.out that line_out gave */
	u32 logged;		/* arrivals below this index are in the log */
	struct slowdev_hw_arrival *arrivals;	/* by index, wrapping */
	u32 *arrival_n;		/* whose record it is */
	u8 *line_in;		/* ring of the source `line`, or NULL */
	struct slowdev_hw_fault fault;

	/* Set before the device exists, then constant. */
	struct hrtimer timer;
	struct irq_work raise;	/* looks at the line, and is its interrupt */
	struct hrtimer raise_timer;	/* the same, by other means */
	struct irq_desc *desc;	/* of its interrupt */
	struct work_struct vanish;	/* the chip goes by itself */
	struct dentry *debugfs;
	unsigned int id;
	unsigned long refused;	/* bit 0: a bad access was reported */

	/* NULL when the chip has gone; see hw_main.c. */
	struct platform_device *pdev;
};

/* hw_chip.c */
int slowdev_hw_chip_init(struct slowdev_hw *hw, enum slowdev_hw_source source,
			 const char *message, u32 period_ns);
void slowdev_hw_chip_stop(struct slowdev_hw *hw);
void slowdev_hw_chip_free(struct slowdev_hw *hw);
void slowdev_hw_chip_reset(struct slowdev_hw *hw);
void slowdev_hw_unmask(struct slowdev_hw *hw);
void __slowdev_hw_settle(struct slowdev_hw *hw, u64 now);
u32 slowdev_hw_bus_read(void *ctx, unsigned int reg);
void slowdev_hw_bus_write(void *ctx, unsigned int reg, u32 val);

/* hw_wake.c */
void slowdev_hw_wake_count(u64 now);
void slowdev_hw_wake_put_off(bool waits);
void slowdev_hw_wake_say(void);
void __slowdev_hw_wake_begins(struct slowdev_hw *hw, u64 now);

extern atomic64_t slowdev_hw_wake_free_ns;

/* When the next wake-up may be; in the past: at once. */
static inline u64 slowdev_hw_wake_earliest(void)
{
	return atomic64_read(&slowdev_hw_wake_free_ns);
}

/*
 * A wake-up is over: nobody was to be interrupted, or the driver is through
 * with it, be it in hard interrupt context or in a thread.
 */
static inline void __slowdev_hw_wake_over(struct slowdev_hw *hw)
{
	if (!hw->measured)
		return;
	hw->over_ns = ktime_get_ns();
	hw->measured = false;
}

/* hw_irq.c */
int slowdev_hw_irq_init(struct slowdev_hw *chips, unsigned int count);
void slowdev_hw_irq_exit(void);
int slowdev_hw_irq_map(unsigned int id);
void slowdev_hw_irq_unmap(unsigned int id);
void slowdev_hw_irq_handle(const struct slowdev_hw *hw);

/* hw_fault.c */
int slowdev_hw_fault_parse(const char *name);
const char *slowdev_hw_fault_name(enum slowdev_hw_fault_kind kind);
void __slowdev_hw_fault_begin(struct slowdev_hw *hw, u64 now);
bool __slowdev_hw_fault_line(struct slowdev_hw *hw);
bool __slowdev_hw_fault_tick(struct slowdev_hw *hw, u64 now);

/* hw_debugfs.c */
void slowdev_hw_debugfs_init(void);
void slowdev_hw_debugfs_exit(void);
void slowdev_hw_debugfs_add(struct slowdev_hw *hw);
void slowdev_hw_debugfs_remove(struct slowdev_hw *hw);

/* hw_sysfs.c */
extern const struct attribute_group *slowdev_hw_groups[];

#endif
