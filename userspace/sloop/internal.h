/* SPDX-License-Identifier: MIT */
/*
 * What sloop's files share and callers do not see. Same thread, same rules
 * as sloop.h.
 */
#ifndef SLOOP_INTERNAL_H
#define SLOOP_INTERNAL_H

#include <pthread.h>

#include "userspace/sloop/sloop.h"

/* sloop_handle.flags */
#define HANDLE_ACTIVE	1
#define HANDLE_REF	2
#define HANDLE_CLOSING	4

#define container_of(pointer, type, member) \
	((type *)((char *)(pointer) - offsetof(type, member)))

static inline void list_init(struct sloop_list *list)
{
	list->next = list->prev = list;
}

static inline bool list_empty(const struct sloop_list *list)
{
	return list->next == list;
}

/* Insert entry before where; before the list itself is at its end. */
static inline void list_insert(struct sloop_list *entry,
			       struct sloop_list *where)
{
	entry->next = where;
	entry->prev = where->prev;
	where->prev->next = entry;
	where->prev = entry;
}

static inline void list_remove(struct sloop_list *entry)
{
	entry->prev->next = entry->next;
	entry->next->prev = entry->prev;
	list_init(entry);
}

/* All that is in old is in new, which was in no list; old is empty. */
static inline void list_replace_init(struct sloop_list *old,
				     struct sloop_list *new)
{
	list_insert(new, old);	/* takes the place ... */
	list_remove(old);	/* ... of old */
}

/* The loop's clock: read now, if it has to be. */
static inline uint64_t loop_now(struct sloop *loop)
{
	if (loop->now_old)
		sloop_update_time(loop);
	return loop->now_ms;
}

/* sloop_handle.c */
void handle_init(struct sloop *loop, struct sloop_handle *handle,
		 enum sloop_type type);

static inline unsigned int handle_counts(unsigned int flags)
{
	return (flags & (HANDLE_ACTIVE | HANDLE_REF)) ==
	       (HANDLE_ACTIVE | HANDLE_REF);
}

static inline void handle_flags(struct sloop_handle *handle, unsigned int flags)
{
	handle->loop->active_handles += handle_counts(flags) -
					handle_counts(handle->flags);
	handle->flags = flags;
}

static inline void handle_start(struct sloop_handle *handle)
{
	handle_flags(handle, handle->flags | HANDLE_ACTIVE);
}

static inline void handle_stop(struct sloop_handle *handle)
{
	handle_flags(handle, handle->flags & ~HANDLE_ACTIVE);
}

/* sloop_timer.c */
#define TURN_BITS	24

/* The order of timers: by when they are due, then by when they were started. */
static inline uint64_t timer_key(uint64_t due_ms, unsigned int turn)
{
	return (due_ms << TURN_BITS) + turn;
}

void timers_free(struct sloop *loop);

/* sloop_fd.c */
void fd_init(struct sloop_fd *watch, int fd);
int fd_fork(struct sloop *loop);

/* sloop_wake.c: have wake_send() make the poll phase run what is below */
int wake_start(struct sloop *loop);
void wake_send(struct sloop *loop);
void wake_end(struct sloop *loop);
int wake_fork(struct sloop *loop);
void async_stop(struct sloop_async *async);

/* sloop_signal.c */
bool signals_caught(const struct sloop *loop);
void run_signals(struct sloop *loop);
int signal_fork(struct sloop *loop);
void signal_free(struct sloop *loop);

/* sloop_pool.c: a thread that no signal is handled in */
int thread_start(pthread_t *thread, void *(*main)(void *arg), void *arg);
void run_finished(struct sloop *loop);

/* sloop_task.c */
void run_pending(struct sloop *loop);
void __run_tasks(struct sloop *loop);

/* sloop_trace.c */
void __trace(struct sloop *loop, enum sloop_event event, enum sloop_type type);
void __watchdog_set(struct sloop *loop, bool busy);

/* The loop has something to do from here on; or sleeps, or does not run. */
static inline void watchdog_set(struct sloop *loop, bool busy)
{
	if (loop->watchdog)
		__watchdog_set(loop, busy);
}

/* A phase begins, a callback is called, ...: costs a test unless traced. */
static inline void trace(struct sloop *loop, enum sloop_event event,
			 enum sloop_type type)
{
	if (__builtin_expect(loop->trace_cb || loop->watchdog, 0))
		__trace(loop, event, type);
}

/* After every callback: its ticks and microtasks. */
static inline void run_tasks(struct sloop *loop)
{
	if (loop->ticks.first || loop->microtasks.first)
		__run_tasks(loop);
}

static inline void after_callback(struct sloop *loop, enum sloop_type type)
{
	trace(loop, SLOOP_CB_EXIT, type);
	run_tasks(loop);
}

/* The phases, each called by sloop_run() alone. */
void run_hooks(struct sloop *loop, struct sloop_list *hooks);
int run_poll(struct sloop *loop, int timeout_ms);
void run_closing(struct sloop *loop);
void run_timers(struct sloop *loop);

#endif
