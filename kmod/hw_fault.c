// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hardware that is broken on purpose, for lessons and for tests. What each
 * fault does is in docs/slowdev.4.
 *
 * The chip itself is always right. A fault sits between its interrupt line and
 * the interrupt controller (stuck, lost, spurious), or takes the chip away
 * (vanish). hw_chip.c asks here what the controller hears.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "hw.h"

#define LOST_EVERY	4		/* rises of the line */
/*
 * The kernel forgives what is rarer than ten a second; more would in the end
 * (99,900 of 100,000 without a cause) make it switch the interrupt off.
 */
#define SPURIOUS_NS	(NSEC_PER_SEC / 8)
#define VANISH_AFTER	100		/* bytes */

static const char * const names[] = {
	[SLOWDEV_HW_FAULT_NONE]		= "none",
	[SLOWDEV_HW_FAULT_STUCK]	= "stuck",
	[SLOWDEV_HW_FAULT_LOST]		= "lost",
	[SLOWDEV_HW_FAULT_SPURIOUS]	= "spurious",
	[SLOWDEV_HW_FAULT_VANISH]	= "vanish",
};

/* The fault of that name, a newline after it or not; or -EINVAL. */
int slowdev_hw_fault_parse(const char *name)
{
	return sysfs_match_string(names, name);
}

const char *slowdev_hw_fault_name(enum slowdev_hw_fault_kind kind)
{
	return names[kind];
}

/* From @now on, and again when the chip was reset. Settle afterwards. */
void __slowdev_hw_fault_begin(struct slowdev_hw *hw, u64 now)
{
	struct slowdev_hw_fault *fault = &hw->fault;

	fault->unheard = false;
	fault->rises = hw->chip.irq_count;
	fault->next_ns = fault->kind == SLOWDEV_HW_FAULT_SPURIOUS ?
			 now + SPURIOUS_NS : SLOWCHIP_NEVER;
	fault->last_rx = hw->chip.rx_count + VANISH_AFTER;
}

/*
 * Each fourth rise of the line is not heard, and the line then neither, until
 * something else happens in the chip: a byte comes or leaves, or the receive
 * time-out is reached.
 */
static bool __unheard(struct slowdev_hw *hw)
{
	const struct slowchip *chip = &hw->chip;
	struct slowdev_hw_fault *fault = &hw->fault;
	u32 events = chip->rx_count + chip->tx_count + chip->rx_timed_out;

	if (chip->irq_count != fault->rises)
		fault->unheard = chip->irq_count % LOST_EVERY == 0;
	else if (events != fault->events)
		fault->unheard = false;
	fault->rises = chip->irq_count;
	fault->events = events;
	return fault->unheard;
}

/* After the chip has moved: what the interrupt controller sees of its line. */
bool __slowdev_hw_fault_line(struct slowdev_hw *hw)
{
	switch (hw->fault.kind) {
	case SLOWDEV_HW_FAULT_STUCK:
		return true;
	case SLOWDEV_HW_FAULT_LOST:
		return !__unheard(hw) && slowchip_irq(&hw->chip);
	default:
		return slowchip_irq(&hw->chip);
	}
}

/*
 * The timer's part, in hard interrupt context, after the chip has moved:
 * whether to interrupt at this moment though the line may be low.
 */
bool __slowdev_hw_fault_tick(struct slowdev_hw *hw, u64 now)
{
	struct slowdev_hw_fault *fault = &hw->fault;

	if (fault->kind == SLOWDEV_HW_FAULT_VANISH &&
	    (s32)(hw->chip.rx_count - fault->last_rx) >= 0)
		schedule_work(&hw->vanish);
	if (now < fault->next_ns)
		return false;
	fault->next_ns = now + SPURIOUS_NS;
	return true;
}
