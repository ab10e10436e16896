/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels we build for, 6.1 on: here and nowhere
 * else. The code is written for the newest name of each thing.
 */
#ifndef SLOWDEV_COMPAT_H
#define SLOWDEV_COMPAT_H

#include <linux/device.h>
#include <linux/hrtimer.h>
#include <linux/platform_device.h>
#include <linux/sched.h>
#include <linux/version.h>

/* class_create() lost its owner in 6.4 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
#define slowdev_class_create(name)	class_create(THIS_MODULE, name)
#else
#define slowdev_class_create(name)	class_create(name)
#endif

/* remove() returns nothing: under a name of its own before 6.11 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
#define platform_remove_void		remove_new
#else
#define platform_remove_void		remove
#endif

/*
 * io_uring polls a device for the reads it cannot do at once, and is woken for
 * all of them. 6.1 tries them again in the reverse order of the wake-ups, 6.12
 * in the same order (both measured; between them nothing was tried).
 */
#define SLOWDEV_WAKE_OLDEST_FIRST \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0))

/* io_uring commands: a header of their own since 6.8 */
#include <linux/io_uring_types.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
#include <linux/io_uring/cmd.h>
#define slowdev_cmd_area(ioucmd)	io_uring_sqe_cmd((ioucmd)->sqe)
#else
#include <linux/io_uring.h>
#define slowdev_cmd_area(ioucmd)	((ioucmd)->cmd)
#endif

/*
 * Since 6.7 io_uring calls back to cancel commands. Before, nobody tells the
 * driver that a ring goes; it learns when the file is closed, and has to look
 * where that says nothing.
 */
#ifdef IORING_URING_CMD_CANCELABLE
#define SLOWDEV_CMD_CANCEL	IO_URING_F_CANCEL
#define SLOWDEV_CMD_NEEDS_FLUSH	0

static inline void slowdev_cmd_mark_cancelable(struct io_uring_cmd *cmd,
					       unsigned int issue_flags)
{
	io_uring_cmd_mark_cancelable(cmd, issue_flags);
}
#else
#define SLOWDEV_CMD_CANCEL	0
#define SLOWDEV_CMD_NEEDS_FLUSH	1

static inline void slowdev_cmd_mark_cancelable(struct io_uring_cmd *cmd,
					       unsigned int issue_flags)
{
}
#endif

/*
 * Is the ring that it came from about to go? Of a command that is not done: it
 * holds its ring.
 */
static inline bool slowdev_cmd_ring_ends(struct io_uring_cmd *cmd)
{
	struct io_kiocb *req = container_of((struct io_cmd_data *)cmd,
					    struct io_kiocb, cmd);

	return percpu_ref_is_dying(&req->ctx->refs);
}

/*
 * In task work: is this the task that asked, its memory here, and its ring?
 * What late kernels tell by IO_URING_F_TASK_DEAD.
 */
static inline bool slowdev_cmd_is_wanted(struct io_uring_cmd *cmd)
{
	return !(current->flags & (PF_EXITING | PF_KTHREAD)) &&
	       !slowdev_cmd_ring_ends(cmd);
}

/* hrtimer_setup() is new in 6.13 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock_id, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock_id, mode);
	timer->function = function;
}
#endif

#endif
