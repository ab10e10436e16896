// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupt side: drain the chip, refill it, wake, signal, log.
 *
 * slowdev_isr() runs in hard interrupt context, or in a thread of its own
 * (threaded=1, PREEMPT_RT); nothing here sleeps, and nothing here asks which.
 * The __ functions move bytes between chip and rings and are also called by
 * the process side, with the lock held.
 */
#include <linux/interrupt.h>
#include <linux/ktime.h>
#include <linux/platform_device.h>
#include <linux/poll.h>

#include "compat.h"
#include "slowdev.h"
#include "slowdev_trace.h"

/* So many interrupts bring far fewer than the 2^32 bytes the chip can count. */
#define COUNT_EVERY	65536

/*
 * Take the @level bytes that STATUS said the RX FIFO holds. What comes
 * meanwhile keeps the line high and has its turn. Returns how many bytes were
 * taken; those that found no reader or no room are dropped, and not among the
 * readable.
 */
static __always_inline unsigned int __receive(struct slowdev *sd,
					      unsigned int level)
{
	struct slowdev_ring *rx = &sd->rx;
	unsigned int took = 0;
	u32 data, slot;

	for (; took < level; took++) {
		data = slowdev_chip_read(sd, SLOWCHIP_DATA);
		if (!(data & SLOWCHIP_DATA_VALID))
			break;
		trace_slowdev_rx(sd->id, sd->next_n,
				 data & SLOWCHIP_DATA_BYTE);
		if (!sd->files || !slowdev_ring_room(rx)) {
			sd->stats.dropped++;
			sd->next_n++;
			continue;
		}
		slot = rx->head % SLOWDEV_BUFFER;
		rx->bytes[slot] = data & SLOWCHIP_DATA_BYTE;
		sd->rx_n[slot] = sd->next_n++;
		__slowdev_ring_add(rx, 1);
	}
	return took;
}

/* As above, for the process side. */
unsigned int __slowdev_receive(struct slowdev *sd, unsigned int level)
{
	return __receive(sd, level);
}

/*
 * Give the TX FIFO what it has room for, a FIFO's worth at most, and ask for
 * an interrupt if more is left. Returns how many bytes left the ring.
 */
unsigned int __slowdev_transmit(struct slowdev *sd)
{
	struct slowdev_ring *tx = &sd->tx;
	unsigned int gave = 0;

	while (gave < SLOWCHIP_FIFO_SIZE && slowdev_ring_level(tx) &&
	       (slowdev_chip_read(sd, SLOWCHIP_STATUS) &
		SLOWCHIP_STATUS_TX_RDY)) {
		slowdev_chip_write(sd, SLOWCHIP_DATA,
				   tx->bytes[tx->tail % SLOWDEV_BUFFER]);
		__slowdev_ring_take(tx, 1);
		gave++;
	}
	/* with nothing to send the cause would stay, and the line with it */
	__slowdev_interrupts(sd, slowdev_ring_level(tx) ?
			     sd->int_en | SLOWCHIP_INT_TX :
			     sd->int_en & ~SLOWCHIP_INT_TX);
	return gave;
}

void __slowdev_interrupts(struct slowdev *sd, u32 int_en)
{
	if (sd->int_en == int_en)
		return;
	sd->int_en = int_en;
	slowdev_chip_write(sd, SLOWCHIP_INT_EN, int_en);
}

/* Bring the 64-bit counts up to the chip's, which wrap at 32 bits. */
void __slowdev_count(struct slowdev *sd)
{
	u32 ovr_count = slowdev_chip_read(sd, SLOWCHIP_OVR_COUNT);
	u32 rx_count = slowdev_chip_read(sd, SLOWCHIP_RX_COUNT);

	sd->stats.arrived += rx_count - sd->seen_rx_count;
	sd->stats.overruns += ovr_count - sd->seen_ovr_count;
	sd->seen_rx_count = rx_count;
	sd->seen_ovr_count = ovr_count;
}

/*
 * Which byte the chip gives next: those in the FIFO are the newest arrived. If
 * one arrives between two looks, look again. Where bytes come as fast as we
 * can look that may not end, so not for ever: there the index is a guess.
 */
void __slowdev_find_next(struct slowdev *sd)
{
	int tries = 4;
	u32 count, level;

	do {
		count = slowdev_chip_read(sd, SLOWCHIP_RX_COUNT);
		level = slowdev_rx_level(slowdev_chip_read(sd,
							   SLOWCHIP_STATUS));
	} while (slowdev_chip_read(sd, SLOWCHIP_RX_COUNT) != count && --tries);
	sd->next_n = count - level;
}

/*
 * Bytes were lost. The FIFO was full then, and what it held has just been
 * taken, so the gap is before the byte that comes next.
 */
static void __overrun(struct slowdev *sd)
{
	slowdev_chip_write(sd, SLOWCHIP_INT, SLOWCHIP_INT_OVR);
	__slowdev_count(sd);
	__slowdev_find_next(sd);
}

/*
 * Note what an interrupt found and did, if a line may be logged now. Those that
 * may not are counted, and said later.
 */
static bool __log_admits(struct slowdev *sd, u32 status, u32 causes,
			 unsigned int took, bool stored)
{
	struct slowdev_log *log = &sd->log;
	u64 *oldest_ns = &log->at_ns[log->next];
	u64 now_ns = log->found.at_ns;

	if (*oldest_ns && now_ns - *oldest_ns < NSEC_PER_SEC) {
		log->left_out++;
		schedule_delayed_work(&sd->log_work, HZ);
		return false;
	}
	*oldest_ns = now_ns;
	log->next = (log->next + 1) % SLOWDEV_LOG_LINES;
	log->found.number = sd->stats.interrupts;
	log->found.causes = causes;
	log->found.level = slowdev_rx_level(status);
	log->found.took = took;
	log->found.buffered = slowdev_ring_level(&sd->rx);
	/* only the log asks, so no barrier: a guess will do */
	log->found.woke = stored && waitqueue_active(&sd->wait);
	return true;
}

/* Process context, a worker or remove(): a second after the first left out. */
void slowdev_log_left_out(struct work_struct *work)
{
	struct slowdev *sd = container_of(to_delayed_work(work),
					  struct slowdev, log_work);
	unsigned int left_out;

	spin_lock_irq(&sd->wait.lock);
	left_out = sd->log.left_out;
	sd->log.left_out = 0;
	spin_unlock_irq(&sd->wait.lock);
	if (left_out)
		dev_info(&sd->pdev->dev, "isr log: %u lines left out\n",
			 left_out);
}

/* No lock: only the handler writes it, and that runs once at a time. */
static void log_found(struct slowdev *sd)
{
	const struct slowdev_found *found = &sd->log.found;
	static const char * const names[] = {
		"", "RX", "TX", "RX+TX", "OVR", "RX+OVR", "TX+OVR", "RX+TX+OVR",
	};

	dev_info(&sd->pdev->dev,
		 "isr #%llu at %llu ns: %s level=%u took=%u buffered=%u woke=%u\n",
		 found->number, found->at_ns, names[found->causes & 7],
		 found->level, found->took, found->buffered, found->woke);
}

/*
 * Wake all pollers that wait for @key, and one sleeper; the lock is held. As
 * wake_up_locked_poll(), but the longest waiting of the pollers comes to its
 * byte first. Otherwise of many io_uring reads the newest would always be
 * served, and the oldest tried in vain until io_uring gives it to a worker
 * thread (after 128 times).
 */
static void __wake(struct slowdev *sd, __poll_t key)
{
	wait_queue_head_t *wait = &sd->wait;
	struct wait_queue_entry *entry, *next;

	if (!SLOWDEV_WAKE_OLDEST_FIRST) {
		wake_up_locked_poll(wait, key);
		return;
	}
	/* pollers are added at the head, exclusive waiters at the tail */
	list_for_each_entry_safe_reverse(entry, next, &wait->head, entry)
		if (!(entry->flags & WQ_FLAG_EXCLUSIVE))
			entry->func(entry, TASK_INTERRUPTIBLE, 0,
				    poll_to_key(key));
	list_for_each_entry_safe(entry, next, &wait->head, entry)
		if ((entry->flags & WQ_FLAG_EXCLUSIVE) &&
		    entry->func(entry, TASK_INTERRUPTIBLE, 0,
				poll_to_key(key)) > 0)
			break;
}

static void __wake_readers(struct slowdev *sd)
{
	trace_slowdev_wake(sd->id, (__force u32)EPOLLIN,
			   sd->rx.head - sd->rx.tail);
	__wake(sd, EPOLLIN | EPOLLRDNORM);
}

static void __wake_writers(struct slowdev *sd)
{
	trace_slowdev_wake(sd->id, (__force u32)EPOLLOUT,
			   sd->tx.head - sd->tx.tail);
	__wake(sd, EPOLLOUT | EPOLLWRNORM);
}

/* There are bytes: whoever waits for some, in whatever way. Any context. */
void slowdev_wake_readers(struct slowdev *sd)
{
	unsigned long flags;

	spin_lock_irqsave(&sd->wait.lock, flags);
	__wake_readers(sd);
	spin_unlock_irqrestore(&sd->wait.lock, flags);
	slowdev_wake_cmd(sd);
}

/* There is room. Any context. */
void slowdev_wake_writers(struct slowdev *sd)
{
	unsigned long flags;

	spin_lock_irqsave(&sd->wait.lock, flags);
	__wake_writers(sd);
	spin_unlock_irqrestore(&sd->wait.lock, flags);
}

/* Which of the causes that we listen to @status shows. */
static u32 __causes(const struct slowdev *sd, u32 status)
{
	u32 causes = 0;

	if (slowdev_rx_level(status))
		causes |= SLOWCHIP_INT_RX;
	if (slowdev_tx_level(status) <= SLOWDEV_TX_TRIGGER)
		causes |= SLOWCHIP_INT_TX;
	if (status & SLOWCHIP_STATUS_OVR)
		causes |= SLOWCHIP_INT_OVR;
	return causes & sd->int_en;
}

/*
 * The chip's line is high. STATUS tells why, and how many bytes there are: a
 * read of INT and one of an empty DATA less.
 */
irqreturn_t slowdev_isr(int irq, void *data)
{
	struct slowdev *sd = data;
	bool refused_writer = false;
	unsigned int room = 0;
	u32 status, head, causes = 0;
	unsigned long flags;
	unsigned int took;
	bool stored, log;

	/* a thread may be interrupted, by the drain's timer among others */
	spin_lock_irqsave(&sd->wait.lock, flags);
	/* gone: remove() has silenced the chip and waits for us to be done */
	if (!sd->gone) {
		status = slowdev_chip_read(sd, SLOWCHIP_STATUS);
		causes = __causes(sd, status);
	}
	if (!causes) {
		spin_unlock_irqrestore(&sd->wait.lock, flags);
		return IRQ_NONE;
	}
	sd->stats.interrupts++;
	log = READ_ONCE(slowdev_isr_log);
	if (log)
		sd->log.found.at_ns = ktime_get_ns();
	head = sd->rx.head;
	took = __receive(sd, slowdev_rx_level(status));
	stored = sd->rx.head != head;
	/* taken from a full FIFO: perhaps bytes are being lost right now */
	if (took == SLOWCHIP_FIFO_SIZE)
		causes |= slowdev_chip_read(sd, SLOWCHIP_INT) &
			  SLOWCHIP_INT_OVR;
	if (causes & SLOWCHIP_INT_OVR)
		__overrun(sd);
	if (causes & SLOWCHIP_INT_TX)
		room = __slowdev_transmit(sd);
	if (room) {
		refused_writer = sd->tx_refused;
		sd->tx_refused = false;
	}
	trace_slowdev_irq(sd->id, sd->stats.interrupts, causes, took);
	if (sd->stats.interrupts % COUNT_EVERY == 0)
		__slowdev_count(sd);
	if (log)
		log = __log_admits(sd, status, causes, took, stored);
	if (stored)
		__wake_readers(sd);
	if (room)
		__wake_writers(sd);
	spin_unlock_irqrestore(&sd->wait.lock, flags);

	if (stored) {
		slowdev_wake_cmd(sd);
		/* it looks as well, but few ask for signals: spare the call */
		if (READ_ONCE(sd->fasync))
			kill_fasync(&sd->fasync, SIGIO, POLL_IN);
	}
	if (refused_writer)
		kill_fasync(&sd->fasync, SIGIO, POLL_OUT);
	if (log)
		log_found(sd);
	return IRQ_HANDLED;
}
