// SPDX-License-Identifier: GPL-2.0-only
/*
 * The process side: /dev/slowdevN.
 *
 * Called by the VFS in process context, and by io_uring with IOCB_NOWAIT, when
 * it may not sleep. A reader looks for bytes under read_mutex, and drops it
 * before it sleeps: whoever sleeps holds nothing that remove() or another
 * reader waits for. Writers likewise.
 */
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/uio.h>

#include "compat.h"
#include "slowdev.h"
#include "slowdev_trace.h"

#define DRAIN_LOOKS	8	/* a byte, for the shifter to be done */
#define DRAIN_LOOK_NS	50000	/* but no more often */

static bool nonblocking(const struct kiocb *iocb)
{
	return (iocb->ki_filp->f_flags & O_NONBLOCK) ||
	       (iocb->ki_flags & IOCB_NOWAIT);
}

/*
 * Another copier holds the mutex, perhaps over a page fault. Only IOCB_NOWAIT
 * may not wait for it; O_NONBLOCK must not say EAGAIN while there are bytes.
 */
static enum slowdev_patience patience(const struct kiocb *iocb)
{
	return iocb->ki_flags & IOCB_NOWAIT ? SLOWDEV_TRY : SLOWDEV_SIGNAL;
}

static int lock_copy(struct mutex *mutex, enum slowdev_patience patience)
{
	switch (patience) {
	case SLOWDEV_TRY:
		return mutex_trylock(mutex) ? 0 : -EAGAIN;
	case SLOWDEV_SIGNAL:
		return mutex_lock_interruptible(mutex) ? -ERESTARTSYS : 0;
	default:
		return mutex_lock_killable(mutex) ? -ERESTARTSYS : 0;
	}
}

/*
 * Copy from the ring until it, or @to, is at its end or a page is bad. The
 * bytes are ours until tail moves, so no lock is needed while copying.
 * Returns the bytes copied, or -EFAULT if not one could be.
 */
static ssize_t copy_out(struct slowdev *sd, struct iov_iter *to)
{
	struct slowdev_ring *rx = &sd->rx;
	u32 level = slowdev_ring_level(rx);
	size_t copied = 0;
	u32 at, run;
	size_t n;

	while (copied < level && iov_iter_count(to)) {
		at = (rx->tail + copied) % SLOWDEV_BUFFER;
		run = min_t(size_t, level - copied, SLOWDEV_BUFFER - at);
		run = min_t(size_t, run, iov_iter_count(to));
		n = copy_page_to_iter(rx->page, at, run, to);
		copied += n;
		if (n < run)
			break;
	}
	if (!copied)
		return -EFAULT;
	spin_lock_irq(&sd->wait.lock);
	trace_slowdev_read(sd->id, sd->rx_n[rx->tail % SLOWDEV_BUFFER],
			   copied);
	__slowdev_ring_take(rx, copied);
	sd->stats.rx_bytes += copied;
	spin_unlock_irq(&sd->wait.lock);
	return copied;
}

/*
 * Bytes that we leave behind, whether the buffer was small or bad or a signal
 * came, are the next reader's: our wake-up may have been the only one for
 * them. It also finds those whom the mutex turned away.
 */
void slowdev_hand_on_reading(struct slowdev *sd)
{
	smp_mb();	/* the mutex is free before we look; pairs with theirs */
	if (slowdev_readable(sd))
		slowdev_wake_readers(sd);
	else if (slowdev_gone(sd))
		slowdev_wake_cmd(sd);
}

/* Read what there is. 0 means: nothing yet, wait. */
ssize_t slowdev_try_read(struct slowdev *sd, struct iov_iter *to,
			 enum slowdev_patience patience)
{
	ssize_t ret = lock_copy(&sd->read_mutex, patience);
	bool gone;

	if (ret == -EAGAIN)	/* who holds the mutex will hand on */
		return ret;
	if (!ret) {
		gone = slowdev_gone(sd);	/* before the last bytes */
		if (slowdev_readable(sd))
			ret = copy_out(sd, to);
		else if (gone)
			ret = -ENODEV;
		mutex_unlock(&sd->read_mutex);
	}
	slowdev_hand_on_reading(sd);
	return ret;
}

/* A reader or a writer that sleeps. */
struct sleeper {
	struct wait_queue_entry entry;
	__poll_t key;		/* what it waits for */
};

/* As the wait queue's own way, but for those alone whom the wake-up is for. */
static int wake_sleeper(struct wait_queue_entry *entry, unsigned int mode,
			int flags, void *key)
{
	const struct sleeper *sleeper = container_of(entry, struct sleeper,
						     entry);

	if (key && !(key_to_poll(key) & sleeper->key))
		return 0;
	return autoremove_wake_function(entry, mode, flags, key);
}

/*
 * Sleep until @sd is @ready for @key, or gone: 0, or -ERESTARTSYS if a signal
 * came before that. One is woken at a time.
 */
static inline int sleep(struct slowdev *sd,
			bool (*ready)(const struct slowdev *sd), __poll_t key)
{
	struct sleeper sleeper = {
		.entry = {
			.flags = WQ_FLAG_EXCLUSIVE,
			.private = current,
			.func = wake_sleeper,
			.entry = LIST_HEAD_INIT(sleeper.entry.entry),
		},
		.key = key,
	};
	int err = 0;

	spin_lock_irq(&sd->wait.lock);
	while (!ready(sd) && !slowdev_gone(sd) && !err)
		err = do_wait_intr_irq(&sd->wait, &sleeper.entry);
	__remove_wait_queue(&sd->wait, &sleeper.entry);
	__set_current_state(TASK_RUNNING);
	spin_unlock_irq(&sd->wait.lock);
	return err;
}

static ssize_t slowdev_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct slowdev *sd = iocb->ki_filp->private_data;
	ssize_t ret;

	if (!iov_iter_count(to))
		return 0;
	while (!(ret = slowdev_try_read(sd, to, patience(iocb)))) {
		if (nonblocking(iocb))
			return -EAGAIN;
		if (sleep(sd, slowdev_readable, EPOLLIN))
			return -ERESTARTSYS;
	}
	return ret;
}

/* As copy_out(), the other way; then let the chip have what it has room for. */
static ssize_t copy_in(struct slowdev *sd, struct iov_iter *from)
{
	struct slowdev_ring *tx = &sd->tx;
	u32 room = slowdev_ring_room(tx);
	size_t copied = 0;
	u32 at, run;
	size_t n;

	while (copied < room && iov_iter_count(from)) {
		at = (tx->head + copied) % SLOWDEV_BUFFER;
		run = min_t(size_t, room - copied, SLOWDEV_BUFFER - at);
		run = min_t(size_t, run, iov_iter_count(from));
		n = copy_page_from_iter(tx->page, at, run, from);
		copied += n;
		if (n < run)
			break;
	}
	if (!copied)
		return -EFAULT;
	spin_lock_irq(&sd->wait.lock);
	if (sd->gone) {
		spin_unlock_irq(&sd->wait.lock);
		return -ENODEV;
	}
	__slowdev_ring_add(tx, copied);
	sd->stats.tx_bytes += copied;
	__slowdev_transmit(sd);
	spin_unlock_irq(&sd->wait.lock);
	return copied;
}

/* Room that we leave behind is the next writer's; see slowdev_hand_on_reading(). */
static void hand_on_writing(struct slowdev *sd)
{
	bool refused;

	smp_mb();	/* as there */
	if (!slowdev_writable(sd))
		return;
	slowdev_wake_writers(sd);
	spin_lock_irq(&sd->wait.lock);
	refused = sd->tx_refused;
	sd->tx_refused = false;
	spin_unlock_irq(&sd->wait.lock);
	if (refused)
		kill_fasync(&sd->fasync, SIGIO, POLL_OUT);
}

/* Whoever makes room, or leaves some, owes a POLL_OUT. */
static void owe_signal(struct slowdev *sd)
{
	spin_lock_irq(&sd->wait.lock);
	sd->tx_refused = true;
	spin_unlock_irq(&sd->wait.lock);
}

/*
 * EAGAIN for want of room, and a POLL_OUT is owed. Unless there is room by
 * now, of which nobody would tell us: then look again.
 */
static bool refuse(struct slowdev *sd)
{
	bool full;

	spin_lock_irq(&sd->wait.lock);
	full = !slowdev_writable(sd) && !sd->gone;
	if (full)
		sd->tx_refused = true;
	spin_unlock_irq(&sd->wait.lock);
	return full;
}

/* Write what there is room for. 0 means: no room yet, wait. */
static ssize_t try_write(struct slowdev *sd, struct kiocb *iocb,
			 struct iov_iter *from)
{
	ssize_t ret = lock_copy(&sd->write_mutex, patience(iocb));

	if (ret == -EAGAIN) {
		owe_signal(sd);	/* who holds the mutex will hand on, */
		ret = lock_copy(&sd->write_mutex, SLOWDEV_TRY);
		if (ret)	/* unless it did so just before */
			return ret;
	}
	if (!ret) {
		if (slowdev_gone(sd))
			ret = -ENODEV;
		else if (slowdev_writable(sd))
			ret = copy_in(sd, from);
		mutex_unlock(&sd->write_mutex);
	}
	hand_on_writing(sd);
	return ret;
}

static ssize_t slowdev_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct slowdev *sd = iocb->ki_filp->private_data;
	ssize_t ret;

	if (!iov_iter_count(from))
		return 0;
	while (!(ret = try_write(sd, iocb, from))) {
		if (nonblocking(iocb)) {
			if (refuse(sd))
				return -EAGAIN;
			continue;
		}
		if (sleep(sd, slowdev_writable, EPOLLOUT))
			return -ERESTARTSYS;
	}
	return ret;
}

/*
 * poll_wait() first, then look: a byte that comes in between wakes us, and one
 * that came before is seen.
 */
static __poll_t slowdev_poll(struct file *file, poll_table *wait)
{
	struct slowdev *sd = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &sd->wait, wait);
	if (slowdev_gone(sd))	/* before we look for its last bytes */
		mask |= EPOLLHUP | EPOLLERR;
	else if (slowdev_writable(sd))
		mask |= EPOLLOUT | EPOLLWRNORM;
	if (slowdev_readable(sd))
		mask |= EPOLLIN | EPOLLRDNORM;
	trace_slowdev_poll(sd->id, (__force u32)mask);
	return mask;
}

static int slowdev_fasync(int fd, struct file *file, int on)
{
	struct slowdev *sd = file->private_data;

	return fasync_helper(fd, file, on, &sd->fasync);
}

/* The first open finds an empty device, and starts the line. */
static void __first_open(struct slowdev *sd)
{
	sd->draining = false;
	/* no file is open yet, so what the chip holds is dropped */
	__slowdev_receive(sd, SLOWCHIP_FIFO_SIZE);
	sd->stats.dropped += slowdev_ring_level(&sd->rx);
	__slowdev_ring_take(&sd->rx, slowdev_ring_level(&sd->rx));
	__slowdev_find_next(sd);
	__slowdev_interrupts(sd, sd->int_en | SLOWCHIP_INT_RX |
			     SLOWCHIP_INT_OVR);
	slowdev_chip_write(sd, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
}

static int slowdev_open(struct inode *inode, struct file *file)
{
	struct slowdev *sd = container_of(inode->i_cdev, struct slowdev, cdev);
	int err = 0;

	/* no seeking, no position; and no sleep with IOCB_NOWAIT */
	stream_open(inode, file);
	file->f_mode |= FMODE_NOWAIT;
	file->private_data = sd;

	spin_lock_irq(&sd->wait.lock);
	if (sd->gone) {
		err = -ENODEV;
	} else {
		if (!sd->files)
			__first_open(sd);
		sd->files++;
	}
	spin_unlock_irq(&sd->wait.lock);
	return err;
}

/*
 * Stop the line once all that write() took has left the chip; called with the
 * lock held when no file is open. The shifter says nothing when it is done, so
 * look: first when the bytes before the last can be out, then some times a
 * byte. What arrives meanwhile is dropped, so not too rarely.
 */
void __slowdev_drain(struct slowdev *sd)
{
	u32 status = slowdev_chip_read(sd, SLOWCHIP_STATUS);
	u64 bytes = slowdev_ring_level(&sd->tx) + slowdev_tx_level(status);
	u64 wait_ns = bytes * sd->period_ns;

	sd->draining = bytes || !(status & SLOWCHIP_STATUS_TX_IDLE);
	if (!sd->draining) {
		slowdev_chip_write(sd, SLOWCHIP_CTRL, 0);
		return;
	}
	if (!bytes)
		wait_ns = max_t(u64, sd->period_ns / DRAIN_LOOKS,
				DRAIN_LOOK_NS);
	hrtimer_start(&sd->drain, wait_ns, HRTIMER_MODE_REL_SOFT);
}

/* Soft interrupt context. */
enum hrtimer_restart slowdev_drain(struct hrtimer *timer)
{
	struct slowdev *sd = container_of(timer, struct slowdev, drain);
	unsigned long flags;

	spin_lock_irqsave(&sd->wait.lock, flags);
	if (!sd->gone && sd->draining)
		__slowdev_drain(sd);
	spin_unlock_irqrestore(&sd->wait.lock, flags);
	return HRTIMER_NORESTART;	/* __slowdev_drain() started it */
}

static int slowdev_release(struct inode *inode, struct file *file)
{
	struct slowdev *sd = file->private_data;

	spin_lock_irq(&sd->wait.lock);
	if (!--sd->files && !sd->gone)
		__slowdev_drain(sd);
	spin_unlock_irq(&sd->wait.lock);
	return 0;
}

const struct file_operations slowdev_fops = {
	.owner		= THIS_MODULE,
	.open		= slowdev_open,
	.release	= slowdev_release,
	.read_iter	= slowdev_read_iter,
	.write_iter	= slowdev_write_iter,
	.poll		= slowdev_poll,
	.fasync		= slowdev_fasync,
	.uring_cmd	= slowdev_uring_cmd,
#if SLOWDEV_CMD_NEEDS_FLUSH
	.flush		= slowdev_flush,
#endif
};
