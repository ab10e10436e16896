// SPDX-License-Identifier: MIT
/*
 * The backend that is everywhere: poll(2). The list of what is watched is
 * handed to the kernel at every wait, so a wait costs what is watched, ready
 * or not. See backend.h for who calls this.
 *
 * Limits: no backend_fd, for there is nothing the kernel keeps.
 */
#include "userspace/sloop/backend.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Two arrays, entry by entry the same watch; in no order. */
struct polled {
	struct pollfd *fds;
	struct sloop_fd **watches;
	unsigned int count, room;
	unsigned int next;	/* where the next wait begins to tell */
};

static int init(struct sloop *loop)
{
	loop->backend_fd = -1;
	loop->backend_data = calloc(1, sizeof(struct polled));
	return loop->backend_data ? 0 : -ENOMEM;
}

static void release(struct sloop *loop)
{
	struct polled *polled = loop->backend_data;

	free(polled->fds);
	free(polled->watches);
	free(polled);
}

/*
 * poll(2) says of a disk file that it is always ready, which says nothing.
 * Refuse it as epoll does, so that programs behave the same.
 */
static int probe(struct sloop *loop, int fd)
{
	struct stat status;

	loop->syscalls++;
	if (fstat(fd, &status))
		return -errno;
	return S_ISREG(status.st_mode) || S_ISDIR(status.st_mode) ? -EPERM : 0;
}

static int make_room(struct polled *polled)
{
	unsigned int room = polled->room ? 2 * polled->room : 16;
	struct pollfd *fds;
	struct sloop_fd **watches;

	if (polled->count < polled->room)
		return 0;
	fds = reallocarray(polled->fds, room, sizeof(*fds));
	if (!fds)
		return -ENOMEM;
	polled->fds = fds;
	watches = reallocarray(polled->watches, room,
			       sizeof(struct sloop_fd *));
	if (!watches)
		return -ENOMEM;
	polled->watches = watches;
	polled->room = room;
	return 0;
}

static int change(struct sloop *loop, struct sloop_fd *watch,
		  unsigned int from, unsigned int to)
{
	struct polled *polled = loop->backend_data;
	unsigned int place = watch->place;

	if (!from) {
		if (make_room(polled))
			return -ENOMEM;
		place = polled->count++;
	} else if (!to) {
		/* the last one fills the gap */
		polled->count--;
		polled->fds[place] = polled->fds[polled->count];
		polled->watches[place] = polled->watches[polled->count];
		polled->watches[place]->place = place;
		return 0;
	}
	polled->fds[place] = (struct pollfd){ .fd = watch->fd, .events = to };
	polled->watches[place] = watch;
	watch->place = place;
	return 0;
}

/* When more is ready than max, the next wait goes on where this one ended. */
static int wait_ready(struct sloop *loop, struct epoll_event *ready, int max,
		      int timeout_ms)
{
	struct polled *polled = loop->backend_data;
	unsigned int seen, place;
	int left, count = 0;

	loop->syscalls++;
	left = poll(polled->fds, polled->count, timeout_ms);
	if (left < 0)
		return -errno;
	for (seen = 0; seen < polled->count && left && count < max; seen++) {
		place = (polled->next + seen) % polled->count;
		if (!polled->fds[place].revents)
			continue;
		left--;
		if (polled->fds[place].revents & POLLNVAL) {
			/* closed under us: epoll would have forgotten it */
			polled->fds[place].fd = -1;
			continue;
		}
		ready[count].events = polled->fds[place].revents;
		ready[count++].data.ptr = polled->watches[place];
	}
	if (polled->count)
		polled->next = (polled->next + seen) % polled->count;
	return count;
}

const struct sloop_backend sloop_poll = {
	.name = "poll",
	.init = init,
	.free = release,
	.probe = probe,
	.change = change,
	.wait = wait_ready,
};
