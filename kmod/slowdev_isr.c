// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupt side: drain the chip, refill it, wake, signal, log.
 *
 * slowdev_isr() runs in hard interrupt context (in a thread of its own on
 * PREEMPT_RT); nothing here sleeps. The __ functions move bytes between chip
 * and rings and are also called by the process side, with sd->lock held.
 */
#include <linux/interrupt.h>
#include <linux/ktime.h>
#include <linux/platform_device.h>
#include <linux/poll.h>

#include "slowdev.h"

#define LOG_LINES_PER_S	1000	/* a chip */

/* What one interrupt found and did; for the log. */
struct found {
	u64 number;
	u64 at_ns;
	u32 causes;
	u32 level;		/* of the RX FIFO, at entry */
	unsigned int took;
	unsigned int buffered;
	bool woke;
};

/*
 * Take all that the RX FIFO holds. Returns how many bytes were taken; those
 * that found no reader or no room are dropped, and not among the readable.
 */
unsigned int __slowdev_receive(struct slowdev *sd)
{
	struct slowdev_ring *rx = &sd->rx;
	unsigned int took = 0;
	u32 data, slot;

	while ((data = slowdev_chip_read(sd, SLOWCHIP_DATA)) &
	       SLOWCHIP_DATA_VALID) {
		took++;
		if (!sd->files || !slowdev_ring_room(rx)) {
			sd->stats.dropped++;
			sd->next_n++;
			continue;
		}
		slot = rx->head % SLOWDEV_BUFFER;
		rx->bytes[slot] = data & SLOWCHIP_DATA_BYTE;
		sd->rx_n[slot] = sd->next_n++;
		WRITE_ONCE(rx->head, rx->head + 1);
	}
	return took;
}

/*
 * Give the TX FIFO what it has room for, and ask for an interrupt if more is
 * left. Returns how many bytes left the ring.
 */
unsigned int __slowdev_transmit(struct slowdev *sd)
{
	struct slowdev_ring *tx = &sd->tx;
	unsigned int gave = 0;

	while (slowdev_ring_level(tx) &&
	       (slowdev_chip_read(sd, SLOWCHIP_STATUS) &
		SLOWCHIP_STATUS_TX_RDY)) {
		slowdev_chip_write(sd, SLOWCHIP_DATA,
				   tx->bytes[tx->tail % SLOWDEV_BUFFER]);
		WRITE_ONCE(tx->tail, tx->tail + 1);
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
 * Bytes were lost behind those just taken: the FIFO is empty now, or as good
 * as, so the next one is the next to arrive. (Bytes that came while we drained
 * may carry too low an index; the chip does not tell them apart.)
 */
static void __overrun(struct slowdev *sd)
{
	slowdev_chip_write(sd, SLOWCHIP_INT, SLOWCHIP_INT_OVR);
	__slowdev_count(sd);
	sd->next_n = sd->seen_rx_count;
}

/* May a line be logged now? Counts those that may not. */
static bool __log_admits(struct slowdev *sd, u64 now_ns, unsigned int *left_out)
{
	struct slowdev_log *log = &sd->log;

	if (now_ns - log->began_ns >= NSEC_PER_SEC) {
		*left_out = log->left_out;
		log->began_ns = now_ns;
		log->lines = 0;
		log->left_out = 0;
	}
	if (log->lines == LOG_LINES_PER_S) {
		log->left_out++;
		return false;
	}
	log->lines++;
	return true;
}

static void log_left_out(struct slowdev *sd, unsigned int left_out)
{
	if (left_out)
		dev_info(&sd->pdev->dev, "isr log: %u lines left out\n",
			 left_out);
}

/* Process context, the chip is there: say what the last window left out. */
void slowdev_log_flush(struct slowdev *sd)
{
	unsigned int left_out;

	spin_lock_irq(&sd->lock);
	left_out = sd->log.left_out;
	sd->log.left_out = 0;
	spin_unlock_irq(&sd->lock);
	log_left_out(sd, left_out);
}

static void log_found(struct slowdev *sd, const struct found *found)
{
	static const char * const names[] = {
		"", "RX", "TX", "RX+TX", "OVR", "RX+OVR", "TX+OVR", "RX+TX+OVR",
	};

	dev_info(&sd->pdev->dev,
		 "isr #%llu at %llu ns: %s level=%u took=%u buffered=%u woke=%u\n",
		 found->number, found->at_ns, names[found->causes & 7],
		 found->level, found->took, found->buffered, found->woke);
}

/* The chip's line is high. */
irqreturn_t slowdev_isr(int irq, void *data)
{
	struct slowdev *sd = data;
	bool refused_writer = false;
	unsigned int left_out = 0;
	struct found found = {};
	unsigned int room = 0;
	unsigned int before;
	bool stored, log;

	spin_lock(&sd->lock);
	/* gone: remove() has silenced the chip and waits for us to be done */
	if (!sd->gone)
		found.causes = slowdev_chip_read(sd, SLOWCHIP_INT) & sd->int_en;
	if (!found.causes) {
		spin_unlock(&sd->lock);
		return IRQ_NONE;
	}
	found.number = ++sd->stats.interrupts;
	log = READ_ONCE(slowdev_isr_log);
	if (log) {
		found.at_ns = ktime_get_ns();
		found.level = slowdev_chip_read(sd, SLOWCHIP_STATUS) >>
			      SLOWCHIP_STATUS_RX_LEVEL_SHIFT &
			      SLOWCHIP_STATUS_LEVEL_MASK;
	}
	before = slowdev_ring_level(&sd->rx);
	found.took = __slowdev_receive(sd);
	found.buffered = slowdev_ring_level(&sd->rx);
	stored = found.buffered > before;
	if (found.causes & SLOWCHIP_INT_OVR)
		__overrun(sd);
	if (found.causes & SLOWCHIP_INT_TX)
		room = __slowdev_transmit(sd);
	if (room) {
		refused_writer = sd->tx_refused;
		sd->tx_refused = false;
	}
	if (log)
		log = __log_admits(sd, found.at_ns, &left_out);
	spin_unlock(&sd->lock);

	if (stored) {
		/* only the log asks, so no barrier: a guess will do */
		found.woke = waitqueue_active(&sd->rx_wait);
		wake_up_interruptible_poll(&sd->rx_wait, EPOLLIN | EPOLLRDNORM);
		kill_fasync(&sd->fasync, SIGIO, POLL_IN);
	}
	if (room)
		wake_up_interruptible_poll(&sd->tx_wait,
					   EPOLLOUT | EPOLLWRNORM);
	if (refused_writer)
		kill_fasync(&sd->fasync, SIGIO, POLL_OUT);
	log_left_out(sd, left_out);
	if (log)
		log_found(sd, &found);
	return IRQ_HANDLED;
}
