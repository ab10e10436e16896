// SPDX-License-Identifier: MIT
/* No library at all: what epoll itself costs. It has no timers. See bench.h. */
#include "bench/loop/bench.h"

#include <sys/epoll.h>

#define EVENTS	256

static int epoll, stopped;

void loop_init(void)
{
	epoll = epoll_create1(EPOLL_CLOEXEC);
	must(epoll >= 0, "epoll_create1");
}

void loop_watch(unsigned int count, const int *fds)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		struct epoll_event event = {
			.events = EPOLLIN,
			.data.u32 = i,
		};

		must(!epoll_ctl(epoll, EPOLL_CTL_ADD, fds[i], &event),
		     "epoll_ctl");
	}
}

void loop_timers(unsigned int count)
{
	(void)count;
	must(0, "no timers");
}

void loop_timer_start(unsigned int i, unsigned int timeout_ms)
{
	(void)i;
	(void)timeout_ms;
}

void loop_timer_stop(unsigned int i)
{
	(void)i;
}

void loop_update_time(void)
{
}

void loop_run(void)
{
	struct epoll_event events[EVENTS];

	for (stopped = 0; !stopped;) {
		int i, count = epoll_wait(epoll, events, EVENTS, -1);

		must(count >= 0, "epoll_wait");
		for (i = 0; i < count; i++)
			on_readable(events[i].data.u32);
	}
}

void loop_stop(void)
{
	stopped = 1;
}
