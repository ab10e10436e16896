// SPDX-License-Identifier: MIT
/* libuv. See bench.h. */
#include "bench/loop/bench.h"

#include <uv.h>

static uv_loop_t loop;
static uv_poll_t *watches;
static uv_timer_t *timers;

static void readable(uv_poll_t *watch, int status, int events)
{
	(void)status;
	(void)events;
	on_readable(watch - watches);
}

static void fired(uv_timer_t *timer)
{
	(void)timer;
	on_timer();
}

void loop_init(void)
{
	must(!uv_loop_init(&loop), "uv_loop_init");
}

void loop_watch(unsigned int count, const int *fds)
{
	unsigned int i;

	watches = must_alloc(count, sizeof(*watches));
	for (i = 0; i < count; i++)
		must(!uv_poll_init(&loop, &watches[i], fds[i]) &&
		     !uv_poll_start(&watches[i], UV_READABLE, readable),
		     "uv_poll_start");
}

void loop_timers(unsigned int count)
{
	unsigned int i;

	timers = must_alloc(count, sizeof(*timers));
	for (i = 0; i < count; i++)
		uv_timer_init(&loop, &timers[i]);
}

void loop_timer_start(unsigned int i, unsigned int timeout_ms)
{
	must(!uv_timer_start(&timers[i], fired, timeout_ms, 0),
	     "uv_timer_start");
}

void loop_timer_stop(unsigned int i)
{
	uv_timer_stop(&timers[i]);
}

void loop_update_time(void)
{
	uv_update_time(&loop);
}

void loop_run(void)
{
	uv_run(&loop, UV_RUN_DEFAULT);
}

void loop_stop(void)
{
	uv_stop(&loop);
}
