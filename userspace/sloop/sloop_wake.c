// SPDX-License-Identifier: MIT
/*
 * How what is not the loop's thread gets the loop's attention: an eventfd that
 * poll watches like any other file. Asyncs, the pool of threads and signal
 * handlers note what they want where the loop will find it, then write to it.
 *
 * All but sloop_async_send() and wake_send() are called by the thread that owns
 * the loop.
 */
#include "userspace/sloop/internal.h"

#include <errno.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <unistd.h>

/*
 * An async's turn. The list is emptied into one of our own and filled again
 * one by one, so that a callback may close any of them and begin new ones.
 */
static void run_asyncs(struct sloop *loop)
{
	struct sloop_list left;

	list_replace_init(&loop->asyncs, &left);
	while (!list_empty(&left)) {
		struct sloop_async *async = container_of(left.next,
							 struct sloop_async,
							 place);

		list_remove(&async->place);
		list_insert(&async->place, &loop->asyncs);
		/* before the call: a send from here on asks for another */
		if (!__atomic_exchange_n(&async->sent, 0, __ATOMIC_ACQ_REL) ||
		    !async->cb)
			continue;
		trace(loop, SLOOP_CB_ENTER, SLOOP_TYPE_ASYNC);
		async->cb(async);
		after_callback(loop, SLOOP_TYPE_ASYNC);
	}
}

static void on_wake(struct sloop_fd *watch, int status, int events)
{
	struct sloop *loop = watch->loop;
	eventfd_t count;
	bool caught;

	(void)status;
	(void)events;
	/* first, so that what is asked for from here on wakes us again */
	loop->syscalls++;
	eventfd_read(watch->fd, &count);
	/* signals come last, as libuv's; one that is raised by these, next */
	caught = signals_caught(loop);
	run_asyncs(loop);
	run_finished(loop);
	if (caught)
		run_signals(loop);
}

int wake_start(struct sloop *loop)
{
	int error, fd;

	if (loop->wake.wanted)
		return 0;
	loop->syscalls++;
	fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (fd < 0)
		return -errno;
	fd_init(&loop->wake, fd);
	/* in no list and without a reference: it keeps nothing running */
	loop->wake.loop = loop;
	loop->wake.type = SLOOP_TYPE_FD;
	loop->wake.handle.flags = 0;
	error = sloop_fd_start(&loop->wake, SLOOP_READABLE, on_wake);
	if (error) {
		close(fd);
		loop->wake.fd = -1;
	}
	return error;
}

/* Any thread, and any signal handler. */
void wake_send(struct sloop *loop)
{
	int error = errno;

	/* it fails when the count is full: then the loop is woken anyway */
	eventfd_write(loop->wake.fd, 1);
	errno = error;
}

void wake_end(struct sloop *loop)
{
	if (!loop->wake.wanted)
		return;
	sloop_fd_stop(&loop->wake);
	close(loop->wake.fd);
	loop->wake.fd = -1;
}

/*
 * The eventfd is the parent's too, so the child takes one of its own. The
 * threads that were sending are not here to say when they are done.
 */
int wake_fork(struct sloop *loop)
{
	struct sloop_list *place;
	int error;

	if (!loop->wake.wanted)
		return 0;
	for (place = loop->handles.next; place != &loop->handles;
	     place = place->next) {
		struct sloop_handle *handle =
			container_of(place, struct sloop_handle, all);

		if (handle->type == SLOOP_TYPE_ASYNC)
			((struct sloop_async *)handle)->sending = 0;
	}
	loop->by_fd[loop->wake.fd] = NULL;
	close(loop->wake.fd);
	loop->wake.wanted = 0;
	error = wake_start(loop);
	/* whatever was sent before */
	if (!error)
		wake_send(loop);
	return error;
}

int sloop_async_init(struct sloop *loop, struct sloop_async *async,
		     void (*cb)(struct sloop_async *async))
{
	int error = wake_start(loop);

	if (error)
		return error;
	handle_init(loop, &async->handle, SLOOP_TYPE_ASYNC);
	async->cb = cb;
	async->sent = 0;
	async->sending = 0;
	list_insert(&async->place, &loop->asyncs);
	handle_start(&async->handle);
	return 0;
}

int sloop_async_send(struct sloop_async *async)
{
	__atomic_add_fetch(&async->sending, 1, __ATOMIC_SEQ_CST);
	/* one write for all that are sent before the loop looks */
	if (!__atomic_exchange_n(&async->sent, 1, __ATOMIC_SEQ_CST))
		wake_send(async->loop);
	__atomic_sub_fetch(&async->sending, 1, __ATOMIC_SEQ_CST);
	return 0;
}

/* A thread that is about to write must have done so before all this goes. */
void async_stop(struct sloop_async *async)
{
	list_remove(&async->place);
	while (__atomic_load_n(&async->sending, __ATOMIC_SEQ_CST))
		sched_yield();
	handle_stop(&async->handle);
}
