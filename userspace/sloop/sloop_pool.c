// SPDX-License-Identifier: MIT
/*
 * The pool of threads, one for all loops of the process: for what sleeps or
 * computes too long to be done in a loop's thread. Its threads start as work
 * comes in and then stay, till sloop_shutdown().
 *
 * Called by the threads that own loops; work_cb alone runs in the pool's. One
 * lock guards everything here, the loops' lists of finished work included. It
 * is never held while something of the caller's runs.
 *
 * Limits: a work_cb that sleeps for ever occupies its thread for ever.
 */
#include "userspace/sloop/internal.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#define THREADS		4
#define MOST_THREADS	1024

enum { QUEUED, BEGUN, DONE, CANCELLED };	/* sloop_work.state */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static struct sloop_list queue = { &queue, &queue };
static pthread_t threads[MOST_THREADS];
static unsigned int started, idle, waiting;	/* waiting: in the queue */
static unsigned int ending;	/* shutdowns that go on */

int thread_start(pthread_t *thread, void *(*main)(void *arg), void *arg)
{
	sigset_t all, before;
	int error;

	/* a new thread begins with its maker's mask */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(thread, NULL, main, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -error;
}

/* The caller holds the lock, and by it the loop cannot be freed meanwhile. */
static void __finish(struct sloop_work *work, int state)
{
	work->state = state;
	list_insert(&work->place, &work->loop->finished);
	wake_send(work->loop);
}

static struct sloop_work *__next(void)
{
	struct sloop_work *work;

	idle++;
	while (list_empty(&queue) && !ending)
		pthread_cond_wait(&more, &lock);
	idle--;
	if (list_empty(&queue))
		return NULL;
	work = container_of(queue.next, struct sloop_work, place);
	list_remove(&work->place);
	waiting--;
	work->state = BEGUN;
	return work;
}

static void *thread_main(void *arg)
{
	struct sloop_work *work;

	pthread_mutex_lock(&lock);
	while ((work = __next())) {
		pthread_mutex_unlock(&lock);
		work->work_cb(work);
		pthread_mutex_lock(&lock);
		__finish(work, DONE);
	}
	pthread_mutex_unlock(&lock);
	return arg;
}

static unsigned int most_threads(void)
{
	const char *wanted = getenv("SLOOP_THREADS");
	int count = wanted ? atoi(wanted) : THREADS;

	return count < 1 ? 1 : count > MOST_THREADS ? MOST_THREADS : count;
}

/* Another thread, when all that there are have something to do. */
static int __start_thread(void)
{
	int error;

	if (waiting < idle || started == most_threads())
		return 0;
	error = thread_start(&threads[started], thread_main, NULL);
	if (!error)
		started++;
	/* one is enough to get everything done, sometime */
	return started ? 0 : error;
}

/* A forked child has none of the threads, nor what they were to do. */
static void in_child(void)
{
	pthread_mutex_init(&lock, NULL);
	pthread_cond_init(&more, NULL);
	list_init(&queue);
	started = idle = waiting = ending = 0;
}

static void hold(void)
{
	pthread_mutex_lock(&lock);
}

static void let_go(void)
{
	pthread_mutex_unlock(&lock);
}

static void once(void)
{
	pthread_atfork(hold, let_go, in_child);
}

int sloop_queue_work(struct sloop *loop, struct sloop_work *work,
		     void (*work_cb)(struct sloop_work *work),
		     void (*after_cb)(struct sloop_work *work, int status))
{
	static pthread_once_t ready = PTHREAD_ONCE_INIT;
	int error;

	if (!work_cb)
		return -EINVAL;
	error = wake_start(loop);
	if (error)
		return error;
	pthread_once(&ready, once);
	work->loop = loop;
	work->work_cb = work_cb;
	work->after_cb = after_cb;
	hold();
	error = __start_thread();
	if (!error) {
		work->state = QUEUED;
		list_insert(&work->place, &queue);
		waiting++;
		loop->requests++;
		pthread_cond_signal(&more);
	}
	let_go();
	return error;
}

int sloop_cancel(struct sloop_work *work)
{
	int error = -EBUSY;

	hold();
	if (work->state == QUEUED) {
		list_remove(&work->place);
		waiting--;
		__finish(work, CANCELLED);
		error = 0;
	}
	let_go();
	return error;
}

/* In the loop's thread: what the pool is done with. */
void run_finished(struct sloop *loop)
{
	if (!loop->requests)
		return;
	hold();
	list_replace_init(&loop->finished, &loop->done);
	let_go();
	/* the loop's list, for a callback may fork */
	while (!list_empty(&loop->done)) {
		struct sloop_work *work = container_of(loop->done.next,
						       struct sloop_work,
						       place);
		int status = work->state == CANCELLED ? -ECANCELED : 0;

		list_remove(&work->place);
		loop->requests--;
		if (!work->after_cb)
			continue;
		trace(loop, SLOOP_CB_ENTER, SLOOP_TYPE_NONE);
		work->after_cb(work, status);
		after_callback(loop, SLOOP_TYPE_NONE);
	}
}

void sloop_shutdown(void)
{
	hold();
	ending++;
	pthread_cond_broadcast(&more);
	/* work that comes meanwhile may start others; so may two shut down */
	while (started) {
		pthread_t thread = threads[--started];

		let_go();
		pthread_join(thread, NULL);
		hold();
	}
	ending--;
	/* what came when they had all looked for the last time */
	if (waiting)
		__start_thread();
	let_go();
}
