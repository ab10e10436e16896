// SPDX-License-Identifier: GPL-2.0-only
/*
 * io_uring commands: a read that waits in the driver.
 *
 * A plain io_uring read is tried, polled for, and tried again. A command is
 * queued here instead; the interrupt side takes it off the queue and hands it
 * to its task, which copies the bytes. There is no readiness step between.
 *
 * Who takes a command off sd->cmds, under sd->wait.lock, owns it and completes
 * it: the interrupt (or another reader that leaves bytes), removal, or a
 * cancel. One that finds nothing after all, since another reader was quicker,
 * goes back to the head of the queue.
 *
 *   waiting --(bytes, chip gone)--> in task work --(read something)--> done
 *      |  ^-------------------------(nothing left)---------'
 *      '----(cancel, flush, ring goes)--> done: ECANCELED
 */
#include <linux/file.h>
#include <linux/sched.h>
#include <linux/uio.h>

#include "compat.h"
#include "slowdev.h"
#include "slowdev_cmd.h"

/* What we keep of a command; io_uring gives room for it in its own structure. */
struct waiting {
	struct list_head node;	/* in sd->cmds, or empty: somebody owns it */
	u64 addr;
	u32 len;
	pid_t owner;		/* the thread group that asked */
};

static struct waiting *to_waiting(struct io_uring_cmd *cmd)
{
	BUILD_BUG_ON(sizeof(struct waiting) > sizeof(cmd->pdu));
	return (struct waiting *)cmd->pdu;
}

static struct io_uring_cmd *to_cmd(struct waiting *waiting)
{
	return container_of((void *)waiting, struct io_uring_cmd, pdu);
}

static ssize_t read_now(struct slowdev *sd, const struct waiting *waiting,
			bool nowait)
{
	struct iov_iter to;

	iov_iter_ubuf(&to, READ, u64_to_user_ptr(waiting->addr), waiting->len);
	return slowdev_try_read(sd, &to, nowait ? SLOWDEV_TRY : SLOWDEV_KILL);
}

/*
 * Before 6.7 nobody tells us that a ring goes. If a process closes the file
 * with it slowdev_flush() is told; but not of a file that only the ring has,
 * and too early for a command that begins when its file is closed. So while
 * commands wait their rings are looked at, once a second. The lock is held.
 */
#if SLOWDEV_CMD_NEEDS_FLUSH
#define __watch_rings(sd)	schedule_delayed_work(&(sd)->cmd_work, HZ)
#else
#define __watch_rings(sd)	do { } while (0)
#endif

/*
 * Queue a command, at the head or the tail. What came before that woke nobody,
 * so look for it. In the queue it is anybody's to complete, and that may put
 * its file, the last reference to @sd: we hold one meanwhile.
 */
static void wait_for_bytes(struct slowdev *sd, struct io_uring_cmd *cmd,
			   bool first)
{
	struct waiting *waiting = to_waiting(cmd);
	struct file *file = get_file(cmd->file);

	spin_lock_irq(&sd->wait.lock);
	if (first)
		list_add(&waiting->node, &sd->cmds);
	else
		list_add_tail(&waiting->node, &sd->cmds);
	__watch_rings(sd);
	spin_unlock_irq(&sd->wait.lock);
	slowdev_hand_on_reading(sd);
	fput(file);
}

/*
 * Task work, in the task that submitted the command, so user memory is there;
 * or, when that task is on its way out, somewhere else and it is not. When the
 * ring is on its way out nobody would hear of the bytes.
 */
static void read_in_task(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct slowdev *sd = cmd->file->private_data;
	ssize_t ret = -ECANCELED;

	if (slowdev_cmd_is_wanted(cmd))
		ret = read_now(sd, to_waiting(cmd), false);
	else	/* what woke us is the next one's */
		slowdev_hand_on_reading(sd);
	if (ret == -ERESTARTSYS)	/* the task was killed */
		ret = -ECANCELED;
	if (ret)	/* and sd may be gone with its file */
		io_uring_cmd_done(cmd, ret, 0, issue_flags);
	else
		wait_for_bytes(sd, cmd, true);
}

/* slowdev_wake_cmd()'s. Any context, no lock held. */
bool slowdev_start_cmd(struct slowdev *sd)
{
	struct waiting *waiting;
	unsigned long flags;

	spin_lock_irqsave(&sd->wait.lock, flags);
	waiting = list_first_entry_or_null(&sd->cmds, struct waiting, node);
	if (waiting)
		list_del_init(&waiting->node);
	spin_unlock_irqrestore(&sd->wait.lock, flags);
	if (waiting)
		io_uring_cmd_complete_in_task(to_cmd(waiting),
					      read_in_task);
	return waiting;
}

/* io_uring gives the command up: ours if it still waits, else it ends itself. */
static void cancel(struct slowdev *sd, struct io_uring_cmd *cmd,
		   unsigned int issue_flags)
{
	struct waiting *waiting = to_waiting(cmd);
	bool ours;

	spin_lock_irq(&sd->wait.lock);
	ours = !list_empty(&waiting->node);
	list_del_init(&waiting->node);
	spin_unlock_irq(&sd->wait.lock);
	if (ours)
		io_uring_cmd_done(cmd, -ECANCELED, 0, issue_flags);
}

/*
 * f_op->uring_cmd: process context; may not sleep for long. A count is not
 * returned but completed: 6.1 takes anything but 0 for a failure, and ends what
 * is linked behind it; and when a worker thread of io_uring's is given it,
 * nobody ever hears of that command again.
 */
int slowdev_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct slowdev *sd = cmd->file->private_data;
	struct waiting *waiting = to_waiting(cmd);
	const struct slowdev_cmd_read *area;
	u32 flags;
	ssize_t ret;

	if (issue_flags & SLOWDEV_CMD_CANCEL) {
		cancel(sd, cmd, issue_flags);
		return 0;
	}
	if (cmd->cmd_op != SLOWDEV_CMD_READ)
		return -ENOTTY;
	if (!(cmd->file->f_mode & FMODE_READ))
		return -EBADF;
	/* user space may write there meanwhile: look once */
	area = slowdev_cmd_area(cmd);
	waiting->addr = READ_ONCE(area->addr);
	waiting->len = READ_ONCE(area->len);
	flags = READ_ONCE(area->flags);
	waiting->owner = current->tgid;
	INIT_LIST_HEAD(&waiting->node);
	if (flags)
		return -EINVAL;
	if (!waiting->len)
		return 0;
	/* an earlier command that waits comes first */
	if (list_empty(&sd->cmds)) {
		ret = read_now(sd, waiting, true);
		if (ret > 0) {
			io_uring_cmd_done(cmd, ret, 0, issue_flags);
			return -EIOCBQUEUED;
		}
		if (ret && ret != -EAGAIN)
			return ret;
	}
	slowdev_cmd_mark_cancelable(cmd, issue_flags);
	wait_for_bytes(sd, cmd, false);
	return -EIOCBQUEUED;
}

/* Task work. */
static void canceled(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	io_uring_cmd_done(cmd, -ECANCELED, 0, issue_flags);
}

/* Those on @ended are nobody else's any more. */
static void end_all(struct list_head *ended)
{
	struct waiting *waiting, *next;

	list_for_each_entry_safe(waiting, next, ended, node) {
		list_del_init(&waiting->node);
		io_uring_cmd_complete_in_task(to_cmd(waiting), canceled);
	}
}

/* Process context, a worker; see __watch_rings(). */
void slowdev_end_cmds(struct work_struct *work)
{
	struct slowdev *sd = container_of(to_delayed_work(work),
					  struct slowdev, cmd_work);
	struct waiting *waiting, *next;
	LIST_HEAD(ended);

	spin_lock_irq(&sd->wait.lock);
	list_for_each_entry_safe(waiting, next, &sd->cmds, node)
		if (slowdev_cmd_ring_ends(to_cmd(waiting)))
			list_move_tail(&waiting->node, &ended);
	if (!list_empty(&sd->cmds))
		__watch_rings(sd);
	spin_unlock_irq(&sd->wait.lock);
	end_all(&ended);
}

#if SLOWDEV_CMD_NEEDS_FLUSH
/*
 * f_op->flush: a process closes the file, perhaps by its end. This kernel does
 * not call us back when a ring goes, so the commands of that process are ended
 * here. Another's close, a forked child's, is none of theirs.
 */
int slowdev_flush(struct file *file, fl_owner_t id)
{
	struct slowdev *sd = file->private_data;
	struct waiting *waiting, *next;
	LIST_HEAD(ended);

	spin_lock_irq(&sd->wait.lock);
	list_for_each_entry_safe(waiting, next, &sd->cmds, node)
		if (to_cmd(waiting)->file == file &&
		    waiting->owner == current->tgid)
			list_move_tail(&waiting->node, &ended);
	spin_unlock_irq(&sd->wait.lock);
	end_all(&ended);
	return 0;
}
#endif
