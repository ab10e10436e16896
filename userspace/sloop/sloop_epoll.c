// SPDX-License-Identifier: MIT
/*
 * The backend of every day: epoll(7), level triggered. The kernel keeps the
 * list of what is watched, so a wait costs what is ready, not what is watched.
 * See backend.h for who calls this.
 */
#include "userspace/sloop/backend.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

_Static_assert(EPOLLIN == POLLIN && EPOLLOUT == POLLOUT &&
	       EPOLLPRI == POLLPRI && EPOLLRDHUP == POLLRDHUP &&
	       EPOLLERR == POLLERR && EPOLLHUP == POLLHUP,
	       "epoll's bits are poll's");

static int init(struct sloop *loop)
{
	loop->syscalls++;
	loop->backend_fd = epoll_create1(EPOLL_CLOEXEC);
	return loop->backend_fd < 0 ? -errno : 0;
}

static void release(struct sloop *loop)
{
	close(loop->backend_fd);
}

static int control(struct sloop *loop, int epoll_fd, int operation, int fd,
		   struct epoll_event *event)
{
	loop->syscalls++;
	return epoll_ctl(epoll_fd, operation, fd, event) ? -errno : 0;
}

/* Only trying tells: what epoll refuses (EPERM) is the file's own affair. */
int epoll_probe(struct sloop *loop, int epoll_fd, int fd)
{
	struct epoll_event event = { .events = 0 };
	int error = control(loop, epoll_fd, EPOLL_CTL_ADD, fd, &event);

	if (!error)
		control(loop, epoll_fd, EPOLL_CTL_DEL, fd, &event);
	return error;
}

static int probe(struct sloop *loop, int fd)
{
	return epoll_probe(loop, loop->backend_fd, fd);
}

static int change(struct sloop *loop, struct sloop_fd *watch,
		  unsigned int from, unsigned int to)
{
	struct epoll_event event = { .events = to, .data.ptr = watch };

	return control(loop, loop->backend_fd, !to ? EPOLL_CTL_DEL :
		       from ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, watch->fd, &event);
}

static int wait_ready(struct sloop *loop, struct epoll_event *ready, int max,
		      int timeout_ms)
{
	int count;

	loop->syscalls++;
	count = epoll_wait(loop->backend_fd, ready, max, timeout_ms);
	return count < 0 ? -errno : count;
}

const struct sloop_backend sloop_epoll = {
	.name = "epoll",
	.tells = true,
	.init = init,
	.free = release,
	.probe = probe,
	.change = change,
	.wait = wait_ready,
};
