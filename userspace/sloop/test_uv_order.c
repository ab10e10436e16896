// SPDX-License-Identifier: MIT
/*
 * A program that knows libuv only. It is built against libuv and against
 * sloop's uv.h, and must print the same with both (test_uv.sh compares
 * them, with each other and with what is expected).
 *
 * Only what libuv 1.44 and 1.48 agree on: timers are due in UV_RUN_DEFAULT
 * alone, and uv_stop() is called when no timer is due.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

static uv_loop_t loop;

static void must(int error, const char *what)
{
	if (error) {
		printf("%s: %s\n", what, uv_err_name(error));
		exit(1);
	}
}

static void on_close(uv_handle_t *handle)
{
	printf("closed %s\n", (char *)handle->data);
}

static void close_one(uv_handle_t *handle, void *arg)
{
	(void)arg;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

/* Each part starts with an empty loop and must leave one. */
static void end_part(void)
{
	uv_walk(&loop, close_one, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	must(uv_loop_close(&loop), "uv_loop_close");
}

static void begin_part(const char *name)
{
	printf("== %s\n", name);
	must(uv_loop_init(&loop), "uv_loop_init");
}

/* 1. The phases of three iterations, with every kind of handle. */
static uv_timer_t timer;
static uv_idle_t idle, idle2;
static uv_prepare_t prepare;
static uv_check_t check;
static uv_poll_t watch;
static int ends[2], rounds;

static void on_timer(uv_timer_t *handle)
{
	(void)handle;
	printf("timer\n");
}

static void on_idle(uv_idle_t *handle)
{
	printf("idle %s\n", (char *)handle->data);
}

static void on_prepare(uv_prepare_t *handle)
{
	(void)handle;
	printf("prepare\n");
}

static void on_readable(uv_poll_t *handle, int status, int events)
{
	char byte;

	printf("poll %d %d %zd\n", status, events, read(ends[0], &byte, 1));
	(void)handle;
}

static void on_check(uv_check_t *handle)
{
	printf("check\n");
	if (++rounds < 3)
		return;
	uv_close((uv_handle_t *)&timer, on_close);
	uv_close((uv_handle_t *)&idle, on_close);
	uv_close((uv_handle_t *)&idle2, on_close);
	uv_close((uv_handle_t *)&prepare, on_close);
	uv_close((uv_handle_t *)&watch, on_close);
	uv_close((uv_handle_t *)handle, on_close);
}

static void phases(void)
{
	begin_part("phases");
	must(pipe(ends), "pipe");
	if (write(ends[1], "abc", 3) != 3)
		exit(1);
	timer.data = "timer";
	idle.data = "first";
	idle2.data = "second";
	prepare.data = "prepare";
	check.data = "check";
	watch.data = "watch";
	must(uv_timer_init(&loop, &timer), "timer");
	must(uv_idle_init(&loop, &idle), "idle");
	must(uv_idle_init(&loop, &idle2), "idle2");
	must(uv_prepare_init(&loop, &prepare), "prepare");
	must(uv_check_init(&loop, &check), "check");
	must(uv_poll_init(&loop, &watch, ends[0]), "watch");
	must(uv_timer_start(&timer, on_timer, 0, 0), "timer");
	must(uv_idle_start(&idle, on_idle), "idle");
	must(uv_idle_start(&idle2, on_idle), "idle2");
	must(uv_prepare_start(&prepare, on_prepare), "prepare");
	must(uv_check_start(&check, on_check), "check");
	must(uv_poll_start(&watch, UV_READABLE, on_readable), "watch");
	printf("alive %d\n", uv_loop_alive(&loop) != 0);
	printf("run %d\n", uv_run(&loop, UV_RUN_DEFAULT));
	end_part();
	close(ends[0]);
	close(ends[1]);
}

/* 2. Timers: by due time, then by start; stopping and starting in one. */
static uv_timer_t timers[5];
static int repeats;

static void on_numbered(uv_timer_t *handle)
{
	printf("timer %d\n", (int)(handle - timers));
	if (handle == &timers[1])
		uv_timer_stop(&timers[3]);
	if (handle == &timers[4] && ++repeats == 3)
		uv_timer_stop(handle);
}

static void timer_order(void)
{
	int i;

	begin_part("timers");
	for (i = 0; i < 5; i++)
		must(uv_timer_init(&loop, &timers[i]), "timer");
	printf("again %s\n", uv_err_name(uv_timer_again(&timers[0])));
	uv_timer_start(&timers[0], on_numbered, 4, 0);
	uv_timer_start(&timers[1], on_numbered, 2, 0);
	uv_timer_start(&timers[2], on_numbered, 2, 0);
	uv_timer_start(&timers[3], on_numbered, 3, 0);
	uv_timer_start(&timers[4], on_numbered, 20, 5);
	printf("active %d %d\n", uv_is_active((uv_handle_t *)&timers[0]),
	       (int)uv_timer_get_repeat(&timers[4]));
	printf("run %d\n", uv_run(&loop, UV_RUN_DEFAULT));
	end_part();
}

/* 3. What keeps a loop running. */
static void references(void)
{
	begin_part("references");
	must(uv_timer_init(&loop, &timer), "timer");
	uv_timer_start(&timer, on_timer, 100000, 0);
	printf("ref %d alive %d\n", uv_has_ref((uv_handle_t *)&timer),
	       uv_loop_alive(&loop) != 0);
	uv_unref((uv_handle_t *)&timer);
	uv_unref((uv_handle_t *)&timer);
	printf("ref %d alive %d\n", uv_has_ref((uv_handle_t *)&timer),
	       uv_loop_alive(&loop) != 0);
	printf("run %d\n", uv_run(&loop, UV_RUN_DEFAULT));
	uv_ref((uv_handle_t *)&timer);
	printf("nowait %d\n", uv_run(&loop, UV_RUN_NOWAIT) != 0);
	printf("close %s\n", uv_err_name(uv_loop_close(&loop)));
	uv_stop(&loop);
	printf("stopped %d\n", uv_run(&loop, UV_RUN_DEFAULT) != 0);
	end_part();
}

/* 4. What is refused. */
static void refusals(void)
{
	int null_event = 0;
	FILE *file = tmpfile();

	begin_part("refusals");
	must(pipe(ends), "pipe");
	printf("file %s\n", uv_err_name(uv_poll_init(&loop, &watch,
						     fileno(file))));
	printf("closed %s\n", uv_err_name(uv_poll_init(&loop, &watch, 999)));
	must(uv_poll_init(&loop, &watch, ends[0]), "watch");
	printf("nothing %d\n", uv_poll_start(&watch, null_event, on_readable));
	printf("active %d\n", uv_is_active((uv_handle_t *)&watch));
	must(uv_idle_init(&loop, &idle), "idle");
	printf("idle %s\n", uv_err_name(uv_idle_start(&idle, NULL)));
	must(uv_timer_init(&loop, &timer), "timer");
	printf("timer %s\n", uv_err_name(uv_timer_start(&timer, NULL, 1, 0)));
	uv_close((uv_handle_t *)&timer, NULL);
	printf("closing %s\n", uv_err_name(uv_timer_start(&timer, on_timer,
							  1, 0)));
	end_part();
	fclose(file);
	close(ends[0]);
	close(ends[1]);
}

/* 5. A hang-up reaches who reads. */
static void on_end(uv_poll_t *handle, int status, int events)
{
	char byte;

	printf("end %d %d %zd\n", status, events, read(ends[0], &byte, 1));
	uv_poll_stop(handle);
}

static void hang_up(void)
{
	begin_part("hang-up");
	must(pipe(ends), "pipe");
	must(uv_poll_init(&loop, &watch, ends[0]), "watch");
	must(uv_poll_start(&watch, UV_READABLE, on_end), "watch");
	close(ends[1]);
	printf("run %d\n", uv_run(&loop, UV_RUN_DEFAULT));
	end_part();
	close(ends[0]);
}

int main(void)
{
	phases();
	timer_order();
	references();
	refusals();
	hang_up();
	return 0;
}
