// SPDX-License-Identifier: MIT
/*
 * Tasks: what is to be called once, soon. Ticks and microtasks come after the
 * callback that handed them in, by the rule of Node.js 11 and later; put-off
 * calls in the pending phase. Called by the thread that owns the loop.
 */
#include "userspace/sloop/internal.h"

static void add(struct sloop *loop, struct sloop_tasks *tasks,
		struct sloop_task *task, void (*cb)(struct sloop_task *task))
{
	task->loop = loop;
	task->cb = cb;
	task->next = NULL;
	if (tasks->first)
		tasks->last->next = task;
	else
		tasks->first = task;
	tasks->last = task;
}

void sloop_next_tick(struct sloop *loop, struct sloop_task *task,
		     void (*cb)(struct sloop_task *task))
{
	add(loop, &loop->ticks, task, cb);
}

void sloop_microtask(struct sloop *loop, struct sloop_task *task,
		     void (*cb)(struct sloop_task *task))
{
	add(loop, &loop->microtasks, task, cb);
}

void sloop_defer(struct sloop *loop, struct sloop_task *task,
		 void (*cb)(struct sloop_task *task))
{
	add(loop, &loop->pending, task, cb);
}

static void call_first(struct sloop *loop, struct sloop_tasks *tasks)
{
	struct sloop_task *task = tasks->first;

	/* first, so that the callback may hand it in again */
	tasks->first = task->next;
	trace(loop, SLOOP_CB_ENTER, SLOOP_TYPE_NONE);
	task->cb(task);
	trace(loop, SLOOP_CB_EXIT, SLOOP_TYPE_NONE);
}

void __run_tasks(struct sloop *loop)
{
	while (loop->ticks.first || loop->microtasks.first) {
		while (loop->ticks.first)
			call_first(loop, &loop->ticks);
		while (loop->microtasks.first)
			call_first(loop, &loop->microtasks);
	}
}

/* The pending phase. What is put off here waits for the next round. */
void run_pending(struct sloop *loop)
{
	struct sloop_tasks now = loop->pending;

	loop->pending.first = NULL;
	while (now.first) {
		call_first(loop, &now);
		run_tasks(loop);
	}
}
