// SPDX-License-Identifier: MIT
/*
 * See sloop_show.h. A line is: phase, thread, what was called.
 *
 * The idle callback runs in every iteration, many thousand times between two
 * bytes, for while it is started poll does not sleep. Of those calls only the
 * first after another event has a line; the next event says how many more
 * there were.
 *
 * Lines begin with blanks: the device's bytes go to standard output, and where
 * that is the same terminal each stands in front of the line that tells of it.
 */
#include "userspace/slowcat/sloop_show.h"

#include <stdio.h>
#include <unistd.h>

#define TICK_MS	50

static bool showing;
static struct sloop_timer tick;
static struct sloop_hook idle;
static unsigned long idle_calls;	/* since the last other event */
static uint64_t began_ns;

static void begin_line(const struct sloop *loop)
{
	fprintf(stderr, "  %9.3f ms  %-8s thread %d  ",
		(sloop_hrtime() - began_ns) / 1e6,
		sloop_phase_name(loop->phase), gettid());
}

static void show_event(const struct sloop *loop)
{
	unsigned long more = idle_calls > 1 ? idle_calls - 1 : 0;

	idle_calls = 0;
	begin_line(loop);
	if (more)
		fprintf(stderr, "[%lu idle calls later] ", more);
}

static void on_tick(struct sloop_timer *timer)
{
	show_event(timer->loop);
	fprintf(stderr, "timer, every %d ms\n", TICK_MS);
}

static void on_idle(struct sloop_hook *hook)
{
	if (idle_calls++)
		return;
	begin_line(hook->loop);
	fputs("idle callback: poll will not sleep\n", stderr);
}

static void on_close(struct sloop_handle *handle)
{
	show_event(handle->loop);
	fprintf(stderr, "%s closed\n",
		handle->type == SLOOP_TYPE_TIMER ? "timer" : "idle callback");
}

void show_read(struct sloop *loop, const struct client_device *device,
	       size_t count)
{
	if (!showing)
		return;
	show_event(loop);
	fprintf(stderr, "%s readable: %zu byte%s\n", device->path, count,
		count == 1 ? "" : "s");
}

void show_start(struct client *client, struct sloop *loop)
{
	int error;

	showing = client->show_phases && !client->failed;
	if (!showing)
		return;
	began_ns = sloop_hrtime();
	sloop_timer_init(loop, &tick);
	sloop_idle_init(loop, &idle);
	sloop_idle_start(&idle, on_idle);
	error = sloop_timer_start(&tick, on_tick, TICK_MS, TICK_MS);
	if (error)
		client_fail(client, "timer", -error);
}

void show_finish(struct sloop *loop)
{
	if (!showing)
		return;
	sloop_close(&tick.handle, on_close);
	sloop_close(&idle.handle, on_close);
	/* closing takes one iteration, which does not sleep */
	sloop_run(loop, SLOOP_NOWAIT);
}
