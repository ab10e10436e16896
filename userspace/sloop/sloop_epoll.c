// SPDX-License-Identifier: MIT
/*
 * The poll phase: where the loop sleeps. File descriptors are watched by
 * epoll(7), level triggered. Called by the thread that owns the loop.
 */
#include "userspace/sloop/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>

static const struct {
	int ours;
	uint32_t epolls;
} bits[] = {
	{ SLOOP_READABLE, EPOLLIN },
	{ SLOOP_WRITABLE, EPOLLOUT },
	{ SLOOP_DISCONNECT, EPOLLRDHUP },
	{ SLOOP_PRIORITIZED, EPOLLPRI },
};

#define BITS	(sizeof(bits) / sizeof(bits[0]))
#define ALL_EVENTS (SLOOP_READABLE | SLOOP_WRITABLE | SLOOP_DISCONNECT | \
		    SLOOP_PRIORITIZED)

static int control(struct sloop_fd *watch, int operation, int events)
{
	struct epoll_event event = { .data.ptr = watch };
	size_t i;

	for (i = 0; i < BITS; i++)
		if (events & bits[i].ours)
			event.events |= bits[i].epolls;
	watch->loop->syscalls++;
	return epoll_ctl(watch->loop->epoll, operation, watch->fd, &event) ?
	       -errno : 0;
}

int sloop_fd_init(struct sloop *loop, struct sloop_fd *watch, int fd)
{
	int flags, error;

	watch->loop = loop;
	watch->fd = fd;
	watch->wanted = 0;
	watch->cb = NULL;
	/* ask now whether it can be watched at all, as libuv does */
	error = control(watch, EPOLL_CTL_ADD, 0);
	if (error)
		return error;
	control(watch, EPOLL_CTL_DEL, 0);
	loop->syscalls++;
	flags = fcntl(fd, F_GETFL);
	if (!(flags & O_NONBLOCK)) {
		loop->syscalls++;
		if (fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
			return -errno;
	}
	handle_init(loop, &watch->handle, SLOOP_TYPE_FD);
	return 0;
}

int sloop_fd_start(struct sloop_fd *watch, int events,
		   void (*cb)(struct sloop_fd *watch, int status, int events))
{
	int error;

	if (!cb || (events & ~ALL_EVENTS) || sloop_is_closing(&watch->handle))
		return -EINVAL;
	if (!events)
		return sloop_fd_stop(watch);
	if (events != watch->wanted) {
		error = control(watch, watch->wanted ? EPOLL_CTL_MOD :
				EPOLL_CTL_ADD, events);
		if (error)
			return error;
	}
	watch->wanted = events;
	watch->cb = cb;
	handle_start(&watch->handle);
	return 0;
}

int sloop_fd_stop(struct sloop_fd *watch)
{
	struct sloop *loop = watch->loop;
	int i;

	if (!watch->wanted)
		return 0;
	control(watch, EPOLL_CTL_DEL, 0);
	/* what this very poll found for it must not reach it any more */
	for (i = 0; i < loop->batch_count; i++)
		if (loop->batch[i].data.ptr == watch)
			loop->batch[i].data.ptr = NULL;
	watch->wanted = 0;
	handle_stop(&watch->handle);
	return 0;
}

static void serve(struct sloop_fd *watch, uint32_t found)
{
	int events = 0;
	size_t i;

	for (i = 0; i < BITS; i++)
		if (found & bits[i].epolls)
			events |= bits[i].ours;
	/* whoever waits for anything must learn of the end: by trying */
	if (found & (EPOLLERR | EPOLLHUP))
		events = ALL_EVENTS;
	events &= watch->wanted;
	if (events)
		watch->cb(watch, 0, events);
}

/* Sleep for at most the time to the next timer. A signal is not an event. */
static int wait_for_events(struct sloop *loop, struct epoll_event *events,
			   bool may_sleep)
{
	int count;

	do {
		loop->syscalls++;
		count = epoll_wait(loop->epoll, events, SLOOP_EVENTS,
				   may_sleep ? sloop_timeout(loop) : 0);
		if (count < 0)
			count = -errno;
		sloop_update_time(loop);
	} while (count == -EINTR);
	return count;
}

int run_poll(struct sloop *loop, bool may_sleep)
{
	struct epoll_event events[SLOOP_EVENTS];
	int count = wait_for_events(loop, events, may_sleep);
	int i;

	if (count < 0)
		return count;
	loop->batch = events;
	loop->batch_count = count;
	for (i = 0; i < count; i++)
		if (events[i].data.ptr)
			serve(events[i].data.ptr, events[i].events);
	loop->batch = NULL;
	loop->batch_count = 0;
	return 0;
}
