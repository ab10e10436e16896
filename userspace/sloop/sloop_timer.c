// SPDX-License-Identifier: MIT
/*
 * Timers: a binary heap in an array, the next due at its root, each timer
 * knowing its place, so that starting and stopping one of n costs log n.
 * Called by the thread that owns the loop.
 */
#include "userspace/sloop/internal.h"

#include <errno.h>
#include <stdlib.h>

static bool before(const struct sloop_timer *a, const struct sloop_timer *b)
{
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms;
	return a->id < b->id;
}

static void put(struct sloop *loop, size_t place, struct sloop_timer *timer)
{
	loop->heap[place] = timer;
	timer->place = place;
}

/* Put the timer at place, or as far towards the root as it belongs. */
static void sift_up(struct sloop *loop, size_t place, struct sloop_timer *timer)
{
	while (place > 0) {
		size_t parent = (place - 1) / 2;

		if (!before(timer, loop->heap[parent]))
			break;
		put(loop, place, loop->heap[parent]);
		place = parent;
	}
	put(loop, place, timer);
}

/* Put the timer at place, or as far away from the root as it belongs. */
static void sift_down(struct sloop *loop, size_t place,
		      struct sloop_timer *timer)
{
	for (;;) {
		size_t child = 2 * place + 1;

		if (child + 1 < loop->timers &&
		    before(loop->heap[child + 1], loop->heap[child]))
			child++;
		if (child >= loop->timers ||
		    !before(loop->heap[child], timer))
			break;
		put(loop, place, loop->heap[child]);
		place = child;
	}
	put(loop, place, timer);
}

static int make_room(struct sloop *loop)
{
	size_t room = loop->room ? 2 * loop->room : 16;
	struct sloop_timer **heap;

	if (loop->timers < loop->room)
		return 0;
	heap = reallocarray(loop->heap, room, sizeof(*heap));
	if (!heap)
		return -ENOMEM;
	loop->heap = heap;
	loop->room = room;
	return 0;
}

int sloop_timer_init(struct sloop *loop, struct sloop_timer *timer)
{
	handle_init(loop, &timer->handle, SLOOP_TYPE_TIMER);
	timer->cb = NULL;
	timer->due_ms = 0;
	timer->repeat_ms = 0;
	return 0;
}

int sloop_timer_start(struct sloop_timer *timer,
		      void (*cb)(struct sloop_timer *timer),
		      uint64_t timeout_ms, uint64_t repeat_ms)
{
	struct sloop *loop = timer->loop;

	if (!cb || sloop_is_closing(&timer->handle))
		return -EINVAL;
	sloop_timer_stop(timer);
	if (make_room(loop))
		return -ENOMEM;
	timer->cb = cb;
	timer->due_ms = loop->now_ms + timeout_ms;
	if (timer->due_ms < timeout_ms)
		timer->due_ms = UINT64_MAX;
	timer->repeat_ms = repeat_ms;
	timer->id = loop->next_id++;
	sift_up(loop, loop->timers++, timer);
	handle_start(&timer->handle);
	return 0;
}

int sloop_timer_stop(struct sloop_timer *timer)
{
	struct sloop *loop = timer->loop;
	struct sloop_timer *last;

	if (!sloop_is_active(&timer->handle))
		return 0;
	/* the last one fills the gap, and goes up or down from there */
	last = loop->heap[--loop->timers];
	if (last != timer) {
		sift_down(loop, timer->place, last);
		sift_up(loop, last->place, last);
	}
	handle_stop(&timer->handle);
	return 0;
}

int sloop_timer_again(struct sloop_timer *timer)
{
	if (!timer->cb)
		return -EINVAL;
	if (!timer->repeat_ms)
		return 0;
	return sloop_timer_start(timer, timer->cb, timer->repeat_ms,
				 timer->repeat_ms);
}

void sloop_timer_set_repeat(struct sloop_timer *timer, uint64_t repeat_ms)
{
	timer->repeat_ms = repeat_ms;
}

uint64_t sloop_timer_get_repeat(const struct sloop_timer *timer)
{
	return timer->repeat_ms;
}

uint64_t sloop_timer_due_in(const struct sloop_timer *timer)
{
	if (!sloop_is_active(&timer->handle) ||
	    timer->due_ms <= timer->loop->now_ms)
		return 0;
	return timer->due_ms - timer->loop->now_ms;
}

/*
 * The timers phase: all that are due by the clock as it stands now. What the
 * callbacks start has an id from here on, and is due no earlier than the
 * others are: when the root is such a one, the phase is over.
 */
void run_timers(struct sloop *loop)
{
	uint64_t now_ms = loop->now_ms;
	uint64_t first_new = loop->next_id;

	while (loop->timers) {
		struct sloop_timer *timer = loop->heap[0];

		if (timer->due_ms > now_ms || timer->id >= first_new)
			break;
		/* first, so that the callback may stop or restart it */
		sloop_timer_stop(timer);
		sloop_timer_again(timer);
		trace(loop, SLOOP_CB_ENTER, SLOOP_TYPE_TIMER);
		timer->cb(timer);
		after_callback(loop, SLOOP_TYPE_TIMER);
	}
}
