// SPDX-License-Identifier: MIT
/* The life of handles: active, referenced, closing, closed. */
#include "userspace/sloop/sloop.h"
#include "userspace/sloop/tap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct sloop loop;

static void nothing(struct sloop_hook *hook)
{
	(void)hook;
}

static void on_close(struct sloop_handle *handle)
{
	tap_note(handle->data);
}

static void test_references(void)
{
	struct sloop_hook hook;

	must(sloop_init(&loop));
	sloop_check_init(&loop, &hook);
	ok(!sloop_is_active(&hook.handle) && sloop_has_ref(&hook.handle),
	   "a new handle is referenced, not active");
	ok(!sloop_alive(&loop), "and keeps nothing running");
	sloop_check_start(&hook, nothing);
	ok(sloop_alive(&loop), "started, it does");
	sloop_check_start(&hook, nothing);
	sloop_unref(&hook.handle);
	sloop_unref(&hook.handle);
	ok(!sloop_alive(&loop) && sloop_is_active(&hook.handle),
	   "unreferenced, it does not, however often");
	sloop_check_stop(&hook);
	sloop_ref(&hook.handle);
	ok(!sloop_alive(&loop), "a reference alone does not either");
	sloop_check_start(&hook, nothing);
	ok(loop.active_handles == 1, "it counts once");
	sloop_check_stop(&hook);
	sloop_check_stop(&hook);
	ok(loop.active_handles == 0, "and stops once");
	sloop_check_start(&hook, nothing);
	sloop_unref(&hook.handle);
	hook.data = "x";
	sloop_close(&hook.handle, on_close);
	ok(sloop_alive(&loop), "a closing handle keeps the loop running");
	ok(sloop_is_closing(&hook.handle) && !sloop_is_active(&hook.handle),
	   "and is stopped");
	ok(sloop_free(&loop) == -EBUSY, "its loop is busy");
	is(tap_log, "", "close never calls back itself");
	sloop_run(&loop, SLOOP_DEFAULT);
	is(tap_log, "x", "the closing phase does");
	ok(!sloop_free(&loop), "then the loop can be freed");
}

static struct sloop_hook other;

static void close_other(struct sloop_handle *handle)
{
	on_close(handle);
	sloop_close(&other.handle, on_close);
}

/* Handles of the heap's, freed where the caller may: in the close callback. */
static void free_it(struct sloop_handle *handle)
{
	on_close(handle);
	memset(handle, 0xa5, sizeof(struct sloop_hook));
	free(handle);
}

static void test_closing(void)
{
	struct sloop_hook *first = malloc(sizeof(*first));
	struct sloop_hook *second = malloc(sizeof(*second));

	tap_forget();
	must(sloop_init(&loop));
	sloop_idle_init(&loop, first);
	sloop_idle_init(&loop, second);
	sloop_idle_init(&loop, &other);
	first->data = "1";
	second->data = "2";
	other.data = "o";
	sloop_close(&first->handle, free_it);
	sloop_close(&second->handle, free_it);
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "2 1", "the last closed is first, and may be freed");

	tap_forget();
	first = malloc(sizeof(*first));
	sloop_idle_init(&loop, first);
	first->data = "1";
	sloop_close(&first->handle, close_other);
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "1", "closed in the closing phase: in the next iteration");
	ok(sloop_alive(&loop), "which there will be");
	sloop_run(&loop, SLOOP_DEFAULT);
	is(tap_log, "1 o", "and is");
	free(first);
	ok(!sloop_free(&loop), "none is left");
}

static void count(struct sloop_handle *handle, void *arg)
{
	(void)handle;
	++*(int *)arg;
}

static void close_it(struct sloop_handle *handle, void *arg)
{
	(void)arg;
	sloop_close(handle, NULL);
}

static struct sloop_hook made[8];

static void make_another(struct sloop_handle *handle, void *arg)
{
	int *seen = arg;

	(void)handle;
	if (*seen < 8)
		sloop_check_init(&loop, &made[*seen]);
	++*seen;
}

static void test_walk(void)
{
	struct sloop_timer timer = { .data = &loop };
	struct sloop_hook hook;
	int seen = 0;

	must(sloop_init(&loop));
	sloop_timer_init(&loop, &timer);
	sloop_prepare_init(&loop, &hook);
	ok(timer.data == &loop && timer.loop == &loop &&
	   timer.type == SLOOP_TYPE_TIMER && timer.handle.loop == &loop,
	   "init keeps data, sets loop and type");
	sloop_walk(&loop, count, &seen);
	ok(seen == 2, "walk sees stopped handles too");
	seen = 0;
	sloop_walk(&loop, make_another, &seen);
	ok(seen == 2, "and none that is made on the way");
	sloop_walk(&loop, close_it, NULL);
	sloop_run(&loop, SLOOP_DEFAULT);
	seen = 0;
	sloop_walk(&loop, count, &seen);
	ok(seen == 0, "and none that is closed");
	ok(!sloop_free(&loop), "so the loop can be freed");
}

int main(void)
{
	test_references();
	test_closing();
	test_walk();
	return tap_done();
}
