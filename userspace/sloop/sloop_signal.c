// SPDX-License-Identifier: MIT
/*
 * Signals. A handler may call almost nothing, so ours counts, and wakes every
 * loop that watches signals; what a watch has not seen of its signal's count is
 * told in the loop's thread.
 *
 * Called by the threads that own loops, but for on_signal(), which interrupts
 * any thread anywhere. So what it reads has no lock: the counts, and the list
 * of listeners, to which entries are added and from which none is ever removed;
 * one without a loop has the fd -1 and is taken again.
 */
#include "userspace/sloop/internal.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>

struct sloop_listener {
	int fd;				/* the loop's to be woken by, or -1 */
	struct sloop_listener *next;
};

static struct sloop_listener *listeners;
static unsigned int caught[NSIG];
static int handling;			/* handlers that are running */

/* Guards what follows, and the taking of listeners. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct sigaction before[NSIG];
static unsigned int watches[NSIG];

static void on_signal(int number)
{
	struct sloop_listener *listener;
	int error = errno;

	__atomic_add_fetch(&handling, 1, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&caught[number], 1, __ATOMIC_SEQ_CST);
	for (listener = __atomic_load_n(&listeners, __ATOMIC_SEQ_CST); listener;
	     listener = listener->next) {
		int fd = __atomic_load_n(&listener->fd, __ATOMIC_SEQ_CST);

		if (fd >= 0)
			eventfd_write(fd, 1);
	}
	__atomic_sub_fetch(&handling, 1, __ATOMIC_SEQ_CST);
	errno = error;
}

/*
 * The loops in a forked child are not its own before sloop_fork(), and the
 * handlers that were running are the parent's.
 */
static void in_child(void)
{
	struct sloop_listener *listener;

	pthread_mutex_unlock(&lock);
	handling = 0;
	for (listener = listeners; listener; listener = listener->next)
		listener->fd = -1;
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

static int listen_to(struct sloop *loop)
{
	static pthread_once_t ready = PTHREAD_ONCE_INIT;
	struct sloop_listener *listener;

	if (loop->listener)
		return 0;
	pthread_once(&ready, once);
	hold();
	/* signal_free() gives it up without the lock */
	for (listener = listeners; listener; listener = listener->next)
		if (__atomic_load_n(&listener->fd, __ATOMIC_SEQ_CST) < 0)
			break;
	if (!listener) {
		listener = malloc(sizeof(*listener));
		if (listener) {
			listener->fd = -1;
			listener->next = listeners;
			__atomic_store_n(&listeners, listener,
					 __ATOMIC_SEQ_CST);
		}
	}
	if (listener)
		__atomic_store_n(&listener->fd, loop->wake.fd,
				 __ATOMIC_SEQ_CST);
	let_go();
	loop->listener = listener;
	return listener ? 0 : -ENOMEM;
}

void signal_free(struct sloop *loop)
{
	if (!loop->listener)
		return;
	__atomic_store_n(&loop->listener->fd, -1, __ATOMIC_SEQ_CST);
	/* a handler in another thread may be about to write to it */
	while (__atomic_load_n(&handling, __ATOMIC_SEQ_CST))
		sched_yield();
	loop->listener = NULL;
}

int signal_fork(struct sloop *loop)
{
	if (!loop->listener)
		return 0;
	loop->listener = NULL;
	return listen_to(loop);
}

int sloop_signal_init(struct sloop *loop, struct sloop_signal *watch)
{
	int error = wake_start(loop);

	if (error)
		return error;
	handle_init(loop, &watch->handle, SLOOP_TYPE_SIGNAL);
	watch->cb = NULL;
	watch->number = 0;
	list_init(&watch->place);
	return 0;
}

/* The first watch of a signal takes it over, the last gives it back. */
static int take(int number)
{
	struct sigaction action = {
		.sa_handler = on_signal,
		.sa_flags = SA_RESTART,
	};
	int error = 0;

	sigfillset(&action.sa_mask);
	hold();
	if (!watches[number] && sigaction(number, &action, &before[number]))
		error = -errno;
	if (!error)
		watches[number]++;
	let_go();
	return error;
}

static void give_back(int number)
{
	hold();
	if (!--watches[number])
		sigaction(number, &before[number], NULL);
	let_go();
}

static int start(struct sloop_signal *watch,
		 void (*cb)(struct sloop_signal *watch, int number),
		 int number, bool once_only)
{
	struct sloop *loop = watch->loop;
	int error;

	if (!cb || sloop_is_closing(&watch->handle) || number < 1 ||
	    number >= NSIG)
		return -EINVAL;
	if (number != watch->number) {
		error = listen_to(loop);
		if (!error)
			error = take(number);
		if (error)
			return error;
		sloop_signal_stop(watch);
		watch->number = number;
		watch->seen = __atomic_load_n(&caught[number],
					      __ATOMIC_SEQ_CST);
		list_insert(&watch->place, &loop->signals);
		handle_start(&watch->handle);
	}
	watch->cb = cb;
	watch->once = once_only;
	return 0;
}

int sloop_signal_start(struct sloop_signal *watch,
		       void (*cb)(struct sloop_signal *watch, int number),
		       int number)
{
	return start(watch, cb, number, false);
}

int sloop_signal_start_once(struct sloop_signal *watch,
			    void (*cb)(struct sloop_signal *watch, int number),
			    int number)
{
	return start(watch, cb, number, true);
}

int sloop_signal_stop(struct sloop_signal *watch)
{
	if (!watch->number)
		return 0;
	give_back(watch->number);
	watch->number = 0;
	list_remove(&watch->place);
	handle_stop(&watch->handle);
	return 0;
}

/* What was caught until now; what a callback raises waits for the next poll. */
static void run_signal(struct sloop *loop, struct sloop_signal *watch)
{
	int number = watch->number;
	unsigned int until = __atomic_load_n(&caught[number],
					     __ATOMIC_SEQ_CST);

	while (watch->number == number && (int)(until - watch->seen) > 0) {
		watch->seen++;
		trace(loop, SLOOP_CB_ENTER, SLOOP_TYPE_SIGNAL);
		watch->cb(watch, number);
		if (watch->once)
			sloop_signal_stop(watch);
		after_callback(loop, SLOOP_TYPE_SIGNAL);
	}
}

/* Is there anything to tell? */
bool signals_caught(const struct sloop *loop)
{
	const struct sloop_list *place;

	for (place = loop->signals.next; place != &loop->signals;
	     place = place->next) {
		const struct sloop_signal *watch =
			container_of(place, struct sloop_signal, place);

		if (watch->seen != __atomic_load_n(&caught[watch->number],
						   __ATOMIC_SEQ_CST))
			return true;
	}
	return false;
}

void run_signals(struct sloop *loop)
{
	struct sloop_list left;

	list_replace_init(&loop->signals, &left);
	while (!list_empty(&left)) {
		struct sloop_signal *watch = container_of(left.next,
							  struct sloop_signal,
							  place);

		list_remove(&watch->place);
		list_insert(&watch->place, &loop->signals);
		run_signal(loop, watch);
	}
}
