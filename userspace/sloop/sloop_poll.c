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
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

/* Two arrays, entry by entry the same watch; in no order. */
struct polled {
	struct pollfd *fds;
	struct sloop_fd **watches;
	unsigned int count, room;
	unsigned int next;	/* where the next wait begins to tell */
	int judge;		/* an epoll that says what can be watched */
};

static int init(struct sloop *loop)
{
	struct polled *polled = calloc(1, sizeof(*polled));
	int error;

	if (!polled)
		return -ENOMEM;
	loop->syscalls++;
	polled->judge = epoll_create1(EPOLL_CLOEXEC);
	if (polled->judge < 0) {
		error = -errno;
		free(polled);
		return error;
	}
	loop->backend_fd = -1;
	loop->backend_data = polled;
	return 0;
}

static void release(struct sloop *loop)
{
	struct polled *polled = loop->backend_data;

	close(polled->judge);
	free(polled->fds);
	free(polled->watches);
	free(polled);
}

/*
 * poll(2) takes any file, and says of a disk file that it is always ready,
 * which says nothing. What epoll refuses is refused, so that programs behave
 * the same.
 */
static int probe(struct sloop *loop, int fd)
{
	struct polled *polled = loop->backend_data;

	return epoll_probe(loop, polled->judge, fd);
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
