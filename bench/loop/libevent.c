// SPDX-License-Identifier: MIT
/* libevent. See bench.h. */
#include "bench/loop/bench.h"

#include <event2/event.h>
#include <event2/event_struct.h>

static struct event_base *base;
static struct event *watches, *timers;

static void readable(evutil_socket_t fd, short events, void *watch)
{
	(void)fd;
	(void)events;
	on_readable((struct event *)watch - watches);
}

static void fired(evutil_socket_t fd, short events, void *timer)
{
	(void)fd;
	(void)events;
	(void)timer;
	on_timer();
}

void loop_init(void)
{
	base = event_base_new();
	must(!!base, "event_base_new");
}

void loop_watch(unsigned int count, const int *fds)
{
	unsigned int i;

	watches = must_alloc(count, sizeof(*watches));
	for (i = 0; i < count; i++) {
		event_assign(&watches[i], base, fds[i], EV_READ | EV_PERSIST,
			     readable, &watches[i]);
		must(!event_add(&watches[i], NULL), "event_add");
	}
}

void loop_timers(unsigned int count)
{
	unsigned int i;

	timers = must_alloc(count, sizeof(*timers));
	for (i = 0; i < count; i++)
		evtimer_assign(&timers[i], base, fired, &timers[i]);
}

void loop_timer_start(unsigned int i, unsigned int timeout_ms)
{
	struct timeval time = {
		.tv_sec = timeout_ms / 1000,
		.tv_usec = timeout_ms % 1000 * 1000,
	};

	must(!evtimer_add(&timers[i], &time), "evtimer_add");
}

void loop_timer_stop(unsigned int i)
{
	evtimer_del(&timers[i]);
}

void loop_update_time(void)
{
	event_base_update_cache_time(base);
}

void loop_run(void)
{
	event_base_dispatch(base);
}

void loop_stop(void)
{
	event_base_loopbreak(base);
}
