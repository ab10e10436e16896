/* SPDX-License-Identifier: MIT */
/*
 * A backend without a kernel, for exact tests: its clock stands still but for
 * sleeps, which take no time, and files are ready when a test says so. For the
 * test programs next to this file.
 *
 * The clock begins at 1000 ms. A sleep ends at the first moment a file that is
 * watched is ready, or after its time; one that nothing would end is an error.
 */
#ifndef SLOOP_FAKE_H
#define SLOOP_FAKE_H

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "userspace/sloop/backend.h"

#define FAKE_FDS 64

struct fake_fd {
	struct sloop_fd *watch;
	unsigned int wanted;
	unsigned int is;		/* poll bits, from at_ms on */
	uint64_t at_ms;
};

static uint64_t fake_ms;
static unsigned int fake_sleeps;
static struct fake_fd fake_fds[FAKE_FDS];

static int fake_init(struct sloop *loop)
{
	(void)loop;
	memset(fake_fds, 0, sizeof(fake_fds));
	fake_ms = 1000;
	fake_sleeps = 0;
	return 0;
}

static void fake_free(struct sloop *loop)
{
	(void)loop;
}

static int fake_probe(struct sloop *loop, int fd)
{
	(void)loop;
	return fd < 0 || fd >= FAKE_FDS ? -EBADF : 0;
}

static int fake_change(struct sloop *loop, struct sloop_fd *watch,
		       unsigned int from, unsigned int to)
{
	struct fake_fd *fake = &fake_fds[watch->fd];

	(void)loop;
	/* what our caller says was there is what was there */
	if (fake->wanted != from || (from && fake->watch != watch))
		return -EINVAL;
	fake->watch = watch;
	fake->wanted = to;
	return 0;
}

static bool fake_is_ready(const struct fake_fd *fake, uint64_t ms)
{
	return fake->wanted && ms >= fake->at_ms &&
	       fake->is & (fake->wanted | POLLERR | POLLHUP);
}

static int fake_wait(struct sloop *loop, struct epoll_event *ready, int max,
		     int timeout_ms)
{
	uint64_t end_ms = timeout_ms < 0 ? UINT64_MAX : fake_ms + timeout_ms;
	struct fake_fd *fake;
	int count = 0;

	(void)loop;
	for (fake = fake_fds; fake < fake_fds + FAKE_FDS; fake++)
		if (fake_is_ready(fake, UINT64_MAX) && fake->at_ms < end_ms)
			end_ms = fake->at_ms;
	if (end_ms == UINT64_MAX)
		return -EDEADLK;
	if (end_ms > fake_ms) {
		fake_ms = end_ms;
		fake_sleeps++;
	}
	for (fake = fake_fds; fake < fake_fds + FAKE_FDS && count < max; fake++)
		if (fake_is_ready(fake, fake_ms)) {
			ready[count].events = fake->is;
			ready[count++].data.ptr = fake->watch;
		}
	return count;
}

static uint64_t fake_now_ns(struct sloop *loop)
{
	(void)loop;
	return fake_ms * 1000000;
}

static const struct sloop_backend fake_backend = {
	.name = "fake",
	.init = fake_init,
	.free = fake_free,
	.probe = fake_probe,
	.change = fake_change,
	.wait = fake_wait,
	.now_ns = fake_now_ns,
};

#endif
