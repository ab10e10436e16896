// SPDX-License-Identifier: MIT
/*
 * The backend of a loop that lost its own: sloop_fork() could not make a new
 * one in the child. It watches nothing, so that the loop can be cleared away
 * without a word to the parent's.
 */
#include "userspace/sloop/backend.h"

#include <errno.h>

static void release(struct sloop *loop)
{
	(void)loop;
}

static int probe(struct sloop *loop, int fd)
{
	(void)loop;
	(void)fd;
	return -EBADF;
}

static int change(struct sloop *loop, struct sloop_fd *watch,
		  unsigned int from, unsigned int to)
{
	(void)loop;
	(void)watch;
	(void)from;
	return to ? -EBADF : 0;
}

static int wait_ready(struct sloop *loop, struct epoll_event *ready, int max,
		      int timeout_ms)
{
	(void)loop;
	(void)ready;
	(void)max;
	(void)timeout_ms;
	return -EBADF;
}

const struct sloop_backend sloop_none = {
	.name = "none",
	.free = release,
	.probe = probe,
	.change = change,
	.wait = wait_ready,
};
