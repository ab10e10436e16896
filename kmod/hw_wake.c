// SPDX-License-Identifier: GPL-2.0-only
/*
 * How often the chips may have the machine wake up: 20,000 times a second, all
 * together, and never for more than half of a CPU's time. A hostile PERIOD on
 * 256 chips must not stall it. What comes too late for a byte is an overrun.
 *
 * Called by hw_chip.c with interrupts off, in hard interrupt context or from a
 * register access. A name with __ wants the chip's lock held.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/printk.h>

#include "hw.h"

#define WAKE_NS		(NSEC_PER_SEC / 20000)
/* One in so many of a chip's wake-ups is measured: its reader waits longer. */
#define WAKE_SAMPLE		16
/* So many in a row that had to wait are no coincidence of several chips. */
#define WAKE_PATIENCE	100

/*
 * Guards the two below it. Inside slowdev_hw.lock; nothing is taken inside it,
 * and what takes it has interrupts off.
 */
static DEFINE_RAW_SPINLOCK(wake_lock);
/*
 * Before this moment the wake-ups we may have are used up. Atomic, since it is
 * looked at without the lock, on 32 bits too.
 */
atomic64_t slowdev_hw_wake_free_ns;
/*
 * What a wake-up costs, the driver's handler included: a running mean. What
 * takes more than twice that was a pause of the machine's, or not for long:
 * one of them must not have chips wait until they lose bytes.
 */
static u64 wake_cost_ns = WAKE_NS / 2;

/* When the latest of any chip began. No lock: a guess. */
static u64 wake_began_ns;
/* Wake-ups of any chip that were put off, in a row. No lock: a guess. */
static unsigned int wake_put_off;

/*
 * What a wake-up takes of the time there is: WAKE_NS, or twice what it costs.
 * Where that is more (with sanitizers, say) half of a CPU is left for everybody
 * else.
 */
static u64 __wake_takes(void)
{
	return max_t(u64, WAKE_NS, 2 * wake_cost_ns);
}

/* Every wake-up does, from @now on. */
void slowdev_hw_wake_count(u64 now)
{
	u64 from;

	raw_spin_lock(&wake_lock);
	from = max_t(u64, atomic64_read(&slowdev_hw_wake_free_ns), now);
	atomic64_set(&slowdev_hw_wake_free_ns, from + __wake_takes());
	raw_spin_unlock(&wake_lock);
}

/* So many a second may be now. */
static u64 wake_rate(void)
{
	u64 takes_ns;

	raw_spin_lock(&wake_lock);
	takes_ns = __wake_takes();
	raw_spin_unlock(&wake_lock);
	return div64_u64(NSEC_PER_SEC, takes_ns);
}

/* One will be, and had to wait for that moment or had not. */
void slowdev_hw_wake_put_off(bool waits)
{
	WRITE_ONCE(wake_put_off, waits ? READ_ONCE(wake_put_off) + 1 : 0);
}

/* With interrupts off, but no lock held, for the console's sake. */
void slowdev_hw_wake_say(void)
{
	if (READ_ONCE(wake_put_off) >= WAKE_PATIENCE)
		pr_notice_once("chips ask for more than %llu wake-ups a second: they come late, bytes may be lost (said once)\n",
			       wake_rate());
}

/*
 * A wake-up begins, and is measured if it is one of those. What the one before
 * cost is worked out only now, for nobody waits for anything yet: what was
 * done, and the way there through the kernel's timers, which back is as long.
 * With sanitizers that is the greater part, and without it nobody else would
 * have his turn. If another chip's wake-up was on our way, how long ours was
 * cannot be said, and what it was the last time holds.
 */
void __slowdev_hw_wake_begins(struct slowdev_hw *hw, u64 now)
{
	bool alone = READ_ONCE(wake_began_ns) <= hw->due_ns;
	u64 cost_ns;

	WRITE_ONCE(wake_began_ns, now);
	if (hw->over_ns) {
		cost_ns = hw->over_ns - hw->woke_ns + 2 * hw->way_ns;
		raw_spin_lock(&wake_lock);
		cost_ns = clamp_t(u64, cost_ns, WAKE_NS / 2, 2 * wake_cost_ns);
		wake_cost_ns = (3 * wake_cost_ns + cost_ns) / 4;
		raw_spin_unlock(&wake_lock);
		hw->over_ns = 0;
	}
	if (hw->wakes++ % WAKE_SAMPLE || hw->measured)
		return;
	if (alone)
		hw->way_ns = now > hw->due_ns ? now - hw->due_ns : 0;
	hw->woke_ns = now;
	hw->measured = true;
}
