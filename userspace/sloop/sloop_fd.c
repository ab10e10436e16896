// SPDX-License-Identifier: MIT
/*
 * File descriptors, and the poll phase: where the loop sleeps. How it does so
 * is the backend's; what a caller sees is the same with all of them, and is
 * made here. Called by the thread that owns the loop.
 */
#include "userspace/sloop/backend.h"
#include "userspace/sloop/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define ALL_EVENTS (SLOOP_READABLE | SLOOP_WRITABLE | SLOOP_DISCONNECT | \
		    SLOOP_PRIORITIZED)

static unsigned int to_bits(int events)
{
	return (events & SLOOP_READABLE ? POLLIN : 0) |
	       (events & SLOOP_WRITABLE ? POLLOUT : 0) |
	       (events & SLOOP_DISCONNECT ? POLLRDHUP : 0) |
	       (events & SLOOP_PRIORITIZED ? POLLPRI : 0);
}

/* One bit moved to where another is, without a branch. */
#define MOVE(bits, from, to) ((bits) / (from) % 2 * (to))

static int to_events(unsigned int bits)
{
	/* whoever waits for anything must learn of the end: by trying */
	if (bits & (POLLERR | POLLHUP))
		return ALL_EVENTS;
	return MOVE(bits, POLLIN, SLOOP_READABLE) |
	       MOVE(bits, POLLOUT, SLOOP_WRITABLE) |
	       MOVE(bits, POLLRDHUP, SLOOP_DISCONNECT) |
	       MOVE(bits, POLLPRI, SLOOP_PRIORITIZED);
}

static struct sloop_fd *watch_of(const struct sloop *loop, int fd)
{
	return (unsigned int)fd < loop->by_fd_room ? loop->by_fd[fd] : NULL;
}

static int make_room(struct sloop *loop, unsigned int fd)
{
	unsigned int room = loop->by_fd_room ? loop->by_fd_room : 16;
	struct sloop_fd **by_fd;

	if (fd < loop->by_fd_room)
		return 0;
	while (room <= fd)
		room *= 2;
	by_fd = reallocarray(loop->by_fd, room, sizeof(struct sloop_fd *));
	if (!by_fd)
		return -ENOMEM;
	memset(by_fd + loop->by_fd_room, 0,
	       (room - loop->by_fd_room) * sizeof(struct sloop_fd *));
	loop->by_fd = by_fd;
	loop->by_fd_room = room;
	return 0;
}

/* Of the loop's own handles too, which are in no list. */
void fd_init(struct sloop_fd *watch, int fd)
{
	watch->fd = fd;
	watch->cb = NULL;
	watch->wanted = 0;
	watch->bits = 0;
	watch->place = 0;
}

int sloop_fd_init(struct sloop *loop, struct sloop_fd *watch, int fd)
{
	int flags, error;

	if (watch_of(loop, fd))
		return -EEXIST;
	error = loop->backend->probe(loop, fd);
	if (error)
		return error;
	loop->syscalls++;
	flags = fcntl(fd, F_GETFL);
	if (!(flags & O_NONBLOCK)) {
		loop->syscalls++;
		if (fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
			return -errno;
	}
	fd_init(watch, fd);
	handle_init(loop, &watch->handle, SLOOP_TYPE_FD);
	return 0;
}

int sloop_fd_start(struct sloop_fd *watch, int events,
		   void (*cb)(struct sloop_fd *watch, int status, int events))
{
	struct sloop *loop = watch->loop;
	unsigned int bits;
	int error;

	if (!cb || (events & ~ALL_EVENTS) || sloop_is_closing(&watch->handle))
		return -EINVAL;
	if (!events)
		return sloop_fd_stop(watch);
	if (!watch->wanted) {
		if (watch_of(loop, watch->fd))
			return -EEXIST;
		error = make_room(loop, watch->fd);
		if (error)
			return error;
	}
	bits = to_bits(events);
	if (events != watch->wanted) {
		error = loop->backend->change(loop, watch, watch->bits, bits);
		if (error)
			return error;
	}
	if (!watch->wanted) {
		loop->by_fd[watch->fd] = watch;
		watch->since = loop->polls;
	}
	watch->bits = bits;
	watch->wanted = events;
	watch->cb = cb;
	handle_start(&watch->handle);
	return 0;
}

int sloop_fd_stop(struct sloop_fd *watch)
{
	struct sloop *loop = watch->loop;

	if (!watch->wanted)
		return 0;
	loop->by_fd[watch->fd] = NULL;
	/* it fails when the fd was closed before: then nothing is left to do */
	loop->backend->change(loop, watch, watch->bits, 0);
	watch->bits = 0;
	watch->wanted = 0;
	handle_stop(&watch->handle);
	return 0;
}

/* After a fork: have the new backend watch all that the old one did. */
int fd_fork(struct sloop *loop)
{
	unsigned int fd;
	int error = 0;

	for (fd = 0; fd < loop->by_fd_room && !error; fd++) {
		struct sloop_fd *watch = loop->by_fd[fd];

		if (!watch || watch == &loop->wake)
			continue;
		watch->place = 0;
		error = loop->backend->change(loop, watch, 0, watch->bits);
	}
	return error;
}

/*
 * What this poll phase found for a watch may be old when its turn comes: a
 * callback before it may have stopped it (its memory is there until the
 * closing phase), or stopped and started it, maybe for another file.
 */
static void serve(struct sloop *loop, struct sloop_fd *watch, unsigned int bits)
{
	int events = to_events(bits) & watch->wanted;

	if (!events || watch->since == loop->polls)
		return;
	if (watch == &loop->wake) {
		/* that calls others, and each is told of on its own */
		watch->cb(watch, 0, events);
		return;
	}
	trace(loop, SLOOP_CB_ENTER, SLOOP_TYPE_FD);
	watch->cb(watch, 0, events);
	after_callback(loop, SLOOP_TYPE_FD);
}

/* Sleep for at most timeout_ms (-1: for ever). A signal is not an event. */
static int wait_for_events(struct sloop *loop, struct epoll_event *ready,
			   int timeout_ms)
{
	uint64_t until_ms = timeout_ms > 0 ? loop_now(loop) + timeout_ms : 0;
	int count;

	for (;;) {
		count = loop->backend->wait(loop, ready, SLOOP_EVENTS,
					    timeout_ms);
		loop->now_old = true;
		if (count != -EINTR)
			return count;
		if (timeout_ms > 0)
			timeout_ms = loop_now(loop) < until_ms ?
				     until_ms - loop_now(loop) : 0;
	}
}

int run_poll(struct sloop *loop, int timeout_ms)
{
	struct epoll_event ready[SLOOP_EVENTS];
	int i, count;

	watchdog_set(loop, false);
	count = wait_for_events(loop, ready, timeout_ms);
	watchdog_set(loop, true);
	if (count < 0)
		return count;
	loop->polls++;
	for (i = 0; i < count; i++)
		serve(loop, ready[i].data.ptr, ready[i].events);
	return 0;
}
