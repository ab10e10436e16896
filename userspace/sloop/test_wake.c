// SPDX-License-Identifier: MIT
/* What comes from outside: asyncs from threads, signals, forks. */
#include "userspace/sloop/backend.h"
#include "userspace/sloop/tap.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sloop loop;

static void close_one(struct sloop_handle *handle, void *arg)
{
	(void)arg;
	if (!sloop_is_closing(handle))
		sloop_close(handle, NULL);
}

static void end(void)
{
	sloop_walk(&loop, close_one, NULL);
	sloop_run(&loop, SLOOP_DEFAULT);
	ok(!sloop_free(&loop), "the loop can be freed");
	tap_forget();
}

static void note_async(struct sloop_async *async)
{
	tap_note(async->data);
}

static void test_once(void)
{
	struct sloop_async a = { .data = "a" }, b = { .data = "b" };

	must(sloop_init(&loop));
	ok(!sloop_async_init(&loop, &a, note_async) &&
	   !sloop_async_init(&loop, &b, note_async), "asyncs can be set up");
	ok(sloop_is_active(&a.handle) && sloop_alive(&loop),
	   "and are active from then on");
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "", "not called unless sent");
	sloop_async_send(&b);
	sloop_async_send(&a);
	sloop_async_send(&a);
	sloop_run(&loop, SLOOP_ONCE);
	is(tap_log, "a b", "called once, in the order they were set up");
	sloop_async_send(&a);
	sloop_close(&a.handle, NULL);
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "a b", "and not when closed");
	end();
}

#define SENDERS	4
#define SENDS	20000

static struct sloop_async shared;
static unsigned int sent, seen, called;	/* sent: atomic */

static void *send_many(void *arg)
{
	unsigned int i;

	for (i = 0; i < SENDS; i++) {
		__atomic_add_fetch(&sent, 1, __ATOMIC_RELAXED);
		sloop_async_send(&shared);
	}
	return arg;
}

static void on_shared(struct sloop_async *async)
{
	called++;
	seen = __atomic_load_n(&sent, __ATOMIC_RELAXED);
	if (seen == SENDERS * SENDS)
		sloop_close(&async->handle, NULL);
}

static void test_threads(void)
{
	pthread_t threads[SENDERS];
	int i;

	must(sloop_init(&loop));
	sloop_async_init(&loop, &shared, on_shared);
	for (i = 0; i < SENDERS; i++)
		pthread_create(&threads[i], NULL, send_many, NULL);
	ok(sloop_run(&loop, SLOOP_DEFAULT) == 0 && seen == SENDERS * SENDS,
	   "no thread's last send is lost");
	ok(called && called <= SENDERS * SENDS, "and many are one call");
	for (i = 0; i < SENDERS; i++)
		pthread_join(threads[i], NULL);
	end();
}

static void note_signal(struct sloop_signal *watch, int number)
{
	char text[32];

	snprintf(text, sizeof(text), "%s:%d", (char *)watch->data, number);
	tap_note(text);
}

static unsigned int by_hand;

static void old_handler(int number)
{
	(void)number;
	by_hand++;
}

static void test_signals(void)
{
	struct sloop_signal a = { .data = "a" }, b = { .data = "b" };
	static struct sloop other;

	must(sloop_init(&loop));
	must(sloop_init(&other));
	signal(SIGUSR1, old_handler);
	sloop_signal_init(&loop, &a);
	sloop_signal_init(&other, &b);
	ok(sloop_signal_start(&a, note_signal, 0) == -EINVAL &&
	   sloop_signal_start(&a, note_signal, 65) == -EINVAL &&
	   sloop_signal_start(&a, note_signal, SIGKILL) == -EINVAL &&
	   sloop_signal_start(&a, NULL, SIGUSR1) == -EINVAL,
	   "what cannot be watched: EINVAL");
	ok(!sloop_alive(&loop), "nothing was started");
	ok(!sloop_signal_start(&a, note_signal, SIGUSR1), "a signal can be");
	sloop_signal_start_once(&b, note_signal, SIGUSR1);
	raise(SIGUSR1);
	raise(SIGUSR1);
	is(tap_log, "", "the handler calls nothing");
	sloop_run(&loop, SLOOP_ONCE);
	sloop_run(&other, SLOOP_ONCE);
	is(tap_log, "a:10 a:10 b:10", "each loop is told, once if it said so");
	ok(!sloop_is_active(&b.handle) && sloop_is_active(&a.handle),
	   "and is stopped then");
	tap_forget();
	raise(SIGUSR1);
	sloop_signal_start(&a, note_signal, SIGUSR2);
	raise(SIGUSR2);
	sloop_run(&loop, SLOOP_ONCE);
	is(tap_log, "a:12", "it can be changed to another");
	ok(!by_hand, "what was there before was out of force");
	raise(SIGUSR1);
	ok(by_hand == 1, "and is back");
	sloop_close(&b.handle, NULL);
	sloop_run(&other, SLOOP_DEFAULT);
	ok(!sloop_free(&other), "the other loop can be freed");
	end();
}

#define LOOPERS	4
#define LOOPS	250

static void on_own(struct sloop_signal *watch, int number)
{
	if (number == SIGUSR2)
		++*(unsigned int *)watch->data;
	sloop_close(&watch->handle, NULL);
}

/* A loop after the other, each with a signal: *arg are those that got it. */
static void *make_loops(void *arg)
{
	struct sloop_signal watch = { .data = arg };
	struct sloop own;
	int i;

	for (i = 0; i < LOOPS; i++) {
		memset(&own, 0, sizeof(own));
		must(sloop_init(&own));
		if (sloop_signal_init(&own, &watch) ||
		    sloop_signal_start(&watch, on_own, SIGUSR2))
			break;
		raise(SIGUSR2);
		if (sloop_run(&own, SLOOP_DEFAULT) || sloop_free(&own))
			break;
	}
	return NULL;
}

/* Loops come and go in threads while handlers walk along all of them. */
static void test_signal_threads(void)
{
	unsigned int got[LOOPERS] = { 0 }, all = 0;
	pthread_t threads[LOOPERS];
	int i;

	for (i = 0; i < LOOPERS; i++)
		pthread_create(&threads[i], NULL, make_loops, &got[i]);
	for (i = 0; i < LOOPERS; i++) {
		pthread_join(threads[i], NULL);
		all += got[i];
	}
	ok(all == LOOPERS * LOOPS, "loops in threads: each gets its signal");
}

static void on_byte(struct sloop_fd *watch, int status, int events)
{
	eventfd_t value;

	(void)status;
	(void)events;
	eventfd_read(watch->fd, &value);
	tap_note("fd");
	sloop_fd_stop(watch);
}

static void on_timer(struct sloop_timer *timer)
{
	(void)timer;
	tap_note("timer");
}

static void on_async(struct sloop_async *async)
{
	tap_note("async");
	sloop_close(&async->handle, NULL);
}

static void on_usr1(struct sloop_signal *watch, int number)
{
	(void)number;
	tap_note("signal");
	sloop_signal_stop(watch);
}

/* Each once, whatever is first: that depends on how long the fork took. */
static bool all_four(void)
{
	return strlen(tap_log) == strlen("async signal fd timer") &&
	       strstr(tap_log, "async") && strstr(tap_log, "signal") &&
	       strstr(tap_log, "fd") && strstr(tap_log, "timer");
}

/* All of it goes on in the child, and does not disturb the parent. */
static void test_fork(void)
{
	struct sloop_fd watch;
	struct sloop_timer timer;
	struct sloop_async async;
	struct sloop_signal signals;
	int status, fd = eventfd(0, 0);
	pid_t child;

	must(sloop_init(&loop));
	sloop_fd_init(&loop, &watch, fd);
	sloop_fd_start(&watch, SLOOP_READABLE, on_byte);
	sloop_timer_init(&loop, &timer);
	sloop_timer_start(&timer, on_timer, 50, 0);
	sloop_async_init(&loop, &async, on_async);
	sloop_signal_init(&loop, &signals);
	sloop_signal_start(&signals, on_usr1, SIGUSR1);
	sloop_async_send(&async);
	fflush(stdout);
	child = fork();
	if (!child) {
		if (sloop_fork(&loop))
			_exit(2);
		raise(SIGUSR1);
		eventfd_write(fd, 1);
		sloop_run(&loop, SLOOP_DEFAULT);
		_exit(all_four() ? 0 : 1);
	}
	waitpid(child, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	   "fd, timer, async and signal go on in the child");
	ok(!tap_log[0], "without a word in the parent");
	raise(SIGUSR1);
	eventfd_write(fd, 1);
	sloop_run(&loop, SLOOP_DEFAULT);
	ok(all_four(), "where they go on as if there were no child");
	end();
	close(fd);
}

static int enough;			/* atomic */

static void *send_on(void *arg)
{
	while (!__atomic_load_n(&enough, __ATOMIC_RELAXED))
		sloop_async_send(arg);
	return NULL;
}

/*
 * A thread that sends is not in the child, wherever it was in it: to close the
 * async there must not wait for it.
 */
static void test_fork_sending(void)
{
	struct sloop_async async;
	pthread_t sender;
	int i, status = 0;
	pid_t child;

	must(sloop_init(&loop));
	sloop_async_init(&loop, &async, note_async);
	pthread_create(&sender, NULL, send_on, &async);
	fflush(stdout);
	for (i = 0; i < 50 && !status; i++) {
		child = fork();
		if (!child) {
			alarm(5);
			if (sloop_fork(&loop))
				_exit(2);
			sloop_close(&async.handle, NULL);
			_exit(sloop_run(&loop, SLOOP_DEFAULT));
		}
		waitpid(child, &status, 0);
	}
	__atomic_store_n(&enough, 1, __ATOMIC_RELAXED);
	pthread_join(sender, NULL);
	ok(!status, "a child can close what the parent's threads send to");
	end();
}

static void note_close(struct sloop_handle *handle)
{
	(void)handle;
	tap_note("closed");
}

static int init_fails(struct sloop *it)
{
	(void)it;
	return -EMFILE;
}

/* No descriptors are left for the child's loop: it can still be cleared away. */
static void test_fork_failing(void)
{
	struct sloop_backend failing;
	struct sloop_fd watch;
	struct sloop_async async;
	int status, fd = eventfd(0, 0);
	pid_t child;

	must(sloop_init(&loop));
	sloop_fd_init(&loop, &watch, fd);
	sloop_fd_start(&watch, SLOOP_READABLE, on_byte);
	sloop_async_init(&loop, &async, on_async);
	fflush(stdout);
	child = fork();
	if (!child) {
		alarm(20);
		failing = *loop.backend;
		failing.init = init_fails;
		loop.backend = &failing;
		if (sloop_fork(&loop) != -EMFILE)
			_exit(1);
		sloop_close(&watch.handle, note_close);
		sloop_close(&async.handle, note_close);
		if (sloop_run(&loop, SLOOP_DEFAULT) >= 0)
			_exit(2);
		_exit(strcmp(tap_log, "closed closed") || sloop_free(&loop));
	}
	waitpid(child, &status, 0);
	ok(!status, "a loop that could not be forked can be freed");
	end();
	close(fd);
}

int main(void)
{
	test_once();
	test_threads();
	test_signals();
	test_signal_threads();
	test_fork();
	test_fork_sending();
	test_fork_failing();
	return tap_done();
}
