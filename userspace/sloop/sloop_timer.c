// SPDX-License-Identifier: MIT
/*
 * Timers: a heap in an array, the next due at its root, each timer knowing its
 * place, so that starting and stopping one of n costs log n.
 *
 * What that costs is memory that is not in the cache. So each entry holds all
 * that its order depends on, in one word: when it is due, and its turn among
 * those due in the same ms. A node has four children instead of two (which is
 * half the levels), and they share a cache line. A timer itself is touched only
 * when it moves.
 *
 * Called by the thread that owns the loop.
 */
#include "userspace/sloop/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CHILDREN	4
#define LINE		64	/* bytes of a cache line */
#define ENTRIES		(LINE / sizeof(struct sloop_due))

#define LATEST_MS	(UINT64_MAX >> TURN_BITS)
#define TURNS		(1u << TURN_BITS)
/* Never more at once, so that turns last for as many starts at least. */
#define TIMERS_MAX	(TURNS / 2)

static void put(struct sloop_due *heap, size_t place, struct sloop_due due)
{
	heap[place] = due;
	due.timer->handle.place = place;
}

/* Put the entry at place, or as far towards the root as it belongs. */
static void sift_up(struct sloop *loop, size_t place, struct sloop_due due)
{
	struct sloop_due *heap = loop->heap;

	while (place > 0) {
		size_t parent = (place - 1) / CHILDREN;

		if (due.key > heap[parent].key)
			break;
		put(heap, place, heap[parent]);
		place = parent;
	}
	put(heap, place, due);
}

/*
 * The first of a node's children, which begin at first. Which one it is nobody
 * can guess, the processor neither, so where there are four it gets no branch
 * to guess at.
 */
static size_t first_child(const struct sloop_due *heap, size_t first,
			  size_t end)
{
	size_t best = first, other = first + 2;

	if (first + CHILDREN <= end) {
		best += heap[first + 1].key < heap[first].key;
		other += heap[first + 3].key < heap[first + 2].key;
		return heap[other].key < heap[best].key ? other : best;
	}
	while (++first < end)
		if (heap[first].key < heap[best].key)
			best = first;
	return best;
}

/* Put the entry at place, or as far away from the root as it belongs. */
static void sift_down(struct sloop *loop, size_t place, struct sloop_due due)
{
	struct sloop_due *heap = loop->heap;
	size_t end = loop->timers;

	for (;;) {
		size_t child = CHILDREN * place + 1;

		if (child >= end)
			break;
		child = first_child(heap, child, end);
		if (due.key < heap[child].key)
			break;
		put(heap, place, heap[child]);
		place = child;
	}
	put(heap, place, due);
}

/* The root is the last of its cache line, so that children begin one. */
static void *heap_memory(struct sloop_due *heap)
{
	return heap ? heap - (ENTRIES - 1) : NULL;
}

static int make_room(struct sloop *loop)
{
	size_t room = loop->room ? 2 * loop->room : 16;
	struct sloop_due *heap;

	if (loop->timers >= TIMERS_MAX)
		return -ENOMEM;
	heap = aligned_alloc(LINE, (room + ENTRIES) * sizeof(*heap));
	if (!heap)
		return -ENOMEM;
	heap += ENTRIES - 1;
	if (loop->timers)
		memcpy(heap, loop->heap, loop->timers * sizeof(*heap));
	free(heap_memory(loop->heap));
	loop->heap = heap;
	loop->room = room;
	return 0;
}

void timers_free(struct sloop *loop)
{
	free(heap_memory(loop->heap));
	loop->heap = NULL;
}

static int by_key(const void *a, const void *b)
{
	const struct sloop_due *one = a, *other = b;

	return one->key < other->key ? -1 : one->key > other->key;
}

/*
 * All turns are given out: those who wait get the first ones, in their order.
 * (A sorted array is a heap.)
 */
static void renew_turns(struct sloop *loop)
{
	uint64_t end = loop->timers_end;
	size_t i;

	qsort(loop->heap, loop->timers, sizeof(*loop->heap), by_key);
	for (i = 0; i < loop->timers; i++) {
		struct sloop_due due = loop->heap[i];

		/* a timers phase goes on: before its end stays before it */
		if (due.key < loop->timers_end)
			end = timer_key(loop->timers_end >> TURN_BITS, i + 1);
		due.key = timer_key(due.key >> TURN_BITS, i);
		put(loop->heap, i, due);
	}
	loop->timers_end = end;
	loop->next_turn = loop->timers;
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
	if (loop->next_turn == TURNS)
		renew_turns(loop);
	timer->due_ms = loop_now(loop) + timeout_ms;
	if (timer->due_ms < timeout_ms)
		timer->due_ms = UINT64_MAX;
	due.key = timer_key(timer->due_ms < LATEST_MS ? timer->due_ms :
			    LATEST_MS, loop->next_turn++);
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
	if (place && last.key < loop->heap[(place - 1) / CHILDREN].key)
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

	if (!sloop_is_active(&timer->handle))
		return 0;
	return timer->due_ms > now_ms ? timer->due_ms - now_ms : 0;
}

/*
 * The timers phase: all that are due by the clock as it stands now. What the
 * callbacks start is due no earlier than that and has a later turn, so it is
 * behind the phase's end.
 */
void run_timers(struct sloop *loop)
{
	loop->timers_end = timer_key(loop_now(loop), loop->next_turn);
	while (loop->timers && loop->heap[0].key < loop->timers_end) {
		struct sloop_timer *timer = loop->heap[0].timer;

		/* first, so that the callback may stop or restart it */
		sloop_timer_stop(timer);
		sloop_timer_again(timer);
		trace(loop, SLOOP_CB_ENTER, SLOOP_TYPE_TIMER);
		timer->cb(timer);
		after_callback(loop, SLOOP_TYPE_TIMER);
	}
}
