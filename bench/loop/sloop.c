// SPDX-License-Identifier: MIT
/* sloop by its own names. See bench.h. */
#include "bench/loop/bench.h"
#include "userspace/sloop/sloop.h"

static struct sloop loop;
static struct sloop_fd *watches;
static struct sloop_timer *timers;

static void readable(struct sloop_fd *watch, int status, int events)
{
	(void)status;
	(void)events;
	on_readable(watch - watches);
}

static void fired(struct sloop_timer *timer)
{
	(void)timer;
	on_timer();
}

void loop_init(void)
{
	must(!sloop_init(&loop), "sloop_init");
}

void loop_watch(unsigned int count, const int *fds)
{
	unsigned int i;

	watches = must_alloc(count, sizeof(*watches));
	for (i = 0; i < count; i++)
		must(!sloop_fd_init(&loop, &watches[i], fds[i]) &&
		     !sloop_fd_start(&watches[i], SLOOP_READABLE, readable),
		     "sloop_fd_start");
}

void loop_timers(unsigned int count)
{
	unsigned int i;

	timers = must_alloc(count, sizeof(*timers));
	for (i = 0; i < count; i++)
		sloop_timer_init(&loop, &timers[i]);
}

void loop_timer_start(unsigned int i, unsigned int timeout_ms)
{
	must(!sloop_timer_start(&timers[i], fired, timeout_ms, 0),
	     "sloop_timer_start");
}

void loop_timer_stop(unsigned int i)
{
	sloop_timer_stop(&timers[i]);
}

void loop_update_time(void)
{
	sloop_update_time(&loop);
}

void loop_run(void)
{
	must(sloop_run(&loop, SLOOP_DEFAULT) >= 0, "sloop_run");
}

void loop_stop(void)
{
	sloop_stop(&loop);
}
