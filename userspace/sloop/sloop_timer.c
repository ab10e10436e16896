// SPDX-License-Identifier: MIT
/*
 * Timers: a heap in an array, the next due at its root, each timer knowing its
 * place, so that starting and stopping one of n costs log n.
 *
 * What that costs is memory that is not in the cache. So each entry holds the
 * due time, a node has four children side by side instead of two (which is half
 * the levels), and a timer itself is touched only when it moves, or when two are
 * due in the same ms. (Entries with the id in them, to spare that, were slower:
 * half as large again, for the few near the root that are looked at anyway.)
 *
 * Called by the thread that owns the loop.
 */
#include "userspace/sloop/internal.h"

#include <errno.h>
#include <stdlib.h>

#define CHILDREN	4

static bool before(const struct sloop_due *a, const struct sloop_due *b)
{
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms;
	return a->timer->id < b->timer->id;
}

static void put(struct sloop *loop, size_t place, struct sloop_due due)
{
	loop->heap[place] = due;
	due.timer->handle.place = place;
}

/* Put the entry at place, or as far towards the root as it belongs. */
static void sift_up(struct sloop *loop, size_t place, struct sloop_due due)
{
	while (place > 0) {
		size_t parent = (place - 1) / CHILDREN;

		if (!before(&due, &loop->heap[parent]))
			break;
		put(loop, place, loop->heap[parent]);
		place = parent;
	}
	put(loop, place, due);
}

/* Put the entry at place, or as far away from the root as it belongs. */
static void sift_down(struct sloop *loop, size_t place, struct sloop_due due)
{
	for (;;) {
		size_t child = CHILDREN * place + 1;
		size_t end = child + CHILDREN, best = child;

		if (end > loop->timers)
			end = loop->timers;
		if (child >= end)
			break;
		while (++child < end)
			if (before(&loop->heap[child], &loop->heap[best]))
				best = child;
		if (!before(&loop->heap[best], &due))
			break;
		put(loop, place, loop->heap[best]);
		place = best;
	}
	put(loop, place, due);
}

static int make_room(struct sloop *loop)
{
	size_t room = loop->room ? 2 * loop->room : 16;
	struct sloop_due *heap;

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
	timer->repeat_ms = 0;
	return 0;
}

int sloop_timer_start(struct sloop_timer *timer,
		      void (*cb)(struct sloop_timer *timer),
		      uint64_t timeout_ms, uint64_t repeat_ms)
{
	struct sloop *loop = timer->loop;
	struct sloop_due due = { .timer = timer };

	if (!cb || timer->handle.flags & HANDLE_CLOSING)
		return -EINVAL;
	if (timer->handle.flags & HANDLE_ACTIVE)
		sloop_timer_stop(timer);
	if (loop->timers == loop->room && make_room(loop))
		return -ENOMEM;
	timer->cb = cb;
	timer->repeat_ms = repeat_ms;
	due.due_ms = loop_now(loop) + timeout_ms;
	if (due.due_ms < timeout_ms)
		due.due_ms = UINT64_MAX;
	timer->id = loop->next_id++;
	sift_up(loop, loop->timers++, due);
	handle_start(&timer->handle);
	return 0;
}

int sloop_timer_stop(struct sloop_timer *timer)
{
	struct sloop *loop = timer->loop;
	size_t place = timer->handle.place;
	struct sloop_due last;

	if (!(timer->handle.flags & HANDLE_ACTIVE))
		return 0;
	handle_stop(&timer->handle);
	/* the last one fills the gap, and goes up or down from there */
	last = loop->heap[--loop->timers];
	if (last.timer == timer)
		return 0;
	if (place && before(&last, &loop->heap[(place - 1) / CHILDREN]))
		sift_up(loop, place, last);
	else
		sift_down(loop, place, last);
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
	uint64_t now_ms = sloop_now(timer->loop);
	uint64_t due_ms;

	if (!sloop_is_active(&timer->handle))
		return 0;
	due_ms = timer->loop->heap[timer->handle.place].due_ms;
	return due_ms > now_ms ? due_ms - now_ms : 0;
}

/*
 * The timers phase: all that are due by the clock as it stands now. What the
 * callbacks start has an id from here on, and is due no earlier than the
 * others are: when the root is such a one, the phase is over.
 */
void run_timers(struct sloop *loop)
{
	uint64_t now_ms = loop_now(loop);
	uint64_t first_new = loop->next_id;

	while (loop->timers) {
		struct sloop_timer *timer = loop->heap[0].timer;

		if (loop->heap[0].due_ms > now_ms ||
		    loop->heap[0].timer->id >= first_new)
			break;
		/* first, so that the callback may stop or restart it */
		sloop_timer_stop(timer);
		sloop_timer_again(timer);
		trace(loop, SLOOP_CB_ENTER, SLOOP_TYPE_TIMER);
		timer->cb(timer);
		after_callback(loop, SLOOP_TYPE_TIMER);
	}
}
