// SPDX-License-Identifier: MIT
/* libev. See bench.h. */
#include "bench/loop/bench.h"

#include <ev.h>

static struct ev_loop *loop;
static ev_io *watches;
static ev_timer *timers;

static void readable(struct ev_loop *it, ev_io *watch, int events)
{
	(void)it;
	(void)events;
	on_readable(watch - watches);
}

static void fired(struct ev_loop *it, ev_timer *timer, int events)
{
	(void)it;
	(void)timer;
	(void)events;
	on_timer();
}

void loop_init(void)
{
	loop = ev_loop_new(EVBACKEND_EPOLL);
	must(!!loop, "ev_loop_new");
}

void loop_watch(unsigned int count, const int *fds)
{
	unsigned int i;

	watches = must_alloc(count, sizeof(*watches));
	for (i = 0; i < count; i++) {
		ev_io_init(&watches[i], readable, fds[i], EV_READ);
		ev_io_start(loop, &watches[i]);
	}
}

void loop_timers(unsigned int count)
{
	timers = must_alloc(count, sizeof(*timers));
}

void loop_timer_start(unsigned int i, unsigned int timeout_ms)
{
	ev_timer_init(&timers[i], fired, timeout_ms / 1e3, 0);
	ev_timer_start(loop, &timers[i]);
}

void loop_timer_stop(unsigned int i)
{
	ev_timer_stop(loop, &timers[i]);
}

void loop_update_time(void)
{
	ev_now_update(loop);
}

void loop_run(void)
{
	ev_run(loop, 0);
}

void loop_stop(void)
{
	ev_break(loop, EVBREAK_ONE);
}
