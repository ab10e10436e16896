/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note OR MIT */
/*
 * What user space and driver share: the io_uring commands of /dev/slowdevN.
 *
 * SLOWDEV_CMD_READ (IORING_OP_URING_CMD with cmd_op = 1 and the structure
 * below in the SQE's command area) reads as read(2) does, and its result is
 * read(2)'s; but where read(2) would sleep or say EAGAIN it stays in the
 * driver, and the interrupt that brings bytes completes it.
 */
#ifndef SLOWDEV_CMD_H
#define SLOWDEV_CMD_H

#include <linux/types.h>

#define SLOWDEV_CMD_READ	1

struct slowdev_cmd_read {
	__u64 addr;		/* of the buffer */
	__u32 len;		/* of it, bytes; 0 completes at once with 0 */
	__u32 flags;		/* 0, or EINVAL */
};

#endif
