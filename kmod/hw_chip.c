// SPDX-License-Identifier: GPL-2.0-only
/*
 * The chip's host in Linux: its time, its lock, and when its line is heard.
 *
 * The chip's clock is CLOCK_MONOTONIC. A timer in hard interrupt context
 * (PREEMPT_RT included) wakes when the chip's line can rise by itself; register
 * accesses come from the driver, in any context. Both let the chip catch up to
 * the present first, so arrival times are exact however late anyone comes.
 *
 * The line is heard in hard interrupt context only: by an irq_work (or a second
 * timer, see __raise_soon()), which the timer queues, or a register access or
 * an unmask that found it high.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ktime.h>
#include <linux/slab.h>

#include "compat.h"
#include "hw.h"

/*
 * So much before its moment we wake up. A chip made of silicon needs no
 * software for its line to rise. Ours does: a timer interrupt, this file, and
 * an irq_work's interrupt, some 2200 instructions. They are over by then, so
 * that what is measured from a byte's arrival is the driver's.
 */
#define LEAD_NS		3000

/*
 * Log what has arrived since the last look. It is in the FIFO still: bytes
 * are popped only after the chip has caught up, and that was looked at. What
 * was lost gets no record, so that a look at it finds another's index.
 */
static void __log_arrivals(struct slowdev_hw *hw, u64 now)
{
	const struct slowchip *chip = &hw->chip;
	int i;

	if (chip->rx_count == hw->logged)
		return;
	for (i = 0; i < chip->rx_level; i++) {
		const struct slowchip_byte *byte =
			&chip->rx[(chip->rx_head + i) % SLOWCHIP_FIFO_SIZE];
		u32 slot = byte->n % SLOWDEV_HW_ARRIVALS;

		if ((s32)(byte->n - hw->logged) < 0)
			continue;
		hw->arrivals[slot].arrived_ns = byte->at;
		hw->arrivals[slot].raised_ns = now;
		hw->arrival_n[slot] = byte->n;
	}
	hw->logged = chip->rx_count;
}

/* RST: indices start again, and an old record must not pass for a new one. */
static void __forget_arrivals(struct slowdev_hw *hw)
{
	memset(hw->arrival_n, 0xff,
	       SLOWDEV_HW_ARRIVALS * sizeof(*hw->arrival_n));
	hw->logged = 0;
}

/* Be woken for @at, no more often than may be. Too early does no harm. */
static void __arm_for(struct slowdev_hw *hw, u64 at)
{
	u64 may;

	if (hw->stopped || at == SLOWCHIP_NEVER)
		return;
	may = max(at, slowdev_hw_wake_earliest() + LEAD_NS);
	if (may >= hw->armed_ns)
		return;
	slowdev_hw_wake_put_off(may > at);
	hw->armed_ns = may;
	/* ktime_t is signed: 292 years are never, too */
	hrtimer_start(&hw->timer, min_t(u64, may - LEAD_NS, KTIME_MAX),
		      HRTIMER_MODE_ABS_HARD);
}

/*
 * When the line can rise. A fault may happen at a moment of its own, or with
 * anything that happens in the chip.
 */
static u64 __next(const struct slowdev_hw *hw)
{
	if (hw->fault.kind == SLOWDEV_HW_FAULT_NONE)
		return slowchip_next_irq(&hw->chip);
	return min_t(u64, slowchip_next(&hw->chip), hw->fault.next_ns);
}

/* The line as it is heard. A fault counts what it sees of it. */
static bool __line(struct slowdev_hw *hw)
{
	if (hw->fault.kind == SLOWDEV_HW_FAULT_NONE)
		return slowchip_irq(&hw->chip);
	return __slowdev_hw_fault_line(hw);
}

/*
 * To be in hard interrupt context at once. Where an irq_work has no interrupt
 * of its own it waits for the tick, so there a timer that is due does the same.
 */
static void __raise_soon(struct slowdev_hw *hw)
{
	if (arch_irq_work_has_interrupt())
		irq_work_queue(&hw->raise);
	else
		hrtimer_start(&hw->raise_timer, 0, HRTIMER_MODE_ABS_HARD);
}

static bool __raise_pending(struct slowdev_hw *hw)
{
	return arch_irq_work_has_interrupt() ?
	       irq_work_is_pending(&hw->raise) :
	       hrtimer_is_queued(&hw->raise_timer);
}

/*
 * The line is high and somebody listens. Interrupting is a wake-up, too: a
 * driver that does not get the line down is called no more often than that.
 */
static void __raise(struct slowdev_hw *hw)
{
	u64 now = ktime_get_ns();

	if (hw->stopped || __raise_pending(hw))
		return;
	if (slowdev_hw_wake_earliest() > now) {
		__arm_for(hw, now);
		return;
	}
	slowdev_hw_wake_count(now);
	hw->due_ns = now;
	__raise_soon(hw);
}

/* As below, where anything that happens may be a fault's, masked or not. */
static void __listen_broken(struct slowdev_hw *hw)
{
	bool high = __line(hw);

	__arm_for(hw, __next(hw));
	if (high && READ_ONCE(hw->irq_enabled))
		__raise(hw);
}

/* Whoever listens to the line hears it, now or when it rises. */
static inline void __listen(struct slowdev_hw *hw)
{
	if (hw->fault.kind != SLOWDEV_HW_FAULT_NONE) {
		__listen_broken(hw);
		return;
	}
	if (!READ_ONCE(hw->irq_enabled))
		return;		/* the unmask comes here again */
	/* it does not rise without anything happening */
	if (slowchip_next(&hw->chip) < hw->armed_ns)
		__arm_for(hw, __next(hw));
	if (slowchip_irq(&hw->chip))
		__raise(hw);
}

/* After the chip has moved to @now, in any context. */
void __slowdev_hw_settle(struct slowdev_hw *hw, u64 now)
{
	lockdep_assert_held(&hw->lock);
	__log_arrivals(hw, now);
	__listen(hw);
}

/* From the interrupt core, with interrupts off. */
void slowdev_hw_unmask(struct slowdev_hw *hw)
{
	raw_spin_lock(&hw->lock);
	WRITE_ONCE(hw->irq_enabled, true);
	__slowdev_hw_wake_over(hw);
	__listen(hw);
	raw_spin_unlock(&hw->lock);
}

/* Hard interrupt context. */
static enum hrtimer_restart hw_tick(struct hrtimer *timer)
{
	struct slowdev_hw *hw = container_of(timer, struct slowdev_hw, timer);
	unsigned long flags;

	raw_spin_lock_irqsave(&hw->lock, flags);
	slowdev_hw_wake_count(ktime_get_ns());
	hw->due_ns = hw->armed_ns - LEAD_NS;
	hw->armed_ns = SLOWCHIP_NEVER;
	__raise_soon(hw);
	raw_spin_unlock_irqrestore(&hw->lock, flags);
	slowdev_hw_wake_say();
	return HRTIMER_NORESTART;
}

/*
 * Hard interrupt context, with interrupts off: the line is about to rise, or is
 * high. In the first case the chip is moved to that moment and held back, by
 * our lock, until it has come.
 */
static void hw_raise(struct slowdev_hw *hw)
{
	bool raise;
	u64 now;

	raw_spin_lock(&hw->lock);
	now = ktime_get_ns();
	__slowdev_hw_wake_begins(hw, now);
	slowchip_advance(&hw->chip, now);
	if (!__line(hw) && __next(hw) - LEAD_NS <= now) {
		now = max(now, __next(hw));
		slowchip_advance(&hw->chip, now);
	}
	__log_arrivals(hw, now);
	raise = __slowdev_hw_fault_tick(hw, now) || __line(hw);
	__arm_for(hw, __next(hw));
	raise &= READ_ONCE(hw->irq_enabled);
	if (!raise)
		__slowdev_hw_wake_over(hw);
	while (ktime_get_ns() < now)
		cpu_relax();
	raw_spin_unlock(&hw->lock);
	if (raise)
		slowdev_hw_irq_handle(hw);
}

static void hw_raise_by_work(struct irq_work *work)
{
	hw_raise(container_of(work, struct slowdev_hw, raise));
}

static enum hrtimer_restart hw_raise_by_timer(struct hrtimer *timer)
{
	hw_raise(container_of(timer, struct slowdev_hw, raise_timer));
	return HRTIMER_NORESTART;
}

/* An access that the chip does not decode is said once a chip. */
static void refuse(struct slowdev_hw *hw, const char *what, unsigned int reg)
{
	if (!test_and_set_bit(0, &hw->refused))
		pr_err("slowdev.%u: %s of 0x%x, where the chip has no register (said once a chip)\n",
		       hw->id, what, reg);
}

u32 slowdev_hw_bus_read(void *ctx, unsigned int reg)
{
	struct slowdev_hw *hw = ctx;
	unsigned long flags;
	u64 now;
	u32 val;

	if (!slowchip_has(reg)) {
		refuse(hw, "read", reg);
		return 0;
	}
	raw_spin_lock_irqsave(&hw->lock, flags);
	now = ktime_get_ns();
	/* what arrives by now is logged before this read can pop it */
	slowchip_advance(&hw->chip, now);
	__log_arrivals(hw, now);
	val = slowchip_read(&hw->chip, now, reg);
	__listen(hw);
	raw_spin_unlock_irqrestore(&hw->lock, flags);
	return val;
}

void slowdev_hw_bus_write(void *ctx, unsigned int reg, u32 val)
{
	struct slowdev_hw *hw = ctx;
	unsigned long flags;
	u64 now;

	if (!slowchip_has(reg)) {
		refuse(hw, "write", reg);
		return;
	}
	raw_spin_lock_irqsave(&hw->lock, flags);
	now = ktime_get_ns();
	slowchip_write(&hw->chip, now, reg, val);
	if (reg == SLOWCHIP_CTRL && (val & SLOWCHIP_CTRL_RST)) {
		__forget_arrivals(hw);
		__slowdev_hw_fault_begin(hw, now);
	}
	__slowdev_hw_settle(hw, now);
	raw_spin_unlock_irqrestore(&hw->lock, flags);
}

/* A driver finds the chip as after power-on. */
void slowdev_hw_chip_reset(struct slowdev_hw *hw)
{
	slowdev_hw_bus_write(hw, SLOWCHIP_CTRL, SLOWCHIP_CTRL_RST);
}

static int chip_memory(struct slowdev_hw *hw, enum slowdev_hw_source source)
{
	hw->arrivals = kvcalloc(SLOWDEV_HW_ARRIVALS, sizeof(*hw->arrivals),
				GFP_KERNEL);
	hw->arrival_n = kvcalloc(SLOWDEV_HW_ARRIVALS, sizeof(*hw->arrival_n),
				 GFP_KERNEL);
	hw->chip.out.ring = kvmalloc(SLOWDEV_HW_QUEUE, GFP_KERNEL);
	if (source == SLOWDEV_HW_LINE)
		hw->line_in = kvmalloc(SLOWDEV_HW_QUEUE, GFP_KERNEL);
	if (!hw->arrivals || !hw->arrival_n || !hw->chip.out.ring ||
	    (source == SLOWDEV_HW_LINE && !hw->line_in))
		return -ENOMEM;
	return 0;
}

static void chip_line(struct slowdev_hw *hw, enum slowdev_hw_source source,
		      const char *message)
{
	struct slowchip_line *line = &hw->chip.line;
	static u8 counter[256];
	int i;

	line->left = SLOWCHIP_ENDLESS;
	switch (source) {
	case SLOWDEV_HW_MESSAGE:
		line->ring = message;
		line->size = strlen(message);
		break;
	case SLOWDEV_HW_COUNTER:
		for (i = 0; i < ARRAY_SIZE(counter); i++)
			counter[i] = i;
		line->ring = counter;
		line->size = ARRAY_SIZE(counter);
		break;
	case SLOWDEV_HW_LINE:
		line->ring = hw->line_in;
		line->size = SLOWDEV_HW_QUEUE;
		line->left = 0;
		break;
	}
}

/* Process context, before anyone knows the chip. 0 or -ENOMEM. */
int slowdev_hw_chip_init(struct slowdev_hw *hw, enum slowdev_hw_source source,
			 const char *message, u32 period_ns)
{
	int err = chip_memory(hw, source);

	if (err) {
		slowdev_hw_chip_free(hw);
		return err;
	}
	raw_spin_lock_init(&hw->lock);
	chip_line(hw, source, message);
	hw->chip.out.size = SLOWDEV_HW_QUEUE;
	hw->chip.board_period = period_ns;
	slowchip_init(&hw->chip, ktime_get_ns());
	__slowdev_hw_fault_begin(hw, hw->chip.now);
	hw->armed_ns = SLOWCHIP_NEVER;
	hw->raise = IRQ_WORK_INIT_HARD(hw_raise_by_work);
	hrtimer_setup(&hw->raise_timer, hw_raise_by_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_HARD);
	hrtimer_setup(&hw->timer, hw_tick, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_HARD);
	return 0;
}

/* Process context, after the platform device is gone: nobody calls us now. */
void slowdev_hw_chip_stop(struct slowdev_hw *hw)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&hw->lock, flags);
	hw->stopped = true;
	raw_spin_unlock_irqrestore(&hw->lock, flags);
	hrtimer_cancel(&hw->timer);
	irq_work_sync(&hw->raise);
	hrtimer_cancel(&hw->raise_timer);
}

void slowdev_hw_chip_free(struct slowdev_hw *hw)
{
	kvfree(hw->line_in);
	kvfree(hw->chip.out.ring);
	kvfree(hw->arrival_n);
	kvfree(hw->arrivals);
}
