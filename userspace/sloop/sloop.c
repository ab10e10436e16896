// SPDX-License-Identifier: MIT
/*
 * The loop itself: what happens in which order. The phases are in the other
 * files: sloop_timer.c, sloop_hook.c (idle, prepare, check), sloop_fd.c (poll)
 * and sloop_handle.c (closing).
 *
 * Called by the thread that owns the loop. Limits: see sloop.h.
 */
#include "userspace/sloop/backend.h"
#include "userspace/sloop/internal.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct sloop *default_loop;

uint64_t sloop_hrtime(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

void sloop_update_time(struct sloop *loop)
{
	loop->now_old = false;
	loop->now_ms = (loop->backend->now_ns ? loop->backend->now_ns(loop) :
			sloop_hrtime()) / 1000000;
}

uint64_t sloop_now(const struct sloop *loop)
{
	/* to the caller it is one thing, whenever it is read */
	return loop_now((struct sloop *)loop);
}

static const struct sloop_backend *const backends[] = {
	&sloop_epoll,	/* the first is what is taken unless said */
	&sloop_poll,
	&sloop_uring,
};

const struct sloop_backend *sloop_backend_named(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(backends) / sizeof(backends[0]); i++)
		if (!strcmp(backends[i]->name, name))
			return backends[i];
	return NULL;
}

const char *sloop_backend_name(const struct sloop *loop)
{
	return loop->backend->name;
}

int sloop_init(struct sloop *loop)
{
	const char *name = getenv("SLOOP_BACKEND");
	const struct sloop_backend *backend = name ?
					      sloop_backend_named(name) :
					      backends[0];

	return backend ? sloop_init_with(loop, backend) : -EINVAL;
}

int sloop_init_with(struct sloop *loop, const struct sloop_backend *backend)
{
	void *data = loop->data;
	int error;

	memset(loop, 0, sizeof(*loop));
	loop->data = data;
	loop->backend = backend;
	list_init(&loop->handles);
	list_init(&loop->idle);
	list_init(&loop->prepare);
	list_init(&loop->check);
	list_init(&loop->asyncs);
	list_init(&loop->signals);
	list_init(&loop->finished);
	list_init(&loop->done);
	loop->wake.fd = -1;
	error = backend->init(loop);
	if (error)
		return error;
	sloop_update_time(loop);
	return 0;
}

struct sloop *sloop_default(void)
{
	static struct sloop loop;

	if (!default_loop && !sloop_init(&loop))
		default_loop = &loop;
	return default_loop;
}

int sloop_free(struct sloop *loop)
{
	if (!list_empty(&loop->handles) || loop->requests)
		return -EBUSY;
	sloop_watch_blocked(loop, 0, NULL);
	signal_free(loop);
	wake_end(loop);
	if (loop == default_loop)
		default_loop = NULL;
	loop->backend->free(loop);
	timers_free(loop);
	free(loop->by_fd);
	loop->by_fd = NULL;
	return 0;
}

int sloop_fork(struct sloop *loop)
{
	int error;

	/* the parent's */
	loop->requests = 0;
	list_init(&loop->finished);
	list_init(&loop->done);
	loop->watchdog = NULL;

	loop->backend->free(loop);
	error = loop->backend->init(loop);
	if (!error) {
		error = wake_fork(loop);
		if (!error)
			error = signal_fork(loop);
		if (!error)
			error = fd_fork(loop);
		if (error)
			loop->backend->free(loop);
	}
	if (error)
		loop->backend = &sloop_none;
	return error;
}

int sloop_alive(const struct sloop *loop)
{
	return loop->active_handles || loop->requests || loop->closing ||
	       loop->pending.first;
}

int sloop_timeout(const struct sloop *loop)
{
	uint64_t due_ms;

	if (!loop->active_handles && !loop->requests)
		return 0;
	if (loop->stop || loop->closing || loop->pending.first ||
	    !list_empty(&loop->idle))
		return 0;
	if (!loop->timers)
		return -1;
	due_ms = loop->heap[0].key >> TURN_BITS;
	if (due_ms <= sloop_now(loop))
		return 0;
	due_ms -= sloop_now(loop);
	return due_ms < INT_MAX ? (int)due_ms : INT_MAX;
}

static void enter(struct sloop *loop, enum sloop_phase phase)
{
	loop->phase = phase;
	trace(loop, SLOOP_PHASE, SLOOP_TYPE_NONE);
}

/*
 * The order is libuv's since 1.45, 1.48 in particular:
 *
 *	timers             once, before the first iteration, in SLOOP_DEFAULT
 *	while alive:
 *	    pending        what was put off: sloop_defer()
 *	    idle
 *	    prepare
 *	    poll           sleeps until an event or the next timer; then what
 *	                   its callbacks put off, and what that puts off,
 *	                   eight times at most
 *	    check
 *	    closing
 *	    timers
 *
 * So timers come at the end of every iteration, and SLOOP_ONCE and
 * SLOOP_NOWAIT run none before they poll. Until 1.44 libuv ran timers first
 * in each iteration (and, in UV_RUN_ONCE, once more after closing). In
 * SLOOP_DEFAULT the callbacks' order is the same either way, but for the
 * iteration that sloop_stop() ends: this order runs its timers, that does not.
 */
int sloop_run(struct sloop *loop, enum sloop_mode mode)
{
	int alive, rounds, error = 0;

	loop->now_old = true;
	watchdog_set(loop, true);
	run_tasks(loop);
	alive = sloop_alive(loop);
	if (mode == SLOOP_DEFAULT && alive && !loop->stop) {
		enter(loop, SLOOP_TIMERS);
		if (loop->timers)
			run_timers(loop);
	}

	while (alive && !loop->stop && !error) {
		/* ONCE must not sleep when an idle callback was its event */
		bool may_sleep = mode == SLOOP_DEFAULT ||
				 (mode == SLOOP_ONCE && !loop->pending.first &&
				  list_empty(&loop->idle));

		enter(loop, SLOOP_PENDING);
		if (loop->pending.first)
			run_pending(loop);

		enter(loop, SLOOP_IDLE);
		run_hooks(loop, &loop->idle);

		enter(loop, SLOOP_PREPARE);
		run_hooks(loop, &loop->prepare);

		enter(loop, SLOOP_POLL);
		error = run_poll(loop, may_sleep ? sloop_timeout(loop) : 0);
		for (rounds = 0; rounds < 8 && loop->pending.first; rounds++)
			run_pending(loop);

		enter(loop, SLOOP_CHECK);
		run_hooks(loop, &loop->check);

		enter(loop, SLOOP_CLOSING);
		if (loop->closing)
			run_closing(loop);

		enter(loop, SLOOP_TIMERS);
		loop->now_old = true;
		if (loop->timers)
			run_timers(loop);

		alive = sloop_alive(loop);
		if (mode != SLOOP_DEFAULT)
			break;
	}

	loop->stop = false;
	loop->phase = SLOOP_OUTSIDE;
	watchdog_set(loop, false);
	return error ? error : alive;
}

void sloop_stop(struct sloop *loop)
{
	loop->stop = true;
}

int sloop_backend_fd(const struct sloop *loop)
{
	return loop->backend->tells ? loop->backend_fd : -1;
}

const char *sloop_phase_name(enum sloop_phase phase)
{
	static const char *const names[] = {
		[SLOOP_OUTSIDE] = "outside",
		[SLOOP_PENDING] = "pending",
		[SLOOP_IDLE] = "idle",
		[SLOOP_PREPARE] = "prepare",
		[SLOOP_POLL] = "poll",
		[SLOOP_CHECK] = "check",
		[SLOOP_CLOSING] = "closing",
		[SLOOP_TIMERS] = "timers",
	};

	return names[phase];
}

const char *sloop_type_name(enum sloop_type type)
{
	static const char *const names[] = {
		[SLOOP_TYPE_TIMER] = "timer",
		[SLOOP_TYPE_IDLE] = "idle",
		[SLOOP_TYPE_PREPARE] = "prepare",
		[SLOOP_TYPE_CHECK] = "check",
		[SLOOP_TYPE_FD] = "fd",
		[SLOOP_TYPE_ASYNC] = "async",
		[SLOOP_TYPE_SIGNAL] = "signal",
		[SLOOP_TYPE_NONE] = "task",
	};

	return names[type];
}

const char *sloop_strerror(int error)
{
	return strerror(-error);
}

const char *sloop_error_name(int error)
{
	const char *name = strerrorname_np(-error);

	return name ? name : "UNKNOWN";
}
