/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slowdev.ko inside: one device, its two sides, and what guards what.
 *
 * The interrupt side (slowdev_isr.c) moves bytes between the chip and the
 * buffers; the process side (slowdev_cdev.c) moves them between the buffers
 * and user space. They meet in struct slowdev and nowhere else.
 */
#ifndef SLOWDEV_H
#define SLOWDEV_H

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/irqreturn.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "chip/slowchip_regs.h"
#include "slowdev_bus.h"

#define SLOWDEV_BUFFER		4096	/* bytes, each way: no more than a page */
#define SLOWDEV_TX_TRIGGER	4	/* refill when so few are left */
#define SLOWDEV_LOG_LINES	1000	/* a second, at most */

struct platform_device;

/*
 * A ring: head and tail run freely, head - tail bytes are inside. One side
 * adds at head, the other takes at tail; both move under the device's lock.
 * What lies between them belongs to the taker, the rest to the adder, so that
 * each may copy to or from user space without the lock.
 */
struct slowdev_ring {
	u32 head;
	u32 tail;
	struct page *page;	/* copying from one needs no further checks */
	u8 *bytes;		/* where it is */
};

/* Who sees that a byte was added, or taken, sees its slot as it was left. */
static inline u32 slowdev_ring_level(const struct slowdev_ring *ring)
{
	/* pairs with __slowdev_ring_add() */
	u32 head = smp_load_acquire(&ring->head);

	/*
	 * Pairs with __slowdev_ring_take(). Last: if both move meanwhile, the
	 * ring must not seem full though it never was.
	 */
	return head - smp_load_acquire(&ring->tail);
}

static inline void __slowdev_ring_add(struct slowdev_ring *ring, u32 count)
{
	/* pairs with slowdev_ring_level() and slowdev_readable() */
	smp_store_release(&ring->head, ring->head + count);
}

static inline void __slowdev_ring_take(struct slowdev_ring *ring, u32 count)
{
	/* pairs with slowdev_ring_level() and slowdev_readable() */
	smp_store_release(&ring->tail, ring->tail + count);
}

static inline u32 slowdev_ring_room(const struct slowdev_ring *ring)
{
	return SLOWDEV_BUFFER - slowdev_ring_level(ring);
}

/* From bind on; `stats/` shows them. */
struct slowdev_stats {
	u64 interrupts;		/* handler calls that found work */
	u64 arrived;		/* at the chip, lost ones too */
	u64 rx_bytes;		/* read by users */
	u64 tx_bytes;		/* taken from writers */
	u64 overruns;		/* lost in the chip */
	u64 dropped;		/* lost here */
};

/* What one interrupt found and did; for the log. */
struct slowdev_found {
	u64 number;
	u64 at_ns;
	u32 causes;
	u32 level;		/* of the RX FIFO, at entry */
	unsigned int took;
	unsigned int buffered;
	bool woke;
};

/* The ISR log: when each of the newest lines was written, and where next. */
struct slowdev_log {
	u64 at_ns[SLOWDEV_LOG_LINES];	/* 0: none yet */
	unsigned int next;
	unsigned int left_out;
	struct slowdev_found found;	/* what the next line says */
};

struct slowdev {
	/* Lives until the last file is closed: freed by dev's release. */
	struct device dev;
	struct cdev cdev;

	/* Constant while bound; not to be used once gone is set. */
	const struct slowdev_bus *bus;
	struct platform_device *pdev;
	int irq;
	unsigned int id;		/* N of slowdevN */

	/*
	 * Readers, writers and pollers wait here, each for its key. Its lock is
	 * the device's, so that bytes are stored, and whoever waits for them is
	 * woken and looks for them, under one. It guards all down to the
	 * mutexes, and the chip: whoever reads or writes a register holds it.
	 * Taken by both sides, so with interrupts off on the process side. The
	 * hardware's own lock nests inside.
	 */
	wait_queue_head_t wait;
	bool gone;		/* the chip is, and rx holds its last bytes */
	bool draining;		/* closed, but not all is sent */
	bool tx_refused;	/* a writer got EAGAIN: owes a POLL_OUT */
	unsigned int files;	/* open */
	u32 int_en;		/* what INT_EN holds */
	u32 period_ns;		/* what PERIOD holds */
	struct slowdev_ring rx;
	struct slowdev_ring tx;
	u32 rx_n[SLOWDEV_BUFFER];	/* index since reset of each rx byte */
	u32 next_n;		/* of the byte the chip gives next */
	u32 seen_rx_count;	/* RX_COUNT and OVR_COUNT when last added */
	u32 seen_ovr_count;	/*   to stats */
	struct slowdev_stats stats;
	struct slowdev_log log;

	/*
	 * Held over page faults, never over a wait for the device. The lock
	 * nests inside.
	 */
	struct mutex read_mutex;	/* one reader at a time copies from rx */
	struct mutex write_mutex;	/* one writer at a time copies to tx */

	struct list_head cmds;	/* io_uring commands that wait; see _uring.c */
	struct delayed_work cmd_work;	/* ends those whose ring goes */

	struct fasync_struct *fasync;

	struct hrtimer drain;		/* waits for the shifter after close */
	struct delayed_work log_work;	/* says what the log left out */
};

/*
 * The one condition for reading, and the one for writing: read, write, poll,
 * O_NONBLOCK and IOCB_NOWAIT all ask here. Without the lock: an answer may be
 * old by the time it is used, and whoever acts on it looks again under it.
 */
static inline bool slowdev_readable(const struct slowdev *sd)
{
	/* pairs with __slowdev_ring_take() */
	u32 tail = smp_load_acquire(&sd->rx.tail);

	/*
	 * Pairs with __slowdev_ring_add(). Last: if both move meanwhile, the
	 * ring must not seem empty though it never was.
	 */
	return smp_load_acquire(&sd->rx.head) != tail;
}

/* Once true, what slowdev_readable() then says of the last bytes is final. */
static inline bool slowdev_gone(const struct slowdev *sd)
{
	return smp_load_acquire(&sd->gone);	/* pairs with __mark_gone() */
}

static inline bool slowdev_writable(const struct slowdev *sd)
{
	return slowdev_ring_room(&sd->tx) > 0;
}

static inline u32 slowdev_chip_read(struct slowdev *sd, unsigned int reg)
{
	return sd->bus->read(sd->bus->ctx, reg);
}

static inline unsigned int slowdev_rx_level(u32 status)
{
	return status >> SLOWCHIP_STATUS_RX_LEVEL_SHIFT &
	       SLOWCHIP_STATUS_LEVEL_MASK;
}

static inline unsigned int slowdev_tx_level(u32 status)
{
	return status >> SLOWCHIP_STATUS_TX_LEVEL_SHIFT &
	       SLOWCHIP_STATUS_LEVEL_MASK;
}

static inline void slowdev_chip_write(struct slowdev *sd, unsigned int reg,
				      u32 val)
{
	sd->bus->write(sd->bus->ctx, reg, val);
}

/* slowdev_isr.c: called with lock held and the chip there */
irqreturn_t slowdev_isr(int irq, void *data);
void slowdev_wake_readers(struct slowdev *sd);
void slowdev_wake_writers(struct slowdev *sd);
unsigned int __slowdev_receive(struct slowdev *sd, unsigned int level);
unsigned int __slowdev_transmit(struct slowdev *sd);
void __slowdev_interrupts(struct slowdev *sd, u32 int_en);
void __slowdev_count(struct slowdev *sd);
void __slowdev_find_next(struct slowdev *sd);
void slowdev_log_left_out(struct work_struct *work);
extern unsigned int slowdev_isr_log;

/* slowdev_cdev.c */
extern const struct file_operations slowdev_fops;
void __slowdev_drain(struct slowdev *sd);
enum hrtimer_restart slowdev_drain(struct hrtimer *timer);

/* How a reader takes the mutex: not at all if it must wait, or how waiting. */
enum slowdev_patience {
	SLOWDEV_TRY,		/* -EAGAIN if another copies */
	SLOWDEV_SIGNAL,		/* -ERESTARTSYS if a signal comes */
	SLOWDEV_KILL,		/* only what ends the task, likewise */
};

struct iov_iter;
ssize_t slowdev_try_read(struct slowdev *sd, struct iov_iter *to,
			 enum slowdev_patience patience);
void slowdev_hand_on_reading(struct slowdev *sd);

/* slowdev_uring.c */
struct io_uring_cmd;
int slowdev_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags);
int slowdev_flush(struct file *file, fl_owner_t id);
bool slowdev_start_cmd(struct slowdev *sd);
void slowdev_end_cmds(struct work_struct *work);

/*
 * There are bytes, or will never be: set the first waiting command going.
 * False if none waits, and whoever joins later sees what we were called for.
 */
static inline bool slowdev_wake_cmd(struct slowdev *sd)
{
	return !list_empty(&sd->cmds) && slowdev_start_cmd(sd);
}

/* slowdev_sysfs.c */
extern const struct attribute_group *slowdev_groups[];

#endif
